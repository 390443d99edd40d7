//! The estimating equations and their derivative at given coefficients.

use super::family::{Scaled, scaled, scaled_logit};
use super::{Correlation, Failure, Family, Gee, Link, dot};

/// Pearson residuals below this share of the outcomes, squared, are rounding errors.
const NO_RESIDUAL: f64 = 1e-26;

impl Gee {
    /// Everything at the coefficients: residuals, scale, correlation, the equations and their derivative.
    pub(super) fn evaluate(&mut self) -> Result<(), Failure> {
        self.predict()?;
        let squares = dot(&self.residual, &self.residual);
        let outcomes: f64 = self.rows.outcome.iter().zip(&self.rows.weight).map(|(y, w)| w * y * y).sum();
        if squares <= NO_RESIDUAL * outcomes {
            return Err(Failure::NoResidualVariation);
        }
        let reduced = self.reduced();
        self.scale = squares / (self.rows.len() - reduced) as f64;
        if self.working.structure != Correlation::Independence {
            self.working.estimate(&self.rows, &self.residual, self.scale, reduced);
        }
        self.accumulate()
    }

    /// Scaled rows and residuals at the coefficients.
    fn predict(&mut self) -> Result<(), Failure> {
        match self.rows.columns {
            1 => self.predict_columns(1),
            2 => self.predict_columns(2),
            3 => self.predict_columns(3),
            4 => self.predict_columns(4),
            5 => self.predict_columns(5),
            6 => self.predict_columns(6),
            7 => self.predict_columns(7),
            8 => self.predict_columns(8),
            p => self.predict_columns(p),
        }
        // A family and link known to the compiler let it work on rows without asking which they are.
        match (self.settings.family, self.settings.link) {
            (Family::Binomial, Link::Logit) => self.scale_rows(|eta, y, root| Some(scaled_logit(eta, y, root))),
            (Family::Gaussian, Link::Identity) => {
                self.scale_rows(|eta, y, root| scaled(Family::Gaussian, Link::Identity, eta, y, root))
            }
            (family, link) => self.scale_rows(|eta, y, root| scaled(family, link, eta, y, root)),
        }
    }

    #[inline(always)]
    fn predict_columns(&mut self, p: usize) {
        let coefficients = &self.coefficients[..p];
        let rows = self.rows.x.chunks_exact(p).zip(&self.rows.offset);
        for (eta, (row, offset)) in self.eta.iter_mut().zip(rows) {
            *eta = offset + dot(row, coefficients);
        }
    }

    #[inline(always)]
    fn scale_rows(&mut self, scaled: impl Fn(f64, f64, f64) -> Option<Scaled>) -> Result<(), Failure> {
        let rows = self.eta.iter().zip(&self.rows.outcome).zip(&self.rows.root_weight);
        let mut least = 1.0_f64;
        for (((eta, y), root), (slope, residual)) in rows.zip(self.slope.iter_mut().zip(&mut self.residual)) {
            let row = scaled(*eta, *y, *root).ok_or(Failure::MeanOutOfRange)?;
            (*slope, *residual) = (row.slope, row.residual);
            least = if row.variance < least { row.variance } else { least };
        }
        self.least_variance = least;
        Ok(())
    }

    /// The equations and their derivative, of each cluster and in total.
    pub(super) fn accumulate(&mut self) -> Result<(), Failure> {
        // A number of columns known to the compiler lets it unroll the small loops and keep the sums in registers.
        match self.rows.columns {
            1 => self.accumulate_columns(1, &mut [0.0; 4]),
            2 => self.accumulate_columns(2, &mut [0.0; 9]),
            3 => self.accumulate_columns(3, &mut [0.0; 16]),
            4 => self.accumulate_columns(4, &mut [0.0; 25]),
            5 => self.accumulate_columns(5, &mut [0.0; 36]),
            6 => self.accumulate_columns(6, &mut [0.0; 49]),
            7 => self.accumulate_columns(7, &mut [0.0; 64]),
            8 => self.accumulate_columns(8, &mut [0.0; 81]),
            p => {
                let mut sums = std::mem::take(&mut self.sums);
                let result = self.accumulate_columns(p, &mut sums);
                self.sums = sums;
                result
            }
        }
    }

    /// `sums` has room for the square of one more than the columns.
    #[inline(always)]
    fn accumulate_columns(&mut self, p: usize, sums: &mut [f64]) -> Result<(), Failure> {
        let width = p + 1;
        self.total_information.fill(0.0);
        self.total_score.fill(0.0);
        let shares = self.information.chunks_exact_mut(p * p).zip(self.score.chunks_exact_mut(p));
        for (r, (information, score)) in self.rows.ranges().zip(shares) {
            let z = &mut self.whitened[..r.len() * width];
            let rows = self.rows.x[r.start * p..r.end * p].chunks_exact(p);
            let scaled = self.slope[r.clone()].iter().zip(&self.residual[r.clone()]);
            for ((line, x), (slope, residual)) in z.chunks_exact_mut(width).zip(rows).zip(scaled) {
                line.iter_mut().zip(x).for_each(|(v, x)| *v = x * slope);
                line[p] = *residual;
            }
            self.working.whiten(&self.rows, r, z, width, sums)?;
            sums.fill(0.0);
            for line in z.chunks_exact(width) {
                for i in 0..width {
                    for j in 0..=i {
                        sums[i * width + j] += line[i] * line[j];
                    }
                }
            }
            for i in 0..p {
                score[i] = sums[p * width + i];
                self.total_score[i] += score[i];
                for j in 0..=i {
                    let sum = sums[i * width + j];
                    (information[i * p + j], information[j * p + i]) = (sum, sum);
                    self.total_information[i * p + j] += sum;
                }
            }
        }
        Ok(())
    }
}
