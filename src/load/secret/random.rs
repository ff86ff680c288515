//! Strings that look like key material although nothing says so: long, of letters and digits in disorder.

use std::ops::Range;

use super::Grade;
use super::find::Hit;
use super::strength::{class_changes, is_placeholder};

/// The shortest random string that is reported.
const SHORTEST_RANDOM: usize = 20;
/// Shorter runs of letters and digits count as words of a name.
const SHORTEST_RUN: usize = 12;
/// Bytes in Base64 are told from the parts of a path by this many characters.
const SHORTEST_BASE64: usize = 32;

/// Never a UUID, a hex digest, an endpoint, an address, or a name that `is_known`.
pub(super) fn by_randomness(bytes: &[u8], is_known: &dyn Fn(&[u8]) -> bool, hits: &mut Vec<Hit>) {
    let ends_word = |byte: &u8| byte.is_ascii_whitespace() || b"\"',[]{}`".contains(byte);
    let mut at = 0;
    while at < bytes.len() {
        let length = bytes[at..].iter().position(ends_word);
        let end = length.map_or(bytes.len(), |length| at + length);
        if end - at >= SHORTEST_RANDOM {
            in_word(bytes, at..end, is_known, hits);
        }
        at = end + 1;
    }
}

fn in_word(
    bytes: &[u8],
    span: Range<usize>,
    is_known: &dyn Fn(&[u8]) -> bool,
    hits: &mut Vec<Hit>,
) {
    let word = &bytes[span.clone()];
    if let Some(found) = discord(word) {
        let material = span.start + found.start..span.start + found.end;
        hits.push(Hit {
            start: material.start,
            material,
            what: "a Discord token".into(),
            grade: Grade::Certain,
        });
        return;
    }
    let is_address = word.windows(3).any(|three| three == b"://");
    if word[0] == b'/' || is_address || is_digest(word) || is_known(word) {
        return;
    }
    let mut push = |material: Range<usize>| {
        hits.push(Hit {
            start: material.start,
            material,
            what: "a long random string".into(),
            grade: Grade::Possible,
        });
    };
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    for (from, piece) in pieces(word, is_base64) {
        let changes = class_changes(piece);
        let has_slash = piece.contains(&b'/');
        if has_slash
            && piece.len() >= SHORTEST_BASE64
            && changes * 100 >= piece.len() * 48
            && is_mixed(piece)
        {
            return push(span.start + from..span.start + from + piece.len());
        }
    }
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-+=".contains(byte);
    for (from, token) in pieces(word, is_part) {
        if looks_random(token) && !is_placeholder(token) && !is_known(token) {
            push(span.start + from..span.start + from + token.len());
        }
    }
}

/// The longest parts of a word whose characters are all of a kind, and where each begins.
fn pieces(word: &[u8], is_part: impl Fn(&u8) -> bool) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    word.split(move |byte| !is_part(byte)).map(move |piece| {
        let from = at;
        at += piece.len() + 1;
        (from, piece)
    })
}

/// A token of a Discord bot: three parts of known lengths, the first of which is a number in Base64.
fn discord(word: &[u8]) -> Option<Range<usize>> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.".contains(byte);
    let mut found = pieces(word, is_part).filter_map(|(from, token)| {
        let parts: Vec<&[u8]> = token.split(|byte| *byte == b'.').collect();
        let [number, time, rest] = parts.as_slice() else {
            return None;
        };
        let fits = (23..=28).contains(&number.len())
            && (6..=7).contains(&time.len())
            && (27..=40).contains(&rest.len())
            && matches!(number[0], b'M' | b'N' | b'O')
            && is_mixed(number)
            && is_mixed(rest);
        fits.then_some(from..from + token.len())
    });
    found.next()
}

/// Whether a word is a digest with the name of its function before it: `sha256-…`.
fn is_digest(word: &[u8]) -> bool {
    let functions = ["sha1", "sha256", "sha384", "sha512", "md5"];
    functions.iter().any(|name| {
        let rest = word.strip_prefix(name.as_bytes());
        rest.is_some_and(|rest| rest.first().is_some_and(|byte| b"-:=".contains(byte)))
    })
}

/// Whether there are capitals, small letters and digits.
fn is_mixed(token: &[u8]) -> bool {
    token.iter().any(u8::is_ascii_uppercase)
        && token.iter().any(u8::is_ascii_lowercase)
        && token.iter().any(u8::is_ascii_digit)
}

fn looks_random(token: &[u8]) -> bool {
    // Names are joined from short words; in a random string `-` and `_` occur by chance.
    let is_run = |run: &[u8]| run.len() >= SHORTEST_RUN && !run.iter().all(u8::is_ascii_hexdigit);
    let mut runs = token.split(|byte| matches!(byte, b'-' | b'_'));
    if token.len() < SHORTEST_RANDOM || !runs.any(is_run) {
        return false;
    }
    let has = |test: fn(&u8) -> bool| token.iter().any(test);
    let has_both_cases = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    let turns = token.windows(2).filter(|pair| {
        pair.iter().all(u8::is_ascii_alphanumeric)
            && pair[0].is_ascii_digit() != pair[1].is_ascii_digit()
    });
    let turns = turns.count();
    // Names consist of words; random strings have digits scattered among the letters.
    let is_random = if has_both_cases {
        let runs = token.split(|byte| !byte.is_ascii_alphanumeric());
        let mut runs = runs.filter(|run| run.len() >= SHORTEST_RUN);
        let is_jumbled = runs.any(|run| class_changes(run) * 100 >= run.len() * 42);
        irregularities(token) >= 3 && (turns >= 3 || turns > 0 && is_jumbled)
    } else {
        turns >= 6
    };
    is_random && entropy(token) >= 3.5
}

/// Counts pairs that are unusual in names, where a capital begins a word and a number ends one: a capital or a digit
/// after a capital, a lower-case letter after a digit.
fn irregularities(token: &[u8]) -> usize {
    let pairs = token.windows(2);
    let is_irregular = |pair: &&[u8]| {
        (pair[0].is_ascii_uppercase()
            && !pair[1].is_ascii_lowercase()
            && pair[1].is_ascii_alphanumeric())
            || (pair[0].is_ascii_digit() && pair[1].is_ascii_lowercase())
    };
    pairs.filter(is_irregular).count()
}

/// Shannon's entropy of the characters of a text, in bits a character.
fn entropy(text: &[u8]) -> f64 {
    let mut counts = [0_u32; 128];
    for byte in text {
        counts[usize::from(byte & 0x7f)] += 1;
    }
    let length = f64::from(u32::try_from(text.len()).unwrap_or(u32::MAX));
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / length)
        .map(|share| -share * share.log2())
        .sum()
}
