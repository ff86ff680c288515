//! `scopes init`: a key file to begin with, already the least.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use crate::cli::ask::{Choice, Questions, can_ask};
use crate::cli::catalogs::Catalogs;
use crate::cli::display_path::seen_from;
use crate::cli::files::{Before, FileKind, Origin, read_other, read_source, shown, write_text};
use crate::cli::key::catalog_named;
use crate::cli::needs::NeedArgs;
use crate::cli::session::{Session, today};
use crate::cli::settings::Settings;
use crate::cli::status::Status;
use crate::cli::target::TargetArgs;
use crate::cli::traffic::observe;
use crate::cli::user_error::UserError;
use crate::cli::walk::Walked;
use crate::finding::Level;
use crate::lint::{KeyChecker, Policy, level};
use crate::load::{declared_identity, find_certain_secrets};
use crate::model::{Catalog, Key, NeedKind};
use crate::recommend::{Met, Wanted, recommend};
use crate::render::recommendation::{Place, Proposal, places};
use crate::source::{Source, Syntax, count, is_harmful, shell_word, spelt_out};

#[derive(Debug, Args)]
pub(in crate::cli) struct InitArgs {
    /// The file to write, in the format of its extension; `-` is standard output [default: keys/NAME.yaml]
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    target: TargetArgs,
    #[command(flatten)]
    needs: NeedArgs,
    /// The name of the key [default: that of the file]
    #[arg(long)]
    name: Option<String>,
    /// The team or person that is responsible for the key
    #[arg(long)]
    owner: Option<String>,
    /// What the key is used for
    #[arg(long)]
    purpose: Option<String>,
}

/// What is known of the key, from options and answers.
struct Answers {
    catalog: Arc<Catalog>,
    wanted: Vec<Wanted>,
    name: String,
    owner: Option<String>,
    purpose: Option<String>,
}

pub(in crate::cli) fn run(
    args: &InitArgs,
    catalogs: &Catalogs,
    settings: &Settings,
    session: &mut Session,
) -> anyhow::Result<Status> {
    if let Some(path) = &args.file {
        refuse_file(path)?;
    }
    let questions = can_ask().then(|| Questions::new(session.style.color));
    let answers = answers(args, catalogs, questions.as_ref(), session)?;
    let path = match &args.file {
        Some(path) => path.clone(),
        None => default_file(&answers.name),
    };
    let is_stdout = path == Path::new("-");
    if !is_stdout {
        refuse_existing(&path)?;
    }
    let provider = provider_for(args, &answers.catalog, &path, catalogs, settings);
    let text = proposed(args, &answers, &path, &provider)?;
    let name = shown(&path);
    if is_stdout {
        session.out = text;
        return Ok(Status::Clean);
    }
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder).map_err(|error| {
            UserError::new(format!(
                "cannot create the folder `{}`: {error}",
                shown(folder)
            ))
        })?;
    }
    write_text(&path, &text, Before::Nothing, None)?;
    session.out = format!("wrote {name}\n");
    let namesake = namesake(&path, &text);
    let found = findings(&path, text, catalogs, settings);
    if found > 0 {
        let found = count(found, "finding");
        session.remark(&format!(
            "note: `scopes check {}` has {found}",
            shell_word(&name)
        ));
    }
    if let Some(other) = &namesake {
        let message = format!("`{other}` also describes a key `{}`", answers.name);
        session.remark(&format!("note: {message}: give one of them another name"));
    }
    let blank = [("owner", &answers.owner), ("purpose", &answers.purpose)];
    let blank: Vec<&str> = blank
        .iter()
        .filter(|(_, text)| text.is_none())
        .map(|(field, _)| *field)
        .collect();
    let fill = if blank.is_empty() {
        String::new()
    } else {
        format!("fill in {}, then ", blank.join(" and "))
    };
    session.remark(&format!(
        "help: {fill}check it: scopes check {}",
        shell_word(&name)
    ));
    Ok(Status::found_if(found > 0 || namesake.is_some()))
}

/// Fails where a file cannot be written as a key file: nobody would read it.
fn refuse_file(path: &Path) -> anyhow::Result<()> {
    let name = shown(path);
    if path.is_dir() {
        let refusal = UserError::new(format!("`{name}` is a folder"));
        let file = shell_word(&shown(&path.join("NAME.yaml")));
        return Err(refusal
            .help(format!("name a file in it: scopes init {file}"))
            .into());
    }
    if path != Path::new("-") && Syntax::of(path).is_none() {
        let refusal = UserError::new(format!("`{name}` is not YAML, TOML or JSON by its name"));
        let help =
            "name a file that ends in .yaml, .toml or .json, so that `scopes check` finds it";
        return Err(refusal.help(help).into());
    }
    refuse_existing(path)
}

/// Fails where a file exists: it may be somebody's work.
fn refuse_existing(path: &Path) -> anyhow::Result<()> {
    if path == Path::new("-") || path.symlink_metadata().is_err() {
        return Ok(());
    }
    let name = shown(path);
    let help = format!(
        "name another file, or change this one: scopes check {}",
        shell_word(&name)
    );
    Err(UserError::new(format!("`{name}` already exists"))
        .help(help)
        .into())
}

/// What the options say; at a terminal, what is missing is asked for.
fn answers(
    args: &InitArgs,
    catalogs: &Catalogs,
    questions: Option<&Questions>,
    session: &mut Session,
) -> anyhow::Result<Answers> {
    let catalog = match (&args.target.provider, questions) {
        (Some(name), _) => catalogs.named(name, None)?,
        (None, Some(questions)) if !args.needs.has_names() => pick_provider(questions, catalogs)?,
        (None, _) => args.needs.infer(catalogs)?,
    };
    let asked = args.needs.asked(&catalog)?;
    if let Some(unknown) = asked.unknown.into_iter().next() {
        return Err(unknown.into());
    }
    let mut wanted = asked.wanted;
    let observed = observe(&args.needs.log, &catalog)?;
    wanted.extend(observed.endpoints.iter().map(|index| Wanted {
        kind: NeedKind::Endpoint(*index),
        recipe: None,
        inferred: false,
        default_mode: observed.open_modes.contains(index),
    }));
    if observed.traffic.skipped > 0 {
        let lines = usize::try_from(observed.traffic.skipped).unwrap_or(usize::MAX);
        session.remark(&format!(
            "note: {} of the log skipped",
            count(lines, "line")
        ));
    }
    for (request, _) in &observed.traffic.unmatched {
        session.remark(&format!(
            "note: {} has no endpoint for {request}",
            catalog.provider
        ));
    }
    if wanted.is_empty() {
        let Some(questions) = questions else {
            let message = "no needs given: use --endpoint, --recipe, --event or --log";
            let provider = shell_word(&catalog.handle);
            let help = format!("scopes show {provider} recipes, or endpoints, lists what there is");
            return Err(UserError::new(message).help(help).into());
        };
        pick_needs(questions, &catalog, &mut wanted)?;
    }
    let stem = args.file.as_deref().filter(|path| *path != Path::new("-"));
    let stem = stem
        .and_then(Path::file_stem)
        .map(|stem| stem.to_string_lossy().into_owned());
    let known = args.name.clone().or(stem);
    let default = default_name(&catalog, &wanted);
    let (name, owner, purpose) = match questions {
        None => (
            known.unwrap_or(default),
            args.owner.clone(),
            args.purpose.clone(),
        ),
        Some(questions) => {
            let ask = |given: &Option<String>, question: &str| match given {
                Some(given) => Ok(given.clone()),
                None => questions.line(question, None),
            };
            let name = match known {
                Some(name) => name,
                None => questions.line("Name of the key", Some(&default))?,
            };
            if args.file.is_none() {
                refuse_existing(&default_file(&name))?;
            }
            let owner = ask(&args.owner, "Who is responsible for it?")?;
            let purpose = ask(&args.purpose, "What is it used for?")?;
            let stated = |text: String| Some(text).filter(|text| !text.is_empty());
            (name, stated(owner), stated(purpose))
        }
    };
    // Each of them is one line of the file.
    let on_one_line = |text: String| {
        let words: Vec<&str> = text.split_whitespace().collect();
        words.join(" ").replace(is_harmful, "")
    };
    let name = on_one_line(name);
    let owner = owner.map(on_one_line);
    let purpose = purpose.map(on_one_line);
    if name.is_empty() {
        let refusal = UserError::new("the name of the key is empty");
        return Err(refusal.help("give it a name with `--name`").into());
    }
    if !find_certain_secrets(&name, &catalog.prefixes()).is_empty() {
        let refusal = UserError::new("the name of a key is not the key itself");
        return Err(refusal
            .help("revoke that key: it was shown on a screen")
            .into());
    }
    Ok(Answers {
        catalog,
        wanted,
        name,
        owner,
        purpose,
    })
}

fn pick_provider(questions: &Questions, catalogs: &Catalogs) -> anyhow::Result<Arc<Catalog>> {
    let all = catalogs.all().into_iter();
    let choices = all.map(|catalog| Choice {
        shown: if catalog.title.eq_ignore_ascii_case(&catalog.provider) {
            catalog.provider.clone()
        } else {
            format!("{}  {}", catalog.provider, catalog.title)
        },
        value: catalog,
    });
    questions.pick("Which provider?", choices.collect())
}

/// Asks what the key must do, one need after the other.
fn pick_needs(
    questions: &Questions,
    catalog: &Catalog,
    wanted: &mut Vec<Wanted>,
) -> anyhow::Result<()> {
    let mut taken: Vec<String> = Vec::new();
    loop {
        let mut choices = Vec::new();
        if !taken.is_empty() {
            let shown = "(that is all)".to_owned();
            choices.push(Choice { value: None, shown });
        }
        let recipes = catalog.described_recipes().into_iter();
        let endpoints = catalog.described_endpoints().into_iter();
        let events = catalog.described_events().into_iter();
        let named = recipes
            .map(|one| ("recipe ", one))
            .chain(endpoints.map(|one| ("", one)))
            .chain(events.map(|one| ("event ", one)));
        for (kind, one) in named.filter(|(_, one)| !taken.contains(&one.name)) {
            let help = if one.help.is_empty() || one.help == "an event" {
                String::new()
            } else {
                format!("  {}", one.help)
            };
            choices.push(Choice {
                shown: format!("{kind}{}{help}", one.name),
                value: Some((kind, one.name)),
            });
        }
        let question = if taken.is_empty() {
            "What must the key do? (type to search)"
        } else {
            "What else?"
        };
        let Some((kind, name)) = questions.pick(question, choices)? else {
            return Ok(());
        };
        let mut one = NeedArgs::default();
        match kind {
            "recipe " => one.recipe.push(name.clone()),
            "event " => one.event.push(name.clone()),
            _ => one.endpoint.push(name.clone()),
        }
        wanted.extend(one.asked(catalog)?.wanted);
        taken.push(name);
    }
}

/// A name for a key of which only the needs are known.
fn default_name(catalog: &Catalog, wanted: &[Wanted]) -> String {
    let mut recipes = wanted.iter().filter_map(|need| need.recipe);
    match recipes.next() {
        Some(recipe) => format!("{}-{}", catalog.provider, catalog.recipes[recipe].name),
        None => catalog.provider.clone(),
    }
}

/// The file of a key where none is named.
fn default_file(name: &str) -> PathBuf {
    Path::new("keys").join(format!("{}.yaml", file_name(name)))
}

/// A name as that of a file.
fn file_name(name: &str) -> String {
    let safe = |c: char| {
        if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') {
            c
        } else {
            '-'
        }
    };
    name.chars().map(safe).collect()
}

/// The text of the file.
fn proposed(
    args: &InitArgs,
    answers: &Answers,
    path: &Path,
    provider: &str,
) -> anyhow::Result<String> {
    let catalog = &answers.catalog;
    let target = args.target.resolve(catalog)?;
    let answer = recommend(
        catalog,
        target.key_type,
        target.environment,
        &answers.wanted,
        None,
    );
    let unmet: Vec<String> = answer
        .needs
        .iter()
        .filter(|(_, met)| matches!(met, Met::Impossible(_)))
        .map(|(need, _)| catalog.need_name(need.kind))
        .collect();
    if answer.exclusion.is_some() {
        let excluded = answer.needs.iter().filter(|(_, met)| *met == Met::Excluded);
        let names = excluded.map(|(need, _)| format!("`{}`", catalog.need_name(need.kind)));
        let names: Vec<String> = names.collect();
        let message = format!("no one key meets {}", names.join(" and "));
        let help = "write a file for each: their scopes cannot be on one key";
        return Err(UserError::new(message).help(help).into());
    }
    if let Some(first) = unmet.first() {
        let message = format!("no scope meets `{}`", unmet.join("`, `"));
        let provider = shell_word(&catalog.handle);
        let help = format!("scopes explain -p {provider} {}", shell_word(first));
        return Err(UserError::new(message).help(help).into());
    }
    let mut all = match &args.target.environment {
        Some(name) => vec![Place {
            name: target.environment.is_some().then(|| name.clone()),
            index: target.environment,
            needs: Vec::new(),
        }],
        None => places(catalog, &answers.wanted),
    };
    if all.is_empty() {
        all.push(Place {
            name: None,
            index: target.environment,
            needs: Vec::new(),
        });
    }
    let proposal = Proposal {
        catalog,
        provider,
        name: Some(&answers.name),
        owner: answers.owner.as_deref(),
        purpose: answers.purpose.as_deref(),
        key_type: answer.holder.key_type,
        needs: &answers.wanted,
        unknown: &[],
        places: &all,
    };
    let syntax = Syntax::of(path).unwrap_or(Syntax::Yaml);
    let text = proposal
        .write_new(syntax)
        .map_err(anyhow::Error::from_boxed)?;
    Ok(spelt_out(&text, syntax))
}

/// How the file calls the provider: a catalog that has a path, by its path from the file. One that `--catalog` names has no
/// name in a file; one of scopes.toml has.
fn provider_for(
    args: &InitArgs,
    catalog: &Catalog,
    path: &Path,
    catalogs: &Catalogs,
    settings: &Settings,
) -> String {
    let mut named = catalogs.own().iter();
    let own = named.find(|own| own.catalog.provider == catalog.provider);
    let own = own.filter(|_| settings.config.catalogs.is_none());
    let given = args.target.provider.as_deref().map(Path::new);
    let given = given.filter(|name| Syntax::of(name).is_some() || name.components().count() > 1);
    let file = given.or(own.map(|own| own.path.as_path()));
    let Some(handle) = file.filter(|_| path != Path::new("-")) else {
        return catalog.handle.clone();
    };
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let near = seen_from(folder.unwrap_or(Path::new(".")), handle);
    if near.starts_with("..") || near.contains('/') {
        near
    } else {
        format!("./{near}")
    }
}

/// Another file of the same folder that describes a key of the same name.
fn namesake(path: &Path, text: &str) -> Option<String> {
    let source = |name: String, text: &str| Source {
        syntax: Syntax::of(Path::new(&name)).unwrap_or(Syntax::Yaml),
        text: text.to_owned(),
        name,
    };
    let own = declared_identity(&source(shown(path), text))?;
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let others = Walked::to_depth(folder.unwrap_or(Path::new(".")), 1)
        .all()
        .ok()?;
    let mut others = others
        .into_iter()
        .filter(|other| other.file_name() != path.file_name() && Syntax::of(other).is_some());
    let is_same = |other: &PathBuf| {
        let read = read_source(other, FileKind::Key, Origin::Found);
        let read = read.ok().and_then(Result::ok);
        read.and_then(|source| declared_identity(&source)) == Some(own.clone())
    };
    others.find(is_same).map(|other| shown(&other))
}

/// How many errors and warnings `scopes check` has for the file.
fn findings(path: &Path, text: String, catalogs: &Catalogs, settings: &Settings) -> usize {
    let folder = path.parent();
    let policy = Policy {
        levels: settings.config.levels.clone(),
        max_days: settings.config.max_days,
        ..Policy::on(today())
    };
    let checker = KeyChecker {
        catalogs: &|name| catalog_named(name, folder, catalogs),
        others: &|name| read_other(folder, name),
        prefixes: catalogs.own_prefixes(),
        policy: &policy,
        baseline: None,
        budget: settings.config.budget,
        prepare: &|_: &mut Key, _: &Catalog| Ok::<(), std::convert::Infallible>(()),
    };
    let source = Source {
        name: shown(path),
        text,
        syntax: Syntax::of(path).unwrap_or(Syntax::Yaml),
    };
    let Ok(file) = checker.check(source);
    let found = file.findings.iter();
    found.filter(|finding| level(finding) > Level::Note).count()
}
