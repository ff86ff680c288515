//! `recommend`: the least set, why each scope of it, and what comes along.

use super::{RecommendQuestion, Traffic};
use crate::model::{
    Auth, Branch, Call, Catalog, ChoiceId, Effect, EndpointId, Holder, Mask, NeedKind, RecipeId,
    ScopeId, ScopeSet, Verdict,
};
use crate::recommend::{ChoiceAnswer, Met, OtherType, ProviderList, Recommendation, Wanted};
use crate::render::about::{about, exclusion, of_them_write};
use crate::render::page::{Page, call_line, effects};
use crate::render::style::{Style, Tone};
use crate::render::table::Table;
use crate::source::count;

/// The screen.
pub fn recommendation(question: &RecommendQuestion<'_>, style: Style) -> String {
    let answer = question.answer;
    let mut page = Page::new(style, &first_line(question));
    match question.has {
        _ if answer.exclusion.is_some() => {}
        Some(has) => {
            changes(question, has, &mut page);
            recipes(question, &mut page);
        }
        None => {
            scopes(question, &mut page);
            why(question, &mut page);
            recipes(question, &mut page);
            excess(question, &mut page);
            other_types(question, &mut page);
        }
    }
    let scopes: Vec<ScopeId> = answer.scopes.iter().map(|one| one.scope).collect();
    about(
        question.catalog,
        &[answer.holder.key_type],
        &scopes,
        &mut page,
    );
    unmet(question, &mut page);
    unmatched(question.traffic, &mut page);
    notes(question, &mut page);
    if question.has.is_none() && !answer.scopes.is_empty() {
        page.help("to paste into the dashboard, add --format lines; for a key file, --format yaml");
    }
    if answer
        .exclusion
        .as_ref()
        .is_some_and(|one| !one.needs.is_empty())
    {
        page.help("split the needs over several keys, each with those that go together");
    }
    if answer.needs.iter().any(|(_, met)| *met == Met::NotStated) {
        page.help("ask the provider, then add the endpoint to your own catalog");
    }
    page.finish()
}

fn first_line(question: &RecommendQuestion<'_>) -> String {
    let RecommendQuestion {
        answer, subject, ..
    } = question;
    let all = answer.needs.len();
    let met = answer.needs.iter().filter(|(_, met)| met.is_met()).count();
    let proven = if answer.proven {
        "proven minimal"
    } else {
        "not proven minimal: the search reached its limit"
    };
    let needs = count(all, "need");
    match &answer.exclusion {
        Some(exclusion) if exclusion.needs.is_empty() => {
            return format!(
                "{subject}: no set for {needs} was found: the search reached its limit"
            );
        }
        Some(_) => return format!("{subject}: no one key meets {needs}"),
        None => {}
    }
    match (answer.scopes.len(), met == all) {
        (0, true) if all == 0 && !answer.left_out.is_empty() => {
            format!("{subject}: none of the needs exists in this environment")
        }
        (0, true) if all == 0 => {
            format!("{subject}: none of the needs is an endpoint of this catalog")
        }
        (0, true) => format!("{subject}: no scope is needed for {needs}"),
        (0, false) => format!("{subject}: {met} of {needs} can be met, without a scope"),
        (1, true) => format!("{subject}: 1 scope is enough for {needs} ({proven})"),
        (scopes, true) => {
            format!("{subject}: {scopes} scopes are enough for {needs} ({proven})")
        }
        (scopes, false) => format!(
            "{subject}: {} for {met} of {needs} ({proven})",
            count(scopes, "scope")
        ),
    }
}

fn scopes(question: &RecommendQuestion<'_>, page: &mut Page) {
    let RecommendQuestion {
        catalog, answer, ..
    } = question;
    if answer.scopes.is_empty() {
        return;
    }
    let mut table = Table::new(&["Scope", "Risk", "Also opens"]);
    for chosen in &answer.scopes {
        let scope = catalog.scope(chosen.scope);
        let risk = scope.risk_on(answer.holder.key_type);
        table.row([
            (scope.name.clone(), Tone::Plain),
            (risk.to_string(), risk.into()),
            (effects(catalog, &chosen.also_opens), Tone::Plain),
        ]);
    }
    page.table(&table);
}

fn why(question: &RecommendQuestion<'_>, page: &mut Page) {
    let RecommendQuestion {
        catalog, answer, ..
    } = question;
    // With a single scope there is nothing to distinguish.
    if answer.scopes.len() < 2 {
        return;
    }
    page.gap();
    page.line("why: without the scope, this need fails");
    for chosen in &answer.scopes {
        page.line(&format!(" {}", catalog.name(chosen.scope)));
        let needs = chosen.because.iter().map(|need| &answer.needs[*need].0);
        for line in needs.flat_map(|need| need_lines(catalog, answer, need, Some(chosen.scope))) {
            page.line(&format!("   {line}"));
        }
    }
}

/// An endpoint's line, or the name of an event or a scope. For a choice, the calls of the branch that the answer takes
/// (for one scope, those that need it), or each branch if the answer takes none.
fn need_lines(
    catalog: &Catalog,
    answer: &Recommendation,
    need: &Wanted,
    scope: Option<ScopeId>,
) -> Vec<String> {
    let line = match need.kind {
        NeedKind::Endpoint(endpoint) => {
            let inferred = need.inferred;
            call_line(catalog, Call { endpoint, inferred })
        }
        NeedKind::Choice(index) => {
            let answer = answer.choices.iter().find(|one| one.choice == index);
            let taken = answer.and_then(ChoiceAnswer::taken);
            let branches = &catalog.choices[index].branches;
            let Some(taken) = taken.and_then(|taken| branches.get(taken)) else {
                let leads = std::iter::once("either").chain(std::iter::repeat("or"));
                let branches = branches.iter().zip(leads);
                return branches
                    .map(|(branch, lead)| format!("{lead:<7} {}", branch_name(catalog, branch)))
                    .collect();
            };
            let asks = |call: &&Call| {
                let asked = catalog.scopes_of(NeedKind::Endpoint(call.endpoint));
                scope.is_none_or(|scope| asked.iter().any(|id| catalog.closure(scope).has(*id)))
            };
            let calls = taken.calls.iter().filter(asks);
            return calls.map(|call| call_line(catalog, *call)).collect();
        }
        NeedKind::Event(index) => format!("event   {}", catalog.events[index].name),
        NeedKind::Scope(id) => format!("scope   {}", catalog.name(id)),
    };
    vec![line]
}

/// `POST /a and GET /b (inferred)`.
fn branch_name(catalog: &Catalog, branch: &Branch) -> String {
    let calls = branch.calls.iter().map(|call| {
        let inferred = if call.inferred { " (inferred)" } else { "" };
        format!("{}{inferred}", catalog.endpoint_name(call.endpoint))
    });
    calls.collect::<Vec<_>>().join(" and ")
}

/// Notes on the recipes among the needs: the branch of each choice, inferred steps that no other line mentions, and the
/// provider's own list.
fn recipes(question: &RecommendQuestion<'_>, page: &mut Page) {
    let RecommendQuestion {
        catalog, answer, ..
    } = question;
    let recipe_of = |choice: ChoiceId| {
        let mut needs = answer.needs.iter().map(|(need, _)| need);
        let need = needs.find(|need| need.kind == NeedKind::Choice(choice));
        let recipe = need.and_then(|need| need.recipe);
        recipe.map_or("", |index| &catalog.recipes[index].name)
    };
    let mut lines: Vec<String> = Vec::new();
    for one in &answer.choices {
        let Some(taken) = one.taken() else { continue };
        let branches = &catalog.choices[one.choice].branches;
        let others = branches.iter().zip(&one.branches).enumerate();
        let others = others.filter_map(|(index, (branch, verdict))| {
            let name = branch_name(catalog, branch);
            match verdict {
                _ if index == taken => None,
                Verdict::Allowed(_) | Verdict::Public | Verdict::MissingScope(_) => Some(name),
                Verdict::NotStated => Some(format!("{name} (not stated)")),
                // This key cannot take the branch, so it is not offered.
                _ => None,
            }
        });
        let others: Vec<String> = others.collect();
        let rather = if others.is_empty() {
            String::new()
        } else {
            format!(", rather than {}", others.join(" or "))
        };
        let recipe = recipe_of(one.choice);
        let taken = branch_name(catalog, &branches[taken]);
        lines.push(format!("{recipe}: {taken}{rather}"));
    }
    let says_why = question.has.is_none() && answer.scopes.len() > 1;
    let inferred = answer.needs.iter().filter_map(|(need, met)| {
        let is_listed = says_why || !matches!(met, Met::Scopes(_));
        (need.inferred && !is_listed).then(|| catalog.need_name(need.kind))
    });
    let inferred: Vec<String> = inferred.collect();
    if !inferred.is_empty() {
        lines.push(format!("inferred: {}", inferred.join(", ")));
    }
    if !lines.is_empty() {
        page.gap();
    }
    for line in lines {
        page.paragraph("", &line);
    }
    if question.has.is_none() {
        for list in &answer.lists {
            provider_list(catalog, list, page);
        }
        let asked = answer.needs.iter().filter_map(|(need, _)| need.recipe);
        let mut asked: Vec<RecipeId> = asked.collect();
        asked.sort_unstable();
        asked.dedup();
        asked.retain(|index| !answer.lists.iter().any(|list| list.recipes.contains(index)));
        for recipe in asked.into_iter().map(|index| &catalog.recipes[index]) {
            if let Some(note) = &recipe.note {
                page.gap();
                page.paragraph("", &format!("{}: {note}", recipe.name));
            }
        }
    }
}

/// The provider's own list for some recipes against the answer, with what the catalog notes on the recipes.
fn provider_list(catalog: &Catalog, list: &ProviderList, page: &mut Page) {
    let recipes = list.recipes.iter().map(|index| &catalog.recipes[*index]);
    let names: Vec<&str> = recipes.clone().map(|recipe| recipe.name.as_str()).collect();
    page.gap();
    page.paragraph(
        "",
        &format!(
            "{} calls {} adequate for {}",
            catalog.title,
            count(list.scopes.len(), "scope"),
            names.join(" and ")
        ),
    );
    let parts = [
        ("not needed", &list.unneeded),
        ("needed, but not listed", &list.unlisted),
    ];
    for (what, scopes) in parts {
        if scopes.is_empty() {
            continue;
        }
        let scopes_named: Vec<&str> = scopes.iter().map(|id| catalog.name(*id)).collect();
        page.paragraph("   ", &format!("{what}: {}", scopes_named.join(" ")));
    }
    let mut notes: Vec<&str> = recipes.filter_map(|one| one.note.as_deref()).collect();
    notes.dedup();
    for note in notes {
        page.paragraph("   ", note);
    }
}

fn excess(question: &RecommendQuestion<'_>, page: &mut Page) {
    let RecommendQuestion {
        catalog,
        answer,
        excess,
        ..
    } = question;
    if answer.excess.is_empty() {
        return;
    }
    let is_write = |index: &&EndpointId| catalog.endpoints[**index].effect == Effect::Write;
    let writes: Vec<EndpointId> = answer.excess.iter().filter(is_write).copied().collect();
    let hides_reads = !excess && writes.len() < answer.excess.len();
    let hint = if hides_reads {
        " (--excess lists the reads)"
    } else {
        ""
    };
    page.gap();
    page.line(&format!(
        "also opened, not needed: {}{hint}",
        effects(catalog, &answer.excess)
    ));
    page.endpoints(catalog, 3, if *excess { &answer.excess } else { &writes });
}

/// What to do to a key that exists: add, remove, keep.
fn changes(question: &RecommendQuestion<'_>, has: &ScopeSet, page: &mut Page) {
    let RecommendQuestion {
        catalog, answer, ..
    } = question;
    let chosen: Vec<ScopeId> = answer.scopes.iter().map(|chosen| chosen.scope).collect();
    let by_risk = |scopes: Vec<ScopeId>| {
        let mut scopes = scopes;
        scopes.sort_by_key(|id| {
            let scope = catalog.scope(*id);
            (
                std::cmp::Reverse(scope.risk_on(answer.holder.key_type)),
                scope.name.clone(),
            )
        });
        scopes
    };
    let add = by_risk(chosen.iter().copied().filter(|id| !has.has(*id)).collect());
    let remove = by_risk(has.iter().filter(|id| !chosen.contains(id)).collect());
    let keep = by_risk(chosen.iter().copied().filter(|id| has.has(*id)).collect());
    let mut table = Table::new(&["Do", "Scope", "Risk"]);
    for (what, tone, scopes) in [
        ("add", Tone::Good, add),
        ("remove", Tone::Bad, remove),
        ("keep", Tone::Plain, keep),
    ] {
        for id in scopes {
            let risk = catalog.scope(id).risk_on(answer.holder.key_type);
            table.row([
                (what.to_owned(), tone),
                (catalog.name(id).to_owned(), Tone::Plain),
                (risk.to_string(), risk.into()),
            ]);
        }
    }
    page.table(&table);
    let unknown = has
        .iter()
        .filter(|id| !chosen.contains(id) && !catalog.opens_something(*id))
        .count();
    if unknown > 0 {
        let scopes = count(unknown, "scope");
        page.note(format!(
            "this catalog does not know what {scopes} to remove would open"
        ));
    }
}

/// The needs that no scope meets, under the reason.
fn unmet(question: &RecommendQuestion<'_>, page: &mut Page) {
    let RecommendQuestion {
        catalog, answer, ..
    } = question;
    let key_type = catalog.key_types[answer.holder.key_type].noun();
    let mut groups: Vec<(String, Vec<&Wanted>)> = Vec::new();
    for (need, met) in &answer.needs {
        let reason = match met {
            Met::Scopes(_) => continue,
            Met::AnyKey => any_key(catalog, need.kind, answer.holder),
            Met::NoKey => no_key(catalog, need.kind),
            Met::NotStated => "not stated by the provider, so no scope can be named".to_owned(),
            Met::Impossible(verdict) => impossible(catalog, need.kind, verdict, &key_type),
            Met::Excluded => excluded(catalog, answer),
        };
        match groups.iter_mut().find(|(other, _)| *other == reason) {
            Some((_, needs)) => needs.push(need),
            None => groups.push((reason, vec![need])),
        }
    }
    for (reason, needs) in groups {
        page.gap();
        page.line(&reason);
        for need in needs {
            for line in need_lines(catalog, answer, need, None) {
                page.line(&format!("  {line}"));
            }
        }
    }
}

/// Why no key meets needs that exclude each other.
pub(super) fn excluded(catalog: &Catalog, answer: &Recommendation) -> String {
    let conflicts = answer.exclusion.iter().flat_map(|one| &one.conflicts);
    let sentences = conflicts.map(|(index, scopes)| exclusion(catalog, *index, scopes));
    let sentences: Vec<String> = sentences.collect();
    sentences.join("; ")
}

/// Which keys meet a need without a scope: any key, or any of this type.
fn any_key(catalog: &Catalog, need: NeedKind, holder: Holder) -> String {
    let requirement = match need {
        NeedKind::Endpoint(index) => catalog.endpoints[index].auth.requirement(),
        NeedKind::Event(index) => Some(&catalog.events[index].requirement),
        NeedKind::Scope(_) | NeedKind::Choice(_) => None,
    };
    let all = Mask::first(catalog.key_types.len());
    if requirement.is_some_and(|one| all.is_subset(one.free_for())) {
        "open to any key, without a scope".to_owned()
    } else {
        let key = catalog.key_types[holder.key_type].with_article();
        format!("open to {key}, without a scope")
    }
}

/// What the other suitable key types would additionally open.
fn other_types(question: &RecommendQuestion<'_>, page: &mut Page) {
    let RecommendQuestion {
        catalog, answer, ..
    } = question;
    if question.key_type_named {
        return;
    }
    let others: Vec<&OtherType> = answer
        .key_types
        .iter()
        .filter(|other| other.feasible && other.key_type != answer.holder.key_type)
        .collect();
    if others.is_empty() {
        return;
    }
    page.gap();
    page.line("other key types that can do it");
    for other in others {
        let noun = catalog.key_types[other.key_type].noun();
        let scopes = match other.scopes.len() {
            0 => "no scope".to_owned(),
            number => count(number, "scope"),
        };
        let excess = effects(catalog, &other.excess);
        page.line(&format!("   {noun}: {scopes}; also opens {excess}"));
    }
}

fn no_key(catalog: &Catalog, need: NeedKind) -> String {
    let keyless = match need {
        NeedKind::Endpoint(index) => catalog.endpoints[index].keyless.as_ref(),
        NeedKind::Event(_) | NeedKind::Scope(_) | NeedKind::Choice(_) => None,
    };
    match keyless {
        Some(keyless) => format!("no key needed: the {} opens it", keyless.credential),
        None => "public: no key needed".to_owned(),
    }
}

/// Why a need cannot be met, in words.
pub(super) fn impossible(
    catalog: &Catalog,
    need: NeedKind,
    verdict: &Verdict,
    key_type: &str,
) -> String {
    match (verdict, need) {
        (Verdict::Rejected, NeedKind::Endpoint(index)) => {
            let why = catalog.endpoints[index]
                .rejected
                .as_deref()
                .unwrap_or_default();
            format!("impossible: always rejected, {why}")
        }
        (Verdict::Rejected, _) => "impossible: always rejected".to_owned(),
        (Verdict::WrongKeyType(types), _) => {
            let names: Vec<&str> = types
                .iter()
                .filter_map(|index| catalog.key_types.at(index))
                .map(|t| t.name.as_str())
                .collect();
            match names.as_slice() {
                [] => "impossible: no type of key can do it".to_owned(),
                names => format!("impossible on a {key_type}, only on: {}", names.join(", ")),
            }
        }
        (Verdict::WrongEnvironment, _) => {
            "impossible here: it does not exist in this environment".to_owned()
        }
        _ => "impossible: no scope that this key can carry opens it".to_owned(),
    }
}

fn unmatched(traffic: &Traffic, page: &mut Page) {
    if traffic.unmatched_total == 0 {
        return;
    }
    let total = traffic.unmatched_total;
    let requests = if total == 1 {
        "1 request".to_owned()
    } else {
        format!("{total} requests")
    };
    page.gap();
    let matches = if total == 1 { "matches" } else { "match" };
    page.line(&format!(
        "{requests} of the log {matches} no endpoint in this catalog"
    ));
    for (shape, number) in &traffic.unmatched {
        let (method, target) = shape.split_once(' ').unwrap_or((shape, ""));
        page.line(&format!("  {number:>6}  {method:<7} {target}"));
    }
}

/// The environments that the answer is not for.
fn other_environments(question: &RecommendQuestion<'_>, page: &mut Page) {
    let RecommendQuestion {
        catalog, answer, ..
    } = question;
    if !question.others.is_empty() {
        let here = match answer.holder.environment {
            Some(index) => &catalog.environments[index].name,
            None => "no specific environment",
        };
        let option = match question.others {
            [one] => one,
            _ => "ENV",
        };
        page.note(format!(
            "this is for {here}; there are also needs in {} (-e {option})",
            question.others.join(" and ")
        ));
    }
}

fn notes(question: &RecommendQuestion<'_>, page: &mut Page) {
    let RecommendQuestion {
        catalog,
        answer,
        traffic,
        ..
    } = question;
    for (file, format) in &traffic.files {
        page.note(traffic_note(traffic, file, format));
    }
    if !answer.left_out.is_empty() {
        let names = answer.left_out.iter();
        let names: Vec<String> = names.map(|index| catalog.endpoint_name(*index)).collect();
        let place = match answer.holder.environment {
            Some(index) => format!("in {}", catalog.environments[index].name),
            None => "here".to_owned(),
        };
        page.note(format!(
            "left out, does not exist {place}: {}",
            names.join(", ")
        ));
    }
    other_environments(question, page);
    let mut keyless = answer.needs.iter().filter(|(_, met)| *met == Met::NoKey);
    let because = keyless.find_map(|(need, _)| match need.kind {
        NeedKind::Endpoint(index) => catalog.endpoints[index].keyless.as_ref(),
        NeedKind::Event(_) | NeedKind::Scope(_) | NeedKind::Choice(_) => None,
    });
    if let Some(keyless) = because {
        page.note(keyless.because.clone());
    }
    for note in readings(catalog, answer, question.dropped_queries) {
        page.note(note);
    }
    wider_sets(question, page);
    if let Some(tie) = answer.ties.first() {
        let names: Vec<&str> = tie.iter().map(|id| catalog.name(*id)).collect();
        page.note(format!(
            "{} the same cost, for example: {}",
            sets(answer.ties.len()),
            names.join(" ")
        ));
    }
    let others = answer.key_types.iter();
    let cannot: Vec<String> = others
        .filter(|other| !other.feasible && other.key_type != answer.holder.key_type)
        .map(|other| catalog.key_types[other.key_type].with_article())
        .collect();
    if !cannot.is_empty() && answer.feasible {
        page.note(format!("{} cannot do all of it", cannot.join(" or ")));
    }
}

/// What a log came to.
fn traffic_note(traffic: &Traffic, file: &str, format: &str) -> String {
    let matched = match traffic.matched {
        1 => "1 request matches".to_owned(),
        matched => format!("{matched} requests match"),
    };
    let skipped = match traffic.skipped {
        0 => "no lines".to_owned(),
        1 => "1 line".to_owned(),
        skipped => format!("{skipped} lines"),
    };
    let too_long = traffic.of_too_long();
    let too_long = too_long.map_or_else(String::new, |lines| format!(" ({lines})"));
    format!("read {file} as {format}: {matched} an endpoint, {skipped} skipped{too_long}")
}

/// The sets that people take instead of the least one, and what they open beyond it.
fn wider_sets(question: &RecommendQuestion<'_>, page: &mut Page) {
    let RecommendQuestion {
        catalog, answer, ..
    } = question;
    if let (Some(adequate), true) = (&answer.adequate, question.has.is_none())
        && !adequate.opens_more.is_empty()
    {
        let more = adequate.opens_more.len();
        let opened = adequate.opens_more.iter();
        let writes = opened.filter(|index| catalog.endpoints[**index].effect == Effect::Write);
        page.note(format!(
            "the {} scopes that the provider's page calls adequate also work; they open {} more{}",
            adequate.scopes,
            count(more, "endpoint"),
            of_them_write(more, writes.count())
        ));
    }
    if let Some(bundle) = &answer.bundle
        && let Some(index) = bundle.bundle
    {
        page.note(format!(
            "the bundle `{}` also works, with {}; it opens {} more",
            catalog.bundles[index].name,
            count(bundle.scopes, "scope"),
            effects(catalog, &bundle.opens_more)
        ));
    }
}

/// How ambiguous needs were understood: the assumed modes, the ignored queries, and the reading of arrays.
pub(super) fn readings(
    catalog: &Catalog,
    answer: &Recommendation,
    dropped_queries: &[String],
) -> Vec<String> {
    let needs = answer.needs.iter().map(|(need, _)| need);
    let defaults = needs.filter(|need| need.default_mode);
    let modes = defaults.filter_map(|need| other_modes(catalog, need.kind));
    let queries = dropped_queries
        .iter()
        .map(|name| format!("no mode of {name} has a query, so the query was ignored"));
    let optional = answer.needs.iter().filter_map(|(need, _)| match need.kind {
        NeedKind::Endpoint(index) if catalog.endpoints[index].optional => {
            let name = catalog.endpoint_name(index);
            Some(format!("`{name}` can also be called without a key"))
        }
        _ => None,
    });
    let arrays = answer.other_reading.iter().map(|one| {
        let names: Vec<&str> = one.scopes.iter().map(|id| catalog.name(*id)).collect();
        let set = if names.is_empty() {
            "no scope".to_owned()
        } else {
            names.join(", ")
        };
        format!(
            "arrays of scopes are read as {}-of; as {}-of it would be {set}",
            one.reading, one.other
        )
    });
    modes.chain(queries).chain(optional).chain(arrays).collect()
}

fn sets(number: usize) -> String {
    if number == 1 {
        "1 other set has".to_owned()
    } else {
        format!("{number} other sets have")
    }
}

/// What the modes that were not named need.
fn other_modes(catalog: &Catalog, need: NeedKind) -> Option<String> {
    let NeedKind::Endpoint(index) = need else {
        return None;
    };
    let endpoint = &catalog.endpoints[index];
    endpoint.mode?;
    let others = catalog.endpoints.ids().filter(|other| {
        let entry = &catalog.endpoints[*other];
        *other != index && entry.method == endpoint.method && entry.path == endpoint.path
    });
    let said: Vec<String> = others
        .map(|other| {
            let entry = &catalog.endpoints[other];
            let mode = entry.mode.map_or("", |mode| &catalog.modes[mode]);
            let needs = match (&entry.rejected, &entry.auth) {
                (Some(_), _) => "is always rejected".to_owned(),
                (None, Auth::Public) => "is public".to_owned(),
                (None, Auth::NotStated) => "is not stated".to_owned(),
                (None, Auth::Key(one)) if one.free_for().is_empty() => {
                    format!("needs {}", crate::render::about::requirement(catalog, one))
                }
                (None, Auth::Key(_)) => "needs no scope".to_owned(),
            };
            format!("mode={mode} {needs}")
        })
        .collect();
    let mode = endpoint.mode.map_or("", |mode| &catalog.modes[mode]);
    (!said.is_empty()).then(|| {
        format!(
            "{} {} was taken as mode={mode}, the default; {}",
            endpoint.method,
            endpoint.path,
            said.join(", ")
        )
    })
}
