//! One catalog out of two files: `extends` lays a user's entries over a built-in catalog, entry by entry.

use super::raw::{RawCatalog, RawWildcards};
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
        let places: std::collections::HashMap<String, usize> = entries
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
