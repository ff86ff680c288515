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
/// Fixes are tried out by reading the text as it would be: so many bytes are read for that before they are shown as they are.
pub const MOST_TRIED: usize = 8 << 20;
/// So many bytes are looked at, text by text, for fixes that turn out to be refused; the rest are refused unseen.
pub const MOST_REFUSED: usize = 1 << 20;
/// A look costs at least as much as so many bytes.
pub const LEAST_SPENT: usize = 4096;
/// Fixes of one text are made at once; what comes of them may be fixed again, so many times.
pub const MOST_PASSES: usize = 64;
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
