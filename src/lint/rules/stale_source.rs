//! `stale-source`: a source that was compared long ago.

use crate::finding::{Finding, RuleId};
use crate::model::Catalog;
use crate::source::{Date, Path};

/// Providers change their scopes a few times a year.
const LONGEST: u64 = 180;

pub(crate) fn find(catalog: &Catalog, today: &Date, findings: &mut Vec<Finding>) {
    for (index, source) in catalog.sources.iter().enumerate() {
        let at = Path::root().field("sources").item(index);
        let day = source.verified.as_deref().and_then(Date::parse);
        let finding = match day.map(|day| today.days_since(&day)) {
            None => {
                let message = format!("`{}` has no date of the last comparison", source.url);
                Finding::new(RuleId::StaleSource, at.field("url").value(), message).help(
                    "add `verified:` with the date when the catalog was last compared with it",
                )
            }
            Some(days) if days > LONGEST => {
                let message = format!("`{}` was last compared {days} days ago", source.url);
                Finding::new(RuleId::StaleSource, at.field("verified").value(), message)
                    .help("compare the catalog with it again, then update `verified`")
            }
            Some(_) => continue,
        };
        findings.push(finding.scope(&source.url));
    }
}
