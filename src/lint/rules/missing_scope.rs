//! `missing-scope`: a need that the key's scopes do not meet.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::grant_status::used;
use crate::check::{EnvironmentJudgement, Judgement, NeedState};
use crate::finding::{Finding, RuleId};
use crate::lint::phrases::{alternatives, excluding, joined};
use crate::model::{
    Catalog, ChoiceId, EndpointId, Grant, GrantKind, KeyEnvironment, Need, NeedKind, ScopeId,
};
use crate::source::Path;

/// The ways to meet a need, each with its missing scopes.
type Ways = Vec<Vec<ScopeId>>;

/// A missing scope, with everything that needs it, in one environment or in all of them; or the several scopes of the
/// branch chosen for a choice of a recipe.
struct Lack<'a> {
    scopes: Vec<ScopeId>,
    /// Where it is missing; `None` for everywhere.
    environment: Option<&'a KeyEnvironment>,
    /// Whether no other environment lacks it.
    is_alone: bool,
    needs: Vec<(&'a Need, &'a Ways)>,
}

pub(crate) fn find(judgement: &Judgement<'_>, findings: &mut Vec<Finding>) {
    let lacks = lacks(judgement);
    let local = local_grants(judgement, &lacks);
    findings.extend(lacks.iter().map(|lack| finding(judgement, &local, lack)));
}

/// The grants of one environment that are missing in another, each with the list where it should be.
pub(super) fn misplaced<'a>(judgement: &'a Judgement<'_>) -> HashMap<&'a Path, String> {
    let lacks = lacks(judgement);
    let local = local_grants(judgement, &lacks);
    let misplaced = lacks.into_iter().filter_map(|lack| {
        let (grant, other) = elsewhere(&local, &lack)?;
        Some((&grant.at, target(judgement, &lack, Some(other))))
    });
    misplaced.collect()
}

/// The list that a scope has to be written in; for every environment where the other one that has it needs it too.
fn target(
    judgement: &Judgement<'_>,
    lack: &Lack<'_>,
    elsewhere: Option<&KeyEnvironment>,
) -> String {
    let is_shared =
        elsewhere.is_some_and(|other| used(judgement, Some(other)).has_all(&lack.scopes));
    match lack.environment.filter(|_| !is_shared) {
        Some(environment) => format!("environments.{}.scopes", environment.name),
        None => "scopes".to_owned(),
    }
}

/// Everything that is missing, in the order of environments and needs.
fn lacks<'a>(judgement: &'a Judgement<'_>) -> Vec<Lack<'a>> {
    let mut lacks: Vec<Lack<'_>> = Vec::new();
    let mut numbers: HashMap<Vec<ScopeId>, usize> = HashMap::new();
    for judged in &judgement.environments {
        let first = lacks.len();
        let mut known: HashMap<Vec<ScopeId>, usize> = HashMap::new();
        let brought = brought(judgement.catalog, judged);
        let missing = || {
            judged.needs.iter().filter_map(|(need, state)| match state {
                NeedState::Missing(ways) => Some((*need, ways)),
                _ => None,
            })
        };
        let is_choice = |need: &Need| matches!(need.kind, NeedKind::Choice(_));
        let plain = missing().filter(|(need, _)| !is_choice(need));
        let plain: BTreeSet<ScopeId> = plain.flat_map(|(_, ways)| to_add(&brought, ways)).collect();
        for (need, ways) in missing() {
            let scopes = to_add(&brought, ways);
            let lacking: Vec<Vec<ScopeId>> = if is_choice(need) {
                // Report one finding for this need, without scopes that are already reported for other needs.
                match scopes.difference(&plain).copied().collect::<Vec<_>>() {
                    none if none.is_empty() => {
                        scopes.into_iter().take(1).map(|id| vec![id]).collect()
                    }
                    rest => vec![rest],
                }
            } else {
                scopes.into_iter().map(|scope| vec![scope]).collect()
            };
            for scopes in lacking {
                let at = *known.entry(scopes.clone()).or_insert(lacks.len());
                if at == lacks.len() {
                    lacks.push(Lack {
                        scopes,
                        environment: judged.environment,
                        is_alone: true,
                        needs: Vec::new(),
                    });
                }
                lacks[at].needs.push((need, ways));
            }
        }
        for lack in &lacks[first..] {
            *numbers.entry(lack.scopes.clone()).or_default() += 1;
        }
    }
    // Scopes that are missing in every environment are reported once for the key.
    let mut everywhere: HashMap<Vec<ScopeId>, usize> = HashMap::new();
    let mut together: Vec<Lack<'_>> = Vec::new();
    for mut lack in lacks {
        lack.is_alone = numbers[&lack.scopes] == 1;
        let is_everywhere = numbers[&lack.scopes] == judgement.environments.len();
        if !is_everywhere || judgement.environments.len() == 1 {
            together.push(lack);
            continue;
        }
        lack.environment = None;
        match everywhere.get(&lack.scopes) {
            Some(at) => together[*at].needs.extend(lack.needs),
            None => {
                everywhere.insert(lack.scopes.clone(), together.len());
                together.push(lack);
            }
        }
    }
    together
}

/// What each scope that is to be added brings: the scope, then what it implies, by the scope that brings it.
fn brought(catalog: &Catalog, judged: &EnvironmentJudgement<'_>) -> BTreeMap<ScopeId, ScopeId> {
    let mut brought = BTreeMap::new();
    let new = judged.wanted.iter().filter(|id| !judged.written.has(*id));
    for scope in new {
        for id in catalog.closure(scope).iter() {
            brought.entry(id).or_insert(scope);
        }
    }
    brought
}

/// The scopes to write for a need: those of the least answer to all needs that bring what this one lacks.
fn to_add(brought: &BTreeMap<ScopeId, ScopeId>, ways: &Ways) -> BTreeSet<ScopeId> {
    let is_brought = |way: &&Vec<ScopeId>| way.iter().all(|id| brought.contains_key(id));
    let way = ways.iter().find(is_brought).unwrap_or(&ways[0]);
    way.iter()
        .map(|id| brought.get(id).copied().unwrap_or(*id))
        .collect()
}

/// The scopes that single environments have by their right names, each with where.
type LocalGrants<'a> = HashMap<ScopeId, Vec<(&'a Grant, &'a KeyEnvironment)>>;

fn local_grants<'a>(judgement: &'a Judgement<'_>, lacks: &[Lack<'_>]) -> LocalGrants<'a> {
    let mut local: LocalGrants<'a> = HashMap::new();
    // Only needed if something is missing.
    if lacks.is_empty() {
        return local;
    }
    for (grant, environment) in judgement.grants() {
        if let (GrantKind::Scope(id), Some(environment)) = (grant.kind, environment)
            && grant.grants(id)
        {
            local.entry(id).or_default().push((grant, environment));
        }
    }
    local
}

/// The grant of a scope that is only missing here and granted in exactly one other environment: it is in the wrong
/// place.
fn elsewhere<'a>(
    local: &LocalGrants<'a>,
    lack: &Lack<'_>,
) -> Option<(&'a Grant, &'a KeyEnvironment)> {
    let lacking = lack.environment.filter(|_| lack.is_alone)?;
    let [scope] = lack.scopes.as_slice() else {
        return None;
    };
    let mut others = local
        .get(scope)?
        .iter()
        .copied()
        .filter(|(_, environment)| environment.at != lacking.at);
    let first = others.next()?;
    others.next().is_none().then_some(first)
}

fn finding(judgement: &Judgement<'_>, local: &LocalGrants<'_>, lack: &Lack<'_>) -> Finding {
    let catalog = judgement.catalog;
    let names: Vec<&str> = lack.scopes.iter().map(|id| catalog.name(*id)).collect();
    let name = joined(&names);
    let environment = lack.environment.map(|one| one.name.as_str());
    let lacking = lacking(catalog, lack);
    let is_one_of_several = lacking.starts_with("one of") || lacking.contains(", or ");
    let needs_it = if is_one_of_several {
        "needs one of them"
    } else {
        "needs it"
    };
    // A recipe is one place with several endpoints.
    let (first, _) = lack.needs[0];
    let label = match first.kind {
        NeedKind::Endpoint(index) if first.observed => {
            format!("the log has `{}`", catalog.endpoint_name(index))
        }
        NeedKind::Endpoint(index) if first.recipe.is_some() => {
            let inferred = if catalog.is_inferred(first.recipe, first.kind) {
                ", which is inferred"
            } else {
                ""
            };
            format!(
                "{needs_it} for `{}`{inferred}",
                catalog.endpoint_name(index)
            )
        }
        NeedKind::Choice(_) => match first.recipe {
            Some(index) => format!(
                "{needs_it} for a choice of `{}`",
                catalog.recipes[index].name
            ),
            None => needs_it.to_owned(),
        },
        _ => needs_it.to_owned(),
    };
    let message = format!("{} lacks {lacking}", environment.unwrap_or("the key"));
    let mut finding = Finding::new(RuleId::MissingScope, first.at.clone().value(), message)
        .label(label)
        .scope(names.join(" "))
        .environment(environment);
    for choice in choices(lack) {
        finding = finding.list(branches(catalog, choice));
    }
    let mut seen: BTreeSet<&Path> = [&first.at].into();
    for (need, _) in &lack.needs {
        if seen.insert(&need.at) {
            finding = finding.related(need.at.clone().value(), "so does this");
        }
    }
    finding.endpoint = only_endpoint(lack).map(|index| catalog.endpoint_name(index));
    if let Some(conflict) = excluded(judgement, lack) {
        return finding.note(conflict).help("split the needs over two keys");
    }
    let elsewhere = elsewhere(local, lack);
    let target = target(judgement, lack, elsewhere.map(|(_, other)| other));
    let Some((grant, other)) = elsewhere else {
        return finding.help(format!("add {name} to `{target}`, or remove the need"));
    };
    let list = Path(grant.at.0[..grant.at.0.len() - 1].to_vec());
    finding
        .related(
            grant.at.clone().value(),
            format!("only {} has it", other.name),
        )
        .help(format!("move it from `{list}` to `{target}`"))
}

/// Why what is missing cannot be added, where the needs force scopes that exclude each other.
fn excluded(judgement: &Judgement<'_>, lack: &Lack<'_>) -> Option<String> {
    let catalog = judgement.catalog;
    let mut judged = judgement.where_granted(lack.environment);
    judged.find_map(|judged| {
        let wanted = catalog.effective(judged.holder, &judged.wanted);
        let brings = |id: &ScopeId| {
            let mut closures = lack.scopes.iter().map(|scope| catalog.closure(*scope));
            closures.any(|closure| closure.has(*id))
        };
        let conflicts = catalog.conflicts_in(&wanted).into_iter();
        let mut own = conflicts.filter(|(_, scopes)| scopes.iter().any(brings));
        let (conflict, scopes) = own.next()?;
        Some(excluding(catalog, conflict, &scopes))
    })
}

/// The endpoint that it is about, where it is about one only.
fn only_endpoint(lack: &Lack<'_>) -> Option<EndpointId> {
    let endpoint = |need: &Need| match need.kind {
        NeedKind::Endpoint(index) => Some(index),
        NeedKind::Event(_) | NeedKind::Scope(_) | NeedKind::Choice(_) => None,
    };
    let (first, _) = lack.needs[0];
    let mut others = lack.needs.iter().map(|(need, _)| endpoint(need));
    endpoint(first).filter(|index| others.all(|other| other == Some(*index)))
}

/// The choices among the needs that lack something.
fn choices<'b>(lack: &'b Lack<'_>) -> impl Iterator<Item = ChoiceId> + 'b {
    let mut seen = BTreeSet::new();
    lack.needs
        .iter()
        .filter_map(move |(need, _)| match need.kind {
            NeedKind::Choice(index) if seen.insert(index) => Some(index),
            _ => None,
        })
}

/// "any of these is enough:", and on each further line a branch.
fn branches(catalog: &Catalog, choice: ChoiceId) -> String {
    let mut text = "any of these is enough:".to_owned();
    for branch in &catalog.choices[choice].branches {
        let calls = branch.calls.iter().map(|call| {
            let inferred = if call.inferred { " (inferred)" } else { "" };
            format!("{}{inferred}", catalog.endpoint_name(call.endpoint))
        });
        text.push('\n');
        text.push_str(&calls.collect::<Vec<_>>().join(" and "));
    }
    text
}

/// The missing scope in words, or every way if all needs have the same several ways.
fn lacking(catalog: &Catalog, lack: &Lack<'_>) -> String {
    let (_, ways) = lack.needs[0];
    let is_choice = |(need, _): &(&Need, &Ways)| matches!(need.kind, NeedKind::Choice(_));
    let is_one_of_several = ways.len() > 1
        && (ways.iter().all(|way| way.len() == 1) || lack.needs.iter().all(is_choice))
        && lack.needs.iter().all(|(_, other)| *other == ways);
    if is_one_of_several {
        alternatives(catalog, ways)
    } else {
        let names: Vec<&str> = lack.scopes.iter().map(|id| catalog.name(*id)).collect();
        joined(&names)
    }
}
