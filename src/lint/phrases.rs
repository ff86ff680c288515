//! How findings say things: lists of names, lists of endpoints, where something is.

use std::fmt::Write;

use crate::check::Judgement;
use crate::model::{Branch, Catalog, Effect, EndpointId, KeyEnvironment, NeedKind, ScopeId};
pub(super) use crate::source::count;

/// At most this many endpoints are listed in a note.
const MOST_LISTED: usize = 12;

/// "`a`, `b`".
pub(super) fn quoted<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names
        .into_iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// "`a`", "`a` and `b`", "`a`, `b` and `c`".
pub(super) fn joined(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => format!("`{one}`"),
        [rest @ .., last] => format!("{} and `{last}`", quoted(rest.iter().copied())),
    }
}

/// "`POST /a`", or of a choice "`POST /a`, or `POST /b` and `GET /b`".
pub(super) fn quoted_need(catalog: &Catalog, need: NeedKind) -> String {
    let NeedKind::Choice(index) = need else {
        return format!("`{}`", catalog.need_name(need));
    };
    let branch = |branch: &Branch| {
        let names: Vec<String> = branch
            .endpoints()
            .map(|index| format!("`{}`", catalog.endpoint_name(index)))
            .collect();
        names.join(" and ")
    };
    let branches: Vec<String> = catalog.choices[index].branches.iter().map(branch).collect();
    branches.join(", or ")
}

/// "`a` and `b` cannot be on one key", and why.
pub(super) fn excluding(catalog: &Catalog, conflict: usize, scopes: &[ScopeId]) -> String {
    let names: Vec<&str> = scopes.iter().map(|id| catalog.name(*id)).collect();
    let because = catalog.conflicts[conflict].because.as_ref();
    let because = because.map_or_else(String::new, |because| format!(": {because}"));
    format!("{} cannot be on one key{because}", joined(&names))
}

/// "they are:", and on each further line a scope with its risk on this key.
pub(super) fn listed_scopes(
    judgement: &Judgement<'_>,
    environment: Option<&KeyEnvironment>,
    scopes: &[ScopeId],
) -> String {
    let catalog = judgement.catalog;
    let listed: Vec<String> = scopes
        .iter()
        .map(|id| {
            let unknown = if catalog.opens_something(*id) {
                ""
            } else {
                ", opens no endpoint in this catalog"
            };
            let risk = judgement.risk_brought(environment, *id);
            format!("{} ({risk}{unknown})", catalog.name(*id))
        })
        .collect();
    format!("they are:\n{}", listed.join("\n"))
}

/// A lead, a colon, and an endpoint on each further line: writes before reads.
pub(super) fn endpoint_list(catalog: &Catalog, lead: &str, endpoints: &[EndpointId]) -> String {
    let mut sorted = endpoints.to_vec();
    sorted.sort_by_key(|index| catalog.endpoints[*index].effect == Effect::Read);
    let mut text = format!("{lead}:");
    for index in sorted.iter().take(MOST_LISTED) {
        text.push('\n');
        text.push_str(&catalog.endpoint_name(*index));
    }
    if sorted.len() > MOST_LISTED {
        let _ = write!(text, "\nand {} more", sorted.len() - MOST_LISTED);
    }
    text
}

/// What a key lacks: "`a`", "`a` and `b`", "one of `a`, `b`", "`c`, or `a` and `b`".
pub(super) fn alternatives(catalog: &Catalog, missing: &[Vec<ScopeId>]) -> String {
    let all = |scopes: &Vec<ScopeId>| {
        scopes
            .iter()
            .map(|id| format!("`{}`", catalog.name(*id)))
            .collect::<Vec<_>>()
            .join(" and ")
    };
    match missing {
        [one] => all(one),
        several if several.iter().any(|way| way.len() > 1) => {
            several.iter().map(all).collect::<Vec<_>>().join(", or ")
        }
        several => format!(
            "one of {}",
            several.iter().map(all).collect::<Vec<_>>().join(", ")
        ),
    }
}

/// Names on a line each, the first of them where they are many.
pub(super) fn few(names: &[&str]) -> String {
    let listed = names.iter().take(MOST_LISTED);
    let mut lines: Vec<String> = listed.map(|name| (*name).to_owned()).collect();
    if names.len() > MOST_LISTED {
        lines.push(format!("and {} more", names.len() - MOST_LISTED));
    }
    lines.join("\n")
}

/// The risk that a scope brings and why, in a few words: "high risk: adds bank accounts".
pub(super) fn risk(
    judgement: &Judgement<'_>,
    environment: Option<&KeyEnvironment>,
    id: ScopeId,
) -> String {
    let catalog = judgement.catalog;
    let worst = judgement.worst_brought(environment, id);
    let risk = catalog.scope(worst).risk_on(judgement.key.key_type);
    let with = if worst == id {
        String::new()
    } else {
        format!(" with `{}`, which it implies", catalog.name(worst))
    };
    match &catalog.scope(worst).because {
        Some(because) => format!("{risk} risk{with}: {because}"),
        None => format!("{risk} risk{with}"),
    }
}
