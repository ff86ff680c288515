//! The two sides of a comparison of keys.

use std::sync::Arc;

use super::compared::Compared;
use crate::cli::key::granted;
use crate::diff::{Side, diff};
use crate::explain::Written;
use crate::model::{Catalog, EndpointId, Holder, Key, KeyEnvironment};
use crate::render::difference::Comparison;

/// A key in one environment: its grants and its needs; both empty if it does not exist.
pub(super) struct GrantedSide {
    pub(super) holder: Holder,
    pub(super) written: Vec<Written>,
    pub(super) needed: Vec<EndpointId>,
}

impl GrantedSide {
    pub(super) fn of(catalog: &Catalog, key: &Key, environment: Option<&KeyEnvironment>) -> Self {
        let local = environment.map_or(&[][..], |environment| &environment.needs);
        let needs = key.needs.iter().chain(local).map(|need| need.kind);
        Self {
            holder: Holder {
                key_type: key.key_type,
                environment: environment.and_then(|environment| environment.index),
            },
            written: granted(key, environment),
            needed: needs.flat_map(|kind| catalog.endpoints_of(kind)).collect(),
        }
    }

    /// The other side of a key that exists on one side only.
    fn nothing(other: &Self) -> Self {
        Self {
            holder: other.holder,
            written: Vec::new(),
            needed: Vec::new(),
        }
    }

    fn as_side(&self) -> Side<'_> {
        Side {
            holder: self.holder,
            written: &self.written,
        }
    }
}

/// The words of a comparison.
pub(super) struct Words {
    /// How the first line begins.
    pub(super) subject: String,
    /// What the two sides are called.
    pub(super) sides: [String; 2],
    /// What else to know.
    pub(super) notes: Vec<String>,
    /// The files of the two sides, where they are files.
    pub(super) files: Option<[String; 2]>,
}

pub(super) fn compare(
    catalog: &Arc<Catalog>,
    words: Words,
    [before, after]: &[GrantedSide; 2],
) -> Compared {
    let [from, to] = words.sides;
    Compared::Key(Box::new(Comparison {
        catalog: Arc::clone(catalog),
        subject: words.subject,
        from,
        to,
        difference: diff(catalog, &before.as_side(), &after.as_side()),
        holders: (before.holder, after.holder),
        needed: before.needed.iter().chain(&after.needed).copied().collect(),
        notes: words.notes,
        files: words.files,
    }))
}

/// A key as one file has it, and the environment of it that is meant, where one is.
pub(super) struct KeySide<'a> {
    pub(super) key: &'a Key,
    pub(super) environment: Option<String>,
}

impl KeySide<'_> {
    /// What the key is granted in an environment; a key without environments is the same in every one.
    fn granted(&self, catalog: &Catalog, name: Option<&str>) -> Option<GrantedSide> {
        let mut environments = self.key.environments.iter();
        if environments.len() == 0 {
            return Some(GrantedSide::of(catalog, self.key, None));
        }
        let environment = environments.find(|one| Some(one.name.as_str()) == name)?;
        Some(GrantedSide::of(catalog, self.key, Some(environment)))
    }
}

/// The environments to compare: those that were named, else each that either side has.
fn pairs(old: Option<&KeySide<'_>>, new: Option<&KeySide<'_>>) -> Vec<[Option<String>; 2]> {
    let chosen = |side: Option<&KeySide<'_>>| side.and_then(|side| side.environment.clone());
    match (chosen(old), chosen(new)) {
        (None, None) => {
            let mut names: Vec<&str> = Vec::new();
            for side in [new, old].into_iter().flatten() {
                for environment in &side.key.environments {
                    if !names.contains(&environment.name.as_str()) {
                        names.push(&environment.name);
                    }
                }
            }
            if names.is_empty() {
                return vec![[None, None]];
            }
            let both = |name: &str| Some(name.to_owned());
            names.iter().map(|name| [both(name), both(name)]).collect()
        }
        (Some(from), Some(to)) => vec![[Some(from), Some(to)]],
        // The other file is asked for the same environment.
        (Some(one), None) | (None, Some(one)) => vec![[Some(one.clone()), Some(one)]],
    }
}

/// Two versions of a key, or one that is new or gone: each environment of either, or the two that were named.
pub(super) fn keys(
    catalog: &Arc<Catalog>,
    [old, new]: [Option<&KeySide<'_>>; 2],
    files: [&str; 2],
    notes: &[String],
) -> Vec<Compared> {
    let Some(key) = new.or(old).map(|side| side.key) else {
        return Vec::new();
    };
    let [from, to] = files;
    let mut all = Vec::new();
    for [old_name, new_name] in pairs(old, new) {
        let before = old.and_then(|side| side.granted(catalog, old_name.as_deref()));
        let after = new.and_then(|side| side.granted(catalog, new_name.as_deref()));
        let (sides, state, against) = match (before, after) {
            (Some(before), Some(after)) => ([before, after], "", format!(" against {from}")),
            (None, Some(after)) => (
                [GrantedSide::nothing(&after), after],
                ", new",
                String::new(),
            ),
            (Some(before), None) => {
                let after = GrantedSide::nothing(&before);
                ([before, after], ", gone", String::new())
            }
            (None, None) => continue,
        };
        let place = match (&old_name, &new_name) {
            (Some(old), Some(new)) if old == new => format!(", {new}"),
            _ => String::new(),
        };
        let provider = &catalog.provider;
        let words = Words {
            subject: format!("{provider}/{}{place}{state}: {to}{against}", key.name),
            sides: [
                from.to_owned(),
                new_name.unwrap_or_else(|| "the key".to_owned()),
            ],
            notes: notes.to_vec(),
            files: Some(files.map(str::to_owned)),
        };
        all.push(compare(catalog, words, &sides));
    }
    all
}
