//! What may stand where a value is expected.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

use clap_complete::engine::CompletionCandidate;

use super::context::Context;
use crate::cli::file_kind::{is_catalog_file, is_key_file};
use crate::finding::RuleId;
use crate::load::{find_certain_secrets, hide_secrets};
use crate::model::{Catalog, Described, EndpointId, Setting};
use crate::source::{Syntax, is_harmful};

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Provider,
    /// Scopes, bundles and wildcards; several in one argument.
    Scope,
    /// These, endpoints and events.
    Question,
    Endpoint,
    Recipe,
    Event,
    KeyType,
    Environment,
    KeyFile,
    /// A file of a catalog, or the name of a built-in one.
    Catalog,
    /// A file of a catalog.
    CatalogFile,
    /// What `diff` compares: files and providers, or scopes of a provider that is named.
    Compared,
    Rule,
    /// A rule and its level.
    Level,
    Revision,
}

/// One value, and what it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    pub(super) value: String,
    /// A few words, or nothing.
    pub(super) help: String,
}

impl Candidate {
    fn new(value: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            help: help.into(),
        }
    }

    pub(super) fn of(candidate: &CompletionCandidate) -> Self {
        let help = candidate.get_help().map(ToString::to_string);
        Self {
            value: candidate.get_value().to_string_lossy().into_owned(),
            help: help.unwrap_or_default(),
        }
    }

    pub(super) fn into_clap(self) -> CompletionCandidate {
        let help = (!self.help.is_empty()).then(|| self.help.into());
        CompletionCandidate::new(self.value).help(help)
    }
}

impl Kind {
    /// The values that begin as a word does. A name that could act on a terminal is none.
    pub(super) fn candidates(self, current: &str, context: &Context) -> Vec<Candidate> {
        let mut found = match self {
            Self::Provider => providers(context),
            Self::Scope => return in_a_list(current, |typed, _| scopes(typed, context)),
            Self::Question => {
                if is_endpoint(current) {
                    endpoints(current, context)
                } else {
                    return in_a_list(current, |typed, is_first| {
                        let mut names = scopes(typed, context);
                        names.extend(of_each(typed, context, Catalog::described_events));
                        if is_first && typed.is_empty() {
                            names.extend(endpoints(current, context));
                        }
                        names
                    });
                }
            }
            Self::Endpoint => endpoints(current, context),
            Self::Recipe => of_each(current, context, Catalog::described_recipes),
            Self::Event => of_each(current, context, Catalog::described_events),
            Self::KeyType => of_each(current, context, Catalog::described_key_types),
            Self::Environment => environments(current, context),
            Self::KeyFile => files(current, is_key_file),
            Self::CatalogFile => files(current, is_catalog_file),
            Self::Catalog => {
                let mut found = files(current, is_catalog_file);
                found.extend(providers(context));
                found
            }
            Self::Compared => return compared(current, context),
            Self::Rule => rules(),
            Self::Level => levels(current),
            Self::Revision => revisions(),
        };
        keep(&mut found, current);
        found
    }
}

fn keep(found: &mut Vec<Candidate>, current: &str) {
    found.retain(|one| one.value.starts_with(current) && !one.value.contains(is_harmful));
}

/// Completes the last name of a list in one argument; `names` is told what is typed of it, and whether it is the first.
fn in_a_list(current: &str, names: impl Fn(&str, bool) -> Vec<Candidate>) -> Vec<Candidate> {
    let start = current
        .rfind(|c: char| c.is_whitespace() || c == ',')
        .map_or(0, |at| at + 1);
    let (before, last) = current.split_at(start);
    let given: BTreeSet<&str> = before
        .split(|c: char| c.is_whitespace() || c == ',')
        .collect();
    let mut found = names(last, start == 0);
    keep(&mut found, last);
    found.retain(|one| !given.contains(one.value.as_str()));
    for one in &mut found {
        one.value.insert_str(0, before);
    }
    found
}

fn providers(context: &Context) -> Vec<Candidate> {
    let all = context.all().into_iter();
    all.map(|catalog| Candidate::new(catalog.provider.clone(), catalog.title.clone()))
        .collect()
}

/// What a candidate is called: with its provider, unless one is named.
fn about(is_named: bool, catalog: &Catalog, help: &str) -> String {
    match (is_named, help.is_empty()) {
        (true, _) => help.to_owned(),
        (false, true) => catalog.provider.clone(),
        (false, false) => format!("{}: {help}", catalog.provider),
    }
}

fn of_each(
    typed: &str,
    context: &Context,
    each: impl Fn(&Catalog) -> Vec<Described>,
) -> Vec<Candidate> {
    let is_named = context.names_a_provider();
    let catalogs = context.meant(typed);
    let mut found: Vec<Candidate> = Vec::new();
    for catalog in &catalogs {
        let names = each(catalog).into_iter();
        found
            .extend(names.map(|one| Candidate::new(one.name, about(is_named, catalog, &one.help))));
    }
    let mut seen = BTreeSet::new();
    found.retain(|one| seen.insert(one.value.clone()));
    found
}

fn scopes(typed: &str, context: &Context) -> Vec<Candidate> {
    of_each(typed, context, |catalog| {
        let mut names = catalog.described_scopes();
        names.extend(catalog.described_bundles());
        names.extend(catalog.described_wildcards());
        names
    })
}

/// The environments of the key that is named, else those of the catalog.
fn environments(current: &str, context: &Context) -> Vec<Candidate> {
    if let Some((_, Some(key))) = context.key()
        && !key.environments.is_empty()
    {
        let names = key.environments.iter();
        return names
            .map(|one| Candidate::new(one.name.clone(), ""))
            .collect();
    }
    of_each(current, context, Catalog::described_environments)
}

/// Whether a word begins as an endpoint does: with a method in capitals.
fn is_endpoint(word: &str) -> bool {
    let method = word.split(' ').next().unwrap_or_default();
    !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// The next part of an endpoint: its method, then one segment of its path after another, so that a long list of endpoints is
/// gone through as folders are.
fn endpoints(current: &str, context: &Context) -> Vec<Candidate> {
    let path = current.split_once(' ').map_or("", |(_, path)| path);
    let is_named = context.names_a_provider();
    let catalogs = context.meant(path);
    let mut found: Vec<Candidate> = Vec::new();
    let mut seen = BTreeSet::new();
    for catalog in &catalogs {
        let all: Vec<(EndpointId, String)> = catalog
            .endpoints
            .ids()
            .map(|id| (id, catalog.endpoint_name(id)))
            .filter(|(_, name)| name.starts_with(current))
            .collect();
        for (id, name) in &all {
            let end = next_part(name, current.len());
            let part = &name[..end];
            if !seen.insert(part.to_owned()) {
                continue;
            }
            let help = if end == name.len() {
                catalog.endpoints[*id].summary.clone().unwrap_or_default()
            } else {
                String::new()
            };
            found.push(Candidate::new(part, about(is_named, catalog, &help)));
        }
    }
    found
}

/// Where the next part of an endpoint ends, behind so many bytes: behind the space after the method, the next `/`, or at
/// the end.
fn next_part(name: &str, from: usize) -> usize {
    let Some((method, _)) = name.split_once(' ') else {
        return name.len();
    };
    if from <= method.len() {
        // The method, with the `/` that every path begins with.
        return (method.len() + 2).min(name.len());
    }
    let path = method.len() + 1;
    let from = from.max(path + 1).min(name.len());
    name[from..]
        .find('/')
        .map_or(name.len(), |at| from + at + 1)
}

fn rules() -> Vec<Candidate> {
    let rules = RuleId::ALL.iter();
    rules
        .map(|rule| Candidate::new(rule.name(), rule.rule().summary()))
        .collect()
}

/// A rule with `=`, then its levels.
fn levels(current: &str) -> Vec<Candidate> {
    match current.split_once('=') {
        Some((rule, _)) => {
            let levels = Setting::NAMES.iter();
            levels
                .map(|level| Candidate::new(format!("{rule}={level}"), ""))
                .collect()
        }
        None => {
            let rules = RuleId::ALL.iter().filter(|rule| rule.can_be_accepted());
            rules
                .map(|rule| Candidate::new(format!("{}=", rule.name()), rule.rule().summary()))
                .collect()
        }
    }
}

/// How many entries of a folder are looked into: a completion is not to be waited for.
const MOST_LOOKED_AT: usize = 200;

/// The folders and the files of a kind below what is written of a path.
fn files(current: &str, is_meant: impl Fn(&Path) -> bool) -> Vec<Candidate> {
    let (folder, _) = current
        .rsplit_once('/')
        .map_or(("", current), |(folder, rest)| {
            (&current[..=folder.len()], rest)
        });
    let place = if folder.is_empty() { "." } else { folder };
    let Ok(entries) = std::fs::read_dir(place) else {
        return Vec::new();
    };
    let mut looked_at = 0;
    let mut found = Vec::new();
    for entry in entries.flatten() {
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let value = format!("{folder}{name}");
        if has_secret(&name) {
            continue;
        }
        let is_hidden = name.starts_with('.') && !current[folder.len()..].starts_with('.');
        if is_hidden || !value.starts_with(current) {
            continue;
        }
        let path = entry.path();
        if path.is_dir() {
            found.push(Candidate::new(format!("{value}/"), ""));
        } else if Syntax::of(&path).is_some() {
            looked_at += 1;
            if looked_at > MOST_LOOKED_AT || is_meant(&path) {
                found.push(Candidate::new(value, ""));
            }
        }
    }
    found.sort();
    found
}

/// What two things may be compared: scopes where a provider is named, else key files, catalogs and providers.
fn compared(current: &str, context: &Context) -> Vec<Candidate> {
    if context.has_word("-p") || context.has_word("--provider") {
        return in_a_list(current, |typed, _| scopes(typed, context));
    }
    let is_ours = |path: &Path| is_key_file(path) || is_catalog_file(path);
    let mut found = files(current, is_ours);
    // `FILE@ENV` names an environment of a key.
    if let Some((file, _)) = current.rsplit_once('@') {
        let named = Context::of(&[file.to_owned(), String::new()]);
        if let Some((_, Some(key))) = named.key() {
            let environments = key.environments.iter();
            found
                .extend(environments.map(|one| Candidate::new(format!("{file}@{}", one.name), "")));
        }
    }
    found.extend(providers(context));
    keep(&mut found, current);
    found
}

/// The branches and tags of the repository, the newest first.
fn revisions() -> Vec<Candidate> {
    let output = Command::new("git")
        .args([
            "for-each-ref",
            "--count=100",
            "--sort=-committerdate",
            "--format=%(refname:short)%09%(contents:subject)",
            "refs/heads",
            "refs/remotes",
            "refs/tags",
        ])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output();
    let Ok(output) = output else {
        return Vec::new();
    };
    let text = String::from_utf8_lossy(&output.stdout);
    let mut found = vec![Candidate::new("HEAD", "the last commit")];
    let lines = text
        .lines()
        .map(|line| line.split_once('\t').unwrap_or((line, "")));
    let named = lines.filter(|(name, _)| !has_secret(name));
    found.extend(named.map(|(name, subject)| Candidate::new(name, subject)));
    found
}

/// Whether a name that no catalog knows has a secret in it: such a name is not offered.
fn has_secret(name: &str) -> bool {
    !find_certain_secrets(name, &[]).is_empty()
}

impl Candidate {
    /// Its help on one line, without secrets and what could act on a terminal.
    pub(super) fn shown_help(&self) -> String {
        let help = hide_secrets(&self.help, &[]);
        let line = help.lines().next().unwrap_or_default();
        let line: String = line
            .chars()
            .filter(|c| !is_harmful(*c) && *c != '\t')
            .collect();
        line
    }
}
