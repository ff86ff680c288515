//! The catalogs at hand: the built-in ones, those named with `--catalog`, and those that a path names.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::files::{FileKind, Origin, read_raw_source, refuse_outside};
use super::settings::Settings;
use super::threads;
use super::user_error::{UserError, faults};
use crate::finding::{Finding, Level};
use crate::load::{
    MaskedCatalog, builtin_knowing, builtin_names, builtin_text, load_builtin, mask_catalog,
};
use crate::model::Catalog;
use crate::source::limits::MOST_CATALOGS_KEPT;
use crate::source::{Syntax, nearest};

/// Catalogs by name, each parsed when it is first asked for, and once, whichever thread asks.
pub(super) struct Catalogs {
    own: Vec<Own>,
    /// Whether key files may only name these catalogs.
    restricted: bool,
    builtin: Vec<(&'static str, OnceLock<Option<Arc<Catalog>>>)>,
    /// Those that files name by a path, each under the name that it is given there.
    by_path: Mutex<HashMap<(PathBuf, String), Slot>>,
    own_prefixes: OnceLock<Vec<String>>,
}

/// A catalog file that is read once: a second thread waits for the first.
type Slot = Arc<OnceLock<Result<Arc<Catalog>, UserError>>>;

/// A catalog of the user's.
pub(super) struct Own {
    pub(super) path: PathBuf,
    pub(super) catalog: Arc<Catalog>,
}

impl Catalogs {
    /// Collects these files, and those catalogs of the configuration whose names are not taken yet. Fails if one of
    /// them is not a valid catalog.
    pub(super) fn new(paths: &[PathBuf], settings: &Settings) -> anyhow::Result<Self> {
        let mut catalogs = Self::of(paths, Origin::Named)?;
        if let Some(patterns) = &settings.config.catalogs {
            let files = settings.files(patterns)?.all()?;
            let named = catalogs.own;
            catalogs = Self::of(&files, Origin::Found)?;
            catalogs.own.retain(|own| {
                let provider = &own.catalog.provider;
                !named
                    .iter()
                    .any(|other| other.catalog.provider == *provider)
            });
            catalogs.own.extend(named);
            catalogs.restricted = true;
        }
        Ok(catalogs)
    }

    fn of(paths: &[PathBuf], origin: Origin) -> anyhow::Result<Self> {
        let mut own: Vec<Own> = Vec::new();
        for path in paths {
            let catalog = Arc::new(read(path, origin)?);
            if let Some(other) = own
                .iter()
                .find(|other| other.catalog.provider == catalog.provider)
            {
                let message = format!(
                    "`{}` and `{}` are both catalogs of `{}`",
                    other.path.display(),
                    path.display(),
                    catalog.provider
                );
                return Err(UserError::new(message).into());
            }
            own.push(Own {
                path: path.clone(),
                catalog,
            });
        }
        Ok(Self {
            own,
            restricted: false,
            builtin: builtin_names()
                .map(|name| (name, OnceLock::new()))
                .collect(),
            by_path: Mutex::default(),
            own_prefixes: OnceLock::new(),
        })
    }

    /// The user's catalogs.
    pub(super) fn own(&self) -> &[Own] {
        &self.own
    }

    /// Every name, sorted; a user's catalog hides the built-in one of its name.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = builtin_names().map(str::to_owned).collect();
        names.extend(self.own.iter().map(|own| own.catalog.provider.clone()));
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Every catalog, by name.
    pub(super) fn all(&self) -> Vec<Arc<Catalog>> {
        self.each(&self.names())
    }

    /// The catalogs that may have a name which begins so. A built-in one that does not even have the text is not read.
    pub(super) fn with_text(&self, text: &str) -> Vec<Arc<Catalog>> {
        let mut names = self.names();
        names.retain(|name| {
            let is_own = self.own.iter().any(|own| own.catalog.provider == *name);
            is_own || builtin_text(name).is_none_or(|whole| whole.contains(text))
        });
        self.each(&names)
    }

    /// The catalogs that may know one of some names, or an endpoint that one of some targets reaches: every one that does.
    pub(super) fn knowing<'a>(
        &self,
        names: impl IntoIterator<Item = &'a str>,
        targets: impl IntoIterator<Item = &'a str>,
    ) -> Vec<Arc<Catalog>> {
        let own = self.own.iter().map(|own| own.catalog.provider.clone());
        let shipped = builtin_knowing(names, targets).map(str::to_owned);
        let mut names: Vec<String> = own.chain(shipped).collect();
        names.sort_unstable();
        names.dedup();
        self.each(&names)
    }

    fn each(&self, names: &[String]) -> Vec<Arc<Catalog>> {
        let found = threads::for_each(names, threads::available(), |name| self.by_name(name));
        found.into_iter().flatten().collect()
    }

    /// The catalog of a name.
    pub(super) fn by_name(&self, name: &str) -> Option<Arc<Catalog>> {
        if let Some(own) = self.own.iter().find(|own| own.catalog.provider == name) {
            return Some(Arc::clone(&own.catalog));
        }
        let (name, slot) = self.builtin.iter().find(|(other, _)| *other == name)?;
        slot.get_or_init(|| load_builtin(name).map(Arc::new))
            .clone()
    }

    /// Whether a known catalog, or one that was named by a path, has a text in one of its names, so that it is not a
    /// secret.
    pub(super) fn has_in_a_name(&self, text: &str) -> bool {
        let by_path: Vec<Arc<Catalog>> = {
            let known = self.by_path.lock().unwrap_or_else(PoisonError::into_inner);
            let loaded = known.values().filter_map(|slot| slot.get());
            loaded.filter_map(|one| one.clone().ok()).collect()
        };
        let mut catalogs = by_path.into_iter().chain(self.with_text(text));
        catalogs.any(|catalog| catalog.has_in_a_name(text))
    }

    /// The catalog at a path under the name that somebody gives it, loaded once.
    fn at_path(
        &self,
        path: PathBuf,
        name: &str,
        load: impl FnOnce(&Path) -> anyhow::Result<Catalog>,
    ) -> anyhow::Result<Arc<Catalog>> {
        let at = (path, name.to_owned());
        let slot = {
            let mut known = self.by_path.lock().unwrap_or_else(PoisonError::into_inner);
            if known.len() >= MOST_CATALOGS_KEPT && !known.contains_key(&at) {
                known.clear();
            }
            Arc::clone(known.entry(at.clone()).or_default())
        };
        let loaded = slot.get_or_init(|| {
            let mut catalog = load(&at.0).map_err(UserError::of)?;
            name.clone_into(&mut catalog.handle);
            Ok(Arc::new(catalog))
        });
        Ok(loaded.clone()?)
    }

    /// The catalog that a user or a file names: a path relative to a folder if it contains `/` or has an extension,
    /// otherwise a name.
    pub(super) fn named(&self, name: &str, folder: Option<&Path>) -> anyhow::Result<Arc<Catalog>> {
        let as_path = Path::new(name);
        if name.contains('/') || Syntax::of(as_path).is_some() {
            let path = folder.map_or_else(|| as_path.to_path_buf(), |folder| folder.join(as_path));
            let origin = match folder {
                None => Origin::Named,
                Some(folder) => {
                    if !self.has_file(&path) {
                        let help = "name it on the command line: --catalog PATH";
                        refuse_outside(&path, folder, help)?;
                    }
                    Origin::Found
                }
            };
            return self.at_path(path, name, |path| read(path, origin));
        }
        self.by_name(name).ok_or_else(|| {
            let names = self.names();
            let near = nearest(name, names.iter().map(String::as_str));
            let help = match near.first() {
                Some(best) => format!("did you mean `{best}`?"),
                None => format!(
                    "known: {}; name your own catalog by its path",
                    names.join(", ")
                ),
            };
            UserError::new(format!("unknown provider `{name}`"))
                .help(help)
                .into()
        })
    }

    /// The catalog that a key file in a folder names. If the configuration lists the catalogs, others are refused.
    pub(super) fn for_key(
        &self,
        name: &str,
        folder: Option<&Path>,
    ) -> anyhow::Result<Arc<Catalog>> {
        let as_path = Path::new(name);
        if !self.restricted || !(name.contains('/') || Syntax::of(as_path).is_some()) {
            return self.named(name, folder);
        }
        let path = folder.map_or_else(|| as_path.to_path_buf(), |folder| folder.join(as_path));
        let real = |path: &Path| std::fs::canonicalize(path).ok();
        let known = self
            .own
            .iter()
            .find(|own| real(&own.path).is_some() && real(&own.path) == real(&path));
        match known {
            Some(own) => self.at_path(path, name, |_| Ok(Catalog::clone(&own.catalog))),
            None => {
                let message = format!("catalog `{name}` is not listed in scopes.toml");
                let names = self.names().join(", ");
                let help = format!(
                    "a key file may use one of {names}; list others under `catalogs` in scopes.toml"
                );
                Err(UserError::new(message).help(help).into())
            }
        }
    }

    /// Whether a file is a catalog that the command line or the configuration names.
    fn has_file(&self, path: &Path) -> bool {
        let real = |path: &Path| std::fs::canonicalize(path).ok();
        let wanted = real(path);
        wanted.is_some() && self.own.iter().any(|own| real(&own.path) == wanted)
    }

    /// The key prefixes that the user's catalogs declare; those of the built-in ones are always included.
    pub(super) fn own_prefixes(&self) -> &[String] {
        self.own_prefixes.get_or_init(|| {
            let catalogs = self.own.iter();
            catalogs.flat_map(|own| own.catalog.prefixes()).collect()
        })
    }
}

/// Reads a catalog file. Fails with its first errors if it has any.
fn read(path: &Path, origin: Origin) -> anyhow::Result<Catalog> {
    let shown = super::files::shown(path);
    let source = read_raw_source(path, FileKind::Catalog, origin)?
        .map_err(|reason| UserError::new(format!("cannot read `{shown}`: {reason}")))?;
    let MaskedCatalog { source, loaded, .. } = mask_catalog(source);
    let faulty: Vec<Finding> = loaded
        .findings
        .into_iter()
        .filter(|finding| crate::lint::level(finding) == Level::Error)
        .collect();
    match loaded.catalog {
        Some(catalog) if faulty.is_empty() => Ok(catalog),
        _ => {
            let mut refusal = faults(&format!("the catalog `{shown}`"), &source, &faulty);
            if faulty.is_empty() {
                refusal.message.push_str("\n  it does not name a provider");
            }
            Err(refusal.help(format!("scopes lint {shown}")).into())
        }
    }
}
