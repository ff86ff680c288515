//! `unreachable-need`: a need that no scope could meet.

use std::collections::HashSet;

use crate::check::{Judgement, NeedState};
use crate::finding::{Finding, RuleId};
use crate::lint::phrases::{quoted, quoted_need};
use crate::model::{EnvironmentId, NeedKind, Verdict};

pub(crate) fn find(judgement: &Judgement<'_>, findings: &mut Vec<Finding>) {
    let catalog = judgement.catalog;
    let mut seen = HashSet::new();
    // What exists in some environment is reachable there.
    let existing = judgement.existing_needs();
    for judged in &judgement.environments {
        for (need, state) in &judged.needs {
            if seen.contains(&(&need.at, need.kind)) {
                continue;
            }
            let elsewhere = !existing.contains(&(&need.at, need.kind));
            // A recipe may hold steps for one environment only; a need that is written out must exist somewhere.
            let elsewhere = elsewhere && need.recipe.is_none();
            let why = match state {
                NeedState::Impossible(verdict) => Some(verdict),
                NeedState::Elsewhere if elsewhere => None,
                _ => continue,
            };
            seen.insert((&need.at, need.kind));
            let place = need.at.clone().value();
            let name = catalog.need_name(need.kind);
            let named = quoted_need(catalog, need.kind);
            let key = catalog.key_types[judgement.key.key_type].with_article();
            let mut finding = match why {
                Some(Verdict::WrongKeyType(types)) => {
                    let types = quoted(
                        types
                            .iter()
                            .filter_map(|i| catalog.key_types.at(i))
                            .map(|t| t.name.as_str()),
                    );
                    let finding = Finding::new(
                        RuleId::UnreachableNeed,
                        place,
                        format!("{named} is closed to {key}, whatever its scopes"),
                    );
                    match types.is_empty() {
                        true => finding.help("no type of key can meet it; take the need out"),
                        false => finding.help(format!("key types that could: {types}")),
                    }
                }
                Some(_) => {
                    let message = format!("{named} is always refused, whatever the scopes");
                    let finding = Finding::new(RuleId::UnreachableNeed, place, message);
                    let mut endpoints = catalog.endpoints_of(need.kind).into_iter();
                    let reason =
                        endpoints.find_map(|index| catalog.endpoints[index].rejected.clone());
                    let finding = match reason {
                        Some(reason) => finding.note(reason),
                        None => finding,
                    };
                    finding.help("take the need out, or name another mode of it")
                }
                None => {
                    // A need that stands under one environment is about that one alone.
                    let own = judged
                        .environment
                        .filter(|one| need.at.0.starts_with(&one.at.0) && !one.at.0.is_empty());
                    let message = match own {
                        Some(one) => format!("{} has no {named}", one.name),
                        None => format!("no environment of this key has {named}"),
                    };
                    let finding = Finding::new(RuleId::UnreachableNeed, place, message);
                    let usable = |index: &EnvironmentId| match need.kind {
                        NeedKind::Endpoint(endpoint) => {
                            catalog.endpoint_is_usable(endpoint, Some(*index))
                        }
                        NeedKind::Scope(id) => catalog.scope(id).environments.has(*index),
                        NeedKind::Event(event) => catalog.event_is_usable(event, Some(*index)),
                        NeedKind::Choice(choice) => catalog.choice_is_usable(choice, Some(*index)),
                    };
                    let usable = catalog.environments.ids().filter(usable);
                    let usable =
                        quoted(usable.map(|index| catalog.environments[index].name.as_str()));
                    let mut finding = match usable.is_empty() {
                        true => finding.help("take the need out"),
                        false => finding.help(format!("it exists in {usable} only")),
                    };
                    finding.environment = own.map(|one| one.name.clone());
                    finding
                }
            };
            match need.kind {
                NeedKind::Scope(_) => finding.scope = Some(name),
                NeedKind::Endpoint(_) | NeedKind::Event(_) => finding.endpoint = Some(name),
                // An allowance names one endpoint, and the first of a choice tells it from others.
                NeedKind::Choice(_) => {
                    let endpoints = catalog.endpoints_of(need.kind);
                    let first = endpoints.first();
                    finding.endpoint = first.map(|index| catalog.endpoint_name(*index));
                }
            }
            findings.push(finding);
        }
    }
}
