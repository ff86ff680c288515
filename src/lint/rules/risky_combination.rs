//! `risky-combination`: scopes that are worse together, and the needs force every one of them.

use super::combinations::{grant_of, is_forced};
use crate::check::{EnvironmentJudgement, Judgement};
use crate::finding::{Finding, RuleId};
use crate::lint::phrases::{joined, quoted};
use crate::model::{Combination, EndpointId, Requirement};

pub(crate) fn find(judgement: &Judgement<'_>, findings: &mut Vec<Finding>) {
    for combination in &judgement.catalog.combinations {
        let forced: Vec<&EnvironmentJudgement<'_>> = judgement
            .environments
            .iter()
            .filter(|judged| is_forced(judgement, judged, combination))
            .collect();
        let is_everywhere = forced.len() == judgement.environments.len();
        match forced.as_slice() {
            [first, _, ..] if is_everywhere => {
                let mut found = finding(judgement, combination, first, None);
                if let Some(found) = &mut found {
                    // The finding has one place, so record all environments.
                    let names = forced.iter().filter_map(|judged| judged.name());
                    found.environments = names.map(str::to_owned).collect();
                }
                findings.extend(found);
            }
            some => findings.extend(
                some.iter()
                    .filter_map(|judged| finding(judgement, combination, judged, judged.name())),
            ),
        }
    }
}

/// What an environment holds together, said of that environment or of all of them.
fn finding(
    judgement: &Judgement<'_>,
    combination: &Combination,
    judged: &EnvironmentJudgement<'_>,
    environment: Option<&str>,
) -> Option<Finding> {
    let catalog = judgement.catalog;
    let scopes = combination.scopes.iter();
    let mut grants: Vec<_> = scopes.filter_map(|id| grant_of(judgement, *id)).collect();
    grants.sort_by(|a, b| a.at.cmp(&b.at));
    grants.dedup_by(|a, b| a.at == b.at);
    let (last, others) = grants.split_last()?;
    let names: Vec<&str> = combination
        .scopes
        .iter()
        .map(|id| catalog.name(*id))
        .collect();
    let message = format!(
        "the needs use {}, which together {}",
        joined(&names),
        combination.because
    );
    let mut finding = Finding::new(RuleId::RiskyCombination, last.at.clone().value(), message)
        .label(format!("{} risk together", combination.risk))
        .help("split the job across two keys, or accept it under `allow`")
        .scope(names.join(" "))
        .environment(environment);
    for other in others {
        finding = finding.related(other.at.clone().value(), "together with this");
    }
    let asks = |index: EndpointId| {
        let requirement = catalog.endpoints[index].auth.requirement();
        let scopes = requirement.map(Requirement::scopes).unwrap_or_default();
        combination.scopes.iter().any(|id| scopes.contains(id))
    };
    let needs: Vec<String> = judged
        .needs
        .iter()
        .flat_map(|(need, _)| catalog.endpoints_taken(judged.holder, &judged.effective, need.kind))
        .filter(|index| asks(*index))
        .map(|index| catalog.endpoint_name(index))
        .collect();
    if !needs.is_empty() {
        let needs = quoted(needs.iter().map(String::as_str));
        finding = finding.note(format!("they are needed for {needs}"));
    }
    Some(finding)
}
