//! `forbidden-endpoint`: the key reaches what it must never reach.

use std::collections::BTreeSet;

use crate::check::{EnvironmentJudgement, Judgement};
use crate::explain::via;
use crate::finding::{Finding, RuleId};
use crate::lint::phrases::{count, endpoint_list};
use crate::model::{EndpointId, Never, ScopeId, ScopeSet};
use crate::source::Path;

pub(crate) fn find(judgement: &Judgement<'_>, findings: &mut Vec<Finding>) {
    let catalog = judgement.catalog;
    // Grants for the whole key make one finding; what an environment adds is reported for that environment.
    let mut everywhere = catalog.empty_set();
    for grant in &judgement.key.grants {
        everywhere.union_with(&grant.members);
    }
    let by_the_top: Vec<ScopeSet> = judgement
        .environments
        .iter()
        .map(|judged| catalog.effective(judged.holder, &everywhere))
        .collect();
    for never in &judgement.key.never {
        let is_forbidden = |index: &EndpointId| {
            let endpoint = &catalog.endpoints[*index];
            let mode = endpoint.mode.map(|mode| catalog.modes[mode].as_str());
            match &never.only {
                Some(only) => only.contains(index),
                None => never
                    .pattern
                    .matches(&endpoint.method, &endpoint.path, mode),
            }
        };
        let mut by_all: Vec<(&EnvironmentJudgement<'_>, BTreeSet<EndpointId>)> = Vec::new();
        let mut by_one: Vec<(&EnvironmentJudgement<'_>, BTreeSet<EndpointId>)> = Vec::new();
        for (judged, effective) in judgement.environments.iter().zip(&by_the_top) {
            let reached = judged.reach.iter().copied().filter(is_forbidden);
            let (all, one): (BTreeSet<EndpointId>, BTreeSet<EndpointId>) =
                reached.partition(|index| catalog.reaches(judged.holder, effective, *index));
            by_all.push((judged, all));
            by_one.push((judged, one));
        }
        by_all.retain(|(_, reached)| !reached.is_empty());
        by_one.retain(|(_, reached)| !reached.is_empty());
        if !by_all.is_empty() {
            findings.push(finding(judgement, never, None, &by_all));
        }
        for one in &by_one {
            let alone = std::slice::from_ref(one);
            findings.push(finding(judgement, never, one.0.name(), alone));
        }
    }
}

/// What is forbidden and reached, by the grants of one environment or by those for everywhere.
fn finding(
    judgement: &Judgement<'_>,
    never: &Never,
    environment: Option<&str>,
    reaching: &[(&EnvironmentJudgement<'_>, BTreeSet<EndpointId>)],
) -> Finding {
    let catalog = judgement.catalog;
    let all: BTreeSet<EndpointId> = reaching.iter().flat_map(|(_, all)| all).copied().collect();
    let all: Vec<EndpointId> = all.into_iter().collect();
    let message = format!(
        "{} reaches {} that it must never reach",
        environment.unwrap_or("the key"),
        count(all.len(), "endpoint")
    );
    let mut finding = Finding::new(RuleId::ForbiddenEndpoint, never.at.clone().value(), message)
        .label("forbidden here")
        .list(endpoint_list(catalog, "they are", &all))
        .help("remove the scopes that open them, or the line that forbids them")
        .endpoint(&never.text)
        .environment(environment);
    let mut opening: BTreeSet<&Path> = BTreeSet::new();
    for (judged, reached) in reaching {
        let scopes: BTreeSet<ScopeId> = reached
            .iter()
            .flat_map(|index| via(catalog, judged.holder, &judged.effective, *index))
            .collect();
        for scope in scopes {
            let mut grants = judged.grants.iter();
            let opens = grants.find(|grant| catalog.close(&grant.members).has(scope));
            opening.extend(opens.map(|grant| &grant.at));
        }
    }
    for at in opening {
        finding = finding.related(at.clone().value(), "opened by this");
    }
    finding
}
