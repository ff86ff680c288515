//! Which files `scopes check` looks at.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::cli::catalogs::Catalogs;
use crate::cli::files::{Origin, shown};
use crate::cli::guess::no_such_path;
use crate::cli::settings::Settings;
use crate::cli::user_error::UserError;
use crate::cli::walk::Walked;
use crate::render::findings::Skip;

use super::CheckArgs;

/// A file that may be looked at.
pub(super) struct Candidate {
    pub(super) path: PathBuf,
    /// Whether it was found in a folder and not named, so that it is only checked if it is a key.
    pub(super) is_found: bool,
    /// The index of the named folder in which it was found.
    pub(super) found_in: Option<usize>,
}

impl Candidate {
    pub(super) fn origin(&self) -> Origin {
        if self.is_found {
            Origin::Found
        } else {
            Origin::Named
        }
    }
}

/// What there is to look at.
pub(super) struct Seen {
    pub(super) files: Vec<Candidate>,
    /// What could not be looked into.
    pub(super) unreadable: Vec<UserError>,
    /// The patterns of scopes.toml that name no file.
    pub(super) idle: Vec<String>,
    /// The named folders, each with the reasons why files in it were skipped. Which files are not keys is only known
    /// once they are read.
    pub(super) folders: Vec<(String, Vec<Skip>)>,
    pub(super) skipped: Vec<(PathBuf, Skip)>,
    /// The folders that were looked through, and the files that were named.
    pub(super) below: Vec<PathBuf>,
}

pub(super) fn files(
    args: &CheckArgs,
    catalogs: &Catalogs,
    settings: &Settings,
) -> anyhow::Result<Seen> {
    let mut seen = Seen {
        files: Vec::new(),
        unreadable: Vec::new(),
        idle: Vec::new(),
        folders: Vec::new(),
        skipped: Vec::new(),
        below: Vec::new(),
    };
    let named = |path: &PathBuf| Candidate {
        path: path.clone(),
        is_found: false,
        found_in: None,
    };
    for path in &args.key_file {
        if path.is_dir() {
            let name = shown(path);
            let refusal = UserError::new(format!("`{name}` is a folder, not a key file"));
            return Err(refusal.help(format!("scopes check {name}")).into());
        }
        seen.files.push(named(path));
    }
    let nothing_named = args.paths.is_empty() && args.key_file.is_empty();
    if nothing_named && !settings.config.keys.is_empty() {
        seen.below = settings.beginnings(&settings.config.keys);
        let walked = settings.files(&settings.config.keys)?;
        seen.idle = walked.idle;
        seen.unreadable = walked.unreadable;
        seen.skipped = walked.skipped;
        seen.files
            .extend(walked.files.into_iter().map(|path| Candidate {
                path,
                is_found: true,
                found_in: None,
            }));
    }
    let here = [PathBuf::from(".")];
    let paths = if nothing_named && settings.config.keys.is_empty() {
        &here[..]
    } else {
        &args.paths[..]
    };
    seen.below
        .extend(paths.iter().chain(&args.key_file).cloned());
    for path in paths {
        if path.is_dir() {
            // Do not check here whether a file is a key, so that no file is read twice.
            let walked = Walked::below(path, |_| true);
            let found_in = Some(seen.folders.len());
            let reasons = walked.skipped.iter().map(|(_, reason)| *reason);
            seen.folders.push((shown(path), reasons.collect()));
            seen.skipped.extend(walked.skipped);
            seen.files
                .extend(walked.files.into_iter().map(|path| Candidate {
                    path,
                    is_found: true,
                    found_in,
                }));
            seen.unreadable.extend(walked.unreadable);
        } else if path.exists() || path == Path::new("-") {
            seen.files.push(named(path));
        } else {
            seen.unreadable.push(no_such_path(
                path,
                &catalogs.all(),
                "`scopes check` without a path searches this folder",
            ));
        }
    }
    without_repetition(&mut seen.files);
    Ok(seen)
}

/// Removes files that were listed before, under this name or another. Named files take precedence over found ones,
/// which may be skipped.
pub(super) fn without_repetition(files: &mut Vec<Candidate>) {
    let mut folders: HashMap<PathBuf, Option<PathBuf>> = HashMap::new();
    let mut once: HashSet<PathBuf> = HashSet::with_capacity(files.len());
    files.retain(|file| {
        let path = &file.path;
        let is_link = || path.symlink_metadata().is_ok_and(|data| data.is_symlink());
        let real = match (path.parent(), path.file_name()) {
            // Resolve each folder only once.
            (Some(parent), Some(name)) if !is_link() => {
                let folder = folders.entry(parent.to_path_buf()).or_insert_with(|| {
                    let is_here = parent.as_os_str().is_empty();
                    let parent = if is_here { Path::new(".") } else { parent };
                    std::fs::canonicalize(parent).ok()
                });
                folder.as_ref().map(|folder| folder.join(name))
            }
            _ => std::fs::canonicalize(path).ok(),
        };
        once.insert(real.unwrap_or_else(|| path.clone()))
    });
}
