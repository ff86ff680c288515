//! An open document: the editor's text, and places in it as the protocol counts them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use lsp_types::{Position, Range, TextDocumentContentChangeEvent, TextDocumentItem, Uri};
use percent_encoding::percent_decode_str;

use crate::cli::files::shown;
use crate::finding::Finding;
use crate::model::Catalog;
use crate::source::{Source, Syntax};

/// How the editor counts the columns of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// In bytes.
    Utf8,
    /// In UTF-16 code units, which every editor can.
    Utf16,
}

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Key,
    Catalog,
    Config,
    Baseline,
}

/// What was found in the text of a document.
pub(super) struct Checked {
    /// The text, its secrets masked byte for byte.
    pub(super) source: Source,
    pub(super) findings: Vec<Finding>,
}

/// A text that the editor has open.
pub(super) struct Document {
    pub(super) uri: Uri,
    /// The file, relative to the workspace if it is in it; `None` for what is not a file.
    pub(super) path: Option<PathBuf>,
    pub(super) version: i32,
    /// Whether it is YAML, JSON or TOML.
    pub(super) is_ours: bool,
    /// The text without a byte order mark, under the name that people are shown.
    pub(super) source: Source,
    /// The byte order mark, which editors count as a character.
    mark: &'static str,
    /// Where each line begins, in bytes.
    line_starts: Vec<usize>,
    /// How many UTF-16 units are before each multiple of [`STRIDE`] bytes, so that a long line costs no more than a short one.
    units_before: Vec<usize>,
    /// What it is; kept while it cannot be parsed, as it is then most likely half typed.
    pub(super) kind: Option<Kind>,
    /// The catalog that it is, as it could last be read.
    pub(super) catalog: Option<Arc<Catalog>>,
    /// What was found in this text; `None` until somebody looks.
    pub(super) checked: Option<Checked>,
    /// Whether the editor was told what was found.
    pub(super) is_published: bool,
}

/// The number of bytes between two counts.
const STRIDE: usize = 256;

/// The byte order mark.
const MARK: &str = "\u{feff}";

/// The file of a URI; relative to the working folder if it is below it. `None` where it names no file.
pub(super) fn path_of(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.as_str().strip_prefix("file://")?;
    // A host may stand before the path.
    let path = &rest[rest.find('/')?..];
    let path = percent_decode_str(path).decode_utf8().ok()?.into_owned();
    let path = match path.as_bytes() {
        // On Windows: `/c:/keys/a.yaml`.
        [b'/', drive, b':', ..] if cfg!(windows) && drive.is_ascii_alphabetic() => {
            path[1..].to_owned()
        }
        _ => path,
    };
    Some(PathBuf::from(path))
}

/// A path as the commands at the top of the workspace would be given it.
fn near(path: PathBuf) -> PathBuf {
    let here = std::env::current_dir().ok();
    let below = here
        .as_deref()
        .and_then(|here| path.strip_prefix(here).ok());
    below.map(Path::to_path_buf).unwrap_or(path)
}

impl Document {
    pub(super) fn open(item: TextDocumentItem) -> Self {
        let path = path_of(&item.uri).map(near);
        let of_language = || match item.language_id.as_str() {
            "json" | "jsonc" => Syntax::Json,
            "toml" => Syntax::Toml,
            _ => Syntax::Yaml,
        };
        let syntax = path.as_deref().and_then(Syntax::of);
        let languages = ["yaml", "yml", "json", "jsonc", "toml"];
        let is_ours = syntax.is_some() || languages.contains(&item.language_id.as_str());
        let name = path.as_deref().map_or_else(|| "untitled".to_owned(), shown);
        let mut document = Self {
            uri: item.uri,
            path,
            version: item.version,
            is_ours,
            source: Source {
                name,
                text: String::new(),
                syntax: syntax.unwrap_or_else(of_language),
            },
            mark: "",
            line_starts: Vec::new(),
            units_before: Vec::new(),
            kind: None,
            catalog: None,
            checked: None,
            is_published: false,
        };
        document.set(item.text);
        document
    }

    /// Gives it another text.
    fn set(&mut self, mut text: String) {
        self.mark = if text.starts_with(MARK) {
            text.drain(..MARK.len());
            MARK
        } else {
            ""
        };
        self.line_starts = line_starts(&text);
        self.units_before = units_before(&text);
        self.source.text = text;
        self.checked = None;
        self.is_published = false;
    }

    /// Changes it as the editor did.
    pub(super) fn change(&mut self, change: TextDocumentContentChangeEvent, encoding: Encoding) {
        let Some(range) = change.range else {
            self.set(change.text);
            return;
        };
        let start = self.byte(range.start, encoding);
        let end = self.byte(range.end, encoding).max(start);
        let mut text = self.mark.to_owned() + &self.source.text;
        let mark = self.mark.len();
        // The first character may be typed before the mark, or replace it.
        let is_top = range.start == Position::default();
        let from = if is_top { 0 } else { start + mark };
        text.replace_range(from..(end + mark).max(from), &change.text);
        self.set(text);
    }

    /// The byte of the text at a position. Past the end of a line it is the end of the line.
    pub(super) fn byte(&self, position: Position, encoding: Encoding) -> usize {
        let text = &self.source.text;
        let line = usize::try_from(position.line).unwrap_or(usize::MAX);
        let Some(start) = self.line_starts.get(line).copied() else {
            return text.len();
        };
        let end = self.line_starts.get(line + 1).copied();
        let line_text = &text[start..end.unwrap_or(text.len())];
        let line_text = line_text.trim_end_matches(['\r', '\n']);
        let mut left = usize::try_from(position.character).unwrap_or(usize::MAX);
        if line == 0 {
            left = left.saturating_sub(units(self.mark, encoding));
        }
        for (at, c) in line_text.char_indices() {
            let length = width(c, encoding);
            if left < length {
                return start + at;
            }
            left -= length;
        }
        start + line_text.len()
    }

    /// The position of a byte of the text.
    pub(super) fn position(&self, byte: usize, encoding: Encoding) -> Position {
        // A secret is masked byte for byte, so a place in it may be inside of a character.
        let byte = byte.min(self.source.text.len());
        let is_boundary = |at: &usize| self.source.text.is_char_boundary(*at);
        let byte = (0..=byte).rev().find(is_boundary).unwrap_or_default();
        let line = self.line_starts.partition_point(|start| *start <= byte) - 1;
        let start = self.line_starts[line];
        let mut column = match encoding {
            Encoding::Utf8 => byte - start,
            Encoding::Utf16 => self.units_until(byte) - self.units_until(start),
        };
        if line == 0 {
            column += units(self.mark, encoding);
        }
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Position::new(number(line), number(column))
    }

    /// How many UTF-16 units are before a byte.
    fn units_until(&self, byte: usize) -> usize {
        let stride = (byte / STRIDE).min(self.units_before.len() - 1);
        // A character that a stride cuts is counted where it begins.
        let text = &self.source.text;
        let start = (stride * STRIDE..=byte).find(|at| text.is_char_boundary(*at));
        self.units_before[stride] + units(&text[start.unwrap_or(byte)..byte], Encoding::Utf16)
    }

    pub(super) fn range(&self, bytes: std::ops::Range<usize>, encoding: Encoding) -> Range {
        Range::new(
            self.position(bytes.start, encoding),
            self.position(bytes.end, encoding),
        )
    }

    /// The folder that its text names other files from.
    pub(super) fn folder(&self) -> Option<&Path> {
        self.path.as_deref().and_then(Path::parent)
    }
}

/// How far a character moves the column.
fn width(c: char, encoding: Encoding) -> usize {
    match encoding {
        Encoding::Utf8 => c.len_utf8(),
        Encoding::Utf16 => c.len_utf16(),
    }
}

fn units(text: &str, encoding: Encoding) -> usize {
    text.chars().map(|c| width(c, encoding)).sum()
}

/// How many UTF-16 units begin before each multiple of [`STRIDE`] bytes.
fn units_before(text: &str) -> Vec<usize> {
    let mut before = vec![0];
    let mut counted = 0;
    for (at, c) in text.char_indices() {
        while at >= before.len() * STRIDE {
            before.push(counted);
        }
        counted += c.len_utf16();
    }
    while text.len() >= before.len() * STRIDE {
        before.push(counted);
    }
    before
}

/// Where the lines of a text begin, as the protocol counts them: after a line feed, a carriage return, or both.
fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    for (at, byte) in bytes.iter().enumerate() {
        let ends = *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
        if ends {
            starts.push(at + 1);
        }
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Document {
        Document::open(TextDocumentItem {
            uri: "file:///w/a%20b.yaml".parse().expect("a URI"),
            language_id: "yaml".to_owned(),
            version: 1,
            text: text.to_owned(),
        })
    }

    #[test]
    fn every_byte_has_a_position_and_is_found_at_it_again() {
        let long = "aü😀\u{feff}x".repeat(500);
        for text in [
            "",
            "a",
            "ü😀x\nb\r\nc\rd\n",
            "\u{feff}a😀\nb",
            "\n\n",
            &long,
        ] {
            for encoding in [Encoding::Utf8, Encoding::Utf16] {
                let document = document(text);
                for (at, c) in document.source.text.char_indices() {
                    if matches!(c, '\n' | '\r') {
                        continue;
                    }
                    let position = document.position(at, encoding);
                    assert_eq!(document.byte(position, encoding), at, "{text:?} {at}");
                    let start = document.line_starts[position.line as usize];
                    let mut column = units(&document.source.text[start..at], encoding);
                    if position.line == 0 {
                        column += units(document.mark, encoding);
                    }
                    assert_eq!(position.character as usize, column, "{at}");
                }
            }
        }
    }

    #[test]
    fn columns_are_counted_as_the_editor_does() {
        let document = document("ü😀x\n");
        assert_eq!(document.position(6, Encoding::Utf16), Position::new(0, 3));
        assert_eq!(document.position(6, Encoding::Utf8), Position::new(0, 6));
        assert_eq!(document.byte(Position::new(0, 99), Encoding::Utf16), 7);
        assert_eq!(document.byte(Position::new(9, 0), Encoding::Utf16), 8);
        assert_eq!(document.source.name, "/w/a b.yaml");
    }

    #[test]
    fn changes_are_made_where_the_editor_says() {
        let mut document = document("a: ü😀x\nb: 1\n");
        let mut change = |start: (u32, u32), end: (u32, u32), text: &str| {
            document.change(
                TextDocumentContentChangeEvent {
                    range: Some(Range::new(
                        Position::new(start.0, start.1),
                        Position::new(end.0, end.1),
                    )),
                    range_length: None,
                    text: text.to_owned(),
                },
                Encoding::Utf16,
            );
            document.source.text.clone()
        };
        assert_eq!(change((0, 4), (0, 6), "y"), "a: üyx\nb: 1\n");
        assert_eq!(change((1, 3), (2, 0), "2\nc: 3"), "a: üyx\nb: 2\nc: 3");
        assert_eq!(change((9, 9), (9, 9), "!"), "a: üyx\nb: 2\nc: 3!");
        assert_eq!(change((0, 0), (9, 0), ""), "");
    }
}
