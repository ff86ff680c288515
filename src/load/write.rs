//! A catalog file's structs → its text, in one fixed layout, so that the same catalog is always the same bytes.

use std::fmt::Write;

use serde_json::{Map, Value, json};

use super::raw::{
    RawAccess, RawAllowance, RawArrays, RawAuth, RawBasis, RawBundle, RawCase, RawCatalog,
    RawCombination, RawConflict, RawDeprecated, RawDisallowed, RawEffect, RawEndpoint,
    RawEnvironment, RawExample, RawExposure, RawImported, RawKeyType, RawKeyless, RawPaths,
    RawQuery, RawRecipe, RawRequirement, RawResponse, RawRisk, RawRisks, RawScope, RawStep,
    RawWildcards,
};
use crate::source::{Date, Entries, Names, Syntax, spelt_out, yaml_scalar};

/// Longer lines are split, one line for each field.
const WIDTH: usize = 120;

/// The text of a catalog in a syntax. Catalogs are never written as TOML.
pub(super) fn text(raw: &RawCatalog, syntax: Syntax) -> String {
    let value = catalog(raw);
    match syntax {
        Syntax::Json => spelt_out(&format!("{value:#}\n"), Syntax::Json),
        Syntax::Yaml | Syntax::Toml => spelt_out(&yaml(&value), Syntax::Yaml),
    }
}

/// A catalog as a value whose fields stand in the order of the format; empty ones are left out.
pub(super) fn catalog(raw: &RawCatalog) -> Value {
    let mut top = Fields::default();
    top.put("$schema", raw.schema.as_ref());
    top.put("provider", raw.provider.as_ref());
    top.put("title", raw.title.as_ref());
    top.put("extends", raw.extends.as_ref());
    let source = |source: &super::raw::RawSource| {
        let mut fields = Fields::default();
        fields.put("url", Some(&source.url.clone()));
        fields.put("path", source.path.as_ref());
        fields.put("commit", source.commit.as_ref());
        fields.put("licence", source.licence.as_ref());
        fields.put("verified", source.verified.as_ref().map(|date| &date.0));
        fields.value()
    };
    top.list("sources", raw.sources.iter().flatten().map(source));
    top.put("note", raw.note.as_ref());
    if let Some(raw) = &raw.imported {
        top.0.insert("imported".to_owned(), imported(raw));
    }
    top.put("manage", raw.manage.as_ref());
    top.entries("responses", &raw.responses, response);
    top.entries("key_types", &raw.key_types, key_type);
    top.entries("environments", &raw.environments, environment);
    top.list("modes", raw.modes.iter().flatten().map(|mode| json!(mode)));
    for (name, compared) in [("paths", &raw.paths), ("names", &raw.names)] {
        let case = compared.as_ref().and_then(|RawPaths { case }| *case);
        if case == Some(RawCase::Ignored) {
            let ignored = json!({ "case": "ignored" });
            top.0.insert(name.to_owned(), ignored);
        }
    }
    if let Some(reading) = &raw.reading {
        let arrays = match reading.arrays {
            RawArrays::All => "all",
            RawArrays::Any => "any",
        };
        let value = match &reading.because {
            None => json!(arrays),
            Some(because) => json!({ "arrays": arrays, "because": because }),
        };
        top.0.insert("reading".to_owned(), value);
    }
    if let Some(reviewed) = raw.reviewed {
        top.0.insert("reviewed".to_owned(), json!(reviewed));
    }
    top.entries("scopes", &raw.scopes, scope);
    top.entries("retired", &raw.retired, |names| json!(names.0));
    top.entries("bundles", &raw.bundles, bundle);
    match &raw.wildcards {
        RawWildcards::Glob => {
            top.0.insert("wildcards".to_owned(), json!("glob"));
        }
        RawWildcards::Named(named) => top.entries("wildcards", named, names_or_all),
    }
    top.entries("endpoints", &raw.endpoints, endpoint);
    top.entries("events", &raw.events, requirement);
    top.entries("recipes", &raw.recipes, recipe);
    let combinations = raw.combinations.iter().flatten().flatten();
    top.list("combinations", combinations.map(combination));
    let conflicts = raw.conflicts.iter().flatten().flatten();
    top.list("conflicts", conflicts.map(conflict));
    top.entries("operations", &raw.operations, |endpoint| json!(endpoint));
    top.list(
        "examples",
        raw.examples.iter().flatten().flatten().map(example),
    );
    top.list("allow", raw.allow.iter().flatten().flatten().map(allowance));
    top.value()
}

/// The fields of a mapping in the making.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl Fields {
    fn put(&mut self, name: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.0.insert(name.to_owned(), json!(value));
        }
    }

    fn names(&mut self, name: &str, names: Option<&Names>) {
        if let Some(names) = names {
            self.0.insert(name.to_owned(), json!(names.0));
        }
    }

    fn list(&mut self, name: &str, items: impl Iterator<Item = Value>) {
        let items: Vec<Value> = items.collect();
        if !items.is_empty() {
            self.0.insert(name.to_owned(), Value::Array(items));
        }
    }

    fn entries<V>(&mut self, name: &str, entries: &Entries<V>, of: impl Fn(&V) -> Value) {
        if !entries.0.is_empty() {
            let each = entries
                .0
                .iter()
                .map(|(name, value)| (name.clone(), of(value)));
            self.0
                .insert(name.to_owned(), Value::Object(each.collect()));
        }
    }

    fn value(self) -> Value {
        Value::Object(self.0)
    }
}

fn imported(raw: &RawImported) -> Value {
    let mut fields = Fields::default();
    fields.put("as", raw.r#as.as_ref());
    let texts = |texts: &Option<Vec<String>>| -> Vec<Value> {
        texts.iter().flatten().map(|text| json!(text)).collect()
    };
    fields.list("from", texts(&raw.from).into_iter());
    fields.put("sha256", raw.sha256.as_ref());
    fields.list("extension", texts(&raw.extension).into_iter());
    fields.put("scope_pattern", raw.scope_pattern.as_ref());
    fields.list("tag", texts(&raw.tag).into_iter());
    if let Some(summaries) = raw.summaries {
        fields.0.insert("summaries".to_owned(), json!(summaries));
    }
    fields.list("servers", texts(&raw.servers).into_iter());
    fields.value()
}

fn response(raw: &RawResponse) -> Value {
    let mut fields = Fields::default();
    if let Some(status) = raw.status {
        fields.0.insert("status".to_owned(), json!(status));
    }
    fields.put("code", raw.code.as_ref());
    fields.value()
}

fn key_type(raw: &RawKeyType) -> Value {
    let mut fields = Fields::default();
    let exposure = raw.exposure.map(|exposure| match exposure {
        RawExposure::Public => "public",
        RawExposure::Private => "private",
    });
    fields.put("exposure", exposure.map(str::to_owned).as_ref());
    fields.list(
        "prefixes",
        raw.prefixes.iter().flatten().map(|one| json!(one)),
    );
    let disallowed = raw.disallowed.map(|disallowed| match disallowed {
        RawDisallowed::Rejected => "rejected",
        RawDisallowed::Ignored => "ignored",
    });
    fields.put("disallowed", disallowed.map(str::to_owned).as_ref());
    fields.names("instead_of", raw.instead_of.as_ref());
    fields.put("note", raw.note.as_ref());
    fields.value()
}

fn environment(raw: &RawEnvironment) -> Value {
    let mut fields = Fields::default();
    if raw.production {
        fields.0.insert("production".to_owned(), json!(true));
    }
    match raw.base.as_ref().map(|names| names.0.as_slice()) {
        None | Some([]) => {}
        Some([one]) => fields.put("base", Some(&one.clone())),
        Some(several) => {
            fields.0.insert("base".to_owned(), json!(several));
        }
    }
    fields.value()
}

fn risk(raw: RawRisk) -> &'static str {
    match raw {
        RawRisk::Low => "low",
        RawRisk::Medium => "medium",
        RawRisk::High => "high",
        RawRisk::Critical => "critical",
    }
}

fn deprecated(fields: &mut Fields, raw: Option<&RawDeprecated>) {
    let value = match raw {
        None | Some(RawDeprecated::Yes(false)) => return,
        Some(RawDeprecated::Yes(true)) => json!(true),
        Some(RawDeprecated::ReplacedBy(names)) => match names.as_slice() {
            [one] => json!(one),
            several => json!(several),
        },
    };
    fields.0.insert("deprecated".to_owned(), value);
}

fn scope(raw: &RawScope) -> Value {
    let mut fields = Fields::default();
    fields.put("summary", raw.summary.as_ref());
    let access = raw.access.map(|access| match access {
        RawAccess::Read => "read",
        RawAccess::Write => "write",
        RawAccess::Admin => "admin",
    });
    fields.put("access", access.map(str::to_owned).as_ref());
    match &raw.risk {
        None => {}
        Some(RawRisks::One(one)) => fields.put("risk", Some(&risk(*one).to_owned())),
        Some(RawRisks::Each(each)) => {
            let each = each
                .iter()
                .map(|(name, one)| (name.clone(), json!(risk(*one))));
            fields
                .0
                .insert("risk".to_owned(), Value::Object(each.collect()));
        }
    }
    fields.put("because", raw.because.as_ref());
    fields.names("key_types", raw.key_types.as_ref());
    fields.names("environments", raw.environments.as_ref());
    fields.names("implies", raw.implies.as_ref());
    deprecated(&mut fields, raw.deprecated.as_ref());
    if raw.undeclared {
        fields.0.insert("undeclared".to_owned(), json!(true));
    }
    fields.put("note", raw.note.as_ref());
    fields.value()
}

fn names_or_all(names: &Names) -> Value {
    match names.0.as_slice() {
        [one] if one == "all" => json!("all"),
        names => json!(names),
    }
}

fn bundle(raw: &RawBundle) -> Value {
    let mut fields = Fields::default();
    fields.put("summary", raw.summary.as_ref());
    if let Some(scopes) = &raw.scopes {
        fields.0.insert("scopes".to_owned(), names_or_all(scopes));
    }
    fields.names("except", raw.except.as_ref());
    fields.put("note", raw.note.as_ref());
    fields.value()
}

/// The fields of a requirement, without the short form.
fn requirement_fields(raw: &RawRequirement) -> Fields {
    let mut fields = Fields::default();
    fields.put("scope", raw.scope.as_ref());
    let parts = |list: &Vec<Option<RawRequirement>>| -> Vec<Value> {
        list.iter().flatten().map(requirement).collect()
    };
    for (name, list) in [("all", &raw.all), ("any", &raw.any)] {
        if let Some(list) = list {
            fields.0.insert(name.to_owned(), Value::Array(parts(list)));
        }
    }
    let auth = raw.auth.map(|auth| match auth {
        RawAuth::None => "none",
        RawAuth::AnyKey => "any-key",
        RawAuth::NotStated => "not-stated",
    });
    fields.put("auth", auth.map(str::to_owned).as_ref());
    fields.names("key_types", raw.key_types.as_ref());
    fields
}

/// A mapping that holds nothing but a scope is written as the scope.
fn short(fields: Fields) -> Value {
    match (fields.0.len(), fields.0.get("scope")) {
        (1, Some(scope)) => scope.clone(),
        _ => fields.value(),
    }
}

fn requirement(raw: &RawRequirement) -> Value {
    short(requirement_fields(raw))
}

fn endpoint(raw: &RawEndpoint) -> Value {
    let mut fields = requirement_fields(&raw.requirement);
    fields.put("rejected", raw.rejected.as_ref());
    match &raw.keyless {
        None => {}
        Some(RawKeyless {
            credential: None,
            sent: None,
            because,
        }) => {
            fields.put("keyless", Some(&because.clone()));
        }
        Some(keyless) => {
            let mut inner = Fields::default();
            inner.put("credential", keyless.credential.as_ref());
            inner.put("sent", keyless.sent.as_ref());
            inner.put("because", Some(&keyless.because.clone()));
            fields.0.insert("keyless".to_owned(), inner.value());
        }
    }
    if let Some(optional) = raw.optional {
        fields.0.insert("optional".to_owned(), json!(optional));
    }
    let effect = raw.effect.map(|effect| match effect {
        RawEffect::Read => "read",
        RawEffect::Write => "write",
    });
    fields.put("effect", effect.map(str::to_owned).as_ref());
    fields.names("environments", raw.environments.as_ref());
    deprecated(&mut fields, raw.deprecated.as_ref());
    if let Some(modes) = &raw.modes {
        fields.entries("modes", modes, endpoint);
    }
    if let Some(query) = &raw.query {
        fields.entries("query", query, |RawQuery(text)| json!(text));
    }
    if let Some(least) = &raw.least {
        fields.entries("least", least, |names| match names.0.as_slice() {
            [one] => json!([one]),
            several => json!(several),
        });
    }
    fields.names("tags", raw.tags.as_ref());
    fields.put("summary", raw.summary.as_ref());
    fields.put("note", raw.note.as_ref());
    short(fields)
}

fn recipe(raw: &RawRecipe) -> Value {
    let mut fields = Fields::default();
    fields.put("summary", raw.summary.as_ref());
    let steps = raw.endpoints.iter().flatten().flatten();
    fields.list("endpoints", steps.map(step));
    fields.names("events", raw.events.as_ref());
    fields.names("adequate", raw.adequate.as_ref());
    fields.put("note", raw.note.as_ref());
    fields.value()
}

/// A step that holds nothing but an endpoint is written as the endpoint.
fn step(raw: &RawStep) -> Value {
    let mut fields = Fields::default();
    fields.put("endpoint", raw.endpoint.as_ref());
    let basis = raw.basis.map(|basis| match basis {
        RawBasis::Named => "named",
        RawBasis::Inferred => "inferred",
    });
    fields.put("basis", basis.map(str::to_owned).as_ref());
    for (name, list) in [("any", &raw.any), ("all", &raw.all)] {
        if let Some(list) = list {
            let steps = list.iter().flatten().map(step).collect();
            fields.0.insert(name.to_owned(), Value::Array(steps));
        }
    }
    match (fields.0.len(), fields.0.get("endpoint")) {
        (1, Some(endpoint)) => endpoint.clone(),
        _ => fields.value(),
    }
}

fn combination(raw: &RawCombination) -> Value {
    json!({ "scopes": raw.scopes.0, "risk": risk(raw.risk), "because": raw.because })
}

fn conflict(raw: &RawConflict) -> Value {
    let mut fields = Fields::default();
    fields.names("scopes", Some(&raw.scopes));
    fields.put("because", raw.because.as_ref());
    fields.value()
}

fn example(raw: &RawExample) -> Value {
    let mut fields = Fields::default();
    fields.put("key_type", raw.key_type.as_ref());
    fields.put("environment", raw.environment.as_ref());
    fields.0.insert("scopes".to_owned(), json!(raw.scopes.0));
    fields.put("endpoint", Some(&raw.endpoint.clone()));
    fields.put("verdict", Some(&raw.verdict.clone()));
    fields.value()
}

fn allowance(raw: &RawAllowance) -> Value {
    let mut fields = Fields::default();
    fields.put("rule", Some(&raw.rule.clone()));
    fields.put("scope", raw.scope.as_ref());
    fields.put("endpoint", raw.endpoint.as_ref());
    fields.put("environment", raw.environment.as_ref());
    fields.put("reason", raw.reason.as_ref());
    fields.put("owner", raw.owner.as_ref());
    fields.put("until", raw.until.as_ref().map(|date| &date.0));
    fields.value()
}

/// A catalog as YAML: a section under its name, an entry on a line as long as it fits.
fn yaml(top: &Value) -> String {
    let mut text = String::new();
    let Value::Object(sections) = top else {
        return text;
    };
    for (name, value) in sections {
        match value {
            Value::Object(_) | Value::Array(_) => {
                text.push_str(name);
                text.push(':');
                block(value, 1, &mut text);
            }
            scalar => {
                let _ = writeln!(text, "{name}: {}", flow(scalar, false));
            }
        }
    }
    text
}

/// Whether the name of a field is so long that YAML requires a `?` before it: 1024 characters.
fn is_long(name: &str) -> bool {
    name.len() > 160 && spelt_out(name, Syntax::Yaml).len() >= 1000
}

/// A mapping or a list as a block below what was written last.
fn block(value: &Value, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            text.push('\n');
            for (name, value) in fields {
                let name = yaml_scalar(name, false);
                let lead = if is_long(&name) {
                    format!("{indent}? {name}\n{indent}:")
                } else {
                    format!("{indent}{name}:")
                };
                entry(&lead, value, depth, text);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            text.push('\n');
            for item in items {
                let _ = writeln!(text, "{indent}- {}", flow(item, true));
            }
        }
        empty => {
            let _ = writeln!(text, " {}", flow(empty, true));
        }
    }
}

fn entry(lead: &str, value: &Value, depth: usize, text: &mut String) {
    text.push_str(lead);
    let line = flow(value, matches!(value, Value::Object(_) | Value::Array(_)));
    if lead.chars().count() + 1 + line.chars().count() <= WIDTH || value.is_string() {
        if line != "{}" {
            text.push(' ');
            text.push_str(&line);
        }
        text.push('\n');
    } else {
        block(value, depth + 1, text);
    }
}

/// A value on one line.
fn flow(value: &Value, inside: bool) -> String {
    match value {
        Value::String(text) if Date::parse(text).is_some() => text.clone(),
        Value::String(text) => yaml_scalar(text, inside),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| flow(item, true)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(fields) if fields.is_empty() => "{}".to_owned(),
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| {
                let (name, value) = (yaml_scalar(name, true), flow(value, true));
                if is_long(&name) {
                    format!("? {name} : {value}")
                } else {
                    format!("{name}: {value}")
                }
            };
            let fields: Vec<String> = fields.iter().map(field).collect();
            format!("{{ {} }}", fields.join(", "))
        }
        other => other.to_string(),
    }
}
