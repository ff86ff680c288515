//! Microsoft Graph's permissions document: for each permission and scheme the paths that it opens.
//!
//! Any one of the permissions that list a path opens it. `AlsoRequires` names permissions of which one is needed in
//! addition; `least` names the schemes for which the publisher calls the permission least privileged.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

use super::draft::{Added, Clash, Draft, DraftAuth, DraftEndpoint, Way, query_of, short};
use super::provenance::Documents;
use super::{Document, ImportOptions, Imported, Remarks};
use crate::finding::{Finding, RuleId};
use crate::load::raw::{RawRisk, RawRisks};
use crate::source::{Node, Place};

/// The schemes in the order of the catalog.
const SCHEMES: [&str; 3] = ["DelegatedWork", "DelegatedPersonal", "Application"];

/// Reads a permissions document.
pub fn import_msgraph(document: &Rc<Document>, options: &ImportOptions) -> Imported {
    let mut reader = Reader {
        options,
        draft: Draft {
            provider: options
                .provider
                .clone()
                .unwrap_or_else(|| "msgraph".to_owned()),
            title: Some("Microsoft Graph".to_owned()),
            note: Some("imported from the permissions of Microsoft Graph".to_owned()),
            sources: vec![document.provenance()],
            ignores_case: true,
            ..Draft::default()
        },
        findings: document.findings.clone(),
        spelt: BTreeMap::new(),
        said: BTreeSet::new(),
    };
    let permissions = document
        .tree
        .as_ref()
        .and_then(|tree| tree.get("permissions"));
    match permissions {
        Some(permissions) => reader.permissions(permissions),
        None => reader.report(
            0..0,
            RuleId::MissingField,
            "this document has no `permissions`, so it is not a Microsoft Graph permissions file",
            "name the file that contains them",
        ),
    }
    let remarks = Remarks {
        operations: reader.draft.operation_count(),
        undeclared: reader.draft.undeclared(),
        ..Remarks::default()
    };
    let draft = permissions.map(|_| reader.draft.finish(&options.today));
    let findings = reader.findings.into_iter();
    let findings = findings.map(|finding| (Rc::clone(document), finding));
    let documents = std::slice::from_ref(document);
    let read = Documents {
        kind: "msgraph",
        roots: documents,
        all: documents,
    };
    let draft = draft.map(|mut draft| {
        read.stamp(&mut draft, options, false);
        draft
    });
    Imported::new(document, draft, findings.collect(), remarks, documents)
}

struct Reader<'a> {
    options: &'a ImportOptions,
    draft: Draft,
    findings: Vec<Finding>,
    /// How each operation was first spelt.
    spelt: BTreeMap<String, String>,
    /// What was said of operations that are spelt otherwise.
    said: BTreeSet<String>,
}

impl Reader<'_> {
    fn report(&mut self, span: Range<usize>, rule: RuleId, message: impl Into<String>, help: &str) {
        self.findings
            .push(Finding::new(rule, Place::At(span), message).help(help));
    }

    fn permissions(&mut self, permissions: &Node) {
        let mut used: BTreeSet<String> = BTreeSet::new();
        for (name, _, permission) in permissions.entries() {
            let schemes = permission
                .get("schemes")
                .map(Node::entries)
                .unwrap_or_default();
            let scope = self.draft.scopes.entry(name.to_owned()).or_default();
            scope.declared = true;
            let mut risks = Vec::new();
            for (scheme, _, details) in schemes {
                scope.key_types.insert(scheme.to_owned());
                used.insert(scheme.to_owned());
                let level = details.get("privilegeLevel").and_then(Node::scalar);
                // The publisher's levels run from 1 to 4.
                let risk = match level.as_deref() {
                    Some("1" | "2") => Some(RawRisk::Low),
                    Some("3") => Some(RawRisk::Medium),
                    Some("4") => Some(RawRisk::High),
                    _ => None,
                };
                risks.extend(risk.map(|risk| (scheme.to_owned(), risk)));
                let display = details.get("adminDisplayName").and_then(Node::scalar);
                if scope.summary.is_none() && !self.options.no_summaries {
                    scope.summary = display.as_deref().and_then(short);
                }
            }
            risks.sort_by_key(|(scheme, _)| place(scheme));
            if !risks.is_empty() {
                scope.because = Some("the publisher's privilege level".to_owned());
                scope.risk = Some(RawRisks::Each(risks));
            }
        }
        // Also collect schemes that are only named by the path sets of a permission.
        for (_, _, permission) in permissions.entries() {
            let sets = permission.get("pathSets").and_then(Node::items);
            for keys in sets
                .unwrap_or_default()
                .iter()
                .filter_map(|set| set.get("schemeKeys"))
            {
                used.extend(
                    keys.items()
                        .unwrap_or_default()
                        .iter()
                        .filter_map(Node::scalar),
                );
            }
        }
        let mut types: Vec<String> = used.into_iter().collect();
        types.sort_by_key(|scheme| (place(scheme), scheme.clone()));
        self.draft.key_types = types;
        for (name, span, permission) in permissions.entries() {
            let sets = permission
                .get("pathSets")
                .and_then(Node::items)
                .unwrap_or_default();
            for set in sets {
                self.path_set(name, &span, set);
            }
        }
    }

    fn path_set(&mut self, permission: &str, span: &Range<usize>, set: &Node) {
        let list = |name: &str| -> Vec<String> {
            let items = set.get(name).and_then(Node::items).unwrap_or_default();
            items.iter().filter_map(Node::scalar).collect()
        };
        let (schemes, methods) = (list("schemeKeys"), list("methods"));
        if schemes.is_empty() || methods.is_empty() {
            let message = format!("a path set of `{permission}` has no schemes or no methods");
            return self.report(
                span.clone(),
                RuleId::MissingField,
                message,
                "it is left out",
            );
        }
        for (path, span, marks) in set.get("paths").map(Node::entries).unwrap_or_default() {
            let marks = Marks::parse(&marks.scalar().unwrap_or_default());
            for method in &methods {
                let mut ways = BTreeSet::new();
                for scheme in &schemes {
                    let mut choices = vec![BTreeSet::from([permission.to_owned()])];
                    if !marks.also.is_empty() {
                        choices = marks
                            .also
                            .iter()
                            .map(|other| BTreeSet::from([permission.to_owned(), other.clone()]))
                            .collect();
                    }
                    ways.extend(choices.into_iter().map(|scopes| Way {
                        key_type: scheme.clone(),
                        scopes,
                    }));
                }
                let least = marks.least.iter().filter(|scheme| schemes.contains(scheme));
                let least =
                    least.map(|scheme| (scheme.clone(), BTreeSet::from([permission.to_owned()])));
                self.operation(method, path, span.clone(), ways, least.collect());
            }
        }
    }

    fn operation(
        &mut self,
        method: &str,
        written: &str,
        span: Range<usize>,
        ways: BTreeSet<Way>,
        least: BTreeMap<String, BTreeSet<String>>,
    ) {
        let (path, variant) = match written.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (written, None),
        };
        let name = format!("{} {path}", method.to_uppercase());
        // The permissions of one path are alternatives; a different spelling of the same path is reported only once.
        let key = format!(
            "{}?{}",
            name.to_lowercase(),
            variant.clone().unwrap_or_default()
        );
        let first = self
            .spelt
            .entry(key)
            .or_insert_with(|| name.clone())
            .clone();
        let is_spelt_otherwise = first != name;
        let endpoint = DraftEndpoint {
            method: method.to_uppercase(),
            path: path.to_owned(),
            query: variant.as_deref().map(query_of).unwrap_or_default(),
            variant,
            auth: DraftAuth::AnyOf(ways),
            optional: false,
            deprecated: false,
            summary: None,
            tags: Vec::new(),
            least,
        };
        match self.draft.add(endpoint, Clash::Unite) {
            Added::Differs(other) if is_spelt_otherwise || other != name => {
                let message =
                    format!("`{name}` is the same operation as `{other}`, spelled differently");
                if self.said.insert(message.clone()) {
                    let help = "case and parameter names make no difference: the permissions of either open it";
                    self.report(span, RuleId::DuplicateEndpoint, message, help);
                }
            }
            Added::New | Added::Same(_) | Added::Differs(_) => {}
            Added::Malformed(why) => {
                let message = format!("`{name}` is not a valid endpoint: {why}");
                self.report(span, RuleId::MalformedPath, message, "it is left out");
            }
        }
    }
}

/// Where a scheme stands in the catalog.
fn place(scheme: &str) -> usize {
    SCHEMES
        .iter()
        .position(|known| *known == scheme)
        .unwrap_or(SCHEMES.len())
}

/// What stands behind a path: `least=Application;AlsoRequires=User.Read`.
#[derive(Default)]
struct Marks {
    least: Vec<String>,
    also: Vec<String>,
}

impl Marks {
    fn parse(text: &str) -> Self {
        let mut marks = Self::default();
        for mark in text.split(';') {
            let Some((name, list)) = mark.split_once('=') else {
                continue;
            };
            let names = list
                .split(',')
                .map(str::trim)
                .filter(|name| !name.is_empty());
            let names: Vec<String> = names.map(str::to_owned).collect();
            match name.trim().to_ascii_lowercase().as_str() {
                "least" => marks.least = names,
                "alsorequires" => marks.also = names,
                _ => {}
            }
        }
        marks
    }
}
