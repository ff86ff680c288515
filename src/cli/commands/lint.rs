//! `scopes lint`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::files::{
    FileKind, Origin, read_raw_source, read_raw_stdin, refuse_other_syntax, shown,
};
use crate::cli::kinds::{is_catalog_file, looks_like_a_catalog, looks_like_a_key_file};
use crate::cli::linter::{FixArgs, Linter, LinterArgs, Looked, LookedFile, Run, not_text, nothing};
use crate::cli::secrets::{MaskedCatalog, masked_catalog, without_echoes};
use crate::cli::session::Session;
use crate::cli::settings::Settings;
use crate::cli::status::Status;
use crate::cli::user_error::UserError;
use crate::cli::walk::Walked;
use crate::finding::{Finding, RuleId};
use crate::lint::{Kind, lint_catalog};
use crate::load::{builtin_names, builtin_text};
use crate::render::findings::Examples;
use crate::source::{Date, NotText, Source, Syntax, nearest};

#[derive(Debug, Args)]
pub(in crate::cli) struct LintArgs {
    /// Catalogs: files, folders of them, names of built-in ones; `-` reads standard input. Without any, what scopes.toml
    /// names, else the built-in ones
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
        let mut looked = match catalog_source(&path) {
            Ok(Ok(source)) => look(source, &day, &mut run.examples),
            Ok(Err(why)) => not_text(&path, &why),
            Err(error) => {
                session.fail(&error);
                continue;
            }
        };
        run.catalogs.extend(looked.catalog.take());
        run.looked.push(LookedFile::of(looked));
    }
    if run.looked.is_empty() && !session.has_refused() {
        let help = "a catalog is YAML or JSON with `provider` and `endpoints` at the top";
        if let (Some(patterns), true) = (&settings.config.catalogs, is_configured) {
            let patterns = patterns.join(", ");
            let message =
                format!("nothing to check: scopes.toml names no catalog with `{patterns}`");
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
                None => "a catalog of your own is named by its path".to_owned(),
            };
            return Err(UserError::new(format!("there is no catalog `{name}`"))
                .help(help)
                .into());
        };
        return Ok(Ok(Source {
            name: format!("{name} (built-in)"),
            text: text.to_owned(),
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

/// Everything that is to be said about one catalog, before levels and acceptance.
fn look(source: Source, day: &Date, examples: &mut Examples) -> Looked {
    let MaskedCatalog {
        source,
        mut loaded,
        secrets,
    } = masked_catalog(source);
    // A fix is for a person: what a catalog says is a fact about somebody else.
    for finding in &mut loaded.findings {
        if let Some(fix) = finding.fix.take().filter(|_| finding.help.is_none()) {
            finding.help = Some(fix.message);
        }
    }
    let mut findings = loaded.findings;
    findings.extend(secrets);
    let mut identity = source.name.clone();
    let mut allowances = Vec::new();
    let mut edition = None;
    if let Some(mut catalog) = loaded.catalog {
        if Syntax::of(Path::new(&source.name)).is_some() {
            catalog.handle.clone_from(&source.name);
            if !catalog.handle.contains('/') {
                catalog.handle.insert_str(0, "./");
            }
        }
        identity = format!("catalog {}", catalog.provider);
        let mut found = lint_catalog(&catalog, day);
        examples.add(&catalog);
        if !found.is_empty() {
            // Of a catalog that corrects another one, only what stands in its own file is its fault.
            let located = source.source_map();
            found.retain(|finding| finding.place.path().is_none_or(|path| located.has(path)));
        }
        // What follows from an entry that cannot be read is no second fault.
        let entry = |finding: &Finding| {
            let path = finding.place.path().filter(|path| path.0.len() > 1)?;
            Some(path.0[..2].to_vec())
        };
        let faulty: Vec<_> = findings.iter().filter_map(entry).collect();
        found.retain(|finding| {
            // What the catalog below says of itself is still overturned.
            finding.rule == RuleId::OverturnedExample
                || entry(finding).is_none_or(|entry| !faulty.contains(&entry))
        });
        findings.extend(found);
        edition = Some(catalog.edition());
        allowances = catalog.allowances;
        for finding in &mut findings {
            finding.fix = None;
        }
    }
    without_echoes(&source, &mut findings);
    Looked {
        source,
        identity,
        findings,
        allowances,
        catalog: edition,
        outlook: None,
        promise: None,
        view: None,
    }
}
