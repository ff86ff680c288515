//! Completion in a shell: what may stand where the cursor is.
//!
//! A shell runs the program with `COMPLETE` set to its name and the words of its command line behind `--`; see `shells` for
//! what it is given to do so. Whatever is at fault beside it, a catalog, a configuration or a key file, is left out, and
//! nothing is ever written but candidates.

mod candidates;
mod context;
mod shells;
mod words;

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::sync::Arc;

use clap::{Command, CommandFactory};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, complete};

use super::Cli;
use candidates::{Candidate, Kind};
use context::Context;
pub(super) use shells::{Shell, registration};

/// The values that complete, by command and argument.
const VALUES: &[(&str, &str, Kind)] = &[
    ("show", "provider", Kind::Provider),
    ("explain", "provider", Kind::Provider),
    ("explain", "names", Kind::Question),
    ("explain", "environment", Kind::Environment),
    ("explain", "key_type", Kind::KeyType),
    ("explain", "key_file", Kind::KeyFile),
    ("expand", "provider", Kind::Provider),
    ("expand", "names", Kind::Scope),
    ("check", "paths", Kind::KeyFile),
    ("check", "key_file", Kind::KeyFile),
    ("check", "environment", Kind::Environment),
    ("check", "level", Kind::Level),
    ("lint", "catalogs", Kind::Catalog),
    ("lint", "level", Kind::Level),
    ("recommend", "provider", Kind::Provider),
    ("recommend", "environment", Kind::Environment),
    ("recommend", "key_type", Kind::KeyType),
    ("recommend", "endpoint", Kind::Endpoint),
    ("recommend", "recipe", Kind::Recipe),
    ("recommend", "event", Kind::Event),
    ("recommend", "key_file", Kind::KeyFile),
    ("init", "provider", Kind::Provider),
    ("init", "environment", Kind::Environment),
    ("init", "key_type", Kind::KeyType),
    ("init", "endpoint", Kind::Endpoint),
    ("init", "recipe", Kind::Recipe),
    ("init", "event", Kind::Event),
    ("schema", "provider", Kind::Provider),
    ("diff", "provider", Kind::Provider),
    ("diff", "what", Kind::Compared),
    ("diff", "environment", Kind::Environment),
    ("diff", "key_type", Kind::KeyType),
    ("diff", "from", Kind::Environment),
    ("diff", "to", Kind::Environment),
    ("diff", "base", Kind::Revision),
    ("diff", "keys", Kind::KeyFile),
    ("rule", "id", Kind::Rule),
];

/// Answers a shell that asks for completions; `false` where none does. It asks with `--` as the first argument, with which no
/// command begins: a variable that is left over in an environment must not make a check pass that did not run.
pub(super) fn answered(arguments: &[OsString]) -> bool {
    let [_, mark, words @ ..] = arguments else {
        return false;
    };
    if mark != "--" {
        return false;
    }
    let Some(name) = std::env::var_os("COMPLETE").filter(|name| !name.is_empty()) else {
        return false;
    };
    let Some(shell) = Shell::called(&name) else {
        return false;
    };
    let line = shell.line(words);
    let candidates = candidates_for(&line.words);
    let text = shell.written(&line, &candidates);
    let mut out = std::io::stdout().lock();
    // A shell that does not wait for the answer is no reason to complain to its user.
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    true
}

/// What may stand in place of the last of some words.
fn candidates_for(words: &[String]) -> Vec<Candidate> {
    let mut command = command(words);
    let arguments: Vec<OsString> = words.iter().map(OsString::from).collect();
    let Some(index) = arguments.len().checked_sub(1) else {
        return Vec::new();
    };
    let here = std::env::current_dir().ok();
    let found = complete(&mut command, arguments, index, here.as_deref()).unwrap_or_default();
    let is_option = words.last().is_some_and(|word| word.starts_with('-'));
    let found = found.iter().map(Candidate::of);
    // Options are offered where one is begun: beside names they are in the way.
    found
        .filter(|one| is_option || !one.value.starts_with('-'))
        .collect()
}

/// The command line with what completes its values.
fn command(words: &[String]) -> Command {
    let context = Arc::new(Context::of(words));
    let command = Cli::command().mut_args(|argument| match argument.get_id().as_str() {
        "catalog" => argument.add(completer(Kind::CatalogFile, &context)),
        _ => argument,
    });
    command.mut_subcommands(|sub| {
        let name = sub.get_name().to_owned();
        let kind_of = |argument: &str| {
            let mut values = VALUES.iter();
            values.find(|(command, id, _)| *command == name && *id == argument)
        };
        sub.mut_args(|argument| match kind_of(argument.get_id().as_str()) {
            Some((.., kind)) => argument.add(completer(*kind, &context)),
            None => argument,
        })
    })
}

fn completer(kind: Kind, context: &Arc<Context>) -> ArgValueCompleter {
    let context = Arc::clone(context);
    ArgValueCompleter::new(move |current: &OsStr| -> Vec<CompletionCandidate> {
        let Some(current) = current.to_str() else {
            return Vec::new();
        };
        let found = kind.candidates(current, &context);
        found.into_iter().map(Candidate::into_clap).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_that_completes_in_one_command_completes_in_each() {
        let mut seen = 0;
        for command in Cli::command().get_subcommands() {
            for argument in command.get_arguments() {
                let (command, id) = (command.get_name(), argument.get_id().as_str());
                // The provider of an import is a new name.
                let is_new = (command, id) == ("import", "provider");
                let is_ours = !is_new && VALUES.iter().any(|(_, other, _)| *other == id);
                let is_listed = VALUES.iter().any(|row| (row.0, row.1) == (command, id));
                assert!(
                    !is_ours || is_listed,
                    "`{id}` of `{command}` does not complete"
                );
                seen += usize::from(is_listed);
            }
        }
        assert_eq!(seen, VALUES.len(), "a row is for no argument");
    }
}
