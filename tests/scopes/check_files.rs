//! `check` on files: how they are read, in which order, and how findings are shown.

use crate::check::{IMPLYING, found_in};
use crate::program::{Folder, formats, scopes_with};

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
        "1 key checked: 1 note; 2 other files skipped: not keys; see `scopes rule key-not-needed`\n"
    );
}

/// The same findings, whatever the order of the files on the command line.
#[test]
fn the_order_of_the_files_makes_no_difference() {
    let folder = Folder::new("order");
    folder
        .write("keys/a.yaml", "provider: paxos\nname: a\n")
        .write("keys/b.yaml", "provider: paxos\nname: b\nscopes: [x]\n");
    let forth = folder.scopes(&["check", "keys/a.yaml", "keys/b.yaml"]);
    let back = folder.scopes(&["check", "keys/b.yaml", "keys/a.yaml"]);
    let walked = folder.scopes(&["check", "keys"]);
    assert_eq!(forth.out, back.out);
    assert_eq!(forth.out, walked.out);
    assert!(
        forth
            .out
            .ends_with("2 keys checked: 1 error, 2 warnings; see `scopes rule unknown-scope`\n"),
        "{}",
        forth.out
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

#[test]
fn standard_input_names_files_from_the_folder_of_its_name() {
    let folder = Folder::new("stdin-folder");
    let key = "provider: ../c.yaml\nname: k\nneeds: { endpoints: [POST /a] }\nscopes: [a]\n";
    folder.write("c.yaml", IMPLYING).write("keys/k.yaml", key);
    let arguments = ["check", "-", "--stdin-filename", "keys/k.yaml"];
    let run = crate::program::run(&folder.path("."), &arguments, Some(key.as_bytes()));
    assert_eq!(run.out, "1 key checked: no findings\n", "{}", run.all());
    let run = folder.scopes(&["check", "keys", "--stdin-filename", "keys/k.yaml"]);
    assert_eq!(run.status, 2, "{}", run.all());
}

#[test]
fn no_control_character_is_raw_in_json() {
    let key = "needs: { endpoints: [POST /a] }\nscopes: [\"a\\x9b31m\", \"b\\x7f\"]\n";
    for format in ["json", "sarif", "gitlab"] {
        let run = found_in("raw-json", key, &["--format", format]);
        let is_raw = |c: char| c.is_control() && c != '\n';
        assert!(!run.out.contains(is_raw), "{}", run.out.escape_debug());
        assert!(run.out.contains("\\u009b"), "{}", run.all());
        serde_json::from_str::<serde_json::Value>(&run.out).expect("JSON");
    }
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let folder = Folder::new("check-threads");
    let faults = [
        "",
        "  - tax:read_tax_form\n",
        "  - funding:read_profil\n",
        "  - funding:read_profile\n",
        "purpos: x\n",
        "allow: [{ rule: over-budget, reason: a, owner: b, until: 2099-01-01 }]\n",
        "\u{7}",
    ];
    for (number, fault) in faults.iter().cycle().take(28).enumerate() {
        let text = format!(
            "provider: paxos\nname: key-{}\nneeds: {{ endpoints: [GET /profiles] }}\nscopes:\n  - funding:read_profile\n{fault}",
            number % 24
        );
        folder.write(&format!("keys/{number}.yaml"), text);
        folder.write(&format!("keys/{number}.md"), "# no key\n");
    }
    let formats = formats("check");
    let others = [
        &["--statistics"][..],
        &["--diff"],
        &["--diff", "--unsafe-fixes"],
    ];
    let formats = formats.iter().map(|format| vec!["--format", format]);
    for options in formats.into_iter().chain(others.map(<[&str]>::to_vec)) {
        let run = |jobs: &str| {
            let options = [
                &["check", "keys", "-j", jobs, "--today", "2026-11-22"],
                &options[..],
            ];
            folder.scopes(&options.concat()).all()
        };
        let one = run("1");
        assert_eq!(run("3"), one, "{options:?}");
    }
}

#[test]
fn a_clash_of_clean_keys_is_shown_at_its_place() {
    let folder = Folder::new("check-clean-clash");
    let text = "provider: paxos\nowner: x\nname: k\nneeds: { endpoints: [GET /profiles] }\nscopes: [funding:read_profile]\n";
    folder.write("keys/a.yaml", text).write("keys/b.yaml", text);
    let run = folder.scopes(&["check", "keys"]);
    assert!(
        run.out.contains("\n --> keys/b.yaml:3:7\n"),
        "{}",
        run.all()
    );
    assert!(run.out.contains("3 | name: k\n"), "{}", run.all());
    assert!(run.out.contains("2 keys checked: 1 error"), "{}", run.all());
}

#[test]
fn a_long_line_is_cut_around_what_was_found() {
    let folder = Folder::new("check-long-line");
    let text = format!(
        "provider: paxos\nname: k\nneeds: {{ endpoints: [GET /profiles] }}\nscopes: [{}funding:read_profile, zzqqé, {}\"é\"]\n",
        "funding:read_profile, ".repeat(60),
        "funding:read_profile, ".repeat(300)
    );
    folder.write("k.yaml", &text);
    let run = folder.scopes(&["check", "k.yaml"]);
    let at = text
        .lines()
        .nth(3)
        .and_then(|line| line.split("zzqq").next())
        .expect("a name");
    let place = format!("k.yaml:4:{}", at.chars().count() + 1);
    assert!(
        run.out.contains(&format!("--> {place}\n")),
        "{place}: {}",
        run.all()
    );
    let longest = run.out.lines().map(str::len).max();
    assert!(longest.is_some_and(|length| length < 1000), "{longest:?}");
    assert!(run.out.contains("4 | …"), "{}", run.all());
    let frames = run.out.matches("\n  |\n4 |").count();
    assert!(frames <= 100, "{frames}");
    assert!(
        run.out.contains(
            "262 findings are shown without the code: --format short lists all of them\n"
        ),
        "{}",
        run.all()
    );
    let short = folder.scopes(&["check", "k.yaml", "--format", "short"]);
    assert_eq!(short.out.lines().count(), 362, "{}", short.all());
}
