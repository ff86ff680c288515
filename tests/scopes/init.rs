//! `scopes init`: what it writes is a key that `check` has nothing against.

use crate::program::{Folder, scopes};

/// The recipes of each built-in provider.
const RECIPES: [(&str, &[&str]); 3] = [
    ("paxos", &["mint", "redeem", "convert"]),
    ("elebne", &["take-payments", "follow-orders"]),
    ("crossmint", &[]),
];

#[test]
fn what_it_writes_is_checked_and_clean() {
    let folder = Folder::new("init");
    let mut written = 0;
    for (provider, recipes) in RECIPES {
        for recipe in recipes {
            for extension in ["yaml", "toml", "json"] {
                let file = format!("keys-{extension}/{provider}-{recipe}.{extension}");
                let run = folder.scopes(&["init", &file, "-p", provider, "--recipe", recipe]);
                let check = folder.scopes(&["check", &file, "--format", "short"]);
                // What the needs themselves make risky is theirs to split or to accept.
                let findings: Vec<&str> = check
                    .out
                    .lines()
                    .filter(|line| line.contains(": error[") || line.contains(": warning["))
                    .filter(|line| !line.contains("risky-combination"))
                    .collect();
                assert!(findings.is_empty(), "{}", check.all());
                assert_eq!(run.status, check.status, "{}\n{}", run.all(), check.all());
                assert!(run.out.starts_with("wrote "), "{}", run.all());
                written += 1;
            }
        }
    }
    let all = scopes(&["show", "piratecrew", "--format", "json"]).out;
    let all: serde_json::Value = serde_json::from_str(&all).expect("JSON");
    for (number, endpoint) in all["endpoints"]
        .as_array()
        .expect("endpoints")
        .iter()
        .enumerate()
    {
        if !endpoint["rejected"].is_null() {
            continue;
        }
        let text = |name: &str| endpoint[name].as_str().unwrap_or_default();
        let mode = match text("mode") {
            "" => String::new(),
            mode => format!(" mode={mode}"),
        };
        let call = format!("{} {}{mode}", text("method"), text("path"));
        let file = format!("pirate/{number}.yaml");
        let run = folder.scopes(&["init", &file, "-p", "piratecrew", "--endpoint", &call]);
        let check = folder.scopes(&["check", &file]);
        assert_eq!(
            (run.status, check.status),
            (0, 0),
            "{}\n{}",
            run.all(),
            check.all()
        );
        written += 1;
    }
    assert!(written > 30);
}

#[test]
fn it_leaves_to_fill_in_what_it_cannot_know() {
    let run = scopes(&["init", "-", "-p", "elebne", "--recipe", "follow-orders"]);
    insta::assert_snapshot!(run.all(), @r"
    provider: elebne
    name: elebne-follow-orders
    owner:      # the team or person that is responsible for it
    purpose:    # what it is used for, in one sentence
    # expires: 2027-12-31    # its last day
    key_type: secret
    needs:
      recipes:
      - follow-orders
    scopes:
    - store.orders:read    # list orders and look one up
    - webhooks.endpoints:manage    # make, change and delete webhook endpoints
    environments:
      test: {}
      live: {}
    --- status 0
    ");
    let run = scopes(&[
        "init",
        "-",
        "-p",
        "paxos",
        "--endpoint",
        "GET /profiles",
        "--name",
        "a: b",
        "--owner",
        "x",
        "--purpose",
        "see\tit",
        "-e",
        "sandbox",
    ]);
    insta::assert_snapshot!(run.all(), @r#"
    provider: paxos
    name: 'a: b'
    owner: x
    purpose: see it
    # expires: 2027-12-31    # its last day
    needs:
      endpoints:
      - GET /profiles
    scopes:
    - funding:read_profile    # see profiles and their balances
    environments:
      sandbox: {}
    --- status 0
    "#);
}

#[test]
fn it_never_overwrites_and_says_what_is_missing() {
    let folder = Folder::new("init-refusals");
    folder.write("a.yaml", "mine\n");
    let mut all = String::new();
    for arguments in [
        &["init", "a.yaml", "-p", "paxos", "--recipe", "mint"][..],
        &["init"],
        &["init", "-p", "paxos"],
        &["init", "-p", "paxo", "--recipe", "mint"],
        &["init", "-p", "paxos", "--recipe", "mnt"],
        &["init", "-p", "paxos", "--endpoint", "GET /profilez"],
        &[
            "init",
            "-p",
            "piratecrew",
            "--endpoint",
            "POST /v2/airdrops/{id}/claims mode=signed",
        ],
    ] {
        let run = folder.scopes(arguments);
        assert_eq!(run.status, 2, "{}", run.all());
        all += &format!("$ scopes {}\n{}", arguments.join(" "), run.err);
    }
    insta::assert_snapshot!(all, @r"
    $ scopes init a.yaml -p paxos --recipe mint
    error: `a.yaml` already exists
    help: name another file, or change this one: scopes check a.yaml
    $ scopes init
    error: no provider given
    help: name one: -p PROVIDER
    $ scopes init -p paxos
    error: no needs given: use --endpoint, --recipe, --event or --log
    help: scopes show paxos recipes, or endpoints, lists what there is
    $ scopes init -p paxo --recipe mint
    error: unknown provider `paxo`
    help: did you mean `paxos`?
    $ scopes init -p paxos --recipe mnt
    error: paxos has no recipe `mnt`
    help: did you mean `mint`?
    $ scopes init -p paxos --endpoint GET /profilez
    error: paxos has no endpoint `GET /profilez`: no-such-endpoint
    help: did you mean `GET /profiles`?
    $ scopes init -p piratecrew --endpoint POST /v2/airdrops/{id}/claims mode=signed
    error: no scope meets `POST /v2/airdrops/{id}/claims mode=signed`
    help: scopes explain -p piratecrew 'POST /v2/airdrops/{id}/claims mode=signed'
    ");
    assert_eq!(folder.read("a.yaml"), "mine\n");
    assert!(!folder.path("keys").exists());
}

#[test]
fn a_catalog_is_named_from_the_file() {
    let folder = Folder::new("init-catalog");
    folder.write(
        "catalogs/acme.yaml",
        "provider: acme\nscopes:\n  a: { summary: \"do # it\" }\nendpoints:\n  GET /a: a\n",
    );
    let arguments = [
        "init",
        "-p",
        "catalogs/acme.yaml",
        "--endpoint",
        "GET /a",
        "--name",
        "x/y",
    ];
    let run = folder.scopes(&arguments);
    assert_eq!(run.status, 0, "{}", run.all());
    let text = folder.read("keys/x-y.yaml");
    assert!(
        text.starts_with("provider: ../catalogs/acme.yaml\nname: x/y\n"),
        "{text}"
    );
    assert!(text.contains("- a    # do # it\n"), "{text}");
    assert_eq!(folder.scopes(&["check"]).status, 0);
}

#[test]
fn a_key_of_the_same_name_in_the_folder_is_said() {
    let folder = Folder::new("init-namesake");
    folder.write("keys/old.yml", "provider: paxos\nname: desk\nscopes: []\n");
    let needs = [
        "-p",
        "paxos",
        "--endpoint",
        "GET /profiles",
        "--name",
        "desk",
    ];
    let run = folder.scopes(&[&["init", "keys/new.yaml"], &needs[..]].concat());
    assert_eq!(run.status, 1, "{}", run.all());
    assert!(
        run.err
            .contains("note: `keys/old.yml` also describes a key `desk`"),
        "{}",
        run.all()
    );
    // In another folder it is nobody's business.
    let run = folder.scopes(&[&["init", "others/new.yaml"], &needs[..]].concat());
    assert_eq!(run.status, 0, "{}", run.all());
}
