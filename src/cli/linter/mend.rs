//! `--fix`: one mend after the other, each looked at again before the next, until nothing is left to mend.

use std::collections::{BTreeSet, HashSet};

use similar::TextDiff;

use super::{Linter, Looked};
use crate::finding::Finding;
use crate::lint::Ordinals;
use crate::render::{Checked, Mended};
use crate::source::{Splice, spliced};

/// More mends than this in one file are a mistake of ours.
const MOST_MENDS: usize = 10_000;

/// How many findings of a file can be mended: the safe ones, or the others.
pub(super) fn mendable(file: &Checked, safe: bool) -> usize {
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

/// A text after its mends.
pub(in crate::cli) struct Outcome {
    /// The text that the file gets.
    pub(in crate::cli) text: String,
    /// What was done, in the order of the text.
    pub(in crate::cli) mended: Vec<Mended>,
    /// The change as a diff, secrets masked; empty where nothing changes.
    pub(in crate::cli) diff: String,
    /// What is found afterwards.
    pub(in crate::cli) looked: Looked,
}

impl Linter<'_> {
    /// Mends a text, which `look` looks at. Places are those of the text as it was.
    pub(in crate::cli) fn mend(
        &self,
        text: &str,
        look: impl Fn(&str) -> anyhow::Result<Looked>,
    ) -> anyhow::Result<Outcome> {
        let mut current = text.to_owned();
        let mut history: Vec<Vec<Splice>> = Vec::new();
        let mut mended = Vec::new();
        let mut refused: HashSet<String> = HashSet::new();
        let first = look(text)?.source;
        for _ in 0..MOST_MENDS {
            let checked = self.settled(look(&current)?, &mut Ordinals::default());
            let located = checked.source.located();
            // A field by its right name first: another mend may write that field, and two of a name are none.
            let is_field = |finding: &&Finding| finding.rule == "unknown-field";
            let fields = checked.findings.iter().filter(is_field);
            let rest = checked.findings.iter().filter(|finding| !is_field(finding));
            let next = fields.chain(rest).find_map(|finding| {
                let fix = finding.fix.as_ref()?;
                if !(fix.safe || self.mend.unsafe_fixes) || refused.contains(&finding.fingerprint) {
                    return None;
                }
                Some((finding, fix, located.splices(&fix.edits)?))
            });
            let Some((finding, fix, splices)) = next else {
                break;
            };
            // A mend that breaks something else is none.
            let after = spliced(&current, &splices);
            let before_it = faults(&checked.findings);
            let after_it = self.settled(look(&after)?, &mut Ordinals::default());
            // What was said of all environments is not new where it is said of one.
            let is_known = |(rule, scope, environment): &FaultKey| {
                let everywhere = (*rule, scope.clone(), None);
                before_it.contains(&(*rule, scope.clone(), environment.clone()))
                    || before_it.contains(&everywhere)
            };
            if !faults(&after_it.findings).iter().all(is_known) {
                refused.insert(finding.fingerprint.clone());
                continue;
            }
            let start = located.span(&finding.place).start;
            let start = history
                .iter()
                .rev()
                .fold(start, |at, splices| before(at, splices));
            mended.push((start, finding.rule, fix.done.clone()));
            current = after;
            history.push(splices);
        }
        let looked = look(&current)?;
        let located = first.located();
        mended.sort_by_key(|(start, rule, _)| (*start, *rule));
        let mended: Vec<Mended> = mended
            .into_iter()
            .map(|(start, rule, done)| {
                let position = located.position(start);
                let (line, column) = (position.line, position.column);
                Mended {
                    line,
                    column,
                    rule,
                    done,
                }
            })
            .collect();
        let line_by_line = |text: &str| -> String {
            // What ends a line stays as it is.
            let clean_line = |line: &str| match line.strip_suffix("\r\n") {
                Some(line) => crate::render::clean(line).into_owned() + "\r\n",
                None => crate::render::clean(line).into_owned(),
            };
            text.split_inclusive('\n').map(clean_line).collect()
        };
        let diff = match mended.is_empty() {
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
            text: current,
            mended,
            diff: line_by_line(&diff),
            looked,
        })
    }

    /// Whether mends are to be written, rather than shown.
    pub(in crate::cli) fn writes_mends(&self) -> bool {
        self.mend.fix && !self.mend.diff
    }
}

/// What tells one fault from another: its rule, its scope, its environment.
type FaultKey = (&'static str, Option<String>, Option<String>);

/// What a mend must not make: needs that lack something, names that are not known, grants that do not hold.
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
fn before(at: usize, splices: &[Splice]) -> usize {
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
