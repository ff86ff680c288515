//! Output for a CI log: a CI runner executes commands that it finds in log lines. Anything that looks like a command
//! gets a `\` inserted, so that it is not executed.
//!
//! These are commands: GitHub Actions, `::name::` at the beginning of a line after any whitespace, and `##[name]`
//! anywhere in a line; Azure Pipelines and `TeamCity`, `##vso[…]` and `##teamcity[…]` anywhere; GitLab and Travis,
//! `section_start:` and `travis_fold:`; Buildkite, `--- `, `+++ `, `~~~ ` and `^^^ ` at the beginning of a line.

use std::borrow::Cow;

use crate::source::{commands_within, is_harmful};

/// Which lines of a text are meant to look like commands.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Nothing.
    #[default]
    Text,
    /// The head of each file of a diff.
    Diff,
    /// The annotations that GitHub Actions is told to make.
    Annotations,
}

/// Inserts a `\` into everything that a runner would take for a command, except for the commands of the form.
pub fn without_commands(text: &str, form: Form) -> Cow<'_, str> {
    let mut marks = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        marks.extend(mark_at_start(line, form).map(|at| start + at));
        marks.extend(commands_within(line).into_iter().map(|at| start + at));
        start += line.len();
    }
    with_marks(text, &marks, r"\")
}

fn with_marks<'a>(text: &'a str, marks: &[usize], mark: &str) -> Cow<'a, str> {
    if marks.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut marked = String::with_capacity(text.len() + marks.len());
    let mut at = 0;
    for next in marks {
        marked.push_str(&text[at..*next]);
        marked.push_str(mark);
        at = *next;
    }
    marked.push_str(&text[at..]);
    Cow::Owned(marked)
}

/// Where a mark goes so that the line does not begin as a command does.
fn mark_at_start(line: &str, form: Form) -> Option<usize> {
    if form == Form::Annotations && is_annotation(line) {
        return None;
    }
    let visible = after_colours(line);
    let is_fold = ["--- ", "+++ ", "~~~ ", "^^^ "]
        .iter()
        .any(|head| visible.starts_with(head));
    if is_fold && form != Form::Diff {
        return Some(line.len() - visible.len());
    }
    let mut rest = line;
    loop {
        let trimmed =
            rest.trim_start_matches(|c: char| c.is_whitespace() || is_harmful(c) && c != ESCAPE);
        let trimmed = after_colours(trimmed);
        // Also skip escape characters that are not part of a colour sequence.
        let trimmed = trimmed.trim_start_matches(ESCAPE);
        if trimmed.len() == rest.len() {
            break;
        }
        rest = trimmed;
    }
    rest.starts_with("::").then(|| line.len() - rest.len())
}

const ESCAPE: char = '\u{1b}';

/// The rest of a line after its leading colour sequences.
fn after_colours(mut line: &str) -> &str {
    while let Some(rest) = line.strip_prefix("\u{1b}[") {
        let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        match digits.strip_prefix('m') {
            Some(behind) => line = behind,
            None => break,
        }
    }
    line
}

/// Whether a line is an annotation as we write it.
fn is_annotation(line: &str) -> bool {
    let heads = ["::error file=", "::warning file=", "::notice file="];
    heads.iter().any(|head| line.starts_with(head))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        without_commands(text, Form::Text).into_owned()
    }

    #[test]
    fn what_begins_a_line_as_a_command_gets_a_mark() {
        for (text, expected) in [
            ("::error::x\n", "\\::error::x\n"),
            ("a\n \t\u{a0}::error::x", "a\n \t\u{a0}\\::error::x"),
            ("\u{1b}[1m\u{1b}[31m ::x::", "\u{1b}[1m\u{1b}[31m \\::x::"),
            ("\u{feff}::x::", "\u{feff}\\::x::"),
            ("--- a\n+++ b", "\\--- a\n\\+++ b"),
            ("a ::error::x", "a ::error::x"),
            ("---\n| a |", "---\n| a |"),
        ] {
            assert_eq!(shown(text), expected);
        }
    }

    #[test]
    fn what_is_a_command_anywhere_gets_a_mark() {
        for (text, expected) in [
            ("x ##[add-mask]y", "x ##\\[add-mask]y"),
            ("###[a]####[b]", "###\\[a]####\\[b]"),
            ("##vso[task.x]##teamcity[y", "##vso\\[task.x]##teamcity\\[y"),
            (
                "section_start:1:a travis_fold:b",
                "section_start\\:1:a travis_fold\\:b",
            ),
            ("## heading [link]", "## heading [link]"),
            ("#[a] ##", "#[a] ##"),
        ] {
            assert_eq!(shown(text), expected);
            assert_eq!(shown(expected), expected, "once is enough");
        }
    }

    #[test]
    fn the_own_commands_of_a_form_stay() {
        let text = "::error file=a,line=1::x ##[y]\n::add-mask::z\n";
        let expected = "::error file=a,line=1::x ##\\[y]\n\\::add-mask::z\n";
        assert_eq!(without_commands(text, Form::Annotations), expected);
        let text = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n ::error::\n-::a::\n";
        let expected = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n \\::error::\n-::a::\n";
        assert_eq!(without_commands(text, Form::Diff), expected);
    }
}
