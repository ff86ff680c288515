//! Fingerprints, which stay the same as long as the rule, key, environment and subject do, even if the finding moves.

use std::collections::HashMap;

use crate::finding::{Finding, Subject};
use crate::source::Segment;

/// How often each subject was seen before, in all files: an ordinal tells findings apart whose rule, key, environment
/// and subject are all equal.
#[derive(Debug, Default)]
pub struct Ordinals(HashMap<String, usize>);

/// Sets the fingerprint of each finding that has none. What is missing everywhere is also missing in each environment.
pub fn fingerprint<'a>(
    identity: &str,
    findings: impl IntoIterator<Item = &'a mut Finding>,
    seen: &mut Ordinals,
) {
    for finding in findings {
        if !finding.fingerprint.is_empty() {
            continue;
        }
        let subject = |environment: &str| {
            let mut parts = vec![identity.to_owned(), finding.rule.name().to_owned()];
            parts.push(environment.to_owned());
            parts.extend(subject_of(finding));
            parts.join("\u{1f}")
        };
        let numbered = |subject: &str, ordinal: usize| {
            format!("{:032x}", hash(&format!("{subject}\u{1f}{ordinal}")))
        };
        let own = subject(finding.environment.as_deref().unwrap_or_default());
        let ordinal = seen.0.entry(own.clone()).or_default();
        let is_lack =
            finding.environment.is_some() && finding.rule.traits().subject == Subject::Scope;
        let other = is_lack.then_some("");
        let other = other.filter(|_| *ordinal == 0);
        let other = other.map(|environment| numbered(&subject(environment), 0));
        finding.fingerprint = numbered(&own, *ordinal);
        finding.other_fingerprint = other;
        *ordinal += 1;
    }
}

/// What a finding is about.
fn subject_of(finding: &Finding) -> Vec<String> {
    // A missing scope is one subject, no matter which of its needs is named first.
    let endpoint = match finding.rule.traits().subject {
        Subject::Scope => &None,
        Subject::Named | Subject::Sentence => &finding.endpoint,
    };
    let mut parts: Vec<String> = [&finding.scope, endpoint]
        .map(|part| part.clone().unwrap_or_default())
        .to_vec();
    if let Some(subject) = &finding.subject {
        parts.push(subject.clone());
    } else if finding.scope.is_none() && finding.endpoint.is_none() {
        parts.push(subject_of_place(finding));
    }
    parts
}

/// What a finding is about that names neither a scope nor an endpoint: the fields that lead to it, without the numbers of
/// items, which move; where it is about a missing or duplicate field, its sentence, which names it.
fn subject_of_place(finding: &Finding) -> String {
    if finding.rule.traits().subject == Subject::Sentence {
        return finding.message.clone();
    }
    let path = finding.place.path().map(|path| path.0.as_slice());
    let fields = path
        .unwrap_or_default()
        .iter()
        .filter_map(|segment| match segment {
            Segment::Field(name) => Some(name.as_str()),
            Segment::Item(_) | Segment::Words(..) => None,
        });
    fields.collect::<Vec<_>>().join(".")
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
