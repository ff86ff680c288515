//! `scope-not-for-key-type`: a scope that this type of key may not carry.

use super::grant_status::{GrantReview, GrantStatus};
use crate::finding::{Finding, Level, RuleId};
use crate::lint::phrases::{count, quoted};
use crate::model::{GrantKind, KeyEnvironment};

pub(crate) fn find(review: &GrantReview<'_>, findings: &mut Vec<Finding>) {
    let judgement = review.judgement;
    let catalog = judgement.catalog;
    let key_type = &catalog.key_types[judgement.key.key_type];
    let level = if key_type.ignores_disallowed {
        Level::Warning
    } else {
        Level::Error
    };
    let fate = if key_type.ignores_disallowed {
        "drops it silently"
    } else {
        "refuses the key"
    };
    let finished = |mut finding: Finding, environment: Option<&KeyEnvironment>| {
        finding.level = Some(level);
        finding.environment = environment.map(|environment| environment.name.clone());
        finding
    };
    for (grant, environment, status) in review.each() {
        let place = grant.at.clone().value();
        if let GrantStatus::NotForKeyType(id) = status {
            let types = catalog
                .scope(id)
                .key_types
                .iter()
                .filter_map(|index| catalog.key_types.at(index));
            let message = format!("{} may not carry `{}`", key_type.with_article(), grant.name);
            let finding = Finding::new(RuleId::ScopeNotForKeyType, place, message)
                .label(format!("{} {fate}", catalog.provider))
                .help(format!(
                    "remove it, or use a key of type {}",
                    quoted(types.map(|t| t.name.as_str()))
                ))
                .scope(&grant.name);
            findings.push(finished(finding, environment));
        } else if let (GrantKind::Bundle(_), GrantStatus::Fine) = (grant.kind, status) {
            let refused: Vec<&str> = grant
                .members
                .iter()
                .filter(|id| !catalog.scope(*id).key_types.has(judgement.key.key_type))
                .map(|id| catalog.name(id))
                .collect();
            if refused.is_empty() {
                continue;
            }
            let message = format!(
                "{} may not carry {} of the bundle `{}`",
                key_type.with_article(),
                count(refused.len(), "scope"),
                grant.name
            );
            let finding = Finding::new(RuleId::ScopeNotForKeyType, place, message)
                .label(format!(
                    "{} {}",
                    catalog.provider,
                    fate.replace("it ", "them ")
                ))
                .list(format!("they are:\n{}", refused.join("\n")))
                .help("name the scopes that the key can carry")
                .scope(&grant.name);
            findings.push(finished(finding, environment));
        }
    }
}
