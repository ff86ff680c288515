//! Sentences of a page that say something about scopes and are not read.

use std::collections::BTreeSet;
use std::ops::Range;

use super::columns;

/// Words of sentences that lay down a rule.
const RULES: &[&str] = &[
    "only",
    "must",
    "never",
    "cannot",
    "require",
    "requires",
    "required",
    "requiring",
    "reject",
    "rejects",
    "rejected",
    "ignored",
    "ignores",
    "includes",
    "include",
    "imply",
    "implies",
    "without",
    "regardless",
    "default",
    "deprecated",
    "wildcard",
    "adequate",
];
/// The longest part of a sentence that is repeated.
const LONGEST: usize = 60;

/// What a sentence would have to say to be reported.
pub(super) struct Words<'a> {
    pub(super) scopes: &'a BTreeSet<String>,
    /// The scopes of each bundle: a sentence that lists them says what the table says.
    pub(super) bundles: &'a [BTreeSet<String>],
    pub(super) key_types: &'a [String],
}

/// A sentence that was not read: where, and why it may matter.
pub(super) struct Sentence {
    pub(super) at: Range<usize>,
    pub(super) message: String,
}

/// The sentences in a part of a page that say something that is not read.
pub(super) fn unread(text: &str, place: Range<usize>, words: &Words<'_>) -> Vec<Sentence> {
    let part = text.get(place.clone()).unwrap_or_default();
    let mut found = Vec::new();
    let mut start = 0;
    while start < part.len() {
        let end = end_of(part, start);
        let sentence = &part[start..end];
        let lead = sentence.len() - sentence.trim_start().len();
        if let Some(why) = why(sentence, words) {
            let at = place.start + start + lead;
            let quoted = quoted(sentence);
            found.push(Sentence {
                at: at..at,
                message: format!("not read: “{quoted}” {why}"),
            });
        }
        start = end;
    }
    found
}

/// Where the sentence that begins at a place ends.
fn end_of(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    while at < bytes.len() {
        let next = bytes.get(at + 1);
        let is_end = matches!(bytes[at], b'.' | b'!' | b'?' | b':')
            && next.is_none_or(u8::is_ascii_whitespace);
        let is_paragraph = bytes[at] == b'\n' && next == Some(&b'\n');
        at += 1;
        if is_end || is_paragraph {
            break;
        }
    }
    at
}

fn why(sentence: &str, known: &Words<'_>) -> Option<String> {
    let is_edge = |c: char| c.is_whitespace() || "\"'`(),;[]{}<>!?*".contains(c);
    let parts = sentence
        .split(is_edge)
        .map(|word| word.trim_matches(['.', ':']));
    let mut named: BTreeSet<&str> = BTreeSet::new();
    for part in parts {
        if known.scopes.contains(part) && super::cells::has_parts(part) {
            named.insert(part);
        }
    }
    let is_bundle = |scopes: &BTreeSet<String>| {
        scopes.len() == named.len() && named.iter().all(|name| scopes.contains(*name))
    };
    if !named.is_empty() && known.bundles.iter().any(is_bundle) {
        return None;
    }
    match named.first() {
        Some(one) if named.len() == 1 => return Some(format!("names `{one}`")),
        Some(_) => return Some(format!("names {} scopes", named.len())),
        None => {}
    }
    let words = columns::words(sentence);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let of_keys = has(&["key", "keys", "token", "tokens"]);
    if let Some(key_type) = known
        .key_types
        .iter()
        .find(|name| of_keys && words.contains(name))
    {
        return Some(format!("speaks of the key type `{key_type}`"));
    }
    let of_scopes = has(&["scope", "scopes", "permission", "permissions", "wildcard"]);
    (of_scopes && has(RULES)).then(|| "may be a rule about scopes".to_owned())
}

fn quoted(sentence: &str) -> String {
    let mut line = String::new();
    for word in sentence.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        let left = LONGEST.saturating_sub(line.chars().count());
        if word.chars().count() > left {
            line.extend(word.chars().take(left));
            line.push('…');
            break;
        }
        line.push_str(word);
    }
    line
}
