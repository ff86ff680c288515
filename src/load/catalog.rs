//! A catalog file → a [`Catalog`] in which every reference is an index.

use std::collections::HashMap;

use super::builtin::builtin_text;
use super::layers::{Entry, Layered};
use super::raw::{
    RawAccess, RawAuth, RawCase, RawCatalog, RawDeprecated, RawDisallowed, RawEffect, RawEndpoint,
    RawExposure, RawRequirement, RawRisk, RawRisks, RawWildcards,
};
use crate::finding::{Finding, Fix};
use crate::model::{
    Access, Auth, Bundle, Catalog, CatalogSource, Combination, Effect, Endpoint, Environment,
    Event, Example, KeyType, Keyless, MOST_ALTERNATIVES, Mask, Recipe, Request, Requirement, Risk,
    Routes, Scope, ScopeId, ScopeSet, Template, Verdict, Wildcards,
};
use crate::source::{Fault, Names, Path, Place, Problem, Source, Syntax, nearest};

/// A catalog file as far as it could be read.
#[derive(Debug)]
pub struct LoadedCatalog {
    /// The catalog; `None` where no provider could be made out. Faulty parts are left out.
    pub catalog: Option<Catalog>,
    /// Everything that is wrong with the file.
    pub findings: Vec<Finding>,
}

/// Reads a catalog, over the built-in one that it extends if it does.
pub fn load_catalog(source: &Source) -> LoadedCatalog {
    let reading = source.read::<RawCatalog>();
    let damaged: Vec<Path> = reading
        .problems
        .iter()
        .filter_map(|problem| problem.place.path().cloned())
        .collect();
    let mut findings: Vec<Finding> = reading.problems.into_iter().map(with_fix).collect();
    let Some(top) = reading.value else {
        return LoadedCatalog {
            catalog: None,
            findings,
        };
    };
    let mut below = None;
    if let Some(name) = &top.extends {
        match builtin_text(name) {
            Some(text) => {
                let source = Source {
                    name: name.clone(),
                    text: text.to_owned(),
                    syntax: Syntax::Yaml,
                };
                below = source.read::<RawCatalog>().value;
            }
            None => findings.push(unknown(
                "unknown-reference",
                &format!("there is no built-in catalog `{name}` to extend"),
                name,
                Path::root().field("extends").value(),
                super::builtin_names(),
            )),
        }
    }
    let layers = Layered { top, below };
    let Some(provider) = layers.scalar(|raw| &raw.provider) else {
        if !damaged.contains(&Path::root().field("provider")) {
            findings.push(
                Finding::new(
                    "missing-field",
                    Path::root().value(),
                    "a catalog names its `provider` at the top",
                )
                .help("add `provider: NAME`"),
            );
        }
        return LoadedCatalog {
            catalog: None,
            findings,
        };
    };
    let mut builder = Builder {
        findings,
        damaged,
        ..Builder::default()
    };
    let catalog = builder.build(provider, &layers);
    LoadedCatalog {
        catalog: Some(catalog),
        findings: builder.findings,
    }
}

/// A problem as a finding; a misspelt field is mended without asking.
pub(super) fn with_fix(problem: Problem) -> Finding {
    let meant = problem
        .meant
        .clone()
        .filter(|_| problem.fault == Fault::UnknownField);
    let mut finding = Finding::from(problem);
    if let Some(meant) = meant {
        finding.fix = Some(Fix {
            message: format!("did you mean `{meant}`?"),
            place: finding.place.clone(),
            replacement: Some(meant),
            safe: true,
            asked_for: None,
        });
        finding.help = None;
    }
    finding
}

/// A finding about a name that is not known, with the names that may have been meant.
pub(super) fn unknown<'a>(
    rule: &'static str,
    message: &str,
    name: &str,
    place: Place,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Finding {
    let near = nearest(name, candidates);
    let finding = Finding::new(rule, place, message);
    match near.as_slice() {
        [] => finding,
        [one] => finding.help(format!("did you mean `{one}`?")),
        several => {
            let names: Vec<String> = several.iter().map(|name| format!("`{name}`")).collect();
            finding.help(format!("did you mean one of {}?", names.join(", ")))
        }
    }
}

#[derive(Default)]
struct Builder {
    findings: Vec<Finding>,
    damaged: Vec<Path>,
    key_types: Vec<KeyType>,
    environments: Vec<Environment>,
    modes: Vec<String>,
    scopes: Vec<Scope>,
    scope_ids: HashMap<String, ScopeId>,
    endpoints: Vec<Endpoint>,
    routes: Routes,
    operations: Vec<std::ops::Range<usize>>,
}

impl Builder {
    fn build(&mut self, provider: String, layers: &Layered) -> Catalog {
        self.key_types(layers);
        self.environments(layers);
        self.modes = layers.scalar(|raw| &raw.modes).unwrap_or_default();
        let explicit_access = self.scopes(layers);
        let closures = self.closures();
        let ignore_case =
            layers.scalar(|raw| &raw.paths).and_then(|paths| paths.case) == Some(RawCase::Ignored);
        self.routes = Routes::new(ignore_case);
        for entry in layers.entries("endpoints", |raw| &raw.endpoints) {
            self.endpoint(&entry);
        }
        self.default_access_and_risk(&explicit_access);
        let mut catalog = Catalog {
            title: layers
                .scalar(|raw| &raw.title)
                .unwrap_or_else(|| provider.clone()),
            provider,
            sources: sources(layers),
            note: layers.scalar(|raw| &raw.note),
            key_types: std::mem::take(&mut self.key_types),
            environments: std::mem::take(&mut self.environments),
            modes: std::mem::take(&mut self.modes),
            scopes: std::mem::take(&mut self.scopes),
            retired: Vec::new(),
            bundles: Vec::new(),
            wildcards: Wildcards::Named(Vec::new()),
            endpoints: std::mem::take(&mut self.endpoints),
            events: Vec::new(),
            recipes: Vec::new(),
            combinations: Vec::new(),
            examples: Vec::new(),
            routes: std::mem::take(&mut self.routes),
            operations: std::mem::take(&mut self.operations),
            scope_ids: std::mem::take(&mut self.scope_ids),
            closures,
        };
        self.replaced_by(&mut catalog, layers);
        self.retired(&mut catalog, layers);
        self.wildcards(&mut catalog, layers);
        self.bundles(&mut catalog, layers);
        self.events(&mut catalog, layers);
        self.recipes(&mut catalog, layers);
        self.combinations(&mut catalog, layers);
        self.examples(&mut catalog, layers);
        catalog
    }

    fn report(&mut self, own: bool, finding: Finding) {
        if own {
            self.findings.push(finding);
        }
    }

    fn is_damaged(&self, path: &Path) -> bool {
        self.damaged
            .iter()
            .any(|damaged| damaged.0.starts_with(&path.0))
    }

    fn key_types(&mut self, layers: &Layered) {
        for entry in layers.entries("key_types", |raw| &raw.key_types) {
            self.key_types.push(KeyType {
                public: matches!(entry.value.exposure, Some(RawExposure::Public)),
                prefixes: entry.value.prefixes.unwrap_or_default(),
                ignores_disallowed: matches!(entry.value.disallowed, Some(RawDisallowed::Ignored)),
                note: entry.value.note,
                name: entry.name,
            });
        }
        if self.key_types.is_empty() {
            self.key_types.push(KeyType {
                name: "key".to_owned(),
                public: false,
                prefixes: Vec::new(),
                ignores_disallowed: false,
                note: None,
            });
        }
        self.at_most("key_types", self.key_types.len());
    }

    fn environments(&mut self, layers: &Layered) {
        for entry in layers.entries("environments", |raw| &raw.environments) {
            self.environments.push(Environment {
                name: entry.name,
                production: entry.value.production,
                base: entry.value.base,
            });
        }
        self.at_most("environments", self.environments.len());
    }

    fn at_most(&mut self, section: &str, count: usize) {
        if count > Mask::CAPACITY {
            let message = format!(
                "{count} {section} are more than the {} that a catalog may have",
                Mask::CAPACITY
            );
            self.findings.push(Finding::new(
                "wrong-type",
                Path::root().field(section).value(),
                message,
            ));
            self.key_types.truncate(Mask::CAPACITY);
            self.environments.truncate(Mask::CAPACITY);
        }
    }

    /// Adds the scopes; true for each whose access the file states.
    fn scopes(&mut self, layers: &Layered) -> Vec<(bool, bool)> {
        let entries = layers.entries("scopes", |raw| &raw.scopes);
        self.scope_ids = entries
            .iter()
            .zip(0..)
            .map(|(entry, index)| (entry.name.clone(), ScopeId(index)))
            .collect();
        let mut explicit = Vec::with_capacity(entries.len());
        for entry in entries {
            let path = entry.origin.path(&entry.name);
            let own = entry.origin.own;
            let raw = entry.value;
            explicit.push((raw.access.is_some(), raw.risk.is_some()));
            let (risk, risk_on) = match raw.risk {
                None => (Risk::Low, Vec::new()),
                Some(RawRisks::One(risk)) => (risk.into(), Vec::new()),
                Some(RawRisks::Each(each)) => {
                    let mut risks = Vec::new();
                    for (name, risk) in each {
                        if let Some(index) =
                            self.key_type(own, &name, path.field("risk").field(&name).key())
                        {
                            risks.push((index, Risk::from(risk)));
                        }
                    }
                    let highest = risks
                        .iter()
                        .map(|(_, risk)| *risk)
                        .max()
                        .unwrap_or(Risk::Low);
                    (highest, risks)
                }
            };
            let key_types =
                self.key_type_mask(own, raw.key_types.as_ref(), &path.field("key_types"));
            let environments =
                self.environment_mask(own, raw.environments.as_ref(), &path.field("environments"));
            let implies = raw.implies.unwrap_or_default();
            let implies = self.scope_list(own, &implies, &path.field("implies"));
            self.scopes.push(Scope {
                name: entry.name,
                summary: raw.summary,
                access: match raw.access {
                    Some(RawAccess::Write) => Access::Write,
                    Some(RawAccess::Admin) => Access::Admin,
                    Some(RawAccess::Read) | None => Access::Read,
                },
                risk,
                risk_on,
                because: raw.because,
                key_types,
                environments,
                implies,
                deprecated: matches!(&raw.deprecated, Some(deprecated) if *deprecated != RawDeprecated::Yes(false)),
                replaced_by: Vec::new(),
                note: raw.note,
            });
        }
        explicit
    }

    /// What each scope carries with it, itself included. A cycle is reported once, and its members carry each other.
    fn closures(&mut self) -> Vec<ScopeSet> {
        let size = self.scopes.len();
        let mut closures = Vec::with_capacity(size);
        let mut in_cycle = ScopeSet::new(size);
        for index in 0..size {
            let start = ScopeId(u32::try_from(index).unwrap_or(u32::MAX));
            let mut closure = ScopeSet::of(size, [start]);
            let mut open = self.scopes[index].implies.clone();
            let mut returns = false;
            while let Some(id) = open.pop() {
                returns |= id == start;
                if closure.insert(id) {
                    open.extend(&self.scopes[id.index()].implies);
                }
            }
            if returns && !in_cycle.has(start) {
                in_cycle.union_with(&closure);
                let name = self.scopes[index].name.clone();
                let place = Path::root()
                    .field("scopes")
                    .field(&name)
                    .field("implies")
                    .value();
                self.findings.push(
                    Finding::new(
                        "implication-cycle",
                        place,
                        format!("`{name}` implies itself, by way of others"),
                    )
                    .help("scopes that always come together are one scope; take one `implies` out")
                    .scope(name),
                );
            }
            closures.push(closure);
        }
        closures
    }

    fn endpoint(&mut self, entry: &Entry<RawEndpoint>) {
        let path = entry.origin.path(&entry.name);
        let own = entry.origin.own;
        let malformed = |why: &str| {
            Finding::new(
                "malformed-path",
                path.clone().key(),
                format!("`{}` is no endpoint: {why}", entry.name),
            )
            .label("an endpoint is `METHOD /path`")
            .endpoint(&entry.name)
        };
        let Some((method, target)) = entry.name.split_once(' ') else {
            return self.report(own, malformed("it has no method and path"));
        };
        if method.is_empty() || !method.chars().all(|c| c.is_ascii_uppercase()) {
            return self.report(own, malformed("the method is written in capitals"));
        }
        let template = match Template::parse(target.trim()) {
            Ok(template) => template,
            Err(error) => return self.report(own, malformed(error.0)),
        };
        let first = self.endpoints.len();
        if let Err(operation) = self.routes.insert(method, &template, self.operations.len()) {
            let other = &self.endpoints[self.operations[operation].start];
            let message = match other.path.text == template.text {
                true => format!("`{}` stands twice", entry.name),
                false => format!(
                    "`{}` is the same endpoint as `{} {}`",
                    entry.name, other.method, other.path
                ),
            };
            let other_path = Path::root()
                .field("endpoints")
                .field(&format!("{} {}", other.method, other.path));
            let finding = Finding::new("duplicate-endpoint", path.key(), message)
                .related(other_path.key(), "the other one")
                .help("paths match by structure: the names of parameters make no difference")
                .endpoint(&entry.name);
            return self.report(own, finding);
        }
        let raw = &entry.value;
        match &raw.modes {
            None => self.endpoint_mode(own, method, &template, None, raw, None, &path),
            Some(modes) => {
                let known: Vec<String> = self.modes.clone();
                let mut rows: Vec<(usize, &RawEndpoint, Path)> = Vec::new();
                for (name, mode) in &modes.0 {
                    let mode_path = path.field("modes").field(name);
                    match known.iter().position(|other| other == name) {
                        Some(index) => rows.push((index, mode, mode_path)),
                        None => {
                            let message = format!("the catalog has no mode `{name}`");
                            let names = known.iter().map(String::as_str);
                            let finding = unknown(
                                "unknown-reference",
                                &message,
                                name,
                                mode_path.key(),
                                names,
                            );
                            self.report(own, finding);
                        }
                    }
                }
                rows.sort_by_key(|(index, ..)| *index);
                for (index, mode, mode_path) in rows {
                    self.endpoint_mode(
                        own,
                        method,
                        &template,
                        Some(index),
                        mode,
                        Some(raw),
                        &mode_path,
                    );
                }
            }
        }
        let end = self.endpoints.len();
        self.operations.push(first..end);
    }

    /// Adds one mode of an endpoint; what the mode leaves out is the operation's.
    #[expect(
        clippy::too_many_arguments,
        reason = "an entry, its mode and their place belong together, once"
    )]
    fn endpoint_mode(
        &mut self,
        own: bool,
        method: &str,
        template: &Template,
        mode: Option<usize>,
        raw: &RawEndpoint,
        operation: Option<&RawEndpoint>,
        path: &Path,
    ) {
        let auth = self.auth(own, raw, path);
        let environments = raw
            .environments
            .as_ref()
            .or(operation.and_then(|operation| operation.environments.as_ref()));
        let environments = self.environment_mask(own, environments, &path.field("environments"));
        let deprecated = raw
            .deprecated
            .as_ref()
            .or(operation.and_then(|operation| operation.deprecated.as_ref()));
        let effect = raw
            .effect
            .or(operation.and_then(|operation| operation.effect));
        self.endpoints.push(Endpoint {
            method: method.to_owned(),
            path: template.clone(),
            mode,
            auth,
            effect: match effect {
                Some(RawEffect::Read) => Effect::Read,
                None if matches!(method, "GET" | "HEAD" | "OPTIONS") => Effect::Read,
                Some(RawEffect::Write) | None => Effect::Write,
            },
            rejected: raw.rejected.clone(),
            keyless: raw.keyless.clone().map(|keyless| Keyless {
                credential: keyless.credential.unwrap_or_else(|| "another credential".to_owned()),
                sent: keyless.sent,
                because: keyless.because,
            }),
            deprecated: matches!(deprecated, Some(deprecated) if *deprecated != RawDeprecated::Yes(false)),
            replaced_by: match deprecated {
                Some(RawDeprecated::ReplacedBy(names)) => Some(names.join(", ")),
                _ => None,
            },
            environments,
            summary: raw.summary.clone().or_else(|| operation.and_then(|operation| operation.summary.clone())),
            note: raw.note.clone().or_else(|| operation.and_then(|operation| operation.note.clone())),
        });
    }

    fn auth(&mut self, own: bool, raw: &RawEndpoint, path: &Path) -> Auth {
        let requirement = &raw.requirement;
        let stated =
            requirement.scope.is_some() || requirement.all.is_some() || requirement.any.is_some();
        match requirement.auth {
            Some(RawAuth::None) if !stated => Auth::Public,
            Some(RawAuth::NotStated) if !stated => Auth::NotStated,
            None if !stated => {
                if raw.rejected.is_none() && !self.is_damaged(path) {
                    let finding = Finding::new(
                        "missing-field",
                        path.clone().key(),
                        "nothing says what this needs",
                    )
                    .help(
                        "write a scope, `all`, `any`, or `auth: none`, `any-key` or `not-stated`",
                    );
                    self.report(own, finding);
                }
                Auth::NotStated
            }
            _ => Auth::Key(self.requirement(own, requirement, path)),
        }
    }

    /// The requirement of a mapping; what is wrong with it is reported, and the part left unmeetable.
    fn requirement(&mut self, own: bool, raw: &RawRequirement, path: &Path) -> Requirement {
        let key_types = self.key_type_mask(own, raw.key_types.as_ref(), &path.field("key_types"));
        let given = [
            raw.scope.is_some(),
            raw.all.is_some(),
            raw.any.is_some(),
            raw.auth.is_some(),
        ];
        if given.iter().filter(|given| **given).count() > 1 {
            let message = "only one of `scope`, `all`, `any` and `auth` can stand here";
            let help = "AND and OR are spelled out: put one inside the other's list";
            self.report(
                own,
                Finding::new("wrong-type", path.clone().value(), message).help(help),
            );
        }
        let requirement = if let Some(name) = &raw.scope {
            // The short form stands at the entry itself, the long one in its field.
            let place = path.field("scope");
            self.scope_id(own, name, place.value())
                .map_or_else(Requirement::default, |id| {
                    Requirement::scope(id, self.scopes[id.index()].key_types)
                })
        } else if let Some(parts) = &raw.any {
            let place = path.field("any");
            let mut any = Requirement::default();
            for (index, part) in parts.iter().enumerate() {
                if let Some(part) = part {
                    any = any.or(&self.requirement(own, part, &place.item(index)));
                }
            }
            any
        } else if let Some(parts) = &raw.all {
            let place = path.field("all");
            let mut all = Requirement::any_key(Mask::ALL);
            for (index, part) in parts.iter().enumerate() {
                let Some(part) = part else { continue };
                let part = self.requirement(own, part, &place.item(index));
                match all.and(&part) {
                    Ok(both) => all = both,
                    Err(_) => {
                        let message =
                            format!("this comes to more than {MOST_ALTERNATIVES} alternatives");
                        self.report(
                            own,
                            Finding::new("wrong-type", place.clone().value(), message),
                        );
                        break;
                    }
                }
            }
            all
        } else if matches!(raw.auth, Some(RawAuth::AnyKey)) {
            Requirement::any_key(Mask::first(self.key_types.len()))
        } else {
            if !self.is_damaged(path) {
                let message = "this names no scope; inside `all` and `any` only a scope or `auth: any-key` can stand";
                self.report(
                    own,
                    Finding::new("wrong-type", path.clone().value(), message),
                );
            }
            Requirement::default()
        };
        requirement.on(key_types)
    }

    /// `access` and `risk` where the file leaves them out: a scope that opens a write is a write.
    fn default_access_and_risk(&mut self, explicit: &[(bool, bool)]) {
        let mut opens_write = ScopeSet::new(self.scopes.len());
        for endpoint in self
            .endpoints
            .iter()
            .filter(|endpoint| endpoint.effect == Effect::Write)
        {
            opens_write.extend(
                endpoint
                    .auth
                    .requirement()
                    .into_iter()
                    .flat_map(Requirement::scopes),
            );
        }
        for (index, (scope, (has_access, has_risk))) in
            self.scopes.iter_mut().zip(explicit).enumerate()
        {
            let id = ScopeId(u32::try_from(index).unwrap_or(u32::MAX));
            if !has_access && opens_write.has(id) {
                scope.access = Access::Write;
            }
            if !has_risk {
                scope.risk = match scope.access {
                    Access::Read => Risk::Low,
                    Access::Write => Risk::Medium,
                    Access::Admin => Risk::High,
                };
            }
        }
    }

    fn replaced_by(&mut self, catalog: &mut Catalog, layers: &Layered) {
        for entry in layers.entries("scopes", |raw| &raw.scopes) {
            if let Some(RawDeprecated::ReplacedBy(names)) = &entry.value.deprecated {
                let path = entry.origin.path(&entry.name).field("deprecated");
                let ids = self.names_in(catalog, entry.origin.own, names, &path);
                if let Some(id) = catalog.scope_id(&entry.name) {
                    catalog.scopes[id.index()].replaced_by = ids;
                }
            }
        }
    }

    fn retired(&mut self, catalog: &mut Catalog, layers: &Layered) {
        for entry in layers.entries("retired", |raw| &raw.retired) {
            let path = entry.origin.path(&entry.name);
            let ids = self.names_in(catalog, entry.origin.own, &entry.value.0, &path);
            catalog.retired.push((entry.name, ids));
        }
    }

    fn wildcards(&mut self, catalog: &mut Catalog, layers: &Layered) {
        let (wildcards, own) = layers.wildcards();
        catalog.wildcards = match wildcards {
            RawWildcards::Glob => Wildcards::Glob,
            RawWildcards::Named(entries) => {
                let mut named = Vec::new();
                for (name, names) in entries.0 {
                    let path = Path::root().field("wildcards").field(&name);
                    let members = self.members(catalog, own, &names, &path);
                    named.push((name, members));
                }
                Wildcards::Named(named)
            }
        };
    }

    fn bundles(&mut self, catalog: &mut Catalog, layers: &Layered) {
        for entry in layers.entries("bundles", |raw| &raw.bundles) {
            let path = entry.origin.path(&entry.name);
            let own = entry.origin.own;
            let mut scopes = match &entry.value.scopes {
                Some(names) => self.members(catalog, own, names, &path.field("scopes")),
                None => catalog.empty_set(),
            };
            if let Some(names) = &entry.value.except {
                for id in self
                    .members(catalog, own, names, &path.field("except"))
                    .iter()
                {
                    scopes.remove(id);
                }
            }
            if scopes.is_empty() && !self.is_damaged(&path) {
                let message = format!("the bundle `{}` holds no scope", entry.name);
                self.report(
                    own,
                    Finding::new("missing-field", path.key(), message).help("add `scopes:`"),
                );
            }
            catalog.bundles.push(Bundle {
                name: entry.name,
                summary: entry.value.summary,
                scopes,
                note: entry.value.note,
            });
        }
    }

    /// The scopes that a list of names and patterns stands for; the one word `all` is every scope.
    fn members(&mut self, catalog: &Catalog, own: bool, names: &Names, path: &Path) -> ScopeSet {
        let size = catalog.scopes.len();
        if names.0.len() == 1 && names.0[0] == "all" && catalog.scope_id("all").is_none() {
            return ScopeSet::of(
                size,
                (0..u32::try_from(size).unwrap_or(u32::MAX)).map(ScopeId),
            );
        }
        let mut members = catalog.empty_set();
        for (index, name) in names.0.iter().enumerate() {
            if name.contains('*') && catalog.scope_id(name).is_none() {
                let matching = catalog.matching(name);
                if matching.is_empty() {
                    let message = format!("the pattern `{name}` matches no scope");
                    self.report(
                        own,
                        Finding::new("unknown-reference", path.item(index).value(), message),
                    );
                }
                members.union_with(&matching);
            } else {
                members.extend(self.names_in(catalog, own, std::slice::from_ref(name), path));
            }
        }
        members
    }

    fn events(&mut self, catalog: &mut Catalog, layers: &Layered) {
        // Requirements are read against the scopes, which are in the catalog by now.
        self.scopes.clone_from(&catalog.scopes);
        self.scope_ids.clone_from(&catalog.scope_ids);
        self.key_types.clone_from(&catalog.key_types);
        for entry in layers.entries("events", |raw| &raw.events) {
            let path = entry.origin.path(&entry.name);
            let requirement = self.requirement(entry.origin.own, &entry.value, &path);
            catalog.events.push(Event {
                name: entry.name,
                requirement,
            });
        }
    }

    fn recipes(&mut self, catalog: &mut Catalog, layers: &Layered) {
        for entry in layers.entries("recipes", |raw| &raw.recipes) {
            let path = entry.origin.path(&entry.name);
            let own = entry.origin.own;
            let raw = entry.value;
            let mut endpoints = Vec::new();
            for (index, text) in raw.endpoints.into_iter().flatten().enumerate() {
                let Some(text) = text else { continue };
                let found = Request::parse(&text).and_then(|request| catalog.find(&request).ok());
                match found.and_then(|found| found.first().copied()) {
                    Some(endpoint) => endpoints.push(endpoint),
                    None => {
                        let message = format!("the catalog has no endpoint `{text}`");
                        let names: Vec<String> = (0..catalog.endpoints.len())
                            .map(|i| catalog.endpoint_name(i))
                            .collect();
                        let place = path.field("endpoints").item(index).value();
                        let names = names.iter().map(String::as_str);
                        self.report(
                            own,
                            unknown("unknown-reference", &message, &text, place, names),
                        );
                    }
                }
            }
            let mut events = Vec::new();
            for (index, name) in raw.events.unwrap_or_default().0.iter().enumerate() {
                match catalog.event(name) {
                    Some(event) => events.push(event),
                    None => {
                        let message = format!("the catalog has no event `{name}`");
                        let place = path.field("events").item(index).value();
                        let names = catalog.events.iter().map(|event| event.name.as_str());
                        self.report(
                            own,
                            unknown("unknown-reference", &message, name, place, names),
                        );
                    }
                }
            }
            let adequate = raw.adequate.unwrap_or_default();
            let adequate = self.names_in(catalog, own, &adequate.0, &path.field("adequate"));
            catalog.recipes.push(Recipe {
                name: entry.name,
                summary: raw.summary,
                endpoints,
                events,
                adequate,
                note: raw.note,
            });
        }
    }

    fn combinations(&mut self, catalog: &mut Catalog, layers: &Layered) {
        for entry in layers.items("combinations", |raw| &raw.combinations) {
            let path = entry.origin.path("");
            let scopes = self.names_in(
                catalog,
                entry.origin.own,
                &entry.value.scopes.0,
                &path.field("scopes"),
            );
            catalog.combinations.push(Combination {
                scopes,
                risk: entry.value.risk.into(),
                because: entry.value.because,
            });
        }
    }

    fn examples(&mut self, catalog: &mut Catalog, layers: &Layered) {
        for entry in layers.items("examples", |raw| &raw.examples) {
            let path = entry.origin.path("");
            let own = entry.origin.own;
            let raw = entry.value;
            let key_type = match &raw.key_type {
                Some(name) => self.key_type(own, name, path.field("key_type").value()),
                None => Some(0),
            };
            let environment = match &raw.environment {
                Some(name) => {
                    self.environment_in(catalog, own, name, path.field("environment").value())
                }
                None => None,
            };
            for (index, name) in raw.scopes.0.iter().enumerate() {
                if catalog.meaning(name).is_none() {
                    let message = format!("the catalog has no scope `{name}`");
                    let place = path.field("scopes").item(index).value();
                    let names = catalog.scopes.iter().map(|scope| scope.name.as_str());
                    self.report(
                        own,
                        unknown("unknown-reference", &message, name, place, names),
                    );
                }
            }
            let Some(request) = Request::parse(&raw.endpoint) else {
                let message = format!("`{}` is no endpoint", raw.endpoint);
                let finding =
                    Finding::new("malformed-path", path.field("endpoint").value(), message);
                self.report(own, finding.help("an endpoint is `METHOD /path`"));
                continue;
            };
            if !Verdict::NAMES.contains(&raw.verdict.as_str()) {
                let message = format!("there is no verdict `{}`", raw.verdict);
                let place = path.field("verdict").value();
                self.report(
                    own,
                    unknown(
                        "unknown-reference",
                        &message,
                        &raw.verdict,
                        place,
                        Verdict::NAMES,
                    ),
                );
                continue;
            }
            if let Some(key_type) = key_type {
                catalog.examples.push(Example {
                    key_type,
                    environment,
                    scopes: raw.scopes.0,
                    request,
                    verdict: raw.verdict,
                });
            }
        }
    }

    fn scope_id(&mut self, own: bool, name: &str, place: Place) -> Option<ScopeId> {
        let id = self.scope_ids.get(name).copied();
        if id.is_none() {
            let names = self.scope_ids.keys().map(String::as_str);
            let message = format!("the catalog has no scope `{name}`");
            let finding = unknown("unknown-reference", &message, name, place, names).scope(name);
            self.report(own, finding);
        }
        id
    }

    fn scope_list(&mut self, own: bool, names: &Names, path: &Path) -> Vec<ScopeId> {
        let names = names.0.iter().enumerate();
        names
            .filter_map(|(index, name)| self.scope_id(own, name, path.item(index).value()))
            .collect()
    }

    /// The same once the scopes are in the catalog.
    fn names_in(
        &mut self,
        catalog: &Catalog,
        own: bool,
        names: &[String],
        path: &Path,
    ) -> Vec<ScopeId> {
        let mut ids = Vec::new();
        for (index, name) in names.iter().enumerate() {
            match catalog.scope_id(name) {
                Some(id) => ids.push(id),
                None => {
                    let known = catalog.scopes.iter().map(|scope| scope.name.as_str());
                    let message = format!("the catalog has no scope `{name}`");
                    let place = path.item(index).value();
                    self.report(
                        own,
                        unknown("unknown-reference", &message, name, place, known).scope(name),
                    );
                }
            }
        }
        ids
    }

    fn key_type(&mut self, own: bool, name: &str, place: Place) -> Option<usize> {
        let index = self
            .key_types
            .iter()
            .position(|key_type| key_type.name == name);
        if index.is_none() {
            let message = format!("the catalog has no key type `{name}`");
            let names = self.key_types.iter().map(|key_type| key_type.name.as_str());
            let finding = unknown("unknown-reference", &message, name, place, names);
            self.report(own, finding);
        }
        index
    }

    fn key_type_mask(&mut self, own: bool, names: Option<&Names>, path: &Path) -> Mask {
        let Some(names) = names else {
            return Mask::first(self.key_types.len());
        };
        let mut mask = Mask::NONE;
        for (index, name) in names.0.iter().enumerate() {
            if let Some(key_type) = self.key_type(own, name, path.item(index).value()) {
                mask = mask.or(Mask::one(key_type));
            }
        }
        mask
    }

    fn environment_mask(&mut self, own: bool, names: Option<&Names>, path: &Path) -> Mask {
        let Some(names) = names else { return Mask::ALL };
        let mut mask = Mask::NONE;
        for (index, name) in names.0.iter().enumerate() {
            match self
                .environments
                .iter()
                .position(|environment| environment.name == *name)
            {
                Some(environment) => mask = mask.or(Mask::one(environment)),
                None => {
                    let message = format!("the catalog has no environment `{name}`");
                    let known = self
                        .environments
                        .iter()
                        .map(|environment| environment.name.as_str());
                    let place = path.item(index).value();
                    let finding = unknown("unknown-reference", &message, name, place, known);
                    self.report(own, finding);
                }
            }
        }
        mask
    }

    fn environment_in(
        &mut self,
        catalog: &Catalog,
        own: bool,
        name: &str,
        place: Place,
    ) -> Option<usize> {
        let index = catalog.environment(name);
        if index.is_none() {
            let message = format!("the catalog has no environment `{name}`");
            let known = catalog
                .environments
                .iter()
                .map(|environment| environment.name.as_str());
            self.report(
                own,
                unknown("unknown-reference", &message, name, place, known),
            );
        }
        index
    }
}

fn sources(layers: &Layered) -> Vec<CatalogSource> {
    let raw = layers.scalar(|raw| &raw.sources).unwrap_or_default();
    raw.into_iter()
        .map(|source| CatalogSource {
            url: source.url,
            verified: source.verified.map(|date| date.0),
        })
        .collect()
}

impl From<RawRisk> for Risk {
    fn from(raw: RawRisk) -> Self {
        match raw {
            RawRisk::Low => Self::Low,
            RawRisk::Medium => Self::Medium,
            RawRisk::High => Self::High,
            RawRisk::Critical => Self::Critical,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The parser's own reading and the one by way of a tree with places must not differ.
    #[test]
    fn both_ways_to_read_a_file_agree() {
        for name in super::super::builtin_names() {
            let text = builtin_text(name).expect("a text").to_owned();
            let yaml = Source {
                name: name.to_owned(),
                text,
                syntax: Syntax::Yaml,
            };
            let value: serde_json::Value = serde_yaml::from_str(&yaml.text).expect("YAML");
            let json = Source {
                name: name.to_owned(),
                text: value.to_string(),
                syntax: Syntax::Json,
            };
            let direct = format!("{:?}", yaml.read::<RawCatalog>().value);
            for source in [&yaml, &json] {
                let reading = source.read_with_places::<RawCatalog>("none");
                assert_eq!(
                    format!("{:?}", reading.value),
                    direct,
                    "{name} as {}",
                    source.syntax.name()
                );
            }
        }
    }
}
