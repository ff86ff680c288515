//! `bundle-exceeds-key-type`: a bundle that a type of key can carry in part only.

use crate::finding::{Finding, RuleId};
use crate::lint::phrases::{count, few};
use crate::model::{Catalog, KeyTypeId};
use crate::source::{Date, Path};

pub(crate) fn find(catalog: &Catalog, _: &Date, findings: &mut Vec<Finding>) {
    for bundle in &catalog.bundles {
        let refused = |key_type: KeyTypeId| -> Vec<&str> {
            let scopes = bundle.scopes.iter();
            scopes
                .filter(|id| !catalog.scope(*id).key_types.has(key_type))
                .map(|id| catalog.name(id))
                .collect()
        };
        // A key type that can carry nothing of a bundle is not meant to have it.
        let worst = catalog
            .key_types
            .ids()
            .map(|key_type| (key_type, refused(key_type)))
            .filter(|(_, refused)| !refused.is_empty() && refused.len() < bundle.scopes.len())
            .max_by_key(|(_, refused)| refused.len());
        let Some((key_type, refused)) = worst else {
            continue;
        };
        let key_type = &catalog.key_types[key_type];
        let fate = if key_type.ignores_disallowed {
            "drops them silently"
        } else {
            "refuses the key"
        };
        let message = format!(
            "{} may not carry {} of `{}`, and {} {fate}",
            key_type.with_article(),
            count(refused.len(), "scope"),
            bundle.name,
            catalog.provider
        );
        let place = Path::root().field("bundles").field(&bundle.name).key();
        findings.push(
            Finding::new(RuleId::BundleExceedsKeyType, place, message)
                .list(format!("they are:\n{}", few(&refused)))
                .help("say so in the bundle's `note`, or define a bundle for each key type")
                .scope(&bundle.name),
        );
    }
}
