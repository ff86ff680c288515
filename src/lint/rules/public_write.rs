//! `public-write`: a call that changes something, and that nobody needs a key for.

use super::places::endpoint;
use crate::finding::{Finding, RuleId};
use crate::lint::phrases::few;
use crate::model::{Auth, Catalog, Effect, EndpointId};
use crate::source::{Date, Path};

/// More of them than this are one finding.
const MOST_ALONE: usize = 5;

pub(crate) fn find(catalog: &Catalog, _: &Date, findings: &mut Vec<Finding>) {
    let is_open = |index: &EndpointId| {
        let entry = &catalog.endpoints[*index];
        entry.auth == Auth::Public && entry.effect == Effect::Write && entry.rejected.is_none()
    };
    let open: Vec<EndpointId> = catalog.endpoints.ids().filter(is_open).collect();
    let help = "write what it needs, `auth: not-stated` if that is not known, or `effect: read` if it changes nothing";
    if open.len() > MOST_ALONE {
        let message = format!("{} endpoints write, and need no key", open.len());
        let names: Vec<String> = open
            .iter()
            .map(|index| catalog.endpoint_name(*index))
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let place = Path::root().field("endpoints").key();
        let finding = Finding::new(RuleId::PublicWrite, place, message);
        findings.push(
            finding
                .list(format!("they are:\n{}", few(&names)))
                .help(help),
        );
        return;
    }
    for index in open {
        let name = catalog.endpoint_name(index);
        let message = format!("`{name}` writes, and needs no key");
        let finding = Finding::new(RuleId::PublicWrite, endpoint(catalog, index), message);
        findings.push(finding.help(help).endpoint(name));
    }
}
