//! What a key can do, as far as a fix may change it: defines which fixes are safe.
//!
//! *Before* is the file with each misspelt name that has one near match, and each retired name as the replacements the
//! needs use, read as the correct names. A safe fix opens nothing outside of *before* and the needs, in any
//! environment, puts no scopes together that exclude each other, and meets every need that was met. It adds no scope whose endpoints are unknown, and removes nothing
//! while a need is in doubt, and nothing that an unreachable need names.

use std::collections::HashSet;

use super::{Doubt, doubt};
use crate::check::{EnvironmentJudgement, Judgement, NeedState};
use crate::model::{EndpointId, EventId, Need, NeedKind, ScopeSet};
use crate::source::Path;

/// What a key holds and opens, in each of its environments.
#[derive(Debug, Clone)]
pub struct Outlook {
    environments: Vec<Held>,
    /// Whether a need could not be read at all.
    is_unreadable: bool,
    /// Whether a need is misspelt, not stated, or only seen in a log.
    is_doubtful: bool,
}

#[derive(Debug, Clone)]
struct Held {
    effective: ScopeSet,
    reach: Vec<EndpointId>,
    events: Vec<EventId>,
    needs: HashSet<NeedKind>,
    met: Vec<NeedKind>,
    /// What is granted and what that implies, whether this key carries it or not.
    granted: ScopeSet,
    /// What some way to meet an unreachable need names.
    protected: ScopeSet,
    /// The scopes whose endpoints are unknown.
    unknown: ScopeSet,
    /// For each conflict of the catalog, whether the key has scopes of two sides.
    conflicts: Vec<bool>,
}

/// Whether a change may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    /// Without asking.
    Safe,
    /// Where a person asks for unsafe fixes.
    Asked,
    /// Never, because it would remove something that an unreadable need may use.
    Never,
}

impl Outlook {
    /// What a judged key holds and opens.
    pub fn of(judgement: &Judgement<'_>) -> Self {
        let doubt = doubt(judgement);
        let existing = judgement.existing_needs();
        Self {
            environments: judgement
                .environments
                .iter()
                .map(|judged| Held::of(judgement, judged, &existing))
                .collect(),
            is_unreadable: doubt == Doubt::Unreadable,
            is_doubtful: doubt != Doubt::None,
        }
    }

    /// Whether a change from this to another outlook may be made.
    pub fn permits(&self, after: &Self) -> Permission {
        if self.environments.len() != after.environments.len() {
            return Permission::Asked;
        }
        let pairs = || self.environments.iter().zip(&after.environments);
        let takes = pairs().any(|(before, after)| !before.effective.is_subset(&after.effective));
        if takes && self.is_unreadable {
            return Permission::Never;
        }
        let is_safe =
            !(takes && self.is_doubtful) && pairs().all(|(before, after)| before.permits(after));
        if is_safe {
            Permission::Safe
        } else {
            Permission::Asked
        }
    }
}

impl Held {
    fn of(
        judgement: &Judgement<'_>,
        judged: &EnvironmentJudgement<'_>,
        existing: &HashSet<(&Path, NeedKind)>,
    ) -> Self {
        let catalog = judgement.catalog;
        let mut protected = catalog.empty_set();
        // A need that exists in none of the environments that need it is also unreachable.
        let is_elsewhere = |need: &Need| !existing.contains(&(&need.at, need.kind));
        for (need, state) in &judged.needs {
            match state {
                NeedState::Impossible(_) => {}
                NeedState::Elsewhere if is_elsewhere(need) => {}
                _ => continue,
            }
            protected.extend(catalog.scopes_of(need.kind));
        }
        let is_met = |state: &NeedState| matches!(state, NeedState::Met | NeedState::NotNeeded);
        let unknown = judged
            .effective
            .iter()
            .filter(|id| !catalog.opens_something(*id));
        // Every branch of a choice is needed.
        let kinds: Vec<NeedKind> = judged.needs.iter().map(|(need, _)| need.kind).collect();
        let endpoints = catalog.needed_endpoints(&judged.needs_here());
        let endpoints = endpoints.into_iter().map(NeedKind::Endpoint);
        let mut granted = catalog.empty_set();
        for id in judged.written.iter() {
            granted.union_with(catalog.closure(id));
        }
        Self {
            granted,
            reach: judged.reach.clone(),
            events: catalog.subscribable(judged.holder, &judged.effective),
            needs: kinds.iter().copied().chain(endpoints).collect(),
            met: judged
                .needs
                .iter()
                .filter(|(_, state)| is_met(state))
                .map(|(need, _)| need.kind)
                .collect(),
            protected,
            unknown: ScopeSet::of(catalog.scopes.len(), unknown),
            conflicts: catalog
                .conflicts
                .iter()
                .map(|one| one.sides_met(&judged.effective).nth(1).is_some())
                .collect(),
            effective: judged.effective.clone(),
        }
    }

    fn permits(&self, after: &Self) -> bool {
        let known: HashSet<NeedKind> = self
            .reach
            .iter()
            .map(|index| NeedKind::Endpoint(*index))
            .chain(self.events.iter().map(|index| NeedKind::Event(*index)))
            .chain(after.needs.iter().copied())
            .collect();
        let opened = after.reach.iter().map(|index| NeedKind::Endpoint(*index));
        let mut opened = opened.chain(after.events.iter().map(|index| NeedKind::Event(*index)));
        let is_within = opened.all(|one| known.contains(&one));
        let still_met: HashSet<&NeedKind> = after.met.iter().collect();
        let keeps_protected = self
            .granted
            .iter()
            .filter(|id| self.protected.has(*id))
            .all(|id| after.granted.has(id));
        is_within
            && self.met.iter().all(|need| still_met.contains(need))
            && after.unknown.is_subset(&self.unknown)
            && self
                .conflicts
                .iter()
                .zip(&after.conflicts)
                .all(|(was, is)| *was || !is)
            && keeps_protected
    }
}
