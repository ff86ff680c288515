//! Untrusted text on its way to a terminal: no control characters, no bidirectional overrides.

use std::borrow::Cow;

use crate::source::is_harmful;

/// Replaces characters that could move the cursor, change colours or reverse the reading direction. Each is replaced by
/// a visible character of the same length in bytes, so that byte offsets stay valid.
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_harmful) {
        return Cow::Borrowed(text);
    }
    let visible = |c: char| match (is_harmful(c), c.len_utf8()) {
        (false, _) => c,
        (true, 1) => '?',
        (true, 2) => '\u{b7}',
        (true, 3) => char::REPLACEMENT_CHARACTER,
        (true, _) => '\u{1f6ab}',
    };
    Cow::Owned(text.chars().map(visible).collect())
}

/// The cleaned text as one line, with spaces for line breaks.
pub fn one_line(text: &str) -> Cow<'_, str> {
    match clean(text) {
        line if !line.contains(['\n', '\t']) => line,
        lines => Cow::Owned(lines.replace(['\n', '\t'], " ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_a_terminal_is_made_visible_and_keeps_its_length() {
        for text in [
            "a\u{1b}[31mb",
            "a\u{202e}b",
            "a\u{85}b",
            "a\rb",
            "a\u{e0041}b",
        ] {
            let cleaned = clean(text);
            assert_eq!(cleaned.len(), text.len());
            assert!(!cleaned.chars().any(is_harmful));
        }
        assert_eq!(clean("plain\tété\n"), "plain\tété\n");
        assert_eq!(one_line("a\tb\r\n::c"), "a b? ::c");
    }
}
