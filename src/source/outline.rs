//! What kind of file a text may be, judged by its top-level fields as each parser would read them.
//!
//! A key file that is skipped is never checked, so nothing here refuses a text. If parsers differ, each reading counts.
//! If none can read it, every word written like a field counts; if another parser might accept deeper nesting, every
//! word at all.

use std::borrow::Cow;
use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IgnoredAny, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};

use super::written::{
    all_words, guessed_text, has_word, may_be_toml_top, unescaped, written_fields,
};
use super::{Source, Syntax, json, toml, yaml};

impl Source {
    /// The top-level field names of the text: one list for each document, and for each parser that reads different
    /// ones.
    pub fn outlines(&self) -> Vec<Vec<String>> {
        if self.syntax == Syntax::Json
            && let Some(top) = strict_json(&self.text)
        {
            return top.fields().into_iter().collect();
        }
        let mut outline = Outline::default();
        outline.add_text(&self.text, self.syntax);
        if yaml::stray_break(&self.text).is_some() {
            // Some parsers treat these characters as line ends, and may read what others cannot.
            outline.add_text(&self.text.replace(yaml::ODD, "\n"), self.syntax);
        }
        outline.tops
    }
}

/// The top level of strict JSON, which every parser reads alike; `None` if the text is not strict JSON.
fn strict_json(text: &str) -> Option<Top> {
    let mut from = serde_json::Deserializer::from_str(text);
    let top = Look { merges: false }.deserialize(&mut from).ok()?;
    from.end().ok()?;
    Some(top)
}

/// Whether a text that is too large to be read with places may have all of some fields at its top level. If it contains
/// the words at all, its parser decides; if parsers could differ, the answer is yes.
pub fn may_have_at_top(bytes: Vec<u8>, syntax: Syntax, names: &[&str]) -> bool {
    let text = match String::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => text,
        Ok(text) => guessed_text(text.as_bytes()),
        Err(error) => guessed_text(error.as_bytes()),
    };
    let has_all = |fields: &[String]| {
        names
            .iter()
            .all(|name| fields.iter().any(|one| one == name))
    };
    let has_words = |text: &str| names.iter().all(|name| has_word(text, name));
    match unescaped(&text) {
        Cow::Owned(plain) if !has_words(&plain) && !has_words(&text) => return false,
        Cow::Borrowed(_) if !has_words(&text) => return false,
        _ => {}
    }
    match syntax {
        Syntax::Json => match strict_json(&text) {
            Some(top) => top.fields().is_some_and(|fields| has_all(&fields)),
            None => may_be_yaml_with(&text, has_all),
        },
        Syntax::Yaml => may_be_yaml_with(&text, has_all),
        Syntax::Toml => {
            let plain = unescaped(&text);
            text.contains(yaml::ODD) || names.iter().all(|name| may_be_toml_top(&plain, name))
        }
    }
}

/// The YAML parser buffers everything between brackets, at many times its size, until they close. Larger texts in
/// brackets are not parsed.
const MOST_IN_BRACKETS: usize = 3 * 1024 * 1024;

fn may_be_yaml_with(text: &str, has_all: impl Fn(&[String]) -> bool) -> bool {
    let is_in_brackets = text.len() > MOST_IN_BRACKETS && text.contains(['[', '{']) && {
        let mut lines = text.lines().map(str::trim_start);
        let first = lines.find(|line| !line.is_empty() && !line.starts_with(['#', '%']));
        let first = first.map(|line| line.trim_start_matches("---").trim_start());
        first.is_some_and(|line| line.starts_with(['[', '{']))
    };
    is_in_brackets || yaml::any_top_fields(text, has_all).unwrap_or(true)
}

/// The top-level fields of a text as different parsers read them.
#[derive(Default)]
struct Outline {
    tops: Vec<Vec<String>>,
    /// Whether some parser read all of it, and not just as one long string.
    is_read: bool,
    /// Whether a parser gave up because of deep nesting; other parsers may not.
    is_given_up: bool,
}

impl Outline {
    fn add_text(&mut self, text: &str, syntax: Syntax) {
        self.is_read = false;
        match syntax {
            Syntax::Json => {
                self.add_yaml(text);
                self.add_lax_json(text);
                self.add_toml(text);
            }
            Syntax::Yaml => {
                self.add_yaml(text);
                self.add_toml(text);
            }
            Syntax::Toml => {
                // A comment in TOML may be read as several lines in YAML.
                self.add_toml(text);
                self.add_yaml(text);
                if !self.is_read {
                    self.add_lax_json(text);
                }
            }
        }
        // Another TOML parser may accept what ours rejects.
        let is_odd_toml = syntax == Syntax::Toml && toml::parse(text).is_err();
        if self.is_given_up || yaml::has_names_from_tags(text) {
            self.tops.push(all_words(text));
        } else if !self.is_read || is_odd_toml {
            self.tops.push(written_fields(text));
        }
    }

    fn add(&mut self, fields: Vec<String>) {
        self.is_read = true;
        if !self.tops.contains(&fields) {
            self.tops.push(fields);
        }
    }

    fn add_toml(&mut self, text: &str) {
        if text.contains(['=', '['])
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

    /// Adds what both YAML parsers read: they differ in line ends, and only one supports merge keys.
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
        // `serde_yaml` is not safe for deeply nested input, so it is skipped then.
        let is_deep = problem.is_some_and(|problem| problem.message.starts_with("nested deeper"));
        self.is_given_up |= is_deep;
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

/// Reads the top level of a document, including fields that are merged into it.
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

/// The name of a field of any type: `None` if it is not a string.
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
