//! The observed information of means and covariances.
//!
//! For rows with precision W (over observed variables), deviations summed to r and products summed to D, the second
//! differential of the log-likelihood is, in directions dm of the means and d1, d2 of the covariance,
//! -n dm' W dm;  -r' W d1 W dm;  n/2 tr(W d1 W d2) - tr(W d1 W d2 W D).

use super::pattern::{Pattern, Scratch};
use crate::numeric::linear::{cholesky, cholesky_inverse_column};

pub(super) fn covariance_of_means(
    patterns: &mut [Pattern],
    p: usize,
    mean: &[f64],
    covariance: &[f64],
    scratch: &mut Scratch,
) -> Option<Vec<f64>> {
    let pairs: Vec<(usize, usize)> = (0..p).flat_map(|i| (0..=i).map(move |j| (i, j))).collect();
    let size = p + pairs.len();
    let mut information = vec![0.0; size * size];
    let (mut precision, mut wide) = (Vec::new(), Wide::default());
    for pattern in patterns {
        pattern.precision(p, covariance, scratch, &mut precision)?;
        pattern.shift(mean, scratch);
        wide.widen(pattern, p, &precision, scratch);
        for i in 0..p {
            for j in 0..=i {
                information[i * size + j] += pattern.rows * wide.w[i * p + j];
            }
        }
        for (a, first) in pairs.iter().enumerate() {
            let row = (p + a) * size;
            for (i, value) in information[row..row + p].iter_mut().enumerate() {
                *value += wide.mixed(*first, i, p);
            }
            for (b, second) in pairs.iter().enumerate().take(a + 1) {
                information[row + p + b] += wide.second(*first, *second, pattern.rows, p);
            }
        }
    }
    cholesky(&mut information, size).ok()?;
    let mut column = vec![0.0; size];
    let mut out = Vec::with_capacity(p * p);
    for i in 0..p {
        cholesky_inverse_column(&information, size, i, &mut column);
        out.extend_from_slice(&column[..p]);
    }
    Some(out)
}

/// Matrices of a pattern over all variables, zero where one is missing.
#[derive(Default)]
struct Wide {
    /// W.
    w: Vec<f64>,
    /// W r.
    wr: Vec<f64>,
    /// W D W.
    wdw: Vec<f64>,
}

impl Wide {
    fn widen(&mut self, pattern: &Pattern, p: usize, precision: &[f64], scratch: &Scratch) {
        let k = pattern.observed.len();
        for (buffer, length) in [(&mut self.w, p * p), (&mut self.wr, p), (&mut self.wdw, p * p)] {
            buffer.clear();
            buffer.resize(length, 0.0);
        }
        for (a, i) in pattern.observed.iter().enumerate() {
            self.wr[*i] = (0..k).map(|b| precision[a * k + b] * scratch.deviation[b]).sum();
            for (b, j) in pattern.observed.iter().enumerate() {
                self.w[i * p + j] = precision[a * k + b];
                let inner = |c: usize| (0..k).map(|d| scratch.about[c * k + d] * precision[d * k + b]).sum::<f64>();
                self.wdw[i * p + j] = (0..k).map(|c| precision[a * k + c] * inner(c)).sum();
            }
        }
    }

    /// r' W d W e for d the change of one covariance and e that of one mean.
    fn mixed(&self, (i, j): (usize, usize), m: usize, p: usize) -> f64 {
        let one = self.wr[i] * self.w[j * p + m];
        if i == j { one } else { one + self.wr[j] * self.w[i * p + m] }
    }

    /// tr(W d1 W d2 W D) - n/2 tr(W d1 W d2).
    fn second(&self, first: (usize, usize), second: (usize, usize), n: f64, p: usize) -> f64 {
        let at = |m: &[f64], i: usize, j: usize| m[i * p + j];
        let mut sum = 0.0;
        for (i, j) in both(first) {
            for (k, l) in both(second) {
                // d1 = e_i e_j', d2 = e_k e_l': tr(W e_i e_j' W e_k e_l' W D) = (W)_jk (W D W)_li.
                sum += at(&self.w, j, k) * at(&self.wdw, l, i) - 0.5 * n * at(&self.w, j, k) * at(&self.w, l, i);
            }
        }
        sum
    }
}

/// A covariance stands in two places of its matrix, a variance in one.
fn both((i, j): (usize, usize)) -> impl Iterator<Item = (usize, usize)> + Clone {
    std::iter::once((i, j)).chain((i != j).then_some((j, i)))
}
