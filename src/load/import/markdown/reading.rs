//! What an endpoint needs, from all places that name it.

use std::collections::{BTreeMap, BTreeSet};

use super::rows::reading;
use super::{DraftAuth, DraftEndpoint, Mention, Need, Reader};
use crate::finding::RuleId;
use crate::load::import::draft::Way;
use crate::model::Array;

/// The most alternatives of one endpoint that are written.
const MOST_WAYS: usize = 64;
/// The most modes of one endpoint that are told apart.
const MOST_VARIANTS: usize = 50;

impl Reader<'_> {
    /// The variants of one endpoint.
    pub(super) fn endpoints(
        &mut self,
        mentions: Vec<Mention>,
        key_types: &[String],
        environments: &mut BTreeMap<String, String>,
    ) -> Vec<DraftEndpoint> {
        let mut variants: Vec<(Option<String>, Vec<Mention>)> = Vec::new();
        for mention in mentions {
            let is_known = variants
                .iter()
                .any(|(variant, _)| *variant == mention.variant);
            if !is_known && variants.len() >= MOST_VARIANTS {
                let message = format!(
                    "`{} {}` has more modes than are read",
                    mention.method, mention.path
                );
                let help = "this one is left out";
                self.report(
                    &mention.document,
                    &mention.at,
                    RuleId::WrongType,
                    message,
                    help,
                );
                continue;
            }
            match variants
                .iter_mut()
                .find(|(variant, _)| *variant == mention.variant)
            {
                Some((_, known)) => known.push(mention),
                None => variants.push((mention.variant.clone(), vec![mention])),
            }
        }
        // Without its mode the page says nothing of the endpoint.
        if variants.iter().all(|(variant, _)| variant.is_some()) {
            let mut silent = variants[0].1[0].clone();
            silent.need = Need::Silent;
            silent.variant = None;
            silent.query = Vec::new();
            variants.push((None, vec![silent]));
        }
        let mut endpoints = Vec::new();
        for (_, mentions) in variants {
            let need = self.combined(&mentions);
            let auth = self.auth(&need, &mentions[0], key_types);
            let first = &mentions[0];
            let named: BTreeSet<Option<&String>> = mentions
                .iter()
                .map(|one| one.environment.as_ref())
                .collect();
            if let (1, Some(Some(environment))) = (named.len(), named.first()) {
                environments.insert(
                    format!("{} {}", first.method, first.path),
                    (*environment).clone(),
                );
            }
            let mut tags: Vec<String> = Vec::new();
            for tag in mentions.iter().filter_map(|one| one.tag.clone()) {
                if !tags.contains(&tag) {
                    tags.push(tag);
                }
            }
            endpoints.push(DraftEndpoint {
                method: first.method.clone(),
                path: first.path.clone(),
                variant: first.variant.clone(),
                query: first.query.clone(),
                auth,
                optional: false,
                deprecated: mentions.iter().all(|one| one.is_deprecated),
                summary: mentions.iter().find_map(|one| one.summary.clone()),
                tags,
                least: BTreeMap::new(),
            });
        }
        endpoints
    }

    /// What several places say together.
    fn combined(&mut self, mentions: &[Mention]) -> Need {
        let mut needs: Vec<&Need> = Vec::new();
        for mention in mentions {
            // With so many, the answer is the same.
            let is_short = needs.len() <= MOST_WAYS;
            if is_short && mention.need != Need::Silent && !needs.contains(&&mention.need) {
                needs.push(&mention.need);
            }
        }
        let (needs, last) = match needs.as_slice() {
            [] => return Need::Silent,
            [one] => return (*one).clone(),
            several => (several.to_vec(), &mentions[mentions.len() - 1]),
        };
        let call = format!("{} {}", last.method, last.path);
        let lists: Vec<&BTreeSet<BTreeSet<String>>> = needs
            .iter()
            .filter_map(|need| match need {
                Need::Scopes(ways) => Some(ways),
                _ => None,
            })
            .collect();
        if needs.contains(&&Need::Unreadable) || lists.is_empty() || needs.len() > MOST_WAYS {
            let message =
                format!("several places name `{call}`, and do not agree on what it needs");
            self.report(
                &last.document,
                &last.at,
                RuleId::DuplicateEndpoint,
                message,
                "it is not-stated",
            );
            return Need::Unreadable;
        }
        if lists.len() < needs.len() {
            let message = format!("several places name `{call}`, and one of them without scopes");
            self.report(
                &last.document,
                &last.at,
                RuleId::DuplicateEndpoint,
                message,
                "the scopes are kept",
            );
        }
        if let [one] = lists.as_slice() {
            return Need::Scopes((*one).clone());
        }
        self.is_ambiguous = true;
        let (read, help) = reading(self.options.array);
        let message = format!(
            "several scopes name `{call}`, and the page does not say whether all or any are needed; {read}"
        );
        self.report(
            &last.document,
            &last.at,
            RuleId::DuplicateEndpoint,
            message,
            help,
        );
        let ways = if self.options.array == Some(Array::Any) {
            lists.into_iter().flatten().cloned().collect()
        } else {
            lists
                .into_iter()
                .fold(BTreeSet::from([BTreeSet::new()]), |ways, list| {
                    let both = ways
                        .iter()
                        .take(MOST_WAYS + 1)
                        .flat_map(|way| list.iter().map(move |more| way | more));
                    both.take(MOST_WAYS + 1).collect()
                })
        };
        if ways.len() > MOST_WAYS {
            let message = format!("`{call}` has more than {MOST_WAYS} alternatives");
            self.report(
                &last.document,
                &last.at,
                RuleId::WrongType,
                message,
                "it is not-stated",
            );
            return Need::Unreadable;
        }
        Need::Scopes(ways)
    }

    /// A need on the key types that may carry its scopes.
    fn auth(&mut self, need: &Need, mention: &Mention, key_types: &[String]) -> DraftAuth {
        let on_every = |scopes: BTreeSet<String>| {
            key_types.iter().map(move |key_type| Way {
                key_type: key_type.clone(),
                scopes: scopes.clone(),
            })
        };
        let alternatives = match need {
            Need::Silent | Need::Unreadable => return DraftAuth::NotStated,
            Need::Public => return DraftAuth::Public,
            Need::AnyKey => return DraftAuth::AnyOf(on_every(BTreeSet::new()).collect()),
            Need::Scopes(alternatives) => alternatives,
        };
        let mut ways = BTreeSet::new();
        for scopes in alternatives {
            let carries = |way: &Way| {
                let known = scopes
                    .iter()
                    .filter_map(|scope| self.scopes.get(scope)?.key_types.as_ref());
                known.into_iter().all(|types| types.contains(&way.key_type))
            };
            ways.extend(on_every(scopes.clone()).filter(carries));
        }
        if ways.is_empty() {
            let call = format!("{} {}", mention.method, mention.path);
            let message = format!("no key type may carry what `{call}` needs");
            self.report(
                &mention.document,
                &mention.at,
                RuleId::WrongType,
                message,
                "it is not-stated",
            );
            return DraftAuth::NotStated;
        }
        DraftAuth::AnyOf(ways)
    }
}
