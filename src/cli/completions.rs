//! `scopes completions`.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::Cli;
use super::status::Status;
use super::world::World;

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell to write for
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(args: &CompletionsArgs, world: &mut World) -> Status {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "scopes", &mut script);
    world.out = String::from_utf8_lossy(&script).into_owned();
    Status::Clean
}
