//! What the terminal can do: colour, width, line drawing. Decided once, in `cli`.

use owo_colors::{AnsiColors, OwoColorize};

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

impl Style {
    /// Plain text for a pipe.
    pub const PIPE: Self = Self {
        color: false,
        width: None,
        unicode: false,
    };

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
