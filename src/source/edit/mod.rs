//! Changes to a text that leave everything outside of them as it is, byte for byte.
//!
//! An edit says what changes in the tree of the text; its splices say which bytes change. Splices are only returned if
//! the edited text parses to the expected tree, so that surprises from aliases, anchors or unusual layout are caught
//! here and not by whoever reads the file.

mod expect;
mod splice;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use crate::source::Source;
use crate::source::limits::MOST_TRIED;
use crate::source::path::{Part, Path, Place, Segment};
use crate::source::source_map::SourceMap;
use crate::source::tree::{Node, Value};
use expect::{expect, node_at, same};
use splice::Text;

pub use splice::yaml_scalar;

/// One change to a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Edit {
    /// The scalar at a path, or the name of the field there, gets another text.
    Replace {
        /// The path.
        at: Path,
        /// Its scalar, or its name.
        part: Part,
        /// The other text.
        text: String,
    },
    /// Replaces an item of a list by some names; without names the item is removed.
    Items {
        /// The item.
        at: Path,
        /// What it becomes.
        names: Vec<String>,
    },
    /// Appends names to the list in a field.
    Append {
        /// The list.
        list: Path,
        /// The names.
        names: Vec<String>,
        /// The field to insert the list before, if the mapping does not have the list yet.
        before: Path,
    },
}

/// A range of bytes of a text and its replacement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splice {
    /// The bytes to replace.
    pub range: Range<usize>,
    /// The replacement.
    pub text: String,
}

/// The text after some splices that do not overlap.
pub fn spliced(text: &str, splices: &[Splice]) -> String {
    let mut sorted: Vec<&Splice> = splices.iter().collect();
    // An insertion at the start of another range goes before that range.
    sorted.sort_by_key(|splice| (splice.range.start, splice.range.end));
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    for splice in sorted {
        result.push_str(&text[at..splice.range.start]);
        result.push_str(&splice.text);
        at = splice.range.end;
    }
    result.push_str(&text[at..]);
    result
}

/// Those of several fixes that can be applied at once. A fix is a few edits and is identified by its index.
#[derive(Debug, Default)]
pub struct Batch {
    /// The fixes that are in it.
    pub taken: Vec<usize>,
    /// The splices of each of them.
    pub splices: Vec<Vec<Splice>>,
    /// Fixes that conflict with the ones taken, but may be possible after them.
    pub left: Vec<usize>,
}

impl SourceMap<'_> {
    /// The splices for some edits, in the order of the text; `None` if the edits cannot be made in this text.
    pub fn splices(&self, edits: &[Edit]) -> Option<Vec<Splice>> {
        self.splices_of_each(&[edits]).pop().flatten()
    }

    /// The splices of each of several fixes, as if it were the only one; `None` for fixes that cannot be made here.
    /// Fixes that do not touch each other are tried together.
    pub fn splices_of_each(&self, fixes: &[&[Edit]]) -> Vec<Option<Vec<Splice>>> {
        let drafts = self.drafts(fixes);
        let mut known: Vec<Option<Vec<Splice>>> = vec![None; fixes.len()];
        let mut rest: Vec<usize> = (0..fixes.len()).collect();
        while !rest.is_empty() {
            // Trying fixes is limited to a number of bytes; the rest are shown untried, as drafted. This is safe
            // because `--fix` computes and tries its splices again before it writes anything.
            if self.tried.get() > MOST_TRIED {
                for number in rest {
                    known[number].clone_from(&drafts[number]);
                }
                break;
            }
            let batch = self.batch(fixes, &drafts, &rest);
            for (number, splices) in batch.taken.iter().zip(batch.splices) {
                known[*number] = Some(splices);
            }
            rest = batch.left;
        }
        known
    }

    /// As many of several fixes as can be made at once, the first before the others.
    pub fn together(&self, fixes: &[&[Edit]]) -> Batch {
        let drafts = self.drafts(fixes);
        let all: Vec<usize> = (0..fixes.len()).collect();
        let mut batch = self.batch(fixes, &drafts, &all);
        while batch.taken.is_empty() && !batch.left.is_empty() && self.tried.get() <= MOST_TRIED {
            batch = self.batch(fixes, &drafts, &batch.left);
        }
        batch
    }

    /// Drafts the splices of each fix, without trying them.
    fn drafts(&self, fixes: &[&[Edit]]) -> Vec<Option<Vec<Splice>>> {
        let Some(tree) = self.tree() else {
            return vec![None; fixes.len()];
        };
        let text = Text::of(self);
        let draft = |edits: &&[Edit]| {
            let mut splices = Vec::new();
            for edit in *edits {
                splices.extend(text.splices(tree, edit)?);
            }
            splices.sort_by_key(|splice| (splice.range.start, splice.range.end));
            let mut pairs = splices.windows(2);
            let is_apart = pairs.all(|pair| pair[0].range.end <= pair[1].range.start);
            is_apart.then_some(splices)
        };
        fixes.iter().map(draft).collect()
    }

    /// Takes as many fixes as do not touch each other and tries them together: if the edited text does not parse to the
    /// expected tree, tries half of them, and so on. A fix that is neither taken nor left cannot be made.
    fn batch(&self, fixes: &[&[Edit]], drafts: &[Option<Vec<Splice>>], numbers: &[usize]) -> Batch {
        let mut batch = Batch::default();
        let Some(tree) = self.tree() else {
            return batch;
        };
        let mut covered: BTreeMap<usize, usize> = BTreeMap::new();
        let mut removed: HashMap<&[Segment], usize> = HashMap::new();
        let mut seen: HashSet<&[Edit]> = HashSet::new();
        for number in numbers {
            let Some(splices) = &drafts[*number] else {
                continue;
            };
            // A repeated fix, and a fix that would empty a list together with others, wait for the next round.
            let is_apart = splices
                .iter()
                .all(|splice| is_free(&covered, &splice.range));
            let is_new = !seen.contains(fixes[*number]);
            let empties = fixes[*number].iter().any(|edit| match edit {
                Edit::Items { at: path, names } if names.is_empty() => {
                    let list = &path.0[..path.0.len().saturating_sub(1)];
                    let items = self.items_in(tree, list);
                    items > 1 && removed.get(list).copied().unwrap_or_default() + 1 >= items
                }
                _ => false,
            });
            if !is_apart || !is_new || empties {
                batch.left.push(*number);
                continue;
            }
            for splice in splices {
                let end = covered.entry(splice.range.start).or_default();
                *end = splice.range.end.max(*end);
            }
            for edit in fixes[*number] {
                if let Edit::Items { at: path, names } = edit
                    && names.is_empty()
                {
                    let list = &path.0[..path.0.len().saturating_sub(1)];
                    *removed.entry(list).or_default() += 1;
                }
            }
            seen.insert(fixes[*number]);
            batch.taken.push(*number);
        }
        let taken = std::mem::take(&mut batch.taken);
        self.tried_out(fixes, drafts, &taken, &mut batch);
        batch
    }

    /// Adds fixes that do not touch each other to a batch, or as many of them as produce the expected tree.
    fn tried_out(
        &self,
        fixes: &[&[Edit]],
        drafts: &[Option<Vec<Splice>>],
        numbers: &[usize],
        batch: &mut Batch,
    ) {
        let drafted = |number: &usize| drafts[*number].clone().unwrap_or_default();
        if numbers.is_empty() {
            return;
        }
        let edits = numbers.iter().flat_map(|number| fixes[*number]).collect();
        let splices: Vec<Splice> = numbers.iter().flat_map(drafted).collect();
        if self.reads_as(edits, &splices) {
            batch.taken.extend(numbers);
            batch.splices.extend(numbers.iter().map(drafted));
            return;
        }
        let [_, _, ..] = numbers else {
            return;
        };
        let (first, second) = numbers.split_at(numbers.len() / 2);
        self.tried_out(fixes, drafts, first, batch);
        if batch.taken.is_empty() {
            self.tried_out(fixes, drafts, second, batch);
        } else {
            // The second half may still be possible after the first, so keep it for a later round.
            batch.left.extend(second);
        }
    }

    /// Whether a text with some splices reads as its tree with some edits.
    fn reads_as(&self, mut edits: Vec<&Edit>, splices: &[Splice]) -> bool {
        let Some(tree) = self.tree() else {
            return false;
        };
        self.tried.set(self.tried.get() + self.text().len());
        // Edits that would move other paths come last: list items from the end of the list, then renamed fields from
        // the inside out.
        edits.sort_by_cached_key(|edit| match edit {
            Edit::Append { .. } => (0, Vec::new(), 0),
            Edit::Items { at: path, .. }
            | Edit::Replace {
                at: path,
                part: Part::Value,
                ..
            } => match path.0.split_last() {
                Some((Segment::Item(index), list)) => (1, list.to_vec(), usize::MAX - index),
                _ => (1, path.0.clone(), 0),
            },
            Edit::Replace {
                at: path,
                part: Part::Key,
                ..
            } => (2, Vec::new(), usize::MAX - path.0.len()),
        });
        let mut expected = tree.clone();
        let made = edits
            .into_iter()
            .try_for_each(|edit| expect(&mut expected, edit));
        if made.is_none() {
            return false;
        }
        let edited = Source {
            name: String::new(),
            text: spliced(self.text(), splices),
            syntax: self.syntax(),
        };
        edited.tree().is_ok_and(|found| same(&expected, &found))
    }

    /// How many items a list has, or a text that stands for one.
    fn items_in(&self, tree: &Node, list: &[Segment]) -> usize {
        match node_at(tree, list).map(|node| (&node.value, &node.span)) {
            Some((Value::List(items), _)) => items.len(),
            Some((Value::Text(_) | Value::Plain(_), span)) => Text::of(self).words_of(span).len(),
            _ => 0,
        }
    }
}

/// Whether a range touches none of the covered ranges, given as start → end. An insertion at the start or end of a
/// covered range does not touch it.
fn is_free(covered: &BTreeMap<usize, usize>, range: &Range<usize>) -> bool {
    let here = covered.get(&range.start);
    let before = covered.range(..range.start).next_back();
    let after = covered.range(range.start + 1..).next();
    here.is_none_or(|end| range.is_empty() || *end == range.start)
        && before.is_none_or(|(_, end)| *end <= range.start)
        && after.is_none_or(|(start, _)| *start >= range.end)
}

impl Place {
    /// The edit that takes the item at this place out.
    pub fn removed(&self) -> Option<Edit> {
        self.replaced_by(Vec::new())
    }

    /// The edit that replaces the item here by these names.
    pub fn replaced_by(&self, names: Vec<String>) -> Option<Edit> {
        self.path().map(|path| Edit::Items {
            at: path.clone(),
            names,
        })
    }

    /// The edit that changes the text of the scalar here, or the name of the field.
    pub fn renamed(&self, text: &str) -> Option<Edit> {
        match self {
            Self::Path(path, part) => Some(Edit::Replace {
                at: path.clone(),
                part: *part,
                text: text.to_owned(),
            }),
            Self::At(_) => None,
        }
    }
}

#[cfg(test)]
mod tests;
