//! `failed-example`: a statement of the catalog about itself that does not hold.

use crate::explain::example_verdict;
use crate::finding::Finding;
use crate::model::Catalog;
use crate::source::Date;

pub(crate) fn find(catalog: &Catalog, _: &Date, findings: &mut Vec<Finding>) {
    for example in &catalog.examples {
        let Some(at) = &example.at else { continue };
        let found = example_verdict(catalog, example);
        if found == example.verdict {
            continue;
        }
        let message = format!(
            "`{}` is {found} for this set, not {}",
            example.request, example.verdict
        );
        let key_type = &catalog.key_types[example.key_type];
        let environment = example
            .environment
            .map(|index| &catalog.environments[index].name);
        let environment = environment.map_or_else(String::new, |name| format!(" -e {name}"));
        let help = format!(
            "`scopes explain -p {}{} '{}' --key-type {}{}` says why",
            catalog.handle,
            example
                .scopes
                .iter()
                .fold(String::new(), |all, name| all + " '" + name + "'"),
            example.request,
            key_type.name,
            environment
        );
        findings.push(
            Finding::new("failed-example", at.field("verdict").value(), message)
                .label(format!("it is {found}"))
                .help(help)
                .endpoint(example.request.to_string()),
        );
    }
}
