//! Scopes that cannot be on one key, and calls whose security is optional.

use crate::program::Folder;
use serde_json::{Value, json};

const CATALOG: &str = "provider: acme
scopes:
  profile.basic: { summary: sign in }
  chat.read: { summary: read messages }
  chat.write: { summary: send messages, access: write }
  chat.all: { summary: do all, access: write, implies: [chat.read, chat.write] }
bundles:
  everything: { scopes: all }
conflicts:
  - { scopes: [profile.basic, \"chat.*\"], because: a key is either for signing in or for acting }
endpoints:
  GET /profile: profile.basic
  GET /messages: { any: [chat.read, chat.write] }
  POST /messages: chat.write
  GET /open: { any: [profile.basic, chat.read], optional: true }
";

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("acme.yaml", CATALOG);
    folder
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn no_set_is_recommended_that_cannot_be_on_one_key() {
    let folder = folder("conflicts-recommend");
    let needs = [
        "recommend",
        "-p",
        "./acme.yaml",
        "--endpoint",
        "GET /profile",
        "--endpoint",
        "POST /messages",
        "--endpoint",
        "GET /messages",
    ];
    let run = folder.scopes(&needs);
    assert_eq!(run.status, 1, "{}", run.all());
    insta::assert_snapshot!(run.out, @r#"
    acme: no one key meets 3 needs

    `profile.basic` and `chat.read` cannot be on one key: a key is either for signing in or for acting
      GET     /profile
      GET     /messages

    help: split the needs over several keys, each with those that go together
    "#);
    let run = folder.scopes(&[&needs[..], &["--format", "json"]].concat());
    let answer = json_of(&run.out);
    assert_eq!(
        (run.status, &answer["feasible"], &answer["scopes"]),
        (1, &json!(false), &json!([]))
    );
    // Either call of messages excludes the profile.
    let excluding = answer["excluding"].as_array().expect("a list");
    assert!(
        excluding.contains(&json!("GET /profile")) && excluding.len() == 2,
        "{answer:#}"
    );
    for format in ["lines", "yaml"] {
        let run = folder.scopes(&[&needs[..], &["--format", format]].concat());
        assert_eq!(
            (run.status, run.out.as_str()),
            (1, ""),
            "{format}: {}",
            run.all()
        );
    }
    // Where a way around the conflict exists, it is taken, also where it is not the cheapest one alone.
    let run = folder.scopes(&[
        "recommend",
        "-p",
        "./acme.yaml",
        "--endpoint",
        "GET /open",
        "--endpoint",
        "GET /messages",
        "--format",
        "lines",
    ]);
    assert_eq!(
        (run.status, run.out.as_str()),
        (0, "chat.read\n"),
        "{}",
        run.all()
    );
    let run = folder.scopes(&[
        "init",
        "k.yaml",
        "-p",
        "./acme.yaml",
        "--endpoint",
        "GET /profile",
        "--endpoint",
        "POST /messages",
    ]);
    assert_eq!(run.status, 2, "{}", run.all());
    assert!(
        run.err
            .contains("no one key meets `GET /profile` and `POST /messages`"),
        "{}",
        run.all()
    );
    assert!(!folder.path("k.yaml").exists());
}

#[test]
fn a_key_with_a_conflict_is_an_error() {
    let folder = folder("conflicts-check");
    folder.write("by-name.yaml", "provider: ./acme.yaml\nname: a\nneeds: { endpoints: [GET /profile] }\nscopes: [chat.read, profile.basic]\n");
    folder.write(
        "by-bundle.yaml",
        "provider: ./acme.yaml\nname: b\nbundles: [everything]\n",
    );
    folder.write(
        "by-implied.yaml",
        "provider: ./acme.yaml\nname: c\nscopes: [profile.basic, chat.all]\n",
    );
    folder.write("by-needs.yaml", "provider: ./acme.yaml\nname: d\nneeds: { endpoints: [GET /profile, POST /messages] }\nscopes: [profile.basic]\n");
    folder.write("apart.yaml", "provider: ./acme.yaml\nname: e\nenvironments: { one: { scopes: [profile.basic] }, two: { scopes: [chat.read] } }\n");
    let run = folder.scopes(&[
        "check",
        "--no-config",
        "by-name.yaml",
        "by-bundle.yaml",
        "by-implied.yaml",
        "by-needs.yaml",
        "apart.yaml",
        "--level",
        "no-needs-declared=off",
        "--level",
        "environment-drift=off",
        "--format",
        "short",
    ]);
    insta::assert_snapshot!(run.out, @r#"
    by-bundle.yaml:3:11: error[conflicting-scopes] `profile.basic` and `chat.read` cannot be on one key: a key is either for signing in or for acting
    by-implied.yaml:3:25: error[conflicting-scopes] `profile.basic` and `chat.all` cannot be on one key: a key is either for signing in or for acting
    by-name.yaml:4:10: warning[unneeded-scope] no need uses `chat.read`
    by-name.yaml:4:21: error[conflicting-scopes] `profile.basic` and `chat.read` cannot be on one key: a key is either for signing in or for acting
    by-needs.yaml:3:36: error[missing-scope] the key lacks `chat.write`
    "#);
    // The safe fix of the unneeded scope ends the conflict.
    let run = folder.scopes(&["check", "by-name.yaml", "--fix"]);
    assert_eq!(run.status, 0, "{}", run.all());
    let run = folder.scopes(&["check", "by-needs.yaml"]);
    assert!(
        run.out.contains("split the needs over two keys"),
        "{}",
        run.all()
    );
}

#[test]
fn answers_name_a_conflict() {
    let folder = folder("conflicts-named");
    let said =
        "not on one key: profile.basic; or chat.read: a key is either for signing in or for acting";
    let run = folder.scopes(&["explain", "-p", "./acme.yaml", "profile.basic", "chat.read"]);
    assert!(run.out.contains(said), "{}", run.all());
    let run = folder.scopes(&[
        "explain",
        "-p",
        "./acme.yaml",
        "profile.basic",
        "chat.read",
        "--format",
        "json",
    ]);
    assert_eq!(json_of(&run.out)["about"], json!([said]));
    let run = folder.scopes(&["explain", "-p", "./acme.yaml", "chat.write", "chat.read"]);
    assert!(!run.out.contains("not on one key"), "{}", run.all());
    let diff = [
        "diff",
        "-p",
        "./acme.yaml",
        "profile.basic",
        "profile.basic chat.read",
    ];
    let run = folder.scopes(&diff);
    assert!(
        run.out
            .contains("`profile.basic` and `chat.read` cannot be on one key"),
        "{}",
        run.all()
    );
    let run = folder.scopes(&[&diff[..], &["--format", "json"]].concat());
    let gained = json!([{ "scopes": ["profile.basic", "chat.read"], "because": "a key is either for signing in or for acting" }]);
    assert_eq!(
        json_of(&run.out)["conflicts"],
        json!({ "gained": gained, "lost": [] })
    );
    let run = folder.scopes(&["show", "./acme.yaml", "scopes"]);
    assert!(
        run.out.contains("chat.read, chat.write, chat.all"),
        "{}",
        run.all()
    );
}

#[test]
fn an_optional_call_is_judged_as_one_with_a_key() {
    let folder = folder("optional");
    let note = "`GET /open` can also be called without a key";
    let run = folder.scopes(&["explain", "-p", "./acme.yaml", "GET /open"]);
    assert!(run.status == 0 && run.out.contains(note), "{}", run.all());
    let run = folder.scopes(&["explain", "-p", "./acme.yaml", "chat.write", "GET /open"]);
    assert!(
        run.status == 1 && run.out.contains("missing-scope") && run.out.contains(note),
        "{}",
        run.all()
    );
    let run = folder.scopes(&[
        "recommend",
        "-p",
        "./acme.yaml",
        "--endpoint",
        "GET /open",
        "--format",
        "json",
    ]);
    assert_eq!(json_of(&run.out)["notes"], json!([note]));
    folder.write("key.yaml", "provider: ./acme.yaml\nname: a\nneeds: { endpoints: [GET /profile] }\nnever: [GET /open]\nscopes: [profile.basic]\n");
    let run = folder.scopes(&["check", "key.yaml", "--format", "short"]);
    assert!(
        run.status == 1 && run.out.contains("forbidden-endpoint"),
        "{}",
        run.all()
    );
    let run = folder.scopes(&["show", "./acme.yaml", "--format", "json"]);
    let answer = json_of(&run.out);
    let open: Vec<&Value> = answer["endpoints"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|one| one["optional"] == true)
        .collect();
    assert_eq!((open.len(), &open[0]["path"]), (1, &json!("/open")));
}

#[test]
fn what_the_format_does_not_mean_is_said_with_its_place() {
    let folder = Folder::new("conflicts-bad");
    folder.write(
        "acme.yaml",
        "provider: acme
key_types: { wide: {}, narrow: { instead_of: [narrow, broad] } }
scopes: { a: { summary: s }, b: { summary: s } }
conflicts:
  - { scopes: [a] }
  - { scopes: [a, c.*, d] }
  - { because: nothing }
  - { scopes: [\"*\", a] }
operations: { a.b: GET /nowhere }
reading: { arrays: some }
endpoints:
  GET /a: { any: [a, b] }
  GET /b: { auth: none, optional: true }
  GET /c: { auth: not-stated, optional: true }
",
    );
    let run = folder.scopes(&[
        "lint",
        "acme.yaml",
        "--format",
        "short",
        "--level",
        "stale-source=off",
    ]);
    insta::assert_snapshot!(run.out, @r#"
    acme.yaml:2:47: error[wrong-type] `narrow` cannot stand for itself
    acme.yaml:2:55: error[unknown-reference] the catalog has no key type `broad`
    acme.yaml:5:7: error[wrong-type] a conflict is between at least two names or patterns
    acme.yaml:6:19: error[unknown-reference] the pattern `c.*` matches no scope
    acme.yaml:6:24: error[unknown-reference] the catalog has no scope `d`
    acme.yaml:7:5: error[missing-field] missing field `scopes` in `conflicts[2]`
    acme.yaml:8:21: error[wrong-type] every scope that `a` stands for is on an earlier side
    acme.yaml:9:20: error[unknown-reference] the catalog has no endpoint `GET /nowhere`
    acme.yaml:10:20: error[wrong-type] `reading.arrays`: expected one of `all`, `any`, found `some`
    acme.yaml:13:35: error[wrong-type] only a call that a key opens can be optional
    acme.yaml:14:41: error[wrong-type] only a call that a key opens can be optional
    "#);
}

#[test]
fn an_unreviewed_catalog_is_named_in_every_answer() {
    let folder = Folder::new("unreviewed");
    folder.write("acme.yaml", format!("reviewed: false\n{CATALOG}"));
    folder.write("key.yaml", "provider: ./acme.yaml\nname: a\nneeds: { endpoints: [GET /profile] }\nscopes: [profile.basic]\n");
    let note = "note: the catalog of acme is imported and not reviewed";
    for arguments in [
        &["explain", "-p", "./acme.yaml", "chat.read"][..],
        &["explain", "--key-file", "key.yaml"],
        &["expand", "-p", "./acme.yaml", "everything"],
        &[
            "recommend",
            "-p",
            "./acme.yaml",
            "--endpoint",
            "GET /profile",
        ],
        &["recommend", "--key-file", "key.yaml"],
        &["check", "key.yaml"],
        &["diff", "-p", "./acme.yaml", "chat.read", "chat.all"],
    ] {
        let run = folder.scopes(arguments);
        assert_eq!(
            run.err.matches(note).count(),
            1,
            "{arguments:?}: {}",
            run.all()
        );
        let run = folder.scopes(&[arguments, &["--format", "json"]].concat());
        assert!(
            run.out.contains("\"reviewed\": false"),
            "{arguments:?}: {}",
            run.all()
        );
    }
    let run = folder.scopes(&["show", "./acme.yaml"]);
    assert!(
        run.out.contains("imported and not reviewed"),
        "{}",
        run.all()
    );
}

#[test]
fn an_endpoint_is_called_by_the_name_of_its_operation() {
    let folder = Folder::new("operations");
    folder.write(
        "acme.yaml",
        format!("{CATALOG}operations: {{ profile.show: GET /profile }}\n"),
    );
    folder.write("key.yaml", "provider: ./acme.yaml\nname: a\nneeds: { endpoints: [profile.show] }\nscopes: [profile.basic]\nallow: [{ rule: missing-scope, endpoint: profile.show, reason: r, owner: o, until: 2099-01-01 }]\n");
    let run = folder.scopes(&["explain", "-p", "./acme.yaml", "profile.show"]);
    assert!(
        run.status == 0 && run.out.starts_with("acme: GET /profile"),
        "{}",
        run.all()
    );
    let run = folder.scopes(&[
        "explain",
        "-p",
        "./acme.yaml",
        "profile.basic",
        "profile.show",
    ]);
    assert!(
        run.status == 0 && run.out.contains("allowed"),
        "{}",
        run.all()
    );
    let run = folder.scopes(&[
        "recommend",
        "-p",
        "./acme.yaml",
        "--endpoint",
        "profile.show",
        "--format",
        "lines",
    ]);
    assert_eq!(
        (run.status, run.out.as_str()),
        (0, "profile.basic\n"),
        "{}",
        run.all()
    );
    let run = folder.scopes(&["check", "key.yaml", "--format", "short"]);
    assert_eq!(
        run.out,
        "key.yaml:5:17: warning[unused-allowance] this allowance accepts nothing\n",
        "{}",
        run.all()
    );
    let run = folder.scopes(&["schema", "key", "-p", "./acme.yaml"]);
    assert!(run.out.contains("\"profile.show\""), "{}", run.all());
}

#[test]
fn a_conflict_is_one_finding_with_all_of_its_scopes_and_environments() {
    let folder = Folder::new("conflicts-places");
    folder.write(
        "acme.yaml",
        "provider: acme
environments: { test: {}, live: { production: true } }
scopes:
  a: { summary: s, environments: [test] }
  b: { summary: s }
  x: { summary: s }
  y1: { summary: s }
  y2: { summary: s }
  new: { summary: s, access: read, risk: low }
  alt: { summary: s, access: read, risk: low }
conflicts:
  - { scopes: [a, b] }
  - { scopes: [x, \"y*\", new] }
endpoints:
  GET /b: b
  GET /x: x
  GET /y1: y1
  GET /o: { any: [alt, new] }
",
    );
    let check = |text: &str| {
        folder.write("key.yaml", text);
        folder
            .scopes(&[
                "check",
                "key.yaml",
                "--level",
                "no-needs-declared=off",
                "--level",
                "environment-drift=off",
                "--format",
                "short",
            ])
            .out
    };
    // The grants are those of the environment that has both.
    let found = check(
        "provider: ./acme.yaml\nname: k\nscopes: [a]\nenvironments:\n  live: { scopes: [b] }\n  test: { scopes: [b] }\n",
    );
    assert!(
        found.contains(
            "key.yaml:3:10: error[conflicting-scopes] test: `a` and `b` cannot be on one key"
        ),
        "{found}"
    );
    // An allowance that names two of three scopes accepts no conflict with the third.
    let allowed = |scope: &str| {
        check(&format!(
            "provider: ./acme.yaml\nname: k\nscopes: [x, y1, y2]\nallow: [{{ rule: conflicting-scopes, scope: {scope}, reason: r, owner: o, until: 2099-01-01 }}]\n"
        ))
    };
    assert!(
        allowed("x y1").contains("conflicting-scopes"),
        "{}",
        allowed("x y1")
    );
    assert!(
        !allowed("x y1 y2").contains("error[conflicting-scopes]"),
        "{}",
        allowed("x y1 y2")
    );
    // Another scope that ends the conflict is named.
    folder.write("key.yaml", "provider: ./acme.yaml\nname: k\nneeds: { endpoints: [GET /o, GET /x] }\nscopes: [new, x]\n");
    let run = folder.scopes(&["check", "key.yaml"]);
    assert!(
        run.out.contains("`alt` would do without the conflict"),
        "{}",
        run.all()
    );
    let run = folder.scopes(&["recommend", "--key-file", "key.yaml", "--format", "lines"]);
    assert_eq!(
        (run.status, run.out.as_str()),
        (0, "alt\nx\n"),
        "{}",
        run.all()
    );
}

#[test]
fn editions_differ_in_what_keys_may_hold_together() {
    let folder = Folder::new("conflicts-editions");
    let plain = "provider: acme
key_types: { wide: {}, narrow: {} }
modes: [m1, m2]
scopes: { a: { summary: s }, b: { summary: s } }
endpoints:
  GET /q: { modes: { m1: a, m2: { scope: b, query: { x: present } } } }
  GET /r: { any: [a, b] }
";
    folder.write("old.yaml", plain);
    for (from, to, narrowed, widened) in [
        (
            "endpoints:\n",
            "conflicts: [{ scopes: [a, b] }]\nendpoints:\n",
            true,
            false,
        ),
        ("x: present", "x: absent", true, true),
        (
            "any: [a, b] }",
            "any: [a, b], optional: true }",
            false,
            false,
        ),
        ("narrow: {}", "narrow: { instead_of: [wide] }", false, false),
        (
            "provider: acme\n",
            "provider: acme\nnames: { case: ignored }\n",
            false,
            true,
        ),
        (
            "endpoints:\n",
            "operations: { r.get: GET /r }\nendpoints:\n",
            false,
            false,
        ),
        (
            "modes: [m1",
            "environments: { e: { base: \"https://a.example\" } }\nmodes: [m1",
            false,
            false,
        ),
    ] {
        folder.write("new.yaml", plain.replacen(from, to, 1));
        let run = folder.scopes(&["diff", "old.yaml", "new.yaml", "--fail-on", "any"]);
        assert_eq!(run.status, 1, "{to}: {}", run.all());
        let run = folder.scopes(&["diff", "old.yaml", "new.yaml", "--format", "json"]);
        let answer = json_of(&run.out);
        assert_eq!(
            (&answer["narrowed"], &answer["widened"]),
            (&json!(narrowed), &json!(widened)),
            "{to}: {answer:#}"
        );
    }
    // Where case makes no difference, another spelling is the same.
    let ignored = plain.replacen(
        "provider: acme\n",
        "provider: acme\nnames: { case: ignored }\n",
        1,
    );
    folder.write("old.yaml", &ignored).write(
        "new.yaml",
        ignored.replacen("scopes: { a:", "scopes: { A:", 1),
    );
    let run = folder.scopes(&["diff", "old.yaml", "new.yaml", "--fail-on", "any"]);
    assert_eq!(run.status, 0, "{}", run.all());
}

#[test]
fn a_call_that_must_not_be_reached_is_that_call() {
    let folder = Folder::new("never-literal");
    folder.write("acme.yaml", "provider: acme\nscopes: { x: { summary: s }, y: { summary: s } }\nendpoints: { \"GET /a/{id}\": x, \"POST /a/{id}\": y, GET /a/me: y, \"GET /b/{p...}\": x, GET /b/me: y }\noperations: { me.get: GET /a/me }\n");
    for (never, is_reached) in [
        ("GET /a/me", false),
        ("me.get", false),
        ("GET /a/you", true),
        ("GET /a/*", true),
        ("GET /b/me", false),
        ("GET /b/me/x", true),
        ("GET /b/{p...}", true),
        ("POST|GET /a/*", true),
    ] {
        folder.write("key.yaml", format!("provider: ./acme.yaml\nname: k\nneeds: {{ endpoints: [\"GET /a/1\", \"GET /b/1\"] }}\nnever: [\"{never}\"]\nscopes: [x]\n"));
        let run = folder.scopes(&["check", "key.yaml", "--format", "short"]);
        assert_eq!(
            run.out.contains("forbidden-endpoint"),
            is_reached,
            "{never}: {}",
            run.all()
        );
        assert!(
            !run.out.contains("unknown-endpoint"),
            "{never}: {}",
            run.all()
        );
    }
}

#[test]
fn a_mode_beside_a_query_or_an_operation_is_that_mode() {
    let folder = Folder::new("modes-beside");
    folder.write("acme.yaml", "provider: acme\nmodes: [m1, m2, m3]\nscopes: { a: { summary: s }, b: { summary: s } }\nendpoints:\n  GET /m: { modes: { m1: a, m2: b } }\n  GET /all: { modes: { m1: { scope: a, query: { r: present } }, m2: { scope: b, query: { q: present } } } }\n  GET /t: { modes: { m1: { scope: a, query: { q: \"1\", z: absent } }, m2: b, m3: a } }\noperations: { op.m: GET /m }\n");
    let explain = |arguments: &[&str]| {
        folder.scopes(&[&["explain", "-p", "./acme.yaml"], arguments].concat())
    };
    let run = explain(&["a", "op.m mode=m2"]);
    assert!(
        run.status == 1 && run.out.contains("mode=m2 is closed"),
        "{}",
        run.all()
    );
    let run = folder.scopes(&[
        "recommend",
        "-p",
        "./acme.yaml",
        "--endpoint",
        "op.m mode=m2",
        "--format",
        "lines",
    ]);
    assert_eq!(run.out, "b\n", "{}", run.all());
    // Where each mode asks for a query, another query gives none of them.
    let run = explain(&["a", "GET /all?x mode=m1"]);
    assert!(
        run.status != 0 && run.all().contains("no-such-endpoint"),
        "{}",
        run.all()
    );
    let run = explain(&["a", "GET /all?r=1 mode=m1"]);
    assert_eq!(run.status, 0, "{}", run.all());
    let run = explain(&["b", "GET /t?q=2 mode=m1"]);
    assert!(
        run.status != 0 && run.all().contains("no-such-endpoint"),
        "{}",
        run.all()
    );
    let run = explain(&["a", "GET /t?q=2 mode=m3"]);
    assert_eq!(run.status, 0, "{}", run.all());
    // A query that the first mode rules out leaves the other two open.
    let run = explain(&["GET /t?q=1&z=1"]);
    assert!(
        !run.out.contains("m1") && run.out.contains("m2") && run.out.contains("m3"),
        "{}",
        run.all()
    );
}
