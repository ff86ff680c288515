//! The names and endpoints on a command line: split, looked up, and the catalog that knows them.

use super::status::Status;
use std::path::Path;
use std::sync::Arc;

use super::catalogs::Catalogs;
use super::files::{FileKind, read_raw_stdin};
use super::guess::{Guess, guess};
use super::session::Session;
use super::user_error::UserError;
use crate::explain::Written;
use crate::load::{Grade, find_certain_secrets, find_secrets};
use crate::model::{Catalog, EventId, Request};
use crate::source::{Patience, Syntax, split_names, words};

/// What the arguments of a question come to.
pub(super) struct Asked {
    /// The catalog that the question is about.
    pub(super) catalog: Arc<Catalog>,
    /// Names that the catalog knows, in order, each once.
    pub(super) written: Vec<Written>,
    /// Events that it knows, each once; none where only names of scopes were asked for.
    pub(super) events: Vec<EventId>,
    /// Names that it does not know.
    pub(super) unknown: Vec<String>,
    /// Endpoints.
    pub(super) requests: Vec<Request>,
}

/// Arguments as they were written, before any catalog is asked.
pub(super) struct Arguments {
    pub(super) texts: Vec<String>,
    pub(super) requests: Vec<Request>,
}

/// Reads `-` from standard input, and takes endpoints out: one argument `METHOD /path`, or two.
pub(super) fn arguments(given: &[String]) -> anyhow::Result<Arguments> {
    let mut texts = Vec::new();
    let mut requests = Vec::new();
    let mut rest = given.iter().peekable();
    while let Some(argument) = rest.next() {
        if argument == "-" {
            texts.push(read_raw_stdin(FileKind::Names)?.text);
            continue;
        }
        if let Some(request) = Request::parse(argument) {
            requests.push(request);
            continue;
        }
        let pair = rest
            .peek()
            .and_then(|next| Request::parse(&format!("{argument} {next}")));
        match pair.filter(|_| !argument.contains(char::is_whitespace)) {
            Some(mut request) => {
                rest.next();
                if let Some(mode) = rest.peek().and_then(|next| next.strip_prefix("mode=")) {
                    request.mode = Some(mode.to_owned());
                    rest.next();
                }
                requests.push(request);
            }
            None => texts.push(argument.clone()),
        }
    }
    Ok(Arguments { texts, requests })
}

impl Arguments {
    /// The names, each once; what a catalog knows decides where a text is split.
    fn names(&self, catalog: &Catalog) -> Vec<String> {
        let is_known = |name: &str| {
            catalog.meaning(name).is_some()
                || catalog.event(name).is_some()
                || catalog.called(name).is_some()
        };
        let texts = self.texts.iter();
        let names = texts.flat_map(|text| split_names(text, &is_known));
        let mut names: Vec<String> = names.map(|one| one.name.to_owned()).collect();
        let mut seen = std::collections::HashSet::new();
        names.retain(|name| seen.insert(name.clone()));
        names
    }

    /// Every piece of the texts that a catalog may know as a name: see [`split_names`].
    fn pieces(&self) -> impl Iterator<Item = &str> {
        let texts = self.texts.iter().map(|text| text.trim());
        texts.flat_map(|text| {
            let lines = text.lines().map(str::trim);
            let parts = text.split(['\n', ',']).map(str::trim);
            let words = words(text).map(|(_, word)| word);
            std::iter::once(text).chain(lines).chain(parts).chain(words)
        })
    }

    /// How many of the names and endpoints a catalog knows, and how many there are.
    fn known(&self, taken: Names, catalog: &Catalog) -> (usize, usize) {
        let names = self.names(catalog);
        let is_known = |name: &&String| {
            catalog.meaning(name).is_some()
                || taken.event(catalog, name).is_some()
                || taken.call(catalog, name).is_some()
        };
        let known = names.iter().filter(is_known).count();
        let found = self
            .requests
            .iter()
            .filter(|request| catalog.find(request).is_ok())
            .count();
        (known + found, names.len() + self.requests.len())
    }
}

/// Answers which catalog is meant, and looks everything up in it.
pub(super) fn ask(
    arguments: Arguments,
    provider: Option<&str>,
    names: Names,
    catalogs: &Catalogs,
) -> anyhow::Result<Asked> {
    refuse_secrets(&arguments, catalogs)?;
    if arguments
        .texts
        .iter()
        .all(|text| words(text).next().is_none())
        && arguments.requests.is_empty()
    {
        return Err(UserError::new(
            "nothing to explain: name scopes, bundles, wildcards or an endpoint",
        )
        .help("for example: scopes explain pay")
        .into());
    }
    let catalog = match provider {
        Some(name) => catalogs.named(name, None)?,
        None => infer(&arguments, names, catalogs)?,
    };
    Ok(look_up(arguments, names, catalog))
}

/// Which names a command takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// Scopes, bundles and wildcards.
    Scopes,
    /// Events as well.
    ScopesAndEvents,
}

impl Names {
    /// The event of a name, where events are taken; what is a name of a scope is no event.
    fn event(self, catalog: &Catalog, name: &str) -> Option<EventId> {
        catalog
            .event(name)
            .filter(|_| self == Self::ScopesAndEvents)
    }
}

impl Names {
    /// The request of an operation, where endpoints may be asked about.
    fn call(self, catalog: &Catalog, name: &str) -> Option<Request> {
        catalog
            .called(name)
            .filter(|_| self == Self::ScopesAndEvents)
    }
}

/// Looks everything up in one catalog.
pub(super) fn look_up(arguments: Arguments, names: Names, catalog: Arc<Catalog>) -> Asked {
    let mut written = Vec::new();
    let mut events = Vec::new();
    let mut unknown = Vec::new();
    let mut requests = Vec::new();
    for name in arguments.names(&catalog) {
        match (
            Written::resolve(&catalog, &name),
            names.event(&catalog, &name),
        ) {
            // Where case makes no difference, a name may be given twice.
            (Some(one), _) if written.iter().any(|other: &Written| other.name == one.name) => {}
            (Some(one), _) => written.push(one),
            (None, Some(event)) if events.contains(&event) => {}
            (None, Some(event)) => events.push(event),
            (None, None) => match names.call(&catalog, &name) {
                Some(request) => requests.push(request),
                None => match (name.strip_prefix("mode="), requests.last_mut()) {
                    // The mode of an operation, which a space sets apart.
                    (Some(mode), Some(request)) => request.mode = Some(mode.to_owned()),
                    _ => unknown.push(name),
                },
            },
        }
    }
    requests.extend(arguments.requests);
    Asked {
        catalog,
        written,
        events,
        unknown,
        requests,
    }
}

/// The one catalog that knows any of the names; of several, the one that knows all.
fn infer(arguments: &Arguments, names: Names, catalogs: &Catalogs) -> anyhow::Result<Arc<Catalog>> {
    let targets = arguments.requests.iter().map(|one| one.target.as_str());
    let mut meant = catalogs.knowing(arguments.pieces(), targets);
    let is_known = |catalog: &Arc<Catalog>| arguments.known(names, catalog).0 > 0;
    if !meant.iter().any(is_known) {
        // Something near may be in any of them.
        meant = catalogs.all();
    }
    let catalogs = meant;
    let known: Vec<(usize, usize, &Arc<Catalog>)> = catalogs
        .iter()
        .map(|catalog| {
            let (known, all) = arguments.known(names, catalog);
            (known, all, catalog)
        })
        .filter(|(known, ..)| *known > 0)
        .collect();
    let complete: Vec<&Arc<Catalog>> = known
        .iter()
        .filter(|(known, all, _)| known == all)
        .map(|(.., c)| *c)
        .collect();
    match (complete.as_slice(), known.as_slice()) {
        ([one], _) | ([], [(.., one)]) => Ok(Arc::clone(one)),
        ([], []) => Err(nobody_knows(arguments, &catalogs)),
        (several, _) => {
            let names: Vec<&str> = match several {
                [] => known
                    .iter()
                    .map(|(.., catalog)| catalog.provider.as_str())
                    .collect(),
                several => several
                    .iter()
                    .map(|catalog| catalog.provider.as_str())
                    .collect(),
            };
            Err(UserError::new(format!(
                "ambiguous provider: {} have these names",
                names.join(" and ")
            ))
            .help(format!("choose one: -p {}", names[0]))
            .into())
        }
    }
}

fn nobody_knows(arguments: &Arguments, catalogs: &[Arc<Catalog>]) -> anyhow::Error {
    if let Some(request) = arguments.requests.first() {
        let near = catalogs.iter().find_map(|catalog| {
            let similar = catalog.similar_endpoints(request, &Patience::default());
            Some(format!(
                "did you mean `{}` of {}?",
                similar.first()?,
                catalog.provider
            ))
        });
        let help = near.unwrap_or_else(|| "name the provider: -p PROVIDER".to_owned());
        return UnknownNames {
            message: format!("no catalog has the endpoint `{request}`"),
            help,
        }
        .into();
    }
    let first = arguments
        .texts
        .iter()
        .flat_map(|text| words(text).map(|(_, word)| word));
    let first = first.into_iter().next().unwrap_or_default();
    let Guess { refusal, is_other } = guess(first, catalogs);
    if is_other {
        refusal.into()
    } else {
        UnknownNames {
            message: refusal.message,
            help: refusal.help.unwrap_or_default(),
        }
        .into()
    }
}

/// A name that no catalog knows: something was found, so the status is 1.
#[derive(Debug)]
pub(super) struct UnknownNames {
    pub(super) message: String,
    pub(super) help: String,
}

impl std::fmt::Display for UnknownNames {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for UnknownNames {}

/// Which names a catalog does not know, each with what may have been meant.
pub(super) fn unknown_names(asked: &Asked) -> Vec<UserError> {
    let catalogs = [Arc::clone(&asked.catalog)];
    let unknown = asked.unknown.iter();
    unknown.map(|name| guess(name, &catalogs).refusal).collect()
}

/// Reports which names a catalog does not know: a finding, not a failure of the command.
pub(super) fn report_unknown(asked: &Asked, session: &mut Session) {
    for unknown in unknown_names(asked) {
        session.complain(&unknown.message, unknown.help.as_deref());
    }
}

/// A pasted key is never looked up, and never echoed.
fn refuse_secrets(arguments: &Arguments, catalogs: &Catalogs) -> anyhow::Result<()> {
    let prefixes = catalogs.own_prefixes();
    let texts = arguments.texts.iter();
    match texts.into_iter().find_map(|text| pasted(text, prefixes)) {
        Some(refusal) => Err(refusal.into()),
        None => Ok(()),
    }
}

/// The same for a whole command line, before any of it can appear in a message. File names are only hidden, not
/// refused.
pub(super) fn pasted_key(words: &[String]) -> Option<UserError> {
    let words = words.iter().filter(|word| !is_path(word));
    words.into_iter().find_map(|word| pasted(word, &[]))
}

/// What to say where a text has a key.
fn pasted(text: &str, prefixes: &[String]) -> Option<UserError> {
    let found = find_certain_secrets(text, prefixes).into_iter().next()?;
    Some(
        UserError::new(format!("this looks like {}, not a name", found.what))
            .help("a key on the command line stays in the shell history: rotate it, and pass its scopes instead"),
    )
}

/// Whether an argument, or the value of an option, names a file.
fn is_path(word: &str) -> bool {
    let value = match (word.starts_with('-'), word.split_once('=')) {
        (true, Some((_, value))) => value,
        _ => word,
    };
    let is_named = |name: &str| {
        Syntax::of(Path::new(name)).is_some() || Path::new(name).symlink_metadata().is_ok()
    };
    let is_environment = |name: &str| find_certain_secrets(name, &[]).is_empty();
    let behind = value.rsplit_once('@');
    !value.contains("://")
        && (is_named(value)
            || behind.is_some_and(|(file, name)| is_named(file) && is_environment(name)))
}

/// The parts of a command line that may be secrets, and are to be hidden in whatever is said of it.
pub(super) fn may_be_secrets(words: &[String]) -> Vec<String> {
    let words = words.iter().filter(|word| !is_path(word));
    let found = words.flat_map(|word| {
        let secrets = find_secrets(word, &[], |_| false).into_iter();
        let possible = secrets.filter(|secret| secret.grade == Grade::Possible);
        possible.map(|secret| word[secret.material].to_owned())
    });
    found.collect()
}

/// An unknown name is a finding; any other error is a failure of the command.
pub(super) fn unknown_or(error: anyhow::Error, session: &mut Session) -> anyhow::Result<Status> {
    let unknown = error.downcast::<UnknownNames>()?;
    session.complain(&unknown.message, Some(&unknown.help));
    Ok(Status::Found)
}
