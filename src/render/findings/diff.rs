//! What `--fix` would change, as a diff.

use similar::TextDiff;

use crate::lint::FixedText;
use crate::render::clean;

/// The unified diff of a fixed text, with its secrets masked; empty if nothing changes.
pub fn diff(fixed: &FixedText) -> String {
    if fixed.made.is_empty() {
        return String::new();
    }
    let (before, after) = (&fixed.before, &fixed.raw.source);
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
