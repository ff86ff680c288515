//! Two editions of a catalog, compared by name.

use std::collections::BTreeSet;

use crate::model::{
    Auth, Catalog, Conflict, EndpointId, EnvironmentId, Id, KeyTypeId, Mask, NameCase, Query,
    Requirement, ScopeId, ScopeSet,
};

/// How a requirement changed between two editions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Every set that meets the new one met the old one, and not the other way round.
    Stricter,
    /// Every set that met the old one meets the new one, and not the other way round.
    Looser,
    /// Neither.
    Different,
}

impl Change {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stricter => "stricter",
            Self::Looser => "looser",
            Self::Different => "different",
        }
    }
}

/// A name of both editions that stands for something else now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeaningChange {
    /// What changed, in words.
    pub words: String,
    /// Whether it lets a key do more.
    pub wider: bool,
    /// Whether it lets a key do less.
    pub narrower: bool,
}

/// Two editions of a catalog compared, by name.
#[derive(Debug, Clone, Default)]
pub struct Editions {
    /// Scopes of the new edition alone.
    pub scopes_added: Vec<String>,
    /// Scopes of the old edition alone.
    pub scopes_removed: Vec<String>,
    /// Scopes that are deprecated since.
    pub scopes_deprecated: Vec<String>,
    /// Names that are retired since.
    pub retired: Vec<String>,
    /// Endpoints of the new edition alone, as its indices.
    pub endpoints_added: Vec<EndpointId>,
    /// Endpoints of the old edition alone, as its indices.
    pub endpoints_removed: Vec<EndpointId>,
    /// Endpoints that are deprecated since, as indices of the new edition.
    pub endpoints_deprecated: Vec<EndpointId>,
    /// Endpoints whose requirement changed: indices of the old and the new edition.
    pub endpoints_changed: Vec<(EndpointId, EndpointId, Change)>,
    /// What else means something different now.
    pub meanings_changed: Vec<MeaningChange>,
    /// Events of the new edition alone.
    pub events_added: Vec<String>,
    /// Events of the old edition alone.
    pub events_removed: Vec<String>,
}

impl Editions {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.numbers().iter().all(|(number, _)| *number == 0)
    }

    /// Whether the new edition lets some key do more: it adds something, asks less, or gives a name more.
    pub fn is_wider(&self) -> bool {
        !self.endpoints_added.is_empty()
            || !self.scopes_added.is_empty()
            || !self.events_added.is_empty()
            || self
                .endpoints_changed
                .iter()
                .any(|(_, _, change)| *change != Change::Stricter)
            || self.meanings_changed.iter().any(|one| one.wider)
    }

    /// Whether the new edition lets some key do less: it takes something away, asks more, or gives a name less.
    pub fn is_narrower(&self) -> bool {
        !self.endpoints_removed.is_empty()
            || !self.scopes_removed.is_empty()
            || !self.retired.is_empty()
            || !self.events_removed.is_empty()
            || self
                .endpoints_changed
                .iter()
                .any(|(_, _, change)| *change != Change::Looser)
            || self.meanings_changed.iter().any(|one| one.narrower)
    }

    /// The endpoints, as indices of the new edition, that are new or open to more sets of scopes than they were.
    pub fn gained_endpoints(&self) -> Vec<EndpointId> {
        let looser = self.endpoints_changed.iter();
        let looser = looser.filter(|(_, _, change)| *change != Change::Stricter);
        let looser = looser.map(|(_, index, _)| *index);
        self.endpoints_added.iter().copied().chain(looser).collect()
    }

    /// The number of changes of each kind, with its description.
    pub fn numbers(&self) -> [(usize, &'static str); 11] {
        [
            (self.endpoints_removed.len(), "endpoints removed"),
            (self.endpoints_changed.len(), "requirements changed"),
            (self.endpoints_added.len(), "endpoints added"),
            (
                self.endpoints_deprecated.len(),
                "endpoints newly deprecated",
            ),
            (self.scopes_removed.len(), "scopes removed"),
            (self.retired.len(), "scopes retired"),
            (self.scopes_added.len(), "scopes added"),
            (self.scopes_deprecated.len(), "scopes newly deprecated"),
            (self.meanings_changed.len(), "meanings changed"),
            (self.events_removed.len(), "events removed"),
            (self.events_added.len(), "events added"),
        ]
    }
}

/// Compares two editions of a catalog.
pub fn editions(old: &Catalog, new: &Catalog) -> Editions {
    let only = |a: &Catalog, b: &Catalog| -> Vec<String> {
        a.scopes
            .iter()
            .filter(|scope| b.scope_id(&scope.name).is_none())
            .map(|scope| scope.name.clone())
            .collect()
    };
    let events = |a: &Catalog, b: &Catalog| -> Vec<String> {
        a.events
            .iter()
            .filter(|event| b.event(&event.name).is_none())
            .map(|event| event.name.clone())
            .collect()
    };
    let is_retired = |name: &String| new.replacements(name).is_some();
    let mut result = Editions {
        scopes_added: only(new, old),
        // Do not also list a retired name as removed.
        scopes_removed: only(old, new)
            .into_iter()
            .filter(|name| !is_retired(name))
            .collect(),
        events_added: events(new, old),
        events_removed: events(old, new),
        ..Editions::default()
    };
    for scope in new.scopes.iter().filter(|scope| scope.deprecated) {
        if old
            .scope_id(&scope.name)
            .is_some_and(|id| !old.scope(id).deprecated)
        {
            result.scopes_deprecated.push(scope.name.clone());
        }
    }
    let was_retired = |name: &String| old.replacements(name).is_some();
    result.retired = new
        .retired
        .iter()
        .map(|(name, _)| name.clone())
        .filter(|name| !was_retired(name))
        .collect();
    let key = |catalog: &Catalog, index: EndpointId| {
        let endpoint = &catalog.endpoints[index];
        let mode = endpoint.mode.map(|mode| catalog.modes[mode].clone());
        (endpoint.method.clone(), endpoint.path.shape(), mode)
    };
    let old_keys: std::collections::HashMap<_, _> = old
        .endpoints
        .ids()
        .map(|index| (key(old, index), index))
        .collect();
    let mut met = vec![false; old.endpoints.len()];
    for index in new.endpoints.ids() {
        let Some(before) = old_keys.get(&key(new, index)).copied() else {
            result.endpoints_added.push(index);
            continue;
        };
        met[before.index()] = true;
        let (was, is) = (&old.endpoints[before], &new.endpoints[index]);
        if is.deprecated && !was.deprecated {
            result.endpoints_deprecated.push(index);
        }
        if let Some(change) = change(old, before, new, index) {
            result.endpoints_changed.push((before, index, change));
        }
    }
    result.meanings_changed = meanings(old, new);
    result.meanings_changed.extend(rules_of_keys(old, new));
    for index in new.endpoints.ids() {
        let before = old_keys.get(&key(new, index)).copied();
        let changed = before.map(|before| facts_changed(old, before, new, index));
        result
            .meanings_changed
            .extend(changed.into_iter().flatten());
    }
    result.endpoints_removed = old
        .endpoints
        .ids()
        .filter(|index| !met[index.index()])
        .collect();
    result
}

/// What changed for all keys: which scopes exclude each other, which types stand for others, how names are compared, and
/// the addresses and operations that requests are known by.
fn rules_of_keys(old: &Catalog, new: &Catalog) -> Vec<MeaningChange> {
    let conflicts = |catalog: &Catalog| -> BTreeSet<String> {
        let side = |side: &ScopeSet| {
            let names: Vec<&str> = side.iter().map(|id| spelt(new, catalog.name(id))).collect();
            names.join(", ")
        };
        let sides = |conflict: &Conflict| {
            let sides: Vec<String> = conflict.sides.iter().map(side).collect();
            sides.join("; or ")
        };
        catalog.conflicts.iter().map(sides).collect()
    };
    let stands_for = |catalog: &Catalog| -> BTreeSet<String> {
        let types = catalog.key_types.iter();
        let pairs = types.flat_map(|narrow| {
            let wider = narrow.instead_of.iter();
            wider.map(|wide| format!("`{}` for `{}`", narrow.name, catalog.key_types[*wide].name))
        });
        pairs.collect()
    };
    let bases = |catalog: &Catalog| -> BTreeSet<String> {
        let environments = catalog.environments.iter();
        let bases = environments.flat_map(|one| {
            let bases = one.bases.iter();
            bases.map(|base| format!("{base} in {}", one.name))
        });
        bases.collect()
    };
    let calls = |catalog: &Catalog| -> BTreeSet<String> {
        let calls = catalog.calls.iter();
        let calls =
            calls.map(|(name, index)| format!("{name} for {}", catalog.endpoint_name(*index)));
        calls.collect()
    };
    let mut changed = Vec::new();
    let mut compare = |what: &str, was: BTreeSet<String>, is: BTreeSet<String>, narrows: bool| {
        for (verb, names, is_gain) in [
            ("now", is.difference(&was), true),
            ("no longer", was.difference(&is), false),
        ] {
            changed.extend(names.map(|name| MeaningChange {
                words: format!("{verb} {what} {name}"),
                wider: narrows && !is_gain,
                narrower: narrows && is_gain,
            }));
        }
    };
    compare("not on one key:", conflicts(old), conflicts(new), true);
    compare(
        "a type that stands for another:",
        stands_for(old),
        stands_for(new),
        false,
    );
    compare("a base:", bases(old), bases(new), false);
    compare("an operation:", calls(old), calls(new), false);
    if old.name_case != new.name_case {
        let is_ignored = new.name_case == NameCase::Ignored;
        let words = if is_ignored {
            "names are the same in any case"
        } else {
            "names differ by case"
        };
        changed.push(MeaningChange {
            words: words.to_owned(),
            wider: is_ignored,
            narrower: !is_ignored,
        });
    }
    if old.ignores_case() != new.ignores_case() {
        let is_ignored = new.ignores_case();
        let words = if is_ignored {
            "paths are the same in any case"
        } else {
            "paths differ by case"
        };
        changed.push(MeaningChange {
            words: words.to_owned(),
            wider: true,
            narrower: true,
        });
    }
    changed
}

/// What else changed of an endpoint of both editions: by which query a request gets it, where it exists, and whether it can
/// also be called without a key.
fn facts_changed(
    old: &Catalog,
    before: EndpointId,
    new: &Catalog,
    after: EndpointId,
) -> Vec<MeaningChange> {
    let (was, is) = (&old.endpoints[before], &new.endpoints[after]);
    let name = new.endpoint_name(after);
    let mut changed = Vec::new();
    if was.query != is.query {
        let said = |query: &Query| {
            if query.is_empty() {
                "no query".to_owned()
            } else {
                query.to_string()
            }
        };
        changed.push(MeaningChange {
            words: format!(
                "`{name}` is chosen by {}, was {}",
                said(&is.query),
                said(&was.query)
            ),
            wider: true,
            narrower: true,
        });
    }
    let (there, here) = (
        environment_names(old, was.environments),
        environment_names(new, is.environments),
    );
    if there != here && !old.environments.is_empty() && !new.environments.is_empty() {
        let names = |names: &BTreeSet<&str>| names.iter().copied().collect::<Vec<_>>().join(", ");
        changed.push(MeaningChange {
            words: format!("`{name}` exists in {}, was {}", names(&here), names(&there)),
            wider: !here.is_subset(&there),
            narrower: !there.is_subset(&here),
        });
    }
    if was.optional != is.optional {
        let verb = if is.optional {
            "can also"
        } else {
            "can no longer"
        };
        changed.push(MeaningChange {
            words: format!("`{name}` {verb} be called without a key"),
            wider: false,
            narrower: false,
        });
    }
    changed
}

/// The names of both editions that stand for something else now: bundles, wildcards, scopes that carry others or go on
/// other types of key, and events.
fn meanings(old: &Catalog, new: &Catalog) -> Vec<MeaningChange> {
    let mut changed = Vec::new();
    let mut compare = |what: &str, was: BTreeSet<&str>, is: BTreeSet<&str>| {
        let gains: Vec<&str> = is.difference(&was).copied().collect();
        let loses: Vec<&str> = was.difference(&is).copied().collect();
        let part = |verb: &str, names: &[&str]| {
            if names.is_empty() {
                None
            } else {
                Some(format!("{verb} {}", names.join(", ")))
            }
        };
        let parts: Vec<String> = [part("gains", &gains), part("loses", &loses)]
            .into_iter()
            .flatten()
            .collect();
        if !parts.is_empty() {
            changed.push(MeaningChange {
                words: format!("{what} {}", parts.join(" and ")),
                wider: !gains.is_empty(),
                narrower: !loses.is_empty(),
            });
        }
    };
    let mut names: BTreeSet<(&str, &str)> = BTreeSet::new();
    for catalog in [old, new] {
        names.extend(
            catalog
                .bundles
                .iter()
                .map(|bundle| ("bundle", bundle.name.as_str())),
        );
        if let crate::model::Wildcards::Named(named) = &catalog.wildcards {
            names.extend(named.iter().map(|(name, _)| ("wildcard", name.as_str())));
        }
    }
    for (kind, name) in names {
        let of = |catalog: &'_ Catalog| -> Vec<ScopeId> {
            let meaning = catalog.meaning(name);
            meaning
                .map(|meaning| catalog.members(meaning).iter().collect())
                .unwrap_or_default()
        };
        let (was, is) = (of(old), of(new));
        let was = was.iter().map(|id| spelt(new, old.name(*id))).collect();
        let is = is.iter().map(|id| new.name(*id)).collect();
        compare(&format!("{kind} `{name}`"), was, is);
    }
    for scope in &new.scopes {
        let (Some(before), Some(after)) = (old.scope_id(&scope.name), new.scope_id(&scope.name))
        else {
            continue;
        };
        let was = old.closure(before).iter();
        let was = was.map(|id| spelt(new, old.name(id))).collect();
        let is = new.closure(after).iter().map(|id| new.name(id)).collect();
        compare(&format!("what `{}` implies", scope.name), was, is);
        let was = type_names(old, old.scope(before).key_types);
        let is = type_names(new, scope.key_types);
        compare(&format!("the key types of `{}`", scope.name), was, is);
        if !old.environments.is_empty() && !new.environments.is_empty() {
            let was = environment_names(old, old.scope(before).environments);
            let is = environment_names(new, scope.environments);
            compare(&format!("the environments of `{}`", scope.name), was, is);
        }
    }
    for event in &new.events {
        let Some(before) = old.event(&event.name) else {
            continue;
        };
        let (was, is) = (
            named(old, &old.events[before].requirement, new),
            named(new, &event.requirement, new),
        );
        let (stricter, looser) = (implies(&is, &was), implies(&was, &is));
        if !(stricter && looser) {
            let word = if stricter {
                "more"
            } else if looser {
                "less"
            } else {
                "something else"
            };
            changed.push(MeaningChange {
                words: format!("event `{}` requires {word}", event.name),
                wider: !stricter,
                narrower: !looser,
            });
        }
    }
    changed
}

/// The name of a scope as the new edition spells it: where case makes no difference, another spelling is no change.
fn spelt<'a>(new: &'a Catalog, name: &'a str) -> &'a str {
    new.scope_id(name).map_or(name, |id| new.name(id))
}

fn environment_names(catalog: &Catalog, mask: Mask<EnvironmentId>) -> BTreeSet<&str> {
    let environments = catalog.environments.entries();
    let named = environments.filter(|(index, _)| mask.has(*index));
    named.map(|(_, one)| one.name.as_str()).collect()
}

fn type_names(catalog: &Catalog, mask: Mask<KeyTypeId>) -> BTreeSet<&str> {
    let types = catalog.key_types.entries();
    let named = types.filter(|(index, _)| mask.has(*index));
    named.map(|(_, key_type)| key_type.name.as_str()).collect()
}

/// One way to meet a requirement, by name: the scopes, and the key types that it is open to.
type NamedWay<'a> = (BTreeSet<&'a str>, BTreeSet<&'a str>);

/// The ways to meet a requirement, scopes as the new edition spells them.
fn named<'a>(
    catalog: &'a Catalog,
    requirement: &Requirement,
    new: &'a Catalog,
) -> Vec<NamedWay<'a>> {
    let ways = requirement.alternatives().iter();
    ways.map(|way| {
        let names = way.scopes.iter().map(|id| spelt(new, catalog.name(*id)));
        (names.collect(), type_names(catalog, way.key_types))
    })
    .collect()
}

/// Whether every set that meets the first requirement meets the second.
fn implies(first: &[NamedWay<'_>], second: &[NamedWay<'_>]) -> bool {
    first.iter().all(|(scopes, types)| {
        types.iter().all(|key_type| {
            second.iter().any(|(other, other_types)| {
                other_types.contains(key_type) && other.is_subset(scopes)
            })
        })
    })
}

fn change(old: &Catalog, before: EndpointId, new: &Catalog, after: EndpointId) -> Option<Change> {
    let (was, is) = (&old.endpoints[before], &new.endpoints[after]);
    match (was.rejected.is_some(), is.rejected.is_some()) {
        (false, true) => return Some(Change::Stricter),
        (true, false) => return Some(Change::Looser),
        (true, true) => return None,
        (false, false) => {}
    }
    // Another credential that opens it is an alternative to the requirement.
    let keyless = (was.keyless.is_some(), is.keyless.is_some());
    match (&was.auth, &is.auth) {
        (Auth::Public, Auth::Public) | (Auth::NotStated, Auth::NotStated) => None,
        (Auth::NotStated, _) | (_, Auth::NotStated) => Some(Change::Different),
        (Auth::Public, Auth::Key(_)) => Some(Change::Stricter),
        (Auth::Key(_), Auth::Public) => Some(Change::Looser),
        (Auth::Key(was), Auth::Key(is)) => {
            let (was, is) = (named(old, was, new), named(new, is, new));
            match (implies(&is, &was), implies(&was, &is)) {
                (true, true) => match keyless {
                    (false, true) => Some(Change::Looser),
                    (true, false) => Some(Change::Stricter),
                    _ => None,
                },
                (true, false) => Some(Change::Stricter),
                (false, true) => Some(Change::Looser),
                (false, false) => Some(Change::Different),
            }
        }
    }
}
