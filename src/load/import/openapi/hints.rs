//! Where a document that names no scope in its `security` may name them after all, for the sentence that says so.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::load::import::Hint;
use crate::load::import::extension::{Extension, NamedScopes, read};
use crate::source::Node;

/// The most descriptions that are looked at, and the most bytes of each.
const MOST_TEXTS: usize = 4000;
const LONGEST_TEXT: usize = 4000;
/// The most extensions that are offered.
const MOST_OFFERED: usize = 3;
/// The most names that a scope may hide behind in a sentence, in bytes.
const NEAR: usize = 120;

/// What the operations of a document have that may be scopes.
#[derive(Default)]
pub(super) struct Hints {
    /// By option: how many operations have it.
    extensions: BTreeMap<String, (String, usize)>,
    texts: Vec<String>,
}

impl Hints {
    /// Looks at an operation and its path item.
    pub(super) fn see(&mut self, operation: &Node, item: &Node) {
        let own = operation.entries();
        let of_item = item.entries();
        let inherited = of_item
            .iter()
            .filter(|(name, ..)| !own.iter().any(|(other, ..)| other == name));
        for (name, _, value) in own.iter().chain(inherited) {
            if let Some(route) = name
                .strip_prefix("x-")
                .and_then(|_| route_to_scopes(name, value))
            {
                let entry = self.extensions.entry(route);
                entry.or_insert_with(|| ((*name).to_owned(), 0)).1 += 1;
            }
        }
        let description = operation.get("description").and_then(Node::text);
        if let Some(text) =
            description.filter(|text| self.texts.len() < MOST_TEXTS && SCOPE.is_match(text))
        {
            let end = (0..=LONGEST_TEXT.min(text.len()))
                .rev()
                .find(|end| text.is_char_boundary(*end));
            self.texts.push(text[..end.unwrap_or(0)].to_owned());
        }
    }

    /// What may be tried, the most promising first.
    pub(super) fn found(self) -> Vec<Hint> {
        let mut extensions: Vec<Hint> = self
            .extensions
            .into_iter()
            .map(|(route, (name, operations))| Hint::Extension {
                name,
                operations,
                route,
            })
            .collect();
        extensions.sort_by_key(|hint| std::cmp::Reverse(hint.number()));
        extensions.truncate(MOST_OFFERED);
        if !self.texts.is_empty() {
            extensions.push(Hint::Descriptions {
                number: self.texts.len(),
                pattern: pattern_for(&self.texts),
            });
        }
        extensions
    }
}

/// The words that the name of an extension with scopes has.
const WORDS: [&str; 6] = [
    "scope",
    "permission",
    "privilege",
    "oauth",
    "grant",
    "access",
];

/// The option for an extension whose value looks like scopes.
fn route_to_scopes(name: &str, value: &Node) -> Option<String> {
    let is_named = |text: &str| {
        let text = text.to_lowercase();
        WORDS.iter().any(|word| text.contains(word))
    };
    let fits = |value: &Node, by_name: bool| match read(value) {
        Ok(NamedScopes::Array(items)) => looks_like_scopes(items.iter().flatten(), by_name),
        Ok(NamedScopes::Ways(ways)) => {
            looks_like_scopes(ways.iter().flat_map(|way| &way.scopes), by_name)
        }
        Ok(NamedScopes::Nothing) | Err(_) => false,
    };
    if name.parse::<Extension>().is_err() {
        return None;
    }
    if fits(value, is_named(name)) {
        return Some(name.to_owned());
    }
    if read(value).is_ok() {
        return None;
    }
    let entries = value.entries();
    let inner = entries.iter().find(|(field, _, value)| {
        let by_name = is_named(field) || (is_named(name) && value.items().is_some());
        fits(value, by_name)
    });
    let (field, ..) = inner?;
    let route = format!("{name}.{field}");
    route.parse::<Extension>().is_ok().then_some(route)
}

/// Whether names look like scopes: tokens, and where the name of the field does not say it, of several parts.
fn looks_like_scopes<'a>(names: impl Iterator<Item = &'a String>, by_name: bool) -> bool {
    let mut number = 0;
    for name in names {
        number += 1;
        let fits = if by_name {
            PLAIN.is_match(name)
        } else {
            PARTS.is_match(name)
        };
        if !fits {
            return false;
        }
    }
    number > 0
}

#[allow(
    clippy::expect_used,
    reason = "the patterns are constants, and a test compiles each"
)]
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a pattern")
}

static SCOPE: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\bscopes?\b"));
static PLAIN: LazyLock<Regex> = LazyLock::new(|| regex(r"^[A-Za-z][\w.:*/-]*[\w*]$"));
/// Lower-case parts joined by colons, or by dots that are not those of a file, a host or a version.
static PARTS: LazyLock<Regex> = LazyLock::new(|| regex(r"^[a-z][\w-]*(?:[:.][a-z_*][\w*-]*)+$"));
/// A name of several parts, or one in backquotes, with what stands around it.
static NEAR_NAME: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"`([A-Za-z][\w.:*/-]*)`|(^|[\s>'*(])([A-Za-z][\w-]*(?:[:.][A-Za-z_*][\w*-]*)+)")
});

static BEFORE: LazyLock<Regex> = LazyLock::new(|| regex(r"`([A-Za-z][\w.:*/-]*)`\s+$"));

/// Patterns for `--scope-pattern`, the strictest first.
const PATTERNS: [&str; 8] = [
    r"`([a-z][\w-]*(?::[\w.*-]+)+)`",
    r">([a-z][\w-]*(?::[\w.*-]+)+)<",
    r"`([A-Za-z][\w-]*(?:\.[\w*-]+)+)`",
    r">([A-Za-z][\w-]*(?:\.[\w*-]+)+)<",
    r"\b([a-z][\w-]*(?::[a-z_][\w.*-]*)+)\b",
    r"\b([A-Z][A-Za-z]+(?:\.[A-Z][A-Za-z]+){2,})\b",
    r"(?i)\bscopes?\b[^`\n]{0,60}`([A-Za-z][\w.:*/-]*)`",
    r"`([A-Za-z][\w.:*/-]*)`\s+scopes?\b",
];

/// A pattern that finds a scope in most descriptions that speak of one, and there what stands next to the word.
fn pattern_for(texts: &[String]) -> Option<(String, usize)> {
    // The name directly before the word, or the first one behind it, in each text.
    let near: Vec<Option<&str>> = texts
        .iter()
        .map(|text| {
            let word = SCOPE.find(text)?;
            let (before, behind) = (&text[..word.start()], &text[word.end()..]);
            if let Some(found) = BEFORE.captures(before) {
                return found.get(1).map(|name| name.as_str());
            }
            let found = NEAR_NAME.captures(behind)?;
            let name = found.get(1).or_else(|| found.get(3))?;
            (name.start() <= NEAR).then_some(name.as_str())
        })
        .collect();
    let mut best: Option<(&str, usize)> = None;
    for pattern in PATTERNS {
        let compiled = regex(pattern);
        let finds = |(text, near): (&String, Option<&str>)| {
            let mut captures = compiled.captures_iter(text);
            near.is_some_and(|near| {
                captures.any(|found| {
                    let name = found.get(1).map(|name| name.as_str());
                    name.is_some_and(|name| {
                        name.trim_end_matches('.') == near.trim_end_matches('.')
                    })
                })
            })
        };
        let number = texts
            .iter()
            .zip(near.iter().copied())
            .filter(|one| finds(*one))
            .count();
        if best.is_none_or(|(_, most)| number > most) {
            best = Some((pattern, number));
        }
    }
    let (pattern, number) = best?;
    (number * 2 > texts.len()).then(|| (pattern.to_owned(), number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(texts: &[&str]) -> Option<(String, usize)> {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        pattern_for(&texts)
    }

    #[test]
    fn every_pattern_compiles() {
        for pattern in PATTERNS {
            regex(pattern);
        }
        assert!(PARTS.is_match("users:read") && !PARTS.is_match("users"));
        assert!(PLAIN.is_match("users") && NEAR_NAME.is_match("`x`"));
    }

    #[test]
    fn a_pattern_is_offered_where_it_finds_what_stands_next_to_the_word() {
        for (texts, finds) in [
            (
                vec!["Lists.<br/><h3>Required scope</h3> <a href=/scopes>boards:read</a>"],
                Some("boards:read"),
            ),
            (
                vec!["Scoped OAuth requires scope: `incidents.read`"],
                Some("incidents.read"),
            ),
            (
                vec!["## Required Scope\n\nDataset.ReadWrite.All or Dataset.Read.All"],
                Some("Dataset.ReadWrite.All"),
            ),
            (vec!["Needs the scope `admin` to run"], Some("admin")),
            (
                vec!["Tokens need the `repo` scope to use this."],
                Some("repo"),
            ),
            (
                vec!["Needs the `users:read` scope, that is scope users:read"],
                Some("users:read"),
            ),
            (vec!["The scope of this call is wide."], None),
        ] {
            let pattern = found(&texts).map(|(pattern, _)| pattern);
            let name = pattern.as_ref().map(|pattern| {
                let found = regex(pattern).captures(texts[0]).expect("a match");
                found[1].to_owned()
            });
            assert_eq!(name.as_deref(), finds, "{texts:?} {pattern:?}");
        }
    }
}
