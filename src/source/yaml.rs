//! YAML text → tree, from the events of `saphyr-parser`.

use std::collections::HashMap;
use std::ops::Range;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span};

use super::limits::{DEEPEST, MOST_VALUES};
use super::tree::{Field, Node, Value};
use super::{Problem, syntax_problem};

/// Parses one document. Aliases are expanded, to a limit.
pub(super) fn parse(text: &str) -> Result<Node, Problem> {
    let offsets = Offsets::new(text);
    let mut parser = Parser::new_from_str(text);
    let mut builder = Builder {
        text,
        open: Vec::new(),
        anchors: HashMap::new(),
        count: 0,
        root: None,
    };
    let mut documents = 0;
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| {
            let at = offsets.byte(error.marker());
            scan_problem(text, at, error.info())
        })?;
        let span = offsets.span(span);
        match event {
            Event::DocumentStart(_) => {
                documents += 1;
                if documents > 1 {
                    return Err(syntax_problem(
                        "a second document begins here; one file is one document",
                        span,
                        Some("put it in a file of its own".to_owned()),
                    ));
                }
            }
            Event::StreamEnd => break,
            event => builder.take(event, span)?,
        }
    }
    Ok(builder.root.unwrap_or(Node {
        span: 0..0,
        value: Value::Null,
    }))
}

/// A parser's sentence, and what most often causes it.
fn scan_problem(text: &str, at: usize, info: &str) -> Problem {
    let at = at.min(text.len());
    let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = text[line_start..].lines().next().unwrap_or("");
    let line_before = text[..line_start].lines().next_back().unwrap_or("");
    let indented_with_tab = |line: &str| {
        line.chars()
            .take_while(|c| c.is_whitespace())
            .any(|c| c == '\t')
    };
    let help = if let Some((tabbed, start)) = [
        (line, line_start),
        (
            line_before,
            line_start.saturating_sub(line_before.len() + 1),
        ),
        // A text that a tab breaks off begins on the line before.
        (
            text[line_start..]
                .lines()
                .nth(1)
                .filter(|_| info.contains("tab"))
                .unwrap_or(""),
            line_start + line.len() + 1,
        ),
    ]
    .into_iter()
    .find(|(line, _)| indented_with_tab(line))
    {
        let tab = start + tabbed.find('\t').unwrap_or(0);
        return syntax_problem(
            "YAML does not allow a tab for indentation",
            tab..tab + 1,
            Some("indent with spaces".to_owned()),
        );
    } else if info.contains("flow")
        && line.contains('{')
        && (line.contains(": /") || line.contains(" /") || line.contains('['))
    {
        Some("inside `[ ]` and `{ }` an endpoint that holds `{` must be quoted; write endpoints one to a line".to_owned())
    } else if line.trim_start().trim_start_matches("- ").starts_with('*')
        || line.contains("[*")
        || line.contains(" *")
    {
        Some("`*` starts an alias in YAML; quote it: \"*\"".to_owned())
    } else if line.contains(": ") && info.contains("mapping values") {
        Some("a text that holds `: ` must be quoted".to_owned())
    } else {
        None
    };
    let first = text[at..].chars().next().filter(|letter| *letter != '\n');
    let span = at..at + first.map_or(0, char::len_utf8);
    syntax_problem(format!("this is not YAML: {info}"), span, help)
}

enum Open {
    List {
        start: usize,
        anchor: usize,
        items: Vec<Node>,
    },
    Map {
        start: usize,
        anchor: usize,
        fields: Vec<Field>,
        name: Option<(String, Range<usize>)>,
    },
}

struct Builder<'a> {
    text: &'a str,
    open: Vec<Open>,
    anchors: HashMap<usize, (Node, usize)>,
    count: usize,
    root: Option<Node>,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: Range<usize>) -> Result<(), Problem> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_text =
                    style != ScalarStyle::Plain || tag.is_some_and(|tag| tag.suffix == "str");
                let value = match is_text {
                    true => Value::Text(text.into_owned()),
                    false => Value::Plain(text.into_owned()),
                };
                let span = self.trimmed(span);
                self.finish(Node { span, value }, anchor, 1)
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor) {
                Some((node, size)) => {
                    let (node, size) = (node.at(&span), *size);
                    self.finish(node, 0, size)
                }
                None => Err(syntax_problem(
                    "this alias stands inside what it names",
                    span,
                    None,
                )),
            },
            Event::SequenceStart(anchor, _) => {
                self.deeper(&span)?;
                self.open.push(Open::List {
                    start: span.start,
                    anchor,
                    items: Vec::new(),
                });
                Ok(())
            }
            Event::MappingStart(anchor, _) => {
                self.deeper(&span)?;
                self.open.push(Open::Map {
                    start: span.start,
                    anchor,
                    fields: Vec::new(),
                    name: None,
                });
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let (start, anchor, value) = match self.open.pop() {
                    Some(Open::List {
                        start,
                        anchor,
                        items,
                    }) => (start, anchor, Value::List(items)),
                    Some(Open::Map {
                        start,
                        anchor,
                        fields,
                        ..
                    }) => (start, anchor, Value::Map(fields)),
                    None => return Ok(()),
                };
                // A block's own span runs to whatever comes next, comments included: it ends with what is in it.
                let is_flow = self.text[start..].starts_with(['[', '{']);
                let inner = match &value {
                    Value::List(items) => items.iter().map(|item| item.span.end).max(),
                    Value::Map(fields) => fields
                        .iter()
                        .map(|field| field.value.span.end.max(field.name_span.end))
                        .max(),
                    _ => None,
                };
                let end = match (is_flow, inner) {
                    (false, Some(inner)) => inner.max(start),
                    _ => span.end.max(start),
                };
                let end = start + self.text[start..end].trim_end().len();
                let size = if anchor == 0 { 1 } else { size_of(&value) };
                self.finish(
                    Node {
                        span: start..end,
                        value,
                    },
                    anchor,
                    size.min(MOST_VALUES),
                )
            }
            _ => Ok(()),
        }
    }

    fn deeper(&self, span: &Range<usize>) -> Result<(), Problem> {
        if self.open.len() >= DEEPEST {
            return Err(syntax_problem(
                format!("nested deeper than {DEEPEST} levels"),
                span.clone(),
                None,
            ));
        }
        Ok(())
    }

    fn finish(&mut self, node: Node, anchor: usize, size: usize) -> Result<(), Problem> {
        let size = match anchor {
            0 => size,
            _ => size.max(size_of(&node.value)),
        };
        self.count += size;
        if self.count > MOST_VALUES {
            return Err(syntax_problem(
                format!("its aliases multiply to more than {MOST_VALUES} values"),
                node.span,
                Some("write the values out".to_owned()),
            ));
        }
        if anchor != 0 {
            self.anchors.insert(anchor, (node.clone(), size));
        }
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::List { items, .. }) => items.push(node),
            Some(Open::Map { fields, name, .. }) => match name.take() {
                Some((field, name_span)) => fields.push(Field {
                    name: field,
                    name_span,
                    value: node,
                }),
                None => match node.value {
                    Value::Text(text) | Value::Plain(text) => *name = Some((text, node.span)),
                    _ => {
                        return Err(syntax_problem(
                            "a field's name must be a text",
                            node.span,
                            Some(
                                "a text that begins with `[`, `{` or `?` must be quoted".to_owned(),
                            ),
                        ));
                    }
                },
            },
        }
        Ok(())
    }

    /// A scalar's span without the blank space, and behind quotes the comment, that the parser counts to it.
    fn trimmed(&self, span: Range<usize>) -> Range<usize> {
        let written = &self.text[span.clone()];
        let length = match quoted_length(written) {
            Some(length) => length,
            None => written.trim_end().len(),
        };
        span.start..span.start + length
    }
}

/// How long a text in quotes is, both quotes included; `None` where it is not in quotes.
fn quoted_length(text: &str) -> Option<usize> {
    let quote = text.bytes().next().filter(|byte| b"\"'".contains(byte))?;
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quote == b'"' => at += 2,
            byte if byte == quote && quote == b'\'' && bytes.get(at + 1) == Some(&quote) => at += 2,
            byte if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
    None
}

/// How much a value counts where it is copied: one for each value in it, and one more for each few bytes of a text.
fn size_of(value: &Value) -> usize {
    const BYTES_OF_ONE: usize = 64;
    1 + match value {
        Value::Text(text) | Value::Plain(text) => text.len() / BYTES_OF_ONE,
        Value::List(items) => items.iter().map(|item| size_of(&item.value)).sum(),
        Value::Map(fields) => fields.iter().map(|field| size_of(&field.value.value)).sum(),
        _ => 0,
    }
}

/// The parser counts characters; everything else here counts bytes.
struct Offsets {
    bytes: Option<Vec<usize>>,
    length: usize,
}

impl Offsets {
    fn new(text: &str) -> Self {
        Self {
            bytes: (!text.is_ascii()).then(|| text.char_indices().map(|(at, _)| at).collect()),
            length: text.len(),
        }
    }

    fn byte(&self, marker: &Marker) -> usize {
        match &self.bytes {
            None => marker.index().min(self.length),
            Some(bytes) => bytes.get(marker.index()).copied().unwrap_or(self.length),
        }
    }

    fn span(&self, span: Span) -> Range<usize> {
        let start = self.byte(&span.start);
        start..self.byte(&span.end).max(start)
    }
}
