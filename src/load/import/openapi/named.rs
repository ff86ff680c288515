//! Scopes that stand outside of `security`: in extensions, and in the text of descriptions.
//!
//! They only ever add to what `security` says. A way in that names scopes keeps them, and an operation that the document
//! calls public stays public.

use std::collections::BTreeSet;

use super::security::{Asked, Item};
use super::{ANY_SCHEME, At, Reader};
use crate::finding::RuleId;
use crate::load::import::draft::{DraftAuth, Way, minimal};
use crate::load::import::extension::{Extension, NamedScopes, NamedWay};
use crate::source::Node;

/// The scopes that an operation names outside of its `security`.
#[derive(Default)]
struct Found {
    /// For each key type that is named: the ways in.
    typed: Vec<(Target, Vec<BTreeSet<String>>)>,
    /// For whichever type: the ways in, one of which is needed.
    untyped: Vec<BTreeSet<String>>,
    /// Whether an extension is there that cannot be read.
    is_unreadable: bool,
}

/// The credential that found scopes are for.
#[derive(Clone, PartialEq, Eq)]
enum Target {
    /// The key type that the user names; it is a way in, whether the document says so or not.
    KeyType(String),
    /// The scheme that the extension names.
    Scheme(String),
}

impl Target {
    fn name(&self) -> &str {
        match self {
            Self::KeyType(name) | Self::Scheme(name) => name,
        }
    }
}

impl Reader<'_> {
    /// What an operation asks for, with the scopes that extensions and the description name, if the user says how to
    /// find them.
    pub(super) fn with_named_scopes(
        &mut self,
        operation: &At,
        item: &Node,
        asked: Asked,
        name: &str,
    ) -> Asked {
        if self.options.extensions.is_empty() && self.options.scope_pattern.is_none() {
            return asked;
        }
        let found = self.found(operation, item, name);
        let names: BTreeSet<&String> = found
            .untyped
            .iter()
            .chain(found.typed.iter().flat_map(|(_, ways)| ways))
            .flatten()
            .collect();
        if asked.auth == DraftAuth::Public {
            self.remarks.public_with_scopes += usize::from(!names.is_empty());
            return asked;
        }
        for name in &names {
            *self.found.entry((*name).clone()).or_default() += 1;
        }
        if asked.is_unreadable || (names.is_empty() && !found.is_unreadable) {
            return asked;
        }
        let has_scopes = |way: &Way| !way.scopes.is_empty();
        let ways = match asked.auth {
            DraftAuth::AnyOf(ways) if found.is_unreadable && !ways.iter().all(has_scopes) => {
                return Asked::unreadable();
            }
            DraftAuth::AnyOf(ways) => ways,
            _ if found.is_unreadable => return Asked::unreadable(),
            _ => self.ways_of_carriers(&found),
        };
        let ways = self.joined(ways, &found);
        Asked {
            auth: DraftAuth::AnyOf(ways),
            ..asked
        }
    }

    fn found(&mut self, operation: &At, item: &Node, name: &str) -> Found {
        let (document, node) = operation;
        let mut found = Found::default();
        let extensions = &self.options.extensions;
        for extension in extensions {
            match extension.read(node, item) {
                Ok(NamedScopes::Nothing) => {}
                Ok(NamedScopes::Array(items)) => {
                    let start = vec![BTreeSet::new()];
                    let ways = self.chosen(start, &items, name);
                    found.add(extension.key_type.clone().map(Target::KeyType), ways);
                }
                Ok(NamedScopes::Ways(ways)) => self.add_ways(&mut found, extension, ways),
                Err(error) => {
                    found.is_unreadable = true;
                    let message = format!("`{extension}` of `{name}` {}", error.why);
                    let help = "its requirement counts as not stated; name the field: `--extension NAME.FIELD`";
                    self.report(document, error.span, RuleId::WrongType, message, help);
                }
            }
        }
        if let Some(pattern) = &self.options.scope_pattern {
            let texts =
                ["description", "summary"].map(|field| node.get(field).and_then(Node::scalar));
            let mut items: Vec<Item> = Vec::new();
            for text in texts.into_iter().flatten() {
                for captures in pattern.captures_iter(&text) {
                    let scope = captures.get(1).or_else(|| captures.get(0));
                    let scope = scope.map(|scope| scope.as_str().trim()).unwrap_or_default();
                    let item = BTreeSet::from([scope.to_owned()]);
                    if !scope.is_empty() && !items.contains(&item) {
                        items.push(item);
                    }
                }
            }
            if !items.is_empty() {
                let ways = self.chosen(vec![BTreeSet::new()], &items, name);
                found.add(None, ways);
            }
        }
        found
    }

    fn add_ways(&self, found: &mut Found, extension: &Extension, ways: Vec<NamedWay>) {
        let mut untyped = Vec::new();
        for way in ways {
            let named = way.scheme.and_then(|scheme| self.local.get(&scheme));
            let target = match (&extension.key_type, named) {
                (Some(key_type), _) => Some(Target::KeyType(key_type.clone())),
                (None, Some(scheme)) => Some(Target::Scheme(scheme.clone())),
                (None, None) => None,
            };
            match target {
                Some(target) => found.add(Some(target), vec![way.scopes]),
                None => untyped.push(way.scopes),
            }
        }
        if !untyped.is_empty() {
            found.add(None, untyped);
        }
    }

    /// Ways in for an operation of which the document says nothing: with the schemes that carry scopes, or with all of
    /// them where none does.
    fn ways_of_carriers(&mut self, found: &Found) -> BTreeSet<Way> {
        if found.untyped.is_empty() {
            return BTreeSet::new();
        }
        let names = |carriers_only: bool, reader: &Self| -> Vec<String> {
            let local: BTreeSet<&String> = reader.local.values().collect();
            let schemes = reader.schemes.iter();
            schemes
                .filter(|one| local.contains(&one.key_type) && (!carriers_only || one.is_carrier()))
                .map(|one| one.key_type.clone())
                .collect()
        };
        let mut schemes = names(true, self);
        if schemes.is_empty() {
            schemes = names(false, self);
        }
        if schemes.is_empty() {
            schemes.push(ANY_SCHEME.to_owned());
        }
        let way = |name| Way {
            key_type: self.key_type(vec![name]),
            scopes: BTreeSet::new(),
        };
        schemes.into_iter().map(way).collect()
    }

    /// Ways in with the scopes that were found: a way without a scope gets them; ways with scopes stay as they are.
    fn joined(&mut self, ways: BTreeSet<Way>, found: &Found) -> BTreeSet<Way> {
        let mut joined: Vec<Way> = Vec::new();
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let mut more: Vec<(String, &Vec<BTreeSet<String>>)> = Vec::new();
        for (target, sets) in &found.typed {
            let with = |way: &&Way| {
                let schemes = self.combined.get(&way.key_type);
                let schemes = schemes.map(|place| &self.combinations[*place].1);
                schemes.is_some_and(|schemes| schemes.iter().any(|one| one == target.name()))
            };
            let mut types: BTreeSet<String> = ways
                .iter()
                .filter(with)
                .map(|way| way.key_type.clone())
                .collect();
            // A scheme that the extension names is no way in where `security` has others.
            let is_way_in = matches!(target, Target::KeyType(_)) || ways.is_empty();
            if types.is_empty() && is_way_in {
                types.insert(self.key_type(vec![target.name().to_owned()]));
            }
            taken.extend(types.iter().cloned());
            more.extend(types.into_iter().map(|key_type| (key_type, sets)));
        }
        for way in ways {
            if !way.scopes.is_empty() {
                joined.push(way);
            } else if taken.contains(&way.key_type) {
                // Its scopes follow.
            } else if found.untyped.is_empty() {
                joined.push(way);
            } else {
                more.push((way.key_type, &found.untyped));
            }
        }
        for (key_type, sets) in more {
            for scopes in sets {
                self.declare(&key_type, scopes);
                joined.push(Way {
                    key_type: key_type.clone(),
                    scopes: scopes.clone(),
                });
            }
        }
        minimal(joined)
    }

    /// Found scopes are declared where their schemes declare no others, since then these documents are their list.
    fn declare(&mut self, key_type: &str, scopes: &BTreeSet<String>) {
        let place = self.combined.get(key_type);
        let names = place.map(|place| self.combinations[*place].1.as_slice());
        let lists_others = names.unwrap_or_default().iter().any(|name| {
            let place = self.scheme_places.get(name);
            place.is_some_and(|place| !self.schemes[*place].scopes.is_empty())
        });
        if !lists_others {
            for scope in scopes {
                self.draft.scopes.entry(scope.clone()).or_default().declared = true;
            }
        }
    }
}

impl Found {
    /// Adds ways in: those for one type are alternatives; of what is for any type, each source is needed.
    fn add(&mut self, target: Option<Target>, ways: Vec<BTreeSet<String>>) {
        let Some(target) = target else {
            if self.untyped.is_empty() {
                self.untyped = ways;
            } else {
                let both = self.untyped.iter().flat_map(|one| {
                    ways.iter()
                        .map(move |other| one.union(other).cloned().collect())
                });
                self.untyped = both.collect();
            }
            return;
        };
        match self.typed.iter_mut().find(|(other, _)| *other == target) {
            Some((_, known)) => known.extend(ways),
            None => self.typed.push((target, ways)),
        }
    }
}
