//! The comparisons, for output and for `--fail-on`.

use super::FailOn;
use crate::model::{Access, Edition, Effect};
use crate::render::Style;
use crate::render::difference::{
    Comparison, EditionComparison, comparison, comparison_json, comparison_markdown,
    edition_comparison, editions_json, editions_markdown,
};

/// One comparison.
pub(super) enum Compared {
    /// Of two sides of a key, or two sets.
    Key(Box<Comparison>),
    /// Of two editions of a catalog.
    Catalog(Box<EditionComparison>),
}

impl Compared {
    /// For a terminal.
    pub(super) fn text(&self, style: Style) -> String {
        match self {
            Self::Key(one) => comparison(one, style),
            Self::Catalog(one) => edition_comparison(one, style),
        }
    }

    /// For a comment.
    pub(super) fn markdown(&self) -> String {
        match self {
            Self::Key(one) => comparison_markdown(one),
            Self::Catalog(one) => editions_markdown(one),
        }
    }

    /// For another program.
    pub(super) fn json(&self) -> serde_json::Value {
        match self {
            Self::Key(one) => comparison_json(one),
            Self::Catalog(one) => editions_json(one),
        }
    }

    /// The catalogs that judged.
    pub(super) fn catalogs(&self) -> Vec<Edition> {
        match self {
            Self::Key(one) => vec![one.catalog.edition()],
            Self::Catalog(one) => one.catalogs.iter().flatten().cloned().collect(),
        }
    }

    /// Whether there is a change that `--fail-on` asks for.
    pub(super) fn has(&self, change: FailOn) -> bool {
        match self {
            Self::Key(one) => has_changed(one, change),
            Self::Catalog(one) => have_editions_changed(one, change),
        }
    }
}

fn has_changed(one: &Comparison, change: FailOn) -> bool {
    let difference = &one.difference;
    let gained = &difference.gained;
    let holder = one.holders.1.key_type;
    match change {
        FailOn::Wider => difference.is_wider(),
        FailOn::Narrower => difference.is_narrower(),
        FailOn::GainedEndpoint => !gained.endpoints.is_empty(),
        FailOn::GainedWrite => {
            gained.writes(&one.catalog) > 0
                || !gained.unknown_writes(&one.catalog, holder).is_empty()
        }
        FailOn::Any => {
            difference.is_wider() || difference.is_narrower() || difference.key_types.is_some()
        }
        FailOn::Never => false,
    }
}

fn have_editions_changed(one: &EditionComparison, change: FailOn) -> bool {
    let new = &one.new;
    let gained = one.editions.gained_endpoints();
    let is_unknown_write = |name: &String| {
        new.scope_id(name).is_some_and(|id| {
            let mut types = new.key_types.ids();
            new.scope(id).access != Access::Read
                && !types.any(|key_type| new.opens_on(key_type, id))
        })
    };
    match change {
        FailOn::Wider => one.editions.is_wider(),
        FailOn::Narrower => one.editions.is_narrower(),
        FailOn::GainedEndpoint => !gained.is_empty(),
        FailOn::GainedWrite => {
            let mut gained = gained.iter();
            gained.any(|index| new.endpoints[*index].effect == Effect::Write)
                || one.editions.scopes_added.iter().any(is_unknown_write)
        }
        FailOn::Any => !one.editions.is_empty(),
        FailOn::Never => false,
    }
}
