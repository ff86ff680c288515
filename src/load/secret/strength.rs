//! How much a string looks like key material rather than like words.

/// How much a string looks like key material.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// It may be words.
    Weak,
    /// It mixes letters and digits, or is long.
    Medium,
    /// It mixes them irregularly.
    Strong,
}

/// The most bytes of a string that are looked at.
const LOOKED_AT: usize = 256;

/// How much a string looks like key material, by its runs of letters and digits.
pub(super) fn strength(bytes: &[u8]) -> Strength {
    let bytes = &bytes[..bytes.len().min(LOOKED_AT)];
    let runs = bytes.split(|byte| !byte.is_ascii_alphanumeric());
    runs.map(of_run).max().unwrap_or(Strength::Weak)
}

fn of_run(run: &[u8]) -> Strength {
    if run.len() < 8 {
        return Strength::Weak;
    }
    let digits = run.iter().filter(|byte| byte.is_ascii_digit()).count();
    let turns = turns(run);
    let changes = class_changes(run);
    let is_mingled = turns >= 3 || (digits >= 3 && turns >= 2);
    let is_jumbled = run.len() >= 12 && changes >= 5 && changes * 10 >= run.len() * 4;
    if is_mingled || is_jumbled || run.len() >= 32 {
        Strength::Strong
    } else if digits > 0 && digits < run.len() || run.len() >= 24 {
        Strength::Medium
    } else {
        Strength::Weak
    }
}

/// How often a digit stands beside a letter.
fn turns(run: &[u8]) -> usize {
    let pairs = run.windows(2);
    let differ = |pair: &&[u8]| pair[0].is_ascii_digit() != pair[1].is_ascii_digit();
    pairs.filter(differ).count()
}

/// How often two neighbours are of different kinds: capital, small letter, digit.
pub(super) fn class_changes(run: &[u8]) -> usize {
    let class = |byte: u8| (byte.is_ascii_digit(), byte.is_ascii_uppercase());
    let pairs = run.windows(2);
    pairs
        .filter(|pair| class(pair[0]) != class(pair[1]))
        .count()
}

/// Words that people use in placeholders for secrets.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "a", "access", "an", "and", "api", "auth", "authentication", "authorization", "base64", "bearer", "changeme", "client",
    "contents", "data", "dummy", "encoded", "example", "fake", "goes", "here", "hidden", "information", "insert", "key", "keys",
    "masked", "me", "my", "none", "null", "of", "or", "pass", "password", "placeholder", "private", "put", "redacted", "removed",
    "replace", "sample", "scheme", "secret", "some", "string", "the", "this", "todo", "token", "tokens", "user", "username",
    "value", "with", "your", "yours",
];

/// Whether something is a placeholder for a secret: a row of one or two characters, a variable, or `your-key-here`.
pub(super) fn is_placeholder(bytes: &[u8]) -> bool {
    let bytes = &bytes[..bytes.len().min(LOOKED_AT)];
    let mut letters = bytes.iter().filter(|byte| byte.is_ascii_alphanumeric());
    let Some(first) = letters.next() else {
        return true;
    };
    let second = letters.clone().find(|byte| *byte != first);
    if letters.all(|byte| byte == first || Some(byte) == second) {
        return true;
    }
    if bytes.starts_with(b"$") || bytes.starts_with(b"{") || bytes.starts_with(b"<") {
        return true;
    }
    let words = bytes.split(|byte| !byte.is_ascii_alphanumeric());
    let is_word = |word: &[u8]| {
        let is_row = word.iter().all(|byte| byte.eq_ignore_ascii_case(&b'x'));
        let is_listed = |known: &&str| word.eq_ignore_ascii_case(known.as_bytes());
        is_row || WORDS.iter().any(is_listed)
    };
    words.filter(|word| !word.is_empty()).all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_weak_and_random_strings_are_strong() {
        for (text, expected) in [
            ("hunterhunter", Strength::Weak),
            ("not-a-real-key", Strength::Weak),
            ("DeviceManagement", Strength::Weak),
            ("abcdefgh12345", Strength::Medium),
            ("OAuth2Token", Strength::Medium),
            ("4eC39HqLyjWDarjtT1zdp7dc", Strength::Strong),
            ("hVsQmZxLrTkWbYcN", Strength::Strong),
        ] {
            assert_eq!(strength(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn what_stands_for_a_secret_is_none() {
        for text in [
            "xxxxxxxx",
            "your-key-here",
            "YOUR_API_KEY",
            "...",
            "$TOKEN",
            "<token>",
            "{token}",
            "ababab",
            "xxxx-xxxx",
        ] {
            assert!(is_placeholder(text.as_bytes()), "{text}");
        }
        for text in ["hunter2pass", "not-a-real-key", "abcdefgh"] {
            assert!(!is_placeholder(text.as_bytes()), "{text}");
        }
    }
}
