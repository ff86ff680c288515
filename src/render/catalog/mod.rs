//! Catalogs as they are shown: one, a part of one, or all of them on a line each.

mod json;
mod list;
mod markdown;
mod search;
mod text;

use crate::model::Catalog;

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

/// A catalog and where it comes from.
#[derive(Debug)]
pub struct Listed<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// Its path; `None` for a built-in one.
    pub path: Option<String>,
    /// Whether it has the name of a built-in one, which it replaces.
    pub hides_builtin: bool,
}

impl Listed<'_> {
    /// Where it comes from, in words.
    pub fn from(&self) -> String {
        match (&self.path, self.hides_builtin) {
            (None, _) => "built-in".to_owned(),
            (Some(path), false) => path.clone(),
            (Some(path), true) => format!("{path}, overrides built-in"),
        }
    }

    /// The day on which the oldest of its sources was last read.
    pub fn read_on(&self) -> Option<&str> {
        self.catalog
            .sources
            .iter()
            .filter_map(|source| source.verified.as_deref())
            .min()
    }
}
