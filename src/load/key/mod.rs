//! A key file → a [`Key`], its names resolved against a catalog; a file for each of its parts.

mod borrowed;
mod grants;
mod names;
mod needs;
mod never;
mod reading;

use std::collections::{HashMap, HashSet};

use super::allow::allowances;
use super::catalog::with_fix;
use super::raw::{RawKey, RawKeyEnvironment, RawScopes};
use super::shape::add_help;
use crate::finding::{Finding, RuleId};
use crate::model::{
    Allowance, Catalog, EnvironmentId, Grant, Id, Key, KeyEnvironment, KeyTypeId, Need, NeedKind,
};
use crate::source::limits::{MOST_ENVIRONMENTS, MOST_FINDINGS, MOST_JUDGED};
use crate::source::{NameList, Path, Patience, Segment, Source};
pub use borrowed::{Borrowed, Others, Places, Unread, lender, redacted};
use borrowed::{borrow, incomplete};
use grants::{Lists, Section};
use names::{Names, Resolved, names_of};
use needs::{Needed, declares};
pub use reading::{KeyReading, declared_identity, declared_provider};

/// A key file as far as it could be read.
#[derive(Debug)]
pub struct LoadedKey {
    /// The key; `None` where not even its provider and name could be made out.
    pub key: Option<Key>,
    /// Everything that is wrong with the file itself and with the names in it.
    pub findings: Vec<Finding>,
    /// The findings that the file accepts.
    pub allowances: Vec<Allowance>,
    /// The lists of the key that stand in other files.
    pub borrowed: Vec<Borrowed>,
}

/// Reads a key file by itself: scopes that stand in another file are not read. Without a catalog only the shape of the
/// file is looked at.
pub fn load_key(source: &Source, catalog: Option<&Catalog>) -> LoadedKey {
    load_read_key(source, KeyReading::of(source), catalog, &Others::default())
}

/// Loads a key file that was read before, with the files that it names.
pub fn load_read_key(
    source: &Source,
    KeyReading(reading): KeyReading,
    catalog: Option<&Catalog>,
    others: &Others,
) -> LoadedKey {
    // A faulty need was reported, but still counts as declared.
    let needs = Segment::Field("needs".to_owned());
    let damaged = reading.problems.iter();
    let damaged: Vec<Path> = damaged
        .filter_map(|problem| problem.place.path().cloned())
        .collect();
    let faulty_needs = damaged.iter().any(|path| path.0.contains(&needs));
    let mut findings: Vec<Finding> = reading.problems.into_iter().map(with_fix).collect();
    add_help(&mut findings, source, catalog);
    let mut raw = reading.value;
    findings.extend(raw.iter().flat_map(|raw| empty_names(source, raw)));
    findings.extend(raw.iter_mut().flat_map(incomplete));
    let borrowed = match (&mut raw, catalog) {
        (Some(raw), Some(_)) => {
            let (borrowed, faults) = borrow(raw, others);
            findings.extend(faults);
            borrowed
        }
        _ => Vec::new(),
    };
    let (Some(raw), Some(catalog)) = (&raw, catalog) else {
        return LoadedKey {
            key: None,
            findings,
            allowances: raw
                .as_ref()
                .map_or_else(Vec::new, |raw| of_key(raw, &damaged, catalog)),
            borrowed,
        };
    };
    let mut resolver = Resolver {
        catalog,
        names: Names::new(catalog),
        patience: Patience::default(),
        key_type: KeyTypeId::new(0),
        findings,
        frozen: Vec::new(),
    };
    resolver.key_type = resolver.key_type(raw);
    let (mut key, needed) = resolver.key(raw);
    let frozen = resolver.frozen.iter();
    let frozen = frozen.map(|list| list.0.as_slice()).collect();
    for finding in &mut resolver.findings {
        finding.without_changes_to(&frozen);
    }
    key.frozen = resolver.frozen;
    key.declares_needs |= faulty_needs;
    key.has_unclear_needs |= faulty_needs;
    let allowances = of_key(raw, &damaged, Some(catalog)).into_iter();
    LoadedKey {
        key: Some(key),
        findings: resolver.findings,
        allowances: allowances.chain(needed.accepted).collect(),
        borrowed,
    }
}

/// Everything that a key is granted, as texts that are the same whatever their order.
fn holdings(grants: &[Grant], environments: &[KeyEnvironment]) -> Vec<String> {
    let everywhere = grants.iter().map(|grant| format!(" {}", grant.name));
    let local = environments.iter().flat_map(|environment| {
        let name = &environment.name;
        let grants = environment.grants.iter();
        grants.map(move |grant| format!("{name} {}", grant.name))
    });
    let mut holdings: Vec<String> = everywhere.chain(local).collect();
    holdings.sort();
    holdings.dedup();
    holdings
}

/// Reports empty `provider` and `name` fields: without them a key cannot be judged, or told apart from others.
fn empty_names(source: &Source, raw: &RawKey) -> Vec<Finding> {
    let texts = [
        ("provider", &raw.provider, "write the provider's name"),
        ("name", &raw.name, "give the key a name"),
    ];
    let empty = texts.iter().filter(|(_, text, _)| text.trim().is_empty());
    if empty.clone().next().is_none() {
        return Vec::new();
    }
    let located = source.source_map();
    let written = empty.filter(|(field, ..)| {
        let place = Path::root().field(field);
        // Missing fields and fields of the wrong type were already reported.
        located.is_empty_text(&place)
    });
    written
        .map(|(field, _, help)| {
            let place = Path::root().field(field).value();
            Finding::new(RuleId::MissingField, place, format!("`{field}` is empty")).help(*help)
        })
        .collect()
}

/// Resolves the names of a key file; the methods for each part are in sibling files.
struct Resolver<'a> {
    catalog: &'a Catalog,
    names: Names<'a>,
    patience: Patience,
    /// The type of the key.
    key_type: KeyTypeId,
    findings: Vec<Finding>,
    /// The lists that are one text each, and must not be rewritten.
    frozen: Vec<Path>,
}

/// An environment of a key file, its name resolved and its needs read.
struct EnvironmentSection<'a> {
    /// The name as it is written.
    written: &'a String,
    raw: &'a RawKeyEnvironment,
    index: Option<EnvironmentId>,
    at: Path,
    needs: Vec<Need>,
}

impl Resolver<'_> {
    fn key(&mut self, raw: &RawKey) -> (Key, Needed) {
        let root = Path::root();
        let mut needed = Needed::of(raw.owner.clone());
        let mut needs = self.needs(raw.needs.as_ref(), &root.field("needs"), &mut needed);
        let sections = self.environments(raw, needs.len(), &mut needed);
        let names = self.right_names(&sections);
        let mut everywhere: Vec<EnvironmentId> = sections
            .iter()
            .filter_map(|section| section.index)
            .collect();
        everywhere.sort_unstable();
        everywhere.dedup();
        let granted = self.listed(names_in(raw.scopes.as_ref()));
        let none = HashSet::new();
        let lists = Lists {
            scopes: names_in(raw.scopes.as_ref()),
            bundles: raw.bundles.as_ref(),
        };
        let section = Section {
            environments: &everywhere,
            granted: [&granted, &none],
            wanted: &needed.wanted,
        };
        let grants = self.grants(lists, &root, &section);
        let written = sections.iter().map(|section| section.written);
        let right: HashMap<&String, &String> = written.zip(&names).collect();
        let found = self.findings.iter_mut().map(|one| &mut one.environment);
        let accepted = needed.accepted.iter_mut().map(|one| &mut one.environment);
        for environment in found.chain(accepted).flatten() {
            if let Some(name) = right.get(environment) {
                environment.clone_from(name);
            }
        }
        let environments: Vec<KeyEnvironment> = sections
            .into_iter()
            .zip(names)
            .map(|(section, name)| self.environment_of(section, name, &granted, &needed))
            .collect();
        // An endpoint that is both in a recipe and written out is one need.
        let written: HashSet<NeedKind> = needs
            .iter()
            .filter(|need| need.recipe.is_none())
            .map(|need| need.kind)
            .collect();
        needs.retain(|need| need.recipe.is_none() || !written.contains(&need.kind));
        let all_needs = raw.environments.0.iter().map(|(_, section)| &section.needs);
        let mut all_needs = std::iter::once(&raw.needs).chain(all_needs).flatten();
        let key = Key {
            provider: raw.provider.clone(),
            name: raw.name.clone(),
            owner: raw.owner.clone(),
            purpose: raw.purpose.clone(),
            key_type: self.key_type,
            needs,
            declares_needs: all_needs.any(declares),
            never: self.never(raw),
            has_unclear_needs: needed.unclear,
            has_misspelt_needs: needed.misspelt,
            known_needed_scopes: std::mem::take(&mut needed.known),
            expires: raw.expires.clone(),
            frozen: Vec::new(),
            holdings: holdings(&grants, &environments),
            grants,
            environments,
            observed: None,
        };
        (key, needed)
    }

    /// The environments of a key that are judged, their needs read.
    fn environments<'r>(
        &mut self,
        raw: &'r RawKey,
        needs: usize,
        needed: &mut Needed,
    ) -> Vec<EnvironmentSection<'r>> {
        let most = self.most_environments(raw, needs);
        let mut sections = Vec::new();
        for (written, section) in raw.environments.0.iter().take(most) {
            let at = Path::root().field("environments").field(written);
            let index = self.environment(written, &at);
            let needs = self.needs(section.needs.as_ref(), &at.field("needs"), needed);
            // Needs in an environment that the provider does not have count as declared, but are not judged.
            needed.unclear |=
                index.is_none() && !self.catalog.environments.is_empty() && !needs.is_empty();
            sections.push(EnvironmentSection {
                written,
                raw: section,
                index,
                at,
                needs,
            });
        }
        sections
    }

    /// The names of the environments. A misspelt one is replaced by the one that must be meant, unless the file has
    /// that one as well.
    fn right_names(&self, sections: &[EnvironmentSection<'_>]) -> Vec<String> {
        let mut times: HashMap<EnvironmentId, usize> = HashMap::new();
        for index in sections.iter().filter_map(|section| section.index) {
            *times.entry(index).or_default() += 1;
        }
        let names = sections.iter().map(|section| match section.index {
            Some(index) if times.get(&index) == Some(&1) => {
                self.catalog.environments[index].name.clone()
            }
            _ => section.written.clone(),
        });
        names.collect()
    }

    /// The names in a list.
    fn listed(&self, list: Option<&NameList>) -> HashSet<String> {
        let is_known = |name: &str| self.names.meaning(name).is_some();
        let names = names_of(list, &Path::root(), &is_known);
        let spelt = |name: &str| match self.names.meaning(name) {
            Some(meaning) => self.catalog.spelling(meaning).to_owned(),
            None => name.to_owned(),
        };
        names.into_iter().map(|(name, _)| spelt(name)).collect()
    }

    fn environment_of(
        &mut self,
        section: EnvironmentSection<'_>,
        name: String,
        everywhere: &HashSet<String>,
        needed: &Needed,
    ) -> KeyEnvironment {
        let here = self.listed(names_in(section.raw.scopes.as_ref()));
        let own: Vec<EnvironmentId> = section.index.into_iter().collect();
        let lists = Lists {
            scopes: names_in(section.raw.scopes.as_ref()),
            bundles: section.raw.bundles.as_ref(),
        };
        let context = Section {
            environments: &own,
            granted: [everywhere, &here],
            wanted: &needed.wanted,
        };
        KeyEnvironment {
            name,
            index: section.index,
            grants: self.grants(lists, &section.at, &context),
            needs: section.needs,
            at: section.at,
        }
    }

    /// Keeps a finding, unless there are already more than will be reported.
    fn report(&mut self, finding: Finding) {
        if self.findings.len() <= MOST_FINDINGS {
            self.findings.push(finding);
        }
    }

    /// How many of the environments are judged: all of them, unless there are too many, which is reported.
    fn most_environments(&mut self, raw: &RawKey, needs: usize) -> usize {
        let granted = match names_in(raw.scopes.as_ref()) {
            Some(NameList::Items(items)) => items.len(),
            Some(NameList::Text(text)) => text.len() / 2,
            None => 0,
        };
        // Needs and grants of the whole key are judged in every environment.
        let each = 5 * needs + granted + self.catalog.endpoints.len() + 1;
        let most = (MOST_JUDGED / each).clamp(1, MOST_ENVIRONMENTS);
        if let Some((name, _)) = raw.environments.0.get(most) {
            let count = raw.environments.0.len();
            let message = match most {
                MOST_ENVIRONMENTS => {
                    format!(
                        "a key may have at most {MOST_ENVIRONMENTS} environments, and this one has {count}"
                    )
                }
                _ => {
                    format!("{count} environments are too many for the number of needs in each")
                }
            };
            let place = Path::root().field("environments").field(name).key();
            let finding = Finding::new(RuleId::WrongType, place, message);
            let help = "nothing is checked from this one on: split the key file";
            self.report(finding.help(help));
        }
        most
    }
}

/// The names of a list, wherever they are written.
fn names_in(scopes: Option<&RawScopes>) -> Option<&NameList> {
    scopes.map(|scopes| &scopes.names)
}

fn of_key(raw: &RawKey, damaged: &[Path], catalog: Option<&Catalog>) -> Vec<Allowance> {
    let allow = raw.allow.as_deref().unwrap_or_default();
    allowances(allow, damaged, raw.owner.as_ref(), catalog)
}
