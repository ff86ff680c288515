//! `forbidden-endpoint`: the key reaches what it must never reach.

use std::collections::BTreeSet;

use crate::check::{Judged, Judgement};
use crate::explain::via;
use crate::finding::Finding;
use crate::lint::words::{count, endpoint_list};
use crate::model::{Never, ScopeId};
use crate::source::Path;

pub(crate) fn find(judgement: &Judgement<'_>, findings: &mut Vec<Finding>) {
    let catalog = judgement.catalog;
    for never in &judgement.key.never {
        let forbidden = |judged: &Judged<'_>| -> BTreeSet<usize> {
            let reach = judged.reach.iter().copied();
            let is_forbidden = |index: &usize| {
                let endpoint = &catalog.endpoints[*index];
                let mode = endpoint.mode.map(|mode| catalog.modes[mode].as_str());
                let pattern = &never.pattern;
                pattern.matches(&endpoint.method, &endpoint.path, mode)
            };
            reach.filter(is_forbidden).collect()
        };
        let reaching: Vec<(&Judged<'_>, BTreeSet<usize>)> = judgement
            .environments
            .iter()
            .map(|judged| (judged, forbidden(judged)))
            .filter(|(_, reached)| !reached.is_empty())
            .collect();
        if reaching.len() == judgement.environments.len() {
            findings.push(finding(judgement, never, None, &reaching));
        } else {
            findings.extend(
                reaching
                    .chunks(1)
                    .map(|one| finding(judgement, never, one[0].0.name(), one)),
            );
        }
    }
}

/// What is forbidden and reached, in one environment or in all of them.
fn finding(
    judgement: &Judgement<'_>,
    never: &Never,
    environment: Option<&str>,
    reaching: &[(&Judged<'_>, BTreeSet<usize>)],
) -> Finding {
    let catalog = judgement.catalog;
    let all: BTreeSet<usize> = reaching.iter().flat_map(|(_, all)| all).copied().collect();
    let all: Vec<usize> = all.into_iter().collect();
    let message = format!(
        "{} reaches {} that it must never reach",
        environment.unwrap_or("the key"),
        count(all.len(), "endpoint")
    );
    let mut finding = Finding::new("forbidden-endpoint", never.at.clone().value(), message)
        .label("forbidden here")
        .note(endpoint_list(catalog, "they are", &all))
        .help("remove the scopes that open them, or the line that forbids them")
        .endpoint(&never.text)
        .environment(environment);
    let mut opening: BTreeSet<&Path> = BTreeSet::new();
    for (judged, reached) in reaching {
        let scopes: BTreeSet<ScopeId> = reached
            .iter()
            .flat_map(|index| via(catalog, judged.holder, &judged.effective, *index))
            .collect();
        for scope in scopes {
            let mut grants = judged.grants.iter();
            let opens = grants.find(|grant| catalog.close(&grant.members).has(scope));
            opening.extend(opens.map(|grant| &grant.at));
        }
    }
    for at in opening {
        finding = finding.related(at.clone().value(), "opened by this");
    }
    finding
}
