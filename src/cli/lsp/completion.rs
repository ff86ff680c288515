//! The names that may stand where somebody types: those of the schema of the file, narrowed to the catalog.

use std::sync::Arc;

use lsp_types::{CompletionItem, CompletionItemKind, CompletionList, Position, TextEdit};
use serde_json::Value;

use super::document::{Document, Encoding, Kind};
use super::workspace::Workspace;
use crate::cli::catalogs::Catalogs;
use crate::load::{has_foreign_field, load_catalog};
use crate::model::{Catalog, Described};
use crate::render::clean;
use crate::render::schema::{Schema, key_schema_of};
use crate::source::{Segment, Source, Syntax, Typed, is_harmful, is_separator, yaml_scalar};

/// Texts longer than this get no completion: each parse of them takes too long for a key stroke.
const LONGEST: usize = 2 * 1024 * 1024;

pub(super) fn completions(
    document: &Document,
    position: Position,
    encoding: Encoding,
    workspace: &Workspace,
) -> CompletionList {
    let byte = document.byte(position, encoding);
    let typed = (document.source.text.len() <= LONGEST)
        .then(|| document.source.typed_at(byte))
        .flatten();
    let Some(mut typed) = typed else {
        return CompletionList::default();
    };
    if document.source.syntax == Syntax::Yaml && &document.source.text[typed.start..byte] == "-" {
        // An item begins with a space behind the dash.
        return CompletionList::default();
    }
    let is_begun = || !has_foreign_field(&document.source) && document.is_ours;
    let kind = document.kind.or_else(|| is_begun().then_some(Kind::Key));
    let Some(kind) = kind else {
        return CompletionList::default();
    };
    let catalog = catalog_at(document, workspace, kind, byte);
    let mut offers = offers(catalog.as_deref(), workspace, kind, &typed);
    if !typed.is_name && !begins_line(&document.source, typed.start) {
        // A mapping cannot begin behind `field: `.
        offers.fields.clear();
    }
    let text = document.source.text.as_str();
    if offers.is_list_text {
        // In a string that is read as a list, the last word is what is being typed.
        let before = &text[typed.start..byte];
        let at = before.rfind(is_separator).map_or(0, |at| at + 1);
        let words = before[..at].split(is_separator);
        typed.siblings.extend(words.map(str::to_owned));
        typed.start += at;
    }
    let before = &text[typed.start..byte];
    let syntax = document.source.syntax;
    let place = Place {
        is_header: syntax == Syntax::Toml && is_in_header(&text[..byte]),
        end: word_end(text, byte, typed.quote),
        syntax,
    };
    let mut items = Vec::new();
    for (names, kind) in [
        (&offers.values, CompletionItemKind::VALUE),
        (&offers.fields, CompletionItemKind::FIELD),
    ] {
        let is_field = kind == CompletionItemKind::FIELD;
        for one in begun(names, before) {
            let number = items.len();
            let is_there = typed.siblings.contains(&one.name);
            let new = inserted(&one.name, is_field, &typed, &place, text);
            let Some(new) = new.filter(|_| !is_there) else {
                continue;
            };
            // Some editors take a new text only up to its first space, so what is written before one stays.
            let kept = before.rfind(' ').map_or(0, |at| at + 1);
            let kept = if new.starts_with(&before[..kept]) {
                kept
            } else {
                0
            };
            let range = document.range(typed.start + kept..place.end, encoding);
            items.push(CompletionItem {
                label: one.name.clone(),
                kind: Some(kind),
                detail: (!one.help.is_empty()).then(|| clean(&one.help).replace('\n', " ")),
                // In the order of the catalog.
                sort_text: Some(format!("{number:06}")),
                text_edit: Some(TextEdit::new(range, new[kept..].to_owned()).into()),
                ..CompletionItem::default()
            });
        }
    }
    CompletionList {
        is_incomplete: false,
        items,
    }
}

/// The names that begin as what is typed; those that have it in them if none does. They are filtered here, because editors
/// differ in what they take for the word that is typed.
fn begun<'a>(names: &'a [Described], typed: &str) -> Vec<&'a Described> {
    let harmless = || names.iter().filter(|one| !one.name.contains(is_harmful));
    let begun: Vec<_> = harmless()
        .filter(|one| one.name.starts_with(typed))
        .collect();
    if begun.is_empty() {
        harmless().filter(|one| one.name.contains(typed)).collect()
    } else {
        begun
    }
}

/// Whether nothing but indentation and dashes is before a byte on its line, so that a mapping of YAML may begin there.
fn begins_line(source: &Source, byte: usize) -> bool {
    let line = source.text[..byte].rsplit('\n').next().unwrap_or_default();
    source.syntax == Syntax::Yaml && line.chars().all(|c| matches!(c, ' ' | '-'))
}

/// Whether a text ends inside the header of a TOML table.
fn is_in_header(text: &str) -> bool {
    let line = text.rsplit('\n').next().unwrap_or_default().trim_start();
    line.starts_with('[') && !line.contains(['=', ']'])
}

/// The catalog whose names are offered. A catalog of which the line that is being typed cannot be read yet is read without
/// it.
fn catalog_at(
    document: &Document,
    workspace: &Workspace,
    kind: Kind,
    byte: usize,
) -> Option<Arc<Catalog>> {
    if kind == Kind::Key && document.kind.is_none() {
        return None;
    }
    let known = workspace.meant(document);
    if known.is_some() || kind != Kind::Catalog {
        return known;
    }
    let text = &document.source.text;
    let start = text[..byte].rfind('\n').map_or(0, |at| at + 1);
    let end = text[byte..].find('\n').map_or(text.len(), |at| byte + at);
    let without = format!("{}{}", &text[..start], &text[end..]);
    let source = document.source.with_text(without);
    load_catalog(&source).catalog.map(Arc::new)
}

/// Where a name is written.
struct Place {
    /// Whether it is in the header of a TOML table.
    is_header: bool,
    /// Where the word that is typed ends, behind the cursor.
    end: usize,
    syntax: Syntax,
}

/// Where the word at a byte ends.
fn word_end(text: &str, byte: usize, quote: Option<char>) -> usize {
    let after = &text[byte..];
    let ends = |(at, c): (usize, char)| {
        let next = after[at + c.len_utf8()..].chars().next();
        let is_end = match quote {
            Some(quote) => c == quote || c == '\n',
            None => {
                let is_colon = c == ':' && next.is_none_or(char::is_whitespace);
                c.is_whitespace() || is_colon || ",[]{}\"'=".contains(c)
            }
        };
        is_end.then_some(byte + at)
    };
    after.char_indices().find_map(ends).unwrap_or(text.len())
}

/// What is written for a name; `None` if it cannot be written there.
fn inserted(
    name: &str,
    is_field: bool,
    typed: &Typed,
    place: &Place,
    text: &str,
) -> Option<String> {
    let quoted = serde_json::to_string(name).unwrap_or_default();
    let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let key = if name.chars().all(is_bare) {
        name
    } else {
        &quoted
    };
    if place.is_header {
        return Some(key.to_owned());
    }
    match (typed.quote, place.syntax) {
        (Some('"'), _) => return Some(quoted[1..quoted.len() - 1].to_owned()),
        (Some(_), Syntax::Yaml) => return Some(name.replace('\'', "''")),
        (Some(_), _) => return (!name.contains('\'')).then(|| name.to_owned()),
        (None, _) => {}
    }
    let value = match place.syntax {
        Syntax::Yaml => yaml_scalar(name, typed.is_flow),
        Syntax::Toml if is_field => key.to_owned(),
        Syntax::Json | Syntax::Toml => quoted,
    };
    let rest = text[place.end..].trim_start_matches([' ', '"', '\'']);
    let sign = match place.syntax {
        Syntax::Yaml | Syntax::Json => ": ",
        Syntax::Toml => " = ",
    };
    // A name that is changed keeps its sign.
    let has_sign = rest.starts_with(sign.trim());
    Some(if is_field && !has_sign {
        value + sign
    } else {
        value
    })
}

/// What may be written at a place.
#[derive(Debug, Default)]
struct Offers {
    values: Vec<Described>,
    fields: Vec<Described>,
    /// Whether it is a string that is read as a list of names.
    is_list_text: bool,
}

fn offers(catalog: Option<&Catalog>, workspace: &Workspace, kind: Kind, typed: &Typed) -> Offers {
    let schema = match (kind, catalog) {
        (Kind::Key, Some(catalog)) => key_schema_of(catalog, &catalog.handle),
        (Kind::Key, None) => Schema::Key.text().to_owned(),
        (Kind::Catalog, _) => Schema::Catalog.text().to_owned(),
        (Kind::Config, _) => Schema::Config.text().to_owned(),
        (Kind::Baseline, _) => Schema::Baseline.text().to_owned(),
    };
    // Our own text, which a test reads.
    let schema: Value = serde_json::from_str(&schema).unwrap_or_default();
    let mut forms = flattened(&schema, &schema);
    for segment in &typed.path.0 {
        let inner = forms.iter().filter_map(|form| match segment {
            Segment::Field(name) => {
                let own = form["properties"].get(name);
                own.or_else(|| {
                    form.get("additionalProperties")
                        .filter(|one| one.is_object())
                })
            }
            Segment::Item(_) | Segment::Words(..) => form.get("items"),
        });
        forms = inner.flat_map(|part| flattened(&schema, part)).collect();
    }
    let mut offers = Offers::default();
    for form in &forms {
        offers.fields.extend(fields(&schema, form));
        if typed.is_name {
            continue;
        }
        offers.values.extend(value(form));
        if let Some(items) = form.get("items") {
            offers.is_list_text = true;
            let items = flattened(&schema, items);
            offers.values.extend(items.into_iter().flat_map(value));
        }
    }
    if !typed.is_name {
        let path = typed.path.0.as_slice();
        if matches!((kind, path), (Kind::Key, [Segment::Field(name)]) if name == "provider") {
            offers.values = providers(workspace);
        }
        if let (Kind::Catalog, Some(catalog)) = (kind, catalog) {
            offers.values.extend(own_names(catalog, path));
        }
    }
    offers
}

/// The providers that a key file may name.
fn providers(workspace: &Workspace) -> Vec<Described> {
    let catalogs = workspace.catalogs.as_ref();
    let all = catalogs.map(Catalogs::all).unwrap_or_default();
    all.iter()
        .map(|catalog| Described {
            name: catalog.provider.clone(),
            help: catalog.title.clone(),
        })
        .collect()
}

/// The names of a catalog that fit at a place in its own file.
fn own_names(catalog: &Catalog, path: &[Segment]) -> Vec<Described> {
    let fields = path.iter().rev().filter_map(|segment| match segment {
        Segment::Field(name) => Some(name.as_str()),
        _ => None,
    });
    let fields: Vec<&str> = fields.collect();
    let section = fields.last().copied().unwrap_or_default();
    match fields.first().copied().unwrap_or_default() {
        "scope" | "all" | "any" | "scopes" | "except" | "implies" | "adequate" | "deprecated"
            if section != "recipes" || fields[0] == "adequate" =>
        {
            let mut names = catalog.described_scopes();
            if section == "examples" {
                names.extend(catalog.described_bundles());
            }
            names
        }
        "endpoints" | "endpoint" | "any" | "all" => catalog.described_endpoints(),
        "events" => catalog.described_events(),
        "key_types" | "key_type" => catalog.described_key_types(),
        "environments" | "environment" => catalog.described_environments(),
        _ if matches!(section, "endpoints" | "events" | "retired") && fields.len() == 2 => {
            catalog.described_scopes()
        }
        _ => Vec::new(),
    }
}

/// The forms that a part of a schema may have, with its references followed.
fn flattened<'a>(schema: &'a Value, part: &'a Value) -> Vec<&'a Value> {
    if let Some(pointer) = part.get("$ref").and_then(Value::as_str) {
        let found = schema.pointer(pointer.trim_start_matches('#'));
        return found.map_or_else(Vec::new, |part| flattened(schema, part));
    }
    let mut forms = vec![part];
    for way in ["anyOf", "allOf"] {
        let inner = part
            .get(way)
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        forms.extend(inner.flat_map(|part| flattened(schema, part)));
    }
    forms
}

/// The fields of a mapping.
fn fields(schema: &Value, form: &Value) -> Vec<Described> {
    let fields = form.get("properties").and_then(Value::as_object);
    fields
        .into_iter()
        .flatten()
        .map(|(name, field)| {
            let mut forms = flattened(schema, field).into_iter();
            let help = forms.find_map(|form| form.get("description")?.as_str());
            Described {
                name: name.clone(),
                help: help.unwrap_or_default().to_owned(),
            }
        })
        .collect()
}

/// The values that a form names.
fn value(form: &Value) -> Vec<Described> {
    let constant = form.get("const").into_iter();
    let listed = form.get("enum").and_then(Value::as_array);
    let help = form.get("description").and_then(Value::as_str);
    constant
        .chain(listed.into_iter().flatten())
        .filter_map(Value::as_str)
        .map(|name| Described {
            name: name.to_owned(),
            help: help.unwrap_or_default().to_owned(),
        })
        .collect()
}
