//! The formats of findings.

use std::fmt::Write as _;

use serde_json::Value;

use crate::program::{Folder, Run, run_in, without_digests};

/// A key whose texts try every format: `%`, `,`, `|`, a control character, letters beyond ASCII.
const SAMPLE: &str = "\
provider: paxos
name: \"kasse – 100%, a|b\"
purpose: \"50%\\nof, it: `x` <b>\\u001b[31m\"
needs:
  endpoints:
    - GET /profiles
    - POST /transfer/fiat-withdrawals
    - GET /markets
    - GET /nowhere, 100% | `x`
scopes:
  - tax:read_tax_form
  - funding:read_profile
  - transfer:write_fiat_account
";

fn sample(format: &str) -> Run {
    let folder = Folder::new(&format!("sample-{format}"));
    // Formats for machines name files from the root of the repository.
    std::fs::create_dir(folder.path(".git")).expect("a folder");
    folder.write("keys/kasse, 100%.yaml", SAMPLE);
    folder.scopes(&["check", "keys", "--format", format, "--today", "2026-11-22"])
}

#[test]
fn every_format_of_one_sample() {
    let mut all = String::new();
    for format in ["text", "short", "github", "gitlab", "markdown"] {
        let run = sample(format);
        assert_eq!(run.status, 1, "{}", run.all());
        assert!(!run.out.contains('\u{1b}'), "{format}");
        let _ = writeln!(all, "=== {format}\n{}", run.all());
    }
    insta::assert_snapshot!(all);
}

#[test]
fn sarif_has_rules_regions_fingerprints_and_fixes() {
    let run = sample("sarif");
    let log: Value = serde_json::from_str(&run.out).expect("JSON");
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    for result in run["results"].as_array().expect("results") {
        let index =
            usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert_eq!(
            result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            "keys/kasse%2C%20100%25.yaml"
        );
    }
    let mut shown = log.clone();
    // The rules are those of the table; the pages are tested elsewhere.
    shown["runs"][0]["tool"]["driver"]["rules"] = Value::Null;
    insta::assert_snapshot!(without_digests(&format!("{shown:#}")));
}

#[test]
fn an_annotation_is_one_line_and_the_job_summary_is_written() {
    let folder = Folder::new("github");
    let mut scopes = String::new();
    for scope in 0..14 {
        let _ = writeln!(scopes, "  - tax:nonsense_{scope}");
    }
    let key = format!(
        "provider: paxos\nname: x\nneeds: {{ endpoints: [GET /profiles] }}\nscopes:\n{scopes}"
    );
    folder.write("a.yaml", key);
    let summary = folder.path("summary.md");
    let variables = [("GITHUB_STEP_SUMMARY", summary.to_str().expect("UTF-8"))];
    let run = run_in(
        &folder.path("."),
        &["check", "a.yaml", "--format", "github"],
        None,
        &variables,
    );
    let commands = run
        .out
        .lines()
        .filter(|line| line.starts_with("::error "))
        .count();
    assert_eq!(commands, 10, "{}", run.all());
    assert!(
        run.out
            .contains("- GitHub shows 10 error annotations per step: 5 errors more above"),
        "{}",
        run.all()
    );
    assert!(
        folder
            .read("summary.md")
            .starts_with("**scopes:** 1 key checked: 15 errors")
    );
    // No other format writes there, and nothing but the option chooses the format.
    folder.write("summary.md", "");
    let variables = [variables[0], ("GITHUB_ACTIONS", "true")];
    let run = run_in(&folder.path("."), &["check", "a.yaml"], None, &variables);
    assert!(run.out.starts_with("error[missing-scope]"), "{}", run.all());
    assert_eq!(folder.read("summary.md"), "");
}

#[test]
fn a_comment_is_never_longer_than_one_may_be() {
    let folder = Folder::new("comment");
    let mut scopes = String::new();
    for scope in 0..900 {
        let _ = writeln!(
            scopes,
            "  - unheard-of:permission_that_nobody_knows_{scope}"
        );
    }
    folder.write(
        "a.yaml",
        format!("provider: paxos\nname: x\nscopes:\n{scopes}"),
    );
    let run = folder.scopes(&["check", "a.yaml", "--format", "markdown"]);
    let length = run.out.chars().count();
    assert!((60_000..=65_536).contains(&length), "{length}");
    let last: Vec<&str> = run.out.lines().rev().take(3).collect();
    assert!(last[0].starts_with("Judged by paxos of "), "{last:?}");
    assert!(last[2].ends_with("findings left out here."), "{last:?}");
}

#[cfg(unix)]
#[test]
fn a_line_end_in_a_name_begins_no_line() {
    let folder = Folder::new("line-ends");
    let scopes: Vec<String> = (0..14).map(|n| format!("tax:nonsense_{n}")).collect();
    folder.write(
        "x\n::error::pwn.yaml",
        format!(
            "provider: paxos\nname: x\nscopes: [{}]\n",
            scopes.join(", ")
        ),
    );
    folder.write("cat.yaml", "provider: own\nkey_types: { pub: { exposure: public }, srv: {} }\nscopes: { hot: { summary: x, risk: high, because: \"b\\n::error::pwn\" } }\nendpoints: { POST /hot: hot }\n");
    folder.write(
        "k.yaml",
        "provider: ./cat.yaml\nname: k\nkey_type: pub\nscopes: [hot]\n",
    );
    for format in ["text", "short", "github", "markdown"] {
        let run = folder.scopes(&["check", ".", "--format", format, "--today", "2026-11-22"]);
        let begins = run.out.lines().any(|line| line.starts_with("::error::pwn"));
        assert!(!begins, "{format}: {}", run.all());
    }
}

#[test]
fn formats_for_machines_name_files_from_the_root_of_the_repository() {
    let folder = Folder::new("from-root");
    std::fs::create_dir(folder.path(".git")).expect("a folder");
    folder
        .write("keys/a.yaml", "provider: paxos\nname: a\n")
        .write("deep/keys/b.yaml", "provider: paxos\nname: b\n")
        .write(
            "scopes.toml",
            "keys = [\"keys/*.yaml\", \"deep/**/*.yaml\"]\n",
        );
    for format in ["github", "gitlab", "sarif", "markdown"] {
        let from = |below: &str, arguments: &[&str]| {
            let all = [
                &["check", "--format", format, "--fail-on", "never"],
                arguments,
            ]
            .concat();
            let run = run_in(&folder.path(below), &all, None, &[]);
            assert_eq!(run.status, 0, "{}", run.all());
            run.out
        };
        assert_eq!(from(".", &[]), from("deep", &[]));
        assert_eq!(from(".", &["deep"]), from("deep", &["keys"]));
        let named = folder.path("deep/keys/b.yaml");
        let named = named.to_str().expect("UTF-8");
        assert_eq!(from(".", &["deep"]), from("deep", &[named]));
        let stdin = from("deep", &["-"]);
        assert!(!stdin.contains("deep"), "{stdin}");
    }
}
