//! `deprecated-scope`: a scope that is on its way out.

use super::grant_status::{GrantReview, GrantStatus};
use crate::check::{EnvironmentJudgement, NeedState, need_state};
use crate::finding::{Finding, Fix, Level, RuleId};
use crate::lint::phrases::quoted;
use crate::model::{Catalog, Grant, KeyEnvironment, ScopeId, ScopeSet};

pub(crate) fn find(review: &GrantReview<'_>, findings: &mut Vec<Finding>) {
    for (grant, environment, status) in review.each() {
        if let GrantStatus::Deprecated(id) = status {
            let message = format!("`{}` is deprecated", grant.name);
            let place = grant.at.clone().value();
            let finding = Finding::new(RuleId::DeprecatedScope, place, message)
                .scope(&grant.name)
                .environment(environment.map(|environment| environment.name.as_str()));
            findings.push(with_replacement(review, grant, environment, id, finding));
        }
    }
}

/// The finding with what replaces the scope, and the fix that writes it, where nothing that is met now is lost.
fn with_replacement(
    review: &GrantReview<'_>,
    grant: &Grant,
    environment: Option<&KeyEnvironment>,
    id: ScopeId,
    mut finding: Finding,
) -> Finding {
    let judgement = review.judgement;
    let catalog = judgement.catalog;
    let places: Vec<&EnvironmentJudgement<'_>> = judgement.where_granted(environment).collect();
    let mut best = catalog.empty_set();
    for judged in &places {
        best.union_with(&judged.best.chosen);
    }
    // A scope in the least set has to stay for now: nothing can be done about it in this file.
    let is_least = best.has(id);
    if is_least {
        finding.level = Some(Level::Note);
    }
    let replacements = catalog.scope(id).replaced_by.iter().copied();
    let by: Vec<ScopeId> = replacements.filter(|other| *other != id).collect();
    if by.is_empty() {
        let provider = &catalog.provider;
        return finding.help(format!(
            "{provider} names no replacement; ask which scope to use"
        ));
    }
    // Of several replacements, only those that the needs use, if that is known.
    let taken: Vec<ScopeId> = by.iter().copied().filter(|id| best.has(*id)).collect();
    let by = if taken.is_empty() { by } else { taken };
    let is_written = |id: ScopeId| {
        let mut grants = judgement.grants();
        grants.any(|(other, place)| {
            let is_here = place.is_none() || place.map(|p| &p.at) == environment.map(|e| &e.at);
            other.grants(id) && is_here
        })
    };
    let new = by.iter().filter(|id| !is_written(**id));
    let names: Vec<String> = new.map(|id| catalog.name(*id).to_owned()).collect();
    let listed = quoted(names.iter().map(String::as_str));
    // The replacement would be reported next, as more than the needs take.
    if is_least {
        let what = if names.is_empty() {
            "its replacement".to_owned()
        } else {
            format!("its replacement, {listed},")
        };
        return finding.help(format!(
            "keep it until it is removed: {what} grants more than the needs use"
        ));
    }
    let help = if names.is_empty() {
        "its replacement is already granted; remove it".to_owned()
    } else {
        format!("use {listed} instead")
    };
    let after = |judged: &EnvironmentJudgement<'_>| {
        let mut after = judged.written.clone();
        after.remove(id);
        after.extend(by.iter().copied());
        catalog.effective(judged.holder, &after)
    };
    let mut each = places.iter();
    if !each.all(|judged| meets_what_was_met(catalog, judged, &after(judged), &by)) {
        return finding.help(format!("{help}, and check which needs that leaves unmet"));
    }
    if names.is_empty() {
        let fix = Fix::removal("it is deprecated", &grant.name, &grant.at);
        return finding.help(help).fix(fix);
    }
    let opens_no_more = places.iter().all(|judged| {
        let mut reach = catalog.reach(judged.holder, &after(judged)).into_iter();
        reach.all(|index| catalog.reaches(judged.holder, &judged.effective, index))
    });
    // Safe where nothing more is opened, or the needs take every replacement.
    let needed = review.used_in(environment);
    finding.help(help).fix(Fix {
        safe: opens_no_more || by.iter().all(|id| best.has(*id) || needed.has(*id)),
        ..Fix::replacement("it is deprecated", names, &grant.at)
    })
}

/// Whether a set still meets in one environment what is met there now, and the key may carry all of its new scopes. A
/// replacement need not meet what the old scope meets.
fn meets_what_was_met(
    catalog: &Catalog,
    judged: &EnvironmentJudgement<'_>,
    after: &ScopeSet,
    new: &[ScopeId],
) -> bool {
    let is_met = |need| need_state(catalog, judged.holder, after, need) == NeedState::Met;
    let mut needs = judged
        .needs
        .iter()
        .filter(|(_, state)| *state == NeedState::Met);
    needs.all(|(need, _)| is_met(need.kind))
        && new.iter().all(|id| catalog.carries(judged.holder, *id))
}
