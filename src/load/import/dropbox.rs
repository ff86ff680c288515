//! Dropbox's interface in Stone: `route NAME[:VERSION]` in a `namespace`, with `attrs` that say who may call it.
//!
//! `auth` names the kinds of credentials, `scope` the scope that a user's or a team's token needs. The endpoint is
//! `POST /2/NAMESPACE/NAME[_vVERSION]`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

use super::draft::{Added, Clash, Draft, DraftAuth, DraftEndpoint, Way, short};
use super::provenance::Documents;
use super::{Document, ImportOptions, Imported, Remarks, located, production, provenances};
use crate::finding::{Finding, RuleId};

/// The kinds of credentials, in the order of the catalog. An app's own key and secret carry no scopes.
const KINDS: [&str; 3] = ["user", "team", "app"];
/// The servers that `host` names.
const HOSTS: [&str; 3] = ["api", "content", "notify"];

/// Reads the files of an interface into one catalog.
pub fn import_dropbox(documents: &[Rc<Document>], options: &ImportOptions) -> Imported {
    let [first, ..] = documents else {
        return Imported::default();
    };
    let mut reader = Reader {
        options,
        draft: Draft {
            provider: options
                .provider
                .clone()
                .unwrap_or_else(|| "dropbox".to_owned()),
            title: Some("Dropbox".to_owned()),
            note: Some("imported from the Stone files of the Dropbox API".to_owned()),
            sources: provenances(documents),
            ..Draft::default()
        },
        findings: Vec::new(),
        hosts: BTreeSet::new(),
        kinds: BTreeSet::new(),
        routes: 0,
        left_out: 0,
    };
    for document in documents {
        reader.document(document);
    }
    let hosts = HOSTS.iter().filter(|host| reader.hosts.contains(**host));
    let bases: Vec<String> = hosts
        .map(|host| format!("https://{host}.dropboxapi.com"))
        .collect();
    if !bases.is_empty() {
        let bases: Vec<&str> = bases.iter().map(String::as_str).collect();
        reader.draft.environments.push(production(&bases));
    }
    let kinds = KINDS.iter().filter(|kind| reader.kinds.contains(**kind));
    reader.draft.key_types = kinds.map(|&kind| kind.to_owned()).collect();
    if reader.draft.key_types.is_empty() {
        reader.draft.key_types.push("user".to_owned());
    }
    let undeclared = reader.draft.undeclared();
    if reader.routes == 0 {
        let message = "no `route` was found: expected files in Stone";
        reader.report(first, 0..0, RuleId::MissingField, message, "");
    }
    let draft = (reader.routes > 0).then(|| {
        let mut raw = reader.draft.finish(&options.today);
        let imported = Documents {
            kind: "dropbox",
            roots: documents,
            all: documents,
        };
        imported.stamp(&mut raw, options, false);
        raw
    });
    let remarks = Remarks {
        operations: reader.routes,
        left_out: reader.left_out,
        undeclared,
        ..Remarks::default()
    };
    Imported::new(first, draft, reader.findings, remarks, documents)
}

/// A route in the making.
#[derive(Default)]
struct Route {
    at: Range<usize>,
    name: String,
    is_deprecated: bool,
    description: Option<String>,
    attributes: BTreeMap<String, String>,
}

struct Reader<'a> {
    options: &'a ImportOptions,
    draft: Draft,
    findings: Vec<(Rc<Document>, Finding)>,
    hosts: BTreeSet<String>,
    kinds: BTreeSet<String>,
    routes: usize,
    /// How many routes are left out.
    left_out: usize,
}

impl Reader<'_> {
    fn document(&mut self, document: &Rc<Document>) {
        let mut namespace = String::new();
        let mut route: Option<Route> = None;
        let (mut start, mut is_text, mut is_attributes) = (0, false, false);
        for line in document.source.text.split_inclusive('\n') {
            let at = start..start + line.trim_end().len();
            start += line.len();
            // A text in quotes may look like anything else.
            let was_text = is_text;
            is_text ^= quotes(line) % 2 == 1;
            let words = line.trim();
            if was_text || words.is_empty() || words.starts_with('#') {
                continue;
            }
            if !line.starts_with([' ', '\t']) {
                if let Some(route) = route.take() {
                    self.route(document, &namespace, route);
                }
                is_attributes = false;
                if let Some(name) = words.strip_prefix("namespace ") {
                    name.trim().clone_into(&mut namespace);
                } else if let Some(rest) = words.strip_prefix("route ") {
                    let name = rest.split(['(', ' ']).next().unwrap_or_default();
                    let behind = rest.rsplit_once(')').map_or("", |(_, behind)| behind);
                    route = Some(Route {
                        at,
                        name: name.to_owned(),
                        is_deprecated: behind.trim_start().starts_with("deprecated"),
                        ..Route::default()
                    });
                }
                continue;
            }
            let Some(route) = &mut route else { continue };
            if words == "attrs" {
                is_attributes = true;
            } else if is_attributes {
                let pair = words.split_once('=');
                if let Some((name, value)) = pair {
                    let value = value.trim().trim_matches('"').to_owned();
                    route.attributes.insert(name.trim().to_owned(), value);
                }
            } else if let Some(text) = words.strip_prefix('"')
                && route.description.is_none()
            {
                route.description = Some(text.trim_end_matches('"').to_owned());
            }
        }
        if let Some(route) = route.take() {
            self.route(document, &namespace, route);
        }
    }

    fn route(&mut self, document: &Rc<Document>, namespace: &str, route: Route) {
        self.routes += 1;
        let (name, version) = route.name.split_once(':').unwrap_or((&route.name, "1"));
        let path = match version {
            "1" => format!("/2/{namespace}/{name}"),
            version => format!("/2/{namespace}/{name}_v{version}"),
        };
        let auth = self.auth(document, &path, &route);
        let host = route.attributes.get("host").map_or("api", String::as_str);
        if HOSTS.contains(&host) {
            self.hosts.insert(host.to_owned());
        } else {
            let message = format!("`{path}` is on the unknown host `{host}`");
            let help = "the host is left out";
            self.report(document, route.at.clone(), RuleId::WrongType, message, help);
        }
        let description = route.description.filter(|_| !self.options.no_summaries);
        let endpoint = DraftEndpoint {
            method: "POST".to_owned(),
            path: path.clone(),
            variant: None,
            query: Vec::new(),
            auth,
            optional: false,
            deprecated: route.is_deprecated,
            summary: description.and_then(|text| short(&text)),
            tags: vec![namespace.to_owned()],
            least: BTreeMap::new(),
        };
        let tags = &self.options.tags;
        if !tags.is_empty() && !tags.iter().any(|tag| tag == namespace) {
            return;
        }
        let problem = match self.draft.add(endpoint, Clash::Stricter) {
            Added::New => return,
            Added::Same(_) | Added::Differs(_) => "another route has the same path",
            Added::Malformed(why) => why,
        };
        self.left_out += 1;
        let message = format!("`POST {path}` is not read: {problem}");
        self.report(
            document,
            route.at,
            RuleId::MalformedPath,
            message,
            "it is left out",
        );
    }

    /// Who may call a route: any one of the kinds of credentials.
    fn auth(&mut self, document: &Rc<Document>, path: &str, route: &Route) -> DraftAuth {
        let unstated = |reader: &mut Self, why: String| {
            let message = format!("who may call `{path}` is not read: {why}");
            let help = "it is not-stated";
            reader.report(document, route.at.clone(), RuleId::WrongType, message, help);
            DraftAuth::NotStated
        };
        let Some(kinds) = route.attributes.get("auth") else {
            return unstated(self, "it has no `auth`".to_owned());
        };
        if kinds == "noauth" {
            return DraftAuth::Public;
        }
        let kinds: Vec<&str> = kinds.split(',').map(str::trim).collect();
        if let Some(unknown) = kinds.iter().find(|kind| !KINDS.contains(kind)) {
            return unstated(self, format!("`{unknown}` is not a kind of credential"));
        }
        let scope = route.attributes.get("scope");
        let mut ways = BTreeSet::new();
        for kind in kinds {
            self.kinds.insert(kind.to_owned());
            let scope = scope.filter(|_| kind != "app");
            if let Some(scope) = scope {
                let known = self.draft.scopes.entry(scope.clone()).or_default();
                known.declared = true;
            }
            ways.insert(Way {
                key_type: kind.to_owned(),
                scopes: scope.into_iter().cloned().collect(),
            });
        }
        DraftAuth::AnyOf(ways)
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

/// The quotes of a line that open or close a text.
fn quotes(line: &str) -> usize {
    let mut quotes = 0;
    let mut is_escaped = false;
    for byte in line.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => quotes += 1,
            _ => {}
        }
    }
    quotes
}
