//! The least set of scopes that meets some needs: an exact search.
//!
//! The cost of a set is compared field by field, smaller first: deprecated scopes; writes that nobody needs, those at
//! critical risk, then at critical or high, then all; reads likewise; critical scopes, then high ones; scopes written;
//! and last their names, so that the answer is always the same. Adding a scope never lowers a field but the last, so
//! the cost of a partial set bounds every set that contains it: branch and bound finds the least, and proves it.

use std::cmp::Ordering;

use fixedbitset::FixedBitSet;

use crate::model::{Catalog, Effect, Holder, NeedKind, Requirement, Risk, ScopeId, ScopeSet};

/// The fields of a cost that can be counted: what is compared before names are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Cost {
    /// Deprecated scopes.
    pub deprecated: u32,
    /// Unneeded writes: at critical risk; at critical or high; all.
    pub writes: [u32; 3],
    /// Unneeded reads: likewise.
    pub reads: [u32; 3],
    /// Scopes: critical; high.
    pub risky: [u32; 2],
    /// Scopes written.
    pub written: u32,
}

/// The answer of a search.
#[derive(Debug, Clone)]
pub struct Solution {
    /// The chosen scopes, as they would be written on the key.
    pub chosen: ScopeSet,
    /// What they cost.
    pub cost: Cost,
    /// Whether no cheaper set exists; false only where the search reached its limit.
    pub proven: bool,
    /// Other sets that cost the same in every field but their names, at most [`MOST_TIES`].
    pub ties: Vec<ScopeSet>,
    /// The needs, by position, that no choice of candidates meets.
    pub unmet: Vec<usize>,
}

/// More sets of the same cost than this are not listed.
pub const MOST_TIES: usize = 16;

/// Nodes of the search after which the best answer so far is given, not proven.
pub const MOST_NODES: u64 = 200_000;
/// Ways to meet one need that are looked at, once implied scopes are unfolded.
const MOST_CHOICES: usize = 4096;

/// Finds the least subset of `candidates` that meets the needs of a holder.
///
/// Needs that ask for no scope are met by any set. Needs that no subset meets are named in the answer, and the others
/// are still met.
pub fn solve(
    catalog: &Catalog,
    holder: Holder,
    needs: &[NeedKind],
    candidates: &ScopeSet,
) -> Solution {
    let candidates = catalog.carried(holder, candidates);
    let mut unmet = Vec::new();
    let mut open = Vec::new();
    for (index, need) in needs.iter().enumerate() {
        match choices(catalog, holder, *need, &candidates) {
            None => {}
            Some(choices) if choices.is_empty() => unmet.push(index),
            Some(choices) => open.push(choices),
        }
    }
    let reach = Reach::new(catalog, holder, needs, &open);
    let mut search = Search {
        catalog,
        reach: &reach,
        best: None,
        ties: Vec::new(),
        nodes: 0,
    };
    let start = State::new(catalog, &reach);
    search.descend(&start, &open);
    let proven = search.nodes <= MOST_NODES;
    let best = search.best.unwrap_or_else(|| Best {
        chosen: catalog.empty_set(),
        cost: Cost::default(),
        names: Vec::new(),
    });
    let mut ties = search.ties;
    ties.retain(|tie| *tie != best.chosen);
    ties.truncate(MOST_TIES);
    Solution {
        chosen: best.chosen,
        cost: best.cost,
        proven,
        ties,
        unmet,
    }
}

/// The sets of candidates that meet a need, none wider than another; `None` where nothing is asked for.
fn choices(
    catalog: &Catalog,
    holder: Holder,
    need: NeedKind,
    candidates: &ScopeSet,
) -> Option<Vec<Vec<ScopeId>>> {
    let own;
    let requirement = match need {
        NeedKind::Endpoint(index) => {
            let endpoint = &catalog.endpoints[index];
            if endpoint.rejected.is_some() || !catalog.endpoint_exists(index, holder.environment) {
                return None;
            }
            endpoint.auth.requirement()?
        }
        NeedKind::Event(index) => &catalog.events[index].requirement,
        NeedKind::Scope(id) => {
            own = Requirement::scope(id, catalog.scope(id).key_types);
            &own
        }
    };
    let mut sets: Vec<Vec<ScopeId>> = Vec::new();
    for alternative in catalog.open_alternatives(requirement, holder) {
        // Each scope may be written itself, or carried by another one.
        let mut partial: Vec<Vec<ScopeId>> = vec![Vec::new()];
        for wanted in &alternative.scopes {
            let carriers: Vec<ScopeId> = candidates
                .iter()
                .filter(|candidate| catalog.closure(*candidate).has(*wanted))
                .collect();
            let mut next = Vec::new();
            for set in &partial {
                if set
                    .iter()
                    .any(|chosen| catalog.closure(*chosen).has(*wanted))
                {
                    next.push(set.clone());
                    continue;
                }
                for carrier in &carriers {
                    let mut set = set.clone();
                    set.push(*carrier);
                    set.sort_unstable();
                    next.push(set);
                }
            }
            next.sort_unstable();
            next.dedup();
            next.truncate(MOST_CHOICES);
            partial = next;
        }
        sets.extend(partial);
    }
    if sets.iter().any(Vec::is_empty) {
        return None;
    }
    if sets.is_empty() && requirement_is_closed(catalog, holder, requirement) {
        return match need {
            // Another credential opens it, so no scope is missing.
            NeedKind::Endpoint(index) if catalog.endpoints[index].keyless.is_some() => None,
            _ => Some(Vec::new()),
        };
    }
    sets.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    let mut minimal: Vec<Vec<ScopeId>> = Vec::new();
    for set in sets {
        if !minimal
            .iter()
            .any(|smaller| smaller.iter().all(|scope| set.contains(scope)))
        {
            minimal.push(set);
        }
    }
    Some(minimal)
}

fn requirement_is_closed(catalog: &Catalog, holder: Holder, requirement: &Requirement) -> bool {
    catalog
        .open_alternatives(requirement, holder)
        .next()
        .is_none()
}

/// The unneeded endpoints that the candidates can open, indexed by the scopes that do it.
struct Reach {
    /// How many endpoints there are; writes stand before reads.
    writes: usize,
    total: usize,
    /// For each scope, the endpoints that it opens alone.
    alone: Vec<Option<FixedBitSet>>,
    /// For each scope, the ways of several scopes that it is part of: the scopes, the endpoint, the highest risk.
    together: Vec<Vec<(Vec<ScopeId>, usize, Risk)>>,
    risks: Vec<Risk>,
    /// What the holder may carry at all: what a scope implies beyond it is dropped.
    carried: ScopeSet,
}

impl Reach {
    fn new(
        catalog: &Catalog,
        holder: Holder,
        needs: &[NeedKind],
        open: &[Vec<Vec<ScopeId>>],
    ) -> Self {
        let mut possible = catalog.empty_set();
        for scope in open.iter().flatten().flatten() {
            possible.union_with(catalog.closure(*scope));
        }
        let possible = catalog.carried(holder, &possible);
        let needed = |index: usize| needs.contains(&NeedKind::Endpoint(index));
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
                    && !needed(*index)
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
struct State {
    chosen: ScopeSet,
    effective: ScopeSet,
    /// Endpoints opened at critical risk; at critical or high; at any.
    opened: [FixedBitSet; 3],
    cost: Cost,
}

impl State {
    fn new(catalog: &Catalog, reach: &Reach) -> Self {
        let empty = FixedBitSet::with_capacity(reach.total);
        Self {
            chosen: catalog.empty_set(),
            effective: catalog.empty_set(),
            opened: [empty.clone(), empty.clone(), empty],
            cost: Cost::default(),
        }
    }

    /// The state with these scopes chosen as well.
    fn with(&self, catalog: &Catalog, reach: &Reach, scopes: &[ScopeId]) -> Self {
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
        let skipped = match risk {
            Risk::Critical => 0,
            Risk::High => 1,
            Risk::Medium | Risk::Low => 2,
        };
        self.opened.iter_mut().skip(skipped)
    }

    fn count(&mut self, reach: &Reach) {
        for (level, opened) in self.opened.iter().enumerate() {
            let count = |range| u32::try_from(opened.count_ones(range)).unwrap_or(u32::MAX);
            self.cost.writes[level] = count(0..reach.writes);
            self.cost.reads[level] = count(reach.writes..reach.total);
        }
    }
}

struct Best {
    chosen: ScopeSet,
    cost: Cost,
    names: Vec<String>,
}

struct Search<'a> {
    catalog: &'a Catalog,
    reach: &'a Reach,
    best: Option<Best>,
    /// Every set seen that costs as much as the best.
    ties: Vec<ScopeSet>,
    nodes: u64,
}

impl Search<'_> {
    /// Meets the open needs in every way that can still be the best.
    fn descend(&mut self, state: &State, open: &[Vec<Vec<ScopeId>>]) {
        self.nodes += 1;
        if self.nodes > MOST_NODES && self.best.is_some() {
            return;
        }
        let met =
            |choices: &[Vec<ScopeId>]| choices.iter().any(|choice| state.chosen.has_all(choice));
        let open: Vec<&Vec<Vec<ScopeId>>> = open.iter().filter(|choices| !met(choices)).collect();
        if open.is_empty() {
            self.offer(state);
            return;
        }
        // Look one step ahead at every need: the one whose cheapest way costs most bounds the whole, and the one with
        // the fewest ways that are still worth taking is decided next.
        let mut decided: Option<Vec<State>> = None;
        for choices in &open {
            let mut ways: Vec<State> = choices
                .iter()
                .map(|choice| state.with(self.catalog, self.reach, choice))
                .filter(|way| self.is_worth(way))
                .collect();
            if ways.is_empty() {
                return;
            }
            ways.sort_by_key(|way| way.cost);
            let forced = ways.len() == 1;
            if decided
                .as_ref()
                .is_none_or(|decided| ways.len() < decided.len())
            {
                decided = Some(ways);
            }
            if forced {
                break;
            }
        }
        let rest: Vec<Vec<Vec<ScopeId>>> = open.into_iter().cloned().collect();
        for way in decided.into_iter().flatten() {
            if self.is_worth(&way) {
                self.descend(&way, &rest);
            }
        }
    }

    /// Whether a set that contains this one could still be the answer.
    fn is_worth(&self, state: &State) -> bool {
        self.best
            .as_ref()
            .is_none_or(|best| state.cost <= best.cost)
    }

    fn offer(&mut self, state: &State) {
        let mut names: Vec<String> = state
            .chosen
            .iter()
            .map(|id| self.catalog.name(id).to_owned())
            .collect();
        names.sort_unstable();
        let better = match &self.best {
            None => true,
            Some(best) => match state.cost.cmp(&best.cost) {
                Ordering::Less => true,
                Ordering::Equal => {
                    if self.ties.len() <= MOST_TIES && !self.ties.contains(&state.chosen) {
                        self.ties.push(state.chosen.clone());
                    }
                    names < best.names
                }
                Ordering::Greater => false,
            },
        };
        if better {
            if self.best.as_ref().is_none_or(|best| state.cost < best.cost) {
                self.ties = vec![state.chosen.clone()];
            }
            self.best = Some(Best {
                chosen: state.chosen.clone(),
                cost: state.cost,
                names,
            });
        }
    }
}
