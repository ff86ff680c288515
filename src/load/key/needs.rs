//! What a key file says its job needs: endpoints, recipes, events, scopes.

use std::collections::{HashMap, HashSet};

use super::grants::Section;
use super::{Resolved, Resolver, names_of};
use crate::finding::{Finding, RuleId, RuleName};
use crate::load::endpoint_name::help_for_several;
use crate::load::raw::{RawNeededScope, RawNeeds};
use crate::model::{
    Allowance, Catalog, EndpointId, Named, Need, NeedKind, NoRoute, RecipeId, Request, Risk,
    ScopeId,
};
use crate::source::{Path, Place, Segment, is_blank, nearest_one};

/// What is collected while the needs of a key are read, besides the needs themselves.
#[derive(Default)]
pub(super) struct Needed {
    /// Who answers for the key.
    owner: Option<String>,
    /// Scopes that the needs may use, each with the place of the first such need.
    pub(super) wanted: HashMap<ScopeId, Path>,
    /// The needs whose scopes are already in `wanted`.
    seen: HashSet<NeedKind>,
    /// Whether a need could not be resolved, not even to the one that must be meant.
    pub(super) unclear: bool,
    /// Whether a need was resolved to the one that it must mean.
    pub(super) misspelt: bool,
    /// The scopes that are named as needed although the catalog knows what they open.
    pub(super) known: Vec<(ScopeId, Path)>,
    /// What `needs.scopes` accepts at high or critical risk.
    pub(super) accepted: Vec<Allowance>,
}

impl Needed {
    /// Empty, for a key with this owner.
    pub(super) fn of(owner: Option<String>) -> Self {
        Self {
            owner,
            ..Self::default()
        }
    }

    fn note<T>(&mut self, resolved: &Resolved<T>) {
        self.misspelt |= resolved.is_misspelt;
        self.unclear |= resolved.meant.is_none();
    }

    /// Notes the scopes that some needs may use.
    fn want(&mut self, catalog: &Catalog, needs: &[Need]) {
        for need in needs {
            if matches!(need.kind, NeedKind::Scope(_)) || !self.seen.insert(need.kind) {
                continue;
            }
            for id in catalog.scopes_of(need.kind) {
                self.wanted.entry(id).or_insert_with(|| need.at.clone());
            }
        }
    }

    /// Since it is unknown what a scope of high or critical risk opens, its entry works as an allowance, with a reason,
    /// an owner and a last day. Without these it accepts nothing.
    fn accept(&mut self, scope: &str, entry: &RawNeededScope, at: &Path) {
        let owner = entry.owner.clone().or_else(|| self.owner.clone());
        let owner = owner.filter(|owner| !is_blank(owner));
        let reason = entry.because.clone();
        let reason = reason.filter(|reason| !is_blank(reason));
        let (Some(owner), Some(until), Some(reason)) = (owner, entry.until.clone(), reason) else {
            return;
        };
        self.accepted.push(Allowance {
            rule: RuleName::Known(RuleId::UnprovenScope),
            scope: Some(scope.to_owned()),
            endpoint: None,
            environment: environment_of(at).map(str::to_owned),
            reason: Some(reason),
            owner: Some(owner),
            until: Some(until),
            may_be_unused: true,
            at: at.clone(),
        });
    }
}

impl Resolver<'_> {
    /// The needs of a section, at `path`; what else they come to is added to `needed`.
    pub(super) fn needs(
        &mut self,
        raw: Option<&RawNeeds>,
        path: &Path,
        needed: &mut Needed,
    ) -> Vec<Need> {
        let Some(raw) = raw else { return Vec::new() };
        let mut needs = Vec::new();
        let mut seen: HashSet<NeedKind> = HashSet::new();
        let mut seen_recipes: HashSet<RecipeId> = HashSet::new();
        for (index, text) in raw.endpoints.iter().flatten().enumerate() {
            let at = path.field("endpoints").item(index);
            match text
                .as_ref()
                .and_then(|text| self.endpoint(text, &at, needed))
            {
                // A need listed twice counts once.
                Some(endpoint) if !seen.insert(NeedKind::Endpoint(endpoint)) => {}
                Some(endpoint) => needs.push(Need {
                    kind: NeedKind::Endpoint(endpoint),
                    recipe: None,
                    observed: false,
                    at,
                }),
                None => needed.unclear = true,
            }
        }
        let catalog = self.catalog;
        let recipes = names_of(raw.recipes.as_ref(), &path.field("recipes"), &|name| {
            catalog.recipe(name).is_some()
        });
        for (name, at) in recipes {
            let resolved = self.resolve(Named::Recipe, name, &at, Catalog::recipe);
            needed.note(&resolved);
            let meant = resolved.meant;
            if let Some(recipe) = meant.filter(|recipe| seen_recipes.insert(*recipe)) {
                needs.extend(catalog.recipes[recipe].needs().map(|kind| Need {
                    kind,
                    recipe: Some(recipe),
                    observed: false,
                    at: at.clone(),
                }));
            }
        }
        let events = names_of(raw.events.as_ref(), &path.field("events"), &|name| {
            catalog.event(name).is_some()
        });
        for (name, at) in events {
            let resolved = self.resolve(Named::Event, name, &at, Catalog::event);
            needed.note(&resolved);
            let meant = resolved.meant;
            if let Some(event) = meant.filter(|event| seen.insert(NeedKind::Event(*event))) {
                needs.push(Need {
                    kind: NeedKind::Event(event),
                    recipe: None,
                    observed: false,
                    at,
                });
            }
        }
        self.needed_scopes(raw, path, &mut needs, needed);
        needed.want(catalog, &needs);
        needs
    }

    fn needed_scopes(
        &mut self,
        raw: &RawNeeds,
        path: &Path,
        needs: &mut Vec<Need>,
        needed: &mut Needed,
    ) {
        let none = HashSet::new();
        for (index, entry) in raw.scopes.iter().flatten().enumerate() {
            let Some(entry) = entry else { continue };
            let item = path.field("scopes").item(index);
            let at = item.field("scope");
            let known = self.catalog.scope_id(&entry.scope);
            let found = known.or_else(|| {
                needed.misspelt = true;
                let section = Section {
                    environments: &[],
                    granted: [&none, &none],
                    wanted: &needed.wanted,
                };
                match *self.unknown_scope(&entry.scope, &at, &section).scopes {
                    [one] => Some(one),
                    _ => None,
                }
            });
            needed.unclear |= found.is_none();
            let Some(id) = found else { continue };
            if self.catalog.opens_on(self.key_type, id) {
                // The catalog knows what the scope opens, so the file should list the endpoints instead.
                needed.known.push((id, at));
                continue;
            }
            // Only a scope that is named correctly may be granted by a safe fix.
            if known.is_some() {
                needed.wanted.entry(id).or_insert_with(|| at.clone());
            }
            if self.catalog.scope(id).risk_on(self.key_type) >= Risk::High {
                needed.accept(self.catalog.name(id), entry, &item);
            }
            needs.push(Need {
                kind: NeedKind::Scope(id),
                recipe: None,
                observed: false,
                at,
            });
        }
    }

    fn endpoint(&mut self, text: &str, at: &Path, needed: &mut Needed) -> Option<EndpointId> {
        let place = at.clone().value();
        let Some(request) = self.catalog.request(text) else {
            let finding = Finding::new(
                RuleId::UnknownEndpoint,
                place,
                format!("`{text}` is not a valid endpoint"),
            )
            .help(
                help_for_several(text)
                    .unwrap_or("an endpoint is `METHOD /path`, for example `GET /users/{id}`"),
            )
            .endpoint(text);
            self.report(finding);
            return None;
        };
        match self.catalog.find(&request) {
            Ok(found) => {
                if found.drops_query && found.modes.len() > 1 {
                    self.report(dropped_query(self.catalog, &request, found.gets, place));
                }
                Some(found.gets)
            }
            Err(no_route) => {
                let finding = self.no_endpoint(&request, &no_route, place);
                self.report(finding);
                needed.misspelt = true;
                let meant = self.meant_endpoint(&request, &no_route);
                // An endpoint in another mode may need other scopes, so it does not count as the one that was meant.
                let has_mode = |index: EndpointId| self.catalog.endpoints[index].mode.is_some();
                let is_near = |index: EndpointId| {
                    let mode = self.catalog.endpoints[index].mode;
                    let mode = mode.map(|mode| self.catalog.modes[mode].as_str());
                    let asked = request.mode.as_deref();
                    asked
                        .zip(mode)
                        .is_some_and(|(asked, mode)| nearest_one(asked, [mode]).is_some())
                };
                needed.unclear |= request.mode.is_some()
                    && meant.is_some_and(|index| has_mode(index) && !is_near(index));
                meant
            }
        }
    }

    /// The finding for a request that reaches no endpoint, with what it may have meant.
    pub(super) fn no_endpoint(&self, request: &Request, why: &NoRoute, place: Place) -> Finding {
        let text = request.to_string();
        let message = format!("{} has no endpoint `{text}`", self.catalog.provider);
        Finding::new(RuleId::UnknownEndpoint, place, message)
            .help(why.help(self.catalog, request, &self.patience))
            .endpoint(text)
    }

    /// The one endpoint that a misspelt request must mean: it counts as that one everywhere else.
    pub(super) fn meant_endpoint(&self, request: &Request, why: &NoRoute) -> Option<EndpointId> {
        let catalog = self.catalog;
        let without_mode = Request {
            mode: None,
            ..request.clone()
        };
        if let (NoRoute::OtherModes(modes), Some(asked)) = (why, &request.mode)
            && let Some(mode) = nearest_one(asked, modes.iter().map(String::as_str))
        {
            let meant = Request {
                mode: Some(mode.to_owned()),
                ..request.clone()
            };
            return catalog.find(&meant).ok().map(|found| found.gets);
        }
        if matches!(why, NoRoute::OtherModes(_)) {
            return catalog.find(&without_mode).ok().map(|found| found.gets);
        }
        // The path exists with other methods only, so neither it nor the valid method is a typo: nothing else must be
        // meant.
        let is_method = |method: &str| METHODS.contains(&method);
        if matches!(why, NoRoute::OtherMethods(_)) && is_method(&request.method) {
            return None;
        }
        let endpoint = &catalog.endpoints[catalog.nearest_endpoint(request, &self.patience)?];
        let meant = format!("{} {}", endpoint.method, endpoint.path);
        // In the requested mode, if the endpoint has it.
        let meant = Request {
            mode: request.mode.clone(),
            ..Request::parse(&meant)?
        };
        let without_mode = Request {
            mode: None,
            ..meant.clone()
        };
        let found = catalog
            .find(&meant)
            .or_else(|_| catalog.find(&without_mode));
        found.ok().map(|found| found.gets)
    }
}

/// Whether any need is declared, of whatever kind.
pub(super) fn declares(needs: &RawNeeds) -> bool {
    let lists = [&needs.recipes, &needs.events];
    lists
        .iter()
        .any(|names| names.as_ref().is_some_and(|names| !names.is_empty()))
        || needs
            .endpoints
            .as_ref()
            .is_some_and(|list| !list.is_empty())
        || needs.scopes.as_ref().is_some_and(|list| !list.is_empty())
}

/// The environment that a place of a key file stands in.
fn environment_of(at: &Path) -> Option<&str> {
    match at.0.as_slice() {
        [Segment::Field(field), Segment::Field(name), ..] if field == "environments" => Some(name),
        _ => None,
    }
}

/// The methods of HTTP.
const METHODS: [&str; 10] = [
    "GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "QUERY",
];

/// The finding for a need whose query no mode states, so that nothing decides which mode it gets.
fn dropped_query(catalog: &Catalog, request: &Request, gets: EndpointId, place: Place) -> Finding {
    let name = catalog.endpoint_name(gets);
    let message = format!(
        "{} does not say which mode `{request}` gets",
        catalog.provider
    );
    Finding::new(RuleId::UnstatedNeed, place, message)
        .note(format!(
            "no mode has a query, so it is taken as `{name}`, the default"
        ))
        .help("name the mode after the path: `mode=NAME`")
        .endpoint(name)
}
