//! Limits: each is written down for people, and met with a sentence.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};

use super::program::{Folder, root, run, scopes_with};

/// The constants of the code, by name.
fn constants() -> BTreeMap<String, u64> {
    let code = std::fs::read_to_string(root().join("src/source/limits.rs")).expect("the limits");
    let mut known: BTreeMap<String, u64> = BTreeMap::new();
    for line in code.lines() {
        let Some(rest) = line.strip_prefix("pub const ") else {
            continue;
        };
        let (name, rest) = rest.split_once(':').expect("a type");
        let (_, value) = rest.split_once(" = ").expect("a value");
        let value = value.trim_end_matches(';');
        let number = |text: &str| -> u64 {
            let text = text.trim();
            let digits = text.replace('_', "");
            digits.parse().unwrap_or_else(|_| known[text])
        };
        let product = |text: &str| -> u64 { text.split('*').map(number).product() };
        let value = match value.split_once("<<") {
            Some((number, shift)) => product(number) << product(shift),
            None => product(value),
        };
        known.insert(name.to_owned(), value);
    }
    known
}

fn with_separators(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[test]
fn the_page_has_every_limit() {
    let page = std::fs::read_to_string(root().join("docs/limits.md")).expect("the page");
    let constants = constants();
    let rows: Vec<Vec<&str>> = page
        .lines()
        .filter(|line| line.starts_with('|') && line.contains('`'))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let name = |row: &[&str]| row.last().expect("a cell").trim_matches('`').to_owned();
    for row in &rows {
        assert!(
            constants.contains_key(&name(row)),
            "no longer a limit: {row:?}"
        );
    }
    for (constant, value) in &constants {
        if matches!(constant.as_str(), "KIB" | "MIB") {
            continue;
        }
        let row = rows.iter().find(|row| name(row) == *constant);
        let row = row.unwrap_or_else(|| panic!("docs/limits.md has no row for `{constant}`"));
        let mib = constants["MIB"];
        let expected = match value % mib {
            0 => format!("{} MiB", value / mib),
            _ => with_separators(*value),
        };
        let written = row[1];
        let is_same = written == expected || written.starts_with(&format!("{expected} "));
        assert!(
            is_same,
            "{constant} is {expected}, and the page says {written}"
        );
    }
    let readme = std::fs::read_to_string(root().join("README.md")).expect("the README");
    assert!(readme.contains("docs/limits.md"));
}

const KEY: &str = "provider: paxos\nname: k\nneeds: { endpoints: [GET /profiles] }\nscopes: [funding:read_profile]\n";

/// A text that is just within a size, and one that is just beyond it.
fn around(text: &str, size: u64) -> [String; 2] {
    [0, 1].map(|more| {
        let rest = usize::try_from(size).expect("a size") - text.len() + more;
        format!("{text}{}", "#".repeat(rest))
    })
}

#[test]
fn each_kind_of_file_has_its_size() {
    let folder = Folder::new("limits-sizes");
    let constants = constants();
    let baseline = "{\"version\": 1, \"kind\": \"baseline\", \"reason\": \"r\", \"until\": \"2099-01-01\", \"findings\": []}";
    let catalog = "provider: acme\nscopes: { a: {} }\nendpoints: { GET /a: a }\n";
    let spec = "openapi: 3.0.0\ninfo: { title: t }\npaths: {}\n";
    for (name, constant, text, arguments, kind) in [
        (
            "k.yaml",
            "LARGEST_KEY",
            KEY,
            &["check", "k.yaml"][..],
            "a key file",
        ),
        (
            "s.toml",
            "LARGEST_CONFIG",
            "",
            &["check", "ok.yaml", "--config", "s.toml"],
            "scopes.toml",
        ),
        (
            "b.json",
            "LARGEST_BASELINE",
            baseline,
            &["check", "ok.yaml", "--baseline", "b.json"],
            "a baseline",
        ),
        (
            "c.yaml",
            "LARGEST_CATALOG",
            catalog,
            &["lint", "c.yaml"],
            "a catalog",
        ),
        (
            "o.yaml",
            "LARGEST_SPECIFICATION",
            spec,
            &["import", "openapi", "o.yaml"],
            "a specification",
        ),
    ] {
        folder.write("ok.yaml", KEY);
        let size = constants[constant];
        let [within, beyond] = around(text, size);
        // The largest take long to parse where nothing is optimised, and JSON has no comments.
        if size <= 1 << 20 {
            let run = folder.write(name, within).scopes(arguments);
            assert_eq!(run.status, 0, "{}", run.all());
        }
        let run = folder.write(name, beyond).scopes(arguments);
        assert_eq!(run.status, 2, "{name}: {}", run.all());
        let limit = size / constants["MIB"];
        let expected = format!(
            "`{name}` is too large for {kind}: {limit}.1 MiB, and the limit is {limit} MiB\nhelp: "
        );
        assert!(run.err.contains(&expected), "{}", run.all());
        folder.remove(name);
    }
    let [within, beyond] = around(KEY, constants["LARGEST_KEY"]);
    assert_eq!(scopes_with(&["check", "-"], &within).status, 0);
    let run = scopes_with(&["check", "-"], &beyond);
    let expected = "standard input is too large for a key file: the limit is 1 MiB";
    assert!(
        run.status == 2 && run.err.contains(expected),
        "{}",
        run.all()
    );
    let run = scopes_with(&["expand", "-p", "paxos", "-"], &beyond);
    let expected = "standard input is too large for a list of names";
    assert!(
        run.status == 2 && run.err.contains(expected),
        "{}",
        run.all()
    );
}

/// What is too large for a key is looked through, wherever in it the words are; what has them not is passed over.
#[test]
fn a_large_file_does_not_slip_by() {
    let folder = Folder::new("limits-large");
    folder.write("keys/ok.yaml", KEY);
    let long = "#".repeat(3 << 20);
    let utf16 =
        |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let pad = "x".repeat(1 << 20);
    let of_yaml = |text: &str, is_seen| {
        (
            "yaml",
            format!("{text}\ntext: {pad}\n").into_bytes(),
            is_seen,
        )
    };
    let of_json = |text: &str, is_seen| {
        (
            "json",
            format!("{{\"text\": \"{pad}\", {text}}}").into_bytes(),
            is_seen,
        )
    };
    let of_toml = |text: &str, is_seen| {
        (
            "toml",
            format!("text = \"{pad}\"\n{text}\n").into_bytes(),
            is_seen,
        )
    };
    let written = [
        of_yaml("a: &p provider\n*p : x\nname: y", true),
        of_yaml("? provider # c\n: paxos\n? name\n: y", true),
        of_yaml("!!str {=: provider}: paxos\nname: y", true),
        of_yaml("\"pro\\x76ider\": paxos\nname: y", true),
        of_yaml("a: &m {provider: paxos}\n<<: *m\nname: y", true),
        of_yaml("a: b\u{2028}provider: paxos\nname: y", true),
        of_yaml("a: [\nprovider: paxos\nname: y", true),
        of_yaml("a:\n  provider: paxos\nname: y", false),
        of_yaml("a: [provider]\nb: !x {provider: a}\nname: y", false),
        of_yaml("name: y\n---\nprovider: paxos", false),
        of_json("\"\\u0070rovider\": 1, \"name\": 2", true),
        of_json("\"provider\": 1, \"name\": 2,", true),
        of_json(
            "\"node_modules/provider\": {\"provider\": 1}, \"name\": 2",
            false,
        ),
        of_json("\"a\": [{\"provider\": 1, \"name\": 2}]", false),
        of_toml("[provider]\n[name]", true),
        of_toml("\"\\u0070rovider\".a = 1\n[[ name ]]", true),
        of_toml("[provider.x]\n[ \"name\" ]", true),
        of_toml("a = [\n[1],\n]\nprovider = 1\nname = 2", true),
        of_toml("a = \"\"\"\n[x]\n\"\"\"\nprovider = 1\nname = 2", true),
        of_toml("[[package]]\nname = \"provider\"", false),
        of_toml("[x]\nprovider = 1\nname = 2", false),
        of_toml("[tool.provider]\n[tool.name]", false),
    ];
    let padded = [
        (format!("{KEY}{long}").into_bytes(), true),
        (format!("{long}\n{KEY}").into_bytes(), true),
        (
            format!("'provider' : paxos\n{long}\n\"name\" :\n k\n").into_bytes(),
            true,
        ),
        (utf16(&format!("{long}\n{KEY}")), true),
        (format!("name: x\n{long}\n").into_bytes(), false),
        (
            format!("name: x\ntext: the provider of it\n{long}\n").into_bytes(),
            false,
        ),
    ];
    let padded = padded.map(|(bytes, is_seen)| ("yaml", bytes, is_seen));
    for (extension, bytes, is_seen) in padded.into_iter().chain(written) {
        let name = format!("keys/big.{extension}");
        folder.write(&name, &bytes);
        let run = folder.scopes(&["check", "keys"]);
        let (start, end) = (&bytes[..40], &bytes[bytes.len() - 60..]);
        let beginning = String::from_utf8_lossy(&[start, b" ... ", end].concat()).into_owned();
        assert_eq!(
            run.status,
            if is_seen { 2 } else { 0 },
            "{beginning}: {}",
            run.all()
        );
        assert_eq!(
            run.err
                .contains(&format!("`{name}` is too large for a key file")),
            is_seen
        );
        assert!(
            run.out.contains("1 key checked: no findings"),
            "{}",
            run.all()
        );
        assert_eq!(run.out.contains("skipped"), !is_seen, "{}", run.all());
        folder.remove(&name);
    }
}

#[test]
fn a_line_of_a_log_that_is_too_long_is_skipped_and_said() {
    let folder = Folder::new("limits-log");
    let most = usize::try_from(constants()["LONGEST_LOG_LINE"]).expect("a size");
    let line = |length: usize| format!("GET /profiles {}\n", "x".repeat(length - 14));
    let log = format!(
        "GET /profiles\n{}{}GET /profiles\n",
        line(most),
        line(most + 1)
    );
    folder.write("a.log", log).write("k.yaml", KEY);
    let run = folder.scopes(&["recommend", "-p", "paxos", "--log", "a.log"]);
    let expected = "3 requests match an endpoint, 1 line\n      skipped (1 longer than 1 MiB)";
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat(&run.out).contains(&flat(expected)), "{}", run.all());
    let run = folder.scopes(&["check", "k.yaml", "--log", "a.log"]);
    let expected = "skipped log lines: 1 longer than 1 MiB";
    assert!(run.err.contains(expected), "{}", run.all());
    folder.write(
        "deep.har",
        format!("{{\"log\": {{\"entries\": {}", "[".repeat(200)),
    );
    let run = folder.scopes(&["recommend", "-p", "paxos", "--log", "deep.har"]);
    assert!(
        run.status == 2 && run.err.contains("nested deeper than 128 levels"),
        "{}",
        run.all()
    );
}

/// A stream without an end comes to one, in little memory.
#[cfg(unix)]
#[test]
fn a_log_without_an_end_is_given_up() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_scopes"))
        .args(["recommend", "-p", "paxos", "--log", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let zeros = vec![0; 1 << 20];
    let _ = stdin.write_all(b"GET /profiles\n");
    // Ends with the program that reads it.
    while stdin.write_all(&zeros).is_ok() {}
    let output = child.wait_with_output().expect("it ends");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(
        text.contains("one of its lines is longer than 64 MiB"),
        "{text}"
    );
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_name_has_an_end() {
    let folder = Folder::new("limits-names");
    let most = usize::try_from(constants()["LONGEST_NAME"]).expect("a size");
    for (length, is_said) in [(most, false), (most + 1, true)] {
        let name = "x".repeat(length);
        folder
            .write(
                "k.yaml",
                KEY.replace("[funding", &format!("[{name}, funding")),
            )
            .write(
                "c.yaml",
                format!(
                    "provider: acme\nscopes: {{ {name}: {{}} }}\nendpoints: {{ GET /a: {name} }}\n"
                ),
            );
        let expected = format!("{length} bytes, and the limit is {most}");
        for arguments in [["check", "k.yaml"], ["lint", "c.yaml"]] {
            let run = run(&folder.path(""), &arguments, None);
            assert_eq!(run.out.contains(&expected), is_said, "{}", run.all());
        }
    }
}

/// A long text that aliases multiply is as many values as it is long.
#[test]
fn aliases_of_a_long_text_count_its_length() {
    let folder = Folder::new("limits-aliases");
    let long = "x".repeat(500_000);
    let aliases = "*a, ".repeat(100_000);
    folder.write(
        "k.yaml",
        format!("{KEY}extra: 1\nlabels:\n  a: &a \"{long}\"\n  b: [{aliases}]\n"),
    );
    let run = folder.scopes(&["check", "k.yaml"]);
    assert_eq!(run.status, 1, "{}", run.all());
    assert!(
        run.out.contains("its aliases expand to more than"),
        "{}",
        run.out.len()
    );
}
