//! A provider's catalog: scopes, key types, environments, bundles, endpoints, events, recipes.
//!
//! A loaded catalog is valid by construction: every reference is an index, so later code does not check it again.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::base::Base;
use super::index::{
    BundleId, ChoiceId, EndpointId, EnvironmentId, EventId, IdRange, Indexed, KeyTypeId, ModeId,
    RecipeId, ScopeId,
};
use super::lookup::EndpointNames;
use super::names::{NameCase, NameMap};
use super::pattern::glob;
use super::query::Query;
use super::reach::ByScope;
use super::recipe::{Choice, Recipe};
use super::requirement::Requirement;
use super::route::{Request, Routes, Template};
use super::set::{Mask, ScopeSet};
use crate::source::{Digest, NameIndex, Near, Patience};

/// Everything that is known of one provider.
#[derive(Debug, Clone)]
pub struct Catalog {
    /// The name that key files use.
    pub provider: String,
    /// How to refer to this catalog on the command line: by the provider's name, or by its path.
    pub handle: String,
    /// The digest of the text that it was read from, and of the one that it extends.
    pub digest: Digest,
    /// The name that people use.
    pub title: String,
    /// Where the facts come from, and the day each was last compared.
    pub sources: Vec<CatalogSource>,
    /// Free text about the catalog.
    pub note: Option<String>,
    /// Where the scopes of a key are changed, and by whom: the last help of a refusal.
    pub manage: Option<String>,
    /// What the provider answers to a call, by verdict.
    pub responses: Vec<Response>,
    /// The kinds of credential; at least one, `key` where the file names none.
    pub key_types: Indexed<KeyTypeId, KeyType>,
    /// Where a key is valid; if empty, key files may use any name.
    pub environments: Indexed<EnvironmentId, Environment>,
    /// The modes of requests; a request without one gets the first. Empty if there are no modes.
    pub modes: Indexed<ModeId, String>,
    /// Every scope, in the order of the file.
    pub scopes: Indexed<ScopeId, Scope>,
    /// Names that no longer exist, and the scopes that replaced them.
    pub retired: Vec<(String, Vec<ScopeId>)>,
    /// The named sets that the provider offers.
    pub bundles: Indexed<BundleId, Bundle>,
    /// Patterns that the provider accepts in place of scopes.
    pub wildcards: Wildcards,
    /// Every endpoint, one entry for each of its modes, in the order of the file.
    pub endpoints: Indexed<EndpointId, Endpoint>,
    /// Webhook events.
    pub events: Indexed<EventId, Event>,
    /// Tasks with their calls.
    pub recipes: Indexed<RecipeId, Recipe>,
    /// The steps of recipes that can be taken in several ways.
    pub choices: Indexed<ChoiceId, Choice>,
    /// Scopes that are worse together.
    pub combinations: Vec<Combination>,
    /// Statements of the catalog about itself, which `lint` tests.
    pub examples: Vec<Example>,
    /// Scopes that cannot be on one key.
    pub conflicts: Vec<Conflict>,
    /// The names by which SDKs and manifests call endpoints.
    pub calls: Vec<(String, EndpointId)>,
    /// How the import that wrote it read arrays of scopes; `None` where nothing was read that way.
    pub reading: Option<ArrayReading>,
    /// Whether somebody has looked at what an import derived; true for a catalog written by hand.
    pub reviewed: bool,
    /// The names of `ANY` entries that stand for no method, because the same path has an entry for each.
    pub shadowed: Vec<String>,
    /// The findings about itself that it accepts.
    pub allowances: Vec<super::key::Allowance>,
    /// Which endpoint a request reaches: operation index → entries of `endpoints`.
    pub(crate) routes: Routes,
    pub(crate) operations: Vec<IdRange<EndpointId>>,
    /// How names of scopes, bundles, wildcards and events are compared.
    pub name_case: NameCase,
    pub(crate) scope_ids: NameMap<ScopeId>,
    pub(crate) closures: Indexed<ScopeId, ScopeSet>,
    /// The scopes that some endpoint or event names.
    pub(crate) named: ScopeSet,
    pub(crate) names: CatalogNames,
    pub(crate) by_scope: OnceLock<ByScope>,
    /// For each environment, the first one with the same scopes and endpoints.
    pub(crate) alike: OnceLock<Indexed<EnvironmentId, EnvironmentId>>,
}

/// Indexes of the named things of a catalog, and of near names; the latter are built on first use.
#[derive(Debug, Clone, Default)]
pub(crate) struct CatalogNames {
    pub(crate) bundles: NameMap<BundleId>,
    pub(crate) wildcards: NameMap<usize>,
    pub(crate) events: NameMap<EventId>,
    pub(crate) recipes: NameMap<RecipeId>,
    pub(crate) retired: NameMap<usize>,
    near: [OnceLock<NameIndex>; 4],
    pub(super) endpoints: OnceLock<EndpointNames>,
}

/// The things of a catalog that a misspelt name may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// Its scopes.
    Scope,
    /// Its bundles.
    Bundle,
    /// Its recipes.
    Recipe,
    /// Its events.
    Event,
}

/// A page that facts come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogSource {
    /// Its address.
    pub url: String,
    /// The file in the repository or the package at that address.
    pub path: Option<String>,
    /// The commit of the repository, or the version of the package.
    pub commit: Option<String>,
    /// The licence of the facts, as SPDX names it: `MIT`.
    pub licence: Option<String>,
    /// The day it was last compared with the catalog, `2026-11-21`.
    pub verified: Option<String>,
}

/// What the provider answers to a call with one verdict; a status, a code or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The name of the verdict, one of [`Verdict::NAMES`](super::verdict::Verdict::NAMES).
    pub verdict: &'static str,
    /// The HTTP status.
    pub status: Option<u16>,
    /// The code in the body.
    pub code: Option<String>,
}

impl fmt::Display for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.status, &self.code) {
            (Some(status), Some(code)) => write!(f, "{status} {code}"),
            (Some(status), None) => write!(f, "{status}"),
            (None, Some(code)) => f.write_str(code),
            (None, None) => Ok(()),
        }
    }
}

/// A kind of credential.
#[derive(Debug, Clone)]
pub struct KeyType {
    /// Its name.
    pub name: String,
    /// Whether others than its owner can read it, such as a key in a browser.
    pub public: bool,
    /// How its keys begin.
    pub prefixes: Vec<String>,
    /// What the provider does with a scope that the type may not carry: drop it silently, or refuse the key.
    pub ignores_disallowed: bool,
    /// The types that it can stand for, of which it is a narrower kind.
    pub instead_of: Vec<KeyTypeId>,
    /// Free text about it.
    pub note: Option<String>,
}

impl KeyType {
    /// The same with its article: "a publishable key", "an app key".
    pub fn with_article(&self) -> String {
        crate::source::with_article(&self.noun())
    }

    /// What people call a key of this type: "publishable key", "token", or "key" where there is one type only.
    pub fn noun(&self) -> String {
        let is_noun = ["key", "token"]
            .iter()
            .any(|noun| self.name.to_lowercase().ends_with(noun));
        if is_noun {
            self.name.clone()
        } else {
            format!("{} key", self.name)
        }
    }
}

/// Where a key is valid.
#[derive(Debug, Clone)]
pub struct Environment {
    /// Its name.
    pub name: String,
    /// Whether real things happen there.
    pub production: bool,
    /// The base URLs of its paths, or only the base path if the host is not known.
    pub bases: Vec<Base>,
}

/// What a scope lets its holder do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// Look.
    Read,
    /// Change.
    Write,
    /// Change who may do what.
    Admin,
}

/// How bad it is when a scope is in the wrong hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Risk {
    /// Little.
    Low,
    /// Something.
    Medium,
    /// Much.
    High,
    /// Everything.
    Critical,
}

macro_rules! named {
    ($type:ty { $($variant:ident => $name:literal),+ $(,)? }) => {
        impl $type {
            /// The word for it, as files and output write it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.name())
            }
        }
    };
}

named!(Access { Read => "read", Write => "write", Admin => "admin" });
named!(Risk { Low => "low", Medium => "medium", High => "high", Critical => "critical" });
named!(Effect { Read => "read", Write => "write" });
named!(Array { All => "all", Any => "any" });

/// A named permission. Its name is opaque: nothing is derived from how it is spelt.
#[derive(Debug, Clone)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, and none excludes another"
)]
pub struct Scope {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub summary: Option<String>,
    /// What it lets its holder do.
    pub access: Access,
    /// How bad it is in the wrong hands.
    pub risk: Risk,
    /// The same for a key type, where it differs.
    pub risk_on: Vec<(KeyTypeId, Risk)>,
    /// Why the risk is what it is.
    pub because: Option<String>,
    /// The key types that may carry it.
    pub key_types: Mask<KeyTypeId>,
    /// The environments where it exists.
    pub environments: Mask<EnvironmentId>,
    /// The scopes that it carries with it, as written: one step.
    pub implies: Vec<ScopeId>,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// What to use in its place.
    pub replaced_by: Vec<ScopeId>,
    /// Whether the provider declares it; false where endpoints use it all the same.
    pub declared: bool,
    /// Whether the file itself has it, rather than a catalog that it extends.
    pub own: bool,
    /// Whether the file states what it lets its holder do.
    pub states_access: bool,
    /// Free text about it.
    pub note: Option<String>,
}

impl Scope {
    /// How bad it is in the wrong hands on a key of a type.
    pub fn risk_on(&self, key_type: KeyTypeId) -> Risk {
        self.risk_on
            .iter()
            .find(|(index, _)| *index == key_type)
            .map_or(self.risk, |(_, risk)| *risk)
    }
}

/// A named set of scopes that the provider offers.
#[derive(Debug, Clone)]
pub struct Bundle {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub summary: Option<String>,
    /// What is in it.
    pub scopes: ScopeSet,
    /// Free text about it.
    pub note: Option<String>,
}

/// Which patterns a key may use in place of scopes.
#[derive(Debug, Clone)]
pub enum Wildcards {
    /// Only these names, each with what it stands for; usually none.
    Named(Vec<(String, ScopeSet)>),
    /// Any pattern with `*` over the scopes' names.
    Glob,
}

/// What a request does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// It looks.
    Read,
    /// It changes something.
    Write,
}

/// What an endpoint asks of its caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Auth {
    /// Nothing: it is public.
    Public,
    /// The provider does not say.
    NotStated,
    /// A key, and perhaps scopes.
    Key(Requirement),
}

impl Auth {
    /// The word that JSON has for it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Public => "none",
            Self::NotStated => "not-stated",
            Self::Key(requirement)
                if requirement
                    .alternatives()
                    .iter()
                    .all(|a| a.scopes.is_empty()) =>
            {
                "any-key"
            }
            Self::Key(_) => "scoped",
        }
    }

    /// The requirement, where one is stated.
    pub fn requirement(&self) -> Option<&Requirement> {
        match self {
            Self::Key(requirement) => Some(requirement),
            Self::Public | Self::NotStated => None,
        }
    }
}

/// Another credential that opens an endpoint, so that no key is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyless {
    /// What the credential is called.
    pub credential: String,
    /// How it is sent.
    pub sent: Option<String>,
    /// Where it comes from and what it opens.
    pub because: String,
}

/// One method on one path template, in one mode.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// The method in capitals.
    pub method: String,
    /// The path template.
    pub path: Template,
    /// The entry of the file that it shares with other methods; `None` for an entry of its own.
    pub entry: Option<EntryName>,
    /// The mode; `None` where the operation has none.
    pub mode: Option<ModeId>,
    /// The query by which a request gets this mode; empty where no query decides.
    pub query: Query,
    /// What it asks of its caller.
    pub auth: Auth,
    /// What it does.
    pub effect: Effect,
    /// Why it is always refused, whatever the scopes.
    pub rejected: Option<String>,
    /// Another credential that opens it.
    pub keyless: Option<Keyless>,
    /// Whether the provider's document also lets the call through without a key. Every answer is that of the call with a
    /// key.
    pub optional: bool,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// The endpoint to use in its place, as written.
    pub replaced_by: Option<String>,
    /// The environments where it exists.
    pub environments: Mask<EnvironmentId>,
    /// The scopes that the provider calls least privileged, by key type: a hint that nothing relies on.
    pub least: Vec<(KeyTypeId, Vec<ScopeId>)>,
    /// The words that the provider files it under.
    pub tags: Vec<String>,
    /// What it is for.
    pub summary: Option<String>,
    /// Free text about it.
    pub note: Option<String>,
}

/// The name of an entry of the file that stands for several endpoints: `GET|POST /path`, `ANY /path`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryName {
    /// The name as written.
    pub text: Arc<str>,
    /// Whether the endpoint has the first of its methods.
    pub is_first: bool,
}

impl Effect {
    /// What a request of a method does where nothing else is said: GET, HEAD, OPTIONS and QUERY are safe.
    pub fn of_method(method: &str) -> Self {
        match method {
            "GET" | "HEAD" | "OPTIONS" | "QUERY" => Self::Read,
            _ => Self::Write,
        }
    }
}

impl Endpoint {
    /// Whether it asks its caller for more than another endpoint: it is always rejected, has a stricter kind of
    /// authentication, or is open to fewer sets of scopes. If both ask for different scopes, the one whose smallest set
    /// is larger asks for more.
    pub(crate) fn asks_more_than(&self, other: &Self) -> bool {
        fn rank(endpoint: &Endpoint) -> u8 {
            match (&endpoint.rejected, &endpoint.auth) {
                (Some(_), _) => 3,
                (None, Auth::Key(_)) => 2,
                (None, Auth::NotStated) => 1,
                (None, Auth::Public) => 0,
            }
        }
        match (&self.auth, &other.auth) {
            _ if rank(self) != rank(other) => rank(self) > rank(other),
            (Auth::Key(mine), Auth::Key(theirs)) => {
                let (up, down) = (mine.implies(theirs), theirs.implies(mine));
                let least = |one: &Requirement| {
                    let sets = one.alternatives().iter();
                    sets.map(|set| set.scopes.len()).min().unwrap_or(usize::MAX)
                };
                match (up, down) {
                    (true, down) => !down,
                    (false, true) => false,
                    (false, false) => least(mine) > least(theirs),
                }
            }
            _ => false,
        }
    }

    /// Whether the endpoint counts as reach: public and rejected ones and those open to every key do not.
    pub fn is_gated(&self, key_types: usize) -> bool {
        match &self.auth {
            Auth::Key(requirement) => {
                self.rejected.is_none() && !Mask::first(key_types).is_subset(requirement.free_for())
            }
            Auth::Public | Auth::NotStated => false,
        }
    }
}

/// A webhook event and what subscribing to it needs.
#[derive(Debug, Clone)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// What subscribing needs.
    pub requirement: Requirement,
}

impl Event {
    /// Whether subscribing counts as reach: what every key may subscribe to without a scope does not.
    pub fn is_gated(&self, key_types: usize) -> bool {
        !Mask::first(key_types).is_subset(self.requirement.free_for())
    }
}

/// Scopes that are worse together than apart.
#[derive(Debug, Clone)]
pub struct Combination {
    /// Its members.
    pub scopes: Vec<ScopeId>,
    /// How bad they are together.
    pub risk: Risk,
    /// What they can do together.
    pub because: String,
}

/// Scopes that cannot be on one key.
#[derive(Debug, Clone)]
pub struct Conflict {
    /// Disjoint sets: a key cannot have scopes of two of them.
    pub sides: Vec<ScopeSet>,
    /// Why they exclude each other.
    pub because: Option<String>,
}

impl Conflict {
    /// The first scope of a set on each side that it has scopes of. More than one is a conflict.
    pub fn sides_met<'a>(&'a self, scopes: &'a ScopeSet) -> impl Iterator<Item = ScopeId> + 'a {
        let first = |side: &'a ScopeSet| side.first_common(scopes);
        self.sides.iter().filter_map(first)
    }
}

/// How the arrays of a document were read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArrayReading {
    /// What an array means.
    pub arrays: Array,
    /// How that is known; `None` where an import chose it.
    pub because: Option<String>,
}

/// How an array of scopes in a document is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Array {
    /// The call needs every one of them.
    All,
    /// The call needs any one of them.
    Any,
}

/// A statement of the catalog about itself: the verdict on a request for a set of scopes and a key type.
#[derive(Debug, Clone)]
pub struct Example {
    /// The key type.
    pub key_type: KeyTypeId,
    /// The environment, if it matters.
    pub environment: Option<EnvironmentId>,
    /// The scopes as written: names, bundles or wildcards.
    pub scopes: Vec<String>,
    /// The request.
    pub request: Request,
    /// The verdict's name.
    pub verdict: String,
    /// The name of the extended catalog, if the example comes from there.
    pub below: Option<String>,
    /// Its path; for an example of the extended catalog, the entry of this catalog that may change its verdict.
    pub at: crate::source::Path,
}

/// Which key is asked about: its type, and its environment where that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Holder {
    /// The key type.
    pub key_type: KeyTypeId,
    /// The environment; `None` for any.
    pub environment: Option<EnvironmentId>,
}

/// What a written name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Meaning<'a> {
    /// A scope.
    Scope(ScopeId),
    /// A bundle.
    Bundle(BundleId),
    /// A wildcard, as it is written.
    Wildcard(&'a str),
}

impl Catalog {
    /// The scope of this name.
    pub fn scope_id(&self, name: &str) -> Option<ScopeId> {
        self.scope_ids.get(name)
    }

    /// A scope by its id.
    pub fn scope(&self, id: ScopeId) -> &Scope {
        &self.scopes[id]
    }

    /// The name of a scope.
    pub fn name(&self, id: ScopeId) -> &str {
        &self.scope(id).name
    }

    /// The conflicts, by index, of which a set has scopes of several sides, each with the first of them on each side.
    pub fn conflicts_in(&self, scopes: &ScopeSet) -> Vec<(usize, Vec<ScopeId>)> {
        let met = self.conflicts.iter().enumerate().map(|(index, conflict)| {
            let met: Vec<ScopeId> = conflict.sides_met(scopes).collect();
            (index, met)
        });
        met.filter(|(_, met)| met.len() > 1).collect()
    }

    /// The empty set over this catalog.
    pub fn empty_set(&self) -> ScopeSet {
        ScopeSet::new(self.scopes.len())
    }

    /// The set of all scopes of this catalog.
    pub fn every_scope(&self) -> ScopeSet {
        let size = self.scopes.len();
        ScopeSet::of(size, self.scopes.ids())
    }

    /// The index of a key type.
    pub fn key_type(&self, name: &str) -> Option<KeyTypeId> {
        self.key_types.find_id(|key_type| key_type.name == name)
    }

    /// The index of an environment.
    pub fn environment(&self, name: &str) -> Option<EnvironmentId> {
        self.environments
            .find_id(|environment| environment.name == name)
    }

    /// The bundle of this name.
    pub fn bundle(&self, name: &str) -> Option<BundleId> {
        self.names.bundles.get(name)
    }

    /// The event of this name.
    pub fn event(&self, name: &str) -> Option<EventId> {
        self.names.events.get(name)
    }

    /// The recipe of this name.
    pub fn recipe(&self, name: &str) -> Option<RecipeId> {
        self.names.recipes.get(name)
    }

    /// The scopes that replaced a retired name; `None` where it is none.
    pub fn replacements(&self, name: &str) -> Option<&[ScopeId]> {
        let index = self.names.retired.get(name)?;
        Some(&self.retired[index].1)
    }

    /// The names of some of its things that are near to one.
    pub fn near(&self, named: Named, name: &str, patience: &Patience) -> Near<'_> {
        let index = self.names.near[named as usize].get_or_init(|| match named {
            Named::Scope => NameIndex::new(self.scopes.iter().map(|one| one.name.as_str())),
            Named::Bundle => NameIndex::new(self.bundles.iter().map(|one| one.name.as_str())),
            Named::Recipe => NameIndex::new(self.recipes.iter().map(|one| one.name.as_str())),
            Named::Event => NameIndex::new(self.events.iter().map(|one| one.name.as_str())),
        });
        index.near(name, patience)
    }

    /// What a name means: a wildcard, a scope or a bundle, looked up in this order. A pattern that matches no scope
    /// means nothing.
    pub fn meaning<'a>(&'a self, name: &'a str) -> Option<Meaning<'a>> {
        if let (Some(index), Wildcards::Named(named)) =
            (self.names.wildcards.get(name), &self.wildcards)
        {
            return Some(Meaning::Wildcard(&named[index].0));
        }
        if let Some(id) = self.scope_id(name) {
            return Some(Meaning::Scope(id));
        }
        if let Some(index) = self.bundle(name) {
            return Some(Meaning::Bundle(index));
        }
        let is_pattern = || {
            let pattern = self.name_case.key(name);
            let fits = |scope: &Scope| glob(&pattern, &self.name_case.key(&scope.name));
            self.scopes.iter().any(fits)
        };
        let may_be = matches!(self.wildcards, Wildcards::Glob) && name.contains('*');
        (may_be && is_pattern()).then_some(Meaning::Wildcard(name))
    }

    /// What a meaning is called, as the catalog spells it; a pattern as it is written.
    pub fn spelling<'a>(&'a self, meaning: Meaning<'a>) -> &'a str {
        match meaning {
            Meaning::Scope(id) => self.name(id),
            Meaning::Bundle(index) => &self.bundles[index].name,
            Meaning::Wildcard(name) => name,
        }
    }

    /// Whether some grantable name contains a separator, so that it would be split in a list written as one string.
    pub fn has_names_with(&self, is_separator: fn(char) -> bool) -> bool {
        let scopes = self.scopes.iter().map(|scope| &scope.name);
        let mut names = scopes.chain(self.bundles.iter().map(|bundle| &bundle.name));
        names.any(|name| name.contains(is_separator))
    }

    /// The scopes that a meaning stands for, before anything is implied or filtered.
    pub fn members(&self, meaning: Meaning<'_>) -> ScopeSet {
        match meaning {
            Meaning::Scope(id) => ScopeSet::of(self.scopes.len(), [id]),
            Meaning::Bundle(index) => self.bundles[index].scopes.clone(),
            Meaning::Wildcard(pattern) => match &self.wildcards {
                Wildcards::Named(wildcards) => self
                    .names
                    .wildcards
                    .get(pattern)
                    .map_or_else(|| self.empty_set(), |index| wildcards[index].1.clone()),
                Wildcards::Glob => self.matching(pattern),
            },
        }
    }

    /// The scopes whose names fit a pattern in which `*` is any number of characters.
    pub fn matching(&self, pattern: &str) -> ScopeSet {
        let pattern = self.name_case.key(pattern);
        let fits = |(_, scope): &(ScopeId, &Scope)| {
            let name = self.name_case.key(&scope.name);
            glob(&pattern, &name)
        };
        let fitting = self.scopes.entries().filter(fits).map(|(id, _)| id);
        ScopeSet::of(self.scopes.len(), fitting)
    }

    /// The cost of matching a pattern: the number of names it is compared with, long names counted more than once.
    pub fn effort_of(&self, pattern: &str) -> usize {
        let effort = |name: &str| 1 + (name.len() + pattern.len()) / 64;
        self.scopes.iter().map(|scope| effort(&scope.name)).sum()
    }

    /// `METHOD /path`, with `mode=…` behind it where the operation has modes.
    pub fn endpoint_name(&self, index: EndpointId) -> String {
        let endpoint = &self.endpoints[index];
        match endpoint.mode {
            Some(mode) => format!(
                "{} {} mode={}",
                endpoint.method, endpoint.path, self.modes[mode]
            ),
            None => format!("{} {}", endpoint.method, endpoint.path),
        }
    }

    /// What its entry in the file is called, with the mode behind it: [`Self::endpoint_name`], or `GET|POST /path`.
    pub fn entry_name(&self, index: EndpointId) -> String {
        let endpoint = &self.endpoints[index];
        match (&endpoint.entry, endpoint.mode) {
            (None, _) => self.endpoint_name(index),
            (Some(entry), None) => entry.text.to_string(),
            (Some(entry), Some(mode)) => format!("{} mode={}", entry.text, self.modes[mode]),
        }
    }

    /// Whether an endpoint exists in an environment; any endpoint does where none is named.
    pub fn endpoint_exists(&self, index: EndpointId, environment: Option<EnvironmentId>) -> bool {
        self.endpoints[index].environments.allows(environment)
    }
}
