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
        let hidden = secret.span.start + secret.shown;
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
