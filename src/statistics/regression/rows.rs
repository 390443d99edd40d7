//! What a regression is fitted to, and the same in an order in which clusters stand together.

use super::Failure;

/// The rows of a regression.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// Predictors, row after row; an intercept is a column of ones like any other.
    pub x: &'a [f64],
    /// Number of columns.
    pub columns: usize,
    /// One outcome a row.
    pub outcome: &'a [f64],
    /// One weight a row, at least 0; rows with weight 0 do not count. None: all 1.
    pub weights: Option<&'a [f64]>,
    /// A part of the linear predictor that is known. None: 0.
    pub offset: Option<&'a [f64]>,
    /// The cluster of each row, any numbers in any order.
    pub clusters: Option<&'a [usize]>,
}

impl<'a> Rows<'a> {
    /// Rows without weights, offset and clusters.
    #[must_use]
    pub fn new(x: &'a [f64], columns: usize, outcome: &'a [f64]) -> Self {
        Self { x, columns, outcome, weights: None, offset: None, clusters: None }
    }

    fn check(&self) -> Result<(), Failure> {
        let n = self.outcome.len();
        let fits = |length: Option<usize>| length.is_none_or(|l| l == n);
        let shape = self.columns > 0
            && self.columns.checked_mul(n) == Some(self.x.len())
            && fits(self.weights.map(<[f64]>::len))
            && fits(self.offset.map(<[f64]>::len))
            && fits(self.clusters.map(<[usize]>::len));
        if !shape {
            return Err(Failure::Shape);
        }
        let finite = |values: &[f64]| values.iter().all(|v| v.is_finite());
        let weights = self.weights.is_none_or(|w| w.iter().all(|v| v.is_finite() && *v >= 0.0));
        if finite(self.x) && finite(self.outcome) && self.offset.is_none_or(finite) && weights {
            Ok(())
        } else {
            Err(Failure::NotFinite)
        }
    }
}

/// The rows that count, cluster after cluster.
#[derive(Clone, Debug, Default)]
pub(super) struct Prepared {
    /// Number of columns.
    pub(super) columns: usize,
    /// Predictors, row after row.
    pub(super) x: Vec<f64>,
    /// Outcomes.
    pub(super) outcome: Vec<f64>,
    /// Weights, all above 0.
    pub(super) weights: Vec<f64>,
    /// Whether the weights differ from 1.
    pub(super) weighted: bool,
    /// Offsets.
    pub(super) offset: Vec<f64>,
    /// Whether there is an offset.
    pub(super) has_offset: bool,
    /// Where each row stood.
    pub(super) order: Vec<usize>,
    /// First row of each cluster, then the number of rows; empty without clusters.
    pub(super) starts: Vec<usize>,
}

impl Prepared {
    /// Reads the rows with a positive weight.
    pub(super) fn read(&mut self, rows: &Rows<'_>) -> Result<(), Failure> {
        rows.check()?;
        let p = rows.columns;
        self.columns = p;
        self.weighted = rows.weights.is_some();
        self.has_offset = rows.offset.is_some();
        let Self { x, outcome, weights, offset, order, .. } = self;
        order.clear();
        order.extend((0..rows.outcome.len()).filter(|i| rows.weights.is_none_or(|w| w[*i] > 0.0)));
        if order.is_empty() {
            return Err(Failure::NoRows);
        }
        if let Some(clusters) = rows.clusters
            && !order.is_sorted_by_key(|i| clusters[*i])
        {
            order.sort_unstable_by_key(|i| (clusters[*i], *i));
        }
        x.clear();
        outcome.clear();
        weights.clear();
        offset.clear();
        for i in order.iter() {
            x.extend_from_slice(&rows.x[i * p..(i + 1) * p]);
            outcome.push(rows.outcome[*i]);
            weights.push(rows.weights.map_or(1.0, |w| w[*i]));
            offset.push(rows.offset.map_or(0.0, |o| o[*i]));
        }
        self.find_starts(rows.clusters);
        Ok(())
    }

    fn find_starts(&mut self, clusters: Option<&[usize]>) {
        self.starts.clear();
        let Some(clusters) = clusters else { return };
        for (k, i) in self.order.iter().enumerate() {
            if k == 0 || clusters[*i] != clusters[self.order[k - 1]] {
                self.starts.push(k);
            }
        }
        self.starts.push(self.order.len());
    }

    /// Number of rows.
    pub(super) fn rows(&self) -> usize {
        self.outcome.len()
    }

    /// Number of clusters; `None` without.
    pub(super) fn clusters(&self) -> Option<usize> {
        self.starts.len().checked_sub(1)
    }

    /// The clusters as ranges of rows.
    ///
    /// # Errors
    /// When there are fewer than two.
    pub(super) fn need_clusters(&self) -> Result<usize, Failure> {
        match self.clusters() {
            Some(count) if count >= 2 => Ok(count),
            other => Err(Failure::TooFewClusters { clusters: other.unwrap_or(0) }),
        }
    }
}
