//! Which type of key costs least: what a type opens by itself counts as well.
//!
//! Within one type, what it opens without a scope is the same for every set, so it does not matter. Between types it
//! matters most: a token that opens everything needs no scope at all.

use super::{Cost, reach::level};
use crate::model::{Catalog, Effect, EndpointId, Holder, NeedKind, Requirement, Risk};

/// What an answer costs on a type of key, to be compared with other types: unneeded writes and reads first, with those that
/// the type opens by itself, then the other fields of the cost, then whether others than its owner can read the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TypeCost {
    /// Scopes of the answer that cannot be on one key.
    conflicts: u32,
    /// Unneeded writes: at critical risk; at critical or high; all.
    pub writes: [u32; 3],
    /// Unneeded reads: likewise.
    pub reads: [u32; 3],
    /// The answer's own cost without both.
    rest: Cost,
    is_public: bool,
}

impl TypeCost {
    /// The cost of an answer to some needs, `cost` by itself, on the type of a holder.
    pub fn new(catalog: &Catalog, holder: Holder, needs: &[NeedKind], cost: Cost) -> Self {
        let Cost {
            mut writes,
            mut reads,
            ..
        } = cost;
        let needed = catalog.needed_endpoints(needs);
        for index in opened_by_type(catalog, holder) {
            if needed.contains(&index) {
                continue;
            }
            let counts = match catalog.endpoints[index].effect {
                Effect::Write => &mut writes,
                Effect::Read => &mut reads,
            };
            for count in &mut counts[level(risk(catalog, index))..] {
                *count += 1;
            }
        }
        Self {
            conflicts: cost.conflicts,
            writes,
            reads,
            rest: Cost {
                writes: [0; 3],
                reads: [0; 3],
                ..cost
            },
            is_public: catalog.key_types[holder.key_type].public,
        }
    }
}

/// The endpoints that a type of key opens by itself, and not every type does.
pub fn opened_by_type(catalog: &Catalog, holder: Holder) -> Vec<EndpointId> {
    catalog.reach(holder, &catalog.empty_set())
}

/// How risky it is that a type opens an endpoint by itself: the highest risk, on any type, of the scopes that another
/// key would need for it. If no scope is needed, the risk depends on whether it reads or writes.
fn risk(catalog: &Catalog, index: EndpointId) -> Risk {
    let endpoint = &catalog.endpoints[index];
    let scopes = endpoint.auth.requirement().map(Requirement::scopes);
    // A scope's own `risk` is the highest that it has on any key type.
    let risks = scopes
        .into_iter()
        .flatten()
        .map(|id| catalog.scope(id).risk);
    risks.max().unwrap_or(match endpoint.effect {
        Effect::Write => Risk::Medium,
        Effect::Read => Risk::Low,
    })
}
