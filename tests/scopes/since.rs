//! `diff --base`: what changed since a git revision.

use serde_json::json;

use crate::diff::{NEW, OLD, TREASURY, document};
use crate::program::Folder;

/// A history with a rename, a deletion, an addition, a broken file in the old revision, and files that are no keys.
fn repository(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.git(&["init", "-q"]);
    folder.write("keys/renamed.yaml", TREASURY).write(
        "keys/gone.yaml",
        "provider: paxos\nname: gone\nscopes: [tax:read_tax_form]\n",
    );
    folder.write(
        "keys/broken.yaml",
        "provider: paxos\nname: broken\nscopes: [tax:read_tax_form\n",
    );
    folder.write(
        "keys/same.yaml",
        "provider: paxos\nname: same\nscopes: [tax:read_tax_form]\n",
    );
    folder
        .write("catalog.yaml", OLD)
        .write("other.yaml", "a: b\n")
        .write("readme.md", "old\n");
    folder
        .git(&["add", "."])
        .git(&["commit", "-q", "-m", "first"])
        .git(&["tag", "first"]);
    folder.remove("keys/renamed.yaml").remove("keys/gone.yaml");
    folder.write(
        "keys/moved/renamed.yaml",
        TREASURY.replace("  - funding:read_profile\n", ""),
    );
    folder.write(
        "keys/broken.yaml",
        "provider: paxos\nname: broken\nscopes: [tax:read_tax_form]\n",
    );
    folder
        .write("catalog.yaml", NEW)
        .write("other.yaml", "a: c\n")
        .write("readme.md", "new\n");
    folder
        .git(&["add", "."])
        .git(&["commit", "-q", "-m", "second"]);
    folder.write(
        "keys/untracked.yaml",
        "provider: paxos\nname: untracked\nscopes: [tax:read_tax_form]\n",
    );
    folder
}

#[test]
fn every_key_and_catalog_that_changed_since_a_revision() {
    let folder = repository("diff-base");
    insta::assert_snapshot!(
        folder
            .scopes(&["--width", "80", "diff", "--base", "first"])
            .all()
    );
    let below = folder.scopes(&["diff", "--base", "first", "keys/moved", "--format", "json"]);
    assert_eq!(document(&below)["kind"], "diffs");
    let gate = |gate: &str| {
        folder
            .scopes(&["diff", "--base", "first", "--fail-on", gate])
            .status
    };
    assert_eq!([gate("never"), gate("wider")], [0, 1]);
    let nothing = folder.scopes(&["diff", "--base", "HEAD", "keys/same.yaml"]);
    assert_eq!(
        nothing.out,
        "nothing changed: no key file or catalog among the given paths differs\n"
    );
}

/// Which key a file is about decides what moved, not how much alike two files are.
#[test]
fn another_key_in_a_like_file_is_no_rename() {
    let folder = Folder::new("diff-identity");
    let key = |name: &str| {
        format!(
            "provider: paxos\nname: {name}\nscopes: [funding:read_profile, tax:read_tax_form]\n"
        )
    };
    folder
        .git(&["init", "-q"])
        .write("keys/old.yaml", key("old"))
        .git(&["add", "."])
        .git(&["commit", "-q", "-m", "1"]);
    folder
        .remove("keys/old.yaml")
        .write("keys/fresh.yaml", key("fresh"));
    folder.git(&["add", "."]).git(&["commit", "-q", "-m", "2"]);
    let run = folder.scopes(&["diff", "--base", "HEAD~1", "--fail-on", "wider"]);
    assert_eq!(run.status, 1, "{}", run.all());
    assert!(
        run.out
            .contains("paxos/fresh, new: keys/fresh.yaml is wider"),
        "{}",
        run.out
    );
    assert!(
        run.out
            .contains("paxos/old, gone: keys/old.yaml is narrower"),
        "{}",
        run.out
    );
    folder
        .git(&["mv", "keys/fresh.yaml", "keys/moved.yaml"])
        .git(&["commit", "-q", "-m", "3"]);
    for path in ["keys", "keys/moved.yaml"] {
        let run = folder.scopes(&["diff", "--base", "HEAD~1", "--fail-on", "any", path]);
        assert_eq!(run.status, 0, "{}", run.all());
        assert!(run.out.contains("is the same\n"), "{}", run.out);
    }
    let run = folder.scopes(&["diff", "--base", "HEAD~1", "--format", "json"]);
    let files = &document(&run)["files"];
    assert_eq!(
        *files,
        json!({ "from": "HEAD~1:keys/fresh.yaml", "to": "keys/moved.yaml" })
    );
}

/// A catalog that is new or gone is a change as a key is.
#[test]
fn a_catalog_that_is_new_or_gone_is_compared() {
    let folder = Folder::new("diff-catalogs");
    folder
        .git(&["init", "-q"])
        .write("gone.yaml", OLD)
        .write("broken.yaml", "provider: x\nendpoints: [\n");
    folder.git(&["add", "."]).git(&["commit", "-q", "-m", "1"]);
    folder
        .remove("gone.yaml")
        .write("fresh.yaml", OLD.replace("github", "other"));
    folder.write("broken.yaml", OLD.replace("github", "x"));
    let run = folder.scopes(&[
        "diff",
        "--base",
        "HEAD",
        "--format",
        "json",
        "--fail-on",
        "wider",
    ]);
    assert_eq!(run.status, 1, "{}", run.all());
    let document = document(&run);
    let diffs = document["diffs"].as_array().expect("diffs");
    let said: Vec<(&str, usize, usize, bool)> = diffs
        .iter()
        .map(|one| {
            let count = |what: &str| one["endpoints"][what].as_array().map_or(0, Vec::len);
            let provider = one["provider"].as_str().expect("a provider");
            (
                provider,
                count("gained"),
                count("lost"),
                one["widened"] == true,
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            ("x", 5, 0, true),
            ("other", 5, 0, true),
            ("github", 0, 5, false)
        ]
    );
    let table = folder.scopes(&["diff", "--base", "HEAD"]);
    assert!(
        table
            .out
            .contains("github: gone.yaml (deleted) against HEAD: 5 endpoints removed"),
        "{}",
        table.out
    );
}

#[test]
fn a_file_that_is_broken_now_is_said_and_the_rest_is_compared() {
    let folder = repository("diff-broken");
    folder.write("keys/same.yaml", "provider: paxos\nname: same\nscopes: [\n");
    let run = folder.scopes(&["diff", "--base", "HEAD"]);
    assert_eq!(run.status, 2, "{}", run.all());
    assert!(
        run.err
            .contains("`keys/same.yaml` cannot be read as a key file"),
        "{}",
        run.all()
    );
    assert!(run.out.contains("paxos/untracked"), "{}", run.all());
}

/// Whatever is in the way is said, and the rest is compared: no pull request blocks the gate, and none passes it by.
#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_said_and_the_rest_is_compared() {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;

    let folder = Folder::new("diff-unreadable");
    let key =
        |name: &str, scope: &str| format!("provider: paxos\nname: {name}\nscopes: [{scope}]\n");
    let (narrow, wide) = ("funding:read_profile", "tax:read_tax_form");
    let bytes = |name: &[u8]| folder.path("").join(std::ffi::OsStr::from_bytes(name));
    let link = |to: &str, from: &str| symlink(to, folder.path(from)).expect("a link");
    folder
        .git(&["init", "-q"])
        .write("keys/a.yaml", key("a", narrow))
        .write("keys/same.yaml", key("same", narrow))
        .write("keys/pipe.yaml", key("pipe", narrow))
        .write("vendor/x.yaml", "");
    std::fs::write(bytes(b"vendor/\xff.yaml"), key("gone", wide)).expect("a file");
    std::fs::write(bytes(b"keys/\xfe.yaml"), key("old", wide)).expect("a file");
    link("same.yaml", "keys/within.yaml");
    link("/etc/hostname", "keys/without.yaml");
    folder.git(&["add", "."]).git(&["commit", "-q", "-m", "1"]);
    for name in ["keys/within.yaml", "keys/without.yaml", "keys/pipe.yaml"] {
        folder.remove(name);
    }
    for name in [&b"vendor/\xff.yaml"[..], b"keys/\xfe.yaml"] {
        std::fs::remove_file(bytes(name)).expect("it was there");
    }
    let made = std::process::Command::new("mkfifo")
        .arg(folder.path("keys/pipe.yaml"))
        .status();
    assert!(made.expect("mkfifo runs").success());
    folder
        .write("keys/a.yaml", key("a", wide))
        .write("keys/within.yaml", key("same", wide))
        .write("keys/without.yaml", key("without", wide))
        .write("keys/large.yaml", key("large", wide) + &"#".repeat(2 << 20))
        .write(
            "keys/data.json",
            format!("{{\"a\": \"{}\"}}", "x".repeat(2 << 20)),
        );
    std::fs::write(bytes(b"keys/n\xff.yaml"), key("new", wide)).expect("a file");
    link("nowhere", "keys/dangling.yaml");
    link("loop.yaml", "keys/loop.yaml");
    link("/dev/zero", "keys/zero.yaml");
    link("/proc/kmsg", "keys/kmsg.yaml");
    for (name, file) in [
        ("keys/inner", "k.yaml"),
        ("keys/other", "k.txt"),
        ("keys/sub.yaml", "k.txt"),
    ] {
        folder.write(&format!("{name}/{file}"), key("inner", wide));
        folder.git(&["init", "-q", name]);
    }
    let run = folder.scopes(&["diff", "--base", "HEAD", "--fail-on", "wider", "keys"]);
    assert_eq!(run.status, 2, "{}", run.all());
    let mut said: Vec<&str> = run
        .err
        .lines()
        .filter(|line| line.starts_with("error: "))
        .collect();
    said.sort_unstable();
    let expected = [
        "error: `keys/inner` is a nested repository, and git does not compare its contents",
        "error: `keys/kmsg.yaml` is a virtual file of the system, not a regular file",
        "error: `keys/large.yaml` is too large for a key file: 2.1 MiB, and the limit is 1 MiB",
        "error: `keys/pipe.yaml` is a pipe, not a regular file",
        "error: `keys/sub.yaml` is a nested repository, and git does not compare its contents",
        "error: `keys/zero.yaml` is a device, not a regular file",
        "error: cannot read `keys/dangling.yaml`: it is a broken link",
        "error: cannot read `keys/loop.yaml`: Too many levels of symbolic links (os error 40)",
    ];
    assert_eq!(said.len(), expected.len(), "{}", run.err);
    for (said, expected) in said.iter().zip(expected) {
        // The number of an error is the system's.
        assert!(
            said.split(" (os").next() == expected.split(" (os").next(),
            "{said}\n{expected}"
        );
    }
    for words in [
        "paxos/a: keys/a.yaml against HEAD is wider and narrower",
        "paxos/new, new: keys/n\u{fffd}.yaml is wider",
        "paxos/same: keys/within.yaml against HEAD is wider and narrower",
        "paxos/without, new: keys/without.yaml is wider",
        "it could not be read as a key file at HEAD",
        "paxos/old, gone: keys/\u{fffd}.yaml is narrower",
    ] {
        assert!(run.out.contains(words), "{words}\n{}", run.all());
    }
    // What is elsewhere plays no part.
    let run = folder.scopes(&["diff", "--base", "HEAD", "--fail-on", "wider", "vendor"]);
    assert_eq!((run.status, run.err.as_str()), (0, ""), "{}", run.all());
    assert!(run.out.starts_with("paxos/gone, gone: "), "{}", run.all());
}

/// As many processes of git for fifty files as for one.
#[cfg(unix)]
#[test]
fn the_number_of_files_makes_no_process_more() {
    let processes = |files: usize| {
        let folder = Folder::new("diff-processes");
        folder.git(&["init", "-q"]);
        for number in 0..files {
            let key = format!("provider: paxos\nname: k{number}\nscopes: [funding:read_profile]\n");
            folder.write(&format!("keys/{number}.yaml"), &key);
            folder.write(&format!("gone/{number}.yaml"), key.replace(": k", ": g"));
        }
        folder.git(&["add", "."]).git(&["commit", "-q", "-m", "1"]);
        for number in 0..files {
            folder.remove(&format!("gone/{number}.yaml"));
            let key = format!("provider: paxos\nname: k{number}\nscopes: [tax:read_tax_form]\n");
            folder.write(&format!("keys/{number}.yaml"), key);
        }
        let trace = folder.path("trace");
        let variables = [("GIT_TRACE", trace.to_str().expect("UTF-8"))];
        let arguments = ["diff", "--base", "HEAD", "--fail-on", "wider"];
        let run = super::program::run_in(&folder.path(""), &arguments, None, &variables);
        assert_eq!(run.status, 1, "{}", run.all());
        assert_eq!(run.out.matches("is wider and narrower").count(), files);
        folder.read("trace").matches("trace: built-in").count()
    };
    assert_eq!(processes(50), processes(1));
}

/// What a changed key gives may be more than is seen where a part of it cannot be read or is misspelt: the comparison goes on,
/// and the gate does not open.
#[test]
fn what_cannot_be_read_of_a_changed_key_is_refused() {
    let key = |more: &str| {
        format!(
            "provider: paxos\nname: k\nneeds: {{endpoints: [GET /profiles]}}\nscopes:\n  - funding:read_profile\n{more}environments:\n  production: {{}}\n"
        )
    };
    let folder = Folder::new("diff-doubt");
    folder.git(&["init", "-q"]);
    folder.write("keys/k.yaml", key(""));
    folder.git(&["add", "."]);
    folder.git(&["commit", "-q", "-m", "base"]);
    let many = format!(
        "  - transfer:write_fiat_withdrawal\n{}",
        "  - a\n".repeat(50_001)
    );
    for more in [
        "  - {scope: transfer:write_fiat_withdrawal}\n",
        "  - transfer:write_fiat_withdrawl\n",
        "  - [transfer:write_fiat_withdrawal]\n",
        "scopes: {a: b}\n",
        "scopes: [transfer:write_fiat_withdrawal]\n",
        "scops: [transfer:write_fiat_withdrawal]\n",
        "allow: [{rule: wrong-type, reason: r, owner: o, until: 2999-01-01}]\nbundles: 5\n",
        &many,
    ] {
        folder.write("keys/k.yaml", key(more));
        for gate in ["any", "wider"] {
            let run = folder.scopes(&["diff", "--base", "HEAD", "keys", "--fail-on", gate]);
            let start: String = more.chars().take(60).collect();
            assert_eq!(run.status, 2, "{start}: {}", run.all());
            let expected = "cannot tell what `keys/k.yaml` grants: ";
            assert!(run.err.contains(expected), "{start}: {}", run.all());
            assert!(
                run.err.contains("help: scopes check keys/k.yaml"),
                "{}",
                run.err
            );
        }
    }
}

/// A key that changes its provider is another key: nothing of the old one counts for the new.
#[test]
fn a_key_of_another_provider_is_new() {
    let key = |provider: &str, more: &str| format!("provider: {provider}\nname: a\n{more}\n");
    for (before, after, gained) in [
        (
            key("dynamic", "scopes: [environment.users.read]"),
            key("paxos", "scopes: [exchange:write_order]"),
            "+ exchange:write_order",
        ),
        (
            key("paxos", "scopes: [orchestration:write_orchestration_rule]"),
            key("dynamic", "scopes: []"),
            "dynamic/a, new: keys/k.yaml",
        ),
        (
            key("elebne", "key_type: secret\nscopes: [pay.intents:read]"),
            key("paxos", "scopes: [funding:read_profile]"),
            "+ funding:read_profile",
        ),
    ] {
        let folder = Folder::new("diff-provider");
        folder.git(&["init", "-q"]);
        folder.write("keys/k.yaml", &before);
        folder.git(&["add", "."]).git(&["commit", "-q", "-m", "x"]);
        folder.write("keys/k.yaml", &after);
        let run = folder.scopes(&["diff", "--base", "HEAD", "--fail-on", "wider"]);
        let opens = i32::from(gained.starts_with('+'));
        assert_eq!(run.status, opens, "{after}\n{}", run.all());
        assert!(run.out.contains(gained), "{}", run.all());
        assert!(run.out.contains("/a, gone: keys/k.yaml"), "{}", run.all());
        let json = folder.scopes(&["diff", "--base", "HEAD", "--format", "json"]);
        assert_eq!(json.status, 0, "{}", json.all());
    }
}
