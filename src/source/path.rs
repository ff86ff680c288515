//! A place is a path through a file's fields; it becomes a span only when there is something to say about it.

use std::fmt;
use std::ops::Range;

use super::names::SplitName;

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Segment {
    /// Into a field of a mapping.
    Field(String),
    /// Into an item of a list, from 0; in a string that is read as a list, to one of its words.
    Item(usize),
    /// In a string that is read as a list, to a name of several words: the index of its first word, and their number.
    Words(usize, usize),
}

/// The way from the top of a file to one of its values.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Path(pub Vec<Segment>);

impl Path {
    /// The top of the file.
    pub fn root() -> Self {
        Self::default()
    }

    /// This path, then a field.
    #[must_use]
    pub fn field(&self, name: &str) -> Self {
        let mut segments = self.0.clone();
        segments.push(Segment::Field(name.to_owned()));
        Self(segments)
    }

    /// This path, then an item.
    #[must_use]
    pub fn item(&self, index: usize) -> Self {
        let mut segments = self.0.clone();
        segments.push(Segment::Item(index));
        Self(segments)
    }

    /// This path, then a name of a string that stands for a list.
    #[must_use]
    pub fn name(&self, name: &SplitName<'_>) -> Self {
        let mut segments = self.0.clone();
        segments.push(if name.is_word {
            Segment::Item(name.first)
        } else {
            Segment::Words(name.first, name.words)
        });
        Self(segments)
    }

    /// The place of the value at this path.
    pub fn value(self) -> Place {
        Place::Path(self, Part::Value)
    }

    /// The place of the name of the field at the end of this path.
    pub fn key(self) -> Place {
        Place::Path(self, Part::Key)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Field(name) if is_plain(name) => {
                    let dot = if index == 0 { "" } else { "." };
                    write!(f, "{dot}{name}")?;
                }
                Segment::Field(name) => write!(f, "[{name:?}]")?,
                Segment::Item(item) | Segment::Words(item, _) => write!(f, "[{item}]")?,
            }
        }
        Ok(())
    }
}

fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

/// Which part of the entry at a path is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// The name of the field.
    Key,
    /// The value.
    Value,
}

/// Where in a file something is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    /// At a path; the span is looked up when it is needed.
    Path(Path, Part),
    /// At a byte range, where no path exists: a syntax error.
    At(Range<usize>),
}

impl Place {
    /// The path, where there is one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Path(path, _) => Some(path),
            Self::At(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_as_people_write_it() {
        let path = Path::root()
            .field("environments")
            .field("production")
            .field("scopes")
            .item(0);
        assert_eq!(path.to_string(), "environments.production.scopes[0]");
        let path = Path::root()
            .field("endpoints")
            .field("GET /a")
            .field("scope");
        assert_eq!(path.to_string(), "endpoints[\"GET /a\"].scope");
    }
}
