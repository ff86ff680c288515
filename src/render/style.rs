//! What the terminal can do: colour, width, line drawing. Decided once, in `cli`.

use owo_colors::{AnsiColors, OwoColorize};
use unicode_width::UnicodeWidthStr;

use crate::explain::Status;
use crate::finding::Level;
use crate::model::Risk;

/// How to lay out for a screen or a pipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether to colour.
    pub color: bool,
    /// The columns of the terminal; `None` where the output goes to a pipe or a file, and nothing wraps.
    pub width: Option<usize>,
    /// Whether lines may be drawn with characters beyond ASCII.
    pub unicode: bool,
}

/// The role of a piece of text, which decides its colour. No information is conveyed by colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Bold,
    Dim,
    Good,
    Caution,
    Bad,
}

impl Tone {
    pub(super) fn color(self) -> Option<AnsiColors> {
        match self {
            Self::Plain | Self::Bold | Self::Dim => None,
            Self::Good => Some(AnsiColors::Green),
            Self::Caution => Some(AnsiColors::Yellow),
            Self::Bad => Some(AnsiColors::Red),
        }
    }
}

impl From<Risk> for Tone {
    fn from(risk: Risk) -> Self {
        match risk {
            Risk::Low => Self::Plain,
            Risk::Medium => Self::Caution,
            Risk::High | Risk::Critical => Self::Bad,
        }
    }
}

impl From<Status> for Tone {
    fn from(status: Status) -> Self {
        match status {
            Status::Granted => Self::Good,
            Status::Ignored | Status::WrongEnvironment => Self::Dim,
            Status::Rejected => Self::Bad,
        }
    }
}

impl From<Level> for Tone {
    fn from(level: Level) -> Self {
        match level {
            Level::Note => Self::Dim,
            Level::Warning => Self::Caution,
            Level::Error => Self::Bad,
        }
    }
}

/// How many columns of a terminal a text takes: a Chinese character takes two.
pub fn columns(text: &str) -> usize {
    text.width()
}

impl Style {
    /// Plain text for a pipe.
    pub const PIPE: Self = Self {
        color: false,
        width: None,
        unicode: false,
    };

    /// A unified diff with its lines in colour.
    pub fn with_painted_diff(self, diff: &str) -> String {
        if !self.color {
            return diff.to_owned();
        }
        let painted = |line: &str| {
            let (body, end) = match line.strip_suffix('\n') {
                Some(body) => (body, "\n"),
                None => (line, ""),
            };
            let tone = match body.as_bytes() {
                [b'+', b'+', b'+', ..] | [b'-', b'-', b'-', ..] => Tone::Bold,
                [b'+', ..] => Tone::Good,
                [b'-', ..] => Tone::Bad,
                [b'@', b'@', ..] => Tone::Dim,
                _ => Tone::Plain,
            };
            self.paint(body, tone) + end
        };
        diff.split_inclusive('\n').map(painted).collect()
    }

    /// The text in the colour of its tone.
    pub(super) fn paint(self, text: &str, tone: Tone) -> String {
        if !self.color {
            return text.to_owned();
        }
        match (tone, tone.color()) {
            (Tone::Bold, _) => text.bold().to_string(),
            (Tone::Dim, _) => text.dimmed().to_string(),
            (_, Some(color)) => text.color(color).to_string(),
            (_, None) => text.to_owned(),
        }
    }
}

/// Lines of standard error with their first word in colour, as cargo shows it.
pub fn with_painted_leads(text: &str) -> String {
    let style = Style {
        color: true,
        ..Style::PIPE
    };
    let painted = |line: &str| {
        let leads = [
            ("error:", Tone::Bad),
            ("note:", Tone::Bold),
            ("help:", Tone::Bold),
        ];
        let found = leads
            .iter()
            .find_map(|(lead, tone)| Some((lead, tone, line.strip_prefix(lead)?)));
        match found {
            Some((lead, tone, rest)) => style.paint(lead, *tone) + rest,
            None => line.to_owned(),
        }
    };
    text.split_inclusive('\n').map(painted).collect()
}
