//! Generalised estimating equations: marginal regressions of answers that come in clusters (the waves of a person).
//!
//! `sum of D' V^-1 (y - mu) = 0` with `V = scale A^1/2 W^-1/2 R W^-1/2 A^1/2`: A the variance function, W the prior
//! weights, R the working correlation. Scale and correlation are moment estimates of the Pearson residuals; each step
//! of Gauss and Newton is followed by new ones. Rows are divided by their standard deviation and whitened by R, so that
//! a cluster's share of the equations is `Z'e` and of their derivative `Z'Z`, whatever the family and the correlation.
//!
//! Sources: Liang and Zeger 1986, Longitudinal data analysis using generalized linear models
//! (doi:10.1093/biomet/73.1.13); for the covariances see [`Covariance`].

mod correlation;
mod criterion;
mod family;
mod rows;
mod sandwich;

pub use correlation::Correlation;
pub use criterion::QuasiCriterion;
pub use family::{Family, Link};
pub use rows::Row;
pub use sandwich::{Covariance, CovarianceFailure};

use crate::numeric::linear::{Orthogonal, cholesky, cholesky_solve};
use crate::numeric::{Separation, separation};
use correlation::Working;
use family::{Scaled, scaled, scaled_logit, starting_mean};
use rows::Rows;

/// By how much the counts are reduced from which scale and correlation are estimated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DfRule {
    /// Not at all: rows, and pairs of rows.
    #[default]
    N,
    /// By the number of coefficients, both.
    NMinusP,
}

/// What is to be fitted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The family of the outcome.
    pub family: Family,
    /// The link of its mean.
    pub link: Link,
    /// The working correlation.
    pub correlation: Correlation,
    /// How scale and correlation are estimated.
    pub df_rule: DfRule,
    /// Whether the exchangeable correlation is taken where the one asked for cannot be estimated or is not positive
    /// definite. The summary says so.
    pub fall_back: bool,
}

/// Why there is no fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// There are no rows or no columns.
    NoRows,
    /// There is only one cluster: nothing tells how estimates vary.
    OneCluster,
    /// A number is not finite, or a weight is below 0.
    NotFinite,
    /// The family is not fitted with this link.
    LinkNotForFamily,
    /// An outcome cannot come from the family: not between 0 and 1, or a count below 0.
    OutcomeOutOfRange,
    /// All outcomes are the same.
    ConstantOutcome,
    /// No more rows than coefficients, with counts reduced by the number of coefficients.
    TooFewRows,
    /// This column is a linear combination of the ones before it.
    Collinear {
        /// Position of the column.
        column: usize,
    },
    /// A hyperplane separates the outcomes: no finite solution.
    CompleteSeparation,
    /// A hyperplane separates some of the outcomes, the others lie on it: no finite solution.
    QuasiSeparation,
    /// A fitted mean leaves the range of the family, with a link that does not keep it inside.
    MeanOutOfRange,
    /// The predictors fit the outcome without error: there is no scale.
    NoResidualVariation,
    /// A cluster has two rows at the same wave, where the correlation goes by waves.
    RepeatedWave {
        /// The number of the cluster, as given.
        cluster: usize,
    },
    /// Too few pairs of rows to estimate a correlation: none, or no more than coefficients where the count is reduced
    /// by them.
    TooFewPairs {
        /// The two waves, for the unstructured correlation.
        waves: Option<(i32, i32)>,
        /// The number of pairs.
        pairs: usize,
    },
    /// The working correlation of some cluster is not positive definite.
    NotPositiveDefinite,
    /// The steps did not become small.
    NotConverged,
}

/// How a fit went.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// Steps taken.
    pub iterations: u32,
    /// The length of the last step that was found, in model-based standard errors; it was no longer taken.
    pub last_step: f64,
    /// The scale: the mean square of the Pearson residuals.
    pub scale: f64,
    /// Rows used.
    pub rows: usize,
    /// Clusters with a row.
    pub clusters: usize,
    /// Rows of the largest cluster. If it is 1, there is no correlation to be estimated: alpha is undefined and the
    /// fit is that of independent rows.
    pub largest_cluster: usize,
    /// The correlation that was used.
    pub correlation: Correlation,
    /// Why another correlation than the one asked for was used.
    pub fell_back: Option<Failure>,
}

/// A step is small below this many standard errors.
const CONVERGED: f64 = 1e-12;
/// From here on a step that is no smaller than the one before it is rounding error.
const NEARLY_CONVERGED: f64 = 1e-8;
/// From here on the working correlation takes part. Residuals from far off would give correlations far off.
const NEAR: f64 = 0.1;
/// Steps before giving up.
const MAX_ITERATIONS: u32 = 200;
/// Steps after which separation is looked for even if nothing else hints at it.
const PATIENCE: u32 = 12;
/// A variance of the outcome below this hints at separation.
const HINT: f64 = 1e-6;
/// Halvings of a step.
const HALVINGS: u32 = 40;
/// A pivot below this share of its diagonal element calls for a careful look at the rank.
const NEARLY_SINGULAR: f64 = 1e-9;
/// Pearson residuals below this share of the outcomes, squared, are rounding errors.
const NO_RESIDUAL: f64 = 1e-26;

/// A marginal regression to be fitted: rows, then the results, in buffers that are used again. After the first fit
/// of a size nothing is allocated.
#[derive(Clone, Debug, Default)]
pub struct Gee {
    rows: Rows,
    settings: Settings,
    /// Whether what is below belongs to the rows.
    fitted: bool,
    working: Working,
    scale: f64,
    /// The least variance of an outcome at its fitted mean.
    least_variance: f64,
    eta: Vec<f64>,
    slope: Vec<f64>,
    residual: Vec<f64>,
    /// The rows of a cluster, scaled and whitened, each with its residual behind it.
    whitened: Vec<f64>,
    /// `D' V^-1 D` at scale 1 of each cluster, one after the other.
    information: Vec<f64>,
    /// `D' V^-1 (y - mu)` at scale 1 of each cluster.
    score: Vec<f64>,
    /// Room for the cross products of a cluster with many columns.
    sums: Vec<f64>,
    total_information: Vec<f64>,
    total_score: Vec<f64>,
    /// Cholesky factor of the total information.
    factor: Vec<f64>,
    coefficients: Vec<f64>,
    before: Vec<f64>,
    step: Vec<f64>,
    rank: Orthogonal,
    sandwich: sandwich::Work,
}

impl Gee {
    /// Forgets the rows; the next ones have this many columns (with the intercept's, if there is one).
    pub fn clear(&mut self, columns: usize) {
        self.fitted = false;
        self.rows.clear(columns);
    }

    /// Adds a row, in any order. Rows of weight 0 do not count.
    pub fn push(&mut self, row: &Row<'_>) {
        self.fitted = false;
        if row.weight != 0.0 {
            self.rows.push(row);
        }
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// The coefficients of the last fit.
    #[must_use]
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// The parameters of the working correlation: none for independence; one for exchangeable and AR(1), undefined if
    /// every cluster has one row; for the unstructured one of each pair of waves in the order 12, 13, 23, 14, ...,
    /// undefined for waves at which no cluster was seen both times.
    #[must_use]
    pub fn alpha(&self) -> &[Option<f64>] {
        &self.working.alpha
    }

    /// The waves at which there are rows, ascending.
    #[must_use]
    pub fn waves(&self) -> &[i32] {
        &self.rows.waves
    }

    /// The working correlation between the waves, row after row; undefined as in [`alpha`](Self::alpha).
    #[must_use]
    pub fn working_correlation(&self) -> Vec<Option<f64>> {
        let m = self.rows.waves.len();
        (0..m * m).map(|k| self.working.between(&self.rows, k / m, k % m)).collect()
    }

    /// The degrees of freedom of a t test: clusters less coefficients; none if that is not above 0.
    #[must_use]
    pub fn degrees_of_freedom(&self) -> Option<f64> {
        let left = self.rows.clusters().checked_sub(self.rows.columns)?;
        (left > 0).then_some(left as f64)
    }

    /// Solves the estimating equations.
    ///
    /// # Errors
    /// Why there is no solution; see [`Failure`].
    pub fn fit(&mut self, settings: &Settings) -> Result<Summary, Failure> {
        (self.settings, self.fitted) = (*settings, false);
        self.rows.arrange()?;
        self.refuse_outcomes()?;
        let reduced = self.reduced();
        if self.rows.len() <= reduced {
            return Err(Failure::TooFewRows);
        }
        self.allocate();
        let why =
            match self.solve(settings.correlation) {
                Err(
                    why @ (Failure::NotPositiveDefinite | Failure::TooFewPairs { .. } | Failure::RepeatedWave { .. }),
                ) if settings.fall_back && settings.correlation != Correlation::Exchangeable => why,
                other => return other,
            };
        let summary = self.solve(Correlation::Exchangeable)?;
        Ok(Summary { fell_back: Some(why), ..summary })
    }

    fn reduced(&self) -> usize {
        if self.settings.df_rule == DfRule::NMinusP { self.rows.columns } else { 0 }
    }

    fn refuse_outcomes(&self) -> Result<(), Failure> {
        let (outcome, offset) = (&self.rows.outcome, &self.rows.offset);
        if !self.settings.family.allows(self.settings.link) {
            return Err(Failure::LinkNotForFamily);
        }
        if !outcome.iter().all(|y| self.settings.family.holds(*y)) {
            return Err(Failure::OutcomeOutOfRange);
        }
        let constant = |list: &[f64]| list.windows(2).all(|w| w[0] == w[1]);
        if constant(outcome) && constant(offset) { Err(Failure::ConstantOutcome) } else { Ok(()) }
    }

    fn allocate(&mut self) {
        let (n, p, k) = (self.rows.len(), self.rows.columns, self.rows.clusters());
        let sizes = [
            (&mut self.eta, n),
            (&mut self.slope, n),
            (&mut self.residual, n),
            (&mut self.whitened, self.rows.largest() * (p + 1)),
            (&mut self.information, k * p * p),
            (&mut self.score, k * p),
            (&mut self.sums, (p + 1) * (p + 1)),
            (&mut self.total_information, p * p),
            (&mut self.total_score, p),
            (&mut self.factor, p * p),
            (&mut self.coefficients, p),
            (&mut self.before, p),
            (&mut self.step, p),
        ];
        for (buffer, size) in sizes {
            buffer.clear();
            buffer.resize(size, 0.0);
        }
    }

    fn solve(&mut self, correlation: Correlation) -> Result<Summary, Failure> {
        self.working.prepare(correlation, &self.rows, self.reduced())?;
        self.working.structure = Correlation::Independence;
        self.start()?;
        let mut checked = false;
        let result = self.climb(correlation, &mut checked);
        if result.is_err() && !checked {
            self.refuse_separation()?;
        }
        let (iterations, last_step) = result?;
        self.fitted = true;
        Ok(Summary {
            iterations,
            last_step,
            scale: self.scale,
            rows: self.rows.len(),
            clusters: self.rows.clusters(),
            largest_cluster: self.rows.largest(),
            correlation,
            fell_back: None,
        })
    }

    /// Weighted least squares from means near the outcomes, or, if that leads out of the range of the means, from
    /// one mean for all.
    fn start(&mut self) -> Result<(), Failure> {
        let Settings { family, link, .. } = self.settings;
        let mut known = [(f64::NAN, f64::NAN, 0.0, 0.0); 2];
        for i in 0..self.rows.len() {
            let (y, weight) = (self.rows.outcome[i], self.rows.weight[i]);
            // Binary outcomes repeat: their logarithms are taken once.
            let found = known.iter().find(|k| (k.0, k.1) == (y, weight)).copied();
            let (_, _, slope, working) = found.unwrap_or_else(|| {
                let eta = starting_mean(family, link, y, weight).map_or(f64::NAN, |mean| link.of(mean));
                let row = scaled(family, link, eta, y, self.rows.root_weight[i]);
                row.map_or((y, weight, f64::NAN, f64::NAN), |r| (y, weight, r.slope, r.slope * eta + r.residual))
            });
            known = if found.is_none() { [(y, weight, slope, working), known[0]] } else { known };
            self.slope[i] = slope;
            self.residual[i] = working - slope * self.rows.offset[i];
        }
        if self.least_squares().is_ok() && self.evaluate().is_ok() {
            return Ok(());
        }
        let weights: f64 = self.rows.weight.iter().sum();
        let mean: f64 = self.rows.outcome.iter().zip(&self.rows.weight).map(|(y, w)| y * w).sum::<f64>() / weights;
        self.slope.fill(1.0);
        self.residual.iter_mut().zip(&self.rows.offset).for_each(|(e, offset)| *e = link.of(mean) - offset);
        self.least_squares()?;
        self.evaluate()
    }

    /// Coefficients of the scaled rows as they stand.
    fn least_squares(&mut self) -> Result<(), Failure> {
        self.accumulate()?;
        self.factor.copy_from_slice(&self.total_information);
        match cholesky(&mut self.factor, self.rows.columns) {
            Ok(least) if least > NEARLY_SINGULAR => {}
            other => {
                let (x, p) = (&self.rows.x, self.rows.columns);
                self.rank.decompose(x, p).map_err(|column| Failure::Collinear { column })?;
                other.map_err(|_| Failure::NotConverged)?;
            }
        }
        self.coefficients.copy_from_slice(&self.total_score);
        cholesky_solve(&self.factor, self.rows.columns, &mut self.coefficients);
        if self.coefficients.iter().all(|b| b.is_finite()) { Ok(()) } else { Err(Failure::MeanOutOfRange) }
    }

    /// Steps until they are small; gives their number and the length of the last one in standard errors.
    fn climb(&mut self, correlation: Correlation, checked: &mut bool) -> Result<(u32, f64), Failure> {
        let (mut previous, mut near) = (f64::INFINITY, false);
        for iterations in 0..MAX_ITERATIONS {
            if !*checked && (iterations > PATIENCE || self.least_variance < HINT) {
                *checked = true;
                self.refuse_separation()?;
            }
            let length = self.find_step()?;
            let small = length <= CONVERGED || (length <= NEARLY_CONVERGED && length >= previous);
            if small && self.working.structure == correlation {
                return Ok((iterations, length));
            }
            near |= length <= NEAR;
            previous = if self.working.structure == correlation { length } else { f64::INFINITY };
            self.working.structure = if near { correlation } else { Correlation::Independence };
            self.advance(near)?;
        }
        Err(Failure::NotConverged)
    }

    /// The step from here, and its length in standard errors.
    fn find_step(&mut self) -> Result<f64, Failure> {
        self.factor.copy_from_slice(&self.total_information);
        cholesky(&mut self.factor, self.rows.columns).map_err(|_| Failure::NotConverged)?;
        self.step.copy_from_slice(&self.total_score);
        cholesky_solve(&self.factor, self.rows.columns, &mut self.step);
        let length = libm::sqrt(dot(&self.step, &self.total_score).max(0.0) / self.scale);
        if length.is_finite() { Ok(length) } else { Err(Failure::NotConverged) }
    }

    /// Goes along the step, halved while it leads out of the range of the means; while it is long also as long as the
    /// equations along it turn round steeply.
    fn advance(&mut self, near: bool) -> Result<(), Failure> {
        self.before.copy_from_slice(&self.coefficients);
        let mut slope = dot(&self.step, &self.total_score);
        let mut result = Err(Failure::NotConverged);
        for _ in 0..HALVINGS {
            for (b, (before, step)) in self.coefficients.iter_mut().zip(self.before.iter().zip(&self.step)) {
                *b = before + step;
            }
            result = self.evaluate();
            match result {
                Ok(()) if near || dot(&self.step, &self.total_score) >= -0.5 * slope => return Ok(()),
                Ok(()) => result = Err(Failure::NotConverged),
                Err(Failure::MeanOutOfRange) => {}
                Err(_) => return result,
            }
            self.step.iter_mut().for_each(|s| *s *= 0.5);
            slope *= 0.5;
        }
        result
    }

    /// Everything at the coefficients: residuals, scale, correlation, the equations and their derivative.
    fn evaluate(&mut self) -> Result<(), Failure> {
        self.predict()?;
        let squares = dot(&self.residual, &self.residual);
        let outcomes: f64 = self.rows.outcome.iter().zip(&self.rows.weight).map(|(y, w)| w * y * y).sum();
        if squares <= NO_RESIDUAL * outcomes {
            return Err(Failure::NoResidualVariation);
        }
        let reduced = self.reduced();
        self.scale = squares / (self.rows.len() - reduced) as f64;
        if self.working.structure != Correlation::Independence {
            self.working.estimate(&self.rows, &self.residual, self.scale, reduced);
        }
        self.accumulate()
    }

    /// Scaled rows and residuals at the coefficients.
    fn predict(&mut self) -> Result<(), Failure> {
        match self.rows.columns {
            1 => self.predict_columns(1),
            2 => self.predict_columns(2),
            3 => self.predict_columns(3),
            4 => self.predict_columns(4),
            5 => self.predict_columns(5),
            6 => self.predict_columns(6),
            7 => self.predict_columns(7),
            8 => self.predict_columns(8),
            p => self.predict_columns(p),
        }
        // A family and link known to the compiler let it work on rows without asking which they are.
        match (self.settings.family, self.settings.link) {
            (Family::Binomial, Link::Logit) => self.scale_rows(|eta, y, root| Some(scaled_logit(eta, y, root))),
            (Family::Gaussian, Link::Identity) => {
                self.scale_rows(|eta, y, root| scaled(Family::Gaussian, Link::Identity, eta, y, root))
            }
            (family, link) => self.scale_rows(|eta, y, root| scaled(family, link, eta, y, root)),
        }
    }

    #[inline(always)]
    fn predict_columns(&mut self, p: usize) {
        let coefficients = &self.coefficients[..p];
        let rows = self.rows.x.chunks_exact(p).zip(&self.rows.offset);
        for (eta, (row, offset)) in self.eta.iter_mut().zip(rows) {
            *eta = offset + dot(row, coefficients);
        }
    }

    #[inline(always)]
    fn scale_rows(&mut self, scaled: impl Fn(f64, f64, f64) -> Option<Scaled>) -> Result<(), Failure> {
        let rows = self.eta.iter().zip(&self.rows.outcome).zip(&self.rows.root_weight);
        let mut least = 1.0_f64;
        for (((eta, y), root), (slope, residual)) in rows.zip(self.slope.iter_mut().zip(&mut self.residual)) {
            let row = scaled(*eta, *y, *root).ok_or(Failure::MeanOutOfRange)?;
            (*slope, *residual) = (row.slope, row.residual);
            least = if row.variance < least { row.variance } else { least };
        }
        self.least_variance = least;
        Ok(())
    }

    /// The equations and their derivative, of each cluster and in total.
    fn accumulate(&mut self) -> Result<(), Failure> {
        // A number of columns known to the compiler lets it unroll the small loops and keep the sums in registers.
        match self.rows.columns {
            1 => self.accumulate_columns(1, &mut [0.0; 4]),
            2 => self.accumulate_columns(2, &mut [0.0; 9]),
            3 => self.accumulate_columns(3, &mut [0.0; 16]),
            4 => self.accumulate_columns(4, &mut [0.0; 25]),
            5 => self.accumulate_columns(5, &mut [0.0; 36]),
            6 => self.accumulate_columns(6, &mut [0.0; 49]),
            7 => self.accumulate_columns(7, &mut [0.0; 64]),
            8 => self.accumulate_columns(8, &mut [0.0; 81]),
            p => {
                let mut sums = std::mem::take(&mut self.sums);
                let result = self.accumulate_columns(p, &mut sums);
                self.sums = sums;
                result
            }
        }
    }

    /// `sums` has room for the square of one more than the columns.
    #[inline(always)]
    fn accumulate_columns(&mut self, p: usize, sums: &mut [f64]) -> Result<(), Failure> {
        let width = p + 1;
        self.total_information.fill(0.0);
        self.total_score.fill(0.0);
        let shares = self.information.chunks_exact_mut(p * p).zip(self.score.chunks_exact_mut(p));
        for (r, (information, score)) in self.rows.ranges().zip(shares) {
            let z = &mut self.whitened[..r.len() * width];
            let rows = self.rows.x[r.start * p..r.end * p].chunks_exact(p);
            let scaled = self.slope[r.clone()].iter().zip(&self.residual[r.clone()]);
            for ((line, x), (slope, residual)) in z.chunks_exact_mut(width).zip(rows).zip(scaled) {
                line.iter_mut().zip(x).for_each(|(v, x)| *v = x * slope);
                line[p] = *residual;
            }
            self.working.whiten(&self.rows, r, z, width, sums)?;
            sums.fill(0.0);
            for line in z.chunks_exact(width) {
                for i in 0..width {
                    for j in 0..=i {
                        sums[i * width + j] += line[i] * line[j];
                    }
                }
            }
            for i in 0..p {
                score[i] = sums[p * width + i];
                self.total_score[i] += score[i];
                for j in 0..=i {
                    let sum = sums[i * width + j];
                    (information[i * p + j], information[j * p + i]) = (sum, sum);
                    self.total_information[i * p + j] += sum;
                }
            }
        }
        Ok(())
    }

    /// Binary outcomes, or counts of 0 against others, that a hyperplane separates have no finite solution.
    fn refuse_separation(&self) -> Result<(), Failure> {
        let kept = match self.settings.family {
            Family::Gaussian => return Ok(()),
            // A mean of 0 or 1 is not at infinity with these links.
            Family::Binomial if matches!(self.settings.link, Link::Identity | Link::Log) => return Ok(()),
            Family::Poisson if self.settings.link == Link::Identity => return Ok(()),
            Family::Binomial => self.rows.outcome.clone(),
            // A count above 0 holds its row fast on both sides, as a row with both outcomes does.
            Family::Poisson => self.rows.outcome.iter().map(|y| if *y > 0.0 { 0.5 } else { 0.0 }).collect(),
        };
        match separation(&self.rows.x, self.rows.columns, &kept, &vec![1.0; kept.len()]) {
            Ok(Separation::None) => Ok(()),
            Ok(Separation::Quasi) => Err(Failure::QuasiSeparation),
            Ok(Separation::Complete) => Err(Failure::CompleteSeparation),
            Err(column) => Err(Failure::Collinear { column }),
        }
    }
}

#[inline(always)]
fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

#[cfg(test)]
mod tests;
