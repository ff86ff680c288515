//! What refers to scopes and endpoints: bundles, wildcards, combinations, examples.

use crate::finding::{Finding, RuleId};
use crate::load::endpoint_name::help_for_several;
use crate::load::layers::Layered;
use crate::load::raw::{RawDeprecated, RawWildcards};
use crate::model::{
    Bundle, Catalog, Combination, Conflict, Example, Id, KeyTypeId, Meaning, Request, Requirement,
    Response, ScopeSet, Verdict, Wildcards,
};
use crate::source::limits::{MOST_EXEMPLIFIED, MOST_MEMBERS, MOST_PATTERN_TRIES, MOST_SIDES};
use crate::source::{Names, Path};

use std::collections::HashSet;
use std::rc::Rc;

use super::{Builder, unknown};

impl Builder {
    pub(super) fn responses(&mut self, layers: &Layered) -> Vec<Response> {
        let mut responses = Vec::new();
        for entry in layers.entries("responses", |raw| &raw.responses) {
            let path = entry.origin.path(&entry.name);
            let own = entry.origin.own;
            let raw = entry.value;
            let verdict = Verdict::NAMES.into_iter().find(|name| *name == entry.name);
            if verdict.is_none() {
                let message = format!("unknown verdict `{}`", entry.name);
                let names = Verdict::NAMES;
                let place = path.clone().key();
                let finding = unknown(
                    RuleId::UnknownReference,
                    &message,
                    &entry.name,
                    place,
                    names,
                );
                self.report(own, finding);
            }
            if raw.status.is_none() && raw.code.is_none() && !self.is_damaged(&path) {
                let message = format!("missing field `status` or `code` of `{}`", entry.name);
                let finding = Finding::new(RuleId::MissingField, path.clone().key(), message);
                self.report(
                    own,
                    finding.help("add what the provider answers: `status: 403`"),
                );
            }
            if let Some(status) = raw.status.filter(|status| !(100..600).contains(status)) {
                let message = format!("`{status}` is not an HTTP status");
                let place = path.clone().field("status").value();
                let finding = Finding::new(RuleId::WrongType, place, message);
                self.report(own, finding.help("a status is a number from 100 to 599"));
            }
            if let Some(verdict) = verdict {
                responses.push(Response {
                    verdict,
                    status: raw.status,
                    code: raw.code,
                });
            }
        }
        responses
    }

    pub(super) fn replaced_by(&mut self, catalog: &mut Catalog, layers: &Layered) {
        for entry in layers.entries("scopes", |raw| &raw.scopes) {
            if let Some(RawDeprecated::ReplacedBy(names)) = &entry.value.deprecated {
                let path = entry.origin.path(&entry.name).field("deprecated");
                let ids = self.names_in(catalog, entry.origin.own, names, &path);
                if let Some(id) = catalog.scope_id(&entry.name) {
                    catalog.scopes[id].replaced_by = ids;
                }
            }
        }
    }

    pub(super) fn retired(&mut self, catalog: &mut Catalog, layers: &Layered) {
        let case = self.name_case;
        let same = |name: &str| case.key(name).into_owned();
        for entry in layers.entries_by("retired", |raw| &raw.retired, same) {
            let path = entry.origin.path(&entry.name);
            let ids = self.names_in(catalog, entry.origin.own, &entry.value.0, &path);
            catalog.retired.push((entry.name, ids));
        }
    }

    pub(super) fn wildcards(&mut self, catalog: &mut Catalog, layers: &Layered) {
        let (wildcards, own) = layers.wildcards();
        catalog.wildcards = match wildcards {
            RawWildcards::Glob => Wildcards::Glob,
            RawWildcards::Named(entries) => {
                let mut named = Vec::new();
                for (name, names) in entries.0 {
                    let path = Path::root().field("wildcards").field(&name);
                    self.check_name(own, "wildcard", &name, path.clone().key());
                    if catalog.scope_id(&name).is_some() {
                        self.report_shared(own, &name, "a scope and a wildcard", &path);
                    }
                    let members = self.members(catalog, own, &names, &path);
                    let members = self.counted(catalog, own, members, &path);
                    named.push((name, members));
                }
                Wildcards::Named(named)
            }
        };
    }

    pub(super) fn bundles(&mut self, catalog: &mut Catalog, layers: &Layered) {
        let case = self.name_case;
        let same = |name: &str| case.key(name).into_owned();
        for entry in layers.entries_by("bundles", |raw| &raw.bundles, same) {
            let path = entry.origin.path(&entry.name);
            let own = entry.origin.own;
            self.check_name(own, "bundle", &entry.name, path.clone().key());
            match catalog.meaning(&entry.name) {
                Some(Meaning::Scope(_)) => {
                    self.report_shared(own, &entry.name, "a scope and a bundle", &path);
                }
                Some(Meaning::Wildcard(_)) => {
                    self.report_shared(own, &entry.name, "a wildcard and a bundle", &path);
                }
                Some(Meaning::Bundle(_)) | None => {}
            }
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
            scopes = self.counted(catalog, own, scopes, &path);
            // Unknown names were already reported, so do not report the resulting empty bundle as well.
            let names_some = entry
                .value
                .scopes
                .as_ref()
                .is_some_and(|names| !names.0.is_empty());
            if scopes.is_empty() && !names_some && !self.is_damaged(&path) {
                let message = format!("the bundle `{}` has no scopes", entry.name);
                self.report(
                    own,
                    Finding::new(RuleId::MissingField, path.key(), message).help("add `scopes:`"),
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

    /// Counts the members of a bundle or a wildcard. Once the catalog has too many, this is reported and the result is
    /// empty.
    fn counted(
        &mut self,
        catalog: &Catalog,
        own: bool,
        members: ScopeSet,
        path: &Path,
    ) -> ScopeSet {
        let before = self.members;
        self.members = before.saturating_add(members.len());
        if self.members <= MOST_MEMBERS {
            return members;
        }
        if before <= MOST_MEMBERS {
            let message = format!(
                "the bundles and wildcards of a catalog may have at most {MOST_MEMBERS} scopes in total"
            );
            let finding = Finding::new(RuleId::WrongType, path.clone().key(), message);
            self.report(
                own,
                finding.help("use fewer bundles that contain everything"),
            );
        }
        catalog.empty_set()
    }

    /// The scopes that a list of names and patterns stands for; the one word `all` is every scope.
    pub(super) fn members(
        &mut self,
        catalog: &Catalog,
        own: bool,
        names: &Names,
        path: &Path,
    ) -> ScopeSet {
        if names.0.len() == 1 && names.0[0] == "all" && catalog.scope_id("all").is_none() {
            return self.every.get_or_init(|| catalog.every_scope()).clone();
        }
        let mut members = catalog.empty_set();
        for (index, name) in names.0.iter().enumerate() {
            members.union_with(&self.fitting(catalog, own, name, &path.item(index)));
        }
        members
    }

    /// The scopes that a name or a pattern stands for.
    fn fitting(&mut self, catalog: &Catalog, own: bool, name: &str, path: &Path) -> ScopeSet {
        if !name.contains('*') || catalog.scope_id(name).is_some() {
            let scope = self.name_in(catalog, own, name, path);
            return ScopeSet::of(catalog.scopes.len(), scope);
        }
        let before = self.tries;
        self.tries = before.saturating_add(catalog.effort_of(name));
        if self.tries > MOST_PATTERN_TRIES {
            if before <= MOST_PATTERN_TRIES {
                let message = format!(
                    "the patterns of a catalog are compared with at most {MOST_PATTERN_TRIES} scope names in total"
                );
                let finding = Finding::new(RuleId::WrongType, path.clone().value(), message);
                self.report(own, finding.help("use fewer patterns"));
            }
            return catalog.empty_set();
        }
        let matching = catalog.matching(name);
        if matching.is_empty() {
            let message = format!("the pattern `{name}` matches no scope");
            self.report(
                own,
                Finding::new(RuleId::UnknownReference, path.clone().value(), message),
            );
        }
        matching
    }

    pub(super) fn combinations(&mut self, catalog: &mut Catalog, layers: &Layered) {
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

    /// The scopes that exclude each other. A scope belongs to the first entry that it fits.
    pub(super) fn conflicts(&mut self, catalog: &mut Catalog, layers: &Layered) {
        for entry in layers.items("conflicts", |raw| &raw.conflicts) {
            let path = entry.origin.path("").field("scopes");
            let own = entry.origin.own;
            let names = &entry.value.scopes.0;
            self.sides += names.len();
            if self.sides > MOST_SIDES {
                let message = format!(
                    "the conflicts of a catalog may have at most {MOST_SIDES} names and patterns in total"
                );
                let finding = Finding::new(RuleId::WrongType, path.value(), message);
                return self.report(own, finding.help("use patterns that match more scopes"));
            }
            if names.len() < 2 {
                let message = "a conflict is between at least two names or patterns";
                self.report(own, Finding::new(RuleId::WrongType, path.value(), message));
                continue;
            }
            let mut taken = catalog.empty_set();
            let mut sides = Vec::new();
            for (index, name) in names.iter().enumerate() {
                let fitting = self.fitting(catalog, own, name, &path.item(index));
                let mut side = fitting.clone();
                side.remove_all(&taken);
                if side.is_empty() && !fitting.is_empty() {
                    let message =
                        format!("every scope that `{name}` stands for is on an earlier side");
                    let place = path.item(index).value();
                    let finding = Finding::new(RuleId::WrongType, place, message);
                    self.report(own, finding.help("write the narrower names first"));
                }
                taken.union_with(&side);
                sides.push(side);
            }
            catalog.conflicts.push(Conflict {
                sides,
                because: entry.value.because,
            });
        }
    }

    /// The names by which SDKs and manifests call endpoints.
    pub(super) fn calls(&mut self, catalog: &mut Catalog, layers: &Layered) {
        for entry in layers.entries("operations", |raw| &raw.operations) {
            let path = entry.origin.path(&entry.name);
            let own = entry.origin.own;
            self.check_name(own, "operation", &entry.name, path.clone().key());
            let endpoint = self.endpoint_in(catalog, own, &entry.value, path.value());
            catalog
                .calls
                .extend(endpoint.map(|endpoint| (entry.name, endpoint)));
        }
    }

    /// Whether the catalog has every name of an example; reports those it does not have. `None` once the examples have
    /// too many scopes in all.
    fn names_of_example(
        &mut self,
        catalog: &Catalog,
        own: bool,
        names: &Names,
        path: &Path,
    ) -> Option<bool> {
        let path = path.field("scopes");
        let mut is_known = true;
        for (index, name) in names.0.iter().enumerate() {
            let meaning = catalog.meaning(name);
            let brought = match meaning {
                Some(Meaning::Wildcard(_)) => catalog.effort_of(name),
                Some(meaning) => catalog.members(meaning).len(),
                None => 1,
            };
            self.exemplified = self.exemplified.saturating_add(brought);
            if meaning.is_none() {
                is_known = false;
                self.no_scope(own, name, path.item(index).value());
            }
        }
        if self.exemplified > MOST_EXEMPLIFIED {
            let message = format!(
                "the examples of a catalog may have at most {MOST_EXEMPLIFIED} scopes in total"
            );
            let finding = Finding::new(RuleId::WrongType, path.value(), message);
            self.report(
                own,
                finding.help("use fewer examples that name every scope"),
            );
            return None;
        }
        Some(is_known)
    }

    pub(super) fn examples(&mut self, catalog: &mut Catalog, layers: &Layered) {
        for entry in layers.items("examples", |raw| &raw.examples) {
            let path = entry.origin.path("");
            let own = entry.origin.own;
            let raw = entry.value.clone();
            let place = |field: &str| path.field(field).value();
            let types = Rc::clone(&self.key_type_names);
            let key_type = match &raw.key_type {
                Some(name) => self.position(own, "key type", name, place("key_type"), &types),
                None => Some(KeyTypeId::new(0)),
            };
            let environments = Rc::clone(&self.environment_names);
            let environment = match &raw.environment {
                None => Some(None),
                Some(name) => {
                    let place = place("environment");
                    let known = &environments;
                    let position = self.position(own, "environment", name, place, known);
                    position.map(Some)
                }
            };
            let Some(is_known) = self.names_of_example(catalog, own, &raw.scopes, &path) else {
                break;
            };
            let Some(request) = Request::parse(&raw.endpoint) else {
                let message = format!("`{}` is not a valid endpoint", raw.endpoint);
                let finding = Finding::new(
                    RuleId::MalformedPath,
                    path.field("endpoint").value(),
                    message,
                );
                let help =
                    help_for_several(&raw.endpoint).unwrap_or("an endpoint is `METHOD /path`");
                self.report(own, finding.help(help));
                continue;
            };
            if !Verdict::NAMES.contains(&raw.verdict.as_str()) {
                let message = format!("unknown verdict `{}`", raw.verdict);
                let place = path.field("verdict").value();
                self.report(
                    own,
                    unknown(
                        RuleId::UnknownReference,
                        &message,
                        &raw.verdict,
                        place,
                        Verdict::NAMES,
                    ),
                );
                continue;
            }
            // An example with an unknown name was reported and cannot be run.
            let (Some(key_type), Some(environment), true) = (key_type, environment, is_known)
            else {
                continue;
            };
            let at = match &self.overlay {
                Some(overlay) if !own => {
                    let names = taking_part(catalog, &raw.scopes.0, &request);
                    let key_type = self.key_type_names[key_type.index()].as_str();
                    let names: Vec<&str> = names.into_iter().chain([key_type]).collect();
                    overlay.changing(catalog, &request, &names)
                }
                _ => path,
            };
            // An example of the extended catalog can only lose its endpoint to the overlay.
            let is_gone =
                !own && raw.verdict != Verdict::NO_SUCH_ENDPOINT && catalog.find(&request).is_err();
            if is_gone {
                let message = format!("the catalog has no endpoint `{}`", raw.endpoint);
                let place = entry.origin.path("").field("endpoint").value();
                let finding = Finding::new(RuleId::UnknownReference, place, message);
                self.report_at(own, at, finding);
                continue;
            }
            catalog.examples.push(Example {
                key_type,
                environment,
                scopes: raw.scopes.0,
                request,
                verdict: raw.verdict,
                below: self
                    .overlay
                    .as_ref()
                    .filter(|_| !own)
                    .map(|overlay| overlay.below.clone()),
                at,
            });
        }
        replace_examples(catalog);
    }
}

/// The names of everything that an example names, brings or asks for.
fn taking_part<'a>(catalog: &'a Catalog, written: &'a [String], request: &Request) -> Vec<&'a str> {
    let mut scopes = catalog.empty_set();
    for name in written {
        if let Some(id) = catalog.scope_id(name) {
            scopes.union_with(catalog.closure(id));
        }
        if let Some(bundle) = catalog.bundle(name) {
            scopes.union_with(&catalog.bundles[bundle].scopes);
        }
    }
    let endpoint = catalog.find(request).ok().map(|found| found.gets);
    let requirement = endpoint.and_then(|endpoint| catalog.endpoints[endpoint].auth.requirement());
    scopes.extend(requirement.into_iter().flat_map(Requirement::scopes));
    let names = scopes.iter().map(|id| catalog.name(id));
    written.iter().map(String::as_str).chain(names).collect()
}

/// Drops examples of the extended catalog that the extending one replaces: those with the same call and scopes.
fn replace_examples(catalog: &mut Catalog) {
    let call = |example: &Example| {
        let mut scopes = example.scopes.clone();
        scopes.sort_unstable();
        scopes.dedup();
        let endpoint = catalog.find(&example.request).ok().map(|found| found.gets);
        let endpoint = endpoint.ok_or_else(|| example.request.to_string());
        (example.key_type, example.environment, scopes, endpoint)
    };
    let is_own = |example: &&Example| example.below.is_none();
    let own: HashSet<_> = catalog.examples.iter().filter(is_own).map(call).collect();
    let kept: Vec<bool> = catalog
        .examples
        .iter()
        .map(|example| example.below.is_none() || !own.contains(&call(example)))
        .collect();
    let mut kept = kept.into_iter();
    catalog.examples.retain(|_| kept.next().unwrap_or_default());
}
