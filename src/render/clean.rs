//! Untrusted text on its way to a terminal: no control characters, no bidirectional overrides.

use std::borrow::Cow;

/// The text without characters that could move the cursor, change colours or turn the reading direction. Each is
/// replaced by a visible one of the same length in bytes, so that places in the text stay right.
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_harmful) {
        return Cow::Borrowed(text);
    }
    let visible = |c: char| match (is_harmful(c), c.len_utf8()) {
        (false, _) => c,
        (true, 1) => '?',
        (true, 2) => '\u{b7}',
        (true, _) => char::REPLACEMENT_CHARACTER,
    };
    Cow::Owned(text.chars().map(visible).collect())
}

fn is_harmful(c: char) -> bool {
    let is_control = c.is_control() && !matches!(c, '\n' | '\t');
    is_control
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{61c}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_a_terminal_is_made_visible_and_keeps_its_length() {
        for text in ["a\u{1b}[31mb", "a\u{202e}b", "a\u{85}b", "a\rb"] {
            let cleaned = clean(text);
            assert_eq!(cleaned.len(), text.len());
            assert!(!cleaned.chars().any(is_harmful));
        }
        assert_eq!(clean("plain\tété\n"), "plain\tété\n");
    }
}
