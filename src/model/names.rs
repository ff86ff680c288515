//! Names of a catalog, compared as the provider compares them.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::source::folded;

/// How names are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NameCase {
    /// Letter by letter.
    #[default]
    Exact,
    /// Capital and small letters are the same.
    Ignored,
}

impl NameCase {
    /// What two names have in common if they are the same.
    pub fn key(self, name: &str) -> Cow<'_, str> {
        match self {
            Self::Exact => Cow::Borrowed(name),
            Self::Ignored => Cow::Owned(folded(name)),
        }
    }
}

/// Names, and what each stands for; of names that are the same, the first.
#[derive(Debug, Clone)]
pub(crate) struct NameMap<I> {
    case: NameCase,
    by_key: HashMap<String, I>,
}

impl<I> Default for NameMap<I> {
    fn default() -> Self {
        Self {
            case: NameCase::Exact,
            by_key: HashMap::new(),
        }
    }
}

impl<I: Copy> NameMap<I> {
    pub(crate) fn of<'a>(case: NameCase, names: impl Iterator<Item = (I, &'a String)>) -> Self {
        let mut by_key = HashMap::new();
        for (index, name) in names {
            by_key.entry(case.key(name).into_owned()).or_insert(index);
        }
        Self { case, by_key }
    }

    pub(crate) fn get(&self, name: &str) -> Option<I> {
        self.by_key.get(self.case.key(name).as_ref()).copied()
    }
}
