//! Scopes that stand in another file, which the platform itself reads: `scopes: {from: manifest.yaml, at: oauth.scopes}`.
//!
//! Such a list is read as if it stood in the key file, and its places lead into the other file. Nothing else of that file
//! is ever shown.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::finding::{Finding, Fix, RuleId};
use crate::load::raw::{RawFrom, RawKey, RawScopes};
use crate::source::limits::MOST_ITEMS;
use crate::source::{
    Edit, NameList, Node, Path, Place, Position, Segment, Source, SourceMap, Step, count, nearest,
    steps, words,
};

/// Why a file that a key file names cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// The sentence.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Unread {
    /// Other files are not read where this is asked.
    pub fn here(name: &str) -> Self {
        Self {
            message: format!("`{name}` is not read here"),
            help: None,
        }
    }
}

/// The files that a key file names, by the names that it has for them: each as it was read, its secrets masked, or why
/// it cannot be read.
#[derive(Debug, Clone, Default)]
pub struct Others(BTreeMap<String, Result<Arc<Source>, Unread>>);

impl Others {
    /// Reads the files of some names.
    pub fn read<'n>(
        names: impl IntoIterator<Item = &'n str>,
        read: impl Fn(&str) -> Result<Source, Unread>,
    ) -> Self {
        let mut others = BTreeMap::new();
        for name in names {
            if !others.contains_key(name) {
                others.insert(name.to_owned(), read(name).map(Arc::new));
            }
        }
        Self(others)
    }

    fn get(&self, name: &str) -> Result<&Arc<Source>, Unread> {
        match self.0.get(name) {
            Some(Ok(source)) => Ok(source),
            Some(Err(why)) => Err(why.clone()),
            None => Err(Unread::here(name)),
        }
    }
}

/// What a list in another file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// A list of names.
    Items,
    /// One text of names.
    Text,
    /// The names of the fields of a mapping.
    Fields,
}

/// A list of a key that stands in another file.
#[derive(Debug, Clone)]
pub struct Borrowed {
    /// The list, as the key file calls it.
    list: Path,
    /// The other file, its secrets masked.
    source: Arc<Source>,
    /// The list in the other file.
    at: Path,
    shape: Shape,
    /// The names of the list, where they are those of fields.
    names: Vec<String>,
    /// What of the other file may be shown: the names, and the fields on the way to them.
    shown: Vec<Range<usize>>,
}

impl Borrowed {
    /// The list, as the key file calls it.
    pub fn list(&self) -> &Path {
        &self.list
    }

    /// The other file.
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// Where a place of the key file stands in the other file; `None` where it stands in the key file itself.
    pub fn place(&self, place: &Place) -> Option<Place> {
        match place {
            Place::Path(path, _) => self.inner(path).map(|inner| self.place_of(inner)),
            Place::At(_) => None,
        }
    }

    /// What stands below the list on a path of the key file.
    fn inner<'p>(&self, path: &'p Path) -> Option<&'p [Segment]> {
        let inner = path.0.strip_prefix(self.list.0.as_slice())?;
        // `from` and `at` are the key file's own.
        matches!(inner, [Segment::Item(_) | Segment::Words(..), ..]).then_some(inner)
    }

    fn place_of(&self, inner: &[Segment]) -> Place {
        match (self.shape, inner) {
            (Shape::Fields, [Segment::Item(index), ..]) => {
                let name = self.names.get(*index).map_or("", String::as_str);
                self.at.field(name).key()
            }
            _ => self.path_of(inner).value(),
        }
    }

    fn path_of(&self, inner: &[Segment]) -> Path {
        Path(self.at.0.iter().chain(inner).cloned().collect())
    }

    /// A fix of the key as one of the other file; `None` where it would change something else, or the fields of a
    /// mapping, which mean more than their names.
    pub fn fix(&self, fix: &Fix) -> Option<Fix> {
        let edit = |edit: &Edit| -> Option<Edit> {
            if self.shape == Shape::Fields {
                return None;
            }
            Some(match edit {
                Edit::Replace { at, part, text } => Edit::Replace {
                    at: self.path_of(self.inner(at)?),
                    part: *part,
                    text: text.clone(),
                },
                Edit::Items { at, names } => Edit::Items {
                    at: self.path_of(self.inner(at)?),
                    names: names.clone(),
                },
                Edit::Append { list, names, .. } if *list == self.list => Edit::Append {
                    list: self.at.clone(),
                    names: names.clone(),
                    before: self.at.clone(),
                },
                Edit::Append { .. } => return None,
            })
        };
        let edits: Option<Vec<Edit>> = fix.edits.iter().map(edit).collect();
        Some(Fix {
            edits: edits?,
            ..fix.clone()
        })
    }

    /// Whether a fix would change the list.
    pub fn is_changed_by(&self, fix: &Fix) -> bool {
        fix.edits.iter().any(|edit| match edit {
            Edit::Append { list, .. } => *list == self.list,
            Edit::Items { at, .. } | Edit::Replace { at, .. } => at.0.starts_with(&self.list.0),
        })
    }
}

/// Another file as it may be shown: blanks stand for all but the names of the lists in it and the fields on the way to
/// them. Every byte stays where it was.
pub fn redacted(source: &Source, borrowed: &[Borrowed]) -> Source {
    let is_structure = |c: char| c.is_whitespace() || "-[]{}=,:\"'".contains(c);
    let is_near = |(_, c): &(usize, char)| is_structure(*c) && *c != '\n';
    let text = &source.text;
    let mut kept = vec![false; text.len()];
    let lists = borrowed.iter().filter(|one| one.source.name == source.name);
    for span in lists.flat_map(|one| &one.shown) {
        kept[span.clone()].fill(true);
        // The punctuation around a name, on its line.
        let before = text[..span.start].char_indices().rev();
        let after = text[span.end..].char_indices();
        let after = after.map(|(at, c)| (span.end + at, c));
        for (at, c) in before.take_while(is_near).chain(after.take_while(is_near)) {
            kept[at..at + c.len_utf8()].fill(true);
        }
    }
    let mut redacted = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if kept[at] || matches!(c, '\n' | '\r') {
            redacted.push(c);
        } else {
            redacted.extend(std::iter::repeat_n(' ', c.len_utf8()));
        }
    }
    source.with_text(redacted)
}

/// The list among some that a place of a key file is in.
pub fn lender<'b>(borrowed: &'b [Borrowed], place: &Place) -> Option<(&'b Borrowed, Place)> {
    borrowed
        .iter()
        .find_map(|one| Some((one, one.place(place)?)))
}

/// A key file and the others in which its scopes stand, with their places.
#[derive(Debug)]
pub struct Places<'a> {
    key: SourceMap<'a>,
    /// The lists in other files, each with its file.
    lists: Vec<(&'a Borrowed, SourceMap<'a>)>,
}

impl<'a> Places<'a> {
    /// Those of a key file and its lists in other files.
    pub fn of(key: &'a Source, borrowed: &'a [Borrowed]) -> Self {
        let lists = borrowed.iter().map(|one| (one, one.source.source_map()));
        Self {
            key: key.source_map(),
            lists: lists.collect(),
        }
    }

    /// The list in another file that a place of the key file is in, and its bytes there; `None` where it stands in the
    /// key file itself.
    pub fn far(&self, place: &Place) -> Option<(&'a Borrowed, &SourceMap<'a>, Range<usize>)> {
        self.lists.iter().find_map(|(list, located)| {
            let span = located.span(&list.place(place)?);
            Some((*list, located, span))
        })
    }

    /// The file that a place of the key file stands in, and its bytes there.
    pub fn find(&self, place: &Place) -> (&SourceMap<'a>, Range<usize>) {
        match self.far(place) {
            Some((_, located, span)) => (located, span),
            None => (&self.key, self.key.span(place)),
        }
    }

    /// The name of the file that a place of the key file stands in, and its position there.
    pub fn position(&self, place: &Place) -> (&'a str, Position) {
        let (located, span) = self.find(place);
        (located.name(), located.position(span.start))
    }
}

/// The names by which a key file calls other files.
pub(super) fn names_of_others(raw: &RawKey) -> Vec<&str> {
    let environments = raw.environments.0.iter();
    let environments = environments.map(|(_, section)| section.scopes.as_ref());
    let lists = std::iter::once(raw.scopes.as_ref()).chain(environments);
    let from = lists.flatten().filter_map(|list| list.from.as_ref());
    from.filter_map(|from| from.from.as_deref()).collect()
}

/// Where the lists of a key stand in other files, with the place of each in the key file.
fn lists_elsewhere(raw: &mut RawKey) -> impl Iterator<Item = (Path, &mut NameList, &RawFrom)> {
    let root = Path::root();
    let environments = raw.environments.0.iter_mut().map(|(name, section)| {
        let at = Path::root().field("environments").field(name);
        (at.field("scopes"), section.scopes.as_mut())
    });
    let own = (root.field("scopes"), raw.scopes.as_mut());
    std::iter::once(own)
        .chain(environments)
        .filter_map(|(path, scopes)| {
            let RawScopes { names, from } = scopes?;
            Some((path, names, from.as_ref()?))
        })
}

/// The lists of a key that do not say where they stand.
pub(super) fn incomplete(raw: &mut RawKey) -> Vec<Finding> {
    let lists = lists_elsewhere(raw).filter_map(|(list, _, from)| {
        let field = match (&from.from, &from.at) {
            (None, _) => "from",
            (_, None) => "at",
            _ => return None,
        };
        let message = format!("`{list}` does not say `{field}`, so its scopes are unknown");
        let finding = Finding::new(RuleId::UnreadableScopes, list.key(), message);
        Some(finding.help("write `from`, a file, and `at`, the route to the scopes in it"))
    });
    lists.collect()
}

/// Reads the lists of a key that stand in other files into the key.
pub(super) fn borrow(raw: &mut RawKey, others: &Others) -> (Vec<Borrowed>, Vec<Finding>) {
    let (mut borrowed, mut findings) = (Vec::new(), Vec::new());
    for (list, names, from) in lists_elsewhere(raw) {
        let (Some(from), Some(at)) = (&from.from, &from.at) else {
            continue;
        };
        match borrow_list(from, at, &list, others) {
            Ok((found, one)) => {
                *names = found;
                borrowed.push(one);
            }
            Err(finding) => findings.push(*finding),
        }
    }
    (borrowed, findings)
}

fn borrow_list(
    name: &str,
    route: &str,
    list: &Path,
    others: &Others,
) -> Result<(NameList, Borrowed), Box<Finding>> {
    let fault = |field: &str, message: String| {
        let place = list.field(field).value();
        Box::new(Finding::new(RuleId::UnreadableScopes, place, message))
    };
    let source = others.get(name).map_err(|why| {
        let finding = fault("from", why.message);
        Box::new(Finding {
            help: why.help,
            ..*finding
        })
    })?;
    let steps = match route.trim() {
        "" => Err("`at` is empty".to_owned()),
        route => steps(route),
    };
    let steps = steps.map_err(|why| fault("at", why))?;
    let recovered = source.recovered();
    let located = source.source_map();
    let at = |byte: usize| {
        let position = located.position(byte);
        format!("{}:{}:{}", source.name, position.line, position.column)
    };
    if let Some(problem) = recovered.problems.first() {
        let place = at(located.span(&problem.place).start);
        return Err(fault("from", format!("{place}: {}", problem.message)));
    }
    let Some(tree) = &recovered.tree else {
        return Err(fault("from", format!("`{}` is empty", source.name)));
    };
    let (node, path, mut shown) = follow(tree, &steps).map_err(|stop| {
        let message = format!("{}: {}", at(stop.span.start), stop.message);
        let finding = fault("at", message);
        Box::new(match stop.help {
            Some(help) => finding.help(help),
            None => *finding,
        })
    })?;
    let refuse = |node: &Node, why: &str| {
        let message = format!("{}: `{route}` {why}", at(node.span.start));
        fault("at", message).help(
            "name a list of scopes, a text of them, or a mapping of which the fields are scopes",
        )
    };
    let (shape, names) = names_at(node, &mut shown).map_err(|(node, why)| refuse(node, &why))?;
    let field_names = match (&names, shape) {
        (NameList::Items(items), Shape::Fields) => items.clone(),
        _ => Vec::new(),
    };
    let borrowed = Borrowed {
        list: list.clone(),
        source: Arc::clone(source),
        at: path,
        shape,
        names: field_names,
        shown,
    };
    Ok((names, borrowed))
}

/// Where a route ends before its end, and why.
struct Stop {
    span: Range<usize>,
    message: String,
    help: Option<String>,
}

/// What stands at the end of a route, its path, and the names of the fields on the way.
fn follow<'n>(tree: &'n Node, route: &[Step]) -> Result<(&'n Node, Path, Vec<Range<usize>>), Stop> {
    let (mut node, mut path, mut passed) = (tree, Path::root(), Vec::new());
    for step in route {
        let stop = |message: String, help: Option<String>| Stop {
            span: node.span.clone(),
            message,
            help,
        };
        let here = || {
            if path.0.is_empty() {
                "the file".to_owned()
            } else {
                format!("`{path}`")
            }
        };
        match step {
            Step::Field(name) => {
                let mut entries = node.entries();
                let names: Vec<String> = entries.iter().map(|one| one.0.to_owned()).collect();
                let found = entries.iter().position(|one| one.0 == name);
                let Some(found) = found else {
                    let near = nearest(name, names.iter().map(String::as_str));
                    let help = near.first().map(|near| format!("did you mean `{near}`?"));
                    return Err(stop(format!("{} has no field `{name}`", here()), help));
                };
                let (_, span, value) = entries.swap_remove(found);
                passed.push(span);
                path = path.field(name);
                node = value;
            }
            Step::Item(None) => {
                let help = "write the number of the item, from 0, as in [0]";
                let message = format!("`[]` behind {} names no item", here());
                return Err(stop(message, Some(help.to_owned())));
            }
            Step::Item(Some(number)) => {
                let Some(items) = node.items() else {
                    return Err(stop(format!("{} is not a list", here()), None));
                };
                let Some(item) = items.get(*number) else {
                    let length = count(items.len(), "item");
                    let message = format!("{} has {length}, and no [{number}]", here());
                    return Err(stop(message, None));
                };
                path = path.item(*number);
                node = item;
            }
        }
    }
    Ok((node, path, passed))
}

/// The names in a value; adds what of it may be shown. Fails with a sentence where it holds none.
fn names_at<'n>(
    node: &'n Node,
    shown: &mut Vec<Range<usize>>,
) -> Result<(Shape, NameList), (&'n Node, String)> {
    let too_many = |number: usize| {
        let refusal = format!("has {number} names, and the limit is {MOST_ITEMS}");
        (number > MOST_ITEMS).then_some((node, refusal))
    };
    if let Some(text) = node.text() {
        if let Some(refusal) = too_many(words(text).count()) {
            return Err(refusal);
        }
        shown.push(node.span.clone());
        return Ok((Shape::Text, NameList::Text(text.to_owned())));
    }
    if node.is_map() {
        let entries = node.entries();
        if let Some(refusal) = too_many(entries.len()) {
            return Err(refusal);
        }
        shown.extend(entries.iter().map(|(_, span, _)| span.clone()));
        let names = entries.iter().map(|(name, ..)| (*name).to_owned());
        return Ok((Shape::Fields, NameList::Items(names.collect())));
    }
    let Some(items) = node.items() else {
        let what = if node.is_null() {
            "is empty"
        } else {
            "is neither a list, a text nor a mapping"
        };
        return Err((node, what.to_owned()));
    };
    if let Some(refusal) = too_many(items.len()) {
        return Err(refusal);
    }
    let mut names = Vec::with_capacity(items.len());
    for item in items {
        let Some(name) = item.text() else {
            return Err((item, "has an item that is not a text".to_owned()));
        };
        shown.push(item.span.clone());
        names.push(name.to_owned());
    }
    Ok((Shape::Items, NameList::Items(names)))
}
