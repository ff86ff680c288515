//! GitHub's permissions of fine-grained tokens: lines of permission, access, method and path, separated by tabs, with a
//! `+` where the operation has more than one set of permissions or a set of several. A document of app permissions may
//! follow; it adds operations that the lines do not have.
//!
//! Sets are alternatives, and all permissions of a set are needed. The lines do not say which permissions are in one set.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

use super::draft::{Added, Clash, Draft, DraftAuth, DraftEndpoint, Way};
use super::provenance::Documents;
use super::{Array, Document, ImportOptions, Imported, Remarks, located, production, provenances};
use crate::finding::{Finding, RuleId};
use crate::load::raw::RawCatalog;
use crate::source::{Names, Node};

/// The levels of access, from the lowest. A higher one includes those before it.
const LEVELS: [&str; 3] = ["read", "write", "admin"];
const NOTE: &str = "imported from GitHub's permissions of fine-grained tokens; where an operation has several, the lines do not say which are alternatives, and the notes of the endpoints say how it was read";

/// Reads the lines, and a document of app permissions if there is one.
pub fn import_github(documents: &[Rc<Document>], options: &ImportOptions) -> Imported {
    let [first, ..] = documents else {
        return Imported::default();
    };
    let mut reader = Reader {
        options,
        findings: Vec::new(),
        operations: BTreeMap::new(),
    };
    for document in documents {
        match document.tree.as_ref() {
            Some(tree) => {
                let faults = document.findings.iter().cloned();
                reader
                    .findings
                    .extend(faults.map(|finding| (Rc::clone(document), finding)));
                reader.app_permissions(document, tree);
            }
            None => reader.lines(document),
        }
    }
    reader.finish(first, documents)
}

/// What the documents say of one operation.
struct Operation {
    document: Rc<Document>,
    at: Range<usize>,
    /// A scope for each line, in their order.
    scopes: Vec<String>,
}

struct Reader<'a> {
    options: &'a ImportOptions,
    findings: Vec<(Rc<Document>, Finding)>,
    operations: BTreeMap<(String, String), Operation>,
}

impl Reader<'_> {
    fn lines(&mut self, document: &Rc<Document>) {
        let mut start = 0;
        for line in document.source.text.split_inclusive('\n') {
            let at = start..start + line.trim_end().len();
            start += line.len();
            let line = line.trim_end_matches(['\n', '\r']);
            if line.trim().is_empty() {
                continue;
            }
            let fields: Vec<&str> = line.split('\t').map(str::trim).collect();
            let [permission, access, method, path, rest @ ..] = fields.as_slice() else {
                let message = "expected permission, access, method and path, separated by tabs";
                self.report(
                    document,
                    at,
                    RuleId::WrongType,
                    message,
                    "the line is left out",
                );
                continue;
            };
            let is_known = matches!(rest, [] | ["" | "+"]);
            if !LEVELS.contains(access) || permission.is_empty() || !is_known {
                let message =
                    format!("`{access}` is not read, write or admin, or the line has more fields");
                self.report(
                    document,
                    at,
                    RuleId::WrongType,
                    message,
                    "the line is left out",
                );
                continue;
            }
            self.permission(document, at, method, path, format!("{permission}:{access}"));
        }
    }

    fn app_permissions(&mut self, document: &Rc<Document>, tree: &Node) {
        // What the lines say is newer.
        let known: BTreeSet<(String, String)> = self.operations.keys().cloned().collect();
        let Some(permissions) = tree.get("permissions") else {
            let message = "this document has no `permissions`, so it does not list app permissions";
            return self.report(
                document,
                0..0,
                RuleId::MissingField,
                message,
                "it is left out",
            );
        };
        for (permission, _, levels) in permissions.entries() {
            for (access, span, calls) in levels.entries() {
                if access == "url" {
                    continue;
                }
                if !LEVELS.contains(&access) {
                    let message = format!("`{access}` is not read, write or admin");
                    self.report(document, span, RuleId::WrongType, message, "it is left out");
                    continue;
                }
                for call in calls.items().unwrap_or_default() {
                    let text = call.text().unwrap_or_default();
                    let Some((method, path)) = text.split_once(' ') else {
                        let message = format!("an entry of `{permission}` is not `METHOD /path`");
                        let span = call.span.clone();
                        self.report(
                            document,
                            span,
                            RuleId::MalformedPath,
                            message,
                            "it is left out",
                        );
                        continue;
                    };
                    if !known.contains(&(path.to_owned(), method.to_owned())) {
                        let scope = format!("{permission}:{access}");
                        self.permission(document, call.span.clone(), method, path, scope);
                    }
                }
            }
        }
    }

    fn permission(
        &mut self,
        document: &Rc<Document>,
        at: Range<usize>,
        method: &str,
        path: &str,
        scope: String,
    ) {
        let operation = self
            .operations
            .entry((path.to_owned(), method.to_owned()))
            .or_insert_with(|| Operation {
                document: Rc::clone(document),
                at,
                scopes: Vec::new(),
            });
        operation.scopes.push(scope);
    }

    fn finish(mut self, first: &Rc<Document>, documents: &[Rc<Document>]) -> Imported {
        let mut draft = Draft {
            provider: self
                .options
                .provider
                .clone()
                .unwrap_or_else(|| "github".to_owned()),
            title: Some("GitHub fine-grained permissions".to_owned()),
            note: Some(NOTE.to_owned()),
            sources: provenances(documents),
            key_types: vec!["key".to_owned()],
            environments: vec![production(&["https://api.github.com"])],
            ..Draft::default()
        };
        let mut notes: BTreeMap<String, String> = BTreeMap::new();
        let mut is_ambiguous = false;
        let mut left_out = 0;
        let number = self.operations.len();
        for ((path, method), operation) in std::mem::take(&mut self.operations) {
            for scope in &operation.scopes {
                draft.scopes.entry(scope.clone()).or_default().declared = true;
            }
            let call = format!("{method} {path}");
            let (sets, note) = self.sets(&call, &operation);
            is_ambiguous |= note.is_some_and(|note| note.is_ambiguous);
            let ways = sets.into_iter().map(|scopes| Way {
                key_type: "key".to_owned(),
                scopes,
            });
            let endpoint = DraftEndpoint {
                method,
                path,
                variant: None,
                query: Vec::new(),
                auth: DraftAuth::AnyOf(ways.collect()),
                optional: false,
                deprecated: false,
                summary: None,
                tags: Vec::new(),
                least: BTreeMap::new(),
            };
            let problem = match draft.add(endpoint, Clash::Stricter) {
                Added::New => {
                    if let Some(note) = note {
                        notes.insert(call, note.text.to_owned());
                    }
                    continue;
                }
                Added::Same(_) => continue,
                Added::Differs(other) => {
                    format!("it is the same as `{other}`, which needs something else")
                }
                Added::Malformed(why) => why.to_owned(),
            };
            left_out += 1;
            let message = format!("`{call}` is not read: {problem}");
            let help = "it is left out";
            self.report(
                &operation.document,
                operation.at,
                RuleId::MalformedPath,
                message,
                help,
            );
        }
        if draft.scopes.is_empty() {
            let message = "no permissions were found: expected lines of permission, access, method and path, separated by tabs";
            self.report(first, 0..0, RuleId::MissingField, message, "");
        }
        let raw = (!draft.scopes.is_empty()).then(|| {
            let mut raw = draft.finish(&self.options.today);
            let imported = Documents {
                kind: "github",
                roots: documents,
                all: documents,
            };
            imported.stamp(&mut raw, self.options, is_ambiguous);
            for (name, endpoint) in &mut raw.endpoints.0 {
                endpoint.note = notes.remove(name);
            }
            includes(&mut raw);
            raw
        });
        let remarks = Remarks {
            operations: number,
            left_out,
            ..Remarks::default()
        };
        Imported::new(first, raw, self.findings, remarks, documents)
    }

    /// The sets of permissions of an operation, as far as the lines tell them, and what is to be said of that.
    fn sets(
        &mut self,
        call: &str,
        operation: &Operation,
    ) -> (BTreeSet<BTreeSet<String>>, Option<Note>) {
        let distinct: BTreeSet<String> = operation.scopes.iter().cloned().collect();
        if distinct.len() == 1 {
            return (BTreeSet::from([distinct]), None);
        }
        // A permission that is listed once more than the others is in every set: the others only add to it.
        let twice: Vec<&String> = distinct
            .iter()
            .filter(|scope| {
                operation
                    .scopes
                    .iter()
                    .filter(|other| other == scope)
                    .count()
                    > 1
            })
            .collect();
        if let ([one], 3, 2) = (twice.as_slice(), operation.scopes.len(), distinct.len()) {
            let note = Note {
                text: "it may also be called with another permission in addition, which some contents need",
                is_ambiguous: false,
            };
            return (
                BTreeSet::from([BTreeSet::from([(*one).clone()])]),
                Some(note),
            );
        }
        let is_any = self.options.array == Some(Array::Any);
        let text = if is_any {
            "several permissions are listed without saying whether all or any are needed; read as any"
        } else {
            "several permissions are listed without saying whether all or any are needed; read as all"
        };
        let list: Vec<&str> = distinct.iter().map(String::as_str).collect();
        let message = format!("`{call}`: {text} ({})", list.join(", "));
        let help = match self.options.array {
            None => "`--array any` reads one as enough",
            Some(_) => "",
        };
        self.report(
            &operation.document,
            operation.at.clone(),
            RuleId::WrongType,
            message,
            help,
        );
        let sets = if is_any {
            distinct
                .into_iter()
                .map(|scope| BTreeSet::from([scope]))
                .collect()
        } else {
            BTreeSet::from([distinct])
        };
        (
            sets,
            Some(Note {
                text,
                is_ambiguous: true,
            }),
        )
    }

    fn report(
        &mut self,
        document: &Rc<Document>,
        span: Range<usize>,
        rule: RuleId,
        message: impl Into<String>,
        help: &str,
    ) {
        let finding = located(span, rule, message, help);
        self.findings.push((Rc::clone(document), finding));
    }
}

/// What the note of an endpoint says.
#[derive(Clone, Copy)]
struct Note {
    text: &'static str,
    is_ambiguous: bool,
}

/// A higher access includes the lower ones of the same permission.
fn includes(raw: &mut RawCatalog) {
    let names: BTreeSet<String> = raw.scopes.0.iter().map(|(name, _)| name.clone()).collect();
    for (name, scope) in &mut raw.scopes.0 {
        let Some((permission, access)) = name.rsplit_once(':') else {
            continue;
        };
        let lower = LEVELS.iter().take_while(|level| **level != access);
        let lower = lower.map(|level| format!("{permission}:{level}"));
        let lower: Vec<String> = lower.filter(|name| names.contains(name)).collect();
        scope.implies = (!lower.is_empty()).then_some(Names(lower));
    }
}
