//! `diff`: environments, keys, sets, editions of a catalog, and a git revision.

use serde_json::{Value, json};

use crate::program::{Folder, Run, scopes};

/// The key of the design's screens, its misspelt scope corrected.
pub(crate) const TREASURY: &str = "provider: paxos
name: treasury
needs:
  endpoints:
    - POST /orchestration/rules
    - GET /orchestration/orchestrations/{id}
    - GET /transfer/fiat-deposit-instructions/{id}
    - POST /transfer/fiat-withdrawals
    - GET /profiles/{profile_id}/balances
scopes:
  - funding:read_profile
  - orchestration:read_orchestration
  - orchestration:write_orchestration_rule
  - transfer:write_fiat_withdrawal
environments:
  sandbox:
    scopes:
      - transfer:read_fiat_deposit_instructions
      - transfer:write_sandbox_fiat_deposit
  production:
    scopes:
      - transfer:write_fiat_account
";

pub(crate) fn document(run: &Run) -> Value {
    serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {}", run.all()))
}

fn paths(endpoints: &Value) -> Vec<String> {
    let endpoints = endpoints.as_array().expect("endpoints").iter();
    endpoints
        .map(|one| {
            format!(
                "{} {}",
                one["method"].as_str().expect("a method"),
                one["path"].as_str().expect("a path")
            )
        })
        .collect()
}

#[test]
fn environments_of_a_key() {
    let folder = Folder::new("diff-environments");
    folder.write("treasury.yaml", TREASURY);
    insta::assert_snapshot!(
        folder
            .scopes(&["--width", "80", "diff", "treasury.yaml"])
            .all()
    );
    insta::assert_snapshot!(
        "environments_of_a_key_markdown",
        folder
            .scopes(&["diff", "treasury.yaml", "--format", "markdown"])
            .all()
    );
    let difference = document(&folder.scopes(&["diff", "treasury.yaml", "--format", "json"]));
    assert_eq!(
        (&difference["from"], &difference["to"]),
        (&json!("sandbox"), &json!("production"))
    );
    assert_eq!(
        difference["endpoints"]["gained"].as_array().map(Vec::len),
        Some(3)
    );
    assert_eq!(
        difference["scopes"]["added"][0],
        json!({ "name": "transfer:write_fiat_account", "from": ["transfer:write_fiat_account"], "opens": "more" })
    );
    assert_eq!(difference["widened"], true);
}

#[test]
fn gates() {
    let folder = Folder::new("diff-gates");
    folder.write("treasury.yaml", TREASURY);
    let status = |arguments: &[&str]| {
        let mut all = vec!["diff"];
        all.extend(arguments);
        folder.scopes(&all).status
    };
    assert_eq!(status(&["treasury.yaml"]), 0);
    for gate in ["wider", "gained-write", "any"] {
        assert_eq!(status(&["treasury.yaml", "--fail-on", gate]), 1, "{gate}");
    }
    let narrower = ["treasury.yaml@production", "treasury.yaml@production"];
    assert_eq!(status(&[narrower[0], narrower[1], "--fail-on", "any"]), 0);
    let read = [
        "-p",
        "paxos",
        "funding:write_profile",
        "funding:write_profile tax:read_tax_form",
    ];
    assert_eq!(
        status(&[&read[..], &["--fail-on", "gained-write"]].concat()),
        0
    );
    assert_eq!(status(&[&read[..], &["--fail-on", "wider"]].concat()), 1);
}

/// `diff A B` mirrors `diff B A`, and `diff A A` is empty.
#[test]
fn a_comparison_mirrors_its_reverse() {
    let sets = [
        "pay",
        "store",
        "full",
        "pay.intents:read store.orders:read",
        "webhooks.endpoints:manage",
        "",
    ];
    for a in sets {
        for b in sets {
            let compare = |from: &str, to: &str| {
                let run = scopes(&[
                    "diff",
                    "-p",
                    "elebne",
                    "--key-type",
                    "secret",
                    from,
                    to,
                    "--format",
                    "json",
                ]);
                document(&run)
            };
            if a.is_empty() && b.is_empty() {
                continue;
            }
            let (forth, back) = (compare(a, b), compare(b, a));
            assert_eq!(
                forth["endpoints"]["gained"], back["endpoints"]["lost"],
                "{a} {b}"
            );
            assert_eq!(
                forth["endpoints"]["lost"], back["endpoints"]["gained"],
                "{a} {b}"
            );
            assert_eq!(
                forth["scopes"]["added"], back["scopes"]["removed"],
                "{a} {b}"
            );
            assert_eq!(forth["events"]["gained"], back["events"]["lost"], "{a} {b}");
            assert_eq!(forth["widened"], back["narrowed"], "{a} {b}");
            if a == b {
                assert_eq!(
                    (&forth["widened"], &forth["narrowed"]),
                    (&json!(false), &json!(false)),
                    "{a}"
                );
            }
        }
    }
}

#[test]
fn a_bundle_and_its_exact_list_are_the_same() {
    let list = "pay.intents:read pay.intents:write webhooks.endpoints:read webhooks.endpoints:manage \
                webhooks.deliveries:read webhooks.deliveries:retry";
    let run = scopes(&["diff", "-p", "elebne", "pay", list, "--fail-on", "any"]);
    assert_eq!(run.status, 0, "{}", run.all());
    assert_eq!(run.out.matches("is the same\n").count(), 2, "{}", run.out);
}

#[test]
fn an_ignored_scope_changes_nothing_and_says_so() {
    insta::assert_snapshot!(
        scopes(&[
            "--width",
            "80",
            "diff",
            "--key-type",
            "publishable",
            "pay.intents:read",
            "pay.intents:read pay.intents:write"
        ])
        .all(), @r"
elebne: the second set against the first on a publishable key is the same

the same in both: 1 scope, 1 endpoint

note: `pay.intents:write` is added, but has no effect on a publishable key here
--- status 0
");
}

#[test]
fn two_keys_and_a_change_of_type() {
    let folder = Folder::new("diff-keys");
    folder.write(
        "a.yaml",
        "provider: elebne\nname: shop\nkey_type: publishable\nbundles: [store]\n",
    );
    folder.write(
        "b.toml",
        "provider = \"elebne\"\nname = \"shop\"\nkey_type = \"secret\"\nbundles = [\"store\"]\n",
    );
    insta::assert_snapshot!(
        folder
            .scopes(&["--width", "80", "diff", "a.yaml", "b.toml"])
            .all()
    );
}

pub(crate) const OLD: &str = "provider: github
scopes: { repo: {}, user: {}, gist: {}, old: {} }
endpoints:
  GET /user: user
  GET /gists: gist
  POST /gists: gist
  GET /gone/{id}: old
  GET /meta: { auth: none }
";
pub(crate) const NEW: &str = "provider: github
scopes: { repo: {}, user: {}, gist: { deprecated: true }, new: {} }
retired: { old: [new] }
endpoints:
  GET /user: { any: [user, repo] }
  GET /gists: { all: [gist, user] }
  POST /gists: { scope: gist, deprecated: true }
  GET /meta: { auth: any-key }
  GET /fresh: new
";

#[test]
fn editions_of_a_catalog_and_the_keys_that_they_affect() {
    let folder = Folder::new("diff-editions");
    folder.write("old.yaml", OLD).write("new.yaml", NEW);
    folder.write(
        "keys/a.yaml",
        "provider: github\nname: a\nneeds: { endpoints: [GET /gists] }\nscopes: [gist]\n",
    );
    folder.write(
        "keys/b.yaml",
        "provider: github\nname: b\nneeds: { endpoints: [GET /meta] }\nscopes: [repo, old]\n",
    );
    let arguments = [
        "--width", "80", "diff", "old.yaml", "new.yaml", "--keys", "keys",
    ];
    insta::assert_snapshot!(folder.scopes(&arguments).all());
    let markdown = ["diff", "old.yaml", "new.yaml", "--format", "markdown"];
    insta::assert_snapshot!(
        "editions_of_a_catalog_markdown",
        folder.scopes(&markdown).all()
    );
    let difference =
        document(&folder.scopes(&["diff", "old.yaml", "new.yaml", "--format", "json"]));
    assert_eq!(paths(&difference["endpoints"]["gained"]), ["GET /fresh"]);
    assert_eq!(paths(&difference["endpoints"]["lost"]), ["GET /gone/{id}"]);
    assert_eq!(
        paths(&difference["endpoints"]["deprecated"]),
        ["POST /gists"]
    );
    let changes: Vec<&Value> = difference["endpoints"]["changed"]
        .as_array()
        .expect("changes")
        .iter()
        .map(|one| &one["change"])
        .collect();
    assert_eq!(changes, ["looser", "stricter", "stricter"]);
    assert!(
        scopes(&["diff", "paxos", "paxos"])
            .out
            .ends_with(": the same\n")
    );
}

/// An edition in which a name stands for more lets keys do more.
#[test]
fn a_name_that_stands_for_more_is_a_change() {
    let folder = Folder::new("diff-meanings");
    let catalog = "provider: ed\nscopes: { a: {}, b: {}, c: { implies: [a] } }\nbundles: { all2: { scopes: [a] } }\n\
                   wildcards: { \"*\": [a] }\nendpoints:\n  GET /a: a\n  POST /b: b\n";
    folder.write("e1.yaml", catalog);
    for (name, from, to) in [
        (
            "bundle",
            "all2: { scopes: [a] }",
            "all2: { scopes: [a, b] }",
        ),
        ("wildcard", "\"*\": [a]", "\"*\": all"),
        ("implies", "implies: [a]", "implies: [a, b]"),
        (
            "keyless",
            "GET /a: a",
            "GET /a: { scope: a, keyless: a link }",
        ),
    ] {
        let file = format!("{name}.yaml");
        folder.write(&file, catalog.replace(from, to));
        let wider = folder.scopes(&["diff", "e1.yaml", &file, "--fail-on", "wider"]);
        assert_eq!(wider.status, 1, "{name}: {}", wider.all());
        let narrower = folder.scopes(&["diff", &file, "e1.yaml", "--fail-on", "wider"]);
        assert_eq!(narrower.status, 0, "{name}: {}", narrower.all());
        assert_eq!(
            folder
                .scopes(&["diff", &file, "e1.yaml", "--fail-on", "any"])
                .status,
            1,
            "{name}"
        );
    }
}

#[test]
fn a_misspelt_set_gets_no_verdict() {
    let run = scopes(&[
        "diff",
        "-p",
        "paxos",
        "funding:read_profile",
        "funding:read_profil",
    ]);
    assert_eq!((run.status, run.out.as_str()), (2, ""), "{}", run.all());
}

#[test]
fn a_comment_says_what_it_left_out() {
    let folder = Folder::new("diff-long");
    folder
        .git(&["init", "-q"])
        .write("a.md", "x")
        .git(&["add", "."])
        .git(&["commit", "-q", "-m", "first"]);
    for index in 0..120 {
        folder.write(
            &format!("keys/{index}.yaml"),
            format!("provider: dynamic\nname: k{index}\nscopes: [environment.settings.write]\n"),
        );
    }
    let run = folder.scopes(&["diff", "--base", "HEAD", "--format", "markdown"]);
    assert!(run.out.chars().count() <= 65_536);
    assert!(
        run.out.contains("of 120 comparisons are left out"),
        "{}",
        run.out.len()
    );
    assert!(run.out.contains("<details><summary>52 rows</summary>"));
}

#[test]
fn what_cannot_be_compared_says_so() {
    let folder = Folder::new("diff-bad");
    folder
        .write("treasury.yaml", TREASURY)
        .write("plain.yaml", "provider: paxos\nname: plain\n");
    folder
        .write(
            "elebne.yaml",
            "provider: elebne\nname: e\nkey_type: secret\n",
        )
        .write("other.yaml", "a: b\n")
        .write("cat.yaml", OLD);
    let mut all = String::new();
    for arguments in [
        &["diff"][..],
        &["diff", "plain.yaml"],
        &["diff", "missing.yaml"],
        &["diff", "other.yaml"],
        &["diff", "cat.yaml"],
        &["diff", "treasury.yaml", "--to", "staging"],
        &["diff", "treasury.yaml", "elebne.yaml"],
        &["diff", "treasury.yaml", "cat.yaml"],
        &["diff", "treasury.yaml", "missing.yaml"],
        &["diff", "treasury.yaml@nowhere", "plain.yaml"],
        &[
            "diff",
            "-p",
            "paxos",
            "nothing.at:all",
            "funding:read_profile",
        ],
    ] {
        let run = folder.scopes(arguments);
        assert_eq!(run.status, 2, "{arguments:?}: {}", run.all());
        all.push_str(&format!(
            "$ scopes {}\n{}\n",
            arguments.join(" "),
            run.all()
        ));
    }
    folder
        .git(&["init", "-q"])
        .git(&["add", "."])
        .git(&["commit", "-q", "-m", "first"]);
    let run = folder.scopes(&["diff", "--base", "no-such-revision"]);
    assert_eq!(run.status, 2);
    all.push_str(&format!(
        "$ scopes diff --base no-such-revision\n{}\n",
        run.all()
    ));
    insta::assert_snapshot!(all);
}

/// Two editions of a catalog number their scopes differently: each key is read by the newer.
#[test]
fn keys_of_two_editions_are_compared_by_the_newer() {
    let folder = Folder::new("diff-two-editions");
    let catalog = |scopes: &str| {
        format!("provider: acme\nscopes: {{{scopes}}}\nendpoints: {{GET /a: a, POST /b: b}}\n")
    };
    folder.write("one.yaml", catalog("a: {}, b: {}"));
    folder.write("two.yaml", catalog("c: {}, b: {}, a: {}"));
    let key =
        |catalog: &str, scope: &str| format!("provider: ./{catalog}\nname: k\nscopes: [{scope}]\n");
    folder.write("old.yaml", key("one.yaml", "a"));
    folder.write("new.yaml", key("two.yaml", "a"));
    folder.write("more.yaml", key("two.yaml", "b"));
    let same = folder.scopes(&["diff", "old.yaml", "new.yaml", "--fail-on", "any"]);
    assert_eq!(same.status, 0, "{}", same.all());
    let other = folder.scopes(&["diff", "old.yaml", "more.yaml", "--fail-on", "wider"]);
    assert_eq!(other.status, 1, "{}", other.all());
    assert!(
        other.out.contains("+ b") && other.out.contains("- a"),
        "{}",
        other.all()
    );
}

/// `-e` names one environment: of two keys or two sets. Where it would say nothing it is refused, for a gate must not pass on it.
#[test]
fn an_environment_of_two_sides() {
    let folder = Folder::new("diff-environment");
    let key = |sandbox: &str| {
        format!(
            "provider: paxos\nname: a\nenvironments:\n  sandbox: {{scopes: [{sandbox}]}}\n  production: {{scopes: [tax:read_tax_lot]}}\n"
        )
    };
    folder.write("a.yaml", key("tax:read_tax_lot"));
    folder.write("b.yaml", key("tax:read_tax_form"));
    let gate = |more: &[&str]| {
        let run = folder.scopes(&[&["diff"], more, &["--fail-on", "wider"]].concat());
        (run.status, run.all())
    };
    assert_eq!(gate(&["a.yaml", "b.yaml", "-e", "sandbox"]).0, 1);
    assert_eq!(gate(&["a.yaml", "b.yaml", "-e", "production"]).0, 0);
    assert_eq!(gate(&["a.yaml", "b.yaml", "-e", "staging"]).0, 2);
    let sets = [
        "-p",
        "paxos",
        "tax:read_tax_lot",
        "tax:read_tax_lot transfer:write_sandbox_fiat_deposit",
    ];
    assert_eq!(gate(&[&sets[..], &["-e", "sandbox"]].concat()).0, 1);
    assert_eq!(gate(&[&sets[..], &["-e", "production"]].concat()).0, 0);
    let (status, said) = gate(&["b.yaml", "-e", "production"]);
    assert_eq!(status, 2);
    assert!(
        said.contains("help: scopes diff b.yaml --to production"),
        "{said}"
    );
    assert_eq!(gate(&["paxos", "elebne", "-e", "production"]).0, 2);
    assert_eq!(gate(&["--base", "HEAD", "-e", "production"]).0, 2);
}
