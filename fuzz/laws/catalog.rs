//! A catalog: what loads is right by construction.

use scopes::explain::example_verdict;
use scopes::finding::Level;
use scopes::lint::{level, lint_catalog};
use scopes::load::load_catalog;
use scopes::model::{Holder, Meaning, NeedKind};
use scopes::solve::solve;

use super::{places_hold, source, today};

/// Places are in the text, and every noun of a catalog that loads can be asked.
pub(crate) fn holds(data: &[u8]) {
    let Some(source) = source(data) else { return };
    let loaded = load_catalog(&source);
    places_hold(&source, &loaded.findings);
    let Some(catalog) = loaded.catalog else {
        let is_error = |finding| level(finding) == Level::Error;
        assert!(
            loaded.findings.iter().any(is_error),
            "no catalog, and no error says why"
        );
        return;
    };
    places_hold(&source, &lint_catalog(&catalog, &today()));
    for example in &catalog.examples {
        let _ = example_verdict(&catalog, example);
    }
    let twice = load_catalog(&source).catalog.expect("it loaded before");
    assert_eq!(catalog.edition(), twice.edition());
    let is_right = !loaded.findings.iter().any(|one| level(one) == Level::Error);
    for scope in catalog.scopes.iter().take(20) {
        let meaning = catalog.meaning(&scope.name).expect("a scope means itself");
        // What a catalog names twice was reported.
        let is_itself = matches!(meaning, Meaning::Scope(_));
        assert!(is_itself || !is_right);
    }
    for key_type in catalog.key_types.ids().take(2) {
        let holder = Holder {
            key_type,
            environment: None,
        };
        for endpoint in catalog.endpoints.ids().take(8) {
            let needs = [NeedKind::Endpoint(endpoint)];
            let _ = solve(&catalog, holder, &needs, &catalog.every_scope(), None);
        }
    }
}
