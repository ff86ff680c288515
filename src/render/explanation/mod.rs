//! Answers about names, sets, endpoints and events.

mod endpoint;
mod expansion;
mod json;
mod markdown;
mod set;

use crate::explain::{SetReport, TargetReport};
use crate::model::{Catalog, Holder, ScopeId};
use crate::render::about::sentences;
use endpoint::without_key;

pub use endpoint::{TargetQuestion, target, verdict};
pub use expansion::expansion;
pub use json::{expansion as expansion_json, explanations as json};
pub use markdown::explanations_markdown as markdown;
pub use set::{SetQuestion, set};

/// One explanation without its head: for a set, an endpoint, or both.
pub struct Explanation<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// The key that was asked about.
    pub holder: Holder,
    /// The environment's name, where the catalog does not know it.
    pub environment: Option<&'a str>,
    /// What becomes of the set, which is empty where none was given.
    pub set: &'a SetReport,
    /// Names that the catalog does not know.
    pub unknown: &'a [String],
    /// What was asked about beside the set; `None` lists the endpoints that the set opens.
    pub targets: Option<&'a [TargetReport]>,
    /// How the question was understood, if that is not obvious.
    pub notes: &'a [String],
}

impl Explanation<'_> {
    /// What a person should know of the scopes that the key has, or that the answer names.
    pub(super) fn about(&self) -> Vec<String> {
        let mut named: Vec<ScopeId> = self.set.effective.iter().collect();
        let reports = self.targets.into_iter().flatten();
        for way in reports.flat_map(|report| &report.ways) {
            named.extend(&way.alternative.scopes);
        }
        named.sort_unstable();
        named.dedup();
        let mut about = sentences(self.catalog, &[self.holder.key_type], &named);
        let targets = self
            .targets
            .into_iter()
            .flatten()
            .map(|report| report.target);
        about.extend(without_key(self.catalog, targets));
        about
    }
}
