//! Predictive mean matching: a missing value is taken from an observed row with a similar prediction.
//!
//! Type 1 matching: observed rows are predicted with the coefficients fitted, missing ones with coefficients drawn.
//! Source: Little 1988, Missing-data adjustments in large surveys (doi:10.1080/07350015.1988.10509663); Morris, White
//! and Royston 2014, Tuning multiple imputation by predictive mean matching (doi:10.1186/1471-2288-14-75).

use super::norm::NormalModel;
use super::{ImputationFailure, Incomplete, dot};
use crate::statistics::draws::Draws;

/// Predictive mean matching in buffers that are used again.
#[derive(Clone, Debug, Default)]
pub struct MatchingModel {
    model: NormalModel,
    /// Predictions of the observed rows, ascending, each with its row and observed value.
    candidates: Vec<Candidate>,
}

/// An observed row that may give its value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Its prediction.
    pub predicted: f64,
    /// Its position among the observed rows.
    pub row: usize,
    /// Its value.
    pub value: f64,
}

/// The observed rows nearest to a prediction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Donors<'a> {
    /// How many rows may give: the donors asked for, or all observed rows if they are fewer.
    pub count: usize,
    /// Strictly nearer than the furthest donor.
    pub nearer: &'a [Candidate],
    /// As far away as the furthest donor, on either side; more of them than places are left when there are ties.
    pub tied: [&'a [Candidate]; 2],
}

impl Donors<'_> {
    /// One of the rows, each of the strictly nearer ones with probability 1 / count, the tied ones sharing the rest
    /// equally: as if places had been given to tied rows by lot. Asks for a number below `count`; and for one below
    /// the number of tied rows when one of them is to give and they are more than their places.
    pub fn pick(&self, draws: &mut dyn Draws) -> Option<Candidate> {
        let tied = self.tied[0].len() + self.tied[1].len();
        let mut k = draws.below(self.count.max(1));
        if let Some(found) = self.nearer.get(k) {
            return Some(*found);
        }
        k -= self.nearer.len();
        if tied > self.count.saturating_sub(self.nearer.len()) {
            k = draws.below(tied);
        }
        self.tied[0].iter().chain(self.tied[1]).nth(k).copied()
    }
}

impl MatchingModel {
    /// Fits the regression and predicts the observed rows.
    ///
    /// # Errors
    /// As for [`NormalModel::fit`].
    pub fn fit(&mut self, data: &Incomplete) -> Result<(), ImputationFailure> {
        self.model.fit(data)?;
        let b = self.model.least_squares().coefficients();
        self.candidates.clear();
        let rows = data.observed_rows().zip(data.outcome).enumerate();
        self.candidates.extend(rows.map(|(row, (x, y))| Candidate { predicted: dot(x, b), row, value: *y }));
        self.candidates.sort_unstable_by(|a, b| a.predicted.total_cmp(&b.predicted).then(a.row.cmp(&b.row)));
        Ok(())
    }

    /// Draws the coefficients, as [`NormalModel::draw`] does.
    pub fn draw(&mut self, draws: &mut dyn Draws) {
        self.model.draw(draws);
    }

    /// Takes a value for each row to impute from one of its `donors` nearest, into `out`; see [`Donors::pick`] for the
    /// numbers asked for. The shift of a row is added (0 where `shift` ends).
    pub fn impute(&self, data: &Incomplete, donors: usize, shift: &[f64], draws: &mut dyn Draws, out: &mut Vec<f64>) {
        out.clear();
        let shifts = shift.iter().copied().chain(std::iter::repeat(0.0));
        out.extend(data.missing_rows().zip(shifts).map(|(row, s)| {
            let picked = self.donors(self.predict(row), donors).pick(draws);
            picked.map_or(f64::NAN, |c| c.value + s)
        }));
    }

    /// The observed rows nearest to a prediction.
    #[must_use]
    pub fn donors(&self, predicted: f64, donors: usize) -> Donors<'_> {
        let all = &self.candidates;
        let count = donors.clamp(1, all.len().max(1)).min(all.len());
        let away = |c: &Candidate| (c.predicted - predicted).abs();
        // A window that grows by the nearer of its two neighbours.
        let middle = all.partition_point(|c| c.predicted < predicted);
        let (mut from, mut to) = (middle, middle);
        let mut furthest = 0.0_f64;
        while to - from < count {
            let before = from.checked_sub(1).and_then(|k| all.get(k)).map(away);
            let after = all.get(to).map(away);
            match (before, after) {
                (Some(b), Some(a)) if b < a => (from, furthest) = (from - 1, b),
                (Some(b), None) => (from, furthest) = (from - 1, b),
                (_, Some(a)) => (to, furthest) = (to + 1, a),
                (None, None) => break,
            }
        }
        let nearer_from = all.partition_point(|c| c.predicted < predicted && away(c) >= furthest);
        let nearer_to = all.partition_point(|c| c.predicted < predicted || away(c) < furthest);
        let tied_from = all.partition_point(|c| c.predicted < predicted && away(c) > furthest);
        let tied_to = all.partition_point(|c| c.predicted < predicted || away(c) <= furthest);
        Donors {
            count,
            nearer: all.get(nearer_from..nearer_to).unwrap_or(&[]),
            tied: [
                all.get(tied_from..nearer_from).unwrap_or(&[]),
                all.get(nearer_to.max(nearer_from)..tied_to).unwrap_or(&[]),
            ],
        }
    }

    /// The prediction of a row to impute, with the drawn coefficients.
    #[must_use]
    pub fn predict(&self, row: &[f64]) -> f64 {
        dot(row, self.model.beta())
    }

    /// The observed rows with their predictions, ascending.
    #[must_use]
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// The regression behind it.
    #[must_use]
    pub fn model(&self) -> &NormalModel {
        &self.model
    }
}
