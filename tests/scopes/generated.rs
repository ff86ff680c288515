//! The parts of the documents that the program itself knows: tables of commands, options, rules and fields.
//!
//! Each stands between `<!-- generated: NAME -->` and `<!-- end of NAME -->`. Where one differs from what the program says,
//! its test fails; `UPDATE_DOCS=1 cargo test generated` writes them again.

use std::fmt::Write as _;

use serde_json::Value;

use crate::manual::commands;
use crate::program::{root, scopes};

/// The documents that have such parts.
const DOCUMENTS: [&str; 7] = [
    "README.md",
    "docs/reference/commands.md",
    "docs/reference/rules.md",
    "docs/reference/key-file.md",
    "docs/reference/configuration.md",
    "docs/reference/baseline.md",
    "docs/reference/json.md",
];

#[test]
fn what_is_generated_is_up_to_date() {
    let mut parts = 0;
    for document in DOCUMENTS {
        let path = root().join(document);
        let text = std::fs::read_to_string(&path).expect("a document");
        let fresh = refreshed(&text, &mut parts);
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&path, &fresh).expect("it is written");
            continue;
        }
        assert!(
            fresh == text,
            "{document} is out of date: UPDATE_DOCS=1 cargo test generated"
        );
    }
    assert!(parts >= DOCUMENTS.len());
}

/// A document with each of its generated parts written anew.
fn refreshed(text: &str, parts: &mut usize) -> String {
    let mut fresh = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<!-- generated: ") {
        let (name, after) = after.split_once(" -->").expect("the end of a marker");
        let end = format!("<!-- end of {name} -->");
        let (_, after) = after
            .split_once(&end)
            .unwrap_or_else(|| panic!("`{name}` has no end"));
        let _ = write!(
            fresh,
            "{before}<!-- generated: {name} -->\n\n{}\n{end}",
            part(name)
        );
        rest = after;
        *parts += 1;
    }
    fresh + rest
}

fn part(name: &str) -> String {
    match name {
        "commands" => command_table(),
        "options" => option_lists(),
        "rules" => rule_table(),
        "reports" => {
            let schema = schema("report");
            let kinds = schema["allOf"].as_array().expect("kinds");
            let mut all = String::new();
            let mut seen = vec![];
            for kind in kinds {
                reports(&schema, kind, &mut all, &mut seen);
            }
            all
        }
        kind => {
            let schema = schema(kind);
            let mut all = fields(&schema, &schema);
            let mut seen = vec![];
            definitions(&schema, &schema, "###", "", &mut all, &mut seen);
            all
        }
    }
}

fn schema(kind: &str) -> Value {
    serde_json::from_str(&scopes(&["schema", kind]).out).expect("a schema")
}

/// The commands as the README lists them.
fn command_table() -> String {
    let mut table = String::from("| Command | What it does | Formats |\n|---|---|---|\n");
    for command in commands() {
        let help = scopes(&[&command, "-h", "--width", "200"]).out;
        let about = help.lines().next().unwrap_or_default();
        let usage = help
            .lines()
            .find_map(|line| line.strip_prefix("Usage: scopes "))
            .unwrap_or_default()
            .replace(" [OPTIONS]", "")
            .replace('|', "\\|");
        let formats = formats(&help).unwrap_or_default();
        let _ = writeln!(table, "| `scopes {usage}` | {about} | {formats} |");
    }
    table
}

/// The values of `--format`, as a help lists them.
fn formats(help: &str) -> Option<String> {
    let words: Vec<&str> = help.split_whitespace().collect();
    let words = words.join(" ");
    let (_, rest) = words.split_once("--format <")?;
    let (_, rest) = rest.split_once("[possible values: ")?;
    Some(rest.split_once(']')?.0.to_owned())
}

/// The long help of every command.
fn option_lists() -> String {
    let mut all = String::new();
    for command in commands() {
        let help = scopes(&[&command, "--help"]).out;
        // The options of every command are told once.
        let (own, _) = help
            .split_once("\nOptions of every command:\n")
            .unwrap_or((&help, ""));
        let own = own.trim_end();
        let _ = write!(all, "## scopes {command}\n\n```text\n{own}\n```\n\n");
    }
    let help = scopes(&["list", "--help"]).out;
    let (_, common) = help
        .split_once("\nOptions of every command:\n")
        .expect("common options");
    let (common, _) = common.split_once("\nExamples:").expect("their end");
    let common = common.trim_end();
    let _ = write!(
        all,
        "## Options of every command\n\n```text\n{common}\n```\n"
    );
    all
}

fn rule_table() -> String {
    let rules = scopes(&["rule", "--format", "json"]).out;
    let rules: Value = serde_json::from_str(&rules).expect("JSON");
    let mut table = String::from("| Rule | For | Level | What it finds |\n|---|---|---|---|\n");
    for rule in rules["rules"].as_array().expect("rules") {
        let text = |name: &str| rule[name].as_str().unwrap_or_default();
        let _ = writeln!(
            table,
            "| `{}` | {} | {} | {} |",
            text("id"),
            text("group"),
            text("level"),
            text("summary").replace('|', "\\|")
        );
    }
    table
}

/// A part of a schema with its references followed, and the name of the last one.
fn followed<'a>(schema: &'a Value, part: &'a Value) -> (&'a Value, Option<&'a str>) {
    let inner = ["allOf", "anyOf"].iter().find_map(|way| {
        let mut forms = part[*way].as_array()?.iter();
        forms.find(|form| form.get("$ref").is_some())
    });
    match inner.unwrap_or(part)["$ref"].as_str() {
        Some(pointer) => {
            let name = pointer.trim_start_matches("#/definitions/");
            (&schema["definitions"][name], Some(name))
        }
        None => (part, None),
    }
}

/// The mapping that a part of a schema may be, with the name of its definition.
fn mapping<'a>(schema: &'a Value, part: &'a Value) -> Option<(&'a Value, Option<&'a str>)> {
    let (part, name) = followed(schema, part);
    if part["properties"].is_object() {
        return Some((part, name));
    }
    for way in ["anyOf", "oneOf", "allOf"] {
        for form in part[way].as_array().into_iter().flatten() {
            if let Some((found, inner)) = mapping(schema, form) {
                return Some((found, inner.or(name)));
            }
        }
    }
    for inner in ["items", "additionalProperties"] {
        if part[inner].is_object()
            && let Some(found) = mapping(schema, &part[inner])
        {
            return Some(found);
        }
    }
    None
}

/// What a value may be, in a few words.
fn type_of(schema: &Value, part: &Value) -> String {
    let (part, name) = followed(schema, part);
    if part["properties"].is_object() {
        return match name {
            Some(name) => format!("[`{name}`](#{})", name.to_lowercase()),
            None => "mapping".to_owned(),
        };
    }
    if let Some(constant) = part.get("const") {
        return format!("`{constant}`");
    }
    if let Some(values) = part["enum"].as_array() {
        let values = values.iter().filter(|value| !value.is_null());
        let values: Vec<String> = values
            .map(|value| {
                format!(
                    "`{}`",
                    value
                        .as_str()
                        .map_or_else(|| value.to_string(), str::to_owned)
                )
            })
            .collect();
        return values.join(", ");
    }
    for way in ["anyOf", "oneOf"] {
        if let Some(forms) = part[way].as_array() {
            if forms.iter().all(|form| form.get("const").is_some()) && forms.len() > 6 {
                return name.map_or_else(|| "text".to_owned(), |name| format!("a {name}"));
            }
            let mut types: Vec<String> = Vec::new();
            for form in forms {
                let one = type_of(schema, form);
                if one != "null" && !types.contains(&one) {
                    types.push(one);
                }
            }
            return types.join(" or ");
        }
    }
    let types: Vec<&str> = match &part["type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let word = |one: &str| match one {
        "array" if part["items"].is_object() => {
            let item = type_of(schema, &part["items"]);
            format!("list of {item}")
        }
        "object" if part["additionalProperties"].is_object() => {
            let value = type_of(schema, &part["additionalProperties"]);
            format!("mapping to {value}")
        }
        "object" => "mapping".to_owned(),
        "array" => "list".to_owned(),
        "string" => "text".to_owned(),
        "boolean" => "`true` or `false`".to_owned(),
        "integer" | "number" => "number".to_owned(),
        other => other.to_owned(),
    };
    // In a file, a field that is null is one that is left out.
    let is_report = schema["title"]
        .as_str()
        .is_some_and(|title| title.starts_with("Report"));
    let words = types.iter().filter(|one| is_report || **one != "null");
    let words: Vec<String> = words.map(|one| word(one)).collect();
    if words.is_empty() {
        "anything".to_owned()
    } else {
        words.join(" or ")
    }
}

/// The fields of a mapping as a table.
fn fields(schema: &Value, part: &Value) -> String {
    let required: Vec<&str> = part["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let mut table = String::from("| Field | What it is | What it says |\n|---|---|---|\n");
    for (name, field) in part["properties"].as_object().into_iter().flatten() {
        let said = field["description"].as_str();
        let said = said.or_else(|| followed(schema, field).0["description"].as_str());
        let mut about = said.unwrap_or_default().replace('|', "\\|");
        if let Some(example) = field["examples"].get(0)
            && !example.is_object()
            && !about.contains('`')
        {
            let example = example
                .as_str()
                .map_or_else(|| example.to_string(), str::to_owned);
            if !example.contains(['`', '|', '\n']) && example.len() < 60 {
                about = format!("{} For example `{example}`", with_dot(&about));
            }
        }
        let needed = if required.contains(&name.as_str()) {
            ", required"
        } else {
            ""
        };
        let kind = type_of(schema, field).replace('|', "\\|");
        let _ = writeln!(table, "| `{name}` | {kind}{needed} | {about} |");
    }
    table
}

fn with_dot(text: &str) -> String {
    if text.is_empty() || text.ends_with('.') {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

/// The mappings below a part, each once, with a heading.
fn definitions<'a>(
    schema: &'a Value,
    part: &'a Value,
    level: &str,
    within: &str,
    all: &mut String,
    seen: &mut Vec<&'a str>,
) {
    for (field_name, field) in part["properties"].as_object().into_iter().flatten() {
        let name = field_name;
        let Some((inner, Some(name))) = mapping(schema, field) else {
            if let Some((inner, None)) = mapping(schema, field) {
                let about = field["description"].as_str().unwrap_or_default();
                let _ = write!(
                    all,
                    "\n{level} `{within}{name}`\n\n{about}\n\n{}",
                    fields(schema, inner)
                );
                let within = format!("{within}{name}.");
                definitions(schema, inner, level, &within, all, seen);
            }
            continue;
        };
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        let about = schema["definitions"][name]["description"].as_str();
        let about = about.unwrap_or_default();
        let _ = write!(
            all,
            "\n{level} `{name}`\n\n{about}\n\n{}",
            fields(schema, inner)
        );
        definitions(schema, inner, level, "", all, seen);
    }
}

/// A kind of report, with the mappings that no kind before it has.
fn reports<'a>(schema: &'a Value, kind: &'a Value, all: &mut String, seen: &mut Vec<&'a str>) {
    let word = kind["if"]["properties"]["kind"]["const"].as_str();
    let word = word.expect("the kind of a report");
    let _ = write!(all, "\n## `{word}`\n");
    shapes(schema, &kind["then"], all, seen);
}

/// The shapes that a kind of report may have.
fn shapes<'a>(schema: &'a Value, part: &'a Value, all: &mut String, seen: &mut Vec<&'a str>) {
    let (part, name) = followed(schema, part);
    if part["properties"].is_object() && part.get("then").is_none() {
        seen.extend(name);
        let about = part["description"].as_str().unwrap_or_default();
        // A kind of one shape has its heading.
        let is_headed = name.is_some_and(|name| all.ends_with(&format!("## `{name}`\n")));
        if let Some(title) = part["title"].as_str().filter(|_| !is_headed) {
            let _ = write!(all, "\n### {title}\n");
        }
        let _ = write!(all, "\n{about}\n\n{}", fields(schema, part));
        definitions(schema, part, "###", "", all, seen);
    }
    for inner in ["then", "else"] {
        if part[inner].is_object() {
            shapes(schema, &part[inner], all, seen);
        }
    }
    for way in ["anyOf", "oneOf", "allOf"] {
        for form in part[way].as_array().into_iter().flatten() {
            shapes(schema, form, all, seen);
        }
    }
}
