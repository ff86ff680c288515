//! `lint`: what it finds in catalogs, and that the built-in ones are clean.

use crate::program::{Folder, scopes};

#[test]
fn the_built_in_catalogs_are_clean_on_a_day() {
    let run = scopes(&["lint", "--today", "2026-11-22"]);
    assert_eq!(
        (run.status, run.out.as_str()),
        (
            0,
            "5 catalogs checked: no findings; 92 examples pass; 12 accepted, the first until 2027-11-21\n"
        )
    );
}

#[test]
fn the_catalogs_that_are_named_by_path_are_clean_on_a_day() {
    let run = scopes(&["lint", "catalogs/imported", "--today", "2026-11-27"]);
    assert_eq!(run.status, 0, "{}", run.out);
    assert!(
        run.out.starts_with("17 catalogs checked: no findings"),
        "{}",
        run.out
    );
}

#[test]
fn without_allowances_every_contradiction_shows() {
    let run = scopes(&[
        "lint",
        "crossmint",
        "dynamic",
        "elebne",
        "paxos",
        "piratecrew",
        "--no-allow",
        "--format",
        "short",
        "--today",
        "2026-11-22",
    ]);
    insta::assert_snapshot!(run.all(), @r"
crossmint (built-in):265:3: warning[access-mismatch] `GET /2022-06-09/actions/{actionId}` only reads, but needs `nfts.create`, a write scope
crossmint (built-in):24:1: note[scope-without-endpoint] 3 scopes open nothing in this catalog
dynamic (built-in):63:3: warning[access-mismatch] `environment.users.read` is declared a read scope, but opens 2 writes
dynamic (built-in):17:1: note[scope-without-endpoint] 1 scope opens nothing in this catalog
elebne (built-in):26:1: note[scope-without-endpoint] 12 scopes open nothing in this catalog
elebne (built-in):118:3: note[bundle-exceeds-key-type] a publishable key may not carry 3 scopes of `pay`, and elebne drops them silently
elebne (built-in):128:3: note[bundle-exceeds-key-type] a publishable key may not carry 6 scopes of `store`, and elebne drops them silently
elebne (built-in):143:3: note[bundle-exceeds-key-type] a publishable key may not carry 10 scopes of `full`, and elebne drops them silently
paxos (built-in):20:3: warning[access-mismatch] `funding:read_profile` is declared a read scope, but opens 1 write
paxos (built-in):317:3: warning[access-mismatch] `GET /issuer-quote/settlement-availability` only reads, but needs `exchange:write_issuer_quote`, a write scope
paxos (built-in):19:1: note[scope-without-endpoint] 3 scopes open nothing in this catalog
piratecrew (built-in):59:7: warning[dead-requirement] `POST /v2/airdrops/{id}/claims mode=signed` requires `airdrop:admin`, but is rejected whatever the scopes
--- status 1
");
}

#[test]
fn a_catalog_with_every_fault() {
    let folder = Folder::new("lint-faults");
    folder.write(
        "catalogs/acme.yaml",
        "provider: acme
sources:
  - { url: \"https://acme.example/scopes\", verified: 2025-01-01 }
key_types: { browser: { exposure: public, disallowed: ignored }, server: {} }
modes: [plain, signed]
scopes:
  a.read: { summary: see, access: read }
  a.write: { summary: change, access: write, implies: [a.read] }
  b.write: { summary: change b, access: write, key_types: [server] }
  c.read: { summary: see c, risk: critical }
  d: { undeclared: true }
  lost: { summary: opens nothing }
bundles:
  both: { scopes: [a.read, b.write] }
endpoints:
  POST /a: a.read
  GET /a: a.write
  GET /b: { all: [a.read, a.write] }
  GET /b/{id}: { all: [c.read, b.write] }
  GET /b/me: c.read
  GET /c:
    modes:
      plain: { auth: any-key }
      signed: { scope: c.read, rejected: nobody may }
  GET /d: { all: [{ scope: a.read, key_types: [browser] }, b.write] }
  GET /e: d
examples:
  - { key_type: server, scopes: [a.read], endpoint: GET /e, verdict: allowed }
  - { key_type: server, scopes: [d], endpoint: GET /e, verdict: allowed }
",
    );
    folder.write("catalogs/readme.yaml", "a: b\n");
    let run = folder.scopes(&["lint", "catalogs", "--today", "2026-11-22", "--width", "80"]);
    insta::assert_snapshot!(run.all());
}

#[test]
fn the_right_command_is_named() {
    let folder = Folder::new("lint-other");
    folder
        .write("key.yaml", "provider: paxos\nname: x\n")
        .write("empty/a.txt", "");
    let key = folder.scopes(&["lint", "key.yaml"]);
    let empty = folder.scopes(&["lint", "empty"]);
    let unknown = folder.scopes(&["lint", "paxoss"]);
    folder.write(
        "catalog.yaml",
        "provider: acme\nendpoints: { GET /a: { auth: none } }\n",
    );
    let catalog = folder.scopes(&["check", "catalog.yaml"]);
    insta::assert_snapshot!(format!(
        "{}\n{}\n{}\n{}",
        key.all(),
        empty.all(),
        unknown.all(),
        catalog.all()
    ));
}

#[test]
fn a_catalog_that_corrects_another_is_judged_for_its_own_entries() {
    let folder = Folder::new("lint-extends");
    folder.write(
        "mine.yaml",
        "extends: paxos\nscopes:\n  mine: { risk: high }\nendpoints:\n  GET /mine: mine\n",
    );
    let run = folder.scopes(&[
        "lint",
        "mine.yaml",
        "--format",
        "short",
        "--today",
        "2026-11-22",
    ]);
    assert_eq!(
        run.out,
        "mine.yaml:3:3: warning[unexplained-risk] `mine` has high risk, but nothing says why\nmine.yaml:2:1: note[missing-summary] 1 scope has no summary\n"
    );
}

#[test]
fn what_would_count_for_nothing_is_said() {
    let folder = Folder::new("lint-modes");
    folder.write(
        "acme.yaml",
        "provider: acme
key_types: { k: { prefixes: [\"\"] } }
modes: [m]
scopes: { a: { summary: s } }
endpoints:
  GET /a: a
  GET /b: { modes: {} }
  GET /c: { scope: a, rejected: no, modes: { m: { auth: any-key } } }
  GET /d: { modes: { n: { auth: any-key } } }
  GET /e: nobody
",
    );
    let run = folder.scopes(&[
        "lint",
        "acme.yaml",
        "--format",
        "short",
        "--today",
        "2026-11-22",
    ]);
    assert_eq!(
        run.out,
        "acme.yaml:7:13: error[missing-field] `GET /b` has no modes
acme.yaml:8:13: error[wrong-type] `scope` has no effect next to `modes`
acme.yaml:8:23: error[wrong-type] `rejected` has no effect next to `modes`
acme.yaml:9:22: error[unknown-reference] the catalog has no mode `n`
acme.yaml:10:3: error[unknown-reference] the catalog has no scope `nobody`
"
        .replace("10:3", "10:11"),
        "{}",
        run.all()
    );
    let clean = folder.write("key.yaml", "provider: paxos\nname: x\nneeds: { endpoints: [GET /profiles] }\nscopes: [funding:read_profile]\n").scopes(&["check", "key.yaml"]);
    assert_eq!(clean.status, 0, "{}", clean.all());
}

#[test]
fn an_allowance_may_spell_an_endpoint_as_the_finding_does() {
    let folder = Folder::new("lint-allow");
    folder.write(
        "acme.yaml",
        "provider: acme
scopes: { a: { summary: s } }
endpoints:
  GET /users/{id}: a
examples:
  - { scopes: [], endpoint: GET /users/7, verdict: allowed }
allow:
  - { rule: failed-example, endpoint: GET /users/7, reason: a, owner: b, until: 2027-01-01 }
",
    );
    let run = folder.scopes(&["lint", "acme.yaml", "--today", "2026-11-22"]);
    assert_eq!(run.status, 0, "{}", run.all());
}
