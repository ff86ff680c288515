//! Decides what counts as a key file or a catalog: whatever any parser could read as one.

use super::raw::{RawCatalog, RawKey};
use crate::source::{Source, fields_of, nearest_one};

/// Whether any parser reads top-level `provider` and `name` fields in a file.
pub fn looks_like_a_key_file(source: &Source) -> bool {
    source.outlines().iter().any(|top| are_of_a_key(top))
}

/// Whether fields are those of a key.
fn are_of_a_key(fields: &[String]) -> bool {
    let has = |name: &str| fields.iter().any(|field| field == name);
    // `names` is a field of catalogs; without any that only catalogs have, it is a misspelt `name`.
    let is_of_catalog =
        |field: &str| has_catalog_field(fields) && fields_of::<RawCatalog>().contains(&field);
    let misspells = |name: &str| {
        let unknown = fields
            .iter()
            .filter(|field| !key_fields().contains(&field.as_str()) && !is_of_catalog(field));
        unknown
            .into_iter()
            .any(|field| nearest_one(field, [name]).is_some())
    };
    let (provider, name) = (has("provider"), has("name"));
    if provider && name {
        return true;
    }
    // A typo in one of the two must not hide a key.
    let grants = has("scopes") || has("bundles") || has("environments");
    grants && (provider || misspells("provider")) && (name || misspells("name"))
}

/// The fields of a key file.
fn key_fields() -> &'static [&'static str] {
    fields_of::<RawKey>()
}

/// Those of them that files of other kinds have as well.
const COMMON_FIELDS: [&str; 5] = ["name", "owner", "purpose", "labels", "$schema"];

/// Whether any field at the top of a file is one of a key, or is spelt almost so.
pub fn has_field_of_key(source: &Source) -> bool {
    let fields = source.top_fields();
    let mut fields = fields.iter();
    let own = || {
        let all = key_fields().iter().copied();
        all.filter(|field| !COMMON_FIELDS.contains(field))
    };
    fields.any(|field| nearest_one(&field.to_lowercase(), own()).is_some())
}

/// Whether a file has a top-level field that is not a field of a key, not even a misspelt one.
pub fn has_foreign_field(source: &Source) -> bool {
    let fields = source.top_fields();
    let mut fields = fields.iter();
    fields.any(|field| nearest_one(&field.to_lowercase(), key_fields().iter().copied()).is_none())
}

/// Whether a file is a catalog rather than a key.
pub fn looks_like_a_catalog(source: &Source) -> bool {
    let tops = source.outlines();
    tops.iter().any(|top| are_of_a_catalog(top)) && !tops.iter().any(|top| are_of_a_key(top))
}

/// Whether fields are those of a catalog.
fn are_of_a_catalog(fields: &[String]) -> bool {
    let has = |name: &str| fields.iter().any(|field| field == name);
    let is_about_a_provider = has("provider") || has("extends");
    is_about_a_provider && !has("name") && has_catalog_field(fields)
}

/// Whether any of some fields is one that only catalogs have.
fn has_catalog_field(fields: &[String]) -> bool {
    const ONLY_CATALOGS_HAVE: [&str; 8] = [
        "title",
        "extends",
        "sources",
        "retired",
        "wildcards",
        "endpoints",
        "events",
        "recipes",
    ];
    let mut fields = fields.iter();
    fields.any(|field| ONLY_CATALOGS_HAVE.contains(&field.as_str()))
}
