//! What is said about a place in a file.
//!
//! A finding has a rule and a place; how it is shown and whether it is accepted are decided elsewhere.

mod rule;

use std::collections::HashSet;

pub use rule::{Acceptance, Group, RuleId, RuleName, Subject, Traits};

use crate::source::{Edit, Fault, Path, Place, Position, Problem, Segment};

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth knowing; not worth stopping for.
    Note,
    /// Should be fixed or accepted.
    Warning,
    /// Must be fixed or accepted.
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
    /// The rule that says it.
    pub rule: RuleId,
    /// Its severity, if it differs from the rule's own level.
    pub level: Option<Level>,
    /// The sentence: lower case, names in backticks, no final dot.
    pub message: String,
    /// Where it is.
    pub place: Place,
    /// A few words under the place.
    pub label: Option<String>,
    /// Other places that belong to it, each with a few words.
    pub related: Vec<(Place, String)>,
    /// Places in other files that belong to it.
    pub elsewhere: Vec<FarPlace>,
    /// What else to know, a sentence each; the first line of one may be followed by a list.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Option<String>,
    /// A fix that a machine can make.
    pub fix: Option<Fix>,
    /// The scope that it is about.
    pub scope: Option<String>,
    /// The endpoint that it is about.
    pub endpoint: Option<String>,
    /// The environment of the key that it is about, where it is about one.
    pub environment: Option<String>,
    /// The environments of the key that it is about, where it is about some of them; empty where it is about one or all.
    pub environments: Vec<String>,
    /// What else it is about besides scope, endpoint and environment; only used for its fingerprint.
    pub subject: Option<String>,
    /// Identifies the finding even if it moves within its file; empty until `lint` sets it.
    pub fingerprint: String,
    /// The fingerprint of the same finding for the key's other environments, if accepting that one also accepts this
    /// one.
    pub other_fingerprint: Option<String>,
}

/// A place in another file than that of its finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FarPlace {
    /// The file.
    pub file: String,
    /// Its path relative to the root of the repository, as forges need it; its name if it is not in a repository.
    pub far_name: String,
    /// Where the place begins.
    pub start: Position,
    /// Where it ends.
    pub end: Position,
    /// A few words.
    pub label: String,
}

/// A fix that a machine can make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// Why this is the fix, in a few words.
    pub message: String,
    /// What the fix did, for the summary after it is made: "removed a", "now b".
    pub done: String,
    /// What changes.
    pub edits: Vec<Edit>,
    /// Whether it may be made without asking: it grants nothing that no need asks for.
    pub safe: bool,
    /// The need that asks for exactly this, if there is one.
    pub asked_for: Option<Place>,
}

impl Fix {
    /// Removes the item at a path; safe, because it adds no grant.
    pub fn removal(message: impl Into<String>, name: &str, at: &Path) -> Self {
        Self {
            message: message.into(),
            done: format!("removed {name}"),
            edits: vec![Edit::Items {
                at: at.clone(),
                names: Vec::new(),
            }],
            safe: true,
            asked_for: None,
        }
    }

    /// Puts names in the place of the item at a path.
    pub fn replacement(message: impl Into<String>, names: Vec<String>, at: &Path) -> Self {
        Self {
            message: message.into(),
            done: format!("now {}", names.join(", ")),
            edits: vec![Edit::Items {
                at: at.clone(),
                names,
            }],
            safe: false,
            asked_for: None,
        }
    }

    /// The lists that it changes by removing, replacing or appending items.
    pub fn lists(&self) -> impl Iterator<Item = &[Segment]> {
        self.edits.iter().map(|edit| match edit {
            Edit::Append { list: path, .. } => path.0.as_slice(),
            Edit::Items { at: path, .. } | Edit::Replace { at: path, .. } => {
                &path.0[..path.0.len().saturating_sub(1)]
            }
        })
    }

    /// The replacement text, if all the fix does is to replace one text by another.
    pub fn new_text(&self) -> Option<&str> {
        match self.edits.as_slice() {
            [Edit::Replace { text, .. }] => Some(text),
            [Edit::Items { names, .. }] => match names.as_slice() {
                [name] => Some(name),
                _ => None,
            },
            _ => None,
        }
    }
}

impl Finding {
    /// A finding with its sentence and its place, and nothing else yet.
    pub fn new(rule: RuleId, place: Place, message: impl Into<String>) -> Self {
        Self {
            rule,
            level: None,
            message: message.into(),
            place,
            label: None,
            related: Vec::new(),
            elsewhere: Vec::new(),
            notes: Vec::new(),
            help: None,
            fix: None,
            scope: None,
            endpoint: None,
            environment: None,
            environments: Vec::new(),
            subject: None,
            fingerprint: String::new(),
            other_fingerprint: None,
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

    /// The finding with one more note. Line breaks in it, which a catalog's text may contain, become spaces.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(folded(note.into()));
        self
    }

    /// The finding with one more note that is a list: a lead, and names on a line each.
    #[must_use]
    pub fn list(mut self, list: impl Into<String>) -> Self {
        self.notes.push(list.into());
        self
    }

    /// The finding with a help line.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(folded(help.into()));
        self
    }

    /// The finding with a fix.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// The finding with the environment that it is about, where it is about one.
    #[must_use]
    pub fn environment(mut self, environment: Option<&str>) -> Self {
        self.environment = environment.map(str::to_owned);
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

    /// Whether it is about an environment of the key, which its file calls `written`: it names that environment, its
    /// place is inside of it, or it is about the whole key.
    pub fn is_about(&self, environment: &str, written: &str) -> bool {
        if let Some(own) = &self.environment {
            return own == environment;
        }
        if !self.environments.is_empty() {
            return self.environments.iter().any(|own| own == environment);
        }
        let path = self.place.path().map(|path| path.0.as_slice());
        match path {
            Some([Segment::Field(section), Segment::Field(own), ..])
                if section == "environments" =>
            {
                own == written
            }
            _ => true,
        }
    }

    /// Removes the fix if it would change one of these lists; the text it would have written becomes the help.
    pub fn without_changes_to(&mut self, lists: &HashSet<&[Segment]>) {
        let touches = |fix: &Fix| !lists.is_empty() && fix.lists().any(|list| lists.contains(list));
        if self.fix.as_ref().is_some_and(touches) {
            self.drop_fix();
        }
    }

    /// Removes the fix; the text it would have written becomes the help.
    pub fn drop_fix(&mut self) {
        self.help = self.advice();
        self.fix = None;
    }

    /// What to do, in a sentence: the help, else the name that the fix writes.
    pub fn advice(&self) -> Option<String> {
        let new_text = self.fix.as_ref().and_then(Fix::new_text);
        let meant = || new_text.map(|name| format!("did you mean `{name}`?"));
        self.help.clone().or_else(meant)
    }

    /// The fingerprints by which it may be accepted: its own, and that of the same finding about other environments.
    pub fn fingerprints(&self) -> impl Iterator<Item = &str> {
        let other = self.other_fingerprint.as_deref();
        std::iter::once(self.fingerprint.as_str()).chain(other)
    }
}

impl From<Problem> for Finding {
    fn from(problem: Problem) -> Self {
        let rule = match problem.fault {
            Fault::Syntax => RuleId::SyntaxError,
            Fault::UnknownField => RuleId::UnknownField,
            Fault::MissingField => RuleId::MissingField,
            Fault::DuplicateField => RuleId::DuplicateField,
            Fault::WrongType => RuleId::WrongType,
        };
        let mut finding = Self::new(rule, problem.place, problem.message);
        finding.help = problem.help;
        finding
    }
}
/// A text on one line.
fn folded(text: String) -> String {
    if text.contains('\n') {
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        text
    }
}
