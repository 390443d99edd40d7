//! What the estimation of the dropout models adds to the error of an estimate that uses the weights.
//!
//! An estimate m(theta) that depends on the weights has, person by person, the influence u_i + C I^-1 s_i: u_i is what
//! the person adds with the weights as known, C the slope of m in the coefficients theta of the dropout models, I their
//! information, s_i the score of person i. Since d log w = -(1 - p) z for a row z of the denominator and (1 - q) z for
//! one of the numerator, C needs only the slope of m in the logarithm of each weight.
//!
//! Sources: Stefanski and Boos 2002 (doi:10.1198/000313002753631330); Lunceford and Davidian 2004
//! (doi:10.1002/sim.1903).

use super::Weighting;
use crate::numeric::linear::cholesky_solve;

impl Weighting {
    /// Adds to the influence of each person (`persons`) what comes from estimating the weights. `slopes` is the slope of
    /// the estimate in the logarithm of each weight (`waves` x `persons`; NaN and places without a weight do not count).
    /// Weights that were cut do not move; persons who were never at risk add nothing.
    pub fn add_uncertainty(&mut self, slopes: &[f64], influence: &mut [f64]) {
        // Without weights (the last fit failed) there is nothing to add.
        if self.cut.is_empty() {
            return;
        }
        self.sum_later(slopes);
        let (tail, direction) = (&self.tail, &mut self.direction);
        for model in self.models.iter().filter(|m| m.is_fitted()) {
            let rows = model.problem.patterns();
            let width = rows.len() / model.places.len().max(1);
            let sign = if model.numerator { 1.0 } else { -1.0 };
            direction.clear();
            direction.resize(width, 0.0);
            for ((row, place), chance) in rows.chunks_exact(width.max(1)).zip(&model.places).zip(&model.chance) {
                let share = sign * (1.0 - chance) * tail[*place];
                if share != 0.0 {
                    direction.iter_mut().zip(row).for_each(|(d, x)| *d += share * x);
                }
            }
            cholesky_solve(model.problem.information_factor(), width, direction);
            for (k, row) in rows.chunks_exact(width.max(1)).enumerate() {
                let along: f64 = row.iter().zip(direction.iter()).map(|(x, d)| x * d).sum();
                if let Some(amount) = influence.get_mut(model.places[k] % self.persons) {
                    *amount += (model.still[k] - model.chance[k]) * along;
                }
            }
        }
    }

    /// For each person and wave the slopes of this wave and all later ones: a probability is in all of their weights.
    fn sum_later(&mut self, slopes: &[f64]) {
        let Self { tail, cut, persons, weights, .. } = self;
        tail.clear();
        tail.extend(cut.iter().zip(weights.iter()).enumerate().map(|(place, (cut, w))| match slopes.get(place) {
            Some(slope) if *cut == 0 && !w.is_nan() && !slope.is_nan() => *slope,
            _ => 0.0,
        }));
        for place in (*persons..tail.len()).rev() {
            tail[place - *persons] += tail[place];
        }
    }
}
