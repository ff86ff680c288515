//! What a set opens beside the needs, counted as it grows.

use fixedbitset::FixedBitSet;

use super::{Choices, Cost};
use crate::model::{Catalog, Effect, Holder, NeedKind, Risk, ScopeId, ScopeSet};

/// The unneeded endpoints that the candidates can open, indexed by the scopes that do it.
pub(super) struct Reach {
    /// How many endpoints there are; writes stand before reads.
    writes: usize,
    total: usize,
    /// For each scope, the endpoints that it opens alone.
    pub(super) alone: Vec<Option<FixedBitSet>>,
    /// For each scope, the ways of several scopes that it is part of: the scopes, the endpoint, the highest risk.
    pub(super) together: Vec<Vec<(Vec<ScopeId>, usize, Risk)>>,
    pub(super) risks: Vec<Risk>,
    /// What the holder may carry at all: what a scope implies beyond it is dropped.
    pub(super) carried: ScopeSet,
}

impl Reach {
    pub(super) fn new(
        catalog: &Catalog,
        holder: Holder,
        needs: &[NeedKind],
        open: &[Choices],
    ) -> Self {
        let mut possible = catalog.empty_set();
        for scope in open.iter().flatten().flatten() {
            possible.union_with(catalog.closure(*scope));
        }
        let possible = catalog.carried(holder, &possible);
        let needed = catalog.needed_endpoints(needs);
        let mut relevant: Vec<usize> = (0..catalog.endpoints.len())
            .filter(|index| {
                let endpoint = &catalog.endpoints[*index];
                endpoint.is_gated(catalog.key_types.len())
                    && catalog.endpoint_exists(*index, holder.environment)
                    && endpoint.auth.requirement().is_some_and(|requirement| {
                        requirement
                            .open_to(holder.key_type)
                            .any(|way| possible.has_all(&way.scopes))
                    })
                    && !needed.contains(index)
            })
            .collect();
        relevant.sort_by_key(|index| catalog.endpoints[*index].effect == Effect::Read);
        let writes = relevant
            .iter()
            .filter(|index| catalog.endpoints[**index].effect == Effect::Write)
            .count();
        let size = catalog.scopes.len();
        let mut reach = Self {
            writes,
            total: relevant.len(),
            alone: vec![None; size],
            together: vec![Vec::new(); size],
            carried: catalog.carried(holder, &possible),
            risks: catalog
                .scopes
                .iter()
                .map(|scope| scope.risk_on(holder.key_type))
                .collect(),
        };
        for (bit, index) in relevant.iter().enumerate() {
            let ways = catalog.endpoints[*index]
                .auth
                .requirement()
                .into_iter()
                .flat_map(|r| r.open_to(holder.key_type));
            for way in ways.filter(|way| possible.has_all(&way.scopes)) {
                match way.scopes.as_slice() {
                    [] => {}
                    [scope] => reach.alone[scope.index()]
                        .get_or_insert_with(|| FixedBitSet::with_capacity(relevant.len()))
                        .insert(bit),
                    several => {
                        let risk = several
                            .iter()
                            .map(|scope| reach.risks[scope.index()])
                            .max()
                            .unwrap_or(Risk::Low);
                        for scope in several {
                            reach.together[scope.index()].push((several.to_vec(), bit, risk));
                        }
                    }
                }
            }
        }
        reach
    }
}

/// A partial choice and what it costs so far.
#[derive(Clone)]
pub(super) struct State {
    pub(super) chosen: ScopeSet,
    pub(super) effective: ScopeSet,
    /// Endpoints opened at critical risk; at critical or high; at any.
    pub(super) opened: [FixedBitSet; 3],
    pub(super) cost: Cost,
}

impl State {
    pub(super) fn new(catalog: &Catalog, reach: &Reach) -> Self {
        let empty = FixedBitSet::with_capacity(reach.total);
        Self {
            chosen: catalog.empty_set(),
            effective: catalog.empty_set(),
            opened: [empty.clone(), empty.clone(), empty],
            cost: Cost::default(),
        }
    }

    /// The state with these scopes chosen as well.
    pub(super) fn with(&self, catalog: &Catalog, reach: &Reach, scopes: &[ScopeId]) -> Self {
        let mut next = self.clone();
        for scope in scopes {
            next.add(catalog, reach, *scope);
        }
        next.count(reach);
        next
    }

    fn add(&mut self, catalog: &Catalog, reach: &Reach, scope: ScopeId) {
        if !self.chosen.insert(scope) {
            return;
        }
        self.cost.written += 1;
        let fresh: Vec<ScopeId> = catalog
            .closure(scope)
            .iter()
            .filter(|id| reach.carried.has(*id) && !self.effective.has(*id))
            .collect();
        self.effective.extend(fresh.iter().copied());
        for id in fresh {
            let risk = reach.risks[id.index()];
            self.cost.deprecated += u32::from(catalog.scope(id).deprecated);
            self.cost.risky[0] += u32::from(risk == Risk::Critical);
            self.cost.risky[1] += u32::from(risk == Risk::High);
            self.cost.risky[2] += u32::from(risk == Risk::Medium);
            if let Some(alone) = &reach.alone[id.index()] {
                for opened in self.levels(risk) {
                    opened.union_with(alone);
                }
            }
            for (scopes, bit, risk) in &reach.together[id.index()] {
                if self.effective.has_all(scopes) {
                    for opened in self.levels(*risk) {
                        opened.insert(*bit);
                    }
                }
            }
        }
    }

    /// The sets that an endpoint of this risk counts in.
    fn levels(&mut self, risk: Risk) -> impl Iterator<Item = &mut FixedBitSet> {
        self.opened.iter_mut().skip(level(risk))
    }

    fn count(&mut self, reach: &Reach) {
        for (level, opened) in self.opened.iter().enumerate() {
            let count = |range| u32::try_from(opened.count_ones(range)).unwrap_or(u32::MAX);
            self.cost.writes[level] = count(0..reach.writes);
            self.cost.reads[level] = count(reach.writes..reach.total);
        }
    }
}

/// The first of the three levels that an endpoint of this risk counts at: critical; critical or high; all.
pub(super) fn level(risk: Risk) -> usize {
    match risk {
        Risk::Critical => 0,
        Risk::High => 1,
        Risk::Medium | Risk::Low => 2,
    }
}
