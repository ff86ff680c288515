//! `diff` names every scope and every event that is gained or lost, in every format, and says what each comes to.

use super::program::{Folder, scopes};

const ACME: &str = "provider: acme
scopes:
  classic: { summary: c, access: write, risk: high, because: it does all }
  granular: { summary: g, access: write }
  hooks: { summary: h }
  pay.read: { summary: p, risk: high, because: shows payments }
  dark: { summary: d, access: write, risk: critical, because: nobody knows what it opens }
  dim: { summary: m, access: read }
endpoints:
  POST /a: { any: [classic, granular] }
  POST /b: classic
  GET /c: hooks
events:
  paid: { all: [hooks, pay.read] }
";

fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("c.yaml", ACME);
    folder
}

#[test]
fn every_scope_and_event_is_named_in_every_format() {
    let folder = folder("gains-named");
    for (from, to, named, words) in [
        (
            "classic",
            "granular",
            &["granular", "classic"][..],
            "opens nothing new",
        ),
        ("hooks", "hooks pay.read", &["pay.read", "paid"], "paid"),
        (
            "hooks",
            "hooks dark",
            &["dark"],
            "opens no endpoint in this catalog",
        ),
        ("granular", "classic granular", &["classic"], "POST"),
        (
            "classic granular",
            "classic",
            &["granular"],
            "closes nothing",
        ),
    ] {
        for format in ["table", "markdown", "json"] {
            let run = folder.scopes(&["diff", "-p", "./c.yaml", from, to, "--format", format]);
            for name in named {
                assert!(
                    run.out.contains(name),
                    "{from} → {to}, {format}: {}",
                    run.out
                );
            }
            if format != "json" {
                assert!(
                    run.out.contains(words),
                    "{from} → {to}, {format}: {}",
                    run.out
                );
            }
            if words != "opens no endpoint in this catalog" {
                assert!(
                    !run.out.contains("opens no endpoint in this catalog"),
                    "{from} → {to}: {}",
                    run.out
                );
            }
        }
    }
}

#[test]
fn the_built_in_example_of_scopes_whose_endpoints_were_open() {
    let run = scopes(&[
        "diff",
        "-p",
        "paxos",
        "rewards:write_payout_groups",
        "rewards:create_payout_groups rewards:update_payout_groups rewards:delete_payout_groups",
        "--format",
        "markdown",
    ]);
    assert!(
        !run.out.contains("opens no endpoint in this catalog"),
        "{}",
        run.out
    );
    assert_eq!(
        run.out.matches("opens nothing new").count(),
        3,
        "{}",
        run.out
    );
}

#[test]
fn the_gates_of_gains_and_losses() {
    let folder = folder("gains-gates");
    for (from, to, failing) in [
        ("classic", "granular", &["wider", "narrower", "any"][..]),
        (
            "granular",
            "classic",
            &[
                "wider",
                "narrower",
                "any",
                "gained-endpoint",
                "gained-write",
            ],
        ),
        ("hooks", "hooks dark", &["wider", "any", "gained-write"]),
        ("hooks", "hooks dim", &["wider", "any"]),
        ("hooks", "hooks pay.read", &["wider", "any"]),
        ("hooks dark", "hooks", &["narrower", "any"]),
        ("dim", "dim hooks", &["wider", "any", "gained-endpoint"]),
        ("hooks", "hooks", &[]),
    ] {
        for gate in [
            "wider",
            "narrower",
            "any",
            "gained-endpoint",
            "gained-write",
            "never",
        ] {
            let run = folder.scopes(&["diff", "-p", "./c.yaml", from, to, "--fail-on", gate]);
            assert_eq!(
                run.status,
                i32::from(failing.contains(&gate)),
                "{from} → {to}, {gate}: {}",
                run.all()
            );
        }
    }
    let elebne = scopes(&[
        "diff",
        "-p",
        "elebne",
        "--key-type",
        "secret",
        "pay.intents:read",
        "pay.intents:read enterprise.bills:write",
        "--fail-on",
        "gained-write",
    ]);
    assert_eq!(elebne.status, 1, "{}", elebne.all());
}

#[test]
fn the_gates_of_editions() {
    let folder = folder("gains-editions");
    folder.write("less.yaml", ACME.replace("  POST /b: classic\n", ""));
    let diff = |from: &str, to: &str, gate: &str| {
        folder.scopes(&["diff", from, to, "--fail-on", gate]).status
    };
    assert_eq!(diff("./c.yaml", "./less.yaml", "narrower"), 1);
    assert_eq!(diff("./c.yaml", "./less.yaml", "wider"), 0);
    assert_eq!(diff("./less.yaml", "./c.yaml", "gained-endpoint"), 1);
    assert_eq!(diff("./less.yaml", "./c.yaml", "gained-write"), 1);
    assert_eq!(diff("./less.yaml", "./c.yaml", "narrower"), 0);
}
