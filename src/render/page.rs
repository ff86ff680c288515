//! A screen: the answer, tables, endpoints, at most three notes, one help line.

use std::fmt::Write;

use super::clean::{clean, one_line};
use super::style::{Style, Tone, columns};
use super::table::Table;
use crate::model::{Call, Catalog, Effect, EndpointId, KeyTypeId};
use crate::source::count;

/// A screen under construction.
pub(super) struct Page {
    style: Style,
    text: String,
    notes: Vec<String>,
    help: Option<String>,
}

impl Page {
    /// A screen whose first line is the answer.
    pub(super) fn new(style: Style, answer: &str) -> Self {
        let answer = wrapped(&clean(answer), "", style.width);
        let answer = style.paint(answer.trim_end(), Tone::Bold);
        Self {
            style,
            text: format!("{answer}\n"),
            notes: Vec::new(),
            help: None,
        }
    }

    /// A table under a blank line.
    pub(super) fn table(&mut self, table: &Table) {
        self.text.push('\n');
        self.text.push_str(&table.render(self.style));
    }

    /// A blank line.
    pub(super) fn gap(&mut self) {
        self.text.push('\n');
    }

    /// Adds a line; line breaks in the text become spaces. What is too wide goes on below, set in a little.
    pub(super) fn line(&mut self, line: &str) {
        self.text
            .push_str(&folded(&one_line(line), self.style.width));
        self.text.push('\n');
    }

    /// Adds a line of code, as it is.
    pub(super) fn code(&mut self, line: &str) {
        self.text.push_str(&one_line(line));
        self.text.push('\n');
    }

    /// A heading under a blank line.
    pub(super) fn heading(&mut self, title: &str) {
        self.gap();
        self.toned(title, Tone::Bold);
    }

    /// Adds lines of our own text that are already wrapped.
    pub(super) fn lines(&mut self, lines: &str) {
        self.text.push_str(&clean(lines));
        self.text.push('\n');
    }

    /// A paragraph, wrapped, all its lines behind the same indent.
    pub(super) fn paragraph(&mut self, indent: &str, text: &str) {
        let width = self.style.width;
        self.text.push_str(&wrapped(&clean(text), indent, width));
    }

    /// The same with a hanging indent, so that the items of a list are easy to tell apart.
    pub(super) fn item(&mut self, indent: &str, text: &str) {
        const DEEPER: &str = "  ";
        let width = self
            .style
            .width
            .map(|width| width.saturating_sub(DEEPER.len()));
        let lines = wrapped(&clean(text), indent, width);
        for (index, line) in lines.lines().enumerate() {
            if index > 0 {
                self.text.push_str(DEEPER);
            }
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    /// A line in a tone.
    pub(super) fn toned(&mut self, line: &str, tone: Tone) {
        for line in folded(&one_line(line), self.style.width).lines() {
            self.text.push_str(&self.style.paint(line, tone));
            self.text.push('\n');
        }
    }

    /// A line with words at the right edge, or three spaces after it if there is no width to align to; below it if they do
    /// not fit.
    pub(super) fn aligned(&mut self, left: &str, right: &str, tone: Tone) {
        let (left, right) = (one_line(left), one_line(right));
        let used = columns(&left) + columns(&right);
        if !right.is_empty() && self.style.width.is_some_and(|width| used + 3 > width) {
            self.toned(&left, tone);
            let indent = left.chars().take_while(|c| *c == ' ').count() + 2;
            self.line(&format!("{:indent$}{right}", ""));
            return;
        }
        let room = self
            .style
            .width
            .map_or(3, |width| width.saturating_sub(used).max(3));
        let painted = self.style.paint(&left, tone);
        self.text.push_str(&painted);
        if !right.is_empty() {
            let _ = write!(self.text, "{:room$}{right}", "");
        }
        self.text.push('\n');
    }

    /// Endpoints, each on a line of its own, writes first, then by method and path.
    pub(super) fn endpoints(&mut self, catalog: &Catalog, indent: usize, endpoints: &[EndpointId]) {
        let mut sorted = endpoints.to_vec();
        sorted.sort_by_key(|index| {
            let endpoint = &catalog.endpoints[*index];
            (
                endpoint.effect == Effect::Read,
                endpoint.method.clone(),
                endpoint.path.text.clone(),
                endpoint.mode,
            )
        });
        for index in sorted {
            let line = endpoint_line(catalog, index);
            self.line(&format!("{:indent$}{line}", ""));
        }
    }

    /// Something to know; more than three are dropped.
    pub(super) fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        if self.notes.len() < 3 && !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// What to type next.
    pub(super) fn help(&mut self, help: impl Into<String>) {
        self.help = Some(help.into());
    }

    /// The whole screen.
    pub(super) fn finish(mut self) -> String {
        let lines = self
            .notes
            .iter()
            .map(|note| ("note: ", note))
            .chain(self.help.iter().map(|help| ("help: ", help)));
        let mut foot = String::new();
        for (lead, text) in lines {
            let text = wrapped(&clean(text), lead, self.style.width);
            let painted = self.style.paint(lead.trim_end(), Tone::Bold);
            foot.push_str(&text.replacen(lead.trim_end(), &painted, 1));
        }
        if !foot.is_empty() {
            self.text.push('\n');
            self.text.push_str(&foot);
        }
        self.text
    }
}

/// `GET     /path`, with the mode behind it.
pub(super) fn endpoint_line(catalog: &Catalog, index: EndpointId) -> String {
    let endpoint = &catalog.endpoints[index];
    let mode = endpoint
        .mode
        .map(|mode| format!(" mode={}", catalog.modes[mode]))
        .unwrap_or_default();
    let deprecated = if endpoint.deprecated {
        "  (deprecated)"
    } else {
        ""
    };
    format!("{:<7} {}{mode}{deprecated}", endpoint.method, endpoint.path)
}

/// A call of a recipe as `endpoint_line` has it, and whether it is inferred.
pub(super) fn call_line(catalog: &Catalog, call: Call) -> String {
    let line = endpoint_line(catalog, call.endpoint);
    if call.inferred {
        format!("{line}  (inferred)")
    } else {
        line
    }
}

/// Lines of standard error, each broken at spaces so that it fits a width.
pub fn folded_lines(text: &str, width: usize) -> String {
    let lines = text.lines().map(|line| folded(line, Some(width)) + "\n");
    lines.collect()
}

/// A line broken at spaces so that it fits a width, its further lines set in by two more. Runs of spaces are kept, and a
/// word that is too wide by itself is not broken.
fn folded(line: &str, width: Option<usize>) -> String {
    let Some(width) = width.filter(|width| columns(line) > *width) else {
        return line.to_owned();
    };
    let indent = line.chars().take_while(|c| *c == ' ').count();
    let mut lines: Vec<String> = Vec::new();
    let mut rest = line.to_owned();
    while columns(&rest) > width {
        let from = rest.chars().take_while(|c| *c == ' ').count();
        let spaces = rest
            .char_indices()
            .filter(|(at, c)| *c == ' ' && *at > from);
        // The last space that fits, else the first one.
        let mut fitting = spaces
            .clone()
            .filter(|(at, _)| columns(&rest[..*at]) <= width);
        let Some((at, _)) = fitting.next_back().or_else(|| spaces.clone().next()) else {
            break;
        };
        let after = format!("{:1$}{2}", "", indent + 2, rest[at..].trim_start());
        if columns(&after) >= columns(&rest) {
            break;
        }
        lines.push(rest[..at].trim_end().to_owned());
        rest = after;
    }
    lines.push(rest);
    lines.join("\n")
}

/// A paragraph behind a lead, wrapped at a width with its further lines below the first.
pub fn wrapped(text: &str, lead: &str, width: Option<usize>) -> String {
    let width = width.unwrap_or(usize::MAX);
    let mut lines = String::new();
    let mut line = lead.to_owned();
    let mut is_empty = true;
    for word in text.split_whitespace() {
        let length = columns(&line) + usize::from(!is_empty) + columns(word);
        if length > width && !is_empty {
            lines.push_str(&line);
            lines.push('\n');
            line = " ".repeat(columns(lead));
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    lines.push_str(&line);
    lines.push('\n');
    lines
}

/// "3 writes, 2 reads", "1 read", or "nothing".
pub(super) fn effects(catalog: &Catalog, endpoints: &[EndpointId]) -> String {
    let writes = endpoints
        .iter()
        .filter(|index| catalog.endpoints[**index].effect == Effect::Write)
        .count();
    let reads = endpoints.len() - writes;
    match (writes, reads) {
        (0, 0) => "nothing".to_owned(),
        (0, reads) => count(reads, "read"),
        (writes, 0) => count(writes, "write"),
        (writes, reads) => format!("{}, {}", count(writes, "write"), count(reads, "read")),
    }
}

/// "a server key", "a server key or an app key".
pub(super) fn key_names(catalog: &Catalog, types: &[KeyTypeId]) -> String {
    let names: Vec<String> = types
        .iter()
        .map(|index| catalog.key_types[*index].with_article())
        .collect();
    names.join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_at_spaces_and_nothing_is_lost() {
        let lines = [
            "",
            "   GET     /a/{b}  (inferred)",
            " bundle store (11 scopes): Products, orders, stock and webhooks",
            "averyveryverylongwordthatfitsnowhere and more",
            "   x averyveryverylongwordthatfitsnowhere",
            "    ",
            "商品を読む 商品を書く 請求書を読む 支払いを行う и описание на русском",
        ];
        for line in lines {
            for width in 1..70 {
                let text = folded(line, Some(width));
                let words = |text: &str| {
                    text.split_whitespace()
                        .map(str::to_owned)
                        .collect::<Vec<_>>()
                };
                assert_eq!(words(&text), words(line), "{width}");
                let longest = words(line).iter().map(|word| columns(word)).max();
                let longest = longest.unwrap_or(0);
                let fits = width >= longest + 6;
                assert!(
                    !fits || text.lines().all(|line| columns(line) <= width),
                    "{text}"
                );
                let paragraph = wrapped(line, " - ", Some(width));
                assert!(
                    !fits || paragraph.lines().all(|line| columns(line) <= width),
                    "{paragraph}"
                );
            }
        }
        assert_eq!(
            folded(lines[1], Some(24)),
            "   GET     /a/{b}\n     (inferred)"
        );
    }
}
