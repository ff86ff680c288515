//! Wrong guesses: what somebody types who knows other tools, and the next step that the answer names.

use crate::program::{Folder, Run, run};

const KEY: &str = "provider: paxos
name: k
needs:
  endpoints:
    - GET /profiles
scopes: [funding:read_profile]
";

const TOML: &str = "provider = \"paxos\"
name = \"k\" # a comment
scopes = [\"funding:read_profile\"]
";

/// A folder with a key, a catalog, a log, a folder of keys, and files of other kinds.
fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder
        .write("k.yaml", KEY)
        .write("keys/a.yaml", KEY.replace("name: k", "name: a"))
        .write("k.toml", TOML)
        .write(
            "c.yaml",
            "provider: acme\nscopes: { a: {} }\nendpoints:\n  GET /x: a\n",
        )
        .write("access.log", "GET /profiles\n")
        .write(
            "api.yaml",
            "openapi: 3.0.0\ninfo: { title: a }\npaths: {}\n",
        )
        .write("file", "hello\n")
        .write(
            "package.json",
            "{ \"name\": \"a\", \"version\": \"1\", \"scripts\": {} }",
        )
        .write(
            "Cargo.toml",
            "[package]\nname = \"a\"\nversion = \"1\"\n\n[dependencies]\na = \"1\"\n",
        );
    folder
}

/// Types lines, each with a phrase of the help that it must get. Words are parted by blanks, `~` is a blank in a word.
fn type_lines(folder: &Folder, lines: &[(&str, &str)]) {
    for (line, phrase) in lines {
        let words: Vec<String> = line.split(' ').map(|word| word.replace('~', " ")).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        must_help(&folder.scopes(&words), line, phrase, 2);
    }
}

fn must_help(run: &Run, line: &str, phrase: &str, status: i32) {
    assert_eq!(run.status, status, "scopes {line}\n{}", run.all());
    let help = run.err.lines().filter(|line| line.starts_with("help: "));
    let help: Vec<&str> = help.collect();
    assert!(
        help.iter().any(|help| help.contains(phrase)),
        "scopes {line}\nlacks `{phrase}`\n{}",
        run.all()
    );
    assert!(!run.all().contains("as a value, use"), "scopes {line}");
}

#[test]
fn options_of_other_tools() {
    let folder = folder("guesses-options");
    type_lines(
        &folder,
        &[
            ("check --json", "scopes check --format json"),
            ("check k.yaml --sarif", "scopes check k.yaml --format sarif"),
            ("check --md", "--format markdown"),
            (
                "check --yaml",
                "`scopes check --format` takes text, short, json",
            ),
            ("check -f json", "scopes check --format json"),
            ("check -fjson", "scopes check --format json"),
            (
                "check --output-format=gitlab keys",
                "scopes check --format gitlab keys",
            ),
            ("lint --reporter sarif", "scopes lint --format sarif"),
            ("list -o json", "scopes list --format json"),
            ("explain -o x pay", "scopes explain pay > x"),
            (
                "explain --output x.json pay",
                "scopes explain --format json pay > x.json",
            ),
            (
                "completions bash -o scopes.bash",
                "scopes completions bash > scopes.bash",
            ),
            ("check -f k.yaml", "scopes check k.yaml"),
            ("check --strict", "scopes check --fail-on note"),
            ("diff --strict k.yaml", "scopes diff --fail-on any k.yaml"),
            ("check --deny-warnings", "--fail-on warning"),
            ("check --exit-zero", "--fail-on never"),
            (
                "check --ignore unneeded-scope",
                "--level unneeded-scope=off",
            ),
            ("check --dry-run", "scopes check --diff"),
            (
                "check --no-color --json --strict",
                "scopes check --color never --format json --fail-on note",
            ),
            ("explain pay --env test", "scopes explain pay -e test"),
            (
                "recommend -p paxos --environments=sandbox",
                "scopes recommend -p paxos -e sandbox",
            ),
            (
                "recommend -p paxos --recipe mint --sandbox",
                "--recipe mint -e sandbox",
            ),
            ("check --provider paxos", "`-p` is an option of"),
            ("show --provider=paxos", "scopes show paxos"),
            ("show -p paxos", "scopes show paxos"),
            (
                "show -p ./c.yaml endpoints",
                "scopes show ./c.yaml endpoints",
            ),
            ("--provider paxos", "scopes show paxos"),
            (
                "-p paxos funding:read_profile",
                "scopes explain -p paxos funding:read_profile",
            ),
            (
                "-p paxos explain funding:read_profile",
                "scopes explain -p paxos funding:read_profile",
            ),
            ("--json check", "scopes check --format json"),
            ("lint -p paxos", "scopes lint paxos"),
            ("list -p paxos", "scopes show paxos"),
            (
                "explain --scope funding:read_profile",
                "scopes explain funding:read_profile",
            ),
            (
                "recommend --scope funding:read_profile",
                "scopes explain funding:read_profile",
            ),
            ("explain --key k.yaml", "scopes explain --key-file k.yaml"),
            (
                "explain --endpoint GET~/profiles",
                "scopes explain 'GET /profiles'",
            ),
            ("diff --rev main", "scopes diff --base main"),
            (
                "explain --fix pay",
                "`--fix` is an option of `scopes check`",
            ),
            (
                "check --frobnicate",
                "`scopes check --help` lists the options",
            ),
        ],
    );
    let near = folder.scopes(&["explain", "--fromat", "json", "pay"]);
    assert!(
        near.err
            .contains("tip: a similar argument exists: '--format'"),
        "{}",
        near.all()
    );
}

#[test]
fn commands_of_other_tools_and_names_in_their_place() {
    type_lines(
        &folder("guesses-commands"),
        &[
            ("new", "scopes init -p PROVIDER"),
            ("new paxos", "scopes init -p paxos"),
            ("language-server", "scopes lsp"),
            ("validate", "scopes check"),
            ("verify k.yaml", "scopes check k.yaml"),
            ("validate c.yaml", "scopes lint c.yaml"),
            ("audit", "scopes check"),
            ("fix keys", "scopes check --fix keys"),
            ("version", "scopes --version"),
            ("describe paxos", "scopes show paxos"),
            ("endpoints paxos", "scopes show paxos endpoints"),
            ("ls", "scopes list"),
            ("chek", "did you mean `scopes check`?"),
            ("nonsense", "`scopes --help` lists the commands"),
            ("paxos", "scopes show paxos"),
            ("paxos recipes", "scopes show paxos recipes"),
            ("k.yaml", "scopes check k.yaml"),
            ("c.yaml", "scopes show c.yaml"),
            (
                "access.log",
                "scopes recommend -p PROVIDER --log access.log",
            ),
            ("keys", "scopes check keys"),
            ("GET /profiles", "scopes explain 'GET /profiles'"),
            ("GET~/profiles", "scopes explain 'GET /profiles'"),
            (
                "funding:read_profile",
                "scopes explain funding:read_profile",
            ),
            ("mint", "scopes recommend -p paxos --recipe mint"),
            ("unneeded-scope", "scopes rule unneeded-scope"),
            ("import api.yaml", "scopes import openapi api.yaml"),
            ("list paxos", "scopes show paxos"),
            ("list endpoints", "scopes show PROVIDER endpoints"),
        ],
    );
}

#[test]
fn arguments_that_belong_to_an_option_or_to_another_command() {
    let folder = folder("guesses-arguments");
    type_lines(
        &folder,
        &[
            ("explain k.yaml", "scopes explain --key-file k.yaml"),
            (
                "explain k.yaml GET~/profiles",
                "scopes explain --key-file k.yaml 'GET /profiles'",
            ),
            ("expand k.yaml", "scopes explain --key-file k.yaml"),
            ("explain keys/", "scopes check keys/"),
            ("explain c.yaml", "with -p ./c.yaml"),
            ("recommend k.yaml", "scopes recommend --key-file k.yaml"),
            (
                "recommend c.yaml",
                "scopes recommend -p ./c.yaml --endpoint 'METHOD /path'",
            ),
            (
                "recommend access.log -p paxos",
                "scopes recommend --log access.log -p paxos",
            ),
            (
                "recommend paxos",
                "scopes recommend -p paxos --endpoint 'METHOD /path'",
            ),
            (
                "recommend paxos --recipe mint",
                "scopes recommend -p paxos --recipe mint",
            ),
            ("recommend mint", "scopes recommend -p paxos --recipe mint"),
            (
                "recommend -p paxos mint --json",
                "scopes recommend -p paxos --recipe mint --format json",
            ),
            (
                "recommend GET~/profiles",
                "scopes recommend --endpoint 'GET /profiles'",
            ),
            (
                "recommend GET /profiles",
                "scopes recommend --endpoint 'GET /profiles'",
            ),
            (
                "recommend funding:read_profile",
                "scopes explain funding:read_profile",
            ),
            (
                "recommend -p paxos -e GET~/profiles",
                "scopes recommend -p paxos --endpoint 'GET /profiles'",
            ),
            (
                "recommend -p piratecrew -e GET~/x",
                "scopes recommend -p piratecrew --endpoint 'GET /x'",
            ),
            (
                "explain pay --environment=GET~/x",
                "scopes explain pay 'GET /x'",
            ),
            ("check k.yaml -e GET~/x", "scopes explain 'GET /x'"),
            ("diff k.yaml --from GET~/x", "scopes explain 'GET /x'"),
            (
                "show",
                "known: crossmint, dynamic, elebne, paxos, piratecrew",
            ),
            ("show endpoints", "scopes show PROVIDER endpoints"),
            ("show endpoints paxos", "scopes show paxos endpoints"),
            ("show scope ./c.yaml", "scopes show ./c.yaml scopes"),
            (
                "show paxos funding:read_profile",
                "scopes explain -p paxos funding:read_profile",
            ),
            ("check paxos", "scopes show paxos"),
            ("check mint", "scopes recommend -p paxos --recipe mint"),
            (
                "check nosuch/",
                "`scopes check` without a path searches this folder",
            ),
            ("check kyes/", "did you mean `keys`?"),
            ("check k.yml", "did you mean `k.yaml`?"),
            ("explain --key-file k.ymal", "did you mean `k.yaml`?"),
            ("check file", "`provider` and `name` at the top"),
            ("check Cargo.toml", "`provider` and `name` at the top"),
            ("check package.json", "`provider` and `name` at the top"),
            ("check access.log", "scopes check KEY --log access.log"),
            (
                "explain --key-file Cargo.toml",
                "`provider` and `name` at the top",
            ),
            (
                "diff -p paxos funding:read_profile",
                "scopes diff -p paxos funding:read_profile OTHER-SCOPES",
            ),
            (
                "diff -p ./c.yaml a",
                "scopes diff -p ./c.yaml a OTHER-SCOPES",
            ),
            ("diff paxos", "scopes diff paxos NEWER.yaml"),
            ("diff nope", "two files, catalogs or sets"),
            ("explain", "for example: scopes explain pay"),
            ("expand", "for example: scopes expand pay"),
            ("explain -p ./c.yaml", "scopes explain -p ./c.yaml 'GET /x'"),
            ("explain unneeded-scope", "scopes rule unneeded-scope"),
            ("rule unneeded", "did you mean `unneeded-scope`?"),
            ("rule Unneeded_Scopes", "did you mean `unneeded-scope`?"),
            ("rule unneeded scope", "scopes rule unneeded-scope"),
        ],
    );
    let nothing = folder.scopes(&["check", "Cargo.toml"]);
    assert_eq!(nothing.all().lines().count(), 4, "{}", nothing.all());
    // What is nearly a key is told what makes it one.
    folder.write("nearly.yaml", "nam: a\n");
    let nearly = folder.scopes(&["check", "nearly.yaml"]);
    assert!(
        nearly.out.contains("did you mean `name`?"),
        "{}",
        nearly.all()
    );
}

#[test]
fn a_part_of_a_name_finds_the_names_with_it() {
    let folder = folder("guesses-parts");
    for (line, phrase) in [
        (
            "explain funding",
            "funding:read_profile, funding:write_profile",
        ),
        ("explain -p paxos read_profile", "funding:read_profile"),
        ("explain -p paxos read_profle", "funding:read_profile"),
        ("expand -p paxos *", "paxos declares no wildcards"),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        must_help(&folder.scopes(&words), line, phrase, 1);
    }
}

#[test]
fn standard_input_in_another_syntax() {
    let folder = folder("guesses-stdin");
    for (words, text, phrase) in [
        (&["check", "-"][..], TOML, "--stdin-filename k.toml"),
        (
            &["check", "-"],
            "{ \"provider\": \"paxos\" \"name\" }",
            "--stdin-filename k.json",
        ),
        (
            &["check", "-", "--fix", "--diff"],
            TOML,
            "--stdin-filename k.toml",
        ),
        (&["explain", "--key-file", "-"], TOML, "--key-file k.toml"),
        (&["recommend", "--key-file", "-"], TOML, "--key-file k.toml"),
        (&["lint", "-"], TOML, "a catalog is YAML or JSON"),
    ] {
        let run = run(&folder.path(""), words, Some(text.as_bytes()));
        must_help(&run, &words.join(" "), phrase, 2);
    }
    let named = [
        "check",
        "-",
        "--stdin-filename",
        "k.toml",
        "--fail-on",
        "never",
    ];
    assert_eq!(
        run(&folder.path(""), &named, Some(TOML.as_bytes())).status,
        0
    );
}

#[test]
fn patterns_that_match_nothing_and_revisions_that_are_not_there() {
    let folder = folder("guesses-git");
    folder.write("scopes.toml", "catalogs = [\"catalogs/*.yaml\"]\n");
    let lint = folder.scopes(&["lint"]);
    assert!(
        lint.err
            .contains("no catalog matches `catalogs/*.yaml` in scopes.toml"),
        "{}",
        lint.all()
    );
    folder.remove("scopes.toml");
    folder.git(&["init", "-q", "-b", "master"]);
    folder
        .git(&["add", "k.yaml"])
        .git(&["commit", "-q", "-m", "one"]);
    folder.git(&["branch", "topic/keys"]);
    type_lines(
        &folder,
        &[
            ("diff --base mastr", "did you mean `master`?"),
            ("diff --base keys", "did you mean `topic/keys`?"),
            ("diff --base origin/master", "did you mean `master`?"),
            ("diff --base v9", "master"),
        ],
    );
}

/// A value of the wrong shape is shown as it would be right.
#[test]
fn needs_in_another_shape() {
    let folder = folder("guesses-needs");
    for (needs, phrase) in [
        (
            "needs: GET /profiles",
            "write `needs: { endpoints: [\"GET /profiles\"] }`",
        ),
        (
            "needs: [GET /profiles, mint]",
            "write `needs: { endpoints: [\"GET /profiles\"], recipes: [\"mint\"] }`",
        ),
        (
            "needs: []",
            "write `needs: { endpoints: [\"METHOD /path\"] }`",
        ),
        (
            "needs:\n  endpoints: GET /profiles",
            "write `endpoints: [\"GET /profiles\"]`",
        ),
        (
            "needs:\n  endpoints:\n    GET /profiles:",
            "write `endpoints: [\"GET /profiles\"]`",
        ),
    ] {
        folder.write(
            "n.yaml",
            format!("provider: paxos\nname: n\n{needs}\nscopes: [funding:read_profile]\n"),
        );
        let run = folder.scopes(&["check", "n.yaml"]);
        assert!(run.out.contains(phrase), "{needs}\n{}", run.all());
        assert_eq!(run.status, 1, "{}", run.all());
    }
    folder.write(
        "n.toml",
        "provider = \"paxos\"\nname = \"n\"\nneeds = [\"GET /profiles\"]\n",
    );
    let toml = folder.scopes(&["check", "n.toml"]);
    assert!(
        toml.out
            .contains("write `needs = { endpoints = [\"GET /profiles\"] }`"),
        "{}",
        toml.all()
    );
}

/// What is typed is never sent to a terminal raw, and never makes the program stop without a sentence.
#[test]
fn strange_words_are_refused_in_words() {
    for word in [
        "\u{1b}[31m",
        "--\u{1b}[31m",
        "--form\u{1b}t",
        "-é",
        "",
        "-",
        "--=",
        "--=json",
        "---",
        "-f=",
        "é~",
        "\u{202e}",
    ] {
        for words in [
            &[word][..],
            &["check", word],
            &["recommend", word],
            &["show", "paxos", word],
            &["explain", "-e", word],
        ] {
            let run = crate::program::scopes(words);
            assert!([0, 1, 2].contains(&run.status), "{words:?}: {}", run.all());
            assert!(
                !run.all().contains(['\u{1b}', '\u{202e}']),
                "{words:?}: {}",
                run.all()
            );
            assert!(!run.err.contains("panicked"), "{words:?}: {}", run.all());
        }
    }
}
