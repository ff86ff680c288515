//! `over-budget`: the key reaches more than `[budget]` of the configuration lets it.

use crate::check::{EnvironmentJudgement, Judgement};
use crate::finding::{Finding, RuleId};
use crate::lint::phrases::{count, endpoint_list};
use crate::model::{Effect, EndpointId};
use crate::solve::opened_by_type;
use crate::source::Path;

pub(crate) fn find(judgement: &Judgement<'_>, findings: &mut Vec<Finding>) {
    // Do not count what the key type opens without scopes.
    let opened_by_scopes = |judged: &EnvironmentJudgement<'_>| -> Vec<EndpointId> {
        let mut opened = judged.reach.clone();
        let by_itself = opened_by_type(judgement.catalog, judged.holder);
        opened.retain(|index| by_itself.binary_search(index).is_err());
        opened
    };
    let excess_writes = |judged: &EnvironmentJudgement<'_>| -> Vec<EndpointId> {
        let needs = judged.needs_here();
        let needed = judgement.catalog.needed_endpoints(&needs);
        let writes = opened_by_scopes(judged).into_iter().filter(|index| {
            judgement.catalog.endpoints[*index].effect == Effect::Write && !needed.contains(index)
        });
        writes.collect()
    };
    // Without needs nothing is in excess of them: another rule asks for the needs.
    if let Some(most) = judgement
        .budget
        .excess_writes
        .filter(|_| judgement.key.declares_needs)
    {
        exceeded(judgement, most, "excess-writes", excess_writes, findings);
    }
    if let Some(most) = judgement.budget.reachable {
        exceeded(judgement, most, "reachable", opened_by_scopes, findings);
    }
}

/// A finding for each environment that exceeds a budget; one where all of them open the same.
fn exceeded(
    judgement: &Judgement<'_>,
    most: usize,
    budget: &str,
    of: impl Fn(&EnvironmentJudgement<'_>) -> Vec<EndpointId>,
    findings: &mut Vec<Finding>,
) {
    let environments = judgement.environments.iter();
    let all: Vec<(&EnvironmentJudgement<'_>, Vec<EndpointId>)> =
        environments.map(|judged| (judged, of(judged))).collect();
    let are_alike = all.len() > 1 && all.windows(2).all(|pair| pair[0].1 == pair[1].1);
    let exceeding = all.iter().filter(|(_, endpoints)| endpoints.len() > most);
    let told = if are_alike { 1 } else { all.len() };
    for (judged, endpoints) in exceeding.take(told) {
        let (noun, which) = match budget {
            "excess-writes" => ("write", " not named by any need"),
            _ => ("endpoint", ""),
        };
        let name = judged.name().filter(|_| !are_alike);
        let who = name.unwrap_or("the key");
        let message = format!(
            "{who} reaches {}{which}, but the budget is {most}",
            count(endpoints.len(), noun)
        );
        let place = match judged.environment {
            Some(environment) if name.is_some() => environment.at.clone().key(),
            _ => Path::root().field("name").value(),
        };
        findings.push(
            Finding::new(RuleId::OverBudget, place, message)
                .label(format!("`{budget}` in scopes.toml"))
                .list(endpoint_list(judgement.catalog, "they are", endpoints))
                .help("request less, split the job across two keys, or accept it under `allow`")
                .scope(budget)
                .environment(name),
        );
    }
}
