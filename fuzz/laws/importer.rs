//! A provider's document: whatever is read of it becomes a catalog without an error.

use std::rc::Rc;

use scopes::finding::Level;
use scopes::lint::level;
use scopes::load::{
    Document, ImportOptions, Imported, import_dropbox, import_github, import_google,
    import_markdown, import_msgraph, import_openapi, import_slack, load_catalog,
};
use scopes::source::{Source, Syntax};

use super::{places_hold, source, today};

/// The second byte says which of the importers reads it.
pub(crate) fn holds(data: &[u8]) {
    let [syntax, kind, rest @ ..] = data else {
        return;
    };
    let mut text = vec![*syntax];
    text.extend_from_slice(rest);
    let Some(source) = source(&text) else { return };
    let kind_of = match kind {
        b'3'..=b'6' => kind - b'0',
        _ => kind % 3,
    };
    let document = Rc::new(match kind_of {
        3..=5 => Document::of_text(source),
        _ => Document::new(source),
    });
    let options = ImportOptions {
        provider: (kind & 8 != 0).then(|| "acme".to_owned()),
        array: None,
        scope_pattern: None,
        extensions: vec!["x-scopes".parse().expect("a route")],
        tags: Vec::new(),
        no_summaries: kind & 16 != 0,
        today: today(),
    };
    let Imported {
        catalog, findings, ..
    } = match kind_of {
        0 => import_openapi(
            &[document],
            &|_, _| Err("there is no other file".to_owned()),
            &options,
        ),
        1 => import_google(&[document], &options),
        2 => import_msgraph(&document, &options),
        3 => import_markdown(&[document], &options),
        4 => import_dropbox(&[document], &options),
        5 => import_github(&[document], &options),
        _ => import_slack(&[document], &options),
    };
    for (document, finding) in findings {
        places_hold(&document.source, &[finding]);
    }
    let Some(catalog) = catalog else { return };
    for syntax in [Syntax::Yaml, Syntax::Json] {
        let written = Source {
            name: "written".to_owned(),
            text: catalog.text(syntax),
            syntax,
        };
        let loaded = load_catalog(&written);
        for finding in &loaded.findings {
            assert!(
                level(finding) != Level::Error,
                "{}: {}\n{}",
                finding.rule,
                finding.message,
                written.text
            );
        }
    }
}
