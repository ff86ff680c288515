//! `deprecated-endpoint`: a need for an endpoint that is on its way out.

use crate::check::{Judgement, NeedState};
use crate::finding::{Finding, RuleId};
use crate::model::{EndpointId, NeedKind};

pub(crate) fn find(judgement: &Judgement<'_>, findings: &mut Vec<Finding>) {
    super::each_need(judgement, |need, state: &NeedState| {
        let catalog = judgement.catalog;
        let is_deprecated = |index: EndpointId| catalog.endpoints[index].deprecated;
        let endpoint = match need.kind {
            NeedKind::Endpoint(index) => Some(index).filter(|index| is_deprecated(*index)),
            // If one branch has no deprecated endpoint, the choice does not need any.
            NeedKind::Choice(index) => {
                let branches = catalog.choices[index].branches.iter();
                let deprecated = branches.map(|one| one.endpoints().find(|i| is_deprecated(*i)));
                let deprecated: Option<Vec<EndpointId>> = deprecated.collect();
                deprecated.and_then(|endpoints| endpoints.first().copied())
            }
            NeedKind::Event(_) | NeedKind::Scope(_) => None,
        };
        let Some(index) = endpoint.filter(|_| !matches!(state, NeedState::Impossible(_))) else {
            return;
        };
        let endpoint = &catalog.endpoints[index];
        let name = judgement.catalog.endpoint_name(index);
        let help = match &endpoint.replaced_by {
            Some(other) => format!("use `{other}` instead"),
            None => "the provider names no replacement; ask before it is removed".to_owned(),
        };
        let place = need.at.clone().value();
        findings.push(
            Finding::new(
                RuleId::DeprecatedEndpoint,
                place,
                format!("`{name}` is deprecated"),
            )
            .help(help)
            .endpoint(name),
        );
    });
}
