//! `unproven-scope`: a scope that opens nothing in the catalog, so it cannot be called unneeded.

use super::combinations::with_combinations;
use super::grant_status::{GrantReview, GrantStatus};
use crate::check::Judgement;
use crate::finding::{Finding, Level, RuleId};
use crate::lint::phrases::risk;
use crate::model::{Grant, GrantKind, KeyEnvironment, Need, NeedKind, Risk, ScopeId};

pub(crate) fn find(review: &GrantReview<'_>, findings: &mut Vec<Finding>) {
    for (grant, environment, status) in review.each() {
        let scopes = match (grant.kind, status) {
            (_, GrantStatus::Unproven(id)) => vec![id],
            // Unneeded members of a bundle are reported for the bundle; members that the file lists as needed are
            // judged here.
            (GrantKind::Bundle(_), GrantStatus::Fine) => grave_members(review, grant, environment),
            _ => continue,
        };
        for id in scopes {
            for asserted in assertions(review.judgement, environment, id) {
                findings.push(finding(review, grant, environment, id, &asserted));
            }
        }
    }
}

/// Where a scope is said to be needed, of the environments where it is granted.
struct Asserted<'a> {
    /// The entry that says so; `None` for where nothing does.
    need: Option<&'a Need>,
    /// The environments that it is about, where these are not all.
    environments: Vec<&'a str>,
}

/// Each entry that names a scope as needed with the environments that it speaks for, and those for which none does.
fn assertions<'a>(
    judgement: &'a Judgement<'_>,
    environment: Option<&KeyEnvironment>,
    id: ScopeId,
) -> Vec<Asserted<'a>> {
    let catalog = judgement.catalog;
    let mut assertions: Vec<Asserted<'a>> = Vec::new();
    for judged in judgement.where_granted(environment) {
        if !catalog.carries(judged.holder, id) {
            continue;
        }
        let mut needs = judged.needs.iter().map(|(need, _)| *need);
        let need = needs.find(|need| need.kind == NeedKind::Scope(id));
        let name = judged.name();
        let at = need.map(|need| &need.at);
        match assertions
            .iter_mut()
            .find(|other| other.need.map(|need| &need.at) == at)
        {
            Some(same) => same.environments.extend(name),
            None => assertions.push(Asserted {
                need,
                environments: name.into_iter().collect(),
            }),
        }
    }
    if let [one] = assertions.as_mut_slice() {
        one.environments.clear();
    }
    assertions
}

/// The members of a bundle that are said to be needed, at high risk, and of which nothing is known.
fn grave_members(
    review: &GrantReview<'_>,
    grant: &Grant,
    environment: Option<&KeyEnvironment>,
) -> Vec<ScopeId> {
    let judgement = review.judgement;
    let catalog = judgement.catalog;
    let used = review.used_in(environment);
    let is_grave = |id: &ScopeId| {
        let mut places = judgement.where_granted(environment);
        used.has(*id)
            && !catalog.opens_something(*id)
            && places.any(|judged| catalog.carries(judged.holder, *id))
            && judgement.risk_brought(environment, *id) >= Risk::High
    };
    let members = grant.members.iter().filter(is_grave);
    members.filter(|_| judgement.key.declares_needs).collect()
}

fn finding(
    review: &GrantReview<'_>,
    grant: &Grant,
    environment: Option<&KeyEnvironment>,
    id: ScopeId,
    asserted: &Asserted<'_>,
) -> Finding {
    let judgement = review.judgement;
    let name = judgement.catalog.name(id);
    let level = judgement.risk_brought(environment, id);
    let is_grave = level >= Risk::High;
    let brought = match grant.kind {
        GrantKind::Bundle(_) => format!(" of the bundle `{}`", grant.name),
        _ => String::new(),
    };
    let message = if is_grave {
        format!("it is not known what `{name}`{brought} opens, and its risk is {level}")
    } else {
        format!(
            "it is not known what `{name}` opens, so it may or may not be needed ({level} risk)"
        )
    };
    let mut finding = Finding::new(RuleId::UnprovenScope, grant.at.clone().value(), message)
        .label(risk(judgement, environment, id))
        .scope(name);
    let without = match grant.kind {
        GrantKind::Bundle(_) => "grant the others by name",
        _ => "remove it",
    };
    let help = match (is_grave, asserted.need) {
        (true, Some(need)) => {
            let label = "accepts it only with `because`, `owner` and `until`";
            finding = finding.related(need.at.clone().value(), label);
            format!(
                "add `because`, `owner` and `until` to its entry under `needs.scopes`, or {without}"
            )
        }
        (_, None) if !asserted.environments.is_empty() => {
            "grant it under the environments that need it, not everywhere".to_owned()
        }
        (true, None) => format!(
            "assert it under `needs.scopes` with `because`, `owner` and `until`, or {without}"
        ),
        (false, _) => format!("say why with `because` under `needs.scopes`, or {without}"),
    };
    finding = finding.help(help);
    if is_grave {
        finding.level = Some(Level::Error);
    }
    finding = with_combinations(judgement, environment, &[id], finding);
    finding.environment = environment.map(|environment| environment.name.clone());
    match asserted.environments.as_slice() {
        [] => {}
        [one] => finding.environment = Some((*one).to_owned()),
        several => {
            finding.environments = several.iter().map(|name| (*name).to_owned()).collect();
            finding.subject = Some(several.join(" "));
        }
    }
    finding
}
