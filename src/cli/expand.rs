//! `scopes expand`.

use clap::{Args, ValueEnum};

use std::borrow::Cow;

use super::names::{Names, UnknownNames, arguments, ask, report_unknown};
use super::refusal::Refusal;
use super::shelf::Shelf;
use super::status::Status;
use super::world::World;
use crate::render::explanation::{expansion, expansion_json};
use crate::render::{Form, one_line, without_commands};

#[derive(Debug, Args)]
pub(super) struct ExpandArgs {
    /// Scopes, bundles and wildcards; `-` reads standard input
    #[arg(required = true, value_name = "X")]
    names: Vec<String>,
    /// The provider, or the path of a catalog
    #[arg(short, long)]
    provider: Option<String>,
    /// How to write it
    #[arg(long, value_enum, default_value_t = ExpandFormat::Table)]
    format: ExpandFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ExpandFormat {
    Table,
    Json,
    Lines,
}

pub(super) fn run(args: &ExpandArgs, shelf: &Shelf, world: &mut World) -> anyhow::Result<Status> {
    let arguments = arguments(&args.names)?;
    if let Some(request) = arguments.requests.first() {
        return Err(
            Refusal::new(format!("`{request}` is an endpoint, not a scope"))
                .help(format!("scopes explain '{request}'"))
                .into(),
        );
    }
    let asked = match ask(arguments, args.provider.as_deref(), Names::Scopes, shelf) {
        Ok(asked) => asked,
        Err(error) => return unknown_or(error, world),
    };
    let scopes = crate::explain::expand(&asked.catalog, &asked.written);
    world.out = match args.format {
        ExpandFormat::Table if asked.written.is_empty() => String::new(),
        ExpandFormat::Table => expansion(&asked.catalog, &asked.written, &scopes, world.style),
        ExpandFormat::Json => expansion_json(&asked.catalog, &scopes, &asked.unknown),
        ExpandFormat::Lines => {
            let mut names: Vec<&str> = scopes
                .iter()
                .map(|expanded| asked.catalog.name(expanded.scope))
                .collect();
            names.sort_unstable();
            lines(&names, world)
        }
    };
    report_unknown(&asked, world);
    Ok(if asked.unknown.is_empty() {
        Status::Clean
    } else {
        Status::Found
    })
}

/// Names, one to a line, for another program. One that could act on a terminal or a runner is not shown as it is, and
/// standard error says so.
pub(super) fn lines(names: &[&str], world: &mut World) -> String {
    let mut shown = String::new();
    for name in names {
        shown.push_str(&one_line(name));
        shown.push('\n');
    }
    let is_same = shown.lines().eq(names.iter().copied());
    if !is_same || matches!(without_commands(&shown, Form::Text), Cow::Owned(_)) {
        world.remark("note: not every name is shown as it is: --format json has them all");
    }
    shown
}

/// A name that nobody knows is a finding; anything else is a reason why the command could not do it.
pub(super) fn unknown_or(error: anyhow::Error, world: &mut World) -> anyhow::Result<Status> {
    let unknown = error.downcast::<UnknownNames>()?;
    world.complain(&unknown.message, Some(&unknown.help));
    Ok(Status::Found)
}
