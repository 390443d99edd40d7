//! A table as a study prints it.

/// A table as a study prints it: heads, and a text for each cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PrintedTable {
    /// Its id.
    pub id: String,
    /// What it is called in print, such as `Table 9`; empty where it has no number.
    pub number: String,
    /// What it shows.
    pub title: String,
    /// Remarks; empty where there are none.
    pub note: String,
    /// Heads of its columns; none: each row has one number.
    pub columns: Vec<Head>,
    /// Heads of its rows.
    pub rows: Vec<Head>,
    /// Its cells, row by row.
    pub cells: Vec<PrintedCell>,
}

/// What stands at a row or a column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Head {
    /// Its id.
    pub id: String,
    /// What is printed at it.
    pub title: String,
    /// What is printed above it and its neighbours; empty where there is nothing.
    pub heading: String,
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub struct PrintedCell {
    /// `TABLE.ROW.COLUMN` or `TABLE.ROW`.
    pub id: String,
    /// As printed; `NA` where there can be no number, `-` where nobody was counted.
    pub text: String,
    /// The number as printed, if there is one.
    pub value: Option<f64>,
}
