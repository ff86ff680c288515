//! What a catalog adds to the one that it extends, and which of its entries removed or changed something.

use std::collections::HashMap;

use crate::load::endpoint_name::{EndpointName, Structure};
use crate::load::layers::Layered;
use crate::load::raw::RawWildcards;
use crate::model::{Catalog, Request, Template};
use crate::source::Path;

/// What a catalog lays over the one that it extends.
pub(super) struct Overlay {
    /// The name of the one below.
    pub(super) below: String,
    /// Its own endpoints, without the names of their parameters, and where they stand.
    endpoints: HashMap<Structure, Path>,
    /// Its other own entries that may change an answer: the name of each, and where it stands.
    entries: Vec<(String, Path)>,
    /// Its fields that replace those of the extended catalog as a whole.
    fields: Vec<&'static str>,
}

impl Overlay {
    pub(super) fn of(layers: &Layered) -> Option<Self> {
        let top = &layers.top;
        layers.below.as_ref()?;
        let mut endpoints: HashMap<Structure, Path> = HashMap::new();
        let written = top.endpoints.0.iter();
        let parsed = written.filter_map(|(text, _)| Some((text, EndpointName::parse(text).ok()?)));
        let mut parsed: Vec<(&String, EndpointName)> = parsed.collect();
        // `ANY` stands for what no other entry names.
        parsed.sort_by_key(|(_, name)| name.is_any);
        for (text, name) in parsed {
            let path = Path::root().field("endpoints").field(text);
            for structure in name.structures() {
                endpoints.entry(structure).or_insert_with(|| path.clone());
            }
        }
        let mut others = Vec::new();
        let mut add = |section: &str, names: Vec<&String>| {
            let path = |name: &str| Path::root().field(section).field(name);
            others.extend(names.into_iter().map(|name| (name.clone(), path(name))));
        };
        add("scopes", top.scopes.0.iter().map(|one| &one.0).collect());
        add("bundles", top.bundles.0.iter().map(|one| &one.0).collect());
        add(
            "key_types",
            top.key_types.0.iter().map(|one| &one.0).collect(),
        );
        let has_wildcards = match &top.wildcards {
            RawWildcards::Named(named) => !named.0.is_empty(),
            RawWildcards::Glob => true,
        };
        let fields = [
            ("modes", top.modes.is_some()),
            ("paths", top.paths.is_some()),
            ("names", top.names.is_some()),
            ("wildcards", has_wildcards),
        ];
        Some(Self {
            below: top.extends.clone().unwrap_or_default(),
            endpoints,
            entries: others,
            fields: fields
                .into_iter()
                .filter(|(_, is_there)| *is_there)
                .map(|(field, _)| field)
                .collect(),
        })
    }

    /// Its own entry for an endpoint.
    pub(super) fn endpoint(&self, request: &Request) -> Option<Path> {
        let template = Template::parse(&request.target).ok()?;
        let structure = (request.method.clone(), template.shape().into());
        self.endpoints.get(&structure).cloned()
    }

    /// What to blame for a changed answer or a missing thing if no single entry is known.
    pub(super) fn field(&self) -> Path {
        let field = self.fields.first().copied().unwrap_or("extends");
        Path::root().field(field)
    }

    /// The entry that may have changed the answer of an example: that of the endpoint it calls, or else of something
    /// involved in it.
    pub(super) fn changing(&self, catalog: &Catalog, request: &Request, names: &[&str]) -> Path {
        let modeless = Request {
            mode: None,
            ..request.clone()
        };
        let found = catalog.find(request).or_else(|_| catalog.find(&modeless));
        let endpoint = found.ok().and_then(|found| {
            let name = catalog.endpoint_name(found.gets);
            self.endpoint(&Request::parse(&name)?)
        });
        let entry = || {
            let mut entries = self.entries.iter();
            entries.find(|(name, _)| names.contains(&name.as_str()))
        };
        endpoint
            .or_else(|| self.endpoint(request))
            .or_else(|| entry().map(|(_, path)| path.clone()))
            .unwrap_or_else(|| self.field())
    }
}
