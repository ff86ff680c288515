//! No file slips by: what another reader takes for a key is looked at, and what is skipped is said.

use crate::program::{Folder, Run};

const RISKY: &str = "scopes: [transfer:write_fiat_withdrawal]\n";

/// The same key in every spelling that some reader of YAML, JSON or TOML reads, or that nobody can exclude as a key; and
/// whether it is clean in form.
fn keys() -> Vec<(&'static str, Vec<u8>, bool)> {
    let deep = format!("{}{}", "[".repeat(128), "]".repeat(128));
    let json = |rest: &str| {
        format!(
            "{{\"provider\":\"paxos\",\"name\":\"x\",\"scopes\":[\"transfer:write_fiat_withdrawal\"]{rest}"
        )
    };
    let block = format!("provider: paxos\nname: x\n{RISKY}");
    let utf_16 = block.encode_utf16().flat_map(u16::to_le_bytes);
    let utf_16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(utf_16).collect();
    let mut rows: Vec<(&str, String, bool)> = Vec::new();
    for (name, end) in [
        ("nel.yaml", "\u{85}"),
        ("ls.yaml", "\u{2028}"),
        ("ps.yaml", "\u{2029}"),
        ("cr.yaml", "\r"),
    ] {
        rows.push((name, block.replace('\n', end), false));
    }
    rows.extend([
        ("crlf.yaml", block.replace('\n', "\r\n"), true),
        (
            "one-nel.yaml",
            format!("provider: paxos\u{85}name: x\n{RISKY}"),
            false,
        ),
        (
            "comment.yaml",
            format!("# a\u{2028}provider: paxos\u{2028}name: x\n{RISKY}"),
            false,
        ),
        (
            "merge.yaml",
            format!("b: &b {{provider: paxos, name: x}}\n<<: *b\n{RISKY}"),
            false,
        ),
        (
            "merges.yaml",
            format!("b: &b {{provider: paxos}}\n<<: [*b, {{name: x}}]\n{RISKY}"),
            false,
        ),
        (
            "deep.yaml",
            format!("{{provider: paxos, name: x, labels: {{a: {deep}}}}}\n"),
            false,
        ),
        (
            "deep.json",
            json(&format!(",\"labels\":{{\"a\":{deep}}}}}")),
            false,
        ),
        (
            "block.yaml",
            format!(
                "{block}labels:\n{}",
                (1..200).fold(String::new(), |text, n| text + &" ".repeat(n) + "a:\n")
            ),
            false,
        ),
        ("nan.json", json(",\"a\":NaN}"), false),
        ("infinity.json", json(",\"a\":-Infinity}"), false),
        ("huge.json", json(",\"a\":1e999}"), false),
        ("surrogate.json", json(",\"a\":\"\\ud800\"}"), false),
        ("comma.json", json(",}"), false),
        ("behind.json", json("} {}"), false),
        ("comment.json", format!("// a\n{}", json("}")), false),
        ("block.json", format!("/* a */ {}", json("}")), false),
        ("twice.json", json(",\"name\":\"y\"}"), false),
        ("cut.json", json(""), false),
        (
            "quoted.yaml",
            format!("'provider': paxos\n'name': x\n{RISKY}"),
            true,
        ),
        (
            "complex.yaml",
            "'provider': paxos\n'name': x\nlabels: {[a]: 1}\n".to_owned(),
            false,
        ),
        (
            "documents.yaml",
            "---\n{provider: paxos, name: x}\n---\n".to_owned(),
            false,
        ),
        ("second.yaml", format!("a: 1\n---\n{block}"), false),
        ("broken.yaml", format!("{block}---\n[\n"), false),
        ("ended.yaml", format!("{block}...\nx\n"), false),
        ("directive.yaml", format!("%YAML 1.1\n---\n{block}"), true),
        (
            "escaped.yaml",
            format!("\"pro\\u0076ider\": paxos\n\"na\\x6de\": x\n{RISKY}"),
            true,
        ),
        (
            "escaped.json",
            json("}").replace("provider", "pro\\u0076ider"),
            true,
        ),
        (
            "folded.yaml",
            format!("\"pro\\\n  vider\": paxos\nname: x\n{RISKY}"),
            false,
        ),
        (
            "tagged.yaml",
            format!("!!str provider: paxos\n!!str name: x\n{RISKY}"),
            true,
        ),
        (
            "anchored.yaml",
            format!("&p provider: paxos\n&n name: x\n{RISKY}"),
            true,
        ),
        (
            "alias.yaml",
            format!("labels: {{a: &p provider, b: &n name}}\n*p : paxos\n*n : x\n{RISKY}"),
            true,
        ),
        (
            "twice.yaml",
            format!("labels: {{a: &a v, b: &a w}}\n{block}"),
            false,
        ),
        (
            "explicit.yaml",
            format!("? provider\n: paxos\n? name\n: x\n{RISKY}"),
            true,
        ),
        (
            "literal.yaml",
            format!("? |-\n  provider\n: paxos\nname: x\n{RISKY}"),
            true,
        ),
        ("mark.yaml", format!("\u{feff}{block}"), true),
        ("marks.yaml", format!("\u{feff}\u{feff}{block}"), false),
        (
            "dotted.toml",
            "\"provider\" = \"paxos\"\n'name' = \"x\"\nlabels.a = \"b\"\n".to_owned(),
            true,
        ),
        ("yaml.toml", block.clone(), false),
        ("yaml.json", block.clone(), false),
        ("json.yaml", json("}"), true),
        ("json.toml", json("}"), false),
        (
            "toml.yaml",
            "provider = \"paxos\"\nname = \"x\"\n".to_owned(),
            false,
        ),
        (
            "comment.toml",
            format!("# a\u{85}provider: paxos\u{85}name: x\u{85}{RISKY}"),
            false,
        ),
        (
            "colons.yaml",
            "provider = \"a: b\"\nname = \"c: d\"\n".to_owned(),
            false,
        ),
        ("UPPER.YAML", block.clone(), true),
        ("Upper.Json", json("}"), true),
        (".hidden.yaml", block.clone(), true),
        (".yaml", block.clone(), true),
    ]);
    let rows = rows.into_iter();
    let mut rows: Vec<_> = rows
        .map(|(name, text, is_clean)| (name, text.into_bytes(), is_clean))
        .collect();
    rows.push(("utf-16.yaml", utf_16, false));
    rows.push((
        "latin.yaml",
        [block.as_bytes(), b"# \xe9\n"].concat(),
        false,
    ));
    rows.push(("nul.yaml", [block.as_bytes(), b"\0"].concat(), false));
    rows
}

fn findings(run: &Run) -> Vec<serde_json::Value> {
    let report: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    report["findings"].as_array().expect("a list").clone()
}

#[test]
fn a_key_that_some_reader_reads_is_looked_at_in_every_spelling() {
    let folder = Folder::new("spellings");
    folder.git(&["init", "-q"]);
    folder.git(&["commit", "-q", "--allow-empty", "-m", "base"]);
    for (name, bytes, _) in keys() {
        folder.write(&format!("keys/{name}"), bytes);
    }
    let check = folder.scopes(&["check", "keys", "--format", "json", "--today", "2026-11-26"]);
    let findings = findings(&check);
    let files = folder.scopes(&["check", "keys", "--show-files"]).out;
    let diff = folder.scopes(&["diff", "--base", "HEAD", "keys", "--fail-on", "wider"]);
    assert_eq!((check.status, diff.status), (1, 2), "{}", diff.err);
    let compared = diff.out + &diff.err;
    // A fault in the form of a file, rather than what its scopes come to.
    let of_form = [
        "syntax-error",
        "missing-field",
        "wrong-type",
        "duplicate-field",
        "unknown-field",
    ];
    for (name, _, is_clean) in keys() {
        let file = format!("keys/{name}");
        assert!(
            files.contains(&format!("check  {file}\n")),
            "{file}\n{files}"
        );
        assert!(compared.contains(&file), "{file}\n{compared}");
        let mut own = findings.iter().filter(|finding| finding["file"] == *file);
        let has_fault = own.any(|finding| of_form.iter().any(|rule| finding["rule"] == *rule));
        assert_eq!(has_fault, !is_clean, "{file}");
    }
}

#[test]
fn files_of_other_kinds_are_passed_over() {
    let folder = Folder::new("others");
    let others = [
        (
            "package.json",
            "{\"name\": \"web\", \"version\": \"1.0.0\", \"scripts\": {\"a\": \"b\"}}",
        ),
        (
            "tsconfig.json",
            "{\n  // strict\n  \"compilerOptions\": {\"strict\": true,},\n}\n",
        ),
        (
            "devcontainer.json",
            "// a\n{\"name\": \"x\", \"features\": {\"provider\": {}}}\n",
        ),
        (
            "compose.yaml",
            "x-a: &a {restart: always}\nservices:\n  web:\n    <<: *a\n    labels: {name: x, provider: y}\n",
        ),
        (
            "ci.yml",
            "name: ci\non: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: echo provider\n",
        ),
        (
            "openapi.yaml",
            "openapi: 3.0.0\ninfo: {title: x, version: '1'}\npaths:\n  /a:\n    get:\n      parameters: [{name: a, in: query}]\n      x-b: {provider: c}\n",
        ),
        (
            "tags.yaml",
            "name: x\na: !Merge [provider, {provider: a}]\nb: !Sub\n  c: provider\nd: a != b\u{a0}\n",
        ),
        (
            "separated.yaml",
            "name: x\ntext: a\u{2028} b\nd: {provider: c}\n",
        ),
        (
            "k8s.yaml",
            "apiVersion: v1\nmetadata: {name: a}\n---\napiVersion: v1\nmetadata: {name: b}\nspec: {provider: aws}\n",
        ),
        (
            "playbook.yaml",
            "- name: a\n  hosts: b\n  vars: {provider: c}\n- name: d\n  provider: e\n",
        ),
        (
            "template.yaml",
            "Resources:\n  A: !Ref name\n  B: !Sub '${provider}'\n",
        ),
        (
            "gitlab.yml",
            "a:\n  script: !reference [.b, script]\n  name: c\n",
        ),
        (
            "helm.yaml",
            "{{- if .Values.a }}\nmetadata:\n  name: {{ .Values.provider }}\n{{- end }}\n",
        ),
        (
            "broken.json",
            "{\"name\": \"web\", \"note\": \"the provider is known\", }}}",
        ),
        ("broken.yaml", "name: x\n# provider: y\nlist: [a\nb: c\n"),
        (
            "Cargo.toml",
            "[package]\nname = \"x\"\n\n[dependencies]\nprovider = \"1\"\n",
        ),
        ("broken.toml", "name = \"x\"\nname = \"y\"\n[a\n"),
        (
            "text.yaml",
            "only some words about a provider and its name\n",
        ),
        ("list.json", "[{\"provider\": \"a\", \"name\": \"b\"}]"),
        ("lines.json", "{\"name\": \"a\"}\n{\"name\": \"b\"}\n"),
        ("empty.yaml", ""),
        (
            "catalog.yaml",
            "provider: acme\nendpoints:\n  GET /a: { auth: none }\n",
        ),
        ("README.md", "provider: x\nname: y\n"),
    ];
    for (name, text) in others {
        folder.write(name, text);
    }
    folder.write("ok.yaml", "provider: paxos\nname: ok\n");
    let run = folder.scopes(&["check", "--show-files"]);
    let looked_at = run.out.lines().filter(|line| line.starts_with("check"));
    assert_eq!(
        looked_at.collect::<Vec<_>>(),
        ["check  ok.yaml"],
        "{}",
        run.out
    );
    let passed = run.out.lines().filter(|line| line.ends_with(": not a key"));
    assert_eq!(passed.count(), others.len(), "{}", run.out);
}

#[test]
fn an_allowance_in_what_looks_like_a_comment_is_an_error() {
    let folder = Folder::new("hidden-allowance");
    let key = |end: &str| {
        format!(
            "provider: paxos\nname: t\nneeds:\n  endpoints: [GET /profiles]\nscopes: [funding:read_profile, transfer:write_fiat_withdrawal]\n# see SEC-118{end}allow: [{{rule: unneeded-scope, scope: \"transfer:write_fiat_withdrawal\", reason: r, owner: o, until: 2027-01-01}}]\n"
        )
    };
    for end in ["\u{85}", "\u{2028}", "\u{2029}", "\r", "\u{feff}"] {
        folder.write("keys/t.yaml", key(end));
        for arguments in [["check", "keys"], ["check", "keys/t.yaml"]] {
            let run = folder.scopes(&arguments);
            assert_eq!(run.status, 1, "{end:?}");
            assert!(run.out.contains("error[syntax-error]"), "{}", run.out);
            assert!(run.out.contains("t.yaml:6:14"), "{}", run.out);
        }
    }
    // In quotes such a letter is a part of the text.
    let quoted = "provider: paxos\nname: t\npurpose: \"a\u{85}b \u{2028} c\u{feff}\"\n";
    folder.write("keys/t.yaml", quoted);
    assert!(
        !folder
            .scopes(&["check", "keys"])
            .out
            .contains("syntax-error")
    );
}

#[test]
fn what_git_tracks_is_checked_even_where_an_ignore_file_names_it() {
    let folder = Folder::new("tracked");
    // An ignore file above the root of the repository is none of its own.
    folder.write(".gitignore", "a.yaml\n");
    let key = |name: &str| format!("provider: paxos\nname: {name}\n");
    folder.write("r/keys/a.yaml", key("a"));
    folder.write("r/keys/b.yaml", key("b"));
    folder.write("r/keys/c.yaml", key("c"));
    folder.write("r/keys/out/d.yaml", key("d"));
    folder.write("r/keys/out/e.yaml", key("e"));
    folder.write("r/.gitignore", "keys/[bc].yaml\nout/\n");
    let inner = |arguments: &[&str]| crate::program::run(&folder.path("r"), arguments, None);
    folder.git(&["init", "-q", "r"]);
    let top = folder.path("r");
    let top = top.to_str().expect("UTF-8");
    folder.git(&["-C", top, "add", "-f", "keys/b.yaml", "keys/out/d.yaml"]);
    let files = inner(&["check", "keys", "--show-files"]).out;
    assert_eq!(
        files,
        "check  keys/a.yaml\ncheck  keys/b.yaml\nskip   keys/c.yaml: ignored by git\nskip   keys/out: ignored by git\n\
         check  keys/out/d.yaml\n"
    );
    let run = inner(&["check", "keys", "--fail-on", "never"]);
    let line = "3 keys checked: 3 warnings; 1 other file skipped: ignored by git; 1 folder ignored by git;";
    assert!(run.out.replace('\n', " ").contains(line), "{}", run.out);
    // What scopes.toml names is found in the same way.
    folder.write(
        "r/scopes.toml",
        "keys = [\"keys/**/*.yaml\", \"!keys/a.yaml\"]\n",
    );
    let files = inner(&["check", "--show-files"]).out;
    assert!(
        files.contains("skip   keys/a.yaml: left out by scopes.toml\n"),
        "{files}"
    );
    for looked_at in ["keys/b.yaml", "keys/out/d.yaml"] {
        assert!(files.contains(&format!("check  {looked_at}\n")), "{files}");
    }
}

#[test]
fn outside_of_a_repository_no_ignore_file_counts() {
    // The folder of the tests is in a repository that ignores it, so that git must not look up from here.
    let folder = Folder::new("no-repository");
    let temporary = tempfile_folder();
    let key = "provider: paxos\nname: a\n";
    std::fs::write(temporary.join("a.yaml"), key).expect("a file");
    std::fs::write(temporary.join(".gitignore"), "*\n").expect("a file");
    let path = temporary.to_str().expect("UTF-8");
    let run = folder.scopes(&["check", path, "--show-files"]);
    assert!(run.out.contains("check"), "{}", run.out);
    std::fs::remove_dir_all(&temporary).expect("it was there");
}

fn tempfile_folder() -> std::path::PathBuf {
    let name = format!("scopes-gate-{}", std::process::id());
    let path = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&path).expect("a folder");
    path
}

#[cfg(unix)]
#[test]
fn links_and_what_is_no_file_are_said() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new("links");
    folder.git(&["init", "-q"]);
    folder.write("keys/a.yaml", "provider: paxos\nname: a\n");
    folder.write("other/b.yaml", "provider: paxos\nname: b\n");
    symlink("../other/b.yaml", folder.path("keys/b.yaml")).expect("a link");
    symlink("../other", folder.path("keys/more")).expect("a link");
    symlink("nowhere", folder.path("keys/gone.yaml")).expect("a link");
    symlink("nowhere", folder.path("keys/gone.txt")).expect("a link");
    let made = std::process::Command::new("mkfifo")
        .arg(folder.path("keys/pipe.yaml"))
        .status();
    assert!(made.expect("mkfifo runs").success());
    let run = folder.scopes(&["check", "keys", "--show-files"]);
    assert_eq!(
        run.out,
        "check  keys/a.yaml\ncheck  keys/b.yaml\nskip   keys/gone.txt: not a key\nskip   keys/more: a link to a folder\n\
         skip   keys/pipe.yaml: not a regular file\n"
    );
    assert_eq!(run.status, 2);
    assert!(
        run.err.contains("`keys/gone.yaml` is a broken link"),
        "{}",
        run.err
    );
}

#[test]
fn a_nested_repository_is_a_folder_with_rules_of_its_own() {
    let folder = Folder::new("nested");
    folder.git(&["init", "-q"]);
    folder.write("keys/sub/a.yaml", "provider: paxos\nname: a\n");
    folder.write("keys/sub/b.yaml", "provider: paxos\nname: b\n");
    folder.write(".gitignore", "a.yaml\n");
    folder.write("keys/sub/.gitignore", "b.yaml\n");
    let sub = folder.path("keys/sub");
    folder.git(&["init", "-q", sub.to_str().expect("UTF-8")]);
    let run = folder.scopes(&["check", "keys", "--show-files"]);
    assert!(run.out.contains("check  keys/sub/a.yaml\n"), "{}", run.out);
    assert!(
        run.out.contains("skip   keys/sub/b.yaml: ignored by git\n"),
        "{}",
        run.out
    );
}

#[test]
fn a_configuration_below_another_one_only_tightens() {
    let folder = Folder::new("tighten");
    folder.git(&["init", "-q"]);
    let root = "fail-on = \"warning\"\n[rules]\nno-needs-declared = \"warning\"\n[allow]\nmax-days = 30\n[budget]\nreachable = 5\n";
    folder.write("scopes.toml", root);
    folder.write("keys/a.yaml", "provider: paxos\nname: a\n");
    let keys = folder.path("keys");
    let check = |own: &str| {
        folder.write("keys/scopes.toml", own);
        crate::program::run(&keys, &["check", "a.yaml", "--format", "short"], None)
    };
    for (own, place) in [
        ("fail-on = \"never\"\n", "1:11"),
        ("fail-on = \"error\"\n", "1:11"),
        ("keys = [\"b/*.yaml\"]\n", "1:1"),
        ("catalogs = [\"*.yaml\"]\n", "1:1"),
        ("baseline = \"b.json\"\n", "1:1"),
        ("[rules]\nno-needs-declared = \"off\"\n", "2:21"),
        ("[rules]\nno-needs-declared = \"note\"\n", "2:21"),
        ("[rules]\nunneeded-scope = \"warning\"\n", "2:18"),
        ("[allow]\nmax-days = 31\n", "2:12"),
        ("[budget]\nreachable = 6\n", "2:13"),
    ] {
        let run = check(own);
        assert_eq!(run.status, 2, "{own}{}", run.out);
        assert!(
            run.err.contains(&format!("\n  {place}: ")),
            "{own}{}",
            run.err
        );
    }
    for own in [
        "",
        "fail-on = \"note\"\n",
        "[rules]\nno-needs-declared = \"error\"\nunneeded-scope = \"forbid\"\n",
        "[allow]\nmax-days = 30\n[budget]\nreachable = 0\nexcess-writes = 1\n",
    ] {
        let run = check(own);
        assert_eq!(run.status, 1, "{own}{}", run.err);
    }
    assert!(
        check("[rules]\nno-needs-declared = \"error\"\n")
            .out
            .contains("error[no-needs-declared]")
    );
    // Without one at the root, the nearest to it counts as a whole.
    folder.remove("scopes.toml");
    assert_eq!(check("fail-on = \"never\"\n").status, 0);
}

/// An entry that is to accept little and says wrongly what must not accept all of its rule.
#[test]
fn an_allowance_that_cannot_be_read_accepts_no_more_than_it_says() {
    let folder = Folder::new("gate-allowance");
    for field in ["scope", "endpoint", "environment"] {
        for value in ["[x]", "{}", "null", "~", "''", "1", "# zz:a", ""] {
            let key = format!(
                "provider: paxos\nname: x\nscopes: [zz:a, zz:b]\nallow:\n- rule: unknown-scope\n  {field}: {value}\n  \
                 reason: r\n  owner: o\n  until: 2999-01-01\n"
            );
            let json = format!(
                r#"{{"provider":"paxos","name":"x","scopes":["zz:a","zz:b"],"allow":[{{"rule":"unknown-scope","{field}":null,"reason":"r","owner":"o","until":"2999-01-01"}}]}}"#
            );
            for (name, text) in [("k.yaml", &key), ("k.json", &json)] {
                let run = folder.write(name, text).scopes(&["check", name]);
                assert_eq!(run.status, 1, "{text}\n{}", run.all());
                for scope in ["zz:a", "zz:b"] {
                    let said = format!("paxos has no scope `{scope}`");
                    assert!(run.out.contains(&said), "{text}\n{}", run.all());
                }
            }
        }
    }
}

/// A tag that makes a name a merge key, and TOML that is nested deeper than our reader goes.
#[test]
fn what_only_other_readers_take_for_a_key_is_looked_at() {
    let folder = Folder::new("gate-others");
    let merged = format!("!!merge m: {{provider: paxos, name: x}}\n{RISKY}");
    let deep = format!(
        "x = \"a: b\"\n provider = \"paxos\"\n name = \"n\"\n scopes = [\"transfer:write_fiat_withdrawal\"]\n z = {}{}\n",
        "[".repeat(85),
        "]".repeat(85)
    );
    let nested = format!("{}{}", "[".repeat(130), "]".repeat(130));
    let yaml = [
        merged,
        format!("{{a: &p # c\n provider, *p : paxos, name: x, l: {nested}}}\n"),
        format!("{{? # c\n provider # c\n : paxos, name # d\n : x, l: {nested}}}\n"),
        format!("a: [provider, name]\n{nested}: x\n"),
        "? !!str {=: provider}\n: paxos\n? !!str {=: name}\n: x\n".to_owned(),
        "? !<tag:yaml.org,2002:%73tr> {=: provider}\n: paxos\nname: x\n".to_owned(),
        "%TAG !e! tag:yaml.org,2002:m\n---\n!e!erge m: {provider: paxos, name: x}\n".to_owned(),
        "{provider: paxos,\u{2028}name:}\n".to_owned(),
        "{provider: paxos, \u{2028}name:, x}\n".to_owned(),
        "a: b\u{85}provider: paxos\u{2029}name: x\n".to_owned(),
    ];
    let yaml = yaml.map(|text| ("m.yaml", text));
    let tables = [
        "[provider]\n[name]\n",
        "[[provider]]\n[[name]]\n",
        "[ provider ]\n[ \"name\" ]\n",
    ];
    let tables = tables.map(|text| ("a.toml", text.to_owned()));
    for (name, text) in yaml.into_iter().chain(tables).chain([("t.toml", deep)]) {
        folder.write(&format!("keys/{name}"), &text);
        let run = folder.scopes(&["check", "keys", "--format", "short"]);
        assert_eq!(run.status, 1, "{text:?}\n{}", run.all());
        assert!(run.out.contains(&format!("keys/{name}:")), "{}", run.all());
        folder.remove(&format!("keys/{name}"));
    }
}
