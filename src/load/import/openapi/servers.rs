//! Where the API stands: base addresses, those of a sandbox apart from those of production.

use super::Reader;
use crate::load::import::is_base;
use crate::load::raw::RawEnvironment;
use crate::source::{Names, Node};

impl Reader<'_> {
    /// Where the API stands: base addresses, those of a sandbox apart from those of production.
    pub(super) fn servers(&mut self, tree: &Node) {
        let mut found: Vec<(String, String)> = Vec::new();
        for server in tree
            .get("servers")
            .and_then(Node::items)
            .unwrap_or_default()
        {
            let Some(mut url) = server.get("url").and_then(Node::scalar) else {
                continue;
            };
            for (name, _, variable) in server
                .get("variables")
                .map(Node::entries)
                .unwrap_or_default()
            {
                if let Some(default) = variable.get("default").and_then(Node::scalar) {
                    url = url.replace(&format!("{{{name}}}"), &default);
                }
            }
            let description = server.get("description").and_then(Node::scalar);
            found.push((url, description.unwrap_or_default()));
        }
        let of_root = |name: &str| tree.get(name).and_then(Node::scalar);
        if found.is_empty() && (of_root("host").is_some() || of_root("basePath").is_some()) {
            let base = of_root("basePath").unwrap_or_default();
            let schemes = tree
                .get("schemes")
                .and_then(Node::items)
                .unwrap_or_default();
            let first = schemes.iter().find_map(Node::scalar);
            let scheme = if schemes
                .iter()
                .any(|one| one.scalar().as_deref() == Some("https"))
            {
                "https".to_owned()
            } else {
                first.unwrap_or_else(|| "https".to_owned())
            };
            let url = match of_root("host") {
                Some(host) => format!("{scheme}://{host}{base}"),
                None => base,
            };
            found.push((url, String::new()));
        }
        for (url, description) in found {
            let url = url.split(['?', '#']).next().unwrap_or_default();
            let url = url.trim_end_matches('/').to_owned();
            let is_local = ["localhost", "127.0.0.1"]
                .iter()
                .any(|host| url.contains(host));
            if !is_base(&url) || is_local {
                continue;
            }
            let name = environment_of(&url, &description);
            let known = self
                .draft
                .environments
                .iter()
                .position(|(other, _)| *other == name);
            let index = known.unwrap_or_else(|| {
                let environment = RawEnvironment {
                    production: name == PRODUCTION,
                    base: Some(Names::default()),
                };
                self.draft.environments.push((name.to_owned(), environment));
                self.draft.environments.len() - 1
            });
            let bases = self.draft.environments[index]
                .1
                .base
                .get_or_insert_default();
            if !bases.0.contains(&url) {
                bases.0.push(url);
            }
        }
        self.draft
            .environments
            .sort_by_key(|(name, _)| (name == PRODUCTION, name.clone()));
    }
}

const PRODUCTION: &str = "production";

/// What a server is for, by its address and its description.
fn environment_of(url: &str, description: &str) -> &'static str {
    let text = format!("{url} {description}").to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    let has = |word: &str| words.contains(&word);
    if text.contains("sandbox") {
        "sandbox"
    } else if has("staging") || has("stage") {
        "staging"
    } else if has("test") || has("testing") || has("uat") {
        "test"
    } else if has("development") || has("dev") {
        "development"
    } else if has("demo") {
        "demo"
    } else {
        PRODUCTION
    }
}
