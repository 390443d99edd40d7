//! `sum` of a table: columns that add up in every row, or rows that add up in every column.

use super::{Cell, Line, Published, Table, ask};
use crate::diagnostic::{Diagnostics, Span, Text};
use crate::options::{OptionValue, Options};
use std::ops::RangeInclusive;

/// A sum that a table declares.
pub(super) struct Sum {
    along: Along,
    /// Positions of the lines that are added.
    lines: Vec<usize>,
    /// What each is multiplied by.
    times: Vec<f64>,
    total: Total,
    span: Span,
}

#[derive(Clone, Copy, PartialEq)]
enum Along {
    Columns,
    Rows,
}

enum Total {
    Number(f64),
    Line(usize),
}

/// Reads the sums of a table; those with a problem are left out (S0901, S0908).
pub(super) fn read(options: &Options, table: &Table, problems: &mut Diagnostics) -> Vec<Sum> {
    ask::tables(options, "sum", problems).into_iter().filter_map(|entry| one(entry, table, problems)).collect()
}

fn one(options: &Options, table: &Table, problems: &mut Diagnostics) -> Option<Sum> {
    let by_rows = options.texts("rows", problems);
    let by_columns = options.texts("columns", problems);
    let times = options.texts("times", problems);
    let total = options.get("is");
    options.finish(problems);
    let (along, names, lines, what) = match (by_columns, by_rows) {
        (Some(names), None) => (Along::Columns, names, &table.columns, "column"),
        (None, Some(names)) => (Along::Rows, names, &table.rows, "row"),
        _ => {
            problems
                .error("S0908", &options.span, "a sum adds up `columns` or `rows`, one of the two")
                .help("write `sum = [{ columns = [\"men\", \"women\"], is = \"all\" }]`");
            return None;
        }
    };
    let ids = || lines.iter().map(|line: &Line| line.id.as_str());
    let found: Vec<_> = names.iter().map(|name| ask::known(name, what, ids(), problems)).collect();
    let total = match total {
        None => {
            ask::must_be_there(options, "is", problems);
            None
        }
        Some(OptionValue::Text(name)) => ask::known(name, what, ids(), problems).map(Total::Line),
        Some(OptionValue::Number(number)) => number.text.parse().ok().map(Total::Number),
        Some(other) => {
            let message = format!("`is` must be a {what} or a number, and is {}", other.kind());
            problems.error("S0102", other.span(), message);
            None
        }
    };
    let times = factors(times, names.len(), &options.span, problems)?;
    let lines = found.into_iter().collect::<Option<Vec<_>>>()?;
    Some(Sum { along, lines, times, total: total?, span: options.span.clone() })
}

fn factors(times: Option<Vec<Text>>, lines: usize, span: &Span, problems: &mut Diagnostics) -> Option<Vec<f64>> {
    let Some(times) = times else { return Some(vec![1.0; lines]) };
    let numbers: Option<Vec<f64>> = times.iter().map(|t| t.text.parse().ok().filter(|f: &f64| f.is_finite())).collect();
    let numbers = numbers.filter(|numbers| numbers.len() == lines);
    if numbers.is_none() {
        problems
            .error("S0908", span, format!("`times` must have {lines} numbers, one for each line that is added"))
            .help("`times = [0, 1, 2]` counts the first line not at all, the second once, the third twice");
    }
    numbers
}

/// Checks the sums of a table (S0908).
pub(super) fn check(sums: &[Sum], table: usize, published: &Published, problems: &mut Diagnostics) {
    if sums.is_empty() {
        return;
    }
    let cells: Vec<&Cell> = published.cells_of(table).collect();
    let Some(own) = published.tables.get(table) else { return };
    for sum in sums {
        let lines = match sum.along {
            Along::Columns => own.rows.len(),
            // A table without columns has one number in each row.
            Along::Rows => own.columns.len().max(1),
        };
        let mut placed = vec![vec![None; own.columns.len().max(1)]; own.rows.len()];
        for cell in &cells {
            let place = placed.get_mut(cell.row).and_then(|row| row.get_mut(cell.column.unwrap_or(0)));
            if let Some(place) = place {
                *place = Some(*cell);
            }
        }
        for line in 0..lines {
            let at = |other: usize| {
                let (row, column) = if sum.along == Along::Columns { (line, other) } else { (other, line) };
                placed.get(row).and_then(|row| row.get(column)).copied().flatten()
            };
            sum.check(at, published, problems);
        }
    }
}

impl Sum {
    fn check<'a>(&self, at: impl Fn(usize) -> Option<&'a Cell>, published: &Published, problems: &mut Diagnostics) {
        // A cell that is not there has a problem of its own.
        let Some(parts) = self.lines.iter().map(|line| at(*line)).collect::<Option<Vec<_>>>() else { return };
        let (total, cell) = match &self.total {
            Total::Number(number) => (Some(*number), None),
            Total::Line(line) => match at(*line) {
                Some(cell) => (cell.value, Some(cell)),
                None => return,
            },
        };
        if parts.iter().all(|part| part.value.is_none()) {
            return;
        }
        let blame = cell.or(parts.first().copied()).map_or(&self.span, |cell| &cell.span);
        let (Some(values), Some(total)) = (parts.iter().map(|p| p.value).collect::<Option<Vec<_>>>(), total) else {
            problems
                .error("S0908", blame, "a declared sum has NA among its numbers")
                .help("all that is added is NA, or none of it; a number that was not found is a 0 where 0 is printed");
            return;
        };
        let found: f64 = values.iter().zip(&self.times).map(|(value, times)| value * times).sum();
        let holds = match self.by_counts(&parts, total, cell, published) {
            Some(holds) => holds,
            None => (found - total).abs() <= self.slack(&parts, cell) + 1e-9,
        };
        if !holds {
            let names: Vec<&str> = parts.iter().map(|part| part.id.as_str()).collect();
            let whole = cell.map_or(String::new(), |cell| format!(" (`{}`)", cell.id));
            problems
                .error("S0908", blame, format!("a declared sum gives {}, and not {total}{whole}", shown(found)))
                .help(format!("compare {} with the source, or leave out the `sum`", names.join(", ")));
        }
    }

    /// Percentages of one denominator make 100 where counts that they can stand for make the denominator, whatever the
    /// rounded numbers add up to. Nothing where that is not the question.
    fn by_counts(&self, parts: &[&Cell], total: f64, cell: Option<&Cell>, published: &Published) -> Option<bool> {
        let plain = cell.is_none() && total == 100.0 && self.times.iter().all(|times| *times == 1.0);
        let n = published.denominator(parts.first()?)?;
        let same = parts.iter().all(|part| part.group == parts[0].group);
        if !plain || !same {
            return None;
        }
        let counts: Vec<RangeInclusive<u64>> = parts.iter().filter_map(|part| published.counts(part)).collect();
        if counts.len() != parts.len() {
            return None;
        }
        let least = counts.iter().fold(0u64, |sum, range| sum.saturating_add(*range.start()));
        let most = counts.iter().fold(0u64, |sum, range| sum.saturating_add(*range.end()));
        Some((least..=most).contains(&n))
    }

    /// How far rounded numbers can be off: half of the last digit of each.
    fn slack(&self, parts: &[&Cell], total: Option<&Cell>) -> f64 {
        let half = |cell: &Cell| {
            let steps = f64::from(10u32.pow(cell.rounding.decimals.min(9)));
            if cell.unit.whole { 0.0 } else { 0.5 / steps }
        };
        let parts: f64 = parts.iter().zip(&self.times).map(|(cell, times)| half(cell) * times.abs()).sum();
        parts + total.map_or(0.0, half)
    }
}

/// A sum without the last digits of binary arithmetic.
fn shown(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}
