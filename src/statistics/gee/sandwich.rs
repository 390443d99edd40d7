//! Covariances of the coefficients: by the model, and by what clusters contributed to the equations, with corrections
//! for the fact that residuals at the estimate are smaller than errors.
//!
//! With `A = D' V^-1 D` and `u = D' V^-1 (y - mu)` of a cluster at scale 1 and `M = sum of A`, a matrix function f of
//! the leverage `H = D M^-1 D' V^-1` that stands before the residual can be pulled through:
//! `D' V^-1 f(H) (y - mu) = f(A M^-1) u`. With `M = L L'` that is `L f(C) L^-1 u` for the symmetric `C = L^-1 A L^-T`, a
//! matrix of the size of the coefficients however many rows the cluster has. It is the principal root where f is
//! `(1 - H)^-1/2`.

use super::Gee;
use crate::numeric::linear::{cholesky, cholesky_solve};
use crate::numeric::matrix::Symmetric;

/// A covariance of the coefficients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Covariance {
    /// scale `M^-1`: right if the working correlation is.
    Model,
    /// `M^-1 (sum of u u') M^-1` (Liang and Zeger 1986, doi:10.1093/biomet/73.1.13).
    Robust,
    /// The robust one times K / (K - p), for K clusters and p coefficients.
    DfAdjusted,
    /// Residuals times `(1 - H)^-1/2`, the principal root (Kauermann and Carroll 2001,
    /// doi:10.1198/016214501753382309).
    KauermannCarroll,
    /// Residuals times `(1 - H)^-1` (Mancl and DeRouen 2001, doi:10.1111/j.0006-341X.2001.00126.x).
    ManclDeRouen,
    /// Entries of u times `(1 - min(0.75, q))^-1/2`, with q the diagonal of `A M^-1` (Fay and Graubard 2001,
    /// doi:10.1111/j.0006-341X.2001.01198.x).
    FayGraubard,
}

impl Covariance {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Model, Self::Robust, Self::DfAdjusted, Self::KauermannCarroll, Self::ManclDeRouen, Self::FayGraubard];
}

/// Why a covariance is undefined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CovarianceFailure {
    /// The rows have not been fitted, or could not be.
    NotFitted,
    /// There are no more clusters than coefficients.
    TooFewClusters,
    /// A cluster alone decides some coefficient: its residuals are 0 whatever its errors are.
    Leverage {
        /// The number of the cluster, as given.
        cluster: usize,
    },
}

/// Bound of Fay and Graubard on what a cluster contributes to its own information.
const BOUND: f64 = 0.75;
/// An eigenvalue of `1 - C` below this is 0.
const FULL_LEVERAGE: f64 = 1e-10;
/// Up to this trace of C, which its eigenvalues cannot exceed, the root is taken from its series.
const SERIES: f64 = 0.5;
/// Terms of the series after which nothing is left are bounded by this.
const NEGLIGIBLE: f64 = 1e-17;

/// Buffers of the covariances.
#[derive(Clone, Debug, Default)]
pub(super) struct Work {
    /// The inverse of the Cholesky factor of M.
    inverse: Vec<f64>,
    product: Vec<f64>,
    c: Vec<f64>,
    u: Vec<f64>,
    g: Vec<f64>,
    power: Vec<f64>,
    meat: Vec<f64>,
    eigen: Symmetric,
}

impl Gee {
    /// A covariance of the coefficients of the last fit, row after row into `out`.
    ///
    /// # Errors
    /// Why it is undefined.
    pub fn covariance(&mut self, kind: Covariance, out: &mut Vec<f64>) -> Result<(), CovarianceFailure> {
        if !self.fitted {
            return Err(CovarianceFailure::NotFitted);
        }
        // A number of columns known to the compiler lets it unroll the small loops.
        match self.rows.columns {
            1 => self.covariance_columns(1, kind, out),
            2 => self.covariance_columns(2, kind, out),
            3 => self.covariance_columns(3, kind, out),
            4 => self.covariance_columns(4, kind, out),
            5 => self.covariance_columns(5, kind, out),
            6 => self.covariance_columns(6, kind, out),
            7 => self.covariance_columns(7, kind, out),
            8 => self.covariance_columns(8, kind, out),
            p => self.covariance_columns(p, kind, out),
        }
    }

    #[inline(always)]
    fn covariance_columns(&mut self, p: usize, kind: Covariance, out: &mut Vec<f64>) -> Result<(), CovarianceFailure> {
        let (clusters, work) = (self.rows.clusters(), &mut self.sandwich);
        work.begin(p, &self.factor);
        let factor = match kind {
            Covariance::Model => self.scale,
            Covariance::DfAdjusted if clusters <= p => return Err(CovarianceFailure::TooFewClusters),
            Covariance::DfAdjusted => clusters as f64 / (clusters - p) as f64,
            _ => 1.0,
        };
        if kind == Covariance::Model {
            (0..p).for_each(|i| work.meat[i * p + i] = 1.0);
        } else {
            let shares = self.information.chunks_exact(p * p).zip(self.score.chunks_exact(p));
            for (cluster, (information, score)) in shares.enumerate() {
                if !work.add(p, kind, information, score) {
                    return Err(CovarianceFailure::Leverage { cluster: self.rows.number_of(cluster) });
                }
            }
        }
        work.finish(p, factor, out);
        Ok(())
    }
}

impl Work {
    fn begin(&mut self, p: usize, factor: &[f64]) {
        let square = [&mut self.inverse, &mut self.product, &mut self.c, &mut self.meat];
        square.into_iter().for_each(|buffer| zeros(buffer, p * p));
        [&mut self.u, &mut self.g, &mut self.power].into_iter().for_each(|buffer| zeros(buffer, p));
        for j in 0..p {
            for i in j..p {
                let unit = if i == j { 1.0 } else { 0.0 };
                let known: f64 = (j..i).map(|k| factor[i * p + k] * self.inverse[k * p + j]).sum();
                self.inverse[i * p + j] = (unit - known) / factor[i * p + i];
            }
        }
    }

    /// Adds what a cluster contributes, between `L^-1` and `L^-T`; says whether it is defined.
    #[inline(always)]
    fn add(&mut self, p: usize, kind: Covariance, information: &[f64], score: &[f64]) -> bool {
        let defined = match kind {
            Covariance::KauermannCarroll => {
                self.lower(p, score);
                self.leverage(p, information);
                self.root(p)
            }
            Covariance::ManclDeRouen => {
                self.lower(p, score);
                self.leverage(p, information);
                self.inverse(p)
            }
            Covariance::FayGraubard => {
                self.fay_graubard(p, information, score);
                true
            }
            Covariance::Model | Covariance::Robust | Covariance::DfAdjusted => {
                self.lower(p, score);
                self.g[..p].copy_from_slice(&self.u[..p]);
                true
            }
        };
        for i in 0..p {
            for j in 0..=i {
                self.meat[i * p + j] += self.g[i] * self.g[j];
            }
        }
        defined
    }

    /// `u = L^-1 score`.
    #[inline(always)]
    fn lower(&mut self, p: usize, score: &[f64]) {
        for i in 0..p {
            self.u[i] = self.inverse[i * p..=i * p + i].iter().zip(score).map(|(l, s)| l * s).sum();
        }
    }

    /// `C = L^-1 A L^-T`.
    #[inline(always)]
    fn leverage(&mut self, p: usize, information: &[f64]) {
        for i in 0..p {
            for j in 0..p {
                let mut sum = 0.0;
                for k in 0..=i {
                    sum += self.inverse[i * p + k] * information[k * p + j];
                }
                self.product[i * p + j] = sum;
            }
        }
        for i in 0..p {
            for j in 0..=i {
                let mut sum = 0.0;
                for k in 0..=j {
                    sum += self.product[i * p + k] * self.inverse[j * p + k];
                }
                self.c[i * p + j] = sum;
                self.c[j * p + i] = sum;
            }
        }
    }

    /// `g = (1 - C)^-1 u`.
    #[inline(always)]
    fn inverse(&mut self, p: usize) -> bool {
        for i in 0..p {
            for j in 0..p {
                self.product[i * p + j] = if i == j { 1.0 } else { 0.0 } - self.c[i * p + j];
            }
        }
        let positive = cholesky(&mut self.product, p).is_ok();
        if !positive || (0..p).any(|i| self.product[i * p + i] * self.product[i * p + i] < FULL_LEVERAGE) {
            return false;
        }
        self.g.copy_from_slice(&self.u);
        cholesky_solve(&self.product, p, &mut self.g);
        true
    }

    /// `g = (1 - C)^-1/2 u`: the series `sum of (2k)! / (4^k k!^2) C^k`, or by eigenvalues where it is slow.
    #[inline(always)]
    fn root(&mut self, p: usize) -> bool {
        let mut trace = 0.0;
        (0..p).for_each(|i| trace += self.c[i * p + i]);
        if !(0.0..SERIES).contains(&trace) {
            return self.root_by_eigenvalues(p);
        }
        let (mut coefficient, mut bound, mut k) = (1.0, 1.0, 0.0);
        self.g[..p].copy_from_slice(&self.u[..p]);
        while bound > NEGLIGIBLE {
            k += 1.0;
            coefficient *= (2.0 * k - 1.0) / (2.0 * k);
            bound *= trace;
            for i in 0..p {
                let mut sum = 0.0;
                for j in 0..p {
                    sum += self.c[i * p + j] * self.u[j];
                }
                self.power[i] = sum;
            }
            for i in 0..p {
                self.u[i] = self.power[i];
                self.g[i] += coefficient * self.power[i];
            }
        }
        true
    }

    fn root_by_eigenvalues(&mut self, p: usize) -> bool {
        let decomposed = self.eigen.decompose(&self.c, p).is_ok();
        if !decomposed || self.eigen.values.iter().any(|v| 1.0 - v < FULL_LEVERAGE) {
            return false;
        }
        self.g.fill(0.0);
        for (k, value) in self.eigen.values.iter().enumerate() {
            let vector = |i: usize| self.eigen.vectors[i * p + k];
            let along: f64 = (0..p).map(|i| vector(i) * self.u[i]).sum();
            let factor = along / libm::sqrt(1.0 - value);
            (0..p).for_each(|i| self.g[i] += factor * vector(i));
        }
        true
    }

    /// `g = L^-1 diag((1 - min(bound, q))^-1/2) score`.
    #[inline(always)]
    fn fay_graubard(&mut self, p: usize, information: &[f64], score: &[f64]) {
        // M^-1 = L^-T L^-1; q is the diagonal of A M^-1.
        for j in 0..p {
            let mut share = 0.0;
            for i in 0..p {
                let mut inner = 0.0;
                for k in 0..=i {
                    inner += self.inverse[i * p + k] * information[j * p + k];
                }
                share += if j <= i { inner * self.inverse[i * p + j] } else { 0.0 };
            }
            self.power[j] = score[j] / libm::sqrt(1.0 - share.min(BOUND));
        }
        for i in 0..p {
            let mut sum = 0.0;
            for k in 0..=i {
                sum += self.inverse[i * p + k] * self.power[k];
            }
            self.g[i] = sum;
        }
    }

    /// `factor L^-T meat L^-1`.
    fn finish(&mut self, p: usize, factor: f64, out: &mut Vec<f64>) {
        let meat = |i: usize, j: usize| self.meat[i.max(j) * p + i.min(j)];
        for i in 0..p {
            for j in 0..p {
                self.product[i * p + j] = (j..p).map(|k| meat(i, k) * self.inverse[k * p + j]).sum();
            }
        }
        zeros(out, p * p);
        for i in 0..p {
            for j in 0..=i {
                let sum: f64 = (i..p).map(|k| self.inverse[k * p + i] * self.product[k * p + j]).sum();
                out[i * p + j] = factor * sum;
                out[j * p + i] = factor * sum;
            }
        }
    }
}

fn zeros(buffer: &mut Vec<f64>, size: usize) {
    buffer.clear();
    buffer.resize(size, 0.0);
}
