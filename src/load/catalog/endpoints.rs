//! Endpoints, their modes and requirements, and events.

use std::sync::Arc;

use crate::finding::{Finding, RuleId};
use crate::load::layers::{EndpointEntry, Entry, Layered};
use crate::load::raw::{RawAuth, RawDeprecated, RawEffect, RawEndpoint, RawQuery, RawRequirement};
use crate::model::{
    Auth, Condition, Effect, Endpoint, EndpointId, EntryName, Event, EventId, IdRange, Indexed,
    KeyTypeId, Keyless, MOST_ALTERNATIVES, Mask, ModeId, NotAdded, Query, Requirement, ScopeId,
    Template,
};
use crate::source::limits::{
    MIB, MOST_BRANCHES, MOST_ENDPOINT_BYTES, MOST_METHODS, MOST_PATH_SEGMENTS, MOST_REQUIRED,
};
use crate::source::{Entries, Names, Path, Place};

use super::Builder;

impl Builder {
    /// Adds the endpoints of an entry: one for each of its methods, all with the same requirement.
    pub(super) fn endpoint(&mut self, entry: &EndpointEntry<'_>) {
        let path = entry.origin.path(entry.text);
        let name = match &entry.name {
            Ok(name) => name,
            Err(why) => return self.malformed_endpoint(entry, why),
        };
        if entry.methods.is_empty() && entry.origin.own {
            self.shadowed.push(entry.text.to_owned());
        }
        let shared = (name.is_any || name.methods.len() > 1).then(|| Arc::from(entry.text));
        let size = size_of(entry.value, &name.template);
        let mut first: Option<IdRange<EndpointId>> = None;
        let mut is_reported = false;
        for method in &entry.methods {
            match self.make_room_for(&name.template, size) {
                Ok(()) => {}
                Err(None) => return,
                Err(Some(why)) => return self.malformed_endpoint(entry, &why),
            }
            match self
                .routes
                .insert(method, &name.template, self.operations.len())
            {
                Ok(()) => {}
                Err(NotAdded::TooManyMethods) => {
                    let why = format!("a path may have at most {MOST_METHODS} methods");
                    return self.malformed_endpoint(entry, &why);
                }
                Err(NotAdded::Same(other)) => {
                    if !is_reported {
                        self.duplicate_endpoint(entry, &name.template, other);
                    }
                    is_reported = true;
                    continue;
                }
            }
            let start = self.endpoints.len();
            match &first {
                None => {
                    self.rows(entry, method, &name.template, &path);
                    first = Some(IdRange::of(start..self.endpoints.len()));
                }
                Some(rows) => self.same_rows(entry, method, rows.clone(), &path),
            }
            if let Some(text) = &shared {
                for endpoint in self.endpoints.iter_mut().skip(start) {
                    endpoint.entry = Some(EntryName {
                        text: Arc::clone(text),
                        is_first: endpoint.entry.is_none(),
                    });
                }
            }
            let end = self.endpoints.len();
            self.operations.push(IdRange::of(start..end));
        }
    }

    fn malformed_endpoint(&mut self, entry: &EndpointEntry<'_>, why: &str) {
        let message = format!("`{}` is not a valid endpoint: {why}", entry.text);
        let place = entry.origin.path(entry.text).key();
        let finding = Finding::new(RuleId::MalformedPath, place, message)
            .label("an endpoint is `METHOD /path`")
            .endpoint(entry.text);
        self.report(entry.origin.own, finding);
    }

    fn duplicate_endpoint(
        &mut self,
        entry: &EndpointEntry<'_>,
        template: &Template,
        operation: usize,
    ) {
        let other = &self.endpoints[self.operations[operation].first()];
        let name = match &other.entry {
            Some(entry) => entry.text.to_string(),
            None => format!("{} {}", other.method, other.path),
        };
        let message = if name == entry.text || other.path.text == template.text {
            format!("duplicate endpoint `{} {}`", other.method, other.path)
        } else {
            format!("`{}` is the same endpoint as `{name}`", entry.text)
        };
        let other_path = Path::root().field("endpoints").field(&name);
        let place = entry.origin.path(entry.text).key();
        let finding = Finding::new(RuleId::DuplicateEndpoint, place, message)
            .related(other_path.key(), "the other endpoint")
            .help("paths match by structure: parameter names make no difference")
            .endpoint(entry.text);
        self.report(entry.origin.own, finding);
    }

    /// The endpoints of the first method of an entry: one, or one for each of its modes.
    fn rows(&mut self, entry: &EndpointEntry<'_>, method: &str, template: &Template, path: &Path) {
        let (own, raw) = (entry.origin.own, entry.value);
        match &raw.modes {
            None => {
                if raw.query.is_some() {
                    let message = "a query tells modes apart, but this endpoint has no modes";
                    let finding =
                        Finding::new(RuleId::WrongType, path.field("query").key(), message);
                    self.report(own, finding.help("write it under one of its `modes`"));
                }
                self.endpoint_mode(own, method, template, None, raw, None, path);
            }
            Some(modes) => self.endpoint_modes(entry, method, template, modes, path),
        }
    }

    /// The same endpoints for another method of the entry; each has its own effect.
    fn same_rows(
        &mut self,
        entry: &EndpointEntry<'_>,
        method: &str,
        rows: IdRange<EndpointId>,
        path: &Path,
    ) {
        let raw = entry.value;
        for index in rows {
            let mut endpoint = self.endpoints[index].clone();
            method.clone_into(&mut endpoint.method);
            let mode = endpoint.mode.map(|mode| self.modes[mode].as_str());
            let modes = raw.modes.iter().flat_map(|modes| &modes.0);
            let stated = modes
                .filter(|(name, _)| Some(name.as_str()) == mode)
                .find_map(|(_, row)| row.effect)
                .or(raw.effect);
            endpoint.effect = effect_of(method, stated);
            if let Auth::Key(requirement) = endpoint.auth {
                let requirement = self.with_room(entry.origin.own, requirement, path);
                endpoint.auth = Auth::Key(requirement);
            }
            self.endpoints.push(endpoint);
        }
    }

    /// The modes of an endpoint, each as an endpoint of its own.
    fn endpoint_modes(
        &mut self,
        entry: &EndpointEntry<'_>,
        method: &str,
        template: &Template,
        modes: &Entries<RawEndpoint>,
        path: &Path,
    ) {
        let (own, raw) = (entry.origin.own, entry.value);
        let known = self.modes.clone();
        let mut rows: Vec<(ModeId, &RawEndpoint, Path)> = Vec::new();
        for (name, mode) in &modes.0 {
            let mode_path = path.field("modes").field(name);
            let place = mode_path.clone().key();
            if let Some(index) = self.position(own, "mode", name, place, &known) {
                rows.push((index, mode, mode_path));
            }
        }
        self.beside_modes(own, raw, path);
        if modes.0.is_empty() {
            let message = format!("`{}` has no modes", entry.text);
            let help = "add a mode under `modes`, or say what the endpoint itself needs";
            let place = path.field("modes").key();
            self.report(
                own,
                Finding::new(RuleId::MissingField, place, message).help(help),
            );
        }
        if rows.is_empty() {
            // Its faulty modes were reported; keep the endpoint, with unknown needs.
            let unknown = RawEndpoint {
                requirement: RawRequirement {
                    auth: Some(RawAuth::NotStated),
                    ..RawRequirement::default()
                },
                ..RawEndpoint::default()
            };
            self.endpoint_mode(own, method, template, None, &unknown, Some(raw), path);
        }
        rows.sort_by_key(|(index, ..)| *index);
        for (index, mode, mode_path) in rows {
            self.endpoint_mode(
                own,
                method,
                template,
                Some(index),
                mode,
                Some(raw),
                &mode_path,
            );
        }
    }

    /// Counts the segments of a path, and the bytes of its endpoints. Fails if they are too many, with the reason only for
    /// the first that has no room.
    fn make_room_for(&mut self, template: &Template, size: usize) -> Result<(), Option<String>> {
        let was_full = self.segments > MOST_PATH_SEGMENTS || self.bytes > MOST_ENDPOINT_BYTES;
        self.segments += template.segments();
        self.bytes = self.bytes.saturating_add(size);
        let why = if self.segments > MOST_PATH_SEGMENTS {
            format!(
                "the paths of a catalog may have at most {MOST_PATH_SEGMENTS} segments in total"
            )
        } else if self.bytes > MOST_ENDPOINT_BYTES {
            let most = MOST_ENDPOINT_BYTES as u64 / MIB;
            format!(
                "the endpoints of a catalog may have at most {most} MiB, each with its methods and modes"
            )
        } else {
            return Ok(());
        };
        Err((!was_full).then_some(why))
    }

    /// Reports paths that branch so much that routing a request would take too long.
    pub(super) fn check_branches(&mut self) {
        if self.routes.most_branches() <= MOST_BRANCHES {
            return;
        }
        let message =
            format!("one request can follow more than {MOST_BRANCHES} branches of these paths");
        let place = Path::root().field("endpoints").key();
        let finding = Finding::new(RuleId::MalformedPath, place, message)
            .help("use fewer paths that differ only in which segments are parameters");
        self.report(true, finding);
    }

    /// Reports fields next to `modes` that would apply to none of the modes.
    fn beside_modes(&mut self, own: bool, raw: &RawEndpoint, path: &Path) {
        let requirement = &raw.requirement;
        let fields = [
            ("scope", requirement.scope.is_some()),
            ("all", requirement.all.is_some()),
            ("any", requirement.any.is_some()),
            ("auth", requirement.auth.is_some()),
            ("key_types", requirement.key_types.is_some()),
            ("rejected", raw.rejected.is_some()),
            ("keyless", raw.keyless.is_some()),
            ("optional", raw.optional.is_some()),
            ("query", raw.query.is_some()),
        ];
        for (name, _) in fields.into_iter().filter(|(_, is_there)| *is_there) {
            let message = format!("`{name}` has no effect next to `modes`");
            let finding = Finding::new(RuleId::WrongType, path.field(name).key(), message);
            self.report(
                own,
                finding.help("write it under each mode that it applies to"),
            );
        }
    }

    /// Adds one mode of an endpoint; what the mode leaves out is the operation's.
    #[expect(
        clippy::too_many_arguments,
        reason = "an entry, its mode and their place belong together, once"
    )]
    pub(super) fn endpoint_mode(
        &mut self,
        own: bool,
        method: &str,
        template: &Template,
        mode: Option<ModeId>,
        raw: &RawEndpoint,
        operation: Option<&RawEndpoint>,
        path: &Path,
    ) {
        self.is_refused = raw.rejected.is_some();
        let auth = self.auth(own, raw, path);
        self.is_refused = false;
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
        let least = raw
            .least
            .as_ref()
            .or(operation.and_then(|one| one.least.as_ref()));
        let least = self.hints(own, least, path);
        let query = raw.query.as_ref().map(query).unwrap_or_default();
        let optional = raw.optional == Some(true);
        if optional && !matches!(auth, Auth::Key(_)) && !self.is_damaged(path) {
            let message = "only a call that a key opens can be optional";
            let finding = Finding::new(RuleId::WrongType, path.field("optional").value(), message);
            let help = "write what a key needs for it, or `auth: none` if no key is ever needed";
            self.report(own, finding.help(help));
        }
        self.endpoints.push(Endpoint {
            method: method.to_owned(),
            path: template.clone(),
            entry: None,
            mode,
            query,
            auth,
            effect: effect_of(method, effect),
            rejected: raw.rejected.clone(),
            keyless: raw.keyless.clone().map(|keyless| Keyless {
                credential: keyless.credential.unwrap_or_else(|| "other credential".to_owned()),
                sent: keyless.sent,
                because: keyless.because,
            }),
            optional,
            deprecated: matches!(deprecated, Some(deprecated) if *deprecated != RawDeprecated::Yes(false)),
            replaced_by: match deprecated {
                Some(RawDeprecated::ReplacedBy(names)) => Some(names.join(", ")),
                _ => None,
            },
            environments,
            least,
            tags: raw
                .tags
                .as_ref()
                .or(operation.and_then(|operation| operation.tags.as_ref()))
                .map(|tags| tags.0.clone())
                .unwrap_or_default(),
            summary: raw.summary.clone().or_else(|| operation.and_then(|operation| operation.summary.clone())),
            note: raw.note.clone().or_else(|| operation.and_then(|operation| operation.note.clone())),
        });
    }

    fn hints(
        &mut self,
        own: bool,
        least: Option<&Entries<Names>>,
        path: &Path,
    ) -> Vec<(KeyTypeId, Vec<ScopeId>)> {
        let mut hints = Vec::new();
        for (name, scopes) in least.iter().flat_map(|entries| &entries.0) {
            let at = path.field("least").field(name);
            let known = std::rc::Rc::clone(&self.key_type_names);
            let place = at.clone().key();
            if let Some(key_type) = self.position(own, "key type", name, place, &known) {
                hints.push((key_type, self.scope_list(own, scopes, &at)));
            }
        }
        hints
    }

    pub(super) fn auth(&mut self, own: bool, raw: &RawEndpoint, path: &Path) -> Auth {
        let requirement = &raw.requirement;
        let stated =
            requirement.scope.is_some() || requirement.all.is_some() || requirement.any.is_some();
        match requirement.auth {
            Some(RawAuth::None) if !stated => Auth::Public,
            Some(RawAuth::NotStated) if !stated => Auth::NotStated,
            None if !stated => {
                if raw.rejected.is_none() && !self.is_damaged(path) {
                    let finding = Finding::new(
                        RuleId::MissingField,
                        path.clone().key(),
                        "missing requirement",
                    )
                    .help(
                        "write a scope, `all`, `any`, or `auth: none`, `any-key` or `not-stated`",
                    );
                    self.report(own, finding);
                }
                Auth::NotStated
            }
            _ => {
                let requirement = self.requirement(own, requirement, path);
                Auth::Key(self.with_room(own, requirement, path))
            }
        }
    }

    /// The requirement in a mapping; faults are reported, and a faulty part can never be met.
    pub(super) fn requirement(
        &mut self,
        own: bool,
        raw: &RawRequirement,
        path: &Path,
    ) -> Requirement {
        let key_types = self.key_type_mask(own, raw.key_types.as_ref(), &path.field("key_types"));
        let given = [
            raw.scope.is_some(),
            raw.all.is_some(),
            raw.any.is_some(),
            raw.auth.is_some(),
        ];
        if given.iter().filter(|given| **given).count() > 1 {
            let message = "only one of `scope`, `all`, `any` and `auth` is allowed here";
            let help = "to combine AND and OR, put one inside the other's list";
            self.report(
                own,
                Finding::new(RuleId::WrongType, path.clone().value(), message).help(help),
            );
        }
        for (name, list) in [("all", &raw.all), ("any", &raw.any)] {
            if list.as_ref().is_some_and(Vec::is_empty) {
                let message = format!("`{name}` cannot be empty");
                let help = "name scopes in it, or write `auth: any-key` if any key may call it";
                let place = path.field(name).key();
                self.report(
                    own,
                    Finding::new(RuleId::WrongType, place, message).help(help),
                );
            }
        }
        let requirement = if let Some(name) = &raw.scope {
            // The short form is the entry itself, the long form is its field `scope`.
            let place = path.field("scope");
            self.scope_id(own, name, place.value())
                .map_or_else(Requirement::default, |id| {
                    if !self.is_refused {
                        self.mentioned.push(id);
                    }
                    Requirement::scope(id, self.scopes[id].key_types)
                })
        } else if let Some(parts) = &raw.any {
            let place = path.field("any");
            let mut ways = Vec::new();
            for (index, part) in parts.iter().enumerate() {
                if let Some(part) = part {
                    let part = self.requirement(own, part, &place.item(index));
                    ways.extend(part.alternatives().iter().cloned());
                }
            }
            let either = Requirement::any(ways);
            if either.alternatives().len() > MOST_ALTERNATIVES {
                self.too_wide(own, place.value());
                Requirement::default()
            } else {
                either
            }
        } else if let Some(parts) = raw.all.as_ref().filter(|_| self.room <= MOST_REQUIRED) {
            let place = path.field("all");
            let parts: Vec<Requirement> = parts
                .iter()
                .enumerate()
                .filter_map(|(index, part)| {
                    Some(self.requirement(own, part.as_ref()?, &place.item(index)))
                })
                .collect();
            match Requirement::all(&parts) {
                // A requirement with one alternative does not multiply.
                Ok(all) if all.alternatives().len() > 1 => self.with_room(own, all, path),
                Ok(all) => all,
                Err(_) => {
                    self.too_wide(own, place.value());
                    Requirement::default()
                }
            }
        } else if raw.all.is_some() {
            // Over the limit, which was already reported.
            Requirement::default()
        } else if matches!(raw.auth, Some(RawAuth::AnyKey)) {
            Requirement::any_key(Mask::first(self.key_types.len()))
        } else {
            if !self.is_damaged(path) {
                let message = "this does not name a scope; only a scope or `auth: any-key` is allowed inside `all` and `any`";
                self.report(
                    own,
                    Finding::new(RuleId::WrongType, path.clone().value(), message),
                );
            }
            Requirement::default()
        };
        requirement.on(key_types)
    }

    fn too_wide(&mut self, own: bool, place: Place) {
        let message = format!("this expands to more than {MOST_ALTERNATIVES} alternatives");
        let finding = Finding::new(RuleId::WrongType, place, message);
        self.report(own, finding);
    }

    /// Counts the requirement of an endpoint, an event or a branch. Once the catalog has too many, this is reported,
    /// and a requirement that cannot be met is returned instead.
    pub(super) fn with_room(
        &mut self,
        own: bool,
        requirement: Requirement,
        path: &Path,
    ) -> Requirement {
        let before = self.room;
        self.room = before.saturating_add(requirement.room());
        if self.room <= MOST_REQUIRED {
            return requirement;
        }
        if before <= MOST_REQUIRED {
            let message = format!(
                "the requirements of a catalog may have at most {MOST_REQUIRED} scopes and alternatives in total"
            );
            let finding = Finding::new(RuleId::WrongType, path.clone().key(), message);
            self.report(
                own,
                finding.help("an AND of several ORs multiplies them: name a wider scope"),
            );
        }
        Requirement::default()
    }

    /// The events; subscribing to one needs what the file says.
    pub(super) fn events(&mut self, layers: &Layered) -> Indexed<EventId, Event> {
        let case = self.name_case;
        let same = |name: &str| case.key(name).into_owned();
        let entries = layers
            .entries_by("events", |raw| &raw.events, same)
            .into_iter();
        let event = |entry: Entry<RawRequirement>| {
            let path = entry.origin.path(&entry.name);
            let requirement = self.requirement(entry.origin.own, &entry.value, &path);
            let requirement = self.with_room(entry.origin.own, requirement, &path);
            Event {
                name: entry.name,
                requirement,
            }
        };
        entries.map(event).collect()
    }
}

/// How many bytes the endpoints of one method of an entry have, each mode with what the entry says of all of them; an
/// endpoint counts as at least 256.
fn size_of(raw: &RawEndpoint, template: &Template) -> usize {
    let row = 256 + 2 * template.text.len();
    let text = |text: Option<&String>| text.map_or(0, String::len);
    let own = |raw: &RawEndpoint| {
        let names = |names: &Names| names.0.iter().map(String::len).sum::<usize>();
        let least = raw.least.iter().flat_map(|entries| &entries.0);
        let query = raw.query.iter().flat_map(|entries| &entries.0);
        let keyless = raw.keyless.as_ref();
        let replaced = match &raw.deprecated {
            Some(RawDeprecated::ReplacedBy(names)) => names.iter().map(String::len).sum(),
            _ => 0,
        };
        text(raw.rejected.as_ref())
            + text(raw.summary.as_ref())
            + text(raw.note.as_ref())
            + raw.tags.as_ref().map_or(0, names)
            + least
                .map(|(name, scopes)| name.len() + names(scopes))
                .sum::<usize>()
            + query
                .map(|(name, value)| name.len() + value.0.len())
                .sum::<usize>()
            + keyless.map_or(0, |one| {
                one.because.len() + text(one.sent.as_ref()) + text(one.credential.as_ref())
            })
            + replaced
    };
    match &raw.modes {
        None => row + own(raw),
        Some(modes) => {
            let shared = row.saturating_add(own(raw));
            let sizes = modes.0.iter().map(|(_, mode)| own(mode));
            let all = sizes.fold(0, usize::saturating_add);
            shared.saturating_mul(modes.0.len()).saturating_add(all)
        }
    }
}

/// What a call does: what the file states, else what its method says.
fn effect_of(method: &str, stated: Option<RawEffect>) -> Effect {
    match stated {
        Some(RawEffect::Read) => Effect::Read,
        Some(RawEffect::Write) => Effect::Write,
        None => Effect::of_method(method),
    }
}

/// What a mode asks of the query of a request.
fn query(raw: &Entries<RawQuery>) -> Query {
    let conditions = raw.0.iter().map(|(name, RawQuery(text))| {
        let condition = match text.as_str() {
            "present" => Condition::Present,
            "absent" => Condition::Absent,
            value => Condition::Value(value.to_owned()),
        };
        (name.clone(), condition)
    });
    Query(conditions.collect())
}
