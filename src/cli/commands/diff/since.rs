//! `diff --base`: the files of the working folder against what they were at a git revision.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::DiffArgs;
use super::affected::affected;
use super::compared::Compared;
use super::git::{Base, Changed, Contents, Old, Selection};
use super::operand::{KeyOperand, Operand, operand_of};
use super::sides::{KeySide, keys};
use crate::cli::catalogs::Catalogs;
use crate::cli::file_kind::{is_catalog_file, is_key_file};
use crate::cli::files::{
    FileKind, Origin, as_raw_source, is_too_large, may_have_fields, other_at, read_bytes,
    read_other, read_source, shown, source_of,
};
use crate::cli::session::Session;
use crate::cli::user_error::UserError;
use crate::cli::walk::Walked;
use crate::diff::editions;
use crate::load::{
    KeyReading, Unread, declared_identity, load_catalog, looks_like_a_catalog,
    looks_like_a_key_file,
};
use crate::model::{Catalog, Key};
use crate::render::difference::EditionComparison;
use crate::source::limits::{LARGEST_CATALOG, LARGEST_MANIFEST};
use crate::source::{NotText, Source, Syntax, count};

/// Compares every key file and catalog that changed since a revision. Reports what cannot be read, and compares the
/// rest.
pub(super) fn since(
    args: &DiffArgs,
    revision: &str,
    catalogs: &Catalogs,
    session: &mut Session,
) -> anyhow::Result<Vec<Compared>> {
    let base = Base::new(revision)?;
    let paths: Vec<PathBuf> = args.what.iter().map(PathBuf::from).collect();
    let changed = base.changed()?;
    for path in &paths {
        let one = base.selection(std::slice::from_ref(path))?;
        let is_there = path.symlink_metadata().is_ok();
        if !is_there && !changed.iter().any(|file| one.has(file.path())) {
            let message = format!(
                "file or folder `{}` does not exist, now or at the base revision",
                shown(path)
            );
            return Err(UserError::new(message).into());
        }
    }
    let selection = base.selection(&paths)?;
    let is_ours = |file: &Changed| {
        let is_repository = || {
            file.new
                .as_ref()
                .is_some_and(|new| is_folder(&base.top().join(new)))
        };
        Syntax::of(file.path()).is_some() || is_repository()
    };
    let paths_changed: HashSet<PathBuf> = changed
        .iter()
        .flat_map(|file| {
            [
                file.new.clone(),
                file.old.as_ref().map(|old| old.path.clone()),
            ]
        })
        .flatten()
        .collect();
    let ours = changed.into_iter().filter(is_ours);
    let (named, others): (Vec<Changed>, Vec<Changed>) =
        ours.partition(|file| selection.has(file.path()));
    let mut contents = base.contents();
    let mut named = paired(&base, &mut contents, named, others);
    named.extend(borrowers(&base, &selection, &paths_changed, &named));
    named.sort_by(|a, b| a.path().cmp(b.path()));
    let then = RefCell::new(contents);
    let mut parts = Vec::new();
    for file in &named {
        match changed_file(args, &base, &then, revision, file, catalogs, session) {
            Ok(more) => parts.extend(more),
            Err(error) => session.fail(&error),
        }
    }
    Ok(parts)
}

/// The key files that did not change themselves, but of which another file that has their scopes did; where that or the
/// key file is selected.
fn borrowers(
    base: &Base,
    selection: &Selection,
    changed: &HashSet<PathBuf>,
    named: &[Changed],
) -> Vec<Changed> {
    let top = base.top();
    let is_ours = |path: &PathBuf| {
        let path = top.join(path);
        path.is_file() && (is_key_file(&path) || is_catalog_file(&path))
    };
    if changed.iter().all(is_ours) {
        return Vec::new();
    }
    let listed: HashSet<&Path> = named.iter().map(Changed::path).collect();
    let borrows = RefCell::new(Vec::new());
    let _ = Walked::below(top, |file| {
        let Ok(key) = file.strip_prefix(top) else {
            return false;
        };
        if listed.contains(key) || Syntax::of(file).is_none() || is_too_large(file, FileKind::Key) {
            return false;
        }
        let read = read_source(file, FileKind::Key, Origin::Found);
        let Some(source) = read.ok().and_then(Result::ok) else {
            return false;
        };
        if !source.text.contains("from") || !looks_like_a_key_file(&source) {
            return false;
        }
        let folder = key.parent().unwrap_or(Path::new(""));
        let is_changed = KeyReading::of(&source).others().into_iter().any(|name| {
            other_at(folder, name).is_ok_and(|other| {
                let is_selected = selection.has(key) || selection.has(&other);
                is_selected && changed.contains(&base.resolved(&other))
            })
        });
        if is_changed {
            borrows.borrow_mut().push(key.to_path_buf());
        }
        is_changed
    });
    let borrows = borrows.into_inner().into_iter();
    let unchanged = |path: PathBuf| Changed {
        old: Some(Old::at(path.clone())),
        new: Some(path),
    };
    borrows.map(unchanged).collect()
}

/// A file that a key file named at the base revision.
fn read_other_then(
    base: &Base,
    then: &RefCell<Contents<'_>>,
    folder: &Path,
    name: &str,
) -> Result<Source, Unread> {
    let path = other_at(folder, name)?;
    let unread = |why: String| Unread {
        message: format!("cannot read `{}` at the base revision: {why}", shown(&path)),
        help: None,
    };
    if path.starts_with("..") {
        return Err(unread("it is outside the repository".to_owned()));
    }
    let old = Old::at(path.clone());
    let bytes = then
        .borrow_mut()
        .read(&old, LARGEST_MANIFEST)
        .map_err(|error| unread(error.to_string()))?
        .map_err(unread)?;
    as_raw_source(&base.path_of(&path), &bytes).map_err(|reason| unread(reason.to_string()))
}

fn is_folder(path: &Path) -> bool {
    path.symlink_metadata()
        .is_ok_and(|metadata| metadata.is_dir())
}

/// Pairs new files with deleted files of the same key or catalog, which were moved. They are matched by identity, not
/// by similar content. Deleted files outside of the selection are read if a new file may come from there.
fn paired(
    base: &Base,
    contents: &mut Contents<'_>,
    mut named: Vec<Changed>,
    others: Vec<Changed>,
) -> Vec<Changed> {
    let mut fresh: Vec<(usize, String)> = Vec::new();
    for (index, file) in named.iter().enumerate() {
        if let (None, Some(new)) = (&file.old, &file.new)
            && let Ok(Some(bytes)) = read_new(&base.path_of(new))
            && let Some(identity) = identity(new, &bytes)
        {
            fresh.push((index, identity));
        }
    }
    let is_gone = |file: &&Changed| file.new.is_none();
    for from in [named.clone(), others] {
        if fresh.is_empty() {
            break;
        }
        let mut gone: HashMap<String, VecDeque<Old>> = HashMap::new();
        for old in from
            .iter()
            .filter(is_gone)
            .filter_map(|file| file.old.clone())
        {
            // A deleted file that cannot be read is not paired; if it is itself selected, that is reported later.
            if let Ok(Ok(bytes)) = contents.read(&old, LARGEST_CATALOG)
                && let Some(identity) = identity(&old.path, &bytes)
            {
                gone.entry(identity).or_default().push_back(old);
            }
        }
        fresh.retain(|(index, identity)| {
            let old = gone.get_mut(identity).and_then(VecDeque::pop_front);
            let is_new = old.is_none();
            named[*index].old = old;
            is_new
        });
    }
    let moved: Vec<PathBuf> = named
        .iter()
        .filter_map(|file| file.new.as_ref().and(file.old.as_ref()))
        .map(|old| old.path.clone())
        .collect();
    let moved: HashSet<PathBuf> = moved.into_iter().collect();
    named.retain(|file| file.new.is_some() || !moved.contains(file.path()));
    named
}

/// Which key or catalog a file is about.
fn identity(name: &Path, bytes: &[u8]) -> Option<String> {
    declared_identity(&source_of(name, bytes).ok()?)
}

/// The current content of a file; `None` if it is too large for a key or a catalog, and does not have the fields of
/// one.
fn read_new(path: &Path) -> anyhow::Result<Option<Vec<u8>>> {
    if is_too_large(path, FileKind::KeyOrCatalog) && !may_have_fields(path, &["provider"]) {
        return Ok(None);
    }
    let bytes = read_bytes(path, FileKind::KeyOrCatalog, Origin::Found)?;
    let is_catalog = || source_of(path, &bytes).is_ok_and(|source| looks_like_a_catalog(&source));
    if is_too_large(path, FileKind::Key) && !is_catalog() {
        return if may_have_fields(path, &["provider", "name"]) {
            read_bytes(path, FileKind::Key, Origin::Found).map(Some)
        } else {
            Ok(None)
        };
    }
    Ok(Some(bytes))
}

/// Whether bytes that are no text begin as a key file does.
fn is_meant_as_key(path: &Path, bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes).replace('\0', "");
    source_of(path, text.as_bytes()).is_ok_and(|source| looks_like_a_key_file(&source))
}

/// Says that git does not compare what is in a repository within the repository, where that may be a key.
fn refuse_repository(path: &Path, session: &mut Session) {
    let inside = Walked::below(path, is_key_file);
    if inside.files.is_empty() && inside.unreadable.is_empty() && Syntax::of(path).is_none() {
        return;
    }
    let name = shown(path);
    let message = format!("`{name}` is a nested repository, and git does not compare its contents");
    let help = match inside.files.len() {
        0 => "replace it with a file or a folder of this repository".to_owned(),
        files => format!("it has {}: scopes check {name}", count(files, "key file")),
    };
    session.refuse(&UserError::new(message).help(help));
}

fn changed_file(
    args: &DiffArgs,
    base: &Base,
    then: &RefCell<Contents<'_>>,
    revision: &str,
    changed: &Changed,
    catalogs: &Catalogs,
    session: &mut Session,
) -> anyhow::Result<Vec<Compared>> {
    let folder = |name: &Path| base.top().join(name).parent().map(Path::to_path_buf);
    let new = match &changed.new {
        Some(name) => {
            let path = base.path_of(name);
            if is_folder(&path) {
                refuse_repository(&path, session);
                return Ok(Vec::new());
            }
            let Some(bytes) = read_new(&path)? else {
                return Ok(Vec::new());
            };
            let source = source_of(name, &bytes);
            if let Err(reason) = &source
                && is_meant_as_key(name, &bytes)
            {
                let message = format!("cannot read `{}`: {reason}", shown(name));
                return Err(UserError::new(message).into());
            }
            let read = |other: &str| read_other(path.parent(), other);
            Some(operand_of(
                name,
                source,
                folder(name).as_deref(),
                &read,
                catalogs,
            ))
        }
        None => None,
    };
    let old = match &changed.old {
        Some(old) => {
            let content = then.borrow_mut().read(old, LARGEST_CATALOG)?;
            let source = match content {
                Ok(bytes) => source_of(&old.path, &bytes),
                Err(reason) => Err(NotText {
                    reason,
                    before: String::new(),
                    guessed: String::new(),
                }),
            };
            let below = old.path.parent().unwrap_or(Path::new(""));
            let read = |other: &str| read_other_then(base, then, below, other);
            Some(operand_of(
                &old.path,
                source,
                folder(&old.path).as_deref(),
                &read,
                catalogs,
            ))
        }
        None => None,
    };
    let from = match (&changed.old, &changed.new) {
        (Some(old), Some(new)) if old.path != *new => format!("{revision}:{}", shown(&old.path)),
        _ => revision.to_owned(),
    };
    let to = shown(changed.path());
    let labels = [from.as_str(), to.as_str()];
    let is_there = changed.new.is_some();
    let mut edition = |sides, names| edition(args, sides, names, catalogs, session);
    Ok(match (old, new) {
        (Some(Operand::Catalog(old)), Some(Operand::Catalog(new))) => {
            vec![edition([Some(old), Some(new)], [from, to])]
        }
        (_, Some(Operand::Catalog(new))) => {
            vec![edition([None, Some(new)], ["nothing".to_owned(), to])]
        }
        (Some(Operand::Catalog(old)), None) => {
            let gone = format!("{to} (deleted)");
            vec![edition([Some(old), None], [from, gone])]
        }
        (old, new) => changed_key(old, new, labels, is_there, session),
    })
}

/// A key then and now, as far as each could be read.
fn changed_key(
    old: Option<Operand>,
    new: Option<Operand>,
    labels: [&str; 2],
    is_there: bool,
    session: &mut Session,
) -> Vec<Compared> {
    // Fail if the current file cannot be read; if the old one could not be read, treat it as missing.
    match (&old, &new) {
        (_, Some(Operand::Broken(why))) | (Some(Operand::Key(_)), Some(Operand::NotOurs(why))) => {
            session.refuse(why);
        }
        (_, Some(Operand::Key(KeyOperand { doubt, .. }))) => {
            session.refuse_each(doubt.as_slice());
        }
        _ => {}
    }
    let was_unreadable = matches!(&old, Some(Operand::NotOurs(_) | Operand::Broken(_)));
    let as_key = |side: Option<Operand>| match side {
        Some(Operand::Key(key)) => Some(key),
        _ => None,
    };
    let (old, new) = (as_key(old), as_key(new));
    if new.is_none() && is_there {
        return Vec::new();
    }
    let mut notes = Vec::new();
    if was_unreadable && new.is_some() {
        notes.push(format!(
            "it could not be read as a key file at {}, so everything counts as new",
            labels[0]
        ));
    }
    let gone = |old: &KeyOperand| keys(&old.catalog, [Some(&side(&old.key)), None], labels, &notes);
    let added =
        |new: &KeyOperand| keys(&new.catalog, [None, Some(&side(&new.key))], labels, &notes);
    match (&old, &new) {
        (None, None) => Vec::new(),
        (Some(old), None) => gone(old),
        (None, Some(new)) => added(new),
        (Some(old), Some(new)) => {
            let is_same_provider = old.catalog.provider == new.catalog.provider;
            match old.under(&new.catalog).filter(|_| is_same_provider) {
                Some(before) => {
                    let sides = [Some(&side(&before)), Some(&side(&new.key))];
                    keys(&new.catalog, sides, labels, &notes)
                }
                // A key of another provider is another key: one is gone, and the other is new with all that it is granted.
                None => [gone(old), added(new)].into_iter().flatten().collect(),
            }
        }
    }
}

/// A key in all of its environments.
fn side(key: &Key) -> KeySide<'_> {
    KeySide {
        key,
        environment: None,
    }
}

/// Compares two editions of a catalog, and finds the affected keys. If there was or is no catalog on one side, that
/// side is an empty catalog.
fn edition(
    args: &DiffArgs,
    sides: [Option<Arc<Catalog>>; 2],
    [from, to]: [String; 2],
    catalogs: &Catalogs,
    session: &mut Session,
) -> Compared {
    let named = sides
        .each_ref()
        .map(|side| side.as_ref().map(|one| one.edition()));
    let mut known = sides.iter().flatten().map(|side| side.provider.clone());
    let nothing = Arc::new(empty_catalog(&known.next().unwrap_or_default()));
    let [old, new] = sides.map(|side| side.unwrap_or_else(|| Arc::clone(&nothing)));
    let keys = affected(&args.keys, &old, &new, catalogs, session);
    Compared::Catalog(Box::new(EditionComparison {
        editions: editions(&old, &new),
        old,
        new,
        from,
        to,
        keys,
        catalogs: named,
    }))
}

/// An empty catalog of a provider.
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
