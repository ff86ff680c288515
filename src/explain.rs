//! What does this set open? What does this endpoint need? May this set call that?

use crate::model::{
    Alternative, Auth, Catalog, Example, Holder, Meaning, NeedKind, ScopeId, ScopeSet, Verdict,
};
use crate::solve::{cost, opened_by_type};

/// A name as somebody wrote it, and what it stands for.
#[derive(Debug, Clone)]
pub struct Written {
    /// The name.
    pub name: String,
    /// The scopes that it stands for.
    pub members: ScopeSet,
    /// Whether it is a scope, a bundle or a wildcard.
    pub kind: WrittenKind,
}

/// What a written name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WrittenKind {
    /// A scope.
    Scope,
    /// A bundle.
    Bundle,
    /// A wildcard.
    Wildcard,
}

impl WrittenKind {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scope => "scope",
            Self::Bundle => "bundle",
            Self::Wildcard => "wildcard",
        }
    }
}

impl Written {
    /// The written name, where the catalog knows it.
    pub fn resolve(catalog: &Catalog, name: &str) -> Option<Self> {
        let meaning = catalog.meaning(name)?;
        Some(Self {
            name: name.to_owned(),
            members: catalog.members(meaning),
            kind: match meaning {
                Meaning::Scope(_) => WrittenKind::Scope,
                Meaning::Bundle(_) => WrittenKind::Bundle,
                Meaning::Wildcard(_) => WrittenKind::Wildcard,
            },
        })
    }
}

/// One scope of an expansion, with everything that brings it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expanded {
    /// The scope.
    pub scope: ScopeId,
    /// What brings it: its own name where it is written, bundles, wildcards, and scopes that imply it.
    pub from: Vec<String>,
}

/// The scopes that names come to, in the catalog's order: members, and what those imply.
pub fn expand(catalog: &Catalog, written: &[Written]) -> Vec<Expanded> {
    let mut members = catalog.empty_set();
    for name in written {
        members.union_with(&name.members);
    }
    let from = |scope: ScopeId| {
        let mut from: Vec<String> = written
            .iter()
            .filter(|name| name.members.has(scope))
            .map(|name| name.name.clone())
            .collect();
        let implying = members
            .iter()
            .filter(|other| *other != scope && catalog.closure(*other).has(scope));
        from.extend(implying.map(|other| catalog.name(other).to_owned()));
        let mut seen = std::collections::HashSet::new();
        from.retain(|name| seen.insert(name.clone()));
        from
    };
    catalog
        .close(&members)
        .iter()
        .map(|scope| Expanded {
            scope,
            from: from(scope),
        })
        .collect()
}

/// What becomes of a scope on a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// The key has it.
    Granted,
    /// The provider drops it silently: this key type may not carry it.
    Ignored,
    /// The provider refuses it on this key type.
    Rejected,
    /// It does not exist in this environment.
    WrongEnvironment,
}

impl Status {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Ignored => "ignored",
            Self::Rejected => "rejected",
            Self::WrongEnvironment => "wrong-environment",
        }
    }
}

/// What becomes of a scope on a holder's key.
pub fn status(catalog: &Catalog, holder: Holder, scope: ScopeId) -> Status {
    if catalog.carries(holder, scope) {
        Status::Granted
    } else if catalog.scope(scope).key_types.has(holder.key_type) {
        Status::WrongEnvironment
    } else if catalog.key_types[holder.key_type].ignores_disallowed {
        Status::Ignored
    } else {
        Status::Rejected
    }
}

/// What a set comes to on one key type.
#[derive(Debug, Clone)]
pub struct SetReport {
    /// The key that was asked about.
    pub holder: Holder,
    /// Each scope that the names come to, and what becomes of it.
    pub scopes: Vec<(Expanded, Status)>,
    /// The scopes that the key really has.
    pub effective: ScopeSet,
    /// The endpoints that they open, each with the scopes that do it, in the catalog's order.
    pub endpoints: Vec<(usize, Vec<ScopeId>)>,
    /// The events that the key may subscribe to.
    pub events: Vec<usize>,
}

/// What names come to on a key.
pub fn explain_set(catalog: &Catalog, holder: Holder, written: &[Written]) -> SetReport {
    let mut members = catalog.empty_set();
    for name in written {
        members.union_with(&name.members);
    }
    let effective = catalog.effective(holder, &members);
    // Implied by a scope that is dropped and by no other: dropped with it, and for its reason.
    let fate = |scope: ScopeId| {
        let dropped = members
            .iter()
            .filter(|id| catalog.closure(*id).has(scope))
            .map(|id| status(catalog, holder, id))
            .filter(|status| *status != Status::Granted);
        dropped.min()
    };
    let scopes = expand(catalog, written)
        .into_iter()
        .map(|expanded| {
            let status = match status(catalog, holder, expanded.scope) {
                Status::Granted if !effective.has(expanded.scope) => {
                    fate(expanded.scope).unwrap_or(Status::Ignored)
                }
                status => status,
            };
            (expanded, status)
        })
        .collect();
    let endpoints = catalog
        .reach(holder, &effective)
        .into_iter()
        .map(|endpoint| (endpoint, via(catalog, holder, &effective, endpoint)))
        .collect();
    SetReport {
        holder,
        scopes,
        endpoints,
        events: catalog.subscribable(holder, &effective),
        effective,
    }
}

/// The scopes of a set by which an endpoint is open.
pub fn via(
    catalog: &Catalog,
    holder: Holder,
    effective: &ScopeSet,
    endpoint: usize,
) -> Vec<ScopeId> {
    match catalog.verdict(holder, effective, endpoint) {
        Verdict::Allowed(via) => via,
        _ => Vec::new(),
    }
}

/// The scopes of a set by which an event is open.
pub fn via_event(
    catalog: &Catalog,
    holder: Holder,
    effective: &ScopeSet,
    event: usize,
) -> Vec<ScopeId> {
    match catalog.event_verdict(holder, effective, event) {
        Verdict::Allowed(via) => via,
        _ => Vec::new(),
    }
}

/// One way to meet an endpoint's requirement, and what it would open beside the endpoint.
#[derive(Debug, Clone)]
pub struct Way {
    /// The alternative.
    pub alternative: Alternative,
    /// Other endpoints that the same scopes add, on a key type that the way is open to.
    pub also_opens: Vec<usize>,
}

/// What one endpoint needs.
#[derive(Debug, Clone)]
pub struct EndpointReport {
    /// The endpoint.
    pub endpoint: usize,
    /// The ways to meet it, the one that costs least first; empty where no scope is asked for.
    pub ways: Vec<Way>,
    /// For each key type asked about, the verdict for the set that was given.
    pub verdicts: Vec<(Holder, Verdict)>,
}

/// What an endpoint needs, and what it says to a key with these scopes, for each holder.
pub fn explain_endpoint(
    catalog: &Catalog,
    endpoint: usize,
    holders: &[Holder],
    written: &ScopeSet,
) -> EndpointReport {
    let verdicts = holders
        .iter()
        .map(|holder| {
            let effective = catalog.effective(*holder, written);
            (*holder, catalog.verdict(*holder, &effective, endpoint))
        })
        .collect();
    let mut ways: Vec<Way> = Vec::new();
    if let Auth::Key(requirement) = &catalog.endpoints[endpoint].auth {
        for alternative in requirement
            .alternatives()
            .iter()
            .filter(|alternative| !alternative.scopes.is_empty())
        {
            let set = ScopeSet::of(catalog.scopes.len(), alternative.scopes.iter().copied());
            let mut also_opens = Vec::new();
            let asked = holders
                .iter()
                .filter(|holder| alternative.key_types.has(holder.key_type));
            for holder in asked {
                let by_itself = opened_by_type(catalog, *holder);
                for other in catalog.reach(*holder, &catalog.effective(*holder, &set)) {
                    if other != endpoint && !by_itself.contains(&other) {
                        also_opens.push(other);
                    }
                }
            }
            also_opens.sort_unstable();
            also_opens.dedup();
            ways.push(Way {
                alternative: alternative.clone(),
                also_opens,
            });
        }
    }
    let needs = [NeedKind::Endpoint(endpoint)];
    ways.sort_by_cached_key(|way| {
        let scopes = &way.alternative.scopes;
        // Where a type that was asked about takes this way, it costs what it costs there.
        let mut taking = holders.iter().copied();
        let holder = taking
            .find(|holder| way.alternative.key_types.has(holder.key_type))
            .or(holders.first().copied());
        let cost = holder.map(|holder| cost(catalog, holder, &needs, scopes));
        let names: Vec<String> = scopes
            .iter()
            .map(|id| catalog.name(*id).to_owned())
            .collect();
        (cost, names)
    });
    EndpointReport {
        endpoint,
        ways,
        verdicts,
    }
}

/// The verdict that an example of a catalog comes to.
pub fn example_verdict(catalog: &Catalog, example: &Example) -> &'static str {
    let holder = Holder {
        key_type: example.key_type,
        environment: example.environment,
    };
    let mut members = catalog.empty_set();
    for written in example
        .scopes
        .iter()
        .filter_map(|name| Written::resolve(catalog, name))
    {
        members.union_with(&written.members);
    }
    let effective = catalog.effective(holder, &members);
    match catalog
        .find(&example.request)
        .ok()
        .and_then(|found| found.first().copied())
    {
        Some(endpoint) => catalog.verdict(holder, &effective, endpoint).name(),
        None => Verdict::NO_SUCH_ENDPOINT,
    }
}
