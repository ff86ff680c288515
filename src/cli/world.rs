//! Streams and files: what is read, and what is written where.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use super::refusal::Refusal;
use super::status::Status;
use super::{ColorChoice, Global};
use crate::render::{Style, clean};
use crate::source::{Date, NotText, Source, Syntax};

/// The outside, as one command sees it. Output is gathered and written at the end.
pub(super) struct World {
    pub(super) style: Style,
    pub(super) quiet: bool,
    pub(super) verbose: bool,
    pub(super) out: String,
    pub(super) err: String,
    /// Whether a part of what was asked for could not be done, whatever was found.
    refused: bool,
}

/// A file larger than this is none that a person writes or a provider publishes.
const LARGEST_FILE: u64 = 256 * 1024 * 1024;

impl World {
    pub(super) fn new(global: &Global) -> Self {
        let terminal = io::stdout().is_terminal();
        let color = match global.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => colour_is_wanted(),
        };
        let width = match (global.width, terminal) {
            (Some(width), _) => Some(usize::from(width)),
            (None, true) => Some(
                terminal_size::terminal_size()
                    .map_or(80, |(width, _)| usize::from(width.0).max(20)),
            ),
            (None, false) => None,
        };
        Self {
            style: Style {
                color,
                width,
                unicode: locale_is_utf8(),
            },
            quiet: global.quiet,
            verbose: global.verbose,
            out: String::new(),
            err: String::new(),
            refused: false,
        }
    }

    /// The outside before any option is read.
    pub(super) fn plain() -> Self {
        Self {
            style: Style::PIPE,
            quiet: false,
            verbose: false,
            out: String::new(),
            err: String::new(),
            refused: false,
        }
    }

    /// Records that something could not be done, and says on standard error why.
    pub(super) fn fail(&mut self, error: &anyhow::Error) {
        self.refused = true;
        let mut sentence = String::new();
        for (index, cause) in error.chain().enumerate() {
            if index > 0 {
                sentence.push_str(": ");
            }
            sentence.push_str(&cause.to_string());
        }
        self.complain(
            &sentence,
            error
                .downcast_ref::<Refusal>()
                .and_then(|refusal| refusal.help.as_deref()),
        );
    }

    /// A line on standard error.
    pub(super) fn remark(&mut self, line: &str) {
        let _ = writeln!(self.err, "{}", clean(line));
    }

    /// An error line on standard error, and a help line below it.
    pub(super) fn complain(&mut self, message: &str, help: Option<&str>) {
        let _ = writeln!(self.err, "error: {}", clean(message));
        if let Some(help) = help {
            let _ = writeln!(self.err, "help: {}", clean(help));
        }
    }

    /// Records that a part of what was asked for could not be done, and says on standard error why.
    pub(super) fn refuse(&mut self, refusal: &Refusal) {
        self.refused = true;
        self.complain(&refusal.message, refusal.help.as_deref());
    }

    /// The same for each of some parts; whether there are any.
    pub(super) fn refuse_each(&mut self, refusals: &[Refusal]) -> bool {
        for refusal in refusals {
            self.refuse(refusal);
        }
        !refusals.is_empty()
    }

    /// Whether a part of what was asked for could not be done.
    pub(super) fn has_refused(&self) -> bool {
        self.refused
    }

    /// Writes what was gathered, and gives the status to end with. A closed pipe is no error: whoever read has seen enough,
    /// and the status is the answer's. A full disk is one.
    pub(super) fn close(self, status: Status) -> Status {
        let status = match self.refused {
            true => Status::CouldNot,
            false => status,
        };
        let out = write_all(&mut io::stdout().lock(), &self.out);
        let _ = write_all(&mut io::stderr().lock(), &self.err);
        match out {
            Ok(()) => status,
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => status,
            Err(error) => {
                let message = format!("error: cannot write to standard output: {error}\n");
                let _ = write_all(&mut io::stderr().lock(), &message);
                Status::CouldNot
            }
        }
    }
}

fn write_all(stream: &mut impl Write, text: &str) -> io::Result<()> {
    stream.write_all(text.as_bytes())?;
    stream.flush()
}

/// Whether to colour where nobody says: on a terminal, unless `NO_COLOR` is set; anywhere with `FORCE_COLOR`.
fn colour_is_wanted() -> bool {
    let is_set =
        |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    if is_set("FORCE_COLOR") && !is_set("NO_COLOR") {
        return true;
    }
    !matches!(
        anstream::AutoStream::choice(&io::stdout()),
        anstream::ColorChoice::Never
    )
}

/// Whether the locale is UTF-8, so that lines may be drawn. Windows terminals are.
fn locale_is_utf8() -> bool {
    if cfg!(windows) {
        return true;
    }
    let set = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    set.is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

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
    let mut bytes = Vec::new();
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

/// A date on the command line.
pub(super) fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "a date is written like 2027-03-31".to_owned())
}

/// Today's date in Coordinated Universal Time, so that a check says the same in every time zone.
pub(super) fn today() -> Date {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Date::of_day(since.as_secs() / 86_400)
}
