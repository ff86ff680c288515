//! The JSON of all reports: versioned, with a stable shape within a version, and written item by item, so that only one
//! item of a long list is in memory.

use std::cell::RefCell;
use std::io::{self, Write};

use serde::{Serialize, Serializer};
use serde_json::ser::{Formatter, PrettyFormatter};
use serde_json::{Value, json};

use crate::model::{
    Branch, Call, Catalog, Edition, EnvironmentId, KeyTypeId, Mask, Requirement, ScopeId,
};
use crate::source::{Syntax, spelt_out};

/// The document with its version and kind in front, as text.
pub(super) fn document(kind: &str, body: Value) -> String {
    text_of(&with_head(kind, body))
}

/// The same of a document with long lists, field by field.
pub(super) fn long_document(kind: &'static str, fields: Vec<(&'static str, Field<'_>)>) -> String {
    let mut all = vec![("version", Field::whole(1)), ("kind", Field::whole(kind))];
    all.extend(fields);
    text_of(&Fields(all))
}

/// The document with its version and kind in front.
pub(super) fn with_head(kind: &str, mut body: Value) -> Value {
    let mut document = json!({ "version": 1, "kind": kind });
    if let (Some(document), Some(body)) = (document.as_object_mut(), body.as_object_mut()) {
        document.append(body);
    }
    document
}

/// The edition of a catalog that an answer comes from.
pub(super) fn edition(edition: &Edition) -> Value {
    json!({
        "provider": edition.provider,
        "handle": edition.handle,
        "verified": edition.verified,
        "digest": edition.digest.as_str(),
        "reviewed": edition.reviewed,
    })
}

pub(super) fn names(catalog: &Catalog, scopes: impl IntoIterator<Item = ScopeId>) -> Vec<String> {
    scopes
        .into_iter()
        .map(|id| catalog.name(id).to_owned())
        .collect()
}

pub(super) fn key_types(catalog: &Catalog, mask: Mask<KeyTypeId>) -> Vec<&str> {
    mask.iter()
        .filter_map(|index| catalog.key_types.at(index))
        .map(|key_type| key_type.name.as_str())
        .collect()
}

pub(super) fn environments(catalog: &Catalog, mask: Mask<EnvironmentId>) -> Vec<&str> {
    mask.iter()
        .filter_map(|index| catalog.environments.at(index))
        .map(|e| e.name.as_str())
        .collect()
}

pub(super) fn requirement(catalog: &Catalog, requirement: &Requirement) -> Value {
    let ways = requirement.alternatives().iter().map(|way| {
        json!({
            "scopes": names(catalog, way.scopes.iter().copied()),
            "key_types": key_types(catalog, way.key_types),
        })
    });
    Value::Array(ways.collect())
}

pub(super) fn list_of(values: impl Iterator<Item = Value>) -> Value {
    Value::Array(values.collect())
}

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

/// A document as text without control or invisible characters and without CI runner commands. The values do not change,
/// because these are escaped.
pub(super) fn text_of(document: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    let pretty = Harmless(PrettyFormatter::new());
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, pretty);
    // Cannot fail: it writes to memory, and every field name is a string.
    let _ = document.serialize(&mut serializer);
    bytes.push(b'\n');
    String::from_utf8(bytes).unwrap_or_default()
}

/// Escapes harmful parts of a text, piece by piece. No command spans two pieces, because the quote or escape between
/// them ends it.
struct Harmless(PrettyFormatter<'static>);

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        to: &mut W,
        text: &str,
    ) -> io::Result<()> {
        let is_plain = |byte: &u8| (0x20..0x7f).contains(byte) && !b"[:".contains(byte);
        if text.as_bytes().iter().all(is_plain) {
            to.write_all(text.as_bytes())
        } else {
            to.write_all(spelt_out(text, Syntax::Json).as_bytes())
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

pub(super) fn call(catalog: &Catalog, call: Call) -> Value {
    json!({ "endpoint": catalog.endpoint_name(call.endpoint), "inferred": call.inferred })
}

pub(super) fn calls(catalog: &Catalog, branch: &Branch) -> Value {
    list_of(branch.calls.iter().map(|one| call(catalog, *one)))
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
