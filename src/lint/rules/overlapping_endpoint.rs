//! `overlapping-endpoint`: two templates that fit the same path and ask for different things.

use super::places::endpoint;
use crate::finding::Finding;
use crate::model::Catalog;
use crate::source::Date;

pub(crate) fn find(catalog: &Catalog, _: &Date, findings: &mut Vec<Finding>) {
    for operation in 0..catalog.operations() {
        let first = catalog.first_of(operation);
        let entry = &catalog.endpoints[first];
        for other in catalog.wider_than(operation) {
            let other = catalog.first_of(other);
            let wider = &catalog.endpoints[other];
            if wider.auth == entry.auth && wider.rejected == entry.rejected {
                continue;
            }
            let name = format!("{} {}", entry.method, entry.path);
            let message = format!(
                "a call of `{name}` fits `{} {}` as well, which asks for something else",
                wider.method, wider.path
            );
            findings.push(
                Finding::new("overlapping-endpoint", endpoint(catalog, first), message)
                    .related(endpoint(catalog, other), "the other one")
                    .help(
                        "a literal beats a parameter here; make sure that the provider reads it so",
                    )
                    .endpoint(name),
            );
        }
    }
}
