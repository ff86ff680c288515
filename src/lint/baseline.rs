//! What the baseline accepts.

use std::collections::HashSet;

use super::{Acceptance, Accepted, Policy};
use crate::finding::{Finding, RuleId};
use crate::model::Baseline;

/// Splits fingerprinted findings into those to report and those that a baseline accepts, as far as the team's policy
/// lets it.
pub fn part(
    findings: Vec<Finding>,
    baseline: &Baseline,
    policy: &Policy,
) -> (Vec<Finding>, Vec<Accepted>) {
    if policy.lapse(baseline).is_some() {
        return (findings, Vec::new());
    }
    let known: HashSet<(RuleId, &str)> = baseline
        .entries
        .iter()
        .filter_map(|entry| Some((entry.rule.id()?, entry.fingerprint.as_str())))
        .collect();
    let (accepted, said): (Vec<Finding>, Vec<Finding>) =
        findings.into_iter().partition(|finding| {
            let mut fingerprints = finding.fingerprints();
            policy.can_record(finding.rule)
                && fingerprints.any(|one| known.contains(&(finding.rule, one)))
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
