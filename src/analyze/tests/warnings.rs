//! What fits are warned of, on data made for it; and on data nearly the same that are not.

use super::loader::with_items;
use super::{coefficient, comparing, estimate, options, stream, target};
use crate::analyze::pipeline::Pipeline;
use crate::analyze::step::steps;
use crate::analyze::{Method, NoReport};
use crate::diagnostic::Diagnostics;
use crate::tables::{Findings, ObservedBatch, Quantity, Target, WarningKind};
use std::sync::Arc;

/// Zeros with `ones` ones in front.
fn share(ones: usize, all: usize) -> Vec<f64> {
    (0..all).map(|k| f64::from(u8::from(k < ones))).collect()
}

fn warning(method: &str, pairs: &[(&str, &str)], target: &Target, batch: &ObservedBatch) -> Option<WarningKind> {
    estimate(method, pairs, target, batch).warning
}

fn report(method: &str, pairs: &[(&str, &str)], batch: &ObservedBatch) -> Result<Findings, NoReport> {
    super::declared_method(method, pairs).report(&batch.replicate(0), 0.95, &mut stream())
}

#[test]
fn shares_that_a_wald_interval_does_not_suit() {
    let asked = target("y", Quantity::Prevalence { wave: 0 });
    let of = |ones, pairs: &[(&str, &str)]| {
        let batch = with_items(&[("y", vec![share(ones, 40)])]);
        let kinds = ["complete_case", "available_case", "locf"].map(|method| warning(method, pairs, &asked, &batch));
        assert!(kinds.iter().all(|kind| *kind == kinds[0]), "{kinds:?}");
        kinds[0]
    };
    assert_eq!(of(4, &[("interval", "wald")]), Some(WarningKind::SmallCounts));
    assert_eq!(of(5, &[("interval", "wald")]), None);
    assert_eq!(of(4, &[]), None, "Wilson's interval is made for it");
    assert_eq!(of(40, &[]), Some(WarningKind::AtBoundary));
    assert_eq!(of(0, &[("interval", "wald")]), Some(WarningKind::AtBoundary));
    assert_eq!(of(1, &[("interval", "agresti_coull")]), Some(WarningKind::LimitCut));
}

#[test]
fn a_corrected_share_that_leaves_its_range() {
    let asked = target("y", Quantity::Prevalence { wave: 0 });
    let of = |ones| {
        let pairs = [("sensitivity", "0.9"), ("specificity", "0.9")];
        warning("rogan_gladen", &pairs, &asked, &with_items(&[("y", vec![share(ones, 20)])]))
    };
    // (1/20 - 0.1) / 0.8 is below 0; (2/20 - 0.1) / 0.8 is 0; (10/20 - 0.1) / 0.8 = 0.5.
    assert_eq!((of(1), of(2), of(10)), (Some(WarningKind::AtBoundary), Some(WarningKind::AtBoundary), None));
    // (4/20 - 0.1) / 0.8 = 0.125, and Wilson's lower limit of 0.2 is 0.081.
    assert_eq!(of(4), Some(WarningKind::LimitCut));
}

/// Slope and noise near 0, and one record at `far`.
fn outlier(far: f64) -> ObservedBatch {
    let x = vec![-1.0, -0.5, 0.5, 1.0, -1.0, 1.0, far];
    with_items(&[("x", vec![x]), ("y", vec![vec![0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0]])])
}

#[test]
fn fitted_probabilities_of_1() {
    let asked = coefficient("y", "x", "x", true);
    for (method, pairs) in [
        ("logistic", &[][..]),
        ("glm", &[("family", "binomial")]),
        ("gee", &[("correlation", "independence")]),
        ("ipw", &[("dropout_model", "x")]),
    ] {
        // The slope is about 1.5: 30 slopes beyond is logit(1 - 1e-19).
        let of = |far| warning(method, pairs, &asked, &outlier(far));
        assert_eq!((of(2.0), of(40.0)), (None, Some(WarningKind::FittedAtEdge)), "{method}");
    }
    let pairs = [("model", "y ~ x"), ("family", "binomial")];
    let found = report("glm", &pairs, &outlier(40.0)).unwrap();
    assert!(found.estimates.iter().all(|e| e.estimate.warning == Some(WarningKind::FittedAtEdge)));
}

/// Of those with x = 1 two of `all` still answer at wave 2, of those with x = 0 fifteen of thirty.
fn leaving(all: usize) -> ObservedBatch {
    let stays = |k: usize, last: usize| if k < last { f64::from(u8::from(k.is_multiple_of(2))) } else { f64::NAN };
    let first = [vec![1.0; all], vec![0.0; 30]].concat();
    let y = (0..all).map(|k| stays(k, 2)).chain((0..30).map(|k| stays(k, 15))).collect();
    let known = (0..all + 30).map(|k| f64::from(u8::from(k.is_multiple_of(3)))).collect();
    with_items(&[("x", vec![first.clone(), first]), ("y", vec![known, y])])
}

#[test]
fn weights_beyond_twenty() {
    let asked = target("y", Quantity::Mean { wave: 1 });
    // The weights of those with x = 1 are all / 2.
    for further in [&[][..], &[("models", "per_wave")], &[("mean", "horvitz_thompson")]] {
        let pairs = [&[("dropout_model", "x")], further].concat();
        let of = |all| warning("ipw", &pairs, &asked, &leaving(all));
        assert_eq!((of(38), of(44)), (None, Some(WarningKind::ExtremeWeight)), "{further:?}");
    }
    let pairs = [("dropout_model", "x"), ("trim", "[0, 10]")];
    assert_eq!(warning("ipw", &pairs, &asked, &leaving(44)), None, "it was cut");
    let found = report("ipw", &[("dropout_model", "x"), ("outcome", "y")], &leaving(44)).unwrap();
    assert_eq!(found.estimates[0].estimate.warning, Some(WarningKind::ExtremeWeight));
}

#[test]
fn a_step_that_weights_warns_for_the_method() {
    let entry = steps().iter().find(|step| step.name == "weight.ipw").unwrap();
    let mut asked = coefficient("y", "x", "x", false);
    let family = crate::statistics::regression::Family::Gaussian;
    asked.quantity = super::regression(&[1], "x", "x", family);
    let of = |all| {
        let batch = leaving(all);
        let step = (entry.declare)(&options(&[("dropout_model", "x"), ("outcome", "y")]), &mut Diagnostics::new());
        let method = super::declared_method("gee", &[("correlation", "independence")]);
        let pipeline = Pipeline::new(vec![("weight.ipw", step.unwrap())], Some(Arc::from(method)));
        let mut fit = pipeline.bind(&asked, &batch.schema).unwrap();
        fit.fit(&batch.replicate(0), &mut stream()).unwrap().warning
    };
    assert_eq!((of(38), of(44)), (None, Some(WarningKind::ExtremeWeight)));
}

#[test]
fn a_correlation_that_yes_and_no_cannot_have() {
    let every = |k: usize| -> Vec<f64> { (0..40).map(|i| f64::from(u8::from((i / k).is_multiple_of(2)))).collect() };
    let of = |y: [Vec<f64>; 3], correlation: &str| {
        let batch = with_items(&[("y", y.to_vec()), ("g", vec![every(1); 3])]);
        let mut asked = coefficient("y", "g", "g", true);
        let family = crate::statistics::regression::Family::Binomial;
        asked.quantity = super::regression(&[0, 1, 2], "g + factor(wave)", "g", family);
        warning("gee", &[("correlation", correlation)], &asked, &batch)
    };
    // Shares of 0.05 and 0.6 have a correlation of 0.19 at most; the mean of the three is about (1 + 0.19 + 0.19) / 3.
    let nested = [share(2, 40), share(24, 40), share(24, 40)];
    assert_eq!(of(nested.clone(), "exchangeable"), Some(WarningKind::ImpossibleCorrelation));
    assert_eq!(of(nested, "independence"), None);
    assert_eq!(of([share(20, 40), every(2), every(4)], "exchangeable"), None);
}

/// Waves 1 and 2 agree and are wide, wave 3 is narrow: with one variance for all, waves 1 and 2 correlate beyond 1.
#[test]
fn another_correlation_than_the_one_asked_for() {
    let wide: Vec<f64> = (0..20).map(|k| if k % 2 == 0 { 10.0 } else { -10.0 }).collect();
    let narrow: Vec<f64> = (0..20).map(|k| if k % 4 < 2 { 1.0 } else { -1.0 }).collect();
    let g = vec![share(10, 20); 3];
    let asked = comparing("y", 2, "g == 1", "g == 0");
    let of = |second: &Vec<f64>| {
        let batch = with_items(&[("y", vec![wide.clone(), second.clone(), narrow.clone()]), ("g", g.clone())]);
        warning("gee", &[("correlation", "unstructured"), ("fall_back", "exchangeable")], &asked, &batch)
    };
    let other: Vec<f64> = (0..20).map(|k| if k % 8 < 4 { 10.0 } else { -10.0 }).collect();
    assert_eq!((of(&wide), of(&other)), (Some(WarningKind::OtherModel), None));
}

#[test]
fn coefficients_of_agreement_at_their_edges() {
    let icc = |second: Vec<f64>| {
        let batch = with_items(&[("a", vec![vec![1.0, 2.0, 3.0, 4.0, 5.0]]), ("b", vec![second])]);
        let found = report("icc", &[("items", "[a, b]")], &batch).unwrap();
        found.estimates.iter().find(|e| e.name == "icc1").unwrap().estimate
    };
    let (like, unlike) = (icc(vec![1.5, 2.0, 2.5, 4.5, 5.0]), icc(vec![5.0, 4.0, 3.0, 2.0, 1.0]));
    assert!(like.estimate > 0.5 && like.warning.is_none(), "{like:?}");
    assert!(unlike.estimate < 0.0 && unlike.warning == Some(WarningKind::AtBoundary), "{unlike:?}");
    let kappa = |second: Vec<f64>| {
        let batch = with_items(&[("a", vec![share(3, 6)]), ("b", vec![second])]);
        report("kappa", &[("items", "[a, b]")], &batch).unwrap().estimates[0].estimate.warning
    };
    assert_eq!((kappa(share(2, 6)), kappa(share(3, 6))), (None, Some(WarningKind::AtBoundary)));
}

#[test]
fn differences_of_shares_under_a_normal_approximation() {
    let asked = comparing("y", 0, "g == 1", "g == 0");
    let of = |first: usize, second: usize, kind: &str| {
        let y = [share(first, 20), share(second, 20)].concat();
        let batch = with_items(&[("y", vec![y]), ("g", vec![share(20, 40)])]);
        warning("available_case", &[("difference", kind)], &asked, &batch)
    };
    assert_eq!(of(5, 4, "wald"), Some(WarningKind::SmallCounts));
    assert_eq!(of(6, 4, "wald"), None);
    assert_eq!(of(5, 4, "newcombe"), None);
    assert_eq!(of(20, 0, "newcombe"), Some(WarningKind::AtBoundary));
}
