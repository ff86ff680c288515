//! What the answer would be if the provider meant its arrays of scopes otherwise than an import has read them.

use std::sync::OnceLock;

use crate::model::{
    Alternative, Array, Auth, Branch, Catalog, EndpointId, Holder, NeedKind, Requirement, ScopeId,
    ScopeSet,
};
use crate::solve::{Effort, Question, solve_with};

/// The least set under the other reading of arrays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherReading {
    /// How the catalog reads arrays.
    pub reading: Array,
    /// How the other set reads them.
    pub other: Array,
    /// The least set if the arrays of what is needed are read so.
    pub scopes: Vec<ScopeId>,
}

/// The least set for the same question where the arrays of the needed endpoints are read otherwise; `None` where the
/// catalog does not come from a reading, or where the set is the same.
pub(super) fn other_reading(
    catalog: &Catalog,
    holder: Holder,
    needs: &[NeedKind],
    chosen: &ScopeSet,
) -> Option<OtherReading> {
    // Where somebody says how the arrays are meant, there is no other reading.
    let stated = catalog.reading.as_ref();
    let reading = stated.filter(|one| one.because.is_none())?.arrays;
    let other = match reading {
        Array::All => Array::Any,
        Array::Any => Array::All,
    };
    let mut changed = Vec::new();
    let mut needed: Vec<EndpointId> = catalog.needed_endpoints(needs).into_iter().collect();
    needed.sort_unstable();
    for index in needed {
        let Auth::Key(requirement) = &catalog.endpoints[index].auth else {
            continue;
        };
        let read = read_as(requirement, other);
        if read != *requirement {
            changed.push((index, read));
        }
    }
    if changed.is_empty() {
        return None;
    }
    let mut copy = catalog.clone();
    copy.by_scope = OnceLock::new();
    copy.alike = OnceLock::new();
    for (index, requirement) in changed {
        copy.endpoints[index].auth = Auth::Key(requirement);
    }
    for need in needs {
        let NeedKind::Choice(choice) = *need else {
            continue;
        };
        let branches = catalog.choices[choice].branches.iter();
        let branches = branches.map(|branch| Branch::new(&copy, branch.calls.clone()));
        // Too many ways to combine: nothing is said of another reading.
        copy.choices[choice].branches = branches.collect::<Result<_, _>>().ok()?;
    }
    let question = Question {
        holder,
        needs,
        all: needs,
        candidates: None,
        has: None,
    };
    let solution = solve_with(&copy, question, &Effort::default());
    (solution.chosen != *chosen && !solution.is_conflicting()).then(|| OtherReading {
        reading,
        other,
        scopes: solution.chosen.iter().collect(),
    })
}

/// A requirement with its arrays read as all-of or as any-of: an alternative of several scopes becomes one for each, or
/// the alternatives of one scope on the same key types become one.
fn read_as(requirement: &Requirement, reading: Array) -> Requirement {
    let alternatives = requirement.alternatives();
    match reading {
        Array::Any => Requirement::any(alternatives.iter().flat_map(|one| {
            let alone = |scope: &ScopeId| Alternative {
                scopes: vec![*scope],
                key_types: one.key_types,
            };
            match one.scopes.as_slice() {
                [_, _, ..] => one.scopes.iter().map(alone).collect(),
                _ => vec![one.clone()],
            }
        })),
        Array::All => {
            let mut read: Vec<Alternative> = Vec::new();
            let mut joined: Vec<Alternative> = Vec::new();
            for one in alternatives {
                let [scope] = one.scopes.as_slice() else {
                    read.push(one.clone());
                    continue;
                };
                let same = joined
                    .iter_mut()
                    .find(|other| other.key_types == one.key_types);
                match same {
                    Some(same) => same.scopes.push(*scope),
                    None => joined.push(one.clone()),
                }
            }
            read.extend(joined);
            Requirement::any(read)
        }
    }
}
