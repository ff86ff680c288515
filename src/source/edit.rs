//! Changes to a text that leave everything outside of them as it is, byte for byte.
//!
//! An edit says what is to change in the tree of the text; its splices say which bytes. The splices are only handed out
//! where the text that they make reads as the tree that was asked for: what aliases, anchors or unusual layout would
//! make of them is found out here, not by the reader of the file.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use super::limits::MOST_TRIED;
use super::names::words;
use super::path::{Part, Path, Place, Segment};
use super::source_map::SourceMap;
use super::tree::{Node, Value};
use super::{Source, Syntax};

/// One change to a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Edit {
    /// The scalar at a path, or the name of the field there, gets another text.
    Replace(Path, Part, String),
    /// An item of a list becomes these names; with none of them it is taken out.
    Items(Path, Vec<String>),
    /// Names go to the end of a list in a field. Where its mapping lacks the field, it goes before the second path.
    Append(Path, Vec<String>, Path),
}

/// Bytes of a text and what takes their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splice {
    /// The bytes that go.
    pub range: Range<usize>,
    /// What comes.
    pub text: String,
}

/// The text after some splices that do not overlap.
pub fn spliced(text: &str, splices: &[Splice]) -> String {
    let mut sorted: Vec<&Splice> = splices.iter().collect();
    // What is inserted where another range begins comes before it.
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

/// Some of several fixes, each a few edits, that can be made at once: each is known by its number.
#[derive(Debug, Default)]
pub struct Batch {
    /// The fixes that are in it.
    pub taken: Vec<usize>,
    /// The splices of each of them.
    pub splices: Vec<Vec<Splice>>,
    /// Those that could not be made beside them, but may be afterwards.
    pub left: Vec<usize>,
}

impl SourceMap<'_> {
    /// The splices that make some edits, in the order of the text; `None` where they cannot be made here.
    pub fn splices(&self, edits: &[Edit]) -> Option<Vec<Splice>> {
        self.splices_of_each(&[edits]).pop().flatten()
    }

    /// The splices of each of several fixes, as if it were the only one; `None` for those that cannot be made here. Those that
    /// do not touch each other are tried out together.
    pub fn splices_of_each(&self, fixes: &[&[Edit]]) -> Vec<Option<Vec<Splice>>> {
        let drafts = self.drafts(fixes);
        let mut known: Vec<Option<Vec<Splice>>> = vec![None; fixes.len()];
        let mut rest: Vec<usize> = (0..fixes.len()).collect();
        while !rest.is_empty() {
            // What was read to try fixes out is bounded; beyond that they are shown as they were drafted. Whoever makes one
            // looks the text up anew, so that what is written was always tried out.
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

    /// The splices that each fix seems to come to.
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

    /// As many of some fixes as do not touch each other, where the text that they make reads as what was asked for; else half of
    /// them, and so on. A fix that is neither in the batch nor left cannot be made.
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
            // The same fix twice, and one that would leave a list without items, are for the next round.
            let is_apart = splices
                .iter()
                .all(|splice| is_free(&covered, &splice.range));
            let is_new = !seen.contains(fixes[*number]);
            let empties = fixes[*number].iter().any(|edit| match edit {
                Edit::Items(path, names) if names.is_empty() => {
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
                if let Edit::Items(path, names) = edit
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

    /// Puts fixes that do not touch each other into a batch, or as many of them as read as what was asked for.
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
        match batch.taken.is_empty() {
            true => self.tried_out(fixes, drafts, second, batch),
            // What was asked for beside these may still be made after them.
            false => batch.left.extend(second),
        }
    }

    /// Whether a text with some splices reads as its tree with some edits.
    fn reads_as(&self, mut edits: Vec<&Edit>, splices: &[Splice]) -> bool {
        let Some(tree) = self.tree() else {
            return false;
        };
        self.tried.set(self.tried.get() + self.text().len());
        // What moves others comes behind them: the items of a list from its end, then what gets another name, from within.
        edits.sort_by_cached_key(|edit| match edit {
            Edit::Append(..) => (0, Vec::new(), 0),
            Edit::Items(path, _) | Edit::Replace(path, Part::Value, _) => match path.0.split_last()
            {
                Some((Segment::Item(index), list)) => (1, list.to_vec(), usize::MAX - index),
                _ => (1, path.0.clone(), 0),
            },
            Edit::Replace(path, Part::Key, _) => (2, Vec::new(), usize::MAX - path.0.len()),
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

/// Whether a range touches none of some that are covered, each by its start with its end. What is inserted where another range
/// begins or ends is beside it.
fn is_free(covered: &BTreeMap<usize, usize>, range: &Range<usize>) -> bool {
    let here = covered.get(&range.start);
    let before = covered.range(..range.start).next_back();
    let after = covered.range(range.start + 1..).next();
    here.is_none_or(|end| range.is_empty() || *end == range.start)
        && before.is_none_or(|(_, end)| *end <= range.start)
        && after.is_none_or(|(start, _)| *start >= range.end)
}

/// Makes an edit in the tree itself. A string that stands for a list becomes the list.
fn expect(tree: &mut Node, edit: &Edit) -> Option<()> {
    let as_list = |node: &mut Node| {
        if let Value::Text(text) | Value::Plain(text) = &node.value {
            let names: Vec<String> = words(text).map(|(_, word)| word.to_owned()).collect();
            node.value = Value::List(texts(&names));
        }
    };
    match edit {
        Edit::Replace(path, Part::Key, name) => {
            let (last, parent) = path.0.split_last()?;
            let (Segment::Field(old), Value::Map(fields)) =
                (last, &mut node_at_mut(tree, parent)?.value)
            else {
                return None;
            };
            let field = fields.iter_mut().find(|field| field.name == *old)?;
            field.name.clone_from(name);
        }
        Edit::Replace(path, Part::Value, text) => {
            let (last, parent) = path.0.split_last()?;
            let parent = node_at_mut(tree, parent)?;
            if matches!(last, Segment::Item(_)) {
                as_list(parent);
            }
            let node = parent.child_mut(last)?;
            node.value = Value::Text(text.clone());
        }
        Edit::Items(path, names) => {
            let (Segment::Item(index), parent) = path.0.split_last()? else {
                return None;
            };
            let list = node_at_mut(tree, parent)?;
            as_list(list);
            let Value::List(items) = &mut list.value else {
                return None;
            };
            if *index >= items.len() {
                return None;
            }
            items.splice(*index..=*index, texts(names));
        }
        Edit::Append(path, names, before) => {
            let (Segment::Field(name), parent) = path.0.split_last()? else {
                return None;
            };
            let Value::Map(fields) = &mut node_at_mut(tree, parent)?.value else {
                return None;
            };
            if let Some(field) = fields.iter_mut().find(|field| field.name == *name) {
                if field.value.is_null() {
                    field.value.value = Value::List(Vec::new());
                }
                as_list(&mut field.value);
                let Value::List(items) = &mut field.value.value else {
                    return None;
                };
                items.extend(texts(names));
            } else {
                let Some(Segment::Field(next)) = before.0.last() else {
                    return None;
                };
                let at = fields.iter().position(|field| field.name == *next)?;
                let field = super::tree::Field {
                    name: name.clone(),
                    name_span: 0..0,
                    value: Node {
                        span: 0..0,
                        value: Value::List(texts(names)),
                    },
                };
                fields.insert(at, field);
            }
        }
    }
    Some(())
}

fn texts(names: &[String]) -> Vec<Node> {
    let node = |name: &String| Node {
        span: 0..0,
        value: Value::Text(name.clone()),
    };
    names.iter().map(node).collect()
}

/// Whether two trees say the same, whatever their layout. A string may stand for the list of its words.
fn same(expected: &Node, found: &Node) -> bool {
    let are_words = |items: &[Node], text: &str| {
        let mut rest = words(text);
        items.iter().all(|item| {
            matches!((&item.value, rest.next()), (Value::Text(a) | Value::Plain(a), Some((_, b))) if a == b)
        }) && rest.next().is_none()
    };
    match (&expected.value, &found.value) {
        (Value::Text(a) | Value::Plain(a), Value::Text(b) | Value::Plain(b)) => a == b,
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::List(items), Value::Text(text) | Value::Plain(text)) => are_words(items, text),
        (Value::Map(a), Value::Map(b)) => {
            // Without its last table, a list of tables in TOML has no name left in the text.
            let is_gone = |field: &&super::tree::Field| {
                matches!(&field.value.value, Value::List(items) if items.is_empty())
                    && b.iter().all(|other| other.name != field.name)
            };
            let a: Vec<_> = a.iter().filter(|field| !is_gone(field)).collect();
            a.len() == b.len()
                && a.iter()
                    .zip(b)
                    .all(|(a, b)| a.name == b.name && same(&a.value, &b.value))
        }
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Integer(a), Value::Integer(b)) => a == b,
        (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
        (Value::Null, Value::Null) => true,
        _ => false,
    }
}

fn node_at<'a>(tree: &'a Node, path: &[Segment]) -> Option<&'a Node> {
    path.iter()
        .try_fold(tree, |node, segment| match (&node.value, segment) {
            (Value::Map(fields), Segment::Field(name)) => fields
                .iter()
                .find(|field| field.name == *name)
                .map(|field| &field.value),
            (Value::List(items), Segment::Item(index)) => items.get(*index),
            _ => None,
        })
}

fn node_at_mut<'a>(tree: &'a mut Node, path: &[Segment]) -> Option<&'a mut Node> {
    path.iter()
        .try_fold(tree, |node, segment| node.child_mut(segment))
}

/// A text and how it is written: what turns an edit into splices.
#[derive(Clone, Copy)]
#[allow(
    clippy::struct_field_names,
    reason = "the text of a text and what is known of its places"
)]
struct Text<'a> {
    located: &'a SourceMap<'a>,
    text: &'a str,
    syntax: Syntax,
}

impl<'a> Text<'a> {
    fn of(located: &'a SourceMap<'_>) -> Self {
        Self {
            located,
            text: located.text(),
            syntax: located.syntax(),
        }
    }

    /// The words of a string that stands for a list.
    fn words_of(self, span: &Range<usize>) -> Rc<[Range<usize>]> {
        self.located.words_at(span.start, || {
            let start = self.body_start(span);
            let Some(body) = self.text.get(start..span.end) else {
                return Vec::new();
            };
            // A closing quote stands at the end of the last word.
            let quotes = &self.text[span.start..start];
            let trim = |range: Range<usize>| {
                let word = &self.text[range.clone()];
                let length = match quotes {
                    "" => word.len(),
                    _ => word.strip_suffix(quotes).unwrap_or(word).len(),
                };
                range.start..range.start + length
            };
            words(body)
                .map(|(at, word)| trim(start + at..start + at + word.len()))
                .filter(|range| !range.is_empty())
                .collect()
        })
    }

    fn splices(self, tree: &Node, edit: &Edit) -> Option<Vec<Splice>> {
        match edit {
            Edit::Replace(path, Part::Key, name) => {
                let (last, parent) = path.0.split_last()?;
                let (Segment::Field(old), Value::Map(fields)) =
                    (last, &node_at(tree, parent)?.value)
                else {
                    return None;
                };
                if fields.iter().any(|field| field.name == *name) {
                    return None;
                }
                let field = fields.iter().find(|field| field.name == *old)?;
                let is_bare = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
                let is_quoted = self.text[field.name_span.clone()].starts_with(['"', '\'']);
                if self.syntax == Syntax::Toml && !is_quoted && name.chars().all(is_bare) {
                    let (range, text) = (field.name_span.clone(), name.clone());
                    return Some(vec![Splice { range, text }]);
                }
                Some(vec![self.scalar(&field.name_span, name, false)])
            }
            Edit::Replace(path, Part::Value, text) => {
                let (last, parent) = path.0.split_last()?;
                match (last, node_at(tree, parent)?) {
                    (Segment::Item(_), node) if !matches!(node.value, Value::List(_)) => {
                        self.items(tree, path, std::slice::from_ref(text))
                    }
                    (_, parent) => {
                        let node = node_at(parent, std::slice::from_ref(last))?;
                        let flow = self.text[parent.span.clone()].starts_with(['[', '{']);
                        Some(vec![self.scalar(&node.span, text, flow)])
                    }
                }
            }
            Edit::Items(path, names) => self.items(tree, path, names),
            Edit::Append(path, names, before) => self.append(tree, path, names, before),
        }
    }

    /// An item becomes these names.
    fn items(self, tree: &Node, path: &Path, names: &[String]) -> Option<Vec<Splice>> {
        let (Segment::Item(index), parent) = path.0.split_last()? else {
            return None;
        };
        let list = node_at(tree, parent)?;
        let written = &self.text[list.span.clone()];
        let items = match &list.value {
            Value::Text(_) | Value::Plain(_) => {
                return self.words(&list.span, *index, names);
            }
            Value::List(items) => items,
            _ => return None,
        };
        let item = items.get(*index)?;
        if written.starts_with('[') && !self.is_table(item) {
            return match names.split_first() {
                None => self.remove_from_flow(&list.span, items, *index),
                Some((first, rest)) => {
                    let mut splices = vec![self.scalar(&item.span, first, true)];
                    if !rest.is_empty() {
                        splices.push(self.after_in_flow(item, rest));
                    }
                    Some(splices)
                }
            };
        }
        if self.is_table(item) {
            return if names.is_empty() {
                Some(vec![self.remove_table(item)])
            } else {
                None
            };
        }
        if self.syntax != Syntax::Yaml || self.dash(item).is_none() {
            return None;
        }
        match names.split_first() {
            None if items.len() == 1 => self.empty_block(tree, parent, item),
            None => Some(vec![self.remove_block_item(item)?]),
            Some((first, rest)) => {
                let mut splices = vec![self.scalar(&item.span, first, false)];
                if !rest.is_empty() {
                    splices.push(self.after_in_block(item, rest)?);
                }
                Some(splices)
            }
        }
    }

    /// A word of a string that stands for a list.
    fn words(self, span: &Range<usize>, index: usize, names: &[String]) -> Option<Vec<Splice>> {
        let all = self.words_of(span);
        let word = all.get(index)?;
        if names.is_empty() {
            let range = match (index.checked_sub(1).map(|i| &all[i]), all.get(index + 1)) {
                (_, Some(next)) => word.start..next.start,
                (Some(previous), None) => previous.end..word.end,
                (None, None) => {
                    let text = "[]".to_owned();
                    return Some(vec![Splice {
                        range: span.clone(),
                        text,
                    }]);
                }
            };
            return Some(vec![Splice {
                range,
                text: String::new(),
            }]);
        }
        let separator = match (index.checked_sub(1).map(|i| &all[i]), all.get(index + 1)) {
            (_, Some(next)) => &self.text[word.end..next.start],
            (Some(previous), None) => &self.text[previous.end..word.start],
            (None, None) => " ",
        };
        Some(vec![Splice {
            range: word.clone(),
            text: names.join(separator),
        }])
    }

    /// Where the words of a string begin: behind its quote, or its block header.
    fn body_start(self, span: &Range<usize>) -> usize {
        let text = &self.text[span.clone()];
        if let Some(quote) = ["\"\"\"", "'''", "\"", "'"]
            .into_iter()
            .find(|q| text.starts_with(q))
        {
            return span.start + quote.len();
        }
        if self.syntax == Syntax::Yaml && text.starts_with(['|', '>']) {
            return span.start + text.find('\n').map_or(text.len(), |newline| newline + 1);
        }
        span.start
    }

    /// Takes an item out of `[a, b]`, with its line where it has one of its own.
    fn remove_from_flow(
        self,
        list: &Range<usize>,
        items: &[Node],
        index: usize,
    ) -> Option<Vec<Splice>> {
        let item = &items[index].span;
        let line = self.line_of(item);
        let after = self.text[item.end..line.end].trim_start();
        let after = after.strip_prefix(',').unwrap_or(after).trim_start();
        let has_line = self.text[line.start..item.start].trim().is_empty()
            && (after.is_empty() || self.is_comment(after))
            && line.start > list.start
            && line.end < list.end;
        let gone = |range: Range<usize>| Splice {
            range,
            text: String::new(),
        };
        let previous = index.checked_sub(1).map(|i| &items[i].span);
        if has_line {
            let mut splices = vec![gone(line)];
            let is_last = index + 1 == items.len();
            if let (Syntax::Json, true, Some(previous)) = (self.syntax, is_last, previous) {
                let comma = previous.end + self.text[previous.end..item.start].find(',')?;
                splices.insert(0, gone(comma..comma + 1));
            }
            return Some(splices);
        }
        let on_this_line = |other: &Range<usize>| !self.text[other.end..item.start].contains('\n');
        if let Some(previous) = previous.filter(|previous| on_this_line(previous)) {
            return Some(vec![gone(previous.end..item.end)]);
        }
        let rest = &self.text[item.end..list.end];
        let blank = rest.len() - rest.trim_start().len();
        let end = match rest.trim_start().strip_prefix(',') {
            Some(behind) => {
                let spaces = behind.len() - behind.trim_start_matches([' ', '\t']).len();
                item.end + blank + 1 + spaces
            }
            None => item.end,
        };
        Some(vec![gone(item.start..end)])
    }

    /// A block list that loses its only item becomes `[]`, behind the name of its field.
    fn empty_block(self, tree: &Node, list: &[Segment], item: &Node) -> Option<Vec<Splice>> {
        let (Segment::Field(name), parent) = list.split_last()? else {
            return None;
        };
        let Value::Map(fields) = &node_at(tree, parent)?.value else {
            return None;
        };
        let field = fields.iter().find(|field| field.name == *name)?;
        let colon = field.name_span.end + self.text[field.name_span.end..].find(':')? + 1;
        let empty = Splice {
            range: colon..colon,
            text: " []".to_owned(),
        };
        Some(vec![empty, self.remove_block_item(item)?])
    }

    /// The lines of an item of a block list, its comment at the end of the line included.
    fn remove_block_item(self, item: &Node) -> Option<Splice> {
        let dash = self.dash(item)?;
        let line = self.line_of(&(dash..item.span.end));
        if !self.text[line.start..dash].trim().is_empty() {
            return None;
        }
        // Without a line end behind it, the one before it goes.
        let range = match self.text[..line.end].ends_with('\n') {
            true => line,
            false => self.text[..line.start].trim_end_matches(['\n', '\r']).len()..line.end,
        };
        Some(Splice {
            range,
            text: String::new(),
        })
    }

    /// The `-` of an item of a block list.
    fn dash(self, item: &Node) -> Option<usize> {
        let before = self.text[..item.span.start].trim_end();
        before.ends_with('-').then(|| before.len() - 1)
    }

    /// More items below one of a block list.
    fn after_in_block(self, item: &Node, names: &[String]) -> Option<Splice> {
        let dash = self.dash(item)?;
        let start = self.line_of(&(dash..dash)).start;
        let indent = &self.text[start..dash];
        let end = self.text[..self.line_of(&item.span).end]
            .trim_end_matches(['\n', '\r'])
            .len();
        let mut text = String::new();
        for name in names {
            text.push_str(self.newline());
            text.push_str(indent);
            text.push_str("- ");
            text.push_str(&self.quoted(name, false));
        }
        Some(Splice {
            range: end..end,
            text,
        })
    }

    /// More items behind one of `[a, b]`, each on a line of its own where that one has one.
    fn after_in_flow(self, item: &Node, names: &[String]) -> Splice {
        let line = self.line_of(&item.span);
        let indent = &self.text[line.start..item.span.start];
        let separator = match indent.trim().is_empty() {
            true => format!(",{}{indent}", self.newline()),
            false => ", ".to_owned(),
        };
        let mut text = String::new();
        for name in names {
            text.push_str(&separator);
            text.push_str(&match self.text[item.span.clone()].starts_with('"') {
                true => json_string(name),
                false => self.quoted(name, true),
            });
        }
        let at = item.span.end;
        Splice {
            range: at..at,
            text,
        }
    }

    /// Names at the end of a list that is the value of a field.
    fn append(
        self,
        tree: &Node,
        path: &Path,
        names: &[String],
        before: &Path,
    ) -> Option<Vec<Splice>> {
        let (Segment::Field(name), parent) = path.0.split_last()? else {
            return None;
        };
        let parent = node_at(tree, parent)?;
        let Value::Map(fields) = &parent.value else {
            return None;
        };
        let quoted: Vec<String> = names.iter().map(|name| self.quoted(name, true)).collect();
        let list = format!("[{}]", quoted.join(", "));
        let Some(field) = fields.iter().find(|field| field.name == *name) else {
            let Some(Segment::Field(next)) = before.0.last() else {
                return None;
            };
            let next = fields.iter().find(|field| field.name == *next)?;
            let at = next.name_span.start;
            let line = self.line_of(&next.name_span);
            let indent = &self.text[line.start..at];
            let between = match indent.trim().is_empty() {
                true => format!("{}{indent}", self.newline()),
                false => " ".to_owned(),
            };
            let is_flow = self.text[parent.span.clone()].starts_with('{');
            let text = match (self.syntax, is_flow) {
                (Syntax::Json, _) => format!("\"{name}\": {list},{between}"),
                (Syntax::Yaml, true) => format!("{name}: {list},{between}"),
                (Syntax::Yaml, false) => format!("{name}: {list}{between}"),
                (Syntax::Toml, true) => format!("{name} = {list},{between}"),
                (Syntax::Toml, false) => format!("{name} = {list}{between}"),
            };
            // The span of a quoted name in JSON begins at its quote, so this is the place in every syntax.
            return Some(vec![Splice {
                range: at..at,
                text,
            }]);
        };
        let written = &self.text[field.value.span.clone()];
        match &field.value.value {
            Value::List(items) => match items.last() {
                None => Some(vec![Splice {
                    range: field.value.span.clone(),
                    text: list,
                }]),
                Some(end) if written.starts_with('[') => Some(vec![self.after_in_flow(end, names)]),
                Some(end) => Some(vec![self.after_in_block(end, names)?]),
            },
            _ if field.value.is_null() && !written.is_empty() => {
                let range = field.value.span.clone();
                Some(vec![Splice { range, text: list }])
            }
            _ if field.value.is_null() && self.syntax == Syntax::Yaml => {
                let colon = field.name_span.end + self.text[field.name_span.end..].find(':')? + 1;
                Some(vec![Splice {
                    range: colon..colon,
                    text: format!(" {list}"),
                }])
            }
            Value::Text(text) | Value::Plain(text) => match words(text).count() {
                0 => Some(vec![Splice {
                    range: field.value.span.clone(),
                    text: list,
                }]),
                count => {
                    let start = self.body_start(&field.value.span);
                    let body = &self.text[start..field.value.span.end];
                    let (at, word) = words(body).nth(count - 1)?;
                    let word = word.trim_end_matches(['"', '\'']);
                    let end = start + at + word.len();
                    Some(vec![Splice {
                        range: end..end,
                        text: format!(" {}", names.join(" ")),
                    }])
                }
            },
            _ => None,
        }
    }

    /// Whether an item is a `[[table]]` of TOML.
    fn is_table(self, item: &Node) -> bool {
        self.syntax == Syntax::Toml
            && matches!(item.value, Value::Map(_))
            && self.text[self.line_of(&(item.span.start..item.span.start))]
                .trim_start()
                .starts_with("[[")
    }

    /// A `[[table]]` with the blank line before it, to the line before what comes next; comments above that stay with it.
    fn remove_table(self, item: &Node) -> Splice {
        let start = self.line_of(&(item.span.start..item.span.start)).start;
        let (mut end, mut at) = (start, start);
        for (number, line) in self.text[start..].split_inclusive('\n').enumerate() {
            if number > 0 && line.starts_with('[') {
                break;
            }
            at += line.len();
            if !line.trim().is_empty() && !line.trim_start().starts_with('#') {
                end = at;
            }
        }
        let before = &self.text[..start];
        let line = before.trim_end_matches(['\n', '\r']);
        let blank = self.newline().len();
        let is_after_blank = before.len() - line.len() > blank;
        let start = if is_after_blank { start - blank } else { start };
        Splice {
            range: start..end,
            text: String::new(),
        }
    }

    /// A scalar with another text, in the quotes that it has.
    fn scalar(self, span: &Range<usize>, text: &str, flow: bool) -> Splice {
        let written = &self.text[span.clone()];
        let quote = ["\"", "'"]
            .into_iter()
            .find(|quote| written.starts_with(quote));
        let text = match quote {
            Some("'") if !text.contains('\'') => format!("'{text}'"),
            Some(_) => json_string(text),
            None => self.quoted(text, flow),
        };
        Splice {
            range: span.clone(),
            text,
        }
    }

    /// A text as a scalar of the syntax: plain in YAML where that is safe.
    fn quoted(self, text: &str, flow: bool) -> String {
        match self.syntax {
            Syntax::Yaml => yaml_scalar(text, flow),
            _ => json_string(text),
        }
    }

    fn newline(self) -> &'static str {
        self.located.newline()
    }

    /// The lines that a range touches, with the last one's end.
    fn line_of(self, range: &Range<usize>) -> Range<usize> {
        let start = self.located.line_at(range.start).start;
        let end = self.located.line_at(range.end).end;
        start..end
    }

    fn is_comment(self, text: &str) -> bool {
        self.syntax != Syntax::Json && text.starts_with('#')
    }
}

/// A text as a scalar of YAML, plain where that is safe; `flow` inside of `[ ]` and `{ }`.
pub fn yaml_scalar(text: &str, flow: bool) -> String {
    match is_plain(text, flow) {
        true => text.to_owned(),
        false => json_string(text),
    }
}

/// A string as JSON writes it, which YAML and TOML read alike.
fn json_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Whether YAML reads the text as itself without quotes.
fn is_plain(text: &str, flow: bool) -> bool {
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '_');
    let middle = text.chars().all(|c| {
        c.is_ascii_alphanumeric() || "_-./:@+ ".contains(c) || (!flow && "{}[],".contains(c))
    });
    let word = matches!(
        text.to_ascii_lowercase().as_str(),
        "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n"
    );
    begins && middle && !word && !text.contains(": ") && !text.ends_with([':', ' '])
}

impl Place {
    /// The edit that takes the item at this place out.
    pub fn removed(&self) -> Option<Edit> {
        self.replaced_by(Vec::new())
    }

    /// The edit that puts these names in the place of the item here.
    pub fn replaced_by(&self, names: Vec<String>) -> Option<Edit> {
        self.path().map(|path| Edit::Items(path.clone(), names))
    }

    /// The edit that gives the scalar here, or the name of the field, another text.
    pub fn renamed(&self, text: &str) -> Option<Edit> {
        match self {
            Self::Path(path, part) => Some(Edit::Replace(path.clone(), *part, text.to_owned())),
            Self::At(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(text: &str, syntax: Syntax, edits: &[Edit]) -> Option<String> {
        let source = Source {
            name: "test".to_owned(),
            text: text.to_owned(),
            syntax,
        };
        let splices = source.source_map().splices(edits)?;
        Some(spliced(text, &splices))
    }

    fn scopes(index: usize) -> Path {
        Path::root().field("scopes").item(index)
    }

    fn without(text: &str, syntax: Syntax, index: usize) -> Option<String> {
        edited(text, syntax, &[Edit::Items(scopes(index), Vec::new())])
    }

    fn with(text: &str, syntax: Syntax, index: usize, names: &[&str]) -> Option<String> {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        edited(text, syntax, &[Edit::Items(scopes(index), names)])
    }

    #[test]
    fn an_item_of_a_block_list_goes_with_its_line() {
        let text = "scopes:  # all\n  - a # one\n  # of b\n  - b\n  - c";
        let without = |index| without(text, Syntax::Yaml, index);
        assert_eq!(
            without(0).as_deref(),
            Some("scopes:  # all\n  # of b\n  - b\n  - c")
        );
        assert_eq!(
            without(1).as_deref(),
            Some("scopes:  # all\n  - a # one\n  # of b\n  - c")
        );
        assert_eq!(
            without(2).as_deref(),
            Some("scopes:  # all\n  - a # one\n  # of b\n  - b")
        );
        assert_eq!(without(3), None);
    }

    #[test]
    fn a_block_list_without_items_stays_a_list() {
        assert_eq!(
            without(
                "a:\n  scopes:  # none\n    - x # y\nb: 1\n",
                Syntax::Yaml,
                0
            ),
            None
        );
        assert_eq!(
            without("scopes:  # none\n    - x # y\nb: 1\n", Syntax::Yaml, 0).as_deref(),
            Some("scopes: []  # none\nb: 1\n")
        );
        assert_eq!(
            without("scopes:\r\n- x\r\n", Syntax::Yaml, 0).as_deref(),
            Some("scopes: []\r\n")
        );
    }

    #[test]
    fn an_item_of_a_flow_list_goes_with_its_comma() {
        let text = "scopes: [ a, b,  \"c\" ] # x\n";
        let without = |index| without(text, Syntax::Yaml, index);
        assert_eq!(without(0).as_deref(), Some("scopes: [ b,  \"c\" ] # x\n"));
        assert_eq!(without(1).as_deref(), Some("scopes: [ a,  \"c\" ] # x\n"));
        assert_eq!(without(2).as_deref(), Some("scopes: [ a, b ] # x\n"));
        let only = super::tests::without("scopes: [a]\n", Syntax::Yaml, 0);
        assert_eq!(only.as_deref(), Some("scopes: []\n"));
    }

    #[test]
    fn json_keeps_no_comma_before_the_bracket() {
        let text = "{\n  \"scopes\": [\n    \"a\",\n    \"b\"\n  ]\n}\n";
        let last = without(text, Syntax::Json, 1);
        assert_eq!(
            last.as_deref(),
            Some("{\n  \"scopes\": [\n    \"a\"\n  ]\n}\n")
        );
        let first = without(text, Syntax::Json, 0);
        assert_eq!(
            first.as_deref(),
            Some("{\n  \"scopes\": [\n    \"b\"\n  ]\n}\n")
        );
        let inline = without("{\"scopes\":[\"a\",\"b\"]}", Syntax::Json, 1);
        assert_eq!(inline.as_deref(), Some("{\"scopes\":[\"a\"]}"));
    }

    #[test]
    fn toml_keeps_its_comments() {
        let text = "scopes = [\n  \"a\", # one\n  # of b\n  \"b\", # two\n]\n";
        let second = without(text, Syntax::Toml, 1);
        assert_eq!(
            second.as_deref(),
            Some("scopes = [\n  \"a\", # one\n  # of b\n]\n")
        );
        let grown = with(text, Syntax::Toml, 0, &["x", "y"]);
        assert_eq!(
            grown.as_deref(),
            Some("scopes = [\n  \"x\",\n  \"y\", # one\n  # of b\n  \"b\", # two\n]\n")
        );
    }

    #[test]
    fn a_table_of_a_list_goes_from_its_header() {
        let text = "name = \"x\"\n\n[[scopes]]\na = 1 # x\n\n# of b\n[[scopes]]\nb = 2\n";
        let first = without(text, Syntax::Toml, 0);
        assert_eq!(
            first.as_deref(),
            Some("name = \"x\"\n\n# of b\n[[scopes]]\nb = 2\n")
        );
    }

    #[test]
    fn a_word_goes_with_its_separator() {
        let quoted = "scopes: \"a, b c\"\n";
        assert_eq!(
            without(quoted, Syntax::Yaml, 0).as_deref(),
            Some("scopes: \"b c\"\n")
        );
        assert_eq!(
            without(quoted, Syntax::Yaml, 2).as_deref(),
            Some("scopes: \"a, b\"\n")
        );
        assert_eq!(
            with(quoted, Syntax::Yaml, 2, &["x"]).as_deref(),
            Some("scopes: \"a, b x\"\n")
        );
        assert_eq!(
            without("scopes: a\n", Syntax::Yaml, 0).as_deref(),
            Some("scopes: []\n")
        );
        let block = "scopes: |\n  a\n  b\nname: x\n";
        assert_eq!(
            without(block, Syntax::Yaml, 0).as_deref(),
            Some("scopes: |\n  b\nname: x\n")
        );
        assert_eq!(
            without(block, Syntax::Yaml, 1).as_deref(),
            Some("scopes: |\n  a\nname: x\n")
        );
    }

    #[test]
    fn what_an_alias_stands_for_is_not_changed_behind_its_back() {
        let text = "labels: &l [a, b]\nscopes: *l\n";
        assert_eq!(without(text, Syntax::Yaml, 0), None);
        let text = "scopes: &l [a, b]\nlabels: *l\n";
        assert_eq!(without(text, Syntax::Yaml, 0), None);
    }

    #[test]
    fn names_are_appended_where_the_list_is_or_before_its_neighbour() {
        let edit = Edit::Append(
            Path::root().field("scopes"),
            vec!["x".to_owned(), "y:z".to_owned()],
            Path::root().field("bundles"),
        );
        let edits = std::slice::from_ref(&edit);
        let yaml = |text| edited(text, Syntax::Yaml, edits);
        assert_eq!(
            yaml("bundles: [b]\n").as_deref(),
            Some("scopes: [x, y:z]\nbundles: [b]\n")
        );
        assert_eq!(
            yaml("scopes:\n  - a # c\nbundles: [b]\n").as_deref(),
            Some("scopes:\n  - a # c\n  - x\n  - y:z\nbundles: [b]\n")
        );
        assert_eq!(
            yaml("scopes: a b\n").as_deref(),
            Some("scopes: a b x y:z\n")
        );
        assert_eq!(
            edited("{\"bundles\": []}", Syntax::Json, edits).as_deref(),
            Some("{\"scopes\": [\"x\", \"y:z\"], \"bundles\": []}")
        );
        assert_eq!(
            edited("bundles = []\n", Syntax::Toml, edits).as_deref(),
            Some("scopes = [\"x\", \"y:z\"]\nbundles = []\n")
        );
    }

    #[test]
    fn nothing_becomes_a_list_and_a_comment_below_stays() {
        let edit = [Edit::Append(
            Path::root().field("scopes"),
            vec!["x".to_owned()],
            Path::root().field("bundles"),
        )];
        for written in ["scopes: ~\n", "scopes: null\n", "scopes:\n"] {
            let edited = edited(written, Syntax::Yaml, &edit);
            assert_eq!(edited.as_deref(), Some("scopes: [x]\n"), "{written}");
        }
        let text = "scopes:\n  - a: 1\n    b: 2\n  # of c\n  - c: 3\n  # after\n# of d\nd: 4\n";
        assert_eq!(
            without(text, Syntax::Yaml, 0).as_deref(),
            Some("scopes:\n  # of c\n  - c: 3\n  # after\n# of d\nd: 4\n")
        );
        assert_eq!(
            without(text, Syntax::Yaml, 1).as_deref(),
            Some("scopes:\n  - a: 1\n    b: 2\n  # of c\n  # after\n# of d\nd: 4\n")
        );
    }

    #[test]
    fn a_field_gets_no_name_that_its_mapping_has() {
        let rename = |text, syntax| {
            let edit = Edit::Replace(Path::root().field("scope"), Part::Key, "scopes".to_owned());
            edited(text, syntax, &[edit])
        };
        assert_eq!(rename("scope: a\nscopes: b\n", Syntax::Yaml), None);
        assert_eq!(
            rename("scope = 1\n", Syntax::Toml).as_deref(),
            Some("scopes = 1\n")
        );
        assert_eq!(
            rename("{\"scope\": 1}", Syntax::Json).as_deref(),
            Some("{\"scopes\": 1}")
        );
    }

    #[test]
    fn a_name_that_needs_quotes_gets_them() {
        assert_eq!(
            with("scopes: [a]\n", Syntax::Yaml, 0, &["*"]).as_deref(),
            Some("scopes: [\"*\"]\n")
        );
        assert_eq!(
            with("scopes: ['a']\n", Syntax::Yaml, 0, &["b"]).as_deref(),
            Some("scopes: ['b']\n")
        );
    }

    #[test]
    fn fixes_that_are_tried_out_together_are_those_that_are_tried_out_alone() {
        let texts = [
            ("scopes: [a, b, c, d]\n", Syntax::Yaml),
            ("scopes:\n  - a\n  - b # why\n  - c\n  - d\n", Syntax::Yaml),
            ("scopes: a, b c  d\n", Syntax::Yaml),
            ("scopes: |\n  a\n  b\n  c\n  d\n", Syntax::Yaml),
            ("scopes: &l [a, b, c, d]\nlabels: *l\n", Syntax::Yaml),
            ("{\"scopes\": [\"a\", \"b\", \"c\", \"d\"]}", Syntax::Json),
            (
                "{\n  \"scopes\": [\n    \"a\",\n    \"b\",\n    \"c\",\n    \"d\"\n  ]\n}\n",
                Syntax::Json,
            ),
            (
                "scopes = [\n  \"a\",\n  \"b\", # why\n  \"c\",\n  \"d\",\n]\n",
                Syntax::Toml,
            ),
        ];
        for (text, syntax) in texts {
            let source = Source {
                name: "test".to_owned(),
                text: text.to_owned(),
                syntax,
            };
            let names = [
                vec![],
                vec!["x".to_owned()],
                vec!["y".to_owned(), "z".to_owned()],
            ];
            let fixes: Vec<[Edit; 1]> = (0..5)
                .flat_map(|index| {
                    names
                        .clone()
                        .map(|names| [Edit::Items(scopes(index), names)])
                })
                .collect();
            let fixes: Vec<&[Edit]> = fixes.iter().map(<[Edit; 1]>::as_slice).collect();
            let together = source.source_map().splices_of_each(&fixes);
            for (fix, splices) in fixes.iter().zip(together) {
                assert_eq!(
                    splices,
                    source.source_map().splices(fix),
                    "{fix:?} of {text}"
                );
            }
        }
    }

    #[test]
    fn what_is_made_at_once_reads_as_all_of_it() {
        let source = Source {
            name: "test".to_owned(),
            text: "scopes: [a, b, c, d, e]\n".to_owned(),
            syntax: Syntax::Yaml,
        };
        let fixes: Vec<[Edit; 1]> = (0..5)
            .map(|index| [Edit::Items(scopes(index), Vec::new())])
            .collect();
        let fixes: Vec<&[Edit]> = fixes.iter().map(<[Edit; 1]>::as_slice).collect();
        let batch = source.source_map().together(&fixes);
        let splices: Vec<Splice> = batch.splices.into_iter().flatten().collect();
        assert_eq!(
            batch.taken,
            [0, 2, 3, 4],
            "the second stands in what goes with the first"
        );
        assert_eq!(batch.left, [1]);
        assert_eq!(spliced(&source.text, &splices), "scopes: [b]\n");
    }
}
