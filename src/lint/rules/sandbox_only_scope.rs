//! `sandbox-only-scope`: a scope that is granted where it does not exist.

use super::grant_status::{GrantReview, GrantStatus};
use crate::finding::{Finding, Fix, RuleId};
use crate::lint::phrases::joined;

pub(crate) fn find(review: &GrantReview<'_>, findings: &mut Vec<Finding>) {
    let judgement = review.judgement;
    let catalog = judgement.catalog;
    for (grant, own, status) in review.each() {
        let GrantStatus::Elsewhere(id, environment) = status else {
            continue;
        };
        let exists_in: Vec<&str> = catalog
            .environments
            .ids()
            .filter(|index| catalog.scope(id).environments.has(*index))
            .map(|index| catalog.environments[index].name.as_str())
            .collect();
        let there = judgement.key.environments.iter().find(|other| {
            let exists = |index| catalog.scope(id).environments.has(index);
            other.index.is_some_and(exists)
        });
        let message = format!(
            "`{}` exists only in {}, but is granted in {}{}",
            grant.name,
            joined(&exists_in),
            environment.name,
            if own.is_none() && there.is_some() {
                " too"
            } else {
                ""
            }
        );
        let mut finding = Finding::new(RuleId::SandboxOnlyScope, grant.at.clone().value(), message)
            .scope(&grant.name)
            .environment(own.map(|own| own.name.as_str()));
        finding = match (own, there) {
            (Some(_), _) => finding.help("remove it: nothing is lost").fix(Fix::removal(
                format!("{} does not have it", environment.name),
                &grant.name,
                &grant.at,
            )),
            (None, Some(there)) => {
                finding.help(format!("move it to `environments.{}.scopes`", there.name))
            }
            (None, None) => finding.help("remove it: no environment of this key has it"),
        };
        findings.push(finding);
    }
}
