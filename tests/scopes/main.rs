//! The program as its users meet it: the real binary, its output and its exit status.

#![allow(
    clippy::format_push_string,
    clippy::too_many_lines,
    reason = "a test reads best in one piece"
)]

mod bad_input;
mod baseline;
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
mod gains;
mod guesses;
mod import;
mod laws;
mod layers;
mod least;
mod limits;
mod lint;
mod linter;
mod program;
mod properties;
mod proposal;
mod query;
mod readme;
mod recipes;
mod recommend;
mod rules;
mod screens;
mod status;
mod text;
mod together;
