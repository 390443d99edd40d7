//! Reference cases, cases worked by hand, and what must hold for any reports.

use super::*;
use crate::statistics::panel::Grid;
use crate::statistics::tests::{Case, columns};
use proptest::prelude::*;
use serde_json::Value;

fn whole(n: usize) -> Option<f64> {
    Some(n as f64)
}

fn lifetime() -> (Case, usize, Vec<Option<bool>>) {
    let case = Case::read("recanting_28");
    let table = columns(case.json["data"].as_str().unwrap());
    let waves = table["wave"].iter().copied().fold(0.0, f64::max) as usize;
    let cells = table[case.setting("item").as_str().unwrap()].iter().map(|v| (!v.is_nan()).then_some(*v == 1.0));
    (case, waves, cells.collect())
}

#[test]
fn recanting_reference_case() {
    let (case, waves, cells) = lifetime();
    let got = Recanting::of(&Grid::new(waves, &cells).unwrap());
    case.check(&["ever_yes"], whole(got.ever_yes));
    case.check(&["eligible"], whole(got.eligible));
    case.check(&["recanted"], whole(got.recanted));
    case.check(&["recant_rate"], got.rate());
    let limits = got.rate_wilson(case.setting("conf_level").as_f64().unwrap());
    case.check(&["recant_wilson", "0"], limits.map(|l| l.0));
    case.check(&["recant_wilson", "1"], limits.map(|l| l.1));
    case.check(&["recanted_then_reaffirmed"], whole(got.reaffirmed));
    case.check(&["adjacent_yes"], whole(got.adjacent_yes));
    case.check(&["adjacent_yes_then_no"], whole(got.adjacent_yes_then_no));
    case.check(&["inconsistent_persons"], whole(got.inconsistent));
}

#[test]
fn reconciliation_reference_case() {
    let (case, waves, cells) = lifetime();
    for (key, _) in case.expected(&["reconcile"]).as_object().unwrap() {
        let rule = Rule::ALL[Rule::WORDS.iter().position(|w| w == key).unwrap()];
        let (mut decided, mut yes, mut open) = (0, 0, 0);
        for row in cells.chunks_exact(waves) {
            let reports: Vec<Report> = row.iter().map(|r| Report::new(r.map(u8::from))).collect();
            match rule.value(&reports) {
                Some(value) => {
                    decided += 1;
                    yes += usize::from(value == 1);
                }
                None => open += usize::from(row.iter().any(Option::is_some)),
            }
        }
        case.check(&["reconcile", key, "n"], whole(decided));
        case.check(&["reconcile", key, "yes"], whole(yes));
        case.check(&["reconcile", key, "tied_or_undetermined"], whole(open));
    }
}

fn accuracy(row: &Value) -> Accuracy {
    Accuracy {
        sensitivity: row["se"].as_f64().unwrap(),
        specificity: row["sp"].as_f64().unwrap(),
        n_sensitivity: row["n_se"].as_f64(),
        n_specificity: row["n_sp"].as_f64(),
    }
}

#[test]
fn rogan_gladen_reference_case() {
    let case = Case::read("rogan_gladen");
    let level = case.setting("conf_level").as_f64().unwrap();
    for (k, row) in case.setting("rows").as_array().unwrap().iter().enumerate() {
        let (x, n) = (row["x"].as_f64().unwrap(), row["n"].as_f64().unwrap());
        let got = rogan_gladen(x, n, &accuracy(row), level).unwrap();
        let k = k.to_string();
        let check = |key: &str, value| case.check(&["rows", &k, key], Some(value));
        let check_both = |key: &str, (low, high)| {
            case.check(&["rows", &k, key, "0"], Some(low));
            case.check(&["rows", &k, key, "1"], Some(high));
        };
        check("apparent", got.apparent);
        check("raw", got.raw);
        check("estimate", got.estimate);
        check("se_known", got.se_known);
        check_both("ci_wald_known", got.wald_known);
        check_both("ci_wilson_known", got.wilson_known);
        check_both("ci_exact_known", got.exact_known);
        assert_eq!(got.estimated.is_some(), row["n_se"].is_number());
        if let Some(estimated) = got.estimated {
            check("se_estimated", estimated.se);
            check_both("ci_wald_estimated", estimated.wald);
            check_both("ci_lang_reiczigel", estimated.lang_reiczigel);
        }
    }
}

#[test]
fn capture_recapture_reference_case() {
    let case = Case::read("capture_recapture");
    let level = case.setting("conf_level").as_f64().unwrap();
    for (k, row) in case.setting("rows").as_array().unwrap().iter().enumerate() {
        let n = |key: &str| row[key].as_f64().unwrap();
        let got = capture_recapture(n("n1"), n("n2"), n("both"), level).unwrap();
        let k = k.to_string();
        case.check(&["rows", &k, "lincoln_petersen"], got.lincoln_petersen);
        case.check(&["rows", &k, "chapman"], Some(got.chapman));
        case.check(&["rows", &k, "se_seber"], Some(got.se));
        case.check(&["rows", &k, "ci_wald", "0"], Some(got.interval.0));
        case.check(&["rows", &k, "ci_wald", "1"], Some(got.interval.1));
    }
}

#[test]
fn contradictions_by_hand() {
    let text = "101. 1.0. 1... 0.1. 0110 .... 1.1.";
    let cells: Vec<Option<bool>> = text.chars().filter(|c| *c != ' ').map(|c| (c != '.').then_some(c == '1')).collect();
    let got = Recanting::of(&Grid::new(4, &cells).unwrap());
    // Seen after their first yes: 101, 1.0, 0110 and 1.1. Adjacent pairs from a yes: 10, 11 and 10.
    let want = Recanting {
        ever_yes: 6,
        eligible: 4,
        recanted: 3,
        reaffirmed: 1,
        adjacent_yes: 3,
        adjacent_yes_then_no: 2,
        inconsistent: 4,
    };
    assert_eq!(got, want);
    let nobody = Recanting::of(&Grid::new(4, &[]).unwrap());
    assert_eq!((nobody.rate(), nobody.rate_wilson(0.95)), (None, None));
}

fn report(value: Option<u8>, weight: f64, interviewer: u32) -> Report {
    Report { value, weight, interviewer: Some(interviewer) }
}

#[test]
fn rules_by_hand() {
    let reports = [
        report(None, 9.0, 1),
        report(Some(0), 1.0, 1),
        report(Some(1), 0.5, 2),
        report(Some(0), 2.0, 2),
        report(Some(1), 3.0, 1),
        report(Some(1), f64::NAN, 2),
        report(None, 9.0, 3),
    ];
    let value = |rule: Rule| rule.value(&reports);
    assert_eq!((value(Rule::First), value(Rule::Last)), (Some(0), Some(1)));
    assert_eq!((value(Rule::Ever), value(Rule::Always)), (Some(1), Some(0)));
    // 3 to 2; 3.5 to 3; the interviewer who asked last heard 1, 0, 1.
    assert_eq!(value(Rule::Majority), Some(1));
    assert_eq!(value(Rule::TrustWeighted), Some(1));
    assert_eq!(value(Rule::LatestInterviewer), Some(1));
    // Without the last but one report: 2 to 2; 0.5 to 3; the interviewer heard 1, 0.
    let fewer = &reports[..4];
    assert_eq!(Rule::Majority.value(fewer), Some(0));
    assert_eq!(Rule::TrustWeighted.value(fewer), Some(0));
    assert_eq!(Rule::LatestInterviewer.value(fewer), None);
    assert_eq!(Rule::Majority.value(&fewer[1..3]), None);
    // Weights of 0 or less decide nothing, nor does an unknown interviewer.
    assert_eq!(Rule::TrustWeighted.value(&[report(Some(1), 0.0, 1), report(Some(0), -1.0, 1)]), None);
    let negative = [report(Some(1), 1.0, 1), report(Some(1), -1.0, 1), report(Some(0), 0.5, 1)];
    assert_eq!(Rule::TrustWeighted.value(&negative), Some(1));
    assert_eq!(Rule::LatestInterviewer.value(&[Report::new(Some(1))]), None);
    // Levels: 2 is the most frequent.
    let levels: Vec<Report> = [3, 2, 0, 2].map(|v| Report::new(Some(v))).to_vec();
    assert_eq!(Rule::ALL[..5].iter().map(|r| r.value(&levels)).collect::<Vec<_>>(), [3, 2, 2, 3, 0].map(Some));
    for rule in Rule::ALL {
        assert_eq!(rule.value(&[]), None);
        assert_eq!(rule.value(&[Report::new(None), Report::new(None)]), None);
    }
}

#[test]
fn corrections_by_hand() {
    let known =
        |sensitivity, specificity| Accuracy { sensitivity, specificity, n_sensitivity: None, n_specificity: None };
    // A perfect report is left as it is: (0.3 + 1 - 1) / 1.
    let got = rogan_gladen(30.0, 100.0, &known(1.0, 1.0), 0.95).unwrap();
    assert!((got.raw - 0.3).abs() < 1e-15 && got.raw == got.estimate);
    assert!((got.se_known - libm::sqrt(0.0021)).abs() < 1e-15);
    // (0.3 + 0.9 - 1) / 0.5.
    assert!((rogan_gladen(30.0, 100.0, &known(0.6, 0.9), 0.95).unwrap().raw - 0.4).abs() < 1e-15);
    let fails = |x, n, accuracy, level| rogan_gladen(x, n, &accuracy, level).unwrap_err();
    assert_eq!(fails(3.0, 10.0, known(0.4, 0.6), 0.95), NoCorrection::Uninformative);
    assert_eq!(fails(3.0, 10.0, known(0.4, 0.5), 0.95), NoCorrection::Uninformative);
    assert_eq!(fails(0.0, 0.0, known(0.9, 0.9), 0.95), NoCorrection::NoData);
    assert_eq!(fails(11.0, 10.0, known(0.9, 0.9), 0.95), NoCorrection::NoData);
    assert_eq!(fails(3.0, 10.0, known(1.1, 0.9), 0.95), NoCorrection::OutOfRange);
    assert_eq!(fails(3.0, 10.0, known(f64::NAN, 0.9), 0.95), NoCorrection::OutOfRange);
    assert_eq!(fails(3.0, 10.0, known(0.9, 0.9), 0.0), NoCorrection::OutOfRange);
    let empty = Accuracy { n_specificity: Some(0.0), ..known(0.9, 0.9) };
    assert_eq!(fails(3.0, 10.0, empty, 0.95), NoCorrection::OutOfRange);
}

#[test]
fn estimated_accuracies_of_endless_samples_are_known_ones() {
    let known = Accuracy { sensitivity: 0.8, specificity: 0.9, n_sensitivity: None, n_specificity: None };
    let huge = Accuracy { n_sensitivity: Some(1e12), n_specificity: Some(1e12), ..known };
    let (a, b) =
        (rogan_gladen(300.0, 1000.0, &known, 0.95).unwrap(), rogan_gladen(300.0, 1000.0, &huge, 0.95).unwrap());
    let estimated = b.estimated.unwrap();
    assert!((a.se_known - estimated.se).abs() < 1e-9);
    // With a known accuracy these limits are Agresti and Coull's, corrected.
    let z = 1.959_963_984_540_054;
    let (n, p) = (1000.0 + z * z, (300.0 + 0.5 * z * z) / (1000.0 + z * z));
    let low = (p - z * libm::sqrt(p * (1.0 - p) / n) + 0.9 - 1.0) / 0.7;
    assert!((estimated.lang_reiczigel.0 - low).abs() < 1e-9);
    // One of the two known, the other not.
    let one = Accuracy { n_specificity: Some(50.0), ..known };
    let one = rogan_gladen(300.0, 1000.0, &one, 0.95).unwrap().estimated.unwrap();
    assert!(one.se > a.se_known && one.lang_reiczigel.0.is_finite());
}

#[test]
fn sources_by_hand() {
    let got = capture_recapture(10.0, 10.0, 10.0, 0.95).unwrap();
    // Both found the same ten: 11 * 11 / 11 - 1, without error.
    assert_eq!((got.lincoln_petersen, got.chapman, got.se), (Some(10.0), 10.0, 0.0));
    let empty = capture_recapture(0.0, 4.0, 0.0, 0.95).unwrap();
    assert_eq!((empty.lincoln_petersen, empty.chapman), (None, 4.0));
    for (n1, n2, both, level) in
        [(3.0, 4.0, 5.0, 0.95), (3.0, 4.0, -1.0, 0.95), (3.0, f64::NAN, 1.0, 0.95), (3.0, 4.0, 1.0, 1.0)]
    {
        assert_eq!(capture_recapture(n1, n2, both, level), None);
    }
}

proptest! {
    #[test]
    fn noes_for_yeses_mirror_the_correction(x in 0_u32..40, n in 1_u32..40, se in 0.55..1.0_f64, sp in 0.55..1.0_f64) {
        let (x, n) = (f64::from(x.min(n)), f64::from(n));
        let straight = Accuracy { sensitivity: se, specificity: sp, n_sensitivity: Some(40.0), n_specificity: Some(60.0) };
        let mirrored = Accuracy { sensitivity: sp, specificity: se, n_sensitivity: Some(60.0), n_specificity: Some(40.0) };
        let a = rogan_gladen(x, n, &straight, 0.9).unwrap();
        let b = rogan_gladen(n - x, n, &mirrored, 0.9).unwrap();
        prop_assert!((a.raw + b.raw - 1.0).abs() < 1e-9);
        for (a, b) in [
            (a.wilson_known, b.wilson_known),
            (a.exact_known, b.exact_known),
            (a.estimated.unwrap().lang_reiczigel, b.estimated.unwrap().lang_reiczigel),
        ] {
            prop_assert!((a.0 + b.1 - 1.0).abs() < 1e-9 && (a.1 + b.0 - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn rules_agree_where_reports_do(value in 0_u8..4, n in 1_usize..6) {
        let reports = vec![report(Some(value), 1.0, 1); n];
        for rule in Rule::ALL {
            prop_assert_eq!(rule.value(&reports), Some(value));
        }
    }

    #[test]
    fn order_is_nothing_to_a_vote(mut reports in prop::collection::vec((prop::option::of(0_u8..3), 0_u8..4), 0..7)) {
        let make = |list: &[(Option<u8>, u8)]| list.iter().map(|(v, w)| report(*v, f64::from(*w), 1)).collect::<Vec<_>>();
        let before = make(&reports);
        reports.reverse();
        let after = make(&reports);
        for rule in [Rule::Majority, Rule::Ever, Rule::Always, Rule::TrustWeighted] {
            prop_assert_eq!(rule.value(&before), rule.value(&after));
        }
        prop_assert_eq!(Rule::First.value(&before), Rule::Last.value(&after));
        // Every rule answers with something that was reported.
        for rule in Rule::ALL {
            prop_assert!(rule.value(&before).is_none_or(|v| before.iter().any(|r| r.value == Some(v))));
        }
    }
}
