//! Limits paths that were not named on the command line: they must not leave the repository.

use std::path::{Component, Path, PathBuf};

use super::shown;
use crate::cli::user_error::UserError;

/// A folder that paths found in it must not leave.
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

    /// Whether a path with its links resolved is inside, and not in the `.git` folder.
    pub(super) fn has(&self, path: &Path) -> bool {
        path.strip_prefix(&self.root).is_ok_and(|inner| {
            let mut parts = inner.components();
            parts.all(|part| part != Component::Normal(".git".as_ref()))
        })
    }

    /// The noun for the border in messages.
    pub(super) fn noun(&self) -> &'static str {
        if self.is_repository {
            "the repository"
        } else {
            "the searched folder"
        }
    }
}

/// A folder with its links resolved; the working folder where it has no name.
fn real(folder: &Path) -> PathBuf {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    folder
        .canonicalize()
        .unwrap_or_else(|_| folder.to_path_buf())
}

/// Fails where a path that a file names leads out of the repository of the folder that the file is in; outside of a
/// repository, out of that folder and the working folder.
pub(in crate::cli) fn refuse_outside(path: &Path, folder: &Path, help: &str) -> anyhow::Result<()> {
    // If the file does not exist, reading it gives the better error.
    let Ok(target) = path.canonicalize() else {
        return Ok(());
    };
    let border = Border::around(folder);
    let is_here = !border.is_repository && target.starts_with(real(Path::new("")));
    if border.has(&target) || is_here {
        return Ok(());
    }
    let outside = if border.is_repository {
        "outside the repository"
    } else {
        "outside the folder of the file that names it"
    };
    let message = format!("`{}` is {outside}", shown(path));
    Err(UserError::new(message).help(help).into())
}
