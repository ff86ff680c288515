//! Findings as text for people: code frames drawn by `annotate-snippets`, or one line each.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{
    AnnotationKind, Element, Group, Level as FrameLevel, Origin, Padding, Patch, Renderer, Snippet,
};

use super::clean::{clean, one_line};
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
    let file = one_line(file).into_owned();
    let message = one_line(&finding.message).into_owned();
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
        let related = finding.related.iter();
        let related: Vec<(Range<usize>, &str)> = related
            .map(|(place, label)| (located.span(place), label.as_str()))
            .collect();
        let spans = related.iter().map(|(span, _)| span).chain([&span]);
        let window = Window::around(shown, located, spans);
        let mut primary = AnnotationKind::Primary.span(window.seen(&span));
        if let Some(label) = &finding.label {
            primary = primary.label(one_line(label));
        }
        let mut snippet = window.snippet(&file).annotation(primary);
        for (span, label) in &related {
            let annotation = AnnotationKind::Context.span(window.seen(span));
            snippet = snippet.annotation(annotation.label(one_line(label)));
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
    // A fix that cannot be drawn is still said.
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
        let window = Window::around(shown, located, [&splice.range]);
        let new_text = clean(&splice.text).into_owned();
        let patch = Patch::new(window.seen(&splice.range), new_text);
        let message = match &fix.asked_for {
            Some(need) => {
                let line = located.position(located.span(need).start).line;
                match fix.message.strip_suffix('?') {
                    Some(question) => format!("{question}, which line {line} needs?"),
                    None => format!("{}, and line {line} needs it", fix.message),
                }
            }
            None => fix.message.clone(),
        };
        groups.push(
            Group::with_title(FrameLevel::HELP.secondary_title(one_line(&message).into_owned()))
                .element(window.snippet(&file).patch(patch)),
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

/// The whole lines of a text around some places: the renderer reads all that it is given, for each frame.
struct Window<'a> {
    text: &'a str,
    start: usize,
    first_line: usize,
}

impl<'a> Window<'a> {
    fn around<'b>(
        text: &'a str,
        located: &Located<'_>,
        spans: impl IntoIterator<Item = &'b Range<usize>>,
    ) -> Self {
        let (start, end) = spans
            .into_iter()
            .fold((text.len(), 0), |(start, end), span| {
                (start.min(span.start), end.max(span.end))
            });
        let start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let end = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
        Self {
            text: &text[start..end],
            start,
            first_line: located.position(start).line,
        }
    }

    /// Where a place of the whole text is in the window.
    fn seen(&self, span: &Range<usize>) -> Range<usize> {
        span.start - self.start..span.end - self.start
    }

    fn snippet<T: Clone>(&self, file: &str) -> Snippet<'a, T> {
        Snippet::source(self.text)
            .line_start(self.first_line)
            .path(file.to_owned())
    }
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
                finding.message
            );
            text.push_str(&one_line(&line));
            text.push('\n');
        }
    }
    text
}
