//! The table of rules, and one file for each that looks at a judged key. Beside each its page.

mod access_mismatch;
mod broad_bundle;
mod bundle_exceeds_key_type;
mod combinations;
mod dead_requirement;
mod deprecated_endpoint;
mod deprecated_scope;
mod duplicate_scope;
mod environment_drift;
mod expired_key;
mod exposed_scope;
mod failed_example;
mod flat_risk;
mod forbidden_endpoint;
mod key_not_needed;
mod missing_scope;
mod missing_summary;
mod no_needs_declared;
mod over_budget;
mod overlapping_endpoint;
mod overturned_example;
mod places;
mod read_scope_can_write;
mod redundant_scope;
mod risky_combination;
mod risky_scope;
mod sandbox_only_scope;
mod scope_not_for_key_type;
mod scope_without_endpoint;
mod stale_source;
mod standing;
mod suspicious_all;
mod undeclared_scope;
mod unexplained_risk;
mod unneeded_scope;
mod unproven_scope;
mod unreachable_need;
mod unstated_need;
mod wildcard_scope;

pub(super) use standing::Standings;

use std::collections::HashSet;

use super::Group::{Allowances, Catalogs, File, Grants, Limits, Names, Needs};
use super::{Find, Group, Rule};
use crate::check::{Judgement, NeedState};
use crate::finding::Level::{self, Error, Note, Warning};
use crate::model::Need;

/// A rule with a file and a page of its own, and what the function in that file looks at.
macro_rules! rule {
    ($find:ident, $id:literal, $group:ident, $level:ident, $module:ident) => {
        Rule {
            id: $id,
            group: $group,
            level: $level,
            page: include_str!(concat!(stringify!($module), ".md")),
            find: Find::$find($module::find),
        }
    };
}

/// Every rule, in the order in which they speak at one place.
pub static RULES: &[Rule] = &[
    told("syntax-error", File, Error, include_str!("syntax_error.md")),
    told(
        "unknown-field",
        File,
        Error,
        include_str!("unknown_field.md"),
    ),
    told(
        "missing-field",
        File,
        Error,
        include_str!("missing_field.md"),
    ),
    told(
        "duplicate-field",
        File,
        Error,
        include_str!("duplicate_field.md"),
    ),
    told("wrong-type", File, Error, include_str!("wrong_type.md")),
    told(
        "secret-in-file",
        File,
        Error,
        include_str!("secret_in_file.md"),
    ),
    told(
        "possible-secret",
        File,
        Warning,
        include_str!("possible_secret.md"),
    ),
    told(
        "unknown-provider",
        Names,
        Error,
        include_str!("unknown_provider.md"),
    ),
    told(
        "unknown-key-type",
        Names,
        Error,
        include_str!("unknown_key_type.md"),
    ),
    told(
        "unknown-environment",
        Names,
        Error,
        include_str!("unknown_environment.md"),
    ),
    told(
        "unknown-scope",
        Names,
        Error,
        include_str!("unknown_scope.md"),
    ),
    told(
        "unknown-bundle",
        Names,
        Error,
        include_str!("unknown_bundle.md"),
    ),
    told(
        "unknown-endpoint",
        Names,
        Error,
        include_str!("unknown_endpoint.md"),
    ),
    told(
        "unknown-recipe",
        Names,
        Error,
        include_str!("unknown_recipe.md"),
    ),
    told(
        "unknown-event",
        Names,
        Error,
        include_str!("unknown_event.md"),
    ),
    told(
        "key-name-clash",
        Names,
        Error,
        include_str!("key_name_clash.md"),
    ),
    rule!(InKey, "missing-scope", Needs, Error, missing_scope),
    rule!(InKey, "unreachable-need", Needs, Error, unreachable_need),
    rule!(
        InKey,
        "no-needs-declared",
        Needs,
        Warning,
        no_needs_declared
    ),
    rule!(InKey, "unstated-need", Needs, Note, unstated_need),
    rule!(InKey, "key-not-needed", Needs, Note, key_not_needed),
    rule!(
        InKey,
        "deprecated-endpoint",
        Needs,
        Note,
        deprecated_endpoint
    ),
    rule!(
        InGrants,
        "scope-not-for-key-type",
        Grants,
        Warning,
        scope_not_for_key_type
    ),
    rule!(
        InGrants,
        "sandbox-only-scope",
        Grants,
        Warning,
        sandbox_only_scope
    ),
    rule!(
        InGrants,
        "duplicate-scope",
        Grants,
        Warning,
        duplicate_scope
    ),
    rule!(InGrants, "wildcard-scope", Grants, Error, wildcard_scope),
    rule!(InGrants, "broad-bundle", Grants, Warning, broad_bundle),
    rule!(
        InGrants,
        "redundant-scope",
        Grants,
        Warning,
        redundant_scope
    ),
    rule!(InGrants, "unneeded-scope", Grants, Warning, unneeded_scope),
    rule!(InGrants, "unproven-scope", Grants, Note, unproven_scope),
    rule!(
        InGrants,
        "deprecated-scope",
        Grants,
        Warning,
        deprecated_scope
    ),
    rule!(InGrants, "risky-scope", Grants, Warning, risky_scope),
    rule!(
        InGrants,
        "read-scope-can-write",
        Grants,
        Note,
        read_scope_can_write
    ),
    rule!(InGrants, "exposed-scope", Limits, Error, exposed_scope),
    rule!(
        InKey,
        "forbidden-endpoint",
        Limits,
        Error,
        forbidden_endpoint
    ),
    rule!(InKey, "over-budget", Limits, Error, over_budget),
    rule!(
        InKey,
        "risky-combination",
        Limits,
        Warning,
        risky_combination
    ),
    rule!(InKey, "environment-drift", Limits, Note, environment_drift),
    rule!(InKeyOn, "expired-key", Limits, Error, expired_key),
    told(
        "unused-allowance",
        Allowances,
        Warning,
        include_str!("unused_allowance.md"),
    ),
    told(
        "unexplained-allowance",
        Allowances,
        Warning,
        include_str!("unexplained_allowance.md"),
    ),
    told(
        "expired-allowance",
        Allowances,
        Warning,
        include_str!("expired_allowance.md"),
    ),
    told(
        "duplicate-endpoint",
        Catalogs,
        Error,
        include_str!("duplicate_endpoint.md"),
    ),
    told(
        "unknown-reference",
        Catalogs,
        Error,
        include_str!("unknown_reference.md"),
    ),
    told(
        "implication-cycle",
        Catalogs,
        Error,
        include_str!("implication_cycle.md"),
    ),
    told(
        "malformed-path",
        Catalogs,
        Error,
        include_str!("malformed_path.md"),
    ),
    rule!(InCatalog, "failed-example", Catalogs, Error, failed_example),
    rule!(
        InCatalog,
        "access-mismatch",
        Catalogs,
        Warning,
        access_mismatch
    ),
    rule!(
        InCatalog,
        "dead-requirement",
        Catalogs,
        Warning,
        dead_requirement
    ),
    rule!(
        InCatalog,
        "suspicious-all",
        Catalogs,
        Warning,
        suspicious_all
    ),
    rule!(
        InCatalog,
        "unexplained-risk",
        Catalogs,
        Warning,
        unexplained_risk
    ),
    rule!(
        InCatalog,
        "undeclared-scope",
        Catalogs,
        Warning,
        undeclared_scope
    ),
    rule!(
        InCatalog,
        "overturned-example",
        Catalogs,
        Note,
        overturned_example
    ),
    rule!(
        InCatalog,
        "overlapping-endpoint",
        Catalogs,
        Note,
        overlapping_endpoint
    ),
    rule!(
        InCatalog,
        "scope-without-endpoint",
        Catalogs,
        Note,
        scope_without_endpoint
    ),
    rule!(
        InCatalog,
        "bundle-exceeds-key-type",
        Catalogs,
        Note,
        bundle_exceeds_key_type
    ),
    rule!(InCatalog, "flat-risk", Catalogs, Note, flat_risk),
    rule!(
        InCatalog,
        "missing-summary",
        Catalogs,
        Note,
        missing_summary
    ),
    rule!(InCatalog, "stale-source", Catalogs, Note, stale_source),
];

/// A rule whose findings are made while files are read or findings accepted.
const fn told(id: &'static str, group: Group, level: Level, page: &'static str) -> Rule {
    Rule {
        id,
        group,
        level,
        page,
        find: Find::Elsewhere,
    }
}

/// Every need of the key, once, with how it stands where it exists.
fn each_need(judgement: &Judgement<'_>, mut act: impl FnMut(&Need, &NeedState)) {
    let mut seen = HashSet::new();
    for (need, state) in judgement
        .environments
        .iter()
        .flat_map(|judged| &judged.needs)
    {
        if *state != NeedState::Elsewhere && seen.insert((&need.at, need.kind)) {
            act(need, state);
        }
    }
}
