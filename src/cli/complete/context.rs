//! What the words of a command line say about what is meant: the catalogs, the provider, the key file.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::cli::catalogs::Catalogs;
use crate::cli::files::{FileKind, Origin, read_source};
use crate::cli::settings::Settings;
use crate::load::{declared_provider, load_key, looks_like_a_key_file};
use crate::model::{Catalog, Key};

/// What is known beside the word that is completed.
pub(super) struct Context {
    /// The words before it.
    words: Vec<String>,
    catalogs: OnceLock<Option<Catalogs>>,
}

impl Context {
    pub(super) fn of(words: &[String]) -> Self {
        let before = words.len().saturating_sub(1);
        Self {
            words: words[..before].to_vec(),
            catalogs: OnceLock::new(),
        }
    }

    /// The subcommand.
    pub(super) fn has_word(&self, word: &str) -> bool {
        self.words.iter().any(|one| one == word)
    }

    /// The values of an option, by its long and its short name.
    fn values<'a>(
        &'a self,
        long: &'a str,
        short: Option<&'a str>,
    ) -> impl Iterator<Item = &'a str> {
        let words = self.words.iter().enumerate();
        words.filter_map(move |(at, word)| {
            if word == long || Some(word.as_str()) == short {
                return self.words.get(at + 1).map(String::as_str);
            }
            let value = word.strip_prefix(long)?;
            value.strip_prefix('=')
        })
    }

    /// The catalogs that count: where one or the configuration is at fault, those without it.
    fn catalogs(&self) -> Option<&Catalogs> {
        let read = || {
            let paths: Vec<PathBuf> = self.values("--catalog", None).map(PathBuf::from).collect();
            let named = self.values("--config", None).next().map(Path::new);
            let settings = if self.has_word("--no-config") {
                Settings::default()
            } else {
                Settings::new(named).unwrap_or_default()
            };
            Catalogs::new(&paths, &settings)
                .or_else(|_| Catalogs::new(&[], &settings))
                .or_else(|_| Catalogs::new(&[], &Settings::default()))
                .ok()
        };
        self.catalogs.get_or_init(read).as_ref()
    }

    /// Every catalog.
    pub(super) fn all(&self) -> Vec<Arc<Catalog>> {
        self.catalogs().map(Catalogs::all).unwrap_or_default()
    }

    /// Whether the words before it say which provider is meant.
    pub(super) fn names_a_provider(&self) -> bool {
        self.values("--provider", Some("-p")).next().is_some() || self.key().is_some()
    }

    /// The catalogs that may be meant: that of the provider that is named, of the key file, or all that have what is typed.
    pub(super) fn meant(&self, typed: &str) -> Vec<Arc<Catalog>> {
        let Some(catalogs) = self.catalogs() else {
            return Vec::new();
        };
        if let Some(name) = self.values("--provider", Some("-p")).last() {
            return catalogs.named(name, None).ok().into_iter().collect();
        }
        match self.key() {
            Some((catalog, _)) => vec![catalog],
            None => catalogs.with_text(typed),
        }
    }

    /// The key file that is named, as far as it can be read.
    pub(super) fn key(&self) -> Option<(Arc<Catalog>, Option<Key>)> {
        let named = self.values("--key-file", None);
        // `check` and `diff` take key files without an option.
        let bare = self.words.iter().map(String::as_str);
        let mut paths = named.chain(bare.filter(|word| Path::new(word).is_file()));
        paths.find_map(|path| {
            let path = Path::new(path);
            let source = read_source(path, FileKind::Key, Origin::Found).ok()?.ok()?;
            if !looks_like_a_key_file(&source) {
                return None;
            }
            let provider = declared_provider(&source)?;
            let catalog = self.catalogs()?.for_key(&provider, path.parent()).ok()?;
            let key = load_key(&source, Some(&catalog)).key;
            Some((catalog, key))
        })
    }
}
