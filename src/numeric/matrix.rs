//! Small dense matrices on flat buffers, row after row: products, solutions with partial pivoting, and the
//! decomposition of symmetric matrices by Jacobi rotations. For the few columns of a regression or the few waves of a
//! person; nothing here is blocked or vectorised for large matrices.
//!
//! Source: Golub and Van Loan 2013, Matrix Computations, 4th ed., 3.4 and 8.5 (doi:10.56021/9781421407944).

/// `a b` for `a` of `rows` x `inner` and `b` of `inner` x `columns`, into `out` (`rows` x `columns`).
pub fn multiply(a: &[f64], b: &[f64], rows: usize, inner: usize, columns: usize, out: &mut Vec<f64>) {
    out.clear();
    out.resize(rows * columns, 0.0);
    for i in 0..rows {
        for k in 0..inner {
            let factor = a[i * inner + k];
            for j in 0..columns {
                out[i * columns + j] += factor * b[k * columns + j];
            }
        }
    }
}

/// The transpose of `a` (`rows` x `columns`), into `out` (`columns` x `rows`).
pub fn transpose(a: &[f64], rows: usize, columns: usize, out: &mut Vec<f64>) {
    out.clear();
    out.resize(rows * columns, 0.0);
    for i in 0..rows {
        for j in 0..columns {
            out[j * rows + i] = a[i * columns + j];
        }
    }
}

/// Adds `weight` times the outer product of `x` with itself to the symmetric `p` x `p` matrix `a`.
pub fn add_outer(a: &mut [f64], x: &[f64], weight: f64) {
    let p = x.len();
    for i in 0..p {
        let factor = weight * x[i];
        for j in 0..p {
            a[i * p + j] += factor * x[j];
        }
    }
}

/// `b' M b` for a `p` x `p` matrix.
#[must_use]
pub fn quadratic(m: &[f64], b: &[f64]) -> f64 {
    let p = b.len();
    let mut sum = 0.0;
    for i in 0..p {
        for j in 0..p {
            sum += b[i] * m[i * p + j] * b[j];
        }
    }
    sum
}

/// `M V M` for symmetric `p` x `p` matrices: the sandwich of a meat `v` between two slices of bread `m`.
pub fn sandwich(m: &[f64], v: &[f64], p: usize, work: &mut Vec<f64>, out: &mut Vec<f64>) {
    multiply(m, v, p, p, p, work);
    multiply(work, m, p, p, p, out);
}

/// The LU decomposition of a square matrix with exchanged rows. The buffers are kept from call to call.
#[derive(Clone, Debug, Default)]
pub struct Lu {
    factors: Vec<f64>,
    order: Vec<usize>,
    odd: bool,
    p: usize,
}

impl Lu {
    /// Decomposes a `p` x `p` matrix.
    ///
    /// # Errors
    /// The column at which no pivot is left above `1e-14` of the column's largest entry, or which is not finite.
    pub fn decompose(&mut self, a: &[f64], p: usize) -> Result<(), usize> {
        self.factors.clear();
        self.factors.extend_from_slice(&a[..p * p]);
        self.order.clear();
        self.order.extend(0..p);
        (self.odd, self.p) = (false, p);
        let f = &mut self.factors;
        for j in 0..p {
            let scale = (0..p).map(|i| a[i * p + j].abs()).fold(0.0, f64::max);
            let mut best = j;
            for i in j + 1..p {
                if f[i * p + j].abs() > f[best * p + j].abs() {
                    best = i;
                }
            }
            let pivot = f[best * p + j];
            // Also refuses NaN.
            if !(pivot.abs() > 1e-14 * scale && pivot.is_finite()) {
                return Err(j);
            }
            if best != j {
                (0..p).for_each(|k| f.swap(j * p + k, best * p + k));
                self.order.swap(j, best);
                self.odd = !self.odd;
            }
            for i in j + 1..p {
                let factor = f[i * p + j] / pivot;
                f[i * p + j] = factor;
                for k in j + 1..p {
                    f[i * p + k] -= factor * f[j * p + k];
                }
            }
        }
        Ok(())
    }

    /// Solves `A x = b` into `x`.
    pub fn solve(&self, b: &[f64], x: &mut Vec<f64>) {
        let (p, f) = (self.p, &self.factors);
        x.clear();
        x.extend(self.order.iter().map(|row| b[*row]));
        for i in 0..p {
            for k in 0..i {
                x[i] -= f[i * p + k] * x[k];
            }
        }
        for i in (0..p).rev() {
            for k in i + 1..p {
                x[i] -= f[i * p + k] * x[k];
            }
            x[i] /= f[i * p + i];
        }
    }

    /// The inverse, row after row, into `out`.
    pub fn inverse(&self, out: &mut Vec<f64>) {
        let p = self.p;
        out.clear();
        out.resize(p * p, 0.0);
        let (mut unit, mut column) = (vec![0.0; p], Vec::with_capacity(p));
        for j in 0..p {
            unit.fill(0.0);
            unit[j] = 1.0;
            self.solve(&unit, &mut column);
            (0..p).for_each(|i| out[i * p + j] = column[i]);
        }
    }

    /// The determinant.
    #[must_use]
    pub fn determinant(&self) -> f64 {
        let product: f64 = (0..self.p).map(|i| self.factors[i * self.p + i]).product();
        if self.odd { -product } else { product }
    }
}

/// The eigenvalues and eigenvectors of a symmetric matrix. The buffers are kept from call to call.
#[derive(Clone, Debug, Default)]
pub struct Symmetric {
    /// Eigenvalues, in no order.
    pub values: Vec<f64>,
    /// Eigenvectors as columns: `vectors[i * p + k]` is entry `i` of vector `k`.
    pub vectors: Vec<f64>,
    work: Vec<f64>,
    p: usize,
}

/// Sweeps after which the rotations have long converged (they do so quadratically).
const SWEEPS: usize = 64;

impl Symmetric {
    /// Decomposes a symmetric `p` x `p` matrix by cyclic Jacobi rotations.
    ///
    /// # Errors
    /// When an entry is not finite.
    pub fn decompose(&mut self, a: &[f64], p: usize) -> Result<(), NotFinite> {
        if a[..p * p].iter().any(|v| !v.is_finite()) {
            return Err(NotFinite);
        }
        self.p = p;
        self.work.clear();
        self.work.extend_from_slice(&a[..p * p]);
        self.vectors.clear();
        self.vectors.resize(p * p, 0.0);
        (0..p).for_each(|i| self.vectors[i * p + i] = 1.0);
        for _ in 0..SWEEPS {
            let mut rotated = false;
            for i in 0..p {
                for j in i + 1..p {
                    rotated |= self.rotate(i, j);
                }
            }
            if !rotated {
                break;
            }
        }
        self.values.clear();
        self.values.extend((0..p).map(|i| self.work[i * p + i]));
        Ok(())
    }

    /// Makes entry (`i`, `j`) zero; says whether it was not.
    fn rotate(&mut self, i: usize, j: usize) -> bool {
        let (p, a) = (self.p, &mut self.work);
        let (aii, ajj, aij) = (a[i * p + i], a[j * p + j], a[i * p + j]);
        if aij.abs() <= f64::EPSILON * 0.25 * libm::sqrt(aii.abs() * ajj.abs()) || aij == 0.0 {
            return false;
        }
        let theta = (ajj - aii) / (2.0 * aij);
        let t = if theta >= 0.0 { 1.0 } else { -1.0 } / (theta.abs() + libm::sqrt(theta * theta + 1.0));
        let c = 1.0 / libm::sqrt(t * t + 1.0);
        let s = t * c;
        for k in 0..p {
            let (x, y) = (a[k * p + i], a[k * p + j]);
            a[k * p + i] = c * x - s * y;
            a[k * p + j] = s * x + c * y;
        }
        for k in 0..p {
            let (x, y) = (a[i * p + k], a[j * p + k]);
            a[i * p + k] = c * x - s * y;
            a[j * p + k] = s * x + c * y;
            let (x, y) = (self.vectors[k * p + i], self.vectors[k * p + j]);
            self.vectors[k * p + i] = c * x - s * y;
            self.vectors[k * p + j] = s * x + c * y;
        }
        (a[i * p + j], a[j * p + i]) = (0.0, 0.0);
        true
    }

    /// `V f(D) V'`: the matrix with the same eigenvectors and `f` of each eigenvalue, into `out`.
    pub fn map(&self, f: impl Fn(f64) -> f64, out: &mut Vec<f64>) {
        let p = self.p;
        out.clear();
        out.resize(p * p, 0.0);
        for (k, value) in self.values.iter().enumerate() {
            let factor = f(*value);
            for i in 0..p {
                for j in 0..p {
                    out[i * p + j] += factor * self.vectors[i * p + k] * self.vectors[j * p + k];
                }
            }
        }
    }

    /// A power of a positive semidefinite matrix, into `out`; eigenvalues of at most `zero` times the largest count as
    /// zero and stay so, as in a Moore-Penrose inverse.
    pub fn power(&self, exponent: f64, zero: f64, out: &mut Vec<f64>) {
        let largest = self.values.iter().copied().fold(0.0, f64::max);
        self.map(|v| if v > zero * largest { libm::pow(v, exponent) } else { 0.0 }, out);
    }
}

/// A matrix has an entry that is not finite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotFinite;

#[cfg(test)]
mod tests {
    use super::*;

    /// A 4 x 4 matrix without symmetry, with a zero where the first pivot would be.
    const A: [f64; 16] = [0.0, 2.0, -1.0, 3.0, 1.0, 5.0, 0.5, -2.0, 4.0, -1.0, 2.5, 0.0, 0.25, 3.0, 1.0, 1.0];

    fn close(a: &[f64], b: &[f64], limit: f64) {
        assert_eq!(a.len(), b.len());
        a.iter().zip(b).for_each(|(x, y)| assert!((x - y).abs() <= limit, "{a:?}\n{b:?}"));
    }

    #[test]
    fn the_inverse_times_the_matrix_is_one() {
        let (mut lu, mut inverse, mut product) = (Lu::default(), Vec::new(), Vec::new());
        lu.decompose(&A, 4).unwrap();
        lu.inverse(&mut inverse);
        multiply(&A, &inverse, 4, 4, 4, &mut product);
        let unit: Vec<f64> = (0..16).map(|k| if k % 5 == 0 { 1.0 } else { 0.0 }).collect();
        close(&product, &unit, 1e-13);
    }

    #[test]
    fn determinants_by_hand() {
        let mut lu = Lu::default();
        // 1 * 4 - 2 * 3 = -2; exchanging the rows changes the sign.
        lu.decompose(&[1.0, 2.0, 3.0, 4.0], 2).unwrap();
        assert!((lu.determinant() + 2.0).abs() < 1e-15);
        lu.decompose(&[3.0, 4.0, 1.0, 2.0], 2).unwrap();
        assert!((lu.determinant() - 2.0).abs() < 1e-15);
    }

    #[test]
    fn a_dependent_column_is_named() {
        let mut lu = Lu::default();
        assert_eq!(lu.decompose(&[1.0, 2.0, 3.0, 2.0, 4.0, 1.0, 3.0, 6.0, 0.5], 3), Err(1));
        assert_eq!(lu.decompose(&[f64::NAN], 1), Err(0));
    }

    #[test]
    fn a_symmetric_matrix_is_its_root_twice() {
        let (mut own, mut root, mut product, mut transposed) =
            (Symmetric::default(), Vec::new(), Vec::new(), Vec::new());
        transpose(&A, 4, 4, &mut transposed);
        let mut positive = Vec::new();
        multiply(&transposed, &A, 4, 4, 4, &mut positive);
        own.decompose(&positive, 4).unwrap();
        own.power(0.5, 1e-12, &mut root);
        multiply(&root, &root, 4, 4, 4, &mut product);
        close(&product, &positive, 1e-12);
    }

    #[test]
    fn eigenvalues_by_hand() {
        // [[2, 1], [1, 2]] has 1 and 3.
        let mut own = Symmetric::default();
        own.decompose(&[2.0, 1.0, 1.0, 2.0], 2).unwrap();
        let mut values = own.values.clone();
        values.sort_by(f64::total_cmp);
        close(&values, &[1.0, 3.0], 1e-15);
        assert_eq!(own.decompose(&[f64::INFINITY], 1), Err(NotFinite));
    }

    #[test]
    fn an_inverse_of_a_singular_matrix_is_moore_and_penroses() {
        // x x' with |x|^2 = 5 has the inverse x x' / 25.
        let (mut own, mut inverse) = (Symmetric::default(), Vec::new());
        own.decompose(&[1.0, 2.0, 2.0, 4.0], 2).unwrap();
        own.power(-1.0, 1e-12, &mut inverse);
        close(&inverse, &[0.04, 0.08, 0.08, 0.16], 1e-15);
    }

    #[test]
    fn quadratic_forms_and_outer_products() {
        let mut m = vec![0.0; 4];
        add_outer(&mut m, &[1.0, 2.0], 3.0);
        assert_eq!(m, [3.0, 6.0, 6.0, 12.0]);
        assert_eq!(quadratic(&m, &[1.0, -1.0]), 3.0);
        let (mut work, mut out) = (Vec::new(), Vec::new());
        sandwich(&[2.0, 0.0, 0.0, 1.0], &m, 2, &mut work, &mut out);
        assert_eq!(out, [12.0, 12.0, 12.0, 12.0]);
    }
}
