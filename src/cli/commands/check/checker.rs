//! Looks at key files: reads, checks and fixes each.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use crate::cli::catalogs::Catalogs;
use crate::cli::file_kind::{may_be_a_key_file, refuse_other};
use crate::cli::files::{
    Before, Border, FileKind, Origin, as_raw_source, is_too_large, may_have_fields, read_bytes,
    read_other, read_raw_stdin, refuse_other_syntax, shown, write_whole,
};
use crate::cli::key::catalog_named;
use crate::cli::linter::{FixedFile, Linter, LookedFile};
use crate::cli::lookup::both_names;
use crate::cli::settings::Settings;
use crate::cli::traffic::{Observed, observe};
use crate::cli::user_error::UserError;
use crate::lint::{KeyChecker, RawFindings};
use crate::load::KeyReading;
use crate::load::looks_like_a_key_file;
use crate::model::{Catalog, Edition, Key, Need, NeedKind};
use crate::render::findings::{diff, diff_of_lender};
use crate::source::{NotText, Path as FieldPath, Source, Syntax};

use super::CheckArgs;
use super::candidates::Candidate;

/// The outcome for one file.
pub(super) enum Answer {
    /// It is not a key file, and was only found, not named.
    Other,
    /// It could not be looked at.
    Failed(anyhow::Error),
    /// It was looked at, and may be fixed.
    Looked(LookedFile, Option<Box<FixedFile>>),
}

/// The requests in the logs for a catalog, or why the logs cannot be read.
type Observation = (Edition, Result<Arc<Observed>, UserError>);

/// Looks at key files, in several threads.
pub(super) struct Checker<'a> {
    pub(super) args: &'a CheckArgs,
    pub(super) catalogs: &'a Catalogs,
    pub(super) settings: &'a Settings,
    pub(super) linter: &'a Linter<'a>,
    /// The requests in the logs for each catalog. Cached, because a file is checked many times and a log may be a pipe.
    pub(super) observed: Mutex<Vec<Observation>>,
    /// The catalogs that keys were judged by.
    pub(super) editions: Mutex<BTreeSet<Edition>>,
}

impl Checker<'_> {
    /// What the logs have of a catalog, read once.
    fn observed(&self, catalog: &Catalog) -> anyhow::Result<Arc<Observed>> {
        let edition = catalog.edition();
        // Hold the lock while reading, so that other threads wait and a log is read only once.
        let mut known = self.observed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, observed)) = known.iter().find(|(one, _)| *one == edition) {
            return Ok(observed.clone()?);
        }
        let observed = observe(&self.args.log, catalog)
            .map(Arc::new)
            .map_err(UserError::of);
        known.push((edition, observed.clone()));
        Ok(observed?)
    }

    /// Which lines of the logs were skipped, if any were.
    pub(super) fn skipped_lines(&self) -> Option<String> {
        let known = self.observed.lock().unwrap_or_else(PoisonError::into_inner);
        let observed = known.iter().find_map(|(_, read)| read.as_ref().ok())?;
        observed.traffic.of_too_long()
    }

    /// The catalogs that keys were judged by.
    pub(super) fn into_editions(self) -> BTreeSet<Edition> {
        self.editions
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads and looks at a file, and fixes it where that is asked for.
    pub(super) fn answer(&self, file: &Candidate) -> Answer {
        let mut fixed = None;
        let looked = if self.linter.fixes() {
            self.fix_file(file, &mut fixed)
        } else {
            self.look_at_file(file)
        };
        match looked {
            Ok(Some(Looked { raw, view })) => {
                if let Some(edition) = &raw.catalog {
                    let mut editions = self.editions.lock().unwrap_or_else(PoisonError::into_inner);
                    if !editions.contains(edition) {
                        editions.insert(edition.clone());
                    }
                }
                let looked = LookedFile {
                    view,
                    ..LookedFile::of(raw)
                };
                Answer::Looked(looked, fixed)
            }
            Ok(None) => Answer::Other,
            Err(error) => Answer::Failed(error),
        }
    }

    /// Reads a file and its byte order mark, if any. `None` if the file was only found and is not a key file.
    fn read(&self, file: &Candidate) -> anyhow::Result<Option<ReadFile>> {
        let path = file.path.as_path();
        if path == Path::new("-") {
            return ReadFile::of(self.stdin()?, Vec::new(), false);
        }
        let syntax = Syntax::of(path);
        if file.is_found && syntax.is_none() {
            return Ok(None);
        }
        if file.is_found
            && is_too_large(path, FileKind::Key)
            && !may_have_fields(path, &["provider", "name"])
        {
            // Only skip files that cannot be keys; other large files are refused when they are read.
            return Ok(None);
        }
        let mut bytes = read_bytes(path, FileKind::Key, file.origin())?;
        match as_raw_source(path, &bytes) {
            Ok(source) => {
                // A byte order mark is not part of the text, but is kept in the file.
                bytes.truncate(bytes.len() - source.text.len());
                ReadFile::of(source, bytes, file.is_found)
            }
            Err(reason) => {
                let reason = Err(reason);
                if file.is_found && !may_be_a_key_file(path, &reason) {
                    return Ok(None);
                }
                Ok(reason.err().map(ReadFile::NotText))
            }
        }
    }

    /// All findings of a file, and what `--fix` would do to it. `None` if it was only found and is not a key file.
    pub(super) fn look_at_file(&self, file: &Candidate) -> anyhow::Result<Option<Looked>> {
        match self.read(file)? {
            None => Ok(None),
            Some(ReadFile::NotText(why)) => Ok(Some(Looked::of_not_text(&file.path, &why))),
            Some(ReadFile::Text {
                source, reading, ..
            }) => self
                .with_key_checker(&file.path, |checker| checker.findings_of(source, *reading))
                .map(|(raw, view)| Some(Looked { raw, view })),
        }
    }

    /// Calls a function with what checks a key file. Gives the environment that is shown of the key as well, as the file is
    /// read first: what is tried on it may rename that.
    fn with_key_checker<T>(
        &self,
        path: &Path,
        then: impl FnOnce(&KeyChecker<'_, anyhow::Error>) -> anyhow::Result<T>,
    ) -> anyhow::Result<(T, View)> {
        let folder = self.folder_of(path);
        let asked = self.args.environment.as_ref();
        let view = OnceCell::new();
        let prepare = |key: &mut Key, catalog: &Catalog| -> anyhow::Result<()> {
            if let Some(name) = asked {
                let names = both_names(key, catalog, name)?;
                view.get_or_init(|| names);
            }
            if !self.args.log.is_empty() {
                add_observed(key, &*self.observed(catalog)?);
            }
            Ok(())
        };
        let checker = KeyChecker {
            catalogs: &|name| catalog_named(name, folder, self.catalogs),
            others: &|name| read_other(folder, name),
            prefixes: self.catalogs.own_prefixes(),
            policy: self.linter.policy(),
            baseline: self.linter.baseline(),
            budget: self.settings.config.budget,
            prepare: &prepare,
        };
        let found = then(&checker)?;
        // A key that could not be judged has the environment by the name that was asked for.
        let unread = || asked.map(|name| (name.clone(), name.clone()));
        Ok((found, view.into_inner().or_else(unread)))
    }

    /// The border that writing a file must not leave; `None` if the file was named.
    fn border(&self, file: &Candidate) -> Option<Border> {
        if !file.is_found {
            return None;
        }
        let mut named = self.args.paths.iter();
        let folder = named.find(|one| file.path.starts_with(one));
        Some(Border::around(folder.unwrap_or(&self.settings.folder)))
    }

    /// The folder that a file names others from; of standard input that of the name it is given.
    fn folder_of<'p>(&'p self, path: &'p Path) -> Option<&'p Path> {
        match (path == Path::new("-"), &self.args.stdin_filename) {
            (true, Some(name)) => name.parent(),
            _ => path.parent(),
        }
    }

    fn stdin(&self) -> anyhow::Result<Source> {
        let mut source = read_raw_stdin(FileKind::Key)?;
        match &self.args.stdin_filename {
            Some(name) => {
                source.name = shown(name);
                source.syntax = Syntax::of(name).unwrap_or(Syntax::Yaml);
            }
            None => {
                refuse_other_syntax(&source, |name| {
                    format!("name its format: --stdin-filename {name}")
                })?;
            }
        }
        Ok(source)
    }

    /// Fixes another file in which scopes of a key stand, or shows how it would be. `name` is what the key's findings call
    /// it. `None` where there is nothing to fix.
    pub(super) fn fix_lender(
        &self,
        key: &Candidate,
        path: &Path,
        name: &str,
    ) -> anyhow::Result<Option<FixedOther>> {
        let linter = self.linter;
        // Standard input was read, and is empty now.
        if key.path == Path::new("-") {
            return Ok(None);
        }
        let Some(ReadFile::Text { source, .. }) = self.read(key)? else {
            return Ok(None);
        };
        let with_unsafe = linter.fixes_unsafely();
        let (fixed, _) = self.with_key_checker(&key.path, |checker| {
            checker.fix_lender(&source, name, with_unsafe)
        })?;
        let Some(fixed) = fixed.filter(|fixed| !fixed.fixed.made.is_empty()) else {
            return Ok(None);
        };
        if !linter.writes_fixes() {
            return Ok(Some((FixedFile::Shown(diff_of_lender(&fixed)), None)));
        }
        let mut bytes = read_bytes(path, FileKind::Manifest, Origin::Named)?;
        // A byte order mark is not part of the text, but is kept in the file.
        bytes.truncate(bytes.len().saturating_sub(fixed.before.len()));
        let new = [&bytes, fixed.fixed.text.as_bytes()].concat();
        write_whole(path, &new, Before::Text(&fixed.before), None)?;
        let again = self.look_at_file(key)?.map(|looked| looked.raw);
        let written = FixedFile::Written(name.to_owned(), fixed.fixed.made);
        Ok(Some((written, again)))
    }

    /// Fixes a file, or shows how it would be, and looks at what is left.
    fn fix_file(
        &self,
        file: &Candidate,
        fixed: &mut Option<Box<FixedFile>>,
    ) -> anyhow::Result<Option<Looked>> {
        let (path, linter) = (file.path.as_path(), self.linter);
        if path == Path::new("-") && linter.writes_fixes() {
            let refusal = UserError::new("standard input cannot be fixed in place");
            return Err(refusal.help("`--diff` shows what would change").into());
        }
        let (source, reading, mark) = match self.read(file)? {
            None => return Ok(None),
            Some(ReadFile::NotText(why)) => return Ok(Some(Looked::of_not_text(path, &why))),
            Some(ReadFile::Text {
                source,
                reading,
                mark,
            }) => (source, reading, mark),
        };
        let (name, text) = (source.name.clone(), source.text.clone());
        let with_unsafe = linter.fixes_unsafely();
        let (outcome, view) = self.with_key_checker(path, |checker| {
            checker.fix_read(source, *reading, with_unsafe)
        })?;
        if !outcome.made.is_empty() {
            *fixed = Some(Box::new(if linter.writes_fixes() {
                let new = [&mark, outcome.text.as_bytes()].concat();
                let before = Before::Text(&text);
                write_whole(path, &new, before, self.border(file).as_ref())?;
                FixedFile::Written(name, outcome.made)
            } else {
                FixedFile::Shown(diff(&outcome))
            }));
        }
        let raw = outcome.raw;
        Ok(Some(Looked { raw, view }))
    }
}

/// What became of another file in which scopes of a key stand, and what is found in the key afterwards where it was
/// written.
pub(super) type FixedOther = (FixedFile, Option<RawFindings>);

/// The environment of a key that is shown, and how its file calls it.
type View = Option<(String, String)>;

/// What was found in a file.
pub(super) struct Looked {
    pub(super) raw: RawFindings,
    view: View,
}

impl Looked {
    fn of_not_text(path: &Path, why: &NotText) -> Self {
        Self {
            raw: RawFindings::of_not_text(shown(path), why),
            view: None,
        }
    }
}

/// A file that was read.
enum ReadFile {
    /// It is not text, for this reason.
    NotText(NotText),
    Text {
        source: Source,
        reading: Box<KeyReading>,
        /// The byte order mark of the file, if any.
        mark: Vec<u8>,
    },
}

impl ReadFile {
    /// A text with its shape, which decides whether it is a key. `None` if it was only found and is not a key. Fails if
    /// it was named and is not a key.
    fn of(source: Source, mark: Vec<u8>, is_found: bool) -> anyhow::Result<Option<Self>> {
        let reading = match KeyReading::faultless(&source) {
            Ok(reading) => reading,
            Err(_) if is_found && !looks_like_a_key_file(&source) => return Ok(None),
            Err(first) => {
                refuse_other(&source)?;
                KeyReading::after(&source, first)
            }
        };
        Ok(Some(Self::Text {
            source,
            reading: Box::new(reading),
            mark,
        }))
    }
}

/// Adds the requests of logs to the needs of a key. Their place is the key's name.
fn add_observed(key: &mut Key, observed: &Observed) {
    for index in &observed.endpoints {
        let kind = NeedKind::Endpoint(*index);
        if !key.needs.iter().any(|need| need.kind == kind) {
            let at = FieldPath::root().field("name");
            key.needs.push(Need {
                kind,
                recipe: None,
                observed: true,
                at,
            });
        }
    }
    key.declares_needs |= observed.traffic.matched > 0;
    key.observed = Some(observed.traffic.matched);
}
