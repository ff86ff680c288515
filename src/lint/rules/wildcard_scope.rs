//! `wildcard-scope`: a wildcard in place of scopes.

use super::combinations::with_combinations;
use super::grant_status::{GrantReview, GrantStatus};
use crate::finding::{Finding, Fix, RuleId};
use crate::lint::phrases::{count, quoted};
use crate::model::{GrantKind, ScopeId};

pub(crate) fn find(review: &GrantReview<'_>, findings: &mut Vec<Finding>) {
    let judgement = review.judgement;
    let catalog = judgement.catalog;
    for (grant, environment, status) in review.each() {
        let GrantStatus::Wildcard = status else {
            continue;
        };
        let used = review.used_in(environment);
        let needed: Vec<&str> = used
            .iter()
            .filter(|id| grant.members.has(*id))
            .map(|id| catalog.name(id))
            .collect();
        let written: Vec<&str> = judgement
            .grants()
            .filter(|(other, place)| {
                let here = place.is_none() || place.map(|p| &p.at) == environment.map(|e| &e.at);
                matches!(other.kind, GrantKind::Scope(_)) && !other.misspelt && here
            })
            .map(|(other, _)| other.name.as_str())
            .collect();
        let instead: Vec<String> = needed
            .iter()
            .filter(|name| !written.contains(name))
            .map(|name| (*name).to_owned())
            .collect();
        let unneeded: Vec<ScopeId> = grant.members.iter().filter(|id| !used.has(*id)).collect();
        let message = format!(
            "`{}` grants {}, and any scope added later",
            grant.name,
            count(grant.members.len(), "scope")
        );
        let finding = Finding::new(RuleId::WildcardScope, grant.at.clone().value(), message);
        let finding = with_combinations(judgement, environment, &unneeded, finding);
        let mut finding = match (judgement.key.declares_needs, needed.is_empty()) {
            (true, false) => finding.help(format!("the needs use only {}", quoted(needed))),
            (true, true) => finding.help("no need uses any of them; remove it"),
            (false, _) => finding.help("name the scopes that the job needs"),
        };
        if judgement.key.declares_needs {
            finding.fix = Some(if instead.is_empty() {
                Fix::removal("no need uses it", &grant.name, &grant.at)
            } else {
                Fix {
                    safe: true,
                    ..Fix::replacement("the needs use nothing else", instead, &grant.at)
                }
            });
        }
        finding.scope = Some(grant.name.clone());
        finding.environment = environment.map(|environment| environment.name.clone());
        findings.push(finding);
    }
}
