//! Suggests the correct line for a value of the wrong shape: a string instead of a list, or a list instead of the
//! `needs` mapping.

use serde_json::Value;

use crate::finding::{Finding, RuleId};
use crate::model::{Catalog, Request};
use crate::source::{Path, Segment, Source, Syntax};

/// More names than this are not written out.
const MOST_NAMES: usize = 6;

/// Fields that tell what kind of name follows; after any other field it is unknown what was meant.
const SAYS_WHAT: [&str; 8] = [
    "endpoint",
    "endpoints",
    "recipe",
    "recipes",
    "event",
    "events",
    "scope",
    "name",
];

/// Gives every finding about the shape of a value the line that would be right, where it can be told.
pub(super) fn add_help(findings: &mut [Finding], source: &Source, catalog: Option<&Catalog>) {
    let is_open =
        |finding: &&mut Finding| finding.rule == RuleId::WrongType && finding.help.is_none();
    let mut open = findings.iter_mut().filter(is_open).peekable();
    if open.peek().is_none() {
        return;
    }
    let Some(whole) = source.read::<Value>().value else {
        return;
    };
    for finding in open {
        let line = finding
            .place
            .path()
            .and_then(|path| right_line(&whole, path, source.syntax, catalog));
        finding.help = line.map(|line| format!("write `{line}`"));
    }
}

/// The line that a field at a path should be.
fn right_line(
    whole: &Value,
    path: &Path,
    syntax: Syntax,
    catalog: Option<&Catalog>,
) -> Option<String> {
    let mut value = whole;
    for segment in &path.0 {
        value = match segment {
            Segment::Field(name) => value.get(name)?,
            Segment::Item(index) => value.get(index)?,
            Segment::Words(..) => return None,
        };
    }
    let Some(Segment::Field(field)) = path.0.last() else {
        return None;
    };
    let above = path.0.len().checked_sub(2).map(|index| &path.0[index]);
    let is_below_needs = matches!(above, Some(Segment::Field(name)) if name == "needs");
    let names = names_in(value);
    match field.as_str() {
        "needs" => Some(line(field, &in_groups(&names, syntax, catalog), syntax)),
        _ if names.is_empty() => None,
        "never" | "bundles" | "scopes" => Some(line(field, &list(&names), syntax)),
        _ if is_below_needs => Some(line(field, &list(&names), syntax)),
        _ => None,
    }
}

/// The names that are somewhere in a value: its texts, and the fields that have nothing behind them.
fn names_in(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => {
            let parts = text.split([',', '\n']).map(str::trim);
            parts
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect()
        }
        Value::Array(items) => items.iter().flat_map(names_in).collect(),
        Value::Object(fields) => {
            let named = fields.iter().flat_map(|(name, value)| match value {
                Value::Null | Value::Bool(_) => vec![name.clone()],
                value if SAYS_WHAT.contains(&name.as_str()) => names_in(value),
                _ => Vec::new(),
            });
            named.collect()
        }
        _ => Vec::new(),
    }
}

/// What a key needs, each in the list that it belongs to.
fn in_groups(names: &[String], syntax: Syntax, catalog: Option<&Catalog>) -> String {
    let group = |name: &str| {
        let is = |test: &dyn Fn(&Catalog) -> bool| catalog.is_some_and(test);
        if name.contains('/') {
            "endpoints"
        } else if is(&|catalog| catalog.event(name).is_some()) {
            "events"
        } else if is(&|catalog| catalog.recipe(name).is_none() && catalog.meaning(name).is_some()) {
            "scopes"
        } else {
            "recipes"
        }
    };
    let mut groups: Vec<(&str, Vec<String>)> = Vec::new();
    for name in names {
        let written = if Request::parse(name).is_none() && name.starts_with('/') {
            format!("GET {name}")
        } else {
            name.clone()
        };
        match groups.iter_mut().find(|(known, _)| *known == group(name)) {
            Some((_, members)) => members.push(written),
            None => groups.push((group(name), vec![written])),
        }
    }
    if groups.is_empty() {
        groups.push(("endpoints", vec!["METHOD /path".to_owned()]));
    }
    let fields: Vec<String> = groups
        .iter()
        .map(|(name, members)| line(name, &list(members), syntax))
        .collect();
    format!("{{ {} }}", fields.join(", "))
}

fn list(names: &[String]) -> String {
    let shown = names
        .iter()
        .take(MOST_NAMES)
        .map(|name| Value::from(name.as_str()).to_string());
    let mut shown: Vec<String> = shown.collect();
    if names.len() > MOST_NAMES {
        shown.push("…".to_owned());
    }
    format!("[{}]", shown.join(", "))
}

/// A field with its value, as the syntax of the file writes it.
fn line(field: &str, value: &str, syntax: Syntax) -> String {
    match syntax {
        Syntax::Yaml => format!("{field}: {value}"),
        Syntax::Toml => format!("{field} = {value}"),
        Syntax::Json => format!("\"{field}\": {value}"),
    }
}
