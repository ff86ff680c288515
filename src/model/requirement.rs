//! What an endpoint asks: any of several alternatives, each all of some scopes, each open to some key types.
//!
//! A requirement is kept in one normal form: for each key type an antichain, so no alternative is wider than another
//! that the same key type may use. Two requirements that mean the same are therefore equal.

use std::collections::HashMap;

use super::index::{KeyTypeId, ScopeId};
use super::set::{Mask, ScopeSet};

/// One way to meet a requirement.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Alternative {
    /// All of these scopes, sorted; none means that the key alone is enough.
    pub scopes: Vec<ScopeId>,
    /// The key types that this way is open to; never empty.
    pub key_types: Mask<KeyTypeId>,
}

/// A set of alternatives, any of which meets it. If empty, nothing meets it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Requirement {
    alternatives: Vec<Alternative>,
}

/// An AND of ORs can multiply; more alternatives than this are refused with a finding.
pub const MOST_ALTERNATIVES: usize = 4096;

/// The most scopes and alternatives of a requirement that is built by combining others.
const MOST_ROOM: usize = 1 << 20;

/// The expansion of a requirement passed [`MOST_ALTERNATIVES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooWide;

impl Requirement {
    /// Met by any key of these types, without a scope.
    pub fn any_key(key_types: Mask<KeyTypeId>) -> Self {
        Self::any([Alternative {
            scopes: Vec::new(),
            key_types,
        }])
    }

    /// Met by one scope, on these key types.
    pub fn scope(scope: ScopeId, key_types: Mask<KeyTypeId>) -> Self {
        Self::any([Alternative {
            scopes: vec![scope],
            key_types,
        }])
    }

    /// Met by any of these alternatives, in normal form.
    pub fn any(alternatives: impl IntoIterator<Item = Alternative>) -> Self {
        let mut sorted: Vec<Alternative> = alternatives.into_iter().collect();
        for alternative in &mut sorted {
            alternative.scopes.sort_unstable();
            alternative.scopes.dedup();
        }
        // Smaller sets first, so that a later set can only be as large or larger.
        sorted.sort_by(|a, b| (a.scopes.len(), &a.scopes).cmp(&(b.scopes.len(), &b.scopes)));
        // Merge equal sets; the result is open to the key types of all of them.
        sorted.dedup_by(|again, first| {
            let same = again.scopes == first.scopes;
            if same {
                first.key_types = first.key_types.or(again.key_types);
            }
            same
        });
        let mut kept: Vec<Alternative> = Vec::with_capacity(sorted.len());
        let mut index = SubsetIndex::new(sorted.iter().map(|one| one.scopes.as_slice()));
        let mut indexed = 0;
        for mut alternative in sorted {
            // Sets of the same size cannot contain each other, so only smaller ones are indexed.
            while indexed < kept.len() && kept[indexed].scopes.len() < alternative.scopes.len() {
                index.add(&kept[indexed].scopes, indexed);
                indexed += 1;
            }
            index.subsets(&alternative.scopes, |narrower| {
                let narrower: &Alternative = &kept[narrower];
                if is_subset(&narrower.scopes, &alternative.scopes) {
                    alternative.key_types = alternative.key_types.without(narrower.key_types);
                }
                !alternative.key_types.is_empty()
            });
            if !alternative.key_types.is_empty() {
                kept.push(alternative);
            }
        }
        Self { alternatives: kept }
    }

    /// All of several. Fails where the product of their alternatives is too wide.
    pub fn all<'a>(parts: impl IntoIterator<Item = &'a Self>) -> Result<Self, TooWide> {
        // Parts with a single alternative are collected in one set, because they cannot multiply.
        let mut certain = Alternative {
            scopes: Vec::new(),
            key_types: Mask::ALL,
        };
        let mut all: Option<Self> = None;
        for part in parts {
            match (part.alternatives.as_slice(), &all) {
                ([one], _) => {
                    certain.scopes.extend(&one.scopes);
                    certain.key_types = certain.key_types.and(one.key_types);
                }
                (_, Some(others)) => all = Some(others.and(part)?),
                (_, None) => all = Some(part.clone()),
            }
        }
        let certain = if certain.key_types.is_empty() {
            Self::default()
        } else {
            Self::any([certain])
        };
        match all {
            Some(others) => others.and(&certain),
            None => Ok(certain),
        }
    }

    /// How many scopes and alternatives it has in all, as a measure of its size.
    pub fn room(&self) -> usize {
        let rooms = self.alternatives.iter().map(|one| one.scopes.len() + 1);
        rooms.sum()
    }

    /// Either of two.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        Self::any(self.alternatives.iter().chain(&other.alternatives).cloned())
    }

    /// Both of two. Fails where the product of their alternatives is too wide.
    pub fn and(&self, other: &Self) -> Result<Self, TooWide> {
        let room = |one: &Self, other: &Self| one.room().saturating_mul(other.alternatives.len());
        if self.alternatives.len() * other.alternatives.len() > MOST_ALTERNATIVES
            || room(self, other).saturating_add(room(other, self)) > MOST_ROOM
        {
            return Err(TooWide);
        }
        let mut product = Vec::new();
        for a in &self.alternatives {
            for b in &other.alternatives {
                let key_types = a.key_types.and(b.key_types);
                if !key_types.is_empty() {
                    let scopes = a.scopes.iter().chain(&b.scopes).copied().collect();
                    product.push(Alternative { scopes, key_types });
                }
            }
        }
        Ok(Self::any(product))
    }

    /// The same requirement, open to these key types only.
    #[must_use]
    pub fn on(&self, key_types: Mask<KeyTypeId>) -> Self {
        Self::any(self.alternatives.iter().map(|alternative| Alternative {
            scopes: alternative.scopes.clone(),
            key_types: alternative.key_types.and(key_types),
        }))
    }

    /// The alternatives, smaller ones first.
    pub fn alternatives(&self) -> &[Alternative] {
        &self.alternatives
    }

    /// The alternatives open to a key type.
    pub fn open_to(&self, key_type: KeyTypeId) -> impl Iterator<Item = &Alternative> {
        self.alternatives
            .iter()
            .filter(move |alternative| alternative.key_types.has(key_type))
    }

    /// Whether a key of the type with these effective scopes meets it.
    pub fn is_met(&self, scopes: &ScopeSet, key_type: KeyTypeId) -> bool {
        self.open_to(key_type)
            .any(|alternative| scopes.has_all(&alternative.scopes))
    }

    /// Whether every key that meets it meets the other.
    pub fn implies(&self, other: &Self) -> bool {
        self.alternatives.iter().all(|mine| {
            let open = other.alternatives.iter();
            let met = open
                .filter(|theirs| is_subset(&theirs.scopes, &mine.scopes))
                .fold(Mask::NONE, |mask, theirs| mask.or(theirs.key_types));
            mine.key_types.is_subset(met)
        })
    }

    /// The key types that some alternative is open to.
    pub fn key_types(&self) -> Mask<KeyTypeId> {
        self.alternatives
            .iter()
            .fold(Mask::NONE, |mask, alternative| {
                mask.or(alternative.key_types)
            })
    }

    /// The key types that meet it without any scope.
    pub fn free_for(&self) -> Mask<KeyTypeId> {
        self.alternatives
            .iter()
            .filter(|alternative| alternative.scopes.is_empty())
            .fold(Mask::NONE, |mask, alternative| {
                mask.or(alternative.key_types)
            })
    }

    /// Every scope that some alternative names, sorted.
    pub fn scopes(&self) -> Vec<ScopeId> {
        let mut scopes: Vec<ScopeId> = self
            .alternatives
            .iter()
            .flat_map(|a| a.scopes.iter().copied())
            .collect();
        scopes.sort_unstable();
        scopes.dedup();
        scopes
    }
}

/// Whether one sorted list is part of another.
fn is_subset(small: &[ScopeId], large: &[ScopeId]) -> bool {
    let mut rest = large.iter();
    small.iter().all(|scope| rest.any(|other| other == scope))
}

/// An index for finding the subsets of a set of scopes: each indexed set is stored under its rarest scope.
pub(crate) struct SubsetIndex {
    times: HashMap<ScopeId, u32>,
    by_scope: HashMap<ScopeId, Vec<usize>>,
    has_empty: Option<usize>,
}

impl SubsetIndex {
    /// An empty index of sets that are among these.
    pub(crate) fn new<'a>(sets: impl Iterator<Item = &'a [ScopeId]>) -> Self {
        let mut times: HashMap<ScopeId, u32> = HashMap::new();
        for id in sets.flatten() {
            *times.entry(*id).or_default() += 1;
        }
        Self {
            times,
            by_scope: HashMap::new(),
            has_empty: None,
        }
    }

    /// Adds a set by a number.
    pub(crate) fn add(&mut self, set: &[ScopeId], number: usize) {
        match set.iter().min_by_key(|id| self.times.get(id)) {
            Some(rarest) => self.by_scope.entry(*rarest).or_default().push(number),
            None => self.has_empty = Some(number),
        }
    }

    /// Calls `see` with the number of each candidate subset of this set, until it returns `false`.
    pub(crate) fn subsets(&self, set: &[ScopeId], mut see: impl FnMut(usize) -> bool) {
        let under = set.iter().filter_map(|id| self.by_scope.get(id)).flatten();
        for number in self.has_empty.iter().chain(under) {
            if !see(*number) {
                return;
            }
        }
    }
}

/// The minimal ones of some sorted sets: those that contain no other. Smaller ones first.
pub(crate) fn minimal(mut sets: Vec<Vec<ScopeId>>) -> Vec<Vec<ScopeId>> {
    sets.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    sets.dedup();
    let mut index = SubsetIndex::new(sets.iter().map(Vec::as_slice));
    let mut kept: Vec<Vec<ScopeId>> = Vec::new();
    let mut indexed = 0;
    for set in sets {
        while indexed < kept.len() && kept[indexed].len() < set.len() {
            index.add(&kept[indexed], indexed);
            indexed += 1;
        }
        let mut is_wider = false;
        index.subsets(&set, |smaller| {
            is_wider = is_subset(&kept[smaller], &set);
            !is_wider
        });
        if !is_wider {
            kept.push(set);
        }
    }
    kept
}
