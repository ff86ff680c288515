//! The rules, and the one place where findings get their levels, are accepted and sorted.
//!
//! A rule reads a judgement and pushes findings. It prints nothing, and sets a level only if it differs from the rule's
//! own.

mod allowances;
mod baseline;
mod fingerprint;
mod fix;
mod names;
mod outlook;
mod phrases;
mod pipeline;
mod policy;
mod rules;

use crate::check::{Judgement, NeedState};
use crate::finding::{Finding, Group, Level, RuleId};
use crate::model::{Auth, Catalog, Key, Need, NeedKind};
use crate::source::Date;

pub use allowances::{Acceptance, Accepted, Settled, settle};
pub use baseline::part;
pub use fingerprint::{Ordinals, fingerprint};
pub use fix::{Fixable, FixedText, Fixer, MadeFix, Promise};
pub use outlook::{Outlook, Permission};
pub use pipeline::{CatalogOfKey, CheckedFile, FixedLender, KeyChecker, RawFindings};
pub use policy::{Lapse, Policy};
use rules::GrantReview;
pub use rules::RULES;

/// A rule: its name, its page, its function.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Which one it is.
    pub id: RuleId,
    /// What it finds, why that matters, an example of it and of its fix, and how to accept it; in Markdown, under
    /// fixed headings.
    pub page: &'static str,
    /// Finds it.
    find: Find,
}

/// What finds the findings of a rule.
#[derive(Debug, Clone, Copy)]
enum Find {
    /// A look at a judged key.
    InKey(fn(&Judgement<'_>, &mut Vec<Finding>)),
    /// A look at a key, on a day.
    InKeyOn(fn(&Key, &Date, &mut Vec<Finding>)),
    /// A look at how each grant of a judged key stands.
    InGrants(fn(&GrantReview<'_>, &mut Vec<Finding>)),
    /// A look at a catalog, on a day.
    InCatalog(fn(&Catalog, &Date, &mut Vec<Finding>)),
    /// They are found while files are read, or findings accepted.
    AtLoad,
}

/// What a run looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Keys, by `check`.
    Key,
    /// Catalogs, by `lint`.
    Catalog,
}

impl Kind {
    /// What one of them is called: "key", "catalog".
    pub fn noun(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Catalog => "catalog",
        }
    }

    /// Whether a run of this kind can find what a rule is about.
    pub fn has(self, rule: RuleId) -> bool {
        match (rule.group(), self) {
            (Group::File, _) => true,
            (group, Self::Key) => group != Group::Catalogs,
            (group, Self::Catalog) => group == Group::Catalogs,
        }
    }
}

impl Rule {
    /// What it finds, in a sentence: the first paragraph of its page.
    pub fn summary(&self) -> &'static str {
        self.page.lines().nth(2).unwrap_or_default()
    }

    /// The text under a heading of its page.
    pub fn section(&self, heading: &str) -> &'static str {
        let mut sections = self.page.split("\n## ");
        let section = sections.find_map(|section| section.strip_prefix(heading));
        section.unwrap_or_default().trim()
    }
}

impl RuleId {
    /// Its page and what finds it.
    pub fn rule(self) -> &'static Rule {
        &RULES[self as usize]
    }
}

/// The level of a finding: its own where it has one, else its rule's.
pub fn level(finding: &Finding) -> Level {
    finding.level.unwrap_or(finding.rule.level())
}

/// Everything that the rules find in a judged key on a day, behind what was found when its file was read.
pub fn lint_key(
    judgement: &Judgement<'_>,
    today: &Date,
    found_at_load: Vec<Finding>,
) -> Vec<Finding> {
    let mut findings = found_at_load;
    let review = GrantReview::of(judgement);
    let is_meant = findings.len();
    for rule in RULES {
        match rule.find {
            Find::InKey(find) => find(judgement, &mut findings),
            Find::InKeyOn(find) => find(judgement.key, today, &mut findings),
            Find::InGrants(find) => find(&review, &mut findings),
            Find::InCatalog(_) | Find::AtLoad => {}
        }
    }
    let (at_load, _) = findings.split_at_mut(is_meant);
    names::judge_fixes(&review, at_load);
    let frozen = judgement.key.frozen.iter();
    let frozen = frozen.map(|list| list.0.as_slice()).collect();
    for finding in &mut findings {
        finding.without_changes_to(&frozen);
    }
    let doubt = doubt(judgement);
    if doubt == Doubt::None {
        return findings;
    }
    // An unclear need may use a scope that looks unneeded, so a person has to decide.
    for finding in &mut findings {
        let takes = finding.rule.traits().fix_takes;
        let Some(fix) = finding.fix.as_mut().filter(|_| takes) else {
            continue;
        };
        fix.safe = false;
        if doubt == Doubt::Unreadable {
            let note = "a need of this key could not be read, and it may use this scope";
            finding.notes.push(note.to_owned());
        }
    }
    findings
}

/// Why it is not safe to remove grants from a key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doubt {
    /// It is safe.
    None,
    /// A need could not be read.
    Unreadable,
    /// A need is misspelt or not stated, or only a log says what is needed.
    Unsure,
}

fn doubt(judgement: &Judgement<'_>) -> Doubt {
    let mut needs = judgement
        .environments
        .iter()
        .flat_map(|judged| &judged.needs);
    // An endpoint with unstated needs may use any scope, even if it does not exist in an environment of the key.
    let is_unstated = |need: &Need, state: &NeedState| match (state, need.kind) {
        (NeedState::NotStated, _) => true,
        (NeedState::Elsewhere, NeedKind::Endpoint(index)) => {
            matches!(judgement.catalog.endpoints[index].auth, Auth::NotStated)
        }
        _ => false,
    };
    let key = judgement.key;
    if key.has_unclear_needs {
        Doubt::Unreadable
    } else if key.has_misspelt_needs
        || key.observed.is_some()
        || needs.any(|(need, state)| is_unstated(need, state))
    {
        Doubt::Unsure
    } else {
        Doubt::None
    }
}

/// Everything that the rules find in a catalog on a day. Takes time linear in the size of the catalog, except for
/// overlapping templates: each template is looked up once, at the cost of the templates that share its beginning.
pub fn lint_catalog(catalog: &Catalog, today: &Date) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in RULES {
        if let Find::InCatalog(find) = rule.find {
            find(catalog, today, &mut findings);
        }
    }
    findings
}
