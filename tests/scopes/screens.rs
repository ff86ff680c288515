//! The screens of the design, as they stand in a terminal of 80 columns.

use crate::program::scopes;

macro_rules! screen {
    ($name:ident, $($argument:expr),+ $(,)? => @$shown:literal) => {
        #[test]
        fn $name() {
            insta::assert_snapshot!(scopes(&["--width", "80", $($argument),+]).all(), @$shown);
        }
    };
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
screen!(explain_modes, "explain", "POST /v2/airdrops/7/claims" => @r"
piratecrew: POST /v2/airdrops/{id}/claims (write) has 2 modes

 Mode       Answer            Needs
──────────────────────────────────────────────────────────
 unsigned   open to any key   no scope
 signed     always rejected   nothing helps, not even `*`

 airdrop:admin: critical risk, pays out of airdrop vaults; checks are flat: it
   does not include airdrop:write

note: only the wallet of the recipient can authorise a claim
note: the provider's page also names airdrop:admin for the signed mode; three
      other pages of the provider reject it, and this catalog follows them
--- status 0
"
);
screen!(
    explain_a_credential_that_is_no_key,
    "explain",
    "GET /2022-06-09/orders/9c82ef99" => @r"
crossmint: GET /2022-06-09/orders/{orderId} (read) is open in 2 ways

 Credential      Answer   Needs
──────────────────────────────────────────────────────────────
 server key      open     orders.read
 client secret   open     no API key: `authorization` header
 client key      closed   orders.read is only for server keys

 orders.read: a client follows its order with the client secret that opening
   it returned, and needs no key for that

note: create-order returns the client secret; it opens that one order only
--- status 0
"
);
screen!(
    explain_a_credential_that_is_no_key_for_a_client,
    "explain",
    "GET /2022-06-09/orders/{orderId}",
    "--key-type",
    "client" => @r"
crossmint: GET /2022-06-09/orders/{orderId} (read) needs no key from a client
key: the client secret opens it

 Credential      Answer   Needs
──────────────────────────────────────────────────────────────
 client secret   open     no API key: `authorization` header
 client key      closed   orders.read is only for server keys

note: create-order returns the client secret; it opens that one order only
--- status 0
"
);
screen!(
    explain_a_set_and_an_endpoint,
    "explain",
    "-p",
    "paxos",
    "funding:read_profile",
    "POST /transfer/fiat-withdrawals" => @r"
paxos: POST /transfer/fiat-withdrawals is closed to this set: missing-scope

   needs  transfer:write_fiat_withdrawal   critical
   has    funding:read_profile             low

 transfer:write_fiat_withdrawal: critical risk, pays out; it has no read twin;
   transfer:read_transfer serves
 funding:read_profile: it also opens a deposit in the sandbox, a write

help: scopes are changed in the dashboard under Admin > API Management, for each
      environment by itself; the Entity Manager says who may
--- status 1
"
);
screen!(
    explain_what_is_not_stated,
    "explain",
    "DELETE /2022-06-09/nfts/7" => @r"
crossmint: DELETE /2022-06-09/nfts/{locator} has a requirement that the provider
does not state: not-stated

help: ask the provider, then add the endpoint to your own catalog with `extends`
--- status 1
"
);
screen!(explain_a_wildcard, "explain", "*");
screen!(
    check_the_example,
    "check",
    "--key-file",
    "examples/treasury.yaml"
);
screen!(list_the_catalogs, "list" => @r"
 Provider     Scopes   Endpoints   Key types             Verified     From
───────────────────────────────────────────────────────────────────────────────
 crossmint        32          97   server, client        2026-11-21   built-in
 dynamic          14         128   token                 2026-11-21   built-in
 elebne           18           8   publishable, secret   2026-11-21   built-in
 paxos            66         125   client                2026-11-21   built-in
 piratecrew        3          27   key                   2026-11-21   built-in
--- status 0
"
);
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
