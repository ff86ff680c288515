//! Scopes that are worse together, and where to report them: as a finding of its own if the needs force every member,
//! otherwise as a note on the finding whose fix breaks the combination.

use super::grant_status::could_be_better;
use crate::check::{EnvironmentJudgement, Judgement};
use crate::finding::Finding;
use crate::model::{Combination, Grant, KeyEnvironment, ScopeId, ScopeSet};

/// Whether the key has every member here, its needs use them all, and no better set avoids one of them.
pub(super) fn is_forced(
    judgement: &Judgement<'_>,
    judged: &EnvironmentJudgement<'_>,
    combination: &Combination,
) -> bool {
    let holds_all = |chosen: &ScopeSet| {
        let effective = judgement.catalog.effective(judged.holder, chosen);
        effective.has_all(&combination.scopes)
    };
    judged.effective.has_all(&combination.scopes)
        && holds_all(&judged.least.chosen)
        && (holds_all(&judged.best.chosen) || !could_be_better(judged))
}

/// The grant that brings a scope: one of its own before a bundle or a wildcard.
pub(super) fn grant_of<'a>(judgement: &'a Judgement<'_>, id: ScopeId) -> Option<&'a Grant> {
    let bringing = || judgement.grants().map(|(grant, _)| grant);
    bringing()
        .find(|grant| grant.members.has(id) && grant.members.len() == 1)
        .or_else(|| bringing().find(|grant| judgement.catalog.close(&grant.members).has(id)))
}

/// The finding with the combinations that taking these scopes away would break.
pub(super) fn with_combinations(
    judgement: &Judgement<'_>,
    environment: Option<&KeyEnvironment>,
    members: &[ScopeId],
    mut finding: Finding,
) -> Finding {
    let catalog = judgement.catalog;
    for combination in &catalog.combinations {
        if !combination.scopes.iter().any(|id| members.contains(id)) {
            continue;
        }
        let complete = judgement.where_granted(environment).any(|judged| {
            judged.effective.has_all(&combination.scopes)
                && !is_forced(judgement, judged, combination)
        });
        if !complete {
            continue;
        }
        for other in combination.scopes.iter().filter(|id| !members.contains(id)) {
            if let Some(grant) = grant_of(judgement, *other) {
                let because = catalog.scope(*other).because.clone();
                let label = because.unwrap_or_else(|| "the other half".to_owned());
                finding = finding.related(grant.at.clone().value(), label);
            }
        }
        let together = match combination.scopes.len() {
            2 => "both together",
            _ => "all together",
        };
        finding = finding.note(format!(
            "{together} {}: {}",
            combination.because, combination.risk
        ));
    }
    finding
}
