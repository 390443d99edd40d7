//! Rubin's rules: one answer from the estimates of completed data sets.
//!
//! Sources: Rubin 1987, Multiple Imputation for Nonresponse in Surveys, ch. 3 (doi:10.1002/9780470316696); Barnard and
//! Rubin 1999, Small-sample degrees of freedom with multiple imputation (doi:10.1093/biomet/86.4.948); Li, Raghunathan
//! and Rubin 1991, Large-sample significance levels from multiply imputed data (doi:10.1080/01621459.1991.10475152).

use crate::numeric::StudentT;
use crate::numeric::discrete::FisherF;
use crate::numeric::matrix::{Lu, quadratic};

/// Why estimates could not be pooled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolFailure {
    /// Fewer than two estimates, or not as many variances as estimates.
    TooFew,
    /// An estimate or a variance is not finite, or a variance is negative.
    NotANumber,
    /// The mean covariance within imputations cannot be inverted.
    Singular,
}

/// A pooled estimate. What is undefined is `None`: with a total variance of zero there are no shares of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pooled {
    /// Mean of the estimates.
    pub estimate: f64,
    /// Mean variance within imputations, U.
    pub within: f64,
    /// Variance between the estimates (divisor m - 1), B.
    pub between: f64,
    /// Total variance, T = U + (1 + 1/m) B.
    pub total: f64,
    /// Relative increase of the variance by what is missing, (1 + 1/m) B / U.
    pub riv: Option<f64>,
    /// Share of the total variance that comes from what is missing, (1 + 1/m) B / T.
    pub lambda: Option<f64>,
    /// Fraction of missing information, (riv + 2 / (df + 3)) / (riv + 1).
    pub fmi: Option<f64>,
    /// Degrees of freedom of Rubin 1987, (m - 1) / lambda^2; infinite when the estimates are all the same.
    pub df_large: Option<f64>,
    /// Degrees of freedom of Barnard and Rubin 1999.
    pub df: Option<f64>,
}

impl Pooled {
    /// The standard error, the root of the total variance.
    #[must_use]
    pub fn standard_error(&self) -> f64 {
        libm::sqrt(self.total)
    }

    /// The t interval with this level (between 0 and 1).
    #[must_use]
    pub fn interval(&self, level: f64) -> Option<(f64, f64)> {
        let df = self.df.filter(|df| *df > 0.0)?;
        let half = StudentT { df }.quantile(0.5 + 0.5 * level) * self.standard_error();
        half.is_finite().then_some((self.estimate - half, self.estimate + half))
    }

    /// The two-sided p value of the hypothesis that the estimated quantity is `null`.
    #[must_use]
    pub fn p_value(&self, null: f64) -> Option<f64> {
        let df = self.df.filter(|df| *df > 0.0)?;
        if self.total <= 0.0 {
            return None;
        }
        let p = 2.0 * StudentT { df }.upper_tail(((self.estimate - null) / self.standard_error()).abs());
        (!p.is_nan()).then_some(p)
    }
}

/// Pools estimates and their variances. `df_complete` are the degrees of freedom that the complete data would have;
/// infinite for large samples.
///
/// # Errors
/// See [`PoolFailure`].
pub fn pool(estimates: &[f64], variances: &[f64], df_complete: f64) -> Result<Pooled, PoolFailure> {
    let m = estimates.len() as f64;
    if estimates.len() < 2 || estimates.len() != variances.len() {
        return Err(PoolFailure::TooFew);
    }
    let proper = |u: &f64| u.is_finite() && *u >= 0.0;
    if !estimates.iter().all(|q| q.is_finite()) || !variances.iter().all(proper) {
        return Err(PoolFailure::NotANumber);
    }
    let (estimate, within, between) = (mean(estimates), mean(variances), variance(estimates));
    let extra = (1.0 + 1.0 / m) * between;
    let total = within + extra;
    let lambda = (total > 0.0).then(|| extra / total);
    let riv = if within > 0.0 { Some(extra / within) } else { lambda.map(|_| f64::INFINITY) };
    let df_large = lambda.map(|l| (m - 1.0) / (l * l));
    let df = lambda.zip(df_large).and_then(|(l, large)| small_sample_df(l, large, df_complete));
    let fmi = match (riv, df) {
        (Some(riv), Some(_)) if riv.is_infinite() => Some(1.0),
        (Some(riv), Some(df)) => Some((riv + 2.0 / (df + 3.0)) / (riv + 1.0)),
        _ => None,
    };
    Ok(Pooled { estimate, within, between, total, riv, lambda, fmi, df_large, df })
}

/// Barnard and Rubin's degrees of freedom.
fn small_sample_df(lambda: f64, large: f64, complete: f64) -> Option<f64> {
    if complete.is_nan() || complete <= 0.0 {
        return None;
    }
    if complete.is_infinite() {
        return Some(large);
    }
    let observed = (complete + 1.0) / (complete + 3.0) * complete * (1.0 - lambda);
    if large.is_infinite() {
        return Some(observed);
    }
    Some(large * observed / (large + observed))
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Variance with divisor n - 1; exactly 0 when all are the same.
fn variance(values: &[f64]) -> f64 {
    if values.windows(2).all(|pair| pair[0] == pair[1]) {
        return 0.0;
    }
    let centre = mean(values);
    values.iter().map(|v| (v - centre) * (v - centre)).sum::<f64>() / (values.len() as f64 - 1.0)
}

/// A pooled vector of estimates and the test that all of them are zero.
#[derive(Clone, Debug, PartialEq)]
pub struct PooledWald {
    /// Means of the estimates.
    pub estimates: Vec<f64>,
    /// Total covariance U + (1 + 1/m) B, row after row.
    pub total: Vec<f64>,
    /// Average relative increase of the variance, (1 + 1/m) tr(B U^-1) / k.
    pub arv: f64,
    /// The statistic D1 = Q' U^-1 Q / (k (1 + arv)).
    pub d1: f64,
    /// Its degrees of freedom in the numerator, k.
    pub df1: f64,
    /// And in the denominator; infinite when the estimates are all the same.
    pub df2: f64,
    /// Its p value.
    pub p: f64,
}

/// Pools vectors of `k` estimates: `estimates` imputation after imputation, `covariances` likewise, row after row.
///
/// # Errors
/// See [`PoolFailure`].
pub fn pool_vector(k: usize, estimates: &[f64], covariances: &[f64]) -> Result<PooledWald, PoolFailure> {
    let m = estimates.len().checked_div(k).unwrap_or(0);
    if m < 2 || estimates.len() != m * k || covariances.len() != m * k * k {
        return Err(PoolFailure::TooFew);
    }
    if !estimates.iter().chain(covariances).all(|v| v.is_finite()) {
        return Err(PoolFailure::NotANumber);
    }
    let count = m as f64;
    let component = |i: usize| estimates.iter().skip(i).step_by(k);
    let mean: Vec<f64> = (0..k).map(|i| component(i).sum::<f64>() / count).collect();
    let within: Vec<f64> = (0..k * k).map(|e| covariances.iter().skip(e).step_by(k * k).sum::<f64>() / count).collect();
    let product = |i: usize, j: usize| {
        let pairs = component(i).zip(component(j));
        pairs.map(|(a, b)| (a - mean[i]) * (b - mean[j])).sum::<f64>() / (count - 1.0)
    };
    let between: Vec<f64> = (0..k * k).map(|e| product(e / k, e % k)).collect();
    let more = 1.0 + 1.0 / count;
    let total = within.iter().zip(&between).map(|(u, b)| u + more * b).collect();

    let (mut lu, mut inverse) = (Lu::default(), Vec::new());
    lu.decompose(&within, k).map_err(|_| PoolFailure::Singular)?;
    lu.inverse(&mut inverse);
    // tr(B U^-1), both symmetric.
    let trace: f64 = between.iter().zip(&inverse).map(|(b, u)| b * u).sum();
    let size = k as f64;
    let arv = more * trace / size;
    let d1 = quadratic(&inverse, &mean) / (size * (1.0 + arv));
    let df2 = denominator_df(size, count, arv);
    let p = FisherF { df1: size, df2 }.upper_tail(d1);
    if !(d1.is_finite() && p.is_finite()) {
        return Err(PoolFailure::Singular);
    }
    Ok(PooledWald { estimates: mean, total, arv, d1, df1: size, df2, p })
}

fn denominator_df(k: f64, m: f64, arv: f64) -> f64 {
    let t = k * (m - 1.0);
    if arv <= 0.0 {
        return f64::INFINITY;
    }
    if t > 4.0 {
        let factor = 1.0 + (1.0 - 2.0 / t) / arv;
        4.0 + (t - 4.0) * factor * factor
    } else {
        0.5 * t * (1.0 + 1.0 / k) * (1.0 + 1.0 / arv) * (1.0 + 1.0 / arv)
    }
}
