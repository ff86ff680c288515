//! Secrets in the files that people share: masked before anything else reads the text, and reported.

use std::borrow::Cow;
use std::ops::Range;

use super::secret::{Grade, Secret, find_secrets, hide_secrets, masked};
use super::{LoadedCatalog, load_catalog};
use crate::finding::{Finding, RuleId};
use crate::model::Catalog;
use crate::source::{Place, Source};

/// Masks every secret of a key file before anything else reads it, and reports each. A name of the catalog is not a secret.
///
/// `prefixes` are those of the user's catalogs, beside that of the key.
pub fn mask_secrets(
    mut source: Source,
    prefixes: &[String],
    catalog: Option<&Catalog>,
) -> (Source, Vec<Finding>) {
    let prefixes: Cow<'_, [String]> = match catalog.map(Catalog::prefixes) {
        Some(own) if !own.is_empty() => Cow::Owned([prefixes, &own].concat()),
        _ => Cow::Borrowed(prefixes),
    };
    let is_known = |word: &str| catalog.is_some_and(|catalog| catalog.knows(word));
    let secrets = find_secrets(&source.text, &prefixes, is_known);
    if secrets.is_empty() {
        return (source, Vec::new());
    }
    source.text = masked(&source.text, &secrets);
    let findings = secrets.iter().map(secret_finding).collect();
    (source, findings)
}

/// A catalog that is read from a text without its secrets.
pub struct MaskedCatalog {
    /// The text, every secret masked.
    pub source: Source,
    /// The catalog, and what is wrong with its text.
    pub loaded: LoadedCatalog,
    /// A finding for each secret.
    pub secrets: Vec<Finding>,
}

/// Reads a catalog without its secrets. Its own prefixes count, and its own names are spared where they may be words: so it
/// is read once to know them, and again where it has a secret.
pub fn mask_catalog(source: Source) -> MaskedCatalog {
    let loaded = load_catalog(&source);
    let prefixes = loaded
        .catalog
        .as_ref()
        .map(Catalog::prefixes)
        .unwrap_or_default();
    let known = loaded.catalog.as_ref();
    let (source, secrets) = {
        let is_known = |word: &str| known.is_some_and(|catalog| catalog.knows(word));
        let found = find_secrets(&source.text, &prefixes, is_known);
        let text = masked(&source.text, &found);
        let secrets: Vec<Finding> = found.iter().map(secret_finding).collect();
        (Source { text, ..source }, secrets)
    };
    let loaded = if secrets.is_empty() {
        loaded
    } else {
        load_catalog(&source)
    };
    MaskedCatalog {
        source,
        loaded,
        secrets,
    }
}

/// The finding for a secret in a file.
pub fn secret_finding(secret: &Secret) -> Finding {
    let place = Place::At(secret.span.clone());
    match secret.grade {
        Grade::Certain => Finding::new(
            RuleId::SecretInFile,
            place,
            format!("this is {}", secret.what),
        )
        .label("a shared file must not contain a secret")
        .help("rotate it, as anyone who can read this file may have it; then remove it here"),
        Grade::Possible => Finding::new(
            RuleId::PossibleSecret,
            place,
            format!("this may be a secret: {}", secret.what),
        )
        .label("hidden here")
        .help("if it is one, rotate it and remove it; if not, accept it under `allow`"),
    }
}

/// Drops findings inside a secret, because they only follow from it.
pub fn without_echoes(source: &Source, findings: &mut Vec<Finding>) {
    let is_secret = |finding: &Finding| finding.rule.traits().is_secret;
    if !findings.iter().any(is_secret) {
        return;
    }
    let located = source.source_map();
    let secrets = findings.iter().filter(|finding| is_secret(finding));
    let secrets = united(
        secrets
            .map(|finding| located.span(&finding.place))
            .collect(),
    );
    let stands_in = |span: &Range<usize>| {
        let next = secrets.partition_point(|secret| secret.end <= span.start);
        secrets
            .get(next)
            .is_some_and(|secret| secret.start < span.end)
    };
    findings.retain(|finding| is_secret(finding) || !stands_in(&located.span(&finding.place)));
    // A fix must not write masked text back.
    for finding in findings.iter_mut() {
        let splices = finding
            .fix
            .as_ref()
            .and_then(|fix| located.splices(&fix.edits));
        let mut splices = splices.into_iter().flatten();
        if splices.any(|splice| stands_in(&splice.range) || splice.text.contains(MASK)) {
            finding.help = finding.advice();
            finding.fix = None;
        }
    }
}

/// The least that is left of a masked secret.
const MASK: &str = "xxxxxxxx";

/// Hides certain and possible secrets in a message about a text that no catalog explains.
pub fn hide_all(text: &str, prefixes: &[String]) -> String {
    let hidden = hide_secrets(text, prefixes);
    masked(&hidden, &find_secrets(&hidden, prefixes, |_| false))
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
