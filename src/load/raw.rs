//! The two file formats as serde sees them: one struct for each mapping, nothing resolved.
//!
//! No untagged enums and no flattened structs: both lose the place of an error and its useful message.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};

use super::endpoint_name::methods_named;
use crate::model::Array;
use crate::source::{Date, Entries, NameList, Names};

/// A catalog file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawCatalog {
    pub(super) provider: Option<String>,
    pub(super) title: Option<String>,
    pub(super) extends: Option<String>,
    pub(super) sources: Option<Vec<RawSource>>,
    pub(super) note: Option<String>,
    pub(super) manage: Option<String>,
    pub(super) responses: Entries<RawResponse>,
    pub(super) key_types: Entries<RawKeyType>,
    pub(super) environments: Entries<RawEnvironment>,
    pub(super) modes: Option<Vec<String>>,
    pub(super) paths: Option<RawPaths>,
    /// How the names of scopes, bundles, wildcards and events are compared.
    pub(super) names: Option<RawPaths>,
    /// How the import that wrote the file read arrays of scopes.
    pub(super) reading: Option<RawReading>,
    /// False while nobody has looked at what an import derived.
    pub(super) reviewed: Option<bool>,
    /// What the import that wrote the file read, and with which options.
    pub(super) imported: Option<RawImported>,
    pub(super) scopes: Entries<RawScope>,
    pub(super) retired: Entries<Names>,
    pub(super) bundles: Entries<RawBundle>,
    pub(super) wildcards: RawWildcards,
    pub(super) endpoints: Entries<RawEndpoint>,
    pub(super) events: Entries<RawRequirement>,
    pub(super) recipes: Entries<RawRecipe>,
    pub(super) combinations: Option<Vec<Option<RawCombination>>>,
    pub(super) conflicts: Option<Vec<Option<RawConflict>>>,
    /// The names by which SDKs and manifests call endpoints.
    pub(super) operations: Entries<String>,
    pub(super) examples: Option<Vec<Option<RawExample>>>,
    pub(super) allow: Option<Vec<Option<RawAllowance>>>,
    /// The JSON Schema that editors use for the file.
    #[serde(rename = "$schema")]
    pub(super) schema: Option<String>,
}

impl RawCatalog {
    /// How many entries its sections have in all.
    pub(super) fn entries(&self) -> usize {
        fn items<V>(list: Option<&Vec<V>>) -> usize {
            list.map_or(0, Vec::len)
        }
        let names = self.endpoints.0.iter();
        let endpoints: usize = names.map(|(name, _)| methods_named(name)).sum();
        self.scopes.0.len()
            + self.retired.0.len()
            + self.bundles.0.len()
            + endpoints
            + self.events.0.len()
            + self.recipes.0.len()
            + self.operations.0.len()
            + items(self.combinations.as_ref())
            + items(self.conflicts.as_ref())
            + items(self.examples.as_ref())
            + items(self.allow.as_ref())
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSource {
    pub(super) url: String,
    /// The file in the repository or the package.
    pub(super) path: Option<String>,
    /// The commit of the repository, or the version of the package.
    pub(super) commit: Option<String>,
    /// The licence of the facts, as SPDX names it.
    pub(super) licence: Option<String>,
    pub(super) verified: Option<Date>,
}

/// What an import read, and with which options.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawImported {
    /// The kind of document, as the command names it.
    pub(super) r#as: Option<String>,
    pub(super) from: Option<Vec<String>>,
    pub(super) sha256: Option<String>,
    pub(super) extension: Option<Vec<String>>,
    pub(super) scope_pattern: Option<String>,
    pub(super) tag: Option<Vec<String>>,
    pub(super) summaries: Option<bool>,
    /// The addresses that the documents name: what `base` has beside them was written by hand.
    pub(super) servers: Option<Vec<String>>,
}

/// What the provider answers to a call with one verdict.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawResponse {
    pub(super) status: Option<u16>,
    pub(super) code: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawKeyType {
    pub(super) exposure: Option<RawExposure>,
    pub(super) prefixes: Option<Vec<String>>,
    pub(super) disallowed: Option<RawDisallowed>,
    /// The types that it can stand for, of which it is a narrower kind.
    pub(super) instead_of: Option<Names>,
    pub(super) note: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawExposure {
    Public,
    Private,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawDisallowed {
    Rejected,
    Ignored,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawEnvironment {
    pub(super) production: bool,
    /// One address, or several.
    pub(super) base: Option<Names>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawPaths {
    pub(super) case: Option<RawCase>,
}

/// Whether a call needs every scope of an array, or any one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawArrays {
    All,
    Any,
}

/// `all` or `any`, or a mapping that also says how that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RawReading {
    pub(super) arrays: RawArrays,
    pub(super) because: Option<String>,
}

impl RawReading {
    /// What an array means.
    pub(super) fn array(&self) -> Array {
        match self.arrays {
            RawArrays::All => Array::All,
            RawArrays::Any => Array::Any,
        }
    }
}

impl From<Array> for RawReading {
    fn from(array: Array) -> Self {
        Self {
            arrays: match array {
                Array::All => RawArrays::All,
                Array::Any => RawArrays::Any,
            },
            because: None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawCase {
    Exact,
    Ignored,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawScope {
    pub(super) summary: Option<String>,
    pub(super) access: Option<RawAccess>,
    pub(super) risk: Option<RawRisks>,
    pub(super) because: Option<String>,
    pub(super) key_types: Option<Names>,
    pub(super) environments: Option<Names>,
    pub(super) implies: Option<Names>,
    pub(super) deprecated: Option<RawDeprecated>,
    /// Whether endpoints use it although the provider declares no such scope.
    pub(super) undeclared: bool,
    pub(super) note: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawAccess {
    Read,
    Write,
    Admin,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawRisk {
    Low,
    Medium,
    High,
    Critical,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawEffect {
    Read,
    Write,
}

/// One risk, or one for each key type.
#[derive(Debug, Clone)]
pub(super) enum RawRisks {
    One(RawRisk),
    Each(Vec<(String, RawRisk)>),
}

/// `true`, or what to use in place of the thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RawDeprecated {
    Yes(bool),
    ReplacedBy(Vec<String>),
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawBundle {
    pub(super) summary: Option<String>,
    pub(super) scopes: Option<Names>,
    pub(super) except: Option<Names>,
    pub(super) note: Option<String>,
}

/// `glob`, or the names that a key may hold with what each stands for.
#[derive(Debug, Clone)]
pub(super) enum RawWildcards {
    Glob,
    Named(Entries<Names>),
}

impl Default for RawWildcards {
    fn default() -> Self {
        Self::Named(Entries::default())
    }
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawAuth {
    None,
    AnyKey,
    NotStated,
}

/// A requirement: a scope's name, or a mapping with one of `scope`, `all`, `any` and `auth`.
#[derive(Debug, Clone, Default)]
pub(super) struct RawRequirement {
    pub(super) scope: Option<String>,
    pub(super) all: Option<Vec<Option<RawRequirement>>>,
    pub(super) any: Option<Vec<Option<RawRequirement>>>,
    pub(super) auth: Option<RawAuth>,
    pub(super) key_types: Option<Names>,
}

/// An endpoint, or one mode of it: a requirement, and what else is known.
#[derive(Debug, Clone, Default)]
pub(super) struct RawEndpoint {
    pub(super) requirement: RawRequirement,
    pub(super) rejected: Option<String>,
    pub(super) keyless: Option<RawKeyless>,
    /// Whether the provider's document also lets the call through without a key.
    pub(super) optional: Option<bool>,
    pub(super) effect: Option<RawEffect>,
    pub(super) environments: Option<Names>,
    pub(super) deprecated: Option<RawDeprecated>,
    pub(super) modes: Option<Entries<RawEndpoint>>,
    /// On a mode: the parameters of the query by which a request gets it.
    pub(super) query: Option<Entries<RawQuery>>,
    /// The scopes that the provider calls the least, by key type.
    pub(super) least: Option<Entries<Names>>,
    pub(super) tags: Option<Names>,
    pub(super) summary: Option<String>,
    pub(super) note: Option<String>,
}

/// What a mode asks of one parameter of the query: `present`, `absent`, or a value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RawQuery(pub(super) String);

/// A sentence, or what the credential is called, how it is sent and why it opens the endpoint.
#[derive(Debug, Clone)]
pub(super) struct RawKeyless {
    pub(super) credential: Option<String>,
    pub(super) sent: Option<String>,
    pub(super) because: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawRecipe {
    pub(super) summary: Option<String>,
    pub(super) endpoints: Option<Vec<Option<RawStep>>>,
    pub(super) events: Option<Names>,
    pub(super) adequate: Option<Names>,
    pub(super) note: Option<String>,
}

/// A step of a recipe: an endpoint, or a mapping with one of `endpoint`, `any` and `all`.
#[derive(Debug, Clone, Default)]
pub(super) struct RawStep {
    pub(super) endpoint: Option<String>,
    pub(super) basis: Option<RawBasis>,
    pub(super) any: Option<Vec<Option<RawStep>>>,
    pub(super) all: Option<Vec<Option<RawStep>>>,
}

/// How the provider's page comes to a step: it names it, or only implies it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RawBasis {
    Named,
    Inferred,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCombination {
    pub(super) scopes: Names,
    pub(super) risk: RawRisk,
    pub(super) because: String,
}

/// Scopes that cannot stand on one key.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawConflict {
    /// Names and patterns; scopes that belong to different ones exclude each other.
    pub(super) scopes: Names,
    pub(super) because: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawExample {
    pub(super) key_type: Option<String>,
    pub(super) environment: Option<String>,
    #[serde(default)]
    pub(super) scopes: Names,
    pub(super) endpoint: String,
    pub(super) verdict: String,
}

/// One accepted finding.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAllowance {
    pub(super) rule: String,
    #[serde(default, deserialize_with = "stated")]
    pub(super) scope: Option<String>,
    #[serde(default, deserialize_with = "stated")]
    pub(super) endpoint: Option<String>,
    #[serde(default, deserialize_with = "stated")]
    pub(super) environment: Option<String>,
    pub(super) reason: Option<String>,
    pub(super) owner: Option<String>,
    pub(super) until: Option<Date>,
}

/// Keeps a present but empty field as `Some("")`: where a field narrows what an allowance accepts, an empty one must
/// not count as missing.
fn stated<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    String::deserialize(from).map(Some)
}

/// A key file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawKey {
    pub(super) provider: String,
    pub(super) name: String,
    pub(super) owner: Option<String>,
    pub(super) purpose: Option<String>,
    /// The last day on which the key is to be used.
    pub(super) expires: Option<Date>,
    /// User-defined; any value is allowed and ignored.
    #[serde(rename = "labels")]
    pub(super) _labels: Option<de::IgnoredAny>,
    pub(super) key_type: Option<String>,
    pub(super) needs: Option<RawNeeds>,
    pub(super) never: Option<Vec<Option<String>>>,
    pub(super) scopes: Option<RawScopes>,
    pub(super) bundles: Option<NameList>,
    #[serde(default)]
    pub(super) environments: Entries<RawKeyEnvironment>,
    pub(super) allow: Option<Vec<Option<RawAllowance>>>,
    /// The JSON Schema that editors use for the file.
    #[serde(rename = "$schema")]
    pub(super) _schema: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawKeyEnvironment {
    pub(super) needs: Option<RawNeeds>,
    pub(super) scopes: Option<RawScopes>,
    pub(super) bundles: Option<NameList>,
}

/// The scopes of a key: written there, or in another file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RawScopes {
    /// The names; none yet where they are in another file.
    pub(super) names: NameList,
    /// Where they are, if in another file.
    pub(super) from: Option<RawFrom>,
}

/// A list in another file than the key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RawFrom {
    /// The file, from the folder of the key file.
    pub(super) from: Option<String>,
    /// The route to the list in it.
    pub(super) at: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawNeeds {
    pub(super) recipes: Option<NameList>,
    pub(super) endpoints: Option<Vec<Option<String>>>,
    pub(super) events: Option<NameList>,
    pub(super) scopes: Option<Vec<Option<RawNeededScope>>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawNeededScope {
    pub(super) scope: String,
    pub(super) because: Option<String>,
    /// Who answers for it; the key's owner where it names none.
    pub(super) owner: Option<String>,
    /// The last day on which it holds.
    pub(super) until: Option<Date>,
}

impl<'de> Deserialize<'de> for RawRisks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RisksVisitor;
        impl<'de> Visitor<'de> for RisksVisitor {
            type Value = RawRisks;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("low, medium, high or critical, or one of them for each key type")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<RawRisks, E> {
                let risk = RawRisk::deserialize(de::value::StrDeserializer::<E>::new(text))?;
                Ok(RawRisks::One(risk))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawRisks, A::Error> {
                let mut each = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    each.push(entry);
                }
                Ok(RawRisks::Each(each))
            }
        }
        deserializer.deserialize_any(RisksVisitor)
    }
}

impl<'de> Deserialize<'de> for RawDeprecated {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct DeprecatedVisitor;
        impl<'de> Visitor<'de> for DeprecatedVisitor {
            type Value = RawDeprecated;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true, or what to use in its place")
            }
            fn visit_bool<E>(self, value: bool) -> Result<RawDeprecated, E> {
                Ok(RawDeprecated::Yes(value))
            }
            fn visit_str<E>(self, text: &str) -> Result<RawDeprecated, E> {
                Ok(RawDeprecated::ReplacedBy(vec![text.to_owned()]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<RawDeprecated, A::Error> {
                let mut names = Vec::new();
                while let Some(name) = seq.next_element()? {
                    names.push(name);
                }
                Ok(RawDeprecated::ReplacedBy(names))
            }
        }
        deserializer.deserialize_any(DeprecatedVisitor)
    }
}

impl<'de> Deserialize<'de> for RawScopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ScopesVisitor;
        impl<'de> Visitor<'de> for ScopesVisitor {
            type Value = RawScopes;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of names, a string of names, or a mapping with `from` and `at`")
            }
            fn visit_unit<E>(self) -> Result<RawScopes, E> {
                Ok(NameList::Items(Vec::new()).into())
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<RawScopes, E> {
                let text = de::value::StrDeserializer::<E>::new(text);
                NameList::deserialize(text).map(RawScopes::from)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<RawScopes, A::Error> {
                let seq = de::value::SeqAccessDeserializer::new(seq);
                NameList::deserialize(seq).map(RawScopes::from)
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawScopes, A::Error> {
                let (mut from, mut other) = (RawFrom::default(), None);
                while let Some(name) = map.next_key::<String>()? {
                    match name.as_str() {
                        "from" => from.from = map.next_value()?,
                        "at" => from.at = map.next_value()?,
                        _ => {
                            map.next_value::<de::IgnoredAny>()?;
                            other.get_or_insert(name);
                        }
                    }
                }
                match other {
                    // A mapping of scopes, perhaps.
                    Some(_) if from == RawFrom::default() => {
                        Err(de::Error::invalid_type(de::Unexpected::Map, &self))
                    }
                    Some(name) => Err(de::Error::unknown_field(&name, &["from", "at"])),
                    None => Ok(RawScopes {
                        names: NameList::Items(Vec::new()),
                        from: Some(from),
                    }),
                }
            }
        }
        deserializer.deserialize_any(ScopesVisitor)
    }
}

impl From<NameList> for RawScopes {
    fn from(names: NameList) -> Self {
        Self { names, from: None }
    }
}

impl<'de> Deserialize<'de> for RawWildcards {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct WildcardsVisitor;
        impl<'de> Visitor<'de> for WildcardsVisitor {
            type Value = RawWildcards;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`glob`, or a mapping from each wildcard to what it stands for")
            }
            fn visit_unit<E>(self) -> Result<RawWildcards, E> {
                Ok(RawWildcards::default())
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<RawWildcards, E> {
                match text {
                    "glob" => Ok(RawWildcards::Glob),
                    other => Err(E::invalid_value(de::Unexpected::Str(other), &self)),
                }
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawWildcards, A::Error> {
                Entries::deserialize(de::value::MapAccessDeserializer::new(map))
                    .map(RawWildcards::Named)
            }
        }
        deserializer.deserialize_any(WildcardsVisitor)
    }
}

impl<'de> Deserialize<'de> for RawReading {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Fields {
            arrays: RawArrays,
            because: Option<String>,
        }
        struct ReadingVisitor;
        impl<'de> Visitor<'de> for ReadingVisitor {
            type Value = RawReading;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`all`, `any`, or a mapping with `arrays` and `because`")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<RawReading, E> {
                let arrays = RawArrays::deserialize(de::value::StrDeserializer::<E>::new(text))?;
                Ok(RawReading {
                    arrays,
                    because: None,
                })
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawReading, A::Error> {
                let Fields { arrays, because } =
                    Fields::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(RawReading { arrays, because })
            }
        }
        deserializer.deserialize_any(ReadingVisitor)
    }
}

impl<'de> Deserialize<'de> for RawQuery {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct QueryVisitor;
        impl Visitor<'_> for QueryVisitor {
            type Value = RawQuery;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`present`, `absent` or a value")
            }
            fn visit_str<E>(self, text: &str) -> Result<RawQuery, E> {
                Ok(RawQuery(text.to_owned()))
            }
            fn visit_bool<E>(self, value: bool) -> Result<RawQuery, E> {
                Ok(RawQuery(value.to_string()))
            }
            fn visit_u64<E>(self, value: u64) -> Result<RawQuery, E> {
                Ok(RawQuery(value.to_string()))
            }
            fn visit_i64<E>(self, value: i64) -> Result<RawQuery, E> {
                Ok(RawQuery(value.to_string()))
            }
        }
        deserializer.deserialize_any(QueryVisitor)
    }
}

impl<'de> Deserialize<'de> for RawKeyless {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Fields {
            credential: Option<String>,
            sent: Option<String>,
            because: String,
        }
        struct KeylessVisitor;
        impl<'de> Visitor<'de> for KeylessVisitor {
            type Value = RawKeyless;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a sentence, or a mapping with `credential`, `sent` and `because`")
            }
            fn visit_str<E>(self, text: &str) -> Result<RawKeyless, E> {
                Ok(RawKeyless {
                    credential: None,
                    sent: None,
                    because: text.to_owned(),
                })
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawKeyless, A::Error> {
                let Fields {
                    credential,
                    sent,
                    because,
                } = Fields::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(RawKeyless {
                    credential,
                    sent,
                    because,
                })
            }
        }
        deserializer.deserialize_any(KeylessVisitor)
    }
}

impl<'de> Deserialize<'de> for RawRequirement {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Fields {
            scope: Option<String>,
            all: Option<Vec<Option<RawRequirement>>>,
            any: Option<Vec<Option<RawRequirement>>>,
            auth: Option<RawAuth>,
            key_types: Option<Names>,
        }
        struct RequirementVisitor;
        impl<'de> Visitor<'de> for RequirementVisitor {
            type Value = RawRequirement;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a scope's name, or a mapping with `scope`, `all`, `any` or `auth`")
            }
            fn visit_str<E>(self, text: &str) -> Result<RawRequirement, E> {
                Ok(RawRequirement {
                    scope: Some(text.to_owned()),
                    ..RawRequirement::default()
                })
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawRequirement, A::Error> {
                let Fields {
                    scope,
                    all,
                    any,
                    auth,
                    key_types,
                } = Fields::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(RawRequirement {
                    scope,
                    all,
                    any,
                    auth,
                    key_types,
                })
            }
        }
        deserializer.deserialize_any(RequirementVisitor)
    }
}

impl<'de> Deserialize<'de> for RawStep {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Fields {
            endpoint: Option<String>,
            basis: Option<RawBasis>,
            any: Option<Vec<Option<RawStep>>>,
            all: Option<Vec<Option<RawStep>>>,
        }
        struct StepVisitor;
        impl<'de> Visitor<'de> for StepVisitor {
            type Value = RawStep;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an endpoint, or a mapping with `endpoint`, `any` or `all`")
            }
            fn visit_str<E>(self, text: &str) -> Result<RawStep, E> {
                Ok(RawStep {
                    endpoint: Some(text.to_owned()),
                    ..RawStep::default()
                })
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawStep, A::Error> {
                let Fields {
                    endpoint,
                    basis,
                    any,
                    all,
                } = Fields::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(RawStep {
                    endpoint,
                    basis,
                    any,
                    all,
                })
            }
        }
        deserializer.deserialize_any(StepVisitor)
    }
}

impl<'de> Deserialize<'de> for RawEndpoint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Fields {
            scope: Option<String>,
            all: Option<Vec<Option<RawRequirement>>>,
            any: Option<Vec<Option<RawRequirement>>>,
            auth: Option<RawAuth>,
            key_types: Option<Names>,
            rejected: Option<String>,
            keyless: Option<RawKeyless>,
            optional: Option<bool>,
            effect: Option<RawEffect>,
            environments: Option<Names>,
            deprecated: Option<RawDeprecated>,
            modes: Option<Entries<RawEndpoint>>,
            query: Option<Entries<RawQuery>>,
            least: Option<Entries<Names>>,
            tags: Option<Names>,
            summary: Option<String>,
            note: Option<String>,
        }
        struct EndpointVisitor;
        impl<'de> Visitor<'de> for EndpointVisitor {
            type Value = RawEndpoint;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "a scope's name, or a mapping with `scope`, `all`, `any`, `auth` or `modes`",
                )
            }
            fn visit_str<E>(self, text: &str) -> Result<RawEndpoint, E> {
                let requirement = RawRequirement {
                    scope: Some(text.to_owned()),
                    ..RawRequirement::default()
                };
                Ok(RawEndpoint {
                    requirement,
                    ..RawEndpoint::default()
                })
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawEndpoint, A::Error> {
                let fields = Fields::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(RawEndpoint {
                    requirement: RawRequirement {
                        scope: fields.scope,
                        all: fields.all,
                        any: fields.any,
                        auth: fields.auth,
                        key_types: fields.key_types,
                    },
                    rejected: fields.rejected,
                    keyless: fields.keyless,
                    optional: fields.optional,
                    effect: fields.effect,
                    environments: fields.environments,
                    deprecated: fields.deprecated,
                    modes: fields.modes,
                    query: fields.query,
                    least: fields.least,
                    tags: fields.tags,
                    summary: fields.summary,
                    note: fields.note,
                })
            }
        }
        deserializer.deserialize_any(EndpointVisitor)
    }
}
