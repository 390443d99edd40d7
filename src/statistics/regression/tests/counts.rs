use super::{close, data, errors, numbers};
use crate::statistics::regression::{Failure, NegativeBinomial, Rows};
use crate::statistics::tests::Case;

#[test]
fn reference_case() {
    let case = Case::read("negbin_200");
    let d = data(&case, true);
    d.check_terms(&case);
    let mut model = NegativeBinomial::default();
    let fit = model.fit(&d.rows()).unwrap().clone();
    assert_eq!(case.expected(&["n"]).as_u64(), Some(fit.n as u64));
    case.check_all(&["coef"], &fit.coefficients);
    case.check(&["theta"], Some(fit.theta));
    case.check(&["se_theta"], Some(fit.se_theta));
    case.check(&["loglik"], Some(fit.loglik));
    case.check(&["poisson_loglik"], Some(fit.poisson_loglik));
    case.check_all(&["se_expected_info"], &errors(model.covariance_expected(), 3));
    case.check_all(&["se_observed_joint"], &errors(model.covariance_observed(), 3));
}

/// Counts that vary more than Poisson ones.
fn counts(n: usize) -> (Vec<f64>, Vec<f64>) {
    let (a, u) = (numbers(n, 3), numbers(n, 4));
    let x = a.iter().flat_map(|v| [1.0, *v]).collect();
    (x, u.iter().zip(&a).map(|(u, v)| (u * u * u * 9.0 * (0.5 + v)).floor()).collect())
}

/// The log-likelihood from the gamma functions.
fn likelihood(x: &[f64], y: &[f64], b: &[f64], theta: f64) -> f64 {
    let rows = x.chunks_exact(b.len()).zip(y);
    rows.map(|(row, y)| {
        let mean = libm::exp(row.iter().zip(b).map(|(u, v)| u * v).sum::<f64>());
        libm::lgamma(y + theta) - libm::lgamma(theta) - libm::lgamma(y + 1.0)
            + theta * libm::log(theta / (mean + theta))
            + y * libm::log(mean / (mean + theta))
    })
    .sum()
}

#[test]
fn the_maximum_is_one() {
    let (x, y) = counts(70);
    let mut model = NegativeBinomial::default();
    let fit = model.fit(&Rows::new(&x, 2, &y)).unwrap().clone();
    let value = |b: &[f64], t: f64| likelihood(&x, &y, b, t);
    close(fit.loglik, value(&fit.coefficients, fit.theta), 1e-12);
    assert!(fit.loglik > fit.poisson_loglik);
    let h = 1e-4;
    let (b, t) = (fit.coefficients.clone(), fit.theta);
    close((value(&b, t + h) - value(&b, t - h)) / (2.0 * h), 0.0, 1e-6);
    // The second derivative in theta is the information behind its standard error.
    let second = (value(&b, t + h) - 2.0 * fit.loglik + value(&b, t - h)) / (h * h);
    close(fit.se_theta, libm::sqrt(-1.0 / second), 1e-4);
    for k in 0..2 {
        let mut moved = b.clone();
        moved[k] += h;
        let up = value(&moved, t);
        moved[k] -= 2.0 * h;
        close((up - value(&moved, t)) / (2.0 * h), 0.0, 1e-6);
    }
    assert!(fit.se_theta_joint >= fit.se_theta);
}

#[test]
fn equal_counts_by_hand() {
    // Without predictors the mean is that of the counts.
    let y = [0.0, 0.0, 0.0, 1.0, 5.0, 0.0, 2.0, 8.0];
    let mut model = NegativeBinomial::default();
    let fit = model.fit(&Rows::new(&[1.0; 8], 1, &y)).unwrap().clone();
    close(fit.coefficients[0], libm::log(2.0), 1e-9);
    // Expected information n mu theta / (mu + theta).
    close(model.covariance_expected()[0], (2.0 + fit.theta) / (8.0 * 2.0 * fit.theta), 1e-9);
}

#[test]
fn weights_and_offsets() {
    let (x, y) = counts(50);
    let w: Vec<f64> = (0..50).map(|i| f64::from(i % 3)).collect();
    let copies: Vec<usize> = (0..50).flat_map(|i| vec![i; i % 3]).collect();
    let x2: Vec<f64> = copies.iter().flat_map(|i| [x[2 * i], x[2 * i + 1]]).collect();
    let y2: Vec<f64> = copies.iter().map(|i| y[*i]).collect();
    let (mut one, mut two) = (NegativeBinomial::default(), NegativeBinomial::default());
    let first = one.fit(&Rows { weights: Some(&w), ..Rows::new(&x, 2, &y) }).unwrap().clone();
    let second = two.fit(&Rows::new(&x2, 2, &y2)).unwrap().clone();
    close(first.theta, second.theta, 1e-8);
    close(first.coefficients[1], second.coefficients[1], 1e-8);
    // An offset of log 2 halves the rate and nothing else.
    let offset = vec![std::f64::consts::LN_2; copies.len()];
    let third = two.fit(&Rows { offset: Some(&offset), ..Rows::new(&x2, 2, &y2) }).unwrap();
    close(third.coefficients[0], second.coefficients[0] - std::f64::consts::LN_2, 1e-9);
    close(third.theta, second.theta, 1e-8);
}

#[test]
fn what_cannot_be_fitted_is_named() {
    let mut model = NegativeBinomial::default();
    let x: Vec<f64> = (0..6).flat_map(|i| [1.0, f64::from(i / 3)]).collect();
    let few = [1.0, 2.0, 1.0, 2.0, 1.0, 2.0];
    assert_eq!(model.fit(&Rows::new(&x, 2, &few)), Err(Failure::NotOverdispersed));
    assert!(model.covariance_expected().is_empty());
    assert_eq!(model.fit(&Rows::new(&x, 2, &[0.0; 6])), Err(Failure::OneOutcome));
    let none = [0.0, 0.0, 0.0, 9.0, 1.0, 0.0];
    assert_eq!(model.fit(&Rows::new(&x, 2, &none)), Err(Failure::QuasiSeparation));
    assert_eq!(model.fit(&Rows::new(&x, 2, &[0.5, 1.0, 1.0, 1.0, 1.0, 1.0])), Err(Failure::Outcome { row: 0 }));
    assert_eq!(model.fit(&Rows::new(&x, 2, &[1.0, -1.0, 1.0, 1.0, 1.0, 1.0])), Err(Failure::Outcome { row: 1 }));
    assert_eq!(model.fit(&Rows::new(&[], 2, &[])), Err(Failure::NoRows));
    assert_eq!(model.fit(&Rows::new(&x[..4], 2, &[0.0, 9.0])), Err(Failure::TooFewRows { rows: 2, coefficients: 2 }));
    let huge = [0.0, 1e7, 1.0, 1.0, 1.0, 1.0];
    assert_eq!(model.fit(&Rows::new(&x, 2, &huge)), Err(Failure::Outcome { row: 1 }));
}
