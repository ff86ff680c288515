//! Whether a key may call an endpoint, always with a reason.

use super::catalog::{Auth, Catalog, Holder};
use std::collections::HashSet;

use super::index::{EndpointId, EventId, KeyTypeId, ScopeId};
use super::requirement::{Requirement, minimal};
use super::set::{Mask, ScopeSet};

/// The answer for one endpoint and one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The endpoint does not exist in the key's environment.
    WrongEnvironment,
    /// Always refused in this mode, whatever the scopes.
    Rejected,
    /// It is public.
    Public,
    /// The provider does not say what it needs, so the answer is neither yes nor no.
    NotStated,
    /// The key may call it, with these of its scopes; none if any key is enough.
    Allowed(Vec<ScopeId>),
    /// The key is missing scopes: for each alternative open to its type, the missing ones.
    MissingScope(Vec<Vec<ScopeId>>),
    /// No scope helps on this key type, and another credential opens it.
    Keyless,
    /// No scope helps on this key type; these types could.
    WrongKeyType(Mask<KeyTypeId>),
}

impl Verdict {
    /// The name of the verdict when no endpoint is found at all.
    pub const NO_SUCH_ENDPOINT: &'static str = "no-such-endpoint";

    /// Its name in JSON and in a catalog's examples.
    pub fn name(&self) -> &'static str {
        match self {
            Self::WrongEnvironment => "wrong-environment",
            Self::Rejected => "rejected",
            Self::Public | Self::Keyless => "no-key-needed",
            Self::NotStated => "not-stated",
            Self::Allowed(_) => "allowed",
            Self::MissingScope(_) => "missing-scope",
            Self::WrongKeyType(_) => "wrong-key-type",
        }
    }

    /// Every name that a verdict can have.
    pub const NAMES: [&'static str; 8] = [
        Self::NO_SUCH_ENDPOINT,
        "wrong-environment",
        "rejected",
        "no-key-needed",
        "not-stated",
        "allowed",
        "missing-scope",
        "wrong-key-type",
    ];

    /// Whether the call can be made: with the key, or without one.
    pub fn may(&self) -> bool {
        matches!(self, Self::Allowed(_) | Self::Public | Self::Keyless)
    }
}

impl Catalog {
    /// The verdict on an endpoint for a key with these effective scopes.
    pub fn verdict(&self, holder: Holder, effective: &ScopeSet, endpoint: EndpointId) -> Verdict {
        let entry = &self.endpoints[endpoint];
        if !self.endpoint_exists(endpoint, holder.environment) {
            return Verdict::WrongEnvironment;
        }
        if entry.rejected.is_some() {
            return Verdict::Rejected;
        }
        let requirement = match &entry.auth {
            Auth::Public => return Verdict::Public,
            Auth::NotStated => return Verdict::NotStated,
            Auth::Key(requirement) => requirement,
        };
        match self.ask(holder, effective, requirement) {
            Verdict::WrongKeyType(_) if entry.keyless.is_some() => Verdict::Keyless,
            verdict => verdict,
        }
    }

    /// The verdict on subscribing to an event for a key with these effective scopes.
    pub fn event_verdict(&self, holder: Holder, effective: &ScopeSet, event: EventId) -> Verdict {
        self.ask(holder, effective, &self.events[event].requirement)
    }

    /// The verdict of a requirement for a key with these effective scopes.
    pub(super) fn ask(
        &self,
        holder: Holder,
        effective: &ScopeSet,
        requirement: &Requirement,
    ) -> Verdict {
        let met: Vec<_> = requirement
            .open_to(holder.key_type)
            .filter(|alternative| effective.has_all(&alternative.scopes))
            .collect();
        if !met.is_empty() {
            let mut via: Vec<ScopeId> = met
                .iter()
                .flat_map(|alternative| alternative.scopes.iter().copied())
                .collect();
            via.sort_unstable();
            via.dedup();
            return Verdict::Allowed(via);
        }
        let missing = self
            .open_alternatives(requirement, holder)
            .map(|alternative| {
                let lacks = |id: &ScopeId| !effective.has(*id);
                alternative.scopes.iter().copied().filter(lacks).collect()
            });
        let missing = reduced(missing.collect());
        if !missing.is_empty() {
            return Verdict::MissingScope(missing);
        }
        if requirement.open_to(holder.key_type).next().is_some() {
            return Verdict::WrongEnvironment;
        }
        Verdict::WrongKeyType(requirement.key_types())
    }
}

/// Sets of scopes, each sorted, without those that contain another one: the smaller set is enough.
pub(super) fn reduced(mut sets: Vec<Vec<ScopeId>>) -> Vec<Vec<ScopeId>> {
    // Keep the original order, without duplicates.
    let mut kept: HashSet<Vec<ScopeId>> = minimal(sets.clone()).into_iter().collect();
    sets.retain(|set| kept.remove(set));
    sets
}
