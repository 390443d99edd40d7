//! The logistic likelihood with the penalty of Firth at given coefficients: value, score and exact Hessian.
//!
//! The penalty is half the logarithm of the determinant of the information I = X'WX. With I = LL' and z = L^-1 x every
//! sum over rows is taken in the coordinates z, where the information is the identity and the leverage of a row is
//! w |z|^2. The Hessian of the penalty then needs the sums of w (1 - 2p) z_a z_b z_c only, one for each triple.

use super::basis::zeros;
use crate::numeric::expit::exp_of_negative;
use crate::numeric::linear::cholesky;

/// Rows, then value and derivatives at the coefficients last asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Penalised {
    /// Number of columns.
    pub(super) p: usize,
    /// Patterns, row after row.
    pub(super) x: Vec<f64>,
    /// Successes of each row.
    pub(super) successes: Vec<f64>,
    /// Trials of each row.
    pub(super) totals: Vec<f64>,
    /// Log-likelihood without the penalty, a success or failure at a time.
    pub(super) loglik: f64,
    /// Log-likelihood with it.
    pub(super) value: f64,
    /// Derivative of `value`.
    pub(super) score: Vec<f64>,
    /// Minus the second derivative of `value`, row after row.
    pub(super) curvature: Vec<f64>,
    /// Cholesky factor of the information, lower triangle; zero above.
    pub(super) factor: Vec<f64>,
    eta: Vec<f64>,
    chance: Vec<f64>,
    inner: Inner,
}

/// Sums in the coordinates z.
#[derive(Clone, Debug, Default)]
struct Inner {
    inverse: Vec<f64>,
    z: Vec<f64>,
    score: Vec<f64>,
    curvature: Vec<f64>,
    /// w (1 - 2p) z_a z_b z_c for a >= b >= c.
    triples: Vec<f64>,
    full: Vec<f64>,
    work: Vec<f64>,
}

/// Rows after which a product of numbers between 1/2 and 1 is written to the logarithm.
const AT_ONCE: usize = 512;

impl Penalised {
    /// Makes room; called once before the first evaluation of new rows.
    pub(super) fn prepare(&mut self) {
        let (n, p) = (self.totals.len(), self.p);
        for buffer in [&mut self.eta, &mut self.chance] {
            zeros(buffer, n);
        }
        for buffer in [&mut self.score, &mut self.inner.score, &mut self.inner.z, &mut self.inner.inverse] {
            zeros(buffer, p);
        }
        for buffer in [&mut self.curvature, &mut self.factor, &mut self.inner.curvature, &mut self.inner.work] {
            zeros(buffer, p * p);
        }
        zeros(&mut self.inner.triples, p * (p + 1) * (p + 2) / 6);
        zeros(&mut self.inner.full, p * p * p);
    }

    /// Value and derivatives at these coefficients; false where the information is not positive definite or something
    /// is not finite.
    pub(super) fn evaluate(&mut self, beta: &[f64]) -> bool {
        // The same code with a number of columns that the compiler knows, for the usual ones.
        let found = match self.p {
            1 => self.rows_once(beta, 1) && self.rows_twice(1),
            2 => self.rows_once(beta, 2) && self.rows_twice(2),
            3 => self.rows_once(beta, 3) && self.rows_twice(3),
            4 => self.rows_once(beta, 4) && self.rows_twice(4),
            5 => self.rows_once(beta, 5) && self.rows_twice(5),
            6 => self.rows_once(beta, 6) && self.rows_twice(6),
            p => self.rows_once(beta, p) && self.rows_twice(p),
        };
        found && self.value.is_finite()
    }

    /// Probabilities, likelihood, information and its factor.
    #[inline(always)]
    fn rows_once(&mut self, beta: &[f64], p: usize) -> bool {
        let beta = &beta[..p];
        let mut loglik = 0.0;
        let rows = self.x.chunks_exact(p).zip(&mut self.eta).zip(self.successes.iter().zip(&self.totals));
        for ((row, eta), (s, n)) in rows {
            let mut sum = 0.0;
            for k in 0..p {
                sum += row[k] * beta[k];
            }
            *eta = sum;
            loglik += s * sum - n * sum.max(0.0);
        }
        for (eta, chance) in self.eta.iter().zip(&mut self.chance) {
            let small = exp_of_negative(-eta.abs());
            let near = 1.0 / (1.0 + small);
            *chance = if *eta >= 0.0 { near } else { small * near };
        }
        self.loglik = loglik + self.logarithms();
        let information = &mut self.factor[..p * p];
        information.fill(0.0);
        let rows = self.x.chunks_exact(p).zip(&self.totals).zip(self.chance.iter().zip(&self.eta));
        for ((row, n), (chance, eta)) in rows {
            let weight = n * variance(*chance, *eta);
            for i in 0..p {
                let weighted = weight * row[i];
                for j in 0..=i {
                    information[i * p + j] += weighted * row[j];
                }
            }
        }
        if cholesky(information, p).is_err() {
            return false;
        }
        let mut half_log = 0.0;
        for i in 0..p {
            half_log += libm::log(information[i * p + i]);
        }
        self.value = self.loglik + half_log;
        true
    }

    /// Sum of n log(max(p, 1 - p)). Single trials are multiplied first: one logarithm serves many.
    fn logarithms(&self) -> f64 {
        let mut sum = 0.0;
        let rows = self.eta.chunks(AT_ONCE).zip(self.totals.chunks(AT_ONCE));
        for ((etas, totals), chances) in rows.zip(self.chance.chunks(AT_ONCE)) {
            let mut product = 1.0;
            for ((eta, n), chance) in etas.iter().zip(totals).zip(chances) {
                if *n == 1.0 {
                    product *= if *chance > 0.5 { *chance } else { 1.0 - chance };
                } else {
                    // Where many trials share a chance near 0 or 1 its digits count.
                    sum -= n * libm::log1p(exp_of_negative(-eta.abs()));
                }
            }
            sum += libm::log(product);
        }
        sum
    }

    /// Score and curvature.
    #[inline(always)]
    fn rows_twice(&mut self, p: usize) -> bool {
        let Inner { inverse, z, score, curvature, triples, .. } = &mut self.inner;
        let factor = &self.factor[..p * p];
        let (inverse, z, score) = (&mut inverse[..p], &mut z[..p], &mut score[..p]);
        (0..p).for_each(|k| inverse[k] = 1.0 / factor[k * p + k]);
        score.fill(0.0);
        curvature.fill(0.0);
        triples.fill(0.0);
        let rows = self.x.chunks_exact(p).zip(self.successes.iter().zip(&self.totals));
        for ((row, (s, n)), (chance, eta)) in rows.zip(self.chance.iter().zip(&self.eta)) {
            let mut length = 0.0;
            for i in 0..p {
                let mut sum = row[i];
                for k in 0..i {
                    sum -= factor[i * p + k] * z[k];
                }
                z[i] = sum * inverse[i];
                length += z[i] * z[i];
            }
            let single = variance(*chance, *eta);
            let weight = n * single;
            let bend = weight * (1.0 - 2.0 * chance);
            let along = s - n * chance + 0.5 * bend * length;
            let second = -0.5 * weight * (1.0 - 6.0 * single) * length;
            let mut next = 0;
            for a in 0..p {
                score[a] += along * z[a];
                for b in 0..=a {
                    let pair = z[a] * z[b];
                    curvature[a * p + b] += second * pair;
                    let bent = bend * pair;
                    for c in 0..=b {
                        triples[next + c] += bent * z[c];
                    }
                    next += b + 1;
                }
            }
        }
        self.finish(p);
        true
    }

    /// Adds what the triples give to the curvature, and carries score and curvature back.
    #[inline(always)]
    fn finish(&mut self, p: usize) {
        let Inner { score, curvature, triples, full, work, .. } = &mut self.inner;
        let mut next = 0;
        for a in 0..p {
            for b in 0..=a {
                for c in 0..=b {
                    let value = triples[next];
                    next += 1;
                    for (i, j, k) in [(a, b, c), (a, c, b), (b, a, c), (b, c, a), (c, a, b), (c, b, a)] {
                        full[(i * p + j) * p + k] = value;
                    }
                }
            }
        }
        for a in 0..p {
            for b in 0..=a {
                let (first, second) = (&full[a * p * p..(a + 1) * p * p], &full[b * p * p..(b + 1) * p * p]);
                let mut sum = curvature[a * p + b] + if a == b { 1.0 } else { 0.0 };
                sum += 0.5 * first.iter().zip(second).map(|(u, v)| u * v).sum::<f64>();
                curvature[a * p + b] = sum;
                curvature[b * p + a] = sum;
            }
        }
        // Score L u, curvature L A L'.
        let factor = &self.factor[..p * p];
        for i in 0..p {
            let row = &factor[i * p..i * p + i + 1];
            self.score[i] = row.iter().zip(score.iter()).map(|(l, u)| l * u).sum();
            for j in 0..p {
                work[i * p + j] = row.iter().enumerate().map(|(k, l)| l * curvature[k * p + j]).sum();
            }
        }
        for i in 0..p {
            for j in 0..=i {
                let sum = (0..=j).map(|k| work[i * p + k] * factor[j * p + k]).sum();
                self.curvature[i * p + j] = sum;
                self.curvature[j * p + i] = sum;
            }
        }
    }
}

/// p (1 - p) without the loss of 1 - p near 1.
#[inline(always)]
fn variance(chance: f64, eta: f64) -> f64 {
    if eta > 30.0 { libm::exp(-eta) } else { chance * (1.0 - chance) }
}
