//! What the commands answer to what people type: inference, lists, standard input, JSON, unknown names.

use serde_json::Value;

use crate::program::{Folder, scopes, scopes_with};

fn json(arguments: &[&str]) -> Value {
    let run = scopes(arguments);
    serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {}", run.all()))
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array()
        .expect("a list")
        .iter()
        .map(|one| one["name"].as_str().expect("a name"))
        .collect()
}

/// The block of the provider's page, as it is pasted: one scope a line, indented.
const PASTED: &str = "   orchestration:read_orchestration
   orchestration:write_orchestration
   orchestration:read_orchestration_rule
   orchestration:write_orchestration_rule
   funding:read_profile
   funding:write_profile
   transfer:read_deposit_address
   transfer:read_transfer
   transfer:read_fiat_account
   transfer:read_fiat_deposit_instructions
   transfer:write_internal_transfer
   transfer:write_crypto_withdrawal
   transfer:write_deposit_address
   transfer:write_fiat_account
   transfer:write_fiat_deposit_instructions
   transfer:write_fiat_withdrawal
";

#[test]
fn a_pasted_block_works_as_it_is() {
    let from_stdin = scopes_with(&["explain", "-"], PASTED);
    let with_commas = PASTED.split_whitespace().collect::<Vec<_>>().join(",");
    assert_eq!(from_stdin.status, 0);
    assert!(
        from_stdin
            .out
            .starts_with("paxos: 16 scopes open 29 endpoints (15 writes)\n")
    );
    assert!(
        from_stdin
            .out
            .contains("note: 1 of the writes exists only in sandbox")
    );
    assert_eq!(scopes(&["explain", PASTED]).out, from_stdin.out);
    assert_eq!(scopes(&["explain", &with_commas]).out, from_stdin.out);
}

#[test]
fn bundles_on_a_publishable_key_keep_three_five_and_eight_scopes() {
    for (bundle, kept, all) in [("pay", 3, 6), ("store", 5, 11), ("full", 8, 18)] {
        let arguments = [
            "explain",
            "-p",
            "elebne",
            bundle,
            "--key-type",
            "publishable",
            "--format",
            "json",
        ];
        let explanation = json(&arguments);
        let scopes = explanation["scopes"].as_array().expect("scopes");
        let granted = scopes
            .iter()
            .filter(|scope| scope["status"] == "granted")
            .count();
        let ignored = scopes
            .iter()
            .filter(|scope| scope["status"] == "ignored")
            .count();
        assert_eq!((granted, ignored), (kept, all - kept), "{bundle}");
    }
}

#[test]
fn the_wildcard_opens_no_rejected_endpoint() {
    let explanation = json(&["explain", "*", "--format", "json"]);
    let catalog = json(&["show", "piratecrew", "--format", "json"]);
    let rejected: Vec<(&Value, &Value)> = catalog["endpoints"]
        .as_array()
        .expect("endpoints")
        .iter()
        .filter(|endpoint| !endpoint["rejected"].is_null())
        .map(|endpoint| (&endpoint["path"], &endpoint["mode"]))
        .collect();
    assert_eq!(rejected.len(), 8);
    for endpoint in explanation["endpoints"].as_array().expect("endpoints") {
        assert_eq!(endpoint["verdict"], "allowed");
        assert!(!rejected.contains(&(&endpoint["path"], &endpoint["mode"])));
    }
}

#[test]
fn a_client_needs_no_key_for_an_order_of_its_own() {
    let arguments = [
        "explain",
        "GET /2022-06-09/orders/{orderId}",
        "--key-type",
        "client",
        "--format",
        "json",
    ];
    assert_eq!(json(&arguments)["endpoints"][0]["verdict"], "no-key-needed");
}

#[test]
fn the_status_of_a_verdict_is_zero_only_where_the_call_can_be_made() {
    let status = |set: &str, endpoint: &str| scopes(&["explain", set, endpoint]).status;
    assert_eq!(status("funding:read_profile", "GET /profiles"), 0);
    assert_eq!(status("funding:read_profile", "GET /markets"), 0);
    assert_eq!(status("funding:read_profile", "POST /profiles"), 1);
    assert_eq!(status("funding:read_profile", "GET /nowhere"), 1);
    assert_eq!(
        status("airdrop:admin", "POST /v2/airdrops/7/claims mode=signed"),
        1
    );
    assert_eq!(status("wallets.read", "DELETE /2022-06-09/nfts/7"), 1);
}

#[test]
fn an_endpoint_is_found_by_template_path_and_url() {
    let answer = |endpoint: &str| {
        let run = scopes(&["explain", endpoint]);
        run.out.lines().next().unwrap_or_default().to_owned()
    };
    let expected = "paxos: GET /profiles/{profile_id}/balances (read) needs funding:read_profile";
    for endpoint in [
        "GET /profiles/{profile_id}/balances",
        "GET /profiles/:other/balances",
        "get /profiles/7/balances?page=2",
        "GET /profiles/7/balances/",
        "GET https://api.sandbox.paxos.com/v2/profiles/7/balances#top",
        "GET /v2/profiles/7/balances",
    ] {
        assert_eq!(answer(endpoint), expected, "{endpoint}");
    }
    assert_eq!(
        scopes(&["explain", "GET", "/profiles/7/balances"]).out,
        scopes(&["explain", "GET /profiles/7/balances"]).out
    );
}

#[test]
fn unknown_names_are_said_and_the_rest_is_answered() {
    let run = scopes(&[
        "expand",
        "-p",
        "elebne",
        "pay.intents:raed",
        "pay.intents:write",
        "--format",
        "lines",
    ]);
    assert_eq!(run.out, "pay.intents:write\n");
    assert_eq!(
        run.err,
        "error: elebne has no scope `pay.intents:raed`\nhelp: did you mean `pay.intents:read`?\n"
    );
    assert_eq!(run.status, 1);
}

#[test]
fn the_name_of_something_else_gets_the_command_that_was_meant() {
    let mut all = String::new();
    for arguments in [
        ["explain", "mint"],
        ["explain", "nfts.mint"],
        ["expand", "order.accepted"],
        ["explain", "paxos"],
        ["explain", "Cargo.toml"],
        ["explain", "unneeded-scope"],
        ["explain", "/profiles"],
        ["explain", "wallets.raed"],
        ["explain", "GET /profile"],
        ["explain", "GET /balances"],
        ["expand", "GET /profiles"],
        ["show", "paxxos"],
        ["explain", " "],
    ] {
        let run = scopes(&arguments);
        assert_eq!(run.out, "", "{arguments:?}");
        all.push_str(&format!(
            "$ scopes {} '{}'\n{}\n",
            arguments[0],
            arguments[1],
            run.all()
        ));
    }
    insta::assert_snapshot!(all);
}

#[test]
fn a_pasted_key_is_never_echoed() {
    let material = "51HqLyjWDarjtT1zdp7dc";
    let key = format!("sk_live_{material}");
    let endpoint = format!("GET /foo/{key}");
    let file = format!("a.yaml@{key}");
    for arguments in [
        &[key.as_str()][..],
        &["explain", &key],
        &["explain", &endpoint],
        &["explain", "-p", &key, "a"],
        &["explain", "pay", "-e", &key],
        &["explain", "pay", "--key-type", &key],
        &["expand", &key],
        &["show", &key],
        &["show", "elebne", &key],
        &["check", &key],
        &["check", "--key-file", &key],
        &["check", "--today", &key, "f"],
        &["recommend", "-p", "elebne", "--recipe", &key],
        &["diff", &file, "a.yaml"],
        &["list", "--catalog", &key],
    ] {
        let run = scopes(arguments);
        assert_eq!(run.status, 2, "{arguments:?}");
        assert!(!run.all().contains(material), "{}", run.all());
        assert!(run.err.contains("rotate it"), "{}", run.all());
    }
    for prefix in ["pk_test_", "dyn_", "sk_production_", "ck_staging_"] {
        let run = scopes(&["explain", &format!("{prefix}{material}")]);
        assert!(!run.all().contains(material), "{}", run.all());
    }
}

#[test]
fn expand_says_where_each_scope_comes_from() {
    let expansion = json(&[
        "expand",
        "store",
        "pay.intents:read",
        "store.orders:read",
        "--format",
        "json",
    ]);
    assert_eq!(expansion["version"], 1);
    assert_eq!(expansion["kind"], "expansion");
    assert_eq!(expansion["provider"], "elebne");
    assert_eq!(expansion["unknown"], serde_json::json!([]));
    let of = |name: &str| {
        let scopes = expansion["scopes"].as_array().expect("scopes");
        scopes
            .iter()
            .find(|scope| scope["name"] == name)
            .expect("the scope")["from"]
            .clone()
    };
    assert_eq!(
        of("pay.intents:read"),
        serde_json::json!(["pay.intents:read"])
    );
    assert_eq!(of("store.import:write"), serde_json::json!(["store"]));
    assert_eq!(
        of("store.orders:read"),
        serde_json::json!(["store", "store.orders:read"])
    );
}

#[test]
fn a_catalog_of_your_own_implies_hides_and_extends() {
    let folder = Folder::new("own-catalog");
    folder.write(
        "github.yaml",
        "provider: github
scopes:
  read:org:
  write:org: { implies: [read:org] }
  admin:org: { implies: [write:org] }
endpoints:
  GET /orgs/{org}/teams: read:org
  POST /orgs/{org}/teams: write:org
  DELETE /orgs/{org}: admin:org
",
    );
    folder.write(
        "mine.json",
        r#"{"provider": "paxos", "extends": "paxos", "scopes": {"new:scope": {"access": "read"}},
            "endpoints": {"GET /profiles": "new:scope", "GET /new": {"all": ["new:scope", "funding:read_profile"]}}}"#,
    );
    let expanded = folder.scopes(&[
        "expand",
        "-p",
        "./github.yaml",
        "admin:org",
        "--format",
        "lines",
    ]);
    assert_eq!(expanded.out, "admin:org\nread:org\nwrite:org\n");
    let listed = folder.scopes(&["list", "--catalog", "mine.json", "--catalog", "github.yaml"]);
    assert!(
        listed.out.contains("mine.json, overrides built-in"),
        "{}",
        listed.out
    );
    assert!(listed.out.contains("github.yaml"), "{}", listed.out);
    let shown = folder.scopes(&["show", "mine.json", "--format", "json"]);
    let catalog: Value = serde_json::from_str(&shown.out).expect("JSON");
    assert_eq!(names(&catalog["scopes"]).len(), 67);
    assert_eq!(
        catalog["endpoints"].as_array().expect("endpoints").len(),
        126
    );
    let answer = folder.scopes(&["explain", "--catalog", "mine.json", "GET /profiles"]);
    assert!(
        answer
            .out
            .starts_with("paxos: GET /profiles (read) needs new:scope\n"),
        "{}",
        answer.all()
    );
}

#[test]
fn a_correction_meets_its_endpoint_whatever_its_parameters_are_called() {
    let folder = Folder::new("extends-structure");
    folder.write(
        "mine.yaml",
        "provider: paxos\nextends: paxos\nscopes: { mine: {} }\nendpoints:\n  GET /profiles/{id}: mine\n",
    );
    let run = folder.scopes(&["explain", "-p", "./mine.yaml", "GET /profiles/5"]);
    assert!(
        run.out
            .starts_with("paxos: GET /profiles/{id} (read) needs mine\n"),
        "{}",
        run.all()
    );
}

/// What a scope carries with it decides what it lets its holder do.
#[test]
fn a_scope_that_implies_a_write_is_a_write() {
    let folder = Folder::new("implied-access");
    folder.write(
        "a.yaml",
        "provider: a\nscopes: { root: { implies: [b] }, b: {} }\nendpoints:\n  POST /b: b\n",
    );
    let run = folder.scopes(&["explain", "-p", "./a.yaml", "root"]);
    assert!(
        run.out
            .contains(" root    write    medium   through implied scopes\n"),
        "{}",
        run.out
    );
}

/// A list of answers is made of answers that each stand alone.
#[test]
fn several_explanations_carry_their_head() {
    let document = json(&["explain", "full", "--format", "json"]);
    assert_eq!(document["kind"], "explanations");
    for one in document["explanations"].as_array().expect("explanations") {
        assert_eq!(
            (&one["version"], &one["kind"]),
            (&1.into(), &"explanation".into())
        );
    }
}

#[test]
fn a_faulty_catalog_says_everything_that_is_wrong_with_it() {
    let folder = Folder::new("faulty-catalog");
    folder.write(
        "bad.yaml",
        "provider: bad
key_types:
  server: { expozure: private }
scopes:
  a: { implies: [b], risk: hihg }
  b: { implies: [a] }
  c: { key_types: [servre] }
  c: { summary: again }
bundles:
  some: { scopes: [a, aa, \"x*\"] }
endpoints:
  GET /a/{x}: a
  GET /a/{y}: b
  get /b: a
  GET c: a
  GET /d: nope
  GET /e: { all: [a], any: [b] }
  GET /f:
  GET /g: { modes: { signed: a } }
  GET /h: { all: [] }
  GET /i: a, b
recipes:
  r: { endpoints: [GET /nowhere] }
examples:
  - { scopes: [zz], endpoint: GET /d, verdict: alowed }
",
    );
    insta::assert_snapshot!(folder.scopes(&["show", "bad.yaml"]).all());
}

#[test]
fn untrusted_text_never_reaches_a_terminal_raw() {
    let folder = Folder::new("untrusted");
    folder.write(
        "evil.yaml",
        "provider: evil\nscopes:\n  \"a\\e[31mb\": { summary: \"x\\u202Ey\" }\nendpoints:\n  GET /a: \"a\\e[31mb\"\n",
    );
    for arguments in [
        &["show", "evil.yaml"][..],
        &["show", "evil.yaml", "--format", "markdown"],
        &["explain", "-p", "./evil.yaml", "GET /a"],
        &["explain", "\u{1b}[31mred\u{202e}"],
    ] {
        let all = folder.scopes(arguments).all();
        assert!(
            !all.contains(['\u{1b}', '\u{202e}']),
            "{arguments:?}: {all:?}"
        );
    }
}

#[test]
fn a_closed_pipe_is_success() {
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_scopes"))
        .args(["show", "paxos", "--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the binary ends");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn markdown_of_a_catalog_escapes_its_cells() {
    let run = scopes(&["show", "piratecrew", "--format", "markdown"]);
    assert!(run.out.contains("| `POST /v2/tokens mode=signed` | write | always rejected: the wallet of the user is the mint authority |  |"));
    insta::assert_snapshot!(crate::program::without_digests(&run.out));
}

#[test]
fn markdown_of_an_explanation() {
    let set = scopes(&[
        "explain",
        "pay",
        "--key-type",
        "publishable",
        "--format",
        "markdown",
    ]);
    let endpoint = scopes(&[
        "explain",
        "POST /v2/airdrops/7/claims",
        "--format",
        "markdown",
    ]);
    insta::assert_snapshot!(format!("{}{}", set.all(), endpoint.all()));
}
