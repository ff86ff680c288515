//! `read-scope-can-write`: a scope that the provider calls a read scope opens something that writes.

use super::grant_status::{GrantReview, GrantStatus};
use crate::check::{EnvironmentJudgement, Judgement};
use crate::finding::{Finding, RuleId};
use crate::lint::phrases::{count, endpoint_list};
use crate::model::{Access, Effect, EndpointId, GrantKind, ScopeSet};

pub(crate) fn find(review: &GrantReview<'_>, findings: &mut Vec<Finding>) {
    let judgement = review.judgement;
    let catalog = judgement.catalog;
    for (grant, environment, status) in review.each() {
        let (GrantKind::Scope(id), GrantStatus::Fine) = (grant.kind, status) else {
            continue;
        };
        if catalog.scope(id).access != Access::Read {
            continue;
        }
        let mut writes: Vec<EndpointId> = Vec::new();
        for judged in judgement.where_granted(environment) {
            let alone = ScopeSet::of(catalog.scopes.len(), [id]);
            let brought = catalog.effective(judged.holder, &alone);
            let named = catalog.endpoints_naming(&brought).into_iter();
            let reached =
                named.filter(|index| catalog.reaches(judged.holder, &judged.effective, *index));
            writes.extend(reached.filter(|index| {
                let endpoint = &catalog.endpoints[*index];
                let opened = endpoint.auth.requirement().is_some_and(|requirement| {
                    let mut ways = requirement.open_to(judged.holder.key_type);
                    ways.any(|way| !way.scopes.is_empty() && brought.has_all(&way.scopes))
                });
                endpoint.effect == Effect::Write && opened && is_real(judgement, judged, *index)
            }));
        }
        writes.sort_unstable();
        writes.dedup();
        if writes.is_empty() {
            continue;
        }
        let lead = format!(
            "{} calls `{}` a read scope, but it opens {}",
            catalog.provider,
            grant.name,
            count(writes.len(), "write")
        );
        findings.push(
            Finding::new(RuleId::ReadScopeCanWrite, grant.at.clone().value(), lead)
                .list(endpoint_list(catalog, "they are", &writes))
                .help("review it as you would a write scope")
                .scope(&grant.name)
                .environment(environment.map(|environment| environment.name.as_str())),
        );
    }
}

/// Whether a write has consequences: it can be made in production, or the provider tells no environments apart.
fn is_real(
    judgement: &Judgement<'_>,
    judged: &EnvironmentJudgement<'_>,
    endpoint: EndpointId,
) -> bool {
    let catalog = judgement.catalog;
    let mut production = catalog
        .environments
        .ids()
        .filter(|index| catalog.environments[*index].production)
        .peekable();
    match judged.holder.environment {
        _ if production.peek().is_none() => true,
        Some(index) => catalog.environments[index].production,
        None => production.any(|index| catalog.endpoint_exists(endpoint, Some(index))),
    }
}
