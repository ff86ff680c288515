//! The documents of an import, within their limits, their secrets masked.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use crate::cli::files::{
    FileKind, Origin, read_raw_source, read_raw_stdin, read_source, refuse_outside, shown,
};
use crate::cli::session::today;
use crate::cli::user_error::UserError;
use crate::cli::walk::Walked;
use crate::load::{
    Array, CatalogFile, Document, ImportOptions, Imported, Secret, find_certain_secrets,
    import_dropbox, import_github, import_google, import_markdown, import_msgraph, import_openapi,
    import_slack, masked,
};
use crate::render::import as screen;
use crate::render::import::Extent;
use crate::source::limits::{LARGEST_SPECIFICATION, MIB, MOST_SPECIFIED};
use crate::source::{Digest, Position, Source, Syntax};

use super::{ArrayChoice, ImportArgs, Kind};

/// Reads the documents that are named, and what they refer to. What the command line does not say, an older edition of
/// the catalog may.
pub(super) fn read(
    args: &ImportArgs,
    older: Option<&CatalogFile>,
    secrets: &Secrets,
) -> anyhow::Result<Imported> {
    let options = options(args, older)?;
    let left = Left {
        bytes: Cell::new(LARGEST_SPECIFICATION),
        values: Cell::new(MOST_SPECIFIED),
    };
    let read_all = |paths: &[PathBuf]| -> anyhow::Result<Vec<Rc<Document>>> {
        let documents = paths.iter();
        documents
            .map(|path| document(path, Origin::Named, &left, secrets))
            .collect()
    };
    let several = |extensions: &[&str]| several(&args.specs, extensions, &left, secrets);
    match args.kind {
        Kind::Google => Ok(import_google(&several(&["json"])?, &options)),
        Kind::Markdown => {
            let pages = several(&["md", "mdx", "markdown"])?;
            Ok(import_markdown(&pages, &options))
        }
        Kind::Slack => Ok(import_slack(&several(&["json"])?, &options)),
        Kind::Dropbox => Ok(import_dropbox(&several(&["stone"])?, &options)),
        Kind::Github => Ok(import_github(&several(&["tsv"])?, &options)),
        Kind::Msgraph => match read_all(&args.specs)?.as_slice() {
            [one] => Ok(import_msgraph(one, &options)),
            _ => {
                let refusal = UserError::new("`msgraph` takes one document");
                Err(refusal.help("import each into its own catalog").into())
            }
        },
        Kind::Openapi => {
            let mut named = Vec::new();
            let mut homes = Vec::new();
            for spec in &args.specs {
                if spec.is_dir() {
                    named.extend(roots_of(spec)?);
                    homes.push(spec.clone());
                } else {
                    named.push(spec.clone());
                    homes.push(spec.parent().map(Path::to_path_buf).unwrap_or_default());
                }
            }
            let mut paths: Vec<PathBuf> = Vec::new();
            for path in named {
                if !paths.iter().any(|other| plain(other) == plain(&path)) {
                    paths.push(path);
                }
            }
            let roots = read_all(&paths)?;
            let known = paths
                .iter()
                .map(|path| plain(path))
                .zip(roots.iter().cloned());
            let read: RefCell<HashMap<PathBuf, Rc<Document>>> = RefCell::new(known.collect());
            let files = |from: &str, target: &str| -> Result<Rc<Document>, String> {
                if target.contains("://") {
                    return Err("remote references are not fetched".to_owned());
                }
                let folder = Path::new(from).parent().unwrap_or_else(|| Path::new(""));
                let path = plain(&folder.join(target));
                if let Some(known) = read.borrow().get(&path) {
                    return Ok(Rc::clone(known));
                }
                let refused = homes
                    .iter()
                    .map(|home| refuse_outside(&path, home, ""))
                    .reduce(Result::or);
                if let Some(Err(error)) = refused {
                    return Err(error.to_string());
                }
                let document = document(&path, Origin::Found, &left, secrets)
                    .map_err(|error| error.to_string())?;
                read.borrow_mut().insert(path, Rc::clone(&document));
                Ok(document)
            };
            Ok(import_openapi(&roots, &files, &options))
        }
    }
}

fn options(args: &ImportArgs, older: Option<&CatalogFile>) -> anyhow::Result<ImportOptions> {
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
    let Some(older) = older else {
        return Ok(options);
    };
    older.options_over(options).map_err(|why| {
        let refusal = UserError::new(format!("the older edition cannot be followed: {why}"));
        let help = "correct it, or give the option on the command line";
        refusal.help(help).into()
    })
}

/// Reads several documents, from files and from the files of folders with certain extensions. Those that are neither
/// YAML nor JSON are read as text.
fn several(
    paths: &[PathBuf],
    extensions: &[&str],
    left: &Left,
    secrets: &Secrets,
) -> anyhow::Result<Vec<Rc<Document>>> {
    let read = |(path, origin): &(PathBuf, Origin)| {
        let is_text = !extensions.contains(&"json") && Syntax::of(path) != Some(Syntax::Json);
        if !is_text {
            return document(path, *origin, left, secrets);
        }
        let (source, digest) = raw_source(path, *origin, secrets)?;
        left.take(&source, source.text.lines().count() as u64)?;
        let mut document = Document::of_text(source);
        document.digest = digest;
        Ok(Rc::new(document))
    };
    files_of(paths, extensions)?.iter().map(read).collect()
}

/// The files that are named, and those in the folders that are named, in their order.
fn files_of(paths: &[PathBuf], extensions: &[&str]) -> anyhow::Result<Vec<(PathBuf, Origin)>> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push((path.clone(), Origin::Named));
            continue;
        }
        let is_wanted = |path: &PathBuf| {
            let extension = path.extension().and_then(|extension| extension.to_str());
            extension.is_some_and(|extension| extensions.contains(&extension))
        };
        let mut found: Vec<PathBuf> = Walked::to_depth(path, 8).all()?;
        found.retain(is_wanted);
        found.sort();
        if found.is_empty() {
            let message = format!(
                "no file under `{}` ends in .{}",
                shown(path),
                extensions.join(" or .")
            );
            return Err(UserError::new(message).help("name the files").into());
        }
        files.extend(found.into_iter().map(|path| (path, Origin::Found)));
    }
    Ok(files)
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

/// The remaining limits for the documents of one import, which are all kept in memory until its end.
struct Left {
    bytes: Cell<u64>,
    values: Cell<u64>,
}

impl Left {
    /// Subtracts the size of one more document. Fails if that exceeds what is left.
    fn take(&self, source: &Source, values: u64) -> anyhow::Result<()> {
        let name = &source.name;
        let refuse = |most: String| {
            let message = format!(
                "`{name}` is too large to import: all documents together may have at most {most}"
            );
            UserError::new(message)
                .help("remove what is not an operation, such as schemas and examples")
        };
        let bytes = source.text.len() as u64;
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

/// Estimates the number of values in a text: in JSON and in flow style a comma or a bracket precedes each, counted only
/// outside of double quotes; in block style each has a line. Lines that only close brackets do not count.
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
        // Without a closing quote on the same line, count everything; in YAML the quote may also be inside single
        // quotes.
        let is_clear = !is_quoted && (is_json || !line.contains('\''));
        let separators = if is_clear { outside } else { all };
        if line.contains(|c: char| !c.is_whitespace() && !"]},".contains(c)) {
            separators.max(1)
        } else {
            0
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
    let (mut source, digest) = raw_source(path, origin, secrets)?;
    // A text that begins like JSON is read as JSON, unless its name says YAML, which may begin like this too.
    if source.text.trim_start().starts_with('{') && Syntax::of(path) != Some(Syntax::Yaml) {
        source.syntax = Syntax::Json;
    }
    if source.syntax == Syntax::Toml {
        source.syntax = Syntax::Yaml;
    }
    left.take(&source, values_of(&source))?;
    let mut document = Document::new(source);
    document.digest = digest;
    Ok(Rc::new(document))
}

/// The text of a file or of standard input, its secrets masked, and the digest of what was found.
fn raw_source(path: &Path, origin: Origin, secrets: &Secrets) -> anyhow::Result<(Source, Digest)> {
    let mut source = if path == Path::new("-") {
        read_raw_stdin(FileKind::Specification)?
    } else {
        let name = shown(path);
        read_raw_source(path, FileKind::Specification, origin)?
            .map_err(|reason| UserError::new(format!("cannot read `{name}`: {reason}")))?
    };
    let digest = Digest::of([source.text.as_str()]);
    secrets.mask(&mut source);
    Ok((source, digest))
}

/// The documents of a folder: those with `openapi` or `swagger` at their top, the nearest to the folder's own.
fn roots_of(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
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
    if roots.is_empty() {
        let refusal = UserError::new(format!(
            "no file under `{name}` has `openapi` or `swagger` at the top"
        ));
        return Err(refusal.help("name the file").into());
    }
    roots.sort();
    Ok(roots)
}

/// A text without its secrets, in which different secrets are still different, so that no name becomes another.
fn masked_apart(text: &str, secrets: &[Secret]) -> String {
    let mut bytes = masked(text, secrets).into_bytes();
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    for secret in secrets {
        let next = numbers.len();
        let number = *numbers
            .entry(&text[secret.material.clone()])
            .or_insert(next);
        let mut rest = number;
        for byte in bytes[secret.material.clone()].iter_mut().rev() {
            if rest == 0 {
                break;
            }
            if *byte == b'x' {
                *byte = b"xabcdefghijklmnopqrstuvw"[rest % 24];
                rest /= 24;
            }
        }
    }
    // Only letters took the place of letters.
    String::from_utf8(bytes).unwrap_or_else(|_| masked(text, secrets))
}

/// The secrets of the documents that were read, each with its place. In the catalog they are masked.
#[derive(Default)]
pub(super) struct Secrets(RefCell<Vec<String>>);

impl Secrets {
    /// Takes the secrets out of a document.
    pub(super) fn mask(&self, source: &mut Source) {
        let found = find_certain_secrets(&source.text, &[]);
        if found.is_empty() {
            return;
        }
        source.text = masked_apart(&source.text, &found);
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

    pub(super) fn any(&self) -> bool {
        !self.0.borrow().is_empty()
    }

    pub(super) fn remarks(&self, extent: Extent) -> String {
        screen::secrets(&self.0.borrow(), extent)
    }
}
