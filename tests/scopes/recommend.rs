//! `recommend`: the least set, its proof, what cannot be had, and needs from logs.

use serde_json::{Value, json};

use crate::program::{Folder, scopes};

macro_rules! screen {
    ($name:ident, $($argument:expr),+ $(,)? => @$shown:literal) => {
        #[test]
        fn $name() {
            insta::assert_snapshot!(scopes(&["--width", "80", "recommend", $($argument),+]).all(), @$shown);
        }
    };
    ($name:ident, $($argument:expr),+ $(,)?) => {
        #[test]
        fn $name() {
            insta::assert_snapshot!(scopes(&["--width", "80", "recommend", $($argument),+]).all());
        }
    };
}

screen!(
    five_needs_of_a_treasury,
    "-p",
    "paxos",
    "-e",
    "production",
    "--endpoint",
    "POST /orchestration/rules",
    "--endpoint",
    "GET /orchestration/orchestrations/{id}",
    "--endpoint",
    "GET /transfer/fiat-deposit-instructions/{id}",
    "--endpoint",
    "POST /transfer/fiat-withdrawals",
    "--endpoint",
    "GET /profiles/{profile_id}/balances",
);
screen!(a_recipe, "--recipe", "mint", "--excess");
screen!(
    a_recipe_with_events,
    "-p",
    "elebne",
    "--recipe",
    "follow-orders"
);
screen!(
    another_credential_opens_it,
    "-p",
    "crossmint",
    "--key-type",
    "client",
    "--endpoint",
    "POST /2022-06-09/orders",
    "--endpoint",
    "GET /2022-06-09/orders/{orderId}",
);
screen!(
    what_is_not_stated,
    "-p",
    "crossmint",
    "--key-type",
    "server",
    "--endpoint",
    "POST /2025-06-09/wallets",
    "--endpoint",
    "POST /2025-06-09/wallets/7/tokens/usdc/transfers",
);
screen!(
    what_is_impossible,
    "--endpoint",
    "POST /v2/airdrops",
    "--endpoint",
    "POST /v2/tokens mode=signed" => @r"
piratecrew: 1 of 2 needs can be met, without a scope

open to any key, without a scope
  POST    /v2/airdrops mode=unsigned

impossible: always rejected, the wallet of the user is the mint authority
  POST    /v2/tokens mode=signed

note: POST /v2/airdrops was taken as mode=unsigned, the default; mode=signed
      needs airdrop:admin
--- status 1
"
);
screen!(
    only_one_key_type_can,
    "-p",
    "crossmint",
    "--endpoint",
    "POST /v1-alpha1/wallets/transfer",
);
screen!(
    no_scope_at_all,
    "-p",
    "paxos",
    "--endpoint",
    "GET /travelrule/vasps",
    "--endpoint",
    "GET /markets" => @r"
paxos, production: no scope is needed for 2 needs

open to any key, without a scope
  GET     /travelrule/vasps

public: no key needed
  GET     /markets

note: this is for production; there are also needs in sandbox (-e sandbox)
--- status 0
"
);
screen!(
    yaml,
    "-p",
    "elebne",
    "--recipe",
    "follow-orders",
    "--format",
    "yaml" => @r"
provider: elebne
name: CHANGE-ME
key_type: secret
needs:
  recipes:
  - follow-orders
scopes:
- store.orders:read
- webhooks.endpoints:manage
environments:
  test: {}
  live: {}
--- status 0
"
);

const KEY: &str = "provider: paxos
name: treasury
needs:
  endpoints: [GET /profiles, POST /transfer/internal]
scopes: [funding:read_profile]
environments:
  sandbox:
    needs: { endpoints: [POST /sandbox/fiat-deposits] }
  production:
    scopes: [transfer:write_fiat_account]
";

#[test]
fn a_key_file_says_what_to_add_remove_and_keep() {
    let folder = Folder::new("recommend-key");
    folder.write("key.yaml", KEY);
    insta::assert_snapshot!(
        folder
            .scopes(&["--width", "80", "recommend", "--key-file", "key.yaml"])
            .all(), @r"
paxos/treasury, production: 2 scopes are enough for 2 needs (proven minimal)

 Do       Scope                              Risk
──────────────────────────────────────────────────
 add      transfer:write_internal_transfer   high
 remove   transfer:write_fiat_account        high
 keep     funding:read_profile               low

 transfer:write_internal_transfer: high risk, moves assets between profiles;
   it has no read twin; transfer:read_transfer serves
 funding:read_profile: it also opens a deposit in the sandbox, a write
--- status 0
");
    let lines = folder.scopes(&[
        "recommend",
        "--key-file",
        "key.yaml",
        "-e",
        "sandbox",
        "--format",
        "lines",
    ]);
    assert_eq!(
        lines.out,
        "funding:read_profile\ntransfer:write_internal_transfer\ntransfer:write_sandbox_fiat_deposit\n"
    );
}

#[test]
fn json_has_every_field_of_the_contract() {
    let run = scopes(&[
        "recommend",
        "--endpoint",
        "POST /rewards/payout-groups",
        "--format",
        "json",
    ]);
    let answer: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(
        (&answer["version"], &answer["kind"]),
        (&json!(1), &json!("recommendation"))
    );
    assert_eq!(answer["provider"], "paxos");
    assert_eq!(answer["environment"], "production");
    assert_eq!(answer["feasible"], true);
    assert_eq!(answer["proven"], true);
    assert_eq!(answer["scopes"][0]["name"], "rewards:create_payout_groups");
    assert_eq!(
        answer["scopes"][0]["because"],
        json!(["POST /rewards/payout-groups"])
    );
    assert_eq!(answer["needs"][0]["met"], "scopes");
    assert_eq!(answer["excess"], json!({ "write": 0, "read": 0 }));
    assert_eq!(answer["key_types"][0]["feasible"], true);
    for list in ["ties", "unmatched"] {
        assert_eq!(answer[list], json!([]), "{list}");
    }
}

#[test]
fn ties_are_listed() {
    let folder = Folder::new("recommend-ties");
    folder.write(
        "twins.yaml",
        "provider: twins\nscopes: { b: { access: read }, a: { access: read } }\nendpoints:\n  GET /x: { any: [a, b] }\n",
    );
    let run = folder.scopes(&[
        "recommend",
        "-p",
        "./twins.yaml",
        "--endpoint",
        "GET /x",
        "--format",
        "json",
    ]);
    let answer: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(answer["scopes"][0]["name"], "a");
    assert_eq!(answer["ties"], json!([["b"]]));
}

/// The same requests in each form of log come to the same endpoints, and what matches nothing is counted.
#[test]
fn every_form_of_log_is_read() {
    let folder = Folder::new("recommend-log");
    folder.write(
        "access.log",
        "10.0.0.1 - - [10/Oct/2026:13:55:36 +0000] \"GET /v2/profiles/7/balances?x=1 HTTP/1.1\" 200 12
10.0.0.1 - - [10/Oct/2026:13:55:37 +0000] \"POST /v2/transfer/internal HTTP/1.1\" 200 12 \"-\" \"curl\"
10.0.0.1 - - [10/Oct/2026:13:55:38 +0000] \"GET /favicon/12345.ico HTTP/1.1\" 404 0
10.0.0.1 - - [10/Oct/2026:13:55:38 +0000] \"GET /favicon/12346.ico HTTP/1.1\" 404 0
something else
",
    );
    folder.write(
        "lines.jsonl",
        r#"{"method":"GET","path":"/v2/profiles/7/balances","status":200}
{"http_method":"POST","url":"https://api.paxos.com/v2/transfer/internal"}
{"httpRequest":{"requestMethod":"GET","requestUrl":"/favicon/12345.ico"}}
{"req":{"method":"GET","url":"/favicon/12346.ico"}}
{"level":"info"}
"#,
    );
    folder.write(
        "traffic.har",
        r#"{"log":{"version":"1.2","entries":[
{"request":{"method":"GET","url":"https://api.paxos.com/v2/profiles/7/balances"}},
{"request":{"method":"POST","url":"https://api.paxos.com/v2/transfer/internal"}},
{"request":{"method":"GET","url":"https://api.paxos.com/favicon/12345.ico"}},
{"request":{"method":"GET","url":"https://api.paxos.com/favicon/12346.ico"}},
{}]}}"#,
    );
    folder.write(
        "plain.txt",
        "GET /profiles/7/balances\nPOST /transfer/internal\nGET /favicon/12345.ico\nGET /favicon/12346.ico\nnothing\n",
    );
    for (file, form) in [
        ("access.log", "Common Log Format"),
        ("lines.jsonl", "JSON lines"),
        ("traffic.har", "an HTTP archive"),
        ("plain.txt", "`METHOD path` lines"),
    ] {
        let lines = folder.scopes(&[
            "recommend",
            "-p",
            "paxos",
            "--log",
            file,
            "--format",
            "lines",
        ]);
        assert_eq!(
            lines.out,
            "funding:read_profile\ntransfer:write_internal_transfer\n",
            "{}",
            lines.all()
        );
        let table = folder.scopes(&["recommend", "-p", "paxos", "--log", file]);
        let note =
            format!("note: read {file} as {form}: 2 requests match an endpoint, 1 line skipped");
        assert!(table.out.contains(&note), "{}", table.out);
        assert!(
            table
                .out
                .contains("2 requests of the log match no endpoint in this catalog\n"),
            "{}",
            table.out
        );
        assert!(
            table.out.contains("       2  GET     /favicon/{}\n"),
            "{}",
            table.out
        );
    }
}

/// A file with findings is looked at more than once, and a pipe can be read only once.
#[cfg(unix)]
#[test]
fn check_reads_a_log_once() {
    let folder = Folder::new("log-once");
    folder
        .write(
            "keys/a.yaml",
            "provider: paxos\nname: a\nneeds: { endpoints: [GET /profiles] }\nscopes: [funding:read_profile, tax:read_tax_form]\n",
        )
        .write(
            "keys/b.yaml",
            "provider: paxos\nname: b\nneeds: { endpoints: [GET /profiles] }\nscopes: [funding:read_profle]\n",
        );
    let log = "1.2.3.4 - - [26/Nov/2026:10:00:00 +0000] \"GET /profiles HTTP/1.1\" 200 5\n";
    let arguments = ["check", "keys", "--log", "/dev/stdin", "--format", "short"];
    let run = crate::program::run(&folder.path("."), &arguments, Some(log.as_bytes()));
    assert_eq!(run.status, 1, "{}", run.all());
    assert!(run.out.contains("tax:read_tax_form"), "{}", run.all());
    assert!(run.out.contains("funding:read_profle"), "{}", run.all());
}

#[test]
fn check_takes_observed_traffic_as_needs() {
    let folder = Folder::new("check-log");
    folder.write(
        "key.yaml",
        "provider: paxos\nname: x\nscopes: [funding:read_profile, tax:read_tax_form]\n",
    );
    folder.write("log.txt", "GET /profiles\nPOST /transfer/internal\n");
    insta::assert_snapshot!(
        folder
            .scopes(&["--width", "80", "check", "key.yaml", "--log", "log.txt"])
            .all()
    );
}

/// A need that none of the key's environments has is not dropped.
#[test]
fn a_need_that_exists_nowhere_is_impossible() {
    let folder = Folder::new("recommend-nowhere");
    folder.write(
        "key.yaml",
        "provider: paxos\nname: x\nneeds: { endpoints: [GET /profiles, POST /sandbox/fiat-deposits] }\n\
         scopes: [funding:read_profile]\nenvironments: { production: {} }\n",
    );
    let run = folder.scopes(&["recommend", "--key-file", "key.yaml"]);
    assert_eq!(run.status, 1);
    assert!(
        run.out
            .starts_with("paxos/x, production: 1 scope for 1 of 2 needs (proven minimal)\n"),
        "{}",
        run.out
    );
}

/// What is unknown is said, and the rest is still answered.
#[test]
fn an_unknown_endpoint_hides_no_answer() {
    let run = scopes(&[
        "recommend",
        "-p",
        "paxos",
        "--endpoint",
        "GET /profiles",
        "--endpoint",
        "GET /nope",
        "--format",
        "json",
    ]);
    let answer: Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(run.status, 1);
    assert_eq!(answer["scopes"][0]["name"], "funding:read_profile");
    assert_eq!(
        answer["unmatched"],
        json!([{ "request": "GET /nope", "count": 1 }])
    );
    assert!(
        run.err.contains("paxos has no endpoint `GET /nope`"),
        "{}",
        run.err
    );
}

/// A log in which nothing is the provider's is no answer, and a foreign host is shown with its name.
#[test]
fn a_log_that_matches_nothing_is_no_yes() {
    let folder = Folder::new("recommend-unmatched");
    folder.write(
        "u.log",
        "GET /nosuch\nGET https://cdn.example.org/v2/profiles\n",
    );
    folder.write("none.jsonl", "{\"a\": 1}\n");
    let run = folder.scopes(&["recommend", "-p", "paxos", "--log", "u.log"]);
    assert_eq!(run.status, 1);
    assert!(
        run.out
            .starts_with("paxos, production: none of the needs is an endpoint of this catalog\n"),
        "{}",
        run.out
    );
    assert!(
        run.out.contains("GET     cdn.example.org/v2/profiles\n"),
        "{}",
        run.out
    );
    let run = folder.scopes(&["recommend", "-p", "paxos", "--log", "none.jsonl"]);
    assert!(
        run.err
            .starts_with("error: `none.jsonl` contains no readable requests\n"),
        "{}",
        run.err
    );
}

#[test]
fn what_cannot_be_asked_says_so() {
    let folder = Folder::new("recommend-bad");
    folder
        .write("empty.log", "\n")
        .write("prose.log", "there is nothing here\nat all\n")
        .write("broken.har", "{\"log\": {\"entries\": [");
    let mut all = String::new();
    for arguments in [
        &["recommend"][..],
        &["recommend", "-p", "paxos"],
        &["recommend", "-p", "paxos", "--endpoint", "profiles"],
        &["recommend", "-p", "paxos", "--recipe", "mnt"],
        &["recommend", "-p", "paxos", "--event", "x"],
        &["recommend", "-p", "paxos", "-e", "prod", "--recipe", "mint"],
        &[
            "recommend",
            "-p",
            "elebne",
            "--key-type",
            "x",
            "--recipe",
            "take-payments",
        ],
        &["recommend", "--endpoint", "GET /nowhere"],
        &["recommend", "-p", "paxos", "--log", "empty.log"],
        &["recommend", "-p", "paxos", "--log", "prose.log"],
        &["recommend", "-p", "paxos", "--log", "broken.har"],
        &["recommend", "-p", "paxos", "--log", "missing.log"],
        &["recommend", "--key-file", "missing.yaml"],
    ] {
        let run = folder.scopes(arguments);
        assert_eq!(
            (run.status, run.out.as_str()),
            (2, ""),
            "{arguments:?}: {}",
            run.all()
        );
        all.push_str(&format!("$ scopes {}\n{}\n", arguments.join(" "), run.err));
    }
    insta::assert_snapshot!(all);
}
