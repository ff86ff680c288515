//! The completion scripts in the repository are the ones that the program writes.

use crate::program::{Folder, root, run_in, scopes};

#[test]
fn the_scripts_are_in_step() {
    for (shell, file) in [
        ("bash", "scopes.bash"),
        ("zsh", "_scopes"),
        ("fish", "scopes.fish"),
        ("powershell", "_scopes.ps1"),
        ("elvish", "scopes.elv"),
    ] {
        let run = scopes(&["completions", shell]);
        assert_eq!(run.status, 0);
        let committed =
            std::fs::read_to_string(root().join("completions").join(file)).unwrap_or_default();
        assert!(
            committed == run.out,
            "write it again: scopes completions {shell} > completions/{file}"
        );
    }
}

/// The candidates for the last of some words, each with its help, as fish reads them.
fn completed(folder: &Folder, words: &[&str]) -> Vec<String> {
    let arguments: Vec<&str> = ["--"].iter().chain(words).copied().collect();
    let run = run_in(&folder.path(""), &arguments, None, &[("COMPLETE", "fish")]);
    assert_eq!((run.status, run.err.as_str()), (0, ""), "{words:?}");
    run.out.lines().map(str::to_owned).collect()
}

/// The same without the help.
fn values(folder: &Folder, words: &[&str]) -> Vec<String> {
    let lines = completed(folder, words);
    let value = |line: &String| line.split('\t').next().unwrap_or_default().to_owned();
    lines.iter().map(value).collect()
}

const CATALOG: &str = "provider: acme\nkey_types: {server: {}, browser: {}}\nenvironments: {test: {}, live: {production: true}}\n\
    scopes: {a:read: {summary: see a}, a:write: {risk: high, because: x}}\nbundles: {all-of-a: {scopes: all}}\n\
    endpoints: {GET /a: 'a:read', 'GET /a/{id}': 'a:read', POST /a: 'a:write'}\nevents: {a.made: 'a:read'}\nrecipes: {look: {endpoints: [GET /a]}}\n";

fn with_catalog(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("acme.yaml", CATALOG);
    folder.write("scopes.toml", "catalogs = [\"acme.yaml\"]\n");
    folder.write(
        "keys/k.yaml",
        "provider: acme\nname: k\nkey_type: server\nscopes: ['a:read']\nenvironments: {live: {}}\n",
    );
    folder
}

#[test]
fn names_complete_from_the_catalogs_that_count() {
    let folder = with_catalog("complete");
    let on = |words: &[&str]| values(&folder, words);
    assert!(on(&["scopes", "show", ""]).contains(&"acme".to_owned()));
    assert_eq!(
        on(&["scopes", "explain", "-p", "acme", "a:"]),
        ["a:read", "a:write"]
    );
    assert_eq!(
        on(&["scopes", "explain", "-p", "acme", "a:read,a"]),
        ["a:read,a:write", "a:read,all-of-a", "a:read,a.made"]
    );
    assert_eq!(
        on(&["scopes", "recommend", "-p", "acme", "--endpoint", "GET /a"]),
        ["GET /a", "GET /a/"]
    );
    assert_eq!(
        on(&["scopes", "recommend", "-p", "acme", "--endpoint", ""]),
        ["GET /", "POST /"]
    );
    assert_eq!(
        on(&["scopes", "recommend", "-p", "acme", "--recipe", ""]),
        ["look"]
    );
    assert_eq!(
        on(&["scopes", "recommend", "-p", "acme", "--event", ""]),
        ["a.made"]
    );
    assert_eq!(
        on(&["scopes", "recommend", "-p", "acme", "--key-type", "s"]),
        ["server"]
    );
    assert_eq!(
        on(&["scopes", "recommend", "-p", "acme", "-e", ""]),
        ["test", "live"]
    );
    // The environments of a key file come before those of its provider.
    assert_eq!(on(&["scopes", "check", "keys/k.yaml", "-e", ""]), ["live"]);
    assert_eq!(
        on(&["scopes", "diff", "keys/k.yaml@"]),
        ["keys/k.yaml@live"]
    );
    // What is not a key is not offered where a key is meant.
    assert_eq!(on(&["scopes", "check", "--key-file", ""]), ["keys/"]);
    assert_eq!(
        on(&["scopes", "check", "--key-file", "keys/"]),
        ["keys/k.yaml"]
    );
    assert_eq!(
        on(&["scopes", "check", "--level", "unneeded-scope=o"]),
        ["unneeded-scope=off"]
    );
    assert_eq!(on(&["scopes", "list", ""]), [""; 0]);
    let lines = completed(&folder, &["scopes", "expand", "-p", "acme", "a:"]);
    assert_eq!(lines, ["a:read\tsee a (low risk)", "a:write\thigh risk"]);
}

/// What is at fault beside a completion is left out, and nothing but candidates is printed.
#[test]
fn a_fault_beside_a_completion_is_left_out() {
    let folder = with_catalog("complete-faults");
    let words = ["scopes", "explain", "-p", "paxos", "tax:read_tax_f"];
    for (name, text) in [
        ("acme.yaml", "provider: [\n"),
        ("scopes.toml", "catalogs = 7\n"),
        ("scopes.toml", "catalogs = [\"gone.yaml\"]\n"),
    ] {
        folder.write(name, text);
        assert_eq!(
            values(&folder, &words),
            ["tax:read_tax_form"],
            "{name}: {text}"
        );
    }
    folder.write("keys/k.yaml", "provider: paxos\nname: [\n");
    assert_eq!(
        values(&folder, &["scopes", "check", "keys/k.yaml", "-e", "prod"]),
        ["production"]
    );
    assert_eq!(
        values(&folder, &["scopes", "explain", "-p", "./none.yaml", "a"]),
        [""; 0]
    );
    assert_eq!(values(&folder, &[]), [""; 0]);
}

/// bash begins a word at a `:` and keeps quotes: it gets what takes the place of that part alone.
#[test]
fn bash_gets_the_part_that_it_replaces() {
    let folder = with_catalog("complete-bash");
    let on = |line: &str| {
        let variables = [
            ("COMPLETE", "bash"),
            ("_SCOPES_LINE", line),
            ("_SCOPES_BREAKS", "\"'@><=;|&(:"),
        ];
        let run = run_in(&folder.path(""), &["--"], None, &variables);
        assert_eq!((run.status, run.err.as_str()), (0, ""), "{line}");
        run.out
    };
    assert_eq!(on("scopes explain -p acme a:r"), "read \n");
    assert_eq!(on("scopes check --level unneeded-scope=of"), "off \n");
    assert_eq!(
        on("scopes recommend -p acme --endpoint 'GET /a/"),
        "GET /a/{id}\n"
    );
    assert_eq!(
        on("scopes recommend -p acme --endpoint GET\\ /a/"),
        "GET\\ /a/\\{id\\} \n"
    );
    assert_eq!(on("true && scopes check --key-file ke"), "keys/\n");
}

/// A variable that is left over in the environment turns no command into a completion.
#[test]
fn a_variable_of_completion_makes_no_check_pass() {
    let folder = with_catalog("complete-gate");
    let key = "provider: acme\nname: k\nkey_type: server\nneeds: {endpoints: [GET /a]}\nscopes: ['a:read', 'a:write']\n";
    folder.write("keys/k.yaml", key);
    for shell in ["bash", "zsh", "fish", "1", "none"] {
        for arguments in [&["check", "keys"][..], &["check", "--", "keys"]] {
            let run = run_in(&folder.path(""), arguments, None, &[("COMPLETE", shell)]);
            assert_eq!(run.status, 1, "{shell} {arguments:?}: {}", run.all());
            assert!(run.out.contains("unneeded-scope"), "{}", run.all());
        }
    }
}
