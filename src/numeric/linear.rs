//! Small dense solvers on flat buffers: Cholesky in place, and an orthogonal decomposition that finds the first column
//! that depends on the ones before it. For the few columns of a regression (up to some 30) they need no allocation.
//!
//! Source: Golub and Van Loan 2013, Matrix Computations, 4th ed., 4.2 and 5.2.7-5.2.8 (doi:10.56021/9781421407944).

/// Replaces the lower triangle of a symmetric `p` x `p` matrix, row after row, by its Cholesky factor. Only the lower
/// triangle is read.
///
/// Gives the least ratio of a pivot to the diagonal element it came from: the share of a column that the columns
/// before it do not explain.
///
/// # Errors
/// The column at which the matrix is no longer positive definite.
pub fn cholesky(a: &mut [f64], p: usize) -> Result<f64, usize> {
    let mut least = 1.0_f64;
    for j in 0..p {
        let before = a[j * p + j];
        let mut pivot = before;
        for k in 0..j {
            pivot -= a[j * p + k] * a[j * p + k];
        }
        // Also refuses NaN.
        if !(pivot > 0.0 && pivot.is_finite()) {
            return Err(j);
        }
        least = least.min(pivot / before);
        let root = libm::sqrt(pivot);
        a[j * p + j] = root;
        for i in j + 1..p {
            let mut sum = a[i * p + j];
            for k in 0..j {
                sum -= a[i * p + k] * a[j * p + k];
            }
            a[i * p + j] = sum / root;
        }
    }
    Ok(least)
}

/// Solves `L L' x = b` in place for a factor made by [`cholesky`].
pub fn cholesky_solve(l: &[f64], p: usize, b: &mut [f64]) {
    for i in 0..p {
        let mut sum = b[i];
        for k in 0..i {
            sum -= l[i * p + k] * b[k];
        }
        b[i] = sum / l[i * p + i];
    }
    for i in (0..p).rev() {
        let mut sum = b[i];
        for k in i + 1..p {
            sum -= l[k * p + i] * b[k];
        }
        b[i] = sum / l[i * p + i];
    }
}

/// One column of the inverse of `L L'`, into `out`.
pub fn cholesky_inverse_column(l: &[f64], p: usize, column: usize, out: &mut [f64]) {
    out[..p].fill(0.0);
    out[column] = 1.0;
    cholesky_solve(l, p, out);
}

/// Share of a column's length below which it counts as a linear combination of the columns before it.
pub const RANK_TOLERANCE: f64 = 1e-7;

/// `X = Q R` for a matrix with `rows` rows. The columns are taken in the order given, never exchanged, so that a
/// dependent column can be named. Buffers are kept from call to call.
#[derive(Clone, Debug, Default)]
pub struct Orthogonal {
    /// Q, column after column.
    q: Vec<f64>,
    /// R, row after row, upper triangle.
    r: Vec<f64>,
    rows: usize,
    columns: usize,
}

impl Orthogonal {
    /// Decomposes the matrix that `x` holds row after row.
    ///
    /// # Errors
    /// The first column that is a linear combination of the ones before it (or zero).
    pub fn decompose(&mut self, x: &[f64], columns: usize) -> Result<(), usize> {
        let rows = x.len().checked_div(columns).unwrap_or(0);
        (self.rows, self.columns) = (rows, columns);
        self.q.clear();
        self.q.resize(rows * columns, 0.0);
        self.r.clear();
        self.r.resize(columns * columns, 0.0);
        for (i, row) in x.chunks_exact(columns.max(1)).enumerate() {
            for (j, value) in row.iter().enumerate() {
                self.q[j * rows + i] = *value;
            }
        }
        (0..columns).try_for_each(|j| self.make_orthogonal(j))
    }

    fn make_orthogonal(&mut self, j: usize) -> Result<(), usize> {
        let (n, p) = (self.rows, self.columns);
        let (done, rest) = self.q.split_at_mut(j * n);
        let column = &mut rest[..n];
        let length = norm(column);
        // Twice is enough to be orthogonal to rounding error.
        for _ in 0..2 {
            for (k, earlier) in done.chunks_exact(n.max(1)).enumerate() {
                let along = dot(earlier, column);
                self.r[k * p + j] += along;
                column.iter_mut().zip(earlier).for_each(|(c, e)| *c -= along * e);
            }
        }
        let left = norm(column);
        if left.is_nan() || left <= RANK_TOLERANCE * length {
            return Err(j);
        }
        self.r[j * p + j] = left;
        column.iter_mut().for_each(|c| *c /= left);
        Ok(())
    }

    /// A column of Q.
    #[must_use]
    pub fn q(&self, column: usize) -> &[f64] {
        &self.q[column * self.rows..(column + 1) * self.rows]
    }

    /// Least-squares coefficients for an outcome, into `out`; the outcome becomes the residuals.
    pub fn coefficients(&self, outcome: &mut [f64], out: &mut Vec<f64>) {
        let p = self.columns;
        out.clear();
        out.resize(p, 0.0);
        // The second round takes out what rounding left in the first.
        for _ in 0..2 {
            for (k, value) in out.iter_mut().enumerate() {
                let along = dot(self.q(k), outcome);
                *value += along;
                outcome.iter_mut().zip(self.q(k)).for_each(|(e, q)| *e -= along * q);
            }
        }
        for i in (0..p).rev() {
            let row = &self.r[i * p..(i + 1) * p];
            out[i] = (out[i] - dot(&row[i + 1..], &out[i + 1..])) / row[i];
        }
    }

    /// Row `j` of the inverse of R, into `out`: `(X'X)^-1` has `out . out` at (j, j).
    pub fn inverse_row(&self, j: usize, out: &mut Vec<f64>) {
        let p = self.columns;
        out.clear();
        out.resize(p, 0.0);
        for k in j..p {
            let unit = if k == j { 1.0 } else { 0.0 };
            let sum: f64 = out[j..k].iter().enumerate().map(|(m, v)| v * self.r[(j + m) * p + k]).sum();
            out[k] = (unit - sum) / self.r[k * p + k];
        }
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

fn norm(a: &[f64]) -> f64 {
    libm::sqrt(dot(a, a))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_factor_worked_by_hand() {
        // [[4, 2], [2, 10]] = L L' with L = [[2, 0], [1, 3]].
        let mut a = vec![4.0, f64::NAN, 2.0, 10.0];
        assert_eq!(cholesky(&mut a, 2), Ok(0.9));
        assert_eq!((a[0], a[2], a[3]), (2.0, 1.0, 3.0));
        let mut b = vec![8.0, 22.0];
        cholesky_solve(&a, 2, &mut b);
        assert!((b[0] - 1.0).abs() < 1e-15 && (b[1] - 2.0).abs() < 1e-15, "{b:?}");
    }

    #[test]
    fn a_matrix_that_is_not_positive_definite() {
        assert_eq!(cholesky(&mut [1.0, 0.0, 2.0, 1.0], 2), Err(1));
        assert_eq!(cholesky(&mut [f64::NAN], 1), Err(0));
    }

    #[test]
    fn the_dependent_column_is_named() {
        // Column 2 = column 0 + 2 * column 1.
        let x = [1.0, 1.0, 3.0, 1.0, 2.0, 5.0, 1.0, 4.0, 9.0, 1.0, 0.5, 2.0];
        assert_eq!(Orthogonal::default().decompose(&x, 3), Err(2));
        assert_eq!(Orthogonal::default().decompose(&[0.0, 0.0], 1), Err(0));
    }

    #[test]
    fn least_squares_through_three_points() {
        // y = 1 + 2 x + (0.1, -0.2, 0.1), whose disturbance is orthogonal to 1 and x.
        let mut solver = Orthogonal::default();
        solver.decompose(&[1.0, 0.0, 1.0, 1.0, 1.0, 2.0], 2).unwrap();
        let (mut y, mut b, mut row) = (vec![1.1, 2.8, 5.1], Vec::new(), Vec::new());
        solver.coefficients(&mut y, &mut b);
        assert!((b[0] - 1.0).abs() < 1e-14 && (b[1] - 2.0).abs() < 1e-14, "{b:?}");
        assert!((y[0] - 0.1).abs() < 1e-14 && (y[1] + 0.2).abs() < 1e-14, "{y:?}");
        // (X'X)^-1 = [[5/6, -1/2], [-1/2, 1/2]].
        solver.inverse_row(0, &mut row);
        assert!((dot(&row, &row) - 5.0 / 6.0).abs() < 1e-14);
        solver.inverse_row(1, &mut row);
        assert!((dot(&row, &row) - 0.5).abs() < 1e-14);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn solving_undoes_multiplying(x in proptest::collection::vec(-3.0..3.0, 24), b in proptest::collection::vec(-5.0..5.0, 3)) {
            // X'X + I is well conditioned.
            let p = 3;
            let mut a = vec![0.0; 9];
            for row in x.chunks_exact(p) {
                for i in 0..p { for j in 0..p { a[i * p + j] += row[i] * row[j]; } }
            }
            for i in 0..p { a[i * p + i] += 1.0; }
            let mut right: Vec<f64> = (0..p).map(|i| dot(&a[i * p..(i + 1) * p], &b)).collect();
            cholesky(&mut a, p).unwrap();
            cholesky_solve(&a, p, &mut right);
            for (got, want) in right.iter().zip(&b) {
                prop_assert!((got - want).abs() < 1e-9);
            }
        }
    }
}
