//! Reading and writing the baseline.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use super::{Linter, LinterArgs};
use crate::cli::display_path::{is_file, seen_from};
use crate::cli::files::{Before, Border, FileKind, Origin, read_raw_source, shown, write_text};
use crate::cli::secrets::refuse_secrets;
use crate::cli::settings::Settings;
use crate::cli::user_error::{UserError, faults};
use crate::finding::{Finding, RuleId, RuleName};
use crate::lint::{Acceptance, Accepted, CheckedFile, Kind, Policy};
use crate::load::load_baseline;
use crate::model::{Baseline, BaselineEntry, Setting};
use crate::render::findings::baseline_json;
use crate::source::{Source, Syntax, count, shell_word};

const FILE: &str = "scopes-baseline.json";

/// The file that is asked for: by option, else by the configuration.
fn path_of(args: &LinterArgs, settings: &Settings) -> Option<PathBuf> {
    let configured = settings.config.baseline.as_deref();
    args.baseline
        .clone()
        .or_else(|| configured.map(|name| settings.path_of(name)))
}

/// The baseline that counts. Fails where it cannot be read; one that is only about to be written need not be there.
pub(super) fn read(
    args: &LinterArgs,
    settings: &Settings,
) -> anyhow::Result<Option<(PathBuf, Source, Baseline)>> {
    let writes = args.write_baseline.as_ref();
    let named = writes.cloned().flatten().or_else(|| args.baseline.clone());
    let origin = match named {
        Some(_) => Origin::Named,
        None => Origin::Found,
    };
    let path = named.or_else(|| path_of(args, settings));
    let path = match (path, writes) {
        (Some(path), _) => path,
        (None, Some(_)) => PathBuf::from(FILE),
        (None, None) => return Ok(None),
    };
    if !path.exists() {
        if writes.is_some() {
            return Ok(None);
        }
        let name = shown(&path);
        let file = shell_word(&name);
        let help = format!("create one with --write-baseline {file} --reason TEXT --until DATE");
        return Err(UserError::new(format!("there is no baseline `{name}`"))
            .help(help)
            .into());
    }
    let name = shown(&path);
    let mut source = read_raw_source(&path, FileKind::Baseline, origin)?
        .map_err(|reason| UserError::new(format!("cannot read `{name}`: {reason}")))?;
    refuse_secrets(&format!("the baseline `{name}`"), &source)?;
    source.syntax = Syntax::Json;
    match load_baseline(&source) {
        Ok(baseline) => Ok(Some((path, source, baseline))),
        Err(findings) => Err(faults(&format!("the baseline `{name}`"), &source, &findings).into()),
    }
}

/// Which entries of a baseline a run covers: those of files that it checked, or that no longer exist in the folders it
/// checked, for rules of its kind that are not off. Only these are counted, reported as gone or dropped.
pub(super) struct Ownership<'a> {
    kind: Kind,
    policy: &'a Policy,
    /// The folder that the baseline names files from.
    folder: PathBuf,
    /// The files that were looked at, as the baseline names them, and what they describe.
    files: HashSet<String>,
    subjects: HashSet<&'a str>,
    /// What was looked through, as the baseline names it.
    below: Vec<String>,
    /// The fingerprints of everything that is found, accepted or not.
    found: HashSet<&'a str>,
}

impl<'a> Ownership<'a> {
    pub(super) fn of(
        baseline: &Path,
        policy: &'a Policy,
        kind: Kind,
        below: &[PathBuf],
        checked: &'a [CheckedFile],
    ) -> Self {
        let folder = folder_of(baseline);
        // A file that could not be judged may still contain its recorded findings, so do not report them as gone.
        let is_judged = |file: &&CheckedFile| {
            let mut findings = file.findings.iter();
            !findings.any(|one| one.rule.traits().hides_others)
        };
        let judged: Vec<&CheckedFile> = checked.iter().filter(is_judged).collect();
        let names = judged.iter().map(|file| file.source.name.as_str());
        let names = names.filter(|name| is_file(name));
        Self {
            kind,
            policy,
            files: names
                .map(|name| seen_from(&folder, Path::new(name)))
                .collect(),
            subjects: judged.iter().map(|file| file.identity.as_str()).collect(),
            below: below.iter().map(|path| seen_from(&folder, path)).collect(),
            found: every_finding(checked)
                .flat_map(Finding::fingerprints)
                .collect(),
            folder,
        }
    }

    fn owns(&self, entry: &BaselineEntry) -> bool {
        let is_gone_from_below = || {
            let is_below = |place: &String| {
                place.is_empty() || Path::new(&entry.file).starts_with(place.as_str())
            };
            is_file(&entry.file)
                && matches!(self.folder.join(&entry.file).try_exists(), Ok(false))
                && self.below.iter().any(is_below)
        };
        // An entry with an unknown rule may belong to any run, so it is covered.
        let is_looked_for =
            |rule: RuleId| self.kind.has(rule) && self.policy.setting(rule) != Some(Setting::Off);
        entry.rule.id().is_none_or(is_looked_for)
            && (self.subjects.contains(entry.subject.as_str())
                || self.files.contains(&entry.file)
                || is_gone_from_below())
    }

    fn is_gone(&self, entry: &BaselineEntry) -> bool {
        !self.found.contains(entry.fingerprint.as_str()) && self.owns(entry)
    }

    /// How many entries of a baseline are no longer found.
    pub(super) fn gone(&self, baseline: &Baseline) -> usize {
        let entries = baseline.entries.iter();
        entries.filter(|entry| self.is_gone(entry)).count()
    }
}

/// The folder that a baseline names files from: that of the file itself where its name is a link.
fn folder_of(path: &Path) -> PathBuf {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new(".")).to_path_buf()
}

/// What is found in all files, accepted or not.
fn every_finding(checked: &[CheckedFile]) -> impl Iterator<Item = &Finding> {
    checked.iter().flat_map(|file| {
        let accepted = file.accepted.iter().map(|accepted| &accepted.finding);
        file.findings.iter().chain(accepted)
    })
}

impl Linter<'_> {
    /// Refuses to write a baseline over findings that the team lets nobody accept.
    pub(super) fn refuse_forbidden(&self, checked: &[CheckedFile]) -> anyhow::Result<()> {
        let findings = checked.iter().flat_map(|file| &file.findings);
        let is_forbidden = |rule: RuleId| self.policy.setting(rule) == Some(Setting::Forbid);
        let forbidden: Vec<RuleId> = findings
            .map(|finding| finding.rule)
            .filter(|rule| is_forbidden(*rule))
            .collect();
        let rules: BTreeSet<&str> = forbidden.iter().map(|rule| rule.name()).collect();
        if rules.is_empty() {
            return Ok(());
        }
        let rules: Vec<String> = rules.iter().map(|rule| format!("`{rule}`")).collect();
        let found = count(forbidden.len(), "finding");
        let message = format!(
            "{found} of rules set to `forbid` cannot be accepted: {}",
            rules.join(", ")
        );
        let help = "fix what these rules find first, then write the baseline";
        Err(UserError::new(message).help(help).into())
    }

    /// Writes all findings to the baseline, and reports how many. Entries that the run does not cover are kept, and
    /// findings that cannot be accepted remain findings.
    pub(super) fn write_baseline(
        &self,
        named: Option<&Path>,
        kind: Kind,
        below: &[PathBuf],
        checked: &mut [CheckedFile],
    ) -> anyhow::Result<String> {
        let path = named
            .map(Path::to_path_buf)
            .or_else(|| path_of(self.args, self.settings))
            .unwrap_or_else(|| PathBuf::from(FILE));
        let name = shown(&path);
        if path.is_dir() {
            let help = format!("name the file first: --write-baseline {FILE} … {name}");
            return Err(UserError::new(format!("`{name}` is a folder"))
                .help(help)
                .into());
        }
        let (Some(reason), Some(until)) = (&self.args.reason, &self.args.until) else {
            return Err(UserError::new("a baseline needs `--reason` and `--until`").into());
        };
        // Paths are relative to the baseline, so that it does not depend on the working folder.
        let folder = folder_of(&path);
        let mut entries: Vec<BaselineEntry> = Vec::new();
        if let Some((path, _, old)) = &self.baseline {
            let run = Ownership::of(path, &self.policy, kind, below, checked);
            let kept = old.entries.iter().filter(|entry| {
                !run.found.contains(entry.fingerprint.as_str()) && !run.is_gone(entry)
            });
            entries.extend(kept.cloned());
        }
        for file in checked.iter() {
            let name = match file.source.name.as_str() {
                name if is_file(name) => seen_from(&folder, Path::new(name)),
                name => name.to_owned(),
            };
            let entry = |rule: RuleId, fingerprint: &str| BaselineEntry {
                file: name.clone(),
                subject: file.identity.clone(),
                rule: RuleName::Known(rule),
                fingerprint: fingerprint.to_owned(),
            };
            let old = file
                .accepted
                .iter()
                .filter(|accepted| accepted.by.by_baseline);
            entries.extend(old.map(|old| entry(old.finding.rule, &old.finding.fingerprint)));
            let new = file
                .findings
                .iter()
                .filter(|finding| self.policy.can_record(finding.rule));
            entries.extend(new.map(|finding| entry(finding.rule, &finding.fingerprint)));
        }
        entries.sort();
        entries.dedup();
        let number = entries.len();
        let change = self.change(&entries);
        let baseline = Baseline {
            reason: reason.clone(),
            until: until.clone(),
            schema: self.baseline().and_then(|old| old.schema.clone()),
            entries,
        };
        let before = match &self.baseline {
            Some((_, source, _)) => Before::Text(&source.text),
            None => Before::Nothing,
        };
        // A path from the configuration may be a link that a stranger made, so do not follow it out of the repository.
        let is_named = named.is_some() || self.args.baseline.is_some();
        let border = (!is_named).then(|| Border::around(&self.settings.folder));
        let text = baseline_json(&baseline);
        write_text(&path, &text, before, border.as_ref())?;
        for file in checked {
            let (recorded, left): (Vec<Finding>, Vec<Finding>) = std::mem::take(&mut file.findings)
                .into_iter()
                .partition(|finding| self.policy.can_record(finding.rule));
            file.findings = left;
            file.accepted
                .extend(recorded.into_iter().map(|finding| Accepted {
                    finding,
                    by: Acceptance {
                        by_baseline: true,
                        reason: Some(reason.clone()),
                        owner: None,
                        until: Some(until.0.clone()),
                    },
                }));
        }
        let findings = if number == 1 {
            "1 finding".to_owned()
        } else {
            format!("{number} findings")
        };
        Ok(format!("wrote {name}: {findings}{change}\n"))
    }

    /// What a baseline that is written again has and had not, in a few words.
    fn change(&self, entries: &[BaselineEntry]) -> String {
        let Some((.., old)) = &self.baseline else {
            return String::new();
        };
        let of = |entries: &[BaselineEntry]| -> HashSet<String> {
            let prints = entries.iter().map(|entry| entry.fingerprint.clone());
            prints.collect()
        };
        let (old, new) = (of(&old.entries), of(entries));
        let (added, dropped) = (new.difference(&old).count(), old.difference(&new).count());
        format!(", {added} new and {dropped} dropped")
    }
}
