//! `scopes schema`.

use clap::{Args, ValueEnum};

use crate::cli::catalogs::Catalogs;
use crate::cli::session::Session;
use crate::cli::status::Status;
use crate::cli::user_error::UserError;
use crate::render::schema::{Schema, key_schema_of};

#[derive(Debug, Args)]
pub(in crate::cli) struct SchemaArgs {
    /// The kind of file that the schema describes
    #[arg(value_enum)]
    kind: SchemaKind,
    /// Narrow the schema of key files to the names of this provider
    #[arg(short, long)]
    provider: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SchemaKind {
    /// A catalog
    Catalog,
    /// A key file
    Key,
    /// The configuration, scopes.toml
    Config,
    /// A baseline
    Baseline,
    /// What `--format json` prints
    Report,
}

pub(in crate::cli) fn run(
    args: &SchemaArgs,
    catalogs: &Catalogs,
    session: &mut Session,
) -> anyhow::Result<Status> {
    let schema = match args.kind {
        SchemaKind::Catalog => Schema::Catalog,
        SchemaKind::Key => Schema::Key,
        SchemaKind::Config => Schema::Config,
        SchemaKind::Baseline => Schema::Baseline,
        SchemaKind::Report => Schema::Report,
    };
    session.out = match &args.provider {
        None => schema.text().to_owned(),
        Some(provider) if schema == Schema::Key => {
            key_schema_of(&*catalogs.named(provider, None)?, provider)
        }
        Some(provider) => {
            let message = "only the schema of key files can be narrowed to a provider";
            let help = format!(
                "scopes schema key -p {}",
                crate::source::shell_word(provider)
            );
            return Err(UserError::new(message).help(help).into());
        }
    };
    Ok(Status::Clean)
}
