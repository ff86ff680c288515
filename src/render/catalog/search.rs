//! `show --search`: the names of a catalog that have some words in them, for a terminal.

use super::Section;
use crate::model::{Catalog, Described, Scope};
use crate::render::page::{Page, endpoint_line};
use crate::render::style::{Style, Tone};
use crate::render::table::Table;
use crate::source::count;

/// Words, all of which must be in a text, in any case.
#[derive(Debug)]
pub struct Search {
    words: Vec<String>,
    /// The words as they were typed.
    typed: String,
}

impl Search {
    /// The words of a text.
    pub fn of(text: &str) -> Self {
        let words = text.split_whitespace().map(str::to_lowercase);
        Self {
            words: words.collect(),
            typed: text.trim().to_owned(),
        }
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    fn is_in(&self, texts: &[&str]) -> bool {
        let text = texts.join("\n").to_lowercase();
        self.words.iter().all(|word| text.contains(word.as_str()))
    }
}

/// What of a catalog, or of one part of it, has the words in its name, its summary, or a note on it. `None` if nothing has.
pub fn matching(
    catalog: &Catalog,
    section: Option<Section>,
    search: &Search,
    style: Style,
) -> Option<String> {
    let wanted = |one: Section| section.is_none_or(|section| section == one);
    let scopes: Vec<_> = catalog
        .scopes
        .iter()
        .filter(|scope| {
            let texts = [&scope.summary, &scope.because, &scope.note];
            let texts = texts.map(|text| text.as_deref().unwrap_or_default());
            wanted(Section::Scopes) && search.is_in(&[&[scope.name.as_str()], &texts[..]].concat())
        })
        .collect();
    let endpoints: Vec<_> = catalog
        .endpoints
        .ids()
        .filter(|id| {
            let endpoint = &catalog.endpoints[*id];
            let name = catalog.endpoint_name(*id);
            let texts = [&endpoint.summary, &endpoint.note];
            let texts = texts.map(|text| text.as_deref().unwrap_or_default());
            wanted(Section::Endpoints) && search.is_in(&[&[name.as_str()], &texts[..]].concat())
        })
        .collect();
    let named = |one: Section, all: Vec<Described>| -> Vec<Described> {
        let mut found = if wanted(one) { all } else { Vec::new() };
        found.retain(|one| search.is_in(&[&one.name, &one.help]));
        found
    };
    let others = [
        (
            "Bundles",
            "bundle",
            named(Section::Bundles, catalog.described_bundles()),
        ),
        (
            "Events",
            "event",
            named(Section::Events, catalog.described_events()),
        ),
        (
            "Recipes",
            "recipe",
            named(Section::Recipes, catalog.described_recipes()),
        ),
        (
            "Key types",
            "key type",
            named(Section::KeyTypes, catalog.described_key_types()),
        ),
    ];
    let mut parts = Vec::new();
    let numbers = [(scopes.len(), "scope"), (endpoints.len(), "endpoint")];
    let more = others.iter().map(|(_, noun, found)| (found.len(), *noun));
    for (number, noun) in numbers.into_iter().chain(more).filter(|(n, _)| *n > 0) {
        parts.push(count(number, noun));
    }
    if parts.is_empty() {
        return None;
    }
    let words = &search.typed;
    let answer = format!("{}: {} with `{words}`", catalog.provider, parts.join(", "));
    let mut page = Page::new(style, &answer);
    let explains = !scopes.is_empty() || !endpoints.is_empty();
    if !scopes.is_empty() {
        page.table(&scope_table(&scopes));
    }
    if !endpoints.is_empty() {
        page.heading("Endpoints");
        for id in endpoints {
            page.line(&format!(" {}", endpoint_line(catalog, id)));
            if let Some(summary) = &catalog.endpoints[id].summary {
                page.toned(&format!("           {summary}"), Tone::Dim);
            }
        }
    }
    for (title, _, found) in others {
        if found.is_empty() {
            continue;
        }
        page.heading(title);
        for one in found {
            let help = if one.help.is_empty() {
                String::new()
            } else {
                format!(": {}", one.help)
            };
            page.item(" ", &format!("{}{help}", one.name));
        }
    }
    let handle = &catalog.handle;
    page.help(if explains {
        format!("what one opens or needs: scopes explain -p {handle} NAME")
    } else {
        format!("scopes show {handle} lists everything")
    });
    Some(page.finish())
}

/// The scopes that were found, with their summaries.
fn scope_table(scopes: &[&Scope]) -> Table {
    let mut table = Table::new(&["Scope", "Access", "Risk", "Summary"]).below(3);
    for scope in scopes {
        table.row([
            (scope.name.clone(), Tone::Plain),
            (scope.access.to_string(), Tone::Plain),
            (scope.risk.to_string(), scope.risk.into()),
            (scope.summary.clone().unwrap_or_default(), Tone::Plain),
        ]);
    }
    table
}
