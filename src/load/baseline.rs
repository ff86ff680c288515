//! A baseline file → a [`Baseline`], or findings that say what is wrong with it.

use serde::Deserialize;

use super::catalog::with_fix;
use crate::finding::{Finding, RuleId, RuleName};
use crate::model::{Baseline, BaselineEntry};
use crate::source::{Date, Path, Source, is_blank};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBaseline {
    version: u32,
    kind: String,
    reason: String,
    until: Date,
    findings: Vec<RawEntry>,
    /// The JSON Schema that editors use for the file.
    #[serde(rename = "$schema")]
    schema: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEntry {
    fingerprint: String,
    rule: String,
    #[serde(default)]
    file: String,
    #[serde(default)]
    subject: String,
}

/// Reads a baseline; `Err` with the findings if it is not valid.
pub fn load_baseline(source: &Source) -> Result<Baseline, Vec<Finding>> {
    let reading = source.read::<RawBaseline>();
    let mut findings: Vec<Finding> = reading.problems.into_iter().map(with_fix).collect();
    let Some(raw) = reading.value.filter(|_| findings.is_empty()) else {
        return Err(findings);
    };
    if raw.kind != "baseline" || raw.version != 1 {
        let message = format!(
            "expected a baseline of version 1, found `{}` of version {}",
            raw.kind, raw.version
        );
        findings.push(Finding::new(
            RuleId::WrongType,
            Path::root().field("kind").value(),
            message,
        ));
        return Err(findings);
    }
    if is_blank(&raw.reason) {
        let place = Path::root().field("reason").value();
        let message = "the `reason` of this baseline is empty";
        findings.push(Finding::new(RuleId::WrongType, place, message));
        return Err(findings);
    }
    let entry = |raw: RawEntry| BaselineEntry {
        file: raw.file,
        subject: raw.subject,
        rule: RuleName::of(&raw.rule),
        fingerprint: raw.fingerprint,
    };
    Ok(Baseline {
        reason: raw.reason,
        until: raw.until,
        schema: raw.schema,
        entries: raw.findings.into_iter().map(entry).collect(),
    })
}
