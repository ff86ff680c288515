//! What changed between two sides, in endpoints: of keys and sets, and of editions of a catalog.

mod json;
mod markdown;
mod text;

use std::sync::Arc;

use crate::diff::{Affected, Difference, Editions};
use crate::model::{Catalog, Edition, EndpointId, Holder};

pub use json::{comparison as comparison_json, diffs as json, editions as editions_json};
pub use markdown::{comparison_markdown, comparisons_markdown as markdown, editions_markdown};
pub use text::{comparison, edition_comparison};

/// One comparison with its words.
#[derive(Debug)]
pub struct Comparison {
    /// The catalog.
    pub catalog: Arc<Catalog>,
    /// How the first line begins: "paxos/treasury: production against sandbox".
    pub subject: String,
    /// What the first side is called.
    pub from: String,
    /// What the second side is called, as the one that gains and loses.
    pub to: String,
    /// The answer.
    pub difference: Difference,
    /// The holder of each side.
    pub holders: (Holder, Holder),
    /// The endpoints that the key needs.
    pub needed: Vec<EndpointId>,
    /// What else to know.
    pub notes: Vec<String>,
    /// The files of the two sides, where they are files.
    pub files: Option<[String; 2]>,
}

/// Two editions of a catalog with their words, and the keys that they affect.
#[derive(Debug)]
pub struct EditionComparison {
    /// The old edition.
    pub old: Arc<Catalog>,
    /// The new edition.
    pub new: Arc<Catalog>,
    /// What the old one is called.
    pub from: String,
    /// What the new one is called.
    pub to: String,
    /// The answer.
    pub editions: Editions,
    /// What happens to keys.
    pub keys: Vec<Affected>,
    /// The old and the new edition; `None` where there is no catalog on that side.
    pub catalogs: [Option<Edition>; 2],
}
