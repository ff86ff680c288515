//! The help and the manual of every command.

use crate::program::{Folder, root, scopes};

/// The subcommands, as the help lists them.
pub(crate) fn commands() -> Vec<String> {
    let help = scopes(&["-h"]).out;
    let (_, rest) = help.split_once("Commands:\n").expect("commands");
    let (list, _) = rest.split_once("\n\n").expect("their end");
    let names = list
        .lines()
        .filter_map(|line| line.split_whitespace().next());
    names
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

/// The words of an example, quotes resolved.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for c in line.chars() {
        let last = words.len() - 1;
        match c {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            c => words[last].push(c),
        }
    }
    words
}

#[test]
fn every_help_ends_with_examples_that_run() {
    let mut tried = 0;
    for command in commands() {
        let help = scopes(&[&command, "--help"]).out;
        let (_, examples) = help
            .split_once("\nExamples:\n")
            .unwrap_or_else(|| panic!("{command}: no examples\n{help}"));
        let lines = examples
            .lines()
            .filter_map(|line| line.strip_prefix("  scopes "));
        let lines: Vec<&str> = lines.collect();
        assert!((2..4).contains(&lines.len()), "{command}: {examples}");
        for line in examples.lines() {
            assert!(line.len() <= 80, "{command}: {line}");
        }
        for line in lines {
            let takes_more = line.contains(['<', '>', '|', '~'])
                || line.starts_with("import")
                // They wait for somebody.
                || line == "init"
                || line.starts_with("lsp")
                || line.contains("--base") && !root().join(".git").exists();
            if takes_more {
                continue;
            }
            let arguments = words(line);
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let run = scopes(&arguments);
            assert!(run.status < 2, "{line}\n{}", run.all());
            assert!(!run.out.is_empty(), "{line}");
            tried += 1;
        }
    }
    assert!(tried > 15, "{tried} examples are too few");
}

#[test]
fn the_manual_has_a_page_for_each_command() {
    let folder = Folder::new("manual");
    for _ in 0..2 {
        let run = folder.scopes(&["man", "man1"]);
        assert_eq!(run.status, 0, "{}", run.all());
    }
    let first = scopes(&["man"]).out;
    assert_eq!(first, folder.read("man1/scopes.1"));
    let mut pages = vec!["scopes".to_owned()];
    pages.extend(commands().iter().map(|name| format!("scopes-{name}")));
    for page in pages {
        let text = folder.read(&format!("man1/{page}.1"));
        for section in [
            "NAME",
            "SYNOPSIS",
            "DESCRIPTION",
            "OPTIONS",
            "EXAMPLES",
            "\"EXIT STATUS\"",
            "FILES",
            "ENVIRONMENT",
        ] {
            let heading = format!("\n.SH {section}\n");
            assert!(text.contains(&heading), "{page}: no {section}\n{text}");
        }
        // A line of ours that begins as a macro does would be one.
        let macros = text.lines().filter(|line| line.starts_with(['.', '\'']));
        for line in macros {
            let name: String = line
                .chars()
                .skip(1)
                .take_while(char::is_ascii_alphabetic)
                .collect();
            let known = [
                "SH", "TP", "TH", "B", "I", "BR", "br", "PP", "RS", "RE", "IP", "nf", "fi", "ie",
                "el", "ds",
            ];
            assert!(known.contains(&name.as_str()), "{page}: {line}");
        }
    }
}

#[test]
fn a_manual_that_cannot_be_written_is_refused() {
    let folder = Folder::new("manual-file");
    folder.write("taken", "");
    let run = folder.scopes(&["man", "taken"]);
    assert_eq!(run.status, 2, "{}", run.all());
    assert!(
        run.err
            .starts_with("error: cannot create the folder `taken`"),
        "{}",
        run.err
    );
}
