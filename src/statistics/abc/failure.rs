//! Why a step of a likelihood-free fit cannot be done.

use std::fmt;

/// Why a step cannot be done. The text says what, where, and what would help.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AbcFailure {
    /// Numbers of values do not fit together.
    Shape {
        /// What was counted.
        what: &'static str,
        /// How many there are.
        have: usize,
        /// How many there should be.
        want: usize,
    },
    /// A value is infinite, or is not a number where none may be missing.
    NotFinite {
        /// What kind of value.
        what: &'static str,
        /// Its row (a draw, a particle), from 0.
        row: usize,
        /// Its column (a summary, a parameter), from 0.
        column: usize,
    },
    /// A summary below 0 whose transform is a square root.
    Negative {
        /// Its row, from 0; of the observed figures: 0.
        row: usize,
        /// Its column, from 0.
        column: usize,
        /// The value.
        value: f64,
    },
    /// Too few of something.
    TooFew {
        /// What was counted.
        what: &'static str,
        /// How many there are.
        have: usize,
        /// How many are needed.
        need: usize,
    },
    /// No summary varies between the draws of the pilot: nothing can be learned from them.
    NothingVaries,
    /// Every summary that varies is missing here: there is nothing to project.
    NothingThere,
    /// No draw has a finite distance from the observed figures.
    NoneFinite {
        /// Draws that there were.
        draws: usize,
    },
    /// The particles do not spread in all directions, so that no steps can be made of them.
    NoSpread {
        /// The parameter, from 0, that does not vary beside the ones before it.
        parameter: usize,
    },
    /// The numerical work came to no end, which finite numbers do not lead to.
    Numerical,
    /// A setting is outside its range.
    Setting {
        /// Its name.
        name: &'static str,
        /// Its value.
        value: f64,
        /// The values it may have.
        range: &'static str,
    },
}

impl fmt::Display for AbcFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Shape { what, have, want } => write!(f, "there are {have} {what} where {want} belong"),
            Self::NotFinite { what, row, column } => {
                write!(f, "{what} {column} of draw {row} (both counted from 0) is not a finite number, or not one that it can be")
            }
            Self::Negative { row, column, value } => write!(
                f,
                "summary {column} of draw {row} (both counted from 0) is {value}, and its transform is a square root: \
                 use the transform that leaves a summary as it is"
            ),
            Self::TooFew { what, have, need } => write!(f, "there are {have} {what}, and at least {need} are needed"),
            Self::NothingVaries => f.write_str(
                "no summary varies between the draws of the pilot: the parameters move nothing that is compared, or all \
                 of it is missing",
            ),
            Self::NothingThere => f.write_str("every summary that varies in the pilot is missing here"),
            Self::NoneFinite { draws } => write!(
                f,
                "none of {draws} draws of the prior has a finite distance from the observed figures: the simulations \
                 failed, or their summaries are missing; widen the prior, or leave out figures that the scenario cannot give"
            ),
            Self::NoSpread { parameter } => write!(
                f,
                "the particles do not vary in parameter {parameter} (counted from 0) beside the ones before it: take \
                 more particles"
            ),
            Self::Numerical => f.write_str("the numbers are too large or too small to work with"),
            Self::Setting { name, value, range } => write!(f, "`{name}` is {value}, and must be {range}"),
        }
    }
}

impl std::error::Error for AbcFailure {}
