//! `scopes.toml` → a [`Config`], or findings that say what is wrong with it.

use serde::Deserialize;

use super::catalog::with_fix;
use crate::finding::Finding;
use crate::model::{Budget, Config, Setting};
use crate::source::{Entries, Path, Source, nearest};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct RawConfig {
    keys: Option<Vec<String>>,
    catalogs: Option<Vec<String>>,
    baseline: Option<String>,
    fail_on: Option<RawFailOn>,
    rules: Entries<String>,
    allow: Option<RawAllow>,
    budget: Option<RawBudget>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RawFailOn {
    Error,
    Warning,
    Note,
    Never,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct RawAllow {
    max_days: Option<u32>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct RawBudget {
    excess_writes: Option<u32>,
    reachable: Option<u32>,
}

/// Reads a configuration. What is at fault is left out and reported. `rules` are those that there are, and `fixed` those
/// of them whose level nobody changes.
pub fn load_config(source: &Source, rules: &[&str], fixed: &[&str]) -> (Config, Vec<Finding>) {
    let reading = source.read::<RawConfig>();
    let mut findings: Vec<Finding> = reading.problems.into_iter().map(with_fix).collect();
    // A configuration that says nothing is one.
    findings.retain(|finding| finding.message != "the file is empty");
    let raw = reading.value.unwrap_or_default();
    let mut levels = Vec::new();
    for (id, word) in raw.rules.0 {
        let at = Path::root().field("rules").field(&id);
        let setting = Setting::parse(&word);
        if !rules.contains(&id.as_str()) {
            let near = nearest(&id, rules.iter().copied());
            let help = match near.first() {
                Some(best) => format!("did you mean `{best}`?"),
                None => "`scopes rule` lists them".to_owned(),
            };
            let message = format!("there is no rule `{id}`");
            findings.push(Finding::new("unknown-field", at.key(), message).help(help));
        } else if fixed.contains(&id.as_str()) {
            let message = format!("the level of `{id}` cannot be changed");
            findings.push(Finding::new("wrong-type", at.key(), message));
        } else if let Some(setting) = setting {
            levels.push((id, setting));
        } else {
            let message = format!("`{word}` is no level");
            let help = format!("a level is one of {}", Setting::NAMES.join(", "));
            findings.push(Finding::new("wrong-type", at.value(), message).help(help));
        }
    }
    let fail_on = raw.fail_on.map(|level| match level {
        RawFailOn::Error => "error",
        RawFailOn::Warning => "warning",
        RawFailOn::Note => "note",
        RawFailOn::Never => "never",
    });
    let number = |number: Option<u32>| number.and_then(|number| usize::try_from(number).ok());
    let budget = raw.budget.unwrap_or_default();
    let config = Config {
        keys: raw.keys.unwrap_or_default(),
        catalogs: raw.catalogs,
        baseline: raw.baseline,
        fail_on,
        levels,
        max_days: raw.allow.and_then(|allow| allow.max_days).map(u64::from),
        budget: Budget {
            excess_writes: number(budget.excess_writes),
            reachable: number(budget.reachable),
        },
    };
    (config, findings)
}
