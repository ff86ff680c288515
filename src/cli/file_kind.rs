//! Which files are read as keys and as catalogs; what counts as one is in `load/file_kind.rs`.

use std::path::Path;

use super::files::{FileKind, Origin, is_too_large, may_have_fields, read_source, shown};
use super::user_error::UserError;
use crate::load::{
    LogFormat, has_field_of_key, has_foreign_field, looks_like_a_catalog, looks_like_a_key_file,
};
use crate::source::{NotText, Source, Syntax};

/// Whether a file may be a key file, by its extension and its fields. True unless this can be ruled out.
pub(super) fn is_key_file(path: &Path) -> bool {
    if Syntax::of(path).is_none() {
        return false;
    }
    if is_too_large(path, FileKind::Key) {
        // Only skip files that cannot be keys; other large files are refused when they are read.
        return may_have_fields(path, &["provider", "name"]);
    }
    match read_source(path, FileKind::Key, Origin::Found) {
        Ok(source) => may_be_a_key_file(path, &source),
        // An unreadable file may be a key, so report it instead of skipping it silently.
        Err(_) => true,
    }
}

/// Whether the content of a file may be a key. Content that is not text may still be meant as one, and other programs
/// may read it.
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
    let cannot_be_key = if source.top_fields().is_empty() {
        !is_named_as_ours && !source.text.trim().is_empty()
    } else {
        !has_field_of_key(source) && has_foreign_field(source)
    };
    // Another parser may still read a key in it.
    if !cannot_be_key || looks_like_a_key_file(source) {
        return Ok(());
    }
    let name = &source.name;
    let is_log = !is_named_as_ours && LogFormat::detect(&source.text).is_some();
    let help = if is_log {
        format!("pass a request log along with a key: scopes check KEY --log {name}")
    } else {
        "a key file is YAML, TOML or JSON with `provider` and `name` at the top; `scopes recommend -p PROVIDER \
                  --endpoint 'METHOD /path' --format yaml` creates one"
            .to_owned()
    };
    Err(UserError::new(format!("`{name}` is not a key file"))
        .help(help)
        .into())
}
