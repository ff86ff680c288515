//! Methods, path templates, and the table that finds the template of a request.
//!
//! Paths match by structure. From left to right a literal beats a segment that mixes literals and parameters, which
//! beats a parameter; where a choice leads nowhere, the next one is tried.

use std::collections::HashMap;
use std::fmt;

/// A path template. Two templates that differ only in the names of parameters have the same [`Template::shape`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Template {
    /// The template as the catalog writes it.
    pub text: String,
    segments: Vec<Segment>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Segment {
    Literal(String),
    /// Literals around parameters: n + 1 literals, the outer ones possibly empty, around n parameters.
    Mixed(Vec<String>),
    Parameter,
}

/// Why a text is no path template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MalformedPath(pub &'static str);

impl Template {
    /// Parses a template such as `/users/{id}`, `/users/:id` or `/wallets/me{locator}/transfers`.
    pub fn parse(text: &str) -> Result<Self, MalformedPath> {
        if !text.starts_with('/') {
            return Err(MalformedPath("a path begins with `/`"));
        }
        if text.contains(char::is_whitespace) {
            return Err(MalformedPath("paths cannot contain spaces"));
        }
        if text.contains(['?', '#']) {
            return Err(MalformedPath("a path holds no query and no fragment"));
        }
        let segments = split(text).map(Segment::parse).collect::<Result<_, _>>()?;
        Ok(Self {
            text: text.to_owned(),
            segments,
        })
    }

    /// The template with every parameter's name left out.
    pub fn shape(&self) -> String {
        let mut shape = String::new();
        for segment in &self.segments {
            shape.push('/');
            match segment {
                Segment::Literal(text) => shape.push_str(text),
                Segment::Parameter => shape.push_str("{}"),
                Segment::Mixed(literals) => shape.push_str(&literals.join("{}")),
            }
        }
        if shape.is_empty() {
            "/".to_owned()
        } else {
            shape
        }
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The segments of a path, without the query, the fragment and a trailing slash.
fn split(path: &str) -> impl Iterator<Item = &str> {
    let path = path.split(['?', '#']).next().unwrap_or("");
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    path.split('/').filter(move |_| !path.is_empty())
}

impl Segment {
    fn parse(text: &str) -> Result<Self, MalformedPath> {
        if text.is_empty() {
            return Err(MalformedPath("empty path segment (`//`)"));
        }
        if text.len() > 1 && text.starts_with(':') && !text.contains(['{', '}']) {
            return Ok(Self::Parameter);
        }
        let mut literals = vec![String::new()];
        let mut rest = text;
        while let Some(open) = rest.find(['{', '}']) {
            if rest.as_bytes()[open] == b'}' {
                return Err(MalformedPath("a `}` has no `{` before it"));
            }
            let Some(length) = rest[open..].find('}') else {
                return Err(MalformedPath("a `{` is never closed"));
            };
            let name = &rest[open + 1..open + length];
            if name.is_empty() || name.contains('{') {
                return Err(MalformedPath("a parameter has no name"));
            }
            if let Some(last) = literals.last_mut() {
                last.push_str(&rest[..open]);
            }
            literals.push(String::new());
            rest = &rest[open + length + 1..];
        }
        if let Some(last) = literals.last_mut() {
            last.push_str(rest);
        }
        Ok(match literals.len() {
            1 => Self::Literal(text.to_owned()),
            2 if literals.iter().all(String::is_empty) => Self::Parameter,
            _ => Self::Mixed(literals),
        })
    }
}

/// Whether a segment of a request fits the literals of a mixed segment, each parameter taking at least a character.
fn fits(literals: &[String], text: &str) -> bool {
    let [first, middle @ .., last] = literals else {
        return false;
    };
    let Some(rest) = text.strip_prefix(first.as_str()) else {
        return false;
    };
    let Some(mut rest) = rest.strip_suffix(last.as_str()) else {
        return false;
    };
    for literal in middle {
        let mut from = rest.char_indices().skip(1).map(|(at, _)| at);
        let Some(at) = from.find(|at| rest[*at..].starts_with(literal.as_str())) else {
            return false;
        };
        rest = &rest[at + literal.len()..];
    }
    !rest.is_empty()
}

/// Finds the operations whose template a path matches.
#[derive(Debug, Clone, Default)]
pub struct Routes {
    nodes: Vec<Node>,
    ignore_case: bool,
}

#[derive(Debug, Clone, Default)]
struct Node {
    literals: HashMap<String, usize>,
    /// The longest literals first.
    mixed: Vec<(Vec<String>, usize)>,
    parameter: Option<usize>,
    /// Method → operation.
    operations: Vec<(String, usize)>,
}

impl Routes {
    /// A table without routes. With `ignore_case`, literals match in any case.
    pub fn new(ignore_case: bool) -> Self {
        Self {
            nodes: vec![Node::default()],
            ignore_case,
        }
    }

    fn folded(&self, text: &str) -> String {
        if self.ignore_case {
            text.to_lowercase()
        } else {
            text.to_owned()
        }
    }

    /// Adds an operation. Gives back the operation that has this method and structure already, and adds nothing.
    pub fn insert(
        &mut self,
        method: &str,
        template: &Template,
        operation: usize,
    ) -> Result<(), usize> {
        let mut at = 0;
        for segment in &template.segments {
            let fresh = self.nodes.len();
            let next = match segment {
                Segment::Literal(text) => {
                    let text = self.folded(text);
                    *self.nodes[at].literals.entry(text).or_insert(fresh)
                }
                Segment::Parameter => *self.nodes[at].parameter.get_or_insert(fresh),
                Segment::Mixed(literals) => {
                    let literals: Vec<String> =
                        literals.iter().map(|text| self.folded(text)).collect();
                    let mixed = &mut self.nodes[at].mixed;
                    if let Some((_, node)) = mixed.iter().find(|(other, _)| *other == literals) {
                        *node
                    } else {
                        let length =
                            |literals: &[String]| literals.iter().map(String::len).sum::<usize>();
                        let place =
                            mixed.partition_point(|(other, _)| length(other) >= length(&literals));
                        mixed.insert(place, (literals, fresh));
                        fresh
                    }
                }
            };
            if next == fresh {
                self.nodes.push(Node::default());
            }
            at = next;
        }
        let operations = &mut self.nodes[at].operations;
        match operations.iter().find(|(other, _)| other == method) {
            Some((_, operation)) => Err(*operation),
            None => {
                operations.push((method.to_owned(), operation));
                Ok(())
            }
        }
    }

    /// The operation that a method and a path reach, if any.
    pub fn find(&self, method: &str, path: &str) -> Option<usize> {
        let segments: Vec<String> = self.segments(path);
        self.walk(0, &segments, &|node| {
            node.operations
                .iter()
                .find(|(other, _)| other == method)
                .map(|(_, operation)| *operation)
        })
    }

    /// The operations of a method that fit every path which a template fits, the template's own among them.
    pub fn all_that_fit(&self, method: &str, template: &Template) -> Vec<usize> {
        let mut found = Vec::new();
        self.gather(0, &template.segments, method, &mut found);
        found.sort_unstable();
        found
    }

    fn gather(&self, at: usize, rest: &[Segment], method: &str, found: &mut Vec<usize>) {
        let node = &self.nodes[at];
        let Some((segment, rest)) = rest.split_first() else {
            let mut operations = node.operations.iter();
            found.extend(
                operations
                    .find(|(other, _)| other == method)
                    .map(|(_, index)| *index),
            );
            return;
        };
        match segment {
            Segment::Literal(text) => {
                let text = self.folded(text);
                let mixed = node
                    .mixed
                    .iter()
                    .filter(|(literals, _)| fits(literals, &text));
                let literal = node.literals.get(&text).into_iter();
                for next in literal.chain(mixed.map(|(_, next)| next)) {
                    self.gather(*next, rest, method, found);
                }
            }
            Segment::Mixed(literals) => {
                let literals: Vec<String> = literals.iter().map(|text| self.folded(text)).collect();
                let same = node.mixed.iter().filter(|(other, _)| *other == literals);
                for (_, next) in same {
                    self.gather(*next, rest, method, found);
                }
            }
            Segment::Parameter => {}
        }
        if let Some(next) = node.parameter {
            self.gather(next, rest, method, found);
        }
    }

    /// The methods that a path has, where it exists with any.
    pub fn methods(&self, path: &str) -> Vec<String> {
        let segments = self.segments(path);
        let mut methods: Vec<String> = self
            .walk(0, &segments, &|node| {
                (!node.operations.is_empty()).then(|| {
                    node.operations
                        .iter()
                        .map(|(method, _)| method.clone())
                        .collect()
                })
            })
            .unwrap_or_default();
        methods.sort_unstable();
        methods
    }

    fn segments(&self, path: &str) -> Vec<String> {
        split(path)
            .map(|segment| match segment.strip_prefix(':') {
                Some(name) if !name.is_empty() && !name.contains(['{', '}']) => {
                    format!("{{{name}}}")
                }
                _ => self.folded(segment),
            })
            .collect()
    }

    fn walk<T>(
        &self,
        at: usize,
        rest: &[String],
        found: &impl Fn(&Node) -> Option<T>,
    ) -> Option<T> {
        let node = &self.nodes[at];
        let Some((segment, rest)) = rest.split_first() else {
            return found(node);
        };
        if let Some(next) = node.literals.get(segment)
            && let Some(operation) = self.walk(*next, rest, found)
        {
            return Some(operation);
        }
        for (literals, next) in &node.mixed {
            if fits(literals, segment)
                && let Some(operation) = self.walk(*next, rest, found)
            {
                return Some(operation);
            }
        }
        match node.parameter {
            Some(next) if !segment.is_empty() => self.walk(next, rest, found),
            _ => None,
        }
    }
}

/// A request as people write it: a method, a path or a URL, perhaps a mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The method in capitals.
    pub method: String,
    /// A path that begins with `/`, or a whole URL.
    pub target: String,
    /// The mode written behind it: `mode=signed`.
    pub mode: Option<String>,
}

impl Request {
    /// Reads `METHOD /path`, `METHOD https://…`, each with `mode=…` behind it or not. `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split_whitespace();
        let method = parts.next()?;
        if !method.chars().all(|c| c.is_ascii_alphabetic()) {
            return None;
        }
        let target = parts.next()?;
        if !target.starts_with('/') && !target.contains("://") {
            return None;
        }
        let mode = match parts.next() {
            None => None,
            Some(word) => Some(word.strip_prefix("mode=")?.to_owned()),
        };
        if parts.next().is_some() {
            return None;
        }
        Some(Self {
            method: method.to_ascii_uppercase(),
            target: target.to_owned(),
            mode,
        })
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.target)?;
        match &self.mode {
            Some(mode) => write!(f, " mode={mode}"),
            None => Ok(()),
        }
    }
}

/// A pattern over endpoints, as `never` writes it: `*` is one segment or any method, `**` any number of segments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    method: String,
    segments: Vec<String>,
    mode: Option<String>,
}

impl Pattern {
    /// Reads `METHOD /path/*/rest/**`. `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text
            .strip_prefix("* ")
            .map_or_else(|| text.to_owned(), |rest| format!("ANY {rest}"));
        let request = Request::parse(&text)?;
        if !request.target.starts_with('/') {
            return None;
        }
        Some(Self {
            segments: split(&request.target).map(str::to_owned).collect(),
            method: request.method,
            mode: request.mode,
        })
    }

    /// Whether the pattern has a `*` in it, so that it may match nothing.
    pub fn is_open(&self) -> bool {
        self.method == "ANY" || self.segments.iter().any(|segment| segment.contains('*'))
    }

    /// Whether the pattern holds a word that an endpoint must have, so that it ought to match one.
    pub fn names_something(&self) -> bool {
        self.segments.iter().any(|segment| !segment.contains('*'))
    }

    /// Whether an endpoint falls under the pattern. Parameters match whatever their names.
    pub fn matches(&self, method: &str, template: &Template, mode: Option<&str>) -> bool {
        (self.method == "ANY" || self.method == method)
            && self
                .mode
                .as_deref()
                .is_none_or(|wanted| mode == Some(wanted))
            && self.match_segments(&self.segments, &template.segments)
    }

    fn match_segments(&self, pattern: &[String], path: &[Segment]) -> bool {
        match pattern.split_first() {
            None => path.is_empty(),
            Some((first, rest)) if first == "**" => {
                (0..=path.len()).any(|skipped| self.match_segments(rest, &path[skipped..]))
            }
            Some((first, rest)) => match path.split_first() {
                Some((segment, path)) => {
                    self.match_segment(first, segment) && self.match_segments(rest, path)
                }
                None => false,
            },
        }
    }

    fn match_segment(&self, pattern: &str, segment: &Segment) -> bool {
        if pattern == "*" {
            return true;
        }
        match (Segment::parse(pattern), segment) {
            (Ok(Segment::Literal(text)), Segment::Literal(literal)) => glob(&text, literal),
            // A whole path may name one thing; a word between stars means the word.
            (Ok(Segment::Literal(_)), Segment::Parameter) => !self.is_open(),
            (Ok(Segment::Literal(text)), Segment::Mixed(literals)) => fits(literals, &text),
            (Ok(pattern), segment) => pattern == *segment,
            (Err(_), _) => false,
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

    fn routes(templates: &[&str]) -> Routes {
        let mut routes = Routes::new(false);
        for (index, text) in templates.iter().enumerate() {
            let template = Template::parse(text).expect("a template");
            routes
                .insert("GET", &template, index)
                .expect("no duplicate");
        }
        routes
    }

    #[test]
    fn a_literal_beats_a_mixed_segment_beats_a_parameter() {
        let routes = routes(&[
            "/w/{id}",
            "/w/me{id}",
            "/w/me",
            "/w/{id}:resolve",
            "/w/mea{id}",
        ]);
        assert_eq!(routes.find("GET", "/w/7"), Some(0));
        assert_eq!(routes.find("GET", "/w/me7"), Some(1));
        assert_eq!(routes.find("GET", "/w/me"), Some(2));
        assert_eq!(routes.find("GET", "/w/7:resolve"), Some(3));
        assert_eq!(routes.find("GET", "/w/mea7"), Some(4));
        assert_eq!(routes.find("GET", "/w/7/"), Some(0));
        assert_eq!(routes.find("GET", "/w/7?x=/y#z"), Some(0));
        assert_eq!(routes.find("GET", "/w/"), None);
    }

    #[test]
    fn a_choice_that_leads_nowhere_is_taken_back() {
        let routes = routes(&["/a/b/c", "/a/{x}/d", "/{y}/b/e"]);
        assert_eq!(routes.find("GET", "/a/b/d"), Some(1));
        assert_eq!(routes.find("GET", "/a/b/e"), Some(2));
    }

    #[test]
    fn a_template_matches_whatever_its_parameters_are_called() {
        let routes = routes(&[
            "/w/me{id}",
            "/w/{id}",
            "/w/{id}/sign",
            "/v/{chain}:{address}/sign",
        ]);
        assert_eq!(routes.find("GET", "/w/me{other}"), Some(0));
        assert_eq!(routes.find("GET", "/w/{other}"), Some(1));
        assert_eq!(routes.find("GET", "/w/:other/sign"), Some(2));
        assert_eq!(routes.find("GET", "/v/{a}:{b}/sign"), Some(3));
        assert_eq!(routes.find("GET", "/v/solana:9x/sign"), Some(3));
    }

    #[test]
    fn the_same_structure_twice_is_refused() {
        let mut routes = routes(&["/a/{x}"]);
        let template = Template::parse("/a/:y").expect("a template");
        assert_eq!(routes.insert("GET", &template, 9), Err(0));
        assert_eq!(routes.insert("PUT", &template, 9), Ok(()));
        assert_eq!(routes.methods("/a/1"), ["GET", "PUT"]);
    }

    #[test]
    fn malformed_paths_say_why() {
        for text in ["users", "/a b", "/a//b", "/a/{", "/a/}", "/a/{}", "/a?b"] {
            assert!(Template::parse(text).is_err(), "{text}");
        }
    }

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
}
