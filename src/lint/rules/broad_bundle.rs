//! `broad-bundle`: a bundle that brings more than the needs use.

use super::standing::{Standing, standings, used};
use crate::check::Judgement;
use crate::finding::Finding;
use crate::lint::words::{count, quoted};
use crate::model::{GrantKind, ScopeId};

pub(crate) fn find(judgement: &Judgement<'_>, findings: &mut Vec<Finding>) {
    let catalog = judgement.catalog;
    if !judgement.key.declares_needs {
        return;
    }
    for (grant, environment, standing) in standings(judgement) {
        let (GrantKind::Bundle(_), Standing::Fine) = (grant.kind, standing) else {
            continue;
        };
        let used = used(judgement, environment);
        let carried = |id: &ScopeId| {
            judgement
                .where_granted(environment)
                .any(|judged| catalog.carries(judged.holder, *id))
        };
        let written = |id: ScopeId| {
            let applies = judgement.grants().filter(|(_, place)| {
                place.is_none() || place.map(|one| &one.at) == environment.map(|one| &one.at)
            });
            applies
                .into_iter()
                .any(|(other, _)| other.kind == GrantKind::Scope(id))
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
        unneeded.sort_by_key(|id| {
            std::cmp::Reverse(catalog.scope(*id).risk_on(judgement.key.key_type))
        });
        let all = count(needed.len() + unneeded.len(), "scope");
        let message = match needed.is_empty() {
            true => format!("no need uses any of the {all} that `{}` grants", grant.name),
            false => format!(
                "no need uses {} of the {all} that `{}` grants",
                unneeded.len(),
                grant.name
            ),
        };
        let listed: Vec<String> = unneeded
            .iter()
            .map(|id| {
                let unknown = if catalog.opens_something(*id) {
                    ""
                } else {
                    ", opens none in this catalog"
                };
                format!(
                    "{} ({}{unknown})",
                    catalog.name(*id),
                    catalog.scope(*id).risk_on(judgement.key.key_type)
                )
            })
            .collect();
        let mut finding = Finding::new("broad-bundle", grant.at.clone().value(), message)
            .note(format!("they are:\n{}", listed.join("\n")))
            .scope(&grant.name);
        let instead: Vec<ScopeId> = needed.iter().copied().filter(|id| !written(*id)).collect();
        finding.help = Some(match instead.is_empty() {
            true => "remove the bundle".to_owned(),
            false => format!(
                "grant in its place {}",
                quoted(instead.iter().map(|id| catalog.name(*id)))
            ),
        });
        finding.environment = environment.map(|environment| environment.name.clone());
        findings.push(finding);
    }
}
