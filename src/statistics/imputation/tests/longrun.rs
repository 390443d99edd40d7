//! Averages over many imputations, against averages over 1000 of the R package mice.

use super::draws::Generator;
use crate::numeric::discrete::FisherF;
use crate::statistics::imputation::{Augmentation, Chained, Kind, Plan, Target, Term};
use crate::statistics::tests::{Case, columns};

/// A panel in wide format: group, baseline, then the outcome at each wave; column after column.
pub(super) struct Wide {
    pub(super) rows: usize,
    pub(super) data: Vec<f64>,
    pub(super) baseline: usize,
    pub(super) waves: usize,
}

pub(super) fn wide(file: &str, outcome: &str, baseline: &[&str]) -> Wide {
    let table = columns(file);
    let (id, wave) = (&table["id"], &table["wave"]);
    let mut persons: Vec<f64> = Vec::new();
    let mut occasions: Vec<f64> = wave.clone();
    occasions.sort_by(f64::total_cmp);
    occasions.dedup();
    id.iter().for_each(|p| {
        if !persons.contains(p) {
            persons.push(*p)
        }
    });
    let row = |p: f64, w: f64| id.iter().zip(wave).position(|(a, b)| *a == p && *b == w);
    let first = |p: f64| id.iter().position(|a| *a == p).unwrap();
    let mut data = Vec::new();
    for name in std::iter::once("group").chain(baseline.iter().copied()) {
        data.extend(persons.iter().map(|p| table[name][first(*p)]));
    }
    for w in &occasions {
        data.extend(persons.iter().map(|p| row(*p, *w).map_or(f64::NAN, |i| table[outcome][i])));
    }
    Wide { rows: persons.len(), data, baseline: 1 + baseline.len(), waves: occasions.len() }
}

/// Wave by wave, each given group, baseline and the earlier waves (and the later ones too).
pub(super) fn plan(wide: &Wide, kind: Kind, later: bool) -> Plan {
    let column = |w: usize| wide.baseline + w;
    let target = |w: usize| {
        let others = (0..wide.waves).filter(|v| *v < w || (later && *v > w)).map(column);
        Target { column: column(w), kind, predictors: (0..wide.baseline).chain(others).map(Term::of).collect() }
    };
    Plan { targets: (0..wide.waves).map(target).collect(), sweeps: 10, one_pass: true, ..Plan::default() }
}

fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0))
}

/// Means, differences and their variances over `m` completed data sets.
fn run(chained: &mut Chained, wide: &Wide, m: usize, binary: bool, seed: u64) -> [Vec<f64>; 3] {
    let mut draws = Generator(seed);
    let mut out = [vec![], vec![], vec![]];
    for _ in 0..m {
        let complete = chained.impute(&mut draws).unwrap();
        let last = &complete[(wide.baseline + wide.waves - 1) * wide.rows..];
        let arm = |g: f64| {
            let values: Vec<f64> =
                last.iter().zip(&complete[..wide.rows]).filter(|(_, h)| **h == g).map(|(y, _)| *y).collect();
            let (mean, variance) = moments(&values);
            let variance = if binary { mean * (1.0 - mean) } else { variance };
            (mean, variance / values.len() as f64)
        };
        let (one, zero) = (arm(1.0), arm(0.0));
        out[0].push(moments(last).0);
        out[1].push(one.0 - zero.0);
        out[2].push(one.1 + zero.1);
    }
    out
}

fn check(name: &str) {
    let case = Case::read(name);
    let text = |key: &str| case.setting(key).as_str().unwrap();
    let kind = match text("imputation") {
        "logistic_augmented" => Kind::Logistic(Augmentation::Always),
        "logistic_plain" => Kind::Logistic(Augmentation::OnSeparation),
        "normal" => Kind::Normal,
        other => panic!("{other}"),
    };
    let baseline: Vec<&str> = case.setting("baseline").as_array().unwrap().iter().filter_map(|v| v.as_str()).collect();
    let wide = wide(case.json["data"].as_str().unwrap(), text("outcome"), &baseline);
    let mut chained = Chained::new(plan(&wide, kind, false));
    chained.load(&wide.data, wide.rows).unwrap();
    assert!(chained.one_pass());
    let m = 2000;
    let [means, differences, within] = run(&mut chained, &wide, m, kind != Kind::Normal, 20_240_601);
    let report = chained.report();
    match kind {
        Kind::Logistic(Augmentation::Always) => assert_eq!(report.augmented, report.fits),
        _ => assert!(report.augmented.iter().all(|n| *n == 0) && report.fits.iter().all(|n| *n <= 1), "{report:?}"),
    }
    let expected = |key: &str| case.expected(&[key]).as_f64().unwrap();
    let m_reference = case.setting("m_reference").as_f64().unwrap();
    let spread = 4.0 * libm::sqrt(1.0 / m as f64 + 1.0 / m_reference);
    let (mean, _) = moments(&means);
    let limit = spread * expected("overall_mean_between_sd");
    assert!((mean - expected("overall_mean")).abs() <= limit, "{name}: mean {mean}");
    let (difference, between) = moments(&differences);
    let limit = spread * libm::sqrt(expected("diff_between_var"));
    assert!((difference - expected("diff")).abs() <= limit, "{name}: difference {difference}");
    let (within, _) = moments(&within);
    assert!((within / expected("diff_within_var") - 1.0).abs() <= 0.03, "{name}: within {within}");
    let f = FisherF { df1: m as f64 - 1.0, df2: m_reference - 1.0 };
    let ratio = between / expected("diff_between_var");
    assert!(ratio > f.quantile(0.00005) && ratio < f.quantile(0.99995), "{name}: between {between}, ratio {ratio}");
}

#[test]
fn reference_mi_longrun() {
    check("mi_longrun_binary_plain");
    check("mi_longrun_binary");
    check("mi_longrun_normal");
}
