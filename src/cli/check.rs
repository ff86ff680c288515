//! `scopes check`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use clap::Args;

use super::environment::in_environment;
use super::linter::{Linter, LinterArgs, Looked, Run, nothing};
use super::refusal::Refusal;
use super::settings::Settings;
use super::shelf::Shelf;
use super::traffic::observe;
use super::world::{World, read_bytes, read_source, read_stdin, shown, write_atomically};
use crate::check::judge;
use crate::finding::Finding;
use crate::lint::lint_key;
use crate::load::{declared_provider, find_possible_secrets, find_secrets, load_key, masked};
use crate::model::{Allowance, Catalog, Key, Need, NeedKind};
use crate::source::{NotText, Path as FieldPath, Place, Source, Syntax};

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Key files, and folders of them; `-` reads standard input. Without any, what scopes.toml names, else this folder
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// A key file; can be given several times
    #[arg(long, value_name = "FILE")]
    key_file: Vec<PathBuf>,
    /// Judge this environment of the keys alone
    #[arg(short, long, value_name = "ENV")]
    environment: Option<String>,
    /// A log of requests that count as needs beside the declared ones; can be given several times
    #[arg(long, value_name = "FILE")]
    log: Vec<PathBuf>,
    /// The name to give standard input; its extension says how it is written
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<PathBuf>,
    #[command(flatten)]
    linter: LinterArgs,
}

pub(super) fn run(
    args: &CheckArgs,
    shelf: &Shelf,
    settings: &Settings,
    world: &mut World,
) -> anyhow::Result<u8> {
    let linter = Linter::new(&args.linter, settings)?;
    if linter.mends() && args.environment.is_some() {
        let refusal = Refusal::new("a mend looks at all environments of a key");
        return Err(refusal.help("leave `-e` out").into());
    }
    let mut seen = files(args, settings)?;
    let mut run = Run {
        command: "check",
        noun: "key",
        looked: Vec::new(),
        mended: Vec::new(),
        diffs: String::new(),
        passed_over: seen.passed_over,
        refused: false,
        is_complete: seen.is_complete,
        examples: 0,
    };
    let checker = Checker {
        args,
        shelf,
        settings,
    };
    for path in std::mem::take(&mut seen.files) {
        let looked = match linter.mends() {
            true => checker.mend_file(&path, &linter, &mut run),
            false => checker.look_at_file(&path),
        };
        match looked {
            Ok(file) => run.looked.push(file),
            Err(error) => {
                world.fail(&error);
                run.refused = true;
            }
        }
    }
    if run.looked.is_empty() && !run.refused {
        let help = "a key file is YAML, TOML or JSON with `provider` and `name` at the top";
        return Err(nothing("key file", &seen.empty).help(help).into());
    }
    find_clashes(&mut run.looked);
    linter.finish(run, world)
}

/// What there is to look at.
struct Seen {
    files: Vec<PathBuf>,
    /// Folders without a key file, each with how many files are something else.
    empty: Vec<(String, usize)>,
    passed_over: usize,
    /// Whether it is all that the configuration names.
    is_complete: bool,
}

fn files(args: &CheckArgs, settings: &Settings) -> anyhow::Result<Seen> {
    let mut seen = Seen {
        files: Vec::new(),
        empty: Vec::new(),
        passed_over: 0,
        is_complete: false,
    };
    for path in &args.key_file {
        if path.is_dir() {
            let name = shown(path);
            let refusal = Refusal::new(format!("`{name}` is a folder, not a key file"));
            return Err(refusal.help(format!("scopes check {name}")).into());
        }
        seen.files.push(path.clone());
    }
    let nothing_named = args.paths.is_empty() && args.key_file.is_empty();
    if nothing_named && !settings.config.keys.is_empty() {
        seen.is_complete = true;
        for path in settings.files(&settings.config.keys)? {
            match is_key_file(&path) {
                true => seen.files.push(path),
                false => seen.passed_over += 1,
            }
        }
        if seen.files.is_empty() {
            let patterns = settings.config.keys.join(", ");
            let message =
                format!("nothing to check: scopes.toml names no key file with `{patterns}`");
            return Err(Refusal::new(message)
                .help("a key file is YAML, TOML or JSON with `provider` and `name` at the top")
                .into());
        }
    }
    let here = [PathBuf::from(".")];
    let paths = match nothing_named && settings.config.keys.is_empty() {
        true => &here[..],
        false => &args.paths[..],
    };
    for path in paths {
        if path.is_dir() {
            let (keys, other) = walk(path);
            seen.passed_over += other;
            if keys.is_empty() {
                seen.empty.push((shown(path), other));
            }
            seen.files.extend(keys);
        } else {
            seen.files.push(path.clone());
        }
    }
    let mut once = std::collections::HashSet::new();
    seen.files
        .retain(|path| once.insert(std::fs::canonicalize(path).unwrap_or_else(|_| path.clone())));
    Ok(seen)
}

/// Reports every key whose provider and name another file has: nobody could tell the two apart.
fn find_clashes(looked: &mut [Looked]) {
    looked.sort_by(|a, b| a.source.name.cmp(&b.source.name));
    let mut first: HashMap<String, String> = HashMap::new();
    for file in looked {
        if file.identity == file.source.name {
            continue;
        }
        match first.get(&file.identity) {
            None => {
                first.insert(file.identity.clone(), file.source.name.clone());
            }
            Some(other) => {
                let name = file.identity.rsplit('/').next().unwrap_or_default();
                let message = format!("`{other}` describes a key `{}` too", file.identity);
                let place = FieldPath::root().field("name").value();
                file.findings.push(
                    Finding::new("key-name-clash", place, message)
                        .label(format!("`{name}` is taken"))
                        .help("give one of them another name, or make them one file"),
                );
            }
        }
    }
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
        if is_key_file(&path) {
            keys.push(
                path.strip_prefix("./")
                    .map(Path::to_path_buf)
                    .unwrap_or(path),
            );
        } else {
            other += 1;
        }
    }
    (keys, other)
}

/// Whether a file is one of ours, by its extension and its fields.
fn is_key_file(path: &Path) -> bool {
    let Some(syntax) = Syntax::of(path) else {
        return false;
    };
    match read_source(path) {
        Ok(Ok(source)) => looks_like_a_key_file(&source),
        // One that is no text is still meant as a key where it begins as one.
        Ok(Err(_)) => read_bytes(path).is_ok_and(|bytes| {
            let text = String::from_utf8_lossy(&bytes).replace('\0', "");
            let name = shown(path);
            looks_like_a_key_file(&Source { name, text, syntax })
        }),
        Err(_) => false,
    }
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

/// Looks at key files, one by one.
struct Checker<'a> {
    args: &'a CheckArgs,
    shelf: &'a Shelf,
    settings: &'a Settings,
}

impl Checker<'_> {
    fn look_at_file(&self, path: &Path) -> anyhow::Result<Looked> {
        let source = if path == Path::new("-") {
            self.stdin()?
        } else {
            match read_source(path)? {
                Ok(source) => source,
                Err(reason) => return Ok(not_text(path, reason)),
            }
        };
        refuse_catalog(&source)?;
        self.look(source, path.parent())
    }

    fn stdin(&self) -> anyhow::Result<Source> {
        let mut source = read_stdin()?;
        if let Some(name) = &self.args.stdin_filename {
            source.name = shown(name);
            source.syntax = Syntax::of(name).unwrap_or(Syntax::Yaml);
        }
        Ok(source)
    }

    /// Mends a file, or shows how it would be, and looks at what is left.
    fn mend_file(&self, path: &Path, linter: &Linter<'_>, run: &mut Run) -> anyhow::Result<Looked> {
        let is_stdin = path == Path::new("-");
        if is_stdin && linter.writes_mends() {
            let refusal = Refusal::new("standard input cannot be mended where it stands");
            return Err(refusal.help("`--diff` shows what would change").into());
        }
        let (source, bytes) = if is_stdin {
            (self.stdin()?, Vec::new())
        } else {
            match read_source(path)? {
                Ok(source) => (source, read_bytes(path)?),
                Err(reason) => return Ok(not_text(path, reason)),
            }
        };
        refuse_catalog(&source)?;
        let folder = path.parent();
        let look = |text: &str| {
            let text = text.to_owned();
            self.look(
                Source {
                    text,
                    ..source.clone()
                },
                folder,
            )
        };
        let outcome = linter.mend(&source.text, look)?;
        if outcome.mended.is_empty() {
            return Ok(outcome.looked);
        }
        if linter.writes_mends() {
            // A byte order mark is no part of the text, and stays.
            let mark = bytes.len() - source.text.len();
            let mut new = bytes[..mark].to_vec();
            new.extend_from_slice(outcome.text.as_bytes());
            write_atomically(path, &new)?;
            run.mended.push((source.name.clone(), outcome.mended));
        } else {
            run.diffs.push_str(&outcome.diff);
        }
        Ok(outcome.looked)
    }

    /// Everything that is to be said about one key file, before levels and acceptance.
    fn look(&self, source: Source, folder: Option<&Path>) -> anyhow::Result<Looked> {
        let Self {
            args,
            shelf,
            settings,
        } = *self;
        let catalog = catalog_of(&source, folder, shelf);
        let prefixes = catalog.as_ref().ok().map(|catalog| prefixes_of(catalog));
        let (mut source, mut findings) =
            without_secrets(source, shelf, prefixes.as_deref().unwrap_or_default());
        find_randomness(&mut source, catalog.as_deref().ok(), &mut findings);
        let mut identity = source.name.clone();
        let loaded = load_key(&source, catalog.as_deref().ok());
        findings.extend(loaded.findings);
        let mut is_judged = false;
        match catalog {
            Err(finding) => findings.extend(finding.map(|finding| *finding)),
            Ok(catalog) => {
                if let Some(mut key) = loaded.key {
                    if let Some(name) = &args.environment {
                        key = in_environment(key, &catalog, name)?;
                    }
                    if !args.log.is_empty() {
                        add_observed(&mut key, &catalog, &args.log)?;
                    }
                    let judgement = judge(&catalog, &key, settings.config.budget);
                    findings.extend(lint_key(&judgement));
                    if !key.name.is_empty() {
                        identity = format!("{}/{}", catalog.provider, key.name);
                    }
                    is_judged = true;
                }
            }
        }
        without_echoes(&source, &mut findings);
        // Rules know no files; where one sends its reader to a command, this is the file that it means.
        let helps = findings
            .iter_mut()
            .filter_map(|finding| finding.help.as_mut());
        for help in helps {
            *help = help.replace("FILE", &source.name);
        }
        // What is left out of the judgement is accepted by nothing, which is no fault of what accepts it.
        let is_partial = args.environment.is_some() || !args.log.is_empty() || !is_judged;
        Ok(Looked {
            source,
            identity,
            findings,
            allowances: loaded
                .allowances
                .into_iter()
                .map(|allowance| Allowance {
                    may_be_unused: is_partial,
                    ..allowance
                })
                .collect(),
        })
    }
}

fn refuse_catalog(source: &Source) -> anyhow::Result<()> {
    if looks_like_a_catalog(source) {
        let name = &source.name;
        let refusal = Refusal::new(format!("`{name}` is a catalog, not a key file"));
        return Err(refusal.help(format!("scopes lint {name}")).into());
    }
    Ok(())
}

/// A file that is no text: one finding, where what can be read ends.
pub(super) fn not_text(path: &Path, why: NotText) -> Looked {
    let end = why.before.len();
    let source = Source {
        name: shown(path),
        text: why.before,
        syntax: Syntax::Yaml,
    };
    let message = format!("this file cannot be read: {}", why.reason);
    Looked {
        identity: source.name.clone(),
        source,
        findings: vec![Finding::new("syntax-error", Place::At(end..end), message)],
        allowances: Vec::new(),
    }
}

fn prefixes_of(catalog: &Catalog) -> Vec<String> {
    let types = catalog.key_types.iter();
    types
        .flat_map(|key_type| key_type.prefixes.iter().cloned())
        .collect()
}

/// Masks and reports what looks like key material although no provider declares it.
fn find_randomness(source: &mut Source, catalog: Option<&Catalog>, findings: &mut Vec<Finding>) {
    let is_known = |word: &str| catalog.is_some_and(|catalog| catalog.meaning(word).is_some());
    let found = find_possible_secrets(&source.text, is_known);
    if found.is_empty() {
        return;
    }
    source.text = masked(&source.text, &found);
    findings.extend(found.into_iter().map(|secret| {
        Finding::new(
            "possible-secret",
            Place::At(secret.span),
            "this may be a secret: a long random string",
        )
        .label("hidden here")
        .help("if it is one, rotate it and take it out; if not, accept it under `allow`")
    }));
}

/// What else is wrong with the words of a secret is no second fault.
fn without_echoes(source: &Source, findings: &mut Vec<Finding>) {
    let is_secret =
        |finding: &Finding| matches!(finding.rule, "secret-in-file" | "possible-secret");
    if !findings.iter().any(is_secret) {
        return;
    }
    let located = source.located();
    let spans = |rule: &str| -> Vec<_> {
        let secrets = findings.iter().filter(|finding| finding.rule == rule);
        secrets
            .map(|finding| located.span(&finding.place))
            .collect()
    };
    let (certain, possible) = (spans("secret-in-file"), spans("possible-secret"));
    findings.retain(|finding| {
        let span = located.span(&finding.place);
        let stands_in = |secrets: &[std::ops::Range<usize>]| {
            secrets.iter().any(|secret| overlaps(secret, &span))
        };
        match finding.rule {
            "secret-in-file" => true,
            "possible-secret" => !stands_in(&certain),
            _ => !stands_in(&certain) && !stands_in(&possible),
        }
    });
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
///
/// `more` are prefixes beside those of the catalogs at hand.
pub(super) fn without_secrets(
    mut source: Source,
    shelf: &Shelf,
    more: &[String],
) -> (Source, Vec<Finding>) {
    let prefixes = shelf.prefixes();
    let prefixes: Vec<&str> = prefixes.iter().chain(more).map(String::as_str).collect();
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
    shelf.for_key(&name, folder).map_err(|error| {
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
    let (source, _) = without_secrets(source, shelf, &[]);
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
