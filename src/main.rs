//! The program `scopes`: everything is in the library; this only sets the exit status.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(scopes::cli::main(std::env::args_os()))
}
