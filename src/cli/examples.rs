//! The examples at the end of each `--help` and of each page of the manual. A test runs them at the top of the repository.

pub(super) const LIST: &str = "\
Examples:
  scopes list
      the built-in catalogs
  scopes list --format json
      for another program";

pub(super) const SHOW: &str = "\
Examples:
  scopes show paxos
      what a catalog says
  scopes show paxos scopes
      its scopes alone
  scopes show elebne --format markdown
      as a page";

pub(super) const EXPAND: &str = "\
Examples:
  scopes expand -p elebne store
      the scopes of a bundle, and where each comes from
  scopes expand -p elebne store --format lines
      one to a line";

pub(super) const EXPLAIN: &str = "\
Examples:
  scopes explain -p elebne pay --key-type publishable
      what a bundle opens on one type of key
  scopes explain 'POST /rewards/payout-groups'
      what an endpoint needs
  scopes explain -p paxos funding:read_profile 'GET /profiles'
      whether a scope is enough for a call";

pub(super) const CHECK: &str = "\
Examples:
  scopes check
      every key file below this folder
  scopes check --key-file examples/treasury.yaml
      one key
  scopes check examples --diff
      what --fix would change";

pub(super) const LINT: &str = "\
Examples:
  scopes lint
      the catalogs of scopes.toml, else the built-in ones
  scopes lint paxos --no-allow
      with what the catalog accepts";

pub(super) const RECOMMEND: &str = "\
Examples:
  scopes recommend -p paxos --recipe mint
      the least scopes for a task
  scopes recommend -p paxos --endpoint 'GET /profiles' --format lines
      for one call, to paste into a dashboard
  scopes recommend --key-file examples/treasury.yaml
      what to add to a key, to remove and to keep";

pub(super) const DIFF: &str = "\
Examples:
  scopes diff examples/treasury.yaml
      the environments of a key
  scopes diff -p paxos tax:read_tax_form 'tax:read_tax_form tax:read_tax_lot'
      two sets
  scopes diff --base HEAD --fail-on wider
      the files that changed since a revision, as a gate";

pub(super) const IMPORT: &str = "\
Examples:
  scopes import openapi openapi.yaml -o catalogs/acme.yaml
      a catalog from OpenAPI
  scopes import openapi openapi.yaml --merge catalogs/acme.yaml --check
      whether it is up to date";

pub(super) const RULE: &str = "\
Examples:
  scopes rule
      all rules
  scopes rule missing-scope
      what one finds, why that matters, and how to accept it";

pub(super) const COMPLETIONS: &str = "\
Examples:
  scopes completions bash > ~/.local/share/bash-completion/completions/scopes
  scopes completions fish > ~/.config/fish/completions/scopes.fish";

pub(super) const MAN: &str = "\
Examples:
  scopes man | man -l -
      read the first page
  scopes man ~/.local/share/man/man1
      install a page for each command";

pub(super) const SCHEMA: &str = "\
Examples:
  scopes schema key -p paxos
      for key files of one provider
  scopes schema config
      for scopes.toml";

pub(super) const LSP: &str = "\
Examples:
  scopes lsp
      what an editor starts; docs/editors.md says how to set one up
  scopes lsp --catalog catalogs/acme.yaml
      with a catalog of your own";

pub(super) const INIT: &str = "\
Examples:
  scopes init
      at a terminal: asks what the key is for
  scopes init - -p elebne --recipe follow-orders
      to standard output
  scopes init profiles.toml -p paxos --endpoint 'GET /profiles' < /dev/null
      to a file, as TOML, without a question";
