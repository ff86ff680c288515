//! JSON Schemas of the file formats and of the reports, for editors and for other programs.
//!
//! The schemas themselves are written by hand, in `schemas/`; that of key files can be narrowed to the names of a catalog.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::json::text_of;
use crate::model::{Base, Catalog, Described, NameCase, Wildcards};

/// What a schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// Catalogs.
    Catalog,
    /// Key files.
    Key,
    /// `scopes.toml`.
    Config,
    /// Baselines.
    Baseline,
    /// What `--format json` prints.
    Report,
}

impl Schema {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Catalog,
        Self::Key,
        Self::Config,
        Self::Baseline,
        Self::Report,
    ];

    /// The schema, as JSON text.
    pub fn text(self) -> &'static str {
        match self {
            Self::Catalog => include_str!("../../schemas/catalog.json"),
            Self::Key => include_str!("../../schemas/key.json"),
            Self::Config => include_str!("../../schemas/config.json"),
            Self::Baseline => include_str!("../../schemas/baseline.json"),
            Self::Report => include_str!("../../schemas/report.json"),
        }
    }
}

/// The schema of the key files of one provider: only its names are valid. `handle` is what they call the provider by.
pub fn key_schema_of(catalog: &Catalog, handle: &str) -> String {
    // The text is a constant, and a test reads it.
    let mut schema: Value = serde_json::from_str(Schema::Key.text()).unwrap_or_default();
    let title = format!("Key file of {} for scopes", catalog.title);
    schema["title"] = json!(title);
    let scopes = catalog.described_scopes();
    let mut grants = scopes.clone();
    grants.extend(catalog.described_wildcards());
    let mut grant = names(&grants);
    if matches!(catalog.wildcards, Wildcards::Glob) {
        let pattern = json!({ "type": "string", "pattern": "\\*", "description": "a pattern over scope names" });
        push(&mut grant, pattern);
    }
    let provider = [Described {
        name: catalog.provider.clone(),
        help: catalog.title.clone(),
    }];
    let mut provider = names(&provider);
    push(
        &mut provider,
        json!({ "type": "string", "pattern": "[./\\\\]" }),
    );
    if handle != catalog.provider {
        push(&mut provider, json!({ "const": handle }));
    }
    let mut calls_by_name = catalog.described_endpoints();
    calls_by_name.extend(catalog.described_calls());
    let mut call = names(&calls_by_name);
    push(
        &mut call,
        json!({ "type": "string", "pattern": calls(catalog) }),
    );
    let mut scope = names(&scopes);
    let mut bundle = names(&catalog.described_bundles());
    let mut event = names(&catalog.described_events());
    if catalog.name_case == NameCase::Ignored {
        for one in [&mut scope, &mut grant, &mut bundle, &mut event] {
            let pattern = in_any_case(one);
            push(one, json!({ "type": "string", "pattern": pattern }));
        }
    }
    let definitions = &mut schema["definitions"];
    definitions["provider"] = provider;
    definitions["scope"] = scope;
    definitions["grant"] = grant;
    definitions["bundle"] = bundle;
    definitions["recipe"] = names(&catalog.described_recipes());
    definitions["event"] = event;
    definitions["call"] = call;
    definitions["keyType"] = names(&catalog.described_key_types());
    let environments = catalog.described_environments();
    if !environments.is_empty() {
        definitions["environment"] = names(&environments);
        // Editors offer the names of fields from `properties` alone.
        let field = &mut schema["properties"]["environments"];
        let value = field["additionalProperties"].take();
        let described = |one: &Described| {
            let mut field = value.clone();
            if !one.help.is_empty() {
                field["description"] = json!(one.help);
            }
            (one.name.clone(), field)
        };
        let fields: Map<String, Value> = environments.iter().map(described).collect();
        field["properties"] = Value::Object(fields);
        field["additionalProperties"] = json!(false);
        if let Some(field) = field.as_object_mut() {
            field.shift_remove("propertyNames");
        }
    }
    if catalog.key_types.len() > 1
        && let Some(required) = schema["required"].as_array_mut()
    {
        required.push(json!("key_type"));
    }
    without_examples(&mut schema);
    text_of(&schema)
}

/// Takes the examples out: they are of another provider, and editors offer them.
fn without_examples(part: &mut Value) {
    match part {
        Value::Object(fields) => {
            fields.shift_remove("examples");
            fields.values_mut().for_each(without_examples);
        }
        Value::Array(items) => items.iter_mut().for_each(without_examples),
        _ => {}
    }
}

/// A value that is one of some names, or null.
fn names(described: &[Described]) -> Value {
    let constant = |one: &Described| {
        let mut value = json!({ "const": one.name });
        if !one.help.is_empty() {
            value["description"] = json!(one.help);
        }
        value
    };
    let mut all: Vec<Value> = described.iter().map(constant).collect();
    // An item that is not written yet.
    all.push(json!({ "type": "null" }));
    json!({ "type": ["string", "null"], "anyOf": all })
}

/// A pattern that each of some names fits, whatever its case.
fn in_any_case(names: &Value) -> String {
    let forms = names["anyOf"].as_array().into_iter().flatten();
    let names = forms.filter_map(|form| form["const"].as_str());
    let names: Vec<String> = names.map(|name| escaped(name, true)).collect();
    if names.is_empty() {
        // No text has a character before its beginning.
        return "[^\\s\\S]".to_owned();
    }
    format!("^(?:{})$", names.join("|"))
}

/// Adds a form that a value may have.
fn push(names: &mut Value, form: Value) {
    if let Some(forms) = names["anyOf"].as_array_mut() {
        forms.push(form);
    }
}

/// Of a catalog with more operations than this, any call fits: validators refuse patterns that are too large.
const MOST_CALLS: usize = 160;
/// A call of any endpoint.
const ANY_CALL: &str = "^\\s*[A-Za-z|]+\\s+\\S+(?:\\s+mode=\\S+)?\\s*$";

/// A pattern that every call of an endpoint of a catalog fits, however it is written: with names or values for its
/// parameters, below a base, with a query, with a mode.
fn calls(catalog: &Catalog) -> String {
    let ignores_case = catalog.ignores_case();
    // Each operation with its modes.
    let mut shapes: Vec<(String, String, Vec<String>)> = Vec::new();
    for endpoint in &catalog.endpoints {
        let path = match endpoint.path.shape().trim_end_matches('/') {
            "" => "/".to_owned(),
            shape => of_shape(shape, ignores_case),
        };
        let method = escaped(&endpoint.method, true);
        if !matches!(shapes.last(), Some(last) if last.0 == method && last.1 == path) {
            shapes.push((method, path, Vec::new()));
        }
        if let (Some(mode), Some(last)) = (endpoint.mode, shapes.last_mut()) {
            last.2.push(escaped(&catalog.modes[mode], false));
        }
    }
    if shapes.len() > MOST_CALLS {
        return ANY_CALL.to_owned();
    }
    if shapes.is_empty() {
        // No text has a character before its beginning.
        return "[^\\s\\S]".to_owned();
    }
    let below = format!("{HOST}{}", base_paths(catalog, ignores_case));
    let ways = shapes.iter().map(|(method, path, modes)| {
        let mode = match modes.as_slice() {
            [] => String::new(),
            modes => format!("(?:\\s+mode=(?:{}))?", modes.join("|")),
        };
        format!("{method}\\s+{below}{path}/*(?:[?#]\\S*)?{mode}")
    });
    let ways: Vec<String> = ways.collect();
    format!("^\\s*(?:{})\\s*$", ways.join("|"))
}

/// A shape as a pattern, any text in place of its parameters.
fn of_shape(shape: &str, ignores_case: bool) -> String {
    const SEGMENT: &str = "[^/?#\\s]+";
    let marked = shape.replace("{...}", "\u{1}").replace("{}", "\0");
    let pattern = escaped(&marked, ignores_case);
    let pattern = pattern.replace('\u{1}', &format!("{SEGMENT}(?:/{SEGMENT})*"));
    pattern.replace('\0', SEGMENT)
}

/// The beginning of a URL.
const HOST: &str = "(?:[A-Za-z][A-Za-z0-9+.-]*://[^/?#\\s]*)?";

/// The paths of the bases, any of which may stand before the path of an endpoint.
fn base_paths(catalog: &Catalog, ignores_case: bool) -> String {
    let bases = catalog.environments.iter().flat_map(|one| &one.bases);
    let shapes = bases.filter(|base| base.matches_nothing().is_none());
    let shapes = shapes.map(Base::path_shape);
    let shapes = shapes.filter(|shape| !shape.is_empty());
    let patterns: BTreeSet<String> = shapes
        .map(|shape| {
            format!(
                "/+{}",
                of_shape(shape.trim_start_matches('/'), ignores_case)
            )
        })
        .collect();
    if patterns.is_empty() {
        return String::new();
    }
    let patterns: Vec<String> = patterns.into_iter().collect();
    format!("(?:{})?", patterns.join("|"))
}

/// A text as a pattern that it fits.
fn escaped(text: &str, ignores_case: bool) -> String {
    let mut pattern = String::new();
    for c in text.chars() {
        if ignores_case && c.is_alphabetic() {
            pattern.push('[');
            pattern.extend(c.to_uppercase().chain(c.to_lowercase()));
            pattern.push(']');
        } else if "^$\\.*+?()[]{}|/".contains(c) {
            pattern.extend(['\\', c]);
        } else {
            // Where a pattern is read strictly, nothing else may be escaped.
            pattern.push(c);
        }
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{builtin_names, builtin_text, load_catalog};
    use crate::model::Request;
    use crate::source::{Source, Syntax};

    fn builtin(name: &str) -> Catalog {
        let source = Source {
            name: name.to_owned(),
            text: builtin_text(name).expect("a catalog"),
            syntax: Syntax::Yaml,
        };
        load_catalog(&source).catalog.expect("a catalog")
    }

    #[test]
    fn every_schema_is_one() {
        for schema in Schema::ALL {
            let value: Value = serde_json::from_str(schema.text()).expect("JSON");
            jsonschema::draft7::new(&value).expect("a schema");
        }
    }

    #[test]
    fn a_narrowed_schema_has_the_calls_of_the_catalog_and_no_others() {
        for provider in builtin_names() {
            let catalog = builtin(provider);
            let schema: Value =
                serde_json::from_str(&key_schema_of(&catalog, provider)).expect("JSON");
            if calls(&catalog) == ANY_CALL {
                continue;
            }
            let validator = jsonschema::draft7::new(&schema).expect("a schema");
            let with_need = |call: &str| {
                let types = catalog.key_types.iter();
                let key_type = types.map(|one| one.name.clone()).next();
                json!({ "provider": provider, "name": "k", "key_type": key_type,
                    "needs": { "endpoints": [call] } })
            };
            let bases = catalog
                .environments
                .iter()
                .flat_map(|one| one.bases.iter().map(ToString::to_string));
            let bases: Vec<String> = std::iter::once(String::new()).chain(bases).collect();
            for endpoint in &catalog.endpoints {
                let concrete = endpoint.path.shape().replace("{}", "a7");
                for path in [endpoint.path.text.clone(), concrete] {
                    for base in &bases {
                        let mode = endpoint.mode.map(|mode| &catalog.modes[mode]);
                        let mode = mode.map_or_else(String::new, |mode| format!(" mode={mode}"));
                        for end in ["", "/", "?a=b&c", &mode] {
                            let call = format!("{} {base}{path}{end}", endpoint.method);
                            let lower = call.to_lowercase();
                            let is_call = Request::parse(&call).is_some();
                            assert!(!is_call || validator.is_valid(&with_need(&call)), "{call}");
                            assert!(!validator.is_valid(&with_need(&format!("{call}x/y z"))));
                            let method = endpoint.method.to_lowercase();
                            let call = format!("{method}{}", &call[method.len()..]);
                            assert!(validator.is_valid(&with_need(&call)), "{call} {lower}");
                        }
                    }
                }
                let other = format!("{} {}q", endpoint.method, endpoint.path);
                let is_known =
                    Request::parse(&other).is_some_and(|request| catalog.find(&request).is_ok());
                assert!(
                    is_known || !validator.is_valid(&with_need(&other)),
                    "{other}"
                );
            }
            for call in [
                "GET",
                "GET profiles",
                "FETCH /profiles",
                "GET /profiles mode=x",
                "GET ",
                "",
            ] {
                assert!(!validator.is_valid(&with_need(call)), "{call}");
            }
        }
    }

    #[test]
    fn a_narrowed_schema_has_the_names_of_the_catalog_and_no_others() {
        let catalog = builtin("paxos");
        let schema: Value = serde_json::from_str(&key_schema_of(&catalog, "paxos")).expect("JSON");
        let validator = jsonschema::draft7::new(&schema).expect("a schema");
        let good = json!({ "provider": "paxos", "name": "k", "key_type": "client",
            "needs": { "recipes": ["mint"] }, "scopes": ["funding:read_profile"],
            "environments": { "sandbox": { "scopes": "transfer:write_sandbox_fiat_deposit" } } });
        assert!(validator.is_valid(&good));
        for (pointer, value) in [
            ("/provider", json!("elebne")),
            ("/key_type", json!("server")),
            ("/needs/recipes/0", json!("mnt")),
            ("/scopes/0", json!("funding:read_profle")),
            ("/environments", json!({ "sandbx": {} })),
            ("/environments", json!({ "sandbox": { "scope": [] } })),
        ] {
            let mut bad = good.clone();
            *bad.pointer_mut(pointer).expect("a place") = value;
            assert!(!validator.is_valid(&bad), "{bad}");
        }
    }
}
