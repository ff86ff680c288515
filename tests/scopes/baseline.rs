//! The baseline: an entry belongs to a file and a rule, and a run answers only for its own.

use crate::program::{Folder, Run, formats};

const KEY: &str = "provider: paxos
name: NAME
needs: { endpoints: [GET /profiles] }
scopes: [funding:read_profile, transfer:read_transfer]
";
const CATALOG: &str = "provider: acme
scopes: { read: { risk: high }, idle: {} }
endpoints: { GET /a: read }
";

/// A repository with two keys and a catalog that all have something, recorded by both commands.
fn adopted(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder
        .write("keys/a.yaml", KEY.replace("NAME", "a"))
        .write("keys/b.yaml", KEY.replace("NAME", "b"))
        .write("catalogs/acme.yaml", CATALOG)
        .write(
            "scopes.toml",
            "keys = [\"keys/**\"]\ncatalogs = [\"catalogs/*.yaml\"]\nbaseline = \"base.json\"\n",
        );
    for command in ["check", "lint"] {
        let run = on(&folder, &[&[command][..], &WRITE].concat());
        assert_eq!(run.status, 0, "{}", run.all());
    }
    folder
}

const WRITE: [&str; 5] = [
    "--write-baseline",
    "--reason",
    "old",
    "--until",
    "2027-06-30",
];

fn on(folder: &Folder, arguments: &[&str]) -> Run {
    folder.scopes(&[arguments, &["--today", "2026-11-22"]].concat())
}

fn entries(folder: &Folder) -> usize {
    folder.read("base.json").matches("\"fingerprint\"").count()
}

#[test]
fn check_and_lint_share_one() {
    let folder = adopted("baseline-shared");
    let all = entries(&folder);
    for command in ["check", "lint"] {
        let run = on(&folder, &[command]);
        assert_eq!(run.status, 0, "{}", run.all());
        assert!(run.out.contains(" in the baseline"), "{}", run.all());
        assert!(!run.out.contains("gone"), "{}", run.all());
        // What the other one has recorded is neither counted nor dropped.
        let run = on(&folder, &[&[command][..], &WRITE].concat());
        assert!(run.out.contains(", 0 new and 0 dropped"), "{}", run.all());
        assert_eq!(entries(&folder), all);
    }
    let check = on(&folder, &["check"]);
    assert!(check.out.contains("; 2 in the baseline"), "{}", check.all());
    // No built-in catalog was recorded.
    let builtin = on(&folder, &["lint", "paxos"]);
    assert!(!builtin.out.contains("baseline"), "{}", builtin.all());
}

#[test]
fn a_run_answers_for_what_it_looked_at() {
    let folder = adopted("baseline-owned");
    let all = entries(&folder);
    // One file, and what is gone beside it.
    folder.remove("keys/b.yaml");
    let one = on(&folder, &["check", "keys/a.yaml"]);
    assert!(one.out.contains("; 1 in the baseline\n"), "{}", one.all());
    // The folder that it was in, and all that is configured.
    for arguments in [&["check", "keys"][..], &["check"]] {
        let run = on(&folder, arguments);
        let expected = "; 2 in the baseline, 1 gone";
        assert!(run.out.contains(expected), "{}", run.all());
    }
    // A file that is there and was not looked at has not vanished.
    folder.write("keys/b.yaml", KEY.replace("NAME", "b")).write(
        "scopes.toml",
        "keys = [\"keys/a*\"]\nbaseline = \"base.json\"\n",
    );
    let run = on(&folder, &["check"]);
    assert!(run.out.contains("; 1 in the baseline\n"), "{}", run.all());
    let run = on(&folder, &[&["check"][..], &WRITE].concat());
    assert!(run.out.contains("0 new and 0 dropped"), "{}", run.all());
    assert_eq!(entries(&folder), all);
}

#[test]
fn a_rule_that_is_off_keeps_its_entries() {
    let folder = adopted("baseline-off");
    let all = entries(&folder);
    let off = ["check", "--level", "unneeded-scope=off"];
    let run = on(&folder, &off);
    assert_eq!(run.out, "2 keys checked: no findings\n", "{}", run.all());
    let run = on(&folder, &[&off[..], &WRITE].concat());
    assert!(run.out.contains("0 new and 0 dropped"), "{}", run.all());
    assert_eq!(entries(&folder), all);
}

#[test]
fn the_bounds_of_the_team_hold_when_it_is_read() {
    let folder = adopted("baseline-bounds");
    let config = folder.read("scopes.toml");
    folder.write("scopes.toml", format!("{config}[allow]\nmax-days = 30\n"));
    let run = on(&folder, &["check"]);
    assert_eq!(run.status, 1, "{}", run.all());
    assert!(
        run.out
            .contains("runs for 220 days, until 2027-06-30, and scopes.toml allows 30"),
        "{}",
        run.all()
    );
    let write = on(&folder, &[&["check"][..], &WRITE].concat());
    assert_eq!(write.status, 2, "{}", write.all());
    folder.write(
        "scopes.toml",
        format!("{config}[rules]\nunneeded-scope = \"forbid\"\n"),
    );
    let run = on(&folder, &["check"]);
    assert_eq!(run.status, 1, "{}", run.all());
    assert!(run.out.contains("unneeded-scope"), "{}", run.all());
    let write = on(&folder, &[&["check"][..], &WRITE].concat());
    assert_eq!(write.status, 2, "{}", write.all());
    assert!(write.err.contains("`unneeded-scope`"), "{}", write.all());
    folder.write("scopes.toml", config);
    let silent = folder.read("base.json").replace("\"old\"", "\" \"");
    folder.write("base.json", silent);
    let run = on(&folder, &["check"]);
    assert_eq!(run.status, 2, "{}", run.all());
    assert!(
        run.err.contains("the `reason` of this baseline is empty"),
        "{}",
        run.all()
    );
}

#[test]
fn what_is_accepted_is_counted_with_its_first_end() {
    let folder = Folder::new("accepted-until");
    let allow = |until: &str| {
        format!("allow: [{{ rule: unneeded-scope, reason: old, owner: me, until: {until} }}]\n")
    };
    for (name, until) in [("a", "2027-03-31"), ("b", "2027-01-31")] {
        let key = KEY.replace("NAME", name) + &allow(until);
        folder.write(&format!("keys/{name}.yaml"), key);
    }
    let run = on(&folder, &["check", "keys"]);
    let expected = "2 keys checked: no findings; 2 accepted, the first until 2027-01-31\n";
    assert_eq!(run.out, expected);
    let run = on(&folder, &["check", "keys/a.yaml"]);
    assert_eq!(
        run.out,
        "1 key checked: no findings; 1 accepted until 2027-03-31\n"
    );
    let run = on(&folder, &["check", "keys", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(json["summary"]["accepted"], 2);
    assert_eq!(json["summary"]["accepted_until"], "2027-01-31");
    assert_eq!(json["accepted"][1]["owner"], "me");
    let run = on(&folder, &["check", "keys", "--format", "markdown"]);
    assert!(
        run.out.contains("2 accepted, the first until 2027-01-31"),
        "{}",
        run.all()
    );
}

#[test]
fn what_could_not_be_judged_is_not_gone() {
    let folder = adopted("baseline-unjudged");
    let all = entries(&folder);
    let key = folder.read("keys/a.yaml");
    for broken in [key.replace("paxos", "paxxos"), format!("{key}: [")] {
        folder.write("keys/a.yaml", broken);
        let run = on(&folder, &["check", "keys/a.yaml"]);
        assert!(!run.out.contains("gone"), "{}", run.all());
        on(&folder, &[&["check"][..], &WRITE].concat());
        assert!(entries(&folder) >= all, "{}", folder.read("base.json"));
    }
}

#[test]
fn what_was_just_recorded_is_not_offered_as_fixable() {
    let folder = Folder::new("baseline-offers");
    folder.write("a.yaml", KEY.replace("NAME", "a"));
    let run = on(&folder, &[&["check", "a.yaml"][..], &WRITE].concat());
    assert!(!run.out.contains("fixable"), "{}", run.all());
}

#[test]
fn what_is_not_accepted_is_refused_and_writes_nothing() {
    let folder = adopted("baseline-refused");
    let before = folder.read("base.json");
    let config = folder.read("scopes.toml");
    let write = |file: &str, reason: &str, until: &str| {
        let line = [
            "check",
            "--write-baseline",
            file,
            "--reason",
            reason,
            "--until",
            until,
        ];
        on(&folder, &line)
    };
    let bound = format!("{config}[allow]\nmax-days = 30\n");
    let forbidden = format!("{config}[rules]\nunneeded-scope = \"forbid\"\n");
    for (config, reason, until) in [
        (&bound, "old", "9999-12-31"),
        (&bound, "old", "2026-12-23"),
        (&bound, " \n", "2026-12-01"),
        (&bound, "\u{200b}\u{3164}", "2026-12-01"),
        (&bound, "old", "2026-11-21"),
        (&forbidden, "old", "2026-12-01"),
    ] {
        folder.write("scopes.toml", config);
        for file in ["base.json", "new.json"] {
            let run = write(file, reason, until);
            assert_eq!(run.status, 2, "{until}: {}", run.all());
            assert!(run.out.is_empty(), "{until}: {}", run.all());
        }
        assert_eq!(folder.read("base.json"), before, "{until}");
        assert!(!folder.path("new.json").exists(), "{until}");
    }
    // The last day that is allowed.
    folder.write("scopes.toml", &bound);
    assert_eq!(write("base.json", "old", "2026-12-22").status, 0);
}

#[test]
fn what_was_changed_by_hand_accepts_nothing_more() {
    let folder = adopted("baseline-edited");
    let config = folder.read("scopes.toml");
    folder.write("scopes.toml", format!("{config}[allow]\nmax-days = 300\n"));
    let before = folder.read("base.json");
    assert_eq!(on(&folder, &["check"]).status, 0);
    let first = before.find("      \"fingerprint\"").expect("an entry");
    let entry = |more: &str| {
        let mut text = before.clone();
        text.insert_str(first, more);
        text
    };
    let reason = |text: &str| before.replace("\"old\"", text);
    for (status, text) in [
        (1, before.replace("2027-06-30", "9999-12-31")),
        (1, before.replace("2027-06-30", "2026-11-21")),
        (
            1,
            before.replace("\"unneeded-scope\"", "\"secret-in-file\""),
        ),
        (
            1,
            before.replace("\"unneeded-scope\"", "\"read-scope-can-write\""),
        ),
        (2, before.replace("2027-06-30", "soon")),
        (2, before.replace("2027-06-30", "2027-02-30")),
        (2, reason("\"\"")),
        (2, reason("\" \\u200b\"")),
        (2, reason("null")),
        (2, before.replace("\"reason\"", "\"Reason\"")),
        (2, entry("      \"note\": 1,\n")),
        (2, before.replacen('{', "{ \"note\": 1,", 1)),
        (2, before.replacen('{', "{ \"until\": \"2027-01-01\",", 1)),
        (2, before.replace("\"version\": 1", "\"version\": 2")),
        (
            2,
            before.replace("\"kind\": \"baseline\"", "\"kind\": \"findings\""),
        ),
        (2, before.replace('[', "{").replace(']', "}")),
        (2, format!("{before}{before}")),
        (2, "[]".to_owned()),
        (2, String::new()),
    ] {
        folder.write("base.json", &text);
        for format in &formats("check") {
            let run = on(
                &folder,
                &["check", "--format", format, "--fail-on", "warning"],
            );
            assert_eq!(run.status, status, "{format}: {text}\n{}", run.all());
        }
    }
    // Where it runs too long, every format says so, and no threshold hides it.
    folder.write("base.json", before.replace("2027-06-30", "9999-12-31"));
    for format in ["text", "json", "github", "markdown"] {
        let run = on(
            &folder,
            &["check", "--format", format, "--fail-on", "never"],
        );
        assert_eq!(run.status, 1, "{format}: {}", run.all());
        assert!(
            run.all()
                .contains("until 9999-12-31, and scopes.toml allows 300"),
            "{}",
            run.all()
        );
    }
}
