//! `list`: the catalogs at hand.

use super::style::{Style, Tone};
use super::table::Table;
use crate::model::Catalog;

/// A catalog and where it comes from.
#[derive(Debug)]
pub struct Listed<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// Its path; `None` for a built-in one.
    pub path: Option<String>,
    /// Whether it bears the name of a built-in one, which it hides.
    pub hides_builtin: bool,
}

impl Listed<'_> {
    /// Where it comes from, in words.
    pub fn from(&self) -> String {
        match (&self.path, self.hides_builtin) {
            (None, _) => "built-in".to_owned(),
            (Some(path), false) => path.clone(),
            (Some(path), true) => format!("{path}, hides built-in"),
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

/// The screen.
pub fn list(listed: &[Listed<'_>], style: Style) -> String {
    let mut table = Table::new(&[
        "Provider",
        "Scopes",
        "Endpoints",
        "Key types",
        "Read on",
        "Digest",
        "From",
    ])
    .right(1)
    .right(2)
    .optional(5, 3)
    .optional(4, 2)
    .optional(3, 1);
    for one in listed {
        let catalog = one.catalog;
        let types: Vec<&str> = catalog
            .key_types
            .iter()
            .map(|key_type| key_type.name.as_str())
            .collect();
        table.row(
            [
                catalog.provider.clone(),
                catalog.scopes.len().to_string(),
                catalog.endpoints.len().to_string(),
                types.join(", "),
                one.read_on().unwrap_or("-").to_owned(),
                catalog.digest.to_string(),
                one.from(),
            ]
            .map(|text| (text, Tone::Plain)),
        );
    }
    table.render(style)
}
