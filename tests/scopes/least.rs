//! The least set, as the cost of the design has it: the smallest catalogs in which an answer could be wrong.

use super::program::Folder;

/// A write scope of which the catalog knows no write, beside a read scope that sorts after it.
const MAIL: &str = "provider: acme
scopes:
  mail.modify: { summary: change mail, access: write }
  mail.readonly: { summary: read mail }
endpoints:
  GET /messages: { any: [mail.readonly, mail.modify] }
";

fn with(name: &str, catalog: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("c.yaml", catalog);
    folder
}

fn key(scopes: &str, need: &str) -> String {
    format!("provider: ./c.yaml\nname: k\nneeds: {{ endpoints: ['{need}'] }}\nscopes: [{scopes}]\n")
}

#[test]
fn a_read_scope_beats_a_write_scope_whose_writes_are_not_known() {
    let folder = with("least-mail", MAIL);
    let lines = folder.scopes(&[
        "recommend",
        "-p",
        "./c.yaml",
        "--endpoint",
        "GET /messages",
        "--format",
        "lines",
    ]);
    assert_eq!(lines.out, "mail.readonly\n");
    let explained = folder.scopes(&["explain", "-p", "./c.yaml", "GET /messages"]);
    assert!(
        explained.out.contains("help: ask for mail.readonly"),
        "{}",
        explained.out
    );
    // On a key the wider one is risky, the narrower one is kept, and of both the wider one is unneeded.
    folder.write("wide.yaml", key("mail.modify", "GET /messages"));
    let checked = folder.scopes(&["check", "wide.yaml", "--format", "short"]);
    assert!(checked.out.contains("risky-scope"), "{}", checked.out);
    folder.write("narrow.yaml", key("mail.readonly", "GET /messages"));
    let kept = folder.scopes(&["recommend", "--key-file", "narrow.yaml"]);
    assert!(kept.out.contains("keep   mail.readonly"), "{}", kept.out);
    assert!(!kept.out.contains("add "), "{}", kept.out);
    folder.write(
        "both.yaml",
        key("mail.modify, mail.readonly", "GET /messages"),
    );
    let fixed = folder.scopes(&["check", "both.yaml", "--fix"]);
    assert_eq!(fixed.status, 0, "{}", fixed.all());
    assert!(folder.read("both.yaml").contains("scopes: [mail.readonly]"));
}

#[test]
fn a_tie_goes_to_what_the_key_has_by_name() {
    let folder = with(
        "least-tie",
        "provider: acme
scopes: { a: { access: write }, b: { access: write }, c: { access: write } }
bundles: { b-only: { scopes: [b] } }
endpoints: { GET /x: { any: [a, b, c] } }
",
    );
    folder.write("k.yaml", key("c", "GET /x"));
    let kept = folder.scopes(&["recommend", "--key-file", "k.yaml"]);
    assert!(kept.out.contains("keep   c"), "{}", kept.out);
    assert!(!kept.out.contains("add "), "{}", kept.out);
    // What a bundle brings is held by name as well.
    folder.write(
        "bundle.yaml",
        "provider: ./c.yaml\nname: k\nneeds: { endpoints: [GET /x] }\nbundles: [b-only]\n",
    );
    let kept = folder.scopes(&["recommend", "--key-file", "bundle.yaml"]);
    assert!(kept.out.contains("keep   b"), "{}", kept.out);
}

/// A token that opens everything by itself, and a credential with scopes.
const TWO: &str = "provider: two
key_types: { token: {}, oauth: {} }
scopes:
  u.read: { summary: u, key_types: [oauth] }
endpoints:
  GET /users: { any: [{ auth: any-key, key_types: [token] }, u.read] }
  DELETE /all: { auth: any-key, key_types: [token] }
";

#[test]
fn what_a_type_opens_by_itself_counts_between_types() {
    let folder = with("least-types", TWO);
    let run = folder.scopes(&["recommend", "-p", "./c.yaml", "--endpoint", "GET /users"]);
    assert!(
        run.out
            .starts_with("two, oauth key: 1 scope is enough for 1 need"),
        "{}",
        run.out
    );
    assert!(
        run.out
            .contains("other key types that can do it\n   token: no scope; also opens 1 write\n"),
        "{}",
        run.out
    );
    // Of a scope only what it adds is said, and of an endpoint whom it is really open to.
    let named = folder.scopes(&[
        "recommend",
        "-p",
        "./c.yaml",
        "--endpoint",
        "GET /users",
        "--key-type",
        "token",
    ]);
    assert!(
        named.out.contains("open to a token, without a scope"),
        "{}",
        named.out
    );
}

/// The token opens the risky write as well: there it stands at the risk that the scope has, and 399 more come along.
#[test]
fn a_token_that_opens_400_writes_loses_to_a_scope_that_opens_one_risky_write() {
    let mut catalog = String::from(
        "provider: many
key_types: { token: {}, app: {} }
scopes:
  pay: { summary: pay, access: write, risk: critical, because: pays, key_types: [app] }
endpoints:
  GET /users: { any: [{ auth: any-key, key_types: [token] }, pay] }
  POST /pay: { any: [{ auth: any-key, key_types: [token] }, pay] }
",
    );
    for index in 1..400 {
        catalog.push_str(&format!(
            "  POST /w{index}: {{ auth: any-key, key_types: [token] }}\n"
        ));
    }
    let folder = with("least-many", &catalog);
    let question = ["recommend", "-p", "./c.yaml", "--endpoint", "GET /users"];
    let run = folder.scopes(&question);
    assert!(run.out.starts_with("many, app key: 1 scope"), "{}", run.out);
    assert!(
        run.out
            .contains("   token: no scope; also opens 400 writes\n"),
        "{}",
        run.out
    );
}

#[test]
fn a_private_type_comes_before_a_public_one_that_costs_the_same() {
    let folder = with(
        "least-public",
        "provider: two
key_types: { browser: { exposure: public }, server: {} }
scopes: { s: { summary: s } }
endpoints: { GET /x: s }
",
    );
    let run = folder.scopes(&["recommend", "-p", "./c.yaml", "--endpoint", "GET /x"]);
    assert!(run.out.starts_with("two, server key:"), "{}", run.out);
}

#[test]
fn the_budget_counts_what_scopes_open() {
    let folder = with("least-budget", TWO);
    folder.write(
        "scopes.toml",
        "[budget]\nexcess-writes = 0\nreachable = 0\n",
    );
    folder.write(
        "k.yaml",
        "provider: ./c.yaml\nname: k\nkey_type: token\nneeds: { endpoints: [GET /users] }\n",
    );
    let run = folder.scopes(&["check", "k.yaml"]);
    assert!(!run.out.contains("over-budget"), "{}", run.out);
}
