//! What a key is needed for, as a command line names it: `--endpoint`, `--recipe`, `--event`, `--log`.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::catalogs::Catalogs;
use super::lookup::no_endpoint;
use super::user_error::UserError;
use crate::model::{Catalog, NeedKind, Request};
use crate::recommend::Wanted;
use crate::source::nearest;

#[derive(Debug, Default, Args)]
pub(super) struct NeedArgs {
    /// An endpoint that the key must call, as 'METHOD /path'; can be repeated
    #[arg(long, value_name = "E")]
    pub(super) endpoint: Vec<String>,
    /// A recipe of the catalog; can be repeated
    #[arg(long, value_name = "R")]
    pub(super) recipe: Vec<String>,
    /// A webhook event to subscribe to; can be repeated
    #[arg(long, value_name = "V")]
    pub(super) event: Vec<String>,
    /// A log of requests that must keep working; can be repeated
    #[arg(long, value_name = "FILE")]
    pub(super) log: Vec<PathBuf>,
}

/// What the options of a command line ask for.
#[derive(Default)]
pub(super) struct Asked {
    pub(super) wanted: Vec<Wanted>,
    /// The errors for unknown endpoints.
    pub(super) unknown: Vec<UserError>,
    /// The endpoints that are named with a query that no mode states.
    pub(super) dropped_queries: Vec<String>,
}

impl NeedArgs {
    /// Whether a name is among them, which tells the provider.
    pub(super) fn has_names(&self) -> bool {
        let named = [&self.endpoint, &self.recipe, &self.event];
        named.iter().any(|names| !names.is_empty())
    }

    /// The endpoints, recipes and events that are named, in a catalog. Fails where a name is none.
    pub(super) fn asked(&self, catalog: &Catalog) -> anyhow::Result<Asked> {
        let Asked {
            mut wanted,
            mut unknown,
            mut dropped_queries,
        } = Asked::default();
        for text in &self.endpoint {
            let Some(request) = catalog.request(text) else {
                return Err(UserError::new(format!("`{text}` is not a valid endpoint"))
                    .help("an endpoint is 'METHOD /path', for example 'GET /users/{id}'")
                    .into());
            };
            let found = match catalog.find(&request) {
                Ok(found) => found,
                Err(why) => {
                    unknown.push(no_endpoint(catalog, &request, &why));
                    continue;
                }
            };
            if found.drops_query {
                dropped_queries.push(catalog.endpoint_name(found.gets));
            }
            wanted.push(Wanted {
                kind: NeedKind::Endpoint(found.gets),
                recipe: None,
                inferred: false,
                default_mode: found.takes_default(),
            });
        }
        for name in &self.recipe {
            let known = || catalog.recipes.iter().map(|recipe| recipe.name.as_str());
            let index = catalog
                .recipe(name)
                .ok_or_else(|| nothing_like(catalog, "recipe", name, known()))?;
            wanted.extend(catalog.recipes[index].needs().map(|kind| Wanted {
                kind,
                recipe: Some(index),
                inferred: catalog.is_inferred(Some(index), kind),
                default_mode: false,
            }));
        }
        for name in &self.event {
            let known = || catalog.events.iter().map(|event| event.name.as_str());
            let index = catalog
                .event(name)
                .ok_or_else(|| nothing_like(catalog, "event", name, known()))?;
            wanted.push(Wanted {
                kind: NeedKind::Event(index),
                recipe: None,
                inferred: false,
                default_mode: false,
            });
        }
        Ok(Asked {
            wanted,
            unknown,
            dropped_queries,
        })
    }

    /// The one catalog that has everything that is asked for.
    pub(super) fn infer(&self, catalogs: &Catalogs) -> anyhow::Result<Arc<Catalog>> {
        if self.endpoint.is_empty() && self.recipe.is_empty() && self.event.is_empty() {
            return Err(UserError::new("no provider given")
                .help("name one: -p PROVIDER")
                .into());
        }
        let knows = |catalog: &Arc<Catalog>| {
            self.asked(catalog)
                .is_ok_and(|asked| asked.unknown.is_empty())
        };
        // What one of the needs names is enough to leave most catalogs out.
        let named = self.recipe.iter().chain(&self.event).map(String::as_str);
        let targets: Vec<Request> = self
            .endpoint
            .iter()
            .filter_map(|one| Request::parse(one))
            .collect();
        let targets = targets.iter().map(|request| request.target.as_str());
        let operations = self.endpoint.iter();
        let operations =
            operations.flat_map(|one| std::iter::once(one.as_str()).chain(one.split(' ')));
        let knowing = catalogs.knowing(named.chain(operations), targets);
        let knowing: Vec<Arc<Catalog>> = knowing.into_iter().filter(knows).collect();
        match knowing.as_slice() {
            [one] => Ok(Arc::clone(one)),
            [] => Err(UserError::new("no catalog has all of these")
                .help("name the provider: -p PROVIDER")
                .into()),
            several => {
                let providers: Vec<&str> = several
                    .iter()
                    .map(|catalog| catalog.provider.as_str())
                    .collect();
                Err(UserError::new(format!(
                    "ambiguous provider: {} have all of these",
                    providers.join(" and ")
                ))
                .help(format!("choose one: -p {}", providers[0]))
                .into())
            }
        }
    }
}

fn nothing_like<'a>(
    catalog: &Catalog,
    what: &str,
    name: &str,
    known: impl Iterator<Item = &'a str>,
) -> UserError {
    let known: Vec<&str> = known.collect();
    let refusal = UserError::new(format!("{} has no {what} `{name}`", catalog.provider));
    match (
        nearest(name, known.iter().copied()).first(),
        known.as_slice(),
    ) {
        (Some(best), _) => refusal.help(format!("did you mean `{best}`?")),
        (None, []) => refusal.help(format!("it has no {what} at all")),
        (None, known) => refusal.help(format!("it has: {}", known.join(", "))),
    }
}
