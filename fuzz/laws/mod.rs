//! What holds whatever the bytes are: one law a target. A law panics where it is broken; that it ends in time and in little
//! memory is for whoever runs it to see.
//!
//! The fuzzer runs these on bytes of its own, and the tests of `scopes` on every file of the corpus.

#![allow(dead_code, reason = "each target uses one of the laws")]

pub(crate) mod catalog;
pub(crate) mod fix;
pub(crate) mod importer;
pub(crate) mod key_file;
pub(crate) mod log;
pub(crate) mod pattern;
pub(crate) mod requirement;
pub(crate) mod route;

use scopes::finding::Finding;
use scopes::model::Catalog;
use scopes::source::{Date, Source, Syntax};

/// Choices made by bytes; where they end, the first of each.
pub(crate) struct Choices<'a>(&'a [u8]);

impl Choices<'_> {
    /// A number below a bound.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                usize::from(*first) % bound
            }
            None => 0,
        }
    }

    /// One of some things.
    pub(crate) fn of<'t, T: ?Sized>(&mut self, things: &[&'t T]) -> &'t T {
        things[self.below(things.len())]
    }

    /// Whether nothing is left to choose by.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The day that all laws hold on.
pub(crate) fn today() -> Date {
    Date::parse("2026-11-26").expect("a date")
}

/// The first byte says how the rest is written.
pub(crate) fn source(data: &[u8]) -> Option<Source> {
    let (first, rest) = data.split_first()?;
    let (name, syntax) = match first % 3 {
        0 => ("file.yaml", Syntax::Yaml),
        1 => ("file.json", Syntax::Json),
        _ => ("file.toml", Syntax::Toml),
    };
    Source::from_bytes(name, syntax, rest).ok()
}

/// The catalog that keys are judged by.
pub(crate) fn acme() -> Catalog {
    let source = Source {
        name: "acme.yaml".to_owned(),
        text: include_str!("catalog.yaml").to_owned(),
        syntax: Syntax::Yaml,
    };
    let loaded = scopes::load::load_catalog(&source);
    loaded.catalog.expect("the catalog of the laws is right")
}

/// Every place is one in the text.
pub(crate) fn places_hold(source: &Source, findings: &[Finding]) {
    let located = source.source_map();
    for finding in findings {
        let span = located.span(&finding.place);
        assert!(
            source.text.get(span.clone()).is_some(),
            "{} at {span:?}",
            finding.rule
        );
        let position = located.position(span.start);
        assert!(position.line >= 1 && position.column >= 1);
        let fixed = finding
            .fix
            .as_ref()
            .and_then(|fix| located.splices(&fix.edits));
        if let Some(splices) = fixed {
            let _ = scopes::source::spliced(&source.text, &splices);
        }
    }
}
