//! `scopes man`: the manual, made of the same words as `--help`.

use std::io;
use std::path::PathBuf;

use clap::{Args, Command, CommandFactory};
use clap_mangen::Man;

use crate::cli::Cli;
use crate::cli::files::{Before, shown, write_text};
use crate::cli::session::Session;
use crate::cli::status::Status;
use crate::cli::user_error::UserError;

#[derive(Debug, Args)]
pub(in crate::cli) struct ManArgs {
    /// The folder to write a page for each command to; without one, the first page goes to standard output
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

/// What each page says behind its options, with the macros of man(7).
const COMMON: &str = r#".SH "EXIT STATUS"
.TP
.B 0
nothing was found, or the answer is yes
.TP
.B 1
something was found, or the answer is no
.TP
.B 2
the command, or a part of it, could not be done
.SH FILES
.TP
.I scopes.toml
the configuration, the one nearest to the root of the repository on the way from the working folder up to it: which files are keys and catalogs, levels of rules, budgets
.TP
.I scopes\-baseline.json
findings that are accepted until a day
.SH ENVIRONMENT
.TP
.BR NO_COLOR ", " FORCE_COLOR
never, or always, use colour
.TP
.B GITHUB_STEP_SUMMARY
the file to which \fB\-\-format github\fR adds a summary
.TP
.B COMPLETE
set by the completion of a shell
"#;

pub(in crate::cli) fn run(args: &ManArgs, session: &mut Session) -> anyhow::Result<Status> {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    session.net.is_own_text = true;
    let Some(folder) = &args.folder else {
        session.out = page(&command, "scopes")?;
        return Ok(Status::Clean);
    };
    let is_command = |one: &Command| folder.as_os_str() == one.get_name();
    if let Some(one) = command.get_subcommands().find(|one| is_command(one))
        && !folder.exists()
    {
        let name = one.get_name();
        let refusal = UserError::new(format!("`{name}` is a command, not a folder for pages"));
        let help = format!("scopes {name} --help (for a folder of that name: scopes man ./{name})");
        return Err(refusal.help(help).into());
    }
    std::fs::create_dir_all(folder).map_err(|error| {
        UserError::new(format!(
            "cannot create the folder `{}`: {error}",
            shown(folder)
        ))
        .help("name a folder to write the pages to: scopes man ~/.local/share/man/man1")
    })?;
    let subcommands = command
        .get_subcommands()
        .filter(|one| one.get_name() != "help");
    let pages = subcommands.map(|one| (format!("scopes-{}", one.get_name()), one));
    let mut number = 0;
    for (name, command) in std::iter::once(("scopes".to_owned(), &command)).chain(pages) {
        let path = folder.join(format!("{name}.1"));
        let existing = std::fs::read_to_string(&path).ok();
        let before = existing.as_deref().map_or(Before::Nothing, Before::Text);
        write_text(&path, &page(command, &name)?, before, None)?;
        number += 1;
    }
    session.out = format!("wrote {number} pages to {}\n", shown(folder));
    Ok(Status::Clean)
}

/// One page, in the language of man.
fn page(command: &Command, name: &str) -> io::Result<String> {
    // The examples have a section of their own.
    let examples = command.get_after_long_help().or(command.get_after_help());
    let examples = examples.map(ToString::to_string).unwrap_or_default();
    let plain = command.clone().after_long_help("").after_help("");
    let man = Man::new(plain)
        .title(name.to_uppercase())
        .source(concat!("scopes ", env!("CARGO_PKG_VERSION")));
    let mut text = Vec::new();
    man.render_title(&mut text)?;
    man.render_name_section(&mut text)?;
    man.render_synopsis_section(&mut text)?;
    man.render_description_section(&mut text)?;
    man.render_options_section(&mut text)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut text)?;
    }
    let mut text = String::from_utf8_lossy(&text).into_owned();
    let examples = examples
        .split("\n\nExit status:")
        .next()
        .unwrap_or_default();
    if let Some(lines) = examples.strip_prefix("Examples:\n") {
        text.push_str(".SH EXAMPLES\n.nf\n");
        for line in lines.lines() {
            // A line that begins with a dot or a quote is a macro.
            text.push_str("\\&");
            text.push_str(&line.replace('\\', "\\\\").replace('-', "\\-"));
            text.push('\n');
        }
        text.push_str(".fi\n");
    }
    text.push_str(COMMON);
    Ok(text)
}
