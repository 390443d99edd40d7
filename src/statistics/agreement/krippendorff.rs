//! Krippendorff's alpha: agreement of any number of ratings of each unit, with missing ones.
//!
//! Source: Krippendorff 2019, Content Analysis, 4th edition, chapter 12 (doi:10.4135/9781071878781).

/// How far apart two ratings count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Metric {
    /// Any two values are fully apart.
    #[default]
    Nominal,
    /// Apart by the ratings that lie between them.
    Ordinal,
    /// Apart by the square of their difference.
    Interval,
}

/// Alpha and what it rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alpha {
    /// Alpha; undefined where all ratings are the same, or an infinite rating is to be subtracted.
    pub alpha: Option<f64>,
    /// Ratings that could be paired with another one of the same unit.
    pub pairable: usize,
    /// Units with two ratings or more.
    pub units: usize,
}

/// Alpha of ratings, one slice for each unit; NaN is a missing rating. Units with fewer than two ratings drop out.
#[must_use]
pub fn krippendorff<'a>(units: impl IntoIterator<Item = &'a [f64]>, metric: Metric) -> Alpha {
    // Paired ratings, unit after unit, and where each unit ends.
    let (mut values, mut ends) = (Vec::new(), Vec::new());
    for unit in units {
        if unit.iter().filter(|v| !v.is_nan()).count() > 1 {
            values.extend(unit.iter().copied().filter(|v| !v.is_nan()));
            ends.push(values.len());
        }
    }
    if metric == Metric::Ordinal {
        values = mid_ranks(&values);
    }
    Alpha { alpha: alpha(&values, &ends, metric), pairable: values.len(), units: ends.len() }
}

fn alpha(values: &[f64], ends: &[usize], metric: Metric) -> Option<f64> {
    let starts = std::iter::once(0).chain(ends.iter().copied());
    let mut within = 0.0;
    for (start, end) in starts.zip(ends) {
        let unit = values.get(start..*end)?;
        within += spread(unit, metric) / (unit.len() - 1) as f64;
    }
    let all = spread(values, metric);
    let n = values.len() as f64;
    (all > 0.0 && all.is_finite()).then(|| 1.0 - (n - 1.0) * within / all)
}

/// The distances of all ordered pairs of values added up.
fn spread(values: &[f64], metric: Metric) -> f64 {
    let n = values.len() as f64;
    if metric == Metric::Nominal {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let same: f64 = sorted.chunk_by(|a, b| a == b).map(|v| (v.len() * v.len()) as f64).sum();
        return n * n - same;
    }
    // The squared differences of all pairs are 2 n times the squared distances from the mean. Equal values have none,
    // whatever rounding makes of their mean.
    if values.iter().all(|v| Some(v) == values.first()) {
        return 0.0;
    }
    let mean = values.iter().sum::<f64>() / n;
    2.0 * n * values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>()
}

/// The rank of each value, ties sharing the middle of theirs. Krippendorff's ordinal distance, the ratings from one value
/// to the other with half of those at either end, is the difference of these ranks.
pub(super) fn mid_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut before = 0;
    for tied in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let rank = before as f64 + 0.5 * (tied.len() + 1) as f64;
        tied.iter().for_each(|i| ranks[*i] = rank);
        before += tied.len();
    }
    ranks
}
