//! Sandwiches with clusters for least squares, in the orthonormal columns Q of the decomposition.
//!
//! Without weights I - H of a cluster is I - Q_g Q_g', and f(I - Q_g Q_g') Q_g = Q_g f(I - Q_g' Q_g) for every function
//! f of a symmetric matrix: only p x p matrices are needed, however large a cluster is. With weights the identity
//! working model makes I - H oblique, and CR2 needs a matrix as large as the cluster.
//!
//! Sources: Bell and McCaffrey 2002, Survey Methodology 28(2), 169-181; Pustejovsky and Tipton 2018
//! (doi:10.1080/07350015.2016.1247004).

use super::Failure;
use super::basis::{dot, zeros};
use super::ols::Covariance;
use super::rows::Prepared;
use crate::numeric::linear::{cholesky, cholesky_solve};
use crate::numeric::matrix::{Symmetric, add_outer, multiply};

/// Eigenvalues of I - H below this are zero: the cluster determines its own fit in that direction.
const ZERO: f64 = 1e-10;
/// Up to this trace the series for the inverse root converges quickly.
const SMALL_TRACE: f64 = 0.4;

/// Buffers.
#[derive(Clone, Debug, Default)]
pub(super) struct ClusterWork {
    /// Q_g' Q_g of the cluster at hand.
    inner: Vec<f64>,
    score: Vec<f64>,
    power: Vec<f64>,
    next: Vec<f64>,
    own: Symmetric,
    root: Vec<f64>,
    /// Q'WQ, needed with weights.
    omega: Vec<f64>,
    local: Vec<f64>,
    /// For each cluster the two vectors that make up its share of the trace formulas.
    pairs: Vec<f64>,
    squares: Vec<f64>,
    kernel: Vec<f64>,
    product: Vec<f64>,
}

impl ClusterWork {
    /// Adds the outer products of the corrected scores of the clusters to `meat`.
    pub(super) fn meat(
        &mut self,
        data: &Prepared,
        q: &[f64],
        residuals: &[f64],
        kind: Covariance,
        meat: &mut [f64],
    ) -> Result<(), Failure> {
        let p = data.columns;
        let oblique = data.weighted && kind == Covariance::Cr2;
        if oblique {
            self.weigh(data, q);
        }
        for ends in data.starts.windows(2) {
            let (from, to) = (ends[0], ends[1]);
            let block = &q[from * p..to * p];
            zeros(&mut self.score, p);
            if oblique {
                self.oblique_root(block, &data.weights[from..to], p)?;
                self.oblique_score(block, &data.weights[from..to], &residuals[from..to]);
            } else {
                for (row, e) in block.chunks_exact(p).zip(&residuals[from..to]) {
                    self.score.iter_mut().zip(row).for_each(|(s, v)| *s += e * v);
                }
                match kind {
                    Covariance::Cr2 => {
                        self.square(block, p);
                        let mut score = std::mem::take(&mut self.score);
                        let found = self.apply_root(&mut score, p);
                        self.score = score;
                        found?;
                    }
                    Covariance::Cr3 => {
                        self.square(block, p);
                        self.apply_inverse(p).map_err(|()| Failure::Leverage { row: data.order[from] })?;
                    }
                    _ => {}
                }
            }
            add_outer(meat, &self.score, 1.0);
        }
        Ok(())
    }

    /// Degrees of freedom of a direction in the orthonormal columns.
    ///
    /// The variance estimate is a sum over clusters of squares of linear forms in the outcomes; with P the matrix of
    /// the covariances of these forms, df = (trace P)^2 / (sum of P_gh^2). P is a diagonal plus a matrix of rank 2p,
    /// so that the sum over pairs of clusters needs no pairs.
    pub(super) fn satterthwaite(&mut self, data: &Prepared, q: &[f64], direction: &[f64]) -> Result<f64, Failure> {
        let p = data.columns;
        self.weigh(data, q);
        self.pairs.clear();
        self.squares.clear();
        let mut score = std::mem::take(&mut self.score);
        for ends in data.starts.windows(2) {
            let (from, to) = (ends[0], ends[1]);
            let block = &q[from * p..to * p];
            if data.weighted {
                self.oblique_root(block, &data.weights[from..to], p)?;
                self.oblique_pair(block, &data.weights[from..to], direction);
            } else {
                self.square(block, p);
                score.clear();
                score.extend_from_slice(direction);
                self.apply_root(&mut score, p)?;
                let first = self.pairs.len();
                self.pairs.extend(self.inner.chunks_exact(p).map(|row| dot(row, &score)));
                self.squares.push(dot(&self.pairs[first..], &score));
                self.pairs.extend_from_within(first..first + p);
            }
        }
        self.score = score;
        Ok(self.degrees_of_freedom(p))
    }

    fn degrees_of_freedom(&mut self, p: usize) -> f64 {
        let two = 2 * p;
        // K = [[omega, -I], [-I, 0]]; P_gh = [g = h] d_g + z_g' K z_h.
        zeros(&mut self.kernel, two * two);
        for i in 0..p {
            for j in 0..p {
                self.kernel[i * two + j] = self.omega[i * p + j];
            }
            self.kernel[i * two + p + i] = -1.0;
            self.kernel[(p + i) * two + i] = -1.0;
        }
        zeros(&mut self.local, two * two);
        let (mut trace, mut sum) = (0.0, 0.0);
        for (z, d) in self.pairs.chunks_exact(two).zip(&self.squares) {
            add_outer(&mut self.local, z, 1.0);
            let (alpha, beta) = z.split_at(p);
            let own = crate::numeric::matrix::quadratic(&self.omega, alpha) - 2.0 * dot(alpha, beta);
            trace += d + own;
            sum += d * (d + 2.0 * own);
        }
        multiply(&self.kernel, &self.local, two, two, two, &mut self.product);
        for i in 0..two {
            for j in 0..two {
                sum += self.product[i * two + j] * self.product[j * two + i];
            }
        }
        trace * trace / sum
    }

    /// Q'WQ.
    fn weigh(&mut self, data: &Prepared, q: &[f64]) {
        let p = data.columns;
        zeros(&mut self.omega, p * p);
        if data.weighted {
            for (row, weight) in q.chunks_exact(p).zip(&data.weights) {
                add_outer(&mut self.omega, row, *weight);
            }
        } else {
            (0..p).for_each(|k| self.omega[k * p + k] = 1.0);
        }
    }

    fn square(&mut self, block: &[f64], p: usize) {
        zeros(&mut self.inner, p * p);
        block.chunks_exact(p).for_each(|row| add_outer(&mut self.inner, row, 1.0));
    }

    /// Multiplies a vector by (I - S)^(-1/2) for S = Q_g'Q_g, with the generalised inverse.
    fn apply_root(&mut self, vector: &mut [f64], p: usize) -> Result<(), Failure> {
        let trace: f64 = (0..p).map(|k| self.inner[k * p + k]).sum();
        if trace <= SMALL_TRACE {
            self.apply_series(vector, p);
            return Ok(());
        }
        self.own.decompose(&self.inner, p).map_err(|_| Failure::NotFinite)?;
        self.own.map(|v| inverse_root(1.0 - v), &mut self.root);
        self.next.clear();
        self.next.extend(self.root.chunks_exact(p).map(|row| dot(row, vector)));
        vector.copy_from_slice(&self.next);
        Ok(())
    }

    /// The binomial series of (I - S)^(-1/2): 1 + S/2 + 3 S^2/8 + ...; all eigenvalues of S are at most its trace.
    fn apply_series(&mut self, vector: &mut [f64], p: usize) {
        let size = vector.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        self.power.clear();
        self.power.extend_from_slice(vector);
        for k in 1..200 {
            let factor = 1.0 - 0.5 / f64::from(k);
            self.next.clear();
            self.next.extend(self.inner.chunks_exact(p).map(|row| factor * dot(row, &self.power)));
            std::mem::swap(&mut self.next, &mut self.power);
            let mut largest = 0.0_f64;
            for (v, term) in vector.iter_mut().zip(&self.power) {
                *v += term;
                largest = largest.max(term.abs());
            }
            if largest <= 1e-17 * size {
                break;
            }
        }
    }

    /// Multiplies the score by (I - S)^-1.
    fn apply_inverse(&mut self, p: usize) -> Result<(), ()> {
        self.inner.iter_mut().for_each(|v| *v = -*v);
        (0..p).for_each(|k| self.inner[k * p + k] += 1.0);
        match cholesky(&mut self.inner, p) {
            Ok(least) if least > ZERO => {}
            _ => return Err(()),
        }
        // The least ratio of pivots does not see a diagonal element that is itself near 0.
        if (0..p).any(|k| self.inner[k * p + k] * self.inner[k * p + k] <= ZERO) {
            return Err(());
        }
        cholesky_solve(&self.inner, p, &mut self.score);
        Ok(())
    }

    /// The generalised inverse root of the cluster's block of (I - H)(I - H)', H = X M X'W, into `root`. In the
    /// orthonormal columns of the rows times the root of their weights, x_i M x_j = q_i q_j / sqrt(w_i w_j).
    fn oblique_root(&mut self, block: &[f64], weights: &[f64], p: usize) -> Result<(), Failure> {
        let m = weights.len();
        zeros(&mut self.local, m * m);
        for (i, (qi, wi)) in block.chunks_exact(p).zip(weights).enumerate() {
            for (j, (qj, wj)) in block.chunks_exact(p).zip(weights).enumerate().skip(i) {
                let plain = dot(qi, qj);
                let (mut bent, unit) = (0.0, if i == j { 1.0 } else { 0.0 });
                for (row, a) in self.omega.chunks_exact(p).zip(qi) {
                    bent += a * dot(row, qj);
                }
                let ratio = libm::sqrt(wj / wi);
                let value = unit - plain * (ratio + 1.0 / ratio) + bent / libm::sqrt(wi * wj);
                self.local[i * m + j] = value;
                self.local[j * m + i] = value;
            }
        }
        self.own.decompose(&self.local, m).map_err(|_| Failure::NotFinite)?;
        self.own.map(inverse_root, &mut self.root);
        Ok(())
    }

    /// Q_g' W^(1/2) A W^(-1/2) times the residuals (which come times the root of the weights).
    fn oblique_score(&mut self, block: &[f64], weights: &[f64], residuals: &[f64]) {
        let (m, p) = (weights.len(), self.score.len());
        for (i, row) in block.chunks_exact(p).enumerate() {
            let line = self.root[i * m..(i + 1) * m].iter().zip(residuals.iter().zip(weights));
            let bent: f64 = line.map(|(a, (e, w))| a * e / libm::sqrt(*w)).sum();
            let along = libm::sqrt(weights[i]) * bent;
            self.score.iter_mut().zip(row).for_each(|(s, v)| *s += along * v);
        }
    }

    /// v = A W^(1/2) Q_g direction; keeps Q_g' W^(-1/2) v, Q_g' W^(1/2) v and v'v.
    fn oblique_pair(&mut self, block: &[f64], weights: &[f64], direction: &[f64]) {
        let (m, p) = (weights.len(), direction.len());
        self.power.clear();
        let ahead = block.chunks_exact(p).zip(weights);
        self.power.extend(ahead.map(|(row, w)| libm::sqrt(*w) * dot(row, direction)));
        let first = self.pairs.len();
        self.pairs.resize(first + 2 * p, 0.0);
        let mut square = 0.0;
        for (i, row) in block.chunks_exact(p).enumerate() {
            let v = dot(&self.root[i * m..(i + 1) * m], &self.power);
            square += v * v;
            let root = libm::sqrt(weights[i]);
            for (k, value) in row.iter().enumerate() {
                self.pairs[first + k] += value * v / root;
                self.pairs[first + p + k] += value * v * root;
            }
        }
        self.squares.push(square);
    }
}

fn inverse_root(value: f64) -> f64 {
    if value > ZERO { 1.0 / libm::sqrt(value) } else { 0.0 }
}
