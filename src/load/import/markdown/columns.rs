//! What the columns of a table are, by the words of their headers and the shapes of their cells.

use super::cells::{Mark, ScopeCell, calls, has_parts, mark, method_cell, path, scopes};
use super::page::{Inline, Table};

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Column {
    Scopes,
    Method,
    Path,
    Endpoints,
    Description,
    /// Marks: whether this key type may carry the scope.
    KeyType(String),
    /// The key types that may carry the scope, in words.
    KeyTypes,
    /// Read, write or admin.
    Access,
    /// Marks: whether the scope takes this key type; what it is called in the header.
    Requires(String),
    /// Marks: whether this bundle has the scope.
    Bundle(String),
    /// Marks: whether the scope exists in this environment.
    Environment(String),
    /// Nothing that is read; why.
    Unread(&'static str),
}

/// Kinds of credentials that headers name without more words.
const KEY_TYPES: &[&str] = &[
    "server",
    "client",
    "publishable",
    "secret",
    "private",
    "public",
    "user",
    "bot",
    "restricted",
    "service",
];
const ENVIRONMENTS: &[&str] = &[
    "sandbox",
    "production",
    "live",
    "test",
    "staging",
    "development",
];
const BUNDLES: &[&str] = &[
    "bundle", "preset", "role", "plan", "tier", "package", "template", "profile",
];
const ROLES: &[&str] = &[
    "admin",
    "administrator",
    "owner",
    "editor",
    "viewer",
    "member",
    "developer",
    "contributor",
    "maintainer",
    "operator",
    "billing",
    "analyst",
    "support",
    "manager",
    "guest",
    "read-only",
    "full access",
];
/// The most columns of one kind that are told apart: a catalog has no more key types or environments.
pub(super) const MOST_NAMED: usize = 60;
/// The longest header, in bytes, that names a key type, a bundle or an environment.
const LONGEST_HEADER: usize = 64;
/// Words in headers of endpoints.
const OF_CALLS: &[&str] = &[
    "endpoint",
    "endpoints",
    "operation",
    "operations",
    "unlocks",
    "route",
    "routes",
    "request",
    "requests",
    "api",
    "apis",
    "used",
    "calls",
    "methods",
    "path",
    "url",
];
/// Words in headers of paths.
const OF_PATHS: &[&str] = &[
    "path",
    "url",
    "uri",
    "route",
    "endpoint",
    "endpoints",
    "resource",
];
/// Headers of columns that name key types.
const OF_TYPES: &[&str] = &[
    "token type",
    "token types",
    "key type",
    "key types",
    "token",
    "tokens",
    "keys",
    "available to",
    "supported tokens",
    "allowed keys",
];
/// Words in headers of descriptions.
const OF_DESCRIPTIONS: &[&str] = &[
    "description",
    "grants",
    "allows",
    "summary",
    "meaning",
    "details",
    "purpose",
    "unlocks",
    "what",
];
/// Words that a header of scopes consists of.
const OF_SCOPES: &[&str] = &[
    "scope",
    "scopes",
    "permission",
    "permissions",
    "privilege",
    "privileges",
    "required",
    "requires",
    "require",
    "needed",
    "oauth",
    "oauth2",
    "2",
    "0",
    "api",
    "key",
    "token",
    "name",
    "id",
    "any",
    "all",
    "one",
    "of",
    "the",
    "s",
    "these",
    "minimum",
];

/// The words of a header, in small letters.
pub(super) fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// Whether a text is about scopes.
pub(super) fn is_about_scopes(text: &str) -> bool {
    words(text).iter().any(|word| {
        matches!(
            word.as_str(),
            "scope" | "scopes" | "permission" | "permissions" | "privileges"
        )
    })
}

/// A name for a key type, bundle or environment, from the words of a header without some of them.
pub(super) fn name_without(header: &str, dropped: &[&str]) -> String {
    let mut kept = words(header);
    while kept.len() > 1
        && kept
            .last()
            .is_some_and(|last| dropped.contains(&last.as_str()))
    {
        kept.pop();
    }
    kept.join("-")
}

/// The words behind the name of a key type.
const KEY_WORDS: &[&str] = &["key", "keys", "token", "tokens", "api", "side"];

/// The name of a key type, from what a header or a cell calls it.
pub(super) fn key_type(text: &str) -> Option<String> {
    let all = words(text);
    let name = name_without(text, KEY_WORDS);
    let has_key_word = all
        .last()
        .is_some_and(|last| matches!(last.as_str(), "key" | "keys" | "token" | "tokens"));
    let is_known = KEY_TYPES.contains(&name.as_str());
    let is_plain = matches!(
        name.as_str(),
        "" | "api" | "access" | "key" | "token" | "the" | "your"
    );
    (!is_plain && (is_known || (has_key_word && all.len() <= 4))).then_some(name)
}

/// The key type that a heading names, such as "Server-side keys" or "Bot token scopes".
pub(super) fn key_type_of_heading(text: &str) -> Option<String> {
    let text = name_without(
        text,
        &[
            "scope",
            "scopes",
            "permission",
            "permissions",
            "endpoints",
            "only",
        ],
    );
    let is_of_keys = words(&text)
        .last()
        .is_some_and(|last| KEY_WORDS.contains(&last.as_str()));
    key_type(&text).filter(|name| is_of_keys && KEY_TYPES.contains(&name.as_str()))
}

/// The environment that a heading or a header names.
pub(super) fn environment(text: &str) -> Option<String> {
    let name = name_without(
        text,
        &[
            "environment",
            "only",
            "mode",
            "scopes",
            "endpoints",
            "permissions",
        ],
    );
    ENVIRONMENTS.contains(&name.as_str()).then_some(name)
}

/// What the columns of a table are; `about` is whether the headings above it are about scopes.
pub(super) fn columns(table: &Table, about: bool) -> Vec<Column> {
    let cells = |index: usize| -> Vec<&Inline> {
        let cells = table.rows.iter().filter_map(|row| row.cells.get(index));
        cells.filter(|cell| !cell.is_blank()).collect()
    };
    let mut columns: Vec<Column> = Vec::new();
    for (index, header) in table.header.iter().enumerate() {
        columns.push(column(&header.line(), &cells(index)));
    }
    // Names under a header that says only that they are names.
    let is_unclear = |column: &Column| matches!(column, Column::Unread(_));
    let is_parameters = table.header.iter().any(|header| {
        matches!(
            header.line().to_lowercase().as_str(),
            "type" | "required" | "default" | "in"
        )
    });
    if about
        && !is_parameters
        && !columns.contains(&Column::Scopes)
        && columns.first().is_some_and(is_unclear)
    {
        let header = table.header[0].line().to_lowercase();
        let is_header = matches!(
            header.as_str(),
            "name" | "value" | "identifier" | "id" | "string" | "key" | ""
        );
        let is_column = |cell: &&Inline| matches!(&scopes(cell), ScopeCell::Names { names, .. } if names.len() == 1 && has_parts(&names[0]));
        let named = cells(0);
        if is_header && !named.is_empty() && named.iter().all(is_column) {
            columns[0] = Column::Scopes;
        }
    }
    // A column without marks beside columns with marks says no in every row.
    let has = |wanted: fn(&Column) -> bool| columns.iter().any(wanted);
    let of_types = has(|column| matches!(column, Column::KeyType(_)));
    let of_bundles = has(|column| matches!(column, Column::Bundle(_)));
    for (index, header) in table.header.iter().enumerate() {
        if !matches!(columns[index], Column::Unread(_)) || !cells(index).is_empty() {
            continue;
        }
        let header = header.line();
        let key_type = key_type(&header).filter(|_| of_types && header.len() <= LONGEST_HEADER);
        if let Some(name) = key_type {
            columns[index] = Column::KeyType(name);
        } else if of_bundles && ROLES.contains(&header.to_lowercase().as_str()) {
            columns[index] = Column::Bundle(words(&header).join("-"));
        }
    }
    // Of several columns that may name scopes, the one that does.
    let count_names = |index: usize| {
        let cells = cells(index);
        let named = cells
            .iter()
            .filter(|cell| matches!(scopes(cell), ScopeCell::Names { .. }));
        (named.count(), cells.len())
    };
    let several: Vec<usize> = (0..columns.len())
        .filter(|index| columns[*index] == Column::Scopes)
        .take(MOST_NAMED)
        .collect();
    if several.len() > 1 {
        for index in several {
            let (named, all) = count_names(index);
            if named * 2 < all {
                columns[index] = Column::Unread("its cells are not names of scopes");
            }
        }
    }
    // A path alone does not name an endpoint.
    if !columns.contains(&Column::Method) {
        for column in &mut columns {
            if *column == Column::Path {
                *column = Column::Endpoints;
            }
        }
    }
    if !columns.contains(&Column::Path) {
        for column in &mut columns {
            if *column == Column::Method {
                *column = Column::Unread("it holds methods, and no column holds paths");
            }
        }
    }
    columns
}

/// The key types that a text names: each by its name, or `None` for what is none.
pub(super) fn key_types(text: &str) -> Vec<Option<String>> {
    let text = text.replace(" and ", ",").replace(" or ", ",");
    let parts = text.split([',', '/', '\n', ';']).map(str::trim);
    let named = |part: &str| {
        let bare = key_type(&format!("{part} key"));
        let bare = bare.filter(|name| KEY_TYPES.contains(&name.as_str()));
        bare.or_else(|| key_type(part))
    };
    let parts = parts.filter(|part| !part.is_empty());
    parts.map(named).collect()
}

/// Whether most of some cells name key types.
fn are_types(cells: &[&Inline]) -> bool {
    let is_of_types = |cell: &&&Inline| {
        let text = cell.text();
        let text = text.trim();
        matches!(text.to_lowercase().as_str(), "both" | "all" | "any")
            || key_types(text).iter().all(Option::is_some)
            || (text.ends_with('_') && !text.contains(char::is_whitespace))
    };
    cells.iter().filter(is_of_types).count() * 2 > cells.len()
}

fn column(header: &str, cells: &[&Inline]) -> Column {
    let lower = header.to_lowercase();
    let words = words(header);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let with_calls = cells
        .iter()
        .filter(|cell| !calls(cell).0.is_empty())
        .count();
    let of_calls = has(OF_CALLS);
    if with_calls > 0 && (of_calls || with_calls * 2 >= cells.len()) {
        return Column::Endpoints;
    }
    let methods = cells.iter().filter(|cell| method_cell(cell).is_some());
    if methods.count() * 2 > cells.len() && has(&["method", "methods", "verb"]) {
        return Column::Method;
    }
    let is_path = |cell: &&&Inline| {
        let line = cell.line();
        line.split_whitespace().any(|word| path(word).is_some())
    };
    if has(OF_PATHS) && cells.iter().filter(is_path).count() * 2 > cells.len() {
        return Column::Path;
    }
    let is_of_scopes = words.iter().all(|word| OF_SCOPES.contains(&word.as_str()));
    let names_scopes = has(&[
        "scope",
        "scopes",
        "permission",
        "permissions",
        "privilege",
        "privileges",
    ]);
    if is_of_scopes && names_scopes {
        return Column::Scopes;
    }
    if let Some(column) = marks(header, &words, cells) {
        return if header.len() > LONGEST_HEADER {
            Column::Unread("its header is no name")
        } else {
            column
        };
    }
    if OF_TYPES.contains(&lower.as_str()) && are_types(cells) {
        return Column::KeyTypes;
    }
    let is_access = |cell: &&Inline| {
        matches!(
            cell.line().to_lowercase().as_str(),
            "read" | "write" | "admin"
        )
    };
    if matches!(lower.as_str(), "access" | "access level" | "level") {
        return if !cells.is_empty() && cells.iter().all(is_access) {
            Column::Access
        } else {
            Column::Unread("its cells are not read, write or admin")
        };
    }
    if has(OF_DESCRIPTIONS) && !has(&["risk"]) {
        return Column::Description;
    }
    if has(&["risk", "severity", "sensitivity"]) {
        return Column::Unread("words for risk are not taken from a page");
    }
    Column::Unread("its header names nothing that a catalog has")
}

/// A column of marks; `None` if its cells are something else.
fn marks(header: &str, words: &[String], cells: &[&Inline]) -> Option<Column> {
    let clear = cells
        .iter()
        .filter(|cell| mark(cell) != Mark::Unclear)
        .count();
    if clear == 0 || clear * 2 < cells.len() {
        return None;
    }
    if words
        .first()
        .is_some_and(|word| matches!(word.as_str(), "requires" | "needs"))
        && words.len() > 1
    {
        let rest = header
            .trim()
            .split_once(char::is_whitespace)
            .map(|(_, rest)| rest.trim());
        return rest.map(|rest| Column::Requires(rest.to_owned()));
    }
    if words
        .last()
        .is_some_and(|last| BUNDLES.contains(&last.trim_end_matches('s')))
    {
        return Some(Column::Bundle(name_without(
            header,
            &[
                "bundle", "preset", "role", "plan", "tier", "package", "template", "profile",
            ],
        )));
    }
    if let Some(name) = environment(header) {
        return Some(Column::Environment(name));
    }
    if let Some(name) = key_type(header) {
        return Some(Column::KeyType(name));
    }
    let name = header.trim().to_lowercase();
    if ROLES.contains(&name.as_str()) {
        return Some(Column::Bundle(words.join("-")));
    }
    Some(Column::Unread(
        "it holds marks, and its header names no key type, bundle or environment",
    ))
}
