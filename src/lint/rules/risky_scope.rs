//! `risky-scope`: a scope that the needs use, where another one meets them at less risk.

use super::combinations::with_combinations;
use super::standing::{Standing, safer, standings};
use crate::check::Judgement;
use crate::finding::{Finding, Fix};
use crate::lint::words::{count, endpoint_list, joined, risk};
use crate::model::NeedKind;

pub(crate) fn find(judgement: &Judgement<'_>, findings: &mut Vec<Finding>) {
    let catalog = judgement.catalog;
    for (grant, environment, standing) in standings(judgement) {
        let Standing::Risky(id, judged) = standing else {
            continue;
        };
        let (instead, needs) = safer(judgement, judged, id);
        if instead.is_empty() {
            continue;
        }
        let names: Vec<&str> = instead.iter().map(|id| catalog.name(*id)).collect();
        let message = format!("{} would do in place of `{}`", joined(&names), grant.name);
        let mut finding = Finding::new("risky-scope", grant.at.clone().value(), message)
            .label(risk(catalog, id, judgement.key.key_type))
            .scope(&grant.name)
            .environment(environment.map(|environment| environment.name.as_str()));
        // What goes with it: reached now, and neither needed nor reached by what would do.
        let mut after = judged.written.clone();
        after.remove(id);
        after.extend(instead.iter().copied());
        let after = catalog.effective(judged.holder, &after);
        let gone: Vec<usize> = judged
            .reach
            .iter()
            .copied()
            .filter(|index| !catalog.reaches(judged.holder, &after, *index))
            .collect();
        if !gone.is_empty() {
            let lead = format!(
                "it opens {} that no need names",
                count(gone.len(), "endpoint")
            );
            finding = finding.note(endpoint_list(catalog, &lead, &gone));
        }
        let for_needs: Vec<String> = needs
            .iter()
            .map(|need| match need {
                NeedKind::Endpoint(index) => catalog.endpoint_name(*index),
                NeedKind::Event(index) => catalog.events[*index].name.clone(),
                NeedKind::Scope(id) => catalog.name(*id).to_owned(),
            })
            .collect();
        let for_needs: Vec<&str> = for_needs.iter().map(String::as_str).collect();
        finding = finding.note(format!("either meets {}", joined(&for_needs)));
        finding = with_combinations(judgement, environment, &[id], finding);
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        let fix = Fix::replacement("it opens less", names.clone(), &grant.at);
        findings.push(
            finding
                .help(format!("grant {} in its place", names.join(", ")))
                .fix(fix),
        );
    }
}
