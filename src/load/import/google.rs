//! Google's API Discovery documents. The `scopes` of a method are any-of: one of them is enough.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::draft::{Added, Clash, Draft, DraftAuth, DraftEndpoint, Way, short, slug};
use super::provenance::Documents;
use super::{Document, ImportOptions, Imported, Remarks, is_base};
use crate::finding::{Finding, RuleId};
use crate::load::raw::RawEnvironment;
use crate::source::{Names, Node, Place};

/// The kind of credential that carries OAuth scopes there.
const KEY_TYPE: &str = "oauth2";

/// Reads one or several documents into one catalog.
pub fn import_google(documents: &[Rc<Document>], options: &ImportOptions) -> Imported {
    let mut reader = Reader {
        options,
        draft: Draft {
            key_types: vec![KEY_TYPE.to_owned()],
            ..Draft::default()
        },
        findings: Vec::new(),
        bases: Vec::new(),
        titles: Vec::new(),
        apis: 0,
        left_out: 0,
    };
    for document in documents {
        let faults = document.findings.iter().cloned();
        reader
            .findings
            .extend(faults.map(|finding| (Rc::clone(document), finding)));
        reader.document(document);
    }
    let mut draft = reader.draft;
    draft.provider = options
        .provider
        .clone()
        .unwrap_or_else(|| match reader.titles.as_slice() {
            [one] => slug(one),
            _ => "google".to_owned(),
        });
    draft.title = (!reader.titles.is_empty()).then(|| reader.titles.join(", "));
    draft.note = Some(format!("imported from {}", reader.titles.join(", ")));
    draft.sources = documents
        .iter()
        .map(|document| document.provenance())
        .collect();
    if !reader.bases.is_empty() {
        let environment = RawEnvironment {
            production: true,
            base: Some(Names(reader.bases)),
        };
        draft
            .environments
            .push(("production".to_owned(), environment));
    }
    let remarks = Remarks {
        operations: draft.operation_count(),
        undeclared: draft.undeclared(),
        left_out: reader.left_out,
        ..Remarks::default()
    };
    let draft = (reader.apis > 0).then(|| draft.finish(&options.today));
    let [first, ..] = documents else {
        return Imported::default();
    };
    let read = Documents {
        kind: "google",
        roots: documents,
        all: documents,
    };
    let draft = draft.map(|mut draft| {
        read.stamp(&mut draft, options, false);
        draft
    });
    Imported::new(first, draft, reader.findings, remarks, documents)
}

/// A path of the document as a template: `{+name}` also takes slashes, which a template has at its end alone; elsewhere
/// it is a plain parameter.
fn with_rest(path: &str) -> String {
    let plain = path.replace("{+", "{");
    match path.rsplit('/').next() {
        Some(last) if last.starts_with("{+") && last.find('}') == Some(last.len() - 1) => {
            format!("{}...}}", &plain[..plain.len() - 1])
        }
        _ => plain,
    }
}

struct Reader<'a> {
    options: &'a ImportOptions,
    draft: Draft,
    findings: Vec<(Rc<Document>, Finding)>,
    bases: Vec<String>,
    titles: Vec<String>,
    apis: usize,
    /// How many methods are left out.
    left_out: usize,
}

/// The paths under which a method takes the content of a file, beside its own: they begin at the root of the host.
fn upload_paths(method: &Node) -> Vec<String> {
    let protocols = method
        .get("mediaUpload")
        .and_then(|upload| upload.get("protocols"));
    let protocols = protocols.map(Node::entries).unwrap_or_default();
    let mut paths: Vec<String> = Vec::new();
    for (_, _, protocol) in protocols {
        let Some(path) = protocol.get("path").and_then(Node::scalar) else {
            continue;
        };
        let path = format!("/{}", path.replace("{+", "{").trim_start_matches('/'));
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    paths
}

impl Reader<'_> {
    fn document(&mut self, document: &Rc<Document>) {
        let Some(tree) = document.tree.as_ref() else {
            return;
        };
        let of_root = |name: &str| tree.get(name).and_then(Node::scalar);
        if tree.get("resources").is_none() && tree.get("methods").is_none() {
            let message = "this document has neither `resources` nor `methods`, so it is not a Discovery document";
            self.report(
                document,
                0..0,
                RuleId::MissingField,
                message,
                "it is left out",
            );
            return;
        }
        self.apis += 1;
        self.titles
            .extend(of_root("title").or_else(|| of_root("name")));
        let base = of_root("rootUrl").map(|url| url.trim_end_matches('/').to_owned());
        let base = base.filter(|base| !base.is_empty() && !self.bases.contains(base));
        match base {
            Some(base) if is_base(&base) => self.bases.push(base),
            Some(base) => {
                let message = format!("`rootUrl` is `{base}`, which is not a URL");
                self.report(document, 0..0, RuleId::WrongType, message, "it is left out");
            }
            None => {}
        }
        let scopes = tree.get("auth").and_then(|auth| auth.get("oauth2"));
        let scopes = scopes
            .and_then(|oauth| oauth.get("scopes"))
            .map(Node::entries);
        for (name, _, scope) in scopes.unwrap_or_default() {
            let draft = self.draft.scopes.entry(name.to_owned()).or_default();
            draft.declared = true;
            draft.key_types.insert(KEY_TYPE.to_owned());
            let description = scope.get("description").and_then(Node::scalar);
            if draft.summary.is_none() && !self.options.no_summaries {
                draft.summary = description.as_deref().and_then(short);
            }
        }
        let service = of_root("servicePath").unwrap_or_default();
        let service = service.trim_matches('/').to_owned();
        self.resource(document, tree, &service);
    }

    fn resource(&mut self, document: &Rc<Document>, resource: &Node, service: &str) {
        for (name, span, method) in resource
            .get("methods")
            .map(Node::entries)
            .unwrap_or_default()
        {
            self.method(document, (name, span), method, service);
        }
        for (_, _, inner) in resource
            .get("resources")
            .map(Node::entries)
            .unwrap_or_default()
        {
            self.resource(document, inner, service);
        }
    }

    fn method(
        &mut self,
        document: &Rc<Document>,
        (name, span): (&str, std::ops::Range<usize>),
        method: &Node,
        service: &str,
    ) {
        let path = method.get("flatPath").or_else(|| method.get("path"));
        let (Some(path), Some(verb)) = (
            path.and_then(Node::scalar),
            method.get("httpMethod").and_then(Node::scalar),
        ) else {
            let message = format!("the method `{name}` is missing `path` or `httpMethod`");
            self.report(
                document,
                span,
                RuleId::MissingField,
                message,
                "it is left out",
            );
            return;
        };
        let path = with_rest(&path);
        let path = match service {
            "" => format!("/{}", path.trim_start_matches('/')),
            service => format!("/{service}/{}", path.trim_start_matches('/')),
        };
        let mut ways = BTreeSet::new();
        let scopes = method.get("scopes");
        for scope in scopes.and_then(Node::items).unwrap_or_default() {
            match scope.text() {
                Some(text) => {
                    ways.insert(Way {
                        key_type: KEY_TYPE.to_owned(),
                        scopes: BTreeSet::from([text.to_owned()]),
                    });
                }
                None => {
                    let message = format!("a scope of `{name}` is not text");
                    self.report(
                        document,
                        scope.span.clone(),
                        RuleId::WrongType,
                        message,
                        "it is left out",
                    );
                }
            }
        }
        let description = method.get("description").and_then(Node::scalar);
        let endpoint = DraftEndpoint {
            method: verb.to_uppercase(),
            path,
            variant: None,
            query: Vec::new(),
            // A method without scopes takes some key that the document does not describe.
            auth: if ways.is_empty() || document.is_damaged(method) {
                DraftAuth::NotStated
            } else {
                DraftAuth::AnyOf(ways)
            },
            optional: false,
            deprecated: method.get("deprecated").is_some_and(Node::is_true),
            summary: description
                .filter(|_| !self.options.no_summaries)
                .and_then(|text| short(&text)),
            tags: Vec::new(),
            least: BTreeMap::new(),
        };
        for path in upload_paths(method) {
            let upload = DraftEndpoint {
                path,
                ..endpoint.clone()
            };
            self.add(document, span.clone(), upload);
        }
        self.add(document, span, endpoint);
    }

    fn add(
        &mut self,
        document: &Rc<Document>,
        span: std::ops::Range<usize>,
        endpoint: DraftEndpoint,
    ) {
        let (verb, path) = (endpoint.method.clone(), endpoint.path.clone());
        match self.draft.add(endpoint, Clash::Stricter) {
            Added::New => {}
            Added::Same(other) => {
                let message = format!("`{verb} {path}` is the same method as `{other}`");
                self.report(
                    document,
                    span,
                    RuleId::DuplicateEndpoint,
                    message,
                    "one of them is kept",
                );
            }
            Added::Differs(other) => {
                let message = format!(
                    "`{verb} {path}` is the same method as `{other}`, but needs other scopes"
                );
                let help = "nothing says which is right: a key must meet both";
                self.report(document, span, RuleId::DuplicateEndpoint, message, help);
            }
            Added::Malformed(why) => {
                let message = format!("`{verb} {path}` is not a valid endpoint: {why}");
                self.report(
                    document,
                    span,
                    RuleId::MalformedPath,
                    message,
                    "it is left out",
                );
            }
        }
    }

    fn report(
        &mut self,
        document: &Rc<Document>,
        span: std::ops::Range<usize>,
        rule: RuleId,
        message: impl Into<String>,
        help: &str,
    ) {
        self.left_out += usize::from(help == "it is left out");
        let finding = Finding::new(rule, Place::At(span), message).help(help);
        self.findings.push((Rc::clone(document), finding));
    }
}
