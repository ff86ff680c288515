//! Commands that other tools have, and names of something else where a command was expected.

use clap::CommandFactory;

use super::line::Line;
use super::{Meant, known_catalogs};
use crate::cli::Cli;
use crate::cli::meaning::{Meaning, meaning};
use crate::model::Request;
use crate::source::nearest;

/// What a command is called elsewhere, with the words that are written here.
#[rustfmt::skip]
const SYNONYMS: &[(&[&str], &[&str])] = &[
    (&["validate", "verify", "audit", "test", "scan", "analyze", "analyse", "review", "vet", "doctor", "lint-key", "lint-keys"] , &["check"]),
    (&["fix", "autofix", "repair", "apply", "fmt", "format"], &["check", "--fix"]),
    (&["version", "ver"], &["--version"]),
    (&["describe", "info", "inspect", "view", "cat", "get", "open", "catalog", "endpoints", "bundles", "recipes", "events"], &["show"]),
    (&["ls", "dir", "providers", "catalogs", "all"], &["list"]),
    (&["compare", "changes", "delta", "changelog"], &["diff"]),
    (&["suggest", "minimize", "minimise", "minimal", "least", "solve", "plan", "recipe"], &["recommend"]),
    (&["what", "why", "who", "can", "query", "ask", "which"], &["explain"]),
    (&["resolve", "flatten", "members"], &["expand"]),
    (&["convert", "openapi", "swagger"], &["import", "openapi"]),
    (&["google", "msgraph"], &["import"]),
    (&["baseline"], &["check", "--write-baseline", "--reason", "WHY", "--until", "DATE"]),
    (&["docs", "page", "error", "errors", "warnings"], &["rule"]),
    (&["shell", "complete", "autocomplete"], &["completions"]),
    (&["server", "language-server", "langserver", "editor"], &["lsp"]),
    (&["schemas", "jsonschema", "json-schema"], &["schema"]),
    (&["usage", "commands"], &["help"]),
];

/// Commands that begin a file elsewhere.
const BEGINNERS: &[&str] = &[
    "new",
    "create",
    "generate",
    "gen",
    "scaffold",
    "add",
    "start",
    "setup",
    "make",
    "bootstrap",
];

/// What to say of a word that is not a command.
pub(super) fn not_a_command(word: &str, line: &Line) -> String {
    let endpoint = whole_endpoint(line, word);
    let word = endpoint.as_deref().unwrap_or(word);
    match meaning(word, &known_catalogs(line)) {
        Some(meaning) if !is_synonym(word) => {
            format!("`{word}` is {}, not a command", meaning.noun())
        }
        _ => format!("unknown command `{word}`"),
    }
}

fn is_synonym(word: &str) -> bool {
    BEGINNERS.contains(&word) || SYNONYMS.iter().any(|(typed, _)| typed.contains(&word))
}

/// An endpoint in one word or in two.
pub(super) fn whole_endpoint(line: &Line, word: &str) -> Option<String> {
    let at = line.words.iter().position(|one| one == word)?;
    let pair = format!("{word} {}", line.words.get(at + 1)?);
    (!word.contains(' ') && Request::parse(&pair).is_some()).then_some(pair)
}

/// What was meant by a word where a command was expected.
pub(super) fn unknown(line: &Line, word: &str) -> Meant {
    let at = line.words.iter().position(|one| one == word);
    let Some(at) = at else {
        return Meant::Nothing;
    };
    let rest: Vec<&str> = line.words[at + 1..].iter().map(String::as_str).collect();
    let lower = word.to_lowercase();
    let catalogs = known_catalogs(line);
    if let Some(pair) = whole_endpoint(line, word) {
        return Meant::Line(line.with(at, 2, &["explain".to_owned(), pair]));
    }
    if BEGINNERS.contains(&lower.as_str()) {
        let named = rest
            .iter()
            .find_map(|word| match meaning(word, &catalogs)? {
                Meaning::Provider { handle } => Some(handle),
                _ => None,
            });
        let provider = line.value_of(&["-p", "--provider"]).or(named);
        let provider = provider.unwrap_or_else(|| "PROVIDER".to_owned());
        return Meant::Line(Line::of(["init", "-p", &provider]));
    }
    if let Some((_, here)) = SYNONYMS
        .iter()
        .find(|(typed, _)| typed.contains(&lower.as_str()))
    {
        return synonym(line, at, &lower, here);
    }
    match meaning(word, &catalogs) {
        Some(Meaning::Provider { .. } | Meaning::CatalogFile) if !rest.is_empty() => {
            let is_part = own_parts().iter().any(|part| part == rest[0]);
            if is_part || rest[0].starts_with('-') {
                Meant::Line(line.with(at, 0, &["show".to_owned()]))
            } else {
                let words = ["explain", "-p", word].map(str::to_owned);
                Meant::Line(line.with(at, 1, &words))
            }
        }
        Some(Meaning::Scope { .. } | Meaning::Endpoint) if !rest.is_empty() => {
            Meant::Line(line.with(at, 0, &["explain".to_owned()]))
        }
        Some(Meaning::KeyFile | Meaning::Folder) if !rest.is_empty() => {
            Meant::Line(line.with(at, 0, &["check".to_owned()]))
        }
        Some(known) => match known.command(word) {
            Some(command) => Meant::Say(command),
            None => no_such(word),
        },
        None => no_such(word),
    }
}

/// A word that nobody knows: a command that is spelt almost so, or where to find all of them.
fn no_such(word: &str) -> Meant {
    let root = Cli::command();
    let names: Vec<&str> = root
        .get_subcommands()
        .map(clap::Command::get_name)
        .collect();
    match nearest(&word.to_lowercase(), names.iter().copied()).first() {
        Some(best) => Meant::Say(format!("did you mean `scopes {best}`?")),
        None => Meant::Say("`scopes --help` lists the commands".to_owned()),
    }
}

/// The words that are written here for a command of another name.
fn synonym(line: &Line, at: usize, typed: &str, here: &[&str]) -> Meant {
    let mut words: Vec<String> = here.iter().map(|word| (*word).to_owned()).collect();
    let rest = &line.words[at + 1..];
    match here {
        ["--version"] => return Meant::Say("scopes --version".to_owned()),
        ["help"] => return Meant::Say("scopes --help, or scopes COMMAND --help".to_owned()),
        ["import"] => words.push(typed.to_owned()),
        // The parts of a catalog are named behind it.
        ["show"] if own_parts().iter().any(|part| part == typed) => {
            let provider = rest.first().map_or("PROVIDER", String::as_str);
            return Meant::Line(Line::of(["show", provider, typed]));
        }
        ["show"] if rest.is_empty() => words.push("PROVIDER".to_owned()),
        // Catalogs have a command of their own.
        ["check"] if rest.iter().any(|word| is_catalog(word, line)) => {
            words = vec!["lint".to_owned()];
        }
        _ => {}
    }
    Meant::Line(line.with(at, 1, &words))
}

fn is_catalog(word: &str, line: &Line) -> bool {
    let meaning = meaning(word, &known_catalogs(line));
    matches!(
        meaning,
        Some(Meaning::CatalogFile | Meaning::Provider { .. })
    )
}

/// The parts of a catalog that `show` knows.
pub(super) fn own_parts() -> Vec<String> {
    let root = Cli::command();
    let show = root.find_subcommand("show");
    show.map_or_else(Vec::new, |show| values_at(show, 1))
}

/// The values that a command takes at a position.
pub(super) fn values_at(command: &clap::Command, position: usize) -> Vec<String> {
    let argument = command.get_positionals().nth(position);
    let values = argument
        .map(clap::Arg::get_possible_values)
        .unwrap_or_default();
    values
        .iter()
        .map(|value| value.get_name().to_owned())
        .collect()
}
