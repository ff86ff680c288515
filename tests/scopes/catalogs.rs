//! The built-in catalogs: their counts, their examples, and what must hold of each.

use scopes::explain::example_verdict;
use scopes::load::{builtin_knowing, builtin_names, builtin_text, load_builtin, load_catalog};
use scopes::model::{Auth, Catalog, Effect, Response, Risk};
use scopes::render::catalog::Listed;
use scopes::source::{Source, Syntax};

use crate::program::Folder;

fn builtin(name: &str) -> Catalog {
    let text = builtin_text(name).expect("a built-in catalog");
    let loaded = load_catalog(&Source {
        name: name.to_owned(),
        text,
        syntax: Syntax::Yaml,
    });
    assert_eq!(loaded.findings, [], "{name}");
    loaded.catalog.expect("a catalog")
}

fn scoped(catalog: &Catalog) -> impl Iterator<Item = &scopes::model::Endpoint> {
    catalog
        .endpoints
        .iter()
        .filter(|endpoint| endpoint.auth.name() == "scoped")
}

fn with_method(catalog: &Catalog, method: &str) -> usize {
    catalog
        .endpoints
        .iter()
        .filter(|endpoint| endpoint.method == method)
        .count()
}

fn with_auth(catalog: &Catalog, auth: &str) -> usize {
    catalog
        .endpoints
        .iter()
        .filter(|endpoint| endpoint.auth.name() == auth)
        .count()
}

/// How many endpoints name a scope.
fn uses(catalog: &Catalog, scope: &str) -> usize {
    let id = catalog.scope_id(scope).expect("a scope");
    scoped(catalog)
        .filter(|endpoint| {
            endpoint
                .auth
                .requirement()
                .is_some_and(|r| r.scopes().contains(&id))
        })
        .count()
}

/// The catalogs that were written by hand from the pages of their providers.
const BY_HAND: [&str; 5] = ["crossmint", "dynamic", "elebne", "paxos", "piratecrew"];

/// The catalogs of which somebody has looked at every risk.
fn reviewed() -> impl Iterator<Item = &'static str> {
    let reviewed = scopes::load::builtin().iter().filter(|one| one.reviewed);
    reviewed.map(|one| one.name)
}

#[test]
fn every_catalog_keeps_its_own_examples() {
    for name in reviewed() {
        let catalog = builtin(name);
        let least = if BY_HAND.contains(&name) { 9 } else { 5 };
        assert!(catalog.examples.len() >= least, "{name}");
        for example in &catalog.examples {
            let verdict = example_verdict(&catalog, example);
            assert_eq!(
                verdict, example.verdict,
                "{name}: {:?} on {}",
                example.scopes, example.request
            );
        }
    }
}

/// Every verdict that an endpoint of a catalog can give has an example there.
#[test]
fn every_verdict_that_occurs_has_an_example() {
    for name in BY_HAND {
        let catalog = builtin(name);
        let has = |verdict: &str| {
            catalog
                .examples
                .iter()
                .any(|example| example.verdict == verdict)
        };
        let any =
            |test: &dyn Fn(&scopes::model::Endpoint) -> bool| catalog.endpoints.iter().any(test);
        for verdict in ["allowed", "missing-scope", "no-such-endpoint"] {
            assert!(has(verdict), "{name}: {verdict}");
        }
        let occurs = [
            ("rejected", any(&|endpoint| endpoint.rejected.is_some())),
            (
                "not-stated",
                any(&|endpoint| endpoint.auth == Auth::NotStated && endpoint.rejected.is_none()),
            ),
            (
                "no-key-needed",
                any(&|endpoint| endpoint.auth == Auth::Public || endpoint.keyless.is_some()),
            ),
            (
                "wrong-environment",
                catalog.environments.len() > 1 && any(&|e| e.environments.iter().count() == 1),
            ),
            ("wrong-key-type", catalog.key_types.len() > 1),
        ];
        for (verdict, occurs) in occurs {
            assert!(!occurs || has(verdict), "{name}: {verdict}");
        }
    }
}

/// At most half of a catalog stands out, rounded up: of three scopes, two may.
#[test]
fn a_high_risk_says_why_and_everything_has_a_summary() {
    for name in reviewed() {
        let catalog = builtin(name);
        let mut risky = 0;
        for scope in &catalog.scopes {
            let is_told = scope.summary.is_some() || !BY_HAND.contains(&name);
            assert!(is_told, "{name}: {}", scope.name);
            let of_types = scope.risk_on.iter().map(|(_, risk)| *risk);
            if of_types.fold(scope.risk, Risk::max) >= Risk::High {
                risky += 1;
                assert!(says(scope.because.as_ref()), "{name}: {}", scope.name);
            }
        }
        let most = catalog.scopes.len().div_ceil(2);
        assert!(risky <= most, "{name}: {risky} of {}", catalog.scopes.len());
        assert!(
            catalog
                .sources
                .iter()
                .all(|source| source.verified.is_some()),
            "{name}"
        );
    }
}

/// Whether a text is there and holds words.
fn says(text: Option<&String>) -> bool {
    text.is_some_and(|text| text.split_whitespace().count() > 1)
}

/// A combination is of several scopes, stands out, and says why; no two are of the same scopes.
#[test]
fn a_combination_names_its_risk_and_why() {
    for name in reviewed() {
        let catalog = builtin(name);
        assert!(!catalog.combinations.is_empty(), "{name}");
        let mut seen = std::collections::HashSet::new();
        for combination in &catalog.combinations {
            let mut scopes = combination.scopes.clone();
            scopes.sort_unstable();
            scopes.dedup();
            assert!(scopes.len() > 1, "{name}: {}", combination.because);
            assert!(
                combination.risk >= Risk::High,
                "{name}: {}",
                combination.because
            );
            assert!(says(Some(&combination.because)), "{name}");
            assert!(seen.insert(scopes), "{name}: {}", combination.because);
        }
    }
}

/// What a provider answers, and where scopes are changed, where its page says so.
#[test]
fn answers_and_where_scopes_are_changed() {
    let answers: Vec<(&str, Vec<String>, bool)> = BY_HAND
        .into_iter()
        .map(|name| {
            let catalog = builtin(name);
            let answer = |response: &Response| {
                let (status, code) = (response.status, response.code.as_deref());
                format!(
                    "{} {} {}",
                    response.verdict,
                    status.unwrap_or_default(),
                    code.unwrap_or_default()
                )
            };
            let answers = catalog.responses.iter().map(answer).collect();
            (name, answers, catalog.manage.is_some())
        })
        .collect();
    let named = |answers: &[&str]| answers.iter().map(|answer| (*answer).to_owned()).collect();
    assert_eq!(
        answers,
        [
            ("crossmint", named(&[]), false),
            ("dynamic", named(&[]), true),
            (
                "elebne",
                named(&[
                    "missing-scope 403 SCOPE_REQUIRED",
                    "wrong-key-type 403 SECRET_KEY_REQUIRED"
                ]),
                true
            ),
            ("paxos", named(&[]), true),
            (
                "piratecrew",
                named(&["missing-scope 403 forbidden", "rejected 400 bad_request"]),
                true
            ),
        ]
    );
}

/// The Wallets SDK takes client keys only, so nobody who uses it is told to take a server key.
#[test]
fn a_key_of_the_wallets_sdk_is_not_told_to_become_a_server_key() {
    let folder = Folder::new("wallets-sdk");
    let key = |scopes: &str, needs: &str| {
        format!(
            "provider: crossmint\nname: app\nowner: app\npurpose: wallets in the app\nkey_type: client\n\
             needs:\n  endpoints:\n{needs}scopes: [{scopes}]\nenvironments: {{ production: {{}} }}\n"
        )
    };
    folder.write(
        "app.yaml",
        key(
            "wallets.create, wallets:transactions.sign, wallets:signatures.create, \
             credentials.decrypt, users.create, users.read",
            "    - POST /2025-06-09/wallets/me\n    \
             - POST /2025-06-09/wallets/{walletLocator}/transactions/{transactionId}/approvals\n    \
             - POST /2025-06-09/wallets/{walletLocator}/signatures\n    \
             - POST /v1-alpha1/credentials/decryption/decrypt\n    \
             - PUT /2025-06-09/users/{userLocator}\n    \
             - GET /2025-06-09/users/{userLocator}\n",
        ),
    );
    let check = folder.scopes(&["check", "app.yaml"]);
    assert_eq!(check.status, 0, "{}", check.all());
    // Paying into wallets is nothing that the SDK is known to do.
    folder.write(
        "fund.yaml",
        key(
            "wallets.fund",
            "    - POST /2024-09-26/wallets/{walletLocator}/balances\n",
        ),
    );
    let check = folder.scopes(&["check", "fund.yaml"]);
    assert!(
        check.out.contains("error[exposed-scope]"),
        "{}",
        check.all()
    );
    let catalog = builtin("crossmint");
    let client = catalog.key_type("client").expect("a type");
    let grave: Vec<&str> = catalog
        .scopes
        .iter()
        .filter(|scope| scope.key_types.has(client) && scope.risk_on(client) >= Risk::High)
        .map(|scope| scope.name.as_str())
        .collect();
    assert_eq!(grave, ["wallets.fund"]);
}

/// The least key for the guide on redeeming adds an account and pays out to it, which is worth a look.
#[test]
fn a_key_that_redeems_is_a_risky_combination() {
    let folder = Folder::new("redeem");
    folder.write(
        "redeem.yaml",
        "provider: paxos\nname: redeem\nowner: treasury\npurpose: redeem to the house bank\n\
         needs: { recipes: [redeem] }\n\
         scopes:\n  - orchestration:read_orchestration\n  - orchestration:write_orchestration\n  \
         - orchestration:write_orchestration_rule\n  - transfer:read_fiat_account\n  \
         - transfer:write_fiat_account\nenvironments: { production: {} }\n",
    );
    let check = folder.scopes(&["check", "redeem.yaml", "--format", "short"]);
    assert_eq!(check.status, 1, "{}", check.all());
    for because in [
        "can add an account and redeem to it",
        "can add an account and set a rule that pays out to it",
    ] {
        assert!(check.out.contains(because), "{}", check.all());
    }
}

#[test]
fn crossmint() {
    let catalog = builtin("crossmint");
    assert_eq!((catalog.scopes.len(), catalog.endpoints.len()), (32, 97));
    let server = catalog.key_type("server").expect("a type");
    let client = catalog.key_type("client").expect("a type");
    let carried = |key_type: scopes::model::KeyTypeId| {
        catalog
            .scopes
            .iter()
            .filter(|scope| scope.key_types.has(key_type))
            .count()
    };
    assert_eq!((carried(server), carried(client)), (30, 15));
    assert_eq!(
        catalog
            .scopes
            .iter()
            .filter(|scope| scope.name.contains(':'))
            .count(),
        11
    );
    assert_eq!(with_auth(&catalog, "not-stated"), 6);
    for scope in ["nfts.transfer", "billing.readonly", "credentials.delete"] {
        assert!(
            !catalog.opens_something(catalog.scope_id(scope).expect("a scope")),
            "{scope}"
        );
    }
    let silent = catalog
        .scopes
        .iter()
        .zip(0..)
        .filter(|(_, id)| !catalog.opens_something(scopes::model::ScopeId(*id)));
    assert_eq!(silent.count(), 3);
    assert_eq!(
        catalog
            .endpoints
            .iter()
            .filter(|endpoint| endpoint.keyless.is_some())
            .count(),
        3
    );
    let retired: Vec<&str> = catalog
        .retired
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(retired, ["nfts.mint", "nfts.checkout"]);
}

#[test]
fn elebne() {
    let catalog = builtin("elebne");
    assert_eq!(
        (
            catalog.scopes.len(),
            catalog.endpoints.len(),
            catalog.events.len()
        ),
        (18, 8, 12)
    );
    let publishable = catalog.key_type("publishable").expect("a type");
    let open = |set: &scopes::model::ScopeSet| {
        set.iter()
            .filter(|id| catalog.scope(*id).key_types.has(publishable))
            .count()
    };
    let bundles: Vec<(&str, usize, usize)> = catalog
        .bundles
        .iter()
        .map(|bundle| {
            (
                bundle.name.as_str(),
                bundle.scopes.len(),
                open(&bundle.scopes),
            )
        })
        .collect();
    assert_eq!(bundles, [("pay", 6, 3), ("store", 11, 5), ("full", 18, 8)]);
    let secret_only = catalog
        .scopes
        .iter()
        .filter(|scope| !scope.key_types.has(publishable))
        .count();
    assert_eq!(secret_only, 10);
    assert!(catalog.key_types[publishable].ignores_disallowed);
}

#[test]
fn dynamic() {
    let catalog = builtin("dynamic");
    assert_eq!((catalog.scopes.len(), catalog.endpoints.len()), (14, 128));
    let methods = ["GET", "POST", "PUT", "DELETE"].map(|method| with_method(&catalog, method));
    assert_eq!(methods, [52, 31, 26, 19]);
    assert_eq!(
        catalog
            .endpoints
            .iter()
            .filter(|endpoint| endpoint.deprecated)
            .count(),
        8
    );
    let mut paths: Vec<String> = catalog
        .endpoints
        .iter()
        .map(|endpoint| endpoint.path.shape())
        .collect();
    paths.sort_unstable();
    paths.dedup();
    assert_eq!(paths.len(), 83);
    let expected = [
        ("environment.settings.write", 52),
        ("environment.settings.read", 26),
        ("environment.users.read", 14),
        ("environment.users.write", 13),
        ("environment.analytics.read", 6),
        ("environment.webhooks.read", 4),
        ("environment.webhooks.write", 4),
        ("environment.events.read", 3),
        ("environment.apiTokens.write", 2),
        ("environment.apiTokens.read", 1),
        ("environment.balances.read", 1),
        ("waas.authenticate", 1),
        ("waas.delegatedAccess.signMessage", 1),
        ("environment.events.write", 0),
    ];
    for (scope, number) in expected {
        assert_eq!(uses(&catalog, scope), number, "{scope}");
    }
    let read_posts = catalog
        .endpoints
        .iter()
        .filter(|e| e.method == "POST" && e.effect == Effect::Read);
    assert_eq!(read_posts.count(), 1);
}

#[test]
fn piratecrew() {
    let catalog = builtin("piratecrew");
    assert_eq!((catalog.scopes.len(), catalog.endpoints.len()), (3, 27));
    assert_eq!(*catalog.modes, ["unsigned", "signed"]);
    assert_eq!(
        catalog
            .endpoints
            .iter()
            .filter(|endpoint| endpoint.rejected.is_some())
            .count(),
        8
    );
    assert_eq!(with_auth(&catalog, "none"), 4);
    assert_eq!(with_auth(&catalog, "any-key"), 11);
    assert!(catalog.meaning("*").is_some());
}

#[test]
fn paxos() {
    let catalog = builtin("paxos");
    assert_eq!((catalog.scopes.len(), catalog.endpoints.len()), (66, 125));
    let alternatives = |number: usize| {
        scoped(&catalog)
            .filter(|e| {
                e.auth
                    .requirement()
                    .is_some_and(|r| r.alternatives().len() == number)
            })
            .count()
    };
    assert_eq!((alternatives(1), alternatives(2)), (115, 3));
    assert_eq!(
        (with_auth(&catalog, "none"), with_auth(&catalog, "any-key")),
        (5, 2)
    );
    assert_eq!(
        catalog
            .endpoints
            .iter()
            .filter(|endpoint| endpoint.deprecated)
            .count(),
        13
    );
    let used = catalog
        .scopes
        .iter()
        .filter(|scope| uses(&catalog, &scope.name) > 0)
        .count();
    assert_eq!(used, 63);
    for recipe in &catalog.recipes {
        assert_eq!(recipe.adequate.len(), 16, "{}", recipe.name);
    }
    let recipes: Vec<(&str, usize)> = catalog
        .recipes
        .iter()
        .map(|recipe| (recipe.name.as_str(), recipe.calls(&catalog).count()))
        .collect();
    assert_eq!(recipes, [("mint", 6), ("redeem", 5), ("convert", 4)]);
}

/// What a user's catalog says of answers is laid over what the built-in one says, verdict by verdict.
#[test]
fn an_overlay_corrects_one_answer_and_keeps_the_others() {
    let loaded = load_catalog(&Source {
        name: "over.yaml".to_owned(),
        text: "extends: piratecrew\nresponses: { rejected: { status: 422 } }\n".to_owned(),
        syntax: Syntax::Yaml,
    });
    assert_eq!(loaded.findings, []);
    let (over, below) = (loaded.catalog.expect("a catalog"), builtin("piratecrew"));
    let of = |catalog: &Catalog, verdict: &str| {
        let mut responses = catalog.responses.iter();
        let found = responses.find(|response| response.verdict == verdict);
        found.map(|response| (response.status, response.code.clone()))
    };
    assert_eq!(of(&over, "rejected"), Some((Some(422), None)));
    assert_eq!(of(&over, "missing-scope"), of(&below, "missing-scope"));
    assert_eq!(over.manage, below.manage);
    assert!(over.manage.is_some());
}

#[test]
fn a_faulty_answer_says_what_is_wrong_with_it() {
    let loaded = load_catalog(&Source {
        name: "acme.yaml".to_owned(),
        text: "provider: acme\nresponses:\n  missing-scopes: { status: 403 }\n  rejected: {}\n  \
               wrong-environment: { status: 4030 }\n"
            .to_owned(),
        syntax: Syntax::Yaml,
    });
    let said: Vec<String> = loaded
        .findings
        .iter()
        .map(|finding| {
            let help = finding.help.as_deref().unwrap_or_default();
            format!("{}: {}; {help}", finding.rule, finding.message)
        })
        .collect();
    assert_eq!(
        said,
        [
            "unknown-reference: unknown verdict `missing-scopes`; did you mean `missing-scope`?",
            "missing-field: missing field `status` or `code` of `rejected`; add what the provider answers: `status: 403`",
            "wrong-type: `4030` is not an HTTP status; a status is a number from 100 to 599",
        ]
    );
}

#[test]
fn a_built_in_catalog_is_the_same_however_it_is_read() {
    for name in scopes::load::builtin_names() {
        let quick = scopes::load::load_builtin(name).expect("a catalog");
        let source = scopes::source::Source {
            name: name.to_owned(),
            text: scopes::load::builtin_text(name).expect("a text"),
            syntax: scopes::source::Syntax::Yaml,
        };
        let loaded = scopes::load::load_catalog(&source);
        assert!(loaded.findings.is_empty(), "{name}: {:?}", loaded.findings);
        let whole = loaded.catalog.expect("a catalog");
        assert_eq!(
            scopes::render::catalog::json(&quick),
            scopes::render::catalog::json(&whole)
        );
    }
}

#[test]
fn the_index_says_of_each_catalog_what_the_catalog_says() {
    for entry in scopes::load::builtin() {
        let catalog = load_builtin(entry.name).expect("a catalog");
        assert_eq!(Listed::of_builtin(entry), Listed::of(&catalog));
        assert_eq!(entry.prefixes, catalog.prefixes());
        let text = builtin_text(entry.name).expect("a text");
        assert_eq!(
            entry.digest,
            scopes::source::Digest::of([text.as_str()]).as_str()
        );
    }
}

#[test]
fn the_index_finds_every_catalog_that_knows_a_name_or_an_endpoint() {
    let knows = |entry: &str, name: &str| builtin_knowing([name], []).any(|one| one == entry);
    let reaches = |entry: &str, target: &str| builtin_knowing([], [target]).any(|one| one == entry);
    let none: [&str; 0] = [];
    assert_eq!(builtin_knowing(none, none).count(), 0);
    for name in builtin_names() {
        let catalog = load_builtin(name).expect("a catalog");
        let scopes = catalog.scopes.iter().map(|one| one.name.clone());
        let bundles = catalog.bundles.iter().map(|one| one.name.clone());
        let events = catalog.events.iter().map(|one| one.name.clone());
        let recipes = catalog.recipes.iter().map(|one| one.name.clone());
        let retired = catalog.retired.iter().map(|(name, _)| name.clone());
        let calls = catalog.calls.iter().map(|(name, _)| name.clone());
        let names = scopes.chain(bundles).chain(events).chain(recipes);
        for one in names.chain(retired).chain(calls).chain([name.to_owned()]) {
            assert!(knows(name, &one), "{name}: {one}");
            assert!(knows(name, &one.to_uppercase()), "{name}: {one}");
        }
        let environments = catalog.environments.iter();
        let bases = environments.flat_map(|environment| &environment.bases);
        let bases: Vec<String> = bases
            .map(|base| base.text.replace(['{', '}'], ""))
            .collect();
        for endpoint in &catalog.endpoints {
            let path = &endpoint.path.text;
            let segments = path
                .split('/')
                .map(|one| if one.contains('{') { "42" } else { one });
            let concrete = segments.collect::<Vec<_>>().join("/");
            for target in [path, &concrete, &format!("{concrete}/?a=b")] {
                assert!(reaches(name, target), "{name}: {target}");
                for base in &bases {
                    let url = format!("{base}{target}");
                    assert!(reaches(name, &url), "{name}: {url}");
                }
            }
        }
    }
}
