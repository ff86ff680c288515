//! `unproven-scope`: a scope that opens nothing in the catalog, so it cannot be called unneeded.

use super::combinations::with_combinations;
use super::standing::{Standing, Standings};
use crate::finding::Finding;
use crate::lint::words::risk;

pub(crate) fn find(standings: &Standings<'_>, findings: &mut Vec<Finding>) {
    let judgement = standings.judgement;
    for (grant, environment, standing) in standings.each() {
        let Standing::Unproven(id) = standing else {
            continue;
        };
        let message = format!(
            "what `{}` opens is not known, so nothing says whether it is needed",
            grant.name
        );
        let mut finding = Finding::new("unproven-scope", grant.at.clone().value(), message)
            .label(risk(judgement, environment, id))
            .help("say why under `needs.scopes`, with a `because`, or remove it")
            .scope(&grant.name);
        finding = with_combinations(judgement, environment, &[id], finding);
        finding.environment = environment.map(|environment| environment.name.clone());
        findings.push(finding);
    }
}
