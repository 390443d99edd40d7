//! The reference cases in full: models of still answering, weights, and the weighted logistic regression of the
//! outcome with both kinds of standard error, which exercises every derivative of the weights.

use super::*;
use crate::analyze::design::Waves;
use crate::analyze::tests::loader::panel;
use crate::analyze::tests::reference::Case;
use crate::analyze::tests::{estimate, target};
use crate::tables::{ObservedBatch, Quantity};

/// A weighted logistic regression over the waves from `first` on.
struct Weighted {
    coefficients: Vec<f64>,
    known: Vec<f64>,
    estimated: Vec<f64>,
    weights: Vec<f64>,
    by_wave: Vec<f64>,
}

fn designs(texts: &[String], batch: &ObservedBatch, first: usize) -> Vec<Design> {
    let last = batch.schema.waves() - 1;
    texts.iter().map(|text| Design::new(text, &batch.schema, Waves::Pooled { first, last }).unwrap()).collect()
}

/// Slow and plain: every record at every wave by itself.
fn regression(weights: &Weights, outcome: &Design, batch: &ObservedBatch, first: usize, cut: (f64, f64)) -> Weighted {
    let observed = batch.replicate(0);
    let (records, p) = (weights.records, outcome.width());
    let q: usize = weights.models.iter().map(|m| m.design.width()).sum();
    let mut rows = Vec::new();
    let (mut weight, mut log_slope) = (vec![1.0; records], vec![vec![0.0; q]; records]);
    let (mut x, mut by_wave) = (Vec::new(), Vec::new());
    for wave in 0..=weights.last {
        if wave > 0 {
            let mut offset = 0;
            for model in &weights.models {
                model.multiply(&mut weight, wave);
                for (record, slope) in log_slope.iter_mut().enumerate() {
                    let number = model.number(wave, record, records);
                    let sign = if model.divides { -1.0 } else { 1.0 };
                    for (k, value) in model.row(number).iter().enumerate() {
                        slope[offset + k] += sign * (1.0 - model.chance[number]) * value;
                    }
                }
                offset += model.design.width();
            }
        }
        outcome.rows(&observed, wave, wave - first.min(wave), &mut x);
        let y = Variable::find("y", &batch.schema).unwrap().source.cells(&observed, wave);
        let crate::analyze::variable::Cells::Codes(y) = y else { panic!("yes/no") };
        let here: Vec<usize> = (0..records).filter(|r| weights.at(wave)[*r] == 1).collect();
        by_wave.push(here.iter().map(|r| weight[*r]).sum::<f64>() / here.len() as f64);
        if wave >= first {
            for r in here {
                rows.push((r, x[r * p..(r + 1) * p].to_vec(), f64::from(y[r]), weight[r], log_slope[r].clone()));
            }
        }
    }
    rows.iter_mut().for_each(|row| row.3 = row.3.max(cut.0).min(cut.1));
    let mut problem = LogisticProblem::default();
    problem.clear(p);
    rows.iter().for_each(|(_, x, y, w, _)| problem.push(x, w * y, *w));
    problem.fit().unwrap();
    let (mut known, mut slope) = (vec![vec![0.0; p]; records], vec![vec![0.0; q]; p]);
    for ((r, x, y, w, d), eta) in rows.iter().zip(problem.linear_predictor()) {
        let residual = w * (y - expit(*eta));
        for j in 0..p {
            known[*r][j] += residual * x[j];
            for k in 0..q {
                slope[j][k] += residual * x[j] * d[k];
            }
        }
    }
    let mut estimated = known.clone();
    let mut offset = 0;
    for model in &weights.models {
        let width = model.design.width();
        for (r, estimated) in estimated.iter_mut().enumerate() {
            let mut score = vec![0.0; width];
            for wave in (1..=weights.last).filter(|wave| weights.at(wave - 1)[r] == 1) {
                let number = model.number(wave, r, records);
                let residual = f64::from(weights.at(wave)[r]) - model.chance[number];
                score.iter_mut().zip(model.row(number)).for_each(|(s, x)| *s += residual * x);
            }
            crate::numeric::linear::cholesky_solve(model.problem.information_factor(), width, &mut score);
            for j in 0..p {
                estimated[j] += (0..width).map(|k| slope[j][offset + k] * score[k]).sum::<f64>();
            }
        }
        offset += width;
    }
    let sandwich = |parts: &[Vec<f64>]| -> Vec<f64> {
        let mut bread = vec![0.0; p];
        (0..p)
            .map(|j| {
                problem.covariance_column(j, &mut bread);
                let along = parts.iter().map(|u| u.iter().zip(&bread).map(|(a, b)| a * b).sum::<f64>());
                libm::sqrt(along.map(|v| v * v).sum())
            })
            .collect()
    };
    Weighted {
        known: sandwich(&known),
        estimated: sandwich(&estimated),
        coefficients: problem.coefficients().to_vec(),
        weights: rows.iter().map(|r| r.3).collect(),
        by_wave,
    }
}

fn worked_out(case: &Case, batch: &ObservedBatch, stabilised: bool) -> Weights {
    let mut texts = vec![case.model("dropout_denominator").replace("lag_y", "y")];
    if stabilised {
        texts.push(case.model("dropout_numerator"));
    }
    let outcome = Variable::find("y", &batch.schema).unwrap();
    let mut weights = Weights::new(outcome, batch.schema.waves() - 1, designs(&texts, batch, 1), None);
    weights.work_out(&batch.replicate(0)).unwrap();
    weights
}

const NOT_CUT: (f64, f64) = (0.0, f64::INFINITY);
const CASES: [&str; 3] = ["ipw_15", "ipw_200", "ipw_heavy_dropout"];

#[test]
fn models_of_still_answering() {
    for name in CASES {
        let case = Case::read(name);
        let batch = panel(case.data());
        let weights = worked_out(&case, &batch, true);
        for (model, key) in weights.models.iter().zip(["denominator", "numerator"]) {
            let mut column = vec![0.0; model.design.width()];
            for k in 0..model.design.width() {
                let coefficient = model.problem.coefficients()[k];
                case.check(&[&format!("{key}_coef"), &k.to_string()], Some(coefficient));
                model.problem.covariance_column(k, &mut column);
                if key == "denominator" {
                    case.check(&["denominator_se", &k.to_string()], Some(libm::sqrt(column[k])));
                }
            }
        }
        case.check(&["denominator_loglik"], Some(weights.models[0].problem.log_likelihood()));
        let at_risk: u32 = (0..weights.last).flat_map(|w| weights.at(w)).map(|a| u32::from(*a)).sum();
        case.check(&["n_at_risk"], Some(f64::from(at_risk)));
    }
}

#[test]
fn weighted_regressions_with_both_standard_errors() {
    for name in CASES {
        let case = Case::read(name);
        let batch = panel(case.data());
        for (key, stabilised) in [("unstabilised", false), ("stabilised", true)] {
            let weights = worked_out(&case, &batch, stabilised);
            let outcome = designs(&[case.model("outcome_predictors")], &batch, 0).remove(0);
            let got = regression(&weights, &outcome, &batch, 0, NOT_CUT);
            for k in 0..outcome.width() {
                let k_text = k.to_string();
                case.check(&["fits", key, "coef", &k_text], Some(got.coefficients[k]));
                case.check(&["fits", key, "se_known_weights", &k_text], Some(got.known[k]));
                case.check(&["fits", key, "se_estimated_weights", &k_text], Some(got.estimated[k]));
            }
            let (sum, squares) = got.weights.iter().fold((0.0, 0.0), |(s, q), w| (s + w, q + w * w));
            case.check(&["fits", key, "weights", "ess"], Some(sum * sum / squares));
            case.check(&["fits", key, "weights", "mean"], Some(sum / got.weights.len() as f64));
            case.check(&["fits", key, "weights", "max"], got.weights.iter().copied().reduce(f64::max));
            let mut sorted = got.weights.clone();
            sorted.sort_by(f64::total_cmp);
            case.check(&["fits", key, "weights", "p99"], Some(type_7(&sorted, 0.99)));
            for (wave, mean) in got.by_wave.iter().enumerate() {
                case.check(&["fits", key, "weights", "mean_by_wave", &wave.to_string()], Some(*mean));
            }
        }
    }
}

#[test]
fn truncated_weights() {
    for name in CASES {
        let case = Case::read(name);
        let batch = panel(case.data());
        let mut weights = worked_out(&case, &batch, true);
        weights.weight.fill(1.0);
        weights.truncated(0.01);
        case.check(&["truncated_1_99", "bounds", "0"], Some(type_7(&weights.pooled, 0.01)));
        case.check(&["truncated_1_99", "bounds", "1"], Some(type_7(&weights.pooled, 0.99)));
        let outcome = designs(&[case.model("outcome_predictors")], &batch, 0).remove(0);
        let bounds = (type_7(&weights.pooled, 0.01), type_7(&weights.pooled, 0.99));
        let got = regression(&weights, &outcome, &batch, 0, bounds);
        for (k, coefficient) in got.coefficients.iter().enumerate() {
            case.check(&["truncated_1_99", "coef", &k.to_string()], Some(*coefficient));
        }
        let (sum, squares) = got.weights.iter().fold((0.0, 0.0), |(s, q), w| (s + w, q + w * w));
        case.check(&["truncated_1_99", "ess"], Some(sum * sum / squares));
    }
}

/// The mean at the last wave is the weighted regression of that wave on nothing: on the logit scale its standard
/// error is that of the mean divided by m (1 - m).
#[test]
fn the_mean_agrees_with_the_regression() {
    for name in ["ipw_15", "ipw_200"] {
        let case = Case::read(name);
        let batch = panel(case.data());
        let last = batch.schema.waves() - 1;
        let dropout = case.model("dropout_denominator").replace("lag_y", "y");
        let numerator = case.model("dropout_numerator");
        for stabilised in [false, true] {
            let weights = worked_out(&case, &batch, stabilised);
            let outcome = designs(&["1".to_owned()], &batch, last).remove(0);
            let plain = regression(&weights, &outcome, &batch, last, NOT_CUT);
            for (errors, want) in [("known_weights", plain.known[0]), ("estimated_weights", plain.estimated[0])] {
                let mut pairs = vec![("dropout_model", dropout.as_str()), ("errors", errors)];
                if stabilised {
                    pairs.push(("numerator_model", numerator.as_str()));
                }
                let got = estimate("ipw", &pairs, &target("y", Quantity::Prevalence { wave: last }), &batch);
                let m = got.estimate;
                assert!((m - expit(plain.coefficients[0])).abs() < 1e-11);
                assert!((got.model_se.unwrap() / (m * (1.0 - m)) - want).abs() < 1e-9 * want, "{name} {errors}");
            }
        }
    }
}

/// Numbers as predictors go row by row, and must give what cells give.
#[test]
fn rows_and_cells_agree() {
    let case = Case::read("ipw_200");
    let batch = panel(case.data());
    let texts = [case.model("dropout_denominator").replace("lag_y", "y")];
    let outcome = Variable::find("y", &batch.schema).unwrap();
    let mut by_row = designs(&texts, &batch, 1);
    by_row[0].cells = None;
    let mut slow = Weights::new(outcome, batch.schema.waves() - 1, by_row, None);
    slow.work_out(&batch.replicate(0)).unwrap();
    let fast = worked_out(&case, &batch, false);
    assert!(fast.models[0].design.cells.is_some());
    let answering = fast.at(fast.last).to_vec();
    for r in (0..fast.records).filter(|r| answering[*r] == 1) {
        assert!((fast.weight[r] - slow.weight[r]).abs() < 1e-11);
    }
    let start = |r: usize| if answering[r] == 1 { fast.weight[r] - 1.5 } else { 0.0 };
    let mut influence: Vec<f64> = (0..fast.records).map(start).collect();
    let (mut a, mut b) = (fast, slow);
    let mut other = influence.clone();
    let slopes = influence.clone();
    a.add_uncertainty(&slopes, &mut influence);
    b.add_uncertainty(&slopes, &mut other);
    for (x, y) in influence.iter().zip(&other) {
        assert!((x - y).abs() < 1e-9, "{x} {y}");
    }
}
