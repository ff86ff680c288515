//! What an import says beside the catalog that it writes.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::rc::Rc;

use super::{clean, wrapped};
use crate::finding::Finding;
use crate::load::{Ambiguity, Damage, Document, Hint, OutOfStep, Remarks};
use crate::source::{SourceMap, count, shell_word};

/// How much is shown, and how wide.
#[derive(Debug, Clone, Copy)]
pub struct Extent {
    /// The width of the terminal; `None` does not wrap.
    pub width: Option<usize>,
    /// Whether all of a list is shown.
    pub verbose: bool,
}

impl Extent {
    /// How many entries of a list are shown; `few` where not all are.
    fn most(self, few: usize) -> usize {
        if self.verbose { usize::MAX } else { few }
    }

    fn paragraph(self, text: &str, lead: &str) -> String {
        clean(&wrapped(text, lead, self.width)).into_owned()
    }
}

/// "2 endpoints, 1 scope, 1 key type": the size of a catalog.
pub fn counts((endpoints, scopes, key_types): (usize, usize, usize)) -> String {
    let counts = [
        count(endpoints, "endpoint"),
        count(scopes, "scope"),
        count(key_types, "key type"),
    ];
    counts.join(", ")
}

/// What is wrong with the documents, a paragraph each with its place.
pub fn faults_of_documents(findings: &[(Rc<Document>, Finding)], extent: Extent) -> String {
    let most = extent.most(20);
    let mut text = String::new();
    // Build the source map of each document only once.
    let mut maps: Vec<(&Rc<Document>, SourceMap<'_>)> = Vec::new();
    for (document, finding) in findings.iter().take(most) {
        let known = maps
            .iter()
            .position(|(other, _)| Rc::ptr_eq(other, document));
        let index = known.unwrap_or_else(|| {
            maps.push((document, document.source.source_map()));
            maps.len() - 1
        });
        let map = &maps[index].1;
        let at = map.position(map.span(&finding.place).start);
        let name = &document.source.name;
        let mut line = format!("{name}:{}:{}: {}", at.line, at.column, finding.message);
        if let Some(help) = &finding.help {
            let _ = write!(line, "; {help}");
        }
        text.push_str(&extent.paragraph(&line, "warning: "));
    }
    if findings.len() > most {
        let more = findings.len() - most;
        let _ = writeln!(text, "warning: {more} more (-v shows all)");
    }
    text
}

/// The first faults of the catalog that is written, a paragraph each.
pub fn faults_of_catalog(findings: &[Finding], extent: Extent) -> String {
    let paragraphs = findings.iter().take(10).map(|finding| {
        let place = finding.place.path().map(ToString::to_string);
        let line = format!("{}: {}", place.unwrap_or_default(), finding.message);
        extent.paragraph(&line, "warning: ")
    });
    paragraphs.collect()
}

/// What a user should know of an import, a paragraph each.
pub fn remarks(remarks: &Remarks, extent: Extent) -> String {
    let mut text = undeclared(&remarks.undeclared, extent);
    text.push_str(&ambiguous(&remarks.ambiguous, extent));
    let warn = |line: String| extent.paragraph(&line, "warning: ");
    if remarks.optional.0 > 0 {
        let verb = if remarks.optional.0 == 1 {
            "names"
        } else {
            "name"
        };
        let operations = count(remarks.optional.0, "operation");
        text.push_str(&warn(format!(
            "{operations} {verb} scopes and may also be called without a key (optional security)"
        )));
    }
    if remarks.public_with_scopes > 0 {
        let verb = if remarks.public_with_scopes == 1 {
            "is"
        } else {
            "are"
        };
        let operations = count(remarks.public_with_scopes, "operation");
        text.push_str(&warn(format!(
            "{operations} {verb} public in the document, although a scope is found there; kept public"
        )));
    }
    for (name, number) in remarks.frequent.iter().take(extent.most(8)) {
        text.push_str(&warn(format!(
            "`{name}` is found on {}, and no scheme declares it; it may not be a scope",
            count(*number, "operation")
        )));
    }
    if remarks.found_nothing {
        text.push_str(&warn(
            "--extension and --scope-pattern found no scope in any operation".to_owned(),
        ));
    }
    for hint in &remarks.hints {
        text.push_str(&warn(hint_line(hint)));
    }
    text
}

/// "0 scopes: 397 operations have `x-scope`: --extension x-scope".
fn hint_line(hint: &Hint) -> String {
    match hint {
        Hint::Extension {
            name,
            operations,
            route,
        } => {
            let verb = if *operations == 1 { "has" } else { "have" };
            let operations = count(*operations, "operation");
            let option = shell_word(route);
            format!("0 scopes: {operations} {verb} `{name}`: --extension {option}")
        }
        Hint::Descriptions { number, pattern } => {
            let verb = if *number == 1 { "speaks" } else { "speak" };
            let descriptions = count(*number, "description");
            match pattern {
                Some((pattern, found)) => format!(
                    "0 scopes: {descriptions} {verb} of a scope: --scope-pattern {} finds it in {found}",
                    shell_word(pattern)
                ),
                None => format!(
                    "0 scopes: {descriptions} {verb} of a scope: --scope-pattern REGEX takes it from there"
                ),
            }
        }
    }
}

/// What was read of damaged documents, and what is lost.
pub fn damage(remarks: &Remarks, extent: Extent) -> String {
    let mut text = String::new();
    let operations = remarks.operations;
    for Damage {
        document,
        lines,
        lost: (lost, all),
    } in &remarks.damaged
    {
        let most = extent.most(5);
        let mut places: Vec<String> = lines.iter().take(most).map(ToString::to_string).collect();
        if lines.len() > most {
            places.push(format!("{} more", lines.len() - most));
        }
        let noun = if lines.len() == 1 { "line" } else { "lines" };
        let places = if places.is_empty() {
            String::new()
        } else {
            format!(", from {noun} {}", places.join(", "))
        };
        let line = format!(
            "{document} is damaged: {lost} of {} cannot be read{places}",
            count(*all, "byte")
        );
        text.push_str(&extent.paragraph(&line, "warning: "));
    }
    if remarks.is_partial() {
        let verb = if operations == 1 { "was" } else { "were" };
        let mut line = format!("{} {verb} read", count(operations, "operation"));
        if remarks.left_out > 0 {
            let verb = if remarks.left_out == 1 { "is" } else { "are" };
            let _ = write!(line, ", {} {verb} left out", remarks.left_out);
        }
        text.push_str(&extent.paragraph(&line, "warning: "));
    }
    text
}

/// The scopes that operations name and nothing declares.
fn undeclared(scopes: &[String], extent: Extent) -> String {
    if scopes.is_empty() {
        return String::new();
    }
    let most = extent.most(8);
    let mut listed: Vec<&str> = scopes.iter().take(most).map(String::as_str).collect();
    let more = format!("{} more with -v", scopes.len().saturating_sub(most));
    if scopes.len() > most {
        listed.push(&more);
    }
    let (verb, kept) = match scopes.len() {
        1 => ("is", "it is"),
        _ => ("are", "they are"),
    };
    let scopes = count(scopes.len(), "scope");
    let line = format!(
        "{scopes} {verb} used but not declared; {kept} kept: {}",
        listed.join(", ")
    );
    extent.paragraph(&line, "warning: ")
}

/// The operations whose arrays of scopes are ambiguous.
fn ambiguous(ambiguous: &[Ambiguity], extent: Extent) -> String {
    if ambiguous.is_empty() {
        return String::new();
    }
    let number = ambiguous.len();
    let sizes = || ambiguous.iter().map(|one| one.scopes.len());
    let how_many = match (sizes().min().unwrap_or(2), sizes().max().unwrap_or(2)) {
        (2, 2) => "two scopes".to_owned(),
        (least, most) if least == most => format!("{most} scopes"),
        (least, most) => format!("{least} to {most} scopes"),
    };
    let list = if number == 1 { "lists" } else { "list" };
    let endpoints = count(number, "endpoint");
    let line = format!(
        "{endpoints} {list} {how_many} in one array; read as all of them, as OpenAPI specifies. Some providers mean any of them"
    );
    let mut text = extent.paragraph(&line, "warning: ");
    if let Some((scope, opened)) = opens_most(ambiguous) {
        let line = format!(
            "read as all, a key needs every scope of the array; read as any, `{scope}` alone opens {opened} of them"
        );
        text.push_str(&extent.paragraph(&line, "note: "));
    }
    let most = extent.most(1);
    for one in ambiguous.iter().take(most) {
        let (method, path) = one.endpoint.split_once(' ').unwrap_or_default();
        let line = format!("  {method:<7} {path:<36} {}", one.scopes.join(", "));
        text.push_str(&clean(&line));
        text.push('\n');
    }
    if number > most {
        let _ = writeln!(text, "  …  {} more with -v", number - most);
    }
    text.push_str("help: compare both readings: --array any\n");
    text
}

/// The scope that is in most of some arrays, and in how many.
fn opens_most(ambiguous: &[Ambiguity]) -> Option<(&str, usize)> {
    let mut alone: BTreeMap<&str, usize> = BTreeMap::new();
    for scope in ambiguous.iter().flat_map(|one| &one.scopes) {
        *alone.entry(scope).or_default() += 1;
    }
    let scopes = alone.into_iter();
    scopes.max_by_key(|(name, count)| (*count, Reverse(*name)))
}

/// How a catalog differs from what an import would write.
pub fn out_of_step(name: &str, difference: &OutOfStep, extent: Extent) -> String {
    let changes = sentence(difference, ["to add", "to remove", "to change"]);
    let mut text = extent.paragraph(&format!("{name} is out of date: {changes}"), "");
    let most = extent.most(10);
    for section in &difference.sections {
        let lists = [
            ('+', &section.add),
            ('-', &section.remove),
            ('~', &section.change),
        ];
        for (sign, names) in lists {
            let section = &section.name;
            for name in names.iter().take(most) {
                let _ = writeln!(text, " {sign} {section}: {}", clean(name));
            }
            if names.len() > most {
                let more = names.len() - most;
                let _ = writeln!(text, " {sign} {section}: {more} more with -v");
            }
        }
    }
    text
}

/// What a merge changed in the older edition.
pub fn merged(difference: &OutOfStep, extent: Extent) -> String {
    let changes = sentence(difference, ["added", "removed", "changed"]);
    extent.paragraph(
        &format!("compared with the older edition: {changes}"),
        "note: ",
    )
}

/// "2 endpoints added, 1 scope removed"; `words` are those for what is new, gone and different.
fn sentence(difference: &OutOfStep, words: [&str; 3]) -> String {
    let mut parts = Vec::new();
    for section in &difference.sections {
        let lists = [&section.add, &section.remove, &section.change];
        for (names, word) in lists.into_iter().zip(words) {
            let noun = match (names.len(), section.name.strip_suffix('s')) {
                (0, _) => continue,
                (1, Some(one)) => one,
                _ => section.name.as_str(),
            };
            let noun = noun.replace('_', " ");
            parts.push(format!("{} {noun} {word}", names.len()));
        }
    }
    parts.join(", ")
}

/// The secrets that were masked, a line each.
pub fn secrets(lines: &[String], extent: Extent) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let most = extent.most(10);
    let mut text = String::new();
    for line in lines.iter().take(most) {
        text.push_str(&extent.paragraph(line, "warning: "));
    }
    if lines.len() > most {
        let more = count(lines.len() - most, "more secret");
        let _ = writeln!(text, "warning: {more} masked (-v shows all)");
    }
    text.push_str("help: rotate every secret that was in a shared document\n");
    text
}
