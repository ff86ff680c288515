//! Laws of paths and patterns: what they match, against regular expressions, and that no text takes long.

use std::cmp::Reverse;

use proptest::prelude::*;
use regex::Regex;
use scopes::load::load_catalog;
use scopes::model::{Base, MalformedPath, Pattern, Routes, Template};
use scopes::source::limits::{MOST_BRANCHES, MOST_SEGMENTS};
use scopes::source::{Source, Syntax};

fn words(words: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    let words = prop::collection::vec(prop::sample::select(words), 1..most);
    words.prop_map(|words| format!("/{}", words.join("/")))
}

fn template(text: &str) -> Template {
    Template::parse(text).expect("a template")
}

/// What a pattern means, as a regular expression over a template: `**` any number of segments, `*` one, a word itself and,
/// where there is no star at all, a parameter.
fn meaning(pattern: &str) -> Regex {
    let parameter = if pattern.contains('*') { "" } else { r"|\{p\}" };
    let segments = pattern[1..].split('/').map(|segment| match segment {
        "**" => "(/[^/]+)*".to_owned(),
        "*" => "/[^/]+".to_owned(),
        "{x}" => r"/\{p\}".to_owned(),
        word => format!("/({}{parameter})", word.replace('*', "[a-z]*")),
    });
    Regex::new(&format!("^{}$", segments.collect::<String>())).expect("an expression")
}

/// What one segment of a template takes, as a regular expression over the segment of a request.
fn takes(template: &str) -> Regex {
    let segments = template[1..].split('/');
    let text = segments.fold(String::new(), |text, one| {
        let one = one.replace("{p}", "[^/]+");
        text + "/" + &one.replace("{r...}", "[^/]+(/[^/]+)*")
    });
    Regex::new(&format!("^{text}$")).expect("an expression")
}

/// The order of the templates that a request fits: segment by segment, the most literal first.
fn order(template: &str, number: usize) -> Vec<(u8, Reverse<usize>, String)> {
    let segments = template[1..].split('/').map(|segment| {
        let literals = segment.replace("{p}", "");
        let rank = match (literals.as_str(), segment.contains('{')) {
            ("", _) => 2,
            (_, true) => 1,
            (_, false) => 0,
        };
        (rank, Reverse(literals.len()), String::new())
    });
    let mut order: Vec<_> = segments.collect();
    order.push((0, Reverse(0), format!("{number:03}")));
    order
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_pattern_matches_as_the_regular_expression_does(
        pattern in words(&["**", "**", "*", "a", "b", "a*", "{x}"], 8),
        path in words(&["a", "b", "ab", "{p}"], 8),
    ) {
        let matches = Pattern::parse(&format!("GET {pattern}"))
            .expect("a pattern")
            .matches("GET", &template(&path), None);
        prop_assert_eq!(matches, meaning(&pattern).is_match(&path), "{} on {}", pattern, path);
    }

    #[test]
    fn a_request_reaches_the_most_literal_template(
        templates in prop::collection::btree_set(words(&["a", "b", "{p}", "a{p}", "{p}a", "a{p}a", "{p}b{p}"], 5), 1..9),
        path in words(&["a", "b", "aa", "aba", "bab", "xyz"], 5),
    ) {
        let templates: Vec<String> = templates.into_iter().collect();
        let mut routes = Routes::new(false);
        for (number, text) in templates.iter().enumerate() {
            routes.insert("GET", &template(text), number).expect("no duplicate");
        }
        let fitting: Vec<usize> = (0..templates.len())
            .filter(|number| takes(&templates[*number]).is_match(&path))
            .collect();
        let found = routes.find("GET", &path);
        prop_assert_eq!(found.is_some(), !fitting.is_empty());
        // Mixed segments with as many literals stand in the order of the file, each with all that is below it.
        let plain = |number: &usize| !templates[*number].contains("p}a") && !templates[*number].contains("p}b");
        if fitting.iter().all(plain) {
            let best = fitting.into_iter().min_by_key(|number| order(&templates[*number], *number));
            prop_assert_eq!(found, best, "{} in {:?}", path, templates);
        }
    }

    /// Of those that fit, no other is more literal at the first segment in which they differ.
    #[test]
    fn a_request_reaches_a_rest_parameter_last(
        templates in prop::collection::btree_set(
            (words(&["a", "b", "{p}", "a{p}"], 4), prop::bool::ANY),
            1..12,
        ),
        path in words(&["a", "b", "ab", "xyz"], 7),
    ) {
        let templates: Vec<String> = templates
            .into_iter()
            .map(|(text, is_open)| if is_open { format!("{text}/{{r...}}") } else { text })
            .collect();
        let mut routes = Routes::new(false);
        for (number, text) in templates.iter().enumerate() {
            routes.insert("GET", &template(text), number).expect("no duplicate");
        }
        let rank = |segment: &str| match segment {
            "{r...}" => 3,
            "{p}" => 2,
            mixed if mixed.contains('{') => 1,
            _ => 0,
        };
        let fitting = templates.iter().enumerate();
        let best = fitting
            .filter(|(_, text)| takes(text).is_match(&path))
            .min_by_key(|(_, text)| text[1..].split('/').map(rank).collect::<Vec<_>>());
        let best = best.map(|(number, _)| number);
        prop_assert_eq!(routes.find("GET", &path), best, "{} in {:?}", path, templates);
    }

    /// A base against a regular expression: placeholders take no slash, and in a host nothing that would end it.
    #[test]
    fn what_is_below_a_base_is_below_the_regular_expression(
        host in prop::option::of(prop::collection::vec(prop::sample::select(&["{a}", "x", ".", ":", "{b}", "Xx"][..]), 1..5)),
        path in prop::collection::vec(prop::sample::select(&["{a}", "v", "v{n}", "{n}.{m}"][..]), 0..3),
        target_host in prop::collection::vec(prop::sample::select(&["x", ".", "xx", ":", "@", "X", "{shop}", "\\"][..]), 1..5),
        target in prop::collection::vec(prop::sample::select(&["/", "v", "v1", ".", "?", "#", "x", "/v"][..]), 0..7),
    ) {
        let scheme = host.as_ref().map(|host| format!("https://{}", host.concat()));
        let segments: String = path.iter().flat_map(|segment| ["/", segment]).collect();
        let text = format!("{}{segments}", scheme.clone().unwrap_or_default());
        let base = Base::parse(&text, false).expect("a base");
        let pattern = |text: &str, placeholder: &str| {
            let pieces: Vec<&str> = text.split(['{', '}']).collect();
            let pieces = pieces.iter().enumerate();
            let pieces = pieces.map(|(index, piece)| match index % 2 {
                0 => regex::escape(piece),
                _ => placeholder.to_owned(),
            });
            pieces.collect::<String>()
        };
        let hosts = host.map_or_else(
            || "https://[^/?#]*".to_owned(),
            |host| format!("https://(?i:{})", pattern(&host.concat(), r"[^/?#@:\\]+")),
        );
        let expected = format!("^{hosts}{}([/?#].*)?$", pattern(&segments, "[^/?#]+"));
        let expected = Regex::new(&expected).expect("an expression");
        let url = format!("https://{}/{}", target_host.concat(), target.concat());
        let rest = expected.captures(&url).map(|found| match found.get(1) {
            Some(rest) => rest.as_str().to_owned(),
            None => "/".to_owned(),
        });
        // A base without anything at all is none.
        if text.is_empty() {
            prop_assert_eq!(base.below(&url), None);
        } else {
            prop_assert_eq!(base.below(&url).map(str::to_owned), rest, "{} below {}", url, text);
        }
    }

    /// A template is fitted by what fits every request of it.
    #[test]
    fn what_is_wider_takes_every_request_of_the_narrower(
        templates in prop::collection::btree_set(
            (words(&["a", "b", "{p}", "a{p}"], 5), prop::bool::weighted(0.3)),
            1..9,
        ),
    ) {
        let templates: Vec<String> = templates
            .into_iter()
            .map(|(text, is_open)| if is_open { format!("{text}/{{r...}}") } else { text })
            .collect();
        let mut routes = Routes::new(false);
        for (number, text) in templates.iter().enumerate() {
            routes.insert("GET", &template(text), number).expect("no duplicate");
        }
        for text in &templates {
            let wider = routes.all_that_fit("GET", &template(text));
            // A value of the parameter that begins otherwise, and is no word of any template.
            let request = text.replace("{p}", "zz");
            let (one, more) = ("zz", "zz/zz/zz/zz/zz/zz");
            for (number, other) in templates.iter().enumerate() {
                let other = takes(other);
                let fits = [one, more]
                    .iter()
                    .all(|rest| other.is_match(&request.replace("{r...}", rest)));
                prop_assert_eq!(wider.contains(&number), fits, "{} for {}", templates[number], text);
            }
        }
    }
}

#[test]
fn stars_and_segments_cost_no_more_than_their_number() {
    let path = template(&format!("{}/x", "/a/{p}".repeat(100)));
    let matches = |pattern: &str| {
        let pattern = Pattern::parse(pattern).expect("a pattern");
        pattern.matches("GET", &path, None)
    };
    assert!(matches(&format!("* {}/x", "/**/*".repeat(100))));
    assert!(!matches(&format!("* {}/y", "/**/*".repeat(100))));
    assert!(matches(&format!("* {}/x", "/**".repeat(60_000))));
    assert!(!matches(&format!("* {}/y", "/**".repeat(60_000))));
    let long = "/*".repeat(MOST_SEGMENTS + 1);
    assert_eq!(
        Pattern::parse(&format!("GET {long}")),
        Err(MalformedPath("a pattern may have at most 256 segments"))
    );
}

#[test]
fn a_path_has_at_most_so_many_segments() {
    assert_eq!(MOST_SEGMENTS, 256);
    let most = "/a".repeat(MOST_SEGMENTS);
    let mut routes = Routes::new(false);
    routes
        .insert("GET", &template(&most), 7)
        .expect("it is new");
    assert_eq!(routes.find("GET", &most), Some(7));
    assert_eq!(routes.find("GET", &format!("{most}/a")), None);
    assert_eq!(routes.find("GET", &"/a".repeat(100_000)), None);
    let why = Template::parse(&"/a".repeat(60_000)).expect_err("it is too long");
    assert_eq!(why.0, "paths may have at most 256 segments");
}

#[test]
fn a_base_of_many_placeholders_costs_no_more_than_its_length() {
    let many = "{a}x".repeat(50_000);
    for text in [
        format!("https://{many}.example/{many}"),
        format!(
            "https://{}.example/{}",
            "{a}".repeat(50_000),
            "{a}".repeat(50_000)
        ),
        format!("/{many}"),
    ] {
        let base = Base::parse(&text, true).expect("a base");
        let long = "axx".repeat(300_000);
        let url = format!("https://{long}.example/{long}");
        let rest = base.below(&url);
        assert!(rest.is_none_or(|rest| rest == "/"));
        assert_eq!(
            base.below(&format!("https://{long}:1/{long}?")).is_some(),
            !text.contains("://")
        );
    }
}

#[test]
fn thousands_of_rest_parameters_are_no_forks() {
    let endpoints: Vec<String> = (0..5000)
        .map(|number| format!("GET|PUT /v1/a{number}/{{rest...}}"))
        .collect();
    assert_eq!(loaded(&endpoints), Vec::<String>::new());
    let deep: Vec<String> = (1..250)
        .map(|depth| format!("ANY {}/{{rest...}}", "/{x}".repeat(depth)))
        .collect();
    assert_eq!(loaded(&deep), Vec::<String>::new());
}

fn loaded(endpoints: &[String]) -> Vec<String> {
    let mut text = "{\"provider\": \"forks\", \"scopes\": {\"s\": {}}, \"endpoints\": {".to_owned();
    let entries: Vec<String> = endpoints
        .iter()
        .map(|name| format!("\"{name}\": \"s\""))
        .collect();
    text += &entries.join(",");
    text += "}}";
    let source = Source {
        name: "forks.json".to_owned(),
        text,
        syntax: Syntax::Json,
    };
    let findings = load_catalog(&source).findings.into_iter();
    findings
        .map(|finding| format!("{}: {}", finding.rule, finding.message))
        .collect()
}

#[test]
fn paths_that_fork_at_every_segment_are_refused() {
    let fork = |depth: u32| -> Vec<String> {
        let path = |number: u32| {
            let segment = |bit: u32| match number >> bit & 1 {
                0 => "/a",
                _ => "/{x}",
            };
            format!("GET {}", (0..depth).map(segment).collect::<String>())
        };
        (0..1 << depth).map(path).collect()
    };
    assert_eq!(loaded(&fork(8)), Vec::<String>::new());
    assert_eq!(
        loaded(&fork(12)),
        [format!(
            "malformed-path: one request can follow more than {MOST_BRANCHES} branches of these paths"
        )]
    );
    // So is a rest-parameter at each of many forks.
    let rests = |depth: u32| -> Vec<String> {
        let paths = fork(depth).into_iter();
        paths.map(|path| format!("{path}/{{rest...}}")).collect()
    };
    assert_eq!(loaded(&rests(8)), Vec::<String>::new());
    assert_eq!(loaded(&rests(12)).len(), 1);
    // Thousands of actions side by side are no fork: a request names one of them.
    let actions: Vec<String> = (0..5000)
        .map(|number| format!("POST /v1/{{x}}:a{number}"))
        .collect();
    assert_eq!(loaded(&actions), Vec::<String>::new());
}
