//! Scopes of a key that stand in another file.

use crate::program::{Folder, Run};
use serde_json::Value;

const NEEDS: &str = "provider: paxos
name: reader
owner: treasury
purpose: reads balances
needs:
  endpoints:
    - GET /profiles/{profile_id}/balances
";

const MANIFEST: &str = "# made by the platform
name: not to be shown
client_secret: hunter2hunter2
oauth:
  scopes:
    bot:
      - funding:read_profile # not to be shown either
      - funding:write_profile
    user: 'transfer:read_transfer, funding:read_profile'
    fields: {funding:read_profile: read, tax:read_tax_form: true}
    none: []
";

fn key(at: &str) -> String {
    format!("{NEEDS}scopes: {{from: ../app.yaml, at: {at}}}\n")
}

fn folder(name: &str, at: &str) -> Folder {
    let folder = Folder::new(name);
    folder.git(&["init", "-q"]);
    folder
        .write("app.yaml", MANIFEST)
        .write("keys/reader.yaml", key(at));
    folder
}

fn hides_the_rest(run: &Run) {
    for word in ["not to be shown", "hunter2", "made by the platform"] {
        assert!(!run.all().contains(word), "{word}: {}", run.all());
    }
}

/// Each finding as file, line, rule and scope.
fn found(folder: &Folder, arguments: &[&str]) -> Vec<String> {
    let run = folder.scopes(&[&["check", "--format", "json"], arguments].concat());
    hides_the_rest(&run);
    let report: Value = serde_json::from_str(&run.out).expect("JSON");
    let findings = report["findings"].as_array().expect("findings");
    let line = |one: &Value| {
        let text = |field: &str| one[field].as_str().unwrap_or_default().to_owned();
        format!(
            "{}:{} {} {}",
            text("file"),
            one["line"],
            text("rule"),
            text("scope")
        )
    };
    findings.iter().map(line).collect()
}

#[test]
fn a_finding_points_into_the_other_file_and_shows_nothing_else_of_it() {
    let folder = folder("borrowed-list", "oauth.scopes.bot");
    let run = folder.scopes(&["check", "keys"]);
    hides_the_rest(&run);
    insta::assert_snapshot!(run.all(), @r#"
    warning[unneeded-scope]: no need uses `funding:write_profile`
     --> app.yaml:8:9
      |
    8 |       - funding:write_profile
      |         ^^^^^^^^^^^^^^^^^^^^^ medium risk
      |
      = note: it opens 3 endpoints:
              POST /profiles
              PUT /profiles/{profile_id}
              PUT /profiles/{profile_id}/deactivate
      = note: these are the scopes of `paxos/reader`: keys/reader.yaml:8:1
      = help: remove it, declare the need, or accept it under `allow`

    1 key checked: 1 warning; see `scopes rule unneeded-scope`
    --- status 1
    "#);
    for format in ["short", "json", "sarif", "github", "gitlab", "markdown"] {
        let run = folder.scopes(&["check", "keys", "--format", format]);
        assert_eq!(run.status, 1);
        assert!(run.out.contains("app.yaml"), "{format}: {}", run.out);
        hides_the_rest(&run);
    }
    let json = folder.scopes(&["check", "keys", "--format", "json"]).out;
    let json: Value = serde_json::from_str(&json).expect("JSON");
    let related = &json["findings"][0]["related"][0];
    assert_eq!(
        (related["file"].as_str(), related["line"].as_u64()),
        (Some("keys/reader.yaml"), Some(8))
    );
}

#[test]
fn a_list_may_be_a_text_or_the_fields_of_a_mapping() {
    for (at, right) in [
        (
            "oauth.scopes.user",
            "app.yaml:9 unneeded-scope transfer:read_transfer",
        ),
        (
            "oauth.scopes.fields",
            "app.yaml:10 unneeded-scope tax:read_tax_form",
        ),
        (
            "oauth.scopes.none",
            "keys/reader.yaml:7 missing-scope funding:read_profile",
        ),
    ] {
        let folder = folder("borrowed-shapes", at);
        assert_eq!(found(&folder, &["keys"]), [right], "{at}");
    }
}

#[test]
fn json_and_toml_are_followed_the_same_way() {
    let folder = folder("borrowed-syntaxes", "oauth.scopes.bot");
    folder.write(
        "app.json",
        r#"{"a":{"b.c":[0,{"x":["tax:read_tax_form"],"not to be shown":"hunter2"}]}}"#,
    );
    folder.write(
        "app.toml",
        "client_secret = 'hunter2'\n[a.\"b.c\"]\nx = 'tax:read_tax_form'\n",
    );
    for (from, at) in [("app.json", "a.\"b.c\"[1].x"), ("app.toml", "a.'b.c'.x")] {
        folder.write(
            "keys/reader.yaml",
            format!("{NEEDS}scopes:\n  from: ../{from}\n  at: {at}\n"),
        );
        let found = found(&folder, &["keys"]);
        assert!(
            found
                .iter()
                .any(|one| one.starts_with(from) && one.ends_with("tax:read_tax_form")),
            "{found:?}"
        );
    }
}

#[test]
fn what_cannot_be_read_is_an_error_and_no_empty_list() {
    let folder = folder("borrowed-unread", "oauth.scopes.bot");
    folder
        .write("broken.yaml", "a: [funding:read_profile\nb: 1\n")
        .write(
            "big.yaml",
            format!("a: [x]\nb: {}\n", "x".repeat(1024 * 1024)),
        )
        .write("empty.yaml", "");
    for (from, at, right) in [
        ("../none.yaml", "a", "there is no file"),
        ("../app.yaml", "oauth.nope", "has no field `nope`"),
        ("../app.yaml", "oauth.scope", "did you mean `scopes`?"),
        ("../app.yaml", "name.x", "has no field `x`"),
        ("../app.yaml", "name[0]", "is not a list"),
        ("../app.yaml", "oauth.scopes.bot[9]", "has 2 items"),
        ("../app.yaml", "oauth.scopes.bot[]", "names no item"),
        ("../app.yaml", "oauth..x", "is not a route"),
        ("../app.yaml", "''", "is empty"),
        ("../broken.yaml", "a", "broken.yaml:"),
        ("../empty.yaml", "a", "is empty"),
        ("../big.yaml", "a", "too large"),
        ("../../elsewhere.yaml", "a", "there is no file"),
        ("/etc/hosts", "a", "is an absolute path"),
        ("..", "a", "is a folder"),
        ("../.git/config", "a", "outside the repository"),
    ] {
        let key = format!("{NEEDS}scopes:\n  from: {from}\n  at: {at}\n");
        folder.write("keys/reader.yaml", key);
        let run = folder.scopes(&["check", "keys"]);
        assert_eq!(run.status, 1, "{from} {at}: {}", run.all());
        assert!(
            run.out.contains("error[unreadable-scopes]"),
            "{}",
            run.all()
        );
        assert!(run.out.contains(right), "{from} {at}: {}", run.all());
        // A missing scope cannot be told.
        assert!(!run.out.contains("missing-scope"), "{}", run.all());
        for command in ["explain", "recommend"] {
            let run = folder.scopes(&[command, "--key-file", "keys/reader.yaml"]);
            assert_eq!((run.status, run.out.as_str()), (2, ""), "{}", run.all());
        }
    }
    for scopes in ["{from: ../app.yaml}", "{at: a}", "{}"] {
        folder.write("keys/reader.yaml", format!("{NEEDS}scopes: {scopes}\n"));
        let run = folder.scopes(&["check", "keys"]);
        assert!(
            run.out.contains("so its scopes are unknown"),
            "{}",
            run.all()
        );
    }
}

#[cfg(unix)]
#[test]
fn no_link_leads_out_of_the_repository() {
    let folder = folder("borrowed-link", "oauth.scopes.bot");
    std::os::unix::fs::symlink("/etc/hosts", folder.path("out.yaml")).expect("a link");
    folder.write(
        "keys/reader.yaml",
        format!("{NEEDS}scopes: {{from: ../out.yaml, at: a}}\n"),
    );
    let run = folder.scopes(&["check", "keys"]);
    assert!(
        run.out.contains("is outside the repository"),
        "{}",
        run.all()
    );
}

#[test]
fn the_other_file_is_fixed_only_where_it_is_named() {
    let folder = folder("borrowed-fix", "oauth.scopes.bot");
    let run = folder.scopes(&["check", "keys", "--fix"]);
    assert_eq!(run.status, 1);
    assert_eq!(folder.read("app.yaml"), MANIFEST);
    let run = folder.scopes(&["check", "keys", "app.yaml", "--diff"]);
    hides_the_rest(&run);
    insta::assert_snapshot!(run.all(), @r#"
    --- a/app.yaml
    +++ b/app.yaml
    @@ -5,7 +5,6 @@
       scopes:
         bot:
           - funding:read_profile
    -      - funding:write_profile
     
     
     
    --- status 1
    "#);
    assert_eq!(folder.read("app.yaml"), MANIFEST);
    let run = folder.scopes(&["check", "keys", "app.yaml", "--fix"]);
    assert_eq!(run.status, 0, "{}", run.all());
    let fixed = MANIFEST.replace("      - funding:write_profile\n", "");
    assert_eq!(folder.read("app.yaml"), fixed);
    assert_eq!(folder.read("keys/reader.yaml"), key("oauth.scopes.bot"));
}

#[test]
fn what_another_key_or_environment_needs_is_not_removed() {
    let folder = folder("borrowed-shared", "oauth.scopes.bot");
    folder.write(
        "keys/writer.yaml",
        key("oauth.scopes.bot").replace("reader", "writer").replace(
            "GET /profiles/{profile_id}/balances",
            "PUT /profiles/{profile_id}",
        ),
    );
    let run = folder.scopes(&["check", "keys", "app.yaml", "--fix"]);
    assert!(
        run.err.contains("has the scopes of several keys"),
        "{}",
        run.all()
    );
    assert_eq!(folder.read("app.yaml"), MANIFEST);
    folder.remove("keys/writer.yaml");
    let list = "{from: ../app.yaml, at: oauth.scopes.bot}";
    folder.write(
        "keys/reader.yaml",
        format!(
            "{NEEDS}environments:\n  sandbox: {{scopes: {list}, needs: {{endpoints: ['PUT /profiles/{{profile_id}}']}}}}\n  production: {{scopes: {list}}}\n"
        ),
    );
    let run = folder.scopes(&["check", "keys", "app.yaml", "--fix", "--unsafe-fixes"]);
    assert!(run.out.contains("unneeded-scope"), "{}", run.all());
    assert_eq!(folder.read("app.yaml"), MANIFEST);
}

#[test]
fn a_change_of_the_other_file_is_a_change_of_the_key() {
    let folder = folder("borrowed-since", "oauth.scopes.bot");
    folder
        .write("keys/other.yaml", NEEDS.replace("reader", "other"))
        .git(&["add", "."])
        .git(&["commit", "-q", "-m", "first"]);
    let gate = ["diff", "--base", "HEAD", "--fail-on", "wider"];
    assert_eq!(folder.scopes(&gate).status, 0);
    let wider = MANIFEST.replace(
        "      - funding:write",
        "      - tax:read_tax_form\n      - funding:write",
    );
    folder.write("app.yaml", wider);
    for more in [&[][..], &["keys"], &["app.yaml"], &["keys/reader.yaml"]] {
        let run = folder.scopes(&[&gate[..], more].concat());
        assert_eq!(run.status, 1, "{more:?} {}", run.all());
        assert!(
            run.out.contains("keys/reader.yaml against HEAD is wider"),
            "{}",
            run.all()
        );
        assert!(!run.out.contains("other.yaml"), "{}", run.all());
        hides_the_rest(&run);
    }
    assert_eq!(
        folder
            .scopes(&[&gate[..], &["keys/other.yaml"]].concat())
            .status,
        0
    );
    // The list moves to a file of its own, and stays what it is.
    folder.remove("app.yaml").write(
        "keys/list.json",
        r#"["funding:read_profile", "funding:write_profile"]"#,
    );
    folder.write(
        "keys/reader.yaml",
        format!("{NEEDS}scopes: [funding:read_profile, funding:write_profile]\n"),
    );
    let run = folder.scopes(&gate);
    assert_eq!(run.status, 0, "{}", run.all());
    assert!(run.out.contains("is the same"), "{}", run.all());
    // What cannot be read now fails, whatever it was.
    folder.write("keys/reader.yaml", key("oauth.scopes.bot"));
    let run = folder.scopes(&gate);
    assert_eq!(run.status, 2, "{}", run.all());
}

#[test]
fn an_answer_about_the_key_is_about_the_list() {
    let folder = folder("borrowed-asked", "oauth.scopes.bot");
    let run = folder.scopes(&["explain", "--key-file", "keys/reader.yaml"]);
    assert!(
        run.out.contains("2 scopes open 8 endpoints"),
        "{}",
        run.all()
    );
    let run = folder.scopes(&["recommend", "--key-file", "keys/reader.yaml"]);
    assert!(
        run.out.contains("remove   funding:write_profile"),
        "{}",
        run.all()
    );
    folder.write(
        "app.yaml",
        MANIFEST.replace("funding:write", "funding:wrote"),
    );
    let run = folder.scopes(&["explain", "--key-file", "keys/reader.yaml"]);
    assert!(run.err.contains("error: app.yaml:8:9: "), "{}", run.all());
}

#[test]
fn an_allowance_of_the_key_accepts_what_the_list_has() {
    let folder = folder("borrowed-allowed", "oauth.scopes.bot");
    let allow = "allow:\n  - {rule: unneeded-scope, scope: funding:write_profile, reason: soon needed, owner: treasury, until: 2099-01-01}\n";
    folder.write("keys/reader.yaml", key("oauth.scopes.bot") + allow);
    let run = folder.scopes(&["check", "keys"]);
    assert_eq!(run.status, 0, "{}", run.all());
    let unreadable = key("oauth.scopes.nope")
        + "allow:\n  - {rule: unreadable-scopes, reason: later, owner: treasury, until: 2099-01-01}\n";
    folder.write("keys/reader.yaml", unreadable);
    assert_eq!(folder.scopes(&["check", "keys"]).status, 1);
}
