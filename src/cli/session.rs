//! The environment of one command: its streams, the terminal, the date.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::time::{SystemTime, UNIX_EPOCH};

use super::secrets::Net;
use super::status::Status;
use super::user_error::UserError;
use super::{ColorChoice, Global};
use crate::model::Edition;
use crate::render::{
    Form, Style, folded_lines, one_line, unreviewed, with_painted_leads, without_commands,
};
use crate::source::Date;

/// On a wider terminal the layout stays as wide as this: what belongs together must not stand far apart.
const WIDEST: usize = 100;

/// The environment of one command. Output is collected and written at the end.
pub(super) struct Session {
    pub(super) style: Style,
    /// Whether standard error has colour.
    paints_errors: bool,
    pub(super) quiet: bool,
    pub(super) verbose: bool,
    pub(super) out: String,
    /// What of the output is meant to begin as a command to a CI runner does.
    pub(super) form: Form,
    pub(super) err: String,
    /// The filter for secrets that all output passes.
    pub(super) net: Net,
    /// Whether a part of what was asked for could not be done, whatever was found.
    refused: Vec<String>,
}

impl Session {
    pub(super) fn new(global: &Global) -> Self {
        let terminal = io::stdout().is_terminal();
        let color = match global.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => colour_is_wanted(&io::stdout()),
        };
        let width = match (global.width, terminal) {
            (Some(width), _) => Some(usize::from(width)),
            (None, true) => Some(
                terminal_size::terminal_size()
                    .map_or(80, |(width, _)| usize::from(width.0).clamp(20, WIDEST)),
            ),
            (None, false) => None,
        };
        Self {
            style: Style {
                color,
                width,
                unicode: locale_is_utf8(),
            },
            paints_errors: match global.color {
                ColorChoice::Always => true,
                ColorChoice::Never => false,
                ColorChoice::Auto => colour_is_wanted(&io::stderr()),
            },
            quiet: global.quiet,
            verbose: global.verbose,
            out: String::new(),
            form: Form::Text,
            err: String::new(),
            net: Net::default(),
            refused: Vec::new(),
        }
    }

    /// The outside before any option is read.
    pub(super) fn plain() -> Self {
        Self {
            style: Style::PIPE,
            paints_errors: colour_is_wanted(&io::stderr()),
            quiet: false,
            verbose: false,
            out: String::new(),
            form: Form::Text,
            err: String::new(),
            net: Net::default(),
            refused: Vec::new(),
        }
    }

    /// Records that something could not be done, and says on standard error why.
    pub(super) fn fail(&mut self, error: &anyhow::Error) {
        let mut sentence = String::new();
        for (index, cause) in error.chain().enumerate() {
            if index > 0 {
                sentence.push_str(": ");
            }
            sentence.push_str(&cause.to_string());
        }
        self.refused.push(sentence.clone());
        self.complain(
            &sentence,
            error
                .downcast_ref::<UserError>()
                .and_then(|refusal| refusal.help.as_deref()),
        );
    }

    /// A line on standard error.
    pub(super) fn remark(&mut self, line: &str) {
        let _ = writeln!(self.err, "{}", one_line(line));
    }

    /// Says so, once, where an answer comes from a catalog that nobody has reviewed.
    pub(super) fn judged_by(&mut self, edition: &Edition) {
        let note = unreviewed(edition).map(|note| format!("note: {note}"));
        if let Some(note) = note.filter(|note| !self.err.contains(note.as_str())) {
            self.remark(&note);
        }
    }

    /// An error line on standard error, and a help line below it.
    pub(super) fn complain(&mut self, message: &str, help: Option<&str>) {
        let _ = writeln!(self.err, "error: {}", set_in(message));
        if let Some(help) = help {
            let _ = writeln!(self.err, "help: {}", one_line(help));
        }
    }

    /// Records that a part of what was asked for could not be done, and says on standard error why.
    pub(super) fn refuse(&mut self, refusal: &UserError) {
        self.refused.push(refusal.message.clone());
        self.complain(&refusal.message, refusal.help.as_deref());
    }

    /// The same for each of some parts; whether there are any.
    pub(super) fn refuse_each(&mut self, refusals: &[UserError]) -> bool {
        for refusal in refusals {
            self.refuse(refusal);
        }
        !refusals.is_empty()
    }

    /// Whether a part of what was asked for could not be done.
    pub(super) fn has_refused(&self) -> bool {
        !self.refused.is_empty()
    }

    /// Why parts of what was asked for could not be done, as standard error has it.
    pub(super) fn refused(&self) -> &[String] {
        &self.refused
    }

    /// Writes the collected output, and returns the exit status. A closed pipe is not an error, because the reader has
    /// seen enough, and does not change the status. A full disk is an error.
    pub(super) fn close(self, status: Status) -> Status {
        let status = if self.has_refused() {
            Status::CouldNot
        } else {
            status
        };
        let (answer, remarks) = (self.net.answer(&self.out), self.net.remarks(&self.err));
        let shown = without_commands(&answer, self.form);
        let remarks = without_commands(&remarks, Form::Text);
        let remarks = if io::stderr().is_terminal() {
            let size = terminal_size::terminal_size_of(io::stderr());
            let width = size.map_or(80, |(width, _)| usize::from(width.0).clamp(20, WIDEST));
            Cow::Owned(folded_lines(&remarks, width))
        } else {
            remarks
        };
        let remarks = if self.paints_errors {
            Cow::Owned(with_painted_leads(&remarks))
        } else {
            remarks
        };
        let out = write_all(&mut io::stdout().lock(), &shown);
        let _ = write_all(&mut io::stderr().lock(), &remarks);
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

/// A sentence, and below it the lines of a list that are set in. Any other line is the rest of a name that breaks.
fn set_in(message: &str) -> String {
    let mut text = String::new();
    for (index, line) in message.lines().enumerate() {
        let lead = match (index, line.starts_with("  ")) {
            (0, _) => "",
            (_, true) => "\n",
            (_, false) => "\n  | ",
        };
        text.push_str(lead);
        text.push_str(&one_line(line));
    }
    text
}

fn write_all(stream: &mut impl Write, text: &str) -> io::Result<()> {
    stream.write_all(text.as_bytes())?;
    stream.flush()
}

/// Whether to colour where nobody says: on a terminal, unless `NO_COLOR` is set; anywhere with `FORCE_COLOR`.
fn colour_is_wanted(stream: &impl anstream::stream::RawStream) -> bool {
    let is_set =
        |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    if is_set("FORCE_COLOR") && !is_set("NO_COLOR") {
        return true;
    }
    !matches!(
        anstream::AutoStream::choice(stream),
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

/// A date on the command line.
pub(super) fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "expected a date like 2027-03-31".to_owned())
}

/// Today's date in Coordinated Universal Time, so that a check says the same in every time zone.
pub(super) fn today() -> Date {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Date::of_day(since.as_secs() / 86_400)
}

/// Names, one to a line, for another program. One that could act on a terminal or a runner is not shown as it is, and
/// standard error says so.
pub(super) fn lines(names: &[&str], session: &mut Session) -> String {
    let mut shown = String::new();
    for name in names {
        shown.push_str(&one_line(name));
        shown.push('\n');
    }
    let is_same = shown.lines().eq(names.iter().copied());
    if !is_same || matches!(without_commands(&shown, Form::Text), Cow::Owned(_)) {
        session.remark("note: some names are shown escaped; use --format json for the exact names");
    }
    shown
}
