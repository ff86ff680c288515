//! `extends`: what a catalog lays over another one is held against what that one says of itself.

use crate::program::{Folder, Run};

fn lint(catalog: &str) -> Run {
    let folder = Folder::new("extends");
    folder.write(
        "over.yaml",
        format!("provider: piratecrew\nextends: piratecrew\n{catalog}"),
    );
    folder.scopes(&[
        "lint",
        "over.yaml",
        "--format",
        "short",
        "--today",
        "2026-11-22",
    ])
}

fn summary(catalog: &str) -> String {
    let folder = Folder::new("extends-summary");
    folder.write(
        "over.yaml",
        format!("provider: piratecrew\nextends: piratecrew\n{catalog}"),
    );
    let run = folder.scopes(&[
        "lint",
        "over.yaml",
        "--width",
        "200",
        "--today",
        "2026-11-22",
    ]);
    run.out.lines().last().expect("a line").to_owned()
}

#[test]
fn a_step_that_is_taken_away_is_an_error_where_it_was() {
    let run = lint("endpoints:\n  POST /v2/pools/{address}/fee-claims: airdrop:write\n");
    assert_eq!(run.status, 1, "{}", run.all());
    for line in [
        "over.yaml:4:3: error[unknown-reference] this removes what `recipes.claim-fees.endpoints[0]` of piratecrew refers to: the catalog has no endpoint `POST /v2/pools/{address}/fee-claims mode=signed`",
        "over.yaml:4:3: note[overturned-example] `POST /v2/pools/7/fee-claims` without a scope is missing-scope here, but allowed in piratecrew",
    ] {
        assert!(run.out.lines().any(|one| one == line), "{}", run.all());
    }
    // The catalog cannot be used like that.
    let folder = Folder::new("extends-used");
    folder.write(
        "over.yaml",
        "provider: piratecrew\nextends: piratecrew\nendpoints:\n  POST /v2/pools/{address}/fee-claims: airdrop:write\n",
    );
    let run = folder.scopes(&["recommend", "-p", "./over.yaml", "--recipe", "claim-fees"]);
    assert_eq!(run.status, 2, "{}", run.all());
}

#[test]
fn an_overturned_example_stands_at_what_overturns_it() {
    // The entry of the endpoint, or of a scope that takes part.
    for (catalog, expected) in [
        (
            "endpoints:\n  GET /v2/health: fees:claim\n",
            "4:3: note[overturned-example] `GET /v2/health` without a scope is missing-scope here, but no-key-needed in piratecrew",
        ),
        (
            "scopes:\n  airdrop:admin: { summary: all, implies: [airdrop:write] }\n",
            "4:3: note[overturned-example] `POST /v2/merkle-trees` with airdrop:admin is allowed here, but missing-scope in piratecrew",
        ),
        (
            "scopes:\n  airdrop:write: { summary: all, implies: [fees:claim] }\n",
            "4:3: note[overturned-example] `POST /v2/pools/7/fee-claims mode=signed` with airdrop:write is allowed here, but missing-scope in piratecrew",
        ),
    ] {
        let run = lint(catalog);
        assert!(run.out.contains(expected), "{catalog}\n{}", run.all());
    }
}

#[test]
fn an_example_of_its_own_takes_the_place_of_the_one_below() {
    let catalog = "endpoints:\n  GET /v2/health: { auth: any-key }\nexamples:\n  - { scopes: [], endpoint: GET /v2/health, verdict: allowed }\n";
    assert_eq!(
        summary(catalog),
        "1 catalog checked: no findings; 1 example passes, and 11 inherited"
    );
    // For the same set alone: another set is another call.
    let other = catalog.replace("scopes: []", "scopes: [fees:claim]");
    assert_eq!(
        summary(&other),
        "1 catalog checked: 1 note; 1 example passes, and 11 inherited; see `scopes rule overturned-example`"
    );
}

#[test]
fn an_example_counts_where_it_ran_and_passed() {
    let failing =
        "examples:\n  - { scopes: [fees:claim], endpoint: GET /v2/health, verdict: allowed }\n";
    assert!(
        summary(failing).contains("1 error; 12 inherited examples pass;"),
        "{}",
        summary(failing)
    );
    let unknown = "examples:\n  - { scopes: [fees:clam], endpoint: GET /v2/health, verdict: no-key-needed }\n";
    assert!(
        summary(unknown).contains("1 error; 12 inherited examples pass;"),
        "{}",
        summary(unknown)
    );
}

/// Whatever is laid over: a catalog that lints without errors has every step of every recipe below, and what is not counted
/// as passing is said.
#[test]
fn nothing_is_dropped_in_silence() {
    let whole = crate::program::scopes(&["show", "piratecrew", "--format", "json"]);
    let whole: serde_json::Value = serde_json::from_str(&whole.out).expect("JSON");
    let endpoints = whole["endpoints"].as_array().expect("endpoints");
    let mut seen = 0;
    for endpoint in endpoints {
        let name = format!(
            "{} {}",
            endpoint["method"].as_str().expect("a method"),
            endpoint["path"].as_str().expect("a path")
        );
        for auth in [
            "airdrop:write",
            "{ auth: none }",
            "{ auth: any-key, rejected: gone }",
        ] {
            let catalog = format!("endpoints:\n  \"{name}\": {auth}\n");
            let run = lint(&catalog);
            let notes = run.out.matches("note[overturned-example]").count();
            let errors = run.out.matches("error[unknown-reference]").count();
            let line = summary(&catalog);
            let passed = line
                .split("; ")
                .find_map(|part| part.strip_suffix(" inherited examples pass"));
            let passed: usize = passed.expect("a number").parse().expect("a number");
            let gone = run.out.matches("`examples[").count();
            assert_eq!(passed + notes + gone, 12, "{catalog}{line}\n{}", run.all());
            let folder = Folder::new("extends-recipes");
            folder.write(
                "over.yaml",
                format!("provider: piratecrew\nextends: piratecrew\n{catalog}"),
            );
            let shown = folder.scopes(&["show", "./over.yaml", "--format", "json"]);
            if errors > 0 {
                assert_eq!(shown.status, 2, "{}", shown.all());
                seen += 1;
                continue;
            }
            let shown: serde_json::Value = serde_json::from_str(&shown.out).expect("JSON");
            let steps = |catalog: &serde_json::Value| -> Vec<usize> {
                let recipes = catalog["recipes"].as_array().expect("recipes").iter();
                recipes
                    .map(|one| one["endpoints"].as_array().expect("steps").len())
                    .collect()
            };
            assert_eq!(steps(&shown), steps(&whole), "{catalog}");
        }
    }
    assert!(seen > 0);
}
