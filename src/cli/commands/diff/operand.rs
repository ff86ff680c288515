//! What `diff` is given: a key file, a catalog, or neither.

use std::path::Path;
use std::sync::Arc;

use crate::cli::catalogs::Catalogs;
use crate::cli::files::{FileKind, Origin, read_source, shown};
use crate::cli::key::{as_named, catalog_of};
use crate::cli::kinds::{looks_like_a_catalog, looks_like_a_key_file, may_be_a_key_file};
use crate::cli::user_error::UserError;
use crate::finding::{Finding, Group, Level};
use crate::lint::level;
use crate::load::{hide_all, load_key, mask_catalog, mask_secrets};
use crate::model::{Catalog, Key};
use crate::source::{NotText, Source, count};

/// What a file is.
pub(super) enum Kind {
    /// A key, and what of it could not be read, so that it may give more than is seen.
    Key(Arc<Catalog>, Box<Key>, Option<UserError>),
    Catalog(Box<Catalog>),
    /// Neither, or nothing that can be read.
    Other,
}

/// A built-in catalog, a file, or a file with an environment behind it.
pub(super) fn operand(
    text: &str,
    catalogs: &Catalogs,
) -> anyhow::Result<((Kind, Option<String>), UserError)> {
    if !Path::new(text).is_file() {
        if let Some(catalog) = catalogs.by_name(text) {
            return Ok((
                (Kind::Catalog(Box::new((*catalog).clone())), None),
                UserError::new(""),
            ));
        }
        if let Some((file, environment)) = text.rsplit_once('@') {
            let (kind, why) = read(Path::new(file), catalogs)?;
            return Ok(((kind, Some(environment.to_owned())), why));
        }
    }
    let (kind, why) = read(Path::new(text), catalogs)?;
    Ok(((kind, None), why))
}

/// A file as what it is, and why it is nothing where it is nothing.
pub(super) fn read(path: &Path, catalogs: &Catalogs) -> anyhow::Result<(Kind, UserError)> {
    let source = read_source(path, FileKind::KeyOrCatalog, Origin::Named)?;
    Ok(kind_of(path, source, path.parent(), catalogs))
}

pub(super) fn kind_of(
    path: &Path,
    source: Result<Source, NotText>,
    folder: Option<&Path>,
    catalogs: &Catalogs,
) -> (Kind, UserError) {
    let source = match source {
        Ok(source) => source,
        Err(reason) => {
            let name = shown(path);
            let refusal = UserError::new(format!("`{name}` cannot be read: {reason}"));
            // One that is meant as a key is not passed over.
            let refusal = match may_be_a_key_file(path, &Err(reason)) {
                true => refusal.help(format!("scopes check {name}")),
                false => refusal,
            };
            return (Kind::Other, refusal);
        }
    };
    let name = source.name.clone();
    if looks_like_a_catalog(&source) {
        let loaded = mask_catalog(source).loaded;
        let faults = loaded.findings.len();
        return match loaded.catalog {
            Some(catalog) if faults == 0 => (Kind::Catalog(Box::new(catalog)), UserError::new("")),
            _ => {
                let help = format!("scopes show {name}");
                (
                    Kind::Other,
                    UserError::new(format!("the catalog `{name}` has {faults} faults")).help(help),
                )
            }
        };
    }
    if !looks_like_a_key_file(&source) {
        return (
            Kind::Other,
            UserError::new(format!("`{name}` is neither a key file nor a catalog")),
        );
    }
    let prefixes = catalogs.own_prefixes();
    let help = format!("scopes check {name}");
    let refuse = |why: String| {
        (
            Kind::Other,
            UserError::new(format!("`{name}` {why}")).help(help.clone()),
        )
    };
    match catalog_of(&source, folder, catalogs) {
        Err(Some(finding)) => {
            let why = hide_all(&finding.message, prefixes);
            refuse(format!("cannot be compared: {why}"))
        }
        Err(None) => refuse("cannot be read as a key file".to_owned()),
        Ok(catalog) => {
            let (source, _) = mask_secrets(source, prefixes, Some(&catalog));
            let loaded = load_key(&source, Some(&catalog));
            let doubt = doubt(&source, &loaded.findings);
            match loaded.key {
                Some(key) => (
                    Kind::Key(catalog, Box::new(as_named(key)), doubt),
                    UserError::new(""),
                ),
                None => refuse("cannot be read as a key file".to_owned()),
            }
        }
    }
}

/// Why it is not known what a key gives: a part of its file could not be read, or names what the provider does not have.
fn doubt(source: &Source, findings: &[Finding]) -> Option<UserError> {
    let is_doubt = |finding: &&Finding| {
        matches!(finding.rule.group(), Group::File | Group::Names) && level(finding) == Level::Error
    };
    let mut doubts = findings.iter().filter(is_doubt);
    let first = doubts.next()?;
    let more = match doubts.count() {
        0 => String::new(),
        more => format!(", and {}", count(more, "more fault")),
    };
    let located = source.source_map();
    let at = located.position(located.span(&first.place).start);
    let name = &source.name;
    let message = format!(
        "what `{name}` gives is not known: {}:{}: {}{more}",
        at.line, at.column, first.message
    );
    Some(UserError::new(message).help(format!("scopes check {name}")))
}
