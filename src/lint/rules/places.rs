//! Where the parts of a catalog stand in its file.

use crate::model::{Catalog, EndpointId};
use crate::source::{Path, Place};

/// The place of an endpoint, or of one mode of it.
pub(super) fn endpoint(catalog: &Catalog, index: EndpointId) -> Place {
    let entry = &catalog.endpoints[index];
    let name = format!("{} {}", entry.method, entry.path);
    let at = Path::root().field("endpoints").field(&name);
    match entry.mode {
        Some(mode) => at.field("modes").field(&catalog.modes[mode]).key(),
        None => at.key(),
    }
}

/// The place of a scope.
pub(super) fn scope(name: &str) -> Place {
    Path::root().field("scopes").field(name).key()
}
