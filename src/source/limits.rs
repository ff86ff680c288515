//! How much is read, followed and drawn: every limit of the program stands here, and docs/limits.md tells people of it.
//!
//! What is beyond a limit is refused with a sentence that names the limit; nothing is cut silently.

/// A kibibyte, in bytes.
pub const KIB: u64 = 1024;
/// A mebibyte, in bytes.
pub const MIB: u64 = 1024 * KIB;

/// The most bytes of a key file: no person writes a larger one.
pub const LARGEST_KEY: u64 = MIB;
/// The most bytes of a text with names of scopes on standard input.
pub const LARGEST_NAMES: u64 = MIB;
/// The most bytes of `scopes.toml`.
pub const LARGEST_CONFIG: u64 = MIB;
/// The most bytes of a baseline: some 50,000 findings.
pub const LARGEST_BASELINE: u64 = 8 * MIB;
/// The most bytes of a catalog.
pub const LARGEST_CATALOG: u64 = 4 * MIB;
/// The most bytes of all documents of one import together.
pub const LARGEST_SPECIFICATION: u64 = 16 * MIB;
/// The most values of all documents of one import together, counted before any of them is parsed.
pub const MOST_SPECIFIED: u64 = 500_000;
/// How far a file that is too large for a key is searched for what would make it one.
pub const MOST_LOOKED_THROUGH: u64 = 64 * MIB;

/// The most bytes of a line of a log; a longer one is skipped and counted.
pub const LONGEST_LOG_LINE: u64 = MIB;
/// A line of a log that has no end by then never will have one: the log is refused.
pub const LONGEST_SKIPPED_LINE: u64 = 64 * MIB;
/// The most bytes of a text in an HTTP archive, which holds whole answers.
pub const LONGEST_ARCHIVE_TEXT: u64 = 32 * MIB;

/// The most bytes of the name of a scope or a bundle: addresses are used as such, and documents are not.
pub const LONGEST_NAME: usize = 512;
/// The most endpoints of a catalog: the largest providers have a fifth of that.
pub const MOST_ENDPOINTS: usize = 50_000;
/// The most bytes of text in a key file, a catalog, a configuration or a baseline once aliases are expanded.
pub const MOST_TEXT: usize = 16 * 1024 * 1024;
/// The deepest nesting that is followed, the same as `serde_json`'s.
pub const DEEPEST: usize = 128;
/// The most values that a text may have once its aliases are expanded.
pub const MOST_VALUES: usize = 4_000_000;
/// More problems than this in one file help nobody.
pub const MOST_PROBLEMS: usize = 100;
