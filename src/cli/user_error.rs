//! Why a command could not do it: a sentence, and what to do next.

use std::fmt::{self, Write};

use crate::finding::Finding;
use crate::render::one_line;
use crate::source::limits::MOST_FAULTS_TOLD;
use crate::source::{Position, Source};

/// An error of the command or the system. Errors in files are findings instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserError {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl UserError {
    /// A refusal with a sentence alone.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: None,
        }
    }

    /// An error as a refusal, which can be told again and again.
    pub(super) fn of(error: anyhow::Error) -> Self {
        error
            .downcast()
            .unwrap_or_else(|error| Self::new(format!("{error:#}")))
    }

    /// The refusal with a help line.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for UserError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for UserError {}

/// The refusal of a file for its faults, each with its place.
pub(super) fn faults(what: &str, source: &Source, findings: &[Finding]) -> UserError {
    let located = source.source_map();
    let mut faults: Vec<&Finding> = findings.iter().collect();
    faults.sort_by_key(|finding| located.span(&finding.place).start);
    let number = match faults.len() {
        0 | 1 => "an error".to_owned(),
        number => format!("{number} errors"),
    };
    let mut lines = format!("{what} has {number}");
    let more = faults.len().saturating_sub(MOST_FAULTS_TOLD);
    for finding in faults.into_iter().take(MOST_FAULTS_TOLD) {
        let help = finding.advice();
        let help = help.map_or_else(String::new, |advice| format!(" ({advice})"));
        let Position { line, column } = located.position(located.span(&finding.place).start);
        let fault = format!("{}{help}", finding.message);
        let _ = write!(lines, "\n  {line}:{column}: {}", one_line(&fault));
    }
    if more > 0 {
        let _ = write!(lines, "\n  and {more} more");
    }
    UserError::new(lines)
}
