//! Rules as people read them: the list, and the page of one.

use serde_json::json;

use crate::finding::Level;
use crate::lint::Rule;
use crate::render::json::{document, list_of};
use crate::render::markup::{code, escape, row};
use crate::render::page::{Page, wrapped};
use crate::render::style::{Style, Tone};

/// Every rule on a line, by group.
pub fn rules(rules: &[&Rule], style: Style) -> String {
    let of = |level: Level| rules.iter().filter(|rule| rule.id.level() == level).count();
    let answer = format!(
        "{} rules: {} errors, {} warnings, {} notes by default",
        rules.len(),
        of(Level::Error),
        of(Level::Warning),
        of(Level::Note)
    );
    let mut page = Page::new(style, &answer);
    let mut group = None;
    for rule in by_group(rules) {
        if group != Some(rule.id.group()) {
            group = Some(rule.id.group());
            page.gap();
            page.toned(rule.id.group().name(), Tone::Bold);
        }
        let lead = format!(" {:<23} {:<8} ", rule.id, rule.id.level().name());
        let summary = summary(rule);
        page.lines(wrapped(&summary, &lead, style.width).trim_end_matches('\n'));
    }
    page.help("`scopes rule RULE` explains what a rule finds, why, and how to accept it");
    page.finish()
}

fn by_group<'a>(rules: &[&'a Rule]) -> Vec<&'a Rule> {
    let mut sorted = rules.to_vec();
    sorted.sort_by_key(|rule| rule.id.group());
    sorted
}

/// What a rule finds, as a phrase.
fn summary(rule: &Rule) -> String {
    rule.summary().trim_end_matches('.').to_owned()
}

/// The page of a rule, for a terminal.
pub fn rule_text(rule: &Rule, style: Style) -> String {
    let answer = format!("{}: {} by default", rule.id, rule.id.level().name());
    let mut page = Page::new(style, &answer);
    let mut paragraph = String::new();
    let mut in_code = false;
    let flush = |page: &mut Page, paragraph: &mut String| {
        if !paragraph.is_empty() {
            page.lines(wrapped(&paragraph.replace("\\|", "|"), "", style.width).trim_end());
            paragraph.clear();
        }
    };
    for line in rule.page.lines().skip(2) {
        if let Some(fence) = line.strip_prefix("```") {
            flush(&mut page, &mut paragraph);
            in_code = !in_code;
            if let Some(file) = fence.split(' ').nth(1).filter(|_| in_code) {
                page.line(&format!("  {file}:"));
            }
        } else if in_code {
            page.code(format!("    {line}").trim_end());
        } else if let Some(heading) = line.strip_prefix("## ") {
            page.toned(heading, Tone::Bold);
        } else if line.is_empty() {
            flush(&mut page, &mut paragraph);
            page.gap();
        } else {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(line);
        }
    }
    flush(&mut page, &mut paragraph);
    page.finish()
}

/// The page of a rule as Markdown, with its group and level under its title.
pub fn rule_markdown(rule: &Rule) -> String {
    let (title, rest) = rule.page.split_once("\n\n").unwrap_or((rule.page, ""));
    format!(
        "{title}\n\nGroup: {}. Level: {} by default.\n\n{rest}",
        rule.id.group().name(),
        rule.id.level().name()
    )
}

/// Every rule as a table of Markdown.
pub fn rules_markdown(rules: &[&Rule]) -> String {
    let mut text = "| Rule | Group | Level | What it finds |\n|---|---|---|---|\n".to_owned();
    for rule in by_group(rules) {
        text.push_str(&row([
            &code(rule.id.name()),
            rule.id.group().name(),
            rule.id.level().name(),
            &escape(&summary(rule)),
        ]));
    }
    text
}

/// `rule`: one, or all of them.
pub fn rules_json(rules: &[&Rule]) -> String {
    let one = |rule: &Rule| {
        json!({
            "id": rule.id.name(),
            "group": rule.id.group().name(),
            "level": rule.id.level().name(),
            "summary": rule.summary(),
            "page": rule.page,
        })
    };
    match rules {
        [rule] => document("rule", one(rule)),
        several => document(
            "rules",
            json!({ "rules": list_of(several.iter().map(|rule| one(rule))) }),
        ),
    }
}
