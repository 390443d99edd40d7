//! One value per row: a code into a short list of numbers, or a number.

use std::ops::Range;
use std::sync::Arc;

/// What the codes of a coded column stand for.
#[derive(Clone, Debug, PartialEq)]
pub struct Coding {
    /// The number that each code stands for: 0 and 1 for yes/no, the position for named levels, the value for
    /// a numeric attribute with few values. NaN stands for "no answer".
    pub values: Vec<f64>,
    /// Names of the levels, if they have names; as many as there are `values` that are not NaN.
    pub levels: Vec<String>,
}

impl Coding {
    /// No (0) and yes (1).
    #[must_use]
    pub fn yes_no() -> Self {
        Self { values: vec![0.0, 1.0], levels: Vec::new() }
    }

    /// Named levels, valued by position.
    #[must_use]
    pub fn named(levels: &[String]) -> Self {
        Self { values: (0..levels.len()).map(|i| i as f64).collect(), levels: levels.to_vec() }
    }

    /// The same codes and one more that stands for "no answer".
    #[must_use]
    pub fn with_missing(&self) -> Self {
        let mut coding = self.clone();
        coding.values.push(f64::NAN);
        coding
    }

    /// Whether this is a yes/no coding (with or without "no answer").
    #[must_use]
    pub fn is_yes_no(&self) -> bool {
        self.levels.is_empty()
            && self.values.len() >= 2
            && self.values[0] == 0.0
            && self.values[1] == 1.0
            && self.values[2..].iter().all(|v| v.is_nan())
    }
}

/// One value per row.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// Codes into a [`Coding`].
    Coded {
        /// One code per row.
        codes: Vec<u8>,
        /// What the codes stand for.
        coding: Arc<Coding>,
    },
    /// Numbers; NaN is "no value" in observed columns and never occurs in true ones.
    Number(Vec<f64>),
}

impl Column {
    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Coded { codes, .. } => codes.len(),
            Self::Number(values) => values.len(),
        }
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The same column over some of its rows.
    #[must_use]
    pub fn part(&self, rows: Range<usize>) -> Self {
        match self {
            Self::Coded { codes, coding } => Self::Coded { codes: codes[rows].to_vec(), coding: coding.clone() },
            Self::Number(values) => Self::Number(values[rows].to_vec()),
        }
    }

    /// The number in row `i`.
    #[must_use]
    pub fn value(&self, i: usize) -> f64 {
        match self {
            Self::Coded { codes, coding } => coding.values[usize::from(codes[i])],
            Self::Number(values) => values[i],
        }
    }
}
