//! What the baseline accepts.

use std::collections::HashSet;

use super::{Acceptance, Accepted, can_be_recorded};
use crate::finding::Finding;
use crate::model::Baseline;
use crate::source::Date;

/// Parts findings, which have their fingerprints, into those that are still to be said and those that a baseline accepts
/// on a day.
pub fn part(
    findings: Vec<Finding>,
    baseline: &Baseline,
    today: &Date,
) -> (Vec<Finding>, Vec<Accepted>) {
    if baseline.has_ended(today) {
        return (findings, Vec::new());
    }
    let known: HashSet<&str> = baseline
        .entries
        .iter()
        .map(|entry| entry.fingerprint.as_str())
        .collect();
    let (accepted, said): (Vec<Finding>, Vec<Finding>) =
        findings.into_iter().partition(|finding| {
            let mut fingerprints = finding.fingerprints();
            can_be_recorded(finding.rule) && fingerprints.any(|one| known.contains(one))
        });
    let accepted = accepted.into_iter().map(|finding| Accepted {
        finding,
        by: Acceptance {
            by_baseline: true,
            reason: Some(baseline.reason.clone()),
            owner: None,
            until: Some(baseline.until.0.clone()),
        },
    });
    (said, accepted.collect())
}
