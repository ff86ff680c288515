//! The least set for a job, and what was read from logs.

mod json;
mod key_file;
mod text;

use crate::model::{Catalog, ScopeSet};
use crate::recommend::Recommendation;
use crate::source::limits::{LONGEST_LOG_LINE, MIB};

pub use json::recommendation as json;
pub use key_file::{Place, Proposal, exists_in, places};
pub use text::recommendation as text;

/// Statistics on logs: how many lines were requests to the provider.
#[derive(Debug, Clone, Default)]
pub struct Traffic {
    /// The files, each with how it is written.
    pub files: Vec<(String, &'static str)>,
    /// Requests that match an endpoint.
    pub matched: u64,
    /// Lines that are no request.
    pub skipped: u64,
    /// Lines among those that were too long to be read.
    pub too_long: u64,
    /// Requests that match none: method and shape, and how many.
    pub unmatched: Vec<(String, u64)>,
    /// How many of those there are in all, also where the list is cut.
    pub unmatched_total: u64,
}

impl Traffic {
    /// Says how many lines were too long to be read, if any.
    pub fn of_too_long(&self) -> Option<String> {
        let most = LONGEST_LOG_LINE / MIB;
        (self.too_long > 0).then(|| format!("{} longer than {most} MiB", self.too_long))
    }
}

/// What was asked, and the answer.
#[derive(Debug)]
pub struct RecommendQuestion<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// How the first line begins: the provider, the environment, the key type.
    pub subject: &'a str,
    /// The answer.
    pub answer: &'a Recommendation,
    /// What the key has, where a key file was given.
    pub has: Option<&'a ScopeSet>,
    /// Whether the type of key was given; else the answer is for the one that costs least.
    pub key_type_named: bool,
    /// What was read from logs.
    pub traffic: &'a Traffic,
    /// The endpoints that were asked for with a query that no mode states.
    pub dropped_queries: &'a [String],
    /// The other environments in which something that is needed exists; the answer is not for these.
    pub others: &'a [String],
    /// Whether to list unneeded reads as well.
    pub excess: bool,
}
