//! `scopes check`.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use clap::{Args, ValueEnum};

use super::environment::in_environment;
use super::refusal::Refusal;
use super::shelf::Shelf;
use super::traffic::observe;
use super::world::{World, read_source, read_stdin, shown, today};
use super::{COULD_NOT, FOUND, OK};
use crate::check::judge;
use crate::finding::{Finding, Level};
use crate::lint::{accept, level, lint_key};
use crate::load::{declared_provider, find_secrets, load_key, masked};
use crate::model::{Catalog, Key, Need, NeedKind};
use crate::render::{Checked, Summary, json, short, summary_line, text};
use crate::source::{Date, NotText, Path as FieldPath, Place, Source, Syntax};

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Key files, and folders of them; `-` reads standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// A key file; can be given several times
    #[arg(long, value_name = "FILE")]
    key_file: Vec<PathBuf>,
    /// Judge this environment of the keys alone
    #[arg(short, long, value_name = "ENV")]
    environment: Option<String>,
    /// How to write it
    #[arg(long, value_enum, default_value_t = FindingsFormat::Text)]
    format: FindingsFormat,
    /// The level from which on findings make the status 1
    #[arg(long, value_enum, default_value_t = FailOn::Warning, value_name = "LEVEL")]
    fail_on: FailOn,
    /// A log of requests that count as needs beside the declared ones; can be given several times
    #[arg(long, value_name = "FILE")]
    log: Vec<PathBuf>,
    /// Show what the files accept under `allow` as well
    #[arg(long)]
    no_allow: bool,
    /// The day to judge allowances by, in place of today's
    #[arg(long, value_name = "DATE", value_parser = date)]
    today: Option<Date>,
    /// The name to give standard input; its extension says how it is written
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FindingsFormat {
    Text,
    Short,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "a date is written like 2027-03-31".to_owned())
}

pub(super) fn run(args: &CheckArgs, shelf: &Shelf, world: &mut World) -> anyhow::Result<u8> {
    let mut files: Vec<PathBuf> = Vec::new();
    let mut others: Vec<(String, usize)> = Vec::new();
    let mut passed_over = 0;
    let mut refused = false;
    for path in &args.key_file {
        if path.is_dir() {
            let name = shown(path);
            let refusal = Refusal::new(format!("`{name}` is a folder, not a key file"));
            return Err(refusal.help(format!("scopes check {name}")).into());
        }
        files.push(path.clone());
    }
    for path in &args.paths {
        if path.is_dir() {
            let (keys, other) = walk(path);
            passed_over += other;
            if keys.is_empty() {
                others.push((shown(path), other));
            }
            files.extend(keys);
        } else {
            files.push(path.clone());
        }
    }
    let mut seen = std::collections::HashSet::new();
    files.retain(|path| seen.insert(path.clone()));
    let mut checked = Vec::new();
    for path in &files {
        match check_file(path, args, shelf) {
            Ok(file) => checked.push(file),
            Err(error) => {
                world.fail(&error);
                refused = true;
            }
        }
    }
    if checked.is_empty() && !refused {
        return Err(nothing(&others).into());
    }
    checked.sort_by(|a, b| a.source.name.cmp(&b.source.name));
    let summary = Summary::of(&checked);
    world.out = match args.format {
        FindingsFormat::Text => {
            let mut out = text(&checked, world.style, world.quiet);
            if !checked.is_empty() {
                out.push_str(&summary_line(&summary, "key", passed_over));
            }
            out
        }
        FindingsFormat::Short => short(&checked, world.quiet),
        FindingsFormat::Json => json::findings(&checked, &summary),
    };
    let fails = match args.fail_on {
        FailOn::Error => summary.has_at_least(Level::Error),
        FailOn::Warning => summary.has_at_least(Level::Warning),
        FailOn::Note => summary.has_at_least(Level::Note),
        FailOn::Never => false,
    };
    Ok(match (refused, fails) {
        (true, _) => COULD_NOT,
        (false, true) => FOUND,
        (false, false) => OK,
    })
}

fn nothing(others: &[(String, usize)]) -> Refusal {
    let message = match others {
        [] => "nothing to check: no key file was named".to_owned(),
        [(folder, number), ..] => {
            let files = if *number == 1 {
                "1 file is something else".to_owned()
            } else {
                format!("{number} files are something else")
            };
            let folder = folder.trim_end_matches('/');
            format!("nothing to check: no key file under `{folder}/` ({files})")
        }
    };
    Refusal::new(message)
        .help("a key file is YAML, TOML or JSON with `provider` and `name` at the top")
}

/// The key files below a folder, sorted, and how many files are something else. What git ignores is left out.
pub(super) fn walk(folder: &Path) -> (Vec<PathBuf>, usize) {
    let mut keys = Vec::new();
    let mut other = 0;
    let walk = ignore::WalkBuilder::new(folder)
        .sort_by_file_path(Path::cmp)
        .require_git(false)
        .build();
    for entry in walk.filter_map(Result::ok) {
        if !entry.file_type().is_some_and(|kind| kind.is_file()) {
            continue;
        }
        let path = entry.into_path();
        let is_key = Syntax::of(&path).is_some()
            && read_source(&path)
                .ok()
                .and_then(Result::ok)
                .is_some_and(|source| looks_like_a_key_file(&source));
        if is_key {
            keys.push(path);
        } else {
            other += 1;
        }
    }
    (keys, other)
}

/// Whether a file has `provider` and `name` at its top; of one that cannot be parsed, whether lines begin so.
pub(super) fn looks_like_a_key_file(source: &Source) -> bool {
    let fields = source.top_fields();
    if fields.is_empty() {
        let begins = |name: &str| {
            source.text.lines().any(|line| {
                let line = line.trim_start_matches(['{', ' ', '"']);
                line.strip_prefix(name)
                    .is_some_and(|rest| rest.trim_start_matches(['"', ' ']).starts_with([':', '=']))
            })
        };
        return begins("provider") && begins("name");
    }
    fields.iter().any(|field| field == "provider") && fields.iter().any(|field| field == "name")
}

/// Whether a file is a catalog rather than a key.
pub(super) fn looks_like_a_catalog(source: &Source) -> bool {
    let fields = source.top_fields();
    let has = |name: &str| fields.iter().any(|field| field == name);
    let only_catalogs_have = [
        "title",
        "extends",
        "sources",
        "retired",
        "wildcards",
        "endpoints",
        "events",
        "recipes",
    ];
    has("provider") && !has("name") && only_catalogs_have.iter().any(|name| has(name))
}

fn check_file(path: &Path, args: &CheckArgs, shelf: &Shelf) -> anyhow::Result<Checked> {
    let source = if path == Path::new("-") {
        let mut source = read_stdin()?;
        if let Some(name) = &args.stdin_filename {
            source.name = shown(name);
            source.syntax = Syntax::of(name).unwrap_or(Syntax::Yaml);
        }
        source
    } else {
        match read_source(path)? {
            Ok(source) => source,
            Err(reason) => return Ok(not_text(path, reason)),
        }
    };
    if looks_like_a_catalog(&source) {
        let name = &source.name;
        let refusal = Refusal::new(format!("`{name}` is a catalog, not a key file"));
        return Err(refusal.help(format!("scopes show {name}")).into());
    }
    check_source(source, path.parent(), args, shelf)
}

/// A file that is no text: one finding, where what can be read ends.
fn not_text(path: &Path, why: NotText) -> Checked {
    let end = why.before.len();
    let source = Source {
        name: shown(path),
        text: why.before,
        syntax: Syntax::Yaml,
    };
    let message = format!("this file cannot be read: {}", why.reason);
    let finding = Finding::new("syntax-error", Place::At(end..end), message);
    Checked {
        identity: source.name.clone(),
        source,
        findings: vec![finding],
    }
}

/// Everything that is to be said about one key file.
fn check_source(
    source: Source,
    folder: Option<&Path>,
    args: &CheckArgs,
    shelf: &Shelf,
) -> anyhow::Result<Checked> {
    let (source, mut findings) = without_secrets(source, shelf);
    let secrets: Vec<Place> = findings
        .iter()
        .map(|finding| finding.place.clone())
        .collect();
    let mut identity = source.name.clone();
    let mut allowances = Vec::new();
    match catalog_of(&source, folder, shelf) {
        Err(finding) => {
            findings.extend(load_key(&source, None).findings);
            findings.extend(finding.map(|finding| *finding));
        }
        Ok(catalog) => {
            let loaded = load_key(&source, Some(&catalog));
            findings.extend(loaded.findings);
            if let Some(mut key) = loaded.key {
                if let Some(name) = &args.environment {
                    key = in_environment(key, &catalog, name)?;
                }
                if !args.log.is_empty() {
                    add_observed(&mut key, &catalog, &args.log)?;
                }
                findings.extend(lint_key(&judge(&catalog, &key)));
                identity = format!("{}/{}", catalog.provider, key.name);
                allowances = key.allowances;
            }
        }
    }
    if !args.no_allow {
        let today = args.today.clone().unwrap_or_else(today);
        findings = accept(findings, &allowances, &today).findings;
    }
    let located = source.located();
    let span = |finding: &Finding| located.span(&finding.place);
    let hidden: Vec<_> = secrets.iter().map(|place| located.span(place)).collect();
    // What else is wrong with the words of a secret is no second fault.
    findings.retain(|finding| {
        finding.rule == "secret-in-file"
            || !hidden.iter().any(|secret| overlaps(secret, &span(finding)))
    });
    findings.sort_by_key(|finding| {
        (
            level(finding) == Level::Note,
            span(finding).start,
            finding.rule,
        )
    });
    findings.dedup();
    // Rules know no files; where one sends its reader to a command, this is the file that it means.
    for help in findings
        .iter_mut()
        .filter_map(|finding| finding.help.as_mut())
    {
        *help = help.replace("FILE", &source.name);
    }
    drop(located);
    Ok(Checked {
        source,
        identity,
        findings,
    })
}

/// Adds what logs have to the needs of a key. They stand where its name does.
fn add_observed(key: &mut Key, catalog: &Catalog, logs: &[PathBuf]) -> anyhow::Result<()> {
    let observed = observe(logs, catalog)?;
    for index in observed.endpoints {
        let kind = NeedKind::Endpoint(index);
        if !key.needs.iter().any(|need| need.kind == kind) {
            let at = FieldPath::root().field("name");
            key.needs.push(Need {
                kind,
                recipe: None,
                observed: true,
                at,
            });
        }
    }
    key.declares_needs |= observed.traffic.matched > 0;
    key.observed = Some(observed.traffic.matched);
    Ok(())
}

fn overlaps(a: &std::ops::Range<usize>, b: &std::ops::Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// Masks every secret before anything else reads the text, and reports each.
pub(super) fn without_secrets(mut source: Source, shelf: &Shelf) -> (Source, Vec<Finding>) {
    let prefixes = shelf.prefixes();
    let prefixes: Vec<&str> = prefixes.iter().map(String::as_str).collect();
    let secrets = find_secrets(&source.text, &prefixes, |_| false);
    source.text = masked(&source.text, &secrets);
    let mut found: Vec<(std::ops::Range<usize>, String)> = secrets
        .into_iter()
        .map(|secret| (secret.span, secret.what))
        .collect();
    // What is written with escapes is a secret only once they are resolved.
    if source.text.contains('\\') {
        for (span, text) in source.texts() {
            if let Some(secret) = find_secrets(&text, &prefixes, |_| false).into_iter().next() {
                let written = &source.text[span.clone()];
                let quotes = usize::from(written.starts_with(['"', '\'']));
                let mut hidden = "x".repeat(written.len());
                hidden.replace_range(..quotes, &written[..quotes]);
                hidden.replace_range(written.len() - quotes.., &written[..quotes]);
                source.text.replace_range(span.clone(), &hidden);
                found.push((span, secret.what));
            }
        }
    }
    let findings = found.into_iter().map(|(span, what)| {
        Finding::new("secret-in-file", Place::At(span), format!("this is {what}"))
            .label("a key file never holds a key")
            .help("rotate it: it has been read by everybody who can read this file; then remove it here")
    });
    (source, findings.collect())
}

/// The catalog that a key file names; else what to say, which is nothing where its provider cannot be read.
pub(super) fn catalog_of(
    source: &Source,
    folder: Option<&Path>,
    shelf: &Shelf,
) -> Result<Rc<Catalog>, Option<Box<Finding>>> {
    let Some(name) = declared_provider(source) else {
        return Err(None);
    };
    shelf.named(&name, folder).map_err(|error| {
        let place = FieldPath::root().field("provider").value();
        let mut finding = Finding::new("unknown-provider", place, error.to_string());
        finding.help = error
            .downcast_ref::<Refusal>()
            .and_then(|refusal| refusal.help.clone());
        Some(Box::new(finding))
    })
}

/// A key file and its catalog, for commands that ask about a key. Fails where the file has a fault of its own.
pub(super) fn read_key(path: &Path, shelf: &Shelf) -> anyhow::Result<(Rc<Catalog>, Key)> {
    let name = shown(path);
    let source = match path == Path::new("-") {
        true => read_stdin()?,
        false => read_source(path)?
            .map_err(|reason| Refusal::new(format!("cannot read `{name}`: {reason}")))?,
    };
    let (source, _) = without_secrets(source, shelf);
    let help = || format!("scopes check --key-file {name}");
    let catalog = match catalog_of(&source, path.parent(), shelf) {
        Ok(catalog) => catalog,
        Err(Some(finding)) => {
            return Err(Refusal::new(finding.message)
                .help(finding.help.unwrap_or_else(help))
                .into());
        }
        Err(None) => {
            return Err(
                Refusal::new(format!("`{name}` cannot be read as a key file"))
                    .help(help())
                    .into(),
            );
        }
    };
    let loaded = load_key(&source, Some(&catalog));
    match loaded.key {
        Some(key) if loaded.findings.is_empty() => Ok((catalog, key)),
        _ => {
            let number = loaded.findings.len();
            let faults = if number == 1 {
                "a fault".to_owned()
            } else {
                format!("{number} faults")
            };
            Err(Refusal::new(format!("`{name}` has {faults}"))
                .help(help())
                .into())
        }
    }
}
