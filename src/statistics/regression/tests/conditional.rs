use super::{close, data, errors, numbers};
use crate::statistics::regression::{ConditionalLogistic, Failure, Rows};
use crate::statistics::tests::Case;

#[test]
fn reference_case() {
    let case = Case::read("clogit_80");
    let d = data(&case, false);
    d.check_terms(&case);
    let mut model = ConditionalLogistic::default();
    let fit = model.fit(&d.rows()).unwrap().clone();
    assert_eq!(case.expected(&["n"]).as_u64(), Some(fit.n as u64));
    assert_eq!(case.expected(&["informative_clusters"]).as_u64(), Some(fit.informative_clusters as u64));
    case.check_all(&["coef"], &fit.coefficients);
    case.check_all(&["se"], &errors(model.covariance(), 2));
    case.check(&["loglik"], Some(fit.loglik));
    case.check(&["null_loglik"], Some(fit.null_loglik));
    case.check(&["lr"], Some(2.0 * (fit.loglik - fit.null_loglik)));
}

fn with<'a>(x: &'a [f64], p: usize, y: &'a [f64], clusters: &'a [usize]) -> Rows<'a> {
    Rows { clusters: Some(clusters), ..Rows::new(x, p, y) }
}

#[test]
fn matched_pairs_by_hand() {
    // 6 pairs with the event at x = 1, 2 pairs at x = 0: log(6 / 2), variance 1/6 + 1/2.
    let x: Vec<f64> = (0..16).map(|i| f64::from(i % 2)).collect();
    let y: Vec<f64> = (0..16).map(|i| f64::from(u8::from((i < 12) == (i % 2 == 1)))).collect();
    let pairs: Vec<usize> = (0..16).map(|i| i / 2).collect();
    let mut model = ConditionalLogistic::default();
    let fit = model.fit(&with(&x, 1, &y, &pairs)).unwrap().clone();
    close(fit.coefficients[0], libm::log(3.0), 1e-10);
    close(model.covariance()[0], 1.0 / 6.0 + 0.5, 1e-9);
    close(fit.loglik, 6.0 * libm::log(0.75) + 2.0 * libm::log(0.25), 1e-12);
    close(fit.null_loglik, 8.0 * libm::log(0.5), 1e-12);
}

/// The conditional log-likelihood of one column by listing all choices.
fn by_listing(x: &[f64], y: &[f64], clusters: &[usize], b: f64) -> f64 {
    let last = clusters.iter().max().copied().unwrap_or(0);
    let mut sum = 0.0;
    for g in 0..=last {
        let rows: Vec<usize> = (0..y.len()).filter(|i| clusters[*i] == g).collect();
        let events = rows.iter().filter(|i| y[**i] == 1.0).count() as u32;
        let top: f64 = rows.iter().filter(|i| y[**i] == 1.0).map(|i| b * x[*i]).sum();
        let choices = (0_u32..1 << rows.len()).filter(|c| c.count_ones() == events);
        let chosen = |c: u32| rows.iter().enumerate().filter(|(k, _)| c >> k & 1 == 1).map(|(_, i)| b * x[*i]).sum();
        sum += top - libm::log(choices.map(|c| libm::exp(chosen(c))).sum::<f64>());
    }
    sum
}

#[test]
fn the_recursion_is_the_sum_over_all_choices() {
    let n = 60;
    let (x, u) = (numbers(n, 31), numbers(n, 32));
    let y: Vec<f64> = u.iter().zip(&x).map(|(u, v)| f64::from(u8::from(*u < 0.2 + 0.5 * v))).collect();
    let clusters: Vec<usize> = (0..n).map(|i| i / 8).collect();
    let mut model = ConditionalLogistic::default();
    let fit = model.fit(&with(&x, 1, &y, &clusters)).unwrap().clone();
    let value = |b: f64| by_listing(&x, &y, &clusters, b);
    let b = fit.coefficients[0];
    close(fit.loglik, value(b), 1e-11);
    close(fit.null_loglik, value(0.0), 1e-11);
    let h = 1e-4;
    close((value(b + h) - value(b - h)) / (2.0 * h), 0.0, 1e-6);
    let second = (value(b + h) - 2.0 * value(b) + value(b - h)) / (h * h);
    close(model.covariance()[0], -1.0 / second, 1e-4);
}

#[test]
fn means_of_clusters_and_other_outcomes_do_not_matter() {
    let n = 40;
    let (x, u) = (numbers(n, 51), numbers(n, 52));
    let y: Vec<f64> = u.iter().map(|u| f64::from(u8::from(*u < 0.4))).collect();
    let clusters: Vec<usize> = (0..n).map(|i| i % 9).collect();
    let mut model = ConditionalLogistic::default();
    let first = model.fit(&with(&x, 1, &y, &clusters)).unwrap().clone();
    let moved: Vec<f64> = x.iter().zip(&clusters).map(|(v, c)| v + 100.0 * *c as f64).collect();
    let second = model.fit(&with(&moved, 1, &y, &clusters)).unwrap();
    close(first.coefficients[0], second.coefficients[0], 1e-9);
    let none: Vec<f64> = y.iter().map(|v| 1.0 - v).collect();
    let third = model.fit(&with(&x, 1, &none, &clusters)).unwrap();
    close(first.coefficients[0], -third.coefficients[0], 1e-9);
    close(first.loglik, third.loglik, 1e-11);
}

#[test]
fn a_large_cluster_does_not_overflow() {
    let n = 2200;
    let (x, u) = (numbers(n, 61), numbers(n, 62));
    let y: Vec<f64> = u.iter().zip(&x).map(|(u, v)| f64::from(u8::from(*u < 0.3 + 0.4 * v))).collect();
    let clusters = vec![7; n];
    let mut model = ConditionalLogistic::default();
    let fit = model.fit(&with(&x, 1, &y, &clusters)).unwrap();
    // One large stratum: nearly the slope of a plain logistic regression.
    let rows: Vec<f64> = x.iter().flat_map(|v| [1.0, *v]).collect();
    let mut glm = crate::statistics::regression::Glm::new(
        crate::statistics::regression::Family::Binomial,
        crate::statistics::regression::Link::Logit,
    )
    .unwrap();
    let plain = glm.fit(&Rows::new(&rows, 2, &y)).unwrap().coefficients[1];
    close(fit.coefficients[0] / plain, 1.0, 1e-3);
}

#[test]
fn what_cannot_be_fitted_is_named() {
    let mut model = ConditionalLogistic::default();
    let (x, y, clusters) = ([0.0, 1.0, 0.0, 1.0], [0.0, 1.0, 0.0, 1.0], [1, 1, 2, 2]);
    assert_eq!(model.fit(&with(&x, 1, &y, &clusters)), Err(Failure::CompleteSeparation));
    assert_eq!(model.fit(&Rows::new(&x, 1, &y)), Err(Failure::Shape));
    assert_eq!(model.fit(&with(&x, 1, &y, &[1, 2, 3, 4])), Err(Failure::NothingVaries));
    assert_eq!(model.fit(&with(&x, 1, &[1.0; 4], &clusters)), Err(Failure::NothingVaries));
    let flat = [3.0, 3.0, 4.0, 4.0];
    assert_eq!(model.fit(&with(&flat, 1, &y, &clusters)), Err(Failure::Collinear { column: 0 }));
    assert_eq!(model.fit(&with(&x, 1, &[0.0, 2.0, 0.0, 1.0], &clusters)), Err(Failure::Outcome { row: 1 }));
    // A pair without a difference, and one with: some of the events are at the top, others on a level.
    let some = [0.0, 1.0, 5.0, 5.0];
    assert_eq!(model.fit(&with(&some, 1, &y, &clusters)), Err(Failure::QuasiSeparation));
    assert!(model.covariance().is_empty());
    assert_eq!(model.fit(&with(&[], 1, &[], &[])), Err(Failure::NoRows));
}
