//! Findings as an editor shows them.

use std::collections::BTreeSet;
use std::convert::Infallible;

use lsp_types::{
    Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location,
    NumberOrString,
};

use super::document::{Checked, Document, Encoding, Kind};
use super::workspace::Workspace;
use crate::cli::catalogs::Catalogs;
use crate::cli::files::read_other;
use crate::finding::{Finding, Level, RuleId};
use crate::lint::{KeyChecker, Ordinals, RawFindings, level};
use crate::load::{Places, load_baseline, load_config, mask_secrets};
use crate::model::{Catalog, Key};
use crate::render::clean;
use crate::source::limits::{
    LARGEST_BASELINE, LARGEST_CATALOG, LARGEST_CONFIG, LARGEST_KEY, MIB, MOST_FINDINGS,
};
use crate::source::{NotText, Place, Source, Syntax};

/// Looks at the text of a document, unless that was done.
pub(super) fn look_at(document: &mut Document, workspace: &Workspace) {
    if document.checked.is_some() {
        return;
    }
    document.kind = workspace.kind_of(document);
    let checked = match document.kind {
        None => Checked {
            source: document.source.with_text(""),
            findings: Vec::new(),
        },
        Some(kind) if document.source.text.len() as u64 > most_bytes(kind) => {
            let most = most_bytes(kind) / MIB;
            let message = format!("this file is too large: the limit is {most} MiB");
            Checked {
                source: document.source.with_text(""),
                findings: vec![Finding::new(RuleId::SyntaxError, Place::At(0..0), message)],
            }
        }
        Some(_) if why_no_text(&document.source).is_some() => of_no_text(document, workspace),
        Some(Kind::Key) => of_key(document, workspace),
        Some(Kind::Catalog) => of_catalog(document, workspace),
        Some(Kind::Config) => {
            let mut source = document.source.clone();
            source.syntax = Syntax::Toml;
            of_other(source, |source| load_config(source).1)
        }
        Some(Kind::Baseline) => {
            let mut source = document.source.clone();
            source.syntax = Syntax::Json;
            of_other(source, |source| {
                load_baseline(source).err().unwrap_or_default()
            })
        }
    };
    document.checked = Some(checked);
}

fn most_bytes(kind: Kind) -> u64 {
    match kind {
        Kind::Key => LARGEST_KEY,
        Kind::Catalog => LARGEST_CATALOG,
        Kind::Config => LARGEST_CONFIG,
        Kind::Baseline => LARGEST_BASELINE,
    }
}

/// Why the commands would not read a document as text.
fn why_no_text(source: &Source) -> Option<NotText> {
    Source::from_bytes(&source.name, source.syntax, source.text.as_bytes()).err()
}

/// What the commands say of binary data.
fn of_no_text(document: &Document, workspace: &Workspace) -> Checked {
    let Some(why) = why_no_text(&document.source) else {
        return of_other(document.source.clone(), |_| Vec::new());
    };
    let raw = RawFindings::of_not_text(document.source.name.clone(), &why);
    let baseline = workspace.baseline.as_ref();
    let checked = raw.settled(&workspace.policy, baseline, &mut Ordinals::default());
    Checked {
        source: checked.source,
        findings: checked.findings,
    }
}

/// What `scopes check` says of it, by the same verb.
fn of_key(document: &Document, workspace: &Workspace) -> Checked {
    let Ok(checked) = with_checker(document, workspace, |checker| {
        checker.check(document.source.clone())
    });
    // An editor shows them at the list of the key that stands in another file, with the place there.
    let places = Places::of(&checked.source, &checked.borrowed);
    let mut findings = checked.findings;
    for finding in &mut findings {
        if places.far(&finding.place).is_some() {
            let (file, at) = places.position(&finding.place);
            let note = format!("it stands in {file}:{}:{}", at.line, at.column);
            finding.notes.push(note);
        }
    }
    drop(places);
    Checked {
        source: checked.source,
        findings,
    }
}

/// Calls a function with what checks a key file of this workspace.
pub(super) fn with_checker<T>(
    document: &Document,
    workspace: &Workspace,
    then: impl FnOnce(&KeyChecker<'_, Infallible>) -> T,
) -> T {
    let prefixes = workspace.catalogs.as_ref().map(Catalogs::own_prefixes);
    let checker = KeyChecker {
        catalogs: &|provider| workspace.catalog_of(document, provider),
        others: &|name| read_other(document.folder(), name),
        prefixes: prefixes.unwrap_or_default(),
        policy: &workspace.policy,
        baseline: workspace.baseline.as_ref(),
        budget: workspace.settings.config.budget,
        prepare: &|_: &mut Key, _: &Catalog| Ok(()),
    };
    then(&checker)
}

/// What `scopes lint` says of it, by the same verb.
fn of_catalog(document: &mut Document, workspace: &Workspace) -> Checked {
    let today = &workspace.policy.today;
    let (raw, catalog) = RawFindings::of_catalog(document.source.clone(), today);
    if let Some(catalog) = catalog {
        document.catalog = Some(catalog.into());
    }
    let baseline = workspace.baseline.as_ref();
    let checked = raw.settled(&workspace.policy, baseline, &mut Ordinals::default());
    Checked {
        source: checked.source,
        findings: checked.findings,
    }
}

fn of_other(source: Source, load: impl Fn(&Source) -> Vec<Finding>) -> Checked {
    let (source, mut findings) = mask_secrets(source, &[], None);
    findings.extend(load(&source));
    Checked { source, findings }
}

/// What was found in a document.
pub(super) fn diagnostics(document: &Document, encoding: Encoding) -> Vec<Diagnostic> {
    let Some(checked) = &document.checked else {
        return Vec::new();
    };
    let located = checked.source.source_map();
    let range = |place: &Place| document.range(located.span(place), encoding);
    let findings = checked.findings.iter().take(MOST_FINDINGS);
    findings
        .map(|finding| {
            let related = finding.related.iter().map(|(place, label)| {
                let location = Location::new(document.uri.clone(), range(place));
                DiagnosticRelatedInformation {
                    location,
                    message: clean(label).into_owned(),
                }
            });
            let related: Vec<_> = related.collect();
            Diagnostic {
                range: range(&finding.place),
                severity: Some(severity(level(finding))),
                code: Some(NumberOrString::String(finding.rule.name().to_owned())),
                source: Some("scopes".to_owned()),
                message: message(finding),
                related_information: (!related.is_empty()).then_some(related),
                tags: tags(finding.rule),
                ..Diagnostic::default()
            }
        })
        .collect()
}

fn severity(level: Level) -> DiagnosticSeverity {
    match level {
        Level::Error => DiagnosticSeverity::ERROR,
        Level::Warning => DiagnosticSeverity::WARNING,
        Level::Note => DiagnosticSeverity::INFORMATION,
    }
}

/// How an editor may draw it.
fn tags(rule: RuleId) -> Option<Vec<DiagnosticTag>> {
    match rule {
        RuleId::UnneededScope | RuleId::RedundantScope | RuleId::DuplicateScope => {
            Some(vec![DiagnosticTag::UNNECESSARY])
        }
        RuleId::DeprecatedScope | RuleId::DeprecatedEndpoint => {
            Some(vec![DiagnosticTag::DEPRECATED])
        }
        _ => None,
    }
}

/// Everything that a code frame says, a line each.
fn message(finding: &Finding) -> String {
    let mut lines = vec![finding.message.clone()];
    lines.extend(finding.label.clone());
    lines.extend(finding.notes.iter().map(|note| format!("note: {note}")));
    lines.extend(finding.advice().map(|help| format!("help: {help}")));
    let mut seen = BTreeSet::new();
    lines.retain(|line| seen.insert(line.clone()));
    clean(&lines.join("\n")).into_owned()
}
