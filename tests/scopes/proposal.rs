//! `recommend --format yaml` is a whole key file, and `check` finds nothing in it.

use serde_json::Value;

use crate::dice::Dice;
use crate::program::{Folder, scopes};

/// What the needs force, so that the least key has it too.
const FORCED: [&str; 8] = [
    "risky-combination",
    "exposed-scope",
    "deprecated-scope",
    "deprecated-endpoint",
    "read-scope-can-write",
    "environment-drift",
    "key-not-needed",
    "unstated-need",
];

fn names(provider: &str, section: &str, name: impl Fn(&Value) -> String) -> Vec<String> {
    let run = scopes(&["show", provider, "--format", "json"]);
    let show: Value = serde_json::from_str(&run.out).expect("JSON");
    let all = show[section].as_array().expect("a list").iter();
    all.map(name).collect()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

#[test]
fn of_random_needs_that_can_be_met_the_key_file_is_clean() {
    let folder = Folder::new("proposal-law");
    let mut dice = Dice(5);
    let mut written = 0;
    for provider in ["paxos", "elebne", "crossmint", "dynamic", "piratecrew"] {
        let endpoints = names(provider, "endpoints", |one| {
            let mode = one["mode"].as_str();
            let mode = mode.map_or_else(String::new, |mode| format!(" mode={mode}"));
            format!("{} {}{mode}", text(&one["method"]), text(&one["path"]))
        });
        let events = names(provider, "events", |one| text(&one["name"]));
        let recipes = names(provider, "recipes", |one| text(&one["name"]));
        for number in 0..16 {
            let mut arguments = vec!["recommend".to_owned(), "-p".to_owned(), provider.to_owned()];
            let mut add = |option: &str, from: &[String], most: usize| {
                if !from.is_empty() {
                    let some = dice.some(from, most).into_iter();
                    arguments.extend(some.flat_map(|one| [option.to_owned(), one]));
                }
            };
            add("--endpoint", &endpoints, 4);
            add("--event", &events, 1);
            add("--recipe", &recipes, 1);
            arguments.extend(["--format".to_owned(), "yaml".to_owned()]);
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let run = folder.scopes(&arguments);
            if run.status == 0 {
                written += 1;
                let name = format!("keys/{provider}-{number}.yaml");
                let text = run.out.replace("CHANGE-ME", &format!("key-{number}"));
                folder.write(&name, text);
            }
        }
    }
    assert!(written > 25, "only {written} could be met");
    let run = folder.scopes(&["check", "keys", "--format", "json"]);
    let parsed: Value = serde_json::from_str(&run.out).unwrap_or_else(|_| panic!("{}", run.all()));
    for finding in parsed["findings"].as_array().expect("findings") {
        let file = text(&finding["file"]);
        assert!(
            FORCED.contains(&finding["rule"].as_str().expect("a rule")),
            "{finding}\n{}",
            folder.read(&file)
        );
    }
    assert_eq!(parsed["summary"]["files"], written);
}

const CATALOG: &str = "provider: acme
key_types: { server: {}, browser: { exposure: public } }
environments: { test: {}, live: { production: true } }
scopes:
  read: { access: read }
  pay: { access: write, key_types: [server] }
  play: { access: write, environments: [test] }
endpoints:
  GET /a: read
  POST /pay: pay
  POST /play: { scope: play, environments: [test] }
";

#[test]
fn each_environment_has_the_least_for_itself() {
    let folder = Folder::new("proposal-environments");
    folder.write("catalogs/c.yaml", CATALOG);
    let run = folder.scopes(&[
        "recommend",
        "-p",
        "./catalogs/c.yaml",
        "--endpoint",
        "GET /a",
        "--endpoint",
        "POST /pay",
        "--endpoint",
        "POST /play",
        "--format",
        "yaml",
    ]);
    assert_eq!(
        run.out,
        "provider: ./catalogs/c.yaml # relative to this file
name: CHANGE-ME
key_type: server
needs:
  endpoints:
  - GET /a
  - POST /pay
  - POST /play
scopes:
- pay
- read
environments:
  test:
    scopes:
    - play
  live: {}
"
    );
    // The status is that of the table, which is for live alone.
    assert_eq!(run.status, 1, "{}", run.all());
    folder.write("k.yaml", &run.out);
    let check = folder.scopes(&["check", "k.yaml"]);
    assert_eq!(check.out, "1 key checked: no findings\n");
    // One environment that is named is the only one.
    let one = folder.scopes(&[
        "recommend",
        "-p",
        "./catalogs/c.yaml",
        "-e",
        "live",
        "--endpoint",
        "GET /a",
        "--format",
        "yaml",
    ]);
    assert!(
        one.out
            .ends_with("scopes:\n- read\nenvironments:\n  live: {}\n"),
        "{}",
        one.all()
    );
    // The table says which it does not show.
    let table = folder.scopes(&[
        "recommend",
        "-p",
        "./catalogs/c.yaml",
        "--endpoint",
        "GET /a",
    ]);
    assert!(
        table
            .out
            .contains("note: this is for live; there are also needs in test (-e test)\n"),
        "{}",
        table.all()
    );
}

#[test]
fn what_cannot_be_met_is_still_written_and_is_status_1() {
    let folder = Folder::new("proposal-unmet");
    folder.write("c.yaml", CATALOG);
    let common = ["recommend", "-p", "./c.yaml", "--format", "yaml"];
    for more in [
        &[
            "--key-type",
            "browser",
            "--endpoint",
            "GET /a",
            "--endpoint",
            "POST /pay",
        ][..],
        &["--endpoint", "GET /a", "--endpoint", "GET /nowhere"],
    ] {
        let run = folder.scopes(&[&common[..], more].concat());
        assert_eq!(run.status, 1, "{}", run.all());
        assert!(run.out.contains("- GET /a\n"), "{}", run.all());
    }
}

#[test]
fn a_key_file_is_written_again_with_the_least() {
    let folder = Folder::new("proposal-key");
    folder.write("catalogs/c.yaml", CATALOG).write(
        "keys/k.yaml",
        "provider: ../catalogs/c.yaml
name: shop
key_type: server
needs: { endpoints: [GET /a] }
scopes: [pay]
environments:
  test: { needs: { endpoints: [POST /play] } }
  live: { scopes: [read] }
",
    );
    let check = folder.scopes(&["check", "keys/k.yaml"]);
    assert!(
        check
            .out
            .contains("help: what to change: `scopes recommend --key-file keys/k.yaml`"),
        "{}",
        check.all()
    );
    let run = folder.scopes(&["recommend", "--key-file", "keys/k.yaml", "--format", "yaml"]);
    assert_eq!(run.status, 0, "{}", run.all());
    assert!(
        run.out
            .starts_with("provider: ../catalogs/c.yaml\nname: shop\n"),
        "{}",
        run.all()
    );
    folder.write("keys/k.yaml", &run.out);
    let check = folder.scopes(&["check", "keys/k.yaml", "--level", "environment-drift=off"]);
    assert_eq!(check.out, "1 key checked: no findings\n", "{}", check.all());
}
