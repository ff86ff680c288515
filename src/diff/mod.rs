//! What changed, in endpoints: two keys, two environments of one key, two sets, two editions of a catalog.

mod affected;
mod editions;
mod sets;

pub use affected::{Affected, affected};
pub use editions::{Change, Editions, MeaningChange, editions};
pub use sets::{
    Difference, EventReachChange, Gain, LeftOut, ReachChange, Side, diff, reach_change_risk,
};
