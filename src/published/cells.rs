//! The cells of a table: a number, or NA, with what the table, its row and its column say of it.

use super::table::{About, Given, Head, SizeOf};
use super::{Cell, Published, Table, Years, ask, check};
use crate::diagnostic::{Diagnostics, Span, Text};
use crate::numeric::rounding::{MOST_DECIMALS, Rounding, Ties};
use crate::options::{OptionValue, Options};

/// Most cells of a file.
const MOST_CELLS: usize = 50_000;

/// A table of which the cells are made.
pub(super) struct Draft<'a> {
    pub(super) position: usize,
    pub(super) made: &'a Table,
    pub(super) about: &'a About<'a>,
    pub(super) ties: Ties,
    pub(super) columns: &'a [Head<'a>],
    pub(super) rows: &'a [Head<'a>],
}

/// A number as written, and where it or its `NA` stands.
struct Written {
    number: Option<Text>,
    span: Span,
}

impl Draft<'_> {
    /// The cells, row by row; those with a problem are left out.
    pub(super) fn cells(&self, published: &mut Published, problems: &mut Diagnostics) -> Vec<Cell> {
        let mut cells = Vec::new();
        let mut reported = Vec::new();
        for (row, head) in self.rows.iter().enumerate() {
            let Some(written) = written(head.about.options, self.columns.len(), problems) else {
                published.incomplete = true;
                continue;
            };
            for (position, written) in written.into_iter().enumerate() {
                let column = (!self.columns.is_empty()).then_some(position);
                let cell = written.and_then(|w| self.cell(row, column, &w, published, &mut reported, problems));
                published.incomplete |= cell.is_none();
                cells.extend(cell);
            }
        }
        cells
    }

    fn cell(
        &self,
        row: usize,
        column: Option<usize>,
        written: &Written,
        published: &Published,
        reported: &mut Vec<&'static str>,
        problems: &mut Diagnostics,
    ) -> Option<Cell> {
        let (across, down) = (&self.rows.get(row)?.about, column.and_then(|c| self.columns.get(c)));
        let whole = self.about;
        let unit = first(down, |a| a.unit, across.unit, whole.unit);
        let source = first(down, |a| a.source, across.source, whole.source);
        let years = first(down, |a| a.years, across.years, whole.years);
        let decimals = first(down, |a| a.decimals, across.decimals, whole.decimals);
        let lines = [Some(whole.options), Some(across.options), down.map(|head| head.about.options)];
        let unit = self.must("unit", unit, &lines, reported, problems);
        let source = self.must("source", source, &lines, reported, problems);
        let years: Option<Years> = self.must("years", years, &lines, reported, problems);
        let decimals = match (decimals, &written.number) {
            (Given::Is(decimals), _) => decimals,
            (Given::Wrong, _) => return None,
            (Given::Absent, number) => number.as_ref().map_or(0, |text| check::digits(&text.text)).min(MOST_DECIMALS),
        };
        let size_of = self.size_of(row, down);
        // A size is that of the row's group, which is no denominator of it.
        let of_row = if down.is_some_and(|d| d.size_of.is_some()) { Given::Absent } else { across.group };
        let group = match first(down, |a| a.group, of_row, whole.group) {
            Given::Is(group) => Some(group),
            Given::Absent => None,
            Given::Wrong => return None,
        };
        let cell = Cell {
            id: self.id(row, column),
            table: self.position,
            row,
            column,
            value: written.number.as_ref().and_then(|text| text.text.parse().ok()),
            unit: unit?,
            group,
            size_of,
            years: years?,
            source: source?,
            rounding: Rounding { decimals, ties: self.ties },
            span: written.span.clone(),
        };
        check::cell(&cell, written.number.as_ref(), published, problems).then_some(cell)
    }

    fn id(&self, row: usize, column: Option<usize>) -> String {
        let line = |lines: &[super::Line], i: usize| lines.get(i).map(|line| line.id.clone()).unwrap_or_default();
        let own = format!("{}.{}", self.made.id, line(&self.made.rows, row));
        match column {
            Some(column) => format!("{own}.{}", line(&self.made.columns, column)),
            None => own,
        }
    }

    fn size_of(&self, row: usize, column: Option<&Head<'_>>) -> Option<usize> {
        let row = self.rows.get(row)?;
        match column.and_then(|column| column.size_of).or(row.size_of)? {
            SizeOf::Group(group) => Some(group),
            SizeOf::Row => match row.about.group {
                Given::Is(group) => Some(group),
                _ => None,
            },
        }
    }

    /// What each cell needs; once for a table it is said that it is not there (S0103).
    fn must<T>(
        &self,
        key: &'static str,
        given: Given<T>,
        lines: &[Option<&Options>],
        reported: &mut Vec<&'static str>,
        problems: &mut Diagnostics,
    ) -> Option<T> {
        match given {
            Given::Is(value) => Some(value),
            Given::Wrong => None,
            Given::Absent => {
                let misspelt = lines.iter().flatten().any(|options| !ask::is_missing(options, key));
                if !misspelt && !reported.contains(&key) {
                    reported.push(key);
                    self.about.options.missing(key, problems);
                }
                None
            }
        }
    }
}

/// What the column says, else the row, else the table.
fn first<T>(
    column: Option<&Head<'_>>,
    of: impl Fn(&About<'_>) -> Given<T>,
    row: Given<T>,
    table: Given<T>,
) -> Given<T> {
    column.map_or(Given::Absent, |head| of(&head.about)).or(row).or(table)
}

/// The numbers of a row: as many as there are columns, or one where there are none. A number that cannot be read is
/// nothing.
fn written(options: &Options, columns: usize, problems: &mut Diagnostics) -> Option<Vec<Option<Written>>> {
    let key = if columns == 0 { "value" } else { "values" };
    let (values, na) = (options.get(key), options.switch("na", problems));
    let cells = columns.max(1);
    match (values, na) {
        (Some(value), Some(true)) => {
            problems
                .error("S0904", value.span(), format!("a row is `na` and has `{key}`"))
                .help("NA says that there can be no number, which is not a 0: leave out one of the two");
            None
        }
        (None, Some(true)) => {
            let span = options.get("na").map(|na| na.span().clone()).unwrap_or_default();
            Some((0..cells).map(|_| Some(Written { number: None, span: span.clone() })).collect())
        }
        (None, _) if !ask::is_missing(options, key) => None,
        (None, _) => {
            problems
                .error("S0904", &options.span, format!("a row has no `{key}`"))
                .help(format!("write `{key} = ...`, or `na = true` where there can be no number"));
            None
        }
        (Some(value), _) if columns == 0 => Some(vec![one(key, value, problems)]),
        (Some(value), _) => {
            let list = options.list(key, problems)?;
            if list.len() != columns {
                let message = format!("a row has {} values, and the table has {columns} columns", list.len());
                problems
                    .error("S0903", value.span(), message)
                    .help("one value for each column, in the order of the columns; `\"NA\"` where there can be none");
                return None;
            }
            Some(list.iter().map(|value| one(key, value, problems)).collect())
        }
    }
}

fn one(key: &str, value: &OptionValue, problems: &mut Diagnostics) -> Option<Written> {
    let number = ask::printed(key, value, problems)?;
    Some(Written { number, span: value.span().clone() })
}

/// Keeps cells whose ids are new (S0902).
pub(super) fn keep(cells: Vec<Cell>, published: &mut Published, problems: &mut Diagnostics) {
    for cell in cells {
        if published.cells.len() >= MOST_CELLS {
            problems
                .error("S0113", &cell.span, format!("more than {MOST_CELLS} cells"))
                .help("a file holds the numbers of one study: write several files");
            published.incomplete = true;
            return;
        }
        if published.by_id.contains_key(&cell.id) {
            ask::twice(&Text { text: cell.id.clone(), span: cell.span.clone() }, "cells", problems);
            published.incomplete = true;
            continue;
        }
        published.by_id.insert(cell.id.clone(), published.cells.len());
        published.cells.push(cell);
    }
}
