//! What is said about a place in a file.
//!
//! A finding knows which rule says it and where; it knows neither how it is shown nor whether anybody accepts it.

use crate::source::{Fault, Place, Problem};

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth knowing; not worth stopping for.
    Note,
    /// Should be mended or accepted.
    Warning,
    /// Must be mended or accepted.
    Error,
}

impl Level {
    /// The word for it, as it is printed and as JSON has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One thing said about one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The id of the rule.
    pub rule: &'static str,
    /// How grave it is, where that differs from the rule's own level.
    pub level: Option<Level>,
    /// The sentence: lower case, names in backticks, no final dot.
    pub message: String,
    /// Where it is.
    pub place: Place,
    /// A few words under the place.
    pub label: Option<String>,
    /// Other places that belong to it, each with a few words.
    pub related: Vec<(Place, String)>,
    /// What else to know, a sentence each; the first line of one may be followed by a list.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Option<String>,
    /// A mend that a machine can make.
    pub fix: Option<Fix>,
    /// The scope that it is about.
    pub scope: Option<String>,
    /// The endpoint that it is about.
    pub endpoint: Option<String>,
    /// The environment of the key that it is about.
    pub environment: Option<String>,
}

/// A mend: what to write where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// Why this is the mend, in a few words.
    pub message: String,
    /// The place whose text changes.
    pub place: Place,
    /// The text that stands there afterwards; `None` takes the item out.
    pub replacement: Option<String>,
    /// Whether it may be made without asking: it adds no grant that no need asks for.
    pub safe: bool,
    /// The place that asks for just this, where there is one.
    pub asked_for: Option<Place>,
}

impl Finding {
    /// A finding with its sentence and its place, and nothing else yet.
    pub fn new(rule: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self {
            rule,
            level: None,
            message: message.into(),
            place,
            label: None,
            related: Vec::new(),
            notes: Vec::new(),
            help: None,
            fix: None,
            scope: None,
            endpoint: None,
            environment: None,
        }
    }

    /// The finding with words under its place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// The finding with another place.
    #[must_use]
    pub fn related(mut self, place: Place, label: impl Into<String>) -> Self {
        self.related.push((place, label.into()));
        self
    }

    /// The finding with one more note.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// The finding with a help line.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The finding with the scope that it is about.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = Some(scope.into());
        self
    }

    /// The finding with the endpoint that it is about.
    #[must_use]
    pub fn endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.endpoint = Some(endpoint.into());
        self
    }
}

impl From<Problem> for Finding {
    fn from(problem: Problem) -> Self {
        let rule = match problem.fault {
            Fault::Syntax => "syntax-error",
            Fault::UnknownField => "unknown-field",
            Fault::MissingField => "missing-field",
            Fault::DuplicateField => "duplicate-field",
            Fault::WrongType => "wrong-type",
        };
        let mut finding = Self::new(rule, problem.place, problem.message);
        finding.help = problem.help;
        finding
    }
}
