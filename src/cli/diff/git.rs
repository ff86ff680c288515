//! What git knows: which files changed since a revision, and what they held then.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cli::refusal::Refusal;
use crate::source::nearest;

/// A repository, and the commit that its files are compared with.
#[derive(Debug)]
pub(super) struct Base {
    top: PathBuf,
    commit: String,
}

/// A file that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Changed {
    /// Its path then, below the top of the repository; `None` where it is new.
    pub(super) old: Option<String>,
    /// Its path now; `None` where it is gone.
    pub(super) new: Option<String>,
}

impl Changed {
    /// Its path now, or then where it is gone.
    pub(super) fn path(&self) -> &str {
        self.new
            .as_deref()
            .or(self.old.as_deref())
            .unwrap_or_default()
    }
}

fn git(folder: Option<&Path>, arguments: &[&str]) -> anyhow::Result<Result<Vec<u8>, String>> {
    let mut command = Command::new("git");
    if let Some(folder) = folder {
        command.arg("-C").arg(folder);
    }
    let output = command.args(arguments).output().map_err(|error| {
        Refusal::new(format!("cannot run git: {error}"))
            .help("`--base` compares with a git revision, so git must be installed")
    })?;
    Ok(match output.status.success() {
        true => Ok(output.stdout),
        false => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
    })
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}

/// What to do about a revision that git does not know: a branch or a tag of almost that name, else those that there are.
fn other_revision(top: &Path, revision: &str) -> String {
    let fetch = "in CI, fetch it first: the checkout may hold one commit only";
    let lines = |arguments: &[&str]| -> Vec<String> {
        let output = git(Some(top), arguments).ok().and_then(Result::ok);
        let lines = output.map(|bytes| text(&bytes)).unwrap_or_default();
        lines.lines().map(str::to_owned).collect()
    };
    let of = |kind: &str| {
        let format = "--format=%(refname:short)";
        lines(&[
            "for-each-ref",
            "--sort=-committerdate",
            "--count=200",
            format,
            kind,
        ])
    };
    let mut branches = of("refs/heads");
    let local = branches.len();
    branches.extend(
        of("refs/remotes")
            .into_iter()
            .filter(|name| name.contains('/')),
    );
    let others = branches.iter().cloned().chain(of("refs/tags"));
    let others: Vec<String> = others.collect();
    let same_end = |other: &&String| {
        other.ends_with(&format!("/{revision}")) || revision.ends_with(&format!("/{other}"))
    };
    let near = nearest(revision, others.iter().map(String::as_str));
    let near = near.first().map(|name| (*name).to_owned());
    let is_shallow = lines(&["rev-parse", "--is-shallow-repository"]) == ["true"];
    match near.or_else(|| others.iter().find(same_end).cloned()) {
        Some(best) if is_shallow => format!("did you mean `{best}`? {fetch}"),
        Some(best) => format!("did you mean `{best}`?"),
        None if local == 0 && branches.is_empty() => format!("git has no branch yet; {fetch}"),
        None => {
            branches.truncate(5);
            format!("its branches are {}; {fetch}", branches.join(", "))
        }
    }
}

impl Base {
    /// The commit where the history of a revision and that of the current one part: what a pull request is compared
    /// with. The revision itself where they share none.
    pub(super) fn new(revision: &str) -> anyhow::Result<Self> {
        let top = git(None, &["rev-parse", "--show-toplevel"])?.map_err(|_| {
            Refusal::new("this folder is in no git repository")
                .help("run it inside one, or name two files")
        })?;
        let top = PathBuf::from(text(&top));
        let wanted = format!("{revision}^{{commit}}");
        let commit = git(
            Some(&top),
            &[
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                &wanted,
            ],
        )?
        .map_err(|_| {
            Refusal::new(format!("git knows no revision `{revision}`"))
                .help(other_revision(&top, revision))
        })?;
        let commit = text(&commit);
        let parted = git(Some(&top), &["merge-base", &commit, "HEAD"])?;
        Ok(Self {
            commit: parted.map_or(commit, |bytes| text(&bytes)),
            top,
        })
    }

    /// The top of the repository.
    pub(super) fn top(&self) -> &Path {
        &self.top
    }

    /// Every file of the repository that changed, sorted by its path. A file that moved is gone in one place and new in
    /// another: only who reads the files can say which belong together.
    pub(super) fn changed(&self) -> anyhow::Result<Vec<Changed>> {
        let refuse = |reason: String| Refusal::new(format!("git cannot compare: {reason}"));
        let arguments = [
            "diff",
            "--name-status",
            "--no-renames",
            "-z",
            &self.commit,
            "--",
        ];
        let output = git(Some(&self.top), &arguments)?.map_err(refuse)?;
        let mut changed = parse_status(&String::from_utf8_lossy(&output));
        let arguments = ["ls-files", "--others", "--exclude-standard", "-z"];
        let output = git(Some(&self.top), &arguments)?.map_err(refuse)?;
        let untracked = String::from_utf8_lossy(&output).into_owned();
        for path in untracked.split('\0').filter(|path| !path.is_empty()) {
            // A file that was tracked then, and is there but untracked now, is changed rather than new.
            match changed
                .iter_mut()
                .find(|one| one.new.is_none() && one.old.as_deref() == Some(path))
            {
                Some(known) => known.new = Some(path.to_owned()),
                None => changed.push(Changed {
                    old: None,
                    new: Some(path.to_owned()),
                }),
            }
        }
        changed.sort_by(|a, b| a.path().cmp(b.path()));
        Ok(changed)
    }

    /// Whether a file of the repository is one of these, or lies below one; any is where none is named.
    pub(super) fn is_below(&self, file: &str, paths: &[PathBuf]) -> anyhow::Result<bool> {
        let here = std::env::current_dir()?;
        let top = self.top.canonicalize()?;
        let is_in = |path: &PathBuf| {
            let whole = here.join(path);
            // The folder above a file that is gone is still there.
            let whole = whole.canonicalize().unwrap_or_else(|_| {
                match (whole.parent(), whole.file_name()) {
                    (Some(folder), Some(name)) => {
                        folder.canonicalize().unwrap_or_default().join(name)
                    }
                    _ => whole.clone(),
                }
            });
            top.join(file).starts_with(whole)
        };
        Ok(paths.is_empty() || paths.iter().any(is_in))
    }

    /// What a file held at the base.
    pub(super) fn read(&self, path: &str) -> anyhow::Result<Vec<u8>> {
        let object = format!("{}:{path}", self.commit);
        let read = git(Some(&self.top), &["cat-file", "blob", &object])?;
        Ok(read.map_err(|reason| Refusal::new(format!("git cannot read `{path}`: {reason}")))?)
    }
}

/// Reads what `git diff --name-status --no-renames -z` prints: a status and a path, again and again.
fn parse_status(output: &str) -> Vec<Changed> {
    let mut fields = output.split('\0').filter(|field| !field.is_empty());
    let mut changed = Vec::new();
    while let (Some(status), Some(path)) = (fields.next(), fields.next()) {
        let path = Some(path.to_owned());
        changed.push(match status {
            "A" => Changed {
                old: None,
                new: path,
            },
            "D" => Changed {
                old: path,
                new: None,
            },
            _ => Changed {
                old: path.clone(),
                new: path,
            },
        });
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_of_git_is_read() {
        let file = |old: Option<&str>, new: Option<&str>| Changed {
            old: old.map(str::to_owned),
            new: new.map(str::to_owned),
        };
        assert_eq!(
            parse_status("M\0a b\0A\0c\0D\0d\0"),
            [
                file(Some("a b"), Some("a b")),
                file(None, Some("c")),
                file(Some("d"), None)
            ]
        );
        assert_eq!(parse_status(""), []);
    }
}
