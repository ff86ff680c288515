//! `expand`: names into scopes, each with what brings it.

use crate::explain::{Expanded, Written};
use crate::model::Catalog;
use crate::render::page::Page;
use crate::render::style::{Style, Tone};
use crate::render::table::Table;
use crate::source::count;

/// The screen.
pub fn expansion(
    catalog: &Catalog,
    written: &[Written],
    scopes: &[Expanded],
    style: Style,
) -> String {
    let what = match written {
        [one] => format!("{} `{}` is", one.kind.name(), one.name),
        several => format!("{} are", count(several.len(), "name")),
    };
    let mut page = Page::new(
        style,
        &format!(
            "{}: {what} {}",
            catalog.provider,
            count(scopes.len(), "scope")
        ),
    );
    let mut table = Table::new(&["Scope", "Access", "Risk", "From"])
        .optional(1, 2)
        .optional(2, 1);
    for expanded in scopes {
        let scope = catalog.scope(expanded.scope);
        table.row([
            (scope.name.clone(), Tone::Plain),
            (scope.access.to_string(), Tone::Plain),
            (scope.risk.to_string(), scope.risk.into()),
            (from(catalog, written, expanded), Tone::Plain),
        ]);
    }
    page.table(&table);
    for one in written {
        let bundle = catalog
            .bundles
            .iter()
            .find(|bundle| bundle.name == one.name);
        if let Some(note) = bundle.and_then(|bundle| bundle.note.clone()) {
            page.note(note);
        }
    }
    page.finish()
}

/// "bundle pay, written", "implied by admin:org".
fn from(catalog: &Catalog, written: &[Written], expanded: &Expanded) -> String {
    let name = catalog.name(expanded.scope);
    let each: Vec<String> = expanded
        .from
        .iter()
        .map(|from| {
            match written
                .iter()
                .find(|one| one.name == *from && one.members.has(expanded.scope))
            {
                Some(one) if one.name == name => "written".to_owned(),
                Some(one) => format!("{} {}", one.kind.name(), one.name),
                None => format!("implied by {from}"),
            }
        })
        .collect();
    each.join(", ")
}
