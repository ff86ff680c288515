//! `diff --base`: the files of the working folder against what they were at a git revision.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use super::affected::affected;
use super::git::{Base, Changed};
use super::operand::{Kind, kind_of};
use super::{DiffArgs, Part, Version, edition_part, keys};
use crate::cli::files::{FileKind, Origin, read_bytes, shown};
use crate::cli::refusal::Refusal;
use crate::cli::shelf::Shelf;
use crate::cli::world::World;
use crate::diff::editions;
use crate::load::{declared_identity, load_catalog};
use crate::model::Catalog;
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
    let changed = paired(&base, base.changed()?)?;
    for path in &paths {
        let one = std::slice::from_ref(path);
        let mut was_there = false;
        for file in &changed {
            was_there |= base.is_below(file.path(), one)?;
        }
        if !path.exists() && !was_there {
            let message = format!(
                "there is no file or folder `{}`, and there was none",
                shown(path)
            );
            return Err(Refusal::new(message).into());
        }
    }
    let mut parts = Vec::new();
    for file in &changed {
        if Syntax::of(Path::new(file.path())).is_some() && base.is_below(file.path(), &paths)? {
            parts.extend(changed_file(args, &base, revision, file, shelf, world)?);
        }
    }
    Ok(parts)
}

/// Files that are new with the files that are gone and held the same key or catalog: those moved. Who a file is about
/// decides, not how much alike two files are.
fn paired(base: &Base, changed: Vec<Changed>) -> anyhow::Result<Vec<Changed>> {
    let (gone, mut rest): (Vec<Changed>, Vec<Changed>) =
        changed.into_iter().partition(|file| file.new.is_none());
    let mut gone_as: Vec<(Changed, Option<String>)> = Vec::new();
    for file in gone {
        let identity = match &file.old {
            Some(name) if Syntax::of(Path::new(name)).is_some() => {
                identity(name, &base.read(name)?)
            }
            _ => None,
        };
        gone_as.push((file, identity));
    }
    for file in rest.iter_mut().filter(|file| file.old.is_none()) {
        let Some(name) = file
            .new
            .as_ref()
            .filter(|name| Syntax::of(Path::new(name)).is_some())
        else {
            continue;
        };
        let Ok(bytes) = read_bytes(
            &base.top().join(name),
            FileKind::KeyOrCatalog,
            Origin::Found,
        ) else {
            continue;
        };
        let Some(identity) = identity(name, &bytes) else {
            continue;
        };
        let same = gone_as
            .iter()
            .position(|(_, other)| other.as_ref() == Some(&identity));
        if let Some(index) = same {
            file.old = gone_as.remove(index).0.old;
        }
    }
    rest.extend(gone_as.into_iter().map(|(file, _)| file));
    rest.sort_by(|a, b| a.path().cmp(b.path()));
    Ok(rest)
}

/// Which key or catalog a file is about.
fn identity(name: &str, bytes: &[u8]) -> Option<String> {
    let syntax = Syntax::of(Path::new(name)).unwrap_or(Syntax::Yaml);
    declared_identity(&Source::from_bytes(name, syntax, bytes).ok()?)
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
            let bytes = read_bytes(
                &base.top().join(name),
                FileKind::KeyOrCatalog,
                Origin::Found,
            )?;
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
            let both = [Some(&*old), Some(&*new)];
            vec![edition(args, both, [from, to], shelf, world)?]
        }
        (_, Some((Kind::Catalog(new), _))) => {
            let labels = ["nothing".to_owned(), to];
            vec![edition(args, [None, Some(&*new)], labels, shelf, world)?]
        }
        (Some((Kind::Catalog(old), _)), None) => {
            let labels = [from, format!("{to}, which is gone,")];
            vec![edition(args, [Some(&*old), None], labels, shelf, world)?]
        }
        (old, new) => {
            // What cannot be read now is a reason to stop; what could not be read then is as if it had not been there.
            if let Some((Kind::Other, why)) = &new
                && (matches!(old, Some((Kind::Key(..), _))) || why.help.is_some())
            {
                world.refuse(why);
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

/// Two editions of a catalog, and the keys that the change affects. One that is new, was none then, or is gone is compared
/// with a catalog that says nothing.
fn edition(
    args: &DiffArgs,
    sides: [Option<&Catalog>; 2],
    [from, to]: [String; 2],
    shelf: &Shelf,
    world: &mut World,
) -> anyhow::Result<Part> {
    let catalogs = sides.map(|side| side.map(Catalog::edition));
    let provider = sides
        .into_iter()
        .flatten()
        .map(|side| &side.provider)
        .next();
    let nothing = empty_catalog(provider.map_or("", String::as_str));
    let [old, new] = sides.map(|side| side.unwrap_or(&nothing));
    let keys = affected(args, old, new, shelf, world)?;
    let one = EditionComparison {
        editions: editions(old, new),
        old,
        new,
        from,
        to,
        keys,
        catalogs,
    };
    Ok(edition_part(args, &one, world))
}

/// A catalog of a provider that says nothing else.
fn empty_catalog(provider: &str) -> Catalog {
    let text = serde_json::json!({ "provider": provider }).to_string();
    let source = Source {
        name: provider.to_owned(),
        text,
        syntax: Syntax::Json,
    };
    load_catalog(&source)
        .catalog
        .expect("a provider's name alone is a catalog")
}
