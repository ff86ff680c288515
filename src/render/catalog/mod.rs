//! Catalogs as they are shown: one, a part of one, or all of them on a line each.

mod json;
mod list;
mod markdown;
mod search;
mod text;

use crate::load::BuiltinEntry;
use crate::model::Catalog;
use crate::source::Digest;

pub use json::{catalog as json, list as list_json};
pub use list::list;
pub use markdown::catalog_markdown as markdown;
pub use search::{Search, matching};
pub use text::show as text;

/// The parts of a catalog that can be shown alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// The scopes.
    Scopes,
    /// The endpoints.
    Endpoints,
    /// The bundles.
    Bundles,
    /// The key types.
    KeyTypes,
    /// The events.
    Events,
    /// The recipes.
    Recipes,
}

/// What a list says of a catalog, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The provider.
    pub provider: String,
    /// Its title; empty where it has none.
    pub title: String,
    /// How many scopes it has.
    pub scopes: usize,
    /// How many endpoints it has.
    pub endpoints: usize,
    /// The names of its key types.
    pub key_types: Vec<String>,
    /// The day on which the oldest of its sources was last read.
    pub read_on: Option<String>,
    /// The day on which the newest of them was.
    pub verified: Option<String>,
    /// The digest of its text.
    pub digest: Digest,
    /// Whether somebody has looked at what an import derived.
    pub reviewed: bool,
    /// Its path; `None` for a built-in one.
    pub path: Option<String>,
    /// Whether it has the name of a built-in one, which it replaces.
    pub hides_builtin: bool,
}

impl Listed {
    /// What is said of a catalog that was read.
    pub fn of(catalog: &Catalog) -> Self {
        let sources = catalog.sources.iter();
        let days = sources.filter_map(|source| source.verified.clone());
        let key_types = catalog.key_types.iter();
        Self {
            provider: catalog.provider.clone(),
            title: catalog.title.clone(),
            scopes: catalog.scopes.len(),
            endpoints: catalog.endpoints.len(),
            key_types: key_types.map(|one| one.name.clone()).collect(),
            read_on: days.min(),
            verified: catalog.edition().verified,
            digest: catalog.digest.clone(),
            reviewed: catalog.reviewed,
            path: None,
            hides_builtin: false,
        }
    }

    /// The same of a built-in catalog, which is not read for it.
    pub fn of_builtin(entry: &BuiltinEntry) -> Self {
        let names = entry.key_types.iter();
        Self {
            provider: entry.name.to_owned(),
            title: entry.title.to_owned(),
            scopes: entry.scopes,
            endpoints: entry.endpoints,
            key_types: names.map(|name| (*name).to_owned()).collect(),
            read_on: entry.read_on.map(str::to_owned),
            verified: entry.verified.map(str::to_owned),
            digest: Digest::known(entry.digest),
            reviewed: entry.reviewed,
            path: None,
            hides_builtin: false,
        }
    }

    /// Where it comes from, in words.
    pub fn from(&self) -> String {
        match (&self.path, self.hides_builtin) {
            (None, _) if self.reviewed => "built-in".to_owned(),
            (None, _) => "built-in, not reviewed".to_owned(),
            (Some(path), false) => path.clone(),
            (Some(path), true) => format!("{path}, overrides built-in"),
        }
    }
}
