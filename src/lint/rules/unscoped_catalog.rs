//! `unscoped-catalog`: a catalog in which nothing asks for a scope.

use crate::finding::{Finding, RuleId};
use crate::model::{Auth, Catalog, Requirement};
use crate::source::{Date, Path};

pub(crate) fn find(catalog: &Catalog, _: &Date, findings: &mut Vec<Finding>) {
    if catalog.endpoints.is_empty() {
        return;
    }
    let names_scope = |requirement: &Requirement| !requirement.scopes().is_empty();
    let of_endpoints = catalog
        .endpoints
        .iter()
        .filter_map(|one| one.auth.requirement());
    let of_events = catalog.events.iter().map(|one| &one.requirement);
    if of_endpoints.chain(of_events).any(names_scope) {
        return;
    }
    let unstated = catalog
        .endpoints
        .iter()
        .filter(|one| one.auth == Auth::NotStated);
    let unstated = unstated.count();
    let message = format!("no endpoint of {} asks for a scope", catalog.provider);
    let place = Path::root().field("endpoints").key();
    let mut finding = Finding::new(RuleId::UnscopedCatalog, place, message).help(
        "write which scopes the endpoints need; `scopes import` takes them from fields with `--extension`, or from text with `--scope-pattern`",
    );
    if unstated > 0 {
        let all = catalog.endpoints.len();
        finding = finding.note(format!(
            "{unstated} of {all} endpoints do not state what they need"
        ));
    }
    findings.push(finding);
}
