//! How much is read, followed and drawn: every limit of the program stands here, and docs/limits.md tells people of it.
//!
//! What is beyond a limit is refused with a sentence that names the limit; nothing is cut silently.

/// The most bytes of a file that is read whole: no person writes a larger one, and no provider publishes one.
pub const LARGEST_FILE: u64 = 256 * 1024 * 1024;
/// The deepest nesting that is followed, the same as `serde_json`'s.
pub const DEEPEST: usize = 128;
/// The most values that a text may have once its aliases are expanded.
pub const MOST_VALUES: usize = 4_000_000;
/// More problems than this in one file help nobody.
pub const MOST_PROBLEMS: usize = 100;
/// So many catalogs that key files name by a path are kept for the next file that names one.
pub const MOST_CATALOGS_KEPT: usize = 32;
