//! `conflicting-scopes`: scopes on one key that exclude each other.

use std::collections::BTreeSet;

use crate::check::{EnvironmentJudgement, Judgement};
use crate::finding::{Finding, RuleId};
use crate::lint::phrases::{excluding, joined, quoted};
use crate::model::{Catalog, Conflict, Grant, NeedKind, ScopeId, ScopeSet};

/// The scopes of a key on each side of a conflict, and the environments that have them.
struct Clash<'a> {
    conflict: usize,
    sides: Vec<Vec<ScopeId>>,
    environments: Vec<&'a EnvironmentJudgement<'a>>,
}

pub(crate) fn find(judgement: &Judgement<'_>, findings: &mut Vec<Finding>) {
    let catalog = judgement.catalog;
    let mut clashes: Vec<Clash<'_>> = Vec::new();
    for judged in &judgement.environments {
        for (conflict, _) in catalog.conflicts_in(&judged.effective) {
            let sides = sides(judged, &catalog.conflicts[conflict]);
            let same = |one: &&mut Clash<'_>| one.conflict == conflict && one.sides == sides;
            match clashes.iter_mut().find(same) {
                Some(clash) => clash.environments.push(judged),
                None => clashes.push(Clash {
                    conflict,
                    sides,
                    environments: vec![judged],
                }),
            }
        }
    }
    findings.extend(clashes.iter().filter_map(|clash| finding(judgement, clash)));
}

/// The scopes on each side that the key has: those that are written, because people look for the names in their file; all
/// of them where none is.
fn sides(judged: &EnvironmentJudgement<'_>, conflict: &Conflict) -> Vec<Vec<ScopeId>> {
    let on = |side: &ScopeSet| -> Vec<ScopeId> {
        let all: Vec<ScopeId> = side.iter().filter(|id| judged.effective.has(*id)).collect();
        let written = all.iter().copied().filter(|id| judged.written.has(*id));
        let written: Vec<ScopeId> = written.collect();
        if written.is_empty() { all } else { written }
    };
    let sides = conflict.sides.iter().map(on);
    sides.filter(|side| !side.is_empty()).collect()
}

/// The grant that brings a scope in an environment: one of its own before a bundle or a wildcard.
fn grant_of<'a>(
    catalog: &Catalog,
    judged: &EnvironmentJudgement<'a>,
    id: ScopeId,
) -> Option<&'a Grant> {
    let grants = || judged.grants.iter().copied();
    grants()
        .find(|grant| grant.members.has(id) && grant.members.len() == 1)
        .or_else(|| grants().find(|grant| grant.members.has(id)))
        .or_else(|| grants().find(|grant| catalog.close(&grant.members).has(id)))
}

/// What some environments hold together.
fn finding(judgement: &Judgement<'_>, clash: &Clash<'_>) -> Option<Finding> {
    let catalog = judgement.catalog;
    let first = *clash.environments.first()?;
    let leading: Vec<ScopeId> = clash.sides.iter().map(|side| side[0]).collect();
    let mut grants: Vec<_> = leading
        .iter()
        .filter_map(|id| grant_of(catalog, first, *id))
        .collect();
    grants.sort_by(|a, b| a.at.cmp(&b.at));
    grants.dedup_by(|a, b| a.at == b.at);
    let (last, others) = grants.split_last()?;
    let is_everywhere = clash.environments.len() == judgement.environments.len();
    let environments = clash.environments.iter();
    let environments: Vec<&str> = environments.filter_map(|judged| judged.name()).collect();
    let place = if is_everywhere {
        String::new()
    } else {
        format!("{}: ", environments.join(", "))
    };
    let message = format!("{place}{}", excluding(catalog, clash.conflict, &leading));
    let all = clash.sides.iter().flatten().map(|id| catalog.name(*id));
    let all: Vec<&str> = all.collect();
    let mut finding = Finding::new(RuleId::ConflictingScopes, last.at.clone().value(), message)
        .scope(all.join(" "));
    match environments.as_slice() {
        [one] if !is_everywhere => finding = finding.environment(Some(*one)),
        // The finding has one place, so record all environments.
        several => finding.environments = several.iter().map(|name| (*name).to_owned()).collect(),
    }
    for other in others {
        finding = finding.related(other.at.clone().value(), "excluded by this");
    }
    if all.len() > leading.len() {
        let sides = clash.sides.iter().map(|side| {
            let names: Vec<&str> = side.iter().map(|id| catalog.name(*id)).collect();
            names.join(", ")
        });
        let sides: Vec<String> = sides.collect();
        finding = finding.list(format!("they are:\n{}", sides.join("\n")));
    }
    Some(advised(judgement, first, clash, finding))
}

/// The finding with what to do: take another scope, take one away, or split the needs.
fn advised(
    judgement: &Judgement<'_>,
    judged: &EnvironmentJudgement<'_>,
    clash: &Clash<'_>,
    finding: Finding,
) -> Finding {
    let catalog = judgement.catalog;
    let scopes = || clash.sides.iter().flatten().copied();
    let one_side = "keep those of one side, and use a second key for the others";
    if !judgement.key.declares_needs {
        return finding.help(one_side);
    }
    let names = |scopes: &mut dyn Iterator<Item = ScopeId>| -> Vec<&str> {
        scopes.map(|id| catalog.name(id)).collect()
    };
    if !judged.least.is_conflicting() {
        let needed = catalog.effective(judged.holder, &judged.least.chosen);
        let spare = names(&mut scopes().filter(|id| !needed.has(*id)));
        return match spare.as_slice() {
            [] => finding.help(one_side),
            spare => finding.help(format!("remove {}: no need requires it", joined(spare))),
        };
    }
    if !judged.best.is_conflicting() {
        let written = &judged.written;
        let better = names(&mut judged.best.chosen.iter().filter(|id| !written.has(*id)));
        return match better.as_slice() {
            [] => finding.help(one_side),
            better => finding.help(format!("{} would do without the conflict", joined(better))),
        };
    }
    if !judged.best.proven {
        return finding.help(one_side);
    }
    let takes = |kind: NeedKind| {
        let asked = catalog.scopes_of(kind);
        let mut carriers = judged.written.iter().map(|id| catalog.closure(id));
        carriers.any(|closure| {
            scopes().any(|id| closure.has(id)) && asked.iter().any(|id| closure.has(*id))
        })
    };
    let needs = judged.needs_here().into_iter().filter(|kind| takes(*kind));
    let needs: BTreeSet<String> = needs.map(|kind| catalog.need_name(kind)).collect();
    let help = match (needs.len(), clash.sides.len()) {
        (0 | 1, _) => "no key can meet this need: ask the provider, or correct the catalog",
        (_, 2) => "split the needs over two keys",
        _ => "split the needs over several keys",
    };
    let needs = quoted(needs.iter().map(String::as_str));
    finding
        .note(format!("they are needed for {needs}"))
        .help(help)
}
