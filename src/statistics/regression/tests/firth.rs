use super::super::penalised::Penalised;
use super::{close, data, errors, numbers};
use crate::numeric::normal_quantile;
use crate::statistics::regression::{Failure, Family, Firth, Glm, Link, Rows};
use crate::statistics::tests::Case;

fn crossing(level: f64) -> f64 {
    let z = normal_quantile(0.5 + 0.5 * level);
    z * z
}

#[test]
fn reference_cases() {
    for name in ["firth_complete_separation", "firth_quasi_separation", "firth_sparse"] {
        let case = Case::read(name);
        let d = data(&case, true);
        d.check_terms(&case);
        let mut firth = Firth::default();
        let fit = firth.fit(&d.rows()).unwrap().clone();
        assert_eq!(case.expected(&["n"]).as_f64(), Some(fit.n));
        case.check_all(&["coef"], &fit.coefficients);
        case.check_all(&["se_inverse_information"], &errors(firth.covariance(), d.width));
        case.check(&["penalised_loglik"], Some(fit.penalised_loglik));
        case.check(&["loglik_unpenalised"], Some(fit.loglik));
        for k in 0..d.width {
            let (low, high) = firth.profile_limits(k, crossing(0.95)).unwrap();
            let test = firth.likelihood_ratio(k).unwrap();
            let k = k.to_string();
            case.check_all(&["ci_profile", &k], &[low, high]);
            case.check(&["lr_chisq", &k], Some(test.chi_square));
            case.check(&["lr_p", &k], Some(test.p));
        }
    }
}

#[test]
fn derivatives_are_those_of_the_value() {
    let (a, b, u) = (numbers(40, 5), numbers(40, 6), numbers(40, 7));
    for p in [1, 2, 3, 7] {
        let mut at = Penalised::default();
        at.p = p;
        for i in 0..40 {
            let (v, w) = (2.0 * a[i], b[i]);
            let powers = [1.0, v, w, v * w, v * v, w * w, v * v * w];
            at.x.extend_from_slice(&powers[..p]);
            at.successes.push(if u[i] < 0.3 { 1.0 } else { 0.0 });
            at.totals.push(if i % 5 == 0 { 2.5 } else { 1.0 });
        }
        at.prepare();
        let beta: Vec<f64> = (0..p).map(|k| 0.3 - 0.2 * k as f64).collect();
        assert!(at.evaluate(&beta));
        let (score, curvature) = (at.score.clone(), at.curvature.clone());
        let h = 1e-5;
        for k in 0..p {
            let mut moved = beta.clone();
            moved[k] += h;
            at.evaluate(&moved);
            let (value, up) = (at.value, at.score.clone());
            moved[k] -= 2.0 * h;
            at.evaluate(&moved);
            close(score[k], (value - at.value) / (2.0 * h), 1e-7);
            for j in 0..p {
                close(curvature[k * p + j], (at.score[j] - up[j]) / (2.0 * h), 1e-7);
            }
        }
    }
}

#[test]
fn a_single_share_by_hand() {
    // With a constant only the penalty is half the logarithm of n p (1 - p): the estimate is (s + 1/2) / (n + 1).
    let mut firth = Firth::default();
    firth.clear(1);
    firth.push(&[1.0], 0.0, 9.0);
    let fit = firth.fit_pushed().unwrap();
    close(fit.coefficients[0], libm::log(0.5 / 9.5), 1e-10);
    close(fit.loglik, 9.0 * libm::log(0.95), 1e-12);
    close(fit.penalised_loglik, 9.0 * libm::log(0.95) + 0.5 * libm::log(9.0 * 0.05 * 0.95), 1e-12);
    // Limits are where the penalised likelihood, 9.5 log(1 - p) + log(p) / 2, is 1.92 lower.
    let (low, high) = firth.profile_limits(0, crossing(0.95)).unwrap();
    let value = |b: f64| {
        let p = 1.0 / (1.0 + libm::exp(-b));
        9.5 * libm::log1p(-p) + 0.5 * libm::log(p)
    };
    let top = value(libm::log(0.5 / 9.5));
    for limit in [low, high] {
        close(2.0 * (top - value(limit)), crossing(0.95), 1e-8);
    }
    assert!(low < -3.0 && high > -2.94);
}

#[test]
fn saturated_groups_add_a_half_to_every_cell() {
    // With as many columns as patterns the estimates are log odds with 1/2 added to each cell.
    let mut firth = Firth::default();
    firth.clear(2);
    firth.push(&[1.0, 0.0], 0.0, 7.0);
    firth.push(&[1.0, 1.0], 5.0, 8.0);
    let fit = firth.fit_pushed().unwrap().clone();
    close(fit.coefficients[0], libm::log(0.5 / 7.5), 1e-10);
    close(fit.coefficients[1], libm::log(5.5 / 3.5) - libm::log(0.5 / 7.5), 1e-10);
    // Row by row is the same.
    let x: Vec<f64> = (0..15).flat_map(|i| [1.0, if i < 7 { 0.0 } else { 1.0 }]).collect();
    let y: Vec<f64> = (0..15).map(|i| if (7..12).contains(&i) { 1.0 } else { 0.0 }).collect();
    let single = firth.fit(&Rows::new(&x, 2, &y)).unwrap();
    close(single.coefficients[1], fit.coefficients[1], 1e-10);
    close(single.penalised_loglik, fit.penalised_loglik, 1e-12);
}

/// A made-up study of n persons with a rare outcome.
fn study(n: usize, seed: u64) -> (Vec<f64>, Vec<f64>) {
    let (a, b, u) = (numbers(n, seed), numbers(n, seed + 1), numbers(n, seed + 2));
    let x = (0..n).flat_map(|i| [1.0, if a[i] < 0.5 { 0.0 } else { 1.0 }, 20.0 + 30.0 * b[i]]).collect();
    let y = (0..n).map(|i| if u[i] < 0.15 + 0.1 * a[i] { 1.0 } else { 0.0 }).collect();
    (x, y)
}

#[test]
fn complements_and_scales() {
    let (x, y) = study(60, 40);
    let z: Vec<f64> = y.iter().map(|v| 1.0 - v).collect();
    let wide: Vec<f64> = x.chunks_exact(3).flat_map(|r| [r[0], r[1], 100.0 * r[2]]).collect();
    let (mut one, mut two, mut three) = (Firth::default(), Firth::default(), Firth::default());
    one.fit(&Rows::new(&x, 3, &y)).unwrap();
    two.fit(&Rows::new(&x, 3, &z)).unwrap();
    three.fit(&Rows::new(&wide, 3, &y)).unwrap();
    for k in 0..3 {
        let scale = if k == 2 { 100.0 } else { 1.0 };
        close(one.result().coefficients[k], -two.result().coefficients[k], 1e-9);
        close(one.result().coefficients[k], scale * three.result().coefficients[k], 1e-9);
        let (a, b) = one.profile_limits(k, 3.84).unwrap();
        let (c, d) = two.profile_limits(k, 3.84).unwrap();
        close(a, -d, 1e-7);
        close(b, -c, 1e-7);
        let (c, d) = three.profile_limits(k, 3.84).unwrap();
        close(a, scale * c, 1e-6);
        close(b, scale * d, 1e-6);
    }
}

#[test]
fn limits_solve_the_profile_equation() {
    // Many small studies, separated ones among them: each limit is put back, and lies beyond the estimate.
    let mut separated = 0;
    for seed in 0..60 {
        let n = 12 + (seed as usize * 7) % 40;
        let (x, y) = study(n, 1000 + 10 * seed);
        let mut firth = Firth::default();
        let Ok(fit) = firth.fit(&Rows::new(&x, 3, &y)) else {
            panic!("{seed}: no fit");
        };
        let top = fit.coefficients.clone();
        let mut glm = Glm::new(Family::Binomial, Link::Logit).unwrap();
        separated += usize::from(glm.fit(&Rows::new(&x, 3, &y)).is_err());
        for (k, top) in top.iter().copied().enumerate() {
            let (low, high) = firth.profile_limits(k, 3.84).unwrap();
            assert!(low < top && top < high, "{seed} {k}");
            for limit in [low, high] {
                close(firth.fall_at(k, limit).unwrap(), 3.84, 1e-6);
            }
        }
    }
    assert!(separated > 5, "{separated}");
}

#[test]
fn the_case_in_which_other_programs_did_not_converge() {
    // event_g ~ g + x on 15 persons: quasi-separated with a wide, flat profile.
    let table = crate::statistics::tests::columns("sep_15.csv");
    let x: Vec<f64> = (0..15).flat_map(|i| [1.0, table["g"][i], table["x"][i]]).collect();
    let mut firth = Firth::default();
    let fit = firth.fit(&Rows::new(&x, 3, &table["event_g"])).unwrap().clone();
    assert!(fit.coefficients.iter().all(|b| b.abs() < 20.0));
    for k in 0..3 {
        match firth.profile_limits(k, crossing(0.95)) {
            Ok((low, high)) => {
                close(firth.fall_at(k, low).unwrap(), crossing(0.95), 1e-6);
                close(firth.fall_at(k, high).unwrap(), crossing(0.95), 1e-6);
            }
            Err(failure) => assert!(matches!(failure, Failure::NoLimit { .. }), "{failure:?}"),
        }
    }
}

#[test]
fn what_cannot_be_fitted_is_named() {
    let mut firth = Firth::default();
    let x = [1.0, 1.0, 1.0, 2.0, 1.0, 3.0];
    assert_eq!(firth.fit(&Rows::new(&[], 1, &[])), Err(Failure::NoRows));
    assert_eq!(firth.fit(&Rows::new(&x, 2, &[0.0, 2.0, 1.0])), Err(Failure::Outcome { row: 1 }));
    assert_eq!(firth.fit(&Rows::new(&x, 2, &[0.0, f64::NAN, 1.0])), Err(Failure::NotFinite));
    assert_eq!(firth.fit(&Rows::new(&x, 2, &[0.0])), Err(Failure::Shape));
    let flat = [1.0, 3.0, 1.0, 3.0, 1.0, 3.0];
    assert_eq!(firth.fit(&Rows::new(&flat, 2, &[0.0, 1.0, 1.0])), Err(Failure::Collinear { column: 1 }));
    assert_eq!(firth.profile_limits(0, 3.84), Err(Failure::NoRows));
    assert_eq!(firth.likelihood_ratio(0), Err(Failure::NoRows));
    // All outcomes the same: the penalty keeps the estimate finite.
    assert!(firth.fit(&Rows::new(&x, 2, &[1.0, 1.0, 1.0])).is_ok());
    assert_eq!(firth.profile_limits(2, 3.84), Err(Failure::Shape));
    let alone = Rows { weights: Some(&[0.0; 3]), ..Rows::new(&x, 2, &[0.0, 1.0, 1.0]) };
    assert_eq!(firth.fit(&alone), Err(Failure::NoRows));
    let infinite = [1.0, f64::INFINITY, 1.0, 2.0, 1.0, 3.0];
    assert_eq!(firth.fit(&Rows::new(&infinite, 2, &[0.0, 1.0, 1.0])), Err(Failure::NotFinite));
}
