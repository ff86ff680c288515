//! TOML text → tree, from the spanned tables of `toml`.

use toml::de::{DeTable, DeValue};
use toml::{Spanned, de};

use super::tree::{Field, Node, Value};
use super::{Fault, Problem, syntax_problem};
use crate::source::Place;

pub(super) fn parse(text: &str) -> Result<Node, Problem> {
    let table = DeTable::parse(text).map_err(|error| problem(text, &error))?;
    let span = table.span();
    Ok(Node {
        span,
        value: map(table.into_inner()),
    })
}

fn problem(text: &str, error: &de::Error) -> Problem {
    let span = error.span().unwrap_or(0..0);
    let message = error.message().lines().next().unwrap_or("").to_owned();
    if message.contains("duplicate key") {
        return Problem {
            fault: Fault::DuplicateField,
            message: match text.get(span.clone()).map(str::trim) {
                Some(name) if !name.is_empty() => format!("duplicate field `{name}`"),
                _ => "duplicate field".to_owned(),
            },
            place: Place::At(span),
            help: Some("keep one of the two".to_owned()),
            meant: None,
        };
    }
    syntax_problem(format!("invalid TOML: {message}"), span, None)
}

fn map(table: DeTable<'_>) -> Value {
    let mut fields: Vec<Field> = table
        .into_iter()
        .map(|(name, value)| Field {
            name_span: name.span(),
            name: name.into_inner().into_owned(),
            value: node(value),
        })
        .collect();
    // The table is sorted by name; restore the order of the file for reporting.
    fields.sort_by_key(|field| field.name_span.start);
    Value::Map(fields)
}

fn node(value: Spanned<DeValue<'_>>) -> Node {
    let span = value.span();
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
            .map_or(Value::Null, Value::Integer),
        DeValue::Float(float) => Value::Float(float.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(value) => Value::Bool(value),
        DeValue::Datetime(date) => Value::Text(date.to_string()),
        DeValue::Array(items) => Value::List(items.into_iter().map(node).collect()),
        DeValue::Table(table) => map(table),
    };
    Node { span, value }
}
