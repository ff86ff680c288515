//! Typed indices of the things of a catalog, one type for each kind, and the lists that they index.

use std::marker::PhantomData;
use std::ops::{Deref, DerefMut, Index, IndexMut, Range};

/// A number that stands for one thing of a catalog: its place in the list of those.
pub trait Id: Copy + Eq {
    /// The thing at a place.
    fn new(index: usize) -> Self;
    /// Its place.
    fn index(self) -> usize;
}

macro_rules! ids {
    ($($(#[doc = $doc:literal])+ $name:ident)+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
            pub struct $name(pub u32);

            impl Id for $name {
                fn new(index: usize) -> Self {
                    // Never reached: no catalog has that many entries.
                    Self(u32::try_from(index).unwrap_or(u32::MAX))
                }

                fn index(self) -> usize {
                    self.0 as usize
                }
            }
        )+
    };
}

ids! {
    /// A scope of one catalog.
    ScopeId
    /// A key type of one catalog.
    KeyTypeId
    /// An environment of one catalog.
    EnvironmentId
    /// A mode of the operations of one catalog.
    ModeId
    /// An endpoint of one catalog; an operation with modes has one for each.
    EndpointId
    /// An event of one catalog.
    EventId
    /// A bundle of one catalog.
    BundleId
    /// A recipe of one catalog.
    RecipeId
    /// A choice between branches, of one of the recipes of a catalog.
    ChoiceId
}

/// A contiguous range of things in their list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdRange<I> {
    places: Range<usize>,
    kind: PhantomData<I>,
}

impl<I: Id> IdRange<I> {
    /// Those at some places.
    pub fn of(places: Range<usize>) -> Self {
        Self {
            places,
            kind: PhantomData,
        }
    }

    /// The first of them; for an empty range, the index where it would be.
    pub fn first(&self) -> I {
        I::new(self.places.start)
    }
}

impl<I: Id> Iterator for IdRange<I> {
    type Item = I;

    fn next(&mut self) -> Option<I> {
        self.places.next().map(I::new)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.places.size_hint()
    }
}

impl<I: Id> DoubleEndedIterator for IdRange<I> {
    fn next_back(&mut self) -> Option<I> {
        self.places.next_back().map(I::new)
    }
}

impl<I: Id> ExactSizeIterator for IdRange<I> {}

/// A list whose items are found by one kind of number alone.
#[derive(Debug, Clone)]
pub struct Indexed<I, T> {
    items: Vec<T>,
    kind: PhantomData<I>,
}

impl<I: Id, T> Indexed<I, T> {
    /// The numbers of its items, in order.
    pub fn ids(&self) -> IdRange<I> {
        IdRange::of(0..self.items.len())
    }

    /// Its items, each with its number.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = (I, &T)> + DoubleEndedIterator + Clone {
        self.items
            .iter()
            .enumerate()
            .map(|(index, item)| (I::new(index), item))
    }

    /// The number of the first item of a kind.
    pub fn find_id(&self, is_wanted: impl FnMut(&T) -> bool) -> Option<I> {
        self.items.iter().position(is_wanted).map(I::new)
    }

    /// The item of a number, where there is one.
    pub fn at(&self, id: I) -> Option<&T> {
        self.items.get(id.index())
    }

    /// Adds an item, and gives its number.
    pub fn push(&mut self, item: T) -> I {
        self.items.push(item);
        I::new(self.items.len() - 1)
    }

    /// Keeps only the first `length` items.
    pub fn truncate(&mut self, length: usize) {
        self.items.truncate(length);
    }
}

impl<I, T> Default for Indexed<I, T> {
    fn default() -> Self {
        Self::from(Vec::new())
    }
}

impl<I, T> From<Vec<T>> for Indexed<I, T> {
    fn from(items: Vec<T>) -> Self {
        Self {
            items,
            kind: PhantomData,
        }
    }
}

impl<I, T> FromIterator<T> for Indexed<I, T> {
    fn from_iter<Items: IntoIterator<Item = T>>(items: Items) -> Self {
        Self::from(items.into_iter().collect::<Vec<T>>())
    }
}

impl<I, T> Deref for Indexed<I, T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<I, T> DerefMut for Indexed<I, T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.items
    }
}

impl<I: Id, T> Index<I> for Indexed<I, T> {
    type Output = T;

    fn index(&self, id: I) -> &T {
        &self.items[id.index()]
    }
}

impl<I: Id, T> IndexMut<I> for Indexed<I, T> {
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.items[id.index()]
    }
}

impl<I, T: serde::Serialize> serde::Serialize for Indexed<I, T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.items.serialize(serializer)
    }
}

impl<'a, I, T> IntoIterator for &'a Indexed<I, T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}
