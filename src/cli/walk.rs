//! Going through folders: what git ignores is left out, and what cannot be read is said.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::files::shown;
use super::refusal::Refusal;

/// What is below a folder.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// The files, sorted.
    pub(super) files: Vec<PathBuf>,
    /// How many more there are that were passed over.
    pub(super) passed_over: usize,
    /// What could not be read: folders, whose files are not known.
    pub(super) unreadable: Vec<Refusal>,
}

impl Walked {
    /// The files below a folder that are ours.
    pub(super) fn below(folder: &Path, is_ours: impl Fn(&Path) -> bool) -> Self {
        let mut walked = Self::through(WalkBuilder::new(folder), |_| true);
        let all = walked.files.len();
        walked.files.retain(|path| is_ours(path));
        walked.passed_over = all - walked.files.len();
        walked
    }

    /// The files below a folder that may begin in one of these ways: they or their folders are named, or stand below what
    /// is named, and are hidden there only where that is asked for.
    pub(super) fn beginning_with(folder: &Path, beginnings: Vec<(PathBuf, bool)>) -> Self {
        let mut builder = WalkBuilder::new(folder);
        builder.hidden(false);
        let root = folder.to_path_buf();
        let is_hidden = |part: &OsStr| part.to_string_lossy().starts_with('.');
        Self::through(builder, move |path| {
            let path = path.strip_prefix(&root).unwrap_or(path);
            beginnings.iter().any(|(beginning, with_hidden)| {
                let is_open = |part: &OsStr| !is_hidden(part) || (*with_hidden && part != ".git");
                let below = path.strip_prefix(beginning);
                beginning.starts_with(path) || below.is_ok_and(|rest| rest.iter().all(is_open))
            })
        })
    }

    /// The files below a folder, so many folders deep.
    pub(super) fn to_depth(folder: &Path, depth: usize) -> Self {
        let mut builder = WalkBuilder::new(folder);
        builder.max_depth(Some(depth));
        Self::through(builder, |_| true)
    }

    fn through(
        mut builder: WalkBuilder,
        is_of_interest: impl Fn(&Path) -> bool + Send + Sync + 'static,
    ) -> Self {
        let walk = builder
            .sort_by_file_path(Path::cmp)
            .require_git(false)
            .ignore(false)
            .filter_entry(move |entry| is_of_interest(entry.path()))
            .build();
        let mut walked = Self::default();
        for entry in walk {
            match entry {
                // A link to a file is a file; a link to a folder leads elsewhere, or round in a circle.
                Ok(entry) if entry.path().is_file() => {
                    walked.files.push(without_dot(entry.into_path()));
                }
                Ok(_) => {}
                Err(error) => walked.unreadable.extend(unreadable(&error, None)),
            }
        }
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

/// What could not be read, as a sentence; a fault in what git ignores is git's to report.
fn unreadable(error: &ignore::Error, path: Option<&Path>) -> Option<Refusal> {
    match error {
        ignore::Error::WithPath { path, err } => unreadable(err, Some(path)),
        ignore::Error::WithDepth { err, .. } => unreadable(err, path),
        ignore::Error::Io(error) => {
            let name = path.map_or_else(
                || "a folder".to_owned(),
                |path| format!("`{}`", shown(&without_dot(path.to_path_buf()))),
            );
            let reason = error
                .get_ref()
                .map_or_else(|| error.to_string(), ToString::to_string);
            let refusal = Refusal::new(format!("cannot read {name}: {reason}"));
            Some(refusal.help("what is in it was not looked at"))
        }
        _ => None,
    }
}

fn without_dot(path: PathBuf) -> PathBuf {
    path.strip_prefix("./")
        .map(Path::to_path_buf)
        .unwrap_or(path)
}
