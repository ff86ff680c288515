//! `scopes rule`.

use clap::{Args, ValueEnum};

use super::guess::{Containing, containing};
use super::refusal::Refusal;
use super::status::Status;
use super::world::World;
use crate::finding::RuleId;
use crate::lint::{RULES, Rule};
use crate::render::rule::{rule_markdown, rule_text, rules, rules_json, rules_markdown};
use crate::source::nearest;

#[derive(Debug, Args)]
pub(super) struct RuleArgs {
    /// The rule; all of them where none is named
    #[arg(value_name = "RULE")]
    id: Option<String>,
    /// How to write it
    #[arg(long, value_enum, default_value_t = RuleFormat::Text)]
    format: RuleFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RuleFormat {
    Text,
    Json,
    Markdown,
}

pub(super) fn run(args: &RuleArgs, world: &mut World) -> anyhow::Result<Status> {
    world.net.is_own_text = true;
    world.out = match &args.id {
        None => {
            let all: Vec<&Rule> = RULES.iter().collect();
            match args.format {
                RuleFormat::Text => rules(&all, world.style),
                RuleFormat::Json => rules_json(&all),
                RuleFormat::Markdown => rules_markdown(&all),
            }
        }
        Some(id) => {
            let rule = RuleId::parse(id).ok_or_else(|| unknown(id))?.rule();
            match args.format {
                RuleFormat::Text => rule_text(rule, world.style),
                RuleFormat::Json => rules_json(&[rule]),
                RuleFormat::Markdown => rule_markdown(rule),
            }
        }
    };
    Ok(Status::Clean)
}

/// What to say of a name that is no rule's.
pub(super) fn unknown(id: &str) -> Refusal {
    let ids = || RuleId::ALL.iter().map(|rule| rule.name());
    let spelt = id.trim().to_lowercase().replace(['_', ' '], "-");
    let near = nearest(&spelt, ids());
    let holding = containing(&spelt, ids());
    let help = match (near.first(), holding) {
        (Some(best), _) => format!("did you mean `{best}`?"),
        (None, Some(Containing { names, more: 0 })) if names.len() == 1 => {
            format!("did you mean `{}`?", names[0])
        }
        (None, Some(holding)) => format!("rules with it: {holding}"),
        (None, None) => "`scopes rule` lists them".to_owned(),
    };
    Refusal::new(format!("there is no rule `{id}`")).help(help)
}
