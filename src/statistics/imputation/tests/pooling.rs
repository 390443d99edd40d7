use crate::statistics::imputation::pool::{PoolFailure, pool, pool_vector};
use crate::statistics::tests::{Case, numbers};

fn check(name: &str) {
    let case = Case::read(name);
    let (estimates, variances) = (numbers(case.setting("estimates")), numbers(case.setting("variances")));
    let level = case.setting("conf_level").as_f64().unwrap();
    for (k, df_complete) in numbers(case.setting("dfcom")).into_iter().enumerate() {
        let got = pool(&estimates, &variances, df_complete).unwrap();
        let k = k.to_string();
        let path = |key| ["scalar", k.as_str(), key];
        case.check(&path("dfcom"), Some(df_complete));
        case.check(&path("qbar"), Some(got.estimate));
        case.check(&path("ubar"), Some(got.within));
        case.check(&path("b"), Some(got.between));
        case.check(&path("t"), Some(got.total));
        case.check(&path("se"), Some(got.standard_error()));
        case.check(&path("riv"), got.riv);
        case.check(&path("lambda"), got.lambda);
        case.check(&path("fmi"), got.fmi);
        case.check(&path("df_rubin1987"), got.df_large);
        case.check(&path("df"), got.df);
        case.check(&path("p"), got.p_value(0.0));
        let interval = got.interval(level).unwrap();
        case.check_all(&path("ci"), &[interval.0, interval.1]);
    }
    let Some(vectors) = case.setting("vector_estimates").as_array() else { return };
    let flat: Vec<f64> = vectors.iter().flat_map(numbers).collect();
    let covariances: Vec<f64> = case
        .setting("vector_covariances")
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|m| m.as_array().unwrap())
        .flat_map(numbers)
        .collect();
    let k = flat.len() / vectors.len();
    let got = pool_vector(k, &flat, &covariances).unwrap();
    let path = |key| ["multivariate", key];
    case.check_all(&path("qbar"), &got.estimates);
    for (i, row) in got.total.chunks(k).enumerate() {
        case.check_all(&["multivariate", "t", &i.to_string()], row);
    }
    for (key, value) in [("arv", got.arv), ("d1", got.d1), ("df1", got.df1), ("df2", got.df2), ("p", got.p)] {
        case.check(&path(key), Some(value));
    }
}

#[test]
fn reference_mi_pool() {
    check("mi_pool_scalar");
    check("mi_pool_vector");
    check("mi_pool_m2_no_between");
}

#[test]
fn worked_by_hand() {
    // Estimates 1 and 3: B = 2; U = 1; T = 1 + 1.5 * 2 = 4; lambda 3/4; df 1 / (9/16) = 16/9.
    let got = pool(&[1.0, 3.0], &[0.5, 1.5], f64::INFINITY).unwrap();
    assert_eq!((got.estimate, got.within, got.between, got.total), (2.0, 1.0, 2.0, 4.0));
    assert_eq!((got.riv, got.lambda, got.df), (Some(3.0), Some(0.75), Some(16.0 / 9.0)));
    // dfcom 7: 8/10 * 7 * 1/4 = 1.4; harmonic with 16/9.
    let df = pool(&[1.0, 3.0], &[0.5, 1.5], 7.0).unwrap().df.unwrap();
    assert!((df - 1.0 / (9.0 / 16.0 + 1.0 / 1.4)).abs() < 1e-15);
}

#[test]
fn a_vector_of_one_is_the_square_of_t() {
    let (q, u) = ([1.0, 1.4, 0.8, 1.1], [0.2, 0.25, 0.2, 0.3]);
    let (one, vector) = (pool(&q, &u, f64::INFINITY).unwrap(), pool_vector(1, &q, &u).unwrap());
    assert!((vector.d1 - one.estimate * one.estimate / one.total).abs() < 1e-14);
    assert!((vector.arv - one.riv.unwrap()).abs() < 1e-14);
    // k (m - 1) = 3, at most 4: 3 (1 + 1) (1 + 1/arv)^2 / 2, which is Rubin's 1987 df.
    assert!((vector.df2 - one.df_large.unwrap()).abs() < 1e-9 * vector.df2);
    assert!((vector.p - one.p_value(0.0).unwrap()).abs() < 1e-12);
}

#[test]
fn shift_and_scale() {
    let (q, u) = ([1.0, 1.4, 0.8], [0.2, 0.25, 0.2]);
    let a = pool(&q, &u, 20.0).unwrap();
    let b = pool(&q.map(|v| 10.0 * v + 3.0), &u.map(|v| 100.0 * v), 20.0).unwrap();
    assert!((b.estimate - (10.0 * a.estimate + 3.0)).abs() < 1e-13);
    assert!((b.standard_error() - 10.0 * a.standard_error()).abs() < 1e-12);
    assert!((b.df.unwrap() - a.df.unwrap()).abs() < 1e-9);
    assert!((b.p_value(3.0).unwrap() - a.p_value(0.0).unwrap()).abs() < 1e-12);
}

#[test]
fn what_cannot_be_pooled_says_so() {
    assert_eq!(pool(&[1.0], &[1.0], 5.0), Err(PoolFailure::TooFew));
    assert_eq!(pool(&[1.0, 2.0], &[1.0], 5.0), Err(PoolFailure::TooFew));
    assert_eq!(pool(&[1.0, f64::NAN], &[1.0, 1.0], 5.0), Err(PoolFailure::NotANumber));
    assert_eq!(pool(&[1.0, 2.0], &[1.0, -1.0], 5.0), Err(PoolFailure::NotANumber));
    // No variance at all: an estimate, and nothing else.
    let none = pool(&[1.0, 1.0], &[0.0, 0.0], 5.0).unwrap();
    assert_eq!((none.estimate, none.riv, none.lambda, none.fmi, none.df), (1.0, None, None, None, None));
    assert_eq!((none.interval(0.95), none.p_value(0.0)), (None, None));
    // None within imputations: all of the variance comes from what is missing.
    let between = pool(&[1.0, 2.0], &[0.0, 0.0], f64::INFINITY).unwrap();
    assert_eq!((between.lambda, between.riv, between.fmi), (Some(1.0), Some(f64::INFINITY), Some(1.0)));
    assert_eq!(between.df, Some(1.0));
    // And in a finite sample no degrees of freedom are left.
    let small = pool(&[1.0, 2.0], &[0.0, 0.0], 9.0).unwrap();
    assert_eq!((small.df, small.interval(0.95), small.p_value(0.0)), (Some(0.0), None, None));
    // Without complete degrees of freedom there are none.
    assert_eq!(pool(&[1.0, 2.0], &[1.0, 1.0], 0.0).unwrap().df, None);
    assert_eq!(pool_vector(0, &[], &[]), Err(PoolFailure::TooFew));
    assert_eq!(pool_vector(2, &[1.0; 4], &[1.0; 8]), Err(PoolFailure::Singular));
    assert_eq!(pool_vector(1, &[1.0, f64::INFINITY], &[1.0; 2]), Err(PoolFailure::NotANumber));
    // Estimates that are all the same: chi-square / k.
    let same = pool_vector(1, &[2.0, 2.0], &[1.0, 1.0]).unwrap();
    assert_eq!((same.arv, same.df2), (0.0, f64::INFINITY));
    assert!((same.p - 2.0 * crate::numeric::normal_cdf(-2.0)).abs() < 1e-14);
}
