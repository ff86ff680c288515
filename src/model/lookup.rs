//! Requests → endpoints: a path, a template or a whole URL.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::catalog::Catalog;
use super::index::{EndpointId, EnvironmentId, IdRange};
use super::query::{Parameter, parse_query, query_of};
use super::route::{Request, is_rest};
use super::set::Mask;
use crate::source::limits::MOST_SEGMENTS;
use crate::source::{NameIndex, Patience, distance};

/// The endpoints of a catalog by what people may remember of them.
#[derive(Debug, Clone, Default)]
pub(super) struct EndpointNames {
    /// Their names without those of parameters.
    near: NameIndex,
    /// The first endpoint of such a name.
    by_shape: HashMap<String, EndpointId>,
    /// The endpoints by their last word.
    by_word: HashMap<String, Vec<EndpointId>>,
}

/// The most endpoints with the same last word that are looked at.
const MOST_ALIKE: usize = 1000;

/// Why a request reaches no endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoRoute {
    /// The path exists with these methods only.
    OtherMethods(Vec<String>),
    /// The endpoint exists, and has only these modes; none where it has no modes at all.
    OtherModes(Vec<String>),
    /// The query of the request gives this mode, and another one is named behind it.
    QueryGives(String),
    /// The endpoint exists, and each of its modes asks for a query that the request does not have: the queries.
    OtherQueries(Vec<String>),
    /// No such path.
    NoPath,
}

impl NoRoute {
    /// What to do about it, in a sentence: what there is in place of it, or what may have been meant.
    pub fn help(&self, catalog: &Catalog, request: &Request, patience: &Patience) -> String {
        match self {
            Self::OtherMethods(methods) => format!("the path exists with {}", methods.join(", ")),
            Self::OtherModes(modes) if modes.is_empty() => {
                "the endpoint exists, but has no modes".to_owned()
            }
            Self::OtherModes(modes) => format!("its modes are {}", modes.join(", ")),
            Self::QueryGives(mode) => {
                format!("its query selects mode={mode}: name that mode, or omit the query")
            }
            Self::OtherQueries(queries) => {
                format!("it needs one of these queries: {}", queries.join("; "))
            }
            Self::NoPath => match catalog.similar_endpoints(request, patience).as_slice() {
                [] => format!("`scopes show {} endpoints` lists them", catalog.handle),
                names => format!("did you mean `{}`?", names.join("` or `")),
            },
        }
    }
}

/// The operation that a request reaches, and which of its modes it gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routed {
    /// The endpoint that the request gets.
    pub gets: EndpointId,
    /// Every mode of the operation, as endpoints; one where it has no modes.
    pub modes: IdRange<EndpointId>,
    /// The modes that the request leaves open: where it has a query, those that ask for none.
    pub open: Vec<EndpointId>,
    /// Whether something decides on the mode: the request names it, its query does, or there is only one.
    pub is_decided: bool,
    /// Whether the request has a query that no mode of the operation mentions, so that it was ignored.
    pub drops_query: bool,
}

impl Routed {
    /// The endpoints that a question about the request alone is about: the mode that it gets, or every mode where nothing
    /// decides on one.
    pub fn asked_about(&self) -> Vec<EndpointId> {
        if self.is_decided {
            vec![self.gets]
        } else {
            self.open.clone()
        }
    }

    /// Whether the mode was left open where there are several.
    pub fn takes_default(&self) -> bool {
        !self.is_decided && self.modes.len() > 1
    }
}

impl Catalog {
    /// The endpoint that a request reaches.
    pub fn find(&self, request: &Request) -> Result<Routed, NoRoute> {
        let Some(range) = self.operation(request) else {
            let methods = self
                .candidate_paths(&request.target)
                .map(|path| self.routes.methods(path))
                .find(|methods| !methods.is_empty());
            return Err(methods.map_or(NoRoute::NoPath, NoRoute::OtherMethods));
        };
        let name = |index: EndpointId| {
            let mode = self.endpoints[index].mode?;
            Some(self.modes[mode].as_str())
        };
        let query = query_of(&request.target);
        let parameters = parse_query(query.unwrap_or_default());
        let states_query = range
            .clone()
            .any(|index| !self.endpoints[index].query.is_empty());
        let fitting = self.fitting_mode(range.clone(), &parameters);
        let queries = |range: IdRange<EndpointId>| -> Vec<String> {
            range
                .map(|index| self.endpoints[index].query.to_string())
                .collect()
        };
        let is_open = |index: &EndpointId| {
            query.is_none() || !states_query || self.endpoints[*index].query.is_empty()
        };
        let routed = |gets: EndpointId, is_decided: bool| Routed {
            gets,
            modes: range.clone(),
            open: range.clone().filter(is_open).collect(),
            is_decided,
            drops_query: query.is_some_and(|query| !query.is_empty()) && !states_query,
        };
        if let Some(mode) = &request.mode {
            let mut modes = range.clone();
            let Some(named) = modes.find(|index| name(*index) == Some(mode)) else {
                let modes = range.filter_map(name).map(str::to_owned);
                return Err(NoRoute::OtherModes(modes.collect()));
            };
            if query.is_none() || !states_query {
                return Ok(routed(named, true));
            }
            let mut plain = range.clone();
            let plain = plain.find(|index| self.endpoints[*index].query.is_empty());
            // Of several modes without a query, the request may name any.
            let is_plain = self.endpoints[named].query.is_empty() && fitting.is_none();
            return match fitting.or(plain) {
                Some(given) if given != named && !is_plain => Err(NoRoute::QueryGives(
                    name(given).unwrap_or_default().to_owned(),
                )),
                Some(_) => Ok(routed(named, true)),
                None => Err(NoRoute::OtherQueries(queries(range))),
            };
        }
        if let Some(index) = fitting {
            return Ok(routed(index, true));
        }
        let mut modes = range.clone();
        match modes.find(|index| self.endpoints[*index].query.is_empty()) {
            // A request whose query fits no mode gets the first mode without conditions. The mode is undecided if the
            // request has no query, or if several modes have no conditions.
            Some(first) => {
                let without = range
                    .clone()
                    .filter(|index| self.endpoints[*index].query.is_empty());
                let is_decided = states_query && without.count() == 1 && query.is_some();
                Ok(routed(first, is_decided || range.len() == 1))
            }
            None => Err(NoRoute::OtherQueries(queries(range))),
        }
    }

    /// The mode whose query a request has: of those that fit, the one with the most conditions; of several with as many, the
    /// one that asks for more.
    fn fitting_mode(
        &self,
        range: IdRange<EndpointId>,
        parameters: &[Parameter],
    ) -> Option<EndpointId> {
        let fitting = range.filter(|index| {
            let query = &self.endpoints[*index].query;
            !query.is_empty() && query.fits(parameters)
        });
        fitting.reduce(|best, other| {
            let (a, b) = (&self.endpoints[best], &self.endpoints[other]);
            match a.query.0.len().cmp(&b.query.0.len()) {
                Ordering::Less => other,
                Ordering::Equal if b.asks_more_than(a) => other,
                _ => best,
            }
        })
    }

    /// The request that a text is: `METHOD /path`, or the name by which an SDK or a manifest calls an endpoint.
    pub fn request(&self, text: &str) -> Option<Request> {
        Request::parse(text).or_else(|| self.called(text.trim()))
    }

    /// The request of an endpoint, by the name that SDKs and manifests have for it.
    /// A mode may be named behind it.
    pub fn called(&self, text: &str) -> Option<Request> {
        let of = |name: &str| {
            let mut calls = self.calls.iter();
            let (_, endpoint) = calls.find(|(other, _)| other == name)?;
            Request::parse(&self.endpoint_name(*endpoint))
        };
        of(text).or_else(|| {
            let (name, mode) = text.split_once(" mode=")?;
            Some(Request {
                mode: Some(mode.trim().to_owned()),
                ..of(name.trim())?
            })
        })
    }

    /// How many operations there are: endpoints, their modes counted once.
    pub fn operations(&self) -> usize {
        self.operations.len()
    }

    /// The modes of an operation, as endpoints; one where it has none.
    pub fn modes_of(&self, operation: usize) -> IdRange<EndpointId> {
        self.operations[operation].clone()
    }

    /// The first endpoint of an operation.
    pub fn first_of(&self, operation: usize) -> EndpointId {
        self.operations[operation].first()
    }

    /// The other operations of the same method whose templates match every path that this one's template matches.
    pub fn wider_than(&self, operation: usize) -> Vec<usize> {
        let entry = &self.endpoints[self.first_of(operation)];
        let mut wider = self.routes.all_that_fit(&entry.method, &entry.path);
        wider.retain(|other| *other != operation);
        wider
    }

    /// The one endpoint that a misspelt request must mean, whatever its mode: near, and nearer than any other.
    pub fn nearest_endpoint(&self, request: &Request, patience: &Patience) -> Option<EndpointId> {
        let asked = without_names(&request.method, &request.target);
        let names = self.endpoint_names();
        let meant = names.near.near(&asked, patience).meant()?;
        names.by_shape.get(meant).copied()
    }

    fn endpoint_names(&self) -> &EndpointNames {
        self.names.endpoints.get_or_init(|| {
            let shapes = self.endpoints.iter();
            let shapes: Vec<String> = shapes
                .map(|one| without_names(&one.method, &one.path.text))
                .collect();
            let mut names = EndpointNames::default();
            for ((index, endpoint), shape) in self.endpoints.entries().zip(&shapes) {
                names.by_shape.entry(shape.clone()).or_insert(index);
                let text = format!("{} {}", endpoint.method, endpoint.path);
                let word = text.rsplit('/').find(|word| !word.starts_with('{'));
                let same = names.by_word.entry(word.unwrap_or_default().to_owned());
                same.or_default().push(index);
            }
            // A rest-parameter is also written like any other, unless that is another endpoint.
            for ((index, _), shape) in self.endpoints.entries().zip(&shapes) {
                if let Some(start) = shape.strip_suffix("{...}") {
                    let entry = names.by_shape.entry(format!("{start}{{}}"));
                    entry.or_insert(index);
                }
            }
            names.near = NameIndex::new(names.by_shape.keys().map(String::as_str));
            names
        })
    }

    /// The endpoints that a request may mean, at most three: spelt almost the same, or ending in the same words.
    pub fn similar_endpoints(&self, request: &Request, patience: &Patience) -> Vec<String> {
        let names = self.endpoint_names();
        let name = |index: EndpointId| {
            let endpoint = &self.endpoints[index];
            format!("{} {}", endpoint.method, endpoint.path)
        };
        let asked = without_names(&request.method, &request.target);
        let near = names.near.near(&asked, patience).offered();
        let near = near
            .into_iter()
            .filter(|shape| distance(&asked, shape) <= 2);
        let mut similar: Vec<String> = near
            .filter_map(|shape| names.by_shape.get(shape).copied())
            .map(name)
            .collect();
        let last = request
            .target
            .split(['?', '#'])
            .next()
            .unwrap_or_default()
            .trim_end_matches('/');
        let last = last.rsplit('/').next().unwrap_or_default();
        if similar.is_empty() && last.len() > 2 {
            let same = names.by_word.get(last).into_iter().flatten().copied();
            // Limited, because three suggestions out of hundreds of matches do not help.
            let ending = same.take(MOST_ALIKE).map(name);
            similar = ending
                .filter(|name| name.starts_with(&request.method))
                .collect();
            similar.sort_by_key(String::len);
        }
        similar.dedup();
        similar.truncate(3);
        // Suggest them in the requested mode.
        match &request.mode {
            Some(mode) => similar
                .iter()
                .map(|name| format!("{name} mode={mode}"))
                .collect(),
            None => similar,
        }
    }

    fn operation(&self, request: &Request) -> Option<IdRange<EndpointId>> {
        let paths = self.candidate_paths(&request.target);
        let found = paths.filter_map(|path| self.routes.find(&request.method, path));
        let mut best: Option<(usize, IdRange<EndpointId>)> = None;
        for operation in found {
            let range = self.operations[operation].clone();
            // A path that is written out goes before one with parameters, whichever base stands in front of it.
            let open = range
                .clone()
                .next()
                .map_or(0, |id| parameters_of(&self.endpoints[id].path.text));
            if best.as_ref().is_none_or(|(least, _)| open < *least) {
                best = Some((open, range));
            }
        }
        best.map(|(_, range)| range)
    }

    /// The paths that a target may stand for: itself, and what follows a base address or a base path, each once.
    fn candidate_paths<'a>(&'a self, target: &'a str) -> impl Iterator<Item = &'a str> {
        let bases = self.environments.iter();
        let bases = bases.flat_map(|environment| &environment.bases);
        let whole = target.starts_with('/').then_some(target);
        // All of them end where the target ends, so that their lengths tell them apart.
        let mut seen: Vec<usize> = Vec::new();
        let (host, path) = split_url(target);
        let paths = bases.filter_map(move |base| base.rest(host, path));
        whole.into_iter().chain(paths).filter(move |path| {
            let is_new = !seen.contains(&path.len());
            seen.extend(is_new.then_some(path.len()));
            is_new
        })
    }

    /// The environments whose base address a URL begins with, those that fit it best; if none does, those on its host.
    /// `None` for a path alone.
    pub fn environments_of(&self, target: &str) -> Option<Mask<EnvironmentId>> {
        let (Some(host), path) = split_url(target) else {
            return None;
        };
        let mut mask = Mask::NONE;
        let mut best = None;
        for (index, environment) in self.environments.entries() {
            let fits = environment.bases.iter();
            let fit = fits.filter_map(|base| base.fit(host, path)).max();
            if fit > best {
                (best, mask) = (fit, Mask::NONE);
            }
            if fit.is_some() && fit == best {
                mask = mask.or(Mask::one(index));
            }
        }
        Some(mask)
    }

    /// Whether its paths are the same in capital and small letters.
    pub fn ignores_case(&self) -> bool {
        self.routes.ignores_case()
    }

    /// How the keys of the provider begin.
    pub fn prefixes(&self) -> Vec<String> {
        let types = self.key_types.iter();
        types
            .flat_map(|key_type| key_type.prefixes.iter().cloned())
            .collect()
    }

    /// Whether it has anything by a name.
    pub fn knows(&self, name: &str) -> bool {
        self.provider == name
            || self.meaning(name).is_some()
            || self.event(name).is_some()
            || self.recipe(name).is_some()
            || self.key_type(name).is_some()
            || self.environment(name).is_some()
            || self.modes.iter().any(|mode| mode == name)
            || self.retired.iter().any(|(retired, _)| retired == name)
    }

    /// Whether a text is in one of the names.
    pub fn has_in_a_name(&self, text: &str) -> bool {
        let scopes = self.scopes.iter().map(|one| &one.name);
        let bundles = self.bundles.iter().map(|one| &one.name);
        let events = self.events.iter().map(|one| &one.name);
        let recipes = self.recipes.iter().map(|one| &one.name);
        let retired = self.retired.iter().map(|(name, _)| name);
        let paths = self.endpoints.iter().map(|one| &one.path.text);
        let names = scopes.chain(bundles).chain(events).chain(recipes);
        let mut names = names.chain(retired).chain(paths);
        names.any(|name| name.contains(text)) || self.knows(text)
    }
}

/// How many segments of a path are parameters, or have one; several count for a parameter of several segments.
fn parameters_of(path: &str) -> usize {
    let weight = |segment: &str| match segment {
        _ if is_rest(segment) => MOST_SEGMENTS,
        _ if segment.contains('{') || segment.starts_with(':') => 1,
        _ => 0,
    };
    path.split('/').map(weight).sum()
}

/// A URL's host, and what follows it; of a target without a scheme the whole of it. An address inside a path or a query, as in
/// `/login?next=https://…`, makes no URL of it.
pub fn split_url(url: &str) -> (Option<&str>, &str) {
    let is_scheme = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    };
    match url
        .split_once("://")
        .filter(|(scheme, _)| is_scheme(scheme))
    {
        None => (None, url),
        Some((_, rest)) => match rest.find(['/', '?', '#']) {
            Some(at) => (Some(&rest[..at]), &rest[at..]),
            None => (Some(rest), ""),
        },
    }
}

/// A method and a path in which parameters have no names and numbers are parameters: `GET /users/{}`, `GET /files/{...}`.
fn without_names(method: &str, path: &str) -> String {
    let blank = |segment: &str| {
        let is_number = !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
        match (segment.find('{'), segment.rfind('}')) {
            (Some(0), Some(_)) if is_rest(segment) => "{...}".to_owned(),
            (Some(start), Some(end)) if start < end => {
                format!("{}{{}}{}", &segment[..start], &segment[end + 1..])
            }
            _ if segment.starts_with(':') || is_number => "{}".to_owned(),
            _ => segment.to_owned(),
        }
    };
    let segments: Vec<String> = path.split('/').map(blank).collect();
    format!("{method} {}", segments.join("/"))
}
