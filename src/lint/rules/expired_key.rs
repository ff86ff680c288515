//! `expired-key`: the last day of a key is past, or near.

use crate::finding::{Finding, Level, RuleId};
use crate::model::Key;
use crate::source::{Date, Path};

/// How many days ahead to warn, because renewing a key takes a decision and a release.
const NEAR: u64 = 30;

pub(crate) fn find(key: &Key, today: &Date, findings: &mut Vec<Finding>) {
    let Some(expires) = &key.expires else {
        return;
    };
    let day = &expires.0;
    if expires < today {
        findings.push(finding(format!("this key expired on {day}"), "past", day));
        return;
    }
    let when = match expires.days_since(today) {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        days if days <= NEAR => format!("in {days} days"),
        _ => return,
    };
    let mut near = finding(format!("this key expires on {day}, {when}"), "near", day);
    near.level = Some(Level::Note);
    findings.push(near);
}

/// The subject includes the state and the day, so that accepting a near expiry does not accept a past one, or another
/// date.
fn finding(message: String, state: &str, day: &str) -> Finding {
    let place = Path::root().field("expires").value();
    let mut finding = Finding::new(RuleId::ExpiredKey, place, message)
        .help("renew the key and update `expires`, or remove the key and this file");
    finding.subject = Some(format!("{state} {day}"));
    finding
}
