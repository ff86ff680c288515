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
/// The most bytes of a catalog: some ten times the largest that an import has written.
pub const LARGEST_CATALOG: u64 = 8 * MIB;
/// The most bytes of all documents of one import together.
pub const LARGEST_SPECIFICATION: u64 = 16 * MIB;
/// The most values of all documents of one import together, counted before any of them is parsed.
pub const MOST_SPECIFIED: u64 = 300_000;
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
/// The deepest nesting that is followed, the same as `serde_json`'s.
pub const DEEPEST: usize = 128;
/// The most brackets that may be open at once in YAML that is given to a parser, as far as can be told beforehand: one beyond
/// takes the parser as long as there are open ones.
pub const MOST_OPEN: usize = 4096;
/// The most values that the anchors and aliases of a text may bring in beside those that are written.
pub const MOST_VALUES: usize = 500_000;
/// More problems than this in one file help nobody.
pub const MOST_PROBLEMS: usize = 100;
/// A text is read again for each problem that is found in it: so many bytes in all before the rest is left.
pub const MOST_READ_AGAIN: usize = 4 * 1024 * 1024;

/// The most values of a key file, counted by its commas, brackets and lines before it is read.
pub const MOST_VALUES_OF_KEY: usize = 200_000;
/// The most items of a list, or names of a text that stands for one.
pub const MOST_ITEMS: usize = 50_000;
/// The most entries of a catalog: scopes, endpoints, events, recipes, bundles and the like together.
pub const MOST_ENTRIES: usize = 50_000;
/// The most segments of all paths of a catalog.
pub const MOST_PATH_SEGMENTS: usize = 250_000;
/// The most segments of a path, or of a pattern over paths.
pub const MOST_SEGMENTS: usize = 256;
/// The most methods of one path.
pub const MOST_METHODS: usize = 64;
/// The most branches of a catalog's paths that one request can be led into, those counted that lead nowhere.
pub const MOST_BRANCHES: usize = 4096;
/// The most patterns under `never` of one key.
pub const MOST_PATTERNS: usize = 1000;
/// The most scopes that the scopes of a catalog carry with them in all, whether a scope implies them itself or by way of
/// others.
pub const MOST_CARRIED: usize = 4_000_000;
/// The most letters of known names that are compared with the unknown names of one file, to find out what was meant.
pub const MOST_COMPARED: u64 = 3_000_000;
/// The most scopes that the bundles and wildcards of a catalog have in all.
pub const MOST_MEMBERS: usize = 4_000_000;
/// The most scopes that the examples of a catalog have in all, those counted that their bundles and wildcards bring.
pub const MOST_EXEMPLIFIED: usize = 4_000_000;
/// The most names that the patterns of a catalog, or of a key, are compared with in all; a name and its pattern count as one
/// more for every 64 bytes.
pub const MOST_PATTERN_TRIES: usize = 10_000_000;
/// The most scopes and alternatives that the requirements of a catalog have in all, once AND and OR are multiplied out.
pub const MOST_REQUIRED: usize = 300_000;
/// The longest pattern over files in scopes.toml, in bytes.
pub const LONGEST_FILE_PATTERN: usize = 4096;
/// The most environments of one key.
pub const MOST_ENVIRONMENTS: usize = 1000;
/// The most that one key is judged by: its environments, times its needs and grants and the endpoints of its catalog.
pub const MOST_JUDGED: usize = 20_000_000;
/// How far the search for the least set of a key goes, in words of memory that are looked at: some tenths of a second. What is
/// found by then is said to be unproven.
pub const MOST_SEARCHED: u64 = 40_000_000;
/// How far the search goes for one question about a key of which other questions took all: about a millisecond.
pub const LEAST_SEARCHED: u64 = 100_000;
/// So many catalogs that key files name by a path are kept for the next file that names one.
pub const MOST_CATALOGS_KEPT: usize = 32;
/// Of a longer text, in bytes, no fix is tried before it is offered; `--fix` tries it.
pub const LONGEST_PROMISED: usize = 256 * 1024;
/// Fixes are tried out by reading the text as it would be: so many bytes are read for that before they are shown as they are.
pub const MOST_TRIED: usize = 2 * 1024 * 1024;
/// So many bytes are looked at, text by text, for fixes that turn out to be refused; the rest are refused unseen.
pub const MOST_REFUSED: usize = 1024 * 1024;
/// A look costs at least as much as so many bytes.
pub const LEAST_SPENT: usize = 4096;
/// Fixes of one text are made at once; what comes of them may be fixed again, so many times.
pub const MOST_PASSES: usize = 64;
/// The same in bytes of the text that is fixed again.
pub const MOST_FIXED_AGAIN: usize = 2 * 1024 * 1024;
/// The most findings of a file that are told, those included that are accepted.
pub const MOST_FINDINGS: usize = 10_000;
/// So many faults of a file that is needed for something else are told there; the command that checks it tells all.
pub const MOST_FAULTS_TOLD: usize = 20;
/// So many findings of a file are drawn with a frame around their place; more have a line each.
pub const MOST_FRAMES_IN_FILE: usize = 100;
/// So many findings of a run are drawn with a frame.
pub const MOST_FRAMES: usize = 1000;
/// So many other places are shown in a frame.
pub const MOST_RELATED: usize = 20;
/// A frame spans no more lines; places further away are told in words.
pub const TALLEST_FRAME: usize = 400;
/// Of a longer line, in bytes, a frame shows what is around its places.
pub const LONGEST_LINE: usize = 1000;
