//! What the README says is what the program does.

use crate::program::{Folder, root, scopes};

fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).expect("a README")
}

/// Every block that begins with `$ scopes` shows what the command prints, at 80 columns.
#[test]
fn its_blocks_are_what_the_program_prints() {
    let readme = readme();
    let mut tried = 0;
    for block in readme.split("```console\n").skip(1) {
        let block = block.split("\n```").next().expect("a block");
        let (command, shown) = block.split_once('\n').expect("a command and its output");
        let command = command.strip_prefix("$ scopes ").expect("a command");
        let arguments = split(command);
        let mut arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        arguments.splice(0..0, ["--width", "80"]);
        let run = scopes(&arguments);
        let printed = format!("{}{}", run.out, run.err);
        assert_eq!(printed.trim_end(), shown.trim_end(), "scopes {command}");
        tried += 1;
    }
    assert!(tried >= 3, "the README shows {tried} commands");
}

/// The text of the blocks of a language.
fn blocks<'a>(readme: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    let parts = readme
        .match_indices(&fence)
        .map(|(at, _)| &readme[at + fence.len()..]);
    parts
        .map(|rest| rest.split("\n```").next().expect("a block"))
        .collect()
}

/// Its key files have no finding, and its catalog answers.
#[test]
fn its_files_are_right() {
    let readme = readme();
    let folder = Folder::new("readme-files");
    for (language, name) in [("yaml", "key.yaml"), ("toml", "key.toml")] {
        let keys = blocks(&readme, language)
            .into_iter()
            .filter(|block| block.contains("name"));
        let key = keys
            .into_iter()
            .find(|block| block.starts_with("provider"))
            .expect("a key file");
        folder.write(name, key);
        let run = folder.scopes(&["check", "--fail-on", "note", name]);
        assert_eq!(
            run.out,
            "1 key checked: no findings\n",
            "{name}: {}",
            run.all()
        );
    }
    let catalog = blocks(&readme, "yaml")
        .into_iter()
        .find(|block| block.starts_with("provider: acme"));
    folder.write("acme.yaml", catalog.expect("a catalog"));
    let run = folder.scopes(&[
        "explain",
        "-p",
        "./acme.yaml",
        "reading",
        "GET /orgs/7/repos",
        "--key-type",
        "browser",
    ]);
    assert_eq!(run.status, 0, "{}", run.all());
    assert!(
        run.out
            .starts_with("acme: GET /orgs/{org}/repos is open to this set: allowed\n"),
        "{}",
        run.all()
    );
}

/// Words of a command line, with single quotes.
fn split(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in command.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            _ => words.last_mut().expect("a word").push(c),
        }
    }
    words
}

#[test]
fn it_names_every_command_and_every_dependency() {
    let readme = readme();
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).expect("a manifest");
    let section = |name: &str| {
        let text = manifest
            .split(&format!("[{name}]\n"))
            .nth(1)
            .expect("a section");
        let text = text.split("\n[").next().expect("a section").to_owned();
        text.lines()
            .filter_map(|line| Some(line.split_once(" = ")?.0.to_owned()))
            .collect::<Vec<_>>()
    };
    for dependency in section("dependencies")
        .iter()
        .chain(&section("dev-dependencies"))
    {
        assert!(
            readme.contains(&format!("| `{dependency}` |")),
            "{dependency}"
        );
    }
    let help = scopes(&["--help"]).out;
    let commands = help
        .split("Commands:\n")
        .nth(1)
        .expect("commands")
        .split("\n\n")
        .next()
        .expect("commands");
    for command in commands
        .lines()
        .filter_map(|line| line.split_whitespace().next())
    {
        if command != "help" {
            assert!(readme.contains(&format!("scopes {command}")), "{command}");
        }
    }
}

/// The guide for those who write catalogs: its catalog lints clean, and its screens are what the program prints.
#[test]
fn the_guide_to_catalogs_is_right() {
    let guide = std::fs::read_to_string(root().join("docs/catalogs.md")).expect("the guide");
    let folder = Folder::new("guide");
    let catalog = blocks(&guide, "yaml acme.yaml");
    assert_eq!(catalog.len(), 1);
    folder.write("acme.yaml", format!("{}\n", catalog[0]));
    let lint = folder.scopes(&["lint", "acme.yaml", "--today", "2026-11-22"]);
    assert_eq!(
        lint.out,
        "1 catalog checked: no findings; 4 examples hold\n",
        "{}",
        lint.all()
    );
    let mut tried = 0;
    for block in blocks(&guide, "console") {
        let (command, shown) = block.split_once('\n').expect("a command and its output");
        let arguments = split(command.strip_prefix("$ scopes ").expect("a command"));
        let mut arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        arguments.extend(["--width", "80"]);
        let run = folder.scopes(&arguments);
        assert_eq!(
            format!("{}{}", run.out, run.err).trim_end(),
            shown.trim_end(),
            "{command}"
        );
        tried += 1;
    }
    assert_eq!(tried, 4);
    let corrected = blocks(&guide, "yaml")
        .into_iter()
        .find(|block| block.contains("extends: paxos"));
    folder.write(
        "paxos.yaml",
        format!("{}\n", corrected.expect("a correction")),
    );
    let lint = folder.scopes(&["lint", "paxos.yaml", "--today", "2026-11-22"]);
    assert_eq!(lint.status, 0, "{}", lint.all());
    // Every field of the format is in the guide.
    let raw = std::fs::read_to_string(root().join("src/load/raw.rs")).expect("the format");
    let of_catalogs = raw
        .split("/// A key file.")
        .next()
        .expect("catalogs come first");
    for line in of_catalogs
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub(super) "))
    {
        if let Some((field, _)) = line.split_once(": ") {
            // The requirement of an endpoint stands among its own fields.
            if field == "requirement" {
                continue;
            }
            let named = [format!("`{field}`"), format!("{{ {field}: ")];
            assert!(
                named.iter().any(|name| guide.contains(name)),
                "{field} is not in the guide"
            );
        }
    }
}
