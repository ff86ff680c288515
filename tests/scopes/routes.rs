//! Rest-parameters, several methods in an entry and placeholders in bases, wherever a path or a URL is read.

use serde_json::Value;

use super::program::{Folder, Run};

const HUB: &str = "provider: hub
environments:
  cloud:
    production: true
    base: ['https://{tenant}.hub.example/api', 'https://gw.example/ex/{product}/{cloudId}']
  test: { base: 'https://sandbox.hub.example/api' }
scopes:
  files.read: { summary: see files }
  files.write: { summary: change files }
  admin: { summary: see everything, access: read }
endpoints:
  GET /contents/{path...}: files.read
  PUT|DELETE /contents/{path...}: files.write
  GET /contents/{id}/raw: admin
  ANY /tokens: { scope: admin, effect: read }
  GET /tokens: files.read
  GET|POST|QUERY /search: files.read
";

fn hub(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("hub.yaml", HUB);
    folder
}

/// The endpoint that a request gets and the environment that it is about, or what is said where it gets none.
fn gets(folder: &Folder, request: &str) -> String {
    let run = folder.scopes(&[
        "explain",
        "-p",
        "./hub.yaml",
        "admin",
        request,
        "--format",
        "json",
    ]);
    if let Some(help) = run.err.lines().last() {
        return help.to_owned();
    }
    let json: Value = serde_json::from_str(&run.out).expect("JSON");
    let one = &json["endpoints"][0];
    let environment = json["environment"].as_str().unwrap_or("any");
    let text = |field: &str| one[field].as_str().expect("a text").to_owned();
    format!("{} {} in {environment}", text("method"), text("path"))
}

#[test]
fn requests_reach_rest_parameters() {
    let folder = hub("routes-rest");
    for (request, endpoint) in [
        ("GET /contents/a", "GET /contents/{path...} in any"),
        ("GET /contents/a/b/c/", "GET /contents/{path...} in any"),
        ("GET /contents/a/raw", "GET /contents/{id}/raw in any"),
        ("GET /contents/a/raw/b", "GET /contents/{path...} in any"),
        ("GET /contents/{path...}", "GET /contents/{path...} in any"),
        ("GET /contents/{other}", "GET /contents/{path...} in any"),
        (
            "delete /contents/a/raw",
            "DELETE /contents/{path...} in any",
        ),
        (
            "GET /contents",
            "help: did you mean `GET /contents/{path...}`?",
        ),
        (
            "POST /contents/a/b",
            "help: the path exists with DELETE, GET, PUT",
        ),
        (
            "GET /contnts/{path...}",
            "help: did you mean `GET /contents/{path...}`?",
        ),
        (
            "GET /contnts/7",
            "help: did you mean `GET /contents/{path...}`?",
        ),
    ] {
        assert_eq!(gets(&folder, request), endpoint, "{request}");
    }
}

#[test]
fn an_entry_with_several_methods_is_an_endpoint_for_each() {
    let folder = hub("routes-methods");
    let run = folder.scopes(&["show", "./hub.yaml", "--format", "json"]);
    let json: Value = serde_json::from_str(&run.out).expect("JSON");
    let endpoints = json["endpoints"].as_array().expect("endpoints").iter();
    let rows: Vec<String> = endpoints
        .map(|one| {
            let text = |field: &str| one[field].as_str().expect("a text").to_owned();
            let scope = one["requires"][0]["scopes"][0].as_str().expect("a scope");
            format!(
                "{} {} {} {scope}",
                text("method"),
                text("path"),
                text("effect")
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            "GET /contents/{path...} read files.read",
            "PUT /contents/{path...} write files.write",
            "DELETE /contents/{path...} write files.write",
            "GET /contents/{id}/raw read admin",
            "HEAD /tokens read admin",
            "POST /tokens read admin",
            "PUT /tokens read admin",
            "PATCH /tokens read admin",
            "DELETE /tokens read admin",
            "OPTIONS /tokens read admin",
            "GET /tokens read files.read",
            "GET /search read files.read",
            "POST /search write files.read",
            "QUERY /search read files.read",
        ]
    );
    assert_eq!(gets(&folder, "PATCH /tokens"), "PATCH /tokens in any");
    assert_eq!(
        gets(&folder, "ANY /search"),
        "help: the path exists with GET, POST, QUERY"
    );
}

#[test]
fn urls_are_below_bases_with_placeholders() {
    let folder = hub("routes-bases");
    for (url, endpoint) in [
        (
            "https://a.HUB.example/api/contents/a/b",
            "GET /contents/{path...} in cloud",
        ),
        (
            "https://sandbox.hub.example/api/search?q=1",
            "GET /search in test",
        ),
        (
            "https://gw.example/ex/jira/4-5/search",
            "GET /search in cloud",
        ),
        (
            "https://{tenant}.hub.example/api/search",
            "GET /search in cloud",
        ),
        ("/api/search", "GET /search in any"),
        ("/ex/jira/7/tokens", "GET /tokens in any"),
    ] {
        assert_eq!(gets(&folder, &format!("GET {url}")), endpoint, "{url}");
    }
    for url in [
        "https://evil.example/?.hub.example/api/search",
        "https://evil.example/.hub.example/api/search",
        "https://a:b@x.hub.example/api/search",
        "https://gw.example/ex/jira/search",
        "https://gw.example/ex//7/search",
        "https://hub.example/api/search",
    ] {
        let said = gets(&folder, &format!("GET {url}"));
        assert!(said.starts_with("help: "), "{url}: {said}");
    }
}

#[test]
fn keys_logs_and_schemas_know_them() {
    let folder = hub("routes-keys");
    folder.write(
        "key.yaml",
        "provider: ./hub.yaml\nname: mirror\nneeds:\n  endpoints:\n    - GET /contents/docs/a\n    \
         - \"PUT /contents/{anything...}\"\n    - GET https://a.hub.example/api/search\nnever:\n  \
         - DELETE /contents/secret/**\nscopes: [files.read, files.write]\n",
    );
    let check = |folder: &Folder| -> Run {
        folder.scopes(&[
            "check",
            "key.yaml",
            "--format",
            "short",
            "--today",
            "2026-11-22",
        ])
    };
    let run = check(&folder);
    assert!(
        run.out.contains("error[forbidden-endpoint]") && run.out.lines().count() == 1,
        "{}",
        run.all()
    );
    let text = folder.read("key.yaml");
    folder.write(
        "key.yaml",
        text.replace("secret/**", "")
            .replace("DELETE /contents/", "DELETE /contents"),
    );
    let run = check(&folder);
    assert!(run.out.contains("error[unknown-endpoint]"), "{}", run.all());

    folder.write(
        "log",
        "GET /contents/a/b/c\nGET https://x.hub.example/api/contents/a\nPUT /contents/z\nGET /contents\n",
    );
    let run = folder.scopes(&[
        "recommend",
        "-p",
        "./hub.yaml",
        "--log",
        "log",
        "--format",
        "json",
    ]);
    let json: Value = serde_json::from_str(&run.out).expect("JSON");
    let names: Vec<&str> = json["scopes"]
        .as_array()
        .expect("scopes")
        .iter()
        .filter_map(|one| one["name"].as_str())
        .collect();
    assert_eq!(names, ["files.read", "files.write"], "{}", run.all());

    let run = folder.scopes(&["schema", "key", "-p", "./hub.yaml"]);
    let schema: Value = serde_json::from_str(&run.out).expect("JSON");
    let schema = jsonschema::draft7::new(&schema).expect("a schema");
    let is_valid = |call: &str| {
        let key = serde_json::json!({ "provider": "./hub.yaml", "name": "k", "needs": { "endpoints": [call] } });
        schema.is_valid(&key)
    };
    for call in [
        "GET /contents/a/b",
        "GET /contents/{x...}",
        "PATCH /tokens",
        "GET /ex/jira/7/contents/a/b/c?x=1",
        "GET https://a.hub.example/api/tokens",
    ] {
        assert!(is_valid(call), "{call}");
    }
    for call in [
        "GET /contents",
        "PATCH /contents/a",
        "GET /ex/7/search",
        "TRACE /tokens",
    ] {
        assert!(!is_valid(call), "{call}");
    }
}

fn lint(catalog: &str) -> Vec<String> {
    let folder = Folder::new("routes-lint");
    folder.write(
        "a.yaml",
        format!("provider: a\nscopes:\n  s: {{ summary: s }}\n{catalog}"),
    );
    let run = folder.scopes(&[
        "lint",
        "a.yaml",
        "--format",
        "short",
        "--today",
        "2026-11-22",
    ]);
    assert!(run.status < 2, "{}", run.all());
    run.out.lines().map(str::to_owned).collect()
}

#[test]
fn what_is_malformed_says_why_and_where() {
    insta::assert_snapshot!(
        lint(
            "environments:
  live: { base: [\"https://{x.example\", \"https://{}.example\", \"/v1/{a...}\"] }
endpoints:
  GET /a/{b...}/c: s
  GET /a/x{b...}: s
  GET|GET /a: s
  GET|/b: s
  get|POST /c: s
  GET|ANY /d: s
  GET|POST /e: s
  POST /e: s
  ANY /f: s
  ANY /f/: s
recipes:
  r: { summary: r, endpoints: [GET|POST /e] }
examples:
  - { scopes: [s], endpoint: ANY /e, verdict: allowed }
"
        )
        .join("\n")
    );
}

#[test]
fn dead_patterns_are_one_finding_an_entry() {
    insta::assert_snapshot!(
        lint(
            "environments:
  live: { base: [\"https://*.example\", \"api.example/v1\", \"https://x.example/v1\"] }
  test: { base: \"https://test.example/v1?key=1\" }
endpoints:
  GET|POST /a/*/**: s
  GET /b/{path*}: s
  ANY /c: s
  GET|HEAD|POST /c: s
  PUT|PATCH|DELETE|OPTIONS /c: s
"
        )
        .join("\n")
    );
}

#[test]
fn one_entry_with_several_methods_is_one_finding() {
    insta::assert_snapshot!(
        lint(
            "key_types: { x: {}, y: {} }
endpoints:
  ANY /a: { scope: s, rejected: never }
  GET|POST /b/{id}: s
  GET|POST /b/me: { auth: any-key }
"
        )
        .join("\n")
    );
}

#[test]
fn bases_and_endpoints_are_bounded() {
    let lint = |catalog: Value| -> String {
        let folder = Folder::new("routes-bounds");
        folder.write("a.json", catalog.to_string());
        let run = folder.scopes(&["lint", "a.json", "--format", "short"]);
        run.out
    };
    let bases: Vec<String> = (0..1001)
        .map(|number| format!("/v{number}/{{a}}"))
        .collect();
    let out =
        lint(serde_json::json!({ "provider": "a", "environments": { "live": { "base": bases } } }));
    assert!(
        out.contains("error[wrong-type] a catalog may have at most 1000 bases"),
        "{out}"
    );
    let methods: Vec<String> = (b'A'..=b'Z')
        .flat_map(|first| [format!("X{}", first as char), format!("Y{}", first as char)])
        .collect();
    let name = format!("{} /a", methods.join("|"));
    let note = "n".repeat(2_000_000);
    let out = lint(serde_json::json!({ "provider": "a", "endpoints": {
        name: { "auth": "none", "note": note },
        "GET /b": { "auth": "none" },
    } }));
    assert!(
        out.contains(
            "the endpoints of a catalog may have at most 64 MiB, each with its methods and modes"
        ),
        "{out}"
    );
    assert_eq!(out.matches("error[").count(), 1, "{out}");
    let entries: Vec<(String, Value)> = (0..8000)
        .map(|number| (format!("ANY /a{number}"), "s".into()))
        .collect();
    let entries: serde_json::Map<String, Value> = entries.into_iter().collect();
    let out = lint(serde_json::json!({ "provider": "a", "endpoints": entries }));
    assert!(
        out.contains("at most 50000 entries, and this one has 56000"),
        "{out}"
    );
}

/// An overlay corrects single endpoints; `ANY` leaves what is named.
#[test]
fn overlays_correct_single_methods() {
    let folder = Folder::new("routes-overlay");
    folder.write(
        "over.yaml",
        "provider: piratecrew\nextends: piratecrew\nendpoints:\n  GET|POST /v2/health: { auth: any-key }\n  \
         ANY /v2/docs: { auth: any-key }\n",
    );
    let run = folder.scopes(&["show", "./over.yaml", "--format", "json"]);
    let json: Value = serde_json::from_str(&run.out).expect("JSON");
    let endpoints = json["endpoints"].as_array().expect("endpoints").iter();
    let rows: Vec<String> = endpoints
        .filter(|one| matches!(one["path"].as_str(), Some("/v2/health" | "/v2/docs")))
        .map(|one| {
            let text = |field: &str| one[field].as_str().expect("a text").to_owned();
            format!("{} {} {}", text("method"), text("path"), text("auth"))
        })
        .collect();
    assert_eq!(
        rows[..3],
        [
            "GET /v2/health any-key",
            "POST /v2/health any-key",
            "GET /v2/docs none"
        ]
    );
    assert_eq!(rows.len(), 9, "{rows:?}");
}

/// An entry with several methods is in step with an import that writes them one by one.
#[test]
fn an_import_is_in_step_with_entries_of_several_methods() {
    let folder = Folder::new("routes-import");
    folder.write(
        "api.json",
        r#"{"openapi":"3.1.0","info":{"title":"Acme","version":"1"},
        "servers":[{"url":"https://{tenant}.acme.example/v1"},{"url":"https://{x/v1"}],
        "paths":{"/a":{"get":{"security":[]},"post":{"security":[]}},"/f/{path...}":{"get":{"security":[]}}}}"#,
    );
    let options = ["import", "openapi", "api.json", "--today", "2026-11-22"];
    let run = folder.scopes(&[&options[..], &["-o", "acme.yaml"]].concat());
    assert!(run.status < 2, "{}", run.all());
    let text = folder.read("acme.yaml");
    assert!(
        text.contains("base: https://{tenant}.acme.example/v1")
            || text.contains("base: \"https://{tenant}.acme.example/v1\""),
        "{text}"
    );
    assert!(text.contains("GET /f/{path...}:"), "{text}");
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.contains("POST /a"))
        .collect();
    let text = lines.join("\n").replace("GET /a:", "GET|POST /a:") + "\n";
    assert!(text.contains("GET|POST /a"), "{text}");
    folder.write("acme.yaml", &text);
    let check = folder.scopes(&[&options[..], &["--merge", "acme.yaml", "--check"]].concat());
    assert_eq!(check.status, 0, "{}", check.all());
}
