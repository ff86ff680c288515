//! Answers about scopes and endpoints as JSON.

use serde_json::{Value, json};

use super::Explanation;
use super::endpoint::why;
use crate::explain::{Expanded, Target};
use crate::model::{Catalog, Mask, Requirement, Verdict};
use crate::render::json::{document, edition, key_types, names, with_head};

/// `expand`.
pub fn expansion(catalog: &Catalog, scopes: &[Expanded], unknown: &[String]) -> String {
    let scopes: Vec<Value> = scopes
        .iter()
        .map(|expanded| json!({ "name": catalog.name(expanded.scope), "from": expanded.from }))
        .collect();
    document(
        "expansion",
        json!({
            "provider": catalog.provider,
            "catalog": edition(&catalog.edition()),
            "scopes": scopes,
            "unknown": unknown,
        }),
    )
}

/// `explain`: one explanation, or a list of them where several key types or environments were asked about.
pub fn explanations(all: &[Explanation<'_>]) -> String {
    match all {
        [one] => document("explanation", explanation(one)),
        several => {
            let each: Vec<Value> = several
                .iter()
                .map(|one| with_head("explanation", explanation(one)))
                .collect();
            document("explanations", json!({ "explanations": each }))
        }
    }
}

fn explanation(one: &Explanation<'_>) -> Value {
    let catalog = one.catalog;
    let mut scopes: Vec<Value> = one
        .set
        .scopes
        .iter()
        .map(|(expanded, status)| {
            json!({ "name": catalog.name(expanded.scope), "status": status.name(), "from": expanded.from })
        })
        .collect();
    scopes.extend(
        one.unknown
            .iter()
            .map(|name| json!({ "name": name, "status": "unknown", "from": [] })),
    );
    let of_reports = |is_event: bool| {
        let reports = one.targets.into_iter().flatten();
        let reports =
            reports.filter(move |report| matches!(report.target, Target::Event(_)) == is_event);
        reports.flat_map(|report| {
            let mine = report
                .verdicts
                .iter()
                .filter(|(holder, _)| *holder == one.holder);
            mine.map(|(_, verdict)| verdict_of(catalog, report.target, verdict))
        })
    };
    let endpoints: Vec<Value> = match one.targets {
        Some(_) => of_reports(false).collect(),
        None => one
            .set
            .endpoints
            .iter()
            .map(|(index, via)| {
                verdict_of(
                    catalog,
                    Target::Endpoint(*index),
                    &Verdict::Allowed(via.clone()),
                )
            })
            .collect(),
    };
    let asked_events: Vec<Value> = of_reports(true).collect();
    let events: Vec<&str> = one
        .set
        .events
        .iter()
        .map(|i| catalog.events[*i].name.as_str())
        .collect();
    let environment = one
        .holder
        .environment
        .map(|index| catalog.environments[index].name.as_str())
        .or(one.environment);
    json!({
        "provider": catalog.provider,
        "catalog": edition(&catalog.edition()),
        "key_type": catalog.key_types[one.holder.key_type].name,
        "environment": environment,
        "scopes": scopes,
        "endpoints": endpoints,
        "events": events,
        "asked_events": asked_events,
        "about": one.about(),
        "notes": one.notes,
    })
}

fn verdict_of(catalog: &Catalog, target: Target, verdict: &Verdict) -> Value {
    let (via, missing): (Vec<String>, Vec<Vec<String>>) = match verdict {
        Verdict::Allowed(via) => (names(catalog, via.iter().copied()), Vec::new()),
        Verdict::MissingScope(missing) => (
            Vec::new(),
            missing
                .iter()
                .map(|way| names(catalog, way.iter().copied()))
                .collect(),
        ),
        _ => (Vec::new(), Vec::new()),
    };
    let types = target
        .requirement(catalog)
        .map_or(Mask::NONE, Requirement::key_types);
    let answer = json!({
        "verdict": verdict.name(),
        "why": why(catalog, target, verdict),
        "via": via,
        "missing": missing,
        "key_types": key_types(catalog, types),
    });
    let mut named = match target {
        Target::Endpoint(index) => {
            let entry = &catalog.endpoints[index];
            json!({
                "method": entry.method,
                "path": entry.path.text,
                "mode": entry.mode.map(|mode| &catalog.modes[mode]),
            })
        }
        Target::Event(index) => json!({ "name": catalog.events[index].name }),
    };
    if let (Some(named), Value::Object(mut answer)) = (named.as_object_mut(), answer) {
        named.append(&mut answer);
    }
    named
}
