//! What changed, in endpoints, for a terminal.

use super::{Comparison, EditionComparison};

use crate::diff::{Affected, Editions, Gain};
use crate::model::{Catalog, Effect, EndpointId, EventId, Holder, KeyTypeId, Risk, ScopeId};
use crate::render::about::{exclusion, of_them_write};
use crate::render::page::{Page, endpoint_line};
use crate::render::style::{Style, Tone};
use crate::source::count;

/// The screen of one comparison.
pub fn comparison(one: &Comparison, style: Style) -> String {
    let mut page = Page::new(
        style,
        &format!("{} is {}", one.subject, one.difference.word()),
    );
    let difference = &one.difference;
    if let Some((from, to)) = difference.key_types {
        let name = |index: KeyTypeId| &one.catalog.key_types[index].name;
        page.gap();
        page.line(&format!("key type: {}, was {}", name(to), name(from)));
    }
    side(one, &difference.gained, true, &mut page);
    side(one, &difference.lost, false, &mut page);
    page.gap();
    page.line(&format!(
        "the same in both: {}, {}",
        count(difference.same_scopes, "scope"),
        count(difference.same_endpoints, "endpoint")
    ));
    for left_out in &difference.left_out {
        let environment = &one.catalog.environments[left_out.environment].name;
        let names: Vec<&str> = left_out
            .scopes
            .iter()
            .map(|id| one.catalog.name(*id))
            .collect();
        let names = if names.is_empty() {
            count(left_out.endpoints.len(), "endpoint")
        } else {
            names.join(", ")
        };
        page.line(&format!("left out, only in {environment}: {names}"));
        page.endpoints(&one.catalog, 5, &left_out.endpoints);
    }
    for note in exclusions(one).into_iter().chain(without_effect(one)) {
        page.note(note);
    }
    for note in &one.notes {
        page.note(note.clone());
    }
    page.finish()
}

/// The scopes that cannot be on one key, and are together on the second side only.
pub(super) fn exclusions(one: &Comparison) -> Vec<String> {
    let conflicts = one.difference.gained.conflicts.iter();
    let sentences = conflicts.map(|(index, scopes)| exclusion(&one.catalog, *index, scopes));
    sentences.collect()
}

/// Describes the names that are written and have no effect.
pub(super) fn without_effect(one: &Comparison) -> Vec<String> {
    let sides = [
        (&one.difference.gained, "added", one.holders.1),
        (&one.difference.lost, "removed", one.holders.0),
    ];
    let mut notes = Vec::new();
    for (gain, verb, holder) in sides {
        let key = one.catalog.key_types[holder.key_type].with_article();
        for name in &gain.without_effect {
            notes.push(format!(
                "`{name}` is {verb}, but has no effect on {key} here"
            ));
        }
    }
    notes
}

/// What one side has beyond the other.
fn side(one: &Comparison, gain: &Gain, is_gain: bool, page: &mut Page) {
    if gain.is_empty() {
        return;
    }
    let catalog = &one.catalog;
    let holder = if is_gain {
        one.holders.1
    } else {
        one.holders.0
    };
    page.gap();
    page.line(&heading(one, gain, is_gain));
    let sign = if is_gain { '+' } else { '-' };
    let tone = if is_gain { Tone::Good } else { Tone::Bad };
    for group in by_scopes(catalog, holder, gain) {
        let via = &group.via;
        let names: Vec<&str> = via.iter().map(|id| catalog.name(*id)).collect();
        let risk = via
            .iter()
            .map(|id| catalog.scope(*id).risk_on(holder.key_type))
            .max()
            .unwrap_or(Risk::Low);
        let risk = if is_gain && risk >= Risk::Medium {
            format!("{risk} risk")
        } else {
            String::new()
        };
        page.aligned(&format!(" {sign} {}", names.join(" + ")), &risk, tone);
        for id in via {
            let from = gain
                .scopes
                .iter()
                .find(|(scope, _)| scope == id)
                .map(|(_, from)| from);
            if let Some(from) = from.filter(|from| {
                !from.iter().any(|name| name == catalog.name(*id)) && !from.is_empty()
            }) {
                page.line(&format!("   granted by {}", from.join(", ")));
            }
        }
        for because in via
            .iter()
            .filter_map(|id| catalog.scope(*id).because.as_ref())
        {
            if is_gain {
                page.paragraph("   ", because);
            }
        }
        if group.endpoints.is_empty() && group.events.is_empty() {
            page.line(&format!(
                "     {}",
                idle_words(catalog, &group.via, is_gain)
            ));
        }
        for index in group.endpoints {
            let needed = if !is_gain && one.needed.contains(&index) {
                "needed by this key"
            } else {
                ""
            };
            page.aligned(
                &format!("     {}", endpoint_line(catalog, index)),
                needed,
                Tone::Plain,
            );
        }
        for event in group.events {
            page.line(&format!("     event   {}", catalog.events[event].name));
        }
        let combinations = gain
            .combinations
            .iter()
            .map(|index| &catalog.combinations[*index]);
        for combination in
            combinations.filter(|combination| combination.scopes.iter().any(|id| via.contains(id)))
        {
            let others: Vec<&str> = combination
                .scopes
                .iter()
                .filter(|id| !via.contains(id))
                .map(|id| catalog.name(*id))
                .collect();
            let others = others.join(" and ");
            let because = &combination.because;
            let words = match (is_gain, others.is_empty()) {
                (true, true) => format!("together they {because}: {}", combination.risk),
                (true, false) => format!("with {others} it {because}: {}", combination.risk),
                (false, true) => format!("no longer together: {because} ({})", combination.risk),
                (false, false) => {
                    format!("no longer with {others}: {because} ({})", combination.risk)
                }
            };
            page.paragraph("   ", &words);
        }
    }
}

/// Explains why a scope makes no difference by itself.
pub(super) fn idle_words(catalog: &Catalog, via: &[ScopeId], is_gain: bool) -> &'static str {
    let is_known = via.iter().any(|id| catalog.opens_something(*id));
    match (is_known, is_gain) {
        (false, _) => "opens no endpoint in this catalog",
        (true, true) => "opens nothing new",
        (true, false) => "closes nothing",
    }
}

pub(super) fn heading(one: &Comparison, gain: &Gain, is_gain: bool) -> String {
    let verb = if is_gain { "gains" } else { "loses" };
    let writes = gain.writes(&one.catalog);
    let number = gain.endpoints.len();
    let mut parts = Vec::new();
    if number == 0 && gain.events.is_empty() {
        let known = |(id, _): &(ScopeId, Vec<String>)| one.catalog.opens_something(*id);
        let scopes = count(gain.scopes.len(), "scope");
        return if gain.scopes.iter().any(known) {
            format!("{} {verb} {scopes} but no endpoint", one.to)
        } else {
            format!(
                "{} {verb} {scopes}, and this catalog does not know what {}",
                one.to,
                if gain.scopes.len() == 1 {
                    "it opens"
                } else {
                    "they open"
                }
            )
        };
    }
    if number > 0 {
        let of_them = of_them_write(number, if is_gain { writes } else { 0 });
        parts.push(count(number, "endpoint") + &of_them);
    }
    if !gain.events.is_empty() {
        parts.push(count(gain.events.len(), "event"));
    }
    format!("{} {verb} {}", one.to, parts.join(" and "))
}

/// What is gained or lost because of some scopes.
pub(super) struct Group {
    via: Vec<ScopeId>,
    endpoints: Vec<EndpointId>,
    events: Vec<EventId>,
}

/// Endpoints and events under the scopes that make the difference, those at the highest risk first; then scopes that make
/// none.
pub(super) fn by_scopes(catalog: &Catalog, holder: Holder, gain: &Gain) -> Vec<Group> {
    fn group<'a>(groups: &'a mut Vec<Group>, via: &[ScopeId]) -> &'a mut Group {
        let at = groups.iter().position(|group| group.via == via);
        let at = at.unwrap_or_else(|| {
            groups.push(Group {
                via: via.to_vec(),
                endpoints: Vec::new(),
                events: Vec::new(),
            });
            groups.len() - 1
        });
        &mut groups[at]
    }
    let mut groups: Vec<Group> = Vec::new();
    for change in &gain.endpoints {
        group(&mut groups, &change.via)
            .endpoints
            .push(change.endpoint);
    }
    for change in &gain.events {
        group(&mut groups, &change.via).events.push(change.event);
    }
    for id in gain.idle_scopes() {
        group(&mut groups, &[id]);
    }
    let writes = |endpoints: &[EndpointId]| {
        endpoints
            .iter()
            .any(|index| catalog.endpoints[*index].effect == Effect::Write)
    };
    groups.sort_by_cached_key(|group| {
        let risk = group
            .via
            .iter()
            .map(|id| catalog.scope(*id).risk_on(holder.key_type))
            .max();
        let names: Vec<String> = group
            .via
            .iter()
            .map(|id| catalog.name(*id).to_owned())
            .collect();
        (!writes(&group.endpoints), std::cmp::Reverse(risk), names)
    });
    groups
}

/// The screen of two editions.
pub fn edition_comparison(one: &EditionComparison, style: Style) -> String {
    let editions = &one.editions;
    let said = in_words(editions);
    let mut page = Page::new(
        style,
        &format!(
            "{}: {} against {}: {said}",
            one.new.provider, one.to, one.from
        ),
    );
    let endpoints = |page: &mut Page, title: &str, catalog: &Catalog, indices: &[EndpointId]| {
        if !indices.is_empty() {
            page.gap();
            page.line(title);
            page.endpoints(catalog, 3, indices);
        }
    };
    endpoints(
        &mut page,
        "endpoints removed",
        &one.old,
        &editions.endpoints_removed,
    );
    if !editions.endpoints_changed.is_empty() {
        page.gap();
        page.line("requirements changed");
        for (before, after, change) in &editions.endpoints_changed {
            page.line(&format!("   {}", endpoint_line(&one.new, *after)));
            page.line(&format!(
                "     {}: {}, was {}",
                change.name(),
                needs(&one.new, *after),
                needs(&one.old, *before)
            ));
        }
    }
    endpoints(
        &mut page,
        "endpoints added",
        &one.new,
        &editions.endpoints_added,
    );
    endpoints(
        &mut page,
        "endpoints newly deprecated",
        &one.new,
        &editions.endpoints_deprecated,
    );
    for (title, names) in [
        ("scopes removed", &editions.scopes_removed),
        ("scopes retired", &editions.retired),
        ("scopes added", &editions.scopes_added),
        ("scopes newly deprecated", &editions.scopes_deprecated),
        ("events removed", &editions.events_removed),
        ("events added", &editions.events_added),
    ] {
        if !names.is_empty() {
            page.gap();
            page.line(title);
            for name in names {
                page.line(&format!("   {name}"));
            }
        }
    }
    if !editions.meanings_changed.is_empty() {
        page.gap();
        page.line("meanings changed");
        for change in &editions.meanings_changed {
            page.line(&format!("   {}", change.words));
        }
    }
    for affected in &one.keys {
        let place = affected
            .environment
            .as_ref()
            .map(|name| format!(", {name}"))
            .unwrap_or_default();
        page.gap();
        page.line(&format!("{}{place}", affected.file));
        for (title, names) in lines_of(affected) {
            page.line(&format!("   {title}"));
            for name in names {
                page.line(&format!("     {name}"));
            }
        }
    }
    page.finish()
}

pub(super) fn lines_of(affected: &Affected) -> impl Iterator<Item = (&'static str, &Vec<String>)> {
    [
        ("loses what it needs", &affected.loses),
        ("gains what it does not ask for", &affected.gains),
        ("uses names that are gone", &affected.unknown),
    ]
    .into_iter()
    .filter(|(_, names)| !names.is_empty())
}

/// "1 endpoint removed, 32 endpoints added", or "the same".
pub(super) fn in_words(editions: &Editions) -> String {
    let changed = editions
        .numbers()
        .into_iter()
        .filter(|(number, _)| *number > 0);
    let said: Vec<String> = changed
        .map(|(number, words)| singular(number, words))
        .collect();
    if said.is_empty() {
        "the same".to_owned()
    } else {
        said.join(", ")
    }
}

/// "1 endpoint removed", "2 endpoints removed".
fn singular(number: usize, words: &str) -> String {
    if number == 1 {
        format!("1 {}", words.replacen("s ", " ", 1))
    } else {
        format!("{number} {words}")
    }
}

pub(super) fn needs(catalog: &Catalog, index: EndpointId) -> String {
    let endpoint = &catalog.endpoints[index];
    match (&endpoint.rejected, endpoint.auth.requirement()) {
        (Some(_), _) => "always rejected".to_owned(),
        (None, Some(one)) => crate::render::about::requirement(catalog, one),
        (None, None) => endpoint.auth.name().replace("none", "public"),
    }
}
