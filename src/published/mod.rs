//! The published numbers of a study, as a file: tables with their rows and columns in the order of print, what each number
//! counts, of whom, in which years, and from which document; identities between numbers; and where documents differ, what
//! is done about it. `docs/published.md` is the format.
//!
//! Every number has an id, `TABLE.ROW` or `TABLE.ROW.COLUMN`. A cell that cannot have a number is `NA`, which is not the
//! same as a printed 0. Everything is checked as it is read: numbers against their units, group sizes and percentages,
//! declared sums, identities. Knows nothing of scenarios and simulated studies.

mod ask;
mod cells;
mod check;
mod difference;
mod head;
mod identity;
mod sum;
mod table;
mod unit;
mod years;

pub use unit::{Most, UNITS, Unit};
pub use years::Years;

use crate::diagnostic::{Diagnostics, Span};
use crate::numeric::rounding::Rounding;
use crate::options::Options;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// The published numbers of a study. Positions in its lists name sources, groups, tables and cells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Published {
    /// `title` of `[study]`.
    pub title: String,
    /// `about` of `[study]`; empty where it is not given.
    pub about: String,
    /// `[[source]]`: the documents.
    pub sources: Vec<Source>,
    /// `[[group]]`: of whom numbers are.
    pub groups: Vec<Group>,
    /// `[[table]]`.
    pub tables: Vec<Table>,
    /// All cells, table by table, row by row.
    pub cells: Vec<Cell>,
    /// `[[identity]]`.
    pub identities: Vec<Identity>,
    /// `[[difference]]`.
    pub differences: Vec<Difference>,
    by_id: BTreeMap<String, usize>,
    /// Whether something was left out because of a problem, so that a name may be unknown for that reason only.
    incomplete: bool,
}

/// A document.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Name of its file; empty where it is not given.
    pub file: String,
}

/// Persons of whom numbers are.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its id.
    pub id: String,
    /// Who is in it.
    pub title: String,
    /// How many; absent: nobody printed it.
    pub n: Option<u64>,
}

/// A table as printed.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Its id.
    pub id: String,
    /// What it is called in print, such as `Table 9`; empty where it has no number.
    pub number: String,
    /// What it shows.
    pub title: String,
    /// Its columns in the order of print; none: each row has one number.
    pub columns: Vec<Line>,
    /// Its rows in the order of print.
    pub rows: Vec<Line>,
    /// Remarks on it; empty where there are none.
    pub note: String,
}

/// A row or a column.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its id.
    pub id: String,
    /// What is printed at its head.
    pub title: String,
    /// What is printed above it and its neighbours; empty where there is nothing.
    pub heading: String,
    /// Remarks; empty where there are none.
    pub note: String,
}

/// A published number, or a place where there can be none.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// `TABLE.ROW` or `TABLE.ROW.COLUMN`.
    pub id: String,
    /// Position of its table.
    pub table: usize,
    /// Position of its row.
    pub row: usize,
    /// Position of its column; absent in a table without columns.
    pub column: Option<usize>,
    /// The number as printed; absent: NA, there can be none.
    pub value: Option<f64>,
    /// What it counts.
    pub unit: &'static Unit,
    /// Position of the group that it is of: the denominator.
    pub group: Option<usize>,
    /// Position of the group whose size it prints.
    pub size_of: Option<usize>,
    /// The years that it is about.
    pub years: Years,
    /// Position of its source.
    pub source: usize,
    /// How it was rounded.
    pub rounding: Rounding,
    /// Where the number stands in the file.
    pub span: Span,
}

/// A number that follows from others.
#[derive(Clone, Debug, PartialEq)]
pub struct Identity {
    /// Its id.
    pub id: String,
    /// Its value, rounded as the file has it.
    pub value: f64,
    /// What it counts.
    pub unit: &'static Unit,
    /// How it is reckoned, as written.
    pub formula: String,
    /// The formula's value, not rounded.
    pub exact: f64,
    /// How the value was rounded.
    pub rounding: Rounding,
    /// Positions of the cells that print the same number.
    pub cells: Vec<usize>,
    /// What it says; empty where it needs no words.
    pub about: String,
}

/// Where documents, or places of one, say different things.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Its id.
    pub id: String,
    /// Positions of the cells that it is about.
    pub cells: Vec<usize>,
    /// What differs.
    pub what: String,
    /// What is done about it.
    pub treatment: String,
    /// Whether the question is open, that is, the documents cannot be reconciled.
    pub open: bool,
}

/// Reads and checks a file of published numbers; `root` holds all of its tables. All problems are reported in one go
/// (S0901 to S0912, and S01xx for keys); what comes back is to be used only where none of them is an error.
#[must_use]
pub fn declare(root: &Options, problems: &mut Diagnostics) -> Published {
    let mut published = Published::default();
    head::version(root, problems);
    head::study(root, &mut published, problems);
    head::sources(root, &mut published, problems);
    head::groups(root, &mut published, problems);
    table::tables(root, &mut published, problems);
    identity::identities(root, &mut published, problems);
    difference::differences(root, &mut published, problems);
    root.finish(problems);
    published
}

impl Published {
    /// The cell with this id.
    #[must_use]
    pub fn cell(&self, id: &str) -> Option<&Cell> {
        self.by_id.get(id).and_then(|position| self.cells.get(*position))
    }

    /// The number of persons that a cell is of, where it was printed.
    #[must_use]
    pub fn denominator(&self, cell: &Cell) -> Option<u64> {
        cell.group.and_then(|group| self.groups.get(group)).and_then(|group| group.n)
    }

    /// The numbers of persons that a printed percentage can stand for: 63 of 8 is 5. Nothing for other cells, for NA, and
    /// where the denominator is not known.
    #[must_use]
    pub fn counts(&self, cell: &Cell) -> Option<RangeInclusive<u64>> {
        if !cell.unit.is_percent() {
            return None;
        }
        cell.rounding.counts(cell.value?, self.denominator(cell)?)
    }

    /// The cells of a table, row by row.
    pub fn cells_of(&self, table: usize) -> impl Iterator<Item = &Cell> {
        self.cells.iter().filter(move |cell| cell.table == table)
    }

    /// Number of cells without a number.
    #[must_use]
    pub fn not_applicable(&self) -> usize {
        self.cells.iter().filter(|cell| cell.value.is_none()).count()
    }
}
