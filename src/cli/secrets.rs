//! Secrets in files that are shared: masked before anything else reads the text, and reported.
//!
//! A text is masked where it is read, as far as nobody needs to know what file it is: see `files`. Here is what takes a
//! catalog, or is to be reported: key files, catalogs, the configuration and the baseline. What is written passes one more
//! net, in `session` and `files`.

use std::borrow::Cow;
use std::ops::Range;

use super::user_error::{UserError, faults};
use crate::finding::{Finding, RuleId};
use crate::load::{Grade, LoadedCatalog, Secret, find_secrets, hide_secrets, load_catalog, masked};
use crate::model::Catalog;
use crate::source::{Place, Source};

/// Masks every secret of a key file before anything else reads it, and reports each. A name of the catalog is not a secret.
///
/// `prefixes` are those of the user's catalogs, beside that of the key.
pub(super) fn without_secrets(
    mut source: Source,
    prefixes: &[String],
    catalog: Option<&Catalog>,
) -> (Source, Vec<Finding>) {
    let prefixes: Cow<'_, [String]> = match catalog.map(prefixes_of) {
        Some(own) if !own.is_empty() => Cow::Owned([prefixes, &own].concat()),
        _ => Cow::Borrowed(prefixes),
    };
    let is_known = |word: &str| catalog.is_some_and(|catalog| knows(catalog, word));
    let secrets = find_secrets(&source.text, &prefixes, is_known);
    if secrets.is_empty() {
        return (source, Vec::new());
    }
    source.text = masked(&source.text, &secrets);
    let findings = secrets.iter().map(finding).collect();
    (source, findings)
}

/// A catalog that is read from a text without its secrets.
pub(super) struct MaskedCatalog {
    /// The text, every secret masked.
    pub(super) source: Source,
    pub(super) loaded: LoadedCatalog,
    /// A finding for each secret.
    pub(super) secrets: Vec<Finding>,
}

/// Reads a catalog without its secrets. Its own prefixes count, and its own names are spared where they may be words: so it
/// is read once to know them, and again where it has a secret.
pub(super) fn masked_catalog(source: Source) -> MaskedCatalog {
    let loaded = load_catalog(&source);
    let prefixes = loaded.catalog.as_ref().map(prefixes_of).unwrap_or_default();
    let known = loaded.catalog.as_ref();
    let (source, secrets) = {
        let is_known = |word: &str| known.is_some_and(|catalog| knows(catalog, word));
        let found = find_secrets(&source.text, &prefixes, is_known);
        let text = masked(&source.text, &found);
        let secrets: Vec<Finding> = found.iter().map(finding).collect();
        (Source { text, ..source }, secrets)
    };
    let loaded = match secrets.is_empty() {
        true => loaded,
        false => load_catalog(&source),
    };
    MaskedCatalog {
        source,
        loaded,
        secrets,
    }
}

/// What is said of a secret in a file.
pub(super) fn finding(secret: &Secret) -> Finding {
    let place = Place::At(secret.span.clone());
    match secret.grade {
        Grade::Certain => Finding::new(
            RuleId::SecretInFile,
            place,
            format!("this is {}", secret.what),
        )
        .label("a shared file must not contain a secret")
        .help(
            "rotate it: it has been read by everybody who can read this file; then remove it here",
        ),
        Grade::Possible => Finding::new(
            RuleId::PossibleSecret,
            place,
            format!("this may be a secret: {}", secret.what),
        )
        .label("hidden here")
        .help("if it is one, rotate it and take it out; if not, accept it under `allow`"),
    }
}

/// Fails where a file that takes part in no check of its own has a secret: the configuration, the baseline.
pub(super) fn refuse_secrets(what: &str, source: &Source) -> Result<(), UserError> {
    let mut secrets = find_secrets(&source.text, &[], |_| false);
    secrets.retain(|secret| secret.grade == Grade::Certain);
    if secrets.is_empty() {
        return Ok(());
    }
    let text = masked(&source.text, &secrets);
    let masked = Source {
        text,
        ..source.clone()
    };
    let mut findings: Vec<Finding> = secrets.iter().map(finding).collect();
    for finding in &mut findings {
        finding.help = None;
    }
    let help =
        "rotate it: it has been read by everybody who can read this file; then remove it there";
    Err(faults(what, &masked, &findings).help(help))
}

/// A sentence without what is a secret and what may be one, for what is said of a text that no catalog explains.
pub(super) fn hide_all(text: &str, prefixes: &[String]) -> String {
    let hidden = hide_secrets(text, prefixes);
    masked(&hidden, &find_secrets(&hidden, prefixes, |_| false))
}

/// The last net: what is written passes it, whatever it is and wherever it came from.
#[derive(Debug, Default)]
pub(super) struct Net {
    /// The prefixes of keys that the user's catalogs declare.
    pub(super) prefixes: Vec<String>,
    /// Parts of the command line that may be secrets.
    pub(super) hidden: Vec<String>,
    /// Whether the answer is a text of ours, which may show what a secret looks like.
    pub(super) is_own_text: bool,
}

impl Net {
    /// What goes to standard output: names that a catalog knows stay.
    pub(super) fn answer<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let shown = match self.is_own_text {
            true => Cow::Borrowed(text),
            false => hide_secrets(text, &self.prefixes),
        };
        self.without_hidden(shown)
    }

    /// What goes to standard error.
    pub(super) fn remarks(&self, text: &str) -> String {
        let said = Cow::Owned(hide_all(text, &self.prefixes));
        self.without_hidden(said).into_owned()
    }

    fn without_hidden<'a>(&self, mut text: Cow<'a, str>) -> Cow<'a, str> {
        for hidden in &self.hidden {
            text = Cow::Owned(text.replace(hidden.as_str(), &"x".repeat(hidden.len())));
        }
        text
    }
}

/// What else is wrong with the words of a secret is no second fault.
pub(super) fn without_echoes(source: &Source, findings: &mut Vec<Finding>) {
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
    // A fix writes what is in the text, and a secret is not in it any more.
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

/// How the keys of a provider begin.
pub(super) fn prefixes_of(catalog: &Catalog) -> Vec<String> {
    let types = catalog.key_types.iter();
    types
        .flat_map(|key_type| key_type.prefixes.iter().cloned())
        .collect()
}

/// Whether a catalog has anything by a name.
fn knows(catalog: &Catalog, name: &str) -> bool {
    catalog.provider == name
        || catalog.meaning(name).is_some()
        || catalog.event(name).is_some()
        || catalog.recipe(name).is_some()
        || catalog.key_type(name).is_some()
        || catalog.environment(name).is_some()
        || catalog.modes.iter().any(|mode| mode == name)
        || catalog.retired.iter().any(|(retired, _)| retired == name)
}

/// Whether a text is in one of the names of a catalog.
pub(super) fn has_in_a_name(catalog: &Catalog, text: &str) -> bool {
    let scopes = catalog.scopes.iter().map(|one| &one.name);
    let bundles = catalog.bundles.iter().map(|one| &one.name);
    let events = catalog.events.iter().map(|one| &one.name);
    let recipes = catalog.recipes.iter().map(|one| &one.name);
    let retired = catalog.retired.iter().map(|(name, _)| name);
    let paths = catalog.endpoints.iter().map(|one| &one.path.text);
    let names = scopes.chain(bundles).chain(events).chain(recipes);
    let mut names = names.chain(retired).chain(paths);
    names.any(|name| name.contains(text)) || knows(catalog, text)
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
