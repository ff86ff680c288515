//! `missing-scope`: a need that the key's scopes do not meet.

use crate::check::{Judgement, NeedState};
use crate::finding::Finding;
use crate::lint::words::{alternatives, quoted};
use crate::model::{NeedKind, ScopeId, ScopeSet};
use crate::solve::solve;
use crate::source::Path;

/// One lack: the same scopes, wherever they are lacking and whoever needs them.
struct Lack {
    missing: Vec<Vec<ScopeId>>,
    needs: Vec<Path>,
    environments: Vec<usize>,
    endpoint: Option<String>,
    in_recipe: bool,
    observed: bool,
}

pub(crate) fn find(judgement: &Judgement<'_>, findings: &mut Vec<Finding>) {
    let mut lacks: Vec<Lack> = Vec::new();
    for (index, judged) in judgement.environments.iter().enumerate() {
        for (need, state) in &judged.needs {
            let NeedState::Missing(missing) = state else {
                continue;
            };
            let endpoint = match need.kind {
                NeedKind::Endpoint(endpoint) => Some(judgement.catalog.endpoint_name(endpoint)),
                NeedKind::Event(_) | NeedKind::Scope(_) => None,
            };
            match lacks.iter_mut().find(|lack| lack.missing == *missing) {
                Some(lack) => {
                    if !lack.needs.contains(&need.at) {
                        lack.needs.push(need.at.clone());
                    }
                    if !lack.environments.contains(&index) {
                        lack.environments.push(index);
                    }
                }
                None => lacks.push(Lack {
                    missing: missing.clone(),
                    needs: vec![need.at.clone()],
                    environments: vec![index],
                    endpoint,
                    in_recipe: need.recipe.is_some(),
                    observed: need.observed,
                }),
            }
        }
    }
    findings.extend(lacks.iter().map(|lack| finding(judgement, lack)));
}

fn finding(judgement: &Judgement<'_>, lack: &Lack) -> Finding {
    let catalog = judgement.catalog;
    let names: Vec<&str> = lack
        .environments
        .iter()
        .filter_map(|index| judgement.environments[*index].name())
        .collect();
    let everywhere = lack.environments.len() == judgement.environments.len();
    let who = if everywhere {
        "the key".to_owned()
    } else {
        names.join(" and ")
    };
    let verb = if !everywhere && names.len() > 1 {
        "lack"
    } else {
        "lacks"
    };
    let message = format!("{who} {verb} {}", alternatives(catalog, &lack.missing));
    let needs = if lack.missing.len() == 1 {
        "needs it"
    } else {
        "needs one of them"
    };
    // A recipe is one place with several endpoints.
    let label = match &lack.endpoint {
        Some(endpoint) if lack.observed => format!("the log has `{endpoint}`"),
        Some(endpoint) if lack.in_recipe => format!("{needs} for `{endpoint}`"),
        _ => needs.to_owned(),
    };
    let mut finding =
        Finding::new("missing-scope", lack.needs[0].clone().value(), message).label(label);
    for need in &lack.needs[1..] {
        finding = finding.related(need.clone().value(), "so does this");
    }
    let wanted = best(judgement, lack);
    finding.scope = wanted.first().map(|id| catalog.name(*id).to_owned());
    finding.endpoint.clone_from(&lack.endpoint);
    if !everywhere {
        finding.environment = names.first().map(|name| (*name).to_owned());
    }
    // Another environment may have it: then it only stands in the wrong place.
    let elsewhere = judgement.grants().find_map(|(grant, environment)| {
        let environment = environment?;
        (!names.contains(&environment.name.as_str())
            && wanted.iter().all(|id| grant.members.has(*id)))
        .then_some((grant, environment))
    });
    if let Some((grant, environment)) = elsewhere.filter(|_| !everywhere) {
        let list = Path(grant.at.0[..grant.at.0.len() - 1].to_vec());
        let only = format!("only {} has it", environment.name);
        return finding
            .related(grant.at.clone().value(), only)
            .help(format!("move it from `{list}` to `scopes`"));
    }
    let target = match names.as_slice() {
        [one] if !everywhere => format!("environments.{one}.scopes"),
        _ => "scopes".to_owned(),
    };
    let wanted = quoted(wanted.iter().map(|id| catalog.name(*id)));
    finding.help(format!("add {wanted} to `{target}`, or take the need out"))
}

/// The alternative that costs least, with all other needs in mind.
fn best(judgement: &Judgement<'_>, lack: &Lack) -> Vec<ScopeId> {
    let catalog = judgement.catalog;
    let judged = &judgement.environments[lack.environments[0]];
    let needs: Vec<NeedKind> = judged
        .needs
        .iter()
        .filter(|(_, state)| *state != NeedState::Elsewhere)
        .map(|(need, _)| need.kind)
        .collect();
    let all = ScopeSet::of(
        catalog.scopes.len(),
        catalog.scopes.iter().zip(0..).map(|(_, id)| ScopeId(id)),
    );
    let chosen = catalog.effective(
        judged.holder,
        &solve(catalog, judged.holder, &needs, &all).chosen,
    );
    let best = lack.missing.iter().find(|missing| chosen.has_all(missing));
    best.unwrap_or(&lack.missing[0]).clone()
}
