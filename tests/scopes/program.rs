//! Runs the binary in an empty environment and a folder of its own.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::schema::must_be_a_report;

/// What a run printed, and its status.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    /// Everything, for a snapshot.
    pub(crate) fn all(&self) -> String {
        let mut all = self.out.clone();
        if !self.err.is_empty() {
            let _ = write!(all, "--- standard error\n{}", self.err);
        }
        let _ = writeln!(all, "--- status {}", self.status);
        without_digests(&all)
    }
}

/// A text without the digits of digests: a snapshot need not change with every word of a built-in catalog.
pub(crate) fn without_digests(text: &str) -> String {
    let mut parts = text.split("sha256:");
    let mut all = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        all.push_str("sha256:…");
        all.push_str(part.trim_start_matches(|c: char| c.is_ascii_hexdigit()));
    }
    all
}

/// The top of the repository.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The formats that a command has, as its help lists them.
pub(crate) fn formats(command: &str) -> Vec<String> {
    let help = scopes(&[command, "-h"]).out;
    let help: Vec<&str> = help.split_whitespace().collect();
    let help = help.join(" ");
    let (_, rest) = help.split_once("--format <").expect("a format");
    let (_, rest) = rest.split_once("[possible values: ").expect("its values");
    let (values, _) = rest.split_once(']').expect("their end");
    values.split(", ").map(str::to_owned).collect()
}

/// Runs `scopes` at the top of the repository.
pub(crate) fn scopes(arguments: &[&str]) -> Run {
    run(&root(), arguments, None)
}

/// Runs `scopes` with a text on standard input.
pub(crate) fn scopes_with(arguments: &[&str], input: &str) -> Run {
    run(&root(), arguments, Some(input.as_bytes()))
}

/// Runs `scopes` in a folder, with an environment that holds nothing but a UTF-8 locale.
pub(crate) fn run(folder: &Path, arguments: &[&str], input: Option<&[u8]>) -> Run {
    run_in(folder, arguments, input, &[])
}

/// The same with a few variables more in the environment.
pub(crate) fn run_in(
    folder: &Path,
    arguments: &[&str],
    input: Option<&[u8]>,
    variables: &[(&str, &str)],
) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_scopes"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("LANG", "C.UTF-8")
        .envs(variables.iter().copied())
        // For git, which `diff --base` runs.
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .stdin(if input.is_some() {
            Stdio::piped()
        } else {
            Stdio::null()
        })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    if let Some(input) = input {
        let mut stdin = child.stdin.take().expect("a pipe");
        // A refusal may come before the input is read.
        let _ = stdin.write_all(input);
    }
    let output = child.wait_with_output().expect("the binary ends");
    let out = String::from_utf8(output.stdout).expect("UTF-8");
    must_be_a_report(&out);
    Run {
        status: output.status.code().expect("it was not killed"),
        out,
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// A folder that is gone when it is dropped.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// An empty folder, named after its test.
    pub(crate) fn new(name: &str) -> Self {
        // Two tests may choose one name.
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("{name}-{}-{number}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder for the test");
        Self(path)
    }

    /// Writes a file, with the folders above it.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> &Self {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(path, bytes).expect("a file");
        self
    }

    /// Runs git in the folder.
    pub(crate) fn git(&self, arguments: &[&str]) -> &Self {
        let identity = [
            "-c",
            "user.name=test",
            "-c",
            "user.email=test@example.com",
            "-c",
            "init.defaultBranch=main",
        ];
        let output = Command::new("git")
            .current_dir(&self.0)
            .args(identity)
            .args(arguments)
            .output()
            .expect("git runs");
        assert!(
            output.status.success(),
            "git {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        self
    }

    /// Removes a file.
    pub(crate) fn remove(&self, name: &str) -> &Self {
        std::fs::remove_file(self.0.join(name)).expect("the file was there");
        self
    }

    /// The path of a file in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The text of a file in it.
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("a file")
    }

    /// Runs `scopes` in the folder.
    pub(crate) fn scopes(&self, arguments: &[&str]) -> Run {
        run(&self.0, arguments, None)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
