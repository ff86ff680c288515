//! What a cell says: names of scopes and how they are joined, endpoints, or a mark.

use std::collections::BTreeSet;

use super::page::Inline;
use crate::source::is_harmful;
use crate::source::limits::LONGEST_NAME;

/// The methods of HTTP that pages name.
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// Words that stand where a scope could, and name no scope.
const NO_NAMES: [&str; 14] = [
    "none", "n/a", "na", "tbd", "tba", "unknown", "various", "varies", "any", "all", "yes",
    "required", "optional", "default",
];

/// How the names of a cell are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Join {
    All,
    Any,
    /// The cell lists them, and does not say which.
    Unstated,
}

/// A cell of a column of scopes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ScopeCell {
    Blank,
    /// It says that no key is needed.
    Public,
    /// It says that a key without a scope is enough.
    AnyKey,
    Names {
        names: Vec<String>,
        join: Join,
        /// Words that are neither names nor join them.
        words: Vec<String>,
    },
    /// It holds no name.
    Unclear,
}

/// An endpoint in a cell.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) method: String,
    pub(super) path: String,
    /// What stands before it as `NAME=VALUE on`.
    pub(super) mode: Option<String>,
}

/// A mark in a column of marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Yes,
    No,
    Unclear,
}

/// A word of a cell.
#[derive(Debug, Clone, Copy)]
struct Word<'a> {
    text: &'a str,
    is_code: bool,
    /// Whether no space stands before it.
    is_glued: bool,
}

fn words(inline: &Inline) -> Vec<Word<'_>> {
    let mut words: Vec<Word<'_>> = Vec::new();
    let mut is_open = false;
    for piece in &inline.0 {
        let mut is_first = true;
        for text in piece.text.split_whitespace() {
            let starts = piece.text.starts_with(char::is_whitespace);
            words.push(Word {
                text,
                is_code: piece.is_code,
                is_glued: is_first && is_open && !starts,
            });
            is_first = false;
        }
        is_open = if piece.text.trim().is_empty() {
            is_open && piece.text.is_empty()
        } else {
            !piece.text.ends_with(char::is_whitespace)
        };
    }
    words
}

/// Whether a text can be the name of a scope.
pub(super) fn is_name(text: &str) -> bool {
    text.len() <= LONGEST_NAME
        && text.chars().any(char::is_alphanumeric)
        && text.chars().any(|c| !c.is_numeric())
        && !text.starts_with('/')
        && !METHODS.contains(&text)
        && !text.chars().any(|c| {
            c.is_whitespace() || is_harmful(c) || "\"'`<>()[]{}=,;|\\!?…✓✔✅❌✗✘".contains(c)
        })
        && !text.ends_with([':', '.', '-'])
}

/// Whether a name has parts, so that it is no plain word.
pub(super) fn has_parts(name: &str) -> bool {
    let inner = name.trim_matches(|c: char| !c.is_alphanumeric() && c != '*');
    is_name(name) && inner.contains(['.', ':', '_', '-', '/'])
}

/// What a cell says in words about a call without scopes.
fn without_scopes(text: &str) -> Option<ScopeCell> {
    let text = text.to_lowercase();
    let text = text.trim_matches(|c: char| !c.is_alphanumeric());
    match text {
        "public"
        | "public endpoint"
        | "no key"
        | "no api key"
        | "no key needed"
        | "no key required"
        | "no api key required"
        | "no auth"
        | "no auth required"
        | "no authentication"
        | "no authentication required"
        | "no authorization required"
        | "unauthenticated" => Some(ScopeCell::Public),
        "any key"
        | "any api key"
        | "any valid key"
        | "any valid api key"
        | "any token"
        | "any valid token"
        | "any key no scope"
        | "no scope"
        | "no scopes"
        | "no scope needed"
        | "no scope required"
        | "no scopes required"
        | "no permission required"
        | "no permissions required" => Some(ScopeCell::AnyKey),
        _ => None,
    }
}

/// Reads a cell of a column of scopes.
pub(super) fn scopes(inline: &Inline) -> ScopeCell {
    if inline.is_blank() || mark(inline) == Mark::No && !inline.line().eq_ignore_ascii_case("none")
    {
        return ScopeCell::Blank;
    }
    if let Some(known) = without_scopes(&inline.line()) {
        return known;
    }
    let line = inline.line().to_lowercase();
    if NO_NAMES.contains(&line.as_str()) {
        return ScopeCell::Unclear;
    }
    let has_code = inline.0.iter().any(|piece| piece.is_code);
    let is_alone = words(inline).len() == 1;
    let mut names: Vec<String> = Vec::new();
    let (mut all, mut any, mut unstated) = (false, false, false);
    let mut others: Vec<String> = Vec::new();
    for word in words(inline) {
        // In a text without code, names are told from prose by their parts.
        let parts = word.text.split([',', ';']).filter(|part| !part.is_empty());
        unstated |= word.text.contains([',', ';']) && !others.is_empty();
        for part in parts {
            let part = part.trim_matches(|c: char| "()".contains(c));
            let bare = part.trim_end_matches('.');
            let is_scope = match (word.is_code, has_code) {
                (true, _) => is_name(part),
                (false, true) => false,
                (false, false) => {
                    has_parts(bare) && bare != "and/or" || (is_alone && is_name(bare))
                }
            };
            if is_scope || (part == "*" && (word.is_code || is_alone)) {
                names.push(if word.is_code { part } else { bare }.to_owned());
                continue;
            }
            match bare.to_lowercase().as_str() {
                "and" | "+" | "&" | "both" | "all" => all = true,
                "or" | "either" | "any" | "one" => any = true,
                "|" | "/" | "and/or" => unstated = true,
                "" | "of" | "the" | "following" | "scope" | "scopes" | "permission"
                | "permissions" | "these" | "required" | "requires" | "•" => {}
                _ => others.push(part.to_owned()),
            }
        }
    }
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut distinct = names;
    distinct.retain(|name| seen.insert(name.clone()));
    if distinct.is_empty() {
        return ScopeCell::Unclear;
    }
    let join = match (all, any) {
        (true, false) if !unstated => Join::All,
        (false, true) if !unstated => Join::Any,
        // "a and b or c" can be read in two ways.
        (true, true) => {
            others.push("and … or".to_owned());
            Join::Unstated
        }
        _ => Join::Unstated,
    };
    ScopeCell::Names {
        names: distinct,
        join,
        words: others,
    }
}

/// The methods that a word names: `GET`, `GET/POST`, `GET|POST`, `GET,`.
fn methods(word: &str) -> Vec<String> {
    let parts: Vec<&str> = word
        .split(['/', '|', ','])
        .filter(|part| !part.is_empty())
        .collect();
    let is_method = |part: &&str| METHODS.contains(&part.to_ascii_uppercase().as_str());
    let is_upper = parts
        .iter()
        .all(|part| !part.chars().any(char::is_lowercase));
    if parts.is_empty() || !is_upper || !parts.iter().all(is_method) || word.starts_with('/') {
        return Vec::new();
    }
    parts.into_iter().map(str::to_owned).collect()
}

/// The methods of a cell, and whether it holds nothing else.
pub(super) fn method_cell(inline: &Inline) -> Option<Vec<String>> {
    let mut found = Vec::new();
    for word in words(inline) {
        let upper = word.text.to_ascii_uppercase();
        let named = methods(upper.trim_end_matches([',', ';']));
        if named.is_empty() && !matches!(upper.as_str(), "AND" | "OR" | "," | "/" | "|") {
            return None;
        }
        found.extend(named);
    }
    (!found.is_empty()).then_some(found)
}

/// The path that a word is, and whether a host stood before it.
pub(super) fn path(word: &str) -> Option<(String, bool)> {
    let word = word.trim_end_matches(['.', ',', ';', ':']);
    let surplus = word.matches(')').count() > word.matches('(').count();
    let word = if surplus {
        word.trim_end_matches(')')
    } else {
        word
    };
    let (path, has_host) = match word.split_once("://") {
        Some(("http" | "https", rest)) => (rest.find('/').map(|at| &rest[at..])?, true),
        Some(_) => return None,
        None => (word, false),
    };
    if !path.starts_with('/') || path.starts_with("//") || path.chars().any(is_harmful) {
        return None;
    }
    Some((braced(path), has_host))
}

/// A path with its parameters in braces: `:id` and `<id>` are other spellings of `{id}`.
fn braced(path: &str) -> String {
    let (path, query) = match path.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (path, None),
    };
    let segment = |segment: &str| {
        let colon = segment.strip_prefix(':');
        let angle = segment
            .strip_prefix('<')
            .and_then(|rest| rest.strip_suffix('>'));
        match colon.or(angle) {
            Some(name)
                if !name.is_empty()
                    && name
                        .chars()
                        .all(|c| c.is_alphanumeric() || "_-".contains(c)) =>
            {
                format!("{{{name}}}")
            }
            _ => segment.to_owned(),
        }
    };
    let path = path.split('/').map(segment).collect::<Vec<_>>().join("/");
    match query {
        Some(query) => format!("{path}?{query}"),
        None => path,
    }
}

/// The endpoints of a cell, and the words that are no part of one.
pub(super) fn calls(inline: &Inline) -> (Vec<Call>, Vec<String>) {
    let words = words(inline);
    let (mut calls, mut others): (Vec<Call>, Vec<String>) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < words.len() {
        let start = at;
        let mut named: Vec<String> = Vec::new();
        // Several methods may stand before one path, joined by commas or words.
        while let Some(word) = words.get(at) {
            let trimmed = word.text.trim_start_matches(['(', '•', '-']);
            let found = methods(trimmed);
            let is_joint = matches!(word.text, "," | "/" | "and" | "or" | "|" | "&");
            if found.is_empty() && (named.is_empty() || !is_joint) {
                break;
            }
            named.extend(found);
            at += 1;
        }
        let target = words.get(at).and_then(|word| path(word.text));
        let is_cut = words.get(at + 1).is_some_and(|next| {
            next.is_glued
                && next
                    .text
                    .starts_with(|c: char| c.is_alphanumeric() || "/{:_".contains(c))
        });
        if let (false, Some((path, _)), false) = (named.is_empty(), target, is_cut) {
            let mode = mode_before(&mut others);
            calls.extend(named.into_iter().map(|method| Call {
                method,
                path: path.clone(),
                mode: mode.clone(),
            }));
            at += 1;
        } else {
            at = start + 1;
            let word = words[start].text.trim_end_matches([',', ';', '.']);
            if !matches!(word, "" | "and" | "or" | "+" | "&" | "•" | "-" | "|" | "/") {
                others.push(word.to_owned());
            }
        }
    }
    (calls, others)
}

/// Takes `NAME=VALUE on` from the end of what was read: the mode of the call that follows.
fn mode_before(others: &mut Vec<String>) -> Option<String> {
    let [.., setting, word] = others.as_slice() else {
        return None;
    };
    if !matches!(word.as_str(), "on" | "for" | "with") {
        return None;
    }
    let (name, value) = setting.split_once('=')?;
    let is_plain = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
    };
    if !is_plain(name) || !is_plain(value) {
        return None;
    }
    let value = value.to_owned();
    others.truncate(others.len() - 2);
    Some(value)
}

/// What a mark says.
pub(super) fn mark(inline: &Inline) -> Mark {
    let text = inline.line().to_lowercase();
    let text: String = text
        .chars()
        .filter(|c| *c != '\u{fe0f}' && *c != '\u{fe0e}')
        .collect();
    match text.trim() {
        "yes" | "y" | "true" | "✓" | "✔" | "✅" | "☑" | "●" | "🟢" | ":white_check_mark:"
        | ":heavy_check_mark:" | ":check:" | "[x]" => Mark::Yes,
        "" | "no" | "n" | "false" | "-" | "--" | "---" | "–" | "—" | "✗" | "✘" | "❌" | "✖"
        | "✕" | "none" | "n/a" | ":x:" | "🚫" | "⛔" | "○" | "[ ]" => Mark::No,
        _ => Mark::Unclear,
    }
}
