//! Tables of short cells: a head, one thin line, no boxes. Columns are chosen by width; a cell is never broken.

use comfy_table::{
    Attribute, Cell, CellAlignment, Color, ContentArrangement, ContentLineStyle, LineStyle,
    TableStyle,
};

use super::clean::one_line;
use super::style::{Style, Tone};

/// A table under construction.
pub(super) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<(String, Tone)>>,
}

struct Column {
    head: String,
    right: bool,
    /// If the width is not enough, columns with a higher number are dropped first.
    leave: u8,
}

impl Table {
    /// A table with these heads.
    pub(super) fn new(heads: &[&str]) -> Self {
        let columns = heads.iter().map(|head| Column {
            head: (*head).to_owned(),
            right: false,
            leave: 0,
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

    /// The table as lines.
    pub(super) fn render(&self, style: Style) -> String {
        let mut shown: Vec<usize> = (0..self.columns.len()).collect();
        loop {
            let text = self.lay_out(&shown, style);
            let width = self
                .lay_out(
                    &shown,
                    Style {
                        color: false,
                        ..style
                    },
                )
                .lines()
                .map(|l| l.chars().count())
                .max();
            let fits = style.width.is_none_or(|limit| width.unwrap_or(0) <= limit);
            let leaving = shown
                .iter()
                .copied()
                .filter(|c| self.columns[*c].leave > 0)
                .max_by_key(|c| self.columns[*c].leave);
            match leaving {
                Some(column) if !fits => shown.retain(|other| *other != column),
                _ => return text,
            }
        }
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
