//! Small sets worked by hand, undefined cases, and what must not matter.

use super::super::{Column, Fits, catalogue, jackknife, measure_all};
use super::measured;
use crate::tables::Measured;

const FOUR: Fits<'static> = Fits {
    estimate: Column::Slice(&[1.0, 2.0, 3.0, 6.0]),
    model_se: Column::Slice(&[1.0, 1.0, 2.0, 2.0]),
    lower: Column::Slice(&[0.0, 1.0, 1.0, 4.0]),
    upper: Column::Slice(&[2.0, 3.0, 5.0, 8.0]),
    true_value: Column::Slice(&[2.0; 4]),
    failed: 1,
    warned: 2,
    null: Some(0.0),
    size: None,
    link_precision: Column::Slice(&[]),
    link_recall: Column::Slice(&[]),
};

const OTHER: Fits<'static> = Fits { estimate: Column::Slice(&[2.0, 2.0, 4.0, 4.0]), ..FOUR };

fn check(fits: &Fits<'_>, reference: Option<&Fits<'_>>, wanted: &[(&str, f64, f64)]) {
    for &(name, value, mcse) in wanted {
        let got = measured(fits, reference, name);
        let close = |got: Option<f64>, want: f64| (got.expect(name) - want).abs() <= 1e-14 * (1.0 + want.abs());
        assert!(close(got.value, value), "{name}: {got:?}, not {value}");
        assert!(close(got.mcse, mcse), "{name}: {got:?}, not {mcse}");
    }
}

#[test]
fn four_replicates_of_a_constant_truth() {
    let sd = (14.0_f64 / 3.0).sqrt();
    check(
        &FOUR,
        Some(&OTHER),
        &[
            ("bias", 1.0, sd / 2.0),
            ("relative_bias", 0.5, sd / 4.0),
            ("empirical_se", sd, sd / 6.0_f64.sqrt()),
            ("mse", 4.5, (177.0_f64 / 12.0).sqrt()),
            ("rmse", 4.5_f64.sqrt(), (177.0_f64 / 12.0).sqrt() / (2.0 * 4.5_f64.sqrt())),
            ("model_se", 2.5_f64.sqrt(), 0.075_f64.sqrt()),
            (
                "relative_error_model_se",
                100.0 * (2.5_f64.sqrt() / sd - 1.0),
                100.0 * 2.5_f64.sqrt() / sd * (3.0 / (16.0 * 6.25) + 1.0 / 6.0_f64).sqrt(),
            ),
            ("coverage", 0.75, (0.1875_f64 / 4.0).sqrt()),
            ("bias_eliminated_coverage", 0.5, 0.25),
            ("coverage_worst_case", 0.6, (0.24_f64 / 5.0).sqrt()),
            ("rejection", 0.75, (0.1875_f64 / 4.0).sqrt()),
            ("relative_precision", 100.0 * (2.0 / 7.0 - 1.0), 200.0 * 2.0 / 7.0 * (5.0 / 42.0_f64).sqrt()),
            ("paired_difference", 0.0, 0.5_f64.sqrt()),
            ("mean_ci_width", 3.0, (1.0 / 3.0_f64).sqrt()),
            ("mean_estimate", 3.0, sd / 2.0),
            ("non_convergence", 0.2, (0.16_f64 / 5.0).sqrt()),
            // Two of four fits with an estimate, and one without: 2/5.
            ("warnings", 0.4, (0.24_f64 / 5.0).sqrt()),
        ],
    );
    let absent = Measured { value: Some(2.5), mcse: None };
    assert_eq!(measured(&FOUR, None, "median_estimate"), absent);
    assert_eq!(measured(&FOUR, None, "mean_true_value"), Measured { value: Some(2.0), mcse: None });
}

#[test]
fn four_replicates_of_a_truth_that_varies() {
    let fits = Fits { true_value: Column::Slice(&[0.0, 2.0, 2.0, 4.0]), ..FOUR };
    let sd = (2.0_f64 / 3.0).sqrt();
    check(
        &fits,
        None,
        &[
            ("bias", 1.0, sd / 2.0),
            ("relative_bias", 0.5, sd / 4.0),
            ("empirical_se", sd, sd / 6.0_f64.sqrt()),
            ("mse", 1.5, (9.0_f64 / 12.0).sqrt()),
            ("coverage", 1.0, 0.0),
            // Truths moved by the bias of 1: 1, 3, 3, 5.
            ("bias_eliminated_coverage", 1.0, 0.0),
            ("mean_true_value", 2.0, (8.0_f64 / 12.0).sqrt()),
        ],
    );
}

#[test]
fn nothing_is_known_of_no_replicate() {
    for (name, measured) in measure_all(&Fits::default(), Some(&Fits::default())) {
        assert_eq!(measured, Measured::default(), "{name}");
    }
}

#[test]
fn precision_and_recall_of_links_are_means_over_replicates_with_an_estimate() {
    // 0.5 and 1 where both are known; the replicate without an estimate does not count, and one without links has no
    // precision.
    let fits = Fits {
        estimate: Column::Slice(&[1.0, f64::NAN, 2.0, 3.0]),
        link_precision: Column::Slice(&[0.5, 0.1, 1.0, f64::NAN]),
        link_recall: Column::Slice(&[0.2, 0.9, 0.4, 0.0]),
        ..Fits::default()
    };
    // Spread of 0.5 and 1: sqrt(0.125), over the root of 2; of 0.2, 0.4 and 0: 0.2, over the root of 3.
    check(&fits, None, &[("link_precision", 0.75, 0.25), ("link_recall", 0.2, 0.2 / 3.0_f64.sqrt())]);
}

#[test]
fn one_replicate_has_values_but_no_spread() {
    let one = Fits {
        estimate: Column::Slice(&[1.5]),
        model_se: Column::Slice(&[1.0]),
        lower: Column::Slice(&[0.5]),
        upper: Column::Slice(&[2.5]),
        true_value: Column::Slice(&[1.0]),
        failed: 0,
        warned: 0,
        null: Some(0.0),
        size: None,
        link_precision: Column::Slice(&[0.9]),
        link_recall: Column::Slice(&[0.8]),
    };
    for (name, measured) in measure_all(&one, Some(&one)) {
        assert_eq!(measured.mcse, None, "{name}");
        let needs_two =
            ["empirical_se", "relative_error_model_se", "relative_precision", "mad_se", "trimmed_empirical_se"]
                .contains(&name);
        assert_eq!(measured.value.is_none(), needs_two, "{name}");
    }
    assert_eq!(measured(&one, None, "bias").value, Some(0.5));
    assert_eq!(measured(&one, None, "coverage").value, Some(1.0));
}

#[test]
fn constant_estimates_have_no_ratio_to_their_spread() {
    let constant = Fits { estimate: Column::Slice(&[0.1; 4]), ..FOUR };
    assert_eq!(measured(&constant, None, "empirical_se"), Measured { value: Some(0.0), mcse: Some(0.0) });
    assert_eq!(measured(&constant, None, "relative_error_model_se"), Measured::default());
    assert_eq!(measured(&constant, Some(&FOUR), "relative_precision"), Measured::default());
    assert_eq!(measured(&FOUR, Some(&constant), "relative_precision"), Measured { value: Some(-100.0), mcse: None });
}

#[test]
fn errors_that_are_rounding_are_no_spread() {
    let true_value = [0.1 + 0.2, 0.7, 1.1 * 1.1, 0.9];
    let fits = Fits { estimate: Column::Slice(&[0.3, 0.7, 1.21, 0.9]), true_value: Column::Slice(&true_value), ..FOUR };
    assert_eq!(measured(&fits, None, "empirical_se").value, Some(0.0));
    assert_eq!(measured(&fits, None, "relative_error_model_se"), Measured::default());
    assert_eq!(measured(&fits, Some(&fits), "relative_precision"), Measured::default());
}

#[test]
fn a_far_off_origin_does_not_hurt() {
    let shifted: Vec<f64> = FOUR.estimate.values().map(|x| x + 1e9).collect();
    let fits = Fits { estimate: Column::Slice(&shifted), true_value: Column::Slice(&[1e9 + 2.0; 4]), ..FOUR };
    let sd = (14.0_f64 / 3.0).sqrt();
    assert_eq!(measured(&fits, None, "bias").value, Some(1.0));
    assert_eq!(measured(&fits, None, "empirical_se").value, Some(sd));
}

#[test]
fn what_is_absent_takes_only_itself_out() {
    let nan = f64::NAN;
    let fits = Fits {
        estimate: Column::Slice(&[1.0, 2.0, 3.0, 6.0, nan]),
        model_se: Column::Slice(&[1.0, nan, -1.0, 2.0, 1.0]),
        lower: Column::Slice(&[0.0, nan, 1.0, f64::NEG_INFINITY]),
        upper: Column::Slice(&[2.0, 9.0, 5.0, 8.0]),
        true_value: Column::Slice(&[2.0, 2.0, nan, 2.0, 2.0]),
        failed: 1,
        warned: 0,
        null: None,
        size: None,
        link_precision: Column::Slice(&[]),
        link_recall: Column::Slice(&[]),
    };
    let entered: Vec<(&str, usize)> =
        catalogue().iter().map(|e| (e.name, (e.measure)(&fits, None).replicates)).collect();
    let count = |name: &str| entered.iter().find(|e| e.0 == name).expect(name).1;
    assert_eq!(count("bias"), 3, "one estimate has no truth");
    assert_eq!(count("mean_estimate"), 4);
    assert_eq!(count("model_se"), 2, "one is absent and one negative");
    assert_eq!(count("relative_error_model_se"), 2);
    assert_eq!(count("coverage"), 2, "one has no interval, one no truth");
    assert_eq!(count("coverage_worst_case"), 4, "three fits with a truth and a failed one");
    assert_eq!(count("non_convergence"), 5);
    assert_eq!(count("mean_ci_width"), 3);
    assert_eq!(measured(&fits, None, "mean_ci_width").value, None, "one interval has no end");
    assert_eq!(measured(&fits, None, "coverage_worst_case").value, Some(0.5));
    assert_eq!(measured(&fits, None, "rejection"), Measured::default(), "there is no null");
}

#[test]
fn a_relative_bias_needs_a_truth_that_is_not_0() {
    let fits = Fits { true_value: Column::Slice(&[0.0; 4]), ..FOUR };
    assert_eq!(measured(&fits, None, "relative_bias"), Measured::default());
    let negative = Fits { true_value: Column::Slice(&[-2.0; 4]), ..FOUR };
    assert_eq!(measured(&negative, None, "relative_bias").value, Some(-2.5));
}

#[test]
fn a_method_without_intervals_has_no_coverage() {
    let fits = Fits { lower: Column::Slice(&[]), upper: Column::Slice(&[]), ..FOUR };
    for name in ["coverage", "bias_eliminated_coverage", "coverage_worst_case", "rejection", "mean_ci_width"] {
        assert_eq!(measured(&fits, None, name), Measured::default(), "{name}");
    }
    let all_failed = Fits { failed: 3, ..Fits::default() };
    assert_eq!(measured(&all_failed, None, "coverage_worst_case").value, Some(0.0));
    assert_eq!(measured(&all_failed, None, "non_convergence").value, Some(1.0));
}

#[test]
fn the_order_of_replicates_does_not_matter() {
    let reverse = |column: Column<'_>| {
        let mut values: Vec<f64> = column.values().collect();
        values.reverse();
        values
    };
    let columns = [FOUR.estimate, FOUR.model_se, FOUR.lower, FOUR.upper, OTHER.estimate].map(reverse);
    let fits = Fits {
        estimate: Column::Slice(&columns[0]),
        model_se: Column::Slice(&columns[1]),
        lower: Column::Slice(&columns[2]),
        upper: Column::Slice(&columns[3]),
        ..FOUR
    };
    let other = Fits { estimate: Column::Slice(&columns[4]), ..fits };
    let close = |a: Option<f64>, b: Option<f64>| match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-14 * (1.0 + b.abs()),
        (a, b) => a == b,
    };
    for ((name, one), (_, two)) in measure_all(&fits, Some(&other)).iter().zip(measure_all(&FOUR, Some(&OTHER))) {
        assert!(close(one.value, two.value) && close(one.mcse, two.mcse), "{name}: {one:?}, {two:?}");
    }
}

#[test]
fn no_input_panics() {
    let wild = [f64::NAN, f64::INFINITY, -0.0, f64::MAX, -f64::MAX, f64::MIN_POSITIVE];
    for length in 0..wild.len() {
        let fits = Fits {
            estimate: Column::Slice(&wild),
            model_se: Column::Slice(&wild[length..]),
            lower: Column::Slice(&wild[..length]),
            upper: Column::Slice(&wild[length..]),
            true_value: Column::Slice(&wild[..length]),
            failed: length,
            warned: length,
            null: Some(wild[length]),
            size: None,
            link_precision: Column::Slice(&[]),
            link_recall: Column::Slice(&[]),
        };
        for (name, measured) in measure_all(&fits, Some(&FOUR)) {
            assert!(measured.value.is_none_or(f64::is_finite), "{name}");
            assert!(measured.mcse.is_none_or(f64::is_finite), "{name}");
        }
        let _ = (jackknife::rmse(&fits), jackknife::empirical_se(&fits), jackknife::relative_error_model_se(&fits));
    }
}

#[test]
fn every_entry_of_the_catalogue_is_complete() {
    let mut names: Vec<&str> = catalogue().iter().map(|e| e.name).collect();
    for entry in catalogue() {
        assert!(entry.name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{}", entry.name);
        assert!(entry.reference.contains("doi:10."), "{}", entry.name);
        for text in [entry.summary, entry.unit, entry.formula, entry.mcse] {
            assert!(!text.is_empty() && !text.ends_with('.'), "{}: {text}", entry.name);
        }
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), catalogue().len());
}
