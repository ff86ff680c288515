//! `overlapping-endpoint`: two templates that fit the same path and ask for different things.

use std::collections::HashSet;

use super::places::{endpoint, is_first_of_entry};
use crate::finding::{Finding, Level, RuleId};
use crate::model::{Catalog, EndpointId};
use crate::source::Date;
use crate::source::limits::MOST_FINDINGS;

pub(crate) fn find(catalog: &Catalog, _: &Date, findings: &mut Vec<Finding>) {
    overlapping_modes(catalog, findings);
    // Two entries with several methods overlap once.
    let mut seen = HashSet::new();
    for operation in 0..catalog.operations() {
        let first = catalog.first_of(operation);
        let entry = &catalog.endpoints[first];
        for other in catalog.wider_than(operation) {
            let other = catalog.first_of(other);
            let wider = &catalog.endpoints[other];
            if wider.auth == entry.auth && wider.rejected == entry.rejected {
                continue;
            }
            if findings.len() > MOST_FINDINGS {
                return;
            }
            let pair = || [first, other].map(|index| catalog.entry_name(index));
            if entry.entry.is_some() && !seen.insert(pair()) {
                continue;
            }
            let name = format!("{} {}", entry.method, entry.path);
            let message = format!(
                "a call to `{name}` also matches `{} {}`, which has a different requirement",
                wider.method, wider.path
            );
            findings.push(
                Finding::new(
                    RuleId::OverlappingEndpoint,
                    endpoint(catalog, first),
                    message,
                )
                .related(endpoint(catalog, other), "the other endpoint")
                .help("literals take precedence over parameters here; make sure that the provider does the same")
                .endpoint(name),
            );
        }
    }
}

/// Modes of one operation with the same number of query conditions that one call can meet together. It is undefined
/// which mode the call gets, so the one that asks for more is assumed.
fn overlapping_modes(catalog: &Catalog, findings: &mut Vec<Finding>) {
    for operation in 0..catalog.operations() {
        if !is_first_of_entry(catalog, catalog.first_of(operation)) {
            continue;
        }
        let modes: Vec<EndpointId> = catalog.modes_of(operation).collect();
        for (position, first) in modes.iter().enumerate() {
            for second in &modes[position + 1..] {
                let (a, b) = (&catalog.endpoints[*first], &catalog.endpoints[*second]);
                let is_same = a.auth == b.auth && a.rejected == b.rejected;
                let is_as_long = !a.query.is_empty() && a.query.0.len() == b.query.0.len();
                if is_same || !is_as_long || !a.query.can_meet(&b.query) {
                    continue;
                }
                let name = catalog.endpoint_name(*second);
                let message = format!(
                    "a call can match both `{name}` and `{}`: {} and {}",
                    catalog.endpoint_name(*first),
                    a.query,
                    b.query
                );
                let mut finding = Finding::new(
                    RuleId::OverlappingEndpoint,
                    endpoint(catalog, *second),
                    message,
                )
                .related(endpoint(catalog, *first), "the other endpoint")
                .help(
                    "make the two queries exclude each other; until then the stricter mode applies",
                )
                .endpoint(name);
                finding.level = Some(Level::Warning);
                findings.push(finding);
            }
        }
    }
}
