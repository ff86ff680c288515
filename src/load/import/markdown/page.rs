//! A page as a list of blocks: headings, tables, paragraphs, list items and code, each with its place.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::html;

/// A part of a page.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) at: Range<usize>,
    pub(super) kind: Kind,
}

#[derive(Debug)]
pub(super) enum Kind {
    /// A heading with its level, from 1.
    Heading(usize, Inline),
    Table(Table),
    Text(Inline),
    /// The text of a list item, without the lists in it.
    Item(Inline),
    Code(String),
}

#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) header: Vec<Inline>,
    pub(super) rows: Vec<Row>,
    /// Why it is not read, where it cannot be.
    pub(super) unreadable: Option<&'static str>,
}

#[derive(Debug)]
pub(super) struct Row {
    pub(super) at: Range<usize>,
    pub(super) cells: Vec<Inline>,
}

/// Text with its code spans.
#[derive(Debug, Default, Clone)]
pub(super) struct Inline(pub(super) Vec<Piece>);

#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) is_code: bool,
}

impl Inline {
    pub(super) fn of(text: &str) -> Self {
        let mut inline = Self::default();
        inline.push(text, false);
        inline
    }

    /// Adds text; what is not code is joined with the text before it.
    pub(super) fn push(&mut self, text: &str, is_code: bool) {
        match self.0.last_mut() {
            Some(last) if !is_code && !last.is_code => last.text.push_str(text),
            _ => self.0.push(Piece {
                text: text.to_owned(),
                is_code,
            }),
        }
    }

    /// The text, with a newline for each line break.
    pub(super) fn text(&self) -> String {
        self.0.iter().map(|piece| piece.text.as_str()).collect()
    }

    /// The text in one line.
    pub(super) fn line(&self) -> String {
        let text = self.text();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub(super) fn is_blank(&self) -> bool {
        self.0.iter().all(|piece| piece.text.trim().is_empty())
    }
}

/// The blocks of a page, in their order.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let (tables, text) = html::tables(text);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut builder = Builder {
        text: &text,
        blocks: tables,
        open: Vec::new(),
        row: Vec::new(),
        table: None,
        is_code: false,
    };
    for (event, at) in Parser::new_ext(&text, options).into_offset_iter() {
        builder.event(event, at);
    }
    let mut blocks = builder.blocks;
    blocks.sort_by_key(|block| block.at.start);
    blocks
}

/// What is being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Heading(usize),
    Text,
    Item,
    Cell,
    Code,
    /// Metadata, and other things that are no text of the page.
    Silent,
}

struct Builder<'a> {
    text: &'a str,
    blocks: Vec<Block>,
    /// What is open, with its text so far and its place.
    open: Vec<(Open, Inline, Range<usize>)>,
    row: Vec<Inline>,
    table: Option<Table>,
    /// Whether an HTML tag for code is open.
    is_code: bool,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, at: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(&tag, at),
            Event::End(tag) => self.end(tag, at),
            Event::Text(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.push(&text, self.is_code);
            }
            Event::Code(text) => self.push(&text, true),
            Event::Html(text) => self.push(&html::without_tags(&text), false),
            Event::InlineHtml(tag) => match html::name_of(&tag) {
                "br" => self.push("\n", false),
                "code" | "tt" => self.is_code = true,
                "/code" | "/tt" => self.is_code = false,
                // A placeholder such as `<scope>` is text.
                _ if html::is_known(&tag) => {}
                _ => self.push(&tag, false),
            },
            Event::SoftBreak | Event::HardBreak => self.push("\n", false),
            Event::FootnoteReference(_) | Event::Rule | Event::TaskListMarker(_) => {}
        }
    }

    fn push(&mut self, text: &str, is_code: bool) {
        if let Some((_, inline, _)) = self.open.last_mut() {
            inline.push(text, is_code);
        }
    }

    fn start(&mut self, tag: &Tag<'_>, at: Range<usize>) {
        let open = match tag {
            Tag::Heading { level, .. } => Open::Heading(*level as usize),
            Tag::Paragraph
                if self
                    .open
                    .last()
                    .is_some_and(|(open, ..)| *open == Open::Item) =>
            {
                return;
            }
            Tag::Paragraph | Tag::HtmlBlock | Tag::FootnoteDefinition(_) => Open::Text,
            Tag::CodeBlock(_) => Open::Code,
            Tag::Item => Open::Item,
            Tag::MetadataBlock(_) => Open::Silent,
            Tag::Table(_) => {
                self.table = Some(Table::default());
                return;
            }
            Tag::TableCell => Open::Cell,
            // A list inside of an item ends the item's own text.
            Tag::List(_) => {
                if let Some((Open::Item, inline, place)) = self.open.last_mut() {
                    let text = std::mem::take(inline);
                    let place = place.start..at.start;
                    self.add(place, Kind::Item(text));
                }
                return;
            }
            _ => return,
        };
        // Code inside of an item stands behind the text that introduces it.
        if let (Open::Code, Some((Open::Item, inline, place))) = (open, self.open.last_mut()) {
            let text = std::mem::take(inline);
            let place = place.start..at.start;
            self.add(place, Kind::Item(text));
        }
        self.is_code = false;
        self.open.push((open, Inline::default(), at));
    }

    fn end(&mut self, tag: TagEnd, at: Range<usize>) {
        match tag {
            TagEnd::TableHead => {
                let cells = std::mem::take(&mut self.row);
                if let Some(table) = &mut self.table {
                    table.header = cells;
                }
            }
            TagEnd::TableRow => {
                let cells = std::mem::take(&mut self.row);
                self.row_ends(at, cells);
            }
            TagEnd::Table => {
                if let Some(table) = self.table.take() {
                    let end = table.rows.last().map_or(at.end, |row| row.at.end);
                    self.add(at.start..end, Kind::Table(table));
                }
            }
            // The item's own text goes on behind its list.
            TagEnd::List(_) => {
                if let Some((Open::Item, _, place)) = self.open.last_mut() {
                    place.start = at.end.min(place.end);
                }
            }
            TagEnd::Paragraph
                if self
                    .open
                    .last()
                    .is_some_and(|(open, ..)| *open == Open::Item) =>
            {
                self.push("\n", false);
            }
            TagEnd::Heading(_)
            | TagEnd::Paragraph
            | TagEnd::HtmlBlock
            | TagEnd::FootnoteDefinition
            | TagEnd::CodeBlock
            | TagEnd::Item
            | TagEnd::MetadataBlock(_)
            | TagEnd::TableCell => {
                let Some((open, inline, place)) = self.open.pop() else {
                    return;
                };
                match open {
                    Open::Heading(level) => self.add(place, Kind::Heading(level, inline)),
                    Open::Text => self.add(place, Kind::Text(inline)),
                    Open::Item => self.add(place, Kind::Item(inline)),
                    Open::Code => {
                        if let Some((Open::Item, _, outer)) = self.open.last_mut() {
                            outer.start = place.end.min(outer.end);
                        }
                        self.add(place, Kind::Code(inline.text()));
                    }
                    Open::Cell => self.row.push(inline),
                    Open::Silent => {}
                }
            }
            _ => {}
        }
    }

    /// A line without a separator directly behind a table is taken for a row by the grammar; it is text.
    fn row_ends(&mut self, at: Range<usize>, cells: Vec<Inline>) {
        let Some(table) = &mut self.table else { return };
        let line = self.text.get(at.clone()).unwrap_or_default();
        if table.header.len() > 1 && !line.contains('|') {
            let inline = cells.into_iter().next().unwrap_or_default();
            self.add(at, Kind::Text(inline));
        } else {
            table.rows.push(Row { at, cells });
        }
    }

    fn add(&mut self, at: Range<usize>, kind: Kind) {
        let is_blank = match &kind {
            Kind::Text(inline) | Kind::Item(inline) | Kind::Heading(_, inline) => inline.is_blank(),
            Kind::Code(text) => text.trim().is_empty(),
            Kind::Table(_) => false,
        };
        if !is_blank {
            self.blocks.push(Block { at, kind });
        }
    }
}
