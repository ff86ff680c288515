//! `broad-key-type`: a narrower type of key meets the same needs and opens less.

use std::collections::BTreeSet;

use crate::check::{EnvironmentJudgement, Judgement, NeedState, need_state};
use crate::finding::{Finding, RuleId};
use crate::lint::phrases::{endpoint_list, joined};
use crate::model::{EndpointId, Holder, KeyTypeId, NeedKind, ScopeSet};
use crate::solve::{Effort, Question, Solution, TypeCost, opened_by_type, solve_with};
use crate::source::Path;

/// The least that meets the needs on a type of key, in each environment.
struct OnType {
    key_type: KeyTypeId,
    environments: Vec<(Holder, Solution, ScopeSet)>,
}

pub(crate) fn find(judgement: &Judgement<'_>, findings: &mut Vec<Finding>) {
    let (catalog, key) = (judgement.catalog, judgement.key);
    let stands_in = |other: &KeyTypeId| {
        let wider = &catalog.key_types[*other].instead_of;
        wider.contains(&key.key_type)
    };
    let narrower: Vec<KeyTypeId> = catalog.key_types.ids().filter(stands_in).collect();
    if !key.declares_needs || narrower.is_empty() {
        return;
    }
    let own = OnType::of(judgement, key.key_type, narrower.len() + 1);
    let own_costs = own.costs(judgement);
    let best = narrower
        .iter()
        .map(|other| OnType::of(judgement, *other, narrower.len() + 1))
        .filter(|other| other.does(judgement, &own))
        .map(|other| (other.costs(judgement), other))
        .filter(|(costs, _)| opens_less(costs, &own_costs))
        .min_by(|(a, _), (b, _)| a.cmp(b));
    if let Some((_, best)) = best {
        findings.push(finding(judgement, &best));
    }
}

fn finding(judgement: &Judgement<'_>, best: &OnType) -> Finding {
    let (catalog, key) = (judgement.catalog, judgement.key);
    let name = &catalog.key_types[best.key_type].name;
    let narrow = catalog.key_types[best.key_type].with_article();
    let broad = catalog.key_types[key.key_type].with_article();
    let message = format!("{narrow} meets the needs too, and opens less than {broad}");
    let chosen = best.environments.iter();
    let chosen = chosen.flat_map(|(_, solution, _)| solution.chosen.iter());
    let names: BTreeSet<&str> = chosen.map(|id| catalog.name(id)).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let help = match names.as_slice() {
        [] => format!("write `key_type: {name}`"),
        names => format!("write `key_type: {name}`, with {}", joined(names)),
    };
    let place = Path::root().field("key_type").value();
    let finding = Finding::new(RuleId::BroadKeyType, place, message).help(help);
    let by_itself = opened_beside(judgement);
    if by_itself.is_empty() {
        return finding;
    }
    let lead = format!("{broad} opens without any scope");
    finding.list(endpoint_list(catalog, &lead, &by_itself))
}

/// The unneeded endpoints that the type of the key opens by itself.
fn opened_beside(judgement: &Judgement<'_>) -> Vec<EndpointId> {
    let catalog = judgement.catalog;
    let mut opened: Vec<EndpointId> = Vec::new();
    for judged in &judgement.environments {
        let needed = catalog.needed_endpoints(&judged.needs_here());
        let own = opened_by_type(catalog, judged.holder);
        opened.extend(own.into_iter().filter(|index| !needed.contains(index)));
    }
    opened.sort_unstable();
    opened.dedup();
    opened
}

/// Whether it opens fewer unneeded endpoints somewhere, writes before reads, and more nowhere.
fn opens_less(narrower: &[TypeCost], own: &[TypeCost]) -> bool {
    let opens = |cost: &TypeCost| (cost.writes[2], cost.reads[2]);
    let pairs = || narrower.iter().zip(own);
    pairs().all(|(narrower, own)| opens(narrower) <= opens(own))
        && pairs().any(|(narrower, own)| opens(narrower) < opens(own))
}

impl OnType {
    /// `types` is how many types are compared: they share one effort.
    fn of(judgement: &Judgement<'_>, key_type: KeyTypeId, types: usize) -> Self {
        let catalog = judgement.catalog;
        let searches = judgement.environments.len().saturating_mul(types);
        let effort = Effort::part_of(searches);
        let least = |judged: &EnvironmentJudgement<'_>| {
            let holder = Holder {
                key_type,
                ..judged.holder
            };
            let needs = judged.needs_here();
            let question = Question {
                holder,
                needs: &needs,
                all: &needs,
                candidates: None,
                has: None,
            };
            let solution = solve_with(catalog, question, &effort);
            let effective = catalog.effective(holder, &solution.chosen);
            (holder, solution, effective)
        };
        Self {
            key_type,
            environments: judgement.environments.iter().map(least).collect(),
        }
    }

    /// Whether it meets every need that another type can meet.
    fn does(&self, judgement: &Judgement<'_>, other: &Self) -> bool {
        let catalog = judgement.catalog;
        let meets = |(holder, _, effective): &(Holder, Solution, ScopeSet), need: NeedKind| {
            let state = need_state(catalog, *holder, effective, need);
            matches!(state, NeedState::Met | NeedState::NotNeeded)
        };
        let environments = self.environments.iter().zip(&other.environments);
        environments
            .zip(&judgement.environments)
            .all(|((own, other), judged)| {
                let needs = judged.needs_here();
                let mut needs = needs.into_iter();
                !own.1.is_conflicting() && needs.all(|need| meets(own, need) || !meets(other, need))
            })
    }

    fn costs(&self, judgement: &Judgement<'_>) -> Vec<TypeCost> {
        let environments = self.environments.iter().zip(&judgement.environments);
        environments
            .map(|((holder, solution, _), judged)| {
                let needs = judged.needs_here();
                TypeCost::new(judgement.catalog, *holder, &needs, solution.cost)
            })
            .collect()
    }
}
