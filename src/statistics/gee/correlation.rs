//! Working correlations: their moment estimates, and rows whitened by them.
//!
//! Source: Liang and Zeger 1986 (doi:10.1093/biomet/73.1.13).

use super::Failure;
use super::rows::Rows;
use crate::numeric::linear::cholesky;
use std::ops::Range;

/// How answers of one cluster are taken to be correlated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Correlation {
    /// Not at all.
    #[default]
    Independence,
    /// Equally for every pair.
    Exchangeable,
    /// alpha to the power of the number of waves between: a wave that was missed counts.
    Ar1,
    /// A correlation for each pair of waves.
    Unstructured,
}

/// The least share of a variance that the earlier rows of a cluster may leave unexplained.
const LEAST_PIVOT: f64 = 1e-10;

/// A working correlation and its estimate.
#[derive(Clone, Debug, Default)]
pub(super) struct Working {
    pub(super) structure: Correlation,
    /// One value, or one for each pair of waves (12, 13, 23, 14, ...); none where no pair of rows is there.
    pub(super) alpha: Vec<Option<f64>>,
    pairs: Vec<usize>,
    sums: Vec<f64>,
    /// Cholesky factor of the correlation of the waves in `pattern`, for the unstructured one.
    factor: Vec<f64>,
    pattern: Vec<usize>,
}

/// Position of a pair of waves, `first < second`, in the upper triangle column after column.
pub(super) fn pair(first: usize, second: usize) -> usize {
    second * second.saturating_sub(1) / 2 + first
}

/// `base` to a power, by repeated squaring.
fn power(base: f64, mut exponent: u32) -> f64 {
    let (mut result, mut square) = (1.0, base);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result *= square;
        }
        square *= square;
        exponent >>= 1;
    }
    result
}

impl Working {
    /// Counts the pairs of rows from which alpha is estimated, less the `k` parameters by which each count is reduced.
    pub(super) fn prepare(&mut self, structure: Correlation, rows: &Rows, k: usize) -> Result<(), Failure> {
        self.structure = structure;
        let levels = rows.waves.len();
        let size = match structure {
            Correlation::Independence => 0,
            Correlation::Exchangeable | Correlation::Ar1 => 1,
            Correlation::Unstructured => levels * levels.saturating_sub(1) / 2,
        };
        self.pairs.clear();
        self.pairs.resize(size, 0);
        self.alpha.clear();
        self.alpha.resize(size, None);
        self.sums.clear();
        self.sums.resize(size, 0.0);
        self.pattern.clear();
        if matches!(structure, Correlation::Ar1 | Correlation::Unstructured)
            && let Some(cluster) = rows.repeated_wave()
        {
            return Err(Failure::RepeatedWave { cluster });
        }
        for r in rows.ranges() {
            match structure {
                Correlation::Independence => {}
                Correlation::Exchangeable => self.pairs[0] += r.len() * (r.len() - 1) / 2,
                Correlation::Ar1 => self.pairs[0] += rows.wave[r].windows(2).filter(|w| next(w)).count(),
                Correlation::Unstructured => {
                    let levels = &rows.level[r];
                    for (j, second) in levels.iter().enumerate() {
                        levels[..j].iter().for_each(|first| self.pairs[pair(*first, *second)] += 1);
                    }
                }
            }
        }
        self.refuse_too_few(rows, k)
    }

    fn refuse_too_few(&self, rows: &Rows, k: usize) -> Result<(), Failure> {
        if self.structure != Correlation::Unstructured {
            // Without any cluster of two there is nothing to be estimated and nothing that needs the estimate.
            let few = self.pairs.first().filter(|pairs| **pairs <= k && rows.largest() > 1);
            return few.map_or(Ok(()), |pairs| Err(Failure::TooFewPairs { waves: None, pairs: *pairs }));
        }
        for (j, second) in rows.waves.iter().enumerate() {
            for (i, first) in rows.waves[..j].iter().enumerate() {
                let pairs = self.pairs[pair(i, j)];
                if pairs > 0 && pairs <= k {
                    return Err(Failure::TooFewPairs { waves: Some((*first, *second)), pairs });
                }
            }
        }
        Ok(())
    }

    /// Moment estimates from Pearson residuals: `sum of r r' / (scale (pairs - k))`.
    pub(super) fn estimate(&mut self, rows: &Rows, residual: &[f64], scale: f64, k: usize) {
        self.sums.fill(0.0);
        self.pattern.clear();
        for r in rows.ranges() {
            let residual = &residual[r.clone()];
            match self.structure {
                Correlation::Independence => {}
                Correlation::Exchangeable => {
                    let (mut sum, mut squares) = (0.0, 0.0);
                    residual.iter().for_each(|e| (sum, squares) = (sum + e, squares + e * e));
                    self.sums[0] += 0.5 * (sum * sum - squares);
                }
                Correlation::Ar1 => {
                    for (waves, e) in rows.wave[r].windows(2).zip(residual.windows(2)) {
                        self.sums[0] += if next(waves) { e[0] * e[1] } else { 0.0 };
                    }
                }
                Correlation::Unstructured => {
                    let levels = &rows.level[r];
                    for j in 0..levels.len() {
                        for i in 0..j {
                            self.sums[pair(levels[i], levels[j])] += residual[i] * residual[j];
                        }
                    }
                }
            }
        }
        for ((alpha, sum), pairs) in self.alpha.iter_mut().zip(&self.sums).zip(&self.pairs) {
            *alpha = (*pairs > k).then(|| sum / (scale * (pairs - k) as f64));
        }
    }

    /// The working correlation of two waves by their positions; none where it is not estimated.
    pub(super) fn between(&self, rows: &Rows, i: usize, j: usize) -> Option<f64> {
        if i == j {
            return Some(1.0);
        }
        let single = || self.alpha.first().copied().flatten();
        match self.structure {
            Correlation::Independence => Some(0.0),
            Correlation::Exchangeable => single(),
            Correlation::Ar1 => Some(power(single()?, rows.waves.get(i)?.abs_diff(*rows.waves.get(j)?))),
            Correlation::Unstructured => self.alpha.get(pair(i.min(j), i.max(j))).copied().flatten(),
        }
    }

    /// Multiplies the rows of one cluster in `z` (`width` numbers each) by a matrix W with `W'W` the inverse of the
    /// working correlation. `mean` has room for a row.
    #[inline(always)]
    pub(super) fn whiten(
        &mut self,
        rows: &Rows,
        r: Range<usize>,
        z: &mut [f64],
        width: usize,
        mean: &mut [f64],
    ) -> Result<(), Failure> {
        if r.len() < 2 {
            return Ok(());
        }
        match self.structure {
            Correlation::Independence => Ok(()),
            Correlation::Exchangeable => self.whiten_exchangeable(z, r.len(), width, mean),
            Correlation::Ar1 => self.whiten_ar1(&rows.wave[r], z, width),
            Correlation::Unstructured => self.whiten_unstructured(rows, r, z, width),
        }
    }

    /// The symmetric root of the inverse: of a correlation whose eigenvalues are 1 + (m - 1) alpha along the mean of
    /// the m rows and 1 - alpha across it.
    #[inline(always)]
    fn whiten_exchangeable(&mut self, z: &mut [f64], m: usize, width: usize, mean: &mut [f64]) -> Result<(), Failure> {
        let alpha = self.single()?;
        let (across, along) = (1.0 - alpha, 1.0 + (m as f64 - 1.0) * alpha);
        if !(across > LEAST_PIVOT && along > LEAST_PIVOT) {
            return Err(Failure::NotPositiveDefinite);
        }
        let factor = 1.0 / libm::sqrt(across);
        let share = (1.0 - libm::sqrt(across / along)) / m as f64;
        let mean = &mut mean[..width];
        mean.fill(0.0);
        for line in z.chunks_exact(width) {
            mean.iter_mut().zip(line).for_each(|(sum, v)| *sum += v);
        }
        mean.iter_mut().for_each(|sum| *sum *= share);
        for line in z.chunks_exact_mut(width) {
            line.iter_mut().zip(mean.iter()).for_each(|(v, mean)| *v = (*v - mean) * factor);
        }
        Ok(())
    }

    /// Each row less what the row before it in time tells, also over a gap: the correlations of a Markov sequence.
    #[inline(always)]
    fn whiten_ar1(&self, waves: &[i32], z: &mut [f64], width: usize) -> Result<(), Failure> {
        let alpha = self.single()?;
        for i in (1..waves.len()).rev() {
            let along = power(alpha, waves[i].abs_diff(waves[i - 1]));
            let rest = 1.0 - along * along;
            if !(rest > LEAST_PIVOT && alpha.abs() < 1.0) {
                return Err(Failure::NotPositiveDefinite);
            }
            let factor = 1.0 / libm::sqrt(rest);
            let (before, line) = z.split_at_mut(i * width);
            let before = &before[(i - 1) * width..];
            line.iter_mut().zip(before).for_each(|(v, b)| *v = (*v - along * b) * factor);
        }
        Ok(())
    }

    #[inline(always)]
    fn whiten_unstructured(
        &mut self,
        rows: &Rows,
        r: Range<usize>,
        z: &mut [f64],
        width: usize,
    ) -> Result<(), Failure> {
        let m = r.len();
        if self.pattern != rows.level[r.clone()] {
            self.factorise(&rows.level[r])?;
        }
        for i in 0..m {
            let (before, line) = z.split_at_mut(i * width);
            let line = &mut line[..width];
            let factors = &self.factor[i * m..=i * m + i];
            for (factor, earlier) in factors.iter().zip(before.chunks_exact(width)) {
                line.iter_mut().zip(earlier).for_each(|(v, b)| *v -= factor * b);
            }
            let scale = 1.0 / factors[i];
            line.iter_mut().for_each(|v| *v *= scale);
        }
        Ok(())
    }

    /// The Cholesky factor for a cluster with these waves; most clusters have the waves of the one before.
    fn factorise(&mut self, levels: &[usize]) -> Result<(), Failure> {
        let m = levels.len();
        self.factor.clear();
        self.factor.resize(m * m, 0.0);
        for i in 0..m {
            for j in 0..i {
                let alpha = self.alpha.get(pair(levels[j], levels[i])).copied().flatten();
                self.factor[i * m + j] = alpha.ok_or(Failure::NotPositiveDefinite)?;
            }
            self.factor[i * m + i] = 1.0;
        }
        match cholesky(&mut self.factor, m) {
            Ok(least) if least > LEAST_PIVOT => {}
            _ => return Err(Failure::NotPositiveDefinite),
        }
        self.pattern.clear();
        self.pattern.extend_from_slice(levels);
        Ok(())
    }

    #[inline(always)]
    fn single(&self) -> Result<f64, Failure> {
        self.alpha.first().copied().flatten().ok_or(Failure::NotPositiveDefinite)
    }
}

/// Whether two waves follow each other.
fn next(waves: &[i32]) -> bool {
    waves[0].abs_diff(waves[1]) == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_go_column_after_column() {
        let order = [(0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3)];
        order.iter().enumerate().for_each(|(k, (i, j))| assert_eq!(pair(*i, *j), k));
    }

    #[test]
    fn powers() {
        assert_eq!((power(-0.5, 3), power(0.3, 0), power(2.0, 10)), (-0.125, 1.0, 1024.0));
    }
}
