//! What kind of file a text may be: the fields at its top, as each reader that it may be given to has them.
//!
//! A file that is passed over is judged by nobody, so nothing here refuses a text: where readers differ each of them counts,
//! and where none of them can read it, every word that is written as a field does.

use std::borrow::Cow;
use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IgnoredAny, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};

use super::{Source, Syntax, json, toml, yaml};

impl Source {
    /// The names of the fields at the top of the text: once for each document in it and each reader that has other ones.
    pub fn outlines(&self) -> Vec<Vec<String>> {
        let mut outline = Outline::default();
        match self.syntax {
            Syntax::Json => {
                let mut from = serde_json::Deserializer::from_str(&self.text);
                let top = Look { merges: false }.deserialize(&mut from);
                if let (Ok(top), Ok(())) = (top, from.end()) {
                    // Nobody reads strict JSON in another way.
                    return top.fields().into_iter().collect();
                }
                outline.add_yaml(&self.text);
                outline.add_lax_json(&self.text);
                outline.add_toml(&self.text);
            }
            Syntax::Yaml => {
                outline.add_yaml(&self.text);
                outline.add_toml(&self.text);
            }
            Syntax::Toml => {
                // What is one comment in TOML may be more lines than one in YAML.
                outline.add_toml(&self.text);
                outline.add_yaml(&self.text);
                if !outline.is_read {
                    outline.add_lax_json(&self.text);
                }
            }
        }
        // A tag may make any name a merge key; and what our reader of TOML gives up another may read.
        let is_tagged = self.text.contains('!') && self.text.contains("merge");
        let is_given_up = self.syntax == Syntax::Toml && toml::parse(&self.text).is_err();
        if !outline.is_read || is_tagged || is_given_up {
            outline.add_words(&self.text);
        }
        outline.tops
    }
}

/// What readers have at the top of a text.
#[derive(Default)]
struct Outline {
    tops: Vec<Vec<String>>,
    /// Whether one of them read all of it, as something else than one long text.
    is_read: bool,
}

impl Outline {
    fn add(&mut self, fields: Vec<String>) {
        self.is_read = true;
        if !self.tops.contains(&fields) {
            self.tops.push(fields);
        }
    }

    fn add_toml(&mut self, text: &str) {
        if text.contains('=')
            && let Ok(tree) = toml::parse(text)
        {
            self.add(tree.field_names());
        }
    }

    fn add_lax_json(&mut self, text: &str) {
        if let Some(fields) = json::lax_fields(text) {
            self.add(fields);
        }
    }

    /// What both readers of YAML have: one ends a line where the other does not, and one merges.
    fn add_yaml(&mut self, text: &str) {
        let was_read = self.is_read;
        let (documents, problem) = yaml::documents(text);
        let mut is_whole = problem.is_none();
        for tree in documents {
            is_whole &= tree.is_map() || tree.items().is_some() || tree.is_null();
            let names = tree.entries().into_iter().map(|(name, ..)| name.to_owned());
            self.add(names.collect());
        }
        let has_own_order = !yaml::is_plain(text) || problem.is_some();
        // Nothing else is safe from what is nested too deep.
        let is_deep = problem.is_some_and(|problem| problem.message.starts_with("nested deeper"));
        if has_own_order && !is_deep {
            let mut reads_all = true;
            for document in serde_yaml::Deserializer::from_str(text) {
                let Ok(top) = (Look { merges: true }).deserialize(document) else {
                    reads_all = false;
                    break;
                };
                reads_all &= !matches!(top, Top::Text);
                if let Some(fields) = top.fields() {
                    self.add(fields);
                }
            }
            is_whole |= reads_all;
        }
        self.is_read = was_read || is_whole;
    }

    /// Every word that is written as a field anywhere, for a text that nobody can read.
    fn add_words(&mut self, text: &str) {
        let mut words = written_fields(text);
        if let Cow::Owned(plain) = unescaped(text) {
            words.extend(written_fields(&plain));
        }
        words.sort();
        words.dedup();
        self.tops.push(words);
    }
}

/// What is at the top of a document.
enum Top {
    Fields(Vec<String>),
    List,
    Nothing,
    Text,
}

impl Top {
    fn fields(self) -> Option<Vec<String>> {
        match self {
            Self::Fields(fields) => Some(fields),
            Self::List | Self::Nothing | Self::Text => None,
        }
    }
}

/// Looks at the top of a document, and into what is merged into it.
#[derive(Clone, Copy)]
struct Look {
    merges: bool,
}

impl<'de> DeserializeSeed<'de> for Look {
    type Value = Top;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Top, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Look {
    type Value = Top;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_unit<E>(self) -> Result<Top, E> {
        Ok(Top::Nothing)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Top, E> {
        Ok(Top::Text)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Top, E> {
        Ok(Top::Text)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Top, E> {
        Ok(Top::Text)
    }

    fn visit_i128<E>(self, _: i128) -> Result<Top, E> {
        Ok(Top::Text)
    }

    fn visit_u128<E>(self, _: u128) -> Result<Top, E> {
        Ok(Top::Text)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Top, E> {
        Ok(Top::Text)
    }

    fn visit_str<E>(self, _: &str) -> Result<Top, E> {
        Ok(Top::Text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Top, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Top::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Top, A::Error> {
        let mut fields = Vec::new();
        while let Some(Name(name)) = entries.next_key()? {
            match name {
                Some(name) if self.merges && name == "<<" => {
                    fields.extend(entries.next_value::<Merged>()?.0);
                }
                name => {
                    fields.extend(name);
                    entries.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(Top::Fields(fields))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Top, A::Error> {
        let (_, variant): (IgnoredAny, _) = tagged.variant()?;
        variant.newtype_variant_seed(self)
    }
}

/// The names of the fields that a merge key brings: of a mapping, or of each in a list.
struct Merged(Vec<String>);

impl<'de> serde::Deserialize<'de> for Merged {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Each;
        impl<'de> Visitor<'de> for Each {
            type Value = Merged;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a mapping, or a list of them")
            }
            fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Merged, A::Error> {
                let top = Look { merges: true }.visit_map(entries)?;
                Ok(Merged(top.fields().unwrap_or_default()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Merged, A::Error> {
                let mut all = Vec::new();
                while let Some(Merged(fields)) = items.next_element()? {
                    all.extend(fields);
                }
                Ok(Merged(all))
            }
            fn visit_unit<E>(self) -> Result<Merged, E> {
                Ok(Merged(Vec::new()))
            }
            fn visit_str<E>(self, _: &str) -> Result<Merged, E> {
                Ok(Merged(Vec::new()))
            }
        }
        from.deserialize_any(Each)
    }
}

/// The name of a field, whatever it is made of: `None` where it is no text.
struct Name(Option<String>);

impl<'de> serde::Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Name;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }
            fn visit_str<E>(self, text: &str) -> Result<Name, E> {
                Ok(Name(Some(text.to_owned())))
            }
            fn visit_unit<E>(self) -> Result<Name, E> {
                Ok(Name(None))
            }
            fn visit_bool<E>(self, _: bool) -> Result<Name, E> {
                Ok(Name(None))
            }
            fn visit_i64<E>(self, _: i64) -> Result<Name, E> {
                Ok(Name(None))
            }
            fn visit_u64<E>(self, _: u64) -> Result<Name, E> {
                Ok(Name(None))
            }
            fn visit_i128<E: Error>(self, _: i128) -> Result<Name, E> {
                Ok(Name(None))
            }
            fn visit_u128<E: Error>(self, _: u128) -> Result<Name, E> {
                Ok(Name(None))
            }
            fn visit_f64<E>(self, _: f64) -> Result<Name, E> {
                Ok(Name(None))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Name, A::Error> {
                while items.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Name(None))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Name, A::Error> {
                while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Name(None))
            }
            fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Name, A::Error> {
                let (_, variant): (IgnoredAny, _) = tagged.variant()?;
                variant.newtype_variant()
            }
        }
        from.deserialize_any(Text)
    }
}

/// Whether a letter is blank space, or the end of a line, for any reader.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{feff}' || c == '\u{fffd}'
}

/// Every word that something makes a field of: `:` or `=` behind it, `?`, an anchor or a tag before it, or nothing but a comma
/// or the end of a mapping. Lines that are a comment and nothing else are left out.
fn written_fields(text: &str) -> Vec<String> {
    let is_break = |c: char| matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let is_comment = |line: &str| {
        let line = line.trim_start_matches(is_blank);
        line.starts_with('#') || line.starts_with("//")
    };
    let lines = text.split(is_break).filter(|line| !is_comment(line));
    let text = lines.collect::<Vec<_>>().join("\n");
    let is_of_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let mut words = Vec::new();
    let mut end = 0;
    while let Some(start) = text[end..].find(is_of_word).map(|at| end + at) {
        end = text[start..]
            .find(|c| !is_of_word(c))
            .map_or(text.len(), |at| start + at);
        let quotes = |c: char| c == '"' || c == '\'';
        let before = text[..start].trim_end_matches(quotes);
        let after = text[end..].trim_start_matches(quotes);
        let after = after.trim_start_matches(is_blank);
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
fn unescaped(text: &str) -> Cow<'_, str> {
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
            // A line that goes on in the next one.
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

/// Bytes that are no UTF-8 as a text, as far as one can be made of them: from UTF-16 and UTF-32, which other programs read,
/// and else whatever is legible.
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
        match is_little {
            true => bytes.rev().fold(0, add),
            false => bytes.fold(0, add),
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
            let mut outline = Outline::default();
            outline.add_words(text);
            let has = |name: &str| outline.tops[0].iter().any(|word| word == name);
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
