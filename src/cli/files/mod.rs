//! Files and standard input: what is read, and what is written where.

mod attributes;
mod border;
mod others;
mod signals;
mod write;

use std::borrow::Cow;
use std::fs::{File, Metadata};
use std::io::{self, Read, Write};
use std::path::Path;

use super::user_error::UserError;
use crate::load::{hide_cut_secret, hide_secrets};
use crate::source::limits::{
    LARGEST_BASELINE, LARGEST_CATALOG, LARGEST_CONFIG, LARGEST_KEY, LARGEST_MANIFEST,
    LARGEST_NAMES, LARGEST_SPECIFICATION, MIB, MOST_LOOKED_THROUGH,
};
use crate::source::{NotText, Source, Syntax, may_have_at_top};

pub(super) use border::{Border, refuse_outside};
pub(super) use others::{other_at, read_other};
pub(super) use signals::deferred;
pub(super) use write::{Before, write_whole};

/// What a file is read as, which decides how large it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileKind {
    Key,
    /// Another file in which scopes of a key stand.
    Manifest,
    /// A text with names of scopes.
    Names,
    Config,
    Baseline,
    Catalog,
    /// A file that may be a catalog or a key: what it is shows once it is read.
    KeyOrCatalog,
    Specification,
}

impl FileKind {
    /// The most bytes of a file of the kind.
    fn most_bytes(self) -> u64 {
        match self {
            Self::Key => LARGEST_KEY,
            Self::Manifest => LARGEST_MANIFEST,
            Self::Names => LARGEST_NAMES,
            Self::Config => LARGEST_CONFIG,
            Self::Baseline => LARGEST_BASELINE,
            Self::Catalog | Self::KeyOrCatalog => LARGEST_CATALOG,
            Self::Specification => LARGEST_SPECIFICATION,
        }
    }

    fn with_article(self) -> &'static str {
        match self {
            Self::Key => "a key file",
            Self::Manifest => "a file with the scopes of a key",
            Self::Names => "a list of names",
            Self::Config => "scopes.toml",
            Self::Baseline => "a baseline",
            Self::Catalog => "a catalog",
            Self::KeyOrCatalog => "a catalog or a key file",
            Self::Specification => "a specification",
        }
    }

    /// What to do about a file that is larger.
    fn help(self) -> &'static str {
        match self {
            Self::Key => {
                "a key file says what a key is for and which scopes it has; is this a key file?"
            }
            Self::Manifest => "write the scopes in the key file",
            Self::Names => "pass fewer names at a time",
            Self::Config => "scopes.toml is usually a few lines; is this the right file?",
            Self::Baseline => "fix some of its findings, then write it again",
            Self::Catalog | Self::KeyOrCatalog => {
                "remove summaries, or split it into several catalogs"
            }
            Self::Specification => {
                "split it into files that reference each other, or remove what is not an operation"
            }
        }
    }

    /// Says that something is larger than files of the kind may be; its size is not known where it is a stream.
    fn too_large(self, name: &str, size: Option<u64>) -> UserError {
        let most = self.most_bytes() / MIB;
        let kind = self.with_article();
        let message = match size {
            Some(size) => {
                // Round up, so that a size just above a limit is not shown as the limit.
                let tenths = (size * 10).div_ceil(MIB);
                let (whole, tenth) = (tenths / 10, tenths % 10);
                format!(
                    "{name} is too large for {kind}: {whole}.{tenth} MiB, and the limit is {most} MiB"
                )
            }
            None => format!("{name} is too large for {kind}: the limit is {most} MiB"),
        };
        UserError::new(message).help(self.help())
    }
}

/// Who named a file, which decides what it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The user named it on the command line, so it may also be a pipe.
    Named,
    /// It was found in a folder, or another file names it. It must be a regular file, because a stranger may have put
    /// it there.
    Found,
}

/// A file's name as it is shown: with `/` between its parts, and no secret in one.
pub(super) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    let parts = text.split('/').map(|part| hide_secrets(part, &[]));
    let text = parts.collect::<Vec<_>>().join("/");
    // A newline in a name would begin a new line in the output.
    let text = text.replace(char::is_control, "\u{fffd}");
    if cfg!(windows) {
        text.replace('\\', "/")
    } else {
        text
    }
}

/// A file's bytes. Fails with a sentence where it is no file, cannot be read, or is larger than its kind may be.
pub(super) fn read_bytes(path: &Path, kind: FileKind, origin: Origin) -> anyhow::Result<Vec<u8>> {
    let name = format!("`{}`", shown(path));
    let (file, metadata) = open(path, origin)?;
    if metadata.is_file() && metadata.len() > kind.most_bytes() {
        return Err(kind.too_large(&name, Some(metadata.len())).into());
    }
    // One byte more than the size, so that the same read also sees the end.
    let size = usize::try_from(metadata.len().min(kind.most_bytes())).unwrap_or_default();
    read_bounded(file, size + 1, &name, kind)
}

/// Opens a file for reading. Fails if it does not exist, or if reading it may never end.
pub(super) fn open(path: &Path, origin: Origin) -> anyhow::Result<(File, Metadata)> {
    let name = shown(path);
    let unreadable = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound if path.is_symlink() => {
            UserError::new(format!("cannot read `{name}`: it is a broken link"))
        }
        io::ErrorKind::NotFound => {
            let refusal = UserError::new(format!("there is no file `{name}`"));
            match super::guess::near_path(path) {
                Some(near) => refusal.help(format!("did you mean `{near}`?")),
                None => refusal,
            }
        }
        _ => UserError::new(format!("cannot read `{name}`: {error}")),
    };
    let refuse_special = |metadata: &Metadata| {
        if metadata.is_dir() {
            return Err(UserError::new(format!("`{name}` is a folder, not a file")));
        }
        if origin == Origin::Found && !metadata.is_file() {
            let what = noun_of_special(metadata);
            return Err(UserError::new(format!(
                "`{name}` is {what}, not a regular file"
            )));
        }
        Ok(())
    };
    // Opening some devices has side effects, so check the type before opening; check it again afterwards, because it
    // may have changed.
    refuse_special(&std::fs::metadata(path).map_err(unreadable)?)?;
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    if origin == Origin::Found {
        use std::os::unix::fs::OpenOptionsExt;
        // If a pipe has replaced the file meanwhile, do not block here; it is refused below.
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    let file = options.open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    refuse_special(&metadata)?;
    if metadata.is_file() && is_made_up(&file) {
        let message = format!("`{name}` is a virtual file of the system, not a regular file");
        return Err(UserError::new(message).into());
    }
    Ok((file, metadata))
}

/// Whether a file is generated by the kernel when it is read, as in `/proc`: some of these never end, and some block
/// forever.
#[cfg(target_os = "linux")]
fn is_made_up(file: &File) -> bool {
    /// The numbers of these file systems, from the kernel's magic.h.
    const MADE_UP: [u32; 16] = [
        0x0000_9fa0, // proc
        0x6265_6572, // sysfs
        0x6462_6720, // debugfs
        0x7472_6163, // tracefs
        0x7363_6673, // securityfs
        0x0027_e0eb, // cgroup
        0x6367_7270, // cgroup2
        0xcafe_4a11, // bpf
        0x6265_6570, // configfs
        0xde5e_81e4, // efivarfs
        0x6165_676c, // pstore
        0xf97c_ff8c, // selinux
        0x4341_5d53, // smack
        0x4249_4e4d, // binfmt_misc
        0x1980_0202, // mqueue
        0x6e73_6673, // nsfs
    ];
    // The number has another type on each architecture, and 32 bits on all.
    let of = |kind: i64| u32::try_from(kind & 0xffff_ffff).unwrap_or_default();
    rustix::fs::fstatfs(file).is_ok_and(|system| {
        #[allow(clippy::useless_conversion, reason = "it is another type elsewhere")]
        let kind = i64::try_from(system.f_type).unwrap_or_default();
        MADE_UP.contains(&of(kind))
    })
}

#[cfg(not(target_os = "linux"))]
fn is_made_up(_: &File) -> bool {
    false
}

/// The kind of a special file, with its article.
fn noun_of_special(metadata: &Metadata) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        let kind = metadata.file_type();
        if kind.is_fifo() {
            return "a pipe";
        }
        if kind.is_socket() {
            return "a socket";
        }
        if kind.is_char_device() || kind.is_block_device() {
            return "a device";
        }
    }
    if metadata.is_dir() {
        "a folder"
    } else {
        "a special file"
    }
}

/// Reads a stream to its end, given its approximate size. Fails if it has more bytes than its kind may have, because a
/// device may have no end.
fn read_bounded(
    stream: impl Read,
    size: usize,
    name: &str,
    kind: FileKind,
) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(size);
    stream
        .take(kind.most_bytes() + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| UserError::new(format!("cannot read {name}: {error}")))?;
    if bytes.len() as u64 > kind.most_bytes() {
        return Err(kind.too_large(name, None).into());
    }
    Ok(bytes)
}

/// Whether a file has more bytes than its kind may have.
pub(super) fn is_too_large(path: &Path, kind: FileKind) -> bool {
    let metadata = std::fs::metadata(path);
    metadata.is_ok_and(|metadata| metadata.is_file() && metadata.len() > kind.most_bytes())
}

/// Whether a file that is too large for its kind may have all of some fields at its top level. True if it is too large
/// even to be searched, or cannot be read.
pub(super) fn may_have_fields(path: &Path, names: &[&str]) -> bool {
    let syntax = Syntax::of(path).unwrap_or(Syntax::Yaml);
    let Ok((file, metadata)) = open(path, Origin::Found) else {
        return true;
    };
    let mut bytes = Vec::new();
    let most = MOST_LOOKED_THROUGH;
    metadata.len() > most
        || file.take(most).read_to_end(&mut bytes).is_err()
        || may_have_at_top(bytes, syntax, names)
}

/// A file as a source, its syntax by its extension, without its secrets. `Err` inside where it is no text.
pub(super) fn read_source(
    path: &Path,
    kind: FileKind,
    origin: Origin,
) -> anyhow::Result<Result<Source, NotText>> {
    Ok(without_secrets(read_raw_source(path, kind, origin)?))
}

/// The same with its secrets, for code that reports or rewrites them. It must not be shown.
pub(super) fn read_raw_source(
    path: &Path,
    kind: FileKind,
    origin: Origin,
) -> anyhow::Result<Result<Source, NotText>> {
    Ok(as_raw_source(path, &read_bytes(path, kind, origin)?))
}

/// The bytes of a file as a source with its secrets, its syntax by the file's extension. Fails where they are no text.
pub(super) fn as_raw_source(path: &Path, bytes: &[u8]) -> Result<Source, NotText> {
    let syntax = Syntax::of(path).unwrap_or(Syntax::Yaml);
    Source::from_bytes(&shown(path), syntax, bytes)
}

/// The bytes of something that has a name in git, as a source without its secrets.
pub(super) fn source_of(path: &Path, bytes: &[u8]) -> Result<Source, NotText> {
    without_secrets(as_raw_source(path, bytes))
}

/// Masks the certain secrets in a text of any kind.
fn without_secrets(read: Result<Source, NotText>) -> Result<Source, NotText> {
    match read {
        Ok(mut source) => {
            if let Cow::Owned(text) = hide_secrets(&source.text, &[]) {
                source.text = text;
            }
            Ok(source)
        }
        Err(mut why) => {
            why.before = hide_secrets(&hide_cut_secret(&why.before), &[]).into_owned();
            why.guessed = hide_secrets(&why.guessed, &[]).into_owned();
            Err(why)
        }
    }
}

/// Writes one of our files completely or not at all, masking any remaining secret.
pub(super) fn write_text(
    path: &Path,
    text: &str,
    before: Before<'_>,
    border: Option<&Border>,
) -> anyhow::Result<()> {
    write_whole(path, hide_secrets(text, &[]).as_bytes(), before, border)
}

/// Adds a text to the end of a file.
pub(super) fn append(path: &Path, text: &str) -> anyhow::Result<()> {
    let write = || -> io::Result<()> {
        let mut file = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(path)?;
        file.write_all(hide_secrets(text, &[]).as_bytes())
    };
    write()
        .map_err(|error| UserError::new(format!("cannot write `{}`: {error}", shown(path))).into())
}

/// All of standard input as text, without its secrets. Fails if it is larger than its kind may be.
pub(super) fn read_stdin(kind: FileKind) -> anyhow::Result<Source> {
    let mut source = read_raw_stdin(kind)?;
    if let Cow::Owned(text) = hide_secrets(&source.text, &[]) {
        source.text = text;
    }
    Ok(source)
}

/// The same with its secrets, for who reports them: nothing of it may be shown.
pub(super) fn read_raw_stdin(kind: FileKind) -> anyhow::Result<Source> {
    let bytes = read_bounded(io::stdin().lock(), 0, "standard input", kind)?;
    Source::from_bytes("-", Syntax::Yaml, &bytes)
        .map_err(|reason| UserError::new(format!("cannot read standard input: {reason}")).into())
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
    let message = format!("standard input looks like {what}, not YAML");
    Err(UserError::new(message).help(help(name)).into())
}

/// Whether the first line that is not blank or a comment is a TOML table or `field = value`.
fn begins_as_toml(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
    first.is_some_and(|line| {
        let field = line.split_once('=').map(|(field, _)| field.trim());
        let is_name = |c: char| c.is_alphanumeric() || "_-.\"".contains(c);
        field.is_some_and(|field| !field.is_empty() && field.chars().all(is_name))
    })
}
