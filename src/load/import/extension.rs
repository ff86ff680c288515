//! Where an extension of a document names scopes: a route into its value, and the key type that the scopes are for.
//!
//! What is read of a value is only what stands where scopes are expected: a text, a list, or the one list of a mapping.
//! Other words of a mapping, such as its operator or its state, are never scopes.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use crate::source::{Node, Step, steps, words};

/// An extension that names scopes, as it is written: `x-permission.permissions`, `x-scopes[].name=token`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// The whole route, for an extension whose name has a dot.
    route: String,
    name: String,
    steps: Vec<Step>,
    /// The key type that the scopes are for.
    pub(super) key_type: Option<String>,
}

impl FromStr for Extension {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (route, key_type) = match text.rsplit_once('=') {
            Some((route, key_type)) => (route.trim(), Some(key_type.trim().to_owned())),
            None => (text.trim(), None),
        };
        if key_type.as_deref() == Some("") {
            return Err("a key type must follow the `=`".to_owned());
        }
        let mut steps = steps(route)?.into_iter();
        // A route begins with a field.
        let Some(Step::Field(name)) = steps.next() else {
            return Err(format!("`{route}` names no extension"));
        };
        let steps = steps.collect();
        Ok(Self {
            route: route.to_owned(),
            name,
            steps,
            key_type,
        })
    }
}

/// As it is written on the command line.
impl fmt::Display for Extension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.route)?;
        match &self.key_type {
            Some(key_type) => write!(f, "={key_type}"),
            None => Ok(()),
        }
    }
}

/// What an extension names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NamedScopes {
    /// Nothing.
    Nothing,
    /// A list of scopes; whether all or any of them are needed, it does not say. An item is nearly always one scope.
    Array(Vec<BTreeSet<String>>),
    /// Ways in: any one of them is enough, with all of its scopes.
    Ways(Vec<NamedWay>),
}

/// One way in that an extension names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NamedWay {
    /// The security scheme that it names.
    pub(super) scheme: Option<String>,
    pub(super) scopes: BTreeSet<String>,
}

/// Why an extension cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unreadable {
    pub(super) span: Range<usize>,
    pub(super) why: &'static str,
}

impl Extension {
    /// Reads the extension of an operation; where it has none, that of its path item.
    pub(super) fn read(&self, operation: &Node, item: &Node) -> Result<NamedScopes, Unreadable> {
        for holder in [operation, item] {
            for prefix in ["", "x-"] {
                if let Some(value) = holder.get(&format!("{prefix}{}", self.route)) {
                    return read(value);
                }
                if let Some(value) = holder.get(&format!("{prefix}{}", self.name)) {
                    return follow(value, &self.steps);
                }
            }
        }
        Ok(NamedScopes::Nothing)
    }
}

/// What stands at the end of a route; nothing where it leads nowhere.
fn follow(value: &Node, steps: &[Step]) -> Result<NamedScopes, Unreadable> {
    let Some((step, rest)) = steps.split_first() else {
        return read(value);
    };
    match step {
        Step::Field(name) if value.is_map() => match value.get(name) {
            // The fields beside the list say how it is meant.
            Some(inner) if rest.is_empty() => of_field(value, inner, None),
            Some(inner) => follow(inner, rest),
            None => Ok(NamedScopes::Nothing),
        },
        Step::Field(_) => match value.items() {
            Some(items) => each(items, steps),
            None if value.is_null() => Ok(NamedScopes::Nothing),
            None => Err(unreadable(value, "is not a mapping")),
        },
        Step::Item(number) => match (value.items(), number) {
            (Some(items), Some(number)) => match items.get(*number) {
                Some(item) => follow(item, rest),
                None => Ok(NamedScopes::Nothing),
            },
            (Some(items), None) => each(items, rest),
            (None, _) if value.is_null() => Ok(NamedScopes::Nothing),
            (None, _) => Err(unreadable(value, "is not a list")),
        },
    }
}

/// What stands at the end of a route from each item. Single names make a list; lists are ways in, each of them.
fn each(items: &[Node], steps: &[Step]) -> Result<NamedScopes, Unreadable> {
    let mut names = Vec::new();
    let mut ways = Vec::new();
    for item in items {
        match follow(item, steps)? {
            NamedScopes::Nothing => {}
            NamedScopes::Array(mut array) if array.len() == 1 => names.append(&mut array),
            NamedScopes::Array(array) => ways.push(NamedWay {
                scheme: None,
                scopes: array.into_iter().flatten().collect(),
            }),
            NamedScopes::Ways(mut more) => ways.append(&mut more),
        }
    }
    if ways.is_empty() {
        return Ok(some_array(names));
    }
    ways.extend(names.into_iter().map(|scopes| NamedWay {
        scheme: None,
        scopes,
    }));
    Ok(NamedScopes::Ways(ways))
}

fn unreadable(node: &Node, why: &'static str) -> Unreadable {
    Unreadable {
        span: node.span.clone(),
        why,
    }
}

fn some_array(items: Vec<BTreeSet<String>>) -> NamedScopes {
    let mut kept: Vec<BTreeSet<String>> = Vec::new();
    for item in items {
        if !item.is_empty() && !kept.contains(&item) {
            kept.push(item);
        }
    }
    if kept.is_empty() {
        NamedScopes::Nothing
    } else {
        NamedScopes::Array(kept)
    }
}

/// A value that names scopes.
pub(super) fn read(value: &Node) -> Result<NamedScopes, Unreadable> {
    if value.is_map() {
        return mapping(value);
    }
    match value.items() {
        Some(items) if !items.is_empty() && items.iter().all(Node::is_map) => {
            let mut ways = Vec::new();
            for item in items {
                match mapping(item)? {
                    NamedScopes::Nothing => {}
                    // Each entry is one way in, with all of its scopes.
                    NamedScopes::Array(array) => ways.push(NamedWay {
                        scheme: scheme_of(item),
                        scopes: array.into_iter().flatten().collect(),
                    }),
                    NamedScopes::Ways(mut more) => ways.append(&mut more),
                }
            }
            Ok(some_ways(ways))
        }
        Some(items) if !items.is_empty() && items.iter().all(|item| item.items().is_some()) => {
            let mut ways = Vec::new();
            for item in items {
                ways.push(NamedWay {
                    scheme: None,
                    scopes: names(item)?.into_iter().flatten().collect(),
                });
            }
            Ok(some_ways(ways))
        }
        _ => Ok(some_array(names(value)?)),
    }
}

fn some_ways(mut ways: Vec<NamedWay>) -> NamedScopes {
    ways.retain(|way| !way.scopes.is_empty());
    if ways.is_empty() {
        NamedScopes::Nothing
    } else {
        NamedScopes::Ways(ways)
    }
}

/// The names of a text or of a list of texts.
fn names(value: &Node) -> Result<Vec<BTreeSet<String>>, Unreadable> {
    let split =
        |text: &str| -> Vec<String> { words(text).map(|(_, word)| word.to_owned()).collect() };
    if value.is_null() {
        return Ok(Vec::new());
    }
    if let Some(text) = value.text() {
        let names = split(text).into_iter();
        return Ok(names.map(|name| BTreeSet::from([name])).collect());
    }
    let Some(items) = value.items() else {
        return Err(unreadable(
            value,
            "names no scopes: expected text or a list of texts",
        ));
    };
    let mut names = Vec::new();
    for item in items.iter().filter(|item| !item.is_null()) {
        let Some(text) = item.text() else {
            return Err(unreadable(item, "has an item that is not text"));
        };
        names.push(split(text).into_iter().collect());
    }
    Ok(names)
}

/// The fields in which a mapping names scopes.
const LISTS: [&str; 10] = [
    "scopes",
    "scope",
    "permissions",
    "permission",
    "privileges",
    "allOf",
    "anyOf",
    "oneOf",
    "all",
    "any",
];
/// The fields of a mapping that say whether all or any of its list are needed.
const OPERATORS: [&str; 5] = ["operator", "op", "logic", "condition", "match"];
/// The fields of a mapping that name its security scheme.
const SCHEMES: [&str; 2] = ["scheme", "securityScheme"];

fn mapping(value: &Node) -> Result<NamedScopes, Unreadable> {
    let entries = value.entries();
    let mut lists: Vec<(&str, &Node)> = Vec::new();
    for (name, _, field) in &entries {
        if LISTS.contains(name) && !field.is_null() {
            lists.push((name, field));
        }
    }
    if lists.is_empty() {
        let is_list = |field: &Node| field.items().is_some_and(|items| !items.is_empty());
        let others = entries.iter().filter(|(_, _, field)| is_list(field));
        lists.extend(others.map(|(name, _, field)| (*name, *field)));
        // Without any text there is nothing that could be a scope.
        if lists.is_empty() && entries.iter().all(|(_, _, field)| field.scalar().is_none()) {
            return Ok(NamedScopes::Nothing);
        }
    }
    match lists.as_slice() {
        [(name, field)] => of_field(value, field, Some(name)),
        [] => Err(unreadable(
            value,
            "is a mapping of which no field is known to name scopes",
        )),
        _ => Err(unreadable(value, "is a mapping with several lists")),
    }
}

/// The list of a mapping, as the fields beside it say that it is meant.
fn of_field(mapping: &Node, list: &Node, name: Option<&&str>) -> Result<NamedScopes, Unreadable> {
    let items = match read(list)? {
        NamedScopes::Array(items) => items,
        other => return Ok(other),
    };
    let operator = OPERATORS
        .iter()
        .find_map(|name| mapping.get(name)?.scalar())
        .map(|operator| operator.trim().to_lowercase());
    let is_any = match (operator.as_deref(), name) {
        (Some("or" | "any" | "anyof" | "any_of"), _)
        | (None, Some(&"anyOf" | &"oneOf" | &"any")) => true,
        (Some(_), _) | (None, Some(&"allOf" | &"all")) => false,
        (None, _) => {
            return Ok(match scheme_of(mapping) {
                None => NamedScopes::Array(items),
                scheme => NamedScopes::Ways(vec![NamedWay {
                    scheme,
                    scopes: items.into_iter().flatten().collect(),
                }]),
            });
        }
    };
    let scheme = scheme_of(mapping);
    let way = |scopes| NamedWay {
        scheme: scheme.clone(),
        scopes,
    };
    Ok(some_ways(if is_any {
        items.into_iter().map(way).collect()
    } else {
        vec![way(items.into_iter().flatten().collect())]
    }))
}

fn scheme_of(mapping: &Node) -> Option<String> {
    SCHEMES.iter().find_map(|name| mapping.get(name)?.scalar())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Source, Syntax};

    fn tree(text: &str) -> Node {
        let source = Source {
            name: "t.yaml".to_owned(),
            text: text.to_owned(),
            syntax: Syntax::Yaml,
        };
        source.recovered().tree.expect("a tree")
    }

    fn said(named: Result<NamedScopes, Unreadable>) -> String {
        let set = |set: BTreeSet<String>| set.into_iter().collect::<Vec<_>>().join("+");
        match named {
            Ok(NamedScopes::Nothing) => "nothing".to_owned(),
            Ok(NamedScopes::Array(items)) => {
                format!(
                    "[{}]",
                    items.into_iter().map(set).collect::<Vec<_>>().join(", ")
                )
            }
            Ok(NamedScopes::Ways(ways)) => {
                let way = |way: NamedWay| match way.scheme {
                    Some(scheme) => format!("{} on {scheme}", set(way.scopes)),
                    None => set(way.scopes),
                };
                ways.into_iter().map(way).collect::<Vec<_>>().join(" or ")
            }
            Err(error) => error.why.to_owned(),
        }
    }

    #[test]
    fn only_what_stands_where_scopes_are_expected_is_one() {
        for (value, route, right) in [
            ("a", "x", "[a]"),
            ("a b", "x", "[a, b]"),
            ("[a, b, a]", "x", "[a, b]"),
            ("['a b', c]", "x", "[a+b, c]"),
            ("{operator: OR, permissions: [a, b]}", "x", "a or b"),
            ("{operator: AND, permissions: [a, b]}", "x", "a+b"),
            ("{operator: OPEN, permissions: []}", "x", "nothing"),
            (
                "{operator: OR, permissions: [a, b]}",
                "x.permissions",
                "a or b",
            ),
            (
                "{operator: OR, permissions: []}",
                "x.permissions",
                "nothing",
            ),
            ("{anyOf: [a, b]}", "x", "a or b"),
            ("{allOf: [a, b]}", "x", "a+b"),
            ("{level: high, needs: [a]}", "x", "[a]"),
            (
                "{level: high, state: Beta}",
                "x",
                "is a mapping of which no field is known to name scopes",
            ),
            (
                "{need: [a], other: [b]}",
                "x",
                "is a mapping with several lists",
            ),
            ("{need: [a], other: [b]}", "x.need", "[a]"),
            ("{need: {deep: [a]}}", "x.need.deep", "[a]"),
            ("{need: {deep: [a]}}", "x.none.deep", "nothing"),
            (
                "[{scheme: OAuth2, state: Beta, scopes: [a, b]}, {scheme: OAuth2, state: Current, scopes: [c]}]",
                "x",
                "a+b on OAuth2 or c on OAuth2",
            ),
            (
                "[{scheme: OAuth2, state: Beta, scopes: [a, b]}, {scheme: OAuth2, state: Current, scopes: [c]}]",
                "x[0].scopes",
                "a+b on OAuth2",
            ),
            (
                "[{scopes: [a, b]}, {scopes: [c]}]",
                "x[].scopes",
                "a+b or c",
            ),
            ("[{name: a}, {name: b}]", "x[].name", "[a, b]"),
            ("[{scopes: []}, {scopes: []}]", "x", "nothing"),
            ("[[a, b], [c]]", "x", "a+b or c"),
            ("null", "x", "nothing"),
            ("[]", "x", "nothing"),
            ("{}", "x", "nothing"),
            (
                "true",
                "x",
                "names no scopes: expected text or a list of texts",
            ),
            (
                "7",
                "x",
                "names no scopes: expected text or a list of texts",
            ),
            ("[a, {b: c}]", "x", "has an item that is not text"),
            ("a", "x[0]", "is not a list"),
            ("a", "x.y", "is not a mapping"),
        ] {
            let operation = tree(&format!("x-x: {value}\n"));
            let extension: Extension = route.parse().expect("a route");
            let none = tree("{}");
            assert_eq!(
                said(extension.read(&operation, &none)),
                right,
                "{value} at {route}"
            );
            assert_eq!(
                said(extension.read(&none, &operation)),
                right,
                "{value} of the path"
            );
        }
    }

    #[test]
    fn a_route_is_written_as_it_was_read() {
        for text in ["x-a", "x-a.b[0].c[]", "x-a=token", "x-a.b=my type"] {
            let extension: Extension = text.parse().expect("a route");
            assert_eq!(extension.to_string(), text);
        }
        for text in ["", "x-a.", "x-a[", "x-a[b]", "x-a[0", "x-a]", "x-a=", ".a"] {
            assert!(text.parse::<Extension>().is_err(), "{text}");
        }
    }
}
