//! How far a path may lead that nobody named on the command line: out of a repository it may not.

use std::path::{Component, Path, PathBuf};

use super::shown;
use crate::cli::user_error::UserError;

/// A folder that what is found in it must not lead out of.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Border {
    /// Links resolved.
    root: PathBuf,
    is_repository: bool,
}

impl Border {
    /// The root of the repository that a folder is in; outside of one, the folder itself.
    pub(in crate::cli) fn around(folder: &Path) -> Self {
        let folder = real(folder);
        let root = folder.ancestors().find(|up| up.join(".git").exists());
        Self {
            is_repository: root.is_some(),
            root: root.unwrap_or(&folder).to_path_buf(),
        }
    }

    /// Whether a path with its links resolved lies within, and not in what git keeps for itself.
    pub(super) fn has(&self, path: &Path) -> bool {
        path.strip_prefix(&self.root).is_ok_and(|inner| {
            let mut parts = inner.components();
            parts.all(|part| part != Component::Normal(".git".as_ref()))
        })
    }

    /// What lies outside, for a sentence.
    pub(super) fn noun(&self) -> &'static str {
        match self.is_repository {
            true => "the repository",
            false => "the folder that was looked through",
        }
    }
}

/// A folder with its links resolved; the working folder where it has no name.
fn real(folder: &Path) -> PathBuf {
    let folder = match folder.as_os_str().is_empty() {
        true => Path::new("."),
        false => folder,
    };
    folder
        .canonicalize()
        .unwrap_or_else(|_| folder.to_path_buf())
}

/// Fails where a path that a file names leads out of the repository of the folder that the file is in; outside of a
/// repository, out of that folder and the working folder.
pub(in crate::cli) fn refuse_outside(path: &Path, folder: &Path, help: &str) -> anyhow::Result<()> {
    // Of what is not there, whoever reads it has more to say.
    let Ok(target) = path.canonicalize() else {
        return Ok(());
    };
    let border = Border::around(folder);
    let is_here = !border.is_repository && target.starts_with(real(Path::new("")));
    if border.has(&target) || is_here {
        return Ok(());
    }
    let outside = match border.is_repository {
        true => "outside of the repository",
        false => "outside of the folder of the file that names it",
    };
    let message = format!("`{}` is {outside}", shown(path));
    Err(UserError::new(message).help(help).into())
}
