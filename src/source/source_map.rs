//! Place → span → line and column. Built only for a file that has findings.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use super::names::words;
use super::nearest::nearest;
use super::path::{Part, Path, Place, Segment};
use super::tree::{Field, Node, Value};
use super::{Source, Syntax};

/// A line and a column, both from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// A source whose places can be looked up.
#[derive(Debug)]
pub struct SourceMap<'a> {
    source: &'a Source,
    /// Built when a path is asked for; `None` where the text cannot be parsed.
    tree: OnceCell<Option<Node>>,
    line_starts: Vec<usize>,
    newline: &'static str,
    /// The number of characters before each multiple of [`STRIDE`] bytes; built for a text with a long line.
    characters: OnceCell<Vec<usize>>,
    /// The words of strings that are read as lists, by the start of the string.
    words: RefCell<HashMap<usize, Rc<[Range<usize>]>>>,
    /// The same for editing: without the quote after the last word.
    edited_words: RefCell<HashMap<usize, Rc<[Range<usize>]>>>,
    /// Where the fields of large mappings are, by name.
    fields: RefCell<HashMap<usize, HashMap<String, usize>>>,
    /// How many bytes were read so far to try edits on it.
    pub(super) tried: Cell<usize>,
}

/// The number of bytes between two stored character counts.
const STRIDE: usize = 256;
/// Mappings with more fields than this get an index for lookups.
const FEW_FIELDS: usize = 16;

impl<'a> SourceMap<'a> {
    pub(super) fn new(source: &'a Source) -> Self {
        let mut line_starts = vec![0];
        line_starts.extend(source.text.match_indices('\n').map(|(at, _)| at + 1));
        Self {
            source,
            tree: OnceCell::new(),
            line_starts,
            newline: if source.text.contains("\r\n") {
                "\r\n"
            } else {
                "\n"
            },
            characters: OnceCell::new(),
            words: RefCell::default(),
            edited_words: RefCell::default(),
            fields: RefCell::default(),
            tried: Cell::default(),
        }
    }

    pub(super) fn tree(&self) -> Option<&Node> {
        self.tree.get_or_init(|| self.source.tree().ok()).as_ref()
    }

    pub(super) fn syntax(&self) -> Syntax {
        self.source.syntax
    }

    /// The name of the source.
    pub fn name(&self) -> &'a String {
        &self.source.name
    }

    /// The text that the spans point into.
    pub fn text(&self) -> &'a str {
        &self.source.text
    }

    /// What ends a line of the text.
    pub(super) fn newline(&self) -> &'static str {
        self.newline
    }

    /// The line that a byte is on, its end included.
    pub fn line_at(&self, byte: usize) -> Range<usize> {
        let next = self.line_starts.partition_point(|start| *start <= byte);
        let end = self.line_starts.get(next);
        self.line_starts[next - 1]..end.copied().unwrap_or(self.source.text.len())
    }

    /// The words of the text that begins at a byte, as they are edited; found once.
    pub(super) fn words_at(
        &self,
        start: usize,
        find: impl FnOnce() -> Vec<Range<usize>>,
    ) -> Rc<[Range<usize>]> {
        cached(&self.edited_words, start, find)
    }

    /// A field of a mapping. A misspelt field, which was already reported, counts as the one that must be meant.
    fn field<'n>(&self, fields: &'n [Field], name: &str) -> Option<&'n Field> {
        let exact = if fields.len() <= FEW_FIELDS {
            fields.iter().find(|field| field.name == name)
        } else {
            let mut known = self.fields.borrow_mut();
            let index = known.entry(fields.as_ptr().addr()).or_insert_with(|| {
                let names = fields.iter().enumerate().rev();
                names.map(|(at, field)| (field.name.clone(), at)).collect()
            });
            index.get(name).map(|at| &fields[*at])
        };
        exact.or_else(|| {
            let names = fields.iter().map(|field| field.name.as_str());
            let meant = nearest(name, names).first().copied()?.to_owned();
            fields.iter().find(|field| field.name == meant)
        })
    }

    /// The byte range of a place. A path that does not exist is followed up to its last existing step.
    pub fn span(&self, place: &Place) -> Range<usize> {
        match place {
            Place::At(span) => {
                let text = &self.source.text;
                // A place at the end of the text belongs to the last line.
                let end = match text.strip_suffix('\n') {
                    Some(text) => text.strip_suffix('\r').unwrap_or(text).len(),
                    None => text.len(),
                };
                let is_boundary = |at: &usize| text.is_char_boundary(*at);
                let start = (0..=span.start.min(end)).rev().find(is_boundary);
                let end = (span.end..=text.len()).find(is_boundary);
                let start = start.unwrap_or_default();
                start..end.unwrap_or(text.len()).max(start)
            }
            Place::Path(path, part) => match self.tree() {
                Some(tree) => self.span_of_path(tree, path, *part),
                None => 0..0,
            },
        }
    }

    /// Whether a path leads to a text with nothing visible in it.
    pub fn is_empty_text(&self, path: &Path) -> bool {
        self.node(path).is_some_and(|node| match &node.value {
            Value::Text(text) | Value::Plain(text) => text.trim().is_empty(),
            _ => false,
        })
    }

    /// Whether a path leads to a value of this text, or to a word of a text that stands for a list.
    pub fn has(&self, path: &Path) -> bool {
        let is_text = |node: &Node| matches!(node.value, Value::Text(_) | Value::Plain(_));
        let is_word = match path.0.split_last() {
            Some((Segment::Item(_) | Segment::Words(..), above)) => {
                self.node(&Path(above.to_vec())).is_some_and(is_text)
            }
            _ => false,
        };
        is_word || self.node(path).is_some()
    }

    fn node(&self, path: &Path) -> Option<&Node> {
        let mut node = self.tree()?;
        for segment in &path.0 {
            node = match (&node.value, segment) {
                (Value::Map(fields), Segment::Field(name)) => &self.field(fields, name)?.value,
                (Value::List(items), Segment::Item(index)) => items.get(*index)?,
                _ => return None,
            };
        }
        Some(node)
    }

    /// The bytes of a place without the quotes around it: what is replaced when the text there changes.
    pub fn inner_span(&self, place: &Place) -> Range<usize> {
        let span = self.span(place);
        let text = &self.source.text[span.clone()];
        for quote in ["\"\"\"", "'''", "\"", "'"] {
            let inner = text
                .strip_prefix(quote)
                .and_then(|rest| rest.strip_suffix(quote));
            if inner.is_some() {
                return span.start + quote.len()..span.end - quote.len();
            }
        }
        span
    }

    fn span_of_path(&self, tree: &Node, path: &Path, part: Part) -> Range<usize> {
        let mut node = tree;
        // For a whole mapping, point at its name.
        let mut shown = self.first_line(node);
        for (depth, segment) in path.0.iter().enumerate() {
            let last = depth + 1 == path.0.len();
            match (&node.value, segment) {
                (Value::Map(fields), Segment::Field(name)) => {
                    let Some(field) = self.field(fields, name) else {
                        return shown;
                    };
                    node = &field.value;
                    let is_block =
                        matches!(node.value, Value::Map(_) | Value::List(_)) || node.is_null();
                    let key = (last && part == Part::Key) || is_block;
                    shown = if key {
                        field.name_span.clone()
                    } else {
                        node.span.clone()
                    };
                }
                (Value::List(items), Segment::Item(index)) => {
                    let Some(item) = items.get(*index) else {
                        return shown;
                    };
                    node = item;
                    shown = match node.value {
                        Value::Map(_) | Value::List(_) => self.first_line(node),
                        _ => node.span.clone(),
                    };
                }
                (Value::Text(_) | Value::Plain(_), Segment::Item(index)) => {
                    return self.words(node, *index, 1);
                }
                (Value::Text(_) | Value::Plain(_), Segment::Words(first, count)) => {
                    return self.words(node, *first, *count);
                }
                _ => return shown,
            }
        }
        shown
    }

    /// Some words of a string that stands for a list, from one on, found in the text as it is written.
    fn words(&self, node: &Node, first: usize, count: usize) -> Range<usize> {
        let text = &self.source.text[node.span.clone()];
        let (mut start, mut body) = (node.span.start, text);
        if let Some(quote) = ["\"\"\"", "'''", "\"", "'"]
            .into_iter()
            .find(|quote| text.starts_with(quote))
        {
            body = text[quote.len()..]
                .strip_suffix(quote)
                .unwrap_or(&text[quote.len()..]);
            start += quote.len();
        } else if self.source.syntax == Syntax::Yaml && text.starts_with(['|', '>']) {
            let header = text.find('\n').map_or(text.len(), |newline| newline + 1);
            body = &text[header..];
            start += header;
        }
        let all = cached(&self.words, node.span.start, || {
            words(body)
                .map(|(at, word)| start + at..start + at + word.len())
                .collect()
        });
        let Some(word) = all.get(first) else {
            return node.span.clone();
        };
        let last = all.get(first + count.max(1) - 1).or(all.last());
        word.start..last.unwrap_or(word).end
    }

    fn first_line(&self, node: &Node) -> Range<usize> {
        let end = node.span.end.min(self.line_at(node.span.start).end);
        let text = &self.source.text[node.span.start..end.max(node.span.start)];
        node.span.start..node.span.start + text.trim_end().len()
    }

    /// The position of a byte.
    pub fn position(&self, byte: usize) -> Position {
        let byte = byte.min(self.source.text.len());
        let line = self.line_starts.partition_point(|start| *start <= byte);
        let start = self.line_starts[line - 1];
        let column = match byte - start {
            few if few <= STRIDE => characters(&self.source.text.as_bytes()[start..byte]),
            _ => self.characters_before(byte) - self.characters_before(start),
        };
        Position {
            line,
            column: 1 + column,
        }
    }

    /// How many characters begin before a byte.
    fn characters_before(&self, byte: usize) -> usize {
        let text = self.source.text.as_bytes();
        let known = self.characters.get_or_init(|| {
            let mut before = 0;
            let strides = text.chunks(STRIDE).map(|chunk| {
                let here = before;
                before += characters(chunk);
                here
            });
            strides.collect()
        });
        let stride = byte / STRIDE;
        match known.get(stride) {
            Some(before) => before + characters(&text[stride * STRIDE..byte]),
            // The end of a text whose length is a multiple of the stride.
            None => known.last().map_or(0, |before| {
                before + characters(&text[(known.len() - 1) * STRIDE..byte])
            }),
        }
    }
}

/// How many characters begin in some bytes of a text.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

/// The cached words of the string that begins at a byte.
fn cached(
    known: &RefCell<HashMap<usize, Rc<[Range<usize>]>>>,
    start: usize,
    find: impl FnOnce() -> Vec<Range<usize>>,
) -> Rc<[Range<usize>]> {
    if let Some(found) = known.borrow().get(&start) {
        return Rc::clone(found);
    }
    let found: Rc<[Range<usize>]> = find().into();
    known.borrow_mut().insert(start, Rc::clone(&found));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_the_one_that_is_counted() {
        let long = "aé∀😀".repeat(STRIDE);
        for text in [
            "",
            "a",
            "a\nb\r\né\n",
            &long,
            &format!("x\n{long}\ny{long}"),
        ] {
            let source = Source {
                name: "test".to_owned(),
                text: text.to_owned(),
                syntax: Syntax::Yaml,
            };
            let located = source.source_map();
            let (mut line, mut column) = (1, 1);
            for (byte, character) in text.char_indices() {
                assert_eq!(located.position(byte), Position { line, column });
                (line, column) = match character {
                    '\n' => (line + 1, 1),
                    _ => (line, column + 1),
                };
            }
            assert_eq!(located.position(text.len()), Position { line, column });
        }
    }
}
