//! Lists of names, written as a list or as one string, and how such a string is split.

use std::fmt;

use super::limits::MOST_ITEMS;
use super::strict::too_many_items;
use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};

/// A list of names. If it is one string, the caller splits it, because only the caller knows the names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameList {
    /// An item is one name.
    Items(Vec<String>),
    /// One text, to be split by [`split_names`].
    Text(String),
}

impl NameList {
    /// Whether it names nothing.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Items(items) => items.is_empty(),
            Self::Text(text) => words(text).next().is_none(),
        }
    }
}

impl<'de> Deserialize<'de> for NameList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameListVisitor;
        impl<'de> Visitor<'de> for NameListVisitor {
            type Value = NameList;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of names or a string of names")
            }
            fn visit_unit<E>(self) -> Result<NameList, E> {
                Ok(NameList::Items(Vec::new()))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<NameList, E> {
                if words(text).nth(MOST_ITEMS).is_some() {
                    return Err(E::custom(too_many_items()));
                }
                Ok(NameList::Text(text.to_owned()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<NameList, A::Error> {
                let mut names = Vec::new();
                while let Some(name) = seq.next_element::<Option<String>>()? {
                    names.push(name.unwrap_or_default());
                }
                Ok(NameList::Items(names))
            }
        }
        deserializer.deserialize_any(NameListVisitor)
    }
}

/// The words of a string that is read as a list, each with its byte offset.
pub fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = &text[at..];
        let start = at + rest.find(|c| !is_separator(c))?;
        let end = text[start..]
            .find(is_separator)
            .map_or(text.len(), |length| start + length);
        at = end;
        Some((start, &text[start..end]))
    })
}

/// Whether a character separates the words of a list written as a string.
pub fn is_separator(c: char) -> bool {
    c.is_whitespace() || c == ','
}

/// One name of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SplitName<'a> {
    /// The name.
    pub name: &'a str,
    /// The number of its first word in the text, from 0.
    pub first: usize,
    /// How many words it covers.
    pub words: usize,
    /// Whether it is just one of the text's words.
    pub is_word: bool,
}

/// The names in a string: split at newlines, then at commas, then at spaces. At each step, a piece that is a known name
/// is kept whole, whatever it contains.
pub fn split_names<'a>(text: &'a str, is_known: &dyn Fn(&str) -> bool) -> Vec<SplitName<'a>> {
    let mut names = Vec::new();
    let mut first = 0;
    let mut take = |piece: &'a str| {
        let mut inner = words(piece);
        let is_word =
            matches!((inner.next(), inner.next()), (Some((_, word)), None) if word == piece);
        let words = words(piece).count();
        names.push(SplitName {
            name: piece,
            first,
            words,
            is_word,
        });
        first += words;
    };
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            continue;
        }
        if is_known(line) {
            take(line);
            continue;
        }
        for piece in line.split(',').map(str::trim) {
            if !piece.is_empty() && is_known(piece) {
                take(piece);
            } else {
                piece.split_whitespace().for_each(&mut take);
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split<'a>(text: &'a str, known: &[&str]) -> Vec<&'a str> {
        let names = split_names(text, &|name| known.contains(&name));
        names.into_iter().map(|one| one.name).collect()
    }

    #[test]
    fn a_known_name_is_taken_whole_at_each_step() {
        assert_eq!(split("a, b\nc d", &[]), ["a", "b", "c", "d"]);
        assert_eq!(
            split("DNS Write, Zone Read", &["DNS Write", "Zone Read"]),
            ["DNS Write", "Zone Read"]
        );
        assert_eq!(
            split("x:pull,push\r\n y ", &["x:pull,push"]),
            ["x:pull,push", "y"]
        );
        assert_eq!(
            split("x:pull,push y", &["x:pull,push"]),
            ["x:pull", "push", "y"]
        );
        assert_eq!(split(" ,\n , ", &[]), Vec::<&str>::new());
    }

    #[test]
    fn a_name_knows_which_words_of_the_text_it_is() {
        let known = |name: &str| name == "DNS Write";
        let names = split_names("a, DNS Write\nb", &known);
        let places: Vec<_> = names
            .iter()
            .map(|one| (one.first, one.words, one.is_word))
            .collect();
        assert_eq!(places, [(0, 1, true), (1, 2, false), (3, 1, true)]);
    }
}
