//! `missing-summary`: scopes that nothing explains. One finding a catalog.

use crate::finding::{Finding, RuleId};
use crate::lint::phrases::{count, few};
use crate::model::Catalog;
use crate::source::{Date, Path};

pub(crate) fn find(catalog: &Catalog, _: &Date, findings: &mut Vec<Finding>) {
    let silent: Vec<&str> = catalog
        .scopes
        .iter()
        .filter(|scope| scope.own && scope.summary.is_none())
        .map(|scope| scope.name.as_str())
        .collect();
    if silent.is_empty() {
        return;
    }
    let verb = if silent.len() == 1 { "has" } else { "have" };
    let message = format!("{} {verb} no summary", count(silent.len(), "scope"));
    let place = Path::root().field("scopes").key();
    findings.push(
        Finding::new(RuleId::MissingSummary, place, message)
            .list(format!("they are:\n{}", few(&silent)))
            .help("add `summary:` with what each lets its holder do"),
    );
}
