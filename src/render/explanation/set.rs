//! `explain` of a set: what it opens.

use std::collections::{HashMap, HashSet};

use crate::explain::{SetReport, Status, Written, WrittenKind};
use crate::model::{Catalog, Effect, EndpointId, EventId, Id, KeyTypeId, Mask, ScopeId};
use crate::render::about::{about, of_them_write};
use crate::render::page::Page;
use crate::render::style::{Style, Tone};
use crate::render::table::Table;
use crate::source::count;

/// What was asked, and the answer for each key type.
#[derive(Debug)]
pub struct SetQuestion<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// How the first line begins: the provider, or the provider and the key.
    pub subject: &'a str,
    /// The names as written.
    pub written: &'a [Written],
    /// Whether the key type was named; else the answer stands for every type.
    pub key_type_named: bool,
    /// One report for each key type.
    pub reports: &'a [SetReport],
}

/// The screen.
pub fn set(question: &SetQuestion<'_>, style: Style) -> String {
    let SetQuestion {
        catalog, reports, ..
    } = question;
    let mut page = Page::new(style, &answer(question));
    let rows = rows(question);
    page.table(&table(question, &rows));
    let opened = opened(reports);
    if !opened.is_empty() {
        page.gap();
        for (via, endpoints) in &opened {
            if via.is_empty() {
                page.line(" by the key itself, without a scope");
            } else {
                page.line(&format!(" {}", names(catalog, via).join(" + ")));
            }
            page.endpoints(catalog, 3, endpoints);
        }
    }
    let mut events: Vec<EventId> = reports
        .iter()
        .flat_map(|report| report.events.iter().copied())
        .collect();
    events.sort_unstable();
    events.dedup();
    if !events.is_empty() {
        page.gap();
        page.line(&format!(" {}", count(events.len(), "event")));
        for event in events {
            page.line(&format!("   {}", catalog.events[event].name));
        }
    }
    let key_types: Vec<KeyTypeId> = reports
        .iter()
        .map(|report| report.holder.key_type)
        .collect();
    let mut named = catalog.empty_set();
    for report in *reports {
        named.union_with(&report.effective);
    }
    let named: Vec<ScopeId> = named.iter().collect();
    about(catalog, &key_types, &named, &mut page);
    notes(question, &mut page);
    page.finish()
}

fn answer(question: &SetQuestion<'_>) -> String {
    let SetQuestion {
        catalog,
        subject,
        written,
        reports,
        key_type_named,
        ..
    } = question;
    let (what, plural) = match written {
        [one] if one.kind != WrittenKind::Scope => {
            (format!("{} `{}`", one.kind.name(), one.name), false)
        }
        [one] => (format!("`{}`", one.name), false),
        several if several.iter().all(|one| one.kind == WrittenKind::Scope) => {
            (count(several.len(), "scope"), true)
        }
        several => (count(several.len(), "name"), true),
    };
    let open = if plural { "open" } else { "opens" };
    // The subject of a key already includes its environment.
    let environment = |report: &SetReport| match report.holder.environment {
        Some(index) if *subject == catalog.provider => {
            format!(" in {}", catalog.environments[index].name)
        }
        _ => String::new(),
    };
    // Do not count what the key type opens without scopes.
    let opened = |report: &SetReport| {
        report
            .endpoints
            .iter()
            .filter(|(_, via)| !via.is_empty())
            .count()
    };
    let writes = |report: &SetReport| {
        let is_write = |index: &EndpointId| catalog.endpoints[*index].effect == Effect::Write;
        let writes = report.endpoints.iter();
        writes
            .filter(|(index, via)| !via.is_empty() && is_write(index))
            .count()
    };
    let type_name = |report: &SetReport| catalog.key_types[report.holder.key_type].with_article();
    match reports {
        [report] if catalog.key_types.len() > 1 || *key_type_named => {
            let events = match catalog.events.len() {
                0 => String::new(),
                all => format!(", {} of {all} events", report.events.len()),
            };
            format!(
                "{subject}: {what} on {}{} {open} {} of {} endpoints{events}",
                type_name(report),
                environment(report),
                opened(report),
                catalog.endpoints.len()
            )
        }
        [report] => {
            let opened = match opened(report) {
                0 => "no endpoint in this catalog".to_owned(),
                all => count(all, "endpoint") + &of_them_write(all, writes(report)),
            };
            format!("{subject}: {what}{} {open} {opened}", environment(report))
        }
        several => {
            let each: Vec<String> = several
                .iter()
                .enumerate()
                .map(|(index, report)| {
                    let number = opened(report);
                    let opened = if index == 0 {
                        count(number, "endpoint")
                    } else {
                        number.to_string()
                    };
                    format!("{opened} on {}{}", type_name(report), environment(report))
                })
                .collect();
            format!("{subject}: {what} {open} {}", each.join(", "))
        }
    }
}

struct Row {
    scope: ScopeId,
    statuses: Vec<Status>,
    opens: usize,
}

fn rows(question: &SetQuestion<'_>) -> Vec<Row> {
    let SetQuestion {
        catalog, reports, ..
    } = question;
    let Some(first) = reports.first() else {
        return Vec::new();
    };
    let mut opened: HashMap<ScopeId, HashSet<EndpointId>> = HashMap::new();
    for (endpoint, via) in reports.iter().flat_map(|report| &report.endpoints) {
        for scope in via {
            opened.entry(*scope).or_default().insert(*endpoint);
        }
    }
    let mut rows: Vec<Row> = first
        .scopes
        .iter()
        .enumerate()
        .map(|(index, (expanded, _))| Row {
            scope: expanded.scope,
            statuses: reports
                .iter()
                .map(|report| report.scopes[index].1)
                .collect(),
            opens: opened.get(&expanded.scope).map_or(0, HashSet::len),
        })
        .collect();
    let key_type = first.holder.key_type;
    rows.sort_by_key(|row| {
        let scope = catalog.scope(row.scope);
        let granted = row.statuses.contains(&Status::Granted);
        (
            !granted,
            std::cmp::Reverse(scope.access),
            std::cmp::Reverse(scope.risk_on(key_type)),
            scope.name.clone(),
        )
    });
    rows
}

fn table(question: &SetQuestion<'_>, rows: &[Row]) -> Table {
    let SetQuestion {
        catalog, reports, ..
    } = question;
    let plain = rows
        .iter()
        .all(|row| row.statuses.iter().all(|status| *status == Status::Granted));
    let key_type = reports
        .first()
        .map_or(KeyTypeId::new(0), |report| report.holder.key_type);
    let columns: Vec<String> = match reports {
        _ if plain => vec!["Risk".to_owned()],
        [_] => vec!["On this key".to_owned()],
        several => several
            .iter()
            .map(|report| catalog.key_types[report.holder.key_type].noun())
            .collect(),
    };
    let mut heads = vec!["Scope", "Access"];
    heads.extend(columns.iter().map(String::as_str));
    heads.push("Opens");
    let mut table = Table::new(&heads).optional(1, 1);
    for row in rows {
        let scope = catalog.scope(row.scope);
        let granted = row.statuses.contains(&Status::Granted);
        let mut cells = vec![
            (scope.name.clone(), Tone::Plain),
            (scope.access.to_string(), Tone::Plain),
        ];
        if plain {
            let risk = scope.risk_on(key_type);
            cells.push((risk.to_string(), risk.into()));
        } else {
            let word = |status: &Status| match status {
                Status::WrongEnvironment => "not here",
                other => other.name(),
            };
            cells.extend(
                row.statuses
                    .iter()
                    .map(|status| (word(status).to_owned(), (*status).into())),
            );
        }
        let opens = match row.opens {
            _ if !granted => "-".to_owned(),
            0 if catalog.closure(row.scope).len() > 1 => "through implied scopes".to_owned(),
            0 if catalog.opens_something(row.scope) => "nothing by itself".to_owned(),
            0 => "none in this catalog".to_owned(),
            number => count(number, "endpoint"),
        };
        cells.push((opens, Tone::Plain));
        table.row(cells);
    }
    table
}

/// The endpoints that are open on some key type, under the scopes that open them; the widest access first.
fn opened(reports: &[SetReport]) -> Vec<(Vec<ScopeId>, Vec<EndpointId>)> {
    let mut opened: Vec<(Vec<ScopeId>, Vec<EndpointId>)> = Vec::new();
    let mut places: HashMap<&Vec<ScopeId>, usize> = HashMap::new();
    let mut seen: HashSet<(usize, EndpointId)> = HashSet::new();
    for (endpoint, via) in reports.iter().flat_map(|report| &report.endpoints) {
        let place = *places.entry(via).or_insert(opened.len());
        if place == opened.len() {
            opened.push((via.clone(), Vec::new()));
        }
        if seen.insert((place, *endpoint)) {
            opened[place].1.push(*endpoint);
        }
    }
    opened.sort();
    opened
}

fn names(catalog: &Catalog, scopes: &[ScopeId]) -> Vec<String> {
    scopes
        .iter()
        .map(|id| catalog.name(*id).to_owned())
        .collect()
}

fn notes(question: &SetQuestion<'_>, page: &mut Page) {
    let SetQuestion {
        catalog,
        reports,
        written,
        key_type_named,
        ..
    } = question;
    for one in *written {
        if one.kind != WrittenKind::Bundle {
            continue;
        }
        let mut bundles = catalog.bundles.iter();
        let bundle = bundles.find(|bundle| bundle.name == one.name);
        if let Some(note) = bundle.and_then(|bundle| bundle.note.as_ref()) {
            page.note(format!("bundle `{}`: {note}", one.name));
        }
    }
    let dropped = reports.iter().find(|report| {
        report
            .scopes
            .iter()
            .any(|(_, status)| *status == Status::Ignored)
    });
    if let Some(report) = dropped {
        let key_type = &catalog.key_types[report.holder.key_type];
        page.note(
            key_type
                .note
                .clone()
                .unwrap_or_else(|| format!("{} drops ignored scopes silently", catalog.provider)),
        );
    }
    let refused = reports.iter().find(|report| {
        report
            .scopes
            .iter()
            .any(|(_, status)| *status == Status::Rejected)
    });
    if let Some(report) = refused {
        let name = catalog.key_types[report.holder.key_type].with_article();
        page.note(format!(
            "{} refuses {name} that asks for a rejected scope",
            catalog.provider
        ));
    }
    let mut unknown: Vec<ScopeId> = reports
        .iter()
        .flat_map(|report| &report.scopes)
        .filter(|(expanded, status)| {
            *status == Status::Granted && !catalog.opens_something(expanded.scope)
        })
        .map(|(expanded, _)| expanded.scope)
        .collect();
    unknown.sort_unstable();
    unknown.dedup();
    match unknown.len() {
        0 => {}
        1 => page.note("this catalog does not know what 1 granted scope opens: it is not necessarily harmless"),
        number => page.note(format!(
            "this catalog does not know what {number} granted scopes open: they are not necessarily harmless"
        )),
    }
    if let [report] = reports
        && report.holder.environment.is_none()
    {
        only_in_one_environment(catalog, report, page);
    }
    if let ([report], true) = (*reports, *key_type_named) {
        help_other_type(question, report, page);
    }
}

fn only_in_one_environment(catalog: &Catalog, report: &SetReport, page: &mut Page) {
    for (index, environment) in catalog.environments.entries() {
        let only: Vec<EndpointId> = report
            .endpoints
            .iter()
            .map(|(endpoint, _)| *endpoint)
            .filter(|endpoint| catalog.endpoints[*endpoint].environments == Mask::one(index))
            .collect();
        let writes = only
            .iter()
            .filter(|endpoint| catalog.endpoints[**endpoint].effect == Effect::Write)
            .count();
        let (number, noun) = if writes == only.len() {
            (writes, "write")
        } else {
            (only.len(), "endpoint")
        };
        match number {
            0 => {}
            1 => page.note(format!(
                "1 of the {noun}s exists only in {}",
                environment.name
            )),
            _ => page.note(format!(
                "{number} of the {noun}s exist only in {}",
                environment.name
            )),
        }
    }
}

/// What another key type would open with the same names.
fn help_other_type(question: &SetQuestion<'_>, report: &SetReport, page: &mut Page) {
    let SetQuestion {
        catalog, written, ..
    } = question;
    let others = catalog
        .key_types
        .ids()
        .filter(|index| *index != report.holder.key_type);
    let best = others
        .map(|key_type| {
            let holder = crate::model::Holder {
                key_type,
                ..report.holder
            };
            crate::explain::explain_set(catalog, holder, written)
        })
        .max_by_key(|other| (other.endpoints.len(), other.events.len()));
    let Some(other) = best else { return };
    let endpoints = other.endpoints.len().saturating_sub(report.endpoints.len());
    let events = other.events.len().saturating_sub(report.events.len());
    let more = match (endpoints, events) {
        (0, 0) => return,
        (endpoints, 0) => count(endpoints, "endpoint"),
        (0, events) => count(events, "event"),
        (endpoints, events) => format!(
            "{} and {}",
            count(endpoints, "endpoint"),
            count(events, "event")
        ),
    };
    let key_type = &catalog.key_types[other.holder.key_type];
    let name = &key_type.name;
    page.help(format!(
        "on {} it opens {more} more: --key-type {name}",
        key_type.with_article()
    ));
}
