//! What all linters share: formats, levels, the configuration, allowances, the baseline.

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

const CONFIG: &str = "\
keys = [\"keys/**/*.{yaml,toml}\"]
catalogs = [\"catalogs/*.yaml\"]
baseline = \"scopes-baseline.json\"
fail-on = \"error\"

[rules]
environment-drift = \"off\"
unneeded-scope = \"forbid\"
duplicate-scope = \"note\"

[allow]
max-days = 180

[budget]
excess-writes = 1
reachable = 3
";

#[test]
fn the_configuration_sets_files_levels_and_bounds() {
    let folder = Folder::new("config");
    folder
        .write("scopes.toml", CONFIG.replace("baseline = \"scopes-baseline.json\"\n", ""))
        .write("catalogs/acme.yaml", "provider: acme\nscopes: { a: }\nendpoints: { GET /a: a }\n")
        .write("other.yaml", "provider: other\nscopes: { a: }\nendpoints: { GET /a: a }\n")
        .write("keys/acme.yaml", "provider: acme\nname: one\nneeds: { endpoints: [GET /a] }\nscopes: [a]\n")
        .write("keys/path.toml", "provider = \"../catalogs/acme.yaml\"\nname = \"two\"\nscopes = [\"a\"]\nneeds = { endpoints = [\"GET /a\"] }\n")
        .write("keys/other.yaml", "provider: ../other.yaml\nname: three\n")
        .write(
            "keys/deep/paxos.yaml",
            "provider: paxos\nname: four\nneeds: { endpoints: [GET /profiles] }\nscopes: [funding:read_profile, funding:read_profile, transfer:write_fiat_account]\nallow:\n  - { rule: unneeded-scope, reason: a, owner: b, until: 2027-01-01 }\n  - { rule: over-budget, reason: a, owner: b, until: 2028-01-01 }\n  - { rule: duplicate-scope, reason: a, owner: b }\n",
        )
        .write("keys/readme.yaml", "a: b\n")
        .write("sub/.keep", "");
    let run = folder.scopes(&["check", "--format", "short", "--today", "2026-11-22"]);
    insta::assert_snapshot!(run.all(), @r"
keys/deep/paxos.yaml:2:7: error[over-budget] the key reaches 4 writes not named by any need, but the budget is 1
keys/deep/paxos.yaml:2:7: error[over-budget] the key reaches 8 endpoints, but the budget is 3
keys/deep/paxos.yaml:4:54: error[unneeded-scope] no need uses `transfer:write_fiat_account`
keys/deep/paxos.yaml:6:13: warning[unused-allowance] this allowance accepts nothing
keys/deep/paxos.yaml:7:54: warning[unexplained-allowance] this allowance runs for 405 days, and scopes.toml allows 180
keys/deep/paxos.yaml:8:13: warning[unexplained-allowance] this allowance has no `until`
keys/deep/paxos.yaml:4:32: note[duplicate-scope] `funding:read_profile` is granted twice
keys/other.yaml:1:11: error[unknown-provider] catalog `../other.yaml` is not listed in scopes.toml
--- status 1
");
    // From below, the same file is found when the repository begins above.
    folder.write(".git/HEAD", "");
    let below = run_in(
        &folder.path("sub"),
        &["check", "--format", "short", "--today", "2026-11-22"],
        None,
        &[],
    );
    assert_eq!(below.out, run.out.replace("keys/", "../keys/"));
    // Options win, and the configuration can be left out.
    let off = folder.scopes(&[
        "check",
        "--level",
        "unneeded-scope=off",
        "--level",
        "over-budget=off",
        "keys/deep",
    ]);
    assert!(!off.out.contains("unneeded-scope]"), "{}", off.all());
    let without = folder.scopes(&["check", "--no-config", "keys/deep", "--format", "short"]);
    assert!(!without.out.contains("over-budget]"), "{}", without.all());
}

#[test]
fn a_faulty_configuration_says_everything_that_is_wrong_with_it() {
    let folder = Folder::new("bad-config");
    folder.write(
        "scopes.toml",
        "keys = \"a\"\nfail-on = \"sometimes\"\n[rules]\nunneeded-scop = \"off\"\nwildcard-scope = \"loud\"\nsecret-in-file = \"off\"\n[allow]\nmax_days = 3\n",
    );
    let run = folder.scopes(&["check", "."]);
    insta::assert_snapshot!(run.all(), @r"
--- standard error
error: `scopes.toml` has 6 errors
  1:8: `keys`: expected a list, found a text
  2:11: `fail-on`: expected one of `error`, `warning`, `note`, `never`, found `sometimes`
  4:1: unknown rule `unneeded-scop` (did you mean `unneeded-scope`?)
  5:18: unknown level `loud` (a level must be one of off, note, warning, error, forbid)
  6:1: the level of `secret-in-file` cannot be changed
  8:1: unknown field `max_days` (did you mean `max-days`?)
--- status 2
");
}

#[test]
fn levels_are_checked_on_the_command_line() {
    for level in [
        "unneeded-scop=off",
        "unneeded-scope",
        "unneeded-scope=loud",
        "secret-in-file=off",
    ] {
        let run = crate::program::scopes(&["check", "--level", level]);
        assert_eq!(run.status, 2, "{}", run.all());
    }
}

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
fn what_cannot_be_read_in_a_folder_is_said() {
    let folder = Folder::new("unreadable");
    folder.write("keys/a.yaml", "provider: paxos\nname: a\nneeds: { endpoints: [GET /profiles] }\nscopes: [funding:read_profile]\n");
    // Too large to be read by anybody, whoever runs the test; it holds nothing, and takes no room.
    let file = std::fs::File::create(folder.path("keys/b.yaml")).expect("a file");
    file.set_len(300 << 20).expect("a length");
    let run = folder.scopes(&["check", "keys"]);
    assert_eq!(run.status, 2, "{}", run.all());
    assert!(
        run.err
            .contains("`keys/b.yaml` is too large for a key file: 300.0 MiB"),
        "{}",
        run.all()
    );
    assert!(run.out.contains("1 key checked"), "{}", run.all());
}

/// A folder whose path is too long to be read by anybody, whoever runs the test.
#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_read_is_said() {
    let folder = Folder::new("unreadable-folder");
    let key = "provider: paxos\nname: a\nneeds: { endpoints: [GET /profiles] }\nscopes: [funding:read_profile]\n";
    folder.write("keys/a.yaml", key);
    folder.write("scopes.toml", "keys = [\"keys/**/*.yaml\"]\n");
    // Half of it is made elsewhere and moved below the other half.
    let half: std::path::PathBuf = (0..12).map(|_| "0".repeat(200)).collect();
    for folder in [
        folder.path("keys").join(&half),
        folder.path("rest").join(&half),
    ] {
        std::fs::create_dir_all(folder).expect("a folder");
    }
    let below = folder.path("keys").join(&half).join("rest");
    std::fs::rename(folder.path("rest"), below).expect("a path that is short enough");
    for arguments in [&["check", "keys"][..], &["check"]] {
        let run = folder.scopes(arguments);
        assert_eq!(run.status, 2, "{}", run.all());
        assert!(run.out.contains("1 key checked"), "{}", run.all());
        assert!(
            run.err.starts_with("error: cannot read `keys/000"),
            "{}",
            run.all()
        );
    }
    // A pattern may name what is hidden.
    folder.write("scopes.toml", "keys = [\".github/keys/*.yaml\"]\n");
    folder.write(".github/keys/a.yaml", key);
    let run = folder.scopes(&["check"]);
    assert_eq!(run.status, 0, "{}", run.all());
    assert!(run.out.starts_with("1 key checked"), "{}", run.all());
    // Behind a wildcard too.
    folder.write(
        "scopes.toml",
        "keys = [\"*/.keys/*.yaml\", \"other/*.yaml\"]\n",
    );
    folder.write("svc/.keys/a.yaml", key);
    let run = folder.scopes(&["check"]);
    assert!(run.out.starts_with("1 key checked"), "{}", run.all());
    // Hidden is no reason to pass a file over.
    let both = "keys = [\".github/keys/*.yaml\", \"other/**/*.yaml\"]\n";
    folder.write("scopes.toml", both);
    folder.write("other/.old/a.yaml", key.replace("name: a", "name: b"));
    let run = folder.scopes(&["check"]);
    assert!(run.out.starts_with("2 keys checked"), "{}", run.all());
    folder.remove("other/.old/a.yaml");
    // A link to a file is a file.
    std::os::unix::fs::symlink("../.github/keys/a.yaml", folder.path("other/link.yaml"))
        .expect("a link");
    let run = folder.scopes(&["check", "other"]);
    assert!(run.out.starts_with("1 key checked"), "{}", run.all());
    std::fs::remove_file(folder.path("other/link.yaml")).expect("a link");
    // Where no pattern could fit anything, nothing is read; one that leaves something out fits nothing.
    let except = "keys = [\"other/**/*.yaml\", \"!other/old/**\"]\n";
    folder.write("scopes.toml", except);
    folder.write("other/a.yaml", key);
    let run = folder.scopes(&["check"]);
    assert_eq!(run.status, 0, "{}", run.all());
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

#[cfg(unix)]
#[test]
fn a_key_file_makes_the_program_read_no_device() {
    let folder = Folder::new("device");
    folder.write("a.yaml", "provider: /dev/zero\nname: a\n");
    let run = folder.scopes(&["check", "a.yaml", "--format", "short"]);
    assert_eq!(run.status, 1, "{}", run.all());
    assert!(run.out.contains("unknown-provider"), "{}", run.all());
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

#[test]
fn what_is_forbidden_offers_no_allow() {
    let folder = Folder::new("forbidden-help");
    folder.write("scopes.toml", "[rules]\nunneeded-scope = \"forbid\"\n");
    folder.write("a.yaml", "provider: paxos\nname: a\nneeds: { endpoints: [GET /profiles] }\nscopes: [funding:read_profile, tax:read_tax_form]\n");
    let run = folder.scopes(&["check", "a.yaml"]);
    assert!(
        run.out.contains("= help: remove it, or declare the need\n"),
        "{}",
        run.all()
    );
}

/// A configuration that is there and cannot be read is no reason to go on without it.
#[cfg(unix)]
#[test]
fn a_configuration_that_is_no_file_is_refused() {
    let folder = Folder::new("odd-configuration");
    folder.write("a.yaml", "provider: paxos\nname: a\nneeds: { endpoints: [GET /profiles] }\nscopes: [funding:read_profile]\n");
    std::os::unix::fs::symlink("nowhere.toml", folder.path("scopes.toml")).expect("a link");
    assert_eq!(folder.scopes(&["check", "a.yaml"]).status, 2);
    std::fs::remove_file(folder.path("scopes.toml")).expect("a link");
    std::fs::create_dir(folder.path("scopes.toml")).expect("a folder");
    assert_eq!(folder.scopes(&["check", "a.yaml"]).status, 2);
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

/// An environment that exceeds a budget is told, whichever other one does and whatever is accepted there, and a view of it
/// shows it.
#[test]
fn each_environment_has_its_budget() {
    let folder = Folder::new("budget-each");
    let key = |allow: &str| {
        format!(
            "provider: paxos\nname: k\nneeds: {{endpoints: [GET /profiles]}}\nscopes: [funding:read_profile]\nenvironments:\n  sandbox: {{scopes: [transfer:write_fiat_withdrawal, transfer:write_fiat_account]}}\n  production: {{scopes: [transfer:write_fiat_withdrawal]}}\n{allow}"
        )
    };
    folder.write("scopes.toml", "[budget]\nexcess-writes = 0\n");
    let told = |allow: &str, more: &[&str]| -> Vec<String> {
        folder.write("k.yaml", key(allow));
        let run = folder.scopes(&[&["check", "k.yaml", "--format", "json"], more].concat());
        let report: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
        let findings = report["findings"].as_array().expect("a list").iter();
        let budgets = findings.filter(|finding| finding["rule"] == "over-budget");
        budgets
            .map(|finding| finding["environment"].as_str().unwrap_or("all").to_owned())
            .collect()
    };
    assert_eq!(told("", &[]), ["sandbox", "production"]);
    assert_eq!(told("", &["-e", "production"]), ["production"]);
    let allow = "allow: [{rule: over-budget, environment: sandbox, reason: r, owner: o, until: 2999-01-01}]\n";
    assert_eq!(told(allow, &[]), ["production"]);
}

/// A misspelt pattern would take a folder out of the gate without a word.
#[test]
fn a_pattern_that_names_no_file_is_said() {
    let folder = Folder::new("idle-pattern");
    let key = "provider: paxos\nname: x\nneeds: {endpoints: [GET /profiles]}\nscopes: [funding:read_profile]\n";
    folder
        .write(
            "scopes.toml",
            "keys = [\"keys/*.yaml\", \"kyes/*.toml\", \"!keys/b.yaml\"]\n",
        )
        .write("keys/a.yaml", key);
    let run = folder.scopes(&["check"]);
    assert_eq!(run.status, 0, "{}", run.all());
    assert_eq!(
        run.err,
        "note: `kyes/*.toml` in scopes.toml matches no files\n"
    );
}
