//! The names of a catalog with a few words on each, for whatever offers them: shells, editors, schemas.

use super::catalog::{Catalog, Wildcards};

/// A name, and what it stands for in a few words; empty if the catalog does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// The name, as a file or a command line has it.
    pub name: String,
    /// What it stands for: the catalog's words, untrusted.
    pub help: String,
}

impl Described {
    fn new(name: &str, help: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            help: help.into(),
        }
    }
}

impl Catalog {
    /// Its scopes, with their summaries and risks.
    pub fn described_scopes(&self) -> Vec<Described> {
        let scopes = self.scopes.iter();
        scopes
            .map(|scope| {
                let risk = format!("{} risk", scope.risk);
                let said = match &scope.summary {
                    Some(summary) => format!("{summary} ({risk})"),
                    None => risk,
                };
                let before = if scope.deprecated { "deprecated: " } else { "" };
                Described::new(&scope.name, format!("{before}{said}"))
            })
            .collect()
    }

    /// Its bundles.
    pub fn described_bundles(&self) -> Vec<Described> {
        let bundles = self.bundles.iter();
        bundles
            .map(|one| Described::new(&one.name, one.summary.as_deref().unwrap_or("a bundle")))
            .collect()
    }

    /// The names that it accepts in place of scopes; none where any pattern will do.
    pub fn described_wildcards(&self) -> Vec<Described> {
        match &self.wildcards {
            Wildcards::Glob => Vec::new(),
            Wildcards::Named(named) => named
                .iter()
                .map(|(name, _)| Described::new(name, "a wildcard"))
                .collect(),
        }
    }

    /// Its events.
    pub fn described_events(&self) -> Vec<Described> {
        let events = self.events.iter();
        events
            .map(|one| Described::new(&one.name, "an event"))
            .collect()
    }

    /// Its recipes.
    pub fn described_recipes(&self) -> Vec<Described> {
        let recipes = self.recipes.iter();
        recipes
            .map(|one| Described::new(&one.name, one.summary.clone().unwrap_or_default()))
            .collect()
    }

    /// Its key types.
    pub fn described_key_types(&self) -> Vec<Described> {
        let types = self.key_types.iter();
        types
            .map(|one| Described::new(&one.name, one.note.clone().unwrap_or_default()))
            .collect()
    }

    /// Its environments.
    pub fn described_environments(&self) -> Vec<Described> {
        let environments = self.environments.iter();
        environments
            .map(|one| Described::new(&one.name, if one.production { "production" } else { "" }))
            .collect()
    }

    /// Its endpoints, a mode each.
    pub fn described_endpoints(&self) -> Vec<Described> {
        let all = self.endpoints.ids();
        all.map(|id| {
            let summary = self.endpoints[id].summary.clone();
            Described::new(&self.endpoint_name(id), summary.unwrap_or_default())
        })
        .collect()
    }

    /// The names by which SDKs and manifests call endpoints, each with its endpoint.
    pub fn described_calls(&self) -> Vec<Described> {
        let calls = self.calls.iter();
        calls
            .map(|(name, endpoint)| Described::new(name, self.endpoint_name(*endpoint)))
            .collect()
    }
}
