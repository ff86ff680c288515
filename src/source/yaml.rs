//! YAML text → tree, from the events of `saphyr-parser`; and what two YAML parsers could read differently.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, Tag};

use super::limits::{DEEPEST, MOST_OPEN, MOST_VALUES};
use super::same::same;
use super::tree::{Field, Node, Value};
use super::{Problem, syntax_problem};

/// Parses one document. Aliases are expanded, to a limit.
pub(super) fn parse(text: &str) -> Result<Node, Problem> {
    let (mut documents, problem) = events(text, true);
    match problem {
        Some(problem) => Err(problem),
        None => Ok(documents.pop().unwrap_or(Node {
            span: 0..0,
            value: Value::Null,
        })),
    }
}

/// Every document of a text up to the first fault, and that fault.
pub(super) fn documents(text: &str) -> (Vec<Node>, Option<Problem>) {
    events(text, false)
}

fn events(text: &str, only_one: bool) -> (Vec<Node>, Option<Problem>) {
    if let Some(at) = too_many_open(text) {
        return (Vec::new(), Some(too_deep(at..at + 1)));
    }
    let offsets = Offsets::new(text);
    let mut parser = Parser::new_from_str(text);
    let mut builder = Builder {
        text,
        open: Vec::new(),
        anchors: HashMap::new(),
        copied: 0,
        root: None,
    };
    let mut documents = Vec::new();
    let mut begun = 0;
    while let Some(event) = parser.next_event() {
        let (event, span) = match event {
            Ok(event) => event,
            Err(error) => {
                let at = offsets.byte(error.marker());
                return (documents, Some(scan_problem(text, at, error.info())));
            }
        };
        let span = offsets.span(span);
        match event {
            Event::DocumentStart(_) => {
                begun += 1;
                if only_one && begun > 1 {
                    let problem = syntax_problem(
                        "a second document starts here, but a file must contain only one",
                        span,
                        Some("move it to a separate file".to_owned()),
                    );
                    return (documents, Some(problem));
                }
            }
            Event::DocumentEnd => documents.extend(builder.root.take()),
            Event::StreamEnd => break,
            event => {
                if let Err(problem) = builder.take(event, span) {
                    return (documents, Some(problem));
                }
            }
        }
    }
    (documents, None)
}

/// Where more brackets are open than a parser should see: parsing slows down with every open bracket, and the parser
/// notices the depth only at the end. Without parsing, it is unclear what is in quotes, so this is an upper bound: a
/// bracket only counts as closed if no quotes can be between the two, or if the quotes of the line are unambiguous.
fn too_many_open(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    let mut too_deep = 0;
    // Whether it is known what is outside of quotes: no longer after a quoted string that does not end on its line.
    let mut is_sure = true;
    let mut line_start = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let bytes = line.as_bytes();
        // The current byte; the number of brackets opened since the last possible quote or comment; and whether closing
        // brackets on this line are certainly outside of quotes and comments.
        let (mut at, mut fresh, mut is_clear) = (0, 0_usize, is_sure);
        while at < bytes.len() {
            match bytes[at] {
                b'[' | b'{' => {
                    open += 1;
                    fresh += 1;
                    if open == DEEPEST + 1 {
                        too_deep = line_start + at;
                    }
                    if open > MOST_OPEN {
                        return Some(too_deep);
                    }
                }
                b']' | b'}' if is_clear || fresh > 0 => {
                    open = open.saturating_sub(1);
                    fresh = fresh.saturating_sub(1);
                }
                b'#' => (is_clear, fresh) = (false, 0),
                b'"' | b'\'' => {
                    fresh = 0;
                    let inside = is_sure.then(|| clearly_quoted(line, at)).flatten();
                    match inside {
                        Some(Inside::Quotes(length)) => {
                            // It may be part of an unquoted string after all, so its brackets count as open.
                            let inside = &bytes[at..at + length];
                            open += inside.iter().filter(|byte| b"[{".contains(byte)).count();
                            at += length - 1;
                        }
                        Some(Inside::Word) => {}
                        None => (is_sure, is_clear) = (false, false),
                    }
                }
                _ => {}
            }
            at += 1;
        }
        line_start += line.len();
    }
    None
}

/// What a quote in a line is, where that is clear.
enum Inside {
    /// It begins a quoted string of this length, which ends on the same line.
    Quotes(usize),
    /// It is part of a word: an apostrophe.
    Word,
}

fn clearly_quoted(line: &str, at: usize) -> Option<Inside> {
    let is_of_word = |before: Option<&u8>| before.is_some_and(u8::is_ascii_alphanumeric);
    let bytes = line.as_bytes();
    if is_of_word(bytes[..at].last()) {
        return Some(Inside::Word);
    }
    let length = quoted_length(&line[at..])?;
    let inner = &bytes[at + 1..at + length - 1];
    let is_clear = |(index, byte): (usize, &u8)| match byte {
        b'"' | b'\'' => is_of_word(inner[..index].last()) && *byte != bytes[at],
        byte => *byte != b'\\',
    };
    let is_clear = inner.iter().enumerate().all(is_clear);
    is_clear.then_some(Inside::Quotes(length))
}

/// The characters that end a line in YAML 1.1 but not in YAML 1.2, and the byte order mark.
pub(super) const ODD: [char; 4] = ['\u{85}', '\u{2028}', '\u{2029}', '\u{feff}'];

/// Whether every YAML parser certainly reads a text alike, judged by its bytes: it has one document, no character that
/// only some parsers treat as a line end, no anchor, tag, merge key, directive, escape or tab, and is nested far below
/// the limit. Most files are like this and cost one pass over their bytes; the others are compared in detail.
pub(super) fn is_plain(text: &str) -> bool {
    let mut openers = 0;
    for (number, line) in text.split('\n').enumerate() {
        let line = line.strip_suffix('\r').unwrap_or(line).as_bytes();
        if line.starts_with(b"...") || (line.starts_with(b"---") && (number > 0 || line != b"---"))
        {
            return false;
        }
        // Each block level takes at least one column, but a list may begin in the column of its field.
        let lead = line.iter().take_while(|byte| b" -?:".contains(byte));
        if lead.count() >= DEEPEST / 2 {
            return false;
        }
        // Whether all brackets of the line so far are inside words, such as the `{id}` of a path.
        let mut are_in_words = None;
        for (at, byte) in line.iter().enumerate() {
            let next = line.get(at + 1).copied().unwrap_or(b' ');
            let is_plain = match byte {
                b'\\' | b'\t' | b'\r' | 0x7F | 0..=0x1F => false,
                // After a letter or a digit these are part of a plain string.
                b'&' | b'!' => at > 0 && line[at - 1].is_ascii_alphanumeric(),
                b'%' => at > 0,
                b'<' => next != b'<',
                b'?' => next != b' ' || at > 0 && line[at - 1].is_ascii_alphanumeric(),
                b'[' | b'{' => {
                    let is_in_word = at > 0 && !b" [{,-?:".contains(&line[at - 1]);
                    are_in_words = Some(is_in_word && are_in_words != Some(false));
                    openers += 1;
                    openers <= DEEPEST
                }
                // A list or a mapping as the name of a field.
                b']' | b'}' if are_in_words != Some(true) => {
                    let rest = &line[at + 1..];
                    let behind = rest.iter().find(|byte| **byte != b' ');
                    behind != Some(&b':')
                }
                // A block scalar is plain if it follows a field and has no indentation number or `+`.
                b'|' | b'>' if line[..at].trim_ascii().is_empty() => false,
                b'|' | b'>' if line[at - 1] == b' ' => {
                    matches!(line[at + 1..], [] | [b'-'] | [b'-', b' ', ..] | [b' ', ..])
                }
                // The controls above ASCII, U+0085 among them.
                0xC2 => next >= 0xA0,
                0xE2 => next != 0x80 || !matches!(line.get(at + 2), Some(0xA8 | 0xA9)),
                0xEF => !matches!(
                    (next, line.get(at + 2)),
                    (0xBB, Some(0xBF)) | (0xBF, Some(0xBE | 0xBF))
                ),
                _ => true,
            };
            if !is_plain {
                return false;
            }
        }
    }
    true
}

/// The first thing in a text that another parser would read differently, if any: an ambiguous line end, a merge key, a
/// tag, a repeated anchor name, or anything else that `serde_yaml` reads differently from the tree.
pub(super) fn disagreement(text: &str, tree: &Node) -> Option<Problem> {
    stray_break(text).or_else(|| peculiarity(text)).or_else(|| {
        let (span, what) = same(text, tree)?;
        Some(syntax_problem(
            format!("YAML parsers do not agree on {what}"),
            span,
            Some("write it more plainly, without anchors, tags or unusual whitespace".to_owned()),
        ))
    })
}

/// Whether field names may come from tags: from `!!merge`, or from a mapping tagged as a string, which stands for the
/// value of its field `=`.
pub(super) fn has_names_from_tags(text: &str) -> bool {
    if !text.contains('!') {
        return false;
    }
    let may_be = |tag: &Tag, name: &str| {
        let tag = format!("{}{}", tag.handle, tag.suffix);
        tag.ends_with(name) || tag.contains('%')
    };
    for event in Parser::new_from_str(text) {
        match event {
            Ok((Event::Scalar(.., Some(tag)), _)) if may_be(&tag, "merge") => return true,
            Ok((Event::MappingStart(_, Some(tag)), _)) if may_be(&tag, "str") => return true,
            Ok(_) => {}
            // The unparsed rest may have such tags.
            Err(_) => return text.contains("merge") || text.contains("str") || text.contains('%'),
        }
    }
    false
}

/// Whether the top-level fields of some document satisfy `is_wanted`; `None` if the text cannot be read, or if parsers
/// may differ on its top level. Nothing below the top level is kept.
pub(super) fn any_top_fields(text: &str, is_wanted: impl Fn(&[String]) -> bool) -> Option<bool> {
    if too_many_open(text).is_some() || stray_break(text).is_some() {
        return None;
    }
    let mut fields: Vec<String> = Vec::new();
    let mut depth = 0_usize;
    // Whether the top level is a mapping, and whether its next event is the name of a field.
    let (mut has_fields, mut is_name) = (false, false);
    for event in Parser::new_from_str(text) {
        let (event, _) = event.ok()?;
        let is_read = depth == 0 || depth == 1 && has_fields && is_name;
        match &event {
            Event::DocumentStart(_) => fields.clear(),
            Event::DocumentEnd if is_wanted(&fields) => return Some(true),
            Event::MappingStart(anchor, tag) | Event::SequenceStart(anchor, tag) => {
                if is_read && (*anchor != 0 || tag.is_some()) || depth == DEEPEST {
                    return None;
                }
                if depth == 0 {
                    (has_fields, is_name) = (matches!(event, Event::MappingStart(..)), true);
                }
                depth += 1;
                continue;
            }
            Event::MappingEnd | Event::SequenceEnd => depth -= 1,
            Event::Scalar(name, _, anchor, tag) if is_read && depth == 1 => {
                if *anchor != 0 || tag.is_some() || name == "<<" {
                    return None;
                }
                fields.push(name.clone().into_owned());
            }
            Event::Alias(_) if is_read => return None,
            _ => {}
        }
        is_name ^= depth == 1;
    }
    Some(false)
}

/// The first character outside of quotes that ends a line for some parsers only.
pub(super) fn stray_break(text: &str) -> Option<Problem> {
    let is_odd = |(at, letter): &(usize, char)| match letter {
        '\r' => !text[at + 1..].starts_with('\n'),
        letter => ODD.contains(letter),
    };
    let mut odd = text.char_indices().filter(is_odd).peekable();
    odd.peek()?;
    let offsets = Offsets::new(text);
    let mut quoted: Vec<Range<usize>> = Vec::new();
    for event in Parser::new_from_str(text) {
        // After a parse error it is unknown what is in quotes.
        let Ok((event, span)) = event else { break };
        if let Event::Scalar(_, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted, ..) = event {
            let span = offsets.span(span);
            let length = quoted_length(&text[span.clone()]).unwrap_or(0);
            quoted.push(span.start..span.start + length);
        }
    }
    let mut spans = quoted.into_iter().peekable();
    let (at, letter) = odd.find(|(at, _)| {
        while spans.next_if(|span| span.end <= *at).is_some() {}
        spans.peek().is_none_or(|span| span.start > *at)
    })?;
    let (name, help) = match letter {
        '\r' => (
            "a carriage return without a line feed",
            "end the line with a line feed",
        ),
        '\u{feff}' => ("a byte order mark inside the text", "remove it"),
        '\u{85}' => ("U+0085", "start a new line here, or remove it"),
        '\u{2028}' => ("U+2028", "start a new line here, or remove it"),
        _ => ("U+2029", "start a new line here, or remove it"),
    };
    let message = match letter {
        '\u{feff}' => format!("{name}: some YAML parsers start a document there"),
        _ => format!("{name} outside quotes: some YAML parsers end the line there, others do not"),
    };
    Some(syntax_problem(
        message,
        at..at + letter.len_utf8(),
        Some(help.to_owned()),
    ))
}

/// Where the anchor of a value is written; the span of the value may begin before or after it.
fn anchor_of(text: &str, start: usize) -> Option<usize> {
    let after = &text[start..];
    let first = after.split_whitespace().next().unwrap_or_default();
    if first.starts_with(['&', '!']) {
        after.find('&').map(|at| start + at)
    } else {
        text[..start].rfind('&')
    }
}

/// The first merge key, unsupported tag or repeated anchor name.
fn peculiarity(text: &str) -> Option<Problem> {
    let offsets = Offsets::new(text);
    let mut anchors: HashSet<&str> = HashSet::new();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.ok()?;
        let span = offsets.span(span);
        let (anchor, tag, is_merge) = match event {
            Event::Scalar(value, style, anchor, tag) => {
                let is_merge = style == ScalarStyle::Plain && value == "<<";
                (anchor, tag, is_merge)
            }
            Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag) => {
                (anchor, tag, false)
            }
            _ => continue,
        };
        let is_core =
            |tag: &Tag| tag.is_yaml_core_schema() && ["str", "map", "seq"].contains(&&*tag.suffix);
        if is_merge || tag.as_ref().is_some_and(|tag| tag.suffix == "merge") {
            return Some(syntax_problem(
                "merge keys (`<<`) are not supported: only some YAML parsers merge them",
                span,
                Some("write the fields out".to_owned()),
            ));
        }
        if let Some(tag) = tag.filter(|tag| !is_core(tag)) {
            return Some(syntax_problem(
                format!(
                    "the tag `{}{}` is not supported: YAML parsers do not agree on its meaning",
                    tag.handle, tag.suffix
                ),
                span,
                Some("remove the tag".to_owned()),
            ));
        }
        if anchor != 0
            && let Some(at) = anchor_of(text, span.start)
        {
            let name = text[at + 1..].split(|c: char| c.is_whitespace() || ",[]{}".contains(c));
            let name = name.into_iter().next().unwrap_or_default();
            if !anchors.insert(name) {
                return Some(syntax_problem(
                    format!("duplicate anchor `&{name}`"),
                    at..at + 1 + name.len(),
                    Some("rename it: some YAML parsers reject duplicates".to_owned()),
                ));
            }
        }
    }
    None
}

/// A parser error, with help for its most common cause.
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
        // A string that is interrupted by a tab begins on the line before it.
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
        Some("inside `[ ]` and `{ }` an endpoint that contains `{` must be quoted; or write one endpoint per line".to_owned())
    } else if line.trim_start().trim_start_matches("- ").starts_with('*')
        || line.contains("[*")
        || line.contains(" *")
    {
        Some("`*` starts an alias in YAML; quote it: \"*\"".to_owned())
    } else if line.contains(": ") && info.contains("mapping values") {
        Some("text that contains `: ` must be quoted".to_owned())
    } else {
        None
    };
    let first = text[at..].chars().next().filter(|letter| *letter != '\n');
    let span = at..at + first.map_or(0, char::len_utf8);
    syntax_problem(format!("invalid YAML: {info}"), span, help)
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
    /// The value of each anchor, with its size and nesting depth.
    anchors: HashMap<usize, (Node, usize, usize)>,
    /// How many values aliases brought in.
    copied: usize,
    root: Option<Node>,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: Range<usize>) -> Result<(), Problem> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_text =
                    style != ScalarStyle::Plain || tag.is_some_and(|tag| tag.suffix == "str");
                let value = if is_text {
                    Value::Text(text.into_owned())
                } else {
                    Value::Plain(text.into_owned())
                };
                let span = self.trimmed(span);
                self.finish(Node { span, value }, anchor)
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor) {
                Some((_, size, _)) if self.copied + size > MOST_VALUES => Err(syntax_problem(
                    format!("its aliases expand to more than {MOST_VALUES} values"),
                    span,
                    Some("write the values out".to_owned()),
                )),
                Some((_, _, height)) if self.open.len() + height > DEEPEST => Err(too_deep(span)),
                Some((node, size, _)) => {
                    self.copied += size;
                    let node = node.at(&span);
                    self.finish(node, 0)
                }
                None => Err(syntax_problem(
                    "this alias is inside the value that it refers to",
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
                        mut items,
                    }) => {
                        // A large file has many short lists, and a vector allocates at least four items.
                        items.shrink_to_fit();
                        (start, anchor, Value::List(items))
                    }
                    Some(Open::Map {
                        start,
                        anchor,
                        mut fields,
                        ..
                    }) => {
                        fields.shrink_to_fit();
                        (start, anchor, Value::Map(fields))
                    }
                    None => return Ok(()),
                };
                // The parser's span of a block runs up to the next token, including comments; end it after its last
                // value instead.
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
                let node = Node {
                    span: start..end,
                    value,
                };
                self.finish(node, anchor)
            }
            _ => Ok(()),
        }
    }

    fn deeper(&self, span: &Range<usize>) -> Result<(), Problem> {
        if self.open.len() >= DEEPEST {
            return Err(too_deep(span.clone()));
        }
        Ok(())
    }

    fn finish(&mut self, node: Node, anchor: usize) -> Result<(), Problem> {
        if anchor != 0 {
            let (size, height) = (size_of(&node.value), height_of(&node.value));
            // The value of an anchor is stored twice.
            self.copied += size;
            self.anchors.insert(anchor, (node.clone(), size, height));
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
                            "a field name must be text",
                            node.span,
                            Some("text that begins with `[`, `{` or `?` must be quoted".to_owned()),
                        ));
                    }
                },
            },
        }
        Ok(())
    }

    /// The span of a scalar without trailing whitespace and, after a quoted string, without the comment that the parser
    /// includes.
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

fn too_deep(span: Range<usize>) -> Problem {
    let message = format!("nested deeper than {DEEPEST} levels");
    syntax_problem(message, span, None)
}

/// How many lists and mappings are open at the deepest place of a value.
fn height_of(value: &Value) -> usize {
    match value {
        Value::List(items) => {
            let below = items.iter().map(|item| height_of(&item.value));
            1 + below.max().unwrap_or(0)
        }
        Value::Map(fields) => {
            let below = fields.iter().map(|field| height_of(&field.value.value));
            1 + below.max().unwrap_or(0)
        }
        _ => 0,
    }
}

/// The cost of copying a value: one for each value in it, and one more for every 64 bytes of a string.
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
