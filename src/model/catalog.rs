//! A provider's catalog: scopes, key types, environments, bundles, endpoints, events, recipes.
//!
//! A loaded catalog is right by construction: every reference is an index, so nothing downstream checks again.

use std::collections::HashMap;
use std::fmt;

use super::requirement::{Alternative, Requirement};
use super::route::{Request, Routes, Template};
use super::set::{Mask, ScopeId, ScopeSet};
use crate::source::{distance, nearest};

/// Everything that is known of one provider.
#[derive(Debug, Clone)]
pub struct Catalog {
    /// The name that key files use.
    pub provider: String,
    /// What a command is given to mean this catalog: the provider's name, or the path that it was named by.
    pub handle: String,
    /// The name that people use.
    pub title: String,
    /// Where the facts come from, and the day each was last compared.
    pub sources: Vec<CatalogSource>,
    /// Free text about the catalog.
    pub note: Option<String>,
    /// The kinds of credential; at least one, `key` where the file names none.
    pub key_types: Vec<KeyType>,
    /// Where a key is valid; empty where any name will do.
    pub environments: Vec<Environment>,
    /// The modes of requests; the first is what a request without one gets. Empty where there are none.
    pub modes: Vec<String>,
    /// Every scope, in the order of the file.
    pub scopes: Vec<Scope>,
    /// Names that no longer exist, and the scopes that replaced them.
    pub retired: Vec<(String, Vec<ScopeId>)>,
    /// The named sets that the provider offers.
    pub bundles: Vec<Bundle>,
    /// Patterns that the provider accepts in place of scopes.
    pub wildcards: Wildcards,
    /// Every endpoint, one entry for each of its modes, in the order of the file.
    pub endpoints: Vec<Endpoint>,
    /// Webhook events.
    pub events: Vec<Event>,
    /// Tasks with their endpoints.
    pub recipes: Vec<Recipe>,
    /// Scopes that are worse together.
    pub combinations: Vec<Combination>,
    /// What the catalog says of itself, for tests.
    pub examples: Vec<Example>,
    /// Which endpoint a request reaches: operation index → entries of `endpoints`.
    pub(crate) routes: Routes,
    pub(crate) operations: Vec<std::ops::Range<usize>>,
    pub(crate) scope_ids: HashMap<String, ScopeId>,
    pub(crate) closures: Vec<ScopeSet>,
    /// The scopes that some endpoint or event names.
    pub(crate) named: ScopeSet,
}

/// A page that facts come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogSource {
    /// Its address.
    pub url: String,
    /// The day it was last compared with the catalog, `2026-11-21`.
    pub verified: Option<String>,
}

/// A kind of credential.
#[derive(Debug, Clone)]
pub struct KeyType {
    /// Its name.
    pub name: String,
    /// Whether others than its owner can read it: a key in a browser.
    pub public: bool,
    /// How its keys begin.
    pub prefixes: Vec<String>,
    /// What the provider does with a scope that the type may not carry: drop it silently, or refuse the key.
    pub ignores_disallowed: bool,
    /// Free text about it.
    pub note: Option<String>,
}

impl KeyType {
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
    /// The address that its paths stand below, or the path alone where the host is not known.
    pub base: Option<String>,
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

/// A named permission. Its name is opaque: nothing is derived from how it is spelt.
#[derive(Debug, Clone)]
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
    pub risk_on: Vec<(usize, Risk)>,
    /// Why the risk is what it is.
    pub because: Option<String>,
    /// The key types that may carry it.
    pub key_types: Mask,
    /// The environments where it exists.
    pub environments: Mask,
    /// The scopes that it carries with it, as written: one step.
    pub implies: Vec<ScopeId>,
    /// Whether it is on its way out.
    pub deprecated: bool,
    /// What to use in its place.
    pub replaced_by: Vec<ScopeId>,
    /// Free text about it.
    pub note: Option<String>,
}

impl Scope {
    /// How bad it is in the wrong hands on a key of a type.
    pub fn risk_on(&self, key_type: usize) -> Risk {
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

/// Which patterns a key may hold in place of scopes.
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
    /// The mode, as an index into the catalog's; `None` where the operation has none.
    pub mode: Option<usize>,
    /// What it asks of its caller.
    pub auth: Auth,
    /// What it does.
    pub effect: Effect,
    /// Why it is always refused, whatever the scopes.
    pub rejected: Option<String>,
    /// Another credential that opens it.
    pub keyless: Option<Keyless>,
    /// Whether it is on its way out.
    pub deprecated: bool,
    /// The endpoint to use in its place, as written.
    pub replaced_by: Option<String>,
    /// The environments where it exists.
    pub environments: Mask,
    /// What it is for.
    pub summary: Option<String>,
    /// Free text about it.
    pub note: Option<String>,
}

impl Endpoint {
    /// Whether a requirement counts as reach: public, rejected and freely open endpoints do not.
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

/// A task with the endpoints that it calls.
#[derive(Debug, Clone)]
pub struct Recipe {
    /// Its name.
    pub name: String,
    /// What it does.
    pub summary: Option<String>,
    /// Its endpoints, as indices.
    pub endpoints: Vec<usize>,
    /// The events that it subscribes to, as indices.
    pub events: Vec<usize>,
    /// The scopes that the provider's page calls enough for it.
    pub adequate: Vec<ScopeId>,
    /// Free text about it.
    pub note: Option<String>,
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

/// A statement of the catalog about itself: this set on this key type gets this verdict there.
#[derive(Debug, Clone)]
pub struct Example {
    /// The key type.
    pub key_type: usize,
    /// The environment, if it matters.
    pub environment: Option<usize>,
    /// The scopes as written: names, bundles or wildcards.
    pub scopes: Vec<String>,
    /// The request.
    pub request: Request,
    /// The verdict's name.
    pub verdict: String,
}

/// Which key is asked about: its type, and its environment where that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Holder {
    /// The key type, as an index.
    pub key_type: usize,
    /// The environment, as an index; `None` for any.
    pub environment: Option<usize>,
}

/// What a written name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Meaning<'a> {
    /// A scope.
    Scope(ScopeId),
    /// A bundle, as an index.
    Bundle(usize),
    /// A wildcard, as it is written.
    Wildcard(&'a str),
}

/// Why a request reaches no endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoRoute {
    /// The path exists with these methods only.
    OtherMethods(Vec<String>),
    /// The endpoint exists, and has only these modes; none where it has no modes at all.
    OtherModes(Vec<String>),
    /// No such path.
    NoPath,
}

impl Catalog {
    /// The scope of this name.
    pub fn scope_id(&self, name: &str) -> Option<ScopeId> {
        self.scope_ids.get(name).copied()
    }

    /// A scope by its id.
    pub fn scope(&self, id: ScopeId) -> &Scope {
        &self.scopes[id.index()]
    }

    /// The name of a scope.
    pub fn name(&self, id: ScopeId) -> &str {
        &self.scope(id).name
    }

    /// The empty set over this catalog.
    pub fn empty_set(&self) -> ScopeSet {
        ScopeSet::new(self.scopes.len())
    }

    /// The index of a key type.
    pub fn key_type(&self, name: &str) -> Option<usize> {
        self.key_types
            .iter()
            .position(|key_type| key_type.name == name)
    }

    /// The index of an environment.
    pub fn environment(&self, name: &str) -> Option<usize> {
        self.environments
            .iter()
            .position(|environment| environment.name == name)
    }

    /// The event of this name.
    pub fn event(&self, name: &str) -> Option<usize> {
        self.events.iter().position(|event| event.name == name)
    }

    /// The recipe of this name.
    pub fn recipe(&self, name: &str) -> Option<usize> {
        self.recipes.iter().position(|recipe| recipe.name == name)
    }

    /// What a name stands for: a wildcard, a scope or a bundle, looked up in this order.
    pub fn meaning<'a>(&self, name: &'a str) -> Option<Meaning<'a>> {
        if let Wildcards::Named(wildcards) = &self.wildcards
            && wildcards.iter().any(|(wildcard, _)| wildcard == name)
        {
            return Some(Meaning::Wildcard(name));
        }
        if let Some(id) = self.scope_id(name) {
            return Some(Meaning::Scope(id));
        }
        if let Some(index) = self.bundles.iter().position(|bundle| bundle.name == name) {
            return Some(Meaning::Bundle(index));
        }
        let is_pattern = matches!(self.wildcards, Wildcards::Glob) && name.contains('*');
        is_pattern.then_some(Meaning::Wildcard(name))
    }

    /// The scopes that a meaning stands for, before anything is implied or filtered.
    pub fn members(&self, meaning: Meaning<'_>) -> ScopeSet {
        match meaning {
            Meaning::Scope(id) => ScopeSet::of(self.scopes.len(), [id]),
            Meaning::Bundle(index) => self.bundles[index].scopes.clone(),
            Meaning::Wildcard(pattern) => match &self.wildcards {
                Wildcards::Named(wildcards) => wildcards
                    .iter()
                    .find(|(name, _)| name == pattern)
                    .map_or_else(|| self.empty_set(), |(_, scopes)| scopes.clone()),
                Wildcards::Glob => self.matching(pattern),
            },
        }
    }

    /// The scopes whose names fit a pattern in which `*` is any number of characters.
    pub fn matching(&self, pattern: &str) -> ScopeSet {
        let fitting = self
            .scopes
            .iter()
            .zip(0..)
            .filter(|(scope, _)| super::route::glob(pattern, &scope.name))
            .map(|(_, index)| ScopeId(index));
        ScopeSet::of(self.scopes.len(), fitting)
    }

    /// Everything that a scope carries with it, itself included.
    pub fn closure(&self, id: ScopeId) -> &ScopeSet {
        &self.closures[id.index()]
    }

    /// A set with all that its scopes carry with them.
    pub fn close(&self, set: &ScopeSet) -> ScopeSet {
        let mut closed = self.empty_set();
        for id in set.iter() {
            closed.union_with(self.closure(id));
        }
        closed
    }

    /// Whether a scope exists for a holder: on its key type, in its environment.
    pub fn carries(&self, holder: Holder, id: ScopeId) -> bool {
        let scope = self.scope(id);
        scope.key_types.has(holder.key_type) && exists_in(scope.environments, holder.environment)
    }

    /// The part of a set that a holder may carry.
    pub fn carried(&self, holder: Holder, set: &ScopeSet) -> ScopeSet {
        ScopeSet::of(
            self.scopes.len(),
            set.iter().filter(|id| self.carries(holder, *id)),
        )
    }

    /// What a written set comes to on a key: filtered, closed over what is implied, and filtered again.
    pub fn effective(&self, holder: Holder, written: &ScopeSet) -> ScopeSet {
        self.carried(holder, &self.close(&self.carried(holder, written)))
    }

    /// The endpoints that a request reaches: one, or all modes of the operation where the request names none and
    /// `every_mode` is asked for. The first is what the request gets.
    pub fn find(&self, request: &Request) -> Result<Vec<usize>, NoRoute> {
        let Some(range) = self.operation(request) else {
            let methods = self
                .candidate_paths(&request.target)
                .map(|path| self.routes.methods(path))
                .find(|methods| !methods.is_empty());
            return Err(methods.map_or(NoRoute::NoPath, NoRoute::OtherMethods));
        };
        match &request.mode {
            None => Ok(range.collect()),
            Some(mode) => {
                let name = |index: usize| {
                    self.endpoints[index]
                        .mode
                        .map(|mode| self.modes[mode].as_str())
                };
                match range.clone().find(|index| name(*index) == Some(mode)) {
                    Some(index) => Ok(vec![index]),
                    None => Err(NoRoute::OtherModes(
                        range.filter_map(name).map(str::to_owned).collect(),
                    )),
                }
            }
        }
    }

    /// The endpoints that a request may mean, at most three: spelt almost the same, or ending in the same words.
    pub fn similar_endpoints(&self, request: &Request) -> Vec<String> {
        let names: Vec<String> = self
            .endpoints
            .iter()
            .map(|endpoint| format!("{} {}", endpoint.method, endpoint.path))
            .collect();
        let asked = Request {
            mode: None,
            ..request.clone()
        }
        .to_string();
        let near = nearest(&asked, names.iter().map(String::as_str));
        let mut similar: Vec<String> = near
            .into_iter()
            .filter(|name| distance(&asked, name) <= 2)
            .map(str::to_owned)
            .collect();
        let last = request
            .target
            .split(['?', '#'])
            .next()
            .unwrap_or_default()
            .trim_end_matches('/');
        let last = last.rsplit('/').next().unwrap_or_default();
        if similar.is_empty() && last.len() > 2 {
            let ends = |name: &&String| {
                name.starts_with(&request.method)
                    && name.rsplit('/').find(|word| !word.starts_with('{')) == Some(last)
            };
            similar = names.iter().filter(ends).cloned().collect();
            similar.sort_by_key(String::len);
        }
        similar.dedup();
        similar.truncate(3);
        similar
    }

    fn operation(&self, request: &Request) -> Option<std::ops::Range<usize>> {
        self.candidate_paths(&request.target)
            .find_map(|path| self.routes.find(&request.method, path))
            .map(|operation| self.operations[operation].clone())
    }

    /// The paths that a target may stand for: itself, and what follows a base address or a base path.
    fn candidate_paths<'a>(&'a self, target: &'a str) -> impl Iterator<Item = &'a str> {
        let bases = self
            .environments
            .iter()
            .filter_map(|environment| environment.base.as_deref());
        let whole = target.starts_with('/').then_some(target);
        whole.into_iter().chain(bases.filter_map(move |base| {
            let base = base.trim_end_matches('/');
            let (base_host, base_path) = split_url(base);
            let (host, path) = split_url(target);
            let same_host = match (host, base_host) {
                (Some(host), Some(base_host)) => host.eq_ignore_ascii_case(base_host),
                (_, None) | (None, Some(_)) => true,
            };
            if !same_host {
                return None;
            }
            let rest = path.strip_prefix(base_path)?;
            (rest.is_empty() || rest.starts_with(['/', '?', '#'])).then_some(if rest.is_empty() {
                "/"
            } else {
                rest
            })
        }))
    }

    /// The environments whose base address a URL begins with; `None` for a path alone.
    pub fn environments_of(&self, target: &str) -> Option<Mask> {
        let (Some(host), _) = split_url(target) else {
            return None;
        };
        let mut mask = Mask::NONE;
        for (index, environment) in self.environments.iter().enumerate() {
            let base_host = environment
                .base
                .as_deref()
                .and_then(|base| split_url(base).0);
            if base_host.is_some_and(|base_host| base_host.eq_ignore_ascii_case(host)) {
                mask = mask.or(Mask::one(index));
            }
        }
        Some(mask)
    }

    /// `METHOD /path`, with `mode=…` behind it where the operation has modes.
    pub fn endpoint_name(&self, index: usize) -> String {
        let endpoint = &self.endpoints[index];
        match endpoint.mode {
            Some(mode) => format!(
                "{} {} mode={}",
                endpoint.method, endpoint.path, self.modes[mode]
            ),
            None => format!("{} {}", endpoint.method, endpoint.path),
        }
    }

    /// Whether an endpoint exists in an environment; any endpoint does where none is named.
    pub fn endpoint_exists(&self, index: usize, environment: Option<usize>) -> bool {
        exists_in(self.endpoints[index].environments, environment)
    }

    /// The alternatives of a requirement that a holder could use, were it granted the right scopes.
    pub fn open_alternatives<'a>(
        &'a self,
        requirement: &'a Requirement,
        holder: Holder,
    ) -> impl Iterator<Item = &'a Alternative> {
        requirement
            .open_to(holder.key_type)
            .filter(move |alternative| {
                alternative
                    .scopes
                    .iter()
                    .all(|id| self.carries(holder, *id))
            })
    }

    /// The endpoints that a key with these effective scopes reaches: not public, not rejected, not open to every key.
    pub fn reach(&self, holder: Holder, effective: &ScopeSet) -> Vec<usize> {
        (0..self.endpoints.len())
            .filter(|index| self.reaches(holder, effective, *index))
            .collect()
    }

    /// Whether one endpoint is in [`Catalog::reach`].
    pub fn reaches(&self, holder: Holder, effective: &ScopeSet, index: usize) -> bool {
        let endpoint = &self.endpoints[index];
        endpoint.is_gated(self.key_types.len())
            && exists_in(endpoint.environments, holder.environment)
            && endpoint
                .auth
                .requirement()
                .is_some_and(|requirement| requirement.is_met(effective, holder.key_type))
    }

    /// The events that a key with these effective scopes may subscribe to.
    pub fn subscribable(&self, holder: Holder, effective: &ScopeSet) -> Vec<usize> {
        (0..self.events.len())
            .filter(|index| {
                self.events[*index]
                    .requirement
                    .is_met(effective, holder.key_type)
            })
            .collect()
    }

    /// Whether some endpoint or event names the scope, or one that it carries: without one nothing is known of it.
    pub fn opens_something(&self, id: ScopeId) -> bool {
        self.closure(id).meets(&self.named)
    }

    /// The scopes that some endpoint or event names.
    pub(crate) fn named_somewhere(&self) -> ScopeSet {
        let mut named = self.empty_set();
        let endpoints = self
            .endpoints
            .iter()
            .filter(|endpoint| endpoint.rejected.is_none());
        let requirements = endpoints.filter_map(|endpoint| endpoint.auth.requirement());
        for requirement in requirements.chain(self.events.iter().map(|event| &event.requirement)) {
            named.extend(
                requirement
                    .alternatives()
                    .iter()
                    .flat_map(|way| way.scopes.iter().copied()),
            );
        }
        named
    }
}

/// Whether something that exists in some environments exists in this one.
fn exists_in(environments: Mask, environment: Option<usize>) -> bool {
    environment.is_none_or(|index| environments.has(index))
}

/// A URL's host and path; without a scheme, the path alone.
fn split_url(url: &str) -> (Option<&str>, &str) {
    match url.split_once("://") {
        None => (None, url),
        Some((_, rest)) => match rest.find(['/', '?', '#']) {
            Some(at) => (Some(&rest[..at]), &rest[at..]),
            None => (Some(rest), ""),
        },
    }
}
