//! Broken files: one clear message with the place and what to do, the right status, never a panic.

use crate::program::{Folder, formats};

/// A name, the bytes, and the status that is due.
fn cases() -> Vec<(&'static str, Vec<u8>)> {
    let text = |text: &str| text.as_bytes().to_vec();
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain("provider: x".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let mut bomb = String::from("a: &a [x,x,x,x,x,x,x,x,x]\n");
    for (name, before) in ["b", "c", "d", "e", "f", "g", "h"]
        .iter()
        .zip(["a", "b", "c", "d", "e", "f", "g"])
    {
        let aliases = [format!("*{before}").as_str(); 9].join(",");
        bomb.push_str(&format!("{name}: &{name} [{aliases}]\n"));
    }
    bomb.push_str("provider: paxos\nname: x\n");
    vec![
        ("empty.yaml", Vec::new()),
        ("empty.json", Vec::new()),
        ("empty.toml", Vec::new()),
        ("comment.yaml", text("# nothing\n")),
        ("binary.yaml", vec![b'a', 0, 1, 2, 0xFF]),
        ("utf16.yaml", utf16),
        ("latin1.yaml", b"provider: paxos\nname: caf\xE9\n".to_vec()),
        (
            "bom.yaml",
            text("\u{feff}provider: paxos\nname: x\nneeds: { endpoints: [GET /markets] }\n"),
        ),
        (
            "two.yaml",
            text("provider: paxos\nname: x\n---\nprovider: paxos\nname: y\n"),
        ),
        (
            "tab.yaml",
            text("provider: paxos\nname: x\nneeds:\n\tendpoints: []\n"),
        ),
        (
            "unclosed.yaml",
            text("provider: paxos\nname: x\nscopes: [a, b\n"),
        ),
        ("colon.yaml", text("a: b: c\n")),
        (
            "braces.yaml",
            text("provider: elebne\nname: x\nneeds:\n  endpoints: [GET /dev/intents/{ref}]\n"),
        ),
        ("star.yaml", text("provider: paxos\nname: x\nscopes: [*]\n")),
        (
            "alias.yaml",
            text("provider: paxos\nname: x\nscopes: *missing\n"),
        ),
        (
            "merge.yaml",
            text("provider: paxos\nname: x\nneeds:\n  <<: { endpoints: [GET /markets] }\n"),
        ),
        ("bomb.yaml", bomb.into_bytes()),
        (
            "deep.yaml",
            format!("provider: paxos\nname: x\nscopes: {}", "[".repeat(5000)).into_bytes(),
        ),
        (
            "deep.json",
            format!("{{\"provider\": {}", "[".repeat(5000)).into_bytes(),
        ),
        ("list.yaml", text("- provider\n- name\n")),
        ("scalar.yaml", text("provider\n")),
        (
            "unknown.yaml",
            text(
                "provider: paxos\nname: x\nscops: [funding:read_profile]\nneeds: { endpoint: [GET /profiles] }\nzzz: 1\n",
            ),
        ),
        (
            "duplicate.yaml",
            text(
                "provider: paxos\nname: x\nname: y\nenvironments:\n  sandbox: {}\n  sandbox: {}\nneeds: { endpoints: [GET /markets] }\n",
            ),
        ),
        (
            "duplicate.json",
            text(
                "{\"provider\": \"paxos\", \"name\": \"x\", \"name\": \"y\", \"needs\": {\"endpoints\": [\"GET /markets\"]}}",
            ),
        ),
        (
            "duplicate.toml",
            text("provider = \"paxos\"\nname = \"x\"\nname = \"y\"\n"),
        ),
        (
            "types.yaml",
            text(
                "provider: paxos\nname: x\nscopes: { a: b }\nneeds: 5\nnever: [[]]\nallow: [{ rule: a, until: soon }]\n",
            ),
        ),
        (
            "types.toml",
            text("provider = \"paxos\"\nname = 5\nscopes = 7\n"),
        ),
        (
            "trailing.json",
            text("{\"provider\": \"paxos\", \"name\": \"x\",}"),
        ),
        ("missing.json", text("{\"nam\": \"x\"}")),
        ("provider.yaml", text("provider: paxxos\nname: x\n")),
        ("path.yaml", text("provider: ./nowhere.yaml\nname: x\n")),
        (
            "letter.yaml",
            text(
                "provider: paxos\nname: x\nscopes: [funding:read_profle]\nneeds: { endpoints: [GET /profiles] }\n",
            ),
        ),
    ]
}

#[test]
fn every_broken_file_says_what_where_and_what_to_do() {
    let folder = Folder::new("bad-input");
    let mut all = String::new();
    for (name, bytes) in cases() {
        folder.write(name, bytes);
        let run = folder.scopes(&["check", "--width", "80", "--key-file", name]);
        let expected = i32::from(name != "bom.yaml");
        assert_eq!(run.status, expected, "{name}: {}", run.all());
        assert!(!run.all().contains("panicked"), "{name}: {}", run.all());
        all.push_str(&format!("=== {name}\n{}\n", run.all()));
    }
    insta::assert_snapshot!(all);
}

#[test]
fn what_cannot_be_read_is_status_2_and_the_rest_is_still_checked() {
    let folder = Folder::new("unreadable");
    folder.write(
        "good.yaml",
        "provider: paxos\nname: x\nneeds: { endpoints: [GET /markets] }\n",
    );
    folder
        .write("keys/readme.md", "# nothing\n")
        .write("keys/other.yaml", "a: b\n");
    folder.write(
        "catalog.yaml",
        "provider: mine\nscopes: {}\nendpoints: {}\n",
    );
    let mut all = String::new();
    for arguments in [
        &["check", "good.yaml", "missing.yaml"][..],
        &["check", "--key-file", "keys"],
        &["check", "keys"],
        &["check", "nowhere/"],
        &["check", "catalog.yaml"],
    ] {
        let run = folder.scopes(arguments);
        assert_eq!(run.status, 2, "{arguments:?}: {}", run.all());
        all.push_str(&format!(
            "$ scopes {}\n{}\n",
            arguments.join(" "),
            run.all()
        ));
    }
    insta::assert_snapshot!(all);
}

#[test]
fn a_fault_at_a_letter_of_several_bytes_is_reported() {
    let folder = Folder::new("several-bytes");
    let good = "provider: paxos\nname: good\nneeds: { endpoints: [GET /profiles] }\nscopes: [funding:read_profile]\n";
    folder.write("keys/good.yaml", good);
    for fault in [
        "purpose: \"x\"é\n",
        "scopes: [a] 😀\n",
        "scopes:\n  - a\n ü\n",
        "labels:\n  a: b\n é: c",
    ] {
        folder.write(
            "keys/bad.yaml",
            format!("provider: paxos\nname: p\n{fault}"),
        );
        for format in &formats("check") {
            let run = folder.scopes(&["check", "keys", "--format", format]);
            assert_eq!(run.status, 1, "{fault}: {format}: {}", run.all());
        }
    }
}

#[test]
fn a_list_is_no_mapping_in_any_syntax() {
    let folder = Folder::new("lists");
    let key = |more: &str| {
        format!(
            "{{\"provider\":\"paxos\",\"name\":\"k\",\"scopes\":[\"events:read_event\"],{more}}}"
        )
    };
    let found = |name: &str, text: &str| {
        folder.write(name, text);
        let run = folder.scopes(&["check", name, "--format", "short", "--today", "2026-11-22"]);
        assert_eq!(run.status, 1, "{}", run.all());
        run.out
    };
    let profiles = "\"needs\":{\"endpoints\":[\"GET /profiles\"]}";
    for more in [
        format!(
            "{profiles},\"allow\":[[\"unneeded-scope\",\"events:read_event\",null,null,\"r\",\"o\",\"2027-01-01\"]]"
        ),
        "\"needs\":[\"GET /profiles\"]".to_owned(),
        format!("{profiles},\"environments\":{{\"production\":[null,[\"events:read_event\"]]}}"),
        "\"needs\":{\"scopes\":[[\"events:read_event\",\"because\"]]}".to_owned(),
    ] {
        for name in ["a.json", "a.yaml"] {
            let out = found(name, &key(&more));
            assert!(out.contains("error[wrong-type]"), "{name}: {more}: {out}");
        }
    }
    let toml = "provider = \"paxos\"\nname = \"k\"\nneeds = [\"GET /profiles\"]\n";
    assert!(found("a.toml", toml).contains("error[wrong-type]"));
    folder.write("scopes.toml", "budget = [1, 2]\nallow = [30]\n");
    let run = folder.scopes(&["check", "a.json"]);
    assert_eq!(run.status, 2, "{}", run.all());
}

#[test]
fn an_empty_provider_is_no_pass() {
    let folder = Folder::new("empty-provider");
    for (name, text) in [
        (
            "a.yaml",
            "provider: \"\"\nname: evil\nscopes: [transfer:write_crypto_withdrawal]\n",
        ),
        ("b.yaml", "provider:\nname: evil\nscopes: [zzz]\n"),
        (
            "c.toml",
            "provider = \" \"\nname = \"evil\"\nscopes = [\"zzz\"]\n",
        ),
        (
            "d.json",
            "{\"provider\":\"\",\"name\":\"evil\",\"scopes\":[\"zzz\"]}",
        ),
        (
            "e.yaml",
            "provider: paxos\nname: ''\nneeds: { endpoints: [GET /profiles] }\nscopes: [funding:read_profile]\n",
        ),
        ("f.yaml", "provider: null\nname: f\n"),
        ("g.yaml", "name: g\nscopes: [zzz]\n"),
    ] {
        folder.write(name, text);
        let run = folder.scopes(&["check", name, "--format", "short"]);
        assert_eq!(
            (run.status, run.out.lines().count()),
            (1, 1),
            "{name}: {}",
            run.all()
        );
    }
}

/// To hide what may be a secret changes no escape before it into half of one.
#[test]
fn a_hidden_secret_leaves_the_file_readable() {
    let random = ["XqFVVCj8IEYsz6YO", "gYPWiGEYGxJzTOjbVHR2x0i"].concat();
    for (name, text) in [
        (
            "a.yaml",
            format!(
                "provider: paxos\nname: a\nlabels: {{ a: \"line\\n{random}\" }}\nneeds: {{ endpoints: [GET /profiles] }}\nscopes: [funding:read_profile]\n"
            ),
        ),
        (
            "a.json",
            format!(
                "{{\"provider\":\"paxos\",\"name\":\"a\",\"labels\":{{\"a\":\"line\\\\n{random}\"}},\"needs\":{{\"endpoints\":[\"GET /profiles\"]}},\"scopes\":[\"funding:read_profile\"]}}"
            ),
        ),
        (
            "a.toml",
            format!(
                "provider = \"paxos\"\nname = \"a\"\nscopes = [\"funding:read_profile\"]\nneeds.endpoints = [\"GET /profiles\"]\nlabels.a = \"\\u0041{random}\"\n"
            ),
        ),
    ] {
        let folder = Folder::new("hidden-escape");
        folder.write(name, text);
        let run = folder.scopes(&["check", name, "--format", "short"]);
        let out = &run.out;
        assert!(
            out.lines().count() == 1 && out.contains("possible-secret"),
            "{}",
            run.all()
        );
        assert!(!run.all().contains(&random[1..]), "{}", run.all());
    }
}
