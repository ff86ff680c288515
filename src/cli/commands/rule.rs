//! `scopes rule`.

use clap::{Args, ValueEnum};

use crate::cli::guess::unknown_rule;
use crate::cli::session::Session;
use crate::cli::status::Status;
use crate::finding::RuleId;
use crate::lint::{RULES, Rule};
use crate::render::rule::{rule_markdown, rule_text, rules, rules_json, rules_markdown};

#[derive(Debug, Args)]
pub(in crate::cli) struct RuleArgs {
    /// The rule to explain; without one, all are listed
    #[arg(value_name = "RULE")]
    id: Option<String>,
    /// Output format
    #[arg(long, value_enum, default_value_t = RuleFormat::Text)]
    format: RuleFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RuleFormat {
    Text,
    Json,
    Markdown,
}

pub(in crate::cli) fn run(args: &RuleArgs, session: &mut Session) -> anyhow::Result<Status> {
    session.net.is_own_text = true;
    session.out = match &args.id {
        None => {
            let all: Vec<&Rule> = RULES.iter().collect();
            match args.format {
                RuleFormat::Text => rules(&all, session.style),
                RuleFormat::Json => rules_json(&all),
                RuleFormat::Markdown => rules_markdown(&all),
            }
        }
        Some(id) => {
            let rule = RuleId::parse(id).ok_or_else(|| unknown_rule(id))?.rule();
            match args.format {
                RuleFormat::Text => rule_text(rule, session.style),
                RuleFormat::Json => rules_json(&[rule]),
                RuleFormat::Markdown => rule_markdown(rule),
            }
        }
    };
    Ok(Status::Clean)
}
