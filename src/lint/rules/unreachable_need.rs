//! `unreachable-need`: a need that no scope could meet.

use std::collections::HashSet;

use crate::check::{Judgement, NeedState};
use crate::finding::{Finding, RuleId};
use crate::lint::phrases::{quoted, quoted_need};
use crate::model::{KeyEnvironment, KeyTypeId, Mask, Need, NeedKind, Verdict};

pub(crate) fn find(judgement: &Judgement<'_>, findings: &mut Vec<Finding>) {
    let mut seen = HashSet::new();
    // A need that exists in some environment can be met there.
    let existing = judgement.existing_needs();
    for judged in &judgement.environments {
        for (need, state) in &judged.needs {
            if seen.contains(&(&need.at, need.kind)) {
                continue;
            }
            let elsewhere = !existing.contains(&(&need.at, need.kind));
            // A recipe may have steps for one environment only, but a need that is written out must exist somewhere.
            let elsewhere = elsewhere && need.recipe.is_none();
            let why = match state {
                NeedState::Impossible(verdict) => Some(verdict),
                NeedState::Elsewhere if elsewhere => None,
                _ => continue,
            };
            seen.insert((&need.at, need.kind));
            let finding = match why {
                Some(Verdict::WrongKeyType(types)) => closed(judgement, need, *types),
                Some(_) => refused(judgement, need),
                None => elsewhere_only(judgement, need, judged.environment),
            };
            findings.push(about(judgement, need, finding));
        }
    }
}

/// A finding about what a need is for.
fn about(judgement: &Judgement<'_>, need: &Need, mut finding: Finding) -> Finding {
    let catalog = judgement.catalog;
    match need.kind {
        NeedKind::Scope(_) => finding.scope = Some(catalog.need_name(need.kind)),
        NeedKind::Endpoint(_) | NeedKind::Event(_) => {
            finding.endpoint = Some(catalog.need_name(need.kind));
        }
        // An allowance names one endpoint, so use the first endpoint of a choice to identify it.
        NeedKind::Choice(_) => {
            let endpoints = catalog.endpoints_of(need.kind);
            let first = endpoints.first();
            finding.endpoint = first.map(|index| catalog.endpoint_name(*index));
        }
    }
    finding
}

/// The finding for a need that only other types of key can meet.
fn closed(judgement: &Judgement<'_>, need: &Need, types: Mask<KeyTypeId>) -> Finding {
    let catalog = judgement.catalog;
    let named = quoted_need(catalog, need.kind);
    let key = catalog.key_types[judgement.key.key_type].with_article();
    let message = format!("{named} is closed to {key}, whatever its scopes");
    let finding = Finding::new(RuleId::UnreachableNeed, need.at.clone().value(), message);
    let types = types.iter().filter_map(|id| catalog.key_types.at(id));
    let types = quoted(types.map(|key_type| key_type.name.as_str()));
    if types.is_empty() {
        finding.help("no type of key can meet it; remove the need")
    } else {
        finding.help(format!("key types that can: {types}"))
    }
}

/// The finding for a need that the provider always refuses.
fn refused(judgement: &Judgement<'_>, need: &Need) -> Finding {
    let catalog = judgement.catalog;
    let named = quoted_need(catalog, need.kind);
    let message = format!("{named} is always rejected, whatever the scopes");
    let finding = Finding::new(RuleId::UnreachableNeed, need.at.clone().value(), message)
        .help("remove the need, or name another mode");
    let mut endpoints = catalog.endpoints_of(need.kind).into_iter();
    match endpoints.find_map(|index| catalog.endpoints[index].rejected.clone()) {
        Some(reason) => finding.note(reason),
        None => finding,
    }
}

/// The finding for a need that exists in no environment of the key, or not in the one that it is written under.
fn elsewhere_only(
    judgement: &Judgement<'_>,
    need: &Need,
    environment: Option<&KeyEnvironment>,
) -> Finding {
    let catalog = judgement.catalog;
    let named = quoted_need(catalog, need.kind);
    let own = environment.filter(|one| need.at.0.starts_with(&one.at.0) && !one.at.0.is_empty());
    let message = match own {
        Some(one) => format!("{} has no {named}", one.name),
        None => format!("no environment of this key has {named}"),
    };
    let usable = catalog.environments.ids().filter(|index| match need.kind {
        NeedKind::Endpoint(endpoint) => catalog.endpoint_is_usable(endpoint, Some(*index)),
        NeedKind::Scope(id) => catalog.scope(id).environments.has(*index),
        NeedKind::Event(event) => catalog.event_is_usable(event, Some(*index)),
        NeedKind::Choice(choice) => catalog.choice_is_usable(choice, Some(*index)),
    });
    let usable = quoted(usable.map(|index| catalog.environments[index].name.as_str()));
    let finding = Finding::new(RuleId::UnreachableNeed, need.at.clone().value(), message);
    let finding = if usable.is_empty() {
        finding.help("remove the need")
    } else {
        finding.help(format!("it exists only in {usable}"))
    };
    finding.environment(own.map(|one| one.name.as_str()))
}
