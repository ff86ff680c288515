//! Fingerprints: the same as long as rule, key, environment and subject are, wherever the finding moves.

use std::collections::HashMap;

use crate::finding::Finding;

/// How often each subject was seen before, in all files: where all of rule, key, environment and subject are equal, an
/// ordinal tells findings apart.
#[derive(Debug, Default)]
pub struct Ordinals(HashMap<String, usize>);

/// Gives each finding that has none its fingerprint.
pub fn fingerprint<'a>(
    identity: &str,
    findings: impl IntoIterator<Item = &'a mut Finding>,
    seen: &mut Ordinals,
) {
    for finding in findings {
        if !finding.fingerprint.is_empty() {
            continue;
        }
        let parts = [Some(identity), Some(finding.rule)];
        let more = [&finding.environment, &finding.scope, &finding.endpoint];
        let parts: Vec<&str> = parts
            .into_iter()
            .chain(more.map(|part| part.as_deref()))
            .map(Option::unwrap_or_default)
            .collect();
        let subject = parts.join("\u{1f}");
        let ordinal = seen.0.entry(subject.clone()).or_default();
        finding.fingerprint = format!("{:032x}", hash(&format!("{subject}\u{1f}{ordinal}")));
        *ordinal += 1;
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
