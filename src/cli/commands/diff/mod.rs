//! `scopes diff`.

mod affected;
mod compared;
mod git;
mod named;
mod operand;
mod sides;
mod since;

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::catalogs::Catalogs;
use crate::cli::session::Session;
use crate::cli::status::Status;
use crate::cli::target::TargetArgs;
use crate::cli::usage::environment_name;
use crate::cli::user_error::UserError;
use crate::model::Edition;
use crate::render::{Style, difference};
use compared::Compared;
use named::{environments, two};
use since::since;

#[derive(Debug, Args)]
pub(in crate::cli) struct DiffArgs {
    /// A key file, to compare its environments; two key files (`FILE@ENV` picks an environment), catalogs or sets; with
    /// `--base`, files and folders
    #[arg(value_name = "WHAT")]
    what: Vec<String>,
    #[command(flatten)]
    target: TargetArgs,
    /// Compare the files in the working tree with a git revision
    #[arg(long, value_name = "REV", conflicts_with = "environment")]
    base: Option<String>,
    /// The environment to compare against [default: the first of the key]
    #[arg(long, value_name = "ENV", value_parser = environment_name, conflicts_with = "environment")]
    from: Option<String>,
    /// The environment to compare [default: every other one]
    #[arg(long, value_name = "ENV", value_parser = environment_name, conflicts_with = "environment")]
    to: Option<String>,
    /// Key files and folders to check for effects of a changed catalog
    #[arg(long, value_name = "PATH", num_args = 1..)]
    keys: Vec<PathBuf>,
    /// The change that makes the exit status 1
    #[arg(long, value_enum, default_value_t = FailOn::Never, value_name = "CHANGE")]
    fail_on: FailOn,
    /// Output format
    #[arg(long, value_enum, default_value_t = DiffFormat::Table)]
    format: DiffFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// An endpoint, an event or a scope was gained
    Wider,
    /// An endpoint was gained
    GainedEndpoint,
    /// An endpoint that writes was gained, or a write scope whose endpoints are not known
    GainedWrite,
    /// An endpoint, an event or a scope was lost
    Narrower,
    /// Anything changed
    Any,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum DiffFormat {
    Table,
    Json,
    Markdown,
}

pub(in crate::cli) fn run(
    args: &DiffArgs,
    catalogs: &Catalogs,
    session: &mut Session,
) -> anyhow::Result<Status> {
    let all = match (&args.base, args.what.as_slice()) {
        (Some(revision), _) => since(args, revision, catalogs, session)?,
        (None, [one]) => environments(args, one, catalogs)?,
        (None, [a, b]) => two(args, a, b, catalogs, session)?,
        (None, _) => {
            return Err(UserError::new("`diff` takes one key file, or two things to compare")
                .help("for example: scopes diff keys/treasury.yaml, or scopes diff --base origin/main")
                .into());
        }
    };
    for edition in all.iter().flat_map(Compared::catalogs) {
        session.judged_by(&edition);
    }
    session.out = if all.is_empty() && session.has_refused() {
        String::new()
    } else {
        written(args, &all, session.style)
    };
    let fails = all.iter().any(|one| one.has(args.fail_on));
    Ok(Status::found_if(fails))
}

fn written(args: &DiffArgs, all: &[Compared], style: Style) -> String {
    match args.format {
        DiffFormat::Table if all.is_empty() => {
            let is_selection = args.base.is_some() && !args.what.is_empty();
            let place = if is_selection {
                " among the given paths"
            } else {
                ""
            };
            format!("nothing changed: no key file or catalog{place} differs\n")
        }
        DiffFormat::Table => {
            let texts: Vec<String> = all.iter().map(|one| one.text(style)).collect();
            texts.join("\n")
        }
        DiffFormat::Markdown if all.is_empty() => "No key file or catalog changed.\n".to_owned(),
        DiffFormat::Markdown => {
            let texts: Vec<String> = all.iter().map(Compared::markdown).collect();
            let catalogs = all.iter().flat_map(Compared::catalogs);
            difference::markdown(&texts, &Edition::distinct(catalogs))
        }
        DiffFormat::Json => difference::json(all.iter().map(Compared::json).collect()),
    }
}
