//! What is on the disk beside a document: the configuration, the catalogs, the baseline.

use std::sync::Arc;

use super::Options;
use super::document::{Document, Kind};
use crate::cli::catalogs::Catalogs;
use crate::cli::key::catalog_named;
use crate::cli::linter::{FixArgs, Linter, LinterArgs};
use crate::cli::session::today;
use crate::cli::settings::Settings;
use crate::lint::{CatalogOfKey, Policy};
use crate::load::{declared_provider, looks_like_a_catalog, looks_like_a_key_file};
use crate::model::{Baseline, Catalog};
use crate::source::limits::LARGEST_CATALOG;
use crate::source::may_have_at_top;

/// What every document is judged by, as it was last read.
pub(super) struct Workspace {
    options: Options,
    pub(super) settings: Settings,
    pub(super) catalogs: Option<Catalogs>,
    pub(super) policy: Policy,
    pub(super) baseline: Option<Baseline>,
}

impl Workspace {
    pub(super) fn new(options: Options) -> Self {
        let mut workspace = Self {
            options,
            settings: Settings::default(),
            catalogs: None,
            policy: Policy::on(today()),
            baseline: None,
        };
        workspace.refresh();
        workspace
    }

    /// Reads everything again. What has a fault is left out: its own document says so.
    pub(super) fn refresh(&mut self) {
        let Options {
            catalogs,
            config,
            no_config,
        } = &self.options;
        self.settings = if *no_config {
            Settings::default()
        } else {
            Settings::new(config.as_deref()).unwrap_or_default()
        };
        let settings = &self.settings;
        self.catalogs = Catalogs::new(catalogs, settings)
            .or_else(|_| Catalogs::new(&[], settings))
            .or_else(|_| Catalogs::new(&[], &Settings::default()))
            .ok();
        let arguments = LinterArgs::default();
        let linter = Linter::new(&arguments, FixArgs::default(), settings);
        let linter = linter.as_ref().ok();
        self.policy = match linter {
            Some(linter) => linter.policy().clone(),
            // The baseline is at fault; the levels still count.
            None => Policy {
                levels: settings.config.levels.clone(),
                max_days: settings.config.max_days,
                ..Policy::on(today())
            },
        };
        self.baseline = linter.and_then(|linter| linter.baseline().cloned());
    }

    /// The catalog that a key file names.
    pub(super) fn catalog_of(&self, document: &Document, provider: &str) -> CatalogOfKey {
        match &self.catalogs {
            Some(catalogs) => catalog_named(provider, document.folder(), catalogs),
            None => Catalogs::new(&[], &Settings::default())
                .map_err(|error| {
                    let place = crate::source::Path::root().value();
                    let rule = crate::finding::RuleId::UnknownProvider;
                    Box::new(crate::finding::Finding::new(rule, place, error.to_string()))
                })
                .and_then(|catalogs| catalog_named(provider, document.folder(), &catalogs)),
        }
    }

    /// The catalog that the names of a document are of: its own, or that of its provider.
    pub(super) fn meant(&self, document: &Document) -> Option<Arc<Catalog>> {
        match document.kind? {
            Kind::Catalog => document.catalog.clone(),
            Kind::Key => {
                let provider = declared_provider(&document.source).or_else(|| {
                    // A half-typed file cannot be parsed; its provider is then on a line of its own.
                    let mut lines = document.source.text.lines();
                    lines.find_map(provider_on)
                })?;
                self.catalog_of(document, &provider).ok()
            }
            Kind::Config | Kind::Baseline => None,
        }
    }

    /// What a document is; what it was while it cannot be told.
    pub(super) fn kind_of(&self, document: &Document) -> Option<Kind> {
        if !document.is_ours {
            return None;
        }
        let path = document.path.as_deref();
        if path.is_some_and(|path| path.ends_with("scopes.toml")) {
            return Some(Kind::Config);
        }
        let baseline = self.settings.config.baseline.as_deref();
        let baseline = baseline.map(|name| self.settings.path_of(name));
        if baseline.is_some() && baseline.as_deref() == path {
            return Some(Kind::Baseline);
        }
        let source = &document.source;
        if source.text.len() as u64 > LARGEST_CATALOG {
            let is_key = || {
                let bytes = source.text.clone().into_bytes();
                may_have_at_top(bytes, source.syntax, &["provider", "name"])
            };
            return document.kind.or_else(|| is_key().then_some(Kind::Key));
        }
        if looks_like_a_key_file(source) {
            Some(Kind::Key)
        } else if looks_like_a_catalog(source) {
            Some(Kind::Catalog)
        } else if source.top_fields().is_empty() {
            let is_begun = source.text.lines().any(|line| provider_on(line).is_some());
            document.kind.or_else(|| is_begun.then_some(Kind::Key))
        } else {
            None
        }
    }
}

/// The provider that a line names.
fn provider_on(line: &str) -> Option<String> {
    let line = line.trim_start_matches(['{', ' ', '\t']);
    let line = line.trim_start_matches(['"', '\'']);
    let rest = line.strip_prefix("provider")?;
    let rest = rest.trim_start_matches(['"', '\'']).trim_start();
    let rest = rest.strip_prefix([':', '='])?.trim_start();
    let value = rest.trim_start_matches(['"', '\'']);
    let end = value.find(['"', '\'', ' ', ',', '}', '\r']);
    let value = &value[..end.unwrap_or(value.len())];
    (!value.is_empty()).then(|| value.to_owned())
}
