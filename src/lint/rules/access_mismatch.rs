//! `access-mismatch`: what a scope is called and what it opens do not fit.

use std::collections::HashSet;

use super::places::{endpoint, scope};
use crate::finding::{Finding, RuleId};
use crate::lint::phrases::{count, endpoint_list, joined};
use crate::model::{Access, Catalog, Effect, EndpointId, Indexed, ScopeId};
use crate::source::Date;

pub(crate) fn find(catalog: &Catalog, _: &Date, findings: &mut Vec<Finding>) {
    // Only a stated access can contradict what the scope opens.
    let is = |id: &ScopeId, access: Access| {
        let scope = catalog.scope(*id);
        scope.states_access && scope.access == access
    };
    let writes_or_more = |id: &ScopeId| is(id, Access::Write) || is(id, Access::Admin);
    let mut writes: Indexed<ScopeId, Vec<EndpointId>> =
        vec![Vec::new(); catalog.scopes.len()].into();
    // An entry with several methods that read is one finding.
    let mut seen = HashSet::new();
    for (index, entry) in catalog.endpoints.entries() {
        let requirement = entry.auth.requirement();
        let Some(requirement) = requirement.filter(|_| entry.rejected.is_none()) else {
            continue;
        };
        let ways = requirement.alternatives();
        if entry.effect == Effect::Write {
            for way in ways {
                if way.scopes.iter().all(|id| is(id, Access::Read)) {
                    for id in &way.scopes {
                        writes[*id].push(index);
                    }
                }
            }
        } else if !ways.is_empty()
            && ways.iter().all(|way| {
                // If a read scope is required as well, the AND is the suspicious part, which is another rule.
                way.scopes.iter().any(writes_or_more)
                    && !way.scopes.iter().any(|id| is(id, Access::Read))
            })
            && seen.insert(catalog.entry_name(index))
        {
            let name = catalog.endpoint_name(index);
            let mut scopes = requirement.scopes();
            scopes.retain(writes_or_more);
            let names: Vec<&str> = scopes.iter().map(|id| catalog.name(*id)).collect();
            let kind = if names.len() == 1 {
                "a write scope"
            } else {
                "write scopes"
            };
            let message = format!("`{name}` only reads, but needs {}, {kind}", joined(&names));
            findings.push(
                Finding::new(RuleId::AccessMismatch, endpoint(catalog, index), message)
                    .help("ask the provider whether this is intended; use `effect: write` if the call changes something")
                    .scope(names.join(" "))
                    .endpoint(name),
            );
        }
    }
    for (index, opened) in writes.entries() {
        let mut opened = opened.clone();
        opened.dedup();
        if opened.is_empty() {
            continue;
        }
        let name = &catalog.scopes[index].name;
        let message = format!(
            "`{name}` is declared a read scope, but opens {}",
            count(opened.len(), "write")
        );
        findings.push(
            Finding::new(RuleId::AccessMismatch, scope(name), message)
                .list(endpoint_list(catalog, "they are", &opened))
                .help("use `effect: read` if a call only reads; otherwise ask the provider whether this is intended")
                .scope(name),
        );
    }
}
