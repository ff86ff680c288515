//! Place → span → line and column. Built only for a file that has findings.

use std::ops::Range;

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
pub struct Located<'a> {
    source: &'a Source,
    tree: Option<Node>,
    line_starts: Vec<usize>,
    /// How many bytes were read to try out edits on it.
    pub(super) tried: std::cell::Cell<usize>,
}

impl<'a> Located<'a> {
    pub(super) fn new(source: &'a Source) -> Self {
        let mut line_starts = vec![0];
        line_starts.extend(source.text.match_indices('\n').map(|(at, _)| at + 1));
        Self {
            source,
            tree: source.tree().ok(),
            line_starts,
            tried: std::cell::Cell::default(),
        }
    }

    pub(super) fn tree(&self) -> Option<&Node> {
        self.tree.as_ref()
    }

    pub(super) fn syntax(&self) -> Syntax {
        self.source.syntax
    }

    /// The text that the spans point into.
    pub fn text(&self) -> &'a str {
        &self.source.text
    }

    /// The bytes of a place. A path that leads nowhere ends at the last step that exists.
    pub fn span(&self, place: &Place) -> Range<usize> {
        match place {
            Place::At(span) => {
                let text = &self.source.text;
                // The end of the text belongs to its last line.
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
            Place::Path(path, part) => match &self.tree {
                Some(tree) => self.span_of_path(tree, path, *part),
                None => 0..0,
            },
        }
    }

    /// Whether a path leads to a text without a letter.
    pub fn is_empty_text(&self, path: &Path) -> bool {
        self.node(path).is_some_and(|node| match &node.value {
            Value::Text(text) | Value::Plain(text) => text.trim().is_empty(),
            _ => false,
        })
    }

    /// Whether a path leads to a value of this text.
    pub fn has(&self, path: &Path) -> bool {
        self.node(path).is_some()
    }

    fn node(&self, path: &Path) -> Option<&Node> {
        let mut node = self.tree.as_ref()?;
        for segment in &path.0 {
            node = match (&node.value, segment) {
                (Value::Map(fields), Segment::Field(name)) => &field(fields, name)?.value,
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
        // Where a whole mapping is meant, its name is what people should look at.
        let mut shown = self.first_line(node);
        for (depth, segment) in path.0.iter().enumerate() {
            let last = depth + 1 == path.0.len();
            match (&node.value, segment) {
                (Value::Map(fields), Segment::Field(name)) => {
                    let Some(field) = field(fields, name) else {
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
        let mut meant = words(body).skip(first).take(count.max(1));
        let Some((at, word)) = meant.next() else {
            return node.span.clone();
        };
        let (last, last_word) = meant.last().unwrap_or((at, word));
        start + at..start + last + last_word.len()
    }

    fn first_line(&self, node: &Node) -> Range<usize> {
        let text = &self.source.text[node.span.clone()];
        let length = text.find('\n').unwrap_or(text.len());
        node.span.start..node.span.start + text[..length].trim_end().len()
    }

    /// The position of a byte.
    pub fn position(&self, byte: usize) -> Position {
        let byte = byte.min(self.source.text.len());
        let line = self.line_starts.partition_point(|start| *start <= byte);
        let start = self.line_starts[line - 1];
        Position {
            line,
            column: 1 + self.source.text[start..byte].chars().count(),
        }
    }
}

/// A field of a mapping, a misspelt one included: it was reported, and counts as the one that must be meant.
fn field<'a>(fields: &'a [Field], name: &str) -> Option<&'a Field> {
    fields.iter().find(|field| field.name == name).or_else(|| {
        let names = fields.iter().map(|field| field.name.as_str());
        let meant = nearest(name, names).first().copied()?.to_owned();
        fields.iter().find(|field| field.name == meant)
    })
}
