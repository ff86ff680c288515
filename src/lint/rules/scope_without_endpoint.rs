//! `scope-without-endpoint`: scopes that open nothing in the catalog. One finding a catalog.

use crate::finding::{Finding, RuleId};
use crate::lint::phrases::{count, few};
use crate::model::Catalog;
use crate::source::{Date, Path};

pub(crate) fn find(catalog: &Catalog, _: &Date, findings: &mut Vec<Finding>) {
    let idle: Vec<&str> = catalog
        .scopes
        .ids()
        .filter(|id| catalog.scope(*id).own && !catalog.opens_something(*id))
        .map(|id| catalog.name(id))
        .collect();
    if idle.is_empty() {
        return;
    }
    let verb = if idle.len() == 1 { "opens" } else { "open" };
    let message = format!(
        "{} {verb} nothing in this catalog",
        count(idle.len(), "scope")
    );
    let place = Path::root().field("scopes").key();
    findings.push(
        Finding::new(RuleId::ScopeWithoutEndpoint, place, message)
            .list(format!("they are:\n{}", few(&idle)))
            .help("what they open is unknown, not nothing: add the endpoints that they open"),
    );
}
