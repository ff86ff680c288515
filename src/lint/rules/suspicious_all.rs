//! `suspicious-all`: an AND that may mean OR.

use std::collections::{HashMap, HashSet};

use super::places::endpoint;
use crate::finding::{Finding, RuleId};
use crate::lint::phrases::{few, joined};
use crate::model::{
    Access, Alternative, Catalog, Effect, Endpoint, EndpointId, Requirement, Scope, ScopeId,
    ScopeSet,
};
use crate::source::{Date, Path};

/// More scopes than this are counted.
const MOST_NAMED: usize = 5;
/// More findings than this are one, if they are about most of the ANDs of a catalog.
const MOST_ALONE: usize = 10;

/// An endpoint that asks for scopes together of which one may be enough.
struct Suspicion<'a> {
    index: EndpointId,
    way: &'a Alternative,
    why: String,
}

pub(crate) fn find(catalog: &Catalog, _: &Date, findings: &mut Vec<Finding>) {
    if catalog
        .reading
        .as_ref()
        .is_some_and(|reading| reading.because.is_some())
    {
        // Somebody has looked, and says why.
        return;
    }
    let opened = Opened::of(catalog);
    let mut ands = 0;
    let mut suspected: Vec<Suspicion<'_>> = Vec::new();
    // An entry with several methods is one finding.
    let mut seen = HashSet::new();
    for (index, entry) in catalog.endpoints.entries() {
        if !seen.insert(catalog.entry_name(index)) {
            continue;
        }
        let requirement = entry.auth.requirement();
        let ways = requirement.map_or(&[][..], Requirement::alternatives);
        ands += usize::from(ways.iter().any(|way| way.scopes.len() > 1));
        let found = ways.iter().find_map(|way| {
            let why = suspicion(catalog, entry, way, &opened)?;
            Some(Suspicion { index, way, why })
        });
        suspected.extend(found);
    }
    if suspected.len() > MOST_ALONE && suspected.len() * 2 > ands {
        findings.push(together(catalog, &suspected, ands));
        return;
    }
    for one in suspected {
        let name = catalog.entry_name(one.index);
        let names: Vec<&str> = one.way.scopes.iter().map(|id| catalog.name(*id)).collect();
        let what = if names.len() > MOST_NAMED {
            format!("{} scopes", names.len())
        } else {
            joined(&names)
        };
        let message = format!("`{name}` needs {what} together, but {}", one.why);
        findings.push(
            Finding::new(RuleId::SuspiciousAll, endpoint(catalog, one.index), message)
                .help("write `any` if one of them is enough; `scopes import --array any` reads arrays this way")
                .scope(names.join(" "))
                .endpoint(name),
        );
    }
}

/// One finding for what has one cause.
fn together(catalog: &Catalog, suspected: &[Suspicion<'_>], ands: usize) -> Finding {
    let message = format!(
        "{} of the {ands} endpoints that need several scopes together may need only one of them",
        suspected.len()
    );
    let names: Vec<String> = suspected
        .iter()
        .map(|one| catalog.entry_name(one.index))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let place = Path::root().field("endpoints").key();
    let finding = Finding::new(RuleId::SuspiciousAll, place, message);
    let finding = match suspected.first() {
        Some(first) => finding.note(format!("such as `{}`: {}", names[0], first.why)),
        None => finding,
    };
    finding
        .list(format!("they are:\n{}", few(&names)))
        .help("import it again with `--array any`; if the provider does mean all of them, write `reading: { arrays: all, because: … }`")
}

/// What scopes open alone, by which one that may be enough is told from one that may be too much.
struct Opened<'a> {
    /// The scopes that certainly change something: the file says so, or they open a PUT, PATCH or DELETE.
    changing: ScopeSet,
    /// The scopes that open calls which read.
    reads: ScopeSet,
    /// The scopes that open calls which write, by the tags of these.
    writes: HashMap<&'a str, HashSet<ScopeId>>,
}

impl<'a> Opened<'a> {
    fn of(catalog: &'a Catalog) -> Self {
        let size = catalog.scopes.len();
        let is_stated =
            |(_, scope): &(ScopeId, &Scope)| scope.states_access && scope.access != Access::Read;
        let stated = catalog.scopes.entries().filter(is_stated);
        let mut opened = Self {
            changing: ScopeSet::of(size, stated.map(|(id, _)| id)),
            reads: ScopeSet::new(size),
            writes: HashMap::new(),
        };
        for entry in &catalog.endpoints {
            let ways = entry.auth.requirement().map(Requirement::alternatives);
            let ways = ways.unwrap_or_default();
            if entry.effect == Effect::Write
                && matches!(entry.method.as_str(), "PUT" | "PATCH" | "DELETE")
            {
                // Together with others as well: these may be such arrays.
                let all = ways.iter().flat_map(|way| way.scopes.iter().copied());
                opened.changing.extend(all);
            }
            let alone = ways.iter().filter(|way| way.scopes.len() == 1);
            for id in alone.flat_map(|way| way.scopes.iter().copied()) {
                if entry.effect == Effect::Read {
                    opened.reads.insert(id);
                    continue;
                }
                for tag in &entry.tags {
                    opened.writes.entry(tag).or_default().insert(id);
                }
            }
        }
        opened
    }

    /// Whether a scope opens calls that write and have a tag of an endpoint.
    fn writes_beside(&self, entry: &Endpoint, id: ScopeId) -> bool {
        let mut writing = entry
            .tags
            .iter()
            .filter_map(|tag| self.writes.get(tag.as_str()));
        writing.any(|scopes| scopes.contains(&id))
    }
}

/// Why scopes that are asked for together may not all be needed.
fn suspicion(
    catalog: &Catalog,
    entry: &Endpoint,
    way: &Alternative,
    opened: &Opened<'_>,
) -> Option<String> {
    if way.scopes.len() < 2 {
        return None;
    }
    for wide in &way.scopes {
        let mut carried = catalog.closure(*wide).iter();
        let narrow = carried.find(|id| id != wide && way.scopes.binary_search(id).is_ok());
        if let Some(narrow) = narrow {
            let (wide, narrow) = (catalog.name(*wide), catalog.name(narrow));
            return Some(format!("`{wide}` already includes `{narrow}`"));
        }
    }
    if entry.effect != Effect::Read {
        return None;
    }
    let is_narrow =
        |id: &ScopeId| catalog.scope(*id).access == Access::Read && !opened.changing.has(*id);
    let narrow = way.scopes.iter().copied().find(is_narrow)?;
    let is_wide = |id: &ScopeId| {
        opened.changing.has(*id) || (opened.reads.has(narrow) && opened.writes_beside(entry, *id))
    };
    let wide = way
        .scopes
        .iter()
        .copied()
        .find(|id| *id != narrow && is_wide(id))?;
    let (narrow, wide) = (catalog.name(narrow), catalog.name(wide));
    Some(format!(
        "it only reads: `{narrow}` may be enough without `{wide}`"
    ))
}
