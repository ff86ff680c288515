//! Answers about scopes and endpoints as Markdown.

use std::fmt::Write as _;

use super::Explanation;
use super::endpoint::why;
use crate::explain::{Target, TargetReport};
use crate::model::{Edition, Verdict};
use crate::render::markup::{code, codes, editions_line, escape, prose, table};

/// What a set opens, or what endpoints say to it, for each key that was asked about.
pub fn explanations_markdown(all: &[Explanation<'_>]) -> String {
    let parts: Vec<String> = all.iter().map(explanation).collect();
    let catalogs = all.iter().map(|one| one.catalog.edition());
    let catalogs = Edition::distinct(catalogs);
    parts.join("\n") + &editions_line("Judged by", &catalogs)
}

fn explanation(one: &Explanation<'_>) -> String {
    let catalog = one.catalog;
    let key_type = catalog.key_types[one.holder.key_type].noun();
    let environment = one
        .holder
        .environment
        .map(|index| catalog.environments[index].name.as_str());
    let environment = environment
        .or(one.environment)
        .map(|name| format!(", {name}"))
        .unwrap_or_default();
    let title = format!("{}, {key_type}{environment}", catalog.title);
    let mut text = format!("# {}\n", escape(&title));
    let scopes = one.set.scopes.iter().map(|(expanded, status)| {
        [
            code(catalog.name(expanded.scope)),
            status.name().to_owned(),
            codes(&expanded.from),
        ]
    });
    let unknown = one
        .unknown
        .iter()
        .map(|name| [code(name), "unknown".to_owned(), String::new()]);
    table(
        &mut text,
        "Scopes",
        &["Scope", "On this key", "From"],
        scopes.chain(unknown),
    );
    let opened = || {
        one.set
            .endpoints
            .iter()
            .map(|(index, via)| (Target::Endpoint(*index), Verdict::Allowed(via.clone())))
    };
    let verdicts: Vec<(Target, Verdict)> = match one.targets {
        None => opened().collect(),
        Some(reports) => {
            let mine = |report: &TargetReport| {
                let verdicts = report
                    .verdicts
                    .iter()
                    .filter(|(holder, _)| *holder == one.holder);
                verdicts
                    .map(|(_, verdict)| (report.target, verdict.clone()))
                    .collect::<Vec<_>>()
            };
            reports.iter().flat_map(mine).collect()
        }
    };
    let answers = |is_event: bool| {
        let mine = verdicts
            .iter()
            .filter(move |(target, _)| matches!(target, Target::Event(_)) == is_event);
        mine.map(|(target, verdict)| {
            let mut name = code(&target.name(catalog));
            if let Target::Endpoint(index) = target
                && catalog.endpoints[*index].deprecated
            {
                name.push_str(" (deprecated)");
            }
            [
                name,
                verdict.name().to_owned(),
                escape(&why(catalog, *target, verdict)),
            ]
        })
    };
    table(
        &mut text,
        "Endpoints",
        &["Endpoint", "Verdict", "Why"],
        answers(false),
    );
    table(
        &mut text,
        "Events asked about",
        &["Event", "Verdict", "Why"],
        answers(true),
    );
    let events = one
        .set
        .events
        .iter()
        .map(|index| [code(&catalog.events[*index].name)]);
    table(&mut text, "Events", &["Event"], events);
    notes_of(one, &mut text);
    text
}

/// What a person should know of the scopes, and how the question was read.
fn notes_of(one: &Explanation<'_>, text: &mut String) {
    let about = one.about();
    if !about.is_empty() {
        text.push_str("\n## About these scopes\n\n");
    }
    for sentence in about {
        let _ = writeln!(text, "- {}", escape(sentence.trim()));
    }
    for note in one.notes {
        let _ = write!(text, "\nNote: {}.\n", prose(note));
    }
}
