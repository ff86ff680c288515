//! Methods, path templates, and the table that finds the template of a request.
//!
//! Paths match by structure. From left to right a literal beats a segment that mixes literals and parameters, which
//! beats a parameter, which beats a rest-parameter; where a choice leads nowhere, the next one is tried.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::fmt;

use crate::source::limits::{MOST_BRANCHES, MOST_METHODS, MOST_SEGMENTS};

/// A path template. Two templates that differ only in the names of parameters have the same [`Template::shape`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Template {
    /// The template as the catalog writes it.
    pub text: String,
    pub(super) segments: Vec<Segment>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Segment {
    Literal(String),
    /// Literals around parameters: n + 1 literals, the outer ones possibly empty, around n parameters.
    Mixed(Vec<String>),
    Parameter,
    /// `{name...}`: one or more segments, at the end of a path.
    Rest,
}

/// Why a text is no path template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MalformedPath(pub &'static str);

impl Template {
    /// Parses a template such as `/users/{id}`, `/users/:id`, `/wallets/me{locator}/transfers` or `/files/{path...}`.
    pub fn parse(text: &str) -> Result<Self, MalformedPath> {
        if !text.starts_with('/') {
            return Err(MalformedPath("paths must start with `/`"));
        }
        if text.contains(char::is_whitespace) {
            return Err(MalformedPath("paths cannot contain spaces"));
        }
        if text.contains(['?', '#']) {
            return Err(MalformedPath("paths cannot contain a query or fragment"));
        }
        let segments: Vec<Segment> = split(text).map(Segment::parse).collect::<Result<_, _>>()?;
        if segments.len() > MOST_SEGMENTS {
            return Err(MalformedPath("paths may have at most 256 segments"));
        }
        let before_last = segments.split_last().map_or(&[][..], |(_, before)| before);
        if before_last.contains(&Segment::Rest) {
            return Err(MalformedPath("`{name...}` must be the last segment"));
        }
        Ok(Self {
            text: text.to_owned(),
            segments,
        })
    }

    /// How many segments it has.
    pub fn segments(&self) -> usize {
        self.segments.len()
    }

    /// The template with every parameter's name left out: `/users/{}`, `/files/{...}`.
    pub fn shape(&self) -> String {
        let mut shape = String::new();
        for segment in &self.segments {
            shape.push('/');
            match segment {
                Segment::Literal(text) => shape.push_str(text),
                Segment::Parameter => shape.push_str("{}"),
                Segment::Rest => shape.push_str("{...}"),
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
pub(super) fn split(path: &str) -> impl Iterator<Item = &str> {
    let path = path.split(['?', '#']).next().unwrap_or("");
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    path.split('/').filter(move |_| !path.is_empty())
}

/// What stands behind the name of a parameter that takes several segments.
const REST: &str = "...";

/// Whether a segment of a request is written as the rest-parameter of a template.
pub(super) fn is_rest(text: &str) -> bool {
    text.starts_with('{') && Segment::parse(text) == Ok(Segment::Rest)
}

impl Segment {
    pub(super) fn parse(text: &str) -> Result<Self, MalformedPath> {
        if text.is_empty() {
            return Err(MalformedPath("empty path segment (`//`)"));
        }
        if text.len() > 1 && text.starts_with(':') && !text.contains(['{', '}']) {
            return Ok(Self::Parameter);
        }
        let (literals, is_rest) = literals(text)?;
        Ok(match literals.len() {
            _ if is_rest => Self::Rest,
            1 => Self::Literal(text.to_owned()),
            2 if literals.iter().all(String::is_empty) => Self::Parameter,
            _ => Self::Mixed(literals),
        })
    }
}

/// The literals around the parameters of a text, and whether the whole text is a rest-parameter.
pub(super) fn literals(text: &str) -> Result<(Vec<String>, bool), MalformedPath> {
    let mut literals = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find(['{', '}']) {
        if rest.as_bytes()[open] == b'}' {
            return Err(MalformedPath("unmatched `}`"));
        }
        let Some(length) = rest[open..].find('}') else {
            return Err(MalformedPath("unclosed `{`"));
        };
        let name = &rest[open + 1..open + length];
        if name.is_empty() || name.contains('{') || name == REST {
            return Err(MalformedPath("a parameter must have a name"));
        }
        let takes_rest = name.ends_with(REST);
        if takes_rest && length + 1 < text.len() {
            return Err(MalformedPath("`{name...}` must be a whole segment"));
        }
        if takes_rest {
            return Ok((vec![String::new(); 2], true));
        }
        literals.push(rest[..open].to_owned());
        rest = &rest[open + length + 1..];
    }
    literals.push(rest.to_owned());
    Ok((literals, false))
}

/// Whether a segment of a request fits the literals of a mixed segment, each parameter taking at least a character.
pub(super) fn fits(literals: &[String], text: &str) -> bool {
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
        let Some(first) = rest.chars().next() else {
            return false;
        };
        let from = first.len_utf8();
        let Some(at) = rest[from..].find(literal.as_str()) else {
            return false;
        };
        rest = &rest[from + at + literal.len()..];
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
    mixed: Option<Box<MixedBranches>>,
    parameter: Option<usize>,
    /// A node without any below it.
    rest: Option<usize>,
    /// Method → operation.
    operations: Vec<(String, usize)>,
}

/// The branches of a node whose segments mix literals and parameters, indexed by how such a segment begins and ends,
/// because there may be hundreds of `{id}:verb` at one node.
#[derive(Debug, Clone, Default)]
struct MixedBranches {
    /// In the order of the file.
    branches: Vec<(Vec<String>, usize)>,
    by_literals: HashMap<Vec<String>, usize>,
    by_ends: HashMap<(String, String), Vec<usize>>,
    /// How long the beginnings and ends are, in bytes.
    lengths: BTreeSet<(usize, usize)>,
}

impl MixedBranches {
    fn get_or_insert(&mut self, literals: Vec<String>, fresh: usize) -> usize {
        if let Some(index) = self.by_literals.get(&literals) {
            return self.branches[*index].1;
        }
        let index = self.branches.len();
        if let [first, .., last] = literals.as_slice() {
            self.lengths.insert((first.len(), last.len()));
            let ends = (first.clone(), last.clone());
            self.by_ends.entry(ends).or_default().push(index);
        }
        self.by_literals.insert(literals.clone(), index);
        self.branches.push((literals, fresh));
        fresh
    }

    /// The branches that a segment fits, those with the longest literals first.
    fn fitting(&self, text: &str) -> Vec<usize> {
        let mut fitting: Vec<usize> = Vec::new();
        for (first, last) in &self.lengths {
            let ends = text.len().checked_sub(*last);
            let ends = ends.filter(|end| first <= end).and_then(|end| {
                let (first, last) = (text.get(..*first)?, text.get(end..)?);
                self.by_ends.get(&(first.to_owned(), last.to_owned()))
            });
            let ends = ends.into_iter().flatten().copied();
            fitting.extend(ends.filter(|index| fits(&self.branches[*index].0, text)));
        }
        let length = |index: usize| {
            self.branches[index]
                .0
                .iter()
                .map(String::len)
                .sum::<usize>()
        };
        fitting.sort_unstable_by_key(|index| (Reverse(length(*index)), *index));
        fitting
            .iter()
            .map(|index| self.branches[*index].1)
            .collect()
    }

    /// The branch of exactly these literals.
    fn same(&self, literals: &[String]) -> Option<usize> {
        let index = self.by_literals.get(literals)?;
        Some(self.branches[*index].1)
    }
}

/// Why an operation was not added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAdded {
    /// This operation has the same method and structure.
    Same(usize),
    /// The path has [`MOST_METHODS`] already.
    TooManyMethods,
}

impl Routes {
    pub(super) fn ignores_case(&self) -> bool {
        self.ignore_case
    }

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

    /// Adds an operation, or says why that cannot be.
    pub fn insert(
        &mut self,
        method: &str,
        template: &Template,
        operation: usize,
    ) -> Result<(), NotAdded> {
        let mut at = 0;
        for segment in &template.segments {
            let fresh = self.nodes.len();
            let next = match segment {
                Segment::Literal(text) => {
                    let text = self.folded(text);
                    *self.nodes[at].literals.entry(text).or_insert(fresh)
                }
                Segment::Parameter => *self.nodes[at].parameter.get_or_insert(fresh),
                Segment::Rest => *self.nodes[at].rest.get_or_insert(fresh),
                Segment::Mixed(literals) => {
                    let literals = literals.iter().map(|text| self.folded(text)).collect();
                    let mixed = self.nodes[at].mixed.get_or_insert_default();
                    mixed.get_or_insert(literals, fresh)
                }
            };
            if next == fresh {
                self.nodes.push(Node::default());
            }
            at = next;
        }
        let operations = &mut self.nodes[at].operations;
        match operations.iter().find(|(other, _)| other == method) {
            Some((_, operation)) => Err(NotAdded::Same(*operation)),
            None if operations.len() >= MOST_METHODS => Err(NotAdded::TooManyMethods),
            None => {
                operations.push((method.to_owned(), operation));
                Ok(())
            }
        }
    }

    /// The most branches that a request can visit, dead ends included: the cost of finding an operation.
    ///
    /// At each node a request can visit one literal, the mixed segments with the same prefix and suffix for each pair
    /// of lengths, the parameter, and the rest-parameter.
    pub fn most_branches(&self) -> usize {
        let mut most = vec![1_usize; self.nodes.len()];
        // Parents come before their children, so go through the nodes backwards.
        for (index, node) in self.nodes.iter().enumerate().rev() {
            let literal = node.literals.values().map(|next| most[*next]).max();
            let mut by_length: HashMap<(usize, usize), usize> = HashMap::new();
            for ((first, last), branches) in node.mixed.iter().flat_map(|mixed| {
                let branches = |index: &usize| mixed.branches[*index].1;
                let ends = mixed.by_ends.iter();
                ends.map(move |(ends, indices)| (ends, indices.iter().map(branches)))
            }) {
                let sum = branches.fold(0_usize, |sum, next| sum.saturating_add(most[next]));
                let most = by_length.entry((first.len(), last.len())).or_default();
                *most = sum.max(*most);
            }
            let mixed = by_length.into_values().fold(0, usize::saturating_add);
            let parameter = node.parameter.map_or(0, |next| most[next]);
            let below = literal.unwrap_or(0).saturating_add(mixed);
            let rest = usize::from(node.rest.is_some());
            most[index] = below.saturating_add(parameter).saturating_add(rest + 1);
        }
        most.first().copied().unwrap_or(1)
    }

    /// The operation that a method and a path reach, if any.
    pub fn find(&self, method: &str, path: &str) -> Option<usize> {
        self.walk(path, |node| node.operation(method))
    }

    /// The operations of a method that fit every path which a template fits, the template's own among them.
    pub fn all_that_fit(&self, method: &str, template: &Template) -> Vec<usize> {
        let mut at: Vec<usize> = vec![0];
        let mut ends: Vec<usize> = Vec::new();
        for segment in &template.segments {
            let mut next = Vec::new();
            for node in at.iter().map(|node| &self.nodes[*node]) {
                ends.extend(node.rest);
                let mixed = node.mixed.as_deref();
                match segment {
                    Segment::Literal(text) => {
                        let text = self.folded(text);
                        next.extend(node.literals.get(&text));
                        next.extend(mixed.into_iter().flat_map(|mixed| mixed.fitting(&text)));
                    }
                    Segment::Mixed(literals) => {
                        let literals: Vec<String> =
                            literals.iter().map(|text| self.folded(text)).collect();
                        next.extend(mixed.and_then(|mixed| mixed.same(&literals)));
                    }
                    Segment::Parameter => {}
                    // Only another rest-parameter takes as many segments.
                    Segment::Rest => continue,
                }
                next.extend(node.parameter);
            }
            // Only catalogs that were refused for this limit have more.
            next.truncate(MOST_BRANCHES);
            at = next;
        }
        ends.extend(at);
        let operations = ends.iter().map(|node| self.nodes[*node].operation(method));
        let mut found: Vec<usize> = operations.flatten().collect();
        found.sort_unstable();
        found
    }

    /// The methods that a path has, where it exists with any.
    pub fn methods(&self, path: &str) -> Vec<String> {
        let methods = self.walk(path, |node| {
            let methods = node.operations.iter().map(|(method, _)| method.clone());
            (!node.operations.is_empty()).then(|| methods.collect())
        });
        let mut methods: Vec<String> = methods.unwrap_or_default();
        methods.sort_unstable();
        methods
    }

    /// The segments of a request, at most one more than a template can have.
    fn segments(&self, path: &str) -> Vec<String> {
        split(path)
            .take(MOST_SEGMENTS + 1)
            .map(|segment| match segment.strip_prefix(':') {
                Some(name) if !name.is_empty() && !name.contains(['{', '}']) => {
                    format!("{{{name}}}")
                }
                _ => self.folded(segment),
            })
            .collect()
    }

    /// The first answer of `found` on the nodes that a path leads to, the most literal one first.
    fn walk<T>(&self, path: &str, found: impl Fn(&Node) -> Option<T>) -> Option<T> {
        let segments = self.segments(path);
        // A rest-parameter takes no empty segment, as a parameter takes none.
        let blank = split(path)
            .enumerate()
            .filter(|(_, segment)| segment.is_empty());
        let solid = blank.last().map_or(0, |(index, _)| index + 1);
        // A stack of what is left to try: a node and its depth in segments.
        let mut open: Vec<(usize, usize)> = vec![(0, 0)];
        // Only catalogs that were refused for this limit have more branches.
        for _ in 0..MOST_BRANCHES {
            let (at, depth) = open.pop()?;
            let node = &self.nodes[at];
            let Some(segment) = segments.get(depth) else {
                if let Some(answer) = found(node) {
                    return Some(answer);
                }
                continue;
            };
            let rest = node.rest.filter(|_| depth >= solid);
            open.extend(rest.map(|next| (next, usize::MAX)));
            if is_rest(segment) {
                continue;
            }
            let parameter = node.parameter.filter(|_| !segment.is_empty());
            open.extend(parameter.map(|next| (next, depth + 1)));
            if let Some(mixed) = &node.mixed {
                let fitting = mixed.fitting(segment).into_iter().rev();
                open.extend(fitting.map(|next| (next, depth + 1)));
            }
            let literal = node.literals.get(segment);
            open.extend(literal.map(|next| (*next, depth + 1)));
        }
        None
    }
}

impl Node {
    fn operation(&self, method: &str) -> Option<usize> {
        let mut operations = self.operations.iter();
        let same = operations.find(|(other, _)| other == method);
        same.map(|(_, operation)| *operation)
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
        assert_eq!(routes.insert("GET", &template, 9), Err(NotAdded::Same(0)));
        assert_eq!(routes.insert("PUT", &template, 9), Ok(()));
        assert_eq!(routes.methods("/a/1"), ["GET", "PUT"]);
    }

    #[test]
    fn a_rest_parameter_takes_what_nothing_else_takes() {
        let routes = routes(&[
            "/files/{path...}",
            "/files/{id}",
            "/files/{id}/raw",
            "/files/a{id}",
            "/{all...}",
        ]);
        assert_eq!(routes.find("GET", "/files/7"), Some(1));
        assert_eq!(routes.find("GET", "/files/a7"), Some(3));
        assert_eq!(routes.find("GET", "/files/7/raw"), Some(2));
        assert_eq!(routes.find("GET", "/files/7/text"), Some(0));
        assert_eq!(routes.find("GET", "/files/7/raw/b"), Some(0));
        assert_eq!(routes.find("GET", "/files"), Some(4));
        assert_eq!(routes.find("GET", "/"), None);
        assert_eq!(routes.find("GET", "/files/7//b"), None);
        // By its own name, whatever that is.
        assert_eq!(routes.find("GET", "/files/{other...}"), Some(0));
        assert_eq!(routes.find("GET", "/files/{other}"), Some(1));
        assert_eq!(routes.find("GET", &"/a".repeat(1000)), Some(4));
        assert_eq!(routes.methods("/files/7/x"), ["GET"]);
    }

    #[test]
    fn what_fits_is_found_under_rest_parameters() {
        let texts = ["/{all...}", "/a/{rest...}", "/a/{x}", "/a/b/{y...}"];
        let routes = routes(&texts);
        let fitting = |text: &str| {
            let template = Template::parse(text).expect("a template");
            routes.all_that_fit("GET", &template)
        };
        assert_eq!(fitting("/a/b"), [0, 1, 2]);
        assert_eq!(fitting("/a/{x...}"), [0, 1]);
        assert_eq!(fitting("/a/b/{x...}"), [0, 1, 3]);
        assert_eq!(fitting("/a"), [0]);
        assert_eq!(fitting("/"), Vec::<usize>::new());
    }

    #[test]
    fn malformed_paths_say_why() {
        for text in ["users", "/a b", "/a//b", "/a/{", "/a/}", "/a/{}", "/a?b"] {
            assert!(Template::parse(text).is_err(), "{text}");
        }
        let why = |text: &str| Template::parse(text).map_err(|error| error.0);
        let last = Err("`{name...}` must be the last segment");
        assert_eq!(why("/a/{b...}/c"), last);
        assert_eq!(why("/{a...}/{b...}"), last);
        let whole = Err("`{name...}` must be a whole segment");
        assert_eq!(why("/a/x{b...}"), whole);
        assert_eq!(why("/a/{b...}.json"), whole);
        assert_eq!(why("/a/{c}{b...}"), whole);
        assert_eq!(why("/a/{...}"), Err("a parameter must have a name"));
        let shape = |text: &str| why(text).map(|template| template.shape());
        assert_eq!(shape("/a/{b...}/"), Ok("/a/{...}".to_owned()));
    }
}
