//! `scopes.toml`: where it is found, and the files that its patterns name.

use std::path::{Path, PathBuf};

use ignore::overrides::{Override, OverrideBuilder};

use super::files::{FileKind, Origin, read_raw_source, shown};
use super::secrets::refuse_secrets;
use super::user_error::{UserError, faults};
use super::walk::{Walked, without_dot};
use crate::finding::Finding;
use crate::load::{load_config, tighten};
use crate::model::Config;
use crate::render::findings::Skip;
use crate::source::{Source, Syntax};

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

/// With more patterns than this, patterns that match no file are not reported.
const MOST_ASKED: usize = 100;

impl Settings {
    /// The configuration of a file; without one, of the `scopes.toml` nearest to the root of the repository on the way from the
    /// working folder up to it, tightened by those between the two; without any, an empty one. Fails where a file has a fault.
    pub(super) fn new(named: Option<&Path>) -> anyhow::Result<Self> {
        let files = named.map_or_else(found, |path| vec![path.to_path_buf()]);
        let Some((first, below)) = files.split_first() else {
            return Ok(Self::default());
        };
        let origin = match named {
            Some(_) => Origin::Named,
            None => Origin::Found,
        };
        let read = |path: &Path| -> anyhow::Result<Source> {
            let name = shown(path);
            let mut source = read_raw_source(path, FileKind::Config, origin)?
                .map_err(|reason| UserError::new(format!("cannot read `{name}`: {reason}")))?;
            refuse_secrets(&format!("`{name}`"), &source)?;
            source.syntax = Syntax::Toml;
            Ok(source)
        };
        let refuse = |source: &Source, findings: &[Finding]| match findings {
            [] => Ok(()),
            _ => Err(faults(&format!("`{}`", source.name), source, findings)),
        };
        let source = read(first)?;
        let (mut config, findings) = load_config(&source);
        refuse(&source, &findings)?;
        for path in below {
            let source = read(path)?;
            let findings = tighten(&mut config, &source);
            refuse(&source, &findings)?;
        }
        Ok(Self {
            config,
            folder: first.parent().map(Path::to_path_buf).unwrap_or_default(),
            path: Some(first.clone()),
        })
    }

    /// A path of the configuration, as seen from the working folder.
    pub(super) fn path_of(&self, relative: &str) -> PathBuf {
        self.folder.join(relative)
    }

    /// The files that patterns of the configuration name, sorted. What git ignores is left out. Fails where a pattern is
    /// none. Folders in which no pattern could fit anything are not read.
    pub(super) fn files(&self, patterns: &[String]) -> anyhow::Result<Walked> {
        let root = if self.folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            without_dot(&self.folder)
        };
        let mut builder = OverrideBuilder::new(root);
        // The case of an extension must not decide whether a file is checked.
        builder.case_insensitive(true)?;
        let mut brings = OverrideBuilder::new(root);
        brings.case_insensitive(true)?;
        let mut beginnings = Vec::new();
        let mut bringing: Vec<(&String, Override)> = Vec::new();
        for pattern in patterns {
            let refuse = |error: ignore::Error| {
                let file = self.path.as_deref().map(shown).unwrap_or_default();
                UserError::new(format!("`{file}`: invalid pattern `{pattern}`: {error}"))
            };
            // Without a `/` a pattern would match at any depth, as in .gitignore.
            let (out, bare) = match pattern.strip_prefix('!') {
                Some(bare) => ("!", bare),
                None => ("", pattern.as_str()),
            };
            let bare = bare.trim_start_matches("./");
            let slash = if bare.contains('/') { "" } else { "/" };
            builder
                .add(&format!("{out}{slash}{bare}"))
                .map_err(refuse)?;
            // An excluding pattern (`!`) does not include anything.
            if out.is_empty() {
                brings.add(&format!("{slash}{bare}")).map_err(refuse)?;
                if patterns.len() <= MOST_ASKED {
                    let mut one = OverrideBuilder::new(root);
                    one.case_insensitive(true)?;
                    one.add(&format!("{slash}{bare}")).map_err(refuse)?;
                    bringing.push((pattern, one.build()?));
                }
                beginnings.push(beginning(bare));
            }
        }
        let wanted = builder.build()?;
        let brings = brings.build()?;
        let mut walked = Walked::beginning_with(root, &beginnings);
        let is_brought = |path: &Path| brings.matched(path, false).is_whitelist();
        let is_wanted = |path: &Path| wanted.matched(path, false).is_whitelist();
        // Files that no pattern includes are ignored; files that a pattern excludes again are reported as skipped.
        walked.files.retain(|path| is_brought(path));
        walked
            .skipped
            .retain(|(path, reason)| *reason == Skip::IgnoredFolder || is_brought(path));
        // Report patterns that match nothing, because a typo would silently leave a folder unchecked.
        let brings_nothing = |one: &&(&String, Override)| {
            let files = walked.files.iter();
            let mut all = files.chain(walked.skipped.iter().map(|(path, _)| path));
            !all.any(|path| one.1.matched(path, false).is_whitelist())
        };
        let idle = bringing.iter().filter(brings_nothing);
        walked.idle = idle.map(|(pattern, _)| (*pattern).clone()).collect();
        walked.keep(Skip::LeftOut, is_wanted);
        Ok(walked)
    }
}

impl Settings {
    /// The folders that files of some patterns stand in, and files that are named by themselves.
    pub(super) fn beginnings(&self, patterns: &[String]) -> Vec<PathBuf> {
        let brings = patterns.iter().filter(|one| !one.starts_with('!'));
        let beginnings = brings.map(|one| self.folder.join(beginning(one)));
        let here = |path: PathBuf| {
            if path.as_os_str().is_empty() {
                PathBuf::from(".")
            } else {
                path
            }
        };
        beginnings.map(here).collect()
    }
}

/// The part of a pattern that stands for itself: the folders before the first that may have several names.
fn beginning(pattern: &str) -> PathBuf {
    let is_open = |part: &&str| part.contains(['*', '?', '[', '{', '!', '\\']);
    let parts = pattern.split('/').filter(|part| !matches!(*part, "" | "."));
    parts.take_while(|part| !is_open(part)).collect()
}

/// The configuration files from the root of the repository down to the working folder; outside of a repository, only
/// the one in the working folder.
fn found() -> Vec<PathBuf> {
    let Ok(here) = std::env::current_dir() else {
        return Vec::new();
    };
    // A file that exists but cannot be read counts as present, so that it is not silently ignored.
    let is_there = |folder: &Path| folder.join(FILE).symlink_metadata().is_ok();
    let is_root = |folder: &Path| folder.join(".git").exists();
    let steps = here.ancestors().position(is_root).unwrap_or(0);
    let folders: Vec<&Path> = here.ancestors().take(steps + 1).collect();
    let paths = folders.iter().enumerate().rev();
    let there = paths.filter(|(_, folder)| is_there(folder));
    let there = there.map(|(steps, _)| {
        let up: PathBuf = std::iter::repeat_n("..", steps).collect();
        up.join(FILE)
    });
    there.collect()
}
