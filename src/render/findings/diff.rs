//! What `--fix` would change, as a diff.

use similar::TextDiff;

use crate::lint::{FixedLender, FixedText};
use crate::render::clean;
use crate::source::Source;

/// The unified diff of a fixed text, with its secrets masked; empty if nothing changes.
pub fn diff(fixed: &FixedText) -> String {
    if fixed.made.is_empty() {
        return String::new();
    }
    between(&fixed.before, &fixed.raw.source)
}

/// The same for another file in which scopes of a key stand: blanks stand for all but these.
pub fn diff_of_lender(fixed: &FixedLender) -> String {
    if fixed.fixed.made.is_empty() {
        return String::new();
    }
    // Of blanks at the end of a line there is nothing to see.
    let [before, after] = fixed.shown.each_ref().map(|source| {
        let lines = source.text.lines().map(str::trim_end);
        source.with_text(lines.fold(String::new(), |text, line| text + line + "\n"))
    });
    between(&before, &after)
}

fn between(before: &Source, after: &Source) -> String {
    let diff = TextDiff::from_lines(before.text.as_str(), after.text.as_str())
        .unified_diff()
        .header(
            &format!("a/{}", before.name.trim_start_matches('/')),
            &format!("b/{}", before.name.trim_start_matches('/')),
        )
        .to_string();
    line_by_line(&diff)
}

/// Cleans a diff line by line, keeping the line endings.
fn line_by_line(text: &str) -> String {
    let clean_line = |line: &str| match line.strip_suffix("\r\n") {
        Some(line) => clean(line).into_owned() + "\r\n",
        None => clean(line).into_owned(),
    };
    text.split_inclusive('\n').map(clean_line).collect()
}
