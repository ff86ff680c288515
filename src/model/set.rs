//! Sets over one catalog: scopes as bits, key types and environments as a word of bits.

use std::marker::PhantomData;
use std::sync::Arc;

use fixedbitset::FixedBitSet;

use super::index::{Id, IdRange, ScopeId};

/// A set of one catalog's scopes. Sets of different catalogs must not be mixed.
///
/// In large catalogs, small sets are stored as lists and larger ones as bits, because a catalog has one set for every
/// scope, and most of these contain only that scope.
#[derive(Debug, Clone)]
pub struct ScopeSet {
    size: usize,
    members: Members,
}

#[derive(Debug, Clone)]
enum Members {
    /// Sorted, each once.
    Few(Vec<ScopeId>),
    /// Copy-on-write: the members of a bundle are shared by every key that has the bundle.
    Many(Arc<FixedBitSet>),
}

/// Sets over at most so many scopes are always bits.
const SMALL: usize = 1024;

impl ScopeSet {
    /// The empty set over a catalog of `size` scopes.
    pub fn new(size: usize) -> Self {
        let members = if size <= SMALL {
            Members::Many(Arc::new(FixedBitSet::with_capacity(size)))
        } else {
            Members::Few(Vec::new())
        };
        Self { size, members }
    }

    /// The set of these scopes.
    pub fn of(size: usize, scopes: impl IntoIterator<Item = ScopeId>) -> Self {
        let mut set = Self::new(size);
        set.extend(scopes);
        set
    }

    /// Switches to bits if the list would take more memory.
    fn settle(&mut self) {
        if let Members::Few(list) = &self.members
            && list.len() > self.size / 32
        {
            let mut bits = FixedBitSet::with_capacity(self.size);
            bits.extend(list.iter().map(|scope| scope.index()));
            self.members = Members::Many(Arc::new(bits));
        }
    }

    /// Adds a scope; false where it was there.
    pub fn insert(&mut self, scope: ScopeId) -> bool {
        let is_new = match &mut self.members {
            Members::Many(bits) if bits.contains(scope.index()) => return false,
            Members::Many(bits) => return !Arc::make_mut(bits).put(scope.index()),
            Members::Few(list) => {
                if list.last().is_none_or(|last| *last < scope) {
                    list.push(scope);
                    true
                } else {
                    match list.binary_search(&scope) {
                        Ok(_) => false,
                        Err(at) => {
                            list.insert(at, scope);
                            true
                        }
                    }
                }
            }
        };
        self.settle();
        is_new
    }

    /// Takes a scope out.
    pub fn remove(&mut self, scope: ScopeId) {
        match &mut self.members {
            Members::Many(bits) => Arc::make_mut(bits).set(scope.index(), false),
            Members::Few(list) => {
                if let Ok(at) = list.binary_search(&scope) {
                    list.remove(at);
                }
            }
        }
    }

    /// Whether the scope is in it.
    pub fn has(&self, scope: ScopeId) -> bool {
        match &self.members {
            Members::Many(bits) => bits.contains(scope.index()),
            Members::Few(list) => list.binary_search(&scope).is_ok(),
        }
    }

    /// Whether all of these are in it.
    pub fn has_all(&self, scopes: &[ScopeId]) -> bool {
        scopes.iter().all(|scope| self.has(*scope))
    }

    /// Adds another set.
    pub fn union_with(&mut self, other: &Self) {
        match (&mut self.members, &other.members) {
            (Members::Many(bits), Members::Many(more)) => {
                return Arc::make_mut(bits).union_with(more);
            }
            (Members::Many(bits), Members::Few(more)) => {
                return Arc::make_mut(bits).extend(more.iter().map(|scope| scope.index()));
            }
            (Members::Few(list), Members::Many(more)) => {
                let mut bits = Arc::clone(more);
                if !list.iter().all(|scope| bits.contains(scope.index())) {
                    Arc::make_mut(&mut bits).extend(list.iter().map(|scope| scope.index()));
                }
                self.members = Members::Many(bits);
                return;
            }
            (Members::Few(list), Members::Few(more)) => {
                if more.is_empty() {
                    return;
                }
                list.extend_from_slice(more);
                // The list is two sorted runs, which the sort merges quickly.
                list.sort();
                list.dedup();
            }
        }
        self.settle();
    }

    /// Whether every scope of it is in the other.
    pub fn is_subset(&self, other: &Self) -> bool {
        match (&self.members, &other.members) {
            (Members::Many(bits), Members::Many(more)) => bits.is_subset(more),
            _ => self.iter().all(|scope| other.has(scope)),
        }
    }

    /// Whether it shares a scope with the other.
    pub fn meets(&self, other: &Self) -> bool {
        match (&self.members, &other.members) {
            (Members::Many(bits), Members::Many(more)) => !bits.is_disjoint(more),
            (Members::Many(_), Members::Few(_)) => other.meets(self),
            (Members::Few(_), _) => self.iter().any(|scope| other.has(scope)),
        }
    }

    /// The first scope that it shares with the other.
    pub fn first_common(&self, other: &Self) -> Option<ScopeId> {
        match (&self.members, &other.members) {
            (Members::Many(bits), Members::Many(more)) => {
                bits.intersection(more).next().map(ScopeId::new)
            }
            (Members::Many(_), Members::Few(_)) => other.first_common(self),
            (Members::Few(list), _) => list.iter().copied().find(|scope| other.has(*scope)),
        }
    }

    /// Takes the scopes of another set out.
    pub fn remove_all(&mut self, other: &Self) {
        if !self.meets(other) {
            return;
        }
        for scope in other.iter() {
            self.remove(scope);
        }
    }

    /// How many scopes are in it.
    pub fn len(&self) -> usize {
        match &self.members {
            Members::Many(bits) => bits.count_ones(..),
            Members::Few(list) => list.len(),
        }
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        match &self.members {
            Members::Many(bits) => bits.is_clear(),
            Members::Few(list) => list.is_empty(),
        }
    }

    /// The scopes, in the catalog's order.
    pub fn iter(&self) -> impl Iterator<Item = ScopeId> + '_ {
        let (list, bits) = match &self.members {
            Members::Many(bits) => (&[][..], Some(bits)),
            Members::Few(list) => (list.as_slice(), None),
        };
        let bits = bits.into_iter().flat_map(|bits| bits.ones());
        let bits = bits.map(ScopeId::new);
        list.iter().copied().chain(bits)
    }
}

impl PartialEq for ScopeSet {
    fn eq(&self, other: &Self) -> bool {
        match (&self.members, &other.members) {
            (Members::Many(bits), Members::Many(more)) => bits == more,
            _ => self.iter().eq(other.iter()),
        }
    }
}

impl Eq for ScopeSet {}

impl std::hash::Hash for ScopeSet {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.iter().for_each(|scope| scope.hash(state));
    }
}

impl Extend<ScopeId> for ScopeSet {
    fn extend<T: IntoIterator<Item = ScopeId>>(&mut self, scopes: T) {
        for scope in scopes {
            self.insert(scope);
        }
    }
}

/// The most members of a mask.
pub const MOST_MASKED: usize = 64;

/// Some of a catalog's key types, or of its environments. A catalog has at most 64 of each.
#[derive(Debug)]
pub struct Mask<I> {
    bits: u64,
    kind: PhantomData<I>,
}

impl<I> Mask<I> {
    /// Everything.
    pub const ALL: Self = Self::of_bits(u64::MAX);
    /// Nothing.
    pub const NONE: Self = Self::of_bits(0);

    /// The members whose bits are set.
    pub const fn of_bits(bits: u64) -> Self {
        Self {
            bits,
            kind: PhantomData,
        }
    }

    /// The first `count` members.
    pub fn first(count: usize) -> Self {
        if count >= MOST_MASKED {
            Self::ALL
        } else {
            Self::of_bits((1 << count) - 1)
        }
    }

    /// Whether nothing is in it.
    pub fn is_empty(self) -> bool {
        self.bits == 0
    }

    /// What is in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::of_bits(self.bits & other.bits)
    }

    /// What is in either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self::of_bits(self.bits | other.bits)
    }

    /// What is in this and not in the other.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self::of_bits(self.bits & !other.bits)
    }

    /// Whether all of it is in the other.
    pub fn is_subset(self, other: Self) -> bool {
        self.without(other).is_empty()
    }
}

impl<I: Id> Mask<I> {
    /// One member.
    pub fn one(id: I) -> Self {
        Self::of_bits(1 << id.index())
    }

    /// Whether the member is in it.
    pub fn has(self, id: I) -> bool {
        self.bits >> id.index() & 1 == 1
    }

    /// Whether the member is in it; always true if no member is given.
    pub fn allows(self, id: Option<I>) -> bool {
        id.is_none_or(|id| self.has(id))
    }

    /// The members, in order.
    pub fn iter(self) -> impl Iterator<Item = I> {
        IdRange::of(0..MOST_MASKED).filter(move |id| self.has(*id))
    }
}

// Not derived, because a derive would require the same traits of `I`, which a mask does not contain.
impl<I> Clone for Mask<I> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I> Copy for Mask<I> {}

impl<I> PartialEq for Mask<I> {
    fn eq(&self, other: &Self) -> bool {
        self.bits == other.bits
    }
}

impl<I> Eq for Mask<I> {}

impl<I> std::hash::Hash for Mask<I> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.bits.hash(state);
    }
}

impl<I> PartialOrd for Mask<I> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<I> Ord for Mask<I> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.bits.cmp(&other.bits)
    }
}
