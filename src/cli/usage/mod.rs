//! What somebody may have meant by a command line that cannot be parsed: one answer for every command.

mod arguments;
mod commands;
mod line;
mod options;

use std::sync::Arc;

use clap::Parser;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::Cli;
use super::catalogs::Catalogs;
use super::settings::Settings;
use super::user_error::UserError;
use crate::model::Catalog;
use crate::render::clean;
use line::Line;
pub(super) use line::quoted;

/// What was meant by a part of a command line.
enum Meant {
    /// This line.
    Line(Line),
    /// This line, with a name that is spelt almost the same.
    Near(Line),
    /// What a sentence says.
    Say(String),
    /// Nobody knows.
    Nothing,
}

/// A line has no more parts to put right than this.
const MOST_STEPS: usize = 8;

/// What to say of a command line that cannot be parsed; `None` where the parser's own message says enough.
pub(super) fn refusal(error: &clap::Error, arguments: &[String]) -> Option<UserError> {
    let mut line = Line::of(arguments);
    let message = message(error, &line)?;
    let mut help = None;
    let mut meant = meant(error, &line);
    let is_plain = matches!(clean(&message), std::borrow::Cow::Borrowed(_));
    if let (Meant::Near(_), Some(_), true) =
        (&meant, error.get(ContextKind::SuggestedArg), is_plain)
    {
        return None;
    }
    // Correcting one mistake may reveal another one.
    for _ in 0..MOST_STEPS {
        match meant {
            Meant::Line(better) | Meant::Near(better) => line = better,
            Meant::Say(sentence) => {
                help = Some(sentence);
                break;
            }
            Meant::Nothing => break,
        }
        help = Some(line.to_string());
        let words = std::iter::once("scopes").chain(line.words.iter().map(String::as_str));
        meant = match Cli::try_parse_from(words) {
            Err(error) if error.use_stderr() => self::meant(&error, &line),
            _ => Meant::Nothing,
        };
    }
    help.map(|help| UserError::new(message).help(help))
}

/// The text that an error is about.
fn about(error: &clap::Error, kind: ContextKind) -> Option<&str> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text),
        ContextValue::Strings(texts) => texts.first().map(String::as_str),
        _ => None,
    }
}

/// What is wrong, in a sentence; `None` for what the parser says well.
fn message(error: &clap::Error, line: &Line) -> Option<String> {
    Some(match error.kind() {
        ErrorKind::UnknownArgument => {
            format!(
                "unexpected argument `{}`",
                about(error, ContextKind::InvalidArg)?
            )
        }
        ErrorKind::InvalidSubcommand => {
            let word = about(error, ContextKind::InvalidSubcommand)?;
            commands::not_a_command(word, line)
        }
        ErrorKind::MissingRequiredArgument => arguments::missing(line)?,
        ErrorKind::InvalidValue => {
            let value = about(error, ContextKind::InvalidValue)?;
            match about(error, ContextKind::InvalidArg)? {
                "[SECTION]" => format!("`{value}` is not a part of a catalog"),
                "<KIND>" => format!("`{value}` is not a kind of document"),
                _ => return None,
            }
        }
        ErrorKind::ValueValidation if is_environment(error) => {
            let value = about(error, ContextKind::InvalidValue)?;
            format!("`{value}` is an endpoint, not an environment")
        }
        _ => return None,
    })
}

fn is_environment(error: &clap::Error) -> bool {
    about(error, ContextKind::InvalidArg).is_some_and(|argument| argument.ends_with("<ENV>"))
}

fn meant(error: &clap::Error, line: &Line) -> Meant {
    let argument = || about(error, ContextKind::InvalidArg).unwrap_or_default();
    let value = || about(error, ContextKind::InvalidValue).unwrap_or_default();
    match error.kind() {
        ErrorKind::UnknownArgument if argument().starts_with('-') => {
            options::option(line, argument())
        }
        ErrorKind::UnknownArgument => arguments::extra(line, argument()),
        ErrorKind::InvalidSubcommand => {
            let word = about(error, ContextKind::InvalidSubcommand).unwrap_or_default();
            commands::unknown(line, word)
        }
        ErrorKind::MissingRequiredArgument => arguments::without_argument(line),
        ErrorKind::InvalidValue if argument() == "[SECTION]" => arguments::section(line, value()),
        ErrorKind::InvalidValue if argument() == "<KIND>" => {
            arguments::kind_of_document(line, value())
        }
        ErrorKind::ValueValidation if is_environment(error) => {
            arguments::endpoint_as_environment(line, argument(), value())
        }
        _ => Meant::Nothing,
    }
}

/// The catalogs that a command line can be about. Where the configuration has a fault, the built-in ones: the line is at
/// fault first.
fn known_catalogs(line: &Line) -> Vec<Arc<Catalog>> {
    let config = line.value_of(&["--config"]).map(std::path::PathBuf::from);
    let settings = if line.words.iter().any(|word| word == "--no-config") {
        Settings::default()
    } else {
        Settings::new(config.as_deref()).unwrap_or_default()
    };
    let named = line.value_of(&["-p", "--provider"]);
    let catalogs = Catalogs::new(&line.catalogs(), &settings);
    let Ok(catalogs) = catalogs.or_else(|_| Catalogs::new(&[], &Settings::default())) else {
        return Vec::new();
    };
    match named.and_then(|name| catalogs.named(&name, None).ok()) {
        Some(one) => vec![one],
        None => catalogs.all(),
    }
}

/// The value of an option that names an environment. Fails for an endpoint, which is an argument of its own.
pub(super) fn environment_name(text: &str) -> Result<String, String> {
    if crate::model::Request::parse(text).is_some() || text.starts_with('/') {
        Err("this is an endpoint, not an environment".to_owned())
    } else {
        Ok(text.to_owned())
    }
}
