//! `failed-example`: a statement of the catalog about itself that does not hold.

use crate::explain::example_verdict;
use crate::finding::{Finding, RuleId};
use crate::model::{Catalog, Example};
use crate::source::Date;

pub(crate) fn find(catalog: &Catalog, _: &Date, findings: &mut Vec<Finding>) {
    for example in catalog.examples.iter().filter(|one| one.below.is_none()) {
        let found = example_verdict(catalog, example);
        if found == example.verdict {
            continue;
        }
        let message = format!(
            "`{}` is {found} for this set, not {}",
            example.request, example.verdict
        );
        findings.push(
            Finding::new(
                RuleId::FailedExample,
                example.at.field("verdict").value(),
                message,
            )
            .label(format!("it is {found}"))
            .help(format!("run `{}` to see why", question(catalog, example)))
            .endpoint(example.request.to_string()),
        );
    }
}

/// The command that answers what an example is about.
pub(super) fn question(catalog: &Catalog, example: &Example) -> String {
    let scopes = example.scopes.iter();
    let scopes = scopes.fold(String::new(), |all, name| all + " '" + name + "'");
    let environment = example
        .environment
        .map(|index| &catalog.environments[index].name);
    let environment = environment.map_or_else(String::new, |name| format!(" -e {name}"));
    format!(
        "scopes explain -p {}{scopes} '{}' --key-type {}{environment}",
        catalog.handle, example.request, catalog.key_types[example.key_type].name,
    )
}
