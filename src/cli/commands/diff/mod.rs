//! `scopes diff`.

mod affected;
mod git;
mod operand;
mod since;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};

use crate::cli::catalogs::Catalogs;
use crate::cli::guess::{guess, no_such_path};
use crate::cli::key::granted;
use crate::cli::lookup::{environment, key_type};
use crate::cli::meaning::{Meaning, meaning};
use crate::cli::query::{Names, arguments, ask, look_up, unknown_names};
use crate::cli::session::Session;
use crate::cli::status::Status;
use crate::cli::usage::{environment_name, quoted};
use crate::cli::user_error::UserError;
use crate::diff::{Difference, Side, diff, editions};
use crate::explain::Written;
use crate::model::{Access, Catalog, Edition, Effect, EndpointId, Holder, Key, KeyEnvironment};
use crate::render::difference::{
    self, Comparison, EditionComparison, comparison, comparison_json, comparison_markdown,
    edition_comparison, editions_json, editions_markdown,
};
use crate::source::{Syntax, words};
use affected::affected;
use operand::{Kind, operand, read};
use since::since;

#[derive(Debug, Args)]
pub(in crate::cli) struct DiffArgs {
    /// A key file, for its environments; two key files (`FILE@ENV` names an environment), catalogs or sets; with
    /// `--base`, the files and folders to look at
    #[arg(value_name = "WHAT")]
    what: Vec<String>,
    /// The provider of two sets
    #[arg(short, long)]
    provider: Option<String>,
    /// The type of key of two sets
    #[arg(long, value_name = "TYPE")]
    key_type: Option<String>,
    /// Compare the files of the working folder with what they were at a git revision
    #[arg(long, value_name = "REV")]
    base: Option<String>,
    /// The environment to compare with; without it, the first of the key
    #[arg(long, value_name = "ENV", value_parser = environment_name)]
    from: Option<String>,
    /// The environment to compare; without it, every other one
    #[arg(long, value_name = "ENV", value_parser = environment_name)]
    to: Option<String>,
    /// Key files and folders that another edition of a catalog may affect
    #[arg(long, value_name = "PATH", num_args = 1..)]
    keys: Vec<PathBuf>,
    /// When to end with status 1
    #[arg(long, value_enum, default_value_t = FailOn::Never, value_name = "CHANGE")]
    fail_on: FailOn,
    /// How to write it
    #[arg(long, value_enum, default_value_t = DiffFormat::Table)]
    format: DiffFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    /// An endpoint, an event or a scope is gained
    Wider,
    /// An endpoint is gained
    GainedEndpoint,
    /// An endpoint that writes is gained, or a scope that writes whose endpoints are not known
    GainedWrite,
    /// An endpoint, an event or a scope is lost
    Narrower,
    /// Anything changed
    Any,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum DiffFormat {
    Table,
    Json,
    Markdown,
}

/// One comparison, written in the format that was asked for, and what a gate wants to know of it.
struct Part {
    text: String,
    json: serde_json::Value,
    /// The catalogs that judged.
    catalogs: Vec<Edition>,
    /// What happened, of what a gate can be set on.
    changes: Vec<FailOn>,
}

/// Those of some changes that happened.
fn changes(all: [(FailOn, bool); 5]) -> Vec<FailOn> {
    let happened = all.into_iter().filter(|(_, happened)| *happened);
    happened.map(|(change, _)| change).collect()
}

pub(in crate::cli) fn run(
    args: &DiffArgs,
    catalogs: &Catalogs,
    session: &mut Session,
) -> anyhow::Result<Status> {
    let parts = match (&args.base, args.what.as_slice()) {
        (Some(revision), _) => since(args, revision, catalogs, session)?,
        (None, [one]) => environments(args, one, catalogs, session)?,
        (None, [a, b]) => two(args, a, b, catalogs, session)?,
        (None, _) => {
            return Err(UserError::new("`diff` takes one key file, or two things to compare")
                .help("for example: scopes diff keys/treasury.yaml, or scopes diff --base origin/main")
                .into());
        }
    };
    let fails = parts
        .iter()
        .any(|part| part.changes.contains(&args.fail_on));
    let texts: Vec<String> = parts.iter().map(|part| part.text.clone()).collect();
    session.out = match args.format {
        _ if texts.is_empty() && session.has_refused() => String::new(),
        DiffFormat::Table if texts.is_empty() => {
            let place = match args.base.is_some() && !args.what.is_empty() {
                true => " of those that are named",
                false => "",
            };
            format!("nothing changed: no key file and no catalog{place} is different\n")
        }
        DiffFormat::Table => texts.join("\n"),
        DiffFormat::Markdown if texts.is_empty() => {
            "No key file and no catalog changed.\n".to_owned()
        }
        DiffFormat::Markdown => {
            let catalogs = parts.iter().flat_map(|part| part.catalogs.clone());
            difference::markdown(&texts, &Edition::distinct(catalogs))
        }
        DiffFormat::Json => difference::json(parts.into_iter().map(|part| part.json).collect()),
    };
    Ok(Status::found_if(fails))
}

fn part(args: &DiffArgs, one: &Comparison<'_>, session: &Session) -> Part {
    let Difference { gained, .. } = &one.difference;
    Part {
        text: match args.format {
            DiffFormat::Markdown => comparison_markdown(one),
            DiffFormat::Table | DiffFormat::Json => comparison(one, session.style),
        },
        json: comparison_json(one),
        catalogs: vec![one.catalog.edition()],
        changes: changes([
            (FailOn::Wider, one.difference.is_wider()),
            (FailOn::Narrower, one.difference.is_narrower()),
            (FailOn::GainedEndpoint, !gained.endpoints.is_empty()),
            (
                FailOn::GainedWrite,
                gained.writes(one.catalog) > 0
                    || !gained
                        .unknown_writes(one.catalog, one.holders.1.key_type)
                        .is_empty(),
            ),
            (
                FailOn::Any,
                one.difference.is_wider()
                    || one.difference.is_narrower()
                    || one.difference.key_types.is_some(),
            ),
        ]),
    }
}

fn edition_part(args: &DiffArgs, one: &EditionComparison<'_>, session: &Session) -> Part {
    let gained = one.editions.gained_endpoints();
    let is_unknown_write = |name: &String| {
        let id = one.new.scope_id(name);
        id.is_some_and(|id| {
            let mut types = one.new.key_types.ids();
            one.new.scope(id).access != Access::Read
                && !types.any(|one_type| one.new.opens_on(one_type, id))
        })
    };
    Part {
        text: match args.format {
            DiffFormat::Markdown => editions_markdown(one),
            DiffFormat::Table | DiffFormat::Json => edition_comparison(one, session.style),
        },
        json: editions_json(one),
        catalogs: one.catalogs.iter().flatten().cloned().collect(),
        changes: changes([
            (FailOn::Wider, one.editions.is_wider()),
            (FailOn::Narrower, one.editions.is_narrower()),
            (FailOn::GainedEndpoint, !gained.is_empty()),
            (
                FailOn::GainedWrite,
                gained
                    .iter()
                    .any(|index| one.new.endpoints[*index].effect == Effect::Write)
                    || one.editions.scopes_added.iter().any(is_unknown_write),
            ),
            (FailOn::Any, !one.editions.is_empty()),
        ]),
    }
}

/// What to say of one thing that is no file: a set or a catalog is compared with a second one.
fn alone(args: &DiffArgs, text: &str, catalogs: &Catalogs) -> UserError {
    let catalogs = match args
        .provider
        .as_deref()
        .map(|name| catalogs.named(name, None))
    {
        Some(Ok(one)) => vec![one],
        Some(Err(_)) | None => catalogs.all(),
    };
    let first = words(text).next().map_or(text, |(_, word)| word);
    let of = match &args.provider {
        Some(name) => format!("-p {} ", quoted(name)),
        None => String::new(),
    };
    let text = quoted(text);
    match meaning(first, &catalogs) {
        Some(Meaning::Scope { .. }) => UserError::new(format!(
            "a second set is missing: {text} is compared with nothing"
        ))
        .help(format!("scopes diff {of}{text} OTHER-SCOPES")),
        Some(Meaning::Provider { .. }) => UserError::new(format!(
            "`{first}` is a catalog: name a second edition of it"
        ))
        .help(format!("scopes diff {text} NEWER.yaml")),
        _ if args.provider.is_some() => {
            let guess = guess(first, &catalogs).refusal;
            UserError {
                message: format!("a second set is missing, and {}", guess.message),
                help: guess.help,
            }
        }
        _ => no_such_path(
            Path::new(first),
            &catalogs,
            "`scopes diff` takes a key file, or two files, catalogs or sets",
        ),
    }
}

/// The environments of one key, each against the first.
fn environments(
    args: &DiffArgs,
    file: &str,
    catalogs: &Catalogs,
    session: &Session,
) -> anyhow::Result<Vec<Part>> {
    if !Path::new(file).exists() {
        return Err(alone(args, file, catalogs).into());
    }
    let (catalog, key) = match read(Path::new(file), catalogs)? {
        (Kind::Key(catalog, key, _), _) => (catalog, key),
        (Kind::Catalog(_), _) => {
            return Err(UserError::new(format!(
                "`{file}` is a catalog: name a second edition of it"
            ))
            .help(format!(
                "scopes diff {file} NEWER, or scopes diff --base REV {file}"
            ))
            .into());
        }
        (Kind::Other, why) => return Err(why.into()),
    };
    let names: Vec<&str> = key
        .environments
        .iter()
        .map(|environment| environment.name.as_str())
        .collect();
    let find = |name: &str| {
        key.environments
            .iter()
            .find(|environment| environment.is_called(name))
            .ok_or_else(|| {
                UserError::new(format!("the key has no environment `{name}`"))
                    .help(format!("it has: {}", names.join(", ")))
            })
    };
    let [first, ..] = key.environments.as_slice() else {
        return Err(
            UserError::new(format!("`{file}` has no environments to compare"))
                .help("name a second key file, or `--base REV`")
                .into(),
        );
    };
    let from = args.from.as_deref().map_or(Ok(first), find)?;
    let others: Vec<&KeyEnvironment> = match &args.to {
        Some(name) => vec![find(name)?],
        None => key
            .environments
            .iter()
            .filter(|environment| environment.name != from.name)
            .collect(),
    };
    if others.is_empty() {
        return Err(UserError::new(format!(
            "`{file}` has one environment only, `{}`",
            from.name
        ))
        .into());
    }
    let mut parts = Vec::new();
    for to in others {
        let title = format!(
            "{}/{}: {} against {}",
            catalog.provider, key.name, to.name, from.name
        );
        let sides = [
            Given::of(&catalog, &key, Some(from)),
            Given::of(&catalog, &key, Some(to)),
        ];
        parts.push(compare(
            args,
            &catalog,
            title,
            [&from.name, &to.name],
            &sides,
            &[],
            Some([file, file]),
            session,
        ));
    }
    Ok(parts)
}

/// A key in one environment: what it is given and what it needs; nothing where it does not exist.
struct Given {
    holder: Holder,
    written: Vec<Written>,
    needed: Vec<EndpointId>,
}

impl Given {
    fn of(catalog: &Catalog, key: &Key, environment: Option<&KeyEnvironment>) -> Self {
        let local = environment.map_or(&[][..], |environment| &environment.needs);
        let needed = key
            .needs
            .iter()
            .chain(local)
            .map(|need| need.kind)
            .flat_map(|kind| catalog.endpoints_of(kind));
        Self {
            holder: Holder {
                key_type: key.key_type,
                environment: environment.and_then(|environment| environment.index),
            },
            written: granted(key, environment),
            needed: needed.collect(),
        }
    }

    /// The other side of a key that exists on one side only.
    fn nothing(other: &Self) -> Self {
        Self {
            holder: other.holder,
            written: Vec::new(),
            needed: Vec::new(),
        }
    }
}

#[expect(
    clippy::too_many_arguments,
    reason = "two sides with their names, once"
)]
fn compare(
    args: &DiffArgs,
    catalog: &Catalog,
    subject: String,
    [from, to]: [&str; 2],
    [before, after]: &[Given; 2],
    notes: &[String],
    files: Option<[&str; 2]>,
    session: &Session,
) -> Part {
    let one = Comparison {
        catalog,
        subject,
        from: from.to_owned(),
        to: to.to_owned(),
        difference: diff(
            catalog,
            &Side {
                holder: before.holder,
                written: &before.written,
            },
            &Side {
                holder: after.holder,
                written: &after.written,
            },
        ),
        holders: (before.holder, after.holder),
        needed: before.needed.iter().chain(&after.needed).copied().collect(),
        notes: notes.to_vec(),
        files: files.map(|[from, to]| [from.to_owned(), to.to_owned()]),
    };
    part(args, &one, session)
}

/// Two key files, two catalogs, or two sets.
fn two(
    args: &DiffArgs,
    a: &str,
    b: &str,
    catalogs: &Catalogs,
    session: &mut Session,
) -> anyhow::Result<Vec<Part>> {
    let is_file = |text: &str| {
        Path::new(text).is_file()
            || text
                .rsplit_once('@')
                .is_some_and(|(file, _)| Path::new(file).is_file())
    };
    let is_provider = |text: &str| catalogs.by_name(text).is_some();
    if args.provider.is_none() && (is_file(a) || is_provider(a)) && (is_file(b) || is_provider(b)) {
        return files(args, a, b, catalogs, session);
    }
    if args.provider.is_none() && (looks_like_a_path(a) || looks_like_a_path(b)) {
        let missing = if is_file(a) || is_provider(a) { b } else { a };
        return Err(UserError::new(format!("there is no file `{missing}`")).into());
    }
    sets(args, a, b, catalogs, session)
}

fn looks_like_a_path(text: &str) -> bool {
    !text.contains(char::is_whitespace)
        && (text.contains('/') || Syntax::of(Path::new(text)).is_some())
}

/// Two sets on the same type of key.
fn sets(
    args: &DiffArgs,
    a: &str,
    b: &str,
    catalogs: &Catalogs,
    session: &mut Session,
) -> anyhow::Result<Vec<Part>> {
    let both = arguments(&[a.to_owned(), b.to_owned()])?;
    let catalog = ask(both, args.provider.as_deref(), Names::Scopes, catalogs)?.catalog;
    let mut is_known = true;
    let mut side = |text: &str| -> anyhow::Result<Vec<Written>> {
        if text.trim().is_empty() {
            return Ok(Vec::new());
        }
        let asked = look_up(
            arguments(&[text.to_owned()])?,
            Names::Scopes,
            Arc::clone(&catalog),
        );
        for refusal in unknown_names(&asked) {
            session.refuse(&refusal);
        }
        is_known &= asked.unknown.is_empty();
        Ok(asked.written)
    };
    let (from, to) = (side(a)?, side(b)?);
    if !is_known {
        // A verdict on a misspelt set would be one on another set.
        return Ok(Vec::new());
    }
    let key_types = match &args.key_type {
        Some(name) => vec![key_type(&catalog, name)?],
        None => catalog.key_types.ids().collect(),
    };
    let named = args.to.as_deref();
    let environment = named
        .map(|name| environment(&catalog, name))
        .transpose()?
        .flatten();
    let many = catalog.key_types.len() > 1;
    let parts = key_types.into_iter().map(|key_type| {
        let on = if many {
            format!(" on {}", catalog.key_types[key_type].with_article())
        } else {
            String::new()
        };
        let subject = format!("{}: the second set against the first{on}", catalog.provider);
        let given = |written: &Vec<Written>| Given {
            holder: Holder {
                key_type,
                environment,
            },
            written: written.clone(),
            needed: Vec::new(),
        };
        compare(
            args,
            &catalog,
            subject,
            ["the first set", "the second set"],
            &[given(&from), given(&to)],
            &[],
            None,
            session,
        )
    });
    Ok(parts.collect())
}

/// Two files of the same kind, or a built-in catalog and a file.
fn files(
    args: &DiffArgs,
    a: &str,
    b: &str,
    catalogs: &Catalogs,
    session: &mut Session,
) -> anyhow::Result<Vec<Part>> {
    let ((first, why_first), (second, why_second)) = (operand(a, catalogs)?, operand(b, catalogs)?);
    match (first, second) {
        ((Kind::Key(old_catalog, old, _), from), (Kind::Key(catalog, new, _), to)) => {
            if old_catalog.provider != catalog.provider {
                let message = format!(
                    "the keys are of two providers, {} and {}",
                    old_catalog.provider, catalog.provider
                );
                return Err(UserError::new(message)
                    .help("only keys of one provider can be compared")
                    .into());
            }
            let picked =
                |key: &Key, name: Option<String>, file: &str| -> anyhow::Result<Option<String>> {
                    let names: Vec<&str> = key
                        .environments
                        .iter()
                        .map(|environment| environment.name.as_str())
                        .collect();
                    let Some(name) = name else { return Ok(None) };
                    let mut environments = key.environments.iter();
                    match environments.find(|one| one.is_called(&name)) {
                        Some(found) => Ok(Some(found.name.clone())),
                        None => Err(UserError::new(format!(
                            "`{file}` has no environment `{name}`"
                        ))
                        .help(format!("it has: {}", names.join(", ")))
                        .into()),
                    }
                };
            // `FILE@ENV` says it of one file, the options of either.
            let from = from.or_else(|| args.from.clone());
            let to = to.or_else(|| args.to.clone());
            let (from, to) = (picked(&old, from, a)?, picked(&new, to, b)?);
            let labels = [a, b];
            let old = Version {
                key: &old,
                environment: from,
            };
            let new = Version {
                key: &new,
                environment: to,
            };
            Ok(keys(
                args,
                &catalog,
                [Some(&old), Some(&new)],
                labels,
                &[],
                session,
            ))
        }
        ((Kind::Catalog(old), _), (Kind::Catalog(new), _)) => {
            let keys = affected(args, &old, &new, catalogs, session);
            let one = EditionComparison {
                editions: editions(&old, &new),
                old: &old,
                new: &new,
                from: a.to_owned(),
                to: b.to_owned(),
                keys,
                catalogs: [Some(old.edition()), Some(new.edition())],
            };
            Ok(vec![edition_part(args, &one, session)])
        }
        ((Kind::Other, _), _) => Err(why_first.into()),
        (_, (Kind::Other, _)) => Err(why_second.into()),
        _ => Err(
            UserError::new(format!("`{a}` and `{b}` are a key and a catalog"))
                .help("compare two keys, or two editions of a catalog")
                .into(),
        ),
    }
}

/// A key as one file has it, and the environment of it that is meant, where one is.
struct Version<'a> {
    key: &'a Key,
    environment: Option<String>,
}

impl Version<'_> {
    /// What the key is given in an environment; a key without environments is the same in every one.
    fn given(&self, catalog: &Catalog, name: Option<&str>) -> Option<Given> {
        let environments = &self.key.environments;
        if environments.is_empty() {
            return Some(Given::of(catalog, self.key, None));
        }
        let environment = environments
            .iter()
            .find(|environment| Some(environment.name.as_str()) == name)?;
        Some(Given::of(catalog, self.key, Some(environment)))
    }
}

/// The environments to compare: those that were named, else each that either version has.
fn pairs(old: Option<&Version<'_>>, new: Option<&Version<'_>>) -> Vec<[Option<String>; 2]> {
    let chosen =
        |version: Option<&Version<'_>>| version.and_then(|version| version.environment.clone());
    match (chosen(old), chosen(new)) {
        (None, None) => {
            let mut names: Vec<&str> = Vec::new();
            for version in [new, old].into_iter().flatten() {
                for environment in &version.key.environments {
                    if !names.contains(&environment.name.as_str()) {
                        names.push(&environment.name);
                    }
                }
            }
            match names.is_empty() {
                true => vec![[None, None]],
                false => names
                    .iter()
                    .map(|name| [Some((*name).to_owned()), Some((*name).to_owned())])
                    .collect(),
            }
        }
        (Some(from), Some(to)) => vec![[Some(from), Some(to)]],
        // The other file is asked for the same environment.
        (Some(one), None) | (None, Some(one)) => vec![[Some(one.clone()), Some(one)]],
    }
}

/// Two versions of a key, or one that is new or gone: each environment of either, or the two that were named.
fn keys(
    args: &DiffArgs,
    catalog: &Catalog,
    [old, new]: [Option<&Version<'_>>; 2],
    [from, to]: [&str; 2],
    notes: &[String],
    session: &Session,
) -> Vec<Part> {
    let Some(key) = new.or(old).map(|version| version.key) else {
        return Vec::new();
    };
    let mut parts = Vec::new();
    for [old_name, new_name] in pairs(old, new) {
        let before = old.and_then(|version| version.given(catalog, old_name.as_deref()));
        let after = new.and_then(|version| version.given(catalog, new_name.as_deref()));
        let (sides, state) = match (before, after) {
            (Some(before), Some(after)) => ([before, after], ""),
            (None, Some(after)) => ([Given::nothing(&after), after], ", new"),
            (Some(before), None) => {
                let after = Given::nothing(&before);
                ([before, after], ", gone")
            }
            (None, None) => continue,
        };
        let place = match (&old_name, &new_name) {
            (Some(old), Some(new)) if old == new => format!(", {new}"),
            _ => String::new(),
        };
        let against = if state.is_empty() {
            format!(" against {from}")
        } else {
            String::new()
        };
        let subject = format!(
            "{}/{}{place}{state}: {to}{against}",
            catalog.provider, key.name
        );
        let gaining = new_name.as_deref().unwrap_or("the key");
        parts.push(compare(
            args,
            catalog,
            subject,
            [from, gaining],
            &sides,
            notes,
            Some([from, to]),
            session,
        ));
    }
    parts
}
