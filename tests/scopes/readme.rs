//! What the README says is what the program does.

use crate::program::{Folder, root, scopes};

pub(crate) fn readme() -> String {
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

/// The block of a language that begins with a text.
pub(crate) fn block<'a>(readme: &'a str, language: &str, start: &str) -> &'a str {
    let found = blocks(readme, language)
        .into_iter()
        .find(|block| block.starts_with(start));
    found.unwrap_or_else(|| panic!("no {language} that begins with {start}"))
}

/// A day on which somebody copies what the README shows.
const TODAY: [&str; 2] = ["--today", "2026-11-26"];

/// The files of the README, as they are, in one repository: two keys, a catalog, scopes.toml.
fn repository(name: &str) -> Folder {
    let readme = readme();
    let folder = Folder::new(name);
    for (language, start, file) in [
        ("yaml", "provider: paxos", "keys/treasury.yaml"),
        ("toml", "provider", "keys/shop.toml"),
        ("yaml", "provider: acme", "catalogs/acme.yaml"),
        ("toml", "keys ", "scopes.toml"),
    ] {
        folder.write(file, format!("{}\n", block(&readme, language, start)));
    }
    folder.git(&["init", "-q"]);
    folder
}

#[test]
fn its_files_pass_together() {
    let folder = repository("readme-files");
    let note = ["--fail-on", "note"];
    let check = folder.scopes(&[&["check"][..], &TODAY, &note].concat());
    assert_eq!(
        check.out,
        "2 keys checked: no findings; 1 accepted until 2027-10-31\n",
        "{}",
        check.all()
    );
    let lint = folder.scopes(&[&["lint"][..], &TODAY, &note].concat());
    assert!(
        lint.out.starts_with("1 catalog checked: no findings"),
        "{}",
        lint.all()
    );
    let run = folder.scopes(&[
        "explain",
        "-p",
        "acme",
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
    // What is copied some months later passes too.
    let later = folder.scopes(&["check", "--today", "2027-09-30"]);
    assert_eq!(later.status, 0, "{}", later.all());
}

/// The two commands that adopt an old repository, with and without the README's scopes.toml and its line on the baseline.
#[test]
fn its_baseline_accepts_what_is_there() {
    let readme = readme();
    let lines = block(&readme, "sh", "scopes check keys --write-baseline");
    let folder = repository("readme-baseline");
    let old = "provider: paxos\nname: old\nneeds:\n  endpoints:\n    - GET /profiles\n\
               scopes: [funding:read_profile, transfer:read_transfer]\n";
    folder.write("keys/old.yaml", old);
    let check = folder.scopes(&[&["check"][..], &TODAY].concat());
    assert_eq!(check.status, 1, "{}", check.all());
    for line in lines.lines() {
        let arguments = split(line.strip_prefix("scopes ").expect("a command"));
        let mut arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        arguments.extend(TODAY);
        let run = folder.scopes(&arguments);
        assert_eq!(run.status, 0, "{line}: {}", run.all());
    }
    let settings = folder.read("scopes.toml");
    let with_baseline = settings.replace("# baseline = ", "baseline = ");
    assert_ne!(settings, with_baseline);
    folder.write("scopes.toml", with_baseline);
    for command in ["check", "lint"] {
        let run = folder.scopes(&[&[command][..], &TODAY].concat());
        assert_eq!(run.status, 0, "{command}: {}", run.all());
    }
}

/// Runs the lines of a block in a folder that is the home as well.
#[cfg(unix)]
fn run_lines(folder: &Folder, lines: &str) {
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_scopes"));
    let mut path = binary.parent().expect("a folder").as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let output = std::process::Command::new("sh")
        .args(["-ec", lines])
        .current_dir(folder.path(""))
        .env_clear()
        .env("LANG", "C.UTF-8")
        .env("PATH", path)
        .env("HOME", folder.path(""))
        .output()
        .expect("sh runs");
    assert!(
        output.status.success(),
        "{lines}\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[cfg(unix)]
#[test]
fn its_first_key_passes() {
    let readme = readme();
    let folder = Folder::new("readme-first-key");
    let lines = block(&readme, "sh", "scopes list");
    // Nobody is at the terminal to edit the file.
    run_lines(&folder, &lines.replace("$EDITOR", "test -f"));
    assert!(folder.read("keys/house-account.yaml").contains("\nowner:"));
}

#[cfg(unix)]
#[test]
fn its_import_makes_a_catalog() {
    let readme = readme();
    let folder = Folder::new("readme-import");
    folder.write(
        "api.yaml",
        "openapi: 3.1.0
info: { title: Acme, version: '1' }
servers: [{ url: https://acme.example/v1 }]
components:
  securitySchemes:
    oauth:
      type: oauth2
      flows:
        clientCredentials:
          tokenUrl: https://acme.example/token
          scopes: { 'repo:read': see repositories }
paths:
  /repos:
    get:
      security: [{ oauth: ['repo:read'] }]
      responses: { '200': { description: the repositories } }
",
    );
    run_lines(&folder, block(&readme, "sh", "mkdir -p catalogs"));
    assert!(folder.read("catalogs/acme.yaml").contains("GET /repos"));
}

/// The lines that install completions work on a fresh home, and again on one that has them.
#[cfg(unix)]
#[test]
fn its_completions_are_installed() {
    let readme = readme();
    let folder = Folder::new("readme-completions");
    let lines = block(&readme, "sh", "# bash");
    for _ in 0..2 {
        run_lines(&folder, lines);
        for (shell, file) in [
            ("bash", ".local/share/bash-completion/completions/scopes"),
            ("zsh", ".zfunc/_scopes"),
            ("fish", ".config/fish/completions/scopes.fish"),
        ] {
            assert_eq!(folder.read(file), scopes(&["completions", shell]).out);
        }
    }
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
        .chain(&section("target.'cfg(unix)'.dependencies"))
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
        "1 catalog checked: no findings; 4 examples pass\n",
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
    let answers = blocks(&guide, "yaml")
        .into_iter()
        .find(|block| block.contains("responses:"));
    let answers = answers.expect("what a provider answers");
    folder.write("answers.yaml", format!("provider: answers\n{answers}\n"));
    let show = folder.scopes(&["show", "./answers.yaml"]);
    for shown in [
        "note: the provider answers missing-scope with 403 SCOPE_REQUIRED, rejected with 400\n",
        "note: scopes are changed in the dashboard under Settings > Keys, by an administrator\n",
    ] {
        assert!(show.out.contains(shown), "{}", show.all());
    }
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
            let field = field.trim_start_matches("r#");
            let field = if field == "schema" { "$schema" } else { field };
            let named = [format!("`{field}`"), format!("{{ {field}: ")];
            assert!(
                named.iter().any(|name| guide.contains(name)),
                "{field} is not in the guide"
            );
        }
    }
}
