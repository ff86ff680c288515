//! A provider's own documents → a catalog file.
//!
//! An importer is only strict about what it needs. What it cannot read is left out and reported with its place; the
//! rest is imported.

mod draft;
mod dropbox;
mod extension;
mod github;
mod google;
mod markdown;
mod merge;
mod msgraph;
mod openapi;
mod provenance;
mod slack;

use std::cell::OnceCell;
use std::rc::Rc;

use super::catalog::{LoadedCatalog, load_catalog};
use super::endpoint_name::methods_named;
use super::raw::{RawCatalog, RawEnvironment};
use super::write;
use crate::finding::{Finding, RuleId};
use crate::model::Base;
use crate::source::limits::MOST_ENTRIES;
use crate::source::{
    Date, Digest, Entries, Names, Node, Path, Place, Recovered, Segment, Source, Syntax,
};

pub use crate::model::Array;
pub use dropbox::import_dropbox;
pub use extension::Extension;
pub use github::import_github;
pub use google::import_google;
pub use markdown::import_markdown;
pub use merge::OutOfStep;
pub use msgraph::import_msgraph;
pub use openapi::import_openapi;
pub use slack::import_slack;

/// What the user says about an import.
#[derive(Debug, Clone)]
pub struct ImportOptions {
    /// The provider's name in the catalog; `None` takes the document's title.
    pub provider: Option<String>,
    /// How arrays of scopes are read; `None` reads them as the format says, and tells where that matters.
    pub array: Option<Array>,
    /// Finds the names of scopes in the description of an operation: its first group, or the whole match.
    pub scope_pattern: Option<regex::Regex>,
    /// Extensions of an operation that name scopes.
    pub extensions: Vec<Extension>,
    /// Only operations with one of these tags; all of them where there is none.
    pub tags: Vec<String>,
    /// Whether the summaries of operations and scopes are left out.
    pub no_summaries: bool,
    /// The day of the import.
    pub today: Date,
}

/// A document that was read: its text for places, and as much of its tree as can be read.
#[derive(Debug)]
pub struct Document {
    /// The text, under the name that people are shown.
    pub source: Source,
    /// Its tree; `None` where nothing could be read.
    pub tree: Option<Node>,
    /// What is wrong with the text.
    pub findings: Vec<Finding>,
    /// The bytes of it that could not be read.
    pub lost: Vec<std::ops::Range<usize>>,
    /// Where each of its fields begins; found once something is lost.
    fields: OnceCell<Vec<usize>>,
    /// The digest of the text as it was found, before anything in it was masked.
    pub digest: Digest,
}

impl Document {
    /// How to name the document in a catalog: its path as given, or only its file name if the path is specific to one
    /// machine.
    pub(super) fn provenance(&self) -> String {
        let name = self.source.name.as_str();
        match name {
            "-" => "standard input".to_owned(),
            _ if name.starts_with('/') || name.contains(":/") || name.starts_with("..") => {
                name.rsplit('/').next().unwrap_or(name).to_owned()
            }
            _ => name.trim_start_matches("./").to_owned(),
        }
    }

    /// Whether part of a value could not be read: lost bytes inside of it or, for a YAML block, between it and the next
    /// field of the document, whosever that is.
    pub(super) fn is_damaged(&self, node: &Node) -> bool {
        if self.lost.is_empty() {
            return false;
        }
        let text = &self.source.text;
        let is_block = !text[node.span.start..].starts_with(['{', '[']);
        let end = if is_block && self.source.syntax == Syntax::Yaml {
            let fields = self.fields.get_or_init(|| {
                let mut starts = Vec::new();
                self.tree
                    .iter()
                    .for_each(|tree| starts_of_fields(tree, &mut starts));
                starts.sort_unstable();
                starts
            });
            let next = fields.partition_point(|start| *start < node.span.end);
            fields.get(next).copied().unwrap_or(text.len())
        } else {
            node.span.end
        };
        let mut lost = self.lost.iter();
        lost.any(|lost| lost.start < end.max(node.span.end) && lost.end > node.span.start)
    }

    /// A text that is none of our formats: it has no tree.
    pub fn of_text(source: Source) -> Self {
        Self {
            digest: Digest::of([source.text.as_str()]),
            source,
            tree: None,
            findings: Vec::new(),
            lost: Vec::new(),
            fields: OnceCell::new(),
        }
    }

    /// Reads a text.
    pub fn new(source: Source) -> Self {
        let Recovered {
            tree,
            problems,
            lost,
        } = source.recovered();
        Self {
            findings: problems.into_iter().map(Finding::from).collect(),
            digest: Digest::of([source.text.as_str()]),
            source,
            tree,
            lost,
            fields: OnceCell::new(),
        }
    }
}

/// Where each field of a value, and of what is in it, begins.
fn starts_of_fields(node: &Node, starts: &mut Vec<usize>) {
    for (_, span, value) in node.entries() {
        starts.push(span.start);
        starts_of_fields(value, starts);
    }
    for item in node.items().unwrap_or_default() {
        starts_of_fields(item, starts);
    }
}

/// Loads a referenced document, given the name of the referring document and the reference. `Err` is the reason why
/// not.
pub type Files<'a> = dyn Fn(&str, &str) -> Result<Rc<Document>, String> + 'a;

/// An operation whose arrays of scopes mean two things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ambiguity {
    /// `METHOD /path`.
    pub endpoint: String,
    /// The scopes of the array.
    pub scopes: Vec<String>,
}

/// A catalog as a file, not yet read as a catalog.
#[derive(Debug, Clone)]
pub struct CatalogFile(pub(super) RawCatalog);

impl CatalogFile {
    /// The provider.
    pub fn provider(&self) -> &str {
        self.0.provider.as_deref().unwrap_or_default()
    }

    /// How many endpoints, scopes and key types it has.
    pub fn counts(&self) -> (usize, usize, usize) {
        let endpoints = self.0.endpoints.0.iter().map(|(name, endpoint)| {
            let modes = endpoint.modes.as_ref().map_or(1, |modes| modes.0.len());
            modes * methods_named(name)
        });
        (
            endpoints.sum(),
            self.0.scopes.0.len(),
            self.0.key_types.0.len().max(1),
        )
    }

    /// Its text.
    pub fn text(&self, syntax: Syntax) -> String {
        write::text(&self.0, syntax)
    }

    /// Reads a catalog file as it is written; `None` where it is none. Faults are for `lint`.
    pub fn read(source: &Source) -> Option<Self> {
        source.read::<RawCatalog>().value.map(Self)
    }

    /// This import with what was written by hand in an older edition: risk, notes, recipes, examples, allowances and the
    /// like.
    #[must_use]
    pub fn over(self, older: &Self) -> Self {
        Self(merge::merged(self.0, &older.0))
    }

    /// How another edition differs; `None` where only dates do.
    pub fn out_of_step(&self, other: &Self) -> Option<OutOfStep> {
        merge::out_of_step(&self.0, &other.0)
    }
}

/// How to name many documents in a catalog: by their folders.
fn provenances(documents: &[Rc<Document>]) -> Vec<String> {
    const MOST_NAMED: usize = 4;
    let mut names: Vec<String> = Vec::new();
    for document in documents {
        let name = document.source.name.as_str();
        let folder_of = |name: &str| name.rsplit_once('/').map(|(folder, _)| folder.to_owned());
        let folder = folder_of(name);
        let beside = documents
            .iter()
            .filter(|other| folder_of(&other.source.name) == folder);
        let is_crowded = beside.take(MOST_NAMED + 1).count() > MOST_NAMED;
        let name = match folder.filter(|_| is_crowded) {
            Some(folder) if folder.starts_with(['/', '.']) || folder.contains(":/") => {
                folder.rsplit('/').next().unwrap_or(&folder).to_owned()
            }
            Some(folder) => folder,
            None => document.provenance(),
        };
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// What is wrong with a part of a document, with what to do or what became of it, if there is something to say.
fn located(
    span: std::ops::Range<usize>,
    rule: RuleId,
    message: impl Into<String>,
    help: &str,
) -> Finding {
    let finding = Finding::new(rule, Place::At(span), message);
    if help.is_empty() {
        finding
    } else {
        finding.help(help)
    }
}

/// The one environment of a provider whose documents name no servers.
fn production(bases: &[&str]) -> (String, RawEnvironment) {
    let environment = RawEnvironment {
        production: true,
        base: Some(Names(bases.iter().map(|&base| base.to_owned()).collect())),
    };
    ("production".to_owned(), environment)
}

/// Whether a text is the address of a server, or a path that all others stand below.
fn is_base(text: &str) -> bool {
    let is_plain = |c: char| c != ',' && !c.is_whitespace() && !c.is_control();
    // A template of any other form than that of a base, such as `{scheme}://host`, is none.
    let is_base = |base: Base| base.matches_nothing().is_none();
    text.chars().all(is_plain) && Base::parse(text, false).is_ok_and(is_base)
}

/// Leaving out an entry may invalidate others that refer to it; after this many rounds the import is given up.
const MOST_ROUNDS: usize = 20;

/// The catalog after it is written and read again, without the entries that `lint` would report as errors; each of them
/// is reported. `None` if nothing valid is left.
fn sound(mut raw: RawCatalog) -> (Option<RawCatalog>, Vec<Finding>) {
    let mut findings = Vec::new();
    let entries = raw.entries();
    if entries > MOST_ENTRIES {
        let message = format!(
            "this would make a catalog of {entries} entries, and the limit is {MOST_ENTRIES}"
        );
        let finding = Finding::new(RuleId::WrongType, Place::At(0..0), message);
        findings.push(finding.help("import only operations with certain tags: `--tag TAG`"));
        return (None, findings);
    }
    for _ in 0..MOST_ROUNDS {
        let source = Source {
            name: String::new(),
            text: write::text(&raw, Syntax::Json),
            syntax: Syntax::Json,
        };
        let LoadedCatalog {
            catalog,
            findings: faults,
        } = load_catalog(&source);
        if catalog.is_none() {
            break;
        }
        // Free memory early: the largest catalogs are big.
        drop(catalog);
        let Some(read) = source.read::<RawCatalog>().value else {
            break;
        };
        raw = read;
        if faults.is_empty() {
            return (Some(raw), findings);
        }
        let mut is_smaller = false;
        for fault in faults {
            let Some(entry) = fault.place.path().and_then(|path| without(&mut raw, path)) else {
                continue;
            };
            is_smaller = true;
            let finding = Finding::new(fault.rule, Place::At(0..0), fault.message);
            findings.push(finding.help(format!("`{entry}` is left out")));
        }
        if !is_smaller {
            break;
        }
    }
    let message = "no valid catalog could be made from this";
    findings.push(Finding::new(RuleId::WrongType, Place::At(0..0), message));
    (None, findings)
}

/// Removes the entry at or around a path, and returns its name. `None` if the path is not in an entry.
fn without(raw: &mut RawCatalog, path: &Path) -> Option<String> {
    fn take<V>(entries: &mut Entries<V>, name: &str) -> Option<String> {
        let before = entries.0.len();
        entries.0.retain(|(other, _)| other != name);
        (entries.0.len() < before).then(|| name.to_owned())
    }
    let fields: Vec<&str> = path
        .0
        .iter()
        .map_while(|segment| match segment {
            Segment::Field(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    match fields.as_slice() {
        ["endpoints", name, "modes", mode, ..] => {
            let mut endpoints = raw.endpoints.0.iter_mut();
            let (_, endpoint) = endpoints.find(|(other, _)| other == name)?;
            take(endpoint.modes.as_mut()?, mode)
        }
        ["endpoints", name, ..] => take(&mut raw.endpoints, name),
        ["scopes", name, ..] => take(&mut raw.scopes, name),
        ["key_types", name, ..] => take(&mut raw.key_types, name),
        ["environments", name, ..] => take(&mut raw.environments, name),
        ["bundles", name, ..] => take(&mut raw.bundles, name),
        ["events", name, ..] => take(&mut raw.events, name),
        ["operations", name, ..] => take(&mut raw.operations, name),
        _ => None,
    }
}

impl Imported {
    /// The result of an import; only entries that can be read without errors are kept.
    fn new(
        document: &Rc<Document>,
        draft: Option<RawCatalog>,
        mut findings: Vec<(Rc<Document>, Finding)>,
        mut remarks: Remarks,
        documents: &[Rc<Document>],
    ) -> Self {
        remarks.damaged = documents.iter().filter_map(Damage::of).collect();
        let catalog = draft.and_then(|draft| {
            let (catalog, faults) = sound(draft);
            findings.extend(faults.into_iter().map(|fault| (Rc::clone(document), fault)));
            catalog
        });
        Self {
            catalog: catalog.map(CatalogFile),
            findings,
            remarks,
        }
    }
}

/// What an import came to.
#[derive(Debug, Default)]
pub struct Imported {
    /// The catalog; `None` where nothing could be made of the document.
    pub catalog: Option<CatalogFile>,
    /// What is wrong with the documents, each finding with the name of its own.
    pub findings: Vec<(Rc<Document>, Finding)>,
    /// What else a user should know of it.
    pub remarks: Remarks,
}

/// What a user should know of an import beside what is wrong with a place of a document.
#[derive(Debug, Default)]
pub struct Remarks {
    /// The documents of which a part could not be read.
    pub damaged: Vec<Damage>,
    /// How many operations were read.
    pub operations: usize,
    /// How many operations, or paths with them, are left out, because they lead nowhere or no template says them.
    pub left_out: usize,
    /// Operations with an array of several scopes, where nobody said how to read it.
    pub ambiguous: Vec<Ambiguity>,
    /// Whether any array has several scopes.
    pub has_arrays: bool,
    /// Scopes that are used and not declared.
    pub undeclared: Vec<String>,
    /// How many operations may also be called without a key: those that name scopes, and the others.
    pub optional: (usize, usize),
    /// How many operations are public, although an extension or a description of them names a scope.
    pub public_with_scopes: usize,
    /// Words that extensions or descriptions of many operations have, and that no scheme declares.
    pub frequent: Vec<(String, usize)>,
    /// Whether the options that say where scopes are found nothing.
    pub found_nothing: bool,
    /// Where scopes may be found, if the document names none.
    pub hints: Vec<Hint>,
}

impl Remarks {
    /// Whether a part of the documents is missing from the catalog.
    pub fn is_partial(&self) -> bool {
        self.left_out > 0 || !self.damaged.is_empty()
    }
}

/// A document of which a part could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The document.
    pub document: String,
    /// The lines on which what is lost begins.
    pub lines: Vec<usize>,
    /// How many bytes are lost, of how many.
    pub lost: (usize, usize),
}

impl Damage {
    fn of(document: &Rc<Document>) -> Option<Self> {
        let text = &document.source.text;
        // A text that is none of our formats has no tree, and no fault.
        let is_whole = document.tree.is_some() || document.findings.is_empty();
        if is_whole && document.lost.is_empty() {
            return None;
        }
        let line = |lost: &std::ops::Range<usize>| {
            let before = text.get(..lost.start).unwrap_or_default();
            before.matches('\n').count() + 1
        };
        let mut lines: Vec<usize> = document.lost.iter().map(line).collect();
        lines.dedup();
        let bytes = document.lost.iter().map(|lost| {
            let end = lost.end.min(text.len());
            end.saturating_sub(lost.start)
        });
        let lost = match document.tree {
            Some(_) => bytes.sum(),
            None => text.len(),
        };
        Some(Self {
            document: document.source.name.clone(),
            lines,
            lost: (lost, text.len()),
        })
    }
}

/// Where a document that names no scope may name them after all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hint {
    /// An extension of many operations.
    Extension {
        /// Its name.
        name: String,
        /// How many operations have it.
        operations: usize,
        /// The value of `--extension` that reads it.
        route: String,
    },
    /// Descriptions that speak of a scope.
    Descriptions {
        /// How many do.
        number: usize,
        /// The value of `--scope-pattern` that reads most of them, and how many.
        pattern: Option<(String, usize)>,
    },
}

impl Hint {
    /// How many operations have it.
    pub fn number(&self) -> usize {
        match self {
            Self::Extension { operations, .. } => *operations,
            Self::Descriptions { number, .. } => *number,
        }
    }
}
