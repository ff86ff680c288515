//! `scopes explain`.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};

use crate::cli::catalogs::Catalogs;
use crate::cli::guess::guess;
use crate::cli::key::{ReadKey, granted, read_key};
use crate::cli::lookup::{in_environment, no_endpoint};
use crate::cli::meaning::{Meaning, of_file};
use crate::cli::query::{
    Arguments, Asked, Names, arguments, ask, look_up, report_unknown, unknown_or,
};
use crate::cli::session::Session;
use crate::cli::status::Status;
use crate::cli::target::TargetArgs;
use crate::cli::usage::quoted;
use crate::cli::user_error::UserError;
use crate::explain::{SetReport, Target, TargetReport, Written, explain_set, explain_target};
use crate::model::{Catalog, EnvironmentId, Holder, KeyEnvironment, Request};
use crate::render::Style;
use crate::render::explanation::{
    self, Explanation, SetQuestion, TargetQuestion, set, target, verdict,
};

#[derive(Debug, Args)]
pub(in crate::cli) struct ExplainArgs {
    /// Scopes, bundles, wildcards, endpoints as 'METHOD /path', and events; `-` reads standard input
    #[arg(value_name = "X", required_unless_present = "key_file")]
    names: Vec<String>,
    #[command(flatten)]
    target: TargetArgs,
    /// Explain a key file instead of scopes
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// Output format
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

pub(in crate::cli) fn run(
    args: &ExplainArgs,
    catalogs: &Catalogs,
    session: &mut Session,
) -> anyhow::Result<Status> {
    let arguments = arguments(&args.names)?;
    if let Some(path) = &args.key_file {
        return explain_key(args, path, arguments, catalogs, session);
    }
    let asked = match ask(
        arguments,
        args.target.provider.as_deref(),
        Names::ScopesAndEvents,
        catalogs,
    ) {
        Ok(asked) => asked,
        Err(error) => return unknown_or(error, session),
    };
    // A key file in place of scopes brings its own.
    if let Some(refusal) = key_file_among(&asked) {
        return Err(refusal.into());
    }
    // A single name of something else is a question for another command.
    if asked.written.is_empty()
        && asked.requests.is_empty()
        && asked.events.is_empty()
        && let Some(name) = asked.unknown.first()
    {
        let guess = guess(name, &[Arc::clone(&asked.catalog)]);
        if guess.is_other {
            return Err(guess.refusal.into());
        }
    }
    session.judged_by(&asked.catalog.edition());
    let target = args.target.resolve(&asked.catalog)?;
    let case = Case {
        subject: asked.catalog.provider.clone(),
        environment: args.target.environment.clone(),
        holders: target.holders(&asked.catalog),
        written: asked.written.clone(),
    };
    let with_set = !asked.written.is_empty() || !asked.unknown.is_empty();
    let status = answer(args, &asked, &[case], with_set, session);
    report_unknown(&asked, session);
    Ok(status.max(Status::found_if(!asked.unknown.is_empty())))
}

/// What to say where a key file is named without the option for it, beside nothing but endpoints and events.
fn key_file_among(asked: &Asked) -> Option<UserError> {
    let [file] = asked.unknown.as_slice() else {
        return None;
    };
    if !asked.written.is_empty() || of_file(file) != Some(Meaning::KeyFile) {
        return None;
    }
    let mut help = format!("scopes explain --key-file {}", quoted(file));
    let events = asked.events.iter();
    let events = events.map(|event| asked.catalog.events[*event].name.clone());
    for target in asked.requests.iter().map(Request::to_string).chain(events) {
        help = format!("{help} {}", quoted(&target));
    }
    Some(UserError::new(format!("`{file}` is a file, not a scope")).help(help))
}

fn explain_key(
    args: &ExplainArgs,
    path: &std::path::Path,
    arguments: Arguments,
    catalogs: &Catalogs,
    session: &mut Session,
) -> anyhow::Result<Status> {
    let ReadKey {
        catalog,
        mut key,
        has_unknown,
    } = read_key(path, catalogs, session)?;
    let asked = look_up(arguments, Names::ScopesAndEvents, Arc::clone(&catalog));
    let beside = asked
        .written
        .iter()
        .map(|one| &one.name)
        .chain(&asked.unknown);
    if let Some(text) = beside.into_iter().next() {
        return Err(UserError::new(format!(
            "`{text}` cannot be combined with `--key-file`, which has its own scopes"
        ))
        .help("with a key file, name only an endpoint or an event: 'METHOD /path'")
        .into());
    }
    if let Some(name) = &args.target.environment {
        key = in_environment(key, &catalog, name)?;
    }
    let mut environments: Vec<Option<&KeyEnvironment>> =
        key.environments.iter().map(Some).collect();
    if environments.is_empty() {
        environments.push(None);
    }
    let key_type = args.target.key_type_of(&key, &catalog)?;
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
    let status = answer(args, &asked, &cases, true, session);
    Ok(status.max(Status::found_if(has_unknown)))
}

/// The answer to a command line, built up step by step.
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
    /// What was asked about beside the set; `None` for what the set opens.
    targets: Option<Vec<TargetReport>>,
    notes: Vec<String>,
}

/// An endpoint or an event that was asked about: in each mode that the question leaves open.
struct Asking {
    targets: Vec<Target>,
    /// What the request gets where it leaves the mode open.
    gets: Target,
    /// The environment that the host of a URL names.
    environment: Option<EnvironmentId>,
    notes: Vec<String>,
}

fn answer(
    args: &ExplainArgs,
    asked: &Asked,
    cases: &[Case],
    with_set: bool,
    session: &mut Session,
) -> Status {
    let mut answer = Answer {
        catalog: &asked.catalog,
        with_set,
        tables: Vec::new(),
        parts: Vec::new(),
        status: Status::Clean,
    };
    let mut asking: Vec<Asking> = Vec::new();
    for request in &asked.requests {
        match ask_about(&asked.catalog, request) {
            Ok(one) => asking.push(one),
            Err(refusal) => {
                session.complain(&refusal.message, refusal.help.as_deref());
                answer.status = Status::Found;
            }
        }
    }
    asking.extend(asked.events.iter().map(|event| Asking {
        targets: vec![Target::Event(*event)],
        gets: Target::Event(*event),
        environment: None,
        notes: Vec::new(),
    }));
    let is_about_the_set = asked.requests.is_empty() && asked.events.is_empty();
    for case in cases {
        if is_about_the_set {
            answer.opened_by(case, args, session.style);
        }
        for one in &asking {
            answer.needed_by(case, one, args, session.style);
        }
    }
    let explanation = |part| explanation(answer.catalog, part, &asked.unknown);
    let explained: Vec<Explanation<'_>> = answer.parts.iter().map(explanation).collect();
    session.out = match args.format {
        ExplainFormat::Table => answer.tables.join("\n"),
        ExplainFormat::Json => explanation::json(&explained),
        ExplainFormat::Markdown => explanation::markdown(&explained),
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
        targets: part.targets.as_deref(),
        notes: &part.notes,
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
                key_type_named: args.target.key_type.is_some(),
                reports: &reports,
            };
            self.tables.push(set(&question, style));
        }
        self.parts.extend(reports.into_iter().map(|set| Part {
            holder: set.holder,
            environment: case.environment.clone(),
            set,
            targets: None,
            notes: Vec::new(),
        }));
    }

    /// What an endpoint or an event needs, and where a set was given, what it says to the set.
    fn needed_by(&mut self, case: &Case, asking: &Asking, args: &ExplainArgs, style: Style) {
        let catalog = self.catalog;
        let mut members = catalog.empty_set();
        for written in &case.written {
            members.union_with(&written.members);
        }
        let mut holders = case.holders.clone();
        if let (None, Some(index)) = (&case.environment, asking.environment) {
            for holder in &mut holders {
                holder.environment = Some(index);
            }
        }
        let explain = |target: &Target| explain_target(catalog, *target, &holders, &members);
        let gets = explain(&asking.gets);
        let reports: Vec<TargetReport> = if self.with_set {
            vec![gets.clone()]
        } else {
            asking.targets.iter().map(explain).collect()
        };
        let question = TargetQuestion {
            catalog,
            reports: &reports,
            environment: case.environment.as_deref(),
            notes: &asking.notes,
        };
        let is_yes = if self.with_set {
            gets.verdicts.iter().any(|(_, verdict)| verdict.may())
        } else {
            gets.is_possible()
        };
        self.status = self.status.max(Status::found_if(!is_yes));
        self.tables.push(if self.with_set {
            let what = match (args.key_file.is_some(), &case.environment) {
                (true, Some(name)) => format!("this key in {name}"),
                (true, None) => "this key".to_owned(),
                (false, _) => "this set".to_owned(),
            };
            verdict(&question, &members, &what, style)
        } else {
            target(&question, style)
        });
        self.parts.extend(holders.into_iter().map(|holder| Part {
            holder,
            environment: case.environment.clone(),
            set: explain_set(catalog, holder, &case.written),
            targets: Some(reports.clone()),
            notes: asking.notes.clone(),
        }));
    }
}

/// The endpoint that a request asks about; otherwise why there is none.
fn ask_about(catalog: &Catalog, request: &Request) -> Result<Asking, UserError> {
    let found = catalog
        .find(request)
        .map_err(|why| no_endpoint(catalog, request, &why))?;
    let mut notes = Vec::new();
    if found.drops_query {
        let name = catalog.endpoint_name(found.gets);
        notes.push(format!(
            "no mode of {name} has a query, so the query was ignored"
        ));
    }
    let only = catalog.environments_of(&request.target).and_then(|mask| {
        let mut all = mask.iter();
        let first = all.next()?;
        all.next().is_none().then_some(first)
    });
    Ok(Asking {
        targets: found
            .asked_about()
            .into_iter()
            .map(Target::Endpoint)
            .collect(),
        gets: Target::Endpoint(found.gets),
        environment: only,
        notes,
    })
}
