//! Text → catalogs, keys and other data types, or findings that say why not.
//!
//! All problems of a file are collected with their places; a faulty part is left out and the rest is still read.

mod allow;
mod baseline;
mod builtin;
mod catalog;
mod config;
mod endpoint_name;
mod file_kind;
mod import;
mod key;
mod layers;
mod masked;
mod raw;
#[cfg(test)]
mod schemas;
mod secret;
mod shape;
mod traffic;
mod write;

pub use baseline::load_baseline;
pub use builtin::{Entry as BuiltinEntry, builtin, builtin_knowing, builtin_names, builtin_text};
pub use catalog::{LoadedCatalog, load_builtin, load_catalog};
pub use config::{load_config, tighten};
pub use file_kind::{
    has_field_of_key, has_foreign_field, looks_like_a_catalog, looks_like_a_key_file,
};
pub use import::{
    Ambiguity, Array, CatalogFile, Damage, Document, Extension, Files, Hint, ImportOptions,
    Imported, OutOfStep, Remarks, import_dropbox, import_github, import_google, import_markdown,
    import_msgraph, import_openapi, import_slack,
};
pub use key::{
    Borrowed, KeyReading, LoadedKey, Others, Places, Unread, declared_identity, declared_provider,
    lender, load_key, load_read_key, redacted,
};
pub use masked::{
    MaskedCatalog, hide_all, mask_catalog, mask_secrets, secret_finding, without_echoes,
};
pub use secret::{
    Grade, Secret, find_certain_secrets, find_secrets, hide_cut_secret, hide_secrets, masked,
};
pub use traffic::{LogFormat, read_har, shape};
