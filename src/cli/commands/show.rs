//! `scopes show`.

use clap::{Args, ValueEnum};

use crate::cli::catalogs::Catalogs;
use crate::cli::session::Session;
use crate::cli::status::Status;
use crate::cli::user_error::UserError;
use crate::model::Catalog;
use crate::render::catalog::{self, Search, Section};

#[derive(Debug, Args)]
pub(in crate::cli) struct ShowArgs {
    /// A provider's name, or the path of a catalog
    provider: String,
    /// The part to show; JSON always has all of them
    #[arg(value_enum)]
    section: Option<SectionArg>,
    /// Show only what has this in its name or its summary; several words must all be there
    #[arg(long, value_name = "WORDS")]
    search: Option<String>,
    /// Output format
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
    catalogs: &Catalogs,
    session: &mut Session,
) -> anyhow::Result<Status> {
    let is_part = |name: &str| SectionArg::from_str(name, true).is_ok();
    if is_part(&args.provider) && catalogs.by_name(&args.provider).is_none() {
        let part = args.provider.to_lowercase();
        let message = format!("`{part}` is a part of a catalog, not a provider");
        let names = catalogs.names().join(", ");
        let help = format!("scopes show PROVIDER {part}; known: {names}");
        return Err(UserError::new(message).help(help).into());
    }
    let catalog = catalogs.named(&args.provider, None)?;
    let section = args.section.map(|section| match section {
        SectionArg::Scopes => Section::Scopes,
        SectionArg::Endpoints => Section::Endpoints,
        SectionArg::Bundles => Section::Bundles,
        SectionArg::KeyTypes => Section::KeyTypes,
        SectionArg::Events => Section::Events,
        SectionArg::Recipes => Section::Recipes,
    });
    if let Some(words) = &args.search {
        return search(words, &catalog, section, args.format, session);
    }
    session.out = match args.format {
        ShowFormat::Table => catalog::text(&catalog, section, session.style),
        ShowFormat::Json => catalog::json(&catalog),
        ShowFormat::Markdown => catalog::markdown(&catalog, section),
    };
    Ok(Status::Clean)
}

/// Shows what has some words in it. Found if nothing has.
fn search(
    words: &str,
    catalog: &Catalog,
    section: Option<Section>,
    format: ShowFormat,
    session: &mut Session,
) -> anyhow::Result<Status> {
    if format != ShowFormat::Table {
        let refusal = UserError::new("`--search` is for people, and has no other format");
        return Err(refusal.help("remove `--format`").into());
    }
    let search = Search::of(words);
    if search.is_empty() {
        let refusal = UserError::new("`--search` has nothing to search for");
        let help = format!(
            "for example: scopes show {} --search payout",
            catalog.handle
        );
        return Err(refusal.help(help).into());
    }
    let Some(found) = catalog::matching(catalog, section, &search, session.style) else {
        let message = format!("nothing in {} matches `{words}`", catalog.provider);
        let help = format!("scopes show {} lists everything", catalog.handle);
        session.complain(&message, Some(&help));
        return Ok(Status::Found);
    };
    session.out = found;
    Ok(Status::Clean)
}
