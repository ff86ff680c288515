//! Security schemes: the kinds of credential, and the scopes that each declares.

use std::collections::HashSet;
use std::ops::Range;
use std::rc::Rc;

use super::{At, Reader, place_of};
use crate::finding::RuleId;
use crate::load::import::Document;
use crate::source::Node;

/// A security scheme: a kind of credential.
pub(super) struct Scheme {
    /// Its name in its document.
    pub(super) name: String,
    /// The key type that stands for it.
    pub(super) key_type: String,
    /// What kind of credential it is, as far as it is said: `oauth2`, `http basic`.
    kind: Option<String>,
    /// The scopes that it declares.
    pub(super) scopes: Vec<(String, Option<String>)>,
    /// Whether these are all of its scopes: OpenID Connect, for example, declares them elsewhere.
    pub(super) lists_all: bool,
    pub(super) deprecated: bool,
    /// Where it was first defined.
    place: (Rc<Document>, Range<usize>),
}

impl Scheme {
    /// Whether its credentials carry scopes.
    pub(super) fn is_carrier(&self) -> bool {
        let is_made_for_it = matches!(self.kind.as_deref(), Some("oauth2" | "openidconnect"));
        is_made_for_it || !self.scopes.is_empty()
    }
}

/// What stands before the name of a scheme in OpenAPI 3.
const COMPONENTS: &str = "#/components/securitySchemes/";

impl Reader<'_> {
    pub(super) fn read_schemes(&mut self, root: &Rc<Document>) {
        let mut schemes = self.top_field(root, "securityDefinitions");
        if schemes.is_none() {
            let components = root.tree.as_ref().and_then(|tree| tree.get("components"));
            let is_reference = components.is_some_and(|one| one.get("$ref").is_some());
            schemes = if is_reference {
                let components = self.top_field(root, "components");
                components.and_then(|components| self.field(&components, "securitySchemes"))
            } else {
                let own = components.and_then(|one| one.get("securitySchemes"));
                own.and_then(|own| self.followed((Rc::clone(root), own.clone())))
            };
        }
        let Some((document, node)) = schemes else {
            return;
        };
        let entries: Vec<(String, Range<usize>, Node)> = node
            .entries()
            .into_iter()
            .map(|(name, span, node)| (name.to_owned(), span, node.clone()))
            .collect();
        for (name, span, node) in entries {
            let place = (Rc::clone(&document), span);
            let scheme = self.scheme(&name, place, (Rc::clone(&document), node));
            self.define(scheme);
        }
    }

    /// Reads a scheme. What leads nowhere is reported once; the scheme is there all the same, and not said to declare
    /// anything.
    fn scheme(&mut self, name: &str, place: (Rc<Document>, Range<usize>), at: At) -> Scheme {
        let mut scheme = Scheme {
            name: name.to_owned(),
            key_type: name.to_owned(),
            kind: None,
            scopes: Vec::new(),
            lists_all: false,
            deprecated: false,
            place,
        };
        let Some(at) = self.followed(at) else {
            return scheme;
        };
        let of_scheme = |name: &str| at.1.get(name).and_then(Node::scalar);
        let kind = of_scheme("type").map(|kind| kind.trim().to_lowercase());
        let is_oauth = kind.as_deref() == Some("oauth2");
        let mut lists: Vec<At> = Vec::new();
        let mut is_lost = false;
        // `Some` where the field is there, with whether it leads anywhere.
        let mut follow = |reader: &mut Self, holder: &At, name: &str| -> Option<At> {
            holder.1.get(name)?;
            let found = reader.field(holder, name);
            is_lost |= found.is_none();
            found
        };
        if let Some((document, flows)) = follow(self, &at, "flows") {
            for (name, ..) in flows.entries() {
                let flows = (Rc::clone(&document), flows.clone());
                let flow = follow(self, &flows, name);
                lists.extend(flow.and_then(|flow| follow(self, &flow, "scopes")));
            }
        }
        lists.extend(follow(self, &at, "scopes"));
        let mut seen: HashSet<String> = HashSet::new();
        for (_, list) in &lists {
            for (scope, _, description) in list.entries() {
                if !scope.starts_with("x-") && scope != "$ref" && seen.insert(scope.to_owned()) {
                    scheme.scopes.push((scope.to_owned(), description.scalar()));
                }
            }
            // Some documents list the names alone.
            let items = list.items().unwrap_or_default();
            for scope in items.iter().filter_map(Node::scalar) {
                if seen.insert(scope.clone()) {
                    scheme.scopes.push((scope, None));
                }
            }
        }
        let is_elsewhere = at.1.get("oauth2MetadataUrl").is_some();
        scheme.lists_all = !is_lost && !is_elsewhere && (is_oauth || !scheme.scopes.is_empty());
        scheme.deprecated = at.1.get("deprecated").is_some_and(Node::is_true);
        scheme.kind = kind.map(|kind| match of_scheme("scheme") {
            Some(http) if kind == "http" => format!("http {}", http.to_lowercase()),
            _ if kind == "apikey" => {
                let sent = [of_scheme("in"), of_scheme("name")].into_iter().flatten();
                let sent = sent.map(|word| format!(" {}", word.to_lowercase()));
                sent.fold(kind, |kind, word| kind + &word)
            }
            _ => kind,
        });
        scheme
    }

    /// Adds a scheme of the document that is being read; a scheme of the same name and kind in an earlier one is the
    /// same kind of credential.
    fn define(&mut self, mut scheme: Scheme) {
        let name = scheme.name.clone();
        let kinds = scheme.kind.clone();
        let same = |known: &Scheme| known.kind.is_none() || kinds.is_none() || known.kind == kinds;
        let known = self.scheme_places.get(&name).map(|at| &self.schemes[*at]);
        if let Some(known) = known.filter(|known| !same(known)) {
            let said = |kind: &Option<String>| kind.clone().unwrap_or_default();
            let message = format!(
                "the scheme `{name}` is `{}`, and in {} it is `{}`",
                said(&scheme.kind),
                place_of(&known.place.0, &known.place.1),
                said(&known.kind)
            );
            let kind = said(&scheme.kind);
            let word = kind.split(' ').next_back().unwrap_or_default();
            scheme.key_type = format!("{name}-{word}");
            let help = format!("here it is the key type `{}`", scheme.key_type);
            let (document, span) = scheme.place.clone();
            self.report(&document, span, RuleId::DuplicateField, message, &help);
        }
        self.local.insert(name, scheme.key_type.clone());
        if let Some(at) = self.scheme_places.get(&scheme.key_type) {
            let known = &mut self.schemes[*at];
            for (scope, description) in scheme.scopes {
                match known.scopes.iter_mut().find(|(other, _)| *other == scope) {
                    Some((_, text)) => *text = text.take().or(description),
                    None => known.scopes.push((scope, description)),
                }
            }
            known.lists_all &= scheme.lists_all;
            known.deprecated &= scheme.deprecated;
            known.kind = known.kind.take().or(scheme.kind);
        } else {
            let place = self.schemes.len();
            self.scheme_places.insert(scheme.key_type.clone(), place);
            self.schemes.push(scheme);
        }
    }

    /// The key type of a scheme as a requirement names it: by its name, or since OpenAPI 3.2 by its address. `None`
    /// where the address leads nowhere, which is reported.
    pub(super) fn scheme_named(
        &mut self,
        document: &Rc<Document>,
        name: &str,
        span: &Range<usize>,
    ) -> Option<String> {
        if let Some(key_type) = self.local.get(name) {
            return Some(key_type.clone());
        }
        let is_address = name.contains('#') || name.contains('/');
        if is_address {
            let bare = name.strip_prefix(COMPONENTS);
            if let Some(key_type) = bare.and_then(|bare| self.local.get(bare)) {
                return Some(key_type.clone());
            }
            let (other, node) = self.leads_to(document, name, span)?;
            let bare = name.rsplit('/').next().unwrap_or(name).to_owned();
            let place = (Rc::clone(&other), node.span.clone());
            let scheme = self.scheme(&bare, place, (other, node));
            // Another scheme of this document may have the name.
            let taken = self.local.get(&bare).cloned();
            self.define(scheme);
            let key_type = self.local.remove(&bare)?;
            self.local.extend(taken.map(|taken| (bare, taken)));
            self.local.insert(name.to_owned(), key_type.clone());
            return Some(key_type);
        }
        if self.unknown.insert(name.to_owned()) {
            let message = format!("`{name}` is required, but no such security scheme is defined");
            let help = "it is kept as a key type of that name";
            self.report(
                document,
                span.clone(),
                RuleId::UnknownReference,
                message,
                help,
            );
        }
        Some(name.to_owned())
    }
}
