//! `scopes expand`.

use clap::{Args, ValueEnum};

use crate::cli::names::{Names, arguments, ask, report_unknown, unknown_or};
use crate::cli::refusal::Refusal;
use crate::cli::shelf::Shelf;
use crate::cli::status::Status;
use crate::cli::world::{World, lines};
use crate::render::explanation::{expansion, expansion_json};

#[derive(Debug, Args)]
pub(in crate::cli) struct ExpandArgs {
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

pub(in crate::cli) fn run(
    args: &ExpandArgs,
    shelf: &Shelf,
    world: &mut World,
) -> anyhow::Result<Status> {
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
