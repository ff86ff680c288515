//! A key file: read, judged and linted, in whatever way it is wrong.

use scopes::check::judge;
use scopes::lint::{Outlook, Permission, lint_key};
use scopes::load::{declared_identity, load_key};
use scopes::model::{Budget, Catalog};

use super::{acme, places_hold, source, today};

/// Places are in the text, a key keeps the promises of its own file, and reading twice says the same.
pub(crate) fn holds(data: &[u8]) {
    thread_local! {
        static CATALOG: Catalog = acme();
    }
    let Some(source) = source(data) else { return };
    CATALOG.with(|catalog| {
        let loaded = load_key(&source, Some(catalog));
        places_hold(&source, &loaded.findings);
        let again = load_key(&source, Some(catalog));
        assert_eq!(loaded.findings.len(), again.findings.len());
        let _ = declared_identity(&source);
        let bare = load_key(&source, None);
        places_hold(&source, &bare.findings);
        let Some(key) = loaded.key else {
            assert!(
                !loaded.findings.is_empty(),
                "no key, and no finding says why"
            );
            return;
        };
        let judgement = judge(catalog, &key, Budget::default());
        let findings = lint_key(&judgement, &today(), loaded.findings);
        places_hold(&source, &findings);
        let outlook = Outlook::of(&judgement);
        assert!(
            outlook.permits(&outlook) == Permission::Safe,
            "no change is a safe change"
        );
    });
}
