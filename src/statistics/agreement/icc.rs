//! Intraclass correlations of repeated measurements, from an analysis of variance.
//!
//! Sources: Shrout and Fleiss 1979 (doi:10.1037/0033-2909.86.2.420); McGraw and Wong 1996
//! (doi:10.1037/1082-989X.1.1.30).

use crate::numeric::discrete::FisherF;

/// A coefficient with its limits; either is undefined where its quotients are.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Coefficient {
    /// The coefficient. It may be negative and stays so.
    pub value: Option<f64>,
    /// Its limits.
    pub interval: Option<(f64, f64)>,
}

/// Intraclass correlations of `n` units, each measured `k` times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Icc {
    /// Units with all measurements.
    pub n: usize,
    /// Measurements of each unit.
    pub k: usize,
    /// Mean square between units.
    pub ms_rows: f64,
    /// Mean square between measurements (raters, occasions).
    pub ms_columns: f64,
    /// Mean square of the rest.
    pub ms_error: f64,
    /// Mean square within units, which holds the last two.
    pub ms_within: f64,
    /// ICC(1): each unit has raters of its own.
    pub one: Coefficient,
    /// ICC(2,1): raters are a sample, absolute agreement.
    pub two: Coefficient,
    /// ICC(3,1): raters are all there are, consistency.
    pub three: Coefficient,
    /// ICC(1,k): the mean of `k` measurements.
    pub one_k: Coefficient,
    /// ICC(2,k), the same.
    pub two_k: Coefficient,
    /// ICC(3,k), the same (Cronbach's alpha).
    pub three_k: Coefficient,
    /// `ms_rows` by `ms_error`; undefined where the latter is 0.
    pub f: Option<f64>,
}

impl Icc {
    /// The correlations of a table with `k` columns, row after row; rows with a missing (NaN) or infinite measurement
    /// are left out. Limits at a level such as 0.95. `None` for fewer than two columns or complete rows, or a table that
    /// is not filled.
    #[must_use]
    pub fn of(table: &[f64], k: usize, level: f64) -> Option<Self> {
        if k < 2 || !table.len().is_multiple_of(k) {
            return None;
        }
        let complete = || table.chunks_exact(k).filter(|row| row.iter().all(|v| v.is_finite()));
        let n = complete().count();
        if n < 2 {
            return None;
        }
        let (nf, kf) = (n as f64, k as f64);
        let mean = complete().flatten().sum::<f64>() / (nf * kf);
        let mut column_means = vec![0.0; k];
        complete().for_each(|row| column_means.iter_mut().zip(row).for_each(|(m, v)| *m += v / nf));
        let square = |v: f64| v * v;
        let columns = nf * column_means.iter().map(|m| square(m - mean)).sum::<f64>();
        let (mut rows, mut error) = (0.0, 0.0);
        for row in complete() {
            let row_mean = row.iter().sum::<f64>() / kf;
            rows += kf * square(row_mean - mean);
            error += row.iter().zip(&column_means).map(|(v, m)| square(v - row_mean - (m - mean))).sum::<f64>();
        }
        // What rounding makes of equal measurements is no spread.
        let raw: f64 = complete().flatten().map(|v| square(*v)).sum();
        let [rows, columns, error] = [rows, columns, error].map(|sum| if sum <= 1e-28 * raw { 0.0 } else { sum });
        let squares = MeanSquares {
            n: nf,
            k: kf,
            rows: rows / (nf - 1.0),
            columns: columns / (kf - 1.0),
            error: error / ((nf - 1.0) * (kf - 1.0)),
            within: (columns + error) / (nf * (kf - 1.0)),
        };
        Some(squares.correlations(n, k, level))
    }

    /// Standard error of measurement: the spread of a unit's measurements once raters' means are taken out.
    #[must_use]
    pub fn sem_consistency(&self) -> f64 {
        libm::sqrt(self.ms_error)
    }

    /// Standard error of measurement with the raters' own spread in it.
    #[must_use]
    pub fn sem_agreement(&self) -> f64 {
        let columns = ((self.ms_columns - self.ms_error) / self.n as f64).max(0.0);
        libm::sqrt(columns + self.ms_error)
    }
}

struct MeanSquares {
    n: f64,
    k: f64,
    rows: f64,
    columns: f64,
    error: f64,
    within: f64,
}

/// A number that is one, and a pair of such.
fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

fn both(low: f64, high: f64) -> Option<(f64, f64)> {
    Some((finite(low)?, finite(high)?))
}

/// The number that an F variable exceeds with probability `tail`, from the lower tail of its inverse.
fn upper_f(tail: f64, df1: f64, df2: f64) -> f64 {
    1.0 / FisherF { df1: df2, df2: df1 }.quantile(tail)
}

impl MeanSquares {
    fn correlations(&self, n: usize, k: usize, level: f64) -> Icc {
        let tail = if level > 0.0 && level < 1.0 { 0.5 * (1.0 - level) } else { f64::NAN };
        let one = self.ratio_limits(self.within, self.n * (self.k - 1.0), tail);
        let three = self.ratio_limits(self.error, (self.n - 1.0) * (self.k - 1.0), tail);
        let (two, two_interval) = self.absolute(tail);
        let over = |part: f64, whole: f64| finite(part / whole);
        let stepped = |f: Option<(f64, f64)>| f.and_then(|(low, high)| both(1.0 - 1.0 / low, 1.0 - 1.0 / high));
        let single = |f: Option<(f64, f64)>| {
            let of = |f: f64| (f - 1.0) / (f + self.k - 1.0);
            f.and_then(|(low, high)| both(of(low), of(high)))
        };
        // The mean of k measurements, from one of them (Spearman and Brown).
        let mean_of_k = |r: f64| self.k * r / (1.0 + (self.k - 1.0) * r);
        let spread = (self.columns - self.error) / self.n;
        Icc {
            n,
            k,
            ms_rows: self.rows,
            ms_columns: self.columns,
            ms_error: self.error,
            ms_within: self.within,
            one: Coefficient {
                value: over(self.rows - self.within, self.rows + (self.k - 1.0) * self.within),
                interval: single(one),
            },
            two: Coefficient { value: two, interval: two_interval },
            three: Coefficient {
                value: over(self.rows - self.error, self.rows + (self.k - 1.0) * self.error),
                interval: single(three),
            },
            one_k: Coefficient { value: over(self.rows - self.within, self.rows), interval: stepped(one) },
            two_k: Coefficient {
                value: over(self.rows - self.error, self.rows + spread),
                interval: two_interval.and_then(|(low, high)| both(mean_of_k(low), mean_of_k(high))),
            },
            three_k: Coefficient { value: over(self.rows - self.error, self.rows), interval: stepped(three) },
            f: over(self.rows, self.error),
        }
    }

    /// Limits of the ratio of the variance between units to another mean square with `df` degrees of freedom.
    fn ratio_limits(&self, other: f64, df: f64, tail: f64) -> Option<(f64, f64)> {
        let f = finite(self.rows / other)?;
        both(f / upper_f(tail, self.n - 1.0, df), f * upper_f(tail, df, self.n - 1.0))
    }

    /// ICC(2,1) and its limits, with Satterthwaite's degrees of freedom for the mix of mean squares in its denominator.
    fn absolute(&self, tail: f64) -> (Option<f64>, Option<(f64, f64)>) {
        let Self { n, k, rows, columns, error, .. } = *self;
        let below = rows + (k - 1.0) * error + k * (columns - error) / n;
        let Some(icc) = finite((rows - error) / below) else { return (None, None) };
        let of_columns = k * icc * columns;
        let of_error = (n * (1.0 + (k - 1.0) * icc) - k * icc) * error;
        let sum = of_columns + of_error;
        let df = (k - 1.0) * (n - 1.0) * sum * sum / ((n - 1.0) * of_columns * of_columns + of_error * of_error);
        // A mix without variance has no degrees of freedom.
        if !(df > 0.0 && df.is_finite()) {
            return (Some(icc), None);
        }
        let mixed = k * columns + (k * n - k - n) * error;
        let f_low = upper_f(tail, n - 1.0, df);
        let f_high = upper_f(tail, df, n - 1.0);
        let low = n * (rows - f_low * error) / (f_low * mixed + n * rows);
        let high = n * (f_high * rows - error) / (mixed + n * f_high * rows);
        // With a negative coefficient the mix has a negative part, for which these degrees of freedom are not meant
        // (Satterthwaite 1946, doi:10.2307/3002019): limits that miss the coefficient itself are no limits.
        (Some(icc), both(low, high).filter(|(low, high)| *low <= icc && icc <= *high))
    }
}
