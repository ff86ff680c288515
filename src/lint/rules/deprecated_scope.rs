//! `deprecated-scope`: a scope that is on its way out.

use super::grant_status::{GrantReview, GrantStatus};
use crate::check::{EnvironmentJudgement, NeedState, need_state};
use crate::finding::{Finding, Fix, Level, RuleId};
use crate::lint::phrases::quoted;
use crate::model::{Catalog, ScopeId, ScopeSet};

pub(crate) fn find(review: &GrantReview<'_>, findings: &mut Vec<Finding>) {
    let judgement = review.judgement;
    let catalog = judgement.catalog;
    for (grant, environment, status) in review.each() {
        let GrantStatus::Deprecated(id) = status else {
            continue;
        };
        let message = format!("`{}` is deprecated", grant.name);
        let finding = Finding::new(RuleId::DeprecatedScope, grant.at.clone().value(), message)
            .scope(&grant.name)
            .environment(environment.map(|environment| environment.name.as_str()));
        let replaced_by: Vec<ScopeId> = catalog
            .scope(id)
            .replaced_by
            .iter()
            .copied()
            .filter(|other| *other != id)
            .collect();
        let mut best = catalog.empty_set();
        for judged in judgement.where_granted(environment) {
            best.union_with(&judged.best.chosen);
        }
        // What the needs take at least is this one, so nothing can be done about it here.
        let mut finding = finding;
        if best.has(id) {
            finding.level = Some(Level::Note);
        }
        if replaced_by.is_empty() {
            let help = format!(
                "{} names no replacement; ask which one to take",
                catalog.provider
            );
            findings.push(finding.help(help));
            continue;
        }
        // Of several replacements only those that the needs take, where that can be told.
        let mut by = replaced_by.clone();
        by.retain(|id| best.has(*id));
        if by.is_empty() {
            by = replaced_by;
        }
        let written = |id: &ScopeId| {
            let mut grants = judgement.grants();
            grants.any(|(other, place)| {
                other.grants(*id)
                    && (place.is_none() || place.map(|p| &p.at) == environment.map(|e| &e.at))
            })
        };
        let names: Vec<String> = by
            .iter()
            .filter(|id| !written(id))
            .map(|id| catalog.name(*id).to_owned())
            .collect();
        let help = match names.is_empty() {
            true => "what replaces it is granted already; remove it".to_owned(),
            false => format!(
                "use {} in its place",
                quoted(names.iter().map(String::as_str))
            ),
        };
        // Its replacement would be the next finding.
        if best.has(id) {
            let new = by.iter().filter(|id| !written(id));
            let names = quoted(new.map(|id| catalog.name(*id)));
            let what = match names.is_empty() {
                true => "what is to replace it".to_owned(),
                false => format!("what is to replace it, {names},"),
            };
            let help = format!("keep it until it ends: {what} is more than the needs take");
            findings.push(finding.help(help));
            continue;
        }
        // It adds no grant that no need asks for where the needs take every one, or nothing more is opened.
        let needed = review.used_in(environment);
        let after = |judged: &EnvironmentJudgement<'_>| {
            let mut after = judged.written.clone();
            after.remove(id);
            after.extend(by.iter().copied());
            catalog.effective(judged.holder, &after)
        };
        let places: Vec<&EnvironmentJudgement<'_>> = judgement.where_granted(environment).collect();
        let meets_all = places
            .iter()
            .all(|judged| meets_what_was_met(catalog, judged, &after(judged), &by));
        if !meets_all {
            findings.push(finding.help(format!("{help}, and look at what the needs lack then")));
            continue;
        }
        let opens_no_more = judgement.where_granted(environment).all(|judged| {
            let mut reach = catalog.reach(judged.holder, &after(judged)).into_iter();
            reach.all(|index| catalog.reaches(judged.holder, &judged.effective, index))
        });
        let fix = match names.is_empty() {
            true => Fix::removal("it is deprecated", &grant.name, &grant.at),
            false => Fix {
                safe: opens_no_more || by.iter().all(|id| best.has(*id) || needed.has(*id)),
                ..Fix::replacement("it is deprecated", names, &grant.at)
            },
        };
        findings.push(finding.help(help).fix(fix));
    }
}

/// Whether a set meets in one place what is met there now, and the key may carry all of its new scopes. What a scope meets, its
/// replacement may not.
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
