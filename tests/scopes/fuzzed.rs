//! The laws of the fuzz targets on every file of their corpus, finds among them. See docs/fuzzing.md.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::program::root;

#[path = "../../fuzz/laws/mod.rs"]
mod laws;

fn corpus(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = root().join("fuzz/corpus").join(target);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{target}: {error}"));
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .map(|path| (path.clone(), std::fs::read(path).expect("a file")))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{target} has no corpus");
    files
}

fn holds(target: &str, law: impl Fn(&[u8])) {
    let broken: Vec<PathBuf> = corpus(target)
        .into_iter()
        .filter(|(_, data)| catch_unwind(AssertUnwindSafe(|| law(data))).is_err())
        .map(|(path, _)| path)
        .collect();
    assert!(broken.is_empty(), "the law is broken by {broken:?}");
}

#[test]
fn key_file() {
    holds("key_file", laws::key_file::holds);
}

#[test]
fn catalog() {
    holds("catalog", laws::catalog::holds);
}

#[test]
fn importer() {
    holds("importer", laws::importer::holds);
}

#[test]
fn log() {
    holds("log", laws::log::holds);
}

#[test]
fn pattern() {
    holds("pattern", laws::pattern::holds);
}

#[test]
fn route() {
    holds("route", laws::route::holds);
}

#[test]
fn requirement() {
    holds("requirement", laws::requirement::holds);
}

#[test]
fn fix() {
    holds("fix", |data| {
        laws::fix::holds(data, &|arguments| {
            let status = Command::new(env!("CARGO_BIN_EXE_scopes"))
                .args(&arguments[1..])
                .env_clear()
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            status.expect("scopes runs").code().expect("a status")
        });
    });
}

/// A target that nobody lists is never run.
#[test]
fn every_target_is_run_and_described() {
    let step = std::fs::read_to_string(root().join(".ci/fuzz")).expect("the step");
    let page = std::fs::read_to_string(root().join("docs/fuzzing.md")).expect("the page");
    for entry in std::fs::read_dir(root().join("fuzz/targets")).expect("targets") {
        let path = entry.expect("an entry").path();
        let name = path
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        assert!(
            step.contains(&format!(" {name}")) || step.contains(&format!("({name}")),
            "{name}"
        );
        assert!(page.contains(&format!("| `{name}` |")), "{name}");
    }
}
