//! `unneeded-scope`: a scope that no need uses.

use super::combinations::with_combinations;
use super::missing_scope::misplaced;
use super::standing::{Standing, Standings};
use crate::check::{Judged, Judgement};
use crate::finding::{Finding, Fix, Level};
use crate::lint::words::{count, endpoint_list, joined, quoted, risk};
use crate::model::{KeyEnvironment, NeedKind, Risk, ScopeId};

pub(crate) fn find(standings: &Standings<'_>, findings: &mut Vec<Finding>) {
    let judgement = standings.judgement;
    let misplaced = misplaced(judgement);
    for (grant, environment, standing) in standings.each() {
        let (id, idle) = match standing {
            Standing::Unneeded(id) => (id, None),
            Standing::UnneededIn(id, production) => (id, Some(production)),
            _ => continue,
        };
        // Where it is needed elsewhere, only the environment that does not need it is spoken of.
        let environment = idle.or(environment);
        let place = grant.at.clone().value();
        let mut finding = Finding::new(
            "unneeded-scope",
            place.clone(),
            match idle {
                Some(idle) => format!("nothing that {} needs uses `{}`", idle.name, grant.name),
                None => format!("no need uses `{}`", grant.name),
            },
        )
        .label(risk(judgement, environment, id))
        .scope(&grant.name);
        if judgement.risk_brought(environment, id) >= Risk::High {
            finding.level = Some(Level::Error);
        }
        finding = with_reach(judgement, environment, id, finding);
        if let Some(requests) = judgement.key.observed {
            finding = finding.note(format!(
                "not used in this log of {requests} requests: absence of use is no proof"
            ));
        }
        finding = with_narrower(judgement, environment, id, finding);
        finding = with_combinations(judgement, environment, &[id], finding);
        finding.environment = environment.map(|environment| environment.name.clone());
        finding.help = Some(match idle {
            Some(_) => "grant it under the environments that need it, not everywhere".to_owned(),
            None => "remove it, declare the need, or accept it under `allow`".to_owned(),
        });
        finding.fix = idle
            .is_none()
            .then(|| Fix::removal("no need uses it", &grant.name, &grant.at));
        // To remove it is right as long as the other scope stays: that is for a person to say.
        if let Some((other, more)) = standings.would_replace(id, environment) {
            let more: Vec<&str> = more.iter().map(|id| judgement.catalog.name(*id)).collect();
            let with = match more.is_empty() {
                true => String::new(),
                false => format!("with {} ", joined(&more)),
            };
            finding = finding.note(format!(
                "{with}it would do in place of `{}`, at less risk",
                other.name
            ));
            if let Some(fix) = &mut finding.fix {
                fix.safe = false;
            }
        }
        if let Some(target) = misplaced.get(&grant.at) {
            finding.help = Some(format!("move it to `{target}`, which lacks it"));
            if let Some(fix) = &mut finding.fix {
                fix.safe = false;
            }
        }
        findings.push(finding);
    }
}

/// What the scope alone opens here.
pub(super) fn with_reach(
    judgement: &Judgement<'_>,
    environment: Option<&KeyEnvironment>,
    id: ScopeId,
    finding: Finding,
) -> Finding {
    let catalog = judgement.catalog;
    let mut opened: Vec<usize> = Vec::new();
    let mut events: Vec<&str> = Vec::new();
    for judged in judgement.where_granted(environment) {
        let names = |index: &usize| {
            let requirement = catalog.endpoints[*index].auth.requirement();
            requirement.is_some_and(|requirement| {
                requirement
                    .scopes()
                    .iter()
                    .any(|scope| catalog.closure(id).has(*scope))
            })
        };
        opened.extend(judged.reach.iter().copied().filter(names));
        for index in catalog.subscribable(judged.holder, &judged.effective) {
            if catalog.events[index].requirement.scopes().contains(&id) {
                events.push(&catalog.events[index].name);
            }
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
            finding.note(endpoint_list(catalog, &lead, &opened))
        }
    };
    match events.len() {
        0 => finding,
        number => finding.note(format!(
            "it takes part in {}:\n{}",
            count(number, "event"),
            events.join("\n")
        )),
    }
}

/// A need that the scope could meet, were a narrower one not there already.
fn with_narrower(
    judgement: &Judgement<'_>,
    environment: Option<&KeyEnvironment>,
    id: ScopeId,
    mut finding: Finding,
) -> Finding {
    let catalog = judgement.catalog;
    let mut seen = Vec::new();
    for judged in judgement.where_granted(environment) {
        for need in judged.needs.iter().map(|(need, _)| need) {
            let NeedKind::Endpoint(index) = need.kind else {
                continue;
            };
            let via = met_by(judgement, judged, index);
            let could = catalog.endpoints[index]
                .auth
                .requirement()
                .is_some_and(|r| r.scopes().contains(&id));
            if could && !via.is_empty() && !seen.contains(&index) {
                seen.push(index);
                let by = quoted(via.iter().map(|id| catalog.name(*id)));
                let endpoint = catalog.endpoint_name(index);
                finding = finding.note(format!("`{endpoint}` is met by {by} already"));
            }
        }
    }
    finding
}

fn met_by(judgement: &Judgement<'_>, judged: &Judged<'_>, endpoint: usize) -> Vec<ScopeId> {
    let least = judgement
        .catalog
        .effective(judged.holder, &judged.least.chosen);
    crate::explain::via(judgement.catalog, judged.holder, &least, endpoint)
}
