//! Pseudo-rows that keep the likelihood of a categorical outcome from having its maximum at infinity.
//!
//! Source: White, Daniel and Royston 2010, Avoiding bias due to perfect prediction in multiple imputation of incomplete
//! categorical variables (doi:10.1016/j.csda.2010.04.005).

use super::Incomplete;

/// When pseudo-rows are added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Augmentation {
    /// Never: separation is a failure.
    Never,
    /// Only when the plain fit fails because categories are separated or only one was observed.
    #[default]
    OnSeparation,
    /// Always, as the R package mice does. This moves the answer even where nothing is separated.
    Always,
}

/// The pseudo-rows of one category: for each predictor two rows, at its mean plus and minus half a standard deviation
/// (but not outside its range), the other predictors at their means. Mean, standard deviation (divisor n - 1) and range
/// are taken over all rows, those to impute too. Every category gets the same rows.
#[derive(Clone, Debug, Default)]
pub struct PseudoRows {
    rows: Vec<f64>,
    columns: usize,
    weight: f64,
    mean: Vec<f64>,
}

impl PseudoRows {
    /// Makes the rows for a variable with this many categories.
    pub fn make(&mut self, data: &Incomplete, categories: usize) {
        self.columns = data.columns;
        self.rows.clear();
        self.mean.clear();
        let all = || data.observed_rows().chain(data.missing_rows());
        let n = all().count() as f64;
        self.mean.extend((0..data.columns).map(|c| all().filter_map(|row| row.get(c)).sum::<f64>() / n));
        for c in 1..data.columns {
            let values = || all().filter_map(|row| row.get(c)).copied();
            let mean = self.mean[c];
            let squares: f64 = values().map(|v| (v - mean) * (v - mean)).sum();
            let half = if n > 1.0 { 0.5 * libm::sqrt(squares / (n - 1.0)) } else { 0.0 };
            let (low, high) = values().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
            for value in [(mean + half).min(high), (mean - half).max(low)] {
                let start = self.rows.len();
                self.rows.extend_from_slice(&self.mean);
                self.rows[start] = 1.0;
                self.rows[start + c] = value;
            }
        }
        // Predictors + 1 in all, over the rows of all categories.
        let count = 2 * (data.columns - 1) * categories;
        self.weight = if count == 0 { 0.0 } else { data.columns as f64 / count as f64 };
    }

    /// The rows of one category, the intercept first.
    pub fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.rows.chunks_exact(self.columns.max(1))
    }

    /// The weight of a pseudo-row, where an observed row has 1.
    #[must_use]
    pub fn weight(&self) -> f64 {
        self.weight
    }
}
