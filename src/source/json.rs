//! JSON text → tree, from the syntax tree of `jsonc-parser` with every extension of JSON turned off.

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::limits::DEEPEST;
use super::tree::{Field, Node, Value};
use super::{Problem, syntax_problem};

/// A problem that is found without a parser: the text is nested too deep.
pub(super) fn refused_at_sight(text: &str) -> Option<Problem> {
    let at = too_deep(text)?;
    let message = format!("nested deeper than {DEEPEST} levels");
    Some(syntax_problem(message, at..at + 1, None))
}

/// The fields at the top of JSON as people write it: with comments, commas at the end, `NaN` and the like.
pub(super) fn lax_fields(text: &str) -> Option<Vec<String>> {
    if too_deep(text).is_some() {
        return None;
    }
    let parsed = parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default()).ok()?;
    match parsed.value? {
        ast::Value::Object(object) => {
            let names = object.properties.into_iter().map(|one| one.name);
            Some(names.map(ast::ObjectPropName::into_string).collect())
        }
        ast::Value::Array(_) => Some(Vec::new()),
        _ => None,
    }
}

pub(super) fn parse(text: &str) -> Result<Node, Problem> {
    if let Some(problem) = refused_at_sight(text) {
        return Err(problem);
    }
    // The message of the strict parser is the most precise one.
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
        let at = byte_of(text, error.line(), error.column());
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or("").to_owned();
        let message = if text.trim().is_empty() {
            "the file is empty".to_owned()
        } else {
            format!("invalid JSON: {message}")
        };
        return Err(syntax_problem(message, at..at, None));
    }
    let options = ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let parsed = parse_to_ast(text, &CollectOptions::default(), &options).map_err(|error| {
        let range = error.range();
        syntax_problem(
            format!("invalid JSON: {}", error.kind()),
            range.start..range.end,
            None,
        )
    })?;
    match parsed.value {
        Some(value) => Ok(node(value)),
        None => Err(syntax_problem("the file is empty", 0..0, None)),
    }
}

fn node(value: ast::Value<'_>) -> Node {
    let range = value.range();
    let value = match value {
        ast::Value::StringLit(text) => Value::Text(text.value.into_owned()),
        ast::Value::NumberLit(number) => match number.value.parse::<i64>() {
            Ok(integer) => Value::Integer(integer),
            Err(_) => Value::Float(number.value.parse().unwrap_or(f64::NAN)),
        },
        ast::Value::BooleanLit(value) => Value::Bool(value.value),
        ast::Value::NullKeyword(_) => Value::Null,
        ast::Value::Array(array) => Value::List(array.elements.into_iter().map(node).collect()),
        ast::Value::Object(object) => Value::Map(
            object
                .properties
                .into_iter()
                .map(|property| {
                    let name = property.name.range();
                    Field {
                        name_span: name.start..name.end,
                        name: property.name.into_string(),
                        value: node(property.value),
                    }
                })
                .collect(),
        ),
    };
    Node {
        span: range.start..range.end,
        value,
    }
}

/// Where brackets outside of strings are nested deeper than the limit, if anywhere.
fn too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                depth += 1;
                if depth > DEEPEST {
                    return Some(at);
                }
            }
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// The byte at a line and a column, both from 1, the column in bytes.
fn byte_of(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    let mut at = (start + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
