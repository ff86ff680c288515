//! The commands, a file each: its arguments, and what it does with them. None knows another.

pub(super) mod check;
pub(super) mod completions;
pub(super) mod diff;
pub(super) mod expand;
pub(super) mod explain;
pub(super) mod import;
pub(super) mod init;
pub(super) mod lint;
pub(super) mod list;
pub(super) mod lsp;
pub(super) mod man;
pub(super) mod recommend;
pub(super) mod rule;
pub(super) mod schema;
pub(super) mod show;
