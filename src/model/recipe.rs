//! Tasks: the calls that they take, and the choices among them.
//!
//! A choice is one need: any of its branches meets it, and a branch is met if all of its calls are. Every call of every
//! branch counts as needed, so what a key opens beyond its needs does not depend on the branch it takes.

use std::collections::HashSet;

use super::catalog::{Auth, Catalog, Holder};
use super::index::{ChoiceId, EndpointId, EnvironmentId, EventId, KeyTypeId, RecipeId, ScopeId};
use super::key::NeedKind;
use super::requirement::{Requirement, TooWide};
use super::set::{Mask, ScopeSet};
use super::verdict::{Verdict, reduced};

/// A task with the calls that it takes.
#[derive(Debug, Clone)]
pub struct Recipe {
    /// Its name.
    pub name: String,
    /// What it does.
    pub summary: Option<String>,
    /// What it takes, one after the other.
    pub steps: Vec<Step>,
    /// The events that it subscribes to, in order.
    pub events: Vec<EventId>,
    /// The scopes that the provider's page calls enough for it.
    pub adequate: Vec<ScopeId>,
    /// Free text about it.
    pub note: Option<String>,
}

/// One step of a recipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A call.
    Call(Call),
    /// Any branch of a choice, by its number.
    Choice(ChoiceId),
}

/// A call that a recipe takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// The endpoint.
    pub endpoint: EndpointId,
    /// Whether the provider's page does not name it for the task, and only implies it.
    pub inferred: bool,
}

/// Several ways to take one step of a recipe.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The ways; at least one.
    pub branches: Vec<Branch>,
}

/// One way to take a step: all of its calls.
#[derive(Debug, Clone)]
pub struct Branch {
    /// The calls; at least one.
    pub calls: Vec<Call>,
    /// The combined requirement of all calls, as far as the provider states it. A call that another credential opens
    /// asks nothing of key types that cannot make it otherwise.
    pub(crate) requirement: Requirement,
}

impl Recipe {
    /// The needs of the recipe: each step, then each event.
    pub fn needs(&self) -> impl Iterator<Item = NeedKind> {
        let steps = self.steps.iter().map(|step| match step {
            Step::Call(call) => NeedKind::Endpoint(call.endpoint),
            Step::Choice(index) => NeedKind::Choice(*index),
        });
        steps.chain(self.events.iter().map(|index| NeedKind::Event(*index)))
    }

    /// Every call of every step, those of all branches included.
    pub fn calls<'a>(&'a self, catalog: &'a Catalog) -> impl Iterator<Item = &'a Call> {
        self.steps.iter().flat_map(|step| match step {
            Step::Call(call) => vec![call],
            Step::Choice(index) => catalog.choices[*index].calls().collect(),
        })
    }
}

impl Choice {
    /// The calls of all branches.
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        self.branches.iter().flat_map(|branch| &branch.calls)
    }
}

impl Branch {
    /// The branch of these calls. Fails where what they ask together is too wide.
    pub fn new(catalog: &Catalog, calls: Vec<Call>) -> Result<Self, TooWide> {
        let mut parts = Vec::new();
        for call in &calls {
            let endpoint = &catalog.endpoints[call.endpoint];
            let Some(own) = endpoint.auth.requirement() else {
                continue;
            };
            let others = match endpoint.keyless {
                Some(_) => Mask::ALL.without(own.key_types()),
                None => Mask::NONE,
            };
            parts.push(own.or(&Requirement::any_key(others)));
        }
        let requirement = Requirement::all(&parts)?;
        Ok(Self { calls, requirement })
    }

    /// Its endpoints.
    pub fn endpoints(&self) -> impl Iterator<Item = EndpointId> {
        self.calls.iter().map(|call| call.endpoint)
    }
}

impl Catalog {
    /// The verdict on all calls of a branch for a key with these effective scopes, in the same order of precedence as
    /// for an endpoint, except that a call closed to the key comes before one whose needs the provider does not state.
    pub fn branch_verdict(&self, holder: Holder, effective: &ScopeSet, branch: &Branch) -> Verdict {
        let exists = |index| self.endpoint_exists(index, holder.environment);
        if !branch.endpoints().all(exists) {
            return Verdict::WrongEnvironment;
        }
        if branch
            .endpoints()
            .any(|index| self.endpoints[index].rejected.is_some())
        {
            return Verdict::Rejected;
        }
        let takes_no_key = |index| {
            let verdict = self.verdict(holder, effective, index);
            matches!(verdict, Verdict::Public | Verdict::Keyless)
        };
        if branch.endpoints().all(takes_no_key) {
            return Verdict::Public;
        }
        let is_unstated = |index: EndpointId| self.endpoints[index].auth == Auth::NotStated;
        match self.ask(holder, effective, &branch.requirement) {
            closed @ (Verdict::WrongEnvironment | Verdict::WrongKeyType(_)) => closed,
            _ if branch.endpoints().any(is_unstated) => Verdict::NotStated,
            verdict => verdict,
        }
    }

    /// The verdict on a choice for a key with these effective scopes: that of the branch closest to being met. It is
    /// `NotStated` only if no other branch is or could be met.
    pub fn choice_verdict(
        &self,
        holder: Holder,
        effective: &ScopeSet,
        choice: ChoiceId,
    ) -> Verdict {
        let mut via: Option<Vec<ScopeId>> = None;
        let mut missing: Vec<Vec<ScopeId>> = Vec::new();
        let mut types: Option<Mask<KeyTypeId>> = None;
        let (mut is_unstated, mut is_rejected) = (false, false);
        for branch in &self.choices[choice].branches {
            match self.branch_verdict(holder, effective, branch) {
                Verdict::Public | Verdict::Keyless => return Verdict::Public,
                Verdict::Allowed(scopes) if scopes.is_empty() => return Verdict::Allowed(scopes),
                Verdict::Allowed(scopes) => via.get_or_insert_default().extend(scopes),
                Verdict::MissingScope(ways) => missing.extend(ways),
                Verdict::NotStated => is_unstated = true,
                Verdict::Rejected => is_rejected = true,
                Verdict::WrongKeyType(others) => {
                    types = Some(types.map_or(others, |types| types.or(others)));
                }
                Verdict::WrongEnvironment => {}
            }
        }
        match (via, types) {
            (Some(mut via), _) => {
                via.sort_unstable();
                via.dedup();
                Verdict::Allowed(via)
            }
            _ if !missing.is_empty() => Verdict::MissingScope(reduced(missing)),
            _ if is_unstated => Verdict::NotStated,
            (_, Some(types)) if !(types.is_empty() && is_rejected) => Verdict::WrongKeyType(types),
            _ if is_rejected => Verdict::Rejected,
            _ => Verdict::WrongEnvironment,
        }
    }

    /// What a choice asks of a holder: any of the branches that it could meet with the right scopes.
    pub fn choice_requirement(&self, holder: Holder, choice: ChoiceId) -> Requirement {
        let nothing = self.empty_set();
        let is_possible = |branch: &&Branch| {
            let verdict = self.branch_verdict(holder, &nothing, branch);
            matches!(verdict, Verdict::Allowed(_) | Verdict::MissingScope(_))
        };
        let branches = self.choices[choice].branches.iter().filter(is_possible);
        Requirement::any(branches.flat_map(|branch| branch.requirement.alternatives().to_vec()))
    }

    /// Whether the calls of some branch exist in an environment.
    pub fn choice_exists(&self, choice: ChoiceId, environment: Option<EnvironmentId>) -> bool {
        let exists = |index| self.endpoint_exists(index, environment);
        let mut branches = self.choices[choice].branches.iter();
        branches.any(|branch| branch.endpoints().all(exists))
    }

    /// Whether some branch can be taken in an environment: all of its calls exist there, with the scopes of some way in.
    pub fn choice_is_usable(&self, choice: ChoiceId, environment: Option<EnvironmentId>) -> bool {
        let usable = |index| self.endpoint_is_usable(index, environment);
        let mut branches = self.choices[choice].branches.iter();
        branches.any(|branch| branch.endpoints().all(usable))
    }

    /// Every endpoint that a need is about, those of all branches included.
    pub fn endpoints_of(&self, need: NeedKind) -> Vec<EndpointId> {
        match need {
            NeedKind::Endpoint(index) => vec![index],
            NeedKind::Choice(index) => self.choices[index]
                .calls()
                .map(|call| call.endpoint)
                .collect(),
            NeedKind::Event(_) | NeedKind::Scope(_) => Vec::new(),
        }
    }

    /// The endpoints that count as needed.
    pub fn needed_endpoints(&self, needs: &[NeedKind]) -> HashSet<EndpointId> {
        let needs = needs.iter();
        needs.flat_map(|need| self.endpoints_of(*need)).collect()
    }

    /// The endpoints by which a key with these effective scopes meets a need: of a choice, those of the first branch that it
    /// meets.
    pub fn endpoints_taken(
        &self,
        holder: Holder,
        effective: &ScopeSet,
        need: NeedKind,
    ) -> Vec<EndpointId> {
        let NeedKind::Choice(index) = need else {
            return self.endpoints_of(need);
        };
        let is_met = |branch: &&Branch| self.branch_verdict(holder, effective, branch).may();
        let branch = self.choices[index].branches.iter().find(is_met);
        branch.map_or_else(Vec::new, |branch| branch.endpoints().collect())
    }

    /// Every scope that some way to meet a need names.
    pub fn scopes_of(&self, need: NeedKind) -> Vec<ScopeId> {
        let of_endpoint = |index: EndpointId| {
            let requirement = self.endpoints[index].auth.requirement();
            requirement.map(Requirement::scopes).unwrap_or_default()
        };
        match need {
            NeedKind::Event(index) => self.events[index].requirement.scopes(),
            NeedKind::Scope(id) => vec![id],
            NeedKind::Endpoint(_) | NeedKind::Choice(_) => {
                let endpoints = self.endpoints_of(need).into_iter();
                endpoints.flat_map(of_endpoint).collect()
            }
        }
    }

    /// A need by its name: `POST /a`, `order.paid`, a scope, or of a choice `POST /a, or POST /b and GET /b`.
    pub fn need_name(&self, need: NeedKind) -> String {
        match need {
            NeedKind::Endpoint(index) => self.endpoint_name(index),
            NeedKind::Event(index) => self.events[index].name.clone(),
            NeedKind::Scope(id) => self.name(id).to_owned(),
            NeedKind::Choice(index) => {
                let branch = |branch: &Branch| {
                    let names = branch.endpoints().map(|index| self.endpoint_name(index));
                    names.collect::<Vec<_>>().join(" and ")
                };
                let branches = self.choices[index].branches.iter().map(branch);
                branches.collect::<Vec<_>>().join(", or ")
            }
        }
    }

    /// Whether a recipe only infers a need, instead of the provider's page naming it for the task. Never true for a
    /// choice, whose calls are marked as inferred one by one.
    pub fn is_inferred(&self, recipe: Option<RecipeId>, need: NeedKind) -> bool {
        let Some(recipe) = recipe.map(|index| &self.recipes[index]) else {
            return false;
        };
        let mut bases = recipe.steps.iter().filter_map(|step| match step {
            Step::Call(call) if NeedKind::Endpoint(call.endpoint) == need => Some(call.inferred),
            _ => None,
        });
        // A call that is in the recipe twice counts as named if one of the two is named.
        let first = bases.next().unwrap_or(false);
        first && bases.all(|inferred| inferred)
    }
}
