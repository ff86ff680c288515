//! Counts and summarizes the findings of a linter; there is one file for each output format.

mod diff;
mod github;
mod gitlab;
mod json;
mod markdown;
mod sarif;
mod text;

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::explain::example_verdict;
use crate::finding::{Finding, Fix, Level, RuleId};
use crate::lint::{CheckedFile, Fixable, MadeFix, level};
use crate::model::{Catalog, Edition};
use crate::source::{Edit, SourceMap, Splice, count};

pub use diff::{diff, diff_of_lender};
pub use github::github;
pub use gitlab::gitlab;
pub use json::{baseline as baseline_json, files as files_json, findings as json};
pub use markdown::comment as markdown;
pub use sarif::sarif;
pub use text::{short, text};

/// Why something in a folder was passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Skip {
    /// It is a file of another kind.
    Other,
    /// git ignores it, and does not track it.
    Ignored,
    /// A folder that git ignores, with everything in it that git does not track.
    IgnoredFolder,
    /// A pattern of scopes.toml leaves it out.
    LeftOut,
    /// A link to a folder: the folder is looked through where it is.
    FolderLink,
    /// A pipe, a device, a socket.
    Special,
}

impl Skip {
    /// The reasons for which files are passed over.
    const OF_FILES: [Self; 5] = [
        Self::Other,
        Self::Ignored,
        Self::LeftOut,
        Self::FolderLink,
        Self::Special,
    ];

    /// The reason in words, of so many files; `noun` is what is looked for.
    pub fn of(self, number: usize, noun: &str) -> String {
        match (self, number) {
            (Self::Other, 1) => format!("not a {noun}"),
            (Self::Other, _) => format!("not {noun}s"),
            (Self::Ignored | Self::IgnoredFolder, _) => "ignored by git".to_owned(),
            (Self::LeftOut, _) => "left out by scopes.toml".to_owned(),
            (Self::FolderLink, 1) => "a link to a folder".to_owned(),
            (Self::FolderLink, _) => "links to folders".to_owned(),
            (Self::Special, 1) => "not a regular file".to_owned(),
            (Self::Special, _) => "not regular files".to_owned(),
        }
    }
}

/// Everything that a run of a linter found.
#[derive(Debug)]
pub struct Report {
    /// The files, sorted by name, those without findings included.
    pub checked: Vec<CheckedFile>,
    /// What was checked: "key", "catalog".
    pub noun: &'static str,
    /// Why files and folders were skipped.
    pub passed_over: Vec<Skip>,
    /// How many findings `--fix` would fix.
    pub fixable: Fixable,
    /// What was fixed, by file.
    pub fixed: Vec<(String, Vec<MadeFix>)>,
    /// How many findings of the baseline are no longer found; `None` without a baseline.
    pub gone: Option<usize>,
    /// The examples of the catalogs that pass.
    pub examples: Examples,
    /// The catalogs that the keys were judged by, or that were checked, each once and sorted.
    pub catalogs: Vec<Edition>,
    /// Why parts of the input could not be checked.
    pub refused: Vec<String>,
}

/// How many examples of catalogs pass. An example with unknown names cannot be run and does not count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Examples {
    /// Those of the catalogs themselves.
    pub own: usize,
    /// Those of the catalogs that they extend.
    pub inherited: usize,
}

impl Examples {
    /// Counts those of a catalog.
    pub fn add(&mut self, catalog: &Catalog) {
        for example in &catalog.examples {
            if example_verdict(catalog, example) != example.verdict {
                continue;
            }
            match example.below {
                None => self.own += 1,
                Some(_) => self.inherited += 1,
            }
        }
    }
}

/// How many findings there are of each level, and how many files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
    /// Files that were looked at.
    pub files: usize,
    /// Findings that entries under `allow` or `needs.scopes` accept.
    pub accepted: usize,
    /// Findings that the baseline accepts, including those that are gone.
    pub baseline: usize,
}

impl Summary {
    /// Whether anything is at a level or above.
    pub fn has_at_least(&self, level: Level) -> bool {
        match level {
            Level::Error => self.errors > 0,
            Level::Warning => self.errors + self.warnings > 0,
            Level::Note => self.errors + self.warnings + self.notes > 0,
        }
    }
}

impl Report {
    /// Counts the findings.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary {
            files: self.checked.iter().filter(|file| !file.is_lender).count(),
            ..Summary::default()
        };
        for file in &self.checked {
            for finding in &file.findings {
                match level(finding) {
                    Level::Error => summary.errors += 1,
                    Level::Warning => summary.warnings += 1,
                    Level::Note => summary.notes += 1,
                }
            }
            let (baseline, own): (Vec<_>, Vec<_>) =
                file.accepted.iter().partition(|one| one.by.by_baseline);
            summary.baseline += baseline.len();
            summary.accepted += own.len();
        }
        summary.baseline += self.gone.unwrap_or(0);
        summary
    }

    /// The earliest last day of what entries accept, if one has an end.
    pub fn accepted_until(&self) -> Option<&str> {
        let accepted = self.checked.iter().flat_map(|file| &file.accepted);
        let own = accepted.filter(|one| !one.by.by_baseline);
        own.filter_map(|one| one.by.until.as_deref()).min()
    }

    /// "1 key checked: 3 errors, 1 note; 2 fixable with `--fix`; see `scopes rule missing-scope`", without a line end.
    pub fn summary_line(&self) -> String {
        let summary = self.summary();
        let found = match counts(&summary) {
            found if found.is_empty() => "no findings".to_owned(),
            found => found,
        };
        let mut line = format!("{} checked: {found}", count(summary.files, self.noun));
        let pass = |number: usize, what: &str| match number {
            1 => format!("; 1 {what} passes"),
            _ => format!("; {number} {what}s pass"),
        };
        match (self.examples.own, self.examples.inherited) {
            (0, 0) => {}
            (own, 0) => line.push_str(&pass(own, "example")),
            (0, inherited) => line.push_str(&pass(inherited, "inherited example")),
            (own, inherited) => {
                let _ = write!(line, "{}, and {inherited} inherited", pass(own, "example"));
            }
        }
        match (summary.accepted, self.accepted_until()) {
            (0, _) => {}
            (number, None) => {
                let _ = write!(line, "; {number} accepted");
            }
            (1, Some(until)) => {
                let _ = write!(line, "; 1 accepted until {until}");
            }
            (number, Some(until)) => {
                let _ = write!(line, "; {number} accepted, the first until {until}");
            }
        }
        match (summary.baseline, self.gone.unwrap_or(0)) {
            (0, _) => {}
            (all, 0) => {
                let _ = write!(line, "; {all} in the baseline");
            }
            (all, gone) => {
                let _ = write!(line, "; {all} in the baseline, {gone} gone");
            }
        }
        line.push_str(&passed_over(&self.passed_over, self.noun));
        match (self.fixable.safe, self.fixable.more) {
            (0, 0) => {}
            (0, more) => {
                let _ = write!(line, "; {more} fixable with `--fix --unsafe-fixes`");
            }
            (number, 0) => {
                let _ = write!(line, "; {number} fixable with `--fix`");
            }
            (number, more) => {
                let _ = write!(
                    line,
                    "; {number} fixable with `--fix`, {more} more with `--unsafe-fixes`"
                );
            }
        }
        // Point to the page of the rule of the most severe finding.
        let findings = self.checked.iter().flat_map(|file| &file.findings);
        let gravest =
            findings.max_by_key(|finding| (level(finding), std::cmp::Reverse(finding.rule.name())));
        if let Some(finding) = gravest {
            let _ = write!(line, "; see `scopes rule {}`", finding.rule);
        }
        line
    }

    /// What was fixed, under the name of each file.
    pub fn fixed(&self) -> String {
        let mut text = String::new();
        for (file, fixed) in &self.fixed {
            let _ = writeln!(text, "{}: {} fixed", super::one_line(file), fixed.len());
            let place = |one: &MadeFix| format!("{}:{}", one.line, one.column);
            let places = fixed.iter().map(|one| place(one).len()).max().unwrap_or(0);
            let rules = fixed
                .iter()
                .map(|one| one.rule.name().len())
                .max()
                .unwrap_or(0);
            for one in fixed {
                let (place, rule) = (place(one), one.rule);
                let done = super::one_line(&one.done);
                let _ = writeln!(text, "  {place:<places$}  {rule:<rules$}  {done}");
            }
        }
        text
    }

    /// How often each rule reports, the most frequent first, then by name.
    pub fn statistics(&self) -> Vec<(RuleId, Level, usize)> {
        let mut counts: BTreeMap<(RuleId, Level), usize> = BTreeMap::new();
        for finding in self.checked.iter().flat_map(|file| &file.findings) {
            *counts.entry((finding.rule, level(finding))).or_default() += 1;
        }
        let mut counts: Vec<_> = counts
            .into_iter()
            .map(|((rule, level), number)| (rule, level, number))
            .collect();
        counts.sort_by(|a, b| (b.2, a.0.name()).cmp(&(a.2, b.0.name())));
        counts
    }

    /// The statistics as text, a line for each rule and level.
    pub fn statistics_text(&self) -> String {
        let statistics = self.statistics();
        let width = statistics.iter().map(|(.., n)| n.to_string().len()).max();
        let width = width.unwrap_or(1).max(3);
        let mut text = String::new();
        for (rule, level, number) in statistics {
            let _ = writeln!(text, " {number:>width$}  {:<7}  {rule}", level.name());
        }
        text
    }
}

/// "; 3 other files passed over: 2 not keys, 1 ignored by git; 1 folder ignored by git"; empty where there is nothing.
pub fn passed_over(skipped: &[Skip], noun: &str) -> String {
    let number = |reason: Skip| skipped.iter().filter(|skip| **skip == reason).count();
    let files: Vec<(usize, Skip)> = Skip::OF_FILES
        .into_iter()
        .map(|reason| (number(reason), reason))
        .filter(|(number, _)| *number > 0)
        .collect();
    let mut line = String::new();
    match files.as_slice() {
        [] => {}
        [(all, reason)] => {
            let files = count(*all, "other file");
            let _ = write!(line, "; {files} skipped: {}", reason.of(*all, noun));
        }
        several => {
            let all = several.iter().map(|(number, _)| number).sum();
            let parts = several.iter();
            let parts =
                parts.map(|(number, reason)| format!("{number} {}", reason.of(*number, noun)));
            let parts: Vec<String> = parts.collect();
            let files = count(all, "other file");
            let _ = write!(line, "; {files} skipped: {}", parts.join(", "));
        }
    }
    match number(Skip::IgnoredFolder) {
        0 => {}
        folders => {
            let _ = write!(line, "; {} ignored by git", count(folders, "folder"));
        }
    }
    line
}

/// Files that are looked at, and those that are passed over with the reason, a line for each.
pub fn files(all: &[(String, Option<Skip>)], noun: &str) -> String {
    let mut text = String::new();
    for (file, reason) in all {
        let file = super::clean(file);
        let _ = match reason {
            None => writeln!(text, "check  {file}"),
            Some(reason) => writeln!(text, "skip   {file}: {}", reason.of(1, noun)),
        };
    }
    text
}

/// "3 errors, 1 note"; empty where there is nothing.
pub(super) fn counts(summary: &Summary) -> String {
    let parts = [
        (summary.errors, "error"),
        (summary.warnings, "warning"),
        (summary.notes, "note"),
    ];
    let found = parts.iter().filter(|(n, _)| *n > 0);
    let found: Vec<String> = found.map(|(n, word)| count(*n, word)).collect();
    found.join(", ")
}

/// Whether a finding is about its file as a whole: its place is a top-level field.
pub(super) fn is_about_the_file(finding: &Finding) -> bool {
    finding.place.path().is_some_and(|path| path.0.len() <= 1)
}

/// For each finding the splices of its fix, if it has a wanted fix that can be made.
pub(super) fn splices_of(
    located: &SourceMap<'_>,
    findings: &[&Finding],
    is_wanted: impl Fn(&Finding, &Fix) -> bool,
) -> Vec<Option<Vec<Splice>>> {
    let fix = |finding: &Finding| {
        let fix = finding.fix.as_ref();
        fix.is_some_and(|fix| is_wanted(finding, fix))
    };
    let wanted: Vec<usize> = (0..findings.len())
        .filter(|at| fix(findings[*at]))
        .collect();
    let edits: Vec<&[Edit]> = wanted
        .iter()
        .filter_map(|at| findings[*at].fix.as_ref())
        .map(|fix| fix.edits.as_slice())
        .collect();
    let mut splices = vec![None; findings.len()];
    for (at, found) in wanted.into_iter().zip(located.splices_of_each(&edits)) {
        splices[at] = found;
    }
    splices
}
