//! `scopes list`.

use clap::{Args, ValueEnum};

use crate::cli::catalogs::Catalogs;
use crate::cli::files::shown;
use crate::cli::session::Session;
use crate::cli::status::Status;
use crate::load::{builtin, builtin_names};
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
    let own = catalogs.own().iter().map(|own| Listed {
        path: Some(shown(&own.path)),
        hides_builtin: builtin_names().any(|name| name == own.catalog.provider),
        ..Listed::of(&own.catalog)
    });
    let mut listed: Vec<Listed> = own.collect();
    let is_hidden = |name: &str| {
        catalogs
            .own()
            .iter()
            .any(|own| own.catalog.provider == name)
    };
    let shipped = builtin().iter().filter(|entry| !is_hidden(entry.name));
    listed.extend(shipped.map(Listed::of_builtin));
    listed.sort_by(|a, b| a.provider.cmp(&b.provider));
    session.out = match args.format {
        TableFormat::Table => list(&listed, session.style),
        TableFormat::Json => list_json(&listed),
    };
    Status::Clean
}
