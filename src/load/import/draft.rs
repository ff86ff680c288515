//! What all importers collect, and the catalog made from it, in a fixed order that does not depend on the document.

use std::collections::{BTreeMap, BTreeSet};

use crate::load::raw::{
    RawAuth, RawCase, RawCatalog, RawDeprecated, RawEffect, RawEndpoint, RawEnvironment,
    RawKeyType, RawPaths, RawQuery, RawRequirement, RawRisks, RawScope, RawSource,
};
use crate::model::{Template, parse_query};
use crate::source::{Date, Entries, Names};

/// The longest summary; anything longer is cut.
const LONGEST_SUMMARY: usize = 80;
/// A first sentence shorter than this is not enough as a summary.
const SHORTEST_SENTENCE: usize = 15;
/// The most modes that a catalog can have.
const MOST_MODES: usize = 60;

/// The most ways to meet one requirement that are kept apart.
pub(super) const MOST_WAYS: usize = 1000;

impl DraftAuth {
    /// What a caller needs who has to satisfy two requirements of one operation. Not stated where that cannot be
    /// said: nothing is opened that one of them keeps closed.
    fn and(self, other: Self) -> Self {
        let (mine, theirs) = match (self, other) {
            (Self::Public, other) | (other, Self::Public) => return other,
            (Self::NotStated, _) | (_, Self::NotStated) => return Self::NotStated,
            (Self::AnyOf(mine), Self::AnyOf(theirs)) => (mine, theirs),
        };
        if mine.len() * theirs.len() > MOST_WAYS {
            return Self::NotStated;
        }
        let mut both = Vec::new();
        for way in &mine {
            for other in theirs.iter().filter(|one| one.key_type == way.key_type) {
                let mut way = way.clone();
                way.scopes.extend(other.scopes.iter().cloned());
                both.push(way);
            }
        }
        match minimal(both) {
            ways if ways.is_empty() => Self::NotStated,
            ways => Self::AnyOf(ways),
        }
    }
}

/// Those of some ways that ask for no more than another one on the same key type.
pub(super) fn minimal(mut ways: Vec<Way>) -> BTreeSet<Way> {
    ways.sort_by_key(|way| way.scopes.len());
    let mut kept: Vec<Way> = Vec::new();
    for way in ways {
        let is_wider = kept
            .iter()
            .any(|one| one.key_type == way.key_type && one.scopes.is_subset(&way.scopes));
        if !is_wider {
            kept.push(way);
        }
    }
    kept.into_iter().collect()
}

/// A catalog in the making.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) provider: String,
    pub(super) title: Option<String>,
    pub(super) note: Option<String>,
    pub(super) sources: Vec<String>,
    /// The key types that an operation is open to, in the order of the document.
    pub(super) key_types: Vec<String>,
    /// What a document says about a key type, such as that it is deprecated.
    pub(super) notes: BTreeMap<String, String>,
    pub(super) environments: Vec<(String, RawEnvironment)>,
    pub(super) scopes: BTreeMap<String, DraftScope>,
    pub(super) ignores_case: bool,
    pub(super) operations: BTreeMap<(String, String), Vec<DraftEndpoint>>,
}

/// A scope in the making.
#[derive(Debug, Default)]
pub(super) struct DraftScope {
    pub(super) summary: Option<String>,
    /// The key types that carry it.
    pub(super) key_types: BTreeSet<String>,
    pub(super) declared: bool,
    pub(super) risk: Option<RawRisks>,
    pub(super) because: Option<String>,
}

/// What one way to call an operation takes: all of these scopes, on a key of this type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Way {
    pub(super) key_type: String,
    pub(super) scopes: BTreeSet<String>,
}

/// What an operation asks of its caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum DraftAuth {
    Public,
    NotStated,
    AnyOf(BTreeSet<Way>),
}

/// An operation, or one variant of it that is selected by a query or a body.
#[derive(Debug, Clone)]
pub(super) struct DraftEndpoint {
    pub(super) method: String,
    pub(super) path: String,
    /// What stands behind `?` or `#`.
    pub(super) variant: Option<String>,
    /// The query behind `?`, which a request must have to be this variant.
    pub(super) query: Vec<(String, RawQuery)>,
    pub(super) auth: DraftAuth,
    /// Whether the document also lets the call through without a key.
    pub(super) optional: bool,
    pub(super) deprecated: bool,
    pub(super) summary: Option<String>,
    pub(super) tags: Vec<String>,
    /// The scopes that the provider calls the least, by key type.
    pub(super) least: BTreeMap<String, BTreeSet<String>>,
}

impl DraftEndpoint {
    fn asks_for_scopes(&self) -> bool {
        match &self.auth {
            DraftAuth::AnyOf(ways) => ways.iter().any(|way| !way.scopes.is_empty()),
            DraftAuth::Public | DraftAuth::NotStated => false,
        }
    }
}

/// What is done with two definitions of one operation that ask for different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clash {
    /// Their ways are alternatives of one requirement.
    Unite,
    /// Only a key that meets both definitions meets the operation.
    Stricter,
}

/// What became of an operation that was added.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Added {
    /// It is new, or another variant of one that is there.
    New,
    /// It is the same as one that is there, spelt otherwise.
    Same(String),
    /// It is the same as one that is there, which asks for something else.
    Differs(String),
    /// Its path is malformed, for this reason.
    Malformed(&'static str),
}

impl Draft {
    /// Opens what some credentials open to those who send further ones beside them: `combinations` are key types, each
    /// with its schemes.
    pub(super) fn open_to_more(&mut self, combinations: &[(String, Vec<String>)]) {
        let mut wider: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
        for (name, schemes) in combinations {
            let has_all = |more: &Vec<String>| schemes.iter().all(|one| more.contains(one));
            let more = combinations.iter().filter(|(other, _)| other != name);
            let more = more
                .filter(|(_, more)| has_all(more))
                .map(|(other, _)| other);
            wider.insert(name, more.collect());
        }
        for endpoint in self.operations.values_mut().flatten() {
            let DraftAuth::AnyOf(ways) = &mut endpoint.auth else {
                continue;
            };
            let mut all: Vec<Way> = Vec::new();
            for way in &*ways {
                let types = wider.get(way.key_type.as_str()).into_iter().flatten();
                all.extend(types.map(|key_type| Way {
                    key_type: (*key_type).clone(),
                    scopes: way.scopes.clone(),
                }));
            }
            if !all.is_empty() {
                all.extend(ways.iter().cloned());
                *ways = minimal(all);
            }
        }
    }

    /// Adds an operation. If another one has the same structure, `clash` says what becomes of the two.
    pub(super) fn add(&mut self, endpoint: DraftEndpoint, clash: Clash) -> Added {
        let template = match Template::parse(&endpoint.path) {
            Ok(template) => template,
            Err(error) => return Added::Malformed(error.0),
        };
        let is_method =
            |method: &str| !method.is_empty() && method.chars().all(|c| c.is_ascii_uppercase());
        if !is_method(&endpoint.method) {
            return Added::Malformed("the method must be one word of letters");
        }
        let mut shape = template.shape();
        if self.ignores_case {
            shape = shape.to_ascii_lowercase();
        }
        let known = self
            .operations
            .entry((shape, endpoint.method.clone()))
            .or_default();
        let Some(same) = known
            .iter_mut()
            .find(|other| other.variant == endpoint.variant)
        else {
            if known.len() >= MOST_MODES {
                return Added::Malformed("it has more than 60 variants");
            }
            known.push(endpoint);
            return Added::New;
        };
        let name = format!("{} {}", same.method, same.path);
        let is_same = same.auth == endpoint.auth && same.optional == endpoint.optional;
        match clash {
            Clash::Unite => {
                if let (DraftAuth::AnyOf(ways), DraftAuth::AnyOf(more)) =
                    (&mut same.auth, endpoint.auth)
                {
                    ways.extend(more);
                }
                for (key_type, scopes) in endpoint.least {
                    same.least.entry(key_type).or_default().extend(scopes);
                }
            }
            Clash::Stricter => {
                let (was, is) = (same.auth.clone(), endpoint.auth);
                // Beside a public definition, the other one alone decides whether a key is needed.
                same.optional = match (&was, &is) {
                    (DraftAuth::Public, _) => endpoint.optional,
                    (_, DraftAuth::Public) => same.optional,
                    _ => same.optional && endpoint.optional,
                };
                same.auth = was.and(is);
                same.optional &= matches!(same.auth, DraftAuth::AnyOf(_));
            }
        }
        if is_same {
            Added::Same(name)
        } else {
            Added::Differs(name)
        }
    }

    /// Where nothing of a request chooses between the variants of an operation, as of what stands behind `#`, a request
    /// must meet all of them.
    fn add_defaults(&mut self) {
        for variants in self.operations.values_mut() {
            let is_chosen = |one: &DraftEndpoint| one.variant.is_none() || !one.query.is_empty();
            let [first, rest @ ..] = variants.as_slice() else {
                continue;
            };
            if variants.iter().any(is_chosen) || rest.is_empty() {
                continue;
            }
            let mut default = DraftEndpoint {
                variant: None,
                summary: None,
                ..first.clone()
            };
            for other in rest {
                default.auth = default.auth.and(other.auth.clone());
                default.optional &= other.optional;
                default.deprecated &= other.deprecated;
            }
            default.optional &= matches!(default.auth, DraftAuth::AnyOf(_));
            // What a request without a mode gets is the first by name: it must not be open where another is not.
            let first = variants.iter().min_by(|a, b| a.variant.cmp(&b.variant));
            let asks = |one: &DraftEndpoint| match &one.auth {
                DraftAuth::Public => false,
                DraftAuth::NotStated => true,
                DraftAuth::AnyOf(ways) => {
                    !one.optional && ways.iter().all(|way| !way.scopes.is_empty())
                }
            };
            let is_same = variants.iter().all(|one| one.auth == default.auth);
            if !first.is_some_and(asks) && !is_same {
                variants.push(default);
            }
        }
    }

    /// The catalog file.
    pub(super) fn finish(mut self, today: &Date) -> RawCatalog {
        self.add_defaults();
        self.use_scopes();
        let several_types = self.key_types.len() > 1;
        let mut modes: BTreeSet<String> = BTreeSet::new();
        let mut endpoints = Vec::new();
        let operations = std::mem::take(&mut self.operations);
        for ((shape, method), variants) in operations {
            let first = &variants[0];
            let name = format!("{method} {}", first.path);
            let same = variants
                .iter()
                .all(|one| one.auth == first.auth && one.optional == first.optional);
            let entry = if variants.len() == 1 || same {
                self.endpoint(first, several_types)
            } else {
                let mut each: Vec<(String, RawEndpoint)> = Vec::new();
                for variant in &variants {
                    let name = mode_name(variant.variant.as_deref());
                    let mut mode = name.clone();
                    let mut number = 2;
                    while each.iter().any(|(other, _)| *other == mode) {
                        mode = format!("{name}-{number}");
                        number += 1;
                    }
                    modes.insert(mode.clone());
                    let mut entry = self.endpoint(variant, several_types);
                    if !variant.query.is_empty() {
                        entry.query = Some(Entries(variant.query.clone()));
                    }
                    each.push((mode, entry));
                }
                each.sort_by(|a, b| (a.0 != DEFAULT_MODE, &a.0).cmp(&(b.0 != DEFAULT_MODE, &b.0)));
                RawEndpoint {
                    modes: Some(Entries(each)),
                    ..RawEndpoint::default()
                }
            };
            endpoints.push(((shape, method), (name, entry)));
        }
        endpoints.sort_by(|a, b| a.0.cmp(&b.0));
        let mut modes: Vec<String> = modes.into_iter().collect();
        modes.sort_by_key(|mode| (mode != DEFAULT_MODE, mode.clone()));
        modes.truncate(MOST_MODES);
        let scopes = self
            .scopes
            .iter()
            .map(|(name, scope)| (name.clone(), self.scope(scope, several_types)));
        RawCatalog {
            provider: Some(self.provider.clone()),
            title: self.title.clone(),
            sources: Some(
                self.sources
                    .iter()
                    .map(|url| RawSource {
                        url: url.clone(),
                        path: None,
                        commit: None,
                        licence: None,
                        verified: Some(today.clone()),
                    })
                    .collect(),
            ),
            note: self.note.clone(),
            key_types: Entries(
                if several_types || self.key_types.first().is_some_and(|one| one != "key") {
                    let types = self.key_types.iter();
                    types
                        .map(|name| {
                            let note = self.notes.get(name).cloned();
                            let key_type = RawKeyType {
                                note,
                                ..RawKeyType::default()
                            };
                            (name.clone(), key_type)
                        })
                        .collect()
                } else {
                    Vec::new()
                },
            ),
            environments: Entries(self.environments.clone()),
            modes: (!modes.is_empty()).then_some(modes),
            paths: self.ignores_case.then_some(RawPaths {
                case: Some(RawCase::Ignored),
            }),
            scopes: Entries(scopes.collect()),
            endpoints: Entries(endpoints.into_iter().map(|(_, entry)| entry).collect()),
            ..RawCatalog::default()
        }
    }

    /// Notes for every scope the key types on which operations ask for it, and adds those that nothing declares.
    fn use_scopes(&mut self) {
        let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for endpoint in self.operations.values().flatten() {
            if let DraftAuth::AnyOf(ways) = &endpoint.auth {
                for way in ways {
                    for scope in &way.scopes {
                        used.entry(scope.clone())
                            .or_default()
                            .insert(way.key_type.clone());
                    }
                }
            }
        }
        for (name, key_types) in used {
            self.scopes
                .entry(name)
                .or_default()
                .key_types
                .extend(key_types);
        }
        for scope in self.scopes.values_mut() {
            scope.key_types.retain(|name| self.key_types.contains(name));
        }
    }

    /// Counts what operations ask for on these key types as declared.
    pub(super) fn declare_on(&mut self, key_types: &BTreeSet<&String>) {
        let mut names = BTreeSet::new();
        for endpoint in self.operations.values().flatten() {
            if let DraftAuth::AnyOf(ways) = &endpoint.auth {
                let silent = ways.iter().filter(|way| key_types.contains(&way.key_type));
                names.extend(silent.flat_map(|way| way.scopes.iter().cloned()));
            }
        }
        for name in names {
            self.scopes.entry(name).or_default().declared = true;
        }
    }

    /// How many operations it has; a path with modes counts once for each.
    pub(super) fn operation_count(&self) -> usize {
        self.operations.values().map(Vec::len).sum()
    }

    /// Whether any operation names a scope.
    pub(super) fn asks_for_scopes(&self) -> bool {
        let mut operations = self.operations.values().flatten();
        operations.any(DraftEndpoint::asks_for_scopes)
    }

    /// How many operations may also be called without a key: those that name scopes, and the others.
    pub(super) fn optional_operations(&self) -> (usize, usize) {
        let optional = self
            .operations
            .values()
            .flatten()
            .filter(|one| one.optional);
        let (scoped, others): (Vec<_>, Vec<_>) = optional.partition(|one| one.asks_for_scopes());
        (scoped.len(), others.len())
    }

    /// The names that are used and not declared.
    pub(super) fn undeclared(&mut self) -> Vec<String> {
        self.use_scopes();
        let scopes = self.scopes.iter().filter(|(_, scope)| !scope.declared);
        scopes.map(|(name, _)| name.clone()).collect()
    }

    fn scope(&self, scope: &DraftScope, several_types: bool) -> RawScope {
        let restricted = several_types
            && !scope.key_types.is_empty()
            && scope.key_types.len() < self.key_types.len();
        RawScope {
            summary: scope.summary.clone(),
            risk: scope.risk.clone(),
            because: scope.because.clone(),
            key_types: restricted.then(|| self.type_names(&scope.key_types)),
            undeclared: !scope.declared,
            ..RawScope::default()
        }
    }

    /// Names of key types in the order of the catalog.
    fn type_names(&self, names: &BTreeSet<String>) -> Names {
        let in_order = self.key_types.iter().filter(|name| names.contains(*name));
        Names(in_order.cloned().collect())
    }

    fn endpoint(&self, endpoint: &DraftEndpoint, several_types: bool) -> RawEndpoint {
        let requirement = match &endpoint.auth {
            DraftAuth::Public => auth(RawAuth::None),
            DraftAuth::NotStated => auth(RawAuth::NotStated),
            DraftAuth::AnyOf(ways) => self.requirement(ways, several_types),
        };
        let least = endpoint
            .least
            .iter()
            .map(|(name, scopes)| (name.clone(), Names(scopes.iter().cloned().collect())));
        let least: Vec<(String, Names)> = least.collect();
        RawEndpoint {
            requirement,
            optional: endpoint.optional.then_some(true),
            // HTTP calls QUERY safe, as GET is.
            effect: (endpoint.method == "QUERY").then_some(RawEffect::Read),
            deprecated: endpoint.deprecated.then_some(RawDeprecated::Yes(true)),
            least: (!least.is_empty()).then_some(Entries(least)),
            tags: (!endpoint.tags.is_empty()).then(|| Names(endpoint.tags.clone())),
            summary: endpoint.summary.clone(),
            ..RawEndpoint::default()
        }
    }

    /// Any of some ways. Ways with the same scopes are merged; key types are written only if the scopes do not already
    /// determine them.
    fn requirement(&self, ways: &BTreeSet<Way>, several_types: bool) -> RawRequirement {
        let mut by_scopes: BTreeMap<&BTreeSet<String>, BTreeSet<String>> = BTreeMap::new();
        for way in ways {
            by_scopes
                .entry(&way.scopes)
                .or_default()
                .insert(way.key_type.clone());
        }
        let every: BTreeSet<String> = self.key_types.iter().cloned().collect();
        let part = |(scopes, types): (&&BTreeSet<String>, &BTreeSet<String>)| {
            let mut natural = every.clone();
            for scope in *scopes {
                if let Some(scope) = self
                    .scopes
                    .get(scope)
                    .filter(|one| !one.key_types.is_empty())
                {
                    natural.retain(|name| scope.key_types.contains(name));
                }
            }
            let key_types = (several_types && *types != natural).then(|| self.type_names(types));
            let names: Vec<&String> = scopes.iter().collect();
            let mut requirement = match names.as_slice() {
                [] => auth(RawAuth::AnyKey),
                [one] => one_scope(one),
                several => RawRequirement {
                    all: Some(several.iter().map(|name| Some(one_scope(name))).collect()),
                    ..RawRequirement::default()
                },
            };
            requirement.key_types = key_types;
            requirement
        };
        let mut parts: Vec<RawRequirement> = by_scopes.iter().map(part).collect();
        if parts.len() == 1 {
            return parts.remove(0);
        }
        RawRequirement {
            any: Some(parts.into_iter().map(Some).collect()),
            ..RawRequirement::default()
        }
    }
}

/// What a query in a document asks of a request: a parameter of the document stands for any value.
pub(super) fn query_of(text: &str) -> Vec<(String, RawQuery)> {
    let mut query: Vec<(String, RawQuery)> = Vec::new();
    for parameter in parse_query(text) {
        let value = parameter.value;
        let is_open = value.is_empty() || value.starts_with(['{', '<', ':']);
        let wanted = if is_open { "present".to_owned() } else { value };
        if query.iter().all(|(name, _)| *name != parameter.name) {
            query.push((parameter.name, RawQuery(wanted)));
        }
    }
    query
}

/// The mode of a request without a query, in a catalog that an import wrote.
pub(super) const DEFAULT_MODE: &str = "default";

/// The name of a mode, from what stands behind `?` or `#`.
fn mode_name(variant: Option<&str>) -> String {
    let Some(variant) = variant else {
        return DEFAULT_MODE.to_owned();
    };
    let mut name = String::new();
    for c in variant.chars() {
        if c.is_alphanumeric() || c == '_' {
            name.push(c);
        } else if !name.ends_with('-') && !name.is_empty() {
            name.push('-');
        }
    }
    let name = name.trim_end_matches('-');
    if name.is_empty() {
        DEFAULT_MODE.to_owned()
    } else {
        name.to_owned()
    }
}

fn auth(auth: RawAuth) -> RawRequirement {
    RawRequirement {
        auth: Some(auth),
        ..RawRequirement::default()
    }
}

fn one_scope(name: &str) -> RawRequirement {
    RawRequirement {
        scope: Some(name.to_owned()),
        ..RawRequirement::default()
    }
}

/// A summary as a short line: its first line, at most so many characters, without a final dot.
pub(super) fn short(text: &str) -> Option<String> {
    let line = text.trim().lines().next()?.trim();
    // The first sentence, unless it is too short.
    let sentence = line
        .match_indices(". ")
        .map(|(at, _)| at)
        .find(|at| *at >= SHORTEST_SENTENCE);
    let line = line[..sentence.unwrap_or(line.len())].trim_end_matches('.');
    if line.is_empty() {
        return None;
    }
    if line.chars().count() <= LONGEST_SUMMARY {
        return Some(line.to_owned());
    }
    let cut: String = line.chars().take(LONGEST_SUMMARY - 1).collect();
    let cut = cut
        .rsplit_once(' ')
        .map_or(cut.as_str(), |(whole, _)| whole);
    Some(format!("{cut}…"))
}

/// A provider's name from a title: lower case, words joined by `-`.
pub(super) fn slug(title: &str) -> String {
    let words = title
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .filter(|word| !matches!(word.as_str(), "api" | "the" | "rest" | "apis"));
    let slug = words.collect::<Vec<_>>().join("-");
    if slug.is_empty() {
        "provider".to_owned()
    } else {
        slug
    }
}
