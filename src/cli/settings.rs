//! `scopes.toml`: where it is found, and the files that its patterns name.

use std::path::{Path, PathBuf};

use ignore::overrides::OverrideBuilder;

use super::files::{FileKind, Origin, read_source, shown};
use super::refusal::{Refusal, faults};
use super::walk::Walked;
use crate::lint::{RULES, can_be_accepted};
use crate::load::load_config;
use crate::model::Config;

const FILE: &str = "scopes.toml";

/// A configuration and where it stands.
#[derive(Debug, Default)]
pub(super) struct Settings {
    pub(super) config: Config,
    /// The file, where there is one.
    pub(super) path: Option<PathBuf>,
    /// The folder that its paths are relative to.
    pub(super) folder: PathBuf,
}

impl Settings {
    /// The configuration of a file; without one, of the `scopes.toml` that is found upwards from the working folder to
    /// the root of the repository; without that, an empty one. Fails where the file has a fault.
    pub(super) fn new(named: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = named.map(Path::to_path_buf).or_else(find) else {
            return Ok(Self::default());
        };
        let name = shown(&path);
        let origin = match named {
            Some(_) => Origin::Named,
            None => Origin::Found,
        };
        let mut source = read_source(&path, FileKind::Config, origin)?
            .map_err(|reason| Refusal::new(format!("cannot read `{name}`: {reason}")))?;
        source.syntax = crate::source::Syntax::Toml;
        let rules: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
        let fixed: Vec<&str> = rules
            .iter()
            .copied()
            .filter(|rule| !can_be_accepted(rule))
            .collect();
        let (config, findings) = load_config(&source, &rules, &fixed);
        if !findings.is_empty() {
            return Err(faults(&format!("`{name}`"), &source, &findings).into());
        }
        Ok(Self {
            config,
            folder: path.parent().map(Path::to_path_buf).unwrap_or_default(),
            path: Some(path),
        })
    }

    /// A path of the configuration, as seen from the working folder.
    pub(super) fn path_of(&self, relative: &str) -> PathBuf {
        self.folder.join(relative)
    }

    /// The files that patterns of the configuration name, sorted. What git ignores is left out. Fails where a pattern is
    /// none. Folders in which no pattern could fit anything are not read.
    pub(super) fn files(&self, patterns: &[String]) -> anyhow::Result<Walked> {
        let root = match self.folder.as_os_str().is_empty() {
            true => Path::new("."),
            false => self.folder.as_path(),
        };
        let mut builder = OverrideBuilder::new(root);
        // A file must not pass a gate for the case of its extension.
        builder.case_insensitive(true)?;
        for pattern in patterns {
            // Without a `/` a pattern would fit at any depth, as in .gitignore.
            let pattern = pattern.trim_start_matches("./");
            let anchored = match pattern.contains('/') {
                true => pattern.to_owned(),
                false => format!("/{pattern}"),
            };
            builder.add(&anchored).map_err(|error| {
                let file = self.path.as_deref().map(shown).unwrap_or_default();
                Refusal::new(format!("`{file}`: invalid pattern `{pattern}`: {error}"))
            })?;
        }
        let wanted = builder.build()?;
        // A pattern that leaves something out brings nothing in.
        let brings = patterns.iter().filter(|one| !one.starts_with('!'));
        let beginnings = brings.map(|one| beginning(one)).collect();
        let mut walked = Walked::beginning_with(root, beginnings);
        let is_wanted = |path: &PathBuf| wanted.matched(path, false).is_whitelist();
        walked.files.retain(is_wanted);
        Ok(walked)
    }
}

impl Settings {
    /// The folders that files of some patterns stand in, and files that are named by themselves.
    pub(super) fn beginnings(&self, patterns: &[String]) -> Vec<PathBuf> {
        let brings = patterns.iter().filter(|one| !one.starts_with('!'));
        let beginnings = brings.map(|one| self.folder.join(beginning(one).0));
        let here = |path: PathBuf| match path.as_os_str().is_empty() {
            true => PathBuf::from("."),
            false => path,
        };
        beginnings.map(here).collect()
    }
}

/// The part of a pattern that stands for itself, the folders before the first that may have several names; and whether the
/// rest names something hidden.
fn beginning(pattern: &str) -> (PathBuf, bool) {
    let is_open = |part: &&str| part.contains(['*', '?', '[', '{', '!', '\\']);
    let parts = pattern.split('/').filter(|part| !matches!(*part, "" | "."));
    let (mut named, mut rest): (PathBuf, Vec<&str>) = (PathBuf::new(), Vec::new());
    for part in parts {
        match rest.is_empty() && !is_open(&part) {
            true => named.push(part),
            false => rest.push(part),
        }
    }
    (named, rest.iter().any(|part| part.starts_with('.')))
}

/// The file upwards from the working folder to the root of the repository; outside of one, in the working folder alone.
fn find() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    // One that is there and cannot be read is no reason to go on without it.
    let mut found: Option<PathBuf> = None;
    let mut up = PathBuf::new();
    for (steps, folder) in here.ancestors().enumerate() {
        if found.is_none() && folder.join(FILE).symlink_metadata().is_ok() {
            found = Some(up.join(FILE));
            if steps == 0 {
                return found;
            }
        }
        if folder.join(".git").exists() {
            return found;
        }
        up.push("..");
    }
    None
}
