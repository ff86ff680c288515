//! Branch and bound: first the forced choices, then independent parts, then the remaining choices.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};

use super::reach::{Reach, State, level};
use super::{Choices, Cost, Effort, MOST_NODES, MOST_TIES};
use crate::model::{Catalog, ScopeId, ScopeSet};

/// The most nodes to visit when looking for ties.
const MOST_TIE_NODES: u64 = 20_000;

pub(super) struct Search<'a> {
    catalog: &'a Catalog,
    reach: &'a Reach,
    /// What a key has by name, where there is a key.
    has: Option<&'a ScopeSet>,
    nodes: u64,
    effort: &'a Effort,
    /// Whether the search was stopped early.
    is_given_up: Cell<bool>,
}

/// A state with open needs, and the ways to go on from it that are still to be tried.
struct Level<'c> {
    open: Vec<&'c Choices>,
    ways: std::vec::IntoIter<State>,
}

/// Whether a state meets a need.
fn meets(state: &State, choices: &Choices) -> bool {
    choices.iter().any(|choice| state.chosen.has_all(choice))
}

/// The scopes of needs that can be met in only one way, which are forced.
fn forced(open: &[Choices]) -> Vec<ScopeId> {
    let deciding = open.iter().filter(|choices| choices.len() == 1);
    deciding.flatten().flatten().copied().collect()
}

/// A lower bound for the cost of any set that contains this one and at least one more scope.
fn bound(state: &State) -> Cost {
    Cost {
        written: state.cost.written + 1,
        ..state.cost
    }
}

impl<'a> Search<'a> {
    pub(super) fn new(
        catalog: &'a Catalog,
        reach: &'a Reach,
        has: Option<&'a ScopeSet>,
        effort: &'a Effort,
    ) -> Self {
        Self {
            catalog,
            reach,
            has,
            nodes: 0,
            effort,
            is_given_up: Cell::new(false),
        }
    }

    /// Whether the search never reached its limit.
    pub(super) fn is_exhaustive(&self) -> bool {
        self.nodes <= MOST_NODES && !self.is_given_up.get()
    }

    fn with(&self, state: &State, choice: &[ScopeId]) -> State {
        self.effort.spend(self.reach.words);
        state.with(self.catalog, self.reach, choice)
    }

    /// Whether to stop and return the best known answer as unproven.
    fn gives_up(&self) -> bool {
        if self.effort.is_spent() {
            self.is_given_up.set(true);
        }
        self.is_given_up.get()
    }

    fn spend(&self, count: usize) {
        self.effort.spend(u64::try_from(count).unwrap_or(u64::MAX));
    }

    /// The least state that contains `base` and meets the open needs.
    pub(super) fn least(&mut self, base: &State, mut open: Vec<Choices>) -> State {
        let mut base = base.clone();
        let mut incumbent: Option<State> = None;
        loop {
            open.retain(|choices| !meets(&base, choices));
            if open.is_empty() {
                return base;
            }
            let forced = forced(&open);
            if !forced.is_empty() {
                base = self.with(&base, &forced);
                continue;
            }
            let found = self.greedy(&base, &open);
            if incumbent
                .as_ref()
                .is_none_or(|best| self.is_before(&found, best))
            {
                incumbent = Some(found);
            }
            let Some(best) = &incumbent else { return base };
            if self.gives_up() {
                return best.clone();
            }
            let before: usize = open.iter().map(Vec::len).sum();
            // A choice that alone costs more than a known solution cannot be part of the answer.
            for choices in &mut open {
                choices.retain(|choice| self.with(&base, choice).cost <= best.cost);
            }
            self.drop_dominated(&base, &mut open);
            if open.iter().map(Vec::len).sum::<usize>() == before {
                break;
            }
            // The known solution may use a removed choice. Forget it, because the remaining choices allow an equally
            // good one.
            incumbent = None;
        }
        let parts = self.parts(&base, &open);
        if parts.len() > 1 {
            // Parts share no scope and no endpoint, so their costs add up, and so do their answers.
            let mut whole = base.clone();
            for part in parts {
                let part = self.least(&base, part).chosen;
                let part: Vec<ScopeId> = part.iter().filter(|id| !base.chosen.has(*id)).collect();
                whole = self.with(&whole, &part);
            }
            return whole;
        }
        let mut best = incumbent.unwrap_or_else(|| self.greedy(&base, &open));
        self.descend(base, open.iter().collect(), &mut best);
        best
    }

    /// Meets the open needs greedily, each with the way that costs least so far.
    fn greedy(&self, base: &State, open: &[Choices]) -> State {
        let mut state = base.clone();
        // A need that is met stays met.
        for choices in open {
            if meets(&state, choices) {
                continue;
            }
            // If the effort is used up, take the first way.
            let few = if self.effort.is_spent() {
                1
            } else {
                choices.len()
            };
            let ways = choices.iter().take(few);
            let ways = ways.map(|choice| self.with(&state, choice));
            if let Some(way) = ways.min_by_key(|way| way.cost) {
                state = way;
            }
        }
        state
    }

    /// Removes every choice that another one can replace in any answer without making the answer worse: the other one
    /// meets at least the same needs, opens at most the same endpoints at no higher risk, and comes first by name or
    /// risk.
    fn drop_dominated(&self, base: &State, open: &mut [Choices]) {
        let mut users: HashMap<ScopeId, Vec<usize>> = HashMap::new();
        for (need, choices) in open.iter().enumerate() {
            for scope in choices.iter().flatten() {
                let users = users.entry(*scope).or_default();
                if users.last() != Some(&need) {
                    users.push(need);
                }
            }
        }
        let mut known: HashMap<(ScopeId, ScopeId), bool> = HashMap::new();
        for need in 0..open.len() {
            let alone = |choices: &Choices| -> Vec<ScopeId> {
                let alone = choices.iter().filter(|choice| choice.len() == 1);
                alone.flatten().copied().collect()
            };
            // A removed scope is not compared again. Earlier comparisons with it stay valid, because every need still
            // has the better scope.
            let mut scopes = alone(&open[need]);
            let mut at = 0;
            while at < scopes.len() {
                if self.gives_up() {
                    return;
                }
                self.spend(scopes.len());
                let worse = scopes[at];
                let is_dominated = scopes.iter().any(|better| {
                    let dominates = || self.dominates(base, open, &users, *better, worse);
                    *better != worse && *known.entry((*better, worse)).or_insert_with(dominates)
                });
                if !is_dominated {
                    at += 1;
                    continue;
                }
                for user in &users[&worse] {
                    open[*user].retain(|choice| !choice.contains(&worse));
                }
                scopes.remove(at);
            }
        }
    }

    fn dominates(
        &self,
        base: &State,
        open: &[Choices],
        users: &HashMap<ScopeId, Vec<usize>>,
        better: ScopeId,
        worse: ScopeId,
    ) -> bool {
        let catalog = self.catalog;
        let fresh = |scope: ScopeId| {
            let closure = catalog.closure(scope).iter();
            closure
                .filter(|id| self.reach.carried.has(*id) && !base.effective.has(*id))
                .collect::<Vec<_>>()
        };
        let (gains, other) = (fresh(better), fresh(worse));
        // What combinations of scopes open depends on the other choices, so leave these to the search.
        if gains.iter().any(|id| !self.reach.together(*id).is_empty()) {
            return false;
        }
        let (a, b) = (self.with(base, &[better]), self.with(base, &[worse]));
        // On a side of a conflict that the other is not on, it may exclude what another need takes.
        if !a.sides.is_subset(&b.sides) {
            return false;
        }
        let counts = |state: &State| {
            let [critical, high, medium] = state.cost.risky;
            [state.cost.deprecated, critical, high, medium]
        };
        let mut counts = counts(&a).into_iter().zip(counts(&b));
        if counts.clone().any(|(a, b)| a > b) {
            return false;
        }
        let is_surely_cheaper = counts.any(|(a, b)| a < b);
        let order = |scope: ScopeId| (!self.is_held(scope), catalog.name(scope));
        if !is_surely_cheaper && order(better) > order(worse) {
            return false;
        }
        // If either scope adds more than itself, other choices may rely on the implied scopes, so do not compare them.
        let shares = |scopes: &[ScopeId]| scopes.len() > 1;
        if shares(&gains) || shares(&other) {
            return false;
        }
        if !a.opened.iter().zip(&b.opened).all(|(a, b)| a.is_subset(b)) {
            return false;
        }
        users[&worse].iter().all(|user| {
            let choices = &open[*user];
            self.spend(choices.len());
            let replaced = |choice: &Vec<ScopeId>| {
                let mut choice: Vec<ScopeId> =
                    choice.iter().copied().filter(|id| *id != worse).collect();
                choice.push(better);
                choices
                    .iter()
                    .any(|other| other.iter().all(|id| choice.contains(id)))
            };
            choices
                .iter()
                .filter(|choice| choice.contains(&worse))
                .all(replaced)
        })
    }

    /// The needs in parts that share no scope, no implied scope and no endpoint that is not open already.
    fn parts(&self, base: &State, open: &[Choices]) -> Vec<Vec<Choices>> {
        let mut groups = Groups::new(open.len());
        let mut owner: HashMap<Item, usize> = HashMap::new();
        for (need, choices) in open.iter().enumerate() {
            for scope in choices.iter().flatten() {
                if let Some(other) = owner.insert(Item::Scope(*scope), need) {
                    groups.join(need, other);
                    continue;
                }
                for item in self.touches(base, *scope) {
                    if let Some(other) = owner.insert(item, need) {
                        groups.join(need, other);
                    }
                }
            }
        }
        // A group is named by its first need, so the parts come in the order of the needs.
        let mut parts: BTreeMap<usize, Vec<Choices>> = BTreeMap::new();
        for (need, choices) in open.iter().enumerate() {
            let part = parts.entry(groups.find(need)).or_default();
            part.push(choices.clone());
        }
        parts.into_values().collect()
    }

    /// Everything that a choice of this scope can change: scopes that come with it, and endpoints.
    fn touches(&self, base: &State, scope: ScopeId) -> Vec<Item> {
        let mut items = Vec::new();
        let fresh = self.catalog.closure(scope).iter();
        for id in fresh.filter(|id| self.reach.carried.has(*id) && !base.effective.has(*id)) {
            items.push(Item::Effective(id));
            let sides = self.reach.sides(id).iter();
            items.extend(sides.map(|(conflict, _)| Item::Conflict(*conflict)));
            if let Some(alone) = self.reach.alone.get(&id) {
                // Endpoints that are already open at this or a higher risk do not change the cost.
                let opened = &base.opened[level(self.reach.risk(self.catalog, id))];
                items.extend(alone.difference(opened).map(Item::Endpoint));
            }
            for way in self.reach.together(id) {
                items.push(Item::Endpoint(way.bit));
                items.extend(way.scopes.iter().copied().map(Item::Effective));
            }
        }
        items
    }

    /// Tries every way to meet the open needs that can still beat the best.
    fn descend(&mut self, base: State, open: Vec<&Choices>, best: &mut State) {
        let mut levels = Vec::from_iter(self.visit(base, open, best));
        while let Some(level) = levels.last_mut() {
            match level.ways.next() {
                Some(way) if way.cost <= best.cost => {
                    let open = level.open.clone();
                    levels.extend(self.visit(way, open, best));
                }
                Some(_) => {}
                None => {
                    levels.pop();
                }
            }
        }
    }

    /// Continues from a state while the next choice is forced; returns the first level with several ways, if there is
    /// one.
    fn visit<'c>(
        &mut self,
        mut state: State,
        mut open: Vec<&'c Choices>,
        best: &mut State,
    ) -> Option<Level<'c>> {
        loop {
            self.nodes += 1;
            self.spend(open.len());
            if self.nodes > MOST_NODES || self.gives_up() {
                return None;
            }
            open.retain(|choices| !meets(&state, choices));
            if open.is_empty() {
                if self.is_before(&state, best) {
                    *best = state;
                }
                return None;
            }
            if bound(&state) > best.cost {
                return None;
            }
            let mut ways = self.next_ways(&state, &open, best.cost)?;
            if ways.len() > 1 {
                let ways = ways.into_iter();
                return Some(Level { open, ways });
            }
            state = ways.pop()?;
        }
    }

    /// Looks one step ahead at every need, and gives the ways to meet the one that has the fewest; `None` where some need
    /// has no way that costs at most `limit`: then nothing below this state does.
    fn next_ways(&self, state: &State, open: &[&Choices], limit: Cost) -> Option<Vec<State>> {
        let mut decided: Option<Vec<State>> = None;
        for choices in open {
            let ways = choices.iter().map(|choice| self.with(state, choice));
            let mut ways: Vec<State> = ways.filter(|way| way.cost <= limit).collect();
            if ways.is_empty() {
                return None;
            }
            ways.sort_by_key(|way| way.cost);
            let forced = ways.len() == 1;
            if decided
                .as_ref()
                .is_none_or(|decided| ways.len() < decided.len())
            {
                decided = Some(ways);
            }
            if forced || self.gives_up() {
                break;
            }
        }
        decided
    }

    /// Whether a key has the scope by name. Always true without a key, so that all scopes are treated alike.
    fn is_held(&self, scope: ScopeId) -> bool {
        self.has.is_none_or(|has| has.has(scope))
    }

    /// Whether a state costs less than another, or the same with fewer scopes that a key does not have, or with earlier
    /// names.
    fn is_before(&self, state: &State, other: &State) -> bool {
        let new = |state: &State| state.chosen.iter().filter(|id| !self.is_held(*id)).count();
        let names = |state: &State| {
            let mut names: Vec<&str> = state
                .chosen
                .iter()
                .map(|id| self.catalog.name(id))
                .collect();
            names.sort_unstable();
            names
        };
        match state.cost.cmp(&other.cost) {
            std::cmp::Ordering::Less => true,
            std::cmp::Ordering::Equal => (new(state), names(state)) < (new(other), names(other)),
            std::cmp::Ordering::Greater => false,
        }
    }

    /// Other sets that cost as much as the least one, some of them where there are many.
    pub(super) fn ties(
        &self,
        start: &State,
        mut open: Vec<Choices>,
        least: &State,
    ) -> Vec<ScopeSet> {
        let mut start = start.clone();
        loop {
            if self.effort.is_spent() {
                return Vec::new();
            }
            for choices in open.iter_mut().filter(|choices| choices.len() > 1) {
                choices.retain(|choice| self.with(&start, choice).cost <= least.cost);
            }
            start = self.with(&start, &forced(&open));
            let before = open.len();
            open.retain(|choices| !meets(&start, choices));
            if open.len() == before {
                break;
            }
        }
        let open: Vec<&Choices> = open.iter().collect();
        let mut ties = Vec::new();
        let mut levels = vec![Level {
            open,
            ways: vec![start].into_iter(),
        }];
        for _ in 0..MOST_TIE_NODES {
            let Some(level) = levels.last_mut() else {
                break;
            };
            if ties.len() >= MOST_TIES || self.effort.is_spent() {
                break;
            }
            let Some(state) = level.ways.next() else {
                levels.pop();
                continue;
            };
            let mut open = level.open.clone();
            self.spend(open.len());
            open.retain(|choices| !meets(&state, choices));
            if open.is_empty() {
                if state.chosen != least.chosen && !ties.contains(&state.chosen) {
                    ties.push(state.chosen);
                }
                continue;
            }
            if bound(&state) > least.cost {
                continue;
            }
            let ways = self.next_ways(&state, &open, least.cost);
            levels.extend(ways.map(|ways| Level {
                open,
                ways: ways.into_iter(),
            }));
        }
        ties
    }
}

/// Something that two needs can share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Item {
    /// A scope that may be written.
    Scope(ScopeId),
    /// A scope that may come to be held.
    Effective(ScopeId),
    /// An endpoint that may be opened, by its bit.
    Endpoint(usize),
    /// A conflict that it may be part of.
    Conflict(usize),
}

/// Needs that belong together: a union-find.
struct Groups(Vec<usize>);

impl Groups {
    fn new(size: usize) -> Self {
        Self((0..size).collect())
    }

    fn find(&mut self, need: usize) -> usize {
        let mut root = need;
        while self.0[root] != root {
            self.0[root] = self.0[self.0[root]];
            root = self.0[root];
        }
        root
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        self.0[a.max(b)] = a.min(b);
    }
}
