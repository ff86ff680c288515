//! `scopes list`.

use clap::{Args, ValueEnum};

use crate::cli::catalogs::Catalogs;
use crate::cli::files::shown;
use crate::cli::session::Session;
use crate::cli::status::Status;
use crate::load::builtin_names;
use crate::render::catalog::{Listed, list, list_json};

#[derive(Debug, Args)]
pub(in crate::cli) struct ListArgs {
    /// Output format
    #[arg(long, value_enum, default_value_t = TableFormat::Table)]
    format: TableFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum TableFormat {
    Table,
    Json,
}

pub(in crate::cli) fn run(args: &ListArgs, catalogs: &Catalogs, session: &mut Session) -> Status {
    let all = catalogs.all();
    let listed: Vec<Listed<'_>> = all
        .iter()
        .map(|catalog| {
            let own = catalogs
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
    session.out = match args.format {
        TableFormat::Table => list(&listed, session.style),
        TableFormat::Json => list_json(&listed),
    };
    Status::Clean
}
