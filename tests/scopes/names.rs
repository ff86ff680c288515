//! Names whose case makes no difference.

use crate::program::Folder;
use proptest::prelude::*;
use scopes::load::load_catalog;
use scopes::source::{Source, Syntax, folded};

const CATALOG: &str = "provider: acme
names: { case: ignored }
scopes:
  Mail.Read: { summary: read mail }
  Mail.Send: { summary: send mail }
bundles:
  Desk: { scopes: [mail.read, MAIL.SEND] }
wildcards: { \"Mail.*\": all }
endpoints:
  GET /mail: mail.READ
  POST /mail: Mail.Send
events:
  Mail.Came: mail.read
";

#[test]
fn a_name_in_another_case_is_the_name() {
    let folder = Folder::new("names-case");
    folder.write("acme.yaml", CATALOG);
    folder.write(
        "key.yaml",
        "provider: ./acme.yaml\nname: desk\nneeds: { endpoints: [GET /mail], events: [MAIL.came] }\nscopes: mail.read MAIL.READ\n",
    );
    assert_eq!(
        folder
            .scopes(&[
                "lint",
                "acme.yaml",
                "--format",
                "short",
                "--level",
                "stale-source=off"
            ])
            .out,
        ""
    );
    // The catalog's spelling is the one that is printed.
    let explained = folder.scopes(&[
        "explain",
        "-p",
        "./acme.yaml",
        "mail.read",
        "MAIL.READ",
        "--format",
        "json",
    ]);
    assert_eq!(explained.status, 0, "{}", explained.all());
    let answer: serde_json::Value = serde_json::from_str(&explained.out).expect("JSON");
    assert_eq!(
        answer["scopes"],
        serde_json::json!([{ "name": "Mail.Read", "status": "granted", "from": ["Mail.Read"] }])
    );
    let expanded = folder.scopes(&["expand", "-p", "./acme.yaml", "DESK", "--format", "lines"]);
    assert_eq!(expanded.out, "Mail.Read\nMail.Send\n");
    let wildcard = folder.scopes(&["expand", "-p", "./acme.yaml", "mail.*", "--format", "lines"]);
    assert_eq!(wildcard.out, "Mail.Read\nMail.Send\n");
    // The same scope twice is one scope twice.
    let checked = folder.scopes(&["check", "key.yaml", "--format", "short"]);
    assert!(checked.out.contains("duplicate-scope"), "{}", checked.all());
    assert!(!checked.out.contains("unknown"), "{}", checked.all());
    let fixed = folder.scopes(&["check", "key.yaml", "--fix"]);
    assert_eq!(fixed.status, 0, "{}", fixed.all());
    assert!(
        folder.read("key.yaml").ends_with("scopes: mail.read\n"),
        "{}",
        folder.read("key.yaml")
    );
}

#[test]
fn an_allowance_in_another_case_accepts_what_it_names() {
    let folder = Folder::new("names-allowed");
    folder.write("acme.yaml", CATALOG);
    folder.write(
        "key.yaml",
        "provider: ./acme.yaml\nname: desk\nneeds: { endpoints: [GET /mail] }\nscopes: [mail.read, mail.send]\nallow:\n  - { rule: unneeded-scope, scope: MAIL.send, reason: r, owner: o, until: 2099-01-01 }\n",
    );
    let checked = folder.scopes(&["check", "key.yaml", "--format", "short"]);
    assert_eq!(
        (checked.status, checked.out.as_str()),
        (0, ""),
        "{}",
        checked.all()
    );
}

#[test]
fn two_names_that_are_the_same_are_reported_with_both_places() {
    let folder = Folder::new("names-twice");
    folder.write(
        "acme.yaml",
        "provider: acme\nnames: { case: ignored }\nscopes: { a.b: { summary: s }, A.B: { summary: s } }\nbundles: { x: { scopes: [a.b] }, X: { scopes: [a.b] } }\nendpoints: { GET /a: a.b }\n",
    );
    let linted = folder.scopes(&[
        "lint",
        "acme.yaml",
        "--format",
        "short",
        "--level",
        "stale-source=off",
        "--level",
        "scope-without-endpoint=off",
    ]);
    assert_eq!(
        linted.out,
        "acme.yaml:3:32: error[duplicate-field] `A.B` is the same name as `a.b`\nacme.yaml:4:34: error[duplicate-field] `X` is the same name as `x`\n"
    );
}

#[test]
fn an_import_keeps_the_spelling_of_the_catalog_that_it_is_merged_with() {
    let folder = Folder::new("names-merged");
    folder.write("acme.yaml", "provider: acme\nnames: { case: ignored }\nscopes:\n  mail.read: { summary: see, risk: high, because: all of it }\n  mail.all: { implies: [mail.read] }\nendpoints: { GET /mail: mail.read }\n");
    folder.write("spec.yaml", "openapi: 3.0.3\ninfo: { title: Acme, version: '1' }\npaths: { /mail: { get: { security: [{ oauth: [Mail.Read] }] }, post: { security: [{ oauth: [Mail.Read, mail.send] }] } } }\ncomponents: { securitySchemes: { oauth: { type: oauth2, flows: { clientCredentials: { tokenUrl: 'https://a', scopes: { Mail.Read: r, mail.send: s, Mail.All: a } } } } } }\n");
    let run = folder.scopes(&[
        "import",
        "openapi",
        "spec.yaml",
        "--merge",
        "acme.yaml",
        "-o",
        "acme.yaml",
    ]);
    assert_eq!(run.status, 0, "{}", run.all());
    let merged = folder.read("acme.yaml");
    assert!(!merged.contains("Mail."), "{merged}");
    assert!(
        merged.contains("risk: high") && merged.contains("implies: [mail.read]"),
        "{merged}"
    );
    assert!(
        merged.contains("GET /mail: mail.read") && merged.contains("all: [mail.read, mail.send]"),
        "{merged}"
    );
}

proptest! {
    /// With `names: { case: ignored }`, a catalog and a spelling of it in another case give the same answers.
    #[test]
    fn case_makes_no_difference(
        names in prop::collection::btree_set("[a-cA-Cß-üſı.]{1,4}", 1..5),
        asked in "[a-cA-Cß-üſı.*]{1,4}",
    ) {
        let names: Vec<String> = names.into_iter().filter(|name| name.contains(char::is_alphanumeric)).collect();
        let mut seen = std::collections::BTreeSet::new();
        let names: Vec<&String> = names.iter().filter(|name| seen.insert(folded(name))).collect();
        let scopes: serde_json::Map<String, serde_json::Value> =
            names.iter().map(|name| ((*name).clone(), serde_json::json!({}))).collect();
        let text = serde_json::json!({
            "provider": "acme", "names": { "case": "ignored" }, "scopes": scopes, "wildcards": "glob",
        });
        let loaded = load_catalog(&Source { name: "c".to_owned(), text: text.to_string(), syntax: Syntax::Json });
        let catalog = loaded.catalog.expect("a catalog");
        let same = |name: &&&String| folded(name) == folded(&asked);
        let expected = names.iter().find(same).map(|name| (*name).clone());
        let found = catalog.scope_id(&asked).map(|id| catalog.name(id).to_owned());
        prop_assert_eq!(found, expected);
        // A pattern fits what it fits with everything folded.
        if asked.contains('*') {
            let fitting = names.iter().filter(|name| scopes::model::glob(&folded(&asked), &folded(name))).count();
            prop_assert_eq!(catalog.matching(&asked).len(), fitting);
        }
    }
}
