//! Walks folders. Files that git ignores and does not track are skipped, skipped files are recorded with the reason,
//! and unreadable ones are reported.
//!
//! Ignore files only count inside a repository, starting at its root. Hidden files are included. A link to a file
//! counts as a file; a link to a folder is not followed, because it leads elsewhere or in a circle. A repository inside
//! another one is a folder with ignore files of its own.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::files::shown;
use super::user_error::UserError;
use crate::render::findings::Skip;
use crate::source::Syntax;

/// What is below a folder.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// The files, sorted.
    pub(super) files: Vec<PathBuf>,
    /// What was passed over, and why.
    pub(super) skipped: Vec<(PathBuf, Skip)>,
    /// What could not be read: folders, whose files are not known, and links that lead nowhere.
    pub(super) unreadable: Vec<UserError>,
    /// The patterns that brought nothing.
    pub(super) idle: Vec<String>,
}

impl Walked {
    /// The files below a folder that are ours.
    pub(super) fn below(folder: &Path, is_ours: impl Fn(&Path) -> bool) -> Self {
        let mut walked = Self::through(folder, usize::MAX, &|_| true);
        walked.keep(Skip::Other, |path| is_ours(path));
        walked
    }

    /// The files below a folder that may begin in one of these ways: they or their folders are named, or stand below what
    /// is named.
    pub(super) fn beginning_with(folder: &Path, beginnings: &[PathBuf]) -> Self {
        let folder = without_dot(folder);
        Self::through(folder, usize::MAX, &|path| {
            let path = path.strip_prefix(folder).unwrap_or(path);
            let mut beginnings = beginnings.iter();
            beginnings.any(|beginning| beginning.starts_with(path) || path.starts_with(beginning))
        })
    }

    /// The files below a folder, so many folders deep.
    pub(super) fn to_depth(folder: &Path, depth: usize) -> Self {
        Self::through(folder, depth, &|_| true)
    }

    /// Keeps some of the files; the others are passed over for a reason.
    pub(super) fn keep(&mut self, reason: Skip, is_kept: impl Fn(&Path) -> bool) {
        let files = std::mem::take(&mut self.files);
        let (kept, others) = files.into_iter().partition(|path| is_kept(path));
        self.files = kept;
        let others: Vec<PathBuf> = others;
        self.skipped
            .extend(others.into_iter().map(|path| (path, reason)));
    }

    fn through(folder: &Path, depth: usize, is_of_interest: &dyn Fn(&Path) -> bool) -> Self {
        let mut walk = Walk {
            is_of_interest,
            deepest: depth,
            walked: Self::default(),
        };
        let whole = folder
            .canonicalize()
            .unwrap_or_else(|_| folder.to_path_buf());
        let root = whole
            .ancestors()
            .find(|folder| folder.join(".git").exists())
            .map(Path::to_path_buf);
        walk.repository(folder, &whole, root.as_deref(), 0);
        let mut walked = walk.walked;
        walked.files.sort();
        walked.files.dedup();
        walked.skipped.sort();
        walked
    }

    /// The files; fails where there is something that could not be read.
    pub(super) fn all(self) -> anyhow::Result<Vec<PathBuf>> {
        match self.unreadable.into_iter().next() {
            Some(refusal) => Err(refusal.into()),
            None => Ok(self.files),
        }
    }
}

/// A way through folders.
struct Walk<'a> {
    is_of_interest: &'a dyn Fn(&Path) -> bool,
    /// How many folders deep it goes.
    deepest: usize,
    walked: Walked,
}

impl Walk<'_> {
    /// Goes through a folder of a repository, or of none. What git ignores is passed over, unless git tracks it all the same;
    /// where git cannot say, nothing is.
    fn repository(&mut self, folder: &Path, whole: &Path, root: Option<&Path>, depth: usize) {
        let before = (self.walked.files.len(), self.walked.unreadable.len());
        let mut rules = root.map_or_else(Vec::new, |root| rules_above(root, whole));
        let first = self.walked.skipped.len();
        self.folder(folder, whole, &mut rules, depth, root.is_some());
        let is_ignored =
            |(_, reason): &&(PathBuf, Skip)| matches!(reason, Skip::Ignored | Skip::IgnoredFolder);
        if !self.walked.skipped[first..]
            .iter()
            .any(|skipped| is_ignored(&skipped))
        {
            return;
        }
        let Some(tracked) = tracked_below(whole) else {
            self.walked.files.truncate(before.0);
            self.walked.unreadable.truncate(before.1);
            self.walked.skipped.truncate(first);
            self.folder(folder, whole, &mut Vec::new(), depth, false);
            return;
        };
        let skipped = self.walked.skipped.split_off(first);
        let mut files: BTreeSet<PathBuf> = BTreeSet::new();
        let mut folders: BTreeSet<PathBuf> = BTreeSet::new();
        for (path, reason) in skipped {
            match reason {
                Skip::Ignored => {
                    files.insert(path);
                }
                Skip::IgnoredFolder => {
                    folders.insert(path);
                }
                _ => self.walked.skipped.push((path, reason)),
            }
        }
        for name in tracked {
            let path = joined(folder, &name);
            let is_skipped =
                files.remove(&path) || path.ancestors().skip(1).any(|up| folders.contains(up));
            let is_shallow = depth + name.components().count() <= self.deepest;
            if is_skipped && is_shallow && (self.is_of_interest)(&path) {
                // Skip tracked files that no longer exist.
                if path.symlink_metadata().is_ok() {
                    self.entry(path);
                }
            }
        }
        let still = files.into_iter().map(|path| (path, Skip::Ignored));
        let mut still: Vec<(PathBuf, Skip)> = still.collect();
        still.extend(folders.into_iter().map(|path| (path, Skip::IgnoredFolder)));
        self.walked.skipped.extend(still);
    }

    fn folder(
        &mut self,
        folder: &Path,
        whole: &Path,
        rules: &mut Vec<Gitignore>,
        depth: usize,
        heeds_rules: bool,
    ) {
        if depth >= self.deepest {
            return;
        }
        let entries =
            std::fs::read_dir(folder).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
        let mut entries = match entries {
            Ok(entries) => entries,
            Err(error) => {
                let name = shown(folder);
                let refusal = UserError::new(format!("cannot read `{name}`: {error}"));
                let refusal = refusal.help("its contents were not checked");
                self.walked.unreadable.push(refusal);
                return;
            }
        };
        entries.sort_by_key(std::fs::DirEntry::file_name);
        let own = rules.len();
        if heeds_rules {
            rules.extend(rules_of(whole));
        }
        for entry in entries {
            let name = entry.file_name();
            let (path, whole) = (joined(folder, Path::new(&name)), whole.join(&name));
            if name == ".git" || !(self.is_of_interest)(&path) {
                continue;
            }
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if heeds_rules && is_ignored(rules, &whole, is_folder) {
                let reason = if is_folder {
                    Skip::IgnoredFolder
                } else {
                    Skip::Ignored
                };
                self.walked.skipped.push((path, reason));
            } else if is_folder && whole.join(".git").exists() {
                self.repository(&path, &whole, Some(&whole), depth + 1);
            } else if is_folder {
                self.folder(&path, &whole, rules, depth + 1, heeds_rules);
            } else {
                self.entry(path);
            }
        }
        rules.truncate(own);
    }

    /// Takes anything but a folder: a file, a link, or something special.
    fn entry(&mut self, path: PathBuf) {
        let is_link = path.is_symlink();
        match std::fs::metadata(&path) {
            Ok(metadata) if metadata.is_file() => self.walked.files.push(path),
            Ok(metadata) if metadata.is_dir() && is_link => {
                self.walked.skipped.push((path, Skip::FolderLink));
            }
            Ok(_) => self.walked.skipped.push((path, Skip::Special)),
            Err(_) if Syntax::of(&path).is_none() => {
                self.walked.skipped.push((path, Skip::Other));
            }
            Err(error) => {
                let name = shown(&path);
                let message = if is_link {
                    format!("`{name}` is a broken link: {error}")
                } else {
                    format!("cannot read `{name}`: {error}")
                };
                let help = "it was not checked";
                self.walked
                    .unreadable
                    .push(UserError::new(message).help(help));
            }
        }
    }
}

/// A path below a folder, as people write it: without `./` before it.
fn joined(folder: &Path, name: &Path) -> PathBuf {
    if folder == Path::new(".") {
        name.to_path_buf()
    } else {
        without_dot(folder).join(name)
    }
}

/// A path without `./` before it.
pub(super) fn without_dot(path: &Path) -> &Path {
    match path.strip_prefix(".") {
        Ok(rest) if !rest.as_os_str().is_empty() => rest,
        _ => path,
    }
}

/// The rules that count in a folder of a repository beside its own: those of the person, and of the folders from the root down.
fn rules_above(root: &Path, whole: &Path) -> Vec<Gitignore> {
    let mut rules = Vec::new();
    let (global, _) = GitignoreBuilder::new(root).build_global();
    rules.push(global);
    let mut excluded = GitignoreBuilder::new(root);
    excluded.add(root.join(".git/info/exclude"));
    rules.extend(excluded.build());
    let mut folders: Vec<&Path> = whole.ancestors().skip(1).collect();
    folders.retain(|folder| folder.starts_with(root));
    for folder in folders.into_iter().rev() {
        rules.extend(rules_of(folder));
    }
    rules
}

/// The rules of the ignore file in a folder, if it has one: git reads none through a link.
fn rules_of(folder: &Path) -> Option<Gitignore> {
    let file = folder.join(".gitignore");
    if !file.symlink_metadata().is_ok_and(|file| file.is_file()) {
        return None;
    }
    let mut rules = GitignoreBuilder::new(folder);
    rules.add(file);
    rules.build().ok()
}

/// Whether the last rule that fits a path ignores it: those of the nearest folder come last.
fn is_ignored(rules: &[Gitignore], whole: &Path, is_folder: bool) -> bool {
    for rules in rules.iter().rev() {
        match rules.matched(whole, is_folder) {
            Match::Ignore(_) => return true,
            Match::Whitelist(_) => return false,
            Match::None => {}
        }
    }
    false
}

/// The files below a folder that git tracks, relative to it; `None` where git cannot say.
fn tracked_below(folder: &Path) -> Option<Vec<PathBuf>> {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(["ls-files", "-z"]);
    let output = command
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let names = output.stdout.split(|byte| *byte == 0);
    let names = names.filter(|name| !name.is_empty()).map(path_of);
    Some(names.collect())
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}
