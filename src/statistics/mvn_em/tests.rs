use super::*;
use crate::statistics::tests::{Case, columns, numbers};

/// Small numbers that follow no line, the same every time.
fn noise(k: usize) -> f64 {
    let x = (k as f64 * 12.9898 + 4.1414) * 43_758.545_3;
    2.0 * (x - x.floor()) - 1.0
}

/// Rows of `p` correlated variables, with values missing here and there.
fn data(rows: usize, p: usize) -> Vec<f64> {
    let mut out = Vec::new();
    for i in 0..rows {
        let common = noise(1000 + i);
        for j in 0..p {
            let value = 10.0 + j as f64 + common + 0.7 * noise(31 * i + j);
            out.push(if noise(7 * i + 3 * j + 11) > 0.6 { f64::NAN } else { value });
        }
    }
    out
}

fn close(got: f64, want: f64, limit: f64) {
    assert!((got - want).abs() <= limit * (1.0 + want.abs()), "got {got}, want {want}");
}

#[test]
fn reference_mvn_em() {
    let case = Case::read("mvn_em_60");
    let table = columns(case.json["data"].as_str().unwrap());
    let names: Vec<&str> = case.setting("variables").as_array().unwrap().iter().filter_map(|v| v.as_str()).collect();
    let rows = table[names[0]].len();
    let data: Vec<f64> = (0..rows).flat_map(|i| names.iter().map(move |n| (i, n))).map(|(i, n)| table[*n][i]).collect();
    let mut em = MvnEm::default();
    em.fit(&data, names.len()).unwrap();
    assert_eq!(case.expected(&["n"]).as_u64(), Some(em.rows() as u64));
    case.check_all(&["mean"], em.mean());
    for (k, row) in em.covariance().chunks(names.len()).enumerate() {
        case.check_all(&["cov_ml", &k.to_string()], row);
    }
    case.check(&["loglik"], Some(em.log_likelihood()));
    let little = em.little().unwrap();
    case.check(&["little", "chisq"], Some(little.chi_square));
    // The case's chisq_ml_cov is not the statistic with the maximum likelihood covariance, as its note says: that one is
    // larger than chisq, by n / (n - 1), since a smaller covariance makes distances larger; the value of the case is
    // smaller than chisq by (n - 1) / n. Worked out from the case's own mean and cov_ml the statistic is 14.7464672.
    let n = em.rows() as f64;
    case.check(&["little", "chisq_ml_cov"], Some(little.chi_square * (n - 1.0) / n));
    assert!((little.chi_square_ml - 14.746_467_199_6).abs() < 1e-7);
    case.check(&["little", "p"], little.p);
    assert_eq!(numbers(&serde_json::json!([case.expected(&["little", "df"])])), [little.df as f64]);
    assert_eq!(case.expected(&["little", "patterns"]).as_u64(), Some(little.patterns as u64));
}

#[test]
fn complete_data_have_the_closed_form() {
    // (1, 2), (3, 8), (5, 5): means 3 and 5; variances 8/3 and 6; covariance ((-2)(-3) + 0 + 2 * 0) / 3 = 2.
    let mut em = MvnEm::default();
    em.fit(&[1.0, 2.0, 3.0, 8.0, 5.0, 5.0], 2).unwrap();
    for (got, want) in em.mean().iter().zip([3.0, 5.0]) {
        close(*got, want, 1e-14);
    }
    for (got, want) in em.covariance().iter().zip([8.0 / 3.0, 2.0, 2.0, 6.0]) {
        close(*got, want, 1e-14);
    }
    // -3/2 (2 log 2 pi + log 12 + 2), as tr(S^-1 S) = 2.
    close(em.log_likelihood(), -1.5 * (2.0 * libm::log(2.0 * std::f64::consts::PI) + libm::log(12.0) + 2.0), 1e-14);
    let little = em.little().unwrap();
    assert_eq!((little.df, little.p, little.patterns), (0, None, 1));
    // The variance of a mean is the variance over n.
    let covariance = em.covariance_of_means().unwrap();
    for (got, want) in covariance.iter().zip([8.0 / 9.0, 2.0 / 3.0, 2.0 / 3.0, 2.0]) {
        close(*got, want, 1e-12);
    }
}

#[test]
fn monotone_data_have_the_closed_form_of_anderson() {
    // x seen in all rows, y in the first four (Anderson 1957): the mean of y is that of its regression on x at the mean
    // of x over all rows.
    let x = [1.0, 2.0, 4.0, 5.0, 9.0, 10.0];
    let y = [2.0, 1.0, 5.0, 6.0];
    let data: Vec<f64> = x.iter().enumerate().flat_map(|(i, v)| [*v, y.get(i).copied().unwrap_or(f64::NAN)]).collect();
    // First four: means 3 and 3.5, Sxx = 4+1+1+4 = 10, Sxy = (-2)(-1.5) + (-1)(-2.5) + 1.5 + 2(2.5) = 12.
    let (slope, mean_x) = (1.2, 31.0 / 6.0);
    let mut em = MvnEm::default();
    em.fit(&data, 2).unwrap();
    close(em.mean()[1], 3.5 + slope * (mean_x - 3.0), 1e-9);
    let variance_x = em.covariance()[0];
    close(em.covariance()[1], slope * variance_x, 1e-9);
    // Syy = 2.25 + 6.25 + 2.25 + 6.25 = 17; residual (17 - 144/10) / 4 = 0.65.
    close(em.covariance()[3], 0.65 + slope * slope * variance_x, 1e-9);
}

#[test]
fn the_information_is_the_curvature_of_the_likelihood() {
    let (rows, p) = (40, 3);
    let data = data(rows, p);
    let mut em = MvnEm::default();
    em.fit(&data, p).unwrap();
    let got = em.covariance_of_means().unwrap();
    // Second differences of the log-likelihood over means and covariances.
    let pairs: Vec<(usize, usize)> = (0..p).flat_map(|i| (0..=i).map(move |j| (i, j))).collect();
    let size = p + pairs.len();
    let (mean, covariance) = (em.mean.clone(), em.covariance.clone());
    let mut at = |change: &[(usize, f64)]| {
        (em.mean, em.covariance) = (mean.clone(), covariance.clone());
        for (k, by) in change {
            match k.checked_sub(p) {
                None => em.mean[*k] += by,
                Some(pair) => {
                    let (i, j) = pairs[pair];
                    em.covariance[i * p + j] += by;
                    if i != j {
                        em.covariance[j * p + i] += by;
                    }
                }
            }
        }
        em.expect().unwrap()
    };
    let h = 1e-3;
    let mut information = vec![0.0; size * size];
    for a in 0..size {
        for b in 0..size {
            let (pp, pm) = (at(&[(a, h), (b, h)]), at(&[(a, h), (b, -h)]));
            let (mp, mm) = (at(&[(a, -h), (b, h)]), at(&[(a, -h), (b, -h)]));
            information[a * size + b] = -(pp - pm - mp + mm) / (4.0 * h * h);
        }
    }
    cholesky(&mut information, size).unwrap();
    let mut column = vec![0.0; size];
    for i in 0..p {
        crate::numeric::linear::cholesky_inverse_column(&information, size, i, &mut column);
        for j in 0..p {
            assert!((got[i * p + j] - column[j]).abs() < 1e-4 * got[i * p + i], "{i} {j}: {got:?} {column:?}");
        }
    }
}

#[test]
fn order_and_units_do_not_matter() {
    let p = 3;
    let data = data(50, p);
    let (mut em, mut other) = (MvnEm::default(), MvnEm::default());
    em.fit(&data, p).unwrap();
    let reversed: Vec<f64> = data.chunks(p).rev().flatten().copied().collect();
    other.fit(&reversed, p).unwrap();
    close(other.log_likelihood(), em.log_likelihood(), 1e-11);
    close(other.little().unwrap().chi_square, em.little().unwrap().chi_square, 1e-8);
    // Another unit for variable 1: 100 x + 5.
    let scaled: Vec<f64> =
        data.iter().enumerate().map(|(k, v)| if k % p == 1 { 100.0 * v + 5.0 } else { *v }).collect();
    other.fit(&scaled, p).unwrap();
    close(other.mean()[1], 100.0 * em.mean()[1] + 5.0, 1e-8);
    close(other.covariance()[1], 100.0 * em.covariance()[1], 1e-7);
    close(other.little().unwrap().chi_square, em.little().unwrap().chi_square, 1e-7);
    let (a, b) = (em.covariance_of_means().unwrap(), other.covariance_of_means().unwrap());
    close(b[4], 1e4 * a[4], 1e-7);
    // Rows with nothing observed say nothing.
    let more: Vec<f64> = data.iter().copied().chain([f64::NAN; 3]).collect();
    other.fit(&more, p).unwrap();
    assert_eq!((other.rows(), other.log_likelihood()), (em.rows(), em.log_likelihood()));
}

#[test]
fn what_cannot_be_estimated_is_named() {
    const N: f64 = f64::NAN;
    let mut em = MvnEm::default();
    let cases: [(&[f64], usize, MvnFailure); 8] = [
        (&[], 0, MvnFailure::Shape),
        (&[1.0, 2.0, 3.0], 2, MvnFailure::Shape),
        (&[], 2, MvnFailure::NothingObserved { variable: 0 }),
        (&[1.0, f64::INFINITY], 1, MvnFailure::NotFinite),
        (&[1.0, N, 2.0, N], 2, MvnFailure::NothingObserved { variable: 1 }),
        (&[1.0, 3.0, 1.0, 4.0], 2, MvnFailure::OneValue { variable: 0 }),
        (&[1.0, N, 2.0, N, N, 1.0, N, 3.0], 2, MvnFailure::NeverTogether { first: 0, second: 1 }),
        (&[1.0, 2.0, 2.0, 4.0, 3.0, 6.0], 2, MvnFailure::Singular),
    ];
    for (data, variables, want) in cases {
        assert_eq!(em.fit(data, variables), Err(want));
    }
    // One row more and it works again, in the same buffers.
    assert_eq!(em.fit(&[1.0, 2.0, 2.0, 4.0, 3.0, 7.0, N, 1.0], 2), Ok(()));
}
