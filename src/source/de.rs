//! Deserializes a tree with serde, using the same derives as for the parsers, but with errors that carry their path.

use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, Expected, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, Visitor,
};

use super::limits::MOST_ITEMS;
use super::nearest::nearest;
use super::path::{Part, Path, Place, Segment};
use super::strict::too_many_items;
use super::tree::{Field, Node, Value};
use super::{Fault, Problem, Syntax};

/// A deserialization error and the path to the faulty value, collected from the inside out as the error is returned.
#[derive(Debug)]
pub struct TreeError {
    kind: Kind,
    inside_out: Vec<Segment>,
    part: Part,
}

#[derive(Debug)]
enum Kind {
    UnknownField {
        name: String,
        expected: &'static [&'static str],
    },
    MissingField(&'static str),
    Type {
        found: String,
        expected: String,
    },
    Other(String),
}

impl TreeError {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            inside_out: Vec::new(),
            part: Part::Value,
        }
    }

    fn within(mut self, segment: Segment) -> Self {
        self.inside_out.push(segment);
        self
    }

    /// Converts the error to a problem with a readable message.
    pub(super) fn into_problem(mut self, syntax: Syntax) -> Problem {
        self.inside_out.reverse();
        let path = Path(self.inside_out);
        let place_name = path.to_string();
        let at = if path.0.is_empty() {
            "the file".to_owned()
        } else {
            format!("`{place_name}`")
        };
        let (fault, message, help, meant) = match self.kind {
            Kind::UnknownField { name, expected } => {
                let near = nearest(&name, expected.iter().copied());
                let is_prose = syntax == Syntax::Yaml && name.contains([' ', '{']);
                let help = match near.first() {
                    _ if name == "<<" => {
                        "YAML merge keys are not supported; write the fields out".to_owned()
                    }
                    _ if is_prose => {
                        "inside `{ }` a comma starts a new field; quote text that contains one"
                            .to_owned()
                    }
                    Some(best) => format!("did you mean `{best}`?"),
                    None => format!("known fields: {}", expected.join(", ")),
                };
                let meant = near.first().map(|best| (*best).to_owned());
                (
                    Fault::UnknownField,
                    format!("unknown field `{name}`"),
                    Some(help),
                    meant,
                )
            }
            Kind::MissingField(name) => {
                let message = if path.0.is_empty() {
                    format!("missing field `{name}`")
                } else {
                    format!("missing field `{name}` in {at}")
                };
                (
                    Fault::MissingField,
                    message,
                    Some(format!("add `{name}`")),
                    Some(name.to_owned()),
                )
            }
            Kind::Type { found, expected } => {
                let is_plain =
                    found.starts_with("the number") || found == "`true`" || found == "`false`";
                let takes_text = expected.contains("text") || expected.contains("name");
                let help = (syntax == Syntax::Yaml && is_plain && takes_text)
                    .then(|| "quote it if it is meant as text".to_owned());
                (
                    Fault::WrongType,
                    format!("{at}: expected {expected}, found {found}"),
                    help,
                    None,
                )
            }
            Kind::Other(message) => (Fault::WrongType, format!("{at}: {message}"), None, None),
        };
        Problem {
            fault,
            message,
            place: Place::Path(path, self.part),
            help,
            meant,
        }
    }
}

impl fmt::Display for TreeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.kind)
    }
}

impl std::error::Error for TreeError {}

impl serde::de::Error for TreeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(Kind::Other(message.to_string()))
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let found = match unexpected {
            Unexpected::Bool(value) => format!("`{value}`"),
            Unexpected::Unsigned(value) => format!("the number {value}"),
            Unexpected::Signed(value) => format!("the number {value}"),
            Unexpected::Float(value) => format!("the number {value}"),
            Unexpected::Str(_) => "a text".to_owned(),
            Unexpected::Unit | Unexpected::Option => "empty".to_owned(),
            Unexpected::Seq => "a list".to_owned(),
            Unexpected::Map => "a mapping".to_owned(),
            other => other.to_string(),
        };
        Self::new(Kind::Type {
            found,
            expected: plain_words(&expected.to_string()),
        })
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let found = match unexpected {
            Unexpected::Str(text) => format!("`{text}`"),
            other => other.to_string(),
        };
        Self::new(Kind::Type {
            found,
            expected: plain_words(&expected.to_string()),
        })
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let listed: Vec<String> = expected.iter().map(|name| format!("`{name}`")).collect();
        Self::new(Kind::Type {
            found: format!("`{variant}`"),
            expected: format!("one of {}", listed.join(", ")),
        })
    }

    fn unknown_field(name: &str, expected: &'static [&'static str]) -> Self {
        let mut error = Self::new(Kind::UnknownField {
            name: name.to_owned(),
            expected,
        });
        error.part = Part::Key;
        error
    }

    fn missing_field(name: &'static str) -> Self {
        Self::new(Kind::MissingField(name))
    }
}

/// Rewords what serde expected: it names Rust types, but users think of lists and texts.
fn plain_words(expected: &str) -> String {
    match expected {
        "a string" => "a text".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a map" => "a mapping".to_owned(),
        _ if expected.starts_with("struct ") => "a mapping".to_owned(),
        "i64" | "u64" | "u32" | "usize" => "a whole number".to_owned(),
        _ => expected.to_owned(),
    }
}

impl<'de> Deserializer<'de> for &'de Node {
    type Error = TreeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TreeError> {
        match &self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Integer(value) => visitor.visit_i64(*value),
            Value::Float(value) => visitor.visit_f64(*value),
            Value::Text(text) => visitor.visit_borrowed_str(text),
            Value::Plain(text) => match text.as_str() {
                "" | "~" | "null" | "Null" | "NULL" => visitor.visit_unit(),
                "true" | "True" | "TRUE" => visitor.visit_bool(true),
                "false" | "False" | "FALSE" => visitor.visit_bool(false),
                _ => match text.parse::<i64>() {
                    Ok(value) => visitor.visit_i64(value),
                    Err(_) if looks_like_a_float(text) => {
                        visitor.visit_f64(text.parse().unwrap_or(f64::NAN))
                    }
                    Err(_) => visitor.visit_borrowed_str(text),
                },
            },
            Value::List(items) if items.len() > MOST_ITEMS => {
                Err(TreeError::custom(too_many_items()))
            }
            Value::List(items) => {
                let mut access = ItemAccess { items, next: 0 };
                visitor.visit_seq(&mut access)
            }
            Value::Map(fields) => {
                let mut access = FieldAccess { fields, next: 0 };
                visitor.visit_map(&mut access)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TreeError> {
        if self.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TreeError> {
        match &self.value {
            Value::Plain(text) => visitor.visit_borrowed_str(text),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TreeError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, TreeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TreeError> {
        match &self.value {
            // By default serde would also accept a list here, with its items as the fields in order.
            Value::List(_) => Err(TreeError::invalid_type(Unexpected::Seq, &visitor)),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TreeError> {
        match &self.value {
            Value::Plain(text) | Value::Text(text) => {
                let name: serde::de::value::StrDeserializer<'de, TreeError> =
                    text.as_str().into_deserializer();
                visitor.visit_enum(name)
            }
            // What may stand there, rather than the name of a type of ours.
            _ => self.deserialize_any(visitor).map_err(|mut error| {
                if let Kind::Type { expected, .. } = &mut error.kind {
                    *expected = format!("one of {}", variants.join(", "));
                }
                error
            }),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

fn looks_like_a_float(text: &str) -> bool {
    let number = text.strip_prefix(['-', '+']).unwrap_or(text);
    number.starts_with(|c: char| c.is_ascii_digit() || c == '.') && text.parse::<f64>().is_ok()
}

struct ItemAccess<'de> {
    items: &'de [Node],
    next: usize,
}

impl<'de> SeqAccess<'de> for &mut ItemAccess<'de> {
    type Error = TreeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, TreeError> {
        let Some(item) = self.items.get(self.next) else {
            return Ok(None);
        };
        let index = self.next;
        self.next += 1;
        seed.deserialize(item)
            .map(Some)
            .map_err(|error| error.within(Segment::Item(index)))
    }
}

struct FieldAccess<'de> {
    fields: &'de [Field],
    next: usize,
}

impl<'de> MapAccess<'de> for &mut FieldAccess<'de> {
    type Error = TreeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, TreeError> {
        let Some(field) = self.fields.get(self.next) else {
            return Ok(None);
        };
        let name: serde::de::value::StrDeserializer<'de, TreeError> =
            field.name.as_str().into_deserializer();
        seed.deserialize(name)
            .map(Some)
            .map_err(|error| error.within(Segment::Field(field.name.clone())))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, TreeError> {
        let field = &self.fields[self.next];
        self.next += 1;
        seed.deserialize(&field.value)
            .map_err(|error| error.within(Segment::Field(field.name.clone())))
    }
}
