//! G-computation by iterated conditional expectation: the mean that an outcome would have had if nobody had been lost.
//!
//! From the last wave T backwards: regress the outcome at T on the past among those who still answer at T, predict it
//! for all who answered at T - 1, regress these predictions on the past of T - 1 among those who answer there, and so
//! on; the mean of the last predictions over all who answered at the first wave is the estimate. Outcomes from 0 to 1
//! and their predictions are regressed with the (fractional) logit, others by least squares.
//!
//! Its error comes from a bootstrap of persons, or from [`influence`](IteratedExpectation::influence). Sources: Robins 1986 (doi:10.1016/0270-0255(86)90088-6); Bang and Robins
//! 2005 (doi:10.1111/j.1541-0420.2005.00377.x).

use super::{Histories, Link, Predictors, WeightedRegression};
use crate::numeric::LogisticFailure;
use crate::numeric::linear::cholesky_solve;

/// A step without a fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepFailure {
    /// The wave whose regression it was, counted from 0.
    pub wave: usize,
    /// What the fit said.
    pub why: LogisticFailure,
}

/// Iterated conditional expectations. The buffers are used again from fit to fit.
#[derive(Clone, Debug, Default)]
pub struct IteratedExpectation {
    regression: WeightedRegression,
    persons: usize,
    expected: Vec<f64>,
    coefficients: Vec<Vec<f64>>,
    rows: Vec<usize>,
    link: Link,
    /// Cholesky factors of the information of each step.
    factors: Vec<Vec<f64>>,
    /// How much the estimate moves with the outcome of each person in the step before.
    pull: Vec<f64>,
    direction: Vec<f64>,
}

impl IteratedExpectation {
    /// Works backwards from the last of `designs.len() + 1` waves. `outcome` is `waves` x `persons` and read at the last
    /// wave only; `designs[k]` are the predictors at wave k + 1 (counted from 0), a row for each person: what is known of
    /// it by wave k, see [`history_rows`]. Without designs the expectation is the outcome at the first wave itself.
    ///
    /// Somebody whose predictors are not all there has no expectation from that wave on downwards.
    ///
    /// # Errors
    /// The first step without a fit, and why; nobody left at a wave is [`LogisticFailure::NoRows`].
    pub fn fit(
        &mut self,
        histories: &Histories,
        outcome: &[f64],
        designs: &[Predictors<'_>],
        link: Link,
    ) -> Result<(), StepFailure> {
        let (persons, last) = (histories.persons(), designs.len());
        (self.persons, self.link) = (persons, link);
        self.factors.resize(last, Vec::new());
        self.rows.clear();
        self.rows.resize(last, 0);
        self.coefficients.resize(last, Vec::new());
        self.expected.clear();
        self.expected.resize((last + 1) * persons, f64::NAN);
        let at_last = outcome.get(last * persons..).unwrap_or_default();
        for ((expected, y), answers) in self.expected[last * persons..].iter_mut().zip(at_last).zip(histories.at(last))
        {
            *expected = if *answers == 1 { *y } else { f64::NAN };
        }
        for (before, design) in designs.iter().enumerate().rev() {
            self.step(histories, before, *design, link).map_err(|why| StepFailure { wave: before + 1, why })?;
        }
        Ok(())
    }

    /// Puts the expectations at wave `before + 1`, given the past, in the place of wave `before`.
    fn step(
        &mut self,
        histories: &Histories,
        before: usize,
        design: Predictors<'_>,
        link: Link,
    ) -> Result<(), LogisticFailure> {
        let persons = self.persons;
        let (here, later) = self.expected.split_at_mut((before + 1) * persons);
        let (here, later) = (&mut here[before * persons..], &later[..persons]);
        self.regression.clear(design.width);
        for (person, y) in later.iter().enumerate() {
            if let Some(row) = design.row(person)
                && !y.is_nan()
            {
                self.regression.push(row, *y, 1.0);
            }
        }
        self.regression.fit(link)?;
        for (person, (expected, at_risk)) in here.iter_mut().zip(histories.at(before)).enumerate() {
            *expected = match design.row(person) {
                Some(row) if *at_risk == 1 => self.regression.predict(row),
                _ => f64::NAN,
            };
        }
        self.rows[before] = self.regression.rows();
        self.coefficients[before].clear();
        self.coefficients[before].extend_from_slice(self.regression.coefficients());
        self.factors[before].clear();
        self.factors[before].extend_from_slice(self.regression.information_factor());
        Ok(())
    }

    /// The wave of the outcome, counted from 0.
    #[must_use]
    pub fn last(&self) -> usize {
        self.rows.len()
    }

    /// For each person who answers at a wave, the expectation of the outcome at the last wave given what is known by this
    /// one (at the last wave the outcome itself); NaN for everyone else.
    #[must_use]
    pub fn expected(&self, wave: usize) -> &[f64] {
        let start = wave.saturating_mul(self.persons);
        self.expected.get(start..start.saturating_add(self.persons)).unwrap_or_default()
    }

    /// The coefficients of the regression at a wave (from 1 on), and how many persons it rests on.
    #[must_use]
    pub fn step_at(&self, wave: usize) -> Option<(&[f64], usize)> {
        let before = wave.checked_sub(1)?;
        Some((self.coefficients.get(before)?.as_slice(), *self.rows.get(before)?))
    }

    /// The mean over those who answered at the first wave and have `counts` 1. Nothing if there is nobody.
    #[must_use]
    pub fn mean(&self, counts: &[u8]) -> Option<f64> {
        let (mut sum, mut n) = (0.0, 0_u64);
        for (expected, _) in self.expected(0).iter().zip(counts).filter(|(e, c)| !e.is_nan() && **c == 1) {
            sum += expected;
            n += 1;
        }
        (n > 0).then(|| sum / n as f64)
    }

    /// Adds to `influence` (`persons`), times `scale`, what each person adds to the error of the [`mean`](Self::mean)
    /// over `counts`: the variance is the sum of squares, without a small-sample factor. `designs` are those of the fit.
    ///
    /// All steps are stacked as estimating equations (Stefanski and Boos 2002, doi:10.1198/000313002753631330). With e_t,
    /// x_t and v_t the expectation, predictors and slope of the mean at step t, and I_t its information, a person adds
    /// `(e_1 - mean) / n + sum over t of l_t'x_t (e_{t+1} - e_t)`, where `l_1 = I_1^-1 sum v_1 x_1 / n` over those who
    /// count and `l_t = I_t^-1 sum (l_{t-1}'x_{t-1}) v_t x_t` over the rows of step t - 1, whose outcomes step t predicts.
    pub fn influence(
        &mut self,
        histories: &Histories,
        designs: &[Predictors<'_>],
        counts: &[u8],
        scale: f64,
        influence: &mut [f64],
    ) {
        let Some(mean) = self.mean(counts) else { return };
        let persons = self.persons;
        let counted = |k: usize, e: f64| counts.get(k) == Some(&1) && !e.is_nan();
        let n = (0..persons).filter(|k| counted(*k, self.expected[*k])).count() as f64;
        self.pull.clear();
        self.pull.extend((0..persons).map(|k| if counted(k, self.expected[k]) { scale / n } else { 0.0 }));
        for ((amount, pull), e) in influence.iter_mut().zip(&self.pull).zip(&self.expected) {
            *amount += if *pull == 0.0 { 0.0 } else { pull * (e - mean) };
        }
        for (before, design) in designs.iter().enumerate().take(self.last()) {
            let (here, later) = self.expected[before * persons..].split_at(persons);
            self.direction.clear();
            self.direction.resize(design.width, 0.0);
            for (k, pull) in self.pull.iter().enumerate().filter(|(_, pull)| **pull != 0.0) {
                if let (Some(row), e) = (design.row(k), here[k])
                    && !e.is_nan()
                {
                    let slope = if self.link == Link::Logit { e * (1.0 - e) } else { 1.0 };
                    self.direction.iter_mut().zip(row).for_each(|(d, x)| *d += pull * slope * x);
                }
            }
            cholesky_solve(&self.factors[before], design.width, &mut self.direction);
            self.pull.clear();
            for (k, answers) in histories.at(before + 1).iter().enumerate() {
                let change = later.get(k).map_or(f64::NAN, |e| e - here[k]);
                let along = match design.row(k) {
                    Some(row) if *answers == 1 && !change.is_nan() => {
                        row.iter().zip(&self.direction).map(|(x, d)| x * d).sum()
                    }
                    _ => 0.0,
                };
                self.pull.push(along);
                if along != 0.0
                    && let Some(amount) = influence.get_mut(k)
                {
                    *amount += along * change;
                }
            }
        }
    }
}

/// The rows of predictors at a wave (counted from 0): those of `baseline` (a row of `width` numbers for each person, the
/// intercept with them), then the outcomes of all earlier waves. Gives the width of the new rows.
pub fn history_rows(
    baseline: &[f64],
    width: usize,
    outcome: &[f64],
    persons: usize,
    wave: usize,
    out: &mut Vec<f64>,
) -> usize {
    out.clear();
    for (person, row) in baseline.chunks_exact(width.max(1)).take(persons).enumerate() {
        out.extend_from_slice(row);
        out.extend((0..wave).map(|w| outcome.get(w * persons + person).copied().unwrap_or(f64::NAN)));
    }
    width + wave
}
