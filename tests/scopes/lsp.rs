//! The language server, by a client that speaks its protocol.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

use crate::program::Folder;
use crate::rules::files;
use scopes::finding::Group;
use scopes::lint::RULES;

/// No answer takes longer than this, or the server hangs.
const PATIENCE: Duration = Duration::from_secs(60);

struct Client {
    child: Child,
    stdin: Option<ChildStdin>,
    messages: Receiver<Value>,
    requests: u32,
    root: String,
}

impl Client {
    /// A server for a folder, initialized.
    fn new(folder: &Folder, encodings: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_scopes"))
            .arg("lsp")
            .current_dir(folder.path("."))
            .env_clear()
            .env("LANG", "C.UTF-8")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let stdin = child.stdin.take();
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            while let Some(message) = read(&mut stdout) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let root = folder.path(".").canonicalize().expect("a folder");
        let mut client = Self {
            child,
            stdin,
            messages,
            requests: 0,
            root: format!("file://{}", root.display()),
        };
        let root = client.root.clone();
        let capabilities = json!({ "general": { "positionEncodings": encodings } });
        let answer = client.request(
            "initialize",
            json!({ "processId": null, "rootUri": root, "capabilities": capabilities }),
        );
        assert!(answer["result"]["capabilities"].is_object(), "{answer}");
        client.notify("initialized", json!({}));
        client
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        let stdin = self.stdin.as_mut().expect("a pipe");
        write!(stdin, "Content-Length: {}\r\n\r\n{text}", text.len()).expect("it is taken");
        stdin.flush().expect("it is taken");
    }

    fn notify(&mut self, method: &str, params: Value) {
        let mut message = json!({ "jsonrpc": "2.0", "method": method });
        message["params"] = params;
        self.send(&message);
    }

    fn next(&self) -> Value {
        self.messages.recv_timeout(PATIENCE).expect("an answer")
    }

    fn request(&mut self, method: &str, params: Value) -> Value {
        self.requests += 1;
        let id = self.requests;
        let mut message = json!({ "jsonrpc": "2.0", "id": id, "method": method });
        message["params"] = params;
        self.send(&message);
        loop {
            let message = self.next();
            if message["id"] == id {
                return message;
            }
        }
    }

    fn uri(&self, name: &str) -> String {
        format!("{}/{name}", self.root)
    }

    /// Opens a document, and gives what is found in it.
    fn open(&mut self, name: &str, text: &str) -> Vec<Value> {
        let uri = self.uri(name);
        let document = json!({ "uri": uri, "languageId": "yaml", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
        self.published(&uri)
    }

    /// Gives a document another text, and what is found in it then.
    fn change(&mut self, name: &str, text: &str) -> Vec<Value> {
        let uri = self.uri(name);
        let params = json!({
            "textDocument": { "uri": uri, "version": 2 },
            "contentChanges": [{ "text": text }],
        });
        self.notify("textDocument/didChange", params);
        self.published(&uri)
    }

    fn published(&self, uri: &str) -> Vec<Value> {
        loop {
            let message = self.next();
            let params = &message["params"];
            if message["method"] == "textDocument/publishDiagnostics" && params["uri"] == uri {
                return params["diagnostics"].as_array().expect("a list").clone();
            }
        }
    }

    /// Asks about a place in a document: a line and a column from 0.
    fn ask(&mut self, method: &str, name: &str, line: usize, character: usize) -> Value {
        let uri = self.uri(name);
        let params = json!({
            "textDocument": { "uri": uri },
            "position": { "line": line, "character": character },
        });
        let answer = self.request(&format!("textDocument/{method}"), params);
        answer["result"].clone()
    }

    /// The fixes of a whole document.
    fn actions(&mut self, name: &str) -> Vec<Value> {
        let params = json!({
            "textDocument": { "uri": self.uri(name) },
            "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 999, "character": 0 } },
            "context": { "diagnostics": [] },
        });
        let answer = self.request("textDocument/codeAction", params);
        answer["result"].as_array().cloned().unwrap_or_default()
    }

    /// Says goodbye, and gives the status that the server ends with.
    fn end(mut self) -> i32 {
        let answer = self.request("shutdown", Value::Null);
        assert!(answer.get("error").is_none(), "{answer}");
        self.notify("exit", Value::Null);
        self.status()
    }

    fn status(&mut self) -> i32 {
        self.stdin = None;
        let status = self.child.wait().expect("the server ends");
        status.code().expect("it was not killed")
    }
}

fn read(from: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if from.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse().ok()?;
            }
            _ if line.trim().is_empty() => break,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

/// A text after the edits of an action, which count columns in UTF-16.
fn edited(text: &str, action: &Value) -> String {
    let byte = |position: &Value| {
        let line = position["line"].as_u64().expect("a line");
        let mut start = 0;
        for _ in 0..line {
            start += text[start..]
                .find('\n')
                .map_or(text[start..].len(), |at| at + 1);
        }
        let mut left = position["character"].as_u64().expect("a column");
        for (at, c) in text[start..].char_indices() {
            if left == 0 {
                return start + at;
            }
            left -= c.len_utf16() as u64;
        }
        text.len()
    };
    let changes = action["edit"]["changes"].as_object().expect("changes");
    let edits = changes
        .values()
        .next()
        .and_then(Value::as_array)
        .expect("edits");
    let mut edits: Vec<(usize, usize, &str)> = edits
        .iter()
        .map(|edit| {
            let range = &edit["range"];
            let new = edit["newText"].as_str().expect("a text");
            (byte(&range["start"]), byte(&range["end"]), new)
        })
        .collect();
    edits.sort_unstable();
    let mut result = text.to_owned();
    for (start, end, new) in edits.into_iter().rev() {
        result.replace_range(start..end, new);
    }
    result
}

/// The rule and the place of each finding, columns in characters from 0.
fn of_check(folder: &Folder, command: &str, name: &str) -> Vec<(String, u64, u64)> {
    let run = folder.scopes(&[command, name, "--format", "json"]);
    let report: Value = serde_json::from_str(&run.out).unwrap_or_default();
    let findings = report["findings"].as_array().into_iter().flatten();
    let mut all: Vec<_> = findings
        .map(|one| {
            let number = |field: &str| one[field].as_u64().expect("a number") - 1;
            let rule = one["rule"].as_str().expect("a rule").to_owned();
            (rule, number("line"), number("column"))
        })
        .collect();
    all.sort();
    all
}

/// The same of diagnostics whose columns are in bytes, in a text.
fn of_server(diagnostics: &[Value], text: &str) -> Vec<(String, u64, u64)> {
    let lines: Vec<&str> = text.split('\n').collect();
    let mut all: Vec<_> = diagnostics
        .iter()
        .map(|one| {
            let start = &one["range"]["start"];
            let line = start["line"].as_u64().expect("a line");
            let column = start["character"].as_u64().expect("a column");
            let written = lines[usize::try_from(line).expect("small")];
            let before = &written[..usize::try_from(column).expect("small")];
            let rule = one["code"].as_str().expect("a rule").to_owned();
            (rule, line, before.chars().count() as u64)
        })
        .collect();
    all.sort();
    all
}

#[test]
fn it_finds_what_the_linters_find() {
    let mut seen = 0;
    for rule in RULES {
        let folder = Folder::new(&format!("lsp-{}", rule.id));
        let files = files(&format!("\n{}", rule.section("Bad")));
        for (name, text) in &files {
            folder.write(name, text);
        }
        let is_catalogs = rule.id.group() == Group::Catalogs;
        let command = if is_catalogs { "lint" } else { "check" };
        let mut client = Client::new(&folder, &["utf-8"]);
        for (name, text) in &files {
            let is_key_or_catalog = name.starts_with("key") || name.contains("catalog");
            if !is_key_or_catalog || name.contains("scopes.toml") {
                continue;
            }
            let is_catalog = text.contains("\nendpoints:") || name.contains("catalog");
            if is_catalog != is_catalogs {
                continue;
            }
            let found = client.open(name, text);
            let found = of_server(&found, text);
            assert_eq!(
                found,
                of_check(&folder, command, name),
                "{} {name}",
                rule.id
            );
            seen += found.len();
        }
        assert_eq!(client.end(), 0);
    }
    assert!(seen > 50, "{seen}");
}

const KEY: &str = "\
provider: paxos
name: \"kässe 😀\"
purpose: { a: 1 }
needs:
  endpoints:
    - GET /profiles
scopes:
  # ü
  - \"funding:read_profle\"
  - transfer:write_fiat_account # 😀
";

#[test]
fn fixes_are_edits_that_make_the_findings_go() {
    let folder = Folder::new("lsp-fixes");
    for text in [KEY.to_owned(), KEY.replace('\n', "\r\n")] {
        let text = text.replace("purpose: { a: 1 }", "purpose: x");
        folder.write("a.yaml", &text);
        let mut client = Client::new(&folder, &[]);
        let found = client.open("a.yaml", &text);
        assert_eq!(found.len(), 2, "{found:?}");
        let actions = client.actions("a.yaml");
        let titles: Vec<&str> = actions
            .iter()
            .filter_map(|one| one["title"].as_str())
            .collect();
        assert_eq!(
            titles,
            [
                "Change to `funding:read_profile`",
                "Remove `transfer:write_fiat_account`",
                "Fix everything that `scopes check --fix` fixes",
            ]
        );
        for action in &actions[..2] {
            let left = client.change("a.yaml", &edited(&text, action));
            assert_eq!(left.len(), 1, "{left:?}");
        }
        let fixed = edited(&text, &actions[2]);
        assert!(client.change("a.yaml", &fixed).is_empty());
        folder.scopes(&["check", "a.yaml", "--fix"]);
        assert_eq!(folder.read("a.yaml"), fixed);
        assert_eq!(client.end(), 0);
    }
}

#[test]
fn names_are_explained_and_offered() {
    let folder = Folder::new("lsp-names");
    let mut client = Client::new(&folder, &[]);
    client.open("a.yaml", KEY);
    let said = |answer: &Value| {
        answer["contents"]["value"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let scope = said(&client.ask("hover", "a.yaml", 9, 12));
    insta::assert_snapshot!(scope, @r"
    `transfer:write_fiat_account` (write scope, high risk)

    add, change and delete bank accounts

    Risk: adds bank accounts

    On a client key it opens 3 endpoints:

    - `POST /transfer/fiat-accounts`
    - `PUT /transfer/fiat-accounts/{id}`
    - `DELETE /transfer/fiat-accounts/{id}`
    ");
    let endpoint = said(&client.ask("hover", "a.yaml", 5, 12));
    insta::assert_snapshot!(endpoint, @r"
    `GET /profiles` (read)

    Needs `funding:read_profile`
    ");
    assert_eq!(said(&client.ask("hover", "a.yaml", 1, 8)), "");
    let labels = |answer: &Value| -> Vec<String> {
        let items = answer["items"].as_array().into_iter().flatten();
        items
            .filter_map(|one| Some(one["label"].as_str()?.to_owned()))
            .collect()
    };
    for (text, offered) in [
        (
            "provider: paxos\nname: a\nscopes:\n  - fund|",
            "funding:read_profile",
        ),
        (
            "provider: paxos\nname: a\nscopes: fund|",
            "funding:read_profile",
        ),
        ("provider: paxos\nname: a\nneeds:\n  recipes: [|", "mint"),
        (
            "provider: paxos\nname: a\nneeds: { endpoints: [\"GET /p|",
            "GET /profiles",
        ),
        ("provider: paxos\nname: a\nenvironments:\n  san|", "sandbox"),
        ("provider: |\nname: a\n", "elebne"),
        ("provider: elebne\nname: a\nkey_type: |", "publishable"),
        (
            "provider: paxos\nname: a\nallow:\n  - rule: unn|",
            "unneeded-scope",
        ),
        ("provider: paxos\nname: a\npur|", "purpose"),
    ] {
        let (line, column) = cursor(text);
        client.change("a.yaml", &text.replace('|', ""));
        let answer = labels(&client.ask("completion", "a.yaml", line, column));
        assert!(
            answer.iter().any(|one| one == offered),
            "{text}: {answer:?}"
        );
    }
    let catalog = "provider: acme\nscopes:\n  orders.read: { summary: see orders }\nendpoints:\n  GET /orders: |";
    client.open("acme.yaml", &catalog.replace('|', "orders.read"));
    client.change("acme.yaml", &catalog.replace('|', ""));
    let (line, column) = cursor(catalog);
    let answer = labels(&client.ask("completion", "acme.yaml", line, column));
    assert!(answer.contains(&"orders.read".to_owned()), "{answer:?}");
    let config = "fail-on = \"|\"\n";
    client.open("scopes.toml", &config.replace('|', ""));
    let (line, column) = cursor(config);
    let answer = labels(&client.ask("completion", "scopes.toml", line, column));
    assert_eq!(answer, ["error", "warning", "note", "never"]);
    assert_eq!(client.end(), 0);
}

/// The line and the column of a cursor.
fn cursor(text: &str) -> (usize, usize) {
    let (before, _) = text.split_once('|').expect("a cursor");
    let line = before.matches('\n').count();
    (line, before.rsplit('\n').next().unwrap_or_default().len())
}

#[test]
fn an_accepted_name_leaves_the_file_as_it_is_meant() {
    let folder = Folder::new("lsp-accepted");
    folder.write(
        "acme.yaml",
        "provider: acme\nenvironments: { te.st: {} }\nscopes: { \"it's \\\"x\\\"\": { summary: s } }\nendpoints: { GET /a: \"it's \\\"x\\\"\" }\n",
    );
    let mut client = Client::new(&folder, &[]);
    for (name, text, label, expected) in [
        (
            "a.yaml",
            "p|rovider: paxos\nname: k\n",
            "provider",
            Some("provider: paxos\nname: k\n"),
        ),
        ("b.yaml", "provider: paxos\nname: k\n|\n", "provider", None),
        (
            "c.yaml",
            "provider: paxos\nname: k\nneeds: |",
            "recipes",
            None,
        ),
        (
            "d.json",
            "{\"provider\":\"paxos\",\"name\":\"k\",\"needs\": |}",
            "recipes",
            None,
        ),
        (
            "e.yaml",
            "provider: paxos\nname: k\nscopes: [funding:re|ad_profle]\n",
            "funding:read_profile",
            Some("provider: paxos\nname: k\nscopes: [funding:read_profile]\n"),
        ),
        // What the list has already is not offered again.
        (
            "j.yaml",
            "provider: paxos\nname: k\nscopes:\n  - funding:read_profile\n  - |\n",
            "funding:read_profile",
            None,
        ),
        (
            "k.yaml",
            "provider: paxos\nname: k\nscopes: funding:read_profile fund|\n",
            "funding:read_profile",
            None,
        ),
        (
            "f.toml",
            "provider = \"./acme.yaml\"\nname = \"k\"\n[environments.|]\n",
            "te.st",
            Some("provider = \"./acme.yaml\"\nname = \"k\"\n[environments.\"te.st\"]\n"),
        ),
        (
            "g.toml",
            "provider = \"paxos\"\nname = \"k\"\n|\n",
            "$schema",
            Some("provider = \"paxos\"\nname = \"k\"\n\"$schema\" = \n"),
        ),
        (
            "h.yaml",
            "provider: ./acme.yaml\nname: k\nscopes: ['|']\n",
            "it's \"x\"",
            Some("provider: ./acme.yaml\nname: k\nscopes: ['it''s \"x\"']\n"),
        ),
        (
            "i.yaml",
            "provider: ./acme.yaml\nname: k\nscopes: [\"|\"]\n",
            "it's \"x\"",
            Some("provider: ./acme.yaml\nname: k\nscopes: [\"it's \\\"x\\\"\"]\n"),
        ),
    ] {
        let written = text.replacen('|', "", 1);
        client.open(name, &written);
        let (line, column) = cursor(text);
        let answer = client.ask("completion", name, line, column);
        let mut items = answer["items"].as_array().into_iter().flatten();
        let item = items.find(|one| one["label"] == label);
        let accepted = item.map(|item| {
            let changes = json!({ "edit": { "changes": { "a": [item["textEdit"]] } } });
            edited(&written, &changes)
        });
        assert_eq!(accepted.as_deref(), expected, "{text}");
    }
    assert_eq!(client.end(), 0);
}

#[test]
fn binary_data_is_found_as_the_commands_find_it() {
    let folder = Folder::new("lsp-binary");
    let mut client = Client::new(&folder, &[]);
    for (command, name, text) in [
        ("check", "k.yaml", "provider: paxos\nname: \"a\0b\"\n"),
        (
            "lint",
            "c.yaml",
            "provider: acme\nscopes: { a: { summary: \"a\0b\" } }\n",
        ),
    ] {
        folder.write(name, text);
        let diagnostics = client.open(name, text);
        assert_eq!(
            of_server(&diagnostics, text),
            of_check(&folder, command, name),
            "{name}"
        );
    }
    assert_eq!(client.end(), 0);
}

#[test]
fn a_fix_repeats_no_secret_between_two_changes() {
    let folder = Folder::new("lsp-fix-secret");
    let mut client = Client::new(&folder, &[]);
    let secret = ["sk_live_", "4eC39HqLyjWDarjtT1zdp7dc"].concat();
    let text = format!(
        "provider: paxos\nname: k\nneeds:\n  endpoints: [GET /profiles]\nscopes: [tax:read_tax_form, funding:read_profile]\n\
         purpose: {secret}\nenvironments:\n  sandbox:\n    scopes: [funding:read_profile]\n"
    );
    client.open("a.yaml", &text);
    let actions = client.actions("a.yaml");
    let all = actions.last().expect("a fix");
    assert_eq!(all["kind"], "source.fixAll");
    assert!(!all.to_string().contains(&secret[..20]), "{all}");
    let fixed = edited(&text, all);
    assert!(
        fixed.contains(&secret) && !fixed.contains("tax:"),
        "{fixed}"
    );
    assert_eq!(client.end(), 0);
}

#[test]
fn it_survives_whatever_is_typed_and_asked() {
    let folder = Folder::new("lsp-survives");
    folder.write("scopes.toml", "rules = 7\n");
    let mut client = Client::new(&folder, &[]);
    client.open("a.yaml", "");
    for cut in (0..KEY.len())
        .filter(|cut| KEY.is_char_boundary(*cut))
        .step_by(7)
    {
        client.change("a.yaml", &KEY[..cut]);
        let line = KEY[..cut].matches('\n').count();
        client.ask("completion", "a.yaml", line, 99);
        client.ask("hover", "a.yaml", line, 3);
        client.actions("a.yaml");
    }
    let found = client.open("scopes.toml", "rules = 7\n");
    assert_eq!(found[0]["code"], "wrong-type");
    let answer = client.request("textDocument/unheardOf", json!({}));
    assert_eq!(answer["error"]["code"], -32601);
    let answer = client.request("textDocument/hover", json!([1]));
    assert_eq!(answer["error"]["code"], -32602);
    client.notify("textDocument/didChange", json!({ "textDocument": 7 }));
    client.notify("$/unheardOf", json!(null));
    let gone = json!({ "textDocument": { "uri": client.uri("never-opened.yaml"), "version": 1 },
        "contentChanges": [{ "text": "a" }] });
    client.notify("textDocument/didChange", gone);
    assert_eq!(client.ask("hover", "never-opened.yaml", 0, 0), Value::Null);
    let huge = format!(
        "provider: paxos\nname: a\nlabels:\n{}",
        "  - x: 1\n".repeat(1_200_000)
    );
    let found = client.open("huge.yaml", &huge);
    assert!(
        found[0]["message"].to_string().contains("too large"),
        "{found:?}"
    );
    let uri = client.uri("huge.yaml");
    client.notify(
        "textDocument/didClose",
        json!({ "textDocument": { "uri": uri } }),
    );
    assert!(client.published(&uri).is_empty());
    assert_eq!(client.end(), 0);
}

#[test]
fn a_secret_is_in_no_message() {
    let folder = Folder::new("lsp-secret");
    let mut client = Client::new(&folder, &[]);
    let secret = ["sk_live_", "4eC39HqLyjWDarjtT1zdp7dc"].concat();
    let text = format!(
        "provider: elebne\nname: a\nkey_type: secret\npurpose: {secret}\nscopes:\n  - {secret}\nneeds:\n  endpoints:\n    - GET /{secret}\n"
    );
    let found = client.open("a.yaml", &text);
    assert!(
        found.iter().any(|one| one["code"] == "secret-in-file"),
        "{found:?}"
    );
    let mut said = vec![json!(found)];
    for line in 0..9 {
        said.push(client.ask("hover", "a.yaml", line, 14));
        said.push(client.ask("completion", "a.yaml", line, 14));
    }
    said.push(json!(client.actions("a.yaml")));
    for one in said {
        assert!(!one.to_string().contains(&secret[..20]), "{one}");
    }
    assert_eq!(client.end(), 0);
}

#[test]
fn leaving_without_a_goodbye_is_told_by_the_status() {
    let folder = Folder::new("lsp-exit");
    let mut client = Client::new(&folder, &[]);
    client.notify("exit", Value::Null);
    assert_eq!(client.status(), 1);
    let mut client = Client::new(&folder, &[]);
    assert_eq!(client.status(), 1);
}
