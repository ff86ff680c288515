//! Annotations for GitHub Actions: workflow commands on standard output, one for each finding.

use std::fmt::Write;

use super::Report;
use crate::finding::{Finding, Level};
use crate::lint::level;
use crate::render::{clean, one_line};
use crate::source::count;

/// GitHub shows this many annotations of each level for one step, and drops the rest without a word.
const CAP: usize = 10;

/// The annotations, most severe first. Those that GitHub would drop are printed as plain log lines, with a remark.
/// `has_summary` is whether they are also in the job summary.
pub fn github(report: &Report, quiet: bool, has_summary: bool) -> String {
    let mut text = String::new();
    let mut dropped: Vec<String> = Vec::new();
    for refused in &report.refused {
        let _ = writeln!(text, "::error title=scopes::{}", data(refused));
    }
    for (wanted, command) in [
        (Level::Error, "error"),
        (Level::Warning, "warning"),
        (Level::Note, "notice"),
    ] {
        if quiet && wanted == Level::Note {
            continue;
        }
        let mut number = 0;
        for file in &report.checked {
            if !file.findings.iter().any(|finding| level(finding) == wanted) {
                continue;
            }
            let (located, name) = (file.source.source_map(), &file.far_name);
            for finding in file.findings.iter().filter(|one| level(one) == wanted) {
                number += 1;
                let span = located.span(&finding.place);
                let (start, end) = (located.position(span.start), located.position(span.end));
                if number > CAP {
                    dropped.push(format!(
                        "- {name}:{}:{}: {}[{}] {}",
                        start.line,
                        start.column,
                        wanted.name(),
                        finding.rule,
                        finding.message
                    ));
                    continue;
                }
                let columns = if start.line == end.line {
                    // GitHub only accepts columns for findings on a single line.
                    format!(",col={},endColumn={}", start.column, end.column)
                } else {
                    String::new()
                };
                let _ = writeln!(
                    text,
                    "::{command} file={},line={},endLine={}{columns},title={}::{}",
                    property(name),
                    start.line,
                    end.line,
                    property(&format!("{}[{}]", wanted.name(), finding.rule)),
                    data(&message(finding)),
                );
            }
        }
        if number > CAP {
            let hidden = count(number - CAP, wanted.name());
            let summary = if has_summary {
                ", and in the job summary"
            } else {
                ""
            };
            dropped.push(format!(
                "- GitHub shows {CAP} {} annotations per step: {hidden} more above{summary}",
                wanted.name()
            ));
        }
    }
    for line in dropped {
        let _ = writeln!(text, "{}", one_line(&line));
    }
    let _ = writeln!(text, "{}", report.summary_line());
    text
}

fn message(finding: &Finding) -> String {
    let mut text = finding.message.clone();
    for more in &finding.notes {
        text.push_str("\nnote: ");
        text.push_str(more);
    }
    if let Some(advice) = finding.advice() {
        text.push_str("\nhelp: ");
        text.push_str(&advice);
    }
    text.lines().map(clean).collect::<Vec<_>>().join("\n")
}

/// A message as the data of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A text as a property of a command: `:` and `,` would end it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(data("100%\r\nof a: b, c"), "100%25%0D%0Aof a: b, c");
        assert_eq!(property("a:b,c%\n"), "a%3Ab%2Cc%25%0A");
    }
}
