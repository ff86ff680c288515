//! Text with places: a file's text, its syntax, and the location of each path in it.
//!
//! This layer knows YAML, TOML and JSON. It knows nothing of scopes, keys or catalogs.

mod cursor;
mod date;
mod de;
mod digest;
mod edit;
mod fields;
mod fold;
mod harmful;
mod json;
pub mod limits;
mod names;
mod nearest;
mod outline;
mod path;
mod phrases;
mod recover;
mod route;
mod same;
mod source_map;
mod strict;
mod toml;
mod tree;
mod written;
mod yaml;

use std::ops::Range;
use std::path::Path as FilePath;

use serde::de::DeserializeOwned;

pub use cursor::{AtCursor, Typed};
pub use date::Date;
pub use digest::Digest;
pub use edit::{Batch, Edit, Splice, spliced, yaml_scalar};
pub use fields::fields_of;
pub use fold::folded;
pub use harmful::{commands_within, is_blank, is_harmful, spelt_out};
use limits::{MOST_PROBLEMS, MOST_READ_AGAIN};
pub use names::{NameList, SplitName, is_separator, split_names, words};
pub use nearest::{NameIndex, Near, Patience, distance, nearest, nearest_one};
pub use outline::may_have_at_top;
pub use path::{Part, Path, Place, Segment};
pub use phrases::{count, plural, shell_word, with_article};
pub use recover::Recovered;
pub use route::{Step, steps};
pub use source_map::{Position, SourceMap};
use strict::strictly;
pub use tree::{Entries, Names, Node};

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// YAML 1.2, and the default where nothing says otherwise.
    Yaml,
    /// JSON, read with a JSON parser.
    Json,
    /// TOML 1.
    Toml,
}

impl Syntax {
    /// The syntax that a file's extension names, if it is one of ours.
    pub fn of(path: &FilePath) -> Option<Self> {
        let name = path.file_name()?.as_encoded_bytes();
        // A file may be named just `.yaml`.
        let at = name.iter().rposition(|byte| *byte == b'.')?;
        match name[at + 1..].to_ascii_lowercase().as_slice() {
            b"yaml" | b"yml" => Some(Self::Yaml),
            b"json" => Some(Self::Json),
            b"toml" => Some(Self::Toml),
            _ => None,
        }
    }

    /// The name that people use for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Yaml => "YAML",
            Self::Json => "JSON",
            Self::Toml => "TOML",
        }
    }
}

/// One file's text, under the name that people are shown.
#[derive(Debug, Clone)]
pub struct Source {
    /// The path as it was given, with `/` between its parts; `-` is standard input.
    pub name: String,
    /// The whole text, without a byte order mark.
    pub text: String,
    /// How it is written.
    pub syntax: Syntax,
}

/// Bytes that are not text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotText {
    /// Why, lower case, without a final dot.
    pub reason: String,
    /// The readable text before the first invalid byte.
    pub before: String,
    /// A best-effort decoding of all bytes: the file may still be meant as a key, and other programs may be able to
    /// read it.
    pub guessed: String,
}

impl std::fmt::Display for NotText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.reason)
    }
}

/// Something wrong with a text, at a place in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Which kind of fault it is.
    pub fault: Fault,
    /// The sentence for people, lower case, without a final dot.
    pub message: String,
    /// Where it is.
    pub place: Place,
    /// What to do about it.
    pub help: Option<String>,
    /// The name of the field that must be meant or is missing, if there is one.
    pub meant: Option<String>,
}

/// The kinds of fault that a text can have regardless of what its values mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It cannot be parsed at all.
    Syntax,
    /// A field that the format does not have.
    UnknownField,
    /// A field that must be there and is not.
    MissingField,
    /// A duplicate field.
    DuplicateField,
    /// A value of another type than the field's.
    WrongType,
}

/// A typed reading of a text: the value where one could be read, and everything that is wrong.
#[derive(Debug)]
pub struct Reading<T> {
    /// The value, with faulty parts left out; `None` where nothing could be read.
    pub value: Option<T>,
    /// All problems, in the order of the text where their places allow it.
    pub problems: Vec<Problem>,
}

/// What is wrong with a text, as far as is known before it is looked at closely.
#[derive(Debug)]
pub(crate) enum FirstFault {
    /// The whole text is refused: parsers would disagree on it, or it is nested too deep.
    OfAll(Problem),
    /// The first error message of its parser.
    OfParser(String),
}

impl Source {
    /// Another text under the same name, in the same syntax.
    #[must_use]
    pub fn with_text(&self, text: impl Into<String>) -> Self {
        Self {
            name: self.name.clone(),
            text: text.into(),
            syntax: self.syntax,
        }
    }

    /// Decodes bytes as a source. Fails if they are not UTF-8 text: UTF-16, binary data or invalid UTF-8.
    pub fn from_bytes(name: &str, syntax: Syntax, bytes: &[u8]) -> Result<Self, NotText> {
        let refuse = |reason: &str, at: usize| {
            let before = String::from_utf8_lossy(&bytes[..at]).into_owned();
            NotText {
                reason: reason.to_owned(),
                before,
                guessed: written::guessed_text(bytes),
            }
        };
        if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
            return Err(refuse("it is UTF-16; save it as UTF-8", 0));
        }
        if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
            return Err(refuse("it is binary data, not text: NUL byte here", at));
        }
        let whole = bytes;
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Self {
                name: name.to_owned(),
                text: text.to_owned(),
                syntax,
            }),
            Err(error) => {
                let skipped = whole.len() - bytes.len();
                Err(refuse(
                    "it is not valid UTF-8 here; save it as UTF-8",
                    skipped + error.valid_up_to(),
                ))
            }
        }
    }

    /// Reads the text as a `T`.
    ///
    /// A valid text is read once, by serde and the parser of its syntax. Only if that fails is a tree with places built
    /// and read repeatedly, each time without the faulty part, so that every fault is reported.
    pub fn read<T: DeserializeOwned>(&self) -> Reading<T> {
        match self.read_faultless() {
            Ok(value) => Reading {
                value: Some(value),
                problems: Vec::new(),
            },
            Err(first) => self.read_with(first),
        }
    }

    /// Reads a valid text as a `T`; otherwise returns its first fault, with which [`Source::read_with`] continues.
    pub(crate) fn read_faultless<T: DeserializeOwned>(&self) -> Result<T, FirstFault> {
        if let Some(refused) = self.refused_at_sight() {
            return Err(FirstFault::OfAll(refused));
        }
        let is_plain = self.syntax != Syntax::Yaml || yaml::is_plain(&self.text);
        if !is_plain && let Err(problem) = self.agreed() {
            return Err(FirstFault::OfAll(problem));
        }
        self.read_directly().map_err(FirstFault::OfParser)
    }

    /// Reads a text of which one fault is known.
    pub(crate) fn read_with<T: DeserializeOwned>(&self, first: FirstFault) -> Reading<T> {
        match first {
            FirstFault::OfAll(problem) => Reading {
                value: None,
                problems: vec![problem],
            },
            FirstFault::OfParser(message) => self.read_with_places(&message),
        }
    }

    /// A problem that is found without a parser: JSON nested so deep that parsers differ.
    fn refused_at_sight(&self) -> Option<Problem> {
        match self.syntax {
            Syntax::Json => json::refused_at_sight(&self.text),
            Syntax::Yaml | Syntax::Toml => None,
        }
    }

    /// Fails if two YAML parsers would read the text differently. The tree is built first, because only that is safe
    /// for deeply nested input.
    fn agreed(&self) -> Result<(), Problem> {
        // A lone carriage return or the like may be the real cause of a parse error, so report that first.
        let tree = yaml::parse(&self.text)
            .map_err(|problem| yaml::stray_break(&self.text).unwrap_or(problem))?;
        match yaml::disagreement(&self.text, &tree) {
            Some(problem) => Err(problem),
            None => Ok(()),
        }
    }

    /// Reads a text of our own as a `T`, by one parser: tests compare what several make of it.
    pub(crate) fn read_own<T: DeserializeOwned>(&self) -> Reading<T> {
        match self.read_directly() {
            Ok(value) => Reading {
                value: Some(value),
                problems: Vec::new(),
            },
            Err(_) => self.read(),
        }
    }

    /// The text as its parser reads it; else the parser's first message.
    fn read_directly<T: DeserializeOwned>(&self) -> Result<T, String> {
        match self.syntax {
            Syntax::Yaml => strictly(serde_yaml::Deserializer::from_str(&self.text))
                .map_err(|error| error.to_string()),
            Syntax::Json => {
                let mut from = serde_json::Deserializer::from_str(&self.text);
                let value = strictly(&mut from).map_err(|error| error.to_string())?;
                from.end().map_err(|error| error.to_string())?;
                Ok(value)
            }
            Syntax::Toml => ::toml::Deserializer::parse(&self.text)
                .and_then(strictly)
                .map_err(|error| error.message().to_owned()),
        }
    }

    /// Reads the text by way of a tree with places; `first_message` is what the direct reading said.
    pub(crate) fn read_with_places<T: DeserializeOwned>(&self, first_message: &str) -> Reading<T> {
        let mut tree = match self.tree() {
            Ok(tree) => tree,
            Err(problem) => {
                return Reading {
                    value: None,
                    problems: vec![problem],
                };
            }
        };
        if tree.is_null() || self.text.trim().is_empty() {
            let problem = Problem {
                fault: Fault::Syntax,
                message: "the file is empty".to_owned(),
                place: Place::At(0..0),
                help: None,
                meant: None,
            };
            return Reading {
                value: None,
                problems: vec![problem],
            };
        }
        let mut problems = tree.remove_duplicates();
        // Missing fields that `repair` filled in empty. One that is still wrong cannot be repaired, so retrying would
        // not end.
        let mut filled: Vec<String> = Vec::new();
        let mut read = 0;
        let value = loop {
            match T::deserialize(&tree) {
                Ok(value) => break Some(value),
                Err(error) => {
                    let problem = error.into_problem(self.syntax);
                    let lacks = problem.fault == Fault::MissingField;
                    if let Some(name) = problem.meant.clone().filter(|_| lacks) {
                        let is_filled = filled.contains(&name);
                        filled.push(name);
                        if is_filled && filled.len() > MOST_PROBLEMS {
                            break None;
                        }
                    }
                    let removed = tree.repair(&problem);
                    if !is_repeated(&problem, &problems) {
                        problems.push(problem);
                    }
                    read += self.text.len();
                    if !removed || problems.len() >= MOST_PROBLEMS || read >= MOST_READ_AGAIN {
                        break None;
                    }
                }
            }
        };
        if problems.is_empty() {
            problems.push(Problem {
                fault: Fault::Syntax,
                message: first_message.to_owned(),
                place: Place::At(0..0),
                help: None,
                meant: None,
            });
        }
        Reading { value, problems }
    }

    /// The text as a tree with places, or the reason why it cannot be parsed.
    fn tree(&self) -> Result<tree::Node, Problem> {
        match self.syntax {
            Syntax::Yaml => yaml::parse(&self.text),
            Syntax::Json => json::parse(&self.text),
            Syntax::Toml => toml::parse(&self.text),
        }
    }

    /// The text as a tree, as much of it as can be read: what cannot be parsed is left out and reported.
    pub fn recovered(&self) -> Recovered {
        recover::recovered(self)
    }

    /// The fields at the top of the text: enough to tell what kind of file it is. Empty where it cannot be parsed.
    pub fn top_fields(&self) -> Vec<String> {
        self.tree()
            .map(|tree| tree.field_names())
            .unwrap_or_default()
    }

    /// Every string in the text, with escapes resolved, and its byte range. Empty if the text cannot be parsed.
    pub fn texts(&self) -> Vec<(Range<usize>, String)> {
        self.tree().map(|tree| tree.texts()).unwrap_or_default()
    }

    /// What is needed to turn places of this text into spans and positions; built once for all of a file's findings.
    pub fn source_map(&self) -> SourceMap<'_> {
        SourceMap::new(self)
    }
}

/// Whether a problem only follows from a reported one: the faulty field was removed and is now missing.
fn is_repeated(problem: &Problem, reported: &[Problem]) -> bool {
    let lacking = match (&problem.place, problem.fault, &problem.meant) {
        (Place::Path(path, _), Fault::MissingField, Some(name)) => Some(path.field(name)),
        _ => None,
    };
    reported.iter().any(|other| {
        let path = other.place.path();
        path.is_some() && (path == problem.place.path() || path == lacking.as_ref())
    })
}

/// A problem of syntax at a byte range.
fn syntax_problem(message: impl Into<String>, span: Range<usize>, help: Option<String>) -> Problem {
    Problem {
        fault: Fault::Syntax,
        message: message.into(),
        place: Place::At(span),
        help,
        meant: None,
    }
}
