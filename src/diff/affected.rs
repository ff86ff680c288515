//! What a new edition of a catalog changes for a key: lost endpoints, endpoints gained without being needed, and
//! unknown names.

use crate::check::{EnvironmentJudgement, NeedState, judge};
use crate::finding::Group;
use crate::load::{KeyReading, LoadedKey, Others, load_read_key};
use crate::model::{Budget, Catalog, EndpointId, Key, NeedKind};
use crate::source::Source;

/// A key that another edition of its catalog affects, in one environment.
#[derive(Debug, Clone)]
pub struct Affected {
    /// Its file.
    pub file: String,
    /// Its environment, where the file names one.
    pub environment: Option<String>,
    /// Needed endpoints that it can call no longer.
    pub loses: Vec<String>,
    /// Endpoints that it can call now although it does not need them.
    pub gains: Vec<String>,
    /// Names that the new edition does not have.
    pub unknown: Vec<String>,
}

impl Affected {
    fn is_empty(&self) -> bool {
        self.loses.is_empty() && self.gains.is_empty() && self.unknown.is_empty()
    }
}

/// What a new edition of a catalog does to the key of a file, in each environment that it affects; `others` are the files
/// that it names. A file that cannot be
/// read as a key is not affected.
pub fn affected(source: &Source, others: &Others, old: &Catalog, new: &Catalog) -> Vec<Affected> {
    let load = |catalog| load_read_key(source, KeyReading::of(source), Some(catalog), others);
    let (before, after) = (load(old), load(new));
    let unknown = newly_unknown(&before, &after);
    let as_named = |loaded: LoadedKey| loaded.key.map(Key::as_named);
    let (Some(before), Some(after)) = (as_named(before), as_named(after)) else {
        return Vec::new();
    };
    let was = judge(old, &before, Budget::default());
    let is = judge(new, &after, Budget::default());
    let environments = was.environments.iter().zip(&is.environments);
    let all = environments.map(|(was, is)| in_environment(source, [old, new], [was, is], &unknown));
    all.filter(|one| !one.is_empty()).collect()
}

/// The names that the old edition has and the new one does not.
fn newly_unknown(before: &LoadedKey, after: &LoadedKey) -> Vec<String> {
    let known: Vec<&str> = before.findings.iter().map(|one| &*one.message).collect();
    after
        .findings
        .iter()
        .filter(|one| one.rule.group() == Group::Names && !known.contains(&&*one.message))
        .filter_map(|one| one.scope.clone().or_else(|| one.endpoint.clone()))
        .collect()
}

fn in_environment(
    source: &Source,
    [old, new]: [&Catalog; 2],
    [was, is]: [&EnvironmentJudgement<'_>; 2],
    unknown: &[String],
) -> Affected {
    let reached = names(old, was.reach.iter().copied());
    let met = met(is, new);
    let needs = is.needs.iter().map(|(need, _)| need.kind);
    let needed = names(new, needs.flat_map(|kind| new.endpoints_of(kind)));
    let mut gains = names(new, is.reach.iter().copied());
    gains.retain(|name| !reached.contains(name) && !needed.contains(name));
    let mut loses = self::met(was, old);
    loses.retain(|name| !met.contains(name));
    Affected {
        file: source.name.clone(),
        environment: is.name().map(str::to_owned),
        loses,
        gains,
        unknown: unknown.to_vec(),
    }
}

fn names(catalog: &Catalog, endpoints: impl Iterator<Item = EndpointId>) -> Vec<String> {
    let names = endpoints.map(|endpoint| catalog.endpoint_name(endpoint));
    names.collect()
}

/// The needs for endpoints that are met, by name.
fn met(judged: &EnvironmentJudgement<'_>, catalog: &Catalog) -> Vec<String> {
    let is_met = |state: &NeedState| matches!(state, NeedState::Met | NeedState::NotNeeded);
    let is_call = |kind: NeedKind| matches!(kind, NeedKind::Endpoint(_) | NeedKind::Choice(_));
    let needs = judged.needs.iter();
    needs
        .filter(|(need, state)| is_call(need.kind) && is_met(state))
        .map(|(need, _)| catalog.need_name(need.kind))
        .collect()
}
