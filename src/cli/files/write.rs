//! Writes files atomically: at any time there is either the old file or the new one, even if the program is killed.
//!
//! If the system supports unnamed files, the new file is filled before it gets its name, so that nothing is left behind
//! if the program is killed. Otherwise there is a temporary file next to the old one for a moment, and signals are
//! deferred for that long.

use std::fs::{File, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::attributes::keep;
use super::border::Border;
use super::signals::deferred;
use super::{noun_of_special, shown};
use crate::cli::user_error::UserError;
use crate::source::Digest;

/// What was in the place of a file when it was read.
#[derive(Debug, Clone, Copy)]
pub(in crate::cli) enum Before<'a> {
    /// Nothing.
    Nothing,
    /// This text, behind a byte order mark or not.
    Text(&'a str),
}

/// Writes a file completely or not at all, following links. The target may only be outside of the border if there is
/// none, because the file was named on the command line. Fails if the file may not be written, if some of its metadata
/// could not be kept, or if it has changed since it was read.
pub(in crate::cli) fn write_whole(
    path: &Path,
    bytes: &[u8],
    before: Before<'_>,
    border: Option<&Border>,
) -> anyhow::Result<()> {
    let name = shown(path);
    let target = target(path, border)?;
    let refuse = |why: String| UserError::new(format!("cannot write `{name}`: {why}"));
    let replaced = match std::fs::metadata(&target) {
        Ok(metadata) => Some(replaceable(&target, &metadata, &name)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(refuse(error.to_string()).into()),
    };
    let is_as_read = || match (&before, &replaced) {
        (Before::Nothing, None) => !target.exists(),
        (Before::Text(text), Some(_)) => std::fs::read(&target).is_ok_and(|bytes| {
            let mark: &[u8] = b"\xEF\xBB\xBF";
            bytes.strip_prefix(mark).unwrap_or(&bytes) == text.as_bytes()
        }),
        _ => false,
    };
    let new = New {
        bytes,
        beside: beside(&target),
        target: &target,
        replaced: replaced.as_ref(),
        is_as_read: &is_as_read,
    };
    match new.write() {
        Ok(()) => Ok(()),
        Err(Failure::Changed) => {
            let what = match before {
                Before::Nothing => "was created",
                Before::Text(_) => "was changed",
            };
            let message = format!("`{name}` {what} by another program in the meantime");
            let help = "nothing was written: run the command again";
            Err(UserError::new(message).help(help).into())
        }
        Err(Failure::Lost(why)) => {
            let help = "nothing was written; `--diff` shows the changes, for somebody with permission to apply";
            Err(refuse(why).help(help).into())
        }
        Err(Failure::System(error)) => Err(refuse(error.to_string()).into()),
    }
}

/// The file that a path stands for, links resolved. Fails where it leads out of a border.
fn target(path: &Path, border: Option<&Border>) -> anyhow::Result<PathBuf> {
    let name = shown(path);
    let target = match path.canonicalize() {
        Ok(target) => target,
        Err(_) if path.is_symlink() => {
            let message = format!("cannot write `{name}`: it is a broken link");
            return Err(UserError::new(message).into());
        }
        Err(_) => {
            let folder = path.parent().filter(|one| !one.as_os_str().is_empty());
            let folder = folder.unwrap_or(Path::new(".")).canonicalize();
            match (folder, path.file_name()) {
                (Ok(folder), Some(file)) => folder.join(file),
                _ => path.to_path_buf(),
            }
        }
    };
    if let Some(border) = border.filter(|border| !border.has(&target)) {
        let noun = border.noun();
        let message = format!(
            "cannot write `{name}`: it is a link to outside {noun}, to `{}`",
            shown(&target)
        );
        let help = "nothing was written there; to write it, name it on the command line";
        return Err(UserError::new(message).help(help).into());
    }
    Ok(target)
}

/// Opens a file that is to be replaced. Fails where it may not be, or where a replacement would not be the same file.
fn replaceable(target: &Path, metadata: &Metadata, name: &str) -> anyhow::Result<File> {
    let refuse = |why: &str| UserError::new(format!("cannot write `{name}`: {why}"));
    if !metadata.is_file() {
        return Err(refuse(&format!("it is {}", noun_of_special(metadata))).into());
    }
    if metadata.permissions().readonly() {
        return Err(refuse("it is read-only").into());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let names = metadata.nlink();
        if names > 1 {
            let why = format!("it has {names} hard links, and only one of them would change");
            let help = format!("make it a separate file first: cp {name} NEW && mv NEW {name}");
            return Err(refuse(&why).help(help).into());
        }
    }
    let file = File::open(target).map_err(|error| refuse(&error.to_string()))?;
    if !is_ours_alone(&file) {
        return Err(refuse("another program is writing to it").into());
    }
    Ok(file)
}

/// Locks a file against other instances of this program. Returns whether that worked; true if files cannot be locked
/// here.
fn is_ours_alone(file: &File) -> bool {
    #[cfg(unix)]
    {
        use rustix::fs::{FlockOperation, flock};
        flock(file, FlockOperation::NonBlockingLockExclusive) != Err(rustix::io::Errno::WOULDBLOCK)
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        true
    }
}

/// The temporary name of a new file. It is always the same for one target, so that the next run removes what a killed
/// run left.
fn beside(target: &Path) -> PathBuf {
    let file = target.file_name().unwrap_or_default();
    let digest = Digest::of([file.to_string_lossy().as_ref()]).to_string();
    let digits = digest.rsplit(':').next().unwrap_or_default();
    target.with_file_name(format!(".scopes-{digits}"))
}

/// Why a file was not written.
enum Failure {
    /// It is not what it was when it was read.
    Changed,
    /// Some of its metadata would be lost.
    Lost(String),
    System(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

/// A new file that is not in place yet.
struct New<'a> {
    bytes: &'a [u8],
    target: &'a Path,
    beside: PathBuf,
    replaced: Option<&'a File>,
    is_as_read: &'a dyn Fn() -> bool,
}

impl New<'_> {
    fn write(&self) -> Result<(), Failure> {
        if let Some(file) = self.unnamed() {
            self.fill(&file)?;
            return deferred(|| self.put_unnamed(&file));
        }
        deferred(|| {
            let written = self.put_named();
            if written.is_err() {
                let _ = std::fs::remove_file(&self.beside);
            }
            written
        })
    }

    /// Fills the new file, and makes sure that it is on the disk.
    fn fill(&self, mut file: &File) -> Result<(), Failure> {
        file.write_all(self.bytes)?;
        if let Some(old) = self.replaced {
            keep(old, file).map_err(Failure::Lost)?;
        }
        file.sync_all()?;
        Ok(())
    }

    fn put_named(&self) -> Result<(), Failure> {
        // Left over from a killed run.
        let _ = std::fs::remove_file(&self.beside);
        let file = created(&self.beside, self.replaced.is_some())?;
        self.fill(&file)?;
        drop(file);
        if !(self.is_as_read)() {
            return Err(Failure::Changed);
        }
        std::fs::rename(&self.beside, self.target)?;
        Ok(())
    }
}

/// Makes a file that must not be there yet: for its owner alone where it is to get the mode of another one.
fn created(path: &Path, is_private: bool) -> io::Result<File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(if is_private { 0o600 } else { 0o666 });
    }
    #[cfg(not(unix))]
    let _ = is_private;
    options.open(path)
}

#[cfg(target_os = "linux")]
impl New<'_> {
    /// A file without a name, in the folder of the target; `None` where there is no such thing.
    fn unnamed(&self) -> Option<File> {
        use rustix::fs::{Mode, OFlags};
        let mode = if self.replaced.is_some() {
            0o600
        } else {
            0o666
        };
        let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
        let file =
            rustix::fs::open(self.target.parent()?, flags, Mode::from_raw_mode(mode)).ok()?;
        // The file gets its final name through this path.
        own_name(&file).exists().then(|| File::from(file))
    }

    fn put_unnamed(&self, file: &File) -> Result<(), Failure> {
        use rustix::fs::{AtFlags, CWD, linkat};
        use rustix::io::Errno;
        let link = |name: &Path| linkat(CWD, own_name(file), CWD, name, AtFlags::SYMLINK_FOLLOW);
        if !(self.is_as_read)() {
            return Err(Failure::Changed);
        }
        if self.replaced.is_none() {
            return match link(self.target) {
                Err(Errno::EXIST) => Err(Failure::Changed),
                other => Ok(other.map_err(io::Error::from)?),
            };
        }
        let mut linked = link(&self.beside);
        if linked == Err(Errno::EXIST) {
            // Left over from a killed run.
            std::fs::remove_file(&self.beside)?;
            linked = link(&self.beside);
        }
        linked.map_err(io::Error::from)?;
        std::fs::rename(&self.beside, self.target).inspect_err(|_| {
            let _ = std::fs::remove_file(&self.beside);
        })?;
        Ok(())
    }
}

#[cfg(target_os = "linux")]
fn own_name(file: &impl std::os::fd::AsRawFd) -> PathBuf {
    PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()))
}

#[cfg(not(target_os = "linux"))]
impl New<'_> {
    fn unnamed(&self) -> Option<File> {
        None
    }

    fn put_unnamed(&self, _: &File) -> Result<(), Failure> {
        self.put_named()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder that is gone when it is dropped.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let name = format!("scopes-write-{name}-{}", std::process::id());
            let path = std::env::temp_dir().join(name);
            std::fs::create_dir_all(&path).expect("a folder");
            Self(path)
        }

        fn names(&self) -> usize {
            std::fs::read_dir(&self.0).expect("a folder").count()
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn what_changed_since_it_was_read_is_not_written_over() {
        let folder = Folder::new("changed");
        let path = folder.0.join("a.yaml");
        let read = || std::fs::read_to_string(&path).expect("a file");
        write_whole(&path, b"first", Before::Nothing, None).expect("a new file");
        for before in [Before::Nothing, Before::Text("another")] {
            let error = write_whole(&path, b"second", before, None).expect_err("it is another");
            let said = error.to_string();
            assert!(
                said.ends_with("by another program in the meantime"),
                "{said}"
            );
            assert_eq!(read(), "first");
        }
        let with_mark = "\u{feff}first";
        std::fs::write(&path, with_mark).expect("a file");
        write_whole(&path, b"second", Before::Text("first"), None).expect("it is the same");
        assert_eq!(read(), "second");
        std::fs::remove_file(&path).expect("it was there");
        assert!(write_whole(&path, b"third", Before::Text("second"), None).is_err());
        assert!(!path.exists());
        assert_eq!(folder.names(), 0);
    }

    /// The way of systems that have no files without a name.
    #[test]
    fn a_file_with_a_name_is_put_in_its_place_too() {
        let folder = Folder::new("named");
        let target = folder.0.join("a.yaml");
        std::fs::write(&target, "old").expect("a file");
        let old = File::open(&target).expect("a file");
        let mut new = New {
            bytes: b"new",
            target: &target,
            beside: beside(&target),
            replaced: Some(&old),
            is_as_read: &|| false,
        };
        std::fs::write(&new.beside, "left by a killed run").expect("a file");
        assert!(matches!(new.put_named(), Err(Failure::Changed)));
        assert_eq!(std::fs::read(&target).expect("a file"), b"old");
        new.is_as_read = &|| true;
        let _ = std::fs::remove_file(&new.beside);
        std::fs::write(&new.beside, "left by a killed run").expect("a file");
        assert!(new.put_named().is_ok());
        assert_eq!(std::fs::read(&target).expect("a file"), b"new");
        assert_eq!(folder.names(), 1);
    }

    #[test]
    fn what_another_run_is_writing_is_left_alone() {
        let folder = Folder::new("locked");
        let path = folder.0.join("a.yaml");
        std::fs::write(&path, "old").expect("a file");
        let file = File::open(&path).expect("a file");
        if is_ours_alone(&file) && cfg!(unix) {
            let error = write_whole(&path, b"new", Before::Text("old"), None).expect_err("locked");
            assert!(
                error
                    .to_string()
                    .contains("another program is writing to it")
            );
        }
    }
}
