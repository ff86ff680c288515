//! `explain` of endpoints and events: every format agrees about the environment, the status and the verdict.

use super::program::{Folder, scopes};

/// Endpoints with every fate: by environment, mode, type of key, and what the provider does not say.
const ACME: &str = "provider: acme
key_types: { server: {}, client: { exposure: public } }
environments: { sandbox: {}, live: { production: true } }
modes: [plain, signed]
scopes:
  a: { summary: a, access: write, risk: high, because: it changes a, key_types: [server] }
  b: { summary: b, note: b is old }
  s: { summary: s, environments: [sandbox] }
combinations:
  - { scopes: [a, b], risk: critical, because: does both }
endpoints:
  POST /sandbox: { scope: b, environments: [sandbox] }
  GET /only-there: s
  GET /a: a
  GET /any: { auth: any-key }
  GET /public: { auth: none }
  GET /secret: { auth: not-stated }
  GET /nobody: { scope: a, key_types: [client] }
  GET /two: { any: [{ all: [a, b] }, { all: [a, s] }] }
  POST /modes:
    modes:
      plain: { auth: any-key, rejected: never in plain }
      signed: b
events:
  changed: { all: [a, b] }
  tried: s
  free: { auth: any-key }
";

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("acme.yaml", ACME);
    folder
}

#[test]
fn an_endpoint_or_an_event_alone_ends_with_its_verdict() {
    let folder = folder("explain-alone");
    for (question, more, status, first) in [
        (
            "POST /sandbox",
            &["-e", "live"][..],
            1,
            "acme: POST /sandbox does not exist in live: wrong-environment",
        ),
        (
            "POST /sandbox",
            &["-e", "sandbox"],
            0,
            "acme: POST /sandbox (write) needs b",
        ),
        (
            "POST /sandbox",
            &[],
            0,
            "acme: POST /sandbox (write) needs b",
        ),
        (
            "GET /only-there",
            &["-e", "live"],
            1,
            "acme: GET /only-there cannot be used in live: wrong-environment",
        ),
        (
            "GET /a",
            &[],
            0,
            "acme: GET /a (read) needs a, on a server key",
        ),
        (
            "GET /a",
            &["--key-type", "client"],
            1,
            "acme: GET /a is closed to a client key: wrong-key-type",
        ),
        (
            "GET /any",
            &[],
            0,
            "acme: GET /any (read) is open to any key, without a scope: allowed",
        ),
        (
            "GET /public",
            &[],
            0,
            "acme: GET /public (read) is public, it needs no key: no-key-needed",
        ),
        (
            "GET /secret",
            &[],
            1,
            "acme: GET /secret has a requirement that the provider does not state: not-stated",
        ),
        (
            "GET /nobody",
            &[],
            1,
            "acme: GET /nobody is closed to every key type: wrong-key-type",
        ),
        (
            "POST /modes",
            &[],
            1,
            "acme: POST /modes (write) has 2 modes: rejected",
        ),
        (
            "POST /modes mode=plain",
            &[],
            1,
            "acme: POST /modes mode=plain is always rejected, whatever the scopes: rejected",
        ),
        (
            "POST /modes mode=signed",
            &[],
            0,
            "acme: POST /modes mode=signed (write) needs b",
        ),
        (
            "changed",
            &[],
            0,
            "acme: changed (event) needs 2 scopes together, on a server key",
        ),
        (
            "tried",
            &["-e", "live"],
            1,
            "acme: tried cannot be used in live: wrong-environment",
        ),
        (
            "free",
            &[],
            0,
            "acme: free (event) is open to any key, without a scope: allowed",
        ),
    ] {
        for format in ["table", "json", "markdown"] {
            let mut line = vec!["explain", "-p", "./acme.yaml", question, "--format", format];
            line.extend(more);
            let run = folder.scopes(&line);
            assert_eq!(run.status, status, "{line:?}: {}", run.all());
            if format == "table" {
                assert!(
                    run.out.starts_with(&format!("{first}\n")),
                    "{line:?}: {}",
                    run.out
                );
            } else if let (1, Some(verdict)) = (status, first.rsplit(": ").next()) {
                assert!(run.out.contains(verdict), "{line:?}: {}", run.out);
            }
        }
    }
}

#[test]
fn the_built_in_example_of_a_wrong_environment() {
    let run = scopes(&[
        "explain",
        "-p",
        "paxos",
        "-e",
        "production",
        "POST /sandbox/fiat-deposits",
    ]);
    assert_eq!(run.status, 1);
    assert_eq!(
        run.out.lines().next(),
        Some("paxos: POST /sandbox/fiat-deposits does not exist in production: wrong-environment")
    );
    let anywhere = scopes(&["explain", "-p", "paxos", "POST /sandbox/fiat-deposits"]);
    assert!(
        anywhere.out.contains("note: it exists only in sandbox"),
        "{}",
        anywhere.out
    );
}

#[test]
fn a_set_and_an_event_together() {
    let folder = folder("explain-event");
    let line = [
        "explain",
        "-p",
        "./acme.yaml",
        "a",
        "changed",
        "--key-type",
        "server",
    ];
    let run = folder.scopes(&line);
    assert_eq!(run.status, 1, "{}", run.all());
    assert!(
        run.out
            .starts_with("acme: changed is closed to this set: missing-scope\n"),
        "{}",
        run.out
    );
    assert!(run.out.contains("needs  b"), "{}", run.out);
    let line = [
        "explain",
        "-p",
        "./acme.yaml",
        "a",
        "b",
        "changed",
        "--key-type",
        "server",
    ];
    assert!(
        folder
            .scopes(&line)
            .out
            .starts_with("acme: changed is open to this set: allowed\n")
    );
}

#[test]
fn alternatives_are_reduced() {
    let folder = Folder::new("explain-reduced");
    folder.write(
        "c.yaml",
        "provider: acme
scopes: { a: { summary: a }, b: { summary: b, implies: [a] }, c: { summary: c }, d: { summary: d } }
endpoints:
  GET /x: { any: [{ all: [a, c] }, { all: [b, c] }] }
  GET /y: { any: [{ all: [a, c] }, { all: [a, c, d] }, d] }
",
    );
    for (set, request, missing) in [
        ("b", "GET /x", "[[\"c\"]]"),
        ("a", "GET /x", "[[\"c\"]]"),
        ("a", "GET /y", "[[\"d\"],[\"c\"]]"),
        ("c", "GET /y", "[[\"d\"],[\"a\"]]"),
    ] {
        let run = folder.scopes(&[
            "explain", "-p", "./c.yaml", set, request, "--format", "json",
        ]);
        let json: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
        assert_eq!(
            json["endpoints"][0]["missing"].to_string(),
            missing,
            "{set} {request}"
        );
    }
}

#[test]
fn what_is_implied_by_a_rejected_scope_is_rejected() {
    let folder = Folder::new("explain-implied");
    folder.write(
        "c.yaml",
        "provider: acme
key_types: { server: {}, client: {} }
scopes: { admin: { summary: a, implies: [r], key_types: [server] }, r: { summary: r } }
endpoints: { GET /x: r }
",
    );
    let run = folder.scopes(&[
        "explain",
        "-p",
        "./c.yaml",
        "admin",
        "--key-type",
        "client",
        "--format",
        "json",
    ]);
    let json: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    let statuses: Vec<&str> = json["scopes"]
        .as_array()
        .expect("scopes")
        .iter()
        .filter_map(|one| one["status"].as_str())
        .collect();
    assert_eq!(statuses, ["rejected", "rejected"]);
}

#[test]
fn what_to_know_of_a_scope_stands_where_it_is_met() {
    let folder = folder("explain-about");
    for format in ["table", "json", "markdown"] {
        let run = folder.scopes(&[
            "explain",
            "-p",
            "./acme.yaml",
            "a",
            "b",
            "--key-type",
            "server",
            "--format",
            format,
        ]);
        for said in [
            "high risk, it changes a",
            "b is old",
            "critical risk, does both",
        ] {
            assert!(run.out.contains(said), "{format}: {}", run.out);
        }
    }
}

#[test]
fn what_the_type_of_key_opens_is_not_the_sets() {
    let folder = Folder::new("explain-own");
    folder.write(
        "c.yaml",
        "provider: acme
key_types: { bot: {}, app: {} }
scopes: { r: { summary: r } }
endpoints:
  GET /r: r
  POST /mine: { auth: any-key, key_types: [bot] }
",
    );
    let run = folder.scopes(&["explain", "-p", "./c.yaml", "r", "--key-type", "bot"]);
    assert!(
        run.out
            .starts_with("acme: `r` on a bot key opens 1 of 2 endpoints\n"),
        "{}",
        run.out
    );
}

#[test]
fn a_key_file_with_a_fault_is_answered_as_far_as_it_goes() {
    let folder = folder("explain-faulty");
    folder.write("k.yaml", "provider: ./acme.yaml\nname: k\nkey_type: server\nneeds: { endpoints: [GET /a] }\nscopes: [a, nothing:like:this]\n");
    let run = folder.scopes(&["explain", "--key-file", "k.yaml", "GET /a"]);
    assert_eq!(run.status, 1);
    assert!(
        run.out
            .starts_with("acme: GET /a is open to this key: allowed\n"),
        "{}",
        run.out
    );
    assert!(
        run.err
            .starts_with("error: k.yaml:5:13: acme has no scope `nothing:like:this`\n"),
        "{}",
        run.err
    );
    let least = folder.scopes(&["recommend", "--key-file", "k.yaml"]);
    assert_eq!(least.status, 1);
    assert!(least.out.contains("keep   a"), "{}", least.out);
}

/// What a key file names wrongly is not granted: `check`, `diff`, `explain` and `recommend` agree on that.
#[test]
fn a_misspelt_scope_of_a_key_opens_nothing() {
    let folder = Folder::new("explain-misspelt");
    folder.write(
        "k.yaml",
        "provider: paxos\nname: k\nneeds: {endpoints: [GET /profiles]}\nscopes: [funding:read_profile, transfer:write_fiat_withdrawl]\n",
    );
    let run = folder.scopes(&[
        "explain",
        "--key-file",
        "k.yaml",
        "POST /transfer/fiat-withdrawals",
    ]);
    assert_eq!(run.status, 1, "{}", run.all());
    assert!(run.out.contains("is closed to this key"), "{}", run.all());
    assert!(
        run.err
            .contains("paxos has no scope `transfer:write_fiat_withdrawl`"),
        "{}",
        run.all()
    );
    let run = folder.scopes(&["recommend", "--key-file", "k.yaml"]);
    assert!(
        !run.out.contains("transfer:write_fiat_withdrawal"),
        "{}",
        run.all()
    );
}
