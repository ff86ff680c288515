//! The rules, and the one place where levels are given and findings put in order.
//!
//! A rule reads a judgement and pushes findings; it prints nothing and knows no level but an exception of its own.

mod allowances;
mod rules;
mod words;

use crate::check::Judgement;
use crate::finding::{Finding, Level};

pub use allowances::{Accepted, accept};
pub use rules::RULES;

/// A rule: its name, its level, its function.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its name, as `--level` and `allow` write it.
    pub id: &'static str,
    /// How grave its findings are where nothing else is said.
    pub level: Level,
    /// What it finds, in a sentence.
    pub summary: &'static str,
    /// Finds it in a judged key; `None` for what is found while a file is read.
    pub find: Option<fn(&Judgement<'_>, &mut Vec<Finding>)>,
}

/// The rule of this name.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}

/// The level of a finding: its own where it has one, else its rule's.
pub fn level(finding: &Finding) -> Level {
    finding
        .level
        .or_else(|| rule(finding.rule).map(|rule| rule.level))
        .unwrap_or(Level::Error)
}

/// Everything that the rules find in a judged key.
pub fn lint_key(judgement: &Judgement<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in RULES {
        if let Some(find) = rule.find {
            find(judgement, &mut findings);
        }
    }
    findings
}
