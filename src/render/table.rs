//! Tables of short cells: a head, one thin line, no boxes. Columns are chosen by width; a cell is never broken.

use std::fmt::Write as _;

use comfy_table::{
    Attribute, Cell, CellAlignment, Color, ContentArrangement, ContentLineStyle, LineStyle,
    TableStyle,
};

use super::clean::one_line;
use super::page::wrapped;
use super::style::{Style, Tone, columns};

/// A table under construction.
pub(super) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<(String, Tone)>>,
}

#[derive(Clone)]
struct Column {
    head: String,
    right: bool,
    /// If the width is not enough, columns with a higher number are dropped first.
    leave: u8,
    /// If the width is not enough, the column goes below its row.
    below: bool,
}

impl Table {
    /// A table with these heads.
    pub(super) fn new(heads: &[&str]) -> Self {
        let columns = heads.iter().map(|head| Column {
            head: (*head).to_owned(),
            right: false,
            leave: 0,
            below: false,
        });
        Self {
            columns: columns.collect(),
            rows: Vec::new(),
        }
    }

    /// Aligns a column to the right: numbers.
    pub(super) fn right(mut self, column: usize) -> Self {
        self.columns[column].right = true;
        self
    }

    /// Allows a column to be dropped if the width is not enough; higher numbers are dropped first.
    pub(super) fn optional(mut self, column: usize, leave: u8) -> Self {
        self.columns[column].leave = leave;
        self
    }

    /// Adds a row.
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = (String, Tone)>) {
        self.rows.push(
            cells
                .into_iter()
                .map(|(text, tone)| (one_line(&text).into_owned(), tone))
                .collect(),
        );
    }

    /// Puts a column below its row if the width is not enough.
    pub(super) fn below(mut self, column: usize) -> Self {
        self.columns[column].below = true;
        self
    }

    /// The table as lines.
    pub(super) fn render(&self, style: Style) -> String {
        let all: Vec<usize> = (0..self.columns.len()).collect();
        let Some(limit) = style.width else {
            return self.lay_out(&all, style);
        };
        if self.width_of(&all) <= limit {
            return self.lay_out(&all, style);
        }
        let mut shown = all;
        let below: Vec<usize> = shown
            .iter()
            .copied()
            .filter(|c| self.columns[*c].below)
            .collect();
        shown.retain(|column| !below.contains(column));
        while self.width_of(&shown) > limit {
            let leaving = shown.iter().copied().filter(|c| self.columns[*c].leave > 0);
            match leaving.max_by_key(|c| self.columns[*c].leave) {
                Some(column) => shown.retain(|other| *other != column),
                None => return self.wrapped_or_stacked(&shown, &below, limit, style),
            }
        }
        let table = self.lay_out(&shown, style);
        self.with_below(&table, &below, limit, style)
    }

    /// How wide columns are together.
    fn width_of(&self, shown: &[usize]) -> usize {
        let columns = shown.iter().map(|column| self.column_width(*column));
        // A space on both sides of each column, and one between two.
        columns.sum::<usize>() + shown.len() * 3
    }

    fn column_width(&self, column: usize) -> usize {
        let cells = self.rows.iter().map(|row| columns(&row[column].0));
        let head = columns(&self.columns[column].head);
        cells.chain([head]).max().unwrap_or(0)
    }

    /// The table with its last column broken at spaces; if not even its words fit, every row as a few lines.
    fn wrapped_or_stacked(
        &self,
        shown: &[usize],
        below: &[usize],
        limit: usize,
        style: Style,
    ) -> String {
        let Some((last, others)) = shown.split_last() else {
            return String::new();
        };
        let room = limit.saturating_sub(self.width_of(others) + 3);
        let words = self.rows.iter().flat_map(|row| row[*last].0.split(' '));
        let longest = words.map(columns).max().unwrap_or(0);
        let head = columns(&self.columns[*last].head);
        if longest.max(head).max(8) <= room {
            let mut narrow = Self {
                columns: self.columns.clone(),
                rows: self.rows.clone(),
            };
            for row in &mut narrow.rows {
                let text = wrapped(&row[*last].0, "", Some(room));
                text.trim_end().clone_into(&mut row[*last].0);
            }
            let table = narrow.lay_out(shown, style);
            if below.is_empty() {
                return table;
            }
        }
        let mut text = String::new();
        for row in &self.rows {
            for (index, column) in shown.iter().chain(below).enumerate() {
                let (cell, tone) = &row[*column];
                let head = &self.columns[*column].head;
                if index == 0 {
                    let _ = writeln!(text, " {}", style.paint(cell, *tone));
                } else if !cell.is_empty() && cell != "-" {
                    let lead = format!("   {head}: ");
                    let lines = wrapped(cell, "   ", Some(limit.saturating_sub(head.len() + 2)));
                    let lines = lines.trim_start();
                    let (first, rest) = lines.split_once('\n').unwrap_or((lines, ""));
                    let _ = write!(text, "{lead}{}\n{rest}", style.paint(first, *tone));
                }
            }
        }
        text
    }

    /// The lines of a table with the cells of further columns below each row.
    fn with_below(&self, table: &str, below: &[usize], limit: usize, style: Style) -> String {
        if below.is_empty() {
            return table.to_owned();
        }
        let mut lines = table.lines();
        let heads = table.lines().count().saturating_sub(self.rows.len());
        let mut text = String::new();
        for line in lines.by_ref().take(heads) {
            text.push_str(line);
            text.push('\n');
        }
        for (line, row) in lines.zip(&self.rows) {
            text.push_str(line);
            text.push('\n');
            for column in below {
                let (cell, tone) = &row[*column];
                if !cell.is_empty() {
                    for line in wrapped(cell, "   ", Some(limit)).lines() {
                        text.push_str(&style.paint(line, *tone));
                        text.push('\n');
                    }
                }
            }
        }
        text
    }

    fn lay_out(&self, shown: &[usize], style: Style) -> String {
        let mut table = comfy_table::Table::new();
        let rule = if style.unicode { '─' } else { '-' };
        let mut look = TableStyle::new()
            .header_lines(ContentLineStyle::none().junction(' '))
            .content_lines(ContentLineStyle::none().junction(' '));
        if style.width.is_some() {
            look = look.header_separator(LineStyle::none().fill(rule).junction(rule));
        }
        table
            .load_style(look)
            .set_content_arrangement(ContentArrangement::Disabled);
        if style.color {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        table.set_header(shown.iter().map(|column| {
            let cell = Cell::new(&self.columns[*column].head);
            if style.color {
                cell.add_attribute(Attribute::Bold)
            } else {
                cell
            }
        }));
        for row in &self.rows {
            table.add_row(shown.iter().map(|column| cell(&row[*column], style)));
        }
        for (index, column) in shown.iter().enumerate() {
            if let Some(laid_out) = table
                .column_mut(index)
                .filter(|_| self.columns[*column].right)
            {
                laid_out.set_cell_alignment(CellAlignment::Right);
            }
        }
        let mut text = String::new();
        for line in table.lines() {
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

fn cell((text, tone): &(String, Tone), style: Style) -> Cell {
    let cell = Cell::new(text);
    if !style.color {
        return cell;
    }
    match tone {
        Tone::Plain => cell,
        Tone::Bold => cell.add_attribute(Attribute::Bold),
        Tone::Dim => cell.add_attribute(Attribute::Dim),
        Tone::Good => cell.fg(Color::Green),
        Tone::Caution => cell.fg(Color::Yellow),
        Tone::Bad => cell.fg(Color::Red),
    }
}
