//! A parsed key file before its names are resolved, and the key that it declares.

use super::borrowed::names_of_others;
use crate::load::raw::RawKey;
use crate::source::limits::MOST_VALUES_OF_KEY;
use crate::source::{Fault, FirstFault, Place, Problem, Reading, Source};

/// A parsed key file whose names are not resolved yet. A file is parsed once, to tell what it is, to choose its
/// catalog, and to load it.
#[derive(Debug)]
pub struct KeyReading(pub(super) Reading<RawKey>);

impl KeyReading {
    /// Reads a file without faults; otherwise returns its first fault, with which [`KeyReading::after`] continues.
    pub(crate) fn faultless(source: &Source) -> Result<Self, FirstFault> {
        if let Some(problem) = too_many_values(source) {
            return Err(FirstFault::OfAll(problem));
        }
        let value = Some(source.read_faultless()?);
        let problems = Vec::new();
        Ok(Self(Reading { value, problems }))
    }

    /// Reads a file with faults, of which the first is known, and finds all of them.
    pub(crate) fn after(source: &Source, first: FirstFault) -> Self {
        Self(source.read_with(first))
    }

    /// The reading of a file, whatever its faults.
    pub fn of(source: &Source) -> Self {
        match Self::faultless(source) {
            Ok(reading) => reading,
            Err(first) => Self::after(source, first),
        }
    }

    /// The provider that the file names, where that much can be read; enough to choose a catalog.
    pub fn provider(&self) -> Option<&str> {
        let raw = self.0.value.as_ref()?;
        Some(raw.provider.as_str()).filter(|provider| !provider.trim().is_empty())
    }

    /// The names by which the file calls other files, which are read before it is loaded.
    pub fn others(&self) -> Vec<&str> {
        self.0.value.as_ref().map_or_else(Vec::new, names_of_others)
    }
}

/// The problem of a key file with too many values. They are estimated from its bytes: each follows a comma, a bracket
/// or a newline.
fn too_many_values(source: &Source) -> Option<Problem> {
    let text = source.text.as_bytes();
    let is_before_value = |byte: &&u8| matches!(byte, b',' | b'[' | b'{' | b'\n');
    let values = text.iter().filter(is_before_value).count();
    (values > MOST_VALUES_OF_KEY).then(|| Problem {
        fault: Fault::Syntax,
        message: format!("a key file may have at most {MOST_VALUES_OF_KEY} values"),
        place: Place::At(0..0),
        help: Some(
            "a key file says what a key is for and which scopes it has; is this a key file?"
                .to_owned(),
        ),
        meant: None,
    })
}

/// The provider that a key file names, where that much can be read; enough to choose a catalog.
pub fn declared_provider(source: &Source) -> Option<String> {
    KeyReading::of(source).provider().map(str::to_owned)
}

/// Which key or catalog a file is about, where that much can be read: the provider, and the key's name.
pub fn declared_identity(source: &Source) -> Option<String> {
    /// What a key and a catalog have in common at their top.
    #[derive(serde::Deserialize)]
    struct Top {
        provider: String,
        name: Option<String>,
    }
    let top = source.read::<Top>().value?;
    Some(match top.name {
        Some(name) => format!("key {}/{name}", top.provider),
        None => format!("catalog {}", top.provider),
    })
}
