//! Regressions on grouped rows, and what a coefficient becomes where a part of the rows is left out.

use crate::numeric::LogisticProblem;
use crate::numeric::linear::{Orthogonal, cholesky, cholesky_solve};
use crate::numeric::sum::Sum;
use crate::statistics::regression::{Family, Glm, Link, Model, Rows};
use std::collections::BTreeMap;

/// Least share of its information that the columns before a column leave to it, where a part is left out.
const LEAST_PIVOT: f64 = 1e-10;

/// Most groups that later rows may join. Where there are more, a predictor is a number with a value of its own in
/// nearly every row, and looking for its like would cost more than it saves.
const MOST_SHARED: usize = 1024;

/// Rows, those with the same predictors taken together as far as there are few of them.
#[derive(Clone, Debug)]
pub(super) struct Groups {
    /// Columns of the design.
    width: usize,
    /// Positions of the groups that further rows may join, by the bits of their predictors.
    shared: BTreeMap<Vec<u64>, usize>,
    /// The predictors, group after group.
    predictors: Vec<f64>,
    /// For each group the weighted sum of the outcome and the sum of weights.
    sums: Vec<[Sum; 2]>,
}

impl Groups {
    /// No rows yet, for designs with so many columns.
    pub fn new(width: usize) -> Self {
        Self { width, shared: BTreeMap::new(), predictors: Vec::new(), sums: Vec::new() }
    }

    /// Adds rows: a vector per column of the design, and the outcome and the weight of each row. Rows with weight 0 say
    /// nothing.
    pub fn add(&mut self, design: &[Vec<f64>], outcome: &[f64], weights: &[f64]) {
        let mut pattern = Vec::with_capacity(self.width);
        for (i, (y, weight)) in outcome.iter().zip(weights).enumerate().filter(|(_, (_, weight))| **weight != 0.0) {
            pattern.clear();
            pattern.extend(design.iter().map(|column| column[i].to_bits()));
            let group = self.shared.get(&pattern).copied().unwrap_or_else(|| self.open(&pattern));
            let [total, sum] = &mut self.sums[group];
            total.add(weight * y);
            sum.add(*weight);
        }
    }

    /// A new group; gives its position.
    fn open(&mut self, pattern: &[u64]) -> usize {
        let position = self.sums.len();
        if self.shared.len() < MOST_SHARED {
            self.shared.insert(pattern.to_vec(), position);
        }
        self.predictors.extend(pattern.iter().map(|bits| f64::from_bits(*bits)));
        self.sums.push(Default::default());
        position
    }

    /// Calls `each` with the values of these columns, the weighted sum of the outcome and the weight of every group.
    fn each(&self, columns: &[usize], mut each: impl FnMut(&[f64], f64, f64)) {
        let mut row = vec![0.0; columns.len()];
        for (all, [total, weight]) in self.predictors.chunks_exact(self.width.max(1)).zip(&self.sums) {
            row.iter_mut().zip(columns).for_each(|(value, column)| *value = all[*column]);
            each(&row, total.total(), weight.total());
        }
    }

    /// The columns that are not 0 throughout.
    fn columns(&self) -> Vec<usize> {
        let is_used = |j: &usize| self.predictors.iter().skip(*j).step_by(self.width).any(|value| *value != 0.0);
        (0..self.width).filter(is_used).collect()
    }

    /// The regression, if it has a finite unique solution. Columns that are 0 throughout have no coefficient.
    pub fn fit(&self, model: Model) -> Option<Fitted> {
        let columns = self.columns();
        let beta = match model.parts() {
            (Family::Gaussian, _) => self.linear(&columns),
            (Family::Binomial, Link::Logit) => self.logistic(&columns),
            (family, link) => self.generalised(&columns, family, link),
        }?;
        Some(Fitted { columns, beta, model })
    }

    /// The other generalised linear models: a group counts as its mean, weighted.
    fn generalised(&self, columns: &[usize], family: Family, link: Link) -> Option<Vec<f64>> {
        let (mut x, mut means, mut weights) = (Vec::new(), Vec::new(), Vec::new());
        self.each(columns, |row, total, weight| {
            x.extend_from_slice(row);
            means.push(total / weight);
            weights.push(weight);
        });
        let rows = Rows { weights: Some(&weights), ..Rows::new(&x, columns.len(), &means) };
        Some(Glm::new(family, link)?.fit(&rows).ok()?.coefficients.clone())
    }

    fn logistic(&self, columns: &[usize]) -> Option<Vec<f64>> {
        let mut problem = LogisticProblem::default();
        problem.clear(columns.len());
        self.each(columns, |row, total, weight| problem.push(row, total, weight));
        problem.fit().ok()?;
        Some(problem.coefficients().to_vec())
    }

    /// Least squares: a group counts as its mean with the root of its weight.
    fn linear(&self, columns: &[usize]) -> Option<Vec<f64>> {
        let (mut x, mut y, mut beta) = (Vec::new(), Vec::new(), Vec::new());
        self.each(columns, |row, total, weight| {
            let root = weight.sqrt();
            x.extend(row.iter().map(|value| value * root));
            y.push(total / root);
        });
        let mut solver = Orthogonal::default();
        solver.decompose(&x, columns.len()).ok()?;
        solver.coefficients(&mut y, &mut beta);
        beta.iter().all(|b| b.is_finite()).then_some(beta)
    }
}

/// A fitted regression.
#[derive(Clone, Debug)]
pub(super) struct Fitted {
    /// The columns that have a coefficient.
    columns: Vec<usize>,
    /// The coefficient of each of them.
    beta: Vec<f64>,
    model: Model,
}

impl Fitted {
    /// The coefficient of a column of the design; none if the column is 0 throughout.
    pub fn coefficient(&self, column: usize) -> Option<f64> {
        self.columns.iter().position(|c| *c == column).map(|k| self.beta[k])
    }

    /// The score and the observed information of rows at the coefficients.
    pub fn equations(&self, rows: &Groups) -> Equations {
        let p = self.beta.len();
        let (mut score, mut information) = (vec![Sum::default(); p], vec![Sum::default(); p * p]);
        rows.each(&self.columns, |row, total, weight| {
            let predictor: f64 = row.iter().zip(&self.beta).map(|(x, b)| x * b).sum();
            let (slope, curvature) =
                (self.model.score(predictor, total / weight), self.model.curvature(predictor, total / weight));
            for (i, x) in row.iter().enumerate() {
                score[i].add(x * weight * slope);
                let of_column = information[i * p..=i * p + i].iter_mut().zip(row);
                of_column.for_each(|(sum, z)| sum.add(weight * curvature * x * z));
            }
        });
        let totals = |sums: &[Sum]| sums.iter().map(Sum::total).collect();
        Equations { score: totals(&score), information: totals(&information) }
    }

    /// The coefficient of a column where the rows behind `part` are taken out of those behind `all`, by one Newton
    /// step from the fit; exact for a linear regression. NaN where it is not defined.
    pub fn without(&self, part: &Equations, all: &Equations, column: usize) -> f64 {
        let p = self.beta.len();
        let Some(position) = self.columns.iter().position(|c| *c == column) else {
            return f64::NAN;
        };
        let mut left: Vec<f64> = all.information.iter().zip(&part.information).map(|(all, part)| all - part).collect();
        if !cholesky(&mut left, p).is_ok_and(|least| least > LEAST_PIVOT) {
            return f64::NAN;
        }
        // The score of all rows is 0 at the fit, so that of the rest is the negative one of the part.
        let mut step: Vec<f64> = part.score.iter().map(|score| -score).collect();
        cholesky_solve(&left, p, &mut step);
        self.beta[position] + step[position]
    }
}

/// Score and information of rows at given coefficients.
#[derive(Clone, Debug)]
pub(super) struct Equations {
    /// Sum of `w s x`, by coefficient; s is the slope of the log-likelihood along the linear predictor.
    score: Vec<f64>,
    /// Sum of `w v x x'`, lower triangle, row after row; v is minus the slope of s.
    information: Vec<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(logistic: bool) -> Model {
        let family = if logistic { Family::Binomial } else { Family::Gaussian };
        Model::new(family, family.canonical()).expect("its own link")
    }

    /// Groups with an intercept, a column of zeros and `x`.
    fn groups(x: &[f64], y: &[f64], weights: &[f64]) -> Groups {
        let mut groups = Groups::new(3);
        groups.add(&[vec![1.0; x.len()], vec![0.0; x.len()], x.to_vec()], y, weights);
        groups
    }

    const X: [f64; 8] = [0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 0.0, 2.0];
    const Y: [f64; 8] = [0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0];

    #[test]
    fn rows_with_the_same_predictors_are_one_group() {
        let mut groups = groups(&X, &Y, &[1.0; 8]);
        groups.add(&[vec![1.0], vec![f64::NAN], vec![9.0]], &[f64::NAN], &[0.0]);
        let mut found = Vec::new();
        groups.each(&[2], |row, total, weight| found.push((row[0], total, weight)));
        assert_eq!(found, [(0.0, 1.0, 3.0), (1.0, 1.0, 2.0), (2.0, 2.0, 3.0)]);
        assert_eq!(groups.columns(), [0, 2]);
    }

    #[test]
    fn very_many_groups_give_the_same_solution() {
        // Each x twice, so that a limit on what is looked up splits groups, and the line y = x with +-1 around it.
        let n = 2 * MOST_SHARED;
        let x: Vec<f64> = (0..2 * n).map(|i| (i / 2) as f64 / n as f64).collect();
        let y: Vec<f64> = x.iter().enumerate().map(|(i, x)| x + if i % 2 == 0 { 1.0 } else { -1.0 }).collect();
        let many = groups(&x, &y, &vec![1.0; 2 * n]);
        assert_eq!(many.sums.len(), MOST_SHARED + 2 * (n - MOST_SHARED));
        let slope = many.fit(model(false)).and_then(|f| f.coefficient(2)).expect("a coefficient");
        assert!((slope - 1.0).abs() < 1e-12, "{slope}");
    }

    #[test]
    fn an_empty_column_has_no_coefficient_and_does_not_disturb() {
        for logistic in [false, true] {
            let fitted = groups(&X, &Y, &[1.0; 8]).fit(model(logistic)).expect("a solution");
            assert_eq!(fitted.coefficient(1), None);
            // The shares are 1/3, 1/2 and 2/3, on a line for the straight one and for the logit by symmetry.
            let (at, slope) = if logistic { (-libm::log(2.0), libm::log(2.0)) } else { (1.0 / 3.0, 1.0 / 6.0) };
            for (column, want) in [(0, at), (2, slope)] {
                let got = fitted.coefficient(column).expect("a coefficient");
                assert!((got - want).abs() < 1e-12, "{logistic} {column}: {got}, not {want}");
            }
        }
    }

    #[test]
    fn the_score_of_all_rows_is_zero_at_the_fit() {
        for logistic in [false, true] {
            let groups = groups(&X, &Y, &[0.5, 0.25, 1.0, 3.0, 0.125, 1.0, 1.0, 2.0]);
            let score = groups.fit(model(logistic)).expect("a solution").equations(&groups).score;
            assert!(score.iter().all(|s| s.abs() < 1e-12), "{logistic}: {score:?}");
        }
    }

    #[test]
    fn leaving_rows_out_of_a_line_is_a_fit_without_them() {
        let (all, part) = (groups(&X, &Y, &[1.0; 8]), groups(&X[..3], &Y[..3], &[1.0; 3]));
        let fitted = all.fit(model(false)).expect("a solution");
        let got = fitted.without(&fitted.equations(&part), &fitted.equations(&all), 2);
        let rest = groups(&X[3..], &Y[3..], &[1.0; 5]).fit(model(false)).and_then(|f| f.coefficient(2));
        assert!((got - rest.expect("a coefficient")).abs() < 1e-12, "{got}, not {rest:?}");
        assert!(fitted.without(&fitted.equations(&all), &fitted.equations(&all), 2).is_nan(), "nothing is left");
    }

    #[test]
    fn leaving_a_little_out_is_a_fit_without_it() {
        // Shares that no curve of the link goes through, so that the expected information would not do.
        let y = [1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0];
        let left = [1.0 - 1e-4, 1.0, 1.0, 1.0, 1.0 - 1e-4, 1.0, 1.0, 1.0];
        for (family, link) in [
            (Family::Binomial, Link::Probit),
            (Family::Binomial, Link::Cloglog),
            (Family::Binomial, Link::Logit),
            (Family::Poisson, Link::Log),
            (Family::Poisson, Link::Identity),
        ] {
            let model = Model::new(family, link).expect("a model");
            let (all, part) = (groups(&X, &y, &[1.0; 8]), groups(&[X[0], X[4]], &[y[0], y[4]], &[1e-4; 2]));
            let fitted = all.fit(model).expect("a solution");
            let got = fitted.without(&fitted.equations(&part), &fitted.equations(&all), 2);
            let rest = groups(&X, &y, &left).fit(model).and_then(|f| f.coefficient(2)).expect("a coefficient");
            let whole = fitted.coefficient(2).expect("a coefficient");
            let (got, want) = ((got - whole) / 1e-4, (rest - whole) / 1e-4);
            assert!((got - want).abs() < 1e-3 * (0.1 + want.abs()), "{link:?}: {got}, not {want}");
        }
    }

    #[test]
    fn what_has_no_solution_is_none() {
        for logistic in [false, true] {
            assert!(Groups::new(1).fit(model(logistic)).is_none_or(|f| f.coefficient(0).is_none()));
            assert!(groups(&[1.0, 1.0], &[0.0, 1.0], &[1.0; 2]).fit(model(logistic)).is_none(), "x is the intercept");
            assert!(groups(&[0.0, 1.0], &[0.0, f64::NAN], &[1.0; 2]).fit(model(logistic)).is_none());
        }
        assert!(groups(&[0.0, 1.0], &[0.0, 1.0], &[1.0; 2]).fit(model(true)).is_none(), "separated");
    }
}
