//! What `diff` is given: a key file, a catalog, or neither.

use std::path::Path;
use std::sync::Arc;

use crate::cli::catalogs::Catalogs;
use crate::cli::file_kind::may_be_a_key_file;
use crate::cli::files::{FileKind, Origin, read_other, read_source, shown};
use crate::cli::key::{catalog_of, load_with_others, unreadable};
use crate::cli::user_error::UserError;
use crate::finding::{Finding, Group, Level};
use crate::lint::level;
use crate::load::{
    KeyReading, LoadedKey, Others, Places, Unread, hide_all, load_read_key, looks_like_a_catalog,
    looks_like_a_key_file, mask_catalog, mask_secrets,
};
use crate::model::{Catalog, Key};
use crate::source::{NotText, Source, count};

/// What a file is.
pub(super) enum Operand {
    Key(KeyOperand),
    Catalog(Arc<Catalog>),
    /// It is neither a key nor a catalog.
    NotOurs(UserError),
    /// It is meant as a key or a catalog, but cannot be read.
    Broken(UserError),
}

/// A key with its catalog.
pub(super) struct KeyOperand {
    pub(super) catalog: Arc<Catalog>,
    pub(super) key: Box<Key>,
    /// Its text, secrets masked.
    source: Source,
    /// The files that it names.
    others: Others,
    /// Why it may grant more than is known: a part of it could not be read.
    pub(super) doubt: Option<UserError>,
}

impl KeyOperand {
    /// The key as another edition of its catalog reads it: scopes are told apart by their numbers in one catalog. `None` where
    /// it cannot be read by that.
    pub(super) fn under(&self, catalog: &Arc<Catalog>) -> Option<Box<Key>> {
        if Arc::ptr_eq(&self.catalog, catalog) || self.catalog.edition() == catalog.edition() {
            return Some(self.key.clone());
        }
        let reading = KeyReading::of(&self.source);
        let key = load_read_key(&self.source, reading, Some(catalog), &self.others).key?;
        Some(Box::new(key.as_named()))
    }
}

/// A built-in catalog, a file, or a file with an environment behind it.
pub(super) fn operand(
    text: &str,
    catalogs: &Catalogs,
) -> anyhow::Result<(Operand, Option<String>)> {
    if !Path::new(text).is_file() {
        if let Some(catalog) = catalogs.by_name(text) {
            return Ok((Operand::Catalog(catalog), None));
        }
        if let Some((file, environment)) = text.rsplit_once('@') {
            let operand = read(Path::new(file), catalogs)?;
            return Ok((operand, Some(environment.to_owned())));
        }
    }
    Ok((read(Path::new(text), catalogs)?, None))
}

/// A file as what it is.
pub(super) fn read(path: &Path, catalogs: &Catalogs) -> anyhow::Result<Operand> {
    let source = read_source(path, FileKind::KeyOrCatalog, Origin::Named)?;
    let read = |name: &str| read_other(path.parent(), name);
    Ok(operand_of(path, source, path.parent(), &read, catalogs))
}

/// What was read of a file as what it is; `folder` is where it names catalogs from, and `read_other` reads the other files
/// that it names.
pub(super) fn operand_of(
    path: &Path,
    source: Result<Source, NotText>,
    folder: Option<&Path>,
    read_other: &dyn Fn(&str) -> Result<Source, Unread>,
    catalogs: &Catalogs,
) -> Operand {
    match source {
        Err(reason) => {
            let name = shown(path);
            let refusal = UserError::new(format!("`{name}` cannot be read: {reason}"));
            // A file that is meant as a key must not be skipped.
            if may_be_a_key_file(path, &Err(reason)) {
                Operand::Broken(refusal.help(format!("scopes check {name}")))
            } else {
                Operand::NotOurs(refusal)
            }
        }
        Ok(source) if looks_like_a_catalog(&source) => catalog(source),
        Ok(source) if looks_like_a_key_file(&source) => key(source, folder, read_other, catalogs),
        Ok(source) => {
            let message = format!("`{}` is neither a key file nor a catalog", source.name);
            Operand::NotOurs(UserError::new(message))
        }
    }
}

fn catalog(source: Source) -> Operand {
    let name = source.name.clone();
    let loaded = mask_catalog(source).loaded;
    match (loaded.catalog, loaded.findings.len()) {
        (Some(catalog), 0) => Operand::Catalog(Arc::new(catalog)),
        (_, faults) => {
            let message = format!("the catalog `{name}` has {}", count(faults, "error"));
            Operand::Broken(UserError::new(message).help(format!("scopes lint {name}")))
        }
    }
}

fn key(
    source: Source,
    folder: Option<&Path>,
    read_other: &dyn Fn(&str) -> Result<Source, Unread>,
    catalogs: &Catalogs,
) -> Operand {
    let prefixes = catalogs.own_prefixes();
    let name = source.name.clone();
    let broken = |why: &str| {
        let refusal = UserError::new(format!("`{name}` {why}"));
        Operand::Broken(refusal.help(format!("scopes check {name}")))
    };
    match catalog_of(&source, folder, catalogs) {
        Err(Some(finding)) => {
            let why = hide_all(&finding.message, prefixes);
            broken(&format!("cannot be compared: {why}"))
        }
        Err(None) => broken("cannot be read as a key file"),
        Ok(catalog) => {
            let (source, _) = mask_secrets(source, prefixes, Some(&catalog));
            let (loaded, others) = load_with_others(&source, &catalog, catalogs, read_other);
            let doubt = doubt(&source, &loaded);
            match loaded.key {
                Some(_) if unreadable(&loaded.findings).is_some() => Operand::Broken(
                    doubt.unwrap_or_else(|| UserError::new("its scopes cannot be read")),
                ),
                Some(key) => Operand::Key(KeyOperand {
                    catalog,
                    key: Box::new(key.as_named()),
                    source,
                    others,
                    doubt,
                }),
                None => broken("cannot be read as a key file"),
            }
        }
    }
}

/// Why the grants of a key are uncertain: a part of its file could not be read, or names something that the provider
/// does not have.
fn doubt(source: &Source, loaded: &LoadedKey) -> Option<UserError> {
    let is_doubt = |finding: &&Finding| {
        matches!(finding.rule.group(), Group::File | Group::Names) && level(finding) == Level::Error
    };
    let mut doubts = loaded.findings.iter().filter(is_doubt);
    let first = doubts.next()?;
    let more = match doubts.count() {
        0 => String::new(),
        more => format!(", and {}", count(more, "more error")),
    };
    let (file, at) = Places::of(source, &loaded.borrowed).position(&first.place);
    let name = &source.name;
    let file = if file == name {
        String::new()
    } else {
        format!("{file}:")
    };
    let message = format!(
        "cannot tell what `{name}` grants: {file}{}:{}: {}{more}",
        at.line, at.column, first.message
    );
    Some(UserError::new(message).help(format!("scopes check {name}")))
}
