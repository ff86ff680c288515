//! `key-not-needed`: a need that takes no key.

use crate::check::{Judgement, NeedState};
use crate::finding::{Finding, RuleId};
use crate::model::{Auth, NeedKind};

pub(crate) fn find(judgement: &Judgement<'_>, findings: &mut Vec<Finding>) {
    super::each_need(judgement, |need, state| {
        let (NeedState::NotNeeded, NeedKind::Endpoint(index)) = (state, need.kind) else {
            return;
        };
        let endpoint = &judgement.catalog.endpoints[index];
        let name = judgement.catalog.endpoint_name(index);
        let place = need.at.clone().value();
        let finding = match (&endpoint.auth, &endpoint.keyless) {
            (Auth::Public, _) => {
                Finding::new(RuleId::KeyNotNeeded, place, format!("`{name}` is public")).help(
                    "it does not need a key, so this need can stay as documentation or be removed",
                )
            }
            (_, Some(keyless)) if need.recipe.is_none() => {
                let message = format!(
                    "`{name}` does not need a key: the {} opens it",
                    keyless.credential
                );
                Finding::new(RuleId::KeyNotNeeded, place, message).help(keyless.because.clone())
            }
            // Any key will do: the key is needed, a scope is not.
            _ => return,
        };
        findings.push(finding.endpoint(name));
    });
}
