//! The least set of scopes that meets some needs: an exact search.
//!
//! The cost of a set is compared field by field, smaller first: deprecated scopes; writes that nobody needs, those at
//! critical risk, then at critical or high, then all; reads likewise; critical scopes, then high ones, then medium ones;
//! scopes written. Of sets that cost the same, the one wins of which a key has the most by name, and last the one with
//! the first names, so that the answer is always the same. Adding a scope never lowers a field of the cost, so the cost
//! of a partial set bounds every set that contains it: branch and bound finds the least, and proves it.

mod key_types;
mod reach;
mod search;

use std::collections::HashSet;

use crate::model::{Catalog, Holder, NeedKind, Requirement, ScopeId, ScopeSet, Verdict};
pub use key_types::{TypeCost, opened_by_type};
use reach::{Reach, State};
use search::Search;

/// The ways to meet one need: sets of scopes to write, none wider than another.
type Choices = Vec<Vec<ScopeId>>;

/// The fields of a cost that can be counted: what is compared before names are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Cost {
    /// Deprecated scopes.
    pub deprecated: u32,
    /// Unneeded writes: at critical risk; at critical or high; all.
    pub writes: [u32; 3],
    /// Unneeded reads: likewise.
    pub reads: [u32; 3],
    /// Scopes: critical; high; medium. Without the last, a write scope of which the catalog knows no write would cost no
    /// more than a read scope.
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

/// More sets of the same cost than this are not listed.
pub const MOST_TIES: usize = 16;

/// Nodes of the search after which the best answer so far is given, not proven.
pub const MOST_NODES: u64 = 200_000;
/// Ways to meet one need that are looked at, once implied scopes are unfolded.
const MOST_CHOICES: usize = 4096;

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
    find(catalog, holder, needs, needs, candidates, has, true)
}

/// The answer of [`solve`] without its ties, which are not looked for.
pub fn least(
    catalog: &Catalog,
    holder: Holder,
    needs: &[NeedKind],
    candidates: &ScopeSet,
    has: Option<&ScopeSet>,
) -> Solution {
    find(catalog, holder, needs, needs, candidates, has, false)
}

/// The answer of [`least`] to some of a key's needs, where what all of them name counts as needed.
pub fn least_of(
    catalog: &Catalog,
    holder: Holder,
    needs: &[NeedKind],
    all: &[NeedKind],
    candidates: &ScopeSet,
    has: Option<&ScopeSet>,
) -> Solution {
    find(catalog, holder, needs, all, candidates, has, false)
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

fn find(
    catalog: &Catalog,
    holder: Holder,
    needs: &[NeedKind],
    all: &[NeedKind],
    candidates: &ScopeSet,
    has: Option<&ScopeSet>,
    with_ties: bool,
) -> Solution {
    let carriers = carriers(catalog, &catalog.carried(holder, candidates));
    let mut unmet = Vec::new();
    let mut open: Vec<Choices> = Vec::new();
    let mut seen: HashSet<Choices> = HashSet::new();
    let mut complete = true;
    for (index, need) in needs.iter().enumerate() {
        match choices(catalog, holder, *need, &carriers, &mut complete) {
            Some(choices) if choices.is_empty() => unmet.push(index),
            Some(choices) if seen.insert(choices.clone()) => open.push(choices),
            // Nothing is asked for, or the same as before.
            _ => {}
        }
    }
    let reach = Reach::new(catalog, holder, all, &open);
    let start = State::new(catalog, &reach);
    let mut search = Search::new(catalog, &reach, has);
    let least = search.least(&start, open.clone());
    let proven = complete && search.is_exhaustive();
    let ties = match with_ties {
        true => search.ties(&start, open, &least),
        false => Vec::new(),
    };
    Solution {
        chosen: least.chosen,
        cost: least.cost,
        proven,
        ties,
        unmet,
    }
}

/// For each scope, the candidates that carry it: itself, and those that imply it.
fn carriers(catalog: &Catalog, candidates: &ScopeSet) -> Vec<Vec<ScopeId>> {
    let mut carriers = vec![Vec::new(); catalog.scopes.len()];
    for candidate in candidates.iter() {
        for id in catalog.closure(candidate).iter() {
            carriers[id.index()].push(candidate);
        }
    }
    carriers
}

/// The sets of candidates that meet a need, none wider than another; `None` where nothing is asked for.
fn choices(
    catalog: &Catalog,
    holder: Holder,
    need: NeedKind,
    carriers: &[Vec<ScopeId>],
    complete: &mut bool,
) -> Option<Choices> {
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
        // Each scope may be written itself, or carried by another one.
        let mut partial: Vec<Vec<ScopeId>> = vec![Vec::new()];
        for wanted in &alternative.scopes {
            let mut next = Vec::new();
            for set in &partial {
                if set
                    .iter()
                    .any(|chosen| catalog.closure(*chosen).has(*wanted))
                {
                    next.push(set.clone());
                    continue;
                }
                for carrier in &carriers[wanted.index()] {
                    let mut set = set.clone();
                    set.push(*carrier);
                    set.sort_unstable();
                    next.push(set);
                }
            }
            next.sort_unstable();
            next.dedup();
            *complete &= next.len() <= MOST_CHOICES;
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
