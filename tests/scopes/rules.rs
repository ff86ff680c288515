//! Every rule has a page, and what the page shows is so.

use crate::program::{Folder, root, scopes};
use scopes::finding::{Group, RuleId};
use scopes::lint::{RULES, Rule};

const HEADINGS: [&str; 5] = [
    "What it finds",
    "Why it matters",
    "Bad",
    "Good",
    "How to accept it",
];

/// The files of a section: each fence whose info string names one.
pub(crate) fn files(section: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for block in section.split("\n```").skip(1).step_by(2) {
        let (info, text) = block.split_once('\n').expect("a block has lines");
        if let Some((_, name)) = info.split_once(' ') {
            files.push((name.to_owned(), format!("{text}\n")));
        }
    }
    files
}

/// What a linter finds in the files of a section.
fn found(rule: &Rule, section: &str) -> String {
    let folder = Folder::new(&format!("{}-{section}", rule.id));
    let files = files(&format!("\n{}", rule.section(section)));
    assert!(!files.is_empty(), "{}: no file under {section}", rule.id);
    for (name, text) in &files {
        folder.write(name, text);
    }
    let is_catalogs = rule.id.group() == Group::Catalogs;
    let command = if is_catalogs { "lint" } else { "check" };
    let target = if is_catalogs { "catalog.yaml" } else { "." };
    let run = folder.scopes(&[
        command,
        target,
        "--format",
        "short",
        "--today",
        "2026-11-22",
    ]);
    assert!(run.status < 2, "{}: {}", rule.id, run.all());
    run.out
}

#[test]
fn every_page_has_the_same_parts() {
    for rule in RULES {
        let page = rule.page;
        assert!(
            page.starts_with(&format!("# {}\n\n", rule.id)),
            "{}",
            rule.id
        );
        let headings: Vec<&str> = page
            .lines()
            .filter_map(|line| line.strip_prefix("## "))
            .collect();
        assert_eq!(headings, HEADINGS, "{}", rule.id);
        let summary = rule.summary();
        assert!(
            summary.ends_with('.') && summary.len() <= 90,
            "{}: {summary}",
            rule.id
        );
        for line in page.lines() {
            assert!(line.chars().count() <= 120, "{}: {line}", rule.id);
        }
    }
}

#[test]
fn every_bad_example_is_found_and_every_good_one_is_clean() {
    for rule in RULES {
        let bad = found(rule, "Bad");
        let mark = format!("[{}]", rule.id);
        assert!(bad.contains(&mark), "{}: {bad}", rule.id);
        let good = found(rule, "Good");
        assert_eq!(good, "", "{}", rule.id);
    }
}

#[test]
fn every_rule_has_a_page_file_and_every_page_file_a_rule() {
    let mut pages: Vec<String> = std::fs::read_dir(root().join("src/lint/rules"))
        .expect("the rules")
        .filter_map(|entry| entry.expect("an entry").file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".md").map(|stem| stem.replace('_', "-")))
        .collect();
    pages.sort();
    let mut ids: Vec<&str> = RuleId::ALL.iter().map(|rule| rule.name()).collect();
    ids.sort_unstable();
    assert_eq!(pages, ids);
}

#[test]
fn a_page_for_a_terminal() {
    let run = scopes(&["rule", "redundant-scope", "--width", "80"]);
    insta::assert_snapshot!(run.all());
}

#[test]
fn all_rules_on_a_screen() {
    let run = scopes(&["rule", "--width", "80"]);
    insta::assert_snapshot!(run.all());
    let run = scopes(&["rule", "unneeded-scop"]);
    assert_eq!(
        run.all(),
        "--- standard error\nerror: unknown rule `unneeded-scop`\nhelp: did you mean `unneeded-scope`?\n--- status 2\n"
    );
}
