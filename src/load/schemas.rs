//! Tests that hold the schemas of `schemas/` in step with what the loaders accept: the same fields, the same shapes.

use std::collections::BTreeSet;

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::catalog::with_fix;
use super::raw::RawCatalog;
use super::{load_baseline, load_config, load_key};
use crate::finding::{Finding, RuleId};
use crate::source::{Path, Source, Syntax};

/// A schema, and the loader of the files that it describes.
struct Format {
    schema: Value,
    load: fn(&Source) -> Vec<Finding>,
}

fn formats() -> [Format; 4] {
    let format = |text: &str, load| Format {
        schema: serde_json::from_str(text).expect("a schema is JSON"),
        load,
    };
    [
        format(include_str!("../../schemas/key.json"), |source| {
            load_key(source, None).findings
        }),
        format(include_str!("../../schemas/catalog.json"), |source| {
            let reading = source.read::<RawCatalog>();
            let nameless = |raw: &RawCatalog| raw.provider.is_none() && raw.extends.is_none();
            let missing =
                reading.value.as_ref().is_some_and(nameless).then(|| {
                    Finding::new(RuleId::MissingField, Path::root().value(), "no provider")
                });
            let shape = reading.problems.into_iter().map(with_fix);
            shape.chain(missing).collect()
        }),
        format(include_str!("../../schemas/config.json"), |source| {
            load_config(source).1
        }),
        format(include_str!("../../schemas/baseline.json"), |source| {
            load_baseline(source).err().unwrap_or_default()
        }),
    ]
}

impl Format {
    /// What the loader says about the shape of a document, rather than about the names in it.
    fn faults(&self, document: &Value) -> Vec<String> {
        let source = Source {
            name: "file.json".to_owned(),
            text: document.to_string(),
            syntax: Syntax::Json,
        };
        let findings = (self.load)(&source).into_iter();
        let shape = findings.filter(|finding| {
            matches!(
                finding.rule,
                RuleId::UnknownField
                    | RuleId::MissingField
                    | RuleId::WrongType
                    | RuleId::UnreadableScopes
                    | RuleId::SyntaxError
            )
        });
        shape
            .map(|finding| {
                let help = finding.help.unwrap_or_default();
                format!("{} ({help})", finding.message)
            })
            .collect()
    }

    fn validator(&self) -> Validator {
        jsonschema::draft7::new(&self.schema).expect("a valid schema")
    }

    /// A part of the schema with its references followed.
    fn followed<'a>(&'a self, part: &'a Value) -> &'a Value {
        let only = part.get("allOf").and_then(|all| all.get(0));
        match only.unwrap_or(part).get("$ref").and_then(Value::as_str) {
            Some(name) => {
                let pointer = name.trim_start_matches('#');
                self.followed(self.schema.pointer(pointer).expect("a definition"))
            }
            None => part,
        }
    }

    /// The forms that a part allows.
    fn forms<'a>(&'a self, part: &'a Value) -> Vec<&'a Value> {
        let part = self.followed(part);
        match part.get("anyOf").and_then(Value::as_array) {
            Some(forms) if part.get("properties").is_none() => {
                forms.iter().flat_map(|form| self.forms(form)).collect()
            }
            _ => vec![part],
        }
    }

    /// A document that has every field of a part, each definition within itself only once.
    fn fullest(&self, part: &Value, within: &[&str]) -> Value {
        let example = part.get("examples").and_then(|all| all.get(0));
        let forms = self.forms(part);
        let name = definition(part).unwrap_or_default();
        if name.is_empty() || !within.contains(&name) {
            let within = [within, &[name]].concat();
            let with = |field: &str| {
                let mut forms = forms.iter();
                forms.find_map(|form| form.get(field).filter(|part| part.is_object()))
            };
            if let Some(fields) = with("properties").and_then(Value::as_object) {
                let full =
                    |(name, part): (&String, &Value)| (name.clone(), self.fullest(part, &within));
                return Value::Object(fields.iter().map(full).collect());
            }
            if let Some(part) = with("additionalProperties") {
                let named = example.and_then(Value::as_object);
                let name = named.and_then(|fields| fields.keys().next());
                let name = name.map_or("server", String::as_str);
                return json!({ name: self.fullest(part, &within) });
            }
            if let Some(part) = with("items")
                && self
                    .forms(part)
                    .iter()
                    .any(|form| form.get("properties").is_some())
            {
                return json!([self.fullest(part, &within)]);
            }
        }
        let of_form = || {
            let form = forms[0];
            let first = form.get("const").or_else(|| form["enum"].get(0));
            first.cloned().unwrap_or_else(|| json!("POST /a"))
        };
        example.cloned().unwrap_or_else(of_form)
    }
}

/// The definition that a part refers to, null aside.
fn definition(part: &Value) -> Option<&str> {
    let inner = part.get("allOf").or_else(|| part.get("anyOf"));
    let inner = inner.and_then(|all| all.get(0)).unwrap_or(part);
    inner.get("$ref").and_then(Value::as_str)
}

/// The pointers to every value of a document, its own included.
fn places(document: &Value) -> Vec<String> {
    fn gather(value: &Value, at: &str, places: &mut Vec<String>) {
        places.push(at.to_owned());
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    let name = name.replace('~', "~0").replace('/', "~1");
                    gather(value, &format!("{at}/{name}"), places);
                }
            }
            Value::Array(items) => {
                for (index, value) in items.iter().enumerate() {
                    gather(value, &format!("{at}/{index}"), places);
                }
            }
            _ => {}
        }
    }
    let mut all = Vec::new();
    gather(document, "", &mut all);
    all
}

fn full_documents() -> Vec<(Format, Value)> {
    let full = |format: Format| {
        let document = format.fullest(&format.schema, &[]);
        (format, document)
    };
    formats().into_iter().map(full).collect()
}

#[test]
fn a_document_with_every_field_is_valid_for_both() {
    for (format, document) in full_documents() {
        let errors: Vec<String> = format
            .validator()
            .iter_errors(&document)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?} in {document:#}");
        let faults = format.faults(&document);
        assert!(faults.is_empty(), "{faults:#?} in {document:#}");
    }
}

#[test]
fn every_field_is_described_with_an_example() {
    fn look(part: &Value, at: &str, seen: &mut usize) {
        match part {
            Value::Object(fields) => {
                if let Some(Value::Object(properties)) = fields.get("properties") {
                    for (name, field) in properties {
                        let said = field["description"].as_str().unwrap_or_default();
                        assert!(said.len() > 5, "{at}: `{name}` has no description");
                        let examples = field["examples"].as_array().map_or(0, Vec::len);
                        assert!(examples > 0, "{at}: `{name}` has no example");
                        *seen += 1;
                    }
                }
                for (name, part) in fields {
                    if name != "examples" {
                        look(part, &format!("{at}/{name}"), seen);
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|part| look(part, at, seen)),
            _ => {}
        }
    }
    for format in formats() {
        let mut seen = 0;
        look(&format.schema, "", &mut seen);
        assert!(seen > 5);
    }
}

#[test]
fn each_change_of_a_document_is_a_fault_for_both_or_for_none() {
    let replacements = [
        json!(null),
        json!("a b"),
        json!(""),
        json!(7),
        json!(-1),
        json!(true),
        json!([]),
        json!({}),
        json!(["a"]),
        json!([null]),
        json!([7]),
        json!([{}]),
        json!({ "a": "b" }),
        json!({ "a": null }),
        json!({ "a": 7 }),
    ];
    let mut differences = Vec::new();
    for (format, document) in full_documents() {
        let validator = format.validator();
        // Here a schema knows the names, which a loader looks at only later.
        let has_names = |place: &String| {
            ["/rule", "/verdict", "/endpoints"]
                .iter()
                .any(|end| place.ends_with(end))
        };
        for place in places(&document).iter().filter(|place| !has_names(place)) {
            let mut changed: Vec<Value> = Vec::new();
            // TOML has no null.
            let is_toml = format.schema["title"]
                .as_str()
                .is_some_and(|title| title.contains("toml"));
            for new in replacements
                .iter()
                .filter(|new| !(is_toml && new.to_string().contains("null")))
            {
                let mut copy = document.clone();
                *copy.pointer_mut(place).expect("a place") = new.clone();
                changed.push(copy);
            }
            if let Some((parent, name)) = place.rsplit_once('/') {
                let mut copy = document.clone();
                let removed = copy
                    .pointer_mut(parent)
                    .and_then(Value::as_object_mut)
                    .and_then(|fields| fields.remove(&name.replace("~1", "/").replace("~0", "~")));
                if removed.is_some() {
                    changed.push(copy);
                }
            }
            for changed in changed {
                let faults = format.faults(&changed);
                if validator.is_valid(&changed) != faults.is_empty() {
                    let title = &format.schema["title"];
                    let value = changed.pointer(place);
                    differences.push(format!("{title} {place} = {value:?}: {faults:?}"));
                }
            }
        }
    }
    let number = differences.len();
    assert!(differences.is_empty(), "{number}: {differences:#?}");
}

#[test]
fn each_mapping_has_the_fields_that_the_loader_knows() {
    for (format, document) in full_documents() {
        let mut seen = 0;
        for place in places(&document) {
            let Some(fields) = document.pointer(&place).and_then(Value::as_object) else {
                continue;
            };
            let mut copy = document.clone();
            let unknown = "zzqqzzqqzzqq";
            copy.pointer_mut(&place)
                .and_then(Value::as_object_mut)
                .expect("a mapping")
                .insert(unknown.to_owned(), json!(null));
            let faults = format.faults(&copy);
            let of_it = faults.iter().find(|fault| fault.contains(unknown));
            let Some((_, known)) = of_it.and_then(|fault| fault.split_once("known fields: "))
            else {
                continue;
            };
            let known: BTreeSet<&str> = known.trim_end_matches(')').split(", ").collect();
            let described: BTreeSet<&str> = fields.keys().map(String::as_str).collect();
            assert_eq!(described, known, "{place}");
            seen += 1;
        }
        assert!(seen > 1, "{}", format.schema["title"]);
    }
}

#[test]
fn the_rules_are_those_of_the_program() {
    let all: BTreeSet<&str> = RuleId::ALL.iter().map(|rule| rule.name()).collect();
    let [key, catalog, config, _] = formats();
    for format in [key, catalog] {
        let rules = format.schema["definitions"]["rule"]["anyOf"].as_array();
        let named: BTreeSet<&str> = rules
            .into_iter()
            .flatten()
            .filter_map(|rule| rule["const"].as_str())
            .collect();
        assert_eq!(named, all);
    }
    let levels = config.schema["properties"]["rules"]["properties"].as_object();
    let named: BTreeSet<&str> = levels
        .into_iter()
        .flat_map(Map::keys)
        .map(String::as_str)
        .collect();
    let can: BTreeSet<&str> = RuleId::ALL
        .iter()
        .filter(|rule| rule.can_be_accepted())
        .map(|rule| rule.name())
        .collect();
    assert_eq!(named, can);
}
