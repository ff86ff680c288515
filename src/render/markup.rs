//! Escapes untrusted text in Markdown, so that it is shown literally.
//!
//! Forges look for mentions, references, URLs and emoji after rendering, when backslashes and entities no longer help.
//! They do not look into code, so words that would be linked are written as code.

use std::borrow::Cow;
use std::fmt::Write;

use super::clean::one_line;
use crate::model::Edition;
use crate::source::commands_within;

/// A part of a sentence.
enum Piece<'a> {
    Words(&'a str),
    Code(Cow<'a, str>),
}

/// Text that Markdown must not read as markup.
pub(super) fn escape(text: &str) -> String {
    let text = one_line(text);
    let mut pieces = Vec::new();
    split(&text, &mut pieces);
    written(pieces)
}

/// A sentence in which names stand in backticks: they stay code, the rest is escaped.
pub(super) fn prose(text: &str) -> String {
    let text = one_line(text);
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) || text.contains("``") {
        return escape(&text);
    }
    let mut pieces = Vec::new();
    for (index, part) in parts.into_iter().enumerate() {
        match index % 2 {
            0 => split(part, &mut pieces),
            _ => pieces.push(Piece::Code(part.into())),
        }
    }
    written(pieces)
}

/// A name as code, whatever it contains.
pub(super) fn code(text: &str) -> String {
    let text = one_line(text);
    if text.is_empty() {
        return String::new();
    }
    if text.contains("\\|") || !commands_within(&text).is_empty() {
        return spelt_out_code(&text);
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // Renderers strip one space from both ends if there is one at each end.
    let is_blank = text.bytes().all(|byte| byte == b' ');
    let is_stripped = text.starts_with(' ') && text.ends_with(' ') && !is_blank;
    let needs_room = text.starts_with('`') || text.ends_with('`') || is_stripped;
    let room = if needs_room { " " } else { "" };
    format!("{fence}{room}{text}{room}{fence}")
}

/// A name as HTML code, for what a code span cannot represent: renderers differ on `\\|` in a table cell, and a CI
/// runner also executes commands in a code span.
fn spelt_out_code(text: &str) -> String {
    let mut html = "<code>".to_owned();
    for c in text.chars() {
        match c {
            c if c.is_ascii_punctuation() => drop(write!(html, "&#{};", u32::from(c))),
            c => html.push(c),
        }
    }
    html + "</code>"
}

/// A line of a table. A `|` ends a cell even in code.
pub(super) fn row<T: AsRef<str>>(cells: impl IntoIterator<Item = T>) -> String {
    let mut line = "|".to_owned();
    for cell in cells {
        line.push(' ');
        line.push_str(&cell.as_ref().replace('|', "\\|"));
        line.push_str(" |");
    }
    line.push('\n');
    line
}

/// Splits a text at its spaces; words that a forge would turn into links or mentions become code.
fn split<'a>(text: &'a str, pieces: &mut Vec<Piece<'a>>) {
    let mut start = 0;
    let mut at = 0;
    for word in text.split(' ') {
        let end = at + word.len();
        if is_live(word) {
            let core = without_punctuation(word);
            let from = at + word.find(core).unwrap_or(0);
            pieces.push(Piece::Words(&text[start..from]));
            pieces.push(Piece::Code(core.into()));
            start = from + core.len();
        }
        at = end + 1;
    }
    pieces.push(Piece::Words(&text[start..]));
}

/// A word without the punctuation of the sentence around it.
fn without_punctuation(word: &str) -> &str {
    let core = word.trim_start_matches(['(', '[', '{', '"', '\'']);
    let core = core.trim_end_matches(['.', ',', ':', ';', '!', '?', ')', ']', '}', '"', '\'']);
    if core.is_empty() { word } else { core }
}

fn written(pieces: Vec<Piece<'_>>) -> String {
    let mut text = String::new();
    // Merge adjacent code spans, because their backticks would be read as one longer fence.
    let mut held = String::new();
    for piece in pieces {
        match piece {
            Piece::Code(more) => held.push_str(&more),
            Piece::Words("") => {}
            Piece::Words(words) => {
                text.push_str(&code(&std::mem::take(&mut held)));
                escape_into(words, &mut text);
            }
        }
    }
    text + &code(&held)
}

fn escape_into(words: &str, text: &mut String) {
    let is_first = text.is_empty();
    let digits = words.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = words.len() - digits.len();
    for (at, c) in words.char_indices() {
        let is_markup = "\\`*_[]<>#&~".contains(c);
        // Characters that begin a list or underline a heading at the start of a line.
        let begins = match at {
            0 => "-+=".contains(c),
            at => at == number && ".)".contains(c),
        };
        if is_markup || is_first && begins {
            text.push('\\');
        }
        text.push(c);
    }
}

/// Whether a forge would make a mention, a link, a reference, a formula or an emoji of a word.
fn is_live(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    ["@", "://", "www.", "mailto:", "xmpp:", "$"].iter().any(|mark| lower.contains(mark))
        // Issues, and GitLab's other references: merge requests, epics, milestones, labels, alerts, iterations.
        || followed(&lower, "#", |c| c.is_ascii_digit())
        || followed(&lower, "gh-", |c| c.is_ascii_digit())
        || followed(&lower, "!", |c| c.is_ascii_digit())
        || followed(&lower, "&", |c| c.is_ascii_digit())
        || followed(&lower, "%", |c| c.is_alphanumeric() || c == '"')
        || followed(&lower, "~", |c| c.is_alphanumeric() || c == '"')
        || followed(&lower, "*iteration", |c| c == ':')
        || (lower.contains('[') && lower.contains(':'))
        || has_emoji(&lower)
        || has_commit(&lower)
}

fn followed(word: &str, mark: &str, by: impl Fn(char) -> bool) -> bool {
    word.match_indices(mark).any(|(at, _)| {
        let next = word[at + mark.len()..].chars().next();
        next.is_some_and(&by)
    })
}

/// `:name:`
fn has_emoji(word: &str) -> bool {
    let mut parts = word.split(':').skip(1).peekable();
    while let Some(part) = parts.next() {
        let is_name = !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_+-".contains(&byte));
        if is_name && parts.peek().is_some() {
            return true;
        }
    }
    false
}

/// The first seven digits of a commit and more.
fn has_commit(word: &str) -> bool {
    let mut parts = word.split(|c: char| !c.is_alphanumeric());
    parts.any(|part| {
        (7..=64).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// The most catalogs listed in this line; JSON has all of them.
const MOST_EDITIONS: usize = 8;

/// The last line of an answer: the editions of catalogs it comes from, or nothing.
pub(super) fn editions_line(head: &str, editions: &[Edition]) -> String {
    let names: Vec<String> = match editions.len() {
        0 => return String::new(),
        number if number > MOST_EDITIONS => vec![format!("{number} catalogs (JSON lists them)")],
        _ => editions
            .iter()
            .map(|edition| escape(&edition.to_string()))
            .collect(),
    };
    format!("\n{head} {}.\n", names.join(", "))
}

/// A heading and a table; nothing where there is no row.
pub(super) fn table<const N: usize>(
    text: &mut String,
    title: &str,
    heads: &[&str; N],
    rows: impl Iterator<Item = [String; N]>,
) {
    let lines: Vec<String> = rows.map(row).collect();
    if lines.is_empty() {
        return;
    }
    let head = format!(
        "\n## {title}\n\n| {} |\n|{}\n",
        heads.join(" | "),
        "---|".repeat(N)
    );
    text.push_str(&head);
    text.push_str(&lines.concat());
}

pub(super) fn codes(names: &[String]) -> String {
    names
        .iter()
        .map(|name| code(name))
        .collect::<Vec<_>>()
        .join(", ")
}

/// A list below what it belongs to; nothing where it is empty.
pub(super) fn list(text: &mut String, lines: impl Iterator<Item = String>) {
    for (index, line) in lines.enumerate() {
        if index == 0 {
            text.push('\n');
        }
        let _ = writeln!(text, "- {}", escape(line.trim()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_takes_every_content() {
        for (text, expected) in [
            ("a", "`a`"),
            ("<img>`", "`` <img>` ``"),
            ("`<img>", "`` `<img> ``"),
            ("a``b", "```a``b```"),
            ("a`b``c```", "```` a`b``c``` ````"),
            (" a ", "`  a  `"),
            (" a", "` a`"),
            (" ", "` `"),
            ("a\nb", "`a b`"),
            ("a|b", "`a|b`"),
            ("", ""),
            ("a\\|b", "<code>a&#92;&#124;b</code>"),
            ("##[a]", "<code>&#35;&#35;&#91;a&#93;</code>"),
        ] {
            assert_eq!(code(text), expected);
        }
        assert_eq!(row([code("a|b"), escape("c|d")]), "| `a\\|b` | c\\|d |\n");
    }

    #[test]
    fn words_that_would_come_to_life_are_code() {
        for (text, expected) in [
            ("ask @team, or not", "ask `@team`, or not"),
            ("see https://a.b/c_d", "see `https://a.b/c_d`"),
            ("WWW.x.com", "`WWW.x.com`"),
            ("fixes #12 and GH-3", "fixes `#12` and `GH-3`"),
            ("a:tada:b", "`a:tada:b`"),
            ("(a:tada:).", "(`a:tada`:)."),
            ("costs $5 or 5%", "costs `$5` or 5%"),
            ("at 0123abc", "at `0123abc`"),
            ("# no & no_thing: <b>", "\\# no \\& no\\_thing: \\<b\\>"),
            ("- a - b", "\\- a - b"),
            ("1. a", "1\\. a"),
            ("12) a", "12\\) a"),
            ("a\n===", "a ==="),
        ] {
            assert_eq!(escape(text), expected);
        }
    }

    #[test]
    fn names_in_backticks_stay_code_beside_such_words() {
        assert_eq!(prose("`a_b`, by @x"), "`a_b`, by `@x`");
        assert_eq!(prose("`a`@x"), "`a@x`");
        assert_eq!(prose("a ` b"), "a \\` b");
    }
}
