//! Two sets on keys, compared in endpoints.

use std::collections::{HashMap, HashSet};

use crate::explain::{Written, expand, via, via_event};
use crate::model::{
    Access, Catalog, Effect, EndpointId, EnvironmentId, EventId, Holder, KeyTypeId, Risk, ScopeId,
    ScopeSet,
};

/// One side of a comparison: a set on a key.
#[derive(Debug, Clone)]
pub struct Side<'a> {
    /// The key's type and environment.
    pub holder: Holder,
    /// What it is given; nothing for a key that does not exist on this side.
    pub written: &'a [Written],
}

/// An endpoint that is open on one side only, with the scopes that make the difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReachChange {
    /// The endpoint.
    pub endpoint: EndpointId,
    /// The scopes that open it on its side; only those missing on the other side, if there are any.
    pub via: Vec<ScopeId>,
}

/// An event that is open on one side only, with the scopes that make the difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventReachChange {
    /// The event.
    pub event: EventId,
    /// The scopes that open it on its side; only those missing on the other side, if there are any.
    pub via: Vec<ScopeId>,
}

/// What one side has and the other does not.
#[derive(Debug, Clone, Default)]
pub struct Gain {
    /// Effective scopes, each with what brings it.
    pub scopes: Vec<(ScopeId, Vec<String>)>,
    /// Endpoints, writes first.
    pub endpoints: Vec<ReachChange>,
    /// Events.
    pub events: Vec<EventReachChange>,
    /// Combinations that are complete on this side only, as indices.
    pub combinations: Vec<usize>,
    /// Conflicts, by index, of which only this side has scopes of several sides, each with the first of them on each side.
    pub conflicts: Vec<(usize, Vec<ScopeId>)>,
    /// Names that are only written on this side, and have no effect on its key.
    pub without_effect: Vec<String>,
}

impl Gain {
    /// Whether nothing is gained.
    pub fn is_empty(&self) -> bool {
        self.scopes.is_empty() && self.endpoints.is_empty() && self.events.is_empty()
    }

    /// How many of the endpoints are writes.
    pub fn writes(&self, catalog: &Catalog) -> usize {
        self.endpoints
            .iter()
            .filter(|one| catalog.endpoints[one.endpoint].effect == Effect::Write)
            .count()
    }

    /// Scopes with write or admin access whose effect is unknown, because no endpoint or event that a key of this type
    /// may use asks for them.
    pub fn unknown_writes(&self, catalog: &Catalog, key_type: KeyTypeId) -> Vec<ScopeId> {
        let scopes = self.scopes.iter().map(|(id, _)| *id);
        scopes
            .filter(|id| {
                catalog.scope(*id).access != Access::Read && !catalog.opens_on(key_type, *id)
            })
            .collect()
    }

    /// The scopes that make no difference by themselves: no endpoint and no event is open on this side only because of
    /// them.
    pub fn idle_scopes(&self) -> Vec<ScopeId> {
        let by_endpoint = self.endpoints.iter().flat_map(|one| &one.via);
        let by_event = self.events.iter().flat_map(|one| &one.via);
        let acting: HashSet<ScopeId> = by_endpoint.chain(by_event).copied().collect();
        let scopes = self.scopes.iter().map(|(id, _)| *id);
        scopes.filter(|id| !acting.contains(id)).collect()
    }
}

/// Two sides compared.
#[derive(Debug, Clone)]
pub struct Difference {
    /// What the second side has beyond the first.
    pub gained: Gain,
    /// What the first side has beyond the second.
    pub lost: Gain,
    /// How many effective scopes both have.
    pub same_scopes: usize,
    /// How many endpoints both reach.
    pub same_endpoints: usize,
    /// Scopes and endpoints that exist on one side only, which are left out: by environment, as an index.
    pub left_out: Vec<LeftOut>,
    /// The key types, where they differ.
    pub key_types: Option<(KeyTypeId, KeyTypeId)>,
}

/// What exists in one environment only.
#[derive(Debug, Clone)]
pub struct LeftOut {
    /// The environment where it exists.
    pub environment: EnvironmentId,
    /// The scopes.
    pub scopes: Vec<ScopeId>,
    /// The endpoints.
    pub endpoints: Vec<EndpointId>,
}

impl Difference {
    /// Whether the second side can do anything that the first cannot.
    pub fn is_wider(&self) -> bool {
        !self.gained.is_empty()
    }

    /// Whether the first side can do anything that the second cannot.
    pub fn is_narrower(&self) -> bool {
        !self.lost.is_empty()
    }

    /// The one word for it.
    pub fn word(&self) -> &'static str {
        match (self.is_wider(), self.is_narrower()) {
            (false, false) => "the same",
            (true, false) => "wider",
            (false, true) => "narrower",
            (true, true) => "wider and narrower",
        }
    }
}

/// A side with what it comes to.
struct View<'a> {
    catalog: &'a Catalog,
    side: &'a Side<'a>,
    effective: ScopeSet,
    reach: Vec<EndpointId>,
    /// The same, to look one up.
    reached: HashSet<EndpointId>,
}

impl<'a> View<'a> {
    fn new(catalog: &'a Catalog, side: &'a Side<'a>) -> Self {
        let mut members = catalog.empty_set();
        for written in side.written {
            members.union_with(&written.members);
        }
        let effective = catalog.effective(side.holder, &members);
        let reach = catalog.reach(side.holder, &effective);
        Self {
            catalog,
            side,
            effective,
            reached: reach.iter().copied().collect(),
            reach,
        }
    }

    fn has_scope(&self, id: ScopeId) -> bool {
        let environments = self.catalog.scope(id).environments;
        self.side
            .holder
            .environment
            .is_none_or(|index| environments.has(index))
    }

    fn has_endpoint(&self, index: EndpointId) -> bool {
        self.catalog
            .endpoint_is_usable(index, self.side.holder.environment)
    }

    /// What this side has and the other does not, of what exists on both sides.
    fn beyond(&self, other: &Self) -> Gain {
        let catalog = self.catalog;
        let expanded = expand(catalog, self.side.written).into_iter();
        let brought: HashMap<ScopeId, Vec<String>> =
            expanded.map(|one| (one.scope, one.from)).collect();
        let brought_by = |id: ScopeId| brought.get(&id).cloned().unwrap_or_default();
        let is_new = |id: &ScopeId| !other.effective.has(*id) && other.has_scope(*id);
        let making_the_difference = |open_by: Vec<ScopeId>| -> Vec<ScopeId> {
            let new = open_by.iter().copied();
            let new: Vec<ScopeId> = new.filter(|id| !other.effective.has(*id)).collect();
            if new.is_empty() { open_by } else { new }
        };
        let holder = self.side.holder;
        let change = |endpoint: EndpointId| ReachChange {
            endpoint,
            via: making_the_difference(via(catalog, holder, &self.effective, endpoint)),
        };
        let event_change = |event: EventId| EventReachChange {
            event,
            via: making_the_difference(via_event(catalog, holder, &self.effective, event)),
        };
        let new = self
            .reach
            .iter()
            .copied()
            .filter(|index| !other.reached.contains(index) && other.has_endpoint(*index));
        let mut endpoints: Vec<ReachChange> = new.map(change).collect();
        endpoints.sort_by_key(|change| {
            let endpoint = &catalog.endpoints[change.endpoint];
            (
                endpoint.effect == Effect::Read,
                endpoint.method.clone(),
                endpoint.path.text.clone(),
                endpoint.mode,
            )
        });
        let events = |view: &Self| catalog.subscribable(view.side.holder, &view.effective);
        let other_events: HashSet<EventId> = events(other).into_iter().collect();
        let complete =
            |view: &Self, index: usize| view.effective.has_all(&catalog.combinations[index].scopes);
        let written_there: HashSet<&str> = other
            .side
            .written
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        let is_written_here = |name: &&Written| !written_there.contains(name.name.as_str());
        let is_idle = |name: &&Written| name.members.iter().all(|id| !self.effective.has(id));
        let idle = self
            .side
            .written
            .iter()
            .filter(is_written_here)
            .filter(is_idle);
        Gain {
            scopes: self
                .effective
                .iter()
                .filter(is_new)
                .map(|id| (id, brought_by(id)))
                .collect(),
            endpoints,
            events: events(self)
                .into_iter()
                .filter(|event| !other_events.contains(event))
                .map(event_change)
                .collect(),
            combinations: (0..catalog.combinations.len())
                .filter(|index| complete(self, *index) && !complete(other, *index))
                .collect(),
            conflicts: {
                let there = catalog.conflicts_in(&other.effective);
                let mut here = catalog.conflicts_in(&self.effective);
                here.retain(|(index, _)| there.iter().all(|(other, _)| other != index));
                here
            },
            without_effect: idle.map(|name| name.name.clone()).collect(),
        }
    }

    /// What this side has that does not exist on the other.
    fn left_out(&self, other: &Self) -> Option<LeftOut> {
        let left_out = LeftOut {
            environment: self.side.holder.environment?,
            scopes: self
                .effective
                .iter()
                .filter(|id| !other.has_scope(*id))
                .collect(),
            endpoints: self
                .reach
                .iter()
                .copied()
                .filter(|index| !other.has_endpoint(*index))
                .collect(),
        };
        (!left_out.scopes.is_empty() || !left_out.endpoints.is_empty()).then_some(left_out)
    }
}

/// Compares two sides over one catalog. What exists in the environment of one side only is left out.
pub fn diff(catalog: &Catalog, from: &Side<'_>, to: &Side<'_>) -> Difference {
    let (before, after) = (View::new(catalog, from), View::new(catalog, to));
    let (types_before, types_after) = (from.holder.key_type, to.holder.key_type);
    Difference {
        gained: after.beyond(&before),
        lost: before.beyond(&after),
        same_scopes: before
            .effective
            .iter()
            .filter(|id| after.effective.has(*id))
            .count(),
        same_endpoints: before
            .reach
            .iter()
            .filter(|index| after.reached.contains(index))
            .count(),
        left_out: [before.left_out(&after), after.left_out(&before)]
            .into_iter()
            .flatten()
            .collect(),
        key_types: (types_before != types_after).then_some((types_before, types_after)),
    }
}

/// The highest risk of the scopes that open an endpoint.
pub fn reach_change_risk(catalog: &Catalog, holder: Holder, change: &ReachChange) -> Risk {
    change
        .via
        .iter()
        .map(|id| catalog.scope(*id).risk_on(holder.key_type))
        .max()
        .unwrap_or(Risk::Low)
}
