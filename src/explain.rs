//! Answers what a set of scopes opens, what an endpoint needs, and whether a set may call an endpoint.

use std::collections::HashMap;

use crate::model::{
    Alternative, Catalog, EndpointId, EnvironmentId, EventId, Example, Holder, Meaning, NeedKind,
    Requirement, ScopeId, ScopeSet, Verdict,
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
            name: catalog.spelling(meaning).to_owned(),
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

/// The scopes that names expand to, in the catalog's order: members, and the scopes these imply.
pub fn expand(catalog: &Catalog, written: &[Written]) -> Vec<Expanded> {
    let mut members = catalog.empty_set();
    for name in written {
        members.union_with(&name.members);
    }
    let mut names: HashMap<ScopeId, Vec<&str>> = HashMap::new();
    for name in written {
        for scope in name.members.iter() {
            names.entry(scope).or_default().push(&name.name);
        }
    }
    let from = |scope: ScopeId| {
        let direct = names.get(&scope).into_iter().flatten();
        let mut from: Vec<String> = direct.map(|name| (*name).to_owned()).collect();
        let carriers = catalog.carriers(scope).iter().copied();
        let implying = carriers.filter(|other| *other != scope && members.has(*other));
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
    pub endpoints: Vec<(EndpointId, Vec<ScopeId>)>,
    /// The events that the key may subscribe to.
    pub events: Vec<EventId>,
}

/// What names come to on a key.
pub fn explain_set(catalog: &Catalog, holder: Holder, written: &[Written]) -> SetReport {
    let mut members = catalog.empty_set();
    for name in written {
        members.union_with(&name.members);
    }
    let effective = catalog.effective(holder, &members);
    // A scope that is only implied by dropped scopes is dropped with them, for the same reason.
    let fate = |scope: ScopeId| {
        let carriers = catalog.carriers(scope).iter().copied();
        let dropped = carriers
            .filter(|id| members.has(*id))
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
    endpoint: EndpointId,
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
    event: EventId,
) -> Vec<ScopeId> {
    match catalog.event_verdict(holder, effective, event) {
        Verdict::Allowed(via) => via,
        _ => Vec::new(),
    }
}

/// The scopes of a set by which a need is met.
pub fn via_need(
    catalog: &Catalog,
    holder: Holder,
    effective: &ScopeSet,
    need: NeedKind,
) -> Vec<ScopeId> {
    match need {
        NeedKind::Endpoint(index) => via(catalog, holder, effective, index),
        NeedKind::Event(index) => via_event(catalog, holder, effective, index),
        NeedKind::Scope(id) => vec![id],
        NeedKind::Choice(index) => match catalog.choice_verdict(holder, effective, index) {
            Verdict::Allowed(via) => via,
            _ => Vec::new(),
        },
    }
}

/// What a question is about beside a set of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// Calling an endpoint.
    Endpoint(EndpointId),
    /// Subscribing to an event.
    Event(EventId),
}

impl Target {
    /// Its name, as it is written in a key file.
    pub fn name(self, catalog: &Catalog) -> String {
        match self {
            Self::Endpoint(index) => catalog.endpoint_name(index),
            Self::Event(index) => catalog.events[index].name.clone(),
        }
    }

    /// What it asks of its caller, where a key is asked for and the provider says which.
    pub fn requirement(self, catalog: &Catalog) -> Option<&Requirement> {
        match self {
            Self::Endpoint(index) => catalog.endpoints[index].auth.requirement(),
            Self::Event(index) => Some(&catalog.events[index].requirement),
        }
    }

    /// The verdict for a key with these effective scopes.
    pub fn verdict(self, catalog: &Catalog, holder: Holder, effective: &ScopeSet) -> Verdict {
        match self {
            Self::Endpoint(index) => catalog.verdict(holder, effective, index),
            Self::Event(index) => catalog.event_verdict(holder, effective, index),
        }
    }

    /// Whether it exists in an environment, with the scopes of some way in.
    pub fn is_usable(self, catalog: &Catalog, environment: Option<EnvironmentId>) -> bool {
        match self {
            Self::Endpoint(index) => catalog.endpoint_is_usable(index, environment),
            Self::Event(index) => catalog.event_is_usable(index, environment),
        }
    }

    fn need(self) -> NeedKind {
        match self {
            Self::Endpoint(index) => NeedKind::Endpoint(index),
            Self::Event(index) => NeedKind::Event(index),
        }
    }
}

/// One way to meet a requirement, and what it would open beside.
#[derive(Debug, Clone)]
pub struct Way {
    /// The alternative.
    pub alternative: Alternative,
    /// Other endpoints that the same scopes add, on a key type that the way is open to.
    pub also_opens: Vec<EndpointId>,
}

/// What one endpoint or event needs.
#[derive(Debug, Clone)]
pub struct TargetReport {
    /// The endpoint or the event.
    pub target: Target,
    /// The ways to meet it that a key asked about could take, the one that costs least first; empty where no scope is asked
    /// for.
    pub ways: Vec<Way>,
    /// For each key asked about, the verdict for the set that was given.
    pub verdicts: Vec<(Holder, Verdict)>,
    /// For each key asked about, the verdict if it had every scope.
    pub at_best: Vec<(Holder, Verdict)>,
}

impl TargetReport {
    /// Whether a key of some type that was asked about could do it, with the right scopes.
    pub fn is_possible(&self) -> bool {
        self.at_best.iter().any(|(_, verdict)| verdict.may())
    }

    /// Why no key that was asked about could do it; `None` where one could.
    pub fn refusal(&self) -> Option<&Verdict> {
        if self.is_possible() {
            return None;
        }
        // Prefer a wrong environment over a wrong key type as the reason.
        let order = |verdict: &Verdict| match verdict {
            Verdict::WrongEnvironment => 0,
            Verdict::Rejected => 1,
            Verdict::NotStated => 2,
            _ => 3,
        };
        let verdicts = self.at_best.iter().map(|(_, verdict)| verdict);
        verdicts.min_by_key(|verdict| order(verdict))
    }
}

/// What an endpoint or an event needs, and what it says to a key with these scopes, for each holder.
pub fn explain_target(
    catalog: &Catalog,
    target: Target,
    holders: &[Holder],
    written: &ScopeSet,
) -> TargetReport {
    let verdicts = |written: &ScopeSet| -> Vec<(Holder, Verdict)> {
        let verdict = |holder: &Holder| {
            let effective = catalog.effective(*holder, written);
            (*holder, target.verdict(catalog, *holder, &effective))
        };
        holders.iter().map(verdict).collect()
    };
    let mut ways: Vec<Way> = Vec::new();
    let alternatives = target.requirement(catalog).map(Requirement::alternatives);
    for alternative in alternatives.into_iter().flatten() {
        let can_take = |holder: &&Holder| {
            alternative.key_types.has(holder.key_type)
                && alternative
                    .scopes
                    .iter()
                    .all(|id| catalog.carries(**holder, *id))
        };
        let taking: Vec<&Holder> = holders.iter().filter(can_take).collect();
        if alternative.scopes.is_empty() || taking.is_empty() {
            continue;
        }
        let set = ScopeSet::of(catalog.scopes.len(), alternative.scopes.iter().copied());
        let mut also_opens = Vec::new();
        for holder in taking {
            let by_itself = opened_by_type(catalog, *holder);
            let opened = catalog.reach(*holder, &catalog.effective(*holder, &set));
            also_opens.extend(
                opened.into_iter().filter(|other| {
                    Target::Endpoint(*other) != target && !by_itself.contains(other)
                }),
            );
        }
        also_opens.sort_unstable();
        also_opens.dedup();
        ways.push(Way {
            alternative: alternative.clone(),
            also_opens,
        });
    }
    let needs = [target.need()];
    ways.sort_by_cached_key(|way| {
        let scopes = &way.alternative.scopes;
        // Use the cost on the first key type that can take this way.
        let mut taking = holders.iter().copied();
        let holder = taking.find(|holder| way.alternative.key_types.has(holder.key_type));
        let cost = holder.map(|holder| cost(catalog, holder, &needs, scopes));
        let names: Vec<String> = scopes
            .iter()
            .map(|id| catalog.name(*id).to_owned())
            .collect();
        (cost, names)
    });
    TargetReport {
        target,
        ways,
        verdicts: verdicts(written),
        at_best: verdicts(&catalog.every_scope()),
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
    match catalog.find(&example.request).ok().map(|found| found.gets) {
        Some(endpoint) => catalog.verdict(holder, &effective, endpoint).name(),
        None => Verdict::NO_SUCH_ENDPOINT,
    }
}
