//! Weighted means and their differences at a wave.

use super::{Mean, Weights};
use crate::analyze::Fit;
use crate::analyze::clusters::{Clusters, standard_error};
use crate::analyze::difference::Groups;
use crate::analyze::dropout::Dropout;
use crate::analyze::failure::no_rows;
use crate::analyze::filter::Filter;
use crate::analyze::following::Panel;
use crate::analyze::outcome::Number;
use crate::analyze::warning::no_spread;
use crate::statistics::weighting::{hajek_mean, horvitz_thompson_mean};
use crate::streams::Own;
use crate::tables::{Estimate, FailureKind, FitFailure, Observed, WarningKind};

/// Where the weights come from.
pub(super) enum Source {
    /// Pooled models on counts of cells.
    Cells(Box<Weights>),
    /// Models on rows.
    Rows(Box<Panel>, Box<Dropout>),
}

impl Source {
    fn work_out(&mut self, observed: &Observed<'_>) -> Result<(), FitFailure> {
        match self {
            Self::Cells(weights) => weights.work_out(observed),
            Self::Rows(panel, dropout) => {
                panel.read_to_last(observed)?;
                dropout.fit(observed, panel)
            }
        }
    }

    /// 1 for the records that answer at a wave.
    fn answering(&self, wave: usize) -> &[u8] {
        match self {
            Self::Cells(weights) => weights.at(wave),
            Self::Rows(panel, _) => panel.histories.at(wave),
        }
    }

    /// The weights at the last wave.
    fn weights(&self) -> &[f64] {
        match self {
            Self::Cells(weights) => weights.weight(),
            Self::Rows(panel, dropout) => dropout.weighting.at(panel.last),
        }
    }

    fn warning(&self) -> Option<WarningKind> {
        match self {
            Self::Cells(weights) => weights.warning(),
            Self::Rows(_, dropout) => dropout.warning(),
        }
    }

    fn add_uncertainty(&mut self, slopes: &[f64], influence: &mut [f64]) {
        match self {
            Self::Cells(weights) => weights.add_uncertainty(slopes, influence),
            Self::Rows(panel, dropout) => dropout.add_uncertainty(slopes, panel.last, influence),
        }
    }
}

/// Buffers.
#[derive(Default)]
pub(super) struct Work {
    values: Vec<f64>,
    /// 1 for the records that fulfil the condition.
    mask: Vec<u8>,
    /// 1 for those of a side that still answer, and for those they stand for.
    counts: Vec<u8>,
    stands_for: Vec<u8>,
    /// What each record adds to the estimate's error, and the estimate's slope in the logarithm of each weight.
    influence: Vec<f64>,
    slopes: Vec<f64>,
}

pub(super) struct IpwFit {
    pub(super) wave: usize,
    pub(super) outcome: Number,
    pub(super) restrict: Option<Filter>,
    pub(super) groups: Option<Groups>,
    /// Whether the models of still answering are part of the estimating equations.
    pub(super) estimated: bool,
    pub(super) mean: Mean,
    pub(super) clusters: Option<Clusters>,
    pub(super) source: Source,
    pub(super) z: f64,
    pub(super) work: Work,
}

impl Fit for IpwFit {
    fn fit(&mut self, observed: &Observed<'_>, _stream: &mut Own) -> Result<Estimate, FitFailure> {
        self.source.work_out(observed)?;
        let records = observed.records();
        let work = &mut self.work;
        self.outcome.read(observed, self.wave, &mut work.values);
        work.mask.clear();
        match &mut self.restrict {
            Some(filter) => filter.apply(observed, self.wave, &mut work.mask),
            None => work.mask.resize(records, 1),
        }
        for buffer in [&mut work.influence, &mut work.slopes] {
            buffer.clear();
            buffer.resize(records, 0.0);
        }
        let (source, mean, wave) = (&self.source, self.mean, self.wave);
        let estimate = match &mut self.groups {
            None => work.side(source, mean, wave, None, 1.0).ok_or_else(|| no_rows(wave))?,
            Some(groups) => {
                groups.read(observed, wave);
                let empty = |which: &str| {
                    let detail = format!("nobody in the {which} group still answers at wave {}", wave + 1);
                    FitFailure::new(FailureKind::EmptyGroup, detail)
                };
                let first = work.side(source, mean, wave, Some(&groups.first), 1.0).ok_or_else(|| empty("first"))?;
                first - work.side(source, mean, wave, Some(&groups.second), -1.0).ok_or_else(|| empty("second"))?
            }
        };
        if self.estimated {
            if mean == Mean::Hajek {
                work.slopes.copy_from_slice(&work.influence);
            }
            self.source.add_uncertainty(&work.slopes, &mut work.influence);
        }
        let se = standard_error(self.clusters.as_mut(), observed, &work.influence);
        finite(estimate, se)?;
        let interval = Some((estimate - self.z * se, estimate + self.z * se));
        let found = Estimate { estimate, model_se: Some(se), interval, ..Estimate::default() };
        Ok(found.warned(no_spread(estimate, se)).warned(self.source.warning()))
    }
}

impl Work {
    /// The weighted mean of a group, or of everyone. Nothing if nobody is left.
    fn side(&mut self, source: &Source, mean: Mean, wave: usize, group: Option<&[u8]>, sign: f64) -> Option<f64> {
        let Self { values, mask, counts, stands_for, influence, slopes } = self;
        let chosen = |out: &mut Vec<u8>, answering: &[u8]| {
            out.clear();
            out.extend(mask.iter().zip(answering).map(|(m, a)| m & a));
            group.into_iter().for_each(|group| out.iter_mut().zip(group).for_each(|(o, g)| *o &= g));
        };
        chosen(counts, source.answering(wave));
        match mean {
            Mean::Hajek => hajek_mean(source.weights(), values, counts, sign, influence),
            Mean::HorvitzThompson => {
                chosen(stands_for, source.answering(0));
                horvitz_thompson_mean(source.weights(), values, counts, stands_for, sign, influence, slopes)
            }
        }
    }
}

/// Refuses an estimate that is no number.
pub(super) fn finite(estimate: f64, se: f64) -> Result<(), FitFailure> {
    match estimate.is_finite() && se.is_finite() {
        true => Ok(()),
        false => Err(FitFailure::new(FailureKind::NotFinite, crate::analyze::failure::not_finite(estimate, se))),
    }
}
