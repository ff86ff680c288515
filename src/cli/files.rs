//! Files and standard input: what is read, and what is written where.

use std::io::{self, Read, Write};
use std::path::Path;

use super::refusal::Refusal;
use crate::source::limits::LARGEST_FILE;
use crate::source::{NotText, Source, Syntax};

/// A file's name as it is shown: with `/` between its parts.
pub(super) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    // A line end in a name would begin a line of its own in every output.
    let text = text.replace(char::is_control, "\u{fffd}");
    if cfg!(windows) {
        text.replace('\\', "/")
    } else {
        text
    }
}

/// A file's bytes. Fails with a sentence where it is no file, cannot be read, or is larger than any of ours.
pub(super) fn read_bytes(path: &Path) -> anyhow::Result<Vec<u8>> {
    let name = shown(path);
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => {
            let refusal = Refusal::new(format!("there is no file `{name}`"));
            match super::guess::near_path(path) {
                Some(near) => refusal.help(format!("did you mean `{near}`?")),
                None => refusal,
            }
        }
        _ => Refusal::new(format!("cannot read `{name}`: {error}")),
    };
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(Refusal::new(format!("`{name}` is a folder, not a file")).into());
    }
    if metadata.len() > LARGEST_FILE {
        return Err(too_large(&format!("`{name}`")).into());
    }
    let file = std::fs::File::open(path).map_err(unreadable)?;
    read_bounded(file, &format!("`{name}`"))
}

/// What a stream has to the end. Fails where that is more than any file of ours: a device may have no end.
fn read_bounded(stream: impl Read, name: &str) -> anyhow::Result<Vec<u8>> {
    // Most files are small, and read at once.
    let mut bytes = Vec::with_capacity(8 * 1024);
    stream
        .take(LARGEST_FILE + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Refusal::new(format!("cannot read {name}: {error}")))?;
    if bytes.len() as u64 > LARGEST_FILE {
        return Err(too_large(name).into());
    }
    Ok(bytes)
}

fn too_large(name: &str) -> Refusal {
    Refusal::new(format!("{name} is larger than {} MiB", LARGEST_FILE >> 20))
}

/// A file as a source, its syntax by its extension. `Err` inside where it is no text.
pub(super) fn read_source(path: &Path) -> anyhow::Result<Result<Source, NotText>> {
    Ok(as_source(path, &read_bytes(path)?))
}

/// The bytes of a file as a source, its syntax by the file's extension. Fails where they are no text.
pub(super) fn as_source(path: &Path, bytes: &[u8]) -> Result<Source, NotText> {
    let syntax = Syntax::of(path).unwrap_or(Syntax::Yaml);
    Source::from_bytes(&shown(path), syntax, bytes)
}

/// Writes a file whole or not at all: beside it first, then in its place. What a link points to is written, not the link.
/// Fails where the file may not be written.
pub(super) fn write_atomically(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let name = shown(path);
    let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let permissions = std::fs::metadata(&path)
        .ok()
        .map(|metadata| metadata.permissions());
    if permissions
        .as_ref()
        .is_some_and(std::fs::Permissions::readonly)
    {
        return Err(Refusal::new(format!("cannot write `{name}`: it is read-only")).into());
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let write = || -> io::Result<()> {
        let mut file = tempfile::Builder::new()
            .prefix(".scopes-")
            .tempfile_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        match permissions {
            Some(permissions) => file.as_file().set_permissions(permissions)?,
            None => readable_by_all(file.as_file())?,
        }
        file.persist(&path)?;
        Ok(())
    };
    write().map_err(|error| {
        // Why, without the name of the file beside it, which nobody asked for.
        let why = error.to_string();
        let why = why.split(" at path ").next().unwrap_or_default();
        Refusal::new(format!("cannot write `{name}`: {why}")).into()
    })
}

/// Gives a new file the mode that a file usually gets; one that is made beside another is for its owner alone.
#[cfg(unix)]
fn readable_by_all(file: &std::fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable_by_all(_: &std::fs::File) -> io::Result<()> {
    Ok(())
}

/// Adds a text to the end of a file.
pub(super) fn append(path: &Path, text: &str) -> anyhow::Result<()> {
    let write = || -> io::Result<()> {
        let mut file = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(path)?;
        file.write_all(text.as_bytes())
    };
    write().map_err(|error| Refusal::new(format!("cannot write `{}`: {error}", shown(path))).into())
}

/// All of standard input as text.
pub(super) fn read_stdin() -> anyhow::Result<Source> {
    let bytes = read_bounded(io::stdin().lock(), "standard input")?;
    Source::from_bytes("-", Syntax::Yaml, &bytes)
        .map_err(|reason| Refusal::new(format!("cannot read standard input: {reason}")).into())
}

/// Fails where standard input, which is read as YAML, is TOML or JSON instead; the help is given the name of a file.
pub(super) fn refuse_other_syntax(
    source: &Source,
    help: impl Fn(&str) -> String,
) -> anyhow::Result<()> {
    let parses = |syntax| {
        let other = Source {
            syntax,
            ..source.clone()
        };
        !other.top_fields().is_empty()
    };
    if parses(Syntax::Yaml) {
        return Ok(());
    }
    let text = source.text.trim_start();
    let (what, name) = if text.starts_with('{') {
        ("JSON", "k.json")
    } else if !text.is_empty() && (parses(Syntax::Toml) || begins_as_toml(text)) {
        ("TOML", "k.toml")
    } else {
        return Ok(());
    };
    let message = format!("standard input is not YAML, it looks like {what}");
    Err(Refusal::new(message).help(help(name)).into())
}

/// Whether the first line that says something is a TOML table or `field = value`.
fn begins_as_toml(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
    first.is_some_and(|line| {
        let field = line.split_once('=').map(|(field, _)| field.trim());
        let is_name = |c: char| c.is_alphanumeric() || "_-.\"".contains(c);
        field.is_some_and(|field| !field.is_empty() && field.chars().all(is_name))
    })
}
