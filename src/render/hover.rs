//! What an editor shows of the name under the pointer, in Markdown.

use std::fmt::Write as _;

use super::markup::{code, codes, escape, prose};
use crate::explain::{Target, TargetReport, Written, explain_set, explain_target};
use crate::lint::Rule;
use crate::model::{Auth, Catalog, EndpointId, EventId, Holder, Meaning, Recipe, ScopeId};
use crate::source::count;

/// How many endpoints or scopes are listed one by one.
const MOST_LISTED: usize = 12;

/// What a name of a grant stands for, and what it opens on a key.
pub fn grant(catalog: &Catalog, name: &str, holder: Holder) -> Option<String> {
    let mut text = match catalog.meaning(name)? {
        Meaning::Scope(id) => about_scope(catalog, id, holder),
        Meaning::Bundle(id) => {
            let bundle = &catalog.bundles[id];
            let scopes: Vec<ScopeId> = bundle.scopes.iter().collect();
            let mut text = head(&bundle.name, "bundle", bundle.summary.as_deref());
            text += &named("Has", catalog, &scopes);
            text
        }
        Meaning::Wildcard(written) => {
            let members = catalog.members(Meaning::Wildcard(written));
            let scopes: Vec<ScopeId> = members.iter().collect();
            head(written, "wildcard", None) + &named("Stands for", catalog, &scopes)
        }
    };
    let written = Written::resolve(catalog, name)?;
    let opened = explain_set(catalog, holder, &[written]);
    let key_type = catalog.key_types[holder.key_type].with_article();
    let place = match holder.environment {
        Some(id) => format!(" in {}", code(&catalog.environments[id].name)),
        None => String::new(),
    };
    if opened.endpoints.is_empty() {
        let _ = write!(
            text,
            "\nOn {}{place} it opens no endpoint of this catalog.\n",
            escape(&key_type)
        );
    } else {
        let endpoints: Vec<EndpointId> = opened.endpoints.iter().map(|(id, _)| *id).collect();
        let number = count(endpoints.len(), "endpoint");
        let _ = write!(
            text,
            "\nOn {}{place} it opens {number}:\n\n",
            escape(&key_type)
        );
        text += &listed(endpoints.iter().map(|id| catalog.endpoint_name(*id)));
    }
    if !opened.events.is_empty() {
        let number = count(opened.events.len(), "event");
        let _ = write!(text, "\nIt opens {number}.\n");
    }
    Some(text)
}

fn about_scope(catalog: &Catalog, id: ScopeId, holder: Holder) -> String {
    let scope = catalog.scope(id);
    let risk = scope.risk_on(holder.key_type);
    let kind = format!("{} scope, {risk} risk", scope.access);
    let mut text = head(&scope.name, &kind, scope.summary.as_deref());
    if let Some(because) = &scope.because {
        let _ = write!(text, "\nRisk: {}\n", prose(because));
    }
    if scope.deprecated {
        let instead: Vec<String> = scope
            .replaced_by
            .iter()
            .map(|id| catalog.name(*id).to_owned())
            .collect();
        let instead = match instead.as_slice() {
            [] => String::new(),
            names => format!("; use {}", codes(names)),
        };
        let _ = write!(text, "\nDeprecated{instead}\n");
    }
    if !scope.implies.is_empty() {
        text += &named("Includes", catalog, &scope.implies);
    }
    if let Some(note) = &scope.note {
        let _ = write!(text, "\n{}\n", prose(note));
    }
    text
}

/// What an endpoint or an event needs, on a key of one of these types.
pub fn target(catalog: &Catalog, target: Target, holders: &[Holder]) -> String {
    let report = explain_target(catalog, target, holders, &catalog.empty_set());
    let (kind, summary, note) = match target {
        Target::Endpoint(id) => {
            let endpoint = &catalog.endpoints[id];
            let deprecated = if endpoint.deprecated {
                ", deprecated"
            } else {
                ""
            };
            (
                format!("{}{deprecated}", endpoint.effect),
                endpoint.summary.as_deref(),
                endpoint.note.as_deref(),
            )
        }
        Target::Event(_) => ("event".to_owned(), None, None),
    };
    let mut text = head(&target.name(catalog), &kind, summary);
    text += &needed(catalog, target, &report);
    if let Some(note) = note {
        let _ = write!(text, "\n{}\n", prose(note));
    }
    text
}

/// What is needed for it, in a sentence or a list of ways.
fn needed(catalog: &Catalog, target: Target, report: &TargetReport) -> String {
    if let Target::Endpoint(id) = target {
        let endpoint = &catalog.endpoints[id];
        if let Some(why) = &endpoint.rejected {
            return format!("\nAlways rejected: {}\n", prose(why));
        }
        match &endpoint.auth {
            Auth::Public => return "\nPublic: no key is needed.\n".to_owned(),
            Auth::NotStated => return "\nThe provider does not state what it needs.\n".to_owned(),
            Auth::Key(_) => {}
        }
    }
    match report.ways.as_slice() {
        [] => match report.refusal() {
            Some(refusal) => format!("\nNo key of this type can call it: {}\n", refusal.name()),
            None => "\nAny key is enough; it needs no scope.\n".to_owned(),
        },
        [way] => named("Needs", catalog, &way.alternative.scopes),
        ways => {
            let lines = ways.iter().map(|way| {
                let names = way.alternative.scopes.iter();
                let names: Vec<String> = names.map(|id| catalog.name(*id).to_owned()).collect();
                let more = match way.also_opens.len() {
                    0 => "opens nothing else".to_owned(),
                    number => format!("also opens {}", count(number, "endpoint")),
                };
                format!("- {}: {more}\n", codes(&names))
            });
            format!("\nNeeds any one of:\n\n{}", lines.collect::<String>())
        }
    }
}

/// The event of an index, for whoever has only a name.
pub fn event(catalog: &Catalog, id: EventId, holders: &[Holder]) -> String {
    target(catalog, Target::Event(id), holders)
}

/// What a recipe calls.
pub fn recipe(catalog: &Catalog, recipe: &Recipe) -> String {
    let mut text = head(&recipe.name, "recipe", recipe.summary.as_deref());
    let calls: Vec<_> = recipe.calls(catalog).collect();
    if !calls.is_empty() {
        text += "\nCalls:\n\n";
        text += &listed(
            calls
                .into_iter()
                .map(|call| catalog.endpoint_name(call.endpoint)),
        );
    }
    text
}

/// What a provider's catalog has.
pub fn provider(catalog: &Catalog) -> String {
    let mut text = head(&catalog.provider, "provider", Some(&catalog.title));
    let _ = write!(
        text,
        "\n{}, {}\n",
        count(catalog.scopes.len(), "scope"),
        count(catalog.endpoints.len(), "endpoint")
    );
    if let Some(manage) = &catalog.manage {
        let _ = write!(text, "\n{}\n", prose(manage));
    }
    text
}

/// What a rule finds.
pub fn rule(rule: &Rule) -> String {
    head(rule.id.name(), "rule", Some(rule.summary()))
}

/// A name, what it is, and a sentence on it.
fn head(name: &str, kind: &str, summary: Option<&str>) -> String {
    let summary = summary.map(|summary| format!("\n{}\n", escape(summary)));
    format!("{} ({kind})\n{}", code(name), summary.unwrap_or_default())
}

fn named(lead: &str, catalog: &Catalog, scopes: &[ScopeId]) -> String {
    let names: Vec<String> = scopes
        .iter()
        .take(MOST_LISTED)
        .map(|id| catalog.name(*id).to_owned())
        .collect();
    let more = match scopes.len().saturating_sub(MOST_LISTED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("\n{lead} {}{more}\n", codes(&names))
}

fn listed(names: impl ExactSizeIterator<Item = String>) -> String {
    let more = names.len().saturating_sub(MOST_LISTED);
    let mut lines = String::new();
    for name in names.take(MOST_LISTED) {
        let _ = writeln!(lines, "- {}", code(&name));
    }
    if more > 0 {
        let _ = writeln!(lines, "- {more} more");
    }
    lines
}
