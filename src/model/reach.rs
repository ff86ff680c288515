//! What a set comes to on a key, and what it reaches.

use super::catalog::{Catalog, Holder};
use super::requirement::{Alternative, Requirement};
use super::set::{Mask, ScopeId, ScopeSet};

/// What scopes lead to, the other way round than the file has it.
#[derive(Debug, Clone, Default)]
pub(crate) struct ByScope {
    /// For each scope, those that carry it, itself among them.
    carriers: Vec<Vec<ScopeId>>,
    /// For each scope, the endpoints of which some way names it.
    endpoints: Vec<Vec<usize>>,
    /// The endpoints with a way that names no scope.
    without: Vec<usize>,
}

impl Catalog {
    fn by_scope(&self) -> &ByScope {
        self.by_scope.get_or_init(|| {
            let mut all = ByScope {
                carriers: vec![Vec::new(); self.scopes.len()],
                endpoints: vec![Vec::new(); self.scopes.len()],
                without: Vec::new(),
            };
            for (carrier, closure) in (0..).map(ScopeId).zip(&self.closures) {
                for id in closure.iter() {
                    all.carriers[id.index()].push(carrier);
                }
            }
            for (index, endpoint) in self.endpoints.iter().enumerate() {
                let Some(requirement) = endpoint.auth.requirement() else {
                    continue;
                };
                if !requirement.free_for().is_empty() {
                    all.without.push(index);
                }
                for id in requirement.scopes() {
                    all.endpoints[id.index()].push(index);
                }
            }
            all
        })
    }

    /// The scopes that carry one, itself among them, in the catalog's order.
    pub fn carriers(&self, id: ScopeId) -> &[ScopeId] {
        &self.by_scope().carriers[id.index()]
    }

    /// The endpoints of which some way names a scope of a set, in the catalog's order.
    pub fn endpoints_naming(&self, scopes: &ScopeSet) -> Vec<usize> {
        let all = &self.by_scope().endpoints;
        let mut named: Vec<usize> = scopes
            .iter()
            .flat_map(|id| &all[id.index()])
            .copied()
            .collect();
        named.sort_unstable();
        named.dedup();
        named
    }

    /// The first environment in which the same scopes and endpoints exist as in this one: what is asked of a key in both has
    /// one answer.
    pub fn like_environment(&self, environment: usize) -> usize {
        let alike = self.alike.get_or_init(|| {
            let masks = self.scopes.iter().map(|scope| scope.environments);
            let masks = masks.chain(self.endpoints.iter().map(|one| one.environments));
            let mut masks: Vec<Mask> = masks.collect();
            masks.sort_unstable();
            masks.dedup();
            let column = |index: usize| masks.iter().map(move |mask| mask.has(index));
            let first = |index: usize| {
                (0..index)
                    .find(|other| column(*other).eq(column(index)))
                    .unwrap_or(index)
            };
            (0..self.environments.len()).map(first).collect()
        });
        alike.get(environment).copied().unwrap_or(environment)
    }

    /// Everything that a scope carries with it, itself included.
    pub fn closure(&self, id: ScopeId) -> &ScopeSet {
        &self.closures[id.index()]
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
        scope.key_types.has(holder.key_type) && exists_in(scope.environments, holder.environment)
    }

    /// The part of a set that a holder may carry.
    pub fn carried(&self, holder: Holder, set: &ScopeSet) -> ScopeSet {
        ScopeSet::of(
            self.scopes.len(),
            set.iter().filter(|id| self.carries(holder, *id)),
        )
    }

    /// What a written set comes to on a key: filtered, closed over what is implied, and filtered again.
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
    pub fn endpoint_is_usable(&self, index: usize, environment: Option<usize>) -> bool {
        let requirement = self.endpoints[index].auth.requirement();
        self.endpoint_exists(index, environment)
            && requirement.is_none_or(|one| {
                one.alternatives().is_empty() || self.has_scopes_for(one, environment)
            })
    }

    /// The same for an event.
    pub fn event_is_usable(&self, index: usize, environment: Option<usize>) -> bool {
        self.has_scopes_for(&self.events[index].requirement, environment)
    }

    fn has_scopes_for(&self, requirement: &Requirement, environment: Option<usize>) -> bool {
        let has_scopes = |way: &Alternative| {
            way.scopes
                .iter()
                .all(|id| exists_in(self.scope(*id).environments, environment))
        };
        requirement.alternatives().iter().any(has_scopes)
    }

    /// The endpoints that a key with these effective scopes reaches: not public, not rejected, not open to every key.
    pub fn reach(&self, holder: Holder, effective: &ScopeSet) -> Vec<usize> {
        let mut reach = self.endpoints_naming(effective);
        reach.extend(&self.by_scope().without);
        reach.sort_unstable();
        reach.dedup();
        reach.retain(|index| self.reaches(holder, effective, *index));
        reach
    }

    /// Whether one endpoint is in [`Catalog::reach`].
    pub fn reaches(&self, holder: Holder, effective: &ScopeSet, index: usize) -> bool {
        let endpoint = &self.endpoints[index];
        endpoint.is_gated(self.key_types.len())
            && exists_in(endpoint.environments, holder.environment)
            && endpoint
                .auth
                .requirement()
                .is_some_and(|requirement| requirement.is_met(effective, holder.key_type))
    }

    /// The events that a key with these effective scopes may subscribe to, but those that every key may.
    pub fn subscribable(&self, holder: Holder, effective: &ScopeSet) -> Vec<usize> {
        let may = |index: &usize| {
            let event = &self.events[*index];
            event.is_gated(self.key_types.len())
                && event.requirement.is_met(effective, holder.key_type)
        };
        (0..self.events.len()).filter(may).collect()
    }

    /// Whether the catalog knows something that a scope opens on a type of key, by itself or by what it carries: an endpoint
    /// or an event that asks a key of that type for one of them.
    pub fn opens_on(&self, key_type: usize, id: ScopeId) -> bool {
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

    /// Whether some endpoint or event names the scope, or one that it carries: without one nothing is known of it.
    pub fn opens_something(&self, id: ScopeId) -> bool {
        self.closure(id).meets(&self.named)
    }
}

/// Whether something that exists in some environments exists in this one.
pub(super) fn exists_in(environments: Mask, environment: Option<usize>) -> bool {
    environment.is_none_or(|index| environments.has(index))
}
