//! Reports and findings → bytes: a folder for each report, a file in it for each format. No other layer knows what a terminal is.

mod about;
pub mod catalog;
mod clean;
pub mod difference;
pub mod explanation;
pub mod findings;
pub mod hover;
pub mod import;
mod json;
mod markup;
mod page;
pub mod recommendation;
pub mod rule;
mod runner;
pub mod schema;
mod style;
mod table;

pub use about::unreviewed;
pub use clean::{clean, one_line};
pub use page::{folded_lines, wrapped};
pub use runner::{Form, without_commands};
pub use style::{Style, columns, with_painted_leads};
