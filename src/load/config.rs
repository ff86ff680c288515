//! `scopes.toml` → a [`Config`], or findings that say what is wrong with it.

use serde::Deserialize;

use super::catalog::with_fix;
use crate::finding::{Finding, Level, RuleId};
use crate::model::{Budget, Config, Setting};
use crate::source::limits::LONGEST_FILE_PATTERN;
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
    /// The JSON Schema that editors use for the file.
    #[serde(rename = "$schema")]
    _schema: Option<String>,
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

/// Reads a configuration. What is at fault is left out and reported.
pub fn load_config(source: &Source) -> (Config, Vec<Finding>) {
    let reading = source.read::<RawConfig>();
    let mut findings: Vec<Finding> = reading.problems.into_iter().map(with_fix).collect();
    // An empty configuration is valid.
    findings.retain(|finding| finding.message != "the file is empty");
    let raw = reading.value.unwrap_or_default();
    let mut levels = Vec::new();
    for (id, word) in raw.rules.0 {
        let at = Path::root().field("rules").field(&id);
        let setting = Setting::parse(&word);
        let Some(rule) = RuleId::parse(&id) else {
            let near = nearest(&id, RuleId::ALL.iter().map(|rule| rule.name()));
            let help = match near.first() {
                Some(best) => format!("did you mean `{best}`?"),
                None => "`scopes rule` lists them".to_owned(),
            };
            let message = format!("unknown rule `{id}`");
            findings.push(Finding::new(RuleId::UnknownField, at.key(), message).help(help));
            continue;
        };
        if !rule.can_be_accepted() {
            let message = format!("the level of `{id}` cannot be changed");
            findings.push(Finding::new(RuleId::WrongType, at.key(), message));
        } else if let Some(setting) = setting {
            levels.push((rule, setting));
        } else {
            let message = format!("unknown level `{word}`");
            let help = format!("a level must be one of {}", Setting::NAMES.join(", "));
            findings.push(Finding::new(RuleId::WrongType, at.value(), message).help(help));
        }
    }
    for (name, patterns) in [("keys", &raw.keys), ("catalogs", &raw.catalogs)] {
        for (index, pattern) in patterns.iter().flatten().enumerate() {
            if pattern.len() > LONGEST_FILE_PATTERN {
                let place = Path::root().field(name).item(index).value();
                let message = format!("a pattern may have at most {LONGEST_FILE_PATTERN} bytes");
                findings.push(Finding::new(RuleId::WrongType, place, message));
            }
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

/// Reads the configuration of a subfolder, which may only tighten the main one: stricter rules, lower limits. Anything
/// else in it is an error; otherwise a pull request could loosen the checks by the folder in which a command runs.
pub fn tighten(config: &mut Config, source: &Source) -> Vec<Finding> {
    let (own, mut findings) = load_config(source);
    let located = source.source_map();
    let at = |names: &[&str]| {
        names
            .iter()
            .fold(Path::root(), |path, name| path.field(name))
    };
    for name in ["keys", "catalogs", "baseline"] {
        if located.has(&at(&[name])) {
            let message =
                format!("`{name}` can only be set in the scopes.toml nearest to the root");
            let help =
                "a nested scopes.toml may only tighten `fail-on`, levels, `max-days` and budgets";
            findings
                .push(Finding::new(RuleId::UnknownField, at(&[name]).key(), message).help(help));
        }
    }
    let mut loosens = |path: Path, what: String, help: String| {
        let message = format!("{what} is less strict than the scopes.toml nearest to the root");
        findings.push(Finding::new(RuleId::WrongType, path.value(), message).help(help));
    };
    if let Some(level) = own.fail_on {
        let least = config.fail_on.unwrap_or("warning");
        if strictness(level) >= strictness(least) {
            config.fail_on = Some(level);
        } else {
            loosens(
                at(&["fail-on"]),
                format!("`{level}`"),
                format!("it says `{least}`, and a nested scopes.toml may only be stricter"),
            );
        }
    }
    for (rule, setting) in own.levels {
        let said = config.levels.iter().rev().find(|(id, _)| *id == rule);
        // Findings of one rule may have levels of their own, so without a setting only `error` is certainly not looser.
        let least = said.map_or(Setting::At(Level::Error), |(_, setting)| *setting);
        let is_stricter = setting.strictness() >= least.strictness();
        if is_stricter {
            config.levels.push((rule, setting));
            continue;
        }
        let help = match said {
            Some(_) => format!(
                "it says `{}`, and a nested scopes.toml may only raise it",
                least.name()
            ),
            None => "it does not set this rule, and a nested scopes.toml may only set `error` or `forbid`"
                .to_owned(),
        };
        let path = at(&["rules", rule.name()]);
        loosens(path, format!("`{}`", setting.name()), help);
    }
    let path = at(&["allow", "max-days"]);
    lower(&mut loosens, path, own.max_days, &mut config.max_days);
    let Budget {
        excess_writes,
        reachable,
    } = own.budget;
    let budget = &mut config.budget;
    let path = at(&["budget", "excess-writes"]);
    lower(&mut loosens, path, excess_writes, &mut budget.excess_writes);
    lower(
        &mut loosens,
        at(&["budget", "reachable"]),
        reachable,
        &mut budget.reachable,
    );
    findings
}

/// Takes over a limit unless it is higher than the current one.
fn lower<N: Copy + PartialOrd + std::fmt::Display>(
    loosens: &mut impl FnMut(Path, String, String),
    path: Path,
    new: Option<N>,
    bound: &mut Option<N>,
) {
    let Some(new) = new else { return };
    match *bound {
        Some(most) if new > most => {
            let help = format!("it says {most}, and a nested scopes.toml may only lower it");
            loosens(path, new.to_string(), help);
        }
        _ => *bound = Some(new),
    }
}

/// How strict a threshold is: the lower the level that fails, the stricter.
fn strictness(fail_on: &str) -> usize {
    let order = ["never", "error", "warning", "note"];
    order
        .iter()
        .position(|level| *level == fail_on)
        .unwrap_or(0)
}
