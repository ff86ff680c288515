//! A catalog file → a [`Catalog`] in which every reference is an index.

mod endpoints;
mod names;
mod overlay;
mod recipes;
mod scopes;
mod sections;

use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::OnceLock;

use overlay::Overlay;

use crate::finding::{Finding, Fix, RuleId};
use crate::load::allow::allowances;
use crate::load::builtin::{builtin_json, builtin_text};
use crate::load::layers::Layered;
use crate::load::raw::{RawCase, RawCatalog, RawReading, RawRisk};
use crate::model::{
    ArrayReading, Catalog, CatalogNames, CatalogSource, Endpoint, EndpointId, Environment,
    EnvironmentId, IdRange, Indexed, KeyType, KeyTypeId, ModeId, NameCase, NameMap, Request, Risk,
    Routes, Scope, ScopeId, ScopeSet, Wildcards,
};
use crate::source::limits::{MOST_ENTRIES, MOST_FINDINGS};
use crate::source::{
    Digest, Fault, NameIndex, Near, Path, Patience, Place, Problem, Reading, Source, Syntax,
    nearest,
};

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
    loaded(source, source.read())
}

/// A built-in catalog. Its text is known to be valid, so it is parsed only once.
pub fn load_builtin(name: &str) -> Option<Catalog> {
    let (source, digest) = builtin_source(name)?;
    let mut catalog = loaded(&source, source.read_own()).catalog?;
    catalog.digest = digest;
    Some(catalog)
}

/// A built-in catalog as JSON, and the digest of its text.
fn builtin_source(name: &str) -> Option<(Source, Digest)> {
    let (text, digest) = builtin_json(name)?;
    let source = Source {
        name: name.to_owned(),
        text,
        syntax: Syntax::Json,
    };
    Some((source, Digest::known(digest)))
}

/// What comes of a catalog that was read.
fn loaded(source: &Source, reading: Reading<RawCatalog>) -> LoadedCatalog {
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
    let entries = top.entries();
    if entries > MOST_ENTRIES {
        let message = format!(
            "a catalog may have at most {MOST_ENTRIES} entries, and this one has {entries}"
        );
        let finding = Finding::new(RuleId::WrongType, Path::root().value(), message);
        findings.push(finding.help("split it into several catalogs"));
        return LoadedCatalog {
            catalog: None,
            findings,
        };
    }
    let mut below = None;
    let mut texts = vec![source.text.as_str()];
    let text_below;
    if let Some(name) = &top.extends {
        match builtin_text(name) {
            Some(text) => {
                let below_source = builtin_source(name);
                below = below_source.and_then(|(source, _)| source.read_own::<RawCatalog>().value);
                text_below = text;
                texts.push(&text_below);
            }
            None => findings.push(unknown(
                RuleId::UnknownReference,
                &format!("unknown built-in catalog `{name}`"),
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
                    RuleId::MissingField,
                    Path::root().value(),
                    "missing field `provider`",
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
        overlay: Overlay::of(&layers),
        ..Builder::default()
    };
    let catalog = builder.build(provider, Digest::of(texts), &layers);
    LoadedCatalog {
        catalog: Some(catalog),
        findings: builder.findings,
    }
}

/// A problem as a finding; a misspelt field is fixed without asking.
pub(super) fn with_fix(problem: Problem) -> Finding {
    let meant = problem
        .meant
        .clone()
        .filter(|_| problem.fault == Fault::UnknownField);
    let mut finding = Finding::from(problem);
    if let Some(meant) = meant {
        finding.fix = finding.place.renamed(&meant).map(|edit| Fix {
            message: format!("did you mean `{meant}`?"),
            done: format!("now {meant}"),
            edits: vec![edit],
            // The renamed field may grant something, so renaming it is not safe.
            safe: !matches!(meant.as_str(), "scopes" | "bundles" | "environments"),
            asked_for: None,
        });
        finding.help = None;
    }
    finding
}

/// A finding about a name that is not known, with the names that may have been meant.
pub(super) fn unknown<'a>(
    rule: RuleId,
    message: &str,
    name: &str,
    place: Place,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Finding {
    offering(
        Finding::new(rule, place, message),
        &nearest(name, candidates),
    )
}

/// The same for a name that is looked up in a large set of candidates.
pub(super) fn unknown_among(
    rule: RuleId,
    message: &str,
    place: Place,
    near: &Near<'_>,
    patience: &Patience,
) -> Finding {
    let finding = Finding::new(rule, place, message);
    if patience.is_over() {
        finding.help("too many unknown names in this file to look for similar ones")
    } else {
        offering(finding, &near.offered())
    }
}

fn offering(finding: Finding, near: &[&str]) -> Finding {
    match near {
        [] => finding,
        [one] => finding.help(format!("did you mean `{one}`?")),
        several => {
            let names: Vec<String> = several.iter().map(|name| format!("`{name}`")).collect();
            finding.help(format!("did you mean one of {}?", names.join(", ")))
        }
    }
}

#[derive(Default)]
pub(super) struct Builder {
    findings: Vec<Finding>,
    damaged: Vec<Path>,
    key_types: Indexed<KeyTypeId, KeyType>,
    key_type_names: Rc<[String]>,
    environments: Indexed<EnvironmentId, Environment>,
    environment_names: Rc<[String]>,
    modes: Indexed<ModeId, String>,
    scopes: Indexed<ScopeId, Scope>,
    name_case: NameCase,
    scope_ids: NameMap<ScopeId>,
    endpoints: Indexed<EndpointId, Endpoint>,
    routes: Routes,
    operations: Vec<IdRange<EndpointId>>,
    /// The `ANY` entries of which no method is left.
    shadowed: Vec<String>,
    /// The scopes that endpoints and events name, even where any key is enough.
    mentioned: Vec<ScopeId>,
    /// Whether the entry being read is always rejected, so that the scopes it names open nothing.
    is_refused: bool,
    overlay: Option<Overlay>,
    /// The names of scopes, once one was not found.
    near_scopes: OnceCell<NameIndex>,
    scope_names: Vec<String>,
    /// The names of endpoints, once one was not found.
    near_endpoints: OnceCell<NameIndex>,
    /// The set of every scope, once a bundle has it.
    every: OnceCell<ScopeSet>,
    patience: Patience,
    /// How many names the patterns were compared with so far.
    tries: usize,
    /// How many members bundles and wildcards have so far.
    members: usize,
    /// How many scopes and alternatives the requirements have so far.
    room: usize,
    /// How many scopes the examples have in all.
    exemplified: usize,
    /// How many names and patterns the conflicts have so far.
    sides: usize,
    /// How many segments the paths have so far.
    segments: usize,
    /// How many bytes the endpoints have so far.
    bytes: usize,
}

impl Builder {
    fn build(&mut self, provider: String, digest: Digest, layers: &Layered) -> Catalog {
        self.key_types(layers);
        let ignore_case =
            layers.scalar(|raw| &raw.paths).and_then(|paths| paths.case) == Some(RawCase::Ignored);
        self.environments(layers, ignore_case);
        self.modes = layers.scalar(|raw| &raw.modes).unwrap_or_default().into();
        let names = layers.scalar(|raw| &raw.names).and_then(|names| names.case);
        if names == Some(RawCase::Ignored) {
            self.name_case = NameCase::Ignored;
        }
        let explicit_access = self.scopes(layers);
        let closures = self.closures();
        self.routes = Routes::new(ignore_case);
        for entry in layers.endpoints(ignore_case) {
            self.endpoint(&entry);
        }
        self.check_branches();
        let case = self.name_case;
        self.default_access_and_risk(&explicit_access, &closures);
        let events = self.events(layers);
        let mut catalog = Catalog {
            title: layers
                .scalar(|raw| &raw.title)
                .unwrap_or_else(|| provider.clone()),
            handle: provider.clone(),
            provider,
            digest,
            sources: sources(layers),
            note: layers.scalar(|raw| &raw.note),
            manage: layers.scalar(|raw| &raw.manage),
            responses: self.responses(layers),
            key_types: std::mem::take(&mut self.key_types),
            environments: std::mem::take(&mut self.environments),
            modes: std::mem::take(&mut self.modes),
            scopes: std::mem::take(&mut self.scopes),
            retired: Vec::new(),
            bundles: Indexed::default(),
            wildcards: Wildcards::Named(Vec::new()),
            endpoints: std::mem::take(&mut self.endpoints),
            events,
            recipes: Indexed::default(),
            choices: Indexed::default(),
            combinations: Vec::new(),
            conflicts: Vec::new(),
            calls: Vec::new(),
            reading: layers.scalar(|raw| &raw.reading).map(ArrayReading::from),
            reviewed: layers.scalar(|raw| &raw.reviewed).unwrap_or(true),
            examples: Vec::new(),
            shadowed: std::mem::take(&mut self.shadowed),
            allowances: Vec::new(),
            routes: std::mem::take(&mut self.routes),
            operations: std::mem::take(&mut self.operations),
            name_case: self.name_case,
            scope_ids: std::mem::take(&mut self.scope_ids),
            closures,
            named: ScopeSet::new(0),
            names: CatalogNames::default(),
            by_scope: OnceLock::new(),
            alike: OnceLock::new(),
        };
        catalog.names.events = NameMap::of(
            case,
            catalog.events.entries().map(|(id, one)| (id, &one.name)),
        );
        catalog.named = ScopeSet::of(catalog.scopes.len(), std::mem::take(&mut self.mentioned));
        self.replaced_by(&mut catalog, layers);
        self.retired(&mut catalog, layers);
        catalog.names.retired =
            NameMap::of(case, catalog.retired.iter().map(|one| &one.0).enumerate());
        self.wildcards(&mut catalog, layers);
        if let Wildcards::Named(named) = &catalog.wildcards {
            catalog.names.wildcards = NameMap::of(case, named.iter().map(|one| &one.0).enumerate());
        }
        self.bundles(&mut catalog, layers);
        catalog.names.bundles = NameMap::of(
            case,
            catalog.bundles.entries().map(|(id, one)| (id, &one.name)),
        );
        self.recipes(&mut catalog, layers);
        catalog.names.recipes = NameMap::of(
            NameCase::Exact,
            catalog.recipes.entries().map(|(id, one)| (id, &one.name)),
        );
        self.check_same_names(&catalog);
        self.combinations(&mut catalog, layers);
        self.conflicts(&mut catalog, layers);
        self.calls(&mut catalog, layers);
        self.examples(&mut catalog, layers);
        let allow = layers.top.allow.as_deref().unwrap_or_default();
        catalog.allowances = allowances(allow, &self.damaged, None, Some(&catalog));
        catalog
    }

    fn report(&mut self, own: bool, finding: Finding) {
        self.report_of(own, None, finding);
    }

    /// Reports what is wrong with an entry that is about a request.
    fn report_of(&mut self, own: bool, request: Option<&str>, finding: Finding) {
        let Some(overlay) = self.overlay.as_ref().filter(|_| !own) else {
            return self.report_at(own, Path::root(), finding);
        };
        let endpoint = request
            .and_then(Request::parse)
            .and_then(|request| overlay.endpoint(&request));
        let at = endpoint.unwrap_or_else(|| overlay.field());
        self.report_at(own, at, finding);
    }

    /// Reports what is wrong with an entry. An entry of the extended catalog is valid by itself, so the overlay removed
    /// what it names, and the finding is reported there.
    fn report_at(&mut self, own: bool, culprit: Path, finding: Finding) {
        if self.findings.len() > MOST_FINDINGS {
            // Further findings are not reported.
            return;
        }
        if own {
            return self.findings.push(finding);
        }
        let Some(overlay) = &self.overlay else { return };
        let below = &overlay.below;
        let what = finding.place.path().map(ToString::to_string);
        let message = format!(
            "this removes what `{}` of {below} refers to: {}",
            what.unwrap_or_default(),
            finding.message
        );
        let help = format!("keep it, or redefine that entry of {below} in this file");
        self.findings
            .push(Finding::new(finding.rule, culprit.key(), message).help(help));
    }

    fn is_damaged(&self, path: &Path) -> bool {
        self.damaged
            .iter()
            .any(|damaged| damaged.0.starts_with(&path.0))
    }
}

fn sources(layers: &Layered) -> Vec<CatalogSource> {
    let raw = layers.scalar(|raw| &raw.sources).unwrap_or_default();
    raw.into_iter()
        .map(|source| CatalogSource {
            url: source.url,
            path: source.path,
            commit: source.commit,
            licence: source.licence,
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

impl From<RawReading> for ArrayReading {
    fn from(raw: RawReading) -> Self {
        Self {
            arrays: raw.array(),
            because: raw.because,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reading a file directly and by way of a tree with places must give the same result.
    #[test]
    fn both_ways_to_read_a_file_agree() {
        for name in super::super::builtin_names() {
            let text = builtin_text(name).expect("a text");
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
