//! The least set of scopes that meets some needs: an exact search.
//!
//! The cost of a set is compared field by field, smaller first: scopes that cannot be on one key; deprecated scopes; writes that nobody needs, those at
//! critical risk, then at critical or high, then all; reads likewise; critical scopes, then high ones, then medium ones;
//! scopes written. Of sets that cost the same, the one wins of which a key has the most by name, and last the one with
//! the first names, so that the answer is always the same. Adding a scope never lowers a field of the cost, so the cost
//! of a partial set bounds every set that contains it: branch and bound finds the least, and proves it.

mod key_types;
mod reach;
mod search;

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use crate::model::{
    Catalog, EnvironmentId, Holder, KeyTypeId, NeedKind, Requirement, ScopeId, ScopeSet, Verdict,
    minimal,
};
use crate::source::limits::{LEAST_SEARCHED, MOST_SEARCHED};
pub use key_types::{TypeCost, opened_by_type};
use reach::{Reach, State};
use search::Search;

/// The ways to meet one need: sets of scopes to write, none wider than another.
type Choices = Vec<Vec<ScopeId>>;

/// The countable fields of a cost, which are compared before names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Cost {
    /// For each conflict of the catalog, the sides beyond the first that the set has scopes of. A set that has any is no
    /// answer.
    pub conflicts: u32,
    /// Deprecated scopes.
    pub deprecated: u32,
    /// Unneeded writes: at critical risk; at critical or high; all.
    pub writes: [u32; 3],
    /// Unneeded reads: likewise.
    pub reads: [u32; 3],
    /// Scopes: critical; high; medium. Without medium, a write scope whose writes the catalog does not know would cost
    /// no more than a read scope.
    pub risky: [u32; 3],
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
    /// Other sets that cost the same, at most [`MOST_TIES`]; none where they were not asked for.
    pub ties: Vec<ScopeSet>,
    /// The needs, by position, that no choice of candidates meets.
    pub unmet: Vec<usize>,
}

impl Solution {
    /// Whether the needs force scopes that cannot be on one key.
    pub fn is_conflicting(&self) -> bool {
        self.cost.conflicts > 0
    }
}

/// The most other sets of the same cost that are listed.
pub const MOST_TIES: usize = 16;

/// Nodes of the search after which the best answer so far is given, not proven.
pub const MOST_NODES: u64 = 200_000;
/// The most ways to meet one need, after implied scopes are expanded.
const MOST_CHOICES: usize = 4096;
/// Of more needs than this, those that exclude each other are not singled out.
const MOST_EXCLUDING: usize = 200;
/// The most scopes in all ways to meet one need, after expansion.
const MOST_ROOM: usize = 1 << 20;

/// The remaining search effort for one key, counted in memory words read.
#[derive(Debug)]
pub struct Effort {
    left: Cell<u64>,
    /// The remaining effort of the current search.
    here: Cell<u64>,
}

impl Default for Effort {
    fn default() -> Self {
        Self {
            left: Cell::new(MOST_SEARCHED),
            here: Cell::new(0),
        }
    }
}

impl Effort {
    /// The part of an effort that each of several searches for one answer gets.
    pub fn part_of(searches: usize) -> Self {
        let searches = u64::try_from(searches.max(1)).unwrap_or(u64::MAX);
        Self {
            left: Cell::new(MOST_SEARCHED / searches),
            here: Cell::new(0),
        }
    }

    /// Begins a search with all remaining effort, or with a small minimum if earlier searches used it up.
    fn begin(&self) {
        self.here.set(self.left.get().max(LEAST_SEARCHED));
    }

    fn spend(&self, words: u64) {
        self.left.set(self.left.get().saturating_sub(words));
        self.here.set(self.here.get().saturating_sub(words));
    }

    fn is_spent(&self) -> bool {
        self.here.get() == 0
    }
}

/// A question about the least set of a key.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// Type and environment of the key.
    pub holder: Holder,
    /// What the set must meet.
    pub needs: &'a [NeedKind],
    /// Everything that counts as needed.
    pub all: &'a [NeedKind],
    /// The scopes to choose from; `None` for every scope.
    pub candidates: Option<&'a ScopeSet>,
    /// What a key has by name, where there is a key.
    pub has: Option<&'a ScopeSet>,
}

/// The cache key of a question: the indices of its lists and sets among those seen before.
type Same = (
    KeyTypeId,
    Option<EnvironmentId>,
    usize,
    usize,
    Option<usize>,
    Option<usize>,
);

/// The answers to the questions about one key. The same question in several environments is answered once, and all of them
/// share one effort.
#[derive(Debug)]
pub struct Answers<'a> {
    catalog: &'a Catalog,
    effort: Effort,
    lists: HashMap<Vec<NeedKind>, usize>,
    sets: HashMap<ScopeSet, usize>,
    known: HashMap<Same, Solution>,
}

impl<'a> Answers<'a> {
    /// No answers yet.
    pub fn new(catalog: &'a Catalog) -> Self {
        Self {
            catalog,
            effort: Effort::default(),
            lists: HashMap::new(),
            sets: HashMap::new(),
            known: HashMap::new(),
        }
    }

    /// The least set, without its ties.
    pub fn least(&mut self, question: Question<'_>) -> Solution {
        let environment = question.holder.environment;
        let same = (
            question.holder.key_type,
            environment.map(|index| self.catalog.like_environment(index)),
            number(&mut self.lists, question.needs),
            number(&mut self.lists, question.all),
            question.candidates.map(|set| number(&mut self.sets, set)),
            question.has.map(|set| number(&mut self.sets, set)),
        );
        let effort = &self.effort;
        let answer = || find(self.catalog, question, false, effort);
        self.known.entry(same).or_insert_with(answer).clone()
    }
}

/// The index of a value among those seen before.
fn number<Q, K>(seen: &mut HashMap<K, usize>, one: &Q) -> usize
where
    Q: Hash + Eq + ToOwned<Owned = K> + ?Sized,
    K: Hash + Eq + std::borrow::Borrow<Q>,
{
    if let Some(number) = seen.get(one) {
        return *number;
    }
    let number = seen.len();
    seen.insert(one.to_owned(), number);
    number
}

/// Finds the least subset of `candidates` that meets the needs of a holder.
///
/// Needs that ask for no scope are met by any set. Needs that no subset meets are named in the answer, and the others
/// are still met. `has` is what a key has by name, where there is a key.
pub fn solve(
    catalog: &Catalog,
    holder: Holder,
    needs: &[NeedKind],
    candidates: &ScopeSet,
    has: Option<&ScopeSet>,
) -> Solution {
    let question = Question {
        holder,
        needs,
        all: needs,
        candidates: Some(candidates),
        has,
    };
    solve_with(catalog, question, &Effort::default())
}

/// The same, as far as an effort goes.
pub fn solve_with(catalog: &Catalog, question: Question<'_>, effort: &Effort) -> Solution {
    find(catalog, question, true, effort)
}

/// Of needs that force scopes which cannot be on one key, some that exclude each other, by position: without any of
/// them, the others would not. Empty where the needs force no such scopes.
pub fn excluding(catalog: &Catalog, question: Question<'_>, solution: &Solution) -> Vec<usize> {
    if !solution.is_conflicting() {
        return Vec::new();
    }
    let of_conflicts: Vec<&ScopeSet> = catalog
        .conflicts
        .iter()
        .flat_map(|one| &one.sides)
        .collect();
    let may_conflict = |need: NeedKind| {
        let named = catalog.scopes_of(need).into_iter();
        let mut carriers = named.flat_map(|id| catalog.carriers(id));
        carriers.any(|id| {
            of_conflicts
                .iter()
                .any(|side| side.meets(catalog.closure(*id)))
        })
    };
    let needs = question.needs.iter().enumerate();
    let mut left: Vec<usize> = needs
        .filter(|(index, need)| !solution.unmet.contains(index) && may_conflict(**need))
        .map(|(index, _)| index)
        .collect();
    let effort = Effort::default();
    let mut at = 0;
    while at < left.len() && left.len() > 1 && left.len() <= MOST_EXCLUDING {
        let mut fewer = left.clone();
        fewer.remove(at);
        let needs: Vec<NeedKind> = fewer.iter().map(|index| question.needs[*index]).collect();
        let question = Question {
            needs: &needs,
            ..question
        };
        if find(catalog, question, false, &effort).is_conflicting() {
            left = fewer;
        } else {
            at += 1;
        }
    }
    left
}

/// What a set costs that is written on a key with these needs.
pub fn cost(catalog: &Catalog, holder: Holder, needs: &[NeedKind], written: &[ScopeId]) -> Cost {
    let written: Vec<ScopeId> = written
        .iter()
        .copied()
        .filter(|id| catalog.carries(holder, *id))
        .collect();
    let reach = Reach::new(catalog, holder, needs, &[vec![written.clone()]]);
    State::new(catalog, &reach)
        .with(catalog, &reach, &written)
        .cost
}

fn find(catalog: &Catalog, question: Question<'_>, with_ties: bool, effort: &Effort) -> Solution {
    effort.begin();
    let mut unmet = Vec::new();
    let mut open: Vec<Choices> = Vec::new();
    let mut seen: HashSet<Choices> = HashSet::new();
    // Needs may occur several times; cache the result for each.
    let mut can_be_met: HashMap<NeedKind, bool> = HashMap::new();
    let mut complete = true;
    for (index, need) in question.needs.iter().enumerate() {
        if let Some(can_be_met) = can_be_met.get(need) {
            unmet.extend((!can_be_met).then_some(index));
            continue;
        }
        let choices = choices(catalog, question, *need, &mut complete, effort);
        can_be_met.insert(*need, choices.as_ref().is_none_or(|one| !one.is_empty()));
        match choices {
            Some(choices) if choices.is_empty() => unmet.push(index),
            Some(choices) if seen.insert(choices.clone()) => open.push(choices),
            // The need asks for nothing, or for the same as an earlier one.
            _ => {}
        }
    }
    let reach = Reach::new(catalog, question.holder, question.all, &open);
    let start = State::new(catalog, &reach);
    let mut search = Search::new(catalog, &reach, question.has, effort);
    let least = search.least(&start, open.clone());
    let proven = complete && search.is_exhaustive();
    let ties = if with_ties {
        search.ties(&start, open, &least)
    } else {
        Vec::new()
    };
    Solution {
        chosen: least.chosen,
        cost: least.cost,
        proven,
        ties,
        unmet,
    }
}

/// The sets of candidates that meet a need, none wider than another; `None` where nothing is asked for.
fn choices(
    catalog: &Catalog,
    question: Question<'_>,
    need: NeedKind,
    complete: &mut bool,
    effort: &Effort,
) -> Option<Choices> {
    let holder = question.holder;
    // Each scope may be written itself, or carried by another candidate.
    let carriers = |id: ScopeId| {
        let all = catalog.carriers(id).iter().copied();
        all.filter(|one| {
            question.candidates.is_none_or(|set| set.has(*one)) && catalog.carries(holder, *one)
        })
    };
    let own;
    let requirement = match need {
        NeedKind::Choice(index) => {
            match catalog.choice_verdict(holder, &catalog.empty_set(), index) {
                Verdict::MissingScope(_) => {
                    own = catalog.choice_requirement(holder, index);
                    &own
                }
                Verdict::WrongKeyType(_) => return Some(Vec::new()),
                _ => return None,
            }
        }
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
        let mut partial: Vec<Vec<ScopeId>> = vec![Vec::new()];
        for wanted in &alternative.scopes {
            let mut next = Vec::new();
            let mut room = 0;
            for set in &partial {
                if set
                    .iter()
                    .any(|chosen| catalog.closure(*chosen).has(*wanted))
                {
                    next.push(set.clone());
                    continue;
                }
                for carrier in carriers(*wanted) {
                    let mut set = set.clone();
                    let at = set.partition_point(|other| *other < carrier);
                    set.insert(at, carrier);
                    room += set.len();
                    next.push(set);
                }
                if room > MOST_ROOM {
                    break;
                }
            }
            effort.spend(u64::try_from(room).unwrap_or(u64::MAX));
            next.sort_unstable();
            next.dedup();
            *complete &= next.len() <= MOST_CHOICES && room <= MOST_ROOM;
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
    Some(minimal(sets))
}

fn requirement_is_closed(catalog: &Catalog, holder: Holder, requirement: &Requirement) -> bool {
    catalog
        .open_alternatives(requirement, holder)
        .next()
        .is_none()
}
