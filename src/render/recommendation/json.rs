//! The least set as JSON.

use serde_json::{Value, json};

use super::Traffic;
use super::text::{excluded, impossible, readings};
use crate::model::{Catalog, Effect, EndpointId, KeyTypeId, NeedKind, ScopeId};
use crate::recommend::{Alternative, Met, OtherType, ProviderList, Recommendation};
use crate::render::about::sentences;
use crate::render::json::{calls, document, edition, list_of, names};

/// What another type of key could do of what is needed.
fn other_type(catalog: &Catalog, answer: &Recommendation, other: &OtherType) -> Value {
    let why = match other.failing.len() {
        0 => "every need can be met".to_owned(),
        _ => {
            let needs = other.failing.iter().map(|need| answer.needs[*need].0.kind);
            let needs = needs.map(|kind| catalog.need_name(kind));
            format!("cannot meet {}", needs.collect::<Vec<_>>().join(", "))
        }
    };
    let excess = other.excess.iter();
    let writes = excess.filter(|index| catalog.endpoints[**index].effect == Effect::Write);
    let writes = writes.count();
    json!({
        "name": catalog.key_types[other.key_type].name,
        "feasible": other.feasible,
        "why": why,
        "scopes": names(catalog, other.scopes.iter().copied()),
        "excess": { "write": writes, "read": other.excess.len() - writes },
    })
}

/// `recommend`.
pub fn recommendation(
    catalog: &Catalog,
    answer: &Recommendation,
    environment: Option<&str>,
    traffic: &Traffic,
    dropped_queries: &[String],
) -> String {
    let need_name = |kind: NeedKind| catalog.need_name(kind);
    let key_type = |index: KeyTypeId| catalog.key_types[index].name.as_str();
    let needs = answer.needs.iter().map(|(need, met)| {
        let why = match met {
            Met::Scopes(scopes) => format!(
                "met by {}",
                names(catalog, scopes.iter().copied()).join(" and ")
            ),
            Met::AnyKey => "any key of this type opens it, without a scope".to_owned(),
            Met::NoKey => "it does not need a key".to_owned(),
            Met::NotStated => "the provider does not say what it needs".to_owned(),
            Met::Impossible(verdict) => impossible(
                catalog,
                need.kind,
                verdict,
                &catalog.key_types[answer.holder.key_type].noun(),
            ),
            Met::Excluded => excluded(catalog, answer),
        };
        json!({
            "need": need_name(need.kind),
            "met": met.name(),
            "why": why,
            "inferred": need.inferred,
            "branches": branches(catalog, answer, need.kind),
        })
    });
    let scopes = answer.scopes.iter().map(|chosen| {
        let because: Vec<String> = chosen
            .because
            .iter()
            .map(|need| need_name(answer.needs[*need].0.kind))
            .collect();
        let also_opens: Vec<String> = chosen
            .also_opens
            .iter()
            .map(|index| catalog.endpoint_name(*index))
            .collect();
        json!({
            "name": catalog.name(chosen.scope),
            "risk": catalog.scope(chosen.scope).risk_on(answer.holder.key_type).name(),
            "because": because,
            "also_opens": also_opens,
        })
    });
    let chosen: Vec<ScopeId> = answer.scopes.iter().map(|one| one.scope).collect();
    let is_write = |index: &&EndpointId| catalog.endpoints[**index].effect == Effect::Write;
    let types = answer
        .key_types
        .iter()
        .map(|other| other_type(catalog, answer, other));
    let writes = answer.excess.iter().filter(is_write).count();
    let known = answer
        .holder
        .environment
        .map(|index| catalog.environments[index].name.as_str());
    let unmatched = traffic
        .unmatched
        .iter()
        .map(|(shape, number)| json!({ "request": shape, "count": number }));
    let excluding = answer.exclusion.iter().flat_map(|one| &one.needs);
    let excluding: Vec<String> = excluding
        .map(|need| need_name(answer.needs[*need].0.kind))
        .collect();
    document(
        "recommendation",
        json!({
            "provider": catalog.provider,
            "catalog": edition(&catalog.edition()),
            "key_type": key_type(answer.holder.key_type),
            "environment": known.or(environment),
            "feasible": answer.feasible,
            "excluding": excluding,
            "scopes": list_of(scopes),
            "needs": list_of(needs),
            "ties": list_of(answer.ties.iter().map(|tie| json!(names(catalog, tie.iter().copied())))),
            "proven": answer.proven,
            "excess": { "write": writes, "read": answer.excess.len() - writes },
            "excess_endpoints": answer.excess.iter().map(|index| catalog.endpoint_name(*index)).collect::<Vec<_>>(),
            "bundle": answer.bundle.as_ref().map(|one| offered(catalog, one)),
            "adequate": answer.adequate.as_ref().map(|one| offered(catalog, one)),
            "lists": list_of(answer.lists.iter().map(|one| provider_list(catalog, one))),
            "reading": catalog.reading.as_ref().map(|one| one.arrays.name()),
            "other_reading": answer.other_reading.as_ref().map(|one| json!({
                "reading": one.other.name(),
                "scopes": names(catalog, one.scopes.iter().copied()),
            })),
            "unmatched": list_of(unmatched),
            "key_types": list_of(types),
            "about": sentences(catalog, &[answer.holder.key_type], &chosen),
            "notes": readings(catalog, answer, dropped_queries),
        }),
    )
}

/// The branches of a choice, and which of them the answer meets; nothing for another need.
fn branches(catalog: &Catalog, answer: &Recommendation, need: NeedKind) -> Option<Value> {
    let mut choices = answer.choices.iter();
    let choice = choices.find(|one| NeedKind::Choice(one.choice) == need)?;
    let branches = catalog.choices[choice.choice].branches.iter();
    let branches = branches.zip(&choice.branches).map(|(branch, verdict)| {
        json!({
            "all": calls(catalog, branch),
            "met": verdict.may(),
            "verdict": verdict.name(),
        })
    });
    Some(list_of(branches))
}

fn offered(catalog: &Catalog, one: &Alternative) -> Value {
    let more = one.opens_more.iter();
    json!({
        "bundle": one.bundle.map(|index| &catalog.bundles[index].name),
        "scopes": one.scopes,
        "opens_more": more.map(|index| catalog.endpoint_name(*index)).collect::<Vec<_>>(),
    })
}

fn provider_list(catalog: &Catalog, list: &ProviderList) -> Value {
    let recipes = list.recipes.iter();
    json!({
        "recipes": recipes.map(|index| &catalog.recipes[*index].name).collect::<Vec<_>>(),
        "scopes": names(catalog, list.scopes.iter().copied()),
        "not_needed": names(catalog, list.unneeded.iter().copied()),
        "not_on_it": names(catalog, list.unlisted.iter().copied()),
    })
}
