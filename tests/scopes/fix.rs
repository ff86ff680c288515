//! `check --fix`: what it fixes, what it leaves as it is, and that a second run has nothing to do.

use crate::dice::Dice;
use crate::program::{Folder, run};

/// The text after `--fix`, which a second run leaves as it is.
fn fixed(name: &str, text: &str, options: &[&str]) -> String {
    let folder = Folder::new(&format!("fix-{name}"));
    folder.write(name, text);
    let arguments = [
        &["check", "--fix", "--today", "2026-11-22", name][..],
        options,
    ]
    .concat();
    let first = folder.scopes(&arguments);
    assert!(first.status < 2, "{}", first.all());
    let fixed = folder.read(name);
    let second = folder.scopes(&arguments);
    assert!(!second.out.contains(" fixed\n"), "{}", second.all());
    assert_eq!(folder.read(name), fixed, "a second run changed something");
    fixed
}

#[test]
fn the_screen_of_a_fixed_file() {
    let folder = Folder::new("fix-screen");
    let example = std::fs::read_to_string(crate::program::root().join("examples/treasury.yaml"));
    folder.write("keys/treasury.yaml", example.expect("the example"));
    let diff = folder.scopes(&["check", "--diff", "keys/treasury.yaml"]);
    let fix = folder.scopes(&[
        "check",
        "--fix",
        "--key-file",
        "keys/treasury.yaml",
        "--width",
        "80",
    ]);
    insta::assert_snapshot!(format!("{}\n{}", diff.all(), fix.all()));
}

#[test]
fn comments_and_layout_stay() {
    let text = "\
# who asked: SEC-118
provider: paxos   # by name
name:   x
needs: { endpoints: [ GET /profiles ] }
scopes:
  # the profile
  - funding:read_profile     # one
  - tax:read_tax_form        # nobody knows why
  # and again
  - funding:read_profile
allow:
  - { rule: missing-scope, reason: a, owner: b, until: 2027-01-01 }
";
    assert_eq!(
        fixed("layout.yaml", text, &[]),
        "\
# who asked: SEC-118
provider: paxos   # by name
name:   x
needs: { endpoints: [ GET /profiles ] }
scopes:
  # the profile
  - funding:read_profile     # one
  # and again
allow: []
"
    );
}

#[test]
fn toml_and_json_and_carriage_returns_stay() {
    assert_eq!(
        fixed(
            "a.toml",
            "provider = \"paxos\"\r\nname = \"x\"\r\nscopes = [\r\n  \"tax:read_tax_form\", # why\r\n  \"funding:read_profile\",\r\n]\r\n[needs]\r\nendpoints = [\"GET /profiles\"]\r\n",
            &[]
        ),
        "provider = \"paxos\"\r\nname = \"x\"\r\nscopes = [\r\n  \"funding:read_profile\",\r\n]\r\n[needs]\r\nendpoints = [\"GET /profiles\"]\r\n"
    );
    assert_eq!(
        fixed(
            "a.json",
            "\u{feff}{\"provider\": \"paxos\", \"name\": \"x\",\n \"needs\": {\"endpoints\": [\"GET /profiles\"]},\n \"scopes\": \"funding:read_profile, tax:read_tax_form\"}\n",
            &[]
        ),
        "\u{feff}{\"provider\": \"paxos\", \"name\": \"x\",\n \"needs\": {\"endpoints\": [\"GET /profiles\"]},\n \"scopes\": \"funding:read_profile\"}\n"
    );
}

#[test]
fn a_wildcard_and_a_bundle_become_the_exact_list() {
    assert_eq!(
        fixed(
            "wildcard.yaml",
            "provider: piratecrew\nname: x\nneeds: { recipes: [claim-fees] }\nscopes: [\"*\"]\n",
            &[]
        ),
        "provider: piratecrew\nname: x\nneeds: { recipes: [claim-fees] }\nscopes: [\"fees:claim\"]\n"
    );
    assert_eq!(
        fixed(
            "bundle.yaml",
            "provider: elebne\nname: x\nkey_type: secret\nneeds: { recipes: [take-payments] }\nbundles:\n  - pay\n",
            &[]
        ),
        "provider: elebne\nname: x\nkey_type: secret\nneeds: { recipes: [take-payments] }\nscopes: [pay.intents:read, pay.intents:write]\nbundles: []\n"
    );
}

#[test]
fn what_adds_a_grant_is_asked_for() {
    let text = "provider: paxos\nname: x\nneeds: { endpoints: [POST /rewards/payout-groups] }\nscopes: [rewards:write_payout_groups]\n";
    assert_eq!(fixed("safe.yaml", text, &[]), text);
    assert_eq!(
        fixed("unsafe.yaml", text, &["--unsafe-fixes"]),
        text.replace("write_payout_groups]", "create_payout_groups]")
    );
}

#[test]
fn a_need_that_cannot_be_judged_keeps_its_scope() {
    let mode = "provider: piratecrew\nname: a\nneeds:\n  endpoints:\n    - POST /v2/airdrops mode=xyz\nscopes: [airdrop:admin]\n";
    assert_eq!(fixed("mode.yaml", mode, &[]), mode);
    let environment = "provider: crossmint\nname: a\nkey_type: server\nneeds: { endpoints: [POST /2022-06-09/orders] }\nscopes: [orders.create, wallets.read]\nenvironments:\n  staging: {}\n  live:\n    needs: { endpoints: [\"GET /2025-06-09/wallets/{w}\"] }\n";
    assert_eq!(fixed("environment.yaml", environment, &[]), environment);
    // A mode that is one letter away is the one that is meant.
    let folder = Folder::new("fix-mode");
    folder.write("a.yaml", mode.replace("xyz", "signd"));
    let run = folder.scopes(&["check", "a.yaml", "--format", "short"]);
    assert!(
        run.out.contains("unknown-endpoint]") && !run.out.contains("unneeded-scope]"),
        "{}",
        run.all()
    );
}

#[test]
fn a_secret_is_neither_shown_nor_changed() {
    let folder = Folder::new("fix-secret");
    let text = "provider: elebne\nname: x\nkey_type: secret\npurpose: sk_test_4eC39HqLyjWDarjtT1\nneeds: { recipes: [take-payments] }\nscopes:\n  - pay.intents:read\n  - pay.intents:write\n  - store.orders:read # sk_test_4eC39HqLyjWDarjtT1\n";
    folder.write("a.yaml", text);
    let diff = folder.scopes(&["check", "--diff", "a.yaml"]);
    assert!(!diff.all().contains("4eC39"), "{}", diff.all());
    let fix = folder.scopes(&["check", "--fix", "a.yaml"]);
    assert!(!fix.all().contains("4eC39"), "{}", fix.all());
    assert!(
        folder
            .read("a.yaml")
            .contains("purpose: sk_test_4eC39HqLyjWDarjtT1\n")
    );
}

#[cfg(unix)]
#[test]
fn a_read_only_file_and_a_link() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("fix-files");
    let text = "provider: paxos\nname: x\nneeds: { endpoints: [GET /profiles] }\nscopes: [funding:read_profile, tax:read_tax_form]\n";
    folder
        .write("locked.yaml", text)
        .write("real/b.yaml", text.replace("name: x", "name: y"));
    let mode = |mode| std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(folder.path("locked.yaml"), mode(0o444)).expect("a mode");
    std::fs::set_permissions(folder.path("real/b.yaml"), mode(0o640)).expect("a mode");
    std::os::unix::fs::symlink("real/b.yaml", folder.path("link.yaml")).expect("a link");
    let run = folder.scopes(&["check", "--fix", "locked.yaml", "link.yaml"]);
    assert_eq!(run.status, 2, "{}", run.all());
    assert!(
        run.err
            .contains("cannot write `locked.yaml`: it is read-only"),
        "{}",
        run.all()
    );
    assert_eq!(folder.read("locked.yaml"), text);
    assert!(folder.path("link.yaml").is_symlink());
    assert!(!folder.read("real/b.yaml").contains("tax:"));
    let real = std::fs::metadata(folder.path("real/b.yaml")).expect("a file");
    assert_eq!(real.permissions().mode() & 0o777, 0o640);
    let left: Vec<_> = std::fs::read_dir(folder.path("real"))
        .expect("a folder")
        .collect();
    assert_eq!(left.len(), 1, "nothing is left behind");
}

#[test]
fn standard_input_is_shown_and_not_fixed() {
    let text = b"provider: paxos\nname: x\nneeds: { endpoints: [GET /profiles] }\nscopes: [funding:read_profile, tax:read_tax_form]\n";
    let folder = Folder::new("fix-stdin");
    let fix = run(&folder.path("."), &["check", "--fix", "-"], Some(text));
    assert_eq!(fix.status, 2, "{}", fix.all());
    let diff = run(&folder.path("."), &["check", "--diff", "-"], Some(text));
    assert_eq!(diff.status, 1, "{}", diff.all());
    assert!(
        diff.out.contains("+scopes: [funding:read_profile]\n"),
        "{}",
        diff.all()
    );
}

/// The names and endpoints of a provider.
fn of_provider(provider: &str) -> (Vec<String>, Vec<String>) {
    let run = crate::program::scopes(&["show", provider, "--format", "json"]);
    let show: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    let list = |name: &str| show[name].as_array().expect("a list").clone();
    let scopes = list("scopes")
        .iter()
        .map(|scope| text(&scope["name"]))
        .collect();
    let endpoints = list("endpoints")
        .iter()
        .filter(|endpoint| endpoint["mode"].is_null() && endpoint["rejected"].is_null())
        .map(|endpoint| format!("{} {}", text(&endpoint["method"]), text(&endpoint["path"])))
        .collect();
    (scopes, endpoints)
}

/// How often each rule speaks about each key.
fn findings(folder: &Folder) -> Vec<(String, String)> {
    let run = folder.scopes(&["check", "keys", "--format", "json", "--today", "2026-11-22"]);
    let parsed: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    let all = parsed["findings"].as_array().expect("findings");
    all.iter()
        .map(|one| (text(&one["file"]), text(&one["rule"])))
        .collect()
}

#[test]
fn of_many_keys_a_fix_breaks_none_and_a_second_run_changes_nothing() {
    let folder = Folder::new("fix-many");
    let mut dice = Dice(7);
    for (provider, key_types, environments, bundles) in [
        ("paxos", &[][..], ["sandbox", "production"], &[][..]),
        (
            "elebne",
            &["secret", "publishable"],
            ["test", "live"],
            &["store", "pay"],
        ),
        (
            "crossmint",
            &["server", "client"],
            ["staging", "production"],
            &[],
        ),
        ("dynamic", &[], ["sandbox", "live"], &[]),
    ] {
        let (scopes, endpoints) = of_provider(provider);
        for number in 0..25 {
            let mut granted = dice.some(&scopes, 7);
            if let Some(first) = granted.first_mut().filter(|_| dice.roll(4) == 0) {
                first.pop();
            }
            let needs = dice.some(&endpoints, 4);
            let needs: Vec<String> = needs.iter().map(|need| format!("\"{need}\"")).collect();
            let mut text = format!("provider: {provider} # {number}\nname: key-{number}\n");
            if !key_types.is_empty() {
                text.push_str(&format!(
                    "key_type: {}\n",
                    key_types[dice.roll(key_types.len())]
                ));
            }
            text.push_str(&format!("needs: {{ endpoints: [{}] }}\n", needs.join(", ")));
            text.push_str(&match dice.roll(3) {
                0 => format!("scopes: [{}]\n", granted.join(", ")),
                1 => format!("scopes: \"{}\"\n", granted.join(" ")),
                _ => format!(
                    "scopes:\n{}",
                    granted.iter().fold(String::new(), |all, name| all
                        + "  - "
                        + name
                        + " # why
")
                ),
            });
            if dice.roll(3) == 0 && !bundles.is_empty() {
                text.push_str(&format!("bundles: [{}]\n", bundles[dice.roll(2)]));
            }
            if dice.roll(2) == 0 {
                text.push_str("environments:\n");
                for environment in environments {
                    let (scopes, needs) = (dice.some(&scopes, 3), dice.some(&endpoints, 2));
                    text.push_str(&format!(
                        "  {environment}:\n    scopes: [{}]\n    needs: {{ endpoints: [{}] }}\n",
                        scopes.join(", "),
                        needs
                            .iter()
                            .map(|need| format!("\"{need}\""))
                            .collect::<Vec<_>>()
                            .join(", ")
                    ));
                }
            }
            folder.write(&format!("keys/{provider}-{number}.yaml"), text);
        }
    }
    let before = findings(&folder);
    let first = folder.scopes(&["check", "keys", "--fix", "--today", "2026-11-22"]);
    assert!(
        first.out.matches(" fixed\n").count() > 40,
        "{}",
        first.all()
    );
    let after = findings(&folder);
    let grave = [
        "missing-scope",
        "unknown-scope",
        "syntax-error",
        "unreachable-need",
    ];
    for (file, rule) in after
        .iter()
        .filter(|(_, rule)| grave.contains(&rule.as_str()))
    {
        let count = |all: &[(String, String)]| {
            all.iter()
                .filter(|(other, its)| other == file && its == rule)
                .count()
        };
        assert!(
            count(&after) <= count(&before),
            "{file}: {rule}\n{}",
            folder.read(file)
        );
    }
    let second = folder.scopes(&["check", "keys", "--fix", "--today", "2026-11-22"]);
    assert!(!second.out.contains(" fixed\n"), "{}", second.all());
    assert!(
        !second.out.contains("fixable with `--fix`"),
        "{}",
        second.out.lines().last().expect("a line")
    );
}

#[test]
fn a_comment_behind_quotes_stays() {
    let head = "provider: piratecrew\nname: k\nneeds: {recipes: [claim-fees]}\nscopes:\n";
    for (written, expected) in [
        (
            "  - \"*\" # it's \"ours\"\n",
            "  - \"fees:claim\" # it's \"ours\"\n",
        ),
        ("  - 'fees:clam'   # why\n", "  - 'fees:claim'   # why\n"),
    ] {
        let text = format!("{head}{written}");
        assert_eq!(
            fixed("quotes.yaml", &text, &[]),
            format!("{head}{expected}")
        );
    }
}

#[test]
fn tables_of_toml_are_removed_to_the_last() {
    let head = "provider = \"paxos\"\nname = \"k\"\nscopes = [\"funding:read_profile\"]\nneeds.endpoints = [\"GET /profiles\"]\n";
    let table = |rule: &str| format!("\n[[allow]]\nrule = \"{rule}\" # why\n");
    let text = [head, &table("over-budget"), &table("unneeded-scope")].concat();
    assert_eq!(fixed("two.toml", &text, &[]), head);
    assert_eq!(
        fixed("one.toml", &[head, &table("over-budget")].concat(), &[]),
        head
    );
}

#[test]
fn a_field_gets_its_name_before_anything_is_written_there() {
    let text = "provider: elebne\nname: k\nkey_type: secret\nneeds: { endpoints: [POST /dev/intents] }\nbundles: [pay]\nscope: [pay.intents:read]\n";
    assert_eq!(
        fixed("field.yaml", text, &["--unsafe-fixes"]),
        "provider: elebne\nname: k\nkey_type: secret\nneeds: { endpoints: [POST /dev/intents] }\nbundles: []\nscopes: [pay.intents:write]\n"
    );
}

#[test]
fn a_misspelt_name_that_no_need_takes_is_removed_and_promised_once() {
    let text = "provider: paxos\nname: k\nneeds: { endpoints: [GET /profiles] }\nscopes: [funding:read_profile, transfer:read_trasfer]\n";
    let folder = Folder::new("fix-misspelt-unneeded");
    folder.write("k.yaml", text);
    for options in [&[][..], &["--fix"]] {
        let run = folder.scopes(&[&["check", "k.yaml"], options].concat());
        assert!(
            run.out.contains("; 1 fixable with `--fix --unsafe-fixes`;"),
            "{}",
            run.all()
        );
        assert_eq!(folder.read("k.yaml"), text);
    }
    let run = folder.scopes(&["check", "k.yaml", "--fix", "--unsafe-fixes"]);
    assert!(run.out.starts_with("k.yaml: 1 fixed\n"), "{}", run.all());
    assert!(
        folder
            .read("k.yaml")
            .ends_with("scopes: [funding:read_profile]\n")
    );
}

#[test]
fn what_may_never_be_fixed_is_offered_on_no_screen() {
    let text = "provider: paxos\nname: k\nneeds: { endpoints: [GET /transfer/fiat-withdrawals] }\nscopes: [orchestration:write_orchestration_rule]\n";
    let folder = Folder::new("fix-never");
    folder.write("k.yaml", text);
    for options in [&[][..], &["--fix"], &["--fix", "--unsafe-fixes"]] {
        let run = folder.scopes(&[&["check", "k.yaml"], options].concat());
        assert!(!run.out.contains("fixable"), "{}", run.all());
        assert_eq!(folder.read("k.yaml"), text);
    }
}

#[test]
fn a_fix_that_was_refused_is_tried_again_after_others() {
    let text = "provider: elebne\nname: leak\nkey_type: secret\npurpos: sk_test_4eC39HqLyjWD\nneeds: { recipes: [take-payments] }\nscopes: [pay.intents:ead, pay.intents:write]\n";
    let fixed = fixed("again.yaml", text, &[]);
    assert!(fixed.contains("pay.intents:read"), "{fixed}");
    assert!(fixed.contains("purpose:"), "{fixed}");
}

/// A list of names as each syntax writes it, on one line or on many.
fn listed(names: &[String], layout: &str) -> (&'static str, String) {
    let head = "provider: paxos\nname: k\nneeds: { endpoints: [GET /profiles] }\n";
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    match layout {
        "flow" => ("k.yaml", format!("{head}scopes: [{}]\n", names.join(", "))),
        "block" => (
            "k.yaml",
            format!("{head}scopes:\n  - {}\n", names.join("\n  - ")),
        ),
        "text" => ("k.yaml", format!("{head}scopes: \"{}\"\n", names.join(" "))),
        "toml" => (
            "k.toml",
            format!(
                "provider = \"paxos\"\nname = \"k\"\nneeds.endpoints = [\"GET /profiles\"]\nscopes = [\n  {},\n]\n",
                quoted.join(",\n  ")
            ),
        ),
        _ => (
            "k.json",
            format!(
                "{{\"provider\": \"paxos\", \"name\": \"k\", \"needs\": {{\"endpoints\": [\"GET /profiles\"]}}, \"scopes\": [{}]}}\n",
                quoted.join(", ")
            ),
        ),
    }
}

#[test]
fn many_fixes_of_one_list_are_made_in_one_run_and_all_are_promised() {
    for layout in ["flow", "block", "text", "toml", "json"] {
        // One of them is needed; of the others each is a duplicate or unneeded, the first and the last included.
        let mut names = vec!["tax:read_tax_form".to_owned(); 40];
        names.push("funding:read_profile".to_owned());
        names.extend(vec!["funding:read_profile".to_owned(); 30]);
        names.extend(vec!["tax:read_tax_form".to_owned(); 30]);
        let (name, text) = listed(&names, layout);
        let folder = Folder::new(&format!("fix-many-{layout}"));
        folder.write(name, &text);
        let promise = folder.scopes(&["check", name, "--format", "short", "--statistics"]);
        assert_eq!(promise.status, 1, "{}", promise.all());
        let fix = folder.scopes(&["check", name, "--fix"]);
        assert!(
            fix.out.contains(&format!("{name}: 100 fixed\n")),
            "{layout}: {}",
            fix.all()
        );
        let (_, expected) = listed(&["funding:read_profile".to_owned()], layout);
        let left = folder.read(name);
        let words = |text: &str| -> Vec<String> {
            let separators = |c: char| c.is_whitespace() || "[],\"".contains(c);
            let words = text.split(separators).filter(|word| !word.is_empty());
            words.map(str::to_owned).collect()
        };
        assert_eq!(words(&left), words(&expected), "{layout}: {left}");
        let again = folder.scopes(&["check", name, "--fix"]);
        assert_eq!(again.status, 0, "{}", again.all());
        folder.write(name, &text);
        let check = folder.scopes(&["check", name]);
        assert!(
            check.out.contains("; 100 fixable with `--fix`"),
            "{}",
            check.all()
        );
    }
}

#[test]
fn where_some_fixes_may_not_be_made_the_others_are() {
    // What an alias stands for is not changed behind its back; the list beside it is.
    let text = "provider: paxos\nname: k\nneeds: { endpoints: [GET /profiles] }\nlabels: &l [tax:read_tax_form, tax:read_tax_form]\nscopes: *l\nenvironments:\n  sandbox: { scopes: [funding:read_profile, funding:read_profile, funding:read_profile] }\n  production: { scopes: [funding:read_profile, funding:read_profile] }\n";
    let fixed = fixed("alias.yaml", text, &[]);
    assert_eq!(fixed.matches("funding:read_profile").count(), 2, "{fixed}");
    assert!(
        fixed.contains("&l [tax:read_tax_form, tax:read_tax_form]\nscopes: *l\n"),
        "{fixed}"
    );
}
