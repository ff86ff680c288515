//! `dead-requirement`: a requirement that nothing can meet.

use super::places::{endpoint, is_first_of_entry};
use crate::finding::{Finding, RuleId};
use crate::lint::phrases::joined;
use crate::model::Catalog;
use crate::source::{Date, Path};

pub(crate) fn find(catalog: &Catalog, _: &Date, findings: &mut Vec<Finding>) {
    for (index, entry) in catalog.endpoints.entries() {
        let Some(requirement) = entry.auth.requirement() else {
            continue;
        };
        if !is_first_of_entry(catalog, index) {
            continue;
        }
        let name = catalog.entry_name(index);
        let scopes = requirement.scopes();
        let names: Vec<&str> = scopes.iter().map(|id| catalog.name(*id)).collect();
        let message = match (&entry.rejected, requirement.alternatives().is_empty()) {
            (Some(_), _) if !names.is_empty() => {
                format!(
                    "`{name}` requires {}, but is rejected whatever the scopes",
                    joined(&names)
                )
            }
            (None, true) => format!("no type of key can meet what `{name}` needs"),
            _ => continue,
        };
        let mut finding = Finding::new(RuleId::DeadRequirement, endpoint(catalog, index), message)
            .help("remove the requirement that nothing can meet, or say which page it comes from and accept it")
            .endpoint(name);
        if !names.is_empty() {
            finding = finding.scope(names.join(" "));
        }
        if let Some(why) = &entry.rejected {
            finding = finding.note(why);
        }
        findings.push(finding);
    }
    let events = catalog.events.iter();
    for event in events.filter(|event| event.requirement.alternatives().is_empty()) {
        let message = format!("no type of key can meet what `{}` needs", event.name);
        let place = Path::root().field("events").field(&event.name).key();
        findings.push(
            Finding::new(RuleId::DeadRequirement, place, message)
                .help("name scopes that one type of key may carry together")
                .endpoint(&event.name),
        );
    }
}
