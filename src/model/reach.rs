//! The effective scopes of a set on a key, and what they reach.

use super::catalog::{Catalog, Holder};
use super::index::{EndpointId, EnvironmentId, EventId, Indexed, KeyTypeId, ScopeId};
use super::requirement::{Alternative, Requirement};
use super::set::{Mask, ScopeSet};

/// Reverse indexes from scopes to the scopes and endpoints that name them.
#[derive(Debug, Clone, Default)]
pub(crate) struct ByScope {
    /// For each scope, those that carry it, itself among them.
    carriers: Indexed<ScopeId, Vec<ScopeId>>,
    /// For each scope, the endpoints of which some way names it.
    endpoints: Indexed<ScopeId, Vec<EndpointId>>,
    /// The endpoints with a way that names no scope.
    without: Vec<EndpointId>,
}

impl Catalog {
    fn by_scope(&self) -> &ByScope {
        self.by_scope.get_or_init(|| {
            let mut all = ByScope {
                carriers: vec![Vec::new(); self.scopes.len()].into(),
                endpoints: vec![Vec::new(); self.scopes.len()].into(),
                without: Vec::new(),
            };
            for (carrier, closure) in self.closures.entries() {
                for id in closure.iter() {
                    all.carriers[id].push(carrier);
                }
            }
            for (index, endpoint) in self.endpoints.entries() {
                let Some(requirement) = endpoint.auth.requirement() else {
                    continue;
                };
                if !requirement.free_for().is_empty() {
                    all.without.push(index);
                }
                for id in requirement.scopes() {
                    all.endpoints[id].push(index);
                }
            }
            all
        })
    }

    /// The scopes that carry one, itself among them, in the catalog's order.
    pub fn carriers(&self, id: ScopeId) -> &[ScopeId] {
        &self.by_scope().carriers[id]
    }

    /// The endpoints of which some way names a scope of a set, in the catalog's order.
    pub fn endpoints_naming(&self, scopes: &ScopeSet) -> Vec<EndpointId> {
        let all = &self.by_scope().endpoints;
        let mut named: Vec<EndpointId> = scopes.iter().flat_map(|id| &all[id]).copied().collect();
        named.sort_unstable();
        named.dedup();
        named
    }

    /// The first environment in which the same scopes and endpoints exist as in this one, so that answers for one are
    /// valid for the other.
    pub fn like_environment(&self, environment: EnvironmentId) -> EnvironmentId {
        let alike = self.alike.get_or_init(|| {
            let masks = self.scopes.iter().map(|scope| scope.environments);
            let masks = masks.chain(self.endpoints.iter().map(|one| one.environments));
            let mut masks: Vec<Mask<EnvironmentId>> = masks.collect();
            masks.sort_unstable();
            masks.dedup();
            let column = |index: EnvironmentId| masks.iter().map(move |mask| mask.has(index));
            let environments = self.environments.ids();
            let first = |index: EnvironmentId| {
                let mut before = environments.clone().take_while(|other| *other != index);
                before
                    .find(|other| column(*other).eq(column(index)))
                    .unwrap_or(index)
            };
            environments.clone().map(first).collect()
        });
        alike.at(environment).copied().unwrap_or(environment)
    }

    /// Everything that a scope carries with it, itself included.
    pub fn closure(&self, id: ScopeId) -> &ScopeSet {
        &self.closures[id]
    }

    /// A set with all that its scopes carry with them.
    pub fn close(&self, set: &ScopeSet) -> ScopeSet {
        let mut closed = self.empty_set();
        for id in set.iter() {
            closed.union_with(self.closure(id));
        }
        closed
    }

    /// Whether a scope exists for a holder: on its key type, in its environment.
    pub fn carries(&self, holder: Holder, id: ScopeId) -> bool {
        let scope = self.scope(id);
        scope.key_types.has(holder.key_type) && scope.environments.allows(holder.environment)
    }

    /// The part of a set that a holder may carry.
    pub fn carried(&self, holder: Holder, set: &ScopeSet) -> ScopeSet {
        ScopeSet::of(
            self.scopes.len(),
            set.iter().filter(|id| self.carries(holder, *id)),
        )
    }

    /// The effective scopes of a written set on a key: filtered by what the key may carry, closed over implied scopes,
    /// and filtered again.
    pub fn effective(&self, holder: Holder, written: &ScopeSet) -> ScopeSet {
        self.carried(holder, &self.close(&self.carried(holder, written)))
    }

    /// The alternatives of a requirement that a holder could use, were it granted the right scopes.
    pub fn open_alternatives<'a>(
        &'a self,
        requirement: &'a Requirement,
        holder: Holder,
    ) -> impl Iterator<Item = &'a Alternative> {
        requirement
            .open_to(holder.key_type)
            .filter(move |alternative| {
                alternative
                    .scopes
                    .iter()
                    .all(|id| self.carries(holder, *id))
            })
    }

    /// Whether an endpoint can be called in an environment at all: it exists there, and so do the scopes of some way to
    /// meet it.
    pub fn endpoint_is_usable(
        &self,
        index: EndpointId,
        environment: Option<EnvironmentId>,
    ) -> bool {
        let requirement = self.endpoints[index].auth.requirement();
        self.endpoint_exists(index, environment)
            && requirement.is_none_or(|one| {
                one.alternatives().is_empty() || self.has_scopes_for(one, environment)
            })
    }

    /// The same for an event.
    pub fn event_is_usable(&self, index: EventId, environment: Option<EnvironmentId>) -> bool {
        self.has_scopes_for(&self.events[index].requirement, environment)
    }

    fn has_scopes_for(
        &self,
        requirement: &Requirement,
        environment: Option<EnvironmentId>,
    ) -> bool {
        let has_scopes = |way: &Alternative| {
            way.scopes
                .iter()
                .all(|id| self.scope(*id).environments.allows(environment))
        };
        requirement.alternatives().iter().any(has_scopes)
    }

    /// The endpoints that a key with these effective scopes reaches: not public, not rejected, not open to every key.
    pub fn reach(&self, holder: Holder, effective: &ScopeSet) -> Vec<EndpointId> {
        let mut reach = self.endpoints_naming(effective);
        reach.extend(&self.by_scope().without);
        reach.sort_unstable();
        reach.dedup();
        reach.retain(|index| self.reaches(holder, effective, *index));
        reach
    }

    /// Whether one endpoint is in [`Catalog::reach`].
    pub fn reaches(&self, holder: Holder, effective: &ScopeSet, index: EndpointId) -> bool {
        let endpoint = &self.endpoints[index];
        endpoint.is_gated(self.key_types.len())
            && endpoint.environments.allows(holder.environment)
            && endpoint
                .auth
                .requirement()
                .is_some_and(|requirement| requirement.is_met(effective, holder.key_type))
    }

    /// The events that a key with these effective scopes may subscribe to, but those that every key may.
    pub fn subscribable(&self, holder: Holder, effective: &ScopeSet) -> Vec<EventId> {
        let may = |index: &EventId| {
            let event = &self.events[*index];
            event.is_gated(self.key_types.len())
                && event.requirement.is_met(effective, holder.key_type)
        };
        self.events.ids().filter(may).collect()
    }

    /// Whether the catalog knows something that a scope opens on a type of key, by itself or by what it carries: an endpoint
    /// or an event that asks a key of that type for one of them.
    pub fn opens_on(&self, key_type: KeyTypeId, id: ScopeId) -> bool {
        let carried = self.closure(id);
        let endpoints = self.endpoints.iter();
        let endpoints = endpoints.filter(|endpoint| endpoint.rejected.is_none());
        let requirements = endpoints
            .filter_map(|endpoint| endpoint.auth.requirement())
            .chain(self.events.iter().map(|event| &event.requirement));
        requirements
            .flat_map(|requirement| requirement.open_to(key_type))
            .any(|way| way.scopes.iter().any(|scope| carried.has(*scope)))
    }

    /// Whether some endpoint or event names the scope or one that it carries. If none does, it is unknown what the
    /// scope opens.
    pub fn opens_something(&self, id: ScopeId) -> bool {
        self.closure(id).meets(&self.named)
    }
}
