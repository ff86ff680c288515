//! Path items and their operations.

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use super::paths::{ReadPath, readable};
use super::security::Asked;
use super::{At, Reader, place_of};
use crate::finding::{Finding, RuleId};
use crate::load::import::Document;
use crate::load::import::draft::{Added, Clash, DraftAuth, DraftEndpoint, query_of, short};
use crate::load::raw::RawQuery;
use crate::source::{Node, Place};

/// The methods that a path item can hold.
const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];

/// What stands behind `?` or `#` of a path, and what it asks of the query of a request.
#[derive(Clone)]
struct Variant {
    text: String,
    query: Vec<(String, RawQuery)>,
}

/// A path item, and what its operations have in common.
struct Item<'a> {
    path: String,
    variant: Option<Variant>,
    span: Range<usize>,
    /// The entry under `paths`, and what it refers to.
    entry: &'a At,
    target: &'a At,
    global: Option<&'a At>,
    /// Whether the document has the path twice.
    is_doubled: bool,
}

impl Reader<'_> {
    pub(super) fn path(
        &mut self,
        entry: &At,
        written: &str,
        span: Range<usize>,
        global: Option<&At>,
    ) {
        // An entry may have a `$ref` to its path item and further fields of its own.
        let Some(target) = self.followed(entry.clone()) else {
            self.remarks.left_out += 1;
            return;
        };
        let stripped = without_expansions(written);
        let (path, behind) = split_variant(&stripped);
        let variant = behind.map(|(text, is_query)| Variant {
            text: text.to_owned(),
            query: if is_query { query_of(text) } else { Vec::new() },
        });
        let is_doubled = self.doubled.contains(written);
        self.remarks.left_out += usize::from(is_doubled);
        let mut path = path.to_owned();
        if !path.starts_with('/') && !path.starts_with("{/") {
            path.insert(0, '/');
            let message = format!("the path `{written}` does not begin with `/`");
            let help = format!("it is read as `{path}`");
            self.report(
                &entry.0,
                span.clone(),
                RuleId::MalformedPath,
                message,
                &help,
            );
        }
        let operations = self.operations_of(entry, &target);
        if operations.is_empty() {
            return;
        }
        // Some documents have the path of their server in their paths already.
        let has_prefix = path
            .strip_prefix(&self.prefix)
            .is_some_and(|rest| rest.starts_with('/'));
        if !has_prefix || self.prefix.is_empty() {
            path.insert_str(0, &self.prefix);
        }
        let path = match readable(&path) {
            ReadPath::As(path) => path,
            ReadPath::Doubtful(path, why) => {
                let message = format!("the path `{written}` {why}");
                let help = format!("it is read as `{path}`");
                self.report(
                    &entry.0,
                    span.clone(),
                    RuleId::MalformedPath,
                    message,
                    &help,
                );
                path
            }
            ReadPath::Refused(why) => {
                self.remarks.left_out += operations.len();
                let methods: Vec<&str> = operations.iter().map(|one| one.0.as_str()).collect();
                let message = format!("the path `{written}` {why}");
                let help = format!("left out: {}", methods.join(", "));
                self.report(&entry.0, span, RuleId::MalformedPath, message, &help);
                return;
            }
        };
        self.servers_of(&target);
        let item = Item {
            path,
            variant,
            span,
            entry,
            target: &target,
            global,
            is_doubled,
        };
        for (method, operation) in operations {
            self.operation(&operation, &method, &item);
        }
    }

    /// The operations of a path item by method, those of `additionalOperations` included.
    fn operations_of(&mut self, entry: &At, target: &At) -> Vec<(String, At)> {
        let mut operations = Vec::new();
        let mut add = |reader: &mut Self, method: &str, operation: Option<At>| match operation {
            Some(operation) if operation.1.is_map() => {
                operations.push((method.to_uppercase(), operation));
            }
            Some((document, node)) => {
                let message = format!("`{method}` is not an operation: expected a mapping");
                let help = "it is left out";
                reader.report(&document, node.span, RuleId::WrongType, message, help);
                reader.remarks.left_out += 1;
            }
            _ => {}
        };
        for method in METHODS {
            let spelt = |holder: &At| {
                let mut names = holder.1.entries().into_iter().map(|(name, ..)| name);
                let spelling = names.find(|name| name.eq_ignore_ascii_case(method));
                spelling.map(str::to_owned)
            };
            let method = spelt(target)
                .or_else(|| spelt(entry))
                .unwrap_or_else(|| method.to_owned());
            let method = method.as_str();
            let holder = if target.1.get(method).is_some() {
                target
            } else {
                entry
            };
            if holder.1.get(method).is_some() {
                let operation = self.field(holder, method);
                if operation.is_none() {
                    self.remarks.left_out += 1;
                }
                add(self, method, operation);
            }
        }
        for holder in [target, entry] {
            let Some((document, more)) = self.field(holder, "additionalOperations") else {
                continue;
            };
            for (method, _, operation) in more.entries() {
                let operation = self.followed((Rc::clone(&document), operation.clone()));
                if operation.is_none() {
                    self.remarks.left_out += 1;
                }
                add(self, method, operation);
            }
            break;
        }
        operations
    }

    fn operation(&mut self, operation: &At, method: &str, item: &Item<'_>) {
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
        let name = format!("{method} {}", item.path);
        self.servers_of(operation);
        self.hints.see(node, &item.target.1);
        let own = node.get("security");
        let asked = match own {
            // `security: null` on an operation does not fall back to the global requirement.
            Some(own) if own.is_null() => Asked::unreadable(),
            Some(own) => self.security(&(Rc::clone(&operation.0), own.clone()), &name),
            None => match item.global {
                Some(global) => self.security(global, &name),
                None => Asked::nothing(),
            },
        };
        let mut asked = self.with_named_scopes(operation, &item.target.1, asked, &name);
        if is_damaged(operation, item) {
            asked = Asked::unreadable();
            let message = format!("a part of `{name}` cannot be read");
            let help = "its requirement counts as not stated";
            self.report(
                &operation.0,
                item.span.clone(),
                RuleId::SyntaxError,
                message,
                help,
            );
        }
        let summary = node.get("summary").and_then(Node::scalar);
        let variant = item.variant.clone();
        let query = variant.as_ref().map(|one| one.query.clone());
        let endpoint = DraftEndpoint {
            method: method.to_owned(),
            path: item.path.clone(),
            variant: variant.map(|one| one.text),
            query: query.unwrap_or_default(),
            optional: asked.optional && matches!(asked.auth, DraftAuth::AnyOf(_)),
            auth: asked.auth,
            deprecated: node.get("deprecated").is_some_and(Node::is_true),
            summary: summary
                .filter(|_| !self.options.no_summaries)
                .and_then(|summary| short(&summary)),
            tags,
            least: BTreeMap::new(),
        };
        self.add(endpoint, &name, (&item.entry.0, item.span.clone()));
    }

    fn add(&mut self, endpoint: DraftEndpoint, name: &str, place: (&Rc<Document>, Range<usize>)) {
        let (document, span) = place;
        let (message, rule, help) = match self.draft.add(endpoint, Clash::Stricter) {
            Added::New => {
                if self.joins {
                    let origin = (Rc::clone(document), span);
                    self.origins.insert(name.to_owned(), origin);
                }
                return;
            }
            // Two documents may well agree on an operation.
            Added::Same(other) if self.is_of_another(&other, document) => return,
            Added::Differs(other) if self.is_of_another(&other, document) => {
                return self.report_contradiction(&other, name, (document, span));
            }
            Added::Same(other) => (
                format!("`{name}` is the same operation as `{other}`"),
                RuleId::DuplicateEndpoint,
                "parameter names make no difference; one of the two is kept",
            ),
            Added::Differs(other) => (
                format!(
                    "`{name}` is the same operation as `{other}`, but has a different requirement"
                ),
                RuleId::DuplicateEndpoint,
                "nothing says which is right: a key must meet both; where none can, the requirement counts as not stated",
            ),
            Added::Malformed(why) => {
                self.remarks.left_out += 1;
                (
                    format!("`{name}` is not a valid endpoint: {why}"),
                    RuleId::MalformedPath,
                    "it is left out",
                )
            }
        };
        self.report(document, span, rule, message, help);
    }

    /// Whether an operation was first defined in another document.
    fn is_of_another(&self, name: &str, document: &Rc<Document>) -> bool {
        let origin = self.origins.get(name);
        origin.is_some_and(|(other, _)| !Rc::ptr_eq(other, document))
    }

    fn report_contradiction(
        &mut self,
        other: &str,
        name: &str,
        (document, span): (&Rc<Document>, Range<usize>),
    ) {
        let Some((first, at)) = self.origins.get(other) else {
            return;
        };
        let place = place_of(first, at);
        let message = format!("`{name}` has another requirement in {place}");
        let help = "a key must meet both; where none can, the requirement counts as not stated";
        self.report(document, span, RuleId::DuplicateEndpoint, message, help);
    }
}

/// Whether a part of an operation may be lost: after a line that could not be read, it may also belong to another
/// path.
fn is_damaged(operation: &At, item: &Item<'_>) -> bool {
    let (document, node) = operation;
    let is_behind_a_loss = Rc::ptr_eq(document, &item.entry.0)
        && document
            .lost
            .iter()
            .any(|lost| lost.start >= item.span.start && lost.start < node.span.end);
    // Of a field that is there twice, the one that is not read may ask for more.
    let is_there = |finding: &&Finding, node: &Node| match &finding.place {
        Place::At(span) => node.span.start <= span.start && span.start < node.span.end,
        Place::Path(..) => false,
    };
    let twice = document.findings.iter();
    let mut twice = twice.filter(|finding| finding.rule == RuleId::DuplicateField);
    let is_doubled = twice.any(|finding| {
        let is_security = finding
            .message
            .starts_with("duplicate field `security` in ");
        let names_method = METHODS.iter().any(|method| {
            finding
                .message
                .starts_with(&format!("duplicate field `{method}` in "))
        });
        is_security && is_there(&finding, node)
            || names_method && is_there(&finding, &item.target.1)
    });
    document.is_damaged(node) || is_behind_a_loss || is_doubled || item.is_doubled
}

/// A path and what stands behind its `?` or `#`, with whether that is a query; a `?` inside of braces is part of the
/// path.
fn split_variant(text: &str) -> (&str, Option<(&str, bool)>) {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '?' | '#' if depth == 0 => {
                let behind = &text[at + 1..];
                return (
                    &text[..at],
                    (!behind.is_empty()).then_some((behind, c == '?')),
                );
            }
            _ => {}
        }
    }
    (text, None)
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
