//! Findings, files and the baseline as JSON.

use serde_json::{Value, json};

use super::{Report, Skip, splices_of};
use crate::finding::Finding;
use crate::lint::{Accepted, CheckedFile, level};
use crate::model::Baseline;
use crate::render::json::{Field, edition, list_of, long_document};
use crate::source::{Part, Position, SourceMap};

/// What entries accept in one file, each with who decided it and until when.
fn accepted_of(file: &CheckedFile) -> impl Iterator<Item = Value> {
    let located = file.source.source_map();
    let accepted = file.accepted.iter().filter(|one| !one.by.by_baseline);
    accepted.map(move |Accepted { finding, by }| {
        let position = located.position(located.span(&finding.place).start);
        json!({
            "rule": finding.rule.name(),
            "severity": level(finding).name(),
            "message": finding.message,
            "file": file.source.name,
            "line": position.line,
            "fingerprint": finding.fingerprint,
            "scope": finding.scope,
            "endpoint": finding.endpoint,
            "environment": finding.environment,
            "reason": by.reason,
            "owner": by.owner,
            "until": by.until,
        })
    })
}

/// `check` and `lint`.
pub fn findings(report: &Report, with_statistics: bool) -> String {
    let summary = report.summary();
    let summary = json!({
        "errors": summary.errors,
        "warnings": summary.warnings,
        "notes": summary.notes,
        "files": summary.files,
        "passed_over": report.passed_over.len(),
        "examples": report.examples.own,
        "examples_inherited": report.examples.inherited,
        "accepted": summary.accepted,
        "accepted_until": report.accepted_until(),
        "baseline": summary.baseline,
        "baseline_gone": report.gone.unwrap_or(0),
    });
    let files = report.checked.iter();
    let with_findings = files.clone().filter(|file| !file.findings.is_empty());
    let with_accepted = files.filter(|file| !file.accepted.is_empty());
    let mut fields = vec![
        ("findings", Field::each(with_findings.flat_map(findings_of))),
        ("accepted", Field::each(with_accepted.flat_map(accepted_of))),
        ("catalogs", Field::each(report.catalogs.iter().map(edition))),
        ("refused", Field::whole(&report.refused)),
        ("summary", Field::whole(summary)),
    ];
    if with_statistics {
        let statistics = report.statistics().into_iter().map(|(rule, level, number)| {
            json!({ "rule": rule.name(), "severity": level.name(), "findings": number })
        });
        fields.push(("statistics", Field::each(statistics)));
    }
    if !report.fixed.is_empty() {
        let fixed = report.fixed.iter().flat_map(|(file, fixed)| {
            fixed.iter().map(move |one| {
                json!({ "file": file, "line": one.line, "column": one.column, "rule": one.rule.name(), "done": one.done })
            })
        });
        fields.push(("fixed", Field::each(fixed)));
    }
    long_document("findings", fields)
}

/// The other places of a finding, in its file and in others.
fn related(finding: &Finding, file: &str, located: &SourceMap<'_>) -> Vec<Value> {
    let place = |file: &str, start: Position, label: &str| json!({ "file": file, "line": start.line, "column": start.column, "label": label });
    let own = finding.related.iter().map(|(at, label)| {
        let start = located.position(located.span(at).start);
        place(file, start, label)
    });
    let far = finding.elsewhere.iter();
    let far = far.map(|one| place(&one.file, one.start, &one.label));
    own.chain(far).collect()
}

/// The findings of one file.
fn findings_of(file: &CheckedFile) -> impl Iterator<Item = Value> {
    let located = file.source.source_map();
    let findings: Vec<&Finding> = file.findings.iter().collect();
    let splices = splices_of(&located, &findings, |_, _| true);
    let findings = findings.into_iter().zip(splices);
    findings.map(move |(finding, splices)| {
        let span = located.span(&finding.place);
        let (start, end) = (located.position(span.start), located.position(span.end));
        let path = match &finding.place {
            crate::source::Place::Path(path, Part::Key | Part::Value) => path.to_string(),
            crate::source::Place::At(_) => String::new(),
        };
        let fix = finding.fix.as_ref().zip(splices.as_ref());
        let fix = fix.map(|(fix, splices)| {
            let edits = splices.iter().map(|splice| {
                let start = located.position(splice.range.start);
                let end = located.position(splice.range.end);
                json!({
                    "line": start.line,
                    "column": start.column,
                    "end_line": end.line,
                    "end_column": end.column,
                    "replacement": splice.text,
                })
            });
            json!({
                "message": fix.message,
                "safe": fix.safe,
                "replacement": fix.new_text(),
                "edits": list_of(edits),
            })
        });
        json!({
            "rule": finding.rule.name(),
            "severity": level(finding).name(),
            "message": finding.message,
            "file": file.source.name,
            "line": start.line,
            "column": start.column,
            "end_line": end.line,
            "end_column": end.column,
            "path": path,
            "fingerprint": finding.fingerprint,
            "scope": finding.scope,
            "endpoint": finding.endpoint,
            "environment": finding.environment,
            "notes": finding.notes,
            "related": related(finding, &file.source.name, &located),
            "help": finding.help,
            "fix": fix,
        })
    })
}

/// The files that `check` and `lint` look at, and those that they pass over.
pub fn files(all: &[(String, Option<Skip>)], noun: &str) -> String {
    let files = all.iter().map(|(file, reason)| {
        let why = reason.map(|reason| reason.of(1, noun));
        json!({ "file": file, "checked": reason.is_none(), "reason": why })
    });
    long_document("files", vec![("files", Field::each(files))])
}

/// The baseline as a file.
pub fn baseline(baseline: &Baseline) -> String {
    let entries = baseline.entries.iter().map(|entry| {
        json!({
            "file": entry.file,
            "subject": entry.subject,
            "rule": entry.rule.as_str(),
            "fingerprint": entry.fingerprint,
        })
    });
    let schema = baseline.schema.iter();
    let mut fields: Vec<_> = schema
        .map(|schema| ("$schema", Field::whole(schema)))
        .collect();
    fields.extend([
        ("reason", Field::whole(&baseline.reason)),
        ("until", Field::whole(&baseline.until.0)),
        ("findings", Field::each(entries)),
    ]);
    long_document("baseline", fields)
}
