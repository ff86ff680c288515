//! The query of a request decides on its mode, wherever a request is read.

use super::program::Folder;

const MAIL: &str = "provider: mail
modes: [default, search, export]
environments: { live: { production: true, base: 'https://mail.example/v1' } }
scopes:
  meta: { summary: see what is there }
  full: { summary: read it }
  bulk: { summary: take it all away }
endpoints:
  GET /messages:
    modes:
      default: meta
      search: { scope: full, query: { q: present } }
      export: { scope: bulk, query: { q: present, format: a b } }
  GET /files:
    modes:
      search: { scope: full, query: { q: present } }
      export: { scope: bulk, query: { format: csv } }
  GET /old:
    modes:
      default: meta
      search: full
  GET /plain: meta
";

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("mail.yaml", MAIL);
    folder
}

/// The mode that JSON names for a request, or the verdict where there is none.
fn mode_of(folder: &Folder, request: &str) -> String {
    let run = folder.scopes(&[
        "explain",
        "-p",
        "./mail.yaml",
        "meta",
        request,
        "--format",
        "json",
    ]);
    let json: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    match json["endpoints"].as_array().and_then(|all| all.first()) {
        Some(one) => one["mode"].as_str().unwrap_or("none").to_owned(),
        None => run.err,
    }
}

#[test]
fn the_query_gives_the_mode() {
    let folder = folder("query-mode");
    for (request, mode) in [
        ("GET /messages", "default"),
        ("GET /messages?page=2", "default"),
        ("GET /messages?q=a", "search"),
        ("GET /messages?%71=", "search"),
        ("GET https://mail.example/v1/messages?q=a", "search"),
        ("GET /messages?format=a%20b&q", "export"),
        ("GET /messages?format=x&format=a%20b&q=1", "export"),
        ("GET /messages?q=a mode=search", "search"),
        ("GET /messages mode=export", "export"),
        ("GET /files?q=1", "search"),
        // As many parameters: the first that asks for more, and these ask for as much.
        ("GET /files?format=csv", "export"),
    ] {
        assert_eq!(mode_of(&folder, request), mode, "{request}");
    }
    let contradicted = mode_of(&folder, "GET /messages?q=a mode=default");
    assert!(
        contradicted.contains("its query selects mode=search"),
        "{contradicted}"
    );
    let none = mode_of(&folder, "GET /files?page=1");
    assert!(none.contains("no-such-endpoint"), "{none}");
    assert!(
        none.contains("it needs one of these queries: q; format=csv"),
        "{none}"
    );
}

#[test]
fn a_query_is_heeded_by_every_command() {
    let folder = folder("query-commands");
    let run = folder.scopes(&["explain", "-p", "./mail.yaml", "meta", "GET /messages?q=a"]);
    assert_eq!(run.status, 1, "{}", run.all());
    assert!(
        run.out
            .starts_with("mail: GET /messages mode=search is closed to this set: missing-scope\n"),
        "{}",
        run.out
    );
    let alone = folder.scopes(&["explain", "-p", "./mail.yaml", "GET /messages?q=a"]);
    assert!(
        alone
            .out
            .starts_with("mail: GET /messages mode=search (read) needs full\n"),
        "{}",
        alone.out
    );
    let least = folder.scopes(&[
        "recommend",
        "-p",
        "./mail.yaml",
        "--endpoint",
        "GET /messages?q=a",
        "--format",
        "lines",
    ]);
    assert_eq!(least.out, "full\n");
    folder.write("l.txt", "GET /messages?q=unread\n");
    let logged = folder.scopes(&[
        "recommend",
        "-p",
        "./mail.yaml",
        "--log",
        "l.txt",
        "--format",
        "lines",
    ]);
    assert_eq!(logged.out, "full\n");
    folder.write("k.yaml", "provider: ./mail.yaml\nname: k\nneeds: { endpoints: ['GET /messages?q=unread'] }\nscopes: meta\n");
    let checked = folder.scopes(&["check", "k.yaml", "--format", "short"]);
    assert!(checked.out.contains("missing-scope"), "{}", checked.out);
    folder.write("n.yaml", "provider: ./mail.yaml\nname: n\nneeds: { endpoints: [GET /plain] }\nnever: ['GET /messages?q=x']\nscopes: [meta]\n");
    let never = folder.scopes(&["check", "n.yaml"]);
    assert_eq!(never.status, 0, "{}", never.out);
}

#[test]
fn a_query_that_no_mode_states_is_dropped_with_a_word() {
    let folder = folder("query-dropped");
    for request in ["GET /old?q=1", "GET /plain?q=1"] {
        for format in ["table", "json", "markdown"] {
            let run = folder.scopes(&[
                "explain",
                "-p",
                "./mail.yaml",
                "meta",
                request,
                "--format",
                format,
            ]);
            let said = run.out.replace('\n', " ").replace("      ", "");
            assert!(
                said.contains("the query was ignored"),
                "{request} {format}: {}",
                run.out
            );
        }
        let least = folder.scopes(&[
            "recommend",
            "-p",
            "./mail.yaml",
            "--endpoint",
            request,
            "--format",
            "json",
        ]);
        assert!(least.out.contains("the query was ignored"), "{}", least.out);
    }
    folder.write("k.yaml", "provider: ./mail.yaml\nname: k\nneeds: { endpoints: ['GET /old?q=unread'] }\nscopes: meta\n");
    let checked = folder.scopes(&["check", "k.yaml"]);
    assert!(
        checked
            .out
            .contains("note[unstated-need]: mail does not say which mode `GET /old?q=unread` gets"),
        "{}",
        checked.out
    );
}

#[test]
fn modes_that_one_call_can_be_at_once_are_reported() {
    let folder = Folder::new("query-overlap");
    folder.write(
        "c.yaml",
        "provider: acme
modes: [a, b]
scopes: { x: { summary: x }, y: { summary: y }, z: { summary: z } }
endpoints:
  GET /m:
    modes:
      a: { scope: x, query: { q: present } }
      b: { all: [x, y], query: { r: present } }
  GET /n:
    modes:
      a: { scope: z, query: { q: present } }
      b: { scope: x, query: { q: absent } }
",
    );
    let run = folder.scopes(&["lint", "c.yaml", "--format", "short"]);
    let found: Vec<&str> = run
        .out
        .lines()
        .filter(|line| line.contains("overlapping-endpoint"))
        .collect();
    assert_eq!(found.len(), 1, "{}", run.out);
    assert!(found[0].contains("warning"), "{}", run.out);
    // The answer is the one that asks for more.
    let both = folder.scopes(&["explain", "-p", "./c.yaml", "x", "GET /m?q=1&r=1"]);
    assert!(
        both.out.starts_with("acme: GET /m mode=b is closed"),
        "{}",
        both.out
    );
}

#[test]
fn a_query_stands_under_a_mode() {
    let folder = Folder::new("query-place");
    folder.write("c.yaml", "provider: acme\nscopes: { x: { summary: x } }\nendpoints:\n  GET /m: { scope: x, query: { q: present } }\n");
    let run = folder.scopes(&["lint", "c.yaml"]);
    assert!(
        run.out
            .contains("error[wrong-type]: a query tells modes apart"),
        "{}",
        run.out
    );
}

#[test]
fn an_import_writes_the_query_of_its_modes() {
    let folder = Folder::new("query-import");
    folder.write(
        "spec.yaml",
        "openapi: 3.0.3
info: { title: Mail, version: '1' }
servers: [{ url: 'https://mail.example/v1' }]
components: { securitySchemes: { oauth: { type: oauth2, flows: { clientCredentials: { tokenUrl: 'https://x', scopes: { meta: m, full: f, users: u } } } } } }
paths:
  /messages: { get: { security: [{ oauth: [meta] }] } }
  '/messages?q': { get: { security: [{ oauth: [full] }] } }
  '/?Action=ListUsers': { post: { security: [{ oauth: [users] }] } }
  '/?Action=ListKeys&V={v}': { post: { security: [{ oauth: [meta] }] } }
",
    );
    let import = folder.scopes(&["import", "openapi", "spec.yaml", "-o", "mail.yaml"]);
    assert_eq!(import.status, 0, "{}", import.all());
    let text = folder.read("mail.yaml");
    assert!(text.contains("q: present"), "{text}");
    let mode = mode_of(&folder, "GET https://mail.example/v1/messages?q=a");
    assert_eq!(mode, "q");
    assert_eq!(
        mode_of(&folder, "POST /?Action=ListKeys&V=3"),
        "Action-ListKeys-V-v"
    );
    assert_eq!(
        mode_of(&folder, "POST /?Action=ListUsers"),
        "Action-ListUsers"
    );
}

/// An address inside a query is no host of the request.
#[test]
fn an_address_in_a_query_is_no_host() {
    let folder = Folder::new("address-in-a-query");
    folder.write(
        "log",
        "GET /profiles?next=https://evil.example/transfer/fiat-withdrawals\n",
    );
    let run = folder.scopes(&[
        "recommend",
        "-p",
        "paxos",
        "--log",
        "log",
        "--format",
        "json",
    ]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert!(run.out.contains("GET /profiles"), "{}", run.out);
    let unmatched = folder.scopes(&["recommend", "-p", "paxos", "--log", "log"]);
    assert!(!unmatched.out.contains("evil.example"), "{}", unmatched.out);
    assert!(!unmatched.out.contains("no endpoint"), "{}", unmatched.out);
}
