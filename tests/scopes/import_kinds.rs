//! `import`: one small document for each kind of thing that documents say about security, with the right value beside
//! it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::dice::Dice;
use crate::program::{Folder, Run};

const SCHEMES: &str = "
components:
  securitySchemes:
    oauth: { type: oauth2, flows: { clientCredentials: { tokenUrl: 'https://a.example', scopes: { r: see, w: change } } } }
    k: { type: apiKey, in: header, name: X-Key }
    token: { type: http, scheme: bearer }
";

fn import(folder: &Folder, arguments: &[&str]) -> Run {
    folder.scopes(&[&["import"][..], arguments, &["--today", "2026-11-22"]].concat())
}

/// A document of these paths, in block style, and the schemes above.
fn document(paths: &str) -> String {
    format!("openapi: 3.1.0\ninfo: {{ title: Acme, version: '1' }}\n{paths}{SCHEMES}")
}

/// Imports one document and returns what was printed, catalog and remarks.
fn of(name: &str, text: &str, options: &[&str]) -> Run {
    let folder = Folder::new(name);
    folder.write("api.yaml", text);
    import(&folder, &[&["openapi", "api.yaml"], options].concat())
}

fn assert_line(run: &Run, line: &str) {
    let is_there = run.out.lines().any(|one| one.trim() == line);
    assert!(is_there, "no line `{line}` in\n{}", run.all());
}

#[test]
fn optional_security_keeps_its_scopes() {
    for (security, right) in [
        ("[{ oauth: [w] }, {}]", "{ scope: w, optional: true }"),
        ("[{}, { oauth: [w] }]", "{ scope: w, optional: true }"),
        (
            "[{}, { k: [] }]",
            "{ auth: any-key, key_types: [k], optional: true }",
        ),
        ("[{}]", "{ auth: none }"),
        ("[{}, {}]", "{ auth: none }"),
        ("[]", "{ auth: none }"),
        ("[{}, null]", "{ auth: not-stated }"),
        ("[{}, oauth]", "{ auth: not-stated }"),
        ("[{}, { oauth: [{ a: b }] }]", "{ auth: not-stated }"),
        ("null", "{ auth: not-stated }"),
        ("true", "{ auth: not-stated }"),
        ("{ oauth: [w] }", "w"),
        ("['oauth']", "{ auth: not-stated }"),
        ("[{ oauth: { w: true } }]", "{ auth: not-stated }"),
        // RFC 6749: a scope has no space.
        ("[{ oauth: 'r w' }]", "{ all: [r, w] }"),
        ("[{ oauth: ['r w'] }]", "{ all: [r, w] }"),
    ] {
        let paths = format!(
            "paths:\n  /a: {{ post: {{ security: {security} }} }}\n  /z: {{ get: {{ security: [{{ k: [] }}] }} }}\n  /y: {{ get: {{ security: [{{ oauth: [r] }}] }} }}\n"
        );
        let run = of("optional", &document(&paths), &["--array", "all"]);
        assert_line(&run, &format!("POST /a: {right}"));
        let says = run
            .err
            .contains("1 operation names scopes and may also be called without a key");
        assert_eq!(says, right.starts_with("{ scope: w, opt"), "{}", run.all());
    }
}

#[test]
fn an_empty_list_in_a_document_without_schemes_says_nothing() {
    let text = "swagger: '2.0'\ninfo: { title: Acme }\nsecurity: []\npaths:\n  /a: { get: {} }\n  /b: { get: { security: [] } }\n";
    let run = of("silent", text, &[]);
    assert_line(&run, "GET /a: { auth: not-stated }");
    assert_line(&run, "GET /b: { auth: none }");
}

#[test]
fn extensions_add_to_security_and_never_take_from_it() {
    let permission = "x-p: { operator: OR, permissions: [w] }";
    let entries = "x-p: [{ scheme: oauth, state: Beta, scopes: [w, r] }, { scheme: oauth, state: Current, scopes: [] }]";
    for (operation, option, right) in [
        // Ways that name scopes, and public operations, stay as they are.
        (
            "security: [{ oauth: [r] }, {}], x-p: [x]",
            "x-p",
            "{ scope: r, optional: true }",
        ),
        ("security: [], x-p: [x]", "x-p", "{ auth: none }"),
        ("security: [{}], x-p: [x]", "x-p", "{ auth: none }"),
        ("security: [], x-p: [x]", "x-p=new", "{ auth: none }"),
        // A mapping is read by its fields.
        (
            &format!("security: [{{ k: [] }}], {permission}"),
            "x-p",
            "{ scope: w, key_types: [k] }",
        ),
        (
            &format!("security: [{{ k: [] }}], {permission}"),
            "x-p.permissions",
            "{ scope: w, key_types: [k] }",
        ),
        (
            "security: [{ k: [] }], x-p: { operator: OPEN, permissions: [] }",
            "x-p",
            "{ auth: any-key, key_types: [k] }",
        ),
        (
            "security: [{ k: [] }], x-p: { level: high, state: Beta }",
            "x-p",
            "{ auth: not-stated }",
        ),
        (
            "security: [{ k: [] }], x-p: 7",
            "x-p",
            "{ auth: not-stated }",
        ),
        // Each entry is one way in, with all of its scopes.
        (
            &format!("security: [{{ oauth: [] }}], {entries}"),
            "x-p",
            "{ all: [r, w] }",
        ),
        (
            &format!(
                "security: [{{ oauth: [r] }}], {}",
                entries.replace("w, r", "w")
            ),
            "x-p",
            "{ any: [r, w] }",
        ),
        (
            &format!("security: [{{ k: [] }}], {entries}"),
            "x-p",
            "{ auth: any-key, key_types: [k] }",
        ),
        // For a key type of the user.
        (
            "security: [{ k: [] }], x-p: x",
            "x-p=new",
            "{ any: [{ auth: any-key, key_types: [k] }, x] }",
        ),
        ("security: [{ oauth: [] }], x-p: w", "x-p=oauth", "w"),
        // What cannot be read may ask for more.
        ("security: [null], x-p: x", "x-p", "{ auth: not-stated }"),
    ] {
        let paths = format!(
            "paths:\n  /a: {{ get: {{ {operation} }} }}\n  /k: {{ get: {{ security: [{{ k: [] }}, {{ oauth: [r] }}, {{ token: [] }}] }} }}\n"
        );
        let run = of(
            "extension",
            &document(&paths),
            &["--extension", option, "--array", "all"],
        );
        assert_line(&run, &format!("GET /a: {right}"));
        for word in ["OR:", "OPEN:", "Beta:", "Current:"] {
            assert!(!run.out.contains(word), "{}", run.all());
        }
    }
}

#[test]
fn what_is_found_may_be_undeclared_and_a_word_everywhere_is_doubted() {
    let paths = "paths:\n  /a: { x-s: typo, get: { security: [{ oauth: [] }] } }\n  /b: { x-s: typo, get: { security: [{ oauth: [] }], x-s: w } }\n";
    let run = of("undeclared", &document(paths), &["--extension", "x-s"]);
    assert_line(&run, "GET /a: typo");
    assert_line(&run, "GET /b: w");
    assert_line(&run, "typo: { undeclared: true }");
    assert!(
        run.err.contains("1 scope is used but not declared"),
        "{}",
        run.all()
    );
    let many: Vec<String> = (0..220)
        .map(|n| format!("  /p{n}: {{ get: {{ security: [{{ k: [] }}], x-s: [Beta] }} }}"))
        .collect();
    let many = many.join("\n") + "\n";
    let run = of(
        "frequent",
        &document(&format!("paths:\n{many}")),
        &["--extension", "x-s"],
    );
    assert!(
        run.err
            .contains("`Beta` is found on 220 operations, and no scheme declares it"),
        "{}",
        run.all()
    );
    let run = of(
        "bad-route",
        &document("paths: {}\n"),
        &["--extension", "x-s[b]"],
    );
    assert_eq!(run.status, 2, "{}", run.all());
}

#[test]
fn an_import_without_a_scope_names_the_option_to_try() {
    for (operations, says) in [
        (
            "get: { x-need: { level: 1, scope: [a.read] }, security: [{ k: [] }] }",
            "0 scopes: 1 operation has `x-need`: --extension x-need\n",
        ),
        (
            "get: { x-oauth: { needs: [a.read], other: [b.read] }, security: [{ k: [] }] }",
            "0 scopes: 1 operation has `x-oauth`: --extension x-oauth.needs\n",
        ),
        (
            "get: { description: 'Needs the scope `a:read` here', security: [{ k: [] }] }",
            "0 scopes: 1 description speaks of a scope: --scope-pattern '`([a-z][\\w-]*(?::[\\w.*-]+)+)`' finds it in 1\n",
        ),
    ] {
        let text = document(&format!("paths:\n  /a: {{ {operations} }}\n"));
        let run = of("hints", &text, &[]);
        assert!(run.err.contains(says), "{}", run.all());
        // The option that is named works.
        let option = says
            .split(": --")
            .nth(1)
            .expect("an option")
            .split(" finds")
            .next();
        let (name, value) = option
            .expect("words")
            .trim()
            .split_once(' ')
            .expect("a value");
        let value = value.trim_matches('\'');
        let run = of(
            "hinted",
            &text,
            &[&format!("--{name}"), value, "--array", "all"],
        );
        assert!(!run.err.contains("0 scopes"), "{}", run.all());
        assert!(run.out.contains("read"), "{}", run.all());
    }
}

#[test]
fn every_server_is_a_base() {
    let text = document(
        "servers:
  - { url: 'https://{region}.acme.com/v1', variables: { region: { default: us, enum: [us, eu] } } }
  - { url: 'https://{tenant}.acme.com/v1', variables: { tenant: { default: demo } } }
  - { url: 'https://api.acme.dev/v1' }
  - { url: 'https://x.acme.com', description: 'Live. Use the sandbox to test.' }
  - { url: 'https://qa.acme.com/v1' }
  - { url: 'https://pre-prod.acme.com/v1' }
  - { url: 'http://localhost:8080/v1' }
paths:
  /a:
    servers: [{ url: 'https://upload.acme.com/v1' }]
    get: { security: [{ k: [] }] }
    post: { security: [{ k: [] }], servers: [{ url: 'https://int.acme.com/v1' }] }
",
    );
    let run = of("servers", &text, &["--format", "json"]);
    let catalog: Value = serde_json::from_str(&run.out).expect("JSON");
    let environments = &catalog["environments"];
    assert_eq!(
        environments["production"]["base"],
        serde_json::json!([
            "https://us.acme.com/v1",
            "https://eu.acme.com/v1",
            "https://{tenant}.acme.com/v1",
            "https://api.acme.dev/v1",
            "https://x.acme.com",
            "https://upload.acme.com/v1",
        ])
    );
    for (name, base) in [
        ("qa", "https://qa.acme.com/v1"),
        ("preprod", "https://pre-prod.acme.com/v1"),
        ("integration", "https://int.acme.com/v1"),
    ] {
        assert_eq!(environments[name]["base"], base, "{environments}");
        assert_eq!(environments[name]["production"], Value::Null);
    }
    let text = document(
        "servers: [{ url: '{apiRoot}/orders/v1', variables: { apiRoot: { default: 'http://localhost:9091' } } }]\npaths:\n  /a: { get: { security: [{ k: [] }] } }\n",
    );
    let run = of("root", &text, &[]);
    assert_line(&run, "production: { production: true, base: /orders/v1 }");
    let text = "swagger: '2.0'\ninfo: { title: A }\nhost: api.acme.com\nbasePath: /v2\nschemes: [http, https, wss]\nx-test-hosts: [qa.acme.com]\npaths: { /a: { get: {} } }\n";
    let run = of("hosts", text, &[]);
    assert_line(
        &run,
        "production: { production: true, base: https://api.acme.com/v2 }",
    );
    assert_line(&run, "qa: { base: https://qa.acme.com/v2 }");
}

const FIRST: &str = "openapi: 3.0.0
info: { title: First, version: '1' }
servers: [{ url: 'https://a.acme.com' }]
paths:
  /same: { get: { security: [{ oauth: [r] }] } }
  /stricter: { get: { security: [{ oauth: [r] }] } }
  /apart: { get: { security: [{ oauth: [r] }] } }
  /open: { get: { security: [] } }
  /kind: { get: { security: [{ auth: [] }] } }
components:
  securitySchemes:
    oauth: { type: oauth2, flows: { implicit: { scopes: { r: see } } } }
    auth: { type: apiKey, in: header, name: X }
";
const SECOND: &str = "openapi: 3.0.0
info: { title: Second, version: '1' }
servers: [{ url: 'https://b.acme.com' }]
paths:
  /same: { get: { security: [{ oauth: [r] }] } }
  /stricter: { get: { security: [{ oauth: [r, w] }] } }
  /apart: { get: { security: [{ auth: [x] }] } }
  /open: { get: { security: [{ oauth: [w] }] } }
  /other: { get: { security: [{ auth: [x] }] } }
components:
  securitySchemes:
    oauth: { type: oauth2, flows: { implicit: { scopes: { r: see, w: change } } } }
    auth: { type: oauth2, flows: { implicit: { scopes: { x: all } } } }
";

#[test]
fn several_documents_make_one_catalog_that_opens_no_more() {
    let folder = Folder::new("several");
    folder
        .write("api/a.yaml", FIRST)
        .write("api/b.yaml", SECOND);
    let named = import(
        &folder,
        &[
            "openapi",
            "api/a.yaml",
            "api/b.yaml",
            "--provider",
            "acme",
            "--array",
            "all",
        ],
    );
    for line in [
        "GET /same: r",
        "GET /stricter: { all: [r, w] }",
        "GET /apart: { auth: not-stated }",
        "GET /open: w",
        "GET /kind: { auth: any-key, key_types: [auth] }",
        "GET /other: x",
        "production: { production: true, base: [https://a.acme.com, https://b.acme.com] }",
    ] {
        assert_line(&named, line);
    }
    for says in [
        "api/b.yaml:13:5: the scheme `auth` is `oauth2`, and in api/a.yaml:13:5 it is `apikey header x`; here it is the key type `auth-oauth2`",
        "api/b.yaml:6:3: `GET /stricter` has another requirement in api/a.yaml:6:3",
        "api/b.yaml:7:3: `GET /apart` has another requirement in api/a.yaml:7:3",
        "api/b.yaml:8:3: `GET /open` has another requirement in api/a.yaml:8:3",
    ] {
        assert!(named.err.contains(says), "{says}\n{}", named.all());
    }
    assert!(!named.err.contains("GET /same"), "{}", named.all());
    // A folder of both is the same, and so is the other order but for names.
    let of_a_folder = import(
        &folder,
        &["openapi", "api", "--provider", "acme", "--array", "all"],
    );
    assert_eq!(of_a_folder.out, named.out);
    let turned = import(
        &folder,
        &[
            "openapi",
            "api/b.yaml",
            "api/a.yaml",
            "--provider",
            "acme",
            "--array",
            "all",
        ],
    );
    for line in [
        "GET /stricter: { all: [r, w] }",
        "GET /apart: { auth: not-stated }",
        "GET /open: w",
    ] {
        assert_line(&turned, line);
    }
}

#[test]
fn the_newest_edition_of_openapi() {
    let text = "openapi: 3.2.0
info: { title: Acme }
x-flow: { scopes: { $ref: '#/x-scopes' } }
x-scopes: { r: see, w: change }
x-req: { read: { oauth: [r] }, list: [r, w] }
paths:
  /a:
    additionalOperations: { COPY: { security: [{ oauth: [w] }] } }
    query: { security: [{ '#/components/securitySchemes/oauth': [r] }] }
    get: { security: { $ref: '#/x-req/read' } }
    put: { security: [{ $ref: '#/x-req/read' }] }
    post: { security: [{ oauth: { $ref: '#/x-req/list' } }] }
    delete: { security: [{ $ref: '#/x-req/gone' }] }
    patch: { security: [{ $ref: '#/x-req/read', k: [] }] }
  /b: { get: { security: [{ meta: [anything] }] }, put: { security: [{ device: [d] }] }, post: { security: [{ lost: [any] }] } }
components:
  securitySchemes:
    oauth: { type: oauth2, flows: { authorizationCode: { $ref: '#/x-flow' } } }
    meta: { type: oauth2, oauth2MetadataUrl: 'https://acme.example/meta' }
    device: { type: oauth2, deprecated: true, flows: { deviceAuthorization: { scopes: { d: device } } } }
    lost: { $ref: 'https://acme.example/scheme' }
";
    let run = of("newest", text, &["--array", "all"]);
    for line in [
        "COPY /a: w",
        "QUERY /a: { scope: r, effect: read }",
        "GET /a: r",
        "PUT /a: r",
        "POST /a: { all: [r, w] }",
        "DELETE /a: { auth: not-stated }",
        "PATCH /a: { auth: not-stated }",
        "GET /b: anything",
        "PUT /b: d",
        "POST /b: any",
        "device: { note: \"the document calls `device` deprecated\" }",
    ] {
        assert_line(&run, line);
    }
    assert!(!run.all().contains("undeclared"), "{}", run.all());
    assert!(
        !run.all().contains("no such security scheme"),
        "{}",
        run.all()
    );
    assert_eq!(
        run.err.matches("acme.example/scheme").count(),
        1,
        "{}",
        run.all()
    );
}

#[test]
fn templates_in_every_spelling() {
    let text = document(
        "paths:
  '/v1/{name=projects/*}:run': { post: { security: [{ k: [] }] } }
  '/items{/id}': { get: { security: [{ k: [] }] } }
  '/opt/{id?}': { get: { security: [{ k: [] }] } }
  '/p/{proxy+}': { get: { security: [{ k: [] }] } }
  '/star/**': { get: { security: [{ k: [] }] } }
  '/deep/{name=**}:run': { post: { security: [{ k: [] }] } }
",
    );
    let run = of("templates", &text, &[]);
    for path in [
        "POST /v1/projects/{name}:run",
        "GET /items/{id}",
        "GET /opt/{id}",
        "GET /p/{proxy...}",
        "GET /star/{rest...}",
    ] {
        assert!(run.out.contains(path), "{path}: {}", run.all());
    }
    assert!(
        run.err.contains("the path `/deep/{name=**}:run` takes several segments for `{name=**}`, which a catalog can only say at its end; left out: POST"),
        "{}",
        run.all()
    );
    assert_eq!(run.status, 1);
}

#[test]
fn a_catalog_remembers_how_it_was_imported() {
    let folder = Folder::new("remembers");
    let text = document(
        "servers: [{ url: 'https://sub.acme.com' }]\npaths:\n  /a: { get: { tags: [t], summary: See, security: [{ oauth: [r, w] }] } }\n  /b: { get: { tags: [t], security: [{ k: [] }], x-s: [x], description: needs `y:z` } }\n  /c: { get: { tags: [u] } }\n",
    );
    folder.write("api.yaml", &text);
    let first = import(
        &folder,
        &[
            "openapi",
            "api.yaml",
            "-o",
            "acme.yaml",
            "--provider",
            "own",
            "--array",
            "any",
            "--extension",
            "x-s=new",
            "--scope-pattern",
            "`([a-z]:[a-z])`",
            "--tag",
            "t",
            "--no-summaries",
        ],
    );
    assert_eq!(first.status, 0, "{}", first.all());
    let written = folder.read("acme.yaml");
    let digest = scopes::source::Digest::of([text.as_str()]);
    assert!(
        written.contains(digest.as_str().trim_start_matches("sha256:")),
        "{written}"
    );
    for line in ["reading: any", "reviewed: false"] {
        assert!(written.lines().any(|one| one == line), "{written}");
    }
    for arguments in [
        &["openapi", "api.yaml", "-o", "acme.yaml", "--check"][..],
        &["openapi", "api.yaml", "--merge", "acme.yaml", "--check"],
    ] {
        let run = import(&folder, arguments);
        assert_eq!(run.status, 0, "{}", run.all());
    }
    // An option of the command line wins.
    let all = import(
        &folder,
        &[
            "openapi",
            "api.yaml",
            "--merge",
            "acme.yaml",
            "--check",
            "--array",
            "all",
        ],
    );
    assert_eq!(all.status, 1, "{}", all.all());
    // Importing twice is the same to the byte.
    import(
        &folder,
        &[
            "openapi",
            "api.yaml",
            "--merge",
            "acme.yaml",
            "-o",
            "again.yaml",
        ],
    );
    assert_eq!(folder.read("again.yaml"), written);
    // By hand: the host, and that somebody has looked.
    let by_hand = written
        .replace("base: https://sub.acme.com", "base: https://own.acme.com")
        .replace("reviewed: false", "reviewed: true");
    assert_ne!(by_hand, written);
    folder.write("acme.yaml", &by_hand);
    import(
        &folder,
        &[
            "openapi",
            "api.yaml",
            "--merge",
            "acme.yaml",
            "-o",
            "acme.yaml",
        ],
    );
    assert_eq!(folder.read("acme.yaml"), by_hand);
    // A server that the document gains comes in beside it.
    let more = text.replace("servers: [", "servers: [{ url: 'https://eu.acme.com' }, ");
    folder.write("api.yaml", &more);
    let run = import(&folder, &["openapi", "api.yaml", "--merge", "acme.yaml"]);
    assert!(
        run.out
            .contains("base: [https://eu.acme.com, https://own.acme.com]"),
        "{}",
        run.all()
    );
}

#[test]
fn a_damaged_document_says_what_is_lost() {
    let folder = Folder::new("damaged");
    let whole = r#"{"openapi":"3.0.0","info":{"title":"A"},"components":{"securitySchemes":{"k":{"type":"apiKey"}}},"paths":{"/a":{"get":{"security":[{"k":[]}]}},"/b":{"get":{"security":[{"k":[]}]}}}}"#;
    folder
        .write("whole.json", whole)
        .write("cut.json", &whole[..whole.len() - 14]);
    let run = import(&folder, &["openapi", "whole.json", "--strict"]);
    assert_eq!(run.status, 0, "{}", run.all());
    let run = import(&folder, &["openapi", "cut.json", "-o", "a.yaml"]);
    assert_eq!(run.status, 1, "{}", run.all());
    for says in ["cut.json is damaged: ", "2 operations were read"] {
        assert!(run.all().contains(says), "{}", run.all());
    }
    let strict = import(
        &folder,
        &["openapi", "cut.json", "-o", "strict.yaml", "--strict"],
    );
    assert_eq!(strict.status, 2, "{}", strict.all());
    assert!(!folder.path("strict.yaml").exists());
    // Files that refer to each other in a circle.
    folder
        .write(
            "loop.yaml",
            document(
                "paths:\n  /a: { $ref: 'l1.yaml' }\n  /b: { get: { security: [{ k: [] }] } }\n",
            ),
        )
        .write("l1.yaml", "$ref: l2.yaml\n")
        .write("l2.yaml", "$ref: l1.yaml\n");
    let run = import(&folder, &["openapi", "loop.yaml"]);
    assert_eq!(run.status, 1, "{}", run.all());
    assert!(
        run.err.contains("refers back to itself") && run.err.contains("1 is left out"),
        "{}",
        run.all()
    );
    assert!(run.out.contains("GET /b"), "{}", run.all());
}

#[test]
fn media_uploads_are_endpoints() {
    let folder = Folder::new("uploads");
    folder.write(
        "drive.json",
        r#"{"name":"drive","rootUrl":"https://www.example.com/","servicePath":"drive/v3/","auth":{"oauth2":{"scopes":{"s":{}}}},
        "methods":{"create":{"id":"c","path":"files","httpMethod":"POST","scopes":["s"],"mediaUpload":{"protocols":{
          "simple":{"path":"/upload/drive/v3/files"},"resumable":{"path":"/resumable/upload/drive/v3/files"}}}}}}"#,
    );
    let run = import(&folder, &["google", "drive.json"]);
    for line in [
        "POST /drive/v3/files: s",
        "POST /upload/drive/v3/files: s",
        "POST /resumable/upload/drive/v3/files: s",
    ] {
        assert_line(&run, line);
    }
}

#[test]
fn recommend_says_what_the_other_reading_would_be() {
    let folder = Folder::new("reading");
    folder.write("api.yaml", document("paths:\n  /a: { get: { security: [{ oauth: [r, w] }] } }\n  /b: { get: { security: [{ oauth: [r] }] } }\n"));
    for (array, says, other) in [
        (
            "all",
            "arrays of scopes are read as all-of; as any-of it would be w",
            "any",
        ),
        (
            "any",
            "arrays of scopes are read as any-of; as all-of it would be r, w",
            "all",
        ),
    ] {
        let name = format!("{array}.yaml");
        import(
            &folder,
            &["openapi", "api.yaml", "--array", array, "-o", &name],
        );
        let path = format!("./{name}");
        let ask = ["recommend", "-p", &path, "--endpoint", "GET /a"];
        let run = folder.scopes(&ask);
        assert!(run.out.contains(says), "{}", run.all());
        let run = folder.scopes(&[&ask[..], &["--format", "json"]].concat());
        let answer: Value = serde_json::from_str(&run.out).expect("JSON");
        assert_eq!(answer["reading"], array);
        assert_eq!(answer["other_reading"]["reading"], other, "{}", run.all());
        let run = folder.scopes(&["recommend", "-p", &path, "--endpoint", "GET /b"]);
        assert!(!run.out.contains("arrays of scopes"), "{}", run.all());
    }
}

/// Documents by chance, against a reading of OpenAPI's sentences that shares nothing with the importer.
#[test]
fn every_operation_is_as_its_document_says() {
    let mut dice = Dice(23);
    let names = ["r", "w", "x"];
    for round in 0..40 {
        let mut paths = String::from("paths:\n");
        let mut right = Vec::new();
        for path in 0..8 {
            let mut requirements = Vec::new();
            let mut ways: BTreeSet<(String, BTreeSet<&str>)> = BTreeSet::new();
            let mut is_open = false;
            for _ in 0..dice.roll(4) {
                match dice.roll(4) {
                    0 => {
                        is_open = true;
                        requirements.push("{}".to_owned());
                    }
                    1 => {
                        requirements.push("{ k: [] }".to_owned());
                        ways.insert(("k".to_owned(), BTreeSet::new()));
                    }
                    _ => {
                        let some: Vec<&str> =
                            names.into_iter().filter(|_| dice.roll(2) == 0).collect();
                        requirements.push(format!("{{ oauth: [{}] }}", some.join(", ")));
                        ways.insert(("oauth".to_owned(), some.into_iter().collect()));
                    }
                }
            }
            let kept: Vec<String> = ways
                .iter()
                .filter(|(key_type, scopes)| {
                    !ways.iter().any(|(other, fewer)| {
                        other == key_type && fewer != scopes && fewer.is_subset(scopes)
                    })
                })
                .map(|(key_type, scopes)| {
                    let scopes: Vec<&str> = scopes.iter().copied().collect();
                    format!("{key_type}:{}", scopes.join("+"))
                })
                .collect();
            paths.push_str(&format!(
                "  /p{path}: {{ get: {{ security: [{}] }} }}\n",
                requirements.join(", ")
            ));
            right.push((kept, is_open));
        }
        // Both types are always used, so that the catalog has both.
        paths.push_str("  /z: { get: { security: [{ k: [] }, { oauth: [r] }] } }\n");
        let folder = Folder::new("by-chance");
        folder.write("api.yaml", document(&paths));
        import(
            &folder,
            &["openapi", "api.yaml", "--array", "all", "-o", "acme.yaml"],
        );
        let run = folder.scopes(&["show", "./acme.yaml", "--format", "json"]);
        let show: Value = serde_json::from_str(&run.out).expect("JSON");
        for (number, (ways, is_open)) in right.iter().enumerate() {
            let endpoints = show["endpoints"].as_array().expect("endpoints");
            let path = format!("/p{number}");
            let endpoint = endpoints
                .iter()
                .find(|one| one["path"] == path.as_str())
                .expect("it");
            let mut found = Vec::new();
            for way in endpoint["requires"].as_array().expect("ways") {
                let scopes: Vec<&str> = way["scopes"]
                    .as_array()
                    .expect("scopes")
                    .iter()
                    .filter_map(Value::as_str)
                    .collect();
                for key_type in way["key_types"].as_array().expect("types") {
                    found.push(format!(
                        "{}:{}",
                        key_type.as_str().expect("a name"),
                        scopes.join("+")
                    ));
                }
            }
            found.sort();
            let mut ways = ways.clone();
            ways.sort();
            assert_eq!(found, ways, "round {round}, {path}: {paths}");
            assert_eq!(
                endpoint["auth"] == "none",
                ways.is_empty(),
                "round {round}, {path}: {paths}"
            );
            let optional = endpoint["optional"] == true;
            assert_eq!(
                optional,
                *is_open && !ways.is_empty(),
                "round {round}, {path}: {paths}"
            );
        }
    }
}

#[test]
fn who_sends_more_credentials_may_do_what_fewer_may() {
    let folder = Folder::new("import-more-credentials");
    folder.write(
        "api.yaml",
        "openapi: 3.0.0
info: {title: mini, version: '1'}
servers: [{url: 'https://{name}', variables: {name: {default: api.mini.example}}}]
components:
  securitySchemes:
    k: {type: apiKey, in: header, name: K}
    l: {type: apiKey, in: header, name: L}
    o: {type: oauth2, flows: {clientCredentials: {tokenUrl: t, scopes: {a: see}}}}
paths:
  /k: {get: {security: [{k: []}]}}
  /kl: {get: {security: [{k: [], l: []}]}}
  /o: {get: {security: [{o: [a]}]}}
",
    );
    let run = folder.scopes(&["import", "openapi", "api.yaml", "-o", "mini.yaml"]);
    assert_eq!(run.status, 0, "{}", run.all());
    let text = folder.read("mini.yaml");
    assert!(text.contains("base: https://api.mini.example"), "{text}");
    for (endpoint, key_type, status) in [
        ("GET /k", "k", 0),
        ("GET /k", "k+l", 0),
        ("GET /k", "o", 1),
        ("GET /kl", "k", 1),
        ("GET /kl", "k+l", 0),
        ("GET /o", "k+l", 1),
    ] {
        let run = folder.scopes(&[
            "recommend",
            "-p",
            "./mini.yaml",
            "--key-type",
            key_type,
            "--endpoint",
            endpoint,
        ]);
        assert_eq!(run.status, status, "{endpoint} {key_type}: {}", run.all());
    }
}

#[test]
fn a_mode_that_was_written_by_hand_stays_whatever_it_is_called() {
    let folder = Folder::new("import-hand-mode");
    folder.write(
        "api.yaml",
        "openapi: 3.0.0
info: {title: mini, version: '1'}
components: {securitySchemes: {o: {type: oauth2, flows: {clientCredentials: {tokenUrl: t, scopes: {a: see}}}}}}
paths:
  /p: {put: {security: []}, get: {security: [{o: [a]}]}}
",
    );
    let import = ["import", "openapi", "api.yaml", "-o", "mini.yaml"];
    assert_eq!(folder.scopes(&import).status, 0);
    for mode in ["default", "standard"] {
        let text = folder.read("mini.yaml");
        let text = text.replace(
            "  PUT /p: { auth: none }",
            &format!("  PUT /p: {{ modes: {{ {mode}: {{ scope: a }} }} }}"),
        );
        let text = text.replace("scopes:\n", &format!("modes: [{mode}]\nscopes:\n"));
        assert!(text.contains("modes: {"), "{text}");
        folder.write("hand.yaml", text);
        let run =
            folder.scopes(&[&import[..3], &["--merge", "hand.yaml", "-o", "hand.yaml"]].concat());
        assert_eq!(run.status, 0, "{}", run.all());
        let merged = folder.read("hand.yaml");
        assert!(
            merged.contains(&format!("{mode}: {{ scope: a }}")),
            "{merged}"
        );
        assert!(!merged.contains("auth: none"), "{merged}");
    }
}

#[test]
fn where_the_documents_come_from_is_written_by_hand_and_stays() {
    let folder = Folder::new("import-sources");
    let document = "openapi: 3.0.0
info: {title: mini, version: '1'}
components: {securitySchemes: {o: {type: oauth2, flows: {clientCredentials: {tokenUrl: t, scopes: {a: see}}}}}}
paths:
  /p: {get: {security: [{o: [a]}]}}
";
    folder.write("api.yaml", document);
    let import = ["import", "openapi", "api.yaml", "--today", "2026-11-20"];
    let made = folder.scopes(&import);
    assert_eq!(made.status, 0, "{}", made.all());
    let own = "  - { url: api.yaml, verified: 2026-11-20 }\n";
    let by_hand = "  - { url: \"https://git.example/acme/api\", path: spec/api.yaml, commit: 74fda0f, licence: MIT, verified: 2026-11-19 }\n";
    assert!(made.out.contains(own), "{}", made.out);
    folder.write("mini.yaml", made.out.replace(own, by_hand));
    folder.write("api.yaml", document.replace("/p:", "/q:"));
    let merge = [
        "import",
        "openapi",
        "api.yaml",
        "--merge",
        "mini.yaml",
        "-o",
        "mini.yaml",
    ];
    let run = folder.scopes(&merge);
    assert_eq!(run.status, 0, "{}", run.all());
    let merged = folder.read("mini.yaml");
    assert!(
        merged.contains("GET /q: a") && !merged.contains(own),
        "{merged}"
    );
    for part in [
        "https://git.example/acme/api",
        "spec/api.yaml",
        "74fda0f",
        "MIT",
        "2026-11-19",
    ] {
        assert!(merged.contains(part), "{part}: {merged}");
    }
    let told = folder.scopes(&["show", "./mini.yaml", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&told.out).expect("JSON");
    assert_eq!(told["sources"][0]["licence"], "MIT");
}

/// The head of a small document, with credentials of several kinds.
const HEAD: &str = "openapi: 3.0.3
info: {title: mini, version: '1'}
components:
  securitySchemes:
    k: {type: apiKey, in: header, name: K}
    oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: t, scopes: {r: read, w: write}}}}
";

/// The lines of the catalog of a document under `endpoints`, what was said, and the status.
fn imported(name: &str, files: &[(&str, &str)]) -> (String, String, i32) {
    let folder = Folder::new(name);
    let mut arguments = vec!["import", "openapi"];
    for (file, text) in files {
        folder.write(file, text);
        arguments.push(file);
    }
    let run = folder.scopes(&arguments);
    let endpoints = run.out.split("endpoints:\n").nth(1).unwrap_or_default();
    (endpoints.to_owned(), run.err, run.status)
}

#[test]
fn a_line_that_cannot_be_read_opens_nothing() {
    let security = "      security:\n      - oauth:\n";
    for lost in [
        "\t- w",
        "  - w",
        "        } - w",
        "        [ - w",
        "        @",
        "<<<<<<< HEAD\n        - w\n=======",
    ] {
        let text = format!(
            "{HEAD}paths:\n  /a:\n    delete:\n{security}{lost}\n  /b: {{get: {{security: [{{oauth: [r]}}]}}}}\n"
        );
        let (endpoints, said, status) = imported("import-lost-line", &[("api.yaml", &text)]);
        assert_eq!(status, 1, "{lost}: {said}");
        let is_closed = ["DELETE /a: { auth: not-stated }", "DELETE /a: w"]
            .iter()
            .any(|one| endpoints.contains(one));
        assert!(is_closed, "{lost}: {endpoints}{said}");
    }
    let root = format!("{HEAD}security:\n - oauth:\n  - w\npaths:\n  /a: {{delete: {{}}}}\n");
    let (endpoints, ..) = imported("import-lost-root", &[("api.yaml", &root)]);
    assert!(
        endpoints.contains("DELETE /a: { auth: not-stated }"),
        "{endpoints}"
    );
}

#[test]
fn what_contradicts_itself_opens_nothing() {
    for (paths, right) in [
        (
            "  /a: {get: {security: [], security: [{oauth: [w]}]}}",
            "GET /a: { auth: not-stated }",
        ),
        (
            "  /a: {get: {security: []}, get: {security: [{oauth: [w]}]}}",
            "GET /a: { auth: not-stated }",
        ),
        (
            "  /a: {get: {security: []}}\n  /a: {get: {security: [{oauth: [w]}]}}",
            "GET /a: { auth: not-stated }",
        ),
        (
            "  /b/{x}: {get: {security: [{oauth: [r]}]}}\n  /b/{y}: {get: {security: [{oauth: [r, w]}]}}",
            "GET /b/{x}: { all: [r, w] }",
        ),
        (
            "  /b/{x}: {get: {security: [{k: []}]}}\n  /b/{y}: {get: {security: [{oauth: [w]}]}}",
            "GET /b/{x}: { auth: not-stated }",
        ),
        (
            "  /a: {get: {security: {}}}",
            "GET /a: { auth: not-stated }",
        ),
        (
            "  /a: {get: {security: [{oauth: }]}}",
            "GET /a: { auth: not-stated }",
        ),
        ("  /a: {GET: {security: [{oauth: [w]}]}}", "GET /a: w"),
    ] {
        let text =
            format!("{HEAD}paths:\n{paths}\n  /z: {{get: {{security: [{{oauth: [r]}}]}}}}\n");
        let (endpoints, said, _) = imported("import-contradiction", &[("api.yaml", &text)]);
        assert!(endpoints.contains(right), "{paths}: {endpoints}{said}");
    }
    for paths in ["  /d: {post: }", "  /a: {get: {}}\n  /a: {delete: {}}"] {
        let text =
            format!("{HEAD}paths:\n{paths}\n  /z: {{get: {{security: [{{oauth: [r]}}]}}}}\n");
        let (_, said, status) = imported("import-left-out", &[("api.yaml", &text)]);
        assert_eq!(status, 1, "{paths}: {said}");
    }
}

#[test]
fn a_request_that_nothing_tells_apart_must_meet_every_variant() {
    let text = format!(
        "{HEAD}paths:\n  /d#one: {{delete: {{security: []}}}}\n  /d#two: {{delete: {{security: [{{oauth: [w]}}]}}}}\n"
    );
    let folder = Folder::new("import-fragments");
    folder.write("api.yaml", text);
    assert_eq!(
        folder
            .scopes(&["import", "openapi", "api.yaml", "-o", "mini.yaml"])
            .status,
        0
    );
    let run = folder.scopes(&["recommend", "-p", "./mini.yaml", "--endpoint", "DELETE /d"]);
    assert!(run.out.contains("1 scope is enough"), "{}", run.all());
}

#[test]
fn a_path_that_is_written_out_goes_before_a_parameter_below_another_base() {
    for servers in ["https://a.com/v1", "https://a.com"] {
        let text = format!(
            "{HEAD}servers: [{{url: '{servers}'}}]\npaths:\n  /{{id}}: {{get: {{security: []}}}}\n  /v1/me: {{servers: [{{url: 'https://a.com'}}, {{url: 'https://a.com/v1'}}], get: {{security: [{{oauth: [w]}}]}}}}\n"
        );
        let folder = Folder::new("import-literal");
        folder.write("api.yaml", text);
        assert_eq!(
            folder
                .scopes(&["import", "openapi", "api.yaml", "-o", "mini.yaml"])
                .status,
            0
        );
        let run = folder.scopes(&["explain", "-p", "./mini.yaml", "GET https://a.com/v1/me"]);
        assert!(
            run.out.contains("/v1/me") && !run.out.contains("public"),
            "{}",
            run.all()
        );
    }
}

#[test]
fn different_credentials_and_different_addresses_stay_apart() {
    let one = format!(
        "{HEAD}servers: [{{url: 'https://a.com/one/v1'}}]\npaths:\n  /users: {{get: {{security: [{{k: []}}]}}}}\n"
    );
    let two = format!("{HEAD}servers: [{{url: 'https://a.com/two/v1'}}]\npaths:\n  /users: {{get: {{security: [{{k: []}}]}}}}\n").replace("name: K}", "name: Other}");
    let folder = Folder::new("import-apart");
    folder.write("one.yaml", one).write("two.yaml", two);
    let run = folder.scopes(&[
        "import",
        "openapi",
        "one.yaml",
        "two.yaml",
        "--provider",
        "mini",
    ]);
    for right in [
        "GET /one/v1/users: { auth: any-key, key_types: [k] }",
        "GET /two/v1/users: { auth: any-key, key_types: [k-other] }",
        "base: https://a.com }",
    ] {
        assert!(run.out.contains(right), "{right}: {}", run.all());
    }
}

#[test]
fn names_that_look_like_secrets_stay_apart() {
    let name = |word: &str| {
        format!("patch-{word}-terminalSettings-add-eap-peap-and-psk-wifi-profiles-200")
    };
    let (first, second) = (name("merchants-merchantId"), name("terminals-terminalId-x"));
    let text = format!(
        "{HEAD}paths:\n  /a: {{$ref: '#/components/pathItems/{first}'}}\n  /b: {{$ref: '#/components/pathItems/{second}'}}\n"
    )
    .replace(
        "components:\n",
        &format!("components:\n  pathItems:\n    {first}: {{patch: {{security: [{{oauth: [r]}}]}}}}\n    {second}: {{patch: {{security: [{{oauth: [w]}}]}}}}\n"),
    );
    let (endpoints, said, _) = imported("import-secret-names", &[("api.yaml", &text)]);
    assert!(
        endpoints.contains("PATCH /a: r") && endpoints.contains("PATCH /b: w"),
        "{endpoints}{said}"
    );
}

#[test]
fn addresses_without_a_scheme_or_a_slash_are_read() {
    let swagger = "swagger: '2.0'\ninfo: {title: mini, version: '1'}\nhost: a.com\nbasePath: v1\nsecurityDefinitions: {k: {type: apiKey, in: header, name: K}}\npaths: {/a: {get: {security: [{k: []}]}}}\n";
    let folder = Folder::new("import-addresses");
    folder.write("api.yaml", swagger);
    let run = folder.scopes(&["import", "openapi", "api.yaml"]);
    assert!(
        run.out.contains("base: https://a.com/v1 }"),
        "{}",
        run.all()
    );
    for (url, right) in [
        ("//a.com/v1", "https://a.com/v1"),
        ("a.com/v1", "https://a.com/v1"),
        ("v1", "/v1"),
    ] {
        let text = format!(
            "{HEAD}servers: [{{url: '{url}'}}]\npaths: {{/a: {{get: {{security: [{{k: []}}]}}}}}}\n"
        );
        folder.write("api.yaml", text);
        let run = folder.scopes(&["import", "openapi", "api.yaml", "--extension", "x-none"]);
        assert!(
            run.out.contains(&format!("base: {right} }}")),
            "{url}: {}",
            run.all()
        );
        assert!(
            run.err.contains("found no scope in any operation"),
            "{}",
            run.all()
        );
    }
}

#[test]
fn an_exception_beside_endpoints_is_heard() {
    let page = "# Scopes\n\n| Scope | Endpoints |\n|---|---|\n| `a.admin` | all except `DELETE /d` |\n| `a.read` | `POST /c` (also needs `b.write`) |\n| `a.list` | `GET /e` |\n";
    let folder = Folder::new("import-exceptions");
    folder.write("page.md", page);
    let run = folder.scopes(&["import", "markdown", "page.md", "--provider", "mini"]);
    for right in [
        "DELETE /d: { auth: not-stated }",
        "POST /c: { auth: not-stated }",
        "GET /e: a.list",
    ] {
        assert!(run.out.contains(right), "{right}: {}", run.all());
    }
}
