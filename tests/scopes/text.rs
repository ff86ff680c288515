//! Lists of names as people write them: split at line ends, then commas, then spaces, a known name taken whole.

use proptest::prelude::*;

use super::program::{Folder, run};

/// Patterns, and names with spaces, commas and stars.
const GLOB: &str = "provider: acme
wildcards: glob
scopes:
  a.read: { summary: a }
  b.write: { summary: b, access: write }
  DNS Write: { summary: c, access: write }
  Zone Read: { summary: d }
  repo:x:pull: { summary: e }
  repo:x:pull,push: { summary: f, access: write, implies: [repo:x:pull] }
  rpc?aud=*: { summary: g }
endpoints:
  GET /a: a.read
  POST /b: b.write
  PUT /dns: DNS Write
  GET /zone: Zone Read
  GET /x: repo:x:pull
  PUT /x: repo:x:pull,push
  GET /rpc: rpc?aud=*
";

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("g.yaml", GLOB);
    folder
}

fn expanded(folder: &Folder, text: &str) -> (String, i32) {
    let run = run(
        &folder.path(""),
        &["expand", "-p", "./g.yaml", "-", "--format", "lines"],
        Some(text.as_bytes()),
    );
    (run.out.replace('\n', "|"), run.status)
}

#[test]
fn a_text_is_split_before_its_patterns_are_looked_up() {
    let folder = folder("text-glob");
    for separator in [" ", ", ", ",", "\n", "\r\n"] {
        let text = format!("a.*{separator}b.write");
        assert_eq!(
            expanded(&folder, &text),
            ("a.read|b.write|".to_owned(), 0),
            "{text:?}"
        );
        let run = folder.scopes(&["explain", "-p", "./g.yaml", &text, "POST /b"]);
        assert_eq!(run.status, 0, "{}", run.all());
    }
    let diff = folder.scopes(&[
        "diff",
        "-p",
        "./g.yaml",
        "a.read",
        "a.* b.write",
        "--fail-on",
        "wider",
    ]);
    assert_eq!(diff.status, 1, "{}", diff.all());
    // An item of a list is one name, here as on the command line a known one.
    folder.write(
        "k.yaml",
        "provider: ./g.yaml\nname: k\nneeds: { endpoints: [GET /a] }\nscopes: [\"a.* b.write\"]\n",
    );
    let checked = folder.scopes(&["check", "k.yaml", "--format", "short"]);
    assert!(checked.out.contains("unknown-scope"), "{}", checked.out);
}

#[test]
fn a_pattern_that_matches_nothing_is_unknown() {
    let folder = folder("text-nothing");
    for line in [
        &["expand", "-p", "./g.yaml", "zz*"][..],
        &["explain", "-p", "./g.yaml", "zz*"],
    ] {
        let run = folder.scopes(line);
        assert_eq!(run.status, 1, "{}", run.all());
        assert!(run.err.contains("zz*"), "{}", run.all());
    }
    folder.write(
        "k.yaml",
        "provider: ./g.yaml\nname: k\nneeds: { endpoints: [GET /a] }\nscopes: [a.read, zz*]\n",
    );
    let checked = folder.scopes(&["check", "k.yaml", "--format", "short"]);
    assert!(checked.out.contains("unknown-scope"), "{}", checked.out);
}

#[test]
fn a_known_name_is_taken_whole() {
    let folder = folder("text-whole");
    assert_eq!(
        expanded(&folder, "DNS Write, Zone Read"),
        ("DNS Write|Zone Read|".to_owned(), 0)
    );
    assert_eq!(
        expanded(&folder, "DNS Write\nrepo:x:pull,push\n"),
        ("DNS Write|repo:x:pull|repo:x:pull,push|".to_owned(), 0)
    );
    assert_eq!(
        expanded(&folder, "rpc?aud=* a.read"),
        ("a.read|rpc?aud=*|".to_owned(), 0)
    );
}

#[test]
fn a_text_with_a_name_that_would_be_split_is_not_rewritten() {
    let folder = folder("text-fix");
    let key = "provider: ./g.yaml\nname: k\nneeds:\n  endpoints:\n    - PUT /x\nscopes: \"repo:x:pull,push\"\n";
    folder.write("k.yaml", key);
    let checked = folder.scopes(&["check", "k.yaml"]);
    assert_eq!(
        (checked.status, checked.out.as_str()),
        (0, "1 key checked: no findings\n")
    );
    // A part of the text is not known, another one is unneeded: a person decides.
    for scopes in [
        "repo:x:pull,push a.read nothing:like:this",
        "b.write, nothing:like:this",
    ] {
        let key = key.replace("repo:x:pull,push\"", &format!("{scopes}\""));
        folder.write("k.yaml", &key);
        for more in [
            &["check", "k.yaml", "--fix"][..],
            &["check", "k.yaml", "--fix", "--unsafe-fixes"],
        ] {
            let run = folder.scopes(more);
            assert_eq!(run.status, 1, "{}", run.all());
            assert_eq!(folder.read("k.yaml"), key);
        }
    }
}

#[test]
fn an_item_that_holds_two_names_is_told_to_be_two() {
    let folder = folder("text-item");
    folder.write("k.yaml", "provider: ./g.yaml\nname: k\nneeds: { endpoints: [GET /a] }\nscopes: [\"a.read b.write\"]\n");
    let checked = folder.scopes(&["check", "k.yaml"]);
    assert!(
        checked
            .out
            .contains("write `a.read` and `b.write` as separate items"),
        "{}",
        checked.out
    );
}

#[test]
fn a_name_that_no_list_could_hold_is_refused() {
    let folder = folder("text-names");
    for name in ["' a'", "'a '", "\"a\\nb\"", "\"a\\tb\"", "','", "''"] {
        folder.write("c.yaml", format!("provider: acme\nscopes: {{ {name}: {{ summary: a }} }}\nendpoints: {{ GET /a: {name} }}\n"));
        let run = folder.scopes(&["lint", "c.yaml"]);
        assert!(run.out.contains("error[wrong-type]"), "{name}: {}", run.out);
    }
}

/// A character of a name: letters, and what separates names elsewhere.
fn name() -> impl Strategy<Value = String> {
    "[a-c:.*, ]{1,8}".prop_filter("no list could hold it, or a runner obeys it", |name| {
        let could = name.trim() == name && name.chars().any(|c| c != ',' && c != ' ');
        could && !name.starts_with("::")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// What `recommend` writes, one name to a line, is read back as the same set, whatever the names hold.
    #[test]
    fn lines_are_read_back_as_the_same_set(names in prop::collection::btree_set(name(), 1..5), glob in any::<bool>()) {
        let folder = Folder::new("text-lines");
        let mut catalog = String::from("provider: acme\n");
        if glob {
            catalog.push_str("wildcards: glob\n");
        }
        catalog.push_str("scopes:\n");
        for name in &names {
            catalog.push_str(&format!("  \"{name}\": {{ summary: s }}\n"));
        }
        catalog.push_str("endpoints:\n");
        let mut line = vec!["recommend".to_owned(), "-p".into(), "./g.yaml".into(), "--format".into(), "lines".into()];
        for (index, name) in names.iter().enumerate() {
            catalog.push_str(&format!("  GET /e{index}: \"{name}\"\n"));
            line.extend(["--endpoint".to_owned(), format!("GET /e{index}")]);
        }
        folder.write("g.yaml", &catalog);
        let line: Vec<&str> = line.iter().map(String::as_str).collect();
        let lines = folder.scopes(&line);
        prop_assert_eq!(lines.status, 0, "{}\n{}", catalog, lines.all());
        let back = run(&folder.path(""), &["expand", "-p", "./g.yaml", "-", "--format", "lines"], Some(lines.out.as_bytes()));
        prop_assert_eq!(back.status, 0, "{}\n{}", catalog, back.all());
        prop_assert_eq!(back.out, lines.out, "{}", catalog);
    }
}
