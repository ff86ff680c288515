//! `scopes lsp`.

use clap::Args;

use crate::cli::lsp::{Options, serve};
use crate::cli::status::Status;

#[derive(Debug, Args)]
pub(in crate::cli) struct LspArgs {
    /// Accepted because some editors pass it; the server always speaks over standard input and output
    #[arg(long, hide = true)]
    stdio: bool,
}

pub(in crate::cli) fn run(_: &LspArgs, options: Options) -> Status {
    serve(options)
}
