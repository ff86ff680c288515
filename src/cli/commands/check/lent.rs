//! Files that were named beside the keys of which they have the scopes: they are no keys, and may be fixed.

use std::collections::HashMap;
use std::path::PathBuf;

use super::candidates::Candidate;
use super::checker::{Answer, Checker};
use crate::cli::file_kind::is_key_file;
use crate::cli::files::shown;
use crate::cli::linter::{FixedFile, LookedFile, Run};
use crate::cli::session::Session;

/// The named files that have scopes of the keys that were looked at.
pub(super) struct Lent(HashMap<PathBuf, String>);

impl Lent {
    pub(super) fn of(files: &[Candidate], answers: &[Answer]) -> Self {
        let mut lenders = HashMap::new();
        for answer in answers {
            if let Answer::Looked(looked, _) = answer {
                for name in &looked.lenders {
                    if let Ok(real) = PathBuf::from(name).canonicalize() {
                        lenders.insert(real, name.clone());
                    }
                }
            }
        }
        let mut named = HashMap::new();
        if lenders.is_empty() {
            return Self(named);
        }
        for file in files.iter().filter(|file| !file.is_found) {
            let lender = file.path.canonicalize().ok();
            if let Some(name) = lender.and_then(|real| lenders.remove(&real))
                && !is_key_file(&file.path)
            {
                named.insert(file.path.clone(), name);
            }
        }
        Self(named)
    }

    /// Whether a file has scopes of a key, and is no key itself.
    pub(super) fn has(&self, file: &Candidate) -> bool {
        self.0.contains_key(&file.path)
    }

    /// Fixes the files, or shows how they would be, and looks again at the keys of which they have the scopes. A file with
    /// the scopes of several keys is not fixed: what one does not need, another may.
    pub(super) fn fix(
        &self,
        checker: &Checker<'_>,
        files: &[Candidate],
        run: &mut Run,
        session: &mut Session,
    ) {
        let mut lenders: Vec<(&PathBuf, &String)> = self.0.iter().collect();
        lenders.sort();
        for (path, name) in lenders {
            let is_borrower = |file: &LookedFile| file.lenders.contains(name);
            let mut keys = run.looked.iter_mut().filter(|file| is_borrower(file));
            let Some(key) = keys.next() else {
                continue;
            };
            let more: Vec<&str> = keys.map(|key| &*key.name).collect();
            if !more.is_empty() {
                let first = &key.name;
                let more = more.join(", ");
                session.remark(&format!(
                    "note: `{}` was not fixed: it has the scopes of several keys, {first}, {more}",
                    shown(path)
                ));
                continue;
            }
            match checker.fix_lender(&files[key.number], path, name) {
                Ok(None) => {}
                Ok(Some((fixed, again))) => {
                    if let Some(again) = again {
                        let (number, view) = (key.number, key.view.take());
                        *key = LookedFile {
                            number,
                            view,
                            ..LookedFile::of(again)
                        };
                    }
                    match fixed {
                        FixedFile::Written(name, made) => run.fixed.push((name, made)),
                        FixedFile::Shown(diff) => run.diffs.push_str(&diff),
                    }
                }
                Err(error) => session.fail(&error),
            }
        }
    }
}
