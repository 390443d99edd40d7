use super::{close, data, errors, numbers};
use crate::statistics::regression::{Failure, Family, Glm, GlmCovariance, Link, OrdinalLogistic, Rows};
use crate::statistics::tests::Case;

#[test]
fn reference_case() {
    let case = Case::read("ordinal_60");
    let d = data(&case, false);
    d.check_terms(&case);
    let categories = d.y.iter().fold(0.0_f64, |m, y| m.max(*y)) as usize + 1;
    let mut model = OrdinalLogistic::default();
    let fit = model.fit(&d.rows(), categories).unwrap().clone();
    assert_eq!(case.expected(&["n"]).as_u64(), Some(fit.n as u64));
    case.check_all(&["coef"], &fit.coefficients);
    case.check_all(&["thresholds"], &fit.thresholds);
    let all = errors(model.covariance(), fit.thresholds.len() + 2);
    case.check_all(&["se_thresholds"], &all[..fit.thresholds.len()]);
    case.check_all(&["se"], &all[fit.thresholds.len()..]);
    case.check(&["loglik"], Some(fit.loglik));
}

#[test]
fn two_categories_are_a_logistic_regression() {
    let (a, u) = (numbers(60, 71), numbers(60, 72));
    let y: Vec<f64> = u.iter().map(|u| f64::from(u8::from(*u < 0.4))).collect();
    let x: Vec<f64> = a.iter().flat_map(|v| [1.0, 20.0 * v]).collect();
    let x2: Vec<f64> = a.iter().map(|v| 20.0 * v).collect();
    let (mut glm, mut model) = (Glm::new(Family::Binomial, Link::Logit).unwrap(), OrdinalLogistic::default());
    let logistic = glm.fit(&Rows::new(&x, 2, &y)).unwrap().clone();
    let fit = model.fit(&Rows::new(&x2, 1, &y), 2).unwrap().clone();
    close(fit.thresholds[0], -logistic.coefficients[0], 1e-9);
    close(fit.coefficients[0], logistic.coefficients[1], 1e-10);
    close(fit.loglik, logistic.loglik.unwrap(), 1e-12);
    let v = glm.covariance(GlmCovariance::Model).unwrap();
    close(model.covariance()[0], v[0], 1e-9);
    close(model.covariance()[1], -v[1], 1e-9);
    close(model.covariance()[3], v[3], 1e-9);
}

/// Three categories that a column shifts.
fn made_up(n: usize) -> (Vec<f64>, Vec<f64>) {
    let (a, b, u) = (numbers(n, 81), numbers(n, 82), numbers(n, 83));
    let x = (0..n).flat_map(|i| [a[i], 1000.0 + 5.0 * b[i]]).collect();
    (x, (0..n).map(|i| ((u[i] + 0.6 * a[i]) * 2.0).floor().min(2.0)).collect())
}

/// The log-likelihood as the definition has it.
fn likelihood(x: &[f64], y: &[f64], thresholds: &[f64], b: &[f64]) -> f64 {
    let rows = x.chunks_exact(b.len()).zip(y);
    rows.map(|(row, y)| {
        let eta: f64 = row.iter().zip(b).map(|(u, v)| u * v).sum();
        let cumulated = |j: usize| thresholds.get(j).map_or(1.0, |t| 1.0 / (1.0 + libm::exp(eta - t)));
        let j = *y as usize;
        libm::log(cumulated(j) - if j == 0 { 0.0 } else { cumulated(j - 1) })
    })
    .sum()
}

#[test]
fn the_maximum_is_one() {
    let (x, y) = made_up(90);
    let mut model = OrdinalLogistic::default();
    let fit = model.fit(&Rows::new(&x, 2, &y), 3).unwrap().clone();
    let value = |t: &[f64], b: &[f64]| likelihood(&x, &y, t, b);
    close(fit.loglik, value(&fit.thresholds, &fit.coefficients), 1e-10);
    for k in 0..4 {
        let h = if k == 3 { 1e-6 } else { 1e-4 };
        let moved = |d: f64| {
            let (mut t, mut b) = (fit.thresholds.clone(), fit.coefficients.clone());
            if k < 2 {
                t[k] += d
            } else {
                b[k - 2] += d
            }
            value(&t, &b)
        };
        assert!(moved(h) < fit.loglik + 1e-12 && moved(-h) < fit.loglik + 1e-12, "{k}");
    }
}

#[test]
fn reversed_categories_reverse_the_signs() {
    let (x, y) = made_up(90);
    let z: Vec<f64> = y.iter().map(|v| 2.0 - v).collect();
    let mut model = OrdinalLogistic::default();
    let first = model.fit(&Rows::new(&x, 2, &y), 3).unwrap().clone();
    let second = model.fit(&Rows::new(&x, 2, &z), 3).unwrap();
    first.coefficients.iter().zip(&second.coefficients).for_each(|(u, v)| close(*u, -v, 1e-8));
    close(first.thresholds[0], -second.thresholds[1], 1e-7);
    close(first.loglik, second.loglik, 1e-12);
}

#[test]
fn weights_count_rows() {
    let (x, y) = made_up(40);
    let w: Vec<f64> = (0..40).map(|i| f64::from(1 + i % 2)).collect();
    let copies: Vec<usize> = (0..40).flat_map(|i| vec![i; 1 + i % 2]).collect();
    let x2: Vec<f64> = copies.iter().flat_map(|i| [x[2 * i], x[2 * i + 1]]).collect();
    let y2: Vec<f64> = copies.iter().map(|i| y[*i]).collect();
    let (mut one, mut two) = (OrdinalLogistic::default(), OrdinalLogistic::default());
    let first = one.fit(&Rows { weights: Some(&w), ..Rows::new(&x, 2, &y) }, 3).unwrap().clone();
    let second = two.fit(&Rows::new(&x2, 2, &y2), 3).unwrap().clone();
    close(first.coefficients[0], second.coefficients[0], 1e-9);
    one.covariance().iter().zip(two.covariance()).for_each(|(u, v)| close(*u / *v, 1.0, 1e-6));
}

#[test]
fn what_cannot_be_fitted_is_named() {
    let mut model = OrdinalLogistic::default();
    let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let y = [0.0, 0.0, 1.0, 1.0, 2.0, 2.0];
    assert_eq!(model.fit(&Rows::new(&x, 1, &y), 3), Err(Failure::CompleteSeparation));
    assert_eq!(model.fit(&Rows::new(&x, 1, &y), 4), Err(Failure::EmptyCategory { category: 3 }));
    let gap = [0.0, 0.0, 2.0, 2.0, 3.0, 0.0];
    assert_eq!(model.fit(&Rows::new(&x, 1, &gap), 4), Err(Failure::EmptyCategory { category: 1 }));
    assert_eq!(model.fit(&Rows::new(&x, 1, &y), 2), Err(Failure::Outcome { row: 4 }));
    assert_eq!(model.fit(&Rows::new(&x, 1, &[0.0; 6]), 1), Err(Failure::OneOutcome));
    assert_eq!(model.fit(&Rows::new(&[2.0; 6], 1, &y), 3), Err(Failure::Collinear { column: 0 }));
    assert!(model.covariance().is_empty());
    let level = [1.0, 2.0, 2.0, 3.0];
    assert_eq!(model.fit(&Rows::new(&level, 1, &[0.0, 0.0, 1.0, 1.0]), 2), Err(Failure::QuasiSeparation));
    // The highest category is separated from the others, but these overlap, and there is one slope.
    let some = [0.0, 1.0, 0.0, 1.0, 2.0, 2.0];
    assert!(model.fit(&Rows::new(&x, 1, &some), 3).is_ok());
}
