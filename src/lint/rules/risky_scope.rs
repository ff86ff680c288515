//! `risky-scope`: a scope that the needs use, where another one meets them at less risk.

use super::combinations::with_combinations;
use super::grant_status::{GrantReview, GrantStatus, Safer};
use crate::finding::{Finding, Fix, RuleId};
use crate::lint::phrases::{count, endpoint_list, joined, quoted_need, risk};
use crate::model::{EndpointId, ScopeId};

pub(crate) fn find(review: &GrantReview<'_>, findings: &mut Vec<Finding>) {
    let judgement = review.judgement;
    let catalog = judgement.catalog;
    for (grant, environment, status) in review.each() {
        let GrantStatus::Risky(id, judged) = status else {
            continue;
        };
        let Some(Safer { instead, needs }) = review.safer(judged, id) else {
            continue;
        };
        let names_of =
            |ids: &[ScopeId]| -> Vec<&str> { ids.iter().map(|id| catalog.name(*id)).collect() };
        let (held, new): (Vec<ScopeId>, Vec<ScopeId>) = instead.iter().partition(|id| {
            let mut everywhere = judgement.where_granted(environment);
            everywhere.all(|judged| judged.written.has(**id))
        });
        let (names, held, new) = (names_of(instead), names_of(&held), names_of(&new));
        let message = match names.as_slice() {
            [one] => format!("`{one}` is enough, and less risky than `{}`", grant.name),
            several => format!(
                "{} are enough, and less risky than `{}`",
                joined(several),
                grant.name
            ),
        };
        let mut finding = Finding::new(RuleId::RiskyScope, grant.at.clone().value(), message)
            .label(risk(judgement, environment, id))
            .scope(&grant.name)
            .environment(environment.map(|environment| environment.name.as_str()));
        // What the replacement would close: reached now, but neither needed nor reached afterwards.
        let mut after = judged.written.clone();
        after.remove(id);
        after.extend(instead.iter().copied());
        let after = catalog.effective(judged.holder, &after);
        let needed = catalog.needed_endpoints(&judged.needs_here());
        let gone: Vec<EndpointId> = judged
            .reach
            .iter()
            .copied()
            .filter(|index| {
                !catalog.reaches(judged.holder, &after, *index) && !needed.contains(index)
            })
            .collect();
        if !gone.is_empty() {
            let lead = format!(
                "it opens {} not named by any need",
                count(gone.len(), "endpoint")
            );
            finding = finding.list(endpoint_list(catalog, &lead, &gone));
        }
        let for_needs: Vec<String> = needs
            .iter()
            .map(|need| quoted_need(catalog, *need))
            .collect();
        let for_needs = match for_needs.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
            _ => for_needs.concat(),
        };
        finding = finding.note(format!("either meets {for_needs}"));
        finding = with_combinations(judgement, environment, &[id], finding);
        let held = if held.is_empty() {
            String::new()
        } else {
            format!("{} is already granted", joined(&held))
        };
        findings.push(if new.is_empty() {
            let fix = Fix::removal("others open less", &grant.name, &grant.at);
            finding
                .help(format!("remove it: {held}"))
                .fix(Fix { safe: false, ..fix })
        } else {
            let names: Vec<String> = new.into_iter().map(str::to_owned).collect();
            let and = if held.is_empty() { "" } else { "; " };
            finding
                .help(format!("grant {} instead{and}{held}", names.join(", ")))
                .fix(Fix::replacement("it opens less", names, &grant.at))
        });
    }
}
