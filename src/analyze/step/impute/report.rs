//! What an imputation has to say: what was imputed how, whether chains have mixed, and, without a method behind it, the
//! means of what was imputed.

use super::Imputation;
use super::layout::Layout;
use super::pooling::estimate;
use crate::statistics::imputation::chained::Report;
use crate::statistics::imputation::trace::scale_reduction;
use crate::statistics::imputation::{Augmentation, Pooled, pool};
use crate::tables::{Finding, Findings, Record, WarningKind};

/// Means of the imputed columns in completed data sets.
#[derive(Debug, Default)]
pub(super) struct Means {
    /// By imputation, then by column: mean and its variance; difference between two groups and its variance.
    overall: Vec<Vec<(f64, f64)>>,
    differences: Vec<Vec<(f64, f64)>>,
}

impl Means {
    pub(super) fn clear(&mut self) {
        self.overall.clear();
        self.differences.clear();
    }

    /// Takes in a completed data set.
    pub(super) fn add(&mut self, layout: &Layout, complete: &[f64], records: usize) {
        let column = |k: usize| complete.get(k * records..(k + 1) * records).unwrap_or(&[]);
        let groups = layout.by.map(column);
        let (mut overall, mut differences) = (Vec::new(), Vec::new());
        for k in shown(layout) {
            let values = column(k);
            overall.push(mean(values.iter().copied(), layout.is_yes_no(k)));
            let of = |g: f64| {
                let rows = values.iter().zip(groups.unwrap_or(&[])).filter(move |(_, h)| **h == g);
                mean(rows.map(|(v, _)| *v), layout.is_yes_no(k))
            };
            let (one, zero) = (of(1.0), of(0.0));
            differences.push((one.0 - zero.0, one.1 + zero.1));
        }
        self.overall.push(overall);
        self.differences.push(differences);
    }
}

/// The columns that have a mean.
fn shown(layout: &Layout) -> impl Iterator<Item = usize> + '_ {
    let has_mean =
        |k: &usize| layout.columns[*k].wanted.is_some_and(|w| layout.imputed[w].is_number()) || layout.is_yes_no(*k);
    (0..layout.columns.len()).filter(has_mean)
}

/// The mean and its variance: p (1 - p) / n for yes or no, s^2 / n for numbers.
fn mean(values: impl Iterator<Item = f64> + Clone, yes_no: bool) -> (f64, f64) {
    let n = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / n;
    let variance =
        if yes_no { mean * (1.0 - mean) } else { values.map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0) };
    (mean, variance / n)
}

impl Layout {
    /// Whether a column is imputed as 0 or 1.
    fn is_yes_no(&self, column: usize) -> bool {
        let wanted = self.columns.get(column).and_then(|c| c.wanted);
        wanted.is_some_and(|w| self.imputed[w].variable.values.len() == 2 && !self.imputed[w].is_number())
    }
}

pub(super) fn findings(step: &Imputation) -> Findings {
    let mut findings = Findings::default();
    let (layout, report, plan) = (&step.layout, step.chained.report(), step.chained.plan());
    let values = &mut findings.values;
    values.set("m", step.declared.m).set("one_pass", report.one_pass);
    values.set("sweeps", if report.one_pass { 1 } else { step.declared.sweeps });
    let mut targets = Vec::new();
    for (k, target) in plan.targets.iter().enumerate() {
        let column = &layout.columns[target.column];
        let mut record = Record::new();
        record.set("variable", column.variable.name.as_str()).set("wave", column.wave.unwrap_or(0) + 1);
        record.set("kind", column.wanted.map_or("", |w| layout.imputed[w].word.word()));
        record.set("missing", step.chained.missing(k));
        record.set("fits", count(report.fits.get(k)));
        record.set("augmented", count(report.augmented.get(k)));
        let left_out = report.left_out.get(k).into_iter().flatten().zip(&target.predictors);
        let left_out: Vec<String> = left_out.filter(|(n, _)| **n > 0).map(|(_, t)| layout.term_name(t)).collect();
        record.set("left_out", left_out);
        record.set("scale_reduction", reduction(step, k, plan.targets.len(), report.one_pass));
        targets.push(Finding::Record(record));
    }
    values.set("imputed", targets);
    let pooled: Vec<Finding> = step.pooling.pooled.iter().map(|p| p.map(|p| describe(&p)).into()).collect();
    values.set("pooled", pooled);
    warn(step, &report, &mut findings.warnings);
    means(step, &mut findings);
    findings.warned(warning(step));
    findings
}

fn count(of: Option<&u64>) -> i64 {
    of.and_then(|n| i64::try_from(*n).ok()).unwrap_or(0)
}

/// The potential scale reduction of the means of a target's imputed values.
fn reduction(step: &Imputation, target: usize, targets: usize, one_pass: bool) -> Option<f64> {
    if one_pass || targets == 0 {
        return None;
    }
    let chains: Vec<f64> = step.traces.iter().skip(target).step_by(targets).copied().collect();
    scale_reduction(&chains, step.declared.m)
}

fn describe(pooled: &Pooled) -> Record {
    let mut record = Record::new();
    record.set("estimate", pooled.estimate).set("within", pooled.within).set("between", pooled.between);
    record.set("total", pooled.total).set("se", pooled.standard_error());
    record.set("riv", pooled.riv).set("lambda", pooled.lambda).set("fmi", pooled.fmi).set("df", pooled.df);
    record
}

/// Whether models that were separated were fitted with pseudo-rows, and whether predictors were left out.
fn troubles(step: &Imputation, report: &Report) -> (bool, bool) {
    let any = |counts: &[u64]| counts.iter().any(|n| *n > 0);
    let augmented = step.declared.augmentation == Augmentation::OnSeparation && any(&report.augmented);
    (augmented, report.left_out.iter().any(|counts| any(counts)))
}

/// What is to be said of every estimate from the last data set.
pub(super) fn warning(step: &Imputation) -> Option<WarningKind> {
    let (augmented, left_out) = troubles(step, &step.chained.report());
    WarningKind::OtherModel.when(left_out).or(WarningKind::PseudoRows.when(augmented))
}

fn warn(step: &Imputation, report: &Report, warnings: &mut Vec<String>) {
    let (augmented, left_out) = troubles(step, report);
    if augmented {
        warnings.push("Some imputation models were separated and were fitted with pseudo-rows.".to_owned());
    }
    if left_out {
        warnings.push("Some predictors were left out of imputation models as collinear; see `left_out`.".to_owned());
    }
}

/// Means by Rubin's rules, where no method stands behind the step.
fn means(step: &Imputation, findings: &mut Findings) {
    let layout = &step.layout;
    let pooled = |all: &[Vec<(f64, f64)>], position: usize| {
        let each = || all.iter().filter_map(|one| one.get(position));
        let (estimates, variances): (Vec<f64>, Vec<f64>) = each().copied().unzip();
        pool(&estimates, &variances, f64::INFINITY).ok()
    };
    let mut list = Vec::new();
    for (position, column) in shown(layout).enumerate() {
        let Some(overall) = pooled(&step.means.overall, position) else { continue };
        let wide = &layout.columns[column];
        let name = format!("{} at wave {}", wide.variable.name, wide.wave.unwrap_or(0) + 1);
        findings.estimate(&name, estimate(&overall, step.confidence));
        let mut record = Record::new();
        record.set("variable", wide.variable.name.as_str()).set("wave", wide.wave.unwrap_or(0) + 1);
        record.set("mean", describe(&overall));
        let difference = pooled(&step.means.differences, position);
        if let Some(difference) = &difference {
            findings.estimate(format!("difference in {name}"), estimate(difference, step.confidence));
        }
        record.set("difference", difference.map(|d| describe(&d)));
        list.push(Finding::Record(record));
    }
    if !list.is_empty() {
        findings.values.set("means", list);
    }
}
