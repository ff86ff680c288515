//! `check --fix`: what it mends, what it leaves as it is, and that a second run has nothing to do.

use crate::program::{Folder, run};

/// The text after `--fix`, which a second run leaves as it is.
fn fixed(name: &str, text: &str, options: &[&str]) -> String {
    let folder = Folder::new(&format!("fix-{name}"));
    folder.write(name, text);
    let arguments = [
        &["check", "--fix", "--today", "2026-11-22", name][..],
        options,
    ]
    .concat();
    let first = folder.scopes(&arguments);
    assert!(first.status < 2, "{}", first.all());
    let mended = folder.read(name);
    let second = folder.scopes(&arguments);
    assert!(!second.out.contains(" fixed\n"), "{}", second.all());
    assert_eq!(folder.read(name), mended, "a second run changed something");
    mended
}

#[test]
fn the_screen_of_a_mended_file() {
    let folder = Folder::new("fix-screen");
    let example = std::fs::read_to_string(crate::program::root().join("examples/treasury.yaml"));
    folder.write("keys/treasury.yaml", example.expect("the example"));
    let diff = folder.scopes(&["check", "--diff", "keys/treasury.yaml"]);
    let fix = folder.scopes(&[
        "check",
        "--fix",
        "--key-file",
        "keys/treasury.yaml",
        "--width",
        "80",
    ]);
    insta::assert_snapshot!(format!("{}\n{}", diff.all(), fix.all()));
}

#[test]
fn comments_and_layout_stay() {
    let text = "\
# who asked: SEC-118
provider: paxos   # by name
name:   x
needs: { endpoints: [ GET /profiles ] }
scopes:
  # the profile
  - funding:read_profile     # one
  - tax:read_tax_form        # nobody knows why
  # and again
  - funding:read_profile
allow:
  - { rule: missing-scope, reason: a, owner: b, until: 2027-01-01 }
";
    assert_eq!(
        fixed("layout.yaml", text, &[]),
        "\
# who asked: SEC-118
provider: paxos   # by name
name:   x
needs: { endpoints: [ GET /profiles ] }
scopes:
  # the profile
  - funding:read_profile     # one
  # and again
allow: []
"
    );
}

#[test]
fn toml_and_json_and_carriage_returns_stay() {
    assert_eq!(
        fixed(
            "a.toml",
            "provider = \"paxos\"\r\nname = \"x\"\r\nscopes = [\r\n  \"tax:read_tax_form\", # why\r\n  \"funding:read_profile\",\r\n]\r\n[needs]\r\nendpoints = [\"GET /profiles\"]\r\n",
            &[]
        ),
        "provider = \"paxos\"\r\nname = \"x\"\r\nscopes = [\r\n  \"funding:read_profile\",\r\n]\r\n[needs]\r\nendpoints = [\"GET /profiles\"]\r\n"
    );
    assert_eq!(
        fixed(
            "a.json",
            "\u{feff}{\"provider\": \"paxos\", \"name\": \"x\",\n \"needs\": {\"endpoints\": [\"GET /profiles\"]},\n \"scopes\": \"funding:read_profile, tax:read_tax_form\"}\n",
            &[]
        ),
        "\u{feff}{\"provider\": \"paxos\", \"name\": \"x\",\n \"needs\": {\"endpoints\": [\"GET /profiles\"]},\n \"scopes\": \"funding:read_profile\"}\n"
    );
}

#[test]
fn a_wildcard_and_a_bundle_become_the_exact_list() {
    assert_eq!(
        fixed(
            "wildcard.yaml",
            "provider: piratecrew\nname: x\nneeds: { recipes: [claim-fees] }\nscopes: [\"*\"]\n",
            &[]
        ),
        "provider: piratecrew\nname: x\nneeds: { recipes: [claim-fees] }\nscopes: [\"fees:claim\"]\n"
    );
    assert_eq!(
        fixed(
            "bundle.yaml",
            "provider: elebne\nname: x\nkey_type: secret\nneeds: { recipes: [take-payments] }\nbundles:\n  - pay\n",
            &[]
        ),
        "provider: elebne\nname: x\nkey_type: secret\nneeds: { recipes: [take-payments] }\nscopes: [pay.intents:read, pay.intents:write]\nbundles: []\n"
    );
}

#[test]
fn what_adds_a_grant_is_asked_for() {
    let text = "provider: paxos\nname: x\nneeds: { endpoints: [POST /rewards/payout-groups] }\nscopes: [rewards:write_payout_groups]\n";
    assert_eq!(fixed("safe.yaml", text, &[]), text);
    assert_eq!(
        fixed("unsafe.yaml", text, &["--unsafe-fixes"]),
        text.replace("write_payout_groups]", "create_payout_groups]")
    );
}

#[test]
fn a_secret_is_neither_shown_nor_changed() {
    let folder = Folder::new("fix-secret");
    let text = "provider: elebne\nname: x\nkey_type: secret\npurpose: sk_test_4eC39HqLyjWDarjtT1\nneeds: { recipes: [take-payments] }\nscopes:\n  - pay.intents:read\n  - pay.intents:write\n  - store.orders:read # sk_test_4eC39HqLyjWDarjtT1\n";
    folder.write("a.yaml", text);
    let diff = folder.scopes(&["check", "--diff", "a.yaml"]);
    assert!(!diff.all().contains("4eC39"), "{}", diff.all());
    let fix = folder.scopes(&["check", "--fix", "a.yaml"]);
    assert!(!fix.all().contains("4eC39"), "{}", fix.all());
    assert!(
        folder
            .read("a.yaml")
            .contains("purpose: sk_test_4eC39HqLyjWDarjtT1\n")
    );
}

#[cfg(unix)]
#[test]
fn a_read_only_file_and_a_link() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("fix-files");
    let text = "provider: paxos\nname: x\nneeds: { endpoints: [GET /profiles] }\nscopes: [funding:read_profile, tax:read_tax_form]\n";
    folder
        .write("locked.yaml", text)
        .write("real/b.yaml", text.replace("name: x", "name: y"));
    let mode = |mode| std::fs::Permissions::from_mode(mode);
    std::fs::set_permissions(folder.path("locked.yaml"), mode(0o444)).expect("a mode");
    std::fs::set_permissions(folder.path("real/b.yaml"), mode(0o640)).expect("a mode");
    std::os::unix::fs::symlink("real/b.yaml", folder.path("link.yaml")).expect("a link");
    let run = folder.scopes(&["check", "--fix", "locked.yaml", "link.yaml"]);
    assert_eq!(run.status, 2, "{}", run.all());
    assert!(
        run.err
            .contains("cannot write `locked.yaml`: it is read-only"),
        "{}",
        run.all()
    );
    assert_eq!(folder.read("locked.yaml"), text);
    assert!(folder.path("link.yaml").is_symlink());
    assert!(!folder.read("real/b.yaml").contains("tax:"));
    let real = std::fs::metadata(folder.path("real/b.yaml")).expect("a file");
    assert_eq!(real.permissions().mode() & 0o777, 0o640);
    let left: Vec<_> = std::fs::read_dir(folder.path("real"))
        .expect("a folder")
        .collect();
    assert_eq!(left.len(), 1, "nothing is left behind");
}

#[test]
fn standard_input_is_shown_and_not_mended() {
    let text = b"provider: paxos\nname: x\nneeds: { endpoints: [GET /profiles] }\nscopes: [funding:read_profile, tax:read_tax_form]\n";
    let folder = Folder::new("fix-stdin");
    let fix = run(&folder.path("."), &["check", "--fix", "-"], Some(text));
    assert_eq!(fix.status, 2, "{}", fix.all());
    let diff = run(&folder.path("."), &["check", "--diff", "-"], Some(text));
    assert_eq!(diff.status, 1, "{}", diff.all());
    assert!(
        diff.out.contains("+scopes: [funding:read_profile]\n"),
        "{}",
        diff.all()
    );
}
