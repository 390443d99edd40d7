//! Reference cases, tables worked by hand, and what must hold for any ratings.

use super::*;
use crate::statistics::tests::{Case, columns, numbers};
use proptest::prelude::*;

#[test]
fn kappa_reference_case() {
    let case = Case::read("kappa_tables");
    let level = case.setting("conf_level").as_f64().unwrap();
    for (t, table) in case.setting("tables").as_array().unwrap().iter().enumerate() {
        let rows: Vec<Vec<f64>> = table.as_array().unwrap().iter().map(numbers).collect();
        let got = Agreement::new(rows.len(), &rows.concat()).unwrap();
        let t = t.to_string();
        for (key, weights) in [("none", Weights::None), ("linear", Weights::Linear), ("quadratic", Weights::Quadratic)]
        {
            let kappa = got.kappa(weights, level);
            let check = |leaf: &str, value| case.check(&["tables", &t, key, leaf], value);
            check("observed", Some(kappa.observed));
            check("expected", Some(kappa.expected));
            check("kappa", kappa.kappa);
            check("se", kappa.se);
            check("se_null", kappa.se_null);
            check("z", kappa.z);
            case.check(&["tables", &t, key, "ci", "0"], kappa.interval.map(|i| i.0));
            case.check(&["tables", &t, key, "ci", "1"], kappa.interval.map(|i| i.1));
        }
        let check = |leaf: &str, value| case.check(&["tables", &t, leaf], value);
        check("percent_agreement", Some(got.percent_agreement()));
        check("pabak", got.pabak());
        check("scott_pi", got.scott_pi());
        check("gwet_ac1", got.gwet_ac1());
        if rows.len() == 2 {
            check("positive_agreement", got.specific_agreement(0));
            check("negative_agreement", got.specific_agreement(1));
        }
    }
}

#[test]
fn krippendorff_reference_case() {
    let case = Case::read("krippendorff_15");
    let table = columns(case.json["data"].as_str().unwrap());
    let raters: Vec<&str> = case.setting("raters").as_array().unwrap().iter().map(|r| r.as_str().unwrap()).collect();
    let units: Vec<Vec<f64>> =
        (0..table[raters[0]].len()).map(|i| raters.iter().map(|r| table[*r][i]).collect()).collect();
    for (key, metric) in [("nominal", Metric::Nominal), ("ordinal", Metric::Ordinal), ("interval", Metric::Interval)] {
        let got = krippendorff(units.iter().map(Vec::as_slice), metric);
        case.check(&[key], got.alpha);
        case.check(&["pairable_values"], Some(got.pairable as f64));
        case.check(&["units_used"], Some(got.units as f64));
    }
}

#[test]
fn icc_reference_cases() {
    for name in ["icc_28x3", "icc_negative"] {
        let case = Case::read(name);
        let table = columns(case.json["data"].as_str().unwrap());
        let names: Vec<&str> =
            case.setting("columns").as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
        let n = table[names[0]].len();
        let cells: Vec<f64> =
            (0..n).flat_map(|i| names.iter().map(move |c| (c, i))).map(|(c, i)| table[*c][i]).collect();
        let got = Icc::of(&cells, names.len(), case.setting("conf_level").as_f64().unwrap()).unwrap();
        let check = |key: &str, value| case.check(&[key], value);
        check("n", Some(got.n as f64));
        check("k", Some(got.k as f64));
        check("ms_rows", Some(got.ms_rows));
        check("ms_columns", Some(got.ms_columns));
        check("ms_error", Some(got.ms_error));
        check("ms_within", Some(got.ms_within));
        check("f", got.f);
        check("sem_consistency", Some(got.sem_consistency()));
        for (key, coefficient) in [("icc1", got.one), ("icc2_1", got.two), ("icc3_1", got.three)] {
            check(key, coefficient.value);
            let limits = format!("{key}_ci");
            case.check(&[&limits, "0"], coefficient.interval.map(|i| i.0));
            case.check(&[&limits, "1"], coefficient.interval.map(|i| i.1));
        }
        check("icc1_k", got.one_k.value);
        check("icc2_k", got.two_k.value);
        check("icc3_k", got.three_k.value);
        case.check(&["icc3_k_ci", "0"], got.three_k.interval.map(|i| i.0));
        case.check(&["icc3_k_ci", "1"], got.three_k.interval.map(|i| i.1));
        let pairs: Vec<(f64, f64)> = table[names[0]].iter().copied().zip(table[names[1]].iter().copied()).collect();
        check("pearson_first_two", pearson(&pairs));
        check("spearman_first_two", spearman(&pairs));
        let limits = bland_altman(&pairs).unwrap();
        case.check(&["bland_altman", "bias"], Some(limits.bias));
        case.check(&["bland_altman", "sd"], Some(limits.sd));
        case.check(&["bland_altman", "limits", "0"], Some(limits.limits.0));
        case.check(&["bland_altman", "limits", "1"], Some(limits.limits.1));
    }
}

fn close(got: f64, want: f64) {
    assert!((got - want).abs() < 1e-12, "got {got}, want {want}");
}

#[test]
fn a_table_by_hand() {
    // 20 of 25 agree; by chance 0.5 * 0.6 + 0.5 * 0.4 = 0.5.
    let table = Agreement::new(2, &[12.5, 0.0, 2.5, 10.0]).unwrap();
    let got = table.kappa(Weights::None, 0.95);
    close(got.observed, 0.9);
    close(got.expected, 0.5);
    close(got.kappa.unwrap(), 0.8);
    close(table.pabak().unwrap(), 0.8);
    // 25 of the 27.5 yeses, 20 of the 22.5 noes.
    close(table.specific_agreement(0).unwrap(), 25.0 / 27.5);
    close(table.specific_agreement(1).unwrap(), 20.0 / 22.5);
    assert_eq!(table.specific_agreement(2), None);
    // The same units one by one.
    let pairs = [(0, 0), (0, 0), (1, 0), (1, 1), (7, 1)];
    assert_eq!(Agreement::of_pairs(2, pairs), Agreement::new(2, &[2.0, 0.0, 1.0, 1.0]));
}

#[test]
fn complete_agreement_and_complete_chance() {
    let all = Agreement::new(3, &[4.0, 0.0, 0.0, 0.0, 3.0, 0.0, 0.0, 0.0, 2.0]).unwrap();
    for weights in [Weights::None, Weights::Linear, Weights::Quadratic] {
        let got = all.kappa(weights, 0.95);
        close(got.kappa.unwrap(), 1.0);
        assert!(got.se.unwrap() < 1e-8);
    }
    // Everything in one category: nothing but chance.
    let one = Agreement::new(2, &[9.0, 0.0, 0.0, 0.0]).unwrap();
    let got = one.kappa(Weights::None, 0.95);
    assert_eq!((got.kappa, got.se, got.se_null, got.z, got.interval), (None, None, None, None, None));
    assert_eq!((one.percent_agreement(), one.scott_pi(), one.pabak()), (1.0, None, Some(1.0)));
    assert_eq!((one.gwet_ac1(), one.specific_agreement(1)), (Some(1.0), None));
    let single = Agreement::new(1, &[5.0]).unwrap();
    assert_eq!((single.pabak(), single.gwet_ac1(), single.kappa(Weights::Linear, 0.95).kappa), (None, None, None));
    // One rating has one category only: kappa is 0 and has no spread under independence.
    let flat = Agreement::new(2, &[3.0, 2.0, 0.0, 0.0]).unwrap().kappa(Weights::None, 0.95);
    close(flat.kappa.unwrap(), 0.0);
    assert_eq!(flat.z.filter(|z| !z.is_finite()), None);
}

#[test]
fn no_table() {
    for (k, counts) in [
        (0, vec![]),
        (2, vec![1.0; 3]),
        (2, vec![0.0; 4]),
        (2, vec![1.0, -1.0, 1.0, 1.0]),
        (2, vec![1.0, f64::NAN, 1.0, 1.0]),
        (2, vec![1.0, f64::INFINITY, 1.0, 1.0]),
    ] {
        assert_eq!(Agreement::new(k, &counts), None);
    }
    assert_eq!(Agreement::of_pairs(usize::MAX, []), None);
    let table = Agreement::new(2, &[1.0, 2.0, 3.0, 4.0]).unwrap();
    assert_eq!(table.kappa(Weights::None, 1.0).interval, None);
}

#[test]
fn alpha_by_hand() {
    // Two units: 1 1 and 1 2. One of two pairs differs: 1 * 2 pairs within, of values 1 1 1 2 there are 2 * 3 unequal
    // ordered pairs. 1 - 3 * 2 / 6 = 0.
    let units = [vec![1.0, 1.0], vec![1.0, 2.0], vec![3.0, f64::NAN]];
    let got = krippendorff(units.iter().map(Vec::as_slice), Metric::Nominal);
    assert_eq!(got, Alpha { alpha: Some(0.0), pairable: 4, units: 2 });
    let same = [vec![0.1, 0.1, 0.1], vec![0.1, 0.1, 0.1]];
    for metric in [Metric::Nominal, Metric::Ordinal, Metric::Interval] {
        let got = krippendorff(same.iter().map(Vec::as_slice), metric);
        assert_eq!(got, Alpha { alpha: None, pairable: 6, units: 2 });
        let none = krippendorff(std::iter::empty(), metric);
        assert_eq!(none, Alpha { alpha: None, pairable: 0, units: 0 });
        let infinite = [vec![0.0, f64::INFINITY], vec![1.0, 1.0]];
        let got = krippendorff(infinite.iter().map(Vec::as_slice), metric);
        assert_eq!(got.alpha.is_none(), metric == Metric::Interval);
    }
}

/// The ordinal distance as the book has it, from the values between the two.
fn alpha_by_coincidences(units: &[Vec<f64>]) -> f64 {
    let used: Vec<&Vec<f64>> = units.iter().filter(|u| u.len() > 1).collect();
    let all: Vec<f64> = used.iter().flat_map(|u| u.iter().copied()).collect();
    let count = |v: f64| all.iter().filter(|x| **x == v).count() as f64;
    let distance = |a: f64, b: f64| {
        let between = all.iter().filter(|x| a.min(b) <= **x && **x <= a.max(b)).count() as f64;
        let d = if a == b { 0.0 } else { between - 0.5 * (count(a) + count(b)) };
        d * d
    };
    let n = all.len() as f64;
    let pairs = |v: &[f64]| v.iter().flat_map(|a| v.iter().map(move |b| distance(*a, *b))).sum::<f64>();
    let within: f64 = used.iter().map(|u| pairs(u) / (u.len() - 1) as f64).sum();
    1.0 - (n - 1.0) * within / pairs(&all)
}

#[test]
fn measurements_without_error_or_spread() {
    // Each unit's two measurements are equal.
    let got = Icc::of(&[1.0, 1.0, 2.0, 2.0, 4.0, 4.0], 2, 0.95).unwrap();
    assert_eq!((got.one.value, got.two.value, got.three.value), (Some(1.0), Some(1.0), Some(1.0)));
    assert_eq!((got.one.interval, got.two.interval, got.three_k.interval, got.f), (None, None, None, None));
    let flat = Icc::of(&[3.0; 6], 2, 0.95).unwrap();
    assert_eq!((flat.one.value, flat.two.value, flat.three_k.value), (None, None, None));
    assert_eq!(flat.sem_consistency(), 0.0);
    // A missing measurement takes its row out.
    let whole = [1.0, 2.0, 2.0, 2.0, 5.0, 4.0];
    let gappy = [1.0, 2.0, f64::NAN, 9.0, 2.0, 2.0, 5.0, 4.0];
    assert_eq!(Icc::of(&gappy, 2, 0.95), Icc::of(&whole, 2, 0.95));
    for (table, k) in [(&whole[..], 1), (&whole[..], 4), (&whole[..2], 2), (&[][..], 2), (&[f64::NAN; 6][..], 2)] {
        assert_eq!(Icc::of(table, k, 0.95), None);
    }
    assert_eq!(Icc::of(&whole, 2, 0.0).unwrap().three.interval, None);
}

#[test]
fn limits_that_miss_their_coefficient_are_none() {
    // Found at random: Shrout and Fleiss' limits of ICC(2,1) would be -0.422 and -0.415, the coefficient is -0.408.
    let table = [-9.0, 7.0, 3.0, -3.0, -4.0, 8.0, 3.0, -1.0, 1.0, 0.0, -7.0, 6.0];
    let got = Icc::of(&table, 3, 0.95).unwrap();
    assert!((got.two.value.unwrap() + 0.407_624_633).abs() < 1e-9);
    assert_eq!((got.two.interval, got.two_k.interval), (None, None));
    assert!(got.one.interval.is_some() && got.three.interval.is_some());
}

#[test]
fn retests_by_hand() {
    // Differences 1, 0, -1, 0: bias 0, standard deviation sqrt(2/3).
    let pairs = [(2.0, 1.0), (3.0, 3.0), (4.0, 5.0), (6.0, 6.0)];
    let got = bland_altman(&pairs).unwrap();
    close(got.sd, libm::sqrt(2.0 / 3.0));
    close(got.limits.1, 1.96 * libm::sqrt(2.0 / 3.0));
    close(spearman(&pairs).unwrap(), 1.0);
    assert_eq!(pearson(&[(1.0, 1.0), (2.0, 1.0)]), None);
    assert_eq!(pearson(&[(0.1, 1.0), (0.1, 2.0), (0.1, 4.0)]), None);
    assert_eq!(pearson(&[]), None);
    assert_eq!(spearman(&[(1.0, 2.0), (f64::NAN, 1.0), (3.0, 1.0)]), None);
    assert_eq!(bland_altman(&pairs[..1]), None);
    assert_eq!(bland_altman(&[(f64::INFINITY, 1.0), (2.0, 1.0)]), None);
}

proptest! {
    #[test]
    fn names_of_categories_are_nothing(counts in prop::collection::vec(0_u32..9, 9)) {
        let counts: Vec<f64> = counts.into_iter().map(f64::from).collect();
        if let Some(table) = Agreement::new(3, &counts) {
            // The order reversed keeps all distances; the ratings swapped transpose the table.
            let reversed: Vec<f64> = counts.iter().rev().copied().collect();
            let reversed = Agreement::new(3, &reversed).unwrap();
            let swapped: Vec<f64> = (0..9).map(|c| counts[c % 3 * 3 + c / 3]).collect();
            let swapped = Agreement::new(3, &swapped).unwrap();
            for weights in [Weights::None, Weights::Linear, Weights::Quadratic] {
                let kappa = table.kappa(weights, 0.95);
                for other in [reversed.kappa(weights, 0.95), swapped.kappa(weights, 0.95)] {
                    prop_assert_eq!(kappa.kappa.is_some(), other.kappa.is_some());
                    if let (Some(a), Some(b)) = (kappa.kappa, other.kappa) {
                        prop_assert!((a - b).abs() < 1e-9 && a <= 1.0 + 1e-12);
                        prop_assert!((kappa.se.unwrap() - other.se.unwrap()).abs() < 1e-6);
                        prop_assert!((kappa.se_null.unwrap() - other.se_null.unwrap()).abs() < 1e-6);
                    }
                }
            }
        }
    }

    #[test]
    fn quadratic_kappa_is_the_icc_of_large_samples(pairs in prop::collection::vec((0_usize..4, 0_usize..4), 4..30)) {
        // Fleiss and Cohen 1973: they differ by a term of order 1/n, which goes when every unit is taken many times.
        let kappa = Agreement::of_pairs(4, pairs.clone()).unwrap().kappa(Weights::Quadratic, 0.95).kappa;
        let row: Vec<f64> = pairs.iter().flat_map(|(a, b)| [*a as f64, *b as f64]).collect();
        let many: Vec<f64> = row.iter().copied().cycle().take(row.len() * 500).collect();
        if let Some((kappa, icc)) = kappa.zip(Icc::of(&many, 2, 0.95).and_then(|i| i.two.value)) {
            prop_assert!((kappa - icc).abs() < 2e-3, "{} {}", kappa, icc);
        }
    }

    #[test]
    fn alpha_from_ranks_is_alpha_from_coincidences(units in prop::collection::vec(prop::collection::vec(0_u8..5, 0..4), 0..9)) {
        let units: Vec<Vec<f64>> = units.iter().map(|u| u.iter().map(|v| f64::from(*v)).collect()).collect();
        let got = krippendorff(units.iter().map(Vec::as_slice), Metric::Ordinal);
        let want = alpha_by_coincidences(&units);
        prop_assert_eq!(got.alpha.is_some(), want.is_finite());
        if let Some(alpha) = got.alpha {
            prop_assert!((alpha - want).abs() < 1e-9);
            // Another scale with the same order is the same to it, a shifted and stretched one to the interval metric.
            let other: Vec<Vec<f64>> = units.iter().map(|u| u.iter().map(|v| 3.0 * v - 7.0).collect()).collect();
            for metric in [Metric::Nominal, Metric::Ordinal, Metric::Interval] {
                let (a, b) = (krippendorff(units.iter().map(Vec::as_slice), metric), krippendorff(other.iter().map(Vec::as_slice), metric));
                prop_assert!((a.alpha.unwrap() - b.alpha.unwrap()).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn shift_and_scale_leave_the_icc(cells in prop::collection::vec(-9_i32..9, 12), shift in -50.0..50.0_f64, scale in 0.1..9.0_f64) {
        let cells: Vec<f64> = cells.into_iter().map(f64::from).collect();
        let moved: Vec<f64> = cells.iter().map(|v| v * scale + shift).collect();
        let (a, b) = (Icc::of(&cells, 3, 0.95).unwrap(), Icc::of(&moved, 3, 0.95).unwrap());
        for (a, b) in [(a.one, b.one), (a.two, b.two), (a.three, b.three)] {
            if let (Some(x), Some(y)) = (a.value, b.value) && x.abs() < 5.0 {
                prop_assert!((x - y).abs() < 1e-6, "{} {}", x, y);
            }
            if let (Some(x), Some((low, high))) = (a.value, a.interval) {
                prop_assert!(low <= x + 1e-9 && x <= high + 1e-9, "{} {} {}", low, x, high);
            }
        }
    }
}
