//! `unreachable-need`: a need that no scope could meet.

use crate::check::{Judgement, NeedState};
use crate::finding::Finding;
use crate::lint::words::quoted;
use crate::model::{NeedKind, Verdict};

pub(crate) fn find(judgement: &Judgement<'_>, findings: &mut Vec<Finding>) {
    let catalog = judgement.catalog;
    let mut seen = Vec::new();
    for judged in &judgement.environments {
        for (need, state) in &judged.needs {
            if seen.contains(&(&need.at, need.kind)) {
                continue;
            }
            let elsewhere = judgement.environments.iter().all(|judged| {
                let mine = judged
                    .needs
                    .iter()
                    .find(|(other, _)| other.at == need.at && other.kind == need.kind);
                mine.is_none_or(|(_, state)| *state == NeedState::Elsewhere)
            });
            // A recipe may hold steps for one environment only; a need that is written out must exist somewhere.
            let elsewhere = elsewhere && need.recipe.is_none();
            let why = match state {
                NeedState::Impossible(verdict) => Some(verdict),
                NeedState::Elsewhere if elsewhere => None,
                _ => continue,
            };
            seen.push((&need.at, need.kind));
            let place = need.at.clone().value();
            let name = match need.kind {
                NeedKind::Endpoint(index) => catalog.endpoint_name(index),
                NeedKind::Event(index) => catalog.events[index].name.clone(),
                NeedKind::Scope(id) => catalog.name(id).to_owned(),
            };
            let key_type = catalog.key_types[judgement.key.key_type].noun();
            let mut finding = match why {
                Some(Verdict::WrongKeyType(types)) => {
                    let types = quoted(
                        types
                            .iter()
                            .filter_map(|i| catalog.key_types.get(i))
                            .map(|t| t.name.as_str()),
                    );
                    let finding = Finding::new(
                        "unreachable-need",
                        place,
                        format!("`{name}` is closed to a {key_type}, whatever its scopes"),
                    );
                    match types.is_empty() {
                        true => finding.help("no type of key can meet it; take the need out"),
                        false => finding.help(format!("key types that could: {types}")),
                    }
                }
                Some(_) => {
                    let message = format!("`{name}` is always refused, whatever the scopes");
                    let finding = Finding::new("unreachable-need", place, message);
                    let reason = match need.kind {
                        NeedKind::Endpoint(index) => catalog.endpoints[index].rejected.clone(),
                        NeedKind::Event(_) | NeedKind::Scope(_) => None,
                    };
                    let finding = match reason {
                        Some(reason) => finding.note(reason),
                        None => finding,
                    };
                    finding.help("take the need out, or name another mode of it")
                }
                None => {
                    let message = format!("no environment of this key has `{name}`");
                    let finding = Finding::new("unreachable-need", place, message);
                    finding.help(match need.kind {
                        NeedKind::Endpoint(index) => {
                            let environments = catalog.endpoints[index].environments;
                            let names = environments
                                .iter()
                                .filter_map(|i| catalog.environments.get(i));
                            format!(
                                "it exists in {} only",
                                quoted(names.map(|e| e.name.as_str()))
                            )
                        }
                        NeedKind::Event(_) | NeedKind::Scope(_) => "take the need out".to_owned(),
                    })
                }
            };
            match need.kind {
                NeedKind::Scope(_) => finding.scope = Some(name),
                NeedKind::Endpoint(_) | NeedKind::Event(_) => finding.endpoint = Some(name),
            }
            findings.push(finding);
        }
    }
}
