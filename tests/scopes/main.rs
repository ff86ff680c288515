//! The program as its users meet it: the real binary, its output and its exit status.

#![allow(
    clippy::format_push_string,
    clippy::too_many_lines,
    reason = "a test reads best in one piece"
)]

mod acme;
mod bad_input;
mod baseline;
mod bounds;
mod catalogs;
mod check;
#[cfg(unix)]
mod ci;
mod commands;
mod completions;
mod dice;
mod diff;
mod editions;
mod explain;
mod extends;
mod files;
mod fix;
mod fuzzed;
mod gains;
mod gate;
mod guesses;
mod import;
mod injection;
mod laws;
mod layers;
mod least;
mod library;
mod limits;
mod lint;
mod linter;
mod manual;
mod matching;
mod program;
mod properties;
mod proposal;
mod query;
mod readme;
mod recipes;
mod recommend;
mod rules;
mod screens;
mod secrets;
mod status;
mod text;
mod together;
