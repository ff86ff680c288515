//! `duplicate-scope`: a scope that is granted twice.

use super::grant_status::{GrantReview, GrantStatus};
use crate::finding::{Finding, Fix, RuleId};

pub(crate) fn find(review: &GrantReview<'_>, findings: &mut Vec<Finding>) {
    for (grant, environment, status) in review.each() {
        let GrantStatus::Duplicate(earlier) = status else {
            continue;
        };
        let place = grant.at.clone().value();
        let mut finding = Finding::new(
            RuleId::DuplicateScope,
            place.clone(),
            format!("`{}` is granted twice", grant.name),
        )
        .related(earlier.at.clone().value(), "already granted here")
        .help("remove one of the two")
        .scope(&grant.name);
        finding.environment = environment.map(|environment| environment.name.clone());
        finding.fix = Some(Fix::removal("already granted", &grant.name, &grant.at));
        findings.push(finding);
    }
}
