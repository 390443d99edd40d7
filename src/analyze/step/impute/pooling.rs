//! The answers for completed data sets, pooled.

use super::Answer;
use crate::statistics::imputation::{Pooled, pool};
use crate::tables::{Estimate, FailureKind, FitFailure};

/// Answers, imputation after imputation.
#[derive(Debug, Default)]
pub(super) struct Pooling {
    answers: Vec<Answer>,
    estimates: Vec<f64>,
    variances: Vec<f64>,
    /// Each estimate pooled; `None` where the rest gives no standard error.
    pub(super) pooled: Vec<Option<Pooled>>,
}

impl Pooling {
    pub(super) fn clear(&mut self) {
        self.answers.clear();
        self.pooled.clear();
    }

    pub(super) fn add(&mut self, answer: Answer) -> Result<(), FitFailure> {
        if self.answers.first().is_some_and(|first| first.estimates.len() != answer.estimates.len()) {
            let detail = "the method gives other estimates for one completed data set than for another";
            return Err(FitFailure::new(FailureKind::NoData, detail));
        }
        self.answers.push(answer);
        Ok(())
    }

    /// Rubin's rules for each estimate. Complete-data degrees of freedom are the mean of those that the rest gives,
    /// infinite where it gives none.
    pub(super) fn answer(&mut self, confidence: f64) -> Result<Answer, FitFailure> {
        let count = self.answers.first().map_or(0, |a| a.estimates.len());
        let mut estimates = Vec::with_capacity(count);
        for k in 0..count {
            let each = || self.answers.iter().filter_map(|a| a.estimates.get(k));
            self.estimates.clear();
            self.estimates.extend(each().map(|e| e.estimate));
            self.variances.clear();
            self.variances.extend(each().filter_map(|e| e.model_se).map(|se| se * se));
            let warning = each().filter_map(|e| e.warning).min();
            let df = each().map(|e| e.df.unwrap_or(f64::INFINITY)).sum::<f64>() / self.answers.len() as f64;
            if self.variances.len() < self.estimates.len() {
                let mean = self.estimates.iter().sum::<f64>() / self.estimates.len() as f64;
                estimates.push(Estimate { estimate: mean, warning, ..Estimate::default() });
                self.pooled.push(None);
                continue;
            }
            let pooled = pool(&self.estimates, &self.variances, df).map_err(|failure| {
                FitFailure::new(FailureKind::NotFinite, format!("the estimates cannot be pooled ({failure:?})"))
            })?;
            estimates.push(estimate(&pooled, confidence).warned(warning));
            self.pooled.push(Some(pooled));
        }
        Ok(Answer { covariance: self.covariance(count), estimates })
    }

    /// Mean covariance within, plus (1 + 1/m) times that between; where every answer has one.
    fn covariance(&self, count: usize) -> Option<Vec<f64>> {
        let m = self.answers.len() as f64;
        let mut total = vec![0.0; count * count];
        for answer in &self.answers {
            let within = answer.covariance.as_ref().filter(|c| c.len() == count * count)?;
            total.iter_mut().zip(within).for_each(|(t, c)| *t += c / m);
        }
        let value = |a: &Answer, k: usize| a.estimates.get(k).map_or(f64::NAN, |e| e.estimate);
        let means: Vec<f64> = (0..count).map(|k| self.answers.iter().map(|a| value(a, k)).sum::<f64>() / m).collect();
        for i in 0..count {
            for j in 0..count {
                let products = self.answers.iter().map(|a| (value(a, i) - means[i]) * (value(a, j) - means[j]));
                total[i * count + j] += (1.0 + 1.0 / m) * products.sum::<f64>() / (m - 1.0);
            }
        }
        (count > 0).then_some(total)
    }
}

/// A pooled estimate with its t interval. Where all completed data sets agree and none has a spread there is none.
pub(super) fn estimate(pooled: &Pooled, confidence: f64) -> Estimate {
    Estimate {
        estimate: pooled.estimate,
        model_se: Some(pooled.standard_error()),
        df: pooled.df.filter(|df| df.is_finite()),
        interval: pooled.interval(confidence),
        ..Estimate::default()
    }
}
