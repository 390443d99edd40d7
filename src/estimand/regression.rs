//! The equations of a regression, added up block of rows by block of rows, and their solution.

use crate::numeric::sum::Sum;

/// Least pivot of a column that is no combination of the ones before it, relative to its sum of squares.
const LEAST_PIVOT: f64 = 1e-10;

/// Score and information of a regression at given coefficients.
#[derive(Clone, Debug)]
pub(super) struct Equations {
    /// Number of coefficients.
    columns: usize,
    /// Sum of `w x (y - mu)`.
    score: Vec<Sum>,
    /// Sum of `w v x x'`, lower triangle row by row; v is the variance function.
    information: Vec<Sum>,
    /// Log-likelihood up to a constant (minus half the sum of squares for a linear regression).
    likelihood: Sum,
    /// Sum of weights.
    weight: Sum,
}

/// A block of rows: the columns of the design, the outcome and the weight of each row.
pub(super) struct Block<'a> {
    /// One slice per coefficient.
    pub design: &'a [Vec<f64>],
    /// Outcome of each row.
    pub outcome: &'a [f64],
    /// Weight of each row; 0 leaves it out.
    pub weight: &'a [f64],
}

impl Equations {
    /// Empty equations for so many coefficients.
    pub fn new(columns: usize) -> Self {
        Self {
            columns,
            score: vec![Sum::default(); columns],
            information: vec![Sum::default(); columns * (columns + 1) / 2],
            likelihood: Sum::default(),
            weight: Sum::default(),
        }
    }

    /// Adds a block of rows at coefficients `beta`.
    pub fn add(&mut self, block: &Block<'_>, beta: &[f64], logistic: bool) {
        let rows = block.outcome.len();
        let mut linear = vec![0.0; rows];
        for (x, b) in block.design.iter().zip(beta) {
            linear.iter_mut().zip(x).for_each(|(eta, x)| *eta += b * x);
        }
        let (mut residual, mut variance) = (vec![0.0; rows], vec![0.0; rows]);
        let mut likelihood = 0.0;
        for i in 0..rows {
            let (w, y, eta) = (block.weight[i], block.outcome[i], linear[i]);
            if w == 0.0 {
                continue;
            }
            let (mu, v, l) = if logistic { bernoulli(eta, y) } else { (eta, 1.0, -0.5 * (y - eta) * (y - eta)) };
            residual[i] = w * (y - mu);
            variance[i] = w * v;
            likelihood += w * l;
        }
        self.likelihood.add(likelihood);
        self.weight.add(block.weight.iter().sum());
        let mut entry = 0;
        for (j, a) in block.design.iter().enumerate() {
            self.score[j].add(a.iter().zip(&residual).map(|(a, r)| a * r).sum());
            for b in &block.design[..=j] {
                let products = a.iter().zip(b).zip(&variance).map(|((a, b), v)| a * b * v);
                self.information[entry].add(products.sum());
                entry += 1;
            }
        }
    }

    /// Log-likelihood up to a constant.
    pub fn likelihood(&self) -> f64 {
        self.likelihood.total()
    }

    /// Sum of weights.
    pub fn weight(&self) -> f64 {
        self.weight.total()
    }

    /// Score by coefficient.
    pub fn score(&self) -> Vec<f64> {
        self.score.iter().map(Sum::total).collect()
    }

    /// The Newton step for the score `score`, with the information of `without` taken out. Columns of nothing but 0
    /// get no step. None if a column is a combination of others.
    pub fn step(&self, score: &[f64], without: Option<&Self>) -> Option<Vec<f64>> {
        let n = self.columns;
        let mut lower = vec![0.0; n * n];
        let mut entry = 0;
        for j in 0..n {
            for k in 0..=j {
                let removed = without.map_or(0.0, |w| w.information[entry].total());
                lower[j * n + k] = self.information[entry].total() - removed;
                entry += 1;
            }
        }
        solve(&mut lower, score)
    }

    /// Whether the column of coefficient `j` is nothing but 0.
    pub fn is_empty(&self, j: usize) -> bool {
        self.information.get(j * (j + 1) / 2 + j).is_none_or(|sum| sum.total() == 0.0)
    }
}

/// Mean, variance and log-likelihood of a yes/no outcome at the logit `eta`.
fn bernoulli(eta: f64, y: f64) -> (f64, f64, f64) {
    let e = libm::exp(-eta.abs());
    let rare = e / (1.0 + e);
    let mu = if eta < 0.0 { rare } else { 1.0 / (1.0 + e) };
    let log_one_plus = eta.max(0.0) + libm::log1p(e);
    (mu, rare / (1.0 + e), y * eta - log_one_plus)
}

/// Solves `a x = b` by Cholesky's decomposition, in place; `a` is symmetric, its lower triangle is read. A row whose
/// diagonal is exactly 0 is left out, with 0 in the solution. None where the matrix is singular or not finite.
fn solve(a: &mut [f64], b: &[f64]) -> Option<Vec<f64>> {
    let n = b.len();
    let mut x = b.to_vec();
    let empty: Vec<bool> = (0..n).map(|j| a[j * n + j] == 0.0).collect();
    for j in 0..n {
        if empty[j] {
            (0..j).for_each(|k| a[j * n + k] = 0.0);
            a[j * n + j] = 1.0;
            x[j] = 0.0;
            continue;
        }
        let diagonal = a[j * n + j];
        for k in 0..=j {
            let dot: f64 = (0..k).map(|m| a[j * n + m] * a[k * n + m]).sum();
            let rest = a[j * n + k] - dot;
            if k < j {
                a[j * n + k] = rest / a[k * n + k];
            } else if rest > LEAST_PIVOT * diagonal && rest.is_finite() {
                a[j * n + j] = rest.sqrt();
            } else {
                return None;
            }
        }
        let dot: f64 = (0..j).map(|m| a[j * n + m] * x[m]).sum();
        x[j] = (x[j] - dot) / a[j * n + j];
    }
    for j in (0..n).rev() {
        let dot: f64 = (j + 1..n).map(|m| a[m * n + j] * x[m]).sum();
        x[j] = (x[j] - dot) / a[j * n + j];
    }
    Some(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_is_solved_and_a_singular_one_refused() {
        let mut a = vec![4.0, 0.0, 2.0, 3.0];
        let x = solve(&mut a, &[2.0, 5.0]).expect("a regular matrix");
        assert!((x[0] + 0.5).abs() < 1e-15 && (x[1] - 2.0).abs() < 1e-15, "{x:?}");
        assert_eq!(solve(&mut [1.0, 0.0, 2.0, 4.0], &[1.0, 1.0]), None);
        assert_eq!(solve(&mut [f64::NAN], &[1.0]), None);
        assert_eq!(solve(&mut [4.0, 0.0, 0.0, 0.0], &[2.0, 0.0]), Some(vec![0.5, 0.0]), "an empty column");
    }

    #[test]
    fn the_logistic_likelihood_does_not_overflow() {
        for eta in [-800.0, 0.0, 800.0] {
            let (mu, v, l) = bernoulli(eta, 1.0);
            assert!((0.0..=1.0).contains(&mu) && (0.0..=0.25).contains(&v) && l <= 0.0 && l.is_finite(), "{eta}");
        }
        assert_eq!(bernoulli(0.0, 1.0), (0.5, 0.25, -libm::log(2.0)));
    }
}
