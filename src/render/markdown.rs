//! A catalog as Markdown, for documentation that is generated and compared.

use std::fmt::Write as _;

use super::endpoint::why;
use super::json::Explanation;
use super::markup::{code, escape, prose, row};
use super::show::{Section, answers, facts, masked_names, requirement};
use crate::explain::{Target, TargetReport};
use crate::model::{Auth, Branch, Call, Catalog, Edition, Step, Verdict};

/// Writes one section of a catalog.
type Write = fn(&Catalog, &mut String);

/// The catalog, or one section of it, as Markdown with a table each.
pub fn catalog_markdown(catalog: &Catalog, section: Option<Section>) -> String {
    let mut text = format!("# {}\n", escape(catalog.title.trim()));
    let sections: [(Section, Write); 6] = [
        (Section::KeyTypes, key_types),
        (Section::Scopes, scopes),
        (Section::Bundles, bundles),
        (Section::Endpoints, endpoints),
        (Section::Events, events),
        (Section::Recipes, recipes),
    ];
    for (one, write) in sections {
        if section.is_none_or(|section| section == one) {
            write(catalog, &mut text);
        }
    }
    if section.is_none() {
        let notes = [
            catalog.note.clone(),
            answers(catalog),
            catalog.manage.clone(),
        ];
        list(&mut text, notes.into_iter().flatten());
    }
    text + &editions_line("This is", &[catalog.edition()])
}

/// A list below what it belongs to; nothing where it is empty.
fn list(text: &mut String, lines: impl Iterator<Item = String>) {
    for (index, line) in lines.enumerate() {
        if index == 0 {
            text.push('\n');
        }
        let _ = writeln!(text, "- {}", escape(line.trim()));
    }
}

fn key_types(catalog: &Catalog, text: &mut String) {
    let rows = catalog.key_types.iter().map(|key_type| {
        let exposure = if key_type.public { "public" } else { "private" };
        let fate = if key_type.ignores_disallowed {
            "ignored"
        } else {
            "rejected"
        };
        [
            code(&key_type.name),
            exposure.to_owned(),
            codes(&key_type.prefixes),
            fate.to_owned(),
        ]
    });
    let heads = [
        "Key type",
        "Exposure",
        "Prefixes",
        "A scope it may not carry is",
    ];
    table(text, "Key types", &heads, rows);
    let notes = catalog.key_types.iter().filter_map(|key_type| {
        let note = key_type.note.as_ref()?;
        Some(format!("{}: {note}", key_type.name))
    });
    list(text, notes);
}

fn scopes(catalog: &Catalog, text: &mut String) {
    let rows = catalog.scopes.iter().map(|scope| {
        let types = catalog
            .key_types
            .iter()
            .map(|key_type| key_type.name.as_str());
        [
            code(&scope.name),
            scope.access.to_string(),
            scope.risk.to_string(),
            escape(&masked_names(scope.key_types, types)),
            escape(scope.summary.as_deref().unwrap_or("")),
        ]
    });
    table(
        text,
        "Scopes",
        &["Scope", "Access", "Risk", "Key types", "Summary"],
        rows,
    );
    list(text, facts(catalog).into_iter());
}

fn bundles(catalog: &Catalog, text: &mut String) {
    let rows = catalog.bundles.iter().map(|bundle| {
        let names: Vec<String> = bundle
            .scopes
            .iter()
            .map(|id| catalog.name(id).to_owned())
            .collect();
        [
            code(&bundle.name),
            escape(bundle.summary.as_deref().unwrap_or("")),
            codes(&names),
        ]
    });
    table(text, "Bundles", &["Bundle", "Summary", "Scopes"], rows);
    let notes = catalog.bundles.iter().filter_map(|bundle| {
        let note = bundle.note.as_ref()?;
        Some(format!("{}: {note}", bundle.name))
    });
    list(text, notes);
}

fn endpoints(catalog: &Catalog, text: &mut String) {
    let rows = catalog.endpoints.ids().map(|index| {
        let endpoint = &catalog.endpoints[index];
        let mut needs = match (&endpoint.rejected, &endpoint.auth) {
            (Some(reason), _) => format!("always rejected: {reason}"),
            (None, Auth::Public) => "public".to_owned(),
            (None, Auth::NotStated) => "not stated".to_owned(),
            (None, Auth::Key(one)) => requirement(catalog, one),
        };
        if let Some(keyless) = &endpoint.keyless {
            needs = format!("{needs}, or {}", keyless.credential);
        }
        let deprecated = if endpoint.deprecated {
            "deprecated"
        } else {
            ""
        };
        let name = code(&catalog.endpoint_name(index));
        [
            name,
            endpoint.effect.to_string(),
            escape(&needs),
            deprecated.to_owned(),
        ]
    });
    table(
        text,
        "Endpoints",
        &["Endpoint", "Effect", "Needs", "State"],
        rows,
    );
    let endpoints = catalog.endpoints.entries();
    let notes = endpoints.filter_map(|(index, endpoint)| {
        let note = endpoint.note.as_ref()?;
        Some(format!("{}: {note}", catalog.endpoint_name(index)))
    });
    list(text, notes);
}

fn events(catalog: &Catalog, text: &mut String) {
    let rows = catalog.events.iter().map(|event| {
        [
            code(&event.name),
            escape(&requirement(catalog, &event.requirement)),
        ]
    });
    table(text, "Events", &["Event", "Needs"], rows);
}

fn recipes(catalog: &Catalog, text: &mut String) {
    let rows = catalog.recipes.iter().map(|recipe| {
        let call = |call: &Call| {
            let inferred = if call.inferred { " (inferred)" } else { "" };
            format!("{}{inferred}", code(&catalog.endpoint_name(call.endpoint)))
        };
        let branch = |branch: &Branch| {
            let calls: Vec<String> = branch.calls.iter().map(call).collect();
            calls.join(" and ")
        };
        let steps = recipe.steps.iter().map(|step| match step {
            Step::Call(one) => call(one),
            Step::Choice(index) => {
                let branches: Vec<String> = catalog.choices[*index]
                    .branches
                    .iter()
                    .map(branch)
                    .collect();
                format!("({})", branches.join(", or "))
            }
        });
        [
            code(&recipe.name),
            escape(recipe.summary.as_deref().unwrap_or("")),
            steps.collect::<Vec<_>>().join(", "),
        ]
    });
    table(text, "Recipes", &["Recipe", "Summary", "Endpoints"], rows);
}

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
        "Events that were asked about",
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

/// More catalogs than this are a list that nobody reads, and JSON has it.
const MOST_EDITIONS: usize = 8;

/// The last line of an answer: which editions of catalogs it comes from. Nothing where there is none.
pub(super) fn editions_line(head: &str, editions: &[Edition]) -> String {
    let names: Vec<String> = match editions.len() {
        0 => return String::new(),
        number if number > MOST_EDITIONS => vec![format!("{number} catalogs, which JSON names")],
        _ => editions
            .iter()
            .map(|edition| escape(&edition.to_string()))
            .collect(),
    };
    format!("\n{head} {}.\n", names.join(", "))
}

/// A heading and a table; nothing where there is no row.
fn table<const N: usize>(
    text: &mut String,
    title: &str,
    heads: &[&str; N],
    rows: impl Iterator<Item = [String; N]>,
) {
    let lines: Vec<String> = rows.map(row).collect();
    if lines.is_empty() {
        return;
    }
    let head = format!(
        "\n## {title}\n\n| {} |\n|{}\n",
        heads.join(" | "),
        "---|".repeat(N)
    );
    text.push_str(&head);
    text.push_str(&lines.concat());
}

fn codes(names: &[String]) -> String {
    names
        .iter()
        .map(|name| code(name))
        .collect::<Vec<_>>()
        .join(", ")
}
