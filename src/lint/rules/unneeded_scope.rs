//! `unneeded-scope`: a scope that no need uses.

use std::collections::{HashMap, HashSet};

use super::combinations::with_combinations;
use super::grant_status::{GrantReview, GrantStatus};
use super::missing_scope::misplaced;
use crate::check::{EnvironmentJudgement, Judgement, NeedState};
use crate::explain::via_need;
use crate::finding::{Finding, Fix, Level, RuleId};
use crate::lint::phrases::{count, endpoint_list, joined, quoted, risk};
use crate::model::{
    EndpointId, EventId, Grant, KeyEnvironment, NeedKind, Requirement, Risk, ScopeId, ScopeSet,
};

pub(crate) fn find(review: &GrantReview<'_>, findings: &mut Vec<Finding>) {
    let judgement = review.judgement;
    let is_idle = |status| {
        matches!(
            status,
            GrantStatus::Unneeded(_) | GrantStatus::UnneededInSome(_)
        )
    };
    if !review.each().any(|(.., status)| is_idle(status)) {
        return;
    }
    let misplaced = misplaced(judgement);
    let mut opened = Opened::default();
    let mut could = Could::default();
    for (grant, environment, status) in review.each() {
        let (id, idle) = match status {
            GrantStatus::Unneeded(id) => (id, Vec::new()),
            GrantStatus::UnneededInSome(id) => (id, review.idle_in(id)),
            _ => continue,
        };
        // A scope that is needed elsewhere is only reported for the environments that do not need it.
        let places: Vec<&EnvironmentJudgement<'_>> = if idle.is_empty() {
            judgement.where_granted(environment).collect()
        } else {
            idle.clone()
        };
        let environment = match idle.as_slice() {
            [] => environment,
            [one] => one.environment,
            _ => None,
        };
        let mut each = places.iter();
        let is_unstated = each.any(|judged| could.of(judgement, judged).is_unstated);
        let mut finding = unneeded(judgement, grant, id, environment, &idle, is_unstated);
        finding.level = level_in(judgement, &places, id, is_unstated);
        finding = with_reach(judgement, &mut opened, &places, id, finding);
        if let Some(requests) = judgement.key.observed {
            finding = finding.note(format!(
                "not used in this log of {}, which does not prove that it is unneeded",
                count(usize::try_from(requests).unwrap_or(usize::MAX), "request")
            ));
        }
        finding = with_narrower(judgement, &mut could, &places, id, finding);
        finding = with_combinations(judgement, environment, &[id], finding);
        finding = if idle.is_empty() {
            with_removal(judgement, grant, id, finding)
        } else {
            finding.help("grant it under the environments that need it, not everywhere")
        };
        // Part of a safer set that is enough: that finding has the advice for both.
        if let Some(help) = review.advice_of_better(id, environment) {
            finding.help = Some(help);
            finding.fix = None;
        }
        if let Some(target) = misplaced.get(&grant.at) {
            finding.help = Some(format!("move it to `{target}`, which needs it"));
            if let Some(fix) = &mut finding.fix {
                fix.safe = false;
            }
        }
        findings.push(finding);
    }
}

/// The finding for a scope that no need uses, in all places where it is granted or in those that are `idle`.
fn unneeded(
    judgement: &Judgement<'_>,
    grant: &Grant,
    id: ScopeId,
    environment: Option<&KeyEnvironment>,
    idle: &[&EnvironmentJudgement<'_>],
    is_unstated: bool,
) -> Finding {
    let names: Vec<&str> = idle.iter().filter_map(|judged| judged.name()).collect();
    let message = match (names.as_slice(), is_unstated) {
        ([], false) => format!("no need uses `{}`", grant.name),
        ([], true) => format!("no stated need uses `{}`", grant.name),
        ([one], _) => format!("nothing that {one} needs uses `{}`", grant.name),
        ([rest @ .., last], _) => {
            let all = format!("{} and {last}", rest.join(", "));
            format!("nothing that {all} need uses `{}`", grant.name)
        }
    };
    let place = grant.at.clone().value();
    let mut finding = Finding::new(RuleId::UnneededScope, place, message)
        .label(risk(judgement, environment, id))
        .scope(&grant.name)
        .environment(environment.map(|environment| environment.name.as_str()));
    if names.len() > 1 {
        finding.environments = names.iter().map(|name| (*name).to_owned()).collect();
        finding.subject = Some(names.join(" "));
    }
    finding
}

/// The level: a note where a need that is not stated may use the scope, an error at high risk, else the rule's own.
fn level_in(
    judgement: &Judgement<'_>,
    places: &[&EnvironmentJudgement<'_>],
    id: ScopeId,
    is_unstated: bool,
) -> Option<Level> {
    let mut risks = places
        .iter()
        .map(|judged| judgement.risk_brought(judged.environment, id));
    if is_unstated {
        Some(Level::Note)
    } else if risks.any(|risk| risk >= Risk::High) {
        Some(Level::Error)
    } else {
        None
    }
}

/// The fix that removes the scope; where the key names it as needed, the advice is to name its endpoints.
fn with_removal(
    judgement: &Judgement<'_>,
    grant: &Grant,
    id: ScopeId,
    finding: Finding,
) -> Finding {
    let mut known = judgement.key.known_needed_scopes.iter();
    let finding = match known.find(|(known, _)| *known == id) {
        Some((_, at)) => finding
            .help("name the endpoints that it is for under `needs.endpoints`, or remove it")
            .related(
                at.clone().value(),
                "the endpoints that it opens are known; name them instead",
            ),
        None => finding.help("remove it, declare the need, or accept it under `allow`"),
    };
    finding.fix(Fix::removal("no need uses it", &grant.name, &grant.at))
}

/// What the scope alone opens in some environments.
pub(super) fn with_reach(
    judgement: &Judgement<'_>,
    known: &mut Opened,
    places: &[&EnvironmentJudgement<'_>],
    id: ScopeId,
    finding: Finding,
) -> Finding {
    let catalog = judgement.catalog;
    let mut opened: Vec<EndpointId> = Vec::new();
    let mut events: Vec<&str> = Vec::new();
    for judged in places {
        let known = known.of(judgement, judged);
        for scope in catalog.closure(id).iter() {
            opened.extend(known.endpoints.get(&scope).into_iter().flatten());
        }
        for index in known.events.get(&id).into_iter().flatten() {
            events.push(&catalog.events[*index].name);
        }
    }
    opened.sort_unstable();
    opened.dedup();
    events.sort_unstable();
    events.dedup();
    let finding = match opened.len() {
        0 => finding,
        number => {
            let lead = format!("it opens {}", count(number, "endpoint"));
            finding.list(endpoint_list(catalog, &lead, &opened))
        }
    };
    match events.len() {
        0 => finding,
        number => finding.list(format!(
            "it takes part in {}:\n{}",
            count(number, "event"),
            events.join("\n")
        )),
    }
}

/// What each scope is named for among what a key reaches, looked up once for each environment.
#[derive(Default)]
pub(super) struct Opened(HashMap<usize, OpenedHere>);

#[derive(Default)]
struct OpenedHere {
    endpoints: HashMap<ScopeId, Vec<EndpointId>>,
    events: HashMap<ScopeId, Vec<EventId>>,
}

impl Opened {
    fn of(&mut self, judgement: &Judgement<'_>, judged: &EnvironmentJudgement<'_>) -> &OpenedHere {
        let catalog = judgement.catalog;
        self.0.entry(judged.number).or_insert_with(|| {
            let mut here = OpenedHere::default();
            for index in &judged.reach {
                let requirement = catalog.endpoints[*index].auth.requirement();
                for scope in requirement.map(Requirement::scopes).unwrap_or_default() {
                    here.endpoints.entry(scope).or_default().push(*index);
                }
            }
            for index in catalog.subscribable(judged.holder, &judged.effective) {
                for scope in catalog.events[index].requirement.scopes() {
                    here.events.entry(scope).or_default().push(index);
                }
            }
            here
        })
    }
}

/// The needs that each scope could meet, looked up once for each environment.
#[derive(Default)]
struct Could(HashMap<usize, CouldHere>);

struct CouldHere {
    /// Whether nobody knows what some need takes.
    is_unstated: bool,
    needs: HashMap<ScopeId, Vec<NeedKind>>,
    least: ScopeSet,
}

impl Could {
    fn of(&mut self, judgement: &Judgement<'_>, judged: &EnvironmentJudgement<'_>) -> &CouldHere {
        let catalog = judgement.catalog;
        self.0.entry(judged.number).or_insert_with(|| {
            let mut needs: HashMap<ScopeId, Vec<NeedKind>> = HashMap::new();
            let mut seen = HashSet::new();
            for kind in judged.needs.iter().map(|(need, _)| need.kind) {
                let is_call = matches!(kind, NeedKind::Endpoint(_) | NeedKind::Choice(_));
                if is_call && seen.insert(kind) {
                    for scope in catalog.scopes_of(kind) {
                        needs.entry(scope).or_default().push(kind);
                    }
                }
            }
            let mut states = judged.needs.iter().map(|(_, state)| state);
            CouldHere {
                is_unstated: states.any(|state| *state == NeedState::NotStated),
                needs,
                least: catalog.effective(judged.holder, &judged.least.chosen),
            }
        })
    }
}

/// A need that the scope could meet, were a narrower one not there already.
fn with_narrower(
    judgement: &Judgement<'_>,
    could: &mut Could,
    places: &[&EnvironmentJudgement<'_>],
    id: ScopeId,
    mut finding: Finding,
) -> Finding {
    let catalog = judgement.catalog;
    let mut seen = HashSet::new();
    for judged in places {
        let CouldHere { needs, least, .. } = could.of(judgement, judged);
        for kind in needs.get(&id).into_iter().flatten().copied() {
            if seen.contains(&kind) {
                continue;
            }
            let subject = match kind {
                NeedKind::Endpoint(index) => format!("`{}`", catalog.endpoint_name(index)),
                NeedKind::Choice(_) => {
                    let taken = catalog.endpoints_taken(judged.holder, least, kind);
                    let taken = taken.iter().map(|index| catalog.endpoint_name(*index));
                    let taken: Vec<String> = taken.collect();
                    let taken: Vec<&str> = taken.iter().map(String::as_str).collect();
                    format!("a choice takes {}, which", joined(&taken))
                }
                NeedKind::Event(_) | NeedKind::Scope(_) => continue,
            };
            let via = via_need(catalog, judged.holder, least, kind);
            if !via.is_empty() {
                seen.insert(kind);
                let by = quoted(via.iter().map(|id| catalog.name(*id)));
                finding = finding.note(format!("{subject} is already met by {by}"));
            }
        }
    }
    finding
}
