//! `undeclared-scope`: a scope that endpoints use and the provider does not declare.

use super::places::scope;
use crate::finding::{Finding, RuleId};
use crate::lint::phrases::count;
use crate::model::{Catalog, Id, Requirement};
use crate::source::{Date, NameIndex, Patience};

pub(crate) fn find(catalog: &Catalog, _: &Date, findings: &mut Vec<Finding>) {
    if catalog.scopes.iter().all(|scope| scope.declared) {
        return;
    }
    let mut users = vec![0_usize; catalog.scopes.len()];
    for endpoint in &catalog.endpoints {
        let scopes = endpoint.auth.requirement().map(Requirement::scopes);
        for id in scopes.unwrap_or_default() {
            users[id.index()] += 1;
        }
    }
    let declared = catalog.scopes.iter().filter(|scope| scope.declared);
    let declared = NameIndex::new(declared.map(|scope| scope.name.as_str()));
    let patience = Patience::default();
    for (entry, users) in catalog.scopes.iter().zip(users) {
        if entry.declared {
            continue;
        }
        let asks = if users == 1 { "asks" } else { "ask" };
        let message = format!(
            "{} {asks} for `{}`, which {} does not declare",
            count(users, "endpoint"),
            entry.name,
            catalog.provider
        );
        let help = match declared.near(&entry.name, &patience).offered().first() {
            Some(best) => format!("did you mean `{best}`? ask the provider"),
            None => "ask the provider whether it exists, then remove `undeclared`".to_owned(),
        };
        findings.push(
            Finding::new(RuleId::UndeclaredScope, scope(&entry.name), message)
                .help(help)
                .scope(&entry.name),
        );
    }
}
