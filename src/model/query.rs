//! The query of a request, and what a mode asks of it.

use percent_encoding::percent_decode_str;

/// One parameter of a query, percent-decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its value; empty where it has none.
    pub value: String,
}

/// What a mode asks of one parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// It is there, with any value or none.
    Present,
    /// It is not there.
    Absent,
    /// It is there with this value.
    Value(String),
}

impl Condition {
    /// The word for it, as catalogs write it: `present`, `absent`, or the value.
    pub fn name(&self) -> &str {
        match self {
            Self::Present => "present",
            Self::Absent => "absent",
            Self::Value(value) => value,
        }
    }
}

/// What a mode asks of the query of a request: all of some conditions, each on another parameter. Empty where it asks for
/// nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query(pub Vec<(String, Condition)>);

impl Query {
    /// Whether it asks for nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a request with these parameters meets every condition. Of a repeated parameter one occurrence is enough.
    pub fn fits(&self, parameters: &[Parameter]) -> bool {
        self.0.iter().all(|(name, condition)| {
            let mut same = parameters.iter().filter(|one| one.name == *name);
            match condition {
                Condition::Present => same.next().is_some(),
                Condition::Absent => same.next().is_none(),
                Condition::Value(value) => same.any(|one| one.value == *value),
            }
        })
    }

    /// Whether a request that gives each parameter once can meet both.
    pub fn can_meet(&self, other: &Self) -> bool {
        self.0.iter().all(|(name, condition)| {
            let same = other.0.iter().find(|(other, _)| other == name);
            same.is_none_or(|(_, other)| match (condition, other) {
                (Condition::Absent, Condition::Absent) => true,
                (Condition::Absent, _) | (_, Condition::Absent) => false,
                (Condition::Value(a), Condition::Value(b)) => a == b,
                _ => true,
            })
        })
    }
}

impl std::fmt::Display for Query {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, (name, condition)) in self.0.iter().enumerate() {
            let and = if index == 0 { "" } else { ", " };
            match condition {
                Condition::Present => write!(f, "{and}{name}")?,
                Condition::Absent => write!(f, "{and}without {name}")?,
                Condition::Value(value) => write!(f, "{and}{name}={value}")?,
            }
        }
        Ok(())
    }
}

/// The parameters of a query, without its `?`, in their order.
pub fn parse_query(text: &str) -> Vec<Parameter> {
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let parameters = text.split('&').filter(|part| !part.is_empty());
    parameters
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            Parameter {
                name: decode(name),
                value: decode(value),
            }
        })
        .collect()
}

/// The query of a path or a URL, without its `?`; `None` where it has none.
pub(super) fn query_of(target: &str) -> Option<&str> {
    let target = target.split('#').next().unwrap_or_default();
    target.split_once('?').map(|(_, query)| query)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(conditions: &[(&str, Condition)], query: &str) -> bool {
        let conditions = conditions.iter();
        let conditions = conditions.map(|(name, one)| ((*name).to_owned(), one.clone()));
        Query(conditions.collect()).fits(&parse_query(query))
    }

    #[test]
    fn names_and_values_are_decoded_and_compared_exactly() {
        let present = [("q", Condition::Present)];
        for query in ["q", "q=", "q=1", "a=1&q=2", "%71=1", "q=1&q=2"] {
            assert!(fits(&present, query), "{query}");
        }
        for query in ["", "Q=1", "qq=1", "a=q"] {
            assert!(!fits(&present, query), "{query}");
            assert!(fits(&[("q", Condition::Absent)], query), "{query}");
        }
        let value = [("type", Condition::Value("a b".to_owned()))];
        assert!(fits(&value, "type=a%20b"));
        assert!(fits(&value, "type=x&type=a%20b"));
        assert!(!fits(&value, "type=a+b"));
        assert!(!fits(&value, "type=A%20b"));
        assert_eq!(query_of("https://x.test/a?q=1#f?g"), Some("q=1"));
        assert_eq!(query_of("/a#f?g"), None);
    }
}
