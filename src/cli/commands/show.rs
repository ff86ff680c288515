//! `scopes show`.

use clap::{Args, ValueEnum};

use crate::cli::refusal::Refusal;
use crate::cli::shelf::Shelf;
use crate::cli::status::Status;
use crate::cli::world::World;
use crate::render::catalog::{self, Section};

#[derive(Debug, Args)]
pub(in crate::cli) struct ShowArgs {
    /// A provider's name, or the path of a catalog
    provider: String,
    /// One part of it; JSON always has all of them
    #[arg(value_enum)]
    section: Option<SectionArg>,
    /// How to write it
    #[arg(long, value_enum, default_value_t = ShowFormat::Table)]
    format: ShowFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SectionArg {
    Scopes,
    Endpoints,
    Bundles,
    KeyTypes,
    Events,
    Recipes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ShowFormat {
    Table,
    Json,
    Markdown,
}

pub(in crate::cli) fn run(
    args: &ShowArgs,
    shelf: &Shelf,
    world: &mut World,
) -> anyhow::Result<Status> {
    let is_part = |name: &str| SectionArg::from_str(name, true).is_ok();
    if is_part(&args.provider) && shelf.by_name(&args.provider).is_none() {
        let part = args.provider.to_lowercase();
        let message = format!("`{part}` is a part of a catalog, and no provider is named");
        let names = shelf.names().join(", ");
        let help = format!("scopes show PROVIDER {part}; known: {names}");
        return Err(Refusal::new(message).help(help).into());
    }
    let catalog = shelf.named(&args.provider, None)?;
    let section = args.section.map(|section| match section {
        SectionArg::Scopes => Section::Scopes,
        SectionArg::Endpoints => Section::Endpoints,
        SectionArg::Bundles => Section::Bundles,
        SectionArg::KeyTypes => Section::KeyTypes,
        SectionArg::Events => Section::Events,
        SectionArg::Recipes => Section::Recipes,
    });
    world.out = match args.format {
        ShowFormat::Table => catalog::text(&catalog, section, world.style),
        ShowFormat::Json => catalog::json(&catalog),
        ShowFormat::Markdown => catalog::markdown(&catalog, section),
    };
    Ok(Status::Clean)
}
