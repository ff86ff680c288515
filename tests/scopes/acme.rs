//! Each rule alone, on a small provider of its own: what it finds and where.
//!
//! The catalog is `fixtures/acme.yaml`. A rule that is added does not compile until it has a case.

use std::sync::Arc;

use scopes::finding::{Finding, RuleId};
use scopes::lint::{CatalogOfKey, KeyChecker, Ordinals, Policy, RawFindings};
use scopes::load::{Unread, load_catalog};
use scopes::model::{Budget, Catalog};
use scopes::source::{Date, Path, Source, Syntax};

use crate::program::root;

use RuleId as R;

const ACME: &str = include_str!("fixtures/acme.yaml");
const TODAY: &str = "2026-11-22";

/// What a rule is tried on.
enum Case {
    /// A key of acme: its text, and the places where the rule speaks.
    Key(&'static str, &'static [&'static str]),
    /// The catalog itself with one text replaced by another, and the words at the places where the rule speaks.
    Catalog(&'static str, &'static str, &'static [&'static str]),
    /// It takes several files: the file of its tests.
    Elsewhere(&'static str),
}

use Case::{Elsewhere, Key};

#[rustfmt::skip]
fn case(rule: RuleId) -> Case {
    match rule {
        R::SyntaxError => Key("provider: acme\nname: [x\n", &["2:9"]),
        R::UnknownField => Key("provider: acme\nname: x\nkey_type: server\nscope: orders.read\n", &["4:1"]),
        R::MissingField => Key("provider: acme\nname: x\n", &["1:11"]),
        R::DuplicateField => Key("provider: acme\nname: x\nkey_type: server\nname: y\n", &["4:1"]),
        R::WrongType => Key("provider: acme\nname: x\nkey_type: server\nscopes: { orders.read: true }\n", &["4:1"]),
        R::UnreadableScopes => Key("provider: acme\nname: x\nkey_type: server\nscopes: { from: app.yaml, at: scopes }\n", &["4:17"]),
        R::SecretInFile => Key("provider: acme\nname: x\nkey_type: server\npurpose: sk_9fQ2xL7vB4nM1cR8tY6wZ3aK5\n", &["4:10"]),
        R::PossibleSecret => Key("provider: acme\nname: x\nkey_type: server\npurpose: q7Gz9KfP2mXv8RtLw4YbN6sDc3HjT5aE\n", &["4:10"]),
        R::UnknownProvider => Key("provider: acne\nname: x\n", &["1:11"]),
        R::UnknownKeyType => Key("provider: acme\nname: x\nkey_type: sever\n", &["3:11"]),
        R::UnknownEnvironment => Key("provider: acme\nname: x\nkey_type: server\nenvironments: { lvie: {} }\n", &["4:17"]),
        R::UnknownScope => Key("provider: acme\nname: x\nkey_type: server\nscopes: [orders.raed, payments.write]\n", &["4:10", "4:23"]),
        R::UnknownBundle => Key("provider: acme\nname: x\nkey_type: server\nbundles: [shopp]\n", &["4:11"]),
        R::UnknownEndpoint => Key("provider: acme\nname: x\nkey_type: server\nneeds: { endpoints: [GET /order] }\nnever: [\"* /nowhere/**\"]\n", &["4:22", "5:9"]),
        R::UnknownRecipe => Key("provider: acme\nname: x\nkey_type: server\nneeds: { recipes: [pai] }\n", &["4:20"]),
        R::UnknownEvent => Key("provider: acme\nname: x\nkey_type: server\nneeds: { events: [order.payd] }\n", &["4:19"]),
        R::KeyNameClash => Elsewhere("tests/scopes/adoption.rs"),
        R::MissingScope => Key("provider: acme\nname: x\nkey_type: server\nneeds: { endpoints: [GET /orders, POST /orders] }\nscopes: [orders.read]\n", &["4:35"]),
        R::UnreachableNeed => Key("provider: acme\nname: x\nkey_type: browser\nneeds: { endpoints: [GET /me, POST /legacy] }\n", &["4:22", "4:31"]),
        R::NoNeedsDeclared => Key("provider: acme\nname: x\nkey_type: server\nscopes: [orders.read]\n", &["2:7"]),
        R::UnstatedNeed => Key("provider: acme\nname: x\nkey_type: server\nneeds: { endpoints: [GET /invoices] }\n", &["4:22"]),
        R::KeyNotNeeded => Key("provider: acme\nname: x\nkey_type: server\nneeds: { endpoints: [GET /status] }\n", &["4:22"]),
        R::DeprecatedEndpoint => Key("provider: acme\nname: x\nkey_type: server\nneeds: { endpoints: [GET /orders/old] }\nscopes: [orders.read]\n", &["4:22"]),
        R::ScopeNotForKeyType => Key("provider: acme\nname: x\nkey_type: browser\nneeds: { endpoints: [GET /orders] }\nscopes: [orders.read, payouts.read]\n", &["5:23"]),
        R::SandboxOnlyScope => Key("provider: acme\nname: x\nkey_type: server\nneeds: { endpoints: [GET /orders] }\nscopes: [orders.read]\nenvironments: { live: { scopes: [clock.write] } }\n", &["6:34"]),
        R::DuplicateScope => Key("provider: acme\nname: x\nkey_type: server\nneeds: { endpoints: [GET /orders] }\nscopes: [orders.read, orders.read]\n", &["5:23"]),
        R::WildcardScope => Key("provider: acme\nname: x\nkey_type: server\nneeds: { endpoints: [GET /orders] }\nscopes: [\"orders.*\"]\n", &["5:10"]),
        R::BroadBundle => Key("provider: acme\nname: x\nkey_type: server\nneeds: { endpoints: [GET /orders] }\nbundles: [shop]\n", &["5:11"]),
        R::RedundantScope => Key("provider: acme\nname: x\nkey_type: server\nneeds: { endpoints: [GET /payouts, POST /payouts] }\nscopes: [payouts.write, payouts.read]\n", &["5:25"]),
        R::UnneededScope => Key("provider: acme\nname: x\nkey_type: server\nneeds: { endpoints: [GET /orders] }\nscopes: [orders.read, refunds.read]\n", &["5:23"]),
        R::UnprovenScope => Key("provider: acme\nname: x\nkey_type: server\nneeds: { endpoints: [GET /orders] }\nscopes: [orders.read, vault.write]\n", &["5:23"]),
        R::DeprecatedScope => Key("provider: acme\nname: x\nkey_type: server\nneeds: { scopes: [{ scope: orders.list, because: kept }] }\nscopes: [orders.list]\n", &["5:10"]),
        R::RiskyScope => Key("provider: acme\nname: x\nkey_type: server\nneeds: { endpoints: [\"GET /orders/{id}\"] }\nscopes: [orders.write]\n", &["5:10"]),
        R::ReadScopeCanWrite => Key("provider: acme\nname: x\nkey_type: server\nneeds: { endpoints: [POST /refunds] }\nscopes: [refunds.read]\n", &["5:10"]),
        R::ExposedScope => Key("provider: acme\nname: x\nkey_type: browser\nneeds: { endpoints: [POST /orders] }\nscopes: [orders.write]\n", &["5:10"]),
        R::ForbiddenEndpoint => Key("provider: acme\nname: x\nkey_type: server\nneeds: { endpoints: [POST /payouts] }\nnever: [GET /payouts]\nscopes: [payouts.write]\n", &["5:9"]),
        R::OverBudget => Key("provider: acme\nname: x\nkey_type: server\nneeds: { endpoints: [GET /orders] }\nscopes: [orders.admin]\n", &["2:7"]),
        R::RiskyCombination => Key("provider: acme\nname: x\nkey_type: server\nneeds: { endpoints: [POST /accounts, POST /payouts] }\nscopes: [accounts.write, payouts.write]\n", &["5:26"]),
        R::EnvironmentDrift => Key("provider: acme\nname: x\nkey_type: server\nneeds: { endpoints: [GET /orders] }\nscopes: [orders.read]\nenvironments: { test: {}, live: { scopes: [refunds.read] } }\n", &["6:27"]),
        R::ExpiredKey => Key("provider: acme\nname: x\nkey_type: server\nexpires: 2026-11-01\n", &["4:10"]),
        R::UnusedAllowance => Key("provider: acme\nname: x\nkey_type: server\nneeds: { endpoints: [GET /orders] }\nscopes: [orders.read]\nallow: [{ rule: unneeded-scope, reason: r, owner: o, until: 2026-12-31 }]\n", &["6:17"]),
        R::UnexplainedAllowance => Key("provider: acme\nname: x\nkey_type: server\nneeds: { endpoints: [GET /orders] }\nscopes: [orders.read, refunds.read]\nallow: [{ rule: unneeded-scope }]\n", &["6:17"]),
        R::ExpiredAllowance => Key("provider: acme\nname: x\nkey_type: server\nneeds: { endpoints: [GET /orders] }\nscopes: [orders.read, refunds.read]\nallow: [{ rule: unneeded-scope, reason: r, owner: o, until: 2026-11-01 }]\n", &["6:61"]),
        R::DuplicateEndpoint => Case::Catalog("  GET /status:", "  GET /orders/{name}: orders.read\n  GET /status:", &["GET /orders/{name}"]),
        R::UnknownReference => Case::Catalog("endpoints: [POST /accounts,", "endpoints: [POST /acounts,", &["POST /acounts"]),
        R::ImplicationCycle => Case::Catalog("see payouts, key_types", "see payouts, implies: payouts.write, key_types", &["payouts.write"]),
        R::MalformedPath => Case::Catalog("GET /status:", "GET status:", &["GET status"]),
        R::FailedExample => Case::Catalog("endpoint: GET /payouts, verdict: allowed", "endpoint: GET /orders, verdict: allowed", &["allowed"]),
        R::AccessMismatch => Case::Catalog("rule: access-mismatch, scope: refunds.read", "rule: access-mismatch, scope: other", &["refunds.read"]),
        R::DeadPattern => Case::Catalog("GET /payouts: payouts.read", "GET /payouts: payouts.read\n  GET /payouts/*: payouts.read", &["GET /payouts/*"]),
        R::DeadRequirement => Case::Catalog("GET /payouts: payouts.read", "GET /payouts: { scope: payouts.read, key_types: [browser] }", &["GET /payouts"]),
        R::SuspiciousAll => Case::Catalog("POST /orders: orders.write", "POST /orders: { all: [orders.admin, orders.read] }", &["POST /orders"]),
        R::UnexplainedRisk => Case::Catalog("because: pays to any account, ", "", &["payouts.write"]),
        R::ConflictingScopes => Key("provider: acme\nname: x\nkey_type: server\nscopes: [orders.read, identity.basic, refunds.read]\n", &["4:23"]),
        R::BroadKeyType => Key("provider: acme\nname: x\nkey_type: browser\nneeds: { endpoints: [GET /report] }\nscopes: []\n", &["3:11"]),
        R::PublicWrite => Case::Catalog("GET /status:", "POST /status:", &["POST /status"]),
        R::UnscopedCatalog => Elsewhere("src/lint/rules/unscoped_catalog.md"),
        R::UndeclaredScope => Case::Catalog("rule: undeclared-scope, scope: ghost.write", "rule: undeclared-scope, scope: other", &["ghost.write"]),
        R::OverturnedExample => Elsewhere("tests/scopes/extends.rs"),
        R::OverlappingEndpoint => Case::Catalog("  GET /orders/old: {", "  GET /orders/old: {", &["GET /orders/old"]),
        R::ScopeWithoutEndpoint => Case::Catalog("title: Acme", "title: Acme", &["scopes"]),
        R::BundleExceedsKeyType => Case::Catalog("title: Acme", "title: Acme", &["shop"]),
        R::FlatRisk => Elsewhere("src/lint/rules/flat_risk.md"),
        R::MissingSummary => Case::Catalog("{ summary: move the clock, environments", "{ environments", &["scopes"]),
        R::StaleSource => Case::Catalog("verified: 2026-11-20", "verified: 2025-11-20", &["2025-11-20"]),
    }
}

fn source(text: &str) -> Source {
    Source {
        name: "key.yaml".to_owned(),
        text: text.to_owned(),
        syntax: Syntax::Yaml,
    }
}

fn acme() -> Catalog {
    load_catalog(&source(ACME))
        .catalog
        .expect("a catalog without a fault")
}

/// What a rule alone says of a key.
fn of_key(rule: RuleId, text: &str) -> Vec<String> {
    let acme = Arc::new(acme());
    let catalogs = |provider: &str| -> CatalogOfKey {
        if provider == "acme" {
            return Ok(Arc::clone(&acme));
        }
        let place = Path::root().field("provider").value();
        Err(Box::new(Finding::new(
            R::UnknownProvider,
            place,
            "there is none",
        )))
    };
    let checker: KeyChecker<'_> = KeyChecker {
        catalogs: &catalogs,
        others: &|name| Err(Unread::here(name)),
        prefixes: &[],
        policy: &Policy::on(Date(TODAY.to_owned())),
        baseline: None,
        budget: Budget {
            excess_writes: Some(1),
            reachable: Some(20),
        },
        prepare: &|_, _| Ok(()),
    };
    let Ok(said) = checker.check(source(text));
    let map = said.source.source_map();
    let own = said.findings.iter().filter(|finding| finding.rule == rule);
    own.map(|finding| {
        let at = map.position(map.span(&finding.place).start);
        format!("{}:{}", at.line, at.column)
    })
    .collect()
}

/// The words at which a rule alone speaks in a catalog.
fn of_catalog(rule: RuleId, text: &str) -> Vec<String> {
    let day = Date(TODAY.to_owned());
    let (raw, _) = RawFindings::of_catalog(source(text), &day);
    let said = raw.settled(&Policy::on(day), None, &mut Ordinals::default());
    let map = said.source.source_map();
    let own = said.findings.iter().filter(|finding| finding.rule == rule);
    own.map(|finding| said.source.text[map.span(&finding.place)].to_owned())
        .collect()
}

#[test]
fn each_rule_alone() {
    for rule in RuleId::ALL.iter().copied() {
        match case(rule) {
            Key(text, places) => assert_eq!(of_key(rule, text), places, "{rule}:\n{text}"),
            Case::Catalog(old, new, words) => {
                assert!(ACME.contains(old), "{rule}: {old}");
                assert_eq!(
                    of_catalog(rule, &ACME.replacen(old, new, 1)),
                    words,
                    "{rule}: {new}"
                );
            }
            Elsewhere(file) => {
                let path = root().join(file);
                let text = std::fs::read_to_string(path).expect("a file of tests");
                assert!(text.contains(rule.name()), "{rule} is not tested in {file}");
            }
        }
    }
}

/// A key without a fault: no rule speaks.
#[test]
fn no_rule_speaks_without_a_fault() {
    let sound = "provider: acme\nname: x\nkey_type: server\nneeds: { endpoints: [GET /orders] }\nscopes: [orders.read]\n";
    for rule in RuleId::ALL.iter().copied() {
        assert_eq!(of_key(rule, sound), [""; 0], "{rule}");
    }
}
