//! `wildcard-scope`: a wildcard in place of scopes.

use super::standing::{Standing, standings, used};
use crate::check::Judgement;
use crate::finding::Finding;
use crate::lint::words::{count, quoted};

pub(crate) fn find(judgement: &Judgement<'_>, findings: &mut Vec<Finding>) {
    let catalog = judgement.catalog;
    for (grant, environment, standing) in standings(judgement) {
        let Standing::Wildcard = standing else {
            continue;
        };
        let needed = used(judgement, environment);
        let needed: Vec<&str> = needed
            .iter()
            .filter(|id| grant.members.has(*id))
            .map(|id| catalog.name(id))
            .collect();
        let message = format!(
            "`{}` grants {}, and any that comes later",
            grant.name,
            count(grant.members.len(), "scope")
        );
        let finding = Finding::new("wildcard-scope", grant.at.clone().value(), message);
        let mut finding = match (judgement.key.declares_needs, needed.is_empty()) {
            (true, false) => finding.help(format!("the needs use only {}", quoted(needed))),
            (true, true) => finding.help("no need uses any of them; remove it"),
            (false, _) => finding.help("name the scopes that the job needs"),
        };
        finding.scope = Some(grant.name.clone());
        finding.environment = environment.map(|environment| environment.name.clone());
        findings.push(finding);
    }
}
