//! A command line as it was typed, to be written again with a part of it put right.

use std::path::PathBuf;

use clap::{Arg, Command, CommandFactory};

use crate::cli::Cli;

/// The arguments behind the program's name.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) words: Vec<String>,
}

/// An option as it was typed.
#[derive(Debug, Clone)]
pub(super) struct Typed {
    /// Where it stands.
    pub(super) at: usize,
    /// Its value, where something behind it may be one.
    pub(super) value: Option<String>,
    /// Whether the value is a word of its own.
    pub(super) is_apart: bool,
}

impl Line {
    /// Where the first word stands that is no option and no value of an option of every command: the subcommand.
    pub(super) fn command_at(&self) -> Option<usize> {
        let takes_value = ["--color", "--width", "--catalog", "--config"];
        let mut at = 0;
        while let Some(word) = self.words.get(at) {
            match word {
                word if takes_value.contains(&word.as_str()) => at += 2,
                word if word.starts_with('-') && word != "-" => at += 1,
                _ => break,
            }
        }
        // After an unknown option, the first word may be its value.
        let is_command = |word: &String| Cli::command().find_subcommand(word).is_some();
        let first = self.words.get(at)?;
        let follows_option = at > 0 && !is_command(first);
        let known = follows_option.then(|| self.words.iter().position(is_command));
        Some(known.flatten().unwrap_or(at))
    }

    /// The subcommand that is asked for, where there is one of that name.
    pub(super) fn command(&self) -> Option<Command> {
        let name = self.words.get(self.command_at()?)?;
        Cli::command().find_subcommand(name).cloned()
    }

    /// The name of the subcommand; empty without one.
    pub(super) fn command_name(&self) -> String {
        let command = self.command();
        command.map_or_else(String::new, |command| command.get_name().to_owned())
    }

    /// The option of a name, as clap reports it.
    pub(super) fn option(&self, name: &str) -> Option<Typed> {
        let is_long = name.starts_with("--");
        self.words.iter().enumerate().find_map(|(at, word)| {
            let rest = word.strip_prefix(name)?;
            let attached = match (rest, is_long) {
                ("", _) => None,
                (rest, true) => Some(rest.strip_prefix('=')?),
                (rest, false) => Some(rest.strip_prefix('=').unwrap_or(rest)),
            };
            let next = self.words.get(at + 1);
            let next = next.filter(|next| !next.starts_with('-') || *next == "-");
            Some(Typed {
                at,
                value: attached.or(next.map(String::as_str)).map(str::to_owned),
                is_apart: attached.is_none() && next.is_some(),
            })
        })
    }

    /// The value of an option of one of these names.
    pub(super) fn value_of(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.option(name)?.value)
    }

    /// The catalog files that are named.
    pub(super) fn catalogs(&self) -> Vec<PathBuf> {
        self.value_of(&["--catalog"])
            .into_iter()
            .map(PathBuf::from)
            .collect()
    }

    /// The line with some words in place of others.
    pub(super) fn with(&self, at: usize, length: usize, words: &[String]) -> Self {
        let mut line = self.clone();
        let end = (at + length).min(line.words.len());
        line.words.splice(at..end, words.iter().cloned());
        line
    }

    /// The line with words right behind its subcommand.
    pub(super) fn behind_command(&self, words: &[String]) -> Self {
        let at = self.command_at().map_or(self.words.len(), |at| at + 1);
        self.with(at, 0, words)
    }

    /// A line that is made of words.
    pub(super) fn of<T: AsRef<str>>(words: impl IntoIterator<Item = T>) -> Self {
        let words = words.into_iter().map(|word| word.as_ref().to_owned());
        Self {
            words: words.collect(),
        }
    }
}

impl std::fmt::Display for Line {
    /// The line as it can be pasted into a shell.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("scopes")?;
        for word in &self.words {
            write!(f, " {}", quoted(word))?;
        }
        Ok(())
    }
}

/// A word as a shell takes it.
pub(in crate::cli) fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./:=@,+%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// The option of a command by its long name.
pub(super) fn own_option<'a>(command: &'a Command, long: &str) -> Option<&'a Arg> {
    command
        .get_arguments()
        .find(|argument| argument.get_long() == Some(long))
}

/// The values that an option of a command takes, where they are listed.
pub(super) fn values_of(command: &Command, long: &str) -> Vec<String> {
    let values = own_option(command, long).map(Arg::get_possible_values);
    let values = values.unwrap_or_default();
    values
        .iter()
        .map(|value| value.get_name().to_owned())
        .collect()
}
