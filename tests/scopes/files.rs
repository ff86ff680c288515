//! What is written, and what is left where that is not done: links, owners, pipes, signals, a file that changed meanwhile.

#![cfg(unix)]

use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::dice::Dice;
use super::program::Folder;

/// A key with a scope that `--fix` takes out.
fn faulty(name: &str) -> String {
    format!(
        "provider: paxos\nname: {name}\nneeds: {{ endpoints: [GET /profiles] }}\nscopes: [funding:read_profile, funding:read_profile]\n"
    )
}

fn fixed(name: &str) -> String {
    faulty(name).replacen("funding:read_profile, ", "", 1)
}

fn names(folder: &Folder) -> Vec<String> {
    let entries = std::fs::read_dir(folder.path("keys")).expect("a folder");
    let mut names: Vec<String> = entries
        .map(|entry| {
            let name = entry.expect("an entry").file_name();
            name.to_string_lossy().into_owned()
        })
        .collect();
    names.sort();
    names
}

fn remove_leftovers(folder: &Folder) {
    let names = names(folder);
    for name in names.iter().filter(|name| name.starts_with(".scopes-")) {
        folder.remove(&format!("keys/{name}"));
    }
}

fn repository(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.git(&["init", "-q"]);
    folder
}

fn command(folder: &Folder, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scopes"));
    command
        .args(arguments)
        .current_dir(folder.path(""))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// A hundred runs are ended at any moment: each leaves the old file or the new one, and nothing else.
#[test]
fn a_run_that_is_ended_leaves_the_old_file_or_the_new_one() {
    let folder = repository("files-killed");
    let fix = || command(&folder, &["check", "keys", "--fix"]);
    let import = |spec: &str| {
        let day = "2026-12-01";
        command(
            &folder,
            &[
                "import",
                "openapi",
                spec,
                "-o",
                "keys/c.yaml",
                "--today",
                day,
            ],
        )
    };
    let spec = |path: &str| {
        format!(
            r#"{{"openapi":"3.0.0","info":{{"title":"t"}},"paths":{{"{path}":{{"get":{{"security":[]}}}}}}}}"#
        )
    };
    folder
        .write("keys/a.yaml", faulty("a"))
        .write("old.json", spec("/old"))
        .write("new.json", spec("/new"));
    let written = |spec: &str| {
        let _ = std::fs::remove_file(folder.path("keys/c.yaml"));
        assert!(import(spec).status().expect("it runs").success());
        folder.read("keys/c.yaml")
    };
    let (new, old) = (written("new.json"), written("old.json"));
    assert_ne!(old, new);
    // How long each usually takes, to end it at any moment of that.
    let usual = [import("new.json"), fix()].map(|mut command| {
        let begin = Instant::now();
        assert!(command.status().expect("it runs").success());
        usize::try_from(begin.elapsed().as_micros()).expect("a short time")
    });
    let mut dice = Dice(12);
    for round in 0..100 {
        // Most runs are the shortest that there are; a fix writes in the same way.
        let is_fix = round % 10 == 0;
        let (file, old, new) = if is_fix {
            ("keys/a.yaml", &faulty("a"), &fixed("a"))
        } else {
            ("keys/c.yaml", &old, &new)
        };
        let run = || if is_fix { fix() } else { import("new.json") };
        folder.write(file, old);
        let signal = ["TERM", "KILL", "INT", "KILL", "HUP"][round % 5];
        let mut child = run().spawn().expect("it starts");
        let wait = u64::try_from(dice.roll(usual[usize::from(is_fix)])).expect("a number");
        std::thread::sleep(Duration::from_micros(wait));
        let id = child.id().to_string();
        let sent = Command::new("kill").args(["-s", signal, &id]).output();
        sent.expect("kill runs");
        child.wait().expect("it ends");
        let text = folder.read(file);
        assert!(text == *old || text == *new, "{signal}: {text}");
        // Between two calls of the system, which nothing is faster than, a kill may leave a name; the next run that gets so far
        // takes it away.
        match signal {
            "KILL" => remove_leftovers(&folder),
            _ => assert_eq!(names(&folder), ["a.yaml", "c.yaml"], "{signal}"),
        }
    }
    folder
        .write("keys/a.yaml", faulty("a"))
        .write("keys/c.yaml", &old);
    assert!(fix().status().expect("it runs").success());
    assert!(import("new.json").status().expect("it runs").success());
    assert_eq!(names(&folder), ["a.yaml", "c.yaml"]);
    assert_eq!(folder.read("keys/a.yaml"), fixed("a"));
}

/// What whoever starts the program wants ignored stays ignored.
#[test]
fn a_signal_that_is_ignored_stays_ignored() {
    let folder = repository("files-nohup");
    folder.write("keys/a.yaml", faulty("a"));
    let script = "trap '' HUP; \"$0\" check keys --fix & kill -HUP $!; wait $!";
    let status = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_scopes")])
        .current_dir(folder.path(""))
        .stdout(Stdio::null())
        .status();
    assert!(status.expect("sh runs").success());
    assert_eq!(folder.read("keys/a.yaml"), fixed("a"));
}

#[test]
fn a_fix_keeps_the_mode_and_refuses_what_has_two_names() {
    let folder = repository("files-kept");
    folder
        .write("keys/a.yaml", faulty("a"))
        .write("keys/b.yaml", faulty("b"))
        .write("keys/c.yaml", faulty("c"));
    std::fs::set_permissions(
        folder.path("keys/a.yaml"),
        std::fs::Permissions::from_mode(0o640),
    )
    .expect("a mode");
    std::fs::hard_link(folder.path("keys/b.yaml"), folder.path("b")).expect("a link");
    let is_root = std::fs::metadata(folder.path("")).expect("a folder").uid() == 0;
    let other = std::os::unix::fs::chown(folder.path("keys/c.yaml"), Some(65534), Some(65534));
    let run = folder.scopes(&["check", "keys", "--fix"]);
    assert_eq!(run.status, 2, "{}", run.all());
    assert!(
        run.err
            .contains("cannot write `keys/b.yaml`: it has 2 hard links"),
        "{}",
        run.all()
    );
    assert_eq!(folder.read("keys/b.yaml"), faulty("b"));
    assert_eq!(folder.read("keys/a.yaml"), fixed("a"));
    let metadata = |name: &str| std::fs::metadata(folder.path(name)).expect("a file");
    assert_eq!(metadata("keys/a.yaml").mode() & 0o7777, 0o640);
    if is_root && other.is_ok() {
        assert_eq!(folder.read("keys/c.yaml"), fixed("c"));
        assert_eq!(metadata("keys/c.yaml").uid(), 65534);
        assert_eq!(metadata("keys/c.yaml").gid(), 65534);
    }
    assert_eq!(names(&folder), ["a.yaml", "b.yaml", "c.yaml"]);
}

/// What is found in a folder may be a link within the repository; out of it, it is written only where it is named.
#[test]
fn a_link_out_of_the_repository_is_not_written_through() {
    let outer = Folder::new("files-links");
    let whole = |inside: &str| format!("inner/{inside}");
    outer
        .write(&whole("keys/a.yaml"), faulty("a"))
        .write(&whole("shared/b.yaml"), faulty("b"))
        .write("out.yaml", faulty("out"));
    let link = |to: &str, from: &str| symlink(to, outer.path(&whole(from))).expect("a link");
    link("../shared/b.yaml", "keys/b.yaml");
    link("../../out.yaml", "keys/out.yaml");
    let inside = |arguments: &[&str]| super::program::run(&outer.path("inner"), arguments, None);
    std::fs::create_dir(outer.path(&whole(".git"))).expect("a folder");
    let run = inside(&["check", "keys", "--fix"]);
    assert_eq!(run.status, 2, "{}", run.all());
    let expected = "cannot write `keys/out.yaml`: it is a link to outside the repository";
    assert!(run.err.contains(expected), "{}", run.all());
    assert_eq!(outer.read("out.yaml"), faulty("out"));
    assert_eq!(outer.read(&whole("shared/b.yaml")), fixed("b"));
    assert!(outer.path(&whole("keys/b.yaml")).is_symlink());
    let run = inside(&["check", "keys/out.yaml", "--fix"]);
    assert_eq!(run.status, 0, "{}", run.all());
    assert_eq!(outer.read("out.yaml"), fixed("out"));
    // A baseline that the configuration names is found, not named.
    let empty = "{ \"version\": 1, \"kind\": \"baseline\", \"reason\": \"r\", \"until\": \"2099-01-01\", \"findings\": [] }\n";
    outer
        .write("base.json", empty)
        .write(&whole("scopes.toml"), "baseline = \"base.json\"\n");
    link("../base.json", "base.json");
    let write = [
        "check",
        "keys",
        "--write-baseline",
        "--reason",
        "r",
        "--until",
        "2099-01-01",
    ];
    let run = inside(&write);
    assert_eq!(run.status, 2, "{}", run.all());
    let expected = "cannot write `base.json`: it is a link to outside the repository";
    assert!(run.err.contains(expected), "{}", run.all());
    assert_eq!(outer.read("base.json"), empty);
}

/// A pipe that nobody writes to is waited for only where somebody named it.
#[test]
fn pipes_and_devices_are_files_only_where_they_are_named() {
    let folder = repository("files-pipes");
    let pipe = |name: &str| {
        let path = folder.path(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        let made = Command::new("mkfifo").arg(path).status();
        assert!(made.expect("mkfifo runs").success());
    };
    pipe("pipe.yaml");
    pipe("sub/scopes.toml");
    let key = |provider: &str| faulty("a").replace("paxos", provider);
    folder
        .write("spec.json", r#"{"openapi":"3.0.0","info":{"title":"t"},"paths":{"/a":{"$ref":"./pipe.yaml#/a"},"/b":{"$ref":"/proc/kmsg#/a"},"/c":{"$ref":"/dev/zero#/a"}}}"#)
        .write("pipe/k.yaml", key("../pipe.yaml"))
        .write("device/k.yaml", key("/dev/zero"))
        .write("proc/k.yaml", key("/proc/kmsg"))
        .write("ok.yaml", faulty("ok"))
        .write("link/k.yaml", key("./catalog.yaml"))
        .write("base.toml", "baseline = \"pipe.yaml\"\n");
    symlink("/proc/kmsg", folder.path("link/catalog.yaml")).expect("a link");
    symlink("/proc/kmsg", folder.path("link/walked.yaml")).expect("a link");
    for (arguments, status, words) in [
        (&["check", "pipe"][..], 1, "is a pipe, not a regular file"),
        (&["check", "device"], 1, "is outside the repository"),
        (&["check", "proc"], 1, "is outside the repository"),
        (&["check", "link/k.yaml"], 1, "is outside the repository"),
        (&["check", "link"], 2, "is a virtual file of the system"),
        (
            &["check", "ok.yaml", "--config", "base.toml"],
            2,
            "is a pipe, not a regular file",
        ),
        (
            &["import", "openapi", "spec.json", "-o", "pipe.yaml"],
            2,
            "is a pipe, not a regular file",
        ),
        (&["check", "/dev/zero"], 2, "too large for a key file"),
        (
            &["recommend", "-p", "paxos", "--log", "/dev/zero"],
            2,
            "no readable requests",
        ),
    ] {
        let run = folder.scopes(arguments);
        assert_eq!(run.status, status, "{arguments:?}\n{}", run.all());
        assert!(run.all().contains(words), "{arguments:?}\n{}", run.all());
    }
    let run = super::program::run(&folder.path("sub"), &["check", "../ok.yaml"], None);
    assert_eq!(run.status, 2, "{}", run.all());
    assert!(
        run.err.contains("is a pipe, not a regular file"),
        "{}",
        run.all()
    );
    // What the specification refers to is left out of the catalog, and said.
    let run = folder.scopes(&["import", "openapi", "spec.json"]);
    for words in [
        "is a pipe, not a regular file",
        "`/proc/kmsg` is outside",
        "`/dev/zero` is outside",
    ] {
        assert!(run.err.contains(words), "{}", run.all());
    }
    // Named, a pipe is a file that is read once.
    let script = "\"$0\" check --key-file <(cat ok.yaml) && \"$0\" recommend -p paxos --log <(echo 'GET /profiles')";
    let output = Command::new("bash")
        .args(["-c", script, env!("CARGO_BIN_EXE_scopes")])
        .current_dir(folder.path(""))
        .output()
        .expect("bash runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("duplicate-scope"), "{text}");
}

/// A path that a file names must stay in the repository; on the command line it may lead anywhere.
#[test]
fn a_catalog_that_a_key_names_is_within_the_repository() {
    let outer = Folder::new("files-border");
    outer
        .write(
            "acme.yaml",
            "provider: acme\nscopes: { a: {} }\nendpoints: { GET /a: a }\n",
        )
        .write(
            "inner/keys/k.yaml",
            "provider: ../../acme.yaml\nname: k\nneeds: { endpoints: [GET /a] }\nscopes: [a]\n",
        );
    std::fs::create_dir(outer.path("inner/.git")).expect("a folder");
    let inside = |arguments: &[&str]| super::program::run(&outer.path("inner"), arguments, None);
    let run = inside(&["check", "keys"]);
    assert_eq!(run.status, 1, "{}", run.all());
    assert!(
        run.out.contains("is outside the repository"),
        "{}",
        run.all()
    );
    let run = inside(&["check", "keys", "--catalog", "../acme.yaml"]);
    assert_eq!(run.status, 0, "{}", run.all());
}

#[test]
fn what_cannot_be_read_in_a_folder_is_said() {
    let folder = Folder::new("unreadable");
    folder.write("keys/a.yaml", "provider: paxos\nname: a\nneeds: { endpoints: [GET /profiles] }\nscopes: [funding:read_profile]\n");
    // Too large to be read by anybody, whoever runs the test; it holds nothing, and takes no room.
    let file = std::fs::File::create(folder.path("keys/b.yaml")).expect("a file");
    file.set_len(300 << 20).expect("a length");
    let run = folder.scopes(&["check", "keys"]);
    assert_eq!(run.status, 2, "{}", run.all());
    assert!(
        run.err
            .contains("`keys/b.yaml` is too large for a key file: 300.0 MiB"),
        "{}",
        run.all()
    );
    assert!(run.out.contains("1 key checked"), "{}", run.all());
}

/// A folder whose path is too long to be read by anybody, whoever runs the test.
#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_read_is_said() {
    let folder = Folder::new("unreadable-folder");
    let key = "provider: paxos\nname: a\nneeds: { endpoints: [GET /profiles] }\nscopes: [funding:read_profile]\n";
    folder.write("keys/a.yaml", key);
    folder.write("scopes.toml", "keys = [\"keys/**/*.yaml\"]\n");
    // Half of it is made elsewhere and moved below the other half.
    let half: std::path::PathBuf = (0..12).map(|_| "0".repeat(200)).collect();
    for folder in [
        folder.path("keys").join(&half),
        folder.path("rest").join(&half),
    ] {
        std::fs::create_dir_all(folder).expect("a folder");
    }
    let below = folder.path("keys").join(&half).join("rest");
    std::fs::rename(folder.path("rest"), below).expect("a path that is short enough");
    for arguments in [&["check", "keys"][..], &["check"]] {
        let run = folder.scopes(arguments);
        assert_eq!(run.status, 2, "{}", run.all());
        assert!(run.out.contains("1 key checked"), "{}", run.all());
        assert!(
            run.err.starts_with("error: cannot read `keys/000"),
            "{}",
            run.all()
        );
    }
    // A pattern may name what is hidden.
    folder.write("scopes.toml", "keys = [\".github/keys/*.yaml\"]\n");
    folder.write(".github/keys/a.yaml", key);
    let run = folder.scopes(&["check"]);
    assert_eq!(run.status, 0, "{}", run.all());
    assert!(run.out.starts_with("1 key checked"), "{}", run.all());
    // Behind a wildcard too.
    folder.write(
        "scopes.toml",
        "keys = [\"*/.keys/*.yaml\", \"other/*.yaml\"]\n",
    );
    folder.write("svc/.keys/a.yaml", key);
    let run = folder.scopes(&["check"]);
    assert!(run.out.starts_with("1 key checked"), "{}", run.all());
    // Hidden is no reason to pass a file over.
    let both = "keys = [\".github/keys/*.yaml\", \"other/**/*.yaml\"]\n";
    folder.write("scopes.toml", both);
    folder.write("other/.old/a.yaml", key.replace("name: a", "name: b"));
    let run = folder.scopes(&["check"]);
    assert!(run.out.starts_with("2 keys checked"), "{}", run.all());
    folder.remove("other/.old/a.yaml");
    // A link to a file is a file.
    std::os::unix::fs::symlink("../.github/keys/a.yaml", folder.path("other/link.yaml"))
        .expect("a link");
    let run = folder.scopes(&["check", "other"]);
    assert!(run.out.starts_with("1 key checked"), "{}", run.all());
    std::fs::remove_file(folder.path("other/link.yaml")).expect("a link");
    // Where no pattern could fit anything, nothing is read; one that leaves something out fits nothing.
    let except = "keys = [\"other/**/*.yaml\", \"!other/old/**\"]\n";
    folder.write("scopes.toml", except);
    folder.write("other/a.yaml", key);
    let run = folder.scopes(&["check"]);
    assert_eq!(run.status, 0, "{}", run.all());
}

#[cfg(unix)]
#[test]
fn a_key_file_makes_the_program_read_no_device() {
    let folder = Folder::new("device");
    folder.write("a.yaml", "provider: /dev/zero\nname: a\n");
    let run = folder.scopes(&["check", "a.yaml", "--format", "short"]);
    assert_eq!(run.status, 1, "{}", run.all());
    assert!(run.out.contains("unknown-provider"), "{}", run.all());
}
