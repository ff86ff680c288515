//! Options that other tools have, and what they are called here.

use std::path::Path;

use super::line::{Line, Typed, own_option, quoted, values_of};
use super::{Meant, known_catalogs};
use crate::cli::Cli;
use crate::source::nearest;
use clap::{Arg, Command, CommandFactory};

/// Names of an option elsewhere.
struct Synonym {
    typed: &'static [&'static str],
    /// What is written here: on a command that has an option of the first name, or whose name it is, the words of the second, where `{}`
    /// is the value.
    here: &'static [(&'static str, &'static str)],
}

#[rustfmt::skip]
const SYNONYMS: &[Synonym] = &[
    Synonym { typed: &["strict", "pedantic", "fail-on-note"], here: &[("level", "--fail-on note"), ("base", "--fail-on any")] },
    Synonym {
        typed: &["deny-warnings", "warnings-as-errors", "werror", "error-on-warning", "error-on-warnings", "fail-on-warning", "fail-on-warnings"],
        here: &[("level", "--fail-on warning")],
    },
    Synonym { typed: &["fail-on-error", "fail-on-errors", "errors-only"], here: &[("level", "--fail-on error")] },
    Synonym { typed: &["exit-zero", "no-fail", "soft-fail", "warn-only"], here: &[("fail-on", "--fail-on never")] },
    Synonym { typed: &["severity", "min-severity", "fail-level", "threshold"], here: &[("level", "--fail-on {}")] },
    Synonym { typed: &["ignore", "disable", "skip", "exclude", "suppress"], here: &[("level", "--level {}=off")] },
    Synonym { typed: &["p", "provider", "providers", "vendor", "service"], here: &[("provider", "-p {}"), ("lint", "{}")] },
    Synonym {
        typed: &["e", "env", "envs", "environment", "environments", "stage"],
        here: &[("environment", "-e {}"), ("to", "--to {}")],
    },
    Synonym {
        typed: &["k", "key", "keyfile", "key-path", "key-file", "keys", "file", "files", "i", "in", "input"],
        here: &[("check", "{}"), ("key-file", "--key-file {}"), ("diff", "{}"), ("lint", "{}")],
    },
    Synonym {
        typed: &["s", "scope", "scopes", "bundle", "bundles", "permission", "permissions", "grant", "grants", "set"],
        here: &[("explain", "{}"), ("expand", "{}"), ("diff", "{}")],
    },
    Synonym {
        typed: &["endpoint", "endpoints", "url", "path", "route", "request", "call"],
        here: &[("endpoint", "--endpoint {}"), ("explain", "{}"), ("check", "{}"), ("lint", "{}"), ("diff", "{}")],
    },
    Synonym { typed: &["r", "recipes", "task", "job"], here: &[("recipe", "--recipe {}")] },
    Synonym { typed: &["event", "events", "webhook", "webhooks"], here: &[("event", "--event {}"), ("explain", "{}")] },
    Synonym { typed: &["type", "key-types", "keytype", "kind"], here: &[("key-type", "--key-type {}")] },
    Synonym { typed: &["logs", "traffic", "access-log", "har", "from-log"], here: &[("log", "--log {}")] },
    Synonym { typed: &["rev", "revision", "git", "since", "against", "ref", "branch"], here: &[("base", "--base {}")] },
    Synonym { typed: &["n", "dry-run", "preview", "show-fixes"], here: &[("unsafe-fixes", "--diff")] },
    Synonym { typed: &["write", "apply", "autofix", "auto-fix", "fix-all", "in-place"], here: &[("fix", "--fix")] },
    Synonym { typed: &["unsafe", "unsafe-fix", "fix-unsafe"], here: &[("unsafe-fixes", "--fix --unsafe-fixes")] },
    Synonym { typed: &["stats", "summary", "count"], here: &[("statistics", "--statistics")] },
    Synonym { typed: &["date", "now"], here: &[("today", "--today {}")] },
    Synonym {
        typed: &["stdin-name", "stdin-file", "stdin-filepath", "stdin-file-path", "stdin-display-name", "filename"],
        here: &[("stdin-filename", "--stdin-filename {}")],
    },
    Synonym { typed: &["no-color", "no-colour", "no-colors", "nocolor"], here: &[("", "--color never")] },
    Synonym { typed: &["colour", "colors"], here: &[("", "--color {}")] },
    Synonym { typed: &["silent", "no-notes"], here: &[("", "--quiet")] },
    Synonym { typed: &["debug", "details", "all"], here: &[("", "--verbose")] },
    Synonym { typed: &["columns", "cols", "line-length"], here: &[("", "--width {}")] },
    Synonym { typed: &["c", "cfg", "conf", "configuration", "settings"], here: &[("", "--config {}")] },
    Synonym { typed: &["isolated", "no-configuration"], here: &[("", "--no-config")] },
    Synonym { typed: &["catalogs", "catalogue"], here: &[("", "--catalog {}")] },
];

/// Ways of writing that tools have, with what they are called here.
#[rustfmt::skip]
const FORMATS: &[(&str, &[&str])] = &[
    ("json", &["jsonl", "ndjson", "js"]), ("yaml", &["yml", "toml"]), ("sarif", &[]), ("markdown", &["md", "html"]),
    ("github", &["gh", "annotations"]), ("gitlab", &["codeclimate", "code-quality"]), ("lines", &["list", "raw", "names"]),
    ("table", &["pretty", "human"]), ("text", &["full", "plain", "human"]), ("short", &["concise", "compact", "oneline", "one-line"]),
    ("csv", &[]), ("xml", &[]), ("junit", &[]),
];

/// What was meant by an option that a command does not have.
pub(super) fn option(line: &Line, name: &str) -> Meant {
    let bare = name
        .trim_start_matches('-')
        .to_lowercase()
        .replace('_', "-");
    let Some(typed) = line.option(name) else {
        return Meant::Nothing;
    };
    let Some(command) = line.command() else {
        return without_command(line, &bare, &typed);
    };
    if line.command_at().is_some_and(|at| typed.at < at) {
        return before_command(line, &typed);
    }
    format(line, &command, name, &typed)
        .or_else(|| synonym(line, &command, &bare, &typed))
        .or_else(|| instead(line, &command, &bare, &typed))
        .or_else(|| environment(line, &command, &bare, &typed))
        .or_else(|| near(line, &command, &bare, &typed))
        .or_else(|| of_other_command(&bare))
        .unwrap_or_else(|| {
            Meant::Say(format!(
                "`scopes {} --help` lists the options",
                command.get_name()
            ))
        })
}

/// An option of one command that stands before it.
fn before_command(line: &Line, typed: &Typed) -> Meant {
    let takes_value = typed.is_apart && line.command_at() != Some(typed.at + 1);
    let length = 1 + usize::from(takes_value);
    let moved: Vec<String> = line.words[typed.at..typed.at + length].to_vec();
    Meant::Line(line.with(typed.at, length, &[]).behind_command(&moved))
}

/// An option without a command: the command that has it.
fn without_command(line: &Line, bare: &str, typed: &Typed) -> Meant {
    let value = || typed.value.clone();
    let has_more = line.words.len() > 1 + usize::from(typed.is_apart);
    let command = match bare {
        "p" | "provider" if has_more => "explain",
        "p" | "provider" => {
            let provider = value().unwrap_or_else(|| "PROVIDER".to_owned());
            return Meant::Line(Line::of(["show", &provider]));
        }
        "endpoint" | "recipe" | "event" | "log" => "recommend",
        "key-file" | "key" | "fix" | "fail-on" | "strict" => "check",
        "base" => "diff",
        _ => {
            let known = synonym(line, &Cli::command(), bare, typed);
            let known = known.or_else(|| of_other_command(bare));
            return known.unwrap_or_else(|| {
                Meant::Say(
                    "put an option after its command; `scopes --help` lists the commands"
                        .to_owned(),
                )
            });
        }
    };
    Meant::Line(line.with(0, 0, &[command.to_owned()]))
}

/// The words that stand here for an option of another name.
fn replaced(line: &Line, typed: &Typed, words: &str) -> Line {
    let takes_value = words.contains("{}");
    let value = typed.value.as_deref().unwrap_or("VALUE");
    let is_there = |word: &str| line.words.iter().any(|other| other == word);
    let words: Vec<String> = words
        .split(' ')
        .filter(|word| !is_there(word))
        .map(|word| word.replace("{}", value))
        .collect();
    line.with(
        typed.at,
        1 + usize::from(takes_value && typed.is_apart),
        &words,
    )
}

/// The line without an earlier `--format`, where another word decides that, and the option where it stands then.
fn without_format(line: &Line, typed: &Typed) -> (Line, Typed) {
    let Some(earlier) = line.option("--format").filter(|one| one.at != typed.at) else {
        return (line.clone(), typed.clone());
    };
    let length = 1 + usize::from(earlier.is_apart);
    let at = if earlier.at < typed.at {
        typed.at - length
    } else {
        typed.at
    };
    let typed = Typed {
        at,
        ..typed.clone()
    };
    (line.with(earlier.at, length, &[]), typed)
}

/// Another name of `--format`, one of its values as an option, or the file to write to.
fn format(line: &Line, command: &Command, name: &str, typed: &Typed) -> Option<Meant> {
    let bare = name.trim_start_matches('-').to_lowercase();
    let own = values_of(command, "format");
    let own_value = |text: &str| {
        let text = text.to_lowercase();
        let same = |(format, others): &&(&str, &[&str])| {
            *format == text || others.contains(&text.as_str())
        };
        let formats = FORMATS.iter().filter(same).map(|(format, _)| *format);
        let mut own_ones = formats.filter(|format| own.iter().any(|one| one == format));
        own_ones.next().map(str::to_owned)
    };
    let is_known = |text: &str| {
        FORMATS
            .iter()
            .any(|(format, others)| *format == text || others.contains(&text))
    };
    let name = command.get_name();
    let listed = match own.as_slice() {
        [] => format!("`scopes {name}` has only one output format"),
        own => format!("`scopes {name} --format` takes {}", own.join(", ")),
    };
    if own_option(command, &bare).is_some() {
        return None;
    }
    if name_is_long(&bare) && is_known(&bare) {
        let words = own_value(&bare).map(|value| format!("--format {value}"));
        return Some(words.map_or(Meant::Say(listed), |words| {
            let (line, typed) = without_format(line, typed);
            Meant::Line(replaced(&line, &typed, &words))
        }));
    }
    let is_file = [
        "o",
        "out",
        "output",
        "output-file",
        "out-file",
        "outfile",
        "save",
        "to-file",
    ]
    .contains(&bare.as_str());
    let is_format = [
        "f",
        "fmt",
        "formatter",
        "reporter",
        "output-format",
        "out-format",
        "formats",
        "as",
        "style",
    ];
    if !is_file && !is_format.contains(&bare.as_str()) {
        return None;
    }
    if let Some(value) = typed.value.as_deref().and_then(own_value) {
        let length = 1 + usize::from(typed.is_apart);
        let words = ["--format".to_owned(), value];
        let (line, typed) = without_format(line, typed);
        return Some(Meant::Line(line.with(typed.at, length, &words)));
    }
    let file = typed.value.as_deref().filter(|value| !is_known(value));
    if !is_file {
        let is_input = file.is_some_and(|file| Path::new(file).exists());
        return (!is_input)
            .then_some(Meant::Say(listed))
            .or_else(|| synonym(line, command, "file", typed));
    }
    // The extension of an output file implies the format.
    let extension = file.and_then(|file| Path::new(file).extension()?.to_str());
    let format = extension
        .and_then(own_value)
        // An explicit `--format` takes precedence over the extension.
        .filter(|_| line.option("--format").is_none())
        .map(|value| vec!["--format".to_owned(), value]);
    let line = line.with(
        typed.at,
        1 + usize::from(typed.is_apart),
        &format.unwrap_or_default(),
    );
    let target = quoted(file.unwrap_or("FILE"));
    Some(Meant::Say(match own.as_slice() {
        [] => format!("{line} > {target}"),
        _ => format!("{line} > {target} (`--format` takes {})", own.join(", ")),
    }))
}

fn name_is_long(bare: &str) -> bool {
    bare.chars().count() > 1
}

/// An option that is called otherwise here.
fn synonym(line: &Line, command: &Command, bare: &str, typed: &Typed) -> Option<Meant> {
    let known = SYNONYMS
        .iter()
        .find(|synonym| synonym.typed.contains(&bare))?;
    let fits = |own: &str| {
        own.is_empty() || own == command.get_name() || own_option(command, own).is_some()
    };
    let (_, words) = known.here.iter().find(|(own, _)| fits(own))?;
    Some(Meant::Line(replaced(line, typed, words)))
}

/// What a command does in place of having an option.
fn instead(line: &Line, command: &Command, bare: &str, typed: &Typed) -> Option<Meant> {
    let value = typed.value.as_deref();
    let without = line.with(typed.at, 1 + usize::from(typed.is_apart), &[]);
    let is_any = |names: &[&str]| names.contains(&bare);
    Some(match command.get_name() {
        "show" if is_any(&["p", "provider"]) => {
            let provider = value.unwrap_or("PROVIDER");
            let is_there = without.words.get(1).is_some_and(|word| word == provider);
            Meant::Line(if is_there {
                without
            } else {
                without.behind_command(&[provider.to_owned()])
            })
        }
        "list" if is_any(&["p", "provider"]) => {
            Meant::Line(Line::of(["show", value.unwrap_or("PROVIDER")]))
        }
        "check" if is_any(&["p", "provider"]) => Meant::Say(format!(
            "a key file already names its provider: {without}; `-p` is an option of `explain`, `expand`, `recommend` and `diff`"
        )),
        "check" if is_any(&["scope", "scopes", "s"]) => Meant::Say(format!(
            "scopes explain {}; `check` reads the scopes of a key file",
            quoted(value.unwrap_or("SCOPE"))
        )),
        "check" | "explain" | "lint" if is_any(&["endpoint", "endpoints", "recipe", "event"]) => {
            let name = bare.trim_end_matches('s');
            Meant::Say(format!(
                "scopes recommend --{name} {}; a key file states its needs under `needs`",
                quoted(value.unwrap_or("NAME"))
            ))
        }
        "recommend" if is_any(&["scope", "scopes", "s", "bundle", "permission"]) => {
            Meant::Say(format!(
                "`recommend` finds the scopes; name what the job needs with --endpoint, --recipe or --event, or see what a scope opens: scopes explain {}",
                quoted(value.unwrap_or("SCOPE"))
            ))
        }
        "check" | "lint" if is_any(&["explain", "rule"]) => {
            Meant::Line(Line::of(["rule", value.unwrap_or("RULE")]))
        }
        _ => return None,
    })
}

/// The name of an environment as an option.
fn environment(line: &Line, command: &Command, bare: &str, typed: &Typed) -> Option<Meant> {
    own_option(command, "environment")?;
    let catalogs = known_catalogs(line);
    let mut environments = catalogs.iter().flat_map(|catalog| &catalog.environments);
    let name = &environments
        .find(|one| bare.len() > 2 && one.name.starts_with(bare))?
        .name;
    Some(Meant::Line(replaced(line, typed, &format!("-e {name}"))))
}

/// An option that is written almost so.
fn near(line: &Line, command: &Command, bare: &str, typed: &Typed) -> Option<Meant> {
    let root = Cli::command();
    let all = command.get_arguments().chain(root.get_arguments());
    let names: Vec<&str> = all.filter_map(Arg::get_long).collect();
    let begins = |name: &&&str| bare.len() > 2 && name.starts_with(bare);
    let best = nearest(bare, names.iter().copied()).first().copied();
    let best = best.or_else(|| names.iter().find(begins).copied())?;
    let word = &line.words[typed.at];
    let value = word
        .split_once('=')
        .map_or(String::new(), |(_, value)| format!("={value}"));
    Some(Meant::Near(line.with(
        typed.at,
        1,
        &[format!("--{best}{value}")],
    )))
}

/// An option that other commands have.
fn of_other_command(bare: &str) -> Option<Meant> {
    let is_it = |argument: &Arg| {
        argument.get_long() == Some(bare)
            || argument
                .get_short()
                .is_some_and(|short| short.to_string() == bare)
    };
    let root = Cli::command();
    let having = root
        .get_subcommands()
        .filter(|command| command.get_arguments().any(is_it));
    let having: Vec<String> = having
        .map(|command| format!("`scopes {}`", command.get_name()))
        .collect();
    let dashes = if name_is_long(bare) { "--" } else { "-" };
    (!having.is_empty()).then(|| {
        Meant::Say(format!(
            "`{dashes}{bare}` is an option of {}",
            having.join(", ")
        ))
    })
}
