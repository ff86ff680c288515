//! What judged: every answer that is kept names its catalog, with the day and a digest of what was read.

use serde_json::Value;

use crate::program::Folder;
use scopes::load::builtin_text;
use scopes::source::Digest;

const CATALOG: &str = "\
provider: acme
sources:
  - { url: \"https://docs.acme.example/scopes\", verified: 2026-11-20 }
  - { url: \"https://docs.acme.example/reference\", verified: 2026-10-01 }
scopes:
  users.read: { summary: see users }
  users.write: { summary: change users }
endpoints:
  GET /users: users.read
  POST /users: users.write
";

const KEY: &str = "\
provider: ../acme.yaml
name: x
needs: { endpoints: [GET /users] }
environments:
  test: { scopes: [users.read] }
  live: { scopes: [users.read, users.write] }
";

/// The commands and formats that name what judged.
const COMMANDS: [(&str, &str); 15] = [
    ("list --catalog acme.yaml", "json"),
    ("show ./acme.yaml", "json"),
    ("show ./acme.yaml endpoints", "markdown"),
    ("show ./acme.yaml", "table"),
    ("expand -p ./acme.yaml users.read", "json"),
    ("explain -p ./acme.yaml users.read", "json"),
    ("explain --key-file keys/x.yaml", "markdown"),
    ("recommend --key-file keys/x.yaml -e live", "json"),
    ("diff -p ./acme.yaml users.read users.write", "json"),
    ("diff keys/x.yaml", "markdown"),
    ("check keys --today 2026-11-22", "json"),
    ("check keys --today 2026-11-22", "sarif"),
    ("check keys --today 2026-11-22", "markdown"),
    ("lint acme.yaml --today 2026-11-22", "json"),
    ("lint acme.yaml --today 2026-11-22", "sarif"),
];

fn folder(name: &str, catalog: &str) -> Folder {
    let folder = Folder::new(name);
    folder
        .write("acme.yaml", catalog)
        .write("keys/x.yaml", KEY)
        .write("keys/y.yaml", KEY.replace("name: x", "name: y"));
    folder
}

fn answer(folder: &Folder, (command, format): (&str, &str)) -> String {
    let mut arguments: Vec<&str> = command.split(' ').collect();
    arguments.extend(["--format", format, "--width", "200"]);
    let run = folder.scopes(&arguments);
    assert!(run.status < 2, "{command}: {}", run.all());
    run.out
}

fn json(folder: &Folder, command: &str) -> Value {
    serde_json::from_str(&answer(folder, (command, "json"))).expect("JSON")
}

#[test]
fn one_byte_of_a_catalog_changes_its_digest_in_every_format() {
    let other = CATALOG.replace("see users", "see Users");
    let (first, second) = (Digest::of([CATALOG]), Digest::of([other.as_str()]));
    let (before, after) = (folder("one-byte", CATALOG), folder("other-byte", &other));
    for command in COMMANDS {
        let shown = |digest: &Digest| match command.1 {
            "json" | "sarif" => digest.as_str().to_owned(),
            "markdown" => format!("acme of 2026-11-20 (`{digest}`)"),
            _ => format!("acme of 2026-11-20 ({digest})"),
        };
        let told = answer(&before, command);
        assert!(told.contains(&shown(&first)), "{command:?}: {told}");
        assert_eq!(told, answer(&before, command), "{command:?}");
        let told = answer(&after, command);
        assert!(told.contains(&shown(&second)), "{command:?}: {told}");
        assert!(!told.contains(&shown(&first)), "{command:?}: {told}");
    }
}

#[test]
fn ends_of_lines_count_and_a_byte_order_mark_does_not() {
    let digest = |catalog: &str| {
        json(&folder("ends", catalog), "show ./acme.yaml")["catalog"]["digest"].clone()
    };
    let own = digest(CATALOG);
    assert_eq!(own, Digest::of([CATALOG]).as_str());
    assert_eq!(own, digest(&format!("\u{feff}{CATALOG}")));
    assert_ne!(own, digest(&CATALOG.replace('\n', "\r\n")));
}

#[test]
fn an_overlay_is_judged_by_both_texts() {
    let overlay = "provider: paxos\nextends: paxos\nnote: ours\n";
    let below = builtin_text("paxos").expect("a text");
    let folder = Folder::new("both-texts");
    folder.write("paxos.yaml", overlay);
    let told = json(&folder, "show ./paxos.yaml");
    let digest = Digest::of([overlay, &below]);
    assert_eq!(told["catalog"]["digest"], digest.as_str());
    assert_eq!(told["catalog"]["handle"], "./paxos.yaml");
    let builtin = json(&folder, "show paxos");
    let digest = Digest::of([below.as_str()]);
    assert_eq!(builtin["catalog"]["digest"], digest.as_str());
}

#[test]
fn each_catalog_that_judged_is_named_once() {
    let folder = folder("several", CATALOG);
    let paxos = "provider: paxos\nname: z\nneeds: { endpoints: [GET /profiles] }\nscopes: [funding:read_profile]\n";
    folder
        .write("keys/a.yaml", paxos)
        .write("keys/b.yaml", "provider: nobody\nname: b\n");
    let told = json(&folder, "check keys --today 2026-11-22");
    let names: Vec<&Value> = told["catalogs"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|catalog| &catalog["handle"])
        .collect();
    assert_eq!(names, ["../acme.yaml", "paxos"]);
    // One without a day says so.
    folder.write(
        "acme.yaml",
        "provider: acme\nscopes: { a: }\nendpoints: { GET /a: a }\n",
    );
    let told = json(&folder, "lint acme.yaml");
    assert_eq!(told["catalogs"][0]["verified"], Value::Null);
}

#[test]
fn a_comparison_of_editions_names_both() {
    let folder = folder("both-editions", CATALOG);
    let other = CATALOG.replace("2026-10-01", "2026-11-21");
    folder.write("new.yaml", &other);
    let told = json(&folder, "diff acme.yaml new.yaml");
    assert_eq!(
        told["catalogs"][0]["digest"],
        Digest::of([CATALOG]).as_str()
    );
    assert_eq!(told["catalogs"][0]["verified"], "2026-11-20");
    assert_eq!(
        told["catalogs"][1]["digest"],
        Digest::of([other.as_str()]).as_str()
    );
    assert_eq!(told["catalogs"][1]["verified"], "2026-11-21");
    let last = answer(&folder, ("diff new.yaml acme.yaml", "markdown"));
    let [old, new] = [CATALOG, &other].map(|text| Digest::of([text]));
    let line = format!("\nJudged by acme of 2026-11-21 (`{new}`), acme of 2026-11-20 (`{old}`).\n");
    assert!(last.ends_with(&line), "{last}");
    // A catalog that was not there has no edition.
    folder.git(&["init", "-q"]).git(&["add", "keys"]);
    folder.git(&["commit", "-q", "-m", "keys"]);
    let told = json(&folder, "diff --base HEAD acme.yaml");
    assert_eq!(told["catalogs"][0], Value::Null);
    assert_eq!(
        told["catalogs"][1]["digest"],
        Digest::of([CATALOG]).as_str()
    );
}
