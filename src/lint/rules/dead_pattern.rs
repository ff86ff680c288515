//! `dead-pattern`: a base, path or method that can match nothing.

use super::places::{endpoint, is_first_of_entry};
use crate::finding::{Finding, RuleId};
use crate::lint::phrases::count;
use crate::model::{Catalog, Template};
use crate::source::{Date, Path};

/// What to write for several segments.
const REST: &str =
    "write `{path...}` as the last segment for one or more segments, `{name}` for one";

pub(crate) fn find(catalog: &Catalog, _: &Date, findings: &mut Vec<Finding>) {
    bases(catalog, findings);
    for operation in 0..catalog.operations() {
        let index = catalog.first_of(operation);
        let Some(entry) = catalog.endpoints.at(index) else {
            continue;
        };
        if !is_first_of_entry(catalog, index) {
            continue;
        }
        let Some((segment, why)) = dead_segment(&entry.path) else {
            continue;
        };
        let name = match &entry.entry {
            Some(shared) => shared.text.to_string(),
            None => format!("{} {}", entry.method, entry.path),
        };
        let message = format!("`{segment}` in `{name}` {why}");
        let mut place = endpoint(catalog, index);
        if entry.mode.is_some() {
            place = Path::root().field("endpoints").field(&name).key();
        }
        findings.push(
            Finding::new(RuleId::DeadPattern, place, message)
                .help(REST)
                .endpoint(name),
        );
    }
    for name in &catalog.shadowed {
        let message = format!(
            "`{name}` stands for no method, because the path has an entry for each of them"
        );
        let place = Path::root().field("endpoints").field(name).key();
        findings.push(
            Finding::new(RuleId::DeadPattern, place, message)
                .help("remove it, or remove entries that require the same")
                .endpoint(name),
        );
    }
}

/// The first dead base of each environment.
fn bases(catalog: &Catalog, findings: &mut Vec<Finding>) {
    for environment in &catalog.environments {
        let bases = environment.bases.iter().enumerate();
        let mut dead = bases.filter_map(|(item, base)| Some((item, base, base.matches_nothing()?)));
        let Some((item, base, why)) = dead.next() else {
            continue;
        };
        let message = format!("nothing can be below the base `{base}`: {why}");
        let at = Path::root().field("environments").field(&environment.name);
        let place = at.field("base").item(item).value();
        let mut finding = Finding::new(RuleId::DeadPattern, place, message).help(
            "a base is `https://host/path` or `/path`, with `{name}` for any text without a slash",
        );
        let others = dead.count();
        if others > 0 {
            finding = finding.note(format!(
                "it also has {} of that kind",
                count(others, "other base")
            ));
        }
        findings.push(finding);
    }
}

/// The first segment in which other routers see a wildcard, and what it is here.
fn dead_segment(path: &Template) -> Option<(&str, &'static str)> {
    let segments = path.text.split('/');
    segments.into_iter().find_map(|segment| {
        let why = if is_wide_parameter(segment) {
            "takes one segment, not several"
        } else if segment.contains('*') || is_bracketed(segment) {
            "is literal text, not a wildcard"
        } else {
            return None;
        };
        Some((segment, why))
    })
}

/// Whether a segment has a parameter such as `{path*}`, `{+path}`, `{proxy+}`, `{path:.*}` or `:path*`.
fn is_wide_parameter(segment: &str) -> bool {
    let is_wide = |name: &str| {
        name.starts_with(['+', '*'])
            || name.ends_with(['+', '*'])
            || name.ends_with(":path")
            || name.ends_with("=**")
    };
    match segment.strip_prefix(':') {
        Some(name) if !name.contains('{') => is_wide(name) || name.ends_with("..."),
        _ => {
            let names = segment.split('{').skip(1);
            names.filter_map(|part| part.split('}').next()).any(is_wide)
        }
    }
}

/// Whether a whole segment is in brackets, as some routers write parameters: `<id>`, `[id]`.
fn is_bracketed(segment: &str) -> bool {
    [('<', '>'), ('[', ']')]
        .iter()
        .any(|(open, close)| segment.starts_with(*open) && segment.ends_with(*close))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_other_routers_take_for_wildcards() {
        let is_dead = |text: &str| {
            let template = Template::parse(text).expect("a template");
            dead_segment(&template).is_some()
        };
        for text in [
            "/a/*",
            "/a/**/b",
            "/a/*.json",
            "/a/{path*}",
            "/a/{+path}",
            "/{proxy+}",
            "/a/{path:.*}",
            "/a/{p:path}",
            "/a/{name=**}/b",
            "/a/:path*",
            "/a/:path...",
            "/a/<id>",
            "/a/[id]/b",
            "/a/v{n}/x{b*}",
        ] {
            assert!(is_dead(text), "{text}");
        }
        for text in [
            "/",
            "/a/{b...}",
            "/a/{b}:c",
            "/a/:b",
            "/a/{b}+{c}",
            "/a/{b.c}/~d/$e",
            "/a(b='{c}')",
        ] {
            assert!(!is_dead(text), "{text}");
        }
    }
}
