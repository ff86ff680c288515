//! `conflicting-scopes`: scopes on one key that exclude each other.

use std::collections::BTreeSet;

use super::combinations::grant_of;
use crate::check::{EnvironmentJudgement, Judgement};
use crate::finding::{Finding, RuleId};
use crate::lint::phrases::{joined, quoted};
use crate::model::{Conflict, NeedKind, ScopeId, ScopeSet};

pub(crate) fn find(judgement: &Judgement<'_>, findings: &mut Vec<Finding>) {
    let catalog = judgement.catalog;
    let mut seen: Vec<(usize, Vec<ScopeId>, Vec<&EnvironmentJudgement<'_>>)> = Vec::new();
    for judged in &judgement.environments {
        for (conflict, scopes) in catalog.conflicts_in(&judged.effective) {
            let scopes: Vec<ScopeId> = scopes
                .into_iter()
                .map(|id| written_beside(judged, &catalog.conflicts[conflict], id))
                .collect();
            let same = |one: &&mut (usize, Vec<ScopeId>, _)| one.0 == conflict && one.1 == scopes;
            match seen.iter_mut().find(same) {
                Some((.., environments)) => environments.push(judged),
                None => seen.push((conflict, scopes, vec![judged])),
            }
        }
    }
    for (conflict, scopes, environments) in seen {
        findings.extend(finding(judgement, conflict, &scopes, &environments));
    }
}

/// The scope on the side of another that is written, where one is: people look for the names in their file.
fn written_beside(judged: &EnvironmentJudgement<'_>, conflict: &Conflict, id: ScopeId) -> ScopeId {
    let mut sides = conflict.sides.iter();
    let side = sides.find(|side| side.has(id)).map(ScopeSet::iter);
    let mut written = side
        .into_iter()
        .flatten()
        .filter(|other| judged.written.has(*other) && judged.effective.has(*other));
    written.next().unwrap_or(id)
}

/// What some environments hold together.
fn finding(
    judgement: &Judgement<'_>,
    conflict: usize,
    scopes: &[ScopeId],
    environments: &[&EnvironmentJudgement<'_>],
) -> Option<Finding> {
    let catalog = judgement.catalog;
    let mut grants: Vec<_> = scopes
        .iter()
        .filter_map(|id| grant_of(judgement, *id))
        .collect();
    grants.sort_by(|a, b| a.at.cmp(&b.at));
    grants.dedup_by(|a, b| a.at == b.at);
    let (last, others) = grants.split_last()?;
    let names: Vec<&str> = scopes.iter().map(|id| catalog.name(*id)).collect();
    let because = catalog.conflicts[conflict].because.as_ref();
    let because = because.map_or_else(String::new, |because| format!(": {because}"));
    let message = format!("{} cannot be on one key{because}", joined(&names));
    let is_everywhere = environments.len() == judgement.environments.len();
    let name = match environments {
        [one] => one.name(),
        _ => None,
    };
    let mut finding = Finding::new(RuleId::ConflictingScopes, last.at.clone().value(), message)
        .scope(names.join(" "))
        .environment(name.filter(|_| !is_everywhere));
    if name.is_none() {
        // The finding has one place, so record all environments.
        let names = environments.iter().filter_map(|judged| judged.name());
        finding.environments = names.map(str::to_owned).collect();
    }
    for other in others {
        finding = finding.related(other.at.clone().value(), "excluded by this");
    }
    let first = environments.first()?;
    let needed = first.least.chosen.clone();
    let needed = catalog.effective(first.holder, &needed);
    let needed: Vec<ScopeId> = scopes
        .iter()
        .copied()
        .filter(|id| needed.has(*id))
        .collect();
    if !first.least.is_conflicting() {
        let spare = scopes.iter().filter(|id| !needed.contains(id));
        let spare: Vec<&str> = spare.map(|id| catalog.name(*id)).collect();
        return Some(match spare.as_slice() {
            [_, ..] if judgement.key.declares_needs => {
                finding.help(format!("remove {}: no need requires it", joined(&spare)))
            }
            _ => finding.help("keep those of one side, and use a second key for the others"),
        });
    }
    let takes = |kind: NeedKind| {
        let asked = catalog.scopes_of(kind);
        scopes.iter().any(|id| asked.contains(id))
    };
    let needs: BTreeSet<String> = first
        .needs_here()
        .into_iter()
        .filter(|kind| takes(*kind))
        .map(|kind| catalog.need_name(kind))
        .collect();
    let needs = quoted(needs.iter().map(String::as_str));
    Some(
        finding
            .note(format!("they are needed for {needs}"))
            .help("split the needs over two keys"),
    )
}
