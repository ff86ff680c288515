//! The program as its users meet it: the real binary, its output and its exit status.

#![allow(
    clippy::format_push_string,
    clippy::too_many_lines,
    reason = "a test reads best in one piece"
)]

mod acme;
mod adoption;
mod bad_input;
mod baseline;
mod borrowed;
mod bounds;
mod catalogs;
mod check;
mod check_files;
#[cfg(unix)]
mod ci;
mod commands;
mod completions;
mod config;
mod conflicts;
mod dice;
mod diff;
mod editions;
mod explain;
mod extends;
mod files;
mod fix;
mod formats;
mod fuzzed;
mod gains;
mod gate;
mod generated;
mod guesses;
mod import;
mod import_kinds;
mod import_pages;
mod import_reference;
mod init;
mod injection;
mod laws;
mod layers;
mod least;
mod library;
mod limits;
mod lint;
mod lsp;
mod manual;
mod matching;
mod names;
mod program;
mod properties;
mod proposal;
mod query;
mod readme;
mod recipes;
mod recommend;
mod routes;
mod rules;
mod schema;
mod screens;
mod secrets;
mod since;
mod status;
mod text;
mod together;
