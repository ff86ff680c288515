//! JSON for programs: versioned, and never of another shape within a version.

use serde_json::{Value, json};

use super::about::sentences;
use super::diff::{Comparison, EditionComparison};
use super::each::{Field, Fields, text_of};
use super::endpoint::why;
use super::findings::{Checked, Report, Skip, splices_of};
use super::list::Listed;
use super::recommend::{Traffic, impossible, readings};
use crate::diff::{Crossing, Gain};
use crate::explain::{Expanded, SetReport, Target, TargetReport};
use crate::finding::Finding;
use crate::lint::{Accepted, Rule, level};
use crate::model::{
    Baseline, Branch, Bundle, Call, Catalog, Edition, Effect, EndpointId, EnvironmentId, Holder,
    KeyType, KeyTypeId, Mask, NeedKind, Recipe, Requirement, Scope, ScopeId, Step, Verdict,
    Wildcards,
};
use crate::recommend::{Alternative, Met, OtherType, ProviderList, Recommendation};
use crate::source::Part;

/// The document with its version and kind in front, as text.
pub fn document(kind: &str, body: Value) -> String {
    text_of(&with_head(kind, body))
}

/// The same of a document with long lists, field by field.
fn long_document(kind: &'static str, fields: Vec<(&'static str, Field<'_>)>) -> String {
    let mut all = vec![("version", Field::whole(1)), ("kind", Field::whole(kind))];
    all.extend(fields);
    text_of(&Fields(all))
}

/// The document with its version and kind in front.
fn with_head(kind: &str, mut body: Value) -> Value {
    let mut document = json!({ "version": 1, "kind": kind });
    if let (Some(document), Some(body)) = (document.as_object_mut(), body.as_object_mut()) {
        document.append(body);
    }
    document
}

/// The edition of a catalog that an answer comes from.
fn edition(edition: &Edition) -> Value {
    json!({
        "provider": edition.provider,
        "handle": edition.handle,
        "verified": edition.verified,
        "digest": edition.digest.as_str(),
    })
}

fn names(catalog: &Catalog, scopes: impl IntoIterator<Item = ScopeId>) -> Vec<String> {
    scopes
        .into_iter()
        .map(|id| catalog.name(id).to_owned())
        .collect()
}

fn key_types(catalog: &Catalog, mask: Mask<KeyTypeId>) -> Vec<&str> {
    mask.iter()
        .filter_map(|index| catalog.key_types.at(index))
        .map(|key_type| key_type.name.as_str())
        .collect()
}

fn environments(catalog: &Catalog, mask: Mask<EnvironmentId>) -> Vec<&str> {
    mask.iter()
        .filter_map(|index| catalog.environments.at(index))
        .map(|e| e.name.as_str())
        .collect()
}

fn requirement(catalog: &Catalog, requirement: &Requirement) -> Value {
    let ways = requirement.alternatives().iter().map(|way| {
        json!({
            "scopes": names(catalog, way.scopes.iter().copied()),
            "key_types": key_types(catalog, way.key_types),
        })
    });
    Value::Array(ways.collect())
}

/// `list`.
pub fn list(listed: &[Listed<'_>]) -> String {
    let catalogs: Vec<Value> = listed
        .iter()
        .map(|one| {
            json!({
                "provider": one.catalog.provider,
                "title": one.catalog.title,
                "scopes": one.catalog.scopes.len(),
                "endpoints": one.catalog.endpoints.len(),
                "key_types": one.catalog.key_types.iter().map(|t| &t.name).collect::<Vec<_>>(),
                "read_on": one.read_on(),
                "verified": one.catalog.edition().verified,
                "digest": one.catalog.digest.as_str(),
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
            "base": environment.bases.first(),
            "bases": environment.bases,
        })
    });
    let sources = sources.map(|one| json!({ "url": one.url, "verified": one.verified }));
    let names = environments.map(|environment| json!(environment.name));
    let scopes = catalog.scopes.iter().map(|one| scope(catalog, one));
    let bundles = catalog.bundles.iter().map(|one| bundle(catalog, one));
    let endpoints = catalog
        .endpoints
        .ids()
        .map(|index| endpoint(catalog, index));
    let recipes = catalog.recipes.iter().map(|one| recipe(catalog, one));
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
            Field::each(catalog.key_types.iter().map(key_type)),
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
    ];
    long_document("catalog", fields)
}

fn list_of(values: impl Iterator<Item = Value>) -> Value {
    Value::Array(values.collect())
}

fn key_type(key_type: &KeyType) -> Value {
    json!({
        "name": key_type.name,
        "exposure": if key_type.public { "public" } else { "private" },
        "prefixes": key_type.prefixes,
        "disallowed": if key_type.ignores_disallowed { "ignored" } else { "rejected" },
        "note": key_type.note,
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

fn call(catalog: &Catalog, call: Call) -> Value {
    json!({ "endpoint": catalog.endpoint_name(call.endpoint), "inferred": call.inferred })
}

fn calls(catalog: &Catalog, branch: &Branch) -> Value {
    list_of(branch.calls.iter().map(|one| call(catalog, *one)))
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
        "deprecated": endpoint.deprecated,
        "replaced_by": endpoint.replaced_by,
        "environments": environments(catalog, endpoint.environments),
        "requires": requires,
        "least": least,
        "tags": endpoint.tags,
        "note": endpoint.note,
    })
}

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

/// One explanation without its head: for a set, an endpoint, or both.
pub struct Explanation<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// The key that was asked about.
    pub holder: Holder,
    /// The environment's name, where the catalog does not know it.
    pub environment: Option<&'a str>,
    /// What becomes of the set, which is empty where none was given.
    pub set: &'a SetReport,
    /// Names that the catalog does not know.
    pub unknown: &'a [String],
    /// What was asked about beside the set; `None` lists the endpoints that the set opens.
    pub targets: Option<&'a [TargetReport]>,
    /// How the question was read, where that is not plain.
    pub notes: &'a [String],
}

impl Explanation<'_> {
    /// What a person should know of the scopes that the key has, or that the answer names.
    pub(super) fn about(&self) -> Vec<String> {
        let mut named: Vec<ScopeId> = self.set.effective.iter().collect();
        let reports = self.targets.into_iter().flatten();
        for way in reports.flat_map(|report| &report.ways) {
            named.extend(&way.alternative.scopes);
        }
        named.sort_unstable();
        named.dedup();
        sentences(self.catalog, &[self.holder.key_type], &named)
    }
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
            Met::NoKey => "it takes no key".to_owned(),
            Met::NotStated => "the provider does not say what it takes".to_owned(),
            Met::Impossible(verdict) => impossible(
                catalog,
                need.kind,
                verdict,
                &catalog.key_types[answer.holder.key_type].noun(),
            ),
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
    document(
        "recommendation",
        json!({
            "provider": catalog.provider,
            "catalog": edition(&catalog.edition()),
            "key_type": key_type(answer.holder.key_type),
            "environment": known.or(environment),
            "feasible": answer.feasible,
            "scopes": list_of(scopes),
            "needs": list_of(needs),
            "ties": list_of(answer.ties.iter().map(|tie| json!(names(catalog, tie.iter().copied())))),
            "proven": answer.proven,
            "excess": { "write": writes, "read": answer.excess.len() - writes },
            "excess_endpoints": answer.excess.iter().map(|index| catalog.endpoint_name(*index)).collect::<Vec<_>>(),
            "bundle": answer.bundle.as_ref().map(|one| offered(catalog, one)),
            "adequate": answer.adequate.as_ref().map(|one| offered(catalog, one)),
            "lists": list_of(answer.lists.iter().map(|one| provider_list(catalog, one))),
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
pub fn comparison(one: &Comparison<'_>) -> Value {
    let catalog = one.catalog;
    let endpoint = |crossing: &Crossing| {
        let entry = &catalog.endpoints[crossing.endpoint];
        json!({
            "method": entry.method,
            "path": entry.path.text,
            "mode": entry.mode.map(|mode| &catalog.modes[mode]),
            "effect": entry.effect.name(),
            "via": names(catalog, crossing.via.iter().copied()),
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
        "left_out": list_of(left_out),
        "without_effect": gained.without_effect,
        "removed_without_effect": lost.without_effect,
        "widened": one.difference.is_wider(),
        "narrowed": one.difference.is_narrower(),
        "notes": one.notes,
    })
}

/// Two editions of a catalog, without the head.
pub fn editions(one: &EditionComparison<'_>) -> Value {
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
            let mut entry = entry(one.new, *after);
            entry["change"] = json!(change.name());
            entry["was"] = requires(one.old, *before);
            entry["is"] = requires(one.new, *after);
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
            "gained": of(one.new, &editions.endpoints_added),
            "lost": of(one.old, &editions.endpoints_removed),
            "changed": list_of(changed),
            "deprecated": of(one.new, &editions.endpoints_deprecated),
        },
        "events": { "gained": editions.events_added, "lost": editions.events_removed },
        "keys": list_of(keys),
        "meanings": list_of(editions.meanings_changed.iter().map(|one| json!(one.words))),
        "widened": editions.is_wider(),
        "narrowed": editions.is_narrower(),
    })
}

/// What entries accept in one file, each with who decided it and until when.
fn accepted_of(file: &Checked) -> impl Iterator<Item = Value> {
    let located = file.source.located();
    let accepted = file.accepted.iter().filter(|one| !one.by.by_baseline);
    accepted.map(move |Accepted { finding, by }| {
        let position = located.position(located.span(&finding.place).start);
        json!({
            "rule": finding.rule.name(),
            "severity": level(finding).name(),
            "message": finding.message,
            "file": file.source.name,
            "line": position.line,
            "fingerprint": finding.fingerprint,
            "scope": finding.scope,
            "endpoint": finding.endpoint,
            "environment": finding.environment,
            "reason": by.reason,
            "owner": by.owner,
            "until": by.until,
        })
    })
}

/// `check` and `lint`.
pub fn findings(report: &Report, with_statistics: bool) -> String {
    let summary = report.summary();
    let summary = json!({
        "errors": summary.errors,
        "warnings": summary.warnings,
        "notes": summary.notes,
        "files": summary.files,
        "passed_over": report.passed_over.len(),
        "examples": report.examples.own,
        "examples_inherited": report.examples.inherited,
        "accepted": summary.accepted,
        "accepted_until": report.accepted_until(),
        "baseline": summary.baseline,
        "baseline_gone": report.gone.unwrap_or(0),
    });
    let files = report.checked.iter();
    let with_findings = files.clone().filter(|file| !file.findings.is_empty());
    let with_accepted = files.filter(|file| !file.accepted.is_empty());
    let mut fields = vec![
        ("findings", Field::each(with_findings.flat_map(findings_of))),
        ("accepted", Field::each(with_accepted.flat_map(accepted_of))),
        ("catalogs", Field::each(report.catalogs.iter().map(edition))),
        ("refused", Field::whole(&report.refused)),
        ("summary", Field::whole(summary)),
    ];
    if with_statistics {
        let statistics = report.statistics().into_iter().map(|(rule, level, number)| {
            json!({ "rule": rule.name(), "severity": level.name(), "findings": number })
        });
        fields.push(("statistics", Field::each(statistics)));
    }
    if !report.fixed.is_empty() {
        let fixed = report.fixed.iter().flat_map(|(file, fixed)| {
            fixed.iter().map(move |one| {
                json!({ "file": file, "line": one.line, "column": one.column, "rule": one.rule.name(), "done": one.done })
            })
        });
        fields.push(("fixed", Field::each(fixed)));
    }
    long_document("findings", fields)
}

/// The findings of one file.
fn findings_of(file: &Checked) -> impl Iterator<Item = Value> {
    let located = file.source.located();
    let findings: Vec<&Finding> = file.findings.iter().collect();
    let splices = splices_of(&located, &findings, |_, _| true);
    let findings = findings.into_iter().zip(splices);
    findings.map(move |(finding, splices)| {
        let span = located.span(&finding.place);
        let (start, end) = (located.position(span.start), located.position(span.end));
        let path = match &finding.place {
            crate::source::Place::Path(path, Part::Key | Part::Value) => path.to_string(),
            crate::source::Place::At(_) => String::new(),
        };
        let fix = finding.fix.as_ref().zip(splices.as_ref());
        let fix = fix.map(|(fix, splices)| {
            let edits = splices.iter().map(|splice| {
                let start = located.position(splice.range.start);
                let end = located.position(splice.range.end);
                json!({
                    "line": start.line,
                    "column": start.column,
                    "end_line": end.line,
                    "end_column": end.column,
                    "replacement": splice.text,
                })
            });
            json!({
                "message": fix.message,
                "safe": fix.safe,
                "replacement": fix.new_text(),
                "edits": list_of(edits),
            })
        });
        json!({
            "rule": finding.rule.name(),
            "severity": level(finding).name(),
            "message": finding.message,
            "file": file.source.name,
            "line": start.line,
            "column": start.column,
            "end_line": end.line,
            "end_column": end.column,
            "path": path,
            "fingerprint": finding.fingerprint,
            "scope": finding.scope,
            "endpoint": finding.endpoint,
            "environment": finding.environment,
            "notes": finding.notes,
            "help": finding.help,
            "fix": fix,
        })
    })
}

/// The files that `check` and `lint` look at, and those that they pass over.
pub fn files(all: &[(String, Option<Skip>)], noun: &str) -> String {
    let files = all.iter().map(|(file, reason)| {
        let why = reason.map(|reason| reason.of(1, noun));
        json!({ "file": file, "checked": reason.is_none(), "reason": why })
    });
    long_document("files", vec![("files", Field::each(files))])
}

/// The baseline as a file.
pub fn baseline(baseline: &Baseline) -> String {
    let entries = baseline.entries.iter().map(|entry| {
        json!({
            "file": entry.file,
            "subject": entry.subject,
            "rule": entry.rule.as_str(),
            "fingerprint": entry.fingerprint,
        })
    });
    let fields = vec![
        ("reason", Field::whole(&baseline.reason)),
        ("until", Field::whole(&baseline.until.0)),
        ("findings", Field::each(entries)),
    ];
    long_document("baseline", fields)
}

/// `rule`: one, or all of them.
pub fn rules(rules: &[&Rule]) -> String {
    let one = |rule: &Rule| {
        json!({
            "id": rule.id.name(),
            "group": rule.id.group().name(),
            "level": rule.id.level().name(),
            "summary": rule.summary(),
            "page": rule.page,
        })
    };
    match rules {
        [rule] => document("rule", one(rule)),
        several => document(
            "rules",
            json!({ "rules": list_of(several.iter().map(|rule| one(rule))) }),
        ),
    }
}
