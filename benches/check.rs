//! What a key file costs: its bare typed parse, its reading with every look that a stranger's file gets, `check` of a clean one,
//! of one with a fault, and of many in two threads.
//!
//! The figures are of one run, side by side: `cargo bench --bench check`. `SCOPES_BENCH_FILES=10000` measures on more files.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use serde::Deserialize;

use scopes::load::KeyReading;
use scopes::source::{Source, Syntax};

/// The least of several runs counts: what a machine does beside them only adds.
const RUNS: usize = 5;

fn main() {
    let files: usize = std::env::var("SCOPES_BENCH_FILES")
        .ok()
        .and_then(|number| number.parse().ok())
        .unwrap_or(2000);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("check");
    let faults = [
        ("clean", ""),
        ("unneeded", "  - tax:read_tax_form\n"),
        ("duplicate", "  - funding:read_profile\n"),
    ];
    for (name, more) in faults {
        for number in 0..files {
            let path = folder.join(format!("{name}/{}", number / 100));
            std::fs::create_dir_all(&path).expect("a folder");
            let path = path.join(format!("{number}.yaml"));
            std::fs::write(path, key(number, more)).expect("a file");
        }
    }
    let sources: Vec<Source> = (0..files)
        .map(|number| Source {
            name: format!("{number}.yaml"),
            text: key(number, ""),
            syntax: Syntax::Yaml,
        })
        .collect();
    let bare = least(|| {
        for source in &sources {
            let key: Key = serde_yaml::from_str(&source.text).expect("a key");
            assert_eq!((key.provider.as_str(), key.scopes.len()), ("paxos", 2));
        }
    });
    let read = least(|| {
        for source in &sources {
            let reading = KeyReading::of(source);
            assert_eq!(reading.provider(), Some("paxos"));
        }
    });
    let check = |name: &str, jobs: &str| {
        let path = folder.join(name);
        least(|| run(&path, jobs)).saturating_sub(least(|| run(&path.join("0/0.yaml"), "1")))
    };
    let (clean, both) = (check("clean", "1"), check("clean", "2"));
    let mut table = String::new();
    let mut row = |what: &str, time: Duration, of: &str, other: Duration| {
        let each = time.as_secs_f64() * 1e6 / f64::from(u32::try_from(files).unwrap_or(u32::MAX));
        let ratio = time.as_secs_f64() / other.as_secs_f64();
        let _ = writeln!(table, "{what:<28}{each:>9.1} µs a file{ratio:>8.2} × {of}");
    };
    row("typed parse", bare, "itself", bare);
    row("reading", read, "the typed parse", bare);
    row("check, clean", clean, "the typed parse", bare);
    row("check, clean, two threads", both, "one thread", clean);
    for (name, _) in &faults[1..] {
        row(
            &format!("check, {name}"),
            check(name, "1"),
            "a clean one",
            clean,
        );
    }
    let _ = std::io::stderr().write_all(table.as_bytes());
    let _ = std::fs::remove_dir_all(&folder);
}

/// A key file as a program reads it that trusts it.
#[derive(Deserialize)]
#[allow(dead_code, reason = "parsing is what is measured")]
struct Key {
    provider: String,
    name: String,
    owner: Option<String>,
    purpose: Option<String>,
    needs: Option<Needs>,
    scopes: Vec<String>,
    environments: BTreeMap<String, Environment>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "parsing is what is measured")]
struct Needs {
    endpoints: Vec<String>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "parsing is what is measured")]
struct Environment {
    scopes: Option<Vec<String>>,
    needs: Option<Needs>,
}

fn key(number: usize, more: &str) -> String {
    format!(
        "provider: paxos\nname: key-{number}\nowner: team-{number}\npurpose: withdrawals\nneeds:\n  endpoints:\n    \
         - GET /profiles\n    - POST /transfer/crypto-withdrawals\nscopes:\n  - funding:read_profile\n  \
         - transfer:write_crypto_withdrawal\n{more}environments:\n  sandbox:\n    \
         scopes: [transfer:write_sandbox_fiat_deposit]\n    needs: {{ endpoints: [POST /sandbox/fiat-deposits] }}\n  \
         production: {{}}\n"
    )
}

fn run(path: &Path, jobs: &str) {
    let words = ["scopes", "check", "--no-config", "--statistics", "-j", jobs];
    let words = words.map(OsString::from).into_iter();
    scopes::cli::main(words.chain([path.as_os_str().to_owned()]));
}

fn least(mut work: impl FnMut()) -> Duration {
    let times = (0..RUNS).map(|_| {
        let start = Instant::now();
        work();
        start.elapsed()
    });
    times.min().unwrap_or_default()
}
