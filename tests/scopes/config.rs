//! `scopes.toml`: files, levels, bounds and budgets.

use crate::program::{Folder, run_in};

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
