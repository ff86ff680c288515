//! Tables written in HTML inside of a page, and the tags that stand in its text.

use std::ops::Range;

use super::page::{Block, Inline, Kind, Row, Table};

/// Tags that format text; anything else in angle brackets is a placeholder.
const KNOWN: &[&str] = &[
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "center",
    "code",
    "details",
    "div",
    "em",
    "figure",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "hr",
    "i",
    "img",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "s",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
];

/// The name of a tag in small letters, with `/` before it where it closes.
pub(super) fn name_of(tag: &str) -> &str {
    let inner = tag.trim_start_matches('<');
    let end = inner
        .char_indices()
        .find(|(at, c)| !(c.is_ascii_alphanumeric() || (*at == 0 && *c == '/')));
    let name = &inner[..end.map_or(inner.len(), |(at, _)| at)];
    match name {
        "BR" | "Br" => "br",
        "CODE" => "code",
        "/CODE" => "/code",
        name => name,
    }
}

/// Whether a tag formats text, or is a component of a documentation system.
pub(super) fn is_known(tag: &str) -> bool {
    let name = name_of(tag).trim_start_matches('/').to_owned();
    let is_component = name.starts_with(|c: char| c.is_ascii_uppercase());
    is_component || tag.starts_with("<!") || KNOWN.contains(&name.to_lowercase().as_str())
}

/// A text without the tags in it.
pub(super) fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let Some(end) = rest[at..].find('>') else {
            rest = &rest[at..];
            break;
        };
        let tag = &rest[at..=at + end];
        if !is_known(tag) {
            out.push_str(tag);
        }
        rest = &rest[at + end + 1..];
    }
    out.push_str(rest);
    out
}

/// The tables in HTML, and the text with spaces in their places.
pub(super) fn tables(text: &str) -> (Vec<Block>, String) {
    let lower = text.to_ascii_lowercase();
    let mut blocks = Vec::new();
    let mut blanked = String::with_capacity(text.len());
    let (mut done, mut fences) = (0, 0);
    while let Some(start) = lower[done..].find("<table").map(|at| done + at) {
        let Some(end) = lower[start..].find("</table>") else {
            break;
        };
        let end = start + end + "</table>".len();
        // A table in a code span or an indented example is an example.
        let before = &text[done..start];
        fences += fences_of(before);
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let is_example = before[line..].contains('`') || fences % 2 == 1;
        if is_example {
            blanked.push_str(&text[done..end]);
        } else {
            blanked.push_str(&text[done..start]);
            let blank = |c: char| {
                if c == '\n' {
                    "\n".to_owned()
                } else {
                    " ".repeat(c.len_utf8())
                }
            };
            blanked.extend(text[start..end].chars().map(blank));
            blocks.push(Block {
                at: start..end,
                kind: Kind::Table(table(text, start..end)),
            });
        }
        done = end;
    }
    blanked.push_str(&text[done..]);
    (blocks, blanked)
}

/// How many lines begin or end fenced code.
fn fences_of(text: &str) -> usize {
    let fences = text.lines().filter(|line| {
        let line = line.trim_start();
        line.starts_with("```") || line.starts_with("~~~")
    });
    fences.count()
}

fn table(text: &str, place: Range<usize>) -> Table {
    let mut table = Table::default();
    let (mut row, mut row_start): (Vec<Inline>, usize) = (Vec::new(), place.start);
    let (mut cell, mut is_code, mut is_head): (Option<Inline>, bool, bool) = (None, false, false);
    let mut at = place.start;
    while at < place.end {
        let rest = &text[at..place.end];
        if !rest.starts_with('<') {
            let end = rest.find('<').unwrap_or(rest.len());
            if let Some(cell) = &mut cell {
                cell.push(&unescaped(&rest[..end]), is_code);
            }
            at += end;
            continue;
        }
        let Some(end) = rest.find('>') else { break };
        let tag = &rest[..=end];
        let name = name_of(tag).to_ascii_lowercase();
        if matches!(
            name.as_str(),
            "td" | "th" | "tr" | "/td" | "/th" | "/tr" | "/table"
        ) {
            row.extend(cell.take());
            is_code = false;
        }
        match name.as_str() {
            "td" | "th" => {
                let tag = tag.to_ascii_lowercase();
                let is_wide = |name: &str| {
                    let value = tag.split_once(name).map(|(_, value)| value);
                    let digits = value.map(|value| value.trim_start_matches(['"', '\'', ' ']));
                    digits.is_some_and(|value| {
                        let end = value.find(|c: char| !c.is_ascii_digit());
                        &value[..end.unwrap_or(value.len())] != "1"
                    })
                };
                if is_wide("rowspan=") || is_wide("colspan=") {
                    table.unreadable = Some("its cells span several rows or columns");
                }
                is_head |= name == "th";
                cell = Some(Inline::default());
            }
            "tr" | "/tr" | "/table" => {
                let cells = std::mem::take(&mut row);
                let is_first = table.header.is_empty() && table.rows.is_empty();
                if cells.is_empty() {
                } else if is_first && is_head {
                    table.header = cells;
                } else {
                    table.rows.push(Row {
                        at: row_start..at,
                        cells,
                    });
                }
                is_head = false;
                row_start = at;
            }
            "code" | "tt" => is_code = true,
            "/code" | "/tt" => is_code = false,
            "br" | "p" | "li" | "/p" | "/li" => {
                if let Some(cell) = &mut cell {
                    cell.push("\n", false);
                }
            }
            _ if is_known(tag) => {}
            _ => {
                if let Some(cell) = &mut cell {
                    cell.push(tag, is_code);
                }
            }
        }
        at += end + 1;
    }
    // Markdown inside of cells: code spans are the only part that matters.
    for cell in table.rows.iter_mut().flat_map(|row| &mut row.cells) {
        *cell = with_code_spans(cell);
    }
    table
}

fn with_code_spans(inline: &Inline) -> Inline {
    let mut split = Inline::default();
    for piece in &inline.0 {
        let is_even = piece.text.matches('`').count() % 2 == 0;
        if piece.is_code || !is_even {
            split.push(&piece.text, piece.is_code);
            continue;
        }
        for (number, part) in piece.text.split('`').enumerate() {
            if !part.is_empty() {
                split.push(part, number % 2 == 1);
            }
        }
    }
    split
}

fn unescaped(text: &str) -> String {
    let mut text = text.to_owned();
    for (name, character) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&nbsp;", " "),
        ("&check;", "✓"),
        ("&cross;", "✗"),
        ("&amp;", "&"),
    ] {
        if text.contains(name) {
            text = text.replace(name, character);
        }
    }
    text
}
