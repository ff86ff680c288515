//! `scopes import`.

mod documents;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::cli::files::{Before, FileKind, Origin, read_raw_source, shown, write_text};
use crate::cli::session::{Session, date};
use crate::cli::status::Status;
use crate::cli::user_error::UserError;
use crate::finding::{Finding, Level};
use crate::lint::level;
use crate::load::looks_like_a_catalog;
use crate::load::{CatalogFile, Extension, load_catalog};
use crate::render::import as screen;
use crate::render::import::Extent;
use crate::source::{Date, Source, Syntax};
use documents::{Secrets, read};

#[derive(Debug, Args)]
pub(in crate::cli) struct ImportArgs {
    /// The kind of document
    #[arg(value_enum, value_name = "KIND")]
    kind: Kind,
    /// The documents, or folders with them; `-` reads standard input. Several make one catalog
    #[arg(value_name = "SPEC", required = true)]
    specs: Vec<PathBuf>,
    /// The file to write, as .yaml or .json
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Output format on standard output
    #[arg(long, value_enum, default_value_t = CatalogFormat::Yaml)]
    format: CatalogFormat,
    /// The provider's name in the catalog [default: the document's title]
    #[arg(long, value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    provider: Option<String>,
    /// Whether an operation needs all scopes of an array, or any one of them
    #[arg(long, value_enum, value_name = "HOW")]
    array: Option<ArrayChoice>,
    /// Find scopes in the descriptions of operations: the first group of this pattern, or the whole match
    #[arg(long, value_name = "REGEX")]
    scope_pattern: Option<regex::Regex>,
    /// An extension field of operations that names scopes, like x-required-scopes, x-permission.scopes or
    /// x-oauth-scope=TYPE, for a key type; can be repeated
    #[arg(long, value_name = "ROUTE")]
    extension: Vec<Extension>,
    /// Only import operations with this tag; can be repeated
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// Leave out the summaries of operations and scopes
    #[arg(long)]
    no_summaries: bool,
    /// Keep the hand-written parts of this catalog: risk, notes, recipes, examples, allowances
    #[arg(long, value_name = "CATALOG")]
    merge: Option<PathBuf>,
    /// Write nothing if a part of a document cannot be read
    #[arg(long)]
    strict: bool,
    /// Write nothing; exit with status 1 if the catalog is out of date
    #[arg(long)]
    check: bool,
    /// The date of the import, instead of today
    #[arg(long, value_name = "DATE", value_parser = date)]
    today: Option<Date>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// OpenAPI 3.0 to 3.2, Swagger 2.0
    Openapi,
    /// Google API Discovery documents
    Google,
    /// Microsoft Graph permissions
    Msgraph,
    /// Documentation pages in Markdown: their tables of scopes and endpoints
    Markdown,
    /// Slack's methods and events: methods/NAME.json and events.json
    Slack,
    /// Dropbox's interface in Stone: *.stone
    Dropbox,
    /// GitHub's fine-grained permissions, as lines of permission, access, method and path
    Github,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CatalogFormat {
    Yaml,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ArrayChoice {
    All,
    Any,
}

pub(in crate::cli) fn run(args: &ImportArgs, session: &mut Session) -> anyhow::Result<Status> {
    let secrets = Secrets::default();
    let older = older(args, &secrets)?;
    let older = older.as_ref().map(|(_, older)| older);
    let imported = read(args, older, &secrets)?;
    let extent = Extent {
        width: session.style.width,
        verbose: session.verbose,
    };
    let mut remarks = screen::faults_of_documents(&imported.findings, extent);
    let Some(catalog) = imported.catalog else {
        session.err.push_str(&remarks);
        session.err.push_str(&secrets.remarks(extent));
        let names: Vec<String> = args.specs.iter().map(|path| shown(path)).collect();
        let message = format!("nothing can be imported from `{}`", names.join("`, `"));
        return Err(UserError::new(message).into());
    };
    if !args.tag.is_empty() && catalog.counts().0 == 0 {
        let tags = args.tag.join("`, `");
        return Err(UserError::new(format!("no operation has the tag `{tags}`")).into());
    }
    let damage = screen::damage(&imported.remarks, extent);
    let is_partial = imported.remarks.is_partial();
    if is_partial && args.strict {
        session.err.push_str(&remarks);
        session.err.push_str(&damage);
        let message =
            "a part of the documents cannot be read, and `--strict` imports all or nothing";
        return Err(UserError::new(message).into());
    }
    remarks.push_str(&screen::remarks(&imported.remarks, extent));
    remarks.push_str(&damage);
    let catalog = match (&args.merge, older) {
        (Some(_), Some(older)) => catalog.over(older),
        _ => catalog,
    };
    let syntax = syntax_of(args)?;
    let text = catalog.text(syntax);
    remarks.push_str(&screen::faults_of_catalog(
        &faults_of(&text, syntax),
        extent,
    ));
    if args.check {
        session.err.push_str(&damage);
        let status = check(args, &catalog, older, extent, session)?;
        return Ok(if is_partial {
            Status::found_if(true)
        } else {
            status
        });
    }
    let Some(path) = &args.output else {
        session.out = text;
        session.err.push_str(&remarks);
        session.err.push_str(&secrets.remarks(extent));
        return Ok(Status::found_if(secrets.any() || is_partial));
    };
    let existing = existing(path, &secrets)?;
    let (before, existing) = match &existing {
        Some((source, catalog)) => (Before::Text(&source.text), Some(catalog)),
        None => (Before::Nothing, None),
    };
    refuse_to_lose(args, path, existing, &catalog)?;
    let counts = screen::counts(catalog.counts());
    let name = shown(path);
    if existing.is_some_and(|existing| existing.out_of_step(&catalog).is_none()) {
        // Only the date would change, so leave the file as it is, including comments.
        let _ = writeln!(session.out, "{name} is up to date: {counts}");
    } else {
        write_text(path, &text, before, None)?;
        let _ = writeln!(session.out, "wrote {name}: {counts}");
        let merged = older.filter(|_| args.merge.is_some());
        if let Some(change) = merged.and_then(|older| older.out_of_step(&catalog)) {
            session.out.push_str(&screen::merged(&change, extent));
        }
    }
    session.out.push_str(&remarks);
    session.out.push_str(&secrets.remarks(extent));
    Ok(Status::found_if(secrets.any() || is_partial))
}

/// How the catalog is written: as its file is called, else as the option says.
fn syntax_of(args: &ImportArgs) -> Result<Syntax, UserError> {
    let checked = args.merge.as_ref().filter(|_| args.check);
    let target = args.output.as_ref().or(checked);
    match (target.and_then(|path| Syntax::of(path)), args.format) {
        (Some(Syntax::Json), _) | (None, CatalogFormat::Json) => Ok(Syntax::Json),
        (Some(Syntax::Toml), _) => Err(UserError::new(
            "a catalog is YAML or JSON: name a .yaml or .json file",
        )),
        _ => Ok(Syntax::Yaml),
    }
}

/// The errors in the catalog itself, such as an entry of the older edition that names something that is gone.
fn faults_of(text: &str, syntax: Syntax) -> Vec<Finding> {
    let source = Source {
        name: "the catalog".to_owned(),
        text: text.to_owned(),
        syntax,
    };
    let mut findings = load_catalog(&source).findings;
    findings.retain(|finding| level(finding) == Level::Error);
    findings
}

/// Says how the catalog differs from what an import would write.
fn check(
    args: &ImportArgs,
    catalog: &CatalogFile,
    older: Option<&CatalogFile>,
    extent: Extent,
    session: &mut Session,
) -> anyhow::Result<Status> {
    let path = args.merge.as_ref().or(args.output.as_ref());
    let name = path.map(|path| shown(path)).unwrap_or_default();
    let Some(older) = older else {
        return Err(UserError::new("`--check` needs a catalog to compare with").into());
    };
    let difference = older.out_of_step(catalog);
    session.out = match &difference {
        None => format!("{name} is up to date\n"),
        Some(difference) => screen::out_of_step(&name, difference, extent),
    };
    Ok(Status::found_if(difference.is_some()))
}

/// The catalog to merge with.
fn older(args: &ImportArgs, secrets: &Secrets) -> anyhow::Result<Option<(Source, CatalogFile)>> {
    let path = match (&args.merge, &args.output, args.check) {
        (Some(path), ..) | (None, Some(path), true) => path,
        (None, None, true) => {
            let refusal = UserError::new("`--check` needs a catalog to compare with");
            return Err(refusal.help("add --merge CATALOG or -o CATALOG").into());
        }
        (None, _, false) => return Ok(None),
    };
    if !path.exists() {
        return Err(UserError::new(format!("there is no file `{}`", shown(path))).into());
    }
    existing(path, secrets)?
        .map(Some)
        .ok_or_else(|| UserError::new(format!("`{}` is not a catalog", shown(path))).into())
}

/// The catalog that an import would overwrite, and its unmasked text, which must not be shown.
fn existing(path: &Path, secrets: &Secrets) -> anyhow::Result<Option<(Source, CatalogFile)>> {
    if !path.exists() {
        return Ok(None);
    }
    let name = shown(path);
    let source = read_raw_source(path, FileKind::Catalog, Origin::Found)?
        .map_err(|reason| UserError::new(format!("cannot read `{name}`: {reason}")))?;
    let mut masked = source.clone();
    secrets.mask(&mut masked);
    if !looks_like_a_catalog(&masked) {
        return Ok(None);
    }
    Ok(CatalogFile::read(&masked).map(|catalog| (source, catalog)))
}

/// Fails if the file to overwrite is not a catalog, or contains something that an import never writes.
fn refuse_to_lose(
    args: &ImportArgs,
    path: &Path,
    existing: Option<&CatalogFile>,
    catalog: &CatalogFile,
) -> anyhow::Result<()> {
    let name = shown(path);
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        let message = format!("there is no folder `{}`", shown(folder));
        return Err(UserError::new(message).help("create it first").into());
    }
    let Some(existing) = existing else {
        if path.exists() {
            let refusal = UserError::new(format!("`{name}` already exists and is not a catalog"));
            return Err(refusal.help("name another file, or remove it first").into());
        }
        return Ok(());
    };
    let by_hand = catalog.clone().over(existing);
    let is_written = by_hand.out_of_step(catalog).is_some_and(|difference| {
        let is_head = |name: &str| matches!(name, "provider" | "title");
        difference
            .sections
            .iter()
            .any(|section| !is_head(&section.name))
    });
    if args.merge.is_none() && is_written {
        let refusal = UserError::new(format!("`{name}` contains handwritten entries"));
        return Err(refusal
            .help(format!(
                "--merge {name} keeps them; to start over, remove the file first"
            ))
            .into());
    }
    Ok(())
}
