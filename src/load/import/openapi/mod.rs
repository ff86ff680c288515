//! OpenAPI 3.0 and 3.1, and Swagger 2.0.
//!
//! From such a document this reads the servers, the security schemes and the security requirements of every operation.
//! OpenAPI 3.1, section 4.8.30: any one of a list of requirements is enough; all schemes of one requirement are needed,
//! and all scopes of one scheme; an empty requirement makes security optional, and an empty list removes it.

mod references;
mod schemes;
mod servers;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use super::draft::{Added, Draft, DraftAuth, DraftEndpoint, Way, query_of, short, slug};
use super::{Ambiguity, Array, Document, Files, ImportOptions, Imported};
use crate::finding::{Finding, RuleId};
use crate::load::raw::RawQuery;
use crate::model::MOST_MASKED;
use crate::source::{Node, Place, words};

/// What stands behind `?` or `#` of a path, and what it asks of the query of a request.
#[derive(Clone)]
struct Variant {
    text: String,
    query: Vec<(String, RawQuery)>,
}

/// The methods that a path item can hold.
const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];
/// The most ways to meet one requirement that are kept apart.
const MOST_WAYS: usize = 1000;
/// The key type of a document that names no scheme.
const ANY_SCHEME: &str = "key";

/// Reads a document, and through `files` those that it refers to.
pub fn import_openapi(root: &Rc<Document>, files: &Files<'_>, options: &ImportOptions) -> Imported {
    let mut reader = Reader {
        files,
        options,
        draft: Draft::default(),
        findings: root
            .findings
            .iter()
            .map(|finding| (Rc::clone(root), finding.clone()))
            .collect(),
        ambiguous: Vec::new(),
        scheme_places: HashMap::new(),
        referred: 0,
        places: references::Places::default(),
        noted: HashSet::new(),
        combined: HashSet::new(),
        schemes: Vec::new(),
        combinations: Vec::new(),
        loaded: BTreeSet::new(),
        unknown: BTreeSet::new(),
    };
    let catalog = reader.document(root);
    let undeclared = if catalog {
        reader.draft.undeclared()
    } else {
        Vec::new()
    };
    let draft = catalog.then(|| reader.draft.finish(&options.today));
    Imported::new(root, draft, reader.findings, reader.ambiguous, undeclared)
}

/// A security scheme: a kind of credential.
struct Scheme {
    name: String,
    /// The scopes that it declares; `None` where it declares none in this document, as OpenID Connect does.
    scopes: Option<Vec<(String, Option<String>)>>,
}

struct Reader<'a> {
    files: &'a Files<'a>,
    options: &'a ImportOptions,
    draft: Draft,
    findings: Vec<(Rc<Document>, Finding)>,
    ambiguous: Vec<Ambiguity>,
    schemes: Vec<Scheme>,
    /// Where each scheme stands among them.
    scheme_places: HashMap<String, usize>,
    /// How many values were read by way of references.
    referred: usize,
    places: references::Places,
    /// The arrays that were noted as ambiguous.
    noted: HashSet<(String, Vec<String>)>,
    /// The key types that operations name, each with its schemes: one, or several that are sent together.
    combinations: Vec<(String, Vec<String>)>,
    combined: HashSet<String>,
    /// The other documents whose faults were reported.
    loaded: BTreeSet<String>,
    /// Schemes that are asked for and not defined, each reported once.
    unknown: BTreeSet<String>,
}

/// A value and the document that it stands in.
type At = (Rc<Document>, Node);

impl Reader<'_> {
    /// Reads everything; false where the document is none of this kind.
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
        let info = tree.get("info");
        let of_info = |name: &str| {
            let value = info.and_then(|info| info.get(name)).and_then(Node::scalar);
            value
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
        };
        let title = of_info("title");
        self.draft.provider = match (&self.options.provider, &title) {
            (Some(name), _) => name.clone(),
            (None, Some(title)) => slug(title),
            (None, None) => slug(""),
        };
        self.draft.note = Some(match (&title, of_info("version")) {
            (Some(title), Some(version)) => format!("imported from {title} {version}"),
            (Some(title), None) => format!("imported from {title}"),
            (None, _) => "imported from a document without a title".to_owned(),
        });
        self.draft.title = title;
        self.draft.sources = vec![root.provenance()];
        self.servers(tree);
        let at = (Rc::clone(root), tree.clone());
        self.read_schemes(&at);
        // If part of the global list cannot be read, it may ask for more than the readable rest, so ignore it.
        let global = self
            .field(&at, "security")
            .filter(|(document, node)| !node.is_null() && !document.is_damaged(node));
        // A document may be large, so release the copy before going on.
        drop(at);
        let Some((document, paths)) = self.followed((Rc::clone(root), paths.clone())) else {
            return false;
        };
        for (path, span, item) in paths.entries() {
            if !path.starts_with("x-") {
                let at = (Rc::clone(&document), item.clone());
                self.path(&at, path, span, global.as_ref());
            }
        }
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
        self.finish_key_types();
        true
    }

    fn report(
        &mut self,
        document: &Rc<Document>,
        span: Range<usize>,
        rule: RuleId,
        message: impl Into<String>,
        help: &str,
    ) {
        let finding = Finding::new(rule, Place::At(span), message).help(help);
        self.findings.push((Rc::clone(document), finding));
    }

    fn path(&mut self, item: &At, written: &str, span: Range<usize>, global: Option<&At>) {
        // An entry may have a `$ref` to its path item and further fields of its own.
        let Some(target) = self.followed(item.clone()) else {
            return;
        };
        let stripped = without_expansions(written);
        let (path, variant, query) = match stripped.find(['?', '#']) {
            Some(at) => {
                let is_query = stripped[at..].starts_with('?');
                let variant = &stripped[at + 1..];
                let query = if is_query {
                    query_of(variant)
                } else {
                    Vec::new()
                };
                (&stripped[..at], Some(variant.to_owned()), query)
            }
            None => (stripped.as_str(), None, Vec::new()),
        };
        let variant = variant
            .filter(|variant| !variant.is_empty())
            .map(|text| Variant { text, query });
        let mut path = path.to_owned();
        if !path.starts_with('/') {
            path.insert(0, '/');
            let message = format!("the path `{written}` does not begin with `/`");
            let help = format!("it is read as `{path}`");
            self.report(&item.0, span.clone(), RuleId::MalformedPath, message, &help);
        }
        for method in METHODS {
            let operation = match self.field(&target, method) {
                Some(operation) => Some(operation),
                None => self.field(item, method),
            };
            if let Some(operation) = operation.filter(|(_, node)| node.is_map()) {
                let method = method.to_uppercase();
                self.operation(
                    &operation,
                    (&method, &path, variant.clone()),
                    &span,
                    &item.0,
                    global,
                );
            }
        }
    }

    fn operation(
        &mut self,
        operation: &At,
        (method, path, variant): (&str, &str, Option<Variant>),
        span: &Range<usize>,
        listed_in: &Rc<Document>,
        global: Option<&At>,
    ) {
        let node = &operation.1;
        let tags: Vec<String> = node
            .get("tags")
            .and_then(Node::items)
            .unwrap_or_default()
            .iter()
            .filter_map(Node::scalar)
            .collect();
        if !self.options.tags.is_empty() && !tags.iter().any(|tag| self.options.tags.contains(tag))
        {
            return;
        }
        let name = format!("{method} {path}");
        let security = match node.get("security") {
            // `security: null` on an operation does not fall back to the global requirement.
            Some(own) if own.is_null() => None,
            Some(own) => Some((Rc::clone(&operation.0), own.clone())),
            None => global.cloned(),
        };
        let auth = match security {
            Some(security) => self.security(&security, &name),
            None => DraftAuth::NotStated,
        };
        let mut auth = self.with_named_scopes(node, auth, &name);
        // After a line that could not be read, an operation may belong to another path.
        let is_behind_a_loss = Rc::ptr_eq(&operation.0, listed_in)
            && listed_in
                .lost
                .iter()
                .any(|lost| lost.start >= span.start && lost.start < node.span.end);
        if operation.0.is_damaged(node) || is_behind_a_loss {
            auth = DraftAuth::NotStated;
            let message = format!("a part of `{name}` cannot be read");
            let help = "its requirement counts as not stated";
            self.report(
                &operation.0,
                span.clone(),
                RuleId::SyntaxError,
                message,
                help,
            );
        }
        let summary = node.get("summary").and_then(Node::scalar);
        let query = variant.as_ref().map(|one| one.query.clone());
        let endpoint = DraftEndpoint {
            method: method.to_owned(),
            path: path.to_owned(),
            variant: variant.map(|one| one.text),
            query: query.unwrap_or_default(),
            auth,
            deprecated: node.get("deprecated").is_some_and(Node::is_true),
            summary: summary
                .filter(|_| !self.options.no_summaries)
                .and_then(|summary| short(&summary)),
            tags,
            least: BTreeMap::new(),
        };
        match self.draft.add(endpoint, false) {
            Added::New => {}
            Added::Same(other) => {
                let message = format!("`{name}` is the same operation as `{other}`");
                let help = "parameter names make no difference; one of the two is kept";
                self.report(
                    listed_in,
                    span.clone(),
                    RuleId::DuplicateEndpoint,
                    message,
                    help,
                );
            }
            Added::Differs(other) => {
                let message = format!(
                    "`{name}` is the same operation as `{other}`, but has a different requirement"
                );
                let help = "nothing says which is right: the first that is not public is kept";
                self.report(
                    listed_in,
                    span.clone(),
                    RuleId::DuplicateEndpoint,
                    message,
                    help,
                );
            }
            Added::Malformed(why) => {
                let message = format!("`{name}` is not a valid endpoint: {why}");
                self.report(
                    listed_in,
                    span.clone(),
                    RuleId::MalformedPath,
                    message,
                    "it is left out",
                );
            }
        }
    }

    /// A list of requirements: any of them will do.
    fn security(&mut self, security: &At, name: &str) -> DraftAuth {
        let (document, node) = security;
        let alone = std::slice::from_ref(node);
        let list = node.items().unwrap_or(alone);
        let mut ways = BTreeSet::new();
        let mut is_public = list.is_empty();
        let mut is_unclear = false;
        for requirement in list {
            let entries = requirement.entries();
            if !requirement.is_map() && !requirement.is_null() {
                let message = format!("a requirement of `{name}` is not a mapping of schemes");
                let (span, help) = (requirement.span.clone(), "it is left out");
                self.report(document, span, RuleId::WrongType, message, help);
                is_unclear = true;
                continue;
            }
            if requirement.is_null() {
                is_unclear = true;
                continue;
            }
            if entries.is_empty() {
                is_public = true;
                continue;
            }
            let mut names: Vec<String> = Vec::new();
            // One way for each choice if arrays mean any-of; otherwise one way with all scopes.
            let mut choices: Vec<BTreeSet<String>> = vec![BTreeSet::new()];
            for (scheme, span, scopes) in entries {
                names.push(scheme.to_owned());
                if !self.scheme_places.contains_key(scheme)
                    && self.unknown.insert(scheme.to_owned())
                {
                    let message =
                        format!("`{scheme}` is required, but no such security scheme is defined");
                    let help = "it is kept as a key type of that name";
                    self.report(document, span, RuleId::UnknownReference, message, help);
                }
                let is_empty = scopes.is_null() || scopes.items().is_some_and(<[Node]>::is_empty);
                let (scopes, are_all) = self.scopes_of(document, scopes, name);
                is_unclear |= !are_all || (scopes.is_empty() && !is_empty);
                choices = self.chosen(choices, &scopes, name);
            }
            let key_type = self.key_type(names);
            ways.extend(choices.into_iter().map(|scopes| Way {
                key_type: key_type.clone(),
                scopes,
            }));
        }
        match (is_public, is_unclear || ways.is_empty()) {
            (true, _) => DraftAuth::Public,
            // The unreadable part may ask for more than the rest, so the requirement is unknown.
            (false, true) => DraftAuth::NotStated,
            (false, false) => DraftAuth::AnyOf(ways),
        }
    }

    /// The choices so far with the scopes of one more array: all of them, or one, as arrays are read.
    fn chosen(
        &mut self,
        choices: Vec<BTreeSet<String>>,
        scopes: &[String],
        name: &str,
    ) -> Vec<BTreeSet<String>> {
        let is_ambiguous = scopes.len() > 1 && self.options.array.is_none();
        if is_ambiguous && self.noted.insert((name.to_owned(), scopes.to_vec())) {
            self.ambiguous.push(Ambiguity {
                endpoint: name.to_owned(),
                scopes: scopes.to_vec(),
            });
        }
        // If there would be too many ways, use the single way with all scopes.
        let is_too_many = choices.len() * scopes.len() > MOST_WAYS;
        if self.options.array != Some(Array::Any) || scopes.is_empty() || is_too_many {
            let with_all = |mut choice: BTreeSet<String>| {
                choice.extend(scopes.iter().cloned());
                choice
            };
            return choices.into_iter().map(with_all).collect();
        }
        let each = choices.iter().flat_map(|choice| {
            scopes.iter().map(move |scope| {
                let mut choice = choice.clone();
                choice.insert(scope.clone());
                choice
            })
        });
        each.collect()
    }

    /// The scopes of an array, and whether it could be read completely; unreadable items are reported.
    fn scopes_of(
        &mut self,
        document: &Rc<Document>,
        node: &Node,
        name: &str,
    ) -> (Vec<String>, bool) {
        let alone = std::slice::from_ref(node);
        let items = match node.items() {
            Some(items) => items,
            None if node.is_null() => &[],
            None => alone,
        };
        let (mut scopes, mut are_all): (Vec<String>, bool) = (Vec::new(), true);
        let mut seen: HashSet<String> = HashSet::new();
        for item in items {
            let scope = match (item.text(), item.scalar()) {
                (Some(text), _) => text.trim().to_owned(),
                (None, Some(text)) => {
                    let message = format!("a scope of `{name}` is `{text}`, which is not text");
                    let help = "it is read as text";
                    self.report(
                        document,
                        item.span.clone(),
                        RuleId::WrongType,
                        message,
                        help,
                    );
                    text
                }
                (None, None) => {
                    let message = format!("a scope of `{name}` is not text");
                    let help = "the requirement of the operation counts as not stated";
                    self.report(
                        document,
                        item.span.clone(),
                        RuleId::WrongType,
                        message,
                        help,
                    );
                    are_all = false;
                    continue;
                }
            };
            if !scope.is_empty() && seen.insert(scope.clone()) {
                scopes.push(scope);
            }
        }
        (scopes, are_all)
    }

    /// The key type that stands for some schemes sent together.
    fn key_type(&mut self, mut names: Vec<String>) -> String {
        let place = |name: &String| self.scheme_places.get(name).copied();
        names.sort_by_key(|name| (place(name).unwrap_or(usize::MAX), name.clone()));
        names.dedup();
        let name = names.join("+");
        if self.combined.insert(name.clone()) {
            self.combinations.push((name.clone(), names));
        }
        name
    }

    /// Adds the scopes that extensions and the description name, if the user says how to find them, to every way
    /// without scopes.
    fn with_named_scopes(&mut self, node: &Node, auth: DraftAuth, name: &str) -> DraftAuth {
        let mut named: Vec<String> = Vec::new();
        for extension in &self.options.extensions {
            let value = node
                .get(extension)
                .or_else(|| node.get(&format!("x-{extension}")));
            if let Some(value) = value {
                gather(value, &mut named);
            }
        }
        if let Some(pattern) = &self.options.scope_pattern {
            let texts =
                ["description", "summary"].map(|field| node.get(field).and_then(Node::scalar));
            for text in texts.into_iter().flatten() {
                for found in pattern.captures_iter(&text) {
                    let scope = found.get(1).or_else(|| found.get(0));
                    named.extend(scope.map(|scope| scope.as_str().to_owned()));
                }
            }
        }
        let mut seen = BTreeSet::new();
        named.retain(|scope| !scope.is_empty() && seen.insert(scope.clone()));
        if named.is_empty() {
            return auth;
        }
        let ways = match auth {
            DraftAuth::AnyOf(ways) => ways,
            DraftAuth::Public | DraftAuth::NotStated => {
                let mut schemes: Vec<String> =
                    self.schemes.iter().map(|one| one.name.clone()).collect();
                if schemes.is_empty() {
                    schemes.push(ANY_SCHEME.to_owned());
                }
                let way = |name| Way {
                    key_type: self.key_type(vec![name]),
                    scopes: BTreeSet::new(),
                };
                schemes.into_iter().map(way).collect()
            }
        };
        let choices = self.chosen(vec![BTreeSet::new()], &named, name);
        // Names found this way need not be declared in the document's security schemes.
        for scope in &named {
            self.draft.scopes.entry(scope.clone()).or_default().declared = true;
        }
        let with_named = ways.into_iter().flat_map(|way| {
            if way.scopes.is_empty() {
                choices
                    .iter()
                    .map(|scopes| Way {
                        key_type: way.key_type.clone(),
                        scopes: scopes.clone(),
                    })
                    .collect()
            } else {
                vec![way]
            }
        });
        DraftAuth::AnyOf(with_named.collect())
    }

    /// The key types that operations are open to; all schemes where none is asked for anywhere. Scopes go to the types
    /// whose schemes declare them.
    fn finish_key_types(&mut self) {
        if self.combinations.is_empty() {
            let schemes = self.schemes.iter();
            self.combinations = schemes
                .map(|one| (one.name.clone(), vec![one.name.clone()]))
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
        for scheme in &self.schemes {
            let types: Vec<&String> = self
                .combinations
                .iter()
                .filter(|(_, schemes)| schemes.contains(&scheme.name))
                .map(|(name, _)| name)
                .collect();
            for (scope, description) in scheme.scopes.iter().flatten() {
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
        // If a scheme declares no scopes in this document, as with OpenID Connect, its scopes are declared elsewhere,
        // so do not mark them as undeclared.
        let silent: BTreeSet<&String> = self
            .combinations
            .iter()
            .filter(|(_, schemes)| {
                schemes.iter().any(|name| {
                    let place = self.scheme_places.get(name);
                    place.is_some_and(|place| self.schemes[*place].scopes.is_none())
                })
            })
            .map(|(name, _)| name)
            .collect();
        self.draft.declare_on(&silent);
    }
}

/// A path without the parts of RFC 6570 that stand for a query: `{?page}`, `{&page}`, `{#part}`.
fn without_expansions(path: &str) -> String {
    let mut rest = path;
    let mut result = String::new();
    while let Some(at) = rest
        .find("{?")
        .or_else(|| rest.find("{&"))
        .or_else(|| rest.find("{#"))
    {
        result.push_str(&rest[..at]);
        rest = rest[at..].find('}').map_or("", |end| &rest[at + end + 1..]);
    }
    result + rest
}

/// Every name in a value: in its lists, in its strings, and in what its mappings hold.
fn gather(value: &Node, names: &mut Vec<String>) {
    if let Some(text) = value.scalar() {
        names.extend(words(&text).map(|(_, word)| word.to_owned()));
    }
    for item in value.items().unwrap_or_default() {
        match item.scalar() {
            Some(text) => names.push(text),
            None => gather(item, names),
        }
    }
    for (_, _, value) in value.entries() {
        gather(value, names);
    }
}
