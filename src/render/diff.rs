//! `diff`: what changed, in endpoints, for a terminal and for a pull request.

use std::fmt::Write;

use super::about::of_them_write;
use super::markdown::editions_line;
use super::markup::{code, escape, row};
use super::page::{Page, endpoint_line};
use super::style::{Style, Tone};
use crate::diff::{Difference, Editions, Gain, crossing_risk};
use crate::model::{
    Catalog, Edition, Effect, EndpointId, EventId, Holder, KeyTypeId, Risk, ScopeId,
};
use crate::source::count;

/// One comparison with its words.
#[derive(Debug)]
pub struct Comparison<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// How the first line begins: "paxos/treasury: production against sandbox".
    pub subject: String,
    /// What the first side is called.
    pub from: String,
    /// What the second side is called, as the one that gains and loses.
    pub to: String,
    /// The answer.
    pub difference: Difference,
    /// The holder of each side.
    pub holders: (Holder, Holder),
    /// The endpoints that the key needs.
    pub needed: Vec<EndpointId>,
    /// What else to know.
    pub notes: Vec<String>,
    /// The files of the two sides, where they are files.
    pub files: Option<[String; 2]>,
}

/// Two editions of a catalog with their words, and the keys that they affect.
#[derive(Debug)]
pub struct EditionComparison<'a> {
    /// The old edition.
    pub old: &'a Catalog,
    /// The new edition.
    pub new: &'a Catalog,
    /// What the old one is called.
    pub from: String,
    /// What the new one is called.
    pub to: String,
    /// The answer.
    pub editions: Editions,
    /// What happens to keys.
    pub keys: Vec<Affected>,
    /// The old and the new edition; `None` where there is no catalog on that side.
    pub catalogs: [Option<Edition>; 2],
}

/// A key that another edition of its catalog affects, in one environment.
#[derive(Debug, Clone)]
pub struct Affected {
    /// Its file.
    pub file: String,
    /// Its environment, where the file names one.
    pub environment: Option<String>,
    /// Needed endpoints that it can call no longer.
    pub loses: Vec<String>,
    /// Endpoints that it can call without having asked.
    pub gains: Vec<String>,
    /// Names that the new edition does not have.
    pub unknown: Vec<String>,
}

/// The screen of one comparison.
pub fn comparison(one: &Comparison<'_>, style: Style) -> String {
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
        page.line(&format!(
            "left out, they exist in {environment} only: {names}"
        ));
        page.endpoints(one.catalog, 5, &left_out.endpoints);
    }
    for note in without_effect(one) {
        page.note(note);
    }
    for note in &one.notes {
        page.note(note.clone());
    }
    page.finish()
}

/// What is written and comes to nothing, in words.
fn without_effect(one: &Comparison<'_>) -> Vec<String> {
    let sides = [
        (&one.difference.gained, "added", one.holders.1),
        (&one.difference.lost, "removed", one.holders.0),
    ];
    let mut notes = Vec::new();
    for (gain, verb, holder) in sides {
        let key = one.catalog.key_types[holder.key_type].with_article();
        for name in &gain.without_effect {
            notes.push(format!(
                "`{name}` is {verb}, and has no effect on {key} here: it changes nothing"
            ));
        }
    }
    notes
}

/// What one side has beyond the other.
fn side(one: &Comparison<'_>, gain: &Gain, is_gain: bool, page: &mut Page) {
    if gain.is_empty() {
        return;
    }
    let catalog = one.catalog;
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
                page.line(&format!("   brought by {}", from.join(", ")));
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

/// What a scope that makes no difference by itself comes to.
fn idle_words(catalog: &Catalog, via: &[ScopeId], is_gain: bool) -> &'static str {
    let is_known = via.iter().any(|id| catalog.opens_something(*id));
    match (is_known, is_gain) {
        (false, _) => "none in this catalog",
        (true, true) => "opens nothing that was not open",
        (true, false) => "nothing that it opened is closed",
    }
}

fn heading(one: &Comparison<'_>, gain: &Gain, is_gain: bool) -> String {
    let verb = if is_gain { "gains" } else { "loses" };
    let writes = gain.writes(one.catalog);
    let number = gain.endpoints.len();
    let mut parts = Vec::new();
    if number == 0 && gain.events.is_empty() {
        let known = |(id, _): &(ScopeId, Vec<String>)| one.catalog.opens_something(*id);
        let scopes = count(gain.scopes.len(), "scope");
        return match gain.scopes.iter().any(known) {
            true => format!("{} {verb} {scopes} and no endpoint", one.to),
            false => format!(
                "{} {verb} {scopes}, and what {} is not known to this catalog",
                one.to,
                if gain.scopes.len() == 1 {
                    "it opens"
                } else {
                    "they open"
                }
            ),
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

/// What some scopes make the difference for.
struct Group {
    via: Vec<ScopeId>,
    endpoints: Vec<EndpointId>,
    events: Vec<EventId>,
}

/// Endpoints and events under the scopes that make the difference, those at the highest risk first; then scopes that make
/// none.
fn by_scopes(catalog: &Catalog, holder: Holder, gain: &Gain) -> Vec<Group> {
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
    for crossing in &gain.endpoints {
        group(&mut groups, &crossing.via)
            .endpoints
            .push(crossing.endpoint);
    }
    for crossing in &gain.events {
        group(&mut groups, &crossing.via)
            .events
            .push(crossing.event);
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
pub fn edition_comparison(one: &EditionComparison<'_>, style: Style) -> String {
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
        one.old,
        &editions.endpoints_removed,
    );
    if !editions.endpoints_changed.is_empty() {
        page.gap();
        page.line("requirements changed");
        for (before, after, change) in &editions.endpoints_changed {
            page.line(&format!("   {}", endpoint_line(one.new, *after)));
            page.line(&format!(
                "     {}: {}, was {}",
                change.name(),
                needs(one.new, *after),
                needs(one.old, *before)
            ));
        }
    }
    endpoints(
        &mut page,
        "endpoints added",
        one.new,
        &editions.endpoints_added,
    );
    endpoints(
        &mut page,
        "endpoints newly deprecated",
        one.new,
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

fn lines_of(affected: &Affected) -> impl Iterator<Item = (&'static str, &Vec<String>)> {
    [
        ("loses what it needs", &affected.loses),
        ("gains without asking", &affected.gains),
        ("names what is gone", &affected.unknown),
    ]
    .into_iter()
    .filter(|(_, names)| !names.is_empty())
}

/// "1 endpoint removed, 32 endpoints added", or "the same".
fn in_words(editions: &Editions) -> String {
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

fn needs(catalog: &Catalog, index: EndpointId) -> String {
    let endpoint = &catalog.endpoints[index];
    match (&endpoint.rejected, endpoint.auth.requirement()) {
        (Some(_), _) => "always rejected".to_owned(),
        (None, Some(one)) => super::show::requirement(catalog, one),
        (None, None) => endpoint.auth.name().replace("none", "public"),
    }
}

/// Longer tables than this are folded.
const MOST_OPEN_ROWS: usize = 20;
/// What a comment on a pull request may hold.
const MOST_CHARACTERS: usize = 65_536;

/// Comparisons as one Markdown comment, which says what it left out where it would be too long, and which catalogs judged.
pub fn comparisons_markdown(parts: &[String], catalogs: &[Edition]) -> String {
    let mut text = String::new();
    let judged = editions_line("Judged by", catalogs);
    for (index, part) in parts.iter().enumerate() {
        let rest = parts.len() - index;
        let notice = format!(
            "\n{rest} of {} comparisons are left out: they do not fit in a comment.\n",
            parts.len()
        );
        let more = part.chars().count() + notice.chars().count() + judged.chars().count();
        if text.chars().count() + more + 200 > MOST_CHARACTERS {
            text.push_str(&notice);
            break;
        }
        if index > 0 {
            text.push('\n');
        }
        text.push_str(part);
    }
    text + &judged
}

/// Rows of one part that a comment can hold.
const MOST_ROWS: usize = 300;

/// One comparison as Markdown.
pub fn comparison_markdown(one: &Comparison<'_>) -> String {
    let difference = &one.difference;
    let mut text = format!(
        "### {}: {}\n",
        escape(one.subject.trim()),
        difference.word()
    );
    if let Some((from, to)) = difference.key_types {
        let name = |index: KeyTypeId| code(&one.catalog.key_types[index].name);
        let _ = writeln!(
            text,
            "
Key type: {}, was {}.",
            name(to),
            name(from)
        );
    }
    for (gain, is_gain) in [(&difference.gained, true), (&difference.lost, false)] {
        if gain.is_empty() {
            continue;
        }
        let _ = write!(text, "\n{}\n", escape(&heading(one, gain, is_gain)));
        text.push_str(&rows(one, gain, is_gain));
        for index in &gain.combinations {
            let combination = &one.catalog.combinations[*index];
            let names: Vec<String> = combination
                .scopes
                .iter()
                .map(|id| code(one.catalog.name(*id)))
                .collect();
            let verb = if is_gain {
                "Together"
            } else {
                "No longer together:"
            };
            let _ = write!(
                text,
                "\n{verb} {} {}: **{}**.\n",
                names.join(" and "),
                escape(&combination.because),
                combination.risk
            );
        }
    }
    let _ = write!(
        text,
        "\nThe same in both: {}, {}.\n",
        count(difference.same_scopes, "scope"),
        count(difference.same_endpoints, "endpoint")
    );
    for left_out in &difference.left_out {
        let environment = &one.catalog.environments[left_out.environment].name;
        let scopes = left_out.scopes.iter().map(|id| code(one.catalog.name(*id)));
        let endpoints = left_out
            .endpoints
            .iter()
            .map(|index| code(&one.catalog.endpoint_name(*index)));
        let names: Vec<String> = scopes.chain(endpoints).collect();
        let _ = write!(
            text,
            "\nLeft out, in {} only: {}.\n",
            escape(environment),
            names.join(", ")
        );
    }
    for note in without_effect(one).iter().chain(&one.notes) {
        let _ = write!(text, "\n{}.\n", escape(note));
    }
    text
}

fn rows(one: &Comparison<'_>, gain: &Gain, is_gain: bool) -> String {
    let catalog = one.catalog;
    let holder = if is_gain {
        one.holders.1
    } else {
        one.holders.0
    };
    let sign = if is_gain { "+" } else { "-" };
    let mut rows: Vec<String> = gain
        .endpoints
        .iter()
        .map(|crossing| {
            let names: Vec<String> = crossing
                .via
                .iter()
                .map(|id| code(catalog.name(*id)))
                .collect();
            let needed = if !is_gain && one.needed.contains(&crossing.endpoint) {
                ", needed by this key"
            } else {
                ""
            };
            row([
                sign.to_owned(),
                code(&catalog.endpoint_name(crossing.endpoint)) + needed,
                names.join(" + "),
                crossing_risk(catalog, holder, crossing).to_string(),
            ])
        })
        .collect();
    let risk_of = |ids: &[ScopeId]| {
        let risks = ids
            .iter()
            .map(|id| catalog.scope(*id).risk_on(holder.key_type));
        risks.max().unwrap_or(Risk::Low)
    };
    rows.extend(gain.events.iter().map(|crossing| {
        let names: Vec<String> = crossing
            .via
            .iter()
            .map(|id| code(catalog.name(*id)))
            .collect();
        let event = code(&catalog.events[crossing.event].name);
        row([
            sign.to_owned(),
            format!("event {event}"),
            names.join(" + "),
            risk_of(&crossing.via).to_string(),
        ])
    }));
    for id in gain.idle_scopes() {
        rows.push(row([
            sign,
            idle_words(catalog, &[id], is_gain),
            &code(catalog.name(id)),
            &risk_of(&[id]).to_string(),
        ]));
    }
    table(&["", "Endpoint", "By", "Risk"], rows)
}

/// A table, folded where it is long, and cut with a word on it where it is longer than a comment.
fn table(heads: &[&str], mut rows: Vec<String>) -> String {
    let all = rows.len();
    rows.truncate(MOST_ROWS);
    let head = format!(
        "| {} |\n|{}\n",
        heads.join(" | "),
        "---|".repeat(heads.len())
    );
    let cut = if all > rows.len() {
        format!("\n{} more are left out.\n", all - rows.len())
    } else {
        String::new()
    };
    let body = format!("\n{head}{}{cut}", rows.concat());
    if all > MOST_OPEN_ROWS {
        format!("\n<details><summary>{all} rows</summary>\n{body}\n</details>\n")
    } else {
        body
    }
}

/// Two editions as Markdown.
pub fn editions_markdown(one: &EditionComparison<'_>) -> String {
    let editions = &one.editions;
    let said = in_words(editions);
    let title = format!("{}: {} against {}", one.new.provider, one.to, one.from);
    let mut text = format!("### {}\n\n{}\n", escape(&title), escape(&said));
    let named = |catalog: &Catalog, index: EndpointId| code(&catalog.endpoint_name(index));
    let mut rows: Vec<String> = Vec::new();
    rows.extend(
        editions
            .endpoints_removed
            .iter()
            .map(|index| row(["removed", &named(one.old, *index), ""])),
    );
    rows.extend(
        editions
            .endpoints_changed
            .iter()
            .map(|(before, after, change)| {
                let words = format!(
                    "{}, was {}",
                    needs(one.new, *after),
                    needs(one.old, *before)
                );
                row([change.name(), &named(one.new, *after), &escape(&words)])
            }),
    );
    rows.extend(editions.endpoints_added.iter().map(|index| {
        let needs = escape(&needs(one.new, *index));
        row(["added", &named(one.new, *index), &needs])
    }));
    rows.extend(
        editions
            .endpoints_deprecated
            .iter()
            .map(|index| row(["deprecated", &named(one.new, *index), ""])),
    );
    for (what, names) in [
        ("scope removed", &editions.scopes_removed),
        ("scope retired", &editions.retired),
        ("scope added", &editions.scopes_added),
        ("scope deprecated", &editions.scopes_deprecated),
        ("event removed", &editions.events_removed),
        ("event added", &editions.events_added),
    ] {
        rows.extend(names.iter().map(|name| row([what, &code(name), ""])));
    }
    rows.extend(
        editions
            .meanings_changed
            .iter()
            .map(|change| row(["meaning", &escape(&change.words), ""])),
    );
    if !rows.is_empty() {
        text.push_str(&table(&["What", "Name", "Needs"], rows));
    }
    for affected in &one.keys {
        let place = affected
            .environment
            .as_ref()
            .map(|name| format!(", {name}"))
            .unwrap_or_default();
        let _ = write!(
            text,
            "\n**{}{}**\n\n",
            escape(&affected.file),
            escape(&place)
        );
        for (title, names) in lines_of(affected) {
            let listed: Vec<String> = names.iter().map(|name| code(name)).collect();
            let _ = writeln!(text, "- {title}: {}", listed.join(", "));
        }
    }
    text
}
