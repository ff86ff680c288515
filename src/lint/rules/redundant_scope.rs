//! `redundant-scope`: a scope that another grant brings already.

use super::grant_status::{GrantReview, GrantStatus};
use crate::finding::{Finding, Fix, RuleId};
use crate::model::GrantKind;

pub(crate) fn find(review: &GrantReview<'_>, findings: &mut Vec<Finding>) {
    for (grant, environment, status) in review.each() {
        let GrantStatus::Redundant(bringing) = status else {
            continue;
        };
        let how = match bringing.kind {
            GrantKind::Scope(_) => "implies it",
            GrantKind::Bundle(_) => {
                if grant.members.iter().all(|id| bringing.members.has(id)) {
                    "this bundle contains it"
                } else {
                    "what this bundle contains implies it"
                }
            }
            GrantKind::Wildcard => "this wildcard covers it",
        };
        let place = grant.at.clone().value();
        let message = format!("`{}` is already granted by `{}`", grant.name, bringing.name);
        let mut finding = Finding::new(RuleId::RedundantScope, place.clone(), message)
            .related(bringing.at.clone().value(), how)
            .help("remove it: nothing is lost")
            .scope(&grant.name);
        finding.environment = environment.map(|environment| environment.name.clone());
        finding.fix = Some(Fix::removal(
            "already granted by another grant",
            &grant.name,
            &grant.at,
        ));
        // The scope is part of a safer set that another finding suggests, so both give the same advice.
        if let GrantKind::Scope(id) = grant.kind
            && let Some(help) = review.advice_of_better(id, environment)
        {
            finding.help = Some(help);
            finding.fix = None;
        }
        findings.push(finding);
    }
}
