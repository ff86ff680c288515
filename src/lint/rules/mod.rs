//! The table of rules, and one file for each that looks at a judged key.

mod broad_bundle;
mod duplicate_scope;
mod environment_drift;
mod forbidden_endpoint;
mod key_not_needed;
mod missing_scope;
mod no_needs_declared;
mod redundant_scope;
mod scope_not_for_key_type;
mod standing;
mod unneeded_scope;
mod unproven_scope;
mod unreachable_need;
mod unstated_need;
mod wildcard_scope;

use super::Rule;
use crate::check::{Judgement, NeedState};
use crate::finding::Level::{Error, Note, Warning};
use crate::model::Need;

/// Every rule, in the order in which they speak at one place.
pub static RULES: &[Rule] = &[
    found_on_reading("syntax-error", "the file cannot be parsed"),
    found_on_reading("unknown-field", "a field that the format does not have"),
    found_on_reading("missing-field", "a field that must be there and is not"),
    found_on_reading("duplicate-field", "a field that stands twice"),
    found_on_reading("wrong-type", "a value of another type than the field's"),
    found_on_reading(
        "secret-in-file",
        "a key or a token in a file that is shared",
    ),
    found_on_reading("unknown-provider", "no catalog has this name"),
    found_on_reading("unknown-key-type", "the provider has no such key type"),
    found_on_reading(
        "unknown-environment",
        "the provider has no such environment",
    ),
    found_on_reading("unknown-scope", "the provider has no such scope"),
    found_on_reading("unknown-bundle", "the provider has no such bundle"),
    found_on_reading("unknown-endpoint", "the provider has no such endpoint"),
    found_on_reading("unknown-recipe", "the provider has no such recipe"),
    found_on_reading("unknown-event", "the provider has no such event"),
    found_on_reading(
        "unknown-reference",
        "a catalog names something that it does not define",
    ),
    found_on_reading(
        "duplicate-endpoint",
        "two endpoints of a catalog have the same structure",
    ),
    found_on_reading(
        "implication-cycle",
        "a scope implies itself, by way of others",
    ),
    found_on_reading(
        "malformed-path",
        "an endpoint is no method and path template",
    ),
    Rule {
        id: "missing-scope",
        level: Error,
        summary: "a need that the key's scopes do not meet",
        find: Some(missing_scope::find),
    },
    Rule {
        id: "unreachable-need",
        level: Error,
        summary: "a need that no scope could meet",
        find: Some(unreachable_need::find),
    },
    Rule {
        id: "scope-not-for-key-type",
        level: Warning,
        summary: "a scope that this type of key may not carry",
        find: Some(scope_not_for_key_type::find),
    },
    Rule {
        id: "duplicate-scope",
        level: Warning,
        summary: "a scope that is granted twice",
        find: Some(duplicate_scope::find),
    },
    Rule {
        id: "wildcard-scope",
        level: Error,
        summary: "a wildcard in place of scopes",
        find: Some(wildcard_scope::find),
    },
    Rule {
        id: "broad-bundle",
        level: Warning,
        summary: "a bundle that brings more than the needs use",
        find: Some(broad_bundle::find),
    },
    Rule {
        id: "redundant-scope",
        level: Warning,
        summary: "a scope that another grant brings already",
        find: Some(redundant_scope::find),
    },
    Rule {
        id: "unneeded-scope",
        level: Warning,
        summary: "a scope that no need uses",
        find: Some(unneeded_scope::find),
    },
    Rule {
        id: "forbidden-endpoint",
        level: Error,
        summary: "the key reaches what it must never reach",
        find: Some(forbidden_endpoint::find),
    },
    Rule {
        id: "no-needs-declared",
        level: Warning,
        summary: "nothing says what the key is for, so nothing can be judged",
        find: Some(no_needs_declared::find),
    },
    found_on_accepting("unused-allowance", "an allowance that accepts nothing"),
    found_on_accepting(
        "unexplained-allowance",
        "an allowance without a reason or an owner",
    ),
    found_on_accepting("expired-allowance", "an allowance whose last day is past"),
    Rule {
        id: "unstated-need",
        level: Note,
        summary: "the provider does not say what a need takes",
        find: Some(unstated_need::find),
    },
    Rule {
        id: "unproven-scope",
        level: Note,
        summary: "a scope that opens nothing in the catalog, so it cannot be called unneeded",
        find: Some(unproven_scope::find),
    },
    Rule {
        id: "key-not-needed",
        level: Note,
        summary: "a need that takes no key",
        find: Some(key_not_needed::find),
    },
    Rule {
        id: "environment-drift",
        level: Note,
        summary: "production reaches what no other environment can try",
        find: Some(environment_drift::find),
    },
];

/// A rule about the allowances of a file.
const fn found_on_accepting(id: &'static str, summary: &'static str) -> Rule {
    Rule {
        id,
        level: Warning,
        summary,
        find: None,
    }
}

/// A rule whose findings are made while a file is read.
const fn found_on_reading(id: &'static str, summary: &'static str) -> Rule {
    Rule {
        id,
        level: Error,
        summary,
        find: None,
    }
}

/// Every need of the key, once, with how it stands where it exists.
fn each_need(judgement: &Judgement<'_>, mut act: impl FnMut(&Need, &NeedState)) {
    let mut seen = Vec::new();
    for (need, state) in judgement
        .environments
        .iter()
        .flat_map(|judged| &judged.needs)
    {
        if *state != NeedState::Elsewhere && !seen.contains(&(&need.at, need.kind)) {
            seen.push((&need.at, need.kind));
            act(need, state);
        }
    }
}
