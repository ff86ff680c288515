//! The status of each grant. For one scope only the first of these is reported: not for this key type, not in this
//! environment, duplicate, wildcard, redundant, exposed, unneeded, deprecated, risky. Misspelt names were reported when
//! the file was read.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::check::{EnvironmentJudgement, Judgement, NeedState};
use crate::explain::via_need;
use crate::lint::phrases::joined;
use crate::model::{Catalog, Grant, GrantKind, KeyEnvironment, NeedKind, Risk, ScopeId, ScopeSet};
use crate::solve::{Cost, Solution};
use crate::source::Path;

/// What is to be said about a grant, if anything.
#[derive(Debug, Clone, Copy)]
pub(super) enum GrantStatus<'a> {
    /// Nothing: it is needed, or a bundle, whose members are judged by rules of their own.
    Fine,
    /// Its name is misspelt, which was reported.
    Misspelt,
    /// No key of this type carries the scope.
    NotForKeyType(ScopeId),
    /// The scope does not exist in this environment of the key.
    Elsewhere(ScopeId, &'a KeyEnvironment),
    /// Another grant has the same name.
    Duplicate(&'a Grant),
    /// It is a wildcard.
    Wildcard,
    /// Another grant brings the scope.
    Redundant(&'a Grant),
    /// The scope is a great risk on a key that others can read; whether no need uses it.
    Exposed(ScopeId, bool),
    /// No need uses the scope.
    Unneeded(ScopeId),
    /// It is granted everywhere, and the needs of some environments do not use it, which [`GrantReview::idle_in`] names.
    UnneededInSome(ScopeId),
    /// Nothing is known of what the scope opens, and no need uses it, or its risk is high.
    Unproven(ScopeId),
    /// The scope is on its way out.
    Deprecated(ScopeId),
    /// The needs use the scope here, and others would meet them at less risk.
    Risky(ScopeId, &'a EnvironmentJudgement<'a>),
}

/// A grant and the environment that it stands in.
type Placed<'a> = (&'a Grant, Option<&'a KeyEnvironment>);

/// The status of every grant of a key.
pub(crate) struct GrantReview<'a> {
    pub(in crate::lint) judgement: &'a Judgement<'a>,
    each: Vec<(Placed<'a>, GrantStatus<'a>)>,
    used: Used<'a>,
    safer: Vec<BTreeMap<ScopeId, Safer>>,
    /// Where each environment of the file is among those that were judged.
    environments: HashMap<Option<&'a Path>, usize>,
    /// For each scope of a safer set: the environment, and the risky grant that the set would replace.
    halves: HashMap<ScopeId, Vec<(usize, &'a Grant, ScopeId)>>,
}

impl<'a> GrantReview<'a> {
    pub(crate) fn of(judgement: &'a Judgement<'a>) -> Self {
        let all = All::of(judgement);
        let each: Vec<(Placed<'_>, GrantStatus<'_>)> = judgement
            .grants()
            .map(|placed| (placed, status(judgement, &all, placed)))
            .collect();
        let mut halves: HashMap<ScopeId, Vec<(usize, &Grant, ScopeId)>> = HashMap::new();
        for ((grant, environment), status) in &each {
            let GrantStatus::Risky(id, _) = status else {
                continue;
            };
            for (index, safer) in all.safer.iter().enumerate() {
                let at = judgement.environments[index].environment;
                let applies = applies_in(*environment, at);
                for half in safer
                    .get(id)
                    .filter(|_| applies)
                    .iter()
                    .flat_map(|one| &one.instead)
                {
                    halves.entry(*half).or_default().push((index, grant, *id));
                }
            }
        }
        Self {
            judgement,
            each,
            used: all.used,
            safer: all.safer,
            environments: judgement
                .environments
                .iter()
                .enumerate()
                .rev()
                .map(|(index, judged)| (judged.environment.map(|one| &one.at), index))
                .collect(),
            halves,
        }
    }

    /// What to do with a scope that takes part, where it is granted, in a set that is enough in place of a risky one: keep
    /// it, and grant the rest.
    pub(super) fn advice_of_better(
        &self,
        id: ScopeId,
        environment: Option<&KeyEnvironment>,
    ) -> Option<String> {
        let (index, risky, worse) = self.halves.get(&id)?.iter().find(|(index, ..)| {
            let place = self.judgement.environments[*index].environment;
            applies_in(environment, place)
        })?;
        let rest: Vec<&str> = self.safer[*index][worse]
            .instead
            .iter()
            .filter(|other| **other != id)
            .map(|other| self.judgement.catalog.name(*other))
            .collect();
        let risky = &risky.name;
        Some(if rest.is_empty() {
            format!("keep it, and remove `{risky}`, which is riskier")
        } else {
            format!(
                "keep it, and grant {} in place of `{risky}`, which is riskier",
                joined(&rest)
            )
        })
    }

    /// The environments whose needs do not use a scope that is granted everywhere.
    pub(super) fn idle_in(&self, id: ScopeId) -> Vec<&'a EnvironmentJudgement<'a>> {
        idle_in(self.judgement, &self.used, id)
    }

    /// What is enough in place of a scope that is risky in an environment.
    pub(super) fn safer(&self, judged: &EnvironmentJudgement<'_>, id: ScopeId) -> Option<&Safer> {
        let at = judged.environment.map(|one| &one.at);
        self.safer[*self.environments.get(&at)?].get(&id)
    }

    /// Every grant of the key with the environment it stands in and how it stands.
    pub(super) fn each(
        &self,
    ) -> impl Iterator<Item = (&'a Grant, Option<&'a KeyEnvironment>, GrantStatus<'a>)> {
        self.each
            .iter()
            .map(|((grant, environment), status)| (*grant, *environment, *status))
    }

    /// The scopes that the needs use in some environment where what stands in a place applies.
    pub(in crate::lint) fn used_in(&self, environment: Option<&KeyEnvironment>) -> &ScopeSet {
        self.used.in_place(environment)
    }
}

/// What is enough in place of a scope, and less risky.
#[derive(Default)]
pub(super) struct Safer {
    /// The scopes that would meet its needs, but those that other needs use already.
    pub(super) instead: Vec<ScopeId>,
    /// The needs for which the scope is held.
    pub(super) needs: Vec<NeedKind>,
}

/// What the needs use: everywhere, then in each environment of the key.
struct Used<'a> {
    everywhere: ScopeSet,
    own: HashMap<&'a Path, ScopeSet>,
}

impl Used<'_> {
    fn in_place(&self, environment: Option<&KeyEnvironment>) -> &ScopeSet {
        let own = environment.and_then(|environment| self.own.get(&environment.at));
        own.unwrap_or(&self.everywhere)
    }
}

/// Indexes over all grants, built once because every grant is compared with the others.
struct All<'a> {
    by_name: HashMap<&'a str, Vec<Placed<'a>>>,
    /// The grants that bring more than a scope of their own name.
    wide: Vec<Placed<'a>>,
    used: Used<'a>,
    /// For each environment, the scopes that are riskier than they need be.
    safer: Vec<BTreeMap<ScopeId, Safer>>,
}

impl<'a> All<'a> {
    fn of(judgement: &'a Judgement<'_>) -> Self {
        let mut by_name: HashMap<&str, Vec<Placed<'a>>> = HashMap::new();
        let mut wide = Vec::new();
        // A misspelt grant grants nothing until it is fixed.
        for placed in judgement.grants().filter(|(grant, _)| !grant.misspelt) {
            by_name.entry(&placed.0.name).or_default().push(placed);
            let is_wide = match placed.0.kind {
                GrantKind::Scope(id) => judgement.catalog.closure(id).len() > 1,
                GrantKind::Bundle(_) => true,
                GrantKind::Wildcard => false,
            };
            if is_wide {
                wide.push(placed);
            }
        }
        let environments = judgement.key.environments.iter();
        let own = environments.map(|one| (&one.at, used(judgement, Some(one))));
        let used = Used {
            everywhere: used(judgement, None),
            own: own.collect(),
        };
        Self {
            by_name,
            wide,
            used,
            safer: judgement
                .environments
                .iter()
                .map(|judged| safer(judgement.catalog, judged))
                .collect(),
        }
    }
}

fn status<'a>(
    judgement: &'a Judgement<'_>,
    all: &All<'a>,
    (grant, environment): Placed<'a>,
) -> GrantStatus<'a> {
    let catalog = judgement.catalog;
    if grant.misspelt {
        return GrantStatus::Misspelt;
    }
    if let GrantKind::Scope(id) = grant.kind
        && !catalog.scope(id).key_types.has(judgement.key.key_type)
    {
        return GrantStatus::NotForKeyType(id);
    }
    if let (GrantKind::Scope(id), Some(environment)) = (grant.kind, environment)
        && environment
            .index
            .is_some_and(|index| !catalog.scope(id).environments.has(index))
    {
        return GrantStatus::Elsewhere(id, environment);
    }
    let same = all.by_name.get(grant.name.as_str());
    let earlier = same
        .into_iter()
        .flatten()
        .take_while(|(other, _)| other.at != grant.at)
        .find(|(_, other)| applies_in(*other, environment));
    if let Some((earlier, _)) = earlier {
        return GrantStatus::Duplicate(earlier);
    }
    let id = match grant.kind {
        GrantKind::Wildcard => return GrantStatus::Wildcard,
        GrantKind::Bundle(_) => return GrantStatus::Fine,
        GrantKind::Scope(id) => id,
    };
    let used = all.used.in_place(environment);
    let bringing = all.wide.iter().find(|(other, place)| {
        // In every environment where the scope counts.
        let everywhere = |members: &ScopeSet| {
            judgement
                .where_granted(environment)
                .filter(|judged| catalog.carries(judged.holder, id))
                .all(|judged| catalog.effective(judged.holder, members).has(id))
        };
        let brings = match other.kind {
            GrantKind::Scope(scope) => {
                scope != id
                    && used.has(scope)
                    && catalog.closure(scope).has(id)
                    && everywhere(&other.members)
            }
            // Wildcards and too broad bundles are reported themselves, so a scope that only they cover is not
            // redundant.
            GrantKind::Bundle(_) => {
                let is_whole = || !is_broad(judgement, other, all.used.in_place(*place), *place);
                let implies = |member: ScopeId| {
                    member != id && used.has(member) && catalog.closure(member).has(id)
                };
                (other.members.has(id) && is_whole())
                    || (other.members.iter().any(implies) && everywhere(&other.members))
            }
            GrantKind::Wildcard => false,
        };
        brings && applies_in(*place, environment)
    });
    if let Some((bringing, _)) = bringing {
        return GrantStatus::Redundant(bringing);
    }
    let carried = judgement
        .where_granted(environment)
        .any(|judged| catalog.carries(judged.holder, id));
    let declares = judgement.key.declares_needs;
    if carried && is_exposed(judgement, environment, id) {
        return GrantStatus::Exposed(id, declares && !used.has(id) && catalog.opens_something(id));
    }
    if declares && carried && !catalog.opens_something(id) {
        // At high risk it is not enough that the file lists the scope as needed; the entry also requires an owner and a
        // last day.
        let is_grave = judgement.risk_brought(environment, id) >= Risk::High;
        if is_grave || !used.has(id) {
            return GrantStatus::Unproven(id);
        }
    }
    if declares && carried && !used.has(id) {
        return GrantStatus::Unneeded(id);
    }
    let is_idle_somewhere =
        || declares && environment.is_none() && !idle_in(judgement, &all.used, id).is_empty();
    if let Some(production) = absent_production(judgement, id).filter(|_| environment.is_none()) {
        GrantStatus::Elsewhere(id, production)
    } else if is_idle_somewhere() {
        GrantStatus::UnneededInSome(id)
    } else if catalog.scope(id).deprecated {
        GrantStatus::Deprecated(id)
    } else {
        let environments = judgement.environments.iter().zip(&all.safer);
        let risky = environments
            .filter(|(judged, _)| applies_in(environment, judged.environment))
            .find(|(_, safer)| carried && safer.contains_key(&id));
        match risky {
            Some((judged, _)) => GrantStatus::Risky(id, judged),
            None => GrantStatus::Fine,
        }
    }
}

/// Whether a scope is high or critical, with what it brings, on a key that others than its owner can read.
pub(super) fn is_exposed(
    judgement: &Judgement<'_>,
    environment: Option<&KeyEnvironment>,
    id: ScopeId,
) -> bool {
    judgement.catalog.key_types[judgement.key.key_type].public
        && judgement.risk_brought(environment, id) >= Risk::High
}

/// Whether other scopes would meet the needs at less cost than one more name.
pub(super) fn could_be_better(judged: &EnvironmentJudgement<'_>) -> bool {
    let cost = |solution: &Solution| Cost {
        written: 0,
        ..solution.cost
    };
    cost(&judged.best) < cost(&judged.least)
}

/// The scopes that the needs use and that the least answer over all scopes does without, where that answer is better; each
/// with what would do in its place.
fn safer(catalog: &Catalog, judged: &EnvironmentJudgement<'_>) -> BTreeMap<ScopeId, Safer> {
    let mut safer: BTreeMap<ScopeId, Safer> = BTreeMap::new();
    if !could_be_better(judged) {
        return safer;
    }
    let (least, best) = (&judged.least.chosen, &judged.best.chosen);
    let bringing = |scopes: &mut dyn Iterator<Item = ScopeId>| {
        let mut bringing: HashMap<ScopeId, Vec<ScopeId>> = HashMap::new();
        for scope in scopes {
            for id in catalog.closure(scope).iter() {
                bringing.entry(id).or_default().push(scope);
            }
        }
        bringing
    };
    let risky = bringing(&mut least.iter().filter(|id| !best.has(*id)));
    let better = bringing(&mut best.iter().filter(|id| !least.has(*id)));
    let held = catalog.effective(judged.holder, least);
    let wanted = catalog.effective(judged.holder, best);
    for need in judged.needs.iter().map(|(need, _)| need.kind) {
        let via = |set: &ScopeSet| via_need(catalog, judged.holder, set, need);
        let of = |bringing: &HashMap<ScopeId, Vec<ScopeId>>, set: &ScopeSet| -> BTreeSet<ScopeId> {
            let scopes = via(set).into_iter();
            scopes
                .filter_map(|id| bringing.get(&id))
                .flatten()
                .copied()
                .collect()
        };
        let risky = of(&risky, &held);
        if risky.is_empty() {
            continue;
        }
        let instead = of(&better, &wanted);
        for id in risky {
            let one = safer.entry(id).or_default();
            one.needs.push(need);
            one.instead.extend(&instead);
        }
    }
    for one in safer.values_mut() {
        one.instead.sort_unstable();
        one.instead.dedup();
    }
    safer.retain(|_, one| !one.instead.is_empty());
    safer
}

/// A production environment of the key in which a scope that is granted everywhere does not exist.
fn absent_production<'a>(judgement: &'a Judgement<'_>, id: ScopeId) -> Option<&'a KeyEnvironment> {
    let catalog = judgement.catalog;
    judgement.environments.iter().find_map(|judged| {
        let index = judged.holder.environment?;
        let is_absent =
            catalog.environments[index].production && !catalog.scope(id).environments.has(index);
        if is_absent { judged.environment } else { None }
    })
}

/// The environments in which a scope that is granted everywhere counts, and nothing that is needed there uses it.
fn idle_in<'a>(
    judgement: &'a Judgement<'_>,
    used: &Used<'_>,
    id: ScopeId,
) -> Vec<&'a EnvironmentJudgement<'a>> {
    let catalog = judgement.catalog;
    let environments = judgement.environments.iter();
    environments
        .filter(|judged| {
            judged.environment.is_some()
                && catalog.carries(judged.holder, id)
                && catalog.opens_something(id)
                && !used.in_place(judged.environment).has(id)
        })
        .collect()
}

/// Whether a bundle brings a scope that no need uses.
fn is_broad(
    judgement: &Judgement<'_>,
    grant: &Grant,
    used: &ScopeSet,
    environment: Option<&KeyEnvironment>,
) -> bool {
    let carried = |id: ScopeId| {
        judgement
            .where_granted(environment)
            .any(|judged| judgement.catalog.carries(judged.holder, id))
    };
    judgement.key.declares_needs && grant.members.iter().any(|id| carried(id) && !used.has(id))
}

/// Whether what stands in one place also applies in another: everywhere, or in the same environment.
fn applies_in(other: Option<&KeyEnvironment>, environment: Option<&KeyEnvironment>) -> bool {
    match (other, environment) {
        (None, _) => true,
        (Some(other), Some(environment)) => other.at == environment.at,
        (Some(_), None) => false,
    }
}

/// The scopes that the needs use in some environment where a grant applies.
pub(super) fn used(judgement: &Judgement<'_>, environment: Option<&KeyEnvironment>) -> ScopeSet {
    let mut used = judgement.catalog.empty_set();
    for judged in judgement.where_granted(environment) {
        used.union_with(&judged.least.chosen);
        // A scope that is part of what a need requires is not unneeded; the other part is missing.
        used.union_with(&judged.wanted);
        for (need, state) in &judged.needs {
            let NeedState::Missing(_) = state else {
                continue;
            };
            let scopes = judgement.catalog.scopes_of(need.kind).into_iter();
            used.extend(scopes.filter(|id| judged.written.has(*id)));
        }
    }
    used
}
