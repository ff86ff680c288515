//! Judges a proposed key against the least that its job needs: what each environment grants, needs and reaches.
//!
//! The rules read this judgement; it reports nothing itself.

use std::collections::{HashMap, HashSet};

use crate::model::{
    Budget, Catalog, EndpointId, Grant, Holder, Key, KeyEnvironment, Need, NeedKind, Risk, ScopeId,
    ScopeSet, Verdict,
};
use crate::solve::{Answers, Question, Solution};
use crate::source::Path;

/// A key, judged.
#[derive(Debug)]
pub struct Judgement<'a> {
    /// The catalog of its provider.
    pub catalog: &'a Catalog,
    /// The key.
    pub key: &'a Key,
    /// Each of its environments; one without a name where the file names none.
    pub environments: Vec<EnvironmentJudgement<'a>>,
    /// How much it may reach, in all and beyond its needs.
    pub budget: Budget,
    /// The environments by their names.
    by_name: HashMap<&'a str, Vec<usize>>,
}

/// One environment of a key, judged.
#[derive(Debug)]
pub struct EnvironmentJudgement<'a> {
    /// Which of the judged environments it is.
    pub number: usize,
    /// The environment of the file; `None` where it names none.
    pub environment: Option<&'a KeyEnvironment>,
    /// Type and environment of the key.
    pub holder: Holder,
    /// Everything granted here: what is granted everywhere, then what is granted here alone.
    pub grants: Vec<&'a Grant>,
    /// The scopes as written, with bundles and wildcards expanded; of the replacements of retired names, only those
    /// that the needs use.
    pub written: ScopeSet,
    /// Of the scopes that replaced retired names, those that the needs take.
    pub taken: ScopeSet,
    /// The scopes that the key really has here.
    pub effective: ScopeSet,
    /// Everything needed here, and its state.
    pub needs: Vec<(&'a Need, NeedState)>,
    /// The cheapest subset of the written scopes that meets every need they can meet.
    pub least: Solution,
    /// The cheapest set of any scopes that meets every need that can be met; it includes what to add. The same as
    /// `least` if nothing is missing.
    pub wanted: ScopeSet,
    /// The cheapest set of any scopes that meets what `least` meets; if it costs less, something safer is enough.
    pub best: Solution,
    /// The endpoints that it reaches.
    pub reach: Vec<EndpointId>,
}

/// The state of a need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NeedState {
    /// The key meets it.
    Met,
    /// It takes no scope: public, open to any key, or open to another credential.
    NotNeeded,
    /// The provider does not say what it takes.
    NotStated,
    /// The key is missing the scopes of one of these alternatives.
    Missing(Vec<Vec<ScopeId>>),
    /// No scope would help, for this reason.
    Impossible(Verdict),
    /// It does not exist in this environment.
    Elsewhere,
}

impl EnvironmentJudgement<'_> {
    /// The name of the environment, where the file names one.
    pub fn name(&self) -> Option<&str> {
        self.environment
            .map(|environment| environment.name.as_str())
    }

    /// Its needs without those that do not exist in this environment.
    pub fn needs_here(&self) -> Vec<NeedKind> {
        needs_here(&self.needs)
    }
}

impl Judgement<'_> {
    /// The needs that exist in some environment.
    pub(crate) fn existing_needs(&self) -> HashSet<(&Path, NeedKind)> {
        let needs = self.environments.iter().flat_map(|judged| &judged.needs);
        let here = needs.filter(|(_, state)| *state != NeedState::Elsewhere);
        here.map(|(need, _)| (&need.at, need.kind)).collect()
    }

    /// Every grant of the file, once: those for everywhere, then each environment's.
    pub fn grants(&self) -> impl Iterator<Item = (&Grant, Option<&KeyEnvironment>)> {
        let everywhere = self.key.grants.iter().map(|grant| (grant, None));
        let local = self.key.environments.iter().flat_map(|environment| {
            environment
                .grants
                .iter()
                .map(move |grant| (grant, Some(environment)))
        });
        everywhere.chain(local)
    }

    /// Of a scope and everything it brings where a grant of it applies, the one with the greatest risk on this type of
    /// key; the scope itself if none has a greater risk.
    pub fn worst_brought(&self, environment: Option<&KeyEnvironment>, id: ScopeId) -> ScopeId {
        let catalog = self.catalog;
        let risk = |id: ScopeId| catalog.scope(id).risk_on(self.key.key_type);
        let is_brought = |other: &ScopeId| {
            self.where_granted(environment)
                .any(|judged| catalog.carries(judged.holder, *other))
        };
        let brought = catalog.closure(id).iter().filter(is_brought);
        brought.fold(id, |worst, other| {
            if risk(other) > risk(worst) {
                other
            } else {
                worst
            }
        })
    }

    /// The greatest risk that a scope brings where a grant of it applies.
    pub fn risk_brought(&self, environment: Option<&KeyEnvironment>, id: ScopeId) -> Risk {
        let worst = self.worst_brought(environment, id);
        self.catalog.scope(worst).risk_on(self.key.key_type)
    }

    /// The environments that a grant applies in: the one it stands in, or all of them.
    pub fn where_granted<'b>(
        &'b self,
        environment: Option<&KeyEnvironment>,
    ) -> impl Iterator<Item = &'b EnvironmentJudgement<'b>> {
        let named = environment.map(|one| self.by_name.get(one.name.as_str()));
        let (all, some) = match named {
            None => (&self.environments[..], &[][..]),
            Some(named) => (&[][..], named.map_or(&[][..], Vec::as_slice)),
        };
        all.iter()
            .chain(some.iter().map(|index| &self.environments[*index]))
    }
}

/// Judges a key.
pub fn judge<'a>(catalog: &'a Catalog, key: &'a Key, budget: Budget) -> Judgement<'a> {
    // Environments that the provider does not have were already reported, so do not judge them.
    let exists = |environment: &&KeyEnvironment| {
        environment.index.is_some() || catalog.environments.is_empty()
    };
    let mut answers = Answers::new(catalog);
    let mut environments: Vec<EnvironmentJudgement<'_>> = key
        .environments
        .iter()
        .filter(exists)
        .map(|environment| judge_environment(&mut answers, catalog, key, Some(environment)))
        .collect();
    if environments.is_empty() {
        environments.push(judge_environment(&mut answers, catalog, key, None));
    }
    for (number, judged) in environments.iter_mut().enumerate() {
        judged.number = number;
    }
    let mut by_name: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, judged) in environments.iter().enumerate() {
        if let Some(environment) = judged.environment {
            by_name.entry(&environment.name).or_default().push(index);
        }
    }
    Judgement {
        catalog,
        key,
        environments,
        budget,
        by_name,
    }
}

/// The needs that can be had in an environment.
fn needs_here(needs: &[(&Need, NeedState)]) -> Vec<NeedKind> {
    let here = needs
        .iter()
        .filter(|(_, state)| *state != NeedState::Elsewhere);
    here.map(|(need, _)| need.kind).collect()
}

fn judge_environment<'a>(
    answers: &mut Answers<'_>,
    catalog: &'a Catalog,
    key: &'a Key,
    environment: Option<&'a KeyEnvironment>,
) -> EnvironmentJudgement<'a> {
    let holder = Holder {
        key_type: key.key_type,
        environment: environment.and_then(|environment| environment.index),
    };
    let local = environment.map_or(&[][..], |environment| &environment.grants);
    let grants: Vec<&Grant> = key.grants.iter().chain(local).collect();
    let local = environment.map_or(&[][..], |environment| &environment.needs);
    let needed = key.needs.iter().chain(local);
    let (written, taken) = written(answers, catalog, holder, &grants, needed);
    let effective = catalog.effective(holder, &written);
    let needs: Vec<(&Need, NeedState)> = key
        .needs
        .iter()
        .chain(local)
        .map(|need| (need, need_state(catalog, holder, &effective, need.kind)))
        .collect();
    let met = needs_here(&needs);
    let question = Question {
        holder,
        needs: &met,
        all: &met,
        candidates: Some(&written),
        has: Some(&written),
    };
    let least = answers.least(question);
    let lacks = needs
        .iter()
        .any(|(_, state)| matches!(state, NeedState::Missing(_)));
    let of_everything = Question {
        candidates: None,
        ..question
    };
    let wanted = if lacks {
        answers.least(of_everything).chosen
    } else {
        least.chosen.clone()
    };
    let unmet: HashSet<usize> = least.unmet.iter().copied().collect();
    let meetable: Vec<NeedKind> = met
        .iter()
        .enumerate()
        .filter(|(index, _)| !unmet.contains(index))
        .map(|(_, kind)| *kind)
        .collect();
    let best = answers.least(Question {
        needs: &meetable,
        ..of_everything
    });
    EnvironmentJudgement {
        number: 0,
        environment,
        holder,
        least,
        wanted,
        best,
        reach: catalog.reach(holder, &effective),
        grants,
        written,
        taken,
        effective,
        needs,
    }
}

/// The written scopes of a key: the members of its grants, and those replacements of retired names that the needs use.
/// The latter are also returned separately.
fn written<'a>(
    answers: &mut Answers<'_>,
    catalog: &Catalog,
    holder: Holder,
    grants: &[&Grant],
    needs: impl Iterator<Item = &'a Need>,
) -> (ScopeSet, ScopeSet) {
    let (mut written, mut offered) = (catalog.empty_set(), catalog.empty_set());
    for grant in grants {
        match grant.retired {
            None => written.union_with(&grant.members),
            Some(_) => offered.union_with(&grant.members),
        }
    }
    let mut taken = catalog.empty_set();
    if offered.is_empty() {
        return (written, taken);
    }
    let needs: Vec<NeedKind> = needs
        .map(|need| need.kind)
        .filter(|kind| {
            let state = need_state(catalog, holder, &catalog.empty_set(), *kind);
            state != NeedState::Elsewhere
        })
        .collect();
    let mut all = written.clone();
    all.union_with(&offered);
    let question = Question {
        holder,
        needs: &needs,
        all: &needs,
        candidates: Some(&all),
        has: Some(&written),
    };
    let least = answers.least(question).chosen;
    taken.extend(
        least
            .iter()
            .filter(|id| offered.has(*id) && !written.has(*id)),
    );
    written.union_with(&taken);
    (written, taken)
}

/// How a need stands with a key of these effective scopes.
pub fn need_state(
    catalog: &Catalog,
    holder: Holder,
    effective: &ScopeSet,
    need: NeedKind,
) -> NeedState {
    match need {
        NeedKind::Scope(id) => {
            if effective.has(id) {
                NeedState::Met
            } else if catalog.carries(holder, id) {
                NeedState::Missing(vec![vec![id]])
            } else if catalog.scope(id).key_types.has(holder.key_type) {
                NeedState::Elsewhere
            } else {
                NeedState::Impossible(Verdict::WrongKeyType(catalog.scope(id).key_types))
            }
        }
        NeedKind::Event(index) => NeedState::of(catalog.event_verdict(holder, effective, index)),
        NeedKind::Choice(index) => NeedState::of(catalog.choice_verdict(holder, effective, index)),
        NeedKind::Endpoint(index) => NeedState::of(catalog.verdict(holder, effective, index)),
    }
}

impl NeedState {
    /// How a need stands whose verdict this is.
    fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Allowed(via) if via.is_empty() => Self::NotNeeded,
            Verdict::Allowed(_) => Self::Met,
            Verdict::Public | Verdict::Keyless => Self::NotNeeded,
            Verdict::NotStated => Self::NotStated,
            Verdict::MissingScope(missing) => Self::Missing(missing),
            Verdict::WrongEnvironment => Self::Elsewhere,
            verdict @ (Verdict::Rejected | Verdict::WrongKeyType(_)) => Self::Impossible(verdict),
        }
    }
}
