//! `--fix`: one fix after the other, each looked at again before the next, until nothing is left to fix.

use std::collections::{BTreeSet, HashSet};

use similar::TextDiff;

use super::{Linter, Looked};
use crate::finding::Finding;
use crate::lint::{Ordinals, Outlook, Permission};
use crate::render::{Checked, Fixed};
use crate::source::{Source, Splice, spliced};

/// More fixes than this in one file are a mistake of ours.
const MOST_FIXES: usize = 10_000;
/// The fixes of a file with more of them are not tried out before they are promised: each takes another look at the file.
const MOST_TRIED: usize = 64;

/// The rule of a field by a wrong name.
const FIELD: &str = "unknown-field";

/// How many findings of a file look as if they could be fixed: safely, or otherwise.
pub(super) fn fixable(file: &Checked, safe: bool) -> usize {
    if !file.findings.iter().any(|finding| finding.fix.is_some()) {
        return 0;
    }
    let located = file.source.located();
    let can_be = |finding: &&Finding| {
        let fix = finding.fix.as_ref().filter(|fix| fix.safe == safe);
        fix.is_some_and(|fix| located.splices(&fix.edits).is_some())
    };
    file.findings.iter().filter(can_be).count()
}

/// A text after its fixes.
pub(in crate::cli) struct Outcome {
    /// The text that the file gets.
    pub(in crate::cli) text: String,
    /// What was done, in the order of the text.
    pub(in crate::cli) fixed: Vec<Fixed>,
    /// The change as a diff, secrets masked; empty where nothing changes.
    pub(in crate::cli) diff: String,
    /// What is found afterwards.
    pub(in crate::cli) looked: Looked,
}

/// What came of trying the fixes of a text.
struct Trial {
    /// The text that it was.
    first: Source,
    /// The text that it is now.
    text: String,
    /// The texts that it was in between: a fix that leads back to one is none.
    seen: HashSet<String>,
    /// What each fix changed in the text before it.
    history: Vec<Vec<Splice>>,
    made: Vec<Made>,
    /// Whether those that need no asking were made before all others.
    begins_safely: bool,
    /// How many of these were made without asking.
    safely_made: usize,
    /// The fingerprints of findings whose fix is not made without asking.
    not_safe: HashSet<String>,
    /// The fingerprints of findings whose fix is never made: it would break something.
    never: HashSet<String>,
    /// What is found in the text as it is now.
    checked: Checked,
}

/// A fix that was made.
struct Made {
    /// Where its finding stood in the text as it was.
    at: usize,
    rule: &'static str,
    /// What was done.
    done: String,
}

impl Linter<'_> {
    /// Fixes a text, which `look` looks at. Places are those of the text as it was.
    pub(in crate::cli) fn fix(
        &self,
        text: &str,
        look: impl Fn(&str) -> anyhow::Result<Looked>,
    ) -> anyhow::Result<Outcome> {
        let trial = self.try_fixes(text, self.fix.unsafe_fixes, &look)?;
        let looked = look(&trial.text)?;
        let first = trial.first;
        let located = first.located();
        let fixed: Vec<Fixed> = trial
            .made
            .into_iter()
            .map(|Made { at, rule, done }| {
                let position = located.position(at);
                let (line, column) = (position.line, position.column);
                Fixed {
                    line,
                    column,
                    rule,
                    done,
                }
            })
            .collect();
        let diff = match fixed.is_empty() {
            true => String::new(),
            false => {
                let name = &first.name;
                TextDiff::from_lines(first.text.as_str(), looked.source.text.as_str())
                    .unified_diff()
                    .header(&format!("a/{name}"), &format!("b/{name}"))
                    .to_string()
            }
        };
        Ok(Outcome {
            text: trial.text,
            fixed,
            diff: line_by_line(&diff),
            looked,
        })
    }

    /// What `--fix` would do to a file that is only looked at: what is promised is what is done. A fix that would do more than
    /// it may is no safe one, and one that may never be made is none.
    pub(in crate::cli) fn promise(
        &self,
        looked: &mut Looked,
        look: impl Fn(&str) -> anyhow::Result<Looked>,
    ) -> anyhow::Result<()> {
        let fixes = looked
            .findings
            .iter()
            .filter(|finding| finding.fix.is_some());
        if !(1..=MOST_TRIED).contains(&fixes.count()) {
            return Ok(());
        }
        let text = &looked.source.text;
        let all = self.try_fixes(text, true, &look)?;
        // A field that gets its name first comes before the safe ones.
        let (safe, not_safe) = match all.begins_safely {
            true => (all.safely_made, all.not_safe),
            false => {
                let safe = self.try_fixes(text, false, &look)?;
                (safe.safely_made, safe.not_safe)
            }
        };
        looked.promise = Some(Promise {
            safe,
            more: all.made.len().saturating_sub(safe),
            not_safe,
            never: all.never,
        });
        Ok(())
    }

    /// Makes one fix after the other: the safe ones, then, `with_unsafe`, those that a person has to ask for.
    fn try_fixes(
        &self,
        text: &str,
        with_unsafe: bool,
        look: &impl Fn(&str) -> anyhow::Result<Looked>,
    ) -> anyhow::Result<Trial> {
        let first = look(text)?;
        let before = first.outlook.clone();
        let mut trial = Trial {
            first: first.source.clone(),
            text: text.to_owned(),
            seen: HashSet::new(),
            history: Vec::new(),
            made: Vec::new(),
            begins_safely: true,
            safely_made: 0,
            not_safe: HashSet::new(),
            never: HashSet::new(),
            checked: self.settled(first, &mut Ordinals::default()),
        };
        // Another fix may write a field that still has a wrong name, and a duplicate field is an error.
        let mut findings = trial.checked.findings.iter();
        let is_misnamed = |one: &Finding| one.rule == FIELD && one.fix.is_some();
        trial.begins_safely = !with_unsafe || !findings.any(is_misnamed);
        if trial.begins_safely {
            self.make_fixes(&mut trial, Permission::Safe, before.as_ref(), look)?;
            trial.safely_made = trial.made.len();
        }
        if with_unsafe {
            self.make_fixes(&mut trial, Permission::Asked, before.as_ref(), look)?;
        }
        trial.made.sort_by_key(|fixed| (fixed.at, fixed.rule));
        Ok(trial)
    }

    /// Makes every fix of a text that may be made with a permission.
    fn make_fixes(
        &self,
        trial: &mut Trial,
        allowed: Permission,
        before: Option<&Outlook>,
        look: &impl Fn(&str) -> anyhow::Result<Looked>,
    ) -> anyhow::Result<()> {
        let mut refused: HashSet<String> = HashSet::new();
        for _ in 0..MOST_FIXES {
            let located = trial.checked.source.located();
            // A field by its right name first.
            let is_field = |finding: &&Finding| finding.rule == FIELD;
            let findings = &trial.checked.findings;
            let fields = findings.iter().filter(is_field);
            let rest = findings.iter().filter(|finding| !is_field(finding));
            let next = fields.chain(rest).find_map(|finding| {
                let fix = finding.fix.as_ref()?;
                let is_asked = fix.safe || allowed == Permission::Asked;
                if !is_asked || refused.contains(&finding.fingerprint) {
                    return None;
                }
                Some((finding, fix, located.splices(&fix.edits)?))
            });
            let Some((finding, fix, splices)) = next else {
                break;
            };
            let text = spliced(&trial.text, &splices);
            if trial.seen.contains(&text) {
                refused.insert(finding.fingerprint.clone());
                continue;
            }
            let after = look(&text)?;
            let permission = match (before, &after.outlook) {
                (Some(before), Some(after)) => before.permits(after),
                _ => Permission::Safe,
            };
            let after = self.settled(after, &mut Ordinals::default());
            // A fix that breaks something else is none.
            if permission > allowed || !is_harmless(&trial.checked, &after) {
                refused.insert(finding.fingerprint.clone());
                continue;
            }
            let start = located.span(&finding.place).start;
            let history = trial.history.iter().rev();
            let at = history.fold(start, |at, splices| before_splices(at, splices));
            trial.made.push(Made {
                at,
                rule: finding.rule,
                done: fix.done.clone(),
            });
            trial.seen.insert(std::mem::replace(&mut trial.text, text));
            trial.history.push(splices);
            trial.checked = after;
        }
        match allowed {
            Permission::Safe => trial.not_safe = refused,
            _ => trial.never = refused,
        }
        Ok(())
    }

    /// Whether fixes are to be written, rather than shown.
    pub(in crate::cli) fn writes_fixes(&self) -> bool {
        self.fix.fix && !self.fix.diff
    }
}

/// What `--fix` would do to a file.
#[derive(Debug)]
pub(in crate::cli) struct Promise {
    /// How many findings it fixes.
    pub(super) safe: usize,
    /// How many more it fixes with `--unsafe-fixes`.
    pub(super) more: usize,
    /// The fingerprints of findings whose fix is not made without asking.
    not_safe: HashSet<String>,
    /// The fingerprints of findings whose fix is never made.
    never: HashSet<String>,
}

impl Promise {
    /// Shows each fix as what came of trying it.
    pub(super) fn apply(&self, findings: &mut [Finding]) {
        for finding in findings {
            if self.never.contains(&finding.fingerprint) && finding.fix.is_some() {
                finding.help = finding.advice();
                finding.fix = None;
            } else if self.not_safe.contains(&finding.fingerprint)
                && let Some(fix) = &mut finding.fix
            {
                fix.safe = false;
            }
        }
    }
}

/// A diff whose lines are cleaned one by one: what ends a line stays as it is.
fn line_by_line(text: &str) -> String {
    let clean_line = |line: &str| match line.strip_suffix("\r\n") {
        Some(line) => crate::render::clean(line).into_owned() + "\r\n",
        None => crate::render::clean(line).into_owned(),
    };
    text.split_inclusive('\n').map(clean_line).collect()
}

/// What tells one fault from another: its rule, its scope, its environment.
type FaultKey = (&'static str, Option<String>, Option<String>);

/// Whether a fix made no fault that was not there.
fn is_harmless(before: &Checked, after: &Checked) -> bool {
    let before = faults(&before.findings);
    // What was said of all environments is not new where it is said of one.
    let is_known = |(rule, scope, environment): &FaultKey| {
        let everywhere = (*rule, scope.clone(), None);
        before.contains(&(*rule, scope.clone(), environment.clone()))
            || before.contains(&everywhere)
    };
    faults(&after.findings).iter().all(is_known)
}

/// What a fix must not make: needs that lack something, names that are not known, grants that do not hold.
fn faults(findings: &[Finding]) -> BTreeSet<FaultKey> {
    let is_fault = |finding: &&Finding| {
        matches!(
            finding.rule,
            "missing-scope"
                | "unreachable-need"
                | "scope-not-for-key-type"
                | "sandbox-only-scope"
                | "syntax-error"
                | "duplicate-field"
        ) || finding.rule.starts_with("unknown-")
    };
    let key = |finding: &Finding| {
        (
            finding.rule,
            finding.scope.clone(),
            finding.environment.clone(),
        )
    };
    findings.iter().filter(is_fault).map(key).collect()
}

/// Where a byte stood before some splices.
fn before_splices(at: usize, splices: &[Splice]) -> usize {
    let (mut grown, mut shrunk) = (0, 0);
    for splice in splices {
        let start = splice.range.start + grown - shrunk;
        if at < start {
            break;
        }
        if at < start + splice.text.len() {
            return splice.range.start;
        }
        grown += splice.text.len();
        shrunk += splice.range.len();
    }
    at + shrunk - grown
}
