//! Reports and findings → bytes. No other layer knows what a terminal is.

mod clean;
mod diff;
mod endpoint;
mod expand;
mod findings;
pub mod json;
mod list;
mod markdown;
mod page;
mod recommend;
mod set;
mod show;
mod snippet;
mod style;
mod table;

pub use clean::clean;
pub use diff::{
    Affected, Comparison, EditionComparison, comparison, comparison_markdown, comparisons_markdown,
    edition_comparison, editions_markdown,
};
pub use endpoint::{EndpointQuestion, endpoint, verdict};
pub use expand::expansion;
pub use findings::{Checked, Summary, summary_line};
pub use list::{Listed, list};
pub use markdown::{catalog_markdown, explanations_markdown};
pub use recommend::{RecommendQuestion, Traffic, recommendation};
pub use set::{SetQuestion, set};
pub use show::{Section, show};
pub use snippet::{short, text};
pub use style::Style;
