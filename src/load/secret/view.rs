//! A text as its reader sees it: escapes resolved, invisible characters removed, and the source offset of each byte.
//!
//! A secret is still a secret if it is escaped, percent-encoded or broken by a zero-width character. The escapes of
//! YAML, JSON, TOML, URLs, Markdown and HTML are all resolved, because it is unknown here which of them apply.

use std::borrow::Cow;
use std::ops::Range;

use crate::source::is_harmful;

/// The most layers of escapes that are resolved.
const MOST_PASSES: usize = 4;

/// The bytes of a text, escapes resolved.
pub(super) struct View<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    /// Where each byte of the view begins in the text, and the text's end; empty where the two are the same.
    starts: Vec<usize>,
}

impl<'a> View<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let mut view = Self {
            bytes: Cow::Borrowed(text.as_bytes()),
            starts: Vec::new(),
        };
        for _ in 0..MOST_PASSES {
            let Some((bytes, starts)) = resolved(&view.bytes) else {
                break;
            };
            view.starts = if view.starts.is_empty() {
                starts
            } else {
                starts.into_iter().map(|at| view.starts[at]).collect()
            };
            view.bytes = Cow::Owned(bytes);
        }
        view
    }

    /// The bytes of the text that became some bytes of the view.
    pub(super) fn span(&self, range: &Range<usize>) -> Range<usize> {
        if self.starts.is_empty() {
            range.clone()
        } else {
            self.starts[range.start]..self.starts[range.end]
        }
    }
}

/// A text without its outermost escapes and what is invisible; `None` where it has neither.
fn resolved(text: &[u8]) -> Option<(Vec<u8>, Vec<usize>)> {
    let is_special =
        |byte: u8| matches!(byte, b'\\' | b'%' | b'&' | 0..=8 | 11..=12 | 14..=31 | 127 | 0xc2..);
    let first = text.iter().position(|byte| is_special(*byte))?;
    let mut bytes = Vec::with_capacity(text.len());
    let mut starts = Vec::with_capacity(text.len() + 1);
    bytes.extend_from_slice(&text[..first]);
    starts.extend(0..first);
    let mut at = first;
    while at < text.len() {
        match part(&text[at..]) {
            Part::Plain => {
                bytes.push(text[at]);
                starts.push(at);
                at += 1;
            }
            Part::Escape(length, byte) => {
                bytes.push(byte);
                starts.push(at);
                at += length;
            }
            Part::Invisible(length) => at += length,
        }
    }
    starts.push(text.len());
    (bytes.len() < text.len()).then_some((bytes, starts))
}

enum Part {
    Plain,
    /// So many bytes that mean one.
    Escape(usize, u8),
    /// So many bytes that nobody sees.
    Invisible(usize),
}

fn part(rest: &[u8]) -> Part {
    match rest[0] {
        b'\\' => backslash(rest),
        b'%' => match hex(rest.get(1..3)) {
            Some(code @ 0x20..=0x7e) => Part::Escape(3, low(code)),
            _ => Part::Plain,
        },
        b'&' => entity(rest).unwrap_or(Part::Plain),
        // A sequence that colours a terminal.
        0x1b if rest.get(1) == Some(&b'[') => {
            let end = rest[2..].iter().take(32).position(u8::is_ascii_alphabetic);
            Part::Invisible(end.map_or(1, |end| end + 3))
        }
        byte if byte.is_ascii_control() && !byte.is_ascii_whitespace() => Part::Invisible(1),
        0xc2.. => match first_char(rest) {
            Some(c) if is_invisible(c) => Part::Invisible(c.len_utf8()),
            _ => Part::Plain,
        },
        _ => Part::Plain,
    }
}

fn first_char(bytes: &[u8]) -> Option<char> {
    let length = match bytes[0] {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    std::str::from_utf8(bytes.get(..length)?)
        .ok()?
        .chars()
        .next()
}

/// Characters that are not letters of their own: invisible ones, combining marks, and replacement characters.
fn is_invisible(c: char) -> bool {
    is_harmful(c)
        || matches!(c,
            '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
            | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}' | '\u{fffc}' | '\u{fffd}'
            | '\u{e0100}'..='\u{e01ef}')
}

fn backslash(rest: &[u8]) -> Part {
    let coded = |digits: usize| match hex(rest.get(2..2 + digits)) {
        Some(code @ 0x20..0x7f) => Part::Escape(2 + digits, low(code)),
        Some(code) => match char::from_u32(code) {
            Some(c) if is_invisible(c) => Part::Invisible(2 + digits),
            // Half of a surrogate pair, as JSON writes characters beyond the BMP: the invisible ones among these are
            // tags.
            None if code == 0xdb40 || (0xdc00..0xdff0).contains(&code) => {
                Part::Invisible(2 + digits)
            }
            _ => Part::Plain,
        },
        None => Part::Plain,
    };
    match rest.get(1) {
        Some(b'x') => coded(2),
        Some(b'u') => coded(4),
        Some(b'U') => coded(8),
        // In a double-quoted YAML string, an escaped line break continues at the first character of the next line.
        Some(b'\n' | b'\r') => {
            let blank = |byte: &&u8| byte.is_ascii_whitespace();
            Part::Invisible(1 + rest[1..].iter().take_while(blank).count())
        }
        Some(b'n' | b'r' | b'N' | b'L' | b'P') => Part::Escape(2, b'\n'),
        Some(b't' | b'a' | b'b' | b'e' | b'f' | b'v' | b'0') => Part::Escape(2, b' '),
        Some(byte) if byte.is_ascii_punctuation() => Part::Escape(2, *byte),
        _ => Part::Plain,
    }
}

/// A character by its number, or `&amp;`, as HTML has them.
fn entity(rest: &[u8]) -> Option<Part> {
    let end = rest.iter().take(12).position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(&rest[1..end]).ok()?;
    let code = match name.strip_prefix('#') {
        None => (name == "amp").then_some(u32::from(b'&')),
        Some(digits) => match digits.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok(),
            None => digits.parse().ok(),
        },
    };
    let code = code.filter(|code| (0x20..0x7f).contains(code))?;
    Some(Part::Escape(end + 1, low(code)))
}

fn hex(digits: Option<&[u8]>) -> Option<u32> {
    let digits = digits.filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

fn low(code: u32) -> u8 {
    u8::try_from(code).unwrap_or(b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> String {
        String::from_utf8(View::of(text).bytes.into_owned()).expect("UTF-8")
    }

    #[test]
    fn escapes_of_every_syntax_are_resolved() {
        for (text, expected) in [
            ("plain text, 100 %", "plain text, 100 %"),
            (r"\x73k\u005flive\U0000005fa", "sk_live_a"),
            (r"sk\_live\_a", "sk_live_a"),
            ("sk%5Flive%5fa%2", "sk_live_a%2"),
            ("sk%255Flive", "sk_live"),
            (r"\\u0073k", "sk"),
            ("sk&#95;live&#x5f;a&amp;b", "sk_live_a&b"),
            ("sk\u{200b}_li\u{ad}ve\u{202e}_a", "sk_live_a"),
            ("\u{1b}[1msk\u{1b}[0m_live", "sk_live"),
            ("one \\\n   two", "one two"),
            (r"a\nb\tc", "a\nb c"),
            ("caf\u{e9} \u{20ac}", "caf\u{e9} \u{20ac}"),
            (
                "s\u{34f}k\u{fe0f}_\u{e0041}l\u{301}i\u{fffc}ve\u{e0100}_\u{1d173}a",
                "sk_live_a",
            ),
            (
                r"s\u00adk_\u034fl\xadi\U000e0041ve\udb40\udc41_a",
                "sk_live_a",
            ),
        ] {
            assert_eq!(seen(text), expected, "{text}");
        }
    }

    #[test]
    fn every_byte_knows_where_it_came_from() {
        let text = r"a: \x73k\u005flive";
        let view = View::of(text);
        assert_eq!(&text[view.span(&(3..6))], r"\x73k\u005f");
        assert_eq!(view.span(&(3..view.bytes.len())), 3..text.len());
    }
}
