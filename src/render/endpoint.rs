//! `explain` of an endpoint: what it needs, and what it says to a set.

use super::page::{Page, effects, wrapped};
use super::style::{Style, Tone};
use super::table::Table;
use crate::explain::{EndpointReport, Way};
use crate::model::{Auth, Catalog, Endpoint, Requirement, ScopeId, ScopeSet, Verdict, Wildcards};

/// What was asked, and the answer for each mode of the operation.
#[derive(Debug)]
pub struct EndpointQuestion<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// One report for each mode; one where the operation has none.
    pub reports: &'a [EndpointReport],
}

/// The screen for an endpoint alone: what it needs.
pub fn endpoint(question: &EndpointQuestion<'_>, style: Style) -> String {
    let EndpointQuestion {
        catalog, reports, ..
    } = question;
    let Some(first) = reports.first() else {
        return String::new();
    };
    let endpoint = &catalog.endpoints[first.endpoint];
    let name = format!(
        "{}: {} {}",
        catalog.provider, endpoint.method, endpoint.path
    );
    let mut page = if reports.len() > 1 {
        modes(question, &name, style)
    } else if asks_by_type(catalog, endpoint) {
        credentials(question, first, &name, style)
    } else {
        scopes(question, first, &name, style)
    };
    if endpoint.deprecated {
        match &endpoint.replaced_by {
            Some(other) => page.note(format!("deprecated; in its place: {other}")),
            None => page.note("deprecated"),
        }
    }
    let entries = || {
        reports
            .iter()
            .map(|report| &catalog.endpoints[report.endpoint])
    };
    let reasons = entries().filter_map(|endpoint| endpoint.rejected.as_ref());
    let reasons =
        reasons.chain(entries().filter_map(|endpoint| Some(&endpoint.keyless.as_ref()?.because)));
    let mut notes: Vec<&String> = reasons
        .chain(entries().filter_map(|endpoint| endpoint.note.as_ref()))
        .collect();
    let mut seen = std::collections::HashSet::new();
    notes.retain(|note| seen.insert(*note));
    for note in notes {
        page.note(note.clone());
    }
    page.finish()
}

/// Whether the answer differs by credential.
fn asks_by_type(catalog: &Catalog, endpoint: &Endpoint) -> bool {
    let keyed = matches!(endpoint.auth, Auth::Key(_)) && endpoint.rejected.is_none();
    keyed && (catalog.key_types.len() > 1 || endpoint.keyless.is_some())
}

fn effect(endpoint: &Endpoint) -> String {
    format!("({})", endpoint.effect)
}

/// What an endpoint needs, in words: "needs any one of 2 scopes".
fn needs(catalog: &Catalog, endpoint: &Endpoint, ways: &[Way]) -> String {
    if endpoint.rejected.is_some() {
        return "is always rejected".to_owned();
    }
    match &endpoint.auth {
        Auth::Public => "is public: it needs no key".to_owned(),
        Auth::NotStated => "needs what the provider does not say".to_owned(),
        Auth::Key(_) => match ways {
            [] => "is open to any key, without a scope".to_owned(),
            [way] => match way.alternative.scopes.as_slice() {
                [one] => format!("needs {}", catalog.name(*one)),
                several => format!("needs {} scopes together", several.len()),
            },
            several if several.iter().all(|way| way.alternative.scopes.len() == 1) => {
                format!("needs any one of {} scopes", several.len())
            }
            several => format!("needs any one of {} sets of scopes", several.len()),
        },
    }
}

fn all_of(catalog: &Catalog, scopes: &[ScopeId]) -> String {
    scopes
        .iter()
        .map(|id| catalog.name(*id))
        .collect::<Vec<_>>()
        .join(" + ")
}

/// Any of some scopes: a row for each way, and what else it opens.
fn scopes(
    question: &EndpointQuestion<'_>,
    report: &EndpointReport,
    name: &str,
    style: Style,
) -> Page {
    let catalog = question.catalog;
    let endpoint = &catalog.endpoints[report.endpoint];
    let mode = endpoint
        .mode
        .map(|mode| format!(" mode={}", catalog.modes[mode]))
        .unwrap_or_default();
    let answer = format!(
        "{name}{mode} {} {}",
        effect(endpoint),
        needs(catalog, endpoint, &report.ways)
    );
    let mut page = Page::new(style, &answer);
    if report.ways.is_empty() || endpoint.rejected.is_some() {
        if endpoint.auth == Auth::NotStated && endpoint.rejected.is_none() {
            page.help(
                "ask the provider, then add the endpoint to a catalog of yours with `extends`",
            );
        }
        return page;
    }
    let mut table = Table::new(&["Scope", "Risk", "Also opens"]);
    for way in &report.ways {
        let risk = way
            .alternative
            .scopes
            .iter()
            .map(|id| catalog.scope(*id).risk)
            .max();
        let risk = risk.map_or((String::new(), Tone::Plain), |risk| {
            (risk.to_string(), risk.into())
        });
        let scopes = (all_of(catalog, &way.alternative.scopes), Tone::Plain);
        table.row([
            scopes,
            risk,
            (effects(catalog, &way.also_opens), Tone::Plain),
        ]);
    }
    page.table(&table);
    let wider: Vec<&Way> = report
        .ways
        .iter()
        .filter(|way| !way.also_opens.is_empty())
        .collect();
    if !wider.is_empty() {
        page.gap();
        for way in wider {
            page.line(&format!(" {}", all_of(catalog, &way.alternative.scopes)));
            page.endpoints(catalog, 3, &way.also_opens);
        }
    }
    if let [least, _, ..] = report.ways.as_slice() {
        page.help(format!(
            "ask for {}, it opens the least",
            all_of(catalog, &least.alternative.scopes)
        ));
    }
    page
}

/// An operation in several modes: a row for each.
fn modes(question: &EndpointQuestion<'_>, name: &str, style: Style) -> Page {
    let EndpointQuestion {
        catalog, reports, ..
    } = question;
    let first = &catalog.endpoints[reports[0].endpoint];
    let mut page = Page::new(
        style,
        &format!("{name} {} has {} modes", effect(first), reports.len()),
    );
    let mut table = Table::new(&["Mode", "Answer", "Needs"]);
    for report in *reports {
        let endpoint = &catalog.endpoints[report.endpoint];
        let mode = endpoint
            .mode
            .map_or("", |mode| &catalog.modes[mode])
            .to_owned();
        let (answer, tone, needs) = if endpoint.rejected.is_some() {
            let needs = match &catalog.wildcards {
                Wildcards::Named(named) if named.is_empty() => "nothing helps".to_owned(),
                Wildcards::Named(named) => format!("nothing helps, not even `{}`", named[0].0),
                Wildcards::Glob => "nothing helps, not even `*`".to_owned(),
            };
            ("always rejected", Tone::Bad, needs)
        } else {
            match &endpoint.auth {
                Auth::Public => ("public", Tone::Good, "no key".to_owned()),
                Auth::NotStated => (
                    "not stated",
                    Tone::Caution,
                    "the provider does not say".to_owned(),
                ),
                Auth::Key(_) if report.ways.is_empty() => {
                    ("open to any key", Tone::Good, "no scope".to_owned())
                }
                Auth::Key(_) => {
                    let ways: Vec<String> = report
                        .ways
                        .iter()
                        .map(|way| all_of(catalog, &way.alternative.scopes))
                        .collect();
                    ("open with a scope", Tone::Plain, ways.join(" or "))
                }
            }
        };
        table.row([
            (mode, Tone::Plain),
            (answer.to_owned(), tone),
            (needs, Tone::Plain),
        ]);
    }
    page.table(&table);
    page
}

/// An operation that differs by credential: a row for each.
fn credentials(
    question: &EndpointQuestion<'_>,
    report: &EndpointReport,
    name: &str,
    style: Style,
) -> Page {
    let catalog = question.catalog;
    let endpoint = &catalog.endpoints[report.endpoint];
    let mut rows: Vec<(bool, String, String)> = Vec::new();
    let asked: Vec<usize> = report
        .verdicts
        .iter()
        .map(|(holder, _)| holder.key_type)
        .collect();
    if let Auth::Key(requirement) = &endpoint.auth {
        for key_type in &asked {
            rows.push(credential_row(catalog, requirement, *key_type, report));
        }
    }
    if let Some(keyless) = &endpoint.keyless {
        let needs = match &keyless.sent {
            Some(sent) => format!("no API key: {sent}"),
            None => "no API key".to_owned(),
        };
        let at = rows
            .iter()
            .position(|(open, ..)| !open)
            .unwrap_or(rows.len());
        rows.insert(at, (true, keyless.credential.clone(), needs));
    }
    rows.sort_by_key(|(open, ..)| !open);
    let open = rows.iter().filter(|(open, ..)| *open).count();
    let effect = effect(endpoint);
    let answer = match (&endpoint.keyless, report.verdicts.as_slice()) {
        (Some(keyless), [(_, Verdict::Keyless)]) => {
            let key_type = &catalog.key_types[asked[0]].name;
            format!(
                "{name} {effect} needs no key from a {key_type}: the {} opens it",
                keyless.credential
            )
        }
        (Some(_), _) => format!(
            "{name} {effect} is open in {open} {}",
            if open == 1 { "way" } else { "ways" }
        ),
        (None, _) if open == 0 => {
            format!("{name} {effect} is closed to every key type asked about")
        }
        (None, _) => {
            let whose = match (open < catalog.key_types.len(), asked.len()) {
                (true, 2..) => {
                    let names: Vec<&str> = rows
                        .iter()
                        .filter(|(open, ..)| *open)
                        .map(|(_, name, _)| name.as_str())
                        .collect();
                    format!(", on a {}", names.join(" or "))
                }
                _ => String::new(),
            };
            format!(
                "{name} {effect} {}{whose}",
                needs(catalog, endpoint, &report.ways)
            )
        }
    };
    let mut page = Page::new(style, &answer);
    let mut table = Table::new(&["Credential", "Answer", "Needs"]);
    for (open, credential, needs) in rows {
        let answer = if open {
            ("open", Tone::Good)
        } else {
            ("closed", Tone::Dim)
        };
        table.row([
            (credential, Tone::Plain),
            (answer.0.to_owned(), answer.1),
            (needs, Tone::Plain),
        ]);
    }
    page.table(&table);
    page
}

fn credential_row(
    catalog: &Catalog,
    requirement: &Requirement,
    key_type: usize,
    report: &EndpointReport,
) -> (bool, String, String) {
    let credential = catalog.key_types[key_type].noun();
    let open: Vec<String> = report
        .ways
        .iter()
        .filter(|way| way.alternative.key_types.has(key_type))
        .map(|way| all_of(catalog, &way.alternative.scopes))
        .collect();
    if requirement.free_for().has(key_type) {
        return (true, credential, "no scope".to_owned());
    }
    if !open.is_empty() {
        return (true, credential, open.join(" or "));
    }
    let scopes = requirement.scopes();
    let types: Vec<&str> = requirement
        .key_types()
        .iter()
        .filter_map(|index| catalog.key_types.get(index))
        .map(|t| t.name.as_str())
        .collect();
    let why = match (scopes.as_slice(), types.is_empty()) {
        (_, true) => "no key type can meet it".to_owned(),
        ([one], _) if catalog.scope(*one).key_types.has(key_type) => {
            format!("this endpoint is for {} keys only", types.join(" and "))
        }
        ([one], _) => format!(
            "{} is for {} keys only",
            catalog.name(*one),
            types.join(" and ")
        ),
        (_, _) => format!("for {} keys only", types.join(" and ")),
    };
    (false, credential, why)
}

/// The screen for a set and an endpoint together: may this set call that?
pub fn verdict(
    question: &EndpointQuestion<'_>,
    written: &ScopeSet,
    what: &str,
    style: Style,
) -> String {
    let catalog = question.catalog;
    let mut text = String::new();
    for report in question.reports {
        let endpoint = &catalog.endpoints[report.endpoint];
        let mode = endpoint
            .mode
            .map(|mode| format!(" mode={}", catalog.modes[mode]))
            .unwrap_or_default();
        let name = format!(
            "{}: {} {}{mode}",
            catalog.provider, endpoint.method, endpoint.path
        );
        // The same answer for every type of key is one answer.
        let is_one = report
            .verdicts
            .iter()
            .all(|(_, verdict)| *verdict == report.verdicts[0].1);
        let said = if is_one { 1 } else { report.verdicts.len() };
        for (holder, verdict) in report.verdicts.iter().take(said) {
            let whose = match said {
                1 => what.to_owned(),
                _ => format!("{what} on a {}", catalog.key_types[holder.key_type].noun()),
            };
            let state = match verdict {
                Verdict::Allowed(_) => format!("is open to {whose}"),
                Verdict::Public => "needs no key".to_owned(),
                Verdict::Keyless => {
                    let key_type = catalog.key_types[holder.key_type].noun();
                    format!("is open without a {key_type}")
                }
                Verdict::NotStated => "needs what the provider does not say".to_owned(),
                _ => format!("is closed to {whose}"),
            };
            let mut page = Page::new(style, &format!("{name} {state}: {}", verdict.name()));
            evidence(
                question,
                *holder,
                verdict,
                report.endpoint,
                written,
                &mut page,
            );
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&page.finish());
        }
    }
    text
}

fn evidence(
    question: &EndpointQuestion<'_>,
    holder: crate::model::Holder,
    verdict: &Verdict,
    index: usize,
    written: &ScopeSet,
    page: &mut Page,
) {
    let catalog = question.catalog;
    let endpoint = &catalog.endpoints[index];
    let mut lines: Vec<(&str, ScopeId)> = Vec::new();
    match verdict {
        Verdict::Allowed(via) if via.is_empty() => {
            page.note("any key of this type opens it, without a scope");
        }
        Verdict::Allowed(via) => lines.extend(via.iter().map(|id| ("by", *id))),
        Verdict::MissingScope(missing) => {
            for (index, alternative) in missing.iter().enumerate() {
                let lead = if index == 0 { "needs" } else { "or" };
                lines.extend(
                    alternative
                        .iter()
                        .enumerate()
                        .map(|(i, id)| (if i == 0 { lead } else { "and" }, *id)),
                );
            }
            let effective = catalog.effective(holder, written);
            let mut has: Vec<ScopeId> = effective.iter().collect();
            has.sort_by_key(|id| {
                (
                    std::cmp::Reverse(catalog.scope(*id).risk_on(holder.key_type)),
                    catalog.name(*id).to_owned(),
                )
            });
            lines.extend(
                has.into_iter()
                    .enumerate()
                    .map(|(i, id)| (if i == 0 { "has" } else { "" }, id)),
            );
        }
        Verdict::Rejected => page.note(endpoint.rejected.clone().unwrap_or_default()),
        Verdict::Keyless => {
            if let Some(keyless) = &endpoint.keyless {
                page.note(format!(
                    "the {} opens it: {}",
                    keyless.credential, keyless.because
                ));
            }
        }
        Verdict::WrongKeyType(types) => {
            let names: Vec<&str> = types
                .iter()
                .filter_map(|i| catalog.key_types.get(i))
                .map(|t| t.name.as_str())
                .collect();
            match names.as_slice() {
                [] => page.note("no type of key can meet it"),
                names => page.note(format!(
                    "no scope helps on this type of key; these could: {}",
                    names.join(", ")
                )),
            }
        }
        Verdict::WrongEnvironment => {
            let names: Vec<&str> = (0..catalog.environments.len())
                .filter(|place| catalog.endpoint_is_usable(index, Some(*place)))
                .map(|place| catalog.environments[place].name.as_str())
                .collect();
            page.note(match names.as_slice() {
                [] => "no environment has the scopes for it".to_owned(),
                names => format!("it can be called in {} only", names.join(", ")),
            });
        }
        Verdict::NotStated => page.note("unknown is neither yes nor no; ask the provider"),
        Verdict::Public => page.note("it is public"),
    }
    if lines.is_empty() {
        return;
    }
    page.gap();
    let width = lines
        .iter()
        .map(|(_, id)| catalog.name(*id).chars().count())
        .max()
        .unwrap_or(0);
    for (lead, id) in lines {
        let risk = catalog.scope(id).risk_on(holder.key_type);
        page.toned(
            &format!("   {lead:<5}  {:<width$}   {risk}", catalog.name(id)),
            Tone::Plain,
        );
    }
}

/// Why a verdict is what it is, in a sentence for JSON.
pub(super) fn why(catalog: &Catalog, endpoint: usize, verdict: &Verdict) -> String {
    let entry = &catalog.endpoints[endpoint];
    let text = match verdict {
        Verdict::WrongEnvironment => "it does not exist in this environment".to_owned(),
        Verdict::Rejected => entry.rejected.clone().unwrap_or_default(),
        Verdict::Public => "it is public".to_owned(),
        Verdict::NotStated => "the provider does not say what it needs".to_owned(),
        Verdict::Allowed(via) if via.is_empty() => {
            "any key of this type opens it, without a scope".to_owned()
        }
        Verdict::Allowed(via) => format!("opened by {}", all_of(catalog, via)),
        Verdict::MissingScope(missing) => {
            let ways: Vec<String> = missing.iter().map(|way| all_of(catalog, way)).collect();
            format!("it lacks {}", ways.join(" or "))
        }
        Verdict::Keyless => entry
            .keyless
            .as_ref()
            .map(|keyless| format!("no key is needed: {}", keyless.because))
            .unwrap_or_default(),
        Verdict::WrongKeyType(_) => "no scope helps on this type of key".to_owned(),
    };
    wrapped(&text, "", None).trim_end().to_owned()
}
