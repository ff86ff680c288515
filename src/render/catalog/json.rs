//! A catalog, and the list of all of them, as JSON.

use serde_json::{Value, json};

use super::Listed;
use crate::model::{
    Bundle, Catalog, Conflict, EndpointId, KeyType, Recipe, Scope, Step, Wildcards,
};
use crate::render::json::{
    Field, call, calls, document, edition, environments, key_types, list_of, long_document, names,
    requirement,
};

/// `list`.
pub fn list(listed: &[Listed]) -> String {
    let catalogs: Vec<Value> = listed
        .iter()
        .map(|one| {
            json!({
                "provider": one.provider,
                "title": one.title,
                "scopes": one.scopes,
                "endpoints": one.endpoints,
                "key_types": one.key_types,
                "read_on": one.read_on,
                "verified": one.verified,
                "digest": one.digest.as_str(),
                "reviewed": one.reviewed,
                "built_in": one.path.is_none(),
                "path": one.path,
                "hides_builtin": one.hides_builtin,
            })
        })
        .collect();
    document("catalogs", json!({ "catalogs": catalogs }))
}

/// `show`.
pub fn catalog(catalog: &Catalog) -> String {
    let sources = catalog.sources.iter();
    let environments = catalog.environments.iter();
    let combinations = catalog.combinations.iter().map(|combination| {
        json!({
            "scopes": names(catalog, combination.scopes.iter().copied()),
            "risk": combination.risk.name(),
            "because": combination.because,
        })
    });
    let responses = catalog.responses.iter().map(|response| {
        json!({ "verdict": response.verdict, "status": response.status, "code": response.code })
    });
    let retired = catalog.retired.iter().map(|(name, replaced_by)| {
        json!({ "name": name, "replaced_by": names(catalog, replaced_by.iter().copied()) })
    });
    let events = catalog.events.iter().map(
        |event| json!({ "name": event.name, "requires": requirement(catalog, &event.requirement) }),
    );
    let bases = environments.clone().map(|environment| {
        json!({
            "environment": environment.name,
            "production": environment.production,
            "base": environment.bases.first().map(|base| &base.text),
            "bases": environment.bases.iter().map(|base| &base.text).collect::<Vec<_>>(),
        })
    });
    let sources = sources.map(|one| {
        json!({
            "url": one.url,
            "path": one.path,
            "commit": one.commit,
            "licence": one.licence,
            "verified": one.verified,
        })
    });
    let names = environments.map(|environment| json!(environment.name));
    let scopes = catalog.scopes.iter().map(|one| scope(catalog, one));
    let bundles = catalog.bundles.iter().map(|one| bundle(catalog, one));
    let endpoints = catalog
        .endpoints
        .ids()
        .map(|index| endpoint(catalog, index));
    let recipes = catalog.recipes.iter().map(|one| recipe(catalog, one));
    let operations = catalog.calls.iter().map(
        |(name, endpoint)| json!({ "name": name, "endpoint": catalog.endpoint_name(*endpoint) }),
    );
    let edition = edition(&catalog.edition());
    let fields = vec![
        ("provider", Field::whole(&catalog.provider)),
        ("catalog", Field::whole(edition)),
        ("title", Field::whole(&catalog.title)),
        ("note", Field::whole(&catalog.note)),
        ("manage", Field::whole(&catalog.manage)),
        ("responses", Field::each(responses)),
        ("sources", Field::each(sources)),
        (
            "key_types",
            Field::each(catalog.key_types.iter().map(|one| key_type(catalog, one))),
        ),
        ("environments", Field::each(names)),
        ("bases", Field::each(bases)),
        ("modes", Field::whole(&catalog.modes)),
        ("scopes", Field::each(scopes)),
        ("retired", Field::each(retired)),
        ("bundles", Field::each(bundles)),
        ("wildcards", Field::whole(wildcards(catalog))),
        ("endpoints", Field::each(endpoints)),
        ("events", Field::each(events)),
        ("recipes", Field::each(recipes)),
        ("combinations", Field::each(combinations)),
        (
            "conflicts",
            Field::each(catalog.conflicts.iter().map(|one| conflict(catalog, one))),
        ),
        ("operations", Field::each(operations)),
        (
            "reading",
            Field::whole(catalog.reading.as_ref().map(|one| one.arrays.name())),
        ),
        ("reviewed", Field::whole(catalog.reviewed)),
    ];
    long_document("catalog", fields)
}

fn key_type(catalog: &Catalog, key_type: &KeyType) -> Value {
    json!({
        "name": key_type.name,
        "exposure": if key_type.public { "public" } else { "private" },
        "prefixes": key_type.prefixes,
        "disallowed": if key_type.ignores_disallowed { "ignored" } else { "rejected" },
        "instead_of": key_type.instead_of.iter().map(|other| &catalog.key_types[*other].name).collect::<Vec<_>>(),
        "note": key_type.note,
    })
}

fn conflict(catalog: &Catalog, conflict: &Conflict) -> Value {
    let sides = conflict.sides.iter();
    json!({
        "sides": list_of(sides.map(|side| json!(names(catalog, side.iter())))),
        "because": conflict.because,
    })
}

fn wildcards(catalog: &Catalog) -> Value {
    match &catalog.wildcards {
        Wildcards::Glob => json!([{ "name": "glob", "scopes": null }]),
        Wildcards::Named(named) => list_of(named.iter().map(
            |(name, members)| json!({ "name": name, "scopes": names(catalog, members.iter()) }),
        )),
    }
}

fn scope(catalog: &Catalog, scope: &Scope) -> Value {
    let risks: serde_json::Map<String, Value> = scope
        .risk_on
        .iter()
        .map(|(index, risk)| (catalog.key_types[*index].name.clone(), json!(risk.name())))
        .collect();
    json!({
        "name": scope.name,
        "summary": scope.summary,
        "access": scope.access.name(),
        "risk": scope.risk.name(),
        "risk_by_key_type": risks,
        "because": scope.because,
        "key_types": key_types(catalog, scope.key_types),
        "environments": environments(catalog, scope.environments),
        "implies": names(catalog, scope.implies.iter().copied()),
        "deprecated": scope.deprecated,
        "declared": scope.declared,
        "replaced_by": names(catalog, scope.replaced_by.iter().copied()),
        "note": scope.note,
    })
}

fn bundle(catalog: &Catalog, bundle: &Bundle) -> Value {
    json!({
        "name": bundle.name,
        "summary": bundle.summary,
        "scopes": names(catalog, bundle.scopes.iter()),
        "note": bundle.note,
    })
}

fn recipe(catalog: &Catalog, recipe: &Recipe) -> Value {
    let endpoints = recipe
        .calls(catalog)
        .map(|call| json!(catalog.endpoint_name(call.endpoint)));
    let steps = recipe.steps.iter().map(|step| match step {
        Step::Call(one) => call(catalog, *one),
        Step::Choice(index) => {
            let branches = catalog.choices[*index].branches.iter();
            json!({ "any": list_of(branches.map(|branch| json!({ "all": calls(catalog, branch) }))) })
        }
    });
    let events = recipe
        .events
        .iter()
        .map(|index| json!(catalog.events[*index].name));
    json!({
        "name": recipe.name,
        "summary": recipe.summary,
        "endpoints": list_of(endpoints),
        "steps": list_of(steps),
        "events": list_of(events),
        "adequate": names(catalog, recipe.adequate.iter().copied()),
        "note": recipe.note,
    })
}

fn endpoint(catalog: &Catalog, index: EndpointId) -> Value {
    let endpoint = &catalog.endpoints[index];
    let least: serde_json::Map<String, Value> = endpoint
        .least
        .iter()
        .map(|(key_type, scopes)| {
            let name = catalog.key_types[*key_type].name.clone();
            (name, json!(names(catalog, scopes.iter().copied())))
        })
        .collect();
    let requires = match endpoint.auth.requirement() {
        Some(one) => requirement(catalog, one),
        None => json!([]),
    };
    json!({
        "method": endpoint.method,
        "path": endpoint.path.text,
        "mode": endpoint.mode.map(|mode| &catalog.modes[mode]),
        "summary": endpoint.summary,
        "auth": endpoint.auth.name(),
        "query": endpoint.query.0.iter().map(|(name, condition)| (name.clone(), json!(condition.name()))).collect::<serde_json::Map<_, _>>(),
        "effect": endpoint.effect.name(),
        "rejected": endpoint.rejected,
        "keyless": endpoint.keyless.as_ref().map(|keyless| &keyless.because),
        "optional": endpoint.optional,
        "deprecated": endpoint.deprecated,
        "replaced_by": endpoint.replaced_by,
        "environments": environments(catalog, endpoint.environments),
        "requires": requires,
        "least": least,
        "tags": endpoint.tags,
        "note": endpoint.note,
    })
}
