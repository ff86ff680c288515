//! A parsed text as a tree with places, and the collections that the file formats use.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use super::limits::{MOST_FINDINGS, MOST_ITEMS};
use super::path::{Part, Path, Place, Segment};
use super::{Fault, Problem};

/// A value and its location.
#[derive(Debug, Clone)]
pub struct Node {
    /// Its bytes.
    pub span: Range<usize>,
    pub(super) value: Value,
}

/// What a value is, in all three syntaxes.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    /// A string that is written as one.
    Text(String),
    /// An unquoted YAML scalar: its type depends on what the reader expects.
    Plain(String),
    List(Vec<Node>),
    Map(Vec<Field>),
}

/// A field of a mapping.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) name_span: Range<usize>,
    pub(super) value: Node,
}

/// Access to files of any shape, as importers need it.
impl Node {
    /// The value of a field; a mapping's own fields take precedence over merged ones (`<<`).
    pub fn get(&self, name: &str) -> Option<&Self> {
        let own = self.own_fields().iter().find(|field| field.name == name);
        own.map(|field| &field.value)
            .or_else(|| self.merged().into_iter().find_map(|node| node.get(name)))
    }

    /// The fields in the order of the text, those that YAML merges in last: name, its bytes, value.
    pub fn entries(&self) -> Vec<(&str, Range<usize>, &Self)> {
        let mut entries: Vec<(&str, Range<usize>, &Self)> = Vec::new();
        for field in self.own_fields().iter().filter(|field| field.name != "<<") {
            entries.push((&field.name, field.name_span.clone(), &field.value));
        }
        for merged in self.merged() {
            let more = merged.entries();
            let new = more
                .into_iter()
                .filter(|(name, ..)| !self.own_fields().iter().any(|field| field.name == *name));
            let new: Vec<_> = new.collect();
            entries.extend(new);
        }
        entries
    }

    /// How many values it has, itself included.
    pub fn count(&self) -> usize {
        match &self.value {
            Value::List(items) => 1 + items.iter().map(Self::count).sum::<usize>(),
            Value::Map(fields) => 1 + fields.iter().map(|one| one.value.count()).sum::<usize>(),
            _ => 1,
        }
    }

    /// The names of its own fields, including duplicates.
    pub fn own_names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.own_fields().iter().map(|field| field.name.as_str())
    }

    /// The value of its own field at a position.
    pub fn own_value(&self, place: usize) -> Option<&Self> {
        self.own_fields().get(place).map(|field| &field.value)
    }

    fn own_fields(&self) -> &[Field] {
        match &self.value {
            Value::Map(fields) => fields,
            _ => &[],
        }
    }

    fn merged(&self) -> Vec<&Self> {
        let merges = self.own_fields().iter().filter(|field| field.name == "<<");
        merges
            .flat_map(|field| match &field.value.value {
                Value::List(items) => items.iter().collect(),
                _ => vec![&field.value],
            })
            .collect()
    }

    /// The items of a list; `None` if it is not a list.
    pub fn items(&self) -> Option<&[Self]> {
        match &self.value {
            Value::List(items) => Some(items),
            _ => None,
        }
    }

    /// Whether it is a mapping.
    pub fn is_map(&self) -> bool {
        matches!(self.value, Value::Map(_))
    }

    /// A scalar as it is written, whatever it means; `None` for a list, a mapping or nothing.
    pub fn scalar(&self) -> Option<String> {
        match &self.value {
            _ if self.is_null() => None,
            Value::Text(text) | Value::Plain(text) => Some(text.clone()),
            Value::Bool(value) => Some(value.to_string()),
            Value::Integer(value) => Some(value.to_string()),
            Value::Float(value) => Some(value.to_string()),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// The text of a string; `None` for anything else, including a plain YAML scalar that is a number, a boolean or
    /// null.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::Plain(text) if !self.is_null() && !means_something_else(text) => Some(text),
            _ => None,
        }
    }

    /// Whether it is `true`.
    pub fn is_true(&self) -> bool {
        match &self.value {
            Value::Bool(value) => *value,
            Value::Plain(text) => matches!(text.as_str(), "true" | "True" | "TRUE"),
            _ => false,
        }
    }
}

/// Whether YAML's core schema reads a plain scalar as a truth value or a number.
fn means_something_else(text: &str) -> bool {
    let is_number = text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c))
        && text.parse::<f64>().is_ok();
    is_number || matches!(text.to_ascii_lowercase().as_str(), "true" | "false")
}

impl Node {
    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        match &self.value {
            Value::Null => true,
            Value::Plain(text) => matches!(text.as_str(), "" | "~" | "null" | "Null" | "NULL"),
            _ => false,
        }
    }

    /// A copy of the value for an alias: it and everything in it gets the span of the alias.
    pub(super) fn at(&self, span: &Range<usize>) -> Self {
        let value = match &self.value {
            Value::List(items) => Value::List(items.iter().map(|item| item.at(span)).collect()),
            Value::Map(fields) => {
                let at = |field: &Field| Field {
                    name: field.name.clone(),
                    name_span: span.clone(),
                    value: field.value.at(span),
                };
                Value::Map(fields.iter().map(at).collect())
            }
            other => other.clone(),
        };
        Self {
            span: span.clone(),
            value,
        }
    }

    pub(super) fn field_names(&self) -> Vec<String> {
        match &self.value {
            Value::Map(fields) => fields.iter().map(|field| field.name.clone()).collect(),
            _ => Vec::new(),
        }
    }

    /// Every text below it, names of fields included, with the bytes where it is written.
    pub(super) fn texts(&self) -> Vec<(Range<usize>, String)> {
        let mut texts = Vec::new();
        self.gather_texts(&mut texts);
        texts
    }

    fn gather_texts(&self, texts: &mut Vec<(Range<usize>, String)>) {
        match &self.value {
            Value::Text(text) | Value::Plain(text) => texts.push((self.span.clone(), text.clone())),
            Value::List(items) => items.iter().for_each(|item| item.gather_texts(texts)),
            Value::Map(fields) => {
                for field in fields {
                    texts.push((field.name_span.clone(), field.name.clone()));
                    field.value.gather_texts(texts);
                }
            }
            Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) => {}
        }
    }

    /// Removes every duplicate field from its mapping and reports it. The first one is kept.
    pub(super) fn remove_duplicates(&mut self) -> Vec<Problem> {
        let mut problems = Vec::new();
        self.remove_duplicates_below(&Path::root(), &mut problems);
        problems
    }

    fn remove_duplicates_below(&mut self, path: &Path, problems: &mut Vec<Problem>) {
        match &mut self.value {
            Value::Map(fields) => {
                let mut seen = std::collections::HashSet::new();
                fields.retain(|field| {
                    let first = seen.insert(field.name.clone());
                    // Further duplicates are removed but not reported.
                    if !first && problems.len() <= MOST_FINDINGS {
                        problems.push(Problem {
                            fault: Fault::DuplicateField,
                            message: if path.0.is_empty() {
                                format!("duplicate field `{}`", field.name)
                            } else {
                                format!("duplicate field `{}` in `{path}`", field.name)
                            },
                            place: Place::At(field.name_span.clone()),
                            help: Some(
                                "keep one of the two; some parsers silently take the last"
                                    .to_owned(),
                            ),
                            meant: None,
                        });
                    }
                    first
                });
                for field in fields {
                    field
                        .value
                        .remove_duplicates_below(&path.field(&field.name), problems);
                }
            }
            Value::List(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    item.remove_duplicates_below(&path.item(index), problems);
                }
            }
            _ => {}
        }
    }

    /// Changes the tree where a problem is, so that the rest can be read: a misspelt field gets the name that must be
    /// meant, a missing top-level field is added empty, and anything else is removed. False if nothing could be
    /// changed.
    pub(super) fn repair(&mut self, problem: &Problem) -> bool {
        let Place::Path(path, part) = &problem.place else {
            return false;
        };
        if let (Fault::MissingField, true, Value::Map(fields), Some(name)) = (
            problem.fault,
            path.0.is_empty(),
            &mut self.value,
            &problem.meant,
        ) {
            let value = Node {
                span: 0..0,
                value: Value::Text(String::new()),
            };
            fields.push(Field {
                name: name.clone(),
                name_span: 0..0,
                value,
            });
            return true;
        }
        if let (Fault::UnknownField, Some(meant)) = (problem.fault, &problem.meant)
            && self.rename(path, meant)
        {
            return true;
        }
        self.remove(path, *part)
    }

    /// Gives a field another name, unless its mapping has that one already.
    fn rename(&mut self, path: &Path, meant: &str) -> bool {
        let Some((Segment::Field(name), parents)) = path.0.split_last() else {
            return false;
        };
        let mut node = self;
        for segment in parents {
            match node.child_mut(segment) {
                Some(child) => node = child,
                None => return false,
            }
        }
        let Value::Map(fields) = &mut node.value else {
            return false;
        };
        if fields.iter().any(|field| field.name == meant) {
            return false;
        }
        match fields.iter_mut().find(|field| field.name == *name) {
            Some(field) => {
                meant.clone_into(&mut field.name);
                true
            }
            None => false,
        }
    }

    /// Removes the value at a path. A faulty entry first loses its value, and is removed only if that does not help.
    /// False if there was nothing to remove.
    fn remove(&mut self, path: &Path, part: Part) -> bool {
        let Some((last, parents)) = path.0.split_last() else {
            return false;
        };
        let mut node = self;
        for segment in parents {
            match node.child_mut(segment) {
                Some(child) => node = child,
                None => return false,
            }
        }
        match (&mut node.value, last) {
            (Value::Map(fields), Segment::Field(name)) => {
                let Some(index) = fields.iter().position(|field| field.name == *name) else {
                    return false;
                };
                if part == Part::Key || fields[index].value.is_null() {
                    fields.remove(index);
                } else {
                    fields[index].value.value = Value::Null;
                }
                true
            }
            (Value::List(items), Segment::Item(index)) if *index < items.len() => {
                // The list keeps its length, so that the paths of the other items stay valid.
                if items[*index].is_null() {
                    return false;
                }
                items[*index].value = Value::Null;
                true
            }
            _ => false,
        }
    }

    pub(super) fn child_mut(&mut self, segment: &Segment) -> Option<&mut Node> {
        match (&mut self.value, segment) {
            (Value::Map(fields), Segment::Field(name)) => fields
                .iter_mut()
                .find(|field| field.name == *name)
                .map(|field| &mut field.value),
            (Value::List(items), Segment::Item(index)) => items.get_mut(*index),
            _ => None,
        }
    }
}

/// A mapping in the order of the file. A duplicate name is an error, never silently the last one.
#[derive(Debug, Clone)]
pub struct Entries<V>(pub Vec<(String, V)>);

impl<V> Default for Entries<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, V: Deserialize<'de> + Default> Deserialize<'de> for Entries<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntriesVisitor<V>(PhantomData<V>);
        impl<'de, V: Deserialize<'de> + Default> Visitor<'de> for EntriesVisitor<V> {
            type Value = Entries<V>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a mapping")
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Entries::default())
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                let mut seen = std::collections::HashSet::new();
                while let Some(name) = map.next_key::<String>()? {
                    if !seen.insert(name.clone()) {
                        return Err(A::Error::custom(format!("duplicate field `{name}`")));
                    }
                    let value: Option<V> = map.next_value()?;
                    entries.push((name, value.unwrap_or_default()));
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_any(EntriesVisitor(PhantomData))
    }
}

/// A list of names, written as a list or as one string separated by spaces, commas or newlines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names(pub Vec<String>);

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NamesVisitor;
        impl<'de> Visitor<'de> for NamesVisitor {
            type Value = Names;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of names or a string of names")
            }
            fn visit_unit<E>(self) -> Result<Names, E> {
                Ok(Names::default())
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Names, E> {
                let words = super::names::words(text).take(MOST_ITEMS + 1);
                let names: Vec<String> = words.map(|(_, word)| word.to_owned()).collect();
                if names.len() > MOST_ITEMS {
                    Err(E::custom(super::strict::too_many_items()))
                } else {
                    Ok(Names(names))
                }
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Names, A::Error> {
                let mut names = Vec::new();
                while let Some(name) = seq.next_element::<Option<String>>()? {
                    names.push(name.unwrap_or_default());
                }
                Ok(Names(names))
            }
        }
        deserializer.deserialize_any(NamesVisitor)
    }
}
