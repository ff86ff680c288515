//! Background on the scopes on a screen: why each is risky, the catalog's notes, and which are worse together.

use super::page::Page;
use crate::model::{
    Catalog, Conflict, Edition, Id, KeyTypeId, Mask, Requirement, ScopeId, ScopeSet,
};

/// At most so many paragraphs are shown on a screen.
const MOST_SHOWN: usize = 12;

/// A paragraph for each scope that has a note or a reason for its risk, and for each combination with all members among
/// them. Empty if there is nothing to say.
pub(super) fn about(
    catalog: &Catalog,
    key_types: &[KeyTypeId],
    scopes: &[ScopeId],
    page: &mut Page,
) {
    let lines = sentences(catalog, key_types, scopes);
    if lines.is_empty() {
        return;
    }
    page.gap();
    for line in lines.iter().take(MOST_SHOWN) {
        page.item(" ", line);
    }
    if let Some(more) = lines.len().checked_sub(MOST_SHOWN).filter(|more| *more > 0) {
        page.paragraph(" ", &format!("and {more} more (--format json shows all)"));
    }
}

/// The same as sentences, without a final dot.
pub(super) fn sentences(
    catalog: &Catalog,
    key_types: &[KeyTypeId],
    scopes: &[ScopeId],
) -> Vec<String> {
    let risk_of = |id: ScopeId| {
        let scope = catalog.scope(id);
        let risks = key_types.iter().map(|key_type| scope.risk_on(*key_type));
        risks.max().unwrap_or(scope.risk)
    };
    let mut by_risk = scopes.to_vec();
    by_risk.sort_by_key(|id| (std::cmp::Reverse(risk_of(*id)), *id));
    let mut lines = Vec::new();
    for id in by_risk {
        let scope = catalog.scope(id);
        let because = scope.because.as_ref();
        let because = because.map(|because| format!("{} risk, {because}", risk_of(id)));
        let parts: Vec<String> = because.into_iter().chain(scope.note.clone()).collect();
        if !parts.is_empty() {
            lines.push(format!("{}: {}", scope.name, parts.join("; ")));
        }
    }
    for combination in &catalog.combinations {
        if combination.scopes.iter().all(|id| scopes.contains(id)) {
            let names: Vec<&str> = combination
                .scopes
                .iter()
                .map(|id| catalog.name(*id))
                .collect();
            lines.push(format!(
                "{} together: {} risk, {}",
                names.join(" and "),
                combination.risk,
                combination.because
            ));
        }
    }
    let named = ScopeSet::of(catalog.scopes.len(), scopes.iter().copied());
    let conflicts = catalog.conflicts.iter();
    let mut said: Vec<String> = conflicts
        .filter_map(|conflict| sides(catalog, conflict, &named))
        .collect();
    said.dedup();
    lines.extend(said);
    lines
}

/// "`a` and `b` cannot be on one key", and why.
pub(super) fn exclusion(catalog: &Catalog, conflict: usize, scopes: &[ScopeId]) -> String {
    let names: Vec<String> = scopes
        .iter()
        .map(|id| format!("`{}`", catalog.name(*id)))
        .collect();
    let because = catalog.conflicts[conflict].because.as_ref();
    let because = because.map_or_else(String::new, |because| format!(": {because}"));
    format!("{} cannot be on one key{because}", names.join(" and "))
}

/// The scopes of some that exclude each other, side by side, and why.
fn sides(catalog: &Catalog, conflict: &Conflict, scopes: &ScopeSet) -> Option<String> {
    let side = |side: &ScopeSet| {
        let named: Vec<&str> = side
            .iter()
            .filter(|id| scopes.has(*id))
            .map(|id| catalog.name(id))
            .collect();
        match named.as_slice() {
            [] => None,
            [a, b, c, d, rest @ ..] if !rest.is_empty() => {
                Some(format!("{a}, {b}, {c}, {d} and {} more", rest.len()))
            }
            few => Some(few.join(", ")),
        }
    };
    let sides: Vec<String> = conflict.sides.iter().filter_map(side).collect();
    let because = conflict.because.as_ref();
    let because = because.map_or_else(String::new, |because| format!(": {because}"));
    (sides.len() > 1).then(|| format!("not on one key: {}{because}", sides.join("; or ")))
}

/// What to say of a catalog that an import wrote and nobody has reviewed.
pub fn unreviewed(edition: &Edition) -> Option<String> {
    let name = &edition.provider;
    (!edition.reviewed).then(|| {
        format!(
            "the catalog of {name} is imported and not reviewed: risk follows from access alone"
        )
    })
}

/// The suffix of "3 endpoints": ", 1 of them a write"; empty if there are no writes.
pub(super) fn of_them_write(all: usize, writes: usize) -> String {
    match writes {
        0 => String::new(),
        1 if all == 1 => " (a write)".to_owned(),
        1 => " (1 write)".to_owned(),
        writes if writes == all => " (all writes)".to_owned(),
        writes => format!(" ({writes} writes)"),
    }
}

/// A requirement in words: "a or b + c", with key types where they differ.
pub(super) fn requirement(catalog: &Catalog, requirement: &Requirement) -> String {
    let all = Mask::first(catalog.key_types.len());
    let ways: Vec<String> = requirement
        .alternatives()
        .iter()
        .map(|way| {
            let names: Vec<&str> = way.scopes.iter().map(|id| catalog.name(*id)).collect();
            let names = if names.is_empty() {
                "any key".to_owned()
            } else {
                names.join(" + ")
            };
            if all.is_subset(way.key_types) {
                return names;
            }
            format!(
                "{names} ({})",
                masked_names(
                    way.key_types,
                    catalog.key_types.iter().map(|t| t.name.as_str())
                )
            )
        })
        .collect();
    if ways.is_empty() {
        "nothing can meet it".to_owned()
    } else {
        ways.join(" or ")
    }
}

/// The names behind a mask, or "all".
pub(super) fn masked_names<'a, I: Id>(
    mask: Mask<I>,
    names: impl ExactSizeIterator<Item = &'a str>,
) -> String {
    let all = names.len();
    let names: Vec<&str> = names
        .enumerate()
        .filter(|(index, _)| mask.has(I::new(*index)))
        .map(|(_, name)| name)
        .collect();
    if names.len() == all {
        "all".to_owned()
    } else {
        names.join(", ")
    }
}
