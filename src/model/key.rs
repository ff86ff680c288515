//! A proposed key: what it is for, and what it is given, per environment.

use super::index::{
    BundleId, ChoiceId, EndpointId, EnvironmentId, EventId, KeyTypeId, RecipeId, ScopeId,
};
use super::pattern::Pattern;
use super::set::ScopeSet;
use crate::finding::RuleName;
use crate::source::{Date, Path};

/// A proposed key with every name resolved. What could not be resolved is left out, and was reported.
#[derive(Debug, Clone)]
pub struct Key {
    /// The provider, as the file names it.
    pub provider: String,
    /// The key's name; never the key itself.
    pub name: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// What it is for, in words.
    pub purpose: Option<String>,
    /// Its type; where the file names none, the only one of the provider.
    pub key_type: KeyTypeId,
    /// What it is given everywhere.
    pub grants: Vec<Grant>,
    /// What it needs wherever the endpoint exists.
    pub needs: Vec<Need>,
    /// Whether the file declares any need, including unresolved ones.
    pub declares_needs: bool,
    /// Whether a declared need could not be resolved, so that no scope is certain to be unneeded.
    pub has_unclear_needs: bool,
    /// Whether a declared need was resolved to the one that it must mean.
    pub has_misspelt_needs: bool,
    /// The scopes under `needs.scopes` although the catalog knows what they open, each with its path, which includes
    /// its environment: they are judged as if they were not named.
    pub known_needed_scopes: Vec<(ScopeId, Path)>,
    /// Every grant as written in the file, prefixed with its environment, sorted. Environments that are not judged are
    /// included.
    pub holdings: Vec<String>,
    /// The endpoints that it must not reach.
    pub never: Vec<Never>,
    /// Its environments, in the order of the file; empty where the file names none.
    pub environments: Vec<KeyEnvironment>,
    /// The lists written as one string that fixes must not change: a part of the string is unknown, or a name would be
    /// split.
    pub frozen: Vec<Path>,
    /// The last day on which it is to be used.
    pub expires: Option<Date>,
    /// How many logged requests the observed needs come from; `None` if no log was read.
    pub observed: Option<u64>,
}

/// A finding that the file accepts, with a reason, an owner and an end.
#[derive(Debug, Clone)]
pub struct Allowance {
    /// The id of the rule.
    pub rule: RuleName,
    /// The scope that the finding must be about, if one is named.
    pub scope: Option<String>,
    /// The endpoint that it must be about, if one is named: as it is written, and as the catalog spells it.
    pub endpoint: Option<[String; 2]>,
    /// The environment that it must be about, if one is named.
    pub environment: Option<String>,
    /// Why it is accepted.
    pub reason: Option<String>,
    /// Who answers for it; the key's owner where the allowance names none.
    pub owner: Option<String>,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// Whether what it accepts may not have been checked for, so that it is not reported as unused.
    pub may_be_unused: bool,
    /// Where it stands.
    pub at: Path,
}

/// One environment of a key.
#[derive(Debug, Clone)]
pub struct KeyEnvironment {
    /// Its name.
    pub name: String,
    /// The catalog's environment; `None` where the catalog names none.
    pub index: Option<EnvironmentId>,
    /// What it is given here beside what it is given everywhere.
    pub grants: Vec<Grant>,
    /// What it needs here beside what it needs everywhere.
    pub needs: Vec<Need>,
    /// Where it stands.
    pub at: Path,
}

impl Key {
    /// The key without its misspelt grants, because a provider does not correct names.
    #[must_use]
    pub fn as_named(mut self) -> Self {
        self.grants.retain(|grant| !grant.misspelt);
        for environment in &mut self.environments {
            environment.grants.retain(|grant| !grant.misspelt);
        }
        self
    }
}

impl KeyEnvironment {
    /// Whether a name refers to it: its own name, or the misspelt one in its file.
    pub fn is_called(&self, name: &str) -> bool {
        self.name == name || self.written_name() == name
    }

    /// The name in the file, which differs from its own name only if it is misspelt.
    pub fn written_name(&self) -> &str {
        match self.at.0.last() {
            Some(crate::source::Segment::Field(written)) => written,
            _ => &self.name,
        }
    }
}

/// One name under `scopes` or `bundles`.
#[derive(Debug, Clone)]
pub struct Grant {
    /// The name, as it is meant.
    pub name: String,
    /// What it is.
    pub kind: GrantKind,
    /// The scopes that it stands for, before anything is implied or filtered.
    pub members: ScopeSet,
    /// Whether the file misspells it. This was reported, and the grant counts as the name that must be meant.
    pub misspelt: bool,
    /// Set if the file has a retired name that this one replaced: then it only counts if the needs use it.
    pub retired: Option<Retired>,
    /// Where it stands.
    pub at: Path,
}

impl Grant {
    /// Whether it is this scope by its right name.
    pub fn grants(&self, id: ScopeId) -> bool {
        self.kind == GrantKind::Scope(id) && !self.misspelt
    }
}

/// How a grant comes from a name that the provider retired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retired {
    /// Whether the name has only this one replacement.
    pub is_alone: bool,
}

/// What a granted name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantKind {
    /// A scope.
    Scope(ScopeId),
    /// A bundle.
    Bundle(BundleId),
    /// A wildcard.
    Wildcard,
}

/// One thing that the key must be able to do.
#[derive(Debug, Clone)]
pub struct Need {
    /// What it is.
    pub kind: NeedKind,
    /// The recipe that asks for it, where it is not written itself.
    pub recipe: Option<RecipeId>,
    /// Whether a log asks for it rather than the file.
    pub observed: bool,
    /// Where it is written.
    pub at: Path,
}

/// What a need is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NeedKind {
    /// Calling an endpoint.
    Endpoint(EndpointId),
    /// Subscribing to an event.
    Event(EventId),
    /// Holding a scope whose endpoints the catalog does not know.
    Scope(ScopeId),
    /// Taking any branch of a choice of a recipe, by its number.
    Choice(ChoiceId),
}

/// A pattern of endpoints that the key must not reach.
#[derive(Debug, Clone)]
pub struct Never {
    /// The pattern, as written.
    pub text: String,
    /// The pattern.
    pub pattern: Pattern,
    /// For one call rather than a pattern, the endpoints that it reaches: all modes where it names none.
    pub only: Option<Vec<EndpointId>>,
    /// Where it is written.
    pub at: Path,
}
