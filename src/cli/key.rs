//! A key file and the catalog that it names.

use std::path::Path;
use std::rc::Rc;

use super::refusal::Refusal;
use super::secrets::without_secrets;
use super::shelf::Shelf;
use super::world::{read_source, read_stdin, shown};
use crate::finding::Finding;
use crate::load::{declared_provider, load_key};
use crate::model::{Catalog, Key};
use crate::source::{Path as FieldPath, Source};

/// The catalog that a key file names; else what to say, which is nothing where its provider cannot be read.
pub(super) fn catalog_of(
    source: &Source,
    folder: Option<&Path>,
    shelf: &Shelf,
) -> Result<Rc<Catalog>, Option<Box<Finding>>> {
    let Some(name) = declared_provider(source) else {
        return Err(None);
    };
    shelf.for_key(&name, folder).map_err(|error| {
        let place = FieldPath::root().field("provider").value();
        let mut finding = Finding::new("unknown-provider", place, error.to_string());
        finding.help = error
            .downcast_ref::<Refusal>()
            .and_then(|refusal| refusal.help.clone());
        Some(Box::new(finding))
    })
}

/// A key file and its catalog, for commands that ask about a key. Fails where the file has a fault of its own.
pub(super) fn read_key(path: &Path, shelf: &Shelf) -> anyhow::Result<(Rc<Catalog>, Key)> {
    let name = shown(path);
    let source = match path == Path::new("-") {
        true => read_stdin()?,
        false => read_source(path)?
            .map_err(|reason| Refusal::new(format!("cannot read `{name}`: {reason}")))?,
    };
    let (source, _) = without_secrets(source, shelf, &[]);
    let help = || format!("scopes check --key-file {name}");
    let catalog = match catalog_of(&source, path.parent(), shelf) {
        Ok(catalog) => catalog,
        Err(Some(finding)) => {
            return Err(Refusal::new(finding.message)
                .help(finding.help.unwrap_or_else(help))
                .into());
        }
        Err(None) => {
            return Err(
                Refusal::new(format!("`{name}` cannot be read as a key file"))
                    .help(help())
                    .into(),
            );
        }
    };
    let loaded = load_key(&source, Some(&catalog));
    match loaded.key {
        Some(key) if loaded.findings.is_empty() => Ok((catalog, key)),
        _ => {
            let number = loaded.findings.len();
            let faults = if number == 1 {
                "a fault".to_owned()
            } else {
                format!("{number} faults")
            };
            Err(Refusal::new(format!("`{name}` has {faults}"))
                .help(help())
                .into())
        }
    }
}
