//! A catalog as Markdown, for documentation that is generated and compared.

use super::Section;
use super::text::{answers, facts};
use crate::model::{Auth, Branch, Call, Catalog, Step};
use crate::render::about::{masked_names, requirement};
use crate::render::markup::{code, codes, editions_line, escape, list, table};

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
    let heads = ["Key type", "Exposure", "Prefixes", "Disallowed scopes are"];
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
        if endpoint.optional {
            needs.push_str(", or no key");
        }
        if !endpoint.query.is_empty() {
            needs.push_str(", with query ");
            needs.push_str(&escape(&endpoint.query.to_string()));
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
