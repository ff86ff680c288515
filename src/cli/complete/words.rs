//! The words of a shell's command line, as far as the cursor.

/// A command line that is being written.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// Its words without quotes; the last one is that at the cursor, and may be empty.
    pub(super) words: Vec<String>,
    /// The quote that is open in the last word.
    pub(super) quote: Option<char>,
    /// How many bytes of the last word the shell leaves as they are: it replaces what is behind a `:` or a `=` alone.
    pub(super) kept: usize,
}

impl Line {
    /// Words that the shell has told apart, quotes and all.
    pub(super) fn of_words(words: impl Iterator<Item = impl AsRef<str>>) -> Self {
        Self {
            words: words.map(|word| unquoted(word.as_ref())).collect(),
            ..Self::default()
        }
    }

    /// A whole line of a POSIX shell up to the cursor. `breaks` are the characters at which the shell begins a new word for
    /// its completion, though not for its commands.
    pub(super) fn of_text(text: &str, breaks: &str) -> Self {
        let mut line = Self {
            words: vec![String::new()],
            ..Self::default()
        };
        let mut is_in_word = false;
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            let last = line.words.len() - 1;
            match (line.quote, c) {
                (None, ' ' | '\t' | '\n') => {
                    if is_in_word {
                        line.words.push(String::new());
                        line.kept = 0;
                    }
                    is_in_word = false;
                    continue;
                }
                (None, '\'' | '"') => line.quote = Some(c),
                (Some(quote), c) if c == quote => line.quote = None,
                (None | Some('"'), '\\') => line.words[last].extend(chars.next()),
                (None, ';' | '|' | '&') => {
                    // Another command begins.
                    line.words = vec![String::new()];
                    line.kept = 0;
                    is_in_word = false;
                    continue;
                }
                (quote, c) => {
                    line.words[last].push(c);
                    if quote.is_none() && breaks.contains(c) {
                        line.kept = line.words[last].len();
                    }
                }
            }
            is_in_word = true;
        }
        line
    }
}

/// A word without its quotes, of which the last may be open.
fn unquoted(word: &str) -> String {
    let mut text = String::with_capacity(word.len());
    let mut quote = None;
    let mut chars = word.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None | Some('"'), '\\') => text.extend(chars.next()),
            (_, c) => text.push(c),
        }
    }
    text
}

/// A text as a word of a POSIX shell, or as the rest of one in which a quote is open; `None` where the quote cannot hold it.
pub(super) fn escaped(text: &str, quote: Option<char>) -> Option<String> {
    match quote {
        Some('\'') => (!text.contains('\'')).then(|| text.to_owned()),
        Some(_) => Some(with_backslashes(text, "\"\\$`")),
        None => Some(with_backslashes(text, " \t\"'\\$`*?[](){}<>|&;!#~")),
    }
}

fn with_backslashes(text: &str, special: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if special.contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> (Vec<String>, Option<char>, usize) {
        let line = Line::of_text(text, "\"'@><=;|&(:");
        (line.words, line.quote, line.kept)
    }

    #[test]
    fn the_word_at_the_cursor_is_the_last() {
        let words =
            |words: &[&str]| -> Vec<String> { words.iter().map(|one| (*one).to_owned()).collect() };
        assert_eq!(
            line("scopes explain "),
            (words(&["scopes", "explain", ""]), None, 0)
        );
        assert_eq!(
            line("scopes explain wallets:nf"),
            (words(&["scopes", "explain", "wallets:nf"]), None, 8)
        );
        assert_eq!(
            line("scopes explain 'GET /pro"),
            (words(&["scopes", "explain", "GET /pro"]), Some('\''), 0)
        );
        assert_eq!(
            line("scopes explain GET\\ /pro"),
            (words(&["scopes", "explain", "GET /pro"]), None, 0)
        );
        assert_eq!(
            line("cd x && scopes check --level=a"),
            (words(&["scopes", "check", "--level=a"]), None, 8)
        );
    }

    #[test]
    fn what_is_escaped_reads_as_it_was() {
        for text in ["GET /a/{id}", "*.read", "it's", "a$b`c", "plain:name"] {
            for quote in [None, Some('"'), Some('\'')] {
                let Some(escaped) = escaped(text, quote) else {
                    assert!(text.contains('\''));
                    continue;
                };
                let open = quote.map_or(String::new(), String::from);
                let read = Line::of_text(&format!("{open}{escaped}"), "");
                assert_eq!(read.words, [text], "{escaped}");
                assert_eq!(read.quote, quote);
            }
        }
    }
}
