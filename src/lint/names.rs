//! The fixes of names that the provider does not have. Whether the needs use what a misspelt or retired name means is
//! only known once the key is judged.

use std::collections::{BTreeSet, HashMap};

use super::rules::GrantReview;
use crate::check::Judgement;
use crate::finding::{Finding, Fix, RuleId};
use crate::model::{Grant, KeyEnvironment, ScopeId};
use crate::source::{Path, Segment};

/// Completes the fixes of findings from loading: correcting a misspelt name is safe if the needs use the scope, and a
/// retired name is replaced by those of its replacements that the needs use.
pub(super) fn judge_fixes(review: &GrantReview<'_>, findings: &mut [Finding]) {
    let judgement = review.judgement;
    let mut misspelt: HashMap<&Path, Vec<(&Grant, Option<&KeyEnvironment>)>> = HashMap::new();
    for (grant, environment) in judgement.grants().filter(|(grant, _)| grant.misspelt) {
        misspelt
            .entry(&grant.at)
            .or_default()
            .push((grant, environment));
    }
    for finding in findings {
        let named = matches!(finding.rule, RuleId::UnknownScope | RuleId::UnknownBundle);
        let Some(path) = finding.place.path().filter(|_| named) else {
            continue;
        };
        let Some(grants) = misspelt.get(path) else {
            continue;
        };
        let Some((first, environment)) = grants.first().copied() else {
            continue;
        };
        if first.retired.is_some() {
            let scopes: Vec<ScopeId> = grants
                .iter()
                .flat_map(|(grant, _)| grant.members.iter())
                .collect();
            let written = finding.scope.clone().unwrap_or_default();
            finding.fix = replacing(judgement, first, &written, environment, &scopes);
            continue;
        }
        let used = review.used_in(environment);
        let Some(fix) = &mut finding.fix else {
            continue;
        };
        let is_removal = fix.done.starts_with("removed");
        fix.safe = is_removal || first.members.iter().any(|id| used.has(id));
        if fix.safe {
            continue;
        }
        fix.asked_for = None;
        // With its right name it would be the next finding, as unneeded.
        let key = judgement.key;
        let catalog = judgement.catalog;
        let mut members = first.members.iter();
        let is_unneeded = finding.rule == RuleId::UnknownScope
            && key.declares_needs
            && !key.has_unclear_needs
            && members.all(|id| catalog.opens_something(id));
        if is_unneeded {
            let meant = fix.message.clone();
            let written = finding.scope.clone().unwrap_or_default();
            finding.help = Some(format!("{meant} It is not used by any need"));
            finding.fix = Some(Fix {
                safe: false,
                ..Fix::removal("no need uses it", &written, &first.at)
            });
        }
    }
}

/// What to write in place of a retired name: those of its replacements that the needs use, in every environment where
/// it applies. If they use none, all of them, and a person has to decide.
fn replacing(
    judgement: &Judgement<'_>,
    grant: &Grant,
    name: &str,
    environment: Option<&KeyEnvironment>,
    scopes: &[ScopeId],
) -> Option<Fix> {
    let catalog = judgement.catalog;
    if !matches!(grant.at.0.last(), Some(Segment::Item(_))) || scopes.is_empty() {
        return None;
    }
    let places = || judgement.where_granted(environment);
    let held = |id: ScopeId| {
        let mut grants = judgement.grants();
        grants.any(|(other, place)| {
            other.grants(id)
                && (place.is_none() || place.map(|one| &one.at) == environment.map(|one| &one.at))
        })
    };
    let taken: BTreeSet<ScopeId> = scopes
        .iter()
        .copied()
        .filter(|id| places().any(|judged| judged.least.chosen.has(*id)))
        .collect();
    let is_taken_everywhere = taken.iter().all(|id| {
        places().all(|judged| judged.least.chosen.has(*id) || !catalog.carries(judged.holder, *id))
    });
    let (written, safe): (Vec<ScopeId>, bool) = if taken.is_empty() {
        (scopes.to_vec(), false)
    } else {
        (taken.into_iter().collect(), is_taken_everywhere)
    };
    let can_hold = |id: &ScopeId| places().all(|judged| catalog.carries(judged.holder, *id));
    if !written.iter().all(can_hold) {
        return None;
    }
    let new: Vec<String> = written
        .iter()
        .filter(|id| !held(**id))
        .map(|id| catalog.name(*id).to_owned())
        .collect();
    Some(if new.is_empty() {
        Fix::removal("its replacement is already granted", name, &grant.at)
    } else {
        Fix {
            safe,
            ..Fix::replacement("retired by the provider", new, &grant.at)
        }
    })
}
