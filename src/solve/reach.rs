//! The unneeded endpoints that a set opens, counted incrementally while it grows.

use std::collections::HashMap;
use std::ops::Range;

use fixedbitset::FixedBitSet;

use super::{Choices, Cost};
use crate::model::{
    Catalog, Effect, EndpointId, Holder, KeyTypeId, NeedKind, Risk, ScopeId, ScopeSet,
};

/// The unneeded endpoints that the candidates can open, indexed by the scopes that do it.
pub(super) struct Reach {
    /// How many of the endpoints are writes, which come before the reads.
    writes: usize,
    total: usize,
    /// For each scope that opens endpoints alone, those.
    pub(super) alone: HashMap<ScopeId, FixedBitSet>,
    /// For each scope, the ways of several scopes that it is part of.
    together: HashMap<ScopeId, Vec<Together>>,
    /// For each scope, the sides of conflicts that it is on: the conflict, and the place of the side among all sides.
    sides: HashMap<ScopeId, Vec<(usize, usize)>>,
    /// The places of the sides of each conflict; none where no candidate is on two sides.
    conflicts: Vec<Range<usize>>,
    /// The type of key, by which risks differ.
    key_type: KeyTypeId,
    /// The scopes that the holder may carry; other implied scopes are dropped.
    pub(super) carried: ScopeSet,
    /// The size of a state in memory words, which is the cost of trying one.
    pub(super) words: u64,
}

/// Scopes that open an endpoint together.
pub(super) struct Together {
    pub(super) scopes: Vec<ScopeId>,
    /// The endpoint, by its place among the others.
    pub(super) bit: usize,
    /// The highest risk of the scopes.
    risk: Risk,
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
        let ways = |index: EndpointId| {
            let requirement = catalog.endpoints[index].auth.requirement();
            let ways = requirement.into_iter();
            let ways = ways.flat_map(|requirement| requirement.open_to(holder.key_type));
            ways.filter(|way| possible.has_all(&way.scopes))
        };
        let mut relevant: Vec<EndpointId> = catalog
            .endpoints_naming(&possible)
            .into_iter()
            .filter(|index| {
                catalog.endpoints[*index].is_gated(catalog.key_types.len())
                    && catalog.endpoint_exists(*index, holder.environment)
                    && !needed.contains(index)
                    && ways(*index).next().is_some()
            })
            .collect();
        relevant.sort_by_key(|index| catalog.endpoints[*index].effect == Effect::Read);
        let is_write = |index: &&EndpointId| catalog.endpoints[**index].effect == Effect::Write;
        let writes = relevant.iter().filter(is_write).count();
        let words = 2 * catalog.scopes.len() / 64 + 6 * relevant.len() / 64;
        let (sides, conflicts) = sides(catalog, &possible);
        let mut reach = Self {
            sides,
            conflicts,
            writes,
            total: relevant.len(),
            alone: HashMap::new(),
            together: HashMap::new(),
            key_type: holder.key_type,
            words: 32 + u64::try_from(words).unwrap_or(u64::MAX),
            carried: possible.clone(),
        };
        for (bit, index) in relevant.iter().enumerate() {
            for way in ways(*index) {
                match way.scopes.as_slice() {
                    [] => {}
                    [scope] => reach
                        .alone
                        .entry(*scope)
                        .or_insert_with(|| FixedBitSet::with_capacity(relevant.len()))
                        .insert(bit),
                    several => {
                        let risks = several.iter().map(|scope| reach.risk(catalog, *scope));
                        let risk = risks.max().unwrap_or(Risk::Low);
                        for scope in several {
                            let together = reach.together.entry(*scope).or_default();
                            together.push(Together {
                                scopes: several.to_vec(),
                                bit,
                                risk,
                            });
                        }
                    }
                }
            }
        }
        reach
    }

    pub(super) fn risk(&self, catalog: &Catalog, scope: ScopeId) -> Risk {
        catalog.scope(scope).risk_on(self.key_type)
    }

    /// The sides of conflicts that a scope is on: the conflict, and the place of the side among all sides.
    pub(super) fn sides(&self, scope: ScopeId) -> &[(usize, usize)] {
        self.sides.get(&scope).map_or(&[], Vec::as_slice)
    }

    /// The ways of several scopes that a scope is part of.
    pub(super) fn together(&self, scope: ScopeId) -> &[Together] {
        self.together.get(&scope).map_or(&[], Vec::as_slice)
    }
}

/// The sides of conflicts that scopes are on, and the places of the sides of each conflict.
type Sides = (HashMap<ScopeId, Vec<(usize, usize)>>, Vec<Range<usize>>);

/// The conflicts that some scopes can have with each other.
fn sides(catalog: &Catalog, possible: &ScopeSet) -> Sides {
    let mut sides: HashMap<ScopeId, Vec<(usize, usize)>> = HashMap::new();
    let mut conflicts = Vec::new();
    let mut place = 0;
    for conflict in &catalog.conflicts {
        let met = conflict.sides.iter().filter(|side| side.meets(possible));
        let met: Vec<&ScopeSet> = met.collect();
        if met.len() < 2 {
            continue;
        }
        let first = place;
        for side in met {
            for scope in side.iter().filter(|scope| possible.has(*scope)) {
                sides
                    .entry(scope)
                    .or_default()
                    .push((conflicts.len(), place));
            }
            place += 1;
        }
        conflicts.push(first..place);
    }
    (sides, conflicts)
}

/// A partial choice and what it costs so far.
#[derive(Clone)]
pub(super) struct State {
    pub(super) chosen: ScopeSet,
    pub(super) effective: ScopeSet,
    /// The sides of conflicts that it has scopes of, by their places.
    pub(super) sides: FixedBitSet,
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
            sides: FixedBitSet::with_capacity(reach.conflicts.last().map_or(0, |last| last.end)),
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
            let risk = reach.risk(catalog, id);
            self.cost.deprecated += u32::from(catalog.scope(id).deprecated);
            self.cost.risky[0] += u32::from(risk == Risk::Critical);
            self.cost.risky[1] += u32::from(risk == Risk::High);
            self.cost.risky[2] += u32::from(risk == Risk::Medium);
            for (conflict, side) in reach.sides(id) {
                if !self.sides.put(*side) {
                    let others = self.sides.count_ones(reach.conflicts[*conflict].clone()) - 1;
                    self.cost.conflicts += u32::from(others > 0);
                }
            }
            if let Some(alone) = reach.alone.get(&id) {
                for opened in self.levels(risk) {
                    opened.union_with(alone);
                }
            }
            for way in reach.together(id) {
                if self.effective.has_all(&way.scopes) {
                    for opened in self.levels(way.risk) {
                        opened.insert(way.bit);
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
