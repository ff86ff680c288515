//! `scopes check`.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use clap::Args;

use super::environment::both_names;
use super::files::{
    Before, Border, FileKind, Origin, as_source, read_bytes, read_source, read_stdin,
    refuse_other_syntax, shown, write_whole,
};
use super::guess::no_such_path;
use super::key::catalog_of;
use super::kinds::{is_key_file, refuse_other};
use super::linter::{FixArgs, Linter, LinterArgs, Looked, Run, nothing};
use super::refusal::Refusal;
use super::secrets::{find_randomness, prefixes_of, without_echoes, without_secrets};
use super::settings::Settings;
use super::shelf::Shelf;
use super::status::Status;
use super::traffic::{Observed, observe};
use super::usage::environment_name;
use super::walk::Walked;
use super::world::World;
use crate::check::judge;
use crate::finding::Finding;
use crate::lint::{Kind, Outlook, lint_key};
use crate::load::load_key;
use crate::model::{Allowance, Catalog, Key, Need, NeedKind};
use crate::render::Examples;
use crate::source::{Date, NotText, Path as FieldPath, Place, Source, Syntax};

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// Key files, and folders of them; `-` reads standard input. Without any, what scopes.toml names, else this folder
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// A key file; can be given several times
    #[arg(long, value_name = "FILE")]
    key_file: Vec<PathBuf>,
    /// Judge this environment of the keys alone
    #[arg(short, long, value_name = "ENV", value_parser = environment_name)]
    environment: Option<String>,
    /// A log of requests that count as needs beside the declared ones; can be given several times
    #[arg(long, value_name = "FILE")]
    log: Vec<PathBuf>,
    /// The name to give standard input; its extension says how it is written
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<PathBuf>,
    #[command(flatten)]
    linter: LinterArgs,
    #[command(flatten)]
    fix: FixArgs,
}

pub(super) fn run(
    args: &CheckArgs,
    shelf: &Shelf,
    settings: &Settings,
    world: &mut World,
) -> anyhow::Result<Status> {
    let mut linter = Linter::new(&args.linter, args.fix, settings)?;
    linter.is_view = args.environment.is_some();
    let whole = match (linter.fixes(), linter.writes_baseline()) {
        (true, _) => Some("a fix looks at"),
        (_, true) => Some("a baseline records"),
        (false, false) => None,
    };
    if let Some(whole) = whole.filter(|_| args.environment.is_some()) {
        let refusal = Refusal::new(format!("{whole} all environments of a key"));
        return Err(refusal.help("leave `-e` out").into());
    }
    let mut named = args.paths.iter().chain(&args.key_file);
    if args.stdin_filename.is_some() && named.all(|path| path != Path::new("-")) {
        let refusal = Refusal::new("`--stdin-filename` names standard input, which is not read");
        let help = "name `-` as well: scopes check - --stdin-filename NAME";
        return Err(refusal.help(help).into());
    }
    let mut seen = files(args, shelf, settings)?;
    let mut run = Run {
        kind: Kind::Key,
        looked: Vec::new(),
        fixed: Vec::new(),
        diffs: String::new(),
        passed_over: seen.passed_over,
        below: std::mem::take(&mut seen.below),
        examples: Examples::default(),
    };
    world.refuse_each(&seen.unreadable);
    let checker = Checker {
        args,
        shelf,
        settings,
        today: linter.today(),
        observed: RefCell::default(),
    };
    for path in std::mem::take(&mut seen.files) {
        let looked = match linter.fixes() {
            true => checker.fix_file(&path, &linter, &mut run),
            false => checker.look_at_file(&path, &linter),
        };
        match looked {
            Ok(file) => run.looked.push(file),
            Err(error) => world.fail(&error),
        }
    }
    if let Some((_, observed)) = checker.observed.borrow().first()
        && let Some(lines) = observed.traffic.of_too_long()
    {
        world.remark(&format!("note: lines of the logs were skipped: {lines}"));
    }
    if run.looked.is_empty() && !world.has_refused() {
        let help = "a key file is YAML, TOML or JSON with `provider` and `name` at the top";
        return Err(nothing("key file", &seen.empty).help(help).into());
    }
    find_clashes(&mut run.looked);
    linter.finish(run, world)
}

/// What there is to look at.
struct Seen {
    files: Vec<PathBuf>,
    /// What could not be looked into.
    unreadable: Vec<Refusal>,
    /// Folders without a key file, each with how many files are something else.
    empty: Vec<(String, usize)>,
    passed_over: usize,
    /// The folders that were looked through, and the files that were named.
    below: Vec<PathBuf>,
}

fn files(args: &CheckArgs, shelf: &Shelf, settings: &Settings) -> anyhow::Result<Seen> {
    let mut seen = Seen {
        files: Vec::new(),
        unreadable: Vec::new(),
        empty: Vec::new(),
        passed_over: 0,
        below: Vec::new(),
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
        seen.below = settings.beginnings(&settings.config.keys);
        let walked = settings.files(&settings.config.keys)?;
        seen.unreadable = walked.unreadable;
        for path in walked.files {
            match is_key_file(&path) {
                true => seen.files.push(path),
                false => seen.passed_over += 1,
            }
        }
        if seen.files.is_empty() && seen.unreadable.is_empty() {
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
    seen.below
        .extend(paths.iter().chain(&args.key_file).cloned());
    for path in paths {
        if path.is_dir() {
            let walked = Walked::below(path, is_key_file);
            seen.passed_over += walked.passed_over;
            if walked.files.is_empty() {
                seen.empty.push((shown(path), walked.passed_over));
            }
            seen.files.extend(walked.files);
            seen.unreadable.extend(walked.unreadable);
        } else if path.exists() || path == Path::new("-") {
            seen.files.push(path.clone());
        } else {
            seen.unreadable.push(no_such_path(
                path,
                &shelf.all(),
                "`scopes check` without a path looks through this folder",
            ));
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

/// Looks at key files, one by one.
struct Checker<'a> {
    args: &'a CheckArgs,
    shelf: &'a Shelf,
    settings: &'a Settings,
    today: Date,
    /// What the logs have for each catalog: a file is looked at many times, and a log may be a pipe.
    observed: RefCell<Vec<(Rc<Catalog>, Rc<Observed>)>>,
}

impl Checker<'_> {
    /// What the logs have of a catalog, read once.
    fn observed(&self, catalog: &Rc<Catalog>) -> anyhow::Result<Rc<Observed>> {
        let mut known = self.observed.borrow_mut();
        if let Some((_, observed)) = known.iter().find(|(one, _)| Rc::ptr_eq(one, catalog)) {
            return Ok(Rc::clone(observed));
        }
        let observed = Rc::new(observe(&self.args.log, catalog)?);
        known.push((Rc::clone(catalog), Rc::clone(&observed)));
        Ok(observed)
    }

    fn look_at_file(&self, path: &Path, linter: &Linter<'_>) -> anyhow::Result<Looked> {
        let source = if path == Path::new("-") {
            self.stdin()?
        } else {
            match read_source(path, FileKind::Key, self.origin(path))? {
                Ok(source) => source,
                Err(reason) => return Ok(not_text(path, reason)),
            }
        };
        refuse_other(&source)?;
        let folder = self.folder_of(path);
        let mut looked = self.look(source.clone(), folder)?;
        let look = |text: &str| {
            let text = text.to_owned();
            let source = Source {
                text,
                ..source.clone()
            };
            self.look(source, folder)
        };
        linter.promise(&mut looked, look)?;
        Ok(looked)
    }

    /// Who named a file: it stands on the command line, or was found in a folder or by the configuration.
    fn origin(&self, path: &Path) -> Origin {
        let mut named = self.args.paths.iter().chain(&self.args.key_file);
        match named.any(|one| one == path) {
            true => Origin::Named,
            false => Origin::Found,
        }
    }

    /// What writing a file must not lead out of; nothing where the file was named.
    fn border(&self, path: &Path) -> Option<Border> {
        if self.origin(path) == Origin::Named {
            return None;
        }
        let named = self.args.paths.iter().find(|one| path.starts_with(one));
        let folder = named.unwrap_or(&self.settings.folder);
        Some(Border::around(folder))
    }

    /// The folder that a file names others from; of standard input that of the name it is given.
    fn folder_of<'p>(&'p self, path: &'p Path) -> Option<&'p Path> {
        match (path == Path::new("-"), &self.args.stdin_filename) {
            (true, Some(name)) => name.parent(),
            _ => path.parent(),
        }
    }

    fn stdin(&self) -> anyhow::Result<Source> {
        let mut source = read_stdin(FileKind::Key)?;
        match &self.args.stdin_filename {
            Some(name) => {
                source.name = shown(name);
                source.syntax = Syntax::of(name).unwrap_or(Syntax::Yaml);
            }
            None => {
                refuse_other_syntax(&source, |name| format!("say so: --stdin-filename {name}"))?;
            }
        }
        Ok(source)
    }

    /// Fixes a file, or shows how it would be, and looks at what is left.
    fn fix_file(&self, path: &Path, linter: &Linter<'_>, run: &mut Run) -> anyhow::Result<Looked> {
        let is_stdin = path == Path::new("-");
        if is_stdin && linter.writes_fixes() {
            let refusal = Refusal::new("standard input cannot be fixed in place");
            return Err(refusal.help("`--diff` shows what would change").into());
        }
        let (source, bytes) = if is_stdin {
            (self.stdin()?, Vec::new())
        } else {
            let bytes = read_bytes(path, FileKind::Key, self.origin(path))?;
            match as_source(path, &bytes) {
                Ok(source) => (source, bytes),
                Err(reason) => return Ok(not_text(path, reason)),
            }
        };
        refuse_other(&source)?;
        let folder = self.folder_of(path);
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
        let mut outcome = linter.fix(&source.text, look)?;
        linter.promise(&mut outcome.looked, look)?;
        if outcome.fixed.is_empty() {
            return Ok(outcome.looked);
        }
        if linter.writes_fixes() {
            // A byte order mark is no part of the text, and stays.
            let mark = bytes.len() - source.text.len();
            let mut new = bytes[..mark].to_vec();
            new.extend_from_slice(outcome.text.as_bytes());
            let before = Before::Text(&source.text);
            write_whole(path, &new, before, self.border(path).as_ref())?;
            run.fixed.push((source.name.clone(), outcome.fixed));
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
            ref today,
            ..
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
        let mut outlook = None;
        let edition = catalog.as_deref().ok().map(Catalog::edition);
        let mut view = args.environment.clone().map(|name| (name.clone(), name));
        match catalog {
            Err(finding) => findings.extend(finding.map(|finding| *finding)),
            Ok(catalog) => {
                if let Some(mut key) = loaded.key {
                    if let Some(name) = &args.environment {
                        view = Some(both_names(&key, &catalog, name)?);
                    }
                    if !args.log.is_empty() {
                        add_observed(&mut key, &*self.observed(&catalog)?);
                    }
                    let judgement = judge(&catalog, &key, settings.config.budget);
                    findings = lint_key(&judgement, today, findings);
                    outlook = Some(Outlook::of(&judgement));
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
            *help = help.replace(
                "`scopes diff FILE`",
                &format!("`scopes diff {}`", source.name),
            );
        }
        // What is left out of the judgement is accepted by nothing, which is no fault of what accepts it.
        let is_partial = !args.log.is_empty() || !is_judged;
        Ok(Looked {
            source,
            identity,
            findings,
            allowances: loaded
                .allowances
                .into_iter()
                .map(|allowance| Allowance {
                    may_be_unused: is_partial || allowance.may_be_unused,
                    ..allowance
                })
                .collect(),
            catalog: edition,
            outlook,
            promise: None,
            view,
        })
    }
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
        catalog: None,
        outlook: None,
        promise: None,
        view: None,
    }
}

/// Adds what logs have to the needs of a key. They stand where its name does.
fn add_observed(key: &mut Key, observed: &Observed) {
    for index in &observed.endpoints {
        let kind = NeedKind::Endpoint(*index);
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
}
