//! Findings as text for people: code frames drawn by `annotate-snippets`, or one line each.

use std::collections::{HashMap, HashSet};

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{
    AnnotationKind, Element, Group, Level as FrameLevel, Origin, Padding, Patch, Renderer, Snippet,
};

use super::clean::clean;
use super::findings::{Report, is_about_the_file};
use super::page::wrapped;
use super::style::Style;
use crate::finding::{Finding, Level};
use crate::lint::level;
use crate::source::Located;

/// Every finding with its frame; a note has its sentence, its place and what to do.
pub fn text(report: &Report, style: Style, quiet: bool) -> String {
    let width = style.width.unwrap_or(10_000);
    let renderer = if style.color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(width);
    let mut text = String::new();
    let repeated = Repeated::new(report);
    let mut told = HashSet::new();
    for file in &report.checked {
        if file.findings.is_empty() {
            continue;
        }
        let located = file.source.located();
        let shown = clean(&file.source.text).into_owned();
        for finding in &file.findings {
            if quiet && level(finding) == Level::Note {
                continue;
            }
            let more;
            let finding = match repeated.files_with(finding) {
                None => finding,
                Some(_) if !told.insert((finding.rule, &finding.message)) => continue,
                Some(files) => {
                    let note = format!(
                        "the same in {} files more: --format short lists them",
                        files - 1
                    );
                    more = finding.clone().note(note);
                    &more
                }
            };
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

/// What stands in so many files, about each as a whole, that it is printed once.
struct Repeated<'a>(HashMap<(&'static str, &'a str), usize>);

/// A finding about whole files is printed once where it stands in more files than this.
const MOST_REPEATED: usize = 10;

impl<'a> Repeated<'a> {
    fn new(report: &'a Report) -> Self {
        let mut files = HashMap::new();
        for file in &report.checked {
            for finding in file.findings.iter().filter(|one| is_about_the_file(one)) {
                *files
                    .entry((finding.rule, finding.message.as_str()))
                    .or_default() += 1;
            }
        }
        Self(files)
    }

    /// In how many files a finding stands, where these are too many to print each.
    fn files_with(&self, finding: &'a Finding) -> Option<usize> {
        let files = self
            .0
            .get(&(finding.rule, finding.message.as_str()))
            .copied()?;
        (files > MOST_REPEATED && is_about_the_file(finding)).then_some(files)
    }
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
    let message = one_line(&finding.message);
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
            primary = primary.label(one_line(label));
        }
        let mut snippet = Snippet::source(shown)
            .path(file.clone())
            .annotation(primary);
        for (place, label) in &finding.related {
            let annotation = AnnotationKind::Context
                .span(located.span(place))
                .label(one_line(label));
            snippet = snippet.annotation(annotation);
        }
        elements.push(snippet.into());
    }
    let patch = finding.fix.as_ref().filter(|fix| {
        let is_rename = fix.new_text().is_some() && finding.help.is_none();
        is_rename && level(finding) != Level::Note
    });
    let splices = patch.and_then(|fix| located.splices(&fix.edits));
    // Continuation lines stand below the text behind `   = note: `.
    let digits = located.position(shown.len()).line.to_string().len();
    let room = style.width.map(|width| width.saturating_sub(digits + 9));
    let messages = finding.notes.iter().map(|note| (FrameLevel::NOTE, note));
    // A mend that cannot be drawn is still said.
    let undrawn = patch.filter(|_| splices.is_none()).map(|fix| &fix.message);
    let messages: Vec<_> = messages
        .chain(
            finding
                .help
                .iter()
                .chain(undrawn)
                .map(|help| (FrameLevel::HELP, help)),
        )
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
    if let (Some(fix), Some([splice])) = (patch, splices.as_deref()) {
        let patch = Patch::new(splice.range.clone(), clean(&splice.text).into_owned());
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

/// A text that must not begin a line of its own.
fn one_line(text: &str) -> String {
    clean(text).replace(['\n', '\r'], " ")
}

/// One line a finding: `file:line:column: level[rule] message`.
pub fn short(report: &Report, quiet: bool) -> String {
    let mut text = String::new();
    for file in &report.checked {
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
