//! `--fix`: as many fixes at once as do not touch each other, the text looked at again, until nothing is left to fix.
//!
//! What is done to a text depends on nothing but the text, so that a second run on what the first one left changes nothing.

use std::collections::{BTreeSet, HashMap, HashSet};

use similar::TextDiff;

use super::{Linter, Looked};
use crate::finding::{Finding, Fix, RuleId};
use crate::lint::{Ordinals, Outlook, Permission};
use crate::render::findings::{Checked, Fixed};
use crate::source::limits::{
    LEAST_SPENT, LONGEST_PROMISED, MOST_FIXED_AGAIN, MOST_PASSES, MOST_REFUSED,
};
use crate::source::{Batch, Edit, Splice, spliced};

/// The rule of a field by a wrong name.
const FIELD: RuleId = RuleId::UnknownField;

/// How many findings of a file look as if they could be fixed: safely, or otherwise.
pub(super) fn fixable(file: &Checked, safe: bool) -> usize {
    if !file.findings.iter().any(|finding| finding.fix.is_some()) {
        return 0;
    }
    let located = file.source.source_map();
    let fixes = file.findings.iter().filter_map(|one| one.fix.as_ref());
    let edits: Vec<&[Edit]> = fixes
        .filter(|fix| fix.safe == safe)
        .map(|fix| fix.edits.as_slice())
        .collect();
    let splices = located.splices_of_each(&edits);
    splices.iter().flatten().count()
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

/// A text with what is found in it.
struct State {
    text: String,
    /// What is found, and the text with its secrets masked.
    checked: Checked,
    outlook: Option<Outlook>,
}

/// What came of trying the fixes of a text.
struct Trial {
    state: State,
    /// What the fixes that were made at once changed in the text before them.
    history: Vec<Shifts>,
    made: Vec<Made>,
    /// How many of these were made without asking, before the first that was asked for.
    safely_made: usize,
    /// The fingerprints of findings whose fix is not made without asking.
    not_safe: HashSet<String>,
    /// The fingerprints of findings whose fix is never made: it would break something.
    never: HashSet<String>,
}

/// A fix that was made.
#[derive(Clone)]
struct Made {
    /// Where its finding stood in the text as it was.
    at: usize,
    rule: RuleId,
    /// What was done.
    done: String,
}

/// What is tried in one pass over the fixes of a text.
struct Pass<'a> {
    allowed: Permission,
    /// What the key could do when the pass began.
    before: Option<&'a Outlook>,
    refused: HashSet<String>,
    /// How many bytes were looked at for fixes that were refused.
    spent: usize,
    has_made: bool,
}

/// A fix that is to be tried, by the finding that has it.
#[derive(Clone)]
struct Wanted {
    fingerprint: String,
    rule: RuleId,
}

impl Linter<'_> {
    /// Fixes a text that was looked at, as `look` does with another one. Places are those of the text as it was.
    pub(in crate::cli) fn fix(
        &self,
        looked: Looked,
        text: &str,
        look: impl Fn(&str) -> anyhow::Result<Looked>,
    ) -> anyhow::Result<Outcome> {
        let trial = self.try_fixes(&looked, text, self.fix.unsafe_fixes, &look)?;
        if trial.state.text == text {
            return Ok(Outcome {
                text: trial.state.text,
                fixed: Vec::new(),
                diff: String::new(),
                looked,
            });
        }
        let first = looked.source;
        let looked = look(&trial.state.text)?;
        let located = first.source_map();
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
        let name = &first.name;
        let diff = TextDiff::from_lines(first.text.as_str(), looked.source.text.as_str())
            .unified_diff()
            .header(&format!("a/{name}"), &format!("b/{name}"))
            .to_string();
        Ok(Outcome {
            text: trial.state.text,
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
        text: &str,
        look: impl Fn(&str) -> anyhow::Result<Looked>,
    ) -> anyhow::Result<()> {
        let mut findings = looked.findings.iter();
        let has_none = findings.all(|finding| finding.fix.is_none());
        if has_none && looked.allowances.is_empty() || text.len() > LONGEST_PROMISED {
            return Ok(());
        }
        let all = self.try_fixes(looked, text, true, &look)?;
        // A field that gets its name first comes before the safe ones.
        let is_misnamed = |one: &Finding| one.rule == FIELD && one.fix.is_some();
        let (safe, not_safe) = match looked.findings.iter().any(is_misnamed) {
            false => (all.safely_made, all.not_safe),
            true => {
                let safe = self.try_fixes(looked, text, false, &look)?;
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

    /// Makes fixes as long as there are any: the safe ones, then, `with_unsafe`, those that a person has to ask for.
    fn try_fixes(
        &self,
        looked: &Looked,
        text: &str,
        with_unsafe: bool,
        look: &impl Fn(&str) -> anyhow::Result<Looked>,
    ) -> anyhow::Result<Trial> {
        let mut trial = Trial {
            state: self.state(text.to_owned(), looked.clone()),
            history: Vec::new(),
            made: Vec::new(),
            safely_made: 0,
            not_safe: HashSet::new(),
            never: HashSet::new(),
        };
        let mut was: HashMap<String, usize> = HashMap::new();
        let mut stages: Vec<(String, Vec<Made>, usize)> = Vec::new();
        let mut read = 0;
        for _ in 0..MOST_PASSES {
            read += trial.state.text.len();
            if read > MOST_FIXED_AGAIN {
                break;
            }
            let stage = stages.len();
            stages.push((
                trial.state.text.clone(),
                trial.made.clone(),
                trial.safely_made,
            ));
            if let Some(first) = was.insert(trial.state.text.clone(), stage) {
                // Fixes that lead round in a circle: whichever text of it a run begins with, it ends with the same one.
                let circle = stages.drain(first..).min_by(|a, b| a.0.cmp(&b.0));
                if let Some((text, made, safely_made)) = circle {
                    trial.state = self.state(text.clone(), look(&text)?);
                    (trial.made, trial.safely_made) = (made, safely_made);
                }
                break;
            }
            if !self.step(&mut trial, with_unsafe, look)? {
                break;
            }
        }
        trial
            .made
            .sort_by_key(|fixed| (fixed.at, fixed.rule.name()));
        Ok(trial)
    }

    fn state(&self, text: String, looked: Looked) -> State {
        let outlook = looked.outlook.clone();
        let checked = self.settled(looked, &mut Ordinals::default());
        State {
            text,
            checked,
            outlook,
        }
    }

    /// Makes what can be made of the fixes of the text as it is now; whether there was any.
    fn step(
        &self,
        trial: &mut Trial,
        with_unsafe: bool,
        look: &impl Fn(&str) -> anyhow::Result<Looked>,
    ) -> anyhow::Result<bool> {
        let is_first = trial.safely_made == trial.made.len();
        // Another fix may write a field that still has a wrong name, and a duplicate field is an error.
        if with_unsafe && !trial.state.wanted(|one, _| one.rule == FIELD).is_empty() {
            let fields = |one: &Finding, _: &Fix| one.rule == FIELD;
            let (has_made, _) = self.pass(trial, Permission::Asked, fields, look)?;
            if has_made {
                return Ok(true);
            }
        }
        let (has_made, refused) =
            self.pass(trial, Permission::Safe, |_, fix: &Fix| fix.safe, look)?;
        if is_first {
            trial.safely_made = trial.made.len();
            trial.not_safe = refused;
        }
        if has_made || !with_unsafe {
            return Ok(has_made);
        }
        let (has_made, refused) = self.pass(trial, Permission::Asked, |_, _| true, look)?;
        trial.never = refused;
        Ok(has_made)
    }

    /// Tries some of the fixes of a text, all at once, and where that may not be, in smaller and smaller parts. Gives whether
    /// any was made, and those that may not be.
    fn pass(
        &self,
        trial: &mut Trial,
        allowed: Permission,
        is_meant: impl Fn(&Finding, &Fix) -> bool,
        look: &impl Fn(&str) -> anyhow::Result<Looked>,
    ) -> anyhow::Result<(bool, HashSet<String>)> {
        let wanted = trial.state.wanted(is_meant);
        if wanted.is_empty() {
            return Ok((false, HashSet::new()));
        }
        let before = trial.state.outlook.clone();
        let mut pass = Pass {
            allowed,
            before: before.as_ref(),
            refused: HashSet::new(),
            spent: 0,
            has_made: false,
        };
        // A field by its right name first.
        let (fields, rest): (Vec<Wanted>, Vec<Wanted>) =
            wanted.into_iter().partition(|one| one.rule == FIELD);
        for part in [fields, rest] {
            self.part(trial, &mut pass, part, look)?;
        }
        Ok((pass.has_made, pass.refused))
    }

    /// Tries some fixes at once; where they may not be made, those of each rule by themselves, then half of them, and so on.
    fn part(
        &self,
        trial: &mut Trial,
        pass: &mut Pass<'_>,
        mut wanted: Vec<Wanted>,
        look: &impl Fn(&str) -> anyhow::Result<Looked>,
    ) -> anyhow::Result<()> {
        while !wanted.is_empty() {
            let (numbers, batch) = trial.state.batch(&wanted);
            let of = |all: &[usize]| -> Vec<Wanted> {
                all.iter()
                    .map(|at| wanted[numbers[*at].0].clone())
                    .collect()
            };
            let (taken, left) = (of(&batch.taken), of(&batch.left));
            let findings: Vec<usize> = batch.taken.iter().map(|at| numbers[*at].1).collect();
            if taken.is_empty() {
                return Ok(());
            }
            if self.attempt(trial, pass, &findings, batch.splices, look)? {
                // What was left out beside them is for the next pass.
                return Ok(());
            }
            if taken.len() == 1 || pass.is_spent() {
                let refused = taken.into_iter().map(|one| one.fingerprint);
                pass.refused.extend(refused);
            } else {
                for part in parts(taken) {
                    self.part(trial, pass, part, look)?;
                }
            }
            wanted = left;
        }
        Ok(())
    }

    /// Makes some fixes at once, if they may be made: what they come to is within what is allowed, and breaks nothing.
    fn attempt(
        &self,
        trial: &mut Trial,
        pass: &mut Pass<'_>,
        findings: &[usize],
        splices: Vec<Vec<Splice>>,
        look: &impl Fn(&str) -> anyhow::Result<Looked>,
    ) -> anyhow::Result<bool> {
        if pass.is_spent() {
            return Ok(false);
        }
        let splices: Vec<Splice> = splices.into_iter().flatten().collect();
        let text = spliced(&trial.state.text, &splices);
        if text == trial.state.text {
            return Ok(false);
        }
        let looked = look(&text)?;
        let after = self.state(text, looked);
        let permission = match (pass.before, &after.outlook) {
            (Some(before), Some(after)) => before.permits(after),
            _ => Permission::Safe,
        };
        if permission > pass.allowed || !is_harmless(&trial.state.checked, &after.checked) {
            pass.spent += after.text.len().max(LEAST_SPENT);
            return Ok(false);
        }
        let located = trial.state.checked.source.source_map();
        for index in findings {
            let finding = &trial.state.checked.findings[*index];
            let start = located.span(&finding.place).start;
            let history = trial.history.iter().rev();
            trial.made.push(Made {
                at: history.fold(start, |at, shifts| shifts.before(at)),
                rule: finding.rule,
                done: finding
                    .fix
                    .as_ref()
                    .map(|fix| fix.done.clone())
                    .unwrap_or_default(),
            });
        }
        drop(located);
        trial.history.push(Shifts::of(splices));
        trial.state = after;
        pass.has_made = true;
        Ok(true)
    }

    /// Whether fixes are to be written, rather than shown.
    pub(in crate::cli) fn writes_fixes(&self) -> bool {
        self.fix.fix && !self.fix.diff
    }
}

impl State {
    /// The fixes that some may be made of, in the order of the text.
    fn wanted(&self, is_meant: impl Fn(&Finding, &Fix) -> bool) -> Vec<Wanted> {
        let findings = self.checked.findings.iter();
        findings
            .filter(|finding| {
                finding
                    .fix
                    .as_ref()
                    .is_some_and(|fix| is_meant(finding, fix))
            })
            .map(|finding| Wanted {
                fingerprint: finding.fingerprint.clone(),
                rule: finding.rule,
            })
            .collect()
    }

    /// As many of some fixes as can be made at once, each known by its number among those that are still found; these, each
    /// with its number among those that are wanted and its finding.
    fn batch(&self, wanted: &[Wanted]) -> (Vec<(usize, usize)>, Batch) {
        let findings = self.checked.findings.iter().enumerate();
        let found: HashMap<&str, usize> = findings
            .filter(|(_, finding)| finding.fix.is_some())
            .map(|(index, finding)| (finding.fingerprint.as_str(), index))
            .collect();
        let numbers: Vec<(usize, usize)> = wanted
            .iter()
            .enumerate()
            .filter_map(|(at, one)| Some((at, *found.get(one.fingerprint.as_str())?)))
            .collect();
        let edits: Vec<&[Edit]> = numbers
            .iter()
            .filter_map(|(_, index)| self.checked.findings[*index].fix.as_ref())
            .map(|fix| fix.edits.as_slice())
            .collect();
        let batch = self.checked.source.source_map().together(&edits);
        (numbers, batch)
    }
}

impl Pass<'_> {
    /// Whether enough was looked at for fixes that were refused: the rest is refused unseen.
    fn is_spent(&self) -> bool {
        self.spent >= MOST_REFUSED
    }
}

/// Fixes that may not be made at once, in parts: those of each rule; of one rule, half of them.
fn parts(mut wanted: Vec<Wanted>) -> Vec<Vec<Wanted>> {
    let mut parts: Vec<Vec<Wanted>> = Vec::new();
    for one in &wanted {
        match parts.iter_mut().find(|part| part[0].rule == one.rule) {
            Some(part) => part.push(one.clone()),
            None => parts.push(vec![one.clone()]),
        }
    }
    if parts.len() > 1 {
        return parts;
    }
    let second = wanted.split_off(wanted.len() / 2);
    vec![wanted, second]
}

/// What `--fix` would do to a file.
#[derive(Debug, Clone)]
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
type FaultKey = (RuleId, Option<String>, Option<String>);

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
    let is_fault = |finding: &&Finding| finding.rule.traits().is_breakage;
    let key = |finding: &Finding| {
        (
            finding.rule,
            finding.scope.clone(),
            finding.environment.clone(),
        )
    };
    findings.iter().filter(is_fault).map(key).collect()
}

/// Where bytes stood before some splices.
struct Shifts(Vec<Shift>);

/// One splice, as the text after it has it.
struct Shift {
    /// Where what came begins.
    start: usize,
    /// Where what came ends.
    end: usize,
    /// Where what went began, and ended.
    was: std::ops::Range<usize>,
}

impl Shifts {
    fn of(mut splices: Vec<Splice>) -> Self {
        splices.sort_by_key(|splice| (splice.range.start, splice.range.end));
        let (mut grown, mut shrunk) = (0, 0);
        let shifts = splices.into_iter().map(|splice| {
            let start = splice.range.start + grown - shrunk;
            grown += splice.text.len();
            shrunk += splice.range.len();
            Shift {
                start,
                end: start + splice.text.len(),
                was: splice.range,
            }
        });
        Self(shifts.collect())
    }

    /// Where a byte of the text after the splices stood before them.
    fn before(&self, at: usize) -> usize {
        let next = self.0.partition_point(|shift| shift.start <= at);
        match next.checked_sub(1).map(|last| &self.0[last]) {
            None => at,
            Some(shift) if at < shift.end => shift.was.start,
            Some(shift) => shift.was.end + (at - shift.end),
        }
    }
}
