//! `environment-drift`: production reaches what no other environment can try.

use std::collections::HashSet;

use crate::check::{Judgement, NeedState};
use crate::finding::Finding;
use crate::lint::words::count;
use crate::model::NeedKind;

pub(crate) fn find(judgement: &Judgement<'_>, findings: &mut Vec<Finding>) {
    let catalog = judgement.catalog;
    let is_production =
        |index: Option<usize>| index.is_some_and(|index| catalog.environments[index].production);
    let tried: Vec<_> = judgement
        .environments
        .iter()
        .filter(|judged| !is_production(judged.holder.environment))
        .collect();
    if tried.is_empty() {
        return;
    }
    let lacking: HashSet<usize> = tried
        .iter()
        .flat_map(|other| &other.needs)
        .filter_map(|(need, state)| match (need.kind, state) {
            (NeedKind::Endpoint(index), NeedState::Missing(_)) => Some(index),
            _ => None,
        })
        .collect();
    for judged in judgement
        .environments
        .iter()
        .filter(|judged| is_production(judged.holder.environment))
    {
        let Some(environment) = judged.environment else {
            continue;
        };
        // Whether the other environment reaches it is asked of its scopes: that takes no search. What it needs and lacks
        // was said.
        let untried = judged.reach.iter().filter(|index| {
            tried.iter().all(|other| {
                catalog.endpoint_is_usable(**index, other.holder.environment)
                    && !catalog.reaches(other.holder, &other.effective, **index)
                    && !lacking.contains(*index)
            })
        });
        let number = untried.count();
        if number == 0 {
            continue;
        }
        let names: Vec<&str> = tried.iter().filter_map(|other| other.name()).collect();
        let message = format!(
            "{} reaches {} that {} cannot try",
            environment.name,
            count(number, "endpoint"),
            names.join(" or ")
        );
        let mut finding = Finding::new("environment-drift", environment.at.clone().key(), message)
            .help("`scopes diff FILE` lists them");
        finding.environment = Some(environment.name.clone());
        findings.push(finding);
    }
}
