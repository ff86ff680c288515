//! What the names of a key file stand for.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use super::Resolver;
use crate::finding::{Finding, RuleId};
use crate::load::catalog::{unknown, unknown_among};
use crate::load::raw::RawKey;
use crate::model::{Catalog, EnvironmentId, Id, KeyTypeId, Meaning, Named, Wildcards};
use crate::source::limits::MOST_PATTERN_TRIES;
use crate::source::{NameList, Path, nearest_one, split_names};

/// What the names of a key mean. The number of comparisons of patterns with scopes is limited.
pub(super) struct Names<'a> {
    catalog: &'a Catalog,
    patterns: RefCell<HashMap<String, bool>>,
    tries: Cell<usize>,
}

impl<'a> Names<'a> {
    pub(super) fn new(catalog: &'a Catalog) -> Self {
        Self {
            catalog,
            patterns: RefCell::default(),
            tries: Cell::new(0),
        }
    }

    pub(super) fn meaning<'n>(&self, name: &'n str) -> Option<Meaning<'n>>
    where
        'a: 'n,
    {
        let catalog: &'n Catalog = self.catalog;
        let is_pattern = name.contains('*') && matches!(self.catalog.wildcards, Wildcards::Glob);
        if !is_pattern || self.catalog.scope_id(name).is_some() {
            return catalog.meaning(name);
        }
        if let Some(fits) = self.patterns.borrow().get(name) {
            return if *fits { catalog.meaning(name) } else { None };
        }
        if self.is_over() {
            return None;
        }
        self.tries.set(
            self.tries
                .get()
                .saturating_add(self.catalog.effort_of(name)),
        );
        let meaning = catalog.meaning(name);
        let mut patterns = self.patterns.borrow_mut();
        patterns.insert(name.to_owned(), meaning.is_some());
        meaning
    }

    pub(super) fn is_over(&self) -> bool {
        self.tries.get() > MOST_PATTERN_TRIES
    }
}

/// What a name stands for.
pub(super) struct Resolved<T> {
    /// The thing it means or must mean; `None` if unknown.
    pub(super) meant: Option<T>,
    /// Whether its catalog does not have the name.
    pub(super) is_misspelt: bool,
}

impl Resolver<'_> {
    /// Resolves the name of a bundle, a recipe or an event. An unknown name is reported, and counts as the one that
    /// must be meant.
    pub(super) fn resolve<T>(
        &mut self,
        kind: Named,
        name: &str,
        at: &Path,
        find: impl Fn(&Catalog, &str) -> Option<T>,
    ) -> Resolved<T> {
        let catalog = self.catalog;
        if let Some(found) = find(catalog, name) {
            return Resolved {
                meant: Some(found),
                is_misspelt: false,
            };
        }
        let (rule, noun) = match kind {
            Named::Scope => (RuleId::UnknownScope, "scope"),
            Named::Bundle => (RuleId::UnknownBundle, "bundle"),
            Named::Recipe => (RuleId::UnknownRecipe, "recipe"),
            Named::Event => (RuleId::UnknownEvent, "event"),
        };
        let message = format!("{} has no {noun} `{name}`", catalog.provider);
        let near = catalog.near(kind, name, &self.patience);
        let finding = unknown_among(rule, &message, at.clone().value(), &near, &self.patience);
        self.report(finding.scope(name));
        Resolved {
            meant: near.meant().and_then(|meant| find(catalog, meant)),
            is_misspelt: true,
        }
    }

    /// The environment of a name. A misspelt name is reported, and resolves to the one that must be meant.
    pub(super) fn environment(&mut self, name: &str, at: &Path) -> Option<EnvironmentId> {
        let catalog = self.catalog;
        let found = catalog.environment(name);
        if found.is_some() || catalog.environments.is_empty() {
            return found;
        }
        let known: Vec<&str> = catalog
            .environments
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        let message = format!("{} has no environment `{name}`", catalog.provider);
        let place = at.clone().key();
        let names = known.iter().copied();
        let mut finding = unknown(
            RuleId::UnknownEnvironment,
            &message,
            name,
            place,
            names.clone(),
        );
        if finding.help.is_none() {
            finding.help = Some(format!("it has: {}", known.join(", ")));
        }
        finding.environment = Some(name.to_owned());
        self.report(finding);
        nearest_one(name, names).and_then(|meant| catalog.environment(meant))
    }

    /// The type of a key. If it is missing or unknown, the key is judged as the type that may carry the most scopes, so
    /// that one mistake makes only one finding.
    pub(super) fn key_type(&mut self, raw: &RawKey) -> KeyTypeId {
        let catalog = self.catalog;
        let known: Vec<&str> = catalog
            .key_types
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        match &raw.key_type {
            Some(name) => match catalog.key_type(name) {
                Some(index) => return index,
                None => {
                    let message = format!("{} has no key type `{name}`", catalog.provider);
                    let place = Path::root().field("key_type").value();
                    let names = known.iter().copied();
                    let mut finding = unknown(RuleId::UnknownKeyType, &message, name, place, names);
                    if finding.help.is_none() {
                        finding.help = Some(format!("it has: {}", known.join(", ")));
                    }
                    self.report(finding);
                }
            },
            None if known.len() > 1 => {
                let message = format!(
                    "missing field `key_type`: {} has several key types",
                    catalog.provider
                );
                let place = Path::root().field("provider").value();
                let help = format!("add `key_type` with one of: {}", known.join(", "));
                self.report(Finding::new(RuleId::MissingField, place, message).help(help));
            }
            None => {}
        }
        let carries = |index: &KeyTypeId| {
            let scopes = catalog.scopes.iter();
            scopes.filter(|scope| scope.key_types.has(*index)).count()
        };
        let types = catalog.key_types.ids();
        types.max_by_key(carries).unwrap_or(KeyTypeId::new(0))
    }
}

/// The names of a list, each with its path. A list written as one string is split at the known names.
pub(super) fn names_of<'n>(
    list: Option<&'n NameList>,
    path: &Path,
    is_known: &dyn Fn(&str) -> bool,
) -> Vec<(&'n str, Path)> {
    match list {
        None => Vec::new(),
        Some(NameList::Items(items)) => {
            let items = items.iter().enumerate();
            items
                .map(|(index, name)| (name.as_str(), path.item(index)))
                .collect()
        }
        Some(NameList::Text(text)) => split_names(text, is_known)
            .into_iter()
            .map(|name| (name.name, path.name(&name)))
            .collect(),
    }
}
