//! What is written at a byte of a text, and what is about to be written there: what an editor asks about.

use std::ops::Range;

use super::path::{Part, Path, Segment};
use super::tree::{Node, Value};
use super::{Source, Syntax};

/// The scalar or the field name at a byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtCursor {
    /// The way to it.
    pub path: Path,
    /// Whether it is a value or the name of a field.
    pub part: Part,
    /// Its bytes, quotes included.
    pub span: Range<usize>,
    /// Its text, without quotes and escapes.
    pub text: String,
}

/// A scalar that ends at the cursor, because it is still being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// The way to it; to the mapping if it may be the name of a field in it.
    pub path: Path,
    /// Whether it can only be the name of a field.
    pub is_name: bool,
    /// The byte where it begins, behind its quote.
    pub start: usize,
    /// The fields that the mapping there has already; for the item of a list, its other items.
    pub siblings: Vec<String>,
    /// The quote that it begins with.
    pub quote: Option<char>,
    /// Whether it is inside `[ ]` or `{ }`.
    pub is_flow: bool,
}

/// What stands for the text that is not there yet. No file has it.
const MARK: &str = "zq7cursor7qz";

/// Texts longer than this are parsed less often for a completion.
const LONG: usize = 256 * 1024;

impl Source {
    /// The scalar or the field name at a byte; `None` if there is none, or if the text cannot be parsed.
    pub fn at(&self, byte: usize) -> Option<AtCursor> {
        let tree = self.tree().ok()?;
        let mut found = None;
        find(&tree, &mut Path::root(), &mut |path, part, span, text| {
            if span.start <= byte && byte <= span.end && found.is_none() {
                found = Some(AtCursor {
                    path: path.clone(),
                    part,
                    span: span.clone(),
                    text: text.to_owned(),
                });
            }
        });
        found
    }

    /// What is being typed at a byte, in a text that need not be complete; `None` if that cannot be told.
    pub fn typed_at(&self, byte: usize) -> Option<Typed> {
        let before = self.text.get(..byte)?;
        let after = self.text.get(byte..)?;
        let open = Open::of(before, self.syntax);
        let closers = open.closers();
        let next_lines = after.find('\n').map_or("", |at| &after[at..]);
        let tails = [
            after.to_owned(),
            format!("{closers}{next_lines}"),
            closers.clone(),
        ];
        let middles: &[(&str, &str)] = match (self.syntax, open.quote) {
            (Syntax::Yaml, None) => &[("", ""), ("", ":"), ("\"", "\"")],
            (Syntax::Yaml, Some('\'')) => &[("", ""), ("", "'"), ("", "':")],
            (Syntax::Yaml | Syntax::Json, Some(_)) => &[("", ""), ("", "\""), ("", "\": null")],
            (Syntax::Json, None) => &[("\"", "\""), ("\"", "\": null")],
            (Syntax::Toml, None) => &[("\"", "\""), ("", " = 1")],
            (Syntax::Toml, Some('\'')) => &[("", ""), ("", "'"), ("", "' = 1")],
            (Syntax::Toml, Some(_)) => &[("", ""), ("", "\""), ("", "\" = 1")],
        };
        let most = if self.text.len() > LONG {
            2
        } else {
            usize::MAX
        };
        let mut tries = tails
            .iter()
            .flat_map(|tail| middles.iter().map(move |middle| (tail, middle)))
            .take(most);
        tries.find_map(|(tail, (left, right))| {
            let text = format!("{before}{left}{MARK}{right}{tail}");
            let tree = self.with_text(text).tree().ok()?;
            let mut found = None;
            find(&tree, &mut Path::root(), &mut |path, part, span, text| {
                if found.is_none() && text.contains(MARK) {
                    found = Some((path.clone(), part, span.start));
                }
            });
            let (mut path, part, start) = found?;
            let mut siblings = Vec::new();
            if part == Part::Key {
                path.0.pop();
                siblings = names_at(&tree, &path);
            } else if let Some((Segment::Item(_), list)) = path.0.split_last() {
                siblings = names_at(&tree, &Path(list.to_vec()));
            }
            let quote = before.get(start..)?.chars().next();
            let quote = quote.filter(|c| matches!(c, '"' | '\''));
            Some(Typed {
                path,
                is_name: part == Part::Key,
                siblings,
                start: start.min(byte) + quote.map_or(0, char::len_utf8),
                quote,
                is_flow: !open.brackets.is_empty(),
            })
        })
    }
}

/// The fields of the mapping at a path, or the texts of the list there, but for the one that is typed.
fn names_at(tree: &Node, path: &Path) -> Vec<String> {
    let mut node = Some(tree);
    for segment in &path.0 {
        node = match (node.map(|node| &node.value), segment) {
            (Some(Value::Map(fields)), Segment::Field(name)) => {
                let mut fields = fields.iter();
                fields
                    .find(|field| field.name == *name)
                    .map(|field| &field.value)
            }
            (Some(Value::List(items)), Segment::Item(index)) => items.get(*index),
            _ => None,
        };
    }
    let names = match node.map(|node| &node.value) {
        Some(Value::List(items)) => items
            .iter()
            .filter_map(Node::text)
            .map(str::to_owned)
            .collect(),
        _ => node.map(Node::field_names).unwrap_or_default(),
    };
    names
        .into_iter()
        .filter(|name| !name.contains(MARK))
        .collect()
}

/// Calls a function with each scalar and each field name of a tree.
fn find(node: &Node, path: &mut Path, each: &mut impl FnMut(&Path, Part, &Range<usize>, &str)) {
    match &node.value {
        Value::Map(fields) => {
            for field in fields {
                path.0.push(Segment::Field(field.name.clone()));
                each(path, Part::Key, &field.name_span, &field.name);
                find(&field.value, path, each);
                path.0.pop();
            }
        }
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                path.0.push(Segment::Item(index));
                find(item, path, each);
                path.0.pop();
            }
        }
        Value::Text(text) | Value::Plain(text) => each(path, Part::Value, &node.span, text),
        Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) => {}
    }
}

/// What is open at the end of a text.
#[derive(Debug, Default)]
struct Open {
    brackets: Vec<char>,
    quote: Option<char>,
}

impl Open {
    fn of(text: &str, syntax: Syntax) -> Self {
        let mut open = Self::default();
        let mut is_escaped = false;
        // In plain YAML text a quote or a bracket inside of a word is part of it.
        let mut begins_word = true;
        let mut is_comment = false;
        for c in text.chars() {
            if is_comment {
                is_comment = c != '\n';
                continue;
            }
            if let Some(quote) = open.quote {
                let ends = c == quote && !is_escaped;
                is_escaped = c == '\\' && !is_escaped && quote == '"';
                // Outside of YAML, a string ends with its line.
                if ends || (c == '\n' && syntax != Syntax::Yaml) {
                    open.quote = None;
                    is_escaped = false;
                }
                continue;
            }
            let is_strict = syntax != Syntax::Yaml || begins_word || !open.brackets.is_empty();
            match c {
                '"' if is_strict && (syntax != Syntax::Yaml || begins_word) => open.quote = Some(c),
                '\'' if begins_word && syntax != Syntax::Json => open.quote = Some(c),
                '[' if is_strict => open.brackets.push(']'),
                '{' if is_strict => open.brackets.push('}'),
                ']' | '}' if open.brackets.last() == Some(&c) => {
                    open.brackets.pop();
                }
                '#' if begins_word && syntax != Syntax::Json => is_comment = true,
                _ => {}
            }
            begins_word = c.is_whitespace() || matches!(c, '[' | '{' | ',' | ':' | '=' | '-');
        }
        // A header such as `[needs]` is closed by the text itself.
        open
    }

    /// What closes the brackets, the innermost first.
    fn closers(&self) -> String {
        self.brackets.iter().rev().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str, syntax: Syntax) -> Option<(String, bool, String)> {
        let byte = text.find('|').expect("a cursor");
        let source = Source {
            name: "a".to_owned(),
            text: text.replacen('|', "", 1),
            syntax,
        };
        let typed = source.typed_at(byte)?;
        let before = source.text[typed.start..byte].to_owned();
        Some((typed.path.to_string(), typed.is_name, before))
    }

    #[test]
    fn what_is_typed_is_found_in_half_a_file() {
        for (text, path, is_name, before) in [
            ("a: x\nscopes:\n  - fund|", "scopes[0]", false, "fund"),
            ("scopes:\n  - |\n", "scopes[0]", false, ""),
            ("scopes:\n  - |\nname: a\n", "scopes[0]", false, ""),
            ("scopes: [a, fu|", "scopes[1]", false, "fu"),
            ("scopes: [a, fu|]\nname: a\n", "scopes[1]", false, "fu"),
            ("scopes: [\"fu|\nname: a\n", "scopes[0]", false, "fu"),
            ("scopes: a fu|", "scopes", false, "a fu"),
            ("provider: |\nname: a\n", "provider", false, ""),
            (
                "needs:\n  endpoints:\n    - GET /a/{b}/|\n",
                "needs.endpoints[0]",
                false,
                "GET /a/{b}/",
            ),
            ("name: a\nsco|", "", true, "sco"),
            ("needs:\n  rec|\nname: a\n", "needs", false, "rec"),
            (
                "needs:\n  events: []\n  rec|\nname: a\n",
                "needs",
                true,
                "rec",
            ),
            ("purpose: don't\nscopes: [f|", "scopes[0]", false, "f"),
            ("x: GET /a/{b\nscopes:\n- f|", "scopes[0]", false, "f"),
        ] {
            let found = typed(text, Syntax::Yaml);
            let expected = Some((path.to_owned(), is_name, before.to_owned()));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn the_other_syntaxes_too() {
        for (text, syntax, path, is_name, before) in [
            (
                "{\"scopes\": [\"fu|\"]}",
                Syntax::Json,
                "scopes[0]",
                false,
                "fu",
            ),
            (
                "{\"scopes\": [\"fu|",
                Syntax::Json,
                "scopes[0]",
                false,
                "fu",
            ),
            (
                "{\"scopes\": [\"a\", |",
                Syntax::Json,
                "scopes[1]",
                false,
                "",
            ),
            ("{\"name\": \"a\", \"sc|", Syntax::Json, "", true, "sc"),
            (
                "scopes = [\"fu|\"]\n",
                Syntax::Toml,
                "scopes[0]",
                false,
                "fu",
            ),
            (
                "scopes = [\"a\", \"fu|\n",
                Syntax::Toml,
                "scopes[1]",
                false,
                "fu",
            ),
            ("name = \"a\"\nsco|\n", Syntax::Toml, "", true, "sco"),
            (
                "[needs]\nrecipes = ['m|",
                Syntax::Toml,
                "needs.recipes[0]",
                false,
                "m",
            ),
        ] {
            let found = typed(text, syntax);
            let expected = Some((path.to_owned(), is_name, before.to_owned()));
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn no_cut_of_a_text_makes_it_panic() {
        let texts = [
            "provider: paxos # ü\nneeds: { endpoints: [\"GET /a\", 'b'] }\nscopes: |\n  a b\n  c\nx: \"\\\"\"\n",
            "{\"a\": [1, {\"b\": \"ü\\\"\"}], \"c\": null}",
            "a = 'x'\n[b]\nc = [\"d\", \"\"\"e\"\"\"]\n# f\n",
        ];
        for (text, syntax) in texts.iter().zip([Syntax::Yaml, Syntax::Json, Syntax::Toml]) {
            for (cut, _) in text.char_indices() {
                for whole in [&text[..cut], text] {
                    let source = Source {
                        name: "a".to_owned(),
                        text: whole.to_owned(),
                        syntax,
                    };
                    let _ = source.typed_at(cut);
                    let _ = source.at(cut);
                }
            }
        }
    }

    #[test]
    fn the_name_at_a_byte_is_found() {
        let source = Source {
            name: "a".to_owned(),
            text: "provider: paxos\nscopes:\n  - \"a b\"\n".to_owned(),
            syntax: Syntax::Yaml,
        };
        let at = |byte: usize| source.at(byte).map(|one| (one.path.to_string(), one.text));
        assert_eq!(at(12), Some(("provider".to_owned(), "paxos".to_owned())));
        assert_eq!(at(3), Some(("provider".to_owned(), "provider".to_owned())));
        assert_eq!(at(30), Some(("scopes[0]".to_owned(), "a b".to_owned())));
        assert_eq!(at(25), None);
    }
}
