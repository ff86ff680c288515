//! OpenAPI 3.0 to 3.2, and Swagger 2.0.
//!
//! From such documents this reads the servers, the security schemes and the security requirements of every operation.
//! OpenAPI 3.1, section 4.8.30: any one of a list of requirements is enough; all schemes of one requirement are needed,
//! and all scopes of one scheme; an empty requirement makes security optional, and an empty list removes it.
//!
//! Several documents of one provider make one catalog, in which no operation is open to more than its own document says.

mod hints;
mod named;
mod operation;
mod paths;
mod references;
mod schemes;
mod security;
mod servers;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use super::draft::{Draft, MOST_WAYS, short, slug};
use super::provenance::Documents;
use super::{Ambiguity, Document, Files, ImportOptions, Imported, Remarks};
use crate::finding::{Finding, RuleId};
use crate::model::MOST_MASKED;
use crate::source::{Node, Place, count};
use schemes::Scheme;

/// The key type of a document that names no scheme.
const ANY_SCHEME: &str = "key";

/// Reads one or several documents, and through `files` those that they refer to.
pub fn import_openapi(
    roots: &[Rc<Document>],
    files: &Files<'_>,
    options: &ImportOptions,
) -> Imported {
    let [first, ..] = roots else {
        return Imported::default();
    };
    let mut reader = Reader::new(files, options, roots);
    let mut is_any = false;
    for root in roots {
        is_any |= reader.document(root);
    }
    reader.read_bases();
    let is_catalog = is_any && reader.finish_key_types(first);
    let undeclared = if is_catalog {
        reader.draft.undeclared()
    } else {
        Vec::new()
    };
    reader.head(roots);
    let asks_for_scopes = reader.draft.asks_for_scopes();
    let looks = !options.extensions.is_empty() || options.scope_pattern.is_some();
    let mut remarks = reader.remarks;
    remarks.found_nothing = looks && reader.found.is_empty();
    remarks.ambiguous = reader.ambiguous;
    remarks.undeclared = undeclared;
    remarks.optional = reader.draft.optional_operations();
    remarks.operations = reader.draft.operation_count();
    remarks.hints = if asks_for_scopes {
        Vec::new()
    } else {
        reader.hints.found()
    };
    let draft = is_catalog.then(|| {
        let mut draft = reader.draft.finish(&options.today);
        let documents = Documents {
            kind: "openapi",
            roots,
            all: &reader.documents,
        };
        documents.stamp(&mut draft, options, remarks.has_arrays);
        draft
    });
    Imported::new(first, draft, reader.findings, remarks, &reader.documents)
}

struct Reader<'a> {
    files: &'a Files<'a>,
    options: &'a ImportOptions,
    draft: Draft,
    findings: Vec<(Rc<Document>, Finding)>,
    /// What was reported: the document, the place and the sentence.
    reported: HashSet<(String, usize, String)>,
    ambiguous: Vec<Ambiguity>,
    remarks: Remarks,
    hints: hints::Hints,
    /// Whether there are several documents.
    joins: bool,
    schemes: Vec<Scheme>,
    /// Where each scheme is among them, by the name of its key type.
    scheme_places: HashMap<String, usize>,
    /// The key types of the schemes of the document that is being read, by the names that it uses.
    local: HashMap<String, String>,
    /// How many values were read by way of references.
    referred: usize,
    places: references::Places,
    /// The arrays that were noted as ambiguous.
    noted: HashSet<(String, Vec<String>)>,
    /// The key types that operations name, each with its schemes: one, or several that are sent together.
    combinations: Vec<(String, Vec<String>)>,
    combined: HashMap<String, usize>,
    /// The names of the documents, whose faults were reported.
    loaded: BTreeSet<String>,
    /// All documents that were read.
    documents: Vec<Rc<Document>>,
    /// Schemes that are asked for and not defined, each reported once.
    unknown: BTreeSet<String>,
    /// The addresses of servers, with their descriptions.
    servers: Vec<servers::Server>,
    /// The titles of the documents with their versions.
    titles: Vec<(String, Option<String>)>,
    /// How many operations name a scope in an extension or a description.
    found: BTreeMap<String, usize>,
    /// The path of the servers of each document, where several documents differ in it: it is a part of their paths.
    prefixes: HashMap<String, String>,
    /// The path in front of the paths of the document that is being read.
    prefix: String,
    /// Paths that the document being read has twice, so that nobody knows what is meant.
    doubled: HashSet<String>,
    /// Where each operation was first defined.
    origins: HashMap<String, (Rc<Document>, Range<usize>)>,
}

/// A value and the document that it stands in.
type At = (Rc<Document>, Node);

impl<'a> Reader<'a> {
    fn new(files: &'a Files<'a>, options: &'a ImportOptions, roots: &[Rc<Document>]) -> Self {
        let findings = roots.iter().flat_map(|root| {
            let own = root.findings.iter();
            own.map(|finding| (Rc::clone(root), finding.clone()))
        });
        Self {
            files,
            options,
            draft: Draft::default(),
            findings: findings.collect(),
            reported: HashSet::new(),
            ambiguous: Vec::new(),
            remarks: Remarks::default(),
            hints: hints::Hints::default(),
            joins: roots.len() > 1,
            schemes: Vec::new(),
            scheme_places: HashMap::new(),
            local: HashMap::new(),
            referred: 0,
            places: references::Places::default(),
            noted: HashSet::new(),
            combinations: Vec::new(),
            combined: HashMap::new(),
            loaded: roots.iter().map(|root| root.source.name.clone()).collect(),
            documents: roots.to_vec(),
            unknown: BTreeSet::new(),
            servers: Vec::new(),
            titles: Vec::new(),
            found: BTreeMap::new(),
            prefixes: servers::prefixes(roots),
            prefix: String::new(),
            doubled: HashSet::new(),
            origins: HashMap::new(),
        }
    }

    /// Reads a document; false where it is none of this kind.
    fn document(&mut self, root: &Rc<Document>) -> bool {
        let Some(tree) = root.tree.as_ref() else {
            return false;
        };
        if tree.get("openapi").is_none() && tree.get("swagger").is_none() {
            let message = "missing top-level field `openapi` or `swagger`";
            self.report(
                root,
                0..0,
                RuleId::MissingField,
                message,
                "it is read as OpenAPI 3",
            );
        }
        let Some(paths) = tree.get("paths") else {
            let message = "the document has no `paths`, so there is nothing to import";
            self.report(
                root,
                0..0,
                RuleId::MissingField,
                message,
                "name the file that contains them",
            );
            return false;
        };
        let of_info = |name: &str| {
            let value = tree.get("info").and_then(|info| info.get(name)?.scalar());
            value
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
        };
        if let Some(title) = of_info("title") {
            self.titles.push((title, of_info("version")));
        }
        self.prefix = self
            .prefixes
            .get(&root.source.name)
            .cloned()
            .unwrap_or_default();
        self.doubled = doubled(root);
        self.servers_of_document(root, tree);
        self.local.clear();
        self.read_schemes(root);
        let global = self.global_security(root);
        let (document, paths) = if paths.get("$ref").is_some() {
            let Some((document, paths)) = self.followed((Rc::clone(root), paths.clone())) else {
                self.remarks.left_out += 1;
                return false;
            };
            (document, Cow::Owned(paths))
        } else {
            // A document may be large, so its paths are not copied.
            (Rc::clone(root), Cow::Borrowed(paths))
        };
        for (path, span, item) in paths.entries() {
            if !path.starts_with("x-") {
                let at = (Rc::clone(&document), item.clone());
                self.path(&at, path, span, global.as_ref());
            }
        }
        true
    }

    /// The provider, the title, the note and the sources of the catalog.
    fn head(&mut self, roots: &[Rc<Document>]) {
        let first = self.titles.first().map(|(title, _)| title.clone());
        self.draft.provider = match (&self.options.provider, &first) {
            (Some(name), _) => name.clone(),
            (None, Some(title)) => slug(title),
            (None, None) => slug(""),
        };
        let others = roots.len().saturating_sub(1);
        let mut note = match self.titles.first() {
            Some((title, Some(version))) => format!("imported from {title} {version}"),
            Some((title, None)) => format!("imported from {title}"),
            None => "imported from a document without a title".to_owned(),
        };
        if others > 0 {
            note = format!("{note} and {}", count(others, "other document"));
        }
        self.draft.note = Some(note);
        // The title of one of several documents is not that of the provider.
        self.draft.title = first.filter(|_| !self.joins);
        self.draft.sources = roots.iter().map(|root| root.provenance()).collect();
    }

    fn report(
        &mut self,
        document: &Rc<Document>,
        span: Range<usize>,
        rule: RuleId,
        message: impl Into<String>,
        help: &str,
    ) {
        let message = message.into();
        // A part that many operations refer to is read for each of them.
        let at = (document.source.name.clone(), span.start, message.clone());
        if self.reported.insert(at) {
            let finding = Finding::new(rule, Place::At(span), message).help(help);
            self.findings.push((Rc::clone(document), finding));
        }
    }

    /// The key types that operations are open to; all schemes where none is asked for anywhere. Scopes go to the types
    /// whose schemes declare them. False where there are too many.
    fn finish_key_types(&mut self, root: &Rc<Document>) -> bool {
        if self.combinations.len() > MOST_MASKED {
            let message = format!(
                "the operations require {} kinds of credential, and a catalog may have at most {}",
                self.combinations.len(),
                MOST_MASKED
            );
            let help = "import only operations with certain tags: `--tag TAG`";
            self.report(root, 0..0, RuleId::WrongType, message, help);
            return false;
        }
        if self.combinations.is_empty() {
            let schemes = self.schemes.iter();
            self.combinations = schemes
                .map(|one| (one.key_type.clone(), vec![one.key_type.clone()]))
                .collect();
        }
        let place = |name: &str| self.scheme_places.get(name).copied();
        self.combinations.sort_by_key(|(name, schemes)| {
            (
                schemes.len(),
                place(&schemes[0]).unwrap_or(usize::MAX),
                name.clone(),
            )
        });
        self.draft.key_types = self
            .combinations
            .iter()
            .map(|(name, _)| name.clone())
            .collect();
        if self.draft.key_types.is_empty() {
            self.draft.key_types.push(ANY_SCHEME.to_owned());
        }
        self.draft.open_to_more(&self.combinations);
        for scheme in &self.schemes {
            let types: Vec<&String> = self
                .combinations
                .iter()
                .filter(|(_, schemes)| schemes.contains(&scheme.key_type))
                .map(|(name, _)| name)
                .collect();
            if scheme.deprecated {
                for name in &types {
                    let note = format!("the document calls `{}` deprecated", scheme.name);
                    self.draft.notes.insert((*name).clone(), note);
                }
            }
            for (scope, description) in &scheme.scopes {
                let draft = self.draft.scopes.entry(scope.clone()).or_default();
                draft.declared = true;
                draft
                    .key_types
                    .extend(types.iter().map(|name| (*name).clone()));
                if draft.summary.is_none() && !self.options.no_summaries {
                    draft.summary = description.as_deref().and_then(short);
                }
            }
        }
        // The scopes of a scheme that declares them elsewhere, as OpenID Connect does, are not undeclared.
        let silent: BTreeSet<&String> = self
            .combinations
            .iter()
            .filter(|(_, schemes)| {
                schemes.iter().any(|name| {
                    let place = self.scheme_places.get(name);
                    place.is_some_and(|place| !self.schemes[*place].lists_all)
                })
            })
            .map(|(name, _)| name)
            .collect();
        self.draft.declare_on(&silent);
        self.remarks.frequent = self.frequent();
        true
    }

    /// The names that were found on so many operations, although no scheme declares them, that they may not be scopes.
    fn frequent(&self) -> Vec<(String, usize)> {
        let declared: HashSet<&String> = self
            .schemes
            .iter()
            .flat_map(|scheme| scheme.scopes.iter().map(|(name, _)| name))
            .collect();
        let found = self.found.iter();
        found
            .filter(|(name, number)| **number >= MANY && !declared.contains(name))
            .map(|(name, number)| (name.clone(), *number))
            .collect()
    }
}

/// A name that so many operations ask for is rarely a scope that the schemes forgot.
const MANY: usize = 200;

/// A place in a document for a sentence: its name, line and column.
fn place_of(document: &Document, span: &Range<usize>) -> String {
    let before = document.source.text.get(..span.start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default();
    let column = column.chars().count() + 1;
    format!("{}:{line}:{column}", document.source.name)
}

/// The paths that a document has twice.
fn doubled(document: &Document) -> HashSet<String> {
    let twice = document.findings.iter();
    let twice = twice.filter(|finding| finding.rule == RuleId::DuplicateField);
    let names = twice.filter_map(|finding| {
        let name = finding.message.strip_prefix("duplicate field `")?;
        Some(name.strip_suffix("` in `paths`")?.to_owned())
    });
    names.collect()
}
