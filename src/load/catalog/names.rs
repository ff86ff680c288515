//! Names → indices, or a finding with the names that may have been meant.

use std::rc::Rc;

use super::{Builder, unknown, unknown_among};
use crate::finding::{Finding, RuleId};
use crate::model::{
    Catalog, EnvironmentId, Id, KeyTypeId, Mask, NameCase, NameMap, ScopeId, Wildcards,
};
use crate::source::limits::LONGEST_NAME;
use crate::source::{NameIndex, Names, Path, Place, words};

impl Builder {
    /// Reports a name that cannot be used in a list: one that is empty or blank, begins or ends with a space, or
    /// contains a newline or another control character.
    pub(super) fn check_name(&mut self, own: bool, what: &str, name: &str, place: Place) {
        if name.len() > LONGEST_NAME {
            let size = name.len();
            let message =
                format!("this {what} name has {size} bytes, and the limit is {LONGEST_NAME}");
            self.report(own, Finding::new(RuleId::WrongType, place, message));
            return;
        }
        let why = if name.trim() != name {
            "begins or ends with a space"
        } else if name.chars().any(char::is_control) {
            "contains a control character"
        } else if words(name).next().is_none() {
            "contains no word"
        } else {
            return;
        };
        let message = format!("the {what} `{name}` {why}, so it cannot be used in a list");
        self.report(own, Finding::new(RuleId::WrongType, place, message));
    }

    /// Reports a name that stands for two grantable things, because a key would only get one of them.
    pub(super) fn report_shared(&mut self, own: bool, name: &str, both: &str, path: &Path) {
        let message = format!("`{name}` is both {both}");
        let finding = Finding::new(RuleId::DuplicateField, path.clone().key(), message);
        let help = "give them different names: a key could not say which of the two it has";
        self.report(own, finding.help(help));
    }

    /// Reports names of bundles, wildcards, events and retired scopes that are the same as another one of their section
    /// where case is ignored. Those of scopes are reported where they are read.
    pub(super) fn check_same_names(&mut self, catalog: &Catalog) {
        if catalog.name_case == NameCase::Exact {
            return;
        }
        let wildcards = match &catalog.wildcards {
            Wildcards::Named(named) => named.iter().map(|one| &one.0).collect(),
            Wildcards::Glob => Vec::new(),
        };
        let sections: [(&str, Vec<&String>); 4] = [
            (
                "bundles",
                catalog.bundles.iter().map(|one| &one.name).collect(),
            ),
            ("wildcards", wildcards),
            (
                "events",
                catalog.events.iter().map(|one| &one.name).collect(),
            ),
            (
                "retired",
                catalog.retired.iter().map(|one| &one.0).collect(),
            ),
        ];
        for (section, names) in sections {
            let first = NameMap::of(catalog.name_case, names.iter().copied().enumerate());
            for (index, name) in names.iter().enumerate() {
                let other = first.get(name).filter(|other| *other != index);
                if let Some(other) = other {
                    self.report_same(true, section, name, names[other]);
                }
            }
        }
    }

    /// Reports a name that is the same as another one of its section where case is ignored.
    pub(super) fn report_same(&mut self, own: bool, section: &str, name: &str, other: &str) {
        let path = |name: &str| Path::root().field(section).field(name);
        let message = format!("`{name}` is the same name as `{other}`");
        let finding = Finding::new(RuleId::DuplicateField, path(name).key(), message)
            .related(path(other).key(), "the other name")
            .help("with `names: { case: ignored }`, capital and small letters make no difference");
        self.report(own, finding);
    }

    /// The position of a name among those that are known; reported where it is not one of them.
    pub(super) fn position<I: Id>(
        &mut self,
        own: bool,
        what: &str,
        name: &str,
        place: Place,
        known: &[String],
    ) -> Option<I> {
        let position = known.iter().position(|other| other == name);
        if position.is_none() {
            let message = format!("the catalog has no {what} `{name}`");
            let known = known.iter().map(String::as_str);
            let finding = unknown(RuleId::UnknownReference, &message, name, place, known);
            self.report(own, finding);
        }
        position.map(I::new)
    }

    /// The scope of a name, while the catalog is still being built.
    pub(super) fn scope_id(&mut self, own: bool, name: &str, place: Place) -> Option<ScopeId> {
        let id = self.scope_ids.get(name);
        if id.is_none() {
            self.no_scope(own, name, place);
        }
        id
    }

    /// The scopes of a list, while the catalog is still being built.
    pub(super) fn scope_list(&mut self, own: bool, names: &Names, path: &Path) -> Vec<ScopeId> {
        let names = names.0.iter().enumerate();
        names
            .filter_map(|(index, name)| self.scope_id(own, name, path.item(index).value()))
            .collect()
    }

    /// The scopes of a list, once they are in the catalog.
    pub(super) fn names_in(
        &mut self,
        catalog: &Catalog,
        own: bool,
        names: &[String],
        path: &Path,
    ) -> Vec<ScopeId> {
        let mut ids = Vec::new();
        for (index, name) in names.iter().enumerate() {
            ids.extend(self.name_in(catalog, own, name, &path.item(index)));
        }
        ids
    }

    /// The scope of a name; reports the name if there is none.
    pub(super) fn name_in(
        &mut self,
        catalog: &Catalog,
        own: bool,
        name: &str,
        path: &Path,
    ) -> Option<ScopeId> {
        let id = catalog.scope_id(name);
        if id.is_none() {
            self.no_scope(own, name, path.clone().value());
        }
        id
    }

    /// Reports a name that is no scope.
    pub(super) fn no_scope(&mut self, own: bool, name: &str, place: Place) {
        let message = format!("the catalog has no scope `{name}`");
        let finding = {
            let known = self
                .near_scopes
                .get_or_init(|| NameIndex::new(self.scope_names.iter().map(String::as_str)));
            let near = known.near(name, &self.patience);
            unknown_among(
                RuleId::UnknownReference,
                &message,
                place,
                &near,
                &self.patience,
            )
        };
        let mut finding = finding.scope(name);
        if name.contains([' ', ',']) {
            finding.help = Some("AND is `{ all: [a, b] }`, OR is `{ any: [a, b] }`".to_owned());
        }
        self.report(own, finding);
    }

    /// The key types of a list; all of them where the file has none.
    pub(super) fn key_type_mask(
        &mut self,
        own: bool,
        names: Option<&Names>,
        path: &Path,
    ) -> Mask<KeyTypeId> {
        let known = Rc::clone(&self.key_type_names);
        match names {
            None => Mask::first(known.len()),
            Some(names) => self.mask(own, "key type", names, path, &known),
        }
    }

    /// The environments of a list; if the file has no list, all of them and any other.
    pub(super) fn environment_mask(
        &mut self,
        own: bool,
        names: Option<&Names>,
        path: &Path,
    ) -> Mask<EnvironmentId> {
        let known = Rc::clone(&self.environment_names);
        match names {
            None => Mask::ALL,
            Some(names) => self.mask(own, "environment", names, path, &known),
        }
    }

    fn mask<I: Id>(
        &mut self,
        own: bool,
        what: &str,
        names: &Names,
        path: &Path,
        known: &[String],
    ) -> Mask<I> {
        let mut mask = Mask::NONE;
        for (index, name) in names.0.iter().enumerate() {
            if let Some(one) = self.position(own, what, name, path.item(index).value(), known) {
                mask = mask.or(Mask::one(one));
            }
        }
        mask
    }
}
