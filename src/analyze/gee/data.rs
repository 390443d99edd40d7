//! From a data set to the rows of a marginal regression.

use super::failure::{of_covariance, of_fit};
use super::options::Gee as Declared;
use crate::analyze::CannotAnswer;
use crate::analyze::critical::Critical;
use crate::analyze::difference::Groups;
use crate::analyze::failure::no_rows;
use crate::analyze::filter::Filter;
use crate::analyze::long::LongRows;
use crate::statistics::gee::{Correlation, Covariance, Gee, Row, Settings, Summary};
use crate::tables::{Estimate, FailureKind, FitFailure, Observed, ObservedSchema, WarningKind};

/// Where the columns come from.
pub(super) enum Columns {
    /// The model.
    Model,
    /// A mean for each wave, and beside it the difference of two groups at that wave.
    Difference(Box<Groups>),
}

/// A marginal regression of one data set after the other, with its buffers.
pub(super) struct Data {
    long: LongRows,
    columns: Columns,
    waves: Vec<usize>,
    /// The condition on records, read at `at`.
    pub(super) restrict: Option<Filter>,
    /// The wave at which conditions on records are read.
    pub(super) at: usize,
    by_cluster: bool,
    settings: Settings,
    /// Names of all columns.
    pub(super) names: Vec<String>,
    /// Positions of the columns that some row has, those that are fitted.
    pub(super) kept: Vec<usize>,
    pub(super) gee: Gee,
    mask: Vec<u8>,
    /// Rows that count, by their position among the long rows.
    counted: Vec<usize>,
    /// Their columns.
    rows: Vec<f64>,
    pattern: Vec<f64>,
    covariance: Vec<f64>,
    warning: Option<WarningKind>,
}

impl Data {
    pub(super) fn new(
        declared: &Declared,
        settings: Settings,
        mut long: LongRows,
        columns: Columns,
        waves: Vec<usize>,
        schema: &ObservedSchema,
    ) -> Result<Self, CannotAnswer> {
        if let Some(name) = &declared.weights {
            long = long.weighted_by(name, schema)?;
        }
        if let Some(name) = &declared.cluster {
            long = long.clustered_by(name, schema)?;
        }
        let names = match &columns {
            Columns::Model => long.design.names.clone(),
            Columns::Difference(_) => {
                let of_wave = |w: &usize| [format!("mean at wave {}", w + 1), format!("difference at wave {}", w + 1)];
                waves.iter().flat_map(of_wave).collect()
            }
        };
        Ok(Self {
            long,
            columns,
            waves,
            restrict: None,
            at: 0,
            by_cluster: declared.cluster.is_some(),
            settings,
            names,
            kept: Vec::new(),
            gee: Gee::default(),
            mask: Vec::new(),
            counted: Vec::new(),
            rows: Vec::new(),
            pattern: Vec::new(),
            covariance: Vec::new(),
            warning: None,
        })
    }

    /// Fits a data set.
    pub(super) fn fit(&mut self, observed: &Observed<'_>) -> Result<Summary, FitFailure> {
        self.long.collect(observed)?;
        self.find_counted(observed);
        self.fill_rows();
        self.keep_columns()?;
        self.push(observed);
        let settings = self.settings;
        let summary = self.gee.fit(&settings).map_err(|failure| {
            let names: Vec<String> = self.kept.iter().map(|k| self.names[*k].clone()).collect();
            let width = self.names.len();
            let kept = |row: &[f64]| self.kept.iter().map(|k| row[*k]).collect::<Vec<f64>>();
            let rows: Vec<f64> = self.rows.chunks_exact(width).flat_map(kept).collect();
            of_fit(failure, &names, &rows)
        })?;
        self.warning = self.warning_of(&summary);
        Ok(summary)
    }

    /// What is to be said of the last fit.
    fn warning_of(&self, summary: &Summary) -> Option<WarningKind> {
        // Answers that count as independent are possible always.
        let impossible = || {
            let pairs = self.gee.impossible_pairs().map_or(0, |(impossible, _)| impossible);
            summary.correlation != Correlation::Independence && pairs > 0
        };
        (WarningKind::OtherModel.when(summary.fell_back.is_some()))
            .or_else(|| WarningKind::FittedAtEdge.when(self.gee.is_at_edge()))
            .or_else(|| WarningKind::ImpossibleCorrelation.when(impossible()))
    }

    /// Says which rows count: those whose record fulfils the conditions.
    fn find_counted(&mut self, observed: &Observed<'_>) {
        match &mut self.restrict {
            Some(filter) => filter.apply(observed, self.at, &mut self.mask),
            None => {
                self.mask.clear();
                self.mask.resize(observed.records(), 1);
            }
        }
        if let Columns::Difference(groups) = &mut self.columns {
            groups.read(observed, self.at);
            let either = groups.first.iter().zip(&groups.second).map(|(first, second)| first | second);
            self.mask.iter_mut().zip(either).for_each(|(m, either)| *m &= either);
        }
        self.counted.clear();
        let records = self.long.record.iter().enumerate();
        self.counted.extend(records.filter(|(_, record)| self.mask.get(**record) == Some(&1)).map(|(i, _)| i));
    }

    fn fill_rows(&mut self) {
        let width = self.names.len();
        self.rows.clear();
        for i in &self.counted {
            match &self.columns {
                Columns::Model => self.rows.extend_from_slice(&self.long.rows[i * width..(i + 1) * width]),
                Columns::Difference(groups) => {
                    let place = self.waves.iter().position(|wave| *wave == self.long.wave[*i]).unwrap_or(0);
                    let start = self.rows.len();
                    self.rows.resize(start + width, 0.0);
                    self.rows[start + 2 * place] = 1.0;
                    let first = groups.first.get(self.long.record[*i]).copied().unwrap_or(0);
                    self.rows[start + 2 * place + 1] = f64::from(first);
                }
            }
        }
    }

    /// Leaves out columns without a row: levels that do not occur, waves at which nobody answered, and the difference
    /// at a wave where one of the two groups is missing.
    fn keep_columns(&mut self) -> Result<(), FitFailure> {
        let width = self.names.len();
        let sum = |k: usize| self.rows.iter().skip(k).step_by(width).filter(|v| **v != 0.0).count();
        self.kept.clear();
        let Columns::Difference(_) = self.columns else {
            self.kept.extend((0..width).filter(|k| self.rows.iter().skip(*k).step_by(width).any(|v| *v != 0.0)));
            return Ok(());
        };
        for (place, wave) in self.waves.iter().enumerate() {
            let (all, first) = (sum(2 * place), sum(2 * place + 1));
            if *wave == self.at && all == 0 {
                return Err(no_rows(*wave));
            }
            if *wave == self.at && (first == 0 || first == all) {
                let which = if first == 0 { "first" } else { "second" };
                let detail = format!("no record is in the {which} group at wave {}", wave + 1);
                return Err(FitFailure::new(FailureKind::EmptyGroup, detail));
            }
            self.kept.extend((all > 0).then_some(2 * place));
            self.kept.extend((first > 0 && first < all).then_some(2 * place + 1));
        }
        Ok(())
    }

    fn push(&mut self, observed: &Observed<'_>) {
        self.gee.clear(self.kept.len());
        let width = self.names.len();
        let all = self.kept.len() == width;
        for (i, row) in self.counted.iter().zip(self.rows.chunks_exact(width.max(1))) {
            let (record, wave) = (self.long.record[*i], self.long.wave[*i]);
            let given = observed.weights(wave).map_or(1.0, |weights| weights.get(record).copied().unwrap_or(0.0));
            let weight = given * self.long.weight[*i];
            if !all {
                self.pattern.clear();
                self.pattern.extend(self.kept.iter().map(|k| row[*k]));
            }
            self.gee.push(&Row {
                pattern: if all { row } else { &self.pattern },
                outcome: self.long.outcome[*i],
                cluster: if self.by_cluster { self.long.cluster[*i] as usize } else { record },
                wave: i32::try_from(wave).unwrap_or(i32::MAX),
                // A record that a step gave no weight does not count.
                weight: if weight.is_nan() { 0.0 } else { weight },
                offset: self.long.offset[*i],
            });
        }
    }

    /// The estimate of a column of the last fit.
    pub(super) fn estimate(
        &mut self,
        column: usize,
        errors: Covariance,
        t: bool,
        critical: &mut Critical,
    ) -> Result<Estimate, FitFailure> {
        let Some(place) = self.kept.iter().position(|k| *k == column) else {
            return Err(FitFailure::new(FailureKind::Constant, format!("`{}` is 0 throughout", self.names[column])));
        };
        let width = self.kept.len();
        let clusters = self.gee.clusters();
        let covariance = self.gee.covariance(errors, &mut self.covariance);
        covariance.map_err(|failure| of_covariance(failure, clusters, width))?;
        let df = match t {
            false => None,
            true => Some(self.gee.degrees_of_freedom().ok_or_else(|| {
                FitFailure::new(FailureKind::TooFew, format!("{clusters} clusters for {width} coefficients"))
            })?),
        };
        let (estimate, se) = (self.gee.coefficients()[place], libm::sqrt(self.covariance[place * width + place]));
        Ok(interval(estimate, se, df, critical)?.warned(self.warning))
    }
}

/// An estimate with its interval, if it is finite.
fn interval(estimate: f64, se: f64, df: Option<f64>, critical: &mut Critical) -> Result<Estimate, FitFailure> {
    if !(estimate.is_finite() && se.is_finite()) {
        return Err(FitFailure::new(FailureKind::NotFinite, crate::analyze::failure::not_finite(estimate, se)));
    }
    let half = df.map_or(critical.z, |df| critical.t(df)) * se;
    Ok(Estimate {
        estimate,
        model_se: Some(se),
        df,
        interval: Some((estimate - half, estimate + half)),
        ..Estimate::default()
    })
}
