//! `suspicious-all`: an AND that probably means OR.

use std::collections::HashSet;

use super::places::endpoint;
use crate::finding::{Finding, RuleId};
use crate::lint::phrases::joined;
use crate::model::{Access, Alternative, Catalog, Effect, Requirement};
use crate::source::Date;

pub(crate) fn find(catalog: &Catalog, _: &Date, findings: &mut Vec<Finding>) {
    // An entry with several methods is one finding.
    let mut seen = HashSet::new();
    for (index, entry) in catalog.endpoints.entries() {
        let requirement = entry.auth.requirement();
        let ways = requirement.map_or(&[][..], Requirement::alternatives);
        let suspected = ways
            .iter()
            .find_map(|way| Some((way, suspicion(catalog, entry.effect, way)?)));
        let Some((way, why)) = suspected else {
            continue;
        };
        let name = catalog.entry_name(index);
        if !seen.insert(name.clone()) {
            continue;
        }
        let names: Vec<&str> = way.scopes.iter().map(|id| catalog.name(*id)).collect();
        let message = format!("`{name}` needs {} together, and {why}", joined(&names));
        findings.push(
            Finding::new(RuleId::SuspiciousAll, endpoint(catalog, index), message)
                .help("write `any` if one of them is enough; `scopes import --array any` reads arrays this way")
                .scope(names.join(" "))
                .endpoint(name),
        );
    }
}

/// Why scopes that are asked for together probably are not.
fn suspicion(catalog: &Catalog, effect: Effect, way: &Alternative) -> Option<String> {
    for wide in &way.scopes {
        let mut carried = catalog.closure(*wide).iter();
        let narrow = carried.find(|id| id != wide && way.scopes.binary_search(id).is_ok());
        if let Some(narrow) = narrow {
            let (wide, narrow) = (catalog.name(*wide), catalog.name(narrow));
            return Some(format!("`{wide}` already includes `{narrow}`"));
        }
    }
    let of = |access: Access| {
        let mut scopes = way.scopes.iter();
        let found = scopes.find(|id| catalog.scope(**id).access == access)?;
        Some(catalog.name(*found))
    };
    let (read, write) = (of(Access::Read)?, of(Access::Write)?);
    (effect == Effect::Read)
        .then(|| format!("it only reads: `{read}` should be enough without `{write}`"))
}
