//! The rows of a table: the scopes that they declare, and the endpoints that they name.

use std::collections::BTreeSet;
use std::ops::Range;
use std::rc::Rc;

use super::cells::{self, Call, Join, Mark, ScopeCell};
use super::columns::{self, Column};
use super::page::{Inline, Row, Table};
use super::{Context, Mention, Need, Reader};
use crate::finding::RuleId;
use crate::load::Document;
use crate::load::import::Array;
use crate::load::import::draft::{query_of, short};
use crate::load::raw::RawAccess;
use crate::model::Template;

/// Whether a description says that the thing is deprecated.
pub(super) fn is_deprecated(text: &str) -> bool {
    let text = text.to_lowercase();
    text.contains("(deprecated)")
        || text
            .trim_start_matches(['*', '[', ' '])
            .starts_with("deprecated")
}

/// A description as a summary.
pub(super) fn summary(text: &str) -> Option<String> {
    short(&text.replace("(deprecated)", "").replace("(Deprecated)", ""))
}

/// Whether a word beside endpoints makes an exception or a condition of some of them.
fn is_condition(word: &str) -> bool {
    const WORDS: [&str; 26] = [
        "except",
        "excluding",
        "excludes",
        "exclude",
        "not",
        "no",
        "never",
        "cannot",
        "can't",
        "doesn't",
        "don't",
        "without",
        "but",
        "unless",
        "only",
        "also",
        "plus",
        "needs",
        "need",
        "requires",
        "require",
        "requiring",
        "if",
        "when",
        "denied",
        "forbidden",
    ];
    let word = word
        .trim_matches(|c: char| !c.is_alphanumeric())
        .to_lowercase();
    WORDS.contains(&word.as_str())
}

/// A table with what its columns are.
struct Layout<'a> {
    document: Rc<Document>,
    columns: Vec<Column>,
    header: Vec<String>,
    /// The scope that the heading above it names.
    heading: Option<String>,
    /// Whether it is a table of scopes rather than of endpoints.
    is_of_scopes: bool,
    /// Whether a scope has several rows, so that descriptions are about endpoints.
    repeats: bool,
    /// Whether several columns name scopes, so that what an endpoint needs is unclear.
    is_contested: bool,
    tag: Option<String>,
    environment: Option<String>,
    key_type: Option<String>,
    row: &'a Row,
}

impl Layout<'_> {
    fn cells<'r>(&self, row: &'r Row, wanted: &Column) -> Vec<&'r Inline> {
        let columns = self.columns.iter().zip(&row.cells);
        columns
            .filter(|(column, _)| *column == wanted)
            .map(|(_, cell)| cell)
            .collect()
    }
}

impl Reader<'_> {
    pub(super) fn table(&mut self, table: &Table, at: &Range<usize>, context: &mut Context) {
        let document = Rc::clone(&context.document);
        if let Some(why) = table.unreadable {
            let message = format!("this table is not read: {why}");
            return self.report(&document, at, RuleId::WrongType, message, "");
        }
        let mut found = columns::columns(table, context.is_about_scopes());
        let header: Vec<String> = table.header.iter().map(Inline::line).collect();
        let place = |wanted: &[Column]| found.iter().position(|column| wanted.contains(column));
        let scopes = place(&[Column::Scopes]);
        let calls = place(&[Column::Endpoints]).or_else(|| place(&[Column::Path]));
        let heading = context
            .headings
            .last_mut()
            .filter(|heading| heading.scope.is_some());
        if scopes.is_none() && calls.is_none() {
            let columns = header
                .iter()
                .take(6)
                .map(|one| short(one).unwrap_or_default());
            let columns = columns.collect::<Vec<_>>().join("`, `");
            let message = format!(
                "this table is not read: none of its columns `{columns}` holds scopes or endpoints"
            );
            return self.report(&document, at, RuleId::UnknownField, message, "");
        }
        let mut scope = None;
        if let (None, Some(heading)) = (scopes, heading) {
            heading.is_used = true;
            scope = heading
                .scope
                .clone()
                .map(|name| (name, heading.description.clone()));
        }
        if let Some((name, description)) = &scope {
            self.declare(name, description.clone());
        }
        let others = found.iter_mut().enumerate();
        let mut is_contested = false;
        for (_, column) in
            others.filter(|(index, column)| **column == Column::Scopes && Some(*index) != scopes)
        {
            is_contested = calls.is_some();
            *column = Column::Unread("an earlier column names scopes, too");
        }
        let names = table
            .rows
            .iter()
            .filter_map(|row| row.cells.get(scopes?).map(Inline::line));
        let names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
        let distinct: BTreeSet<&String> = names.iter().collect();
        let group = context.group().map(|heading| heading.text.clone());
        let Some(row) = table.rows.first() else {
            return;
        };
        let mut layout = Layout {
            document,
            is_of_scopes: scopes.is_some_and(|scopes| calls.is_none_or(|calls| scopes < calls)),
            repeats: calls.is_some() && distinct.len() < names.len(),
            columns: found,
            header,
            heading: scope.map(|(name, _)| name),
            is_contested,
            environment: group.as_deref().and_then(columns::environment),
            key_type: group.as_deref().and_then(columns::key_type_of_heading),
            tag: group,
            row,
        };
        self.list_columns(table, &layout);
        self.name_columns(&mut layout, at);
        for row in &table.rows {
            layout.row = row;
            self.row(&layout);
        }
    }

    /// Reports the columns that are not read and hold something.
    fn list_columns(&mut self, table: &Table, layout: &Layout<'_>) {
        for (index, column) in layout.columns.iter().enumerate() {
            let Column::Unread(why) = column else {
                continue;
            };
            let first = table
                .rows
                .iter()
                .find(|row| row.cells.get(index).is_some_and(|cell| !cell.is_blank()));
            if let Some(row) = first {
                let name = short(&layout.header[index]).unwrap_or_default();
                let message = format!("the column `{name}` is not read: {why}");
                self.report(&layout.document, &row.at, RuleId::UnknownField, message, "");
            }
        }
    }

    /// Notes the key types, environments and bundles that columns name.
    fn name_columns(&mut self, layout: &mut Layout<'_>, at: &Range<usize>) {
        for column in &mut layout.columns {
            let known = match column {
                Column::KeyType(name) => self.key_types.contains(name),
                Column::Environment(name) => self.environments.contains(name),
                Column::Bundle(name) => self.bundles.iter().any(|(known, _)| known == name),
                _ => true,
            };
            let named = self
                .key_types
                .len()
                .max(self.environments.len())
                .max(self.bundles.len());
            if !known && named >= columns::MOST_NAMED {
                *column = Column::Unread("there are more such columns than a catalog can have");
                let message =
                    "a column is not read: there are more such columns than a catalog can have";
                self.report(&layout.document, at, RuleId::WrongType, message, "");
            }
            match column {
                Column::KeyType(name) => add(&mut self.key_types, name),
                Column::Environment(name) => add(&mut self.environments, name),
                Column::Bundle(name) if !known => {
                    self.bundles.push((name.clone(), Vec::new()));
                }
                Column::Requires(wanted) => {
                    let owner = self.prefixes.iter().find(|(_, prefix)| prefix == wanted);
                    let name = owner
                        .map(|(name, _)| name.clone())
                        .or_else(|| columns::key_type(wanted));
                    let types: Vec<String> =
                        self.prefixes.iter().map(|(name, _)| name.clone()).collect();
                    match name.filter(|name| types.len() > 1 && types.contains(name)) {
                        Some(name) => {
                            for one in &types {
                                add(&mut self.key_types, one);
                            }
                            *wanted = name;
                        }
                        None => {
                            let message = format!(
                                "the column for `{wanted}` is not read: the page does not say which key types there are"
                            );
                            *column = Column::Unread("");
                            self.report(&layout.document, at, RuleId::UnknownField, message, "");
                        }
                    }
                }
                _ => {}
            }
        }
        if let Some(name) = &layout.key_type {
            add(&mut self.key_types, name);
        }
        if let Some(name) = &layout.environment {
            add(&mut self.environments, name);
        }
    }

    fn row(&mut self, layout: &Layout<'_>) {
        let row = layout.row;
        if row.cells.iter().all(Inline::is_blank) {
            return;
        }
        let cell = layout
            .cells(row, &Column::Scopes)
            .first()
            .map(|cell| cells::scopes(cell));
        let cell = match (cell, &layout.heading) {
            (Some(cell), _) => Some(cell),
            (None, Some(name)) => Some(ScopeCell::Names {
                names: vec![name.clone()],
                join: Join::All,
                words: Vec::new(),
            }),
            (None, None) => None,
        };
        let description = layout.cells(row, &Column::Description);
        let description = description
            .first()
            .map(|cell| cell.line())
            .filter(|line| !line.is_empty());
        let is_of_endpoint = !layout.is_of_scopes || layout.repeats;
        if let (true, Some(cell)) = (layout.is_of_scopes, &cell) {
            self.declared(
                layout,
                cell,
                description.as_ref().filter(|_| !is_of_endpoint),
            );
        }
        // What stands for every scope opens no endpoint of its own.
        let is_pattern = matches!(&cell, Some(ScopeCell::Names { names, .. }) if names.iter().all(|name| name.contains('*')));
        if is_pattern {
            return;
        }
        let (calls, condition) = self.calls(layout);
        if calls.is_empty() {
            return;
        }
        let first = calls
            .first()
            .map(|call| format!("{} {}", call.method, call.path));
        let first = first.unwrap_or_default();
        let need = match condition {
            None => self.need(layout, cell.as_ref(), &first),
            Some(words) => {
                let message = format!(
                    "what `{first}` needs is not read: “{words}” stands beside the endpoints"
                );
                let (document, at) = (&layout.document, &layout.row.at);
                self.report(document, at, RuleId::WrongType, message, "it is not-stated");
                Need::Unreadable
            }
        };
        for call in calls {
            let description = description.as_ref().filter(|_| is_of_endpoint);
            self.mention(layout, call, need.clone(), description.map(String::as_str));
        }
    }

    /// The scopes that a row of a table of scopes declares.
    fn declared(&mut self, layout: &Layout<'_>, cell: &ScopeCell, description: Option<&String>) {
        let at = &layout.row.at;
        let ScopeCell::Names { names, words, .. } = cell else {
            let message = "this row is not read: its column of scopes holds no name of a scope";
            return self.report(&layout.document, at, RuleId::WrongType, message, "");
        };
        let is_old = words
            .iter()
            .any(|word| word.eq_ignore_ascii_case("deprecated"));
        let others: Vec<&str> = words
            .iter()
            .map(String::as_str)
            .filter(|word| !word.eq_ignore_ascii_case("deprecated"))
            .collect();
        if !others.is_empty() {
            let words = short(&others.join(" ")).unwrap_or_default();
            let message = format!("not read beside the scope: “{words}”");
            self.report(&layout.document, at, RuleId::UnknownField, message, "");
        }
        for name in names {
            if name.contains('*') {
                self.wildcard(layout, name);
                continue;
            }
            self.declare(name, description.cloned()).is_deprecated |= is_old;
            self.limits(layout, name);
            self.members(layout, name);
        }
    }

    fn wildcard(&mut self, layout: &Layout<'_>, name: &str) {
        let row = layout
            .row
            .cells
            .iter()
            .map(Inline::line)
            .collect::<Vec<_>>()
            .join(" ");
        let row = row.to_lowercase();
        let is_all = [
            "every scope",
            "all scopes",
            "every permission",
            "all permissions",
            "any scope",
            "full access",
        ];
        if name == "*" && is_all.iter().any(|words| row.contains(words)) {
            self.has_wildcard = true;
        } else {
            let message = format!(
                "`{name}` is not read: it is a pattern, and the page does not say that it stands for every scope"
            );
            self.report(
                &layout.document,
                &layout.row.at,
                RuleId::UnknownField,
                message,
                "",
            );
        }
    }

    /// The key types and environments of a scope.
    fn limits(&mut self, layout: &Layout<'_>, name: &str) {
        let mut access = None;
        let (mut types, mut environments): (Option<BTreeSet<String>>, Option<BTreeSet<String>>) =
            (None, None);
        for (index, (column, cell)) in layout.columns.iter().zip(&layout.row.cells).enumerate() {
            match column {
                Column::KeyType(key_type) => {
                    let types = types.get_or_insert_default();
                    if self.is_marked(layout, index, cell) {
                        types.insert(key_type.clone());
                    }
                }
                Column::Environment(environment) => {
                    let environments = environments.get_or_insert_default();
                    if self.is_marked(layout, index, cell) {
                        environments.insert(environment.clone());
                    }
                }
                Column::Requires(key_type) => {
                    let types = types.get_or_insert_default();
                    // What is unclear is read as if the type were required.
                    if cells::mark(cell) == Mark::No && !cell.is_blank() {
                        types.extend(self.prefixes.iter().map(|(owner, _)| owner.clone()));
                    } else {
                        self.is_marked(layout, index, cell);
                        types.insert(key_type.clone());
                    }
                }
                Column::KeyTypes => types = self.key_types_in(layout, cell).or(types),
                Column::Access => {
                    access = match cell.line().to_lowercase().as_str() {
                        "read" => Some(RawAccess::Read),
                        "write" => Some(RawAccess::Write),
                        "admin" => Some(RawAccess::Admin),
                        _ => None,
                    };
                }
                _ => {}
            }
        }
        if types.is_none() {
            types = layout.key_type.clone().map(|one| BTreeSet::from([one]));
        }
        if environments.is_none() {
            environments = layout.environment.clone().map(|one| BTreeSet::from([one]));
        }
        let is_by_heading = layout.columns.iter().all(|column| {
            !matches!(
                column,
                Column::KeyType(_) | Column::Requires(_) | Column::KeyTypes
            )
        });
        let scope = self.declare(name, None);
        scope.access = access.or(scope.access);
        let mut differs = false;
        scope.key_types = match (scope.key_types.take(), types) {
            (Some(known), Some(new)) if is_by_heading => Some(known.union(&new).cloned().collect()),
            (Some(known), Some(new)) => {
                differs = known != new;
                Some(known.intersection(&new).cloned().collect())
            }
            (known, new) => known.or(new),
        };
        scope.environments = match (scope.environments.take(), environments) {
            (Some(known), Some(new)) => Some(known.union(&new).cloned().collect()),
            (known, new) => known.or(new),
        };
        if scope.key_types.as_ref().is_some_and(BTreeSet::is_empty) {
            let message = format!("no key type may carry `{name}`");
            self.report(
                &layout.document,
                &layout.row.at,
                RuleId::WrongType,
                message,
                "it is left out",
            );
        }
        if differs {
            let message = format!(
                "`{name}` has other key types in an earlier row; the catalog has those that are in both"
            );
            self.report(
                &layout.document,
                &layout.row.at,
                RuleId::WrongType,
                message,
                "",
            );
        }
    }

    /// The bundles that have a scope.
    fn members(&mut self, layout: &Layout<'_>, name: &str) {
        for (index, (column, cell)) in layout.columns.iter().zip(&layout.row.cells).enumerate() {
            let Column::Bundle(bundle) = column else {
                continue;
            };
            if !self.is_marked(layout, index, cell) {
                continue;
            }
            if !self.members.insert((bundle.clone(), name.to_owned())) {
                continue;
            }
            if let Some((_, scopes)) = self.bundles.iter_mut().find(|(known, _)| known == bundle) {
                scopes.push(name.to_owned());
            }
        }
    }

    /// Whether a cell is marked; what is no clear mark is reported.
    fn is_marked(&mut self, layout: &Layout<'_>, index: usize, cell: &Inline) -> bool {
        let mark = cells::mark(cell);
        if mark == Mark::Unclear {
            let column = short(&layout.header[index]).unwrap_or_default();
            let text = short(&cell.line()).unwrap_or_default();
            let message = format!("“{text}” in the column `{column}` is no clear mark");
            self.report(
                &layout.document,
                &layout.row.at,
                RuleId::WrongType,
                message,
                "it is read as no",
            );
        }
        mark == Mark::Yes
    }

    /// The key types that a cell names.
    fn key_types_in(&mut self, layout: &Layout<'_>, cell: &Inline) -> Option<BTreeSet<String>> {
        let line = cell.line();
        if line.is_empty()
            || matches!(
                line.to_lowercase().as_str(),
                "both" | "all" | "any" | "either"
            )
        {
            return None;
        }
        let owner = self.prefixes.iter().find(|(_, prefix)| *prefix == line);
        if let Some((owner, _)) = owner.cloned() {
            add(&mut self.key_types, &owner);
            return Some(BTreeSet::from([owner]));
        }
        let mut types = BTreeSet::new();
        for name in columns::key_types(&cell.text()) {
            if let Some(name) = name.filter(|name| {
                self.key_types.len() < columns::MOST_NAMED || self.key_types.contains(name)
            }) {
                add(&mut self.key_types, &name);
                types.insert(name);
            } else {
                let text = short(&line).unwrap_or_default();
                let message = format!("not every part of “{text}” is the name of a key type");
                let at = &layout.row.at;
                let help = "what is none is left out";
                self.report(&layout.document, at, RuleId::WrongType, message, help);
            }
        }
        Some(types)
    }

    /// The endpoints of a row.
    fn calls(&mut self, layout: &Layout<'_>) -> (Vec<Call>, Option<String>) {
        let row = layout.row;
        let mut calls = Vec::new();
        let mut others: Vec<String> = Vec::new();
        for cell in layout.cells(row, &Column::Endpoints) {
            let (found, words) = cells::calls(cell);
            calls.extend(found);
            if !(cells::mark(cell) == Mark::No) {
                others.extend(words);
            }
        }
        let methods = layout.cells(row, &Column::Method);
        for cell in layout.cells(row, &Column::Path) {
            let line = cell.line();
            let words: Vec<&str> = line.split_whitespace().collect();
            let paths: Vec<String> = words
                .iter()
                .filter_map(|word| cells::path(word))
                .map(|(path, _)| path)
                .collect();
            let named = methods.first().and_then(|cell| cells::method_cell(cell));
            match (named, paths.as_slice()) {
                (Some(methods), [path]) => {
                    let call = |method: String| Call {
                        method,
                        path: path.clone(),
                        mode: None,
                    };
                    calls.extend(methods.into_iter().map(call));
                    others.extend(
                        words
                            .iter()
                            .filter(|word| cells::path(word).is_none())
                            .map(|&word| word.to_owned()),
                    );
                }
                (Some(methods), paths) if methods.len() == 1 && !paths.is_empty() => {
                    let call = |path: &String| Call {
                        method: methods[0].clone(),
                        path: path.clone(),
                        mode: None,
                    };
                    calls.extend(paths.iter().map(call));
                }
                _ => others.extend(words.into_iter().map(str::to_owned)),
            }
        }
        // Endpoints that are left out, or need more, are not what the row says of the others.
        let condition = (!calls.is_empty() && others.iter().any(|word| is_condition(word)))
            .then(|| short(&others.join(" ")).unwrap_or_default());
        if !others.is_empty() && condition.is_none() {
            let words = short(&others.join(" ")).unwrap_or_default();
            let message = if calls.is_empty() {
                format!("no endpoint is read from “{words}”: expected `METHOD /path`")
            } else {
                format!("not read beside the endpoints: “{words}”")
            };
            self.report(
                &layout.document,
                &row.at,
                RuleId::MalformedPath,
                message,
                "",
            );
        }
        (calls, condition)
    }

    /// What the endpoints of a row need.
    fn need(&mut self, layout: &Layout<'_>, cell: Option<&ScopeCell>, endpoint: &str) -> Need {
        let at = &layout.row.at;
        let mut unreadable = |why: String| {
            self.report(
                &layout.document,
                at,
                RuleId::WrongType,
                format!("what `{endpoint}` needs is not read: {why}"),
                "it is not-stated",
            );
            Need::Unreadable
        };
        if layout.is_contested {
            return unreadable("several columns name scopes".to_owned());
        }
        match cell {
            None => Need::Silent,
            Some(ScopeCell::Public) => Need::Public,
            Some(ScopeCell::AnyKey) => Need::AnyKey,
            Some(ScopeCell::Blank) => {
                unreadable("its row names no scope, and does not say that it needs none".to_owned())
            }
            Some(ScopeCell::Unclear) => {
                unreadable("its column of scopes holds no name of a scope".to_owned())
            }
            Some(ScopeCell::Names { names, join, words }) => {
                if !words.is_empty() && !layout.is_of_scopes {
                    let words = short(&words.join(" ")).unwrap_or_default();
                    return unreadable(format!("“{words}” stands beside the scopes"));
                }
                if names.iter().any(|name| name.contains('*')) {
                    return unreadable("it names a pattern".to_owned());
                }
                let names: Vec<&String> = names.iter().collect();
                let is_any = match (names.len(), join) {
                    (1, _) | (_, Join::All) => false,
                    (_, Join::Any) => true,
                    (_, Join::Unstated) => {
                        self.is_ambiguous = true;
                        let is_any = self.options.array == Some(Array::Any);
                        let (read, help) = reading(self.options.array);
                        let list: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
                        let list = short(&list.join(", ")).unwrap_or_default();
                        let message = format!(
                            "`{endpoint}` lists several scopes ({list}), and the page does not say whether all or any; {read}"
                        );
                        self.report(&layout.document, at, RuleId::WrongType, message, help);
                        is_any
                    }
                };
                let names = names.into_iter().cloned();
                Need::Scopes(if is_any {
                    names.map(|name| BTreeSet::from([name])).collect()
                } else {
                    BTreeSet::from([names.collect()])
                })
            }
        }
    }

    fn mention(&mut self, layout: &Layout<'_>, call: Call, need: Need, description: Option<&str>) {
        let (path, query) = match call.path.split_once('?') {
            Some((path, query)) => (path.to_owned(), Some(query.to_owned())),
            None => (call.path.clone(), None),
        };
        let template = Template::parse(&path).map_err(|error| error.0);
        let template = template.and_then(|template| {
            if path.contains('*') {
                Err("`*` is no parameter")
            } else {
                Ok(template)
            }
        });
        let shape = match template {
            Ok(template) => template.shape(),
            Err(why) => {
                let message = format!("`{} {path}` is not a valid endpoint: {why}", call.method);
                return self.report(
                    &layout.document,
                    &layout.row.at,
                    RuleId::MalformedPath,
                    message,
                    "it is left out",
                );
            }
        };
        let mention = Mention {
            document: Rc::clone(&layout.document),
            at: layout.row.at.clone(),
            method: call.method.clone(),
            path,
            query: query.as_deref().map(query_of).unwrap_or_default(),
            variant: call.mode.or(query),
            need,
            summary: description
                .filter(|_| !self.options.no_summaries)
                .and_then(summary),
            is_deprecated: description.is_some_and(is_deprecated),
            tag: layout.tag.clone(),
            environment: layout.environment.clone(),
        };
        let tags = &self.options.tags;
        if tags.is_empty() || mention.tag.as_ref().is_some_and(|tag| tags.contains(tag)) {
            self.mentions
                .entry((shape, call.method))
                .or_default()
                .push(mention);
        }
    }
}

/// How a list of scopes is read where the page does not say, and what the user can do about it.
pub(super) fn reading(array: Option<Array>) -> (&'static str, &'static str) {
    match array {
        Some(Array::All) => ("read as all", ""),
        Some(Array::Any) => ("read as any", ""),
        None => ("read as all", "`--array any` reads one as enough"),
    }
}

fn add(names: &mut Vec<String>, name: &str) {
    if names.iter().all(|known| known != name) {
        names.push(name.to_owned());
    }
}
