//! `--fix`: the file that it leaves.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use scopes::source::{Source, Syntax};

use super::{Choices, source};

/// A file that could be read can be read afterwards, no comment is lost, line ends stay, and a second run changes nothing.
///
/// `run` runs the program with arguments and gives its status.
pub(crate) fn holds(data: &[u8], run: &dyn Fn(&[&str]) -> i32) {
    let Some((first, rest)) = data.split_first() else {
        return;
    };
    let before = if first & 4 != 0 {
        Some(Source {
            name: "file.yaml".to_owned(),
            text: chosen(&mut Choices(rest)),
            syntax: Syntax::Yaml,
        })
    } else {
        source(data)
    };
    let Some(before) = before else { return };
    let folder = Folder::new();
    let path = folder.0.join(&before.name);
    let catalog = folder.0.join("acme.yaml");
    std::fs::write(&catalog, include_str!("catalog.yaml")).expect("written");
    std::fs::write(&path, &before.text).expect("written");
    let unsafe_too = first & 8 != 0;
    let status = fixed(&path, &catalog, unsafe_too, run);
    let after = std::fs::read_to_string(&path).expect("text");
    let again = fixed(&path, &catalog, unsafe_too, run);
    let twice = std::fs::read_to_string(&path).expect("text");
    assert_eq!(after, twice, "a second run changes it\n{}", before.text);
    assert_eq!(status, again, "a second run says otherwise");
    let reads = |text: &str| {
        let source = Source {
            text: text.to_owned(),
            ..before.clone()
        };
        !source.top_fields().is_empty()
    };
    assert!(
        !reads(&before.text) || reads(&after),
        "it can no longer be read:\n{after}"
    );
    if before.syntax == Syntax::Yaml {
        let comments = |text: &str| -> Vec<String> {
            let lines = text
                .lines()
                .map(str::trim)
                .filter(|line| line.starts_with('#'));
            lines.map(str::to_owned).collect()
        };
        assert_eq!(
            comments(&before.text),
            comments(&after),
            "a comment is lost"
        );
    }
    if before.text.lines().count() > 1 && !before.text.replace("\r\n", "").contains('\n') {
        assert!(
            !after.replace("\r\n", "").contains('\n'),
            "a line end is another"
        );
    }
}

/// A folder of its own for each run, gone when the run is.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("scopes-fuzz-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn fixed(path: &Path, catalog: &Path, unsafe_too: bool, run: &dyn Fn(&[&str]) -> i32) -> i32 {
    let (path, catalog) = (
        path.to_str().expect("text"),
        catalog.to_str().expect("text"),
    );
    let mut arguments = vec![
        "scopes",
        "--no-config",
        "--catalog",
        catalog,
        "check",
        "--fix",
    ];
    if unsafe_too {
        arguments.push("--unsafe-fixes");
    }
    arguments.extend(["--today", "2026-11-26", "--key-file", path]);
    run(&arguments)
}

/// A key with the faults that people make.
fn chosen(choices: &mut Choices<'_>) -> String {
    let names = [
        "a.read",
        "a.write",
        "b.read",
        "b.write",
        "c.admin",
        "d.test",
        "e.read",
        "f.free",
        "z.old",
        "a.raed",
        "a.wirte",
        "b.reed",
        "nobody",
        "all-a",
        "everything",
        "a.*",
        "\"g h\"",
        "\"*\"",
        "c.admim",
        "B.read",
    ];
    let needs = [
        "GET /a",
        "POST /a",
        "GET /a/1",
        "PUT /a/1",
        "GET /b/1/items",
        "POST /b/1:resolve",
        "GET /open",
        "GET /any",
        "POST /unknown",
        "POST /test",
        "POST /m mode=signed",
        "DELETE /r",
        "GET /nowhere",
    ];
    let mut text = String::from("provider: acme\nname: fuzz\n");
    let key_types = ["public", "secret", "secert"];
    let key_field = choices.of(&["key_type", "key_type", "keytype"]);
    text += &format!("{key_field}: {}\n", choices.of(&key_types));
    let list = |choices: &mut Choices<'_>, words: &[&str], indent: &str| {
        let count = choices.below(6);
        let words: Vec<&str> = (0..count).map(|_| choices.of(words)).collect();
        match choices.below(3) {
            0 => format!(" [{}]\n", words.join(", ")),
            1 => format!(" \"{}\"\n", words.join(" ").replace('"', "")),
            _ if words.is_empty() => " []\n".to_owned(),
            _ => {
                let items = words.iter().map(|word| format!("{indent}- {word} # why\n"));
                format!("\n{}", items.collect::<String>())
            }
        }
    };
    let block = |choices: &mut Choices<'_>, indent: &str| {
        let mut text = String::new();
        if choices.below(3) > 0 {
            let field = choices.of(&["needs", "needs", "needs", "need"]);
            let count = choices.below(5);
            text += &format!("{indent}{field}:\n{indent}  endpoints:\n");
            for _ in 0..count {
                text += &format!("{indent}    - {}\n", choices.of(&needs));
            }
            if choices.below(4) == 0 {
                text += &format!("{indent}  recipes: [{}]\n", choices.of(&["pay", "payy"]));
            }
        }
        if choices.below(4) > 0 {
            let field = choices.of(&["scopes", "scopes", "scopes", "scope"]);
            let words = list(choices, &names, &format!("{indent}  "));
            text += &format!("{indent}{field}:{words}");
        }
        if choices.below(3) == 0 {
            let words = list(
                choices,
                &["all-a", "everything", "all_a"],
                &format!("{indent}  "),
            );
            text += &format!("{indent}bundles:{words}");
        }
        text
    };
    text += &block(choices, "");
    if choices.below(2) == 1 {
        text += "environments:\n";
        for name in ["test", "live"] {
            if choices.below(3) > 0 {
                let inner = block(choices, "    ");
                let inner = if inner.is_empty() {
                    "    scopes: []\n".to_owned()
                } else {
                    inner
                };
                text += &format!("  {name}:\n{inner}");
            }
        }
    }
    if choices.below(5) == 0 {
        text = text.replace('\n', "\r\n");
    }
    text
}
