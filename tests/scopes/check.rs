//! The rules, each on a key that has just its fault, and all of them on keys that have several.

use crate::program::{Folder, Run, scopes_with};

/// Checks a key on standard input, a line for each finding.
pub(crate) fn check(text: &str) -> Run {
    scopes_with(
        &["check", "-", "--format", "short", "--today", "2026-11-22"],
        text,
    )
}

/// The findings as `line:column level[rule]`.
pub(crate) fn found(text: &str) -> Vec<String> {
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
pub(crate) use rule;

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
    ["5:5: error[unneeded-scope]"]
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
scopes: [wallets.fund, wallets.create, wallets.read]
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
    ["5:29: error[unproven-scope]"]
);
rule!(
    a_high_risk_takes_more_than_a_reason,
    "provider: elebne
name: x
key_type: secret
needs:
  endpoints: [GET /dev/store/orders]
  scopes: [{ scope: enterprise.bills:write, because: pays the suppliers }]
scopes: [store.orders:read, enterprise.bills:write]
",
    ["7:29: error[unproven-scope]"]
);
rule!(
    a_named_scope_of_known_endpoints_is_no_need,
    "provider: paxos
name: x
needs:
  endpoints: [GET /profiles]
  scopes: [{ scope: transfer:write_crypto_withdrawal, because: support asked for it }]
scopes: [funding:read_profile, transfer:write_crypto_withdrawal]
",
    ["6:32: error[unneeded-scope]"]
);
rule!(
    a_named_scope_of_known_endpoints_asks_for_nothing,
    "provider: paxos
name: x
needs:
  endpoints: [GET /profiles]
  scopes: [{ scope: transfer:write_crypto_withdrawal, because: support asked for it }]
scopes: [funding:read_profile]
",
    ["5:21: note[unstated-need]"]
);
rule!(
    a_scope_that_is_declared_with_a_reason_is_needed,
    "provider: elebne
name: x
key_type: secret
needs:
  endpoints: [GET /dev/store/orders]
  scopes: [{ scope: enterprise.bills:write, because: pays the suppliers, owner: finance, until: 2027-01-31 }]
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
  endpoints: [POST /dev/webhooks/endpoints]
  scopes:
    - { scope: webhooks.endpoints:read, because: a }
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
    ["5:30: error[secret-in-file]"]
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

/// What is said of a key that expires on 2026-12-22, on some day.
fn on_day(today: &str) -> String {
    let key = "provider: paxos
name: x
expires: 2026-12-22
needs: { endpoints: [GET /profiles] }
scopes: [funding:read_profile]
";
    scopes_with(&["check", "-", "--format", "short", "--today", today], key).out
}

#[test]
fn a_key_is_near_its_last_day_for_thirty_days_and_past_it_the_day_after() {
    assert_eq!(on_day("2026-11-21"), "");
    for (today, when) in [
        ("2026-11-22", "in 30 days"),
        ("2026-12-10", "in 12 days"),
        ("2026-12-21", "tomorrow"),
        ("2026-12-22", "today"),
    ] {
        let note = format!("-:3:10: note[expired-key] this key expires on 2026-12-22, {when}\n");
        assert!(on_day(today).starts_with(&note), "{}", on_day(today));
    }
    for today in ["2026-12-23", "2028-01-01"] {
        let error = "-:3:10: error[expired-key] this key expired on 2026-12-22\n";
        assert!(on_day(today).starts_with(error), "{}", on_day(today));
    }
}

rule!(
    a_last_day_that_no_calendar_has_is_no_date,
    "provider: paxos
name: x
expires: 2026-02-30
needs: { endpoints: [GET /profiles] }
scopes: [funding:read_profile]
",
    ["3:10: error[wrong-type]"]
);

#[test]
fn an_expired_key_is_shown_in_each_environment_and_accepted_as_anything_else() {
    let folder = Folder::new("expired");
    let key = "name = \"x\"\nprovider = \"paxos\"\nexpires = 2026-12-01\n\
               scopes = [\"funding:read_profile\"]\n\
               needs = { endpoints = [\"GET /profiles\"] }\n\
               environments = { sandbox = {}, production = {} }\n";
    folder.write("a.toml", key);
    let check = |options: &[&str]| {
        let arguments = [&["check", "a.toml", "--format", "short"][..], options];
        folder.scopes(&arguments.concat())
    };
    let past = ["--today", "2026-12-02"];
    for view in [&[][..], &["-e", "sandbox"], &["-e", "production"]] {
        let run = check(&[&past, view].concat());
        assert_eq!(run.out.matches("[expired-key]").count(), 1, "{}", run.all());
        assert_eq!(run.status, 1, "{}", run.all());
    }
    let near = check(&["--today", "2026-12-01"]);
    assert_eq!(near.status, 0, "{}", near.all());
    let off = check(&["--today", "2026-12-02", "--level", "expired-key=off"]);
    assert_eq!(off.out, "", "{}", off.all());
    // What a baseline covers of a day that is near accepts nothing once it is past.
    let recorded = check(&[
        "--today",
        "2026-12-01",
        "--write-baseline",
        "b.json",
        "--reason",
        "adoption",
        "--until",
        "2027-06-30",
    ]);
    assert_eq!(recorded.status, 0, "{}", recorded.all());
    let later = check(&["--today", "2026-12-02", "--baseline", "b.json"]);
    assert!(later.out.contains("error[expired-key]"), "{}", later.all());
    let allow = "[[allow]]\nrule = \"expired-key\"\nreason = \"the release of 7 December\"\n\
                 owner = \"treasury\"\nuntil = 2026-12-10\n";
    folder.write("a.toml", format!("{key}{allow}"));
    let allowed = check(&past);
    assert_eq!((allowed.status, allowed.out.as_str()), (0, ""));
}

pub(crate) const IMPLYING: &str = "provider: acme
scopes: { a: { access: write }, b: { access: write, implies: [a] }, c: {}, old: { deprecated: true } }
bundles: { bun: { scopes: [b] }, two: { scopes: [b, c] } }
environments: { sandbox: {}, live: { production: true } }
endpoints: { POST /a: a, POST /b: b, POST /c: c, GET /old: old }
";

pub(crate) fn found_in(name: &str, key: &str, options: &[&str]) -> crate::program::Run {
    let folder = Folder::new(name);
    folder.write("c.yaml", IMPLYING).write(
        "keys/k.yaml",
        format!("provider: ../c.yaml\nname: k\n{key}"),
    );
    let short = if options.contains(&"--format") {
        &[][..]
    } else {
        &["--format", "short"]
    };
    folder.scopes(&[&["check", "keys/k.yaml"], short, options].concat())
}

#[test]
fn what_a_bundle_implies_is_redundant_beside_it() {
    for bundle in ["bun", "two"] {
        let key = format!(
            "needs: {{ endpoints: [POST /a, POST /b] }}\nbundles: [{bundle}]\nscopes: [a]\n"
        );
        let run = found_in("implied-by-bundle", &key, &[]);
        let expected = format!(
            "keys/k.yaml:5:10: warning[redundant-scope] `a` is already granted by `{bundle}`\n"
        );
        assert!(run.out.contains(&expected), "{}", run.all());
        assert!(!run.out.contains("unneeded-scope"), "{}", run.all());
    }
}

#[test]
fn a_deprecated_scope_that_the_needs_force_is_a_note() {
    let key = "needs: { endpoints: [GET /old] }\nscopes: [old]\n";
    let run = found_in("deprecated-forced", key, &[]);
    assert!(run.out.contains("note[deprecated-scope]"), "{}", run.all());
    assert_eq!(run.status, 0, "{}", run.all());
}

#[test]
fn an_environment_is_called_by_either_name() {
    let key = "needs: { endpoints: [POST /a] }\nscopes: [a, a]\nenvironments: { sandbx: {} }\n";
    let whole = found_in("misspelt-environment", key, &[]);
    for name in ["sandbx", "sandbox"] {
        let run = found_in("misspelt-environment", key, &["-e", name]);
        assert_eq!(
            (run.status, &run.out),
            (whole.status, &whole.out),
            "{}",
            run.all()
        );
    }
}
