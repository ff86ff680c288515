//! Merges hand-written parts of an older edition into a newer one, and compares editions.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use super::draft::DEFAULT_MODE;
use crate::load::endpoint_name::{EndpointName, Structure};
use crate::load::raw::{
    RawCase, RawCatalog, RawEndpoint, RawEnvironment, RawRequirement, RawScope, RawSource,
    RawWildcards,
};
use crate::load::write;
use crate::source::{Entries, Names, folded};

/// The newer edition, plus those parts of the older one that an import never writes.
pub(super) fn merged(mut new: RawCatalog, old: &RawCatalog) -> RawCatalog {
    let case = old.names.as_ref().and_then(|names| names.case);
    if case == Some(RawCase::Ignored) {
        respell(&mut new, old);
    }
    new.provider.clone_from(&old.provider);
    new.title = old.title.clone().or(new.title);
    new.extends.clone_from(&old.extends);
    if let Some(note) = old
        .note
        .clone()
        .filter(|note| !note.starts_with("imported from "))
    {
        new.note = Some(note);
    }
    keep_sources(&mut new, old);
    new.manage.clone_from(&old.manage);
    new.schema.clone_from(&old.schema);
    new.responses = old.responses.clone();
    for (name, key_type) in &mut new.key_types.0 {
        if let Some(old) = find(&old.key_types, name) {
            *key_type = old.clone();
        }
    }
    // A person may have confirmed what an import derived, by `true` or by taking the mark away.
    new.reviewed = old.reviewed;
    keep_environments(&mut new, old);
    new.paths = new.paths.or_else(|| old.paths.clone());
    if new.modes.is_none() {
        new.modes.clone_from(&old.modes);
    }
    for (name, scope) in &mut new.scopes.0 {
        if let Some(old) = find(&old.scopes, name) {
            keep_scope(scope, old);
        }
    }
    let by_structure = by_structure(&old.endpoints);
    for (name, endpoint) in &mut new.endpoints.0 {
        let parsed = EndpointName::parse(name).ok();
        let structure = parsed.and_then(|name| name.structures().next());
        if let Some(old) = structure.and_then(|structure| by_structure.get(&structure)) {
            keep_endpoint(endpoint, old);
        }
    }
    new.retired = old.retired.clone();
    for (name, bundle) in &mut new.bundles.0 {
        if let Some(old) = find(&old.bundles, name) {
            bundle.summary.clone_from(&old.summary);
            bundle.note.clone_from(&old.note);
        }
    }
    keep_others(&mut new.bundles, &old.bundles);
    new.wildcards = match &old.wildcards {
        RawWildcards::Named(Entries(named)) if named.is_empty() => new.wildcards,
        wildcards => wildcards.clone(),
    };
    keep_others(&mut new.events, &old.events);
    new.recipes = old.recipes.clone();
    if let (Some(reading), Some(older)) = (&mut new.reading, &old.reading)
        && reading.arrays == older.arrays
    {
        // Somebody found out how the arrays are meant.
        reading.because.clone_from(&older.because);
    }
    new.combinations.clone_from(&old.combinations);
    new.conflicts.clone_from(&old.conflicts);
    new.names = new.names.or_else(|| old.names.clone());
    if new.operations.0.is_empty() {
        new.operations = old.operations.clone();
    }
    new.examples.clone_from(&old.examples);
    new.allow.clone_from(&old.allow);
    new
}

/// Keeps the sources that were written by hand: where the documents come from. An import knows only what they are called.
fn keep_sources(new: &mut RawCatalog, old: &RawCatalog) {
    let is_by_hand = |source: &RawSource| {
        let RawSource {
            url,
            path,
            commit,
            licence,
            verified: _,
        } = source;
        url.contains("://") || path.is_some() || commit.is_some() || licence.is_some()
    };
    let older = old.sources.iter().flatten();
    let by_hand: Vec<RawSource> = older.filter(|one| is_by_hand(one)).cloned().collect();
    if !by_hand.is_empty() {
        new.sources = Some(by_hand);
    }
}

/// Keeps the entries that the newer edition does not have, in the order of the older one.
fn keep_others<V: Clone>(new: &mut Entries<V>, old: &Entries<V>) {
    for (name, value) in &old.0 {
        if find(new, name).is_none() {
            new.0.push((name.clone(), value.clone()));
        }
    }
}

/// Keeps environments, and the addresses that were written by hand: those that the older import did not find in its
/// documents stay, and those of its documents that were taken away stay away.
fn keep_environments(new: &mut RawCatalog, old: &RawCatalog) {
    let bases = |environment: &RawEnvironment| -> Vec<String> {
        environment
            .base
            .clone()
            .map(|names| names.0)
            .unwrap_or_default()
    };
    let every = |catalog: &RawCatalog| -> Vec<String> {
        let environments = catalog.environments.0.iter();
        environments.flat_map(|(_, one)| bases(one)).collect()
    };
    // An older edition that does not say what its documents had is taken at its word.
    let is_known = old.imported.is_some();
    let documented = match &old.imported {
        Some(imported) => imported.servers.clone().unwrap_or_default(),
        None if every(old).is_empty() => Vec::new(),
        None => every(new),
    };
    let kept = every(old);
    let is_removed = |base: &String| documented.contains(base) && !kept.contains(base);
    let is_by_hand = |base: &String| !documented.contains(base);
    let mut environments: Vec<(String, RawEnvironment)> = Vec::new();
    for (name, environment) in std::mem::take(&mut new.environments.0) {
        let older = find(&old.environments, &name);
        let mut base = bases(&environment);
        let had_any = !base.is_empty();
        // What stands in another environment of the older edition was moved there by hand.
        let is_elsewhere = |base: &String| {
            let mut others = old
                .environments
                .0
                .iter()
                .filter(|(other, _)| *other != name);
            others.any(|(_, one)| bases(one).contains(base))
        };
        base.retain(|one| !is_removed(one) && !is_elsewhere(one));
        let by_hand = older.map(bases).unwrap_or_default();
        base.extend(by_hand.into_iter().filter(|one| is_by_hand(one)));
        let mut seen = Vec::new();
        base.retain(|one| {
            !seen.contains(one) && {
                seen.push(one.clone());
                true
            }
        });
        if older.is_none() && had_any && base.is_empty() {
            continue;
        }
        environments.push((
            name,
            RawEnvironment {
                production: older.unwrap_or(&environment).production,
                base: (!base.is_empty()).then_some(Names(base)),
            },
        ));
    }
    let documented_now = new.imported.as_ref().and_then(|one| one.servers.clone());
    let documented_now = documented_now.unwrap_or_default();
    for (name, environment) in &old.environments.0 {
        if environments.iter().any(|(other, _)| other == name) {
            continue;
        }
        let mut environment = environment.clone();
        if is_known && let Some(base) = &mut environment.base {
            // What the documents no longer have goes, unless it was written by hand.
            base.0
                .retain(|one| documented_now.contains(one) || is_by_hand(one));
            if base.0.is_empty() {
                environment.base = None;
            }
        }
        environments.push((name.clone(), environment));
    }
    new.environments.0 = environments;
}

/// Spells scopes as the older edition does, where capital and small letters make no difference.
fn respell(new: &mut RawCatalog, old: &RawCatalog) {
    let known = old.scopes.0.iter().map(|(name, _)| (folded(name), name));
    let known: HashMap<String, &String> = known.collect();
    let right = |name: &mut String| {
        if let Some(spelling) = known.get(&folded(name)) {
            name.clone_from(spelling);
        }
    };
    let right_all = |names: &mut Option<Names>| {
        let names = names.iter_mut().flat_map(|names| &mut names.0);
        names.for_each(right);
    };
    for (name, scope) in &mut new.scopes.0 {
        right(name);
        right_all(&mut scope.implies);
    }
    let mut seen = BTreeSet::new();
    new.scopes.0.retain(|(name, _)| seen.insert(name.clone()));
    for (_, bundle) in &mut new.bundles.0 {
        right_all(&mut bundle.scopes);
        right_all(&mut bundle.except);
    }
    for (_, requirement) in &mut new.events.0 {
        respell_requirement(requirement, &right);
    }
    for (_, endpoint) in &mut new.endpoints.0 {
        let modes = endpoint.modes.iter_mut().flat_map(|modes| &mut modes.0);
        for (_, mode) in modes {
            respell_requirement(&mut mode.requirement, &right);
        }
        respell_requirement(&mut endpoint.requirement, &right);
        for (_, names) in endpoint.least.iter_mut().flat_map(|least| &mut least.0) {
            names.0.iter_mut().for_each(right);
        }
    }
}

fn respell_requirement(requirement: &mut RawRequirement, right: &impl Fn(&mut String)) {
    requirement.scope.iter_mut().for_each(right);
    let lists = [&mut requirement.all, &mut requirement.any];
    for part in lists.into_iter().flatten().flatten().flatten() {
        respell_requirement(part, right);
    }
}

fn find<'a, V>(entries: &'a Entries<V>, name: &str) -> Option<&'a V> {
    let mut entries = entries.0.iter();
    entries
        .find(|(other, _)| other == name)
        .map(|(_, value)| value)
}

fn keep_scope(new: &mut RawScope, old: &RawScope) {
    new.access = old.access.or(new.access);
    // A risk written by hand comes with its reason, so take over both.
    let is_imported = old.because.is_some() && old.because == new.because;
    if old.risk.is_some() && !is_imported {
        new.risk.clone_from(&old.risk);
        new.because.clone_from(&old.because);
    }
    // If the mark was removed by hand, somebody confirmed the scope with the provider, so do not set it again.
    new.undeclared &= old.undeclared;
    new.implies = old.implies.clone().or_else(|| new.implies.take());
    new.environments = old.environments.clone().or_else(|| new.environments.take());
    new.deprecated = new.deprecated.take().or_else(|| old.deprecated.clone());
    new.summary = new.summary.take().or_else(|| old.summary.clone());
    new.note = old.note.clone().or_else(|| new.note.take());
}

fn keep_endpoint(new: &mut RawEndpoint, old: &RawEndpoint) {
    // Imported modes are several, the default mode among them; others were written by hand.
    let is_imported =
        |modes: &Entries<RawEndpoint>| modes.0.len() > 1 && find(modes, DEFAULT_MODE).is_some();
    if old.modes.as_ref().is_some_and(|modes| !is_imported(modes)) && new.modes.is_none() {
        new.modes.clone_from(&old.modes);
        new.requirement = old.requirement.clone();
    }
    if let (Some(modes), Some(older)) = (&mut new.modes, &old.modes) {
        for (name, mode) in &mut modes.0 {
            if let Some(old) = find(older, name) {
                keep_endpoint(mode, old);
            }
        }
    }
    new.query = new.query.take().or_else(|| old.query.clone());
    new.rejected.clone_from(&old.rejected);
    new.keyless.clone_from(&old.keyless);
    new.effect = old.effect.or(new.effect);
    new.environments = old.environments.clone().or_else(|| new.environments.take());
    if new.deprecated.is_some() && old.deprecated.is_some() {
        // The older entry may also name a replacement, so keep it.
        new.deprecated.clone_from(&old.deprecated);
    }
    new.note = old.note.clone().or_else(|| new.note.take());
}

/// The single endpoints of a catalog without the names of their parameters; an entry with one method before `ANY`.
fn by_structure<V>(endpoints: &Entries<V>) -> BTreeMap<Structure, &V> {
    let mut by_structure = BTreeMap::new();
    let mut any = Vec::new();
    for (text, endpoint) in &endpoints.0 {
        match EndpointName::parse(text) {
            Ok(name) if name.is_any => any.push((name, endpoint)),
            Ok(name) => by_structure.extend(name.structures().map(|one| (one, endpoint))),
            Err(_) => {}
        }
    }
    for (name, endpoint) in any {
        for structure in name.structures() {
            by_structure.entry(structure).or_insert(endpoint);
        }
    }
    by_structure
}

/// How a catalog differs from a newer import: how many entries there are to add, to remove and to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutOfStep {
    /// Each section that differs.
    pub sections: Vec<SectionOutOfStep>,
}

/// How a section of a catalog differs from a newer import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionOutOfStep {
    /// The section.
    pub name: String,
    /// What is new.
    pub add: Vec<String>,
    /// What is gone.
    pub remove: Vec<String>,
    /// What differs.
    pub change: Vec<String>,
}

/// How `old` differs from `new`; `None` where only the days of comparison do.
pub(super) fn out_of_step(old: &RawCatalog, new: &RawCatalog) -> Option<OutOfStep> {
    let (mut old, mut new) = (write::catalog(old), write::catalog(new));
    for side in [&mut old, &mut new] {
        if let Some(sources) = side.get_mut("sources").and_then(Value::as_array_mut) {
            for source in sources.iter_mut().filter_map(Value::as_object_mut) {
                source.remove("verified");
            }
        }
    }
    let empty = serde_json::Map::new();
    let (old, new) = (
        old.as_object().unwrap_or(&empty),
        new.as_object().unwrap_or(&empty),
    );
    let mut names: Vec<&String> = new.keys().collect();
    names.extend(old.keys().filter(|name| !new.contains_key(*name)));
    let mut sections = Vec::new();
    for name in names {
        let (was, is) = (old.get(name), new.get(name));
        if was == is {
            continue;
        }
        let (was, is) = (entries(name, was), entries(name, is));
        let add: Vec<String> = is
            .keys()
            .filter(|one| !was.contains_key(*one))
            .cloned()
            .collect();
        let remove: Vec<String> = was
            .keys()
            .filter(|one| !is.contains_key(*one))
            .cloned()
            .collect();
        let change: Vec<String> = is
            .iter()
            .filter(|(one, value)| was.get(*one).is_some_and(|old| old != *value))
            .map(|(one, _)| one.clone())
            .collect();
        if !(add.is_empty() && remove.is_empty() && change.is_empty()) {
            sections.push(SectionOutOfStep {
                name: name.clone(),
                add,
                remove,
                change,
            });
        }
    }
    (!sections.is_empty()).then_some(OutOfStep { sections })
}

/// An entry with several methods is compared as it is written if its name is longer than this, in bytes.
const LONGEST_SPLIT: usize = 4096;

/// The entries of a section by name; endpoints that share an entry each by themselves, as an import writes them.
fn entries<'a>(section: &str, value: Option<&'a Value>) -> BTreeMap<String, &'a Value> {
    let fields = match value {
        Some(Value::Object(fields)) => fields,
        Some(other) => return BTreeMap::from([(section.to_owned(), other)]),
        None => return BTreeMap::new(),
    };
    if section != "endpoints" {
        return fields
            .iter()
            .map(|(name, value)| (name.clone(), value))
            .collect();
    }
    let mut entries = BTreeMap::new();
    let mut several = Vec::new();
    for (text, value) in fields {
        match EndpointName::parse(text) {
            Ok(name) if name.methods.len() > 1 && text.len() <= LONGEST_SPLIT => {
                several.push((name, value));
            }
            _ => {
                entries.insert(text.clone(), value);
            }
        }
    }
    several.sort_by_key(|(name, _)| name.is_any);
    for (name, value) in several {
        for method in &name.methods {
            let single = format!("{method} {}", name.template);
            entries.entry(single).or_insert(value);
        }
    }
    entries
}
