//! `unstated-need`: the provider does not say what a need takes.

use crate::check::{Judgement, NeedState};
use crate::finding::{Finding, RuleId};
use crate::model::{Auth, EndpointId};

pub(crate) fn find(judgement: &Judgement<'_>, findings: &mut Vec<Finding>) {
    super::each_need(judgement, |need, state| {
        if *state != NeedState::NotStated {
            return;
        }
        let catalog = judgement.catalog;
        let mut endpoints = catalog.endpoints_of(need.kind).into_iter();
        let is_unstated = |index: &EndpointId| catalog.endpoints[*index].auth == Auth::NotStated;
        let Some(index) = endpoints.find(is_unstated) else {
            return;
        };
        let name = catalog.endpoint_name(index);
        let message = format!("{} does not say what `{name}` needs", catalog.provider);
        findings.push(
            Finding::new(RuleId::UnstatedNeed, need.at.clone().value(), message)
                .help("it counts as neither met nor missing; ask the provider, then add it to your own catalog")
                .endpoint(name),
        );
    });
    for (id, at) in &judgement.key.known_needed_scopes {
        let mut environments = judgement.environments.iter();
        if environments.any(|judged| judged.written.has(*id)) {
            continue;
        }
        let name = judgement.catalog.name(*id);
        let message = format!("what `{name}` opens is known, so naming it here has no effect");
        findings.push(
            Finding::new(RuleId::UnstatedNeed, at.clone().value(), message)
                .help("name the endpoints that it is for under `needs.endpoints`")
                .scope(name),
        );
    }
}
