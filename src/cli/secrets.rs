//! Secrets in files that are shared: masked before anything else reads the text, and reported.

use std::ops::Range;

use super::shelf::Shelf;
use crate::finding::Finding;
use crate::load::{find_possible_secrets, find_secrets, masked};
use crate::model::Catalog;
use crate::source::{Place, Source};

/// Masks every secret before anything else reads the text, and reports each.
///
/// `more` are prefixes beside those of the catalogs at hand.
pub(super) fn without_secrets(
    mut source: Source,
    shelf: &Shelf,
    more: &[String],
) -> (Source, Vec<Finding>) {
    let prefixes = shelf.prefixes();
    let prefixes: Vec<&str> = prefixes.iter().chain(more).map(String::as_str).collect();
    let secrets = find_secrets(&source.text, &prefixes, |_| false);
    source.text = masked(&source.text, &secrets);
    let mut found: Vec<(Range<usize>, String)> = secrets
        .into_iter()
        .map(|secret| (secret.span, secret.what))
        .collect();
    // What is written with escapes is a secret only once they are resolved.
    if source.text.contains('\\') {
        for (span, text) in source.texts() {
            if let Some(secret) = find_secrets(&text, &prefixes, |_| false).into_iter().next() {
                let written = &source.text[span.clone()];
                let quotes = usize::from(written.starts_with(['"', '\'']));
                let mut hidden = "x".repeat(written.len());
                hidden.replace_range(..quotes, &written[..quotes]);
                hidden.replace_range(written.len() - quotes.., &written[..quotes]);
                source.text.replace_range(span.clone(), &hidden);
                found.push((span, secret.what));
            }
        }
    }
    let findings = found.into_iter().map(|(span, what)| {
        Finding::new("secret-in-file", Place::At(span), format!("this is {what}"))
            .label("a key file never holds a key")
            .help("rotate it: it has been read by everybody who can read this file; then remove it here")
    });
    (source, findings.collect())
}

/// Masks and reports what looks like key material although no provider declares it.
pub(super) fn find_randomness(
    source: &mut Source,
    catalog: Option<&Catalog>,
    findings: &mut Vec<Finding>,
) {
    let is_known = |word: &str| catalog.is_some_and(|catalog| catalog.meaning(word).is_some());
    let found = find_possible_secrets(&source.text, is_known);
    if found.is_empty() {
        return;
    }
    source.text = masked(&source.text, &found);
    findings.extend(found.into_iter().map(|secret| {
        Finding::new(
            "possible-secret",
            Place::At(secret.span),
            "this may be a secret: a long random string",
        )
        .label("hidden here")
        .help("if it is one, rotate it and take it out; if not, accept it under `allow`")
    }));
}

/// What else is wrong with the words of a secret is no second fault.
pub(super) fn without_echoes(source: &Source, findings: &mut Vec<Finding>) {
    let is_secret =
        |finding: &Finding| matches!(finding.rule, "secret-in-file" | "possible-secret");
    if !findings.iter().any(is_secret) {
        return;
    }
    let located = source.located();
    let spans = |rule: &str| -> Vec<_> {
        let secrets = findings.iter().filter(|finding| finding.rule == rule);
        united(
            secrets
                .map(|finding| located.span(&finding.place))
                .collect(),
        )
    };
    let (certain, possible) = (spans("secret-in-file"), spans("possible-secret"));
    findings.retain(|finding| {
        let span = located.span(&finding.place);
        let stands_in = |secrets: &[Range<usize>]| {
            let next = secrets.partition_point(|secret| secret.end <= span.start);
            secrets
                .get(next)
                .is_some_and(|secret| overlaps(secret, &span))
        };
        match finding.rule {
            "secret-in-file" => true,
            "possible-secret" => !stands_in(&certain),
            _ => !stands_in(&certain) && !stands_in(&possible),
        }
    });
}

/// How the keys of a provider begin.
pub(super) fn prefixes_of(catalog: &Catalog) -> Vec<String> {
    let types = catalog.key_types.iter();
    types
        .flat_map(|key_type| key_type.prefixes.iter().cloned())
        .collect()
}

/// Ranges in their order, those that overlap as one.
fn united(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| range.start);
    let mut united: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match united.last_mut().filter(|last| range.start < last.end) {
            Some(last) => last.end = last.end.max(range.end),
            None => united.push(range),
        }
    }
    united
}

fn overlaps(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}
