//! Secrets in text: found before anything else reads it, and masked, so that no message, frame or diff can show one.

use std::ops::Range;

/// A secret in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// Its bytes.
    pub span: Range<usize>,
    /// What it is, in a few words: a key that begins with `sk_live_`, or a JSON Web Token.
    pub what: String,
    /// How many of its bytes may be shown: those of a declared prefix.
    shown: usize,
}

/// Fewer characters than this behind a prefix are no key material.
const SHORTEST_MATERIAL: usize = 8;

/// The secrets in a text: a declared prefix with key material behind it, or a JSON Web Token.
///
/// `is_known` spares the names of the catalog, which may begin as a key does.
pub fn find_secrets(text: &str, prefixes: &[&str], is_known: impl Fn(&str) -> bool) -> Vec<Secret> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let mut secrets = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find(is_part) {
        let start = at + found;
        let end = text[start..]
            .find(|c| !is_part(c))
            .map_or(text.len(), |length| start + length);
        let token = &text[start..end];
        if let Some((what, shown)) = secret_in(token, prefixes)
            && !is_known(token)
        {
            secrets.push(Secret {
                span: start..end,
                what,
                shown,
            });
        }
        at = end;
    }
    secrets
}

/// Fewer characters than this are no random string worth a word.
const SHORTEST_RANDOM: usize = 20;

/// Strings in a text that look like key material although nothing declares them so: long, of letters and digits in
/// disorder. Never a UUID, a hex digest, an endpoint, an address, or a name that `is_known`.
pub fn find_possible_secrets(text: &str, is_known: impl Fn(&str) -> bool) -> Vec<Secret> {
    let ends_word = |c: char| c.is_whitespace() || "\"',[]{}".contains(c);
    let mut secrets = Vec::new();
    let mut at = 0;
    for word in text.split(ends_word) {
        let start = at;
        at += word.len()
            + text[at + word.len()..]
                .chars()
                .next()
                .map_or(0, char::len_utf8);
        if word.len() < SHORTEST_RANDOM
            || word.starts_with('/')
            || is_digest(word)
            || word.contains("://")
            || is_known(word)
        {
            continue;
        }
        let is_part = |c: char| c.is_ascii_alphanumeric() || "_-+=".contains(c);
        let mut inner = start;
        for token in word.split(|c| !is_part(c)) {
            let end = inner + token.len();
            if looks_random(token) && !is_known(token) {
                secrets.push(Secret {
                    span: inner..end,
                    what: "a long random string".to_owned(),
                    shown: 0,
                });
            }
            inner = end + text[end..].chars().next().map_or(0, char::len_utf8);
        }
    }
    secrets
}

/// Whether a word is a digest with the name of its function before it: `sha256-…`.
fn is_digest(word: &str) -> bool {
    let functions = ["sha1", "sha256", "sha384", "sha512", "md5"];
    functions.iter().any(|name| {
        word.strip_prefix(name)
            .is_some_and(|rest| rest.starts_with(['-', ':', '=']))
    })
}

/// Fewer letters and digits in a row than this are a word of a name.
const SHORTEST_RUN: usize = 12;

fn looks_random(token: &str) -> bool {
    // What names are joined of is short; in a random string a `-` or `_` stands by chance.
    let is_run =
        |run: &&str| run.len() >= SHORTEST_RUN && !run.chars().all(|c| c.is_ascii_hexdigit());
    if token.len() < SHORTEST_RANDOM || !token.split(['-', '_']).any(|run| is_run(&run)) {
        return false;
    }
    let has = |test: fn(&char) -> bool| token.chars().any(|c| test(&c));
    let mixed = has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase);
    let pairs = token.as_bytes().windows(2);
    let turns = pairs
        .filter(|pair| pair[0].is_ascii_alphanumeric() && pair[1].is_ascii_alphanumeric())
        .filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit())
        .count();
    // A name has words; between the letters of a random string stand digits, here and there.
    let enough = if mixed { 3 } else { 6 };
    turns >= enough && entropy(token) >= 3.5
}

/// Shannon's entropy of the characters of a text, in bits a character.
fn entropy(text: &str) -> f64 {
    let mut counts = [0_u32; 128];
    for byte in text.bytes() {
        counts[usize::from(byte & 0x7f)] += 1;
    }
    let length = f64::from(u32::try_from(text.len()).unwrap_or(u32::MAX));
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / length)
        .map(|share| -share * share.log2())
        .sum()
}

fn secret_in(token: &str, prefixes: &[&str]) -> Option<(String, usize)> {
    let material = |rest: &str| {
        let rest = rest.trim_end_matches(['.', '-', '_']);
        let mut different: Vec<char> = rest.chars().collect();
        different.sort_unstable();
        different.dedup();
        rest.len() >= SHORTEST_MATERIAL
            && different.len() > 2
            && rest
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
    };
    let longest = prefixes
        .iter()
        .filter(|prefix| token.starts_with(**prefix))
        .max_by_key(|p| p.len());
    if let Some(prefix) = longest
        && material(&token[prefix.len()..])
    {
        return Some((format!("a key that begins with `{prefix}`"), prefix.len()));
    }
    let parts: Vec<&str> = token.split('.').collect();
    let is_token = matches!(parts.as_slice(), [header, payload, _] if header.starts_with("eyJ") && payload.starts_with("eyJ") && header.len() > 8);
    is_token.then(|| ("a JSON Web Token".to_owned(), 0))
}

/// The text with every secret's characters replaced, byte for byte, so that all places stay right. What stands there
/// then is a plain word in every syntax.
pub fn masked(text: &str, secrets: &[Secret]) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for secret in secrets {
        let mut hidden = secret.span.start + secret.shown;
        // A backslash before it may begin an escape, half of which would be hidden.
        while secret.shown == 0 && hidden > at && text.as_bytes()[hidden - 1] == b'\\' {
            hidden -= 1;
        }
        masked.push_str(&text[at..hidden]);
        masked.extend(std::iter::repeat_n('x', secret.span.end - hidden));
        at = secret.span.end;
    }
    masked.push_str(&text[at..]);
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        find_secrets(text, &["sk_live_", "sk_"], |_| false)
            .into_iter()
            .map(|secret| text[secret.span].to_owned())
            .collect()
    }

    #[test]
    fn key_material_behind_a_prefix_is_a_secret() {
        assert_eq!(found("key: sk_live_4eC39HqLyjWD"), ["sk_live_4eC39HqLyjWD"]);
        assert_eq!(found("\"sk_4eC39HqLyjWD\""), ["sk_4eC39HqLyjWD"]);
    }

    #[test]
    fn names_placeholders_and_bare_prefixes_are_none() {
        assert!(found("name: sk_live_").is_empty());
        assert!(found("name: sk_live_xxxxxxxxxxxx").is_empty());
        assert!(found("task_live_abcdefghijk ask_questions_to_everybody").is_empty());
    }

    #[test]
    fn a_long_random_string_may_be_one() {
        let found =
            |text: &str| find_possible_secrets(text, |word| word == "Known1A2b3C4d5E6f7G8h9").len();
        assert_eq!(found("note: \"hV8sQ2mZx91Lr0Tk4Wb7Yc3N\""), 1);
        assert_eq!(found("labels: {b: hV8sQ2mZx91Lr0Tk4Wb7Yc3N}"), 1);
        assert_eq!(found("shared/hV8sQ2mZx91Lr0Tk4Wb7Yc3N"), 1);
        assert_eq!(found("# was q7w3e9r1t5y2u8i4o6p0a1s2d3"), 1);
        for text in [
            "9c82ef99-3a14-4f0b-9d6e-2b1f5a7c8d90",
            "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "GET /2022-06-09/orders/hV8sQ2mZx91Lr0Tk4Wb7Yc3N",
            "https://example.com/hV8sQ2mZx91Lr0Tk4Wb7Yc3N",
            "DeviceManagementConfiguration.ReadWrite.All",
            "transfer:read_fiat_deposit_instructions_2026_v2",
            "Known1A2b3C4d5E6f7G8h9",
            "user-a1b2c3d4-e5f6-7890-abcd-ef1234567890",
            "SEC-118-2026-Q4-build-77a9f-rev3",
            "GET /2022-06-09/orders/{hV8s}",
        ] {
            assert_eq!(found(text), 0, "{text}");
        }
    }

    #[test]
    fn a_web_token_is_a_secret() {
        let token = ["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxIn0", "c2lnbmF0dXJl"].join(".");
        assert_eq!(found(&format!("Bearer {token}")), [token]);
    }

    #[test]
    fn masking_keeps_every_place() {
        let text = "a: sk_live_4eC39HqLyjWD # b";
        let masked = masked(text, &find_secrets(text, &["sk_live_"], |_| false));
        assert_eq!(masked, "a: sk_live_xxxxxxxxxxxx # b");
        assert_eq!(masked.len(), text.len());
    }
}
