//! Names of files as seen from elsewhere: from the root of the repository, from the folder of another file.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use super::files::shown;

/// The root of the repository around the working folder, links resolved; `None` outside of one.
pub(super) fn repository_root() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let root = here
        .ancestors()
        .find(|folder| folder.join(".git").exists())?;
    Some(absolute(root))
}

/// A file as seen from a folder, both links resolved; with `..` where it is not below.
pub(super) fn seen_from(folder: &Path, file: &Path) -> String {
    let (folder, file) = (absolute(folder), absolute(file));
    let shared = folder
        .components()
        .zip(file.components())
        .take_while(|(a, b)| a == b)
        .count();
    let up = folder
        .components()
        .skip(shared)
        .map(|_| Component::ParentDir);
    let down = file.components().skip(shared);
    forward(&up.chain(down).collect::<PathBuf>())
}

/// Whether a name is that of a file, not of standard input or a built-in catalog.
pub(super) fn is_file(name: &str) -> bool {
    name != "-" && !name.ends_with("(built-in)")
}

/// Files as seen from a folder that they are below, each of their folders resolved once.
pub(super) struct FromRoot {
    root: PathBuf,
    folders: HashMap<PathBuf, PathBuf>,
}

impl FromRoot {
    /// Files as seen from this folder.
    pub(super) fn new(root: &Path) -> Self {
        Self {
            root: absolute(root),
            folders: HashMap::new(),
        }
    }

    /// A file's name, its own where it is a link; `None` where it is not below.
    pub(super) fn name_of(&mut self, file: &Path) -> Option<String> {
        let parent = file
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.unwrap_or(Path::new("."));
        let folders = &mut self.folders;
        let folder = folders
            .entry(parent.to_path_buf())
            .or_insert_with(|| absolute(parent));
        let file = folder.join(file.file_name()?);
        Some(forward(file.strip_prefix(&self.root).ok()?))
    }
}

/// A path from the root of the file system: links resolved as far as it exists, and without `..`.
fn absolute(path: &Path) -> PathBuf {
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    if let Ok(path) = path.canonicalize() {
        return path;
    }
    let folder = parent.unwrap_or(Path::new(".")).canonicalize();
    if let (Ok(folder), Some(name)) = (folder, path.file_name()) {
        return folder.join(name);
    }
    let mut plain = PathBuf::new();
    for part in std::env::current_dir()
        .unwrap_or_default()
        .join(path)
        .components()
    {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

/// A relative path with `/` between its parts.
fn forward(path: &Path) -> String {
    let parts = path.components().map(Component::as_os_str);
    let parts: Vec<String> = parts.map(|part| shown(Path::new(part))).collect();
    parts.join("/")
}
