//! `risky-combination`: scopes that are worse together, and the needs force every one of them.

use super::combinations::{grant_of, is_forced};
use crate::check::Judgement;
use crate::finding::Finding;
use crate::lint::words::{joined, quoted};

pub(crate) fn find(judgement: &Judgement<'_>, findings: &mut Vec<Finding>) {
    let catalog = judgement.catalog;
    for combination in &catalog.combinations {
        let forced: Vec<_> = judgement
            .environments
            .iter()
            .filter(|judged| is_forced(judgement, judged, combination))
            .collect();
        let mut grants: Vec<_> = combination
            .scopes
            .iter()
            .filter_map(|id| grant_of(judgement, *id))
            .collect();
        grants.sort_by(|a, b| a.at.cmp(&b.at));
        grants.dedup_by(|a, b| a.at == b.at);
        let (Some(first), Some((last, others))) = (forced.first(), grants.split_last()) else {
            continue;
        };
        let names: Vec<&str> = combination
            .scopes
            .iter()
            .map(|id| catalog.name(*id))
            .collect();
        let message = format!(
            "the needs take {}, which together {}",
            joined(&names),
            combination.because
        );
        let mut finding = Finding::new("risky-combination", last.at.clone().value(), message)
            .label(format!("{} risk together", combination.risk))
            .help("split the job over two keys, or accept it under `allow`")
            .scope(names.join(" "));
        for other in others {
            finding = finding.related(other.at.clone().value(), "with this");
        }
        if forced.len() < judgement.environments.len() {
            finding = finding.environment(first.name());
        }
        let needs: Vec<String> = first
            .needs
            .iter()
            .filter_map(|(need, _)| match need.kind {
                crate::model::NeedKind::Endpoint(index) => {
                    let requirement = catalog.endpoints[index].auth.requirement()?;
                    let scopes = requirement.scopes();
                    let asks = combination.scopes.iter().any(|id| scopes.contains(id));
                    asks.then(|| catalog.endpoint_name(index))
                }
                _ => None,
            })
            .collect();
        if !needs.is_empty() {
            let needs = quoted(needs.iter().map(String::as_str));
            finding = finding.note(format!("they are needed for {needs}"));
        }
        findings.push(finding);
    }
}
