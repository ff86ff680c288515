//! Numbers and articles in sentences: one function for each, so that no sentence makes its own.

/// "1 endpoint", "3 endpoints", "2 entries".
pub fn count(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {}", plural(noun)),
    }
}

/// "endpoints", "entries", "buses".
pub fn plural(noun: &str) -> String {
    if let Some(stem) = noun.strip_suffix('y')
        && !stem.ends_with(['a', 'e', 'o', 'u'])
    {
        return format!("{stem}ies");
    }
    if noun.ends_with(['s', 'x']) || noun.ends_with("ch") || noun.ends_with("sh") {
        format!("{noun}es")
    } else {
        format!("{noun}s")
    }
}

/// "a key", "an app key", "a user token", "an SSO key".
pub fn with_article(noun: &str) -> String {
    let lower = noun.to_lowercase();
    let first = noun.split([' ', '-', '_', '.']).next().unwrap_or_default();
    let is_spelt_out = first.len() > 1 && first.chars().all(|c| c.is_ascii_uppercase());
    // By sound, not by letter: a user, a one-time key, an SSO key.
    let like_a_consonant = ["use", "uniq", "unit", "univ", "unif", "one", "once", "eu"];
    let is_vowel = if is_spelt_out {
        lower.starts_with(['a', 'e', 'f', 'h', 'i', 'l', 'm', 'n', 'o', 'r', 's', 'x'])
    } else {
        lower.starts_with(['a', 'e', 'i', 'o', 'u'])
            && !like_a_consonant
                .iter()
                .any(|start| lower.starts_with(start))
    };
    let article = if is_vowel { "an" } else { "a" };
    format!("{article} {noun}")
}

/// A word as a shell needs it: quoted if it contains anything but letters, digits and `_./@:-`.
pub fn shell_word(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_./@:-".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_go_by_sound_and_plurals_by_ending() {
        for said in [
            "a key",
            "an app key",
            "an oauth key",
            "a user token",
            "a unit key",
            "an unsigned key",
            "an SSO key",
            "a PAT key",
            "an API key",
            "an inference key",
            "a one-time key",
            "an AuthZ key",
        ] {
            let noun = said.split_once(' ').expect("a noun").1;
            assert_eq!(with_article(noun), said);
        }
        assert_eq!(count(2, "entry"), "2 entries");
        assert_eq!(count(1, "entry"), "1 entry");
        assert_eq!(count(0, "key"), "0 keys");
        assert_eq!(plural("match"), "matches");
    }

    #[test]
    fn a_word_for_a_shell() {
        assert_eq!(shell_word("keys/a.yaml"), "keys/a.yaml");
        assert_eq!(shell_word("my key's.yaml"), "'my key'\\''s.yaml'");
        assert_eq!(shell_word(""), "''");
    }
}
