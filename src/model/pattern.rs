//! Patterns over endpoints and over names, in which `*` stands for anything.

use super::route::{MalformedPath, Request, Segment, Template, fits, split};
use crate::source::limits::MOST_SEGMENTS;

/// A pattern over endpoints, as `never` writes it: `*` is one segment or any method, `**` any number of segments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    method: String,
    segments: Vec<PatternSegment>,
    mode: Option<String>,
    is_open: bool,
    names_something: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum PatternSegment {
    /// `**`; never one behind another.
    AnyNumber,
    /// `*`.
    Any,
    /// A word, perhaps with `*` in it.
    Word(String),
    /// A segment with parameters.
    Open(Segment),
    /// A segment that no template can have.
    Nothing,
}

impl PatternSegment {
    fn parse(text: &str) -> Self {
        match (text, Segment::parse(text)) {
            ("**", _) => Self::AnyNumber,
            ("*", _) => Self::Any,
            (_, Ok(Segment::Literal(text))) => Self::Word(text),
            (_, Ok(segment)) => Self::Open(segment),
            (_, Err(_)) => Self::Nothing,
        }
    }
}

impl Pattern {
    /// Reads `METHOD /path/*/rest/**`; else says why that is no pattern.
    pub fn parse(text: &str) -> Result<Self, MalformedPath> {
        let no_pattern = MalformedPath("expected `METHOD /path`");
        let text = text
            .strip_prefix("* ")
            .map_or_else(|| text.to_owned(), |rest| format!("ANY {rest}"));
        let request = Request::parse(&text).ok_or_else(|| no_pattern.clone())?;
        if !request.target.starts_with('/') {
            return Err(no_pattern);
        }
        // Consecutive `**` are the same as one.
        let mut words: Vec<&str> = split(&request.target).collect();
        words.dedup_by(|a, b| *a == "**" && *b == "**");
        let segments: Vec<PatternSegment> = words
            .iter()
            .map(|text| PatternSegment::parse(text))
            .collect();
        if segments.len() > MOST_SEGMENTS {
            return Err(MalformedPath("a pattern may have at most 256 segments"));
        }
        Ok(Self {
            is_open: request.method == "ANY" || words.iter().any(|text| text.contains('*')),
            names_something: words.iter().any(|text| !text.contains('*')),
            segments,
            method: request.method,
            mode: request.mode,
        })
    }

    /// Whether the pattern has a `*` in it, so that it may match nothing.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// Whether the pattern has a fixed word, so that it should match an endpoint.
    pub fn names_something(&self) -> bool {
        self.names_something
    }

    /// Whether an endpoint falls under the pattern. Parameters match whatever their names.
    pub fn matches(&self, method: &str, template: &Template, mode: Option<&str>) -> bool {
        (self.method == "ANY" || self.method == method)
            && self
                .mode
                .as_deref()
                .is_none_or(|wanted| mode == Some(wanted))
            && self.matches_path(&template.segments)
    }

    /// A template whose end takes any segments falls under the pattern if one of its paths does.
    fn matches_path(&self, path: &[Segment]) -> bool {
        match path.split_last() {
            Some((Segment::Rest, fixed)) => self.reaches_below(fixed),
            _ => self.matches_all(path),
        }
    }

    /// Whether the pattern matches some path of these segments and one or more of any others.
    fn reaches_below(&self, fixed: &[Segment]) -> bool {
        if self.segments.contains(&PatternSegment::Nothing) {
            return false;
        }
        for (index, segment) in fixed.iter().enumerate() {
            match self.segments.get(index) {
                // It takes the rest of these; what follows it can take the others.
                Some(PatternSegment::AnyNumber) => return true,
                Some(own) if own.matches(segment, self.is_open) => {}
                _ => return false,
            }
        }
        self.segments.len() > fixed.len()
    }

    /// Greedy matching: each `**` takes as little as possible. Once the part after a `**` has matched, earlier ones
    /// never need to take more.
    fn matches_all(&self, path: &[Segment]) -> bool {
        let (mut at, mut taken) = (0, 0);
        // The last `**` and the number of path segments taken before the part that follows it.
        let mut last: Option<(usize, usize)> = None;
        while taken < path.len() {
            match self.segments.get(at) {
                Some(PatternSegment::AnyNumber) => {
                    last = Some((at, taken));
                    at += 1;
                }
                Some(segment) if segment.matches(&path[taken], self.is_open) => {
                    at += 1;
                    taken += 1;
                }
                _ => {
                    let Some((star, from)) = &mut last else {
                        return false;
                    };
                    *from += 1;
                    (at, taken) = (*star + 1, *from);
                }
            }
        }
        let mut rest = self.segments[at..].iter();
        rest.all(|segment| *segment == PatternSegment::AnyNumber)
    }
}

impl PatternSegment {
    fn matches(&self, segment: &Segment, is_open: bool) -> bool {
        match (self, segment) {
            (Self::Any, _) => true,
            (Self::Word(text), Segment::Literal(literal)) => glob(text, literal),
            // In a pattern without `*`, a word may be the value of a parameter: `/users/42` matches `/users/{id}`. In a
            // pattern with `*`, words match literally.
            (Self::Word(_), Segment::Parameter) => !is_open,
            (Self::Word(text), Segment::Mixed(literals)) => fits(literals, text),
            (Self::Open(own), segment) => own == segment,
            (Self::Word(_), Segment::Rest) | (Self::AnyNumber | Self::Nothing, _) => false,
        }
    }
}

/// Whether a text fits a pattern in which `*` is any number of characters.
pub fn glob(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or("");
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_never() {
        let template = |text: &str| Template::parse(text).expect("a template");
        let matches = |pattern: &str, method: &str, path: &str| {
            Pattern::parse(pattern)
                .expect("a pattern")
                .matches(method, &template(path), None)
        };
        assert!(matches("DELETE /**", "DELETE", "/a/{id}"));
        assert!(!matches("DELETE /**", "GET", "/a/{id}"));
        assert!(matches("* /a/*", "GET", "/a/{id}"));
        assert!(!matches("* /a/*", "GET", "/a/{id}/b"));
        assert!(matches("GET /a/{other}/b", "GET", "/a/{id}/b"));
        assert!(matches("GET /a/7/b", "GET", "/a/{id}/b"));
        assert!(matches("GET /**/b", "GET", "/a/{id}/b"));
        assert!(!matches("GET /**/b", "GET", "/a/{id}"));
        assert!(!matches("GET /**/b/**", "GET", "/a/{id}/c"));
    }

    #[test]
    fn a_pattern_covers_a_rest_parameter_if_one_of_its_paths_is_under_it() {
        let covers = |pattern: &str| {
            let template = Template::parse("/files/{id}/{path...}").expect("a template");
            let pattern = Pattern::parse(&format!("GET {pattern}")).expect("a pattern");
            pattern.matches("GET", &template, None)
        };
        for pattern in [
            "/**",
            "/files/**",
            "/files/*/*",
            "/files/*/**",
            "/files/*/secret",
            "/files/7/secret/keys",
            "/files/{id}/{path...}",
            "/files/{id}/{one}",
            "/**/secret",
            "/files/**/a/b/**",
        ] {
            assert!(covers(pattern), "{pattern}");
        }
        for pattern in [
            "/files",
            "/files/*",
            "/files/7",
            "/other/**",
            "/files/x{/**",
        ] {
            assert!(!covers(pattern), "{pattern}");
        }
    }
}
