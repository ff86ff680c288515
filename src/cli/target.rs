//! `-p`, `-e` and `--key-type`: what a question is about, and what these names stand for.

use clap::Args;

use super::lookup::{environment, key_type};
use super::usage::environment_name;
use crate::model::{Catalog, EnvironmentId, Holder, Key, KeyTypeId};

/// The provider, the environment and the type of key that a command answers for, as they are named.
#[derive(Debug, Args)]
pub(super) struct TargetArgs {
    /// The provider, or the path of a catalog
    #[arg(short, long)]
    pub(super) provider: Option<String>,
    /// The environment to answer for
    #[arg(short, long, value_name = "ENV", value_parser = environment_name)]
    pub(super) environment: Option<String>,
    /// The type of key to answer for; without it, any
    #[arg(long, value_name = "TYPE")]
    pub(super) key_type: Option<String>,
}

/// What these names stand for in a catalog; `None` where nothing is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Target {
    /// The environment; `None` also where the catalog has none, so that any name will do.
    pub(super) environment: Option<EnvironmentId>,
    pub(super) key_type: Option<KeyTypeId>,
}

impl TargetArgs {
    /// Looks the names up. Fails where the catalog does not have one.
    pub(super) fn resolve(&self, catalog: &Catalog) -> anyhow::Result<Target> {
        let environment = match &self.environment {
            Some(name) => environment(catalog, name)?,
            None => None,
        };
        Ok(Target {
            environment,
            key_type: self.named_key_type(catalog)?,
        })
    }

    /// The type that a key is judged as: the one that is named, else its own.
    pub(super) fn key_type_of(&self, key: &Key, catalog: &Catalog) -> anyhow::Result<KeyTypeId> {
        Ok(self.named_key_type(catalog)?.unwrap_or(key.key_type))
    }

    fn named_key_type(&self, catalog: &Catalog) -> anyhow::Result<Option<KeyTypeId>> {
        let name = self.key_type.as_deref();
        name.map(|name| key_type(catalog, name)).transpose()
    }
}

impl Target {
    /// The key of each type that is meant.
    pub(super) fn holders(self, catalog: &Catalog) -> Vec<Holder> {
        let all = catalog.key_types.ids();
        let meant = all.filter(|id| self.key_type.is_none_or(|named| named == *id));
        let environment = self.environment;
        meant
            .map(|key_type| Holder {
                key_type,
                environment,
            })
            .collect()
    }
}
