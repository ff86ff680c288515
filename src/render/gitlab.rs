//! GitLab's Code Quality report: a JSON list that merge requests show.

use serde_json::{Value, json};

use super::findings::Report;
use crate::finding::Level;
use crate::lint::level;

/// The findings as a Code Quality report.
pub fn gitlab(report: &Report, quiet: bool) -> String {
    let mut all: Vec<Value> = Vec::new();
    for file in &report.checked {
        if file.findings.is_empty() {
            continue;
        }
        let (located, name) = (file.source.located(), &file.far_name);
        for finding in &file.findings {
            let severity = match level(finding) {
                Level::Error => "critical",
                Level::Warning => "major",
                Level::Note if quiet => continue,
                Level::Note => "info",
            };
            let span = located.span(&finding.place);
            let (begin, end) = (located.position(span.start), located.position(span.end));
            let mut description = finding.message.clone();
            if let Some(advice) = finding.advice() {
                description.push_str("; ");
                description.push_str(&advice);
            }
            all.push(json!({
                "description": description,
                "check_name": finding.rule,
                "fingerprint": finding.fingerprint,
                "severity": severity,
                "location": {
                    "path": name,
                    "lines": { "begin": begin.line, "end": end.line },
                },
            }));
        }
    }
    super::json::escaped(&format!("{:#}\n", Value::Array(all)))
}
