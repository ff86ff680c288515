//! `unexplained-risk`: a risk above what the access would give, without a reason.

use super::places::scope;
use crate::finding::{Finding, RuleId};
use crate::model::{Access, Catalog, Risk};
use crate::source::Date;

pub(crate) fn find(catalog: &Catalog, _: &Date, findings: &mut Vec<Finding>) {
    for entry in catalog
        .scopes
        .iter()
        .filter(|scope| scope.because.is_none())
    {
        let usual = match entry.access {
            Access::Read => Risk::Low,
            Access::Write => Risk::Medium,
            Access::Admin => Risk::High,
        };
        let of_types = entry.risk_on.iter().map(|(_, risk)| *risk);
        let highest = of_types.fold(entry.risk, Risk::max);
        if highest <= usual {
            continue;
        }
        let message = format!("`{}` has {highest} risk, but nothing says why", entry.name);
        findings.push(
            Finding::new(RuleId::UnexplainedRisk, scope(&entry.name), message)
                .label(format!("{} access is {usual} risk by itself", entry.access))
                .help("add `because:` with what it can do")
                .scope(&entry.name),
        );
    }
}
