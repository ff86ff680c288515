//! Secrets in files that are shared: masked before anything else reads the text, and reported.
//!
//! Generic masking is done when a text is read: see `files`. This file has the masking that needs a catalog or reports
//! the secrets: for key files, catalogs, the configuration and the baseline. All output passes one more filter, in
//! `session` and `files`.

use super::user_error::{UserError, faults};
use crate::finding::Finding;
use crate::load::{Grade, find_secrets, hide_all, hide_secrets, masked, secret_finding};
use crate::source::Source;
use std::borrow::Cow;

/// Fails where a file that takes part in no check of its own has a secret: the configuration, the baseline.
pub(super) fn refuse_secrets(what: &str, source: &Source) -> Result<(), UserError> {
    let mut secrets = find_secrets(&source.text, &[], |_| false);
    secrets.retain(|secret| secret.grade == Grade::Certain);
    if secrets.is_empty() {
        return Ok(());
    }
    let text = masked(&source.text, &secrets);
    let masked = Source {
        text,
        ..source.clone()
    };
    let mut findings: Vec<Finding> = secrets.iter().map(secret_finding).collect();
    for finding in &mut findings {
        finding.help = None;
    }
    let help = "rotate it, as anyone who can read this file may have it; then remove it there";
    Err(faults(what, &masked, &findings).help(help))
}

/// The last filter for secrets, which all output passes.
#[derive(Debug, Default)]
pub(super) struct Net {
    /// The prefixes of keys that the user's catalogs declare.
    pub(super) prefixes: Vec<String>,
    /// Parts of the command line that may be secrets.
    pub(super) hidden: Vec<String>,
    /// Whether the answer is a text of ours, which may show what a secret looks like.
    pub(super) is_own_text: bool,
}

impl Net {
    /// What goes to standard output: names that a catalog knows stay.
    pub(super) fn answer<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let shown = if self.is_own_text {
            Cow::Borrowed(text)
        } else {
            hide_secrets(text, &self.prefixes)
        };
        self.without_hidden(shown)
    }

    /// What goes to standard error.
    pub(super) fn remarks(&self, text: &str) -> String {
        let said = Cow::Owned(hide_all(text, &self.prefixes));
        self.without_hidden(said).into_owned()
    }

    fn without_hidden<'a>(&self, mut text: Cow<'a, str>) -> Cow<'a, str> {
        for hidden in &self.hidden {
            text = Cow::Owned(text.replace(hidden.as_str(), &"x".repeat(hidden.len())));
        }
        text
    }
}
