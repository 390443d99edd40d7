//! Weights for monotone dropout: pooled logistic models of still answering.

use crate::analyze::design::{Design, changes, require};
use crate::analyze::failure;
use crate::analyze::logistic::{add_to, push_cells};
use crate::analyze::variable::Variable;
use crate::numeric::LogisticProblem;
use crate::numeric::expit;
use crate::tables::{FailureKind, FitFailure, Observed};

/// The weights of the records that answer up to a wave.
pub(super) struct Weights {
    /// The variable whose answers are wanted at every wave.
    outcome: Variable,
    /// The questions that the models read, the outcome apart.
    questions: Vec<Variable>,
    /// What the models read and what is known from the start.
    baseline: Vec<Variable>,
    last: usize,
    truncate: Option<f64>,
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
    pub(super) fn new(outcome: Variable, last: usize, designs: Vec<Design>, truncate: Option<f64>) -> Self {
        let (mut questions, mut baseline): (Vec<Variable>, Vec<Variable>) = (Vec::new(), Vec::new());
        for variable in designs.iter().flat_map(|d| &d.variables) {
            let list = if changes(variable) { &mut questions } else { &mut baseline };
            if variable.name != outcome.name && list.iter().all(|known| known.name != variable.name) {
                list.push(variable.clone());
            }
        }
        let models = designs.into_iter().enumerate().map(|(k, design)| Model::new(design, k == 0)).collect();
        Self {
            outcome,
            questions,
            baseline,
            last,
            truncate,
            models,
            answering: Vec::new(),
            records: 0,
            lost: false,
            weight: Vec::new(),
            pooled: Vec::new(),
            cut: Vec::new(),
        }
    }

    /// 1 for the records that still answer at the last wave.
    pub(super) fn answering(&self) -> &[u8] {
        self.at(self.last)
    }

    /// The weight of each record at the last wave; only those who still answer have one.
    pub(super) fn weight(&self) -> &[f64] {
        &self.weight
    }

    fn at(&self, wave: usize) -> &[u8] {
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
        match self.truncate {
            Some(share) => self.truncated(share),
            None => {
                let Self { models, weight, .. } = self;
                models.iter().for_each(|m| (1..=self.last).for_each(|wave| m.multiply(weight, wave)));
            }
        }
        Ok(())
    }

    /// Fills `answering`: once a record misses an answer that is needed it no longer counts, even if it returns.
    fn follow(&mut self, observed: &Observed<'_>) -> Result<(), FitFailure> {
        let records = observed.records();
        self.records = records;
        self.answering.clear();
        self.answering.resize((self.last + 1) * records, 1);
        for wave in 0..=self.last {
            let (before, rest) = self.answering.split_at_mut(wave * records);
            let now = &mut rest[..records];
            if wave > 0 {
                now.copy_from_slice(&before[(wave - 1) * records..]);
            } else if self.last > 0 {
                self.baseline.iter().for_each(|variable| require(variable, observed, 0, now));
            }
            require(&self.outcome, observed, wave, now);
            if wave < self.last {
                self.questions.iter().for_each(|variable| require(variable, observed, wave, now));
            }
        }
        let count = |wave: usize| self.at(wave).iter().map(|a| u32::from(*a)).sum::<u32>();
        let (first, left) = (count(0), count(self.last));
        if first == 0 {
            return Err(FitFailure::new(FailureKind::NoData, "no record answered at wave 1"));
        }
        if left == 0 {
            let detail = format!("nobody has answered at every wave up to wave {}", self.last + 1);
            return Err(FitFailure::new(FailureKind::NoData, detail));
        }
        self.lost = left < first;
        Ok(())
    }

    /// Weights cut at percentiles of all weights of all waves (type 7 of Hyndman and Fan).
    fn truncated(&mut self, share: f64) {
        let Self { models, weight, pooled, answering, records, last, cut, .. } = self;
        pooled.clear();
        for wave in 0..=*last {
            if wave > 0 {
                models.iter().for_each(|m| m.multiply(weight, wave));
            }
            let here = &answering[wave * *records..(wave + 1) * *records];
            pooled.extend(weight.iter().zip(here).filter(|(_, a)| **a == 1).map(|(w, _)| *w));
        }
        pooled.sort_unstable_by(f64::total_cmp);
        let (low, high) = (percentile(pooled, share), percentile(pooled, 1.0 - share));
        cut.extend(weight.iter().map(|w| u8::from(*w < low || *w > high)));
        weight.iter_mut().for_each(|w| *w = w.max(low).min(high));
    }

    /// Adds to each record's influence what it adds through the estimated models (stacked estimating equations).
    pub(super) fn add_uncertainty(&mut self, influence: &mut [f64]) {
        if !self.lost {
            return;
        }
        let Self { models, answering, records, last, cut, .. } = self;
        models.iter_mut().for_each(|model| model.slope(influence, cut, *records, *last));
        models.iter_mut().for_each(|model| model.add_scores(influence, answering, *records, *last));
    }
}

/// A percentile of sorted values, interpolated (type 7).
fn percentile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let rank = share * last as f64;
    let below = (rank as usize).min(last);
    let above = (below + 1).min(last);
    sorted[below] + (rank - below as f64) * (sorted[above] - sorted[below])
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
    fn slope(&mut self, influence: &[f64], cut: &[u8], records: usize, last: usize) {
        let sign = if self.divides { -1.0 } else { 1.0 };
        let mut slope = std::mem::take(&mut self.direction);
        slope.fill(0.0);
        for (record, amount) in influence.iter().enumerate() {
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
