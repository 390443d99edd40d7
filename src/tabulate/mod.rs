//! Tables as a study prints them, from what an analyst holds: interviews with their answers, coded comments, what is known
//! of records. No truth is in here: a simulated study's tables, those of a release and those of a real study are made by
//! the same code.
//!
//! `[tables]` has definitions, each at one [`Level`]: of a comment, an interview, a person's year or a person. `[[table]]`
//! has cells: how many units of a level there are for which the conditions of table, row and column hold, or a share, mean,
//! least, greatest or sum over these. Comments are no persons: a cell counts persons by their comments only where it states
//! the link. [`plan`] checks all of it against the columns that a survey gives; [`Plan::cells_of`] fills the cells of every
//! replicate of a batch. `docs/printed.md` is the grammar.

mod aggregate;
mod cell;
mod declaration;
mod define;
mod held;
mod layout;
mod level;
mod run;
mod scope;
mod sequence;
mod units;

#[cfg(test)]
mod tests;

pub use declaration::Declaration;
pub use level::Level;
pub use run::Scratch;
pub use sequence::Sequence;

use crate::diagnostic::Diagnostics;
use crate::formula::{Parameters, Program};
use crate::tables::{ObservedSchema, Reading};

/// What a table looks like: its rows and columns in the order of print.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Its id.
    pub id: String,
    /// Its title; empty where none is given.
    pub title: String,
    /// Its columns; none: each row has one number.
    pub columns: Vec<Line>,
    /// Its rows.
    pub rows: Vec<Line>,
}

/// A row or a column.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its id.
    pub id: String,
    /// What is printed at its head; empty where nothing is given.
    pub title: String,
    /// What is printed above it and its neighbours; empty where there is nothing.
    pub heading: String,
}

/// What fills a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// A number of units.
    Count(Level),
    /// A number of persons with at least one comment for which the conditions hold.
    PersonsWithComment,
    /// A percentage of the units of a level.
    Percent(Level),
    /// A mean over units of a level.
    Mean(Level),
    /// The least value over units of a level.
    Min(Level),
    /// The greatest value over units of a level.
    Max(Level),
    /// A sum over units of a level.
    Total(Level),
    /// A number of the design, the same in every study.
    Fixed,
    /// There can be no number.
    NotApplicable,
}

/// A cell: `TABLE.ROW.COLUMN`, or `TABLE.ROW` in a table without columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Its id.
    pub id: String,
    /// Position of its table.
    pub table: usize,
    /// Position of its row.
    pub row: usize,
    /// Position of its column, where the table has columns.
    pub column: Option<usize>,
    /// What fills it.
    pub fill: Fill,
    /// Digits after the point that are printed.
    pub decimals: u32,
}

/// Tables that can be filled.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The tables.
    pub tables: Vec<Layout>,
    /// All cells, table by table, row by row.
    pub cells: Vec<Cell>,
    definitions: Vec<define::Definition>,
    /// Positions of definitions, each after those that it reads.
    order: Vec<usize>,
    meanings: Vec<scope::Meaning>,
    /// How each cell is filled.
    fills: Vec<cell::CellFill>,
    /// Conditions of cells, each for the units of one level.
    conditions: Vec<Program>,
    /// Position of the condition on persons that all tables have, where there is one.
    counted: Option<usize>,
    /// The waves that count, from 0.
    waves: Vec<usize>,
    /// Position of the coder whose marks are the comments.
    coder: u8,
}

/// Checks tables against what a survey gives, under the parameters of one condition (S1001 to S1012, S02xx for formulas).
#[must_use]
pub fn plan(
    declaration: &Declaration,
    schema: &ObservedSchema,
    parameters: &Parameters,
    problems: &mut Diagnostics,
) -> Option<Plan> {
    layout::plan(declaration, schema, parameters, problems)
}

impl Plan {
    /// Position of the cell with this id.
    #[must_use]
    pub fn cell(&self, id: &str) -> Option<usize> {
        self.cells.iter().position(|cell| cell.id == id)
    }

    /// What is read of the interviews.
    #[must_use]
    pub fn reading(&self) -> Reading {
        let (items, _, comments) = self.reads();
        Reading { items, waves: self.waves.clone(), coder: comments.then_some(usize::from(self.coder)) }
    }

    /// What is read of the survey: positions of questions, positions of what is known from the start, whether comments are.
    #[must_use]
    pub fn reads(&self) -> (Vec<usize>, Vec<usize>, bool) {
        let of = |pick: fn(&scope::Meaning) -> Option<usize>| self.meanings.iter().filter_map(pick).collect();
        let items = of(|meaning| match meaning {
            scope::Meaning::Item(item) => Some(*item),
            _ => None,
        });
        let baseline = of(|meaning| match meaning {
            scope::Meaning::Baseline(variable) => Some(*variable),
            _ => None,
        });
        let counts_comments =
            |fill: &cell::CellFill| matches!(fill, cell::CellFill::Found { level: Level::Comment, .. });
        let defines_comments = self.definitions.iter().any(|definition| definition.level == Level::Comment);
        (items, baseline, defines_comments || self.fills.iter().any(counts_comments))
    }
}
