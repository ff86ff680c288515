//! Asks git which files changed since a revision, and for their old contents.
//!
//! The number of git processes does not depend on the number of files: one lists the changes, one the untracked files,
//! and one returns every requested content. Paths are bytes, as in git.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::cli::files::shown;
use crate::cli::user_error::UserError;
use crate::source::nearest;

/// A repository, and the commit that its files are compared with.
#[derive(Debug)]
pub(super) struct Base {
    top: PathBuf,
    commit: String,
}

/// What a path of a commit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    File,
    /// What stands at its path, a link or not.
    AtPath,
    /// A repository within the repository.
    Repository,
}

/// A file as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Old {
    /// Below the top of the repository.
    pub(super) path: PathBuf,
    pub(super) entry: Entry,
    /// The name that git has for its content.
    object: String,
}

/// A file that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Changed {
    /// What it was then; `None` where it is new.
    pub(super) old: Option<Old>,
    /// Its path now, below the top of the repository; `None` where it is gone.
    pub(super) new: Option<PathBuf>,
}

impl Old {
    /// What stood at a path below the top of the repository.
    pub(super) fn at(path: PathBuf) -> Self {
        Self {
            path,
            entry: Entry::AtPath,
            object: String::new(),
        }
    }
}

impl Changed {
    /// Its path now, or then where it is gone.
    pub(super) fn path(&self) -> &Path {
        let old = self.old.as_ref().map(|old| old.path.as_path());
        self.new.as_deref().or(old).unwrap_or(Path::new(""))
    }
}

fn git(folder: Option<&Path>) -> Command {
    let mut command = Command::new("git");
    if let Some(folder) = folder {
        command.arg("-C").arg(folder);
    }
    // Do not write anything to the repository, not even git's index.
    command.env("GIT_OPTIONAL_LOCKS", "0");
    command
}

fn cannot_run(error: &io::Error) -> UserError {
    UserError::new(format!("cannot run git: {error}"))
        .help("`--base` compares with a git revision, so git must be installed")
}

fn run(folder: Option<&Path>, arguments: &[&str]) -> anyhow::Result<Result<Vec<u8>, String>> {
    let mut command = git(folder);
    let output = command.args(arguments).stdin(Stdio::null()).output();
    let output = output.map_err(|error| cannot_run(&error))?;
    Ok(if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
    })
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}

/// A path as git writes it.
#[cfg(unix)]
fn path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

/// A path as git reads it.
fn bytes(path: &Path) -> Vec<u8> {
    let parts: Vec<&[u8]> = path
        .components()
        .map(|part| part.as_os_str().as_encoded_bytes())
        .collect();
    parts.join(&b'/')
}

/// Help for an unknown revision: a branch or tag with a similar name, or the existing ones.
fn other_revision(top: &Path, revision: &str) -> String {
    let fetch = "in CI, fetch it first: the checkout may contain only one commit";
    let lines = |arguments: &[&str]| -> Vec<String> {
        let output = run(Some(top), arguments).ok().and_then(Result::ok);
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
        None if local == 0 && branches.is_empty() => {
            format!("the repository has no branches yet; {fetch}")
        }
        None => {
            branches.truncate(5);
            format!("known branches: {}; {fetch}", branches.join(", "))
        }
    }
}

impl Base {
    /// The merge base of a revision and the current commit, which a pull request is compared with. The revision itself
    /// if there is no common history.
    pub(super) fn new(revision: &str) -> anyhow::Result<Self> {
        let top = run(None, &["rev-parse", "--show-toplevel"])?.map_err(|_| {
            UserError::new("this folder is not in a git repository")
                .help("run it inside one, or name two files")
        })?;
        let top = path(top.strip_suffix(b"\n").unwrap_or(&top));
        let wanted = format!("{revision}^{{commit}}");
        let commit = run(
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
            UserError::new(format!("unknown git revision `{revision}`"))
                .help(other_revision(&top, revision))
        })?;
        let commit = text(&commit);
        let parted = run(Some(&top), &["merge-base", &commit, "HEAD"])?;
        Ok(Self {
            commit: parted.map_or(commit, |bytes| text(&bytes)),
            top,
        })
    }

    /// The top of the repository.
    pub(super) fn top(&self) -> &Path {
        &self.top
    }

    /// A path of the repository as seen from the working folder, where it is below.
    pub(super) fn path_of(&self, path: &Path) -> PathBuf {
        let whole = self.top.join(path);
        let here = std::env::current_dir().unwrap_or_default();
        whole
            .strip_prefix(here)
            .map_or_else(|_| whole.clone(), Path::to_path_buf)
    }

    /// A path of the repository, its links resolved where it exists.
    pub(super) fn resolved(&self, path: &Path) -> PathBuf {
        let top = self.top.canonicalize();
        let real = self.top.join(path).canonicalize();
        match (top, real) {
            (Ok(top), Ok(real)) => real
                .strip_prefix(&top)
                .map_or_else(|_| path.to_path_buf(), Path::to_path_buf),
            _ => path.to_path_buf(),
        }
    }

    /// Every path of the repository that changed, sorted. A moved file is listed as gone and as new; the caller pairs
    /// them by their contents.
    pub(super) fn changed(&self) -> anyhow::Result<Vec<Changed>> {
        let refuse = |reason: String| UserError::new(format!("git cannot compare: {reason}"));
        let arguments = [
            "diff",
            "--raw",
            "--no-abbrev",
            "--no-renames",
            "--no-ext-diff",
            // Checking inside submodules would take one more process for each, only to say that files in it changed.
            "--ignore-submodules=dirty",
            "-z",
            &self.commit,
            "--",
        ];
        let output = run(Some(&self.top), &arguments)?.map_err(refuse)?;
        let mut changed = parse_raw(&output);
        for one in &mut changed {
            // If the path exists although git lists it as deleted, it is a pipe or a device, which git does not track.
            if let (None, Some(old)) = (&one.new, &one.old)
                && std::fs::symlink_metadata(self.top.join(&old.path))
                    .is_ok_and(|metadata| !metadata.is_dir())
            {
                one.new = Some(old.path.clone());
            }
        }
        let arguments = ["ls-files", "--others", "--exclude-standard", "-z"];
        let output = run(Some(&self.top), &arguments)?.map_err(refuse)?;
        let gone: HashMap<PathBuf, usize> = changed
            .iter()
            .enumerate()
            .filter(|(_, one)| one.new.is_none())
            .map(|(index, one)| (one.path().to_path_buf(), index))
            .collect();
        for name in output.split(|byte| *byte == 0) {
            if name.is_empty() {
                continue;
            }
            // A repository within the repository ends with a slash.
            let new = path(name.strip_suffix(b"/").unwrap_or(name));
            // A file that was tracked in the base and is untracked now counts as changed, not as new.
            match gone.get(&new) {
                Some(index) => changed[*index].new = Some(new),
                None => changed.push(Changed {
                    old: None,
                    new: Some(new),
                }),
            }
        }
        changed.sort_by(|a, b| a.path().cmp(b.path()));
        Ok(changed)
    }

    /// Where the contents of the base are handed out.
    pub(super) fn contents(&self) -> Contents<'_> {
        Contents {
            base: self,
            process: None,
        }
    }

    /// What is named on the command line, as a part of the repository.
    pub(super) fn selection(&self, paths: &[PathBuf]) -> anyhow::Result<Selection> {
        let here = std::env::current_dir()?;
        let real = |path: &PathBuf| {
            let whole = here.join(path);
            // The folder of a deleted file may still exist.
            whole
                .canonicalize()
                .unwrap_or_else(|_| match (whole.parent(), whole.file_name()) {
                    (Some(folder), Some(name)) => {
                        folder.canonicalize().unwrap_or_default().join(name)
                    }
                    _ => whole.clone(),
                })
        };
        Ok(Selection {
            top: self.top.canonicalize()?,
            below: paths.iter().map(real).collect(),
        })
    }
}

/// A part of a repository: some files and folders, or all of it where none is named.
pub(super) struct Selection {
    top: PathBuf,
    below: Vec<PathBuf>,
}

impl Selection {
    /// Whether a path of the repository is selected.
    pub(super) fn has(&self, path: &Path) -> bool {
        let whole = self.top.join(path);
        self.below.is_empty() || self.below.iter().any(|below| whole.starts_with(below))
    }
}

/// The old content of a file, or why it cannot be read.
pub(super) type Content = Result<Vec<u8>, String>;

/// A git process that returns contents one by one, started on first use.
pub(super) struct Contents<'a> {
    base: &'a Base,
    process: Option<Process>,
}

struct Process {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Contents<'_> {
    /// The old content of a file. Links are followed within the commit. The inner `Err` means that there is no such
    /// content, or that it is too large.
    pub(super) fn read(&mut self, old: &Old, most: u64) -> anyhow::Result<Content> {
        let question = match old.entry {
            Entry::File => old.object.clone().into_bytes(),
            Entry::AtPath => {
                let mut question = format!("{}:", self.base.commit).into_bytes();
                question.extend(bytes(&old.path));
                if question.contains(&b'\n') {
                    return Ok(Err("there is a newline in its name".to_owned()));
                }
                question
            }
            Entry::Repository => return Ok(Err("it is a nested repository".to_owned())),
        };
        let asked = self.ask(&question, most);
        Ok(asked.map_err(|error| {
            let name = shown(&old.path);
            UserError::new(format!("git cannot read `{name}`: {error}"))
        })?)
    }

    fn ask(&mut self, question: &[u8], most: u64) -> io::Result<Content> {
        let process = match &mut self.process {
            Some(process) => process,
            none => none.insert(Process::new(self.base)?),
        };
        process.questions.write_all(question)?;
        process.questions.write_all(b"\n")?;
        process.questions.flush()?;
        let mut line = Vec::new();
        process.answers.read_until(b'\n', &mut line)?;
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        if line.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let words: Vec<&str> = line.rsplit(' ').collect();
        let size = words[0].parse::<u64>().ok();
        let kind = words.get(1).copied().unwrap_or_default();
        let Some(size) = size.filter(|_| words.len() > 1) else {
            return Ok(Err("git has no such object".to_owned()));
        };
        // For a broken link git prints its name or target as the content; read it to get to the next answer.
        let is_content = kind == "blob";
        let mut content = Vec::new();
        let mut answer = process.answers.by_ref().take(size + 1);
        if is_content && size <= most {
            answer.read_to_end(&mut content)?
        } else {
            usize::try_from(io::copy(&mut answer, &mut io::sink())?).unwrap_or(usize::MAX)
        };
        if is_content && size <= most && content.pop().is_none_or(|_| content.len() as u64 != size)
        {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(match kind {
            "blob" if size <= most => Ok(content),
            "blob" => Err("it was larger than the limit".to_owned()),
            "symlink" => Err("it was a link to outside the repository".to_owned()),
            "dangling" | "notdir" => Err("it was a broken link".to_owned()),
            "loop" => Err("it was a link to itself".to_owned()),
            _ => Err("it was not a file".to_owned()),
        })
    }
}

impl Process {
    fn new(base: &Base) -> io::Result<Self> {
        let mut child = git(Some(&base.top))
            .args(["cat-file", "--batch", "--follow-symlinks"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (Some(questions), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        Ok(Self {
            child,
            questions,
            answers: BufReader::new(answers),
        })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads what `git diff --raw --no-renames -z` prints: `:MODE MODE OBJECT OBJECT STATUS` and a path, again and again.
fn parse_raw(output: &[u8]) -> Vec<Changed> {
    let mut fields = output.split(|byte| *byte == 0);
    let mut changed = Vec::new();
    while let (Some(what), Some(name)) = (fields.next(), fields.next()) {
        let what = text(what);
        let mut words = what.trim_start_matches(':').split(' ');
        let (Some(was), Some(is), Some(object)) = (words.next(), words.next(), words.next()) else {
            continue;
        };
        let path = path(name);
        let entry = match was {
            "000000" => None,
            "120000" => Some(Entry::AtPath),
            "160000" => Some(Entry::Repository),
            _ => Some(Entry::File),
        };
        let old = entry.map(|entry| Old {
            path: path.clone(),
            entry,
            object: object.to_owned(),
        });
        changed.push(Changed {
            old,
            new: (is != "000000").then_some(path),
        });
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_raw_form_of_git_is_read() {
        let zero = "0".repeat(40);
        let object = "1".repeat(40);
        let old = |path: &str, entry: Entry| {
            Some(Old {
                path: PathBuf::from(path),
                entry,
                object: object.clone(),
            })
        };
        let new = |path: &str| Some(PathBuf::from(path));
        let output = format!(
            ":100644 100644 {object} {zero} M\0a b\0:000000 120000 {zero} {zero} A\0c\0:100755 000000 {object} {zero} D\0d\0\
             :120000 100644 {object} {zero} T\0e\0:160000 160000 {object} {zero} M\0f\0"
        );
        let expected = [
            (old("a b", Entry::File), new("a b")),
            (None, new("c")),
            (old("d", Entry::File), None),
            (old("e", Entry::AtPath), new("e")),
            (old("f", Entry::Repository), new("f")),
        ];
        let expected = expected.map(|(old, new)| Changed { old, new });
        assert_eq!(parse_raw(output.as_bytes()), expected);
        assert_eq!(parse_raw(b""), []);
    }
}
