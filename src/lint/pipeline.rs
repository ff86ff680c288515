//! The pipeline for a text: the order in which it is masked, loaded, judged, linted, settled and fixed.
//!
//! For the text of a key file this gives what `scopes check` reports, and what `scopes check --fix` writes, without
//! files, options or streams:
//!
//! 1. **mask** — every secret is taken out before anything else reads the text, and is a finding.
//! 2. **load** — the text becomes a key; what cannot be read, or is not known to its catalog, is a finding.
//! 3. **judge** — the key is compared with the least that its needs take.
//! 4. **lint** — the rules read the judgement. These four give [`RawFindings`].
//! 5. **settle** — findings get their fingerprints, and the levels of a [`Policy`]; what the file allows is taken out.
//! 6. **baseline** — what a baseline accepts is taken out. These two give a [`CheckedFile`].
//! 7. **fix** — as many fixes as may be made at once, and all of the above again, until none is left: see [`Fixer`].

use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;

use super::{
    Accepted, Fixable, FixedText, Fixer, Ordinals, Outlook, Policy, Promise, fingerprint, level,
    lint_catalog, lint_key, part, settle,
};
use crate::check::judge;
use crate::finding::{FarPlace, Finding, Fix, Level, RuleId};
use crate::load::{
    Borrowed, KeyReading, MaskedCatalog, Others, Places, Unread, find_secrets, hide_all,
    hide_cut_secret, lender, load_read_key, mask_catalog, mask_secrets, masked, redacted,
    secret_finding, without_echoes,
};
use crate::model::{Allowance, Baseline, Budget, Catalog, Edition, Key};
use crate::source::{Date, Edit, NotText, Place, Segment, Source, SourceMap, Syntax};

/// Everything that the rules found in a text, before anybody accepts anything.
#[derive(Debug, Clone)]
pub struct RawFindings {
    /// The text, its secrets masked byte for byte.
    pub source: Source,
    /// The provider and the name of what the text describes; the name of the text where they cannot be read.
    pub identity: String,
    /// What was found, in no order.
    pub findings: Vec<Finding>,
    /// What the text accepts.
    pub allowances: Vec<Allowance>,
    /// The catalog that judges the key, or that the text is; `None` where there is none.
    pub catalog: Option<Edition>,
    /// The lists of the key that stand in other files.
    pub borrowed: Vec<Borrowed>,
    /// What a fix may change of the key; `None` where it could not be judged.
    pub outlook: Option<Outlook>,
    /// What `--fix` would do to it; `None` where it was not tried.
    pub promise: Option<Promise>,
}

/// A text that was checked, and what is to be said about it. Its secrets are masked.
#[derive(Debug)]
pub struct CheckedFile {
    /// The text.
    pub source: Source,
    /// Its path relative to the root of the repository, as forges need it; its name if it is not in a repository.
    pub far_name: String,
    /// The provider and the name of what the text describes; the name of the text where they cannot be read.
    pub identity: String,
    /// What was found, in the order of the text, notes last.
    pub findings: Vec<Finding>,
    /// What was found and accepted.
    pub accepted: Vec<Accepted>,
    /// The lists of the key that stand in other files.
    pub borrowed: Vec<Borrowed>,
    /// Whether it is not the key file, but another in which scopes of the key stand.
    pub is_lender: bool,
}

/// Another file in which scopes of a key stand, after its fixes.
#[derive(Debug)]
pub struct FixedLender {
    /// What became of it.
    pub fixed: FixedText,
    /// The text as it was, with its secrets.
    pub before: String,
    /// The file as it may be shown, before and after the fixes.
    pub shown: [Source; 2],
}

/// The catalog of a key, or a finding that says why there is none.
pub type CatalogOfKey = Result<Arc<Catalog>, Box<Finding>>;

/// Everything besides the text of a key file that decides its findings. `E` is the error of preparing a key.
pub struct KeyChecker<'a, E = Infallible> {
    /// The catalog of a provider, by the name that a key file has for it; else a finding that says why there is none.
    pub catalogs: &'a dyn Fn(&str) -> CatalogOfKey,
    /// A file that a key file names, with its secrets; else why it cannot be read.
    pub others: &'a dyn Fn(&str) -> Result<Source, Unread>,
    /// The key prefixes that the user's own catalogs declare, which make more secrets recognizable.
    pub prefixes: &'a [String],
    /// The levels of the rules, and the day.
    pub policy: &'a Policy,
    /// What was accepted before.
    pub baseline: Option<&'a Baseline>,
    /// What a team lets a key reach.
    pub budget: Budget,
    /// What is done with a key before it is judged: a log may add needs.
    pub prepare: &'a dyn Fn(&mut Key, &Catalog) -> Result<(), E>,
}

impl<E> KeyChecker<'_, E> {
    /// What `scopes check` says of the text of a key file. Every fix was tried: one that is called safe is made by
    /// [`KeyChecker::fix`].
    ///
    /// # Errors
    ///
    /// Where the key cannot be prepared.
    pub fn check(&self, source: Source) -> Result<CheckedFile, E> {
        let reading = KeyReading::of(&source);
        let raw = self.findings_of(source, reading)?;
        Ok(raw.settled(self.policy, self.baseline, &mut Ordinals::default()))
    }

    /// The same for a file that was read before, and before anybody accepts anything: a run settles its files together.
    ///
    /// # Errors
    ///
    /// Where the key cannot be prepared.
    pub fn findings_of(&self, source: Source, reading: KeyReading) -> Result<RawFindings, E> {
        let before = source.clone();
        let mut raw = self.key_findings(source, reading, Purpose::Check)?;
        self.fixer(&before).promise(&mut raw, &before.text)?;
        Ok(raw)
    }

    /// What `scopes check --fix` makes of the text of a key file, and what is found in it afterwards; `with_unsafe` makes
    /// what a person has to ask for as well.
    ///
    /// # Errors
    ///
    /// Where the key cannot be prepared.
    pub fn fix(&self, source: Source, with_unsafe: bool) -> Result<FixedText, E> {
        let reading = KeyReading::of(&source);
        self.fix_read(source, reading, with_unsafe)
    }

    /// The same for a file that was read before.
    ///
    /// # Errors
    ///
    /// Where the key cannot be prepared.
    pub fn fix_read(
        &self,
        source: Source,
        reading: KeyReading,
        with_unsafe: bool,
    ) -> Result<FixedText, E> {
        let before = source.clone();
        let raw = self.key_findings(source, reading, Purpose::Check)?;
        let fixer = self.fixer(&before);
        let mut outcome = fixer.fix(raw, &before.text, with_unsafe)?;
        fixer.promise(&mut outcome.raw, &outcome.text)?;
        Ok(outcome)
    }

    /// What tries and makes the fixes of a text that is called as `like` is, and written in its syntax.
    fn fixer<'s>(
        &'s self,
        like: &'s Source,
    ) -> Fixer<'s, impl Fn(&str) -> Result<RawFindings, E> + 's> {
        Fixer {
            policy: self.policy,
            baseline: self.baseline,
            look: move |text: &str| {
                let source = like.with_text(text);
                let reading = KeyReading::of(&source);
                self.key_findings(source, reading, Purpose::Trial)
            },
        }
    }

    /// What `--fix` makes of another file in which scopes of a key stand, `name` being what it is called. `None` where the
    /// key has no list in it.
    ///
    /// # Errors
    ///
    /// Where the key cannot be prepared.
    pub fn fix_lender(
        &self,
        key: &Source,
        name: &str,
        with_unsafe: bool,
    ) -> Result<Option<FixedLender>, E> {
        let with_text = |text: Option<&str>| {
            let others = |other: &str| {
                let other = (self.others)(other)?;
                Ok(match text {
                    Some(text) if other.name == name => other.with_text(text),
                    _ => other,
                })
            };
            let checker = KeyChecker {
                others: &others,
                ..*self
            };
            checker.raw_findings(key.clone(), KeyReading::of(key), Purpose::Trial)
        };
        let whole = with_text(None)?;
        let reading = KeyReading::of(key);
        let mut read = reading.others().into_iter().flat_map(self.others);
        let Some(before) = read.find(|other| other.name == name) else {
            return Ok(None);
        };
        let shown = |raw: &RawFindings| {
            let mut lists = raw.borrowed.iter();
            let list = lists.find(|list| list.source().name == name)?;
            Some(redacted(list.source(), &raw.borrowed))
        };
        let Some(shown_before) = shown(&whole) else {
            return Ok(None);
        };
        let fixer = Fixer {
            policy: self.policy,
            baseline: self.baseline,
            look: |text: &str| Ok(with_text(Some(text))?.seen_from(name)),
        };
        let outcome = fixer.fix(whole.seen_from(name), &before.text, with_unsafe)?;
        let after = with_text(Some(&outcome.text))?;
        Ok(Some(FixedLender {
            shown: [shown_before.clone(), shown(&after).unwrap_or(shown_before)],
            before: before.text,
            fixed: outcome,
        }))
    }

    /// What is found in a key file that was read before, with the fixes that change this file alone.
    fn key_findings(
        &self,
        source: Source,
        reading: KeyReading,
        purpose: Purpose,
    ) -> Result<RawFindings, E> {
        let mut raw = self.raw_findings(source, reading, purpose)?;
        for finding in &mut raw.findings {
            let changes_other = |fix: &Fix| raw.borrowed.iter().any(|one| one.is_changed_by(fix));
            if finding.fix.as_ref().is_some_and(changes_other) {
                finding.drop_fix();
            }
        }
        Ok(raw)
    }

    /// Masks, loads, judges and lints a key file that was read before.
    ///
    /// # Errors
    ///
    /// Where the key cannot be prepared.
    fn raw_findings(
        &self,
        source: Source,
        reading: KeyReading,
        purpose: Purpose,
    ) -> Result<RawFindings, E> {
        let catalog = reading.provider().map(self.catalogs);
        let known = catalog.as_ref().and_then(|found| found.as_deref().ok());
        let (source, mut findings) = mask_secrets(source, self.prefixes, known);
        // The text changed by masking, so read it again.
        let reading = if findings.is_empty() {
            reading
        } else {
            KeyReading::of(&source)
        };
        let others = Others::read(reading.others(), |name| {
            let other = (self.others)(name)?;
            Ok(mask_secrets(other, self.prefixes, known).0)
        });
        let loaded = load_read_key(&source, reading, known, &others);
        findings.extend(loaded.findings);
        let mut raw = RawFindings {
            identity: source.name.clone(),
            source,
            findings,
            allowances: loaded.allowances,
            catalog: known.map(Catalog::edition),
            borrowed: loaded.borrowed,
            outlook: None,
            promise: None,
        };
        let mut is_partial = true;
        match catalog {
            None => {}
            Some(Err(mut finding)) => {
                finding.message = hide_all(&finding.message, self.prefixes);
                raw.findings.push(*finding);
            }
            Some(Ok(catalog)) => {
                if let Some(mut key) = loaded.key {
                    (self.prepare)(&mut key, &catalog)?;
                    self.judge_and_lint(&key, &catalog, purpose, &mut raw);
                    is_partial = key.observed.is_some();
                }
            }
        }
        without_echoes(&raw.source, &mut raw.findings);
        name_file_in_help(&mut raw);
        // An allowance for something that was not judged, or that only a log needs, accepts nothing now, but must not
        // be reported as unused.
        for allowance in &mut raw.allowances {
            allowance.may_be_unused |= is_partial;
        }
        Ok(raw)
    }

    fn judge_and_lint(
        &self,
        key: &Key,
        catalog: &Catalog,
        purpose: Purpose,
        raw: &mut RawFindings,
    ) {
        let judgement = judge(catalog, key, self.budget);
        let are_unread = raw.findings.iter().any(hides_grants);
        let found_at_load = std::mem::take(&mut raw.findings);
        raw.findings = lint_key(&judgement, &self.policy.today, found_at_load);
        if are_unread && raw.allowances.is_empty() {
            // A list that cannot be read may contain the missing scopes, so they are not reported. With allowances they
            // are, so that these still find what they accept.
            raw.findings
                .retain(|finding| finding.rule != RuleId::MissingScope);
        }
        // The outlook is only needed if something may be fixed; an unused allowance can get a fix too.
        let may_be_fixed =
            !raw.allowances.is_empty() || raw.findings.iter().any(|one| one.fix.is_some());
        if purpose == Purpose::Trial || may_be_fixed {
            raw.outlook = Some(Outlook::of(&judgement));
        }
        if !key.name.is_empty() {
            raw.identity = format!("{}/{}", catalog.provider, key.name);
        }
    }
}

/// Why a text is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// To say what is in it.
    Check,
    /// It is a text after a fix, which may do no more than it is allowed to.
    Trial,
}

impl RawFindings {
    /// What is found in a file that is not text: one finding, where what can be read ends. `name` is the file's.
    pub fn of_not_text(name: String, why: &NotText) -> Self {
        let end = why.before.len();
        let secrets = find_secrets(&why.before, &[], |_| false);
        let text = masked(&why.before, &secrets);
        let source = Source {
            name,
            text: hide_cut_secret(&text).into_owned(),
            syntax: Syntax::Yaml,
        };
        let message = format!("this file cannot be read: {}", why.reason);
        let mut findings: Vec<Finding> = secrets.iter().map(secret_finding).collect();
        let place = Place::At(end..end);
        findings.push(Finding::new(RuleId::SyntaxError, place, message));
        Self {
            identity: source.name.clone(),
            source,
            findings,
            allowances: Vec::new(),
            catalog: None,
            borrowed: Vec::new(),
            outlook: None,
            promise: None,
        }
    }

    /// The names of the other files in which scopes of the key stand, each once.
    pub fn lenders(&self) -> Vec<String> {
        let names = self.borrowed.iter().map(|one| one.source().name.clone());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names.dedup();
        names
    }

    /// Masks, loads and lints a catalog on a day. The catalog is `None` where it cannot be read.
    pub fn of_catalog(source: Source, day: &Date) -> (Self, Option<Catalog>) {
        let MaskedCatalog {
            source,
            mut loaded,
            secrets,
        } = mask_catalog(source);
        // Catalogs are not fixed automatically, because they state facts about a provider. The fix becomes advice.
        for finding in &mut loaded.findings {
            if let Some(fix) = finding.fix.take().filter(|_| finding.help.is_none()) {
                finding.help = Some(fix.message);
            }
        }
        let mut raw = Self {
            identity: source.name.clone(),
            source,
            findings: loaded.findings,
            allowances: Vec::new(),
            catalog: None,
            borrowed: Vec::new(),
            outlook: None,
            promise: None,
        };
        raw.findings.extend(secrets);
        let mut catalog = loaded.catalog;
        if let Some(catalog) = &mut catalog {
            raw.lint_catalog(catalog, day);
        }
        without_echoes(&raw.source, &mut raw.findings);
        (raw, catalog)
    }

    fn lint_catalog(&mut self, catalog: &mut Catalog, day: &Date) {
        if Syntax::of(Path::new(&self.source.name)).is_some() {
            catalog.handle.clone_from(&self.source.name);
            if !catalog.handle.contains('/') {
                catalog.handle.insert_str(0, "./");
            }
        }
        let mut found = lint_catalog(catalog, day);
        if !found.is_empty() {
            // For a catalog that extends another one, only report findings at entries in its own file.
            let located = self.source.source_map();
            found.retain(|finding| finding.place.path().is_none_or(|path| located.has(path)));
        }
        // Drop findings that only follow from an entry that could not be read.
        let entry = |finding: &Finding| {
            let path = finding.place.path().filter(|path| path.0.len() > 1)?;
            Some(path.0[..2].to_vec())
        };
        let faulty: Vec<_> = self.findings.iter().filter_map(entry).collect();
        found.retain(|finding| {
            // An overturned example of the extended catalog is still reported.
            finding.rule == RuleId::OverturnedExample
                || entry(finding).is_none_or(|entry| !faulty.contains(&entry))
        });
        self.findings.extend(found);
        for finding in &mut self.findings {
            finding.fix = None;
        }
        self.identity = format!("catalog {}", catalog.provider);
        self.catalog = Some(catalog.edition());
        self.allowances = std::mem::take(&mut catalog.allowances);
    }

    /// Applies levels and acceptance. `seen` tells apart equal findings in several files of a run.
    pub fn settled(
        self,
        policy: &Policy,
        baseline: Option<&Baseline>,
        seen: &mut Ordinals,
    ) -> CheckedFile {
        let Self {
            source,
            identity,
            mut findings,
            allowances,
            borrowed,
            promise,
            ..
        } = self;
        let located = source.source_map();
        in_order(&located, &mut findings);
        fingerprint(&identity, &mut findings, seen);
        let mut settled = settle(findings, &allowances, policy);
        fingerprint(&identity, &mut settled.findings, seen);
        if let Some(baseline) = baseline {
            let (said, accepted) = part(settled.findings, baseline, policy);
            settled.findings = said;
            settled.accepted.extend(accepted);
        }
        in_order(&located, &mut settled.findings);
        drop(located);
        settled
            .findings
            .sort_by_key(|finding| level(finding) == Level::Note);
        if let Some(promise) = promise {
            promise.apply(&mut settled.findings);
        }
        CheckedFile {
            far_name: source.name.clone(),
            source,
            identity,
            findings: settled.findings,
            accepted: settled.accepted,
            borrowed,
            is_lender: false,
        }
    }

    /// The same as they look from another file in which scopes of the key stand: only what is found there can be fixed.
    fn seen_from(mut self, name: &str) -> Self {
        let mut borrowed = std::mem::take(&mut self.borrowed);
        borrowed.retain(|one| one.source().name == name);
        let Some(first) = borrowed.first() else {
            return self;
        };
        self.source = first.source().as_ref().clone();
        for finding in &mut self.findings {
            finding.related.clear();
            let fix = finding.fix.take();
            finding.fix = fix.and_then(|fix| borrowed.iter().find_map(|one| one.fix(&fix)));
            let place = lender(&borrowed, &finding.place).map(|(_, place)| place);
            finding.place = place.unwrap_or(Place::At(0..0));
        }
        self
    }
}

impl CheckedFile {
    /// A file without findings.
    pub fn clean(name: impl Into<String>, identity: impl Into<String>) -> Self {
        Self {
            source: Source {
                name: name.into(),
                text: String::new(),
                syntax: Syntax::Yaml,
            },
            far_name: String::new(),
            identity: identity.into(),
            findings: Vec::new(),
            accepted: Vec::new(),
            borrowed: Vec::new(),
            is_lender: false,
        }
    }

    /// The key file, and behind it every other file in which scopes of the key stand, where anything was found there. Of
    /// the text of such a file only these scopes are left, and blanks stand for the rest.
    pub fn parted(mut self) -> Vec<Self> {
        let borrowed = std::mem::take(&mut self.borrowed);
        if borrowed.is_empty() {
            return vec![self];
        }
        let (key, identity) = (self.source.clone(), self.identity.clone());
        let places = FarPlaces {
            places: Places::of(&key, &borrowed),
            identity: &identity,
        };
        let mut files: Vec<&Arc<Source>> = borrowed.iter().map(Borrowed::source).collect();
        files.sort_by(|a, b| a.name.cmp(&b.name));
        files.dedup_by(|a, b| a.name == b.name);
        let mut all = vec![self];
        for file in files {
            let mut lender = Self {
                source: redacted(file, &borrowed),
                far_name: file.name.clone(),
                is_lender: true,
                ..Self::clean("", identity.clone())
            };
            let is_there = |finding: &Finding| places.is_in(&finding.place, file);
            let own = &mut all[0];
            lender.findings = own.findings.extract_if(.., |one| is_there(one)).collect();
            let accepted = own.accepted.extract_if(.., |one| is_there(&one.finding));
            lender.accepted = accepted.collect();
            lender.each(|finding| places.move_to(file, finding));
            lender.findings.sort_by_key(|finding| {
                let start = match &finding.place {
                    Place::At(span) => span.start,
                    Place::Path(..) => 0,
                };
                (level(finding) == Level::Note, start)
            });
            if lender.is_spoken_of() {
                all.push(lender);
            }
        }
        all[0].each(|finding| places.part_related(finding, None));
        all
    }

    /// Changes every finding, accepted ones included.
    fn each(&mut self, change: impl Fn(&mut Finding)) {
        let accepted = self.accepted.iter_mut().map(|one| &mut one.finding);
        self.findings.iter_mut().chain(accepted).for_each(change);
    }

    /// Whether anything was found in it, accepted or not.
    pub fn is_spoken_of(&self) -> bool {
        !self.findings.is_empty() || !self.accepted.is_empty()
    }

    /// Keeps only some of the findings, accepted ones included.
    pub fn retain(&mut self, keep: impl Fn(&Finding) -> bool) {
        self.findings.retain(&keep);
        self.accepted.retain(|accepted| keep(&accepted.finding));
    }

    /// How many findings look as if they could be fixed: safely, or only by who asks for it.
    pub fn fixable(&self) -> Fixable {
        if !self.findings.iter().any(|finding| finding.fix.is_some()) {
            return Fixable::default();
        }
        let located = self.source.source_map();
        let count = |is_safe: bool| {
            let fixes = self.findings.iter().filter_map(|one| one.fix.as_ref());
            let edits: Vec<&[Edit]> = fixes
                .filter(|fix| fix.safe == is_safe)
                .map(|fix| fix.edits.as_slice())
                .collect();
            located.splices_of_each(&edits).iter().flatten().count()
        };
        Fixable {
            safe: count(true),
            more: count(false),
        }
    }
}

/// What turns the places of a key file's findings into those of several files.
struct FarPlaces<'a> {
    places: Places<'a>,
    identity: &'a str,
}

impl FarPlaces<'_> {
    /// Whether a place of the key file is in a list that stands in a file.
    fn is_in(&self, place: &Place, file: &Source) -> bool {
        let far = self.places.far(place);
        far.is_some_and(|(list, ..)| list.source().name == file.name)
    }

    /// Gives a finding of the key file the places of another file.
    fn move_to(&self, file: &Source, finding: &mut Finding) {
        if let Some((list, _, span)) = self.places.far(&finding.place) {
            finding.place = Place::At(span);
            let label = format!("these are the scopes of `{}`", self.identity);
            finding
                .elsewhere
                .push(self.far(&list.list().clone().key(), label));
        }
        self.part_related(finding, Some(file));
        finding.drop_fix();
    }

    /// Keeps the related places of a finding that are in its own file, which is the key file if it is none of the others.
    fn part_related(&self, finding: &mut Finding, own: Option<&Source>) {
        for (place, label) in std::mem::take(&mut finding.related) {
            let far = self.places.far(&place);
            match (own, far) {
                (None, None) => finding.related.push((place, label)),
                (Some(own), Some((list, _, span))) if list.source().name == own.name => {
                    finding.related.push((Place::At(span), label));
                }
                _ => finding.elsewhere.push(self.far(&place, label)),
            }
        }
    }

    /// A place of the key file, wherever it stands.
    fn far(&self, place: &Place, label: String) -> FarPlace {
        let (located, span) = self.places.find(place);
        FarPlace {
            file: located.name().to_owned(),
            far_name: located.name().to_owned(),
            start: located.position(span.start),
            end: located.position(span.end),
            label,
        }
    }
}

/// Puts findings in the order of the text, and drops those that are said twice.
fn in_order(located: &SourceMap<'_>, findings: &mut Vec<Finding>) {
    if findings.len() < 2 {
        return;
    }
    findings
        .sort_by_cached_key(|finding| (located.span(&finding.place).start, finding.rule.name()));
    findings.dedup();
}

/// Inserts the file name into commands in help lines, because rules do not know the file.
fn name_file_in_help(raw: &mut RawFindings) {
    let command = format!("`scopes diff {}`", raw.source.name);
    for finding in &mut raw.findings {
        if let Some(help) = &mut finding.help {
            *help = help.replace("`scopes diff FILE`", &command);
        }
    }
}

/// Whether a finding is that a whole list of grants cannot be read.
fn hides_grants(finding: &Finding) -> bool {
    let path = finding.place.path().map(|path| path.0.as_slice());
    let last = match path {
        Some([last]) => Some(last),
        Some([Segment::Field(section), _, last]) if section == "environments" => Some(last),
        _ => None,
    };
    let is_list = |name: &str| matches!(name, "scopes" | "bundles");
    finding.rule == RuleId::UnreadableScopes
        || finding.rule == RuleId::WrongType
            && last.is_some_and(|last| matches!(last, Segment::Field(name) if is_list(name)))
}
