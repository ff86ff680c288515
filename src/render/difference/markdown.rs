//! What changed, as Markdown for a pull request.

use super::text::{exclusions, heading, idle_words, in_words, lines_of, needs, without_effect};
use super::{Comparison, EditionComparison};
use std::fmt::Write;

use crate::diff::{Gain, reach_change_risk};
use crate::model::{Catalog, Edition, EndpointId, KeyTypeId, Risk, ScopeId};
use crate::render::markup::{code, editions_line, escape, row};
use crate::source::count;

/// Longer tables than this are folded.
const MOST_OPEN_ROWS: usize = 20;

/// The most characters of a comment on a pull request.
const MOST_CHARACTERS: usize = 65_536;

/// Comparisons as one Markdown comment with the catalogs that were used. If it would be too long, it says what was left
/// out.
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

/// The most rows of one part of a comment.
const MOST_ROWS: usize = 300;

/// One comparison as Markdown.
pub fn comparison_markdown(one: &Comparison) -> String {
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
            "\nLeft out, only in {}: {}.\n",
            escape(environment),
            names.join(", ")
        );
    }
    let exclusions = exclusions(one);
    for note in exclusions
        .iter()
        .chain(&without_effect(one))
        .chain(&one.notes)
    {
        let _ = write!(text, "\n{}.\n", escape(note));
    }
    text
}

fn rows(one: &Comparison, gain: &Gain, is_gain: bool) -> String {
    let catalog = &one.catalog;
    let holder = if is_gain {
        one.holders.1
    } else {
        one.holders.0
    };
    let sign = if is_gain { "+" } else { "-" };
    let mut rows: Vec<String> = gain
        .endpoints
        .iter()
        .map(|change| {
            let names: Vec<String> = change
                .via
                .iter()
                .map(|id| code(catalog.name(*id)))
                .collect();
            let needed = if !is_gain && one.needed.contains(&change.endpoint) {
                ", needed by this key"
            } else {
                ""
            };
            row([
                sign.to_owned(),
                code(&catalog.endpoint_name(change.endpoint)) + needed,
                names.join(" + "),
                reach_change_risk(catalog, holder, change).to_string(),
            ])
        })
        .collect();
    let risk_of = |ids: &[ScopeId]| {
        let risks = ids
            .iter()
            .map(|id| catalog.scope(*id).risk_on(holder.key_type));
        risks.max().unwrap_or(Risk::Low)
    };
    rows.extend(gain.events.iter().map(|change| {
        let names: Vec<String> = change
            .via
            .iter()
            .map(|id| code(catalog.name(*id)))
            .collect();
        let event = code(&catalog.events[change.event].name);
        row([
            sign.to_owned(),
            format!("event {event}"),
            names.join(" + "),
            risk_of(&change.via).to_string(),
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

/// A table, folded if it is long, and cut with a remark if it is too long for a comment.
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
pub fn editions_markdown(one: &EditionComparison) -> String {
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
            .map(|index| row(["removed", &named(&one.old, *index), ""])),
    );
    rows.extend(
        editions
            .endpoints_changed
            .iter()
            .map(|(before, after, change)| {
                let words = format!(
                    "{}, was {}",
                    needs(&one.new, *after),
                    needs(&one.old, *before)
                );
                row([change.name(), &named(&one.new, *after), &escape(&words)])
            }),
    );
    rows.extend(editions.endpoints_added.iter().map(|index| {
        let needs = escape(&needs(&one.new, *index));
        row(["added", &named(&one.new, *index), &needs])
    }));
    rows.extend(
        editions
            .endpoints_deprecated
            .iter()
            .map(|index| row(["deprecated", &named(&one.new, *index), ""])),
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
