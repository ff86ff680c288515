//! The exit status is the answer's: nothing that is only about how the answer is written changes it.

use std::io::Read;
use std::process::{Command, Stdio};

use crate::program::{Folder, formats};

/// A command line for every subcommand and every kind of answer, and its status in every format.
const ANSWERS: &[(&[&str], i32)] = &[
    (&["list"], 0),
    (&["show", "paxos"], 0),
    (&["show", "nobody"], 2),
    (&["expand", "pay"], 0),
    (&["expand", "-p", "elebne", "pay", "nothing:here"], 1),
    (&["explain", "pay"], 0),
    (&["explain", "-p", "paxos", "nothing:here"], 1),
    (&["explain", "-p", "paxos", "GET /profiles"], 0),
    (&["explain", "-p", "paxos", "GET /nowhere"], 1),
    (
        &[
            "explain",
            "-p",
            "paxos",
            "funding:read_profile",
            "POST /transfer/fiat-withdrawals",
        ],
        1,
    ),
    (
        &["recommend", "-p", "paxos", "--endpoint", "GET /profiles"],
        0,
    ),
    (
        &["recommend", "-p", "paxos", "--endpoint", "GET /nowhere"],
        1,
    ),
    (
        &[
            "diff",
            "-p",
            "paxos",
            "funding:read_profile",
            "transfer:write_fiat_withdrawal",
            "--fail-on",
            "wider",
        ],
        1,
    ),
    (
        &[
            "diff",
            "-p",
            "paxos",
            "transfer:write_fiat_withdrawal",
            "transfer:write_fiat_withdrawal tax:read_tax_form",
        ],
        0,
    ),
    (
        &[
            "diff",
            "-p",
            "paxos",
            "funding:read_profile",
            "nothing:here",
        ],
        2,
    ),
    (&["check", "clean.yaml"], 0),
    (&["check", "wide.yaml"], 1),
    (&["check", "wide.yaml", "absent.yaml"], 2),
    (&["lint", "paxos"], 0),
    (&["rule", "missing-scope"], 0),
    (&["rule", "no-such-rule"], 2),
];

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("scopes.toml", "fail-on = \"warning\"\n");
    folder.write(
        "clean.yaml",
        "provider: paxos\nname: clean\nneeds: { endpoints: [GET /profiles] }\nscopes: [funding:read_profile]\n",
    );
    folder.write(
        "wide.yaml",
        "provider: paxos\nname: wide\nneeds: { endpoints: [GET /profiles] }\nscopes: [funding:read_profile, tax:read_tax_form]\n",
    );
    folder
}

#[test]
fn how_an_answer_is_written_changes_no_status() {
    let folder = folder("status-formats");
    for (arguments, status) in ANSWERS {
        for format in &formats(arguments[0]) {
            // Of nothing there is no key file.
            if format == "yaml" && *status != 0 {
                continue;
            }
            for more in [
                &[][..],
                &["-q"],
                &["-v"],
                &["--width", "60"],
                &["--color", "always"],
                &["--no-config"],
            ] {
                let mut line = more.to_vec();
                line.extend_from_slice(arguments);
                line.extend(["--format", format]);
                let run = folder.scopes(&line);
                assert_eq!(run.status, *status, "{line:?}\n{}", run.all());
            }
        }
    }
}

#[test]
fn more_or_less_to_say_is_the_same_answer() {
    let folder = folder("status-verbosity");
    for (arguments, ..) in ANSWERS {
        let out = |more: &str| {
            let mut line = vec![more];
            line.extend_from_slice(arguments);
            line.extend(["--format", "json"]);
            folder.scopes(&line).out
        };
        assert_eq!(out("-q"), out("--no-config"), "{arguments:?}");
        assert_eq!(out("-v"), out("--no-config"), "{arguments:?}");
    }
}

#[test]
fn a_closed_pipe_keeps_the_status() {
    let folder = folder("status-pipe");
    for (arguments, status) in ANSWERS {
        let mut child = Command::new(env!("CARGO_BIN_EXE_scopes"))
            .args(*arguments)
            .current_dir(folder.path(""))
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        drop(child.stdout.take());
        let mut err = String::new();
        let mut stderr = child.stderr.take().expect("standard error");
        stderr.read_to_string(&mut err).expect("text");
        let ended = child.wait().expect("an end").code();
        assert_eq!(ended, Some(*status), "{arguments:?}: {err}");
    }
}

/// A key with more findings than a pipe takes at once.
fn many_findings(name: &str) -> Folder {
    let folder = Folder::new(name);
    let scopes: Vec<String> = (0..400)
        .map(|index| format!("q{index:05}qqqqqqqqqqqq"))
        .collect();
    let scopes = scopes.join("\n  - ");
    let key = format!(
        "provider: paxos\nname: big\nneeds: {{ endpoints: [GET /profiles] }}\nscopes:\n  - {scopes}\n"
    );
    folder.write("big.yaml", key);
    folder
}

#[test]
fn a_reader_that_has_seen_enough_makes_no_finding_go_away() {
    let folder = many_findings("status-enough");
    for format in &formats("check") {
        let mut child = Command::new(env!("CARGO_BIN_EXE_scopes"))
            .args(["check", "big.yaml", "--format", format])
            .current_dir(folder.path(""))
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        // The first line, as `head -1` takes it, and nothing of the other stream.
        drop(child.stderr.take());
        let mut stdout = child.stdout.take().expect("standard output");
        let mut first = [0; 16];
        stdout.read_exact(&mut first).expect("some text");
        drop(stdout);
        assert_eq!(child.wait().expect("an end").code(), Some(1), "{format}");
    }
}

#[cfg(unix)]
#[test]
fn a_stream_that_is_closed_from_the_start_changes_no_status() {
    let folder = many_findings("status-closed");
    for streams in [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"] {
        let line = format!("exec \"$0\" check big.yaml {streams}");
        let status = Command::new("/bin/sh")
            .args(["-c", &line, env!("CARGO_BIN_EXE_scopes")])
            .current_dir(folder.path(""))
            .env_clear()
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("the shell runs");
        assert_eq!(status.code(), Some(1), "{streams}");
    }
}
