//! `environment-drift`: production reaches what no other environment can try.

use crate::check::Judgement;
use crate::finding::{Finding, RuleId};
use crate::lint::phrases::count;
use crate::model::{EnvironmentId, Holder, ScopeSet};

/// More environments than this are counted, not named.
const MOST_NAMED: usize = 8;

pub(crate) fn find(judgement: &Judgement<'_>, findings: &mut Vec<Finding>) {
    let catalog = judgement.catalog;
    let is_production = |index: Option<EnvironmentId>| {
        index.is_some_and(|index| catalog.environments[index].production)
    };
    let tried: Vec<_> = judgement
        .environments
        .iter()
        .filter(|judged| !is_production(judged.holder.environment))
        .collect();
    if tried.is_empty() {
        return;
    }
    // Missing scopes of the other environments are reported elsewhere, so assume that they are granted.
    let mut fixed: Vec<(Holder, ScopeSet)> = Vec::new();
    for other in &tried {
        let mut written = other.written.clone();
        written.union_with(&other.wanted);
        let one = (other.holder, catalog.effective(other.holder, &written));
        if !fixed.contains(&one) {
            fixed.push(one);
        }
    }
    let names: Vec<&str> = tried.iter().filter_map(|other| other.name()).collect();
    let names = match names.len() {
        0..=MOST_NAMED => names.join(" or "),
        number => format!("any of the other {number}"),
    };
    for judged in judgement
        .environments
        .iter()
        .filter(|judged| is_production(judged.holder.environment))
    {
        let Some(environment) = judged.environment else {
            continue;
        };
        // Check reachability by scopes, which needs no search.
        let untried = judged.reach.iter().filter(|index| {
            fixed.iter().all(|(holder, effective)| {
                catalog.endpoint_is_usable(**index, holder.environment)
                    && !catalog.reaches(*holder, effective, **index)
            })
        });
        let number = untried.count();
        if number == 0 {
            continue;
        }
        let message = format!(
            "{} reaches {} that {} cannot try",
            environment.name,
            count(number, "endpoint"),
            names
        );
        let mut finding = Finding::new(
            RuleId::EnvironmentDrift,
            environment.at.clone().key(),
            message,
        )
        .help("`scopes diff FILE` lists them");
        finding.environment = Some(environment.name.clone());
        findings.push(finding);
    }
}
