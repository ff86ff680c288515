//! The program `scopes`: everything it does is in the library; here it only ends with a status.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(scopes::cli::main(std::env::args_os()))
}
