//! A team's settings for all of its keys, and the findings it accepted in a baseline.

use crate::finding::{Level, RuleId, RuleName};
use crate::source::Date;

/// What a team says of one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// The rule reports nothing.
    Off,
    /// The rule reports at this level.
    At(Level),
    /// It is an error that no allowance of a file accepts.
    Forbid,
}

impl Setting {
    /// Every word for one.
    pub const NAMES: [&'static str; 5] = ["off", "note", "warning", "error", "forbid"];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::At(level) => level.name(),
            Self::Forbid => "forbid",
        }
    }

    /// How strict it is: from `off`, the least, to `forbid`.
    pub fn strictness(self) -> usize {
        match self {
            Self::Off => 0,
            Self::At(Level::Note) => 1,
            Self::At(Level::Warning) => 2,
            Self::At(Level::Error) => 3,
            Self::Forbid => 4,
        }
    }

    /// The setting of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "off" => Self::Off,
            "note" => Self::At(Level::Note),
            "warning" => Self::At(Level::Warning),
            "error" => Self::At(Level::Error),
            "forbid" => Self::Forbid,
            _ => return None,
        })
    }
}

/// How much a key may reach; `None` means no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Budget {
    /// Writing endpoints that no need names.
    pub excess_writes: Option<usize>,
    /// Endpoints.
    pub reachable: Option<usize>,
}

/// A configuration: `scopes.toml`.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Patterns of the key files, relative to the configuration.
    pub keys: Vec<String>,
    /// Patterns of the catalogs that key files may name; `None` where any may be named.
    pub catalogs: Option<Vec<String>>,
    /// The baseline, relative to the configuration.
    pub baseline: Option<String>,
    /// The level from which on findings make the status 1: a level's name, or `never`.
    pub fail_on: Option<&'static str>,
    /// What it says of rules.
    pub levels: Vec<(RuleId, Setting)>,
    /// How many days from today an allowance may run.
    pub max_days: Option<u64>,
    /// How much a key may reach.
    pub budget: Budget,
}

/// The findings of a repository when its baseline was written, all accepted with one reason and one last day.
#[derive(Debug, Clone)]
pub struct Baseline {
    /// Why it is accepted.
    pub reason: String,
    /// The last day on which it is.
    pub until: Date,
    /// The JSON Schema that editors use for the file.
    pub schema: Option<String>,
    /// The findings, each once.
    pub entries: Vec<BaselineEntry>,
}

/// One accepted finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BaselineEntry {
    /// The file that it was found in, as it was named then.
    pub file: String,
    /// The provider and the name of the key, or the name of the catalog.
    pub subject: String,
    /// The rule.
    pub rule: RuleName,
    /// The fingerprint of the finding: it alone decides.
    pub fingerprint: String,
}

impl Baseline {
    /// Whether its last day is past.
    pub fn has_ended(&self, today: &Date) -> bool {
        self.until < *today
    }
}
