//! What `diff` is given: a key file, a catalog, or neither.

use std::path::Path;
use std::rc::Rc;

use crate::cli::files::{FileKind, Origin, read_source};
use crate::cli::key::catalog_of;
use crate::cli::kinds::{looks_like_a_catalog, looks_like_a_key_file};
use crate::cli::refusal::Refusal;
use crate::cli::secrets::without_secrets;
use crate::cli::shelf::Shelf;
use crate::load::{load_catalog, load_key};
use crate::model::{Catalog, Key};
use crate::source::{NotText, Source};

/// What a file is.
pub(super) enum Kind {
    Key(Rc<Catalog>, Box<Key>),
    Catalog(Box<Catalog>),
    /// Neither, or nothing that can be read.
    Other,
}

/// A built-in catalog, a file, or a file with an environment behind it.
pub(super) fn operand(
    text: &str,
    shelf: &Shelf,
) -> anyhow::Result<((Kind, Option<String>), Refusal)> {
    if !Path::new(text).is_file() {
        if let Some(catalog) = shelf.by_name(text) {
            return Ok((
                (Kind::Catalog(Box::new((*catalog).clone())), None),
                Refusal::new(""),
            ));
        }
        if let Some((file, environment)) = text.rsplit_once('@') {
            let (kind, why) = read(Path::new(file), shelf)?;
            return Ok(((kind, Some(environment.to_owned())), why));
        }
    }
    let (kind, why) = read(Path::new(text), shelf)?;
    Ok(((kind, None), why))
}

/// A file as what it is, and why it is nothing where it is nothing.
pub(super) fn read(path: &Path, shelf: &Shelf) -> anyhow::Result<(Kind, Refusal)> {
    let source = read_source(path, FileKind::KeyOrCatalog, Origin::Named)?;
    Ok(kind_of(source, path.parent(), shelf))
}

pub(super) fn kind_of(
    source: Result<Source, NotText>,
    folder: Option<&Path>,
    shelf: &Shelf,
) -> (Kind, Refusal) {
    let source = match source {
        Ok(source) => source,
        Err(reason) => {
            return (
                Kind::Other,
                Refusal::new(format!("a file cannot be read: {reason}")),
            );
        }
    };
    let name = source.name.clone();
    if looks_like_a_catalog(&source) {
        let loaded = load_catalog(&source);
        let faults = loaded.findings.len();
        return match loaded.catalog {
            Some(catalog) if faults == 0 => (Kind::Catalog(Box::new(catalog)), Refusal::new("")),
            _ => {
                let help = format!("scopes show {name}");
                (
                    Kind::Other,
                    Refusal::new(format!("the catalog `{name}` has {faults} faults")).help(help),
                )
            }
        };
    }
    if !looks_like_a_key_file(&source) {
        return (
            Kind::Other,
            Refusal::new(format!("`{name}` is neither a key file nor a catalog")),
        );
    }
    let (source, _) = without_secrets(source, shelf, &[]);
    let help = format!("scopes check {name}");
    let refuse = |why: String| {
        (
            Kind::Other,
            Refusal::new(format!("`{name}` {why}")).help(help.clone()),
        )
    };
    match catalog_of(&source, folder, shelf) {
        Err(Some(finding)) => refuse(format!("cannot be compared: {}", finding.message)),
        Err(None) => refuse("cannot be read as a key file".to_owned()),
        Ok(catalog) => {
            let loaded = load_key(&source, Some(&catalog));
            match loaded.key {
                Some(key) => (Kind::Key(catalog, Box::new(key)), Refusal::new("")),
                None => refuse("cannot be read as a key file".to_owned()),
            }
        }
    }
}
