//! `flat-risk`: risks that tell no scope from another.

use crate::finding::{Finding, RuleId};
use crate::model::{Catalog, Risk};
use crate::source::{Date, Path};

/// With fewer scopes than this, equal risks mean nothing.
const FEWEST: usize = 5;

pub(crate) fn find(catalog: &Catalog, _: &Date, findings: &mut Vec<Finding>) {
    if !catalog.scopes.iter().all(|scope| scope.own) {
        return;
    }
    let all = catalog.scopes.len();
    let grave = catalog
        .scopes
        .iter()
        .filter(|scope| scope.risk >= Risk::High);
    let grave = grave.count();
    let Some(first) = catalog.scopes.first().filter(|_| all >= FEWEST) else {
        return;
    };
    let message = if catalog.scopes.iter().all(|scope| scope.risk == first.risk) {
        format!("all {all} scopes have {} risk", first.risk)
    } else if grave * 2 > all {
        format!("{grave} of the {all} scopes have high or critical risk")
    } else {
        return;
    };
    let place = Path::root().field("scopes").key();
    findings.push(Finding::new(RuleId::FlatRisk, place, message).help(
        "reserve high and critical for what moves money, takes over accounts or cannot be undone",
    ));
}
