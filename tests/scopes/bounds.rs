//! Laws of what is kept in small, against the plain way to do it, and the limits beyond which a file is refused: what they
//! say, and that everything up to them ends.

use std::collections::BTreeSet;
use std::rc::Rc;

use proptest::prelude::*;
use scopes::check::judge;
use scopes::load::{
    Document, ImportOptions, import_dropbox, import_github, import_google, import_markdown,
    import_msgraph, import_openapi, import_slack, load_catalog, load_key,
};
use scopes::model::{Budget, Catalog, ScopeId, ScopeSet};
use scopes::source::limits::{
    MOST_ENVIRONMENTS, MOST_MEMBERS, MOST_PATTERN_TRIES, MOST_PATTERNS, MOST_REQUIRED,
};
use scopes::source::{Date, Source, Syntax};

use crate::dice::Dice;

fn source(text: String) -> Source {
    let syntax = if text.starts_with('{') {
        Syntax::Json
    } else {
        Syntax::Yaml
    };
    Source {
        name: "a.json".to_owned(),
        text,
        syntax,
    }
}

/// A catalog of so many scopes with one endpoint, and more fields.
fn catalog(scopes: usize, more: &str) -> String {
    let scopes: Vec<String> = (0..scopes)
        .map(|number| format!("\"s{number}\": {{}}"))
        .collect();
    format!(
        "{{\"provider\": \"big\", \"scopes\": {{{}}}, \"endpoints\": {{\"GET /a\": \"s0\"}}{more}}}",
        scopes.join(",")
    )
}

fn list(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect::<Vec<_>>().join(",")
}

fn faults(text: String) -> Vec<String> {
    let findings = load_catalog(&source(text)).findings.into_iter();
    findings
        .map(|finding| format!("{}: {}", finding.rule, finding.message))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A set over a small catalog is bits, one over a large catalog a list at first: both are what a plain set is.
    #[test]
    fn a_set_is_a_set_whatever_it_is_kept_as(
        size in prop::sample::select(vec![64_usize, 1024, 1025, 2000]),
        steps in prop::collection::vec((0..6_u8, 0..2000_u32, 0..80_u32), 1..60),
    ) {
        let within = |id: u32| id % u32::try_from(size).expect("small");
        let mut sets = [ScopeSet::new(size), ScopeSet::new(size)];
        let mut plain = [BTreeSet::new(), BTreeSet::new()];
        for (step, id, count) in steps {
            let (at, id) = (usize::from(step % 2), within(id));
            match step {
                0 | 1 => {
                    prop_assert_eq!(sets[at].insert(ScopeId(id)), plain[at].insert(id));
                }
                2 => {
                    let ids: Vec<u32> = (0..count).map(|more| within(id + more)).collect();
                    sets[at].extend(ids.iter().copied().map(ScopeId));
                    plain[at].extend(ids);
                }
                3 => {
                    sets[at].remove(ScopeId(id));
                    plain[at].remove(&id);
                }
                _ => {
                    let (other, more) = (sets[1 - at].clone(), plain[1 - at].clone());
                    sets[at].union_with(&other);
                    plain[at].extend(more);
                }
            }
            for (set, plain) in sets.iter().zip(&plain) {
                prop_assert_eq!(set.iter().map(|id| id.0).collect::<Vec<_>>(), plain.iter().copied().collect::<Vec<_>>());
                prop_assert_eq!((set.len(), set.is_empty()), (plain.len(), plain.is_empty()));
                prop_assert_eq!(set.has(ScopeId(id)), plain.contains(&id));
            }
            let [a, b] = &sets;
            prop_assert_eq!(a.is_subset(b), plain[0].is_subset(&plain[1]));
            prop_assert_eq!(a.meets(b), !plain[0].is_disjoint(&plain[1]));
            prop_assert_eq!(a == b, plain[0] == plain[1]);
        }
    }

    /// What a scope carries is what can be reached from it, in whatever circles, and in a catalog of any size.
    #[test]
    fn a_closure_is_what_can_be_reached(
        implies in prop::collection::vec(prop::collection::vec(0..20_usize, 0..4), 20),
        more in prop::sample::select(vec![0_usize, 1500]),
    ) {
        let named = list(20, |scope| {
            let names = implies[scope].iter().map(|other| format!("\"s{other}\""));
            format!("\"s{scope}\": {{\"implies\": [{}]}}", names.collect::<Vec<_>>().join(","))
        });
        let others = list(more, |number| format!("\"t{number}\": {{}}"));
        let comma = if more > 0 { "," } else { "" };
        let text = format!("{{\"provider\": \"big\", \"scopes\": {{{named}{comma}{others}}}, \"endpoints\": {{\"GET /a\": \"s0\"}}}}");
        let loaded = load_catalog(&source(text));
        let catalog = loaded.catalog.expect("a catalog");
        let mut in_circle = false;
        for scope in 0..20 {
            let mut reached = BTreeSet::new();
            let mut open = implies[scope].clone();
            while let Some(next) = open.pop() {
                if reached.insert(next) {
                    open.extend(&implies[next]);
                }
            }
            in_circle |= reached.contains(&scope);
            reached.insert(scope);
            let id = ScopeId(u32::try_from(scope).expect("small"));
            let closure: BTreeSet<usize> = catalog.closure(id).iter().map(scopes::model::Id::index).collect();
            prop_assert_eq!(&closure, &reached, "s{}", scope);
            for other in 0..20 {
                let other_id = ScopeId(u32::try_from(other).expect("small"));
                prop_assert_eq!(catalog.carriers(other_id).contains(&id), reached.contains(&other));
            }
        }
        let is_reported = loaded.findings.iter().any(|finding| finding.rule == scopes::finding::RuleId::ImplicationCycle);
        prop_assert_eq!(is_reported, in_circle);
    }
}

#[test]
fn what_a_catalog_comes_to_is_bounded_and_said() {
    let chain = list(3000, |number| match number {
        2999 => "\"s2999\": {}".to_owned(),
        _ => format!("\"s{number}\": {{\"implies\": [\"s{}\"]}}", number + 1),
    });
    let chain = format!(
        "{{\"provider\": \"big\", \"scopes\": {{{chain}}}, \"endpoints\": {{\"GET /a\": \"s0\"}}}}"
    );
    let found = faults(chain);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with(
            "wrong-type: the scopes of a catalog may imply at most 4000000 others in total"
        ),
        "{found:?}"
    );

    let bundles = list(3000, |number| {
        format!("\"b{number}\": {{\"scopes\": \"all\"}}")
    });
    assert_eq!(
        faults(catalog(2000, &format!(", \"bundles\": {{{bundles}}}"))),
        [format!(
            "wrong-type: the bundles and wildcards of a catalog may have at most {MOST_MEMBERS} scopes in total"
        )]
    );
    let bundles = list(6000, |number| {
        format!("\"b{number}\": {{\"scopes\": [\"s{}*\"]}}", number % 2000)
    });
    assert_eq!(
        faults(catalog(2000, &format!(", \"bundles\": {{{bundles}}}"))),
        [format!(
            "wrong-type: the patterns of a catalog are compared with at most {MOST_PATTERN_TRIES} scope names in total"
        )]
    );
    let any = |count: usize| {
        let names = list(count, |number| format!("\"s{number}\""));
        faults(catalog(
            5000,
            &format!(", \"events\": {{\"e\": {{\"any\": [{names}]}}}}"),
        ))
    };
    assert_eq!(any(4096), Vec::<String>::new());
    assert_eq!(
        any(4097),
        ["wrong-type: this expands to more than 4096 alternatives"]
    );
    let half = |from: usize| list(64, |number| format!("\"s{}\"", from + number));
    let product = format!(
        "{{\"all\": [{{\"any\": [{}]}}, {{\"any\": [{}]}}]}}",
        half(0),
        half(64)
    );
    let events = list(100, |number| format!("\"e{number}\": {product}"));
    assert_eq!(
        faults(catalog(200, &format!(", \"events\": {{{events}}}"))),
        [format!(
            "wrong-type: the requirements of a catalog may have at most {MOST_REQUIRED} scopes and alternatives in total"
        )]
    );
}

fn key_of(catalog: &Catalog, text: String) -> (usize, Vec<String>) {
    let loaded = load_key(&source(text), Some(catalog));
    let key = loaded.key.expect("a key");
    let findings = loaded.findings.into_iter();
    let findings = findings.map(|finding| format!("{}: {}", finding.rule, finding.message));
    (key.environments.len(), findings.collect())
}

#[test]
fn what_a_key_comes_to_is_bounded_and_said() {
    let loaded = load_catalog(&source(catalog(10, "")));
    let catalog = loaded.catalog.expect("a catalog");
    let with = |more: &str| {
        key_of(
            &catalog,
            format!("provider: big\nname: k\nscopes: [s0]\n{more}"),
        )
    };
    let environments = |count: usize| {
        format!(
            "environments: {{ {} }}\n",
            list(count, |number| format!("e{number}: {{}}"))
        )
    };
    assert_eq!(
        with(&environments(MOST_ENVIRONMENTS)),
        (MOST_ENVIRONMENTS, Vec::new())
    );
    assert_eq!(
        with(&environments(MOST_ENVIRONMENTS + 1)),
        (
            MOST_ENVIRONMENTS,
            vec![
                "wrong-type: a key may have at most 1000 environments, and this one has 1001"
                    .to_owned()
            ]
        )
    );
    let never = |count: usize| format!("never: [{}]\n", list(count, |_| "GET /**".to_owned()));
    assert_eq!(with(&never(MOST_PATTERNS)).1, Vec::<String>::new());
    assert_eq!(
        with(&never(MOST_PATTERNS + 1)).1,
        ["wrong-type: a key may have at most 1000 patterns under `never`"]
    );
}

/// A question that no search ends in time is asked in many environments, and another one in each: all of them are answered.
#[test]
fn hard_questions_in_many_environments_end() {
    let mut dice = Dice(7);
    let endpoints: Vec<String> = (0..120)
        .map(|number| {
            let ways = list(3, |_| String::new()).replace(',', "");
            assert!(ways.is_empty());
            let names: Vec<String> = (0..3).map(|_| format!("\"s{}\"", dice.roll(80))).collect();
            format!("\"POST /e{number}\": {{\"any\": [{}]}}", names.join(","))
        })
        .collect();
    let scopes = list(80, |number| format!("\"s{number}\": {{}}"));
    let text = format!(
        "{{\"provider\": \"big\", \"scopes\": {{{scopes}}}, \"endpoints\": {{{}}}}}",
        endpoints.join(",")
    );
    let catalog = load_catalog(&source(text)).catalog.expect("a catalog");
    let key = |shift: usize| {
        let environments = list(20, |number| {
            let needs = list(60, |need| {
                format!("POST /e{}", (need + number * shift) % 120)
            });
            format!("e{number}: {{ needs: {{ endpoints: [{needs}] }} }}")
        });
        let text = format!("provider: big\nname: k\nenvironments: {{ {environments} }}\n");
        load_key(&source(text), Some(&catalog)).key.expect("a key")
    };
    {
        // In each environment another question: the search is bounded for all of them together.
        let key = key(1);
        let judgement = judge(&catalog, &key, Budget::default());
        assert_eq!(judgement.environments.len(), 20);
        for judged in &judgement.environments {
            // Proven or not, the answer meets every need.
            for (need, _) in &judged.needs {
                let state =
                    scopes::check::need_state(&catalog, judged.holder, &judged.wanted, need.kind);
                assert_eq!(state, scopes::check::NeedState::Met);
            }
        }
    }
}

const GOOGLE: &str = r#"{"title": "Acme", "name": "acme", "rootUrl": "https://acme.example/", "servicePath": "v1/",
"auth": {"oauth2": {"scopes": {"a.read": {"description": "Read"}, "a.write": {"description": "Write"}}}},
"resources": {"users": {"methods": {
"list": {"flatPath": "users", "httpMethod": "GET", "scopes": ["a.read", "a.write"]},
"get": {"path": "users/{id}", "httpMethod": "POST", "scopes": ["a.write"]}}}}}"#;
const GRAPH: &str = r#"{"permissions": {"User.Read": {"schemes": {"DelegatedWork": {"privilegeLevel": 1, "adminDisplayName": "Read"}, "Application": {"privilegeLevel": 3}},
"pathSets": [{"schemeKeys": ["DelegatedWork", "Application"], "methods": ["GET", "POST"], "paths": {"/me": "least=DelegatedWork", "/users/{id}": "AlsoRequires=Mail.Read", "/users?q=1": ""}}]},
"Mail.Read": {"schemes": {"Application": {"privilegeLevel": 4}}, "pathSets": [{"schemeKeys": ["Application"], "methods": ["GET"], "paths": {"/mail": "", "/users": ""}}]}}}"#;
const PAGE: &str = "# Scopes\n\nSecret keys (`sk_`) and client keys (`ck_`).\n\n| Scope | Description | Server | Client key | Pro bundle | Endpoints |\n|---|---|---|---|---|---|\n| `a.read` | Read | yes | no | yes | `GET /a`, `GET /a/{id}` |\n| `a.write` | Write | ✅ | | no | `POST /a` and mode=x on `PUT /a` |\n\n## b.read\n\n**Description:** Read b\n\n| Method | Path | Scope(s) |\n|---|---|---|\n| GET | /b | `a.read` or `b.read` |\n| PUT | /c | `a.read`, `b.read` |\n\nScopeUnlocks\nc:readGET /c\n\nUse c:read.\n";
const SLACK: &str = r#"{"desc": "Do it", "http_method": "POST", "scope": {"bot": ["a:read", "a:write"], "user": ["a:read"]}, "deprecated": false}"#;
const STONE: &str = "namespace files\n\nroute copy:2 (A, B, C) deprecated\n    \"Copy it\"\n    attrs\n        auth = \"app, user\"\n        host = \"content\"\n        scope = \"files.write\"\n\nroute list/more (A, B, C)\n    attrs\n        auth = \"team\"\n";
const LINES: &str =
    "a\tread\tGET\t/a\t\na\twrite\tPOST\t/a\t+\nb\tread\tPOST\t/a\t+\nb\tadmin\tPUT\t/b/{id}\t\n";
const OPENAPI: &str = r##"{"openapi": "3.0.0", "info": {"title": "Acme", "version": "1"}, "servers": [{"url": "https://acme.example/v1"}],
"security": [{"oauth": ["a"]}], "components": {"securitySchemes": {"oauth": {"type": "oauth2", "flows": {"x": {"scopes": {"a": "A", "b": "B"}}}}, "token": {"type": "http"}}},
"paths": {"/users": {"get": {"security": [{"oauth": ["a", "b"]}]}, "post": {"security": [{"token": []}, {"oauth": ["b"]}], "tags": ["x y", "z"]}}, "/users?all=1": {"get": {"security": []}}, "/u/{id}": {"$ref": "#/paths/~1users"}}}"##;

/// A document with one or two of its strings replaced, or a piece taken out; `quote` stands around its strings.
fn mutated(text: &str, quote: char, dice: &mut Dice) -> String {
    let words = [
        "",
        " ",
        "{",
        "}",
        "a b",
        "POST POST",
        "a,b",
        "/",
        "//",
        "x\\ny",
        "*",
        "all",
        ":",
        "GET",
        "https://a b/",
        "/{}",
        "\\u0000",
        "é",
        "{x}{y}",
        "default",
        "key",
    ];
    let mut text = text.to_owned();
    for _ in 0..=dice.roll(2) {
        let quotes: Vec<usize> = text.match_indices(quote).map(|(at, _)| at).collect();
        let at = dice.roll(quotes.len().max(2) / 2) * 2;
        let (Some(start), Some(end)) = (quotes.get(at), quotes.get(at + 1)) else {
            continue;
        };
        match dice.roll(8) {
            0 => text.replace_range(start..=end, "null"),
            1 => text.replace_range(start..=end, "[]"),
            _ => text.replace_range(start + 1..*end, words[dice.roll(words.len())]),
        }
    }
    text
}

/// Whatever a document says, the catalog that is written reads without a fault, and is in step with the same import.
#[test]
fn an_import_writes_what_reads_without_a_fault() {
    let mut dice = Dice(11);
    let options = |array| ImportOptions {
        provider: None,
        array,
        scope_pattern: None,
        extensions: Vec::new(),
        tags: Vec::new(),
        no_summaries: false,
        today: Date("2026-11-22".to_owned()),
    };
    let none = |_: &str, _: &str| Err("there is no other file".to_owned());
    let mut written = 0;
    for round in 0..2100 {
        let texts = [GOOGLE, GRAPH, OPENAPI, PAGE, SLACK, STONE, LINES];
        let (kind, text) = (round % 7, texts[round % 7]);
        let quote = ['"', '"', '"', '`', '"', '"', '\t'][round % 7];
        let text = mutated(text, quote, &mut dice);
        let import = || {
            let document = Rc::new(Document::new(source(text.clone())));
            let options = options(Some(scopes::load::Array::Any));
            match kind {
                0 => import_google(&[document], &options),
                1 => import_msgraph(&document, &options),
                2 => import_openapi(&[document], &none, &options),
                4 => import_slack(&[document], &options),
                _ => {
                    let page = Rc::new(Document::of_text(source(text.clone())));
                    match kind {
                        3 => import_markdown(&[page], &options),
                        5 => import_dropbox(&[page], &options),
                        _ => import_github(&[page], &options),
                    }
                }
            }
        };
        let Some(catalog) = import().catalog else {
            continue;
        };
        written += 1;
        for syntax in [Syntax::Yaml, Syntax::Json] {
            let file = Source {
                name: "out".to_owned(),
                text: catalog.text(syntax),
                syntax,
            };
            let found = load_catalog(&file).findings;
            assert!(found.is_empty(), "{text}\n{}\n{found:?}", file.text);
            let older = scopes::load::CatalogFile::read(&file).expect("a catalog");
            let again = import().catalog.expect("the same").over(&older);
            assert_eq!(older.out_of_step(&again), None, "{text}\n{}", file.text);
        }
    }
    assert!(written > 1200, "{written}");
}
