//! What a key must never reach: patterns of endpoints.

use super::Resolver;
use crate::finding::{Finding, RuleId};
use crate::load::raw::RawKey;
use crate::model::{EndpointId, Never, NoRoute, Pattern, Request};
use crate::source::Path;
use crate::source::limits::MOST_PATTERNS;

impl Resolver<'_> {
    /// The patterns under `never`. A misspelt one forbids what it must mean.
    pub(super) fn never(&mut self, raw: &RawKey) -> Vec<Never> {
        let mut all = Vec::new();
        for (index, text) in raw.never.iter().flatten().enumerate() {
            let Some(text) = text else { continue };
            let at = Path::root().field("never").item(index);
            if index == MOST_PATTERNS {
                let message =
                    format!("a key may have at most {MOST_PATTERNS} patterns under `never`");
                let help = "this one and those after it forbid nothing: use fewer, wider patterns";
                self.report(Finding::new(RuleId::WrongType, at.value(), message).help(help));
                break;
            }
            for one in single_methods(text) {
                all.extend(self.never_one(text, &one, &at));
            }
        }
        all
    }

    /// A pattern of one method, as `text` has it.
    fn never_one(&mut self, text: &str, one: &str, at: &Path) -> Option<Never> {
        // An operation may be named as SDKs name it.
        let called = self.catalog.called(one.trim());
        let called = called.map(|call| call.to_string());
        let pattern = match Pattern::parse(called.as_deref().unwrap_or(one)) {
            Ok(pattern) => pattern,
            Err(error) => {
                let message = format!("invalid endpoint pattern `{text}`: {}", error.0);
                let help = "`*` is one segment or any method, `**` any number of segments";
                let place = at.clone().value();
                let finding = Finding::new(RuleId::UnknownEndpoint, place, message);
                self.report(finding.help(help));
                return None;
            }
        };
        let pattern = self.with_mode_of_query(pattern, one, at);
        let pattern = if pattern.names_something() && !self.matches_any(&pattern) {
            self.idle_pattern(one, &pattern, at).unwrap_or(pattern)
        } else {
            pattern
        };
        Some(Never {
            text: text.to_owned(),
            only: self.endpoints_of_call(one, &pattern),
            pattern,
            at: at.clone(),
        })
    }

    /// The endpoints that a single call reaches: a more literal one may be beside it.
    fn endpoints_of_call(&self, text: &str, pattern: &Pattern) -> Option<Vec<EndpointId>> {
        let request = self.catalog.request(text).filter(|_| !pattern.is_open())?;
        let found = self.catalog.find(&request).ok()?;
        let names_mode = request.mode.is_some() || request.target.contains('?');
        Some(if names_mode && found.is_decided {
            vec![found.gets]
        } else {
            found.modes.collect()
        })
    }

    /// A pattern with the mode selected by its query. A query is only allowed for one call in one mode, because a
    /// pattern may match many.
    fn with_mode_of_query(&mut self, pattern: Pattern, text: &str, at: &Path) -> Pattern {
        let Some(request) = Request::parse(text).filter(|one| one.target.contains('?')) else {
            return pattern;
        };
        match self.catalog.find(&request) {
            Ok(found) if found.is_decided && found.modes.len() > 1 => {
                let name = self.catalog.endpoint_name(found.gets);
                Pattern::parse(&name).unwrap_or(pattern)
            }
            Err(_) if pattern.is_open() => {
                let message = format!("patterns cannot contain a query: `{text}`");
                let help = "name the mode: `GET /** mode=NAME`; as it is, every mode is forbidden";
                let place = at.clone().value();
                self.report(Finding::new(RuleId::UnknownEndpoint, place, message).help(help));
                pattern
            }
            _ => pattern,
        }
    }

    fn matches_any(&self, pattern: &Pattern) -> bool {
        self.catalog.endpoints.iter().any(|endpoint| {
            let mode = endpoint.mode.map(|mode| self.catalog.modes[mode].as_str());
            pattern.matches(&endpoint.method, &endpoint.path, mode)
        })
    }

    /// Reports a pattern that matches nothing. Returns the pattern that it must mean, which is forbidden instead.
    fn idle_pattern(&mut self, text: &str, pattern: &Pattern, at: &Path) -> Option<Pattern> {
        let place = at.clone().value();
        let Some(request) = Request::parse(text).filter(|_| !pattern.is_open()) else {
            let catalog = self.catalog;
            let message = format!("`{text}` matches no endpoint of {}", catalog.provider);
            let handle = &catalog.handle;
            let help = format!("it forbids nothing; `scopes show {handle} endpoints` lists them");
            let finding = Finding::new(RuleId::UnknownEndpoint, place, message);
            self.report(finding.help(help).endpoint(text));
            return None;
        };
        let no_route = self.catalog.find(&request).err();
        let no_route = no_route.unwrap_or(NoRoute::NoPath);
        let finding = self.no_endpoint(&request, &no_route, place);
        self.report(finding);
        let endpoint = self.meant_endpoint(&request, &no_route)?;
        Pattern::parse(&self.catalog.endpoint_name(endpoint)).ok()
    }
}

/// `GET|POST /path` as a pattern for each method.
fn single_methods(text: &str) -> Vec<String> {
    match text.split_once(' ') {
        Some((methods, path)) if methods.contains('|') => {
            let methods = methods.split('|');
            methods.map(|method| format!("{method} {path}")).collect()
        }
        _ => vec![text.to_owned()],
    }
}
