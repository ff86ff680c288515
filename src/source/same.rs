//! Compares what `serde_yaml` reads in a YAML text with our tree, and finds the first place where they differ.

use std::fmt;
use std::ops::Range;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::tree::{Field, Node, Value};
use super::yaml::ODD;

/// The byte range and a description of the first value that `serde_yaml` reads differently; `None` if both agree, or if
/// `serde_yaml` cannot read the text at all, which is reported as an error of its own.
pub(super) fn same(text: &str, tree: &Node) -> Option<(Range<usize>, String)> {
    let mut found = None;
    let with = Same {
        node: tree,
        found: &mut found,
    };
    let _ = with.deserialize(serde_yaml::Deserializer::from_str(text));
    found
}

/// A text without blank space and ends of lines of any kind.
fn letters(text: &str) -> impl Iterator<Item = char> {
    let is_blank = |c: &char| c.is_whitespace() || ODD.contains(c);
    text.chars().filter(move |c| !is_blank(c))
}

struct Same<'a> {
    node: &'a Node,
    found: &'a mut Option<(Range<usize>, String)>,
}

impl Same<'_> {
    /// Records that this value is read differently, and stops.
    fn differs<E: Error, T>(self) -> Result<T, E> {
        let what = match &self.node.value {
            Value::Text(text) | Value::Plain(text) if text.chars().count() <= 40 => {
                format!("`{text}`")
            }
            Value::List(_) => "this list".to_owned(),
            Value::Map(_) => "this mapping".to_owned(),
            _ => "this value".to_owned(),
        };
        self.found.get_or_insert((self.node.span.clone(), what));
        Err(E::custom("read in another way"))
    }

    /// An unquoted scalar that is not a string, such as a number.
    fn leaf<E: Error>(self) -> Result<(), E> {
        match &self.node.value {
            Value::Plain(_) => Ok(()),
            _ => self.differs(),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Same<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Same<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("what the tree has")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.leaf()
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        self.leaf()
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        self.leaf()
    }

    fn visit_i128<E: Error>(self, _: i128) -> Result<(), E> {
        self.leaf()
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        self.leaf()
    }

    fn visit_u128<E: Error>(self, _: u128) -> Result<(), E> {
        self.leaf()
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        self.leaf()
    }

    fn visit_str<E: Error>(self, read: &str) -> Result<(), E> {
        match &self.node.value {
            Value::Text(text) | Value::Plain(text) if text == read => Ok(()),
            // If the last line of the file has no newline, only one of the two parsers adds it.
            Value::Text(text) if text.ends_with('\n') && text.trim_end() == read.trim_end() => {
                Ok(())
            }
            // Unusual line ends are only allowed inside quotes, where one parser may fold them and the other keep them.
            Value::Text(text) if text.contains(ODD) && letters(text).eq(letters(read)) => Ok(()),
            _ => self.differs(),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut read: A) -> Result<(), A::Error> {
        let Value::List(items) = &self.node.value else {
            return self.differs();
        };
        for item in items {
            let found = &mut *self.found;
            let same = read.next_element_seed(Same { node: item, found })?;
            if same.is_none() {
                return self.differs();
            }
        }
        match read.next_element::<serde::de::IgnoredAny>()? {
            Some(_) => self.differs(),
            None => Ok(()),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut read: A) -> Result<(), A::Error> {
        let Value::Map(fields) = &self.node.value else {
            return self.differs();
        };
        for Field {
            name,
            name_span,
            value,
        } in fields
        {
            let node = Node {
                span: name_span.clone(),
                value: Value::Plain(name.clone()),
            };
            let found = &mut *self.found;
            let same = read.next_key_seed(Same { node: &node, found })?;
            if same.is_none() {
                return self.differs();
            }
            let found = &mut *self.found;
            read.next_value_seed(Same { node: value, found })?;
        }
        match read.next_key::<serde::de::IgnoredAny>()? {
            Some(_) => self.differs(),
            None => Ok(()),
        }
    }

    fn visit_enum<A: EnumAccess<'de>>(self, read: A) -> Result<(), A::Error> {
        let (_, variant): (serde::de::IgnoredAny, _) = read.variant()?;
        variant.newtype_variant_seed(self)
    }
}

#[cfg(test)]
mod tests {
    use super::super::yaml;
    use super::same;

    /// Numbers at random, the same ones each time.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, end: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            usize::try_from(self.0 >> 33).unwrap_or(0) % end
        }
    }

    /// Plain texts are never compared at run time, because every parser should read them alike. This test checks that.
    #[test]
    fn both_readers_take_a_plain_text_alike() {
        let pieces = [
            "a", "b: ", "- ", "c", " ", "  ", "\n", "\n  ", "\n    ", "\r\n", "'", "\"", "''", "[",
            "]", "{", "}", ", ", ",", ":", "#", " # x", "|", ">", "|-\n", ">+\n", "|2\n", "? ",
            "-", "é", "\u{a0}", "~", "1", "0x1", "*", "%", "@", "=", "\n- ", "\nd: ", ": ", "e:",
            "&", "!", "\\", "\t", "---", "...", "<<", "\u{85}", "\u{2028}", "\u{feff}",
        ];
        let mut dice = Dice(0x5EED_1234_ABCD_0001);
        let (mut compared, mut differ) = (0, Vec::new());
        for _ in 0..60_000 {
            let mut text = String::from(["", "a: b\n", "a:\n  b: c\n", "a: ["][dice.below(4)]);
            for _ in 0..=dice.below(14) {
                text.push_str(pieces[dice.below(pieces.len())]);
            }
            let Some(tree) = yaml::is_plain(&text)
                .then(|| yaml::parse(&text).ok())
                .flatten()
            else {
                continue;
            };
            compared += 1;
            if let Some((_, what)) = same(&text, &tree) {
                differ.push(format!("{text:?}: {what}"));
            }
        }
        assert!(compared > 1000, "{compared}");
        assert!(
            differ.is_empty(),
            "{} of {compared}\n{}",
            differ.len(),
            differ.join("\n")
        );
    }
}
