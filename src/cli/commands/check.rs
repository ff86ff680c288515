//! `scopes check`.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use clap::Args;

use crate::check::judge;
use crate::cli::catalogs::Catalogs;
use crate::cli::files::{
    Before, Border, FileKind, Origin, as_raw_source, is_too_large, may_have_fields, read_bytes,
    read_raw_stdin, refuse_other_syntax, shown, write_whole,
};
use crate::cli::guess::no_such_path;
use crate::cli::key::catalog_named;
use crate::cli::kinds::{is_key_file, looks_like_a_key_file, may_be_a_key_file, refuse_other};
use crate::cli::linter::{
    FixArgs, FixedFile, Linter, LinterArgs, Looked, LookedFile, Run, not_text, nothing,
};
use crate::cli::lookup::both_names;
use crate::cli::secrets::{hide_all, without_echoes, without_secrets};
use crate::cli::session::Session;
use crate::cli::settings::Settings;
use crate::cli::status::Status;
use crate::cli::threads;
use crate::cli::traffic::{Observed, observe};
use crate::cli::usage::environment_name;
use crate::cli::user_error::UserError;
use crate::cli::walk::Walked;
use crate::finding::{Finding, RuleId};
use crate::lint::{Kind, Outlook, lint_key};
use crate::load::{KeyReading, load_read_key};
use crate::model::{Allowance, Catalog, Edition, Key, Need, NeedKind};
use crate::render::findings::{Examples, Skip};
use crate::source::{NotText, Path as FieldPath, Segment, Source, Syntax};

#[derive(Debug, Args)]
pub(in crate::cli) struct CheckArgs {
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
    /// Look at so many files at once [default: as many as there are processors]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    #[command(flatten)]
    linter: LinterArgs,
    #[command(flatten)]
    fix: FixArgs,
}

pub(in crate::cli) fn run(
    args: &CheckArgs,
    catalogs: &Catalogs,
    settings: &Settings,
    session: &mut Session,
) -> anyhow::Result<Status> {
    let mut linter = Linter::new(&args.linter, args.fix, settings)?;
    linter.is_view = args.environment.is_some();
    let whole = match (linter.fixes(), linter.writes_baseline()) {
        (true, _) => Some("a fix looks at"),
        (_, true) => Some("a baseline records"),
        (false, false) => None,
    };
    if let Some(whole) = whole.filter(|_| args.environment.is_some()) {
        let refusal = UserError::new(format!("{whole} all environments of a key"));
        return Err(refusal.help("leave `-e` out").into());
    }
    let mut named = args.paths.iter().chain(&args.key_file);
    if args.stdin_filename.is_some() && named.all(|path| path != Path::new("-")) {
        let refusal = UserError::new("`--stdin-filename` names standard input, which is not read");
        let help = "name `-` as well: scopes check - --stdin-filename NAME";
        return Err(refusal.help(help).into());
    }
    let Seen {
        files,
        unreadable,
        idle,
        mut folders,
        mut skipped,
        below,
    } = files(args, catalogs, settings)?;
    session.refuse_each(&unreadable);
    for pattern in idle.iter().filter(|_| !files.is_empty()) {
        session.remark(&format!("note: `{pattern}` in scopes.toml names no file"));
    }
    if linter.shows_files() {
        let is_key = |file: &Candidate| !file.is_found || is_key_file(&file.path);
        let (keys, others): (Vec<_>, Vec<_>) = files.into_iter().partition(is_key);
        skipped.extend(others.into_iter().map(|file| (file.path, Skip::Other)));
        let keys: Vec<PathBuf> = keys.into_iter().map(|file| file.path).collect();
        return linter.show_files(Kind::Key, &keys, &skipped, session);
    }
    let checker = Checker {
        args,
        catalogs,
        settings,
        linter: &linter,
        observed: Mutex::default(),
        editions: Mutex::default(),
    };
    let threads = args.jobs.map_or_else(threads::available, usize::from);
    let answers = threads::for_each(&files, threads, |file| checker.answer(file));
    let mut run = Run {
        kind: Kind::Key,
        looked: Vec::with_capacity(answers.len()),
        fixed: Vec::new(),
        diffs: String::new(),
        passed_over: skipped.iter().map(|(_, reason)| *reason).collect(),
        below,
        examples: Examples::default(),
        catalogs: BTreeSet::new(),
    };
    for (number, answer) in answers.into_iter().enumerate() {
        match answer {
            Answer::Other => {
                run.passed_over.push(Skip::Other);
                if let Some(folder) = files[number].found_in {
                    folders[folder].1.push(Skip::Other);
                }
            }
            Answer::Failed(error) => session.fail(&error),
            Answer::Looked(looked, fixed) => {
                run.looked.push(LookedFile { number, ..looked });
                match fixed.map(|fixed| *fixed) {
                    Some(FixedFile::Written(name, fixed)) => run.fixed.push((name, fixed)),
                    Some(FixedFile::Shown(diff)) => run.diffs.push_str(&diff),
                    None => {}
                }
            }
        }
    }
    if let Some(lines) = checker.skipped_lines() {
        session.remark(&format!("note: lines of the logs were skipped: {lines}"));
    }
    if run.looked.is_empty() && !session.has_refused() {
        return Err(no_key_file(args, settings, &folders).into());
    }
    let clashes = find_clashes(&mut run.looked);
    // A file without findings of its own kept none of its text, and one is to be shown of it now.
    let again = threads::for_each(&clashes, threads, |(index, _)| {
        let file = &run.looked[*index];
        match file.kept.is_some() {
            true => Ok(None),
            false => checker.look_at_file(&files[file.number]),
        }
    });
    for ((index, finding), again) in clashes.into_iter().zip(again) {
        let file = &mut run.looked[index];
        match again {
            Ok(again) => file.add(finding, again),
            Err(error) => session.fail(&error),
        }
    }
    drop(files);
    run.catalogs = checker.into_editions();
    linter.finish(run, session)
}

/// What to say where there was no key file to look at.
fn no_key_file(
    args: &CheckArgs,
    settings: &Settings,
    folders: &[(String, Vec<Skip>)],
) -> UserError {
    let help = "a key file is YAML, TOML or JSON with `provider` and `name` at the top";
    let is_configured = args.paths.is_empty() && args.key_file.is_empty();
    if is_configured && !settings.config.keys.is_empty() {
        let patterns = settings.config.keys.join(", ");
        let message = format!("nothing to check: scopes.toml names no key file with `{patterns}`");
        return UserError::new(message).help(help);
    }
    nothing("key file", folders).help(help)
}

/// A file that may be looked at.
struct Candidate {
    path: PathBuf,
    /// Whether it is only looked at where it is a key: it was found, not named.
    is_found: bool,
    /// The folder of those that were named in which it was found.
    found_in: Option<usize>,
}

impl Candidate {
    fn origin(&self) -> Origin {
        match self.is_found {
            true => Origin::Found,
            false => Origin::Named,
        }
    }
}

/// What there is to look at.
struct Seen {
    files: Vec<Candidate>,
    /// What could not be looked into.
    unreadable: Vec<UserError>,
    /// The patterns of scopes.toml that name no file.
    idle: Vec<String>,
    /// The folders that were named, each with why files in it were passed over; which are no key files is known once they are
    /// read.
    folders: Vec<(String, Vec<Skip>)>,
    skipped: Vec<(PathBuf, Skip)>,
    /// The folders that were looked through, and the files that were named.
    below: Vec<PathBuf>,
}

fn files(args: &CheckArgs, catalogs: &Catalogs, settings: &Settings) -> anyhow::Result<Seen> {
    let mut seen = Seen {
        files: Vec::new(),
        unreadable: Vec::new(),
        idle: Vec::new(),
        folders: Vec::new(),
        skipped: Vec::new(),
        below: Vec::new(),
    };
    let named = |path: &PathBuf| Candidate {
        path: path.clone(),
        is_found: false,
        found_in: None,
    };
    for path in &args.key_file {
        if path.is_dir() {
            let name = shown(path);
            let refusal = UserError::new(format!("`{name}` is a folder, not a key file"));
            return Err(refusal.help(format!("scopes check {name}")).into());
        }
        seen.files.push(named(path));
    }
    let nothing_named = args.paths.is_empty() && args.key_file.is_empty();
    if nothing_named && !settings.config.keys.is_empty() {
        seen.below = settings.beginnings(&settings.config.keys);
        let walked = settings.files(&settings.config.keys)?;
        seen.idle = walked.idle;
        seen.unreadable = walked.unreadable;
        seen.skipped = walked.skipped;
        seen.files
            .extend(walked.files.into_iter().map(|path| Candidate {
                path,
                is_found: true,
                found_in: None,
            }));
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
            // Whether a file is a key is told by whoever reads it: no file is read twice.
            let walked = Walked::below(path, |_| true);
            let found_in = Some(seen.folders.len());
            let reasons = walked.skipped.iter().map(|(_, reason)| *reason);
            seen.folders.push((shown(path), reasons.collect()));
            seen.skipped.extend(walked.skipped);
            seen.files
                .extend(walked.files.into_iter().map(|path| Candidate {
                    path,
                    is_found: true,
                    found_in,
                }));
            seen.unreadable.extend(walked.unreadable);
        } else if path.exists() || path == Path::new("-") {
            seen.files.push(named(path));
        } else {
            seen.unreadable.push(no_such_path(
                path,
                &catalogs.all(),
                "`scopes check` without a path looks through this folder",
            ));
        }
    }
    without_repetition(&mut seen.files);
    Ok(seen)
}

/// Takes every file out that stands there before, under this name or another. What is named counts before what is found,
/// which may be passed over.
fn without_repetition(files: &mut Vec<Candidate>) {
    let mut folders: HashMap<PathBuf, Option<PathBuf>> = HashMap::new();
    let mut once: HashSet<PathBuf> = HashSet::with_capacity(files.len());
    files.retain(|file| {
        let path = &file.path;
        let is_link = || path.symlink_metadata().is_ok_and(|data| data.is_symlink());
        let real = match (path.parent(), path.file_name()) {
            // A folder is resolved once for all of its files.
            (Some(parent), Some(name)) if !is_link() => {
                let folder = folders.entry(parent.to_path_buf()).or_insert_with(|| {
                    let is_here = parent.as_os_str().is_empty();
                    let parent = if is_here { Path::new(".") } else { parent };
                    std::fs::canonicalize(parent).ok()
                });
                folder.as_ref().map(|folder| folder.join(name))
            }
            _ => std::fs::canonicalize(path).ok(),
        };
        once.insert(real.unwrap_or_else(|| path.clone()))
    });
}

/// Finds every key whose provider and name another file has: nobody could tell the two apart. The files are sorted by name,
/// and each finding goes to the one with its index.
fn find_clashes(looked: &mut [LookedFile]) -> Vec<(usize, Finding)> {
    looked.sort_by(|a, b| a.name.cmp(&b.name));
    let mut first: HashMap<&str, &str> = HashMap::with_capacity(looked.len());
    let mut clashes = Vec::new();
    for (index, file) in looked.iter().enumerate() {
        if file.identity == file.name {
            continue;
        }
        match first.get(&*file.identity) {
            None => {
                first.insert(&file.identity, &file.name);
            }
            Some(other) => {
                let name = file.identity.rsplit('/').next().unwrap_or_default();
                let message = format!("`{other}` describes a key `{}` too", file.identity);
                let place = FieldPath::root().field("name").value();
                let finding = Finding::new(RuleId::KeyNameClash, place, message)
                    .label(format!("`{name}` is taken"))
                    .help("give one of them another name, or make them one file");
                clashes.push((index, finding));
            }
        }
    }
    clashes
}

/// What came of one file.
enum Answer {
    /// It is no key file, and was only found.
    Other,
    /// It could not be looked at.
    Failed(anyhow::Error),
    /// It was looked at, and may be fixed.
    Looked(LookedFile, Option<Box<FixedFile>>),
}

/// What the logs have of a catalog, or why they cannot be read.
type Observation = (Edition, Result<Arc<Observed>, UserError>);

/// Looks at key files, in several threads.
struct Checker<'a> {
    args: &'a CheckArgs,
    catalogs: &'a Catalogs,
    settings: &'a Settings,
    linter: &'a Linter<'a>,
    /// What the logs have for each catalog: a file is looked at many times, and a log may be a pipe.
    observed: Mutex<Vec<Observation>>,
    /// The catalogs that keys were judged by.
    editions: Mutex<BTreeSet<Edition>>,
}

impl Checker<'_> {
    /// What the logs have of a catalog, read once.
    fn observed(&self, catalog: &Catalog) -> anyhow::Result<Arc<Observed>> {
        let edition = catalog.edition();
        // Whoever comes second waits: a log is read once.
        let mut known = self.observed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, observed)) = known.iter().find(|(one, _)| *one == edition) {
            return Ok(observed.clone()?);
        }
        let observed = observe(&self.args.log, catalog)
            .map(Arc::new)
            .map_err(UserError::of);
        known.push((edition, observed.clone()));
        Ok(observed?)
    }

    /// Which lines of the logs were skipped, if any were.
    fn skipped_lines(&self) -> Option<String> {
        let known = self.observed.lock().unwrap_or_else(PoisonError::into_inner);
        let observed = known.iter().find_map(|(_, read)| read.as_ref().ok())?;
        observed.traffic.of_too_long()
    }

    /// The catalogs that keys were judged by.
    fn into_editions(self) -> BTreeSet<Edition> {
        self.editions
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads and looks at a file, and fixes it where that is asked for.
    fn answer(&self, file: &Candidate) -> Answer {
        let mut fixed = None;
        let looked = match self.linter.fixes() {
            true => self.fix_file(file, &mut fixed),
            false => self.look_at_file(file),
        };
        match looked {
            Ok(Some(mut looked)) => {
                if let Some(edition) = looked.catalog.take() {
                    let mut editions = self.editions.lock().unwrap_or_else(PoisonError::into_inner);
                    if !editions.contains(&edition) {
                        editions.insert(edition);
                    }
                }
                Answer::Looked(LookedFile::of(looked), fixed)
            }
            Ok(None) => Answer::Other,
            Err(error) => Answer::Failed(error),
        }
    }

    /// Reads a file, and what stands before its text in its bytes. `None` where it was only found and is no key file.
    fn read(&self, file: &Candidate) -> anyhow::Result<Option<ReadFile>> {
        let path = file.path.as_path();
        if path == Path::new("-") {
            return ReadFile::of(self.stdin()?, Vec::new(), false);
        }
        let syntax = Syntax::of(path);
        if file.is_found && syntax.is_none() {
            return Ok(None);
        }
        if file.is_found
            && is_too_large(path, FileKind::Key)
            && !may_have_fields(path, &["provider", "name"])
        {
            // Only what cannot be a key is passed over; the other is refused where it is read.
            return Ok(None);
        }
        let mut bytes = read_bytes(path, FileKind::Key, file.origin())?;
        match as_raw_source(path, &bytes) {
            Ok(source) => {
                // A byte order mark is no part of the text, and stays.
                bytes.truncate(bytes.len() - source.text.len());
                ReadFile::of(source, bytes, file.is_found)
            }
            Err(reason) => {
                let reason = Err(reason);
                if file.is_found && !may_be_a_key_file(path, &reason) {
                    return Ok(None);
                }
                Ok(reason.err().map(ReadFile::NotText))
            }
        }
    }

    /// Everything that is to be said about a file, and what `--fix` would do to it. `None` where it was only found and is no
    /// key file.
    fn look_at_file(&self, file: &Candidate) -> anyhow::Result<Option<Looked>> {
        let (source, reading) = match self.read(file)? {
            None => return Ok(None),
            Some(ReadFile::NotText(reason)) => return Ok(Some(not_text(&file.path, &reason))),
            Some(ReadFile::Text {
                source, reading, ..
            }) => (source, reading),
        };
        let folder = self.folder_of(&file.path);
        let (name, syntax) = (source.name.clone(), source.syntax);
        // Most files have nothing to fix, and are looked at once.
        let text = source.text.clone();
        let mut looked = self.look(source, *reading, folder, false)?;
        self.linter.promise(&mut looked, &text, |text| {
            self.look_at_text(&name, syntax, text, folder)
        })?;
        Ok(Some(looked))
    }

    /// Everything that is to be said about another text of a file.
    fn look_at_text(
        &self,
        name: &str,
        syntax: Syntax,
        text: &str,
        folder: Option<&Path>,
    ) -> anyhow::Result<Looked> {
        let source = Source {
            name: name.to_owned(),
            text: text.to_owned(),
            syntax,
        };
        let reading = KeyReading::of(&source);
        self.look(source, reading, folder, true)
    }

    /// What writing a file must not lead out of; nothing where the file was named.
    fn border(&self, file: &Candidate) -> Option<Border> {
        if !file.is_found {
            return None;
        }
        let mut named = self.args.paths.iter();
        let folder = named.find(|one| file.path.starts_with(one));
        Some(Border::around(folder.unwrap_or(&self.settings.folder)))
    }

    /// The folder that a file names others from; of standard input that of the name it is given.
    fn folder_of<'p>(&'p self, path: &'p Path) -> Option<&'p Path> {
        match (path == Path::new("-"), &self.args.stdin_filename) {
            (true, Some(name)) => name.parent(),
            _ => path.parent(),
        }
    }

    fn stdin(&self) -> anyhow::Result<Source> {
        let mut source = read_raw_stdin(FileKind::Key)?;
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
    fn fix_file(
        &self,
        file: &Candidate,
        fixed: &mut Option<Box<FixedFile>>,
    ) -> anyhow::Result<Option<Looked>> {
        let (path, linter) = (file.path.as_path(), self.linter);
        if path == Path::new("-") && linter.writes_fixes() {
            let refusal = UserError::new("standard input cannot be fixed in place");
            return Err(refusal.help("`--diff` shows what would change").into());
        }
        let (source, reading, mark) = match self.read(file)? {
            None => return Ok(None),
            Some(ReadFile::NotText(reason)) => return Ok(Some(not_text(path, &reason))),
            Some(ReadFile::Text {
                source,
                reading,
                mark,
            }) => (source, reading, mark),
        };
        let folder = self.folder_of(path);
        let (name, syntax) = (source.name.clone(), source.syntax);
        let text = source.text.clone();
        let looked = self.look(source, *reading, folder, false)?;
        let look = |text: &str| self.look_at_text(&name, syntax, text, folder);
        let mut outcome = linter.fix(looked, &text, look)?;
        linter.promise(&mut outcome.looked, &outcome.text, look)?;
        if outcome.fixed.is_empty() {
            return Ok(Some(outcome.looked));
        }
        if linter.writes_fixes() {
            let new = [&mark, outcome.text.as_bytes()].concat();
            let before = Before::Text(&text);
            write_whole(path, &new, before, self.border(file).as_ref())?;
            *fixed = Some(Box::new(FixedFile::Written(name, outcome.fixed)));
        } else {
            *fixed = Some(Box::new(FixedFile::Shown(outcome.diff)));
        }
        Ok(Some(outcome.looked))
    }

    /// Everything that is to be said about one key file, before levels and acceptance. `is_trial` where it is the text after
    /// a fix, which may do no more than it is allowed to.
    fn look(
        &self,
        source: Source,
        reading: KeyReading,
        folder: Option<&Path>,
        is_trial: bool,
    ) -> anyhow::Result<Looked> {
        let Self {
            args,
            catalogs,
            settings,
            ..
        } = *self;
        let catalog = catalog_named(reading.provider(), folder, catalogs);
        let prefixes = catalogs.own_prefixes();
        let (source, mut findings) = without_secrets(source, prefixes, catalog.as_deref().ok());
        // What is masked is not what was read.
        let reading = match findings.is_empty() {
            true => reading,
            false => KeyReading::of(&source),
        };
        let mut identity = source.name.clone();
        let loaded = load_read_key(&source, reading, catalog.as_deref().ok());
        findings.extend(loaded.findings);
        let mut is_judged = false;
        let mut outlook = None;
        let edition = catalog.as_deref().ok().map(Catalog::edition);
        let mut view = args.environment.clone().map(|name| (name.clone(), name));
        match catalog {
            Err(finding) => findings.extend(finding.map(|mut finding| {
                finding.message = hide_all(&finding.message, prefixes);
                *finding
            })),
            Ok(catalog) => {
                if let Some(mut key) = loaded.key {
                    if let Some(name) = &args.environment {
                        view = Some(both_names(&key, &catalog, name)?);
                    }
                    if !args.log.is_empty() {
                        add_observed(&mut key, &*self.observed(&catalog)?);
                    }
                    let judgement = judge(&catalog, &key, settings.config.budget);
                    let are_unread = findings.iter().any(hides_grants);
                    findings = lint_key(&judgement, &self.linter.today(), findings);
                    if are_unread && loaded.allowances.is_empty() {
                        // What is in a list that cannot be read may be what lacks; where that may be accepted, all is told.
                        findings.retain(|finding| finding.rule != RuleId::MissingScope);
                    }
                    // Without a fix nobody asks what one may change; an allowance may get one.
                    let may_be_fixed = !loaded.allowances.is_empty()
                        || findings.iter().any(|finding| finding.fix.is_some());
                    if is_trial || may_be_fixed {
                        outlook = Some(Outlook::of(&judgement));
                    }
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

/// Whether a finding is that a whole list of grants cannot be read.
fn hides_grants(finding: &Finding) -> bool {
    let path = finding.place.path().map(|path| path.0.as_slice());
    let last = match path {
        Some([last]) => Some(last),
        Some([Segment::Field(section), _, last]) if section == "environments" => Some(last),
        _ => None,
    };
    let is_list = |name: &str| matches!(name, "scopes" | "bundles");
    finding.rule == RuleId::WrongType
        && last.is_some_and(|last| matches!(last, Segment::Field(name) if is_list(name)))
}

/// A file that was read.
enum ReadFile {
    /// It is no text, for this reason.
    NotText(NotText),
    Text {
        source: Source,
        reading: Box<KeyReading>,
        /// What stands before the text in the file: a byte order mark.
        mark: Vec<u8>,
    },
}

impl ReadFile {
    /// A text with its shape, which tells whether it is a key: what reads as one is one. `None` where it was only found and is
    /// none. Fails where it was named and is none.
    fn of(source: Source, mark: Vec<u8>, is_found: bool) -> anyhow::Result<Option<Self>> {
        let reading = match KeyReading::faultless(&source) {
            Ok(reading) => reading,
            Err(_) if is_found && !looks_like_a_key_file(&source) => return Ok(None),
            Err(first) => {
                refuse_other(&source)?;
                KeyReading::after(&source, first)
            }
        };
        Ok(Some(Self::Text {
            source,
            reading: Box::new(reading),
            mark,
        }))
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
