//! What the linters hand to every format: files with their findings, and the line that sums up.

use super::page::count;
use crate::finding::{Finding, Level};
use crate::source::Source;

/// A file that was looked at, and what was found in it. Secrets in its text are masked by now.
#[derive(Debug)]
pub struct Checked {
    /// The file.
    pub source: Source,
    /// The provider and the name of what the file describes; the file's name where they cannot be read. Fingerprints
    /// are made from it, so they outlive a move of the file.
    pub identity: String,
    /// What was found.
    pub findings: Vec<Finding>,
}

impl Checked {
    /// A fingerprint for each finding: the same as long as rule, key, environment and subject are, wherever it moves.
    /// Where all of these are equal, an ordinal tells findings apart.
    pub fn fingerprints(&self) -> Vec<String> {
        let mut seen: Vec<String> = Vec::new();
        let subject = |finding: &Finding| {
            let parts = [Some(self.identity.as_str()), Some(finding.rule)];
            let more = [&finding.environment, &finding.scope, &finding.endpoint]
                .map(|part| part.as_deref());
            let parts: Vec<&str> = parts
                .into_iter()
                .chain(more)
                .map(Option::unwrap_or_default)
                .collect();
            parts.join("\u{1f}")
        };
        self.findings
            .iter()
            .map(|finding| {
                let subject = subject(finding);
                let ordinal = seen.iter().filter(|other| **other == subject).count();
                let fingerprint = hash(&format!("{subject}\u{1f}{ordinal}"));
                seen.push(subject);
                format!("{fingerprint:032x}")
            })
            .collect()
    }
}

/// FNV-1a over 128 bits: stable across versions of Rust and of this program, which the standard hasher is not.
fn hash(text: &str) -> u128 {
    let (offset, prime) = (
        0x6c62_272e_07bb_0142_62b8_2175_6295_c58d,
        0x0000_0000_0100_0000_0000_0000_0000_013b,
    );
    text.bytes().fold(offset, |hash: u128, byte| {
        (hash ^ u128::from(byte)).wrapping_mul(prime)
    })
}

/// How many findings there are of each level, and how many files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
    /// Files that were looked at.
    pub files: usize,
}

impl Summary {
    /// Counts findings.
    pub fn of(checked: &[Checked]) -> Self {
        let mut summary = Self {
            files: checked.len(),
            ..Self::default()
        };
        for finding in checked.iter().flat_map(|file| &file.findings) {
            match crate::lint::level(finding) {
                Level::Error => summary.errors += 1,
                Level::Warning => summary.warnings += 1,
                Level::Note => summary.notes += 1,
            }
        }
        summary
    }

    /// Whether anything is at a level or above.
    pub fn has_at_least(&self, level: Level) -> bool {
        match level {
            Level::Error => self.errors > 0,
            Level::Warning => self.errors + self.warnings > 0,
            Level::Note => self.errors + self.warnings + self.notes > 0,
        }
    }
}

/// "1 key checked: 3 errors, 1 note; 2 other files were passed over".
pub fn summary_line(summary: &Summary, noun: &str, passed_over: usize) -> String {
    let parts = [
        (summary.errors, "error"),
        (summary.warnings, "warning"),
        (summary.notes, "note"),
    ];
    let found: Vec<String> = parts
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| count(*n, word))
        .collect();
    let found = if found.is_empty() {
        "no findings".to_owned()
    } else {
        found.join(", ")
    };
    let others = match passed_over {
        0 => String::new(),
        1 => "; 1 other file was passed over".to_owned(),
        number => format!("; {number} other files were passed over"),
    };
    format!("{} checked: {found}{others}\n", count(summary.files, noun))
}
