//! Finds secrets by their shapes, in one pass over the bytes of a text.
//!
//! The pass is linear for any text: the ends of runs of an alphabet are cached, and the lookaround at an anchor is
//! bounded.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::ops::Range;

use super::Grade;
use super::shapes::{ALPHABETS, Alphabet, SHAPES, Shape, key_with};
use super::strength::{Strength, is_placeholder, strength};

/// How the secret behind an anchor is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Find {
    /// Material of any length from eight characters on: the anchor is a prefix of keys.
    Key,
    /// So many characters of an alphabet.
    Token {
        alphabet: Alphabet,
        least: usize,
        most: usize,
        glued: bool,
    },
    /// The parts of a JSON Web Token.
    Jwt,
    /// The lines of a private key, to the one that ends it.
    PrivateKey,
    /// What stands before the `@` of an address.
    UserInfo,
    /// The rest of a Telegram token, which begins with a number.
    Telegram,
    /// What follows `Bearer` or `Basic`.
    Scheme,
    /// The value of a field or parameter of such a name.
    Assigned,
    /// The `name:password` of an option.
    Login,
}

/// A secret in a view.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    /// Where it begins, with its prefix.
    pub(super) start: usize,
    /// What must not be shown.
    pub(super) material: Range<usize>,
    pub(super) what: Cow<'static, str>,
    pub(super) grade: Grade,
}

/// The number of cached runs for each alphabet: more than a token has parts.
const MOST_RUNS: usize = 8;
/// A name is no longer than this altogether.
const LONGEST_WORD: usize = 256;
/// Fewer characters than this behind a prefix are no key material.
const SHORTEST_KEY: usize = 8;
/// The lines of a private key are no longer than this together.
const LONGEST_PRIVATE_KEY: usize = 1 << 16;
/// A name is no longer than this, on either side of the word that makes it the name of a secret.
pub(super) const LONGEST_NAME: usize = 40;

/// Finds secrets by shape. `is_known` spares what a catalog knows by that name and is made of words.
pub(super) fn by_shape(
    bytes: &[u8],
    prefixes: &[String],
    is_known: &dyn Fn(&[u8]) -> bool,
    hits: &mut Vec<Hit>,
) {
    let mut scan = Scan {
        bytes,
        runs: Default::default(),
        last_at: (0..0, None),
        end_of_key: None,
        is_known,
    };
    let mut at = 0;
    while at + 1 < bytes.len() {
        let mut next = at + 1;
        for shape in SHAPES.beginning(bytes[at], bytes[at + 1]) {
            let end = at + shape.anchor.len();
            let Some(found) = bytes.get(at..end) else {
                continue;
            };
            if !found.eq_ignore_ascii_case(shape.anchor.as_bytes()) {
                continue;
            }
            if let Some(hit) = scan.hit(shape, at, end) {
                // What is inside of a secret is part of it.
                if hit.grade == Grade::Certain {
                    next = next.max(hit.material.end);
                }
                hits.push(hit);
            }
        }
        at = next;
    }
    for prefix in prefixes.iter().filter(|prefix| prefix.len() > 1) {
        let is_listed = |shape: &Shape| shape.find == Find::Key && shape.anchor == prefix.as_str();
        if SHAPES.all.iter().any(is_listed) {
            continue;
        }
        let mut at = 0;
        while let Some(found) = position(&bytes[at..], prefix.as_bytes()) {
            let start = at + found;
            at = start + prefix.len();
            if let Some(material) = scan.key(start, at, true) {
                at = material.end;
                hits.push(Hit {
                    start,
                    material,
                    what: key_with(prefix).into(),
                    grade: Grade::Certain,
                });
            }
        }
    }
}

/// Where the key material begins in a word that may be the beginning of a secret.
pub(super) fn beginning(word: &[u8]) -> Option<usize> {
    (0..word.len().saturating_sub(1)).find_map(|at| {
        let is_glued = at > 0 && word[at - 1].is_ascii_alphanumeric();
        let mut shapes = SHAPES.beginning(word[at], word[at + 1]);
        shapes.find_map(|shape| {
            let anchor = shape.anchor.as_bytes();
            let rest = word[at..].strip_prefix(anchor)?;
            let is_password = || {
                let colon = rest.iter().position(|byte| matches!(byte, b':' | b'/'))?;
                let port = rest[colon + 1..].iter().all(u8::is_ascii_digit);
                (rest[colon] == b':' && !port).then_some(at + anchor.len() + colon + 1)
            };
            match shape.find {
                Find::Key | Find::Jwt => Some(at + anchor.len()),
                Find::Token { glued, .. } if glued || !is_glued => Some(at + anchor.len()),
                Find::UserInfo => is_password(),
                _ => None,
            }
        })
    })
}

pub(super) fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let (first, rest) = wanted.split_first()?;
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|byte| byte == first) {
        at += found + 1;
        if bytes[at..].starts_with(rest) {
            return Some(at - 1);
        }
    }
    None
}

pub(super) struct Scan<'a> {
    pub(super) bytes: &'a [u8],
    /// The most recent runs of each alphabet, because the same part of a token may be looked up again.
    runs: [VecDeque<Range<usize>>; ALPHABETS],
    /// An address, and its last `@`.
    pub(super) last_at: (Range<usize>, Option<usize>),
    /// The last search for the end of a private key: from where, and the result.
    end_of_key: Option<(usize, Option<usize>)>,
    pub(super) is_known: &'a dyn Fn(&[u8]) -> bool,
}

impl Scan<'_> {
    /// Where the characters of an alphabet end that run from here.
    pub(super) fn run(&mut self, alphabet: Alphabet, from: usize) -> usize {
        let known = &mut self.runs[alphabet as usize];
        if let Some(known) = known.iter().find(|known| known.contains(&from)) {
            return known.end;
        }
        let rest = self.bytes[from..].iter();
        let end = from + rest.take_while(|byte| alphabet.has(**byte)).count();
        known.truncate(MOST_RUNS - 1);
        known.push_front(from..end);
        end
    }

    pub(super) fn before(&self, at: usize) -> u8 {
        at.checked_sub(1).map_or(b' ', |at| self.bytes[at])
    }

    fn hit(&mut self, shape: &Shape, start: usize, end: usize) -> Option<Hit> {
        let is_exact = &self.bytes[start..end] == shape.anchor.as_bytes();
        let whole = |material: Range<usize>| Hit {
            start,
            material,
            what: shape.what.clone(),
            grade: Grade::Certain,
        };
        match shape.find {
            Find::Key => self.key(start, end, is_exact).map(whole),
            Find::Token {
                alphabet,
                least,
                most,
                glued,
            } => {
                let is_glued = self.before(start).is_ascii_alphanumeric();
                if (is_glued || !is_exact) && !glued {
                    return None;
                }
                let token = self.run(alphabet, end);
                let length = token - end;
                if length < least || (most > 0 && length > most) {
                    return None;
                }
                let material = &self.bytes[end..token];
                let needed = match (is_exact, is_glued) {
                    (false, _) | (_, true) => Strength::Medium,
                    // The prefix and length are distinctive enough.
                    _ if length >= 30 || (least == most && alphabet == Alphabet::Upper) => {
                        Strength::Weak
                    }
                    _ => Strength::Medium,
                };
                if is_placeholder(material) || strength(material) < needed {
                    return None;
                }
                let last = match most {
                    0 => token.max(self.run(Alphabet::Base64, end)),
                    _ => token,
                };
                Some(whole(end..last))
            }
            Find::Jwt if is_exact => self.web_token(start).map(whole),
            Find::PrivateKey if is_exact => self.private_key(end).map(whole),
            Find::UserInfo => self.user_info(end).map(|material| Hit {
                start: material.start,
                ..whole(material)
            }),
            Find::Telegram if is_exact => self.telegram(start).map(whole),
            Find::Scheme => self.behind_scheme(start, end).map(|material| Hit {
                start: material.start,
                ..whole(material)
            }),
            Find::Assigned => self.assigned(start, end),
            Find::Login => self.login(start, end).map(|material| Hit {
                start: material.start,
                ..whole(material)
            }),
            Find::Jwt | Find::PrivateKey | Find::Telegram => None,
        }
    }

    /// Key material after a prefix. If the prefix is glued to a word before it, or written in another case, the
    /// material must not look like words.
    fn key(&mut self, start: usize, from: usize, is_exact: bool) -> Option<Range<usize>> {
        let core = self.run(Alphabet::Word, from);
        let whole = self.run(Alphabet::Base64, from);
        let is_trailing = |byte: &&u8| matches!(byte, b'-' | b'_');
        let trailing = self.bytes[from..core].iter().rev().take(LONGEST_NAME);
        let trailing = trailing.take_while(is_trailing);
        let core = core - trailing.count().min(core - from);
        if core == from {
            return None;
        }
        let is_long = core - from >= SHORTEST_KEY;
        let material = if is_long {
            &self.bytes[from..core]
        } else {
            &self.bytes[from..whole]
        };
        let needed = match (
            is_exact,
            self.before(start).is_ascii_alphanumeric(),
            is_long,
        ) {
            (_, _, false) => Strength::Strong,
            (false, ..) | (_, true, _) => Strength::Medium,
            _ => Strength::Weak,
        };
        let strength = strength(material);
        if material.len() < SHORTEST_KEY || is_placeholder(material) || strength < needed {
            return None;
        }
        let may_be_name = strength < Strength::Strong && core - start <= LONGEST_WORD;
        if may_be_name && self.is_name(self.word(start, core)) {
            return None;
        }
        Some(from..self.with_dotted_parts(core.max(whole)))
    }

    /// Whether a word is a known name, as it stands or without what ends a name and a sentence.
    fn is_name(&self, word: &[u8]) -> bool {
        let is_end = |byte: &&u8| matches!(byte, b':' | b'.');
        let ends = word.iter().rev().take_while(is_end).count();
        (self.is_known)(word) || (self.is_known)(&word[..word.len() - ends])
    }

    /// The name that something is a part of.
    fn word(&self, start: usize, end: usize) -> &[u8] {
        let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_-.:".contains(byte);
        let before = self.bytes[..start].iter().rev().take(LONGEST_NAME);
        let start = start - before.take_while(is_part).count();
        let behind = self.bytes[end..].iter().take(LONGEST_NAME);
        &self.bytes[start..end + behind.take_while(is_part).count()]
    }

    /// The end of a secret with the parts that go on behind a dot.
    fn with_dotted_parts(&mut self, mut end: usize) -> usize {
        while self.bytes.get(end) == Some(&b'.') {
            let part = self.run(Alphabet::Base64, end + 1);
            if strength(&self.bytes[end + 1..part]) == Strength::Weak {
                break;
            }
            end = part;
        }
        end
    }

    /// A header, what it says, and a signature or none; or the five parts of one that is encrypted.
    fn web_token(&mut self, start: usize) -> Option<Range<usize>> {
        let header = self.run(Alphabet::Word, start);
        let whole = self.run(Alphabet::Dotted, start);
        if header - start < 12 || header == whole {
            return None;
        }
        let claims = self.run(Alphabet::Word, header + 1);
        let says = &self.bytes[header + 1..claims];
        let most = if says.starts_with(b"eyJ") { 3 } else { 5 };
        let mut ends = vec![header, claims];
        while ends.len() < most && self.bytes.get(ends[ends.len() - 1]) == Some(&b'.') {
            let from = ends[ends.len() - 1] + 1;
            let end = self.run(Alphabet::Word, from);
            ends.push(end);
        }
        let end = ends[ends.len() - 1];
        let is_signed = ends.len() >= 3 && end - ends[ends.len() - 2] > 16;
        let is_token = match most {
            3 => says.len() >= 8,
            _ => is_signed && strength(says) > Strength::Weak,
        };
        (is_token && !is_placeholder(&self.bytes[start + 3..header])).then_some(start..end)
    }

    fn private_key(&mut self, label: usize) -> Option<Range<usize>> {
        let near = &self.bytes[label..self.bytes.len().min(label + 64)];
        let dashes = position(near, b"-----")?;
        position(&near[..dashes], b"PRIVATE KEY")?;
        let from = label + dashes + 5;
        let end = self.end_of_key(from);
        let end = end.filter(|end| end - from <= LONGEST_PRIVATE_KEY);
        let end = end.unwrap_or_else(|| {
            let may_be = |byte: &&u8| {
                Alphabet::Base64.has(**byte)
                    || byte.is_ascii_whitespace()
                    || b"\"',#|>\\".contains(byte)
            };
            let rest = self.bytes[from..].iter().take(LONGEST_PRIVATE_KEY);
            let end = from + rest.take_while(may_be).count();
            // Something else follows on the last line, so that line is not part of the key.
            match self.bytes.get(end) {
                None => end,
                Some(_) => {
                    let lines = self.bytes[from..end].iter();
                    let line = lines.rev().take_while(|byte| **byte != b'\n').count();
                    if line < end - from { end - line } else { end }
                }
            }
        });
        let is_letter = |byte: &&u8| byte.is_ascii_alphanumeric();
        let letters = self.bytes[from..end].iter().filter(is_letter);
        let is_key = letters.take(8).count() == 8 && !is_placeholder(&self.bytes[from..end]);
        is_key.then_some(from..end)
    }

    fn end_of_key(&mut self, from: usize) -> Option<usize> {
        let known = self
            .end_of_key
            .filter(|(seen_from, end)| *seen_from <= from && end.is_none_or(|end| end >= from));
        let end = match known {
            Some((_, end)) => end,
            None => position(&self.bytes[from..], b"-----END").map(|end| from + end),
        };
        self.end_of_key = Some((known.map_or(from, |(seen_from, _)| seen_from), end));
        end
    }

    fn telegram(&mut self, colon: usize) -> Option<Range<usize>> {
        let before = self.bytes[..colon].iter().rev().take(12);
        let digits = before.take_while(|byte| byte.is_ascii_digit()).count();
        let end = self.run(Alphabet::Word, colon + 1);
        let material = &self.bytes[colon + 1..end];
        let fits = (8..=10).contains(&digits) && (30..=40).contains(&material.len());
        (fits && !is_placeholder(&material[2..])).then_some(colon + 1..end)
    }
}
