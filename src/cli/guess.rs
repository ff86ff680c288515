//! What somebody may have meant by a name that is no scope, bundle or wildcard: one answer for every command.

use std::path::Path;
use std::rc::Rc;

use super::kinds::{looks_like_a_catalog, looks_like_a_key_file};
use super::refusal::Refusal;
use super::world::read_source;
use crate::model::{Catalog, NoRoute, Request, Wildcards};
use crate::source::nearest;

/// At most so many names are offered.
const MOST_OFFERED: usize = 4;

/// What is known of a name.
#[derive(Debug)]
pub(super) struct Guess {
    /// What to say, and what to do next.
    pub(super) refusal: Refusal,
    /// Whether the name is known as something else, so that another command was meant.
    pub(super) is_other: bool,
}

impl Guess {
    fn other(message: String, help: impl Into<String>) -> Self {
        Self {
            refusal: Refusal::new(message).help(help),
            is_other: true,
        }
    }

    fn unknown(message: String, help: impl Into<String>) -> Self {
        Self {
            refusal: Refusal::new(message).help(help),
            is_other: false,
        }
    }
}

/// What a name may mean that none of some catalogs knows as a scope, a bundle or a wildcard.
pub(super) fn guess(name: &str, catalogs: &[Rc<Catalog>]) -> Guess {
    let as_other = || {
        catalogs
            .iter()
            .find_map(|catalog| in_catalog(name, catalog))
    };
    as_other()
        .or_else(|| elsewhere(name, catalogs))
        .unwrap_or_else(|| near(name, catalogs))
}

/// A name that a catalog has for something else than a scope, or had.
fn in_catalog(name: &str, catalog: &Catalog) -> Option<Guess> {
    let (provider, handle) = (&catalog.provider, &catalog.handle);
    if catalog.recipe(name).is_some() {
        return Some(Guess::other(
            format!("`{name}` is a recipe of {provider}, not a scope"),
            format!("scopes recommend -p {handle} --recipe {name}"),
        ));
    }
    if catalog.event(name).is_some() {
        return Some(Guess::other(
            format!("`{name}` is an event of {provider}, not a scope"),
            format!("scopes explain -p {handle} {name}"),
        ));
    }
    if name == provider {
        return Some(Guess::other(
            format!("`{name}` is a provider, not a scope"),
            format!("scopes show {handle}"),
        ));
    }
    if catalog.key_type(name).is_some() && catalog.key_types.len() > 1 {
        return Some(Guess::other(
            format!("`{name}` is a key type of {provider}, not a scope"),
            format!("name the scopes, with --key-type {name}"),
        ));
    }
    if catalog.environment(name).is_some() {
        return Some(Guess::other(
            format!("`{name}` is an environment of {provider}, not a scope"),
            format!("name the scopes, with -e {name}"),
        ));
    }
    let (_, replaced_by) = catalog
        .retired
        .iter()
        .find(|(retired, _)| retired == name)?;
    let names: Vec<&str> = replaced_by.iter().map(|id| catalog.name(*id)).collect();
    let message = format!("`{name}` no longer exists: {provider} retired it");
    Some(match names.is_empty() {
        true => Guess::unknown(
            message,
            format!("`scopes show {handle} scopes` lists what there is"),
        ),
        false => Guess::unknown(message, format!("what replaced it: {}", names.join(" "))),
    })
}

/// A name that means something outside of catalogs: a rule, a path, a file.
fn elsewhere(name: &str, catalogs: &[Rc<Catalog>]) -> Option<Guess> {
    if crate::lint::rule(name).is_some() {
        return Some(Guess::other(
            format!("`{name}` is a rule, not a scope"),
            format!("scopes rule {name}"),
        ));
    }
    if let Some(kind) = kind_of_file(name) {
        let help = match kind {
            FileKind::Key => format!("scopes explain --key-file {name}"),
            FileKind::Catalog => format!("scopes show {name}, or name scopes with -p {name}"),
            FileKind::Other => "a list of names is read from standard input: `-`".to_owned(),
        };
        return Some(Guess::other(
            format!("`{name}` is a file, not a scope"),
            help,
        ));
    }
    if name.starts_with('/') || name.contains("://") {
        let methods = catalogs
            .iter()
            .find_map(|catalog| methods_of(name, catalog));
        let method = methods.as_ref().and_then(|methods| methods.first());
        let method = method.map_or("GET", String::as_str);
        let known = match &methods {
            Some(methods) => format!("; it exists with {}", methods.join(", ")),
            None => String::new(),
        };
        return Some(Guess::other(
            format!("`{name}` has no method{known}"),
            format!("an endpoint is 'METHOD /path': scopes explain '{method} {name}'"),
        ));
    }
    None
}

/// The methods with which a catalog has a path.
fn methods_of(path: &str, catalog: &Catalog) -> Option<Vec<String>> {
    let request = Request {
        method: String::new(),
        target: path.to_owned(),
        mode: None,
    };
    match catalog.find(&request) {
        Err(NoRoute::OtherMethods(methods)) => Some(methods),
        _ => None,
    }
}

enum FileKind {
    Key,
    Catalog,
    Other,
}

fn kind_of_file(name: &str) -> Option<FileKind> {
    let path = Path::new(name);
    if !name.contains(['/', '.']) || !path.is_file() {
        return None;
    }
    let source = read_source(path).ok()?.ok();
    Some(match source {
        Some(source) if looks_like_a_key_file(&source) => FileKind::Key,
        Some(source) if looks_like_a_catalog(&source) => FileKind::Catalog,
        _ => FileKind::Other,
    })
}

/// Names that are spelt almost the same, or begin, end or hold the one that was asked for.
fn near(name: &str, catalogs: &[Rc<Catalog>]) -> Guess {
    let message = match catalogs {
        [one] => format!("{} has no scope `{name}`", one.provider),
        _ => format!("no catalog knows `{name}`"),
    };
    let of = |catalog: &Catalog| match catalogs {
        [_] => String::new(),
        _ => format!(" of {}", catalog.provider),
    };
    if let ([catalog], true) = (catalogs, name.contains('*')) {
        let help = match &catalog.wildcards {
            Wildcards::Glob => "no scope matches this pattern".to_owned(),
            Wildcards::Named(named) if named.is_empty() => {
                format!(
                    "{} declares no wildcards; name the scopes",
                    catalog.provider
                )
            }
            Wildcards::Named(named) => {
                let wildcards: Vec<&str> = named.iter().map(|(one, _)| one.as_str()).collect();
                format!("its wildcards are {}", wildcards.join(", "))
            }
        };
        return Guess::unknown(message, help);
    }
    for catalog in catalogs {
        let names = names_of(catalog);
        if let Some(best) = nearest(name, names.iter().copied()).first() {
            return Guess::unknown(message, format!("did you mean `{best}`{}?", of(catalog)));
        }
    }
    let asked = name.to_lowercase();
    for catalog in catalogs.iter().filter(|_| asked.chars().count() > 2) {
        let names = names_of(catalog);
        let mut holding: Vec<&str> = names
            .into_iter()
            .filter(|name| name.to_lowercase().contains(&asked))
            .collect();
        if holding.is_empty() {
            continue;
        }
        holding.sort_by_key(|name| (!name.to_lowercase().starts_with(&asked), name.len()));
        let more = match holding.len().saturating_sub(MOST_OFFERED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        holding.truncate(MOST_OFFERED);
        let listed = holding.join(", ");
        return Guess::unknown(
            message,
            format!("names with it{}: {listed}{more}", of(catalog)),
        );
    }
    let help = match catalogs {
        [one] => format!("`scopes show {} scopes` lists them", one.handle),
        _ => "`scopes show PROVIDER scopes` lists what a provider has, `scopes list` the providers"
            .to_owned(),
    };
    Guess::unknown(message, help)
}

fn names_of(catalog: &Catalog) -> Vec<&str> {
    let scopes = catalog.scopes.iter().map(|scope| scope.name.as_str());
    scopes
        .chain(catalog.bundles.iter().map(|bundle| bundle.name.as_str()))
        .collect()
}
