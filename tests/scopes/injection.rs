//! Foreign text in everything that is printed: no line of a log is a command to a CI runner, and no Markdown comes to life.

use std::collections::BTreeSet;

use comrak::nodes::NodeValue;
use comrak::{Arena, Options, parse_document};
use serde_json::{Map, Value, json};

use crate::program::{Folder, Run, formats, run_in};

/// What people have tried elsewhere, and some more.
const TEXTS: [&str; 52] = [
    "##[stop-commands]zzz",
    "a ##[add-mask]b",
    "###[group]fold",
    "::error file=a.yaml::forged",
    "  ::stop-commands::zzz",
    "no\n::add-mask::x\n  ::error::y",
    "no\r\n::warning::z",
    "no\u{2028}::notice::z",
    "no\u{85}::notice::z",
    "\u{a0}\u{3000}::debug::z",
    "\u{feff}::debug::z",
    "%0A::error::z%0D%25",
    "##vso[task.setvariable variable=x]y",
    "##teamcity[message text='x']",
    "section_start:1:x\r\u{1b}[0K",
    "travis_fold:start:x",
    "--- group",
    "+++ group",
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "<!-- hidden",
    "--> </details> <details>",
    "</code></td></tr></table>",
    "[link](https://evil.example)",
    "![image](https://evil.example/x.png)",
    "[ref]: https://evil.example",
    "<https://evil.example>",
    "https://evil.example/a_b",
    "www.evil.example",
    "mail@evil.example",
    "@team",
    "@org/team, and (@someone)",
    "fixes #12, GH-34, org/repo#56 and !78",
    "0123abcdef0123abcdef0123abcdef0123abcdef",
    ":tada: and $x$",
    "a | b || c \\| d",
    "`<b>`",
    "``<b>``",
    "<b>`",
    "`` ` ```",
    "````\n<b>\n````",
    "title\n===",
    "title\n---",
    "- [ ] task",
    "1. one",
    "> quote",
    "*bold* __bold__ ~~gone~~",
    "&lt;b&gt; &#64;team &amp;",
    "\u{1b}[31mred\u{1b}[0m \u{1b}]8;;https://evil.example\u{7}x",
    "\u{202e}right to left\u{2069}\u{200b}\u{200d}\u{e0041}",
    "nul \0 and \u{7f} end\\",
    "[^1]: note [^1]",
];

/// The texts of which there is a key each: every fix of a key is tried out, and that takes its time.
const KEYS: [usize; 4] = [0, 3, 30, 38];

/// A text as the name of something: the formats refuse names that break, and those with a space at an end.
fn name(text: &str) -> String {
    let name: String = text.chars().filter(|c| !c.is_control()).collect();
    name.trim().to_owned()
}

/// A text as the name of a file.
fn file_name(text: &str) -> String {
    let name: String = text
        .chars()
        .map(|c| if "/\0".contains(c) { '_' } else { c })
        .collect();
    format!("{name}.json")
}

fn object(fields: impl IntoIterator<Item = (String, Value)>) -> Value {
    Value::Object(fields.into_iter().collect::<Map<_, _>>())
}

/// A catalog that has a text wherever one can stand.
fn catalog(is_changed: bool) -> Value {
    let texts = || TEXTS.iter().enumerate();
    let scopes = object(texts().map(|(index, text)| {
        let risk = if index % 2 == 0 { "critical" } else { "high" };
        let risk = json!({ "secret": risk, "app": "low" });
        let fields = json!({ "summary": text, "note": text, "because": text, "access": "write", "risk": risk });
        (name(text), fields)
    }));
    let endpoints = object(texts().flat_map(|(index, text)| {
        let changed = if is_changed { "2" } else { "" };
        let needs = json!({ "scope": name(text), "note": text });
        let rejected = json!({ "scope": name(text), "rejected": text });
        let keyless =
            json!({ "scope": name(text), "keyless": { "credential": text, "because": text } });
        [
            (format!("POST /open{index}{changed}"), needs),
            (format!("POST /rejected{index}"), rejected),
            (format!("POST /keyless{index}"), keyless),
        ]
    }));
    let named = |of: &dyn Fn(usize, &str) -> Value| {
        object(texts().map(|(index, text)| (name(text), of(index, text))))
    };
    json!({
        "provider": "acme",
        "title": TEXTS[5],
        "note": TEXTS.join("\n"),
        "manage": TEXTS[32],
        "sources": [{ "url": TEXTS[3], "verified": "2026-11-20" }],
        "responses": { "missing-scope": { "status": 403, "code": TEXTS[1] } },
        "key_types": {
            "secret": { "note": TEXTS.join(" "), "prefixes": ["##[", "::"] },
            "app": { "exposure": "public", "disallowed": "ignored", "note": TEXTS[4] },
        },
        "environments": { "::error::test": { "base": "https://a.example" }, "##[live]": { "production": true } },
        "scopes": scopes,
        "bundles": named(&|_, text| json!({ "summary": text, "note": text, "scopes": [name(text)] })),
        "endpoints": endpoints,
        "events": named(&|_, text| json!(name(text))),
        "recipes": named(&|index, text| json!({ "summary": text, "endpoints": [format!("POST /keyless{index}")] })),
        "combinations": texts().skip(1).map(|(index, text)| json!({
            "scopes": [name(TEXTS[index - 1]), name(text)], "risk": "critical", "because": text,
        })).collect::<Vec<_>>(),
    })
}

/// A key that has a text wherever one can stand.
fn key(index: usize, text: &str) -> Value {
    let next = TEXTS[(index + 1) % TEXTS.len()];
    json!({
        "provider": "./acme.json",
        "name": text,
        "owner": text,
        "purpose": text,
        "labels": { "a": text },
        "key_type": "secret",
        "needs": {
            "endpoints": [format!("POST /open{index}"), format!("POST /rejected{index}"), text, format!("GET /{text}")],
            "recipes": [text],
            "events": [text],
            "scopes": [{ "scope": text, "because": text }],
        },
        "never": [text, format!("POST /open{index}")],
        "scopes": [name(text), name(next), text],
        "bundles": [name(text), format!("x{text}")],
        "environments": { text: { "scopes": [name(next)] }, "##[live]": { "scopes": [text] } },
        "allow": [{ "rule": "unneeded-scope", "scope": name(next), "reason": text, "owner": text, "until": "2026-12-31" }],
        text: text,
    })
}

fn folder() -> Folder {
    let folder = Folder::new("injection");
    folder.write("acme.json", catalog(false).to_string());
    folder.write("other.json", catalog(true).to_string());
    for (index, text) in TEXTS.into_iter().enumerate() {
        if KEYS.contains(&index) {
            let key = key(index, text).to_string().replace("./acme", "../acme");
            folder.write(&format!("keys/{}", file_name(text)), key);
        }
        // A catalog with the text in every field at once has faults of every kind.
        let faulty = json!({
            "provider": text, "title": text, "extends": text, text: text,
            "scopes": { text: { "summary": text, "implies": [text, "x"], "risk": text } },
            "bundles": { text: { "scopes": [text, "*x*"], text: text } },
            "endpoints": { text: text, format!("GET /{text}"): { "scope": text, "rejected": text } },
            "examples": [{ "scopes": [text], "endpoint": text, "verdict": text }],
        });
        folder.write(&format!("faulty/{}", file_name(text)), faulty.to_string());
        let spec = json!({
            "openapi": "3.0.0", "info": { "title": text, "version": text, "description": text },
            "servers": [{ "url": text }],
            "components": { "securitySchemes": { "o": { "type": "oauth2", "flows": { text: { "scopes": { name(text): text } } } }, text: { "type": text } } },
            "paths": {
                format!("/a{index}"): { "get": { "summary": text, "operationId": text, "tags": [text], "security": [{ "o": [name(text), text] }, { text: [text] }] } },
                text: { "get": { "$ref": text } },
            },
        });
        folder.write(&format!("specs/{index}.json"), spec.to_string());
    }
    folder.write("few.json", json!({
        "provider": "../injection", "name": "few", "needs": { "endpoints": ["POST /open0"] }, "scopes": [name(TEXTS[0])],
    }).to_string());
    let mut log = String::new();
    for (index, text) in TEXTS.iter().enumerate() {
        log += &format!(
            "POST https://a.example/open{index}\n{text}\nGET {text}\nPOST https://{text}/x\n"
        );
    }
    folder.write("traffic.log", log);
    folder
}

/// Whether a line is a command to a runner, by what their sources do with it.
fn is_command(line: &str) -> bool {
    let begins = line
        .trim_start()
        .trim_start_matches(|c: char| c.is_whitespace() || c.is_control())
        .starts_with("::");
    begins
        || [
            "##[",
            "##vso[",
            "##teamcity[",
            "section_start:",
            "travis_fold:",
        ]
        .iter()
        .any(|mark| line.contains(mark))
}

/// The properties and the data of an annotation, as the runner of GitHub reads them.
fn annotation(line: &str) -> Option<(Vec<(String, String)>, String)> {
    let rest = line.strip_prefix("::")?;
    let (head, data) = rest.split_once("::")?;
    let (command, properties) = head.split_once(' ')?;
    if !["error", "warning", "notice"].contains(&command) {
        return None;
    }
    let read = |text: &str| {
        let text = text.replace("%0D", "\r").replace("%0A", "\n");
        text.replace("%3A", ":")
            .replace("%2C", ",")
            .replace("%25", "%")
    };
    let properties = properties.split(',').map(|property| {
        let (name, value) = property.split_once('=')?;
        Some((name.to_owned(), read(value)))
    });
    Some((properties.collect::<Option<Vec<_>>>()?, read(data)))
}

/// What is left of a text that only its letters and digits tell from another.
fn letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

fn assert_no_command(what: &str, run: &Run, is_github: bool) {
    for (stream, text) in [("out", &run.out), ("err", &run.err)] {
        for line in text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']) {
            let is_ours = is_github && stream == "out" && annotation(line).is_some();
            let inner = line.get(2..).filter(|_| is_ours).unwrap_or(line);
            assert!(!is_command(inner), "{what}: {stream}: {line:?}");
            assert!(
                !line.contains([
                    '\u{202e}',
                    '\u{200b}',
                    '\u{e0041}',
                    '\0',
                    '\u{7f}',
                    '\u{1b}',
                    '\u{7}'
                ]),
                "{what}: {stream}: {line:?}"
            );
        }
    }
}

/// The words of Markdown that a forge looks into, and the code. Fails at anything that is not ours.
fn rendered(what: &str, markdown: &str) -> (Vec<String>, BTreeSet<String>) {
    let arena = Arena::new();
    let mut options = Options::default();
    let on = &mut options.extension;
    on.table = true;
    on.autolink = true;
    on.strikethrough = true;
    on.tasklist = true;
    on.footnotes = true;
    on.alerts = true;
    on.math_dollars = true;
    on.math_code = true;
    let document = parse_document(&arena, markdown, &options);
    let (mut words, mut codes): (Vec<String>, _) = (Vec::new(), BTreeSet::new());
    let mut html_code: Option<String> = None;
    for node in document.descendants() {
        match &node.data.borrow().value {
            NodeValue::Text(text) if html_code.is_some() => {
                html_code.as_mut().expect("checked").push_str(text);
            }
            NodeValue::Text(text) => {
                let is_next = node
                    .previous_sibling()
                    .is_some_and(|before| matches!(before.data.borrow().value, NodeValue::Text(_)));
                match words.last_mut().filter(|_| is_next) {
                    Some(last) => last.push_str(text),
                    None => words.push(text.to_string()),
                }
            }
            NodeValue::HtmlInline(html) if html == "<code>" => html_code = Some(String::new()),
            NodeValue::HtmlInline(html) if html == "</code>" => {
                codes.insert(html_code.take().expect("it was opened"));
            }
            NodeValue::Code(code) => drop(codes.insert(code.literal.clone())),
            NodeValue::HtmlBlock(html) => {
                let html = html.literal.trim();
                let is_ours = html == "</details>"
                    || html
                        .strip_prefix("<details><summary>")
                        .and_then(|rest| rest.strip_suffix(" rows</summary>"))
                        .is_some_and(|number| number.parse::<usize>().is_ok());
                assert!(is_ours, "{what}: {html}");
            }
            NodeValue::Document
            | NodeValue::Heading(_)
            | NodeValue::Paragraph
            | NodeValue::Strong
            | NodeValue::SoftBreak
            | NodeValue::Table(_)
            | NodeValue::TableRow(_)
            | NodeValue::TableCell
            | NodeValue::List(_)
            | NodeValue::Item(_) => {}
            other => panic!("{what}: {other:?} in {}", node.data.borrow().sourcepos),
        }
    }
    (words, codes)
}

/// Whether a forge would make something of words that stand outside of code.
fn comes_to_life(words: &str) -> bool {
    let lower = words.to_lowercase();
    let parts = |marks: &'static [char]| lower.split(marks).collect::<Vec<_>>();
    let is_reference = |mark: &str| {
        lower
            .match_indices(mark)
            .any(|(at, _)| lower[at + mark.len()..].starts_with(|c: char| c.is_ascii_digit()))
    };
    ["@", "://", "www.", "<", "mailto:"]
        .iter()
        .any(|mark| lower.contains(mark) && *mark != "<")
        || is_reference("#")
        || is_reference("gh-")
        || is_reference("!")
        || lower.matches('$').count() > 1
        || lower.contains(":tada:")
        || parts(&[' ', '.', ',', ':', '(', ')'])
            .iter()
            .any(|part| part.len() >= 7 && part.chars().all(|c| c.is_ascii_hexdigit()))
}

/// Every format of the command.
const ALL: &[&str] = &[];

#[test]
fn no_foreign_text_is_a_command_or_comes_to_life() {
    let folder = folder();
    let keys: Vec<String> = KEYS
        .iter()
        .map(|at| format!("./keys/{}", file_name(TEXTS[*at])))
        .collect();
    let mut lines: Vec<(Vec<String>, Vec<String>)> = Vec::new();
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let mut add = |line: &[&str], some: &[&str]| {
        let formats = if some.is_empty() {
            formats(line[0])
        } else {
            owned(some)
        };
        lines.push((owned(line), formats));
    };
    add(&["check", "keys"], ALL);
    add(&["check", "keys", "--statistics"], &["text"]);
    add(&["check", "keys", "--width", "40"], &["text"]);
    add(&["show", "./acme.json", "--width", "40"], &["table"]);
    add(&["check", "keys", "--diff", "--unsafe-fixes"], &["text"]);
    add(&["lint", "acme.json"], ALL);
    add(&["lint", "faulty"], ALL);
    add(&["list", "--catalog", "acme.json"], &["table", "json"]);
    add(&["show", "./acme.json"], ALL);
    add(
        &[
            "explain",
            "-p",
            "./acme.json",
            "--key-type",
            "secret",
            "POST /rejected4",
            "POST /keyless5",
            "POST /open3",
        ],
        ALL,
    );
    add(&["diff", "acme.json", "other.json"], ALL);
    add(
        &[
            "recommend",
            "-p",
            "./acme.json",
            "--key-type",
            "secret",
            "--log",
            "traffic.log",
        ],
        &["table", "json", "lines"],
    );
    for (index, at) in KEYS.into_iter().enumerate().take(2) {
        let (text, file) = (TEXTS[at], &keys[index]);
        let other = &keys[(index + 1) % keys.len()];
        let own = name(text);
        add(&["show", text], &["table"]);
        add(&["explain", "-p", "./acme.json", &own, text], ALL);
        add(&["explain", "--key-file", file], ALL);
        add(
            &["expand", "-p", "./acme.json", &own],
            &["table", "json", "lines"],
        );
        add(
            &["recommend", "--key-file", file],
            &["table", "yaml", "lines"],
        );
        add(
            &[
                "recommend",
                "-p",
                "./acme.json",
                "--recipe",
                &own,
                "--event",
                text,
            ],
            &["table", "yaml"],
        );
        add(&["diff", file, other], ALL);
        add(&["check", text, "--level", text], &["text"]);
        add(&["rule", text], &["text"]);
        add(&["diff", "--base", text], &["table"]);
        add(&["check", file, "--baseline", text], &["text"]);
        let write = format!("./{}", file_name(text));
        let write = [
            "check",
            file,
            "--reason",
            text,
            "--until",
            "2099-01-01",
            "--write-baseline",
            &write,
        ];
        add(&write, &["text"]);
        add(&["check", file, "--baseline", write[7]], &["short"]);
        add(
            &["import", "openapi", &format!("specs/{at}.json")],
            &["yaml", "json"],
        );
        add(&["--config", text, "check", "keys"], &["text"]);
        add(&[text], &["text"]);
        add(&["check", &format!("--{text}")], &["text"]);
    }
    let mut number = 0;
    for (line, formats) in &lines {
        for format in formats {
            let mut words: Vec<&str> = line
                .iter()
                .map(String::as_str)
                .filter(|word| !word.contains('\0'))
                .collect();
            if !matches!(format.as_str(), "text" | "table") {
                words.extend(["--format", format.as_str()]);
            }
            let summary = folder.path("summary.md");
            let summary = summary.to_str().expect("UTF-8");
            let run = run_in(
                &folder.path(""),
                &words,
                None,
                &[("GITHUB_STEP_SUMMARY", summary)],
            );
            let what = format!("{words:?}");
            number += 1;
            assert_no_command(&what, &run, format.as_str() == "github");
            assert!(run.status < 3, "{what}: {}", run.err);
            match format.as_str() {
                "json" | "sarif" | "gitlab" if !run.out.is_empty() => {
                    let read: Result<Value, _> = serde_json::from_str(&run.out);
                    assert!(read.is_ok(), "{what}");
                }
                "yaml" if !run.out.is_empty() => {
                    let read: Result<Value, _> = serde_yaml::from_str(&run.out);
                    assert!(read.is_ok(), "{what}: {read:?}");
                }
                "markdown" => {
                    let (all, codes) = rendered(&what, &run.out);
                    for words in all {
                        assert!(!comes_to_life(&words), "{what}: {words}");
                    }
                    if line[0] == "show" && run.status == 0 && line[1] == "./acme.json" {
                        for text in TEXTS {
                            let name = name(text);
                            if name.chars().all(|c| (' '..='~').contains(&c)) {
                                assert!(codes.contains(&name), "{name}: {codes:?}");
                            }
                        }
                    }
                }
                "github" => {
                    let (all, _) = rendered(&what, &folder.read("summary.md"));
                    folder.remove("summary.md");
                    assert!(!all.iter().any(|words| comes_to_life(words)), "{what}");
                    annotations_say_what_was_found(&folder, line, &run);
                }
                _ => {}
            }
        }
    }
    assert!(number > 80, "{number}");
}

/// Each annotation is one of the findings that JSON has.
fn annotations_say_what_was_found(folder: &Folder, line: &[String], run: &Run) {
    let mut words: Vec<&str> = line.iter().map(String::as_str).collect();
    words.extend(["--format", "json"]);
    let json: Value = serde_json::from_str(&folder.scopes(&words).out).expect("JSON");
    let found: BTreeSet<(String, u64, String)> = json["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|finding| {
            let text = |name: &str| letters(finding[name].as_str().unwrap_or_default());
            (
                text("file"),
                finding["line"].as_u64().unwrap_or_default(),
                text("message"),
            )
        })
        .collect();
    let mut number = 0;
    for line in run.out.lines().filter(|line| line.starts_with("::")) {
        let (properties, data) = annotation(line).expect("an annotation");
        let of = |name: &str| {
            properties
                .iter()
                .find(|(other, _)| other == name)
                .map(|(_, value)| value.clone())
                .unwrap_or_default()
        };
        let file = letters(&of("file"));
        let at: u64 = of("line").parse().expect("a number");
        let message = letters(&data);
        let is_found = found.iter().any(|(other, line, text)| {
            file.ends_with(other.as_str()) && *line == at && message.starts_with(text.as_str())
        });
        assert!(is_found, "{line}");
        number += 1;
    }
    assert!(number > 0);
}

#[test]
fn what_a_catalog_says_begins_no_line() {
    let folder = Folder::new("injection-lines");
    let text = "first\n::second::\n\nthird";
    let catalog = json!({
        "provider": "acme", "note": text, "manage": text,
        "scopes": { "a": { "risk": "high", "because": text, "note": text }, "b": { "summary": text } },
        "endpoints": {
            "POST /a": "a", "POST /b": "b",
            "POST /r": { "scope": "a", "rejected": text, "note": text },
            "POST /k": { "scope": "a", "keyless": { "credential": "x", "because": text } },
        },
        "combinations": [{ "scopes": ["a", "b"], "risk": "critical", "because": text }],
    });
    folder.write("acme.json", catalog.to_string());
    let key = json!({
        "provider": "./acme.json", "name": "k", "scopes": ["a", "b"],
        "needs": { "endpoints": ["POST /r", "POST /k", "POST /a"] },
    });
    folder.write("k.json", key.to_string());
    for line in [
        &["check", "k.json"][..],
        &["check", "k.json", "--format", "short"],
        &["check", "k.json", "--format", "markdown"],
        &["lint", "acme.json"],
        &["show", "./acme.json"],
        &["explain", "-p", "./acme.json", "a", "b"],
        &["explain", "-p", "./acme.json", "POST /r", "POST /k"],
        &["explain", "--key-file", "k.json"],
        &["recommend", "--key-file", "k.json"],
    ] {
        let run = folder.scopes(line);
        for line in run.all().lines().map(str::trim_start) {
            let begins = ["::second", "\\::second", "third"]
                .iter()
                .any(|text| line.starts_with(text));
            assert!(!begins, "{}", run.all());
        }
    }
}
