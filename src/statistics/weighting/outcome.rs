//! A weighted regression of the outcome over the persons and waves of a panel, with independence as working
//! correlation, and three kinds of sandwich.
//!
//! Sources: Liang and Zeger 1986 (doi:10.1093/biomet/73.1.13); Robins, Rotnitzky and Zhao 1995
//! (doi:10.1080/01621459.1995.10476493); Stefanski and Boos 2002 (doi:10.1198/000313002753631330).

use super::{Link, WeightedRegression, Weighting};
use crate::numeric::LogisticFailure;
use crate::numeric::linear::cholesky_solve;

/// A weighted regression over persons and waves. The buffers are used again from fit to fit.
#[derive(Clone, Debug, Default)]
pub struct OutcomeRegression {
    persons: usize,
    regression: WeightedRegression,
    places: Vec<usize>,
    /// Scores of the persons, column after column (`width` x `persons`).
    scores: Vec<f64>,
    slopes: Vec<f64>,
    order: Vec<usize>,
    sum: Vec<f64>,
}

impl OutcomeRegression {
    /// Fits the regression. `rows` are the predictors of each person at each wave (`waves` x `persons` x `width`),
    /// `outcome` and `weights` are `waves` x `persons`. A person counts at a wave if outcome, weight and predictors are
    /// all there (not NaN).
    ///
    /// # Errors
    /// Why there is no fit.
    pub fn fit(
        &mut self,
        (rows, width): (&[f64], usize),
        outcome: &[f64],
        weights: &[f64],
        persons: usize,
        link: Link,
    ) -> Result<(), LogisticFailure> {
        self.persons = persons;
        self.regression.clear(width);
        self.places.clear();
        if persons == 0 {
            return Err(LogisticFailure::NoRows);
        }
        for (place, ((row, y), w)) in rows.chunks_exact(width.max(1)).zip(outcome).zip(weights).enumerate() {
            let there = !y.is_nan() && !w.is_nan() && *w != 0.0 && row.iter().all(|x| !x.is_nan());
            if there {
                self.regression.push(row, *y, *w);
                self.places.push(place);
            }
        }
        self.regression.fit(link)
    }

    /// The fit: coefficients, fitted means.
    #[must_use]
    pub fn regression(&self) -> &WeightedRegression {
        &self.regression
    }

    /// Where in the panel each row of the fit stands (`wave * persons + person`).
    #[must_use]
    pub fn places(&self) -> &[usize] {
        &self.places
    }

    /// The covariance `A^-1 (sum of U U') A^-1` of the coefficients with the weights taken as known, into `out`
    /// (`width` x `width`). U is a person's or cluster's sum of `w (y - mean) x`; A the sum of `w v x x'`. There is no
    /// small-sample factor. `clusters` numbers the cluster of each person as one likes; without, each person is one.
    /// Gives the number of clusters that add something.
    pub fn covariance_known_weights(&mut self, clusters: Option<&[u32]>, out: &mut Vec<f64>) -> usize {
        self.fill_scores(None);
        self.sandwich(clusters, out)
    }

    /// The same with the models of the weights as part of the estimating equations (both of them when stabilised), for
    /// weights that `weighting` holds unchanged. It may be larger or smaller than with known weights.
    pub fn covariance_estimated_weights(
        &mut self,
        weighting: &mut Weighting,
        clusters: Option<&[u32]>,
        out: &mut Vec<f64>,
    ) -> usize {
        self.fill_scores(Some(weighting));
        self.sandwich(clusters, out)
    }

    /// U of each person; with the weighting also what its estimation adds.
    fn fill_scores(&mut self, mut weighting: Option<&mut Weighting>) {
        let Self { persons, regression, places, scores, slopes, .. } = self;
        let p = regression.columns();
        scores.clear();
        scores.resize(p * *persons, 0.0);
        for j in 0..p {
            let own = &mut scores[j * *persons..(j + 1) * *persons];
            slopes.clear();
            slopes.resize(places.last().map_or(0, |last| last + 1), 0.0);
            let column = regression.patterns().iter().skip(j).step_by(p);
            for (k, (place, x)) in places.iter().zip(column).enumerate() {
                let amount = regression.weighted_residual(k) * x;
                own[place % *persons] += amount;
                slopes[*place] = amount;
            }
            if let Some(weighting) = &mut weighting {
                weighting.add_uncertainty(slopes, own);
            }
        }
    }

    fn sandwich(&mut self, clusters: Option<&[u32]>, out: &mut Vec<f64>) -> usize {
        let Self { persons, regression, scores, order, sum, .. } = self;
        let (persons, p) = (*persons, regression.columns());
        // A person without a number is a cluster of its own, apart from all numbered ones.
        let cluster = |person: usize| match clusters.map(|c| c.get(person)) {
            Some(Some(number)) => (0, *number as usize),
            _ => (1, person),
        };
        order.clear();
        order.extend(0..persons);
        if clusters.is_some() {
            order.sort_by_key(|person| (cluster(*person), *person));
        }
        out.clear();
        out.resize(p * p, 0.0);
        sum.clear();
        sum.resize(p, 0.0);
        let mut count = 0;
        for (k, person) in order.iter().enumerate() {
            sum.iter_mut().enumerate().for_each(|(j, s)| *s += scores[j * persons + person]);
            let ends = order.get(k + 1).is_none_or(|next| cluster(*next) != cluster(*person));
            if ends && sum.iter().any(|s| *s != 0.0) {
                count += 1;
                cholesky_solve(regression.information_factor(), p, sum);
                for i in 0..p {
                    for j in 0..p {
                        out[i * p + j] += sum[i] * sum[j];
                    }
                }
                sum.fill(0.0);
            }
        }
        count
    }
}
