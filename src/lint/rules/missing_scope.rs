//! `missing-scope`: a need that the key's scopes do not meet.

use super::standing::used;
use crate::check::{Judged, Judgement, NeedState};
use crate::finding::Finding;
use crate::lint::words::alternatives;
use crate::model::{Catalog, GrantKind, NeedKind, ScopeId};
use crate::source::Path;

/// One lack: a scope to add, wherever it is lacking and whoever needs it.
struct Lack {
    scope: ScopeId,
    /// The ways to meet the needs, as each need states them.
    missing: Vec<Vec<Vec<ScopeId>>>,
    needs: Vec<Path>,
    environments: Vec<usize>,
    endpoint: Option<String>,
    in_recipe: bool,
    observed: bool,
}

pub(crate) fn find(judgement: &Judgement<'_>, findings: &mut Vec<Finding>) {
    let mut lacks: Vec<Lack> = Vec::new();
    for (index, judged) in judgement.environments.iter().enumerate() {
        for (need, state) in &judged.needs {
            let NeedState::Missing(missing) = state else {
                continue;
            };
            let endpoint = match need.kind {
                NeedKind::Endpoint(endpoint) => Some(judgement.catalog.endpoint_name(endpoint)),
                NeedKind::Event(_) | NeedKind::Scope(_) => None,
            };
            for scope in to_add(judgement.catalog, judged, missing) {
                let known = lacks.iter().position(|lack| lack.scope == scope);
                let lack = known.unwrap_or_else(|| {
                    lacks.push(Lack {
                        scope,
                        missing: Vec::new(),
                        needs: Vec::new(),
                        environments: Vec::new(),
                        endpoint: endpoint.clone(),
                        in_recipe: need.recipe.is_some(),
                        observed: need.observed,
                    });
                    lacks.len() - 1
                });
                let lack = &mut lacks[lack];
                if !lack.missing.contains(missing) {
                    lack.missing.push(missing.clone());
                }
                if !lack.needs.contains(&need.at) {
                    lack.needs.push(need.at.clone());
                }
                if !lack.environments.contains(&index) {
                    lack.environments.push(index);
                }
            }
        }
    }
    findings.extend(lacks.iter().map(|lack| finding(judgement, lack)));
}

/// The scopes to write for a need: those of the least answer to all needs that bring what this one lacks.
fn to_add(catalog: &Catalog, judged: &Judged<'_>, missing: &[Vec<ScopeId>]) -> Vec<ScopeId> {
    let wanted = catalog.effective(judged.holder, &judged.wanted);
    let way = missing
        .iter()
        .find(|way| wanted.has_all(way))
        .unwrap_or(&missing[0]);
    let brought_by = |id: &ScopeId| {
        let mut new = judged
            .wanted
            .iter()
            .filter(|scope| !judged.written.has(*scope));
        new.find(|scope| catalog.closure(*scope).has(*id))
            .unwrap_or(*id)
    };
    let mut scopes: Vec<ScopeId> = way.iter().map(brought_by).collect();
    scopes.sort_unstable();
    scopes.dedup();
    scopes
}

fn finding(judgement: &Judgement<'_>, lack: &Lack) -> Finding {
    let catalog = judgement.catalog;
    let names: Vec<&str> = lack
        .environments
        .iter()
        .filter_map(|index| judgement.environments[*index].name())
        .collect();
    let everywhere = lack.environments.len() == judgement.environments.len();
    let who = if everywhere {
        "the key".to_owned()
    } else {
        names.join(" and ")
    };
    let verb = if !everywhere && names.len() > 1 {
        "lack"
    } else {
        "lacks"
    };
    let lacking = lacking(catalog, lack);
    let message = format!("{who} {verb} {lacking}");
    let needs = if lacking.starts_with("one of") {
        "needs one of them"
    } else {
        "needs it"
    };
    // A recipe is one place with several endpoints.
    let label = match &lack.endpoint {
        Some(endpoint) if lack.observed => format!("the log has `{endpoint}`"),
        Some(endpoint) if lack.in_recipe => format!("{needs} for `{endpoint}`"),
        _ => needs.to_owned(),
    };
    let mut finding =
        Finding::new("missing-scope", lack.needs[0].clone().value(), message).label(label);
    for need in &lack.needs[1..] {
        finding = finding.related(need.clone().value(), "so does this");
    }
    finding.scope = Some(catalog.name(lack.scope).to_owned());
    finding.endpoint.clone_from(&lack.endpoint);
    if !everywhere {
        finding.environment = names.first().map(|name| (*name).to_owned());
    }
    // Another environment may have it: then it only stands in the wrong place.
    let elsewhere = judgement.grants().find_map(|(grant, environment)| {
        let environment = environment?;
        let is_scope = grant.kind == GrantKind::Scope(lack.scope);
        (!names.contains(&environment.name.as_str()) && is_scope).then_some((grant, environment))
    });
    if let Some((grant, environment)) = elsewhere.filter(|_| !everywhere) {
        let list = Path(grant.at.0[..grant.at.0.len() - 1].to_vec());
        let only = format!("only {} has it", environment.name);
        // Where the other environment needs it too, it belongs to both.
        let is_shared = used(judgement, Some(environment)).has(lack.scope);
        let target = match names.as_slice() {
            [one] if !is_shared => format!("environments.{one}.scopes"),
            _ => "scopes".to_owned(),
        };
        return finding
            .related(grant.at.clone().value(), only)
            .help(format!("move it from `{list}` to `{target}`"));
    }
    let target = match names.as_slice() {
        [one] if !everywhere => format!("environments.{one}.scopes"),
        _ => "scopes".to_owned(),
    };
    let name = catalog.name(lack.scope);
    finding.help(format!("add `{name}` to `{target}`, or take the need out"))
}

/// What lacks, in words: the scope, or where every need has the same several ways, each of them.
fn lacking(catalog: &Catalog, lack: &Lack) -> String {
    match lack.missing.as_slice() {
        [ways] if ways.len() > 1 && ways.iter().all(|way| way.len() == 1) => {
            alternatives(catalog, ways)
        }
        _ => format!("`{}`", catalog.name(lack.scope)),
    }
}
