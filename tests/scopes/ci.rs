//! What the README and action.yml run in CI, run: the very lines, in the checkouts that CI makes.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_yaml::Value;

use crate::program::{Folder, Run, root};
use crate::readme::{block, readme};

/// A key that the base branch holds.
const KEY: &str = "provider: paxos
name: house-account
needs:
  endpoints:
    - GET /profiles/{profile_id}/balances
scopes:
  - funding:read_profile
";

/// The same as the pull request wants it: wider, and least still.
const WIDER: &str = "provider: paxos
name: house-account
needs:
  endpoints:
    - GET /profiles/{profile_id}/balances
    - POST /transfer/internal
scopes:
  - funding:read_profile
  - transfer:write_internal_transfer
";

/// A remote repository with a pull request. Its base branch has moved on since the two parted, in a key of its own.
struct Remote {
    name: &'static str,
    folder: Folder,
}

impl Remote {
    fn new(name: &'static str) -> Self {
        let folder = Folder::new(name);
        let commit = |message: &str| {
            folder.git(&["add", "-A"]);
            folder.git(&["commit", "-q", "-m", message]);
        };
        folder.git(&["init", "-q"]);
        folder.write("keys/house-account.yaml", KEY);
        commit("a key");
        folder.write("README", "one");
        commit("where the branches part");
        folder.git(&["checkout", "-q", "-b", "pr"]);
        folder.write("keys/house-account.yaml", WIDER);
        commit("a wider key");
        folder.git(&["checkout", "-q", "main"]);
        let other = WIDER.replace("house-account", "somebody-else");
        folder.write("more keys/somebody-else.yaml", other);
        commit("a key that the pull request knows nothing of");
        // The merge that the forge makes of a pull request, and that CI checks out.
        folder.git(&["checkout", "-q", "--detach"]);
        folder.git(&["merge", "-q", "--no-edit", "pr"]);
        folder.git(&["update-ref", "refs/pull/1/merge", "HEAD"]);
        folder.git(&["checkout", "-q", "main"]);
        // A name that would take the place of the base branch's.
        folder.git(&["tag", "origin/main", "pr"]);
        Self { name, folder }
    }

    /// A checkout of a reference, as `actions/checkout` makes it: one commit and no branch, or all branches and tags.
    fn checkout(&self, reference: &str, is_whole: bool) -> Job {
        let name = format!("{}-{}", self.name, reference.replace('/', "-"));
        let job = Job {
            folder: Folder::new(&name),
        };
        let checkout = job.checkout();
        std::fs::create_dir_all(&checkout).expect("a folder");
        let url = format!("file://{}", self.folder.path("").display());
        let git = |arguments: &[&str]| {
            job.folder
                .git(&[&["-C", "checkout"][..], arguments].concat());
        };
        git(&["init", "-q"]);
        git(&["remote", "add", "origin", &url]);
        let wanted = format!("+{reference}:refs/remotes/{reference}");
        if is_whole {
            let branches = "+refs/heads/*:refs/remotes/origin/*";
            git(&["fetch", "-q", "--tags", "origin", branches, &wanted]);
        } else {
            git(&["fetch", "-q", "--no-tags", "--depth=1", "origin", &wanted]);
        }
        let at = format!("refs/remotes/{reference}");
        git(&["checkout", "-q", "--detach", &at]);
        // Where the action expects what it has built.
        let bin = job.folder.path("temp/scopes/bin");
        std::fs::create_dir_all(&bin).expect("a folder");
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_scopes"), bin.join("scopes"))
            .expect("a link");
        job
    }
}

/// A checkout, and the folder for what is temporary.
struct Job {
    folder: Folder,
}

impl Job {
    fn checkout(&self) -> PathBuf {
        self.folder.path("checkout")
    }

    /// Nothing can be fetched any more.
    fn disconnect(&self) -> &Self {
        let gone = self.folder.path("gone").display().to_string();
        self.folder
            .git(&["-C", "checkout", "remote", "set-url", "origin", &gone]);
        self
    }

    /// Runs the lines of a step as a runner does.
    fn run(&self, script: &str, variables: &[(String, String)]) -> Run {
        let binary = Path::new(env!("CARGO_BIN_EXE_scopes"));
        let mut path = binary.parent().expect("a folder").as_os_str().to_owned();
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap_or_default());
        let output = Command::new("bash")
            .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
            .current_dir(self.checkout())
            .env_clear()
            .env("LANG", "C.UTF-8")
            .env("PATH", path)
            .env("HOME", self.folder.path("home"))
            .env("RUNNER_TEMP", self.folder.path("temp"))
            .env("GITHUB_STEP_SUMMARY", self.folder.path("summary"))
            .env("GITHUB_SERVER_URL", "https://github.example")
            .envs(variables.iter().cloned())
            .output()
            .expect("bash runs");
        Run {
            status: output.status.code().expect("it was not killed"),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// Runs a step of the action with some inputs.
    fn action(&self, step: &str, inputs: &[(&str, &str)]) -> Run {
        let text = std::fs::read_to_string(root().join("action.yml")).expect("the action");
        let action: Value = serde_yaml::from_str(&text).expect("YAML");
        let known = |name: &str| match name {
            "github.base_ref || github.event.merge_group.base_ref" => "main".to_owned(),
            "github.token" => "a-token".to_owned(),
            _ => {
                let input = name.strip_prefix("inputs.").expect("an input");
                let given = inputs.iter().find(|(name, _)| *name == input);
                given.map_or_else(
                    || {
                        text_of(&action["inputs"][input]["default"])
                            .replace("${{ github.token }}", "a-token")
                    },
                    |(_, value)| (*value).to_owned(),
                )
            }
        };
        let step = step_of(&action["runs"]["steps"], step);
        self.run(text_of(&step["run"]), &variables(&step["env"], &known))
    }

    fn summary(&self) -> String {
        std::fs::read_to_string(self.folder.path("summary")).unwrap_or_default()
    }
}

fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("text: {value:?}"))
}

fn step_of<'a>(steps: &'a Value, name: &str) -> &'a Value {
    let mut steps = steps.as_sequence().expect("steps").iter();
    steps
        .find(|step| step["name"].as_str() == Some(name))
        .unwrap_or_else(|| panic!("a step {name}"))
}

/// The environment of a step, its expressions replaced by what is known of them.
fn variables(env: &Value, known: &dyn Fn(&str) -> String) -> Vec<(String, String)> {
    let Some(env) = env.as_mapping() else {
        return Vec::new();
    };
    let resolve = |text: &str| {
        let (mut rest, mut resolved) = (text, String::new());
        while let Some((before, after)) = rest.split_once("${{ ") {
            let (expression, after) = after.split_once(" }}").expect("a whole expression");
            resolved.push_str(before);
            resolved.push_str(&known(expression));
            rest = after;
        }
        resolved + rest
    };
    env.iter()
        .map(|(name, value)| (text_of(name).to_owned(), resolve(text_of(value))))
        .collect()
}

const CHECK: &str = "Check";
const DIFF: &str = "What the pull request changes";

/// The base is fetched from the one commit of an ordinary checkout, and the base's own changes are not the pull request's.
#[test]
fn the_action_compares_a_checkout_of_one_commit() {
    let remote = Remote::new("ci-shallow");
    for reference in ["refs/pull/1/merge", "refs/heads/pr"] {
        let job = remote.checkout(reference, false);
        let run = job.action(DIFF, &[]);
        assert_eq!(run.status, 0, "{reference}: {}", run.all());
        for text in [&run.out, &job.summary()] {
            assert!(
                text.contains("transfer:write_internal_transfer"),
                "{reference}: {text}"
            );
            assert!(!text.contains("somebody-else"), "{reference}: {text}");
        }
        let run = job.action(DIFF, &[("diff-fail-on", "wider")]);
        assert_eq!(run.status, 1, "{reference}: {}", run.all());
    }
}

#[test]
fn the_action_fetches_nothing_where_the_base_is_there() {
    let remote = Remote::new("ci-whole");
    let job = remote.checkout("refs/pull/1/merge", true);
    let run = job
        .disconnect()
        .action(DIFF, &[("diff-fail-on", "gained-write")]);
    assert_eq!(run.status, 1, "{}", run.all());
    assert!(
        run.out.contains("transfer:write_internal_transfer"),
        "{}",
        run.all()
    );
}

#[test]
fn without_a_base_the_action_fails_only_where_the_change_is_a_gate() {
    let remote = Remote::new("ci-no-base");
    let job = remote.checkout("refs/pull/1/merge", false);
    let run = job.disconnect().action(DIFF, &[]);
    assert_eq!(run.status, 0, "{}", run.all());
    assert!(
        run.out
            .contains("::notice title=scopes::Not compared with main"),
        "{}",
        run.all()
    );
    let run = job.action(DIFF, &[("diff-fail-on", "wider")]);
    assert_eq!(run.status, 2, "{}", run.all());
    assert!(run.out.contains("::error title=scopes::"), "{}", run.all());
}

#[test]
fn the_action_takes_one_path_to_a_line_and_makes_the_folder_for_sarif() {
    let remote = Remote::new("ci-paths");
    let job = remote.checkout("refs/pull/1/merge", false);
    let inputs = [
        ("paths", "keys\n  more keys  \n\n"),
        ("sarif-file", "out/of/the way/scopes.sarif"),
    ];
    let run = job.action(CHECK, &inputs);
    assert_eq!(run.status, 0, "{}", run.all());
    assert!(run.all().contains("2 keys checked"), "{}", run.all());
    let sarif = std::fs::read_to_string(job.checkout().join("out/of/the way/scopes.sarif"));
    assert!(sarif.expect("SARIF").contains("\"2.1.0\""));
    let run = job.action(DIFF, &inputs);
    assert_eq!(run.status, 0, "{}", run.all());
    // Without paths it takes what is there.
    let run = job.action(CHECK, &[]);
    assert_eq!(run.status, 0, "{}", run.all());
    let run = job.action(CHECK, &[("paths", "nowhere at all")]);
    assert_eq!(run.status, 2, "{}", run.all());
}

/// What may run after a failure names what it needs, so that a failed build is one error and not two.
#[test]
fn no_step_runs_always() {
    let action = std::fs::read_to_string(root().join("action.yml")).expect("the action");
    let readme = readme();
    for text in [action.as_str(), workflow(&readme)] {
        assert!(!text.contains("always()"), "{text}");
        for condition in text.lines().filter(|line| line.contains("steps.")) {
            assert!(condition.contains(".outcome == 'success'"), "{condition}");
        }
    }
}

fn workflow(readme: &str) -> &str {
    block(readme, "yaml", "name: scopes\non: ")
}

/// Every line of the README's workflow, where there is no folder of catalogs and no scopes.toml.
#[test]
fn the_workflow_of_the_readme_runs() {
    let readme = readme();
    let workflow: Value = serde_yaml::from_str(workflow(&readme)).expect("YAML");
    let gate = &workflow["jobs"]["gate"];
    let remote = Remote::new("ci-workflow");
    let job = remote.checkout("refs/pull/1/merge", true);
    let known = |name: &str| match name {
        "github.base_ref" => "main".to_owned(),
        _ => panic!("{name} is not known"),
    };
    let environment = variables(&gate["env"], &known);
    let step = |name: &str| {
        let step = step_of(&gate["steps"], name);
        job.run(text_of(&step["run"]), &environment)
    };
    let run = step("Check");
    assert_eq!(run.status, 0, "{}", run.all());
    let run = step("Stop what widens a key");
    assert_eq!(run.status, 1, "{}", run.all());
    let run = step("Write the reports");
    assert_eq!(run.status, 0, "{}", run.all());
    let report = |name: &str| job.folder.read(&format!("temp/reports/{name}"));
    assert!(report("scopes.sarif").contains("\"2.1.0\""));
    assert!(report("comment.md").contains("transfer:write_internal_transfer"));
    assert!(!report("comment.md").contains("somebody-else"));
    // Findings stop neither the gate nor the reports.
    let unneeded = WIDER.replace("    - POST /transfer/internal\n", "");
    std::fs::write(job.checkout().join("keys/house-account.yaml"), unneeded).expect("a file");
    let statuses = ["Check", "Stop what widens a key", "Write the reports"];
    assert_eq!(statuses.map(|name| step(name).status), [1, 1, 0]);
    let after_a_finding = step_of(&gate["steps"], "Stop what widens a key");
    assert!(text_of(&after_a_finding["if"]).contains("!cancelled()"));
    // Nobody's token can write in the job that runs the program, and no expression is written into a script.
    let permissions = gate["permissions"].as_mapping().expect("permissions");
    assert!(permissions.values().all(|value| text_of(value) == "read"));
    for job in workflow["jobs"].as_mapping().expect("jobs").values() {
        for step in job["steps"].as_sequence().expect("steps") {
            let script = step["run"].as_str().unwrap_or_default();
            assert!(!script.contains("${{"), "{script}");
            if let Some(action) = step["uses"].as_str() {
                let (_, pin) = action.split_once('@').expect("a version");
                let is_hash = pin.len() == 40 && pin.bytes().all(|byte| byte.is_ascii_hexdigit());
                assert!(is_hash, "{action}");
            }
        }
    }
}
