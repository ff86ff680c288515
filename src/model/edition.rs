//! The edition of a catalog that an answer comes from.

use std::fmt;

use super::catalog::Catalog;
use crate::source::Digest;

/// Identifies the edition of a catalog, so that a stored answer shows which facts it was based on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edition {
    /// The provider.
    pub provider: String,
    /// The newest day on which a source was compared with it.
    pub verified: Option<String>,
    /// The digest of the catalog's text; of a catalog that extends another one, of both texts.
    pub digest: Digest,
    /// What a command is given to mean the catalog.
    pub handle: String,
    /// Whether somebody has looked at what an import derived; true for a catalog written by hand.
    pub reviewed: bool,
}

impl Edition {
    /// The same editions in the same order, each once, under the first of its handles.
    pub fn distinct(editions: impl IntoIterator<Item = Self>) -> Vec<Self> {
        let mut distinct: Vec<Self> = Vec::new();
        for edition in editions {
            let is_known =
                |other: &Self| other.provider == edition.provider && other.digest == edition.digest;
            if !distinct.iter().any(is_known) {
                distinct.push(edition);
            }
        }
        distinct
    }
}

/// `paxos of 2026-11-21 (sha256:1a2b3c4d5e6f)`.
impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.provider)?;
        if let Some(day) = &self.verified {
            write!(f, " of {day}")?;
        }
        if self.reviewed {
            write!(f, " ({})", self.digest)
        } else {
            write!(f, " ({}, not reviewed)", self.digest)
        }
    }
}

impl Catalog {
    /// The edition that this catalog is.
    pub fn edition(&self) -> Edition {
        let days = self
            .sources
            .iter()
            .filter_map(|source| source.verified.clone());
        Edition {
            provider: self.provider.clone(),
            digest: self.digest.clone(),
            verified: days.max(),
            handle: self.handle.clone(),
            reviewed: self.reviewed,
        }
    }
}
