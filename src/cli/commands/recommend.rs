//! `scopes recommend`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};

use crate::cli::catalogs::Catalogs;
use crate::cli::key::{ReadKey, granted, read_key};
use crate::cli::lookup::in_environment;
use crate::cli::needs::{Asked, NeedArgs};
use crate::cli::session::{Session, lines};
use crate::cli::status::Status;
use crate::cli::target::TargetArgs;
use crate::cli::traffic::observe;
use crate::cli::user_error::UserError;
use crate::model::{
    Catalog, EnvironmentId, Key, KeyEnvironment, KeyTypeId, Need, NeedKind, ScopeSet,
};
use crate::recommend::{Recommendation, Wanted, recommend};
use crate::render::recommendation::{
    self, Place, Proposal, RecommendQuestion, Traffic, exists_in, places,
};
use crate::source::{Syntax, spelt_out};

#[derive(Debug, Args)]
pub(in crate::cli) struct RecommendArgs {
    #[command(flatten)]
    target: TargetArgs,
    #[command(flatten)]
    needs: NeedArgs,
    /// A key file: what to add, remove and keep
    #[arg(long, value_name = "FILE", conflicts_with = "provider")]
    key_file: Option<PathBuf>,
    /// Also list reads that are opened but not needed
    #[arg(long)]
    excess: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t = RecommendFormat::Table)]
    format: RecommendFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RecommendFormat {
    Table,
    Json,
    Yaml,
    Lines,
}

/// What is asked for, once the catalog is known.
struct Question {
    catalog: Arc<Catalog>,
    subject: String,
    environment: Option<EnvironmentId>,
    environment_name: Option<String>,
    key_type: Option<KeyTypeId>,
    /// What is needed in the environment that the answer is for.
    wanted: Vec<Wanted>,
    /// What is needed wherever it exists.
    everywhere: Vec<Wanted>,
    /// The environments that a key file names: the one that was asked for, those of the key, or none yet.
    places: Vec<Place>,
    /// The endpoints that the catalog does not have, as they were asked for.
    unknown: Vec<String>,
    /// The key, where a file was given.
    key: Option<Key>,
    has: Option<ScopeSet>,
    /// Whether the key file names something that is not known.
    has_unknown: bool,
    /// The endpoints that were asked for with a query that no mode states.
    dropped_queries: Vec<String>,
}

pub(in crate::cli) fn run(
    args: &RecommendArgs,
    catalogs: &Catalogs,
    session: &mut Session,
) -> anyhow::Result<Status> {
    let mut question = match &args.key_file {
        Some(path) => of_key(args, path, catalogs, session)?,
        None => of_arguments(args, catalogs)?,
    };
    let catalog = Arc::clone(&question.catalog);
    session.judged_by(&catalog.edition());
    let Asked {
        wanted,
        unknown,
        dropped_queries,
    } = args.needs.asked(&catalog)?;
    let mut asked_for = wanted;
    question.dropped_queries = dropped_queries;
    for refusal in &unknown {
        session.complain(&refusal.message, refusal.help.as_deref());
    }
    let mut observed = observe(&args.needs.log, &catalog)?;
    let requests = args
        .needs
        .endpoint
        .iter()
        .filter_map(|text| catalog.request(text));
    for request in requests.filter(|request| catalog.find(request).is_err()) {
        observed.traffic.unmatched.push((request.to_string(), 1));
        question.unknown.push(request.to_string());
    }
    asked_for.extend(observed.endpoints.iter().map(|index| Wanted {
        kind: NeedKind::Endpoint(*index),
        recipe: None,
        inferred: false,
        default_mode: observed.open_modes.contains(index),
    }));
    question.wanted.extend(asked_for.iter().cloned());
    question.everywhere.extend(asked_for);
    let others = other_places(args, &mut question);
    if question.wanted.is_empty() && args.needs.log.is_empty() && unknown.is_empty() {
        return Err(UserError::new(
            "no needs given: use --endpoint, --recipe, --event, --log, or a --key-file with needs",
        )
        .help("for example: scopes recommend -p paxos --recipe mint")
        .into());
    }
    let answer = recommend(
        &catalog,
        question.key_type,
        question.environment,
        &question.wanted,
        question.has.as_ref(),
    );
    if catalog.key_types.len() > 1 && args.key_file.is_none() {
        let noun = catalog.key_types[answer.holder.key_type].noun();
        question.subject = format!("{}, {noun}", question.subject);
    }
    session.out = write(
        args,
        &question,
        &answer,
        &observed.traffic,
        &others,
        session,
    )?;
    say_what_is_unmet(args, &question, &answer, session);
    // The status depends on the answer for one environment, in every format.
    let is_feasible = answer.feasible && !answer.needs.is_empty();
    let is_unknown = question.has_unknown || !unknown.is_empty();
    Ok(Status::found_if(!is_feasible || is_unknown))
}

/// Reports unmet needs on standard error if the output format does not include them.
fn say_what_is_unmet(
    args: &RecommendArgs,
    question: &Question,
    answer: &Recommendation,
    session: &mut Session,
) {
    let is_silent = matches!(args.format, RecommendFormat::Yaml | RecommendFormat::Lines);
    let unmet = answer.needs.iter().filter(|(_, met)| !met.is_met());
    let catalog = &question.catalog;
    let names: Vec<String> = unmet
        .map(|(need, _)| format!("`{}`", catalog.need_name(need.kind)))
        .collect();
    if is_silent && !names.is_empty() {
        let place = answer.holder.environment;
        let place = place.map_or_else(String::new, |index| {
            format!(" in {}", catalog.environments[index].name)
        });
        let message = format!("nothing meets {}{place}", names.join(", "));
        session.complain(&message, Some("without --format the answer says why"));
    }
}

/// Fills in the environments of a key file that is not for one alone, and returns the names of those that the answer is not
/// for.
fn other_places(args: &RecommendArgs, question: &mut Question) -> Vec<String> {
    if args.key_file.is_some() || args.target.environment.is_some() {
        return Vec::new();
    }
    question.places = places(&question.catalog, &question.everywhere);
    let others = question.places.iter();
    let others = others.filter(|place| place.index != question.environment);
    let names = others.filter_map(|place| place.name.clone()).collect();
    if question.places.is_empty() {
        let index = question.environment;
        let name = index.map(|index| question.catalog.environments[index].name.clone());
        question.places.push(Place {
            name,
            index,
            needs: Vec::new(),
        });
    }
    names
}

fn write(
    args: &RecommendArgs,
    question: &Question,
    answer: &Recommendation,
    traffic: &Traffic,
    others: &[String],
    session: &mut Session,
) -> anyhow::Result<String> {
    let catalog = &question.catalog;
    Ok(match args.format {
        RecommendFormat::Table => recommendation::text(
            &RecommendQuestion {
                catalog,
                subject: &question.subject,
                answer,
                has: question.has.as_ref(),
                key_type_named: question.key_type.is_some(),
                traffic,
                dropped_queries: &question.dropped_queries,
                others,
                excess: args.excess,
            },
            session.style,
        ),
        RecommendFormat::Json => recommendation::json(
            catalog,
            answer,
            question.environment_name.as_deref(),
            traffic,
            &question.dropped_queries,
        ),
        // No set is given where the needs exclude each other.
        RecommendFormat::Lines | RecommendFormat::Yaml if answer.exclusion.is_some() => {
            String::new()
        }
        RecommendFormat::Lines => {
            let scopes = answer.scopes.iter();
            let names: BTreeSet<&str> = scopes.map(|one| catalog.name(one.scope)).collect();
            let names: Vec<&str> = names.into_iter().collect();
            lines(&names, session)
        }
        RecommendFormat::Yaml => spelt_out(&key_file(args, question, answer)?, Syntax::Yaml),
    })
}

/// The key file of the answer: where no environment was named, with each in which something that is needed exists.
fn key_file(
    args: &RecommendArgs,
    question: &Question,
    answer: &Recommendation,
) -> anyhow::Result<String> {
    let catalog = &question.catalog;
    let proposal = Proposal {
        catalog,
        provider: match &question.key {
            Some(key) => &key.provider,
            None => args.target.provider.as_deref().unwrap_or(&catalog.handle),
        },
        name: question.key.as_ref().map(|key| key.name.as_str()),
        owner: None,
        purpose: None,
        key_type: answer.holder.key_type,
        needs: &question.everywhere,
        unknown: &question.unknown,
        places: &question.places,
    };
    Ok(proposal.write()?)
}

/// The question of a command line without a key file.
fn of_arguments(args: &RecommendArgs, catalogs: &Catalogs) -> anyhow::Result<Question> {
    let catalog = match &args.target.provider {
        Some(name) => catalogs.named(name, None)?,
        None => args.needs.infer(catalogs)?,
    };
    let target = args.target.resolve(&catalog)?;
    let production = || {
        catalog
            .environments
            .find_id(|environment| environment.production)
    };
    let environment = match &args.target.environment {
        Some(_) => target.environment,
        None => production(),
    };
    // The first line says which environment it answers for, also where nobody named one.
    let known = environment.map(|index| catalog.environments[index].name.clone());
    let subject = match args.target.environment.clone().or(known) {
        Some(name) => format!("{}, {name}", catalog.provider),
        None => catalog.provider.clone(),
    };
    Ok(Question {
        catalog,
        subject,
        places: match &args.target.environment {
            Some(name) => vec![Place {
                name: environment.is_some().then(|| name.clone()),
                index: environment,
                needs: Vec::new(),
            }],
            None => Vec::new(),
        },
        environment,
        environment_name: args.target.environment.clone(),
        key_type: target.key_type,
        wanted: Vec::new(),
        everywhere: Vec::new(),
        unknown: Vec::new(),
        key: None,
        has: None,
        has_unknown: false,
        dropped_queries: Vec::new(),
    })
}

/// The question of a key file: its needs in one environment, against what it has there.
fn of_key(
    args: &RecommendArgs,
    path: &Path,
    catalogs: &Catalogs,
    session: &mut Session,
) -> anyhow::Result<Question> {
    let ReadKey {
        catalog,
        mut key,
        has_unknown,
    } = read_key(path, catalogs, session)?;
    // Which environments the key has decides which needs apply in one of them.
    let environment = match &args.target.environment {
        Some(name) if key.environments.is_empty() => {
            key = in_environment(key, &catalog, name)?;
            key.environments.first()
        }
        Some(name) => {
            let one = in_environment(key.clone(), &catalog, name)?;
            let at = one
                .environments
                .first()
                .map(|environment| environment.at.clone());
            key.environments
                .iter()
                .find(|environment| Some(&environment.at) == at.as_ref())
        }
        None => environment_of(&key, &catalog)?,
    };
    let mut has = catalog.empty_set();
    for grant in granted(&key, environment) {
        has.union_with(&grant.members);
    }
    let index = environment.and_then(|environment| environment.index);
    let local = environment.map_or(&[][..], |environment| &environment.needs);
    // A need of the whole key applies where its endpoint exists. If it exists nowhere, keep the need, so that it is
    // reported as unmet.
    let is_usable = |kind, environment| exists_in(&catalog, kind, environment);
    let is_elsewhere = |kind: NeedKind| {
        let mut others = key.environments.iter();
        !is_usable(kind, index) && others.any(|other| is_usable(kind, other.index))
    };
    let everywhere = key.needs.iter().filter(|need| !is_elsewhere(need.kind));
    let wanted_of = |need: &Need| Wanted {
        kind: need.kind,
        recipe: need.recipe,
        inferred: catalog.is_inferred(need.recipe, need.kind),
        default_mode: false,
    };
    let wanted = everywhere.chain(local).map(wanted_of).collect();
    let sections = key.environments.iter();
    let is_asked = |one: &&KeyEnvironment| {
        args.target.environment.is_none() || environment.is_some_and(|asked| asked.name == one.name)
    };
    let mut places: Vec<Place> = sections
        .filter(is_asked)
        .map(|one| Place {
            name: Some(one.name.clone()),
            index: one.index,
            needs: one.needs.iter().map(wanted_of).collect(),
        })
        .collect();
    if places.is_empty() {
        places.push(Place {
            name: None,
            index: None,
            needs: Vec::new(),
        });
    }
    let subject = match environment {
        Some(environment) => format!("{}/{}, {}", catalog.provider, key.name, environment.name),
        None => format!("{}/{}", catalog.provider, key.name),
    };
    let key_type = args.target.key_type_of(&key, &catalog)?;
    Ok(Question {
        subject,
        environment: index,
        environment_name: environment.map(|environment| environment.name.clone()),
        key_type: Some(key_type),
        wanted,
        everywhere: key.needs.iter().map(wanted_of).collect(),
        places,
        catalog,
        unknown: Vec::new(),
        key: Some(key),
        has: Some(has),
        has_unknown,
        dropped_queries: Vec::new(),
    })
}

/// The environment of a key that is asked about: the one for production, else the only one.
fn environment_of<'a>(
    key: &'a Key,
    catalog: &Catalog,
) -> anyhow::Result<Option<&'a KeyEnvironment>> {
    let names: Vec<&str> = key
        .environments
        .iter()
        .map(|environment| environment.name.as_str())
        .collect();
    let is_production = |environment: &&KeyEnvironment| {
        environment
            .index
            .is_some_and(|index| catalog.environments[index].production)
    };
    match (
        key.environments.iter().find(is_production),
        key.environments.as_slice(),
    ) {
        (Some(found), _) | (None, [found]) => Ok(Some(found)),
        (None, []) => Ok(None),
        (None, _) => Err(UserError::new(
            "the key has several environments, and none is marked as production",
        )
        .help(format!("choose one with -e: {}", names.join(", ")))
        .into()),
    }
}
