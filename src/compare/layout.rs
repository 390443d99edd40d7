//! Tables laid out as the publication prints them.

use crate::numeric::rounding::Rounding;
use crate::published::{Line as PublishedLine, Published};
use crate::tables::printed::{Head, PrintedCell, PrintedTable};
use crate::tabulate::{Cell, Fill, Line, Plan};

/// What stands where there can be no number.
const NA: &str = "NA";
/// What stands where nobody was counted of whom there could be a number.
const NOBODY: &str = "-";

/// The tables of one study; `values` has the cells of `plan`. Titles and rounding are those of the publication, where it
/// has the table and the scenario does not give them itself.
#[must_use]
pub fn laid_out(plan: &Plan, values: &[f64], published: Option<&Published>) -> Vec<PrintedTable> {
    let of_table = |position: usize| {
        let layout = &plan.tables[position];
        let printed = published.and_then(|published| published.tables.iter().find(|table| table.id == layout.id));
        let cells = plan.cells.iter().zip(values).filter(|(cell, _)| cell.table == position);
        PrintedTable {
            id: layout.id.clone(),
            number: printed.map(|table| table.number.clone()).unwrap_or_default(),
            title: first(&layout.title, printed.map(|table| table.title.as_str())),
            note: printed.map(|table| table.note.clone()).unwrap_or_default(),
            columns: heads(&layout.columns, printed.map(|table| table.columns.as_slice())),
            rows: heads(&layout.rows, printed.map(|table| table.rows.as_slice())),
            cells: cells.map(|(cell, value)| printed_cell(cell, *value, published)).collect(),
        }
    };
    (0..plan.tables.len()).map(of_table).collect()
}

fn first(own: &str, printed: Option<&str>) -> String {
    if own.is_empty() { printed.unwrap_or_default().to_owned() } else { own.to_owned() }
}

fn heads(lines: &[Line], printed: Option<&[PublishedLine]>) -> Vec<Head> {
    let head = |line: &Line| {
        let other = printed.and_then(|lines| lines.iter().find(|other| other.id == line.id));
        let title = first(&line.title, other.map(|other| other.title.as_str()));
        let title = if title.is_empty() { line.id.clone() } else { title };
        Head { id: line.id.clone(), title, heading: first(&line.heading, other.map(|other| other.heading.as_str())) }
    };
    lines.iter().map(head).collect()
}

fn printed_cell(cell: &Cell, value: f64, published: Option<&Published>) -> PrintedCell {
    let id = cell.id.clone();
    if value.is_nan() {
        let text = if cell.fill == Fill::NotApplicable { NA } else { NOBODY };
        return PrintedCell { id, text: text.to_owned(), value: None };
    }
    let own = Rounding { decimals: cell.decimals, ..Rounding::default() };
    let rounding = published.and_then(|published| published.cell(&id)).map_or(own, |printed| printed.rounding);
    let value = rounding.rounded(value);
    PrintedCell { id, text: format!("{value:.*}", rounding.decimals as usize), value: Some(value) }
}
