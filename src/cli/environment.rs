//! The environment that somebody names: of a catalog, or of a key.

use super::refusal::Refusal;
use crate::model::{Catalog, Key, KeyEnvironment};
use crate::source::Path;

/// The index of an environment of a catalog; `None` where the catalog names none, so that any name will do.
pub(super) fn environment(catalog: &Catalog, name: &str) -> anyhow::Result<Option<usize>> {
    if catalog.environments.is_empty() {
        return Ok(None);
    }
    match catalog.environment(name) {
        Some(index) => Ok(Some(index)),
        None => {
            let names = catalog
                .environments
                .iter()
                .map(|environment| environment.name.as_str());
            let names: Vec<&str> = names.collect();
            Err(
                Refusal::new(format!("{} has no environment `{name}`", catalog.provider))
                    .help(format!("it has: {}", names.join(", ")))
                    .into(),
            )
        }
    }
}

/// A key as it is in one environment alone. A key that names no environments is the same in every one that its
/// provider has.
pub(super) fn in_environment(mut key: Key, catalog: &Catalog, name: &str) -> anyhow::Result<Key> {
    if key.environments.is_empty() {
        key.environments.push(KeyEnvironment {
            name: name.to_owned(),
            index: environment(catalog, name)?,
            grants: Vec::new(),
            needs: Vec::new(),
            at: Path::root(),
        });
        return Ok(key);
    }
    let names: Vec<String> = key
        .environments
        .iter()
        .map(|environment| environment.name.clone())
        .collect();
    key.environments
        .retain(|environment| environment.name == name);
    if key.environments.is_empty() {
        let message = format!("the key `{}` has no environment `{name}`", key.name);
        return Err(Refusal::new(message)
            .help(format!("it has: {}", names.join(", ")))
            .into());
    }
    Ok(key)
}
