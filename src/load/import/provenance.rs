//! What an import leaves in the catalog about itself: its documents with their checksum, and the options that it was made
//! with, so that the next one needs none.

use std::rc::Rc;

use super::{Array, CatalogFile, Document, ImportOptions, provenances};
use crate::load::raw::{RawCatalog, RawImported, RawReading};
use crate::source::Digest;

/// The documents of an import.
pub(super) struct Documents<'a> {
    /// The kind, as the command names it.
    pub(super) kind: &'static str,
    /// Those that the user named.
    pub(super) roots: &'a [Rc<Document>],
    /// All that were read, those that others refer to included.
    pub(super) all: &'a [Rc<Document>],
}

impl Documents<'_> {
    /// The SHA-256 of the only document; of several, that of what `sha256sum` prints for them, sorted by name.
    fn checksum(&self) -> String {
        let hex = |digest: &Digest| digest.as_str().trim_start_matches("sha256:").to_owned();
        if let [one] = self.all {
            return hex(&one.digest);
        }
        let mut lines: Vec<(String, String)> = self
            .all
            .iter()
            .map(|one| (one.provenance(), hex(&one.digest)))
            .collect();
        lines.sort();
        let mut listed = String::new();
        for (name, digest) in &lines {
            for part in [digest.as_str(), "  ", name.as_str(), "\n"] {
                listed.push_str(part);
            }
        }
        hex(&Digest::of([listed.as_str()]))
    }

    /// Writes into a catalog how it was made.
    pub(super) fn stamp(&self, raw: &mut RawCatalog, options: &ImportOptions, has_arrays: bool) {
        let array = options.array.or(has_arrays.then_some(Array::All));
        raw.reading = array.map(RawReading::from);
        raw.reviewed = Some(false);
        let texts = |texts: Vec<String>| (!texts.is_empty()).then_some(texts);
        let environments = raw.environments.0.iter();
        let bases = environments.filter_map(|(_, one)| one.base.as_ref());
        raw.imported = Some(RawImported {
            r#as: Some(self.kind.to_owned()),
            from: texts(provenances(self.roots)),
            sha256: Some(self.checksum()),
            extension: texts(options.extensions.iter().map(ToString::to_string).collect()),
            scope_pattern: options
                .scope_pattern
                .as_ref()
                .map(|pattern| pattern.as_str().to_owned()),
            tag: texts(options.tags.clone()),
            summaries: options.no_summaries.then_some(false),
            servers: texts(bases.flat_map(|base| base.0.clone()).collect()),
        });
    }
}

impl CatalogFile {
    /// These options, with those that the catalog was made with where nothing else is said. Fails where the catalog
    /// states one that cannot be read.
    pub fn options_over(&self, mut options: ImportOptions) -> Result<ImportOptions, String> {
        let raw = &self.0;
        options.provider = options.provider.or_else(|| raw.provider.clone());
        options.array = options
            .array
            .or_else(|| raw.reading.as_ref().map(RawReading::array));
        let Some(imported) = &raw.imported else {
            return Ok(options);
        };
        if options.extensions.is_empty() {
            for text in imported.extension.iter().flatten() {
                let extension = text.parse();
                let extension = extension.map_err(|why| format!("`imported.extension`: {why}"))?;
                options.extensions.push(extension);
            }
        }
        if options.scope_pattern.is_none()
            && let Some(text) = &imported.scope_pattern
        {
            let pattern = regex::Regex::new(text);
            let pattern = pattern.map_err(|_| {
                format!("`imported.scope_pattern`: `{text}` is not a regular expression")
            })?;
            options.scope_pattern = Some(pattern);
        }
        if options.tags.is_empty() {
            options.tags = imported.tag.clone().unwrap_or_default();
        }
        options.no_summaries |= imported.summaries == Some(false);
        Ok(options)
    }
}
