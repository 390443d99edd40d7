//! Logistic regression within clusters: each cluster has its own intercept, which is conditioned away by the number of
//! events in the cluster. Clusters without change in the outcome say nothing.
//!
//! The denominator is a sum over all choices of so many rows as have the event; it is worked exactly by the recursion
//! that adds a row at a time, with its first and second derivatives.
//!
//! Sources: Breslow and Day 1980, Statistical Methods in Cancer Research I, ch. 7 (ISBN 9283211324); Gail, Lubin and
//! Rubinstein 1981 (doi:10.1093/biomet/68.3.703) for the recursion.

use super::basis::{Basis, dot, zeros};
use super::rows::Prepared;
use super::{Failure, Rows};
use crate::numeric::linear::{cholesky, cholesky_inverse_column, cholesky_solve};
use crate::numeric::{Separation, separation};

/// What a fit found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConditionalFit {
    /// Rows given.
    pub n: usize,
    /// Clusters with both outcomes.
    pub informative_clusters: usize,
    /// One coefficient a column.
    pub coefficients: Vec<f64>,
    /// Steps taken.
    pub iterations: u32,
    /// Greatest absolute change of a coefficient in the last step.
    pub last_step: f64,
    /// Conditional log-likelihood.
    pub loglik: f64,
    /// The same with all coefficients 0.
    pub null_loglik: f64,
}

/// A conditional logistic regression, with buffers that are used again.
#[derive(Clone, Debug, Default)]
pub struct ConditionalLogistic {
    data: Prepared,
    /// Rows of the informative clusters, less the means of their cluster.
    centred: Vec<f64>,
    offset: Vec<f64>,
    event: Vec<bool>,
    /// First row of each informative cluster, then the number of rows.
    starts: Vec<usize>,
    basis: Basis,
    eta: Vec<f64>,
    point: Vec<f64>,
    trial: Vec<f64>,
    step: Vec<f64>,
    score: Vec<f64>,
    information: Vec<f64>,
    loglik: f64,
    sums: Sums,
    carried: Vec<f64>,
    work: Vec<f64>,
    covariance: Vec<f64>,
    fit: ConditionalFit,
}

/// Sums over all choices of 0, 1, ... rows of a cluster.
#[derive(Clone, Debug, Default)]
struct Sums {
    value: Vec<f64>,
    first: Vec<f64>,
    second: Vec<f64>,
    mean: Vec<f64>,
}

/// The greatest last step of a fit that converged, relative to coefficients above 1, both in orthonormal columns: so for
/// predictors on any scale.
const CONVERGED: f64 = 1e-10;
const MAX_ITERATIONS: u32 = 100;
const PATIENCE: u32 = 12;
/// Linear predictors beyond hint that the maximum is at infinity.
const FAR: f64 = 13.8;
/// Sums above this are scaled down by it.
const LARGE: f64 = 1e200;

impl ConditionalLogistic {
    /// Finds the coefficients with the greatest conditional likelihood. The columns hold no intercept; outcomes are 0 or
    /// 1.
    ///
    /// # Errors
    /// [`Failure::Shape`] without clusters or with weights; [`Failure::NothingVaries`]; [`Failure::Collinear`], also for
    /// a column without variation within clusters; separation, where a combination of columns puts the events of
    /// every cluster at the top.
    pub fn fit(&mut self, rows: &Rows<'_>) -> Result<&ConditionalFit, Failure> {
        self.covariance.clear();
        if rows.clusters.is_none() || rows.weights.is_some() {
            return Err(Failure::Shape);
        }
        self.data.read(rows)?;
        let p = self.data.columns;
        if let Some(k) = self.data.outcome.iter().position(|y| *y != 0.0 && *y != 1.0) {
            return Err(Failure::Outcome { row: self.data.order[k] });
        }
        self.keep_informative();
        if self.starts.len() < 2 {
            return Err(Failure::NothingVaries);
        }
        self.basis.decompose(&self.centred, p)?;
        for buffer in [&mut self.point, &mut self.trial, &mut self.step, &mut self.score] {
            zeros(buffer, p);
        }
        zeros(&mut self.information, p * p);
        zeros(&mut self.eta, self.event.len());
        self.fit.n = self.data.rows();
        self.fit.informative_clusters = self.starts.len() - 1;
        self.iterate()?;
        Ok(&self.fit)
    }

    /// Copies the clusters with both outcomes, their columns centred: the likelihood does not see the means.
    fn keep_informative(&mut self) {
        let p = self.data.columns;
        self.centred.clear();
        self.offset.clear();
        self.event.clear();
        self.starts.clear();
        self.starts.push(0);
        for ends in self.data.starts.windows(2) {
            let (from, to) = (ends[0], ends[1]);
            let outcomes = &self.data.outcome[from..to];
            if outcomes.iter().all(|y| *y == outcomes[0]) {
                continue;
            }
            let first = self.centred.len();
            self.centred.extend_from_slice(&self.data.x[from * p..to * p]);
            for j in 0..p {
                let column = self.centred[first..].iter().skip(j).step_by(p);
                let mean = column.sum::<f64>() / (to - from) as f64;
                self.centred[first..].iter_mut().skip(j).step_by(p).for_each(|v| *v -= mean);
            }
            self.offset.extend_from_slice(&self.data.offset[from..to]);
            self.event.extend(outcomes.iter().map(|y| *y == 1.0));
            self.starts.push(self.event.len());
        }
    }

    fn iterate(&mut self) -> Result<(), Failure> {
        let p = self.data.columns;
        if !self.accumulate() {
            return Err(Failure::NotFinite);
        }
        self.fit.null_loglik = self.loglik;
        let mut checked = false;
        for iterations in 1..=MAX_ITERATIONS {
            let furthest = self.eta.iter().fold(0.0_f64, |m, e| m.max(e.abs()));
            if !checked && (furthest > FAR || iterations > PATIENCE) {
                self.refuse_separation()?;
                checked = true;
            }
            if cholesky(&mut self.information, p).is_err() {
                if !checked {
                    self.refuse_separation()?;
                }
                return Err(Failure::NotPositiveDefinite);
            }
            self.step.copy_from_slice(&self.score);
            cholesky_solve(&self.information, p, &mut self.step);
            self.basis.carry_back(&self.point, &mut self.fit.coefficients);
            self.basis.carry_back(&self.step, &mut self.carried);
            let last_step = self.carried.iter().fold(0.0_f64, |m, s| m.max(s.abs()));
            let inner_step = self.step.iter().fold(0.0_f64, |m, s| m.max(s.abs()));
            let size = self.point.iter().fold(1.0_f64, |m, b| m.max(b.abs()));
            if !last_step.is_finite() {
                return Err(Failure::NotFinite);
            }
            if inner_step < CONVERGED * size {
                (self.fit.iterations, self.fit.last_step) = (iterations, last_step);
                return self.finish();
            }
            self.advance()?;
        }
        Err(Failure::NotConverged)
    }

    fn finish(&mut self) -> Result<(), Failure> {
        let p = self.data.columns;
        self.fit.loglik = self.loglik;
        zeros(&mut self.work, p * p);
        for k in 0..p {
            cholesky_inverse_column(&self.information, p, k, &mut self.work[k * p..(k + 1) * p]);
        }
        self.basis.carry_covariance(&self.work, &mut self.covariance);
        Ok(())
    }

    /// Goes along the step, halved until the likelihood is not lower.
    fn advance(&mut self) -> Result<(), Failure> {
        let before = self.loglik;
        for _ in 0..60 {
            self.trial.iter_mut().zip(self.point.iter().zip(&self.step)).for_each(|(t, (b, s))| *t = b + s);
            if self.accumulate() && self.loglik >= before - 1e-12 * before.abs().max(1.0) {
                self.point.copy_from_slice(&self.trial);
                return Ok(());
            }
            self.step.iter_mut().for_each(|s| *s *= 0.5);
        }
        Err(Failure::NotConverged)
    }

    /// Likelihood, score and information at the trial coefficients; false where a number leaves its range.
    fn accumulate(&mut self) -> bool {
        let p = self.data.columns;
        self.loglik = 0.0;
        self.score.fill(0.0);
        self.information.fill(0.0);
        for (eta, row) in self.eta.iter_mut().zip(self.basis.q.chunks_exact(p)) {
            *eta = dot(row, &self.trial);
        }
        for ends in self.starts.windows(2) {
            let (from, to) = (ends[0], ends[1]);
            let rows = &self.basis.q[from * p..to * p];
            let events = &self.event[from..to];
            let mut chosen = 0.0;
            for ((row, event), k) in rows.chunks_exact(p).zip(events).zip(from..) {
                if *event {
                    chosen += self.eta[k] + self.offset[k];
                    self.score.iter_mut().zip(row).for_each(|(s, v)| *s += v);
                }
            }
            let count = events.iter().filter(|e| **e).count();
            let etas = self.eta[from..to].iter().zip(&self.offset[from..to]).map(|(e, o)| e + o);
            self.loglik += chosen - self.sums.all_choices(rows, etas, count, p);
            self.sums.add(&mut self.score, &mut self.information, count);
        }
        self.loglik.is_finite() && self.information.iter().all(|v| v.is_finite())
    }

    /// Whether a combination of columns puts the events of every cluster at its top: the rows are differences of an
    /// event and a row without in the same cluster.
    fn refuse_separation(&self) -> Result<(), Failure> {
        let p = self.data.columns;
        let mut differences = Vec::new();
        for ends in self.starts.windows(2) {
            for i in (ends[0]..ends[1]).filter(|i| self.event[*i]) {
                for j in (ends[0]..ends[1]).filter(|j| !self.event[*j]) {
                    let (a, b) = (&self.basis.q[i * p..(i + 1) * p], &self.basis.q[j * p..(j + 1) * p]);
                    differences.extend(a.iter().zip(b).map(|(u, v)| u - v));
                }
            }
        }
        let ones = vec![1.0; differences.len() / p.max(1)];
        match separation(&differences, p, &ones, &ones) {
            Ok(Separation::None) => Ok(()),
            Ok(Separation::Quasi) => Err(Failure::QuasiSeparation),
            Ok(Separation::Complete) => Err(Failure::CompleteSeparation),
            Err(column) => Err(Failure::Collinear { column }),
        }
    }

    /// What the last fit found.
    #[must_use]
    pub fn result(&self) -> &ConditionalFit {
        &self.fit
    }

    /// The covariance of the coefficients, row after row; empty without a fit.
    #[must_use]
    pub fn covariance(&self) -> &[f64] {
        &self.covariance
    }
}

impl Sums {
    /// The logarithm of the sum over all choices of `count` rows of the exponential of their linear predictors; its
    /// derivatives are kept.
    fn all_choices(&mut self, rows: &[f64], etas: impl Iterator<Item = f64> + Clone, count: usize, p: usize) -> f64 {
        zeros(&mut self.value, count + 1);
        zeros(&mut self.first, (count + 1) * p);
        zeros(&mut self.second, (count + 1) * p * p);
        zeros(&mut self.mean, p);
        self.value[0] = 1.0;
        let centre = etas.clone().fold(f64::NEG_INFINITY, f64::max);
        let mut log_scale = centre * count as f64;
        for (seen, (row, eta)) in rows.chunks_exact(p).zip(etas).enumerate() {
            let factor = libm::exp(eta - centre);
            for k in (1..=count.min(seen + 1)).rev() {
                self.take_in(row, factor, k);
            }
            if self.value.iter().any(|v| *v > LARGE) {
                for buffer in [&mut self.value, &mut self.first, &mut self.second] {
                    buffer.iter_mut().for_each(|v| *v /= LARGE);
                }
                log_scale += libm::log(LARGE);
            }
        }
        log_scale + libm::log(self.value[count])
    }

    /// Adds to the choices of `k` rows those that hold this one.
    fn take_in(&mut self, row: &[f64], factor: f64, k: usize) {
        let p = row.len();
        let before = self.value[k - 1];
        self.value[k] += factor * before;
        let (low, high) = self.first.split_at_mut(k * p);
        let first = &low[(k - 1) * p..];
        let (low, upper) = self.second.split_at_mut(k * p * p);
        let second = &low[(k - 1) * p * p..];
        for i in 0..p {
            high[i] += factor * (first[i] + row[i] * before);
            for j in 0..=i {
                let cross = row[i] * first[j] + first[i] * row[j] + row[i] * row[j] * before;
                upper[i * p + j] += factor * (second[i * p + j] + cross);
            }
        }
    }

    /// Takes the mean from the score and adds the covariance to the information (lower triangle).
    fn add(&mut self, score: &mut [f64], information: &mut [f64], count: usize) {
        let p = score.len();
        let whole = self.value[count];
        let first = &self.first[count * p..];
        self.mean.iter_mut().zip(first).for_each(|(m, v)| *m = v / whole);
        score.iter_mut().zip(&self.mean).for_each(|(s, m)| *s -= m);
        let second = &self.second[count * p * p..];
        for i in 0..p {
            for j in 0..=i {
                information[i * p + j] += second[i * p + j] / whole - self.mean[i] * self.mean[j];
            }
        }
    }
}
