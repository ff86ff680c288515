//! Recipes: their steps, and the choices among them.

use super::{Builder, unknown_among};
use crate::finding::{Finding, RuleId};
use crate::load::endpoint_name::help_for_several;
use crate::load::layers::Layered;
use crate::load::raw::{RawBasis, RawStep};
use crate::model::{
    Branch, Call, Catalog, Choice, EndpointId, MOST_ALTERNATIVES, Named, Recipe, Request, Step,
};
use crate::source::limits::MOST_REQUIRED;
use crate::source::{NameIndex, Path, Place};

/// The recipe that a step is of: whether the file itself has it, and whether the step is part of a choice.
#[derive(Clone, Copy)]
struct Context {
    own: bool,
    inside: Option<&'static str>,
}

impl Builder {
    pub(super) fn recipes(&mut self, catalog: &mut Catalog, layers: &Layered) {
        for entry in layers.entries("recipes", |raw| &raw.recipes) {
            let path = entry.origin.path(&entry.name);
            let own = entry.origin.own;
            let raw = entry.value;
            let mut steps = Vec::new();
            let context = Context { own, inside: None };
            for (index, step) in raw.endpoints.iter().flatten().enumerate() {
                let Some(step) = step else { continue };
                let at = path.field("endpoints").item(index);
                steps.extend(self.step(catalog, context, step, &at));
            }
            let mut events = Vec::new();
            for (index, name) in raw.events.unwrap_or_default().0.iter().enumerate() {
                let event = catalog.event(name);
                if event.is_none() {
                    let message = format!("the catalog has no event `{name}`");
                    let place = path.field("events").item(index).value();
                    let near = catalog.near(Named::Event, name, &self.patience);
                    let finding = unknown_among(
                        RuleId::UnknownReference,
                        &message,
                        place,
                        &near,
                        &self.patience,
                    );
                    self.report(own, finding);
                }
                events.extend(event);
            }
            let adequate = raw.adequate.unwrap_or_default();
            let adequate = self.names_in(catalog, own, &adequate.0, &path.field("adequate"));
            catalog.recipes.push(Recipe {
                name: entry.name,
                summary: raw.summary,
                steps,
                events,
                adequate,
                note: raw.note,
            });
        }
    }

    /// Reads a step: a call, or a choice, which is added to those of the catalog. `None` if it is faulty, which is
    /// reported.
    fn step(
        &mut self,
        catalog: &mut Catalog,
        context: Context,
        raw: &RawStep,
        path: &Path,
    ) -> Option<Step> {
        if !self.is_one_thing(context, raw, path) {
            return None;
        }
        if let Some(branches) = &raw.any {
            let path = path.field("any");
            let branches: Vec<Branch> = branches
                .iter()
                .enumerate()
                .filter_map(|(index, branch)| {
                    self.branch(catalog, context.own, branch.as_ref()?, &path.item(index))
                })
                .collect();
            if branches.is_empty() {
                return None;
            }
            return Some(Step::Choice(catalog.choices.push(Choice { branches })));
        }
        self.call(catalog, context.own, raw, path).map(Step::Call)
    }

    /// A branch of a choice: one call, or all of several; `None` where one of them is faulty.
    fn branch(
        &mut self,
        catalog: &Catalog,
        own: bool,
        raw: &RawStep,
        path: &Path,
    ) -> Option<Branch> {
        let inside = Some("any");
        if !self.is_one_thing(Context { own, inside }, raw, path) {
            return None;
        }
        let calls: Option<Vec<Call>> = match &raw.all {
            None => self
                .call(catalog, own, raw, path)
                .map(|call| Vec::from([call])),
            Some(steps) => {
                let path = path.field("all");
                let inside = Some("all");
                let calls: Vec<Option<Call>> = steps
                    .iter()
                    .enumerate()
                    .map(|(index, step)| {
                        let (step, at) = (step.as_ref()?, path.item(index));
                        self.is_one_thing(Context { own, inside }, step, &at)
                            .then(|| self.call(catalog, own, step, &at))?
                    })
                    .collect();
                calls.into_iter().collect()
            }
        };
        let calls = calls?;
        if self.room > MOST_REQUIRED {
            // Over the limit, which was already reported.
            return None;
        }
        let branch = Branch::new(catalog, calls).map(|branch| {
            let requirement = self.with_room(own, branch.requirement, path);
            Branch {
                requirement,
                ..branch
            }
        });
        if branch.is_err() {
            let message =
                format!("these together can be met in more than {MOST_ALTERNATIVES} ways");
            let finding = Finding::new(RuleId::WrongType, path.clone().value(), message);
            self.report(own, finding.help("split the branch"));
        }
        branch.ok()
    }

    /// Whether a step has exactly one of its fields, and may be used in this place; reports it otherwise.
    fn is_one_thing(&mut self, context: Context, raw: &RawStep, path: &Path) -> bool {
        let fields = [
            ("endpoint", raw.endpoint.is_some(), false),
            ("any", raw.any.is_some(), is_empty(raw.any.as_ref())),
            ("all", raw.all.is_some(), is_empty(raw.all.as_ref())),
        ];
        let given: Vec<(&str, bool)> = fields
            .into_iter()
            .filter(|(_, is_given, _)| *is_given)
            .map(|(name, _, is_empty)| (name, is_empty))
            .collect();
        let fault = match (given.as_slice(), context.inside) {
            ([], _) if self.is_damaged(path) => return false,
            ([], _) => (
                RuleId::MissingField,
                path.clone().value(),
                "missing field `endpoint`".to_owned(),
                "add `endpoint: METHOD /path`, or `any:` with several ways to do it",
            ),
            ([_, (second, _), ..], _) => (
                RuleId::WrongType,
                path.field(second).key(),
                "a step has only one of `endpoint`, `any` and `all`".to_owned(),
                "write the others as separate steps",
            ),
            ([("all", _)], None) => (
                RuleId::WrongType,
                path.field("all").key(),
                "`all` belongs inside `any`".to_owned(),
                "list its steps one by one: all steps of a recipe are needed",
            ),
            ([(name @ ("any" | "all"), _)], Some(outer)) if *name == "any" || outer == "all" => (
                RuleId::WrongType,
                path.field(name).key(),
                format!("`{name}` cannot be inside `{outer}` here"),
                "a step may be `any` of several branches, and a branch is an endpoint or `all` of several",
            ),
            ([(name, true)], _) => (
                RuleId::WrongType,
                path.field(name).key(),
                format!("`{name}` cannot be empty"),
                "name endpoints in it, or remove it",
            ),
            ([("any" | "all", _)], _) if raw.basis.is_some() => (
                RuleId::WrongType,
                path.field("basis").key(),
                "`basis` belongs to an endpoint".to_owned(),
                "write it on each inferred step: `{ endpoint: METHOD /path, basis: inferred }`",
            ),
            _ => return true,
        };
        let (rule, place, message, help) = fault;
        self.report(context.own, Finding::new(rule, place, message).help(help));
        false
    }

    fn call(&mut self, catalog: &Catalog, own: bool, raw: &RawStep, path: &Path) -> Option<Call> {
        let place = match raw.basis {
            Some(_) => path.field("endpoint").value(),
            None => path.clone().value(),
        };
        let endpoint = self.endpoint_in(catalog, own, raw.endpoint.as_ref()?, place)?;
        Some(Call {
            endpoint,
            inferred: raw.basis == Some(RawBasis::Inferred),
        })
    }

    /// The endpoint of a request; reports a request that there is none for.
    pub(super) fn endpoint_in(
        &mut self,
        catalog: &Catalog,
        own: bool,
        text: &str,
        place: Place,
    ) -> Option<EndpointId> {
        let found = Request::parse(text).and_then(|request| catalog.find(&request).ok());
        if let Some(found) = found {
            return Some(found.gets);
        }
        let message = format!("the catalog has no endpoint `{text}`");
        let known = self.near_endpoints.get_or_init(|| {
            let names = catalog.endpoints.ids().map(|id| catalog.endpoint_name(id));
            let names: Vec<String> = names.collect();
            NameIndex::new(names.iter().map(String::as_str))
        });
        let near = known.near(text, &self.patience);
        let finding = match help_for_several(text) {
            Some(help) => Finding::new(RuleId::UnknownReference, place, message).help(help),
            None => unknown_among(
                RuleId::UnknownReference,
                &message,
                place,
                &near,
                &self.patience,
            ),
        };
        self.report_of(own, Some(text), finding);
        None
    }
}

fn is_empty(list: Option<&Vec<Option<RawStep>>>) -> bool {
    list.is_some_and(Vec::is_empty)
}
