//! The data types for catalogs and keys. They know nothing about files and formats.

mod base;
mod catalog;
mod described;
mod edition;
mod index;
mod key;
mod lookup;
mod names;
mod pattern;
mod policy;
mod query;
mod reach;
mod recipe;
mod requirement;
mod route;
mod set;
mod verdict;

pub use base::Base;
pub(crate) use catalog::CatalogNames;
pub use catalog::{
    Access, Array, ArrayReading, Auth, Bundle, Catalog, CatalogSource, Combination, Conflict,
    Effect, Endpoint, EntryName, Environment, Event, Example, Holder, KeyType, Keyless, Meaning,
    Named, Response, Risk, Scope, Wildcards,
};
pub use described::Described;
pub use edition::Edition;
pub use index::{
    BundleId, ChoiceId, EndpointId, EnvironmentId, EventId, Id, IdRange, Indexed, KeyTypeId,
    ModeId, RecipeId, ScopeId,
};
pub use key::{Allowance, Grant, GrantKind, Key, KeyEnvironment, Need, NeedKind, Never, Retired};
pub use lookup::{NoRoute, Routed, split_url};
pub use names::NameCase;
pub(crate) use names::NameMap;
pub use pattern::{Pattern, glob};
pub use policy::{Baseline, BaselineEntry, Budget, Config, Setting};
pub use query::{Condition, Parameter, Query, parse_query};
pub use recipe::{Branch, Call, Choice, Recipe, Step};
pub(crate) use requirement::minimal;
pub use requirement::{Alternative, MOST_ALTERNATIVES, Requirement, TooWide};
pub use route::{MalformedPath, NotAdded, Request, Routes, Template};
pub use set::{MOST_MASKED, Mask, ScopeSet};
pub use verdict::Verdict;
