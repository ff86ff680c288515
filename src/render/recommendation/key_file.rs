//! The key file that asks for no more than the least: what `recommend --format yaml` writes, and `check` finds nothing in.

use std::collections::BTreeSet;
use std::error::Error;

use serde::Serialize;
use serde_yaml::{Mapping, Value};

use crate::model::{Catalog, EnvironmentId, KeyTypeId, NeedKind, ScopeSet};
use crate::recommend::{Recommendation, Wanted, recommend};
use crate::render::one_line;
use crate::source::Syntax;

/// Where a key should list its scopes.
#[derive(Debug, Clone)]
pub struct Place {
    /// The environment by name; `None` where the provider or the key names none.
    pub name: Option<String>,
    /// Its index in the catalog.
    pub index: Option<EnvironmentId>,
    /// What is needed there alone.
    pub needs: Vec<Wanted>,
}

/// What a key file is to say, but for its scopes.
#[derive(Debug)]
pub struct Proposal<'a> {
    /// The catalog.
    pub catalog: &'a Catalog,
    /// The provider as the file names it.
    pub provider: &'a str,
    /// The name of the key; `None` is for its author to say.
    pub name: Option<&'a str>,
    /// Who is responsible for it.
    pub owner: Option<&'a str>,
    /// What it is used for.
    pub purpose: Option<&'a str>,
    /// The type of the key.
    pub key_type: KeyTypeId,
    /// What is needed wherever it exists.
    pub needs: &'a [Wanted],
    /// Endpoints that the catalog does not have, as they were written: `check` is to say so.
    pub unknown: &'a [String],
    /// Where its scopes are listed.
    pub places: &'a [Place],
}

#[derive(Serialize)]
struct KeyFile<'a> {
    provider: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purpose: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_type: Option<&'a str>,
    needs: Needs<'a>,
    scopes: Vec<&'a str>,
    #[serde(skip_serializing_if = "Mapping::is_empty")]
    environments: Mapping,
}

#[derive(Serialize)]
struct Section<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    scopes: Vec<&'a str>,
    #[serde(skip_serializing_if = "Needs::is_empty")]
    needs: Needs<'a>,
}

#[derive(Serialize)]
struct Needs<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    recipes: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    endpoints: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    events: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    scopes: Vec<NeededScope<'a>>,
}

#[derive(Serialize)]
struct NeededScope<'a> {
    scope: &'a str,
    because: &'static str,
}

/// A placeholder that the author of the file has to replace.
const TO_FILL_IN: &str = "CHANGE-ME";

impl<'a> Needs<'a> {
    fn of(catalog: &'a Catalog, wanted: &[Wanted]) -> Self {
        let mut needs = Self {
            recipes: Vec::new(),
            endpoints: Vec::new(),
            events: Vec::new(),
            scopes: Vec::new(),
        };
        for need in wanted {
            if let Some(recipe) = need.recipe {
                let name = catalog.recipes[recipe].name.as_str();
                if !needs.recipes.contains(&name) {
                    needs.recipes.push(name);
                }
                continue;
            }
            match need.kind {
                NeedKind::Endpoint(index) => {
                    let name = catalog.endpoint_name(index);
                    if !needs.endpoints.contains(&name) {
                        needs.endpoints.push(name);
                    }
                }
                NeedKind::Event(index) => needs.events.push(&catalog.events[index].name),
                // Only recipes have choices.
                NeedKind::Choice(_) => {}
                NeedKind::Scope(id) => needs.scopes.push(NeededScope {
                    scope: catalog.name(id),
                    because: TO_FILL_IN,
                }),
            }
        }
        needs
    }

    fn is_empty(&self) -> bool {
        self.recipes.is_empty()
            && self.endpoints.is_empty()
            && self.events.is_empty()
            && self.scopes.is_empty()
    }
}

/// Whether something that is needed exists in an environment.
pub fn exists_in(catalog: &Catalog, kind: NeedKind, environment: Option<EnvironmentId>) -> bool {
    match kind {
        NeedKind::Endpoint(endpoint) => catalog.endpoint_is_usable(endpoint, environment),
        NeedKind::Event(event) => catalog.event_is_usable(event, environment),
        NeedKind::Choice(choice) => catalog.choice_is_usable(choice, environment),
        NeedKind::Scope(id) => {
            environment.is_none_or(|index| catalog.scope(id).environments.has(index))
        }
    }
}

/// The environments of a catalog in which something that is needed exists.
pub fn places(catalog: &Catalog, wanted: &[Wanted]) -> Vec<Place> {
    let environments = catalog.environments.entries();
    environments
        .filter(|(index, _)| {
            let mut needs = wanted.iter();
            needs.any(|need| exists_in(catalog, need.kind, Some(*index)))
        })
        .map(|(index, environment)| Place {
            name: Some(environment.name.clone()),
            index: Some(index),
            needs: Vec::new(),
        })
        .collect()
}

impl Proposal<'_> {
    /// The file as YAML, in which each environment has the least for itself.
    ///
    /// # Errors
    ///
    /// Where it cannot be written as YAML.
    pub fn write(&self) -> Result<String, serde_yaml::Error> {
        let mut text = serde_yaml::to_string(&self.file()?)?;
        if self.name.is_none() && (self.provider.contains('/') || self.provider.contains('.')) {
            let end = text.find('\n').unwrap_or(text.len());
            text.insert_str(end, " # relative to this file");
        }
        Ok(text)
    }

    /// The file for somebody who begins with it: what is left to fill in is marked, and comments say what each scope is for.
    ///
    /// # Errors
    ///
    /// Where it cannot be written in the syntax.
    pub fn write_new(&self, syntax: Syntax) -> Result<String, Box<dyn Error + Send + Sync>> {
        let file = self.file()?;
        let catalog = self.catalog;
        Ok(match syntax {
            Syntax::Yaml => commented(&serde_yaml::to_string(&file)?, catalog, &YAML),
            Syntax::Toml => commented(&toml::to_string_pretty(&file)?, catalog, &TOML),
            Syntax::Json => {
                let file = KeyFile {
                    owner: file.owner.or(Some("")),
                    purpose: file.purpose.or(Some("")),
                    ..file
                };
                serde_json::to_string_pretty(&file)? + "\n"
            }
        })
    }

    fn file(&self) -> Result<KeyFile<'_>, serde_yaml::Error> {
        let catalog = self.catalog;
        let least = |place: &Place| {
            let answer = self.least(place);
            let scopes = answer.scopes.iter().map(|chosen| chosen.scope);
            ScopeSet::of(catalog.scopes.len(), scopes)
        };
        let sets: Vec<ScopeSet> = self.places.iter().map(least).collect();
        let everywhere: Vec<_> = sets.first().map_or_else(Vec::new, |first| {
            let is_common = |id: &_| sets.iter().all(|set| set.has(*id));
            first.iter().filter(is_common).collect()
        });
        let names = |set: &mut dyn Iterator<Item = _>| {
            let names: BTreeSet<&str> = set.map(|id| catalog.name(id)).collect();
            names.into_iter().collect::<Vec<_>>()
        };
        let mut environments = Mapping::new();
        for (place, set) in self.places.iter().zip(&sets) {
            let Some(name) = &place.name else { continue };
            let section = Section {
                scopes: names(&mut set.iter().filter(|id| !everywhere.contains(id))),
                needs: Needs::of(catalog, &place.needs),
            };
            environments.insert(Value::String(name.clone()), serde_yaml::to_value(&section)?);
        }
        let mut needs = Needs::of(catalog, self.needs);
        needs.endpoints.extend(self.unknown.iter().cloned());
        Ok(KeyFile {
            provider: self.provider,
            name: self.name.unwrap_or(TO_FILL_IN),
            owner: self.owner,
            purpose: self.purpose,
            key_type: (catalog.key_types.len() > 1)
                .then(|| catalog.key_types[self.key_type].name.as_str()),
            needs,
            scopes: names(&mut everywhere.iter().copied()),
            environments,
        })
    }

    /// The least set for one environment. Of the needs of the whole key, those count that exist there, or that exist
    /// nowhere.
    fn least(&self, place: &Place) -> Recommendation {
        let catalog = self.catalog;
        let is_elsewhere = |kind: NeedKind| {
            let mut others = self.places.iter();
            !exists_in(catalog, kind, place.index)
                && others.any(|other| exists_in(catalog, kind, other.index))
        };
        let everywhere = self.needs.iter().filter(|need| !is_elsewhere(need.kind));
        let wanted: Vec<Wanted> = everywhere.chain(&place.needs).cloned().collect();
        recommend(catalog, Some(self.key_type), place.index, &wanted, None)
    }
}

/// How a syntax writes what is left to fill in.
struct Blanks {
    /// Fields that the author is to fill in, by name.
    owner: &'static str,
    purpose: &'static str,
    expires: &'static str,
}

const YAML: Blanks = Blanks {
    owner: "owner:      # the team or person that is responsible for it",
    purpose: "purpose:    # what it is used for, in one sentence",
    expires: "# expires: 2027-12-31    # its last day",
};

const TOML: Blanks = Blanks {
    owner: "# owner = \"the team or person that is responsible for it\"",
    purpose: "# purpose = \"what it is used for, in one sentence\"",
    expires: "# expires = 2027-12-31    # its last day",
};

/// A file with comments: what to fill in behind its name, and what each scope is for.
fn commented(text: &str, catalog: &Catalog, blanks: &Blanks) -> String {
    let has = |field: &str| {
        let mut lines = text.lines();
        lines.any(|line| {
            line.strip_prefix(field)
                .is_some_and(|rest| rest.starts_with([':', ' ']))
        })
    };
    let mut commented = String::new();
    for line in text.lines() {
        commented.push_str(line);
        let word = line.trim().trim_start_matches("- ").trim_end_matches(',');
        let word = word.trim_matches(['"', '\'']);
        if line.starts_with([' ', '-'])
            && let Some(id) = catalog.scope_id(word)
            && let Some(summary) = &catalog.scope(id).summary
        {
            commented.push_str("    # ");
            commented.push_str(&one_line(summary));
        }
        commented.push('\n');
        let (has_owner, has_purpose) = (has("owner"), has("purpose"));
        let mut blank = |text: &str| {
            commented.push_str(text);
            commented.push('\n');
        };
        let is = |field: &str| line.starts_with(field);
        if is("name") && !has_owner {
            blank(blanks.owner);
        }
        if !has_purpose && (is("owner") || is("name") && !has_owner) {
            blank(blanks.purpose);
        }
        let last = match (has_purpose, has_owner) {
            (true, _) => "purpose",
            (false, true) => "owner",
            (false, false) => "name",
        };
        if is(last) {
            blank(blanks.expires);
        }
    }
    commented
}
