//! Where the parts of a catalog stand in its file.

use crate::model::{Catalog, EndpointId};
use crate::source::{Path, Place};

/// The place of an endpoint, or of one mode of it.
pub(super) fn endpoint(catalog: &Catalog, index: EndpointId) -> Place {
    let entry = &catalog.endpoints[index];
    let name = match &entry.entry {
        Some(shared) => shared.text.to_string(),
        None => format!("{} {}", entry.method, entry.path),
    };
    let at = Path::root().field("endpoints").field(&name);
    match entry.mode {
        Some(mode) => at.field("modes").field(&catalog.modes[mode]).key(),
        None => at.key(),
    }
}

/// Whether an endpoint has the first method of its entry in the file: what is true of the entry is said of it alone.
pub(super) fn is_first_of_entry(catalog: &Catalog, index: EndpointId) -> bool {
    let entry = &catalog.endpoints[index].entry;
    entry.as_ref().is_none_or(|entry| entry.is_first)
}

/// The place of a scope.
pub(super) fn scope(name: &str) -> Place {
    Path::root().field("scopes").field(name).key()
}
