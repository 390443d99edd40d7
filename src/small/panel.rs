//! A panel as a plain table in memory.

use crate::release::{Cells, Field, FieldKind, Format, Table};
use crate::streams::{Lane, Purpose, Space, Streams};
use std::collections::BTreeMap;
use std::fmt;

/// A value of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// A number; 0 and 1 for no and yes.
    Number(f64),
    /// A text: the name of a level, or the code of a record.
    Text(String),
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Name in the line of names.
    pub name: String,
    /// Cells by row; `None` where there is no value.
    pub cells: Vec<Option<Cell>>,
}

impl Column {
    /// The number in a row, if there is one.
    #[must_use]
    pub fn number(&self, row: usize) -> Option<f64> {
        match self.cells.get(row)? {
            Some(Cell::Number(value)) => Some(*value),
            _ => None,
        }
    }

    /// The text in a row, if there is one.
    #[must_use]
    pub fn text(&self, row: usize) -> Option<&str> {
        match self.cells.get(row)? {
            Some(Cell::Text(text)) => Some(text),
            _ => None,
        }
    }
}

/// A table with a row per record (or, of the truth, person) and wave. Its first columns say whose row it is.
///
/// Observed: `record`, `wave`, `years`, `attended`, then the questions; the table `answers` of a release. Truth: `person`,
/// `wave`, `years`, `group`, then the questions under the same names. `{:?}` prints it as CSV.
#[derive(Clone, PartialEq)]
pub struct Panel {
    /// The columns, all of the same length.
    pub columns: Vec<Column>,
}

impl Panel {
    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.cells.len())
    }

    /// The column of a name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The column of a name, to be changed.
    pub fn column_mut(&mut self, name: &str) -> Option<&mut Column> {
        self.columns.iter_mut().find(|column| column.name == name)
    }

    /// The columns of questions: those behind `attended`, or of the truth behind `group`.
    #[must_use]
    pub fn items(&self) -> &[Column] {
        let last = self.columns.iter().position(|column| column.name == "attended" || column.name == "group");
        last.map_or(&[], |last| &self.columns[last + 1..])
    }

    /// The rows at these positions, in this order; a position that is not there gives no row.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        let of = |column: &Column| rows.iter().filter_map(|row| column.cells.get(*row).cloned()).collect();
        let columns = self.columns.iter().map(|column| Column { name: column.name.clone(), cells: of(column) });
        Self { columns: columns.collect() }
    }

    /// The rows in another order, one for each number; 0 turns it round.
    #[must_use]
    pub fn reordered(&self, by: u64) -> Self {
        self.select(&order(self.rows(), by))
    }

    /// The same panel with other codes of records, `R1`, `R2` and so on, given out in an order that goes by the number; 0
    /// gives them backwards. Two records stay two, and rows stay in their places.
    #[must_use]
    pub fn relabelled(&self, by: u64) -> Self {
        let mut changed = self.clone();
        let Some(column) = changed.column_mut("record") else { return changed };
        let mut codes: BTreeMap<String, usize> = BTreeMap::new();
        for cell in column.cells.iter().flatten() {
            if let Cell::Text(code) = cell {
                let next = codes.len();
                codes.entry(code.clone()).or_insert(next);
            }
        }
        let numbers = order(codes.len(), by);
        for cell in column.cells.iter_mut().flatten() {
            if let Cell::Text(code) = cell {
                let number = codes.get(code).and_then(|position| numbers.get(*position));
                *code = number.map_or_else(|| code.clone(), |number| format!("R{}", number + 1));
            }
        }
        changed
    }

    /// The cells of a row.
    pub fn row(&self, row: usize) -> impl Iterator<Item = Option<&Cell>> {
        self.columns.iter().map(move |column| column.cells.get(row).and_then(Option::as_ref))
    }

    /// Share of the cells of questions that have no value; none where there are no such cells.
    #[must_use]
    pub fn missing_share(&self) -> Option<f64> {
        let cells = || self.items().iter().flat_map(|column| &column.cells);
        let all = cells().count();
        (all > 0).then(|| cells().filter(|cell| cell.is_none()).count() as f64 / all as f64)
    }

    /// The table as CSV: as `eclosion` writes it, so that a panel that nobody has touched is the file of a release byte by
    /// byte. A text that a spreadsheet would run gets an apostrophe before it.
    #[must_use]
    pub fn to_csv(&self) -> String {
        self.written().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// Nothing can go wrong where bytes go into memory and all columns are of one length; otherwise there is no text.
    fn written(&self) -> Option<Vec<u8>> {
        let fields = self.columns.iter().map(|column| Field::new(&column.name, FieldKind::Text, "")).collect();
        let mut table = Table::new(Vec::new(), Format::Csv, fields, &[]).ok()?;
        let texts: Vec<Vec<String>> = self.columns.iter().map(texts).collect();
        let cells: Vec<Cells<'_>> = texts.iter().map(|texts| Cells::Texts(texts)).collect();
        table.write(&cells).ok()?;
        table.finish().ok()
    }
}

/// The numbers below `n` in an order of chance, one for each `by`; backwards for 0.
fn order(n: usize, by: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).rev().collect();
    if by > 0 {
        let streams = Streams::new(0, Space::Cases);
        let lane = Lane { purpose: Purpose::named("panel.order"), occasion: 0, replicate: by, stratum: 0 };
        order.sort_by_key(|row| streams.own(&lane, *row as u32).word(0));
    }
    order
}

fn texts(column: &Column) -> Vec<String> {
    let text = |cell: &Option<Cell>| match cell {
        None => String::new(),
        Some(Cell::Number(value)) => crate::release::number_text(*value),
        Some(Cell::Text(text)) => text.clone(),
    };
    column.cells.iter().map(text).collect()
}

impl fmt::Debug for Panel {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} rows\n{}", self.rows(), self.to_csv())
    }
}
