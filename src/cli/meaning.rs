//! What a word on a command line is the name of, and which command it belongs to: the same for every command.

use std::path::Path;
use std::sync::Arc;

use super::files::{FileKind, Origin, read_source};
use super::usage::quoted;
use crate::finding::RuleId;
use crate::load::LogFormat;
use crate::load::{has_field_of_key, looks_like_a_catalog, looks_like_a_key_file};
use crate::model::{Catalog, Request};
use crate::source::Syntax;

/// What a word is the name of. A handle is what a command is given to mean the catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    Provider {
        handle: String,
    },
    /// A scope, a bundle or a wildcard.
    Scope {
        handle: String,
    },
    Recipe {
        handle: String,
    },
    Event {
        handle: String,
    },
    Environment,
    Rule,
    Endpoint,
    KeyFile,
    CatalogFile,
    Log,
    Folder,
    OtherFile,
}

/// What a word is the name of, in these catalogs and outside of them.
pub(super) fn meaning(word: &str, catalogs: &[Arc<Catalog>]) -> Option<Meaning> {
    let handle_of = |knows: &dyn Fn(&Catalog) -> bool| {
        let catalog = catalogs.iter().find(|catalog| knows(catalog))?;
        Some(catalog.handle.clone())
    };
    if Request::parse(word).is_some() || word.starts_with('/') && !Path::new(word).exists() {
        return Some(Meaning::Endpoint);
    }
    if let Some(handle) = handle_of(&|catalog| catalog.provider == word) {
        return Some(Meaning::Provider { handle });
    }
    if let Some(file) = of_file(word) {
        return Some(file);
    }
    if let Some(handle) = handle_of(&|catalog| catalog.meaning(word).is_some()) {
        return Some(Meaning::Scope { handle });
    }
    if let Some(handle) = handle_of(&|catalog| catalog.recipe(word).is_some()) {
        return Some(Meaning::Recipe { handle });
    }
    if let Some(handle) = handle_of(&|catalog| catalog.event(word).is_some()) {
        return Some(Meaning::Event { handle });
    }
    if RuleId::parse(word).is_some() {
        return Some(Meaning::Rule);
    }
    handle_of(&|catalog| catalog.environment(word).is_some()).map(|_| Meaning::Environment)
}

/// What a file or a folder is.
pub(super) fn of_file(word: &str) -> Option<Meaning> {
    let path = Path::new(word);
    if path.is_dir() {
        return Some(Meaning::Folder);
    }
    if !path.is_file() {
        return None;
    }
    let Ok(Ok(source)) = read_source(path, FileKind::KeyOrCatalog, Origin::Found) else {
        return Some(Meaning::OtherFile);
    };
    if looks_like_a_catalog(&source) {
        return Some(Meaning::CatalogFile);
    }
    if looks_like_a_key_file(&source) || Syntax::of(path).is_some() && has_field_of_key(&source) {
        return Some(Meaning::KeyFile);
    }
    let is_log = Syntax::of(path).is_none() && LogFormat::detect(&source.text).is_some();
    Some(if is_log {
        Meaning::Log
    } else {
        Meaning::OtherFile
    })
}

impl Meaning {
    /// What it is, as the end of a sentence.
    pub(super) fn noun(&self) -> &'static str {
        match self {
            Self::Provider { .. } => "a provider",
            Self::Scope { .. } => "a scope",
            Self::Recipe { .. } => "a recipe",
            Self::Event { .. } => "an event",
            Self::Environment => "an environment",
            Self::Rule => "a rule",
            Self::Endpoint => "an endpoint",
            Self::KeyFile => "a key file",
            Self::CatalogFile => "a catalog",
            Self::Log => "a request log",
            Self::Folder => "a folder",
            Self::OtherFile => "a file",
        }
    }

    /// The command that such a word belongs to, as it can be pasted; `None` where there is none.
    pub(super) fn command(&self, word: &str) -> Option<String> {
        let word = &quoted(&match self {
            Self::Endpoint => endpoint(word),
            _ => word.to_owned(),
        });
        Some(match self {
            Self::Provider { handle } => format!("scopes show {}", quoted(handle)),
            Self::Scope { .. } | Self::Endpoint => format!("scopes explain {word}"),
            Self::Event { handle } => format!("scopes explain -p {} {word}", quoted(handle)),
            Self::Recipe { handle } => {
                format!("scopes recommend -p {} --recipe {word}", quoted(handle))
            }
            Self::Rule => format!("scopes rule {word}"),
            Self::KeyFile => format!("scopes check {word}, or scopes explain --key-file {word}"),
            Self::Folder => format!("scopes check {word}"),
            Self::CatalogFile => format!("scopes show {word}, or scopes lint {word}"),
            Self::Log => format!("scopes recommend -p PROVIDER --log {word}"),
            Self::Environment | Self::OtherFile => return None,
        })
    }

    /// The options of `recommend` that say it.
    pub(super) fn options_of_recommend(&self, word: &str) -> Option<Vec<String>> {
        let any_endpoint = || vec!["--endpoint".to_owned(), "METHOD /path".to_owned()];
        let with =
            |handle: &str, option: &str| ["-p", handle, option, word].map(str::to_owned).to_vec();
        let of = |handle: &str| vec!["-p".to_owned(), handle.to_owned()];
        Some(match self {
            Self::Provider { handle } => [of(handle), any_endpoint()].concat(),
            Self::Recipe { handle } => with(handle, "--recipe"),
            Self::Event { handle } => with(handle, "--event"),
            Self::Endpoint => vec!["--endpoint".to_owned(), endpoint(word)],
            Self::KeyFile => vec!["--key-file".to_owned(), word.to_owned()],
            Self::CatalogFile => [of(&handle_of_file(word)), any_endpoint()].concat(),
            Self::Log => with("PROVIDER", "--log"),
            Self::Environment => vec!["-e".to_owned(), word.to_owned()],
            Self::Scope { .. } | Self::Rule | Self::Folder | Self::OtherFile => return None,
        })
    }
}

/// An endpoint with its method.
fn endpoint(word: &str) -> String {
    match Request::parse(word) {
        Some(_) => word.to_owned(),
        None => format!("GET {word}"),
    }
}

/// What `-p` is given to mean the catalog of a file.
pub(super) fn handle_of_file(word: &str) -> String {
    if word.contains('/') {
        word.to_owned()
    } else {
        format!("./{word}")
    }
}
