//! What `check` and `lint` have in common: options, levels, acceptance, fixes, formats and the exit status.

mod args;
mod baseline;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::display_path::{FromRoot, is_file, repository_root};
use super::files::{append, shown};
use super::session::{Session, today};
use super::settings::Settings;
use super::status::Status;
use super::user_error::UserError;
use crate::finding::{Finding, Level, RuleId};
use crate::lint::{
    CheckedFile, Fixable, Kind, Lapse, MadeFix, Ordinals, Policy, Promise, RawFindings,
};
use crate::model::{Baseline, Edition};
use crate::render::findings::{
    self, Examples, Report, Skip, Summary, files, files_json, passed_over,
};
use crate::render::{Form, without_commands, wrapped};
use crate::source::limits::MOST_FINDINGS;
use crate::source::{Date, Source, is_blank, shell_word};
use args::{FailOn, FindingsFormat};
pub(super) use args::{FixArgs, LinterArgs};

/// A checked file. Most files have no findings, and only their names are kept, to save memory.
pub(super) struct LookedFile {
    /// Which of the files it is.
    pub(super) number: usize,
    pub(super) name: Box<str>,
    /// The provider and the name of what the file describes; the file's name where they cannot be read.
    pub(super) identity: Box<str>,
    /// All of it, where something may be said.
    pub(super) kept: Option<Box<RawFindings>>,
    /// The other files in which scopes of the key stand.
    pub(super) lenders: Vec<String>,
    /// The environment of the key that is shown, where it is one alone, and how its file calls it.
    pub(super) view: Option<(String, String)>,
}

impl LookedFile {
    pub(super) fn of(raw: RawFindings) -> Self {
        // Standard input cannot be read again.
        let is_kept =
            !raw.findings.is_empty() || !raw.allowances.is_empty() || !is_file(&raw.source.name);
        Self {
            number: 0,
            name: raw.source.name.as_str().into(),
            identity: raw.identity.as_str().into(),
            lenders: raw.lenders(),
            kept: is_kept.then(|| Box::new(raw)),
            view: None,
        }
    }

    /// Adds a finding; where nothing was kept of the file, to what was found when it was looked at again.
    pub(super) fn add(&mut self, finding: Finding, again: Option<RawFindings>) {
        if let Some(again) = again {
            self.kept = Some(Box::new(again));
        }
        if let Some(kept) = &mut self.kept {
            kept.findings.push(finding);
        }
    }
}

/// The files with what was found in each, those apart that lend scopes to a key; with the paths from the repository's
/// root that the output mentions.
fn far_named(checked: Vec<CheckedFile>) -> Vec<CheckedFile> {
    let mut root = repository_root().map(|root| FromRoot::new(&root));
    let mut far_name = |name: &str| {
        let inner = root.as_mut().and_then(|root| root.name_of(Path::new(name)));
        inner.unwrap_or_else(|| name.trim_start_matches("./").to_owned())
    };
    let mut checked: Vec<CheckedFile> = checked.into_iter().flat_map(CheckedFile::parted).collect();
    let is_named = |file: &&mut CheckedFile| file.is_spoken_of() && is_file(&file.source.name);
    for file in checked.iter_mut().filter(is_named) {
        file.far_name = far_name(&file.source.name);
        let accepted = file.accepted.iter_mut().map(|one| &mut one.finding);
        let findings = file.findings.iter_mut().chain(accepted);
        for place in findings.flat_map(|finding| &mut finding.elsewhere) {
            if is_file(&place.file) {
                place.far_name = far_name(&place.file);
            }
        }
    }
    checked
}

/// Limits the findings of one file, and reports that there are more as an error, because the run did not show
/// everything it was asked for.
fn refuse_too_many(file: &mut CheckedFile, session: &mut Session) {
    let found = file.findings.len() + file.accepted.len();
    if found <= MOST_FINDINGS {
        return;
    }
    file.findings.truncate(MOST_FINDINGS);
    file.accepted.truncate(MOST_FINDINGS - file.findings.len());
    let name = &file.source.name;
    let message =
        format!("`{name}` has more findings than the {MOST_FINDINGS} that are shown for one file");
    session.refuse(&UserError::new(message).help("fix the findings shown, then check it again"));
}

/// What became of a file that can be fixed.
pub(super) enum FixedFile {
    /// It was written: its name, and what was done.
    Written(String, Vec<MadeFix>),
    /// What would change, as a diff.
    Shown(String),
}

/// A linter with its options.
pub(super) struct Linter<'a> {
    args: &'a LinterArgs,
    fix: FixArgs,
    settings: &'a Settings,
    policy: Policy,
    fail_on: FailOn,
    baseline: Option<(PathBuf, Source, Baseline)>,
    /// Whether one environment of each key is shown alone: the key is judged as a whole.
    pub(super) is_view: bool,
}

/// What a linter looked at.
pub(super) struct Run {
    /// What it looks at.
    pub(super) kind: Kind,
    pub(super) looked: Vec<LookedFile>,
    /// What was fixed, by file.
    pub(super) fixed: Vec<(String, Vec<MadeFix>)>,
    /// What fixing would change, as diffs.
    pub(super) diffs: String,
    /// Why things in folders were passed over.
    pub(super) passed_over: Vec<Skip>,
    /// The folders that it looked through, and the files that it was given.
    pub(super) below: Vec<PathBuf>,
    /// The examples of catalogs that pass.
    pub(super) examples: Examples,
    /// The catalogs that the keys were judged by, or that were looked at.
    pub(super) catalogs: BTreeSet<Edition>,
}

impl<'a> Linter<'a> {
    /// The linter of some options and a configuration, which they win over. Fails where the baseline cannot be read.
    pub(super) fn new(
        args: &'a LinterArgs,
        fix: FixArgs,
        settings: &'a Settings,
    ) -> anyhow::Result<Self> {
        if fix.unsafe_fixes && !fix.fix && !fix.diff {
            let refusal = UserError::new("`--unsafe-fixes` requires `--fix` or `--diff`");
            return Err(refusal.into());
        }
        let mut levels = settings.config.levels.clone();
        levels.extend(&args.level);
        let policy = Policy {
            levels,
            max_days: settings.config.max_days,
            today: args.today.clone().unwrap_or_else(today),
            heeds_allowances: !args.no_allow,
        };
        let configured = settings
            .config
            .fail_on
            .and_then(|word| FailOn::from_str(word, false).ok());
        let fail_on = args.fail_on.or(configured).unwrap_or(FailOn::Warning);
        if let Some(until) = args.until.as_ref().filter(|until| **until < policy.today) {
            let refusal = UserError::new(format!(
                "a baseline until {} would already have ended",
                until.0
            ));
            let help = "`--until` is the last day on which the baseline applies";
            return Err(refusal.help(help).into());
        }
        if let (Some(until), Some(most)) = (&args.until, policy.max_days) {
            let days = until.days_since(&policy.today);
            if days > most {
                let message = format!(
                    "a baseline until {} runs for {days} days, and scopes.toml allows {most}",
                    until.0
                );
                let help = "choose an earlier `--until`, and decide again then";
                return Err(UserError::new(message).help(help).into());
            }
        }
        if args.reason.as_ref().is_some_and(|why| is_blank(why)) {
            let refusal = UserError::new("the reason for the baseline is empty");
            return Err(refusal
                .help("use `--reason` to say why its findings are accepted")
                .into());
        }
        let baseline = baseline::read(args, settings)?;
        Ok(Self {
            is_view: false,
            args,
            fix,
            settings,
            policy,
            fail_on,
            baseline,
        })
    }

    /// The day by which things are judged.
    pub(super) fn today(&self) -> Date {
        self.policy.today.clone()
    }

    /// Whether the files are to be listed instead of checked.
    pub(super) fn shows_files(&self) -> bool {
        self.args.shows_files()
    }

    /// Lists the files that would be looked at and those that are passed over, each with the reason.
    pub(super) fn show_files(
        &self,
        kind: Kind,
        looked_at: &[PathBuf],
        skipped: &[(PathBuf, Skip)],
        session: &mut Session,
    ) -> anyhow::Result<Status> {
        let looked_at = looked_at.iter().map(|path| (shown(path), None));
        let skipped = skipped.iter();
        let skipped = skipped.map(|(path, reason)| (shown(path), Some(*reason)));
        let mut all: Vec<(String, Option<Skip>)> = looked_at.chain(skipped).collect();
        all.sort();
        session.out = match self.args.format {
            FindingsFormat::Text | FindingsFormat::Short => files(&all, kind.noun()),
            FindingsFormat::Json => files_json(&all, kind.noun()),
            _ => {
                let refusal = UserError::new("`--show-files` does not support this format");
                return Err(refusal
                    .help("use `--format text` or `--format json`")
                    .into());
            }
        };
        Ok(Status::found_if(false))
    }

    /// Whether a baseline is to be written.
    pub(super) fn writes_baseline(&self) -> bool {
        self.args.write_baseline.is_some()
    }

    /// Whether files are to be fixed, or the fixes shown.
    pub(super) fn fixes(&self) -> bool {
        self.fix.fix || self.fix.diff
    }

    /// Whether fixes are to be written, rather than shown.
    pub(super) fn writes_fixes(&self) -> bool {
        self.fix.fix && !self.fix.diff
    }

    /// Whether what a person has to ask for is fixed as well.
    pub(super) fn fixes_unsafely(&self) -> bool {
        self.fix.unsafe_fixes
    }

    /// What becomes of findings.
    pub(super) fn policy(&self) -> &Policy {
        &self.policy
    }

    /// What was accepted before.
    pub(super) fn baseline(&self) -> Option<&Baseline> {
        self.baseline.as_ref().map(|(.., baseline)| baseline)
    }

    /// Applies levels and acceptance, writes what is to be written, and gives the exit status.
    pub(super) fn finish(&self, run: Run, session: &mut Session) -> anyhow::Result<Status> {
        let Run { mut looked, .. } = run;
        looked.sort_by(|a, b| a.name.cmp(&b.name));
        let mut seen = Ordinals::default();
        let mut fixable = Fixable::default();
        let mut checked: Vec<CheckedFile> = Vec::with_capacity(looked.len());
        for file in looked {
            let Some(raw) = file.kept else {
                checked.push(CheckedFile::clean(file.name, file.identity));
                continue;
            };
            let promised = raw.promise.as_ref().map(Promise::fixable);
            let mut settled = raw.settled(&self.policy, self.baseline(), &mut seen);
            refuse_too_many(&mut settled, session);
            // Do not offer fixes if only one environment is shown, or if the findings are being recorded.
            if !self.is_view && !self.writes_baseline() {
                fixable += promised.unwrap_or_else(|| settled.fixable());
            }
            if let Some((name, written)) = &file.view {
                settled.retain(|finding| finding.is_about(name, written));
            }
            checked.push(settled);
        }
        let mut written = None;
        if let Some(path) = &self.args.write_baseline {
            let path = path.as_deref();
            if session.has_refused() {
                let message = "no baseline was written: some files could not be checked";
                return Err(UserError::new(message).into());
            }
            self.refuse_forbidden(&checked)?;
            written = Some(self.write_baseline(path, run.kind, &run.below, &mut checked)?);
        }
        let gone = self
            .baseline
            .as_ref()
            .filter(|_| written.is_none() && !self.is_view && self.lapse().is_none())
            .map(|(path, _, held)| {
                let (kind, below) = (run.kind, &run.below);
                baseline::Ownership::of(path, &self.policy, kind, below, &checked).gone(held)
            });
        let checked = far_named(checked);
        let report = Report {
            fixable,
            noun: run.kind.noun(),
            passed_over: run.passed_over,
            fixed: run.fixed,
            gone,
            examples: run.examples,
            catalogs: Edition::distinct(run.catalogs),
            refused: session.refused().to_vec(),
            checked,
        };
        for edition in &report.catalogs {
            session.judged_by(edition);
        }
        let summary = report.summary();
        if self.fix.diff {
            let has_fixes = !run.diffs.is_empty();
            if matches!(without_commands(&run.diffs, Form::Diff), Cow::Owned(_)) {
                session.remark(
                    "note: a `\\` was added before text that a CI runner would take for a command, so this patch cannot be applied; use --fix",
                );
            }
            session.out = session.style.with_painted_diff(&run.diffs);
            session.form = Form::Diff;
            return Ok(Status::found_if(has_fixes || self.fails(&summary)));
        }
        session.out = self.rendered(&report, written.as_deref(), session);
        if self.args.format != FindingsFormat::Text
            && let Some(line) = self.lapsed()
        {
            session.complain(&line, None);
        }
        let fails = self.fails(&summary) || self.lapse().is_some();
        Ok(Status::found_if(fails))
    }

    /// Whether anything is at the threshold or above.
    fn fails(&self, summary: &Summary) -> bool {
        match self.fail_on {
            FailOn::Error => summary.has_at_least(Level::Error),
            FailOn::Warning => summary.has_at_least(Level::Warning),
            FailOn::Note => summary.has_at_least(Level::Note),
            FailOn::Never => false,
        }
    }

    fn rendered(&self, report: &Report, written: Option<&str>, session: &mut Session) -> String {
        match self.args.format {
            FindingsFormat::Text => {
                let mut out = report.fixed();
                if let Some(written) = written {
                    out.push_str(written);
                }
                if self.args.statistics {
                    out.push_str(&report.statistics_text());
                } else {
                    out.push_str(&findings::text(report, session.style, session.quiet));
                }
                if !report.checked.is_empty() {
                    out.push_str(&wrapped(&report.summary_line(), "", session.style.width));
                }
                for remark in self.remarks(report) {
                    out.push_str(&remark);
                }
                out
            }
            FindingsFormat::Short => {
                if self.args.statistics {
                    report.statistics_text()
                } else {
                    report.fixed() + &findings::short(report, session.quiet)
                }
            }
            FindingsFormat::Json => findings::json(report, self.args.statistics),
            FindingsFormat::Sarif => findings::sarif(report),
            FindingsFormat::Gitlab => findings::gitlab(report, session.quiet),
            FindingsFormat::Markdown => findings::markdown(report, session.quiet),
            FindingsFormat::Github => {
                // This format also writes to the file for GitHub's job summary. A blank line ends its lists, because
                // another step may append to it.
                let path = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty());
                let summary = path.map(|path| {
                    let text = findings::markdown(report, session.quiet) + "\n";
                    append(&PathBuf::from(path), &text)
                });
                let has_summary = matches!(summary, Some(Ok(())));
                if let Some(Err(error)) = summary {
                    session.fail(&error);
                }
                session.form = Form::Annotations;
                findings::github(report, session.quiet, has_summary)
            }
        }
    }

    /// What is to be said below the line that sums up: what to do next, and of the baseline.
    fn remarks(&self, report: &Report) -> Vec<String> {
        let mut remarks = Vec::new();
        let lacks = |file: &&CheckedFile| {
            let mut findings = file.findings.iter();
            is_file(&file.source.name) && findings.any(|one| one.rule == RuleId::MissingScope)
        };
        let mut lacking = report.checked.iter().filter(lacks);
        if let Some(file) = lacking.next() {
            let name = match lacking.next() {
                None => shell_word(&file.source.name),
                Some(_) => "FILE".to_owned(),
            };
            remarks.push(format!(
                "help: what to change: `scopes recommend --key-file {name}`\n"
            ));
        }
        if let Some(gone) = report.gone.filter(|gone| *gone > 0) {
            remarks.push(format!(
                "note: write the baseline again to drop findings that are gone ({gone})\n"
            ));
        }
        remarks.extend(self.lapsed().map(|line| format!("error: {line}\n")));
        remarks
    }

    /// What to say of a baseline that accepts nothing.
    fn lapsed(&self) -> Option<String> {
        let (path, _, baseline) = self.baseline.as_ref()?;
        let lapse = self.lapse()?;
        let path = super::files::shown(path);
        let until = &baseline.until.0;
        Some(match lapse {
            Lapse::Ended => {
                format!("the baseline `{path}` ended on {until}, so its findings are back")
            }
            Lapse::TooLong { days, most } => format!(
                "the baseline `{path}` runs for {days} days, until {until}, and scopes.toml allows {most}, so its findings are back"
            ),
        })
    }

    /// Why the baseline accepts nothing, if there is one that does not.
    fn lapse(&self) -> Option<Lapse> {
        let (.., baseline) = self
            .baseline
            .as_ref()
            .filter(|_| self.args.write_baseline.is_none())?;
        self.policy.lapse(baseline)
    }
}

/// What to say where nothing was there to look at.
pub(super) fn nothing(what: &str, others: &[(String, Vec<Skip>)]) -> UserError {
    let message = match others {
        [] => format!("nothing to check: no {what} was named"),
        [(folder, reasons), ..] => {
            let others = reasons.iter().all(|reason| *reason == Skip::Other);
            let files = match (others, reasons.len()) {
                (true, 1) => "1 other file".to_owned(),
                (true, number) => format!("{number} other files"),
                (false, _) => {
                    let line = passed_over(reasons, what);
                    line.trim_start_matches("; ").to_owned()
                }
            };
            let folder = folder.trim_end_matches('/');
            format!("nothing to check: no {what} under `{folder}/` ({files})")
        }
    };
    UserError::new(message)
}
