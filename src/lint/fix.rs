//! `--fix`: makes as many fixes at once as do not touch each other, checks the text again, and repeats until nothing is
//! left to fix.
//!
//! The result depends only on the text, so that a second run changes nothing.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{CheckedFile, Ordinals, Outlook, Permission, Policy, RawFindings};
use crate::finding::{Finding, Fix, RuleId};
use crate::model::Baseline;
use crate::source::limits::{
    LEAST_SPENT, LONGEST_PROMISED, MOST_FIXED_AGAIN, MOST_PASSES, MOST_REFUSED,
};
use crate::source::{Batch, Edit, Source, Splice, spliced};

/// The rule of a field by a wrong name.
const FIELD: RuleId = RuleId::UnknownField;

impl std::ops::AddAssign for Fixable {
    fn add_assign(&mut self, other: Self) {
        self.safe += other.safe;
        self.more += other.more;
    }
}

/// Fixes texts and tries their fixes. `look` returns the findings in a text, and may fail.
pub struct Fixer<'a, L> {
    /// What becomes of findings.
    pub policy: &'a Policy,
    /// What was accepted before.
    pub baseline: Option<&'a Baseline>,
    /// Masks, loads, judges and lints a text after a fix.
    pub look: L,
}

/// A text after its fixes.
#[derive(Debug)]
pub struct FixedText {
    /// The text that the file gets.
    pub text: String,
    /// What was done, in the order of the text.
    pub made: Vec<MadeFix>,
    /// The text as it was, its secrets masked.
    pub before: Source,
    /// What is found afterwards.
    pub raw: RawFindings,
}

/// A fix that was made.
#[derive(Debug, Clone)]
pub struct MadeFix {
    /// The line where the finding was, before any fix.
    pub line: usize,
    /// The column.
    pub column: usize,
    /// The rule of the finding.
    pub rule: RuleId,
    /// What was done.
    pub done: String,
}

/// How many findings can be fixed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fixable {
    /// Without asking.
    pub safe: usize,
    /// Beside these, by who asks for it.
    pub more: usize,
}

/// A text with what is found in it.
struct State {
    text: String,
    /// What is found, and the text with its secrets masked.
    checked: CheckedFile,
    outlook: Option<Outlook>,
}

/// What came of trying the fixes of a text.
struct Trial {
    state: State,
    /// What the fixes that were made at once changed in the text before them.
    history: Vec<Shifts>,
    made: Vec<Made>,
    /// How many of these are safe fixes made before the first unsafe one.
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
    /// How many bytes were checked for fixes that were refused.
    spent: usize,
    has_made: bool,
}

/// A fix that is to be tried, by the finding that has it.
#[derive(Clone)]
struct Wanted {
    fingerprint: String,
    rule: RuleId,
}

impl<E, L: Fn(&str) -> Result<RawFindings, E>> Fixer<'_, L> {
    /// Makes the fixes of a text that was looked at: the safe ones, and `with_unsafe` those that a person has to ask for. Places
    /// are those of the text as it was.
    ///
    /// # Errors
    ///
    /// Where a text after a fix cannot be looked at.
    pub fn fix(&self, raw: RawFindings, text: &str, with_unsafe: bool) -> Result<FixedText, E> {
        let trial = self.try_fixes(&raw, text, with_unsafe)?;
        if trial.state.text == text {
            return Ok(FixedText {
                text: trial.state.text,
                made: Vec::new(),
                before: raw.source.clone(),
                raw,
            });
        }
        let located = raw.source.source_map();
        let made: Vec<MadeFix> = trial
            .made
            .into_iter()
            .map(|Made { at, rule, done }| {
                let position = located.position(at);
                MadeFix {
                    line: position.line,
                    column: position.column,
                    rule,
                    done,
                }
            })
            .collect();
        drop(located);
        Ok(FixedText {
            made,
            before: raw.source,
            raw: (self.look)(&trial.state.text)?,
            text: trial.state.text,
        })
    }

    /// Tries what `--fix` would do to a file that is only checked, so that the report is accurate. A fix that would do
    /// more than it may is reported as unsafe, and one that may never be made is dropped.
    ///
    /// # Errors
    ///
    /// Where a text after a fix cannot be looked at.
    pub fn promise(&self, raw: &mut RawFindings, text: &str) -> Result<(), E> {
        let mut findings = raw.findings.iter();
        let has_none = findings.all(|finding| finding.fix.is_none());
        if has_none && raw.allowances.is_empty() || text.len() > LONGEST_PROMISED {
            return Ok(());
        }
        let all = self.try_fixes(raw, text, true)?;
        // With unsafe fixes, fields are renamed before the safe fixes are made, so the safe ones need a run of their
        // own.
        let is_misnamed = |one: &Finding| one.rule == FIELD && one.fix.is_some();
        let (safe, not_safe) = if raw.findings.iter().any(is_misnamed) {
            let safe = self.try_fixes(raw, text, false)?;
            (safe.safely_made, safe.not_safe)
        } else {
            (all.safely_made, all.not_safe)
        };
        raw.promise = Some(Promise {
            fixable: Fixable {
                safe,
                more: all.made.len().saturating_sub(safe),
            },
            not_safe,
            never: all.never,
        });
        Ok(())
    }

    /// Makes fixes as long as there are any: the safe ones, then, `with_unsafe`, those that a person has to ask for.
    fn try_fixes(&self, raw: &RawFindings, text: &str, with_unsafe: bool) -> Result<Trial, E> {
        let mut trial = Trial {
            state: self.state(text.to_owned(), raw.clone()),
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
                // The fixes form a cycle. Stop at the smallest text in it, so that the result is the same for every
                // text of the cycle.
                let circle = stages.drain(first..).min_by(|a, b| a.0.cmp(&b.0));
                if let Some((text, made, safely_made)) = circle {
                    trial.state = self.state(text.clone(), (self.look)(&text)?);
                    (trial.made, trial.safely_made) = (made, safely_made);
                }
                break;
            }
            if !self.step(&mut trial, with_unsafe)? {
                break;
            }
        }
        trial
            .made
            .sort_by_key(|fixed| (fixed.at, fixed.rule.name()));
        Ok(trial)
    }

    fn state(&self, text: String, raw: RawFindings) -> State {
        let outlook = raw.outlook.clone();
        let checked = raw.settled(self.policy, self.baseline, &mut Ordinals::default());
        State {
            text,
            checked,
            outlook,
        }
    }

    /// Makes the possible fixes of the current text; returns whether there were any.
    fn step(&self, trial: &mut Trial, with_unsafe: bool) -> Result<bool, E> {
        let is_first = trial.safely_made == trial.made.len();
        // Rename misspelt fields first: another fix may add the field under its right name, and a duplicate field is an
        // error.
        if with_unsafe && !trial.state.wanted(|one, _| one.rule == FIELD).is_empty() {
            let fields = |one: &Finding, _: &Fix| one.rule == FIELD;
            let (has_made, _) = self.pass(trial, Permission::Asked, fields)?;
            if has_made {
                return Ok(true);
            }
        }
        let (has_made, refused) = self.pass(trial, Permission::Safe, |_, fix: &Fix| fix.safe)?;
        if is_first {
            trial.safely_made = trial.made.len();
            trial.not_safe = refused;
        }
        if has_made || !with_unsafe {
            return Ok(has_made);
        }
        let (has_made, refused) = self.pass(trial, Permission::Asked, |_, _| true)?;
        trial.never = refused;
        Ok(has_made)
    }

    /// Tries some of the fixes of a text, all at once, and if that is not allowed, in smaller and smaller parts.
    /// Returns whether any was made, and those that are not allowed.
    fn pass(
        &self,
        trial: &mut Trial,
        allowed: Permission,
        is_meant: impl Fn(&Finding, &Fix) -> bool,
    ) -> Result<(bool, HashSet<String>), E> {
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
        // Rename misspelt fields first.
        let (fields, rest): (Vec<Wanted>, Vec<Wanted>) =
            wanted.into_iter().partition(|one| one.rule == FIELD);
        for part in [fields, rest] {
            self.part(trial, &mut pass, part)?;
        }
        Ok((pass.has_made, pass.refused))
    }

    /// Tries some fixes at once; where they may not be made, those of each rule by themselves, then half of them, and so on.
    fn part(
        &self,
        trial: &mut Trial,
        pass: &mut Pass<'_>,
        mut wanted: Vec<Wanted>,
    ) -> Result<(), E> {
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
            if self.attempt(trial, pass, &findings, batch.splices)? {
                // Fixes that were left out wait for the next pass.
                return Ok(());
            }
            if taken.len() == 1 || pass.is_spent() {
                let refused = taken.into_iter().map(|one| one.fingerprint);
                pass.refused.extend(refused);
            } else {
                for part in parts(taken) {
                    self.part(trial, pass, part)?;
                }
            }
            wanted = left;
        }
        Ok(())
    }

    /// Makes some fixes at once, if the result is within what is allowed and breaks nothing.
    fn attempt(
        &self,
        trial: &mut Trial,
        pass: &mut Pass<'_>,
        findings: &[usize],
        splices: Vec<Vec<Splice>>,
    ) -> Result<bool, E> {
        if pass.is_spent() {
            return Ok(false);
        }
        let splices: Vec<Splice> = splices.into_iter().flatten().collect();
        let text = spliced(&trial.state.text, &splices);
        if text == trial.state.text {
            return Ok(false);
        }
        let raw = (self.look)(&text)?;
        let after = self.state(text, raw);
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

    /// A batch of as many of the wanted fixes as can be made at once, by their index in the list of fixes that are
    /// still found. That list is returned too, with the index of each fix among the wanted ones and the index of its
    /// finding.
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
    /// Whether the effort for refused fixes is used up, so that the rest is refused untried.
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

/// What `--fix` would do to a text.
#[derive(Debug, Clone)]
pub struct Promise {
    fixable: Fixable,
    /// The fingerprints of findings whose fix is not made without asking.
    not_safe: HashSet<String>,
    /// The fingerprints of findings whose fix is never made.
    never: HashSet<String>,
}

impl Promise {
    /// How many findings it fixes.
    pub fn fixable(&self) -> Fixable {
        self.fixable
    }

    /// Adjusts each fix to the outcome of trying it.
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

/// Identifies a fault by its rule, scope and environment.
type FaultKey = (RuleId, Option<String>, Option<String>);

/// Whether a fix made no fault that was not there.
fn is_harmless(before: &CheckedFile, after: &CheckedFile) -> bool {
    let before = faults(&before.findings);
    // A fault that was reported for all environments is not new if it is now reported for one.
    let is_known = |(rule, scope, environment): &FaultKey| {
        let everywhere = (*rule, scope.clone(), None);
        before.contains(&(*rule, scope.clone(), environment.clone()))
            || before.contains(&everywhere)
    };
    faults(&after.findings).iter().all(is_known)
}

/// The faults that a fix must not cause, such as missing scopes, unknown names or grants without effect.
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
    /// Where the new text begins.
    start: usize,
    /// Where the new text ends.
    end: usize,
    /// The range of the old text.
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
