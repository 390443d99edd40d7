//! Sums of squares and products of many rows with several hundred columns, in one pass over the rows.

/// Rows gathered before they are multiplied: enough that a pair of columns stays in the processor's registers, few
/// enough that all columns stay in its cache.
const BLOCK: usize = 64;
/// Sums kept side by side. Part of the result: another number rounds differently.
const LANES: usize = 8;

/// Sums, and sums of squares and products, of the columns of a set of rows.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Gram {
    /// Number of rows.
    pub(super) rows: usize,
    /// Sums of the columns.
    pub(super) sums: Vec<f64>,
    /// Sums of products, row after row; only the lower triangle is filled.
    products: Vec<f64>,
    columns: usize,
    /// Rows not yet multiplied, column after column.
    block: Vec<f64>,
    waiting: usize,
}

impl Gram {
    pub(super) fn new(columns: usize) -> Self {
        Self {
            rows: 0,
            sums: vec![0.0; columns],
            products: vec![0.0; columns * columns],
            columns,
            block: vec![0.0; columns * BLOCK],
            waiting: 0,
        }
    }

    /// Adds a row of finite numbers. [`finish`](Self::finish) once after the last.
    pub(super) fn add(&mut self, row: &[f64]) {
        for (column, value) in row.iter().enumerate() {
            self.block[column * BLOCK + self.waiting] = *value;
        }
        self.rows += 1;
        self.waiting += 1;
        if self.waiting == BLOCK {
            self.finish();
        }
    }

    /// Multiplies the rows that still wait.
    pub(super) fn finish(&mut self) {
        if self.waiting == 0 {
            return;
        }
        for column in self.block.chunks_exact_mut(BLOCK) {
            column[self.waiting..].fill(0.0);
        }
        self.waiting = 0;
        for i in 0..self.columns {
            let x = &self.block[i * BLOCK..(i + 1) * BLOCK];
            self.sums[i] += x.iter().sum::<f64>();
            for j in 0..=i {
                self.products[i * self.columns + j] += dot(x, &self.block[j * BLOCK..(j + 1) * BLOCK]);
            }
        }
    }

    /// Adds the rows of another set.
    pub(super) fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        self.sums.iter_mut().zip(&other.sums).for_each(|(a, b)| *a += b);
        self.products.iter_mut().zip(&other.products).for_each(|(a, b)| *a += b);
    }

    /// Takes off the rows of a set that was merged.
    pub(super) fn remove(&mut self, other: &Self) {
        self.rows -= other.rows;
        self.sums.iter_mut().zip(&other.sums).for_each(|(a, b)| *a -= b);
        self.products.iter_mut().zip(&other.products).for_each(|(a, b)| *a -= b);
    }

    /// Sum of products of two columns.
    pub(super) fn product(&self, i: usize, j: usize) -> f64 {
        self.products[i.max(j) * self.columns + i.min(j)]
    }

    /// Mean of a column.
    pub(super) fn mean(&self, column: usize) -> f64 {
        self.sums[column] / self.rows as f64
    }

    /// Mean product of two columns around their means.
    pub(super) fn covariance(&self, i: usize, j: usize) -> f64 {
        self.product(i, j) / self.rows as f64 - self.mean(i) * self.mean(j)
    }
}

/// The sum of products, in lanes that a processor adds side by side, always in the same order.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    let (whole_a, whole_b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f64 = whole_a.remainder().iter().zip(whole_b.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in whole_a.zip(whole_b) {
        for k in 0..LANES {
            lanes[k] += x[k] * y[k];
        }
    }
    lanes.iter().sum::<f64>() + rest
}
