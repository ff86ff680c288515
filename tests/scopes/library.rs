//! The library says of a text what `scopes check` says of a file, and fixes it as `--fix` does.

use std::sync::Arc;

use serde_json::Value;

use scopes::finding::{Finding, RuleId};
use scopes::lint::{CatalogOfKey, KeyChecker, Policy};
use scopes::load::{Unread, builtin_text, load_catalog};
use scopes::model::Budget;
use scopes::source::{Date, Path, Source, Syntax};

use crate::program::Folder;

const TODAY: &str = "2026-11-26";

/// Key files with something of everything: a secret, a misspelt name, an allowance, a syntax error, a stranger.
const KEYS: [&str; 8] = [
    "provider: paxos\nname: tax\nneeds: {endpoints: [GET /tax-forms]}\nscopes: [tax:read_tax_form, transfer:read_transfer]\n",
    "provider: paxos\nname: slip\nneeds: {endpoints: [GET /profiles]}\nscopes:\n  - funding:read_profil\n  - tax:read_tax_form\n",
    "provider: paxos\nname: leaky\npurpose: sk_live_51HqLyjWDarjtT1zdp7dcXyZ\nneeds: {endpoints: [GET /profiles]}\nscopes: [funding:read_profile]\n",
    "provider: paxos\nname: allowed\nneeds: {endpoints: [GET /profiles]}\nscopes: [funding:read_profile, tax:read_tax_form]\nallow:\n  - {rule: unneeded-scope, scope: 'tax:read_tax_form', reason: soon, owner: treasury, until: 2026-12-31}\n",
    "provider: paxos\nname: [broken\n",
    "provider: elsewhere\nname: stranger\nscopes: [read]\n",
    "provider: stripe\nname: bare\nscopes: [rak_charge_read, rak_charge_read]\n",
    "provider: paxos\nnam: misspelt\nneeds: {endpoints: [GET /profiles]}\nscopes: funding:read_profile tax:read_tax_form\n",
];

fn source(name: &str, text: &str) -> Source {
    Source {
        name: name.to_owned(),
        text: text.to_owned(),
        syntax: Syntax::Yaml,
    }
}

fn catalog_of(provider: &str) -> CatalogOfKey {
    let text = builtin_text(provider);
    let loaded = text.and_then(|text| load_catalog(&source(provider, &text)).catalog);
    loaded.map(Arc::new).ok_or_else(|| {
        let place = Path::root().field("provider").value();
        let message = format!("unknown provider `{provider}`");
        Box::new(Finding::new(RuleId::UnknownProvider, place, message))
    })
}

fn said(run_out: &str) -> Vec<(String, String)> {
    let report: Value = serde_json::from_str(run_out).expect("JSON");
    let findings = report["findings"].as_array().expect("findings");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    findings
        .iter()
        .map(|finding| (text(&finding["rule"]), text(&finding["message"])))
        .collect()
}

#[test]
fn the_library_says_and_fixes_what_the_program_does() {
    let policy = Policy::on(Date(TODAY.to_owned()));
    let checker: KeyChecker<'_> = KeyChecker {
        catalogs: &catalog_of,
        others: &|name| Err(Unread::here(name)),
        prefixes: &[],
        policy: &policy,
        baseline: None,
        budget: Budget::default(),
        prepare: &|_, _| Ok(()),
    };
    let mut rules = 0;
    for text in KEYS {
        let folder = Folder::new("library");
        folder.write("key.yaml", text);
        let arguments = ["check", "key.yaml", "--today", TODAY, "--format", "json"];
        let by_program = said(&folder.scopes(&arguments).out);
        let Ok(file) = checker.check(source("key.yaml", text));
        let by_library: Vec<(String, String)> = file
            .findings
            .iter()
            .map(|one| (one.rule.to_string(), one.message.clone()))
            .collect();
        assert_eq!(by_library, by_program, "{text}");
        rules += by_library.len();

        let arguments = ["check", "key.yaml", "--today", TODAY, "--fix"];
        folder.scopes(&arguments);
        let Ok(fixed) = checker.fix(source("key.yaml", text), false);
        assert_eq!(fixed.text, folder.read("key.yaml"), "{text}");
    }
    assert!(rules > 8, "{rules} findings are too few to compare");
}
