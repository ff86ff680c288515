//! Sets over one catalog: scopes as bits, key types and environments as a word of bits.

use fixedbitset::FixedBitSet;

/// A set of one catalog's scopes. Sets of different catalogs must not meet.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScopeSet(FixedBitSet);

/// A scope of one catalog: its index there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScopeId(pub u32);

impl ScopeId {
    /// The index into the catalog's scopes.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl ScopeSet {
    /// The empty set over a catalog of `size` scopes.
    pub fn new(size: usize) -> Self {
        Self(FixedBitSet::with_capacity(size))
    }

    /// The set of these scopes.
    pub fn of(size: usize, scopes: impl IntoIterator<Item = ScopeId>) -> Self {
        let mut set = Self::new(size);
        set.extend(scopes);
        set
    }

    /// Adds a scope; false where it was there.
    pub fn insert(&mut self, scope: ScopeId) -> bool {
        !self.0.put(scope.index())
    }

    /// Takes a scope out.
    pub fn remove(&mut self, scope: ScopeId) {
        self.0.set(scope.index(), false);
    }

    /// Whether the scope is in it.
    pub fn has(&self, scope: ScopeId) -> bool {
        self.0.contains(scope.index())
    }

    /// Whether all of these are in it.
    pub fn has_all(&self, scopes: &[ScopeId]) -> bool {
        scopes.iter().all(|scope| self.has(*scope))
    }

    /// Adds another set.
    pub fn union_with(&mut self, other: &Self) {
        self.0.union_with(&other.0);
    }

    /// Whether every scope of it is in the other.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.0.is_subset(&other.0)
    }

    /// Whether it shares a scope with the other.
    pub fn meets(&self, other: &Self) -> bool {
        !self.0.is_disjoint(&other.0)
    }

    /// How many scopes are in it.
    pub fn len(&self) -> usize {
        self.0.count_ones(..)
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_clear()
    }

    /// The scopes, in the catalog's order.
    pub fn iter(&self) -> impl Iterator<Item = ScopeId> + '_ {
        self.0
            .ones()
            .map(|index| ScopeId(u32::try_from(index).unwrap_or(u32::MAX)))
    }
}

impl Extend<ScopeId> for ScopeSet {
    fn extend<T: IntoIterator<Item = ScopeId>>(&mut self, scopes: T) {
        for scope in scopes {
            self.insert(scope);
        }
    }
}

/// Some of a catalog's key types, or of its environments, or of its modes. A catalog has at most 64 of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Mask(pub u64);

impl Mask {
    /// The most members that a mask can tell apart.
    pub const CAPACITY: usize = 64;
    /// Everything.
    pub const ALL: Self = Self(u64::MAX);
    /// Nothing.
    pub const NONE: Self = Self(0);

    /// The first `count` members.
    pub fn first(count: usize) -> Self {
        if count >= Self::CAPACITY {
            Self::ALL
        } else {
            Self((1 << count) - 1)
        }
    }

    /// One member.
    pub fn one(index: usize) -> Self {
        Self(1 << index)
    }

    /// Whether the member is in it.
    pub fn has(self, index: usize) -> bool {
        self.0 >> index & 1 == 1
    }

    /// Whether nothing is in it.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What is in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What is in either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in this and not in the other.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether all of it is in the other.
    pub fn is_subset(self, other: Self) -> bool {
        self.without(other).is_empty()
    }

    /// The members, in order.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        (0..Self::CAPACITY).filter(move |index| self.has(*index))
    }
}
