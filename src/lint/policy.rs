//! What a team says of the rules: their levels, how long something may be accepted, and the day it is.

use crate::finding::{Finding, Level, RuleId};
use crate::model::{Baseline, Setting};
use crate::source::Date;

/// Why a baseline accepts nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lapse {
    /// Its last day is past.
    Ended,
    /// It runs for more days than the team allows.
    TooLong {
        /// How many days from today it runs.
        days: u64,
        /// How many it may.
        most: u64,
    },
}

/// Everything that decides what becomes of findings.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The rules that a team has configured; the last setting of a rule counts.
    pub levels: Vec<(RuleId, Setting)>,
    /// How many days from today an allowance may run; `None` is no bound.
    pub max_days: Option<u64>,
    /// The day by which allowances are judged.
    pub today: Date,
    /// Whether allowances are applied at all.
    pub heeds_allowances: bool,
}

impl Policy {
    /// The default policy: every rule at its own level, allowances of any length.
    pub fn on(today: Date) -> Self {
        Self {
            levels: Vec::new(),
            max_days: None,
            today,
            heeds_allowances: true,
        }
    }

    /// What the team says of a rule.
    pub fn setting(&self, rule: RuleId) -> Option<Setting> {
        let mut levels = self.levels.iter().rev();
        levels
            .find(|(other, _)| *other == rule && rule.can_be_accepted())
            .map(|(_, setting)| *setting)
    }

    /// Whether a baseline may hold findings of a rule: what may be a secret is never recorded, and what is forbidden is not
    /// accepted.
    pub fn can_record(&self, rule: RuleId) -> bool {
        rule.can_be_recorded() && self.setting(rule) != Some(Setting::Forbid)
    }

    /// Why a baseline accepts nothing, if it does not: its last day is past, or further away than the team allows.
    pub fn lapse(&self, baseline: &Baseline) -> Option<Lapse> {
        if baseline.has_ended(&self.today) {
            return Some(Lapse::Ended);
        }
        let days = baseline.until.days_since(&self.today);
        let bound = self.max_days.filter(|most| days > *most);
        bound.map(|most| Lapse::TooLong { days, most })
    }

    /// A finding at the level that the team gives it; `None` where its rule is off.
    pub(super) fn levelled(&self, mut finding: Finding) -> Option<Finding> {
        match self.setting(finding.rule) {
            Some(Setting::Off) => return None,
            Some(Setting::At(level)) => finding.level = Some(level),
            Some(Setting::Forbid) => {
                finding.level = Some(Level::Error);
                // Allowances have no effect here, so do not suggest one.
                let help = finding.help.as_mut();
                if let Some(help) = help
                    && let Some(rest) = help.strip_suffix(", or accept it under `allow`")
                {
                    *help = match rest.rsplit_once(", ") {
                        Some((most, last)) => format!("{most}, or {last}"),
                        None => rest.to_owned(),
                    };
                }
            }
            None => {}
        }
        Some(finding)
    }
}
