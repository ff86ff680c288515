//! What git knows: which files changed since a revision, and what they held then.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cli::refusal::Refusal;

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
                .help("in CI, fetch it first: the checkout may hold one commit only")
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

    /// The files that changed, sorted by their path now; below these paths, or anywhere where none is named.
    pub(super) fn changed(&self, paths: &[PathBuf]) -> anyhow::Result<Vec<Changed>> {
        let here = std::env::current_dir()?;
        let paths: Vec<String> = paths
            .iter()
            .map(|path| here.join(path).to_string_lossy().into_owned())
            .collect();
        let mut arguments = vec!["diff", "--name-status", "-z", "-M", &self.commit, "--"];
        arguments.extend(paths.iter().map(String::as_str));
        let refuse = |reason: String| Refusal::new(format!("git cannot compare: {reason}"));
        let output = git(Some(&self.top), &arguments)?.map_err(refuse)?;
        let mut changed = parse_status(&String::from_utf8_lossy(&output));
        let mut arguments = vec!["ls-files", "--others", "--exclude-standard", "-z", "--"];
        arguments.extend(paths.iter().map(String::as_str));
        let output = git(Some(&self.top), &arguments)?.map_err(refuse)?;
        let untracked = String::from_utf8_lossy(&output).into_owned();
        let untracked = untracked.split('\0').filter(|path| !path.is_empty());
        changed.extend(untracked.map(|path| Changed {
            old: None,
            new: Some(path.to_owned()),
        }));
        changed.sort_by(|a, b| {
            a.new
                .as_ref()
                .or(a.old.as_ref())
                .cmp(&b.new.as_ref().or(b.old.as_ref()))
        });
        Ok(changed)
    }

    /// What a file held at the base.
    pub(super) fn read(&self, path: &str) -> anyhow::Result<Vec<u8>> {
        let object = format!("{}:{path}", self.commit);
        let read = git(Some(&self.top), &["cat-file", "blob", &object])?;
        Ok(read.map_err(|reason| Refusal::new(format!("git cannot read `{path}`: {reason}")))?)
    }
}

/// Reads what `git diff --name-status -z` prints: a status, then one path or, for a rename or a copy, two.
fn parse_status(output: &str) -> Vec<Changed> {
    let mut fields = output.split('\0').filter(|field| !field.is_empty());
    let mut changed = Vec::new();
    while let (Some(status), Some(path)) = (fields.next(), fields.next()) {
        let path = path.to_owned();
        changed.push(match status.chars().next() {
            Some('A') => Changed {
                old: None,
                new: Some(path),
            },
            Some('D') => Changed {
                old: Some(path),
                new: None,
            },
            Some('R' | 'C') => Changed {
                old: Some(path),
                new: fields.next().map(str::to_owned),
            },
            _ => Changed {
                old: Some(path.clone()),
                new: Some(path),
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
            parse_status("M\0a b\0A\0c\0D\0d\0R087\0e\0f\0"),
            [
                file(Some("a b"), Some("a b")),
                file(None, Some("c")),
                file(Some("d"), None),
                file(Some("e"), Some("f")),
            ]
        );
        assert_eq!(parse_status(""), []);
    }
}
