//! The rules, each on a key that has just its fault, and all of them on keys that have several.

use crate::program::{Folder, Run, scopes_with};

/// Checks a key on standard input, a line for each finding.
fn check(text: &str) -> Run {
    scopes_with(
        &["check", "-", "--format", "short", "--today", "2026-11-22"],
        text,
    )
}

/// The findings as `line:column level[rule]`.
fn found(text: &str) -> Vec<String> {
    let run = check(text);
    assert!(run.status < 2, "{}", run.all());
    run.out
        .lines()
        .map(|line| {
            let rest = line.strip_prefix("-:").expect("standard input");
            let (place, rest) = rest.split_once(": ").expect("a place");
            format!("{place}: {}", rest.split(' ').next().expect("a rule"))
        })
        .collect()
}

macro_rules! rule {
    ($name:ident, $text:literal, [$($finding:literal),* $(,)?]) => {
        #[test]
        fn $name() {
            let expected: &[&str] = &[$($finding),*];
            assert_eq!(found($text), expected, "{}", check($text).out);
        }
    };
}

rule!(
    a_key_that_is_the_least_has_no_finding,
    "provider: paxos
name: x
needs: { endpoints: [GET /profiles, POST /transfer/fiat-withdrawals] }
scopes: [funding:read_profile, transfer:write_fiat_withdrawal]
",
    []
);
rule!(
    missing_scope,
    "provider: paxos
name: x
needs:
  endpoints:
    - GET /profiles
    - POST /rewards/payout-groups
scopes: funding:read_profile
",
    ["6:7: error[missing-scope]"]
);
rule!(
    one_scope_that_two_needs_lack_is_one_fault,
    "provider: paxos
name: x
needs:
  endpoints:
    - GET /profiles
    - GET /profiles/7
",
    ["5:7: error[missing-scope]"]
);
rule!(
    unneeded_scope,
    "provider: paxos
name: x
needs: { endpoints: [GET /profiles] }
scopes:
  - funding:read_profile
  - tax:read_tax_form
  - transfer:write_crypto_withdrawal
",
    ["6:5: warning[unneeded-scope]", "7:5: error[unneeded-scope]"]
);
rule!(
    a_wider_scope_beside_a_narrower_one_is_unneeded,
    "provider: paxos
name: x
needs: { endpoints: [POST /rewards/payout-groups] }
scopes:
  - rewards:write_payout_groups
  - rewards:create_payout_groups
",
    ["5:5: warning[unneeded-scope]"]
);
rule!(
    a_scope_that_is_needed_in_one_environment_is_judged_once,
    "provider: paxos
name: x
needs: { endpoints: [GET /profiles] }
scopes:
  - funding:read_profile
  - transfer:write_sandbox_fiat_deposit
  - tax:read_tax_form
environments:
  sandbox:
    needs: { endpoints: [POST /sandbox/fiat-deposits] }
  production:
",
    [
        "6:5: warning[sandbox-only-scope]",
        "7:5: warning[unneeded-scope]"
    ]
);
rule!(
    a_scope_of_the_sandbox_belongs_under_it,
    "provider: paxos
name: x
needs: { endpoints: [GET /profiles] }
scopes: [funding:read_profile]
environments:
  sandbox:
    needs: { endpoints: [POST /sandbox/fiat-deposits] }
    scopes: [transfer:write_sandbox_fiat_deposit]
  production:
    scopes: [transfer:write_sandbox_fiat_deposit]
",
    ["10:14: warning[sandbox-only-scope]"]
);
rule!(
    risky_scope,
    "provider: paxos
name: x
needs: { endpoints: [POST /rewards/payout-groups] }
scopes: [rewards:write_payout_groups]
",
    ["4:10: warning[risky-scope]"]
);
rule!(
    risky_combination,
    "provider: paxos
name: x
needs: { endpoints: [POST /transfer/fiat-accounts, POST /transfer/fiat-withdrawals] }
scopes: [transfer:write_fiat_account, transfer:write_fiat_withdrawal]
",
    ["4:39: warning[risky-combination]"]
);
rule!(
    exposed_scope,
    "provider: crossmint
name: x
key_type: client
scopes: [wallets.create, wallets.read]
",
    [
        "2:7: warning[no-needs-declared]",
        "4:10: error[exposed-scope]"
    ]
);
rule!(
    possible_secret,
    "provider: paxos
name: x
purpose: was hV8sQ2mZx91Lr0Tk4Wb7Yc3N
needs: { endpoints: [GET /profiles] }
scopes: [funding:read_profile]
",
    ["3:14: warning[possible-secret]"]
);
rule!(
    a_read_scope_that_writes,
    "provider: dynamic
name: x
scopes: [environment.users.read]
",
    [
        "2:7: warning[no-needs-declared]",
        "3:10: note[read-scope-can-write]"
    ]
);
rule!(
    an_unclear_need_leaves_the_grant_to_a_person,
    "provider: paxos
name: x
needs: { endpoints: [GET /profiles, POST /nowhere/at/all] }
scopes: [funding:read_profile, tax:read_tax_form]
",
    [
        "3:37: error[unknown-endpoint]",
        "4:32: warning[unneeded-scope]"
    ]
);
rule!(
    unproven_scope,
    "provider: elebne
name: x
key_type: secret
needs: { endpoints: [GET /dev/store/orders] }
scopes: [store.orders:read, enterprise.bills:write]
",
    ["5:29: note[unproven-scope]"]
);
rule!(
    a_scope_that_is_declared_with_a_reason_is_needed,
    "provider: elebne
name: x
key_type: secret
needs:
  endpoints: [GET /dev/store/orders]
  scopes: [{ scope: enterprise.bills:write, because: pays the suppliers }]
scopes: [store.orders:read, enterprise.bills:write]
",
    []
);
rule!(
    unreachable_need,
    "provider: crossmint
name: x
key_type: client
needs:
  endpoints:
    - POST /2022-06-09/orders
    - POST /v1-alpha1/wallets/transfer
scopes: [orders.create]
",
    ["7:7: error[unreachable-need]"]
);
rule!(
    a_rejected_need_is_unreachable,
    "provider: piratecrew
name: x
needs:
  endpoints:
    - POST /v2/tokens mode=signed
",
    ["5:7: error[unreachable-need]"]
);
rule!(
    a_need_that_exists_in_no_environment_of_the_key_is_unreachable,
    "provider: paxos
name: x
needs: { endpoints: [POST /sandbox/fiat-deposits, GET /profiles] }
environments:
  production: { scopes: [funding:read_profile] }
",
    ["3:22: error[unreachable-need]"]
);
rule!(
    unstated_need,
    "provider: crossmint
name: x
key_type: server
needs: { endpoints: [DELETE /2022-06-09/nfts/7] }
",
    ["4:22: note[unstated-need]"]
);
rule!(
    key_not_needed,
    "provider: crossmint
name: x
key_type: client
needs:
  endpoints:
    - POST /2022-06-09/orders
    - GET /2022-06-09/orders/7
scopes: [orders.create]
",
    ["7:7: note[key-not-needed]"]
);
rule!(
    a_scope_that_the_provider_refuses_on_this_type_is_an_error,
    "provider: crossmint
name: x
key_type: client
needs: { endpoints: [POST /2022-06-09/orders] }
scopes: [orders.create, nfts.create]
",
    ["5:25: error[scope-not-for-key-type]"]
);
rule!(
    a_scope_that_the_provider_ignores_on_this_type_is_a_warning,
    "provider: elebne
name: x
key_type: publishable
needs: { endpoints: [\"GET /dev/intents/{ref}\"] }
scopes: [pay.intents:read, pay.intents:write]
",
    ["5:28: warning[scope-not-for-key-type]"]
);
rule!(
    a_bundle_speaks_once_for_what_its_type_may_not_carry_and_once_for_what_nobody_needs,
    "provider: elebne
name: x
key_type: publishable
needs: { endpoints: [\"GET /dev/intents/{ref}\"] }
bundles: [pay]
",
    [
        "5:11: warning[broad-bundle]",
        "5:11: warning[scope-not-for-key-type]"
    ]
);
rule!(
    broad_bundle,
    "provider: elebne
name: x
key_type: secret
needs: { recipes: [take-payments] }
bundles: [pay]
",
    ["5:11: warning[broad-bundle]"]
);
rule!(
    wildcard_scope,
    "provider: piratecrew
name: x
needs: { recipes: [claim-fees] }
scopes: [\"*\"]
",
    ["4:10: error[wildcard-scope]"]
);
rule!(
    redundant_and_duplicate_scopes,
    "provider: elebne
name: x
key_type: secret
needs: { recipes: [take-payments] }
scopes: [pay.intents:write, pay.intents:read, pay.intents:read]
environments:
  live: { scopes: [pay.intents:write] }
",
    [
        "5:47: warning[duplicate-scope]",
        "7:20: warning[duplicate-scope]"
    ]
);
rule!(
    a_scope_beside_its_bundle_is_redundant,
    "provider: elebne
name: x
key_type: secret
needs:
  recipes: [take-payments]
  scopes:
    - { scope: webhooks.endpoints:read, because: a }
    - { scope: webhooks.endpoints:manage, because: a }
    - { scope: webhooks.deliveries:read, because: a }
    - { scope: webhooks.deliveries:retry, because: a }
scopes: [pay.intents:read]
bundles: [pay]
",
    [
        "11:10: warning[redundant-scope]",
        "12:11: warning[risky-combination]"
    ]
);
rule!(
    forbidden_endpoint,
    "provider: paxos
name: x
needs: { endpoints: [POST /orchestration/rules] }
scopes: [orchestration:write_orchestration_rule]
never:
  - DELETE /**
  - GET /markets
",
    ["6:5: error[forbidden-endpoint]"]
);
rule!(
    no_needs_declared,
    "provider: paxos
name: x
scopes: [funding:read_profile, funding:write_profile]
",
    ["2:7: warning[no-needs-declared]"]
);
rule!(
    environment_drift,
    "provider: paxos
name: x
needs: { endpoints: [GET /profiles] }
environments:
  sandbox: { scopes: [] }
  production:
    needs: { endpoints: [GET /transfer/transfers] }
    scopes: [funding:read_profile, transfer:read_transfer]
",
    ["3:22: error[missing-scope]", "6:3: note[environment-drift]"]
);
rule!(
    what_the_sandbox_lacks_is_no_drift_as_well,
    "provider: paxos
name: x
needs: { endpoints: [GET /profiles] }
environments:
  sandbox: { scopes: [] }
  production:
    scopes: [funding:read_profile]
",
    ["3:22: error[missing-scope]"]
);
rule!(
    unknown_names,
    "provider: elebne
name: x
key_type: sercet
needs:
  recipes: [take-payment]
  endpoints: [GET /dev/store/produtcs, nonsense, PATCH /dev/intents]
  events: [order.acepted]
scopes: [store.orders:raed, nothing.like:it, webhooks.endpoints:manage, store.products:read, pay.intents:read]
bundles: [warehouse]
environments:
  prod: {}
",
    [
        "3:11: error[unknown-key-type]",
        "5:13: error[missing-scope]",
        "5:13: error[unknown-recipe]",
        "6:15: error[unknown-endpoint]",
        "6:40: error[unknown-endpoint]",
        "6:50: error[unknown-endpoint]",
        "7:12: error[unknown-event]",
        "8:10: error[unknown-scope]",
        "8:29: error[unknown-scope]",
        "9:11: error[unknown-bundle]",
        "11:3: error[unknown-environment]",
    ]
);
rule!(
    a_bundle_among_the_scopes_is_one_fault,
    "provider: elebne
name: x
key_type: secret
needs: { recipes: [take-payments] }
scopes: [pay]
",
    ["5:10: error[unknown-scope]"]
);
rule!(
    an_environment_that_there_is_not_is_one_fault,
    "provider: paxos
name: x
needs: { endpoints: [GET /profiles] }
environments:
  prod: {}
  production: { scopes: [funding:read_profile] }
",
    ["5:3: error[unknown-environment]"]
);
rule!(
    a_secret_behind_escapes_is_found,
    "provider: elebne
name: x
key_type: secret
needs: { endpoints: [GET /dev/store/orders] }
scopes: [store.orders:read, \"\\x73k_live_4eC39HqLyjWDarjtT1zdp7dc\"]
",
    ["5:29: error[secret-in-file]"]
);
rule!(
    half_of_what_a_need_lacks_is_not_unneeded,
    "provider: elebne
name: x
key_type: secret
needs: { events: [order.new] }
scopes: [store.orders:read]
",
    ["4:19: error[missing-scope]"]
);
rule!(
    a_scope_for_everywhere_that_production_does_not_need,
    "provider: paxos
name: x
needs: { endpoints: [GET /profiles] }
scopes: [funding:read_profile, exchange:write_order]
environments:
  sandbox: { needs: { endpoints: [\"POST /profiles/{p}/orders\"] } }
  production: {}
",
    ["4:32: error[unneeded-scope]"]
);
rule!(
    a_misspelt_endpoint_keeps_its_mode,
    "provider: piratecrew
name: x
needs: { endpoints: [\"POST /v2/airdrop mode=signed\"] }
scopes: [airdrop:admin]
",
    ["3:22: error[unknown-endpoint]"]
);
rule!(
    a_misspelt_environment_hides_no_fault,
    "provider: paxos
name: x
needs: { endpoints: [GET /profiles] }
scopes: [funding:read_profile]
environments:
  sandbox: {}
  produktion: { scopes: [exchange:write_order] }
",
    [
        "7:3: error[unknown-environment]",
        "7:26: error[unneeded-scope]",
        "7:3: note[environment-drift]"
    ]
);
rule!(
    a_need_of_one_environment_is_about_that_one,
    "provider: paxos
name: x
environments:
  sandbox: {}
  production: { needs: { endpoints: [POST /sandbox/fiat-deposits] } }
",
    ["5:38: error[unreachable-need]"]
);
rule!(
    a_word_between_stars_is_no_parameter,
    "provider: dynamic
name: x
needs: { endpoints: [POST /environments/e/users/u/balances] }
scopes: [environment.balances.read]
never: [\"* /**/delegatedAccess/**\", \"DELETE /walets/**\", \"* /walets/**\"]
",
    [
        "5:37: error[unknown-endpoint]",
        "5:58: error[unknown-endpoint]"
    ]
);
rule!(
    what_a_broad_bundle_covers_is_not_redundant,
    "provider: elebne
name: x
key_type: secret
needs: { endpoints: [GET /dev/intents/x] }
scopes: [pay.intents:read]
bundles: [pay]
",
    ["6:11: warning[broad-bundle]"]
);
rule!(
    one_scope_that_would_do_is_one_lack,
    "provider: paxos
name: x
needs:
  endpoints:
    - POST /rewards/payout-groups
    - PUT /rewards/payout-groups/7
    - DELETE /rewards/payout-groups/7
",
    ["5:7: error[missing-scope]"]
);
rule!(
    a_need_that_lacks_two_scopes_lacks_each_once,
    "provider: elebne
name: x
key_type: secret
needs: { recipes: [follow-orders] }
",
    ["4:20: error[missing-scope]", "4:20: error[missing-scope]"]
);
rule!(
    what_an_alias_brings_stands_at_the_alias,
    "provider: paxos
name: x
needs: { endpoints: [GET /profiles] }
scopes: &s [funding:read_profile, tax:read_tax_form]
environments:
  production:
    scopes: *s
",
    [
        "4:35: warning[unneeded-scope]",
        "7:13: warning[duplicate-scope]",
        "7:13: warning[duplicate-scope]",
    ]
);
rule!(
    a_key_type_must_be_named_where_there_are_several,
    "provider: elebne
name: x
needs: { endpoints: [GET /dev/store/orders] }
scopes: store.orders:read
",
    ["1:11: error[missing-field]"]
);
rule!(
    a_retired_scope_is_unknown,
    "provider: crossmint
name: x
key_type: server
needs: { endpoints: [POST /2022-06-09/collections] }
scopes: [nfts.mint, collections.create]
",
    ["5:10: error[unknown-scope]"]
);
rule!(
    a_list_may_be_one_string_and_each_word_has_its_place,
    "provider: paxos
name: x
needs: { endpoints: [GET /profiles] }
scopes: |
  funding:read_profile
    tax:read_tax_form, tax:read_tax_lot
",
    ["6:5: warning[unneeded-scope]", "6:24: note[unproven-scope]"]
);
rule!(
    an_allowance_accepts_until_its_day,
    "provider: paxos
name: x
owner: treasury
needs: { endpoints: [GET /profiles] }
scopes: [funding:read_profile, tax:read_tax_form, identity:read_account, settlement:read_transaction]
allow:
  - { rule: unneeded-scope, scope: tax:read_tax_form, reason: audit, until: 2026-11-22 }
  - { rule: unneeded-scope, scope: identity:read_account, reason: audit, until: 2026-11-21 }
  - { rule: unneeded-scope, scope: settlement:read_transaction }
  - { rule: unneeded-scope, scope: nothing, reason: none }
",
    [
        "5:51: warning[unneeded-scope]",
        "8:81: warning[expired-allowance]",
        "9:13: warning[unexplained-allowance]",
        "10:13: warning[unused-allowance]",
    ]
);

/// The same key in the three syntaxes has the same findings.
#[test]
fn the_three_syntaxes_say_the_same() {
    let folder = Folder::new("syntaxes");
    folder.write(
        "a.yaml",
        "provider: paxos
name: x
key_type: client
needs: { endpoints: [GET /profiles, POST /transfer/internal] }
never: [DELETE /**]
scopes: [funding:read_profile, tax:read_tax_form]
environments: { production: { scopes: [orchestration:write_orchestration_rule] } }
allow: [{ rule: unneeded-scope, scope: tax:read_tax_form, reason: audit, owner: me, until: 2027-01-01 }]
",
    );
    folder.write(
        "b.toml",
        "provider = \"paxos\"
name = \"x\"
key_type = \"client\"
never = [\"DELETE /**\"]
scopes = [\"funding:read_profile\", \"tax:read_tax_form\"]
[needs]
endpoints = [\"GET /profiles\", \"POST /transfer/internal\"]
[environments.production]
scopes = [\"orchestration:write_orchestration_rule\"]
[[allow]]
rule = \"unneeded-scope\"
scope = \"tax:read_tax_form\"
reason = \"audit\"
owner = \"me\"
until = 2027-01-01
",
    );
    folder.write(
        "c.json",
        r#"{"provider": "paxos", "name": "x", "key_type": "client", "never": ["DELETE /**"],
"scopes": ["funding:read_profile", "tax:read_tax_form"],
"needs": {"endpoints": ["GET /profiles", "POST /transfer/internal"]},
"environments": {"production": {"scopes": ["orchestration:write_orchestration_rule"]}},
"allow": [{"rule": "unneeded-scope", "scope": "tax:read_tax_form", "reason": "audit", "owner": "me", "until": "2027-01-01"}]}"#,
    );
    let said = |file: &str| {
        let run = folder.scopes(&[
            "check",
            "--key-file",
            file,
            "--format",
            "json",
            "--today",
            "2026-11-22",
        ]);
        let document: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
        let mut said: Vec<String> = document["findings"]
            .as_array()
            .expect("findings")
            .iter()
            .map(|finding| {
                format!(
                    "{} {} {} {}",
                    finding["severity"],
                    finding["rule"],
                    finding["message"],
                    finding["fingerprint"]
                )
            })
            .collect();
        said.sort_unstable();
        said
    };
    assert_eq!(said("a.yaml").len(), 3, "{:?}", said("a.yaml"));
    assert_eq!(said("a.yaml"), said("b.toml"));
    assert_eq!(said("a.yaml"), said("c.json"));
}

#[test]
fn an_environment_that_the_key_lacks_is_no_silent_pass() {
    let folder = Folder::new("check-environment");
    folder.write(
        "key.yaml",
        "provider: paxos\nname: x\nneeds: { endpoints: [GET /profiles] }\nenvironments:\n  production: {}\n",
    );
    let run = folder.scopes(&["check", "key.yaml", "-e", "prodution"]);
    assert_eq!(run.status, 2);
    assert_eq!(
        run.err,
        "error: the key `x` has no environment `prodution`\nhelp: it has: production\n"
    );
    assert_eq!(
        folder
            .scopes(&["check", "key.yaml", "-e", "production"])
            .status,
        1
    );
}

#[test]
fn files_that_are_no_keys_are_counted() {
    let folder = Folder::new("check-passed-over");
    folder.write(
        "keys/a.yaml",
        "provider: paxos\nname: a\nneeds: { endpoints: [GET /markets] }\n",
    );
    folder
        .write("keys/nameless.yaml", "provider: paxos\nscopes: [x]\n")
        .write("keys/readme.md", "x");
    let run = folder.scopes(&["check", "-q", "keys"]);
    assert_eq!(
        run.out,
        "1 key checked: 1 note; 2 other files were passed over\n"
    );
}

/// The same findings, whatever the order of the files on the command line.
#[test]
fn the_order_of_the_files_makes_no_difference() {
    let folder = Folder::new("order");
    folder
        .write("keys/a.yaml", "provider: paxos\nname: a\n")
        .write("keys/b.yaml", "provider: paxos\nname: b\nscopes: [x]\n");
    folder
        .write("keys/.gitignore", "ignored.yaml\n")
        .write("keys/ignored.yaml", "provider: paxos\nname: c\n");
    let forth = folder.scopes(&["check", "keys/a.yaml", "keys/b.yaml"]);
    let back = folder.scopes(&["check", "keys/b.yaml", "keys/a.yaml"]);
    let walked = folder.scopes(&["check", "keys"]);
    assert_eq!(forth.out, back.out);
    assert_eq!(forth.out, walked.out);
    assert!(
        forth.out.ends_with("2 keys checked: 1 error, 2 warnings\n"),
        "{}",
        forth.out
    );
}

#[test]
fn a_secret_is_never_printed() {
    let material = "4eC39HqLyjWDarjtT1zdp7dc";
    let token = ["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxIn0", "c2lnbmF0dXJl"].join(".");
    let text = format!(
        "provider: elebne
name: x
key_type: secret
purpose: call with sk_live_{material}
labels: {{ token: {token} }}
needs: {{ endpoints: [GET /dev/store/orders] }}
scopes: [store.orders:read, pk_test_{material}]
allow: [{{ rule: secret-in-file, reason: old, owner: me }}]
"
    );
    for format in ["text", "short", "json"] {
        let run = scopes_with(&["check", "-", "--format", format], &text);
        assert_eq!(run.status, 1);
        assert!(
            !run.all().contains(material) && !run.all().contains("eyJzdWIi"),
            "{}",
            run.all()
        );
    }
    assert_eq!(
        found(&text),
        [
            "4:20: error[secret-in-file]",
            "5:18: error[secret-in-file]",
            "7:29: error[secret-in-file]",
            "8:17: warning[unused-allowance]",
        ]
    );
}

#[test]
fn the_threshold_decides_the_status() {
    let warned = "provider: paxos\nname: x\nscopes: [funding:read_profile]\n";
    let noted = "provider: crossmint\nname: x\nkey_type: server\nneeds: { endpoints: [DELETE /2022-06-09/nfts/7] }\n";
    let status =
        |text: &str, level: &str| scopes_with(&["check", "-", "--fail-on", level], text).status;
    assert_eq!(
        [
            status(warned, "error"),
            status(warned, "warning"),
            status(warned, "never")
        ],
        [0, 1, 0]
    );
    assert_eq!([status(noted, "warning"), status(noted, "note")], [0, 1]);
}

/// The frames in full, at 80 columns: what several faults of one key look like together.
#[test]
fn frames() {
    let folder = Folder::new("frames");
    folder.write(
        "key.yaml",
        "provider: elebne
name: storefront
key_type: publishable
purpose: show products in the shop
needs:
  endpoints:
    - GET /dev/store/products
  events: [order.accepted]
never: [\"GET /dev/store/orders/*\"]
scopes:
  - store.products:read
  - store.products:write
  - store.orders:read
bundles: [pay]
",
    );
    insta::assert_snapshot!(folder.scopes(&["check", "--width", "80", "key.yaml"]).all());
}

#[test]
fn json_has_every_field_of_the_contract() {
    let run = scopes_with(
        &["check", "-", "--format", "json"],
        "provider: paxos\nname: x\nscopes: [funding:read_profle]\n",
    );
    let document: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(
        (&document["version"], &document["kind"]),
        (&1.into(), &"findings".into())
    );
    for finding in document["findings"].as_array().expect("findings") {
        for field in [
            "rule",
            "severity",
            "message",
            "file",
            "line",
            "column",
            "end_line",
            "end_column",
            "path",
            "fingerprint",
            "scope",
            "endpoint",
            "environment",
            "help",
            "fix",
        ] {
            assert!(finding.get(field).is_some(), "{field}");
        }
    }
    for field in ["errors", "warnings", "notes", "files", "baseline"] {
        assert!(document["summary"][field].is_number(), "{field}");
    }
}

/// A catalog with what the built-in ones do not have: implied risk, retired names, scopes of one environment.
const OWN: &str = "\
provider: own
key_types: { secret: {}, public: { exposure: public } }
environments: { sandbox: {}, production: { production: true } }
scopes:
  quiet: { access: read }
  lite: { access: read, implies: [hot] }
  hot: { access: write, risk: critical, because: moves money }
  server: { access: write, key_types: [secret] }
  live: { access: write, environments: [production] }
  a: { access: write }
  b: { access: write }
  c: { access: write }
  alert: { access: write }
  pay: { access: write, risk: critical, because: pays, environments: [production] }
  halfpay: { access: read, implies: [pay] }
  broad: { access: write }
  half1: { access: write }
  half2: { access: write }
retired: { old: [quiet], split: [a, b] }
bundles: { pair: { scopes: [a, b] } }
endpoints:
  GET /quiet: quiet
  GET /lite: lite
  POST /hot: hot
  POST /server: server
  POST /live: live
  POST /one: { any: [a, b] }
  POST /alert: alert
  GET /halfpay: halfpay
  POST /1: { any: [broad, half1] }
  POST /2: { any: [broad, half2] }
  DELETE /3: broad
combinations:
  - { scopes: [b, alert], risk: critical, because: are worse together }
";

/// The findings as `level[rule] scope environment`, in a catalog of one's own.
fn found_in(catalog: &str, name: &str, text: &str) -> Vec<String> {
    let folder = Folder::new(name);
    folder.write("own.yaml", catalog).write("a.yaml", text);
    let options = ["--catalog", "own.yaml", "--today", "2026-11-22"];
    let run = folder.scopes(&[&["check", "a.yaml", "--format", "json"], &options[..]].concat());
    assert!(run.status < 2, "{}", run.all());
    let document: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    let findings = document["findings"].as_array().expect("findings");
    let line = |finding: &serde_json::Value| {
        let text = |field: &str| finding[field].as_str().unwrap_or("-").to_owned();
        let [level, rule] = ["severity", "rule"].map(text);
        let [scope, environment] = ["scope", "environment"].map(text);
        format!("{level}[{rule}] {scope} {environment}")
    };
    findings.iter().map(line).collect()
}

macro_rules! own {
    ($name:ident, $text:literal, [$($finding:literal),* $(,)?]) => {
        #[test]
        fn $name() {
            let expected: &[&str] = &[$($finding),*];
            let text = format!("provider: own\nname: x\n{}", $text);
            assert_eq!(found_in(OWN, stringify!($name), &text), expected);
        }
    };
}

own!(
    what_a_scope_implies_is_exposed_with_it,
    "key_type: public\nneeds: { endpoints: [GET /lite] }\nscopes: [lite]",
    ["error[exposed-scope] lite -"]
);
own!(
    what_a_read_scope_implies_can_write,
    "key_type: secret\nneeds: { endpoints: [GET /lite] }\nscopes: [lite]",
    ["note[read-scope-can-write] lite -"]
);
own!(
    what_an_unneeded_scope_implies_makes_it_an_error,
    "key_type: secret\nneeds: { endpoints: [GET /quiet] }\nscopes: [quiet, lite]",
    ["error[unneeded-scope] lite -"]
);
own!(
    a_retired_name_counts_as_the_one_that_replaced_it,
    "key_type: secret\nneeds: { endpoints: [GET /quiet] }\nscopes: [old]",
    ["error[unknown-scope] old -"]
);
own!(
    a_scope_among_the_bundles_is_one_fault,
    "key_type: secret\nneeds: { endpoints: [GET /quiet] }\nbundles: [quiet]",
    ["error[unknown-bundle] quiet -"]
);
own!(
    a_scope_in_the_wrong_environment_is_to_be_moved,
    "key_type: secret\nneeds: { endpoints: [POST /hot] }\nscopes: [hot]
environments:
  sandbox: { needs: { endpoints: [GET /quiet] } }
  production: { scopes: [quiet] }",
    [
        "error[missing-scope] quiet sandbox",
        "warning[unneeded-scope] quiet production",
    ]
);
own!(
    what_exists_in_production_alone_is_no_drift,
    "key_type: secret
environments:
  sandbox: {}
  production: { needs: { endpoints: [POST /live] }, scopes: [live] }",
    []
);
own!(
    what_the_sandbox_could_have_is_drift,
    "key_type: secret
environments:
  sandbox: { needs: { endpoints: [GET /quiet] }, scopes: [quiet] }
  production: { needs: { endpoints: [POST /hot] }, scopes: [hot] }",
    ["note[environment-drift] - production"]
);
own!(
    a_combination_speaks_whichever_of_two_equals_has_the_first_name,
    "key_type: secret\nneeds: { endpoints: [POST /one, POST /alert] }\nscopes: [b, alert]",
    ["warning[risky-combination] b alert -"]
);

/// A scope that is half of a better set is unneeded as long as the broad one stays: which of them goes is for a person to
/// say.
#[test]
fn half_of_a_better_set_is_not_safely_removed() {
    let key = "provider: paxos\nname: x\nneeds: { endpoints: [POST /rewards/payout-groups, \"PUT /rewards/payout-groups/{id}\"] }\n";
    let half =
        format!("{key}scopes: [rewards:create_payout_groups, rewards:write_payout_groups]\n");
    insta::assert_snapshot!(scopes_with(&["check", "-"], &half).all());
    let folder = Folder::new("half");
    folder.write("a.yaml", &half);
    folder.scopes(&["check", "--fix", "a.yaml"]);
    assert_eq!(folder.read("a.yaml"), half);
    folder.scopes(&["check", "--fix", "--unsafe-fixes", "a.yaml"]);
    let whole =
        format!("{key}scopes: [rewards:create_payout_groups, rewards:update_payout_groups]\n");
    assert_eq!(folder.read("a.yaml"), whole);
    let all = whole.replace("scopes: [", "scopes: [rewards:write_payout_groups, ");
    assert_eq!(found(&all), ["4:10: warning[unneeded-scope]"]);
}

own!(
    a_misspelt_line_under_never_forbids_what_it_means,
    "key_type: secret\nneeds: { endpoints: [POST /alert] }\nscopes: [alert]\nnever: [POST /alerts]",
    [
        "error[forbidden-endpoint] - -",
        "error[unknown-endpoint] - -",
    ]
);

#[test]
fn the_two_ends_of_a_misplaced_scope_say_the_same() {
    let key = "provider: paxos\nname: x\nneeds: { endpoints: [GET /profiles] }\nscopes: [funding:read_profile]
environments:
  sandbox: { scopes: [events:read_event] }
  production: { needs: { endpoints: [GET /events] } }\n";
    insta::assert_snapshot!(scopes_with(&["check", "-"], key).all());
    let folder = Folder::new("misplaced");
    folder.write("a.yaml", key);
    folder.scopes(&["check", "--fix", "a.yaml"]);
    assert_eq!(folder.read("a.yaml"), key);
}

own!(
    another_method_is_no_misspelling,
    "key_type: secret\nneeds: { endpoints: [GET /quiet] }\nscopes: [quiet]\nnever: [PUT /quiet]",
    ["error[unknown-endpoint] - -"]
);
own!(
    what_a_scope_implies_elsewhere_is_not_exposed_here,
    "key_type: public\nneeds: { endpoints: [GET /halfpay] }\nenvironments: { sandbox: { scopes: [halfpay] } }",
    []
);
own!(
    a_scope_that_two_environments_lack_is_added_to_both,
    "key_type: secret
environments:
  sandbox: { needs: { endpoints: [GET /quiet] } }
  staging: { needs: { endpoints: [GET /quiet] } }
  production: { scopes: [quiet] }",
    [
        "error[missing-scope] quiet sandbox",
        "error[unknown-environment] - staging",
        "warning[unneeded-scope] quiet production",
    ]
);

/// A mend leaves what a key is really granted, where a wrong name stands beside the right one.
#[test]
fn a_wrong_name_makes_the_right_one_no_duplicate() {
    let folder = Folder::new("wrong-and-right");
    folder.write("own.yaml", OWN);
    let fixed = |text: &str| {
        let head = "provider: own\nname: x\nkey_type: secret\n";
        folder.write("a.yaml", format!("{head}{text}"));
        folder.scopes(&["check", "--fix", "a.yaml", "--catalog", "own.yaml"]);
        let fixed = folder.read("a.yaml");
        fixed.strip_prefix(head).expect("the head").to_owned()
    };
    for text in [
        "bundles: [live]\nenvironments:\n  sandbox: {}\n  production: { needs: { endpoints: [POST /live] }, scopes: [live] }\n",
        "bundles: [quiet]\nenvironments:\n  production: { scopes: [quiet] }\n",
    ] {
        assert_eq!(fixed(text), text);
    }
    // Where the right name stands beside it, the wrong one goes.
    for text in ["scopes: [old, quiet]\n", "scopes: [quiet, quite]\n"] {
        assert_eq!(fixed(text), "scopes: [quiet]\n");
    }
    // What only one environment needs is not granted in the other without asking.
    let only = "scopes: [split]\nenvironments:\n  sandbox: { needs: { endpoints: [POST /one] } }\n  production: { needs: { endpoints: [GET /quiet] }, scopes: [quiet] }\n";
    assert_eq!(fixed(only), only);
    // Of an umbrella the needs' part is written.
    assert_eq!(
        fixed("needs: { endpoints: [POST /one] }\nscopes: [split]\n"),
        "needs: { endpoints: [POST /one] }\nscopes: [a]\n"
    );
    // Where a need asks for it, one right name is left.
    assert_eq!(
        fixed("needs: { endpoints: [GET /quiet] }\nscopes: [old, quiet]\n"),
        "needs: { endpoints: [GET /quiet] }\nscopes: [quiet]\n"
    );
    assert_eq!(
        fixed("needs: { endpoints: [GET /quiet] }\nbundles:\n  - quiet\n"),
        "needs: { endpoints: [GET /quiet] }\nscopes: [quiet]\nbundles: []\n"
    );
}

/// Whether a scope is half of a better set is asked of every environment where both apply.
#[test]
fn half_of_a_better_set_in_one_environment() {
    let needs = "needs: { endpoints: [POST /1, POST /2] }\nscopes: [broad]\n";
    for environments in [
        "  sandbox: {}\n  production: { scopes: [half1] }\n",
        "  sandbox: { scopes: [half1] }\n  production: {}\n",
    ] {
        let folder = Folder::new("half-environment");
        let text = format!(
            "provider: own\nname: x\nkey_type: secret\n{needs}environments:\n{environments}"
        );
        folder.write("own.yaml", OWN).write("a.yaml", &text);
        let check = ["check", "a.yaml", "--catalog", "own.yaml"];
        let run = folder.scopes(&check);
        assert!(
            run.out
                .contains("= help: grant half1, half2 in its place\n"),
            "{}",
            run.all()
        );
        folder.scopes(&[&check, &["--fix"][..]].concat());
        assert_eq!(folder.read("a.yaml"), text);
        folder.scopes(&[&check, &["--fix", "--unsafe-fixes"][..]].concat());
        let fixed = folder.read("a.yaml");
        assert!(fixed.contains("scopes: [half1, half2]"), "{fixed}");
    }
}

#[test]
fn a_misspelt_scope_that_no_such_key_carries_has_no_mend() {
    let folder = Folder::new("no-mend");
    let text = "provider: own\nname: x\nkey_type: public\nneeds: { endpoints: [GET /quiet] }\nscopes: [quiet, serve]\n";
    folder.write("own.yaml", OWN).write("a.yaml", text);
    let run = folder.scopes(&["check", "a.yaml", "--catalog", "own.yaml"]);
    assert!(!run.out.contains("--fix"), "{}", run.all());
}

/// An allowance for one of the needs that share a lack is neither heard nor safely removed.
#[test]
fn an_allowance_for_one_of_several_needs_is_told_what_to_name() {
    let folder = Folder::new("allow-one-need");
    let text = "provider: paxos\nname: x\nneeds: { endpoints: [GET /profiles, \"GET /profiles/{profile_id}\"] }\nscopes: [transfer:read_transfer]\nallow:\n  - { rule: missing-scope, endpoint: GET /profiles, reason: a, owner: b, until: 2027-01-01 }\n";
    folder.write("a.yaml", text);
    let run = folder.scopes(&["check", "a.yaml", "--today", "2026-11-22"]);
    assert!(
        run.out.contains("error[missing-scope]") && run.out.contains("name its `scope`"),
        "{}",
        run.all()
    );
    folder.scopes(&["check", "--fix", "a.yaml", "--today", "2026-11-22"]);
    assert!(folder.read("a.yaml").contains("rule: missing-scope"));
}

rule!(
    the_names_of_parameters_make_a_misspelt_endpoint_no_stranger,
    "provider: paxos
name: x
needs:
  endpoints:
    - PUT /settlement/transaction/{id}/affirm
    - PUT /settlement/transaction/7/affirm
scopes: [settlement:write_transaction]
never: ['PUT /settlement/transaction/{id}/affirm']
",
    [
        "5:7: error[unknown-endpoint]",
        "6:7: error[unknown-endpoint]",
        "8:9: error[forbidden-endpoint]",
        "8:9: error[unknown-endpoint]",
    ]
);

/// A file in capitals is a file.
#[test]
fn the_case_of_an_extension_hides_no_key_file() {
    let folder = Folder::new("extension-case");
    folder.write("scopes.toml", "keys = [\"keys/*.{yaml,yml}\"]\n");
    folder.write(
        "keys/evil.YAML",
        "provider: paxos\nname: evil\nscopes: [zzz]\n",
    );
    for arguments in [&["check"][..], &["check", "keys"]] {
        assert_eq!(folder.scopes(arguments).status, 1);
    }
}

/// A slip in the field that makes a file a key does not make it none.
#[test]
fn a_key_file_with_a_misspelt_name_is_not_passed_over() {
    let folder = Folder::new("misspelt-name");
    folder.write("scopes.toml", "keys = [\"keys/*.yaml\"]\n");
    for text in [
        "provider: paxos\nnmae: evil\nscopes: [transfer:write_crypto_withdrawal]\n",
        "provder: paxos\nname: evil\nscopes: [transfer:write_crypto_withdrawal]\n",
    ] {
        folder.write("keys/evil.yaml", text);
        for arguments in [&["check"][..], &["check", "keys"]] {
            let run = folder.scopes(arguments);
            assert_eq!(run.status, 1, "{}", run.all());
            assert!(run.out.contains("unknown-field"), "{}", run.all());
        }
    }
}

/// A mend does not take what an allowance names from under it.
#[test]
fn an_allowance_with_an_endpoint_too_much_is_left_to_a_person() {
    let folder = Folder::new("allow-endpoint");
    let text = "provider: elebne\nname: x\nkey_type: secret\nneeds: { endpoints: [GET /dev/store/orders] }\nscopes: [store.orders:read, store.products:read]\nallow:\n  - { rule: unneeded-scope, endpoint: GET /dev/store/products, reason: r, owner: o, until: 2026-12-20 }\n";
    folder.write("a.yaml", text);
    folder.scopes(&["check", "--fix", "a.yaml", "--today", "2026-11-22"]);
    assert_eq!(folder.read("a.yaml"), text);
}
