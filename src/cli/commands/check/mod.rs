//! `scopes check`.

mod candidates;
mod checker;
mod lent;

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use clap::Args;

use crate::cli::catalogs::Catalogs;
use crate::cli::file_kind::is_key_file;
use crate::cli::linter::{FixArgs, FixedFile, Linter, LinterArgs, LookedFile, Run, nothing};
use crate::cli::progress::Progress;
use crate::cli::session::Session;
use crate::cli::settings::Settings;
use crate::cli::status::Status;
use crate::cli::threads;
use crate::cli::usage::environment_name;
use crate::cli::user_error::UserError;
use crate::finding::{Finding, RuleId};
use crate::lint::Kind;
use crate::render::findings::{Examples, Skip};
use crate::source::Path as FieldPath;

use candidates::{Candidate, Seen, files};
use checker::{Answer, Checker};
use lent::Lent;

#[derive(Debug, Args)]
pub(in crate::cli) struct CheckArgs {
    /// Key files, and folders to search for them; `-` reads standard input. Without any, the `keys` of scopes.toml, else
    /// this folder
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// A key file; can be repeated
    #[arg(long, value_name = "FILE")]
    key_file: Vec<PathBuf>,
    /// Show only this environment of the keys
    #[arg(short, long, value_name = "ENV", value_parser = environment_name)]
    environment: Option<String>,
    /// Count the requests in this log as needs too; can be repeated
    #[arg(long, value_name = "FILE")]
    log: Vec<PathBuf>,
    /// A name for standard input; its extension tells the format
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<PathBuf>,
    /// How many files to check in parallel [default: the number of processors]
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
    refuse_contradictions(args, &linter)?;
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
        session.remark(&format!(
            "note: `{pattern}` in scopes.toml matches no files"
        ));
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
    let progress = Progress::of_files(files.len());
    let answers = threads::for_each(&files, threads, |file| {
        let answer = checker.answer(file);
        progress.advance(1);
        answer
    });
    drop(progress);
    let lent = Lent::of(&files, &answers);
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
        if lent.has(&files[number]) {
            continue;
        }
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
    if linter.fixes() {
        lent.fix(&checker, &files, &mut run, session);
    }
    if let Some(lines) = checker.skipped_lines() {
        session.remark(&format!("note: skipped log lines: {lines}"));
    }
    if run.looked.is_empty() && !session.has_refused() {
        return Err(no_key_file(args, settings, &folders).into());
    }
    let clashes = find_clashes(&mut run.looked);
    say_clashes(clashes, &checker, &files, threads, &mut run, session);
    drop(files);
    run.catalogs = checker.into_editions();
    linter.finish(run, session)
}

/// Adds the findings of clashes to the files that they are about, each by the index of its file.
fn say_clashes(
    clashes: Vec<(usize, Finding)>,
    checker: &Checker<'_>,
    files: &[Candidate],
    threads: usize,
    run: &mut Run,
    session: &mut Session,
) {
    // The text of files without findings was not kept, so read it again to show the clash.
    let again = threads::for_each(&clashes, threads, |(index, _)| {
        let file = &run.looked[*index];
        if file.kept.is_some() {
            Ok(None)
        } else {
            let again = checker.look_at_file(&files[file.number])?;
            Ok(again.map(|looked| looked.raw))
        }
    });
    for ((index, finding), again) in clashes.into_iter().zip(again) {
        let file = &mut run.looked[index];
        match again {
            Ok(again) => file.add(finding, again),
            Err(error) => session.fail(&error),
        }
    }
}

/// Fails where options do not go together.
fn refuse_contradictions(args: &CheckArgs, linter: &Linter<'_>) -> Result<(), UserError> {
    let whole = match (linter.fixes(), linter.writes_baseline()) {
        (true, _) => Some("a fix applies to"),
        (_, true) => Some("a baseline covers"),
        (false, false) => None,
    };
    if let Some(whole) = whole.filter(|_| args.environment.is_some()) {
        let refusal = UserError::new(format!("{whole} all environments of a key"));
        return Err(refusal.help("remove `-e`"));
    }
    let mut named = args.paths.iter().chain(&args.key_file);
    if args.stdin_filename.is_some() && named.all(|path| path != Path::new("-")) {
        let refusal = UserError::new("`--stdin-filename` is for standard input, which is not read");
        let help = "add `-`: scopes check - --stdin-filename NAME";
        return Err(refusal.help(help));
    }
    Ok(())
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
        let message = format!("nothing to check: no key file matches `{patterns}` in scopes.toml");
        return UserError::new(message).help(help);
    }
    nothing("key file", folders).help(help)
}

/// Finds every key with the same provider and name as another one. The files are sorted by name, and each finding comes
/// with the index of its file.
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
                let message = format!("`{other}` also describes a key `{}`", file.identity);
                let place = FieldPath::root().field("name").value();
                let finding = Finding::new(RuleId::KeyNameClash, place, message)
                    .label(format!("`{name}` is taken"))
                    .help("rename one of them, or merge the two files");
                clashes.push((index, finding));
            }
        }
    }
    clashes
}
