//! Findings as text for people: code frames drawn by `annotate-snippets`, or one line each.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{
    AnnotationKind, Element, Group, Level as FrameLevel, Origin, Padding, Patch, Renderer, Snippet,
};

use super::clean::clean;
use super::findings::Checked;
use super::page::wrapped;
use super::style::Style;
use crate::finding::{Finding, Level};
use crate::lint::level;
use crate::source::Located;

/// Every finding with its frame; a note has its sentence, its place and what to do.
pub fn text(checked: &[Checked], style: Style, quiet: bool) -> String {
    let width = style.width.unwrap_or(10_000);
    let renderer = if style.color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(width);
    let mut text = String::new();
    for file in checked {
        if file.findings.is_empty() {
            continue;
        }
        let located = file.source.located();
        let shown = clean(&file.source.text).into_owned();
        for finding in &file.findings {
            if quiet && level(finding) == Level::Note {
                continue;
            }
            let frame = frame(
                finding,
                &file.source.name,
                &shown,
                &located,
                style,
                &renderer,
            );
            text.push_str(frame.trim_end());
            text.push_str("\n\n");
        }
    }
    text
}

fn frame(
    finding: &Finding,
    file: &str,
    shown: &str,
    located: &Located<'_>,
    style: Style,
    renderer: &Renderer,
) -> String {
    let frame_level = match level(finding) {
        Level::Error => FrameLevel::ERROR,
        Level::Warning => FrameLevel::WARNING,
        Level::Note => FrameLevel::NOTE,
    };
    let span = located.span(&finding.place);
    let file = clean(file).into_owned();
    let message = clean(&finding.message).into_owned();
    let title = frame_level.primary_title(message).id(finding.rule);
    let mut elements: Vec<Element<'_>> = Vec::new();
    if level(finding) == Level::Note {
        let position = located.position(span.start);
        elements.push(
            Origin::path(file.clone())
                .line(position.line)
                .char_column(position.column)
                .into(),
        );
    } else {
        let mut primary = AnnotationKind::Primary.span(span.clone());
        if let Some(label) = &finding.label {
            primary = primary.label(clean(label).into_owned());
        }
        let mut snippet = Snippet::source(shown)
            .path(file.clone())
            .annotation(primary);
        for (place, label) in &finding.related {
            let annotation = AnnotationKind::Context
                .span(located.span(place))
                .label(clean(label).into_owned());
            snippet = snippet.annotation(annotation);
        }
        elements.push(snippet.into());
    }
    // Continuation lines stand below the text behind `   = note: `.
    let digits = located.position(shown.len()).line.to_string().len();
    let room = style.width.map(|width| width.saturating_sub(digits + 9));
    let messages = finding.notes.iter().map(|note| (FrameLevel::NOTE, note));
    let messages: Vec<_> = messages
        .chain(finding.help.iter().map(|help| (FrameLevel::HELP, help)))
        .collect();
    if level(finding) != Level::Note && !messages.is_empty() {
        elements.push(Padding.into());
    }
    for (frame_level, note) in messages {
        let note: String = clean(note)
            .lines()
            .map(|line| wrapped(line, "", room))
            .collect();
        elements.push(frame_level.message(note.trim_end().to_owned()).into());
    }
    let mut groups = vec![title.elements(elements)];
    if let Some(fix) = finding
        .fix
        .as_ref()
        .filter(|fix| fix.replacement.is_some() && level(finding) != Level::Note)
    {
        let place = located.inner_span(&fix.place);
        let replacement = fix.replacement.clone().unwrap_or_default();
        let patch = Patch::new(place, clean(&replacement).into_owned());
        let message = match &fix.asked_for {
            Some(need) => {
                let line = located.position(located.span(need).start).line;
                format!("{}, and line {line} needs it", fix.message)
            }
            None => fix.message.clone(),
        };
        groups.push(
            Group::with_title(FrameLevel::HELP.secondary_title(clean(&message).into_owned()))
                .element(Snippet::source(shown).path(file).patch(patch)),
        );
    }
    let frame = renderer.render(&groups);
    if level(finding) != Level::Note {
        return frame;
    }
    // Without a frame there is no gutter: what follows the title stands where it would with one.
    let gutter = located.position(span.start).line.to_string().len();
    let mut lines = frame.lines();
    let title = lines.next().unwrap_or_default().to_owned();
    lines.fold(title, |text, line| format!("{text}\n{:gutter$}{line}", ""))
}

/// One line a finding: `file:line:column: level[rule] message`.
pub fn short(checked: &[Checked], quiet: bool) -> String {
    let mut text = String::new();
    for file in checked {
        if file.findings.is_empty() {
            continue;
        }
        let located = file.source.located();
        for finding in &file.findings {
            if quiet && level(finding) == Level::Note {
                continue;
            }
            let position = located.position(located.span(&finding.place).start);
            let line = format!(
                "{}:{}:{}: {}[{}] {}",
                file.source.name,
                position.line,
                position.column,
                level(finding).name(),
                finding.rule,
                finding.message.replace('\n', " ")
            );
            text.push_str(&clean(&line));
            text.push('\n');
        }
    }
    text
}
