//! Published numbers beside those of many simulated studies.

/// What became of a published cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is compared.
    Compared,
    /// The same number in every simulated study, by the design or because nothing else is possible.
    Fixed,
    /// There can be no number, in print and in simulated studies.
    NotApplicable,
    /// A number in one, and none in the other.
    Mismatch,
    /// The scenario declares no such cell.
    NotSimulated,
}

impl Standing {
    /// A word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Compared => "compared",
            Self::Fixed => "fixed",
            Self::NotApplicable => "NA",
            Self::Mismatch => "mismatch",
            Self::NotSimulated => "not simulated",
        }
    }
}

/// A published cell and what simulated studies printed in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparedCell {
    /// `TABLE.ROW.COLUMN` or `TABLE.ROW`.
    pub id: String,
    /// Position of its table.
    pub table: usize,
    /// What it counts.
    pub unit: String,
    /// The published number; absent: NA.
    pub published: Option<f64>,
    /// What became of it.
    pub standing: Standing,
    /// Median of the simulated studies that have a number.
    pub median: f64,
    /// Lower end of the envelope.
    pub low: f64,
    /// Upper end of the envelope.
    pub high: f64,
    /// Share of simulated studies with a smaller number.
    pub below: f64,
    /// Share of simulated studies with the same number.
    pub equal: f64,
    /// Simulated studies without a number, of all.
    pub without: u64,
}

impl ComparedCell {
    /// The percentile of the published number among the simulated ones, from 0 to 100: half of those that are equal count
    /// as smaller.
    #[must_use]
    pub fn percentile(&self) -> f64 {
        100.0 * (self.below + self.equal / 2.0)
    }

    /// Whether the published number lies in the envelope; the ends belong to it. Absent where it is not compared.
    #[must_use]
    pub fn is_inside(&self) -> Option<bool> {
        match (self.standing, self.published) {
            (Standing::Compared, Some(value)) => Some(self.low <= value && value <= self.high),
            (Standing::Fixed, Some(value)) => Some(self.median == value),
            _ => None,
        }
    }
}

/// How often an identity between numbers of a study held.
#[derive(Clone, Debug, PartialEq)]
pub struct IdentityCheck {
    /// Its id.
    pub id: String,
    /// Its formula.
    pub formula: String,
    /// Simulated studies in which it was looked at.
    pub checked: u64,
    /// Of these, those in which it did not hold.
    pub failed: u64,
}

/// What compared cells say together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibration {
    /// Share of compared cells inside their envelopes.
    pub inside: f64,
    /// The same for simulated studies in place of the published one: 2.5 %, 50 % and 97.5 % of them.
    pub inside_expected: [f64; 3],
    /// Four times the mean distance of the percentiles from the middle: 1 where they are spread evenly, less where they are
    /// piled up in the middle (envelopes that are too wide), more where they are at the ends.
    pub spread: f64,
    /// The same for simulated studies in place of the published one: 2.5 %, 50 % and 97.5 % of them.
    pub spread_expected: [f64; 3],
    /// Shares of the cells in tenths of the percentiles, where a percentile is spread evenly over those that are equal
    /// (Czado, Gneiting and Held 2009, doi:10.1111/j.1541-0420.2009.01191.x).
    pub histogram: [f64; 10],
}

/// Published numbers beside those of many simulated studies.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The study that published.
    pub title: String,
    /// Simulated studies.
    pub replicates: u64,
    /// Level of the envelopes.
    pub level: f64,
    /// Ids and titles of the tables.
    pub tables: Vec<(String, String)>,
    /// All published cells.
    pub cells: Vec<ComparedCell>,
    /// All compared cells; absent where there is none.
    pub calibration: Option<Calibration>,
    /// Identities that could be looked at.
    pub identities: Vec<IdentityCheck>,
    /// Cells that the scenario has, and nobody published.
    pub unpublished: Vec<String>,
}
