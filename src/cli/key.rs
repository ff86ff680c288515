//! A key file and the catalog that it names.

use crate::explain::{Written, WrittenKind};
use crate::model::{Grant, GrantKind, KeyEnvironment};
use std::path::Path;
use std::sync::Arc;

use super::catalogs::Catalogs;
use super::file_kind::refuse_other;
use super::files::{FileKind, Origin, read_source, read_stdin, refuse_other_syntax, shown};
use super::session::Session;
use super::user_error::UserError;
use crate::finding::{Finding, Level, RuleId};
use crate::lint::level;
use crate::load::{declared_provider, hide_all, load_key, mask_secrets};
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
    let loaded = load_key(&source, Some(&catalog));
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
        let located = source.source_map();
        for finding in &faults {
            let position = located.position(located.span(&finding.place).start);
            let message = format!(
                "{name}:{}:{}: {}",
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
