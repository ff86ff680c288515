//! Files that a key file names: those in which its scopes stand.

use std::path::{Component, Path, PathBuf};

use super::{FileKind, Origin, read_raw_source, refuse_outside, shown};
use crate::cli::user_error::UserError;
use crate::load::Unread;
use crate::source::Source;

/// Reads a file that a key file names, from the folder of the key file. It must be a regular file of the repository, as
/// whoever writes key files may not be trusted with other files.
pub(in crate::cli) fn read_other(folder: Option<&Path>, name: &str) -> Result<Source, Unread> {
    let folder = folder.unwrap_or(Path::new(""));
    let path = other_at(folder, name)?;
    let help = "name a file of this repository, by its path from the folder of the key file";
    let read = || -> anyhow::Result<Source> {
        refuse_outside(&path, folder, help)?;
        read_raw_source(&path, FileKind::Manifest, Origin::Found)?.map_err(|reason| {
            UserError::new(format!("cannot read `{}`: {reason}", shown(&path))).into()
        })
    };
    read().map_err(|error| {
        let UserError { message, help } = UserError::of(error);
        Unread { message, help }
    })
}

/// The path of a file that a key file in a folder names.
pub(in crate::cli) fn other_at(folder: &Path, name: &str) -> Result<PathBuf, Unread> {
    let refuse = |message: String| {
        let help = "write its path from the folder of the key file, as in ../manifest.yaml";
        Err(Unread {
            message,
            help: Some(help.to_owned()),
        })
    };
    if name.trim().is_empty() {
        return refuse("`from` names no file".to_owned());
    }
    if name.contains(char::is_control) {
        return refuse("`from` has a control character".to_owned());
    }
    let mut path = folder.to_path_buf();
    for part in Path::new(name).components() {
        match part {
            Component::Normal(part) => path.push(part),
            Component::CurDir => {}
            // A step up from a folder with a name is that folder's own.
            Component::ParentDir => match path.components().next_back() {
                Some(Component::Normal(_)) if !path.is_symlink() => {
                    path.pop();
                }
                _ => path.push(".."),
            },
            Component::RootDir | Component::Prefix(_) => {
                return refuse(format!("`{}` is an absolute path", shown(Path::new(name))));
            }
        }
    }
    if path.as_os_str().is_empty() {
        path.push(".");
    }
    Ok(path)
}
