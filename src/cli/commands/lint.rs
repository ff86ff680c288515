//! `scopes lint`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::file_kind::is_catalog_file;
use crate::cli::files::{
    FileKind, Origin, read_raw_source, read_raw_stdin, refuse_other_syntax, shown,
};
use crate::cli::linter::{FixArgs, Linter, LinterArgs, LookedFile, Run, nothing};
use crate::cli::session::Session;
use crate::cli::settings::Settings;
use crate::cli::status::Status;
use crate::cli::user_error::UserError;
use crate::cli::walk::Walked;
use crate::lint::{Kind, RawFindings};
use crate::load::{builtin_names, builtin_text};
use crate::load::{looks_like_a_catalog, looks_like_a_key_file};
use crate::render::findings::Examples;
use crate::source::{NotText, Source, Syntax, nearest};

#[derive(Debug, Args)]
pub(in crate::cli) struct LintArgs {
    /// Catalog files, folders to search for them, or names of built-in ones; `-` reads standard input. Without any, the
    /// `catalogs` of scopes.toml, else all built-in ones
    #[arg(value_name = "CATALOG")]
    catalogs: Vec<PathBuf>,
    #[command(flatten)]
    linter: LinterArgs,
}

pub(in crate::cli) fn run(
    args: &LintArgs,
    more: &[PathBuf],
    settings: &Settings,
    session: &mut Session,
) -> anyhow::Result<Status> {
    let linter = Linter::new(&args.linter, FixArgs::default(), settings)?;
    let mut run = Run {
        kind: Kind::Catalog,
        looked: Vec::new(),
        fixed: Vec::new(),
        diffs: String::new(),
        passed_over: Vec::new(),
        below: Vec::new(),
        examples: Examples::default(),
        catalogs: BTreeSet::new(),
    };
    let mut empty = Vec::new();
    let mut skipped = Vec::new();
    let mut named: Vec<PathBuf> = args.catalogs.iter().chain(more).cloned().collect();
    let is_configured = named.is_empty() && settings.config.catalogs.is_some();
    if named.is_empty() {
        if let Some(patterns) = &settings.config.catalogs {
            run.below = settings.beginnings(patterns);
        }
        named = match &settings.config.catalogs {
            Some(patterns) => {
                let mut walked = settings.files(patterns)?;
                skipped.append(&mut walked.skipped);
                walked.all()?
            }
            None => builtin_names().map(PathBuf::from).collect(),
        };
    }
    run.below.extend(named.iter().cloned());
    let day = linter.today();
    let mut paths = Vec::new();
    for path in named {
        if !path.is_dir() {
            paths.push(path);
            continue;
        }
        let walked = Walked::below(&path, is_catalog_file);
        if walked.files.is_empty() {
            let reasons = walked.skipped.iter().map(|(_, reason)| *reason);
            empty.push((shown(&path), reasons.collect()));
        }
        skipped.extend(walked.skipped);
        paths.extend(walked.files);
        session.refuse_each(&walked.unreadable);
    }
    let mut once = std::collections::HashSet::new();
    paths.retain(|path| once.insert(path.clone()));
    if linter.shows_files() {
        return linter.show_files(Kind::Catalog, &paths, &skipped, session);
    }
    run.passed_over = skipped.iter().map(|(_, reason)| *reason).collect();
    for path in paths {
        let raw = match catalog_source(&path) {
            Ok(Ok(source)) => {
                let (raw, catalog) = RawFindings::of_catalog(source, &day);
                if let Some(catalog) = &catalog {
                    run.examples.add(catalog);
                }
                raw
            }
            Ok(Err(why)) => RawFindings::of_not_text(shown(&path), &why),
            Err(error) => {
                session.fail(&error);
                continue;
            }
        };
        run.catalogs.extend(raw.catalog.clone());
        run.looked.push(LookedFile::of(raw));
    }
    if run.looked.is_empty() && !session.has_refused() {
        let help = "a catalog is YAML or JSON with `provider` and `endpoints` at the top";
        if let (Some(patterns), true) = (&settings.config.catalogs, is_configured) {
            let patterns = patterns.join(", ");
            let message =
                format!("nothing to check: no catalog matches `{patterns}` in scopes.toml");
            return Err(UserError::new(message).help(help).into());
        }
        return Err(nothing("catalog", &empty).help(help).into());
    }
    linter.finish(run, session)
}

/// The text of a catalog that is named: a file, standard input, or a built-in one.
fn catalog_source(path: &Path) -> anyhow::Result<Result<Source, NotText>> {
    if path == Path::new("-") {
        let source = read_raw_stdin(FileKind::Catalog)?;
        refuse_other_syntax(&source, |_| {
            "a catalog is YAML or JSON: save it as a file".to_owned()
        })?;
        return Ok(Ok(source));
    }
    let name = shown(path);
    let is_name = !name.contains('/') && Syntax::of(path).is_none();
    if is_name && !path.exists() {
        let Some(text) = builtin_text(&name) else {
            let near = nearest(&name, builtin_names());
            let help = match near.first() {
                Some(best) => format!("did you mean `{best}`?"),
                None => "name your own catalog by its path".to_owned(),
            };
            return Err(UserError::new(format!("unknown catalog `{name}`"))
                .help(help)
                .into());
        };
        return Ok(Ok(Source {
            name: format!("{name} (built-in)"),
            text,
            syntax: Syntax::Yaml,
        }));
    }
    let source = read_raw_source(path, FileKind::Catalog, Origin::Named)?;
    if let Ok(source) = &source
        && looks_like_a_key_file(source)
        && !looks_like_a_catalog(source)
    {
        let refusal = UserError::new(format!("`{name}` is a key file, not a catalog"));
        return Err(refusal
            .help(format!("scopes check --key-file {name}"))
            .into());
    }
    Ok(source)
}
