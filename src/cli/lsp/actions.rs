//! Fixes as an editor offers them.

use std::collections::HashMap;

use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, TextEdit, WorkspaceEdit,
};

use similar::{DiffTag, TextDiff};

use super::diagnostics::{diagnostics, with_checker};
use super::document::{Document, Encoding, Kind};
use super::workspace::Workspace;
use crate::finding::Fix;
use crate::render::clean;
use crate::source::{Edit, Splice};

/// The fixes of the findings that a range touches, and what makes every safe one.
pub(super) fn actions(
    document: &Document,
    params: &CodeActionParams,
    encoding: Encoding,
    workspace: &Workspace,
) -> Vec<CodeActionOrCommand> {
    let only = params.context.only.as_deref();
    let is_wanted = |kind: &CodeActionKind| {
        only.is_none_or(|only| {
            let mut only = only.iter();
            only.any(|one| {
                let (kind, one) = (kind.as_str(), one.as_str());
                one.is_empty() || kind == one || kind.starts_with(&format!("{one}."))
            })
        })
    };
    let mut found = Vec::new();
    if is_wanted(&CodeActionKind::QUICKFIX) {
        quick_fixes(document, params, encoding, &mut found);
    }
    if is_wanted(&CodeActionKind::SOURCE_FIX_ALL) {
        found.extend(fix_all(document, encoding, workspace));
    }
    found.into_iter().map(CodeActionOrCommand::from).collect()
}

fn quick_fixes(
    document: &Document,
    params: &CodeActionParams,
    encoding: Encoding,
    found: &mut Vec<CodeAction>,
) {
    let Some(checked) = &document.checked else {
        return;
    };
    let wanted = params.range;
    let shown = diagnostics(document, encoding);
    let touched = checked
        .findings
        .iter()
        .zip(&shown)
        .filter(|(finding, one)| {
            let touches = one.range.start <= wanted.end && wanted.start <= one.range.end;
            touches && finding.fix.is_some()
        });
    let touched: Vec<_> = touched.collect();
    let fixes: Vec<&Fix> = touched
        .iter()
        .filter_map(|(finding, _)| finding.fix.as_ref())
        .collect();
    let edits: Vec<&[Edit]> = fixes.iter().map(|fix| fix.edits.as_slice()).collect();
    let splices = checked.source.source_map().splices_of_each(&edits);
    for (((_, diagnostic), fix), splices) in touched.iter().zip(fixes).zip(splices) {
        let Some(splices) = splices else { continue };
        found.push(CodeAction {
            title: title(fix),
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(vec![(*diagnostic).clone()]),
            edit: Some(edit(document, &splices, encoding)),
            is_preferred: Some(fix.safe),
            ..CodeAction::default()
        });
    }
}

/// What a fix does, as a command.
fn title(fix: &Fix) -> String {
    let done = fix.done.as_str();
    let title = if let Some(name) = done.strip_prefix("removed ") {
        format!("Remove `{name}`")
    } else if let Some(name) = done.strip_prefix("now ") {
        format!("Change to `{name}`")
    } else if let Some(rest) = done.strip_prefix("moved ") {
        format!("Move {rest}")
    } else {
        format!("Fix: {done}")
    };
    let more = if fix.safe { "" } else { " (needs a review)" };
    let title = clean(&title).replace('\n', " ");
    format!("{title}{more}")
}

/// What `scopes check --fix` does to the text, as one action.
fn fix_all(document: &Document, encoding: Encoding, workspace: &Workspace) -> Option<CodeAction> {
    let checked = document.checked.as_ref()?;
    let mut fixes = checked.findings.iter().filter_map(|one| one.fix.as_ref());
    if document.kind != Some(Kind::Key) || !fixes.any(|fix| fix.safe) {
        return None;
    }
    let Ok(after) = with_checker(document, workspace, |checker| {
        checker.fix(document.source.clone(), false)
    });
    let (old, new) = (document.source.text.as_str(), after.text.as_str());
    if old == new {
        return None;
    }
    let splices = differences(old, new);
    Some(CodeAction {
        title: "Fix everything that `scopes check --fix` fixes".to_owned(),
        kind: Some(CodeActionKind::SOURCE_FIX_ALL),
        edit: Some(edit(document, &splices, encoding)),
        ..CodeAction::default()
    })
}

/// What changes from one text to another, word by word, so that nothing is repeated that stays as it is.
fn differences(old: &str, new: &str) -> Vec<Splice> {
    let diff = TextDiff::from_words(old, new);
    let (olds, news) = (diff.old_slices(), diff.new_slices());
    // The bytes before each word.
    let ends = |words: &[&str]| {
        let mut at = 0;
        let mut starts = vec![0];
        starts.extend(words.iter().map(|word| {
            at += word.len();
            at
        }));
        starts
    };
    let (old_at, new_at) = (ends(olds), ends(news));
    let changed = diff.ops().iter().filter(|op| op.tag() != DiffTag::Equal);
    changed
        .map(|op| {
            let (was, is) = (op.old_range(), op.new_range());
            Splice {
                range: old_at[was.start]..old_at[was.end],
                text: new[new_at[is.start]..new_at[is.end]].to_owned(),
            }
        })
        .collect()
}

fn edit(document: &Document, splices: &[Splice], encoding: Encoding) -> WorkspaceEdit {
    let edits = splices.iter().map(|splice| TextEdit {
        range: document.range(splice.range.clone(), encoding),
        new_text: splice.text.clone(),
    });
    let edits: Vec<TextEdit> = edits.collect();
    #[allow(
        clippy::mutable_key_type,
        reason = "the protocol has URIs as keys; none is changed"
    )]
    let changes = HashMap::from([(document.uri.clone(), edits)]);
    WorkspaceEdit::new(changes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::spliced;

    #[test]
    fn the_difference_of_two_texts_makes_the_one_of_the_other() {
        let texts = [
            "", "a", "aa", "aaa", "abc", "abXbc", "ü", "üü", "aüb", "aöb",
        ];
        for old in texts {
            for new in texts {
                assert_eq!(spliced(old, &differences(old, new)), new);
            }
        }
    }
}
