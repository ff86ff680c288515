//! Words where a command expects another one, or none, or an option.

use super::commands::{own_parts, values_at, whole_endpoint};
use super::line::{Line, own_option, quoted};
use super::{Meant, known_catalogs};
use crate::cli::files::{FileKind, Origin, read_source};
use crate::cli::meaning::{Meaning, meaning};
use crate::finding::RuleId;
use crate::model::{Catalog, Request};
use crate::source::nearest;

/// What was meant by a word that a command does not take.
pub(super) fn extra(line: &Line, word: &str) -> Meant {
    let Some(at) = line.words.iter().position(|one| one == word) else {
        return Meant::Nothing;
    };
    let command = line.command_name();
    let catalogs = known_catalogs(line);
    let pair = whole_endpoint(line, word);
    let length = 1 + usize::from(pair.is_some());
    let asked = pair.as_deref().unwrap_or(word);
    let meaning = meaning(asked, &catalogs);
    match command.as_str() {
        "recommend" => {
            let options = meaning
                .as_ref()
                .and_then(|meaning| meaning.options_of_recommend(asked));
            if let Some(mut options) = options {
                let has_provider = line.value_of(&["-p", "--provider"]).is_some();
                if has_provider && options.first().is_some_and(|word| word == "-p") {
                    options.drain(..2);
                }
                let asks = ["--endpoint", "--recipe", "--event", "--log", "--key-file"];
                if options.last().is_some_and(|word| word == "METHOD /path")
                    && line.value_of(&asks).is_some()
                {
                    options.truncate(options.len() - 2);
                }
                return Meant::Line(line.with(at, length, &options));
            }
            if let Some(Meaning::Scope { .. }) = meaning {
                return Meant::Say(format!(
                    "scopes explain {}; `recommend` takes what the job needs: --endpoint, --recipe, --event, --log or --key-file",
                    quoted(asked)
                ));
            }
            Meant::Say(
                "say what the job needs: --endpoint, --recipe, --event, --log or --key-file"
                    .to_owned(),
            )
        }
        "rule" => {
            let joined = line.words[1..].join("-").to_lowercase();
            match RuleId::parse(&joined) {
                Some(_) => Meant::Line(Line::of(["rule", &joined])),
                None => Meant::Say("`scopes rule` takes one rule at a time".to_owned()),
            }
        }
        "list" if own_parts().iter().any(|part| part == word) => {
            Meant::Say(format!("scopes show PROVIDER {word}"))
        }
        "show" => Meant::Say("`scopes show` takes a catalog and one part of it".to_owned()),
        _ => match meaning.and_then(|meaning| meaning.command(asked)) {
            Some(command) => Meant::Say(command),
            None => Meant::Say(format!("see `scopes {command} --help`")),
        },
    }
}

/// What a command lacks that was given nothing.
pub(super) fn missing(line: &Line) -> Option<String> {
    Some(
        match line.command_name().as_str() {
            "explain" => {
                "`scopes explain` takes scopes, bundles, wildcards, an event or an endpoint"
            }
            "expand" => "`scopes expand` takes scopes, bundles and wildcards",
            "show" => "`scopes show` takes a provider, or the path of a catalog",
            "import" => "`scopes import` takes a kind of document and the document",
            "completions" => "`scopes completions` takes the name of a shell",
            _ => return None,
        }
        .to_owned(),
    )
}

/// An example for a command that was given nothing.
pub(super) fn without_argument(line: &Line) -> Meant {
    let catalogs = known_catalogs(line);
    let named = line.value_of(&["-p", "--provider"]);
    let one = match (&named, catalogs.as_slice()) {
        (Some(_), [one]) => Some(one),
        _ => None,
    };
    let of = one.map_or_else(String::new, |catalog| {
        format!("-p {} ", quoted(&catalog.handle))
    });
    let (a_scope, an_endpoint) = match one {
        Some(catalog) => examples(catalog),
        None => ("pay".to_owned(), "GET /profiles".to_owned()),
    };
    Meant::Say(match line.command_name().as_str() {
        "explain" => format!(
            "for example: scopes explain {of}{}, or scopes explain {of}{}",
            quoted(&a_scope),
            quoted(&an_endpoint)
        ),
        "expand" => format!("for example: scopes expand {of}{}", quoted(&a_scope)),
        "show" => {
            let known: Vec<&str> = catalogs
                .iter()
                .map(|catalog| catalog.provider.as_str())
                .collect();
            format!(
                "known: {}; name your own catalog by its path",
                known.join(", ")
            )
        }
        "import" => "for example: scopes import openapi api.yaml -o catalog.yaml".to_owned(),
        "completions" => {
            let shells = line
                .command()
                .map(|command| values_at(&command, 0))
                .unwrap_or_default();
            format!("one of {}", shells.join(", "))
        }
        _ => return Meant::Nothing,
    })
}

/// A scope and an endpoint of a catalog.
fn examples(catalog: &Catalog) -> (String, String) {
    let scope = catalog.scopes.first().map(|scope| scope.name.clone());
    let endpoint = catalog
        .endpoints
        .ids()
        .next()
        .map(|id| catalog.endpoint_name(id));
    let any = |text: &str| text.to_owned();
    (
        scope.unwrap_or_else(|| any("SCOPE")),
        endpoint.unwrap_or_else(|| any("METHOD /path")),
    )
}

/// What was meant by a word where a part of a catalog was expected.
pub(super) fn section(line: &Line, word: &str) -> Meant {
    let parts = own_parts();
    let lower = word.to_lowercase();
    let positionals: Vec<&String> = line.words[1..]
        .iter()
        .filter(|word| !word.starts_with('-'))
        .collect();
    if let [first, second, ..] = positionals.as_slice()
        && second.as_str() == word
    {
        let first = first.to_lowercase();
        if let Some(part) = parts
            .iter()
            .find(|part| **part == first || part.trim_end_matches('s') == first)
        {
            return Meant::Line(Line::of(["show", word, part]));
        }
    }
    if let Some(part) = nearest(&lower, parts.iter().map(String::as_str)).first()
        && let Some(at) = line.words.iter().rposition(|one| one == word)
    {
        return Meant::Line(line.with(at, 1, &[(*part).to_owned()]));
    }
    let provider = positionals.first().map_or("PROVIDER", |word| word.as_str());
    let at_provider = Line::of(["explain", "-p", provider, word]);
    match meaning(word, &known_catalogs(&at_provider)) {
        Some(Meaning::Scope { .. } | Meaning::Event { .. } | Meaning::Endpoint) => {
            Meant::Line(at_provider)
        }
        Some(Meaning::Recipe { .. }) => {
            Meant::Line(Line::of(["recommend", "-p", provider, "--recipe", word]))
        }
        _ => Meant::Say(format!("its parts are {}", parts.join(", "))),
    }
}

/// What was meant by a document where its kind was expected.
pub(super) fn kind_of_document(line: &Line, word: &str) -> Meant {
    let kinds = line
        .command()
        .map(|command| values_at(&command, 0))
        .unwrap_or_default();
    let path = std::path::Path::new(word);
    let source = read_source(path, FileKind::Specification, Origin::Found)
        .ok()
        .and_then(Result::ok);
    let kind = source.and_then(|source| {
        let fields = source.top_fields();
        let has = |names: &[&str]| fields.iter().any(|field| names.contains(&field.as_str()));
        if has(&["openapi", "swagger"]) {
            Some("openapi")
        } else if has(&["discoveryVersion", "rootUrl"]) {
            Some("google")
        } else if has(&["permissions"]) {
            Some("msgraph")
        } else {
            None
        }
    });
    match kind {
        Some(kind) => Meant::Line(line.behind_command(&[kind.to_owned()])),
        None => {
            let near = nearest(&word.to_lowercase(), kinds.iter().map(String::as_str))
                .first()
                .copied();
            let is_openapi =
                word.to_lowercase().starts_with("swagger") || word.to_lowercase() == "oas";
            match near.or(is_openapi.then_some("openapi")) {
                Some(best) => Meant::Say(format!("did you mean `{best}`?")),
                None => Meant::Say(format!(
                    "the kind comes first, one of {}: {}",
                    kinds.join(", "),
                    if line.command().is_some_and(|one| one.get_name() == "schema") {
                        "scopes schema KIND"
                    } else {
                        "scopes import KIND SPEC"
                    }
                )),
            }
        }
    }
}

/// An endpoint that was given as an environment: where the command takes it.
pub(super) fn endpoint_as_environment(line: &Line, argument: &str, value: &str) -> Meant {
    let (Some(command), Some(name)) = (line.command(), argument.split(' ').next()) else {
        return Meant::Nothing;
    };
    let short = match name {
        "--environment" => "-e",
        name => name,
    };
    let typed = line.option(name).or_else(|| line.option(short));
    let typed = typed.filter(|typed| typed.value.as_deref() == Some(value));
    let Some(typed) = typed else {
        return Meant::Nothing;
    };
    let length = 1 + usize::from(typed.is_apart);
    let endpoint = match Request::parse(value) {
        Some(_) => value.to_owned(),
        None => format!("GET {value}"),
    };
    if own_option(&command, "endpoint").is_some() {
        return Meant::Line(line.with(typed.at, length, &["--endpoint".to_owned(), endpoint]));
    }
    match command.get_name() {
        "explain" => Meant::Line(line.with(typed.at, length, &[endpoint])),
        _ => Meant::Say(format!(
            "to see what it needs: scopes explain {}; in a key file, list it under `needs.endpoints`",
            quoted(&endpoint)
        )),
    }
}
