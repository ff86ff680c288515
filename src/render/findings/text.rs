//! Findings as text for people: code frames drawn by `annotate-snippets`, or one line each.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{
    AnnotationKind, Element, Group, Level as FrameLevel, Origin, Padding, Patch, Renderer, Snippet,
};

use super::{Report, is_about_the_file, splices_of};
use crate::finding::{FarPlace, Finding, Fix, Level, RuleId};
use crate::lint::level;
use crate::render::clean::{clean, one_line};
use crate::render::page::wrapped;
use crate::render::style::{Style, columns};
use crate::source::limits::{
    LONGEST_LINE, MOST_FRAMES, MOST_FRAMES_IN_FILE, MOST_RELATED, TALLEST_FRAME,
};
use crate::source::{SourceMap, Splice};

/// Every finding with its frame; for a note, only the message, the place and the help.
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
    let (mut drawn, mut undrawn) = (0, 0);
    for file in &report.checked {
        if file.findings.is_empty() {
            continue;
        }
        let located = file.source.source_map();
        let shown = clean(&file.source.text);
        let splices = if drawn < MOST_FRAMES {
            let first = file.findings.iter().take(MOST_FRAMES_IN_FILE);
            splices_of(&located, &first.collect::<Vec<_>>(), is_drawn)
        } else {
            Vec::new()
        };
        let mut drawn_here = 0;
        for (index, finding) in file.findings.iter().enumerate() {
            if quiet && level(finding) == Level::Note {
                continue;
            }
            let more;
            let finding = match repeated.files_with(finding) {
                None => finding,
                Some(_) if !told.insert((finding.rule, &finding.message)) => continue,
                Some(files) => {
                    let note = format!(
                        "the same in {} more files: --format short lists them",
                        files - 1
                    );
                    more = finding.clone().note(note);
                    &more
                }
            };
            if drawn == MOST_FRAMES || drawn_here == MOST_FRAMES_IN_FILE {
                text.push_str(&line(finding, &file.source.name, &located));
                undrawn += 1;
                continue;
            }
            let frame = Frame {
                finding,
                splices: splices.get(index).and_then(Option::as_deref),
                file: one_line(&file.source.name).into_owned(),
                shown: &shown,
                located: &located,
            };
            text.push_str(frame.drawn(style, &renderer).trim_end());
            text.push_str("\n\n");
            drawn += 1;
            drawn_here += 1;
        }
        if !text.is_empty() && !text.ends_with("\n\n") {
            text.push('\n');
        }
    }
    if undrawn > 0 {
        let _ = writeln!(
            text,
            "note: {} shown without the code: --format short lists all of them\n",
            match undrawn {
                1 => "1 finding is".to_owned(),
                number => format!("{number} findings are"),
            }
        );
    }
    text
}

/// File-wide findings that occur in so many files that they are printed once.
struct Repeated<'a>(HashMap<(RuleId, &'a str), usize>);

/// A file-wide finding that occurs in more files than this is printed once.
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

/// The sentence of a finding, broken at spaces where it is too wide behind its level and its rule.
fn titled(message: &str, finding: &Finding, style: Style) -> String {
    let message = one_line(message);
    let lead = level(finding).name().len() + finding.rule.name().len() + "[]: ".len();
    let Some(width) = style
        .width
        .filter(|width| lead + columns(&message) > *width)
    else {
        return message.into_owned();
    };
    let text = wrapped(&message, &" ".repeat(lead), Some(width));
    // The renderer sets further lines in below the sentence.
    let lines = text.lines().map(str::trim_start);
    lines.collect::<Vec<_>>().join("\n")
}

/// Whether the fix of a finding is drawn below its frame, as for replacing one name by another.
fn is_drawn(finding: &Finding, fix: &Fix) -> bool {
    let is_rename = fix.new_text().is_some() && finding.help.is_none();
    is_rename && level(finding) != Level::Note
}

/// A finding that is to be drawn.
struct Frame<'a> {
    finding: &'a Finding,
    /// The splices of its fix, where that is to be drawn and can be made.
    splices: Option<&'a [Splice]>,
    file: String,
    /// The text of the file, cleaned.
    shown: &'a str,
    located: &'a SourceMap<'a>,
}

impl Frame<'_> {
    fn drawn(&self, style: Style, renderer: &Renderer) -> String {
        let Self {
            finding,
            splices,
            ref file,
            shown,
            located,
        } = *self;
        let frame_level = match level(finding) {
            Level::Error => FrameLevel::ERROR,
            Level::Warning => FrameLevel::WARNING,
            Level::Note => FrameLevel::NOTE,
        };
        let mut span = located.span(&finding.place);
        let mut ends = shown[span.clone()].match_indices('\n');
        if let Some((end, _)) = ends.nth(TALLEST_FRAME) {
            span.end = span.start + end;
        }
        let message = titled(&finding.message, finding, style);
        let title_lines = message.lines().count().max(1);
        let title = frame_level.primary_title(message).id(finding.rule.name());
        let mut elements: Vec<Element<'_>> = Vec::new();
        let mut far: Vec<String> = Vec::new();
        let mut window = None;
        if level(finding) == Level::Note {
            elements.push(self.origin(&span).into());
            far.extend(self.elsewhere());
        } else {
            let related = self.related(&span, &mut far);
            let spans: Vec<_> = related
                .iter()
                .map(|(span, _)| span)
                .chain([&span])
                .collect();
            let fit = Fit::of(style, located, &spans);
            let window = window.insert(Window::around(shown, located, spans, fit));
            let mut primary = AnnotationKind::Primary.span(window.seen(&span));
            match &finding.label {
                Some(label) if self.fits(label, &span, style) => {
                    primary = primary.label(one_line(label));
                }
                Some(label) => far.insert(0, label.clone()),
                None => {}
            }
            let mut snippet = window.snippet().path(file.clone()).annotation(primary);
            for (span, label) in &related {
                let mut annotation = AnnotationKind::Context.span(window.seen(span));
                if self.fits(label, span, style) {
                    annotation = annotation.label(one_line(label));
                } else {
                    far.push(format!(
                        "line {}: {label}",
                        located.position(span.start).line
                    ));
                }
                snippet = snippet.annotation(annotation);
            }
            far.extend(self.elsewhere());
            elements.push(snippet.into());
        }
        let patch = finding.fix.as_ref().filter(|fix| is_drawn(finding, fix));
        // A fix that cannot be drawn is described in a help line.
        let undrawn = patch.filter(|_| splices.is_none()).map(|fix| &fix.message);
        let below = self.below(&far, undrawn, style);
        if level(finding) != Level::Note && !below.is_empty() {
            elements.push(Padding.into());
        }
        for (frame_level, text) in below {
            elements.push(frame_level.message(text).into());
        }
        let mut groups = vec![title.elements(elements)];
        let patched;
        if let (Some(fix), Some([splice])) = (patch, splices) {
            // The renderer fits what it marks, and not what it would change.
            let mut fit = Fit::of(style, located, &[&splice.range]);
            fit.longest = fit.longest.min(style.width.unwrap_or(LONGEST_LINE));
            patched = Window::around(shown, located, [&splice.range], fit);
            let new_text = clean(&splice.text).into_owned();
            let patch = Patch::new(patched.seen(&splice.range), new_text);
            let title = FrameLevel::HELP.secondary_title(self.titled(fix, style));
            groups.push(
                Group::with_title(title).element(patched.snippet().path(file.clone()).patch(patch)),
            );
        }
        let frame = renderer.render(&groups);
        if let Some(window) = window.filter(Window::is_cut) {
            return self.with_true_column(&frame, &span, &window);
        }
        if level(finding) != Level::Note {
            return frame;
        }
        // There is no gutter without a frame, so indent the lines below the title as if there were one.
        let gutter = located.position(span.start).line.to_string().len();
        let lines = frame.lines().enumerate().map(|(index, line)| {
            if index < title_lines {
                line.to_owned()
            } else {
                format!("{:gutter$}{line}", "")
            }
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The notes below the code, then the helps, each broken at spaces where it is too wide.
    fn below(
        &self,
        far: &[String],
        undrawn: Option<&String>,
        style: Style,
    ) -> Vec<(FrameLevel<'static>, String)> {
        // Further lines are aligned with the text after `   = note: `.
        let last = self.located.position(self.shown.len()).line;
        let digits = last.to_string().len();
        let room = style.width.map(|width| width.saturating_sub(digits + 9));
        let fitted = |text: &String| {
            let text = clean(text);
            let lines = text.lines().map(|line| wrapped(line, "", room));
            lines.collect::<String>().trim_end().to_owned()
        };
        let notes = self.finding.notes.iter().chain(far);
        let notes = notes.map(|note| (FrameLevel::NOTE, fitted(note)));
        let helps = self.finding.help.iter().chain(undrawn);
        let helps = helps.map(|help| (FrameLevel::HELP, fitted(help)));
        notes.chain(helps).collect()
    }

    /// The sentence above a fix that is drawn.
    fn titled(&self, fix: &Fix, style: Style) -> String {
        let message = match &fix.asked_for {
            Some(need) => {
                let line = self.located.position(self.located.span(need).start).line;
                match fix.message.strip_suffix('?') {
                    Some(question) => format!("{question}, which line {line} needs?"),
                    None => format!("{}, and line {line} needs it", fix.message),
                }
            }
            None => fix.message.clone(),
        };
        // Behind `help: `.
        let room = style.width.map(|width| width.saturating_sub(6));
        let title = wrapped(&one_line(&message), "", room);
        title.trim_end().to_owned()
    }

    /// Corrects the column in a frame whose line was cut.
    fn with_true_column(&self, frame: &str, span: &Range<usize>, window: &Window<'_>) -> String {
        let position = self.located.position(span.start);
        let before = &window.text[..window.seen(span).start];
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let place = |column: usize| format!("{}:{}:{column}", self.file, position.line);
        let counted = place(before[start..].chars().count() + 1);
        match frame.split_once('\n') {
            Some((title, rest)) => {
                let rest = rest.replacen(&counted, &place(position.column), 1);
                format!("{title}\n{rest}")
            }
            None => frame.to_owned(),
        }
    }

    /// Whether the words below a place fit on the terminal: the renderer does not break them.
    fn fits(&self, label: &str, span: &Range<usize>, style: Style) -> bool {
        let Some(width) = style.width else {
            return true;
        };
        let end = self.located.position(span.end);
        let room = width.saturating_sub(end.line.to_string().len() + 4);
        // Of a long line, the renderer shows the place about in the middle.
        let column = end.column.min((room + span.len()).div_ceil(2));
        column + columns(label) <= room
    }

    fn origin(&self, span: &Range<usize>) -> Origin<'static> {
        let position = self.located.position(span.start);
        Origin::path(self.file.clone())
            .line(position.line)
            .char_column(position.column)
    }

    /// The first places in other files, as text.
    fn elsewhere(&self) -> impl Iterator<Item = String> {
        let places = self.finding.elsewhere.iter().take(MOST_RELATED);
        places.map(|place| {
            let FarPlace {
                label, file, start, ..
            } = place;
            format!("{label}: {file}:{}:{}", start.line, start.column)
        })
    }

    /// The related places shown in the frame of a span; those that are too far away or too many are added to `far` as
    /// text.
    fn related(&self, span: &Range<usize>, far: &mut Vec<String>) -> Vec<(Range<usize>, &str)> {
        let line = |at: usize| self.located.position(at).line;
        let mut lines = (line(span.start), line(span.end));
        let mut shown = Vec::new();
        let mut left = 0;
        for (place, label) in &self.finding.related {
            let other = self.located.span(place);
            let (first, last) = (line(other.start), line(other.end));
            let all = (lines.0.min(first), lines.1.max(last));
            if shown.len() + far.len() == MOST_RELATED {
                left += 1;
            } else if all.1 - all.0 < TALLEST_FRAME {
                lines = all;
                shown.push((other, label.as_str()));
            } else {
                far.push(format!("{label}: line {first}"));
            }
        }
        if left > 0 {
            far.push(format!(
                "and {left} more places: --format sarif lists them all"
            ));
        }
        shown
    }
}

/// The lines of a text around some places, with long lines cut, because the renderer processes the whole text it is
/// given for each frame.
struct Window<'a> {
    text: Cow<'a, str>,
    /// The parts of the whole text that are in the window, each with where it begins there.
    pieces: Vec<(Range<usize>, usize)>,
    first_line: usize,
}

/// What stands for the part of a line that is left out.
const CUT: &str = "…";
/// So much of a long line is shown on each side of a place where there is room.
const AROUND: usize = 120;

/// How much of a line is shown.
#[derive(Debug, Clone, Copy)]
struct Fit {
    /// Lines longer than this are cut.
    longest: usize,
    /// So much is shown on each side of a place.
    around: usize,
}

impl Fit {
    /// What fits on a terminal beside the number of a line. One place is fitted by the renderer; several on one line are not.
    fn of(style: Style, located: &SourceMap<'_>, spans: &[&Range<usize>]) -> Self {
        let Some(width) = style.width else {
            return Self {
                longest: LONGEST_LINE,
                around: AROUND,
            };
        };
        let digits = located.position(usize::MAX).line.to_string().len();
        let room = width.saturating_sub(digits + 5);
        let line = |at: usize| located.position(at).line;
        let first = spans.first().map(|span| line(span.start));
        let is_one_line = spans.iter().all(|span| Some(line(span.start)) == first);
        let shown: usize = spans.iter().map(|span| span.len().min(room)).sum();
        let sides = 2 * spans.len().max(1);
        Self {
            longest: if is_one_line && spans.len() > 1 {
                room
            } else {
                LONGEST_LINE
            },
            around: (room.saturating_sub(shown + sides) / sides).clamp(4, AROUND),
        }
    }
}

impl<'a> Window<'a> {
    fn around<'b>(
        text: &'a str,
        located: &SourceMap<'_>,
        spans: impl IntoIterator<Item = &'b Range<usize>>,
        fit: Fit,
    ) -> Self {
        let mut edges: Vec<usize> = Vec::new();
        for span in spans {
            edges.extend([span.start, span.end]);
        }
        edges.sort_unstable();
        let (first, last) = (edges.first().copied(), edges.last().copied());
        let start = located.line_at(first.unwrap_or_default()).start;
        let end = located.line_at(last.unwrap_or_default()).end;
        let first_line = located.position(start).line;
        let whole = start..end;
        let is_long = |line: &str| line.len() > fit.longest;
        if !text[whole.clone()].split_inclusive('\n').any(is_long) {
            return Self {
                text: Cow::Borrowed(&text[whole.clone()]),
                pieces: vec![(whole, 0)],
                first_line,
            };
        }
        let mut window = Self {
            text: Cow::Owned(String::new()),
            pieces: Vec::new(),
            first_line,
        };
        let mut at = start;
        for line in text[whole].split_inclusive('\n').take(TALLEST_FRAME) {
            let range = at..at + line.len();
            at = range.end;
            if is_long(line) {
                window.add_cut(text, range, &edges, fit.around);
            } else {
                window.add(text, range);
            }
        }
        window
    }

    fn add(&mut self, text: &str, range: Range<usize>) {
        self.pieces.push((range.clone(), self.text.len()));
        self.text.to_mut().push_str(&text[range]);
    }

    /// Adds what is around some places of a line.
    fn add_cut(&mut self, text: &str, line: Range<usize>, edges: &[usize], around: usize) {
        let inner = text[line.clone()].trim_end_matches(['\n', '\r']).len();
        let content = line.start..line.start + inner;
        let boundary = |at: usize| {
            let at = at.clamp(content.start, content.end);
            let mut boundaries = (content.start..=at).rev();
            boundaries
                .find(|at| text.is_char_boundary(*at))
                .unwrap_or(at)
        };
        let mut kept: Vec<Range<usize>> = Vec::new();
        let on_line = edges
            .iter()
            .copied()
            .filter(|edge| (line.start..=content.end).contains(edge));
        let mut shown: Vec<usize> = on_line.collect();
        if shown.is_empty() {
            shown.push(content.start);
        }
        for edge in shown {
            let near = boundary(edge.saturating_sub(around))..boundary(edge + around);
            match kept
                .last_mut()
                .filter(|last| near.start <= last.end + CUT.len())
            {
                Some(last) => last.end = last.end.max(near.end),
                None => kept.push(near),
            }
        }
        let mut end = content.start;
        for piece in kept {
            if piece.start > end {
                self.text.to_mut().push_str(CUT);
            }
            end = piece.end;
            self.add(text, piece);
        }
        if end < content.end {
            self.text.to_mut().push_str(CUT);
        }
        self.add(text, content.end..line.end);
    }

    fn is_cut(&self) -> bool {
        matches!(self.text, Cow::Owned(_))
    }

    /// Where a place of the whole text is in the window.
    fn seen(&self, span: &Range<usize>) -> Range<usize> {
        let seen = |at: usize| {
            let next = self.pieces.partition_point(|(piece, _)| piece.start <= at);
            let piece = next.checked_sub(1).map(|last| &self.pieces[last]);
            piece.map_or(0, |(piece, start)| {
                start + (at.min(piece.end) - piece.start)
            })
        };
        let start = seen(span.start);
        start..seen(span.end).max(start)
    }

    fn snippet<T: Clone>(&self) -> Snippet<'_, T> {
        Snippet::source(&*self.text).line_start(self.first_line)
    }
}

/// One line a finding: `file:line:column: level[rule] message`.
pub fn short(report: &Report, quiet: bool) -> String {
    let mut text = String::new();
    for file in &report.checked {
        if file.findings.is_empty() {
            continue;
        }
        let located = file.source.source_map();
        for finding in &file.findings {
            if quiet && level(finding) == Level::Note {
                continue;
            }
            text.push_str(&line(finding, &file.source.name, &located));
        }
    }
    text
}

/// A finding as one line.
fn line(finding: &Finding, file: &str, located: &SourceMap<'_>) -> String {
    let position = located.position(located.span(&finding.place).start);
    let line = format!(
        "{file}:{}:{}: {}[{}] {}",
        position.line,
        position.column,
        level(finding).name(),
        finding.rule,
        finding.message
    );
    one_line(&line).into_owned() + "\n"
}
