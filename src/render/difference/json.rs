//! What changed, as JSON.

use serde_json::{Value, json};

use super::{Comparison, EditionComparison};
use crate::diff::{Gain, ReachChange};
use crate::model::{Catalog, EndpointId, KeyTypeId};
use crate::render::json::{document, edition, list_of, names, requirement, with_head};

/// What `diff` writes: one comparison, or a list of them.
pub fn diffs(mut all: Vec<Value>) -> String {
    match (all.pop(), all.is_empty()) {
        (Some(one), true) => document("diff", one),
        (last, _) => {
            all.extend(last);
            document(
                "diffs",
                json!({ "diffs": all.into_iter().map(|one| with_head("diff", one)).collect::<Vec<_>>() }),
            )
        }
    }
}

/// One comparison of two sets, without its head.
pub fn comparison(one: &Comparison) -> Value {
    let catalog = &one.catalog;
    let endpoint = |change: &ReachChange| {
        let entry = &catalog.endpoints[change.endpoint];
        json!({
            "method": entry.method,
            "path": entry.path.text,
            "mode": entry.mode.map(|mode| &catalog.modes[mode]),
            "effect": entry.effect.name(),
            "via": names(catalog, change.via.iter().copied()),
        })
    };
    let scopes = |gain: &Gain| {
        let idle = gain.idle_scopes();
        list_of(gain.scopes.iter().map(|(id, from)| {
            json!({
                "name": catalog.name(*id),
                "from": from,
                "opens": match (catalog.opens_something(*id), idle.contains(id)) {
                    (false, _) => "not known",
                    (true, true) => "nothing that was not open",
                    (true, false) => "more",
                },
            })
        }))
    };
    let events = |gain: &Gain| {
        list_of(
            gain.events
                .iter()
                .map(|one| json!(catalog.events[one.event].name)),
        )
    };
    let combinations = |gain: &Gain| {
        list_of(gain.combinations.iter().map(|index| {
            let combination = &catalog.combinations[*index];
            json!({
                "scopes": names(catalog, combination.scopes.iter().copied()),
                "risk": combination.risk.name(),
                "because": combination.because,
            })
        }))
    };
    let conflicts = |gain: &Gain| {
        list_of(gain.conflicts.iter().map(|(index, scopes)| {
            json!({
                "scopes": names(catalog, scopes.iter().copied()),
                "because": catalog.conflicts[*index].because,
            })
        }))
    };
    let left_out = one.difference.left_out.iter().map(|left_out| {
        json!({
            "environment": catalog.environments[left_out.environment].name,
            "scopes": names(catalog, left_out.scopes.iter().copied()),
            "endpoints": left_out.endpoints.iter().map(|index| catalog.endpoint_name(*index)).collect::<Vec<_>>(),
        })
    });
    let (gained, lost) = (&one.difference.gained, &one.difference.lost);
    let key_type = |index: KeyTypeId| &catalog.key_types[index].name;
    json!({
        "provider": catalog.provider,
        "catalog": edition(&catalog.edition()),
        "subject": one.subject,
        "files": one.files.as_ref().map(|[from, to]| json!({ "from": from, "to": to })),
        "from": one.from,
        "to": one.to,
        "key_type": one.difference.key_types.map(|(from, to)| json!({ "from": key_type(from), "to": key_type(to) })),
        "scopes": { "added": scopes(gained), "removed": scopes(lost) },
        "endpoints": {
            "gained": list_of(gained.endpoints.iter().map(endpoint)),
            "lost": list_of(lost.endpoints.iter().map(endpoint)),
        },
        "events": { "gained": events(gained), "lost": events(lost) },
        "combinations": { "gained": combinations(gained), "lost": combinations(lost) },
        "conflicts": { "gained": conflicts(gained), "lost": conflicts(lost) },
        "left_out": list_of(left_out),
        "without_effect": gained.without_effect,
        "removed_without_effect": lost.without_effect,
        "widened": one.difference.is_wider(),
        "narrowed": one.difference.is_narrower(),
        "notes": one.notes,
    })
}

/// Two editions of a catalog, without the head.
pub fn editions(one: &EditionComparison) -> Value {
    let editions = &one.editions;
    let entry = |catalog: &Catalog, index: EndpointId| {
        let entry = &catalog.endpoints[index];
        json!({
            "method": entry.method,
            "path": entry.path.text,
            "mode": entry.mode.map(|mode| &catalog.modes[mode]),
            "via": [],
        })
    };
    let of = |catalog: &Catalog, indices: &[EndpointId]| {
        list_of(indices.iter().map(|index| entry(catalog, *index)))
    };
    let named = |names: &[String]| {
        list_of(
            names
                .iter()
                .map(|name| json!({ "name": name, "from": [name] })),
        )
    };
    let requires =
        |catalog: &Catalog, index: EndpointId| match catalog.endpoints[index].auth.requirement() {
            Some(one) => requirement(catalog, one),
            None => json!(catalog.endpoints[index].auth.name()),
        };
    let changed = editions
        .endpoints_changed
        .iter()
        .map(|(before, after, change)| {
            let mut entry = entry(&one.new, *after);
            entry["change"] = json!(change.name());
            entry["was"] = requires(&one.old, *before);
            entry["is"] = requires(&one.new, *after);
            entry
        });
    let keys = one.keys.iter().map(|key| {
        json!({
            "file": key.file,
            "environment": key.environment,
            "loses": key.loses,
            "gains": key.gains,
            "unknown": key.unknown,
        })
    });
    json!({
        "provider": one.new.provider,
        "catalogs": list_of(one.catalogs.iter().map(|side| side.as_ref().map_or(Value::Null, edition))),
        "from": one.from,
        "to": one.to,
        "scopes": {
            "added": named(&editions.scopes_added),
            "removed": named(&editions.scopes_removed),
            "deprecated": editions.scopes_deprecated,
            "retired": editions.retired,
        },
        "endpoints": {
            "gained": of(&one.new, &editions.endpoints_added),
            "lost": of(&one.old, &editions.endpoints_removed),
            "changed": list_of(changed),
            "deprecated": of(&one.new, &editions.endpoints_deprecated),
        },
        "events": { "gained": editions.events_added, "lost": editions.events_removed },
        "keys": list_of(keys),
        "meanings": list_of(editions.meanings_changed.iter().map(|one| json!(one.words))),
        "widened": editions.is_wider(),
        "narrowed": editions.is_narrower(),
    })
}
