//! `allow`: what a key file or a catalog accepts.

use super::raw::RawAllowance;
use crate::finding::RuleName;
use crate::model::{Allowance, Catalog, NameCase, Request};
use crate::source::{Path, is_blank};

/// The allowances of a file; an allowance without an owner gets the owner of the file.
pub(super) fn allowances(
    allow: &[Option<RawAllowance>],
    damaged: &[Path],
    owner: Option<&String>,
    catalog: Option<&Catalog>,
) -> Vec<Allowance> {
    // An endpoint may be written in any form that a need accepts, but findings use the catalog's spelling.
    let spelt = |text: &String| {
        let request = match catalog {
            Some(catalog) => catalog.request(text),
            None => Request::parse(text),
        };
        let Some(request) = request else {
            return text.clone();
        };
        let found = catalog.and_then(|catalog| Some((catalog, catalog.find(&request).ok()?)));
        match found {
            Some((catalog, found)) => catalog.endpoint_name(found.gets),
            None => request.to_string(),
        }
    };
    // So are scopes, where case makes no difference.
    let spelt_scope = |text: &String| match catalog {
        Some(catalog) if catalog.name_case == NameCase::Ignored => {
            let known = |name| {
                catalog
                    .meaning(name)
                    .map(|meaning| catalog.spelling(meaning))
            };
            let names = text.split(' ').map(|name| known(name).unwrap_or(name));
            known(text).map_or_else(|| names.collect::<Vec<_>>().join(" "), str::to_owned)
        }
        _ => text.clone(),
    };
    let list = allow.iter().enumerate();
    list.filter_map(|(index, raw_allowance)| {
        let allowance = raw_allowance.as_ref()?;
        let at = Path::root().field("allow").item(index);
        // Without one of these fields it would accept more than it was meant to, so it is dropped.
        let narrowing = ["scope", "endpoint", "environment"].map(|field| at.clone().field(field));
        if damaged.iter().any(|path| narrowing.contains(path)) {
            return None;
        }
        Some(Allowance {
            rule: RuleName::of(&allowance.rule),
            scope: allowance.scope.as_ref().map(spelt_scope),
            endpoint: allowance
                .endpoint
                .as_ref()
                .map(|text| [text.clone(), spelt(text)]),
            environment: allowance.environment.clone(),
            reason: allowance.reason.clone().filter(|reason| !is_blank(reason)),
            owner: allowance
                .owner
                .as_ref()
                .or(owner)
                .filter(|owner| !is_blank(owner))
                .cloned(),
            until: allowance.until.clone(),
            may_be_unused: false,
            at,
        })
    })
    .collect()
}
