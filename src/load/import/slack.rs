//! Slack's reference: one file for each method of the Web API, and one with its events.
//!
//! `scope` of a method has a list for each kind of token, of which any one scope is enough. `{}` is any token without a
//! scope, and `"none"` takes no token.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

use super::draft::{Added, Clash, Draft, DraftAuth, DraftEndpoint, Way, short};
use super::provenance::Documents;
use super::{Document, ImportOptions, Imported, Remarks, located, production, provenances};
use crate::finding::{Finding, RuleId};
use crate::load::raw::{RawAuth, RawRequirement};
use crate::source::{Entries, Node, count};

/// The kinds of tokens that stand first in the catalog.
const KINDS: [&str; 2] = ["user", "bot"];

/// Reads the files of methods and of events into one catalog.
pub fn import_slack(documents: &[Rc<Document>], options: &ImportOptions) -> Imported {
    let [first, ..] = documents else {
        return Imported::default();
    };
    let mut reader = Reader {
        options,
        draft: Draft {
            provider: options
                .provider
                .clone()
                .unwrap_or_else(|| "slack".to_owned()),
            title: Some("Slack".to_owned()),
            note: Some("imported from Slack's reference of methods and events".to_owned()),
            sources: provenances(documents),
            environments: vec![production(&["https://slack.com"])],
            key_types: kinds(documents),
            ..Draft::default()
        },
        findings: Vec::new(),
        operations: BTreeMap::new(),
        events: BTreeMap::new(),
        silent: 0,
        left_out: 0,
    };
    for document in documents {
        let faults = document.findings.iter().cloned();
        reader
            .findings
            .extend(faults.map(|finding| (Rc::clone(document), finding)));
        reader.document(document);
    }
    reader.finish(first, documents)
}

/// The kinds of tokens that methods name.
fn kinds(documents: &[Rc<Document>]) -> Vec<String> {
    let scopes = documents
        .iter()
        .filter_map(|document| document.tree.as_ref()?.get("scope"));
    let named = scopes.flat_map(Node::entries);
    let named: BTreeSet<&str> = named.map(|(kind, ..)| kind).collect();
    let mut kinds: Vec<String> = named.into_iter().map(str::to_owned).collect();
    let place = |kind: &String| KINDS.iter().position(|known| known == kind);
    kinds.sort_by_key(|kind| (place(kind).unwrap_or(KINDS.len()), kind.clone()));
    if kinds.is_empty() {
        kinds.extend(KINDS.map(str::to_owned));
    }
    kinds
}

struct Reader<'a> {
    options: &'a ImportOptions,
    draft: Draft,
    findings: Vec<(Rc<Document>, Finding)>,
    operations: BTreeMap<String, String>,
    events: BTreeMap<String, RawRequirement>,
    /// How many events are not sent to subscribers.
    silent: usize,
    /// How many methods are left out.
    left_out: usize,
}

impl Reader<'_> {
    fn document(&mut self, document: &Rc<Document>) {
        let Some(tree) = document.tree.as_ref() else {
            return;
        };
        if tree.get("http_method").is_some() {
            return self.method(document, tree);
        }
        let items = tree.items().unwrap_or_default();
        if items.iter().any(|item| item.get("name").is_some()) {
            for item in items {
                self.event(document, item);
            }
            return;
        }
        let message = "this file is neither a method (`http_method`, `scope`) nor a list of events";
        self.report(
            document,
            0..0,
            RuleId::MissingField,
            message,
            "it is left out",
        );
    }

    fn method(&mut self, document: &Rc<Document>, tree: &Node) {
        let file = document.source.name.rsplit('/').next().unwrap_or_default();
        let name = file.strip_suffix(".json").unwrap_or(file);
        let verb = tree.get("http_method").and_then(Node::scalar);
        let verb = verb.unwrap_or_default().to_uppercase();
        let scope = tree.get("scope");
        let auth = match scope {
            Some(_) if document.is_damaged(tree) => DraftAuth::NotStated,
            Some(scope) if scope.text() == Some("none") => DraftAuth::Public,
            Some(scope) => self.auth(document, name, scope),
            None => {
                let message = format!("the method `{name}` does not say which scopes it needs");
                let help = "it is not-stated";
                self.report(document, 0..0, RuleId::MissingField, message, help);
                DraftAuth::NotStated
            }
        };
        let description = tree.get("desc").and_then(Node::scalar);
        let endpoint = DraftEndpoint {
            method: verb.clone(),
            path: format!("/api/{name}"),
            variant: None,
            query: Vec::new(),
            auth,
            optional: false,
            deprecated: tree.get("deprecated").is_some_and(Node::is_true),
            summary: description
                .filter(|_| !self.options.no_summaries)
                .and_then(|text| short(&text)),
            tags: Vec::new(),
            least: BTreeMap::new(),
        };
        let call = format!("{verb} /api/{name}");
        let problem = match self.draft.add(endpoint, Clash::Stricter) {
            Added::New => {
                self.operations.insert(name.to_owned(), call);
                return;
            }
            Added::Same(_) | Added::Differs(_) => "it was read from another file".to_owned(),
            Added::Malformed(why) => why.to_owned(),
        };
        self.left_out += 1;
        let message = format!("`{call}` is not read: {problem}");
        self.report(
            document,
            0..0,
            RuleId::MalformedPath,
            message,
            "it is left out",
        );
    }

    /// What a method needs: any one of the scopes of each kind of token.
    fn auth(&mut self, document: &Rc<Document>, name: &str, scope: &Node) -> DraftAuth {
        let mut ways = BTreeSet::new();
        let way = |kind: &str, scopes: &[&str]| Way {
            key_type: kind.to_owned(),
            scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
        };
        let kinds = scope.entries();
        if kinds.is_empty() && !scope.is_map() {
            let message = format!("`scope` of the method `{name}` is not a mapping");
            let help = "it is not-stated";
            self.report(
                document,
                scope.span.clone(),
                RuleId::WrongType,
                message,
                help,
            );
            return DraftAuth::NotStated;
        }
        if kinds.is_empty() {
            ways.extend(self.draft.key_types.iter().map(|kind| way(kind, &[])));
        }
        for (kind, span, list) in kinds {
            let names: Option<Vec<&str>> = list
                .items()
                .and_then(|items| items.iter().map(Node::text).collect());
            let Some(names) = names else {
                let message =
                    format!("the scopes of `{name}` for `{kind}` are not a list of names");
                let help = "this kind of token is left out";
                self.report(document, span, RuleId::WrongType, message, help);
                continue;
            };
            if names.is_empty() {
                ways.insert(way(kind, &[]));
            }
            for name in names {
                let scope = self.draft.scopes.entry(name.to_owned()).or_default();
                scope.declared = true;
                ways.insert(way(kind, &[name]));
            }
        }
        if ways.is_empty() {
            return DraftAuth::NotStated;
        }
        DraftAuth::AnyOf(ways)
    }

    /// An event; those that nobody can subscribe to over HTTP are counted.
    fn event(&mut self, document: &Rc<Document>, event: &Node) {
        let Some(name) = event.get("name").and_then(Node::scalar) else {
            let message = "an event has no name";
            let span = event.span.clone();
            return self.report(
                document,
                span,
                RuleId::MissingField,
                message,
                "it is left out",
            );
        };
        let of_apis = event.get("APIs").and_then(Node::items);
        if of_apis.is_some_and(|apis| apis.iter().all(|api| api.text() != Some("Events"))) {
            self.silent += 1;
            return;
        }
        let scopes = event.get("scopes").and_then(Node::items);
        let scopes: Option<Vec<&str>> =
            scopes.and_then(|items| items.iter().map(Node::text).collect());
        let Some(scopes) = scopes else {
            let message = format!("the event `{name}` does not say which scopes it needs");
            let span = event.span.clone();
            return self.report(
                document,
                span,
                RuleId::MissingField,
                message,
                "it is left out",
            );
        };
        for scope in &scopes {
            // What only an event names may be misspelled, so it is not declared.
            self.draft.scopes.entry((*scope).to_owned()).or_default();
        }
        let one = |name: &str| RawRequirement {
            scope: Some(name.to_owned()),
            ..RawRequirement::default()
        };
        let requirement = match scopes.as_slice() {
            [] => RawRequirement {
                auth: Some(RawAuth::AnyKey),
                ..RawRequirement::default()
            },
            [name] => one(name),
            several => RawRequirement {
                any: Some(several.iter().map(|name| Some(one(name))).collect()),
                ..RawRequirement::default()
            },
        };
        self.events.insert(name, requirement);
    }

    fn finish(mut self, first: &Rc<Document>, documents: &[Rc<Document>]) -> Imported {
        if self.silent > 0 {
            let events = count(self.silent, "event");
            let message = format!("left out: {events} sent over RTM only");
            self.report(first, 0..0, RuleId::UnknownField, message, "");
        }
        let undeclared = self.draft.undeclared();
        let is_empty = self.operations.is_empty();
        let operations = self.operations.len();
        let draft = (!is_empty).then(|| {
            let mut raw = self.draft.finish(&self.options.today);
            raw.operations = Entries(self.operations.into_iter().collect());
            raw.events = Entries(self.events.into_iter().collect());
            let imported = Documents {
                kind: "slack",
                roots: documents,
                all: documents,
            };
            imported.stamp(&mut raw, self.options, false);
            raw
        });
        let remarks = Remarks {
            operations,
            left_out: self.left_out,
            undeclared,
            ..Remarks::default()
        };
        Imported::new(first, draft, self.findings, remarks, documents)
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
