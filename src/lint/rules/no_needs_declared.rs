//! `no-needs-declared`: nothing says what the key is for, so nothing can be judged.

use crate::check::Judgement;
use crate::finding::{Finding, RuleId};
use crate::lint::phrases::count;
use crate::model::EndpointId;
use crate::source::Path;

pub(crate) fn find(judgement: &Judgement<'_>, findings: &mut Vec<Finding>) {
    if judgement.key.declares_needs {
        return;
    }
    let mut reach: Vec<EndpointId> = judgement
        .environments
        .iter()
        .flat_map(|judged| judged.reach.iter().copied())
        .collect();
    reach.sort_unstable();
    reach.dedup();
    let message = "nothing says what this key is for";
    let place = Path::root().field("name").value();
    let mut finding = Finding::new(RuleId::NoNeedsDeclared, place, message)
        .label(format!("reaches {}", count(reach.len(), "endpoint")))
        .note("without needs, no scope can be judged needed or unneeded")
        .help("add `needs:` with the `endpoints:` that the job calls, one per line");
    // The fingerprint includes the current grants, so that a baseline does not accept grants that are added later.
    finding.subject = Some(judgement.key.holdings.join("\n"));
    findings.push(finding);
}
