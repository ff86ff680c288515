//! The keys that another edition of a catalog may affect.

use std::path::PathBuf;

use crate::cli::catalogs::Catalogs;
use crate::cli::file_kind::is_key_file;
use crate::cli::files::{FileKind, Origin, read_other, read_source, shown};
use crate::cli::key::others_of;
use crate::cli::session::Session;
use crate::cli::user_error::UserError;
use crate::cli::walk::Walked;
use crate::diff::{self, Affected};
use crate::load::{declared_provider, mask_secrets};
use crate::model::Catalog;

/// How another edition of a catalog affects the keys in some files and folders. Reports what cannot be read.
pub(super) fn affected(
    paths: &[PathBuf],
    old: &Catalog,
    new: &Catalog,
    catalogs: &Catalogs,
    session: &mut Session,
) -> Vec<Affected> {
    let mut files: Vec<(PathBuf, Origin)> = Vec::new();
    for path in paths {
        if path.is_dir() {
            let walked = Walked::below(path, is_key_file);
            files.extend(walked.files.into_iter().map(|file| (file, Origin::Found)));
            session.refuse_each(&walked.unreadable);
        } else {
            files.push((path.clone(), Origin::Named));
        }
    }
    let mut all = Vec::new();
    for (path, origin) in files {
        match read_source(&path, FileKind::Key, origin) {
            Ok(Ok(source)) => {
                let (source, _) = mask_secrets(source, catalogs.own_prefixes(), Some(new));
                let provider = declared_provider(&source);
                let is_meant = |name: String| name == new.provider || name.contains('/');
                if provider.is_some_and(is_meant) {
                    let others = others_of(&source, new, catalogs, &|name| {
                        read_other(path.parent(), name)
                    });
                    all.extend(diff::affected(&source, &others, old, new));
                }
            }
            Ok(Err(reason)) => {
                let message = format!("cannot read `{}`: {reason}", shown(&path));
                session.refuse(&UserError::new(message));
            }
            Err(error) => session.fail(&error),
        }
    }
    all
}
