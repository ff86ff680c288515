//! GitLab's Code Quality report: a JSON list that merge requests show.

use serde_json::{Value, json};

use super::Report;
use crate::finding::Level;
use crate::lint::{CheckedFile, level};
use crate::render::json::{Each, text_of};

/// The findings as a Code Quality report.
pub fn gitlab(report: &Report, quiet: bool) -> String {
    let files = report.checked.iter();
    let files = files.filter(|file| !file.findings.is_empty());
    text_of(&Each::of(files.flat_map(|file| of_file(file, quiet))))
}

fn of_file(file: &CheckedFile, quiet: bool) -> impl Iterator<Item = Value> {
    let located = file.source.source_map();
    file.findings.iter().filter_map(move |finding| {
        let severity = match level(finding) {
            Level::Error => "critical",
            Level::Warning => "major",
            Level::Note if quiet => return None,
            Level::Note => "info",
        };
        let span = located.span(&finding.place);
        let (begin, end) = (located.position(span.start), located.position(span.end));
        let mut description = finding.message.clone();
        if let Some(advice) = finding.advice() {
            description.push_str("; ");
            description.push_str(&advice);
        }
        Some(json!({
            "description": description,
            "check_name": finding.rule.name(),
            "fingerprint": finding.fingerprint,
            "severity": severity,
            "location": {
                "path": file.far_name,
                "lines": { "begin": begin.line, "end": end.line },
            },
        }))
    })
}
