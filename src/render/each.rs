//! JSON as it is written: lists of which an item is made when its turn comes, so that no more than one of them is held.

use std::cell::RefCell;
use std::io::{self, Write};

use serde::{Serialize, Serializer};
use serde_json::Value;
use serde_json::ser::{Formatter, PrettyFormatter};

use crate::source::{Syntax, spelt_out};

/// A list of values that are made one by one, once.
pub(super) struct Each<'a, T>(RefCell<Box<dyn Iterator<Item = T> + 'a>>);

impl<'a, T> Each<'a, T> {
    pub(super) fn of(items: impl Iterator<Item = T> + 'a) -> Self {
        Self(RefCell::new(Box::new(items)))
    }
}

impl<T: Serialize> Serialize for Each<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&mut *self.0.borrow_mut())
    }
}

/// A field of a document of which the lists may be long.
pub(super) enum Field<'a> {
    Whole(Value),
    Each(Each<'a, Value>),
}

impl<'a> Field<'a> {
    pub(super) fn whole(value: impl Serialize) -> Self {
        Self::Whole(serde_json::json!(value))
    }

    pub(super) fn each(values: impl Iterator<Item = Value> + 'a) -> Self {
        Self::Each(Each::of(values))
    }
}

impl Serialize for Field<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Whole(value) => value.serialize(serializer),
            Self::Each(values) => values.serialize(serializer),
        }
    }
}

/// A document as its fields.
pub(super) struct Fields<'a>(pub(super) Vec<(&'static str, Field<'a>)>);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, field)| (name, field)))
    }
}

/// A document as text in which nothing acts on a terminal, hides in it or is a command to a CI runner. The values stay what
/// they are.
pub(super) fn text_of(document: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    let pretty = Harmless(PrettyFormatter::new());
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, pretty);
    // Writing to memory does not fail, and every name of a field is a text.
    let _ = document.serialize(&mut serializer);
    bytes.push(b'\n');
    String::from_utf8(bytes).unwrap_or_default()
}

/// Spells out what is harmful in a text, piece by piece: what a piece ends with, a quote or an escape, ends a command too.
struct Harmless(PrettyFormatter<'static>);

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        to: &mut W,
        text: &str,
    ) -> io::Result<()> {
        let is_plain = |byte: &u8| (0x20..0x7f).contains(byte) && !b"[:".contains(byte);
        match text.as_bytes().iter().all(is_plain) {
            true => to.write_all(text.as_bytes()),
            false => to.write_all(spelt_out(text, Syntax::Json).as_bytes()),
        }
    }

    fn begin_array<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.begin_array(to)
    }

    fn end_array<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.end_array(to)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(to, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.end_array_value(to)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.begin_object(to)
    }

    fn end_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.end_object(to)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(to, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.begin_object_value(to)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.0.end_object_value(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{commands_within, is_harmful};

    #[test]
    fn what_is_written_is_harmless_and_reads_as_the_same() {
        let text = "##[a] x##vso[b] section_start:c ##\\[d \"##[e\" \n##[f] ##\n[g \u{7f}\u{85}\u{202e}\u{feff}\u{e0041}ü";
        let value = serde_json::json!({ text: [text, { "section_start": "##" }, "##", "[h"] });
        let items = value.as_object().into_iter().flatten();
        let fields = Fields(vec![
            ("whole", Field::whole(&value)),
            (
                "each",
                Field::each(items.map(|(name, value)| serde_json::json!([name, value]))),
            ),
        ]);
        let written = text_of(&fields);
        assert!(commands_within(&written).is_empty(), "{written}");
        assert!(!written.chars().any(is_harmful), "{written}");
        let read: Value = serde_json::from_str(&written).expect("JSON");
        assert_eq!(
            read,
            serde_json::json!({ "whole": value, "each": [[text, value[text]]] })
        );
    }
}
