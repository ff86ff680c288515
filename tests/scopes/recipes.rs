//! Recipes with choices and inferred steps: how they are read, met, said and kept.

use super::program::{Folder, Run};

/// By a rule, by two calls, or in a way of which nobody says what it takes; one branch is in `test` only, one rejected.
const BANK: &str = "provider: bank
environments: { live: { production: true }, test: {} }
key_types: { server: {}, client: {} }
scopes:
  rules: { access: write, risk: high, because: pays by itself }
  draft: { access: write }
  send: { access: write }
  other: { access: read }
endpoints:
  POST /rules: rules
  POST /drafts: draft
  POST /sends: { scope: send, key_types: [server] }
  POST /unsaid: { auth: not-stated }
  POST /fake: { scope: other, environments: [test] }
  POST /never: { scope: other, rejected: it never works }
recipes:
  pay:
    endpoints:
      - any: [POST /rules, { all: [POST /drafts, { endpoint: POST /sends, basis: inferred }] }]
    adequate: [rules, other]
    note: either way
  hope: { endpoints: [{ any: [POST /unsaid, POST /never] }] }
  try: { endpoints: [{ any: [POST /unsaid, POST /rules] }] }
  test: { endpoints: [{ any: [POST /fake, { all: [POST /fake, POST /rules] }] }] }
  both: { endpoints: [POST /drafts, { endpoint: POST /sends, basis: inferred }] }
";

fn bank(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("bank.yaml", BANK);
    folder
}

fn check(folder: &Folder, recipe: &str, key_type: &str, scopes: &str) -> Run {
    folder.write(
        "key.yaml",
        format!(
            "provider: ./bank.yaml\nname: k\nowner: o\npurpose: p\nkey_type: {key_type}\n\
             needs: {{ recipes: [{recipe}] }}\nscopes: [{scopes}]\n"
        ),
    );
    folder.scopes(&["check", "key.yaml", "--format", "short"])
}

#[test]
fn wrong_shapes_are_said_where_they_are() {
    let faults = [
        (
            "{ any: [] }",
            "6:7: error[wrong-type] `any` cannot be empty",
        ),
        (
            "{ any: [{ all: [] }] }",
            "error[wrong-type] `all` cannot be empty",
        ),
        (
            "{ any: [{ any: [POST /a] }] }",
            "error[wrong-type] `any` cannot be inside `any` here",
        ),
        (
            "{ any: [{ all: [{ all: [POST /a] }] }] }",
            "error[wrong-type] `all` cannot be inside `all` here",
        ),
        (
            "{ all: [POST /a] }",
            "error[wrong-type] `all` belongs inside `any`",
        ),
        (
            "{ endpoint: POST /a, any: [POST /a] }",
            "error[wrong-type] a step has only one of `endpoint`, `any` and `all`",
        ),
        (
            "{ any: [POST /a], basis: inferred }",
            "error[wrong-type] `basis` belongs to an endpoint",
        ),
        (
            "{ basis: inferred }",
            "error[missing-field] missing field `endpoint`",
        ),
        (
            "{ endpoint: POST /b, basis: inferred }",
            "error[unknown-reference] the catalog has no endpoint `POST /b`",
        ),
        (
            "{ any: [POST /b, POST /a] }",
            "error[unknown-reference] the catalog has no endpoint `POST /b`",
        ),
        ("{ endpoint: POST /a, basis: guessed }", "guessed"),
        ("{ endpoints: POST /a }", "error[unknown-field]"),
        ("7", "error[wrong-type]"),
    ];
    let folder = Folder::new("recipe-faults");
    for (step, said) in faults {
        folder.write(
            "c.yaml",
            format!("provider: c\nscopes: {{ a: {{ summary: a }} }}\nendpoints: {{ POST /a: a }}\nrecipes:\n  job: {{ endpoints: [\n    {step}\n  ] }}\n"),
        );
        let run = folder.scopes(&["lint", "c.yaml", "--format", "short"]);
        assert_eq!(run.status, 1, "{step}: {}", run.all());
        let faults: Vec<&str> = run
            .out
            .lines()
            .filter(|line| line.contains("error["))
            .collect();
        assert_eq!(faults.len(), 1, "{step}: {}", run.all());
        assert!(faults[0].contains(said), "{step}: {}", run.all());
    }
}

#[test]
fn a_choice_is_met_by_any_branch_and_lacks_once() {
    let folder = bank("recipe-check");
    for scopes in ["rules", "draft, send"] {
        let run = check(&folder, "pay", "server", scopes);
        assert!(!run.out.contains("missing-scope"), "{}", run.all());
        assert!(!run.out.contains("unneeded-scope"), "{}", run.all());
    }
    // The cheapest part decides: the other branch is not needed.
    let run = check(&folder, "pay", "server", "rules, draft, send");
    assert!(run.out.contains("no need uses `rules`"), "{}", run.all());
    assert_eq!(
        run.out.matches("unneeded-scope").count(),
        1,
        "{}",
        run.all()
    );
    // None is met: one finding, with every way; half a branch is not unneeded.
    let run = check(&folder, "pay", "server", "other");
    assert_eq!(run.out.matches("missing-scope").count(), 1, "{}", run.all());
    assert!(
        run.out
            .contains("the key lacks `rules`, or `draft` and `send`"),
        "{}",
        run.all()
    );
    let run = check(&folder, "pay", "server", "draft");
    assert_eq!(run.out.matches("missing-scope").count(), 1, "{}", run.all());
    assert!(!run.out.contains("unneeded-scope"), "{}", run.all());
    // On a client key one branch is closed, so the other is the only way.
    let run = check(&folder, "pay", "client", "draft");
    assert!(run.out.contains("the key lacks `rules`"), "{}", run.all());
    // Not stated only where no other branch can be met.
    let run = check(&folder, "hope", "server", "");
    assert!(run.out.contains("note[unstated-need]"), "{}", run.all());
    let run = check(&folder, "try", "server", "");
    assert!(run.out.contains("the key lacks `rules`"), "{}", run.all());
    let run = check(&folder, "try", "server", "rules");
    assert!(!run.out.contains("unstated-need"), "{}", run.all());
}

#[test]
fn the_alternatives_are_named_once() {
    let folder = bank("recipe-missing");
    check(&folder, "pay", "server", "other");
    let run = folder.scopes(&["check", "key.yaml", "--width", "100"]);
    insta::assert_snapshot!(run.all());
}

#[test]
fn the_answer_names_the_branch() {
    let folder = bank("recipe-answer");
    let screen = |recipe: &str, more: &[&str]| {
        let mut args = vec!["recommend", "-p", "./bank.yaml", "--recipe", recipe];
        args.extend(["--key-type", "server", "--width", "80"]);
        args.extend(more);
        folder.scopes(&args)
    };
    insta::assert_snapshot!("recipe_pay", screen("pay", &[]).all());
    let answer: serde_json::Value =
        serde_json::from_str(&screen("pay", &["--format", "json"]).out).expect("JSON");
    let branches = &answer["needs"][0]["branches"];
    assert_eq!(branches[0]["met"], false);
    assert_eq!(branches[1]["met"], true);
    assert_eq!(branches[1]["all"][1]["inferred"], true);
    assert_eq!(
        answer["lists"][0]["not_needed"],
        serde_json::json!(["rules", "other"])
    );
    assert_eq!(
        answer["lists"][0]["not_on_it"],
        serde_json::json!(["draft", "send"])
    );
    // Not stated, elsewhere, inferred.
    let hope = screen("hope", &[]);
    assert_eq!(hope.status, 1, "{}", hope.all());
    assert!(
        hope.out.contains("not stated by the provider"),
        "{}",
        hope.all()
    );
    let test = screen("test", &[]);
    assert!(
        test.out.contains("does not exist in live: POST /fake"),
        "{}",
        test.all()
    );
    let both = screen("both", &[]);
    assert!(
        both.out.contains("POST    /sends  (inferred)"),
        "{}",
        both.all()
    );
}

#[test]
fn a_catalog_shows_its_choices() {
    let folder = bank("recipe-show");
    let shown = folder.scopes(&["show", "./bank.yaml", "recipes", "--width", "80"]);
    insta::assert_snapshot!("recipe_show", shown.all());
    let page = folder.scopes(&["show", "./bank.yaml", "recipes", "--format", "markdown"]);
    let row = "| `pay` |  | (`POST /rules`, or `POST /drafts` and `POST /sends` (inferred)) |";
    assert!(page.out.contains(row), "{}", page.all());
    let json = folder.scopes(&["show", "./bank.yaml", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    let pay = &json["recipes"][0];
    assert_eq!(
        pay["endpoints"],
        serde_json::json!(["POST /rules", "POST /drafts", "POST /sends"])
    );
    assert_eq!(pay["steps"][0]["any"][1]["all"][1]["inferred"], true);
}

#[test]
fn what_an_overlay_takes_from_a_branch_is_an_error() {
    let folder = Folder::new("recipe-extends");
    folder.write(
        "over.yaml",
        "provider: paxos\nextends: paxos\nmodes: [a, b]\nendpoints:\n  POST /orchestration/rules:\n    modes: { b: { scope: orchestration:write_orchestration_rule, query: { q: present } } }\n",
    );
    let run = folder.scopes(&["lint", "over.yaml", "--format", "short"]);
    assert!(
        run.out
            .contains("this removes what `recipes.mint.endpoints[0].any[0]` of paxos refers to"),
        "{}",
        run.all()
    );
}

#[test]
fn an_import_keeps_choices() {
    let folder = bank("recipe-import");
    folder.write(
        "spec.json",
        r#"{"openapi":"3.0.0","info":{"title":"bank","version":"1"},"paths":{"/rules":{"post":{"responses":{}}}}}"#,
    );
    let run = folder.scopes(&["import", "openapi", "spec.json", "--merge", "bank.yaml"]);
    assert!(
        run.out.contains("{ any: [POST /rules, { all: [POST /drafts, { endpoint: POST /sends, basis: inferred }] }] }"),
        "{}",
        run.all()
    );
}
