//! `show`: a catalog, or a part of it, for a terminal.

use super::Section;
use crate::model::{Auth, Catalog, Choice, KeyTypeId, Mask, ScopeId, Step, Wildcards};
use crate::render::about::{masked_names, requirement, sentences, unreviewed};
use crate::render::page::{Page, call_line, endpoint_line};
use crate::render::style::{Style, Tone};
use crate::render::table::Table;
use crate::source::count;

/// The screen: everything, or one section.
pub fn show(catalog: &Catalog, section: Option<Section>, style: Style) -> String {
    let mut page = Page::new(style, &answer(catalog, section));
    let wanted = |one: Section| section.is_none_or(|section| section == one);
    if wanted(Section::KeyTypes) {
        key_types(catalog, &mut page);
    }
    if wanted(Section::Scopes) {
        scopes(catalog, &mut page);
    }
    if wanted(Section::Bundles) && !catalog.bundles.is_empty() {
        bundles(catalog, &mut page);
    }
    if wanted(Section::Endpoints) {
        endpoints(catalog, &mut page);
    }
    if wanted(Section::Events) && !catalog.events.is_empty() {
        page.heading("Events");
        for event in &catalog.events {
            page.line(&format!(" {}", event.name));
            page.line(&format!("   {}", requirement(catalog, &event.requirement)));
        }
    }
    if wanted(Section::Recipes) && !catalog.recipes.is_empty() {
        recipes(catalog, &mut page);
    }
    if section.is_none() {
        page.gap();
        page.line(&format!("this is {}", catalog.edition()));
        if let Some(note) = unreviewed(&catalog.edition()) {
            page.note(note);
        }
        if let Some(note) = &catalog.note {
            page.note(note.clone());
        }
        if let Some(answers) = answers(catalog) {
            page.note(answers);
        }
        if let Some(manage) = &catalog.manage {
            page.note(manage.clone());
        }
        page.help(format!(
            "to show one part: scopes show {} endpoints",
            catalog.handle
        ));
    }
    page.finish()
}

/// Why each scope is risky, what the catalog notes of it, and which are worse together.
pub(super) fn facts(catalog: &Catalog) -> Vec<String> {
    let key_types: Vec<KeyTypeId> = catalog.key_types.ids().collect();
    let scopes: Vec<ScopeId> = catalog.every_scope().iter().collect();
    sentences(catalog, &key_types, &scopes)
}

/// What the provider answers to the calls that it refuses, where the catalog says so.
pub(super) fn answers(catalog: &Catalog) -> Option<String> {
    let answers: Vec<String> = catalog
        .responses
        .iter()
        .map(|response| {
            let status = response.status.map(|status| status.to_string());
            let answer: Vec<String> = status.into_iter().chain(response.code.clone()).collect();
            format!("{} with {}", response.verdict, answer.join(" "))
        })
        .collect();
    (!answers.is_empty()).then(|| format!("the provider answers {}", answers.join(", ")))
}

fn answer(catalog: &Catalog, section: Option<Section>) -> String {
    let name = &catalog.provider;
    match section {
        None => {
            let mut parts = vec![
                count(catalog.scopes.len(), "scope"),
                count(catalog.endpoints.len(), "endpoint"),
            ];
            let more = [
                (catalog.bundles.len(), "bundle"),
                (catalog.events.len(), "event"),
                (catalog.recipes.len(), "recipe"),
            ];
            parts.extend(
                more.iter()
                    .filter(|(n, _)| *n > 0)
                    .map(|(n, noun)| count(*n, noun)),
            );
            let title = if catalog.title.to_lowercase() == *name {
                name.clone()
            } else {
                format!("{name} ({})", catalog.title)
            };
            format!("{title}: {}", parts.join(", "))
        }
        Some(Section::Scopes) => format!("{name}: {}", count(catalog.scopes.len(), "scope")),
        Some(Section::Endpoints) => {
            format!("{name}: {}", count(catalog.endpoints.len(), "endpoint"))
        }
        Some(Section::Bundles) => format!("{name}: {}", count(catalog.bundles.len(), "bundle")),
        Some(Section::KeyTypes) => {
            format!("{name}: {}", count(catalog.key_types.len(), "key type"))
        }
        Some(Section::Events) => format!("{name}: {}", count(catalog.events.len(), "event")),
        Some(Section::Recipes) => format!("{name}: {}", count(catalog.recipes.len(), "recipe")),
    }
}

fn plain(text: impl Into<String>) -> (String, Tone) {
    (text.into(), Tone::Plain)
}

fn key_types(catalog: &Catalog, page: &mut Page) {
    let mut table =
        Table::new(&["Key type", "Exposure", "Prefixes", "Disallowed scopes are"]).optional(2, 1);
    for key_type in &catalog.key_types {
        table.row([
            plain(key_type.name.clone()),
            plain(if key_type.public { "public" } else { "private" }),
            plain(key_type.prefixes.join(" ")),
            plain(if key_type.ignores_disallowed {
                "ignored"
            } else {
                "rejected"
            }),
        ]);
    }
    page.table(&table);
    for key_type in catalog
        .key_types
        .iter()
        .filter(|one| !one.instead_of.is_empty())
    {
        let others = key_type.instead_of.iter();
        let others: Vec<String> = others
            .map(|other| catalog.key_types[*other].with_article())
            .collect();
        let article = key_type.with_article();
        page.item(
            " ",
            &format!("{article} can stand for {}", others.join(" or ")),
        );
    }
    for key_type in &catalog.key_types {
        if let Some(note) = &key_type.note {
            page.item(" ", &format!("{}: {note}", key_type.name));
        }
    }
    if !catalog.environments.is_empty() {
        let mut table = Table::new(&["Environment", "Production", "Base address"]);
        for environment in &catalog.environments {
            table.row([
                plain(environment.name.clone()),
                plain(if environment.production { "yes" } else { "no" }),
                plain(match environment.bases.as_slice() {
                    [] => "-".to_owned(),
                    bases => {
                        let texts: Vec<&str> = bases.iter().map(|one| one.text.as_str()).collect();
                        texts.join(" ")
                    }
                }),
            ]);
        }
        page.table(&table);
    }
}

fn scopes(catalog: &Catalog, page: &mut Page) {
    let many = catalog.key_types.len() > 1;
    let heads = ["Scope", "Access", "Risk", "Summary", "Key types"];
    let heads = if many { &heads[..] } else { &heads[..4] };
    let mut table = Table::new(heads).below(3).optional(1, 2);
    if many {
        table = table.optional(4, 1);
    }
    for scope in &catalog.scopes {
        let types = masked_names(
            scope.key_types,
            catalog.key_types.iter().map(|t| t.name.as_str()),
        );
        let mut summary = scope.summary.clone().unwrap_or_default();
        if scope.deprecated {
            summary = format!("deprecated; {summary}");
        }
        let risk = (scope.risk.to_string(), scope.risk.into());
        let cells = [
            plain(scope.name.clone()),
            plain(scope.access.to_string()),
            risk,
            plain(summary),
            plain(types),
        ];
        table.row(cells.into_iter().take(heads.len()));
    }
    page.table(&table);
    let about = facts(catalog);
    if !about.is_empty() {
        page.gap();
    }
    for line in about {
        page.item(" ", &line);
    }
    if let Wildcards::Named(named) = &catalog.wildcards {
        for (name, members) in named {
            page.gap();
            page.line(&format!(
                " wildcard {name}: {}",
                count(members.len(), "scope")
            ));
        }
    }
    if !catalog.retired.is_empty() {
        page.gap();
        for (name, replaced_by) in &catalog.retired {
            let names: Vec<&str> = replaced_by.iter().map(|id| catalog.name(*id)).collect();
            let names = if names.is_empty() {
                "nothing known".to_owned()
            } else {
                names.join(", ")
            };
            page.line(&format!(" retired {name}, replaced by {names}"));
        }
    }
}

fn bundles(catalog: &Catalog, page: &mut Page) {
    page.heading("Bundles");
    for bundle in &catalog.bundles {
        let summary = bundle
            .summary
            .as_deref()
            .map(|summary| format!(": {summary}"))
            .unwrap_or_default();
        page.line(&format!(
            " {} ({}){summary}",
            bundle.name,
            count(bundle.scopes.len(), "scope")
        ));
        for id in bundle.scopes.iter() {
            page.line(&format!("   {}", catalog.name(id)));
        }
        if let Some(note) = &bundle.note {
            page.paragraph("   ", note);
        }
    }
}

fn endpoints(catalog: &Catalog, page: &mut Page) {
    page.heading("Endpoints");
    for (index, endpoint) in catalog.endpoints.entries() {
        page.line(&format!(" {}", endpoint_line(catalog, index)));
        let mut facts = vec![auth(catalog, &endpoint.auth)];
        if let Some(reason) = &endpoint.rejected {
            facts = vec![format!("always rejected: {reason}")];
        }
        if let Some(keyless) = &endpoint.keyless {
            facts.push(format!("or {}", keyless.credential));
        }
        if endpoint.optional {
            facts.push("or without a key".to_owned());
        }
        if endpoint.environments != Mask::ALL && !catalog.environments.is_empty() {
            let names = catalog.environments.iter().map(|e| e.name.as_str());
            facts.push(format!(
                "only in {}",
                masked_names(endpoint.environments, names)
            ));
        }
        if !endpoint.query.is_empty() {
            facts.push(format!("with query {}", endpoint.query));
        }
        page.toned(&format!("           {}", facts.join("; ")), Tone::Dim);
        if let Some(note) = &endpoint.note {
            page.paragraph("           ", note);
        }
    }
}

fn auth(catalog: &Catalog, auth: &Auth) -> String {
    match auth {
        Auth::Public => "public".to_owned(),
        Auth::NotStated => "not stated".to_owned(),
        Auth::Key(one) => requirement(catalog, one),
    }
}

fn recipes(catalog: &Catalog, page: &mut Page) {
    page.heading("Recipes");
    for recipe in &catalog.recipes {
        let summary = recipe
            .summary
            .as_deref()
            .map(|summary| format!(": {summary}"))
            .unwrap_or_default();
        page.line(&format!(" {}{summary}", recipe.name));
        for step in &recipe.steps {
            match step {
                Step::Call(call) => page.line(&format!("   {}", call_line(catalog, *call))),
                Step::Choice(index) => choice(catalog, &catalog.choices[*index], page),
            }
        }
        for index in &recipe.events {
            page.line(&format!("   event {}", catalog.events[*index].name));
        }
    }
}

/// The branches of a choice, each a call to a line.
fn choice(catalog: &Catalog, choice: &Choice, page: &mut Page) {
    for (index, branch) in choice.branches.iter().enumerate() {
        let lead = if index == 0 { "either" } else { "or" };
        page.line(&format!("   {lead}"));
        for call in &branch.calls {
            page.line(&format!("     {}", call_line(catalog, *call)));
        }
    }
}
