//! `broad-bundle`: a bundle that brings more than the needs use.

use super::combinations::with_combinations;
use super::grant_status::{GrantReview, GrantStatus};
use crate::finding::{Finding, Fix, RuleId};
use crate::lint::phrases::{count, listed_scopes, quoted};
use crate::model::{Catalog, Grant, GrantKind, KeyEnvironment, ScopeId};
use crate::source::{Edit, Path};

pub(crate) fn find(review: &GrantReview<'_>, findings: &mut Vec<Finding>) {
    let judgement = review.judgement;
    let catalog = judgement.catalog;
    if !judgement.key.declares_needs {
        return;
    }
    for (grant, environment, status) in review.each() {
        let (GrantKind::Bundle(_), GrantStatus::Fine) = (grant.kind, status) else {
            continue;
        };
        let used = review.used_in(environment);
        let carried = |id: &ScopeId| {
            judgement
                .where_granted(environment)
                .any(|judged| catalog.carries(judged.holder, *id))
        };
        let written = |id: ScopeId| {
            let applies = judgement.grants().filter(|(_, place)| {
                place.is_none() || place.map(|one| &one.at) == environment.map(|one| &one.at)
            });
            applies.into_iter().any(|(other, _)| other.grants(id))
        };
        let (needed, unneeded): (Vec<ScopeId>, Vec<ScopeId>) = grant
            .members
            .iter()
            .filter(carried)
            .partition(|id| used.has(*id));
        if unneeded.is_empty() {
            continue;
        }
        let mut unneeded: Vec<ScopeId> = unneeded;
        unneeded.sort_by_key(|id| std::cmp::Reverse(judgement.risk_brought(environment, *id)));
        let all = count(needed.len() + unneeded.len(), "scope");
        let message = if needed.is_empty() {
            format!("no need uses any of the {all} that `{}` grants", grant.name)
        } else {
            format!(
                "no need uses {} of the {all} that `{}` grants",
                unneeded.len(),
                grant.name
            )
        };
        let mut finding = Finding::new(RuleId::BroadBundle, grant.at.clone().value(), message)
            .list(listed_scopes(judgement, environment, &unneeded))
            .scope(&grant.name);
        let instead: Vec<ScopeId> = needed.iter().copied().filter(|id| !written(*id)).collect();
        finding = with_combinations(judgement, environment, &unneeded, finding);
        finding.fix = Some(exact_list(catalog, grant, environment, &instead));
        finding.help = Some(if instead.is_empty() {
            "remove the bundle".to_owned()
        } else {
            format!(
                "grant {} instead",
                quoted(instead.iter().map(|id| catalog.name(*id)))
            )
        });
        finding.environment = environment.map(|environment| environment.name.clone());
        findings.push(finding);
    }
}

/// The scopes that the needs use, named under `scopes` in the place of the bundle.
fn exact_list(
    catalog: &Catalog,
    grant: &Grant,
    environment: Option<&KeyEnvironment>,
    scopes: &[ScopeId],
) -> Fix {
    let mut fix = Fix::removal("no need uses all of it", &grant.name, &grant.at);
    if scopes.is_empty() {
        return fix;
    }
    let names: Vec<String> = scopes
        .iter()
        .map(|id| catalog.name(*id).to_owned())
        .collect();
    let section = environment.map_or_else(Path::root, |environment| environment.at.clone());
    fix.done = format!("now {}", names.join(", "));
    fix.edits.push(Edit::Append {
        list: section.field("scopes"),
        names,
        before: section.field("bundles"),
    });
    fix
}
