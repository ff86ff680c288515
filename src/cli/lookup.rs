//! What somebody names: an environment of a catalog or of a key, a key type, an endpoint.

use super::user_error::UserError;
use crate::model::{Catalog, EnvironmentId, Key, KeyEnvironment};
use crate::model::{KeyTypeId, NoRoute, Request};
use crate::source::Path;
use crate::source::Patience;

/// The index of an environment of a catalog; `None` where the catalog names none, so that any name will do.
pub(super) fn environment(catalog: &Catalog, name: &str) -> anyhow::Result<Option<EnvironmentId>> {
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
                UserError::new(format!("{} has no environment `{name}`", catalog.provider))
                    .help(format!("it has: {}", names.join(", ")))
                    .into(),
            )
        }
    }
}

/// The name of an environment that somebody asks for, and how the key's file calls it: otherwise only where the file misspells
/// it. Either does. Fails where neither the key nor, for a key that names no environments, its provider has it.
pub(super) fn both_names(
    key: &Key,
    catalog: &Catalog,
    name: &str,
) -> anyhow::Result<(String, String)> {
    if key.environments.is_empty() {
        environment(catalog, name)?;
        return Ok((name.to_owned(), name.to_owned()));
    }
    let mut environments = key.environments.iter();
    if let Some(found) = environments.find(|one| one.is_called(name)) {
        return Ok((found.name.clone(), found.written_name().to_owned()));
    }
    let names: Vec<&str> = key.environments.iter().map(|one| &*one.name).collect();
    let message = format!("the key `{}` has no environment `{name}`", key.name);
    Err(UserError::new(message)
        .help(format!("it has: {}", names.join(", ")))
        .into())
}

/// A key as it is in one environment alone. A key that names no environments is the same in every one that its
/// provider has.
pub(super) fn in_environment(mut key: Key, catalog: &Catalog, name: &str) -> anyhow::Result<Key> {
    let (name, _) = both_names(&key, catalog, name)?;
    if key.environments.is_empty() {
        key.environments.push(KeyEnvironment {
            index: environment(catalog, &name)?,
            name,
            grants: Vec::new(),
            needs: Vec::new(),
            at: Path::root(),
        });
        return Ok(key);
    }
    key.environments
        .retain(|environment| environment.name == name);
    Ok(key)
}

pub(super) fn key_type(catalog: &Catalog, name: &str) -> anyhow::Result<KeyTypeId> {
    catalog.key_type(name).ok_or_else(|| {
        let names: Vec<&str> = catalog
            .key_types
            .iter()
            .map(|key_type| key_type.name.as_str())
            .collect();
        UserError::new(format!("{} has no key type `{name}`", catalog.provider))
            .help(format!("it has: {}", names.join(", ")))
            .into()
    })
}

/// Why a request reaches no endpoint, and what may have been meant.
pub(super) fn no_endpoint(catalog: &Catalog, request: &Request, why: &NoRoute) -> UserError {
    let provider = &catalog.provider;
    UserError::new(format!(
        "{provider} has no endpoint `{request}`: no-such-endpoint"
    ))
    .help(why.help(catalog, request, &Patience::default()))
}
