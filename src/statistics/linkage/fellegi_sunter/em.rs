//! The parameters by EM.

use super::{Parameters, Patterns};
use crate::numeric::sum;

/// When EM ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Most steps.
    pub steps: usize,
    /// Relative change of the log-likelihood below which it has converged.
    pub loglik: f64,
    /// Change of every parameter below which it has converged; both must hold, because where classes are hard to tell
    /// apart the likelihood is flat long before the parameters have settled.
    pub parameter: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { steps: 20_000, loglik: 1e-12, parameter: 1e-9 }
    }
}

/// How a fit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The limits were met.
    Converged,
    /// They were not within the steps allowed; the last parameters are given.
    MaxIterations,
}

/// Why there is no fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// There are no pairs.
    NoPairs,
    /// The parameters to start from have another shape than the patterns, or are no probabilities.
    Start,
    /// A pattern that was seen (by position) has probability 0 among matches and among non-matches.
    ImpossiblePattern(usize),
    /// All pairs went to one class: the parameters of the other are not defined.
    OneClass,
}

/// A fit.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The parameters.
    pub parameters: Parameters,
    /// Natural logarithm of the likelihood at them, without the multinomial constant.
    pub loglik: f64,
    /// How it ended.
    pub status: Status,
    /// EM steps.
    pub steps: usize,
    /// Greatest change of a parameter in the last step.
    pub last_change: f64,
}

/// The EM algorithm with its buffers: reuse it where patterns of the same fields are fitted again and again.
#[derive(Clone, Debug, Default)]
pub struct Em {
    log_m: Vec<f64>,
    log_u: Vec<f64>,
    pairs_m: Vec<f64>,
    pairs_u: Vec<f64>,
    next: Parameters,
}

impl Em {
    /// Improves the parameters until they do not change any more.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn fit(&mut self, patterns: &Patterns, start: &Parameters, limits: &Limits) -> Result<Fit, Failure> {
        let mut now = start.clone();
        let mut before = f64::NAN;
        let mut last_change = f64::NAN;
        for steps in 0..=limits.steps {
            let loglik = self.advance(patterns, &now)?;
            let settled = (loglik - before).abs() <= limits.loglik * loglik.abs() && last_change <= limits.parameter;
            if settled || steps == limits.steps {
                let status = if settled { Status::Converged } else { Status::MaxIterations };
                return Ok(Fit { parameters: now, loglik, status, steps, last_change });
            }
            last_change = greatest_change(&now, &self.next);
            before = loglik;
            std::mem::swap(&mut now, &mut self.next);
        }
        Err(Failure::Start)
    }

    /// The parameters after one step, and the log-likelihood of those before it.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn step(&mut self, patterns: &Patterns, now: &Parameters) -> Result<(Parameters, f64), Failure> {
        let loglik = self.advance(patterns, now)?;
        Ok((self.next.clone(), loglik))
    }

    /// Puts the parameters after one step into `next`; the log-likelihood before it.
    fn advance(&mut self, patterns: &Patterns, now: &Parameters) -> Result<f64, Failure> {
        check(patterns, now)?;
        logs(&now.m, &mut self.log_m);
        logs(&now.u, &mut self.log_u);
        for pairs in [&mut self.pairs_m, &mut self.pairs_u] {
            pairs.clear();
            pairs.resize(patterns.all_levels(), 0.0);
        }
        let (log_p, log_q) = (libm::log(now.p), libm::log1p(-now.p));
        let (mut loglik, mut matches, mut total) = (sum::Sum::default(), 0.0, 0.0);
        for (k, count) in patterns.counts().iter().enumerate().filter(|(_, count)| **count > 0.0) {
            let (mut m, mut u) = (log_p, log_q);
            for (_, level) in patterns.compared(k) {
                m += self.log_m[level];
                u += self.log_u[level];
            }
            let largest = m.max(u);
            if largest == f64::NEG_INFINITY {
                return Err(Failure::ImpossiblePattern(k));
            }
            let log_both = largest + libm::log1p(libm::exp(m.min(u) - largest));
            loglik.add(count * log_both);
            // Each is computed from its own side: 1 - posterior would lose what is left of a small one.
            let (of_match, of_other) = (count * libm::exp(m - log_both), count * libm::exp(u - log_both));
            matches += of_match;
            total += count;
            for (_, level) in patterns.compared(k) {
                self.pairs_m[level] += of_match;
                self.pairs_u[level] += of_other;
            }
        }
        self.next.p = matches / total;
        self.next.m.clear();
        self.next.u.clear();
        for field in 0..patterns.fields() {
            shares(&self.pairs_m[patterns.field(field)], &mut self.next.m);
            shares(&self.pairs_u[patterns.field(field)], &mut self.next.u);
        }
        one_class(patterns, &self.pairs_m, &self.pairs_u)?;
        Ok(loglik.total())
    }
}

/// Logarithms; that of 0 is -infinite, which makes a pattern impossible in a class.
fn logs(values: &[f64], out: &mut Vec<f64>) {
    out.clear();
    out.extend(values.iter().map(|v| libm::log(*v)));
}

/// Shares of a field's levels; NaN where there are no pairs.
fn shares(pairs: &[f64], out: &mut Vec<f64>) {
    let total = sum::sum(pairs.iter().copied());
    out.extend(pairs.iter().map(|n| if total > 0.0 { n / total } else { f64::NAN }));
}

/// Whether some field could be compared in pairs of one class only.
fn one_class(patterns: &Patterns, pairs_m: &[f64], pairs_u: &[f64]) -> Result<(), Failure> {
    let any = |pairs: &[f64]| pairs.iter().any(|n| *n > 0.0);
    let differ = |field: &usize| any(&pairs_m[patterns.field(*field)]) != any(&pairs_u[patterns.field(*field)]);
    if (0..patterns.fields()).any(|field| differ(&field)) { Err(Failure::OneClass) } else { Ok(()) }
}

fn check(patterns: &Patterns, now: &Parameters) -> Result<(), Failure> {
    if !patterns.counts().iter().any(|count| *count > 0.0) {
        return Err(Failure::NoPairs);
    }
    let fits = |list: &[f64]| list.len() == patterns.all_levels() && list.iter().all(|v| v.is_nan() || *v >= 0.0);
    let mut used = (0..patterns.len()).filter(|k| patterns.counts()[*k] > 0.0).flat_map(|k| patterns.compared(k));
    let shape = fits(&now.m) && fits(&now.u) && (0.0..=1.0).contains(&now.p);
    if !shape || used.any(|(_, level)| now.m[level].is_nan() || now.u[level].is_nan()) {
        return Err(Failure::Start);
    }
    Ok(())
}

/// Greatest change of a parameter; what is not defined has not changed.
fn greatest_change(a: &Parameters, b: &Parameters) -> f64 {
    let changes = a.m.iter().zip(&b.m).chain(a.u.iter().zip(&b.u)).map(|(x, y)| (x - y).abs());
    changes.fold((a.p - b.p).abs(), f64::max)
}
