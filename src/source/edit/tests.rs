//! Edits leave everything else in the text unchanged.

use super::*;
use crate::source::{Source, Syntax};

fn edited(text: &str, syntax: Syntax, edits: &[Edit]) -> Option<String> {
    let source = Source {
        name: "test".to_owned(),
        text: text.to_owned(),
        syntax,
    };
    let splices = source.source_map().splices(edits)?;
    Some(spliced(text, &splices))
}

fn scopes(index: usize) -> Path {
    Path::root().field("scopes").item(index)
}

fn without(text: &str, syntax: Syntax, index: usize) -> Option<String> {
    edited(
        text,
        syntax,
        &[Edit::Items {
            at: scopes(index),
            names: Vec::new(),
        }],
    )
}

fn with(text: &str, syntax: Syntax, index: usize, names: &[&str]) -> Option<String> {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    edited(
        text,
        syntax,
        &[Edit::Items {
            at: scopes(index),
            names,
        }],
    )
}

#[test]
fn an_item_of_a_block_list_goes_with_its_line() {
    let text = "scopes:  # all\n  - a # one\n  # of b\n  - b\n  - c";
    let without = |index| without(text, Syntax::Yaml, index);
    assert_eq!(
        without(0).as_deref(),
        Some("scopes:  # all\n  # of b\n  - b\n  - c")
    );
    assert_eq!(
        without(1).as_deref(),
        Some("scopes:  # all\n  - a # one\n  # of b\n  - c")
    );
    assert_eq!(
        without(2).as_deref(),
        Some("scopes:  # all\n  - a # one\n  # of b\n  - b")
    );
    assert_eq!(without(3), None);
}

#[test]
fn a_block_list_without_items_stays_a_list() {
    assert_eq!(
        without(
            "a:\n  scopes:  # none\n    - x # y\nb: 1\n",
            Syntax::Yaml,
            0
        ),
        None
    );
    assert_eq!(
        without("scopes:  # none\n    - x # y\nb: 1\n", Syntax::Yaml, 0).as_deref(),
        Some("scopes: []  # none\nb: 1\n")
    );
    assert_eq!(
        without("scopes:\r\n- x\r\n", Syntax::Yaml, 0).as_deref(),
        Some("scopes: []\r\n")
    );
}

#[test]
fn an_item_of_a_flow_list_goes_with_its_comma() {
    let text = "scopes: [ a, b,  \"c\" ] # x\n";
    let without = |index| without(text, Syntax::Yaml, index);
    assert_eq!(without(0).as_deref(), Some("scopes: [ b,  \"c\" ] # x\n"));
    assert_eq!(without(1).as_deref(), Some("scopes: [ a,  \"c\" ] # x\n"));
    assert_eq!(without(2).as_deref(), Some("scopes: [ a, b ] # x\n"));
    let only = super::tests::without("scopes: [a]\n", Syntax::Yaml, 0);
    assert_eq!(only.as_deref(), Some("scopes: []\n"));
}

#[test]
fn json_keeps_no_comma_before_the_bracket() {
    let text = "{\n  \"scopes\": [\n    \"a\",\n    \"b\"\n  ]\n}\n";
    let last = without(text, Syntax::Json, 1);
    assert_eq!(
        last.as_deref(),
        Some("{\n  \"scopes\": [\n    \"a\"\n  ]\n}\n")
    );
    let first = without(text, Syntax::Json, 0);
    assert_eq!(
        first.as_deref(),
        Some("{\n  \"scopes\": [\n    \"b\"\n  ]\n}\n")
    );
    let inline = without("{\"scopes\":[\"a\",\"b\"]}", Syntax::Json, 1);
    assert_eq!(inline.as_deref(), Some("{\"scopes\":[\"a\"]}"));
}

#[test]
fn toml_keeps_its_comments() {
    let text = "scopes = [\n  \"a\", # one\n  # of b\n  \"b\", # two\n]\n";
    let second = without(text, Syntax::Toml, 1);
    assert_eq!(
        second.as_deref(),
        Some("scopes = [\n  \"a\", # one\n  # of b\n]\n")
    );
    let grown = with(text, Syntax::Toml, 0, &["x", "y"]);
    assert_eq!(
        grown.as_deref(),
        Some("scopes = [\n  \"x\",\n  \"y\", # one\n  # of b\n  \"b\", # two\n]\n")
    );
}

#[test]
fn a_table_of_a_list_goes_from_its_header() {
    let text = "name = \"x\"\n\n[[scopes]]\na = 1 # x\n\n# of b\n[[scopes]]\nb = 2\n";
    let first = without(text, Syntax::Toml, 0);
    assert_eq!(
        first.as_deref(),
        Some("name = \"x\"\n\n# of b\n[[scopes]]\nb = 2\n")
    );
}

#[test]
fn a_word_goes_with_its_separator() {
    let quoted = "scopes: \"a, b c\"\n";
    assert_eq!(
        without(quoted, Syntax::Yaml, 0).as_deref(),
        Some("scopes: \"b c\"\n")
    );
    assert_eq!(
        without(quoted, Syntax::Yaml, 2).as_deref(),
        Some("scopes: \"a, b\"\n")
    );
    assert_eq!(
        with(quoted, Syntax::Yaml, 2, &["x"]).as_deref(),
        Some("scopes: \"a, b x\"\n")
    );
    assert_eq!(
        without("scopes: a\n", Syntax::Yaml, 0).as_deref(),
        Some("scopes: []\n")
    );
    let block = "scopes: |\n  a\n  b\nname: x\n";
    assert_eq!(
        without(block, Syntax::Yaml, 0).as_deref(),
        Some("scopes: |\n  b\nname: x\n")
    );
    assert_eq!(
        without(block, Syntax::Yaml, 1).as_deref(),
        Some("scopes: |\n  a\nname: x\n")
    );
}

#[test]
fn what_an_alias_stands_for_is_not_changed_behind_its_back() {
    let text = "labels: &l [a, b]\nscopes: *l\n";
    assert_eq!(without(text, Syntax::Yaml, 0), None);
    let text = "scopes: &l [a, b]\nlabels: *l\n";
    assert_eq!(without(text, Syntax::Yaml, 0), None);
}

#[test]
fn names_are_appended_where_the_list_is_or_before_its_neighbour() {
    let edit = Edit::Append {
        list: Path::root().field("scopes"),
        names: vec!["x".to_owned(), "y:z".to_owned()],
        before: Path::root().field("bundles"),
    };
    let edits = std::slice::from_ref(&edit);
    let yaml = |text| edited(text, Syntax::Yaml, edits);
    assert_eq!(
        yaml("bundles: [b]\n").as_deref(),
        Some("scopes: [x, y:z]\nbundles: [b]\n")
    );
    assert_eq!(
        yaml("scopes:\n  - a # c\nbundles: [b]\n").as_deref(),
        Some("scopes:\n  - a # c\n  - x\n  - y:z\nbundles: [b]\n")
    );
    assert_eq!(
        yaml("scopes: a b\n").as_deref(),
        Some("scopes: a b x y:z\n")
    );
    assert_eq!(
        edited("{\"bundles\": []}", Syntax::Json, edits).as_deref(),
        Some("{\"scopes\": [\"x\", \"y:z\"], \"bundles\": []}")
    );
    assert_eq!(
        edited("bundles = []\n", Syntax::Toml, edits).as_deref(),
        Some("scopes = [\"x\", \"y:z\"]\nbundles = []\n")
    );
}

#[test]
fn nothing_becomes_a_list_and_a_comment_below_stays() {
    let edit = [Edit::Append {
        list: Path::root().field("scopes"),
        names: vec!["x".to_owned()],
        before: Path::root().field("bundles"),
    }];
    for written in ["scopes: ~\n", "scopes: null\n", "scopes:\n"] {
        let edited = edited(written, Syntax::Yaml, &edit);
        assert_eq!(edited.as_deref(), Some("scopes: [x]\n"), "{written}");
    }
    let text = "scopes:\n  - a: 1\n    b: 2\n  # of c\n  - c: 3\n  # after\n# of d\nd: 4\n";
    assert_eq!(
        without(text, Syntax::Yaml, 0).as_deref(),
        Some("scopes:\n  # of c\n  - c: 3\n  # after\n# of d\nd: 4\n")
    );
    assert_eq!(
        without(text, Syntax::Yaml, 1).as_deref(),
        Some("scopes:\n  - a: 1\n    b: 2\n  # of c\n  # after\n# of d\nd: 4\n")
    );
}

#[test]
fn a_field_gets_no_name_that_its_mapping_has() {
    let rename = |text, syntax| {
        let edit = Edit::Replace {
            at: Path::root().field("scope"),
            part: Part::Key,
            text: "scopes".to_owned(),
        };
        edited(text, syntax, &[edit])
    };
    assert_eq!(rename("scope: a\nscopes: b\n", Syntax::Yaml), None);
    assert_eq!(
        rename("scope = 1\n", Syntax::Toml).as_deref(),
        Some("scopes = 1\n")
    );
    assert_eq!(
        rename("{\"scope\": 1}", Syntax::Json).as_deref(),
        Some("{\"scopes\": 1}")
    );
}

#[test]
fn a_name_that_needs_quotes_gets_them() {
    assert_eq!(
        with("scopes: [a]\n", Syntax::Yaml, 0, &["*"]).as_deref(),
        Some("scopes: [\"*\"]\n")
    );
    assert_eq!(
        with("scopes: ['a']\n", Syntax::Yaml, 0, &["b"]).as_deref(),
        Some("scopes: ['b']\n")
    );
}

#[test]
fn fixes_that_are_tried_out_together_are_those_that_are_tried_out_alone() {
    let texts = [
        ("scopes: [a, b, c, d]\n", Syntax::Yaml),
        ("scopes:\n  - a\n  - b # why\n  - c\n  - d\n", Syntax::Yaml),
        ("scopes: a, b c  d\n", Syntax::Yaml),
        ("scopes: |\n  a\n  b\n  c\n  d\n", Syntax::Yaml),
        ("scopes: &l [a, b, c, d]\nlabels: *l\n", Syntax::Yaml),
        ("{\"scopes\": [\"a\", \"b\", \"c\", \"d\"]}", Syntax::Json),
        (
            "{\n  \"scopes\": [\n    \"a\",\n    \"b\",\n    \"c\",\n    \"d\"\n  ]\n}\n",
            Syntax::Json,
        ),
        (
            "scopes = [\n  \"a\",\n  \"b\", # why\n  \"c\",\n  \"d\",\n]\n",
            Syntax::Toml,
        ),
    ];
    for (text, syntax) in texts {
        let source = Source {
            name: "test".to_owned(),
            text: text.to_owned(),
            syntax,
        };
        let names = [
            vec![],
            vec!["x".to_owned()],
            vec!["y".to_owned(), "z".to_owned()],
        ];
        let fixes: Vec<[Edit; 1]> = (0..5)
            .flat_map(|index| {
                names.clone().map(|names| {
                    [Edit::Items {
                        at: scopes(index),
                        names,
                    }]
                })
            })
            .collect();
        let fixes: Vec<&[Edit]> = fixes.iter().map(<[Edit; 1]>::as_slice).collect();
        let together = source.source_map().splices_of_each(&fixes);
        for (fix, splices) in fixes.iter().zip(together) {
            assert_eq!(
                splices,
                source.source_map().splices(fix),
                "{fix:?} of {text}"
            );
        }
    }
}

#[test]
fn what_is_made_at_once_reads_as_all_of_it() {
    let source = Source {
        name: "test".to_owned(),
        text: "scopes: [a, b, c, d, e]\n".to_owned(),
        syntax: Syntax::Yaml,
    };
    let fixes: Vec<[Edit; 1]> = (0..5)
        .map(|index| {
            [Edit::Items {
                at: scopes(index),
                names: Vec::new(),
            }]
        })
        .collect();
    let fixes: Vec<&[Edit]> = fixes.iter().map(<[Edit; 1]>::as_slice).collect();
    let batch = source.source_map().together(&fixes);
    let splices: Vec<Splice> = batch.splices.into_iter().flatten().collect();
    assert_eq!(
        batch.taken,
        [0, 2, 3, 4],
        "the second stands in what goes with the first"
    );
    assert_eq!(batch.left, [1]);
    assert_eq!(spliced(&source.text, &splices), "scopes: [b]\n");
}
