//! What another edition of a catalog does to keys: what they lose, what they gain without asking, what is gone.

use std::path::PathBuf;

use super::DiffArgs;
use crate::check::{EnvironmentJudgement, NeedState, judge};
use crate::cli::catalogs::Catalogs;
use crate::cli::files::{FileKind, Origin, read_source, shown};
use crate::cli::key::as_named;
use crate::cli::kinds::is_key_file;
use crate::cli::session::Session;
use crate::cli::user_error::UserError;
use crate::cli::walk::Walked;
use crate::finding::Group;
use crate::load::{declared_provider, load_key, mask_secrets};
use crate::model::{Budget, EndpointId};
use crate::model::{Catalog, NeedKind};
use crate::render::difference::Affected;

/// What another edition of a catalog does to keys.
pub(super) fn affected(
    args: &DiffArgs,
    old: &Catalog,
    new: &Catalog,
    catalogs: &Catalogs,
    session: &mut Session,
) -> Vec<Affected> {
    let mut files: Vec<(PathBuf, Origin)> = Vec::new();
    for path in &args.keys {
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
        let source = match read_source(&path, FileKind::Key, origin) {
            Ok(Ok(source)) => source,
            Err(error) => {
                session.fail(&error);
                continue;
            }
            Ok(Err(reason)) => {
                let message = format!("cannot read `{}`: {reason}", shown(&path));
                session.refuse(&UserError::new(message));
                continue;
            }
        };
        let (source, _) = mask_secrets(source, catalogs.own_prefixes(), Some(new));
        if declared_provider(&source).is_none_or(|name| name != new.provider && !name.contains('/'))
        {
            continue;
        }
        let (before, after) = (load_key(&source, Some(old)), load_key(&source, Some(new)));
        let (Some(before_key), Some(after_key)) =
            (before.key.map(as_named), after.key.map(as_named))
        else {
            continue;
        };
        let known: Vec<String> = before
            .findings
            .into_iter()
            .map(|finding| finding.message)
            .collect();
        let unknown: Vec<String> = after
            .findings
            .iter()
            .filter(|finding| {
                finding.rule.group() == Group::Names && !known.contains(&finding.message)
            })
            .filter_map(|finding| finding.scope.clone().or_else(|| finding.endpoint.clone()))
            .collect();
        let (was, is) = (
            judge(old, &before_key, Budget::default()),
            judge(new, &after_key, Budget::default()),
        );
        for (was, is) in was.environments.iter().zip(&is.environments) {
            let names = |catalog: &Catalog, indices: &[EndpointId]| -> Vec<String> {
                indices
                    .iter()
                    .map(|index| catalog.endpoint_name(*index))
                    .collect()
            };
            let reached = names(old, &was.reach);
            let met = |judged: &EnvironmentJudgement<'_>,
                       catalog: &Catalog|
             -> Vec<(String, bool)> {
                let endpoints = judged
                    .needs
                    .iter()
                    .filter_map(|(need, state)| match need.kind {
                        NeedKind::Endpoint(_) | NeedKind::Choice(_) => Some((
                            catalog.need_name(need.kind),
                            matches!(state, NeedState::Met | NeedState::NotNeeded),
                        )),
                        NeedKind::Event(_) | NeedKind::Scope(_) => None,
                    });
                endpoints.collect()
            };
            let (met_before, met_after) = (met(was, old), met(is, new));
            let is_met = |name: &String| met_after.iter().any(|(other, met)| other == name && *met);
            let needs = is.needs.iter().map(|(need, _)| need.kind);
            let needed: Vec<EndpointId> = needs.flat_map(|kind| new.endpoints_of(kind)).collect();
            let needed = names(new, &needed);
            let one = Affected {
                file: source.name.clone(),
                environment: is.name().map(str::to_owned),
                loses: met_before
                    .iter()
                    .filter(|(name, met)| *met && !is_met(name))
                    .map(|(name, _)| name.clone())
                    .collect(),
                gains: names(new, &is.reach)
                    .into_iter()
                    .filter(|name| !reached.contains(name) && !needed.contains(name))
                    .collect(),
                unknown: unknown.clone(),
            };
            if !(one.loses.is_empty() && one.gains.is_empty() && one.unknown.is_empty()) {
                all.push(one);
            }
        }
    }
    all
}
