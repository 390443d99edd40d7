//! The rows of a problem, brought into the order of clusters and of waves within them.

use super::Failure;
use std::ops::Range;

/// One answer of one cluster (a person, as a rule) at one wave.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The row of the design matrix, with the intercept's 1 if there is an intercept.
    pub pattern: &'a [f64],
    /// The outcome.
    pub outcome: f64,
    /// A number that rows of the same cluster share; clusters need not be numbered without gaps.
    pub cluster: usize,
    /// The number of the wave. Only differences matter.
    pub wave: i32,
    /// Prior weight, at least 0: the variance is the scale times the variance function over the weight.
    pub weight: f64,
    /// Added to the linear predictor.
    pub offset: f64,
}

/// Rows in buffers that are used again.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    pub(super) columns: usize,
    pub(super) x: Vec<f64>,
    pub(super) outcome: Vec<f64>,
    pub(super) weight: Vec<f64>,
    /// The roots of the weights.
    pub(super) root_weight: Vec<f64>,
    pub(super) offset: Vec<f64>,
    cluster: Vec<usize>,
    pub(super) wave: Vec<i32>,
    order: Vec<usize>,
    numbers: Vec<f64>,
    /// First row of each cluster, and the number of rows at the end.
    starts: Vec<usize>,
    /// The distinct waves, ascending.
    pub(super) waves: Vec<i32>,
    /// Position of each row's wave in `waves`.
    pub(super) level: Vec<usize>,
}

impl Rows {
    pub(super) fn clear(&mut self, columns: usize) {
        self.columns = columns;
        for buffer in [&mut self.x, &mut self.outcome, &mut self.weight, &mut self.offset] {
            buffer.clear();
        }
        self.cluster.clear();
        self.wave.clear();
    }

    pub(super) fn push(&mut self, row: &Row<'_>) {
        self.x.extend(row.pattern.iter().copied().chain(std::iter::repeat(0.0)).take(self.columns));
        self.outcome.push(row.outcome);
        self.weight.push(row.weight);
        self.offset.push(row.offset);
        self.cluster.push(row.cluster);
        self.wave.push(row.wave);
    }

    pub(super) fn len(&self) -> usize {
        self.outcome.len()
    }

    /// Number of clusters.
    pub(super) fn clusters(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// The rows of each cluster.
    #[inline]
    pub(super) fn ranges(&self) -> impl Iterator<Item = Range<usize>> {
        self.starts.windows(2).map(|w| w[0]..w[1])
    }

    /// Rows of the largest cluster.
    pub(super) fn largest(&self) -> usize {
        self.ranges().map(|r| r.len()).max().unwrap_or(0)
    }

    /// Number the caller gave to a cluster.
    pub(super) fn number_of(&self, cluster: usize) -> usize {
        self.starts.get(cluster).and_then(|row| self.cluster.get(*row)).copied().unwrap_or(cluster)
    }

    /// Orders the rows, and finds clusters and waves.
    pub(super) fn arrange(&mut self) -> Result<(), Failure> {
        if self.len() == 0 || self.columns == 0 {
            return Err(Failure::NoRows);
        }
        let numbers = [&self.x, &self.outcome, &self.weight, &self.offset];
        if numbers.iter().any(|list| list.iter().any(|v| !v.is_finite())) || self.weight.iter().any(|w| *w <= 0.0) {
            return Err(Failure::NotFinite);
        }
        self.sort();
        self.starts.clear();
        self.starts.push(0);
        self.starts.extend((1..self.len()).filter(|i| self.cluster[*i] != self.cluster[i - 1]));
        self.starts.push(self.len());
        self.find_waves();
        self.root_weight.clear();
        self.root_weight.extend(self.weight.iter().map(|w| libm::sqrt(*w)));
        if self.clusters() < 2 { Err(Failure::OneCluster) } else { Ok(()) }
    }

    fn sort(&mut self) {
        let key = |i: &usize| (self.cluster[*i], self.wave[*i], *i);
        if (1..self.len()).all(|i| key(&(i - 1)) < key(&i)) {
            return;
        }
        let mut order = std::mem::take(&mut self.order);
        order.clear();
        order.extend(0..self.len());
        order.sort_unstable_by_key(key);
        let p = self.columns;
        self.numbers.clear();
        self.numbers.extend(order.iter().flat_map(|i| &self.x[i * p..(i + 1) * p]));
        std::mem::swap(&mut self.numbers, &mut self.x);
        for list in [&mut self.outcome, &mut self.weight, &mut self.offset] {
            reorder(list, &order, &mut self.numbers);
        }
        reorder(&mut self.wave, &order, &mut self.waves);
        reorder(&mut self.cluster, &order, &mut self.level);
        self.order = order;
    }

    fn find_waves(&mut self) {
        self.waves.clear();
        self.level.clear();
        for wave in &self.wave {
            if let Err(place) = self.waves.binary_search(wave) {
                self.waves.insert(place, *wave);
            }
        }
        let Self { waves, wave, level, .. } = self;
        level.extend(wave.iter().map(|w| waves.binary_search(w).unwrap_or(0)));
    }

    /// The first cluster with two rows at the same wave.
    pub(super) fn repeated_wave(&self) -> Option<usize> {
        let repeated = |r: Range<usize>| self.wave[r].windows(2).any(|w| w[0] == w[1]);
        self.ranges().position(repeated).map(|cluster| self.number_of(cluster))
    }
}

/// Puts a list into an order, with a buffer in which it is built.
fn reorder<T: Copy>(list: &mut Vec<T>, order: &[usize], buffer: &mut Vec<T>) {
    buffer.clear();
    buffer.extend(order.iter().map(|i| list[*i]));
    std::mem::swap(buffer, list);
}
