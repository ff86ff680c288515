//! Streams and files: what is read, and what is written where.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;

use super::refusal::Refusal;
use super::{COULD_NOT, ColorChoice, Global, OK};
use crate::render::{Style, clean};
use crate::source::{Date, NotText, Source, Syntax};

/// The outside, as one command sees it. Output is gathered and written at the end.
pub(super) struct World {
    pub(super) style: Style,
    pub(super) quiet: bool,
    pub(super) out: String,
    pub(super) err: String,
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
            out: String::new(),
            err: String::new(),
        }
    }

    /// The outside before any option is read.
    pub(super) fn plain() -> Self {
        Self {
            style: Style::PIPE,
            quiet: false,
            out: String::new(),
            err: String::new(),
        }
    }

    /// Says on standard error why the command could not do it.
    pub(super) fn fail(&mut self, error: &anyhow::Error) {
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

    /// An error line on standard error, and a help line below it.
    pub(super) fn complain(&mut self, message: &str, help: Option<&str>) {
        let _ = writeln!(self.err, "error: {}", clean(message));
        if let Some(help) = help {
            let _ = writeln!(self.err, "help: {}", clean(help));
        }
    }

    /// Writes what was gathered. A closed pipe is success; a full disk is not.
    pub(super) fn close(self, status: u8) -> u8 {
        let out = write_all(&mut io::stdout().lock(), &self.out);
        let _ = write_all(&mut io::stderr().lock(), &self.err);
        match out {
            Ok(()) => status,
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => OK,
            Err(error) => {
                let message = format!("error: cannot write to standard output: {error}\n");
                let _ = write_all(&mut io::stderr().lock(), &message);
                COULD_NOT
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
    if cfg!(windows) {
        text.replace('\\', "/")
    } else {
        text.into_owned()
    }
}

/// A file's bytes. Fails with a sentence where it is no file, cannot be read, or is larger than any of ours.
pub(super) fn read_bytes(path: &Path) -> anyhow::Result<Vec<u8>> {
    let name = shown(path);
    let metadata = std::fs::metadata(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Refusal::new(format!("there is no file `{name}`")),
        _ => Refusal::new(format!("cannot read `{name}`: {error}")),
    })?;
    if metadata.is_dir() {
        return Err(Refusal::new(format!("`{name}` is a folder, not a file")).into());
    }
    if metadata.len() > LARGEST_FILE {
        return Err(Refusal::new(format!(
            "`{name}` is larger than {} MiB",
            LARGEST_FILE >> 20
        ))
        .into());
    }
    std::fs::read(path).with_context(|| format!("cannot read `{name}`"))
}

/// A file as a source, its syntax by its extension. `Err` inside where it is no text.
pub(super) fn read_source(path: &Path) -> anyhow::Result<Result<Source, NotText>> {
    let bytes = read_bytes(path)?;
    Ok(Source::from_bytes(
        &shown(path),
        Syntax::of(path).unwrap_or(Syntax::Yaml),
        &bytes,
    ))
}

/// All of standard input as text.
pub(super) fn read_stdin() -> anyhow::Result<Source> {
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .take(LARGEST_FILE)
        .read_to_end(&mut bytes)
        .context("cannot read standard input")?;
    Source::from_bytes("-", Syntax::Yaml, &bytes)
        .map_err(|reason| Refusal::new(format!("cannot read standard input: {reason}")).into())
}

/// Today's date in Coordinated Universal Time, so that a check says the same in every time zone.
pub(super) fn today() -> Date {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let (year, month, day) = civil(since.as_secs() / 86_400);
    Date(format!("{year:04}-{month:02}-{day:02}"))
}

/// The civil date of a day counted from 1970-01-01, in the proleptic Gregorian calendar.
fn civil(days: u64) -> (u64, u64, u64) {
    // Counted from 0000-03-01, so that the leap day ends a year; 146,097 days are 400 years.
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(11_016), (2000, 2, 29));
        assert_eq!(civil(20_779), (2026, 11, 22));
        assert_eq!(civil(47_540), (2100, 2, 28));
        assert_eq!(civil(47_541), (2100, 3, 1));
    }
}
