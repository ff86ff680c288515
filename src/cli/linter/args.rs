//! The options of `check` and `lint`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::guess::unknown_rule;
use crate::cli::session::date;
use crate::finding::RuleId;
use crate::model::Setting;
use crate::source::Date;

#[derive(Debug, Default, Args)]
#[allow(
    clippy::struct_excessive_bools,
    clippy::option_option,
    reason = "each is an option of the command line, and the value of one may be left out"
)]
pub(in crate::cli) struct LinterArgs {
    /// Output format
    #[arg(long, value_enum, default_value_t = FindingsFormat::Text)]
    pub(super) format: FindingsFormat,
    /// The lowest level that makes the exit status 1 [default: warning]
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub(super) fail_on: Option<FailOn>,
    /// Set the level of a rule: off, note, warning, error, or forbid, which no `allow` can accept
    #[arg(long, value_name = "RULE=LEVEL", value_parser = rule_and_level)]
    pub(super) level: Vec<(RuleId, Setting)>,
    /// Count the findings per rule instead of showing them
    #[arg(long)]
    pub(super) statistics: bool,
    /// List the files that would be checked, and those that are skipped with the reason; check none
    #[arg(long, conflicts_with_all = ["statistics", "write_baseline"])]
    pub(super) show_files: bool,
    /// Also show what the files accept under `allow`
    #[arg(long, help_heading = "Acceptance")]
    pub(super) no_allow: bool,
    /// Check as of this date, instead of today
    #[arg(long, value_name = "DATE", value_parser = date, help_heading = "Acceptance")]
    pub(super) today: Option<Date>,
    /// Accept the findings recorded in this file
    #[arg(long, value_name = "FILE", help_heading = "Acceptance")]
    pub(super) baseline: Option<PathBuf>,
    /// Record all findings in a baseline, which accepts them from then on [default file: scopes-baseline.json]
    #[arg(long, value_name = "FILE", num_args = 0..=1, help_heading = "Acceptance", requires_all = ["reason", "until"])]
    pub(super) write_baseline: Option<Option<PathBuf>>,
    /// Why the findings in the baseline are accepted
    #[arg(
        long,
        value_name = "TEXT",
        help_heading = "Acceptance",
        requires = "write_baseline"
    )]
    pub(super) reason: Option<String>,
    /// The last day on which the findings in the baseline are accepted
    #[arg(long, value_name = "DATE", value_parser = date, help_heading = "Acceptance", requires = "write_baseline")]
    pub(super) until: Option<Date>,
}

#[derive(Debug, Default, Clone, Copy, Args)]
#[command(next_help_heading = "Fixes")]
pub(in crate::cli) struct FixArgs {
    /// Apply safe fixes: they open nothing new but what is needed, and remove nothing needed
    #[arg(long, conflicts_with_all = ["write_baseline", "no_allow"])]
    pub(super) fix: bool,
    /// Also apply fixes that need a review: they add a grant, or remove one that may be needed
    #[arg(long)]
    pub(super) unsafe_fixes: bool,
    /// Show what `--fix` would change, and change nothing
    #[arg(long, conflicts_with_all = ["write_baseline", "no_allow"])]
    pub(super) diff: bool,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FindingsFormat {
    /// Code frames
    #[default]
    Text,
    /// A line for each finding
    Short,
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions, and the summary of the job
    Github,
    /// A Code Quality report
    Gitlab,
    /// A comment on a pull request
    Markdown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

fn rule_and_level(text: &str) -> Result<(RuleId, Setting), String> {
    let (id, word) = text
        .split_once('=')
        .ok_or("expected RULE=LEVEL, for example environment-drift=off")?;
    let rule = RuleId::parse(id).ok_or_else(|| {
        let refusal = unknown_rule(id);
        let help = refusal.help.unwrap_or_default();
        format!("{}: {help}", refusal.message)
    })?;
    if !rule.can_be_accepted() {
        return Err(format!("the level of `{id}` cannot be changed"));
    }
    let setting = Setting::parse(word)
        .ok_or_else(|| format!("a level must be one of {}", Setting::NAMES.join(", ")))?;
    Ok((rule, setting))
}

impl LinterArgs {
    /// Whether the files are to be listed instead of checked.
    pub(in crate::cli) fn shows_files(&self) -> bool {
        self.show_files
    }
}
