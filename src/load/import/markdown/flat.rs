//! Tables of two columns whose separators were lost when the page was copied as text: `ScopeUnlocks`, and below it
//! `orders:readGET /orders`.
//!
//! A cell ends only where the page itself shows it: at a name that stands alone elsewhere on the page, at a method, or at
//! the one place where a capital follows a small letter. Other lines are returned as they are.

use std::collections::BTreeSet;
use std::ops::Range;

use super::cells::{has_parts, is_name};
use super::page::{Block, Inline, Kind, Row, Table};

/// Words that such a header consists of.
const HEADERS: &[&str] = &[
    "scope",
    "scopes",
    "permission",
    "permissions",
    "endpoint",
    "endpoints",
    "unlocks",
    "description",
    "why",
    "grants",
    "operations",
    "reason",
    "summary",
];

/// Replaces the paragraphs that are copied tables. Also returns the lines that cannot be split.
pub(super) fn unflatten(blocks: Vec<Block>, text: &str) -> (Vec<Block>, Vec<Range<usize>>) {
    let is_table =
        |block: &Block| matches!(block.kind, Kind::Text(_)) && header(text, &block.at).is_some();
    if !blocks.iter().any(is_table) {
        return (blocks, Vec::new());
    }
    // Names that stand alone somewhere else on the page.
    let mut alone: BTreeSet<&str> = BTreeSet::new();
    let mut at = 0;
    for block in blocks.iter().filter(|block| is_table(block)) {
        alone.extend(names_of(&text[at.min(block.at.start)..block.at.start]));
        at = block.at.end.max(at);
    }
    alone.extend(names_of(&text[at..]));
    let (mut unflattened, mut lost) = (Vec::new(), Vec::new());
    for block in blocks {
        match header(text, &block.at) {
            Some(header) if is_table(&block) => {
                table(text, block.at, &header, &alone, &mut unflattened, &mut lost);
            }
            _ => unflattened.push(block),
        }
    }
    (unflattened, lost)
}

fn names_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || "\"'`(),;".contains(c))
        .map(|word| word.trim_matches(['.', ':']))
        .filter(|word| has_parts(word))
}

/// The two headers in the first line of a paragraph.
fn header(text: &str, at: &Range<usize>) -> Option<[String; 2]> {
    let mut lines = text.get(at.clone())?.trim_end().lines();
    let first = lines.next()?.trim();
    lines.next()?;
    if first.len() > 40 || !first.chars().all(|c| c.is_ascii_alphabetic()) {
        return None;
    }
    let second = first
        .char_indices()
        .skip(1)
        .filter(|(_, c)| c.is_ascii_uppercase());
    let [(split, _)] = second.collect::<Vec<_>>()[..] else {
        return None;
    };
    let (one, two) = first.split_at(split);
    let is_known = |word: &str| HEADERS.contains(&word.to_lowercase().as_str());
    (is_known(one) && is_known(two)).then(|| [one.to_owned(), two.to_owned()])
}

fn table(
    text: &str,
    at: Range<usize>,
    header: &[String; 2],
    alone: &BTreeSet<&str>,
    blocks: &mut Vec<Block>,
    lost: &mut Vec<Range<usize>>,
) {
    let mut table = Table {
        header: header.iter().map(|one| Inline::of(one)).collect(),
        ..Table::default()
    };
    let mut start = at.start;
    for (number, line) in text[at.clone()].split_inclusive('\n').enumerate() {
        let place = start..start + line.trim_end().len();
        start += line.len();
        let line = line.trim();
        if number == 0 || line.is_empty() {
            continue;
        }
        let is_of_endpoints = header[0].to_lowercase().starts_with("endpoint");
        let split = if is_of_endpoints {
            endpoint(line)
        } else {
            scope(line, alone)
        };
        match split {
            Some(split) => table.rows.push(Row {
                at: place,
                cells: vec![
                    Inline::of(line[..split].trim()),
                    Inline::of(line[split..].trim()),
                ],
            }),
            None => lost.push(place),
        }
    }
    blocks.push(Block {
        at,
        kind: Kind::Table(table),
    });
}

/// Where the name of a scope ends at the beginning of a line.
fn scope(line: &str, alone: &BTreeSet<&str>) -> Option<usize> {
    if let Some(rest) = line.strip_prefix('*') {
        return rest.starts_with(char::is_uppercase).then_some(1);
    }
    let word = line.find(char::is_whitespace).unwrap_or(line.len());
    let ends = (1..=word)
        .rev()
        .filter(|end| line.is_char_boundary(*end) && *end <= 512);
    let mut known = ends.filter(|end| alone.contains(&line[..*end]));
    if let Some(end) = known.next() {
        return Some(end);
    }
    let methods = ["GET /", "POST /", "PUT /", "PATCH /", "DELETE /"];
    let end = methods
        .iter()
        .filter_map(|method| line.find(method))
        .min()?;
    is_name(&line[..end]).then_some(end)
}

/// Where the path of an endpoint ends at the beginning of a line: a capital follows a small letter or a parameter at one
/// place only.
fn endpoint(line: &str) -> Option<usize> {
    let (method, rest) = line.split_once(' ')?;
    let word = rest.split(char::is_whitespace).next()?;
    if !method.chars().all(|c| c.is_ascii_uppercase()) || !word.starts_with('/') {
        return None;
    }
    let is_end = |(at, c): &(usize, char)| {
        let before = word[..*at].chars().next_back();
        let ends = before.is_some_and(|c| c.is_lowercase() || c.is_ascii_digit() || c == '}');
        let is_inside = word[..*at].matches('{').count() > word[..*at].matches('}').count();
        c.is_uppercase() && ends && !is_inside
    };
    // A long word is no path, and would take long.
    let capitals: Vec<(usize, char)> = word.char_indices().take(512).filter(is_end).collect();
    let [(end, _)] = capitals[..] else {
        return None;
    };
    Some(method.len() + 1 + end)
}
