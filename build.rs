//! Makes the built-in catalogs: each as compressed YAML, for people, and as compressed JSON, which is read much faster; and
//! an index of what they know, so that a command reads only the catalog that it needs.

use std::collections::BTreeSet;
use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use miniz_oxide::deflate::compress_to_vec;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

#[path = "src/load/builtin/shape.rs"]
#[allow(dead_code, reason = "the program reads the index, too")]
mod shape;

/// The methods that `ANY` stands for.
const ANY: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=catalogs");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/load/builtin/shape.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("no OUT_DIR")?);
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir("catalogs")? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            files.push(path);
        }
    }
    files.sort();
    let mut build = Build::default();
    build.code.push_str("static CATALOGS: &[Entry] = &[\n");
    for (number, file) in files.iter().enumerate() {
        build
            .add(u8::try_from(number)?, file)
            .map_err(|error| format!("{}: {error}", file.display()))?;
    }
    build.code.push_str("];\n");
    fs::write(out.join("catalogs.rs"), build.code)?;
    fs::write(out.join("catalogs.bin"), build.blob)?;
    fs::write(out.join("names.bin"), rows(&build.names))?;
    fs::write(out.join("paths.bin"), rows(&build.paths))?;
    Ok(())
}

/// What becomes of the catalogs.
#[derive(Default)]
struct Build {
    /// The compressed texts, one after the other.
    blob: Vec<u8>,
    /// The table of the catalogs, in Rust.
    code: String,
    /// The numbers of names, each with that of its catalog.
    names: BTreeSet<(u32, u8)>,
    /// The numbers of paths, each with that of its catalog.
    paths: BTreeSet<(u32, u8)>,
}

impl Build {
    fn add(&mut self, number: u8, file: &Path) -> Result<(), Box<dyn Error>> {
        let name = file
            .file_stem()
            .and_then(|name| name.to_str())
            .ok_or("no name")?;
        let text = fs::read_to_string(file)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let value: Value = serde_yaml::from_str(text)?;
        let catalog = value.as_object().ok_or("it is no mapping")?;
        if catalog.get("provider").and_then(Value::as_str) != Some(name) {
            return Err("the file is not called after its provider".into());
        }
        let sections = [
            "scopes",
            "bundles",
            "wildcards",
            "retired",
            "events",
            "recipes",
            "operations",
        ];
        let names = sections.iter().flat_map(|section| keys(catalog, section));
        for name in names.chain([name]) {
            self.names.insert((shape::name(name), number));
        }
        for endpoint in keys(catalog, "endpoints") {
            let (_, path) = endpoint.split_once(' ').unwrap_or_default();
            self.paths.insert((shape::path(path.trim()), number));
        }
        let json = serde_json::to_string(&value)?;
        let yaml = self.pack(text);
        let packed = self.pack(&json);
        let texts = |field: &str| -> Vec<&str> { list(catalog, "sources", field) };
        let prefixes = key_types(catalog).flat_map(|(_, one)| texts_of(one.get("prefixes")));
        let mut types: Vec<&str> = keys(catalog, "key_types").collect();
        if types.is_empty() {
            types.push("key");
        }
        let days = texts("verified");
        writeln!(
            self.code,
            "    Entry {{ name: {name:?}, title: {:?}, digest: {:?}, yaml: {yaml}, json: {packed}, scopes: {}, \
             endpoints: {}, key_types: &{types:?}, prefixes: &{:?}, read_on: {:?}, verified: {:?}, reviewed: {}, \
             has_patterns: {} }},",
            catalog.get("title").and_then(Value::as_str).unwrap_or(name),
            digest(text),
            keys(catalog, "scopes").count(),
            endpoints(catalog),
            prefixes.collect::<Vec<_>>(),
            days.iter().min(),
            days.iter().max(),
            catalog.get("reviewed") != Some(&Value::Bool(false)),
            catalog.get("wildcards").and_then(Value::as_str) == Some("glob"),
        )?;
        Ok(())
    }

    /// Compresses a text; returns where it is, in Rust.
    fn pack(&mut self, text: &str) -> String {
        let packed = compress_to_vec(text.as_bytes(), 9);
        let Range { start, end } = self.blob.len()..self.blob.len() + packed.len();
        self.blob.extend(packed);
        format!("Packed {{ at: {start}..{end}, size: {} }}", text.len())
    }
}

/// The names of the entries of a section.
fn keys<'v>(catalog: &'v Map<String, Value>, section: &str) -> impl Iterator<Item = &'v str> {
    let section = catalog.get(section).and_then(Value::as_object);
    section.into_iter().flatten().map(|(name, _)| name.as_str())
}

fn key_types(catalog: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    let section = catalog.get("key_types").and_then(Value::as_object);
    section.into_iter().flatten()
}

/// A field of each item of a list.
fn list<'v>(catalog: &'v Map<String, Value>, section: &str, field: &str) -> Vec<&'v str> {
    let items = catalog.get(section).and_then(Value::as_array);
    let items = items.into_iter().flatten();
    items.filter_map(|item| item.get(field)?.as_str()).collect()
}

/// The texts of a list, or the one text that stands for it.
fn texts_of(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// How many endpoints the entries of a catalog stand for: one for each method and mode.
fn endpoints(catalog: &Map<String, Value>) -> usize {
    let Some(entries) = catalog.get("endpoints").and_then(Value::as_object) else {
        return 0;
    };
    let parsed = entries.iter().filter_map(|(name, value)| {
        let (methods, path) = name.split_once(' ')?;
        let methods: Vec<&str> = methods.split('|').collect();
        Some((methods, shape::path(path.trim()), value))
    });
    let parsed: Vec<_> = parsed.collect();
    let named: BTreeSet<(u32, &str)> = parsed
        .iter()
        .flat_map(|(methods, path, _)| methods.iter().map(|method| (*path, *method)))
        .collect();
    let count = |(methods, path, value): &(Vec<&str>, u32, &Value)| {
        let number = match methods.as_slice() {
            ["ANY"] => ANY
                .iter()
                .filter(|one| !named.contains(&(*path, one)))
                .count(),
            methods => methods.len(),
        };
        let modes = value.get("modes").and_then(Value::as_object);
        number * modes.map_or(1, Map::len)
    };
    parsed.iter().map(count).sum()
}

fn digest(text: &str) -> String {
    let mut digest = "sha256:".to_owned();
    for byte in Sha256::digest(text) {
        let _ = write!(digest, "{byte:02x}");
    }
    digest
}

/// The rows of a table: four bytes of a number, and one of a catalog.
fn rows(table: &BTreeSet<(u32, u8)>) -> Vec<u8> {
    let row = |(number, catalog): &(u32, u8)| {
        let [a, b, c, d] = number.to_be_bytes();
        [a, b, c, d, *catalog]
    };
    table.iter().flat_map(row).collect()
}
