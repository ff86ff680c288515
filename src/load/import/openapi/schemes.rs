//! Security schemes: the kinds of credential, and the scopes that each declares.

use std::collections::HashSet;
use std::rc::Rc;

use super::{At, Reader, Scheme};
use crate::source::Node;

impl Reader<'_> {
    pub(super) fn read_schemes(&mut self, root: &At) {
        let mut schemes = self.field(root, "securityDefinitions");
        if schemes.is_none() {
            let components = self.field(root, "components");
            schemes = components.and_then(|components| self.field(&components, "securitySchemes"));
        }
        let Some((document, node)) = schemes else {
            return;
        };
        let entries: Vec<(String, Node)> = node
            .entries()
            .into_iter()
            .map(|(name, _, node)| (name.to_owned(), node.clone()))
            .collect();
        for (name, node) in entries {
            let Some((_, scheme)) = self.followed((Rc::clone(&document), node)) else {
                continue;
            };
            let kind = scheme
                .get("type")
                .and_then(Node::scalar)
                .unwrap_or_default();
            let mut scopes: Vec<(String, Option<String>)> = Vec::new();
            let mut seen: HashSet<String> = HashSet::new();
            let flows = scheme.get("flows").map(Node::entries).unwrap_or_default();
            let lists = flows.iter().filter_map(|(_, _, flow)| flow.get("scopes"));
            for list in lists.chain(scheme.get("scopes")) {
                for (scope, _, description) in list.entries() {
                    if !scope.starts_with("x-") && seen.insert(scope.to_owned()) {
                        scopes.push((scope.to_owned(), description.scalar()));
                    }
                }
                // Some documents list the names alone.
                for scope in list
                    .items()
                    .unwrap_or_default()
                    .iter()
                    .filter_map(Node::scalar)
                {
                    if seen.insert(scope.clone()) {
                        scopes.push((scope, None));
                    }
                }
            }
            let is_oauth = kind.eq_ignore_ascii_case("oauth2");
            self.scheme_places
                .entry(name.clone())
                .or_insert(self.schemes.len());
            self.schemes.push(Scheme {
                name,
                scopes: (is_oauth || !scopes.is_empty()).then_some(scopes),
            });
        }
    }
}
