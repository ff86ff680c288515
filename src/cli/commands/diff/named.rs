//! What is compared where it is named: environments of a key, two files, two sets.

use std::path::Path;
use std::sync::Arc;

use super::DiffArgs;
use super::affected::affected;
use super::compared::Compared;
use super::operand::{KeyOperand, Operand, operand, read};
use super::sides::{GrantedSide, KeySide, Words, compare, keys};
use crate::cli::catalogs::Catalogs;
use crate::cli::guess::{guess, no_such_path};
use crate::cli::lookup::environment;
use crate::cli::meaning::{Meaning, meaning};
use crate::cli::query::{Names, arguments, ask, look_up, unknown_names};
use crate::cli::session::Session;
use crate::cli::usage::quoted;
use crate::cli::user_error::UserError;
use crate::diff::editions;
use crate::explain::Written;
use crate::model::{Key, KeyEnvironment};
use crate::render::difference::EditionComparison;
use crate::source::{Syntax, words};

/// What to say of one thing that is not a file: a set or a catalog is compared with a second one.
fn alone(args: &DiffArgs, text: &str, catalogs: &Catalogs) -> UserError {
    let catalogs = match args
        .target
        .provider
        .as_deref()
        .map(|name| catalogs.named(name, None))
    {
        Some(Ok(one)) => vec![one],
        Some(Err(_)) | None => catalogs.all(),
    };
    let first = words(text).next().map_or(text, |(_, word)| word);
    let of = match &args.target.provider {
        Some(name) => format!("-p {} ", quoted(name)),
        None => String::new(),
    };
    let text = quoted(text);
    match meaning(first, &catalogs) {
        Some(Meaning::Scope { .. }) => {
            UserError::new(format!("missing a second set to compare {text} with"))
                .help(format!("scopes diff {of}{text} OTHER-SCOPES"))
        }
        Some(Meaning::Provider { .. }) => UserError::new(format!(
            "`{first}` is a catalog: name another edition to compare it with"
        ))
        .help(format!("scopes diff {text} NEWER.yaml")),
        _ if args.target.provider.is_some() => {
            let guess = guess(first, &catalogs).refusal;
            UserError {
                message: format!("missing a second set, and {}", guess.message),
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
pub(super) fn environments(
    args: &DiffArgs,
    file: &str,
    catalogs: &Catalogs,
) -> anyhow::Result<Vec<Compared>> {
    if !Path::new(file).exists() {
        return Err(alone(args, file, catalogs).into());
    }
    if let Some(name) = &args.target.environment {
        return Err(UserError::new(
            "environments of one key are compared, and `-e` names only one",
        )
        .help(format!("scopes diff {} --to {name}", quoted(file)))
        .into());
    }
    let KeyOperand { catalog, key, .. } = match read(Path::new(file), catalogs)? {
        Operand::Key(key) => key,
        Operand::Catalog(_) => {
            return Err(UserError::new(format!(
                "`{file}` is a catalog: name another edition to compare it with"
            ))
            .help(format!(
                "scopes diff {file} NEWER, or scopes diff --base REV {file}"
            ))
            .into());
        }
        Operand::NotOurs(why) | Operand::Broken(why) => return Err(why.into()),
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
            "`{file}` has only one environment, `{}`",
            from.name
        ))
        .into());
    }
    let compared = others.into_iter().map(|to| {
        let provider = &catalog.provider;
        let words = Words {
            subject: format!("{provider}/{}: {} against {}", key.name, to.name, from.name),
            sides: [from.name.clone(), to.name.clone()],
            notes: Vec::new(),
            files: Some([file.to_owned(), file.to_owned()]),
        };
        let sides = [from, to].map(|one| GrantedSide::of(&catalog, &key, Some(one)));
        compare(&catalog, words, &sides)
    });
    Ok(compared.collect())
}

/// Two key files, two catalogs, or two sets.
pub(super) fn two(
    args: &DiffArgs,
    a: &str,
    b: &str,
    catalogs: &Catalogs,
    session: &mut Session,
) -> anyhow::Result<Vec<Compared>> {
    let is_file = |text: &str| {
        Path::new(text).is_file()
            || text
                .rsplit_once('@')
                .is_some_and(|(file, _)| Path::new(file).is_file())
    };
    let is_provider = |text: &str| catalogs.by_name(text).is_some();
    if args.target.provider.is_none()
        && (is_file(a) || is_provider(a))
        && (is_file(b) || is_provider(b))
    {
        return files(args, a, b, catalogs, session);
    }
    if args.target.provider.is_none() && (looks_like_a_path(a) || looks_like_a_path(b)) {
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
) -> anyhow::Result<Vec<Compared>> {
    let both = arguments(&[a.to_owned(), b.to_owned()])?;
    let catalog = ask(
        both,
        args.target.provider.as_deref(),
        Names::Scopes,
        catalogs,
    )?
    .catalog;
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
        // Do not compare a misspelt set, because the result would be for another set.
        return Ok(Vec::new());
    }
    let mut target = args.target.resolve(&catalog)?;
    if let Some(name) = &args.to {
        target.environment = environment(&catalog, name)?;
    }
    let many = catalog.key_types.len() > 1;
    let compared = target.holders(&catalog).into_iter().map(|holder| {
        let on = if many {
            format!(" on {}", catalog.key_types[holder.key_type].with_article())
        } else {
            String::new()
        };
        let provider = &catalog.provider;
        let words = Words {
            subject: format!("{provider}: the second set against the first{on}"),
            sides: ["the first set", "the second set"].map(str::to_owned),
            notes: Vec::new(),
            files: None,
        };
        let sides = [&from, &to].map(|written| GrantedSide {
            holder,
            written: written.clone(),
            needed: Vec::new(),
        });
        compare(&catalog, words, &sides)
    });
    Ok(compared.collect())
}

/// Two files of the same kind, or a built-in catalog and a file.
fn files(
    args: &DiffArgs,
    a: &str,
    b: &str,
    catalogs: &Catalogs,
    session: &mut Session,
) -> anyhow::Result<Vec<Compared>> {
    let (first, from) = operand(a, catalogs)?;
    let (second, to) = operand(b, catalogs)?;
    match (first, second) {
        (Operand::Key(old), Operand::Key(new)) => {
            if old.catalog.provider != new.catalog.provider {
                let message = format!(
                    "the keys belong to different providers, {} and {}",
                    old.catalog.provider, new.catalog.provider
                );
                return Err(UserError::new(message)
                    .help("only keys of the same provider can be compared")
                    .into());
            }
            // `FILE@ENV` sets the environment of one file, the options that of both.
            let both = &args.target.environment;
            let from = from.or_else(|| args.from.clone().or_else(|| both.clone()));
            let to = to.or_else(|| args.to.clone().or_else(|| both.clone()));
            let Some(old) = old.under(&new.catalog) else {
                let message = format!("`{a}` cannot be read by the catalog of `{b}`");
                return Err(UserError::new(message)
                    .help("name one catalog in both")
                    .into());
            };
            let before = KeySide {
                key: &old,
                environment: environment_of(&old, from, a)?,
            };
            let after = KeySide {
                key: &new.key,
                environment: environment_of(&new.key, to, b)?,
            };
            let sides = [Some(&before), Some(&after)];
            Ok(keys(&new.catalog, sides, [a, b], &[]))
        }
        (Operand::Catalog(old), Operand::Catalog(new)) => {
            if args.target.environment.is_some() {
                return Err(UserError::new("catalogs are compared in all environments")
                    .help("remove `-e`")
                    .into());
            }
            let affected = affected(&args.keys, &old, &new, catalogs, session);
            let one = EditionComparison {
                editions: editions(&old, &new),
                catalogs: [Some(old.edition()), Some(new.edition())],
                from: a.to_owned(),
                to: b.to_owned(),
                keys: affected,
                old,
                new,
            };
            Ok(vec![Compared::Catalog(Box::new(one))])
        }
        (Operand::NotOurs(why) | Operand::Broken(why), _)
        | (_, Operand::NotOurs(why) | Operand::Broken(why)) => Err(why.into()),
        _ => Err(UserError::new(format!(
            "`{a}` and `{b}` cannot be compared: one is a key, the other a catalog"
        ))
        .help("compare two keys, or two editions of a catalog")
        .into()),
    }
}

/// The name of the environment of a key that is asked for, if one is, as its provider spells it.
fn environment_of(key: &Key, name: Option<String>, file: &str) -> anyhow::Result<Option<String>> {
    let Some(name) = name else { return Ok(None) };
    let mut environments = key.environments.iter();
    if let Some(found) = environments.find(|one| one.is_called(&name)) {
        return Ok(Some(found.name.clone()));
    }
    let names: Vec<&str> = key.environments.iter().map(|one| &*one.name).collect();
    let message = format!("`{file}` has no environment `{name}`");
    Err(UserError::new(message)
        .help(format!("it has: {}", names.join(", ")))
        .into())
}
