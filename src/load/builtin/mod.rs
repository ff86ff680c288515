//! The catalogs that are part of the program, as the build script packs them: each is unpacked only when it is asked for,
//! and an index knows which are worth that.

mod shape;

use std::collections::BTreeSet;
use std::ops::Range;

use miniz_oxide::inflate::decompress_to_vec_with_limit;

use crate::model::split_url;

include!(concat!(env!("OUT_DIR"), "/catalogs.rs"));

/// The packed texts.
static BLOB: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/catalogs.bin"));
/// The names of all catalogs, sorted.
static NAMES: Table = Table(include_bytes!(concat!(env!("OUT_DIR"), "/names.bin")));
/// The paths of all endpoints, sorted.
static PATHS: Table = Table(include_bytes!(concat!(env!("OUT_DIR"), "/paths.bin")));

/// What is known of a built-in catalog without reading it; tests compare it with the catalog.
#[derive(Debug)]
pub struct Entry {
    /// The provider.
    pub name: &'static str,
    /// Its title; its name where it has none.
    pub title: &'static str,
    /// The digest of its text.
    pub digest: &'static str,
    /// How many scopes it has.
    pub scopes: usize,
    /// How many endpoints it has, each method and each mode counted.
    pub endpoints: usize,
    /// The names of its key types.
    pub key_types: &'static [&'static str],
    /// What its keys begin with.
    pub prefixes: &'static [&'static str],
    /// The first day on which one of its sources was read.
    pub read_on: Option<&'static str>,
    /// The last such day.
    pub verified: Option<&'static str>,
    /// Whether somebody has looked at what an import derived.
    pub reviewed: bool,
    /// Whether it has patterns for wildcards, so that a name may be anything.
    has_patterns: bool,
    yaml: Packed,
    json: Packed,
}

/// A packed text.
#[derive(Debug)]
struct Packed {
    at: Range<usize>,
    /// The bytes of the text.
    size: usize,
}

impl Packed {
    fn text(&self) -> String {
        let bytes = decompress_to_vec_with_limit(&BLOB[self.at.clone()], self.size);
        let text = bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok());
        text.expect("the build script packed a text of this size")
    }
}

/// Rows of five bytes: a number, and a catalog that has it.
struct Table(&'static [u8]);

impl Table {
    /// The catalogs that have a number.
    fn catalogs(&self, number: u32) -> impl Iterator<Item = usize> {
        let (rows, _) = self.0.as_chunks::<5>();
        let of = |row: &[u8; 5]| u32::from_be_bytes([row[0], row[1], row[2], row[3]]);
        let first = rows.partition_point(|row| of(row) < number);
        let rows = rows[first..]
            .iter()
            .take_while(move |row| of(row) == number);
        rows.map(|row| usize::from(row[4]))
    }
}

/// The built-in catalogs, sorted by their providers.
pub fn builtin() -> &'static [Entry] {
    CATALOGS
}

/// The providers that are built in, sorted.
pub fn builtin_names() -> impl Iterator<Item = &'static str> {
    CATALOGS.iter().map(|entry| entry.name)
}

fn entry(name: &str) -> Option<&'static Entry> {
    CATALOGS.iter().find(|entry| entry.name == name)
}

/// The text of a built-in catalog.
pub fn builtin_text(name: &str) -> Option<String> {
    Some(entry(name)?.yaml.text())
}

/// The same as JSON on one line, and the digest of its text.
pub(super) fn builtin_json(name: &str) -> Option<(String, &'static str)> {
    let entry = entry(name)?;
    Some((entry.json.text(), entry.digest))
}

/// The providers of the built-in catalogs that may know one of some names, or have an endpoint that one of some targets
/// reaches: every one that does, and rarely another.
pub fn builtin_knowing<'a>(
    names: impl IntoIterator<Item = &'a str>,
    targets: impl IntoIterator<Item = &'a str>,
) -> impl Iterator<Item = &'static str> {
    let mut found: BTreeSet<usize> = BTreeSet::new();
    for name in names {
        found.extend(NAMES.catalogs(shape::name(name)));
        if name.contains('*') {
            let with_patterns = CATALOGS.iter().enumerate();
            found.extend(
                with_patterns
                    .filter(|(_, one)| one.has_patterns)
                    .map(|(at, _)| at),
            );
        }
    }
    for target in targets {
        let (_, path) = split_url(target);
        match shape::reachable(path) {
            Some(numbers) => {
                found.extend(
                    numbers
                        .into_iter()
                        .flat_map(|number| PATHS.catalogs(number)),
                );
            }
            None => found.extend(0..CATALOGS.len()),
        }
    }
    found.into_iter().map(|at| CATALOGS[at].name)
}
