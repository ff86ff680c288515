//! What rules make of one slip together: what is implied, misspelt, retired, misplaced, or half of a better set.

use crate::check::{check, found, rule};
use crate::program::{Folder, scopes_with};

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
    assert_eq!(found(&all), ["4:10: error[unneeded-scope]"]);
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

/// A fix leaves what a key is really granted, where a wrong name stands beside the right one.
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
            run.out.contains("= help: grant half1, half2 instead\n"),
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
fn a_misspelt_scope_that_no_such_key_carries_has_no_fix() {
    let folder = Folder::new("no-fix");
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
        run.out.contains("error[missing-scope]") && run.out.contains("name their `scope`"),
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

/// A fix does not take what an allowance names from under it.
#[test]
fn an_allowance_with_an_endpoint_too_much_is_left_to_a_person() {
    let folder = Folder::new("allow-endpoint");
    let text = "provider: elebne\nname: x\nkey_type: secret\nneeds: { endpoints: [GET /dev/store/orders] }\nscopes: [store.orders:read, store.products:read]\nallow:\n  - { rule: unneeded-scope, endpoint: GET /dev/store/products, reason: r, owner: o, until: 2026-12-20 }\n";
    folder.write("a.yaml", text);
    folder.scopes(&["check", "--fix", "a.yaml", "--today", "2026-11-22"]);
    assert_eq!(folder.read("a.yaml"), text);
}
