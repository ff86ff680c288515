//! What an operation asks of its caller: its security requirements.

use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;

use super::{At, MOST_WAYS, Reader};
use crate::finding::RuleId;
use crate::load::import::draft::{DraftAuth, Way};
use crate::load::import::{Ambiguity, Array, Document};
use crate::source::{Node, words};

/// What an operation asks of its caller, as far as it can be read.
pub(super) struct Asked {
    pub(super) auth: DraftAuth,
    /// Whether it may also be called without a key.
    pub(super) optional: bool,
    /// Whether a part of it could not be read, so that it may ask for more than the rest.
    pub(super) is_unreadable: bool,
}

impl Asked {
    /// The document does not say.
    pub(super) fn nothing() -> Self {
        Self {
            auth: DraftAuth::NotStated,
            optional: false,
            is_unreadable: false,
        }
    }

    /// The document says something that cannot be read.
    pub(super) fn unreadable() -> Self {
        Self {
            is_unreadable: true,
            ..Self::nothing()
        }
    }
}

/// An item of an array: nearly always one scope; several where they stand in one text.
pub(super) type Item = BTreeSet<String>;

impl Reader<'_> {
    /// The requirement that counts for operations without one of their own.
    pub(super) fn global_security(&mut self, root: &Rc<Document>) -> Option<At> {
        let written = root.tree.as_ref()?.get("security")?.clone();
        if self.has_more_than_a_reference(&(Rc::clone(root), written), "the document") {
            return None;
        }
        // If part of it cannot be read, it may ask for more than the readable rest, so ignore it.
        let global = self
            .top_field(root, "security")
            .filter(|(document, node)| !node.is_null() && !document.is_damaged(node))?;
        // An empty list in a document that knows no credential is what generators write for "nothing said".
        let is_silent = global.1.items().is_some_and(<[Node]>::is_empty) && self.local.is_empty();
        (!is_silent).then_some(global)
    }

    /// A list of requirements: any of them will do.
    pub(super) fn security(&mut self, security: &At, name: &str) -> Asked {
        if self.has_more_than_a_reference(security, name) {
            return Asked::unreadable();
        }
        let Some((document, node)) = self.followed(security.clone()) else {
            return Asked::unreadable();
        };
        let alone = std::slice::from_ref(&node);
        let mut ways = BTreeSet::new();
        let mut is_optional = false;
        let mut is_unclear = false;
        let list = node.items().unwrap_or(alone);
        if node.is_map() && node.entries().is_empty() {
            let message = format!("the security of `{name}` is a mapping, not a list");
            let help = "its requirement counts as not stated";
            self.report(
                &document,
                node.span.clone(),
                RuleId::WrongType,
                message,
                help,
            );
            return Asked::unreadable();
        }
        for requirement in list {
            let at = (Rc::clone(&document), requirement.clone());
            if self.has_more_than_a_reference(&at, name) {
                is_unclear = true;
                continue;
            }
            let Some((document, requirement)) = self.followed(at) else {
                is_unclear = true;
                continue;
            };
            if !requirement.is_map() {
                // `null` is a slip of the pen that needs no sentence.
                if !requirement.is_null() {
                    let message = format!("a requirement of `{name}` is not a mapping of schemes");
                    let (span, help) = (requirement.span, "it is left out");
                    self.report(&document, span, RuleId::WrongType, message, help);
                }
                is_unclear = true;
            } else if requirement.entries().is_empty() {
                is_optional = true;
            } else {
                match self.requirement(&(document, requirement), name) {
                    Some(more) => ways.extend(more),
                    None => is_unclear = true,
                }
            }
        }
        if is_unclear {
            // The unreadable part may ask for more than the rest, so the requirement is unknown.
            return Asked::unreadable();
        }
        if ways.is_empty() {
            // An empty list, or nothing but empty requirements.
            return Asked {
                auth: DraftAuth::Public,
                ..Asked::nothing()
            };
        }
        Asked {
            auth: DraftAuth::AnyOf(ways),
            optional: is_optional,
            is_unreadable: false,
        }
    }

    /// Whether a requirement has fields beside its `$ref`, which would be lost by following it; that is reported.
    fn has_more_than_a_reference(&mut self, at: &At, name: &str) -> bool {
        let (document, node) = at;
        let fields = node.entries();
        let has_more = fields.len() > 1 && fields.iter().any(|(field, ..)| *field == "$ref");
        if has_more {
            let message = format!("a requirement of `{name}` has fields beside its `$ref`");
            let help = "the requirement counts as not stated";
            let (span, rule) = (node.span.clone(), RuleId::WrongType);
            self.report(document, span, rule, message, help);
        }
        has_more
    }

    /// The ways to meet one requirement; `None` where a part of it cannot be read.
    fn requirement(&mut self, at: &At, name: &str) -> Option<Vec<Way>> {
        let (document, requirement) = at;
        let mut names: Vec<String> = Vec::new();
        // One way for each choice if arrays mean any-of; otherwise one way with all scopes.
        let mut choices: Vec<BTreeSet<String>> = vec![BTreeSet::new()];
        let mut is_clear = true;
        for (scheme, span, scopes) in requirement.entries() {
            if scheme == "$ref" {
                let message = format!("the `$ref` of a requirement of `{name}` is not text");
                let help = "the requirement of the operation counts as not stated";
                self.report(document, span, RuleId::WrongType, message, help);
                is_clear = false;
                continue;
            }
            let Some(key_type) = self.scheme_named(document, scheme, &span) else {
                is_clear = false;
                continue;
            };
            let Some(scopes) = self.followed((Rc::clone(document), scopes.clone())) else {
                is_clear = false;
                continue;
            };
            let carries = self.scheme_places.get(&key_type);
            if scopes.1.is_null() && carries.is_some_and(|at| self.schemes[*at].is_carrier()) {
                let message =
                    format!("the scopes of `{scheme}` for `{name}` are empty, not a list");
                let help =
                    "the requirement of the operation counts as not stated; `[]` is no scope";
                self.report(&scopes.0, span.clone(), RuleId::WrongType, message, help);
                is_clear = false;
                continue;
            }
            let is_empty = scopes.1.is_null() || scopes.1.items().is_some_and(<[Node]>::is_empty);
            let (items, are_all) = self.items_of(&scopes, &key_type, name);
            names.push(key_type);
            is_clear &= are_all && (is_empty || !items.is_empty());
            choices = self.chosen(choices, &items, name);
        }
        if !is_clear {
            return None;
        }
        let key_type = self.key_type(names);
        let way = |scopes| Way {
            key_type: key_type.clone(),
            scopes,
        };
        Some(choices.into_iter().map(way).collect())
    }

    /// The choices so far with one more array: all of its items, or one, as arrays are read.
    pub(super) fn chosen(
        &mut self,
        choices: Vec<BTreeSet<String>>,
        items: &[Item],
        name: &str,
    ) -> Vec<BTreeSet<String>> {
        if items.len() > 1 {
            self.remarks.has_arrays = true;
            if self.options.array.is_none() {
                let scopes: Vec<String> = items.iter().flatten().cloned().collect();
                if self.noted.insert((name.to_owned(), scopes.clone())) {
                    self.ambiguous.push(Ambiguity {
                        endpoint: name.to_owned(),
                        scopes,
                    });
                }
            }
        }
        // If there would be too many ways, use the single way with all scopes.
        let is_too_many = choices.len() * items.len() > MOST_WAYS;
        if self.options.array != Some(Array::Any) || items.is_empty() || is_too_many {
            let with_all = |mut choice: BTreeSet<String>| {
                choice.extend(items.iter().flatten().cloned());
                choice
            };
            return choices.into_iter().map(with_all).collect();
        }
        let each = choices.iter().flat_map(|choice| {
            items.iter().map(move |item| {
                let mut choice = choice.clone();
                choice.extend(item.iter().cloned());
                choice
            })
        });
        each.collect()
    }

    /// The items of an array of scopes, and whether it could be read completely; unreadable items are reported.
    fn items_of(&mut self, at: &At, key_type: &str, name: &str) -> (Vec<Item>, bool) {
        let (document, node) = at;
        let alone = std::slice::from_ref(node);
        let items = match node.items() {
            Some(items) => items,
            None if node.is_null() => &[],
            None => alone,
        };
        let (mut read, mut are_all): (Vec<Item>, bool) = (Vec::new(), true);
        let mut seen: HashSet<Item> = HashSet::new();
        for item in items {
            let Some((document, item)) = self.followed((Rc::clone(document), item.clone())) else {
                are_all = false;
                continue;
            };
            let text = match (item.text(), item.scalar()) {
                (Some(text), _) => text.trim().to_owned(),
                (None, Some(text)) => {
                    let message = format!("a scope of `{name}` is `{text}`, which is not text");
                    let help = "it is read as text";
                    self.report(&document, item.span, RuleId::WrongType, message, help);
                    text
                }
                (None, None) => {
                    let message = format!("a scope of `{name}` is not text");
                    let help = "the requirement of the operation counts as not stated";
                    self.report(&document, item.span, RuleId::WrongType, message, help);
                    are_all = false;
                    continue;
                }
            };
            let item = self.names_of(&text, key_type);
            if !item.is_empty() && seen.insert(item.clone()) {
                read.push(item);
            }
        }
        (read, are_all)
    }

    /// The scopes of a text. RFC 6749, section 3.3: a scope has no space, and several are separated by spaces; but a
    /// name that the scheme itself declares is taken as it is.
    fn names_of(&self, text: &str, key_type: &str) -> Item {
        let scheme = self.scheme_places.get(key_type);
        let is_declared = scheme.is_some_and(|place| {
            let scopes = &self.schemes[*place].scopes;
            scopes.iter().any(|(name, _)| name == text)
        });
        if is_declared || !text.contains(char::is_whitespace) {
            return (!text.is_empty())
                .then(|| text.to_owned())
                .into_iter()
                .collect();
        }
        words(text).map(|(_, word)| word.to_owned()).collect()
    }

    /// The key type that stands for some schemes sent together.
    pub(super) fn key_type(&mut self, mut names: Vec<String>) -> String {
        let place = |name: &String| self.scheme_places.get(name).copied();
        names.sort_by_key(|name| (place(name).unwrap_or(usize::MAX), name.clone()));
        names.dedup();
        let mut name = names.join("+");
        if names.len() > 1 && self.scheme_places.contains_key(&name) {
            name = names.join(" + ");
        }
        let next = self.combinations.len();
        if *self.combined.entry(name.clone()).or_insert(next) == next {
            self.combinations.push((name.clone(), names));
        }
        name
    }
}
