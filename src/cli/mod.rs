//! Arguments, files, streams, exit status: the only layer with access to the outside world.

mod ask;
mod catalogs;
mod commands;
mod complete;
mod display_path;
mod examples;
mod file_kind;
mod files;
mod guess;
mod key;
mod linter;
mod lookup;
mod lsp;
mod meaning;
mod needs;
mod progress;
mod query;
mod secrets;
mod session;
mod settings;
mod status;
mod target;
mod threads;
mod traffic;
mod usage;
mod user_error;
mod walk;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use commands::{
    check, completions, diff, expand, explain, import, lint, list, man, recommend, rule, schema,
    show,
};

use catalogs::Catalogs;
use session::Session;
use settings::Settings;
use status::Status;
pub use user_error::UserError;

/// What the scopes of an API key open, and whether they are the least that its job needs.
#[derive(Debug, Parser)]
#[command(
    name = "scopes",
    version,
    max_term_width = 100,
    subcommand_required = false,
    after_help = "Examples:
  scopes show paxos --search payout
      what a provider has with a word in it
  scopes explain 'POST /rewards/payout-groups'
      what an endpoint needs
  scopes explain pay --key-type publishable
      what a bundle opens on one type of key
  scopes recommend -p paxos --recipe mint
      the least scopes for a task
  scopes init keys/treasury.yaml -p paxos --endpoint 'GET /profiles'
      a key file to begin with
  scopes check --key-file examples/treasury.yaml
      check a proposed key

Exit status: 0 nothing found or the answer is yes, 1 something found or the answer is no, 2 could not do it."
)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every command")]
struct Global {
    /// Hide notes
    #[arg(short, long, global = true)]
    quiet: bool,
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = ColorChoice::Auto, value_name = "WHEN")]
    color: ColorChoice,
    /// Lay out for this many columns
    #[arg(long, global = true, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(20..))]
    width: Option<u16>,
    /// A catalog to use besides the built-in ones; can be repeated
    #[arg(long, global = true, value_name = "PATH")]
    catalog: Vec<PathBuf>,
    /// Show whole lists, and which configuration is used
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    verbose: bool,
    /// Use this configuration instead of searching for scopes.toml
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Ignore scopes.toml
    #[arg(long, global = true, conflicts_with = "config")]
    no_config: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ColorChoice {
    /// Only on a terminal, unless `NO_COLOR` is set
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the available catalogs
    #[command(after_long_help = examples::LIST)]
    List(list::ListArgs),
    /// Show a catalog, or a part of it
    #[command(after_long_help = examples::SHOW)]
    Show(show::ShowArgs),
    /// Expand bundles, wildcards and implied scopes into scopes
    #[command(after_long_help = examples::EXPAND)]
    Expand(expand::ExpandArgs),
    /// Explain what scopes unlock, and what an endpoint needs
    #[command(after_long_help = examples::EXPLAIN)]
    Explain(explain::ExplainArgs),
    /// Write a key file to begin with, already the least
    ///
    /// At a terminal it asks for what the options leave open; elsewhere it asks nothing. It never overwrites a file.
    #[command(after_long_help = examples::INIT)]
    Init(commands::init::InitArgs),
    /// Check key files for least privilege
    #[command(after_long_help = examples::CHECK)]
    Check(check::CheckArgs),
    /// Check catalogs for contradictions and gaps, and run their examples
    #[command(after_long_help = examples::LINT)]
    Lint(lint::LintArgs),
    /// Recommend the smallest set of scopes for a job
    ///
    /// Without `--environment`, the answer is for the environment that is marked as production; without `--key-type`, for
    /// the type of key that needs the least.
    #[command(after_long_help = examples::RECOMMEND)]
    Recommend(recommend::RecommendArgs),
    /// Compare keys, environments, catalogs or git revisions
    #[command(after_long_help = examples::DIFF)]
    Diff(diff::DiffArgs),
    /// Import a catalog from OpenAPI or documentation pages
    #[command(after_long_help = examples::IMPORT)]
    Import(import::ImportArgs),
    /// List the rules, or explain one
    #[command(after_long_help = examples::RULE)]
    Rule(rule::RuleArgs),
    /// Print the JSON Schema of a file format, for editors
    ///
    /// With `--provider`, the schema of key files has the provider's scopes, endpoints, recipes and environments, so that
    /// an editor offers them and marks any other name.
    #[command(after_long_help = examples::SCHEMA)]
    Schema(schema::SchemaArgs),
    /// Serve an editor with findings, fixes, completion and hover text
    ///
    /// The language server protocol, over standard input and output; an editor starts it. It never writes a file.
    #[command(after_long_help = examples::LSP)]
    Lsp(commands::lsp::LspArgs),
    /// Print a completion script for a shell
    #[command(after_long_help = examples::COMPLETIONS)]
    Completions(completions::CompletionsArgs),
    /// Print the manual, or write a page for each command
    #[command(after_long_help = examples::MAN)]
    Man(man::ManArgs),
}

/// Runs the command line and gives its exit status.
///
/// The answer goes to standard output, the reason for a status 2 to standard error. A closed pipe does not change the
/// status.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    answer(arguments).code()
}

fn answer(arguments: impl IntoIterator<Item = OsString>) -> Status {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if complete::answered(&arguments) {
        return Status::Clean;
    }
    let words: Vec<String> = arguments
        .iter()
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    if let Some(refusal) = query::pasted_key(&words) {
        let mut session = Session::plain();
        session.refuse(&refusal);
        return session.close(Status::CouldNot);
    }
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return unparsed(&error, &words),
    };
    let mut session = Session::new(&cli.global);
    session.net.hidden = query::may_be_secrets(&words);
    let status = run(&cli, &mut session).unwrap_or_else(|error| {
        session.fail(&error);
        Status::CouldNot
    });
    session.close(status)
}

/// Says what is wrong with a command line that cannot be parsed, or prints the help that it asks for.
fn unparsed(error: &clap::Error, words: &[String]) -> Status {
    let status = if error.use_stderr() {
        Status::CouldNot
    } else {
        Status::Clean
    };
    if let Some(refusal) = usage::refusal(error, words) {
        let mut session = Session::plain();
        session.refuse(&refusal);
        return session.close(status);
    }
    let text = error.to_string();
    let cleaned = crate::render::clean(&text);
    let shown = crate::render::without_commands(&cleaned, crate::render::Form::Text);
    // Only clap's unchanged message can be printed with clap's colours.
    if shown != text || (error.use_stderr() && crate::load::hide_all(&text, &[]) != text) {
        let mut session = Session::plain();
        session.err = shown.into_owned();
        return session.close(status);
    }
    match error.print() {
        Ok(()) => status,
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => status,
        Err(_) => Status::CouldNot,
    }
}

fn run(cli: &Cli, session: &mut Session) -> anyhow::Result<Status> {
    let Some(command) = &cli.command else {
        session
            .out
            .push_str(&Cli::command().render_long_help().to_string());
        return Ok(Status::Clean);
    };
    if let Command::Completions(args) = command {
        return Ok(completions::run(args, session));
    }
    if let Command::Rule(args) = command {
        return rule::run(args, session);
    }
    if let Command::Man(args) = command {
        return man::run(args, session);
    }
    if let Command::Import(args) = command {
        return import::run(args, session);
    }
    if let Command::Lsp(args) = command {
        let options = lsp::Options {
            catalogs: cli.global.catalog.clone(),
            config: cli.global.config.clone(),
            no_config: cli.global.no_config,
        };
        return Ok(commands::lsp::run(args, options));
    }
    let settings = if cli.global.no_config {
        Settings::default()
    } else {
        Settings::new(cli.global.config.as_deref())?
    };
    if let (true, Some(path)) = (session.verbose, &settings.path) {
        session.remark(&format!(
            "note: using configuration `{}`",
            files::shown(path)
        ));
    }
    if let Command::Lint(args) = command {
        return lint::run(args, &cli.global.catalog, &settings, session);
    }
    let catalogs = Catalogs::new(&cli.global.catalog, &settings)?;
    session.net.prefixes = catalogs.own_prefixes().to_vec();
    let status = match command {
        Command::List(args) => Ok(list::run(args, &catalogs, session)),
        Command::Show(args) => show::run(args, &catalogs, session),
        Command::Init(args) => commands::init::run(args, &catalogs, &settings, session),
        Command::Schema(args) => schema::run(args, &catalogs, session),
        Command::Expand(args) => expand::run(args, &catalogs, session),
        Command::Explain(args) => explain::run(args, &catalogs, session),
        Command::Check(args) => check::run(args, &catalogs, &settings, session),
        Command::Recommend(args) => recommend::run(args, &catalogs, session),
        Command::Diff(args) => diff::run(args, &catalogs, session),
        Command::Lint(_)
        | Command::Lsp(_)
        | Command::Import(_)
        | Command::Rule(_)
        | Command::Man(_)
        | Command::Completions(_) => Ok(Status::Clean),
    };
    let hidden = &mut session.net.hidden;
    hidden.retain(|part| !catalogs.has_in_a_name(part));
    status
}
