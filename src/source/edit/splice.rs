//! How an edit is written into a text: YAML in block and flow style, JSON, TOML, words of one text.

use std::ops::Range;
use std::rc::Rc;

use super::expect::node_at;
use super::{Edit, Splice};
use crate::source::Syntax;
use crate::source::names::words;
use crate::source::path::{Part, Path, Segment};
use crate::source::source_map::SourceMap;
use crate::source::tree::{Node, Value};

/// A text with its syntax, which turns edits into splices.
#[derive(Clone, Copy)]
#[allow(
    clippy::struct_field_names,
    reason = "the text of a text and what is known of its places"
)]
pub(super) struct Text<'a> {
    located: &'a SourceMap<'a>,
    text: &'a str,
    syntax: Syntax,
}

impl<'a> Text<'a> {
    pub(super) fn of(located: &'a SourceMap<'_>) -> Self {
        Self {
            located,
            text: located.text(),
            syntax: located.syntax(),
        }
    }

    /// The words of a string that stands for a list.
    pub(super) fn words_of(self, span: &Range<usize>) -> Rc<[Range<usize>]> {
        self.located.words_at(span.start, || {
            let start = self.body_start(span);
            let Some(body) = self.text.get(start..span.end) else {
                return Vec::new();
            };
            // The last word includes the closing quote, if there is one.
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

    pub(super) fn splices(self, tree: &Node, edit: &Edit) -> Option<Vec<Splice>> {
        match edit {
            Edit::Replace {
                at: path,
                part: Part::Key,
                text: name,
            } => {
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
            Edit::Replace {
                at: path,
                part: Part::Value,
                text,
            } => {
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
            Edit::Items { at: path, names } => self.items(tree, path, names),
            Edit::Append {
                list: path,
                names,
                before,
            } => self.append(tree, path, names, before),
        }
    }

    /// Replaces an item by these names.
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

    /// Where the words of a string begin: after its opening quote, or its block header.
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

    /// Removes an item from `[a, b]`, and its line if it has one of its own.
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

    /// A block list that loses its only item becomes `[]`, after the name of its field.
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
        // The last line of a file without a final newline: remove the newline before it instead.
        let range = if self.text[..line.end].ends_with('\n') {
            line
        } else {
            self.text[..line.start].trim_end_matches(['\n', '\r']).len()..line.end
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

    /// Adds items after one of `[a, b]`, each on its own line if that item is on its own line.
    fn after_in_flow(self, item: &Node, names: &[String]) -> Splice {
        let line = self.line_of(&item.span);
        let indent = &self.text[line.start..item.span.start];
        let separator = if indent.trim().is_empty() {
            format!(",{}{indent}", self.newline())
        } else {
            ", ".to_owned()
        };
        let mut text = String::new();
        for name in names {
            text.push_str(&separator);
            text.push_str(&if self.text[item.span.clone()].starts_with('"') {
                json_string(name)
            } else {
                self.quoted(name, true)
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
            let between = if indent.trim().is_empty() {
                format!("{}{indent}", self.newline())
            } else {
                " ".to_owned()
            };
            let is_flow = self.text[parent.span.clone()].starts_with('{');
            let text = match (self.syntax, is_flow) {
                (Syntax::Json, _) => format!("\"{name}\": {list},{between}"),
                (Syntax::Yaml, true) => format!("{name}: {list},{between}"),
                (Syntax::Yaml, false) => format!("{name}: {list}{between}"),
                (Syntax::Toml, true) => format!("{name} = {list},{between}"),
                (Syntax::Toml, false) => format!("{name} = {list}{between}"),
            };
            // The span of a JSON name includes its quote, so this insertion point is right in every syntax.
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
    if is_plain(text, flow) {
        text.to_owned()
    } else {
        json_string(text)
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
