//! `diff --base`: the files of the working folder against what they were at a git revision.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::affected::affected;
use super::git::{Base, Changed};
use super::operand::{Kind, kind_of};
use super::{DiffArgs, Part, Version, edition_part, keys};
use crate::cli::refusal::Refusal;
use crate::cli::shelf::Shelf;
use crate::cli::world::{World, read_bytes, shown};
use crate::diff::editions;
use crate::render::EditionComparison;
use crate::source::{Source, Syntax};

/// Every key file and catalog that changed since a revision.
pub(super) fn since(
    args: &DiffArgs,
    revision: &str,
    shelf: &Shelf,
    world: &mut World,
) -> anyhow::Result<Vec<Part>> {
    let base = Base::new(revision)?;
    let paths: Vec<PathBuf> = args.what.iter().map(PathBuf::from).collect();
    for path in &paths {
        if !path.exists() && base.changed(std::slice::from_ref(path))?.is_empty() {
            return Err(Refusal::new(format!(
                "there is no file or folder `{}`, and there was none",
                shown(path)
            ))
            .into());
        }
    }
    let mut parts = Vec::new();
    for changed in base.changed(&paths)? {
        let names = [&changed.old, &changed.new];
        if names
            .into_iter()
            .flatten()
            .all(|name| Syntax::of(Path::new(name)).is_none())
        {
            continue;
        }
        parts.extend(changed_file(args, &base, revision, &changed, shelf, world)?);
    }
    Ok(parts)
}

fn changed_file(
    args: &DiffArgs,
    base: &Base,
    revision: &str,
    changed: &Changed,
    shelf: &Shelf,
    world: &mut World,
) -> anyhow::Result<Vec<Part>> {
    let syntax = |name: &str| Syntax::of(Path::new(name)).unwrap_or(Syntax::Yaml);
    let folder = |name: &str| base.top().join(name).parent().map(Path::to_path_buf);
    let old = match &changed.old {
        Some(name) => Some(kind_of(
            Source::from_bytes(name, syntax(name), &base.read(name)?),
            folder(name).as_deref(),
            shelf,
        )),
        None => None,
    };
    let new = match &changed.new {
        Some(name) => {
            let bytes = read_bytes(&base.top().join(name))?;
            Some(kind_of(
                Source::from_bytes(name, syntax(name), &bytes),
                folder(name).as_deref(),
                shelf,
            ))
        }
        None => None,
    };
    let from = match (&changed.old, &changed.new) {
        (Some(old), Some(new)) if old != new => format!("{revision}:{old}"),
        _ => revision.to_owned(),
    };
    let to = changed
        .new
        .clone()
        .or_else(|| changed.old.clone())
        .unwrap_or_default();
    let labels = [from.as_str(), to.as_str()];
    Ok(match (old, new) {
        (Some((Kind::Catalog(old), _)), Some((Kind::Catalog(new), _))) => {
            let keys = affected(args, &old, &new, shelf, world)?;
            let one = EditionComparison {
                editions: editions(&old, &new),
                old: &old,
                new: &new,
                from,
                to,
                keys,
            };
            vec![edition_part(args, &one, world)]
        }
        (old, new) => {
            // What cannot be read now is a reason to stop; what could not be read then is as if it had not been there.
            if let Some((Kind::Other, why)) = &new
                && (matches!(old, Some((Kind::Key(..), _))) || why.help.is_some())
            {
                world.complain(&why.message, why.help.as_deref());
            }
            let unreadable = matches!(&old, Some((Kind::Other, _)));
            let as_key = |side: Option<(Kind, Refusal)>| match side {
                Some((Kind::Key(catalog, key), _)) => Some((catalog, key)),
                _ => None,
            };
            let (old, new) = (as_key(old), as_key(new));
            let Some(catalog) = new
                .as_ref()
                .or(old.as_ref())
                .map(|(catalog, _)| Rc::clone(catalog))
            else {
                return Ok(Vec::new());
            };
            if new.is_none() && changed.new.is_some() {
                return Ok(Vec::new());
            }
            let mut notes = Vec::new();
            if unreadable && new.is_some() {
                notes.push(format!(
                    "at {from} it could not be read as a key file, so everything counts as new"
                ));
            }
            let old = old.as_ref().map(|(_, key)| Version {
                key,
                environment: None,
            });
            let new = new.as_ref().map(|(_, key)| Version {
                key,
                environment: None,
            });
            keys(
                args,
                &catalog,
                [old.as_ref(), new.as_ref()],
                labels,
                &notes,
                world,
            )
        }
    })
}
