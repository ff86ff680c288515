//! `scopes`: what the scopes of an API key open, and whether they are the least that its job needs.
//!
//! The program is a chain of layers, and imports go only towards its start:
//!
//! ```text
//! source → finding → model → load → verbs and lint → render → cli → main
//! ```
//!
//! Three principles: *The data types know nothing about files, the functions nothing about formats, and only `cli`
//! knows the outside world.* A place is a path through a file's fields (`environments.production.scopes[0]`) and
//! becomes a span only when there is something to say about it. A rule is a value: its name, its level, its function.
//!
//! What is deliberately absent: no layer but `cli` reads a file, an environment variable or the clock; no layer but
//! `render` knows what a terminal is; nothing derives the meaning of a scope from its spelling; nothing touches the
//! network.
//!
//! What `scopes check` says of a text, without a file, an option or a stream; [`lint::KeyChecker`] has the steps:
//!
//! ```
//! use std::sync::Arc;
//!
//! use scopes::finding::RuleId;
//! use scopes::lint::{KeyChecker, Policy};
//! use scopes::load::{Unread, load_catalog};
//! use scopes::model::Budget;
//! use scopes::source::{Date, Source, Syntax};
//!
//! let source = |name: &str, text: &str| Source {
//!     name: name.to_owned(),
//!     text: text.to_owned(),
//!     syntax: Syntax::Yaml,
//! };
//! let acme = "provider: acme\nscopes: {read: {}, write: {}}\nendpoints: {GET /a: read, POST /a: write}\n";
//! let acme = load_catalog(&source("acme.yaml", acme)).catalog.map(Arc::new);
//! let acme = acme.expect("a catalog without a fault");
//!
//! let checker: KeyChecker<'_> = KeyChecker {
//!     catalogs: &|_provider| Ok(Arc::clone(&acme)),
//!     others: &|name| Err(Unread::here(name)),
//!     prefixes: &[],
//!     policy: &Policy::on(Date("2026-11-26".to_owned())),
//!     baseline: None,
//!     budget: Budget::default(),
//!     prepare: &|_key, _catalog| Ok(()),
//! };
//! let key = "provider: acme\nname: report\nneeds: {endpoints: [GET /a]}\nscopes: [read, write]\n";
//! let Ok(checked) = checker.check(source("report.yaml", key));
//! assert_eq!(checked.findings[0].rule, RuleId::UnneededScope);
//! assert_eq!(checked.findings[0].message, "no need uses `write`");
//!
//! let Ok(fixed) = checker.fix(source("report.yaml", key), false);
//! assert!(fixed.text.contains("scopes: [read]"));
//! ```
//!
//! In reading order:
//!
//! - [`source`]: text with places. YAML, TOML and JSON into typed values, and every fault with its place.
//! - [`finding`]: what is said about a place.
//! - [`model`]: the data types: a provider's catalog, a requirement, a proposed key, a verdict.
//! - [`load`]: turns files into these types, or into findings that say why not; the built-in catalogs; secrets.
//! - [`explain`], [`check`], [`recommend`], [`solve`], [`diff`]: the verbs, one pure function and one report each.
//! - [`lint`]: the rules, each in a file of its own, and the table of rules.
//! - [`render`]: reports and findings into bytes.
//! - [`cli`]: arguments, files, streams, exit status.

pub mod source;

pub mod finding;

pub mod model;

pub mod load;

pub mod check;
pub mod diff;
pub mod explain;
pub mod recommend;
pub mod solve;

pub mod lint;

pub mod render;

pub mod cli;
