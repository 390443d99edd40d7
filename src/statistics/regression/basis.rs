//! Orthonormal columns in place of those given: fits that run on them do not lose digits where columns are large
//! beside their spread (a year, say) or nearly dependent. Coefficients and covariances are carried back.

use super::Failure;
use crate::numeric::linear::Orthogonal;

/// `X = Q R`: Q row after row, and the inverse of R.
#[derive(Clone, Debug, Default)]
pub(super) struct Basis {
    solver: Orthogonal,
    /// Q, row after row.
    pub(super) q: Vec<f64>,
    /// The inverse of R, row after row, an upper triangle.
    pub(super) inverse: Vec<f64>,
    row: Vec<f64>,
    work: Vec<f64>,
    columns: usize,
}

impl Basis {
    /// Decomposes the rows of `x`.
    ///
    /// # Errors
    /// [`Failure::Collinear`].
    pub(super) fn decompose(&mut self, x: &[f64], columns: usize) -> Result<(), Failure> {
        self.columns = columns;
        self.solver.decompose(x, columns).map_err(|column| Failure::Collinear { column })?;
        self.q.clear();
        self.q.resize(x.len(), 0.0);
        self.inverse.clear();
        for j in 0..columns {
            let targets = self.q.iter_mut().skip(j).step_by(columns);
            targets.zip(self.solver.q(j)).for_each(|(to, from)| *to = *from);
            self.solver.inverse_row(j, &mut self.row);
            self.inverse.extend_from_slice(&self.row);
        }
        Ok(())
    }

    /// Least-squares coefficients of an outcome; the outcome becomes the residuals.
    pub(super) fn least_squares(&self, outcome: &mut [f64], out: &mut Vec<f64>) {
        self.solver.coefficients(outcome, out);
    }

    /// Row `j` of the inverse of R.
    pub(super) fn inverse_row(&self, j: usize) -> &[f64] {
        &self.inverse[j * self.columns..(j + 1) * self.columns]
    }

    /// Coefficients of the columns given, from those of the orthonormal ones.
    pub(super) fn carry_back(&self, inner: &[f64], out: &mut Vec<f64>) {
        out.clear();
        out.extend(self.inverse.chunks_exact(self.columns).map(|row| dot(row, inner)));
    }

    /// The covariance of the coefficients of the columns given, from that of the orthonormal ones.
    pub(super) fn carry_covariance(&mut self, inner: &[f64], out: &mut Vec<f64>) {
        let p = self.columns;
        self.work.clear();
        for i in 0..p {
            let row = &self.inverse[i * p..(i + 1) * p];
            self.work.extend((0..p).map(|j| (i..p).map(|k| row[k] * inner[k * p + j]).sum::<f64>()));
        }
        out.clear();
        for i in 0..p {
            let left = &self.work[i * p..(i + 1) * p];
            out.extend((0..p).map(|j| dot(left, &self.inverse[j * p..(j + 1) * p])));
        }
    }
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// Sets a buffer to this many zeros.
pub(super) fn zeros(buffer: &mut Vec<f64>, length: usize) {
    buffer.clear();
    buffer.resize(length, 0.0);
}
