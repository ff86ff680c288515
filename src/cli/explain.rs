//! `scopes explain`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::environment::{environment, in_environment};
use super::expand::unknown_or;
use super::key::read_key;
use super::names::{Asked, arguments, ask, report_unknown};
use super::refusal::Refusal;
use super::shelf::Shelf;
use super::status::Status;
use super::world::World;
use crate::explain::{
    EndpointReport, SetReport, Written, WrittenKind, explain_endpoint, explain_set,
};
use crate::model::{Catalog, GrantKind, Holder, Key, KeyEnvironment, NoRoute, Request};
use crate::render::json::{Explanation, explanations};
use crate::render::{
    EndpointQuestion, SetQuestion, Style, endpoint, explanations_markdown, set, verdict,
};

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// Scopes, bundles, wildcards, and an endpoint as 'METHOD /path'; `-` reads standard input
    #[arg(value_name = "X", required_unless_present = "key_file")]
    names: Vec<String>,
    /// The provider, or the path of a catalog
    #[arg(short, long)]
    provider: Option<String>,
    /// The type of key to answer for; without it, every type
    #[arg(long, value_name = "TYPE")]
    key_type: Option<String>,
    /// A proposed key, in place of scopes
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// The environment to answer for
    #[arg(short, long, value_name = "ENV")]
    environment: Option<String>,
    /// How to write it
    #[arg(long, value_enum, default_value_t = ExplainFormat::Table)]
    format: ExplainFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ExplainFormat {
    Table,
    Json,
    Markdown,
}

/// One key to answer for, with what it is given.
struct Case {
    subject: String,
    environment: Option<String>,
    holders: Vec<Holder>,
    written: Vec<Written>,
}

pub(super) fn run(args: &ExplainArgs, shelf: &Shelf, world: &mut World) -> anyhow::Result<Status> {
    let arguments = arguments(&args.names)?;
    if let Some(path) = &args.key_file {
        return explain_key(
            args,
            path,
            &arguments.texts,
            &arguments.requests,
            shelf,
            world,
        );
    }
    let asked = match ask(arguments, args.provider.as_deref(), shelf) {
        Ok(asked) => asked,
        Err(error) => return unknown_or(error, world),
    };
    // The name of a recipe or an event alone is another question.
    if asked.written.is_empty()
        && asked.requests.is_empty()
        && let Some(refusal) = asked
            .unknown
            .first()
            .and_then(|name| super::names::other_kind(&asked.catalog, name))
    {
        return Err(refusal.into());
    }
    let named = args.environment.as_deref();
    let environment = named
        .map(|name| environment(&asked.catalog, name))
        .transpose()?
        .flatten();
    let case = Case {
        subject: asked.catalog.provider.clone(),
        environment: args.environment.clone(),
        holders: holders(&asked.catalog, args.key_type.as_deref(), environment)?,
        written: asked.written.clone(),
    };
    let status = answer(args, &asked, &[case], world);
    report_unknown(&asked, world);
    Ok(if asked.unknown.is_empty() {
        status
    } else {
        Status::Found.max(status)
    })
}

fn explain_key(
    args: &ExplainArgs,
    path: &std::path::Path,
    texts: &[String],
    requests: &[Request],
    shelf: &Shelf,
    world: &mut World,
) -> anyhow::Result<Status> {
    if let Some(text) = texts.first() {
        return Err(Refusal::new(format!(
            "`{text}` stands beside `--key-file`, which brings its own scopes"
        ))
        .help("with a key file, only an endpoint can be named: 'METHOD /path'")
        .into());
    }
    let (catalog, mut key) = read_key(path, shelf)?;
    if let Some(name) = &args.environment {
        key = in_environment(key, &catalog, name)?;
    }
    let mut environments: Vec<Option<&KeyEnvironment>> =
        key.environments.iter().map(Some).collect();
    if environments.is_empty() {
        environments.push(None);
    }
    let key_type = match &args.key_type {
        Some(name) => key_type(&catalog, name)?,
        None => key.key_type,
    };
    let cases: Vec<Case> = environments
        .iter()
        .map(|environment| Case {
            subject: match environment {
                Some(environment) => {
                    format!("{}/{}, {}", catalog.provider, key.name, environment.name)
                }
                None => format!("{}/{}", catalog.provider, key.name),
            },
            environment: environment.map(|environment| environment.name.clone()),
            holders: vec![Holder {
                key_type,
                environment: environment.and_then(|environment| environment.index),
            }],
            written: granted(&key, *environment),
        })
        .collect();
    let asked = Asked {
        catalog,
        written: Vec::new(),
        unknown: Vec::new(),
        requests: requests.to_vec(),
    };
    Ok(answer(args, &asked, &cases, world))
}

/// What a key is given in one environment.
pub(super) fn granted(key: &Key, environment: Option<&KeyEnvironment>) -> Vec<Written> {
    let local = environment.map_or(&[][..], |environment| &environment.grants);
    key.grants
        .iter()
        .chain(local)
        .map(|grant| Written {
            name: grant.name.clone(),
            members: grant.members.clone(),
            kind: match grant.kind {
                GrantKind::Scope(_) => WrittenKind::Scope,
                GrantKind::Bundle(_) => WrittenKind::Bundle,
                GrantKind::Wildcard => WrittenKind::Wildcard,
            },
        })
        .collect()
}

/// What one command line is answered with, so far.
struct Answer<'a> {
    catalog: &'a Catalog,
    /// Whether scopes were given: then an endpoint is asked about for them.
    with_set: bool,
    tables: Vec<String>,
    parts: Vec<Part>,
    status: Status,
}

/// One part of the answer: for one key type in one environment.
struct Part {
    holder: Holder,
    environment: Option<String>,
    set: SetReport,
    /// The endpoints that were asked about; `None` for what the set opens.
    endpoints: Option<Vec<EndpointReport>>,
}

fn answer(args: &ExplainArgs, asked: &Asked, cases: &[Case], world: &mut World) -> Status {
    let mut answer = Answer {
        catalog: &asked.catalog,
        with_set: args.key_file.is_some() || !asked.written.is_empty() || !asked.unknown.is_empty(),
        tables: Vec::new(),
        parts: Vec::new(),
        status: Status::Clean,
    };
    for case in cases {
        if asked.requests.is_empty() {
            answer.opened_by(case, args, world.style);
        }
        for request in &asked.requests {
            answer.needed_by(case, request, args, world);
        }
    }
    let explanation = |part| explanation(answer.catalog, part, &asked.unknown);
    let explained: Vec<Explanation<'_>> = answer.parts.iter().map(explanation).collect();
    world.out = match args.format {
        ExplainFormat::Table => answer.tables.join("\n"),
        ExplainFormat::Json => explanations(&explained),
        ExplainFormat::Markdown => explanations_markdown(&explained),
    };
    answer.status
}

fn explanation<'a>(catalog: &'a Catalog, part: &'a Part, unknown: &'a [String]) -> Explanation<'a> {
    Explanation {
        catalog,
        holder: part.holder,
        environment: part.environment.as_deref(),
        set: &part.set,
        unknown,
        endpoints: part.endpoints.as_deref(),
    }
}

impl Answer<'_> {
    /// What the set of a case opens.
    fn opened_by(&mut self, case: &Case, args: &ExplainArgs, style: Style) {
        let explain = |holder: &Holder| explain_set(self.catalog, *holder, &case.written);
        let reports: Vec<SetReport> = case.holders.iter().map(explain).collect();
        if !case.written.is_empty() || args.key_file.is_some() {
            let question = SetQuestion {
                catalog: self.catalog,
                subject: &case.subject,
                written: &case.written,
                key_type_named: args.key_type.is_some(),
                reports: &reports,
            };
            self.tables.push(set(&question, style));
        }
        self.parts.extend(reports.into_iter().map(|set| Part {
            holder: set.holder,
            environment: case.environment.clone(),
            set,
            endpoints: None,
        }));
    }

    /// What an endpoint needs, and where a set was given, what it says to the set.
    fn needed_by(&mut self, case: &Case, request: &Request, args: &ExplainArgs, world: &mut World) {
        let catalog = self.catalog;
        let Some(found) = find(catalog, request, self.with_set, world) else {
            self.status = Status::Found;
            return;
        };
        let mut members = catalog.empty_set();
        for written in &case.written {
            members.union_with(&written.members);
        }
        let mut holders = case.holders.clone();
        if let Some(index) = environment_of_url(catalog, request, case) {
            for holder in &mut holders {
                holder.environment = Some(index);
            }
        }
        let explain = |index: &usize| explain_endpoint(catalog, *index, &holders, &members);
        let reports: Vec<EndpointReport> = found.iter().map(explain).collect();
        let question = EndpointQuestion {
            catalog,
            reports: &reports,
        };
        if self.with_set {
            let mut verdicts = reports.iter().flat_map(|report| &report.verdicts);
            if !verdicts.any(|(_, verdict)| verdict.may()) {
                self.status = Status::Found;
            }
            let what = match (args.key_file.is_some(), &case.environment) {
                (true, Some(name)) => format!("this key in {name}"),
                (true, None) => "this key".to_owned(),
                (false, _) => "this set".to_owned(),
            };
            self.tables
                .push(verdict(&question, &members, &what, world.style));
        } else {
            self.tables.push(endpoint(&question, world.style));
        }
        self.parts.extend(holders.into_iter().map(|holder| Part {
            holder,
            environment: case.environment.clone(),
            set: explain_set(catalog, holder, &case.written),
            endpoints: Some(reports.clone()),
        }));
    }
}

/// The endpoints of a request: for a set the one that it gets, else every mode. Says so where there is none.
fn find(
    catalog: &Catalog,
    request: &Request,
    with_set: bool,
    world: &mut World,
) -> Option<Vec<usize>> {
    match catalog.find(request) {
        Ok(mut found) => {
            if with_set {
                found.truncate(1);
            }
            Some(found)
        }
        Err(why) => {
            let refusal = no_endpoint(catalog, request, &why);
            world.complain(&refusal.message, refusal.help.as_deref());
            None
        }
    }
}

/// Why a request reaches no endpoint, and what may have been meant.
pub(super) fn no_endpoint(catalog: &Catalog, request: &Request, why: &NoRoute) -> Refusal {
    let provider = &catalog.provider;
    let help = match why {
        NoRoute::OtherMethods(methods) => {
            format!("the path exists with {}", methods.join(", "))
        }
        NoRoute::OtherModes(modes) if modes.is_empty() => {
            "the endpoint exists, and has no modes".to_owned()
        }
        NoRoute::OtherModes(modes) => format!("its modes are {}", modes.join(", ")),
        NoRoute::NoPath => match catalog.similar_endpoints(request).as_slice() {
            [] => format!("`scopes show {} endpoints` lists them", catalog.handle),
            names => format!("did you mean `{}`?", names.join("` or `")),
        },
    };
    Refusal::new(format!(
        "{provider} has no endpoint `{request}`: no-such-endpoint"
    ))
    .help(help)
}

/// The environment that a URL's host names, where the question names none.
fn environment_of_url(catalog: &Catalog, request: &Request, case: &Case) -> Option<usize> {
    if case.environment.is_some() {
        return None;
    }
    let mask = catalog.environments_of(&request.target)?;
    let mut only = mask.iter();
    let first = only.next()?;
    only.next().is_none().then_some(first)
}

pub(super) fn key_type(catalog: &Catalog, name: &str) -> anyhow::Result<usize> {
    catalog.key_type(name).ok_or_else(|| {
        let names: Vec<&str> = catalog
            .key_types
            .iter()
            .map(|key_type| key_type.name.as_str())
            .collect();
        Refusal::new(format!("{} has no key type `{name}`", catalog.provider))
            .help(format!("it has: {}", names.join(", ")))
            .into()
    })
}

fn holders(
    catalog: &Catalog,
    name: Option<&str>,
    environment: Option<usize>,
) -> anyhow::Result<Vec<Holder>> {
    Ok(match name {
        Some(name) => vec![Holder {
            key_type: key_type(catalog, name)?,
            environment,
        }],
        None => (0..catalog.key_types.len())
            .map(|key_type| Holder {
                key_type,
                environment,
            })
            .collect(),
    })
}
