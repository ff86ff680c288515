//! The rules by name: what each is about, how grave it is, and how its findings are treated.
//!
//! A rule is identified by its [`RuleId`] everywhere; its name is parsed and printed here only. What a rule finds is
//! implemented in `lint`.

use std::cmp::Ordering;
use std::fmt;

use super::Level;

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// The file: its syntax, its fields, secrets in it.
    File,
    /// Names that the provider does not have.
    Names,
    /// What the key is for.
    Needs,
    /// What the key is given.
    Grants,
    /// What the key must not reach.
    Limits,
    /// What is accepted.
    Allowances,
    /// Catalogs.
    Catalogs,
}

impl Group {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Names => "names",
            Self::Needs => "needs",
            Self::Grants => "grants",
            Self::Limits => "limits",
            Self::Allowances => "allowances",
            Self::Catalogs => "catalogs",
        }
    }
}

/// Who may accept findings of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Acceptance {
    /// Nobody, and its level stays.
    Never,
    /// Only an allowance, because it says what it accepts; a baseline records no more than a fingerprint.
    ByAllowance,
    /// An allowance or a baseline.
    Recorded,
}

/// What the fingerprint of a finding includes, besides its rule, its key and its environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// The scope, the endpoint and whatever else it is about; if it names nothing, the fields on the path to its place.
    Named,
    /// Only the scope; accepting it for the whole key accepts it in each environment.
    Scope,
    /// Its sentence, where it names nothing.
    Sentence,
}

/// How the findings of a rule are treated.
#[derive(Debug, Clone, Copy)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a trait of its own, and a rule may have any of them"
)]
pub struct Traits {
    /// What it is about.
    pub group: Group,
    /// How grave its findings are where nothing else is said.
    pub level: Level,
    /// Who may accept them.
    pub acceptance: Acceptance,
    /// What their fingerprints hold.
    pub subject: Subject,
    /// Whether its fix can take effective scopes from a key, so that it is not safe while a need of the key is unclear.
    pub fix_takes: bool,
    /// Whether a fix that causes such a finding is refused.
    pub is_breakage: bool,
    /// Whether such a finding keeps others of its file from being found.
    pub hides_others: bool,
    /// Whether it is about a secret.
    pub is_secret: bool,
}

impl Traits {
    const fn of(group: Group, level: Level) -> Self {
        Self {
            group,
            level,
            acceptance: Acceptance::Recorded,
            subject: Subject::Named,
            fix_takes: false,
            is_breakage: false,
            hides_others: false,
            is_secret: false,
        }
    }
}

/// Defines the rule ids with their names and traits, in the order in which findings at one place are reported.
macro_rules! rule_ids {
    ($($(#[doc = $doc:literal])* $name:ident $id:literal $group:ident $level:ident $({ $($field:ident: $value:expr),+ })?)+) => {
        /// A rule.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RuleId {
            $(#[doc = concat!("`", $id, "`.")] $name,)+
        }

        impl RuleId {
            /// Every rule, in the order in which they speak at one place.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Its name, as `--level` and `allow` write it.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $id,)+
                }
            }

            /// How its findings are treated.
            pub const fn traits(self) -> Traits {
                match self {
                    $(Self::$name => Traits {
                        $($($field: $value,)+)?
                        ..Traits::of(Group::$group, Level::$level)
                    },)+
                }
            }
        }
    };
}

rule_ids! {
    SyntaxError "syntax-error" File Error { acceptance: Acceptance::Never, is_breakage: true, hides_others: true }
    UnknownField "unknown-field" File Error { is_breakage: true }
    MissingField "missing-field" File Error { subject: Subject::Sentence }
    DuplicateField "duplicate-field" File Error { is_breakage: true, subject: Subject::Sentence }
    WrongType "wrong-type" File Error
    UnreadableScopes "unreadable-scopes" File Error { acceptance: Acceptance::Never, is_breakage: true }
    SecretInFile "secret-in-file" File Error { acceptance: Acceptance::Never, is_secret: true }
    PossibleSecret "possible-secret" File Warning { acceptance: Acceptance::ByAllowance, is_secret: true }
    UnknownProvider "unknown-provider" Names Error { is_breakage: true, hides_others: true }
    UnknownKeyType "unknown-key-type" Names Error { is_breakage: true }
    UnknownEnvironment "unknown-environment" Names Error { is_breakage: true }
    UnknownScope "unknown-scope" Names Error { is_breakage: true }
    UnknownBundle "unknown-bundle" Names Error { is_breakage: true }
    UnknownEndpoint "unknown-endpoint" Names Error { is_breakage: true }
    UnknownRecipe "unknown-recipe" Names Error { is_breakage: true }
    UnknownEvent "unknown-event" Names Error { is_breakage: true }
    KeyNameClash "key-name-clash" Names Error
    MissingScope "missing-scope" Needs Error { is_breakage: true, subject: Subject::Scope }
    UnreachableNeed "unreachable-need" Needs Error { is_breakage: true }
    NoNeedsDeclared "no-needs-declared" Needs Warning
    UnstatedNeed "unstated-need" Needs Note
    KeyNotNeeded "key-not-needed" Needs Note
    DeprecatedEndpoint "deprecated-endpoint" Needs Note
    ScopeNotForKeyType "scope-not-for-key-type" Grants Warning { is_breakage: true }
    SandboxOnlyScope "sandbox-only-scope" Grants Warning { is_breakage: true }
    DuplicateScope "duplicate-scope" Grants Warning
    WildcardScope "wildcard-scope" Grants Error { fix_takes: true }
    BroadBundle "broad-bundle" Grants Warning { fix_takes: true }
    RedundantScope "redundant-scope" Grants Warning
    UnneededScope "unneeded-scope" Grants Warning { fix_takes: true }
    UnprovenScope "unproven-scope" Grants Note
    DeprecatedScope "deprecated-scope" Grants Warning { fix_takes: true }
    RiskyScope "risky-scope" Grants Warning { fix_takes: true }
    ReadScopeCanWrite "read-scope-can-write" Grants Note
    ExposedScope "exposed-scope" Limits Error { fix_takes: true }
    ForbiddenEndpoint "forbidden-endpoint" Limits Error
    OverBudget "over-budget" Limits Error
    RiskyCombination "risky-combination" Limits Warning
    ConflictingScopes "conflicting-scopes" Limits Error { is_breakage: true }
    BroadKeyType "broad-key-type" Limits Warning
    EnvironmentDrift "environment-drift" Limits Note
    ExpiredKey "expired-key" Limits Error
    UnusedAllowance "unused-allowance" Allowances Warning
    UnexplainedAllowance "unexplained-allowance" Allowances Warning
    ExpiredAllowance "expired-allowance" Allowances Warning
    DuplicateEndpoint "duplicate-endpoint" Catalogs Error
    UnknownReference "unknown-reference" Catalogs Error { is_breakage: true }
    ImplicationCycle "implication-cycle" Catalogs Error
    MalformedPath "malformed-path" Catalogs Error
    FailedExample "failed-example" Catalogs Error
    AccessMismatch "access-mismatch" Catalogs Warning
    DeadPattern "dead-pattern" Catalogs Warning
    DeadRequirement "dead-requirement" Catalogs Warning
    SuspiciousAll "suspicious-all" Catalogs Warning
    UnexplainedRisk "unexplained-risk" Catalogs Warning
    UndeclaredScope "undeclared-scope" Catalogs Warning
    PublicWrite "public-write" Catalogs Warning
    UnscopedCatalog "unscoped-catalog" Catalogs Warning
    OverturnedExample "overturned-example" Catalogs Note
    OverlappingEndpoint "overlapping-endpoint" Catalogs Note
    ScopeWithoutEndpoint "scope-without-endpoint" Catalogs Note
    BundleExceedsKeyType "bundle-exceeds-key-type" Catalogs Note
    FlatRisk "flat-risk" Catalogs Note
    MissingSummary "missing-summary" Catalogs Note
    StaleSource "stale-source" Catalogs Note
}

impl RuleId {
    /// The rule of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.name() == name)
    }

    /// What it is about.
    pub fn group(self) -> Group {
        self.traits().group
    }

    /// How grave its findings are where nothing else is said.
    pub fn level(self) -> Level {
        self.traits().level
    }

    /// Whether its findings can be accepted at all, or its level changed.
    pub fn can_be_accepted(self) -> bool {
        self.traits().acceptance != Acceptance::Never
    }

    /// Whether a baseline may hold its findings.
    pub fn can_be_recorded(self) -> bool {
        self.traits().acceptance == Acceptance::Recorded
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The name of a rule in a file, which may be unknown.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RuleName {
    /// The name of a rule.
    Known(RuleId),
    /// Another name.
    Unknown(String),
}

impl RuleName {
    /// The rule that a text names.
    pub fn of(text: &str) -> Self {
        RuleId::parse(text).map_or_else(|| Self::Unknown(text.to_owned()), Self::Known)
    }

    /// The rule, where there is one of that name.
    pub fn id(&self) -> Option<RuleId> {
        match self {
            Self::Known(id) => Some(*id),
            Self::Unknown(_) => None,
        }
    }

    /// The name as written in the file.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Known(id) => id.name(),
            Self::Unknown(name) => name,
        }
    }
}

impl Ord for RuleName {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl PartialOrd for RuleName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for RuleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
