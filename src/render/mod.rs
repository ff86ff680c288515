//! Reports and findings → bytes. No other layer knows what a terminal is.

mod about;
mod clean;
mod comment;
mod diff;
mod each;
mod endpoint;
mod expand;
mod findings;
mod github;
mod gitlab;
pub mod json;
mod list;
mod markdown;
mod markup;
mod page;
mod recommend;
mod rule;
mod runner;
mod sarif;
mod set;
mod show;
mod snippet;
mod style;
mod table;

pub use clean::{clean, one_line};
pub use comment::comment;
pub use diff::{
    Affected, Comparison, EditionComparison, comparison, comparison_markdown, comparisons_markdown,
    edition_comparison, editions_markdown,
};
pub use endpoint::{TargetQuestion, target, verdict};
pub use expand::expansion;
pub use findings::{Checked, Examples, Fixed, Report, Skip, Summary, files, passed_over};
pub use github::github;
pub use gitlab::gitlab;
pub use list::{Listed, list};
pub use markdown::{catalog_markdown, explanations_markdown};
pub use page::wrapped;
pub use recommend::{RecommendQuestion, Traffic, recommendation};
pub use rule::{rule_markdown, rule_text, rules, rules_markdown};
pub use runner::{Form, without_commands};
pub use sarif::sarif;
pub use set::{SetQuestion, set};
pub use show::{Section, show};
pub use snippet::{short, text};
pub use style::Style;
