//! `overturned-example`: an example of the catalog that is extended, whose answer this one changes.

use super::failed_example::question;
use crate::explain::example_verdict;
use crate::finding::{Finding, RuleId};
use crate::model::Catalog;
use crate::source::Date;

pub(crate) fn find(catalog: &Catalog, _: &Date, findings: &mut Vec<Finding>) {
    for example in &catalog.examples {
        let Some(below) = &example.below else {
            continue;
        };
        let found = example_verdict(catalog, example);
        if found == example.verdict {
            continue;
        }
        let with = match example.scopes.as_slice() {
            [] => "without a scope".to_owned(),
            names => format!("with {}", names.join(", ")),
        };
        let message = format!(
            "`{}` {with} is {found} here, but {} in {below}",
            example.request, example.verdict
        );
        findings.push(
            Finding::new(RuleId::OverturnedExample, example.at.clone().key(), message)
                .help(format!(
                    "if this is intended, say so under `examples`; run `{}` to see why",
                    question(catalog, example)
                ))
                .endpoint(example.request.to_string()),
        );
    }
}
