//! `explain` of an endpoint or an event: what it needs, and its verdict on a set.

use crate::explain::{Target, TargetReport, Way};
use crate::model::{
    Auth, Catalog, Endpoint, Holder, KeyTypeId, Mask, Requirement, ScopeId, ScopeSet, Verdict,
    Wildcards,
};
use crate::render::about::about;
use crate::render::page::{Page, effects, key_names, wrapped};
use crate::render::style::{Style, Tone, columns};
use crate::render::table::Table;
use crate::source::count;

/// What was asked, and the answer for each mode of the operation.
#[derive(Debug)]
pub struct TargetQuestion<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// One report for each mode; one where there are no modes.
    pub reports: &'a [TargetReport],
    /// The environment that is asked about, where one is named.
    pub environment: Option<&'a str>,
    /// What else to know about how the question was read.
    pub notes: &'a [String],
}

/// The screen for an endpoint or an event alone: what it needs.
pub fn target(question: &TargetQuestion<'_>, style: Style) -> String {
    let TargetQuestion {
        catalog, reports, ..
    } = question;
    let Some(first) = reports.first() else {
        return String::new();
    };
    let name = match (first.target, reports.len()) {
        // With several modes, name the operation and not one of its modes.
        (Target::Endpoint(index), 2..) => {
            let endpoint = &catalog.endpoints[index];
            format!("{} {}", endpoint.method, endpoint.path)
        }
        (target, _) => target.name(catalog),
    };
    let name = format!("{}: {name}", catalog.provider);
    let refusal = match reports.len() {
        1 => first.refusal(),
        _ => None,
    };
    let mut page = if let Some(verdict) = refusal {
        refused(question, first, verdict, style)
    } else if reports.len() > 1 {
        modes(question, &name, style)
    } else if asks_by_type(catalog, first.target) {
        credentials(question, first, &name, style)
    } else {
        scopes(question, first, &name, style)
    };
    let mut named: Vec<ScopeId> = reports
        .iter()
        .flat_map(|report| &report.ways)
        .flat_map(|way| way.alternative.scopes.iter().copied())
        .collect();
    named.sort_unstable();
    named.dedup();
    let key_types: Vec<KeyTypeId> = first
        .at_best
        .iter()
        .map(|(holder, _)| holder.key_type)
        .collect();
    about(catalog, &key_types, &named, &mut page);
    notes(question, &mut page);
    page.finish()
}

/// Whether the answer differs by credential.
fn asks_by_type(catalog: &Catalog, target: Target) -> bool {
    match target {
        Target::Event(_) => catalog.key_types.len() > 1,
        Target::Endpoint(index) => {
            let endpoint = &catalog.endpoints[index];
            let keyed = matches!(endpoint.auth, Auth::Key(_)) && endpoint.rejected.is_none();
            keyed && (catalog.key_types.len() > 1 || endpoint.keyless.is_some())
        }
    }
}

/// The endpoint of a target, where it is one.
fn endpoint_of(catalog: &Catalog, target: Target) -> Option<&Endpoint> {
    match target {
        Target::Endpoint(index) => Some(&catalog.endpoints[index]),
        Target::Event(_) => None,
    }
}

/// The sentence on calls that are also let through without a key, if any are.
pub(super) fn without_key(
    catalog: &Catalog,
    targets: impl Iterator<Item = Target>,
) -> Option<String> {
    let optional =
        |target: &Target| endpoint_of(catalog, *target).is_some_and(|endpoint| endpoint.optional);
    let names = targets
        .filter(optional)
        .map(|target| format!("`{}`", target.name(catalog)));
    let names: Vec<String> = names.collect();
    (!names.is_empty()).then(|| format!("{} can also be called without a key", names.join(", ")))
}

/// "(write)", "(event)".
fn kind(catalog: &Catalog, target: Target) -> String {
    match endpoint_of(catalog, target) {
        Some(endpoint) => format!("({})", endpoint.effect),
        None => "(event)".to_owned(),
    }
}

/// The notes below the answer: its deprecation, where it exists, and the catalog's notes.
fn notes(question: &TargetQuestion<'_>, page: &mut Page) {
    let TargetQuestion {
        catalog, reports, ..
    } = question;
    let entries = || {
        reports
            .iter()
            .filter_map(|report| endpoint_of(catalog, report.target))
    };
    for note in question.notes {
        page.note(note.clone());
    }
    if let Some(endpoint) = entries().next().filter(|endpoint| endpoint.deprecated) {
        match &endpoint.replaced_by {
            Some(other) => page.note(format!("deprecated; use {other} instead")),
            None => page.note("deprecated"),
        }
    }
    if let Some(first) = reports.first().filter(|_| question.environment.is_none()) {
        let all = catalog.environments.ids();
        let usable = all
            .clone()
            .filter(|index| first.target.is_usable(catalog, Some(*index)));
        let names: Vec<&str> = usable
            .map(|index| catalog.environments[index].name.as_str())
            .collect();
        if !names.is_empty() && names.len() < all.len() {
            page.note(format!("it exists only in {}", names.join(", ")));
        }
    }
    let targets = reports.iter().map(|report| report.target);
    if let Some(note) = without_key(catalog, targets) {
        page.note(note);
    }
    let rejected = entries().filter_map(|endpoint| endpoint.rejected.as_ref());
    let keyless = entries().filter_map(|endpoint| Some(&endpoint.keyless.as_ref()?.because));
    let noted = entries().filter_map(|endpoint| endpoint.note.as_ref());
    let mut all: Vec<&String> = rejected.chain(keyless).chain(noted).collect();
    let mut seen = std::collections::HashSet::new();
    all.retain(|note| seen.insert(*note));
    for note in all {
        page.note(note.clone());
    }
}

/// The screen where no key that was asked about could do it: the first line ends with the verdict's name.
fn refused(
    question: &TargetQuestion<'_>,
    report: &TargetReport,
    verdict: &Verdict,
    style: Style,
) -> Page {
    let catalog = question.catalog;
    let name = format!("{}: {}", catalog.provider, report.target.name(catalog));
    let place = question
        .environment
        .map(str::to_owned)
        .or_else(|| {
            let (holder, _) = report.at_best.first()?;
            Some(catalog.environments[holder.environment?].name.clone())
        })
        .unwrap_or_else(|| "this environment".to_owned());
    let sentence = match verdict {
        Verdict::WrongEnvironment => {
            let exists = endpoint_of(catalog, report.target).is_none_or(|_| {
                let (holder, _) = report.at_best[0];
                match report.target {
                    Target::Endpoint(index) => catalog.endpoint_exists(index, holder.environment),
                    Target::Event(_) => true,
                }
            });
            if exists {
                format!("cannot be used in {place}")
            } else {
                format!("does not exist in {place}")
            }
        }
        Verdict::Rejected => "is always rejected, whatever the scopes".to_owned(),
        Verdict::NotStated => "has a requirement that the provider does not state".to_owned(),
        _ => match report.at_best.as_slice() {
            [(holder, _)] if catalog.key_types.len() > 1 => {
                format!(
                    "is closed to {}",
                    catalog.key_types[holder.key_type].with_article()
                )
            }
            _ => "is closed to every key type".to_owned(),
        },
    };
    let mut page = Page::new(style, &format!("{name} {sentence}: {}", verdict.name()));
    match verdict {
        Verdict::WrongEnvironment => page.note(usable_in(catalog, report.target)),
        Verdict::NotStated => {
            page.help("ask the provider, then add the endpoint to your own catalog with `extends`");
        }
        Verdict::WrongKeyType(types) => page.note(types_that_could(catalog, *types)),
        _ => {}
    }
    page
}

/// Where something can be used, in a sentence.
fn usable_in(catalog: &Catalog, target: Target) -> String {
    let names: Vec<&str> = catalog
        .environments
        .ids()
        .filter(|place| target.is_usable(catalog, Some(*place)))
        .map(|place| catalog.environments[place].name.as_str())
        .collect();
    match names.as_slice() {
        [] => "no environment has the scopes for it".to_owned(),
        names => format!("it exists only in {}", names.join(", ")),
    }
}

/// The types of key that could do what another cannot, in a sentence.
fn types_that_could(catalog: &Catalog, types: Mask<KeyTypeId>) -> String {
    let names: Vec<&str> = types
        .iter()
        .filter_map(|index| catalog.key_types.at(index))
        .map(|key_type| key_type.name.as_str())
        .collect();
    match names.as_slice() {
        [] => "no type of key can meet it".to_owned(),
        names => format!(
            "no scope helps on this type of key; these key types could: {}",
            names.join(", ")
        ),
    }
}

/// What a target needs of a key, in words: "needs any one of 2 scopes".
fn needs(catalog: &Catalog, target: Target, ways: &[Way]) -> String {
    let is_public = endpoint_of(catalog, target).is_some_and(|one| one.auth == Auth::Public);
    if is_public {
        return "is public, it needs no key: no-key-needed".to_owned();
    }
    match ways {
        [] => "is open to any key, without a scope: allowed".to_owned(),
        [way] => match way.alternative.scopes.as_slice() {
            [one] => format!("needs {}", catalog.name(*one)),
            several => format!("needs {} together", count(several.len(), "scope")),
        },
        several if several.iter().all(|way| way.alternative.scopes.len() == 1) => {
            format!("needs any one of {} scopes", several.len())
        }
        several => format!("needs any one of {} sets of scopes", several.len()),
    }
}

fn all_of(catalog: &Catalog, scopes: &[ScopeId]) -> String {
    scopes
        .iter()
        .map(|id| catalog.name(*id))
        .collect::<Vec<_>>()
        .join(" + ")
}

/// The highest risk of some scopes on the first key type that carries them.
fn risk_of(catalog: &Catalog, report: &TargetReport, way: &Way) -> (String, Tone) {
    let mut taking = report.at_best.iter().map(|(holder, _)| holder.key_type);
    let key_type = taking.find(|key_type| way.alternative.key_types.has(*key_type));
    let risks = way.alternative.scopes.iter().map(|id| match key_type {
        Some(key_type) => catalog.scope(*id).risk_on(key_type),
        None => catalog.scope(*id).risk,
    });
    risks.max().map_or((String::new(), Tone::Plain), |risk| {
        (risk.to_string(), risk.into())
    })
}

/// Any of some scopes: a row for each way, and what else it opens.
fn scopes(question: &TargetQuestion<'_>, report: &TargetReport, name: &str, style: Style) -> Page {
    let catalog = question.catalog;
    let answer = format!(
        "{name} {} {}",
        kind(catalog, report.target),
        needs(catalog, report.target, &report.ways)
    );
    let mut page = Page::new(style, &answer);
    if report.ways.is_empty() {
        return page;
    }
    let mut table = Table::new(&["Scope", "Risk", "Also opens"]);
    for way in &report.ways {
        let scopes = (all_of(catalog, &way.alternative.scopes), Tone::Plain);
        table.row([
            scopes,
            risk_of(catalog, report, way),
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
fn modes(question: &TargetQuestion<'_>, name: &str, style: Style) -> Page {
    let TargetQuestion {
        catalog, reports, ..
    } = question;
    // The mode that the request gets decides whether the answer is a refusal.
    let refusal = reports[0].refusal();
    let verdict = refusal.map_or_else(String::new, |verdict| format!(": {}", verdict.name()));
    let mut page = Page::new(
        style,
        &format!(
            "{name} {} has {} modes{verdict}",
            kind(catalog, reports[0].target),
            reports.len()
        ),
    );
    let has_queries = reports.iter().any(|report| {
        endpoint_of(catalog, report.target).is_some_and(|endpoint| !endpoint.query.is_empty())
    });
    let mut table = if has_queries {
        Table::new(&["Mode", "Query", "Answer", "Needs"])
    } else {
        Table::new(&["Mode", "Answer", "Needs"])
    };
    for report in *reports {
        let Some(endpoint) = endpoint_of(catalog, report.target) else {
            continue;
        };
        let mode = endpoint
            .mode
            .map_or("", |mode| &catalog.modes[mode])
            .to_owned();
        let (answer, tone, needs) = mode_row(catalog, endpoint, report);
        let mut cells = vec![(mode, Tone::Plain)];
        if has_queries {
            cells.push((endpoint.query.to_string(), Tone::Plain));
        }
        cells.extend([(answer.to_owned(), tone), (needs, Tone::Plain)]);
        table.row(cells);
    }
    page.table(&table);
    page
}

/// The answer for one mode, its tone, and what it needs.
fn mode_row(
    catalog: &Catalog,
    endpoint: &Endpoint,
    report: &TargetReport,
) -> (&'static str, Tone, String) {
    match report.refusal() {
        Some(Verdict::Rejected) => {
            let needs = match &catalog.wildcards {
                Wildcards::Named(named) if named.is_empty() => "nothing helps".to_owned(),
                Wildcards::Named(named) => format!("nothing helps, not even `{}`", named[0].0),
                Wildcards::Glob => "nothing helps, not even `*`".to_owned(),
            };
            ("always rejected", Tone::Bad, needs)
        }
        Some(Verdict::NotStated) => (
            "not stated",
            Tone::Caution,
            "the provider does not say".to_owned(),
        ),
        Some(Verdict::WrongEnvironment) => (
            "not here",
            Tone::Dim,
            "it does not exist in this environment".to_owned(),
        ),
        Some(_) => ("closed", Tone::Dim, "no type of key can meet it".to_owned()),
        None if endpoint.auth == Auth::Public => ("public", Tone::Good, "no key".to_owned()),
        None if report.ways.is_empty() => ("open to any key", Tone::Good, "no scope".to_owned()),
        None => {
            let ways: Vec<String> = report
                .ways
                .iter()
                .map(|way| all_of(catalog, &way.alternative.scopes))
                .collect();
            ("open with a scope", Tone::Plain, ways.join(" or "))
        }
    }
}

/// What differs by credential: a row for each.
fn credentials(
    question: &TargetQuestion<'_>,
    report: &TargetReport,
    name: &str,
    style: Style,
) -> Page {
    let catalog = question.catalog;
    let keyless = endpoint_of(catalog, report.target).and_then(|one| one.keyless.as_ref());
    let mut rows: Vec<(bool, String, String)> = Vec::new();
    if let Some(requirement) = report.target.requirement(catalog) {
        for (holder, at_best) in &report.at_best {
            rows.push(credential_row(
                catalog,
                requirement,
                *holder,
                at_best,
                report,
            ));
        }
    }
    let open_types: Vec<KeyTypeId> = report
        .at_best
        .iter()
        .filter(|(_, verdict)| matches!(verdict, Verdict::Allowed(_)))
        .map(|(holder, _)| holder.key_type)
        .collect();
    if let Some(keyless) = keyless {
        let needs = match &keyless.sent {
            Some(sent) => format!("no API key: {sent}"),
            None => "no API key".to_owned(),
        };
        rows.push((true, keyless.credential.clone(), needs));
    }
    rows.sort_by_key(|(open, ..)| !open);
    let open = rows.iter().filter(|(open, ..)| *open).count();
    let kind = kind(catalog, report.target);
    let answer = match (keyless, report.at_best.as_slice()) {
        (Some(keyless), [(holder, Verdict::Keyless)]) => format!(
            "{name} {kind} needs no key from {}: the {} opens it",
            catalog.key_types[holder.key_type].with_article(),
            keyless.credential
        ),
        (Some(_), _) => format!("{name} {kind} is open in {}", count(open, "way")),
        (None, _) => {
            // Key types that need no scope are listed separately.
            let requirement = report.target.requirement(catalog);
            let free = requirement.map_or(Mask::NONE, Requirement::free_for);
            let (freely, scoped): (Vec<KeyTypeId>, Vec<KeyTypeId>) =
                open_types.iter().partition(|index| free.has(**index));
            let on = |types: &[KeyTypeId]| key_names(catalog, types);
            let all = catalog.key_types.len();
            match (freely.as_slice(), scoped.as_slice()) {
                ([], scoped) if scoped.len() == all || report.at_best.len() == 1 => {
                    format!(
                        "{name} {kind} {}",
                        needs(catalog, report.target, &report.ways)
                    )
                }
                ([], scoped) => format!(
                    "{name} {kind} {}, on {}",
                    needs(catalog, report.target, &report.ways),
                    on(scoped)
                ),
                (freely, []) if freely.len() == all => {
                    format!("{name} {kind} {}", needs(catalog, report.target, &[]))
                }
                (freely, []) => {
                    format!(
                        "{name} {kind} is open to {}, without a scope: allowed",
                        on(freely)
                    )
                }
                (freely, scoped) => format!(
                    "{name} {kind} {} on {}, and no scope on {}",
                    needs(catalog, report.target, &report.ways),
                    on(scoped),
                    on(freely)
                ),
            }
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
    holder: Holder,
    at_best: &Verdict,
    report: &TargetReport,
) -> (bool, String, String) {
    let key_type = holder.key_type;
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
    if matches!(at_best, Verdict::Allowed(_)) {
        return (true, credential, open.join(" or "));
    }
    if matches!(at_best, Verdict::WrongEnvironment) {
        return (false, credential, "not in this environment".to_owned());
    }
    // Name the scopes that another type would need, and the key types that may carry a scope, not those of the
    // requirement.
    let scopes = requirement.scopes();
    let why = match scopes.as_slice() {
        [one] if !catalog.scope(*one).key_types.has(key_type) => {
            let types: Vec<KeyTypeId> = catalog.scope(*one).key_types.iter().collect();
            format!(
                "{} is only for {}",
                catalog.name(*one),
                plural_keys(catalog, &types)
            )
        }
        _ => {
            let types: Vec<KeyTypeId> = requirement.key_types().iter().collect();
            if types.is_empty() {
                "no key type can meet it".to_owned()
            } else {
                format!("only open to {}", plural_keys(catalog, &types))
            }
        }
    };
    (false, credential, why)
}

/// "server keys", "oauth and token keys".
fn plural_keys(catalog: &Catalog, types: &[KeyTypeId]) -> String {
    let names: Vec<String> = types
        .iter()
        .filter_map(|index| catalog.key_types.at(*index))
        .map(|key_type| format!("{}s", key_type.noun()))
        .collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

/// The screen for a set and an endpoint or an event together: may this set do that?
pub fn verdict(
    question: &TargetQuestion<'_>,
    written: &ScopeSet,
    what: &str,
    style: Style,
) -> String {
    let catalog = question.catalog;
    let mut text = String::new();
    for report in question.reports {
        let name = format!("{}: {}", catalog.provider, report.target.name(catalog));
        // If the answer is the same for every key type, show it once.
        let is_one = report
            .verdicts
            .iter()
            .all(|(_, verdict)| *verdict == report.verdicts[0].1);
        let said = if is_one { 1 } else { report.verdicts.len() };
        for (holder, verdict) in report.verdicts.iter().take(said) {
            let whose = match said {
                1 => what.to_owned(),
                _ => format!(
                    "{what} on {}",
                    catalog.key_types[holder.key_type].with_article()
                ),
            };
            let state = match verdict {
                Verdict::Allowed(_) => format!("is open to {whose}"),
                Verdict::Public => "needs no key".to_owned(),
                Verdict::Keyless => {
                    let key = catalog.key_types[holder.key_type].with_article();
                    format!("is open without {key}")
                }
                Verdict::NotStated => {
                    "has a requirement that the provider does not state".to_owned()
                }
                _ => format!("is closed to {whose}"),
            };
            let mut page = Page::new(style, &format!("{name} {state}: {}", verdict.name()));
            evidence(
                question,
                *holder,
                verdict,
                report.target,
                written,
                &mut page,
            );
            if let Some(note) = without_key(catalog, std::iter::once(report.target)) {
                page.note(note);
            }
            for note in question.notes {
                page.note(note.clone());
            }
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&page.finish());
        }
    }
    text
}

fn evidence(
    question: &TargetQuestion<'_>,
    holder: Holder,
    verdict: &Verdict,
    target: Target,
    written: &ScopeSet,
    page: &mut Page,
) {
    let catalog = question.catalog;
    let endpoint = endpoint_of(catalog, target);
    let mut lines: Vec<(&str, ScopeId)> = Vec::new();
    match verdict {
        Verdict::Allowed(via) if via.is_empty() => {
            page.note("any key of this type opens it, without a scope");
        }
        Verdict::Allowed(via) => lines.extend(via.iter().map(|id| ("by", *id))),
        Verdict::MissingScope(missing) => {
            for (number, alternative) in missing.iter().enumerate() {
                let lead = if number == 0 { "needs" } else { "or" };
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
        Verdict::Rejected => {
            if let Some(reason) = endpoint.and_then(|one| one.rejected.clone()) {
                page.note(reason);
            }
        }
        Verdict::Keyless => {
            if let Some(keyless) = endpoint.and_then(|one| one.keyless.as_ref()) {
                page.note(format!(
                    "the {} opens it: {}",
                    keyless.credential, keyless.because
                ));
            }
        }
        Verdict::WrongKeyType(types) => page.note(types_that_could(catalog, *types)),
        Verdict::WrongEnvironment => page.note(usable_in(catalog, target)),
        Verdict::NotStated => page.note("the answer is unknown; ask the provider"),
        Verdict::Public => page.note("it is public"),
    }
    if !lines.is_empty() {
        page.gap();
        let width = lines
            .iter()
            .map(|(_, id)| columns(catalog.name(*id)))
            .max()
            .unwrap_or(0);
        for (lead, id) in &lines {
            let risk = catalog.scope(*id).risk_on(holder.key_type);
            let name = catalog.name(*id);
            let gap = width - columns(name);
            page.toned(
                &format!("   {lead:<5}  {name}{:gap$}   {risk}", ""),
                risk.into(),
            );
        }
        let named: Vec<ScopeId> = lines.iter().map(|(_, id)| *id).collect();
        about(catalog, &[holder.key_type], &named, page);
    }
    let response = catalog
        .responses
        .iter()
        .find(|response| response.verdict == verdict.name());
    if let Some(response) = response.filter(|_| !verdict.may()) {
        page.note(format!("the provider answers {response}"));
    }
    if let (Verdict::MissingScope(_), Some(manage)) = (verdict, &catalog.manage) {
        page.help(manage.clone());
    }
}

/// Why a verdict is what it is, in a sentence for JSON.
pub(super) fn why(catalog: &Catalog, target: Target, verdict: &Verdict) -> String {
    let entry = endpoint_of(catalog, target);
    let text = match verdict {
        Verdict::WrongEnvironment => "it does not exist in this environment".to_owned(),
        Verdict::Rejected => entry
            .and_then(|one| one.rejected.clone())
            .unwrap_or_default(),
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
            .and_then(|one| one.keyless.as_ref())
            .map(|keyless| format!("no key is needed: {}", keyless.because))
            .unwrap_or_default(),
        Verdict::WrongKeyType(_) => "no scope helps on this type of key".to_owned(),
    };
    wrapped(&text, "", None).trim_end().to_owned()
}
