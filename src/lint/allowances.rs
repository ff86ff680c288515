//! The one way to accept a finding: an allowance with a reason, an owner and an end.

use super::rule;
use crate::finding::Finding;
use crate::model::Allowance;
use crate::source::{Date, nearest};

/// Rules whose findings nobody can accept.
const NEVER_ACCEPTED: [&str; 2] = ["secret-in-file", "syntax-error"];

/// Findings after the allowances of their file.
#[derive(Debug, Default)]
pub struct Accepted {
    /// What is still to be said, with what is to be said about the allowances themselves.
    pub findings: Vec<Finding>,
    /// What was accepted.
    pub accepted: Vec<Finding>,
}

/// Takes the accepted findings out. An allowance that has ended, explains nothing or accepts nothing is a finding.
pub fn accept(findings: Vec<Finding>, allowances: &[Allowance], today: &Date) -> Accepted {
    let mut result = Accepted::default();
    let mut used = vec![false; allowances.len()];
    for finding in findings {
        let accepting = allowances
            .iter()
            .enumerate()
            .find(|(_, allowance)| accepts(allowance, &finding));
        match accepting {
            Some((index, allowance)) => {
                used[index] = true;
                if has_ended(allowance, today) {
                    result.findings.push(finding);
                } else {
                    result.accepted.push(finding);
                }
            }
            None => result.findings.push(finding),
        }
    }
    for (allowance, used) in allowances.iter().zip(used) {
        result.findings.extend(fault(allowance, used, today));
    }
    result
}

fn accepts(allowance: &Allowance, finding: &Finding) -> bool {
    let fits =
        |wanted: &Option<String>, found: &Option<String>| wanted.is_none() || wanted == found;
    allowance.rule == finding.rule
        && !NEVER_ACCEPTED.contains(&finding.rule)
        && fits(&allowance.scope, &finding.scope)
        && fits(&allowance.endpoint, &finding.endpoint)
        && fits(&allowance.environment, &finding.environment)
}

fn has_ended(allowance: &Allowance, today: &Date) -> bool {
    allowance.until.as_ref().is_some_and(|until| until < today)
}

fn fault(allowance: &Allowance, used: bool, today: &Date) -> Option<Finding> {
    let at = |field: &str| allowance.at.field(field).value();
    if !used {
        let finding = Finding::new(
            "unused-allowance",
            at("rule"),
            "this allowance accepts nothing",
        );
        let known = super::RULES.iter().map(|rule| rule.id);
        let near = nearest(&allowance.rule, known);
        return Some(
            match (
                NEVER_ACCEPTED.contains(&allowance.rule.as_str()),
                rule(&allowance.rule),
                near.first(),
            ) {
                (true, ..) => finding.help("what this rule finds can only be mended"),
                (false, None, Some(best)) => {
                    finding.help(format!("there is no such rule; did you mean `{best}`?"))
                }
                (false, None, None) => finding.help("there is no such rule"),
                (false, Some(_), _) => finding.help("nothing is found that it names; remove it"),
            },
        );
    }
    if has_ended(allowance, today) {
        let until = allowance
            .until
            .as_ref()
            .map_or("", |until| until.0.as_str());
        let message = format!("this allowance ended on {until}, so its finding is back");
        let help = "mend the finding, or decide again and move `until`";
        return Some(Finding::new("expired-allowance", at("until"), message).help(help));
    }
    let lacking: Vec<&str> = [
        ("reason", allowance.reason.is_none()),
        ("owner", allowance.owner.is_none()),
    ]
    .iter()
    .filter(|(_, lacks)| *lacks)
    .map(|(name, _)| *name)
    .collect();
    if lacking.is_empty() {
        return None;
    }
    let lacking = lacking.join(" and no ");
    let message = format!("this allowance has no {lacking}");
    Some(
        Finding::new("unexplained-allowance", at("rule"), message)
            .help("say why it is accepted, who answers for it, and until when"),
    )
}
