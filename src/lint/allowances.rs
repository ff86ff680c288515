//! The one way to accept a finding in a file: an allowance with a reason, an owner and an end.

use std::collections::{HashMap, HashSet};

use super::Policy;
use crate::finding::{Finding, Fix, Group, RuleId, RuleName};
use crate::model::{Allowance, Setting};
use crate::source::{Path, nearest};

/// Why and by whom a finding was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// Whether the baseline accepts it, rather than the file itself.
    pub by_baseline: bool,
    /// Why.
    pub reason: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The last day on which it holds.
    pub until: Option<String>,
}

/// A finding that was accepted.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// The finding.
    pub finding: Finding,
    /// Why and by whom.
    pub by: Acceptance,
}

/// Findings after the policy and the allowances of their file.
#[derive(Debug, Default)]
pub struct Settled {
    /// The remaining findings, including those about the allowances themselves.
    pub findings: Vec<Finding>,
    /// What was accepted.
    pub accepted: Vec<Accepted>,
}

/// Gives findings their levels and removes the accepted ones. An allowance that has expired, gives no reason, runs too
/// long or accepts nothing is a finding.
pub fn settle(findings: Vec<Finding>, allowances: &[Allowance], policy: &Policy) -> Settled {
    let mut settled = Settled::default();
    // An unused allowance may be for something that could not be read, so its fix is not safe.
    let is_faulty = findings.iter().any(|finding| {
        matches!(finding.rule.group(), Group::File | Group::Names)
            && finding.rule != RuleId::KeyNameClash
    });
    let mut used = vec![false; allowances.len()];
    let index = Index::of(allowances);
    for finding in findings {
        let accepting = index
            .candidates(finding.rule, finding.scope.as_deref())
            .filter(|_| policy.heeds_allowances)
            .map(|at| (at, &allowances[at]))
            .filter(|(_, allowance)| names(allowance, &finding))
            .min_by_key(|(at, allowance)| (has_ended(allowance, policy), *at));
        let Some(finding) = policy.levelled(finding) else {
            // An allowance for a rule that is off still counts as used.
            if let Some((index, _)) = accepting {
                used[index] = true;
            }
            continue;
        };
        let Some((index, allowance)) = accepting else {
            let is_meant = {
                let mut strangers = index.strangers.iter().map(|at| &allowances[*at]);
                let mut same_rule = index.candidates(finding.rule, finding.scope.as_deref());
                strangers.any(|allowance| is_meant_for(allowance, &finding))
                    || same_rule.any(|at| names_but_for_endpoint(&allowances[at], &finding))
            };
            settled.findings.push(if is_meant {
                not_safely_fixed(finding)
            } else {
                finding
            });
            continue;
        };
        used[index] = true;
        let is_heard = finding.rule.can_be_accepted()
            && policy.setting(finding.rule) != Some(Setting::Forbid)
            && !has_ended(allowance, policy)
            && runs_short_enough(allowance, policy);
        if is_heard {
            let by = Acceptance {
                by_baseline: false,
                reason: allowance.reason.clone(),
                owner: allowance.owner.clone(),
                until: allowance.until.as_ref().map(|until| until.0.clone()),
            };
            settled.accepted.push(Accepted { finding, by });
        } else {
            // Somebody decided about this finding before, so it is not fixed without asking.
            settled.findings.push(not_safely_fixed(finding));
        }
    }
    if policy.heeds_allowances {
        // An allowance that names an endpoint may be meant for a finding that is about several needs.
        let open = settled.findings.iter().filter(|one| one.endpoint.is_none());
        let elsewhere: HashSet<Path> = open
            .flat_map(|finding| {
                let same_rule = index.candidates(finding.rule, finding.scope.as_deref());
                same_rule
                    .map(|at| &allowances[at])
                    .filter(|allowance| names_but_for_endpoint(allowance, finding))
            })
            .map(|allowance| allowance.at.clone())
            .collect();
        let faults = allowances
            .iter()
            .zip(used)
            .filter_map(|(allowance, used)| {
                let finding = fault(allowance, used, policy)?;
                Some(if elsewhere.contains(&allowance.at) && !used {
                    not_safely_fixed(finding).help(
                        "findings of this rule are about more than one endpoint: name their `scope`",
                    )
                } else {
                    finding
                })
            })
            .map(|finding| {
                if is_faulty {
                    not_safely_fixed(finding)
                } else {
                    finding
                }
            });
        settled
            .findings
            .extend(faults.filter_map(|finding| policy.levelled(finding)));
    }
    settled
}

/// An index of allowances by rule and scope, because of many only a few apply to one finding.
struct Index<'a> {
    by_name: HashMap<(RuleId, Option<&'a str>), Vec<usize>>,
    /// Those with an unknown rule name, which may be misspelt.
    strangers: Vec<usize>,
}

impl<'a> Index<'a> {
    fn of(allowances: &'a [Allowance]) -> Self {
        let mut by_name: HashMap<_, Vec<usize>> = HashMap::new();
        let mut strangers = Vec::new();
        for (at, allowance) in allowances.iter().enumerate() {
            match allowance.rule.id() {
                Some(rule) => {
                    let name = (rule, allowance.scope.as_deref());
                    by_name.entry(name).or_default().push(at);
                }
                None => strangers.push(at),
            }
        }
        Self { by_name, strangers }
    }

    /// Those that may name a finding of a rule about a scope.
    fn candidates<'s>(
        &'s self,
        rule: RuleId,
        scope: Option<&'s str>,
    ) -> impl Iterator<Item = usize> + 's {
        let names = scope.map(|scope| (rule, Some(scope))).into_iter();
        let all = names.chain([(rule, None)]);
        all.filter_map(|name| self.by_name.get(&name))
            .flatten()
            .copied()
    }
}

fn not_safely_fixed(mut finding: Finding) -> Finding {
    if let Some(fix) = &mut finding.fix {
        fix.safe = false;
    }
    finding
}

/// Whether an allowance with a misspelt rule must mean a finding.
fn is_meant_for(allowance: &Allowance, finding: &Finding) -> bool {
    let fits = Allowance {
        rule: RuleName::Known(finding.rule),
        ..allowance.clone()
    };
    allowance.rule.id().is_none()
        && !nearest(allowance.rule.as_str(), [finding.rule.name()]).is_empty()
        && names(&fits, finding)
}

/// Whether an allowance names an endpoint, and a finding that is about several or none.
fn names_but_for_endpoint(allowance: &Allowance, finding: &Finding) -> bool {
    if allowance.endpoint.is_none() || finding.endpoint.is_some() {
        return false;
    }
    let anywhere = Allowance {
        endpoint: None,
        ..allowance.clone()
    };
    names(&anywhere, finding)
}

fn names(allowance: &Allowance, finding: &Finding) -> bool {
    let fits =
        |wanted: &Option<String>, found: &Option<String>| wanted.is_none() || wanted == found;
    let fits_endpoint = match (&allowance.endpoint, &finding.endpoint) {
        (None, _) => true,
        (Some(spelt), Some(found)) => spelt.contains(found),
        (Some(_), None) => false,
    };
    allowance.rule.id() == Some(finding.rule)
        && fits(&allowance.scope, &finding.scope)
        && fits_endpoint
        && fits(&allowance.environment, &finding.environment)
}

fn has_ended(allowance: &Allowance, policy: &Policy) -> bool {
    let until = allowance.until.as_ref();
    until.is_some_and(|until| *until < policy.today)
}

fn runs_short_enough(allowance: &Allowance, policy: &Policy) -> bool {
    match (policy.max_days, &allowance.until) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(days), Some(until)) => until.days_since(&policy.today) <= days,
    }
}

fn fault(allowance: &Allowance, used: bool, policy: &Policy) -> Option<Finding> {
    let at = |field: &str| allowance.at.field(field).value();
    let unused = || {
        Finding::new(
            RuleId::UnusedAllowance,
            at("rule"),
            "this allowance accepts nothing",
        )
        .scope(allowance.rule.as_str())
        .fix(Fix::removal(
            "it accepts nothing",
            "this allowance",
            &allowance.at,
        ))
    };
    let rule = allowance.rule.id();
    if rule.is_some_and(|rule| !rule.can_be_accepted()) {
        return Some(unused().help("findings of this rule cannot be accepted, only fixed"));
    }
    if rule.and_then(|rule| policy.setting(rule)) == Some(Setting::Forbid) {
        let help = format!("scopes.toml forbids `{}` for every key", allowance.rule);
        return Some(unused().help(help));
    }
    if !used && allowance.may_be_unused {
        return None;
    }
    if !used {
        let rules = RuleId::ALL.iter().map(|rule| rule.name());
        let near = nearest(allowance.rule.as_str(), rules);
        return Some(match (rule, near.first()) {
            (None, Some(best)) => {
                let mut finding = unused();
                finding.fix = None;
                finding.help(format!("unknown rule; did you mean `{best}`?"))
            }
            (None, None) => unused().help("unknown rule"),
            (Some(_), _) => unused().help("it matches no finding; remove it"),
        });
    }
    if has_ended(allowance, policy) {
        let until = allowance
            .until
            .as_ref()
            .map_or("", |until| until.0.as_str());
        let message = format!("this allowance ended on {until}, so its finding is back");
        let help = "fix the finding, or decide again and update `until`";
        let finding = Finding::new(RuleId::ExpiredAllowance, at("until"), message);
        return Some(finding.help(help).scope(allowance.rule.as_str()));
    }
    if let (false, Some(days), Some(until)) = (
        runs_short_enough(allowance, policy),
        policy.max_days,
        &allowance.until,
    ) {
        let message = format!(
            "this allowance runs for {} days, and scopes.toml allows {days}",
            until.days_since(&policy.today)
        );
        let finding = Finding::new(RuleId::UnexplainedAllowance, at("until"), message);
        return Some(
            finding
                .note("so it accepts nothing")
                .help("choose an earlier `until`, and decide again then")
                .scope(allowance.rule.as_str()),
        );
    }
    let lacking: Vec<&str> = [
        ("reason", allowance.reason.is_none()),
        ("owner", allowance.owner.is_none()),
        ("until", allowance.until.is_none()),
    ]
    .iter()
    .filter(|(_, lacks)| *lacks)
    .map(|(name, _)| *name)
    .collect();
    if lacking.is_empty() {
        return None;
    }
    let message = format!("this allowance has no `{}`", lacking.join("` and no `"));
    let mut finding = Finding::new(RuleId::UnexplainedAllowance, at("rule"), message)
        .help("say why it is accepted, who is responsible, and until when")
        .scope(allowance.rule.as_str());
    if !runs_short_enough(allowance, policy) {
        finding = finding.note("scopes.toml requires `until`, so it accepts nothing");
    }
    Some(finding)
}
