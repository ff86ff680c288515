//! Finds words in texts that no parser can read, and text in bytes that are not UTF-8.

use std::borrow::Cow;

/// Whether a character is whitespace or a line end for any parser.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}' || c == '\u{fffd}'
}

/// Every distinct word that is written like a field: followed by `:` or `=`; preceded by `?`, an anchor or a tag; or
/// followed by nothing but a comma or the end of a mapping. Comments may come between. Comment-only lines are skipped.
pub(super) fn written_fields(text: &str) -> Vec<String> {
    of_both(text, fields_in)
}

/// Every word of a text, each once.
pub(super) fn all_words(text: &str) -> Vec<String> {
    of_both(text, |text| {
        let words = text.split(|c| !is_of_word(c));
        let words = words.filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    })
}

/// What is found in a text, and in the same text with its escapes resolved, without duplicates.
fn of_both(text: &str, of: impl Fn(&str) -> Vec<String>) -> Vec<String> {
    let mut words = of(text);
    if let Cow::Owned(plain) = unescaped(text) {
        words.extend(of(&plain));
    }
    words.sort();
    words.dedup();
    words
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}

/// Whether a text contains a word as a word of its own.
pub(super) fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(is_of_word) && !after.is_some_and(is_of_word)
    })
}

/// Whether TOML may have a top-level field of a name: before the first table, or as the first part of a table's name.
/// In a text with multi-line strings, what looks like a table may be part of a string, so the field may be anywhere.
pub(super) fn may_be_toml_top(text: &str, word: &str) -> bool {
    if text.contains("\"\"\"") || text.contains("'''") {
        return is_toml_field(text, word);
    }
    let is_table = |line: &str| line.trim_start().starts_with('[');
    let mut top = 0;
    for line in text.split_inclusive('\n') {
        if is_table(line) {
            break;
        }
        top += line.len();
    }
    let is_first = |line: &str| {
        let name = line.trim_start_matches([' ', '\t', '[', '"', '\'']);
        name.starts_with(word) && is_toml_field(name, word)
    };
    // A line that begins with a bracket may also be part of a multi-line list.
    let is_list = text[..top].trim_end().ends_with(['=', '[', ',']);
    is_list && is_toml_field(text, word)
        || is_toml_field(&text[..top], word)
        || text.lines().filter(|line| is_table(line)).any(is_first)
}

/// Whether a word is where TOML may have a field: before `=`, at the end of a table's name, or as a part of one.
fn is_toml_field(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].trim_start_matches([' ', '\t', '"', '\'']);
        !before.is_some_and(is_of_word) && after.starts_with(['=', ']', '.'])
    })
}

/// A text without the blank space and the comments that it begins with.
fn without_comments(text: &str) -> &str {
    let mut rest = text.trim_start_matches(is_blank);
    while rest.len() < text.len() && rest.starts_with('#') {
        let end = rest.find('\n').unwrap_or(rest.len());
        rest = rest[end..].trim_start_matches(is_blank);
    }
    rest
}

fn fields_in(text: &str) -> Vec<String> {
    let is_break = |c: char| matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let is_comment = |line: &str| {
        let line = line.trim_start_matches(is_blank);
        line.starts_with('#') || line.starts_with("//")
    };
    let lines = text.split(is_break).filter(|line| !is_comment(line));
    let text = lines.collect::<Vec<_>>().join("\n");
    let mut words = Vec::new();
    let mut end = 0;
    while let Some(start) = text[end..].find(is_of_word).map(|at| end + at) {
        end = text[start..]
            .find(|c| !is_of_word(c))
            .map_or(text.len(), |at| start + at);
        let quotes = |c: char| c == '"' || c == '\'';
        let before = text[..start].trim_end_matches(quotes);
        let after = text[end..].trim_start_matches(quotes);
        let after = without_comments(after);
        let blank_before = before.trim_end_matches(is_blank);
        let is_of_path = before.ends_with(['.', '/', '$', '@', '\\']);
        let is_introduced = blank_before.len() < before.len()
            && blank_before
                .rsplit(is_blank)
                .next()
                .is_some_and(|part| part.ends_with('?') || part.starts_with(['&', '!', '|', '>']));
        let is_alone = blank_before.ends_with(['{', ',']) && after.starts_with([',', '}']);
        if after.starts_with([':', '=']) && !is_of_path || is_introduced || is_alone {
            words.push(text[start..end].to_owned());
        }
    }
    words
}

/// A text with its escapes resolved, as YAML, JSON and TOML write them in quotes.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        plain.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let digits = match rest.chars().next() {
            Some('x') => 2,
            Some('u') => 4,
            Some('U') => 8,
            // An escaped line break: the string continues on the next line.
            Some(c) if is_blank(c) => {
                rest = rest.trim_start_matches(is_blank);
                continue;
            }
            _ => 0,
        };
        let code = rest.get(1..=digits).filter(|_| digits > 0);
        let code = code.and_then(|code| u32::from_str_radix(code, 16).ok());
        match code.and_then(char::from_u32) {
            Some(letter) => {
                plain.push(letter);
                rest = &rest[1 + digits..];
            }
            None => plain.push('\\'),
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// Decodes bytes that are not UTF-8 as well as possible: UTF-16 and UTF-32, which other programs read, or whatever is
/// legible.
pub(super) fn guessed_text(bytes: &[u8]) -> String {
    let width = match bytes {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] | [0, 0, 0, _, ..] | [_, 0, 0, 0, ..] => 4,
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, _, ..] | [_, 0, ..] => 2,
        _ => 1,
    };
    let is_little = !matches!(bytes, [0xFE, 0xFF, ..] | [0, ..]);
    let units = bytes.chunks_exact(width).map(|unit| {
        let bytes = unit.iter().map(|byte| u32::from(*byte));
        let add = |sum: u32, byte: u32| sum << 8 | byte;
        if is_little {
            bytes.rev().fold(0, add)
        } else {
            bytes.fold(0, add)
        }
    });
    let text = match width {
        1 => String::from_utf8_lossy(bytes).into_owned(),
        2 => {
            let units: Vec<u16> = units.filter_map(|unit| u16::try_from(unit).ok()).collect();
            String::from_utf16_lossy(&units)
        }
        _ => units.filter_map(char::from_u32).collect(),
    };
    text.replace(['\0', '\u{feff}'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_written_as_fields_are_found_in_what_nobody_can_read() {
        let has_both = |text: &str| {
            let words = written_fields(text);
            let has = |name: &str| words.iter().any(|word| word == name);
            has("provider") && has("name")
        };
        for text in [
            "provider: a\nname: b\n",
            "'provider' : a\u{85}\"name\": b",
            "{provider: a, name}",
            "? provider\n: a\n? !!str name\n: b",
            "\"pro\\u0076ider\": a\n\"\\x6eame\": b",
            "\"pro\\\n   vider\": a, name: b",
            "- &a provider\n- &b name\n- {*a : x, *b : y}",
            "provider = 1\n\"name\" = 2",
            "# note\u{2028}provider: a\u{2028}name: b",
            "{a: &p # c\n provider # d\n : x, name # e\n # f\n : [[",
        ] {
            assert!(has_both(text), "{text:?}");
        }
        for text in [
            "name: x\n# provider: y\n: [",
            "name: provider\nthe provider is named\n: [",
            "name: x\nmy.provider: y\nPROVIDER=z\n",
            "name: x\nurl: https://provider:80/\n",
        ] {
            assert!(!has_both(text), "{text:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_utf_8_are_read_as_other_programs_do() {
        let text = "provider: paxos\nname: x\n";
        let utf_16 = |mark: &[u8], bytes: fn(u16) -> [u8; 2]| {
            let units = text.encode_utf16().flat_map(bytes);
            mark.iter().copied().chain(units).collect::<Vec<u8>>()
        };
        for bytes in [
            utf_16(&[0xFF, 0xFE], u16::to_le_bytes),
            utf_16(&[0xFE, 0xFF], u16::to_be_bytes),
            utf_16(&[], u16::to_le_bytes),
            utf_16(&[], u16::to_be_bytes),
            text.chars()
                .flat_map(|c| u32::from(c).to_be_bytes())
                .collect(),
            text.chars()
                .flat_map(|c| u32::from(c).to_le_bytes())
                .collect(),
        ] {
            assert_eq!(guessed_text(&bytes), text);
        }
    }
}
