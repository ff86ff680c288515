//! What is known of the name under the pointer.

use lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind, Position};

use super::document::{Document, Encoding, Kind};
use super::workspace::Workspace;
use crate::explain::Target;
use crate::finding::RuleId;
use crate::load::{find_certain_secrets, load_key};
use crate::model::{Catalog, EnvironmentId, Holder, Key};
use crate::render::hover::{grant, provider, recipe, rule, target};
use crate::source::{AtCursor, Part, Path, Segment, is_separator};

/// Fields whose texts are prose or names of the file's own.
const OWN_TEXTS: [&str; 12] = [
    "name", "owner", "purpose", "because", "reason", "summary", "title", "note", "manage",
    "labels", "url", "until",
];

pub(super) fn hover(
    document: &Document,
    position: Position,
    encoding: Encoding,
    format: MarkupKind,
    workspace: &Workspace,
) -> Option<Hover> {
    let byte = document.byte(position, encoding);
    let at = document
        .source
        .at(byte)
        .or_else(|| word_at(document, byte))?;
    let is_own = |segment: &Segment| matches!(segment, Segment::Field(name) if OWN_TEXTS.contains(&name.as_str()));
    // In a catalog, a name such as `note` may be that of a scope.
    if at.path.0.last().is_some_and(is_own) && at.part == Part::Value {
        return None;
    }
    let catalog = workspace.meant(document)?;
    let key = match document.kind {
        Some(Kind::Key) => load_key(&document.source, Some(&catalog)).key,
        _ => None,
    };
    let holders = holders(&catalog, key.as_ref(), &at.path);
    let (text, span) = names_in(&at, byte).into_iter().find_map(|(name, span)| {
        let text = about(&catalog, &name, &at.path, &holders)?;
        Some((text, span))
    })?;
    if !find_certain_secrets(&text, &catalog.prefixes()).is_empty() {
        return None;
    }
    Some(Hover {
        contents: HoverContents::Markup(MarkupContent {
            value: match format {
                MarkupKind::Markdown => text,
                MarkupKind::PlainText => without_escapes(&text),
            },
            kind: format,
        }),
        range: Some(document.range(span, encoding)),
    })
}

/// Our own Markdown without the backslashes before punctuation.
fn without_escapes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let escapes = c == '\\' && characters.peek().is_some_and(char::is_ascii_punctuation);
        if !escapes {
            plain.push(c);
        }
    }
    plain
}

/// The keys that the answer is for: those of the key's type, in the environment where the name is written.
fn holders(catalog: &Catalog, key: Option<&Key>, at: &Path) -> Vec<Holder> {
    let environment: Option<EnvironmentId> = match at.0.as_slice() {
        [Segment::Field(section), Segment::Field(name), ..] if section == "environments" => {
            catalog.environment(name)
        }
        _ => None,
    };
    let types = catalog.key_types.ids();
    types
        .filter(|id| key.is_none_or(|key| key.key_type == *id))
        .map(|key_type| Holder {
            key_type,
            environment,
        })
        .collect()
}

/// What may be meant at a byte: the whole text, or the word of it there.
fn names_in(at: &AtCursor, byte: usize) -> Vec<(String, std::ops::Range<usize>)> {
    let mut names = vec![(at.text.clone(), at.span.clone())];
    let inside = byte.saturating_sub(at.span.start);
    // In a string that is read as a list; escapes, which would move the bytes, are in no name.
    let written = at.span.len();
    let quotes = written.saturating_sub(at.text.len()) / 2;
    let inside = inside.saturating_sub(quotes).min(at.text.len());
    if at.text.is_char_boundary(inside) {
        let (before, after) = at.text.split_at(inside);
        let start = before.rfind(is_separator).map_or(0, |found| {
            found + before[found..].chars().next().map_or(1, char::len_utf8)
        });
        let end = inside + after.find(is_separator).unwrap_or(after.len());
        if start < end {
            let from = at.span.start + quotes;
            names.push((at.text[start..end].to_owned(), from + start..from + end));
        }
    }
    names
}

/// The word at a byte of a text that cannot be parsed.
fn word_at(document: &Document, byte: usize) -> Option<AtCursor> {
    let text = &document.source.text;
    let ends = |c: char| c.is_whitespace() || "\"'[]{},#".contains(c);
    let start = text[..byte].rfind(ends).map_or(0, |found| {
        found + text[found..].chars().next().map_or(1, char::len_utf8)
    });
    let end = byte + text[byte..].find(ends).unwrap_or(text.len() - byte);
    (start < end).then(|| AtCursor {
        path: Path::root(),
        part: Part::Value,
        span: start..end,
        text: text[start..end].trim_end_matches(':').to_owned(),
    })
}

/// What is known of a name at a path.
fn about(catalog: &Catalog, name: &str, at: &Path, holders: &[Holder]) -> Option<String> {
    let field = at.0.iter().rev().find_map(|segment| match segment {
        Segment::Field(name) => Some(name.as_str()),
        _ => None,
    });
    match field {
        Some("provider") => return Some(provider(catalog)),
        Some("rule") => return RuleId::parse(name).map(|id| rule(id.rule())),
        Some("recipes") => {
            let found = catalog.recipe(name)?;
            return Some(recipe(catalog, &catalog.recipes[found]));
        }
        _ => {}
    }
    if let Some(request) = catalog.request(name) {
        let found = catalog.find(&request).ok()?;
        return Some(target(catalog, Target::Endpoint(found.gets), holders));
    }
    if let Some(text) = holders
        .first()
        .and_then(|holder| grant(catalog, name, *holder))
    {
        return Some(text);
    }
    if let Some(found) = catalog.event(name) {
        return Some(target(catalog, Target::Event(found), holders));
    }
    let found = catalog.recipe(name)?;
    Some(recipe(catalog, &catalog.recipes[found]))
}
