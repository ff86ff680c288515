//! A key file → a [`Key`], its names resolved against a catalog.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::allow::allowances;
use super::catalog::{unknown, unknown_among, with_fix};
use super::raw::{RawKey, RawNeededScope, RawNeeds};
use super::shape::add_help;
use crate::finding::{Finding, Fix, RuleId, RuleName};
use crate::model::{
    Allowance, Catalog, EndpointId, EnvironmentId, Grant, GrantKind, Id, Key, KeyEnvironment,
    KeyTypeId, Meaning, Named, Need, NeedKind, Never, NoRoute, Pattern, RecipeId, Request, Retired,
    Risk, ScopeId, Wildcards,
};
use crate::source::limits::{
    LONGEST_NAME, MOST_ENVIRONMENTS, MOST_FINDINGS, MOST_JUDGED, MOST_PATTERN_TRIES, MOST_PATTERNS,
    MOST_VALUES_OF_KEY,
};
use crate::source::{
    Edit, Fault, FirstFault, NameList, Path, Patience, Place, Problem, Reading, Segment, Source,
    distance, is_blank, is_separator, nearest_one, split_names,
};

/// A key file as far as it could be read.
#[derive(Debug)]
pub struct LoadedKey {
    /// The key; `None` where not even its provider and name could be made out.
    pub key: Option<Key>,
    /// Everything that is wrong with the file itself and with the names in it.
    pub findings: Vec<Finding>,
    /// The findings that the file accepts.
    pub allowances: Vec<Allowance>,
}

/// A key file whose shape was read, before any of its names is resolved: a file is read once, to tell what it is, to choose
/// its catalog, and to load it.
#[derive(Debug)]
pub struct KeyReading(Reading<RawKey>);

impl KeyReading {
    /// The reading of a file without faults; else what was found first, with which [`KeyReading::after`] goes on.
    pub(crate) fn faultless(source: &Source) -> Result<Self, FirstFault> {
        if let Some(problem) = too_many_values(source) {
            return Err(FirstFault::OfAll(problem));
        }
        let value = Some(source.read_faultless()?);
        let problems = Vec::new();
        Ok(Self(Reading { value, problems }))
    }

    /// The reading of a file with faults, of which the first is known: every fault is found.
    pub(crate) fn after(source: &Source, first: FirstFault) -> Self {
        Self(source.read_with(first))
    }

    /// The reading of a file, whatever its faults.
    pub fn of(source: &Source) -> Self {
        match Self::faultless(source) {
            Ok(reading) => reading,
            Err(first) => Self::after(source, first),
        }
    }

    /// The provider that the file names, where that much can be read; enough to choose a catalog.
    pub fn provider(&self) -> Option<&str> {
        let raw = self.0.value.as_ref()?;
        Some(raw.provider.as_str()).filter(|provider| !provider.trim().is_empty())
    }
}

/// What is wrong with a key file that has more values than anybody writes, as far as its bytes tell: each stands behind a
/// comma, a bracket or the end of a line.
fn too_many_values(source: &Source) -> Option<Problem> {
    let text = source.text.as_bytes();
    let is_before_value = |byte: &&u8| matches!(byte, b',' | b'[' | b'{' | b'\n');
    let values = text.iter().filter(is_before_value).count();
    (values > MOST_VALUES_OF_KEY).then(|| Problem {
        fault: Fault::Syntax,
        message: format!("a key file has at most {MOST_VALUES_OF_KEY} values"),
        place: Place::At(0..0),
        help: Some(
            "a key file says what a key is for and which scopes it has: is this one?".to_owned(),
        ),
        meant: None,
    })
}

/// The provider that a key file names, where that much can be read; enough to choose a catalog.
pub fn declared_provider(source: &Source) -> Option<String> {
    KeyReading::of(source).provider().map(str::to_owned)
}

/// Which key or catalog a file is about, where that much can be read: the provider, and the key's name.
pub fn declared_identity(source: &Source) -> Option<String> {
    /// What a key and a catalog have in common at their top.
    #[derive(serde::Deserialize)]
    struct Top {
        provider: String,
        name: Option<String>,
    }
    let top = source.read::<Top>().value?;
    Some(match top.name {
        Some(name) => format!("key {}/{name}", top.provider),
        None => format!("catalog {}", top.provider),
    })
}

/// Reads a key file. Without a catalog only the shape of the file is looked at.
pub fn load_key(source: &Source, catalog: Option<&Catalog>) -> LoadedKey {
    load_read_key(source, KeyReading::of(source), catalog)
}

/// Loads a key file that was read before.
pub fn load_read_key(
    source: &Source,
    KeyReading(reading): KeyReading,
    catalog: Option<&Catalog>,
) -> LoadedKey {
    // A need at fault was reported; it is declared all the same.
    let needs = Segment::Field("needs".to_owned());
    let damaged = reading.problems.iter();
    let damaged: Vec<Path> = damaged
        .filter_map(|problem| problem.place.path().cloned())
        .collect();
    let faulty_needs = damaged.iter().any(|path| path.0.contains(&needs));
    let mut findings: Vec<Finding> = reading.problems.into_iter().map(with_fix).collect();
    add_help(&mut findings, source, catalog);
    let raw = reading.value;
    findings.extend(raw.iter().flat_map(|raw| empty_names(source, raw)));
    let (Some(raw), Some(catalog)) = (&raw, catalog) else {
        return LoadedKey {
            key: None,
            findings,
            allowances: raw
                .as_ref()
                .map_or_else(Vec::new, |raw| of_key(raw, &damaged, catalog)),
        };
    };
    let mut resolver = Resolver {
        catalog,
        findings,
        wanted: HashMap::new(),
        asked: HashSet::new(),
        key_type: KeyTypeId::new(0),
        environments: Vec::new(),
        beside: HashSet::new(),
        beside_here: HashSet::new(),
        unclear: faulty_needs,
        misspelt: false,
        known_needed: Vec::new(),
        accepted: Vec::new(),
        owner: raw.owner.clone(),
        frozen: Vec::new(),
        has_stranger: false,
        patience: Patience::default(),
        names: Rc::new(Names::new(catalog)),
    };
    let mut key = resolver.key(raw);
    let frozen = resolver
        .frozen
        .iter()
        .map(|list| list.0.as_slice())
        .collect();
    for finding in &mut resolver.findings {
        finding.without_changes_to(&frozen);
    }
    key.frozen = resolver.frozen;
    key.declares_needs |= faulty_needs;
    key.has_unclear_needs = resolver.unclear;
    key.has_misspelt_needs = resolver.misspelt;
    key.known_needed_scopes = resolver.known_needed;
    let everywhere = key.grants.iter().map(|grant| format!(" {}", grant.name));
    let local = key.environments.iter().flat_map(|environment| {
        let name = &environment.name;
        let grants = environment.grants.iter();
        grants.map(move |grant| format!("{name} {}", grant.name))
    });
    key.holdings = everywhere.chain(local).collect();
    key.holdings.sort();
    key.holdings.dedup();
    LoadedKey {
        key: Some(key),
        findings: resolver.findings,
        allowances: of_key(raw, &damaged, Some(catalog))
            .into_iter()
            .chain(resolver.accepted)
            .collect(),
    }
}

/// The two fields that every key file has, where they are there and empty: nothing could be judged, or told apart.
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
        // What lacks altogether, or is no text, was reported.
        located.is_empty_text(&place)
    });
    written
        .map(|(field, _, help)| {
            let place = Path::root().field(field).value();
            Finding::new(RuleId::MissingField, place, format!("`{field}` is empty")).help(*help)
        })
        .collect()
}

/// What the names of a key stand for; patterns are compared with every scope, but only so often.
struct Names<'a> {
    catalog: &'a Catalog,
    patterns: RefCell<HashMap<String, bool>>,
    tries: Cell<usize>,
}

impl<'a> Names<'a> {
    fn new(catalog: &'a Catalog) -> Self {
        Self {
            catalog,
            patterns: RefCell::default(),
            tries: Cell::new(0),
        }
    }

    fn meaning<'n>(&self, name: &'n str) -> Option<Meaning<'n>> {
        let is_pattern = name.contains('*') && matches!(self.catalog.wildcards, Wildcards::Glob);
        if !is_pattern || self.catalog.scope_id(name).is_some() {
            return self.catalog.meaning(name);
        }
        if let Some(fits) = self.patterns.borrow().get(name) {
            return if *fits {
                self.catalog.meaning(name)
            } else {
                None
            };
        }
        if self.is_over() {
            return None;
        }
        self.tries.set(
            self.tries
                .get()
                .saturating_add(self.catalog.effort_of(name)),
        );
        let meaning = self.catalog.meaning(name);
        let mut patterns = self.patterns.borrow_mut();
        patterns.insert(name.to_owned(), meaning.is_some());
        meaning
    }

    fn is_over(&self) -> bool {
        self.tries.get() > MOST_PATTERN_TRIES
    }
}

/// What a name that a provider does not have must mean.
#[derive(Debug, Default)]
struct Meant {
    /// The scopes; none where nothing can be told.
    scopes: Vec<ScopeId>,
    /// Whether they replaced a name that the provider retired.
    is_retired: bool,
}

impl Meant {
    fn one(id: ScopeId) -> Self {
        Self {
            scopes: vec![id],
            is_retired: false,
        }
    }
}

struct Resolver<'a> {
    catalog: &'a Catalog,
    findings: Vec<Finding>,
    /// Scopes that the declared needs may use, each with the place of the first such need: a misspelt name that means one
    /// of them can be fixed safely.
    wanted: HashMap<ScopeId, Path>,
    /// The needs of which the scopes are noted.
    asked: HashSet<NeedKind>,
    /// The type of the key.
    key_type: KeyTypeId,
    /// The environments in which the grants that are read now apply; none while the needs are read.
    environments: Vec<EnvironmentId>,
    /// The names in the list for every environment.
    beside: HashSet<String>,
    /// The names in the list of the environment that is read now.
    beside_here: HashSet<String>,
    /// Whether a need could not be resolved, not even to the one that must be meant.
    unclear: bool,
    /// Whether a need was resolved to the one that it must mean.
    misspelt: bool,
    /// The scopes that are named as needed although the catalog knows what they open.
    known_needed: Vec<(ScopeId, Path)>,
    /// What `needs.scopes` accepts at high or critical risk.
    accepted: Vec<Allowance>,
    /// Who answers for the key.
    owner: Option<String>,
    /// The lists that stand in one text which must not be rewritten.
    frozen: Vec<Path>,
    /// Whether a name was looked up that nothing near is known of.
    has_stranger: bool,
    patience: Patience,
    names: Rc<Names<'a>>,
}

impl Resolver<'_> {
    fn key(&mut self, raw: &RawKey) -> Key {
        let root = Path::root();
        self.key_type = self.key_type(raw);
        let mut needs = self.needs(raw.needs.as_ref(), &root.field("needs"));
        let mut environments = Vec::new();
        let most = self.most_environments(raw, needs.len());
        for (name, section) in raw.environments.0.iter().take(most) {
            let at = root.field("environments").field(name);
            let index = self.environment(name, &at);
            let needs = self.needs(section.needs.as_ref(), &at.field("needs"));
            // What an environment needs that the provider does not have is declared, and not judged.
            self.unclear |=
                index.is_none() && !self.catalog.environments.is_empty() && !needs.is_empty();
            environments.push((name, section, index, at, needs));
        }
        // A misspelt environment is the one that must be meant, unless the file has that as well.
        let mut times: HashMap<EnvironmentId, usize> = HashMap::new();
        for index in environments.iter().filter_map(|(_, _, index, ..)| *index) {
            *times.entry(index).or_default() += 1;
        }
        let is_alone = |index: EnvironmentId| times.get(&index) == Some(&1);
        let catalog = self.catalog;
        let names: Vec<String> = environments
            .iter()
            .map(|(name, _, index, ..)| match index {
                Some(index) if is_alone(*index) => catalog.environments[*index].name.clone(),
                _ => (*name).clone(),
            })
            .collect();
        let declares_needs = std::iter::once(&raw.needs)
            .chain(raw.environments.0.iter().map(|(_, section)| &section.needs))
            .flatten()
            .any(declares);
        self.environments = environments
            .iter()
            .filter_map(|(_, _, index, ..)| *index)
            .collect();
        self.environments.sort_unstable();
        self.environments.dedup();
        let known = Rc::clone(&self.names);
        let listed = |list: &Option<NameList>| -> HashSet<String> {
            let names = names_of(list.as_ref(), &Path::root(), &|name| {
                known.meaning(name).is_some()
            });
            names.into_iter().map(|(name, _)| name.to_owned()).collect()
        };
        self.beside = listed(&raw.scopes);
        let mut grants = self.grants(raw.scopes.as_ref(), &root.field("scopes"));
        grants.extend(self.bundles(raw.bundles.as_ref(), &root.field("bundles")));
        self.rename(environments.iter().map(|one| one.0).zip(&names));
        let environments = environments
            .into_iter()
            .zip(names)
            .map(|((_, section, index, at, needs), name)| {
                self.environments = index.into_iter().collect();
                self.beside_here = listed(&section.scopes);
                let mut grants = self.grants(section.scopes.as_ref(), &at.field("scopes"));
                grants.extend(self.bundles(section.bundles.as_ref(), &at.field("bundles")));
                KeyEnvironment {
                    name,
                    index,
                    grants,
                    needs,
                    at,
                }
            })
            .collect();
        // A recipe's endpoint that is written out as well is one need.
        let written: HashSet<NeedKind> = needs
            .iter()
            .filter(|need| need.recipe.is_none())
            .map(|need| need.kind)
            .collect();
        needs.retain(|need| need.recipe.is_none() || !written.contains(&need.kind));
        Key {
            provider: raw.provider.clone(),
            name: raw.name.clone(),
            owner: raw.owner.clone(),
            purpose: raw.purpose.clone(),
            key_type: self.key_type,
            grants,
            needs,
            declares_needs,
            never: self.never(raw),
            environments,
            has_unclear_needs: false,
            has_misspelt_needs: false,
            known_needed_scopes: Vec::new(),
            expires: raw.expires.clone(),
            frozen: Vec::new(),
            holdings: Vec::new(),
            observed: None,
        }
    }

    /// Keeps a finding, as long as there are not more than are told.
    fn report(&mut self, finding: Finding) {
        if self.findings.len() <= MOST_FINDINGS {
            self.findings.push(finding);
        }
    }

    /// How many of the environments are judged: all of them but where they are too many, which is reported.
    fn most_environments(&mut self, raw: &RawKey, needs: usize) -> usize {
        let granted = match &raw.scopes {
            Some(NameList::Items(items)) => items.len(),
            Some(NameList::Text(text)) => text.len() / 2,
            None => 0,
        };
        // What is needed and granted everywhere is judged in each of them.
        let each = 5 * needs + granted + self.catalog.endpoints.len() + 1;
        let most = (MOST_JUDGED / each).clamp(1, MOST_ENVIRONMENTS);
        if let Some((name, _)) = raw.environments.0.get(most) {
            let count = raw.environments.0.len();
            let message = match most {
                MOST_ENVIRONMENTS => {
                    format!(
                        "a key has at most {MOST_ENVIRONMENTS} environments, and this has {count}"
                    )
                }
                _ => {
                    format!("{count} environments are too many for what is needed in each of them")
                }
            };
            let place = Path::root().field("environments").field(name).key();
            let finding = Finding::new(RuleId::WrongType, place, message);
            let help = "from this one on nothing is checked: split the key file";
            self.report(finding.help(help));
        }
        most
    }

    /// Speaks of environments by their right names, in what was found and accepted so far.
    fn rename<'n>(&mut self, names: impl Iterator<Item = (&'n String, &'n String)>) {
        let right: HashMap<&String, &String> = names.collect();
        let found = self.findings.iter_mut().map(|one| &mut one.environment);
        let accepted = self.accepted.iter_mut().map(|one| &mut one.environment);
        for environment in found.chain(accepted).flatten() {
            if let Some(name) = right.get(environment) {
                environment.clone_from(name);
            }
        }
    }

    /// The environment of a name; of a misspelt one, which is reported, the one that must be meant.
    fn environment(&mut self, name: &str, at: &Path) -> Option<EnvironmentId> {
        let known = || {
            self.catalog
                .environments
                .iter()
                .map(|environment| environment.name.as_str())
        };
        let found = self.catalog.environment(name);
        // A misspelt one counts as the one that must be meant.
        let index = found.or_else(|| {
            nearest_one(name, known()).and_then(|meant| self.catalog.environment(meant))
        });
        if found.is_none() && !self.catalog.environments.is_empty() {
            let message = format!("{} has no environment `{name}`", self.catalog.provider);
            let names = self
                .catalog
                .environments
                .iter()
                .map(|environment| environment.name.as_str());
            let mut finding = unknown(
                RuleId::UnknownEnvironment,
                &message,
                name,
                at.clone().key(),
                names.clone(),
            );
            if finding.help.is_none() {
                finding.help = Some(format!("it has: {}", names.collect::<Vec<_>>().join(", ")));
            }
            finding.environment = Some(name.to_owned());
            self.report(finding);
        }
        index
    }

    fn key_type(&mut self, raw: &RawKey) -> KeyTypeId {
        let names = || {
            self.catalog
                .key_types
                .iter()
                .map(|key_type| key_type.name.as_str())
        };
        let listed = || names().collect::<Vec<_>>().join(", ");
        match &raw.key_type {
            Some(name) => match self.catalog.key_type(name) {
                Some(index) => return index,
                None => {
                    let message = format!("{} has no key type `{name}`", self.catalog.provider);
                    let place = Path::root().field("key_type").value();
                    let mut finding =
                        unknown(RuleId::UnknownKeyType, &message, name, place, names());
                    if finding.help.is_none() {
                        finding.help = Some(format!("it has: {}", listed()));
                    }
                    self.report(finding);
                }
            },
            None if self.catalog.key_types.len() > 1 => {
                let message = format!(
                    "nothing says which type of key this is, and {} has several",
                    self.catalog.provider
                );
                let place = Path::root().field("provider").value();
                let help = format!("add `key_type` with one of {}", listed());
                self.report(Finding::new(RuleId::MissingField, place, message).help(help));
            }
            None => {}
        }
        // The judgement goes on with the type that may carry the most, so that one fault makes one finding.
        let carries = |index: &KeyTypeId| {
            self.catalog
                .scopes
                .iter()
                .filter(|scope| scope.key_types.has(*index))
                .count()
        };
        self.catalog
            .key_types
            .ids()
            .max_by_key(carries)
            .unwrap_or(KeyTypeId::new(0))
    }

    fn grants(&mut self, names: Option<&NameList>, path: &Path) -> Vec<Grant> {
        let known = Rc::clone(&self.names);
        let listed = names_of(names, path, &|name| known.meaning(name).is_some());
        self.has_stranger = false;
        let mut grants = Vec::new();
        for (name, at) in &listed {
            grants.extend(self.grant(name, at.clone()));
        }
        self.freeze(names, path, &listed);
        grants
    }

    /// Notes a list in one text that no machine may rewrite: a part of it is not known, or a name of it would be split
    /// where it stands among others.
    fn freeze(&mut self, names: Option<&NameList>, path: &Path, listed: &[(&str, Path)]) {
        if !matches!(names, Some(NameList::Text(_))) {
            return;
        }
        let is_divisible = listed.len() > 1 && self.catalog.has_names_with(is_separator);
        let has_whole = listed
            .iter()
            .any(|(_, at)| matches!(at.0.last(), Some(Segment::Words(..))));
        if self.has_stranger || is_divisible || has_whole {
            self.frozen.push(path.clone());
        }
    }

    fn grant(&mut self, name: &str, at: Path) -> Vec<Grant> {
        if name.is_empty() {
            return Vec::new();
        }
        if name.len() > LONGEST_NAME {
            let size = name.len();
            let message = format!("this name has {size} bytes, and the limit is {LONGEST_NAME}");
            self.has_stranger = true;
            let finding = Finding::new(RuleId::UnknownScope, at.value(), message)
                .help("one name to an item; several in one text are separated by spaces or commas");
            self.report(finding);
            return Vec::new();
        }
        if let Some(meaning) = self.names.meaning(name) {
            if let Meaning::Bundle(_) = meaning {
                let finding = Finding::new(
                    RuleId::UnknownScope,
                    at.clone().value(),
                    format!("`{name}` is a bundle, not a scope"),
                )
                .help("write it under `bundles`")
                .scope(name);
                self.report(finding);
            }
            return vec![Grant {
                name: name.to_owned(),
                kind: match meaning {
                    Meaning::Scope(id) => GrantKind::Scope(id),
                    Meaning::Bundle(index) => GrantKind::Bundle(index),
                    Meaning::Wildcard(_) => GrantKind::Wildcard,
                },
                members: self.catalog.members(meaning),
                // A bundle among the scopes was reported for where it stands.
                misspelt: matches!(meaning, Meaning::Bundle(_)),
                retired: None,
                at,
            }];
        }
        let meant = self.unknown_scope(name, &at);
        let is_alone = meant.scopes.len() == 1;
        let retired = meant.is_retired.then_some(Retired { is_alone });
        let scopes = meant.scopes.into_iter();
        scopes
            .map(|id| Grant {
                name: self.catalog.name(id).to_owned(),
                kind: GrantKind::Scope(id),
                members: self.catalog.members(Meaning::Scope(id)),
                misspelt: true,
                retired,
                at: at.clone(),
            })
            .collect()
    }

    /// Reports a name that is no scope. The scope that it must mean, if there is one, counts as granted, so that the
    /// one fault is not reported again as a scope that is missing; so does what replaced a name that is retired, where the
    /// needs take it.
    fn unknown_scope(&mut self, name: &str, at: &Path) -> Meant {
        let catalog = self.catalog;
        let place = at.clone().value();
        let message = format!("{} has no scope `{name}`", catalog.provider);
        if let Some(replacements) = catalog.replacements(name) {
            let names: Vec<&str> = replacements.iter().map(|id| catalog.name(*id)).collect();
            let help = match names.as_slice() {
                [] => format!("{} does not say what took its place", catalog.provider),
                names => format!("what replaced it: `{}`", names.join("`, `")),
            };
            let finding = Finding::new(RuleId::UnknownScope, place, message)
                .label("retired by the provider")
                .help(help)
                .scope(name);
            // What the needs take of it is known once the key is judged: the fix is made then.
            self.report(finding);
            return Meant {
                scopes: replacements.to_vec(),
                is_retired: true,
            };
        }
        if name.contains('*') {
            self.has_stranger = true;
            let finding = Finding::new(RuleId::UnknownScope, place, message)
                .help(match &catalog.wildcards {
                    Wildcards::Named(named) if named.is_empty() => {
                        format!("{} has no wildcards; name the scopes", catalog.provider)
                    }
                    Wildcards::Named(_) => format!(
                        "{} accepts no such wildcard; name the scopes",
                        catalog.provider
                    ),
                    Wildcards::Glob if self.names.is_over() => format!(
                        "the patterns of a key are compared with at most {MOST_PATTERN_TRIES} names in all; name the scopes"
                    ),
                    Wildcards::Glob => "no scope matches this pattern; name the scopes".to_owned(),
                })
                .scope(name);
            self.report(finding);
            return Meant::default();
        }
        let near = catalog.near(Named::Scope, name, &self.patience);
        let finding = unknown_among(
            RuleId::UnknownScope,
            &message,
            place.clone(),
            &near,
            &self.patience,
        );
        let mut finding = finding.scope(name);
        if finding.help.is_none() {
            finding.help = Some(match self.several_in(name) {
                Some(names) => format!("write {names}, each as an item of its own"),
                None => format!("`scopes show {} scopes` lists them", catalog.handle),
            });
        }
        let meant = near.meant().and_then(|meant| catalog.scope_id(meant));
        if let Some(id) = meant {
            let asked_for = self.asked_for(id).cloned();
            let meant = catalog.name(id);
            let message = match distance(name, meant) {
                1 => "one letter away".to_owned(),
                2 => "two letters away".to_owned(),
                _ => format!("did you mean `{meant}`?"),
            };
            if self.beside.contains(meant) || self.beside_here.contains(meant) {
                let help = format!("`{meant}` is granted already; did you mean that?");
                let fix = Fix::removal("granted already by its right name", name, at);
                self.report(finding.help(help).fix(fix));
                return Meant::one(id);
            }
            let edit = place.renamed(meant).filter(|_| self.can_hold(id));
            if edit.is_some() {
                finding.help = None;
            }
            finding.fix = edit.map(|edit| Fix {
                message,
                done: format!("now {meant}"),
                edits: vec![edit],
                // Whether the needs take it is known once the key is judged.
                safe: false,
                asked_for: asked_for.map(Path::value),
            });
        }
        self.has_stranger |= meant.is_none();
        self.report(finding);
        meant.map_or_else(Meant::default, Meant::one)
    }

    /// The names that an item of a list seems to hold together: an item is one name.
    fn several_in(&self, item: &str) -> Option<String> {
        let is_known = |name: &str| self.names.meaning(name).is_some();
        let names = split_names(item, &is_known);
        let all_known = names.len() > 1 && names.iter().all(|one| is_known(one.name));
        all_known.then(|| {
            let names: Vec<String> = names.iter().map(|one| format!("`{}`", one.name)).collect();
            names.join(" and ")
        })
    }

    /// The place of a need that may use a scope.
    fn asked_for(&self, id: ScopeId) -> Option<&Path> {
        self.wanted.get(&id)
    }

    /// Whether this key may carry a scope wherever what is read now is granted: else to write its name fixes nothing.
    fn can_hold(&self, id: ScopeId) -> bool {
        let scope = self.catalog.scope(id);
        let exists = |index: &EnvironmentId| scope.environments.has(*index);
        scope.key_types.has(self.key_type) && self.environments.iter().all(exists)
    }

    /// Reports a scope that stands among the bundles. It counts as granted.
    fn scope_among_bundles(&mut self, id: ScopeId, at: Path) -> Grant {
        let name = self.catalog.name(id).to_owned();
        let message = format!("`{name}` is a scope, not a bundle");
        let asked_for = self.asked_for(id).cloned();
        let list = Path(at.0[..at.0.len() - 1].to_vec());
        let section = Path(list.0[..list.0.len() - 1].to_vec());
        let finding = Finding::new(RuleId::UnknownBundle, at.clone().value(), message)
            .help("write it under `scopes`")
            .scope(&name);
        let fix = Fix {
            done: format!("{name} is under scopes now"),
            edits: vec![
                Edit::Items(at.clone(), Vec::new()),
                Edit::Append(section.field("scopes"), vec![name.clone()], list),
            ],
            // Whether the needs take it is known once the key is judged.
            safe: false,
            asked_for: asked_for.map(Path::value),
            ..Fix::removal("it is a scope", &name, &at)
        };
        self.report(match self.can_hold(id) {
            true => finding.fix(fix),
            false => finding,
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

    fn bundles(&mut self, names: Option<&NameList>, path: &Path) -> Vec<Grant> {
        let catalog = self.catalog;
        let listed = names_of(names, path, &|name| {
            catalog.scope_id(name).is_some() || catalog.bundle(name).is_some()
        });
        self.has_stranger = false;
        let mut grants = Vec::new();
        for (name, at) in listed.clone() {
            if let Some(id) = self.catalog.scope_id(name)
                && self.catalog.bundle(name).is_none()
            {
                grants.push(self.scope_among_bundles(id, at));
                continue;
            }
            let written = self.catalog.bundle(name);
            let meant = match written {
                Some(bundle) => Some(bundle),
                None => {
                    let message = format!("{} has no bundle `{name}`", self.catalog.provider);
                    let place = at.clone().value();
                    let near = catalog.near(Named::Bundle, name, &self.patience);
                    let finding = unknown_among(
                        RuleId::UnknownBundle,
                        &message,
                        place,
                        &near,
                        &self.patience,
                    );
                    let meant = near.meant().and_then(|meant| catalog.bundle(meant));
                    self.has_stranger |= meant.is_none();
                    self.report(finding.scope(name));
                    meant
                }
            };
            if let Some(bundle) = meant {
                grants.push(Grant {
                    name: self.catalog.bundles[bundle].name.clone(),
                    kind: GrantKind::Bundle(bundle),
                    members: self.catalog.bundles[bundle].scopes.clone(),
                    misspelt: written.is_none(),
                    retired: None,
                    at,
                });
            }
        }
        self.freeze(names, path, &listed);
        grants
    }

    fn needs(&mut self, raw: Option<&RawNeeds>, path: &Path) -> Vec<Need> {
        let Some(raw) = raw else { return Vec::new() };
        let mut needs = Vec::new();
        let mut seen: HashSet<NeedKind> = HashSet::new();
        let mut seen_recipes: HashSet<RecipeId> = HashSet::new();
        for (index, text) in raw.endpoints.iter().flatten().enumerate() {
            let at = path.field("endpoints").item(index);
            match text.as_ref().and_then(|text| self.endpoint(text, &at)) {
                // What stands there twice is needed once.
                Some(endpoint) if !seen.insert(NeedKind::Endpoint(endpoint)) => {}
                Some(endpoint) => needs.push(Need {
                    kind: NeedKind::Endpoint(endpoint),
                    recipe: None,
                    observed: false,
                    at,
                }),
                None => self.unclear = true,
            }
        }
        let catalog = self.catalog;
        let recipes = names_of(raw.recipes.as_ref(), &path.field("recipes"), &|name| {
            catalog.recipe(name).is_some()
        });
        for (name, at) in recipes {
            let meant = match self.catalog.recipe(name) {
                Some(recipe) => Some(recipe),
                None => {
                    let message = format!("{} has no recipe `{name}`", self.catalog.provider);
                    let place = at.clone().value();
                    let near = catalog.near(Named::Recipe, name, &self.patience);
                    let finding = unknown_among(
                        RuleId::UnknownRecipe,
                        &message,
                        place,
                        &near,
                        &self.patience,
                    );
                    self.report(finding.scope(name));
                    self.misspelt = true;
                    near.meant().and_then(|meant| catalog.recipe(meant))
                }
            };
            self.unclear |= meant.is_none();
            if let Some(recipe) = meant.filter(|recipe| seen_recipes.insert(*recipe)) {
                needs.extend(self.catalog.recipes[recipe].needs().map(|kind| Need {
                    kind,
                    recipe: Some(recipe),
                    observed: false,
                    at: at.clone(),
                }));
            }
        }
        let events = names_of(raw.events.as_ref(), &path.field("events"), &|name| {
            catalog.event(name).is_some()
        });
        for (name, at) in events {
            let meant = match self.catalog.event(name) {
                Some(event) => Some(event),
                None => {
                    let message = format!("{} has no event `{name}`", self.catalog.provider);
                    let place = at.clone().value();
                    let near = catalog.near(Named::Event, name, &self.patience);
                    let finding =
                        unknown_among(RuleId::UnknownEvent, &message, place, &near, &self.patience);
                    self.report(finding.scope(name));
                    self.misspelt = true;
                    near.meant().and_then(|meant| catalog.event(meant))
                }
            };
            self.unclear |= meant.is_none();
            if let Some(event) = meant.filter(|event| seen.insert(NeedKind::Event(*event))) {
                needs.push(Need {
                    kind: NeedKind::Event(event),
                    recipe: None,
                    observed: false,
                    at,
                });
            }
        }
        self.needed_scopes(raw, path, &mut needs);
        self.want(&needs);
        needs
    }

    fn needed_scopes(&mut self, raw: &RawNeeds, path: &Path, needs: &mut Vec<Need>) {
        for (index, needed) in raw.scopes.iter().flatten().enumerate() {
            let Some(needed) = needed else { continue };
            let entry = path.field("scopes").item(index);
            let at = entry.field("scope");
            let known = self.catalog.scope_id(&needed.scope);
            let found = match known {
                Some(id) => Some(id),
                None => {
                    self.misspelt = true;
                    match self.unknown_scope(&needed.scope, &at).scopes.as_slice() {
                        [one] => Some(*one),
                        _ => None,
                    }
                }
            };
            self.unclear |= found.is_none();
            let Some(id) = found else { continue };
            if self.catalog.opens_on(self.key_type, id) {
                // What it opens is known, so the need is for the endpoints: they are to be named.
                self.known_needed.push((id, at));
                continue;
            }
            // Only what is asked for by its name may be granted without asking.
            if known.is_some() {
                self.wanted.entry(id).or_insert_with(|| at.clone());
            }
            if self.catalog.scope(id).risk_on(self.key_type) >= Risk::High {
                self.accept(id, needed, &entry);
            }
            needs.push(Need {
                kind: NeedKind::Scope(id),
                recipe: None,
                observed: false,
                at,
            });
        }
    }

    /// What a scope at high or critical risk opens is not known, so that the entry accepts it as an allowance does: with a
    /// reason, an owner and an end. Without these it accepts nothing.
    fn accept(&mut self, id: ScopeId, needed: &RawNeededScope, entry: &Path) {
        let owner = needed.owner.clone().or_else(|| self.owner.clone());
        let owner = owner.filter(|owner| !is_blank(owner));
        let reason = needed.because.clone();
        let reason = reason.filter(|reason| !is_blank(reason));
        let (Some(owner), Some(until), Some(reason)) = (owner, needed.until.clone(), reason) else {
            return;
        };
        self.accepted.push(Allowance {
            rule: RuleName::Known(RuleId::UnprovenScope),
            scope: Some(self.catalog.name(id).to_owned()),
            endpoint: None,
            environment: environment_of(entry).map(str::to_owned),
            reason: Some(reason),
            owner: Some(owner),
            until: Some(until),
            may_be_unused: true,
            at: entry.clone(),
        });
    }

    /// Notes the scopes that the needs may use.
    fn want(&mut self, needs: &[Need]) {
        for need in needs {
            if matches!(need.kind, NeedKind::Scope(_)) || !self.asked.insert(need.kind) {
                continue;
            }
            for id in self.catalog.scopes_of(need.kind) {
                self.wanted.entry(id).or_insert_with(|| need.at.clone());
            }
        }
    }

    fn endpoint(&mut self, text: &str, at: &Path) -> Option<EndpointId> {
        let place = at.clone().value();
        let Some(request) = Request::parse(text) else {
            let finding = Finding::new(
                RuleId::UnknownEndpoint,
                place,
                format!("`{text}` is not a valid endpoint"),
            )
            .help("an endpoint is `METHOD /path`, for example `GET /users/{id}`")
            .endpoint(text);
            self.report(finding);
            return None;
        };
        match self.catalog.find(&request) {
            Ok(found) => {
                if found.drops_query && found.modes.len() > 1 {
                    self.report(dropped_query(self.catalog, &request, found.gets, place));
                }
                Some(found.gets)
            }
            Err(no_route) => {
                let finding = self.no_endpoint(&request, &no_route, place);
                self.report(finding);
                self.misspelt = true;
                let meant = self.meant_endpoint(&request, &no_route);
                // Where the mode is not the one that was asked for, what it takes is not what was meant.
                let has_mode = |index: EndpointId| self.catalog.endpoints[index].mode.is_some();
                let is_near = |index: EndpointId| {
                    let mode = self.catalog.endpoints[index].mode;
                    let mode = mode.map(|mode| self.catalog.modes[mode].as_str());
                    let asked = request.mode.as_deref();
                    asked
                        .zip(mode)
                        .is_some_and(|(asked, mode)| nearest_one(asked, [mode]).is_some())
                };
                self.unclear |= request.mode.is_some()
                    && meant.is_some_and(|index| has_mode(index) && !is_near(index));
                meant
            }
        }
    }

    /// The finding for a request that reaches no endpoint, with what it may have meant.
    fn no_endpoint(&self, request: &Request, why: &NoRoute, place: Place) -> Finding {
        let text = request.to_string();
        let message = format!("{} has no endpoint `{text}`", self.catalog.provider);
        Finding::new(RuleId::UnknownEndpoint, place, message)
            .help(why.help(self.catalog, request, &self.patience))
            .endpoint(text)
    }

    /// The one endpoint that a misspelt request must mean: it counts as that one everywhere else.
    fn meant_endpoint(&self, request: &Request, why: &NoRoute) -> Option<EndpointId> {
        let catalog = self.catalog;
        let without_mode = Request {
            mode: None,
            ..request.clone()
        };
        if let (NoRoute::OtherModes(modes), Some(asked)) = (why, &request.mode)
            && let Some(mode) = nearest_one(asked, modes.iter().map(String::as_str))
        {
            let meant = Request {
                mode: Some(mode.to_owned()),
                ..request.clone()
            };
            return catalog.find(&meant).ok().map(|found| found.gets);
        }
        if matches!(why, NoRoute::OtherModes(_)) {
            return catalog.find(&without_mode).ok().map(|found| found.gets);
        }
        // A path that is there with other methods is right: who writes another method means that one.
        let is_method = |method: &str| METHODS.contains(&method);
        if matches!(why, NoRoute::OtherMethods(_)) && is_method(&request.method) {
            return None;
        }
        let endpoint = &catalog.endpoints[catalog.nearest_endpoint(request, &self.patience)?];
        let meant = format!("{} {}", endpoint.method, endpoint.path);
        // In the mode that was asked for, where the endpoint has it.
        let meant = Request {
            mode: request.mode.clone(),
            ..Request::parse(&meant)?
        };
        let without_mode = Request {
            mode: None,
            ..meant.clone()
        };
        let found = catalog
            .find(&meant)
            .or_else(|_| catalog.find(&without_mode));
        found.ok().map(|found| found.gets)
    }

    fn never(&mut self, raw: &RawKey) -> Vec<Never> {
        let mut patterns = Vec::new();
        for (index, text) in raw.never.iter().flatten().enumerate() {
            let Some(text) = text else { continue };
            let at = Path::root().field("never").item(index);
            if index == MOST_PATTERNS {
                let message = format!("a key has at most {MOST_PATTERNS} patterns under `never`");
                let finding = Finding::new(RuleId::WrongType, at.value(), message);
                self.report(
                    finding.help(
                        "this one and those after it forbid nothing: write fewer, wider ones",
                    ),
                );
                break;
            }
            let mut pattern = match Pattern::parse(text) {
                Ok(pattern) => pattern,
                Err(error) => {
                    let message = format!("invalid endpoint pattern `{text}`: {}", error.0);
                    let finding = Finding::new(RuleId::UnknownEndpoint, at.value(), message);
                    self.report(
                        finding
                            .help("`*` is one segment or any method, `**` any number of segments"),
                    );
                    continue;
                }
            };
            if let Some(request) = Request::parse(text).filter(|one| one.target.contains('?')) {
                // A query is about one call, which gets one mode; a pattern is about many.
                let found = self.catalog.find(&request);
                if let Ok(found) = &found
                    && found.is_decided
                    && found.modes.len() > 1
                {
                    let name = self.catalog.endpoint_name(found.gets);
                    pattern = Pattern::parse(&name).unwrap_or(pattern);
                } else if found.is_err() && pattern.is_open() {
                    let message = format!("a pattern takes no query: `{text}`");
                    let finding =
                        Finding::new(RuleId::UnknownEndpoint, at.clone().value(), message);
                    self.report(finding.help(
                        "name the mode: `GET /** mode=NAME`; as it is, every mode is forbidden",
                    ));
                }
            }
            let matches = self.catalog.endpoints.iter().any(|endpoint| {
                let mode = endpoint.mode.map(|mode| self.catalog.modes[mode].as_str());
                pattern.matches(&endpoint.method, &endpoint.path, mode)
            });
            let mut meant = None;
            if !matches && pattern.names_something() {
                let place = at.clone().value();
                let request = Request::parse(text).filter(|_| !pattern.is_open());
                self.report(match request {
                    Some(request) => {
                        let no_route = self.catalog.find(&request).err().unwrap_or(NoRoute::NoPath);
                        // What forbids must forbid what is meant.
                        let endpoint = self.meant_endpoint(&request, &no_route);
                        let name = endpoint.map(|index| self.catalog.endpoint_name(index));
                        meant = name.and_then(|name| Pattern::parse(&name).ok());
                        self.no_endpoint(&request, &no_route, place)
                    }
                    None => {
                        let message =
                            format!("`{text}` matches no endpoint of {}", self.catalog.provider);
                        let handle = &self.catalog.handle;
                        Finding::new(RuleId::UnknownEndpoint, place, message)
                            .help(format!(
                                "it forbids nothing; `scopes show {handle} endpoints` lists them"
                            ))
                            .endpoint(text)
                    }
                });
            }
            let meant = meant.unwrap_or(pattern);
            patterns.push(Never {
                text: text.clone(),
                pattern: meant,
                at,
            });
        }
        patterns
    }
}

fn of_key(raw: &RawKey, damaged: &[Path], catalog: Option<&Catalog>) -> Vec<Allowance> {
    let allow = raw.allow.as_deref().unwrap_or_default();
    allowances(allow, damaged, raw.owner.as_ref(), catalog)
}

fn declares(needs: &RawNeeds) -> bool {
    let lists = [&needs.recipes, &needs.events];
    lists
        .iter()
        .any(|names| names.as_ref().is_some_and(|names| !names.is_empty()))
        || needs
            .endpoints
            .as_ref()
            .is_some_and(|list| !list.is_empty())
        || needs.scopes.as_ref().is_some_and(|list| !list.is_empty())
}

/// The names of a list, each with its path. A text is split by what is known.
fn names_of<'n>(
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

/// The environment that a place of a key file stands in.
fn environment_of(at: &Path) -> Option<&str> {
    match at.0.as_slice() {
        [Segment::Field(field), Segment::Field(name), ..] if field == "environments" => Some(name),
        _ => None,
    }
}

/// The methods of HTTP.
const METHODS: [&str; 9] = [
    "GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT",
];

/// The finding for a need whose query no mode states, so that nothing decides which mode it gets.
fn dropped_query(catalog: &Catalog, request: &Request, gets: EndpointId, place: Place) -> Finding {
    let name = catalog.endpoint_name(gets);
    let message = format!(
        "{} does not say which mode `{request}` gets",
        catalog.provider
    );
    Finding::new(RuleId::UnstatedNeed, place, message)
        .note(format!(
            "no mode states a query, so it is taken as `{name}`, the default"
        ))
        .help("name the mode behind the path: `mode=NAME`")
        .endpoint(name)
}
