//! Key types, environments and scopes, and what scopes carry with them.

use crate::finding::{Finding, RuleId};
use crate::load::layers::Layered;
use crate::load::raw::{RawAccess, RawDeprecated, RawDisallowed, RawExposure, RawRisks};
use crate::model::{
    Access, Base, Effect, Environment, Id, Indexed, KeyType, KeyTypeId, MOST_MASKED, NameMap,
    Requirement, Risk, Scope, ScopeId, ScopeSet,
};
use crate::source::Path;
use crate::source::limits::{MOST_BASES, MOST_CARRIED};

use std::rc::Rc;

use super::Builder;

impl Builder {
    pub(super) fn key_types(&mut self, layers: &Layered) {
        for entry in layers.entries("key_types", |raw| &raw.key_types) {
            self.key_types.push(KeyType {
                public: matches!(entry.value.exposure, Some(RawExposure::Public)),
                // With an empty prefix every word would count as a key.
                prefixes: entry
                    .value
                    .prefixes
                    .unwrap_or_default()
                    .into_iter()
                    .filter(|prefix| !prefix.trim().is_empty())
                    .collect(),
                ignores_disallowed: matches!(entry.value.disallowed, Some(RawDisallowed::Ignored)),
                instead_of: Vec::new(),
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
                instead_of: Vec::new(),
                note: None,
            });
        }
        self.at_most("key_types", self.key_types.len());
        self.key_type_names = self.key_types.iter().map(|one| one.name.clone()).collect();
        self.stand_ins(layers);
    }

    /// The types that a type can stand for.
    fn stand_ins(&mut self, layers: &Layered) {
        for entry in layers.entries("key_types", |raw| &raw.key_types) {
            let path = entry.origin.path(&entry.name).field("instead_of");
            let known = Rc::clone(&self.key_type_names);
            let id = KeyTypeId::new(
                known
                    .iter()
                    .position(|name| *name == entry.name)
                    .unwrap_or(0),
            );
            let mut wider = Vec::new();
            for (index, name) in entry
                .value
                .instead_of
                .iter()
                .flat_map(|names| &names.0)
                .enumerate()
            {
                let place = path.item(index).value();
                if *name == entry.name {
                    let message = format!("`{name}` cannot stand for itself");
                    self.report(
                        entry.origin.own,
                        Finding::new(RuleId::WrongType, place, message),
                    );
                    continue;
                }
                let other = self.position(entry.origin.own, "key type", name, place, &known);
                let other = other.filter(|other: &KeyTypeId| other.index() < self.key_types.len());
                wider.extend(other.filter(|other| !wider.contains(other)));
            }
            if id.index() < self.key_types.len() {
                self.key_types[id].instead_of = wider;
            }
        }
    }

    pub(super) fn environments(&mut self, layers: &Layered, ignore_case: bool) {
        let mut count = 0;
        for entry in layers.entries("environments", |raw| &raw.environments) {
            let own = entry.origin.own;
            let path = entry.origin.path(&entry.name).field("base");
            let mut bases = Vec::new();
            for (item, text) in entry.value.base.unwrap_or_default().0.iter().enumerate() {
                let place = path.item(item).value();
                count += 1;
                if count == MOST_BASES + 1 {
                    let message = format!("a catalog may have at most {MOST_BASES} bases");
                    let finding = Finding::new(RuleId::WrongType, place.clone(), message);
                    self.report(own, finding.help("write what differs as `{name}`"));
                }
                if count > MOST_BASES {
                    break;
                }
                match Base::parse(text, ignore_case) {
                    Ok(base) => bases.push(base),
                    Err(error) => {
                        let message = format!("`{text}` is not a valid base: {}", error.0);
                        let finding = Finding::new(RuleId::MalformedPath, place, message);
                        let help = "`{name}` is any text without a slash, for example `https://{shop}.example.com`";
                        self.report(own, finding.help(help));
                    }
                }
            }
            self.environments.push(Environment {
                name: entry.name,
                production: entry.value.production,
                bases,
            });
        }
        self.at_most("environments", self.environments.len());
        self.environment_names = self
            .environments
            .iter()
            .map(|one| one.name.clone())
            .collect();
    }

    pub(super) fn at_most(&mut self, section: &str, count: usize) {
        if count > MOST_MASKED {
            let message =
                format!("{count} {section} are too many: a catalog may have at most {MOST_MASKED}");
            self.findings.push(Finding::new(
                RuleId::WrongType,
                Path::root().field(section).value(),
                message,
            ));
            self.key_types.truncate(MOST_MASKED);
            self.environments.truncate(MOST_MASKED);
        }
    }

    /// Adds the scopes; true for each whose access the file states.
    pub(super) fn scopes(&mut self, layers: &Layered) -> Vec<(bool, bool)> {
        let case = self.name_case;
        let same = |name: &str| case.key(name).into_owned();
        let entries = layers.entries_by("scopes", |raw| &raw.scopes, same);
        let ids = entries.iter().enumerate();
        let ids = ids.map(|(index, entry)| (ScopeId::new(index), &entry.name));
        self.scope_ids = NameMap::of(case, ids);
        self.scope_names = entries.iter().map(|entry| entry.name.clone()).collect();
        let mut explicit = Vec::with_capacity(entries.len());
        for entry in entries {
            let path = entry.origin.path(&entry.name);
            let own = entry.origin.own;
            self.check_name(own, "scope", &entry.name, path.clone().key());
            if let Some(first) = self.scope_ids.get(&entry.name)
                && first.index() != self.scopes.len()
            {
                let other = self.scopes[first].name.clone();
                self.report_same(own, "scopes", &entry.name, &other);
            }
            let raw = entry.value;
            explicit.push((raw.access.is_some(), raw.risk.is_some()));
            let (risk, risk_on) = match raw.risk {
                None => (Risk::Low, Vec::new()),
                Some(RawRisks::One(risk)) => (risk.into(), Vec::new()),
                Some(RawRisks::Each(each)) => {
                    let mut risks = Vec::new();
                    for (name, risk) in each {
                        let place = path.field("risk").field(&name).key();
                        let types = Rc::clone(&self.key_type_names);
                        if let Some(index) = self.position(own, "key type", &name, place, &types) {
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
                declared: !raw.undeclared,
                own,
                states_access: raw.access.is_some(),
                note: raw.note,
            });
        }
        explicit
    }

    /// What each scope carries with it, itself included. A cycle is reported once, and its members carry each other.
    ///
    /// What a scope carries is gathered from what the scopes that it implies carry, so that each `implies` is followed once.
    pub(super) fn closures(&mut self) -> Indexed<ScopeId, ScopeSet> {
        let size = self.scopes.len();
        let mut closures: Indexed<ScopeId, ScopeSet> = vec![ScopeSet::new(0); size].into();
        let mut is_cyclic = vec![false; size];
        let mut carried = 0;
        for members in self.components() {
            let mut closure = ScopeSet::of(size, members.iter().copied());
            for id in members.iter().flat_map(|id| &self.scopes[*id].implies) {
                if !closure.has(*id) {
                    closure.union_with(&closures[*id]);
                }
            }
            let implies = |id: &ScopeId| self.scopes[*id].implies.contains(id);
            let returns = members.len() > 1 || members.iter().any(implies);
            let before = carried;
            carried += (closure.len() - 1) * members.len();
            if carried > MOST_CARRIED {
                if before <= MOST_CARRIED {
                    self.carries_too_much(members[0]);
                }
                closure = ScopeSet::new(size);
            }
            for id in &members {
                is_cyclic[id.index()] = returns;
                closures[*id] = closure.clone();
                closures[*id].insert(*id);
            }
        }
        let mut reported = ScopeSet::new(size);
        for start in self.scopes.ids().filter(|id| is_cyclic[id.index()]) {
            if reported.has(start) {
                continue;
            }
            reported.union_with(&closures[start]);
            let name = self.scopes[start].name.clone();
            let place = Path::root()
                .field("scopes")
                .field(&name)
                .field("implies")
                .value();
            self.findings.push(
                Finding::new(
                    RuleId::ImplicationCycle,
                    place,
                    if self.scopes[start].implies.contains(&start) {
                        format!("`{name}` implies itself")
                    } else {
                        format!("`{name}` implies itself through other scopes")
                    },
                )
                .help("remove one `implies`, or merge scopes that always come together")
                .scope(name),
            );
        }
        closures
    }

    fn carries_too_much(&mut self, id: ScopeId) {
        let name = &self.scopes[id].name;
        let message = format!(
            "the scopes of a catalog may imply at most {MOST_CARRIED} others in total, and `{name}` exceeds that"
        );
        let place = Path::root().field("scopes").field(name).value();
        let finding = Finding::new(RuleId::WrongType, place, message)
            .help("an implied scope counts once for each scope that implies it")
            .scope(name);
        self.findings.push(finding);
    }

    /// The scopes in groups that imply each other, directly or not; the groups that a group implies come before it
    /// (Tarjan's algorithm with an explicit stack).
    fn components(&self) -> Vec<Vec<ScopeId>> {
        const NEW: usize = usize::MAX;
        let size = self.scopes.len();
        let (mut number, mut lowest) = (vec![NEW; size], vec![0; size]);
        let mut is_open = vec![false; size];
        let mut open: Vec<ScopeId> = Vec::new();
        let mut components = Vec::new();
        let mut count = 0;
        for root in self.scopes.ids() {
            if number[root.index()] != NEW {
                continue;
            }
            // A scope, and how many of its implied scopes were visited.
            let mut path = vec![(root, 0)];
            while let Some((id, next)) = path.last_mut() {
                let at = id.index();
                if *next == 0 {
                    (number[at], lowest[at]) = (count, count);
                    count += 1;
                    is_open[at] = true;
                    open.push(*id);
                }
                if let Some(other) = self.scopes[*id].implies.get(*next).copied() {
                    *next += 1;
                    match number[other.index()] {
                        NEW => path.push((other, 0)),
                        seen if is_open[other.index()] => lowest[at] = lowest[at].min(seen),
                        _ => {}
                    }
                    continue;
                }
                path.pop();
                if let Some((above, _)) = path.last() {
                    lowest[above.index()] = lowest[above.index()].min(lowest[at]);
                }
                if lowest[at] == number[at] {
                    let first = open.iter().rposition(|id| id.index() == at).unwrap_or(0);
                    let members = open.split_off(first);
                    for member in &members {
                        is_open[member.index()] = false;
                    }
                    components.push(members);
                }
            }
        }
        components
    }

    /// `access` and `risk` where the file leaves them out: a scope that opens a write is a write.
    pub(super) fn default_access_and_risk(
        &mut self,
        explicit: &[(bool, bool)],
        closures: &Indexed<ScopeId, ScopeSet>,
    ) {
        let writes = || {
            self.endpoints
                .iter()
                .filter(|endpoint| endpoint.effect == Effect::Write && endpoint.rejected.is_none())
                .filter_map(|endpoint| endpoint.auth.requirement())
                .flat_map(Requirement::alternatives)
        };
        let mut opens_write = ScopeSet::new(self.scopes.len());
        for way in writes().filter(|way| way.scopes.len() == 1) {
            opens_write.extend(way.scopes.iter().copied());
        }
        // If scopes are needed together, one that opens another write alone accounts for this one; otherwise all of
        // them count as writing.
        let alone = opens_write.clone();
        for way in writes().filter(|way| way.scopes.len() > 1) {
            if !way.scopes.iter().any(|id| alone.has(*id)) {
                opens_write.extend(way.scopes.iter().copied());
            }
        }
        let scopes = self.scopes.ids().zip(self.scopes.iter_mut());
        for ((id, scope), (has_access, has_risk)) in scopes.zip(explicit) {
            if !has_access && closures[id].meets(&opens_write) {
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
}
