//! Laws: of the algebra, of the search against brute force, and of the two ways to read a file.

use proptest::prelude::*;
use scopes::check::{NeedState, need_state};
use scopes::load::load_catalog;
use scopes::model::{
    Alternative, Catalog, ChoiceId, EndpointId, EnvironmentId, Holder, Id, KeyTypeId, Mask,
    NeedKind, Requirement, ScopeId, ScopeSet,
};
use scopes::recommend::{Wanted, recommend};
use scopes::solve::{Cost, solve};
use scopes::source::{Source, Syntax};

const SCOPES: u32 = 7;

/// One of the first key types.
fn key_type(of: usize) -> impl Strategy<Value = KeyTypeId> {
    (0..of).prop_map(KeyTypeId::new)
}

fn alternative() -> impl Strategy<Value = Alternative> {
    (prop::collection::btree_set(0..SCOPES, 0..4), 1..8_u64).prop_map(|(scopes, types)| {
        Alternative {
            scopes: scopes.into_iter().map(ScopeId).collect(),
            key_types: Mask::of_bits(types),
        }
    })
}

fn requirement() -> impl Strategy<Value = Requirement> {
    prop::collection::vec(alternative(), 0..5).prop_map(Requirement::any)
}

fn set() -> impl Strategy<Value = ScopeSet> {
    (0..1_u32 << SCOPES).prop_map(subset)
}

fn subset(bits: u32) -> ScopeSet {
    ScopeSet::of(
        SCOPES as usize,
        (0..SCOPES)
            .filter(|index| bits >> index & 1 == 1)
            .map(ScopeId),
    )
}

proptest! {
    #[test]
    fn or_and_and_mean_what_they_say(a in requirement(), b in requirement(), set in set(), key_type in key_type(3)) {
        let either = a.is_met(&set, key_type) || b.is_met(&set, key_type);
        let both = a.is_met(&set, key_type) && b.is_met(&set, key_type);
        prop_assert_eq!(a.or(&b).is_met(&set, key_type), either);
        prop_assert_eq!(a.and(&b).expect("few alternatives").is_met(&set, key_type), both);
    }

    #[test]
    fn equal_meaning_is_equal_form(a in requirement(), b in requirement(), c in requirement()) {
        prop_assert_eq!(a.or(&b), b.or(&a));
        prop_assert_eq!(a.or(&a), a.clone());
        prop_assert_eq!(a.and(&b), b.and(&a));
        prop_assert_eq!(a.or(&b).or(&c), a.or(&b.or(&c)));
        // Absorption: what is wider than another alternative is not kept.
        let both = a.and(&b).expect("few alternatives");
        prop_assert_eq!(a.or(&both), a.clone());
    }

    #[test]
    fn an_antichain_for_each_key_type(a in requirement(), key_type in key_type(3)) {
        let open: Vec<&Alternative> = a.open_to(key_type).collect();
        for (i, one) in open.iter().enumerate() {
            for (j, other) in open.iter().enumerate() {
                prop_assert!(i == j || !one.scopes.iter().all(|scope| other.scopes.contains(scope)));
            }
        }
    }

    #[test]
    fn more_scopes_never_meet_less(a in requirement(), set in set(), more in set(), key_type in key_type(3)) {
        let mut wider = set.clone();
        wider.union_with(&more);
        prop_assert!(!a.is_met(&set, key_type) || a.is_met(&wider, key_type));
    }
}

/// A small catalog with implied scopes, key types, risks, AND and OR.
#[derive(Debug, Clone)]
struct Sketch {
    implies: Vec<Option<u32>>,
    risks: Vec<u8>,
    server_only: Vec<bool>,
    deprecated: Vec<bool>,
    /// Whether it writes, the ways by scopes, and the type of key that opens it by itself.
    endpoints: Vec<(bool, Vec<Vec<u32>>, Option<u8>)>,
    client_is_public: bool,
    /// For each endpoint whether it is not stated (1), rejected (2) or in another environment only (3).
    special: Vec<u8>,
    /// The choices of a recipe: branches of endpoints.
    choices: Vec<Vec<Vec<usize>>>,
    /// Scopes that exclude each other: the entries of each conflict, the number of scopes standing for all the others.
    conflicts: Vec<Vec<u32>>,
}

/// The same with choices, of which some branches cannot be taken.
fn sketch_with_choices() -> impl Strategy<Value = Sketch> {
    let branch = prop::collection::vec(0..9_usize, 1..4);
    let choice = prop::collection::vec(branch, 1..4);
    let special = prop_oneof![8 => Just(0_u8), 1 => 1..4_u8];
    (
        sketch(),
        prop::collection::vec(special, 9),
        prop::collection::vec(choice, 1..4),
    )
        .prop_map(|(sketch, special, choices)| Sketch {
            special,
            choices,
            ..sketch
        })
}

fn sketch() -> impl Strategy<Value = Sketch> {
    let count = SCOPES as usize;
    let ways = prop::collection::vec(prop::collection::vec(0..SCOPES, 1..4), 1..4);
    (
        prop::collection::vec(prop::option::weighted(0.3, 0..SCOPES), count),
        prop::collection::vec(0..4_u8, count),
        prop::collection::vec(prop::bool::weighted(0.2), count),
        prop::collection::vec(prop::bool::weighted(0.15), count),
        prop::collection::vec(
            (any::<bool>(), ways, prop::option::weighted(0.25, 0..2_u8)),
            1..9,
        ),
        any::<bool>(),
        prop_oneof![
            Just(Vec::new()),
            prop::collection::vec(prop::collection::vec(0..=SCOPES, 2..5), 1..3),
        ],
    )
        .prop_map(
            |(implies, risks, server_only, deprecated, endpoints, client_is_public, conflicts)| {
                Sketch {
                    implies,
                    risks,
                    server_only,
                    deprecated,
                    endpoints,
                    client_is_public,
                    special: vec![0; 9],
                    choices: Vec::new(),
                    conflicts: conflicts.into_iter().filter_map(sides).collect(),
                }
            },
        )
}

/// The entries of a conflict, each of which has a scope of its own; `None` for fewer than two.
fn sides(mut entries: Vec<u32>) -> Option<Vec<u32>> {
    let mut seen = std::collections::BTreeSet::new();
    entries.retain(|entry| !seen.contains(&SCOPES) && seen.insert(*entry));
    (entries.len() > 1).then_some(entries)
}

impl Sketch {
    /// The catalog as a file: what a user would write.
    fn catalog(&self) -> Catalog {
        let exposure = if self.client_is_public {
            "public"
        } else {
            "private"
        };
        let mut text = format!(
            "provider: sketch\nkey_types: {{ server: {{}}, client: {{ exposure: {exposure} }} }}\nenvironments: {{ here: {{}}, there: {{}} }}\nscopes:\n"
        );
        for index in 0..SCOPES as usize {
            let risk = ["low", "medium", "high", "critical"][self.risks[index] as usize];
            text.push_str(&format!(
                "  s{index}:\n    risk: {risk}\n    because: test\n"
            ));
            // Only towards higher numbers: no cycle.
            if let Some(other) = self.implies[index].filter(|other| *other as usize > index) {
                text.push_str(&format!("    implies: [s{other}]\n"));
            }
            if self.server_only[index] {
                text.push_str("    key_types: [server]\n");
            }
            if self.deprecated[index] {
                text.push_str("    deprecated: true\n");
            }
        }
        text.push_str("endpoints:\n");
        for (index, (write, ways, free)) in self.endpoints.iter().enumerate() {
            let method = if *write { "POST" } else { "GET" };
            let mut ways: Vec<String> = ways
                .iter()
                .map(|scopes| {
                    let names: Vec<String> =
                        scopes.iter().map(|scope| format!("s{scope}")).collect();
                    format!("{{ all: [{}] }}", names.join(", "))
                })
                .collect();
            if let Some(key_type) = free {
                let name = ["server", "client"][usize::from(*key_type)];
                ways.push(format!("{{ auth: any-key, key_types: [{name}] }}"));
            }
            let needs = match self.special[index] {
                1 => "auth: not-stated".to_owned(),
                2 => format!("rejected: test, any: [{}]", ways.join(", ")),
                3 => format!("environments: [there], any: [{}]", ways.join(", ")),
                _ => format!("any: [{}]", ways.join(", ")),
            };
            text.push_str(&format!("  {method} /e{index}: {{ {needs} }}\n"));
        }
        if !self.conflicts.is_empty() {
            text.push_str("conflicts:\n");
        }
        for conflict in &self.conflicts {
            let names = conflict.iter().map(|entry| match *entry {
                SCOPES => "'s*'".to_owned(),
                scope => format!("s{scope}"),
            });
            let names: Vec<String> = names.collect();
            text.push_str(&format!("  - {{ scopes: [{}] }}\n", names.join(", ")));
        }
        if !self.choices.is_empty() {
            text.push_str("recipes:\n  job:\n    endpoints:\n");
        }
        for choice in &self.choices {
            let branches = choice.iter().map(|branch| {
                let calls = branch.iter().map(|pick| {
                    let index = pick % self.endpoints.len();
                    let method = if self.endpoints[index].0 {
                        "POST"
                    } else {
                        "GET"
                    };
                    format!("{method} /e{index}")
                });
                format!("{{ all: [{}] }}", calls.collect::<Vec<_>>().join(", "))
            });
            let branches: Vec<String> = branches.collect();
            text.push_str(&format!("      - any: [{}]\n", branches.join(", ")));
        }
        let loaded = load_catalog(&Source {
            name: "sketch".to_owned(),
            text,
            syntax: Syntax::Yaml,
        });
        assert_eq!(loaded.findings, []);
        loaded.catalog.expect("a catalog")
    }
}

/// Fifty needs, each met by either of two scopes that cost the same: parts that have nothing to do with each other, so
/// that the search is no longer than their number, and the first names win.
#[test]
fn many_ties_are_still_proven() {
    let mut text = String::from("provider: twins\nscopes:\n");
    for index in 0..50 {
        text.push_str(&format!(
            "  b{index}: {{ access: read }}\n  a{index}: {{ access: read }}\n"
        ));
    }
    text.push_str("  all: { access: write, risk: high, because: opens everything }\nendpoints:\n");
    for index in 0..50 {
        text.push_str(&format!(
            "  GET /x{index}: {{ any: [a{index}, b{index}, all] }}\n"
        ));
        text.push_str(&format!(
            "  GET /y{index}: {{ any: [a{index}, b{index}, all] }}\n"
        ));
        text.push_str(&format!("  POST /z{index}: all\n"));
    }
    let loaded = load_catalog(&Source {
        name: "twins".to_owned(),
        text,
        syntax: Syntax::Yaml,
    });
    let catalog = loaded.catalog.expect("a catalog");
    let holder = Holder {
        key_type: KeyTypeId::new(0),
        environment: None,
    };
    let needs: Vec<NeedKind> = (0..50)
        .map(|index| NeedKind::Endpoint(EndpointId::new(index * 3)))
        .collect();
    let everything = ScopeSet::of(
        catalog.scopes.len(),
        (0..).map(ScopeId).take(catalog.scopes.len()),
    );
    let solution = solve(&catalog, holder, &needs, &everything, None);
    assert!(solution.proven);
    assert_eq!(solution.chosen.len(), 50);
    assert!(
        solution
            .chosen
            .iter()
            .all(|id| catalog.name(id).starts_with('a'))
    );
    assert_eq!(solution.ties.len(), scopes::solve::MOST_TIES);
}

/// The cost of a set by its definition, counted endpoint by endpoint.
fn cost(catalog: &Catalog, holder: Holder, needs: &[NeedKind], written: &ScopeSet) -> Cost {
    use scopes::model::{Effect, Risk};
    let effective = catalog.effective(holder, written);
    let mut cost = Cost {
        written: u32::try_from(written.len()).expect("few"),
        ..Cost::default()
    };
    for id in effective.iter() {
        let scope = catalog.scope(id);
        cost.deprecated += u32::from(scope.deprecated);
        cost.risky[0] += u32::from(scope.risk == Risk::Critical);
        cost.risky[1] += u32::from(scope.risk == Risk::High);
        cost.risky[2] += u32::from(scope.risk == Risk::Medium);
    }
    for conflict in &catalog.conflicts {
        let sides = conflict.sides.iter();
        let met = sides.filter(|side| side.iter().any(|id| effective.has(id)));
        cost.conflicts += u32::try_from(met.count().saturating_sub(1)).expect("few");
    }
    for index in catalog.reach(holder, &effective) {
        if is_needed(catalog, needs, index) {
            continue;
        }
        let requirement = catalog.endpoints[index]
            .auth
            .requirement()
            .expect("a requirement");
        // What the type opens by itself is opened whatever the set.
        if requirement
            .open_to(holder.key_type)
            .any(|way| way.scopes.is_empty())
        {
            continue;
        }
        let highest = requirement
            .open_to(holder.key_type)
            .filter(|way| effective.has_all(&way.scopes))
            .flat_map(|way| way.scopes.iter().map(|id| catalog.scope(*id).risk))
            .max();
        let counts = match catalog.endpoints[index].effect {
            Effect::Write => &mut cost.writes,
            Effect::Read => &mut cost.reads,
        };
        counts[0] += u32::from(highest == Some(Risk::Critical));
        counts[1] += u32::from(highest >= Some(Risk::High));
        counts[2] += 1;
    }
    cost
}

/// The cost of a set on a type of key, as types are compared with each other.
fn cost_between_types(
    catalog: &Catalog,
    holder: Holder,
    needs: &[NeedKind],
    written: &ScopeSet,
) -> ([u32; 3], [u32; 3], Cost, bool) {
    use scopes::model::{Effect, Risk};
    let own = cost(catalog, holder, needs, written);
    let (mut writes, mut reads) = (own.writes, own.reads);
    for (index, endpoint) in catalog.endpoints.entries() {
        let requirement = endpoint.auth.requirement().expect("a requirement");
        let free = requirement
            .open_to(holder.key_type)
            .any(|way| way.scopes.is_empty());
        if !free || needs.contains(&NeedKind::Endpoint(index)) {
            continue;
        }
        let scopes = requirement
            .alternatives()
            .iter()
            .flat_map(|way| &way.scopes);
        let risk = scopes
            .flat_map(|id| {
                [0, 1]
                    .map(KeyTypeId::new)
                    .map(|key_type| catalog.scope(*id).risk_on(key_type))
            })
            .max();
        let (counts, risk) = match endpoint.effect {
            Effect::Write => (&mut writes, risk.unwrap_or(Risk::Medium)),
            Effect::Read => (&mut reads, risk.unwrap_or(Risk::Low)),
        };
        counts[0] += u32::from(risk == Risk::Critical);
        counts[1] += u32::from(risk >= Risk::High);
        counts[2] += 1;
    }
    let rest = Cost {
        writes: [0; 3],
        reads: [0; 3],
        ..own
    };
    (
        writes,
        reads,
        rest,
        catalog.key_types[holder.key_type].public,
    )
}

/// Whether a need names an endpoint: every branch of a choice does.
fn is_needed(catalog: &Catalog, needs: &[NeedKind], endpoint: EndpointId) -> bool {
    needs.iter().any(|need| match need {
        NeedKind::Choice(index) => {
            let mut branches = catalog.choices[*index].branches.iter();
            branches.any(|branch| branch.calls.iter().any(|call| call.endpoint == endpoint))
        }
        need => *need == NeedKind::Endpoint(endpoint),
    })
}

/// Whether a set meets every need that some set of candidates meets: of a choice, every call of some branch.
fn suffices(catalog: &Catalog, holder: Holder, needs: &[NeedKind], written: &ScopeSet) -> bool {
    let effective = catalog.effective(holder, written);
    let is_met = |need: NeedKind| {
        matches!(
            need_state(catalog, holder, &effective, need),
            NeedState::Met | NeedState::NotNeeded
        )
    };
    needs.iter().all(|need| match need {
        NeedKind::Choice(index) => {
            let mut branches = catalog.choices[*index].branches.iter();
            let may = |endpoint: EndpointId| is_met(NeedKind::Endpoint(endpoint));
            branches.any(|branch| branch.calls.iter().all(|call| may(call.endpoint)))
        }
        need => is_met(*need),
    })
}

proptest! {
    /// The sides of a conflict by its definition: a scope is on that of the first entry that it fits.
    #[test]
    fn a_scope_is_on_one_side_of_a_conflict(sketch in sketch(), set in set()) {
        let catalog = sketch.catalog();
        let met = catalog.conflicts_in(&set);
        let mut expected = 0;
        for (entries, conflict) in sketch.conflicts.iter().zip(&catalog.conflicts) {
            let side = |id: ScopeId| entries.iter().position(|entry| *entry == id.0 || *entry == SCOPES);
            let sides: std::collections::BTreeSet<usize> = set.iter().filter_map(side).collect();
            expected += usize::from(sides.len() > 1);
            prop_assert_eq!(conflict.sides_met(&set).count(), sides.len());
        }
        prop_assert_eq!(met.len(), expected);
        for (conflict, named) in met {
            prop_assert!(named.iter().all(|id| set.has(*id)));
            for side in &catalog.conflicts[conflict].sides {
                prop_assert!(named.iter().filter(|id| side.has(**id)).count() <= 1);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn closure_is_idempotent_and_monotone(sketch in sketch(), a in set(), b in set()) {
        let catalog = sketch.catalog();
        let closed = catalog.close(&a);
        prop_assert!(a.is_subset(&closed));
        prop_assert_eq!(catalog.close(&closed), closed.clone());
        let mut both = a.clone();
        both.union_with(&b);
        prop_assert!(closed.is_subset(&catalog.close(&both)));
        for key_type in [0, 1].map(KeyTypeId::new) {
            let holder = Holder { key_type, environment: None };
            let effective = catalog.effective(holder, &a);
            prop_assert!(effective.is_subset(&catalog.effective(holder, &both)));
            prop_assert!(effective.iter().all(|id| catalog.scope(id).key_types.has(key_type)));
        }
    }

    /// Taking any scope out leaves a need unmet, ties cost the same, and the same question has the same answer.
    #[test]
    fn nothing_in_the_answer_is_spare(sketch in sketch(), key_type in key_type(2), picks in prop::collection::vec(0..9_usize, 1..5)) {
        let catalog = sketch.catalog();
        let holder = Holder { key_type, environment: None };
        let everything = subset((1 << SCOPES) - 1);
        let needs: Vec<NeedKind> = picks.iter().map(|pick| NeedKind::Endpoint(EndpointId::new(pick % catalog.endpoints.len()))).collect();
        let solution = solve(&catalog, holder, &needs, &everything, None);
        let met: Vec<NeedKind> = needs.iter().enumerate().filter(|(i, _)| !solution.unmet.contains(i)).map(|(_, n)| *n).collect();
        for scope in solution.chosen.iter() {
            let mut without = solution.chosen.clone();
            without.remove(scope);
            prop_assert!(!suffices(&catalog, holder, &met, &without));
        }
        for tie in &solution.ties {
            prop_assert!(suffices(&catalog, holder, &met, tie));
            prop_assert_eq!(cost(&catalog, holder, &needs, tie), solution.cost);
            prop_assert!(*tie != solution.chosen);
        }
        let again = solve(&catalog, holder, &needs, &everything, None);
        prop_assert_eq!(again.chosen, solution.chosen);
        prop_assert_eq!(again.ties, solution.ties);
    }

    /// One more need that the answer does not open yet never makes the answer cheaper.
    #[test]
    fn more_needs_never_cost_less(sketch in sketch(), picks in prop::collection::vec(0..9_usize, 1..4), more in 0..9_usize) {
        let catalog = sketch.catalog();
        let holder = Holder { key_type: KeyTypeId::new(0), environment: None };
        let everything = subset((1 << SCOPES) - 1);
        let mut needs: Vec<NeedKind> = picks.iter().map(|pick| NeedKind::Endpoint(EndpointId::new(pick % catalog.endpoints.len()))).collect();
        let extra = more % catalog.endpoints.len();
        let fewer = solve(&catalog, holder, &needs, &everything, None);
        needs.push(NeedKind::Endpoint(EndpointId::new(extra)));
        let with_more = solve(&catalog, holder, &needs, &everything, None);
        // An endpoint that could come along unasked stops counting as excess once it is needed, so the law holds for
        // the scopes themselves: the larger answer meets the smaller question.
        let smaller: Vec<NeedKind> = needs[..needs.len() - 1].to_vec();
        prop_assert!(suffices(&catalog, holder, &smaller, &with_more.chosen));
        let judged_as_before = cost(&catalog, holder, &smaller, &with_more.chosen);
        prop_assert!(fewer.cost <= judged_as_before);
    }

    /// The search against all 128 subsets: no set costs less, and of those that cost the same it is the one of which a key
    /// has the most by name, then the one with the first names.
    #[test]
    fn the_answer_is_the_least(
        sketch in sketch(),
        key_type in key_type(2),
        picks in prop::collection::vec(0..9_usize, 1..5),
        has in prop::option::of(set()),
    ) {
        let catalog = sketch.catalog();
        let holder = Holder { key_type, environment: None };
        let everything = subset((1 << SCOPES) - 1);
        let mut needs: Vec<NeedKind> = picks.iter().map(|pick| NeedKind::Endpoint(EndpointId::new(pick % catalog.endpoints.len()))).collect();
        needs.sort_unstable();
        needs.dedup();
        let solution = solve(&catalog, holder, &needs, &everything, has.as_ref());
        prop_assert!(solution.proven);
        let met: Vec<NeedKind> = needs.iter().enumerate().filter(|(i, _)| !solution.unmet.contains(i)).map(|(_, n)| *n).collect();
        for need in solution.unmet.iter().map(|index| needs[*index]) {
            prop_assert!(!suffices(&catalog, holder, &[need], &everything));
        }
        prop_assert!(suffices(&catalog, holder, &met, &solution.chosen));
        prop_assert_eq!(cost(&catalog, holder, &needs, &solution.chosen), solution.cost);
        let names = |set: &ScopeSet| set.iter().map(|id| catalog.name(id).to_owned()).collect::<Vec<_>>();
        for bits in 0..1 << SCOPES {
            let other = subset(bits);
            // A scope that the key cannot carry is not written.
            if !other.iter().all(|id| catalog.carries(holder, id)) || !suffices(&catalog, holder, &met, &other) {
                continue;
            }
            let new = |set: &ScopeSet| has.as_ref().map_or(0, |has| set.iter().filter(|id| !has.has(*id)).count());
            let key = |set: &ScopeSet| (cost(&catalog, holder, &needs, set), new(set), names(set));
            prop_assert!(key(&solution.chosen) <= key(&other), "{:?} costs less than {:?}", names(&other), names(&solution.chosen));
        }
    }

    /// A choice is met where every call of some branch is; what it lacks is enough to meet it; it is not stated only where
    /// no branch can be met.
    #[test]
    fn a_choice_is_any_of_its_branches(sketch in sketch_with_choices(), key_type in key_type(2), written in set(), pick in 0..4_usize) {
        let catalog = sketch.catalog();
        let holder = Holder { key_type, environment: Some(EnvironmentId::new(0)) };
        let everything = subset((1 << SCOPES) - 1);
        let need = NeedKind::Choice(ChoiceId::new(pick % catalog.choices.len()));
        let effective = catalog.effective(holder, &written);
        let state = need_state(&catalog, holder, &effective, need);
        let is_met = matches!(state, NeedState::Met | NeedState::NotNeeded);
        prop_assert_eq!(is_met, suffices(&catalog, holder, &[need], &written));
        prop_assert_eq!(state == NeedState::NotNeeded, suffices(&catalog, holder, &[need], &catalog.empty_set()));
        match state {
            NeedState::Missing(ways) => for way in ways {
                let mut more = effective.clone();
                more.extend(way.iter().copied());
                prop_assert!(suffices(&catalog, holder, &[need], &more));
                let NeedState::Met = need_state(&catalog, holder, &catalog.effective(holder, &more), need) else {
                    return Err(TestCaseError::fail("what lacks is not enough"));
                };
            },
            NeedState::NotStated | NeedState::Impossible(_) | NeedState::Elsewhere => {
                prop_assert!(!suffices(&catalog, holder, &[need], &everything));
            }
            NeedState::Met | NeedState::NotNeeded => {}
        }
    }

    /// The search for choices against all 128 subsets, with needs for endpoints beside them.
    #[test]
    fn the_answer_to_choices_is_the_least(
        sketch in sketch_with_choices(),
        key_type in key_type(2),
        choices in prop::collection::vec(0..4_usize, 1..4),
        picks in prop::collection::vec(0..9_usize, 0..3),
    ) {
        let catalog = sketch.catalog();
        let holder = Holder { key_type, environment: Some(EnvironmentId::new(0)) };
        let everything = subset((1 << SCOPES) - 1);
        let picks = picks.iter().map(|pick| NeedKind::Endpoint(EndpointId::new(pick % catalog.endpoints.len())));
        let mut needs: Vec<NeedKind> = picks.chain(choices.iter().map(|pick| NeedKind::Choice(ChoiceId::new(pick % catalog.choices.len())))).collect();
        needs.sort_unstable();
        needs.dedup();
        let solution = solve(&catalog, holder, &needs, &everything, None);
        prop_assert!(solution.proven);
        let (met, unmet): (Vec<NeedKind>, Vec<NeedKind>) = needs.iter().partition(|need| suffices(&catalog, holder, &[**need], &everything));
        prop_assert!(solution.unmet.iter().all(|index| unmet.contains(&needs[*index])));
        prop_assert!(suffices(&catalog, holder, &met, &solution.chosen));
        prop_assert_eq!(cost(&catalog, holder, &needs, &solution.chosen), solution.cost);
        let names = |set: &ScopeSet| set.iter().map(|id| catalog.name(id).to_owned()).collect::<Vec<_>>();
        for bits in 0..1 << SCOPES {
            let other = subset(bits);
            if !other.iter().all(|id| catalog.carries(holder, id)) || !suffices(&catalog, holder, &met, &other) {
                continue;
            }
            let key = |set: &ScopeSet| (cost(&catalog, holder, &needs, set), names(set));
            prop_assert!(key(&solution.chosen) <= key(&other), "{:?} costs less than {:?}", names(&other), names(&solution.chosen));
        }
        // What comes along does not depend on the branch, and the answer names one for each choice that it meets.
        let wanted: Vec<Wanted> = needs
            .iter()
            .map(|kind| Wanted { kind: *kind, recipe: None, inferred: false, default_mode: false })
            .collect();
        let answer = recommend(&catalog, Some(key_type), Some(EnvironmentId::new(0)), &wanted, None);
        let here: Vec<NeedKind> = answer.needs.iter().map(|(need, _)| need.kind).collect();
        prop_assert!(!answer.excess.iter().any(|index| is_needed(&catalog, &here, *index)));
        for choice in &answer.choices {
            let is_met = met.contains(&NeedKind::Choice(choice.choice));
            prop_assert_eq!(choice.taken().is_some(), is_met);
        }
    }

    /// Between types: no feasible type has an answer that costs less, and a type that opens by itself whatever another
    /// answer opens never has fewer unneeded writes and reads.
    #[test]
    fn the_type_of_key_is_the_least(sketch in sketch(), picks in prop::collection::vec(0..9_usize, 1..4)) {
        let catalog = sketch.catalog();
        let mut needs: Vec<NeedKind> = picks.iter().map(|pick| NeedKind::Endpoint(EndpointId::new(pick % catalog.endpoints.len()))).collect();
        needs.sort_unstable();
        needs.dedup();
        let wanted: Vec<Wanted> = needs
            .iter()
            .map(|kind| Wanted { kind: *kind, recipe: None, inferred: false, default_mode: false })
            .collect();
        let answer = recommend(&catalog, None, None, &wanted, None);
        let everything = subset((1 << SCOPES) - 1);
        let of_type = |key_type: KeyTypeId| {
            let holder = Holder { key_type, environment: None };
            if !suffices(&catalog, holder, &needs, &everything) {
                return None;
            }
            let sets = (0..1 << SCOPES).map(subset).filter(|set| set.iter().all(|id| catalog.carries(holder, id)));
            let least = sets
                .filter(|set| suffices(&catalog, holder, &needs, set))
                .min_by_key(|set| cost(&catalog, holder, &needs, set))
                .expect("a set that does");
            // Scopes that cannot be on one key are no answer.
            let is_possible = cost(&catalog, holder, &needs, &least).conflicts == 0;
            is_possible.then(|| (cost_between_types(&catalog, holder, &needs, &least), key_type))
        };
        let answers = [0, 1].map(KeyTypeId::new).map(of_type);
        if let Some(best) = answers.iter().flatten().min() {
            prop_assert_eq!(answer.holder.key_type, best.1, "{:?}", answers);
        }
        for other in &answer.key_types {
            prop_assert_eq!(other.feasible, answers[other.key_type.index()].is_some());
        }
        if let Some(exclusion) = &answer.exclusion {
            // Together they force a conflict, and without any of them they do not.
            let conflicts = |needs: &[NeedKind]| {
                let sets = (0..1 << SCOPES).map(subset).filter(|set| set.iter().all(|id| catalog.carries(answer.holder, id)));
                let costs = sets.filter(|set| suffices(&catalog, answer.holder, needs, set)).map(|set| cost(&catalog, answer.holder, needs, &set).conflicts);
                costs.min().expect("a set that does")
            };
            let named: Vec<NeedKind> = exclusion.needs.iter().map(|index| answer.needs[*index].0.kind).collect();
            prop_assert!(answer.scopes.is_empty() && !answer.feasible);
            prop_assert!(conflicts(&named) > 0);
            for left_out in 0..named.len() {
                let mut others = named.clone();
                others.remove(left_out);
                prop_assert_eq!(conflicts(&others), 0);
            }
        }
        if let [Some((server, _)), Some((client, _))] = answers {
            let opens = |key_type: KeyTypeId| {
                let holder = Holder { key_type, environment: None };
                scopes::solve::opened_by_type(&catalog, holder)
            };
            let excess = &answer.key_types[1].excess;
            if excess.iter().all(|index| opens(KeyTypeId::new(0)).contains(index)) {
                prop_assert!((server.0, server.1) >= (client.0, client.1));
            }
        }
    }
}
