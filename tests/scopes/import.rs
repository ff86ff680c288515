//! `import`: documents of providers into catalogs that load, lint and answer.

use serde_json::Value;

use crate::program::{Folder, run};

const TODAY: [&str; 2] = ["--today", "2026-11-22"];

/// A document that holds every way to ask for a key.
const OPENAPI: &str = r##"openapi: 3.1.0
info: { title: Acme API, version: 1.2.0 }
servers:
  - { url: "https://{host}/v1", variables: { host: { default: api.acme.example } } }
  - { url: "https://sandbox.acme.example/v1", description: for tests }
security:
  - oauth: [read]
tags: [{ name: users }]
paths:
  /users:
    get: { summary: List the users. And more prose that nobody needs., tags: [users], security: [{ oauth: [read] }, { token: [] }] }
    post: { deprecated: true, security: [{ oauth: [write, admin] }] }
    delete: { security: [] }
  /users/{id}:
    $ref: "#/components/pathItems/User"
  /public: { get: { security: [{}, { oauth: [read] }] } }
  /both: { get: { security: [{ apiKey: [], appKey: [] }] } }
  /cert: { get: { security: [{ mutual: [] }] } }
  /oidc: { get: { security: [{ connect: [openid] }] } }
  /global: { get: { summary: Takes what the document asks for everywhere } }
  /files#upload: { put: { security: [{ oauth: [write] }] } }
  /files?copy=true: { put: { security: [{ oauth: [admin] }] } }
  /files: { put: { security: [{ oauth: [read] }] } }
  /same: { get: { security: [{ oauth: [read] }] } }
  /same#again: { get: { security: [{ oauth: [read] }] } }
  /used: { get: { security: [{ oauth: [never:declared] }] } }
components:
  pathItems:
    User:
      get: { security: [{ oauth: [read] }] }
  securitySchemes:
    oauth:
      type: oauth2
      flows:
        clientCredentials: { scopes: { read: See everything, write: Change things, admin: "" } }
    token: { type: http, scheme: bearer }
    apiKey: { type: apiKey, in: header, name: X-Api-Key }
    appKey: { type: apiKey, in: header, name: X-App-Key }
    mutual: { type: mutualTLS }
    connect: { type: openIdConnect, openIdConnectUrl: "https://acme.example/oidc" }
"##;

fn imported(folder: &Folder, arguments: &[&str]) -> String {
    let arguments = [&["import"][..], arguments, &TODAY].concat();
    let run = folder.scopes(&arguments);
    assert_eq!(run.status, 0, "{}", run.all());
    run.out
}

/// The endpoints of a catalog as `show` has them: method, path, mode, auth and requirements.
fn endpoints(folder: &Folder, catalog: &str) -> Vec<String> {
    let run = folder.scopes(&["show", catalog, "--format", "json"]);
    assert_eq!(run.status, 0, "{}", run.all());
    let show: Value = serde_json::from_str(&run.out).expect("JSON");
    let list = show["endpoints"].as_array().expect("endpoints");
    let line = |one: &Value| {
        let ways: Vec<String> = one["requires"]
            .as_array()
            .expect("ways")
            .iter()
            .map(|way| format!("{} on {}", way["scopes"], way["key_types"]))
            .collect();
        let text = |name: &str| one[name].as_str().unwrap_or("-").to_owned();
        format!(
            "{} {} {} {} {}",
            text("method"),
            text("path"),
            text("mode"),
            text("auth"),
            ways.join(" or ")
        )
    };
    list.iter().map(line).collect()
}

#[test]
fn every_way_to_ask_for_a_key() {
    let folder = Folder::new("import-openapi");
    folder.write("api.yaml", OPENAPI);
    let out = imported(&folder, &["openapi", "api.yaml", "-o", "acme.yaml"]);
    let text = folder.read("acme.yaml");
    let lint = folder.scopes(&[
        "lint",
        "acme.yaml",
        "--format",
        "short",
        "--today",
        "2026-11-22",
    ]);
    insta::assert_snapshot!(format!(
        "{out}\n{text}\n{}\n\n{}",
        endpoints(&folder, "acme.yaml").join("\n"),
        lint.all()
    ));
}

#[test]
fn an_array_is_read_as_it_is_said() {
    let folder = Folder::new("import-array");
    folder.write("api.yaml", OPENAPI);
    imported(
        &folder,
        &["openapi", "api.yaml", "-o", "all.yaml", "--array", "all"],
    );
    imported(
        &folder,
        &["openapi", "api.yaml", "-o", "any.yaml", "--array", "any"],
    );
    let post = |catalog: &str| {
        let mut all = endpoints(&folder, catalog).into_iter();
        all.find(|line| line.starts_with("POST /users "))
            .expect("the endpoint")
    };
    assert_eq!(
        post("./all.yaml"),
        r#"POST /users - scoped ["admin","write"] on ["oauth"]"#
    );
    assert_eq!(
        post("./any.yaml"),
        r#"POST /users - scoped ["admin"] on ["oauth"] or ["write"] on ["oauth"]"#
    );
}

#[test]
fn yaml_and_json_and_swagger_come_to_the_same() {
    let folder = Folder::new("import-swagger");
    let swagger = r#"{"swagger": "2.0", "info": {"title": "Acme API", "version": "1"}, "host": "api.acme.example", "basePath": "/v1", "schemes": ["http", "https"],
      "securityDefinitions": {"oauth": {"type": "oauth2", "flow": "application", "scopes": {"read": "See", "write": "Change"}}},
      "paths": {"/a/{x}": {"get": {"security": [{"oauth": ["read"]}]}, "post": {"security": [{"oauth": ["write"]}]}}, "/b": {"get": {}}}}"#;
    let openapi = "openapi: 3.0.3\ninfo: { title: Acme API, version: '1' }\nservers: [{ url: 'https://api.acme.example/v1' }]\npaths:\n  /a/{x}:\n    get: &get { security: [{ oauth: [read] }] }\n    post: { <<: *get, security: [{ oauth: [write] }] }\n  /b: { get: {} }\ncomponents: { securitySchemes: { oauth: { type: oauth2, flows: { clientCredentials: { scopes: { read: See, write: Change } } } } } }\n";
    folder.write("spec", swagger).write("spec.yaml", openapi);
    let json = imported(&folder, &["openapi", "spec", "--format", "json"]);
    let yaml = imported(&folder, &["openapi", "spec.yaml", "--format", "json"]);
    let without_checksum = |text: &str| -> String {
        let lines = text.lines().filter(|line| !line.contains("\"sha256\""));
        lines.collect::<Vec<_>>().join("\n")
    };
    assert_eq!(
        without_checksum(&json.replace("\"spec\"", "\"spec.yaml\"")),
        without_checksum(&yaml)
    );
    let stdin = run(
        &folder.path("."),
        &[
            "import",
            "openapi",
            "-",
            "--format",
            "json",
            "--today",
            "2026-11-22",
        ],
        Some(openapi.as_bytes()),
    );
    assert_eq!(stdin.out.replace("standard input", "spec.yaml"), yaml);
    assert!(
        yaml.contains("\"base\": \"https://api.acme.example/v1\""),
        "{yaml}"
    );
    assert!(
        yaml.contains("\"GET /b\": {\n      \"auth\": \"not-stated\""),
        "{yaml}"
    );
}

#[test]
fn a_folder_of_files_that_refer_to_each_other() {
    let folder = Folder::new("import-folder");
    folder
        .write("api/openapi.yaml", "openapi: 3.0.0\ninfo: { title: Acme }\npaths:\n  /users: { $ref: paths/users.yaml }\n  /loop: { $ref: paths/loop.yaml }\n  /gone: { $ref: paths/gone.yaml }\n  /part: { $ref: 'paths/parts.json#/x~1y' }\n  /far: { $ref: 'https://example.com/a.yaml' }\ncomponents: { securitySchemes: { $ref: schemes.yaml } }\n")
        .write("api/paths/users.yaml", "get: { security: [{ oauth: [read] }] }\n")
        .write("api/paths/loop.yaml", "$ref: ../paths/loop.yaml\n")
        .write("api/paths/parts.json", "{\"x/y\": {\"post\": {\"security\": [{\"oauth\": [\"write\"]}]}}}")
        .write("api/schemes.yaml", "oauth: { type: oauth2, flows: { implicit: { scopes: { read: See, write: Change } } } }\n")
        .write("api/readme.md", "openapi: no\n");
    let run = folder.scopes(&[
        "import",
        "openapi",
        "api",
        "-o",
        "acme.yaml",
        "--today",
        "2026-11-22",
    ]);
    insta::assert_snapshot!(format!("{}\n{}", run.all(), folder.read("acme.yaml")));
}

#[test]
fn what_cannot_be_read_is_said_and_the_rest_imported() {
    let folder = Folder::new("import-bad");
    folder.write("bad.yaml", "openapi: 3.0.0\ninfo: { title: Acme }\npaths:\n  users: { get: { security: [{ oauth: [read] }] } }\n  /a/{x}: { get: { security: [{ oauth: [read, 7, { a: b }, null] }] } }\n  /a/{y}: { get: { security: [{ oauth: [write] }] } }\n  /b/{x}: { get: { security: [{ oauth: [read] }] } }\n  /b/{y}: { get: { security: [{ oauth: [read] }] } }\n  /c/{x: { get: { security: [] } }\n  /d: { get: { security: [oauth] } }\n  /=: { get: { summary: 2026-11-22, security: [{ oauth: [=] }] } }\n\t/e: { get: {} }\n  /f: { get: { security: [{ oauth: [read] }] } }\ncomponents: { securitySchemes: { oauth: { type: oauth2, flows: { implicit: { scopes: { read: See } } } } } }\n");
    let run = folder.scopes(&[
        "import",
        "openapi",
        "bad.yaml",
        "-o",
        "acme.yaml",
        "--today",
        "2026-11-22",
    ]);
    let whole = "{\"openapi\": \"3.0.0\", \"info\": {\"title\": \"Acme\"}, \"components\": {\"securitySchemes\": {\"k\": {\"type\": \"apiKey\"}}}, \"paths\": {\"/a\": {\"get\": {\"security\": [{\"k\": []}]}}, \"/b\": {\"get\": {\"security\": [{\"k\"";
    folder.write("cut.json", whole);
    let cut = folder.scopes(&["import", "openapi", "cut.json", "--today", "2026-11-22"]);
    folder.write("none.yaml", "a: b\n").write("empty.json", "");
    let none = folder.scopes(&["import", "openapi", "none.yaml"]);
    let empty = folder.scopes(&["import", "openapi", "empty.json"]);
    let missing = folder.scopes(&["import", "openapi", "nowhere.yaml"]);
    insta::assert_snapshot!(format!(
        "{}\n{}\n{}\n{}\n{}\n{}",
        run.all(),
        folder.read("acme.yaml"),
        cut.all(),
        none.all(),
        empty.all(),
        missing.all()
    ));
}

#[test]
fn what_is_doubtful_is_never_open() {
    let folder = Folder::new("import-doubtful");
    folder.write("api.yaml", "openapi: 3.0.0\ninfo: { title: Acme }\npaths:\n  /lost: { get: { security: [{ oauth: [read, { a: b }] }] } }\n  /a/{x}: { get: { security: [] } }\n  /a/{y}: { get: { security: [{ oauth: [write] }] } }\ncomponents: { securitySchemes: { oauth: { type: oauth2, flows: { implicit: { scopes: { read: See, write: Do } } } } } }\n");
    let catalog = imported(&folder, &["openapi", "api.yaml"]);
    assert!(
        catalog.contains("  GET /lost: { auth: not-stated }\n"),
        "{catalog}"
    );
    assert!(catalog.contains("  GET /a/{x}: write\n"), "{catalog}");
}

#[test]
fn scopes_in_descriptions_and_extensions_and_tags() {
    let folder = Folder::new("import-named");
    folder.write("api.yaml", "openapi: 3.0.0\ninfo: { title: Acme }\npaths:\n  /a: { get: { tags: [x], description: 'Needs `users:read` or so', security: [{ token: [] }] } }\n  /b: { get: { tags: [y], x-scopes: [users:write, users:read], security: [{ token: [] }] } }\ncomponents: { securitySchemes: { token: { type: http, scheme: bearer } } }\n");
    let pattern = imported(
        &folder,
        &[
            "openapi",
            "api.yaml",
            "--scope-pattern",
            "`([a-z]+:[a-z]+)`",
        ],
    );
    let extension = imported(
        &folder,
        &[
            "openapi",
            "api.yaml",
            "--extension",
            "x-scopes",
            "--array",
            "any",
        ],
    );
    let tag = imported(
        &folder,
        &["openapi", "api.yaml", "--tag", "y", "--no-summaries"],
    );
    insta::assert_snapshot!(format!("{pattern}\n{extension}\n{tag}"));
}

const GMAIL: &str = r#"{"name": "mail", "title": "Mail API", "rootUrl": "https://mail.example/", "servicePath": "mail/v1/",
  "auth": {"oauth2": {"scopes": {"https://example/auth/mail": {"description": "All mail"}, "https://example/auth/mail.readonly": {"description": "See mail"}}}},
  "resources": {"users": {"methods": {"get": {"id": "mail.users.get", "path": "users/{+userId}", "httpMethod": "GET", "description": "Gets a user. Long prose follows here.", "scopes": ["https://example/auth/mail", "https://example/auth/mail.readonly"]}},
    "resources": {"drafts": {"methods": {"send": {"path": "users/{userId}/drafts:send", "flatPath": "users/{usersId}/drafts:send", "httpMethod": "POST", "scopes": ["https://example/auth/mail"]}, "open": {"path": "open", "httpMethod": "GET"}}}}}}}"#;

#[test]
fn discovery_documents_are_any_of_and_several_make_one_catalog() {
    let folder = Folder::new("import-google");
    folder.write("mail.json", GMAIL).write(
        "files.json",
        GMAIL
            .replace("mail/v1/", "files/v3/")
            .replace("https://mail.example", "https://files.example")
            .replace("Mail API", "Files API"),
    );
    imported(
        &folder,
        &[
            "google",
            "mail.json",
            "files.json",
            "--provider",
            "acme",
            "-o",
            "acme.yaml",
        ],
    );
    let url = folder.scopes(&[
        "explain",
        "-p",
        "./acme.yaml",
        "https://example/auth/mail",
        "GET https://files.example/files/v3/users/7",
    ]);
    assert!(
        url.out.contains("is open to this set: allowed"),
        "{}",
        url.all()
    );
    insta::assert_snapshot!(format!(
        "{}\n{}",
        folder.read("acme.yaml"),
        endpoints(&folder, "./acme.yaml").join("\n")
    ));
}

/// A small document in the shape of Microsoft Graph's: two schemes, `least` marks, `AlsoRequires`, and duplicates by case.
const GRAPH: &str = r#"{"permissions": {
  "Mail.Read": {"schemes": {"DelegatedWork": {"adminDisplayName": "Read mail", "privilegeLevel": 2}, "Application": {"adminDisplayName": "Read all mail", "privilegeLevel": 4}},
    "pathSets": [{"schemeKeys": ["DelegatedWork", "Application"], "methods": ["GET"], "paths": {"/me/messages": "", "/me/attachments": "", "/users/{id}/messages": "least=Application"}}]},
  "Mail.ReadBasic": {"schemes": {"DelegatedWork": {"adminDisplayName": "Read headers", "privilegeLevel": 1}},
    "pathSets": [{"schemeKeys": ["DelegatedWork"], "methods": ["GET"], "paths": {"/me/Messages": "least=DelegatedWork", "/users/{id}/messages": "least=DelegatedWork"}}]},
  "Mail.ReadWrite": {"schemes": {"DelegatedWork": {"adminDisplayName": "Change mail", "privilegeLevel": 3}},
    "pathSets": [{"schemeKeys": ["DelegatedWork"], "methods": ["GET", "POST"], "paths": {"/me/messages": "", "/me/messages?$x=1": "AlsoRequires=Mail.Read,Mail.ReadBasic"}}]}}}"#;

#[test]
fn permissions_of_graph_and_what_their_publisher_calls_the_least() {
    let folder = Folder::new("import-graph");
    folder.write("permissions.json", GRAPH);
    let run = folder.scopes(&[
        "import",
        "msgraph",
        "permissions.json",
        "-o",
        "graph.json",
        "--today",
        "2026-11-22",
    ]);
    insta::assert_snapshot!(format!("{}\n{}", run.all(), folder.read("graph.json")));
    // The marks are hints; the search comes to the same here.
    let show = folder.scopes(&["show", "./graph.json", "--format", "json"]);
    let show: Value = serde_json::from_str(&show.out).expect("JSON");
    let mut compared = 0;
    for endpoint in show["endpoints"].as_array().expect("endpoints") {
        for (key_type, scopes) in endpoint["least"].as_object().expect("marks") {
            let name = format!(
                "{} {}",
                endpoint["method"].as_str().expect("a method"),
                endpoint["path"].as_str().expect("a path")
            );
            let run = folder.scopes(&[
                "recommend",
                "-p",
                "./graph.json",
                "--key-type",
                key_type,
                "--endpoint",
                &name,
                "--format",
                "lines",
            ]);
            let found: Vec<Value> = run.out.lines().map(Value::from).collect();
            assert_eq!(
                &Value::Array(found),
                scopes,
                "{name} on {key_type}: {}",
                run.all()
            );
            compared += 1;
        }
    }
    assert_eq!(compared, 3);
}

#[test]
fn a_newer_edition_keeps_what_was_written_by_hand() {
    let folder = Folder::new("import-merge");
    folder.write("api.yaml", OPENAPI);
    imported(
        &folder,
        &[
            "openapi",
            "api.yaml",
            "-o",
            "acme.yaml",
            "--provider",
            "acme",
        ],
    );
    let first = folder.read("acme.yaml");
    // The same again, on another day, changes no byte.
    let run = folder.scopes(&[
        "import",
        "openapi",
        "api.yaml",
        "-o",
        "acme.yaml",
        "--provider",
        "acme",
        "--today",
        "2027-01-01",
    ]);
    assert!(
        run.out.starts_with("acme.yaml is up to date: "),
        "{}",
        run.all()
    );
    assert_eq!(folder.read("acme.yaml"), first);
    let by_hand = first
        .replace(
            "  write: { ",
            "  # moves money\n  write: { risk: high, because: it moves money, ",
        )
        .replace(
            "  DELETE /users: { auth: none }",
            "  DELETE /users: { auth: none, note: really, effect: read }",
        )
        + "manage: an administrator changes scopes\nresponses:\n  missing-scope: { status: 403, code: NO_SCOPE }\nrecipes:\n  look: { endpoints: [GET /users] }\nexamples:\n  - { key_type: token, scopes: [], endpoint: GET /users, verdict: allowed }\nallow:\n  - { rule: stale-source, reason: a, owner: b, until: 2027-05-01 }\n";
    folder.write("acme.yaml", &by_hand);
    let step = [
        "import",
        "openapi",
        "api.yaml",
        "--merge",
        "acme.yaml",
        "--check",
        "--today",
        "2026-11-22",
    ];
    let in_step = folder.scopes(&step);
    assert_eq!(
        (in_step.status, in_step.out.as_str()),
        (0, "acme.yaml is up to date\n")
    );
    folder.write(
        "api.yaml",
        OPENAPI.replace(
            "  /cert: { get: { security: [{ mutual: [] }] } }\n",
            "  /new: { get: { security: [{ oauth: [read] }] } }\n",
        ),
    );
    let out_of_step = folder.scopes(&step);
    assert_eq!(out_of_step.status, 1, "{}", out_of_step.all());
    assert_eq!(folder.read("acme.yaml"), by_hand, "nothing is written");
    imported(
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
    let merged = folder.read("acme.yaml");
    insta::assert_snapshot!(format!("{}\n{merged}", out_of_step.all()));
    for kept in [
        "risk: high, because: it moves money",
        "note: really",
        "effect: read",
        "manage: an administrator changes scopes",
        "missing-scope: { status: 403, code: NO_SCOPE }",
        "recipes:",
        "examples:",
        "rule: stale-source",
        "GET /new",
    ] {
        assert!(merged.contains(kept), "{kept}");
    }
    assert!(!merged.contains("GET /cert"));
    let lint = folder.scopes(&["lint", "acme.yaml", "--today", "2026-11-22"]);
    assert!(lint.out.contains("1 example passes"), "{}", lint.all());
}

#[test]
fn a_document_in_flow_style_is_yaml() {
    let folder = Folder::new("import-flow");
    folder.write(
        "flow.yaml",
        "{openapi: 3.0.0, info: {title: T}, paths: {/a: {get: {security: []}}}}\n",
    );
    let out = imported(&folder, &["openapi", "flow.yaml"]);
    assert!(out.contains("GET /a: { auth: none }"), "{out}");
}

#[test]
fn nothing_is_lost_by_writing() {
    let folder = Folder::new("import-lose");
    folder
        .write("api.yaml", OPENAPI)
        .write("key.yaml", "provider: paxos\nname: x\n");
    for (target, why) in [
        ("api.yaml", "is not a catalog"),
        ("key.yaml", "is not a catalog"),
        ("new/dir/a.yaml", "no folder `new/dir`"),
        ("a.toml", "YAML or JSON"),
    ] {
        let before = std::fs::read(folder.path(target)).ok();
        let run = folder.scopes(&["import", "openapi", "api.yaml", "-o", target]);
        assert_eq!(run.status, 2, "{target}: {}", run.all());
        assert!(run.err.contains(why), "{target}: {}", run.all());
        assert_eq!(std::fs::read(folder.path(target)).ok(), before);
    }
    imported(&folder, &["openapi", "api.yaml", "-o", "acme.yaml"]);
    let by_hand = folder
        .read("acme.yaml")
        .replace("  write: { ", "  write: { risk: high, because: money, ");
    folder.write("acme.yaml", &by_hand);
    let run = folder.scopes(&[
        "import",
        "openapi",
        "api.yaml",
        "-o",
        "acme.yaml",
        "--array",
        "any",
    ]);
    assert_eq!(run.status, 2, "{}", run.all());
    assert_eq!(folder.read("acme.yaml"), by_hand);
    let merged = imported(
        &folder,
        &[
            "openapi",
            "api.yaml",
            "-o",
            "acme.yaml",
            "--array",
            "any",
            "--merge",
            "acme.yaml",
        ],
    );
    assert!(
        merged.contains(
            "note: compared with the older edition: 1 reading changed, 1 endpoint changed"
        ),
        "{merged}"
    );
}

/// However a document is cut, no operation that asks for a key becomes public.
#[test]
fn a_cut_document_opens_nothing() {
    let folder = Folder::new("import-cut");
    let paths: Vec<String> = (0..30)
        .map(|n| format!("\"/p{n}\": {{\"get\": {{\"summary\": \"a, {{b\", \"security\": [{{\"oauth\": [\"read\", \"write\"]}}]}}}}"))
        .collect();
    let whole = format!(
        "{{\"openapi\": \"3.0.0\", \"components\": {{\"securitySchemes\": {{\"oauth\": {{\"type\": \"oauth2\"}}}}}}, \"paths\": {{{}}}}}",
        paths.join(", ")
    );
    for end in (100..whole.len()).step_by(31) {
        let run = run(
            &folder.path("."),
            &["import", "openapi", "-", "--array", "all"],
            Some(&whole.as_bytes()[..end]),
        );
        assert!(!run.out.contains("auth: none"), "{end}: {}", run.all());
        assert!(!run.out.contains("auth: any-key"), "{end}: {}", run.all());
        assert!(run.status == 1 || run.status == 2, "{end}: {}", run.all());
    }
}

/// Whatever is lost of a document, what asks for a key does not become public.
#[test]
fn what_is_lost_opens_nothing() {
    let folder = Folder::new("import-lost");
    let head = "openapi: 3.0.0\ninfo: { title: T }\ncomponents: { securitySchemes: { o: { type: oauth2, flows: {} } } }\n";
    for (name, rest) in [
        ("global-null", "security:\npaths: { /a: { get: {} } }\n"),
        (
            "global-cut",
            "paths: { /a: { get: {} } }\nsecurity:\n  - o: [x\n",
        ),
        (
            "global-tab",
            "paths: { /a: { get: {} } }\nsecurity:\n\t- o: [x]\n",
        ),
        (
            "own-tab",
            "security: []\npaths:\n  /a:\n    get:\n      security:\n\t- o: [a]\n",
        ),
        (
            "own-lost",
            "security: []\npaths:\n  /a:\n    get:\n      security: @x [{ o: [a] }]\n      summary: x\n",
        ),
        (
            "own-null",
            "security: []\npaths:\n  /a:\n    get:\n      security: [{ o: [a] }, null]\n",
        ),
        (
            "path-lost",
            "paths:\n  /a:\n    get: { security: [{ o: [a] }] }\n  /b: \"oops\n    put: { security: [] }\n",
        ),
    ] {
        folder.write(&format!("{name}.yaml"), format!("{head}{rest}"));
        let run = folder.scopes(&[
            "import",
            "openapi",
            &format!("{name}.yaml"),
            "--array",
            "all",
        ]);
        assert!(!run.out.contains("auth: none"), "{name}: {}", run.all());
        assert!(!run.out.contains("auth: any-key"), "{name}: {}", run.all());
    }
}
