//! Weights for monotone dropout by logistic models of still answering.
//!
//! The weight of a person at a wave is the product over the waves up to it of 1 / p, or of q / p when stabilised, where
//! p is the probability of still answering given the past and q the same given less.
//!
//! Sources: Robins, Rotnitzky and Zhao 1995 (doi:10.1080/01621459.1995.10476493); Cole and Hernan 2008 on stabilising
//! and truncating (doi:10.1093/aje/kwn164).

use super::Histories;
use crate::numeric::quantile::type_7;
use crate::numeric::{LogisticFailure, LogisticProblem, LogisticSummary, expit};

/// Rows of predictors, each of `width` numbers with the intercept's among them: of still answering for each wave from the
/// second on and each person (`waves - 1` x `persons` x `width`), of an expectation for each person at one wave. Somebody
/// with a missing (not finite) one is left out of the model, and has no weight from that wave on.
#[derive(Clone, Copy, Debug)]
pub struct Predictors<'a> {
    /// The rows.
    pub rows: &'a [f64],
    /// Numbers in a row.
    pub width: usize,
}

impl Predictors<'_> {
    /// The row in a place, if it is there and finite.
    pub(super) fn row(&self, place: usize) -> Option<&[f64]> {
        let start = place * self.width;
        self.rows.get(start..start + self.width).filter(|row| row.iter().all(|x| x.is_finite()))
    }
}

/// Whether waves share a model of still answering.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pooling {
    /// One model for all waves.
    #[default]
    Pooled,
    /// A model for each wave. At a wave at which nobody was lost everyone's probability is 1.
    PerWave,
}

/// What became of a model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ModelState {
    /// It was fitted.
    Fitted(LogisticSummary),
    /// Nobody at risk was lost: probabilities are 1, nothing is estimated.
    NobodyLost,
    /// Everyone at risk was lost, so nobody is left to have a weight.
    EverybodyLost,
    /// There was nobody at risk.
    NobodyAtRisk,
}

/// A model of still answering at a wave, or at several, among those who answered at the wave before.
#[derive(Clone, Debug)]
pub struct DropoutModel {
    /// First wave whose answering it explains, counted from 0.
    pub first: usize,
    /// Last wave whose answering it explains.
    pub last: usize,
    /// Whether its probabilities multiply the weights (they divide otherwise).
    pub numerator: bool,
    /// What became of it.
    pub state: ModelState,
    pub(super) problem: LogisticProblem,
    /// Where each row of the problem stands in the panel.
    pub(super) places: Vec<usize>,
    /// Probability of still answering, and whether the person did, row by row.
    pub(super) chance: Vec<f64>,
    pub(super) still: Vec<f64>,
}

impl DropoutModel {
    /// Persons at waves that the model rests on.
    #[must_use]
    pub fn at_risk(&self) -> usize {
        self.places.len()
    }

    /// The fit; without meaning unless the state is `Fitted`.
    #[must_use]
    pub fn fit(&self) -> &LogisticProblem {
        &self.problem
    }

    /// Whether its coefficients are estimated.
    pub(super) fn is_fitted(&self) -> bool {
        matches!(self.state, ModelState::Fitted(_))
    }
}

/// Why there are no weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeightingFailure {
    /// Whether it was the model of the numerator.
    pub numerator: bool,
    /// The wave of a model of its own, counted from 0; nothing for the pooled model.
    pub wave: Option<usize>,
    /// What the fit said. Perfect prediction of dropout is a separation.
    pub why: LogisticFailure,
}

/// Weights of the persons of a panel, and the models that they come from. The buffers are used again from fit to fit.
#[derive(Clone, Debug, Default)]
pub struct Weighting {
    pub(super) persons: usize,
    waves: usize,
    pub(super) models: Vec<DropoutModel>,
    /// Models of earlier fits, whose buffers are used again.
    spare: Vec<DropoutModel>,
    pub(super) weights: Vec<f64>,
    /// 1 where a weight was cut.
    pub(super) cut: Vec<u8>,
    factor: Vec<f64>,
    sorted: Vec<f64>,
    pub(super) tail: Vec<f64>,
    pub(super) direction: Vec<f64>,
}

impl Weighting {
    /// Fits the models and works out the weights: unstabilised without a numerator, stabilised with one. A panel that
    /// loses nobody needs no model, and all weights are 1.
    ///
    /// # Errors
    /// The first model that has no fit, and why.
    pub fn fit(
        &mut self,
        histories: &Histories,
        denominator: Predictors<'_>,
        numerator: Option<Predictors<'_>>,
        pooling: Pooling,
    ) -> Result<(), WeightingFailure> {
        (self.persons, self.waves) = (histories.persons(), histories.waves());
        self.spare.append(&mut self.models);
        self.weights.clear();
        self.cut.clear();
        for (predictors, is_numerator) in
            [Some(denominator), numerator].into_iter().zip([false, true]).filter_map(|(p, n)| Some((p?, n)))
        {
            let last = self.waves.saturating_sub(1);
            match pooling {
                _ if last == 0 => {}
                Pooling::Pooled => self.model(histories, predictors, is_numerator, 1, last)?,
                Pooling::PerWave => {
                    for wave in 1..=last {
                        self.model(histories, predictors, is_numerator, wave, wave)?;
                    }
                }
            }
        }
        self.multiply(histories, numerator.is_some());
        Ok(())
    }

    /// The weight of each person at each wave (`waves` x `persons`): 1 at the first wave, NaN where the person no longer
    /// answers or has no probability.
    #[must_use]
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The weights at a wave; none at a wave that does not exist.
    #[must_use]
    pub fn at(&self, wave: usize) -> &[f64] {
        let start = wave.saturating_mul(self.persons);
        self.weights.get(start..start.saturating_add(self.persons)).unwrap_or_default()
    }

    /// The models: those of the denominator, then those of the numerator, each in the order of waves.
    #[must_use]
    pub fn models(&self) -> &[DropoutModel] {
        &self.models
    }

    /// Cuts the weights at two percentiles of the weights of all waves (type 7; shares from 0 to 1, such as 0.01 and
    /// 0.99). Gives the two weights, or nothing without weights or with shares that are none.
    pub fn truncate(&mut self, low: f64, high: f64) -> Option<(f64, f64)> {
        if !(0.0 <= low && low <= high && high <= 1.0) {
            return None;
        }
        self.sorted.clear();
        self.sorted.extend(self.weights.iter().filter(|w| !w.is_nan()));
        if self.sorted.is_empty() {
            return None;
        }
        self.sorted.sort_unstable_by(f64::total_cmp);
        let bounds = (type_7(&self.sorted, low), type_7(&self.sorted, high));
        self.trim(bounds.0, bounds.1).then_some(bounds)
    }

    /// Cuts the weights at given ones, which may be infinite. Gives false, and does nothing, if they are not in order.
    pub fn trim(&mut self, low: f64, high: f64) -> bool {
        if low.is_nan() || high.is_nan() || low > high {
            return false;
        }
        for (w, cut) in self.weights.iter_mut().zip(&mut self.cut) {
            if *w < low || *w > high {
                *w = w.max(low).min(high);
                *cut = 1;
            }
        }
        true
    }

    fn model(
        &mut self,
        histories: &Histories,
        predictors: Predictors<'_>,
        numerator: bool,
        first: usize,
        last: usize,
    ) -> Result<(), WeightingFailure> {
        let mut model = self.spare.pop().unwrap_or_else(DropoutModel::empty);
        (model.first, model.last, model.numerator) = (first, last, numerator);
        let result = model.work_out(histories, predictors);
        self.models.push(model);
        let wave = (first == last && self.waves > 2).then_some(first);
        result.map_err(|why| WeightingFailure { numerator, wave, why })
    }

    /// Weights from the probabilities of the models.
    fn multiply(&mut self, histories: &Histories, stabilised: bool) {
        let (persons, places) = (self.persons, self.persons * self.waves);
        self.cut.resize(places, 0);
        self.weights.extend(histories.answering().iter().map(|a| if *a == 1 { 1.0 } else { f64::NAN }));
        for numerator in [false, true].into_iter().take(1 + usize::from(stabilised)) {
            self.factor.clear();
            self.factor.resize(places, f64::NAN);
            for model in self.models.iter().filter(|m| m.numerator == numerator) {
                for (place, chance) in model.places.iter().zip(&model.chance) {
                    self.factor[*place] = if numerator { *chance } else { 1.0 / chance };
                }
            }
            self.weights.iter_mut().zip(&self.factor).skip(persons).for_each(|(w, f)| *w *= f);
        }
        for place in persons..places {
            self.weights[place] *= self.weights[place - persons];
        }
    }
}

impl DropoutModel {
    fn empty() -> Self {
        Self {
            first: 1,
            last: 1,
            numerator: false,
            state: ModelState::NobodyAtRisk,
            problem: LogisticProblem::default(),
            places: Vec::new(),
            chance: Vec::new(),
            still: Vec::new(),
        }
    }

    fn work_out(&mut self, histories: &Histories, predictors: Predictors<'_>) -> Result<(), LogisticFailure> {
        let persons = histories.persons();
        self.state = ModelState::NobodyAtRisk;
        self.problem.clear(predictors.width);
        self.places.clear();
        self.chance.clear();
        self.still.clear();
        for place in self.first * persons..(self.last + 1) * persons {
            if histories.answering()[place - persons] == 1
                && let Some(row) = predictors.row(place - persons)
            {
                let still = f64::from(histories.answering()[place]);
                self.problem.push(row, still, 1.0);
                self.places.push(place);
                self.still.push(still);
            }
        }
        let stayed = self.still.iter().filter(|s| **s == 1.0).count();
        self.state = match self.still.len() {
            0 => ModelState::NobodyAtRisk,
            n if stayed == n => ModelState::NobodyLost,
            _ if stayed == 0 => ModelState::EverybodyLost,
            _ => ModelState::Fitted(self.problem.fit()?),
        };
        match self.state {
            ModelState::Fitted(_) => self.chance.extend(self.problem.linear_predictor().iter().map(|eta| expit(*eta))),
            // 1 if nobody was lost, 0 if everybody was.
            _ => self.chance.extend_from_slice(&self.still),
        }
        Ok(())
    }
}
