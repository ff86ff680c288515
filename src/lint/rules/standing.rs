//! How one grant stands. At one scope only the first fault speaks: not for this key type, duplicate, wildcard,
//! redundant, unneeded. A misspelt name was reported when the file was read.

use crate::check::Judgement;
use crate::model::{Grant, GrantKind, KeyEnvironment, ScopeId, ScopeSet};

/// What is to be said about a grant, if anything.
#[derive(Debug, Clone, Copy)]
pub(super) enum Standing<'a> {
    /// Nothing: it is needed, or a bundle, whose members are judged by rules of their own.
    Fine,
    /// Its name is misspelt, which was reported.
    Misspelt,
    /// No key of this type carries the scope.
    NotForKeyType(ScopeId),
    /// Another grant has the same name.
    Duplicate(&'a Grant),
    /// It is a wildcard.
    Wildcard,
    /// Another grant brings the scope.
    Redundant(&'a Grant),
    /// No need uses the scope.
    Unneeded(ScopeId),
    /// It is granted everywhere, and the needs of this production environment do not use it.
    UnneededIn(ScopeId, &'a KeyEnvironment),
    /// No need uses the scope, but nothing is known of what it opens.
    Unproven(ScopeId),
}

/// Every grant of the key with the environment it stands in and how it stands.
pub(super) fn standings<'a>(
    judgement: &'a Judgement<'_>,
) -> impl Iterator<Item = (&'a Grant, Option<&'a KeyEnvironment>, Standing<'a>)> {
    judgement.grants().map(move |(grant, environment)| {
        (grant, environment, standing(judgement, grant, environment))
    })
}

fn standing<'a>(
    judgement: &'a Judgement<'_>,
    grant: &'a Grant,
    environment: Option<&'a KeyEnvironment>,
) -> Standing<'a> {
    let catalog = judgement.catalog;
    if grant.misspelt {
        return Standing::Misspelt;
    }
    if let GrantKind::Scope(id) = grant.kind
        && !catalog.scope(id).key_types.has(judgement.key.key_type)
    {
        return Standing::NotForKeyType(id);
    }
    let earlier = judgement
        .grants()
        .take_while(|(other, _)| other.at != grant.at)
        .filter(|(_, other)| applies_in(*other, environment))
        .map(|(other, _)| other)
        .find(|other| other.name == grant.name);
    if let Some(earlier) = earlier {
        return Standing::Duplicate(earlier);
    }
    let id = match grant.kind {
        GrantKind::Wildcard => return Standing::Wildcard,
        GrantKind::Bundle(_) => return Standing::Fine,
        GrantKind::Scope(id) => id,
    };
    let used = used(judgement, environment);
    let bringing = judgement.grants().find(|(other, place)| {
        let brings = match other.kind {
            GrantKind::Scope(other) => {
                other != id && used.has(other) && catalog.closure(other).has(id)
            }
            // A wildcard, and a bundle that brings too much, are faults themselves: what they cover is what will stay.
            GrantKind::Bundle(_) => other.members.has(id) && !is_broad(judgement, other, *place),
            GrantKind::Wildcard => false,
        };
        brings && applies_in(*place, environment)
    });
    if let Some((bringing, _)) = bringing {
        return Standing::Redundant(bringing);
    }
    let carried = judgement
        .where_granted(environment)
        .any(|judged| catalog.carries(judged.holder, id));
    if !judgement.key.declares_needs || !carried {
        return Standing::Fine;
    }
    match (used.has(id), catalog.opens_something(id)) {
        (false, true) => Standing::Unneeded(id),
        (false, false) => Standing::Unproven(id),
        (true, _) if environment.is_some() => Standing::Fine,
        (true, _) => idle_production(judgement, id).map_or(Standing::Fine, |environment| {
            Standing::UnneededIn(id, environment)
        }),
    }
}

/// A production environment in which a scope that is granted everywhere opens something that nothing there needs.
fn idle_production<'a>(judgement: &'a Judgement<'_>, id: ScopeId) -> Option<&'a KeyEnvironment> {
    let catalog = judgement.catalog;
    judgement.environments.iter().find_map(|judged| {
        let is_production = judged
            .holder
            .environment
            .is_some_and(|index| catalog.environments[index].production);
        let is_used = judged.least.chosen.has(id) || judged.wanted.has(id);
        let is_idle = is_production
            && !is_used
            && catalog.carries(judged.holder, id)
            && catalog.opens_something(id);
        if is_idle { judged.environment } else { None }
    })
}

/// Whether a bundle brings a scope that no need uses.
pub(super) fn is_broad(
    judgement: &Judgement<'_>,
    grant: &Grant,
    environment: Option<&KeyEnvironment>,
) -> bool {
    let used = used(judgement, environment);
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
        // Half of what a need lacks is not unneeded: the other half is missing.
        used.union_with(&judged.wanted);
    }
    used
}
