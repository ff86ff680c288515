//! SARIF 2.1.0, as code scanning reads it: own structs for the part of the format that is used.

use std::ops::Range;

use serde::Serialize;

use super::{Report, splices_of};
use crate::finding::{FarPlace, Finding, Level};
use crate::lint::{Accepted, CheckedFile, RULES, Rule, level};
use crate::model::Edition;
use crate::render::json::{Each, text_of};
use crate::source::{Place, SourceMap, Splice};

/// Where the rules are described.
const HOME: &str = "https://github.com/OWNER/scopes";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    invocations: [Invocation; 1],
    original_uri_base_ids: Bases,
    results: Each<'a, Result>,
    column_kind: &'static str,
}

#[derive(Serialize)]
struct Bases {
    #[serde(rename = "SRCROOT")]
    root: Base,
}

#[derive(Serialize)]
struct Base {
    description: Message,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_execution_notifications: Vec<Notification>,
}

/// Something that could not be checked.
#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Message,
}

fn notification(refused: &str) -> Notification {
    Notification {
        level: "error",
        message: Message {
            text: refused.to_owned(),
        },
    }
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
    /// The catalogs, which contain the facts that the rules use.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    extensions: Vec<Extension>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Extension {
    name: String,
    full_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    properties: CatalogProperties,
}

#[derive(Serialize)]
struct CatalogProperties {
    handle: String,
    digest: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    full_name: String,
    semantic_version: &'static str,
    information_uri: &'static str,
    rules: Vec<Described>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Described {
    id: &'static str,
    name: String,
    short_description: Message,
    full_description: Message,
    help: Help,
    help_uri: String,
    default_configuration: Configuration,
    properties: Properties,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Properties {
    tags: [&'static str; 2],
    #[serde(rename = "security-severity", skip_serializing_if = "Option::is_none")]
    security_severity: Option<&'static str>,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Result {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
    /// Never omitted: in SARIF, an empty list says that nothing suppresses the result.
    suppressions: Vec<Suppression>,
}

#[derive(Serialize)]
struct Fingerprints {
    #[serde(rename = "scopes/v1")]
    first: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Suppression {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(clippy::struct_field_names, reason = "the format names them so")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: Physical,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<Logical>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    uri_base_id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Logical {
    fully_qualified_name: String,
    kind: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix {
    description: Message,
    artifact_changes: [Change; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    #[serde(skip_serializing_if = "Option::is_none")]
    inserted_content: Option<Message>,
}

/// The report as a SARIF log. Accepted findings are in it, with what accepts them.
pub fn sarif(report: &Report) -> String {
    let has_baseline = report.gone.is_some();
    let files = report.checked.iter().filter(|file| file.is_spoken_of());
    let results = files.flat_map(move |file| results_of(file, has_baseline));
    let log = Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "scopes",
                    full_name: format!("scopes {}", env!("CARGO_PKG_VERSION")),
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    information_uri: HOME,
                    rules: RULES.iter().map(described).collect(),
                },
                extensions: report.catalogs.iter().map(extension).collect(),
            },
            invocations: [Invocation {
                execution_successful: report.refused.is_empty(),
                tool_execution_notifications: report
                    .refused
                    .iter()
                    .map(|one| notification(one))
                    .collect(),
            }],
            original_uri_base_ids: Bases {
                root: Base {
                    description: Message {
                        text: "The root of the repository.".to_owned(),
                    },
                },
            },
            results: Each::of(results),
            column_kind: "unicodeCodePoints",
        }],
    };
    text_of(&log)
}

/// The findings of a file, and those that are accepted with what accepts them.
fn results_of(file: &CheckedFile, has_baseline: bool) -> impl Iterator<Item = Result> {
    let located = file.source.source_map();
    let findings = file.findings.iter().map(|finding| (finding, None));
    let accepted = file.accepted.iter();
    let accepted = accepted.map(|accepted| (&accepted.finding, Some(accepted)));
    let all: Vec<(&Finding, Option<&Accepted>)> = findings.chain(accepted).collect();
    let of = |range: Range<usize>| {
        let findings: Vec<&Finding> = all[range].iter().map(|(finding, _)| *finding).collect();
        splices_of(&located, &findings, |_, fix| fix.safe)
    };
    // Accepted findings are never fixed, so compute their splices separately.
    let mut splices = of(0..file.findings.len());
    splices.extend(of(file.findings.len()..all.len()));
    all.into_iter()
        .zip(splices)
        .map(move |((finding, accepted), splices)| {
            let place = Placed {
                name: &file.far_name,
                located: &located,
            };
            place.result(finding, splices, accepted, has_baseline)
        })
}

fn extension(edition: &Edition) -> Extension {
    Extension {
        name: edition.provider.clone(),
        full_name: edition.to_string(),
        version: edition.verified.clone(),
        properties: CatalogProperties {
            handle: edition.handle.clone(),
            digest: edition.digest.as_str().to_owned(),
        },
    }
}

fn described(rule: &Rule) -> Described {
    // Viewers expect the name in PascalCase.
    let name = rule.id.name().split('-').map(|part| {
        let (first, rest) = part.split_at(1);
        format!("{}{rest}", first.to_uppercase())
    });
    Described {
        id: rule.id.name(),
        name: name.collect(),
        short_description: Message {
            text: rule.summary().to_owned(),
        },
        full_description: Message {
            text: rule.section("What it finds").replace('\n', " "),
        },
        help: Help {
            text: rule.page.to_owned(),
            markdown: rule.page.to_owned(),
        },
        help_uri: format!(
            "{HOME}/blob/main/src/lint/rules/{}.md",
            rule.id.name().replace('-', "_")
        ),
        default_configuration: Configuration {
            level: rule.id.level().name(),
        },
        properties: Properties {
            tags: ["security", rule.id.group().name()],
            security_severity: match rule.id.level() {
                Level::Error => Some("7.0"),
                Level::Warning => Some("5.0"),
                Level::Note => None,
            },
        },
    }
}

struct Placed<'a> {
    name: &'a str,
    located: &'a SourceMap<'a>,
}

impl Placed<'_> {
    fn result(
        &self,
        finding: &Finding,
        splices: Option<Vec<Splice>>,
        accepted: Option<&Accepted>,
        has_baseline: bool,
    ) -> Result {
        let mut text = sentence(&finding.message);
        for more in finding.notes.iter().chain(&finding.advice()) {
            text.push_str("\n\n");
            text.push_str(&sentence(more));
        }
        let related = finding.related.iter().enumerate();
        let far = finding.elsewhere.iter().enumerate();
        let far = far.map(|(index, place)| (finding.related.len() + index, place));
        let baseline_state = match accepted {
            _ if !has_baseline => None,
            Some(accepted) if accepted.by.by_baseline => Some("unchanged"),
            _ => Some("new"),
        };
        Result {
            rule_id: finding.rule.name(),
            rule_index: finding.rule as usize,
            level: level(finding).name(),
            message: Message { text },
            locations: [self.location(&finding.place, None)],
            related_locations: related
                .map(|(index, (place, label))| self.location(place, Some((index + 1, label))))
                .chain(far.map(|(index, place)| far_location(place, index + 1)))
                .collect(),
            partial_fingerprints: Fingerprints {
                first: finding.fingerprint.clone(),
            },
            fixes: self.fix(finding, splices).into_iter().collect(),
            baseline_state,
            suppressions: accepted.map(suppression).into_iter().collect(),
        }
    }

    fn location(&self, place: &Place, related: Option<(usize, &String)>) -> Location {
        let span = self.located.span(place);
        let mut region = self.region(span.clone());
        if !span.is_empty() {
            let text = self.located.text()[span].to_owned();
            region.snippet = Some(Message { text });
        }
        let logical = place.path().filter(|path| !path.0.is_empty());
        Location {
            id: related.map(|(id, _)| id),
            physical_location: Physical {
                artifact_location: self.artifact(),
                region,
            },
            logical_locations: logical
                .map(|path| Logical {
                    fully_qualified_name: path.to_string(),
                    kind: "member",
                })
                .into_iter()
                .collect(),
            message: related.map(|(_, label)| Message {
                text: sentence(label),
            }),
        }
    }

    fn artifact(&self) -> ArtifactLocation {
        artifact(self.name)
    }

    fn region(&self, span: Range<usize>) -> Region {
        let start = self.located.position(span.start);
        let end = self.located.position(span.end);
        Region {
            start_line: start.line,
            start_column: start.column,
            end_line: end.line,
            end_column: end.column,
            snippet: None,
        }
    }

    fn fix(&self, finding: &Finding, splices: Option<Vec<Splice>>) -> Option<Fix> {
        let fix = finding.fix.as_ref()?;
        let replacements = splices?.into_iter().map(|splice| Replacement {
            deleted_region: self.region(splice.range),
            inserted_content: (!splice.text.is_empty()).then_some(Message { text: splice.text }),
        });
        Some(Fix {
            description: Message {
                text: sentence(&fix.message),
            },
            artifact_changes: [Change {
                artifact_location: self.artifact(),
                replacements: replacements.collect(),
            }],
        })
    }
}

fn artifact(name: &str) -> ArtifactLocation {
    ArtifactLocation {
        uri: uri(name),
        uri_base_id: "SRCROOT",
    }
}

/// A place in another file than its finding's.
fn far_location(place: &FarPlace, id: usize) -> Location {
    Location {
        id: Some(id),
        physical_location: Physical {
            artifact_location: artifact(&place.far_name),
            region: Region {
                start_line: place.start.line,
                start_column: place.start.column,
                end_line: place.end.line,
                end_column: place.end.column,
                snippet: None,
            },
        },
        logical_locations: Vec::new(),
        message: Some(Message {
            text: sentence(&place.label),
        }),
    }
}

fn suppression(accepted: &Accepted) -> Suppression {
    let by = &accepted.by;
    let parts = [
        by.reason.clone(),
        by.owner.as_ref().map(|owner| format!("owner: {owner}")),
        by.until.as_ref().map(|until| format!("until {until}")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    Suppression {
        kind: if by.by_baseline {
            "external"
        } else {
            "inSource"
        },
        justification: (!parts.is_empty()).then(|| parts.join("; ")),
    }
}

/// A message as a sentence, with its capital and its dot, which viewers of the format expect.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    let mut sentence = first.unwrap_or_default() + letters.as_str();
    if !sentence.ends_with(['.', '?', '!']) {
        sentence.push('.');
    }
    sentence
}

/// A path as a relative URI reference, percent-encoded.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let digits = format!("%{byte:02X}");
            uri.push_str(&digits);
        }
    }
    uri
}
