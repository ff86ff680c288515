//! Findings as Markdown: a comment on a pull request, or the summary of a job.

use std::fmt::Write;

use super::Report;
use crate::finding::{Finding, Level};
use crate::lint::level;
use crate::render::markup::editions_line;
use crate::render::markup::{code, prose};
use crate::source::count;

/// GitHub takes no longer comment.
const LONGEST: usize = 65_536;

/// The report as Markdown, at most as long as a comment may be; it says what was left out.
pub fn comment(report: &Report, quiet: bool) -> String {
    let mut head = format!("**scopes:** {}\n", prose(&report.summary_line()));
    for refused in &report.refused {
        let _ = writeln!(head, "\n***not checked:** {}", prose(refused));
    }
    let mut shown: Vec<(&str, String)> = Vec::new();
    for wanted in [Level::Error, Level::Warning, Level::Note] {
        if quiet && wanted == Level::Note {
            continue;
        }
        for file in &report.checked {
            if !file.findings.iter().any(|finding| level(finding) == wanted) {
                continue;
            }
            let (located, name) = (file.source.source_map(), &file.far_name);
            for finding in file.findings.iter().filter(|one| level(one) == wanted) {
                let position = located.position(located.span(&finding.place).start);
                let place = format!("{name}:{}:{}", position.line, position.column);
                shown.push((wanted.name(), item(finding, &place)));
            }
        }
    }
    let left_out = |number: usize| format!("\n{} left out here.\n", count(number, "finding"));
    let judged = match report.noun {
        "catalog" => editions_line("Checked", &report.catalogs),
        _ => editions_line("Judged by", &report.catalogs),
    };
    let around = [&head, &left_out(shown.len()), &judged].map(|text| text.chars().count());
    let room = LONGEST.saturating_sub(around.iter().sum());
    let (mut body, mut length, mut written, mut last) = (String::new(), 0, 0, "");
    for (level, item) in &shown {
        let heading = if *level == last {
            String::new()
        } else {
            format!("\n### {}s\n\n", capital(level))
        };
        let more = heading.chars().count() + item.chars().count();
        if length + more > room {
            break;
        }
        body.push_str(&heading);
        body.push_str(item);
        length += more;
        written += 1;
        last = level;
    }
    let mut text = head + &body;
    if written < shown.len() {
        text.push_str(&left_out(shown.len() - written));
    }
    text + &judged
}

fn item(finding: &Finding, place: &str) -> String {
    let mut text = format!(
        "- {} **{}** {}\n",
        code(place),
        finding.rule,
        prose(&finding.message)
    );
    for note in &finding.notes {
        let mut lines = note.lines();
        let _ = writeln!(text, "  - {}", prose(lines.next().unwrap_or_default()));
        for line in lines {
            let _ = writeln!(text, "    - {}", code(line));
        }
    }
    if let Some(advice) = finding.advice() {
        let _ = writeln!(text, "  - help: {}", prose(&advice));
    }
    text
}

fn capital(word: &str) -> String {
    let (first, rest) = word.split_at(1);
    format!("{}{rest}", first.to_uppercase())
}
