//! How much is read, followed and drawn: every limit of the program is defined here and documented in docs/limits.md.
//!
//! Input beyond a limit is refused with a message that names the limit; nothing is cut silently.

/// A kibibyte, in bytes.
pub const KIB: u64 = 1024;
/// A mebibyte, in bytes.
pub const MIB: u64 = 1024 * KIB;

/// The most bytes of a key file: nobody writes a larger one by hand.
pub const LARGEST_KEY: u64 = MIB;
/// The most bytes of another file in which scopes of a key stand.
pub const LARGEST_MANIFEST: u64 = MIB;
/// The most bytes of a text with names of scopes on standard input.
pub const LARGEST_NAMES: u64 = MIB;
/// The most bytes of `scopes.toml`.
pub const LARGEST_CONFIG: u64 = MIB;
/// The most bytes of a baseline: some 50,000 findings.
pub const LARGEST_BASELINE: u64 = 8 * MIB;
/// The most bytes of a catalog: some ten times the largest that an import has written.
pub const LARGEST_CATALOG: u64 = 8 * MIB;
/// The most bytes of all documents of one import together.
pub const LARGEST_SPECIFICATION: u64 = 64 * MIB;
/// The most values of all documents of one import together, counted before any of them is parsed.
pub const MOST_SPECIFIED: u64 = 1_500_000;
/// How many bytes of a file that is too large for a key are searched for the fields of a key.
pub const MOST_LOOKED_THROUGH: u64 = 64 * MIB;

/// The most bytes of a line of a log; a longer one is skipped and counted.
pub const LONGEST_LOG_LINE: u64 = MIB;
/// A log whose line has not ended after this many bytes is refused.
pub const LONGEST_SKIPPED_LINE: u64 = 64 * MIB;
/// The most bytes of one text in an HTTP archive, which contains whole response bodies.
pub const LONGEST_ARCHIVE_TEXT: u64 = 32 * MIB;

/// The most bytes of the name of a scope or a bundle: long enough for a URL, but not for a document.
pub const LONGEST_NAME: usize = 512;
/// The deepest nesting that is followed, the same as `serde_json`'s.
pub const DEEPEST: usize = 128;
/// The most brackets that may be open at once in YAML, estimated before parsing: the parser takes time proportional to
/// the number of open brackets for each further one.
pub const MOST_OPEN: usize = 4096;
/// The most values that the anchors and aliases of a text may add to those that are written out.
pub const MOST_VALUES: usize = 500_000;
/// The most problems that are reported for one file.
pub const MOST_PROBLEMS: usize = 100;
/// A text is read again for each problem found in it; after this many bytes in all, the remaining problems are not
/// looked for.
pub const MOST_READ_AGAIN: usize = 4 * 1024 * 1024;

/// The most values of a key file, counted by its commas, brackets and lines before it is read.
pub const MOST_VALUES_OF_KEY: usize = 200_000;
/// The most items of a list, or names of a text that stands for one.
pub const MOST_ITEMS: usize = 50_000;
/// The most entries of a catalog: scopes, endpoints, events, recipes, bundles and the like together.
pub const MOST_ENTRIES: usize = 50_000;
/// The most segments of all paths of a catalog.
pub const MOST_PATH_SEGMENTS: usize = 250_000;
/// The most bytes of all endpoints of a catalog, what an entry says counted for each of its methods and modes; an
/// endpoint counts as at least 256.
pub const MOST_ENDPOINT_BYTES: usize = 64 * 1024 * 1024;
/// The most segments of a path, or of a pattern over paths.
pub const MOST_SEGMENTS: usize = 256;
/// The most methods of one path.
pub const MOST_METHODS: usize = 64;
/// The most branches of a catalog's path tree that one request can visit, dead ends included.
pub const MOST_BRANCHES: usize = 4096;
/// The most bytes of a host that a base with placeholders matches: those of a name in the DNS, and a port.
pub const LONGEST_HOST: usize = 260;
/// The most bases of the environments of a catalog.
pub const MOST_BASES: usize = 1000;
/// The most patterns under `never` of one key.
pub const MOST_PATTERNS: usize = 1000;
/// The most scopes that the scopes of a catalog imply in all, directly or through others.
pub const MOST_CARRIED: usize = 4_000_000;
/// The most letters of known names that are compared with the unknown names of one file, to find out what was meant.
pub const MOST_COMPARED: u64 = 3_000_000;
/// The most scopes that the bundles and wildcards of a catalog have in all.
pub const MOST_MEMBERS: usize = 4_000_000;
/// The most names and patterns that the conflicts of a catalog have in all: a search looks at them for each set it tries.
pub const MOST_SIDES: usize = 1_000;
/// The most scopes that the examples of a catalog have in all, including those from bundles and wildcards.
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
/// The most work for judging one key: its environments times the sum of its needs, grants and catalog endpoints.
pub const MOST_JUDGED: usize = 20_000_000;
/// How long the search for the least set of a key may take, counted in memory words read: some tenths of a second. The
/// best set found by then is reported as unproven.
pub const MOST_SEARCHED: u64 = 40_000_000;
/// The least search effort for one question about a key, even if other questions used up the budget: about a
/// millisecond.
pub const LEAST_SEARCHED: u64 = 100_000;
/// The most catalogs named by path that are cached for further key files.
pub const MOST_CATALOGS_KEPT: usize = 32;
/// For texts longer than this many bytes, fixes are offered without being tried first; `--fix` still tries them.
pub const LONGEST_PROMISED: usize = 256 * 1024;
/// Fixes are tried by reading the edited text; after this many bytes in all, the rest are shown untried.
pub const MOST_TRIED: usize = 2 * 1024 * 1024;
/// The most bytes checked for fixes that turn out to be refused; after that, the remaining fixes are refused untried.
pub const MOST_REFUSED: usize = 1024 * 1024;
/// Each check of a text counts as at least this many bytes.
pub const LEAST_SPENT: usize = 4096;
/// The most rounds of fixes on one text, since a fix may make others possible.
pub const MOST_PASSES: usize = 64;
/// The most bytes of text that are read for these rounds in all.
pub const MOST_FIXED_AGAIN: usize = 2 * 1024 * 1024;
/// The most findings reported for a file, including accepted ones.
pub const MOST_FINDINGS: usize = 10_000;
/// The most errors reported for a file that is only needed for something else; the command that checks that file
/// reports all of them.
pub const MOST_FAULTS_TOLD: usize = 20;
/// The most findings of a file that are shown with a source frame; further ones get one line each.
pub const MOST_FRAMES_IN_FILE: usize = 100;
/// The most findings of a run that are shown with a source frame.
pub const MOST_FRAMES: usize = 1000;
/// The most related places shown in one frame.
pub const MOST_RELATED: usize = 20;
/// The most lines that a frame spans; places further away are described in words.
pub const TALLEST_FRAME: usize = 400;
/// For lines longer than this many bytes, a frame shows only the parts around its places.
pub const LONGEST_LINE: usize = 1000;
