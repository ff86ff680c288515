//! `deprecated-endpoint`: a need for an endpoint that is on its way out.

use crate::check::{Judgement, NeedState};
use crate::finding::Finding;
use crate::model::NeedKind;

pub(crate) fn find(judgement: &Judgement<'_>, findings: &mut Vec<Finding>) {
    super::each_need(judgement, |need, state: &NeedState| {
        let NeedKind::Endpoint(index) = need.kind else {
            return;
        };
        let endpoint = &judgement.catalog.endpoints[index];
        if !endpoint.deprecated || matches!(state, NeedState::Impossible(_)) {
            return;
        }
        let name = judgement.catalog.endpoint_name(index);
        let help = match &endpoint.replaced_by {
            Some(other) => format!("`{other}` takes its place"),
            None => "the provider names no other; ask before it goes".to_owned(),
        };
        let place = need.at.clone().value();
        findings.push(
            Finding::new(
                "deprecated-endpoint",
                place,
                format!("`{name}` is deprecated"),
            )
            .help(help)
            .endpoint(name),
        );
    });
}
