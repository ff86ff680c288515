//! Pages of documentation in Markdown: their tables of scopes and endpoints.
//!
//! A table is read by the words of its header and the shapes of its cells, never by whose page it is. What has no place in
//! a catalog, or can be read in two ways, is reported with its line.

mod cells;
mod columns;
mod flat;
mod html;
mod page;
mod reading;
mod rows;
mod sentences;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

use regex::Regex;

use super::draft::{Clash, Draft, DraftAuth, DraftEndpoint, DraftScope, slug};
use super::provenance::Documents;
use super::{Document, ImportOptions, Imported, Remarks, located};
use crate::finding::{Finding, RuleId};
use crate::load::raw::{
    RawAccess, RawBundle, RawCatalog, RawDeprecated, RawEnvironment, RawQuery, RawWildcards,
};
use crate::source::{Entries, Names, Place};

use page::{Block, Inline, Kind};

/// The most things that are reported.
const MOST_REPORTED: usize = 2000;
/// Words in the name of a page that are not the provider's.
const OF_PAGES: &[&str] = &[
    "scope",
    "scopes",
    "permission",
    "permissions",
    "token",
    "tokens",
    "credential",
    "credentials",
    "key",
    "keys",
    "oauth",
    "and",
    "docs",
    "doc",
    "reference",
    "page",
    "pages",
    "index",
    "readme",
    "auth",
    "authentication",
    "available",
    "list",
    "of",
    "configure",
];

/// Reads pages into one catalog.
pub fn import_markdown(documents: &[Rc<Document>], options: &ImportOptions) -> Imported {
    let [first, ..] = documents else {
        return Imported::default();
    };
    let mut reader = Reader::new(options);
    for document in documents {
        reader.page(document);
    }
    let needs_scopes = |mention: &Mention| matches!(mention.need, Need::Scopes(_));
    let found_scopes =
        !reader.scopes.is_empty() || reader.mentions.values().flatten().any(needs_scopes);
    let catalog = found_scopes.then(|| reader.catalog(documents));
    if catalog.is_none() {
        let message = "no scopes were found: looked for tables with a column named Scope or Permission, for tables of endpoints below headings that are scopes, and for lists of names introduced as scopes";
        let finding = Finding::new(RuleId::MissingField, Place::At(0..0), message);
        let finding = finding.help("name the pages that list the scopes");
        reader.findings.insert(0, (Rc::clone(first), finding));
    }
    let (catalog, undeclared) = catalog.unzip();
    let findings = reader.all_findings(documents);
    let remarks = Remarks {
        undeclared: undeclared.unwrap_or_default(),
        ..Remarks::default()
    };
    Imported::new(first, catalog, findings, remarks, documents)
}

/// What the pages say of a scope.
#[derive(Debug, Default)]
struct PageScope {
    summary: Option<String>,
    /// The key types that may carry it, where the page says so.
    key_types: Option<BTreeSet<String>>,
    environments: Option<BTreeSet<String>>,
    access: Option<RawAccess>,
    is_deprecated: bool,
}

/// What one place of a page says that a call needs.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Need {
    /// The table has no column for it.
    Silent,
    /// It says something that cannot be read.
    Unreadable,
    Public,
    AnyKey,
    /// Any one of these, all scopes of each.
    Scopes(BTreeSet<BTreeSet<String>>),
}

/// One place of a page that names an endpoint.
#[derive(Debug, Clone)]
struct Mention {
    document: Rc<Document>,
    at: Range<usize>,
    method: String,
    path: String,
    /// A mode, or the query that makes one.
    variant: Option<String>,
    query: Vec<(String, RawQuery)>,
    need: Need,
    summary: Option<String>,
    is_deprecated: bool,
    tag: Option<String>,
    environment: Option<String>,
}

/// A heading above the place that is read.
#[derive(Debug)]
struct Heading {
    level: usize,
    text: String,
    at: Range<usize>,
    /// Its text as the name of a scope.
    scope: Option<String>,
    /// What the text below it says.
    description: Option<String>,
    is_used: bool,
}

/// Where on a page the reader is.
struct Context {
    document: Rc<Document>,
    headings: Vec<Heading>,
    /// The text before the list or code that follows.
    lead: String,
}

impl Context {
    /// Whether a heading above is about scopes.
    fn is_about_scopes(&self) -> bool {
        self.headings
            .iter()
            .any(|heading| columns::is_about_scopes(&heading.text))
    }

    /// The nearest heading that is not a scope, for what stands below it.
    fn group(&self) -> Option<&Heading> {
        let groups = self
            .headings
            .iter()
            .rev()
            .filter(|heading| heading.scope.is_none());
        groups.into_iter().find(|heading| heading.level > 1)
    }
}

struct Reader<'a> {
    options: &'a ImportOptions,
    findings: Vec<(Rc<Document>, Finding)>,
    unsaid: usize,
    scopes: BTreeMap<String, PageScope>,
    /// The key types in the order in which the pages name them.
    key_types: Vec<String>,
    prefixes: Vec<(String, String)>,
    bundles: Vec<(String, Vec<String>)>,
    /// Each bundle with each of its scopes.
    members: BTreeSet<(String, String)>,
    environments: Vec<String>,
    has_wildcard: bool,
    mentions: BTreeMap<(String, String), Vec<Mention>>,
    /// Whether a list of scopes was read in two ways.
    is_ambiguous: bool,
    title: Option<String>,
}

impl<'a> Reader<'a> {
    fn new(options: &'a ImportOptions) -> Self {
        Self {
            options,
            findings: Vec::new(),
            unsaid: 0,
            scopes: BTreeMap::new(),
            key_types: Vec::new(),
            prefixes: Vec::new(),
            bundles: Vec::new(),
            members: BTreeSet::new(),
            environments: Vec::new(),
            has_wildcard: false,
            mentions: BTreeMap::new(),
            is_ambiguous: false,
            title: None,
        }
    }

    fn report(
        &mut self,
        document: &Rc<Document>,
        at: &Range<usize>,
        rule: RuleId,
        message: impl Into<String>,
        help: &str,
    ) {
        if self.findings.len() >= MOST_REPORTED {
            self.unsaid += 1;
            return;
        }
        let at = at.start..at.start;
        let finding = located(at, rule, message, help);
        self.findings.push((Rc::clone(document), finding));
    }

    /// Everything that was reported, in the order of the pages.
    fn all_findings(mut self, documents: &[Rc<Document>]) -> Vec<(Rc<Document>, Finding)> {
        let place = |(document, finding): &(Rc<Document>, Finding)| {
            let index = documents.iter().position(|one| Rc::ptr_eq(one, document));
            let at = match &finding.place {
                Place::At(at) => at.start,
                Place::Path(..) => 0,
            };
            (index, at)
        };
        self.findings.sort_by_key(place);
        if self.unsaid > 0 {
            let message = format!("{} more parts were not read", self.unsaid);
            let finding = Finding::new(RuleId::UnknownField, Place::At(0..0), message);
            self.findings.push((Rc::clone(&documents[0]), finding));
        }
        self.findings
    }

    fn page(&mut self, document: &Rc<Document>) {
        let text = &document.source.text;
        let (blocks, lost) = flat::unflatten(page::blocks(text), text);
        for line in lost {
            let message = "this row of a table that was copied as text is not read: it does not show where its cells end";
            self.report(document, &line, RuleId::WrongType, message, "");
        }
        self.find_prefixes(&blocks);
        let mut context = Context {
            document: Rc::clone(document),
            headings: Vec::new(),
            lead: String::new(),
        };
        let mut unread: Vec<Range<usize>> = Vec::new();
        for block in &blocks {
            match &block.kind {
                Kind::Heading(level, inline) => self.heading(*level, inline, block, &mut context),
                Kind::Table(table) => {
                    self.table(table, &block.at, &mut context);
                    context.lead.clear();
                }
                Kind::Text(inline) => {
                    if !Self::takes_description(inline, &mut context) {
                        unread.push(block.at.clone());
                    }
                    context.lead = inline.line();
                }
                Kind::Item(inline) => {
                    if !self.item(inline, &context) {
                        unread.push(block.at.clone());
                        context.lead = inline.line();
                    }
                }
                Kind::Code(code) => {
                    if !self.code(code, &context) {
                        unread.push(block.at.clone());
                    }
                }
            }
        }
        self.drop_headings(&mut context, 0);
        self.list_sentences(document, &unread);
    }

    /// The beginnings of keys, from `NAME keys (PREFIX_)`.
    fn find_prefixes(&mut self, blocks: &[Block]) {
        let pattern = r"(?i)\b([a-z]+)(?:-side)?(?: api)? (?:keys?|tokens?) ?\( ?([a-z]{1,10}_(?:[a-z]{1,10}_)?) ?\)";
        let Ok(pattern) = Regex::new(pattern) else {
            return;
        };
        for block in blocks {
            let (Kind::Text(inline) | Kind::Item(inline)) = &block.kind else {
                continue;
            };
            for found in pattern.captures_iter(&inline.line()) {
                let pair = (found[1].to_lowercase(), found[2].to_owned());
                let is_plain = matches!(
                    pair.0.as_str(),
                    "api" | "access" | "the" | "your" | "these" | "all"
                );
                if !is_plain && !self.prefixes.contains(&pair) && self.prefixes.len() < 64 {
                    self.prefixes.push(pair);
                }
            }
        }
    }

    fn heading(&mut self, level: usize, inline: &Inline, block: &Block, context: &mut Context) {
        self.drop_headings(context, level);
        let text = inline.line();
        if level == 1 && self.title.is_none() {
            self.title = Some(text.clone());
        }
        let is_scope = cells::has_parts(&text)
            && (context.is_about_scopes() || inline.0.iter().any(|piece| piece.is_code));
        context.headings.push(Heading {
            level,
            scope: is_scope.then(|| text.clone()),
            text,
            at: block.at.clone(),
            description: None,
            is_used: false,
        });
        context.lead.clear();
    }

    /// Leaves the headings of a level and below; reports those that look like scopes and were not used.
    fn drop_headings(&mut self, context: &mut Context, level: usize) {
        while context
            .headings
            .last()
            .is_some_and(|heading| heading.level >= level)
        {
            let Some(heading) = context.headings.pop() else {
                return;
            };
            if let (Some(scope), false) = (&heading.scope, heading.is_used) {
                if heading.description.is_some() {
                    self.declare(scope, heading.description.clone());
                } else {
                    let message = format!(
                        "the heading `{scope}` looks like a scope, and nothing below it was read"
                    );
                    self.report(
                        &context.document,
                        &heading.at,
                        RuleId::UnknownField,
                        message,
                        "",
                    );
                }
            }
        }
    }

    /// Takes a paragraph as the description of the scope that the heading names.
    fn takes_description(inline: &Inline, context: &mut Context) -> bool {
        let Some(heading) = context.headings.last_mut() else {
            return false;
        };
        let line = inline.line();
        let text = line.strip_prefix("Description:").map(str::trim);
        if heading.scope.is_none() || heading.description.is_some() || heading.is_used {
            return false;
        }
        let Some(text) = text else { return false };
        heading.description = Some(text.to_owned());
        true
    }

    /// Takes a list item such as "`orders.read`: see orders" as a scope.
    fn item(&mut self, inline: &Inline, context: &Context) -> bool {
        let nearest = context.headings.last().map(|heading| heading.text.as_str());
        let last = nearest
            .and_then(|text| columns::words(text).pop())
            .unwrap_or_default();
        let is_listed = matches!(last.as_str(), "scopes" | "permissions")
            || (columns::is_about_scopes(&context.lead) && context.lead.ends_with(':'));
        let [first, rest @ ..] = inline.0.as_slice() else {
            return false;
        };
        let rest: String = rest.iter().map(|piece| piece.text.as_str()).collect();
        let rest = rest.trim();
        let is_described = rest.is_empty() || rest.starts_with([':', '-', '–', '—']);
        if !is_listed || !first.is_code || !cells::has_parts(&first.text) || !is_described {
            return false;
        }
        let summary = rest.trim_start_matches([':', '-', '–', '—', ' ']);
        self.declare(
            &first.text,
            (!summary.is_empty()).then(|| summary.to_owned()),
        );
        true
    }

    /// Takes a block of code in which every line is a name as a list of scopes, where the text before it says so.
    fn code(&mut self, code: &str, context: &Context) -> bool {
        let mut lines: Vec<&str> = code
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        if let [one] = lines.as_slice() {
            lines = one.split_whitespace().collect();
        }
        let is_list = lines.len() > 1 && lines.iter().all(|line| cells::has_parts(line));
        if !is_list || !columns::is_about_scopes(&context.lead) {
            return false;
        }
        for name in lines {
            self.declare(name, None);
        }
        true
    }

    fn declare(&mut self, name: &str, summary: Option<String>) -> &mut PageScope {
        let is_deprecated = summary.as_deref().is_some_and(rows::is_deprecated);
        let summary = summary.filter(|_| !self.options.no_summaries);
        let scope = self.scopes.entry(name.to_owned()).or_default();
        scope.summary = scope
            .summary
            .take()
            .or_else(|| summary.as_deref().and_then(rows::summary));
        scope.is_deprecated |= is_deprecated;
        scope
    }

    /// Reports the sentences outside of tables that say something of scopes.
    fn list_sentences(&mut self, document: &Rc<Document>, unread: &[Range<usize>]) {
        let mut scopes: BTreeSet<String> = self.scopes.keys().cloned().collect();
        for mention in self.mentions.values().flatten() {
            if let Need::Scopes(ways) = &mention.need {
                scopes.extend(ways.iter().flatten().cloned());
            }
        }
        let key_types = self.key_types.clone();
        let bundles = self.bundles.iter();
        let bundles: Vec<BTreeSet<String>> = bundles
            .map(|(_, scopes)| scopes.iter().cloned().collect())
            .collect();
        let words = sentences::Words {
            scopes: &scopes,
            bundles: &bundles,
            key_types: &key_types,
        };
        for place in unread {
            for sentence in sentences::unread(&document.source.text, place.clone(), &words) {
                self.report(
                    document,
                    &sentence.at,
                    RuleId::UnknownField,
                    sentence.message,
                    "",
                );
            }
        }
    }

    /// The catalog, and the scopes that no page declares.
    fn catalog(&mut self, documents: &[Rc<Document>]) -> (RawCatalog, Vec<String>) {
        let names: Vec<String> = documents
            .iter()
            .map(|document| document.provenance())
            .collect();
        let mut draft = Draft {
            provider: self
                .options
                .provider
                .clone()
                .unwrap_or_else(|| self.provider(&names[0])),
            note: Some(format!("imported from the tables of {}", names.join(", "))),
            sources: names,
            key_types: if self.key_types.is_empty() {
                vec!["key".to_owned()]
            } else {
                self.key_types.clone()
            },
            ..Draft::default()
        };
        for (name, scope) in &self.scopes {
            // In a draft, no key types would mean all of them.
            if scope.key_types.as_ref().is_some_and(BTreeSet::is_empty) {
                continue;
            }
            let draft_scope = DraftScope {
                summary: scope.summary.clone(),
                key_types: scope.key_types.clone().unwrap_or_default(),
                declared: true,
                ..DraftScope::default()
            };
            draft.scopes.insert(name.clone(), draft_scope);
        }
        // A single environment would mean that there are no others.
        if let [one] = self.environments.as_slice() {
            let message = format!("only the environment `{one}` is named");
            let (document, help) = (&documents[0], "what is said of it is not read");
            self.report(document, &(0..0), RuleId::UnknownField, message, help);
            self.environments.clear();
        }
        let mut endpoint_environments: BTreeMap<String, String> = BTreeMap::new();
        for ((_, _), mentions) in std::mem::take(&mut self.mentions) {
            for endpoint in self.endpoints(mentions, &draft.key_types, &mut endpoint_environments) {
                // Mentions are grouped by structure, so each is new.
                draft.add(endpoint, Clash::Stricter);
            }
        }
        // Where no page lists the scopes, what endpoints need is all that there is.
        if self.scopes.is_empty() {
            draft.declare_on(&draft.key_types.clone().iter().collect());
        }
        let undeclared = draft.undeclared();
        let mut raw = draft.finish(&self.options.today);
        for (name, scope) in &mut raw.scopes.0 {
            let Some(of_page) = self.scopes.get(name) else {
                continue;
            };
            let environments = of_page
                .environments
                .as_ref()
                .filter(|named| named.len() < self.environments.len());
            scope.environments = environments.map(|named| Names(named.iter().cloned().collect()));
            scope.access = of_page.access;
            scope.deprecated = of_page.is_deprecated.then_some(RawDeprecated::Yes(true));
        }
        for (name, endpoint) in &mut raw.endpoints.0 {
            let environment = endpoint_environments.get(name);
            let environment = environment.filter(|one| self.environments.contains(one));
            endpoint.environments = environment.map(|one| Names(vec![one.clone()]));
        }
        self.finish(&mut raw, documents);
        for (name, _) in std::mem::take(&mut self.bundles) {
            if raw.bundles.0.iter().all(|(kept, _)| *kept != name) {
                let message = format!("the bundle `{name}` has no scopes");
                let (document, help) = (&documents[0], "it is left out");
                self.report(document, &(0..0), RuleId::MissingField, message, help);
            }
        }
        (raw, undeclared)
    }

    /// Adds what a draft does not have.
    fn finish(&self, raw: &mut RawCatalog, documents: &[Rc<Document>]) {
        let imported = Documents {
            kind: "markdown",
            roots: documents,
            all: documents,
        };
        imported.stamp(raw, self.options, self.is_ambiguous);
        for (name, key_type) in &mut raw.key_types.0 {
            let prefixes = self.prefixes.iter().filter(|(owner, _)| owner == name);
            let prefixes: Vec<String> = prefixes.map(|(_, prefix)| prefix.clone()).collect();
            key_type.prefixes = (!prefixes.is_empty()).then_some(prefixes);
        }
        let environment = |name: &String| {
            let environment = RawEnvironment {
                production: matches!(name.as_str(), "production" | "live"),
                base: None,
            };
            (name.clone(), environment)
        };
        raw.environments = Entries(self.environments.iter().map(environment).collect());
        let known: BTreeSet<&String> = raw.scopes.0.iter().map(|(name, _)| name).collect();
        let bundle = |(name, scopes): &(String, Vec<String>)| {
            let scopes = scopes.iter().filter(|scope| known.contains(scope));
            let scopes: Vec<String> = scopes.cloned().collect();
            let is_empty = scopes.is_empty();
            let bundle = RawBundle {
                scopes: Some(Names(scopes)),
                ..RawBundle::default()
            };
            (!is_empty).then(|| (name.clone(), bundle))
        };
        raw.bundles = Entries(self.bundles.iter().filter_map(bundle).collect());
        if self.has_wildcard {
            let all = Names(vec!["all".to_owned()]);
            raw.wildcards = RawWildcards::Named(Entries(vec![("*".to_owned(), all)]));
        }
    }

    /// The provider's name: what is left of the page's name, or of its title, without the words for its subject.
    fn provider(&self, page: &str) -> String {
        let file = page.rsplit('/').next().unwrap_or(page);
        let stem = file.split('.').next().unwrap_or(file);
        let title = self.title.as_deref().unwrap_or_default();
        for text in [stem, title] {
            let kept = columns::words(text);
            let kept = kept
                .iter()
                .filter(|word| !OF_PAGES.contains(&word.as_str()));
            let kept = kept.filter(|word| !matches!(word.as_str(), "standard" | "input"));
            let kept = slug(&kept.cloned().collect::<Vec<_>>().join(" "));
            if kept != "provider" {
                return kept;
            }
        }
        "provider".to_owned()
    }
}
