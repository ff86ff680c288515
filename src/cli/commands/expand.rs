//! `scopes expand`.

use clap::{Args, ValueEnum};

use crate::cli::catalogs::Catalogs;
use crate::cli::query::{Names, arguments, ask, report_unknown, unknown_or};
use crate::cli::session::{Session, lines};
use crate::cli::status::Status;
use crate::cli::user_error::UserError;
use crate::render::explanation::{expansion, expansion_json};

#[derive(Debug, Args)]
pub(in crate::cli) struct ExpandArgs {
    /// Scopes, bundles and wildcards; `-` reads standard input
    #[arg(required = true, value_name = "X")]
    names: Vec<String>,
    /// The provider, or the path of a catalog
    #[arg(short, long)]
    provider: Option<String>,
    /// Output format
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
    catalogs: &Catalogs,
    session: &mut Session,
) -> anyhow::Result<Status> {
    let arguments = arguments(&args.names)?;
    if let Some(request) = arguments.requests.first() {
        return Err(
            UserError::new(format!("`{request}` is an endpoint, not a scope"))
                .help(format!("scopes explain '{request}'"))
                .into(),
        );
    }
    let asked = match ask(arguments, args.provider.as_deref(), Names::Scopes, catalogs) {
        Ok(asked) => asked,
        Err(error) => return unknown_or(error, session),
    };
    session.judged_by(&asked.catalog.edition());
    let scopes = crate::explain::expand(&asked.catalog, &asked.written);
    session.out = match args.format {
        ExpandFormat::Table if asked.written.is_empty() => String::new(),
        ExpandFormat::Table => expansion(&asked.catalog, &asked.written, &scopes, session.style),
        ExpandFormat::Json => expansion_json(&asked.catalog, &scopes, &asked.unknown),
        ExpandFormat::Lines => {
            let mut names: Vec<&str> = scopes
                .iter()
                .map(|expanded| asked.catalog.name(expanded.scope))
                .collect();
            names.sort_unstable();
            lines(&names, session)
        }
    };
    report_unknown(&asked, session);
    Ok(if asked.unknown.is_empty() {
        Status::Clean
    } else {
        Status::Found
    })
}
