//! The lists of a key file that grant something: `scopes` and `bundles`, of the key and of each environment.

use std::collections::{HashMap, HashSet};

use super::{Resolver, names_of};
use crate::finding::{Finding, Fix, RuleId};
use crate::load::catalog::unknown_among;
use crate::model::{
    Catalog, EnvironmentId, Grant, GrantKind, Meaning, Named, Retired, ScopeId, Wildcards,
};
use crate::source::limits::{LONGEST_NAME, MOST_PATTERN_TRIES};
use crate::source::{Edit, NameList, Path, Segment, distance, is_separator, split_names};

/// The two lists of a section, as they are written.
#[derive(Clone, Copy)]
pub(super) struct Lists<'a> {
    pub(super) scopes: Option<&'a NameList>,
    pub(super) bundles: Option<&'a NameList>,
}

/// What is known about a section (the key or one of its environments) when its lists are read.
pub(super) struct Section<'a> {
    /// The environments in which its grants apply; none where only needs are read.
    pub(super) environments: &'a [EnvironmentId],
    /// The names that are granted in it: those for every environment, and its own.
    pub(super) granted: [&'a HashSet<String>; 2],
    /// Scopes that the declared needs may use, each with the place of the first such need: a misspelt name that means one
    /// of them can be fixed safely.
    pub(super) wanted: &'a HashMap<ScopeId, Path>,
}

impl Section<'_> {
    fn grants(&self, name: &str) -> bool {
        self.granted.iter().any(|names| names.contains(name))
    }
}

/// What one name grants.
#[derive(Default)]
struct Granted {
    grants: Vec<Grant>,
    /// Whether the catalog has nothing near the name.
    is_stranger: bool,
}

impl Granted {
    fn stranger() -> Self {
        Self {
            grants: Vec::new(),
            is_stranger: true,
        }
    }
}

/// What a name that a provider does not have must mean.
#[derive(Debug, Default)]
pub(super) struct Meant {
    /// The scopes; empty if unknown.
    pub(super) scopes: Vec<ScopeId>,
    /// Whether they replaced a name that the provider retired.
    is_retired: bool,
    /// Whether the catalog has nothing near the name.
    is_stranger: bool,
}

impl Meant {
    fn one(id: ScopeId) -> Self {
        Self {
            scopes: vec![id],
            ..Self::default()
        }
    }

    fn stranger() -> Self {
        Self {
            is_stranger: true,
            ..Self::default()
        }
    }
}

impl Resolver<'_> {
    /// What the lists of a section grant, at `path`.
    pub(super) fn grants(
        &mut self,
        lists: Lists<'_>,
        path: &Path,
        section: &Section<'_>,
    ) -> Vec<Grant> {
        let mut grants = self.scopes(lists.scopes, &path.field("scopes"), section);
        grants.extend(self.bundles(lists.bundles, &path.field("bundles"), section));
        grants
    }

    fn scopes(
        &mut self,
        list: Option<&NameList>,
        path: &Path,
        section: &Section<'_>,
    ) -> Vec<Grant> {
        let listed = names_of(list, path, &|name| self.names.meaning(name).is_some());
        let mut has_stranger = false;
        let mut grants = Vec::new();
        for (name, at) in &listed {
            let meant = self.grant(name, at.clone(), section);
            has_stranger |= meant.is_stranger;
            grants.extend(meant.grants);
        }
        self.freeze(list, path, &listed, has_stranger);
        grants
    }

    /// Marks a list written as one string as unsafe to rewrite: a part of it is unknown, or one of its names would be
    /// split in such a string.
    fn freeze(
        &mut self,
        list: Option<&NameList>,
        path: &Path,
        listed: &[(&str, Path)],
        has_stranger: bool,
    ) {
        if !matches!(list, Some(NameList::Text(_))) {
            return;
        }
        let is_divisible = listed.len() > 1 && self.catalog.has_names_with(is_separator);
        let has_whole = listed
            .iter()
            .any(|(_, at)| matches!(at.0.last(), Some(Segment::Words(..))));
        if has_stranger || is_divisible || has_whole {
            self.frozen.push(path.clone());
        }
    }

    fn grant(&mut self, name: &str, at: Path, section: &Section<'_>) -> Granted {
        if name.is_empty() {
            return Granted::default();
        }
        if name.len() > LONGEST_NAME {
            self.report(too_long(name, at));
            return Granted::stranger();
        }
        if let Some(meaning) = self.names.meaning(name) {
            let is_bundle = matches!(meaning, Meaning::Bundle(_));
            if is_bundle {
                let message = format!("`{name}` is a bundle, not a scope");
                let finding = Finding::new(RuleId::UnknownScope, at.clone().value(), message)
                    .help("write it under `bundles`");
                self.report(finding.scope(name));
            }
            let grant = Grant {
                name: self.catalog.spelling(meaning).to_owned(),
                kind: match meaning {
                    Meaning::Scope(id) => GrantKind::Scope(id),
                    Meaning::Bundle(index) => GrantKind::Bundle(index),
                    Meaning::Wildcard(_) => GrantKind::Wildcard,
                },
                members: self.catalog.members(meaning),
                // A bundle among the scopes was reported as misplaced.
                misspelt: is_bundle,
                retired: None,
                at,
            };
            return Granted {
                grants: vec![grant],
                is_stranger: false,
            };
        }
        let meant = self.unknown_scope(name, &at, section);
        let is_alone = meant.scopes.len() == 1;
        let retired = meant.is_retired.then_some(Retired { is_alone });
        let grants = meant.scopes.into_iter().map(|id| Grant {
            name: self.catalog.name(id).to_owned(),
            kind: GrantKind::Scope(id),
            members: self.catalog.members(Meaning::Scope(id)),
            misspelt: true,
            retired,
            at: at.clone(),
        });
        Granted {
            grants: grants.collect(),
            is_stranger: meant.is_stranger,
        }
    }

    /// Reports a name that is not a scope. The scope that it must mean, if there is one, counts as granted, so that the
    /// same mistake is not also reported as a missing scope. The same applies to what replaced a retired name, if the
    /// needs use it.
    pub(super) fn unknown_scope(&mut self, name: &str, at: &Path, section: &Section<'_>) -> Meant {
        let catalog = self.catalog;
        if let Some(replacements) = catalog.replacements(name) {
            self.report(retired(catalog, name, replacements, at));
            return Meant {
                scopes: replacements.to_vec(),
                is_retired: true,
                is_stranger: false,
            };
        }
        let place = at.clone().value();
        let message = format!("{} has no scope `{name}`", catalog.provider);
        if name.contains('*') {
            let finding = Finding::new(RuleId::UnknownScope, place, message);
            let finding = finding.help(self.help_for_wildcard()).scope(name);
            self.report(finding);
            return Meant::stranger();
        }
        let near = catalog.near(Named::Scope, name, &self.patience);
        let rule = RuleId::UnknownScope;
        let finding = unknown_among(rule, &message, place, &near, &self.patience);
        let mut finding = finding.scope(name);
        if finding.help.is_none() {
            finding.help = Some(match self.several_in(name) {
                Some(names) => format!("write {names} as separate items"),
                None => format!("`scopes show {} scopes` lists them", catalog.handle),
            });
        }
        let meant = near.meant().and_then(|meant| catalog.scope_id(meant));
        let finding = match meant {
            Some(id) => self.with_right_name(finding, name, id, at, section),
            None => finding,
        };
        self.report(finding);
        meant.map_or_else(Meant::stranger, Meant::one)
    }

    /// The finding for a misspelt name, with a fix that writes the right one, or removes the name if the right one is
    /// already granted.
    fn with_right_name(
        &self,
        mut finding: Finding,
        name: &str,
        id: ScopeId,
        at: &Path,
        section: &Section<'_>,
    ) -> Finding {
        let meant = self.catalog.name(id);
        if section.grants(meant) {
            let help = format!("did you mean `{meant}`, which is already granted?");
            let fix = Fix::removal("already granted under its correct name", name, at);
            return finding.help(help).fix(fix);
        }
        let edit = at.clone().value().renamed(meant);
        let Some(edit) = edit.filter(|_| self.can_have(id, section)) else {
            return finding;
        };
        let message = match distance(name, meant) {
            1 => "one letter away".to_owned(),
            2 => "two letters away".to_owned(),
            _ => format!("did you mean `{meant}`?"),
        };
        finding.help = None;
        finding.fix(Fix {
            message,
            done: format!("now {meant}"),
            edits: vec![edit],
            // Whether the needs use it is only known once the key is judged, which decides if the fix is safe.
            safe: false,
            asked_for: section.wanted.get(&id).cloned().map(Path::value),
        })
    }

    fn help_for_wildcard(&self) -> String {
        let provider = &self.catalog.provider;
        match &self.catalog.wildcards {
            Wildcards::Named(named) if named.is_empty() => {
                format!("{provider} has no wildcards; name the scopes")
            }
            Wildcards::Named(_) => {
                format!("{provider} does not accept this wildcard; name the scopes")
            }
            Wildcards::Glob if self.names.is_over() => format!(
                "the patterns of a key are compared with at most {MOST_PATTERN_TRIES} names in total; name the scopes"
            ),
            Wildcards::Glob => "no scope matches this pattern; name the scopes".to_owned(),
        }
    }

    /// The several names that one item of a list seems to contain, although an item should be one name.
    fn several_in(&self, item: &str) -> Option<String> {
        let is_known = |name: &str| self.names.meaning(name).is_some();
        let names = split_names(item, &is_known);
        let all_known = names.len() > 1 && names.iter().all(|one| is_known(one.name));
        all_known.then(|| {
            let names: Vec<String> = names.iter().map(|one| format!("`{}`", one.name)).collect();
            names.join(" and ")
        })
    }

    /// Whether this key may carry a scope in each environment of a section; otherwise writing its name would fix
    /// nothing.
    fn can_have(&self, id: ScopeId, section: &Section<'_>) -> bool {
        let scope = self.catalog.scope(id);
        let exists = |index: &EnvironmentId| scope.environments.has(*index);
        scope.key_types.has(self.key_type) && section.environments.iter().all(exists)
    }

    /// Reports a scope that is listed among the bundles. It counts as granted.
    fn scope_among_bundles(&mut self, id: ScopeId, at: Path, section: &Section<'_>) -> Grant {
        let name = self.catalog.name(id).to_owned();
        let message = format!("`{name}` is a scope, not a bundle");
        let list = Path(at.0[..at.0.len() - 1].to_vec());
        let above = Path(list.0[..list.0.len() - 1].to_vec());
        let finding = Finding::new(RuleId::UnknownBundle, at.clone().value(), message)
            .help("write it under `scopes`")
            .scope(&name);
        let fix = Fix {
            done: format!("moved {name} to scopes"),
            edits: vec![
                Edit::Items {
                    at: at.clone(),
                    names: Vec::new(),
                },
                Edit::Append {
                    list: above.field("scopes"),
                    names: vec![name.clone()],
                    before: list,
                },
            ],
            // Whether the needs use it is only known once the key is judged, which decides if the fix is safe.
            safe: false,
            asked_for: section.wanted.get(&id).cloned().map(Path::value),
            ..Fix::removal("it is a scope", &name, &at)
        };
        self.report(if self.can_have(id, section) {
            finding.fix(fix)
        } else {
            finding
        });
        Grant {
            members: self.catalog.members(Meaning::Scope(id)),
            kind: GrantKind::Scope(id),
            misspelt: true,
            retired: None,
            name,
            at,
        }
    }

    fn bundles(
        &mut self,
        list: Option<&NameList>,
        path: &Path,
        section: &Section<'_>,
    ) -> Vec<Grant> {
        let catalog = self.catalog;
        let listed = names_of(list, path, &|name| {
            catalog.scope_id(name).is_some() || catalog.bundle(name).is_some()
        });
        let mut has_stranger = false;
        let mut grants = Vec::new();
        for (name, at) in listed.clone() {
            if let Some(id) = catalog.scope_id(name)
                && catalog.bundle(name).is_none()
            {
                grants.push(self.scope_among_bundles(id, at, section));
                continue;
            }
            let resolved = self.resolve(Named::Bundle, name, &at, Catalog::bundle);
            let Some(bundle) = resolved.meant else {
                has_stranger = true;
                continue;
            };
            grants.push(Grant {
                name: catalog.bundles[bundle].name.clone(),
                kind: GrantKind::Bundle(bundle),
                members: catalog.bundles[bundle].scopes.clone(),
                misspelt: resolved.is_misspelt,
                retired: None,
                at,
            });
        }
        self.freeze(list, path, &listed, has_stranger);
        grants
    }
}

/// The finding for a name that is longer than any name can be.
fn too_long(name: &str, at: Path) -> Finding {
    let size = name.len();
    let message = format!("this name has {size} bytes, and the limit is {LONGEST_NAME}");
    Finding::new(RuleId::UnknownScope, at.value(), message)
        .help("write one name per item, or separate several with spaces or commas")
}

/// The finding for a name that a provider retired. Its fix is made once the key is judged, when it is known which
/// replacements the needs use.
fn retired(catalog: &Catalog, name: &str, replacements: &[ScopeId], at: &Path) -> Finding {
    let message = format!("{} has no scope `{name}`", catalog.provider);
    let names: Vec<&str> = replacements.iter().map(|id| catalog.name(*id)).collect();
    let help = match names.as_slice() {
        [] => format!("{} does not say what replaced it", catalog.provider),
        names => format!("replaced by: `{}`", names.join("`, `")),
    };
    Finding::new(RuleId::UnknownScope, at.clone().value(), message)
        .label("retired by the provider")
        .help(help)
        .scope(name)
}
