//! `scopes import`.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt::Write;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use clap::{Args, ValueEnum};

use crate::cli::files::{
    Before, FileKind, Origin, read_raw_source, read_raw_stdin, read_source, refuse_outside, shown,
    write_text,
};
use crate::cli::kinds::looks_like_a_catalog;
use crate::cli::session::{Session, date, today};
use crate::cli::status::Status;
use crate::cli::user_error::UserError;
use crate::cli::walk::Walked;
use crate::finding::Finding;
use crate::lint::level;
use crate::load::{
    Ambiguity, Array, CatalogFile, Document, ImportOptions, Imported, find_certain_secrets,
    import_google, import_msgraph, import_openapi, load_catalog, masked,
};
use crate::render::wrapped;
use crate::source::limits::{LARGEST_SPECIFICATION, MIB, MOST_SPECIFIED};
use crate::source::{Date, Position, Source, Syntax, count};

#[derive(Debug, Args)]
pub(in crate::cli) struct ImportArgs {
    /// What the document is
    #[arg(value_enum, value_name = "KIND")]
    kind: Kind,
    /// The document; a folder that holds it; `-` reads standard input. `google` takes several
    #[arg(value_name = "SPEC", required = true)]
    specs: Vec<PathBuf>,
    /// The file to write; its extension, .yaml or .json, says how
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// How to write to standard output
    #[arg(long, value_enum, default_value_t = CatalogFormat::Yaml)]
    format: CatalogFormat,
    /// The provider's name in the catalog; without it, the document's title
    #[arg(long, value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    provider: Option<String>,
    /// How to read an array of scopes: all of them, or any one of them
    #[arg(long, value_enum, value_name = "HOW")]
    array: Option<ArrayChoice>,
    /// Finds scopes in the descriptions of operations: the first group of the pattern, or all it matches
    #[arg(long, value_name = "REGEX")]
    scope_pattern: Option<regex::Regex>,
    /// An extension of operations that names scopes, as x-required-scopes; can be given several times
    #[arg(long, value_name = "NAME")]
    extension: Vec<String>,
    /// Only operations with this tag; can be given several times
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// Leave the summaries of operations and scopes out
    #[arg(long)]
    no_summaries: bool,
    /// A catalog whose hand-written parts are kept: risk, notes, recipes, examples, allowances
    #[arg(long, value_name = "CATALOG")]
    merge: Option<PathBuf>,
    /// Write nothing; status 1 where the catalog is out of step
    #[arg(long)]
    check: bool,
    /// The day to note as that of the import, in place of today's
    #[arg(long, value_name = "DATE", value_parser = date)]
    today: Option<Date>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// OpenAPI 3.0 and 3.1, Swagger 2.0
    Openapi,
    /// API Discovery documents of Google
    Google,
    /// The permissions of Microsoft Graph
    Msgraph,
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
    let imported = read(args, &secrets)?;
    let mut remarks = remarks(&imported.findings, session);
    let Some(catalog) = imported.catalog else {
        session.err.push_str(&remarks);
        let names: Vec<String> = args.specs.iter().map(|path| shown(path)).collect();
        session.err.push_str(&secrets.remarks(session));
        return Err(UserError::new(format!(
            "nothing can be imported from `{}`",
            names.join("`, `")
        ))
        .into());
    };
    if !args.tag.is_empty() && catalog.counts().0 == 0 {
        let tags = args.tag.join("`, `");
        return Err(UserError::new(format!("no operation has the tag `{tags}`")).into());
    }
    remarks.push_str(&of_undeclared(&imported.undeclared, session));
    remarks.push_str(&of_ambiguity(&imported.ambiguous, session));
    let older = older(args, &secrets)?;
    let catalog = match (&args.merge, &older) {
        (Some(_), Some((_, older))) => catalog.over(older),
        _ => catalog,
    };
    let target = args
        .output
        .as_ref()
        .or(args.merge.as_ref().filter(|_| args.check));
    let syntax = match (target.and_then(|path| Syntax::of(path)), args.format) {
        (Some(Syntax::Json), _) | (None, CatalogFormat::Json) => Syntax::Json,
        (Some(Syntax::Toml), _) => {
            return Err(
                UserError::new("a catalog is YAML or JSON: name a .yaml or .json file").into(),
            );
        }
        _ => Syntax::Yaml,
    };
    let text = catalog.text(syntax);
    remarks.push_str(&faults_of(&text, syntax, session));
    if args.check {
        return check(
            args,
            &catalog,
            older.as_ref().map(|(_, older)| older),
            session,
        );
    }
    let Some(path) = &args.output else {
        session.out = text;
        session.err.push_str(&remarks);
        session.err.push_str(&secrets.remarks(session));
        return Ok(Status::found_if(secrets.any()));
    };
    let existing = existing(path, &secrets)?;
    let before = existing
        .as_ref()
        .map_or(Before::Nothing, |(source, _)| Before::Text(&source.text));
    refuse_to_lose(
        args,
        path,
        existing.as_ref().map(|(_, existing)| existing),
        &catalog,
    )?;
    let same = existing
        .as_ref()
        .is_some_and(|(_, existing)| existing.out_of_step(&catalog).is_none());
    let (endpoints, scopes, key_types) = catalog.counts();
    let counts = [
        (endpoints, "endpoint"),
        (scopes, "scope"),
        (key_types, "key type"),
    ]
    .map(|(number, noun)| {
        if number == 1 {
            format!("1 {noun}")
        } else {
            format!("{number} {noun}s")
        }
    })
    .join(", ");
    let name = shown(path);
    if same {
        // Nothing but the day would change: the file keeps its bytes, comments included.
        let _ = writeln!(session.out, "{name} is up to date: {counts}");
    } else {
        write_text(path, &text, before, None)?;
        let _ = writeln!(session.out, "wrote {name}: {counts}");
        if let (Some(_), Some((_, older))) = (&args.merge, &older) {
            session.out.push_str(&of_change(older, &catalog, session));
        }
    }
    session.out.push_str(&remarks);
    session.out.push_str(&secrets.remarks(session));
    Ok(Status::found_if(secrets.any()))
}

/// The secrets of the documents that were read, each with its place. In the catalog they are masked.
#[derive(Default)]
struct Secrets(RefCell<Vec<String>>);

impl Secrets {
    /// Takes the secrets out of a document.
    fn mask(&self, source: &mut Source) {
        let found = find_certain_secrets(&source.text, &[]);
        if found.is_empty() {
            return;
        }
        source.text = masked(&source.text, &found);
        let located = source.source_map();
        let mut lines = self.0.borrow_mut();
        for secret in found {
            let Position { line, column } = located.position(secret.span.start);
            let place = format!("{}:{line}:{column}", source.name);
            let line = format!(
                "{place}: this is {}; it is masked in the catalog",
                secret.what
            );
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }

    fn any(&self) -> bool {
        !self.0.borrow().is_empty()
    }

    fn remarks(&self, session: &Session) -> String {
        let lines = self.0.borrow();
        let most = if session.verbose { usize::MAX } else { 10 };
        let mut text = String::new();
        for line in lines.iter().take(most) {
            text.push_str(&wrapped(line, "warning: ", session.style.width));
        }
        if lines.len() > most {
            let more = lines.len() - most;
            let _ = writeln!(
                text,
                "warning: {} masked (-v shows all)",
                count(more, "more secret")
            );
        }
        if !lines.is_empty() {
            text.push_str("help: rotate what was in a document that is shared\n");
        }
        crate::render::clean(&text).into_owned()
    }
}

fn read(args: &ImportArgs, secrets: &Secrets) -> anyhow::Result<Imported> {
    let options = ImportOptions {
        provider: args.provider.clone(),
        array: args.array.map(|array| match array {
            ArrayChoice::All => Array::All,
            ArrayChoice::Any => Array::Any,
        }),
        scope_pattern: args.scope_pattern.clone(),
        extensions: args.extension.clone(),
        tags: args.tag.clone(),
        no_summaries: args.no_summaries,
        today: args.today.clone().unwrap_or_else(today),
    };
    let left = Left {
        bytes: Cell::new(LARGEST_SPECIFICATION),
        values: Cell::new(MOST_SPECIFIED),
    };
    if args.kind == Kind::Google {
        let documents: Vec<Rc<Document>> = args
            .specs
            .iter()
            .map(|path| document(path, Origin::Named, &left, secrets))
            .collect::<anyhow::Result<_>>()?;
        return Ok(import_google(&documents, &options));
    }
    let [spec] = args.specs.as_slice() else {
        let refusal = UserError::new("only `google` takes several documents");
        return Err(refusal.help("import each into a catalog of its own").into());
    };
    let (path, home) = match spec.is_dir() {
        true => (root_of(spec)?, spec.clone()),
        false => {
            let folder = spec.parent().map(Path::to_path_buf);
            (spec.clone(), folder.unwrap_or_default())
        }
    };
    let root = document(&path, Origin::Named, &left, secrets)?;
    if args.kind == Kind::Msgraph {
        return Ok(import_msgraph(&root, &options));
    }
    let read: RefCell<HashMap<PathBuf, Rc<Document>>> = RefCell::default();
    read.borrow_mut().insert(plain(&path), Rc::clone(&root));
    let files = |from: &str, target: &str| -> Result<Rc<Document>, String> {
        if target.contains("://") {
            return Err("remote references are not fetched".to_owned());
        }
        let folder = Path::new(from).parent().unwrap_or_else(|| Path::new(""));
        let path = plain(&folder.join(target));
        if let Some(known) = read.borrow().get(&path) {
            return Ok(Rc::clone(known));
        }
        refuse_outside(&path, &home, "").map_err(|error| error.to_string())?;
        let document =
            document(&path, Origin::Found, &left, secrets).map_err(|error| error.to_string())?;
        read.borrow_mut().insert(path, Rc::clone(&document));
        Ok(document)
    };
    Ok(import_openapi(&root, &files, &options))
}

/// A path without `.` and without `x/..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if plain.file_name().is_some() => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

/// What the documents of one import may still have: all are kept until its end.
struct Left {
    bytes: Cell<u64>,
    values: Cell<u64>,
}

impl Left {
    /// Takes what one more document has. Fails where that is more than what is left.
    fn take(&self, source: &Source) -> anyhow::Result<()> {
        let name = &source.name;
        let refuse = |most: String| {
            let message = format!(
                "`{name}` is too much to import: all documents together have at most {most}"
            );
            UserError::new(message)
                .help("take out what is not an operation, as schemas and examples")
        };
        let (bytes, values) = (source.text.len() as u64, values_of(source));
        let Some(bytes) = self.bytes.get().checked_sub(bytes) else {
            return Err(refuse(format!("{} MiB", LARGEST_SPECIFICATION / MIB)).into());
        };
        let Some(values) = self.values.get().checked_sub(values) else {
            return Err(refuse(format!("{MOST_SPECIFIED} values")).into());
        };
        self.bytes.set(bytes);
        self.values.set(values);
        Ok(())
    }
}

/// About how many values a text has: in JSON and in flow style a comma or a bracket stands before each, which count outside of
/// double quotes alone, and in block style each has a line. A line that only closes brackets has none.
fn values_of(source: &Source) -> u64 {
    let is_json = source.syntax == Syntax::Json;
    let of_line = |line: &str| -> u64 {
        let (mut all, mut outside) = (0, 0);
        let (mut is_quoted, mut is_escaped) = (false, false);
        for byte in line.bytes() {
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' if is_quoted => is_escaped = true,
                b'"' => is_quoted = !is_quoted,
                b',' | b'[' | b'{' => {
                    all += 1;
                    outside += u64::from(!is_quoted);
                }
                _ => {}
            }
        }
        // A quote that does not end in its line hides nothing; in YAML it may stand in single ones.
        let is_clear = !is_quoted && (is_json || !line.contains('\''));
        let separators = if is_clear { outside } else { all };
        match line.contains(|c: char| !c.is_whitespace() && !"]},".contains(c)) {
            true => separators.max(1),
            false => 0,
        }
    };
    source.text.lines().map(of_line).sum()
}

/// Reads a document, and takes it from what the import may still have.
fn document(
    path: &Path,
    origin: Origin,
    left: &Left,
    secrets: &Secrets,
) -> anyhow::Result<Rc<Document>> {
    let mut source = match path == Path::new("-") {
        true => read_raw_stdin(FileKind::Specification)?,
        false => {
            let name = shown(path);
            read_raw_source(path, FileKind::Specification, origin)?
                .map_err(|reason| UserError::new(format!("cannot read `{name}`: {reason}")))?
        }
    };
    secrets.mask(&mut source);
    // What begins as JSON does and is not called YAML is read as JSON: YAML may begin so too.
    if source.text.trim_start().starts_with('{') && Syntax::of(path) != Some(Syntax::Yaml) {
        source.syntax = Syntax::Json;
    }
    if source.syntax == Syntax::Toml {
        source.syntax = Syntax::Yaml;
    }
    left.take(&source)?;
    Ok(Rc::new(Document::new(source)))
}

/// The document of a folder: the one with `openapi` or `swagger` at its top.
fn root_of(folder: &Path) -> anyhow::Result<PathBuf> {
    let name = shown(folder);
    let mut roots: Vec<PathBuf> = Vec::new();
    for path in Walked::to_depth(folder, 3).all()? {
        if Syntax::of(&path).is_none() {
            continue;
        }
        let Ok(Ok(source)) = read_source(&path, FileKind::Specification, Origin::Found) else {
            continue;
        };
        let has_mark = |line: &str| {
            let line = line.trim_start_matches(['{', ' ', '"', '\'']);
            ["openapi", "swagger"].iter().any(|mark| {
                let rest = line
                    .strip_prefix(mark)
                    .map(|rest| rest.trim_start_matches(['"', '\'', ' ']));
                rest.is_some_and(|rest| rest.starts_with(':'))
            })
        };
        let top = source.text.lines().filter(|line| !line.starts_with("    "));
        let is_json = source.text.trim_start().starts_with('{');
        let marked = top.into_iter().any(has_mark)
            || (is_json
                && source
                    .top_fields()
                    .iter()
                    .any(|field| field == "openapi" || field == "swagger"));
        if marked {
            roots.push(path);
        }
    }
    // The nearest to the top, where there are several.
    let depth = |path: &PathBuf| path.components().count();
    let least = roots.iter().map(depth).min().unwrap_or(0);
    roots.retain(|path| depth(path) == least);
    match roots.as_slice() {
        [one] => Ok(one.clone()),
        [] => {
            let refusal = UserError::new(format!(
                "no file under `{name}` has `openapi` or `swagger` at its top"
            ));
            Err(refusal.help("name the file").into())
        }
        several => {
            let names: Vec<String> = several.iter().map(|path| shown(path)).collect();
            let refusal = UserError::new(format!(
                "`{name}` holds several documents: {}",
                names.join(", ")
            ));
            Err(refusal.help("name one of them").into())
        }
    }
}

/// The catalog to merge with.
fn older(args: &ImportArgs, secrets: &Secrets) -> anyhow::Result<Option<(Source, CatalogFile)>> {
    let path = match (&args.merge, &args.output, args.check) {
        (Some(path), ..) | (None, Some(path), true) => path,
        (None, None, true) => {
            let refusal = UserError::new("`--check` compares with a catalog, and none is named");
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

/// The catalog that an import would overwrite, and its text as it is, secrets included: nothing of that may be shown.
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

/// Fails where a file would be overwritten that is no catalog, or that holds what an import never writes.
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
        return Err(UserError::new(message).help("make it first").into());
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
        let refusal = UserError::new(format!("`{name}` holds what was written by hand"));
        return Err(refusal
            .help(format!(
                "--merge {name} keeps it; to start anew, remove the file first"
            ))
            .into());
    }
    Ok(())
}

/// Says how the catalog differs from what an import would write.
fn check(
    args: &ImportArgs,
    catalog: &CatalogFile,
    older: Option<&CatalogFile>,
    session: &mut Session,
) -> anyhow::Result<Status> {
    let path = args.merge.as_ref().or(args.output.as_ref());
    let name = path.map(|path| shown(path)).unwrap_or_default();
    let Some(older) = older else {
        return Err(UserError::new("`--check` compares with a catalog, and none is named").into());
    };
    match older.out_of_step(catalog) {
        None => {
            let _ = writeln!(session.out, "{name} is in step");
            Ok(Status::Clean)
        }
        Some(difference) => {
            let line = format!("{name} is out of step: {difference}");
            session
                .out
                .push_str(&wrapped(&line, "", session.style.width));
            let most = if session.verbose { usize::MAX } else { 10 };
            for section in &difference.sections {
                let (add, remove, change) = (&section.add, &section.remove, &section.change);
                let section = &section.name;
                for (sign, names) in [("+", add), ("-", remove), ("~", change)] {
                    for name in names.iter().take(most) {
                        let _ = writeln!(
                            session.out,
                            " {sign} {section}: {}",
                            crate::render::clean(name)
                        );
                    }
                    if names.len() > most {
                        let _ = writeln!(
                            session.out,
                            " {sign} {section}: {} more with -v",
                            names.len() - most
                        );
                    }
                }
            }
            Ok(Status::Found)
        }
    }
}

/// What a merge changed in the older edition.
fn of_change(older: &CatalogFile, catalog: &CatalogFile, session: &Session) -> String {
    let Some(change) = older.out_of_step(catalog) else {
        return String::new();
    };
    let line = change
        .to_string()
        .replace(" to add", " added")
        .replace(" to remove", " removed")
        .replace(" to change", " changed");
    wrapped(
        &format!("against the older edition: {line}"),
        "note: ",
        session.style.width,
    )
}

/// What is wrong with the documents, a line each with its place.
fn remarks(findings: &[(Rc<Document>, Finding)], session: &Session) -> String {
    let most = if session.verbose { usize::MAX } else { 20 };
    let mut text = String::new();
    // Of each document the places are looked up once.
    let mut located: Vec<(&Rc<Document>, crate::source::SourceMap<'_>)> = Vec::new();
    for (document, finding) in findings.iter().take(most) {
        let index = located
            .iter()
            .position(|(other, _)| Rc::ptr_eq(other, document));
        let index = index.unwrap_or_else(|| {
            located.push((document, document.source.source_map()));
            located.len() - 1
        });
        let places = &located[index].1;
        let position = places.position(places.span(&finding.place).start);
        let help = finding
            .help
            .as_ref()
            .map_or_else(String::new, |help| format!("; {help}"));
        let line = format!(
            "warning: {}:{}:{}: {}{help}",
            document.source.name, position.line, position.column, finding.message
        );
        text.push_str(&crate::render::clean(&wrapped(
            &line,
            "",
            session.style.width,
        )));
    }
    if findings.len() > most {
        let _ = writeln!(
            text,
            "warning: {} more errors (-v shows all)",
            findings.len() - most
        );
    }
    text
}

fn of_undeclared(scopes: &[String], session: &Session) -> String {
    if scopes.is_empty() {
        return String::new();
    }
    let most = if session.verbose { usize::MAX } else { 8 };
    let mut listed: Vec<&str> = scopes.iter().take(most).map(String::as_str).collect();
    let more = format!("{} more with -v", scopes.len().saturating_sub(most));
    if scopes.len() > most {
        listed.push(&more);
    }
    let (noun, verb) = if scopes.len() == 1 {
        ("scope is", "it is")
    } else {
        ("scopes are", "they are")
    };
    let line = format!(
        "{} {noun} used and not declared; {verb} kept: {}",
        scopes.len(),
        listed.join(", ")
    );
    crate::render::clean(&wrapped(&line, "warning: ", session.style.width)).into_owned()
}

/// The operations whose arrays of scopes mean two things.
fn of_ambiguity(ambiguous: &[Ambiguity], session: &Session) -> String {
    if ambiguous.is_empty() {
        return String::new();
    }
    let number = ambiguous.len();
    let widest = ambiguous
        .iter()
        .map(|one| one.scopes.len())
        .max()
        .unwrap_or(2);
    let least = ambiguous
        .iter()
        .map(|one| one.scopes.len())
        .min()
        .unwrap_or(2);
    let how_many = match (least, widest) {
        (2, 2) => "two scopes".to_owned(),
        (least, widest) if least == widest => format!("{widest} scopes"),
        (least, widest) => format!("{least} to {widest} scopes"),
    };
    let who = if number == 1 {
        "1 endpoint lists".to_owned()
    } else {
        format!("{number} endpoints list")
    };
    let line = format!(
        "{who} {how_many} in one array; read as all of them, as OpenAPI says. Some providers mean any of them"
    );
    let mut text = wrapped(&line, "warning: ", session.style.width);
    let mut alone: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for scope in ambiguous.iter().flat_map(|one| &one.scopes) {
        *alone.entry(scope).or_default() += 1;
    }
    let most_alone = alone
        .iter()
        .max_by_key(|(name, count)| (**count, std::cmp::Reverse(**name)));
    if let Some((scope, count)) = most_alone {
        let line = format!(
            "read as all, a key needs every scope of the array; read as any, `{scope}` alone opens {count} of them"
        );
        text.push_str(&wrapped(&line, "note: ", session.style.width));
    }
    let most = if session.verbose { usize::MAX } else { 1 };
    for one in ambiguous.iter().take(most) {
        let (method, path) = one.endpoint.split_once(' ').unwrap_or_default();
        let _ = writeln!(text, "  {method:<7} {path:<36} {}", one.scopes.join(", "));
    }
    if number > most {
        let _ = writeln!(text, "  …  {} more with -v", number - most);
    }
    text.push_str("help: compare both readings: --array any\n");
    crate::render::clean(&text).into_owned()
}

/// What the catalog itself has wrong: an entry of the older edition that names what is gone, say.
fn faults_of(text: &str, syntax: Syntax, session: &Session) -> String {
    let source = Source {
        name: "the catalog".to_owned(),
        text: text.to_owned(),
        syntax,
    };
    let loaded = load_catalog(&source);
    let mut out = String::new();
    for finding in loaded
        .findings
        .iter()
        .filter(|one| level(one) == crate::finding::Level::Error)
        .take(10)
    {
        let place = finding
            .place
            .path()
            .map(ToString::to_string)
            .unwrap_or_default();
        let line = format!("warning: {place}: {}", finding.message);
        out.push_str(&crate::render::clean(&wrapped(
            &line,
            "",
            session.style.width,
        )));
    }
    out
}
