//! Whether the Monte Carlo standard errors are right: the spread of each measure over many repetitions of a whole
//! simulation study must equal the Monte Carlo standard error that one study reports.

use super::super::{Column, Fits, catalogue, measure_all};
use crate::streams::{Lane, Purpose, Space, Streams, normal_quantile};

const REPLICATES: usize = 200;
const STUDIES: usize = 2000;

/// Normal numbers of one study, the same in every run.
fn normals(study: usize, what: u32) -> Vec<f64> {
    let lane =
        Lane { purpose: Purpose::named("monte carlo test"), occasion: what, replicate: study as u64, stratum: 0 };
    let mut unit = vec![0.0; REPLICATES];
    Streams::new(7, Space::Study).fill_unit(&lane, 0, &mut unit);
    unit.iter().map(|u| normal_quantile(*u)).collect()
}

struct Study {
    estimate: Vec<f64>,
    other: Vec<f64>,
    model_se: Vec<f64>,
    lower: Vec<f64>,
    upper: Vec<f64>,
    truth: Vec<f64>,
    failed: usize,
    warned: usize,
}

/// A study whose truth has standard deviation `sd_of_truth` about 1; errors are 0.05 + 0.2 z, a tenth of fits fail.
fn study(number: usize, sd_of_truth: f64) -> Study {
    let z: Vec<Vec<f64>> = (0..5).map(|what| normals(number, what)).collect();
    let rows = || 0..REPLICATES;
    let truth: Vec<f64> = rows().map(|i| 1.0 + sd_of_truth * z[0][i]).collect();
    let fails = |i: usize| z[3][i] < normal_quantile(0.1);
    let estimate: Vec<f64> =
        rows().map(|i| if fails(i) { f64::NAN } else { truth[i] + 0.05 + 0.2 * z[1][i] }).collect();
    let model_se: Vec<f64> = rows().map(|i| 0.22 * libm::exp(0.2 * z[2][i])).collect();
    Study {
        lower: rows().map(|i| estimate[i] - 1.5 * model_se[i]).collect(),
        upper: rows().map(|i| estimate[i] + 1.5 * model_se[i]).collect(),
        other: rows().map(|i| truth[i] + 0.15 * z[1][i] + 0.2 * z[4][i]).collect(),
        failed: rows().filter(|i| fails(*i)).count(),
        warned: rows().filter(|i| !fails(*i) && z[4][*i] > 0.3).count(),
        estimate,
        model_se,
        truth,
    }
}

/// For each measure the spread of its value over studies over its mean Monte Carlo standard error.
fn ratios(sd_of_truth: f64) -> Vec<(&'static str, f64)> {
    let mut values: Vec<Vec<f64>> = vec![Vec::new(); catalogue().len()];
    let mut mcses = vec![0.0; catalogue().len()];
    for number in 0..STUDIES {
        let study = study(number, sd_of_truth);
        let fits = Fits {
            estimate: Column::Slice(&study.estimate),
            model_se: Column::Slice(&study.model_se),
            lower: Column::Slice(&study.lower),
            upper: Column::Slice(&study.upper),
            true_value: Column::Slice(&study.truth),
            failed: study.failed,
            warned: study.warned,
            null: Some(0.5),
            size: None,
            // Any numbers would do: both measures are means.
            link_precision: Column::Slice(&study.estimate),
            link_recall: Column::Slice(&study.other),
        };
        let reference = Fits { estimate: Column::Slice(&study.other), ..fits };
        for (k, (_, measured)) in measure_all(&fits, Some(&reference)).into_iter().enumerate() {
            values[k].extend(measured.value);
            mcses[k] += measured.mcse.unwrap_or(f64::NAN) / STUDIES as f64;
        }
    }
    let spread = |x: &[f64]| {
        let mean = x.iter().sum::<f64>() / x.len() as f64;
        (x.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (x.len() - 1) as f64).sqrt()
    };
    catalogue().iter().zip(values).zip(mcses).map(|((entry, v), mcse)| (entry.name, spread(&v) / mcse)).collect()
}

/// With 2000 studies a spread is known to 1.6 %; three times that, and 2 % for what is exact only for many replicates.
fn check(sd_of_truth: f64) {
    for (name, ratio) in ratios(sd_of_truth) {
        if name == "mean_true_value" && sd_of_truth == 0.0 {
            assert!(ratio.is_nan(), "a constant has no Monte Carlo standard error");
            continue;
        }
        assert!((ratio - 1.0).abs() < 0.07, "{name}: spread over studies / reported = {ratio}");
    }
}

#[test]
fn standard_errors_are_right_for_a_constant_truth() {
    check(0.0);
}

#[test]
fn standard_errors_are_right_for_a_truth_that_varies() {
    check(0.5);
}
