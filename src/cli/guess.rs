//! Guesses what was meant by a name that is not a scope, bundle or wildcard, for all commands alike.

use std::path::Path;
use std::sync::Arc;

use super::files::shown;
use super::meaning::{Meaning, handle_of_file, meaning, of_file};
use super::usage::quoted;
use super::user_error::UserError;
use crate::finding::RuleId;
use crate::model::{Catalog, NoRoute, Request, Wildcards};
use crate::source::nearest;

/// At most so many names are offered.
const MOST_OFFERED: usize = 4;

/// What is known about an unknown name.
#[derive(Debug)]
pub(super) struct Guess {
    /// What to say, and what to do next.
    pub(super) refusal: UserError,
    /// Whether the name is known as something else, so that another command was meant.
    pub(super) is_other: bool,
}

impl Guess {
    fn other(message: String, help: impl Into<String>) -> Self {
        Self {
            refusal: UserError::new(message).help(help),
            is_other: true,
        }
    }

    fn unknown(message: String, help: impl Into<String>) -> Self {
        Self {
            refusal: UserError::new(message).help(help),
            is_other: false,
        }
    }
}

/// What a name may mean that none of some catalogs knows as a scope, a bundle or a wildcard.
pub(super) fn guess(name: &str, catalogs: &[Arc<Catalog>]) -> Guess {
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
            format!("name the scopes and add --key-type {name}"),
        ));
    }
    if catalog.environment(name).is_some() {
        return Some(Guess::other(
            format!("`{name}` is an environment of {provider}, not a scope"),
            format!("name the scopes and add -e {name}"),
        ));
    }
    let (_, replaced_by) = catalog
        .retired
        .iter()
        .find(|(retired, _)| retired == name)?;
    let names: Vec<&str> = replaced_by.iter().map(|id| catalog.name(*id)).collect();
    let message = format!("`{name}` no longer exists: {provider} retired it");
    Some(if names.is_empty() {
        Guess::unknown(
            message,
            format!("`scopes show {handle} scopes` lists the current scopes"),
        )
    } else {
        Guess::unknown(message, format!("replaced by: {}", names.join(" ")))
    })
}

/// A name that means something outside of catalogs: a rule, a path, a file.
fn elsewhere(name: &str, catalogs: &[Arc<Catalog>]) -> Option<Guess> {
    if RuleId::parse(name).is_some() {
        return Some(Guess::other(
            format!("`{name}` is a rule, not a scope"),
            format!("scopes rule {name}"),
        ));
    }
    let is_path = name.contains(['/', '.']);
    if let Some(kind) = of_file(name).filter(|_| is_path) {
        let shell = quoted(name);
        let help = match kind {
            Meaning::KeyFile => format!("scopes explain --key-file {shell}"),
            Meaning::CatalogFile => {
                let handle = quoted(&handle_of_file(name));
                format!("scopes show {shell}, or name scopes with -p {handle}")
            }
            Meaning::Folder => format!("scopes check {shell}"),
            Meaning::Log => format!("scopes recommend -p PROVIDER --log {shell}"),
            _ => format!("pass a list of names on standard input: `- < {shell}`"),
        };
        let noun = match kind {
            Meaning::Folder => "folder",
            _ => "file",
        };
        return Some(Guess::other(
            format!("`{name}` is a {noun}, not a scope"),
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

/// What to say of a path where there is nothing; what to do where its name says nothing either.
pub(super) fn no_such_path(path: &Path, catalogs: &[Arc<Catalog>], otherwise: &str) -> UserError {
    let name = shown(path);
    let is_folder = name.ends_with('/');
    if let Some(meaning) = meaning(&name, catalogs)
        && let Some(command) = meaning.command(&name)
    {
        let noun = meaning.noun();
        let message = format!("there is no file or folder `{name}`; it is the name of {noun}");
        return UserError::new(message).help(command);
    }
    let what = if is_folder {
        "folder"
    } else {
        "file or folder"
    };
    let help = match near_path(path) {
        Some(near) => format!("did you mean `{near}`?"),
        None => otherwise.to_owned(),
    };
    UserError::new(format!("there is no {what} `{name}`")).help(help)
}

/// A file or folder whose name is spelt almost as that of a path where there is nothing.
pub(super) fn near_path(path: &Path) -> Option<String> {
    let parent = path.parent()?;
    let name = path.file_name()?.to_string_lossy().into_owned();
    let folder = if parent.as_os_str().is_empty() {
        Path::new(".")
    } else {
        parent
    };
    // Do not list a huge folder only for a hint.
    let entries = std::fs::read_dir(folder).ok()?.take(1000).flatten();
    let names: Vec<String> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.sort_unstable();
    let stem = |text: &str| text.split('.').next().unwrap_or_default().to_owned();
    let same_stem = || {
        let mut others = names.iter().copied();
        others.find(|other| !stem(&name).is_empty() && stem(other) == stem(&name))
    };
    let near = nearest(&name, names.iter().copied()).first().copied();
    let near = near.or_else(same_stem)?;
    Some(shown(&parent.join(near)))
}

/// Names that are spelt almost the same, or begin, end or hold the one that was asked for.
fn near(name: &str, catalogs: &[Arc<Catalog>]) -> Guess {
    let message = match catalogs {
        [one] => format!("{} has no scope `{name}`", one.provider),
        _ => format!("no catalog has `{name}`"),
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
    for catalog in catalogs {
        if let Some(holding) = containing(name, names_of(catalog)) {
            return Guess::unknown(message, format!("matching names{}: {holding}", of(catalog)));
        }
    }
    // The word behind the resource, spelt almost so.
    let ends = |full: &&str| {
        let mut parts = full.split([':', '.', '/']);
        parts.any(|part| part != *full && !nearest(name, [part]).is_empty())
    };
    for catalog in catalogs.iter().filter(|_| name.chars().count() > 4) {
        let near: Vec<&str> = names_of(catalog).into_iter().filter(ends).collect();
        if let Some(offered) = Containing::of(near) {
            return Guess::unknown(message, format!("similar names{}: {offered}", of(catalog)));
        }
    }
    let help = match catalogs {
        [one] => format!("`scopes show {} scopes` lists them", one.handle),
        _ => "`scopes show PROVIDER scopes` lists a provider's scopes, `scopes list` the providers"
            .to_owned(),
    };
    Guess::unknown(message, help)
}

/// Names that hold another one.
pub(super) struct Containing<'a> {
    /// A few of them, those that begin with it first.
    pub(super) names: Vec<&'a str>,
    /// How many more there are.
    pub(super) more: usize,
}

impl<'a> Containing<'a> {
    fn of(mut names: Vec<&'a str>) -> Option<Self> {
        let more = names.len().saturating_sub(MOST_OFFERED);
        names.truncate(MOST_OFFERED);
        (!names.is_empty()).then_some(Self { names, more })
    }
}

impl std::fmt::Display for Containing<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.names.join(", "))?;
        match self.more {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

/// Which of some names hold a text; `None` where none does, or the text is too short to say anything.
pub(super) fn containing<'a>(
    text: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<Containing<'a>> {
    let text = text.to_lowercase();
    if text.chars().count() < 3 {
        return None;
    }
    let names = names.into_iter();
    let mut holding: Vec<&str> = names
        .filter(|name| name.to_lowercase().contains(&text))
        .collect();
    holding.sort_by_key(|name| (!name.to_lowercase().starts_with(&text), name.len()));
    Containing::of(holding)
}

fn names_of(catalog: &Catalog) -> Vec<&str> {
    let scopes = catalog.scopes.iter().map(|scope| scope.name.as_str());
    scopes
        .chain(catalog.bundles.iter().map(|bundle| bundle.name.as_str()))
        .chain(catalog.events.iter().map(|event| event.name.as_str()))
        .collect()
}

/// What to say of a name that is no rule's.
pub(super) fn unknown_rule(id: &str) -> UserError {
    let ids = || RuleId::ALL.iter().map(|rule| rule.name());
    let spelt = id.trim().to_lowercase().replace(['_', ' '], "-");
    let near = nearest(&spelt, ids());
    let holding = containing(&spelt, ids());
    let help = match (near.first(), holding) {
        (Some(best), _) => format!("did you mean `{best}`?"),
        (None, Some(Containing { names, more: 0 })) if names.len() == 1 => {
            format!("did you mean `{}`?", names[0])
        }
        (None, Some(holding)) => format!("matching rules: {holding}"),
        (None, None) => "`scopes rule` lists them".to_owned(),
    };
    UserError::new(format!("unknown rule `{id}`")).help(help)
}
