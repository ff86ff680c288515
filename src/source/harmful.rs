//! What a text must not carry into a terminal or log: control and invisible characters, and workflow commands that a CI
//! runner would execute anywhere in a line.

use std::fmt::Write;

use super::Syntax;

/// Whether a character controls a terminal or is invisible. Newlines and tabs are allowed.
pub fn is_harmful(c: char) -> bool {
    let is_control = c.is_control() && !matches!(c, '\n' | '\t');
    is_control
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{fffe}' | '\u{ffff}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a text has no visible characters.
pub fn is_blank(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_whitespace() || is_harmful(c) || c == '\u{2800}')
}

/// Where a text has a `[` or a `:` without which a runner would take it for no command: in `##[name]` of GitHub Actions,
/// `##vso[…]` of Azure Pipelines, `##teamcity[…]`, and in what folds a log of GitLab or Travis.
pub fn commands_within(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(hash) = text[at..].find('#').map(|hash| at + hash) {
        let name = text[hash..].trim_start_matches('#');
        let behind =
            name.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || "_-.".contains(c));
        at = text.len() - behind.len();
        let hashes = text.len() - hash - name.len();
        if hashes > 1 && behind.starts_with('[') {
            found.push(at);
        }
    }
    let words = ["section_start", "section_end", "travis_fold", "travis_time"];
    for (at, _) in text.match_indices(':') {
        // In a command a number or a word follows immediately; otherwise this is the name of a field.
        let behind = text[at + 1..].chars().next();
        let is_followed = behind.is_some_and(|c| !c.is_whitespace());
        if is_followed && words.iter().any(|word| text[..at].ends_with(word)) {
            found.push(at);
        }
    }
    found.sort_unstable();
    found
}

/// Escapes everything harmful in a JSON or YAML file. It can only occur inside double quotes, so the values do not
/// change.
pub fn spelt_out(text: &str, syntax: Syntax) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut units = [0; 2];
    let mut commands = commands_within(text).into_iter().peekable();
    for (at, c) in text.char_indices() {
        let is_command = commands.next_if_eq(&at).is_some();
        if !is_command && !is_harmful(c) {
            safe.push(c);
        } else if syntax == Syntax::Json || u32::from(c) <= 0xffff {
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            let _ = write!(safe, "\\U{:08x}", u32::from(c));
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_blank() {
        for text in ["", " \n", "\u{200b}\u{2800}", "\u{3164}\u{ad}"] {
            assert!(is_blank(text), "{text:?}");
        }
        assert!(!is_blank(" a"));
    }

    #[test]
    fn what_is_spelt_out_reads_as_the_same() {
        let text = "##[a] x##vso[b] section_start:c section_start: ##\\[e \u{7f}\u{85}\u{202e}\u{2028}\u{feff}\u{e0041}\u{1d173}ü";
        let value = serde_json::json!({ text: [text] });
        let json = spelt_out(&format!("{value:#}"), Syntax::Json);
        let yaml = spelt_out(&value.to_string(), Syntax::Yaml);
        for spelt in [&json, &yaml] {
            assert!(commands_within(spelt).is_empty());
            assert!(!spelt.chars().any(is_harmful), "{spelt}");
        }
        let read: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(read, value);
        let read: serde_json::Value = serde_yaml::from_str(&yaml).expect("YAML");
        assert_eq!(read, value);
    }
}
