//! Agreement of two ratings in categories, from their table.
//!
//! Sources: Cohen 1960 (doi:10.1177/001316446002000104) and 1968 (doi:10.1037/h0026256) for kappa; Fleiss, Cohen and
//! Everitt 1969 (doi:10.1037/h0028106) for both standard errors; Scott 1955 (doi:10.1086/266577); Byrt, Bishop and Carlin
//! 1993 (doi:10.1016/0895-4356(93)90018-V) for the kappa that is adjusted for prevalence and bias; Gwet 2008
//! (doi:10.1348/000711006X126600); Cicchetti and Feinstein 1990 (doi:10.1016/0895-4356(90)90159-M) for positive and
//! negative agreement.

use crate::statistics::confidence::Confidence;

/// How far apart two categories count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weights {
    /// Any two categories are fully apart.
    #[default]
    None,
    /// Apart by their distance in the order of the categories.
    Linear,
    /// Apart by the square of that distance.
    Quadratic,
}

impl Weights {
    /// The disagreement of categories `i` and `j` of `k`, from 0 to 1.
    #[must_use]
    pub fn disagreement(self, i: usize, j: usize, k: usize) -> f64 {
        if i == j {
            return 0.0;
        }
        let distance = i.abs_diff(j) as f64 / (k.max(2) - 1) as f64;
        match self {
            Self::None => 1.0,
            Self::Linear => distance,
            Self::Quadratic => distance * distance,
        }
    }
}

/// Kappa with what it is made of. Where agreement by chance is complete, kappa and all that follows is undefined.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kappa {
    /// Agreement observed, weighted.
    pub observed: f64,
    /// Agreement expected of two independent ratings with the same margins.
    pub expected: f64,
    /// The share of the agreement beyond chance that was reached.
    pub kappa: Option<f64>,
    /// Its standard error.
    pub se: Option<f64>,
    /// Its standard error if the ratings were independent.
    pub se_null: Option<f64>,
    /// Kappa by `se_null`; undefined where that is 0.
    pub z: Option<f64>,
    /// Limits from `se`. They are not cut at -1 and 1.
    pub interval: Option<(f64, f64)>,
}

/// Two ratings of the same units crossed: rows are the first rating, columns the second.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreement {
    k: usize,
    n: f64,
    /// Shares by row and column.
    shares: Vec<f64>,
    rows: Vec<f64>,
    columns: Vec<f64>,
}

impl Agreement {
    /// The table of `k` categories, row after row. `None` where it is not `k` by `k`, a count is negative or not finite,
    /// or there are no units.
    #[must_use]
    pub fn new(k: usize, counts: &[f64]) -> Option<Self> {
        let n: f64 = counts.iter().sum();
        let fits = k > 0 && k.checked_mul(k) == Some(counts.len());
        if !(fits && n > 0.0 && n.is_finite()) || counts.iter().any(|c| *c < 0.0) {
            return None;
        }
        let shares: Vec<f64> = counts.iter().map(|c| c / n).collect();
        let rows = shares.chunks_exact(k).map(|row| row.iter().sum()).collect();
        let columns = (0..k).map(|j| shares.iter().skip(j).step_by(k).sum()).collect();
        Some(Self { k, n, shares, rows, columns })
    }

    /// The table of pairs of ratings in categories counted from 0; pairs with a category of `k` or more do not count.
    #[must_use]
    pub fn of_pairs(k: usize, pairs: impl IntoIterator<Item = (usize, usize)>) -> Option<Self> {
        let mut counts = vec![0.0; k.checked_mul(k)?];
        for (first, second) in pairs {
            if first < k && second < k {
                counts[first * k + second] += 1.0;
            }
        }
        Self::new(k, &counts)
    }

    /// Number of units.
    #[must_use]
    pub fn units(&self) -> f64 {
        self.n
    }

    /// Row, column and share of each cell.
    fn cells(&self) -> impl Iterator<Item = (usize, usize, f64)> + '_ {
        self.shares.iter().enumerate().map(|(cell, share)| (cell / self.k, cell % self.k, *share))
    }

    /// Share of units in the same category.
    #[must_use]
    pub fn percent_agreement(&self) -> f64 {
        self.shares.iter().step_by(self.k + 1).sum()
    }

    /// Cohen's kappa with limits at a level such as 0.95 (none for a level that is not between 0 and 1).
    #[must_use]
    pub fn kappa(&self, weights: Weights, level: f64) -> Kappa {
        let apart = |i, j| weights.disagreement(i, j, self.k);
        let by_chance = |i: usize, j: usize| self.rows[i] * self.columns[j];
        let disagreed: f64 = self.cells().map(|(i, j, p)| apart(i, j) * p).sum();
        let chance: f64 = self.cells().map(|(i, j, _)| apart(i, j) * by_chance(i, j)).sum();
        let (observed, expected) = (1.0 - disagreed, 1.0 - chance);
        let undefined = Kappa { observed, expected, kappa: None, se: None, se_null: None, z: None, interval: None };
        if chance <= 0.0 {
            return undefined;
        }
        let kappa = 1.0 - disagreed / chance;
        // Mean weight of a category over the other rating's margin.
        let row_weight: Vec<f64> =
            (0..self.k).map(|i| (0..self.k).map(|j| self.columns[j] * (1.0 - apart(i, j))).sum()).collect();
        let column_weight: Vec<f64> =
            (0..self.k).map(|j| (0..self.k).map(|i| self.rows[i] * (1.0 - apart(i, j))).sum()).collect();
        let (mut spread, mut spread_null) = (0.0, 0.0);
        for (i, j, p) in self.cells() {
            let (weight, margin) = (1.0 - apart(i, j), row_weight[i] + column_weight[j]);
            let term = weight * chance - margin * disagreed;
            let term_null = weight - margin;
            spread += p * term * term;
            spread_null += by_chance(i, j) * term_null * term_null;
        }
        let centre = observed * expected - 2.0 * expected + observed;
        // Rounding may leave a variance of 0 slightly below it.
        let root = |v: f64| libm::sqrt(v.max(0.0));
        let se = root((spread - centre * centre) / self.n) / (chance * chance);
        let se_null = root((spread_null - expected * expected) / self.n) / chance;
        Kappa {
            kappa: Some(kappa),
            se: Some(se),
            se_null: Some(se_null),
            z: (se_null > 0.0).then(|| kappa / se_null),
            interval: Confidence::new(level).map(|c| (kappa - c.z * se, kappa + c.z * se)),
            ..undefined
        }
    }

    /// Kappa adjusted for prevalence and bias: what kappa would be if every category were as frequent as the others.
    /// Undefined for one category.
    #[must_use]
    pub fn pabak(&self) -> Option<f64> {
        let k = self.k as f64;
        (self.k > 1).then(|| (k * self.percent_agreement() - 1.0) / (k - 1.0))
    }

    /// Scott's pi: chance taken from the two ratings' joint margins. Undefined where chance agreement is complete.
    #[must_use]
    pub fn scott_pi(&self) -> Option<f64> {
        let chance: f64 = self.margins().map(|m| m * (1.0 - m)).sum();
        (chance > 0.0).then(|| 1.0 - (1.0 - self.percent_agreement()) / chance)
    }

    /// Gwet's first coefficient, which stays near the percent agreement where one category is rare. Undefined for one
    /// category.
    #[must_use]
    pub fn gwet_ac1(&self) -> Option<f64> {
        let spread: f64 = self.margins().map(|m| m * (1.0 - m)).sum();
        let chance = spread / (self.k.max(2) - 1) as f64;
        (self.k > 1).then(|| (self.percent_agreement() - chance) / (1.0 - chance))
    }

    /// The mean of the two ratings' margins.
    fn margins(&self) -> impl Iterator<Item = f64> + '_ {
        self.rows.iter().zip(&self.columns).map(|(r, c)| 0.5 * (r + c))
    }

    /// Of all ratings in a category, the share that the other rating agreed with. With two categories, yes first:
    /// category 0 gives positive agreement and category 1 negative agreement. Undefined where the category was not used.
    #[must_use]
    pub fn specific_agreement(&self, category: usize) -> Option<f64> {
        let (row, column) = (self.rows.get(category)?, self.columns.get(category)?);
        let both = self.shares.get(category * (self.k + 1))?;
        (row + column > 0.0).then(|| 2.0 * both / (row + column))
    }
}
