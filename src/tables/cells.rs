//! Cells of the tables that a study prints, as an analyst knows them before any data: their ids and what each holds.

/// A cell of a printed table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableCell {
    /// Its id: `TABLE.ROW.COLUMN`, or `TABLE.ROW`.
    pub id: String,
    /// What its number is.
    pub holds: CellHolds,
}

/// What the number in a cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellHolds {
    /// How many there are; persons too where a cell counts those with at least one comment.
    Count(CellUnit),
    /// A percentage of so many.
    Percent(CellUnit),
    /// Anything else: a mean, a least or greatest value, a sum, a number of the design, or no number at all.
    Other,
}

/// What is counted in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellUnit {
    /// Persons.
    Persons,
    /// Years of persons.
    Years,
    /// Interviews.
    Interviews,
    /// Comments in interviews.
    Comments,
}

impl CellUnit {
    /// All units, persons first.
    pub const ALL: [Self; 4] = [Self::Persons, Self::Years, Self::Interviews, Self::Comments];

    /// Several of them.
    #[must_use]
    pub fn plural(self) -> &'static str {
        match self {
            Self::Persons => "persons",
            Self::Years => "years",
            Self::Interviews => "interviews",
            Self::Comments => "comments",
        }
    }
}

/// What tables read of a survey.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Positions of the questions whose answers are read.
    pub items: Vec<usize>,
    /// The waves, from 0, whose interviews and comments are read.
    pub waves: Vec<usize>,
    /// Position of the coder whose marks are read; none where no comments are.
    pub coder: Option<usize>,
}
