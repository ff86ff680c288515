//! The completion scripts in the repository are the ones that the program writes.

use crate::program::{root, scopes};

#[test]
fn the_scripts_are_in_step() {
    for (shell, file) in [
        ("bash", "scopes.bash"),
        ("zsh", "_scopes"),
        ("fish", "scopes.fish"),
        ("powershell", "_scopes.ps1"),
        ("elvish", "scopes.elv"),
    ] {
        let run = scopes(&["completions", shell]);
        assert_eq!(run.status, 0);
        let committed =
            std::fs::read_to_string(root().join("completions").join(file)).unwrap_or_default();
        assert!(
            committed == run.out,
            "write it again: scopes completions {shell} > completions/{file}"
        );
    }
}
