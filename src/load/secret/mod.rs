//! Secrets in text: found before anything else reads it, and masked, so that no message, frame or diff can show one.
//!
//! [`find_secrets`] finds all of them in a shared file, except names from a catalog that may be words. [`hide_secrets`]
//! is for text of unknown kind and only masks what is certain. Both read the text with its escapes resolved, and
//! masking keeps every byte offset.

mod context;
mod find;
mod random;
mod shapes;
mod strength;
mod view;

use std::borrow::Cow;
use std::ops::Range;

use find::{Hit, beginning, by_shape};
use random::by_randomness;
use view::View;

/// A secret in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// Its bytes, to the end of its first line.
    pub span: Range<usize>,
    /// What it is, in a few words: a key that begins with `sk_live_`, or a JSON Web Token.
    pub what: String,
    /// How certain it is.
    pub grade: Grade,
    /// The bytes that must not be shown: all but those of a prefix.
    pub material: Range<usize>,
}

impl Secret {
    /// The same in a text that has so many bytes more before it.
    fn moved(self, by: usize) -> Self {
        let moved = |range: Range<usize>| range.start + by..range.end + by;
        Self {
            span: moved(self.span),
            material: moved(self.material),
            ..self
        }
    }
}

/// Whether something is a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// It has the shape of one.
    Certain,
    /// It looks random, or has a suspicious name.
    Possible,
}

/// The secrets in a text, in its order, none in another: known shapes, what follows one of some more prefixes, and long
/// random strings. `is_known` spares the names of a catalog, which may begin as a key does.
pub fn find_secrets(
    text: &str,
    prefixes: &[String],
    is_known: impl Fn(&str) -> bool,
) -> Vec<Secret> {
    let is_known = |word: &[u8]| std::str::from_utf8(word).is_ok_and(&is_known);
    until_none_is_left(text, |view, hits| {
        by_shape(&view.bytes, prefixes, &is_known, hits);
        by_randomness(&view.bytes, &is_known, hits);
    })
}

/// Long texts are searched in pieces of this size, because a search takes many times the memory of its text.
const PIECE: usize = 1 << 20;
/// The context searched around each piece: longer than most secrets.
const AROUND: usize = 1 << 17;

/// The certain secrets in a text of unknown kind.
pub fn find_certain_secrets(text: &str, prefixes: &[String]) -> Vec<Secret> {
    in_pieces(text, PIECE, AROUND, |text| {
        find_certain_within(text, prefixes)
    })
}

/// What is found in a text that is looked through in pieces of some length, each with what is around it.
fn in_pieces(
    text: &str,
    piece: usize,
    around: usize,
    find: impl Fn(&str) -> Vec<Secret>,
) -> Vec<Secret> {
    let mut all: Vec<Secret> = Vec::new();
    let (mut start, mut seen) = (0, 0);
    while start < text.len() {
        let end = end_of_piece(text, start, piece);
        seen = char_boundary(text, seen.max(end) + around);
        let from = char_boundary(text, start.saturating_sub(around)).min(start);
        let found = find(&text[from..seen]).into_iter();
        let found = found.map(|secret| secret.moved(from));
        let found = found.filter(|secret| (start..end).contains(&secret.span.start));
        let found: Vec<Secret> = found.collect();
        let reached = found.last().map_or(end, |last| last.material.end.max(end));
        if reached == seen && seen < text.len() {
            // The secret may continue after what was searched.
            seen += (seen - start) * 4;
            continue;
        }
        all.extend(found);
        (start, seen) = (reached, reached);
    }
    all
}

/// Where a piece of a text ends: after a newline, or after a character that is never part of a secret.
fn end_of_piece(text: &str, start: usize, piece: usize) -> usize {
    let end = char_boundary(text, start + piece);
    if end == text.len() {
        return end;
    }
    let piece = &text.as_bytes()[start..end];
    let is_line_end = |at: &usize| piece[*at] == b'\n' && *at > 0 && piece[at - 1] != b'\\';
    let is_gap = |at: &usize| matches!(piece[*at], b' ' | b',');
    let last = |is_end: &dyn Fn(&usize) -> bool| (piece.len() / 2..piece.len()).rev().find(is_end);
    let cut = last(&is_line_end).or_else(|| last(&is_gap));
    cut.map_or(end, |at| start + at + 1)
}

/// The first place from `at` on where a character of a text begins, or its end.
fn char_boundary(text: &str, at: usize) -> usize {
    (at..text.len())
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(text.len())
}

fn find_certain_within(text: &str, prefixes: &[String]) -> Vec<Secret> {
    // Without a catalog, anything made of words is spared, unless its prefix is unmistakable.
    let may_be_name = |word: &[u8]| {
        !DISTINCT.iter().any(|prefix| {
            word.windows(prefix.len())
                .any(|part| part == prefix.as_bytes())
        })
    };
    until_none_is_left(text, |view, hits| {
        by_shape(&view.bytes, prefixes, &may_be_name, hits);
        hits.retain(|hit| hit.grade == Grade::Certain);
    })
}

/// The most searches of one text.
const MOST_PASSES: usize = 8;

/// Searches a text repeatedly, masking what was found, because one secret may hide another.
fn until_none_is_left(text: &str, find: impl Fn(&View<'_>, &mut Vec<Hit>)) -> Vec<Secret> {
    let mut all: Vec<Secret> = Vec::new();
    let mut left = Cow::Borrowed(text);
    for _ in 0..MOST_PASSES {
        let view = View::of(&left);
        let mut hits = Vec::new();
        find(&view, &mut hits);
        if hits.is_empty() {
            break;
        }
        let found = hits.into_iter().map(|hit| Secret {
            span: view.span(&(hit.start..hit.material.end)),
            what: hit.what.into_owned(),
            grade: hit.grade,
            material: view.span(&hit.material),
        });
        all.extend(found);
        all = apart(all);
        left = Cow::Owned(masked(text, &all));
    }
    for secret in &mut all {
        let line = text[secret.span.clone()].find('\n');
        secret.span.end = line.map_or(secret.span.end, |line| secret.span.start + line);
    }
    all
}

/// Prefixes that only keys have.
const DISTINCT: [&str; 4] = ["sk_live_", "sk_test_", "rk_live_", "rk_test_"];

/// A text without its certain secrets, whatever it is: each is masked byte for byte.
pub fn hide_secrets<'a>(text: &'a str, prefixes: &[String]) -> Cow<'a, str> {
    match find_certain_secrets(text, prefixes) {
        secrets if secrets.is_empty() => Cow::Borrowed(text),
        secrets => Cow::Owned(masked(text, &secrets)),
    }
}

/// Secrets in the order of the text, as one where they overlap.
fn apart(mut secrets: Vec<Secret>) -> Vec<Secret> {
    secrets.sort_by_key(|secret| (secret.span.start, secret.grade, secret.material.start));
    let mut apart: Vec<Secret> = Vec::new();
    for secret in secrets {
        let Some(last) = apart
            .last_mut()
            .filter(|last| secret.span.start < last.material.end)
        else {
            apart.push(secret);
            continue;
        };
        // The more certain secret gives the description, and its prefix stays visible if it covers the whole.
        if secret.grade < last.grade {
            let is_whole =
                secret.span.start == last.span.start && secret.material.end >= last.material.end;
            if is_whole {
                last.material = secret.material;
            } else {
                last.material.end = last.material.end.max(secret.material.end);
            }
            last.what = secret.what;
            last.grade = secret.grade;
        } else {
            if secret.grade == last.grade {
                last.material.start = last.material.start.min(secret.material.start);
            }
            last.material.end = last.material.end.max(secret.material.end);
        }
        last.span.end = last.material.end.max(last.span.end);
    }
    apart
}

/// The text with every secret's characters replaced, byte for byte, so that all places stay right. Lines and quotes stay, so
/// what stands there then is plain words in every syntax.
pub fn masked(text: &str, secrets: &[Secret]) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for secret in secrets {
        masked.push_str(&text[at..secret.material.start]);
        let material = &text.as_bytes()[secret.material.clone()];
        let mut hidden: Vec<char> = Vec::with_capacity(material.len());
        let mut is_kept = false;
        for byte in material.iter().rev() {
            // Keep a backslash before a kept character: masking half of an escape would make another escape.
            is_kept = matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'\'' | b',')
                || (*byte == b'\\' && is_kept);
            hidden.push(if is_kept { char::from(*byte) } else { 'x' });
        }
        masked.extend(hidden.iter().rev());
        at = secret.material.end;
    }
    masked.push_str(&text[at..]);
    masked
}

/// Hides the beginning of a secret at the end of a truncated text.
pub fn hide_cut_secret(text: &str) -> Cow<'_, str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_-+/=.:@%\\".contains(c);
    let word = text.trim_end_matches(is_part).len();
    match beginning(&text.as_bytes()[word..]) {
        Some(from) if word + from < text.len() => {
            let hidden = "x".repeat(text.len() - word - from);
            Cow::Owned(format!("{}{hidden}", &text[..word + from]))
        }
        _ => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests;
