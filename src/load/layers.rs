//! One catalog out of two files: `extends` lays a user's entries over a built-in catalog, entry by entry.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::endpoint_name::{EndpointName, Structure};
use super::raw::{RawCatalog, RawEndpoint, RawWildcards};
use crate::source::{Entries, Path};

/// An entry and the place it came from.
#[derive(Debug, Clone)]
pub(super) struct Entry<V> {
    pub(super) name: String,
    pub(super) value: V,
    pub(super) origin: Origin,
}

/// Where an entry comes from: the file that is read, or the catalog that it extends, which is known to be valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Origin {
    section: &'static str,
    item: usize,
    is_list: bool,
    pub(super) own: bool,
}

impl Origin {
    /// The path of the entry in its file.
    pub(super) fn path(self, name: &str) -> Path {
        let section = Path::root().field(self.section);
        if self.is_list {
            section.item(self.item)
        } else {
            section.field(name)
        }
    }
}

/// An entry under `endpoints`, with what is left of its methods after layering.
#[derive(Debug)]
pub(super) struct EndpointEntry<'a> {
    pub(super) text: &'a str,
    pub(super) value: &'a RawEndpoint,
    pub(super) origin: Origin,
    /// What its text says, or why that is no name.
    pub(super) name: Result<EndpointName, &'static str>,
    /// The methods that it stands for: `ANY` until that is spelt out.
    pub(super) methods: Vec<String>,
    /// Its path without the names of parameters.
    shape: Rc<str>,
}

impl<'a> EndpointEntry<'a> {
    /// The entries of a file.
    fn all(raw: &'a RawCatalog, own: bool, ignore_case: bool) -> impl Iterator<Item = Self> {
        let entries = raw.endpoints.0.iter().enumerate();
        entries.map(move |(item, (text, value))| {
            let name = EndpointName::parse(text);
            let (methods, shape) = match &name {
                Ok(name) if name.is_any => (vec!["ANY".to_owned()], name.template.shape()),
                Ok(name) => (name.methods.clone(), name.template.shape()),
                Err(_) => (Vec::new(), String::new()),
            };
            Self {
                text,
                value,
                origin: Origin {
                    section: "endpoints",
                    item,
                    is_list: false,
                    own,
                },
                name,
                methods,
                shape: if ignore_case {
                    Rc::from(shape.to_lowercase())
                } else {
                    Rc::from(shape)
                },
            }
        })
    }

    /// Each of its methods with its shape.
    fn singles(&self) -> impl Iterator<Item = Structure> {
        let methods = self.methods.iter();
        methods.map(|method| (method.clone(), Rc::clone(&self.shape)))
    }

    /// Puts the methods in place of `ANY` that no other entry names for the same path.
    fn spell_any_out(&mut self, named: &HashSet<Structure>) {
        if let Ok(name) = &self.name
            && name.is_any
        {
            let mut methods = name.methods.clone();
            methods.retain(|method| !named.contains(&(method.clone(), Rc::clone(&self.shape))));
            self.methods = methods;
        }
    }
}

/// The sections of a catalog, laid one over the other. Scalars of the upper file are already in `top`.
#[derive(Debug)]
pub(super) struct Layered {
    pub(super) top: RawCatalog,
    pub(super) below: Option<RawCatalog>,
}

impl Layered {
    /// The entries of a section: those of the lower file in their order, replaced where the upper one has the name,
    /// then what the upper one adds.
    pub(super) fn entries<V: Clone>(
        &self,
        section: &'static str,
        of: impl Fn(&RawCatalog) -> &Entries<V>,
    ) -> Vec<Entry<V>> {
        self.entries_by(section, of, str::to_owned)
    }

    /// The same for entries that count as equal if they have the same `identity`, even under different names.
    pub(super) fn entries_by<V: Clone>(
        &self,
        section: &'static str,
        of: impl Fn(&RawCatalog) -> &Entries<V>,
        identity: impl Fn(&str) -> String,
    ) -> Vec<Entry<V>> {
        let entry = |(item, (name, value)): (usize, &(String, V)), own| Entry {
            name: name.clone(),
            value: value.clone(),
            origin: Origin {
                section,
                item,
                is_list: false,
                own,
            },
        };
        let mut entries: Vec<Entry<V>> = Vec::new();
        if let Some(below) = &self.below {
            entries.extend(
                of(below)
                    .0
                    .iter()
                    .enumerate()
                    .map(|pair| entry(pair, false)),
            );
        }
        let places: HashMap<String, usize> = entries
            .iter()
            .enumerate()
            .map(|(index, entry)| (identity(&entry.name), index))
            .collect();
        for pair in of(&self.top).0.iter().enumerate() {
            let fresh = entry(pair, true);
            // Duplicates within one file are kept, so that the catalog reports them.
            match places.get(&identity(&fresh.name)) {
                Some(index) if !entries[*index].origin.own => entries[*index] = fresh,
                _ => entries.push(fresh),
            }
        }
        entries
    }

    /// The entries under `endpoints`. Those of the upper file replace single endpoints of the lower one, whatever their
    /// parameters are called: `GET /x` corrects that method of `GET|POST /x`. `ANY` replaces `ANY` alone, and stands for
    /// the methods that no other entry of either file names. With `ignore_case`, paths are the same in any case.
    pub(super) fn endpoints(&self, ignore_case: bool) -> Vec<EndpointEntry<'_>> {
        let below = self.below.iter();
        let below = below.flat_map(|raw| EndpointEntry::all(raw, false, ignore_case));
        let mut below: Vec<EndpointEntry<'_>> = below.collect();
        let mut places: HashMap<Structure, usize> = HashMap::new();
        for (index, entry) in below.iter().enumerate() {
            places.extend(entry.singles().map(|single| (single, index)));
        }
        // The upper entries that stand where the first lower endpoint was that they replace, and those that are new.
        let mut replacing: HashMap<usize, Vec<EndpointEntry<'_>>> = HashMap::new();
        let mut added = Vec::new();
        for entry in EndpointEntry::all(&self.top, true, ignore_case) {
            let mut first = None;
            for single in entry.singles() {
                if let Some(index) = places.get(&single) {
                    below[*index].methods.retain(|method| *method != single.0);
                    first = Some(first.map_or(*index, |first: usize| first.min(*index)));
                }
            }
            match first {
                Some(index) => replacing.entry(index).or_default().push(entry),
                None => added.push(entry),
            }
        }
        let mut entries = Vec::with_capacity(below.len() + added.len());
        for (index, entry) in below.into_iter().enumerate() {
            entries.extend(replacing.remove(&index).unwrap_or_default());
            if !entry.methods.is_empty() {
                entries.push(entry);
            }
        }
        entries.extend(added);
        let named: HashSet<Structure> = entries.iter().flat_map(EndpointEntry::singles).collect();
        for entry in &mut entries {
            entry.spell_any_out(&named);
        }
        entries
    }

    /// The items of a list: those of the lower file, then those of the upper one.
    pub(super) fn items<V: Clone>(
        &self,
        section: &'static str,
        of: impl Fn(&RawCatalog) -> &Option<Vec<Option<V>>>,
    ) -> Vec<Entry<V>> {
        let layers = [(self.below.as_ref(), false), (Some(&self.top), true)];
        let mut items = Vec::new();
        for (layer, own) in layers {
            let Some(list) = layer.and_then(|raw| of(raw).as_ref()) else {
                continue;
            };
            for (item, value) in list.iter().enumerate() {
                if let Some(value) = value.clone() {
                    let origin = Origin {
                        section,
                        item,
                        is_list: true,
                        own,
                    };
                    items.push(Entry {
                        name: String::new(),
                        value,
                        origin,
                    });
                }
            }
        }
        items
    }

    /// A value of the upper file, else of the lower one.
    pub(super) fn scalar<V: Clone>(&self, of: impl Fn(&RawCatalog) -> &Option<V>) -> Option<V> {
        of(&self.top)
            .clone()
            .or_else(|| self.below.as_ref().and_then(|raw| of(raw).clone()))
    }

    /// The wildcards of the upper file where it names any, else of the lower one.
    pub(super) fn wildcards(&self) -> (RawWildcards, bool) {
        match (&self.top.wildcards, &self.below) {
            (RawWildcards::Named(Entries(named)), Some(below)) if named.is_empty() => {
                (below.wildcards.clone(), false)
            }
            (wildcards, _) => (wildcards.clone(), true),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::source::{Source, Syntax};

    const METHODS: [&str; 8] = [
        "GET",
        "GET|POST",
        "POST",
        "ANY",
        "PUT|PATCH|DELETE",
        "HEAD|GET",
        "QUERY",
        "OPTIONS",
    ];
    const PATHS: [(&str, &str); 4] = [
        ("/a", "/a"),
        ("/a/{x}", "/a/{}"),
        ("/a/{y}", "/a/{}"),
        ("/a/{z...}", "/a/{...}"),
    ];

    type Entries = Vec<(usize, usize)>;

    fn written(entries: &Entries) -> String {
        let mut text = "{\"provider\": \"p\", \"endpoints\": {".to_owned();
        let names = entries
            .iter()
            .map(|(method, path)| format!("\"{} {}\": \"s\"", METHODS[*method], PATHS[*path].0));
        text += &names.collect::<Vec<_>>().join(",");
        text + "}}"
    }

    fn read(entries: &Entries) -> RawCatalog {
        let source = Source {
            name: "a.json".to_owned(),
            text: written(entries),
            syntax: Syntax::Json,
        };
        source.read().value.expect("a catalog")
    }

    /// A file without duplicates: the first entry for each single endpoint counts.
    fn file() -> impl Strategy<Value = Entries> {
        let entries = prop::collection::vec((0..METHODS.len(), 0..PATHS.len()), 0..8);
        entries.prop_map(|entries| {
            let mut seen = HashSet::new();
            let mut kept = Entries::new();
            for (method, path) in entries {
                let mut singles = METHODS[method].split('|').map(|one| (one, PATHS[path].1));
                if singles.clone().all(|single| !seen.contains(&single)) {
                    seen.extend(singles.by_ref());
                    kept.push((method, path));
                }
            }
            kept
        })
    }

    /// Who has a single endpoint: an entry that names it before `ANY`, and of either the upper file before the lower one.
    fn owner(top: &Entries, below: &Entries, method: &str, shape: &str) -> Option<(bool, String)> {
        let find = |entries: &Entries, own: bool, wanted: &str| {
            let mut entries = entries.iter();
            let found = entries.find(|(methods, path)| {
                METHODS[*methods].split('|').any(|one| one == wanted) && PATHS[*path].1 == shape
            });
            found.map(|(methods, path)| (own, format!("{} {}", METHODS[*methods], PATHS[*path].0)))
        };
        let any = || {
            let is_any = crate::load::endpoint_name::ANY.contains(&method);
            let any = find(top, true, "ANY").or_else(|| find(below, false, "ANY"));
            any.filter(|_| is_any)
        };
        let named = find(top, true, method).or_else(|| find(below, false, method));
        named.or_else(any)
    }

    proptest! {
        #[test]
        fn each_single_endpoint_is_of_the_entry_that_names_it_best(top in file(), below in file()) {
            let layers = Layered {
                top: read(&top),
                below: Some(read(&below)),
            };
            let mut found: BTreeMap<Structure, (bool, String)> = BTreeMap::new();
            for entry in layers.endpoints(false) {
                for single in entry.singles() {
                    let is_new = found.insert(single, (entry.origin.own, entry.text.to_owned()));
                    prop_assert!(is_new.is_none());
                }
            }
            let methods = METHODS.iter().flat_map(|one| one.split('|'));
            let methods: HashSet<&str> = methods.chain(crate::load::endpoint_name::ANY).collect();
            let mut count = 0;
            for method in methods.into_iter().filter(|method| *method != "ANY") {
                for shape in ["/a", "/a/{}", "/a/{...}"] {
                    let expected = owner(&top, &below, method, shape);
                    let single: Structure = (method.to_owned(), Rc::from(shape));
                    prop_assert_eq!(found.get(&single), expected.as_ref(), "{} {}", method, shape);
                    count += usize::from(expected.is_some());
                }
            }
            prop_assert_eq!(found.len(), count);
        }
    }
}
