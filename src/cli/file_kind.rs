//! Which files are read as keys and as catalogs; what counts as one is in `load/file_kind.rs`.

use std::path::Path;

use super::files::{FileKind, Origin, is_too_large, may_have_fields, read_source, shown};
use super::user_error::UserError;
use crate::load::{
    LogFormat, has_field_of_key, has_foreign_field, looks_like_a_catalog, looks_like_a_key_file,
};
use crate::source::{NotText, Source, Syntax};

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
