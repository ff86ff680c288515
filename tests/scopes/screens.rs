//! The screens of the design, as they stand in a terminal of 80 columns.

use crate::program::scopes;

macro_rules! screen {
    ($name:ident, $($argument:expr),+ $(,)?) => {
        #[test]
        fn $name() {
            insta::assert_snapshot!(scopes(&["--width", "80", $($argument),+]).all());
        }
    };
}

screen!(
    explain_a_bundle_on_a_key_type,
    "explain",
    "pay",
    "--key-type",
    "publishable"
);
screen!(explain_a_bundle_on_every_key_type, "explain", "pay");
screen!(
    explain_any_of_two_scopes,
    "explain",
    "POST /rewards/payout-groups"
);
screen!(explain_modes, "explain", "POST /v2/airdrops/7/claims");
screen!(
    explain_a_credential_that_is_no_key,
    "explain",
    "GET /2022-06-09/orders/9c82ef99"
);
screen!(
    explain_a_credential_that_is_no_key_for_a_client,
    "explain",
    "GET /2022-06-09/orders/{orderId}",
    "--key-type",
    "client"
);
screen!(
    explain_a_set_and_an_endpoint,
    "explain",
    "-p",
    "paxos",
    "funding:read_profile",
    "POST /transfer/fiat-withdrawals"
);
screen!(
    explain_what_is_not_stated,
    "explain",
    "DELETE /2022-06-09/nfts/7"
);
screen!(explain_a_wildcard, "explain", "*");
screen!(
    check_the_example,
    "check",
    "--key-file",
    "examples/treasury.yaml"
);
screen!(list_the_catalogs, "list");
screen!(show_a_catalog, "show", "elebne");
screen!(expand_a_bundle, "expand", "store", "pay.intents:read");

/// Wide enough for every column.
#[test]
fn show_the_scopes_in_a_wide_terminal() {
    insta::assert_snapshot!(scopes(&["--width", "140", "show", "piratecrew", "scopes"]).all());
}

/// Through a pipe: the same columns, no thin line, nothing wrapped, no blank at the end of a line.
#[test]
fn explain_through_a_pipe() {
    let run = scopes(&["explain", "pay", "--key-type", "publishable"]);
    assert!(run.out.lines().all(|line| line == line.trim_end()));
    insta::assert_snapshot!(run.all());
}

#[test]
fn colour_changes_nothing_but_colour() {
    let plain = scopes(&["--width", "80", "explain", "pay"]);
    let coloured = scopes(&["--width", "80", "--color", "always", "explain", "pay"]);
    let mut stripped = String::new();
    let mut rest = coloured.out.as_str();
    while let Some(at) = rest.find('\u{1b}') {
        stripped.push_str(&rest[..at]);
        rest = &rest[at..];
        rest = &rest[rest.find('m').expect("an escape ends") + 1..];
    }
    stripped.push_str(rest);
    let trimmed: Vec<&str> = stripped.lines().map(str::trim_end).collect();
    assert_ne!(coloured.out, plain.out);
    assert_eq!(trimmed, plain.out.lines().collect::<Vec<_>>());
}

#[test]
fn the_help_shows_examples() {
    let run = scopes(&[]);
    assert_eq!(run.status, 0);
    insta::assert_snapshot!(run.out);
}
