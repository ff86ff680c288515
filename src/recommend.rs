//! The least set of scopes for some needs, with its proof: which need forces each scope, which alternatives there are,
//! and what else it opens.

mod reading;

use std::collections::{HashMap, HashSet};

use crate::check::{NeedState, need_state};
use crate::explain::via_need;
use crate::model::{
    BundleId, Catalog, ChoiceId, Effect, EndpointId, EnvironmentId, Holder, Id, Indexed, KeyTypeId,
    NeedKind, RecipeId, ScopeId, ScopeSet, Verdict,
};
use crate::solve::{
    Effort, Question, Solution, TypeCost, cost, excluding, opened_by_type, solve_with,
};
pub use reading::OtherReading;

/// One thing that the key must be able to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What it is.
    pub kind: NeedKind,
    /// The recipe that asks for it, where nobody named it.
    pub recipe: Option<RecipeId>,
    /// Whether the recipe only infers it.
    pub inferred: bool,
    /// Whether the mode was left out, so that the provider's default is meant.
    pub default_mode: bool,
}

/// How a need is met by the recommended set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Met {
    /// By these scopes.
    Scopes(Vec<ScopeId>),
    /// By any key of this type, without a scope.
    AnyKey,
    /// Without a key: it is public, or another credential opens it.
    NoKey,
    /// The provider does not say what it takes.
    NotStated,
    /// By nothing: the verdict says why.
    Impossible(Verdict),
    /// By no key that meets the others as well: their scopes cannot be on one key.
    Excluded,
}

impl Met {
    /// The word that JSON has for it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Scopes(_) => "scopes",
            Self::AnyKey => "any-key",
            Self::NoKey => "no-key",
            Self::NotStated => "not-stated",
            Self::Impossible(_) | Self::Excluded => "impossible",
        }
    }

    /// Whether the need is met.
    pub fn is_met(&self) -> bool {
        matches!(self, Self::Scopes(_) | Self::AnyKey | Self::NoKey)
    }
}

/// A scope of the answer.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The scope.
    pub scope: ScopeId,
    /// The needs, by position, that fail without it.
    pub because: Vec<usize>,
    /// The endpoints that it adds on this type of key beside the needs.
    pub also_opens: Vec<EndpointId>,
}

/// A set that the provider offers or names, and that would also be enough.
#[derive(Debug, Clone)]
pub struct Alternative {
    /// The bundle; `None` for the provider's own list.
    pub bundle: Option<BundleId>,
    /// How many scopes it is.
    pub scopes: usize,
    /// The endpoints that it opens beyond the answer.
    pub opens_more: Vec<EndpointId>,
}

/// What an answer comes to for a choice of a recipe.
#[derive(Debug, Clone)]
pub struct ChoiceAnswer {
    /// The choice.
    pub choice: ChoiceId,
    /// The verdict on each branch for a key with the recommended set.
    pub branches: Vec<Verdict>,
}

impl ChoiceAnswer {
    /// The branch that the answer meets: the first of them where it meets several.
    pub fn taken(&self) -> Option<usize> {
        self.branches.iter().position(Verdict::may)
    }
}

/// The scopes that a provider's page calls enough for some recipes, compared with the answer.
#[derive(Debug, Clone)]
pub struct ProviderList {
    /// The recipes for which the page names this list.
    pub recipes: Vec<RecipeId>,
    /// The scopes of the list.
    pub scopes: Vec<ScopeId>,
    /// Those of them that the answer does without.
    pub unneeded: Vec<ScopeId>,
    /// The scopes that the answer has for these recipes, and that the list does not have.
    pub unlisted: Vec<ScopeId>,
}

/// Why no one key meets all needs.
#[derive(Debug, Clone)]
pub struct Exclusion {
    /// The needs, by position, that exclude each other; none where the search reached its limit before that was known.
    pub needs: Vec<usize>,
    /// The conflicts, by index, each with one scope of each side that the needs force.
    pub conflicts: Vec<(usize, Vec<ScopeId>)>,
}

/// Whether another type of key could do it.
#[derive(Debug, Clone)]
pub struct OtherType {
    /// The key type.
    pub key_type: KeyTypeId,
    /// Whether every need can be met on it.
    pub feasible: bool,
    /// The needs, by position, that cannot.
    pub failing: Vec<usize>,
    /// The scopes of the least answer on it.
    pub scopes: Vec<ScopeId>,
    /// The unneeded endpoints that this answer opens, including those that the type opens by itself; writes first.
    pub excess: Vec<EndpointId>,
}

/// The answer.
#[derive(Debug, Clone)]
pub struct Recommendation {
    /// The key that it is for.
    pub holder: Holder,
    /// Whether every need is met: a need that the provider says nothing about is not.
    pub feasible: bool,
    /// What excludes each other, where the needs force scopes that cannot be on one key.
    pub exclusion: Option<Exclusion>,
    /// The scopes, the riskiest first; none where the needs exclude each other.
    pub scopes: Vec<Chosen>,
    /// How each need is met, in the order given.
    pub needs: Vec<(Wanted, Met)>,
    /// What the answer comes to for each choice among the needs.
    pub choices: Vec<ChoiceAnswer>,
    /// Steps of recipes that do not exist in this environment, and were left out.
    pub left_out: Vec<EndpointId>,
    /// Other sets of the same cost.
    pub ties: Vec<Vec<ScopeId>>,
    /// Whether no cheaper set exists.
    pub proven: bool,
    /// The unneeded endpoints that the answer opens, writes first.
    pub excess: Vec<EndpointId>,
    /// The smallest bundle that would do as well.
    pub bundle: Option<Alternative>,
    /// The provider's own list, where it would do as well.
    pub adequate: Option<Alternative>,
    /// The provider's own lists for the recipes that were asked for, held against the answer.
    pub lists: Vec<ProviderList>,
    /// Every key type, and whether it could do it.
    pub key_types: Vec<OtherType>,
    /// The set that the other reading of arrays leads to, where it is another one.
    pub other_reading: Option<OtherReading>,
}

/// The least set for some needs: on one key type, or on the type that costs least. Of sets that cost the same, the one of
/// which a key has the most by name, where there is a key: `has` is what it has.
pub fn recommend(
    catalog: &Catalog,
    key_type: Option<KeyTypeId>,
    environment: Option<EnvironmentId>,
    wanted: &[Wanted],
    has: Option<&ScopeSet>,
) -> Recommendation {
    let (wanted, left_out) = split(catalog, environment, wanted);
    let needs: Vec<NeedKind> = wanted.iter().map(|need| need.kind).collect();
    let of_type = |key_type| TypeAnswer::of(catalog, key_type, environment, &needs, has);
    let answers: Indexed<KeyTypeId, TypeAnswer> = catalog.key_types.ids().map(of_type).collect();
    let cheapest = || {
        let cost = |(_, one): &(KeyTypeId, &TypeAnswer)| {
            let cost = TypeCost::new(catalog, one.holder, &needs, one.solution.cost);
            (one.failing.len(), cost)
        };
        let cheapest = answers.entries().min_by_key(cost);
        cheapest.map_or(KeyTypeId::new(0), |(index, _)| index)
    };
    let index = key_type.unwrap_or_else(cheapest);
    let TypeAnswer {
        holder,
        solution,
        failing,
        exclusion,
    } = &answers[index];
    let effective = catalog.effective(*holder, &solution.chosen);
    let reach = catalog.reach(*holder, &effective);
    let reached: HashSet<EndpointId> = reach.iter().copied().collect();
    let is_excluded = |index: usize| {
        let excluded = exclusion.as_ref().map(|one| &one.needs);
        excluded.is_some_and(|needs| needs.contains(&index))
    };
    let met_by = |(index, need): (usize, &Wanted)| {
        let met = if is_excluded(index) {
            Met::Excluded
        } else {
            met(catalog, *holder, &effective, need.kind)
        };
        (need.clone(), met)
    };
    let met: Vec<(Wanted, Met)> = wanted.iter().enumerate().map(met_by).collect();
    let scopes = match exclusion {
        Some(_) => Vec::new(),
        None => chosen(catalog, *holder, &needs, solution),
    };
    let all = catalog.effective(*holder, &catalog.every_scope());
    let possible: Vec<NeedKind> = needs
        .iter()
        .copied()
        .filter(|need| self::met(catalog, *holder, &all, *need).is_met())
        .collect();
    let bundles = catalog.bundles.entries();
    let bundle = bundles
        .filter_map(|(index, bundle)| {
            let scopes = &bundle.scopes;
            would_do(catalog, *holder, &possible, &reached, Some(index), scopes)
        })
        .min_by_key(|bundle| (bundle.opens_more.len(), bundle.scopes, bundle.bundle));
    let adequate = catalog
        .recipes
        .iter()
        .filter(|recipe| !recipe.adequate.is_empty())
        .find_map(|recipe| {
            let scopes = ScopeSet::of(catalog.scopes.len(), recipe.adequate.iter().copied());
            would_do(catalog, *holder, &possible, &reached, None, &scopes)
        });
    Recommendation {
        holder: *holder,
        feasible: failing.is_empty(),
        exclusion: exclusion.clone(),
        choices: choices(catalog, *holder, &effective, &needs),
        lists: lists(catalog, &effective, &scopes, &wanted),
        scopes,
        needs: met,
        left_out,
        ties: solution
            .ties
            .iter()
            .map(|tie| tie.iter().collect())
            .collect(),
        proven: solution.proven,
        other_reading: match exclusion {
            Some(_) => None,
            None => reading::other_reading(catalog, *holder, &needs, &solution.chosen),
        },
        excess: match exclusion {
            Some(_) => Vec::new(),
            None => excess(catalog, *holder, &needs, &solution.chosen),
        },
        bundle: bundle.filter(|_| !solution.chosen.is_empty() && exclusion.is_none()),
        adequate: adequate.filter(|_| !solution.chosen.is_empty() && exclusion.is_none()),
        key_types: answers
            .iter()
            .map(|one| one.as_other(catalog, &needs))
            .collect(),
    }
}

/// The answer on one type of key.
struct TypeAnswer {
    holder: Holder,
    solution: Solution,
    /// The needs, by position, that it does not meet.
    failing: Vec<usize>,
    exclusion: Option<Exclusion>,
}

impl TypeAnswer {
    fn of(
        catalog: &Catalog,
        key_type: KeyTypeId,
        environment: Option<EnvironmentId>,
        needs: &[NeedKind],
        has: Option<&ScopeSet>,
    ) -> Self {
        let holder = Holder {
            key_type,
            environment,
        };
        let question = Question {
            holder,
            needs,
            all: needs,
            candidates: None,
            has,
        };
        let effort = Effort::part_of(catalog.key_types.len());
        let mut solution = solve_with(catalog, question, &effort);
        if let Some(has) = has.filter(|_| solution.is_conflicting() && !solution.proven) {
            let own = Solution {
                chosen: has.clone(),
                cost: cost(catalog, holder, needs, &has.iter().collect::<Vec<_>>()),
                ..solution.clone()
            };
            // The search gave up, but what the key has is a way.
            if !own.is_conflicting() && failing(catalog, holder, needs, &own).is_empty() {
                solution = own;
            }
        }
        let exclusion = exclusion(catalog, question, &solution);
        let mut failing = failing(catalog, holder, needs, &solution);
        if let Some(exclusion) = &exclusion {
            match exclusion.needs.as_slice() {
                // Which needs it is about is not known.
                [] => failing.extend(0..needs.len()),
                named => failing.extend(named),
            }
            failing.sort_unstable();
            failing.dedup();
            // Sets with a conflict are no answer, and are not compared.
            solution.ties.clear();
        }
        Self {
            holder,
            solution,
            failing,
            exclusion,
        }
    }

    fn as_other(&self, catalog: &Catalog, needs: &[NeedKind]) -> OtherType {
        let none = catalog.empty_set();
        let chosen = match self.exclusion {
            Some(_) => &none,
            None => &self.solution.chosen,
        };
        OtherType {
            key_type: self.holder.key_type,
            feasible: self.failing.is_empty(),
            failing: self.failing.clone(),
            scopes: chosen.iter().collect(),
            excess: excess(catalog, self.holder, needs, chosen),
        }
    }
}

/// What excludes each other among the needs, where they force scopes that cannot be on one key.
fn exclusion(catalog: &Catalog, question: Question<'_>, solution: &Solution) -> Option<Exclusion> {
    if !solution.is_conflicting() {
        return None;
    }
    if !solution.proven {
        let effective = catalog.effective(question.holder, &solution.chosen);
        return Some(Exclusion {
            needs: Vec::new(),
            conflicts: catalog.conflicts_in(&effective),
        });
    }
    let needs = excluding(catalog, question, solution);
    let kinds: Vec<NeedKind> = needs.iter().map(|index| question.needs[*index]).collect();
    let forced = Question {
        needs: &kinds,
        ..question
    };
    let forced = solve_with(catalog, forced, &Effort::default());
    let effective = catalog.effective(question.holder, &forced.chosen);
    Some(Exclusion {
        needs,
        conflicts: catalog.conflicts_in(&effective),
    })
}

/// The unneeded endpoints that a set opens, writes first.
fn excess(
    catalog: &Catalog,
    holder: Holder,
    needs: &[NeedKind],
    chosen: &ScopeSet,
) -> Vec<EndpointId> {
    let needed = catalog.needed_endpoints(needs);
    let mut excess = catalog.reach(holder, &catalog.effective(holder, chosen));
    excess.retain(|index| !needed.contains(index));
    excess.sort_by_key(|index| catalog.endpoints[*index].effect == Effect::Read);
    excess
}

/// What a set comes to for each choice among the needs.
fn choices(
    catalog: &Catalog,
    holder: Holder,
    effective: &ScopeSet,
    needs: &[NeedKind],
) -> Vec<ChoiceAnswer> {
    let verdict = |branch| catalog.branch_verdict(holder, effective, branch);
    let choices = needs.iter().filter_map(|need| match need {
        NeedKind::Choice(index) => Some(*index),
        _ => None,
    });
    choices
        .map(|choice| ChoiceAnswer {
            choice,
            branches: catalog.choices[choice]
                .branches
                .iter()
                .map(verdict)
                .collect(),
        })
        .collect()
}

/// The provider's lists for the recipes among the needs, each once.
fn lists(
    catalog: &Catalog,
    effective: &ScopeSet,
    chosen: &[Chosen],
    wanted: &[Wanted],
) -> Vec<ProviderList> {
    let mut lists: Vec<ProviderList> = Vec::new();
    for recipe in wanted.iter().filter_map(|need| need.recipe) {
        let scopes = &catalog.recipes[recipe].adequate;
        if scopes.is_empty() || lists.iter().any(|list| list.recipes.contains(&recipe)) {
            continue;
        }
        match lists.iter_mut().find(|list| list.scopes == *scopes) {
            Some(same) => same.recipes.push(recipe),
            None => lists.push(ProviderList {
                recipes: vec![recipe],
                scopes: scopes.clone(),
                unneeded: scopes
                    .iter()
                    .copied()
                    .filter(|id| !effective.has(*id))
                    .collect(),
                unlisted: Vec::new(),
            }),
        }
    }
    for list in &mut lists {
        let is_of_list = |need: &usize| {
            let recipe = wanted[*need].recipe;
            recipe.is_some_and(|recipe| list.recipes.contains(&recipe))
        };
        let forced = chosen
            .iter()
            .filter(|chosen| chosen.because.iter().any(is_of_list));
        let forced = forced.map(|chosen| chosen.scope);
        list.unlisted = forced.filter(|id| !list.scopes.contains(id)).collect();
    }
    lists
}

/// The needs, each once, and the steps of recipes that do not exist in the environment.
fn split(
    catalog: &Catalog,
    environment: Option<EnvironmentId>,
    wanted: &[Wanted],
) -> (Vec<Wanted>, Vec<EndpointId>) {
    let mut needs: Vec<Wanted> = Vec::new();
    let mut places: HashMap<NeedKind, usize> = HashMap::new();
    let mut left_out = Vec::new();
    for need in wanted {
        match need.kind {
            NeedKind::Endpoint(index)
                if need.recipe.is_some() && !catalog.endpoint_exists(index, environment) =>
            {
                left_out.push(index);
            }
            NeedKind::Choice(index) if !catalog.choice_exists(index, environment) => {
                let exists = |index: &EndpointId| catalog.endpoint_exists(*index, environment);
                let calls = catalog.endpoints_of(need.kind).into_iter();
                left_out.extend(calls.filter(|index| !exists(index)));
            }
            kind => match places.get(&kind) {
                // A need that is also named explicitly is not inferred.
                Some(same) => needs[*same].inferred &= need.inferred,
                None => {
                    places.insert(kind, needs.len());
                    needs.push(need.clone());
                }
            },
        }
    }
    (needs, left_out)
}

/// The needs, by position, that the best set does not meet.
fn failing(
    catalog: &Catalog,
    holder: Holder,
    needs: &[NeedKind],
    solution: &Solution,
) -> Vec<usize> {
    let effective = catalog.effective(holder, &solution.chosen);
    let is_failing =
        |(_, need): &(usize, &NeedKind)| !met(catalog, holder, &effective, **need).is_met();
    needs
        .iter()
        .enumerate()
        .filter(is_failing)
        .map(|(index, _)| index)
        .collect()
}

fn met(catalog: &Catalog, holder: Holder, effective: &ScopeSet, need: NeedKind) -> Met {
    match (need_state(catalog, holder, effective, need), need) {
        (NeedState::Met, _) => Met::Scopes(via_need(catalog, holder, effective, need)),
        (NeedState::NotNeeded, NeedKind::Endpoint(index)) => {
            match catalog.verdict(holder, effective, index) {
                Verdict::Allowed(_) => Met::AnyKey,
                _ => Met::NoKey,
            }
        }
        (NeedState::NotNeeded, NeedKind::Choice(index)) => {
            match catalog.choice_verdict(holder, effective, index) {
                Verdict::Allowed(_) => Met::AnyKey,
                _ => Met::NoKey,
            }
        }
        (NeedState::NotNeeded, _) => Met::AnyKey,
        (NeedState::NotStated, _) => Met::NotStated,
        (NeedState::Elsewhere, _) => Met::Impossible(Verdict::WrongEnvironment),
        (NeedState::Impossible(verdict), _) => Met::Impossible(verdict),
        (NeedState::Missing(missing), _) => Met::Impossible(Verdict::MissingScope(missing)),
    }
}

/// The chosen scopes, each with the needs that fail without it and what else it opens.
fn chosen(
    catalog: &Catalog,
    holder: Holder,
    needs: &[NeedKind],
    solution: &Solution,
) -> Vec<Chosen> {
    let effective = catalog.effective(holder, &solution.chosen);
    let is_met = |set: &ScopeSet, need: NeedKind| met(catalog, holder, set, need).is_met();
    let needed = catalog.needed_endpoints(needs);
    let by_itself: HashSet<EndpointId> = opened_by_type(catalog, holder).into_iter().collect();
    // Removing a scope can only break needs that name a scope it carries.
    let mut naming: HashMap<ScopeId, Vec<usize>> = HashMap::new();
    for (index, need) in needs.iter().enumerate() {
        for id in catalog.scopes_of(*need) {
            naming.entry(id).or_default().push(index);
        }
    }
    let mut chosen: Vec<Chosen> = solution
        .chosen
        .iter()
        .map(|scope| {
            let mut without = solution.chosen.clone();
            without.remove(scope);
            let without = catalog.effective(holder, &without);
            let fails = |index: &usize| {
                is_met(&effective, needs[*index]) && !is_met(&without, needs[*index])
            };
            let closure = catalog.closure(scope).iter();
            let named = closure.filter_map(|id| naming.get(&id)).flatten().copied();
            let mut because: Vec<usize> = named.collect();
            because.sort_unstable();
            because.dedup();
            because.retain(fails);
            let alone = catalog.effective(holder, catalog.closure(scope));
            let also_opens = catalog.reach(holder, &alone);
            Chosen {
                scope,
                because,
                also_opens: also_opens
                    .into_iter()
                    .filter(|index| !by_itself.contains(index) && !needed.contains(index))
                    .collect(),
            }
        })
        .collect();
    chosen.sort_by_key(|chosen| {
        let scope = catalog.scope(chosen.scope);
        (
            std::cmp::Reverse(scope.risk_on(holder.key_type)),
            scope.name.clone(),
        )
    });
    chosen
}

/// A set that the provider offers, where it meets all of some needs: those that can be met.
fn would_do(
    catalog: &Catalog,
    holder: Holder,
    needs: &[NeedKind],
    reach: &HashSet<EndpointId>,
    bundle: Option<BundleId>,
    scopes: &ScopeSet,
) -> Option<Alternative> {
    let effective = catalog.effective(holder, scopes);
    if !catalog.conflicts_in(&effective).is_empty() {
        return None;
    }
    let does = |need: &NeedKind| met(catalog, holder, &effective, *need).is_met();
    needs.iter().all(does).then(|| Alternative {
        bundle,
        scopes: scopes.len(),
        opens_more: catalog
            .reach(holder, &effective)
            .into_iter()
            .filter(|index| !reach.contains(index))
            .collect(),
    })
}
