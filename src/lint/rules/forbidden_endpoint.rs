//! `forbidden-endpoint`: the key reaches what it must never reach.

use crate::check::Judgement;
use crate::explain::via;
use crate::finding::Finding;
use crate::lint::words::{count, endpoint_list};
use crate::model::ScopeId;

pub(crate) fn find(judgement: &Judgement<'_>, findings: &mut Vec<Finding>) {
    let catalog = judgement.catalog;
    for never in &judgement.key.never {
        let mut reached: Vec<usize> = Vec::new();
        let mut scopes: Vec<ScopeId> = Vec::new();
        let mut environments: Vec<&str> = Vec::new();
        for judged in &judgement.environments {
            let forbidden = judged.reach.iter().copied().filter(|index| {
                let endpoint = &catalog.endpoints[*index];
                let mode = endpoint.mode.map(|mode| catalog.modes[mode].as_str());
                never
                    .pattern
                    .matches(&endpoint.method, &endpoint.path, mode)
            });
            for index in forbidden {
                scopes.extend(via(catalog, judged.holder, &judged.effective, index));
                reached.push(index);
                environments.extend(judged.name());
            }
        }
        reached.sort_unstable();
        reached.dedup();
        if reached.is_empty() {
            continue;
        }
        environments.dedup();
        let everywhere =
            environments.len() == judgement.environments.len() || environments.is_empty();
        let who = if everywhere {
            "the key".to_owned()
        } else {
            environments.join(" and ")
        };
        let verb = if !everywhere && environments.len() > 1 {
            "reach"
        } else {
            "reaches"
        };
        let message = format!(
            "{who} {verb} {} that it must never reach",
            count(reached.len(), "endpoint")
        );
        let mut finding = Finding::new("forbidden-endpoint", never.at.clone().value(), message)
            .label("forbidden here")
            .note(endpoint_list(catalog, "they are", &reached))
            .help("remove the scopes that open them, or the line that forbids them")
            .endpoint(&never.text);
        scopes.sort_unstable();
        scopes.dedup();
        for scope in scopes {
            let granted = judgement
                .grants()
                .find(|(grant, _)| catalog.close(&grant.members).has(scope));
            if let Some((grant, _)) = granted
                && !finding
                    .related
                    .iter()
                    .any(|(place, _)| *place == grant.at.clone().value())
            {
                finding = finding.related(grant.at.clone().value(), "opened by this");
            }
        }
        if !everywhere {
            finding.environment = environments.first().map(|name| (*name).to_owned());
        }
        findings.push(finding);
    }
}
