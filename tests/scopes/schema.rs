//! The JSON Schemas that the program prints, on the files of the repository.

use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::program::{Folder, root, scopes};

fn validator(arguments: &[&str]) -> Validator {
    let run = scopes(&[&["schema"], arguments].concat());
    assert_eq!(run.status, 0, "{}", run.all());
    let schema: Value = serde_json::from_str(&run.out).expect("JSON");
    jsonschema::draft7::new(&schema).expect("a schema")
}

/// Fails where a report of the program is not one by its schema.
pub(crate) fn must_be_a_report(text: &str) {
    static REPORTS: OnceLock<Validator> = OnceLock::new();
    if !text.starts_with("{\n  \"version\": 1,\n  \"kind\": ")
        || text.contains("\"kind\": \"baseline\"")
    {
        return;
    }
    let Ok(report) = serde_json::from_str::<Value>(text) else {
        return;
    };
    let reports = REPORTS.get_or_init(|| {
        let text = std::fs::read_to_string(root().join("schemas/report.json")).expect("the schema");
        let schema: Value = serde_json::from_str(&text).expect("JSON");
        jsonschema::draft7::new(&schema).expect("a schema")
    });
    let errors: Vec<String> = reports
        .iter_errors(&report)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .take(5)
        .collect();
    assert!(
        errors.is_empty(),
        "schemas/report.json: {errors:#?}\n{text}"
    );
}

/// What is wrong with a YAML text by a schema.
fn errors(validator: &Validator, yaml: &str) -> Vec<String> {
    let value: Value = serde_yaml::from_str(yaml).expect("YAML");
    let errors = validator.iter_errors(&value);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

/// The YAML blocks of a document that begin with a line.
fn blocks(document: &str, beginning: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join(document)).expect("a document");
    let parts = text.split("\n```yaml").skip(1);
    let blocks = parts.filter_map(|part| {
        let (_, rest) = part.split_once('\n')?;
        let (block, _) = rest.split_once("\n```")?;
        block.starts_with(beginning).then(|| block.to_owned())
    });
    blocks.collect()
}

#[test]
fn what_is_printed_is_what_is_committed() {
    for kind in ["catalog", "key", "config", "baseline", "report"] {
        let committed = root().join(format!("schemas/{kind}.json"));
        let committed = std::fs::read_to_string(committed).expect("a schema");
        assert_eq!(scopes(&["schema", kind]).out, committed, "{kind}");
    }
}

#[test]
fn the_catalogs_and_keys_of_the_repository_are_valid() {
    let catalogs = validator(&["catalog"]);
    let mut seen = 0;
    for folder in ["catalogs", "catalogs/imported"] {
        for entry in std::fs::read_dir(root().join(folder)).expect("catalogs") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|one| one == "yaml") {
                let text = std::fs::read_to_string(path).expect("a catalog");
                assert_eq!(errors(&catalogs, &text), Vec::<String>::new());
                seen += 1;
            }
        }
    }
    let documented = blocks("docs/catalogs.md", "provider: acme\ntitle");
    for block in &documented {
        assert_eq!(errors(&catalogs, block), Vec::<String>::new());
    }
    let keys = [validator(&["key"]), validator(&["key", "-p", "paxos"])];
    let mut texts = blocks("README.md", "provider: paxos");
    for name in std::fs::read_dir(root().join("examples")).expect("examples") {
        let path = name.expect("an entry").path();
        if path.extension().is_some_and(|one| one == "yaml") {
            texts.push(std::fs::read_to_string(path).expect("a key"));
        }
    }
    assert!(seen > 4 && !documented.is_empty() && texts.len() > 1);
    for text in texts {
        assert_eq!(errors(&keys[0], &text), Vec::<String>::new(), "{text}");
    }
    let good = "provider: paxos\nname: a\nscopes: [funding:read_profile]\n";
    assert_eq!(errors(&keys[1], good), Vec::<String>::new());
    let bad = good.replace("read_profile", "read_profle");
    assert_eq!(errors(&keys[0], &bad).len(), 0);
    assert_eq!(errors(&keys[1], &bad).len(), 1);
}

#[test]
fn a_schema_may_be_named_in_every_file() {
    let folder = Folder::new("schema");
    folder.write(
        "scopes.toml",
        "\"$schema\" = \"./config.json\"\nkeys = [\"keys/*\"]\nbaseline = \"b.json\"\n",
    );
    let baseline = json!({ "$schema": "./b.json", "version": 1, "kind": "baseline",
        "reason": "r", "until": "2099-01-01", "findings": [] });
    folder.write("b.json", baseline.to_string());
    folder.write(
        "keys/a.yaml",
        "# yaml-language-server: $schema=../key.json\n\"$schema\": ../key.json\nprovider: paxos\nname: a\n\
         needs:\n  endpoints: [GET /profiles]\nscopes: [funding:read_profile]\n",
    );
    let key = json!({ "$schema": "../key.json", "provider": "./acme.yaml", "name": "b",
        "needs": { "endpoints": ["GET /a"] }, "scopes": ["a"] });
    folder.write("keys/b.json", key.to_string());
    folder.write(
        "keys/acme.yaml",
        "$schema: ../catalog.json\nprovider: acme\nscopes:\n  a: { summary: a }\nendpoints:\n  GET /a: a\n",
    );
    let run = folder.scopes(&["check", "--today", "2026-11-22"]);
    assert_eq!(run.status, 0, "{}", run.all());
    let run = folder.scopes(&[
        "lint",
        "keys/acme.yaml",
        "--no-config",
        "--fail-on",
        "error",
    ]);
    assert_eq!(run.status, 0, "{}", run.all());
    assert!(!run.out.contains("$schema"), "{}", run.all());
    let wrong = "$schema: [a]\nprovider: paxos\nname: a\n";
    folder.write("keys/a.yaml", wrong);
    let run = folder.scopes(&["check", "keys/a.yaml", "--no-config"]);
    assert!(run.out.contains("error[wrong-type]"), "{}", run.all());
}

#[test]
fn a_schema_that_is_named_stays_when_a_file_is_written_again() {
    let folder = Folder::new("schema-kept");
    folder.write(
        "a.yaml",
        "provider: paxos\nname: a\nscopes: [funding:read_profile]\n",
    );
    let baseline = json!({ "$schema": "./b.json", "version": 1, "kind": "baseline",
        "reason": "r", "until": "2099-01-01", "findings": [] });
    folder.write("b.json", baseline.to_string());
    let run = folder.scopes(&[
        "check",
        "a.yaml",
        "--write-baseline",
        "b.json",
        "--reason",
        "r",
        "--until",
        "2099-01-01",
    ]);
    assert_eq!(run.status, 0, "{}", run.all());
    assert!(folder.read("b.json").contains("\"$schema\": \"./b.json\""));
    folder.write(
        "api.json",
        r#"{"openapi":"3.1.0","info":{"title":"Acme","version":"1"},"paths":{"/a":{"get":{"responses":{}}}}}"#,
    );
    folder.write(
        "m.yaml",
        "$schema: ./c.json\nprovider: acme\nendpoints:\n  GET /b: { auth: none }\n",
    );
    let run = folder.scopes(&[
        "import", "openapi", "api.json", "--merge", "m.yaml", "-o", "m.yaml",
    ]);
    assert!(run.status < 2, "{}", run.all());
    let merged = folder.read("m.yaml");
    assert!(
        merged.contains("$schema") && merged.contains("GET /a"),
        "{merged}"
    );
}

#[test]
fn only_the_schema_of_keys_is_narrowed() {
    let run = scopes(&["schema", "config", "-p", "paxos"]);
    insta::assert_snapshot!(run.all(), @r"
    --- standard error
    error: only the schema of key files can be narrowed to a provider
    help: scopes schema key -p paxos
    --- status 2
    ");
    let run = scopes(&["schema", "key", "-p", "paxo"]);
    insta::assert_snapshot!(run.all(), @r"
    --- standard error
    error: unknown provider `paxo`
    help: did you mean `paxos`?
    --- status 2
    ");
}
