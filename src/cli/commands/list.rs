//! `scopes list`.

use clap::{Args, ValueEnum};

use crate::cli::files::shown;
use crate::cli::shelf::Shelf;
use crate::cli::status::Status;
use crate::cli::world::World;
use crate::load::builtin_names;
use crate::render::catalog::{Listed, list, list_json};

#[derive(Debug, Args)]
pub(in crate::cli) struct ListArgs {
    /// How to write it
    #[arg(long, value_enum, default_value_t = TableFormat::Table)]
    format: TableFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum TableFormat {
    Table,
    Json,
}

pub(in crate::cli) fn run(args: &ListArgs, shelf: &Shelf, world: &mut World) -> Status {
    let catalogs = shelf.all();
    let listed: Vec<Listed<'_>> = catalogs
        .iter()
        .map(|catalog| {
            let own = shelf
                .own()
                .iter()
                .find(|own| own.catalog.provider == catalog.provider);
            Listed {
                catalog,
                path: own.map(|own| shown(&own.path)),
                hides_builtin: own.is_some()
                    && builtin_names().any(|name| name == catalog.provider),
            }
        })
        .collect();
    world.out = match args.format {
        TableFormat::Table => list(&listed, world.style),
        TableFormat::Json => list_json(&listed),
    };
    Status::Clean
}
