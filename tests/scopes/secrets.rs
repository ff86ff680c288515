//! Twenty kinds of secrets in every field of every kind of file and every argument: no output shows one, whatever the
//! command and the format, and the place of each is told.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::program::{Folder, Run, formats, run_in, scopes};

/// A string of so many characters of an alphabet, the same for the same seed. No test holds a whole token, so that no
/// scanner takes one for real.
fn random(alphabet: &str, length: usize, seed: u64) -> String {
    let alphabet: Vec<char> = alphabet.chars().collect();
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        alphabet[usize::try_from(state >> 33).expect("it fits") % alphabet.len()]
    };
    (0..length).map(next).collect()
}

/// A secret as it is written, and what of it must never be shown.
#[derive(Clone)]
struct Secret {
    text: String,
    material: Vec<String>,
}

/// Every kind of secret.
fn kinds() -> Vec<Secret> {
    let upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let hex = "0123456789abcdef";
    let mut kinds: Vec<Secret> = Vec::new();
    let mut add = |text: String, material: &[&str]| {
        let material = material.iter().map(|one| (*one).to_owned()).collect();
        kinds.push(Secret { text, material });
    };
    for (seed, (prefix, alphabet, length)) in (1..).zip([
        ("sk_live_", plain, 24),
        ("old_sk_test_", plain, 24),
        ("xsk_live_", plain, 24),
        ("ghp_", plain, 36),
        ("github_pat_", plain, 60),
        ("glpat-", plain, 20),
        ("xoxb-123456789012-", plain, 24),
        ("AKIA", upper, 16),
        ("AIza", plain, 35),
        ("npm_", plain, 36),
        ("shpat_", hex, 32),
        ("sk-ant-api03-", plain, 80),
        ("hf_", plain, 34),
    ]) {
        let material = random(alphabet, length, seed);
        add(format!("{prefix}{material}"), &[&material]);
    }
    let parts = [random(plain, 22, 31), random(plain, 43, 32)];
    add(
        format!("SG.{}.{}", parts[0], parts[1]),
        &[&parts[0], &parts[1]],
    );
    let parts = [
        random(plain, 30, 33),
        random(plain, 40, 34),
        random(plain, 43, 35),
    ];
    let token = format!("eyJ{}.eyJ{}.{}", parts[0], parts[1], parts[2]);
    add(token.clone(), &[&parts[0], &parts[1], &parts[2]]);
    add(format!("paxo{token}"), &[&parts[0], &parts[1], &parts[2]]);
    let password = random(plain, 16, 36);
    add(
        format!("https://user:{password}@host.example/a"),
        &[&password],
    );
    let token = random(plain, 40, 37);
    add(
        format!("https://host.example/a?access_token={token}"),
        &[&token],
    );
    let token = random(plain, 30, 38);
    add(format!("Authorization: Bearer {token}"), &[&token]);
    let key = random(plain, 40, 39);
    add(format!("aws_secret_access_key={key}"), &[&key]);
    let lines = [random(plain, 64, 40), random(plain, 64, 41)];
    let label = ["RSA PRIVATE", "KEY-----"].join(" ");
    let block = format!(
        "-----BEGIN {label}\n{}\n{}\n-----END {label}",
        lines[0], lines[1]
    );
    add(block, &[&lines[0], &lines[1]]);
    kinds
}

impl Secret {
    /// Fails where a text has the secret, a half of it, or either in other letters.
    fn must_not_be_in(&self, text: &str, where_from: &str) {
        let small = text.to_ascii_lowercase();
        for material in &self.material {
            let (first, second) = material.split_at(material.len() / 2);
            for part in [material, first, second] {
                assert!(
                    part.len() < 8 || !small.contains(&part.to_ascii_lowercase()),
                    "{where_from} shows {}:\n{text}",
                    self.text
                );
            }
        }
    }
}

/// Fails where an answer has any of the secrets.
fn must_be_clean(run: &Run, secrets: &[Secret], where_from: &str) {
    assert!(run.status <= 2, "{where_from}: {}", run.status);
    for secret in secrets {
        secret.must_not_be_in(&run.out, where_from);
        secret.must_not_be_in(&run.err, where_from);
    }
}

/// How many places of a document can be anything: texts, and names of fields.
fn places(value: &Value) -> usize {
    match value {
        Value::String(_) => 1,
        Value::Array(items) => items.iter().map(places).sum(),
        Value::Object(fields) => fields.iter().map(|(_, value)| 1 + places(value)).sum(),
        _ => 0,
    }
}

/// The document with another text at one of its places.
fn with(value: &Value, at: &mut usize, text: &str) -> Value {
    let mut is_here = || {
        let is_here = *at == 0;
        *at = at.wrapping_sub(1);
        is_here
    };
    match value {
        Value::String(_) if is_here() => Value::String(text.to_owned()),
        Value::Array(items) => items.iter().map(|item| with(item, at, text)).collect(),
        Value::Object(fields) => {
            let mut changed = serde_json::Map::new();
            for (name, value) in fields {
                let is_here = *at == 0;
                *at = at.wrapping_sub(1);
                let name = if is_here { text } else { name };
                changed.insert(name.to_owned(), with(value, at, text));
            }
            Value::Object(changed)
        }
        other => other.clone(),
    }
}

/// The document once for each of its places, each time with another kind of secret there: `offset` turns the kinds.
fn variants(document: &Value, offset: usize) -> Vec<(Value, Secret)> {
    let kinds = kinds();
    let variant = |place: usize| {
        let secret = kinds[(place + offset) % kinds.len()].clone();
        let mut at = place;
        (with(document, &mut at, &secret.text), secret)
    };
    (0..places(document)).map(variant).collect()
}

fn yaml(value: &Value) -> String {
    serde_yaml::to_string(value).expect("YAML")
}

fn key_file() -> Value {
    json!({
        "provider": "paxos", "name": "treasury", "owner": "team", "purpose": "mint",
        "labels": { "ticket": "SEC-118" }, "key_type": "client", "expires": "2027-01-01",
        "needs": {
            "recipes": ["mint"], "endpoints": ["GET /profiles"], "events": ["transfer.completed"],
            "scopes": [{ "scope": "funding:read_profile", "because": "asked", "owner": "me", "until": "2027-01-01" }],
        },
        "never": ["DELETE /**"], "scopes": ["funding:read_profile"], "bundles": ["x"],
        "environments": { "sandbox": { "scopes": "funding:read_profile", "needs": { "endpoints": ["GET /orders"] } } },
        "allow": [{ "rule": "unneeded-scope", "scope": "funding:read_profile", "environment": "sandbox", "endpoint": "GET /x",
            "reason": "audit", "owner": "me", "until": "2027-03-31" }],
    })
}

#[test]
fn no_key_file_shows_a_secret_and_the_place_is_told() {
    let folder = Folder::new("secrets-keys");
    let mut secrets = Vec::new();
    let mut files = Vec::new();
    for offset in 0..3 {
        for (number, (value, secret)) in variants(&key_file(), offset * 7).into_iter().enumerate() {
            // How a file is written matters little to a field.
            if offset > 0 && number % 6 != offset {
                continue;
            }
            let (name, text) = match offset {
                0 => (format!("{number}.yaml"), yaml(&value)),
                1 => (
                    format!("{number}.json"),
                    serde_json::to_string_pretty(&value).expect("JSON"),
                ),
                _ => (
                    format!("{number}.toml"),
                    toml::to_string(&value).expect("TOML"),
                ),
            };
            folder.write(&format!("keys/{name}"), text);
            files.push(name);
            secrets.push(secret);
        }
    }
    let mut comments = yaml(&key_file());
    for secret in kinds() {
        let _ = writeln!(comments, "# {}", secret.text.replace('\n', "\n# "));
        secrets.push(secret);
    }
    folder.write("keys/comments.yaml", &comments);
    for format in &formats("check") {
        let summary = folder.path("summary.md");
        let variables = [("GITHUB_STEP_SUMMARY", summary.to_str().expect("UTF-8"))];
        // Every field is looked at in one format, and one of some in each: they are rendered from one report.
        let step = if format == "short" { 1 } else { 7 };
        let names = files.iter().step_by(step);
        let names: Vec<String> = names.map(|name| format!("keys/{name}")).collect();
        let mut arguments = vec!["check", "--format", format, "keys/comments.yaml"];
        arguments.extend(names.iter().map(String::as_str));
        let run = run_in(&folder.path("."), &arguments, None, &variables);
        must_be_clean(&run, &secrets, format);
        if format == "short" {
            for (name, secret) in files.iter().zip(&secrets) {
                let is_told = |line: &str| {
                    line.starts_with(&format!("keys/{name}:")) && line.contains("[secret-in-file]")
                };
                assert!(
                    run.out.lines().any(is_told),
                    "{name} {}: {}",
                    secret.text,
                    folder.read(&format!("keys/{name}"))
                );
            }
        }
        if format == "github" {
            let summary = folder.read("summary.md");
            for secret in &secrets {
                secret.must_not_be_in(&summary, "the summary");
            }
        }
    }
    // A fix tries out much: it gets some of the files.
    for name in files.iter().enumerate().filter(|(at, _)| at % 6 > 0) {
        folder.remove(&format!("keys/{}", name.1));
    }
    files.retain(|name| folder.path(&format!("keys/{name}")).exists());
    let run = folder.scopes(&["check", "keys", "--diff", "--unsafe-fixes"]);
    must_be_clean(&run, &secrets, "--diff");
    let written = [
        "check",
        "keys",
        "--write-baseline",
        "b.json",
        "--reason",
        "r",
        "--until",
        "2999-01-01",
    ];
    must_be_clean(&folder.scopes(&written), &secrets, "--write-baseline");
    let baseline = folder.read("b.json");
    for secret in &secrets {
        secret.must_not_be_in(&baseline, "the baseline");
    }
    let before: Vec<String> = files
        .iter()
        .map(|name| folder.read(&format!("keys/{name}")))
        .collect();
    must_be_clean(
        &folder.scopes(&["check", "keys", "--fix", "--unsafe-fixes"]),
        &secrets,
        "--fix",
    );
    for (name, before) in files.iter().zip(before) {
        let after = folder.read(&format!("keys/{name}"));
        assert_eq!(
            after.matches("xxxxxxxx").count(),
            before.matches("xxxxxxxx").count(),
            "{name}: {after}"
        );
    }
}

#[test]
fn no_question_about_a_key_shows_a_secret() {
    let folder = Folder::new("secrets-questions");
    folder.write("good.yaml", yaml(&key_file()));
    for (number, (value, secret)) in variants(&key_file(), 3).into_iter().enumerate().step_by(2) {
        let name = format!("{number}.yaml");
        folder.write(&name, yaml(&value));
        let secrets = [secret];
        for arguments in [
            &["explain", "--key-file", &name][..],
            &["recommend", "--key-file", &name, "--format", "yaml"],
            &["diff", "good.yaml", &name, "--format", "markdown"],
        ] {
            must_be_clean(&folder.scopes(arguments), &secrets, &arguments.join(" "));
        }
    }
}

fn catalog() -> Value {
    json!({
        "provider": "acme", "title": "Acme",
        "sources": [{ "url": "https://acme.example/docs", "verified": "2026-11-21", "note": "page" }],
        "note": "text", "manage": "by admins",
        "key_types": { "secret": { "exposure": "private", "prefixes": ["acme_"], "note": "text" } },
        "environments": { "live": { "production": true, "base": "https://api.acme.example" } },
        "modes": ["unsigned", "signed"],
        "scopes": {
            "a:read": { "summary": "Read", "access": "read", "note": "text" },
            "a:write": { "summary": "Write", "access": "write", "risk": "high", "because": "pays", "key_types": ["secret"] },
            "old": { "deprecated": ["a:read"] },
        },
        "retired": { "gone": ["a:read"] },
        "bundles": { "all": { "summary": "All", "scopes": ["a:read", "a:write"] } },
        "endpoints": {
            "GET /a": "a:read",
            "POST /a": { "scope": "a:write", "summary": "Make", "keyless": "the secret of the order", "note": "text" },
            "POST /b": { "modes": { "unsigned": { "auth": "any-key" }, "signed": { "scope": "a:write", "rejected": "never" } } },
        },
        "events": { "a.made": "a:read" },
        "recipes": { "make": { "summary": "Make", "endpoints": ["POST /a"], "adequate": ["a:write"] } },
        "combinations": [{ "scopes": ["a:read", "a:write"], "risk": "high", "because": "both" }],
        "responses": { "missing-scope": { "status": 403, "code": "FORBIDDEN" } },
        "examples": [{ "key_type": "secret", "scopes": ["a:read"], "endpoint": "GET /a", "verdict": "allowed" }],
        "allow": [{ "rule": "flat-risk", "reason": "small", "owner": "me", "until": "2027-03-31" }],
    })
}

#[test]
fn no_catalog_shows_a_secret_and_the_place_is_told() {
    let folder = Folder::new("secrets-catalogs");
    folder.write("good.yaml", yaml(&catalog()));
    let (mut names, mut secrets) = (Vec::new(), Vec::new());
    for (number, (value, secret)) in variants(&catalog(), 5).into_iter().enumerate() {
        let name = format!("{number}.yaml");
        folder.write(&name, yaml(&value));
        let one = [secret.clone()];
        let asks = if number % 3 == 0 { 2 } else { 0 };
        for arguments in [
            &["show", &format!("./{name}")][..],
            &["explain", "-p", &format!("./{name}"), "POST /a", "a:read"],
        ]
        .into_iter()
        .take(asks)
        {
            must_be_clean(&folder.scopes(arguments), &one, &arguments.join(" "));
        }
        if number % 9 == 0 {
            for arguments in [
                &["list", "--catalog", &name][..],
                &["show", &format!("./{name}"), "--format", "json"],
                &[
                    "recommend",
                    "-p",
                    &format!("./{name}"),
                    "--recipe",
                    "make",
                    "--format",
                    "json",
                ],
                &["diff", "good.yaml", &name],
            ] {
                must_be_clean(&folder.scopes(arguments), &one, &arguments.join(" "));
            }
        }
        names.push(name);
        secrets.push(secret);
    }
    for format in &formats("check") {
        let mut arguments = vec!["lint", "--format", format];
        let step = if format == "short" { 1 } else { 9 };
        arguments.extend(names.iter().step_by(step).map(String::as_str));
        let run = folder.scopes(&arguments);
        must_be_clean(&run, &secrets, &format!("lint {format}"));
        if format == "short" {
            for (name, secret) in names.iter().zip(&secrets) {
                let is_told = |line: &str| {
                    line.starts_with(&format!("{name}:")) && line.contains("[secret-in-file]")
                };
                assert!(
                    run.out.lines().any(is_told),
                    "{name} {}: {}",
                    secret.text,
                    folder.read(name)
                );
            }
        }
    }
}

#[test]
fn no_configuration_or_baseline_shows_a_secret_and_the_place_is_told() {
    let folder = Folder::new("secrets-settings");
    folder.write("k.yaml", yaml(&key_file()));
    let settings = json!({ "keys": ["keys/*.yaml"], "catalogs": ["catalogs/*.yaml"], "baseline": "b.json", "fail-on": "warning",
        "rules": { "environment-drift": "off" } });
    for (value, secret) in variants(&settings, 0) {
        folder.write("scopes.toml", toml::to_string(&value).expect("TOML"));
        for arguments in [&["check", "k.yaml"][..], &["list"]] {
            let run = folder.scopes(arguments);
            must_be_clean(&run, std::slice::from_ref(&secret), "scopes.toml");
            assert_eq!(run.status, 2, "{}", run.all());
            assert!(run.err.contains("this is "), "{}", run.all());
        }
    }
    folder.remove("scopes.toml");
    let baseline = json!({ "version": 1, "kind": "baseline", "reason": "adoption", "until": "2999-01-01",
        "findings": [{ "file": "k.yaml", "subject": "paxos/x", "rule": "unneeded-scope", "fingerprint": "0" }] });
    for (value, secret) in variants(&baseline, 4) {
        folder.write(
            "b.json",
            serde_json::to_string_pretty(&value).expect("JSON"),
        );
        let run = folder.scopes(&["check", "k.yaml", "--baseline", "b.json"]);
        must_be_clean(&run, &[secret], "the baseline");
        assert_eq!(run.status, 2, "{}", run.all());
    }
}

#[test]
fn no_log_shows_a_secret() {
    let folder = Folder::new("secrets-logs");
    let secrets = kinds();
    let words = secrets
        .iter()
        .map(|secret| secret.text.replace(['\n', ' '], "%0A"));
    let targets: Vec<String> = words
        .flat_map(|word| {
            [
                format!("/x/{word}/y"),
                format!("https://{word}@host.example/x"),
                format!("/x?q={word}"),
                word,
            ]
        })
        .collect();
    let lines =
        |line: &dyn Fn(&String) -> String| targets.iter().map(line).collect::<Vec<_>>().join("\n");
    folder.write(
        "plain.log",
        format!(
            "GET /profiles\n{}",
            lines(&|target| format!("GET {target}"))
        ),
    );
    folder.write(
        "common.log",
        lines(&|target| {
            format!("10.0.0.1 - - [10/Oct/2026:13:55:36 +0000] \"GET {target} HTTP/1.1\" 200 1")
        }),
    );
    folder.write(
        "lines.log",
        lines(&|target| json!({ "method": "GET", "url": target }).to_string()),
    );
    folder.write(
        "methods.log",
        format!(
            "GET /profiles\n{}",
            lines(&|target| format!("{target} /profiles"))
        ),
    );
    let entries: Vec<Value> = targets
        .iter()
        .map(|target| json!({ "request": { "method": "GET", "url": target } }))
        .collect();
    folder.write(
        "a.har",
        json!({ "log": { "entries": entries } }).to_string(),
    );
    folder.write("k.yaml", yaml(&key_file()));
    for log in [
        "plain.log",
        "common.log",
        "lines.log",
        "methods.log",
        "a.har",
    ] {
        for format in ["text", "json", "yaml", "markdown"] {
            let run = folder.scopes(&[
                "recommend",
                "-p",
                "paxos",
                "--log",
                log,
                "--format",
                format,
                "-v",
            ]);
            must_be_clean(&run, &secrets, &format!("{log} {format}"));
        }
        must_be_clean(
            &folder.scopes(&["check", "k.yaml", "--log", log]),
            &secrets,
            log,
        );
    }
}

#[test]
fn no_import_shows_or_writes_a_secret() {
    let openapi = json!({
        "openapi": "3.0.0", "info": { "title": "Acme", "version": "1", "description": "text" },
        "servers": [{ "url": "https://api.acme.example/v1", "description": "live" }],
        "tags": [{ "name": "a", "description": "text" }],
        "paths": { "/a": { "get": { "operationId": "getA", "summary": "Get", "description": "text", "tags": ["a"],
            "security": [{ "oauth": ["a:read"] }], "x-scopes": ["a:read"] } } },
        "components": { "securitySchemes": { "oauth": { "type": "oauth2", "description": "text",
            "flows": { "implicit": { "authorizationUrl": "https://acme.example/auth", "scopes": { "a:read": "Read" } } } } } },
    });
    let google = json!({
        "kind": "discovery#restDescription", "name": "acme", "version": "v1", "title": "Acme", "rootUrl": "https://acme.example/",
        "servicePath": "", "description": "text",
        "auth": { "oauth2": { "scopes": { "https://acme.example/auth/read": { "description": "Read" } } } },
        "resources": { "a": { "methods": { "get": { "id": "a.get", "path": "v1/a", "httpMethod": "GET", "description": "Get",
            "scopes": ["https://acme.example/auth/read"] } } } },
    });
    let graph = json!({
        "permissions": { "A.Read": { "schemes": { "Application": { "adminDisplayName": "Read", "adminDescription": "text" } },
            "pathSets": [{ "schemeKeys": ["Application"], "methods": ["GET"], "paths": { "/a": "least=Application" } }] } },
    });
    let folder = Folder::new("secrets-imports");
    for (kind, document) in [("openapi", openapi), ("google", google), ("msgraph", graph)] {
        for (number, (value, secret)) in variants(&document, 2).into_iter().enumerate() {
            let text = serde_json::to_string_pretty(&value).expect("JSON");
            folder.write("spec.json", &text);
            let output = format!("{kind}-{number}.yaml");
            let run = folder.scopes(&["import", kind, "spec.json", "-o", &output]);
            must_be_clean(&run, std::slice::from_ref(&secret), kind);
            assert!(run.all().contains("spec.json:"), "{}", run.all());
            assert!(run.status > 0, "{}", run.all());
            if folder.path(&output).exists() {
                secret.must_not_be_in(&folder.read(&output), "the catalog");
            }
            if number % 8 == 0 {
                let run = folder.scopes(&["import", kind, "spec.json", "--format", "json"]);
                must_be_clean(&run, &[secret], kind);
            }
        }
    }
}

#[test]
fn no_argument_is_echoed() {
    let folder = Folder::new("secrets-arguments");
    folder.write("k.yaml", yaml(&key_file()));
    let kinds = kinds();
    let forms: [&[&str]; 20] = [
        &["KEY"],
        &["--KEY"],
        &["explain", "--KEY"],
        &["explain", "xKEY"],
        &["explain", "GET /profiles/KEY"],
        &["explain", "GET", "/profiles?x=KEY"],
        &["expand", "KEY"],
        &["show", "paxos", "KEY"],
        &["check", "KEY.yaml"],
        &["check", "k.yaml", "-e", "KEY"],
        &["check", "k.yaml", "--level", "KEY=off"],
        &["check", "--format=KEY", "k.yaml"],
        &["recommend", "-p", "paxos", "--endpoint", "KEY"],
        &["recommend", "-p", "KEY", "--recipe", "mint"],
        &["diff", "k.yaml", "KEY"],
        &["diff", "--base", "KEY"],
        &["import", "KEY", "k.yaml"],
        &["rule", "KEY"],
        &["completions", "KEY"],
        &["list", "--config", "KEY"],
    ];
    for (number, form) in forms.iter().enumerate() {
        for turn in 0..3 {
            let secret = &kinds[(number + 7 * turn) % kinds.len()];
            let words = form.iter().map(|word| word.replace("KEY", &secret.text));
            let arguments: Vec<String> = words.collect();
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let run = folder.scopes(&arguments);
            must_be_clean(&run, std::slice::from_ref(secret), &arguments.join(" "));
            assert_eq!(run.status, 2, "{arguments:?}: {}", run.all());
        }
    }
}

/// A file that is called like a key is named with the key hidden, and is looked at.
#[test]
fn the_name_of_a_file_is_shown_without_the_key_in_it() {
    let folder = Folder::new("secrets-names");
    let secret = &kinds()[0];
    let name = format!("{}.yaml", secret.text);
    folder.write(
        &name,
        "provider: paxos\nname: x\nscopes: [funding:read_profil]\n",
    );
    for format in &formats("check") {
        for path in [name.as_str(), "."] {
            let run = folder.scopes(&["check", path, "--format", format]);
            must_be_clean(&run, std::slice::from_ref(secret), format);
            assert_eq!(run.status, 1, "{}", run.all());
            assert!(
                run.out.contains("sk_live_xxxxxxxxxxxxxxxxxxxxxxxx.yaml"),
                "{}",
                run.all()
            );
        }
    }
}

/// What is no text is shown up to where it ends, and the key before that is hidden; so is the beginning of one.
#[test]
fn a_file_that_is_no_text_shows_no_secret() {
    let folder = Folder::new("secrets-bytes");
    for secret in kinds() {
        for cut in [secret.text.len(), secret.text.len() * 2 / 3] {
            for bad in [b'\xff', b'\0'] {
                let mut bytes =
                    format!("provider: paxos\nowner: {}", &secret.text[..cut]).into_bytes();
                bytes.push(bad);
                folder.write("a.yaml", bytes);
                let run = folder.scopes(&["check", "a.yaml"]);
                assert!(run.out.contains("a.yaml:2:"), "{}", run.all());
                for part in &secret.material {
                    assert!(
                        !run.all().contains(&part[..8]),
                        "{}: {}",
                        secret.text,
                        run.all()
                    );
                }
            }
        }
    }
}

/// What may be a secret is hidden by every command, and not what a catalog knows.
#[test]
fn what_may_be_a_secret_is_hidden_by_every_command() {
    let folder = Folder::new("secrets-possible");
    let material = random(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
        32,
        77,
    );
    let secret = Secret {
        text: material.clone(),
        material: vec![material.clone()],
    };
    folder.write("good.yaml", yaml(&key_file()));
    for field in ["provider", "name", "environments", "scopes", "key_type"] {
        let mut value = key_file();
        value[field] = match field {
            "environments" => json!({ &*material: { "scopes": "funding:read_profile" } }),
            "scopes" => json!([material]),
            _ => json!(material),
        };
        folder.write("a.yaml", yaml(&value));
        for arguments in [
            &["check", "a.yaml"][..],
            &["explain", "--key-file", "a.yaml"],
            &["recommend", "--key-file", "a.yaml"],
            &["diff", "good.yaml", "a.yaml"],
            &["diff", "good.yaml", "a.yaml", "--format", "json"],
        ] {
            must_be_clean(
                &folder.scopes(arguments),
                std::slice::from_ref(&secret),
                &format!("{field} {arguments:?}"),
            );
        }
    }
    let catalog = format!(
        "provider: acme\nscopes: {{ \"{material}\": {{ access: read }} }}\nendpoints: {{ GET /a: \"{material}\" }}\n"
    );
    folder.write("catalog.yaml", catalog);
    let run = folder.scopes(&["show", "./catalog.yaml"]);
    assert!(run.out.contains(&material), "{}", run.all());
    for arguments in [
        &["explain", &material][..],
        &["show", &material],
        &["rule", &material],
    ] {
        must_be_clean(
            &scopes(arguments),
            std::slice::from_ref(&secret),
            &format!("{arguments:?}"),
        );
    }
    let asked = ["explain", "-p", "paxos", "-"];
    let run = run_in(&folder.path("."), &asked, Some(material.as_bytes()), &[]);
    must_be_clean(&run, &[secret], "standard input");
}
