//! The way to the solution: a start, steps, and what stands in the way of one.

use super::family::{scaled, starting_mean};
use super::{Correlation, Failure, Family, Gee, Link, Settings, Summary, dot};
use crate::numeric::linear::{cholesky, cholesky_solve};
use crate::numeric::{Separation, separation};

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

impl Gee {
    /// Solves the equations with one correlation.
    pub(super) fn solve(&mut self, correlation: Correlation) -> Result<Summary, Failure> {
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
