//! A key file and the catalog that it names.

use crate::explain::{Written, WrittenKind};
use crate::model::{Grant, GrantKind, KeyEnvironment};
use std::path::Path;
use std::sync::Arc;

use super::catalogs::Catalogs;
use super::file_kind::refuse_other;
use super::files::{
    FileKind, Origin, read_other, read_source, read_stdin, refuse_other_syntax, shown,
};
use super::session::Session;
use super::user_error::UserError;
use crate::finding::{Finding, Level, RuleId};
use crate::lint::level;
use crate::load::{
    KeyReading, LoadedKey, Others, Places, Unread, declared_provider, hide_all, load_read_key,
    mask_secrets,
};
use crate::model::{Catalog, Key};
use crate::source::{Path as FieldPath, Source};

/// The catalog that a key file names; else what to say, which is nothing where its provider cannot be read.
pub(super) fn catalog_of(
    source: &Source,
    folder: Option<&Path>,
    catalogs: &Catalogs,
) -> Result<Arc<Catalog>, Option<Box<Finding>>> {
    let provider = declared_provider(source).ok_or(None)?;
    catalog_named(&provider, folder, catalogs).map_err(Some)
}

/// The catalog of a provider, by the name that a key file has for it; else what to say.
pub(super) fn catalog_named(
    provider: &str,
    folder: Option<&Path>,
    catalogs: &Catalogs,
) -> Result<Arc<Catalog>, Box<Finding>> {
    catalogs.for_key(provider, folder).map_err(|error| {
        let place = FieldPath::root().field("provider").value();
        let mut finding = Finding::new(RuleId::UnknownProvider, place, error.to_string());
        finding.help = error
            .downcast_ref::<UserError>()
            .and_then(|refusal| refusal.help.clone());
        Box::new(finding)
    })
}

/// The files that a key file names, as `read` gives them; their secrets are masked.
pub(super) fn others_of(
    source: &Source,
    catalog: &Catalog,
    catalogs: &Catalogs,
    read: &dyn Fn(&str) -> Result<Source, Unread>,
) -> Others {
    Others::read(KeyReading::of(source).others(), |name| {
        Ok(mask_secrets(read(name)?, catalogs.own_prefixes(), Some(catalog)).0)
    })
}

/// Loads a key file whose secrets are masked, with the files that it names, as `read` gives them.
pub(super) fn load_with_others(
    source: &Source,
    catalog: &Catalog,
    catalogs: &Catalogs,
    read: &dyn Fn(&str) -> Result<Source, Unread>,
) -> (LoadedKey, Others) {
    let reading = KeyReading::of(source);
    let others = others_of(source, catalog, catalogs, read);
    let loaded = load_read_key(source, reading, Some(catalog), &others);
    (loaded, others)
}

/// Why the scopes of a key are unknown: they stand in another file, and cannot be read there.
pub(super) fn unreadable(findings: &[Finding]) -> Option<&Finding> {
    let mut findings = findings.iter();
    findings.find(|finding| finding.rule == RuleId::UnreadableScopes)
}

/// A key file as far as it could be read, with its catalog.
pub(super) struct ReadKey {
    pub(super) catalog: Arc<Catalog>,
    pub(super) key: Key,
    /// Whether the file names something that its provider does not have, or has another fault: the answer is about the rest.
    pub(super) has_unknown: bool,
}

/// A key file and its catalog, for commands that ask about a key. What is wrong with the file is said, and the rest is
/// answered. Fails where not even provider and name can be read.
pub(super) fn read_key(
    path: &Path,
    catalogs: &Catalogs,
    session: &mut Session,
) -> anyhow::Result<ReadKey> {
    let name = shown(path);
    let source = if path == Path::new("-") {
        let source = read_stdin(FileKind::Key)?;
        refuse_other_syntax(&source, |name| {
            format!("save it as a file: --key-file {name}")
        })?;
        source
    } else {
        read_source(path, FileKind::Key, Origin::Named)?
            .map_err(|reason| UserError::new(format!("cannot read `{name}`: {reason}")))?
    };
    refuse_other(&source)?;
    let prefixes = catalogs.own_prefixes();
    let help = || format!("scopes check --key-file {name}");
    let catalog = match catalog_of(&source, path.parent(), catalogs) {
        Ok(catalog) => catalog,
        Err(Some(finding)) => {
            return Err(UserError::new(hide_all(&finding.message, prefixes))
                .help(finding.help.unwrap_or_else(help))
                .into());
        }
        Err(None) => {
            return Err(
                UserError::new(format!("`{name}` cannot be read as a key file"))
                    .help(help())
                    .into(),
            );
        }
    };
    let (source, _) = mask_secrets(source, prefixes, Some(&catalog));
    let read = |name: &str| read_other(path.parent(), name);
    let (loaded, _) = load_with_others(&source, &catalog, catalogs, &read);
    if let Some(finding) = unreadable(&loaded.findings) {
        let (file, position) = Places::of(&source, &loaded.borrowed).position(&finding.place);
        let message = format!(
            "{file}:{}:{}: {}",
            position.line, position.column, finding.message
        );
        return Err(UserError::new(message)
            .help(finding.help.clone().unwrap_or_else(help))
            .into());
    }
    let Some(key) = loaded.key else {
        return Err(
            UserError::new(format!("`{name}` cannot be read as a key file"))
                .help(help())
                .into(),
        );
    };
    let faults: Vec<&Finding> = loaded
        .findings
        .iter()
        .filter(|finding| level(finding) == Level::Error)
        .collect();
    if !faults.is_empty() {
        let places = Places::of(&source, &loaded.borrowed);
        for finding in &faults {
            let (file, position) = places.position(&finding.place);
            let message = format!(
                "{file}:{}:{}: {}",
                position.line, position.column, finding.message
            );
            session.complain(&message, finding.advice().as_deref());
        }
    }
    session.judged_by(&catalog.edition());
    Ok(ReadKey {
        has_unknown: !faults.is_empty(),
        catalog,
        key: key.as_named(),
    })
}

/// What a key is given in one environment.
pub(super) fn granted(key: &Key, environment: Option<&KeyEnvironment>) -> Vec<Written> {
    let local = environment.map_or(&[][..], |environment| &environment.grants);
    // If a retired name has several replacements, it is unknown which of them the key has.
    let is_plain = |grant: &&Grant| grant.retired.is_none_or(|retired| retired.is_alone);
    key.grants
        .iter()
        .chain(local)
        .filter(is_plain)
        .map(|grant| Written {
            name: grant.name.clone(),
            members: grant.members.clone(),
            kind: match grant.kind {
                GrantKind::Scope(_) => WrittenKind::Scope,
                GrantKind::Bundle(_) => WrittenKind::Bundle,
                GrantKind::Wildcard => WrittenKind::Wildcard,
            },
        })
        .collect()
}
