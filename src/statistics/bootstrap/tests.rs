//! Reference cases, closed forms and odd inputs.

use super::*;
use crate::statistics::tests::{Case, columns, folder, numbers};
use std::collections::BTreeMap;

const KINDS: [(&str, BootstrapInterval); 5] = [
    ("percentile", BootstrapInterval::Percentile),
    ("basic", BootstrapInterval::Basic),
    ("normal", BootstrapInterval::Normal),
    ("bca", BootstrapInterval::Bca),
    ("percentile_type7", BootstrapInterval::PercentileType7),
];

/// The statistic of a case over the rows of some persons; one listed twice counts as two.
fn statistic(what: &serde_json::Value, data: &BTreeMap<String, Vec<f64>>, rows: &[Vec<usize>], who: &[usize]) -> f64 {
    let value = &data[what["var"].as_str().unwrap()];
    let mean = |wanted: &dyn Fn(usize) -> bool| {
        let there = || who.iter().flat_map(|p| &rows[*p]).filter(|r| !value[**r].is_nan() && wanted(**r));
        there().map(|r| value[*r]).sum::<f64>() / there().count() as f64
    };
    match what["kind"].as_str().unwrap() {
        "mean" => mean(&|_| true),
        "diff" => {
            let group = &data[what["group"].as_str().unwrap()];
            mean(&|r| group[r] == 1.0) - mean(&|r| group[r] == 0.0)
        }
        "ever" => {
            let ever = |p: &usize| rows[*p].iter().any(|r| value[*r] == 1.0);
            let seen = |p: &usize| rows[*p].iter().any(|r| !value[*r].is_nan());
            who.iter().filter(|p| ever(p)).count() as f64 / who.iter().filter(|p| seen(p)).count() as f64
        }
        other => panic!("statistic {other}"),
    }
}

fn worked_out(case: &Case) -> (Bootstrap, Vec<f64>) {
    let data = columns(case.json["data"].as_str().unwrap());
    let ids = &data[case.setting("id").as_str().unwrap()];
    let mut persons: Vec<f64> = Vec::new();
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for (row, id) in ids.iter().enumerate() {
        let person = persons.iter().position(|p| p == id).unwrap_or(persons.len());
        if person == persons.len() {
            persons.push(*id);
            rows.push(Vec::new());
        }
        rows[person].push(row);
    }
    let text = std::fs::read_to_string(folder().join(case.setting("resample_file").as_str().unwrap())).unwrap();
    let of = |who: &[usize]| statistic(case.setting("statistic"), &data, &rows, who);
    let draws =
        |line: &str| -> Vec<usize> { line.split(',').map(|n| n.trim().parse::<usize>().unwrap() - 1).collect() };
    let replicates: Vec<f64> = text.lines().map(|line| of(&draws(line))).collect();
    let all: Vec<usize> = (0..rows.len()).collect();
    let without = |left: &usize| all.iter().copied().filter(|p| p != left).collect::<Vec<_>>();
    let jackknife: Vec<f64> = all.iter().map(|p| of(&without(p))).collect();
    let mut bootstrap = Bootstrap::default();
    bootstrap.set(of(&all), &replicates);
    bootstrap.set_jackknife(&jackknife);
    (bootstrap, replicates)
}

#[test]
fn reference_cases() {
    for name in ["bootstrap_diff_15", "bootstrap_ever_28", "bootstrap_mean_skewed"] {
        let case = Case::read(name);
        let (bootstrap, replicates) = worked_out(&case);
        case.check(&["estimate"], Some(bootstrap.estimate));
        case.check(&["replicates_used"], Some(bootstrap.used() as f64));
        case.check(&["mean"], bootstrap.mean());
        case.check(&["se"], bootstrap.se());
        case.check(&["bias"], bootstrap.bias());
        case.check(&["z0"], bootstrap.z0());
        case.check(&["acceleration"], bootstrap.acceleration());
        case.check_all(&["first_replicates"], &replicates[..numbers(case.expected(&["first_replicates"])).len()]);
        let level = case.setting("conf_level").as_f64().unwrap();
        for (key, kind) in KINDS {
            let interval = bootstrap.interval(kind, level).ok();
            case.check(&[key, "0"], interval.map(|i| i.0));
            case.check(&[key, "1"], interval.map(|i| i.1));
        }
    }
}

fn of(estimate: f64, replicates: &[f64], jackknife: &[f64]) -> Bootstrap {
    let mut bootstrap = Bootstrap::default();
    bootstrap.set(estimate, replicates);
    bootstrap.set_jackknife(jackknife);
    bootstrap
}

fn close(got: (f64, f64), want: (f64, f64)) {
    assert!((got.0 - want.0).abs() < 1e-12 && (got.1 - want.1).abs() < 1e-12, "{got:?}, want {want:?}");
}

#[test]
fn quantiles_by_hand() {
    // Rank (4 + 1) 0.4 = 2; rank 5 * 0.5 = 2.5: halfway on the normal scale between ranks 2 and 3, Phi^-1(0.4) and
    // Phi^-1(0.6), which lie symmetric about Phi^-1(0.5) = 0.
    let sorted = [1.0, 2.0, 4.0, 8.0];
    assert_eq!(normal_scale_quantile(&sorted, 0.4), 2.0);
    assert!((normal_scale_quantile(&sorted, 0.5) - 3.0).abs() < 1e-14);
    assert_eq!(normal_scale_quantile(&sorted, 0.01), 1.0);
    assert_eq!(normal_scale_quantile(&sorted, 0.99), 8.0);
    assert!(normal_scale_quantile(&[], 0.5).is_nan());
}

/// Nine replicates 1..9 around 5 at level 0.8: ranks (9 + 1) 0.1 = 1 and 9.
#[test]
fn intervals_by_hand() {
    let replicates: Vec<f64> = (1..10).map(f64::from).collect();
    let bootstrap = of(6.0, &replicates, &[1.0, 2.0, 6.0]);
    close(bootstrap.interval(BootstrapInterval::Percentile, 0.8).unwrap(), (1.0, 9.0));
    // 2 * 6 - 9 and 2 * 6 - 1.
    close(bootstrap.interval(BootstrapInterval::Basic, 0.8).unwrap(), (3.0, 11.0));
    // Type 7: rank 0.1 * 8 = 0.8.
    close(bootstrap.interval(BootstrapInterval::PercentileType7, 0.8).unwrap(), (1.8, 8.2));
    // Mean 5, variance 60 / 8 = 7.5, bias -1: centre 7.
    let half = normal_quantile(0.9) * libm::sqrt(7.5);
    close(bootstrap.interval(BootstrapInterval::Normal, 0.8).unwrap(), (7.0 - half, 7.0 + half));
    assert_eq!((bootstrap.bias(), bootstrap.mean()), (Some(-1.0), Some(5.0)));
    // Five of nine are below 6.
    assert_eq!(bootstrap.z0(), Some(normal_quantile(5.0 / 9.0)));
    // L = 2, 1, -3 (mean 3): cubes 8 + 1 - 27 = -18, squares 14.
    let want = -18.0 / (6.0 * 14.0 * libm::sqrt(14.0));
    assert!((bootstrap.acceleration().unwrap() - want).abs() < 1e-15);
}

/// Without bias and acceleration BCa is the percentile interval.
#[test]
fn bca_without_corrections_is_the_percentile_interval() {
    let replicates: Vec<f64> = (0..40).map(|k| f64::from(k) * f64::from(k)).collect();
    let bootstrap = of(400.0, &replicates, &[-1.0, 0.0, 1.0]);
    assert_eq!((bootstrap.z0(), bootstrap.acceleration()), (Some(0.0), Some(0.0)));
    let bca = bootstrap.interval(BootstrapInterval::Bca, 0.9).unwrap();
    close(bca, bootstrap.interval(BootstrapInterval::Percentile, 0.9).unwrap());
}

#[test]
fn studentised_by_hand() {
    let mut bootstrap = of(10.0, &[8.0, 10.0, 12.0], &[]);
    // t = (v - 10) / se = -2, 0, 1; at level 0.5 ranks 4 * 0.25 = 1 and 3: 10 - 3 * 1, 10 + 3 * 2.
    bootstrap.set_standard_errors(3.0, &[(8.0, 1.0), (10.0, 5.0), (12.0, 2.0), (9.0, 0.0), (f64::NAN, 1.0)]);
    close(bootstrap.interval(BootstrapInterval::Studentised, 0.5).unwrap(), (7.0, 16.0));
    assert_eq!(bootstrap.without_standard_error(), 2);
    bootstrap.set_standard_errors(0.0, &[(8.0, 1.0), (10.0, 5.0)]);
    assert_eq!(bootstrap.interval(BootstrapInterval::Studentised, 0.5), Err(NoInterval::NoStandardErrors));
}

/// Order does not matter; shift and scale carry over; a change of sign mirrors.
#[test]
fn equivariance() {
    let replicates: Vec<f64> = (0..99).map(|k| f64::from((k * 37) % 99) + 0.25 * f64::from(k % 3)).collect();
    let jackknife = [4.0, 5.0, 5.5, 7.0, 4.5];
    let base = of(45.1, &replicates, &jackknife);
    let moved = |f: &dyn Fn(f64) -> f64| {
        let map = |values: &[f64]| values.iter().rev().map(|v| f(*v)).collect::<Vec<_>>();
        of(f(45.1), &map(&replicates), &map(&jackknife))
    };
    let (linear, mirrored) = (moved(&|v| 3.0 * v - 7.0), moved(&|v| -v));
    for (_, kind) in KINDS {
        let (low, high) = base.interval(kind, 0.9).unwrap();
        assert!(low < high);
        let got = linear.interval(kind, 0.9).unwrap();
        assert!((got.0 - (3.0 * low - 7.0)).abs() < 1e-10 && (got.1 - (3.0 * high - 7.0)).abs() < 1e-10);
        let got = mirrored.interval(kind, 0.9).unwrap();
        // z0 counts strictly smaller replicates, so a tie with the estimate would break the mirror: there is none.
        assert!((got.0 + high).abs() < 1e-10 && (got.1 + low).abs() < 1e-10, "{kind:?}");
    }
}

#[test]
fn nothing_where_nothing_is_defined() {
    let at = |b: &Bootstrap, kind| b.interval(kind, 0.95).err();
    let undefined = of(1.0, &[f64::NAN, f64::INFINITY, 3.0], &[]);
    assert_eq!((undefined.used(), undefined.undefined(), undefined.se()), (1, 2, None));
    assert_eq!(at(&undefined, BootstrapInterval::Percentile), Some(NoInterval::TooFewReplicates));
    let empty = of(1.0, &[], &[]);
    assert_eq!((empty.mean(), empty.bias(), empty.se(), empty.z0()), (None, None, None, None));
    let equal = of(1.0, &[0.3, 0.1 + 0.2, 0.3], &[]);
    for (_, kind) in KINDS {
        assert_eq!(at(&equal, kind), Some(NoInterval::AllEqual), "{kind:?}");
    }
    // All replicates above the estimate; ties do not count as below.
    let above = of(1.0, &[1.0, 2.0, 3.0], &[1.0, 2.0]);
    assert_eq!((above.z0(), at(&above, BootstrapInterval::Bca)), (None, Some(NoInterval::InfiniteCorrection)));
    assert_eq!(at(&above, BootstrapInterval::Percentile), None);
    assert_eq!(
        at(&of(4.0, &[1.0, 2.0, 3.0], &[1.0, 2.0]), BootstrapInterval::Bca),
        Some(NoInterval::InfiniteCorrection)
    );
    for jackknife in [&[][..], &[1.0, 1.0], &[1.0, f64::NAN]] {
        let bootstrap = of(2.0, &[1.0, 2.0, 3.0], jackknife);
        assert_eq!(at(&bootstrap, BootstrapInterval::Bca), Some(NoInterval::NoAcceleration), "{jackknife:?}");
    }
    assert_eq!(at(&of(f64::NAN, &[1.0, 2.0], &[]), BootstrapInterval::Basic), Some(NoInterval::NoEstimate));
    for level in [0.0, 1.0, f64::NAN, -1.0] {
        let got = of(1.5, &[1.0, 2.0], &[]).interval(BootstrapInterval::Basic, level);
        assert_eq!(got, Err(NoInterval::NoEstimate));
    }
}

/// One value far from 199 others has L = 199 and -1: a = (199^3 - 199) / (6 (199^2 + 199)^1.5) = 0.1654, nearly the
/// greatest there is, 1/6. With half of the replicates below the estimate, 1 - a z is below 0 beyond z = 6.05.
#[test]
fn an_acceleration_that_is_too_large() {
    let mut jackknife = [1.0; 200];
    jackknife[7] = 0.0;
    let bootstrap = of(2.5, &[1.0, 2.0, 3.0, 4.0], &jackknife);
    assert!((bootstrap.acceleration().unwrap() - 0.1654).abs() < 1e-4);
    assert!(bootstrap.interval(BootstrapInterval::Bca, 0.95).is_ok());
    assert_eq!(bootstrap.interval(BootstrapInterval::Bca, 1.0 - 1e-10), Err(NoInterval::Acceleration));
}

struct Listed(Vec<f64>);

impl Draws for Listed {
    fn uniform(&mut self) -> f64 {
        self.0.pop().unwrap_or(0.5)
    }
    fn normal(&mut self) -> f64 {
        0.0
    }
    fn chi_square(&mut self, df: f64) -> f64 {
        df
    }
}

#[test]
fn persons_are_drawn_with_replacement() {
    let mut who = Vec::new();
    // 4 * 0.1 = 0.4, 4 * 0.74 = 2.96, 4 * 0.75 = 3, and nearly 4.
    resample(4, &mut Listed(vec![1.0 - 1e-16, 0.75, 0.74, 0.1]), &mut who);
    assert_eq!(who, [0, 2, 3, 3]);
    resample(0, &mut Listed(Vec::new()), &mut who);
    assert!(who.is_empty());
}
