//! The baseline: how an old repository adopts `check`, and what becomes of its entries.

use serde_json::Value;

use crate::program::{Folder, Run, run_in};

/// Four hundred keys as an old repository has them: bundles, wildcards, no needs, misspelt names.
fn old_repository(folder: &Folder) {
    for number in 0..400 {
        let key = match number % 8 {
            0 => format!("provider: piratecrew\nname: key-{number}\nscopes: [\"*\"]\n"),
            1 => format!(
                "provider: elebne\nname: key-{number}\nkey_type: secret\nbundles: [full]\nneeds: {{ recipes: [take-payments] }}\n"
            ),
            2 => format!("provider: paxos\nname: key-{number}\nscopes: funding:read_profil\n"),
            3 => format!(
                "{{\"provider\": \"crossmint\", \"name\": \"key-{number}\", \"key_type\": \"server\", \"scopes\": [\"orders.create\"]}}"
            ),
            _ => format!(
                "provider: paxos\nname: key-{number}\nscopes:\n  - funding:read_profile\n  - transfer:write_fiat_account\n"
            ),
        };
        let extension = if number % 8 == 3 { "json" } else { "yaml" };
        folder.write(
            &format!("keys/team-{}/{number}.{extension}", number % 7),
            key,
        );
    }
    folder.write(
        "keys/leak.yaml",
        "provider: elebne\nname: leak\nkey_type: secret\npurpose: sk_test_4eC39HqLyjWDarjtT1\nneeds: { recipes: [take-payments] }\nscopes: [pay.intents:read, pay.intents:write]\n",
    );
}

#[test]
fn an_old_repository_is_adopted_by_a_baseline_in_two_commands() {
    let folder = Folder::new("baseline");
    old_repository(&folder);
    let statistics = folder.scopes(&["check", "keys", "--statistics", "--today", "2026-11-22"]);
    let write = folder.scopes(&[
        "check",
        "keys",
        "--write-baseline",
        "--reason",
        "adoption",
        "--until",
        "2027-06-30",
        "--today",
        "2026-11-22",
    ]);
    assert_eq!(write.status, 1, "{}", write.all());
    folder.remove("keys/leak.yaml");
    let with = [
        "check",
        "keys",
        "--baseline",
        "scopes-baseline.json",
        "--today",
        "2026-11-22",
    ];
    let clean = folder.scopes(&with);
    assert_eq!(clean.status, 0, "{}", clean.all());
    assert!(
        !folder
            .read("scopes-baseline.json")
            .contains("secret-in-file")
    );
    // A new fault is found, a fixed one is gone, a moved file keeps its place.
    folder.write("keys/new.yaml", "provider: paxos\nname: new\nneeds: { endpoints: [GET /profiles] }\nscopes: [funding:read_profile, tax:read_tax_form]\n");
    folder.write("keys/team-0/0.yaml", "provider: piratecrew\nname: key-0\nneeds: { recipes: [claim-fees] }\nscopes: [\"fees:claim\"]\n");
    let moved = folder.read("keys/team-1/1.yaml");
    folder
        .remove("keys/team-1/1.yaml")
        .write("keys/moved.yaml", moved);
    let after = folder.scopes(&with);
    // Written again, what is gone is dropped.
    folder.remove("keys/new.yaml");
    let again = folder.scopes(&[
        "check",
        "keys",
        "--write-baseline",
        "scopes-baseline.json",
        "--reason",
        "adoption",
        "--until",
        "2027-06-30",
        "--today",
        "2026-11-22",
    ]);
    let ended = folder.scopes(&[
        "check",
        "keys",
        "--baseline",
        "scopes-baseline.json",
        "--today",
        "2027-07-01",
        "--statistics",
    ]);
    insta::assert_snapshot!(format!(
        "{}\n{}\n{}\n{}\n{}\n{}",
        statistics.all(),
        write.all(),
        clean.all(),
        after.all(),
        again.all(),
        ended.all()
    ));
    let sarif = folder.scopes(&[
        "check",
        "keys/team-0",
        "--baseline",
        "scopes-baseline.json",
        "--today",
        "2026-11-22",
        "--format",
        "sarif",
    ]);
    let log: Value = serde_json::from_str(&sarif.out).expect("JSON");
    let results = log["runs"][0]["results"].as_array().expect("results");
    assert!(!results.is_empty());
    for result in results {
        assert_eq!(result["baselineState"], "unchanged");
        assert_eq!(result["suppressions"][0]["kind"], "external");
    }
}

#[test]
fn the_order_of_the_files_changes_nothing() {
    let folder = Folder::new("order");
    let key = |name: &str| {
        format!(
            "provider: paxos\nname: {name}\nneeds: {{ endpoints: [GET /profiles] }}\nscopes: [funding:read_profile, tax:read_tax_form, tax:read_tax_form]\n"
        )
    };
    folder
        .write("a.yaml", key("same"))
        .write("b.yaml", key("same"))
        .write("c.yaml", key("other"));
    let json = |files: [&str; 3]| {
        let arguments = [&["check", "--format", "json"][..], &files].concat();
        folder.scopes(&arguments).out
    };
    let one = json(["a.yaml", "b.yaml", "c.yaml"]);
    assert_eq!(one, json(["c.yaml", "b.yaml", "a.yaml"]));
    assert!(one.contains("key-name-clash"));
    let parsed: Value = serde_json::from_str(&one).expect("JSON");
    let mut prints: Vec<&str> = parsed["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter_map(|finding| finding["fingerprint"].as_str())
        .collect();
    let all = prints.len();
    prints.sort_unstable();
    prints.dedup();
    assert_eq!(prints.len(), all, "every fingerprint stands once");
}

#[test]
fn a_fingerprint_outlives_lines_and_files() {
    let folder = Folder::new("fingerprint");
    let key = "provider: paxos\nname: x\nneeds: { endpoints: [GET /profiles] }\nscopes: [funding:read_profile, tax:read_tax_form]\n";
    folder
        .write("a.yaml", key)
        .write("deep/b.yaml", format!("# moved\n\n{key}"));
    let print = |file: &str| {
        let run = folder.scopes(&["check", file, "--format", "json"]);
        let parsed: Value = serde_json::from_str(&run.out).expect("JSON");
        parsed["findings"][0]["fingerprint"].clone()
    };
    assert_eq!(print("a.yaml"), print("deep/b.yaml"));
}

#[test]
fn a_faulty_baseline_is_refused() {
    let folder = Folder::new("bad-baseline");
    folder.write("a.yaml", "provider: paxos\nname: x\n");
    let entry =
        "{\"version\":1,\"kind\":\"baseline\",\"reason\":\"a\",\"until\":\"soon\",\"findings\":[]}";
    let mut all = String::new();
    for text in [
        entry,
        "{}",
        "",
        "[]",
        "{\"version\":2,\"kind\":\"findings\",\"reason\":\"a\",\"until\":\"2027-01-01\",\"findings\":[]}",
    ] {
        folder.write("b.json", text);
        let run = folder.scopes(&["check", "a.yaml", "--baseline", "b.json"]);
        assert_eq!(run.status, 2, "{}", run.all());
        all.push_str(&run.all());
    }
    insta::assert_snapshot!(all);
}

/// What is found in a key after everything in its first state was recorded in a baseline.
fn adopted(folder: &Folder, recorded: &str, new: &str) -> Run {
    let check = |options: &[&str]| {
        let common = [
            "check",
            "a.yaml",
            "--catalog",
            "own.yaml",
            "--today",
            "2026-11-22",
        ];
        folder.scopes(&[&common, options].concat())
    };
    folder.write("own.yaml", OWN).write("a.yaml", recorded);
    let why = ["--reason", "a", "--until", "2027-01-01"];
    let write = check(&[&["--write-baseline", "b.json"], &why[..]].concat());
    assert!(write.status < 2, "{}", write.all());
    folder.write("a.yaml", new);
    let run = check(&["--baseline", "b.json"]);
    std::fs::remove_file(folder.path("b.json")).expect("the baseline");
    run
}

/// A catalog whose keys may name any environment.
const OWN: &str = "\
provider: own
scopes:
  read: { access: read }
  write: { access: write, risk: high, because: writes }
endpoints:
  GET /a: read
  GET /b: read
  POST /a: write
";

#[test]
fn a_baseline_outlives_a_new_order_of_needs_and_environments() {
    let folder = Folder::new("baseline-order");
    let key = |needs: &str, never: &str, environments: &str| {
        format!(
            "provider: own\nname: x\nneeds: {{ endpoints: [{needs}] }}\n{never}environments:\n{environments}"
        )
    };
    let (one, two, three) = (
        "  one: { scopes: [write] }\n",
        "  two: { scopes: [write] }\n",
        "  three: { scopes: [read, write] }\n",
    );
    let never = "never: [POST /a]\n";
    let all = [one, two, three].concat();
    let recorded = key("GET /a, GET /b, POST /a", never, &all);
    let needs = |text: &str| key(text, never, &all);
    for new in [
        needs("GET /b, GET /a, POST /a"),
        needs("GET /b, POST /a"),
        needs("POST /a, GET /a"),
        key(
            "GET /a, GET /b, POST /a",
            never,
            &[three, two, one].concat(),
        ),
        // One of them was fixed.
        key(
            "GET /a, GET /b, POST /a",
            never,
            &[one, "  two: { scopes: [read, write] }\n", three].concat(),
        ),
        key("GET /a, GET /b, POST /a", never, &[one, three].concat()),
    ] {
        let run = adopted(&folder, &recorded, &new);
        assert_eq!(run.status, 0, "{new}{}", run.all());
    }
    // What is accepted in one environment is not accepted in another.
    let recorded = key("GET /a, POST /a", "", &all);
    let new = key(
        "GET /a, POST /a",
        "",
        &(all.clone() + "  four: { scopes: [write] }\n"),
    );
    let run = adopted(&folder, &recorded, &new);
    assert_eq!(run.status, 1, "{}", run.all());
    // What is forbidden in the one environment of a key is not accepted in the next one.
    let one_only = key("GET /a, POST /a", never, one);
    let moved = key(
        "GET /a, POST /a",
        never,
        "  one: { scopes: [read] }\n  next: { scopes: [read, write] }\n",
    );
    let run = adopted(&folder, &one_only, &moved);
    assert!(run.out.contains("next reaches 1 endpoint"), "{}", run.all());
    // What lacks everywhere is accepted in each environment.
    let recorded = key("GET /a, POST /a", "", &[one, two].concat());
    let new = key("GET /a, POST /a", "", &[one, three].concat());
    let run = adopted(&folder, &recorded, &new);
    assert_eq!(run.status, 0, "{}", run.all());
}

#[test]
fn a_baseline_accepts_no_other_finding_of_the_same_rule() {
    let folder = Folder::new("baseline-subject");
    let key = |more: &str| {
        format!(
            "provider: paxos\nname: x\nneeds: {{ endpoints: [GET /profiles] }}\nscopes: [funding:read_profile]\n{more}\n"
        )
    };
    for (recorded, new) in [
        ("foo: 1", "neverr: [DELETE /**]"),
        ("owner: [x]", "never: DELETE /**"),
        ("owner: a\nowner: b", "purpose: a\npurpose: b"),
        (
            "purpose: hV8sQ2mZx91Lr0Tk4Wb7Yc3N",
            "purpose: aB3dE6gH9jK2mN5pQ8sT1vW4",
        ),
        (
            "environments: { sandbox: { needs: { recipes: [zzzz] } } }",
            "environments: { sandbox: { needs: { recipes: [yyyyy] } } }",
        ),
        (
            "allow: [{ reason: a, owner: b, until: 2027-01-01 }]",
            "environments: { sandbox: { needs: { scopes: [{ because: a }] } } }",
        ),
    ] {
        let run = adopted(&folder, &key(recorded), &key(new));
        assert_eq!(run.status, 1, "{recorded} / {new}: {}", run.all());
    }
}

#[test]
fn one_environment_of_a_key_is_held_against_the_whole_baseline() {
    let folder = Folder::new("baseline-environment");
    folder.write(
        "a.yaml",
        "provider: paxos
name: a
needs: { endpoints: [GET /profiles] }
never: [GET /profiles]
environments:
  sandbox: { scopes: [] }
  production: { scopes: [funding:read_profile, tax:read_tax_form] }
",
    );
    let common = ["check", "a.yaml", "--today", "2026-11-22"];
    let with = |more: &[&str]| folder.scopes(&[&common, more].concat());
    let write = [
        "--write-baseline",
        "b.json",
        "--reason",
        "old",
        "--until",
        "2027-01-01",
    ];
    assert_eq!(with(&write).status, 0);
    for (environment, number) in [("sandbox", 1), ("production", 3)] {
        let short = with(&["--format", "short", "-e", environment]);
        assert_eq!(short.out.lines().count(), number, "{}", short.all());
        assert!(!short.out.contains("the key"), "{}", short.all());
        let run = with(&["--baseline", "b.json", "-e", environment]);
        let all = format!("1 key checked: no findings; {number} in the baseline\n");
        assert_eq!((run.status, run.out), (0, all));
    }
    // What another environment got since is not accepted for the key's sake.
    folder.write(
        "a.yaml",
        "provider: elebne
name: a
key_type: secret
never: ['* /dev/store/**']
needs: { endpoints: [GET /dev/store/orders] }
scopes: [store.orders:read, webhooks.endpoints:read]
environments: { live: {}, test: { needs: { endpoints: [GET /dev/webhooks] } } }
",
    );
    assert!(with(&write).status < 2);
    for environment in ["live", "test"] {
        let run = with(&["--baseline", "b.json", "-e", environment]);
        assert_eq!(run.status, 0, "{}", run.all());
    }
    let grown = folder
        .read("a.yaml")
        .replace("live: {}", "live: { scopes: [store.products:write] }");
    folder.write("a.yaml", grown);
    let run = with(&["--baseline", "b.json", "-e", "live"]);
    assert!(run.out.contains("forbidden-endpoint"), "{}", run.all());
    // A key without needs is recorded whole.
    folder
        .write(
            "a.yaml",
            "provider: own
name: a
scopes: [read]
environments: { live: { scopes: [write] }, test: { scopes: [write] } }
",
        )
        .write("own.yaml", OWN);
    let own = ["--catalog", "own.yaml"];
    assert!(with(&[&write[..], &own].concat()).status < 2);
    let run = with(&[&["--baseline", "b.json", "-e", "live"], &own[..]].concat());
    assert_eq!(run.status, 0, "{}", run.all());
    // What is not looked at would be dropped.
    let partial = with(&[&write[..], &["-e", "sandbox"]].concat());
    assert_eq!(partial.status, 2, "{}", partial.all());
}

#[test]
fn a_baseline_that_would_have_ended_is_not_written() {
    let folder = Folder::new("baseline-past");
    folder.write("a.yaml", "provider: paxos\nname: a\n");
    let write = [
        "check",
        "a.yaml",
        "--write-baseline",
        "b.json",
        "--reason",
        "old",
    ];
    let past = ["--until", "2026-11-21", "--today", "2026-11-22"];
    let run = folder.scopes(&[&write, &past[..]].concat());
    assert_eq!(run.status, 2, "{}", run.all());
    assert!(run.err.contains("2026-11-21"), "{}", run.all());
    assert!(!folder.path("b.json").exists());
}

/// Without `scopes.toml` as well, a baseline says the same wherever the command runs.
#[test]
fn a_baseline_names_files_from_its_own_folder() {
    let folder = Folder::new("baseline-folder");
    let key =
        |name: &str| format!("provider: paxos\nname: {name}\nscopes: [funding:read_profile]\n");
    folder.write("keys/one/a.yaml", key("a"));
    folder.write("keys/two/b.yaml", key("b"));
    let why = [
        "--reason",
        "old",
        "--until",
        "2027-06-30",
        "--today",
        "2026-11-22",
    ];
    let write = ["check", "keys", "--write-baseline", "base.json"];
    folder.scopes(&[&write, &why[..]].concat());
    let inner = [
        "check",
        ".",
        "--baseline",
        "../../base.json",
        "--today",
        "2026-11-22",
    ];
    let run = run_in(&folder.path("keys/one"), &inner, None, &[]);
    assert_eq!(run.out, "1 key checked: no findings; 1 in the baseline\n");
    let write = ["check", ".", "--write-baseline", "../../base.json"];
    let run = run_in(
        &folder.path("keys/one"),
        &[&write, &why[..]].concat(),
        None,
        &[],
    );
    assert!(
        run.out
            .starts_with("wrote ../../base.json: 2 findings, 0 new and 0 dropped\n"),
        "{}",
        run.all()
    );
    assert!(folder.read("base.json").contains("keys/one/a.yaml"));
}

/// Who records a key without needs records what it holds that day.
#[test]
fn a_baseline_covers_no_growth_of_a_key_without_needs() {
    let folder = Folder::new("baseline-growth");
    let key = |scopes: &str| format!("provider: own\nname: x\nscopes: [{scopes}]\n");
    let run = adopted(&folder, &key("read"), &key("read, write"));
    assert_eq!(run.status, 1, "{}", run.all());
    let run = adopted(&folder, &key("read, write"), &key("write, read"));
    assert_eq!(run.status, 0, "{}", run.all());
}

/// Standard input is no file that could be gone.
#[test]
fn what_was_recorded_of_standard_input_stays() {
    let folder = Folder::new("baseline-stdin");
    let key =
        |name: &str| format!("provider: paxos\nname: {name}\nscopes: [funding:read_profile]\n");
    folder.write("b.yaml", key("b"));
    let why = [
        "--write-baseline",
        "b.json",
        "--reason",
        "a",
        "--until",
        "2099-01-01",
    ];
    let stdin = |options: &[&str]| {
        let input = key("a");
        let all = [&["check", "-"], options].concat();
        run_in(&folder.path("."), &all, Some(input.as_bytes()), &[])
    };
    assert_eq!(stdin(&why).status, 0);
    let second = folder.scopes(&[&["check", "b.yaml"], &why[..]].concat());
    assert!(
        second.out.contains("1 new and 0 dropped"),
        "{}",
        second.all()
    );
    let run = stdin(&["--baseline", "b.json"]);
    assert_eq!(run.status, 0, "{}", run.all());
}
