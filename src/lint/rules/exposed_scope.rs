//! `exposed-scope`: a scope of high or critical risk on a key that others than its owner can read.

use super::combinations::with_combinations;
use super::grant_status::{GrantReview, GrantStatus, is_exposed};
use super::unneeded_scope::{Opened, with_reach};
use crate::finding::{Finding, Fix, RuleId};
use crate::lint::phrases::{count, listed_scopes, quoted, risk};
use crate::model::{GrantKind, ScopeId};

pub(crate) fn find(review: &GrantReview<'_>, findings: &mut Vec<Finding>) {
    let judgement = review.judgement;
    let catalog = judgement.catalog;
    let key_type = &catalog.key_types[judgement.key.key_type];
    let private = catalog
        .key_types
        .iter()
        .filter(|key_type| !key_type.public)
        .map(|key_type| key_type.name.as_str());
    let private = quoted(private);
    let help = if private.is_empty() {
        "remove it, or accept it under `allow`".to_owned()
    } else {
        format!("use a key of type {private}, which stays on a server")
    };
    let mut opened = Opened::default();
    for (grant, environment, status) in review.each() {
        let place = grant.at.clone().value();
        let name = environment.map(|environment| environment.name.as_str());
        if let GrantStatus::Exposed(id, is_unneeded) = status {
            let message = format!(
                "anyone who reads this {} can use `{}`",
                key_type.noun(),
                grant.name
            );
            let finding = Finding::new(RuleId::ExposedScope, place, message)
                .label(risk(judgement, environment, id))
                .scope(&grant.name)
                .environment(name);
            let places: Vec<_> = judgement.where_granted(environment).collect();
            let finding = with_reach(judgement, &mut opened, &places, id, finding);
            let mut finding = with_combinations(judgement, environment, &[id], finding);
            if is_unneeded {
                finding = finding
                    .note("no need uses it")
                    .help("remove it")
                    .fix(Fix::removal("no need uses it", &grant.name, &grant.at));
            } else {
                finding = finding.help(&help);
            }
            findings.push(finding);
        } else if let (GrantKind::Bundle(_), GrantStatus::Fine) = (grant.kind, status) {
            let carried = |id: &ScopeId| {
                judgement
                    .where_granted(environment)
                    .any(|judged| catalog.carries(judged.holder, *id))
            };
            let exposed: Vec<ScopeId> = grant
                .members
                .iter()
                .filter(|id| carried(id) && is_exposed(judgement, environment, *id))
                .collect();
            if exposed.is_empty() {
                continue;
            }
            let message = format!(
                "anyone who reads this {} can use {} of `{}` at high or critical risk",
                key_type.noun(),
                count(exposed.len(), "scope"),
                grant.name
            );
            findings.push(
                Finding::new(RuleId::ExposedScope, place, message)
                    .list(listed_scopes(judgement, environment, &exposed))
                    .help(&help)
                    .scope(&grant.name)
                    .environment(name),
            );
        }
    }
}
