//! Chained equations: patterns, order, failures.

use super::draws::{Generator, Listed};
use super::longrun::{Wide, plan, wide};
use crate::statistics::draws::Draws;
use crate::statistics::imputation::chained::WhenCollinear;
use crate::statistics::imputation::{
    Augmentation, Chained, ChainedFailure, Factor, ImputationFailure, Kind, Plan, Target, Term,
};

const N: f64 = f64::NAN;

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|v| v.to_bits()).collect()
}

fn target(column: usize, kind: Kind, predictors: &[usize]) -> Target {
    Target { column, kind, predictors: predictors.iter().copied().map(Term::of).collect() }
}

/// Group and four normal variables of 60 persons with gaps.
fn gaps() -> Wide {
    let mut draws = Generator(77);
    let (rows, waves) = (60, 4);
    let mut data: Vec<f64> = (0..rows).map(|i| (i % 2) as f64).collect();
    let common: Vec<f64> = (0..rows).map(|_| draws.normal()).collect();
    for w in 0..waves {
        for c in &common {
            let value = c + 0.5 * draws.normal();
            data.push(if w > 0 && draws.uniform() < 0.25 { N } else { value });
        }
    }
    Wide { rows, data, baseline: 1, waves }
}

#[test]
fn one_pass_is_the_single_draws_in_order() {
    // x complete; y missing in the last two rows; z in the last three. Two targets, the numbers handed in.
    let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
    let y = [1.5, 2.0, 3.5, 3.0, 5.5, 6.5, N, N];
    let z = [2.0, 1.0, 4.0, 3.0, 5.0, N, N, N];
    let data: Vec<f64> = x.iter().chain(&y).chain(&z).copied().collect();
    let targets = vec![target(1, Kind::Normal, &[0, 2]), target(2, Kind::Normal, &[0, 1])];
    let mut chained = Chained::new(Plan { targets, sweeps: 7, one_pass: true, ..Plan::default() });
    chained.load(&data, 8).unwrap();
    assert!(chained.one_pass());
    // y given x: chi2 (df 4), 2 coefficients, 2 residuals; z given x and y: chi2 (df 2), 3, 3. z is no predictor of y,
    // for it is missing wherever y is.
    let numbers: Vec<f64> = (0..10).map(|k| 0.3 * f64::from(k) - 1.0).collect();
    let mut draws = Listed { normal: numbers.clone(), chi_square: vec![3.0, 1.5], ..Listed::default() };
    let complete = chained.impute(&mut draws).unwrap().to_vec();
    assert_eq!(draws.df, [4.0, 2.0]);
    assert!(draws.normal.is_empty());
    let mut model = crate::statistics::imputation::norm::NormalModel::default();
    let rows: Vec<f64> = x.iter().flat_map(|v| [1.0, *v]).collect();
    let given = crate::statistics::imputation::Incomplete {
        columns: 2,
        observed: &rows[..12],
        outcome: &y[..6],
        missing: &rows[12..],
    };
    model.fit(&given).unwrap();
    let mut draws = Listed { normal: numbers, chi_square: vec![3.0], ..Listed::default() };
    model.draw(&mut draws);
    let mut out = Vec::new();
    model.impute(&given, &[], &mut draws, &mut out);
    assert_eq!(bits(&complete[14..16]), bits(&out));
    assert_eq!(bits(&complete[..14]), bits(&data[..14]));
    assert_eq!(chained.report().fits, [1, 1]);
    assert_eq!(chained.trace().len(), 2);
}

#[test]
fn gaps_need_sweeps_and_agree_with_maximum_likelihood() {
    let wide = gaps();
    let mut chained = Chained::new(plan(&wide, Kind::Normal, true));
    chained.load(&wide.data, wide.rows).unwrap();
    assert!(!chained.one_pass());
    let mut draws = Generator(5);
    let m = 400;
    let mut sums = vec![0.0; wide.waves];
    let mut traces = Vec::new();
    for _ in 0..m {
        let complete = chained.impute(&mut draws).unwrap();
        assert!(complete.iter().all(|v| v.is_finite()));
        for (w, sum) in sums.iter_mut().enumerate() {
            *sum += complete[(1 + w) * wide.rows..(2 + w) * wide.rows].iter().sum::<f64>() / wide.rows as f64;
        }
        traces.extend(chained.trace().chunks(wide.waves).map(|sweep| sweep[3]));
    }
    // Means given group: EM over the five variables gives the same means but for noise (sd between some 0.03).
    let p = 1 + wide.waves;
    let rows: Vec<f64> =
        (0..wide.rows).flat_map(|i| (0..p).map(move |j| (i, j))).map(|(i, j)| wide.data[j * wide.rows + i]).collect();
    let mut em = crate::statistics::mvn_em::MvnEm::default();
    em.fit(&rows, p).unwrap();
    for (w, sum) in sums.iter().enumerate() {
        let (got, want) = (sum / f64::from(m), em.mean()[1 + w]);
        assert!((got - want).abs() < 0.015, "wave {w}: {got} {want}");
    }
    let reduction = crate::statistics::imputation::trace::scale_reduction(&traces, m as usize).unwrap();
    assert!((reduction - 1.0).abs() < 0.1, "{reduction}");
    let report = chained.report();
    assert_eq!(report.fits, [0, 4000, 4000, 4000]);
}

#[test]
fn the_same_draws_give_the_same_data_whatever_was_before() {
    let wide = gaps();
    let mut chained = Chained::new(plan(&wide, Kind::Matching { donors: 5 }, true));
    chained.load(&wide.data, wide.rows).unwrap();
    let first = chained.impute(&mut Generator(1)).unwrap().to_vec();
    let _ = chained.impute(&mut Generator(2)).unwrap();
    assert_eq!(bits(chained.impute(&mut Generator(1)).unwrap()), bits(&first));
    // Another data set in between, with other rows missing.
    let mut other = wide.data.clone();
    other[wide.rows * 4 + 3] = N;
    chained.load(&other, wide.rows).unwrap();
    let _ = chained.impute(&mut Generator(3)).unwrap();
    chained.load(&wide.data, wide.rows).unwrap();
    assert_eq!(bits(chained.impute(&mut Generator(1)).unwrap()), bits(&first));
    // Matched values are observed ones.
    for w in 1..wide.waves {
        let column = (1 + w) * wide.rows..(2 + w) * wide.rows;
        assert!(first[column.clone()].iter().all(|v| wide.data[column.clone()].contains(v)));
    }
}

#[test]
fn every_kind_in_one_plan() {
    let mut draws = Generator(21);
    let rows = 80;
    let x: Vec<f64> = (0..rows).map(|_| draws.normal()).collect();
    let gap = |draws: &mut Generator, v: f64| if draws.uniform() < 0.2 { N } else { v };
    let mut data = x.clone();
    for kind in 0..4 {
        for v in &x {
            let noisy = v + draws.normal();
            let value = match kind {
                0 => noisy,
                1 => f64::from(u8::from(noisy > 0.0)),
                _ => f64::from(u8::from(noisy > -0.5)) + f64::from(u8::from(noisy > 0.7)),
            };
            data.push(gap(&mut draws, value));
        }
    }
    let a = Augmentation::OnSeparation;
    let of = |column: usize, kind| {
        let level = |c: usize, l: f64| Term { first: Factor { column: c, level: Some(l) }, second: None };
        let all =
            [Term::of(0), Term::of(1), Term::of(2), level(3, 1.0), level(3, 2.0), Term::of(4), Term::product(0, 2)];
        let predictors = all.into_iter().filter(|t| t.columns().all(|c| c != column)).collect();
        Target { column, kind, predictors }
    };
    let targets = vec![
        of(1, Kind::Matching { donors: 3 }),
        of(2, Kind::Logistic(a)),
        of(3, Kind::Multinomial { categories: 3, augmentation: a }),
        of(4, Kind::Ordinal { categories: 3, augmentation: a }),
    ];
    let mut chained = Chained::new(Plan { targets, sweeps: 5, one_pass: true, ..Plan::default() });
    chained.load(&data, rows).unwrap();
    let before = chained.impute(&mut Generator(4)).unwrap().to_vec();
    for (got, was) in before.iter().zip(&data) {
        assert!(was.is_nan() || got == was);
    }
    assert!(before[2 * rows..3 * rows].iter().all(|v| [0.0, 1.0].contains(v)));
    assert!(before[3 * rows..].iter().all(|v| [0.0, 1.0, 2.0].contains(v)));
    // A shift of the logit at every visit makes more ones.
    let mut shift = vec![0.0; data.len()];
    shift[2 * rows..3 * rows].fill(30.0);
    chained.set_shift(&shift).unwrap();
    let after = chained.impute(&mut Generator(4)).unwrap();
    assert!((0..rows).all(|i| !data[2 * rows + i].is_nan() || after[2 * rows + i] == 1.0));
    assert_eq!(chained.set_shift(&[0.0]), Err(ChainedFailure::Shape));
}

#[test]
fn a_shift_carries_over_to_what_is_imputed_later() {
    let x: Vec<f64> = (0..40).map(f64::from).collect();
    let mut draws = Generator(2);
    let y: Vec<f64> = x.iter().enumerate().map(|(i, v)| if i >= 30 { N } else { v + draws.normal() }).collect();
    let z: Vec<f64> = y.iter().enumerate().map(|(i, v)| if i >= 30 { N } else { v + 0.1 * draws.normal() }).collect();
    let data: Vec<f64> = x.iter().chain(&y).chain(&z).copied().collect();
    let targets = vec![target(1, Kind::Normal, &[0]), target(2, Kind::Normal, &[1])];
    let mut chained = Chained::new(Plan { targets, sweeps: 1, one_pass: true, ..Plan::default() });
    chained.load(&data, 40).unwrap();
    let before = chained.impute(&mut Generator(4)).unwrap().to_vec();
    let mut shift = vec![0.0; 120];
    shift[40..80].fill(5.0);
    chained.set_shift(&shift).unwrap();
    let after = chained.impute(&mut Generator(4)).unwrap();
    for i in 30..40 {
        assert!((after[40 + i] - before[40 + i] - 5.0).abs() < 1e-9);
        // z follows y with a slope near 1.
        assert!((after[80 + i] - before[80 + i] - 5.0).abs() < 0.3);
    }
}

#[test]
fn collinear_predictors_are_named_or_counted() {
    let x: Vec<f64> = (0..20).map(f64::from).collect();
    let twice: Vec<f64> = x.iter().map(|v| 2.0 * v).collect();
    let flat = vec![3.0; 20];
    let y: Vec<f64> = (0..20).map(|i| if i > 14 { N } else { f64::from(i % 4) }).collect();
    let data: Vec<f64> = [x, flat, twice, y].concat();
    let targets = vec![target(3, Kind::Normal, &[0, 1, 2])];
    let plan = Plan { targets, sweeps: 1, one_pass: true, when_collinear: WhenCollinear::Fail };
    let mut chained = Chained::new(plan.clone());
    chained.load(&data, 20).unwrap();
    // The constant column comes first.
    assert_eq!(chained.impute(&mut Generator(1)), Err(ChainedFailure::Collinear { target: 0, predictor: 1 }));
    let mut chained = Chained::new(Plan { when_collinear: WhenCollinear::LeaveOut, ..plan });
    chained.load(&data, 20).unwrap();
    let got = chained.impute(&mut Generator(1)).unwrap().to_vec();
    assert_eq!(chained.report().left_out, [[0, 1, 1]]);
    let targets = vec![target(3, Kind::Normal, &[0])];
    let mut alone = Chained::new(Plan { targets, sweeps: 1, one_pass: true, ..Plan::default() });
    alone.load(&data, 20).unwrap();
    assert_eq!(bits(alone.impute(&mut Generator(1)).unwrap()), bits(&got));
}

#[test]
fn augmented_fits_are_counted() {
    // y is 1 exactly where x is positive: separated.
    let x: Vec<f64> = (0..30).map(|i| f64::from(i) - 14.5).collect();
    let y: Vec<f64> =
        x.iter().enumerate().map(|(i, v)| if i % 5 == 0 { N } else { f64::from(u8::from(*v > 0.0)) }).collect();
    let data: Vec<f64> = x.iter().chain(&y).copied().collect();
    let with = |a: Augmentation| Plan {
        targets: vec![target(1, Kind::Logistic(a), &[0])],
        sweeps: 1,
        one_pass: true,
        ..Plan::default()
    };
    let mut never = Chained::new(with(Augmentation::Never));
    never.load(&data, 30).unwrap();
    let failure = ImputationFailure::Separated;
    assert_eq!(never.impute(&mut Generator(1)), Err(ChainedFailure::Draw { target: 0, failure }));
    let mut chained = Chained::new(with(Augmentation::OnSeparation));
    chained.load(&data, 30).unwrap();
    for seed in 0..3 {
        assert!(chained.impute(&mut Generator(seed)).is_ok());
    }
    assert_eq!((chained.report().fits, chained.report().augmented), (vec![3], vec![3]));
}

#[test]
fn plans_that_do_not_fit_the_data() {
    let data = [1.0, 2.0, N, 4.0, 1.0, N, 3.0, 0.5, N, N, N, N];
    let load = |targets: Vec<Target>, data: &[f64], rows: usize| {
        Chained::new(Plan { targets, ..Plan::default() }).load(data, rows)
    };
    assert_eq!(load(vec![target(3, Kind::Normal, &[])], &data, 4), Err(ChainedFailure::Shape));
    assert_eq!(load(vec![target(0, Kind::Normal, &[3])], &data, 4), Err(ChainedFailure::Shape));
    assert_eq!(load(vec![], &data, 5), Err(ChainedFailure::Shape));
    let twice = vec![target(0, Kind::Normal, &[]), target(0, Kind::Normal, &[])];
    assert_eq!(load(twice, &data, 4), Err(ChainedFailure::TwiceATarget { column: 0 }));
    assert_eq!(load(vec![target(0, Kind::Normal, &[0])], &data, 4), Err(ChainedFailure::OwnPredictor { target: 0 }));
    let incomplete = ChainedFailure::IncompletePredictor { target: 0, column: 1 };
    assert_eq!(load(vec![target(0, Kind::Normal, &[1])], &data, 4), Err(incomplete));
    let failure = ImputationFailure::NothingObserved;
    assert_eq!(load(vec![target(2, Kind::Normal, &[])], &data, 4), Err(ChainedFailure::Draw { target: 0, failure }));
    let infinite = [1.0, f64::INFINITY, N];
    assert_eq!(load(vec![target(0, Kind::Normal, &[])], &infinite, 3), Err(ChainedFailure::NotFinite { column: 0 }));
    // Nobody at all, and nothing to impute.
    assert_eq!(load(vec![], &[], 0), Ok(()));
    let mut chained = Chained::new(Plan { targets: vec![target(0, Kind::Normal, &[])], ..Plan::default() });
    chained.load(&[1.0, 2.0], 2).unwrap();
    assert_eq!(chained.impute(&mut Generator(1)), Ok(&[1.0, 2.0][..]));
    // Too few: two observed for an intercept and a slope.
    let mut chained = Chained::new(Plan { targets: vec![target(0, Kind::Normal, &[1])], ..Plan::default() });
    chained.load(&[1.0, 2.0, N, 0.0, 1.0, 2.0], 3).unwrap();
    let failure = ImputationFailure::TooFew { observed: 2, needed: 3 };
    assert_eq!(chained.impute(&mut Generator(1)), Err(ChainedFailure::Draw { target: 0, failure }));
}

#[test]
fn sweeps_over_later_waves_agree_with_the_one_pass_on_monotone_data() {
    let wide = wide("panel_80x4_sites.csv", "score", &["age"]);
    let mean = |one_pass: bool| {
        let mut chained = Chained::new(Plan { one_pass, ..plan(&wide, Kind::Normal, true) });
        chained.load(&wide.data, wide.rows).unwrap();
        assert_eq!(chained.one_pass(), one_pass);
        let mut draws = Generator(8);
        let mut sum = 0.0;
        for _ in 0..500 {
            let complete = chained.impute(&mut draws).unwrap();
            sum += complete[complete.len() - wide.rows..].iter().sum::<f64>() / wide.rows as f64;
        }
        sum / 500.0
    };
    // Standard deviation between imputations 0.34, so of a difference of two means of 500 some 0.022.
    assert!((mean(true) - mean(false)).abs() < 0.1);
}
