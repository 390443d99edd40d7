//! Weights: effective size, weighted moments and quantiles, systematic resampling.

use crate::statistics::draws::Draws;

/// Effective number of weighted draws, `(sum w)^2 / sum w^2`: their number when all weights are the same, 1 when one
/// has all the weight. 0 without weight.
///
/// Source: Kong, Liu and Wong 1994 (doi:10.1080/01621459.1994.10476469).
#[must_use]
pub fn effective_size(weights: &[f64]) -> f64 {
    let (total, squares) = weights.iter().fold((0.0, 0.0), |(t, s), w| (t + w, s + w * w));
    if squares > 0.0 { total * total / squares } else { 0.0 }
}

/// The smallest value at or below which at least `share` (between 0 and 1) of the weight lies: the inverse of the
/// weighted empirical distribution function (type 1 of Hyndman and Fan 1996, doi:10.1080/00031305.1996.10473566, when
/// all weights are the same). NaN without weight.
#[must_use]
pub fn weighted_quantile(values: &[f64], weights: &[f64], share: f64) -> f64 {
    let mut pairs: Vec<(f64, f64)> =
        values.iter().copied().zip(weights.iter().copied()).filter(|(_, w)| *w > 0.0).collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total: f64 = pairs.iter().map(|(_, w)| w).sum();
    // A share of 0.3 of ten equal weights is three of them, whatever the last bit of their sum.
    let wanted = share * total * (1.0 - 1e-12);
    let mut below = 0.0;
    for (value, weight) in &pairs {
        below += weight;
        if below >= wanted {
            return *value;
        }
    }
    pairs.last().map_or(f64::NAN, |(value, _)| *value)
}

/// Weighted means of the columns of `rows`.
pub(super) fn means<'a>(rows: impl Iterator<Item = &'a [f64]>, weights: &[f64], columns: usize) -> Vec<f64> {
    let (mut sums, mut total) = (vec![0.0; columns], 0.0);
    for (row, weight) in rows.zip(weights) {
        sums.iter_mut().zip(row).for_each(|(sum, x)| *sum += weight * x);
        total += weight;
    }
    sums.iter_mut().for_each(|sum| *sum /= total);
    sums
}

/// The weighted covariance of the columns of `rows` around `means`, row after row, without bias for equal weights: the
/// sum of weighted products divided by `1 - sum w^2` for weights that sum to 1.
pub(super) fn covariance<'a>(rows: impl Iterator<Item = &'a [f64]>, weights: &[f64], means: &[f64]) -> Vec<f64> {
    let p = means.len();
    let mut out = vec![0.0; p * p];
    let mut centred = vec![0.0; p];
    for (row, weight) in rows.zip(weights) {
        centred.iter_mut().zip(row.iter().zip(means)).for_each(|(c, (x, m))| *c = x - m);
        crate::numeric::matrix::add_outer(&mut out, &centred, *weight);
    }
    let total: f64 = weights.iter().sum();
    let divisor = total - total / effective_size(weights);
    out.iter_mut().for_each(|v| *v /= divisor);
    out
}

/// Positions of `n` draws by weight: one random number puts a comb of `n` even teeth over the summed weights, so that a
/// draw of weight `w` is taken `n w` times, rounded down or up. Empty without weight.
///
/// The order of the weights decides which draws go together: they must not be in order of what is to be measured.
///
/// Source: Kitagawa 1996 (doi:10.1080/10618600.1996.10474692).
#[must_use]
pub fn systematic(weights: &[f64], n: usize, draws: &mut dyn Draws) -> Vec<usize> {
    let total: f64 = weights.iter().sum();
    let Some(last) = weights.iter().rposition(|w| *w > 0.0) else { return Vec::new() };
    let start = draws.uniform();
    let (mut at, mut below) = (0, weights[0]);
    let mut out = Vec::with_capacity(n);
    for k in 0..n {
        let tooth = (k as f64 + start) / n as f64 * total;
        while at < last && below <= tooth {
            at += 1;
            below += weights[at];
        }
        out.push(at);
    }
    out
}
