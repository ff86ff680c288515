//! What a file is: a key, a catalog, or none of ours.

use std::path::Path;

use super::files::{FileKind, Origin, is_too_large, may_have_fields, read_source, shown};
use super::user_error::UserError;
use crate::load::LogFormat;
use crate::source::{NotText, Source, Syntax, nearest_one};

/// Whether a file is one of ours, by its extension and its fields: any that cannot be excluded is.
pub(super) fn is_key_file(path: &Path) -> bool {
    if Syntax::of(path).is_none() {
        return false;
    }
    if is_too_large(path, FileKind::Key) {
        // Only what cannot be one is passed over; the other is refused where it is read.
        return may_have_fields(path, &["provider", "name"]);
    }
    match read_source(path, FileKind::Key, Origin::Found) {
        Ok(source) => may_be_a_key_file(path, &source),
        // What cannot be read may be a key: whoever asked is told, rather than that all is well.
        Err(_) => true,
    }
}

/// Whether what a file has may be a key: what is no text may be meant as one, and other programs may read it.
pub(super) fn may_be_a_key_file(path: &Path, source: &Result<Source, NotText>) -> bool {
    match source {
        Ok(source) => looks_like_a_key_file(source),
        Err(not_text) => looks_like_a_key_file(&Source {
            name: shown(path),
            text: not_text.guessed.clone(),
            syntax: Syntax::of(path).unwrap_or(Syntax::Yaml),
        }),
    }
}

/// Whether a file is a catalog, by its extension and its fields.
pub(super) fn is_catalog_file(path: &Path) -> bool {
    Syntax::of(path).is_some()
        && read_source(path, FileKind::Catalog, Origin::Found)
            .ok()
            .and_then(Result::ok)
            .is_some_and(|source| looks_like_a_catalog(&source))
}

/// Whether any reader of a file has `provider` and `name` at its top.
pub(super) fn looks_like_a_key_file(source: &Source) -> bool {
    source.outlines().iter().any(|top| are_of_a_key(top))
}

/// Whether fields are those of a key.
fn are_of_a_key(fields: &[String]) -> bool {
    let has = |name: &str| fields.iter().any(|field| field == name);
    let misspells = |name: &str| {
        let unknown = fields
            .iter()
            .filter(|field| !KEY_FIELDS.contains(&field.as_str()));
        unknown
            .into_iter()
            .any(|field| nearest_one(field, [name]).is_some())
    };
    let (provider, name) = (has("provider"), has("name"));
    if provider && name {
        return true;
    }
    // A slip in one of the two must not make a key none.
    let grants = has("scopes") || has("bundles") || has("environments");
    grants && (provider || misspells("provider")) && (name || misspells("name"))
}

/// The fields of a key file.
const KEY_FIELDS: [&str; 13] = [
    "provider",
    "name",
    "owner",
    "purpose",
    "labels",
    "key_type",
    "needs",
    "never",
    "scopes",
    "bundles",
    "environments",
    "allow",
    "expires",
];

/// Those of them that files of other kinds have as well.
const COMMON_FIELDS: [&str; 4] = ["name", "owner", "purpose", "labels"];

/// Whether any field at the top of a file is one of a key, or is spelt almost so.
pub(super) fn has_field_of_key(source: &Source) -> bool {
    let fields = source.top_fields();
    let mut fields = fields.iter();
    let own = || {
        let all = KEY_FIELDS.into_iter();
        all.filter(|field| !COMMON_FIELDS.contains(field))
    };
    fields.any(|field| nearest_one(&field.to_lowercase(), own()).is_some())
}

/// Whether any field at the top of a file is none of a key's, however it is spelt.
fn has_foreign_field(source: &Source) -> bool {
    let fields = source.top_fields();
    let mut fields = fields.iter();
    fields.any(|field| nearest_one(&field.to_lowercase(), KEY_FIELDS).is_none())
}

/// Whether a file is a catalog rather than a key.
pub(super) fn looks_like_a_catalog(source: &Source) -> bool {
    let tops = source.outlines();
    tops.iter().any(|top| are_of_a_catalog(top)) && !tops.iter().any(|top| are_of_a_key(top))
}

/// Whether fields are those of a catalog.
fn are_of_a_catalog(fields: &[String]) -> bool {
    let has = |name: &str| fields.iter().any(|field| field == name);
    let only_catalogs_have = [
        "title",
        "extends",
        "sources",
        "retired",
        "wildcards",
        "endpoints",
        "events",
        "recipes",
    ];
    let is_about_a_provider = has("provider") || has("extends");
    is_about_a_provider && !has("name") && only_catalogs_have.iter().any(|name| has(name))
}

/// Fails where a file is a catalog, with the command for it, and where nothing in it makes it a key. What is nearly a key,
/// or cannot be parsed, is one with faults.
pub(super) fn refuse_other(source: &Source) -> anyhow::Result<()> {
    if looks_like_a_catalog(source) {
        let name = &source.name;
        let refusal = UserError::new(format!("`{name}` is a catalog, not a key file"));
        return Err(refusal.help(format!("scopes lint {name}")).into());
    }
    let is_named_as_ours = Syntax::of(Path::new(&source.name)).is_some() || source.name == "-";
    let cannot_be_key = match source.top_fields().is_empty() {
        true => !is_named_as_ours && !source.text.trim().is_empty(),
        false => !has_field_of_key(source) && has_foreign_field(source),
    };
    // Another reader may have a key in it all the same.
    if !cannot_be_key || looks_like_a_key_file(source) {
        return Ok(());
    }
    let name = &source.name;
    let is_log = !is_named_as_ours && LogFormat::detect(&source.text).is_some();
    let help = match is_log {
        true => format!("a log of requests is read beside a key: scopes check KEY --log {name}"),
        false => "a key file is YAML, TOML or JSON with `provider` and `name` at the top; `scopes recommend -p PROVIDER \
                  --endpoint 'METHOD /path' --format yaml` begins one"
            .to_owned(),
    };
    Err(UserError::new(format!("`{name}` is not a key file"))
        .help(help)
        .into())
}
