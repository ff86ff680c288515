//! The table of rules, and one file for each that looks at a judged key. Beside each its page.

mod access_mismatch;
mod broad_bundle;
mod broad_key_type;
mod bundle_exceeds_key_type;
mod combinations;
mod conflicting_scopes;
mod dead_pattern;
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
mod grant_status;
mod key_not_needed;
mod missing_scope;
mod missing_summary;
mod no_needs_declared;
mod over_budget;
mod overlapping_endpoint;
mod overturned_example;
mod places;
mod public_write;
mod read_scope_can_write;
mod redundant_scope;
mod risky_combination;
mod risky_scope;
mod sandbox_only_scope;
mod scope_not_for_key_type;
mod scope_without_endpoint;
mod stale_source;
mod suspicious_all;
mod undeclared_scope;
mod unexplained_risk;
mod unneeded_scope;
mod unproven_scope;
mod unreachable_need;
mod unscoped_catalog;
mod unstated_need;
mod wildcard_scope;

pub(super) use grant_status::GrantReview;

use std::collections::HashSet;

use super::{Find, Rule};
use crate::check::{Judgement, NeedState};
use crate::finding::RuleId;
use crate::model::Need;

/// A rule, its page, and what finds it.
macro_rules! rule {
    ($id:ident, $page:ident, AtLoad) => {
        Rule {
            id: RuleId::$id,
            page: include_str!(concat!(stringify!($page), ".md")),
            find: Find::AtLoad,
        }
    };
    ($id:ident, $module:ident, $find:ident) => {
        Rule {
            id: RuleId::$id,
            page: include_str!(concat!(stringify!($module), ".md")),
            find: Find::$find($module::find),
        }
    };
}

/// Every rule, in the order in which findings at one place are reported: that of [`RuleId::ALL`].
pub static RULES: &[Rule] = &[
    rule!(SyntaxError, syntax_error, AtLoad),
    rule!(UnknownField, unknown_field, AtLoad),
    rule!(MissingField, missing_field, AtLoad),
    rule!(DuplicateField, duplicate_field, AtLoad),
    rule!(WrongType, wrong_type, AtLoad),
    rule!(UnreadableScopes, unreadable_scopes, AtLoad),
    rule!(SecretInFile, secret_in_file, AtLoad),
    rule!(PossibleSecret, possible_secret, AtLoad),
    rule!(UnknownProvider, unknown_provider, AtLoad),
    rule!(UnknownKeyType, unknown_key_type, AtLoad),
    rule!(UnknownEnvironment, unknown_environment, AtLoad),
    rule!(UnknownScope, unknown_scope, AtLoad),
    rule!(UnknownBundle, unknown_bundle, AtLoad),
    rule!(UnknownEndpoint, unknown_endpoint, AtLoad),
    rule!(UnknownRecipe, unknown_recipe, AtLoad),
    rule!(UnknownEvent, unknown_event, AtLoad),
    rule!(KeyNameClash, key_name_clash, AtLoad),
    rule!(MissingScope, missing_scope, InKey),
    rule!(UnreachableNeed, unreachable_need, InKey),
    rule!(NoNeedsDeclared, no_needs_declared, InKey),
    rule!(UnstatedNeed, unstated_need, InKey),
    rule!(KeyNotNeeded, key_not_needed, InKey),
    rule!(DeprecatedEndpoint, deprecated_endpoint, InKey),
    rule!(ScopeNotForKeyType, scope_not_for_key_type, InGrants),
    rule!(SandboxOnlyScope, sandbox_only_scope, InGrants),
    rule!(DuplicateScope, duplicate_scope, InGrants),
    rule!(WildcardScope, wildcard_scope, InGrants),
    rule!(BroadBundle, broad_bundle, InGrants),
    rule!(RedundantScope, redundant_scope, InGrants),
    rule!(UnneededScope, unneeded_scope, InGrants),
    rule!(UnprovenScope, unproven_scope, InGrants),
    rule!(DeprecatedScope, deprecated_scope, InGrants),
    rule!(RiskyScope, risky_scope, InGrants),
    rule!(ReadScopeCanWrite, read_scope_can_write, InGrants),
    rule!(ExposedScope, exposed_scope, InGrants),
    rule!(ForbiddenEndpoint, forbidden_endpoint, InKey),
    rule!(OverBudget, over_budget, InKey),
    rule!(RiskyCombination, risky_combination, InKey),
    rule!(ConflictingScopes, conflicting_scopes, InKey),
    rule!(BroadKeyType, broad_key_type, InKey),
    rule!(EnvironmentDrift, environment_drift, InKey),
    rule!(ExpiredKey, expired_key, InKeyOn),
    rule!(UnusedAllowance, unused_allowance, AtLoad),
    rule!(UnexplainedAllowance, unexplained_allowance, AtLoad),
    rule!(ExpiredAllowance, expired_allowance, AtLoad),
    rule!(DuplicateEndpoint, duplicate_endpoint, AtLoad),
    rule!(UnknownReference, unknown_reference, AtLoad),
    rule!(ImplicationCycle, implication_cycle, AtLoad),
    rule!(MalformedPath, malformed_path, AtLoad),
    rule!(FailedExample, failed_example, InCatalog),
    rule!(AccessMismatch, access_mismatch, InCatalog),
    rule!(DeadPattern, dead_pattern, InCatalog),
    rule!(DeadRequirement, dead_requirement, InCatalog),
    rule!(SuspiciousAll, suspicious_all, InCatalog),
    rule!(UnexplainedRisk, unexplained_risk, InCatalog),
    rule!(UndeclaredScope, undeclared_scope, InCatalog),
    rule!(PublicWrite, public_write, InCatalog),
    rule!(UnscopedCatalog, unscoped_catalog, InCatalog),
    rule!(OverturnedExample, overturned_example, InCatalog),
    rule!(OverlappingEndpoint, overlapping_endpoint, InCatalog),
    rule!(ScopeWithoutEndpoint, scope_without_endpoint, InCatalog),
    rule!(BundleExceedsKeyType, bundle_exceeds_key_type, InCatalog),
    rule!(FlatRisk, flat_risk, InCatalog),
    rule!(MissingSummary, missing_summary, InCatalog),
    rule!(StaleSource, stale_source, InCatalog),
];

// A rule without a row does not compile.
const _: () = {
    assert!(RULES.len() == RuleId::ALL.len());
    let mut at = 0;
    while at < RULES.len() {
        assert!(RULES[at].id as usize == at);
        at += 1;
    }
};

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
