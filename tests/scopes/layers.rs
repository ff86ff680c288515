//! Imports go only towards the start of the chain of layers.

use std::collections::BTreeSet;
use std::path::Path;

use crate::program::root;

/// The layers in order; verbs stand side by side.
const LAYERS: [&[&str]; 7] = [
    &["source"],
    &["finding"],
    &["model"],
    &["load"],
    &["explain", "check", "diff", "recommend", "solve", "lint"],
    &["render"],
    &["cli"],
];

fn layer(name: &str) -> usize {
    LAYERS
        .iter()
        .position(|layer| layer.contains(&name))
        .unwrap_or_else(|| panic!("`{name}` is in no layer: add it to the list"))
}

fn visit(path: &Path, top: &str, seen: &mut usize) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).expect("a folder") {
            visit(&entry.expect("an entry").path(), top, seen);
        }
        return;
    }
    if path.extension().is_none_or(|extension| extension != "rs") {
        return;
    }
    let text = std::fs::read_to_string(path).expect("a file");
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        let name: String = rest
            .chars()
            .take_while(|c| c.is_ascii_lowercase() || *c == '_')
            .collect();
        assert!(
            layer(&name) <= layer(top),
            "{}: `{top}` imports `{name}`",
            path.display()
        );
        *seen += 1;
    }
}

#[test]
fn imports_go_only_left() {
    let mut seen = 0;
    for entry in std::fs::read_dir(root().join("src")).expect("src") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if name != "lib" && name != "main" {
            visit(&path, &name, &mut seen);
        }
    }
    assert!(
        seen > 50,
        "only {seen} imports were seen: is the test looking at the right place?"
    );
}

/// Only `cli` knows files, the environment and the clock.
#[test]
fn only_cli_knows_the_world() {
    for entry in std::fs::read_dir(root().join("src")).expect("src") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        if name != "cli" && name != "main" {
            forbid(&path);
        }
    }
}

fn forbid(path: &Path) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).expect("a folder") {
            forbid(&entry.expect("an entry").path());
        }
    } else if path.extension().is_some_and(|extension| extension == "rs") {
        let text = std::fs::read_to_string(path).expect("a file");
        for word in [
            "std::fs",
            "std::env",
            "std::net",
            "std::process",
            "stdin(",
            "stdout(",
            "stderr(",
            "SystemTime",
            "clap",
            "anyhow",
        ] {
            assert!(!text.contains(word), "{}: {word}", path.display());
        }
    }
}

/// A rule is told apart by its type: its name is text in one place, where it is read and written.
#[test]
fn no_rule_is_named_by_a_text() {
    // A verdict has the name of the rule that finds it.
    let verdicts = ["model/verdict.rs"];
    for (name, text) in sources() {
        if name == "finding/rule.rs" || verdicts.contains(&name.as_str()) {
            continue;
        }
        for rule in scopes::finding::RuleId::ALL {
            let literal = format!("\"{rule}\"");
            assert!(!text.contains(&literal), "{name}: {literal}");
        }
    }
}

/// Every file of the program, with its name below `src`.
fn sources() -> Vec<(String, String)> {
    fn gather(folder: &Path, all: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                gather(&path, all);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root().join("src")).expect("below src");
                let name = name.to_string_lossy().replace('\\', "/");
                all.push((name, std::fs::read_to_string(&path).expect("a file")));
            }
        }
    }
    let mut all = Vec::new();
    gather(&root().join("src"), &mut all);
    all
}

/// A command is told from another by its file: what two need stands in a room of the command line that both may enter.
#[test]
fn no_command_imports_a_command() {
    let files = sources();
    let names = files
        .iter()
        .filter_map(|(name, _)| name.strip_prefix("cli/commands/"));
    let rooms: BTreeSet<&str> = names
        .filter_map(|name| name.split(['/', '.']).next())
        .collect();
    let rooms: Vec<&str> = rooms.into_iter().filter(|room| *room != "mod").collect();
    assert!(rooms.len() > 11, "{rooms:?}");
    apart("cli/commands/", "crate::cli::commands::", &rooms);
}

/// A report is written in its own folder: what two need is part of the pen.
#[test]
fn no_report_imports_a_report() {
    let reports = [
        "catalog",
        "difference",
        "explanation",
        "findings",
        "import",
        "recommendation",
        "rule",
    ];
    apart("render/", "crate::render::", &reports);
}

fn apart(folder: &str, path: &str, rooms: &[&str]) {
    let files: Vec<(String, String)> = sources();
    for room in rooms {
        let own: Vec<_> = files
            .iter()
            .filter_map(|(name, text)| Some((name.strip_prefix(folder)?, text)))
            .filter(|(name, _)| name.split(['/', '.']).next() == Some(room))
            .collect();
        assert!(!own.is_empty(), "there is no `{folder}{room}`");
        for (name, text) in own {
            for other in rooms.iter().filter(|other| *other != room) {
                for import in [format!("{path}{other}::"), format!("use {path}{other};")] {
                    assert!(!text.contains(&import), "{folder}{name} imports `{other}`");
                }
            }
        }
    }
}
