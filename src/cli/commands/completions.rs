//! `scopes completions`.

use clap::Args;

use crate::cli::complete::{Shell, registration};
use crate::cli::session::Session;
use crate::cli::status::Status;

#[derive(Debug, Args)]
pub(in crate::cli) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(in crate::cli) fn run(args: &CompletionsArgs, session: &mut Session) -> Status {
    session.out = registration(args.shell);
    Status::Clean
}
