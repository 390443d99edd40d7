//! Weights at one wave for monotone dropout: pooled logistic models of still answering, fitted on counts of cells.
//!
//! The weights of `statistics::weighting` are the same numbers by rows of records. These stand beside them because a
//! study fits them thousands of times, and counting the records of each cell is several times as fast.

use crate::analyze::design::Design;
use crate::analyze::dropout::Cut;
use crate::analyze::failure;
use crate::analyze::following::{Following, nobody_at_first, nobody_left};
use crate::analyze::logistic::{add_to, push_cells};
use crate::analyze::variable::Variable;
use crate::analyze::warning::{at_edge, extreme};
use crate::numeric::LogisticProblem;
use crate::numeric::expit;
use crate::numeric::quantile::type_7;
use crate::tables::{FitFailure, Observed, WarningKind};

/// The weights of the records that answer up to a wave.
pub(super) struct Weights {
    following: Following,
    last: usize,
    cut_at: Option<Cut>,
    models: Vec<Model>,
    /// 1 while a record still answers: wave after wave, record after record.
    answering: Vec<u8>,
    records: usize,
    /// Whether any record was lost; if not, all weights are 1 and no model is fitted.
    lost: bool,
    /// Weight of each record at the last wave; without meaning for those who no longer answer.
    weight: Vec<f64>,
    /// All weights of all waves, for the percentiles.
    pooled: Vec<f64>,
    /// 1 where the weight at the last wave was cut.
    cut: Vec<u8>,
}

/// A model of still answering at a wave, among those who answered at the wave before.
struct Model {
    design: Design,
    /// Whether its probabilities divide (the weights' denominator) or multiply.
    divides: bool,
    problem: LogisticProblem,
    /// Number of each record's cell, wave after wave from the second on; empty without cells.
    cells: Vec<u16>,
    tally: Vec<u64>,
    /// Design rows, wave after wave; empty with cells.
    rows: Vec<f64>,
    one_wave: Vec<f64>,
    /// Probability of each cell, or of each row.
    chance: Vec<f64>,
    /// What a weight is multiplied by, likewise.
    factor: Vec<f64>,
    direction: Vec<f64>,
    score: Vec<f64>,
}

impl Weights {
    /// `designs`: the model of the denominator, and the one of the numerator if there is one.
    pub(super) fn new(outcome: Variable, last: usize, designs: Vec<Design>, cut_at: Option<Cut>) -> Self {
        let following = Following::new(Some(outcome), &designs);
        let models = designs.into_iter().enumerate().map(|(k, design)| Model::new(design, k == 0)).collect();
        Self {
            following,
            last,
            cut_at,
            models,
            answering: Vec::new(),
            records: 0,
            lost: false,
            weight: Vec::new(),
            pooled: Vec::new(),
            cut: Vec::new(),
        }
    }

    /// The weight of each record at the last wave; only those who still answer have one.
    pub(super) fn weight(&self) -> &[f64] {
        &self.weight
    }

    /// What is to be said of the models and of the weights of those who still answer at the last wave.
    pub(super) fn warning(&self) -> Option<WarningKind> {
        if !self.lost {
            return None;
        }
        let answering = self.weight.iter().zip(self.at(self.last)).filter(|(_, a)| **a == 1).map(|(w, _)| w);
        at_edge(self.models.iter().map(|m| &m.problem)).or_else(|| extreme(answering))
    }

    /// 1 for the records that answer at a wave.
    pub(super) fn at(&self, wave: usize) -> &[u8] {
        &self.answering[wave * self.records..(wave + 1) * self.records]
    }

    /// Follows the records, fits the models and works out the weights.
    pub(super) fn work_out(&mut self, observed: &Observed<'_>) -> Result<(), FitFailure> {
        self.follow(observed)?;
        self.weight.clear();
        self.weight.resize(self.records, 1.0);
        self.cut.clear();
        if !self.lost {
            return Ok(());
        }
        let Self { models, answering, records, last, .. } = self;
        for model in models {
            model.fit(observed, answering, *records, *last)?;
        }
        if let Some(Cut::Percentile(share)) = self.cut_at {
            self.truncated(share);
            return Ok(());
        }
        let Self { models, weight, .. } = self;
        models.iter().for_each(|m| (1..=self.last).for_each(|wave| m.multiply(weight, wave)));
        if let Some(Cut::Given(low, high)) = self.cut_at {
            self.trimmed(low, high);
        }
        Ok(())
    }

    fn follow(&mut self, observed: &Observed<'_>) -> Result<(), FitFailure> {
        self.records = observed.records();
        self.following.follow(observed, self.last, &mut self.answering);
        let count = |wave: usize| self.at(wave).iter().map(|a| u32::from(*a)).sum::<u32>();
        let (first, left) = (count(0), count(self.last));
        if first == 0 {
            return Err(nobody_at_first());
        }
        if left == 0 {
            return Err(nobody_left(self.last));
        }
        self.lost = left < first;
        Ok(())
    }

    /// Weights cut at percentiles of all weights of all waves (type 7 of Hyndman and Fan).
    fn truncated(&mut self, share: f64) {
        let Self { models, weight, pooled, answering, records, last, .. } = self;
        pooled.clear();
        for wave in 0..=*last {
            if wave > 0 {
                models.iter().for_each(|m| m.multiply(weight, wave));
            }
            let here = &answering[wave * *records..(wave + 1) * *records];
            pooled.extend(weight.iter().zip(here).filter(|(_, a)| **a == 1).map(|(w, _)| *w));
        }
        pooled.sort_unstable_by(f64::total_cmp);
        let (low, high) = (type_7(pooled, share), type_7(pooled, 1.0 - share));
        self.trimmed(low, high);
    }

    fn trimmed(&mut self, low: f64, high: f64) {
        self.cut.extend(self.weight.iter().map(|w| u8::from(*w < low || *w > high)));
        self.weight.iter_mut().for_each(|w| *w = w.max(low).min(high));
    }

    /// Adds to each record's influence what it adds through the estimated models (stacked estimating equations).
    /// `slopes` is the slope of the estimate in the logarithm of each weight.
    pub(super) fn add_uncertainty(&mut self, slopes: &[f64], influence: &mut [f64]) {
        if !self.lost {
            return;
        }
        let Self { models, answering, records, last, cut, .. } = self;
        models.iter_mut().for_each(|model| model.slope(slopes, cut, *records, *last));
        models.iter_mut().for_each(|model| model.add_scores(influence, answering, *records, *last));
    }
}

impl Model {
    fn new(design: Design, divides: bool) -> Self {
        Self {
            direction: vec![0.0; design.width()],
            score: Vec::new(),
            design,
            divides,
            problem: LogisticProblem::default(),
            cells: Vec::new(),
            tally: Vec::new(),
            rows: Vec::new(),
            one_wave: Vec::new(),
            chance: Vec::new(),
            factor: Vec::new(),
        }
    }

    fn fit(
        &mut self,
        observed: &Observed<'_>,
        answering: &[u8],
        records: usize,
        last: usize,
    ) -> Result<(), FitFailure> {
        self.problem.clear(self.design.width());
        match self.design.cells.is_some() {
            true => self.count_cells(observed, answering, records, last),
            false => self.collect_rows(observed, answering, records, last),
        }
        let Self { problem, design, .. } = self;
        problem.fit().map_err(|failed| {
            failure::logistic(failed, "model of still answering", &design.names, problem.patterns())
        })?;
        self.fill_chances(answering, records, last);
        Ok(())
    }

    fn count_cells(&mut self, observed: &Observed<'_>, answering: &[u8], records: usize, last: usize) {
        let Some(cells) = &self.design.cells else { return };
        self.cells.clear();
        self.cells.resize(last * records, 0);
        self.tally.clear();
        self.tally.resize(cells.count, 0);
        for wave in 1..=last {
            let numbers = &mut self.cells[(wave - 1) * records..wave * records];
            self.design.cell_numbers(cells, observed, wave - 1, wave - 1, numbers);
            let at_risk = &answering[(wave - 1) * records..wave * records];
            let still = &answering[wave * records..(wave + 1) * records];
            for ((cell, at_risk), still) in numbers.iter().zip(at_risk).zip(still) {
                add_to(&mut self.tally, *cell, *at_risk, *still);
            }
        }
        push_cells(&mut self.problem, &self.tally, &cells.rows, self.design.width());
    }

    fn collect_rows(&mut self, observed: &Observed<'_>, answering: &[u8], records: usize, last: usize) {
        let width = self.design.width();
        self.rows.clear();
        for wave in 1..=last {
            self.design.rows(observed, wave - 1, wave - 1, &mut self.one_wave);
            self.rows.extend_from_slice(&self.one_wave);
            let at_risk = &answering[(wave - 1) * records..wave * records];
            let still = &answering[wave * records..(wave + 1) * records];
            for ((row, at_risk), still) in self.one_wave.chunks_exact(width).zip(at_risk).zip(still) {
                if *at_risk == 1 {
                    self.problem.push(row, f64::from(*still), 1.0);
                }
            }
        }
    }

    /// Probabilities by cell or by row, from the linear predictors of the fit.
    fn fill_chances(&mut self, answering: &[u8], records: usize, last: usize) {
        let Self { tally, chance, factor, problem, divides, .. } = self;
        let mut predictors = problem.linear_predictor().iter();
        let size = if self.design.cells.is_some() { tally.len() } else { last * records };
        chance.clear();
        factor.clear();
        for k in 0..size {
            let used = if self.design.cells.is_some() { tally[k] != 0 } else { answering[k] == 1 };
            // The predictors are in the order of the cells or rows that were used.
            let eta = if used { predictors.next().copied() } else { None };
            let (p, f) = match eta {
                None => (1.0, 1.0),
                Some(eta) if *divides => {
                    let p = expit(eta);
                    (p, 1.0 / p)
                }
                Some(eta) => (expit(eta), expit(eta)),
            };
            chance.push(p);
            factor.push(f);
        }
    }

    /// Where the probability for a record at a wave stands.
    fn number(&self, wave: usize, record: usize, records: usize) -> usize {
        let place = (wave - 1) * records + record;
        if self.design.cells.is_some() { usize::from(self.cells[place]) } else { place }
    }

    fn row(&self, number: usize) -> &[f64] {
        let rows = self.design.cells.as_ref().map_or(&self.rows, |c| &c.rows);
        let width = self.design.width();
        &rows[number * width..(number + 1) * width]
    }

    fn multiply(&self, weight: &mut [f64], wave: usize) {
        let records = weight.len();
        if self.design.cells.is_some() {
            let numbers = &self.cells[(wave - 1) * records..wave * records];
            weight.iter_mut().zip(numbers).for_each(|(w, c)| *w *= self.factor[usize::from(*c)]);
        } else {
            let factors = &self.factor[(wave - 1) * records..wave * records];
            weight.iter_mut().zip(factors).for_each(|(w, f)| *w *= f);
        }
    }

    /// How the estimate moves with the coefficients, times the inverse information, into `direction`.
    fn slope(&mut self, slopes: &[f64], cut: &[u8], records: usize, last: usize) {
        let sign = if self.divides { -1.0 } else { 1.0 };
        let mut slope = std::mem::take(&mut self.direction);
        slope.fill(0.0);
        for (record, amount) in slopes.iter().enumerate() {
            // A weight that was cut does not move.
            if *amount == 0.0 || cut.get(record) == Some(&1) {
                continue;
            }
            for wave in 1..=last {
                let number = self.number(wave, record, records);
                let share = sign * amount * (1.0 - self.chance[number]);
                slope.iter_mut().zip(self.row(number)).for_each(|(s, x)| *s += share * x);
            }
        }
        crate::numeric::linear::cholesky_solve(self.problem.information_factor(), self.design.width(), &mut slope);
        self.direction = slope;
    }

    /// Adds each record's score along `direction`.
    fn add_scores(&mut self, influence: &mut [f64], answering: &[u8], records: usize, last: usize) {
        self.score.clear();
        for number in 0..self.chance.len() {
            let along: f64 = self.row(number).iter().zip(&self.direction).map(|(x, d)| x * d).sum();
            self.score.push(along);
        }
        for wave in 1..=last {
            for (record, amount) in influence.iter_mut().enumerate() {
                if answering[(wave - 1) * records + record] == 1 {
                    let number = self.number(wave, record, records);
                    let still = f64::from(answering[wave * records + record]);
                    *amount += (still - self.chance[number]) * self.score[number];
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
